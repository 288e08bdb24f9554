"""Where the cost of a coalition comes from: a table, cost pools, or a function of the user.

A source answers for rows of truth values (`costs`), for all 2^n coalitions (`table`), for players joining in a given
order (`along`), and gives the bytes that identify it (`fingerprint`). Beside any of them stand the alternatives of
:mod:`.alternatives`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.games.alternatives import Alternatives
from ggu_costs.games.coalitions import Coalition, member_rows, named
from ggu_costs.games.figures import as_number
from ggu_costs.games.limits import WALK_LIMIT
from ggu_costs.games.pools import Part
from ggu_costs.games.splitting import Splitting
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_ROWS = 4096  # coalitions handed out or written at a time


@dataclass(frozen=True, eq=False)
class TableSource:
    """2^n costs, checked."""

    values: FloatArray
    n: int

    def costs(self, members: BoolArray) -> FloatArray:
        return self.values[members @ (1 << np.arange(self.n))]

    def table(self) -> FloatArray:
        return self.values

    def along(self, orders: IntArray) -> FloatArray:
        return np.diff(self.values[np.cumsum(1 << orders, axis=1)], axis=1, prepend=0.0)

    def fingerprint(self) -> Iterator[bytes]:
        yield self.values.tobytes()


@dataclass(frozen=True, eq=False)
class PoolSource:
    """The sum of cost pools."""

    parts: tuple[Part, ...]
    n: int

    def costs(self, members: BoolArray) -> FloatArray:
        return _added((part.costs(members) for part in self.parts), len(members))

    def table(self) -> FloatArray:
        return _added((part.table(self.n) for part in self.parts), 1 << self.n)

    def along(self, orders: IntArray) -> FloatArray:
        return _added((part.along(orders) for part in self.parts), orders.shape)

    def fingerprint(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from part.fingerprint()


@dataclass(frozen=True, eq=False)
class FunctionSource:
    """Costs asked from a function, each coalition once, many at a time."""

    cost: Callable[[Coalition], float]
    players: tuple[str, ...]
    executor: Executor | None
    known: dict[bytes, float] = field(default_factory=dict)

    def costs(self, members: BoolArray) -> FloatArray:
        keys = [row.tobytes() for row in np.packbits(members, axis=1)]
        missing = {
            key: named(self.players, row) for key, row in zip(keys, members, strict=True) if key not in self.known
        }
        if missing:
            self._ask(missing)
        return np.array([self.known[key] for key in keys])

    def table(self) -> FloatArray:
        n = len(self.players)
        masks = np.arange(1 << n)
        blocks = [self.costs(member_rows(masks[start : start + _ROWS], n)) for start in range(0, len(masks), _ROWS)]
        return np.concatenate(blocks)

    def along(self, orders: IntArray) -> FloatArray:
        return _one_by_one(self.costs, orders)

    def fingerprint(self) -> Iterator[bytes]:
        for key in sorted(self.known):
            yield key + np.float64(self.known[key]).tobytes()

    def _ask(self, missing: dict[bytes, Coalition]) -> None:
        coalitions = list(missing.values())
        with nullcontext(self.executor) if self.executor else ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = list(pool.map(self.cost, coalitions, chunksize=64))
        faults = Faults()
        numbers = [
            as_number(answer, f"cost({', '.join(coalition)})", faults)
            for coalition, answer in zip(coalitions, answers, strict=True)
        ]
        faults.check("the cost function gives values that cannot be used", remedy="Let it return finite euros.")
        self.known.update(zip(missing, numbers, strict=True))


@dataclass(frozen=True, eq=False)
class BesideSource:
    """A joint facility with alternatives beside it, where groups may split up; see :mod:`.alternatives`.

    Beyond what a table holds, and without the closed form of :mod:`.splitting`, a group takes one way as a whole.
    """

    joint: "Source"
    beside: Alternatives
    splitting: Splitting | None
    n: int

    def costs(self, members: BoolArray) -> FloatArray:
        if self.splitting is not None:
            found = self.splitting.costs(members)
        elif self.n <= WALK_LIMIT:
            found = self.table()[members @ (1 << np.arange(self.n))]
        else:
            found = np.minimum(self.joint.costs(members), self.beside.costs(members))
        everyone = members.all(axis=1)
        if everyone.any():
            found[everyone] = self.joint.costs(members[everyone])
        return found

    def table(self) -> FloatArray:
        return self.beside.beside(self.joint.table())

    def along(self, orders: IntArray) -> FloatArray:
        return _one_by_one(self.costs, orders)

    def fingerprint(self) -> Iterator[bytes]:
        yield from self.joint.fingerprint()
        yield from self.beside.fingerprint()


Source: TypeAlias = TableSource | PoolSource | FunctionSource | BesideSource
"""Costs of coalitions of n players."""


def _one_by_one(costs: Callable[[BoolArray], FloatArray], orders: IntArray) -> FloatArray:
    """What the player at each place adds, from the cost of all who joined by then."""
    rows, n = orders.shape
    joined = np.zeros((rows, n, n), dtype=np.bool_)
    for place in range(n):
        joined[np.arange(rows)[:, None], place:, orders[:, place, None]] = True
    return np.diff(costs(joined.reshape(rows * n, n)).reshape(rows, n), axis=1, prepend=0.0)


def _added(amounts: Iterable[FloatArray], shape: int | tuple[int, ...]) -> FloatArray:
    total = np.zeros(shape)
    for more in amounts:
        total += more
        del more  # or the next one would find its memory taken
    return total
