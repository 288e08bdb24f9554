"""Sampled values: inside their stated bound, the same for the same seed, and honest about when they stop."""

import numpy as np
import pytest

from ggu_costs.errors import InputError
from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import Fixed, Regional, VolumeTiers
from ggu_costs.games.sampling import sample_orders, sampled_shapley
from ggu_costs.games.values import owen, shapley, weighted_shapley

UNIONS = [["1", "2"], [2, 3, 4]]


@pytest.fixture
def game():
    values = np.random.default_rng(7).integers(0, 100, 32)
    values[0] = 0
    return CostGame.from_table(values)


def test_within_the_bound(game):
    exact, drawn = shapley(game), sampled_shapley(game, seed=0, error=0.05)
    assert drawn.certificate.reached
    assert np.max(drawn.certificate.bound) <= 0.05 * game.total
    assert np.all(np.abs(drawn.values - exact.values) <= drawn.certificate.bound)
    assert drawn.certificate.residual < 1e-12
    assert drawn.rule == "sampled_shapley"


def test_unions_and_weights_within_the_bound(game):
    drawn = sampled_shapley(game, seed=0, unions=UNIONS, error=0.05)
    assert drawn.rule == "owen"
    assert np.all(np.abs(drawn.values - owen(game, UNIONS).values) <= drawn.certificate.bound)
    weights = np.array([1.0, 2.0, 5.0, 0.5, 3.0])
    drawn = sample_orders(game, "weighted_shapley", seed=1, error=0.05, most=100_000, weights=weights)
    assert np.all(np.abs(drawn.values - weighted_shapley(game, weights).values) <= drawn.certificate.bound)


def test_standard_error_is_the_spread_of_repetitions(game):
    results = [sampled_shapley(game, seed=seed, error=0.9) for seed in range(60)]
    spread = np.std([result.values for result in results], axis=0, ddof=1)
    stated = np.mean([result.certificate.standard_error for result in results], axis=0)
    np.testing.assert_allclose(stated, spread, rtol=0.35)


def test_same_seed_same_bits(game):
    one, two = (sampled_shapley(game, seed=0, error=0.05) for _ in range(2))
    np.testing.assert_array_equal(one.values, two.values)
    assert not np.array_equal(one.values, sampled_shapley(game, seed=1, error=0.05).values)


def test_stops_at_the_most_orders_and_says_so(game):
    result = sampled_shapley(game, seed=0, error=1e-6, most=1500)
    assert not result.certificate.reached
    assert result.certificate.samples == 1280
    assert result.certificate.notes == ("stopped after 1280 orders, before the wanted accuracy",)


def test_goes_on_until_the_error_is_met(game):
    loose, tight = sampled_shapley(game, seed=0, error=0.5), sampled_shapley(game, seed=0, error=0.01)
    assert loose.certificate.samples == 1024
    assert tight.certificate.samples > loose.certificate.samples
    assert np.max(tight.certificate.bound) <= 0.01 * game.total


def test_pools_of_any_size():
    n = 50
    volumes = np.arange(1, n + 1)
    pools = [
        Fixed(100),
        VolumeTiers(volumes, [(0, 3.0), (200, 1.0)]),
        Regional(["a", "b"] * (n // 2), {"a": 50, "b": 70}),
    ]
    game = CostGame.from_pools([str(i) for i in range(n)], pools)
    exact, drawn = shapley(game), sampled_shapley(game, seed=3, error=0.002)
    assert np.all(np.abs(drawn.values - exact.values) <= drawn.certificate.bound)


def test_a_function_is_asked_along_the_orders():
    values = np.random.default_rng(7).integers(0, 100, 16).tolist()
    values[0] = 0
    table = CostGame.from_table(values)
    asked = CostGame.from_function(table.players, table.value)
    one, two = sampled_shapley(asked, seed=0, error=0.1), sampled_shapley(table, seed=0, error=0.1)
    np.testing.assert_array_equal(one.values, two.values)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"seed": -1}, "seed: -1; allowed: a whole number, 0 or more"),
        ({"seed": True}, "seed: True"),
        ({"seed": 1.5}, "seed: 1.5"),
        ({"seed": 0, "error": 0}, "error: 0; allowed: between 0 and 1"),
        ({"seed": 0, "confidence": 1.0}, "confidence: 1.0"),
        ({"seed": 0, "most": 10}, "most: 10; allowed: 1024 or more"),
        ({"seed": 0, "most": float("nan")}, "most: nan; allowed: a finite number"),
        ({"seed": 0, "error": "x", "confidence": []}, r"error: 'x'; allowed: a finite number(.|\n)*confidence: a list"),
        ({"seed": 0, "unions": 3}, "unions: 3; allowed: lists of players in a list"),
        (
            {"seed": "x", "error": 2, "most": 0},
            r"seed: 'x'(.|\n)*error: 2(.|\n)*most: 0(.|\n)*Correct the values listed",
        ),
    ],
)
def test_faults(game, options, match):
    with pytest.raises(InputError, match=match):
        sampled_shapley(game, **options)
