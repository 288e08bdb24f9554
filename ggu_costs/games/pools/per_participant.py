"""An own amount for each participant."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.games.coalitions import subset_sums
from ggu_costs.games.figures import player_figures
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures


@dataclass(frozen=True, eq=False)
class PerParticipant(Pool):
    """An own amount for each participant (kosten per deelnemer).

    Parameters
    ----------
    amounts
        Euro, one a player; a negative amount is a credit of that player alone.
    """

    amounts: Figures

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        return OwnPart(player_figures(self.amounts, players, codes, f"{where}.amounts", faults, least=None))

    def own(self) -> FloatArray:
        """Amount of each player."""
        return np.array(self.amounts, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class OwnPart(Part):
    """An own amount each."""

    amounts: FloatArray
    label: ClassVar[str] = "per participant"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        return members.astype(np.float64) @ self.amounts

    def table(self, n: int) -> FloatArray:
        return subset_sums(self.amounts)

    def along(self, orders: IntArray) -> FloatArray:
        return self.amounts[orders]

    def pieces(self) -> Pieces:
        return Pieces(own=self.amounts)

    def alike(self, i: int, j: int) -> bool:
        return bool(self.amounts[i] == self.amounts[j])

    def total(self, n: int) -> float:
        return math.fsum(self.amounts)

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        return self.amounts.copy()

    def owen(self, groups: list[IntArray], n: int) -> FloatArray:
        return self.amounts.copy()
