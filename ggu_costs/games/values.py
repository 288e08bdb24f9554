r"""Values: what a player adds, averaged (Shapley and relatives), and the separable-cost rules of engineers.

The Shapley value of player i is the mean, over all orders in which the players can join, of what i adds:

.. math:: \phi_i = \sum_{S \ni i} \frac{(|S|-1)!\,(n-|S|)!}{n!} \bigl(C(S) - C(S \setminus i)\bigr).

It adds up over cost pools, so for a game of pools it is exact at any n. A municipality notices that it pays the mean of
being first, being last and everything between; nobody's place in a list matters.

References
----------
Shapley, L. (1953). A value for n-person games. Contributions to the Theory of Games II, 307-317.
Kalai, E. and Samet, D. (1987). On weighted Shapley values. International Journal of Game Theory 16, 205-222.
Owen, G. (1977). Values of games with a priori unions. Mathematical Economics and Game Theory, 76-88.
Littlechild, S. and Owen, G. (1973). A simple expression for the Shapley value in a special case. Management Science
20, 370-372.
Straffin, P. and Heaney, J. (1981). Game theory and the Tennessee Valley Authority. International Journal of Game Theory
10, 35-43.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.games._reading import read_unions
from ggu_costs.games.coalitions import over_subsets, sizes, subset_sums
from ggu_costs.games.figures import amount_text, as_numbers, by_player
from ggu_costs.games.game import CostGame, check_game
from ggu_costs.games.limits import TOLERANCE, WALK_LIMIT, scale_of
from ggu_costs.games.pools import Part
from ggu_costs.games.result import Certificate, GameSolution, residual_of
from ggu_costs.games.sampling import sample_orders
from ggu_costs.games.semivalues import table_banzhaf, table_shapley
from ggu_costs.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures


def shapley(game: CostGame, *, threads: int | None = None) -> GameSolution:
    """Compute the Shapley value (Shapley-waarde), exactly.

    Parameters
    ----------
    game
        Any game to 26 players; a game of cost pools of any size.
    threads
        Threads for large tables; the bits of the result do not depend on it.

    Returns
    -------
    GameSolution
        `parts` holds the share in each pool.

    Raises
    ------
    InputError
        More than 26 players and no cost pools: use :func:`~ggu_costs.games.sampling.sampled_shapley`.

    Notes
    -----
    One player pays everything; a player that adds nothing pays nothing; players alike pay the same, up to rounding of
    the last digits. Volumes of more than 20 players are laid on a lattice: exact where they are whole multiples of a
    unit that fits, else with the error that the certificate states.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> shapley(CostGame.from_table([0, 8, 11, 11, 13, 13, 13, 13])).values.round(3).tolist()
    [2.667, 4.167, 6.167]
    """
    check_game(game, "shapley")
    _check_threads(threads)
    if game.parts is None:
        values = table_shapley(game.table(method="the Shapley value from a table"), threads)
        certificate = Certificate("one pass over the table", residual=residual_of(values, game.total))
        return GameSolution("shapley", values, certificate, game)
    shares: dict[str, FloatArray] = {}
    notes: list[str] = []
    residual = lattice = 0.0
    for k, part in enumerate(game.parts):
        share, error, of_lattice, note = part.shapley(game.n, threads)
        shares[_label(part, k)] = share
        residual += error
        lattice += float(f"{of_lattice:.2g}")
        if note:
            notes.append(note)
    values = np.sum(list(shares.values()), axis=0)
    residual = residual / scale_of(game.total) + residual_of(values, game.total)
    method = "per cost pool, volumes on a lattice" if lattice else "exact per cost pool"
    certificate = Certificate(method, residual=residual, notes=tuple(notes), lattice_error=lattice)
    return GameSolution("shapley", values, certificate, game, parts=shares)


def _check_threads(threads: object) -> None:
    if threads is not None and (not isinstance(threads, int | np.integer) or isinstance(threads, bool)):
        raise InputError(f"threads: {threads!r}; allowed: a whole number", remedy="Leave it out to use all cores.")


def _label(part: Part, k: int) -> str:
    return f"pool {k + 1} ({part.label})"


def banzhaf(game: CostGame, *, threads: int | None = None) -> GameSolution:
    r"""Compute the Banzhaf value: the mean of what a player adds over all coalitions of the others.

    .. math:: \beta_i = 2^{1-n} \sum_{S \ni i} \bigl(C(S) - C(S \setminus i)\bigr)

    It does not add up to C(N), so it is no split; it measures influence.

    Raises
    ------
    InputError
        More than 26 players.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> banzhaf(CostGame.from_savings([0, 0, 0, 1, 0, 2, 1, 3])).values.tolist()
    [1.25, 0.75, 1.25]
    """
    check_game(game, "banzhaf")
    _check_threads(threads)
    values = table_banzhaf(game.table(method="the Banzhaf value"), threads)
    note = "does not add up to C(N)"
    return GameSolution("banzhaf", values, Certificate("one pass over the table", notes=(note,)), game)


def weighted_shapley(
    game: CostGame, weights: Figures, *, seed: int | None = None, error: float = 1e-3, most: int = 1_000_000
) -> GameSolution:
    r"""Compute the weighted Shapley value of Kalai and Samet: a share w_i / w(S) of each dividend.

    The dividends are the numbers with :math:`C(S) = \sum_{T \subseteq S} \Delta(T)`. The value is the mean of what i
    adds over orders drawn from the last to the first, each time with chances in proportion to the weights.

    Parameters
    ----------
    game
        To 20 players exactly; beyond, sampled.
    weights
        One a player, above 0, in player order or labelled by name or code.
    seed, error, most
        Beyond 20 players: as in :func:`~ggu_costs.games.sampling.sampled_shapley`; the seed is required.

    Raises
    ------
    InputError
        A weight that is not above 0; no seed where it is sampled.

    Notes
    -----
    Equal weights give the Shapley value. Of a joint fixed cost the player with the larger weight pays less: the
    dividend of a pair is a saving there, and the weight is a share in it.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> weighted_shapley(CostGame.from_savings([0, 0, 0, 9]), [1, 2]).values.round(12).tolist()
    [3.0, 6.0]
    """
    check_game(game, "weighted_shapley")
    faults = Faults()
    entries = by_player(weights, game.players, game.codes, "weights", faults)
    clean = np.ones(game.n) if entries is None else as_numbers(entries, game.players, "weights", faults, above=0)
    faults.check("weighted_shapley cannot use these weights", remedy="Give every player a weight above 0.")
    if game.n > WALK_LIMIT:
        seed = _checked_seed(game, "weighted_shapley", seed)
        return sample_orders(game, "weighted_shapley", seed=seed, error=error, most=most, weights=clean)
    from ggu_costs.games._kernels import weighted_orders

    values = np.zeros(game.n)
    chance = np.zeros(1 << game.n)
    chance[-1] = 1.0
    weighted_orders(game.table(), clean, chance, subset_sums(clean), values)
    certificate = Certificate("all orders over the table", residual=residual_of(values, game.total))
    return GameSolution("weighted_shapley", values, certificate, game)


def owen(
    game: CostGame,
    unions: Sequence[Iterable[str | int]],
    *,
    seed: int | None = None,
    error: float = 1e-3,
    most: int = 1_000_000,
) -> GameSolution:
    """Compute the Owen value: players join union by union, such as region by region.

    The unions join in random order, and within a union its members do, before the next union begins. The unions'
    totals are the Shapley value of the game between unions.

    Parameters
    ----------
    game
        To 20 players any game; games of pools without a volume pool of any size, exactly. Beyond, sampled.
    unions
        Lists of players by name, code or position; every player in exactly one.
    seed, error, most
        Where it is sampled: as in :func:`~ggu_costs.games.sampling.sampled_shapley`; the seed is required.

    Raises
    ------
    InputError
        A union without members, a player in no union, in two or unknown; no seed where it is sampled.

    Notes
    -----
    Everyone in a union of its own, or all in one, gives the Shapley value.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> game = CostGame.from_savings([0, 0, 0, 80, 0, 100, 0, 100])
    >>> owen(game, [[0, 1], [2]]).values.tolist()
    [70.0, 20.0, 10.0]
    """
    check_game(game, "owen")
    groups = read_unions(game.players, game.codes, unions)
    if game.n <= WALK_LIMIT:
        values = _table_owen(game.table(), groups, game.n)
        certificate = Certificate("unions over the table", residual=residual_of(values, game.total))
        return GameSolution("owen", values, certificate, game)
    shares = {}
    for k, part in enumerate(game.parts or ()):
        share = part.owen(groups, game.n)
        if share is not None:
            shares[_label(part, k)] = share
    if game.parts and len(shares) == len(game.parts):
        values = np.sum(list(shares.values()), axis=0)
        certificate = Certificate("exact per cost pool", residual=residual_of(values, game.total))
        return GameSolution("owen", values, certificate, game, parts=shares)
    seed = _checked_seed(game, "owen", seed)
    return sample_orders(game, "owen", seed=seed, error=error, most=most, unions=groups)


def _checked_seed(game: CostGame, rule: str, seed: int | None) -> int:
    if seed is None:
        raise InputError(
            f"{rule} of {game.n} players is sampled beyond {WALK_LIMIT} players, and that needs a seed",
            remedy="State seed= (any whole number, 0 is one); the result then has a standard error.",
        )
    return seed


def _table_owen(table: FloatArray, groups: list[IntArray], n: int) -> FloatArray:
    """Per union: average its members' game over the unions that came before, then take its Shapley value."""
    values = np.empty(n)
    bits = np.array([np.sum(1 << group) for group in groups], dtype=np.int64)
    rest = len(groups) - 1
    chance = np.array([1.0 / (len(groups) * comb(rest, size)) for size in range(len(groups))])[sizes(rest)]
    for k, group in enumerate(groups):
        before = over_subsets(np.delete(bits, k), np.add)  # unions that come before, each with its chance
        inside = over_subsets(1 << group, np.add)
        game = np.zeros(len(inside))
        for mask, weight in zip(before, chance, strict=True):
            game += weight * (table[mask + inside] - table[mask])
        values[group] = table_shapley(game, None)
    return values


def scrb(game: CostGame) -> GameSolution:
    r"""Split by separable costs, remaining benefits (SCRB).

    With separable costs :math:`m_i = C(N) - C(N \setminus i)` and remaining benefits :math:`r_i = C(\{i\}) - m_i`,

    .. math:: x_i = m_i + \frac{r_i}{\sum_j r_j} \Bigl( C(N) - \sum_j m_j \Bigr).

    Raises
    ------
    InputError
        The remaining benefits add up to 0 while some cost is not separable.

    Notes
    -----
    Where the separable costs are all there is, everyone pays its own. A negative remaining benefit (a player that
    adds more to the others than it costs alone) is noted in the certificate.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> tva = CostGame.from_table([0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584])
    >>> scrb(tva).values.round().tolist()
    [117476.0, 99157.0, 195951.0]
    """
    check_game(game, "scrb")
    benefit = game.alone - game.marginal
    joint = game.total - float(np.sum(game.marginal))
    whole = float(np.sum(benefit))
    size = scale_of(float(np.max(np.abs([game.total, *game.alone]))))
    if abs(whole) <= TOLERANCE * size:
        if abs(joint) > TOLERANCE * size:
            raise InputError(
                "scrb does not exist here: the remaining benefits add up to 0 "
                f"while {amount_text(joint)} is not separable",
                remedy="Use ensc, shapley or nucleolus.",
            )
        values = game.marginal.copy()
    else:
        values = game.marginal + benefit * (joint / whole)
    sign = 1 if game.kind == "cost" else -1
    negative = [game.players[i] for i in np.flatnonzero(sign * benefit < -TOLERANCE * size)]
    notes = (f"negative remaining benefit: {listed(negative)}",) if negative else ()
    certificate = Certificate("closed form", residual=residual_of(values, game.total), notes=notes)
    return GameSolution("scrb", values, certificate, game)


def ensc(game: CostGame) -> GameSolution:
    r"""Split by separable costs, the rest equally (egalitarian non-separable costs, ENSC).

    .. math:: x_i = m_i + \frac1n \Bigl( C(N) - \sum_j m_j \Bigr), \qquad m_i = C(N) - C(N \setminus i).

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> tva = CostGame.from_table([0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584])
    >>> ensc(tva).values.tolist()
    [119424.0, 107973.0, 185187.0]
    """
    check_game(game, "ensc")
    values = game.marginal + (game.total - float(np.sum(game.marginal))) / game.n
    certificate = Certificate("closed form", residual=residual_of(values, game.total))
    return GameSolution("ensc", values, certificate, game)
