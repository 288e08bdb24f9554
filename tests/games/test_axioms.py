"""Axioms as questions: who meets them, who does not, and the witness."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import games as oracle
from oracles import nucleolus as exact
from oracles.pool_games import pool_games

from ggu_costs.errors import InputError
from ggu_costs.games.axioms import (
    cost_monotonicity,
    efficiency,
    group_rationality,
    individual_rationality,
    no_cross_subsidy,
    symmetry,
    volume_monotonicity,
)
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.values import banzhaf, ensc, shapley


@cases(40)
@given(pool_games(2, 5, concave=True))
def test_shapley_of_a_concave_game_meets_all(made):
    game, shares = made.game, shapley(made.game)
    for axiom in (efficiency, individual_rationality, group_rationality, no_cross_subsidy, symmetry):
        assert axiom(game, shares).holds


@cases(40)
@given(st.integers(2, 5), st.data())
def test_group_rationality_and_cross_subsidy_by_definition(n, data):
    values = [0, *data.draw(st.lists(st.integers(0, 40), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]
    shares = data.draw(st.lists(st.integers(-10, 30), min_size=n, max_size=n))
    shares[-1] += values[-1] - sum(shares)
    game, table, exact = CostGame.from_table(values), oracle.exact(values), oracle.exact(shares)
    largest = max(oracle.complaints(table, exact).values())
    group, subsidy = group_rationality(game, shares), no_cross_subsidy(game, shares)
    assert group.holds == subsidy.holds == (largest <= 0)
    if largest > 0:
        assert group.amount == subsidy.amount == pytest.approx(float(largest))
        assert sorted((*group.witness, *subsidy.witness)) == sorted(game.players)
        paid = sum(shares[game.players.index(name)] for name in subsidy.witness)
        assert game.total - game.value(group.witness) - paid == pytest.approx(subsidy.amount)
    single = individual_rationality(game, shares)
    assert single.holds == all(share <= values[1 << i] for i, share in enumerate(shares))


def test_efficiency():
    game = CostGame.from_table([0, 8, 9, 12])
    assert efficiency(game, [5, 7]).holds
    assert str(efficiency(game, [5, 7])) == "efficiency: met"
    assert "3.00 more than the cost" in str(efficiency(game, [5, 10]))
    assert not efficiency(game, banzhaf(CostGame.from_table([0, 1, 1, 1, 1, 1, 1, 1])).values[:2]).holds


def test_individual_rationality_with_missing_figures():
    game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
    over = individual_rationality(game, [9, 3])
    assert (over.holds, over.amount, over.witness) == (False, 1.0, ("a",))
    unknown = individual_rationality(game, [5, 7], alternatives={"a": 8, "b": float("nan")})
    assert (unknown.holds, unknown.witness) == (None, ("b",))
    assert np.isnan(unknown.amount)
    assert individual_rationality(game, [9, 3], alternatives=[8, None]).holds is False
    assert individual_rationality(game, [9, 3], alternatives=[None, None]).holds is None
    blank = pd.Series([8, None], index=["a", "b"], dtype="Int64")
    assert individual_rationality(game, [5, 7], alternatives=blank).witness == ("b",)
    assert individual_rationality(game, [9, 3], alternatives=[9, 3]).holds
    with pytest.raises(InputError, match=r"alternatives: 1 entries(.|\n)*None where it is not known"):
        individual_rationality(game, [9, 3], alternatives=[8])
    with pytest.raises(InputError, match=r"alternatives\[b\]: 'x'; allowed: a finite number"):
        individual_rationality(game, [9, 3], alternatives=[8, "x"])
    with pytest.raises(InputError, match=r"alternatives\[b\]: a list; allowed: a finite number"):
        individual_rationality(game, [9, 3], alternatives=[8, [9]])
    profit = individual_rationality(CostGame.from_savings([0, 4, 1, 6]), [3, 3])
    assert str(profit) == "individual rationality: not met (1 gets less than alone)"


def test_words_for_savings():
    """In a profit game nobody pays or costs anything."""
    savings = CostGame.from_savings([0, 0, 0, 5, 0, 5, 5, 12], ["a", "b", "c"])
    gains = [0, 0, 0, 5, 0, 3, 3, 7, 0, 1, 1, 4, 3, 7, 8]
    verdicts = [
        group_rationality(savings, [12, 0, 0]),
        no_cross_subsidy(savings, [12, 0, 0]),
        individual_rationality(savings, [13, -1, 0]),
        individual_rationality(savings, [4, 4, 4], alternatives=[None, 0, 0]),
        efficiency(savings, [12, 1, 0]),
        cost_monotonicity(nucleolus, *(CostGame.from_savings([*gains, whole]) for whole in (10, 11))),
    ]
    assert [str(verdict) for verdict in verdicts] == [
        "group rationality: not met (Stability: b, c together keep €5.00 more alone)",
        "no cross-subsidy: not met (a: 5.00 above what it adds to the others)",
        "individual rationality: not met (b gets less than alone)",
        "individual rationality: unknown (no stand-alone gain for a)",
        "efficiency: not met (shares add up to 1.00 more than the gain)",
        "cost monotonicity: not met (3 gets 0.17 less, although gains rise)",
    ]
    with pytest.raises(InputError, match=r"joint profit(.|\n)*13.00; allowed: 12.00, the profit of everyone"):
        symmetry(savings, [12, 1, 0])


def test_symmetry():
    game = CostGame.from_table([0, 8, 8, 12, 5, 9, 9, 14], list("abc"))
    assert symmetry(game, [5, 5, 4]).holds
    assert symmetry(game, [6, 4, 4]).amount == 2
    different = CostGame.from_table([0, 8, 8, 12, 5, 9, 10, 14], list("abc"))
    assert symmetry(different, [6, 4, 4]).holds


def test_symmetry_of_pools_of_any_size():
    n = 24
    names = [f"m{i}" for i in range(n)]
    labels = ["r", "r", *(["s"] * (n - 4)), "t", "u"]
    pools = [
        Fixed(10),
        PerParticipant([1] * n),
        VolumeTiers([2] * (n - 1) + [3], [(0, 2.0), (9, 1.0)]),
        ServiceLevels([4] * n),
        Regional(labels, {"r": 5, "s": 6, "t": 7, "u": 7}),
    ]
    game = CostGame.from_pools(names, pools)
    fair = shapley(game)
    assert symmetry(game, fair).holds
    moved = fair.values.copy()
    moved[0] += 1
    moved[1] -= 1
    assert symmetry(game, moved).witness == ("m0", "m1")
    moved = fair.values.copy()
    moved[-2] += 1
    moved[-1] -= 1
    assert symmetry(game, moved).holds  # different volumes
    alone = CostGame.from_pools(names, [Regional(labels, {"r": 5, "s": 6, "t": 7, "u": 7})])
    shares = shapley(alone).values.copy()
    shares[-2:] += [1, -1]
    assert symmetry(alone, shares).witness == ("m22", "m23")
    with pytest.raises(InputError, match="too many for the symmetry check"):
        symmetry(CostGame.from_function(names, lambda group: float(len(group))), [2, 0, *[1] * (n - 2)])


def test_cost_monotonicity_and_the_nucleolus_that_lacks_it():
    """When only C(N) rises the nucleolus can let someone pay less (Megiddo 1974)."""
    base = CostGame.from_table([0, 8, 9, 12])
    assert cost_monotonicity(shapley, base, CostGame.from_table([0, 8, 9, 14])).holds
    costs = [0, 4, 1, 8, 1, 7, 7, 5, 1, 7, 1, 2, 8, 1, 1]
    game, dearer = (CostGame.from_table([*costs, whole]) for whole in (1, 2))
    found = cost_monotonicity(nucleolus, game, dearer)
    assert (found.holds, found.witness) == (False, ("4",))
    assert found.amount == pytest.approx(0.25)
    assert found.detail == "4 pays 0.25 less, although costs rise"
    table = oracle.exact([*costs, 1])
    before = exact.nucleolus(table, [Fraction(1)] * 16)
    after = exact.nucleolus([*table[:-1], Fraction(2)], [Fraction(1)] * 16)
    assert after[3] - before[3] == Fraction(-1, 4)
    assert cost_monotonicity(shapley, game, dearer).holds


def test_cost_monotonicity_of_pools_and_faults():
    n = 30
    names = [f"m{i}" for i in range(n)]
    cheap = CostGame.from_pools(names, [Fixed(10), VolumeTiers([1] * n, [(0, 2.0)])])
    dear = CostGame.from_pools(names, [Fixed(20), VolumeTiers([1] * n, [(0, 2.0)])])
    assert cost_monotonicity(shapley, cheap, dear).holds
    with pytest.raises(InputError, match=r"cheaper somewhere, by 10.00(.|\n)*Swap the games"):
        cost_monotonicity(shapley, dear, cheap)
    with pytest.raises(InputError, match="different players or kinds"):
        cost_monotonicity(shapley, cheap, CostGame.from_table([0, 1]))
    with pytest.raises(InputError, match=r"cheaper somewhere, by 1.00"):
        cost_monotonicity(shapley, CostGame.from_table([0, 5, 5, 6]), CostGame.from_table([0, 4, 5, 8]))


def test_volume_monotonicity():
    tiers = [(0, 10.0), (40, 1.0)]
    falling = CostGame.from_pools(["a", "b", "c"], [Fixed(5), VolumeTiers([10, 20, 30], tiers)])
    assert volume_monotonicity(shapley, falling).holds
    assert volume_monotonicity(shapley, falling, players=["b"], factor=2).holds
    cliff = CostGame.from_pools(["a", "b"], [VolumeTiers([10, 29], tiers, all_units=True)])
    verdict = volume_monotonicity(ensc, cliff, factor=1.2)
    assert not verdict.holds
    assert "although its volume is 1.2 times as large" in str(verdict)
    with pytest.raises(InputError, match=r"factor: 'x'; allowed: a finite number(.|\n)*players: 3; allowed: names"):
        volume_monotonicity(shapley, falling, factor="x", players=3)
    for rule, found in ((None, "None"), ("shapley", "'shapley'"), (lambda game: 3, "a rule that gives int")):
        with pytest.raises(InputError, match=rf"rule: {found}(.|\n)*Give a function from a game to its solution"):
            volume_monotonicity(rule, falling)
    with pytest.raises(InputError, match=r"factor: 1; allowed: above 1(.|\n)*no player 'z'"):
        volume_monotonicity(shapley, falling, factor=1, players=["z"])
    with pytest.raises(InputError, match="game: no volume pool"):
        volume_monotonicity(shapley, CostGame.from_table([0, 1]))
