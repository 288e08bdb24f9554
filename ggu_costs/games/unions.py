"""A priori unions of players, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults, listed
from ggu_costs.games.coalitions import positions
from ggu_costs.games.figures import entries_of
from ggu_costs.games.game import CostGame

if TYPE_CHECKING:
    from ggu_costs.typing import IntArray

__all__ = ["read_unions"]


def read_unions(game: CostGame, unions: Sequence[Iterable[str | int]]) -> list[IntArray]:
    """Check unions: every player in exactly one, none empty."""
    faults = Faults()
    stated = entries_of(unions)
    if stated is None:
        faults.add("unions", repr(unions), "lists of players in a list")
        faults.check("these unions do not divide the players", remedy="Give a list of unions, each a list of players.")
    groups = []
    for k, union in enumerate(stated or []):
        known = len(faults.found)
        groups.append(positions(game.players, game.codes, union, f"unions[{k}]", faults))
        if not groups[k] and len(faults.found) == known:
            faults.add(f"unions[{k}]", "no members", "at least one player")
    counts = np.bincount(np.array([i for group in groups for i in group], dtype=np.int64), minlength=game.n)
    if (counts > 1).any():
        twice = listed(game.players[i] for i in np.flatnonzero(counts > 1))
        faults.add("unions", f"more than once: {twice}", "once each")
    if (counts == 0).any():
        faults.add(
            "unions",
            f"in no union: {listed(game.players[i] for i in np.flatnonzero(counts == 0))}",
            "every player in one",
            "Give a player that stands alone a union of its own.",
        )
    faults.check("these unions do not divide the players", remedy="Correct the unions listed.")
    return [np.array(group, dtype=np.int64) for group in groups]
