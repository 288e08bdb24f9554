r"""Cost pools of a case: a pool of the game, with its name in the file and what it costs everyone together.

The joint cost of a group S is the sum over pools, as in :mod:`ggu_costs.games.pools`. Amounts are euro over the whole
period: an amount a year times the duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ggu_costs.games.pools import Pool

__all__ = ["CostPool"]


@dataclass(frozen=True, eq=False)
class CostPool:
    """One cost pool.

    Attributes
    ----------
    once
        True: due once; False: every year of the duration.
    pool
        What it costs, over the participants in order.
    count
        Number of participants.
    """

    id: str
    name: str
    once: bool
    pool: Pool
    count: int

    @cached_property
    def total(self) -> float:
        """Cost for everyone together."""
        return self.pool.total(self.count)
