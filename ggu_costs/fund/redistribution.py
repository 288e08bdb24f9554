r"""Redistribution effects (herverdeeleffecten): new minus old at equal totals; plus means pays more.

At equal totals the effects add up to zero, to the cent. Where totals differ, ``total="scale"`` first scales the old
amounts to the new total, in whole cents by largest remainders: the volume effect :math:`b_i (T_1 / T_0 - 1)` is kept
apart from the redistribution effect :math:`a_i - b_i T_1 / T_0`, and before + volume effect + effect = after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ggu_costs.allocation.inputs import ever_existed
from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import Faults, InputError, UnknownNameError, listed
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.phase_in import PhaseIn, phase_in
from ggu_costs.fund.terms import carried, carry_cents, check_known, freeze, spread_cents, whole_cents, written
from ggu_costs.money import euros, finite
from ggu_costs.reference import FIRST_YEAR, LAST_YEAR, check_codes, groups, map_day, names_of
from ggu_costs.reference.codes import is_participant
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.allocation import Allocation
    from ggu_costs.fund.charts import RedistributionPlots
    from ggu_costs.typing import DateLike

__all__ = ["Redistribution", "redistribution"]


@dataclass(frozen=True, kw_only=True)
class Redistribution(Result):
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
    names: Mapping[str, str] = field(default_factory=dict)
    map_date: date | None = None

    def __post_init__(self) -> None:
        """Keep the amounts as they are."""
        freeze(self, "before", "after", "effect", "volume_effect", "inhabitants", "names")

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
        import pandas as pd

        if sign not in ("costs", "gemeentefonds"):
            raise UnknownNameError("sign", str(sign), ("costs", "gemeentefonds"))
        turn = 1 if sign == "costs" else -1
        codes = list(self.effect)
        frame = pd.DataFrame({"name": [self.names.get(code, "") for code in codes]}, index=pd.Index(codes, name="code"))
        people = [self.inhabitants.get(code) for code in codes]
        frame["inhabitants"] = [None if x is None else int(x) if x.denominator == 1 else float(x) for x in people]
        frame["before"] = euros([self.before[code] for code in codes])
        frame["after"] = euros([self.after[code] for code in codes])
        if any(self.volume_effect.values()):
            frame["volume_effect"] = euros([turn * self.volume_effect[code] for code in codes])
        frame["effect"] = euros([turn * self.effect[code] for code in codes])
        frame["effect_per_inhabitant"] = [
            float(Fraction(turn * self.effect[code], 100) / x) if x else None
            for code, x in zip(codes, people, strict=True)
        ]
        units = dict.fromkeys(("before", "after", "volume_effect", "effect"), "EUR")
        units["effect_per_inhabitant"] = "EUR/inhabitant"
        framed = self._framed(frame, units, total=("inhabitants", "before", "after", "volume_effect", "effect"))
        framed.attrs["sign"] = sign
        return framed

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
        import pandas as pd

        if self.map_date is None:
            raise InputError(
                "groups need the date of the municipal map, and these amounts carry none",
                remedy="Give bills, or say redistribution(..., map_date=...).",
            )
        made = groups(group, list(self.effect), self.map_date)
        rows = []
        for name, codes in made.members.items():
            effects = [self.effect[code] for code in codes]
            people = sum((self.inhabitants.get(code, Fraction(0)) for code in codes), Fraction(0))
            rows.append({
                "group": name, "municipalities": len(codes),
                "pay_more": sum(e > 0 for e in effects), "pay_less": sum(e < 0 for e in effects),
                "inhabitants": float(people), "effect": sum(effects) / 100,
                "effect_per_inhabitant": float(Fraction(sum(effects), 100) / people) if people else None,
            })  # fmt: skip
        frame = pd.DataFrame(rows).set_index("group")
        partial = made.overlapping or made.left_out
        total = () if partial else ("municipalities", "pay_more", "pay_less", "inhabitants", "effect")
        return self._framed(frame, {"effect": "EUR", "effect_per_inhabitant": "EUR/inhabitant"}, total=total)

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
        return phase_in(self, per_inhabitant_per_year, years, after=after, both_sides=both_sides)

    @property
    def plot(self) -> RedistributionPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.fund.charts import RedistributionPlots

        return RedistributionPlots(self)

    def explain(self, code: str) -> Explanation:
        """Return the steps to the effect of one municipality: in euro and per inhabitant."""
        check_known(code, self.effect, "municipality in this comparison", self.map_date)
        steps = [Step(label("before"), numbers.euro(self.before[code] / 100))]
        if any(self.volume_effect.values()):
            steps.append(Step(label("volume_effect"), numbers.euro(self.volume_effect[code] / 100, plus=True)))
        steps.append(Step(label("effect"), numbers.euro(self.effect[code] / 100, plus=True)))
        steps.append(Step(label("after"), numbers.euro(self.after[code] / 100)))
        people = self.inhabitants.get(code)
        if people:
            each = Fraction(self.effect[code], 100) / people
            steps.append(Step(label("effect_per_inhabitant"), numbers.euro(each, plus=True)))
        return Explanation(f"{self.names.get(code, code)} ({code}): {self.title}", tuple(steps), self.notes)


Amounts = Any  # Bill, Allocation or Series of euros by code


def redistribution(
    before: Bill | Allocation | pd.Series,
    after: Bill | Allocation | pd.Series,
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
    _check_alike(before, after, faults)
    day = None if map_date is None else map_day(map_date, what="map_date")
    old, new = _cents(before, "before", day, faults), _cents(after, "after", day, faults)
    maps = [bill.terms.map_date for bill in (before, after) if isinstance(bill, Bill)]
    people = _people(inhabitants, day or max(maps, default=None), faults)
    faults.check("these amounts cannot be compared", remedy="Correct the amounts listed.")
    notes: list[str] = []
    bills = [bill for bill in (after, before) if isinstance(bill, Bill)]
    if set(old) != set(new) or (day is not None and len(bills) == 2):
        if day is None or len(bills) < 2:
            day = _later_map(before, after, old, new, scale=total == "scale")
        moved = [carry_cents(bill.cents, bill.terms.map_date, day) for bill in reversed(bills)]
        if [list(old), list(new)] != [list(cents) for cents in moved]:
            notes.append("Bedragen van voorgangers zijn bij de rechtsopvolger geteld.")
        old, new = moved
    if bills:
        latest = bills[0].terms
        day = day or latest.map_date
        people = people or carried(latest.figures["inhabitants"], latest.map_date, day)
    volume = _volume(old, new, scale=total == "scale")
    if any(volume.values()):
        notes.append("Volume-effect (ander totaal) en herverdeeleffect staan apart.")
    titles = [bill.title for bill in bills]
    return Redistribution(
        title=" ten opzichte van ".join(titles) if len(titles) == 2 else label("redistribution"),
        notes=tuple(dict.fromkeys((*getattr(after, "notes", ()), *getattr(before, "notes", ()), *notes))),
        provenance={
            "before": dict(getattr(before, "provenance", {})), "after": dict(getattr(after, "provenance", {})),
        },
        illustrative=bool(getattr(before, "illustrative", False) or getattr(after, "illustrative", False)),
        before={code: old[code] for code in new}, after=new, volume_effect=volume,
        effect={code: new[code] - old[code] - volume[code] for code in new},
        inhabitants=people, names={} if day is None else names_of(day), map_date=day,
    )  # fmt: skip


def _check_alike(before: Amounts, after: Amounts, faults: Faults) -> None:
    kinds = [bill.terms.kind for bill in (before, after) if isinstance(bill, Bill)]
    if len(set(kinds)) > 1:
        faults.add("before, after", f"a {kinds[0]} and a {kinds[1]}", "bills of one kind: show both side by side")
    states = [bill.terms.vat.state for bill in (before, after) if isinstance(bill, Bill)]
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
    _check_labels(list(inhabitants.index), "inhabitants", day, faults)
    people = {}
    for code, figure in inhabitants.items():
        number = finite(figure)
        if number is None or number < 0:
            faults.add(f"inhabitants of {code}", written(figure), "a finite number, 0 or more")
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
            faults.add(where, "no municipality has this code", f"codes of {FIRST_YEAR} to {LAST_YEAR}")


def _cents(amounts: Amounts, what: str, day: date | None, faults: Faults) -> dict[str, int]:
    """Amounts as cents by code, in order of code."""
    if isinstance(amounts, Bill):
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
            faults.add(f"{what} of {code}", written(amount), "a finite amount in whole cents")
        result[str(code)] = cents or 0
    return dict(sorted(result.items()))


def _later_map(before: Amounts, after: Amounts, old: dict[str, int], new: dict[str, int], *, scale: bool) -> date:
    """The map to which both bills are carried, where the user asked for it."""
    both = isinstance(before, Bill) and isinstance(after, Bill)
    if scale and isinstance(before, Bill) and isinstance(after, Bill):
        first, last = before.terms.map_date, after.terms.map_date
        return first if first > last else last
    faults = Faults()
    for where, codes in (("only before", set(old) - set(new)), ("only after", set(new) - set(old))):
        faults.add(where, f"{len(codes)}: {listed(sorted(codes))}")
    ask = 'Say total="scale" to carry the bills of predecessors to their successors.'
    own = "Give amounts for the same municipalities (see ggu.carry)."
    raise InputError("the sets of municipalities differ", faults=faults.found, remedy=ask if both else own)
