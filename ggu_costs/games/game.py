r"""The cost game (kostenverdeelspel): players, and a cost C(S) for every coalition S of them, with C(empty) = 0.

A game is checked when it is made; the solutions trust it. A profit game, made by :meth:`CostGame.from_savings`, gives
every coalition what it can gain, v(S); its solutions are payoffs. The kind is part of the game: nothing changes sign
on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.games._reading import Names, cost_of_nobody, read_coalitions, read_players, read_table
from ggu_costs.games._sources import BesideSource, FunctionSource, PoolSource, Source, TableSource
from ggu_costs.games.alternatives import Alternatives, no_alternatives, read_alternatives
from ggu_costs.games.coalitions import Coalition, positions
from ggu_costs.games.figures import entries_of
from ggu_costs.games.limits import TABLE_LIMIT, WALK_LIMIT
from ggu_costs.games.pools import KINDS, Part, Pool
from ggu_costs.games.splitting import Splitting
from ggu_costs.text import one_line
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.alternatives import GroupCosts
    from ggu_costs.games.figures import Figures

Players = Sequence[str] | Mapping[str, str]
Kind = Literal["cost", "profit"]
_Form = tuple[Callable[[object, object, Faults], tuple[Names, "FloatArray"]], str, str]
_TABLE: _Form = (read_table, "this is not a game in 2^n values", "Correct the values listed.")
_COALITIONS: _Form = (read_coalitions, "these coalitions make no game", "Correct the coalitions listed.")


class CostGame:
    """Players and the cost of every coalition of them.

    Made by :meth:`from_table`, :meth:`from_coalitions`, :meth:`from_function`, :meth:`from_pools` or, for profits,
    :meth:`from_savings`.

    Attributes
    ----------
    players : tuple of str
        Names; coalitions are shown by them.
    codes : tuple of str
        Codes, such as GM0363; equal to the names where none were given.
    kind : {"cost", "profit"}

    Examples
    --------
    The cost of the three purposes of the Tennessee Valley Authority, thousand dollars (Ransmeier 1942).

    >>> costs = {
    ...     ("n",): 163_520, ("f",): 140_826, ("p",): 250_096,
    ...     ("n", "f"): 301_607, ("n", "p"): 378_821, ("f", "p"): 367_370, ("n", "f", "p"): 412_584,
    ... }
    >>> game = CostGame.from_coalitions(costs)
    >>> game.players, game.value(["f", "p"]), game.total
    (('n', 'f', 'p'), 367370.0, 412584.0)
    """

    def __init__(
        self, players: tuple[str, ...], codes: tuple[str, ...], source: Source, *, kind: Kind = "cost"
    ) -> None:
        self.players, self.codes = players, codes
        self.kind: Kind = kind
        self._source = source
        self._table: FloatArray | None = None

    @classmethod
    def from_table(cls, values: Sequence[float] | FloatArray, players: Players | None = None) -> CostGame:
        """Make a game from the costs of all 2^n coalitions.

        Parameters
        ----------
        values
            2^n costs in euro; bit i of the position is player i, so position 5 holds players 0 and 2.
        players
            Names, or a mapping (Series) of code to name; by default "1", "2", and so on.

        Raises
        ------
        InputError
            The number of values is not 2^n, a value is no finite number, the empty coalition costs something, a name
            comes twice; all faults at once.

        Examples
        --------
        >>> CostGame.from_table([0, 10, 12, 15]).value(["1", "2"])
        15.0
        """
        return cls._read(_TABLE, values, players, "cost")

    @classmethod
    def from_savings(
        cls,
        values: Sequence[float] | FloatArray | Mapping[str | Iterable[str], float],
        players: Players | None = None,
    ) -> CostGame:
        """Make a profit game: v(S) is what coalition S can gain, and solutions are payoffs.

        Takes a table as :meth:`from_table`, or a mapping as :meth:`from_coalitions`.

        Examples
        --------
        >>> CostGame.from_savings([0, 0, 0, 0, 0, 9, 10, 12]).kind
        'profit'
        """
        return cls._read(_COALITIONS if isinstance(values, Mapping) else _TABLE, values, players, "profit")

    @classmethod
    def from_coalitions(cls, costs: Mapping[str | Iterable[str], float], players: Players | None = None) -> CostGame:
        """Make a game from named coalitions.

        Parameters
        ----------
        costs
            Cost by coalition: a tuple or frozenset of names, or one name; every coalition of the players, the empty one
            optional.
        players
            As in :meth:`from_table`; by default the names in the order in which they appear.

        Raises
        ------
        InputError
            A coalition is missing, comes twice or names an unknown player; or as in :meth:`from_table`.
        """
        return cls._read(_COALITIONS, costs, players, "cost")

    @classmethod
    def from_function(
        cls,
        players: Players,
        cost: Callable[[Coalition], float],
        *,
        executor: Executor | None = None,
    ) -> CostGame:
        """Make a game from a function of the coalition.

        Parameters
        ----------
        players
            As in :meth:`from_table`.
        cost
            Called with a tuple of names in player order; gives euro. Each coalition is asked once, when it is needed,
            many at a time; it must not depend on the order of the calls.
        executor
            Where the calls run; by default threads of this process.

        Raises
        ------
        InputError
            The function gives no finite number, or a cost for the empty coalition. What it raises itself comes through.

        Notes
        -----
        A function that raises for the empty coalition is not held to it: C(empty) is 0.

        Examples
        --------
        >>> CostGame.from_function(["a", "b"], lambda group: 10 + 5 * len(group) if group else 0).total
        20.0
        """
        faults = Faults()
        names, codes = read_players(players, faults)
        if executor is not None and not callable(getattr(executor, "map", None)):
            faults.add("executor", repr(executor), "an executor of concurrent.futures, or None")
        if not callable(cost):
            faults.add("cost", repr(cost), "a function of a tuple of names")
        elif (nothing := cost_of_nobody(cost, faults)) != 0:
            faults.add("cost()", f"{nothing} for the empty coalition", "0", "Give fixed costs to groups with a member.")
        faults.check("this is not a cost game", remedy="Correct the values listed.")
        source = FunctionSource(cost, names, executor)
        source.known[np.packbits(np.zeros(len(names), dtype=np.bool_)).tobytes()] = 0.0
        game = cls(names, codes, source)
        game.costs(np.ones((1, game.n), dtype=np.bool_))
        return game

    @classmethod
    def from_pools(cls, players: Players, pools: Sequence[Pool]) -> CostGame:
        """Make a game from cost pools; the cost of a coalition is their sum.

        Parameters
        ----------
        players
            As in :meth:`from_table`; any number.
        pools
            One or more cost pools (see :mod:`ggu_costs.games.pools`), of a kind as many as wanted.

        Raises
        ------
        InputError
            Any fault in any pool, all of them at once.

        Examples
        --------
        >>> from ggu_costs.games.pools import Fixed, VolumeTiers
        >>> game = CostGame.from_pools(["a", "b"], [Fixed(100), VolumeTiers([30, 70], [(0, 2.0), (50, 1.0)])])
        >>> game.value(["a"]), game.value(["b"]), game.total
        (160.0, 220.0, 250.0)
        """
        faults = Faults()
        names, codes = read_players(players, faults)
        stated = entries_of(pools)
        listing = [pools] if stated is None else list(stated)
        if not listing:
            faults.add("pools", "none", "one or more")
        parts: list[Part] = []
        for k, pool in enumerate(listing):
            if isinstance(pool, Pool):
                parts.append(pool.part(names, codes, f"pools[{k}] {type(pool).__name__}", faults))
            else:
                faults.add(f"pools[{k}]", repr(pool), ", ".join(KINDS))
        faults.check("these pools make no cost game", remedy="Correct the values listed.")
        return cls(names, codes, PoolSource(tuple(parts), len(names)))

    def with_alternatives(self, alone: Figures | None = None, groups: GroupCosts | None = None) -> CostGame:
        """Return the game in which a group that leaves may split up; see :mod:`ggu_costs.games.alternatives`.

        Parts of it stay together at C, are on their own or, where a group as stated is whole, act as that group.

        Parameters
        ----------
        alone
            What each pays on its own, in player order or by name or code; None or NaN: not known.
        groups
            What a group pays when it acts as one, by its members (names or codes); nobody is in two groups.

        Raises
        ------
        InputError
            All faults at once; a profit game, or one that has alternatives.

        Notes
        -----
        Exact to 20 players, and at any n where prices fall. Otherwise a group goes one way as a whole.

        Examples
        --------
        >>> game = CostGame.from_table([0, 10, 10, 14, 10, 14, 14, 18], ["a", "b", "c"])
        >>> beside = game.with_alternatives([9, 9, 3], {("a", "b"): 15})
        >>> beside.value(["a", "b"]), beside.value(["b", "c"]), beside.total
        (14.0, 12.0, 18.0)
        """
        faults, source = Faults(), self._source
        beside = read_alternatives(self.players, self.codes, alone, groups, faults)
        if self.kind == "profit":
            faults.add("game", "a profit game", "a cost game", "State what each pays, not what it gains.")
        if isinstance(source, BesideSource):
            faults.add("game", "has alternatives", "one without", "Give all alternatives at once.")
        faults.check("these are no alternatives to the joint facility", remedy="Correct the values listed.")
        splitting = Splitting.of(self.parts, self.n, beside)
        return CostGame(self.players, self.codes, BesideSource(source, beside, splitting, self.n))

    @classmethod
    def _read(cls, form: _Form, stated: object, players: object, kind: Kind) -> CostGame:
        read, problem, remedy = form
        faults = Faults()
        (names, codes), table = read(stated, players, faults)
        faults.check(problem, remedy=remedy)
        return cls(names, codes, TableSource(_frozen(table), len(names)), kind=kind)

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def parts(self) -> tuple[Part, ...] | None:
        """The checked cost pools, or None for a game that is not made of pools, or has alternatives beside them."""
        return self._source.parts if isinstance(self._source, PoolSource) else None

    @property
    def alternatives(self) -> Alternatives | None:
        """What players can do without the joint facility, where that is in the game."""
        return self._source.beside if isinstance(self._source, BesideSource) else None

    @cached_property
    def joint(self) -> CostGame:
        """The game without its alternatives."""
        source = self._source
        return CostGame(self.players, self.codes, source.joint) if isinstance(source, BesideSource) else self

    @cached_property
    def splitting(self) -> Splitting | None:
        """The game in the form of :mod:`.splitting`; None where it has none."""
        source, none = self._source, no_alternatives(self.n)
        return source.splitting if isinstance(source, BesideSource) else Splitting.of(self.parts, self.n, none)

    @cached_property
    def total(self) -> float:
        """C(N), euro."""
        return float(self.costs(np.ones((1, self.n), dtype=np.bool_))[0])

    @cached_property
    def alone(self) -> FloatArray:
        """C({i}) of each player."""
        return _frozen(self.costs(np.eye(self.n, dtype=np.bool_)))

    @cached_property
    def marginal(self) -> FloatArray:
        r"""C(N) - C(N \\ {i}) of each player: what it adds to all others together."""
        return _frozen(self.total - self.costs(~np.eye(self.n, dtype=np.bool_)))

    def value(self, coalition: Iterable[str | int]) -> float:
        """Cost (in a profit game: gain) of a coalition, given by names, codes or positions.

        Raises
        ------
        InputError
            Somebody in it is no player.
        """
        faults = Faults()
        row = np.zeros((1, self.n), dtype=np.bool_)
        row[0, positions(self.players, self.codes, coalition, "coalition", faults)] = True
        faults.check("this is no coalition of the game", remedy="Name players of the game.")
        return float(self.costs(row)[0])

    def costs(self, members: BoolArray) -> FloatArray:
        """Costs of coalitions given as rows of truth values, shape (coalitions, n).

        Raises
        ------
        InputError
            An array of another shape or kind.
        """
        self._check_rows(members, "b", "truth values: who is in")
        return self._source.costs(members)

    def along(self, orders: IntArray) -> FloatArray:
        """What the player at each place adds, for rows of player positions in their order of joining.

        Raises
        ------
        InputError
            An array of another shape or kind.
        """
        self._check_rows(orders, "iu", "positions: all players, in an order")
        return self._source.along(orders)

    def _check_rows(self, rows: object, kinds: str, what: str) -> None:
        if not isinstance(rows, np.ndarray) or rows.shape[1:] != (self.n,) or rows.dtype.kind not in kinds:
            found = f"{rows.dtype} of shape {rows.shape}" if isinstance(rows, np.ndarray) else f"{rows!r:.60}"
            raise InputError(f"coalitions: {found}", remedy=f"Give an array with rows of {self.n} {what}.")

    def table(self, *, limit: int = TABLE_LIMIT, method: str = "this", instead: str = "") -> FloatArray:
        """Costs of all 2^n coalitions, bit i of the position is player i.

        Raises
        ------
        InputError
            More players than `limit`; the message says what fits instead.
        """
        if self.n > limit:
            raise InputError(
                f"{self.n} players are too many for {method}: it goes through all 2^n coalitions, to {limit} players",
                remedy=instead or "State the game as cost pools, or sample it with sampled_shapley.",
            )
        if self._table is None:
            table = _frozen(self._source.table())
            if self.n > WALK_LIMIT:
                return table  # too large to keep
            self._table = table
        return self._table

    def digest(self) -> str:
        """SHA-256 of players and costs, in hexadecimal."""
        state = hashlib.sha256("\0".join((self.kind, *self.players, *self.codes)).encode("utf-8", "surrogatepass"))
        for piece in self._source.fingerprint():
            state.update(piece)
        return state.hexdigest()

    def __repr__(self) -> str:
        return one_line(f"<CostGame ({self.kind}) of {self.n} players: {listed(self.players, most=6)}>")


def check_game(game: object, what: str) -> None:
    """Refuse what is no game.

    Raises
    ------
    InputError
        It is something else; the message names its type.
    """
    if not isinstance(game, CostGame):
        raise InputError(
            f"{what} needs a CostGame, not {game!r:.60}",
            remedy="Make the game first, with CostGame.from_table, from_coalitions, from_function or from_pools.",
        )


def _frozen(values: FloatArray) -> FloatArray:
    values.setflags(write=False)
    return values
