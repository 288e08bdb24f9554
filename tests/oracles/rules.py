"""Slow plain twins of the rules: every order of arrival, every coalition, every level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import comb, factorial


def equal_up_to(total: Fraction, caps: Sequence[Fraction]) -> list[Fraction]:
    """min(cap, level) with the level at which the sum is `total`: raise the level from cap to cap."""
    level = Fraction(0)
    for cap in sorted(caps):
        higher = [other for other in caps if other > level]
        need = total - sum(min(other, level) for other in caps)
        if not higher or need <= (cap - level) * len(higher):
            return [min(other, level + (need / len(higher) if higher else 0)) for other in caps]
        level = cap
    return list(caps)


def cea(total: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    return equal_up_to(total, claims)


def cel(total: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    losses = equal_up_to(sum(claims) - total, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def talmud(total: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    half = [claim / 2 for claim in claims]
    if 2 * total <= sum(claims):
        return cea(total, half)
    return [h + award for h, award in zip(half, cel(total - sum(half), half), strict=True)]


def random_arrival(total: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    awards = [Fraction(0)] * len(claims)
    for order in permutations(range(len(claims))):
        left = total
        for claimant in order:
            taken = min(left, claims[claimant])
            awards[claimant] += taken
            left -= taken
    return [award / factorial(len(claims)) for award in awards]


def serial(demands: Sequence[Fraction], cost: Callable[[Fraction], Fraction], *, down: bool) -> list[Fraction]:
    """The formula of Moulin and Shenker, term by term."""
    count = len(demands)
    order = sorted(range(count), key=lambda i: -demands[i] if down else demands[i])
    ranked = [demands[i] for i in order]
    totals = [sum(ranked[:k], Fraction(0)) + (count - k) * ranked[k] for k in range(count)]
    shares = [Fraction(0)] * count
    for k in range(count):
        for m in range(k + 1):
            earlier = cost(totals[m - 1]) if m else Fraction(0)
            shares[order[k]] += (cost(totals[m]) - earlier) / (count - m)
    return shares


def shapley_of_two_volumes(
    counts: tuple[int, int], volumes: tuple[int, int], value: Callable[[int], Fraction]
) -> list[Fraction]:
    """Shapley value of value(total) of one participant of each of two kinds, by how many of each come before."""
    everyone, shares = sum(counts), []
    for kind in (0, 1):
        others = [counts[k] - (k == kind) for k in (0, 1)]
        share = Fraction(0)
        for before in range(everyone):
            added = Fraction(0)
            for first in range(max(0, before - others[1]), min(before, others[0]) + 1):
                total = first * volumes[0] + (before - first) * volumes[1]
                ways = comb(others[0], first) * comb(others[1], before - first)
                added += ways * (value(total + volumes[kind]) - value(total))
            share += added / comb(everyone - 1, before)
        shares.append(share / everyone)
    return shares


def shapley_of_volume(volumes: Sequence[Fraction], value: Callable[[int], Fraction]) -> list[Fraction]:
    """Shapley value of value(total) by all orders; a volume between two cells is an even game over its two cells."""
    shares = [Fraction(0)] * len(volumes)
    floors = [volume // 1 for volume in volumes]
    for extra in product((0, 1), repeat=len(volumes)):
        chance = Fraction(1)
        for volume, floor, up in zip(volumes, floors, extra, strict=True):
            chance *= volume - floor if up else 1 - (volume - floor)
        if chance == 0:
            continue
        cells = [floor + up for floor, up in zip(floors, extra, strict=True)]
        for order in permutations(range(len(volumes))):
            total = 0
            for player in order:
                shares[player] += chance * (value(total + cells[player]) - value(total))
                total += cells[player]
    return [share / factorial(len(volumes)) for share in shares]
