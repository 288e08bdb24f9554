r"""Between what an amount has to lie, and how it becomes whole: bounds and rounding of a fund.

With total :math:`T`, parts :math:`w_i` and bounds :math:`a_i \le b_i` a municipality pays
:math:`\min(\max(\lambda w_i, a_i), b_i)` with the one :math:`\lambda` for which the amounts add up to T. Bounds are
first tightened to whole units. Then the amounts become whole: together by largest remainders, or each by itself, halves
away from zero, and what the lines miss of the total is handed to no one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, inf
from typing import Literal, Self

from ggu_costs.allocation.exact import bounded_cents, bounded_quotas
from ggu_costs.allocation.rounding import ROUNDINGS, cents_in
from ggu_costs.allocation.sharing import Rounding
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InfeasibleError
from ggu_costs.modelfile.values import Checked, Dated, Money, Number, PerInhabitant
from ggu_costs.money import round_half_up, share_exactly

People = Mapping[str, Fraction]
BOUNDS = ("minimum", "minimum_per_inhabitant", "maximum", "maximum_per_inhabitant")
"""Names of the bounds in a file, in `with_changes` and in :class:`Conditions`."""
_REMEDY = "Lower a minimum, raise a maximum, or change the total."


class ConditionTerms(Checked):
    """What a fund decides beside its level and key.

    Attributes
    ----------
    minimum, maximum
        What a municipality pays at least and at most.
    minimum_per_inhabitant, maximum_per_inhabitant
        The same per inhabitant; the strictest holds.
    rounding
        ``largest_remainder`` (where none is stated): amounts add up to the total. ``each``: every line by itself.
    rounding_unit
        Euro in which amounts are whole: 0.01 (where none is stated) or 1.
    total_must_be_met
        Whether amounts have to add up to the total, which ``each`` does not promise.
    """

    minimum: Money | None = None
    minimum_per_inhabitant: PerInhabitant | None = None
    maximum: Money | None = None
    maximum_per_inhabitant: PerInhabitant | None = None
    rounding: Rounding | None = None
    rounding_unit: Number | None = None
    total_must_be_met: bool | None = None

    @property
    def bounds(self) -> dict[str, Dated]:
        """Bounds that the file states, by name."""
        stated = {name: getattr(self, name) for name in BOUNDS}
        return {name: value for name, value in stated.items() if value is not None}

    def check_conditions(self, faults: Faults, where: str, *, basis: Literal["budget", "rate"]) -> None:
        """Add the faults of rounding."""
        if self.rounding not in (None, *ROUNDINGS):
            faults.add(f"{where}.rounding", repr(self.rounding), "'largest_remainder' or 'each'")
        if self.rounding_unit is not None and cents_in(self.rounding_unit) is None:
            faults.add(f"{where}.rounding_unit", str(self.rounding_unit), "0.01 or 1 euro")
        if self.total_must_be_met and (self.rounding == "each" or basis == "rate"):
            found = f"{self.rounding or ROUNDINGS[0]!r} on basis {basis!r}, while the total must be met"
            remedy = (
                "Lines rounded one by one need not add up: leave out total_must_be_met, or choose another rounding."
            )
            faults.add(f"{where}.rounding", found, "'largest_remainder' on basis 'budget'", remedy)


@dataclass(frozen=True)
class Conditions(Brief):
    """Bounds and rounding of one bill.

    Attributes
    ----------
    minimum, minimum_per_inhabitant, maximum, maximum_per_inhabitant
        Euro, or None.
    rounding
        How amounts become whole.
    unit
        Cents in which they are whole.
    """

    minimum: Fraction | None = None
    minimum_per_inhabitant: Fraction | None = None
    maximum: Fraction | None = None
    maximum_per_inhabitant: Fraction | None = None
    rounding: Rounding = "largest_remainder"
    unit: int = 1

    @property
    def bounded(self) -> bool:
        """Whether there are bounds."""
        return any(getattr(self, name) is not None for name in BOUNDS)

    @property
    def plain(self) -> bool:
        """Whether amounts are whole cents that add up, without bounds."""
        return self == Conditions()

    def with_bounds_of(self, other: Self) -> Self:
        """Return these conditions with the bounds of another."""
        return replace(self, **{name: getattr(other, name) for name in BOUNDS})

    def bounds_of(self, people: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """Euro that a municipality pays at least and at most."""
        each = self.minimum_per_inhabitant, self.maximum_per_inhabitant
        low, high = (None if one is None else one * people for one in each)
        lows = [one for one in (self.minimum, low) if one is not None]
        highs = [one for one in (self.maximum, high) if one is not None]
        return max(lows, default=None), min(highs, default=None)

    def _units(self, people: Fraction) -> tuple[int | None, int | None]:
        low, high = self.bounds_of(people)
        scale = Fraction(100, self.unit)
        return None if low is None else ceil(low * scale), None if high is None else floor(high * scale)

    def check(self, total: Fraction, weights: People, people: People, names: Mapping[str, str]) -> None:
        """Raise one error that names everyone whose bounds exclude each other, or what all bounds together miss."""
        if not self.bounded:
            return
        faults = Faults()
        units = {code: self._units(people[code]) for code in weights}
        for code, (low, high) in units.items():
            if low is not None and high is not None and low > high:
                faults.add(
                    f"{names[code]} ({code})",
                    f"a minimum of {self._said(low, people[code])} above a maximum of {self._said(high, people[code])}",
                    "a minimum that is at most the maximum",
                )
        faults.check("minimum and maximum exclude each other", remedy=_REMEDY, kind=InfeasibleError)
        least, most = self._range(units, weights)
        if not least <= total <= most:
            bound, word = (float(least), "at least") if least > total else (float(most), "at most")
            found = f"together {bound:,.2f} euro {word}, {abs(bound - float(total)):,.2f} from the total"
            faults.add("bounds", found, f"the total of {float(total):,.2f}")
        faults.check("the bounds cannot be met", remedy=_REMEDY, kind=InfeasibleError)

    def _range(
        self, units: Mapping[str, tuple[int | None, int | None]], weights: People
    ) -> tuple[Fraction, Fraction | float]:
        """Euro that amounts within the bounds add up to, at least and at most; who has weight 0 takes no rest."""
        least = sum(low or 0 for low, _ in units.values())
        ends = (
            (low or 0) if not weights[code] else inf if high is None else high for code, (low, high) in units.items()
        )
        most = sum(ends)
        euro = Fraction(self.unit, 100)
        return least * euro, inf if most == inf else Fraction(most) * euro

    def _said(self, units: int, people: Fraction) -> str:
        euro = Fraction(units * self.unit, 100)
        return (
            f"{float(euro):,.2f} euro, {float(euro / people):,.2f} per inhabitant" if people else f"{float(euro):,.2f}"
        )

    def share(self, total: Fraction, weights: People, people: People) -> dict[str, int]:
        """Return the cents of each municipality.

        Bounds that cannot be met are left out: :meth:`check` refuses them for a bill, and on the way from one bill to
        another they may be impossible for a while.
        """
        codes = sorted(weights)
        size, parts = total * 100 / self.unit, [weights[code] for code in codes]
        if self.rounding == "largest_remainder":
            size = Fraction(round_half_up(size))
        units = {code: self._units(people[code]) for code in codes} if self.bounded else {}
        lows, highs = ([units[code][side] if units else None for code in codes] for side in (0, 1))
        if units and not self._feasible(total, units, weights):
            lows = highs = [None] * len(codes)
        if self.rounding == "each":
            open_lows = [-inf if low is None else low for low in lows]
            open_highs = [inf if high is None else high for high in highs]
            lines = [round_half_up(quota) for quota in bounded_quotas(size, parts, open_lows, open_highs)]
        elif units:
            lines = bounded_cents(int(size), parts, [low or 0 for low in lows], highs, whole=True)
        else:
            lines = share_exactly(int(size), parts) if size else [0] * len(codes)
        return {code: self.unit * line for code, line in zip(codes, lines, strict=True)}

    def _feasible(self, total: Fraction, units: Mapping[str, tuple[int | None, int | None]], weights: People) -> bool:
        least, most = self._range(units, weights)
        apart = any(low is not None and high is not None and low > high for low, high in units.values())
        return not apart and least <= total <= most

    def line(self, euro: Fraction, people: Fraction) -> int:
        """Return the cents of one amount by itself, within its bounds."""
        low, high = self._units(people)
        units = round_half_up(euro * 100 / self.unit)
        units = units if high is None else min(units, high)
        return self.unit * (units if low is None else max(units, low))
