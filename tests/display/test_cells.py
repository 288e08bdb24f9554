"""Cells as plain Python, and sums to the cent that are exact."""

import datetime
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs.display.cells import cells_of, sum_of_cents
from ggu_costs.money import add_up
from ggu_costs.words.numbers import exact

CENTS = st.integers(-(10**11), 10**11)


@given(st.lists(CENTS, max_size=60))
def test_a_sum_of_cents_is_the_exact_one(cents):
    euros = [amount / 100 for amount in cents]
    assert (sum_of_cents(euros) or Fraction(0)) == Fraction(sum(cents), 100) == add_up(map(exact, euros))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_what_is_no_cent_is_left_to_exact_arithmetic(values):
    summed = sum_of_cents(values)
    assert summed is None or summed == add_up(map(exact, values))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e11, 0.001, True, None, "1"])
def test_no_sum_of_what_a_float_does_not_tell(value):
    assert sum_of_cents([1.25, value]) is None


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (pd.Series([1.5, np.nan]), (1.5, None)),
        (pd.Series([1.5, np.nan], dtype="float32"), (1.5, None)),
        (pd.Series([2, 3]), (2, 3)),
        (pd.Series([True, False]), (True, False)),
        (pd.Series([2, None], dtype="Int64"), (2, None)),
        (pd.Series(["a", None, np.float64(2.0), pd.NA], dtype=object), ("a", None, 2.0, None)),
        (pd.Series(pd.to_datetime(["2024-01-01", None])), (datetime.date(2024, 1, 1), None)),
    ],
)
def test_cells_are_plain_python(column, cells):
    found = cells_of(column)
    assert found == cells
    assert all(type(one).__module__ in ("builtins", "datetime") for one in found)
