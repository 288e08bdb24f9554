"""The scenario path of `allocate`: arrays of amounts go through the kernels on all cores, written once.

The kernels verify every scenario. What float64 cannot meet, such as keys of figures that lie 10^30 apart or amounts
beyond :math:`2^{50}` cents, is shared again one by one in exact integers, as one amount is.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ggu_costs._jit import spread
from ggu_costs.allocation.sharing import Problem, Rule
from ggu_costs.errors import Fault, InfeasibleError, InputError
from ggu_costs.money import to_cents
from ggu_costs.typing import BoolArray, Euros, FloatArray

_REFUSED = "allocate cannot share these amounts"
_LEAST_CELLS = 50_000  # smallest part of a result worth a thread


def share_scenarios(
    amounts: Euros, rule: Rule, problem: Problem, out: Euros | None = None
) -> tuple[Euros, float | None]:
    """Shares of each amount, shape (draws, n) or (draws, pools, n), and the stated error where the rule has one.

    What is passed was checked figure by figure; bounds that some scenario cannot meet raise InfeasibleError.
    """
    count = problem.participants.count
    table = amounts.reshape(*amounts.shape, *([1] * (2 - amounts.ndim)))
    weights = _by_draw_and_pool(rule.weights(problem.participants), amounts.ndim)
    failed = np.zeros(table.shape, dtype=np.bool_)
    if problem.cents:
        table = np.rint(table * 100.0)
        failed |= np.abs(table) > rule.most_cents
        if not rule.takes_bounds:
            large = 100.0 * weights.max(axis=-1) > rule.most_cents
            failed |= large
            weights = np.where(large[..., np.newaxis], 0.0, weights) if large.any() else weights
    result = np.empty((*amounts.shape, count)) if out is None else out.view()
    rows = result.reshape(*table.shape, count)
    people = replace(problem.participants, figures=_by_draw_and_pool(problem.participants.figures, amounts.ndim))
    alone = replace(problem, participants=people)
    if problem.cents and (problem.rounding, problem.unit) != ("largest_remainder", 1):
        failed[:] = True  # the kernels share whole cents that add up
        return result, _share_again(amounts.reshape(table.shape), rule, rows, failed, alone)
    kept = np.where(failed, 0.0, table) if failed.any() else table
    error = rule.share_rows(kept, np.ascontiguousarray(weights), rows, failed, problem)
    again = _share_again(amounts.reshape(table.shape), rule, rows, failed, alone)
    return result, max((one for one in (error, again) if one is not None), default=None)


def _share_again(amounts: Euros, rule: Rule, rows: Euros, failed: BoolArray, problem: Problem) -> float | None:
    """Share one by one, exactly, what the kernels could not; return the largest error."""
    people, errors, faults = problem.participants, list[float](), list[Fault]()
    refused: InputError | None = None
    for draw, pool in np.argwhere(failed).tolist():
        figures = people.figures[draw % people.figures.shape[0], pool % people.figures.shape[1]]
        own = replace(problem, participants=replace(people, figures=figures))
        amount = float(amounts[draw, pool])
        exact = Fraction(to_cents(amount), 100) if problem.cents else Fraction(amount)
        try:
            rows[draw, pool, people.order], error = rule.share(exact, own)
        except InputError as found:
            where = f"amount[{draw}, {pool}]"
            faults += [replace(fault, where=where) for fault in found.faults] or [Fault(where, found.message)]
            refused = refused or found
        else:
            errors += [] if error is None else [error]
    if refused is not None:
        words = "the bounds cannot be met in every scenario" if isinstance(refused, InfeasibleError) else _REFUSED
        raise type(refused)(words, faults=faults, remedy=refused.remedy)
    return max(errors, default=None)


def over_draws(rows: Euros, kernel: Callable[..., None], *given: object, least: int | None = None) -> None:
    """Call ``kernel(*given, start, stop)`` over parts of the draws in threads; `least`: the fewest draws worth one."""
    least = _LEAST_CELLS // max(1, rows[:1].size) if least is None else least
    spread(partial(kernel, *given), rows.shape[0], least=least)


def _by_draw_and_pool(figures: FloatArray, dimensions: int) -> FloatArray:
    """Give the key the axes draw and pool, of length 1 where it does not vary along them."""
    if figures.ndim == 1:
        return figures[np.newaxis, np.newaxis, :]
    if figures.ndim == 3:
        return figures
    return figures[:, np.newaxis, :] if dimensions == 1 else figures[np.newaxis, :, :]
