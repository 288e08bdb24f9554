"""Service levels: as high as the most demanding member needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ggu_costs.allocation.sharing import share_by
from ggu_costs.errors import Faults
from ggu_costs.games.coalitions import over_subsets
from ggu_costs.games.figures import player_figures
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures
    from ggu_costs.games.pools.part import DueOnce


@dataclass(frozen=True, eq=False)
class ServiceLevels(Pool):
    """The joint facility is as large as the most demanding member needs (voorzieningenniveau).

    Parameters
    ----------
    costs
        Euro; the cost of the level that each player needs, 0 or more.
    """

    costs: Figures

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        return LevelPart(player_figures(self.costs, players, codes, f"{where}.costs", faults, least=0.0))


@dataclass(frozen=True, eq=False)
class LevelPart(Part):
    """The cost of the highest level that a member needs: an airport game."""

    needs: FloatArray
    label: ClassVar[str] = "service levels"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        highest: FloatArray = np.where(members, self.needs, 0.0).max(axis=1, initial=0.0)
        return highest

    def table(self, n: int) -> FloatArray:
        return over_subsets(self.needs, np.maximum)

    def along(self, orders: IntArray) -> FloatArray:
        return np.diff(np.maximum.accumulate(self.needs[orders], axis=1), axis=1, prepend=0.0)

    def pieces(self) -> Pieces:
        return Pieces(levels=self.needs)

    def alike(self, i: int, j: int) -> bool:
        return bool(self.needs[i] == self.needs[j])

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        return share_by(self.needs, self.total(n), "the levels cost nothing")

    def due_once(self, n: int) -> DueOnce:
        levels = np.unique(np.concatenate([[0.0], self.needs]))
        return [
            (float(levels[k] - levels[k - 1]), np.flatnonzero(self.needs >= levels[k])) for k in range(1, len(levels))
        ]
