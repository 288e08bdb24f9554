"""Slow plain twins of the allocation core, in exact fractions, written from the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

INFINITE = float("inf")


def clip(value: Fraction, low: Fraction, high: Fraction | float) -> Fraction:
    return max(low, Fraction(high) if value > high else value)


def largest_remainder(quotas: Sequence[Fraction], total: int) -> list[int]:
    """Floors, and one more for the largest remainders until the total is reached, the first of equals first."""
    units = [quota.numerator // quota.denominator for quota in quotas]
    while sum(units) < total:
        best = max(range(len(quotas)), key=lambda i: (quotas[i] - units[i], -i))
        units[best] += 1
    return units


def half_up(quota: Fraction) -> int:
    """The nearest whole number, halves away from 0."""
    size = (2 * abs(quota) + 1) // 2
    return int(size if quota >= 0 else -size)


def each(quotas: Sequence[Fraction]) -> list[int]:
    """Every quota rounded by itself."""
    return [half_up(quota) for quota in quotas]


def water_fill(
    total: Fraction, weights: Sequence[Fraction], lows: Sequence[Fraction], highs: Sequence[Fraction | float]
) -> list[Fraction]:
    """Find the level by trying every level at which somebody leaves a minimum or meets a maximum."""

    def shares(level: Fraction) -> list[Fraction]:
        return [clip(level * weight, low, high) for weight, low, high in zip(weights, lows, highs, strict=True)]

    active = [i for i, weight in enumerate(weights) if weight > 0]
    levels = {lows[i] / weights[i] for i in active}
    levels |= {Fraction(highs[i]) / weights[i] for i in active if highs[i] != INFINITE}
    ranked = sorted(levels)
    ranked.append(ranked[-1] + 1 + abs(total) / min(weights[i] for i in active))
    for below, above in zip([ranked[0], *ranked], ranked, strict=False):
        from_sum, to_sum = sum(shares(below)), sum(shares(above))
        if from_sum <= total <= to_sum:
            part = (total - from_sum) / (to_sum - from_sum) if to_sum > from_sum else Fraction(0)
            return shares(below + part * (above - below))
    raise AssertionError("the bounds cannot be met")


def tightest_cents(low: Fraction, high: Fraction | float) -> tuple[int, int | float]:
    """Whole cents inside bounds in cents."""
    return -(-low.numerator // low.denominator), high if high == INFINITE else Fraction(high) // 1


def controlled_roundings(cents: Sequence[Sequence[Fraction]]) -> list[list[list[int]]]:
    """Every table whose cells are the floor or the ceiling of the given cells."""
    flat = [cell for row in cents for cell in row]
    width = len(cents[0])
    choices = [sorted({cell // 1, -(-cell // 1)}) for cell in flat]
    return [
        [list(chosen[start : start + width]) for start in range(0, len(flat), width)] for chosen in product(*choices)
    ]
