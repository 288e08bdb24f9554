"""Cost pools: their costs by definition, joining orders, labels, and every fault at once."""

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.games import added_in_order
from oracles.pool_games import pool_games

from ggu_costs.errors import Faults, InputError
from ggu_costs.games.coalitions import member_rows
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers


@cases(60)
@given(pool_games(1, 5, crossing=True), st.randoms(use_true_random=False))
def test_costs_by_definition(made, random):
    game, n = made.game, made.game.n
    expected = [float(cost) for cost in made.table]
    np.testing.assert_allclose(game.table(), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(game.costs(member_rows(range(1 << n), n)), expected, rtol=0, atol=1e-9)
    order = random.sample(range(n), n)
    added = added_in_order(made.table, order)
    np.testing.assert_allclose(game.along(np.array([order]))[0], [float(added[i]) for i in order], rtol=0, atol=1e-9)


def test_figures_by_code_name_or_position():
    players = {"GM0363": "Amsterdam", "GM0344": "Utrecht"}
    plain = CostGame.from_pools(players, [PerParticipant([1, 2]), Regional(["NH", "U"], {"NH": 5, "U": 7})])
    by_code = CostGame.from_pools(
        players,
        [
            PerParticipant(pd.Series({"GM0344": 2, "GM0363": 1})),
            Regional({"Utrecht": "U", "Amsterdam": "NH"}, {"NH": 5, "U": 7}),
        ],
    )
    np.testing.assert_array_equal(plain.table(), by_code.table())


def test_volume_on_a_bound_falls_in_the_higher_tier():
    tiers = [(0, 2.0), (0.3, 1.0)]
    game = CostGame.from_pools(["a", "b", "c"], [VolumeTiers([0.1, 0.2, 0.1], tiers, all_units=True)])
    assert game.value(["a", "b"]) == pytest.approx(0.3, abs=1e-15)  # 0.1 + 0.2 is not below 0.3
    assert game.value(["a", "c"]) == pytest.approx(0.4, abs=1e-15)


def test_volumes_without_a_decimal_unit():
    game = CostGame.from_pools(["a", "b"], [VolumeTiers([1 / 3, 2 / 3], [(0, 3.0), (0.5, 0.0)])])
    np.testing.assert_allclose(game.table(), [0, 1, 1.5, 1.5], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("pool", "match"),
    [
        (Fixed(-1), r"pools\[0\] Fixed.amount: -1; allowed: 0 or more"),
        (Fixed(float("inf")), "Fixed.amount: inf; allowed: a finite number"),
        (Fixed("100"), "Fixed.amount: '100'; allowed: a finite number"),
        (PerParticipant([1]), r"amounts: 1 entries; allowed: one a player \(2\)"),
        (PerParticipant(3), r"amounts: 3; allowed: one entry a player"),
        (PerParticipant("ab"), r"amounts: 'ab'; allowed: one entry a player"),
        (PerParticipant({"a": 1}), "amounts: nothing for b"),
        (PerParticipant({"a": 1, "b": 2, "c": 3}), "amounts: 'c' is not a player"),
        (PerParticipant(pd.Series([1, 2, 3], index=["a", "b", "a"])), "amounts: 'a' appears twice"),
        (PerParticipant([1, np.nan]), r"amounts\[b\]: nan; allowed: a finite number"),
        (VolumeTiers([0, 0], [(0, 1)]), "volumes: all are 0; allowed: at least one above 0"),
        (VolumeTiers([-1, 2], [(0, 1)]), r"volumes\[a\]: -1; allowed: 0 or more"),
        (PerParticipant({1, 2}), r"amounts: {1, 2}; allowed: one entry a player"),
        (PerParticipant(np.array(1.0)), r"amounts: array\(1.\); allowed: one entry a player"),
        (VolumeTiers([1, 2], []), "tiers: no tiers"),
        (VolumeTiers([1, 2], None), r"tiers: None; allowed: pairs \(from_volume, unit_price\) in a list"),
        (VolumeTiers([1, 2], [(0, 3), (np.nan, 2), (3, 1)]), r"tiers\[1\].from_volume: nan; allowed: a finite number"),
        (
            VolumeTiers([1, 2], [(5, 1)]),
            r"tiers\[0\]: starts at 5, which leaves a gap below it; allowed: from volume 0",
        ),
        (VolumeTiers([1, 2], [(0, 2), (5, 1), (5, 0)]), r"tiers\[2\]: from 5 overlaps the tier before it"),
        (VolumeTiers([1, 2], [(0, 2), (5, 1), (3, 0)]), r"tiers\[2\]: from 3 falls below the tier before it"),
        (VolumeTiers([1, 2], [(0, 2), (5, -1)]), r"tiers\[1\].unit_price: -1; allowed: 0 or more"),
        (VolumeTiers([1, 2], [(0, 2, 3)]), r"tiers\[0\]: \(0, 2, 3\); allowed: a pair"),
        (VolumeTiers([1, 2], [7]), r"tiers\[0\]: 7; allowed: a pair"),
        (VolumeTiers([1, 2], [(0, 1)], all_units="no"), "all_units: 'no'; allowed: True or False"),
        (ServiceLevels([-5, 0]), r"costs\[a\]: -5; allowed: 0 or more"),
        (Regional(["r", "s"], {"r": 1}), r"regions: no amount for the region of b; allowed: one of r"),
        (Regional(["r", "r"], {"r": 1, "s": 2}), r"amounts: no player in s(.|\n)*Leave them out"),
        (Regional(["r", "r"], [1]), r"amounts: \[1\]; allowed: a mapping"),
        (Regional(["r"], {"r": 1}), "regions: 1 entries"),
        (Regional([["r"], "s"], {"r": 1, "s": 2}), r"regions\[a\]: \['r'\]; allowed: the label of a region"),
        (
            Regional(["r", "r"], pd.Series([1, 2], index=["r", "r"])),
            "amounts: 'r' comes 2 times; allowed: every region",
        ),
        (Regional(["r", "r"], {"r": -1}), r"amounts\[r\]: -1"),
        ("fixed", r"pools\[0\]: 'fixed'; allowed: Fixed, PerParticipant, VolumeTiers, ServiceLevels, Regional"),
    ],
)
def test_faults_of_a_pool(pool, match):
    with pytest.raises(InputError, match=match):
        CostGame.from_pools(["a", "b"], [pool])


def test_all_faults_of_tiers_at_once():
    tiers = [(5, 1), (5, 2), (3, -1), 7, (3, 1)]
    with pytest.raises(InputError) as caught:
        CostGame.from_pools(["a", "b"], [VolumeTiers([1, 2], tiers)])
    assert [
        str(fault).removeprefix("pools[0] VolumeTiers.tiers").partition(";")[0] for fault in caught.value.faults
    ] == [
        "[2].unit_price: -1",
        "[3]: 7",
        "[0]: starts at 5, which leaves a gap below it",
        "[1]: from 5 overlaps the tier before it",
        "[2]: from 3 falls below the tier before it",
    ]


def test_tiers_as_an_array():
    game = CostGame.from_pools(["a", "b"], [VolumeTiers(np.array([1, 2]), np.array([[0, 3], [2, 1]]))])
    assert game.table().tolist() == [0, 3, 6, 7]


def test_all_faults_of_all_pools_at_once():
    with pytest.raises(InputError) as caught:
        CostGame.from_pools(["a", "a"], [Fixed(-1), VolumeTiers([0, 0], [(1, 2)]), ServiceLevels([1])])
    found = [fault.where for fault in caught.value.faults]
    assert found == [
        "players",
        "pools[0] Fixed.amount",
        "pools[1] VolumeTiers.volumes",
        "pools[1] VolumeTiers.tiers[0]",
        "pools[2] ServiceLevels.costs",
    ]
    with pytest.raises(InputError, match="pools: none; allowed: one or more"):
        CostGame.from_pools(["a"], [])
    with pytest.raises(InputError, match=r"pools\[0\]: 7"):
        CostGame.from_pools(["a"], 7)


def test_a_fault_elsewhere_hides_no_volumes_that_are_all_0():
    faults = Faults()
    faults.add("pool.volumes", "a fault of before")
    VolumeTiers([0, 0], [(0, 1)]).part(["a", "b"], ["a", "b"], "pool", faults)
    assert [fault.found for fault in faults.found] == ["a fault of before", "all are 0"]
