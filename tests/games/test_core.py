"""The worst coalition against enumeration, for every mix of pools; concavity; and what is refused."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import games as oracle
from oracles.pool_games import pool_game, pool_games

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.games.core import concavity, core_check
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.values import shapley
from ggu_costs.games.worst import PoolSearch

pytestmark = pytest.mark.kernels


def split(draw, n, total):
    """Whole shares that add up, of any size."""
    shares = draw(st.lists(st.integers(-30, 120), min_size=n, max_size=n))
    shares[-1] += int(total) - sum(shares)
    return shares


def mask_of(game, coalition):
    return sum(1 << game.players.index(name) for name in coalition)


def check_against_enumeration(found, game, table, shares):
    complaints = oracle.complaints(table, oracle.exact(shares))
    scale = max(1.0, float(table[-1]))
    assert found.complaint == pytest.approx(float(max(complaints.values())), abs=1e-9 * scale)
    assert found.complaint == pytest.approx(float(complaints[mask_of(game, found.coalition)]), abs=1e-9 * scale)
    assert found.stable == (max(complaints.values()) <= 1e-9 * scale)
    assert found.certificate.residual <= 1e-8


@cases(150)
@given(pool_games(concave=True), st.data())
def test_worst_coalition_of_concave_pools(made, data):
    shares = split(data.draw, made.game.n, made.table[-1])
    check_against_enumeration(core_check(made.game, shares), made.game, made.table, shares)


@cases(120)
@given(pool_games(2, 5, crossing=True), st.data())
def test_worst_coalition_of_any_pools(made, data):
    """As beyond 20 players: rising prices, all units and crossing pools go through the programme."""
    game = made.game
    shares = split(data.draw, game.n, made.table[-1])
    found = PoolSearch(game).worst(np.array(shares, dtype=float))
    complaints = oracle.complaints(made.table, oracle.exact(shares))
    largest = float(max(complaints.values()))
    scale = max(1.0, game.total)
    assert found.complaint == pytest.approx(largest, abs=1e-9 * scale)
    assert largest - 1e-9 * scale <= found.bound <= largest + 1e-7 * scale
    assert found.complaint == pytest.approx(float(complaints[int(found.members @ (1 << np.arange(game.n)))]), abs=1e-9)
    check_against_enumeration(core_check(game, shares), game, made.table, shares)


@cases(40)
@given(st.integers(2, 6), st.data(), st.booleans())
def test_worst_coalition_of_a_table(n, data, profit):
    values = [0, *data.draw(st.lists(st.integers(-50, 100), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]
    shares = split(data.draw, n, values[-1])
    game = CostGame.from_savings(values) if profit else CostGame.from_table(values)
    found = core_check(game, shares)
    sign = -1 if profit else 1
    complaints = oracle.complaints([Fraction(sign * value) for value in values], [Fraction(sign * x) for x in shares])
    assert found.complaint == pytest.approx(float(max(complaints.values())), abs=1e-9)
    assert found.complaint == pytest.approx(float(complaints[mask_of(game, found.coalition)]), abs=1e-9)


def large_game(*extra, seed=0):
    draw = np.random.default_rng(seed)
    n = 60
    w = draw.integers(1, 500, n)
    whole = int(w.sum())
    pools = [Fixed(2000), VolumeTiers(w, [(0, 9.0), (whole // 10, 7.0), (whole // 3, 4.0)])]
    return CostGame.from_pools([f"m{i}" for i in range(n)], [*pools, *(make(n, draw) for make in extra)]), w


def regions(count):
    return lambda n, draw: Regional([f"r{i % count}" for i in range(n)], {f"r{k}": 300 + k for k in range(count)})


def levels(n, draw):
    return ServiceLevels(draw.integers(0, 6, n) * 400)


def discount(n, draw):
    w = draw.integers(1, 100, n)
    return VolumeTiers(w, [(0, 10.0), (int(w.sum()) // 3, 8.0), (int(w.sum()) // 2, 7.0)], all_units=True)


@pytest.mark.parametrize("extra", [(), (regions(5), levels), (discount,), (regions(5), regions(7)), (levels, levels)])
def test_no_coalition_beats_the_witness_in_large_games(extra):
    game, w = large_game(*extra)
    shares = w / w.sum() * game.total
    found = core_check(game, shares)
    draw = np.random.default_rng(1)
    rows = draw.random((3000, game.n)) < draw.random((3000, 1))
    rows[:60] = np.eye(60)
    rows[60:120] = ~np.eye(60, dtype=bool)
    order = np.argsort(-shares / game.alone)
    rows[120:180] = np.arange(60)[None, :] >= np.argsort(order)[:, None]
    proper = rows[rows.any(axis=1) & ~rows.all(axis=1)]
    assert found.complaint >= np.max(proper @ shares - game.costs(proper)) - 1e-9 * game.total
    members = np.isin(game.players, found.coalition)
    assert found.complaint == pytest.approx(shares[members].sum() - game.value(found.coalition), abs=1e-6)
    assert found.certificate.residual < 1e-8


def test_concave_game_has_the_shapley_value_in_its_core():
    n = 24
    pools = [
        Fixed(20),
        VolumeTiers([k % 4 for k in range(n)], [(0, 9.0), (8, 7.0)]),
        levels(n, np.random.default_rng(0)),
    ]
    game = CostGame.from_pools([f"m{i}" for i in range(n)], [*pools, regions(5)(n, None)])
    assert concavity(game).holds
    assert core_check(game, shapley(game)).stable


def test_shares_in_any_form():
    game = CostGame.from_table([0, 8, 9, 12], {"GM1": "a", "GM2": "b"})
    for shares in ([5, 7], np.array([5, 7]), pd.Series({"GM2": 7, "GM1": 5}), {"a": 5, "b": 7}):
        found = core_check(game, shares)
        assert (found.stable, found.coalition, found.complaint) == (True, ("b",), -2)
    assert core_check(game, shapley(game)).stable
    assert "closest is b (€2.00 better in)" in str(core_check(game, [5, 7]))
    assert "Stability: b is €1.00 better off alone" in str(core_check(game, [2, 10]))


def test_words_for_savings_and_for_small_amounts():
    """Of a profit game a group gains more on its own; nothing is paid."""
    savings = CostGame.from_savings([0, 0, 0, 5, 0, 5, 5, 12])
    found = core_check(savings, [12, 0, 0])
    assert str(found) == "Stability: 2, 3 together keep €5.00 more alone"
    assert found.sentence() == "Stabiliteit: 2, 3 houden samen zelfstandig € 5,00 meer over"
    assert str(core_check(savings, [4, 4, 4])) == (
        "Stability: no group keeps more alone; closest is 1, 2 (€3.00 better in)"
    )
    costs = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    assert core_check(costs, [2, 10]).sentence() == "Stabiliteit: b is zelfstandig € 1,00 goedkoper uit"
    assert core_check(costs, [5, 7]).sentence("nl") == (
        "Stabiliteit: geen enkele groep is zelfstandig goedkoper uit; het scheelt het minst voor b (€ 2,00 beter af)"
    )
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        core_check(costs, [5, 7]).sentence("fr")
    small = CostGame.from_table([0, 4e-4, 5e-4, 8e-4])
    assert "2 is €0.000050 better off alone" in str(core_check(small, [2.5e-4, 5.5e-4]))
    tied = core_check(CostGame.from_table([0, 1e6, 1e6, 2e6]), [1e6 - 1e-4, 1e6 + 1e-4])
    assert tied.stable
    assert tied.tolerance == pytest.approx(2e-3)
    assert str(tied).endswith("closest is 2 (€0.00 better in)")
    eight = CostGame.from_pools([f"m{i}" for i in range(8)], [PerParticipant([1] * 8)])
    crowd = core_check(eight, [7, -0.5, *[0.25] * 6])
    assert crowd.coalition == ("m0",)
    out = core_check(eight, [*[1.5] * 7, -2.5])
    assert "m5 and 1 more together are €3.50 better off alone" in str(out)
    assert "m5 en nog 1 zijn samen zelfstandig € 3,50 goedkoper" in out.sentence()
    assert str(core_check(CostGame.from_table([0, 5]), [5])) == "Stability: no group is better off alone"


def test_a_solution_is_read_by_its_players():
    game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    turned = CostGame.from_table([0, 9, 8, 12], ["b", "a"])
    assert core_check(game, shapley(turned)).complaint == core_check(game, shapley(game)).complaint
    with pytest.raises(InputError, match="'x' is not a player"):
        core_check(game, shapley(CostGame.from_table([0, 8, 9, 12], ["x", "y"])))


def test_ties_are_stable_and_tolerance_is_relative():
    assert core_check(CostGame.from_table([0, 5, 6, 11]), [5, 6]).stable
    big = CostGame.from_table([0, 5e9, 6e9, 11e9])
    assert core_check(big, [5e9 + 5, 6e9 - 5]).stable
    assert not core_check(big, [5e9 + 50, 6e9 - 50]).stable


def test_one_player():
    for game in (CostGame.from_table([0, 5]), CostGame.from_pools(["a"], [Fixed(5)])):
        found = core_check(game, [5])
        assert (found.stable, found.coalition, found.complaint) == (True, (), -np.inf)
        assert found.sentence() == "Stabiliteit: geen enkele groep is zelfstandig goedkoper uit"


@pytest.mark.parametrize(
    ("shares", "match"),
    [
        ([5, 6], r"add up to 11.00; allowed: 12.00, the cost of everyone(.|\n)*Share out the difference of 1.00 first"),
        ([5, 6.99996], r"add up to 11.999960; allowed: 12.000000(.|\n)*the difference of 0.000040 first"),
        ([5], "shares: 1 entries; allowed: one a player"),
        ([5, float("nan")], r"shares\[b\]: nan"),
        ({"a": 5, "x": 7}, "'x' is not a player(.|\n)*nothing for b"),
    ],
)
def test_faults_of_shares(shares, match):
    with pytest.raises(InputError, match=match):
        core_check(CostGame.from_table([0, 8, 9, 12], ["a", "b"]), shares)


def test_too_large_or_too_many_tiers():
    large = CostGame.from_function([str(i) for i in range(27)], lambda group: float(len(group)))
    with pytest.raises(
        InputError, match=r"27 players are too many for the core check(.|\n)*State the game as cost pools"
    ):
        core_check(large, [1] * 27)
    tiers = [(k, 20.0 - k) for k in range(17)]
    game = CostGame.from_pools([str(i) for i in range(27)], [VolumeTiers([1] * 27, tiers) for _ in range(3)])
    with pytest.raises(InputError, match=r"combine in 4913 ways, of at most 4096(.|\n)*Use fewer tiers"):
        core_check(game, [game.total / 27] * 27)


@cases(60)
@given(st.integers(1, 4), st.data())
def test_concavity_by_definition(n, data):
    values = [0, *data.draw(st.lists(st.integers(0, 6), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]
    found = concavity(CostGame.from_table(values))
    assert found.holds == oracle.is_concave(oracle.exact(values))
    assert concavity(CostGame.from_savings([-value for value in values])).holds == found.holds
    if not found.holds:
        i, j = (found.detail.split(" beside ")[0]).split(" and ")
        game = CostGame.from_table(values)
        base = [name for name in found.witness if name not in {i, j}]
        gap = game.value([*base, i, j]) + game.value(base) - game.value([*base, i]) - game.value([*base, j])
        assert found.amount == pytest.approx(gap)


def test_concavity_of_pools():
    rising = [VolumeTiers([1, 2, 3], [(0, 1.0), (2, 5.0)])]
    assert not concavity(CostGame.from_pools(["a", "b", "c"], rising)).holds
    one_price = VolumeTiers([1, 2, 3], [(0, 1.0), (2, 1.0)], all_units=True)
    assert concavity(CostGame.from_pools(["a", "b", "c"], [one_price, PerParticipant([1, 2, 3])])).holds
    many = CostGame.from_pools([str(i) for i in range(21)], [VolumeTiers(range(21), [(0, 1.0), (5, 2.0)])])
    assert concavity(many).holds is None
    assert str(concavity(many)) == "concave: unknown (a pool has rising prices or an all-units discount)"
    with pytest.raises(InputError, match="too many for the concavity check"):
        concavity(CostGame.from_function([str(i) for i in range(21)], lambda group: 0.0))


@pytest.mark.parametrize("shares", [[5, 5, 5], [15, 0, 0], [0, -1, 16]])
def test_regions_that_everyone_shares(shares):
    """Without whole players the bound is two thirds, or one third, of everyone: neither is a group."""
    pools = [Regional(["r"] * 3, {"r": 3}), Regional(["s"] * 3, {"s": 3}), VolumeTiers([1, 1, 1], [(0, 4), (2, 1)])]
    made = pool_game(3, pools)
    search = PoolSearch(made.game)
    found = search.worst(np.array(shares, dtype=float))
    complaints = oracle.complaints(made.table, oracle.exact(shares))
    assert found.complaint == max(complaints.values())
    assert found.bound == pytest.approx(found.complaint, abs=1e-9)
    for way in range(2):
        bound, members = search._selection.relaxed(way, np.array(shares, dtype=float))
        assert bound >= search._selection.exact(way, np.array(shares, dtype=float))[0] - 1e-9
        assert 0 < members.sum() < 3


def test_a_tier_that_no_group_can_be_in():
    """Volumes of 2 never add up to 3: only halves of players do, and the bound of that tier must not count."""
    game = CostGame.from_pools(["a", "b", "c"], [VolumeTiers([2, 2, 2], [(0, 10), (3, 1), (4, 10)], all_units=True)])
    search, shares = PoolSearch(game), np.array([10.0, 20.0, 30.0])
    assert search._selection.relaxed(1, shares)[0] > 20
    assert search._selection.exact(1, shares) == (-np.inf, None)
    found = search.worst(shares)
    assert (found.members.tolist(), found.complaint) == ([False, False, True], 10)
    assert found.bound == pytest.approx(10, abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_discounts_and_crossing_pools_by_every_group(seed):
    """Fourteen players, as beyond 20: all 16,382 groups against the bounds and the programmes."""
    draw = np.random.default_rng(seed)
    n = 14
    pools = [Fixed(500), discount(n, draw), discount(n, draw), levels(n, draw), levels(n, draw)]
    pools += [regions(3)(n, draw), regions(4)(n, draw)]
    game = CostGame.from_pools([f"m{i}" for i in range(n)], pools)
    table = CostGame.from_table(game.table(), game.players)
    search = PoolSearch(game)
    for shares in (shapley(game).values, game.alone / game.alone.sum() * game.total, np.full(n, game.total / n)):
        found, whole = search.worst(shares), core_check(table, shares)
        assert found.complaint == pytest.approx(whole.complaint, abs=1e-9 * game.total)
        assert found.complaint <= found.bound <= found.complaint + 2e-10 * game.total


def test_only_region_that_just_pays_for_itself():
    """Everyone would join, and everyone is no proper group: the member that helps least stays out."""
    game = CostGame.from_pools(["a", "b", "c"], [Regional(["r", "r", "r"], {"r": 6})])
    found = core_check(game, [1, 3, 2])
    assert (found.coalition, found.complaint) == (("b", "c"), -1)
