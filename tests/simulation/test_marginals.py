"""Distributions: their quantile functions against scipy, the tables against the quantile functions, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracles import impact as twin
from scipy.special import ndtr, ndtri

from ggu_costs.errors import InputError
from ggu_costs.simulation import constants, marginals, tables
from ggu_costs.simulation.machine import _draw_kernels as kernels
from ggu_costs.simulation.parts import Driver

CONTINUOUS = {
    "uniform": marginals.uniform(1.0, 3.0),
    "triangular": marginals.triangular(50e3, 80e3, 150e3),
    "triangular from its mode": marginals.triangular(0.0, 0.0, 1.0),
    "triangular to its mode": marginals.triangular(0.0, 1.0, 1.0),
    "pert": marginals.pert(0.8, 0.92, 1.02),
    "pert at its bound": marginals.pert(0.0, 0.0, 1.0),
    "beta": marginals.beta(2.0, 5.0, -1.0, 1.0),
    "beta with a pole": marginals.beta(0.5, 0.7),
    "normal above": marginals.truncated(marginals.normal(0.0, 1.0), 1.0),
    "normal far above": marginals.truncated(marginals.normal(0.0, 1.0), 4.0, 5.0),
    "normal between": marginals.truncated(marginals.normal(2.0, 1.0), -1.0, 3.0),
    "lognormal below": marginals.truncated(marginals.lognormal(0.0, 0.5), upper=3.0),
    "lognormal above 0": marginals.truncated(marginals.lognormal(0.0, 0.5), lower=-1.0),
    "triangular between": marginals.truncated(marginals.triangular(0.0, 0.5, 1.0), 0.2, 0.9),
    "triangular below its mode": marginals.truncated(marginals.triangular(0.0, 0.5, 1.0), 0.2, 0.4),
    "triangular above its mode": marginals.truncated(marginals.triangular(0.0, 0.5, 1.0), 0.6),
    "uniform between": marginals.truncated(marginals.uniform(0.0, 1.0), 0.25, 0.5),
    "jqpd": marginals.jqpd(95.0, 115.0, 170.0),
    "jqpd to the left": marginals.jqpd(30.0, 60.0, 70.0),
    "jqpd above a bound": marginals.jqpd(95.0, 115.0, 170.0, low=50.0),
    "jqpd below a bound": marginals.jqpd(95.0, 115.0, 170.0, probability=0.05, high=400.0),
    "jqpd between bounds": marginals.jqpd(0.32, 0.4, 0.6, low=0.0, high=1.0),
    "jqpd between": marginals.truncated(marginals.jqpd(95.0, 115.0, 170.0, low=0.0), 90.0, 250.0),
    "metalog": marginals.metalog({0.1: 95.0, 0.5: 115.0, 0.9: 170.0}),
    "metalog of five": marginals.metalog({0.05: 95.0, 0.25: 100.0, 0.5: 115.0, 0.75: 140.0, 0.95: 170.0}),
    "metalog above a bound": marginals.metalog({0.1: 3.0, 0.5: 5.0, 0.8: 6.4, 0.9: 7.2}, low=0.0),
    "metalog below a bound": marginals.metalog({0.1: 3.0, 0.5: 5.0, 0.9: 6.0}, high=10.0),
    "metalog between bounds": marginals.metalog({0.1: 0.2, 0.5: 0.4, 0.9: 0.7}, low=0.0, high=1.0),
    "metalog between": marginals.truncated(marginals.metalog({0.1: 95.0, 0.5: 115.0, 0.9: 170.0}), 90.0, 250.0),
    "pert between": marginals.truncated(marginals.pert(0.0, 0.4, 1.0), 0.1, 0.9),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_quantile_function_agrees_with_scipy(name):
    marginal = CONTINUOUS[name]
    z = np.linspace(-7.0, 7.0, 201)
    sd = marginals.describe(marginal)[1]
    assert np.abs(marginals.quantile(marginal, z) - twin.quantile(marginal, z)).max() / sd < 1e-8


@pytest.mark.parametrize("name", CONTINUOUS)
def test_slope_is_the_derivative(name):
    marginal, step = CONTINUOUS[name], 1e-5
    z = np.linspace(-4.05, 4.05, 82)
    numeric = (marginals.quantile(marginal, z + step) - marginals.quantile(marginal, z - step)) / (2 * step)
    sd = marginals.describe(marginal)[1]
    assert np.abs(marginals.slope(marginal, z) - numeric).max() / sd < 1e-4


@pytest.mark.parametrize("name", CONTINUOUS)
def test_table_errs_less_than_promised(name):
    driver = Driver(name, CONTINUOUS[name])
    table = tables.table_of(driver)
    z = np.sort(np.random.default_rng(1).uniform(-8.2, 8.2, 150))
    x = np.empty(z.size)
    kernels.table_values(z, x, table.first, table.second, table.rows)
    assert table.kind == constants.TABLE
    assert table.error < tables.TABLE_ERROR
    assert np.abs(x - marginals.quantile(driver.marginal, z)).max() < 1.2e-7 * marginals.describe(driver.marginal)[1]


def test_a_knot_falls_on_the_kink():
    marginal = CONTINUOUS["triangular"]
    table = tables.table_of(Driver("t", marginal))
    bend = marginals.kink(marginal)
    assert bend == pytest.approx(ndtri(0.3), abs=1e-12)
    place = (bend - table.first) * table.second
    assert place == pytest.approx(round(place), abs=1e-9)
    assert marginals.kink(CONTINUOUS["triangular below its mode"]) is None
    assert marginals.kink(CONTINUOUS["triangular between"]) == pytest.approx(ndtri(0.42 / 0.9), abs=1e-12)


def test_closed_forms_have_no_table():
    normal = tables.table_of(Driver("n", marginals.normal(3.0, 2.0)))
    assert (normal.kind, normal.first, normal.second) == (constants.SCORE, 3.0, 2.0)
    assert tables.table_of(Driver("l", marginals.lognormal(0.1, 0.2))).kind == constants.EXP_OF_SCORE
    z = np.array([-1.0, 0.0, 2.0])
    for marginal in (marginals.normal(3.0, 2.0), marginals.lognormal(0.1, 0.2)):
        assert marginals.quantile(marginal, z) == pytest.approx(twin.quantile(marginal, z), rel=1e-12)
        step = 1e-6
        numeric = (marginals.quantile(marginal, z + step) - marginals.quantile(marginal, z - step)) / (2 * step)
        assert marginals.slope(marginal, z) == pytest.approx(numeric, rel=1e-7)


STEPPED = {
    "bernoulli": marginals.bernoulli(0.35),
    "discrete": marginals.discrete([4.0, 1.0, 2.0], [0.2, 0.5, 0.3]),
    "empirical": marginals.empirical([3.0, 1.0, 3.0, 7.0]),
    "weighted": marginals.empirical([3.0, 1.0, 9.0], [1.0, 2.0, 0.0]),
    "one": marginals.empirical([2.0]),
}


@pytest.mark.parametrize("name", STEPPED)
def test_steps_agree_with_a_search(name):
    marginal = STEPPED[name]
    z = np.linspace(-3.0, 3.0, 61) + 1e-3
    x = np.empty(z.size)
    kernels.step_values(z, x, tables.table_of(Driver("s", marginal)).rows)
    assert np.array_equal(x, twin.quantile(marginal, z))


def test_bernoulli_is_one_in_the_upper_tail():
    z, x = np.array([ndtri(0.65), np.nextafter(ndtri(0.65), 9.0)]), np.empty(2)
    kernels.step_values(z, x, tables.table_of(Driver("B", marginals.bernoulli(0.35))).rows)
    assert x.tolist() == [0.0, 1.0]


def test_describe():
    assert marginals.describe(marginals.bernoulli(0.35)) == pytest.approx((0.35, math.sqrt(0.35 * 0.65)))
    assert marginals.describe(STEPPED["empirical"]) == pytest.approx((3.5, math.sqrt(4.75)))
    assert marginals.describe(marginals.pert(0.0, 3.0, 6.0)) == pytest.approx((3.0, math.sqrt(9 / 7)), rel=1e-9)
    assert marginals.describe(marginals.lognormal(0.0, 0.5))[0] == pytest.approx(math.exp(0.125), rel=1e-9)
    half = marginals.describe(marginals.truncated(marginals.normal(0.0, 1.0), 0.0))
    assert half == pytest.approx((math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)), rel=1e-9)


BAD = [
    (lambda: marginals.uniform(3.0, 1.0), "low below high"),
    (lambda: marginals.uniform(math.nan, 1.0), "low: nan; allowed: a finite number"),
    (lambda: marginals.triangular(1.0, 5.0, 4.0), "mode: 5; allowed: 1 to 4"),
    (lambda: marginals.pert(4.0, 5.0, 4.0, -1.0), r"(?s)low below high.*shape: -1; allowed: above 0"),
    (lambda: marginals.normal(0.0, 0.0), "sd: 0; allowed: above 0"),
    (lambda: marginals.lognormal(0.0, -1.0), "sigma: -1; allowed: above 0"),
    (lambda: marginals.beta(0.0, -1.0, 2.0, 1.0), r"(?s)alpha: 0.*beta: -1.*low: 2 with high 1"),
    (
        lambda: marginals.jqpd(3.0, 2.0, 4.0, low=3.5),
        r"(?s)low_quantile: 3 with low 3.5.*median: 2",
    ),
    (lambda: marginals.jqpd(math.nan, math.inf, 4.0, probability=0.5), r"(?s)low_quantile: nan.*median: inf.*0.5"),
    (
        lambda: marginals.jqpd("1", True, None, probability="0.1", low="x"),
        r"(?s)low: 'x'.*low_quantile: '1'.*median: True.*high_quantile: None.*probability: '0.1'",
    ),
    (
        lambda: marginals.metalog({"0.1": 1.0, 0.5: "2", 0.9: True}, high="9"),
        r"(?s)probability '0.1'.*'2' at 0.5.*True at 0.9.*high: '9'",
    ),
    (lambda: marginals.metalog([1.0, 2.0, 3.0]), "quantiles: a list; allowed: a value by probability"),
    (lambda: marginals.metalog({0.1: 1.0, 0.9: 2.0}), "quantiles: 2 of them; allowed: 3 to 10"),
    (lambda: marginals.metalog({0.0: 1.0, 0.5: math.nan, 0.9: 0.0}), r"(?s)probability 0;.*nan at 0.5"),
    (lambda: marginals.metalog({0.1: 3.0, 0.5: 2.0, 0.9: 4.0}), "the quantile at 0.5: 2, and the quantile at 0.1 3"),
    (lambda: marginals.bernoulli(1.0), "above 0 and below 1"),
    (lambda: marginals.discrete([1.0, 1.0], [0.5, 0.6]), r"(?s)stands here twice.*a sum of 1.1"),
    (lambda: marginals.discrete([1.0], []), "0 for 1 values"),
    (
        lambda: marginals.discrete([math.inf, 1.0], [1.0, 0.0]),
        r"(?s)values\[0\]: inf.*probabilities\[1\]: 0; allowed: above 0",
    ),
    (lambda: marginals.empirical([]), "at least one value"),
    (lambda: marginals.empirical([1.0], [0.0]), "no weight at all"),
    (lambda: marginals.empirical([1.0, math.nan], [-1.0, 1.0]), r"(?s)values\[1\]: nan.*weights\[0\]: -1;"),
    (lambda: marginals.truncated(marginals.bernoulli(0.5), 0.0), "Leave out the values that cannot occur"),
    (lambda: marginals.truncated(marginals.normal(0.0, 1.0), 2.0, 1.0), "lower below upper"),
    (
        lambda: marginals.truncated(marginals.normal(0.0, 1.0), 30.0),
        "nothing of the distribution lies between 30 and inf",
    ),
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=range(len(BAD)))
def test_bad_numbers_never_make_a_distribution(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_a_distribution_too_extreme_for_a_table_names_the_driver():
    steep = marginals.beta(1e-4, 1e-4)
    with pytest.raises(InputError, match=r"driver 'all or nothing': the table of its distribution errs by"):
        tables.table_of(Driver("all or nothing", steep))


def test_scores_reach_far_enough():
    assert ndtr(-tables.REACH) < 2.0**-53


def test_tables_and_kernels_speak_of_the_same_kinds():
    assert (kernels.TABLE, kernels.STEPS) == (constants.TABLE, constants.STEPS)
