"""Which figures of a programme are told first: one-off, structural, and a present value where the file discounts.

All are before compensation, or all after it. One-off amounts and structural years are added up in a present value only.
"""

from collections.abc import Iterable

import numpy as np

from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.funding import NATURES, is_told, natures_of, unknown_natures
from ggu_costs.impact.answers.questions import DISCOUNTED


def _every(result: SimulationResult) -> Iterable[SimulationResult]:
    return [result.alternative(name) for name in result.alternatives]


def after_compensation(result: SimulationResult) -> bool:
    """Whether figures are told after compensation: some alternative has any, and of all it is known."""
    known = not any(unknown_natures(one) for one in _every(result))
    paid = any(role.kind == "compensation" and not role.pm for one in _every(result) for role in one.lines())
    return known and paid


def is_discounted(result: SimulationResult) -> bool:
    """Whether all years together are a present value."""
    return bool((result.assembly.discount != 1.0).any())


def leading_natures(result: SimulationResult) -> tuple[str, ...]:
    """Return the natures of which some alternative has an amount."""
    known = {nature for one in _every(result) for nature in natures_of(one)}
    return tuple(nature for nature in NATURES if nature in known)


def leading(result: SimulationResult) -> tuple[str, ...]:
    """Return the figures that are told first, of one basis: a present value, one-off, structural per year."""
    after = after_compensation(result)
    whole = ("net" if after else "gross",) if is_discounted(result) else ()
    return (*whole, *(f"{nature}_net" if after else nature for nature in leading_natures(result)))


def or_leading(result: SimulationResult, quantity: str) -> str:
    """Return the figure that is asked; the one that is told first where none is named."""
    return leading(result)[0] if isinstance(quantity, str) and not quantity else quantity


def is_shown(result: SimulationResult, quantity: str) -> bool:
    """Whether a table of main figures has this one unasked: sums of years only where they are a present value."""
    sums = quantity in DISCOUNTED and len(result.assembly.years) > 1 and not is_discounted(result)
    return is_told(result, quantity) and not sums


def annual_factor(result: SimulationResult) -> float:
    """Return what a present value is divided by to give the equal amount a year over the same years."""
    return float(np.sum(result.assembly.discount))
