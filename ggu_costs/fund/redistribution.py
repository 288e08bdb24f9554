r"""Redistribution effects (herverdeeleffecten): new minus old at equal totals; plus means pays more.

At equal totals the effects add up to zero, to the cent. Where totals differ, ``total="scale"`` first scales the old
amounts to the new total, in whole cents by largest remainders: the volume effect :math:`b_i (T_1 / T_0 - 1)` is kept
apart from the redistribution effect :math:`a_i - b_i T_1 / T_0`, and before + volume effect + effect = after.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Literal

import pandas as pd

from ggu_costs.allocation import Allocation
from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.display.result import Step
from ggu_costs.errors import Faults, InputError, UnknownNameError, listed
from ggu_costs.figures import finite
from ggu_costs.frames import amend
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.phase_in import PhaseIn, phase_in
from ggu_costs.fund.result import CentsResult, cents_step, euro_frame, group_chart, per_inhabitant, whole_people
from ggu_costs.fund.terms import carry_cents, carry_exactly, format_plain, spread_cents, whole_cents
from ggu_costs.reference import check_codes, known_years, map_day
from ggu_costs.reference.codes import ever_existed, is_participant
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import euro, message, word


@dataclass(frozen=True, kw_only=True)
class Redistribution(CentsResult):
    """Effects of a change at equal totals, in cents that add up to zero.

    Attributes
    ----------
    before, after
        Cents by code, on one municipal map.
    volume_effect
        Cents by code of the change of the total, kept apart; zero at equal totals.
    effect
        After minus before minus volume effect, in cents: plus = pays more. Adds up to zero.
    inhabitants
        Inhabitants by code, where known.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    effect: Mapping[str, int]
    volume_effect: Mapping[str, int]
    inhabitants: Mapping[str, Fraction] = field(default_factory=dict)

    noun: ClassVar[str] = "comparison"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: before, after, the volume effect where totals differ, and the effect."""
        volume = {"volume_effect": self.volume_effect} if any(self.volume_effect.values()) else {}
        return {"before": self.before, "after": self.after, **volume, "effect": self.effect}

    def to_frame(self, *, sign: Literal["costs", "gemeentefonds"] = "costs") -> pd.DataFrame:
        """Return the effects by code.

        Parameters
        ----------
        sign
            ``costs``: plus = pays more (meer bijdrage). ``gemeentefonds``: the habit of the gemeentefonds, plus =
            better off.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, before, after, volume_effect, effect, effect_per_inhabitant``; euro.
        """
        if sign not in ("costs", "gemeentefonds"):
            raise UnknownNameError("sign", str(sign), ("costs", "gemeentefonds"))
        turned = ("volume_effect", "effect") if sign == "gemeentefonds" else ()
        columns = {
            name: {code: -amount for code, amount in cents.items()} if name in turned else cents
            for name, cents in self.columns.items()
        }
        people = [self.inhabitants.get(code) for code in self.effect]
        frame = euro_frame(columns, self.names)
        frame.insert(1, "inhabitants", [whole_people(count) for count in people])
        frame["effect_per_inhabitant"] = [
            per_inhabitant(cents, count) for cents, count in zip(columns["effect"].values(), people, strict=True)
        ]
        units = {**dict.fromkeys(columns, "EUR"), "effect_per_inhabitant": "EUR/inhabitant"}
        counted = ("inhabitants",) if any(self.inhabitants.values()) else ()
        return amend(self._framed(frame, units, total=(*counted, *columns)), sign=sign)

    def by(self, group: str | Mapping[str, Any] | pd.Series | Path) -> pd.DataFrame:
        """Return the effects by group.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them.

        Returns
        -------
        pandas.DataFrame
            By group ``municipalities, pay_more, pay_less, inhabitants, effect, effect_per_inhabitant``. Groups that
            overlap, or leave municipalities out, have no total.
        """
        frame = self._by_people(
            group, "effect", self.inhabitants, "effect_per_inhabitant",
            pay_more=lambda cents: cents > 0, pay_less=lambda cents: cents < 0,
        )  # fmt: skip
        return frame.rename_axis("group")

    def phase_in(
        self,
        per_inhabitant_per_year: float | Sequence[float],
        years: int | None = None,
        after: Literal["full", "residual"] = "full",
        both_sides: bool = False,
    ) -> PhaseIn:
        """Spread the effects over years (ingroeipad), neutral to the cent every year.

        Parameters
        ----------
        per_inhabitant_per_year
            Euro per inhabitant by which a loser's bill may rise each year; a list gives each year its own.
        years
            Number of years; by default as many as the list has.
        after
            What happens after the last year: ``full`` effect (the jump is shown), or the ``residual`` stays for good.
        both_sides
            Cap gainers too and scale the longer side.

        See Also
        --------
        ggu_costs.fund.phase_in : the definition.
        """
        return phase_in(
            self, self.effect, self.inhabitants, per_inhabitant_per_year, years, after=after, both_sides=both_sides
        )

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``effects``, ``by``."""
        return Plots(effects=self._effects_chart, by=partial(group_chart, self, "effect"))

    def _effects_chart(self, *, named: int = 3, lang: str) -> Chart:
        """Draw the effect per inhabitant of each municipality against its inhabitants.

        Parameters
        ----------
        named
            How many of the largest effects, up and down, have their name written beside them.
        """
        return Chart(
            title=self.title, frame=self.to_frame(), kind="points", x="inhabitants", y=("effect_per_inhabitant",),
            named=named,
        )  # fmt: skip

    def _steps(self, code: str) -> Iterator[Step]:
        yield cents_step("before", self.before[code])
        if any(self.volume_effect.values()):
            yield cents_step("volume_effect", self.volume_effect[code], plus=True)
        yield cents_step("effect", self.effect[code], plus=True)
        yield cents_step("after", self.after[code])
        people = self.inhabitants.get(code)
        if people:
            each = Fraction(self.effect[code], 100) / people
            yield Step(word("effect_per_inhabitant"), euro(each, plus=True))


Amounts = Any  # Billed, Allocation or Series of euros by code


def redistribution(
    before: Billed | Allocation | pd.Series,
    after: Billed | Allocation | pd.Series,
    total: Literal["scale"] | None = None,
    *,
    inhabitants: pd.Series | None = None,
    map_date: DateLike | None = None,
) -> Redistribution:
    """Return what each municipality pays more (+) or less (-) under `after` than under `before`.

    Parameters
    ----------
    before, after
        Bills, allocations, or Series of euros in whole cents by code.
    total
        ``"scale"``: totals that differ are compared after scaling `before`, and bills on different municipal maps after
        carrying the earlier to the legal successors. Without it, totals or sets that differ are an error.
    inhabitants
        By code, for effects per inhabitant and a phase-in; by default those of the bill `after`, or `before`.
    map_date
        Date of the municipal map of the amounts, for names and groups, where neither is a bill; of two bills, the map
        on which they are compared, by default the later.

    Raises
    ------
    InputError
        Amounts that are no whole cents by code, or in different VAT states; totals or sets of municipalities that
        differ, without saying how to compare them.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.Series({"GM0363": 60.0, "GM0345": 40.0})
    >>> new = pd.Series({"GM0363": 50.0, "GM0345": 50.0})
    >>> redistribution(old, new).to_frame()["effect"].to_dict()
    {'GM0345': 10.0, 'GM0363': -10.0}
    """
    if total not in (None, "scale"):
        raise UnknownNameError("way to compare totals", str(total), ("scale",))
    faults = Faults()
    bills = [bill for bill in (before, after) if isinstance(bill, Billed)]
    _check_alike(bills, faults)
    day = None if map_date is None else map_day(map_date, what="map_date")
    old, new = _cents(before, "before", day, faults), _cents(after, "after", day, faults)
    people = _people(inhabitants, day or max((bill.terms.map_date for bill in bills), default=None), faults)
    faults.check("these amounts cannot be compared", remedy="Correct the amounts listed.")
    notes: list[str] = []
    if set(old) != set(new) or (day is not None and len(bills) == 2):
        if day is None or len(bills) < 2:
            day = _later_map(bills, old, new, scale=total == "scale")
        moved = [carry_cents(bill.cents, bill.terms.map_date, day) for bill in bills]
        if [list(old), list(new)] != [list(cents) for cents in moved]:
            notes.append(message("successors_counted"))
        old, new = moved
    if bills:
        latest = bills[-1].terms
        day = day or latest.map_date
        people = people or carry_exactly(latest.figures["inhabitants"], latest.map_date, day)
    volume = _volume(old, new, scale=total == "scale")
    if any(volume.values()):
        notes.append(message("volume_apart"))
    titles = [bill.title for bill in reversed(bills)]
    return Redistribution(
        title=message("relative_to", titles=titles) if len(titles) == 2 else word("redistribution"),
        notes=tuple(dict.fromkeys((*getattr(after, "notes", ()), *getattr(before, "notes", ()), *notes))),
        provenance={
            "before": dict(getattr(before, "provenance", {})), "after": dict(getattr(after, "provenance", {})),
        },
        illustrative=bool(getattr(before, "illustrative", False) or getattr(after, "illustrative", False)),
        before={code: old[code] for code in new}, after=new, volume_effect=volume,
        effect={code: new[code] - old[code] - volume[code] for code in new},
        inhabitants=people, map_date=day,
    )  # fmt: skip


def _check_alike(bills: Sequence[Billed], faults: Faults) -> None:
    kinds = [bill.terms.kind for bill in bills]
    if len(set(kinds)) > 1:
        faults.add("before, after", f"a {kinds[0]} and a {kinds[1]}", "bills of one kind: show both side by side")
    states = [bill.terms.vat.state for bill in bills]
    if len(states) == 2 and (states[0] == "excl") != (states[1] == "excl"):
        faults.add("before, after", f"vat {states[0]!r} and {states[1]!r}", "amounts in one VAT state")


def _volume(old: dict[str, int], new: dict[str, int], *, scale: bool) -> dict[str, int]:
    """What the old amounts change when they are scaled to the total of the new ones."""
    first, last = sum(old.values()), sum(new.values())
    if first == last:
        return dict.fromkeys(new, 0)
    if not scale:
        raise InputError(
            f"the totals differ: {first / 100:.2f} before, {last / 100:.2f} after",
            remedy='Compare equal totals, or say total="scale" to show the volume effect apart.',
        )
    if first == 0:
        raise InputError("the total before is 0 and cannot be scaled", remedy="Compare the amounts themselves.")
    turn = 1 if first > 0 else -1
    shared = spread_cents(turn * last, {code: Fraction(turn * amount) for code, amount in old.items()})
    return {code: turn * shared[code] - old[code] for code in new}


def _people(inhabitants: pd.Series | None, day: date | None, faults: Faults) -> dict[str, Fraction]:
    if inhabitants is None:
        return {}
    if not isinstance(inhabitants, pd.Series):
        faults.add("inhabitants", format_plain(inhabitants), "a Series of inhabitants by code")
        return {}
    _check_labels(list(inhabitants.index), "inhabitants", day, faults)
    people = {}
    for code, figure in inhabitants.items():
        number = finite(figure)
        if number is None or number < 0:
            faults.add(f"inhabitants of {code}", format_plain(figure), "a finite number, 0 or more")
        else:
            people[str(code)] = Fraction(number)
    return people


def _check_labels(labels: list[object], what: str, day: date | None, faults: Faults) -> None:
    """Note labels that are no codes, twice, or of no municipality: of the day, or of any day where none is stated."""
    if day is not None:
        check_codes(labels, day, what=what, complete=False, others=True, faults=faults)
        return
    for code, count in Counter(labels).items():
        where = f"{what} of {code}"
        if not is_participant(code):
            faults.add(where, "not a code", "codes such as GM0363, or XX:NAME for others", "Join on code.")
        elif count > 1:
            faults.add(where, "there twice", "each code once")
        elif not ever_existed(str(code)):
            faults.add(where, "no municipality has this code", f"codes of {known_years()[0]} to {known_years()[-1]}")


def _cents(amounts: Amounts, what: str, day: date | None, faults: Faults) -> dict[str, int]:
    """Amounts as cents by code, in order of code."""
    if isinstance(amounts, Billed):
        return dict(amounts.cents)
    values = getattr(amounts, "values", None)
    if hasattr(amounts, "codes") and getattr(values, "ndim", 0) == 1:
        pairs = [] if amounts.codes is None else list(zip(amounts.codes, amounts.values, strict=True))
    elif hasattr(amounts, "items") and getattr(amounts, "ndim", 1) == 1:
        pairs = list(amounts.items())
    else:
        pairs = []
    if not pairs:
        faults.add(what, f"a {type(amounts).__name__} without amounts by code", "a bill, or euros by code")
    _check_labels([code for code, _ in pairs], what, day, faults)
    result: dict[str, int] = {}
    for code, amount in pairs:
        cents = whole_cents(amount)
        if cents is None:
            faults.add(f"{what} of {code}", format_plain(amount), "a finite amount in whole cents")
        result[str(code)] = cents or 0
    return dict(sorted(result.items()))


def _later_map(bills: Sequence[Billed], old: dict[str, int], new: dict[str, int], *, scale: bool) -> date:
    """The map to which both bills are carried, where the user asked for it."""
    both = len(bills) == 2
    if scale and both:
        return max(bill.terms.map_date for bill in bills)
    faults = Faults()
    for where, codes in (("only before", set(old) - set(new)), ("only after", set(new) - set(old))):
        faults.add(where, f"{len(codes)}: {listed(sorted(codes))}")
    ask = 'Say total="scale" to carry the bills of predecessors to their successors.'
    own = "Give amounts for the same municipalities (see ggu.carry)."
    raise InputError("the sets of municipalities differ", faults=faults.found, remedy=ask if both else own)
