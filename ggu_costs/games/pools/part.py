"""What every kind of cost pool has: how users state it, and what it is after checking.

A kind of pool is two classes in a file of its own. The :class:`Pool` holds what was said. Its :class:`Part` is clean
arrays that answer what the room asks: the cost of any coalition, shares in closed form where there is one, and the
:class:`Pieces` in which the search for the most aggrieved coalition takes it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from ggu_costs.allocation.sharing import share_by
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError
from ggu_costs.games.limits import WALK_LIMIT
from ggu_costs.games.semivalues import table_shapley
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    DueOnce = list[tuple[float, IntArray]]
    """Amounts, each due once if any of the players beside it takes part."""


@dataclass(frozen=True, eq=False)
class Condition:
    """A tier of a pool that is not concave holds for low <= volume <= high only."""

    volumes: FloatArray
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Tier:
    """One way in which a pool can be charged: an amount at once and an amount for each member; when, if not always."""

    due: float
    slopes: FloatArray
    condition: Condition | None


@dataclass(frozen=True, eq=False)
class Pieces:
    """A pool as the search takes it: its cost is the sum of what is given here.

    Attributes
    ----------
    due
        Euro once, whoever takes part.
    own
        Euro for each member, shape (n,).
    tiers
        One of these: the cheapest of those that hold.
    levels
        The highest of what the members need, shape (n,), 0 or more.
    regions
        Region of each player, shape (n,), and the amount of each region, due once for its members.
    """

    due: float = 0.0
    own: FloatArray | None = None
    tiers: tuple[Tier, ...] = ()
    levels: FloatArray | None = None
    regions: tuple[IntArray, FloatArray] | None = None


class Part(Brief, ABC):
    """One cost pool over n players, checked."""

    label: ClassVar[str]
    """What the pool is, for people."""

    @property
    @abstractmethod
    def concave(self) -> bool:
        """Whether joining a larger group never adds more, whatever the figures of other pools."""

    @abstractmethod
    def costs(self, members: BoolArray) -> FloatArray:
        """Cost of each coalition, a row of truth values each."""

    @abstractmethod
    def table(self, n: int) -> FloatArray:
        """Costs of all 2^n coalitions, in order of their bit masks."""

    @abstractmethod
    def along(self, orders: IntArray) -> FloatArray:
        """What the player at each place adds, for rows of players in their order of joining."""

    @abstractmethod
    def pieces(self) -> Pieces:
        """The pool as the search for the most aggrieved coalition takes it."""

    @abstractmethod
    def alike(self, i: int, j: int) -> bool:
        """Whether two players can be swapped without changing any cost."""

    def due_once(self, n: int) -> DueOnce | None:
        """The pool as amounts due once by those who cause them; None where it is no sum of such amounts."""
        return None

    def owen(self, groups: list[IntArray], n: int) -> FloatArray | None:
        """Owen value of the pool in closed form; None where there is none."""
        due = self.due_once(n)
        return None if due is None else _by_union(due, groups, n)

    def shapley(self, n: int, threads: int | None) -> tuple[FloatArray, float, float, str]:
        """Shapley value of the pool, its error in euro, what of it a lattice makes, and a note where not exact."""
        shares = self.owen([np.array([i]) for i in range(n)], n)
        if shares is not None:
            return shares, 0.0, 0.0, ""
        if n > WALK_LIMIT:
            raise InputError(
                f"{n} players are too many for the Shapley value of a {self.label} pool: it goes to {WALK_LIMIT}",
                remedy="Sample it with sampled_shapley.",
            )
        return table_shapley(self.table(n), threads), 0.0, 0.0, ""

    def with_volumes_times(self, scale: FloatArray) -> Self:
        """The same pool with the volume of each player multiplied; a pool without volumes is itself."""
        return self

    def total(self, n: int) -> float:
        """Cost for everyone together."""
        return float(self.costs(np.ones((1, n), dtype=np.bool_))[0])

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        """Shares under average cost: in proportion to volumes, unless who causes the cost is plain."""
        return share_by(volumes(), self.total(n), "the volumes are 0 for everyone")

    def fingerprint(self) -> Iterator[bytes]:
        """Bytes that are equal for equal pools."""
        yield self.label.encode()
        yield from (np.asarray(figures).tobytes() for figures in vars(self).values())


class Pool(Brief, ABC):
    """A cost pool as users state it."""

    @abstractmethod
    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""

    def checked(self, n: int) -> Part:
        """Return the pool as clean arrays, where its figures are known to be right and in the order of n players."""
        players, faults = [str(i) for i in range(n)], Faults()
        part = self.part(players, players, "pool", faults)
        faults.check("this pool cannot be used", remedy="Correct the values listed.")
        return part

    def volume(self) -> FloatArray | None:
        """Volume of each player, of a pool that is charged by volume."""
        return None

    def own(self) -> FloatArray | None:
        """Amount of each player, of a pool in which each causes its own."""
        return None

    def standing(self) -> float:
        """Euro that stand whoever takes part; of a coalition of nobody a game has no cost all the same."""
        return 0.0

    def total(self, n: int) -> float:
        """Cost for everyone together, rounded once."""
        return self.checked(n).total(n)

    def average(self, volumes: Callable[[], FloatArray], n: int) -> FloatArray:
        """Shares under average cost; `volumes` gives what is asked where the pool has none of its own."""
        return self.checked(n).average(volumes, n)

    def serial(self, n: int, *, decreasing: bool = False) -> FloatArray:
        """Shares under serial sharing; without volumes by who causes the cost, which is the Shapley value."""
        return self.checked(n).shapley(n, None)[0]


def _by_union(due: DueOnce, groups: list[IntArray], n: int) -> FloatArray:
    """Share each amount equally over the unions that cause it, and within a union over its members that do."""
    union_of = np.empty(n, dtype=np.int64)
    for k, group in enumerate(groups):
        union_of[group] = k
    shares = np.zeros(n)
    for amount, members in due:
        in_union = np.bincount(union_of[members], minlength=len(groups))
        shares[members] += amount / np.count_nonzero(in_union) / in_union[union_of[members]]
    return shares
