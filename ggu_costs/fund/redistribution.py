r"""What everyone pays more or less: the difference, new minus old, and its parts; plus means pays more.

The difference of municipality i is :math:`a_i - b_i`. Where totals differ, ``total="scale"`` splits it in whole cents
by largest remainders: the effect of the other total :math:`b_i (T_1 / T_0 - 1)`, and the redistribution effect
(herverdeeleffect) :math:`a_i - b_i T_1 / T_0`, which adds up to zero. At equal totals all of the difference is
redistribution.
"""

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
from ggu_costs.errors import Faults, InputError, UnknownNameError, is_one_of
from ggu_costs.frames import amend
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.phase_in import PhaseIn, phase_in
from ggu_costs.fund.result import CentsResult, cents_step, euro_frame, group_chart, per_inhabitant, whole_people
from ggu_costs.fund.sides import Amounts, cents_of, later_map, people_of
from ggu_costs.fund.terms import carry_cents, carry_exactly, spread_cents
from ggu_costs.grants.amounts import GrantAmounts
from ggu_costs.money import round_steps, to_integers
from ggu_costs.reference import Reference
from ggu_costs.results.base import Step
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import euro, message, word

_RATES = ("per_inhabitant_before", "per_inhabitant_after")
_PAID, _RECEIVED = ("pay_more", "pay_less"), ("receive_more", "receive_less")


@dataclass(frozen=True, kw_only=True)
class Redistribution(CentsResult):
    """Differences between two sets of amounts with their parts, in cents.

    Attributes
    ----------
    before, after
        Cents by code, on one municipal map.
    other_total
        Part of the difference that another total makes, in cents by code; zero at equal totals.
    redistribution
        The rest of the difference, which adds up to zero: plus = pays more than at an equal total before.
    inhabitants, inhabitants_before
        Inhabitants by code that belong to `after` and to `before`, where known.
    received
        Whether amounts are received instead of paid: uitkeringen. Plus then is better off.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    redistribution: Mapping[str, int]
    other_total: Mapping[str, int]
    inhabitants: Mapping[str, Fraction] = field(default_factory=dict)
    inhabitants_before: Mapping[str, Fraction] = field(default_factory=dict)
    received: bool = False

    noun: ClassVar[str] = "comparison"

    @property
    def difference(self) -> dict[str, int]:
        """After minus before in cents by code: plus = pays more."""
        return {code: self.after[code] - self.before[code] for code in self.after}

    @property
    def effect(self) -> Mapping[str, int]:
        """The redistribution effect, by the name it had in 0.1; kept for one release."""
        return self.redistribution

    @property
    def volume_effect(self) -> Mapping[str, int]:
        """The effect of the other total, by the name it had in 0.1; kept for one release."""
        return self.other_total

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: before, after, the difference, and its parts; the other total where totals differ."""
        other = {"other_total": self.other_total} if any(self.other_total.values()) else {}
        return {
            "before": self.before, "after": self.after, "difference": self.difference, **other,
            "redistribution": self.redistribution,
        }  # fmt: skip

    @property
    def rates(self) -> dict[str, tuple[Fraction, Fraction]]:
        """Euro per inhabitant before and after, by code; only of those whose inhabitants are known, and not 0."""
        earlier, later = self.inhabitants_before, self.inhabitants
        return {
            code: (Fraction(self.before[code], 100) / earlier[code], Fraction(self.after[code], 100) / later[code])
            for code in self.after
            if earlier.get(code) and later.get(code)
        }

    def to_frame(self, *, sign: Literal["costs", "gemeentefonds"] | None = None) -> pd.DataFrame:
        """Return the differences by code.

        Parameters
        ----------
        sign
            ``costs``: plus = pays more (meer bijdrage). ``gemeentefonds``: the habit of the gemeentefonds, plus =
            better off. By default ``costs`` of what is paid and ``gemeentefonds`` of what is received.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, before, after, difference, other_total, redistribution, per_inhabitant_before,
            per_inhabitant_after``; euro. Each amount per inhabitant is divided by the inhabitants of its own bill.
        """
        own = "gemeentefonds" if self.received else "costs"
        chosen = own if sign is None else sign
        if not is_one_of(chosen, ("costs", "gemeentefonds")):
            raise UnknownNameError("sign", chosen, ("costs", "gemeentefonds"))
        turned = () if chosen == own else ("difference", "other_total", "redistribution")
        columns = {
            name: {code: -amount for code, amount in cents.items()} if name in turned else cents
            for name, cents in self.columns.items()
        }
        frame = euro_frame(columns, self.names)
        frame.insert(1, "inhabitants", [whole_people(self.inhabitants.get(code)) for code in self.after])
        each = {"per_inhabitant_before": (self.before, self.inhabitants_before),
                "per_inhabitant_after": (self.after, self.inhabitants)}  # fmt: skip
        for name, (cents, people) in each.items():
            frame[name] = [per_inhabitant(amount, people.get(code)) for code, amount in cents.items()]
        units = {**dict.fromkeys(columns, "EUR"), **dict.fromkeys(each, "EUR/inhabitant")}
        counted = ("inhabitants",) if any(self.inhabitants.values()) else ()
        return amend(self._framed(frame, units, total=(*counted, *columns)), sign=chosen)

    def by(self, group: str | Mapping[str, Any] | pd.Series | Path) -> pd.DataFrame:
        """Return the differences by group.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them.

        Returns
        -------
        pandas.DataFrame
            By group ``municipalities, pay_more, pay_less, inhabitants, difference, other_total, redistribution,
            per_inhabitant_before, per_inhabitant_after``; ``receive_more, receive_less`` of what is received. Groups
            that overlap, or leave municipalities out, have no total.
        """
        columns = {name: cents for name, cents in self.columns.items() if name not in ("before", "after")}
        difference = self.difference
        more, less = _RECEIVED if self.received else _PAID

        def people(counts: Mapping[str, Fraction], codes: tuple[str, ...]) -> Fraction:
            return sum((counts.get(code, Fraction(0)) for code in codes), Fraction(0))

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            was, becomes = (sum(cents[code] for code in codes) for cents in (self.before, self.after))
            return {
                "municipalities": len(codes),
                more: sum(difference[code] > 0 for code in codes),
                less: sum(difference[code] < 0 for code in codes),
                "inhabitants": float(people(self.inhabitants, codes)),
                **{name: sum(cents[code] for code in codes) / 100 for name, cents in columns.items()},
                "per_inhabitant_before": per_inhabitant(was, people(self.inhabitants_before, codes)),
                "per_inhabitant_after": per_inhabitant(becomes, people(self.inhabitants, codes)),
            }

        units = {**dict.fromkeys(columns, "EUR"), **dict.fromkeys(_RATES, "EUR/inhabitant")}
        total = ("municipalities", more, less, "inhabitants", *columns)
        return self._grouped(self._groups(group), row, units, total=total).rename_axis("group")

    def phase_in(
        self,
        per_inhabitant_per_year: float | Sequence[float],
        years: int | None = None,
        after: Literal["full", "residual"] = "full",
        both_sides: bool = False,
    ) -> PhaseIn:
        """Spread the redistribution over years (ingroeipad), neutral to the cent every year.

        Parameters
        ----------
        per_inhabitant_per_year
            Euro per inhabitant that a loser may pay more, or receive less, each year; a list gives each year its own.
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
            self,
            self.redistribution,
            self.inhabitants,
            per_inhabitant_per_year,
            years,
            after=after,
            both_sides=both_sides,
            received=self.received,
        )

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``effects``, ``by``."""
        return Plots(effects=self._effects_chart, by=partial(group_chart, self, "difference"))

    def _effects_chart(self, *, named: int = 3, lang: str) -> Chart:
        """Draw by how much the amount per inhabitant of each municipality rises or falls against its inhabitants.

        Parameters
        ----------
        named
            How many of the largest changes, up and down, have their name written beside them.
        """
        frame = self.to_frame()
        frame["per_inhabitant_change"] = (frame["per_inhabitant_after"] - frame["per_inhabitant_before"]).round(9)
        frame = amend(frame, units={**frame.attrs["units"], "per_inhabitant_change": "EUR/inhabitant"})
        return Chart(
            title=self.title, frame=frame, kind="points", x="inhabitants", y=("per_inhabitant_change",), named=named
        )

    def _steps(self, code: str) -> Iterator[Step]:
        for name, cents in self.columns.items():
            yield cents_step(name, cents[code], plus=name not in ("before", "after"))
        if code in self.rates:
            for name, rate in zip(_RATES, self.rates[code], strict=True):
                yield Step(word(name), euro(rate))


def redistribution(
    before: Billed | Allocation | GrantAmounts | pd.Series,
    after: Billed | Allocation | GrantAmounts | pd.Series,
    total: Literal["scale"] | None = None,
    *,
    inhabitants: pd.Series | None = None,
    map_date: DateLike | None = None,
    reference: Reference | None = None,
) -> Redistribution:
    """Return what each municipality pays more (+) or less (-) under `after` than under `before`, and why.

    Parameters
    ----------
    before, after
        Bills, allocations, or Series of euros in whole cents by code. Or the amounts of two circulaires: what is
        received, algemene and other uitkeringen together, where plus is better off.
    total
        ``"scale"``: totals that differ are compared after scaling `before`, and bills on different municipal maps after
        carrying the earlier to the legal successors. Without it, totals or sets that differ are an error.
    inhabitants
        By code, for amounts per inhabitant and a phase-in; by default those of each bill.
    map_date
        Date of the municipal map of the amounts, for names and groups, where neither is a bill; of two bills, the map
        on which they are compared, by default the later.
    reference
        The reference tables that the codes are of; by default those of the bills, or the shipped ones.

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
    >>> redistribution(old, new).to_frame()["difference"].to_dict()
    {'GM0345': 10.0, 'GM0363': -10.0}
    """
    if total is not None and not is_one_of(total, ("scale",)):
        raise UnknownNameError("way to compare totals", total, ("scale",))
    if isinstance(before, GrantAmounts) and isinstance(after, GrantAmounts):
        return _received(before, after, scale=total == "scale")
    faults = Faults()
    bills = [bill for bill in (before, after) if isinstance(bill, Billed)]
    _check_alike(bills, faults)
    if isinstance(before, GrantAmounts) or isinstance(after, GrantAmounts):
        faults.add("before, after", "what is received and what is paid", "the amounts of two circulaires, or two bills")
    reference = reference or Reference.above(*(bill.reference for bill in bills))
    day = None if map_date is None else reference.map_day(map_date, what="map_date")
    sides = (before, "before"), (after, "after")
    old, new = (cents_of(amounts, what, day, reference, faults) for amounts, what in sides)
    later = max((bill.terms.map_date for bill in bills), default=None)
    people = people_of(inhabitants, day or later, reference, faults)
    faults.check("these amounts cannot be compared", remedy="Correct the amounts listed.")
    notes: list[str] = []
    if set(old) != set(new) or (day is not None and len(bills) == 2):
        if day is None or len(bills) < 2:
            day = later_map(bills, old, new, scale=total == "scale")
        moved = [carry_cents(bill.cents, bill.terms.map_date, day, reference) for bill in bills]
        if [list(old), list(new)] != [list(cents) for cents in moved]:
            notes.append(message("successors_counted"))
        old, new = moved
    earlier, people = _both_people(before, after, people, day, reference)
    if bills:
        day = day or bills[-1].terms.map_date
    other = _other_total(old, new, scale=total == "scale")
    if any(other.values()):
        notes.append(message("other_total_apart"))
    titles = [bill.title for bill in reversed(bills)]
    return Redistribution(
        title=message("relative_to", titles=titles) if len(titles) == 2 else word("redistribution"),
        notes=tuple(dict.fromkeys((*getattr(after, "notes", ()), *getattr(before, "notes", ()), *notes))),
        provenance={
            "before": dict(getattr(before, "provenance", {})), "after": dict(getattr(after, "provenance", {})),
        },
        illustrative=bool(getattr(before, "illustrative", False) or getattr(after, "illustrative", False)),
        before={code: old[code] for code in new}, after=new, other_total=other,
        redistribution={code: new[code] - old[code] - other[code] for code in new},
        inhabitants=people, inhabitants_before=earlier, map_date=day, reference=reference,
    )  # fmt: skip


def _received(before: GrantAmounts, after: GrantAmounts, *, scale: bool) -> Redistribution:
    """Compare what municipalities receive; where the whole is exactly the same, effects add up to zero to the cent."""
    if before.codes != after.codes:
        later_map([], dict.fromkeys(before.codes, 0), dict.fromkeys(after.codes, 0), scale=False)
    old, new, notes = before.columns["grants"], dict(after.columns["grants"]), [*after.notes, *before.notes]
    if before.general_sums.total == after.general_sums.total and before.other_cents == after.other_cents:
        exact = [after.general_sums.by_code[code] - before.general_sums.by_code[code] for code in old]
        steps, grid = to_integers(exact)
        rounded = round_steps(0, [100 * step for step in steps], grid)
        new = {code: cents + effect for (code, cents), effect in zip(old.items(), rounded, strict=True)}
        notes.append(message("received_to_zero"))
    other = _other_total(old, new, scale=scale)
    if any(other.values()):
        notes.append(message("other_total_apart"))
    return Redistribution(
        title=message("relative_to", titles=[after.title, before.title]), notes=tuple(dict.fromkeys(notes)),
        provenance={"before": dict(before.provenance), "after": dict(after.provenance)},
        illustrative=before.illustrative or after.illustrative,
        before=old, after=new, other_total=other,
        redistribution={code: new[code] - old[code] - other[code] for code in new},
        inhabitants=after.inhabitants, inhabitants_before=before.inhabitants, received=True,
        map_date=after.map_date, reference=after.reference,
    )  # fmt: skip


def _both_people(
    before: Amounts, after: Amounts, given: dict[str, Fraction], day: date | None, reference: Reference
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Inhabitants of both sides: each bill's own, for amounts that are no bill those given or those of the other."""

    def own(amounts: Amounts) -> dict[str, Fraction]:
        if not isinstance(amounts, Billed):
            return given
        terms = amounts.terms
        return carry_exactly(terms.figures["inhabitants"], terms.map_date, day or terms.map_date, reference)

    first, last = own(before), own(after)
    return first or last, given or last or first


def _check_alike(bills: Sequence[Billed], faults: Faults) -> None:
    kinds = [bill.terms.kind for bill in bills]
    if len(set(kinds)) > 1:
        faults.add("before, after", f"a {kinds[0]} and a {kinds[1]}", "bills of one kind: show both side by side")
    states = [bill.terms.vat.state for bill in bills]
    if len(states) == 2 and (states[0] == "excl") != (states[1] == "excl"):
        faults.add("before, after", f"vat {states[0]!r} and {states[1]!r}", "amounts in one VAT state")


def _other_total(old: dict[str, int], new: dict[str, int], *, scale: bool) -> dict[str, int]:
    """What the old amounts change when they are scaled to the total of the new ones."""
    first, last = sum(old.values()), sum(new.values())
    if first == last:
        return dict.fromkeys(new, 0)
    if not scale:
        raise InputError(
            f"the totals differ: {first / 100:.2f} before, {last / 100:.2f} after",
            remedy='Compare equal totals, or say total="scale" to show the effect of the other total apart.',
        )
    if first == 0:
        raise InputError("the total before is 0 and cannot be scaled", remedy="Compare the amounts themselves.")
    turn = 1 if first > 0 else -1
    shared = spread_cents(turn * last, {code: Fraction(turn * amount) for code, amount in old.items()})
    return {code: turn * shared[code] - old[code] for code in new}
