"""Distributions of a programme file: from bounds, moments and quantiles, with the fit in the notes."""

from __future__ import annotations

import numpy as np
import pytest
from programme_files import OURS, driver, line, programme

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.programme.build_drivers import marginal_of
from ggu_costs.impact.programme.driver_terms import DriverTerms
from ggu_costs.simulation import marginals
from ggu_costs.simulation.fitting import from_quantiles


@pytest.mark.parametrize(
    ("figures", "kind", "parameters"),
    [
        ({"shape": "uniform", "low": 1, "high": 3}, "uniform", (1, 3)),
        ({"shape": "triangular", "low": 1, "high": 3}, "triangular", (1, 2, 3)),
        ({"shape": "pert", "low": 1, "mode": 1.5, "high": 3, "concentration": 2}, "pert", (1, 1.5, 3, 2)),
        ({"shape": "normal", "mean": 1, "sd": 2}, "normal", (1, 2)),
        ({"shape": "lognormal", "mean": 1, "sd": 1}, "lognormal", (-np.log(2) / 2, np.sqrt(np.log(2)))),
        ({"shape": "lognormal", "p50": 2, "sd_of_log": 0.2}, "lognormal", (np.log(2), 0.2)),
        ({"shape": "beta", "alpha": 2, "beta": 3, "low": 0, "high": 5}, "beta", (2, 3, 0, 5)),
        ({"shape": "bernoulli", "probability": 0.3}, "bernoulli", (0.3,)),
        ({"shape": "uniform", "low": 10, "high": 90, "reading": "p10_p90"}, "uniform", (0, 100)),
    ],
)
def test_marginals_of_the_file(figures, kind, parameters):
    made = marginal_of(
        DriverTerms(
            id="x",
            name="x",
            unit="share",
            **OURS,
            **({"shape_by": "ons", "second_shape": "uniform"} if "reading" in figures else {}),
            **figures,
        )
    )
    assert made.kind == kind
    assert made.parameters == pytest.approx(parameters)


def test_lists_truncation_and_second_shape():
    base = {"id": "x", "name": "x", "unit": "share"} | OURS
    made = marginal_of(DriverTerms(shape="discrete", values=(1, 2), probabilities=("0.25", "0.75"), **base))
    assert made.probabilities == (0.25, 0.75)
    assert marginal_of(DriverTerms(shape="empirical", values=(1, 2, 2), **base)).values == (1.0, 2.0)
    cut = marginal_of(DriverTerms(shape="normal", mean=0, sd=1, lower=0, **base))
    assert (cut.lower, cut.upper) == (0.0, np.inf)
    terms = DriverTerms(shape="triangular", low=0, high=1, second_shape="uniform", **base)
    assert marginal_of(terms).kind == "triangular"
    assert marginal_of(terms, second=True).kind == "uniform"


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "normal", "lognormal"])
def test_quantiles_are_met(shape):
    scores = np.array([-1.2815515655446004, 1.2815515655446004])
    made = from_quantiles(shape, 2.0, 5.0)
    assert marginals.quantile(made, scores) == pytest.approx([2, 5], abs=1e-6)
    if shape in ("triangular", "pert"):
        skewed = from_quantiles(shape, 2.0, 5.0, 3.3)
        assert marginals.quantile(skewed, np.array([scores[0], 0.0, scores[1]])) == pytest.approx([2, 3.3, 5], abs=1e-5)


def test_quantiles_that_are_fitted():
    """Two numbers through three quantiles, by least squares; a beta between its bounds."""
    scores = np.array([-1.2815515655446004, 0.0, 1.2815515655446004])
    for shape, carry in (("normal", float), ("lognormal", np.log), ("uniform", float)):
        made = from_quantiles(shape, 2.0, 5.0, 3.3)
        off = np.array([carry(x) for x in marginals.quantile(made, scores)]) - [carry(x) for x in (2.0, 3.3, 5.0)]
        assert abs(off.sum()) < 1e-12  # the normal equations of the centre, and of the width
        assert off[0] == pytest.approx(off[2])
        assert off[1] == pytest.approx(-2 * off[0])
    exact = from_quantiles("beta", 20.0, 60.0, low=10.0, high=100.0)
    assert marginals.quantile(exact, scores[[0, 2]]) == pytest.approx([20, 60], abs=1e-9)
    known = marginals.quantile(marginals.beta(2, 5), scores)
    assert from_quantiles("beta", known[0], known[2], known[1]).parameters[:2] == pytest.approx((2, 5), abs=1e-6)


def test_the_fit_of_each_driver_is_in_the_notes():
    drivers = [
        driver("x", "normal", p10=4, p50=4.9, p90=6), driver("y", "beta", low=0, high=2, p10=0.2, p90=0.9),
        driver("z", "lognormal", low=1, high=2), driver("u", "pert", low=1, high=2),
        driver("v", "normal", p10=2, p90=3),
    ]  # fmt: skip
    tables = programme(line("a", factors=list("xyzu")), drivers=drivers)
    assert ggu.open_model(tables).assembly().notes == (
        "x: verdeling (normaal) gepast op P10, P50 en P90; zij wijkt hoogstens 3,3% van P10-P90 af.",
        "y: verdeling (bèta) gepast op P10 en P90; zij gaat er precies door.",
        "z: verdeling (lognormaal) gepast op P10 en P90; zij gaat er precies door.",
    )


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert", "normal", "lognormal"])
def test_any_shape_by_mean_and_sd(shape):
    made = marginal_of(
        DriverTerms(id="x", name="x", unit="share", **OURS, shape="normal", mean=5, sd=0.5, second_shape=shape),
        second=True,
    )
    assert made.kind == shape
    assert marginals.describe(made) == pytest.approx((5, 0.5), rel=1e-4)


def test_quantiles_that_cannot_be():
    with pytest.raises(InputError, match=r"no beta distribution has P10 0.1, P50 0.11, P90 0.9"):
        from_quantiles("beta", 0.1, 0.9, 0.11)
    with pytest.raises(InputError, match="out of order"):
        from_quantiles("normal", 3, 2)
    with pytest.raises(InputError, match="P10 -1 of a lognormal"):
        from_quantiles("lognormal", -1, 2)
