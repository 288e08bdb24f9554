"""Voting power by its definition: all orders, all groups; exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations


def shapley_shubik_by_orders(weights: list[int], quota: int) -> list[Fraction]:
    """Part of all orders in which each member makes the group pass."""
    count = [0] * len(weights)
    orders = list(permutations(range(len(weights))))
    for order in orders:
        total = 0
        for member in order:
            total += weights[member]
            if total >= quota:
                count[member] += 1
                break
    return [Fraction(times, len(orders)) for times in count]


def swings(weights: list[int], quota: int) -> list[list[int]]:
    """For each member, how many groups of each size (without it) pass only with it."""
    n = len(weights)
    found = [[0] * n for _ in range(n)]
    for size in range(n):
        for group in combinations(range(n), size):
            total = sum(weights[j] for j in group)
            for i in set(range(n)) - set(group):
                if total < quota <= total + weights[i]:
                    found[i][size] += 1
    return found


def shapley_shubik(weights: list[int], quota: int) -> list[Fraction]:
    """By groups: s! (n - s - 1)! / n! for each swing of a group of size s."""
    n = len(weights)
    factorial = [1]
    for k in range(1, n + 1):
        factorial.append(factorial[-1] * k)
    return [
        sum(
            (Fraction(times * factorial[s] * factorial[n - s - 1], factorial[n]) for s, times in enumerate(row)),
            Fraction(0),
        )
        for row in swings(weights, quota)
    ]


def banzhaf(weights: list[int], quota: int) -> list[Fraction]:
    """Part of all swings, whatever the size of the group."""
    counts = [sum(row) for row in swings(weights, quota)]
    return [Fraction(count, sum(counts)) for count in counts]
