"""Cooperative games by their definitions, in exact arithmetic, as slow and plain as they come.

A table holds 2^n Fractions; bit i of the position is player i.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations
from math import factorial, prod

Table = Sequence[Fraction]


def players_of(table: Table) -> int:
    return len(table).bit_length() - 1


def members(mask: int) -> list[int]:
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def exact(values: Sequence[float]) -> list[Fraction]:
    return [Fraction(value) for value in values]


def added_in_order(table: Table, order: Sequence[int]) -> list[Fraction]:
    """What each player adds when all join in this order, by player."""
    added = [Fraction(0)] * len(order)
    mask = 0
    for player in order:
        added[player] = table[mask | 1 << player] - table[mask]
        mask |= 1 << player
    return added


def mean_over_orders(table: Table, chance: Callable[[Sequence[int]], Fraction]) -> list[Fraction]:
    n = players_of(table)
    total = [Fraction(0)] * n
    for order in permutations(range(n)):
        weight = chance(order)
        if weight:
            total = [t + weight * a for t, a in zip(total, added_in_order(table, order), strict=True)]
    return total


def shapley(table: Table) -> list[Fraction]:
    each = Fraction(1, factorial(players_of(table)))
    return mean_over_orders(table, lambda order: each)


def owen(table: Table, unions: Sequence[Sequence[int]]) -> list[Fraction]:
    """Mean over the orders in which no union is interrupted."""
    union_of = {i: k for k, union in enumerate(unions) for i in union}
    count = factorial(len(unions)) * prod(factorial(len(union)) for union in unions)

    def chance(order: Sequence[int]) -> Fraction:
        changes = sum(union_of[a] != union_of[b] for a, b in pairwise(order))
        return Fraction(1, count) if changes == len(unions) - 1 else Fraction(0)

    return mean_over_orders(table, chance)


def dividends(table: Table) -> list[Fraction]:
    return [
        sum(
            (
                (-1) ** (mask.bit_count() - part.bit_count()) * table[part]
                for part in range(mask + 1)
                if part & mask == part
            ),
            Fraction(0),
        )
        for mask in range(len(table))
    ]


def weighted_shapley(table: Table, weights: Sequence[Fraction]) -> list[Fraction]:
    """Each dividend is shared by its members in proportion to their weights (Kalai and Samet)."""
    values = [Fraction(0)] * players_of(table)
    for mask, dividend in enumerate(dividends(table)):
        whole = sum((weights[i] for i in members(mask)), Fraction(0))
        for i in members(mask):
            values[i] += dividend * weights[i] / whole
    return values


def banzhaf(table: Table) -> list[Fraction]:
    n = players_of(table)
    return [
        sum((table[mask] - table[mask ^ 1 << i] for mask in range(len(table)) if mask >> i & 1), Fraction(0))
        / 2 ** (n - 1)
        for i in range(n)
    ]


def separable(table: Table) -> list[Fraction]:
    return [table[-1] - table[(len(table) - 1) ^ 1 << i] for i in range(players_of(table))]


def scrb(table: Table) -> list[Fraction]:
    costs = separable(table)
    benefits = [table[1 << i] - cost for i, cost in enumerate(costs)]
    rest = table[-1] - sum(costs)
    return [cost + rest * benefit / sum(benefits) for cost, benefit in zip(costs, benefits, strict=True)]


def ensc(table: Table) -> list[Fraction]:
    costs = separable(table)
    return [cost + (table[-1] - sum(costs)) / len(costs) for cost in costs]


def complaints(table: Table, shares: Sequence[Fraction]) -> dict[int, Fraction]:
    """x(S) - C(S) of every coalition that is neither empty nor everyone."""
    return {
        mask: sum((shares[i] for i in members(mask)), Fraction(0)) - table[mask] for mask in range(1, len(table) - 1)
    }


def is_concave(table: Table) -> bool:
    return all(
        table[mask | 1 << i] + table[mask | 1 << j] >= table[mask | 1 << i | 1 << j] + table[mask]
        for mask in range(len(table))
        for i in range(players_of(table))
        for j in range(i)
        if not (mask >> i & 1 or mask >> j & 1)
    )


def tier_cost(volume: Fraction, tiers: Sequence[tuple[Fraction, Fraction]], *, all_units: bool) -> Fraction:
    """Cost of a volume under tiers of (from_volume, unit_price)."""
    if all_units:
        return volume * [price for start, price in tiers if start <= volume][-1]
    ends = [start for start, _ in tiers[1:]] + [max(volume, tiers[-1][0])]
    return sum(
        (price * (min(volume, end) - start) for (start, price), end in zip(tiers, ends, strict=True) if volume > start),
        Fraction(0),
    )
