"""Games against coopgame-py and shapley-numba, and alone where nobody else gets: 342 players.

Opponent and library run in alternation in one process, best of several after a warm-up, and each row checks its result.
An opponent that is not installed is left out. Print the table with

    python benchmarks/bench_games.py
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ggu_costs.allocation.sweep import volume_shapley
from ggu_costs.games.core import core_check
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Fixed, ServiceLevels, VolumeTiers, volume
from ggu_costs.games.sampling import sample_orders
from ggu_costs.games.values import shapley
from ggu_costs.games.worst import PoolSearch

Array = NDArray[np.float64]
MUNICIPALITIES = 342


@dataclass(frozen=True)
class Row:
    """One line of the table; `must` is a ratio where there is an opponent, else seconds."""

    name: str
    opponent: str
    opponent_seconds: float
    our_seconds: float
    must: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times faster the library is; NaN where nobody else gets there."""
        return self.opponent_seconds / self.our_seconds

    @property
    def reached(self) -> bool:
        return bool(self.ratio >= self.must) if self.opponent else self.our_seconds <= self.must


def peer(name: str) -> Any:
    """The opponent, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def race(theirs: Callable[[], object], ours: Callable[[], object], repeats: int, *, rounds: int = 9) -> Array:
    """Best seconds of each, run in alternation; ours `rounds` times in each turn, as it is so much shorter."""
    best = np.full(2, np.inf)
    theirs()
    ours()
    for _ in range(repeats):
        for side, run, times in ((0, theirs, 1), (1, ours, rounds)):
            for _ in range(times):
                start = time.perf_counter()
                run()
                best[side] = min(best[side], time.perf_counter() - start)
    return best


def alone(ours: Callable[[], object], repeats: int) -> float:
    ours()
    return float(race(lambda: None, ours, repeats, rounds=1)[1])


def random_table(n: int) -> Array:
    values = np.random.default_rng(n).random(1 << n)
    values[0] = 0.0
    return values


def volume_game(n: int, total: int = 2_000) -> CostGame:
    """C(S) = fixed + a concave piecewise-linear function of the volume of S; sizes as of municipalities."""
    sizes = np.exp(0.85 * np.random.default_rng(342).standard_normal(n))
    volumes = np.maximum(1.0, np.rint(sizes / sizes.sum() * total))
    whole = volumes.sum()
    tiers = [(0, 10.0), (np.rint(0.01 * whole), 8.0), (np.rint(0.15 * whole), 5.0), (np.rint(0.6 * whole), 4.0)]
    return CostGame.from_pools([f"m{i}" for i in range(n)], [Fixed(1_000.0), VolumeTiers(volumes, tiers)])


def savings(game: CostGame) -> Array:
    """The savings game of a cost game, as coopgame takes it: without the empty coalition."""
    table = game.table()
    apart = np.zeros(len(table))
    for i, cost in enumerate(game.alone):
        apart[1 << i : 2 << i] = apart[: 1 << i] + cost
    return np.asarray((apart - table)[1:])


def shapley_coopgame(n: int, repeats: int, *, threads: int | None = None, must: float = 200.0) -> Row:
    coopgame = peer("coopgame")
    values = random_table(n)
    game, theirs = CostGame.from_table(values), coopgame.Game(values[1:])
    answer = coopgame.shapley(theirs)
    np.testing.assert_allclose(shapley(game).values, answer, rtol=0, atol=1e-10)
    times = race(lambda: coopgame.shapley(theirs), lambda: shapley(game, threads=threads), repeats, rounds=60)
    name = f"Shapley from a table, n = {n}" + (", 1 thread" if threads == 1 else "")
    return Row(name, "coopgame-py", *times.tolist(), must)


def shapley_numba_row(n: int, repeats: int) -> Row:
    import numba

    module = peer("shapley_numba")
    values = random_table(n)

    @module.numba_game([("table", numba.float64[:])])
    class TableGame:
        def __init__(self, table: Array) -> None:
            self.table = table

        def value(self, subset: Any) -> float:
            place = 0
            for i in range(len(subset)):
                place += subset[i] << i
            return self.table[place]

    theirs, game = TableGame(values), CostGame.from_table(values)
    np.testing.assert_allclose(shapley(game).values, module.shapley.shapley(theirs, n), rtol=0, atol=1e-9)
    times = race(lambda: module.shapley.shapley(theirs, n), lambda: shapley(game), repeats, rounds=60)
    return Row(f"Shapley from a table, n = {n}", "shapley-numba", *times.tolist(), 200.0)


def shapley_volume(n: int, repeats: int) -> Row:
    """Checked against as many nodes as make the quadrature exact; and how far 1,000 sampled orders are off."""
    game = volume_game(n)
    part = game.parts[1]
    points = np.arange(part.volumes.sum() + 1)
    exact = volume_shapley(part.volumes, part.cost_of_volume(points), nodes=(n + 1) // 2).values + 1_000.0 / n
    ours = shapley(game).values
    error = float(np.max(np.abs(ours - exact)) / game.total)
    assert error < 1e-9
    drawn = sample_orders(game, "sampled", seed=0, error=1e-9, most=1_024, weights=np.ones(n)).values
    off = float(np.max(np.abs(drawn - exact) / exact))
    note = f"error {error:.0e} of C(N); 1,024 sampled orders are up to {off:.0%} off"

    def anew() -> None:
        volume._known.cache_clear()  # else the sweep is made once only
        shapley(game)

    return Row(f"Shapley of the volume game, n = {n}", "", np.nan, alone(anew, repeats), 0.5, note)


def worst_coalition(n: int, repeats: int) -> Row:
    game = volume_game(n)
    volumes = game.parts[1].volumes
    shares = game.total * volumes / volumes.sum()
    search = PoolSearch(game)
    found = search.worst(shares)
    assert found.bound - found.complaint < 1e-12 * game.total
    order = np.argsort(-volumes)
    nested = np.tril(np.ones((n, n), dtype=np.bool_))[:, np.argsort(order)][:-1]
    assert np.max(nested @ shares - game.costs(nested)) <= found.complaint + 1e-9
    note = f"{alone(lambda: search.worst(shares), 20 * repeats) * 1e6:.0f} microseconds of it the search"
    seconds = alone(lambda: core_check(game, shares), 20 * repeats)
    return Row(f"worst coalition of the volume game, n = {n}", "", np.nan, seconds, 1e-3, note)


def nucleolus_table(n: int, repeats: int, must: float) -> Row:
    coopgame = peer("coopgame")
    pools = volume_game(n, total=50 * n)
    game, theirs = CostGame.from_table(pools.table()), coopgame.Game(savings(pools))
    answer = game.alone - np.array(coopgame.nucleolus(theirs)["allocation"])
    np.testing.assert_allclose(nucleolus(game).values, answer, rtol=0, atol=1e-9 * game.total)
    times = race(lambda: coopgame.nucleolus(theirs), lambda: nucleolus(game), repeats)
    return Row(f"nucleolus from a table, volume game, n = {n}", "coopgame-py", *times.tolist(), must)


def nucleolus_volume(n: int, repeats: int) -> Row:
    game = volume_game(n)
    result = nucleolus(game, method="pools")
    assert result.certificate.residual < 1e-12
    assert core_check(game, result).stable
    seconds = alone(lambda: nucleolus(game, method="pools"), repeats)
    return Row(f"nucleolus of the volume game, n = {n}", "", np.nan, seconds, 5.0)


def nucleolus_airport(n: int, repeats: int) -> Row:
    """The opponent gets 24 players of the 342, and to six digits."""
    coopgame = peer("coopgame")
    needs = np.sort(np.random.default_rng(8).random(n)) * 100
    small = CostGame.from_pools([str(i) for i in range(min(n, 24))], [ServiceLevels(needs[:24])])
    game = CostGame.from_pools([f"m{i}" for i in range(n)], [ServiceLevels(needs)])
    answer = coopgame.airport(needs[:24].tolist())["nucleolus"]
    np.testing.assert_allclose(nucleolus(small).values, answer, rtol=0, atol=1e-5)
    start = time.perf_counter()
    coopgame.airport(needs[:24].tolist())
    note = f"coopgame-py needs {time.perf_counter() - start:.2f} s for 24 players"
    return Row(f"airport nucleolus, n = {n}", "", np.nan, alone(lambda: nucleolus(game), 5 * repeats), 0.01, note)


MEASURES: tuple[tuple[str, str, Callable[[], Row]], ...] = (
    ("shapley 20", "coopgame", lambda: shapley_coopgame(20, 9)),
    ("shapley 20 numba", "shapley_numba", lambda: shapley_numba_row(20, 9)),
    ("shapley 24", "coopgame", lambda: shapley_coopgame(24, 3, threads=1, must=100.0)),
    ("shapley volume", "", lambda: shapley_volume(MUNICIPALITIES, 3)),
    ("worst coalition", "", lambda: worst_coalition(MUNICIPALITIES, 3)),
    ("nucleolus 15", "coopgame", lambda: nucleolus_table(15, 5, 1.0)),
    ("nucleolus 20", "coopgame", lambda: nucleolus_table(20, 3, 5.0)),
    ("nucleolus volume", "", lambda: nucleolus_volume(MUNICIPALITIES, 3)),
    ("nucleolus airport", "coopgame", lambda: nucleolus_airport(MUNICIPALITIES, 3)),
)

SMALL: tuple[tuple[str, str, Callable[[], Row]], ...] = (
    ("shapley", "coopgame", lambda: shapley_coopgame(13, 1)),
    ("shapley numba", "shapley_numba", lambda: shapley_numba_row(8, 1)),
    ("shapley volume", "", lambda: shapley_volume(60, 1)),
    ("worst coalition", "", lambda: worst_coalition(60, 1)),
    ("nucleolus", "coopgame", lambda: nucleolus_table(10, 1, 1.0)),
    ("nucleolus volume", "", lambda: nucleolus_volume(60, 1)),
    ("nucleolus airport", "coopgame", lambda: nucleolus_airport(60, 1)),
)


@pytest.mark.parametrize(("needs", "measure"), [case[1:] for case in SMALL], ids=[case[0] for case in SMALL])
def test_results_agree(needs: str, measure: Callable[[], Row]) -> None:
    if needs:
        pytest.importorskip(needs)
    assert measure().our_seconds > 0


def measured() -> list[Row]:
    return [measure() for _, needs, measure in MEASURES if not needs or peer(needs) is not None]


def table() -> list[tuple[str, str, str, str]]:
    """Rows of the table: what, opponent, measured, must."""
    found = []
    for row in measured():
        ours = f"{row.our_seconds * 1e3:.3g} ms" + (f"; {row.note}" if row.note else "")
        if row.opponent:
            theirs = f"{row.opponent}, {row.opponent_seconds * 1e3:.3g} ms"
            found.append((row.name, theirs, f"{row.ratio:.0f} x as fast ({ours})", f"{row.must:g} x"))
        else:
            found.append((row.name, "nobody", ours, f"{row.must * 1e3:g} ms"))
    return found


def main() -> None:
    for row in measured():
        mark = "" if row.reached else "  !"
        ratio = f"{row.ratio:8.1f} x" if row.opponent else " " * 10
        must = f"{row.must:g} x" if row.opponent else f"{row.must:g} s"
        against = f"{row.opponent or 'nobody':14}{row.opponent_seconds * 1e3:10.2f} ms"
        print(f"{row.name:46}{against}{row.our_seconds * 1e3:10.3f} ms{ratio}  must {must}{mark}  {row.note}")


if __name__ == "__main__":
    main()
