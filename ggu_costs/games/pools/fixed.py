"""An amount due once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.games.figures import as_number
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.pools.part import DueOnce


@dataclass(frozen=True, eq=False)
class Fixed(Pool):
    """An amount due once, however many take part (vaste kosten).

    Parameters
    ----------
    amount
        Euro, 0 or more.
    """

    amount: float

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        return FixedPart(as_number(self.amount, f"{where}.amount", faults, least=0.0))

    def standing(self) -> float:
        """All of it: it is due before anybody takes part."""
        return float(self.amount)


@dataclass(frozen=True)
class FixedPart(Part):
    """F once, if anyone takes part."""

    amount: float
    label: ClassVar[str] = "fixed"
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

    def pieces(self) -> Pieces:
        return Pieces(due=self.amount)

    def alike(self, i: int, j: int) -> bool:
        return True

    def due_once(self, n: int) -> DueOnce:
        return [(self.amount, np.arange(n))]
