"""Every worked example reproduces: to the digits its source prints, and to ten decimals from the definitions."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import games as oracle
from oracles import nucleolus as exact
from oracles.published_games import EXAMPLES

from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import ServiceLevels
from ggu_costs.games.values import ensc, owen, scrb, shapley

CASES = [
    pytest.param(example, rule, id=f"{example['name']}: {rule}")
    for example in EXAMPLES
    for rule in example["solutions"]
]
NUCLEOLI = {"nucleolus": "one", "per_capita_nucleolus": "size", "proportional_nucleolus": "cost"}


def solve(example, rule):
    make = CostGame.from_table if example["kind"] == "cost" else CostGame.from_savings
    game = make(example["table"])
    if rule in NUCLEOLI:
        return nucleolus(game, NUCLEOLI[rule])
    if rule == "owen":
        return owen(game, example["unions"])
    return {"shapley": shapley, "scrb": scrb, "ensc": ensc}[rule](game)


def solve_exactly(example, rule):
    table = oracle.exact(example["table"])
    if rule in NUCLEOLI:
        sign = 1 if example["kind"] == "cost" else -1
        costs = [sign * value for value in table]
        weights = {
            "one": [Fraction(1)] * len(table),
            "size": [Fraction(mask.bit_count()) for mask in range(len(table))],
            "cost": table,
        }[NUCLEOLI[rule]]
        return [sign * share for share in exact.nucleolus(costs, weights)]
    if rule == "owen":
        return oracle.owen(table, example["unions"])
    return getattr(oracle, rule)(table)


def half_unit(number):
    """Half a unit of the last printed digit."""
    text = repr(number)
    return 0.5 * 10.0 ** -len(text.partition(".")[2].rstrip("0")) if "." in text else 0.5


@pytest.mark.parametrize(("example", "rule"), CASES)
def test_solution_and_its_exact_variant(example, rule):
    result = solve(example, rule)
    exactly = solve_exactly(example, rule)
    assert sum(exactly) == example["table"][-1]
    np.testing.assert_allclose(
        result.values, [float(share) for share in exactly], rtol=0, atol=1e-9 * abs(sum(exactly))
    )
    np.testing.assert_allclose(result.values, example["solutions"][rule], rtol=0, atol=1e-9 * max(1, abs(sum(exactly))))
    assert result.certificate.residual < 1e-12


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        pytest.param(example, rule, id=f"{example['name']}: {rule}")
        for example in EXAMPLES
        for rule in example["printed"]
    ],
)
def test_printed_digits(example, rule):
    for share, printed in zip(solve(example, rule).values, example["printed"][rule], strict=True):
        assert abs(share - printed) <= half_unit(printed)


def test_airport_example_as_a_pool():
    """Airport problem 8/11/13/18 (Wikipedia, Airport problem): the closed forms give what the table gives."""
    game = CostGame.from_pools(list("ABCD"), [ServiceLevels([8, 11, 13, 18])])
    np.testing.assert_allclose(shapley(game).values, [2, 3, 4, 9], rtol=0, atol=1e-12)
    np.testing.assert_allclose(nucleolus(game).values, [3.25, 3.25, 3.25, 8.25], rtol=0, atol=1e-12)
