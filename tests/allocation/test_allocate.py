"""One amount: exact, in whole cents, within bounds, the same in any order."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import allocation as plain

from ggu_costs import InfeasibleError
from ggu_costs.allocation import Allocation, allocate
from ggu_costs.reference import member_codes

pytestmark = pytest.mark.kernels

CODES = pd.Index(["GM0003", "GM0005", "GM0009", "GM0010", "GM0014", "GM0015"])


def by_code(values: list[float]) -> pd.Series:
    return pd.Series(values, index=CODES[: len(values)], name="inhabitants")


Case = tuple[int, list[float], list[int], list[int]]


def feasible(rows: list[tuple[float, int, int]], place: int) -> Case:
    """An amount in cents, a key, and bounds in cents that can be met: `place` thousandths between least and most."""
    weights, lows, spans = (list(column) for column in zip(*rows, strict=True))
    weights[0] = weights[0] or 1.0
    highs = [low + span for low, span in zip(lows, spans, strict=True)]
    least = sum(lows)
    most = sum(high if weight > 0 else low for weight, low, high in zip(weights, lows, highs, strict=True))
    return least + (most - least) * place // 1000, weights, lows, highs


FIGURES = st.one_of(st.integers(0, 60).map(float), st.floats(0, 60, allow_subnormal=False), st.sampled_from([0.1, 0.3]))
ROWS = st.lists(st.tuples(FIGURES, st.integers(0, 300), st.integers(0, 500)), min_size=1, max_size=6)
CASES = st.builds(feasible, ROWS, st.integers(0, 1000))


def check_bounded(cents: list[int], case: Case) -> None:
    """The total to the cent, everyone within bounds, and equal figures at most a cent apart between them."""
    total, weights, lows, highs = case
    assert sum(cents) == total
    assert all(least <= cent <= most for least, cent, most in zip(lows, cents, highs, strict=True))
    free = [i for i in range(len(weights)) if lows[i] < cents[i] < highs[i]]
    assert all(abs(cents[i] - cents[j]) <= 1 for i in free for j in free if weights[i] == weights[j])


POPULATIONS = st.lists(st.tuples(FIGURES, st.integers(0, 300), st.integers(0, 500)), min_size=3, max_size=8).map(
    lambda rows: [*rows, (rows[0][0], 0, 500), (rows[0][0], 0, 500)]
)  # the same figure three times


@pytest.mark.compiled  # once is enough
@cases(40)
@given(POPULATIONS, st.lists(st.integers(0, 1000), min_size=50, max_size=50), st.randoms(use_true_random=False))
def test_thousands_of_allocations_with_bounds(
    rows: list[tuple[float, int, int]], places: list[int], shuffle: random.Random
) -> None:
    """2,000 of 40 populations by day: the sum exact, bounds met, the order irrelevant, equal shares equal."""
    order = shuffle.sample(range(len(rows)), len(rows))
    codes = pd.Index(member_codes(date(2020, 1, 1))[: len(rows)])
    cases = [feasible(rows, place) for place in places]
    _, weights, lows, highs = cases[0]
    key, low, high = (pd.Series(x, index=codes) for x in (weights, np.array(lows) / 100, np.array(highs) / 100))
    for case in cases:
        shared = allocate(case[0] / 100, key, minimum=low, maximum=high)
        check_bounded(np.rint(shared.values * 100).astype(int).tolist(), case)
        moved = allocate(case[0] / 100, key.iloc[order], minimum=low, maximum=high.iloc[order[::-1]])
        assert moved.values.tolist() == shared.values[order].tolist()


@cases(200)
@given(CASES, st.integers(0, 719))
def test_allocations_with_bounds_do_not_depend_on_the_order(case: Case, shuffle: int) -> None:
    total, weights, lows, highs = case
    key, low, high = by_code(weights), by_code([c / 100 for c in lows]), by_code([c / 100 for c in highs])
    shares = allocate(total / 100, key, minimum=low, maximum=high)
    check_bounded(np.rint(shares.values * 100).astype(int).tolist(), case)
    order = np.random.default_rng(shuffle).permutation(len(weights))
    moved = allocate(total / 100, key.iloc[order], minimum=low, maximum=high.iloc[order[::-1]])
    assert moved.values.tolist() == shares.values[order].tolist()


@cases(100)
@given(CASES, st.booleans())
def test_shares_are_those_of_the_plain_twin(case: Case, credit: bool) -> None:
    total, weights, lows, highs = case
    exact = [Fraction(weight) for weight in weights]
    level = plain.water_fill(Fraction(total), exact, [Fraction(c) for c in lows], [Fraction(c) for c in highs])
    compared = level  # exactly, or on a grid where figures are no whole numbers
    if any(weight.denominator > 1 for weight in exact):
        compared = [Fraction(math.floor(share * 2**20 + Fraction(1, 2)), 2**20) for share in level]
    expected = plain.largest_remainder(compared, total)
    low, high = np.array(lows) / 100, np.array(highs) / 100
    sign = -1 if credit else 1
    bounds = {"minimum": -high, "maximum": -low} if credit else {"minimum": low, "maximum": high}
    shares = allocate(sign * total / 100, weights, **bounds).values
    assert np.rint(shares * 100).tolist() == [sign * cent for cent in expected]
    unrounded = allocate(Fraction(sign * total), weights, cents=False, minimum=None, maximum=np.inf)
    whole = sum(exact)
    assert unrounded.values.tolist() == [float(sign * total * weight / whole) for weight in exact]
    held = allocate(
        Fraction(sign * total), weights, cents=False, **{name: bound * 100 for name, bound in bounds.items()}
    )
    np.testing.assert_allclose(held.values, [sign * float(share) for share in level], rtol=1e-12, atol=1e-10)


def test_equal_rule_leaves_the_figures_aside() -> None:
    assert allocate(10, [5, 0, 1, 3], rule="equal").values.tolist() == [2.5, 2.5, 2.5, 2.5]
    assert allocate(10, [5, 0], rule="equal", maximum=[2, 9]).values.tolist() == [2, 8]


def test_ties_go_by_code_and_results_keep_the_order_given() -> None:
    key = pd.Series([1, 1, 1], index=["GM0009", "GM0003", "GM0005"])
    assert allocate(1.00, key).to_frame()["amount"].to_dict() == {"GM0009": 0.33, "GM0003": 0.34, "GM0005": 0.33}
    assert allocate(-1.00, key).values.tolist() == [-0.33, -0.34, -0.33]


def test_bounds_below_zero_are_met() -> None:
    assert allocate(10, [1, 1, 0], minimum=[20, -30, -5]).values.tolist() == [20, -10, 0]
    assert allocate(10, [1, 1, 0], maximum=[20, 20, -5]).values.tolist() == [7.5, 7.5, -5]


@pytest.mark.parametrize("amount", [100, 100.0, Decimal("100.00"), np.float64(100), np.int64(100), np.array(100.0)])
def test_an_amount_may_be_any_number(amount: object) -> None:
    shared = allocate(amount, [3, 1])
    assert shared.values.tolist() == [75, 25]
    assert shared.total == 100.0


def test_a_float_bound_stands_for_its_cent() -> None:
    # 0.57 is stored below 57 cents and 0.29 above 29: both are that cent
    assert allocate(1.00, [1, 1], maximum=[0.57, 0.43]).values.tolist() == [0.57, 0.43]
    assert allocate(0.58, [1, 1], minimum=[0.29, 0.29]).values.tolist() == [0.29, 0.29]
    assert allocate(1.00, [1, 9], minimum=[0.304, 0]).values.tolist() == [0.31, 0.69]
    assert allocate(1.00, [1, 9], maximum=[1, 0.696]).values.tolist() == [0.31, 0.69]


def test_zero_one_participant_and_enormous_amounts() -> None:
    assert allocate(0, [1, 2]).values.tolist() == [0, 0]
    assert allocate(12.34, [7]).values.tolist() == [12.34]
    assert allocate(1, [0, 5]).values.tolist() == [0, 1]
    shares = allocate(Decimal("123456789012.34"), [1, 1, 1]).values
    assert shares.tolist() == [41152263004.12, 41152263004.11, 41152263004.11]


def test_who_is_bound_and_by_how_much() -> None:
    key = by_code([1, 2, 0])
    with pytest.raises(InfeasibleError, match=r"GM0005: minimum 9\.00 above maximum 4\.00"):
        allocate(10, key, minimum=by_code([1, 9, 0]), maximum=by_code([2, 4, 9]))
    with pytest.raises(InfeasibleError, match=r"minimum 0\.02 above maximum 0\.01"):
        allocate(1, [1, 1], minimum=[0.011, 0], maximum=[0.019, 5])
    with pytest.raises(
        InfeasibleError, match=r"15\.00 euro at least, 5\.00 more than the 10\.00 there is \(GM0005, GM0003\)"
    ):
        allocate(10, key, minimum=by_code([7, 8, 0]))
    with pytest.raises(InfeasibleError, match=r"8\.00 euro at most, 2\.00 less than .* nothing can go to GM0009\)"):
        allocate(10, key, maximum=by_code([5, 3, 50]))
    with pytest.raises(InfeasibleError, match=r"90\.00 euro at most, 10\.00 less than .* down: \[0\], \[1\], \[2\]\)"):
        allocate(100, [1, 2, 3], maximum=30)
    with pytest.raises(InfeasibleError, match=r"at least, 4\.00 more than the -10\.00 there is \(\[0\], \[1\]\)"):
        allocate(-10, [1, 2], minimum=-3, cents=False)
    with pytest.raises(
        InfeasibleError, match=r"15\.00 euro at least, 105\.00 more than the -90\.00 there is \(\[0\], "
    ):
        allocate(-90, [1, 2, 6], minimum=5)
    with pytest.raises(
        InfeasibleError, match=r"-14\.00 euro at most, 4\.00 less than the -10\.00 .*held down: \[0\]\)"
    ):
        allocate(-10, [1, 2], maximum=[-14, 0])
    with pytest.raises(InfeasibleError, match=r"-20\.00 euro at most, 10\.00 less than the -10\.00"):
        allocate([-10.0], [1, 2], maximum=-10)
    with pytest.raises(InfeasibleError, match=r"0\.03 euro at least, 0\.01 more than the 0\.02 there is"):
        allocate(0.02, [1, 1, 1], minimum=0.01)


def test_the_money_path_imports_neither_pandas_nor_the_compiler() -> None:
    code = (
        "import sys; from ggu_costs.allocation import allocate, tariff; allocate(10, [1, 2], minimum=1);"
        "tariff([0], [1])([5]); sys.exit(any(name in sys.modules for name in ('numba', 'pandas', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_of_the_room() -> None:
    from ggu_costs import allocation

    assert set(allocation.__all__) <= set(dir(allocation))
    assert allocation.Allocation is Allocation
    for name in allocation.__all__:
        assert getattr(allocation, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'allot'"):
        _ = allocation.allot
