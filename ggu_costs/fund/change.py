r"""Why the bill changed: the difference between two bills, cause by cause, in cents that add up.

The new bill is reached from the old one by switching causes on, one after the other; each cause is the bill after minus
the bill before. In the fixed order:

============================  =========================================================================================
mergers (herindelingen)       the sum of the predecessors' bills becomes one bill on the new map; under a key with an
                              equal part this moves everyone
own_growth                    the municipality's own figures of the key go to the new counting date; the totals stay
national_growth               the national totals follow: the rate falls when the nation grows (not on a fixed rate)
vintage                       another publication of the index on the old amount, where that follows from an index
index                         the price index on what there was, over every year between the two bills where the file
                              names its index (:mod:`ggu_costs.fund.indexation`)
activities_ended, _new        budgets of activities that went and came
growth_to_cost_cover,         fee only: the "ingroei" to full cost cover, and the correction of the total for mergers
merger_correction
activities_running            budgets of running activities beyond the index (fund)
reserve_change                what is taken from the reserve: less than before is plus; both where the total is the
                              budgets minus the withdrawal (fund)
correction                    what else happened to the total (fund), basis included; an output calls it another total
                              (``total_change``) or rate (``rate_change``) where it is all that happened to it
key                           another key
bounds, rounding, phase_in    another minimum or maximum, another way of rounding (fund; where one of the bills has any)
tariff                        the tariff itself, rounding of its published rates included; of a fund also that a tariff
                              takes the place of a total or rate, with its budgets, or the other way round
settlement                    the settlement of an earlier year
============================  =========================================================================================

With :math:`T_0` the old total, E and N the budgets ended and new, A and W the running activities and the reserve, and j
the index, the total with a set of causes on is :math:`(T_0 - E)(1 + j) + N + A + W + R`, each letter only when its
cause is on; R is what makes the full set give the new total. Another order attributes differently;
``order="shapley"`` takes the mean over all orders, rounded to cents so that rows and columns still add up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import has_entries
from ggu_costs.frames import describe
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.causes import BillStates, average, causes_between
from ggu_costs.fund.result import CentsResult, cents_step
from ggu_costs.fund.terms import check_known
from ggu_costs.results.base import Step
from ggu_costs.words.messages import euro, message, word


@dataclass(frozen=True, kw_only=True)
class Change(CentsResult):
    """The causes of a changed bill (oorzaken van de verandering), in cents.

    The frame has ``name, before``, one column a cause, ``after``; euro, by code.

    Attributes
    ----------
    before
        Old bill in cents by code of the new map: the sum over predecessors.
    causes
        Cents by cause and code; over the causes they add up to after minus before.
    after
        New bill in cents by code.
    called
        What an output calls a cause, where that is not its own name.
    """

    before: Mapping[str, int]
    causes: Mapping[str, Mapping[str, int]]
    after: Mapping[str, int]
    called: Mapping[str, str] = field(default_factory=dict)

    noun: ClassVar[str] = "change"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: before, each cause, after."""
        return {"before": self.before, **self.causes, "after": self.after}

    def said(self) -> dict[str, Mapping[str, int]]:
        """Return the causes that changed anything anywhere, by what an output calls them."""
        return {self.called.get(name, name): cents for name, cents in self.causes.items() if any(cents.values())}

    def present_frame(self) -> pd.DataFrame:
        """Return the frame without causes that changed nothing anywhere, named as an output calls them."""
        idle = [name for name, cents in self.causes.items() if not any(cents.values())]
        frame = self.to_frame().drop(columns=idle).rename(columns=self.called)
        kept = ["before", *self.said(), "after"]
        return self._framed(frame, dict.fromkeys(kept, "EUR"), total=kept)

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``causes``."""
        return Plots(("causes",), causes=self.waterfall)

    def waterfall(self, code: str | None = None, *, lang: str = "nl") -> Chart:
        """Draw the causes from the old bill to the new; one that moves nothing is left out.

        Parameters
        ----------
        code
            One municipality; by default all together.
        """
        if code is not None:
            check_known(code, self.after, "municipality in this change", self.map_date, self.reference)
        codes = list(self.after) if code is None else [code]
        euro = {name: sum(cents[c] for c in codes) / 100 for name, cents in self.causes.items()}
        moving = [name for name in self.causes if euro[name]] or list(self.causes)
        index = pd.Index([self.called.get(name, name) for name in moving], name="cause")
        changes = pd.DataFrame({"change": [euro[name] for name in moving]}, index)
        title = self.title if code is None else message("titled", of=self.names[code], title=self.title)
        frame = describe(changes, units={"change": "EUR"}, illustrative=self.illustrative)
        start = sum(self.before[c] for c in codes) / 100
        return Chart(title=title, frame=frame, kind="steps", x="cause", y=("change",), start=start)

    def _steps(self, code: str) -> Iterator[Step]:
        yield cents_step("before", self.before[code])
        for cause, cents in self.said().items():
            if cents[code]:
                yield Step(word(cause, of="cause"), euro(cents[code] / 100, plus=True))
        yield cents_step("after", self.after[code])


def falls_of(changes: Iterable[Change | None], code: str) -> tuple[Chart, ...]:
    """Draw for one municipality why its amount differs; nothing where it does not, or that is not known."""
    return tuple(
        change.waterfall(code)
        for change in changes
        if change is not None and code in change.after and any(cents[code] for cents in change.causes.values())
    )


def change_between(previous: Billed, current: Billed, order: Sequence[str] | str | None = None) -> Change:
    """Attribute the change from one bill to another to its causes; see the module for the definitions."""
    if not isinstance(previous, Billed):
        raise InputError(f"previous is a {type(previous).__name__}", remedy="Give an earlier bill, whole.")
    old, new = previous.terms, current.terms
    known = causes_between(old, new)
    averaged = isinstance(order, str) and order == "shapley"
    words = isinstance(order, str) or (order is not None and not has_entries(order))
    chosen = known if order is None or words else tuple(order)
    faults = Faults()
    if old.kind != new.kind:
        faults.add("previous", f"a {old.kind}, while this bill is a {new.kind}", "bills of one kind")
    if new.map_date < old.map_date:
        faults.add("previous", f"on the map of {old.map_date}, later than {new.map_date}", "an earlier bill")
    if (new.vat.state == "excl") != (old.vat.state == "excl"):
        faults.add("previous", f"vat {old.vat.state!r}, while this bill has {new.vat.state!r}", "one VAT state")
    if words and not averaged:
        faults.add("order", repr(order), "'shapley', or all causes in an order of your own")
    elif sorted(map(str, chosen)) != sorted(known):
        faults.add("order", ", ".join(map(str, chosen)), f"each of these once: {', '.join(known)}")
    faults.check("this change cannot be explained", remedy="Correct the arguments listed.")
    states = BillStates(previous, current)
    return Change(
        title=message("change_from", title=current.title, previous=previous.title),
        notes=tuple(dict.fromkeys((*current.notes, *states.notes))),
        provenance={
            "before": dict(previous.provenance), "after": dict(current.provenance),
            "causes": "mean over all orders (shapley)" if averaged else "in order: " + ", ".join(chosen),
        },
        illustrative=previous.illustrative or current.illustrative,
        before=states.cents(frozenset()),
        causes=average(states, known) if averaged else states.in_order(chosen),
        after=states.cents(frozenset(known)),
        called=states.called(),
        map_date=new.map_date,
        reference=states.reference,
    )  # fmt: skip
