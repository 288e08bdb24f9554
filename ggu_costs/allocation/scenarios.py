"""The scenario path of `allocate`: arrays of amounts go through the kernels on all cores, written once."""

from collections.abc import Callable
from functools import partial

import numpy as np

from ggu_costs._jit import spread
from ggu_costs.allocation.sharing import Problem, Rule
from ggu_costs.errors import InputError
from ggu_costs.typing import Euros, FloatArray

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
    if problem.cents:
        table = np.rint(table * 100.0)
        claimed = 0.0 if rule.takes_bounds else 100.0 * weights.max()
        largest = max(np.abs(table).max(initial=0.0), claimed)
        if largest > rule.most_cents:
            raise InputError(
                f"amounts of up to {largest / 100:,.0f} euro are too large for whole cents",
                remedy=f"Share at most {rule.most_cents / 100:,.0f} euro, or ask for unrounded shares with "
                "cents=False.",
            )
    result = np.empty((*amounts.shape, count)) if out is None else out.view()
    rows = result.reshape(*table.shape, count)
    return result, rule.share_rows(table, np.ascontiguousarray(weights), rows, problem)


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
