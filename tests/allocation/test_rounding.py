"""Each line rounded by itself, and shares in whole euros: against exact fractions and published tables."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import allocation as plain

from ggu_costs import InfeasibleError, InputError
from ggu_costs.allocation import allocate
from ggu_costs.allocation.rounding import ROUNDINGS
from ggu_costs.money import round_half_up

pytestmark = pytest.mark.kernels

WORKED = Path(__file__).parent / "worked"
KEYS = st.lists(st.integers(0, 500), min_size=1, max_size=7).filter(any)
BOUNDED = st.tuples(st.integers(1, 60), st.integers(0, 300), st.integers(0, 500))
UNITS = st.sampled_from([Fraction(1, 100), Fraction(1)])


def worked(name: str) -> list[dict[str, str]]:
    """Rows of municipalities of a published table; a total of theirs is none."""
    with (WORKED / f"{name}.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["gemeente"] != "Totaal"]


def fitting(total: int, key: list[int], published: list[int], rounding: str) -> tuple[int, float]:
    """How many published amounts come out, and the gap."""
    shared = allocate(total, key, rounding=rounding, unit=1)
    return int((shared.values == published).sum()), shared.gap


def test_combination_jobs_2009() -> None:
    rows = worked("combinatiefuncties_2009")
    key, published = ([int(row[name]) for row in rows] for name in ("base_eur", "looncompensatie_eur"))
    assert len(rows) == 30
    assert [fitting(313_818, key, published, one) for one in ROUNDINGS] == [(30, 0.0), (30, 0.0)]


def test_poverty_relief_2008() -> None:
    rows = worked("armoedebestrijding_2008")
    key, published = ([int(row[name]) for row in rows] for name in ("units_derived", "amount_published_eur"))
    assert len(rows) == 443
    assert fitting(50_000_000, key, published, "each") == (443, 20.0)
    assert fitting(50_000_000, key, published, "largest_remainder") == (423, 0.0)
    assert sum(published) == 49_999_980


def test_culture_participation_2009() -> None:
    rows = worked("cultuurparticipatie_2009")
    lines = [
        round_half_up(Decimal(row["rate_eur_per_inwoner"]) * int(row["inwoners_1_1_2007_derived"])) for row in rows
    ]
    assert len(rows) == 35
    assert lines == [int(row["amount_published_eur"]) for row in rows]


@cases(200)
@given(st.integers(-100_000, 100_000), KEYS, UNITS)
def test_each_is_the_quota_rounded(cents: int, key: list[int], unit: Fraction) -> None:
    amount = Fraction(cents, 100)
    shared = allocate(amount, key, rounding="each", unit=float(unit))
    quotas = [amount * figure / sum(key) / unit for figure in key]
    lines = [Fraction(Decimal(str(value))) / unit for value in shared.values.tolist()]
    assert lines == plain.each(quotas)
    assert all(abs(line - quota) <= Fraction(1, 2) for line, quota in zip(lines, quotas, strict=True))
    assert Fraction(Decimal(str(shared.gap))) == amount - sum(lines) * unit


@cases(200)
@given(st.integers(-3000, 3000), KEYS, UNITS)
def test_the_two_ways_are_a_unit_apart_at_most(units: int, key: list[int], unit: Fraction) -> None:
    amount = units * unit
    shared = {one: allocate(amount, key, rounding=one, unit=float(unit)) for one in ROUNDINGS}
    each, together = (np.rint(shared[one].values / float(unit)) for one in ("each", "largest_remainder"))
    quotas = [units * figure / sum(key) for figure in key]
    assert together.sum() == units
    assert shared["largest_remainder"].gap == 0
    assert (abs(together - quotas) < 1 + 1e-9).all()
    assert (abs(each - together) <= 1).all()


@cases(100)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 300), st.integers(0, 500)), min_size=1, max_size=5), st.data()
)
def test_bounds_are_met(rows: list[tuple[int, int, int]], data: st.DataObject) -> None:
    key, lows, spans = (list(column) for column in zip(*rows, strict=True))
    highs = [low + span for low, span in zip(lows, spans, strict=True)]
    cents = data.draw(st.integers(100 * sum(lows), 100 * sum(highs)))
    shared = allocate(cents / 100, key, minimum=lows, maximum=highs, rounding="each", unit=1)
    exact = plain.water_fill(Fraction(cents, 100), *([Fraction(one) for one in side] for side in (key, lows, highs)))
    assert shared.values.tolist() == plain.each(exact)
    whole = allocate(cents // 100, key, minimum=lows, maximum=highs, unit=1).values
    assert whole.sum() == cents // 100
    assert ((lows <= whole) & (whole <= highs)).all()


@cases(40)
@given(st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=4), KEYS)
def test_scenarios_are_shared_as_each_amount_alone(amounts: list[int], key: list[int]) -> None:
    for one in ROUNDINGS:
        shared = allocate([float(amount) for amount in amounts], key, rounding=one, unit=1)
        alone = [allocate(amount, key, rounding=one, unit=1) for amount in amounts]
        assert shared.values.tolist() == [single.values.tolist() for single in alone]
        assert np.asarray(shared.gap).tolist() == [single.gap for single in alone]


def test_what_rounding_gave_and_took_is_told() -> None:
    shared = allocate(50, pd.Series([1, 1, 4], index=["GM0003", "GM0005", "GM0009"]), rounding="each", unit=1)
    frame = shared.to_frame()
    assert frame["rounded"].round(4).tolist() == [-0.3333, -0.3333, -0.3333]
    assert frame["rounded"].sum() == pytest.approx(-shared.gap)
    assert "1.00 euro not handed out" in shared.explain("GM0003")
    assert shared.provenance["rounding"] == "each"
    assert "rounded" not in allocate(50, [1, 2]).to_frame()
    assert "0.50 euro too much" in allocate(1.5, [1, 1], rounding="each", unit=1).explain(0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rounding": "each", "must_add_up": True}, "need not add up"),
        ({"rounding": "up"}, "largest_remainder or each"),
        ({"unit": 0.05}, "0.01 or 1 euro"),
        ({"unit": 1}, "not a whole number of euros"),
        ({"rounding": "each", "cents": False}, "while cents is False"),
        ({"rounding": "each", "rule": "cea"}, "proportional or equal only"),
    ],
)
def test_what_cannot_be_rounded_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        allocate(10.5, [10, 20], **asked)  # type: ignore[arg-type]


def test_bounds_between_two_euros_exclude_each_other() -> None:
    with pytest.raises(InfeasibleError, match="exclude each other"):
        allocate(10, [1, 2], minimum=2.2, maximum=[2.8, 10], unit=1)
