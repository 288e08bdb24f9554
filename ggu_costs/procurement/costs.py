r"""Cost pools of a case over clean figures: what each costs for everyone together, and the pool of the game it makes.

The joint cost of a group S is the sum over pools, as in :mod:`ggu_costs.games.pools`. Amounts are euro over the whole
period: an amount a year times the duration.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.demand import serial
from ggu_costs.allocation.tariffs import tariff
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers

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
class CostPool(ABC):
    """One cost pool.

    Attributes
    ----------
    once
        True: due once; False: every year of the duration.
    """

    id: str
    name: str
    once: bool

    @property
    @abstractmethod
    def total(self) -> float:
        """Cost for everyone together."""

    @abstractmethod
    def in_game(self) -> Pool:
        """As a pool of the game."""

    @abstractmethod
    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each of `count` participants, shape (n,): volumes by serial sharing, other costs by who causes them.

        Without volumes that is the Shapley value of the pool, in closed form.
        """


@dataclass(frozen=True, eq=False)
class FixedCost(CostPool):
    """One amount, however many take part."""

    amount: float

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return self.amount

    def in_game(self) -> Pool:
        """As a pool of the game."""
        return Fixed(self.amount)

    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each."""
        return np.full(count, self.amount / count)


@dataclass(frozen=True, eq=False)
class OwnCost(CostPool):
    """An own amount for each participant."""

    amounts: FloatArray

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return math.fsum(self.amounts)

    def in_game(self) -> Pool:
        """As a pool of the game."""
        return PerParticipant(self.amounts)

    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each."""
        return self.amounts.copy()


@dataclass(frozen=True, eq=False)
class VolumeCost(CostPool):
    """A price by the volume of everyone together."""

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
        tiers = [(float(bound), float(price)) for bound, price in self.tiers]
        return VolumeTiers(self.volumes, tiers, all_units=self.all_units)

    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each."""
        return serial(self.volumes, self.cost_of, decreasing=decreasing)


@dataclass(frozen=True, eq=False)
class LevelCost(CostPool):
    """As high as the most demanding participant needs."""

    needs: FloatArray

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return float(self.needs.max())

    def in_game(self) -> Pool:
        """As a pool of the game."""
        return ServiceLevels(self.needs)

    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each."""
        steps = np.unique(np.concatenate([[0.0], self.needs]))
        counts = np.array([np.count_nonzero(self.needs >= step) for step in steps[1:]])
        paid = np.concatenate([[0.0], np.cumsum(np.diff(steps) / counts)])
        return np.asarray(paid[np.searchsorted(steps, self.needs)])


@dataclass(frozen=True, eq=False)
class RegionCost(CostPool):
    """An amount for each region with a participant."""

    labels: tuple[str, ...]
    amounts: Mapping[str, float]

    @property
    def total(self) -> float:
        """Cost for everyone together."""
        return math.fsum(self.amounts.values())

    def in_game(self) -> Pool:
        """As a pool of the game."""
        return Regional(self.labels, self.amounts)

    def serial(self, count: int, *, decreasing: bool = False) -> FloatArray:
        """Share of each."""
        labels = np.array(self.labels)
        return np.array([self.amounts[label] / np.count_nonzero(labels == label) for label in self.labels])
