"""What is read from histograms, against exact twins."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import impact as twin

from ggu_costs.simulation.runs import _row_kernels as kernels

pytestmark = pytest.mark.kernels

BINS = kernels.BINS
PLACES = st.one_of(st.integers(0, BINS + 1), st.sampled_from([0, 1, 49, 50, 1024, 1025, BINS, BINS + 1]))
ROW = st.dictionaries(PLACES, st.integers(1, 40), min_size=1, max_size=12)
SIDES = st.tuples(st.fractions(-4000, -1025, max_denominator=64), st.fractions(1025, 4000, max_denominator=64))


def table(rows, dtype=np.uint32):
    counts = np.zeros((len(rows), BINS + 2), dtype)
    for row, held in zip(counts, rows, strict=True):
        row[list(held)] = list(held.values())
    return counts


def blocks(counts):
    held = np.empty((len(counts), kernels.SPANS), np.int64)
    kernels.add_blocks(counts, held)
    assert held.tolist() == counts.astype(np.int64).reshape(len(counts), -1, kernels.SPAN).sum(axis=2).tolist()
    return held


@cases(40)
@given(st.lists(ROW, min_size=1, max_size=3), st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_ranks_are_located_as_a_search_finds_them(rows, shares):
    counts = table(rows)
    ranks = np.array([int(share * (counts.sum(axis=1).min() - 1)) for share in shares])
    places, before = np.empty((2, ranks.size, len(rows)), np.int64)
    kernels.locate(counts, blocks(counts), ranks, places, before)
    for r, row in enumerate(counts.astype(np.int64)):
        ends = np.cumsum(row)
        found = np.searchsorted(ends, ranks, side="right")
        assert places[:, r].tolist() == found.tolist()
        assert before[:, r].tolist() == (ends - row)[found].tolist()


def test_a_rank_beyond_the_last_draw_is_in_the_last_bin():
    places, before = np.empty((2, 1, 1), np.int64)
    counts = table([{3: 5}], np.uint16)
    kernels.locate(counts, blocks(counts), np.array([5]), places, before)
    assert (places[0, 0], before[0, 0]) == (BINS + 1, 5)


@cases(40)
@given(ROW)
def test_power_sums_are_those_of_the_draws_in_the_bins(row):
    sums = np.empty((2, 1))
    kernels.power_sums(table([row]), *np.empty((2, kernels.LANES)), sums)
    draws = twin.draws_in_bins(table([row])[0])
    for found, power in zip(sums[:, 0], (3, 4), strict=True):
        size = float(sum(abs(draw) ** power for draw in draws))
        assert found == pytest.approx(float(sum(draw**power for draw in draws)), rel=1e-13, abs=1e-14 * size)


@cases(60)
@given(ROW, SIDES, st.fractions(0, 1, max_denominator=97).filter(lambda share: share > 0))
def test_the_highest_draws_from_the_top_down(row, sides, share):
    counts = table([row])
    wanted = Fraction(float(share * sum(row.values())))
    mean, variance = np.empty((2, 1))
    outer = (sides[0], sides[1], sides[1] ** 2 + 7)  # draws above the bins vary
    kernels.highest(counts, blocks(counts), np.array([outer], float), float(wanted), mean, variance)
    expected, spread = twin.highest(counts[0], outer, wanted)
    assert mean[0] == pytest.approx(float(expected), rel=1e-12, abs=1e-9)
    assert variance[0] == pytest.approx(float(spread), rel=1e-9, abs=1e-6)
