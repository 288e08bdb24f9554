"""A fixed amount for each region with a member."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ggu_costs.allocation.sharing import share_by
from ggu_costs.errors import Faults, listed, repeated
from ggu_costs.games.coalitions import over_subsets, subset_sums
from ggu_costs.games.figures import as_numbers, by_player
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.games.pools.part import DueOnce


@dataclass(frozen=True, eq=False)
class Regional(Pool):
    """A fixed amount for each region with a participant (kosten per regio).

    Parameters
    ----------
    regions
        The label of each player's region, in player order or labelled by name or code.
    amounts
        Euro by label, 0 or more; every label has a player, and every player's label an amount.
    """

    regions: Sequence[str] | Mapping[str, str] | pd.Series
    amounts: Mapping[str, float]

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        fallback = RegionPart(np.zeros(len(players), dtype=np.int64), np.zeros(1))
        labels = by_player(self.regions, players, codes, f"{where}.regions", faults)
        if not callable(getattr(self.amounts, "items", None)):
            faults.add(f"{where}.amounts", repr(self.amounts), "a mapping of region label to euro")
            return fallback
        known = dict(self.amounts.items())
        for label, count in repeated(label for label, _ in self.amounts.items()):
            faults.add(f"{where}.amounts", f"{label!r} comes {count} times", "every region once")
        amounts = as_numbers(list(known.values()), [str(name) for name in known], f"{where}.amounts", faults, least=0.0)
        if labels is None:
            return fallback
        nameless = [i for i, label in enumerate(labels) if not isinstance(label, Hashable)]
        for i in nameless:
            faults.add(f"{where}.regions[{players[i]}]", repr(labels[i]), "the label of a region")
        if nameless:
            return fallback
        without = [label for label in known if label not in set(labels)]
        if without:
            words = f"no player in {listed(without)}"
            faults.add(f"{where}.amounts", words, "regions with at least one player", "Leave them out.")
        lost = [players[i] for i, label in enumerate(labels) if label not in known]
        if lost:
            faults.add(f"{where}.regions", f"no amount for the region of {listed(lost)}", f"one of {listed(known)}")
            return fallback
        order = {label: r for r, label in enumerate(known)}
        return RegionPart(np.array([order[label] for label in labels], dtype=np.int64), amounts)

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        """Shares under average cost: within each region by volume."""
        shares, asked = np.empty(n), volumes()
        for label, (amount, members) in zip(self.amounts, self.checked(n).due_once(n) or (), strict=True):
            reason = f"the volumes are 0 for everyone in {label}"
            shares[members] = share_by(asked[members], amount, reason)
        return shares


@dataclass(frozen=True, eq=False)
class RegionPart(Part):
    """A fixed amount for each region that has a member in the group."""

    region: IntArray
    amounts: FloatArray
    label: ClassVar[str] = "regional"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        owners = np.eye(len(self.amounts))[self.region]
        return (members.astype(np.float64) @ owners > 0) @ self.amounts

    def table(self, n: int) -> FloatArray:
        present: IntArray = over_subsets(1 << self.region, np.bitwise_or)
        return subset_sums(self.amounts)[present]

    def along(self, orders: IntArray) -> FloatArray:
        regions = self.region[orders]
        by_region = np.argsort(regions, axis=1, kind="stable")
        in_rows = np.take_along_axis(regions, by_region, axis=1)
        first = np.diff(in_rows, axis=1, prepend=-1) != 0
        added = np.empty(orders.shape)
        np.put_along_axis(added, by_region, np.where(first, self.amounts[in_rows], 0.0), axis=1)
        return added

    def pieces(self) -> Pieces:
        return Pieces(regions=(self.region, self.amounts))

    def alike(self, i: int, j: int) -> bool:
        members = np.bincount(self.region, minlength=len(self.amounts))
        a, b = self.region[i], self.region[j]
        return bool(a == b or (members[a] == 1 and members[b] == 1 and self.amounts[a] == self.amounts[b]))

    def total(self, n: int) -> float:
        return math.fsum(self.amounts)

    def due_once(self, n: int) -> DueOnce:
        return [(float(amount), np.flatnonzero(self.region == r)) for r, amount in enumerate(self.amounts)]
