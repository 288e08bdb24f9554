r"""Redistribution effects (herverdeeleffecten): new minus old at equal totals; plus means pays more.

At equal totals the effects add up to zero, to the cent. Where totals differ, ``total="scale"`` first scales the old
amounts to the new total: the volume effect :math:`b_i (T_1 / T_0 - 1)` is kept apart from the redistribution effect
:math:`a_i - b_i T_1 / T_0`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ggu_costs.display import numbers
from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.display.words import label
from ggu_costs.errors import Faults, InputError, UnknownNameError
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import carry_cents
from ggu_costs.fund.phase_in import PhaseIn, phase_in
from ggu_costs.fund.terms import spread_cents
from ggu_costs.money import euros, to_cents
from ggu_costs.reference import groups, map_day

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from ggu_costs.allocation import Allocation
    from ggu_costs.fund.plots import RedistributionPlots
    from ggu_costs.typing import DateLike

__all__ = ["Redistribution", "redistribution"]


@dataclass(frozen=True, kw_only=True)
class Redistribution(Result):
    """Effects of a change at equal totals, in cents that add up to zero.

    Attributes
    ----------
    before, after
        Cents by code; `before` scaled to the total of `after` where asked.
    effect
        After minus before in cents: plus = pays more.
    volume_effect
        Cents by code of the change of the total, kept apart; zero at equal totals.
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
            By group ``municipalities, pay_more, pay_less, inhabitants, effect, effect_per_inhabitant``. Overlapping
            groups have no total.
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
        total = () if made.overlapping else ("municipalities", "pay_more", "pay_less", "inhabitants", "effect")
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
        from ggu_costs.fund.plots import RedistributionPlots

        return RedistributionPlots(self)

    def explain(self, code: str) -> Explanation:
        """Return the steps to the effect of one municipality."""
        if code not in self.effect:
            raise UnknownNameError("municipality in this comparison", code, list(self.effect))
        steps = (
            Step(label("before"), numbers.euro(self.before[code] / 100)),
            Step(label("after"), numbers.euro(self.after[code] / 100)),
            Step(label("effect"), numbers.euro(self.effect[code] / 100, plus=True)),
        )
        return Explanation(f"{self.names.get(code, code)} ({code}): {self.title}", steps, self.notes)


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
        ``"scale"``: totals that differ are compared after scaling `before`, and bills on an earlier map are carried to
        the legal successors. Without it, totals or sets that differ are an error.
    inhabitants
        For effects per inhabitant, where `after` is not a bill.
    map_date
        Date of the municipal map of the amounts, for groups, where `after` is not a bill.

    Raises
    ------
    InputError
        Totals or sets of municipalities that differ, without saying how to compare them.

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
    old, new = _cents(before, "before", faults), _cents(after, "after", faults)
    faults.check("these amounts cannot be compared", remedy="Correct the amounts listed.")
    notes: list[str] = []
    if set(old) != set(new):
        old = _on_one_map(before, after, old, new, scale=total == "scale")
        notes.append("Bedragen van voorgangers zijn bij de rechtsopvolger geteld.")
    first, last = sum(old.values()), sum(new.values())
    volume = dict.fromkeys(new, 0)
    if first != last:
        if total is None:
            raise InputError(
                f"the totals differ: {first / 100:.2f} before, {last / 100:.2f} after",
                remedy='Compare equal totals, or say total="scale" to show the volume effect apart.',
            )
        if first == 0:
            raise InputError("the total before is 0 and cannot be scaled", remedy="Compare the amounts themselves.")
        scaled = spread_cents(last, {code: Fraction(amount) for code, amount in old.items()})
        volume = {code: scaled[code] - old[code] for code in new}
        old = scaled
        notes.append("Volume-effect (ander totaal) en herverdeeleffect staan apart.")
    people = dict(after.terms.figures["inhabitants"]) if isinstance(after, Bill) else _people(inhabitants)
    title = (
        f"{after.title} ten opzichte van {before.title}" if isinstance(after, Bill) and isinstance(before, Bill) else ""
    )
    return Redistribution(
        title=title or label("redistribution"),
        notes=(*(after.notes if isinstance(after, Bill) else ()), *notes),
        provenance={
            "before": dict(getattr(before, "provenance", {})), "after": dict(getattr(after, "provenance", {})),
        },
        illustrative=bool(getattr(before, "illustrative", False) or getattr(after, "illustrative", False)),
        before=old, after=new, effect={code: new[code] - old[code] for code in new}, volume_effect=volume,
        inhabitants=people, names=_names(after), map_date=_map_date(after, map_date),
    )  # fmt: skip


def _names(amounts: Amounts) -> dict[str, str]:
    if not isinstance(amounts, Bill):
        return {}
    return {str(code): str(name) for code, name in amounts.to_frame()["name"].items()}


def _map_date(after: Amounts, stated: DateLike | None) -> date | None:
    if isinstance(after, Bill):
        return after.terms.map_date
    return None if stated is None else map_day(stated, what="map_date")


def _people(inhabitants: pd.Series | None) -> dict[str, Fraction]:
    if inhabitants is None:
        return {}
    return {str(code): Fraction(figure) for code, figure in inhabitants.items()}


def _cents(amounts: Amounts, what: str, faults: Faults) -> dict[str, int]:
    """Amounts as cents by code, in order of code."""
    if isinstance(amounts, Bill):
        return dict(amounts.cents)
    if hasattr(amounts, "to_frame") and hasattr(amounts, "codes"):
        import pandas as pd

        amounts = pd.Series(amounts.values, index=amounts.codes)
    result: dict[str, int] = {}
    for code, amount in amounts.items():
        try:
            cents = to_cents(amount, name=f"{what} of {code}")
        except InputError as error:
            faults.add(f"{what} of {code}", error.message, "whole cents")
            continue
        if code in result:
            faults.add(f"{what} of {code}", "there twice", "each code once")
        result[str(code)] = cents
    return dict(sorted(result.items()))


def _on_one_map(
    before: Amounts, after: Amounts, old: dict[str, int], new: dict[str, int], *, scale: bool
) -> dict[str, int]:
    """Carry the old amounts to the later map, where the user asked for it and both are bills."""
    gone, come = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    both = isinstance(before, Bill) and isinstance(after, Bill)
    if not scale or not both or after.terms.map_date < before.terms.map_date:
        faults = Faults()
        faults.add("only before", f"{len(gone)}: {', '.join(gone[:12])}")
        faults.add("only after", f"{len(come)}: {', '.join(come[:12])}")
        remedy = (
            'Say total="scale" to carry the bills of predecessors to their successors.'
            if both
            else "Give amounts for the same municipalities (see ggu.carry)."
        )
        faults.check("the sets of municipalities differ", remedy=remedy)
    return carry_cents(old, before.terms, after.terms)
