"""The Shapley value and its relatives by drawing orders, with an honest error.

In each order the players join one after the other, and everyone pays what it adds; the mean over orders is unbiased,
and every order adds up to C(N). Orders come in pairs, one the reverse of the other, where all orders are equally
likely: who is early in one is late in the other, which takes much of the noise away.

References
----------
Castro, J., Gómez, D. and Tejada, J. (2009). Polynomial calculation of the Shapley value based on sampling. Computers
and Operations Research 36, 1726-1730.
"""

from collections.abc import Iterable, Sequence
from statistics import NormalDist

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.games._reading import read_unions
from ggu_costs.games.figures import as_number
from ggu_costs.games.game import CostGame, check_game
from ggu_costs.games.limits import scale_of
from ggu_costs.games.result import Certificate, GameSolution, residual_of
from ggu_costs.typing import FloatArray, IntArray

_BATCH = 256  # orders drawn at a time
_FIRST = 1024  # orders before the accuracy is looked at
_GROWTH = 1.25  # and again each time there are this many times more


def sampled_shapley(
    game: CostGame,
    *,
    seed: int,
    unions: Sequence[Iterable[str | int]] | None = None,
    error: float = 1e-3,
    confidence: float = 0.95,
    most: int = 1_000_000,
) -> GameSolution:
    """Estimate the Shapley (with unions: the Owen) value by drawing orders.

    Parameters
    ----------
    game
        Any game of any size.
    seed
        Any whole number, 0 is one: the same seed gives the same bits.
    unions
        As in :func:`~ggu_costs.games.values.owen`.
    error
        Stop when the bound on every player's error is below `error` times max(1, abs(C(N))).
    confidence
        Of that bound, for all players together (Bonferroni, normal quantiles).
    most
        Stop after this many orders in any case.

    Returns
    -------
    GameSolution
        The certificate has `standard_error`, `bound`, `samples`, and `reached`: whether `error` was met.

    Raises
    ------
    InputError
        A seed that is no whole number, an error or confidence out of range, fewer than 1,024 orders allowed.

    Notes
    -----
    The accuracy is looked at after 1,024 orders and each time there are a quarter more, so that looking often does not
    make the stop too early.

    Examples
    --------
    >>> from ggu_costs.games.game import CostGame
    >>> result = sampled_shapley(CostGame.from_table([0, 10, 20, 24]), seed=0)
    >>> result.values.tolist(), result.certificate.samples
    ([7.0, 17.0], 1024)
    """
    check_game(game, "sampled_shapley")
    groups = None if unions is None else read_unions(game.players, game.codes, unions)
    rule = "sampled_shapley" if unions is None else "owen"
    return sample_orders(
        game, rule, seed=seed, error=error, most=most, confidence=confidence, weights=None, unions=groups
    )


def sample_orders(
    game: CostGame,
    rule: str,
    *,
    seed: int,
    error: float,
    most: int,
    confidence: float = 0.95,
    weights: FloatArray | None = None,
    unions: list[IntArray] | None = None,
) -> GameSolution:
    """Draw orders until the bound is met; see :func:`sampled_shapley`."""
    _check(seed, error, most, confidence)
    stream = np.random.Generator(np.random.Philox(seed))
    quantile = NormalDist().inv_cdf(1 - (1 - confidence) / (2 * game.n))
    paired = weights is None
    count, mean, moment = 0, np.zeros(game.n), np.zeros(game.n)
    look, spread_of_mean = _FIRST, np.full(game.n, np.inf)
    while True:
        orders = _draw(stream, game.n, _BATCH // 2 if paired else _BATCH, weights, unions)
        added = _by_player(game, orders)
        if paired:
            added = (added + _by_player(game, orders[:, ::-1])) / 2
        rows = len(added)
        gap = added.mean(axis=0) - mean
        moment += np.sum((added - added.mean(axis=0)) ** 2, axis=0) + gap**2 * (count * rows / (count + rows))
        mean, count = mean + gap * (rows / (count + rows)), count + rows
        drawn = count * (2 if paired else 1)
        if drawn >= look or drawn + _BATCH > most:
            spread_of_mean = np.sqrt(moment / (count - 1) / count)
            look = int(drawn * _GROWTH)
            reached = bool(np.max(quantile * spread_of_mean) <= error * scale_of(game.total))
            if reached or drawn + _BATCH > most:
                break
    notes = () if reached else (f"stopped after {drawn} orders, before the wanted accuracy",)
    certificate = Certificate(
        "random orders" + (" in opposite pairs" if paired else ""),
        residual=residual_of(mean, game.total),
        standard_error=spread_of_mean,
        bound=quantile * spread_of_mean,
        samples=drawn,
        reached=reached,
        notes=notes,
    )
    return GameSolution(rule, mean, certificate, game)


def _check(seed: int, error: float, most: int, confidence: float) -> None:
    faults = Faults()
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        faults.add("seed", repr(seed), "a whole number, 0 or more")
    for where, value, what in (("error", error, ", a fraction of C(N)"), ("confidence", confidence, "")):
        known = len(faults.found)
        if not 0 < as_number(value, where, faults) < 1 and len(faults.found) == known:
            faults.add(where, repr(value), f"between 0 and 1{what}")
    as_number(most, "most", faults, least=_FIRST)
    faults.check("the sampling cannot start", remedy="Correct the values listed.")


def _draw(
    stream: np.random.Generator, n: int, rows: int, weights: FloatArray | None, unions: list[IntArray] | None
) -> IntArray:
    """Rows of players in their order of joining."""
    keys = stream.random((rows, n))
    if weights is not None:
        # the smallest of exponentials with these rates is i with chance w_i / w: that one comes last
        return np.argsort(np.log1p(-keys) / weights, axis=1)
    if unions is not None:
        turn = np.argsort(np.argsort(stream.random((rows, len(unions))), axis=1), axis=1)
        for k, group in enumerate(unions):
            keys[:, group] += turn[:, k, None]
    return np.argsort(keys, axis=1)


def _by_player(game: CostGame, orders: IntArray) -> FloatArray:
    added = np.empty(orders.shape)
    np.put_along_axis(added, orders, game.along(orders), axis=1)
    return added
