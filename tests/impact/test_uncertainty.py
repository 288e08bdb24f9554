"""Simulation errors against what many independent runs of the same length really scatter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.simulation.runs.given import summarise_values
from ggu_costs.simulation.runs.uncertainty import ratio_error, sd_error, shortfall

RUNS, DRAWS = 300, 512
SHAPES = {
    "uniform": lambda random, size: random.uniform(1.0, 3.0, size),
    "normal": lambda random, size: random.normal(1e9, 1e7, size),
    "lognormal": lambda random, size: random.lognormal(0.0, 0.5, size),
}


@pytest.fixture(scope="module", params=sorted(SHAPES))
def runs(request):
    """The figures of each run."""
    rows = summarise_values(SHAPES[request.param](np.random.default_rng(1), (RUNS, DRAWS)))
    return distribution([rows], pd.RangeIndex(RUNS))


def scatter(figures):
    """Spread over the runs, robust against the few that are far out."""
    low, high = np.quantile(figures, [0.16, 0.84])
    return (high - low) / 2


@pytest.mark.parametrize("name", ["mean", "sd", "p5", "p25", "p50", "p75", "p95", "expected_shortfall"])
def test_errors_are_what_runs_scatter(runs, name):
    errors = runs[f"{name}_error"].dropna()
    assert len(errors) > 0.95 * RUNS  # few are unknown, even of so few draws
    assert np.median(errors) == pytest.approx(scatter(runs[name]), rel=0.25)


def test_against_the_draws_themselves():
    y = np.random.default_rng(2).lognormal(0.0, 0.5, (3, 1000))
    rows = summarise_values(y)
    apart = y - y.mean(axis=1, keepdims=True)
    fourth, second = (apart**4).mean(axis=1), y.var(axis=1, ddof=1)
    of_sd, (_, of_shortfall) = sd_error(rows), shortfall(rows)
    fourth += (apart**4).max(axis=1) / 1000  # the furthest draw counts twice
    assert of_sd == pytest.approx(np.sqrt((fourth - second**2) / 1000) / (2 * np.sqrt(second)), rel=0.01)
    for row, found in zip(y, of_shortfall, strict=True):
        tail = np.sort(row)[-50:]
        variance = tail.var() + 0.95 * (tail.mean() - np.quantile(row, 0.95)) ** 2
        assert found == pytest.approx(np.sqrt(variance / 50), rel=0.02)


def test_what_does_not_vary_has_no_error():
    rows = summarise_values(np.full((2, 64), 3.0))
    assert sd_error(rows).tolist() == shortfall(rows)[1].tolist() == [0.0, 0.0]
    assert distribution([rows], pd.RangeIndex(2))["expected_shortfall"].tolist() == [3.0, 3.0]


def test_the_error_of_a_ratio():
    random = np.random.default_rng(3)
    cost = random.uniform(1.0, 3.0, (RUNS, DRAWS))
    paid = 0.5 * cost + random.normal(0.0, 0.2, (RUNS, DRAWS))
    ratios = paid.mean(axis=1) / cost.mean(axis=1)
    some = slice(0, RUNS, 40)
    parts = zip(*(part[some] for part in (paid, cost, cost - paid)), strict=True)
    errors = [ratio_error(*(summarise_values(row[None]) for row in three)) for three in parts]
    assert np.mean(errors) == pytest.approx(scatter(ratios), rel=0.15)


def test_the_error_of_a_ratio_beyond_all_numbers_is_unknown():
    rng = np.random.default_rng(5)
    over, under = (scale * (1 + rng.random(1_000)) for scale in (1e100, 1e-100))
    rows = (summarise_values(values[None]) for values in (over, under, under - over))
    assert np.isnan(ratio_error(*rows))
