r"""The nucleolus of any game through its table: a sequence of linear programmes with constraint generation.

Stage k maximises e subject to x(N) = C(N), x_i <= C({i}), x(S) + e wt(S) <= C(S) for the coalitions in play, and
x(S) = C(S) - e_j wt(S) for those fixed at stage j. A coalition is fixed where its dual is positive: then it is tight in
every optimum, not only at the one found. Every coalition in the span of the fixed ones is settled, and leaves. At full
rank x is known. From the programmes only the fixed coalitions are kept; x comes from their equations.

References
----------
Maschler, M., Peleg, B. and Shapley, L. (1979). Geometric properties of the kernel, nucleolus, and related solution
concepts. Mathematics of Operations Research 4, 303-338.
Guajardo, M. and Jörnsten, K. (2015). Common mistakes in computing the nucleolus. European Journal of Operational
Research 241, 931-935.
"""

from dataclasses import dataclass, field

import numpy as np

from ggu_costs.errors import InfeasibleError
from ggu_costs.games.coalitions import member_rows, subset_sums
from ggu_costs.games.programme import Programme
from ggu_costs.games.scan import TableScan
from ggu_costs.games.settled import Settled
from ggu_costs.typing import FloatArray

_DUAL = 1e-8  # a dual above this is positive
_VIOLATED = 1e-10  # a coalition this much worse off than e is added
_MOVED = 1e-9  # a direction of size 1 that adds up to less than this over a coalition moves it not at all
_CUTS = 12  # coalitions added at a time


@dataclass
class Stage:
    """One level: coalitions that are tight in every optimum, with their duals."""

    excess: float
    masks: list[int] = field(default_factory=list)
    duals: list[float] = field(default_factory=list)


class Lexicographic:
    """The programmes for one game, scaled to C(N) of about 1.

    Parameters
    ----------
    costs
        2^n costs (of a profit game: minus the gains).
    weights
        wt(S), or None for one; where it is 0 the coalition keeps x(S) <= C(S) and is not ranked.
    """

    def __init__(self, costs: FloatArray, weights: FloatArray | None) -> None:
        self.n = len(costs).bit_length() - 1
        self.costs, self.weights = costs, weights  # None: 1 for all, without a table of a million ones
        ranked, inverse = costs.copy(), None
        self.hard: TableScan | None = None
        if weights is not None:
            unranked = weights <= 0
            hard = np.where(unranked, costs, np.inf)
            hard[[0, -1]], ranked[unranked] = np.inf, np.inf
            inverse = np.divide(1.0, weights, out=np.ones_like(weights), where=~unranked)
            self.hard = TableScan(hard) if np.isfinite(hard).any() else None
        ranked[[0, -1]] = np.inf
        self.ranked = TableScan(ranked, inverse)
        self.single = 1 << np.arange(self.n)
        alone = costs[self.single]
        self.programme = Programme(
            np.concatenate([np.zeros(self.n), [-1.0]]),
            np.full(self.n + 1, -np.inf),
            np.concatenate([alone, [np.inf]]),
        )
        self.masks = [len(costs) - 1]  # the coalition of each row of the programme; the first is everyone
        self.free: set[int] = {0}
        self.programme.add_rows(_rows([len(costs) - 1], self.n, np.zeros(1)), costs[-1:], costs[-1:])
        self.settled = Settled(self.n, float(costs[-1]))
        self.stages: list[Stage] = []

    def solve(self) -> FloatArray:
        """Return the nucleolus."""
        first = [int(mask) for mask in self.single] + [int(self.masks[0] ^ mask) for mask in self.single]
        self._add([mask for mask in dict.fromkeys(first) if 0 < mask < self.masks[0] and self._weight(mask) > 0])
        while not self.settled.all:
            self._fix(*self._stage())
        return self._polish()

    def check(self, shares: FloatArray) -> tuple[float, int, float]:
        """Look through the whole table: least excess, its coalition, and by how much a hard constraint fails."""
        excess = self.costs - subset_sums(shares)
        over = float(np.max(-excess[self.single]))
        if self.weights is not None:
            ranked = self.weights > 0
            over = max(over, float(np.max(-excess[~ranked], initial=0.0)))
            excess = np.divide(excess, self.weights, out=np.full_like(excess, np.inf), where=ranked)
        least = 1 + int(np.argmin(excess[1:-1]))
        return float(excess[least]), least, max(0.0, over)

    def _weight(self, mask: int) -> float:
        return 1.0 if self.weights is None else float(self.weights[mask])

    def _add(self, masks: list[int]) -> None:
        if not masks:
            return
        rows = _rows(masks, self.n, np.array([self._weight(mask) for mask in masks]))
        self.programme.add_rows(rows, np.full(len(masks), -np.inf), self.costs[masks])
        self.masks += masks

    def _stage(self) -> tuple[FloatArray, FloatArray, float]:
        """Maximise e over all coalitions in play."""
        if len(self.free) == len(self.masks):
            self._add_worst(np.zeros(self.n), np.inf)
        while True:
            point, duals, reduced = self.programme.solve("the nucleolus")
            shares, excess = point[:-1], float(point[-1])
            if not self._add_worst(shares, excess):
                return duals, reduced, excess

    def _add_worst(self, shares: FloatArray, excess: float) -> bool:
        found, masks = self.ranked.worst(shares, _CUTS)
        new = [int(mask) for mask, value in zip(masks, found, strict=True) if value < excess - _VIOLATED]
        if self.hard is not None:
            slack, masks = self.hard.worst(shares, _CUTS)
            new += [int(mask) for mask, value in zip(masks, slack, strict=True) if value < -_VIOLATED]
        if not new and np.isinf(excess):
            raise InfeasibleError(
                "the nucleolus is not determined: the coalitions with a weight above 0 do not settle every share",
                remedy="Use weights='one' or weights='size'.",
            )
        self._add(new)
        return bool(new)

    def _fix(self, duals: FloatArray, reduced: FloatArray, excess: float) -> None:
        """Fix what is tight in every optimum, and let go of what that settles."""
        stage = Stage(excess)
        for row, mask in enumerate(self.masks):
            weight = self._weight(mask)
            if row in self.free or abs(duals[row]) * max(1.0, weight) <= _DUAL:
                continue
            if weight > 0:
                stage.masks.append(mask)
                stage.duals.append(abs(float(duals[row])))
            stage_of = len(self.stages) if weight > 0 else -1
            self.settled.pin(member_rows([mask], self.n)[0], float(self.costs[mask]), stage_of, weight)
            self.programme.fix_row(row, self.n, float(self.costs[mask]) - excess * weight)
            self.free.add(row)
        for i in np.flatnonzero(np.abs(reduced[:-1]) > _DUAL):
            self.settled.pin(np.arange(self.n) == i, float(self.costs[1 << i]))
        self.stages.append(stage)
        self._settle()

    def _settle(self) -> None:
        if self.settled.all:
            return
        left = self.settled.direction()
        self.ranked.settle(left)
        for row, mask in enumerate(self.masks):
            if row not in self.free and abs(float(np.sum(left[member_rows([mask], self.n)[0]]))) < _MOVED:
                self.programme.bound_row(row, -np.inf, np.inf)
                self.free.add(row)

    def _polish(self) -> FloatArray:
        """Solve the equations of the fixed coalitions for the shares and the excess of every stage."""
        shares, excesses = self.settled.shares(len(self.stages))
        for stage, excess in zip(self.stages, excesses, strict=True):
            stage.excess = float(excess)
        return shares


def _rows(masks: list[int], n: int, weights: FloatArray) -> FloatArray:
    return np.hstack([member_rows(masks, n).astype(np.float64), weights[:, None]])
