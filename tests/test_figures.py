"""The one reader of figures: what is a number, what is missing, and which entry is neither."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ggu_costs.errors import Faults
from ggu_costs.figures import in_order, read_exact, read_figures, read_number, read_whole

FIGURES = [
    [1, 2], (1.0, 2.0), range(1, 3), np.array([1, 2]), np.array([1, 2], dtype=np.uint8), np.array([1.0, 2.0]),
    np.array([1, 2], dtype=np.float32), np.array([1, 2], dtype=np.longdouble), [np.int64(1), np.float64(2)],
    [Decimal(1), Fraction(2)], [np.array(1), np.array(2.0)], np.array([1, Decimal(2)], dtype=object),
    np.ma.array([1, 2], mask=[False, False]), pd.Series([1, 2]), pd.Series([1, 2], dtype="Int64"),
    pd.Series([1, 2], dtype="Float64"), pd.Series([1, Decimal(2)], dtype=object), pd.Index([1, 2]),
    {"a": 1, "b": 2}.values(), (number for number in (1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("given", FIGURES, ids=range(len(FIGURES)))
def test_equal_figures_are_equal_however_they_are_given(given: object) -> None:
    faults = Faults()
    read = read_figures(given, "x", faults)
    assert read is not None
    assert (read.dtype, read.tolist()) == (np.float64, [1.0, 2.0])


NONE = [
    ("1.000", "x: '1.000'"), (["1.000", 2], r"x[0]: '1.000'"), ([True, 2], "x[0]: True"), ([1, np.True_], "x[1]: True"),
    ([1j, 2], "x[0]: 1j"), (np.array([1j, 2]), "x[0]: 1j: complex numbers"),
    (np.array([True]), "x[0]: True: truth values"),
    (np.array(["1.000"]), "x[0]: '1.000': text"), (np.array(["2024-01-01"], dtype="M8[ns]"), "x[0]: 2024-01-01"),
    ([np.datetime64("2024-01-01", "ns")], "x[0]: 2024-01-01"), ([pd.Timestamp("2024-01-01")], "x[0]: a Timestamp"),
    ([1, None], "x[1]: None"), ([1, np.nan], "x[1]: nan"), ([1, pd.NA], "x[1]: <NA>"), ([1, np.inf], "x[1]: inf"),
    (np.ma.array([1, 2, 3], mask=[0, 1, 0]), "x[1]: masked"), ([np.ma.masked, 1], "x[0]: masked"),
    ([np.ma.array([1, 2], mask=[0, 1]), [3, 4]], "x[0, 1]: masked"),
    (pd.Series([1, None], index=["a", "b"], dtype="Int64"), "x[b]: "), (pd.Series(["5"], index=["a"]), "x[a]: '5'"),
    (pd.Series([1, 2], dtype="category"), "x: values of type category"), (pd.Series([True, False]), "x[0]: True"),
    (pd.DataFrame({"u": [1, 2], "v": [True, False]}, index=["a", "b"]), "x[a, v]: True"),
    (pd.DataFrame({"u": ["1", "2"]}, index=["a", "b"]), "x[a, u]: '1'"),
    ([1, [2]], "x[1]: a list"), ([[1, 2], [3]], "x: lists of unequal length"), ({"a": 1}, "x: a dict"),
    ({1, 2}, "x: a set"),
    (None, "x: None"), (b"12", "x: b'12'"), ([object()], "x[0]: a object"), (["1e400"], "x[0]: '1e400'"),
    (10**400, "x: too large"), ([10**400], "x[0]: too large"), ([Decimal("1e-99999999")], "x[0]: 1E-99999999"),
    ([Decimal("sNaN")], "x[0]: sNaN"), (["x" * 10_000], "x[0]: 'xxx"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), NONE, ids=[said for _, said in NONE])
def test_what_is_no_figure_is_named_by_its_entry(given: object, said: str) -> None:
    faults = Faults()
    assert read_figures(given, "x", faults) is None
    assert str(faults.found[0]).startswith(said)
    assert all(len(str(fault)) < 300 for fault in faults.found)


def test_a_million_faults_are_counted_and_not_written_out() -> None:
    faults = Faults()
    assert read_figures(np.full(1_000_000, np.nan), "x", faults) is None
    assert len(faults.found) == 101
    assert "999899 more" in str(faults.found[-1])


def test_what_is_missing_or_infinite_is_so_only_where_it_may_be() -> None:
    faults = Faults()
    read = read_figures([1, None, pd.NA, np.ma.masked, -np.inf], "x", faults, missing=True, infinite=True)
    assert read is not None
    np.testing.assert_equal(read, [1, np.nan, np.nan, np.nan, -np.inf])
    assert read_figures([1, -1], "x", faults, least=0) is None
    assert read_figures([1, 0], "x", faults, above=0) is None
    assert [str(fault) for fault in faults.found] == ["x[1]: -1; allowed: 0 or more", "x[1]: 0; allowed: above 0"]


def test_exact_numbers_stay_as_they_are() -> None:
    faults = Faults()
    given = [1, 0.1, Decimal("0.1"), Fraction(1, 3), np.int64(2**62)]
    assert read_exact(given, "x", faults) == [1, 0.1, Decimal("0.1"), Fraction(1, 3), 2**62]
    assert read_exact(pd.Series([Decimal("0.10"), Fraction(1, 3)]), "x", faults) == [Decimal("0.10"), Fraction(1, 3)]
    assert not faults
    for wrong in (["1"], [1, None], [[1]], np.array(["1"]), 5):
        assert read_exact(wrong, "x", faults) is None
    assert len(faults.found) == 5


def test_one_number_is_in_its_range_or_a_fault() -> None:
    faults = Faults()
    assert read_number(np.float64(2.5), "x", faults, least=0) == 2.5
    assert read_whole(np.int64(3), "x", faults, least=1, most=9) == 3
    assert read_whole(3.0, "x", faults, least=1, most=9) == 3
    assert not faults
    for value in ("3", True, None, np.nan, 10**400, -1, [3], 3j, np.datetime64("2024-01-01", "ns"), np.ma.masked):
        assert read_number(value, "x", faults, least=0) is None
        assert read_whole(value, "x", faults, least=1, most=9) is None
    assert read_whole(2.5, "x", faults, least=1, most=9) is None
    assert len(faults.found) == 21


def test_labels_decide_and_positions_never_where_there_are_labels() -> None:
    faults = Faults()
    series = pd.Series([3, 1, 2], index=["c", "a", "b"])
    assert in_order(series, ["a", "b", "c"], "x", faults).tolist() == [1, 2, 3]
    assert in_order({"b": 2, "a": 1}, ["a", "b"], "x", faults) == [1, 2]
    assert in_order([5, 6], ["a", "b"], "x", faults) == [5, 6]
    assert not faults
    assert in_order(pd.Series([1, 2], index=["a", "a"]), ["a", "b"], "x", faults) is None
    assert in_order({"a": 1, 1: 2}, ["a", "1"], "x", faults) is None
    assert in_order({"a": 1}, ["a", "a"], "x", faults) is None
    assert [str(fault) for fault in faults.found] == [
        "x[a]: there 2 times; allowed: every label once",
        "x: nothing for b; allowed: one for each label of the table",
        "x: 1: not in the table; allowed: the labels of the table",
        "x: nothing for 1; allowed: one for each label of the table",
        "x: by label, while the table has a more than once; allowed: labels that differ. "
        "Give a list or array in the order of the table.",
    ]
