"""Tariffs: the rates of the membership fee of 2024, cliffs, allowances, exactness."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs import InputError, UnknownNameError
from ggu_costs.allocation import fixed_plus_variable, price_times_quantity, tariff

# binnenlandsbestuur.nl, VNG verhoogt contributie met 6,1 procent (24 May 2023): proposed rates of 2024
BRACKETS, RATES = [0, 5_000, 25_000, 200_000], [1.92, 1.76, 1.52, 0.75]


def test_the_fee_of_2024_by_bracket() -> None:
    fee = tariff(BRACKETS, RATES)
    amounts = fee(np.array([24_999, 66_918, 200_000, 20_000, 40_000, 0]))
    assert np.round(amounts, 2).tolist() == [44_798.24, 108_515.36, 310_800.00, 36_000.00, 67_600.00, 0]
    assert fee.exact(66_918) == Fraction(10_851_536, 100)
    assert 2 * fee.exact(20_000) - fee.exact(40_000) == 72_000 - 67_600


def test_the_cliff_of_whole_classes() -> None:
    fee = tariff(BRACKETS, RATES, mode="whole_class")
    assert np.round(fee([24_999, 25_000, 199_999, 200_000]), 2).tolist() == [43_998.24, 38_000, 303_998.48, 150_000]
    assert fee.exact(24_999) == Fraction(4_399_824, 100)


@cases(100)
@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=4),
    st.lists(st.integers(0, 300), min_size=5, max_size=5),
    st.sampled_from(["marginal", "whole_class"]),
    st.integers(0, 2500),
)
def test_unit_by_unit(widths: list[int], cents: list[int], mode: str, quantity: int) -> None:
    brackets = [0, *np.cumsum(widths).tolist()]
    rates = [Decimal(cent) / 100 for cent in cents[: len(brackets)]]
    price = tariff(brackets, rates, mode=mode)

    def rate_of(unit: int) -> Fraction:
        return Fraction(rates[max(k for k, bound in enumerate(brackets) if bound <= unit)])

    expected = sum(map(rate_of, range(quantity))) if mode == "marginal" else rate_of(quantity) * quantity
    assert price.exact(quantity) == expected
    assert price(quantity) == pytest.approx(float(expected), rel=1e-13)


def test_allowance_and_fixed_part() -> None:
    use = price_times_quantity(0.12, free=1000)
    assert use([0, 1000, 1001]).tolist() == [0, 0, 0.12]
    assert price_times_quantity("0.12")([50]).tolist() == [6.0]
    both = fixed_plus_variable(100, Decimal("0.5"))
    assert both([0, 10]).tolist() == [100, 105]
    assert both.exact(np.int64(10)) == 105
    assert use(np.array([[2000.0]])).shape == (1, 1)


@pytest.mark.parametrize(
    ("brackets", "rates", "said"),
    [
        ([5, 10], [1, 2], r"brackets\[0\]: 5; allowed: 0"),
        ([0, 10, 10], [1, 2, 3], r"brackets\[2\]: 10 after 10; allowed: strictly increasing"),
        ([0, 10], [1], "1 rates for 2 brackets"),
        ([], [], "0 rates for 0 brackets"),
        ([0], [-1], r"rates\[0\]: -1; allowed: 0 or more"),
        ([0], ["free"], r"rates\[0\]: 'free'; allowed: a finite number"),
        ([0], [float("inf")], r"rates\[0\]: inf"),
        ([0, True], [1, 1], r"brackets\[1\]: True"),
    ],
)
def test_faults_of_a_table(brackets: list[object], rates: list[object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        tariff(brackets, rates)


def test_other_faults() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'marginal'"):
        tariff([0], [1], mode="margin")
    with pytest.raises(InputError, match=r"quantities\[1\]: -2; allowed: 0 or more"):
        tariff([0], [1])([1, -2])
    with pytest.raises(InputError, match="quantity: nan; allowed: a finite number"):
        tariff([0], [1]).exact(float("nan"))
    with pytest.raises(InputError, match="quantity: -1; allowed: 0 or more"):
        tariff([0], [1]).exact(-1)
    with pytest.raises(InputError, match=r"(?s)free: -1.*price: -2"):
        price_times_quantity(-2, free=-1)
    with pytest.raises(InputError, match=r"(?s)fixed: -1.*price: -2"):
        fixed_plus_variable(-1, -2)


@cases(100)
@given(st.integers(0, 60_000))
def test_a_bound_counts_in_the_lower_class_where_it_is_up_to_and_including(units: int) -> None:
    bounds, rates = [0, 5_000, 25_000], [Fraction(192, 100), Fraction(176, 100), Fraction(152, 100)]
    for quantity in (units, 5_000, 25_000, 5_001):
        rate = rates[0] if quantity <= 5_000 else rates[1] if quantity <= 25_000 else rates[2]
        classes = tariff(bounds, rates, mode="whole_class", up_to_and_including=True)
        assert classes.exact(quantity) == rate * quantity
        assert classes([quantity])[0] == pytest.approx(float(rate * quantity))
        brackets = [tariff(bounds, rates, up_to_and_including=way).exact(quantity) for way in (False, True)]
        assert brackets[0] == brackets[1]
