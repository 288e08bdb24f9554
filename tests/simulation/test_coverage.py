"""Do intervals of 95 % cover the truth in 95 % of the runs, and are errors that cannot be known left out?

A hundred runs and some; ``HYPOTHESIS_PROFILE=nightly`` makes ten times as many, with narrower limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from cases import FACTORS, PROFILE
from scipy import stats

from ggu_costs.simulation.runs.given import summarise_values
from ggu_costs.simulation.runs.uncertainty import carried, sd_error, shortfall

pytestmark = pytest.mark.compiled

RUNS, DRAWS, TOGETHER = round(120 * FACTORS[PROFILE]), 100_000, 20
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
LEAST, MOST = (0.93, 0.97) if RUNS >= 1000 else (0.90, 0.992)
REACH = 1.959963984540054


@dataclass(frozen=True)
class Truth:
    """What a shape really is: mean, sd, mean of the highest 5 %, and the quantiles."""

    mean: float
    sd: float
    shortfall: float
    quantiles: tuple[float, ...]


def lognormal(sigma: float) -> Truth:
    shape = stats.lognorm(sigma)
    beyond = math.exp(sigma**2 / 2) * stats.norm.cdf(sigma - stats.norm.ppf(0.95)) / 0.05
    return Truth(shape.mean(), shape.std(), beyond, tuple(shape.ppf(LEVELS)))


def risk(chance: float) -> Truth:
    """Uniform from 1 to 3, and a thousand more with a small chance: its highest draws are these and the top of that."""
    base = 0.05 - chance  # of the draws that are among the highest and no risk
    top = 3.0 - base / (1 - chance)  # half way along what it takes of the range of two
    return Truth(
        2.0 + 1000 * chance, math.sqrt(4 / 12 + 1e6 * chance * (1 - chance)),
        (chance * 1002.0 + base * top) / 0.05, tuple(1.0 + 2.0 * p / (1 - chance) for p in LEVELS),
    )  # fmt: skip


def of_risk(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    return random.uniform(1.0, 3.0, size) + 1000.0 * (random.random(size) < 0.01)


normal, exponential = stats.norm, stats.expon
SHAPES = {
    "normal": (
        lambda random, size: random.normal(0.0, 1.0, size),
        Truth(0.0, 1.0, normal.pdf(normal.ppf(0.95)) / 0.05, tuple(normal.ppf(LEVELS))),
    ),
    "exponential": (
        lambda random, size: random.exponential(1.0, size),
        Truth(1.0, 1.0, 1.0 + math.log(20), tuple(exponential.ppf(LEVELS))),
    ),
    "lognormal 1": (lambda random, size: random.lognormal(0.0, 1.0, size), lognormal(1.0)),
    "risk of 1 %": (of_risk, risk(0.01)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_intervals_cover_where_the_moments_carry_them(name):
    draw, truth = SHAPES[name]
    inside, known = np.zeros(3 + len(LEVELS)), 0
    for seed in range(RUNS // TOGETHER):
        rows = summarise_values(draw(np.random.default_rng([4, seed]), (TOGETHER, DRAWS)))
        known += carried(rows).sum()
        mean, interval = rows.mean_interval(), rows.quantile_intervals(LEVELS)
        value, error = shortfall(rows)
        inside[0] += ((mean.lower <= truth.mean) & (truth.mean <= mean.upper)).sum()
        inside[1] += (np.abs(rows.sd - truth.sd) <= REACH * sd_error(rows)).sum()
        inside[2] += (np.abs(value - truth.shortfall) <= REACH * error).sum()
        levels = np.array(truth.quantiles)[:, None]
        inside[3:] += ((interval.lower <= levels) & (levels <= interval.upper)).sum(axis=1)
    assert known == RUNS  # such shapes always pass
    assert np.all(inside / RUNS >= LEAST)
    assert np.all(inside / RUNS <= MOST)


@pytest.mark.parametrize(
    "draw",
    [
        lambda random, size: random.lognormal(0.0, 2.0, size),
        lambda random, size: -random.lognormal(0.0, 2.0, size),
        lambda random, size: random.lognormal(0.0, 1.5, size),
        lambda random, size: random.pareto(2.5, size),
        lambda random, size: 1e9 * (random.random(size) < 3e-5),
    ],
    ids=["lognormal 2", "lognormal 2, benefits", "lognormal 1.5", "Pareto 2.5", "three draws in a hundred thousand"],
)
def test_errors_that_few_draws_decide_are_unknown(draw):
    known = 0
    for seed in range(RUNS // TOGETHER):
        rows = summarise_values(draw(np.random.default_rng([5, seed]), (TOGETHER, DRAWS)))
        error = sd_error(rows)
        known += np.isfinite(error).sum()
        varies = rows.sd > 0.0
        assert np.array_equal(np.isnan(shortfall(rows)[1]), np.isnan(error))
        known -= (~varies).sum()  # nothing happened in any draw
    assert known <= 0.01 * RUNS


@pytest.mark.parametrize("chance", [0.3, 0.01, 0.001])
def test_errors_of_a_risk_are_known_though_it_is_rare(chance):
    rows = summarise_values((np.random.default_rng(6).random((10, DRAWS)) < chance) * 5e6)
    assert carried(rows).all()
    errors = sd_error(rows)
    scatter = 5e6 * math.sqrt((1 - 2 * chance) ** 2 / 4 / DRAWS)  # of sqrt(p (1 - p)), to first order
    assert errors == pytest.approx(np.full(10, scatter), rel=0.02)
