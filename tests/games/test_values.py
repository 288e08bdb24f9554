"""Values against their definitions over all orders, the pools against the table, and what is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import games as oracle
from oracles import rules as plain
from oracles.pool_games import pool_games

from ggu_costs.errors import InputError
from ggu_costs.games import _kernels, semivalues
from ggu_costs.games.core import core_check
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.values import banzhaf, ensc, owen, scrb, shapley, weighted_shapley

pytestmark = pytest.mark.kernels


@st.composite
def tables(draw, least=1, most=6):
    n = draw(st.integers(least, most))
    return [0, *draw(st.lists(st.integers(-50, 100), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]


def close(result, expected, total):
    np.testing.assert_allclose(result, [float(value) for value in expected], rtol=0, atol=1e-9 * max(1, abs(total)))


@cases(40)
@given(tables(most=6))
def test_shapley_banzhaf_ensc_scrb(values):
    game, table = CostGame.from_table(values), oracle.exact(values)
    close(shapley(game).values, oracle.shapley(table), values[-1])
    close(banzhaf(game).values, oracle.banzhaf(table), values[-1])
    close(ensc(game).values, oracle.ensc(table), values[-1])
    costs = oracle.separable(table)
    if sum(table[1 << i] - cost for i, cost in enumerate(costs)) != 0:
        expected = oracle.scrb(table)
        close(scrb(game).values, expected, max(abs(value) for value in expected))


@cases(30)
@given(tables(), st.data())
def test_weighted_shapley_and_owen(values, data):
    game, table = CostGame.from_table(values), oracle.exact(values)
    weights = data.draw(st.lists(st.integers(1, 9), min_size=game.n, max_size=game.n))
    close(weighted_shapley(game, weights).values, oracle.weighted_shapley(table, oracle.exact(weights)), values[-1])
    labels = data.draw(st.lists(st.integers(0, 2), min_size=game.n, max_size=game.n))
    unions = [[i for i in range(game.n) if labels[i] == label] for label in sorted(set(labels))]
    close(owen(game, unions).values, oracle.owen(table, unions), values[-1])


@cases(40)
@given(pool_games(2, 6, crossing=True), st.data())
def test_pools_against_their_own_table(made, data):
    game, total = made.game, float(made.table[-1])
    table = CostGame.from_table([float(cost) for cost in made.table])
    close(shapley(game).values, shapley(table).values, total)
    close(ensc(game).values, ensc(table).values, total)
    labels = data.draw(st.lists(st.integers(0, 2), min_size=game.n, max_size=game.n))
    unions = [[i for i in range(game.n) if labels[i] == label] for label in sorted(set(labels))]
    close(owen(game, unions).values, owen(table, unions).values, total)
    close(np.sum(list(shapley(game).parts.values()), axis=0), shapley(game).values, total)


def mixed(n, seed=0, *, volumes=True, scale=1):
    draw = np.random.default_rng(seed)
    pools = [
        Fixed(500),
        PerParticipant(draw.integers(0, 100, n)),
        ServiceLevels(draw.integers(0, 6, n) * 50),
        Regional([f"r{i % 4}" for i in range(n)], {f"r{k}": 100 + k for k in range(4)}),
    ]
    if volumes:
        w = draw.integers(1, 20, n) * scale
        pools.append(VolumeTiers(w, [(0, 9.0), (w.sum() // 5, 7.0), (w.sum() // 2, 4.0)]))
    return CostGame.from_pools([f"m{i}" for i in range(n)], pools)


@pytest.mark.parametrize("n", [12, 13])
def test_blocks_of_the_table_pass(n):
    """From 12 players the kernel works in blocks; the plain kernel is its twin."""
    values = np.random.default_rng(n).integers(-100, 100, 1 << n).astype(float)
    values[0] = 0
    plain = np.zeros(n)
    _kernels.small_sums(values, semivalues._by_size(n, "shapley"), plain)
    plain -= (plain.sum() - values[-1]) / n
    np.testing.assert_allclose(shapley(CostGame.from_table(values)).values, plain, rtol=0, atol=1e-10)
    plain = np.zeros(n)
    _kernels.small_sums(values, semivalues._by_size(n, "banzhaf"), plain)
    np.testing.assert_allclose(
        banzhaf(CostGame.from_table(values)).values, plain - values.sum() / 2 ** (n - 1), rtol=0, atol=1e-10
    )


def test_threads_do_not_show(monkeypatch):
    monkeypatch.setattr(semivalues, "_CHUNKS_FROM", 14)
    values = np.random.default_rng(1).random(1 << 14)
    values[0] = 0
    game = CostGame.from_table(values)
    by_threads = [shapley(game, threads=threads).values for threads in (1, 2, 3)]
    np.testing.assert_array_equal(by_threads[0], by_threads[1])
    np.testing.assert_array_equal(by_threads[0], by_threads[2])
    monkeypatch.undo()
    np.testing.assert_allclose(shapley(game).values, by_threads[0], rtol=0, atol=1e-12)


@pytest.mark.compiled
@pytest.mark.parametrize("n", [12, 15, 18])
def test_pools_against_their_own_table_larger(n, monkeypatch):
    game = mixed(n, seed=n)
    table = CostGame.from_table(game.table())
    unions = [[i for i in range(n) if i % 3 == k] for k in range(3)]
    for value in (shapley, ensc, scrb, lambda one: owen(one, unions)):
        close(value(game).values, value(table).values, game.total)
    plain = mixed(n, seed=n, volumes=False)
    by_table = owen(plain, unions).values
    monkeypatch.setattr("ggu_costs.games.values.WALK_LIMIT", 0)  # as beyond 20 players
    swept = shapley(game)
    close(swept.values, shapley(table).values, game.total)
    assert swept.certificate.residual < 1e-9
    close(owen(plain, unions).values, by_table, plain.total)


def test_beyond_twenty_players():
    game = mixed(24, seed=3)
    result = shapley(game)
    assert sum(result.values) == pytest.approx(game.total, rel=1e-12)
    assert result.certificate.residual < 1e-10
    assert core_check(game, result).stable  # concave
    flat = CostGame.from_pools(game.players, [VolumeTiers(range(24), [(0, 2.0)])])
    close(shapley(flat).values, [2.0 * i for i in range(24)], flat.total)


def test_a_pool_that_was_swept_is_known_by_its_volumes_and_prices():
    game = mixed(24, seed=3)
    assert shapley(game).values.tolist() == shapley(mixed(24, seed=3)).values.tolist()
    volumes, tiers = range(1, 25), [(0, 3.0), (100, 2.0)]
    falling, dearer = (
        CostGame.from_pools([f"m{i}" for i in volumes], [VolumeTiers(volumes, each)])
        for each in (tiers, [(0, 3.0), (100, 2.5)])
    )
    assert shapley(falling).values.sum() == pytest.approx(100 * 3.0 + 200 * 2.0)
    assert shapley(dearer).values.sum() == pytest.approx(100 * 3.0 + 200 * 2.5)


def test_volumes_too_fine_for_the_lattice(monkeypatch):
    monkeypatch.setattr("ggu_costs.games.pools.volume.LATTICE_CELLS", 300)
    volumes = np.random.default_rng(5).integers(1, 1_000_000, 22)
    tiers = [(0, 9.0), (volumes.sum() // 5, 7.0), (volumes.sum() // 2, 4.0)]
    game = CostGame.from_pools([f"m{i}" for i in range(22)], [VolumeTiers(volumes, tiers)])
    result = shapley(game)
    assert "volumes on a lattice of 300 cells" in result.certificate.notes[0]
    monkeypatch.setattr("ggu_costs.games.pools.volume.LATTICE_CELLS", 1200)
    assert 0 < result.certificate.residual < 1e-2
    finer = shapley(game)
    assert np.max(np.abs(finer.values - result.values)) < 2 * result.certificate.residual * game.total
    assert sum(result.values) == pytest.approx(game.total, rel=1e-9)


def test_owen_of_pools_at_any_size():
    game = mixed(24, volumes=False)
    alone = owen(game, [[i] for i in range(24)])
    close(alone.values, shapley(game).values, game.total)
    regions = owen(game, [[i for i in range(24) if i % 4 == k] for k in range(4)])
    assert sum(regions.values) == pytest.approx(game.total, rel=1e-12)


def test_one_player_pays_everything():
    game = CostGame.from_table([0, 7])
    for rule in (shapley, scrb, ensc, banzhaf):
        assert rule(game).values.tolist() == [7]
    assert weighted_shapley(game, [3]).values.tolist() == [7]
    assert owen(game, [["1"]]).values.tolist() == [7]


def test_scrb_where_it_does_not_exist():
    additive = CostGame.from_table([0, 3, 4, 7])
    assert scrb(additive).values.tolist() == [3, 4]
    with pytest.raises(InputError, match=r"remaining benefits add up to 0 while 1.00 is not separable(.|\n)*Use ensc"):
        scrb(CostGame.from_table([0, 1, 1, 3, 1, 3, 3, 4]))
    odd = scrb(CostGame.from_table([0, 10, 1, 12]))
    assert odd.certificate.notes == ("negative remaining benefit: 1, 2",)


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        ([1, 0, 2], r"weights\[2\]: 0; allowed: above 0"),
        ([1, -1, float("nan")], r"weights\[2\]: -1; allowed: above 0(.|\n)*weights\[3\]: nan"),
        ([1, 2], "weights: 2 entries"),
        ({"1": 1, "2": 1}, "weights: nothing for 3"),
    ],
)
def test_faults_of_weights(weights, match):
    with pytest.raises(InputError, match=match):
        weighted_shapley(CostGame.from_table([0, 1, 1, 1, 1, 1, 1, 1]), weights)


@pytest.mark.parametrize(
    ("unions", "match"),
    [
        ([[0, 1]], "in no union: 3(.|\n)*Give a player that stands alone a union of its own"),
        ([[0, 1], [1, 2]], "more than once: 2; allowed: once each"),
        ([[0, 1], [2], []], r"unions\[2\]: no members"),
        ([[0, 1], ["x"]], r"unions\[1\]: no player 'x'"),
        (["1", ["2"]], "in no union: 3"),
        ([0, 1], r"unions\[0\]: 0; allowed: names, codes, or positions from 0, in a list(.|\n)*unions\[1\]: 1"),
        (None, "unions: None; allowed: lists of players in a list(.|\n)*Give a list of unions"),
        ([None, [0, 1, 2]], r"unions\[0\]: None; allowed"),
    ],
)
def test_faults_of_unions(unions, match):
    with pytest.raises(InputError, match=match):
        owen(CostGame.from_table([0, 1, 1, 1, 1, 1, 1, 1]), unions)


def test_too_large_for_the_method():
    large = CostGame.from_function([str(i) for i in range(30)], lambda group: float(len(group)))
    with pytest.raises(InputError, match=r"30 players are too many for the Shapley value(.|\n)*sampled_shapley"):
        shapley(large)
    with pytest.raises(InputError, match="too many for the Banzhaf value"):
        banzhaf(large)
    with pytest.raises(InputError, match=r"owen of 30 players is sampled beyond 20 players(.|\n)*seed="):
        owen(large, [range(15), range(15, 30)])
    with pytest.raises(InputError, match="weighted_shapley of 30 players is sampled"):
        weighted_shapley(large, [1] * 30)
    each = CostGame.from_pools(large.players, [VolumeTiers([1] * 30, [(0, 1.0)])])
    assert weighted_shapley(each, [1] * 30, seed=0).values == pytest.approx(1, abs=1e-9)
    assert owen(each, [range(15), range(15, 30)], seed=0).certificate.samples == 1024


@pytest.mark.parametrize("rule", [shapley, banzhaf])
def test_threads_must_be_a_number(rule):
    with pytest.raises(InputError, match=r"threads: 'two'; allowed: a whole number(.|\n)*Leave it out"):
        rule(CostGame.from_table([0, 1]), threads="two")


@pytest.mark.compiled
def test_shares_of_volume_tiers_add_up_and_keep_their_error_at_any_number():
    """Large and small whole volumes, and volumes too fine for a lattice, which is said and whose error is true."""
    tiers = [(0, 1.0), (1000, 0.5)]
    for n in (800, 2000):
        equal = shapley(CostGame.from_pools([str(i) for i in range(n)], [VolumeTiers(np.full(n, 5.0), tiers)]))
        off = equal.certificate.residual * equal.game.total
        assert np.abs(equal.values - equal.game.total / n).max() <= off < 1e-5
        assert math.fsum(equal.values) == pytest.approx(equal.game.total, rel=1e-15)
    few, many = 60, 340
    kinds = (Fraction(65_537, 4096), Fraction(262_147, 4096))
    volumes = np.array([float(kinds[0])] * few + [float(kinds[1])] * many)
    fine = shapley(CostGame.from_pools([str(i) for i in range(few + many)], [VolumeTiers(volumes, tiers)]))
    exact = plain.shapley_of_two_volumes(
        (few, many),
        (65_537, 262_147),
        lambda units: oracle.tier_cost(
            Fraction(units, 4096), [(Fraction(0), Fraction(1)), (Fraction(1000), Fraction(1, 2))], all_units=False
        ),
    )
    assert "lattice" in fine.certificate.method
    off = max(abs(Fraction(fine.values[place]) - share) for place, share in zip((0, -1), exact, strict=True))
    assert off <= fine.certificate.lattice_error < 1.0
    assert off > 0
    assert math.fsum(fine.values) == pytest.approx(fine.game.total, rel=1e-15)
