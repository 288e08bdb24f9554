"""The nucleolus against its definition in exact arithmetic, Kohlberg's criterion, and itself by other methods."""

from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import games as oracle
from oracles import nucleolus as exact
from oracles.pool_games import pool_game, pool_games, volume_tiers

from ggu_costs.errors import InfeasibleError, InputError, UnknownNameError
from ggu_costs.games.core import core_check
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.structured import airport_nucleolus, even_out
from ggu_costs.games.values import shapley
from ggu_costs.games.worst import PoolSearch

pytestmark = pytest.mark.kernels


@st.composite
def games_with_room(draw, least, most, low=0):
    """Integer tables with an imputation."""
    n = draw(st.integers(least, most))
    values = [0, *draw(st.lists(st.integers(low, 30), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]
    values[-1] = sum(values[1 << i] for i in range(n)) - draw(st.integers(0, 20))
    return values


def weights_of(kind, values):
    if kind == "one":
        return [Fraction(1)] * len(values)
    return [Fraction(mask.bit_count()) for mask in range(len(values))] if kind == "size" else oracle.exact(values)


@cases(25)
@given(games_with_room(2, 4, low=-10), st.sampled_from(["one", "size"]))
def test_lexicographic_definition(values, kind):
    expected = exact.nucleolus(oracle.exact(values), weights_of(kind, values))
    result = nucleolus(CostGame.from_table(values), kind)
    np.testing.assert_allclose(result.values, [float(x) for x in expected], rtol=0, atol=1e-8)
    assert result.certificate.residual < 1e-11
    profit = nucleolus(CostGame.from_savings([-value for value in values]), kind)
    np.testing.assert_allclose(profit.values, -result.values, rtol=0, atol=1e-9)
    assert profit.certificate.complaint == pytest.approx(result.certificate.complaint, abs=1e-9)


@cases(2)
@given(games_with_room(5, 5), st.sampled_from(["one", "size"]))
def test_lexicographic_definition_of_five(values, kind):
    expected = exact.nucleolus(oracle.exact(values), weights_of(kind, values))
    np.testing.assert_allclose(
        nucleolus(CostGame.from_table(values), kind).values, [float(x) for x in expected], rtol=0, atol=1e-8
    )


@cases(20)
@given(games_with_room(2, 4))
def test_weights_by_cost(values):
    values[-1] = abs(values[-1])
    if sum(values[1 << i] for i in range(len(values).bit_length() - 1)) < values[-1]:
        values[-1] = 0
    try:
        result = nucleolus(CostGame.from_table(values), "cost")
    except InfeasibleError:
        assert 0 in values[1:-1]
        return
    expected = exact.nucleolus(oracle.exact(values), weights_of("cost", values))
    np.testing.assert_allclose(result.values, [float(x) for x in expected], rtol=0, atol=1e-8)


@cases(40)
@given(games_with_room(5, 8), st.sampled_from(["one", "size"]))
def test_kohlberg_criterion_in_exact_arithmetic(values, kind):
    result = nucleolus(CostGame.from_table(values), kind)
    shares = [Fraction(share).limit_denominator(100_000) for share in result.values]
    table, weights = oracle.exact(values), weights_of(kind, values)
    assert exact.meets_kohlberg(table, weights, shares)
    moved = [shares[0] + Fraction(1, 7), shares[1] - Fraction(1, 7), *shares[2:]]
    assert not exact.meets_kohlberg(table, weights, moved)


def test_coalitions_tight_at_one_vertex_only():
    """A trap of the literature (Guajardo and Jörnsten 2015): only what is tight in every optimum may be fixed."""
    draw = np.random.default_rng(11)
    for _ in range(25):
        weights = draw.integers(1, 6, 5)
        values = [int(np.ceil(np.sqrt(weights[[bool(S >> i & 1) for i in range(5)]].sum()) * 4)) for S in range(32)]
        shares = nucleolus(CostGame.from_table(values)).values
        rounded = [Fraction(share).limit_denominator(100_000) for share in shares]
        assert exact.meets_kohlberg(oracle.exact(values), [Fraction(1)] * 32, rounded)


def test_certificate_levels():
    result = nucleolus(CostGame.from_table([0, 8, 11, 11, 13, 13, 13, 13], list("abc")))
    levels = result.certificate.levels
    assert [level.excess for level in levels] == sorted(level.excess for level in levels)
    for level in levels:
        assert sum(level.duals) == pytest.approx(1)
        for group in level.coalitions:
            paid = sum(result.values[result.players.index(name)] for name in group)
            assert result.game.value(group) - paid == pytest.approx(level.excess)
    assert result.certificate.complaint == pytest.approx(-levels[0].excess)


@cases(40)
@given(st.integers(2, 7), st.data())
def test_concave_volume_games_both_ways(n, data):
    pools = [Fixed(data.draw(st.integers(0, 100)))]
    pools.append(PerParticipant(data.draw(st.lists(st.integers(-20, 50), min_size=n, max_size=n))))
    for _ in range(data.draw(st.integers(1, 2))):
        pools.append(data.draw(volume_tiers(n, falling=True, all_units=False)))
    game = pool_game(n, pools).game
    structured, table = nucleolus(game, method="pools"), nucleolus(game, method="table")
    np.testing.assert_allclose(structured.values, table.values, rtol=0, atol=1e-9 * max(1, game.total))
    assert structured.certificate.residual < 1e-11
    assert structured.certificate.reached
    assert structured.certificate.complaint == pytest.approx(table.certificate.complaint, abs=1e-8 * max(1, game.total))


@cases(60)
@given(st.integers(1, 6), st.data())
def test_airport_games_both_ways(n, data):
    needs = data.draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    own = data.draw(st.lists(st.integers(-5, 30), min_size=n, max_size=n))
    pools = [Fixed(data.draw(st.integers(0, 20))), PerParticipant(own), ServiceLevels(needs)]
    game = CostGame.from_pools([f"m{i}" for i in range(n)], pools)
    np.testing.assert_allclose(
        nucleolus(game).values, nucleolus(game, method="table").values, rtol=0, atol=1e-9 * max(1, game.total)
    )
    apart = CostGame.from_pools(game.players, [ServiceLevels(needs)])
    np.testing.assert_allclose(
        airport_nucleolus(np.array(needs, dtype=float)), nucleolus(apart, method="table").values, rtol=0, atol=1e-9
    )


@cases(30)
@given(pool_games(2, 7, concave=True))
def test_concave_games_with_levels_and_regions_both_ways(made):
    table = nucleolus(made.game, method="table")
    solved = nucleolus(made.game, method="pools")
    np.testing.assert_allclose(solved.values, table.values, rtol=0, atol=1e-8 * max(1, made.game.total))
    assert solved.certificate.residual < 1e-9


@pytest.mark.compiled
def test_the_volume_game_by_families_that_grow():
    """Without levels the transfers between pairs give it as well; a pool of levels of one height asks for families."""
    by_families = nucleolus(volume_game(60, 0, 2000.0, ServiceLevels([7] * 60)))
    by_transfers = nucleolus(volume_game(60, 0, 2007.0))
    assert "groups" in by_families.certificate.method
    assert "transfers" in by_transfers.certificate.method
    np.testing.assert_allclose(by_families.values, by_transfers.values, rtol=0, atol=1e-8 * by_transfers.game.total)


@cases(25)
@given(pool_games(2, 6, crossing=True))
def test_any_pools_through_their_table(made):
    values = [float(cost) for cost in made.table]
    if sum(made.game.alone) < made.game.total - 1e-9:
        with pytest.raises(InfeasibleError, match="there is no nucleolus"):
            nucleolus(made.game)
        return
    np.testing.assert_allclose(
        nucleolus(made.game).values,
        nucleolus(CostGame.from_table(values)).values,
        rtol=0,
        atol=1e-9 * max(1, made.game.total),
    )


def volume_game(n, seed=0, fixed=100.0, *more):
    draw = np.random.default_rng(seed)
    w = draw.integers(1, 60, n)
    whole = int(w.sum())
    tiers = [(0, 10.0), (whole // 50 + 1, 8.0), (whole // 6, 5.0), (whole // 2, 4.0)]
    return CostGame.from_pools([f"m{i}" for i in range(n)], [Fixed(fixed), VolumeTiers(w, tiers), *more])


@pytest.mark.compiled
@pytest.mark.parametrize("n", [12, 15, 18])
def test_both_ways_larger(n):
    game = volume_game(n, seed=n)
    pools, table = nucleolus(game, method="pools"), nucleolus(CostGame.from_table(game.table()))
    np.testing.assert_allclose(pools.values, table.values, rtol=0, atol=1e-9 * game.total)


@pytest.mark.compiled
@pytest.mark.parametrize("fixed", [0.0, 5000.0])
def test_all_municipalities(fixed):
    game = volume_game(342, fixed=fixed)
    result = nucleolus(game)
    assert result.certificate.residual < 1e-12
    assert core_check(game, result).stable
    assert result.certificate.complaint <= core_check(game, shapley(game)).complaint


def test_transfers_alone_arrive(monkeypatch):
    """Where the equations cannot be solved the transfers go on by themselves."""
    monkeypatch.setattr("ggu_costs.games.structured._equations", lambda *given: None)
    game = volume_game(6)
    by_table = nucleolus(game, method="table").values
    np.testing.assert_allclose(nucleolus(game, method="pools").values, by_table, rtol=0, atol=1e-9 * game.total)
    monkeypatch.setattr("ggu_costs.games.structured._ROUNDS", 0)
    early = nucleolus(game, method="pools")
    assert not early.certificate.reached
    assert early.certificate.notes == ("the transfers did not settle to the tolerance",)


def test_equations_without_a_solution():
    """Players without volume make equal rows: the transfers settle it."""
    due, slopes = np.array([0.0]), np.zeros((1, 3))
    shares, residual = even_out(due, slopes, np.array([1.0, 0.0, 0.0]))
    assert residual < 1e-9
    np.testing.assert_allclose(shares.sum(), 1.0)


def test_small_cases():
    assert nucleolus(CostGame.from_table([0, 7])).values.tolist() == [7]
    assert nucleolus(CostGame.from_table([0, 6, 4, 8])).values == pytest.approx([5, 3], abs=1e-12)
    free = CostGame.from_pools(["a", "b"], [PerParticipant([3, 4]), VolumeTiers([1, 2], [(0, 0.0)])])
    assert nucleolus(free, method="pools").values.tolist() == [3, 4]
    assert nucleolus(CostGame.from_table([0, 3, 4, 7])).values == pytest.approx([3, 4], abs=1e-12)


def test_no_imputation_gives_the_gap():
    with pytest.raises(InfeasibleError, match=r"no nucleolus(.|\n)*add up to 17.00, below it by 3.00"):
        nucleolus(CostGame.from_table([0, 8, 9, 20]))
    with pytest.raises(InfeasibleError, match=r"gets less than its gain alone(.|\n)*17.00, above it by 2.00"):
        nucleolus(CostGame.from_savings([0, 8, 9, 15]))


@pytest.mark.parametrize(
    ("scale", "found"),
    [(1, "split of 1.00 .* to 0.90, below it by 0.10"), (1e-3, "split of 0.00100 .* to 0.00090, below it by 0.00010"),
     (1e-9, "below it by 0.00000000010"), (1e9, "below it by 100,000,000.00")],
)  # fmt: skip
def test_the_gap_is_written_with_digits_that_show(scale, found):
    with pytest.raises(InfeasibleError, match=rf"(?s){found}.*Check the joint cost"):
        nucleolus(CostGame.from_table(np.array([0, 0.4, 0.5, 1.0]) * scale))
    with pytest.raises(InfeasibleError, match=r"below it by 0.010(.|\n)*shapley"):
        nucleolus(CostGame.from_table([0, 5e5, 5e5, 1e6 + 0.01]))


@pytest.mark.parametrize("weights", ["one", "size", "cost"])
@pytest.mark.parametrize("sign", [1, -1])
def test_costs_alone_that_miss_the_total_by_rounding(weights, sign):
    """A gap within 1e-9 of C(N): nobody has room, and each pays its cost alone, scaled."""
    values = np.array([0, 5e8, 2.5e8, 7.5e8, 2.5e8, 7.5e8, 5e8, 1e9 + 0.1])
    if sign < 0 and weights == "cost":
        return  # gains below 0 have no such weights
    result = nucleolus(CostGame.from_table(values) if sign > 0 else CostGame.from_savings(-values), weights)
    np.testing.assert_allclose(sign * result.values, np.array([5e8, 2.5e8, 2.5e8]) * (1 + 1e-10), rtol=1e-15)
    assert sum(result.values) == pytest.approx(sign * (1e9 + 0.1), rel=1e-15)
    assert result.certificate.residual < 2e-10
    assert "amount alone" in result.certificate.method
    assert core_check(result.game, result).stable
    two = nucleolus(CostGame.from_table([0, 5e8, 5e8, 1e9 + 0.1]))
    np.testing.assert_allclose(two.values, [5e8 + 0.05] * 2, rtol=1e-15)


def test_no_room_and_a_group_that_costs_nothing():
    """By cost, groups of cost 0 may not pay: the one split that is left breaks that."""
    with pytest.raises(InfeasibleError, match="groups of cost 0 would have to pay"):
        nucleolus(CostGame.from_table([0, 5e8, 5e8, 0, 0, 5e8, 5e8, 1e9 + 0.1]), "cost")


def test_weights_that_settle_nothing():
    with pytest.raises(
        InputError, match=r"weights by cost need costs of 0 or more(.|\n)*- a: -1;(.|\n)*Use weights='one'"
    ):
        nucleolus(CostGame.from_table([0, -1, 3, 1], ["a", "b"]), "cost")
    open_shares = CostGame.from_savings([0, 0, 0, 0, 0, 0, 0, 9])
    with pytest.raises(InfeasibleError, match=r"no nucleolus with weights by cost(.|\n)*Use weights='one'"):
        nucleolus(open_shares, "cost")
    with pytest.raises(InfeasibleError, match="groups of cost 0 would have to pay"):
        nucleolus(CostGame.from_table([0, 5, 5, 0, 5, 5, 5, 15]), "cost")
    with pytest.raises(UnknownNameError, match=r"unknown weights 'sise'(.|\n)*Did you mean 'size'"):
        nucleolus(open_shares, "sise")
    with pytest.raises(UnknownNameError, match="unknown method 'lp'"):
        nucleolus(open_shares, method="lp")


def test_what_is_possible_beyond_twenty_players():
    names = [f"m{i}" for i in range(21)]
    crossing = [Regional(["r"] * 20 + ["s"], {"r": 2, "s": 1}), Regional(["r"] + ["s"] * 20, {"r": 2, "s": 1})]
    mixed = CostGame.from_pools(names, [Fixed(5), *crossing])
    with pytest.raises(
        InputError, match=r"21 players(.|\n)*prices fall(.|\n)*regions that cross(.|\n)*to 20 players(.|\n)*least_core"
    ):
        nucleolus(mixed)
    airport = CostGame.from_pools(names, [Fixed(5), ServiceLevels(range(21))])
    assert sum(nucleolus(airport).values) == pytest.approx(25)
    with pytest.raises(InputError, match="the nucleolus of 21 players"):
        nucleolus(airport, "size")
    with pytest.raises(InputError, match=r"from pools exists where prices fall(.|\n)*cross(.|\n)*method='table'"):
        nucleolus(mixed, method="pools")
    with pytest.raises(InputError, match="from pools exists"):
        nucleolus(CostGame.from_table([0, 1, 1, 1]), method="pools")


def test_a_programme_without_an_optimum_is_reported_as_such(monkeypatch):
    def fail(self):
        raise InfeasibleError("the programme for the nucleolus has no optimum: cause", remedy="Check.")

    monkeypatch.setattr("ggu_costs.games.lexicographic.Lexicographic.solve", fail)
    with pytest.raises(InfeasibleError, match="the programme for the nucleolus has no optimum: cause"):
        nucleolus(CostGame.from_table([0, 6, 4, 8]))


def test_the_search_is_prepared_once(monkeypatch):
    prepared = []

    def counted(game):
        prepared.append(game)
        return PoolSearch(game)

    monkeypatch.setattr("ggu_costs.games.worst.PoolSearch", counted)
    game = CostGame.from_pools(["a", "b", "c"], [VolumeTiers([1, 2, 3], [(0, 9), (2, 4)])])
    nucleolus(game, method="pools")
    assert prepared == [game]
