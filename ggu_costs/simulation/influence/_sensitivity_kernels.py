"""Compiled loops of the sensitivity analysis: scores drawn anew given some of them, and weighted sums of outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs._jit import lean_kernel

if TYPE_CHECKING:
    from ggu_costs.typing import BoolArray, FloatArray


@lean_kernel
def renew(
    scores: FloatArray, fresh: FloatArray, kept: BoolArray, mixing: FloatArray, first: int, renewed: FloatArray
) -> None:
    """Mix scores that are kept and fresh ones, for several subsets of the drivers.

    Parameters
    ----------
    scores, fresh
        float64, shape (drivers, groups, points): what is kept, and what stands in its place.
    kept
        bool, shape (subsets, drivers): which drivers each subset keeps.
    mixing
        float64, shape (subsets, drivers, drivers): the share ``mixing[s, d, e]`` goes to the score of driver e where s
        keeps it, to its fresh score otherwise.
    first
        First point that is mixed.
    renewed
        float64, shape (drivers, groups, subsets, points from `first` on). Changed: filled.
    """
    drivers, groups, subsets, _ = renewed.shape
    for s in range(subsets):
        for d in range(drivers):
            for g in range(groups):
                z = renewed[d, g, s]
                for j in range(z.size):
                    z[j] = 0.0
                for e in range(drivers):
                    share = mixing[s, d, e]
                    if share != 0.0:
                        whole = scores[e, g] if kept[s, e] else fresh[e, g]
                        part = whole[first : first + z.size]
                        for j in range(z.size):
                            z[j] += share * part[j]


@lean_kernel
def gather(values: FloatArray, weights: FloatArray, first: int, sums: FloatArray) -> None:
    """Add weighted outcomes of several subsets to the sums of each driver.

    Parameters
    ----------
    values
        float64, shape (outcomes, subsets, points): the outcomes.
    weights
        float64, shape (subsets, drivers): weight of each subset in the sum of each driver.
    first
        First point of `sums` that is added to.
    sums
        float64, shape (drivers, outcomes, all points). Changed: added to.
    """
    outcomes, subsets, points = values.shape
    for o in range(outcomes):
        for d in range(weights.shape[1]):
            total = sums[d, o, first : first + points]
            for s in range(subsets):
                share = weights[s, d]
                if share != 0.0:
                    part = values[o, s]
                    for j in range(points):
                        total[j] += share * part[j]
