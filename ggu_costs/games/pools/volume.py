"""A price by the volume of the group together: incremental tiers, or all units."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

import numpy as np

from ggu_costs.allocation.demand import average_cost, serial
from ggu_costs.allocation.tariffs import tariff
from ggu_costs.errors import Faults
from ggu_costs.figures import read_flags
from ggu_costs.games.coalitions import subset_sums
from ggu_costs.games.figures import as_number, decimal_unit, entries_of, player_figures
from ggu_costs.games.limits import LATTICE_CELLS, TOLERANCE, WALK_LIMIT
from ggu_costs.games.pools.part import Condition, Part, Pieces, Pool, Tier
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures


Number: TypeAlias = float | Decimal


@dataclass(frozen=True, eq=False)
class VolumeTiers(Pool):
    """A price that depends on the volume of the group together (staffel).

    Parameters
    ----------
    volumes
        One a player, 0 or more, not all 0.
    tiers
        Pairs (from_volume, price per unit in euro): the first from 0, bounds rising; a volume on a bound falls in the
        higher tier.
    all_units
        False: each price holds for the units within its tier (incremental, staffeltarief). True: the price of the tier
        that the volume falls in holds for every unit (terugwerkende korting).

    Notes
    -----
    Incremental tiers with falling prices make a concave function: every group gains by growing, nobody is worse off for
    the others joining. Rising prices and all-units discounts are allowed, and cost more work in a stability check.
    """

    volumes: Figures
    tiers: Sequence[tuple[Number, Number]]
    all_units: bool = False

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        known = len(faults.found)
        volumes = player_figures(self.volumes, players, codes, f"{where}.volumes", faults, least=0.0)
        if not volumes.any() and len(faults.found) == known:
            faults.add(f"{where}.volumes", "all are 0", "at least one above 0")
        starts, prices = self._tiers(f"{where}.tiers", faults)
        read_flags(faults, **{f"{where}.all_units": self.all_units})
        unit = decimal_unit(np.concatenate([volumes, starts]), float(volumes.sum()))
        if unit:
            volumes, starts, prices = np.rint(volumes * unit), np.rint(starts * unit), prices / unit
        return VolumePart(volumes, starts, prices, bool(self.all_units), whole=bool(unit))

    def volume(self) -> FloatArray:
        """Volume of each player."""
        return np.asarray(self.volumes, dtype=np.float64)

    def cost_of(self, volumes: FloatArray) -> FloatArray:
        """Cost of total volumes, euro unrounded, from the exact bounds and prices."""
        return price_table(self.tiers, self.all_units, volumes)

    def total(self, n: int) -> float:
        """Cost for everyone together, rounded once."""
        return float(self.cost_of(np.array([self.volume().sum()]))[0])

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        """Shares under average cost: one price a unit."""
        return average_cost(self.volume(), self.cost_of)

    def serial(self, n: int, *, decreasing: bool = False) -> FloatArray:
        """Shares under serial sharing."""
        return serial(self.volume(), self.cost_of, decreasing=decreasing)

    def _tiers(self, where: str, faults: Faults) -> tuple[FloatArray, FloatArray]:
        stated = entries_of(self.tiers)
        listing = [] if stated is None else list(stated)
        if stated is None:
            faults.add(where, repr(self.tiers), "pairs (from_volume, unit_price) in a list")
        elif not listing:
            faults.add(where, "no tiers", "at least one, from volume 0")
        starts, prices = np.full(len(listing), np.nan), np.zeros(len(listing))  # NaN: not known, so not compared
        for k, tier in enumerate(listing):
            pair = entries_of(tier)
            if pair is None or len(pair) != 2:
                faults.add(f"{where}[{k}]", repr(tier), "a pair (from_volume, unit_price)")
                continue
            known = len(faults.found)
            start = as_number(pair[0], f"{where}[{k}].from_volume", faults, least=0.0)
            starts[k] = start if len(faults.found) == known else np.nan
            prices[k] = as_number(pair[1], f"{where}[{k}].unit_price", faults, least=0.0)
        if listing and starts[0] > 0:
            faults.add(f"{where}[0]", f"starts at {starts[0]:g}, which leaves a gap below it", "from volume 0")
        for below in np.flatnonzero(np.diff(starts) <= 0):
            kind = "overlaps" if starts[below + 1] == starts[below] else "falls below"
            faults.add(
                f"{where}[{below + 1}]", f"from {starts[below + 1]:g} {kind} the tier before it", "rising bounds"
            )
        return (starts, prices) if listing and np.isfinite(starts).all() else (np.zeros(1), np.zeros(1))


@dataclass(frozen=True, eq=False)
class VolumePart(Part):
    """A piecewise-linear function g of the volume of the group, g(0) = 0.

    Volumes and bounds are whole numbers of the smallest decimal unit in use where there is one (`whole`), so that sums
    of volumes are exact and a volume on a bound is on it.
    """

    volumes: FloatArray
    starts: FloatArray
    prices: FloatArray
    all_units: bool
    whole: bool
    label: ClassVar[str] = "volume"
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
        return self.cost_of_volume(subset_sums(self.volumes))

    def along(self, orders: IntArray) -> FloatArray:
        return np.diff(self.cost_of_volume(np.cumsum(self.volumes[orders], axis=1)), axis=1, prepend=0.0)

    def pieces(self) -> Pieces:
        tiers = (
            Tier(float(due), price * self.volumes, None if self.concave else self._condition(k))
            for k, (due, price) in enumerate(zip(self.offsets, self.prices, strict=True))
        )
        return Pieces(tiers=tuple(tiers))

    def alike(self, i: int, j: int) -> bool:
        return bool(self.volumes[i] == self.volumes[j])

    def shapley(self, n: int, threads: int | None) -> tuple[FloatArray, float, float, str]:
        if n <= WALK_LIMIT:
            return super().shapley(n, threads)
        if len(self.prices) == 1:
            return self.prices[0] * self.volumes, 0.0, 0.0, ""
        from ggu_costs.allocation.sweep import lattice_step

        step = lattice_step(self.volumes, most_cells=LATTICE_CELLS)
        shares, error = self._swept(step, threads)
        cells = self.volumes / step
        if bool(np.all(cells == np.rint(cells))):
            return shares, error, 0.0, ""
        coarse, _ = self._swept(2 * step, threads)
        error += float(np.max(np.abs(shares - coarse)))
        return shares, error, error, f"volumes on a lattice of {LATTICE_CELLS} cells: to {error:.2g} euro"

    def _swept(self, step: float, threads: int | None) -> tuple[FloatArray, float]:
        """What :meth:`swept` gives; the same prices and volumes are swept once."""
        figures = (tuple(figure.tolist()) for figure in (self.volumes, self.starts, self.prices))
        shares, error = _known(*figures, all_units=self.all_units, whole=self.whole, step=step, threads=threads)
        return shares.copy(), error

    def swept(self, step: float, threads: int | None) -> tuple[FloatArray, float]:
        """Shapley value at any n on a lattice, which adds up to the cost of all, and a bound on its error, euro.

        Volumes that are whole multiples of a unit that fits the lattice are exact. Finer volumes are split over the two
        cells around them, which smooths g by a cell; the difference with cells twice as large estimates the error. A
        linear part needs no lattice: the price of the last unit is taken out first, as an own amount. What is left
        no longer changes from the last tier on, so the lattice ends there.
        """
        from ggu_costs.allocation.sweep import lattice_points, volume_shapley

        points, price = lattice_points(self.volumes, step), float(self.prices[-1])
        points = points[: np.searchsorted(points, self.starts[-1]) + 1]
        left = self.cost_of_volume(points) - price * points
        swept = volume_shapley(self.volumes, left, step=step, saturated=True, threads=threads)
        shares = swept.values + price * self.volumes
        total = float(self.cost_of_volume(np.array([math.fsum(self.volumes)]))[0])
        gap = total - math.fsum(shares)  # of a volume of all that is no whole number of cells
        return shares + gap * (self.volumes / math.fsum(self.volumes)), swept.error + abs(gap)

    def with_volumes_times(self, scale: FloatArray) -> VolumePart:
        return replace(self, volumes=self.volumes * scale, whole=False)

    def _condition(self, tier: int) -> Condition:
        """When a tier holds; for any volume where another tier is at least as cheap."""
        prices, starts = self.prices, self.starts
        low = float(starts[tier])
        last = tier == len(starts) - 1
        high = np.inf if last else float(starts[tier + 1])
        if self.all_units and bool(np.all(np.diff(prices) <= 0)):
            return Condition(self.volumes, low, np.inf)
        if self.all_units and not last and prices[tier + 1] > prices[tier]:
            # a volume on the bound is in the dearer tier above
            high = high - 0.5 if self.whole else high * (1 - TOLERANCE)
        return Condition(self.volumes, low, high)


@lru_cache(maxsize=16)
def _known(
    volumes: tuple[float, ...],
    starts: tuple[float, ...],
    prices: tuple[float, ...],
    *,
    all_units: bool,
    whole: bool,
    step: float,
    threads: int | None,
) -> tuple[FloatArray, float]:
    """The sweep takes longest of all, and a report asks it of the same pool again: by another rule, without index."""
    part = VolumePart(np.array(volumes), np.array(starts), np.array(prices), all_units, whole)
    return part.swept(step, threads)


def price_table(tiers: Sequence[tuple[Number, Number]], all_units: bool, volumes: FloatArray) -> FloatArray:
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
    mode: Literal["marginal", "whole_class"] = "whole_class" if all_units else "marginal"
    starts, prices = zip(*tiers, strict=True)
    return np.asarray(tariff(starts, prices, mode=mode)(volumes))
