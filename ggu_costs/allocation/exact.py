r"""The money path: one amount in exact integer arithmetic, without the compiler.

A float stands for the very number it stores. Proportional shares with bounds are found by water-filling,

.. math:: x_i = \min(\max(\lambda w_i, a_i), b_i), \qquad \sum_i x_i = A,

where the level :math:`\lambda` is a ratio of integers: whoever is pushed beyond a bound by the larger total violation
is fixed there, and the rest is shared again (Bitran and Hax 1981). Each round fixes someone, so it ends, and the result
is the exact level, not an approximation.

References
----------
Bitran, G. and Hax, A. (1981). Disaggregation and resource allocation using convex knapsack problems with bounded
variables. Management Science 27, 431-441.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, isfinite

from ggu_costs.money import round_steps, share_exactly, to_integers

GRID = 1 << 20
"""Steps of a cent on which remainders are compared of awards, and of keys that are not in whole numbers."""

_HALF = Fraction(1, 2)

Bound = int | None  # None: no bound on this side


def water_level(
    total: int, weights: Sequence[int], lows: Sequence[Bound], highs: Sequence[Bound]
) -> tuple[int, int, list[Bound]]:
    """Find the level: those not fixed at a bound share `rest` in proportion to weights that add up to `whole`.

    The bounds can be met (checked in front). Weight 0 stands at 0, or at its bound nearest to 0.

    Returns
    -------
    rest, whole : int
        The level is rest / whole (whole is 0 when everyone is fixed).
    fixed : list
        The bound where each stands, None for those who share the rest.
    """
    count = len(weights)
    fixed: list[Bound] = [nearest_to_zero(lows[i], highs[i]) if weights[i] == 0 else None for i in range(count)]
    free = [i for i in range(count) if fixed[i] is None]
    rest = total - sum(value for value in fixed if value is not None)
    whole = sum(weights[i] for i in free)
    while free:
        below = {i: low for i in free if (low := lows[i]) is not None and rest * weights[i] < low * whole}
        above = {i: high for i in free if (high := highs[i]) is not None and rest * weights[i] > high * whole}
        lifted = sum(low * whole - rest * weights[i] for i, low in below.items())
        capped = sum(rest * weights[i] - high * whole for i, high in above.items())
        moved = {**(below if lifted >= capped else {}), **(above if capped >= lifted else {})}
        if not moved:
            break
        for i, bound in moved.items():
            fixed[i] = bound
            rest -= bound
            whole -= weights[i]
        free = [i for i in free if i not in moved]
    return rest, whole, fixed


def nearest_to_zero(low: Bound, high: Bound) -> int:
    """The value within the bounds that is nearest to 0."""
    if low is not None and low > 0:
        return low
    return high if high is not None and high < 0 else 0


def bounded_cents(
    total: int, weights: Sequence[float | Fraction], lows: Sequence[Bound], highs: Sequence[Bound], *, whole: bool
) -> list[int]:
    """Share whole cents within bounds of whole cents: the level, then largest remainder among those at no bound.

    `whole`: the weights are whole numbers, and remainders are compared exactly; else on the grid.
    """
    integers, _ = to_integers(weights)
    rest, sum_of_free, fixed = water_level(total, integers, lows, highs)
    free = [i for i, bound in enumerate(fixed) if bound is None]
    # a rest below zero (others stand at a minimum above their share) is rounded down like any other quota
    if whole or not free:
        cents = share_exactly(rest, [integers[i] for i in free], mirror=False) if free else []
    else:
        cents = round_steps(rest, [round(Fraction(rest * integers[i] * GRID, sum_of_free)) for i in free], GRID)
    shared = dict(zip(free, cents, strict=True))
    return [shared[i] if bound is None else bound for i, bound in enumerate(fixed)]


def bounded_shares(
    total: Fraction, weights: Sequence[float], lows: Sequence[float], highs: Sequence[float]
) -> list[float]:
    """Share an amount within bounds without rounding to cents; each share is the float nearest to the exact one."""
    return [float(quota) for quota in bounded_quotas(total, weights, lows, highs)]


def bounded_quotas(
    total: Fraction, weights: Sequence[float | Fraction], lows: Sequence[float], highs: Sequence[float]
) -> list[Fraction]:
    """Share an amount within bounds, exactly."""
    integers, _ = to_integers(weights)
    stated = [bound for bound in (*lows, *highs) if isfinite(bound)]
    (units, *bounds), scale = to_integers([total, *stated])
    scaled = iter(bounds)
    low_units: list[Bound] = [next(scaled) if isfinite(bound) else None for bound in lows]
    high_units: list[Bound] = [next(scaled) if isfinite(bound) else None for bound in highs]
    rest, whole, fixed = water_level(units, integers, low_units, high_units)
    return [
        Fraction(rest * integers[i], whole * scale) if bound is None else Fraction(bound, scale)
        for i, bound in enumerate(fixed)
    ]


def round_shares(total: int, shares: Sequence[float | Fraction]) -> list[int]:
    """Round shares (0 or more) that add up to `total` by largest remainder, ties to the lowest position.

    Remainders are compared on a grid of 2**-20, halves up, so that those which differ by the noise of floats alone are
    ties; the kernels do the same.
    """
    return round_steps(total, [floor(Fraction(share) * GRID + _HALF) for share in shares], GRID)
