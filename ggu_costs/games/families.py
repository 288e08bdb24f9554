r"""The nucleolus at any n of a game whose worst-off group outside a linear space can be found: a family that grows.

For a family of groups (each player, all but each, and the groups that can act as one) the stages of
:mod:`.lexicographic` give the shares that are best for the family. They are the nucleolus when at the start of every
stage no group outside the span of those settled by then is worse off than the groups of that stage: then every stage
would have ended as it did with all groups written down. :meth:`ggu_costs.games.splitting.Splitting.worst` finds those
that are; they join the family, and it starts anew. Mostly the first family will do, as few groups decide.
"""

from dataclasses import dataclass, field

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.games.game import CostGame
from ggu_costs.games.programme import Programme
from ggu_costs.games.settled import Settled
from ggu_costs.games.splitting import Splitting
from ggu_costs.typing import BoolArray, FloatArray

_DUAL = 1e-8  # a dual above this is positive
_VIOLATED = 1e-10  # a group this much worse off than those of a stage
_MOVED = 1e-9
_CUTS = 8  # groups that join for each way and stage
_ROUNDS = 200


@dataclass
class Step:
    """One stage: its excess, the groups that are tight in every optimum with their duals, and what moved before it."""

    excess: float
    direction: FloatArray
    members: list[BoolArray] = field(default_factory=list)
    duals: list[float] = field(default_factory=list)


class Families:
    """The families of one game, in units of `scale` euro.

    Attributes
    ----------
    steps
        The stages of the last family, in units of `scale`.
    """

    def __init__(self, game: CostGame, splitting: Splitting, scale: float) -> None:
        self._game, self._splitting, self._scale, self.n = game, splitting, scale, game.n
        self._known: set[bytes] = set()
        self.members = np.zeros((0, self.n), dtype=np.bool_)
        self.costs = np.zeros(0)
        self.steps: list[Step] = []
        self._total, self._alone = game.total / scale, game.alone / scale
        single = np.eye(self.n, dtype=np.bool_)
        groups = () if game.alternatives is None else game.alternatives.groups
        whole = np.zeros((len(groups), self.n), dtype=np.bool_)
        for row, (inside, _) in zip(whole, groups, strict=True):
            row[inside] = True
        self._add(np.vstack([single, ~single, whole, ~whole]))

    def solve(self) -> FloatArray:
        """Return the nucleolus.

        Raises
        ------
        InputError
            The family kept growing.
        """
        for _ in range(_ROUNDS):
            shares = self._of_family()
            if not self._add(self._worse_off(shares)):
                return shares
        raise InputError(
            f"the nucleolus was not reached: after {_ROUNDS} rounds there are still groups that decide it",
            remedy="Use shapley or least_core, or fewer players (regions instead of municipalities).",
        )

    def worst(self, shares: FloatArray) -> tuple[float, BoolArray]:
        """The least excess c(S) - x(S) of any group, in units of `scale`, and the group."""
        excess, rows = self._splitting.worst(shares * self._scale, Settled(self.n, self._total).direction(), 1)
        return float(excess[0]) / self._scale, rows[0]

    def _add(self, rows: BoolArray) -> bool:
        """Write down those groups that are not yet, neither empty nor everyone; whether there were any."""
        new = []
        for row in rows[rows.any(axis=1) & ~rows.all(axis=1)]:
            key = row.tobytes()
            if key not in self._known:
                self._known.add(key)
                new.append(row)
        if new:
            self.members = np.vstack([self.members, new])
            self.costs = np.concatenate([self.costs, self._game.costs(np.array(new)) / self._scale])
        return bool(new)

    def _worse_off(self, shares: FloatArray) -> BoolArray:
        """Groups that are worse off than those of a stage, and not settled when it began."""
        found = [np.zeros((0, self.n), dtype=np.bool_)]
        for step in self.steps:
            excess, rows = self._splitting.worst(shares * self._scale, step.direction, _CUTS)
            found.append(rows[excess / self._scale < step.excess - _VIOLATED])
        return np.vstack(found)

    def _of_family(self) -> FloatArray:
        """Shares for which the groups of the family are, from the worst off to the best, as well off as can be."""
        n = self.n
        programme = Programme(
            np.append(np.zeros(n), -1.0), np.full(n + 1, -np.inf), np.append(self._alone, np.inf)
        )  # fmt: skip
        large = self.members.sum(axis=1) > n / 2  # written as x(N) minus the shares of the others
        rows = np.where(large[:, None], -1.0 * ~self.members, 1.0 * self.members)
        most = self.costs - np.where(large, self._total, 0.0)
        programme.add_rows(np.append(np.ones(n), 0.0)[None, :], np.array([self._total]), np.array([self._total]))
        programme.add_rows(np.hstack([rows, np.ones((len(rows), 1))]), np.full(len(rows), -np.inf), most)
        settled, free = Settled(n, self._total), np.zeros(len(rows), dtype=np.bool_)
        self.steps = []
        while not settled.all:
            step = Step(0.0, settled.direction())
            still = ~free & (np.abs(self.members @ step.direction) < _MOVED)
            for row in np.flatnonzero(still):
                programme.bound_row(int(row) + 1, -np.inf, np.inf)
            free |= still
            point, duals, reduced = programme.solve("the nucleolus")
            step.excess = float(point[-1])
            for row in np.flatnonzero(~free & (np.abs(duals[1:]) > _DUAL)):
                settled.pin(self.members[row], float(self.costs[row]), len(self.steps))
                programme.fix_row(int(row) + 1, n, float(most[row]) - step.excess)
                step.members.append(self.members[row])
                step.duals.append(abs(float(duals[row + 1])))
                free[row] = True
            for i in np.flatnonzero(np.abs(reduced[:-1]) > _DUAL):
                settled.pin(np.arange(n) == i, float(self._alone[i]))
            self.steps.append(step)
        shares, excesses = settled.shares(len(self.steps))
        for step, excess in zip(self.steps, excesses, strict=True):
            step.excess = float(excess)
        return shares
