"""Controlled rounding: every cell up or down, rows and columns exact, the largest remainders first."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import example, given
from hypothesis import strategies as st
from oracles import allocation as plain

from ggu_costs import InfeasibleError, InputError
from ggu_costs.allocation import round_table

TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(-30, 60), min_size=width, max_size=width), min_size=1, max_size=3)
)


@cases(60)
@given(TABLES)
@example([[0, -3], [-3, 1]])
def test_the_best_of_all_roundings(eighths: list[list[int]]) -> None:
    cents = [[Fraction(cell, 8) for cell in row] for row in eighths]
    rounded = np.rint(round_table(np.array(eighths) / 800) * 100).astype(int)
    total = (sum(map(sum, eighths)) + 4) // 8
    assert rounded.sum() == total

    def fits(table: list[list[int]]) -> bool:
        sums = [*zip(table, cents, strict=True), *zip(zip(*table, strict=True), zip(*cents, strict=True), strict=True)]
        return sum(map(sum, table)) == total and all(abs(sum(chosen) - sum(exact)) < 1 for chosen, exact in sums)

    def gain(table: list[list[int]]) -> tuple[Fraction, Fraction]:
        def up(chosen: object, exact: object) -> Fraction:
            whole = sum(exact)
            return (whole - whole // 1) * (sum(chosen) - whole // 1)

        margins = sum(up(chosen, exact) for chosen, exact in zip(table, cents, strict=True))
        margins += sum(
            up(chosen, exact) for chosen, exact in zip(zip(*table, strict=True), zip(*cents, strict=True), strict=True)
        )
        cells = sum(
            (exact - exact // 1) * (chosen - exact // 1)
            for line, exacts in zip(table, cents, strict=True)
            for chosen, exact in zip(line, exacts, strict=True)
        )
        return margins, cells

    candidates = [table for table in plain.controlled_roundings(cents) if fits(table)]
    assert rounded.tolist() in candidates
    assert gain(rounded.tolist()) == max(map(gain, candidates))


def test_totals_given_are_met_by_label() -> None:
    table = pd.DataFrame(
        {"GM0001": [10 / 3, 5 / 7], "GM0002": [10 / 3, 11 / 7], "GM0003": [10 / 3, 12 / 7]}, index=["a", "b"]
    )
    rounded = round_table(table, row_totals=pd.Series({"b": 4.00, "a": 10.00}))
    assert (rounded.columns == table.columns).all()
    assert (rounded.sum(axis=1).round(2) == [10, 4]).all()
    assert (abs(rounded - table) < 0.01).all(axis=None)
    assert (abs(rounded.sum() - table.sum()) < 0.01).all()
    columns = round_table(table, column_totals=[4.05, 4.91, 5.04])
    assert columns.sum().round(2).tolist() == [4.05, 4.91, 5.04]


def test_whole_cents_stay() -> None:
    table = np.array([[0.57, -1.29], [1e9 + 0.01, 0.0]])
    assert round_table(table).tolist() == table.tolist()
    assert round_table(table, row_totals=table.sum(axis=1).round(2)).tolist() == table.tolist()


def test_pools_by_municipalities() -> None:
    rng = np.random.default_rng(1)
    table = np.outer([1e6, 2.5e5, 333_333.33], rng.dirichlet(np.ones(50)))
    rounded = round_table(table, row_totals=np.array([1e6, 2.5e5, 333_333.33]))
    assert np.rint(rounded.sum(axis=1) * 100).tolist() == [1e8, 2.5e7, 33_333_333]
    assert (np.abs(rounded.sum(axis=0) - table.sum(axis=0)) < 0.01).all()


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([1.0, 2.0], {}, r"shape \(2,\)"),
        (np.array([[1.0, np.nan]]), {}, r"values\[0, 1\]: nan"),
        (pd.DataFrame({"x": [np.inf]}, index=["GM0001"]), {}, r"values\[GM0001, x\]: inf"),
        (np.ones((1, 2)), {"row_totals": [2.005]}, r"row_totals\[0\]: 2.005; allowed: a whole number of cents"),
        (np.ones((1, 2)), {"row_totals": [2.01]}, r"2\.01 for cells that add up to 2\.0000; allowed: less than a cent"),
        (np.ones((1, 2)), {"column_totals": [1.0]}, r"column_totals: shape \(1,\)"),
        (
            np.full((1, 2), 0.005),
            {"row_totals": [0.01], "column_totals": [0.0, 0.0]},
            "rows add up to 0.01, columns to 0",
        ),
        (
            np.ones((1, 1)),
            {"row_totals": pd.Series({"a": 1.0})},
            "row_totals: nothing for 0; allowed: one for each label of the table",
        ),
        (np.ones((1, 1)), {"row_totals": pd.Series({"a": 1.0})}, "row_totals: a: not in the table"),
    ],
)
def test_faults(values: object, options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        round_table(values, **options)


def test_totals_that_no_table_has() -> None:
    with pytest.raises(InfeasibleError, match="no table of cells"):
        round_table(np.diag([0.005, 0.005]), row_totals=[0.01, 0.0], column_totals=[0.0, 0.01])
