r"""The least core: splits whose largest complaint is as small as it can be.

.. math:: \epsilon^* = \min \{ \epsilon : x(N) = C(N), \; x(S) \le C(S) + \epsilon \; \forall S \ne \emptyset, N \}

A linear programme with 2^n - 2 rows; only those that matter are ever written down. The optimum comes with duals: a
weighted collection of coalitions that proves that no split does better.

References
----------
Maschler, M., Peleg, B. and Shapley, L. (1979). Geometric properties of the kernel, nucleolus, and related solution
concepts. Mathematics of Operations Research 4, 303-338.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.figures import check_flags
from ggu_costs.games.coalitions import Coalition, member_rows, named
from ggu_costs.games.figures import amount_text
from ggu_costs.games.game import CostGame, check_game
from ggu_costs.games.limits import NUCLEOLUS_LIMIT, scale_of
from ggu_costs.games.result import Certificate, GameSolution, residual_of
from ggu_costs.games.scan import TableScan
from ggu_costs.typing import BoolArray, FloatArray

_VIOLATED = 1e-10
_CUTS = 40  # coalitions added at a time


def least_core(
    game: CostGame, *, progress: bool | Callable[[int, float], None] = False, most: int = 200
) -> GameSolution:
    """Find the smallest possible largest complaint, and one split that has it.

    Parameters
    ----------
    game
        To 20 players any game; games of cost pools of any size.
    progress
        Called before each search with the coalitions written down and the gap in euro that is left between the best
        split and the bound (inf at first); a KeyboardInterrupt raised there ends the work. True shows a bar.
    most
        Where prices rise (or regions cross) beyond 20 players: coalitions written down one by one before it stops with
        the best split so far. Any other game is always solved to the end.

    Returns
    -------
    GameSolution
        `epsilon` is the smallest largest complaint x(S) - C(S), euro: 0 or less exactly when the core is not empty.
        The certificate has the witness, and the duals that prove the optimum; they add up to 1. After a stop `reached`
        is False, `epsilon` is the largest complaint under this split, and a note says between which amounts the
        smallest one lies; `residual` is the difference of the two relative to the cost.

    Raises
    ------
    InputError
        More than 20 players and no cost pools; `most` is no whole number of at least 1.
    InfeasibleError
        The programme has no optimum; the message names the cause.

    Notes
    -----
    One player: it pays C(N), and epsilon is -inf, as there is no other group. The split is one of possibly many; shares
    may lie above the cost alone when the core is empty.

    How long it takes, for 342 players: with falling prices seconds at most. Where prices rise with the volume and
    little else is shared, coalitions are written down one by one, each after a linear programme of some tenths of a
    second, so that 200 of them take about a minute; how many it takes to the end is not known to have a bound but that
    of all groups, 2^n - 2. `progress` shows how far it is. Fewer players (regions in place of municipalities) help, or
    shapley, which adds up over pools.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> result = least_core(CostGame.from_table([0, 6, 6, 9, 6, 9, 9, 15]))
    >>> round(result.epsilon, 9), result.values.round(9).tolist()
    (1.0, [5.0, 5.0, 5.0])
    """
    check_game(game, "least_core")
    if not isinstance(most, int | np.integer) or isinstance(most, bool) or most < 1:
        raise InputError(f"most: {most!r}; allowed: a whole number, 1 or more", remedy="Leave it out for 200.")
    if game.n == 1:
        certificate = Certificate("one player: there is no other group")
        return GameSolution("least_core", np.array([game.total]), certificate, game, epsilon=-np.inf)
    scale = scale_of(float(np.max(np.abs([game.total, *game.alone]))))
    with _reported(progress) as tell:
        rows = _Rows(game, 1.0 if game.kind == "cost" else -1.0, scale, tell)
        point, witness, complaint, reached = rows.settle(int(most))
    _, duals, _ = rows.programme.solve("the least core")
    epsilon = rows.programme.objective
    residual = complaint - epsilon
    notes: tuple[str, ...] = ()
    if not reached:
        low, high = amount_text(epsilon * scale), amount_text(complaint * scale)
        notes = (
            f"the smallest possible largest complaint lies between {low} and {high}: the search was stopped after "
            f"{len(rows.members)} coalitions, as where prices rise their number has no known bound",
        )
        epsilon = complaint
    values = rows.sign * point * scale
    proof: dict[Coalition, float] = {
        named(game.players, rows.members[row - 1]): abs(float(dual))
        for row, dual in enumerate(duals)
        if row > 0 and abs(dual) > _VIOLATED
    }
    certificate = Certificate(
        f"{rows.programme.runs} linear programmes, {len(rows.members)} coalitions written down",
        residual=max(residual_of(values, game.total), residual),
        coalition=named(game.players, witness),
        complaint=complaint * scale,
        duals=proof,
        reached=reached,
        notes=notes,
    )
    return GameSolution("least_core", values, certificate, game, epsilon=epsilon * scale)


@contextmanager
def _reported(progress: bool | Callable[[int, float], None]) -> Iterator[Callable[[int, float], None]]:
    """Give what is called as the work goes on: nothing, the user's function, or a bar."""
    if callable(progress):
        yield progress
        return
    check_flags(progress=progress)
    if not progress or sys.stderr is None:  # closed, as that of a service may be
        yield lambda _written, _gap: None
    else:
        from tqdm import tqdm

        with tqdm(leave=False) as bar:

            def show(written: int, gap: float) -> None:
                bar.set_postfix(gap=f"{gap:,.2f}", refresh=False)
                bar.update(written - bar.n)

            yield show


class _Rows:
    """The coalitions written down, and where to find those that are missing."""

    def __init__(self, game: CostGame, sign: float, scale: float, tell: Callable[[int, float], None]) -> None:
        from ggu_costs.games.programme import Programme

        self._game, self.sign, self._scale, self._tell = game, sign, scale, tell
        unbounded = np.full(game.n + 1, np.inf)
        self.programme = Programme(np.concatenate([np.zeros(game.n), [1.0]]), -unbounded, unbounded)
        everyone = np.concatenate([np.ones(game.n), [0.0]])[None, :]
        total = np.array([sign * game.total / scale])
        self.programme.add_rows(everyone, total, total)
        self.members = np.zeros((0, game.n), dtype=np.bool_)
        if game.joint.parts is not None and game.n > NUCLEOLUS_LIMIT:
            from ggu_costs.games.leaving import LeavingSearch
            from ggu_costs.games.worst import PoolSearch

            search = PoolSearch(game) if game.alternatives is None else LeavingSearch(game)
            self._interior, self._to_the_end = True, search.closed_form
            self._worst: Callable[[FloatArray], BoolArray] = lambda shares: search.candidates(shares * scale)
        else:
            table = game.table(
                limit=NUCLEOLUS_LIMIT,
                method="the least core",
                instead="State the game as cost pools, or use core_check.",
            )
            costs = table * (sign / scale)
            costs[[0, -1]] = np.inf
            scan = TableScan(costs)
            self._interior, self._to_the_end = False, True
            self._worst = lambda shares: member_rows(scan.worst(shares, _CUTS)[1], game.n)

        eye = np.eye(game.n, dtype=np.bool_)
        self.add(eye if game.n == 2 else np.vstack([eye, ~eye]))

    def add(self, members: BoolArray) -> None:
        """Write coalitions down."""
        costs = self.sign * self._game.costs(members) / self._scale
        coefficients = np.hstack([members.astype(np.float64), np.full((len(members), 1), -1.0)])
        self.programme.add_rows(coefficients, np.full(len(members), -np.inf), costs)
        self.members = np.vstack([self.members, members])

    def settle(self, most: int) -> tuple[FloatArray, BoolArray, float, bool]:
        """Add coalitions until some split meets the programme's bound: it, its witness, their complaint, and True.

        Where they come one by one it ends with the best split after `most` of them, and False. For games of pools the
        programme is asked for a point in the middle of its optima: a corner would be cut off again and again.
        """
        least, answer, witness = np.inf, np.zeros(self._game.n), np.zeros(self._game.n, dtype=np.bool_)
        last = np.inf if self._to_the_end else len(self.members) + most
        while True:
            solved, _, _ = self.programme.solve("the least core", interior=self._interior)
            shares = solved[:-1] + (self.sign * self._game.total / self._scale - np.sum(solved[:-1])) / self._game.n
            self._tell(len(self.members), (least - float(solved[-1])) * self._scale)
            found = self._worst(shares)
            complaints = found @ shares - self.sign * self._game.costs(found) / self._scale
            order = np.argsort(-complaints, kind="stable")
            if complaints[order[0]] < least:
                least, answer, witness = float(complaints[order[0]]), shares, found[order[0]]
            new = order[complaints[order] > solved[-1] + _VIOLATED][:_CUTS]
            if least <= solved[-1] + _VIOLATED or len(new) == 0:
                return answer, witness, least, True
            if len(self.members) >= last:
                return answer, witness, least, False
            self.add(found[new])
