"""Correlation: ranks to scores, repair of contradictions, factors."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ggu_costs.simulation.correlation import (
    CorrelationWarning,
    factor_of_level,
    nearest_correlation,
    normal_correlation,
)
from ggu_costs.simulation.parts import Correlation

# N. Higham, Computing the nearest correlation matrix, IMA J. Numer. Anal. 22 (2002), section 4: distance 0.5278
HIGHAM = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])


def test_the_nearest_matrix_of_the_published_example():
    found = nearest_correlation(HIGHAM)
    assert np.linalg.norm(found - HIGHAM) == pytest.approx(0.5278, abs=5e-5)
    assert found[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert found[0, 2] == pytest.approx(0.1573, abs=5e-5)


@cases(25)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_the_nearest_matrix_is_a_correlation_matrix_and_near(upper):
    matrix = np.eye(4)
    matrix[np.triu_indices(4, 1)] = upper
    matrix = matrix + matrix.T - np.eye(4)
    found = nearest_correlation(matrix)
    assert np.diag(found) == pytest.approx(np.ones(4), abs=1e-12)
    assert np.linalg.eigvalsh(found)[0] > -1e-6
    if np.linalg.eigvalsh(matrix)[0] >= 0:
        assert found == pytest.approx(matrix, abs=1e-9)
    shrunk = matrix / max(1.0, 1.0 - np.linalg.eigvalsh(matrix - np.eye(4))[0])
    np.fill_diagonal(shrunk, 1.0)
    if np.linalg.eigvalsh(shrunk)[0] >= 0:
        assert np.linalg.norm(found - matrix) <= np.linalg.norm(shrunk - matrix) + 1e-6


def test_contradicting_correlations_are_repaired_with_a_warning_that_shows_it():
    part = Correlation(("a", "b", "c"), HIGHAM, kind="normal")
    with pytest.warns(CorrelationWarning, match=r"b with a: 1.000 became 0.761; c with a: 0.000 became 0.157"):
        factor = factor_of_level(("a", "b", "c"), [part])
    assert factor @ factor.T == pytest.approx(nearest_correlation(HIGHAM), abs=1e-6)
    with pytest.warns(CorrelationWarning, match="contradict each other"):
        factor_of_level(("a", "b", "c"), [Correlation(("a", "b", "c"), HIGHAM)])


def test_factor_covers_drivers_without_correlation_and_in_any_order():
    matrix = np.array([[1.0, 0.5], [0.5, 1.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        factor = factor_of_level(("x", "a", "y", "b"), [Correlation(("b", "a"), matrix, kind="normal")])
        perfect = factor_of_level(("a", "b"), [Correlation(("a", "b"), np.ones((2, 2)), kind="normal")])
    whole = factor @ factor.T
    assert whole[1, 3] == pytest.approx(0.5)
    assert np.array_equal(np.diag(whole) == pytest.approx(np.ones(4)), True)
    assert whole[0, 1:] == pytest.approx(np.zeros(3))
    assert np.array_equal(perfect, [[1.0, 0.0], [1.0, 0.0]])


def test_rank_correlations_come_out_as_stated():
    part = Correlation(("a", "b"), np.array([[1.0, 0.7], [0.7, 1.0]]))
    r = normal_correlation(part)[0, 1]
    z = np.random.default_rng(1).multivariate_normal([0, 0], [[1, r], [r, 1]], 200_000)
    assert stats.spearmanr(z).statistic == pytest.approx(0.7, abs=0.005)
