r"""Fairness properties (axioma's) as questions with an answer and a witness.

==============================  ======================================================================================
:func:`efficiency`              the shares add up to C(N)
:func:`individual_rationality`  nobody pays more than alone
:func:`group_rationality`       no group pays more than alone (the core)
:func:`no_cross_subsidy`        every group pays at least what it adds to the others
:func:`symmetry`                players alike pay the same
:func:`cost_monotonicity`       when everything costs more, nobody pays less
:func:`volume_monotonicity`     who takes more volume does not pay less
==============================  ======================================================================================

The first five judge a split, the last two a rule.

References
----------
Young, H. (1985). Monotonic solutions of cooperative games. International Journal of Game Theory 14, 65-72.
Faulhaber, G. (1975). Cross-subsidization: pricing in public enterprises. American Economic Review 65, 966-977.
Moulin, H. and Sprumont, Y. (2007). Fair allocation of production externalities. Revue d'Economie Politique 117, 7-36.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.games._sources import PoolSource
from ggu_costs.games.coalitions import positions
from ggu_costs.games.core import core_check, read_shares
from ggu_costs.games.figures import amount_text, as_number, known_figures
from ggu_costs.games.game import CostGame, check_game
from ggu_costs.games.limits import TOLERANCE, WALK_LIMIT, scale_of
from ggu_costs.games.result import GameSolution, Verdict
from ggu_costs.typing import FloatArray

if TYPE_CHECKING:
    from ggu_costs.games.core import Shares
    from ggu_costs.games.figures import Figures


Rule: TypeAlias = Callable[[CostGame], GameSolution]
_IT = {"cost": "cost", "profit": "gain"}


def efficiency(game: CostGame, shares: Shares) -> Verdict:
    """Check that the shares add up to C(N).

    Examples
    --------
    >>> print(efficiency(CostGame.from_table([0, 8, 9, 12]), [5, 6]))
    efficiency: not met (shares add up to 1.00 less than the cost)
    """
    check_game(game, "efficiency")
    short = game.total - float(np.sum(read_shares(game, shares, whole=False)))
    if abs(short) <= TOLERANCE * scale_of(game.total):
        return Verdict("efficiency", True, 0.0, (), "")
    side = "less" if short > 0 else "more"
    detail = f"shares add up to {amount_text(abs(short))} {side} than the {_IT[game.kind]}"
    return Verdict("efficiency", False, abs(short), game.players, detail)


def individual_rationality(game: CostGame, shares: Shares, *, alternatives: Figures | None = None) -> Verdict:
    """Check that nobody pays more than alone (in a profit game: gets less).

    Parameters
    ----------
    game, shares
        As in :func:`~ggu_costs.games.core.core_check`.
    alternatives
        What each player would pay without the others, where that is not C({i}); NaN or None for not known (PM).

    Returns
    -------
    Verdict
        Not met as soon as someone pays more than is known; else unknown as long as a figure is missing, with the
        players it is missing for as the witness.

    Examples
    --------
    >>> game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    >>> individual_rationality(game, [5, 7]).holds
    True
    >>> print(individual_rationality(game, [5, 7], alternatives=[8, None]))
    individual rationality: unknown (no stand-alone cost for b)
    """
    check_game(game, "individual_rationality")
    values = read_shares(game, shares)
    alone = game.alone if alternatives is None else _read_alone(game, alternatives)
    over = (values - alone) * (1.0 if game.kind == "cost" else -1.0)
    unknown = np.flatnonzero(np.isnan(over))
    worst = int(np.nanargmax(over)) if len(unknown) < game.n else 0
    name = "individual rationality"
    if over[worst] > TOLERANCE * scale_of(game.total):
        words = "pays more than alone" if game.kind == "cost" else "gets less than alone"
        return Verdict(name, False, float(over[worst]), (game.players[worst],), f"{game.players[worst]} {words}")
    if len(unknown):
        missing = tuple(game.players[i] for i in unknown)
        return Verdict(name, None, np.nan, missing, f"no stand-alone {_IT[game.kind]} for {listed(missing)}")
    return Verdict(name, True, 0.0, (), "")


def _read_alone(game: CostGame, alternatives: Figures) -> FloatArray:
    faults = Faults()
    known = known_figures(game.players, game.codes, alternatives, "alternatives", faults)
    remedy = "Give one a player; None where it is not known."
    faults.check(f"these stand-alone {_IT[game.kind]}s cannot be used", remedy=remedy)
    return known


def group_rationality(game: CostGame, shares: Shares) -> Verdict:
    """Check that no group pays more than on its own: the split is in the core.

    Examples
    --------
    >>> game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    >>> group_rationality(game, [2, 10]).witness
    ('b',)
    """
    check = core_check(game, shares)
    if check.stable:
        return Verdict("group rationality", True, 0.0, (), "")
    return Verdict("group rationality", False, check.complaint, check.coalition, str(check))


def no_cross_subsidy(game: CostGame, shares: Shares) -> Verdict:
    r"""Check that every group pays at least what it adds: x(S) >= C(N) - C(N \\ S) (in a profit game: gets at most).

    For shares that add up this is the core, seen from the other side: the group that pays too little is everyone but
    the group that pays too much.

    Examples
    --------
    >>> game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    >>> print(no_cross_subsidy(game, [2, 10]))
    no cross-subsidy: not met (a: 1.00 short of what it adds to the others)
    """
    check = core_check(game, shares)
    if check.stable:
        return Verdict("no cross-subsidy", True, 0.0, (), "")
    witness = tuple(name for name in game.players if name not in set(check.coalition))
    side = "short of" if game.kind == "cost" else "above"
    detail = f"{listed(witness)}: {amount_text(check.complaint)} {side} what it adds to the others"
    return Verdict("no cross-subsidy", False, check.complaint, witness, detail)


def symmetry(game: CostGame, shares: Shares) -> Verdict:
    """Check that players alike pay the same.

    To 20 players alike means that swapping them changes no cost; beyond, that their figures are equal in every pool.

    Raises
    ------
    InputError
        More than 20 players and no cost pools.

    Examples
    --------
    >>> symmetry(CostGame.from_table([0, 8, 8, 12], ["a", "b"]), [5, 7]).witness
    ('a', 'b')
    """
    check_game(game, "symmetry")
    values = read_shares(game, shares)
    margin = TOLERANCE * scale_of(game.total)
    worst, pair = margin, (0, 0)
    for j in range(game.n):
        apart = np.abs(values[:j] - values[j])
        near = np.flatnonzero((np.abs(game.alone[:j] - game.alone[j]) <= margin) & (apart > worst))
        for i in near[np.argsort(-apart[near], kind="stable")]:
            if apart[i] > worst and _alike(game, int(i), j, margin):
                worst, pair = float(apart[i]), (int(i), j)
    if worst <= margin:
        return Verdict("symmetry", True, 0.0, (), "")
    one, other = game.players[pair[0]], game.players[pair[1]]
    detail = f"{one} and {other} are alike and differ by {amount_text(worst)}"
    return Verdict("symmetry", False, worst, (one, other), detail)


def _alike(game: CostGame, i: int, j: int, margin: float) -> bool:
    if game.n > WALK_LIMIT and game.parts is not None:
        return all(part.alike(i, j) for part in game.parts)
    table = game.table(limit=WALK_LIMIT, method="the symmetry check", instead="State the game as cost pools.")
    cells = table.reshape(1 << (game.n - 1 - j), 2, 1 << (j - 1 - i), 2, 1 << i)
    return bool(np.max(np.abs(cells[:, 1, :, 0] - cells[:, 0, :, 1])) <= margin)


def cost_monotonicity(rule: Rule, game: CostGame, dearer: CostGame) -> Verdict:
    """Check that nobody pays less under a rule when costs rise (in a profit game: gets less when gains rise).

    Parameters
    ----------
    rule
        Such as :func:`~ggu_costs.games.values.shapley`.
    game, dearer
        The same players; `dearer` costs at least as much for everyone together, and to 20 players for every group.

    Raises
    ------
    InputError
        Other players, or `dearer` is somewhere cheaper.

    Notes
    -----
    When only C(N) rises this is Megiddo's aggregate monotonicity, which the nucleolus does not have.

    Examples
    --------
    >>> from ggu_costs.games.values import shapley
    >>> game, dearer = CostGame.from_table([0, 8, 9, 12]), CostGame.from_table([0, 8, 9, 14])
    >>> cost_monotonicity(shapley, game, dearer).holds
    True
    """
    check_game(game, "cost_monotonicity")
    check_game(dearer, "cost_monotonicity")
    if game.players != dearer.players or game.kind != dearer.kind:
        raise InputError("the two games have different players or kinds", remedy="Give the same players in one order.")
    fall = game.total - dearer.total
    if game.n <= WALK_LIMIT:
        fall = float(np.max(game.table() - dearer.table()))
    if fall > TOLERANCE * scale_of(game.total):
        raise InputError(f"the dearer game is cheaper somewhere, by {amount_text(fall)}", remedy="Swap the games.")
    change = _asked(rule, dearer) - _asked(rule, game)
    return _falls("cost monotonicity", game, change, f"although {_IT[game.kind]}s rise")


def volume_monotonicity(
    rule: Rule, game: CostGame, *, factor: float = 1.1, players: Iterable[str | int] | None = None
) -> Verdict:
    """Check that a player that takes more volume does not pay less under a rule.

    Parameters
    ----------
    rule
        Such as :func:`~ggu_costs.games.values.shapley`.
    game
        A game with a volume pool.
    factor
        The volumes of one player at a time are multiplied by this, above 1.
    players
        Whose volumes, by name, code or position; by default everyone's. The rule is asked once for each.

    Raises
    ------
    InputError
        No volume pool, an unknown player, or a factor that is not above 1.

    Examples
    --------
    >>> from ggu_costs.games.pools import VolumeTiers
    >>> from ggu_costs.games.values import shapley
    >>> game = CostGame.from_pools(["a", "b"], [VolumeTiers([10, 20], [(0, 3.0), (25, 1.0)])])
    >>> volume_monotonicity(shapley, game).holds
    True
    """
    check_game(game, "volume_monotonicity")
    faults = Faults()
    parts = game.parts or ()
    if all(part.with_volumes_times(np.ones(game.n)) is part for part in parts):
        faults.add("game", "no volume pool", "a game with a VolumeTiers pool")
    known = len(faults.found)
    if as_number(factor, "factor", faults) <= 1 and len(faults.found) == known:
        faults.add("factor", repr(factor), "above 1")
    asked = range(game.n) if players is None else positions(game.players, game.codes, players, "players", faults)
    faults.check("volume_monotonicity cannot be asked", remedy="Correct the values listed.")
    before = _asked(rule, game)
    change = np.zeros(game.n)
    for i in asked:
        scale = np.ones(game.n)
        scale[i] = factor
        more = tuple(part.with_volumes_times(scale) for part in parts)
        change[i] = _asked(rule, CostGame(game.players, game.codes, PoolSource(more, game.n)))[i] - before[i]
    return _falls("volume monotonicity", game, change, f"although its volume is {factor:g} times as large")


def _asked(rule: object, game: CostGame) -> FloatArray:
    """What each pays under a rule of the caller."""
    result = rule(game) if callable(rule) else None
    if not isinstance(result, GameSolution):
        found = f"{rule!r:.60}" if result is None else f"a rule that gives {type(result).__name__}"
        raise InputError(f"rule: {found}", remedy="Give a function from a game to its solution, such as shapley.")
    return result.values


def _falls(name: str, game: CostGame, change: FloatArray, why: str) -> Verdict:
    least = int(np.argmin(change))
    if change[least] >= -TOLERANCE * scale_of(game.total):
        return Verdict(name, True, 0.0, (), "")
    player = game.players[least]
    words = "pays" if game.kind == "cost" else "gets"
    detail = f"{player} {words} {amount_text(-change[least])} less, {why}"
    return Verdict(name, False, float(-change[least]), (player,), detail)
