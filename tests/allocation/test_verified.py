"""Money is verified after every kernel: sums and bounds hold for any figures; what floats cannot meet is exact."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from fuzz.counts import Case
from fuzz.money import EVERY, attempt
from hypothesis import given
from hypothesis import strategies as st
from oracles import allocation as plain

from ggu_costs import InfeasibleError, InputError
from ggu_costs.allocation import _kernels, allocate, round_table
from ggu_costs.allocation.rules import RULES, rule_named

pytestmark = pytest.mark.kernels

FAR_APART = [1.855769e-08, 0.02503263, 6.078708e-12, 8.695272e-19, 1.728717e-08, 3.855392e-30, 0.6465757]
CAPS = [62950950.0, 4678122.37, 12726399.89, 388754.36, 99976377.89, 95029029.66, 37986081.06]


def cents_of(row: np.ndarray) -> list[int]:
    return [round(Fraction(share) * 100) for share in row.tolist()]


@pytest.mark.compiled  # products that overflow are infinite there, and only warned of without the compiler
@cases(150)
@given(st.integers(0, 2**40), st.booleans(), st.booleans())
def test_sums_and_bounds_hold_for_any_figures_and_totals(number: int, many: bool, large: bool) -> None:
    draws, place = (4, EVERY * number) if many else (1, EVERY * number + 1)
    told = {"seed": 1, "number": place, "draws": draws, "large": large}
    try:
        attempt(Case(json.dumps(told).encode(), ".json", valid=not large))
    except InputError:
        assert large  # cents that a float cannot hold


@cases(60)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_keys_far_apart_are_shared_as_their_twin(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    figures = 10.0 ** rng.uniform(-30, 0, count)
    highs = np.round(rng.uniform(1, 1e6, count), 2)
    totals = np.floor(rng.random(3) * highs.sum() * 100) / 100
    shared = allocate(totals, figures, maximum=highs, cents=False).values
    for row, total in zip(shared, totals, strict=True):
        weights, most = ([Fraction(one) for one in array.tolist()] for array in (figures, highs))
        exact = plain.water_fill(Fraction(total), weights, [Fraction(0)] * count, most)
        np.testing.assert_allclose(row, [float(share) for share in exact], rtol=1e-11, atol=1e-9)


def test_keys_thirty_orders_apart_meet_amount_and_maxima_in_every_scenario() -> None:
    amounts = np.array([275364232.63, 1.0, 313735715.23])
    for cents in (True, False):
        shared = allocate(amounts, FAR_APART, maximum=CAPS, cents=cents).values
        assert (shared <= CAPS).all()
        assert [round(math.fsum(row), 2) for row in shared] == amounts.tolist()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("cents", [True, False])
def test_large_amounts_add_up_under_every_rule(rule: str, cents: bool) -> None:
    for amount in (10_000_000_000_000.01, 60_000_000_000_000.00):
        key = [1e13, 2e13 + 0.01, 4e13 + 0.5, 5.0]
        for given_amount in (amount, [amount, 1.0], [[amount, 1.0]]):
            row = np.ravel(allocate(given_amount, key, rule=rule, cents=cents).values)[:4]
            if cents:
                assert sum(cents_of(row)) == round(amount * 100)
            assert math.fsum(row) == pytest.approx(amount, rel=1e-15)
            assert (row >= 0).all()
            assert rule_named(rule).takes_bounds or (row <= key).all()


def test_random_arrival_of_many_claims_adds_up_at_any_size() -> None:
    claims = np.round(np.random.default_rng(4).uniform(1, 2, 14) * 1e12, 2)
    amount = 7_777_777_777_777.77
    for given_amount in (amount, [amount]):
        row = np.ravel(allocate(given_amount, claims, rule="random_arrival").values)
        assert sum(cents_of(row)) == round(amount * 100)
        assert (row <= claims).all()
    unrounded = allocate(amount, claims, rule="random_arrival", cents=False).values
    assert math.fsum(unrounded) == pytest.approx(amount, rel=1e-15)


def test_small_awards_beside_large_claims_are_whole() -> None:
    claims = [1e15, 1e15 + 1, 1e15 + 2]
    for rule in ("cel", "talmud"):
        amount = 3.5 if rule == "cel" else 3e15 - 3.5
        alone, among = (allocate(one, claims, rule=rule, cents=False).values for one in (amount, [amount]))
        np.testing.assert_allclose(among[0], alone, rtol=1e-15)
    assert among[0].tolist() != claims
    assert allocate([3.5], claims, rule="cel", cents=False).values.tolist() == [[1 / 6, 7 / 6, 13 / 6]]


def test_whole_figures_whose_sum_passes_an_integer_are_shared() -> None:
    key = [2.0**61] * 9 + [1.0]
    shared = allocate([1.00, 0.04], key).values
    assert shared.tolist() == [[0.12, *[0.11] * 8, 0.0], [*[0.01] * 4, *[0.0] * 6]]


def test_sums_of_keys_as_small_as_floats_go_are_shared() -> None:
    assert allocate([100.0, -3.0], [1e-310, 3e-310]).values.tolist() == [[25.0, 75.0], [-0.75, -2.25]]
    assert allocate([100.0], [1e-310, 0], cents=False).values.tolist() == [[100.0, 0.0]]


def test_maxima_as_good_as_none_and_minima_beyond_integers() -> None:
    assert allocate([9.0], [1, 2], maximum=1e190).values.tolist() == [[3.0, 6.0]]
    assert allocate([9.0], [1, 2], minimum=-1e190).values.tolist() == [[3.0, 6.0]]
    with pytest.raises(InfeasibleError, match=r"amount\[0, 0\]: the bounds ask"):
        allocate([9.0], [1, 2], minimum=[1e18, 1.0])


def test_amounts_shared_one_by_one_are_refused_by_their_place() -> None:
    with pytest.raises(
        InfeasibleError, match=r"(?s)every scenario.*amount\[1, 0\]: the bounds allow 5\.00.*amount\[2, 0\]"
    ):
        allocate([4.0, 3e13, 4e13], [1, 2], maximum=[2, 3])
    with pytest.raises(InputError, match=r"amount\[1, 0\]: an amount of 333,333,333,333,333\.33 euro cannot be kept"):
        allocate([1.0, 1e15], [1, 2])


def test_an_amount_above_the_claims_by_a_cent_is_refused_where_sums_of_floats_hide_it() -> None:
    claims = [1e13, 2e13, 0.01]
    assert allocate([30_000_000_000_000.01], claims, rule="cea").values.tolist() == [claims]
    for amount in (30_000_000_000_000.02, [30_000_000_000_000.02]):
        with pytest.raises(InputError, match=r"0\.01 above the sum of the claims"):
            allocate(amount, claims, rule="cea")


def test_kernels_mark_what_does_not_add_up() -> None:
    failed = np.zeros((2, 1), dtype=np.bool_)
    rows = np.empty((2, 1, 2))
    _kernels.proportional_rows(np.array([[1.0], [np.nan]]), np.array([[[1.0, 1.0]]]), rows, failed, 0, 2)
    assert failed.tolist() == [[False], [True]]
    lows, highs, bounds = np.zeros((2, 2)), np.full((2, 2), np.inf), (True, False, np.arange(2))
    for key in ([1.0, 1e-310], [1e-310, 1e-310]):  # what is left over has no level
        highs[:, 0] = 5.0
        given_key = np.array([[key]])
        gaps = np.zeros((1, 1))
        with np.errstate(over="ignore", invalid="ignore"):
            _kernels.cents_rows(np.array([[7.0]]), given_key, lows, highs, *bounds, rows, gaps, failed, 0, 1)
        assert failed[0, 0]
    failed[:] = False
    _kernels.claims_rows(np.array([[9.0], [3.0]]), np.array([[[1.0, 2.0]]]), 0, False, np.arange(2), rows, failed, 0, 2)
    assert failed.tolist() == [[True], [False]]
    failed[:] = False
    _kernels.check_rows(np.array([[3.0], [3.1]]), rows, failed, 0, 2)
    assert failed[1, 0]
    steps = (np.array([[[100.0, 50.5]], [[99.0, 50.5]]]) * (1 << _kernels.GRID_BITS)).astype(np.int64)
    _kernels.round_rows(np.array([[151.0], [155.0]]), steps, np.arange(2), rows, failed, 0, 2)
    assert failed.tolist() == [[False], [True]]


@pytest.mark.parametrize("left", [-1, 3])
def test_no_unit_goes_to_who_has_no_remainder(left: int) -> None:
    units, remainders = np.zeros(3, dtype=np.int64), np.array([0, 4, 9])
    spare, tally = np.empty(3, dtype=np.int64), np.empty(256, dtype=np.int64)
    assert not _kernels.serve_largest(units, remainders, left, 10, np.arange(3), spare, tally)
    assert units.tolist() == [0, 0, 0]
    assert _kernels.serve_largest(units, remainders, 2, 10, np.arange(3), spare, tally)
    assert units.tolist() == [0, 1, 1]


def test_tables_of_large_amounts_keep_their_totals() -> None:
    third = 10_000_000_000_000.01 / 3
    table = np.array([[third, third, third], [1 / 3, 1 / 3, 1 / 3]])
    rounded = round_table(table, row_totals=[10_000_000_000_000.01, 1.0])
    assert [sum(cents_of(row)) for row in rounded] == [1_000_000_000_000_001, 100]
    assert (np.abs(rounded - table) < 0.01 + 1e-3).all()
    whole = pd.DataFrame([[12_345_678_901_234.56, 0.07], [0.01, 0.02]], index=["a", "b"])
    assert round_table(whole).equals(whole)
    with pytest.raises(InputError, match="at most 70,368,744,177,664 euro"):
        round_table(np.full((2, 2), 1e14))
    with pytest.raises(InputError, match=r"row_totals\[0\]: 10000000000000\.006; allowed: a whole number of cents"):
        round_table(table, row_totals=[10_000_000_000_000.006, 1.0])
