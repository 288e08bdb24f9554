"""How shares become whole: the words for it checked, and what rounding each line leaves."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, get_args

import numpy as np

from ggu_costs.allocation.sharing import Rounding, Rule, fault_place
from ggu_costs.errors import Faults, is_one_of
from ggu_costs.figures import finite, shown

if TYPE_CHECKING:
    from ggu_costs.typing import Euros

ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)
UNITS = {Fraction(1, 100): 1, Fraction(1): 100}
"""Euro in which shares can be whole, in cents."""


def cents_in(unit: object) -> int | None:
    """Cents in a unit of 0.01 or 1 euro; None for all that is neither."""
    number = finite(unit)
    return (
        None if number is None else UNITS.get(Fraction(str(number)) if isinstance(number, float) else Fraction(number))
    )


def check_rounding(rule: Rule, rounding: str, unit: object, *, cents: bool, must_add_up: bool, faults: Faults) -> int:
    """Add the faults of the way of rounding; return the cents in a unit."""
    step = cents_in(unit)
    if step is None:
        faults.add("unit", shown(unit), "0.01 or 1 euro")
    if not is_one_of(rounding, ROUNDINGS):
        faults.add("rounding", shown(rounding), " or ".join(ROUNDINGS))
        rounding = "largest_remainder"
    asked = rounding != "largest_remainder" or step != 1
    if asked and cents is False:
        faults.add("rounding, unit", "a way of rounding while cents is False", "cents=True, or neither of the two")
    if asked and not rule.takes_bounds:
        faults.add("rounding, unit", f"a way of rounding with rule {rule.name!r}", "proportional or equal only")
    if must_add_up is True and rounding == "each":
        found = "'each' for an amount that must be met: lines rounded one by one need not add up"
        faults.add("rounding", found, "largest_remainder", "Or accept the gap, with must_add_up=False.")
    return step or 1


def check_whole(amounts: Euros, step: int, faults: Faults) -> None:
    """Add the faults of amounts in euro that are no whole number of units of `step` cents."""
    for place in np.argwhere(np.rint(amounts * 100) % step != 0):
        found = f"{float(amounts[tuple(place)]):,.2f} is not a whole number of euros"
        faults.add(fault_place("amount", place), found, remedy="Round it first, or ask for unit=0.01.")


def gap_of(total: float | Euros, values: Euros) -> float | Euros:
    """Euro of an amount that its shares do not hand out; below 0: they hand out more."""
    cents = np.rint(np.asarray(total) * 100) - np.rint(values * 100).sum(axis=-1)
    gap: Euros = cents / 100 + 0.0
    return float(gap) if gap.ndim == 0 else gap
