"""Bad input never gives a number: one error, all faults, by code."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ggu_costs import InfeasibleError, InputError, UnknownNameError
from ggu_costs.allocation import allocate

pytestmark = pytest.mark.kernels

KEY = pd.Series([10.0, 20.0, 30.0], index=["GM0003", "GM0005", "GM0009"], name="inhabitants")


@pytest.mark.parametrize(
    ("amount", "key", "options", "said"),
    [
        (100.005, KEY, {}, "amount: 100.005 euro is not a whole number of cents"),
        (Decimal("0.0000101"), KEY, {}, "not a whole number of cents"),
        ([1.0, 0.005], KEY, {}, r"amount\[1\]: 0.005 euro is not a whole number of cents"),
        (10**400, KEY, {}, "amount: too large; allowed: a finite number of euros, at most 1e200"),
        (Fraction(10**400, 3), KEY, {}, "amount: too large"),
        (Decimal("-1e300"), KEY, {}, "amount: too large"),
        (100, [10**400, 1], {}, r"key\[0\]: too large; allowed: a finite number"),
        (100, KEY.rename(index={"GM0005": "GM8999"}), {}, "no municipality has the code GM8999; allowed: codes of mun"),
        (100, KEY.rename("size_class"), {}, "key: 'size_class' is a class, which does not add up; allowed: a figure"),
        (100, KEY.rename("low_income_households_pct"), {}, "key: 'low_income_households_pct' is a rate"),
        (float("nan"), KEY, {}, "amount: nan; allowed: a finite number"),
        ([1.0, np.inf], KEY, {}, r"amount\[1\]: inf"),
        (True, KEY, {}, "amount: True; allowed: a finite number of euros"),
        ("100", KEY, {}, "amount: '100'; allowed: a finite number of euros"),
        (None, KEY, {}, "amount: None"),
        (["a"], KEY, {}, r"amount\[0\]: 'a'; allowed: a finite number. Text is no figure"),
        (np.ones((1, 1, 1)), KEY, {}, r"amount: an array of shape \(1, 1, 1\)"),
        (100, [], {}, "key: no participants"),
        (100, 5, {}, r"key: figures of shape \(\)"),
        (100, [[1, 2], [3]], {}, "key: lists of unequal length that are not numbers"),
        (100, [1, None, -2], {}, r"(?s)missing for \[1\].*-2\.0 for \[2\]"),
        (100, [1, np.inf], {}, r"inf for \[1\]"),
        (100, [0, 0], {}, "key: 0 for everyone"),
        ([100.0], [0.0, 0.0], {}, "key: 0 for everyone"),
        (100, [1e300, 1], {}, r"1e\+300 for \[0\]; allowed: 0 or more, at most 1e200"),
        (100, KEY.replace(20.0, np.nan), {}, "missing for GM0005"),
        (100, KEY.replace(20.0, np.nan).replace(30.0, -1.0), {}, r"(?s)missing for GM0005.*-1\.0 for GM0009"),
        (100, KEY.astype(object).where(KEY != 20, pd.NA), {}, "missing for GM0005"),
        (100, KEY.rename(index={"GM0005": "Utrecht"}), {}, r"'Utrecht' is not a code.*never on name"),
        (100, KEY.rename(index={"GM0005": "GM0003"}), {}, "code GM0003 occurs more than once"),
        (100, KEY.set_axis([7, 8, 9]), {}, "7 is not a code"),
        (100, KEY, {"minimum": KEY[:2]}, "minimum: no value for GM0009"),
        (100, KEY, {"maximum": KEY.rename(index={"GM0003": "GM0014"})}, "(?s)GM0014 is not in the key.*for GM0003"),
        (100, KEY, {"minimum": KEY.rename(index={"GM0003": "GM0005"})}, "(?s)GM0005 occurs more than once"),
        (100, KEY, {"minimum": KEY.reset_index(drop=True)}, "minimum: a Series without codes"),
        (100, [1, 2, 3], {"minimum": KEY}, "values by code for a key without codes"),
        (100, KEY, {"minimum": [1, 2]}, r"minimum: values of shape \(2,\)"),
        (100, KEY, {"minimum": [1, np.nan, np.inf]}, "(?s)minimum GM0005: nan.*minimum GM0009: inf"),
        (100, KEY, {"maximum": [1, -np.inf, 3]}, "maximum GM0005: -inf"),
        (60, KEY, {"rule": "cea", "maximum": 5}, "bounds with rule 'cea'; allowed: bounds with proportional or equal"),
        (60.01, KEY, {"rule": "cea"}, r"60\.01 euro; allowed: 0 up to the sum of the claims, 60\.00"),
        (-1, KEY, {"rule": "talmud"}, "a negative amount with rule 'talmud'"),
        ([1.0, -1.0, 61.0], KEY, {"rule": "cel"}, r"(?s)amount\[1\]: a negative amount.*amount\[2\]: 61\.00 euro"),
        ([1.0, 2.0], np.ones((3, 2)), {}, r"key: figures of shape \(3, 2\); allowed: shape \(n,\) or \(2, n\)"),
        (np.ones((5, 2)), np.ones((3, 4)), {}, r"shape \(n,\) or \(2, n\) or \(5, 2, n\)"),
        (100, np.ones((2, 2)), {}, r"shape \(n,\) for this amount"),
        (100, KEY, {"out": np.empty(3)}, "out: ndarray of shape"),
        ([1.0], KEY, {"out": np.empty((1, 2))}, r"out: ndarray of shape \(1, 2\)"),
        ([1.0], KEY, {"out": [0, 0, 0]}, "out: list of shape"),
    ],
)
def test_one_error_says_what_is_wrong(amount: object, key: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        allocate(amount, key, **options)
    assert caught.value.faults
    assert "nothing was shared" in caught.value.remedy


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        allocate(np.nan, KEY.replace(10.0, -3.0), minimum=[np.nan, 1, 2], maximum=[1])
    assert [fault.where for fault in caught.value.faults] == ["amount", "key", "minimum GM0003", "maximum"]


def test_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'proportional'"):
        allocate(1, [1], rule="proportionally")


def test_scenarios_that_cannot_be_met_are_all_named() -> None:
    with pytest.raises(InfeasibleError, match="cannot be met in every scenario") as caught:
        allocate([10.0, 2.0, 50.0, -2.0], KEY, minimum=[1.0, 1, 1], maximum=[10.0, 10, 10])
    said = [str(fault) for fault in caught.value.faults]
    assert said[0].startswith(
        "amount[1, 0]: the bounds ask 3.00 euro at least, 1.00 more than the 2.00 there is (GM0003"
    )
    most = "the bounds allow 30.00 euro at most, 20.00 less than the 50.00 there is"
    assert said[1] == f"amount[2, 0]: {most} (held down: GM0003, GM0005, GM0009)"
    assert said[2].startswith("amount[3, 0]: the bounds ask 3.00 euro at least, 5.00 more than the -2.00 there is")
    with pytest.raises(InfeasibleError, match=r"minimum 5\.00 above maximum 4\.00"):
        allocate([10.0], KEY, minimum=5, maximum=4, cents=False)
    with pytest.raises(InfeasibleError, match=r"allow 3\.00 euro at most.*nothing can go to \[1\]"):
        allocate([4.0], [1, 0], maximum=3, cents=False)


def test_amounts_are_refused_where_floats_have_no_single_cents_and_only_there() -> None:
    assert allocate([1e14], [1, 2]).values.tolist() == [[33333333333333.33, 66666666666666.67]]
    assert allocate([1e15], [1, 1]).values.tolist() == [[5e14, 5e14]]
    assert allocate([1.0], [1e12, 2], rule="cea").values.tolist() == [[0.5, 0.5]]
    for amount in (1e15, [1.0, 1e15], [[1e15]]):
        with pytest.raises(InputError, match=r"333,333,333,333,333\.33 euro cannot be kept to the cent"):
            allocate(amount, [1, 2])
    with pytest.raises(InputError, match="cannot be kept to the cent"):
        allocate(1e199, [1, 2])
