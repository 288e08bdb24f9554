"""Cost pools after checking: clean arrays that know the cost of any coalition.

Every part answers the same three questions: the cost of given coalitions (`costs`), of all 2^n (`table`), and what each
player adds when players join in a given order (`along`). `concave` says whether joining a larger group never adds more,
whatever the figures of other pools; `label` is what the pool is, for people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.games.coalitions import subset_largest, subset_sums

if TYPE_CHECKING:
    from ggu_costs.typing import BoolArray, FloatArray, IntArray

__all__ = ["FixedPart", "LevelPart", "OwnPart", "Part", "RegionPart", "VolumePart"]


@dataclass(frozen=True)
class FixedPart:
    """F once, if anyone takes part."""

    amount: float
    label: str = "fixed"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        return np.where(members.any(axis=1), self.amount, 0.0)

    def table(self, n: int) -> FloatArray:
        costs = np.full(1 << n, self.amount)
        costs[0] = 0.0
        return costs

    def along(self, orders: IntArray) -> FloatArray:
        added = np.zeros(orders.shape)
        added[:, 0] = self.amount
        return added


@dataclass(frozen=True, eq=False)
class OwnPart:
    """An own amount each."""

    amounts: FloatArray
    label: str = "per participant"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        return members.astype(np.float64) @ self.amounts

    def table(self, n: int) -> FloatArray:
        del n
        return subset_sums(self.amounts)

    def along(self, orders: IntArray) -> FloatArray:
        return self.amounts[orders]


@dataclass(frozen=True, eq=False)
class VolumePart:
    """A piecewise-linear function g of the volume of the group, g(0) = 0.

    Volumes and bounds are whole numbers of the smallest decimal unit in use where there is one (`whole`), so that sums
    of volumes are exact and a volume on a bound is on it.
    """

    volumes: FloatArray
    starts: FloatArray
    prices: FloatArray
    all_units: bool
    whole: bool
    label: str = "volume"
    offsets: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        if self.all_units:
            offsets = np.zeros(len(self.starts))
        else:
            before = np.concatenate([[0.0], np.cumsum(self.prices[:-1] * np.diff(self.starts))])
            offsets = before - self.prices * self.starts
        object.__setattr__(self, "offsets", offsets)

    @property
    def concave(self) -> bool:
        falling = bool(np.all(np.diff(self.prices) <= 0))
        return falling and (not self.all_units or bool(np.all(self.prices == self.prices[0])))

    def cost_of_volume(self, volume: FloatArray) -> FloatArray:
        """g(v): a volume on a bound falls in the higher tier."""
        tier = np.searchsorted(self.starts, volume, side="right") - 1
        return self.offsets[tier] + self.prices[tier] * volume

    def costs(self, members: BoolArray) -> FloatArray:
        return self.cost_of_volume(members.astype(np.float64) @ self.volumes)

    def table(self, n: int) -> FloatArray:
        del n
        return self.cost_of_volume(subset_sums(self.volumes))

    def along(self, orders: IntArray) -> FloatArray:
        return np.diff(self.cost_of_volume(np.cumsum(self.volumes[orders], axis=1)), axis=1, prepend=0.0)


@dataclass(frozen=True, eq=False)
class LevelPart:
    """The cost of the highest level that a member needs: an airport game."""

    needs: FloatArray
    label: str = "service levels"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        highest: FloatArray = np.where(members, self.needs, 0.0).max(axis=1, initial=0.0)
        return highest

    def table(self, n: int) -> FloatArray:
        del n
        return subset_largest(self.needs)

    def along(self, orders: IntArray) -> FloatArray:
        return np.diff(np.maximum.accumulate(self.needs[orders], axis=1), axis=1, prepend=0.0)


@dataclass(frozen=True, eq=False)
class RegionPart:
    """A fixed amount for each region that has a member in the group."""

    region: IntArray
    amounts: FloatArray
    label: str = "regional"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        owners = np.eye(len(self.amounts))[self.region]
        return (members.astype(np.float64) @ owners > 0) @ self.amounts

    def table(self, n: int) -> FloatArray:
        present = np.zeros(1 << n, dtype=np.int64)
        for i in range(n):
            np.bitwise_or(present[: 1 << i], 1 << int(self.region[i]), out=present[1 << i : 2 << i])
        return subset_sums(self.amounts)[present]

    def along(self, orders: IntArray) -> FloatArray:
        regions = self.region[orders]
        by_region = np.argsort(regions, axis=1, kind="stable")
        in_rows = np.take_along_axis(regions, by_region, axis=1)
        first = np.diff(in_rows, axis=1, prepend=-1) != 0
        added = np.empty(orders.shape)
        np.put_along_axis(added, by_region, np.where(first, self.amounts[in_rows], 0.0), axis=1)
        return added


Part: TypeAlias = FixedPart | OwnPart | VolumePart | LevelPart | RegionPart
"""One cost pool over n players."""
