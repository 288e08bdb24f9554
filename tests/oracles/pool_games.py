"""Random games of cost pools, for hypothesis, with the cost of any coalition computed plainly in Fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from oracles.games import members, tier_cost

from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, PerParticipant, Pool, Regional, ServiceLevels, VolumeTiers


@dataclass(frozen=True)
class PoolGame:
    """The pools, and their costs by definition."""

    game: CostGame
    table: list[Fraction]


def cost_of_pool(pool: Pool, group: Sequence[int]) -> Fraction:
    if not group:
        return Fraction(0)
    figures: Any = pool
    if isinstance(pool, Fixed):
        return Fraction(pool.amount)
    if isinstance(pool, PerParticipant):
        return sum((Fraction(figures.amounts[i]) for i in group), Fraction(0))
    if isinstance(pool, ServiceLevels):
        return max(Fraction(figures.costs[i]) for i in group)
    if isinstance(pool, Regional):
        return sum((Fraction(pool.amounts[r]) for r in {figures.regions[i] for i in group}), Fraction(0))
    tiers = [(Fraction(start), Fraction(price)) for start, price in pool.tiers]
    return tier_cost(sum((Fraction(figures.volumes[i]) for i in group), Fraction(0)), tiers, all_units=pool.all_units)


def pool_game(n: int, pools: list[Pool]) -> PoolGame:
    game = CostGame.from_pools([f"m{i}" for i in range(n)], pools)
    return PoolGame(game, [sum((cost_of_pool(p, members(S)) for p in pools), Fraction(0)) for S in range(1 << n)])


@st.composite
def volume_tiers(draw: st.DrawFn, n: int, *, falling: bool, all_units: bool) -> VolumeTiers:
    volumes = draw(st.lists(st.integers(0, 12), min_size=n, max_size=n).filter(any))
    bounds = draw(st.lists(st.integers(1, 40), max_size=3, unique=True).map(sorted))
    prices = draw(st.lists(st.integers(0, 20), min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    ordered = sorted(prices, reverse=True) if falling else prices
    return VolumeTiers(volumes, list(zip([0, *bounds], ordered, strict=True)), all_units=all_units)


@st.composite
def pool_games(
    draw: st.DrawFn, least: int = 2, most: int = 6, *, concave: bool = False, crossing: bool = False
) -> PoolGame:
    """Any mix of pools; `concave` leaves out rising prices and all units, `crossing` allows several of each kind."""
    n = draw(st.integers(least, most))
    figures = st.lists(st.integers(0, 60), min_size=n, max_size=n)
    pools: list[Pool] = [Fixed(draw(st.integers(0, 100)))]
    if draw(st.booleans()):
        pools.append(PerParticipant(draw(st.lists(st.integers(-20, 50), min_size=n, max_size=n))))
    count = st.integers(0, 2)
    for _ in range(draw(count)):
        falling, all_units = (True, False) if concave else (draw(st.booleans()), draw(st.booleans()))
        pools.append(draw(volume_tiers(n, falling=falling, all_units=all_units)))
    for _ in range(draw(count if crossing else st.integers(0, 1))):
        pools.append(ServiceLevels(draw(figures)))
    for _ in range(draw(count if crossing else st.integers(0, 1))):
        labels = draw(st.lists(st.sampled_from("rst"), min_size=n, max_size=n))
        pools.append(Regional(labels, {label: draw(st.integers(0, 60)) for label in sorted(set(labels))}))
    return pool_game(n, pools)
