"""The least core: its optimum against exact programmes, its proof, and large games of pools."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import games as oracle
from oracles.nucleolus import maximise
from oracles.pool_games import pool_games

from ggu_costs.errors import InfeasibleError, InputError
from ggu_costs.games.core import core_check
from ggu_costs.games.figures import amount_text
from ggu_costs.games.game import CostGame
from ggu_costs.games.least_core import least_core
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Fixed, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.programme import Programme


def exact_epsilon(table):
    """Largest -epsilon with x(S) + (-epsilon) <= C(S), over free x and epsilon written as differences."""
    n = oracle.players_of(table)
    rows = [([Fraction(S >> i & 1) for i in range(n)] + [Fraction(1)], table[S]) for S in range(1, len(table) - 1)]
    free = [([*row, *(-v for v in row)], bound) for row, bound in rows]
    whole = [Fraction(1)] * n + [Fraction(0)] + [Fraction(-1)] * n + [Fraction(0)]
    aim = [Fraction(0)] * n + [Fraction(1)] + [Fraction(0)] * n + [Fraction(-1)]
    return -maximise(aim, free, [(whole, table[-1])]).value


def check(game, result, epsilon):
    scale = max(1.0, abs(game.total))
    assert result.epsilon == pytest.approx(float(epsilon), abs=1e-9 * scale)
    found = core_check(game, result)
    assert found.complaint == pytest.approx(result.epsilon, abs=2e-9 * scale)
    assert result.certificate.residual < 2e-9
    duals = result.certificate.duals
    assert sum(duals.values()) == pytest.approx(1, abs=1e-6)
    # the proof: the weighted coalitions cover every player equally, and cost that much less than C(N) in all
    cover = np.array([sum(weight for group, weight in duals.items() if name in group) for name in game.players])
    np.testing.assert_allclose(cover, cover[0], rtol=0, atol=1e-6)
    sign = 1 if game.kind == "cost" else -1
    worth = sum(weight * sign * game.value(group) for group, weight in duals.items())
    assert cover[0] * sign * game.total - worth == pytest.approx(float(epsilon), abs=1e-5 * scale)


@cases(30)
@given(st.integers(2, 5), st.data(), st.booleans())
def test_optimum_of_a_table(n, data, profit):
    values = [0, *data.draw(st.lists(st.integers(-20, 40), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]
    game = CostGame.from_savings([-value for value in values]) if profit else CostGame.from_table(values)
    check(game, least_core(game), exact_epsilon(oracle.exact(values)))


@cases(30)
@given(pool_games(2, 5, crossing=True))
def test_optimum_of_pools_searched_as_beyond_twenty_players(made):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ggu_costs.games.least_core.NUCLEOLUS_LIMIT", 0)
        check(made.game, least_core(made.game), exact_epsilon(made.table))


def test_many_players():
    n = 40
    draw = np.random.default_rng(2)
    w = draw.integers(1, 200, n)
    names = [f"m{i}" for i in range(n)]
    volume = [Fixed(300), VolumeTiers(w, [(0, 9.0), (int(w.sum()) // 8, 7.0), (int(w.sum()) // 2, 4.0)])]
    game = CostGame.from_pools(names, volume)
    result = least_core(game)
    best = nucleolus(game)  # in the least core
    assert result.epsilon == pytest.approx(best.certificate.complaint, abs=1e-9 * game.total)
    mixed = [*volume, ServiceLevels(draw.integers(0, 5, n) * 90), Regional(["a", "b"] * 20, {"a": 40, "b": 70})]
    game = CostGame.from_pools(names, mixed)
    result = least_core(game)
    check(game, result, result.epsilon)


def test_empty_core_and_one_player():
    result = least_core(CostGame.from_table([0, 6, 6, 9, 6, 9, 9, 15]))
    assert result.epsilon == pytest.approx(1)
    assert not core_check(result.game, result).stable
    assert least_core(CostGame.from_table([0, 6])).epsilon == -np.inf
    two = least_core(CostGame.from_table([0, 6, 4, 8]))
    assert (two.epsilon, *two.values) == pytest.approx((-1, 5, 3), abs=1e-9)


def test_too_large_and_no_optimum():
    large = CostGame.from_function([str(i) for i in range(21)], lambda group: 1.0 if group else 0)
    with pytest.raises(InputError, match=r"21 players are too many for the least core(.|\n)*use core_check"):
        least_core(large)
    unbounded = Programme(np.array([1.0]), np.array([-np.inf]), np.array([np.inf]))
    with pytest.raises(InfeasibleError, match=r"the programme for nothing has no optimum(.|\n)*no limit"):
        unbounded.solve("nothing")
    empty = Programme(np.array([1.0]), np.array([0.0]), np.array([1.0]))
    empty.add_rows(np.array([[1.0]]), np.array([2.0]), np.array([np.inf]))
    with pytest.raises(InfeasibleError, match="no point meets all constraints"):
        empty.solve("nothing")
    with pytest.raises(InfeasibleError, match="no point meets all constraints"):
        empty.solve("nothing", interior=True)


def rising(n=24):
    volumes = np.random.default_rng(3).integers(1, 200, n)
    total = int(volumes.sum())
    pools = [Fixed(20), VolumeTiers(volumes, [(0, 1.0), (total // 5, 1.3), (total * 3 // 5, 1.7)])]
    return CostGame.from_pools([f"m{i}" for i in range(n)], pools)


@cache
def exact():
    return least_core(rising())


def test_progress_tells_what_is_written_down_and_the_gap():
    told = []
    shown = least_core(rising(), progress=lambda written, gap: told.append((written, gap)))
    assert shown.epsilon == exact().epsilon
    written, gaps = zip(*told, strict=True)
    assert written[0] == 48  # each alone, and everyone but one
    assert list(written) == sorted(written)
    assert gaps[0] == np.inf
    assert all(gap > -1e-6 for gap in gaps)


def test_a_stop_states_a_bound():
    """With two coalitions more than the first, the split is a split and its largest complaint true; the bound holds."""
    game = rising()
    exactly, early = exact(), least_core(game, most=2)
    assert exactly.certificate.reached
    assert not early.certificate.reached
    assert early.values.sum() == pytest.approx(game.total)
    assert early.epsilon == pytest.approx(core_check(game, early).complaint, abs=1e-6)
    low = early.epsilon - early.certificate.residual * game.total
    assert low - 1e-6 <= exactly.epsilon <= early.epsilon + 1e-6
    between = f"{amount_text(low)} and {amount_text(early.epsilon)}"
    assert early.certificate.notes == (
        f"the smallest possible largest complaint lies between {between}: the search was stopped after 50 coalitions, "
        "as where prices rise their number has no known bound",
    )
    with pytest.raises(InputError, match="most: 0; allowed: a whole number, 1 or more"):
        least_core(game, most=0)
    falling = CostGame.from_pools(
        [f"m{i}" for i in range(24)], [Fixed(20), VolumeTiers(range(1, 25), [(0, 3), (9, 1)])]
    )
    assert least_core(falling, most=1).certificate.reached  # never bounded


def test_it_can_be_interrupted():
    def stop(_written, _gap):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        least_core(rising(), progress=stop)


def test_a_bar_on_the_error_stream(capsys):
    least_core(rising(), progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "gap=" in err
