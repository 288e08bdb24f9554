"""The scenario path of `allocate`: arrays of amounts go through the kernels on all cores, written once."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs._jit import spread
from ggu_costs.allocation import _arrival_kernels, _kernels, rules
from ggu_costs.allocation.bounds import ROOM_NOISE, check_gaps, check_order, inward_cents, limits, snap_cents
from ggu_costs.errors import InputError

if TYPE_CHECKING:
    from ggu_costs.allocation.inputs import Participants
    from ggu_costs.typing import Euros, FloatArray, IntArray

__all__ = ["share_scenarios"]

_LEAST_CELLS = 50_000  # smallest part of a result worth a thread
_MOST_CENTS = 2.0**50  # whole cents with room to spare in float64
_MOST_CLAIM_CENTS = 2.0**42  # cents times 2**20 steps of the grid stay within int64
_MOST_PRODUCT = 2.0**62  # total times figure stays within int64
_BY_CLAIM = {"cea": 0, "cel": 1, "talmud": 2}


def share_scenarios(
    amounts: Euros,
    participants: Participants,
    rule: str,
    *,
    minimum: FloatArray | None,
    maximum: FloatArray | None,
    cents: bool,
    out: Euros | None,
) -> tuple[Euros, float | None]:
    """Shares of each amount, shape (draws, n) or (draws, pools, n), and the stated error where the rule has one.

    What is passed was checked figure by figure; bounds that some scenario cannot meet raise InfeasibleError.
    """
    count = participants.count
    on_claims = rule not in {"proportional", "equal"}
    table = amounts.reshape(*amounts.shape, *([1] * (2 - amounts.ndim)))
    figures = np.ones((1, 1, count)) if rule == "equal" else _by_draw_and_pool(participants.figures, amounts.ndim)
    if cents:
        table = np.rint(table * 100.0)
        most = _MOST_CLAIM_CENTS if on_claims else _MOST_CENTS
        largest = max(np.abs(table).max(initial=0.0), 100.0 * figures.max() if on_claims else 0.0)
        if largest > most:
            raise InputError(
                f"amounts of up to {largest / 100:,.0f} euro are too large for whole cents",
                remedy=f"Share at most {most / 100:,.0f} euro, or ask for unrounded shares with cents=False.",
            )
    result = np.empty((*amounts.shape, count)) if out is None else out.view()
    rows = result.reshape(*table.shape, count)
    if on_claims:
        error = _share_claims(table, figures, rule, rows, cents=cents, order=participants.order)
    else:
        error = None
        _share_bounded(table, figures, rows, minimum=minimum, maximum=maximum, cents=cents, participants=participants)
    return result, error


def _by_draw_and_pool(figures: FloatArray, dimensions: int) -> FloatArray:
    """Give the key the axes draw and pool, of length 1 where it does not vary along them."""
    if figures.ndim == 1:
        return figures[np.newaxis, np.newaxis, :]
    if figures.ndim == 3:
        return figures
    return figures[:, np.newaxis, :] if dimensions == 1 else figures[np.newaxis, :, :]


def _least_draws(rows: Euros) -> int:
    return _LEAST_CELLS // max(1, rows[:1].size)


def _share_bounded(
    table: FloatArray,
    figures: FloatArray,
    rows: Euros,
    *,
    minimum: FloatArray | None,
    maximum: FloatArray | None,
    cents: bool,
    participants: Participants,
) -> None:
    """Proportional or equal shares; `table` holds cents or euros."""
    bounded = minimum is not None or maximum is not None
    figures = np.ascontiguousarray(figures)
    if not bounded and not cents:
        spread(
            lambda start, stop: _kernels.proportional_rows(table, figures, rows, start, stop),
            table.shape[0],
            least=_least_draws(rows),
        )
        return
    scale = 100.0 if cents else 1.0
    lows, highs = inward_cents(minimum, maximum) if cents else (minimum, maximum)
    check_order(lows, highs, scale, participants)
    sides = [limits(lows, highs, participants.count, credit=credit) for credit in (False, True)]
    low, high = np.array([side[0] for side in sides]), np.array([side[1] for side in sides])
    gaps = np.zeros(table.shape)
    if cents:
        reach = np.abs(table).max(initial=0.0) + np.abs(low).sum()
        integral = _is_integral(figures) and reach * figures.max() < _MOST_PRODUCT
        order = participants.order
        spread(
            lambda start, stop: _kernels.cents_rows(
                table, figures, low, high, bounded, integral, order, rows, gaps, start, stop
            ),
            table.shape[0],
            least=_least_draws(rows),
        )
    else:
        spread(
            lambda start, stop: _kernels.bounded_rows(table, figures, low, high, ROOM_NOISE, rows, gaps, start, stop),
            table.shape[0],
            least=_least_draws(rows),
        )
    check_gaps(gaps, table, scale, weights=figures, lows=low, highs=high, participants=participants)


def _is_integral(figures: FloatArray) -> bool:
    """Whether all figures are whole numbers; looked at draw by draw, so that no copy of a large key is made."""
    return all(bool((key == np.rint(key)).all()) for key in figures)


def _share_claims(
    table: FloatArray, figures: FloatArray, rule: str, rows: Euros, *, cents: bool, order: IntArray
) -> float | None:
    """Awards by a rule on claims; `table` holds cents or euros, `figures` claims in euro."""
    figures = np.ascontiguousarray(figures)
    if rule in _BY_CLAIM:
        which = _BY_CLAIM[rule]
        spread(
            lambda start, stop: _kernels.claims_rows(table, figures, which, cents, order, rows, start, stop),
            table.shape[0],
            least=_least_draws(rows),
        )
        return None
    if rows.shape[2] > rules.ENUMERATED:
        return _sweep_arrivals(table, figures, cents, order, rows)
    _enumerate_arrivals(table, snap_cents(figures) if cents else figures, rows)
    if cents:
        spread(
            lambda start, stop: _kernels.round_rows(table, order, rows, start, stop),
            table.shape[0],
            least=_least_draws(rows),
        )
    return None


def _enumerate_arrivals(table: FloatArray, claims: FloatArray, rows: Euros) -> None:
    """Random arrival by enumeration, not rounded; amounts and claims in one unit."""
    count = rows.shape[2]
    sizes = np.array([mask.bit_count() for mask in range(1 << count)])
    chances = [factorial(size) * factorial(max(0, count - size - 1)) / factorial(count) for size in range(count + 1)]
    ways = np.array(chances)[sizes]
    spread(
        lambda start, stop: _arrival_kernels.arrival_rows(table, claims, ways, rows, start, stop),
        table.shape[0],
        least=1,
    )


def _sweep_arrivals(table: FloatArray, figures: FloatArray, cents: bool, order: IntArray, rows: Euros) -> float:
    """Random arrival beyond enumeration: one volume sweep a scenario, the largest of their stated errors."""
    largest = 0.0
    for draw, pool in np.ndindex(*table.shape):
        claims = figures[draw % figures.shape[0], pool % figures.shape[1]][order]
        amount = table[draw, pool] / 100.0 if cents else table[draw, pool]
        shares, error = rules.random_arrival_swept(float(amount), claims, cents)
        rows[draw, pool, order] = shares
        largest = max(largest, error)
    return largest
