"""Cost pools together, as the search for the most aggrieved coalition takes them: every way to combine their tiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.games.limits import PIECES_LIMIT
from ggu_costs.games.pools.part import Condition, Part
from ggu_costs.typing import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Ways:
    """One tier of each volume pool in every combination, beside the levels and regions that hold in all of them.

    Attributes
    ----------
    due
        By way, euro once.
    slopes
        By way and player, euro for each member, shape (ways, n).
    conditions
        By way, when its tiers hold; empty where they always do.
    levels
        Needs by player of each pool of service levels.
    regions
        Region by player, and the amount of each region, of each regional pool.
    """

    due: tuple[float, ...]
    slopes: FloatArray
    conditions: tuple[tuple[Condition, ...], ...]
    levels: tuple[FloatArray, ...]
    regions: tuple[tuple[IntArray, FloatArray], ...]

    @property
    def n(self) -> int:
        """Number of players."""
        return int(self.slopes.shape[1])

    @property
    def closed(self) -> bool:
        """Whether the least of every way has a closed form: no crossing levels or regions."""
        return len(self.levels) <= 1 and len(self.regions) <= 1


def combine_tiers(parts: Sequence[Part], n: int) -> Ways:
    """Combine the tiers of all pools over n players.

    Raises
    ------
    InputError
        They combine in too many ways.
    """
    pieces = [part.pieces() for part in parts]
    fixed = sum((piece.due for piece in pieces), 0.0)
    own = np.zeros(n)
    for piece in pieces:
        own = own if piece.own is None else own + piece.own
    tiers = [piece.tiers for piece in pieces if piece.tiers]
    count = prod(map(len, tiers))
    if count > PIECES_LIMIT:
        raise InputError(
            f"the tiers of the volume pools combine in {count} ways, of at most {PIECES_LIMIT}",
            remedy="Use fewer tiers, or put pools with the same volumes together.",
        )
    ways = list(product(*tiers))
    return Ways(
        due=tuple(fixed + sum(tier.due for tier in way) for way in ways),
        slopes=np.array([own + sum((tier.slopes for tier in way), start=np.zeros(n)) for way in ways]),
        conditions=tuple(tuple(tier.condition for tier in way if tier.condition is not None) for way in ways),
        levels=tuple(piece.levels for piece in pieces if piece.levels is not None),
        regions=tuple(piece.regions for piece in pieces if piece.regions is not None),
    )
