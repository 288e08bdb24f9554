"""The game with alternatives beside the facility, by its definition: every way in which a group can split up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from oracles.games import Table, members

Groups = Sequence[tuple[Sequence[int], Fraction]]


def apart(n: int, alone: Sequence[Fraction | None], groups: Groups) -> list[Fraction | None]:
    """Least cost of each coalition in parts: each alone, or whole groups as groups; None where somebody cannot."""
    costs: list[Fraction | None] = []
    for S in range(1 << n):
        whole = [(set(inside), cost) for inside, cost in groups if set(inside) <= set(members(S))]
        best: Fraction | None = None
        for size in range(len(whole) + 1):
            for chosen in combinations(whole, size):
                left = [alone[i] for i in members(S) if not any(i in inside for inside, _ in chosen)]
                if None in left:
                    continue
                cost = sum((c for _, c in chosen), Fraction(0)) + sum((a for a in left if a is not None), Fraction(0))
                best = cost if best is None else min(best, cost)
        costs.append(best)
    return costs


def beside(joint: Table, alone: Sequence[Fraction | None], groups: Groups) -> list[Fraction]:
    """c(S): the least of C(T) + A(S without T) over all T in S; for everyone together C(N)."""
    n = len(joint).bit_length() - 1
    own = apart(n, alone, groups)
    found = [joint[0]]
    for S in range(1, (1 << n) - 1):
        best, rest = joint[S], S
        while rest:  # the part of S that takes its alternatives
            cost = own[rest]
            if cost is not None and joint[S ^ rest] + cost < best:
                best = joint[S ^ rest] + cost
            rest = (rest - 1) & S
        found.append(best)
    return [*found, joint[-1]]
