"""Arrays of amounts: each scenario is what one amount would give, for any shape of key and any number of threads."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import example, given
from hypothesis import strategies as st

from ggu_costs.allocation import _kernels, allocate
from ggu_costs.allocation.rules import RULES, RuleName, rule_named

pytestmark = pytest.mark.kernels

SLOW = cases(60)
COUNTS = st.integers(1, 7)
CODES = ["GM0014", "GM0003", "GM0034", "GM0363", "GM0344", "GM0599", "GM0518"]


def amounts_in_cents(rng: np.random.Generator, draws: int, scale: float) -> np.ndarray:
    return np.round(rng.uniform(-scale, scale, draws), 2)


def keys_of(kind: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    if kind == "whole":
        return rng.integers(0, 40_000, shape) + 0.0
    if kind == "ties":
        return rng.integers(1, 3, shape) * 0.1
    return rng.uniform(0.01, 1.0, shape)


@SLOW
@given(st.integers(0, 2**32), COUNTS, st.sampled_from(["whole", "ties", "any"]), st.booleans(), st.booleans())
def test_each_scenario_is_one_amount(seed: int, count: int, kind: str, cents: bool, varying: bool) -> None:
    rng = np.random.default_rng(seed)
    amounts = amounts_in_cents(rng, 4, 1e5)
    figures = keys_of(kind, rng, (4, count) if varying else (count,))
    figures[..., 0] += 0.1 * (kind != "whole") or 1
    shared = allocate(amounts, figures, cents=cents).values
    for draw, amount in enumerate(amounts):
        one = allocate(amount, figures[draw] if varying else figures, cents=cents).values
        if cents:
            assert shared[draw].tolist() == one.tolist()
        else:
            np.testing.assert_allclose(shared[draw], one, rtol=1e-14)


def claims_of(kind: str, rng: np.random.Generator, count: int) -> np.ndarray:
    if kind == "cents":
        return np.round(rng.uniform(0, 10.0 ** rng.integers(2, 9), count), 2) + 0.01
    if kind == "sevenths":
        return rng.integers(1, 1000, count) / 7
    return rng.integers(1, 9, count) / 3 * 10.0 ** rng.integers(0, 8)


@cases(300)
@given(st.integers(0, 2**32), COUNTS, st.sampled_from(["cents", "sevenths", "thirds"]), st.sampled_from(RULES))
@example(1431, 7, "sevenths", "talmud")
def test_equal_remainders_are_equal_for_one_amount_and_many(seed: int, count: int, kind: str, rule: RuleName) -> None:
    rng = np.random.default_rng(seed)
    claims = claims_of(kind, rng, count)
    shared_out = np.floor(rng.uniform(0, 1, 4) * claims.sum() * 100) / 100
    if rule_named(rule).takes_bounds:
        shared_out = np.round(rng.uniform(-1, 1, 4) * 10.0 ** rng.integers(1, 13), 2)
    many = allocate(shared_out, claims, rule=rule).values
    for amount, row in zip(shared_out.tolist(), many, strict=True):
        assert row.tolist() == allocate(amount, claims, rule=rule).values.tolist()
        assert np.rint(row * 100).sum() == np.rint(amount * 100)


def test_the_odd_cents_of_random_arrival_go_to_the_same_in_an_array() -> None:
    claims = [69202053.19, 30090066.33, 36942028.38, 42280637.26, 38055767.41, 67234438.9]
    alone = allocate(269472044.78, claims, rule="random_arrival").values
    assert alone.tolist() == [66813228.75, 27701241.88, 34553203.93, 39891812.81, 35666942.96, 64845614.45]
    assert allocate([269472044.78], claims, rule="random_arrival").values[0].tolist() == alone.tolist()


def test_keys_in_whole_numbers_among_others_and_beyond_the_kernel_are_shared_as_alone() -> None:
    keys = np.array([[1_000_003.0, 999_983.0, 700_001.0], [0.1, 0.2, 0.3], [1.0, 1.0, 1.0]])
    amounts = np.array([1e11, 1e11, 100.0])
    many = allocate(amounts, keys).values
    for amount, key, row in zip(amounts.tolist(), keys, many, strict=True):
        assert row.tolist() == allocate(amount, key).values.tolist()
    assert allocate(amounts, keys[0]).values[0].tolist() == allocate(1e11, keys[0]).values.tolist()


def test_amounts_to_a_hundred_billion_with_cents_by_their_shortest_decimal() -> None:
    for amount in (42_123_456_789.12, 9_196_202_599.53, 999_999_999_999.99, 9_999_999_999_999.99):
        alone = allocate(amount, [1, 2]).values
        assert round(sum(map(Fraction, map(str, alone))), 2) == Fraction(str(amount))
        assert allocate([amount], [1, 2]).values[0].tolist() == alone.tolist()
        for rule in ("cea", "talmud"):
            awards = allocate(amount, [amount, amount], rule=rule).values
            assert allocate([amount], [amount, amount], rule=rule).values[0].tolist() == awards.tolist()


@SLOW
@given(st.integers(0, 2**32), COUNTS, st.sampled_from(["whole", "ties", "any"]), st.booleans(), st.booleans())
def test_bounds_in_each_scenario(seed: int, count: int, kind: str, cents: bool, varying: bool) -> None:
    rng = np.random.default_rng(seed)
    figures = keys_of(kind, rng, (6, count) if varying else (count,))
    figures[..., 0] += 0.1 * (kind != "whole") or 1
    low = np.round(rng.uniform(-2, 9, count), 2)
    high = np.maximum(low + np.round(rng.uniform(0, 30, count), 2) + 0.01, 0)
    open_side = rng.random(count) < 0.3
    stand = np.clip(0, low, high)
    still = (figures == 0).any(axis=0) if varying else figures == 0
    low, high = np.where(still, stand, low), np.where(still, stand, high)
    least, most = low.sum(), np.minimum(high, low + 40).sum()
    amounts = np.round(rng.uniform(least, most, 6) * 100) / 100
    amounts[0], amounts[1] = np.round(least, 2), np.round(high.sum(), 2)
    amounts = np.where(amounts < 0, np.round(max(0.0, least), 2), amounts)
    high = np.where(open_side & ~still, np.inf, high)
    for sign in (1, -1):
        bounds = {"minimum": low, "maximum": high} if sign > 0 else {"minimum": -high, "maximum": -low}
        shared = allocate(sign * amounts, figures, cents=cents, **bounds).values
        for draw, amount in enumerate(sign * amounts):
            one = allocate(amount, figures[draw] if varying else figures, cents=cents, **bounds).values
            np.testing.assert_allclose(shared[draw], one, rtol=1e-12, atol=0 if cents else 1e-9)


@SLOW
@given(
    st.integers(0, 2**32),
    COUNTS,
    st.sampled_from([name for name in RULES if not rule_named(name).takes_bounds]),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_claims_in_each_scenario(seed: int, count: int, rule: str, choices: tuple[bool, bool, bool]) -> None:
    cents, varying, whole = choices
    rng = np.random.default_rng(seed)
    claims = rng.integers(0, 5000, (5, count) if varying else (count,)) / (100 if whole else 700)
    sums = np.floor(claims.sum(axis=-1) * 100) / 100
    amounts = np.floor(rng.uniform(0, 1, 5) * sums * 100) / 100
    amounts[0], amounts[1] = 0, np.broadcast_to(sums, 5)[1]
    shared = allocate(amounts, claims, rule=rule, cents=cents).values
    for draw, amount in enumerate(amounts):
        one = allocate(amount, claims[draw] if varying else claims, rule=rule, cents=cents).values
        np.testing.assert_allclose(shared[draw], one, rtol=1e-12, atol=0 if cents else 1e-11)


def test_pools_have_their_own_keys_and_draws_come_first() -> None:
    rng = np.random.default_rng(7)
    amounts = np.round(rng.uniform(0, 1e4, (3, 2)), 2)
    for figures in (rng.integers(1, 9, 4), rng.integers(1, 9, (2, 4)), rng.integers(1, 9, (3, 2, 4))):
        shared = allocate(amounts, figures)
        assert shared.values.shape == (3, 2, 4)
        assert np.array_equal(shared.total, amounts)
        for draw, pool in np.ndindex(3, 2):
            key = np.broadcast_to(figures, (3, 2, 4))[draw, pool]
            assert shared.values[draw, pool].tolist() == allocate(amounts[draw, pool], key).values.tolist()


def test_a_frame_holds_one_column_a_pool_and_ties_go_by_code() -> None:
    key = pd.DataFrame({"a": [1, 1, 1], "b": [1, 2, 3]}, index=["GM0009", "GM0003", "GM0005"])
    shared = allocate([[1.00, 6.00]], key)
    assert shared.values.tolist() == [[[0.33, 0.34, 0.33], [1, 2, 3]]]
    per_draw = allocate([1.00, 6.00], key)
    assert per_draw.values.tolist() == [[0.33, 0.34, 0.33], [1, 2, 3]]
    assert allocate([-1.00], key["a"]).values.tolist() == [[-0.33, -0.34, -0.33]]
    assert allocate([2.00], key["a"], rule="cea", cents=True).total.tolist() == [2.0]


def test_tied_remainders_in_every_byte_are_served_in_order() -> None:
    # remainders that agree in their leading bytes, and many that are equal
    weights = np.array([2**40 + 1, 2**40, 2**40, 2**40 + 2, 2**40, 2**40 + 1, 5] + [2**40] * 40) * 1.0
    for amount in (0.01, 0.07, 0.23, 0.46, 0.47, 1.00):
        assert allocate([amount], weights).values[0].tolist() == allocate(amount, weights).values.tolist()


def test_threads_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    amounts, key = np.round(rng.uniform(-1e6, 1e6, 9_000), 2), rng.uniform(0, 1, 12)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("GGU_COSTS_THREADS", threads)
        results.append(allocate(amounts, key, cents=False).values.tobytes())
    assert len(set(results)) == 1


@pytest.mark.compiled
def test_threads_do_not_show_in_cents_and_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    amounts, key = np.round(rng.uniform(0, 1e6, 20_000), 2), rng.uniform(0, 1, 30)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("GGU_COSTS_THREADS", threads)
        in_cents = allocate(amounts, key, maximum=1e5).values
        by_claim = allocate(amounts, key * 2e5, rule="talmud").values
        results.append(in_cents.tobytes() + by_claim.tobytes())
        assert np.array_equal(np.rint(in_cents * 100).sum(axis=1), np.rint(amounts * 100))
    assert len(set(results)) == 1


def test_a_result_made_beforehand_is_filled() -> None:
    out = np.empty((2, 3))
    shared = allocate([3.0, 6.0], [1, 1, 1], out=out)
    assert out.tolist() == [[1, 1, 1], [2, 2, 2]]
    assert np.shares_memory(shared.values, out)
    assert out.flags.writeable
    assert not shared.values.flags.writeable


def test_no_scenarios_and_equal_shares() -> None:
    assert allocate(np.empty(0), [1, 2]).values.shape == (0, 2)
    assert allocate([3.0], [7, 0, 1], rule="equal").values.tolist() == [[1, 1, 1]]
    assert allocate([3.0], [7, 0, 1], rule="equal", maximum=[0.5, 9, 9]).values.tolist() == [[0.5, 1.25, 1.25]]


def test_a_segment_where_nobody_is_in_between() -> None:
    # the first is full at level 2, the others start at level 5: between them the amount is one number, 12
    bounds = {"minimum": [0.0, 5, 5], "maximum": [2.0, 9, 9]}
    for cents in (True, False):
        shared = allocate([12.0, 11.0, 12.5, 20.0], [1, 1, 1], cents=cents, **bounds).values
        assert shared.tolist() == [[2, 5, 5], [1, 5, 5], [2, 5.25, 5.25], [2, 9, 9]]


def test_random_arrival_of_many_claims() -> None:
    claims = np.arange(1.0, 14.0) / 100
    shared = allocate([0.30, 0.60], claims, rule="random_arrival")
    assert shared.provenance["error"] < 1e-9
    for draw, amount in enumerate((0.30, 0.60)):
        one = allocate(amount, claims, rule="random_arrival")
        assert shared.values[draw].tolist() == one.values.tolist()
        assert one.provenance["error"] < 1e-9
    euros = allocate([30.0], claims * 100, rule="random_arrival", cents=False)
    np.testing.assert_allclose(euros.values.sum(), 30.0, rtol=1e-12)


@cases(100)
@given(
    st.lists(st.sampled_from([-np.inf, -1.0, -0.0, 0.0, 1.0, 2.5, np.inf]) | st.floats(allow_nan=False), max_size=70)
)
def test_places_in_order_with_equal_figures_as_they_stand(figures: list[float]) -> None:
    found = _kernels.in_order(np.array(figures, dtype=float))
    assert found.tolist() == sorted(range(len(figures)), key=figures.__getitem__)


@pytest.mark.compiled
def test_kernels_and_their_python_selves_agree() -> None:
    rng = np.random.default_rng(11)
    weights = rng.uniform(0, 1, 20)
    assert _kernels.sum_of_key(weights) == _kernels.sum_of_key.py_func(weights)
    units = np.zeros((2, 20), dtype=np.int64)
    remainders = np.zeros((2, 20), dtype=np.int64)
    _kernels.grid_quotas(weights, 12345.678, 1e-13, units[0], remainders[0])
    _kernels.grid_quotas.py_func(weights, 12345.678, 1e-13, units[1], remainders[1])
    assert np.array_equal(units[0], units[1])
    assert np.array_equal(remainders[0], remainders[1])
