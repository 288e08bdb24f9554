"""Coalitions whose shares are settled: their span, a direction that moves none of them, and the shares they fix."""

import numpy as np

from ggu_costs.typing import BoolArray, FloatArray

_RANK = 1e-9  # what is left of a coalition outside the span, when it is in it


class Settled:
    """Equations x(S) = C(S) - e wt(S), each with the stage whose e it has; the first is x(N) = C(N), without one.

    Parameters
    ----------
    n, total
        Players, and C(N).
    """

    def __init__(self, n: int, total: float) -> None:
        self.n, self.rank = n, 1
        self._basis = np.zeros((n, n))
        self._basis[0] = 1.0 / np.sqrt(n)
        self._members: list[BoolArray] = [np.ones(n, dtype=np.bool_)]
        self._values, self._stages, self._weights = [total], [-1], [0.0]
        self._any = np.random.Generator(np.random.Philox(1)).standard_normal(n)

    @property
    def all(self) -> bool:
        """Whether every share is settled."""
        return self.rank == self.n

    def pin(self, members: BoolArray, value: float, stage: int = -1, weight: float = 1.0) -> None:
        """Settle a coalition at its cost minus the excess of a stage times its weight; at stage -1 at its cost."""
        self._members.append(members)
        self._values.append(value)
        self._stages.append(stage)
        self._weights.append(weight if stage >= 0 else 0.0)
        rest = self._outside(members.astype(np.float64))
        size = float(np.sqrt(rest @ rest))
        if size > _RANK:
            self._basis[self.rank] = rest / size
            self.rank += 1

    def direction(self) -> FloatArray:
        """A direction, of size 1, along which no settled coalition moves and, by chance, every other one does."""
        left = self._outside(self._any)
        return np.asarray(left / np.max(np.abs(left)))

    def _outside(self, vector: FloatArray) -> FloatArray:
        basis = self._basis[: self.rank]
        rest = vector - basis.T @ (basis @ vector)
        return np.asarray(rest - basis.T @ (basis @ rest))

    def shares(self, stages: int) -> tuple[FloatArray, FloatArray]:
        """Solve the equations: the shares, and the excess of each stage."""
        rows = np.arange(len(self._members))
        matrix = np.zeros((len(rows), self.n + stages))
        matrix[:, : self.n] = np.array(self._members)
        own = np.array(self._stages)
        matrix[rows[own >= 0], self.n + own[own >= 0]] = np.array(self._weights)[own >= 0]
        solved = np.linalg.lstsq(matrix, np.array(self._values), rcond=None)[0]
        return np.asarray(solved[: self.n], dtype=np.float64), np.asarray(solved[self.n :], dtype=np.float64)
