r"""Cost pools of a case over clean figures: what each costs for everyone together, and the pool of the game it makes.

The joint cost of a group S is the sum over pools, as in :mod:`ggu_costs.games.pools`. Amounts are euro over the whole
period: an amount a year times the duration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.allocation.tariffs import tariff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from ggu_costs.games.pools import Pool
    from ggu_costs.typing import FloatArray

__all__ = ["CostPool", "FixedCost", "LevelCost", "OwnCost", "RegionCost", "VolumeCost", "price_table"]


def price_table(tiers: Sequence[tuple[Decimal, Decimal]], all_units: bool, volumes: FloatArray) -> FloatArray:
    """Cost of volumes by tiers (bounds and prices), each on its own, euro unrounded.

    Examples
    --------
    >>> from decimal import Decimal
    >>> tiers = [(Decimal(0), Decimal("2.00")), (Decimal(100), Decimal("1.50"))]
    >>> price_table(tiers, False, np.array([80.0, 120.0])).tolist()
    [160.0, 230.0]
    >>> price_table(tiers, True, np.array([80.0, 120.0])).tolist()
    [160.0, 180.0]
    """
    mode = "whole_class" if all_units else "marginal"
    made = tariff([bound for bound, _ in tiers], [price for _, price in tiers], mode=mode)
    return np.asarray(made(volumes))


@dataclass(frozen=True, eq=False)
class FixedCost:
    """Due once, however many take part."""

    id: str
    name: str
    amount: float

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return self.amount

    def in_game(self) -> Pool:
        """As a pool of the game."""
        from ggu_costs.games.pools import Fixed

        return Fixed(self.amount)


@dataclass(frozen=True, eq=False)
class OwnCost:
    """An own amount for each participant."""

    id: str
    name: str
    amounts: FloatArray

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return math.fsum(self.amounts)

    def in_game(self) -> Pool:
        """As a pool of the game."""
        from ggu_costs.games.pools import PerParticipant

        return PerParticipant(self.amounts)


@dataclass(frozen=True, eq=False)
class VolumeCost:
    """A price by the volume of everyone together."""

    id: str
    name: str
    volumes: FloatArray
    tiers: tuple[tuple[Decimal, Decimal], ...]
    all_units: bool

    def cost_of(self, volumes: FloatArray) -> FloatArray:
        """Cost of total volumes, euro unrounded."""
        return price_table(self.tiers, self.all_units, volumes)

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return float(self.cost_of(np.array([self.volumes.sum()]))[0])

    def in_game(self) -> Pool:
        """As a pool of the game."""
        from ggu_costs.games.pools import VolumeTiers

        tiers = [(float(bound), float(price)) for bound, price in self.tiers]
        return VolumeTiers(self.volumes, tiers, all_units=self.all_units)


@dataclass(frozen=True, eq=False)
class LevelCost:
    """As high as the most demanding participant needs."""

    id: str
    name: str
    needs: FloatArray

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return float(self.needs.max())

    def in_game(self) -> Pool:
        """As a pool of the game."""
        from ggu_costs.games.pools import ServiceLevels

        return ServiceLevels(self.needs)


@dataclass(frozen=True, eq=False)
class RegionCost:
    """An amount for each region with a participant."""

    id: str
    name: str
    labels: tuple[str, ...]
    amounts: Mapping[str, float]

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return math.fsum(self.amounts.values())

    def in_game(self) -> Pool:
        """As a pool of the game."""
        from ggu_costs.games.pools import Regional

        return Regional(self.labels, self.amounts)


CostPool: TypeAlias = FixedCost | OwnCost | VolumeCost | LevelCost | RegionCost
