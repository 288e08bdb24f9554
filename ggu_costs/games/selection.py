"""The worst coalition as a mixed-integer programme, for tiers that hold within bounds and for crossing pools.

Variables: whether each player is in (whole), whether each region of each regional pool is, and whether each level of
each level pool is reached; a region and a level must be in when a member needs them. Given who is in, those are 0 or 1
of themselves.

Without whole numbers the programme is quick, and its optimum is close: the rows of regions and levels alone have whole
corners, so that only the bounds of tiers, and "not nobody, not everyone", leave a gap. It bounds what a way to combine
tiers can give, and rounds to a coalition to compare with.
"""

from functools import cached_property

import numpy as np

from ggu_costs.errors import InfeasibleError
from ggu_costs.games.programme import Programme
from ggu_costs.games.ways import Ways
from ggu_costs.typing import BoolArray, FloatArray, IntArray


class Selection:
    """The programmes of one search; from one way or split to the next only costs and bounds of tiers change."""

    def __init__(self, ways: Ways, scale: float) -> None:
        self._ways, self._n, self._scale = ways, ways.n, scale
        amounts: list[FloatArray] = []
        self._needs: list[tuple[int, int]] = []  # a variable, and the one it cannot do without
        at = ways.n
        for region, costs in ways.regions:
            self._needs += [(i, at + r) for i, r in enumerate(region.tolist())]
            amounts.append(costs)
            at += len(costs)
        for needs in ways.levels:
            steps, place = np.unique(np.concatenate([[0.0], needs]), return_inverse=True)
            self._needs += [(i, at + k - 1) for i, k in enumerate(place[1:].tolist()) if k > 0]
            self._needs += [(at + k, at + k - 1) for k in range(1, len(steps) - 1)]
            amounts.append(np.diff(steps))
            at += len(steps) - 1
        self._amounts = np.concatenate([np.zeros(0), *amounts])

    def relaxed(self, way: int, shares: FloatArray) -> tuple[float, BoolArray | None]:
        """Bound x(S) - cost under one way to combine tiers, within their bounds, and give a coalition near it.

        Returns
        -------
        bound : float
            What no coalition within these bounds exceeds; -inf where there is none.
        members : numpy.ndarray or None
        """
        found = self._solve(self._broken, way, shares)
        if found is None:
            return -np.inf, None
        members = found > 0.5
        if not members.any():
            members[int(np.argmax(found))] = True
        elif members.all():
            members[int(np.argmin(found))] = False
        return -(self._broken.objective * self._scale + self._ways.due[way]), members

    def exact(self, way: int, shares: FloatArray) -> tuple[float, BoolArray | None]:
        """Give the same with whole players: the coalition attains the bound."""
        found = self._solve(self._whole, way, shares)
        if found is None:
            return -np.inf, None
        return -(self._whole.bound * self._scale + self._ways.due[way]), found > 0.5

    @cached_property
    def _broken(self) -> Programme:
        return self._programme(None)

    @cached_property
    def _whole(self) -> Programme:
        return self._programme(np.arange(self._n))

    def _solve(self, programme: Programme, way: int, shares: FloatArray) -> FloatArray | None:
        costs = np.concatenate([self._ways.slopes[way] - shares, self._amounts])
        programme.set_costs(costs / self._scale)
        for row, condition in enumerate(self._ways.conditions[way]):
            unit = float(np.sum(condition.volumes))
            programme.bound_row(row, condition.low / unit, condition.high / unit)
        try:
            found, _, _ = programme.solve("the worst coalition")
        except InfeasibleError:
            return None
        return found[: self._n]

    def _programme(self, whole: IntArray | None) -> Programme:
        """Rows: the volumes of the conditions, the number of players, and who needs what."""
        width = self._n + len(self._amounts)
        programme = Programme(np.zeros(width), np.zeros(width), np.ones(width), whole=whole)
        sums = np.array([one.volumes / np.sum(one.volumes) for one in self._ways.conditions[0]] + [np.ones(self._n)])
        rows = np.zeros((len(sums), width))
        rows[:, : self._n] = sums
        low, high = np.full(len(sums), -np.inf), np.full(len(sums), np.inf)
        low[-1], high[-1] = 1.0, self._n - 1.0
        programme.add_rows(rows, low, high)
        pairs = np.array(self._needs, dtype=np.int64).reshape(-1, 2)
        rows = np.zeros((len(pairs), width))
        rows[np.arange(len(pairs)), pairs[:, 0]] = 1.0
        rows[np.arange(len(pairs)), pairs[:, 1]] = -1.0
        programme.add_rows(rows, np.full(len(pairs), -np.inf), np.zeros(len(pairs)))
        return programme
