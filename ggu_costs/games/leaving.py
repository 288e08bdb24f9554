"""The coalition with the largest complaint x(S) - c(S) in a game of cost pools with alternatives beside them."""

import numpy as np

from ggu_costs.games.alternatives import no_alternatives
from ggu_costs.games.game import CostGame
from ggu_costs.games.settled import Settled
from ggu_costs.games.splitting import Splitting
from ggu_costs.games.worst import PoolSearch, Witness
from ggu_costs.typing import BoolArray, FloatArray

_EACH = 12  # coalitions for each way, where many are wanted


class LeavingSearch:
    """Looks for those who leave, in groups that may split up.

    Without the form of :mod:`.splitting` a group goes one way as a whole: then the joint facility and the alternatives
    are searched each for itself, by :class:`~ggu_costs.games.worst.PoolSearch` and in closed form.
    """

    def __init__(self, game: CostGame) -> None:
        self._game = game
        self._direction = Settled(game.n, game.total).direction()
        self._joint = PoolSearch(game.joint) if game.splitting is None else None
        self._search = game.splitting or Splitting.apart(game.alternatives or no_alternatives(game.n))

    def worst(self, shares: FloatArray) -> Witness:
        """Find the coalition with the largest x(S) - c(S), neither empty nor everyone."""
        rows, bound = self._found(shares, 1)
        complaints = rows @ shares - self._game.costs(rows)
        first = int(np.argmax(complaints))
        found = float(complaints[first])
        return Witness(rows[first], found, max(bound, found))

    def candidates(self, shares: FloatArray) -> BoolArray:
        """Give coalitions with large complaints, the worst among them."""
        return self._found(shares, _EACH)[0]

    def _found(self, shares: FloatArray, most: int) -> tuple[BoolArray, float]:
        """Coalitions with the worst among them, and what no complaint exceeds."""
        excess, rows = self._search.worst(shares, self._direction, most)
        bound = -float(excess[0]) if len(excess) else -np.inf
        if self._joint is not None:
            together = self._joint.worst(shares)
            rows, bound = np.vstack([together.members[None, :], rows]), max(bound, together.bound)
        return rows, bound
