"""Making games: the tables, names and functions that are accepted, and every fault of those that are not."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ggu_costs import games
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
from ggu_costs.games.core import concavity, core_check
from ggu_costs.games.game import CostGame
from ggu_costs.games.least_core import least_core
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Fixed, PerParticipant
from ggu_costs.games.sampling import sampled_shapley
from ggu_costs.games.values import banzhaf, ensc, owen, scrb, shapley, weighted_shapley

TVA = [0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584]


def test_table_order_is_bit_i_for_player_i():
    game = CostGame.from_table(TVA, ["n", "f", "p"])
    assert game.value(["n", "p"]) == 378_821
    assert game.value([0, "f"]) == 301_607
    assert game.value([]) == 0
    assert game.total == 412_584
    np.testing.assert_array_equal(game.alone, [163_520, 140_826, 250_096])
    np.testing.assert_array_equal(game.marginal, [412_584 - 367_370, 412_584 - 378_821, 412_584 - 301_607])
    assert game.parts is None
    assert repr(game) == "<CostGame (cost) of 3 players: n, f, p>"


def test_numbers_of_any_kind():
    game = CostGame.from_table([0, Fraction(1, 4), Decimal("0.5"), np.float64(0.75)])
    assert game.table().tolist() == [0, 0.25, 0.5, 0.75]
    assert game.players == ("1", "2")


def test_the_table_is_its_own_and_cannot_be_changed():
    values = np.array([0.0, 1.0])
    game = CostGame.from_table(values)
    values[1] = 5.0
    assert game.total == 1.0
    with pytest.raises(ValueError, match="read-only"):
        game.table()[1] = 2.0
    with pytest.raises(ValueError, match="read-only"):
        game.alone[0] = 2.0


def test_players_by_code_and_name():
    names = pd.Series({"GM0363": "Amsterdam", "GM0344": "Utrecht"})
    game = CostGame.from_table([0, 5, 6, 9], names)
    assert game.players == ("Amsterdam", "Utrecht")
    assert game.codes == ("GM0363", "GM0344")
    assert game.value(["GM0363"]) == game.value(["Amsterdam"]) == 5
    assert CostGame.from_table([0, 5, 6, 9], {"GM0363": "Amsterdam", "GM0344": "Utrecht"}).codes == game.codes


@pytest.mark.parametrize("key", [tuple, frozenset])
def test_named_coalitions(key):
    costs = {"a": 3, key(["b"]): 4, key(["a", "b"]): 6, (): 0}
    game = CostGame.from_coalitions(costs)
    assert game.players == ("a", "b")
    assert game.table().tolist() == [0, 3, 4, 6]
    assert CostGame.from_coalitions(costs, ["b", "a"]).table().tolist() == [0, 4, 3, 6]


def test_profit_games_say_so():
    assert CostGame.from_savings([0, 0, 0, 5]).kind == "profit"
    game = CostGame.from_savings({"a": 0, "b": 1, ("a", "b"): 5})
    assert (game.kind, game.total) == ("profit", 5)


def test_function_is_asked_once_a_coalition():
    asked = []

    def cost(group):
        asked.append(group)
        return 10 + max(len(name) for name in group)

    game = CostGame.from_function(["a", "bb", "ccc"], cost)
    first, second = game.table(), game.table()
    np.testing.assert_array_equal(first, second)
    assert game.value(["a", "ccc"]) == 13
    assert len([group for group in asked if group]) == 7
    np.testing.assert_allclose(
        shapley(game).values, shapley(CostGame.from_table(first, ["a", "bb", "ccc"])).values, rtol=0, atol=1e-12
    )


def test_function_through_an_executor():
    with ThreadPoolExecutor(2) as pool:
        game = CostGame.from_function(["a", "b"], lambda group: 2.0 * len(group), executor=pool)
        assert game.table().tolist() == [0, 2, 2, 4]


def test_digest_tells_games_apart():
    game = CostGame.from_table(TVA)
    assert game.digest() == CostGame.from_table(TVA).digest()
    assert game.digest() != CostGame.from_savings(TVA).digest()
    pools = CostGame.from_pools(["a", "b"], [Fixed(1), PerParticipant([1, 2])])
    assert pools.digest() == CostGame.from_pools(["a", "b"], [Fixed(1), PerParticipant([1, 2])]).digest()
    assert pools.digest() != CostGame.from_pools(["a", "b"], [Fixed(1), PerParticipant([2, 1])]).digest()
    asked = CostGame.from_function(["a"], len)
    assert len(asked.digest()) == 64


@pytest.mark.parametrize(
    ("values", "players", "match"),
    [
        ([0, 1, 2], None, "values: 3 values; allowed: 2, 4, 8 and so on, such as 2 or 4"),
        ([0], None, "values: 1 values"),
        ([], None, "values: 0 values"),
        ([0, 1, 2, 3], ["a", "b", "c"], r"values: 4 values; allowed: 8: two to the power 3 players"),
        ([0, float("nan"), 2, float("inf")], ["a", "b"], r"values\[a\]: nan(.|\n)*values\[a\+b\]: inf"),
        (np.array([0, np.nan]), None, r"values\[1\]: nan; allowed: a finite number"),
        ([5, 1], None, r"values\[empty\]: 5 for the empty coalition; allowed: 0"),
        ([0, "7"], None, r"values\[1\]: '7'; allowed: a finite number"),
        ([0, None], None, r"values\[1\]: None"),
        ([0, 1, 2, 3], ["a", "a"], "players: 'a' comes 2 times; allowed: every participant once"),
        ([0, 1, 2, 3], ["a", ""], r"players\[1\]: ''; allowed: a name"),
        ([0, 1, 2, 3], ["a", 3], r"players\[1\]: 3"),
        ([0, 1], [], "players: none"),
        ([0, 1], "ab", None),
        ([0, 1, 2, 3], pd.Series(["a", "b"], index=["GM1", "GM1"]), "codes: 'GM1' comes 2 times"),
    ],
)
def test_faults_of_tables(values, players, match):
    if match is None:
        assert CostGame.from_table(values, players).players == ("ab",)
        return
    with pytest.raises(InputError, match=match):
        CostGame.from_table(values, players)


def test_all_faults_of_a_table_at_once():
    with pytest.raises(InputError) as caught:
        CostGame.from_table([1, float("nan"), 2], ["a", "a"])
    assert [fault.where for fault in caught.value.faults] == ["players", "values", "values[a]", "values[empty]"]
    assert str(caught.value).endswith("Correct the values listed.")


@pytest.mark.parametrize(
    ("costs", "players", "match"),
    [
        ({"a": 1, "b": 2}, None, r"coalitions: nothing for a\+b; allowed: all 2\^n - 1"),
        ({str(i): 1 for i in range(20)}, None, r"nothing for 0\+1, 0\+2, 1\+2, .* and 1048543 more; allowed"),
        ({"a": 1, ("a", "a"): 2}, None, r"coalition a\+a: comes twice; allowed: every coalition once"),
        (
            {"Amsterdm": 1, "Utrecht": 1},
            ["Amsterdam", "Utrecht"],
            r"no player 'Amsterdm'(.|\n)*Did you mean 'Amsterdam'",
        ),
        ({"a": float("nan")}, None, r"coalition a: nan; allowed: a finite number"),
        ({(): 3, "a": 1}, None, "coalition empty: 3 for the empty coalition; allowed: 0"),
        ({str(i): 1 for i in range(27)}, None, "players: 27 by named coalitions; allowed: at most 26(.|\n)*cost pools"),
        ({}, None, "players: none"),
        (None, None, "coalitions: None; allowed: a mapping(.|\n)*from_table"),
        (
            {1: 4, 2: "x"},
            None,
            r"coalition 1: no names; allowed: a name(.|\n)*coalition 2: 'x'; allowed: a finite number",
        ),
        ({(1,): 2, (0,): 2, (0, 1): 3}, None, r"players\[0\]: 1; allowed: a name of one or more characters"),
        ({frozenset(["a", 1]): 2}, None, r"players\[0\]: 1; allowed: a name"),
    ],
)
def test_faults_of_named_coalitions(costs, players, match):
    with pytest.raises(InputError, match=match):
        CostGame.from_coalitions(costs, players)


def test_all_faults_of_named_coalitions_at_once():
    costs = {"a": 1, ("a", "a"): float("nan"), (): 3, "z": None}
    with pytest.raises(InputError) as caught:
        CostGame.from_coalitions(costs, ["a", "b"])
    assert [str(fault).partition(";")[0] for fault in caught.value.faults] == [
        "coalition a+a: nan",
        "coalition a+a: comes twice",
        "coalition empty: 3 for the empty coalition",
        "coalition z: None",
        "coalition z: no player 'z'",
        "coalitions: nothing for b, a+b",
    ]


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: CostGame.from_table(None), r"values: None; allowed: 2\^n values in a list or an array"),
        (lambda: CostGame.from_table(np.array(3.0), 5), "players: 5; allowed: names in a list(.|\n)*values: array"),
        (lambda: CostGame.from_table([0, 1], 5), r"players: 5; allowed: names in a list, or a mapping of code to name"),
        (lambda: CostGame.from_table({0: 0, 1: 5}), "Named coalitions go into from_coalitions"),
        (lambda: CostGame.from_savings(7), "values: 7"),
        (lambda: CostGame.from_table([0, [1], 2, 3]), r"values\[1\]: a list; allowed: a finite number"),
        (lambda: CostGame.from_table([0, 10**400]), r"values\[1\]: too large; allowed: a finite number"),
        (lambda: CostGame.from_table([0, 1e200]), r"values\[1\]: 1e\+200; allowed: at most 1e\+100"),
        (lambda: CostGame.from_table([0, 1, 2, 3], [["a"], "b"]), r"players\[0\]: \['a'\]; allowed: a name"),
        (lambda: CostGame.from_function(None, 3, executor=4), "players: None(.|\n)*executor: 4(.|\n)*cost: 3; allowed"),
        (lambda: CostGame.from_pools(None, None), r"players: None(.|\n)*pools\[0\]: None; allowed: Fixed"),
    ],
)
def test_what_is_no_game_at_all(make, match):
    with pytest.raises(InputError, match=match):
        make()


def test_faults_of_functions():
    with pytest.raises(InputError, match=r"cost\(\): 'x'; allowed: a finite number"):
        CostGame.from_function(["a"], lambda group: "x")
    with pytest.raises(InputError, match=r"cost\(\): 7.0 for the empty coalition; allowed: 0"):
        CostGame.from_function(["a"], lambda group: 7)
    with pytest.raises(
        InputError, match=r"cost\(a, b\): nan; allowed: a finite number(.|\n)*Let it return finite euros"
    ):
        CostGame.from_function(["a", "b"], lambda group: float("nan") if group else 0)
    with pytest.raises(InputError, match=r"cost\(a\): 'x'; allowed: a finite number"):
        CostGame.from_function(["a"], lambda group: "x" if group else 0)


def test_unknown_members_and_large_games():
    game = CostGame.from_table([0, 5, 6, 9], ["a", "b"])
    with pytest.raises(InputError, match=r"no player 'c'(.|\n)*no player 2(.|\n)*no player True"):
        game.value(["c", 2, True])
    with pytest.raises(InputError, match=r"coalition: 0; allowed: names, codes, or positions from 0, in a list"):
        game.value(0)
    with pytest.raises(InputError, match="no player 'ab'"):
        game.value("ab")
    assert game.value("a") == 5
    with pytest.raises(InputError, match=r"coalitions: bool of shape \(1, 3\)(.|\n)*rows of 2 truth values"):
        game.costs(np.ones((1, 3), dtype=bool))
    with pytest.raises(InputError, match=r"coalitions: \[\[0, 1\]\](.|\n)*rows of 2 positions"):
        game.along([[0, 1]])
    large = CostGame.from_pools([str(i) for i in range(27)], [Fixed(1)])
    with pytest.raises(InputError, match=r"27 players are too many for this(.|\n)*sampled_shapley"):
        large.table()


def test_import_is_cheap():
    code = (
        "import sys, ggu_costs.games; assert 'ggu_costs.games.game' not in sys.modules;"
        "from ggu_costs.games import *; import ggu_costs.games.game;"
        "heavy = {'numba', 'pandas', 'scipy', 'highspy'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names_of_the_room(monkeypatch):
    from ggu_costs.games import axioms, banzhaf, concavity, sampled_shapley

    game = CostGame.from_table(TVA)
    assert sampled_shapley(game, seed=0, error=0.1).certificate.reached
    assert concavity(game).holds
    assert axioms.efficiency(game, shapley(game)).holds
    assert not games.efficiency(game, banzhaf(game).values * 0.9).holds
    monkeypatch.delattr(games, "axioms")
    assert games.axioms is axioms
    for name in games.__all__:
        assert name in dir(games)
        assert getattr(games, name).__doc__
    with pytest.raises(AttributeError, match=r"module 'ggu_costs.games' has no attribute 'shaply'"):
        _ = games.shaply


ASKED = {
    "shapley": shapley,
    "banzhaf": banzhaf,
    "scrb": scrb,
    "ensc": ensc,
    "owen": lambda game: owen(game, [["1"], ["2"]]),
    "weighted_shapley": lambda game: weighted_shapley(game, [1, 2]),
    "sampled_shapley": lambda game: sampled_shapley(game, seed=0),
    "least_core": least_core,
    "nucleolus": nucleolus,
    "concavity": concavity,
    "core_check": lambda game: core_check(game, [5, 7]),
    "efficiency": lambda game: efficiency(game, [5, 7]),
    "individual_rationality": lambda game: individual_rationality(game, [5, 7]),
    "group_rationality": lambda game: group_rationality(game, [5, 7]),
    "no_cross_subsidy": lambda game: no_cross_subsidy(game, [5, 7]),
    "symmetry": lambda game: symmetry(game, [5, 7]),
    "cost_monotonicity": lambda game: cost_monotonicity(shapley, game, game),
    "cost_monotonicity, dearer": lambda game: cost_monotonicity(shapley, CostGame.from_table([0, 1]), game),
    "volume_monotonicity": lambda game: volume_monotonicity(shapley, game),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_who_is_asked_must_be_a_game(ask):
    for wrong in (None, [0, 8, 9, 12]):
        with pytest.raises(InputError, match=r"needs a CostGame, not (None|\[0, )(.|\n)*CostGame.from_table"):
            ask(wrong)


def test_amounts_beyond_whole_cents_in_64_bits():
    """EUR 200 billion a share and more: amounts are floats throughout."""
    game = CostGame.from_table(np.array(TVA) * 1e12, ["n", "f", "p"])
    small = CostGame.from_table(TVA, ["n", "f", "p"])
    for rule in (shapley, nucleolus, scrb, ensc, banzhaf):
        np.testing.assert_allclose(rule(game).values, rule(small).values * 1e12, rtol=1e-12)
    found = core_check(game, [2e17, 1e17, game.total - 3e17])
    assert found.complaint == pytest.approx(36_480e12)
    assert "n is €36,480,000,000,000,000.00 better off alone" in str(found)
    assert least_core(game).epsilon == pytest.approx(least_core(small).epsilon * 1e12, rel=1e-9)


def test_large_tables_are_not_kept(monkeypatch):
    game = CostGame.from_pools(["a", "b"], [Fixed(1)])
    assert game.table() is game.table()
    monkeypatch.setattr("ggu_costs.games.game.WALK_LIMIT", 1)
    large = CostGame.from_pools(["a", "b"], [Fixed(1)])
    assert large.table() is not large.table()
    np.testing.assert_array_equal(large.table(), game.table())
