"""Who leaves in a game with alternatives: the coalition with the largest complaint, and how it splits up."""

from dataclasses import dataclass

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.games.alternatives import Alternatives, no_alternatives
from ggu_costs.games.game import CostGame
from ggu_costs.games.limits import TOLERANCE, WALK_LIMIT, scale_of
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

    @property
    def closed_form(self) -> bool:
        """Whether groups that split up are searched in closed form."""
        return self._joint is None

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


@dataclass(frozen=True, eq=False)
class Parting(Brief):
    """How a coalition goes its own way at the least cost.

    Attributes
    ----------
    cost
        Euro: c(S), for everyone together as for any other coalition.
    together
        Who of it run the joint facility for themselves; everyone else of it takes an alternative.
    groups
        Positions in the groups of the alternatives: those that act as one.
    """

    cost: float
    together: BoolArray
    groups: tuple[int, ...]


def parting(game: CostGame, members: BoolArray) -> Parting:
    """Split a coalition up at the least cost; one of a game without alternatives stays together."""
    beside = game.alternatives
    if beside is None:
        return Parting(float(game.costs(members[None, :])[0]), members, ())
    if game.splitting is not None:
        together, whole = game.splitting.parted(members)
        groups = tuple(k for k, (inside, _) in enumerate(beside.groups) if whole[inside].all())
        return Parting(float(game.splitting.costs(members[None, :])[0]), together, groups)
    if game.n <= WALK_LIMIT:
        return _by_table(game, beside, members)
    joint, apart = float(game.joint.costs(members[None, :])[0]), float(beside.costs(members[None, :])[0])
    if joint <= apart:
        return Parting(joint, members, ())
    cheaper = [k for k, (inside, cost) in enumerate(beside.groups) if members[inside].all()
               and cost < beside.alone[inside].sum()]  # fmt: skip
    return Parting(apart, np.zeros(game.n, dtype=np.bool_), tuple(cheaper))


def _by_table(game: CostGame, beside: Alternatives, members: BoolArray) -> Parting:
    """Take off one alternative after another, as long as that explains the cost of who is left."""
    table = beside.beside(game.joint.table(), everyone=True)
    left = int(members @ (1 << np.arange(game.n)))
    cost, close, groups = float(table[left]), TOLERANCE * scale_of(game.total), []
    ways = [(int(np.sum(1 << inside)), amount, k) for k, (inside, amount) in enumerate(beside.groups)]
    ways += [(1 << int(i), float(beside.alone[i]), -1) for i in np.flatnonzero(np.isfinite(beside.alone))]
    for mask, amount, k in ways:
        if left & mask == mask and abs(table[left ^ mask] + amount - table[left]) <= close:
            left ^= mask
            groups += [k] * (k >= 0)
    together: BoolArray = (left >> np.arange(game.n)) & 1 == 1
    return Parting(cost, together, tuple(groups))
