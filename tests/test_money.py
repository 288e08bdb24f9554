"""Euro to cent and back, largest remainders against published examples, and VAT in an amount."""

import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles.fund import half_up, hamilton

from ggu_costs.errors import InputError
from ggu_costs.money import CENT_TOLERANCE, euros, exact_sum, largest_remainder, round_half_up, to_cents, vat_in

PUBLISHED = [
    # Balinski and Young (1975), American Mathematical Monthly 82, pp. 701-730, example 1
    (100, [5117, 4400, 162, 161, 160], [51, 44, 2, 2, 1]),
    # Wikipedia, "Largest remainder method": 10 seats, Hare quota
    (10, [47_000, 16_000, 15_900, 12_000, 6_100, 3_100], [5, 2, 1, 1, 1, 0]),
    # tie trap: quotas 2.5, 2.5, 2.9, 12.1; a remainder of 0.9 comes before 0.5, and the tie goes to the first
    (20, [25, 25, 29, 121], [3, 2, 3, 12]),
]


@pytest.mark.parametrize(("units", "weights", "shares"), PUBLISHED)
def test_published_largest_remainders(units, weights, shares):
    assert largest_remainder(units, weights).tolist() == shares
    assert largest_remainder(units, np.array(weights, dtype=float)).tolist() == shares
    assert largest_remainder(-units, weights).tolist() == [-share for share in shares]


def test_a_table_of_ties_goes_by_position():
    assert largest_remainder(2, [1, 1, 1, 1]).tolist() == [1, 1, 0, 0]
    assert largest_remainder(-2, [1, 1, 1, 1]).tolist() == [-1, -1, 0, 0]
    assert largest_remainder(0, [1, 2]).tolist() == [0, 0]
    assert largest_remainder(7, [0, 5, 0]).tolist() == [0, 7, 0]
    assert largest_remainder(5.0, [1]).tolist() == [5]


def test_weights_that_are_the_same_float_tie():
    assert largest_remainder(1, [0.1, 0.1, 0.1]).tolist() == [1, 0, 0]
    assert largest_remainder(4, [1e-300, 1e-300, 1e-300]).tolist() == [2, 1, 1]


def test_a_trillion_cents_over_the_municipalities():
    weights = [900_000 - 2_500 * i for i in range(342)]
    shares = largest_remainder(10**14, weights)
    assert shares.dtype == np.int64
    assert int(shares.sum()) == 10**14


@cases(300)
@given(
    units=st.integers(-(10**12), 10**12),
    weights=st.lists(st.floats(0, 1e12) | st.integers(0, 10**9), min_size=1, max_size=15),
)
def test_shares_follow_the_definition(units, weights):
    assume(any(weights))
    shares = largest_remainder(units, weights).tolist()
    assert sum(shares) == units
    names = [f"{i:02d}" for i in range(len(weights))]
    floats = np.asarray(weights).tolist()  # numpy turns a list with one float into floats
    expected = hamilton(units, dict(zip(names, map(Fraction, floats), strict=True)))
    assert shares == [expected[name] for name in names]
    whole = sum(map(Fraction, floats))
    for share, weight in zip(shares, floats, strict=True):
        assert abs(share - units * Fraction(weight) / whole) < 1
        assert share == 0 or weight > 0


@cases(100)
@given(units=st.integers(0, 10**6), weights=st.lists(st.integers(1, 1000), min_size=2, max_size=10, unique=True))
def test_the_order_of_participants_does_not_matter_where_weights_differ(units, weights):
    remainders = [Fraction(units * weight, sum(weights)) % 1 for weight in weights]
    assume(len(set(remainders)) == len(remainders))
    shares = dict(zip(weights, largest_remainder(units, weights).tolist(), strict=True))
    turned = dict(zip(weights[::-1], largest_remainder(units, weights[::-1]).tolist(), strict=True))
    assert shares == turned


@pytest.mark.parametrize(
    ("units", "weights", "words"),
    [
        (10, [], "weights: none"), (10, [[1, 2]], r"weights: figures of shape \(1, 2\)"),
        (10, ["a"], r"weights\[0\]: 'a'"), (10, [True], r"weights\[0\]: True"),
        (10, [0, 0], "weights: all are 0; allowed: at least one above 0"),
        (10, [1, -1, math.nan, math.inf], r"weights\[1\]: -1(.|\n)*weights\[2\]: nan(.|\n)*weights\[3\]: inf"),
        (1.5, [1], r"total_units: 1\.5; allowed: a whole number"), (True, [1], "total_units: True"),
        ("10", [-1], r"weights\[0\]: -1(.|\n)*total_units: '10'"),
    ],
)  # fmt: skip
def test_units_that_cannot_be_shared(units, weights, words):
    with pytest.raises(InputError, match=words):
        largest_remainder(units, weights)


@given(st.integers(-(10**15), 10**15))
def test_whole_cents_survive_euros_and_back(cents):
    assert to_cents(Decimal(cents) / 100) == cents
    assert to_cents(Fraction(cents, 100)) == cents
    assert euros([cents])[0] == float(Fraction(cents, 100))
    if abs(cents) < 8 * 10**11:  # above 2**33 euro a float can lie further than the tolerance from its cent
        assert to_cents(euros([cents])[0]) == cents


@pytest.mark.parametrize("cents", [-(2**63), 2**63 - 1, 2**63])
def test_cents_that_no_float_holds_are_refused_on_both_sides_of_zero(cents):
    with pytest.raises(InputError, match="cannot be kept to the cent"):
        euros([cents])


@pytest.mark.parametrize("amount", [0.001, 1.005, Decimal("0.009"), Fraction(1, 3), 10.000_002])
def test_what_is_no_whole_cent_is_refused(amount):
    with pytest.raises(InputError, match=r"budget is .* euro, which is not a whole number of cents\nRound it first"):
        to_cents(amount, name="budget")


def test_the_tolerance_is_a_millionth_of_a_euro():
    assert CENT_TOLERANCE == 1e-6
    assert to_cents(Fraction(1) + Fraction(1, 1_000_000)) == 100
    with pytest.raises(InputError):
        to_cents(Fraction(1) + Fraction(2, 1_000_000))


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), np.float64("-inf")])
def test_what_is_not_finite_is_refused(amount):
    with pytest.raises(InputError, match=r"amount is .*\nGive a finite amount in euro"):
        to_cents(amount)


@given(st.fractions(), st.decimals(-(10**9), 10**9, places=4))
def test_halves_go_away_from_zero(fraction, decimal):
    assert round_half_up(fraction) == half_up(fraction)
    assert round_half_up(decimal) == half_up(Fraction(decimal))


def test_published_halves():
    halves = [Fraction(1, 2), Fraction(-1, 2), Decimal("2.5"), Decimal("-2.5"), Decimal("2.4999")]
    assert [round_half_up(half) for half in halves] == [1, -1, 3, -3, 2]


def test_a_sum_of_floats_does_not_depend_on_the_order():
    values = [1e16, 1.0, -1e16, 0.1, 0.2, -0.3]
    assert exact_sum(values) == exact_sum(sorted(values)) == math.fsum(values)
    assert exact_sum([]) == 0


@given(st.integers(-(10**12), 10**12), st.decimals("0", "1", places=3))
def test_vat_in_an_amount_leaves_the_rest(cents, rate):
    tax = vat_in(cents, rate)
    assert abs(tax - Fraction(cents) * Fraction(rate) / (1 + Fraction(rate))) <= Fraction(1, 2)
    assert abs((cents - tax) * Fraction(rate) - tax) < 2  # VAT over the amount excluding it


def test_published_vat():
    assert vat_in(12_100, Decimal("0.21")) == 2_100
    assert vat_in(10_900, Decimal("0.09")) == 900
    assert vat_in(-12_100, Decimal("0.21")) == -2_100
    assert vat_in(12_100, Decimal("0.21"), Decimal("0.5")) == 1_050
    assert vat_in(32, Decimal("0.21"), Decimal("0.8")) == 4  # 4.44; of 26, which is 25.6 rounded first, it would be 5
    assert vat_in(5_230_000_000, Decimal("0.21")) == 907_685_950  # 43.22 million excluding VAT


def test_cents_are_plain_numbers_for_json():
    assert json.dumps([to_cents(1.5), to_cents(2)]) == "[150, 200]"
