"""Distributions of a programme file: from bounds, moments and quantiles, with the fit in the notes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from cases import cases
from hypothesis import example, given
from hypothesis import strategies as st
from programme_files import OURS, driver, line, programme

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.programme.build_drivers import marginal_of
from ggu_costs.impact.programme.driver_terms import DriverTerms
from ggu_costs.simulation import marginals
from ggu_costs.simulation.fitting import SHAPES, at, fit, from_quantiles, residual


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
    chances = (Decimal("0.25"), Decimal("0.75"))
    made = marginal_of(DriverTerms(shape="discrete", values=(1, 2), probabilities=chances, **base))
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
        middle = 3.18 if shape == "lognormal" else 3.48
        made = from_quantiles(shape, 2.0, 5.0, middle)
        off = np.array([carry(x) for x in marginals.quantile(made, scores)]) - [carry(x) for x in (2.0, middle, 5.0)]
        assert abs(off.sum()) < 1e-12  # the normal equations of the centre, and of the width
        assert off[0] == pytest.approx(off[2])
        assert off[1] == pytest.approx(-2 * off[0])
    exact = from_quantiles("beta", 20.0, 60.0, low=10.0, high=100.0)
    assert marginals.quantile(exact, scores[[0, 2]]) == pytest.approx([20, 60], abs=1e-9)
    known = marginals.quantile(marginals.beta(2, 5), scores)
    assert from_quantiles("beta", known[0], known[2], known[1]).parameters[:2] == pytest.approx((2, 5), abs=1e-6)


def test_the_fit_of_each_driver_is_in_the_notes():
    drivers = [
        driver("x", "normal", p10=4, p50=4.98, p90=6), driver("y", "beta", low=0, high=2, p10=0.2, p90=0.9),
        driver("z", "lognormal", low=1, high=2), driver("u", "pert", low=1, high=2),
        driver("v", "normal", p10=2, p90=3, unused=True, reason="proef"),
    ]  # fmt: skip
    tables = programme(line("a", factors=list("xyzu")), drivers=drivers)
    assert ggu.open_model(tables).assembly().notes == (
        "x: verdeling normaal, aangepast aan P10, P50 en P90; zij wijkt hoogstens 0,7% van P10-P90 af.",
        "y: verdeling bèta, vastgelegd door P10 en P90.",
        "z: verdeling lognormaal, vastgelegd door P10 en P90.",
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


@pytest.mark.parametrize(
    ("shape", "quantiles", "off", "fitting"),
    [
        ("lognormal", (400, 700, 1500), "the nearest has P10 386.724, P50 748.887, P90 1450.21, 4.5 % of their range",
         "jqpd, metalog"),
        ("normal", (95, 115, 170), "the nearest has P10 89.1667, P50 126.667, P90 164.167, 16 % of their range off",
         "jqpd, metalog"),
        ("triangular", (95, 115, 170), "with this P10 and P90, its P50 lies between 123.647 and 141.353",
         "jqpd, metalog"),
        ("pert", (95, 115, 170), "with this P10 and P90, its P50 lies between 118.392 and 146.608", "jqpd, metalog"),
        ("lognormal", (95, 115, 170), "the nearest has", "jqpd, metalog"),
        ("uniform", (1, 1.4, 3), "the nearest has", "jqpd, metalog"),
        ("normal", (1, 1.9, 3), "the nearest has", "triangular, pert, jqpd, metalog"),
        ("normal", (1, 1.01, 3), "the nearest has", "jqpd"),
    ],
)  # fmt: skip
def test_a_shape_that_misses_three_quantiles_says_how_far_off_and_which_shapes_meet_them(
    shape, quantiles, off, fitting
):
    one, middle, two = quantiles
    with pytest.raises(InputError) as caught:
        from_quantiles(shape, one, two, middle)
    assert off in caught.value.message
    assert caught.value.remedy == f"Shapes that go through these quantiles: {fitting}."


RISING = st.tuples(
    st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(1e-2, 1e2), st.sampled_from([0.01, 0.05, 0.1, 0.25, 0.4]),
    st.floats(0.01, 100.0), st.floats(0.01, 100.0), st.sampled_from(["", "low", "high", "both"]),
)  # fmt: skip


@cases(100)
@given(RISING)
def test_jqpd_meets_any_three_quantiles(case):
    start, step, skew, share, below, above, bounds = case
    x = [start, start + step, start + step + step * skew]
    wide = x[2] - x[0]
    ends = {"low": x[0] - below * wide} if bounds in ("low", "both") else {}
    ends |= {"high": x[2] + above * wide} if bounds in ("high", "both") else {}
    made = marginals.jqpd(*x, probability=share, **ends)
    assert np.abs(at(made, [share, 0.5, 1 - share]) - x).max() <= 1e-9 * wide + 1e-14 * abs(start)
    z = np.linspace(-8, 8, 201)
    values = marginals.quantile(made, z)
    assert (np.diff(values) >= 0).all()
    assert ends.get("low", -np.inf) <= values[0]
    assert values[-1] <= ends.get("high", np.inf)


def test_jqpd_in_its_limits_and_its_mirror_image():
    """Where the quantiles lie so, it is a normal and a lognormal; left is right."""
    z = np.linspace(-4, 4, 81)
    normal = from_quantiles("normal", 1.0, 3.0)
    assert marginals.quantile(marginals.jqpd(1, 2, 3), z) == pytest.approx(marginals.quantile(normal, z), abs=1e-12)
    assert marginals.describe(marginals.jqpd(1, 2, 3)) == pytest.approx(marginals.describe(normal), rel=1e-12)
    grown = from_quantiles("lognormal", 1.0, 4.0)
    bound = marginals.jqpd(1, 2, 4, low=0)
    assert marginals.quantile(bound, z) == pytest.approx(marginals.quantile(grown, z), rel=1e-12)
    assert marginals.describe(bound) == pytest.approx(marginals.describe(grown), rel=1e-12)
    near = marginals.jqpd(1, 2 + 1e-9, 4, low=0)
    assert marginals.quantile(near, z) == pytest.approx(marginals.quantile(grown, z), rel=1e-7)
    plain = marginals.jqpd(95, 115, 170)
    for ends, other in (
        ({"low": 50.0}, {"high": -50.0}),
        ({"low": 50.0, "high": 300.0}, {"low": -300.0, "high": -50.0}),
    ):
        right, left = marginals.jqpd(95, 115, 170, **ends), marginals.jqpd(-170, -115, -95, **other)
        assert marginals.quantile(right, z) == pytest.approx(-marginals.quantile(left, -z), rel=1e-12)
    mirror = marginals.jqpd(-170, -115, -95)
    assert marginals.quantile(plain, z) == pytest.approx(-marginals.quantile(mirror, -z), rel=1e-12)


def test_jqpd_between_bounds_has_the_moments_that_others_find():
    """The example in the README of rjqpd 0.2.3 (mean 0.4350185, sd 0.1266754, by a coarser quadrature)."""
    mean, sd = marginals.describe(marginals.jqpd(0.32, 0.40, 0.60, low=0, high=1))
    assert mean == pytest.approx(0.4350185, abs=1e-5)
    assert sd == pytest.approx(0.1266754, abs=1e-4)


@cases(60)
@given(st.lists(st.floats(0.05, 1.0), min_size=3, max_size=6), st.booleans())
@example([0.25, 1.0, 0.5, 1.0, 1.0, 1.0], True)
def test_a_metalog_meets_its_quantiles_and_rises_or_says_what_would(steps, bounded):
    shares = [round((k + 1) / (len(steps) + 1), 6) for k in range(len(steps))]
    stated = dict(zip(shares, np.cumsum(steps).tolist(), strict=True))
    ends = {"low": 0.0, "high": 8.0} if bounded else {}
    try:
        made = marginals.metalog(stated, **ends)
    except InputError as error:
        (found,) = error.faults
        assert "falls near the probability" in found.found
        assert "shape jqpd" in found.remedy
        assert "off" in found.remedy
        return
    assert residual(made, stated) < 1e-9
    z = np.linspace(-8, 8, 401)
    assert (np.diff(marginals.quantile(made, z)) >= 0).all()
    slope = marginals.slope(made, z)  # far out, between bounds, it is less than the least float
    assert (slope >= 0).all()
    assert (slope[np.abs(z) <= 4] > 0).all()


def test_a_metalog_that_falls_names_the_nearest_that_rises():
    stated = {0.05: 95.0, 0.25: 100.0, 0.5: 139.0, 0.75: 140.0, 0.95: 170.0}
    with pytest.raises(InputError, match=r"rises where the quantile at 0.5 is 115.01 or less \(now 139: 24 off\)"):
        marginals.metalog(stated)
    assert residual(marginals.metalog(stated | {0.5: 115.01}), stated | {0.5: 115.01}) < 1e-12
    apart = {0.05: 95.0, 0.25: 100.0, 0.5: 115.0, 0.75: 140.0, 0.95: 170.0}
    with pytest.raises(InputError, match=r"The nearest that rises has 94.475 at 0.05, 100.528 at 0.25, .* at most"):
        marginals.metalog(apart, low=0.0)
    nearest = {0.05: 94.475, 0.25: 100.528, 0.5: 114.795, 0.75: 139.475, 0.95: 170.527}
    assert residual(marginals.metalog(nearest, low=0.0), nearest) < 1e-12
    with pytest.raises(InputError, match=r"upper tail falls as the power 0.569: no standard deviation"):
        marginals.metalog({0.1: 1.0, 0.5: 10.0, 0.9: 400.0}, low=0.0)
    with pytest.raises(InputError, match="lower tail falls as the power"):
        marginals.metalog({0.1: -400.0, 0.5: -10.0, 0.9: -1.0}, high=0.0)


def test_a_fit_tells_what_it_meets():
    found = fit("jqpd", {0.05: 95, 0.5: 115, 0.95: 170}, low=80)
    assert (found.marginal.kind, found.stated) == ("jqpd", {0.05: 95.0, 0.5: 115.0, 0.95: 170.0})
    assert found.met == pytest.approx(found.stated, rel=1e-12)
    assert found.off < 1e-12
    assert (found.mean, found.sd) == marginals.describe(found.marginal)
    assert {fit(shape, {0.1: 0.2, 0.5: 0.5, 0.9: 0.8}, **({"low": 0, "high": 1} if shape == "beta" else {})).off < 0.01
            for shape in SHAPES if shape != "lognormal"} == {True}  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "quantiles", "match"),
    [
        ("jqpd", {0.1: 1, 0.9: 2}, "P10 1, P90 2 for shape 'jqpd', which takes three quantiles"),
        ("jqpd", {0.1: 1, 0.5: 2, 0.8: 3}, "takes three quantiles"),
        ("jqpd", {0.1: 1, 0.5: 1, 0.9: 3}, "P10 1, P50 1, P90 3 are out of order"),
        ("normal", {0.05: 1, 0.5: 2, 0.95: 3}, "P5 1, P50 2, P95 3 for shape 'normal', which takes P10, P50 and P90"),
        ("normal", {0.1: "x", 0.9: 2}, "quantiles that are no numbers"),
        ("normal", {0.1: "1", 0.9: "2"}, "quantiles that are no numbers"),
        ("normal", {0.1: False, 0.9: True}, "quantiles that are no numbers"),
        ("normal", [1, 2], "quantiles that are no numbers"),
        ("beta", {0.1: -1, 0.9: 0.5}, "P10 -1 and P90 0.5 of a beta between 0 and 1"),
        ("normal", {0.0: 1, 0.9: 2}, "quantiles P0 1, P90 2"),
        ("normal", {0.1: 1, 0.9: float("inf")}, "quantiles P10 1, P90 inf"),
        ("bernoulli", {0.1: 1, 0.9: 2}, "a bernoulli distribution does not follow from quantiles"),
        ("jpqd", {0.1: 1, 0.9: 2}, "unknown distribution 'jpqd'"),
        ("metalog", {0.1: 1, 0.9: 2}, "quantiles: 2 of them"),
        ("jqpd", {0.1: 1, 0.5: 2, 0.9: 3, 0.95: 5}, "takes three"),
    ],
)
def test_quantiles_that_a_shape_does_not_take(shape, quantiles, match):
    with pytest.raises((InputError, ggu.GguCostsError), match=match):
        fit(shape, quantiles)


@pytest.mark.parametrize("shape", ["beta", "jqpd", "metalog"])
@pytest.mark.parametrize("end", ["x", "9", True, float("nan")])
def test_bounds_that_are_no_numbers(shape, end):
    with pytest.raises(InputError, match=r"high: .*; allowed: a finite number"):
        fit(shape, {0.1: 1, 0.5: 2, 0.9: 4}, low=0, high=end)


QUANTILE_DRIVERS = [
    (driver("x", "jqpd", p10=95, p50=115, p90=170), (95, 115, 170, 0.1, -np.inf, np.inf),
     "x: verdeling Johnson door drie kwantielen, vastgelegd door P10, P50 en P90 (gemiddelde "
     "127,0, standaardafwijking 45,07)."),
    (driver("x", "jqpd", low=0, p10=95, p50=115, p90=170), (95, 115, 170, 0.1, 0, np.inf),
     "vastgelegd door P10, P50 en P90"),
    (driver("x", "jqpd", quantiles={"p5": 95, "p50": 115, "p95": 170}, high=300), (95, 115, 170, 0.05, -np.inf, 300),
     "vastgelegd door P5, P50 en P95"),
    (driver("x", "metalog", quantiles={"p2.5": 90, "p25": 100, "p50": 115, "p95": 170}),
     (-np.inf, np.inf, 0.025, 90, 0.25, 100, 0.5, 115, 0.95, 170), "vastgelegd door P2.5, P25, P50 en P95"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "parameters", "note"), QUANTILE_DRIVERS)
def test_shapes_by_quantiles_in_a_file(made, parameters, note):
    model = ggu.open_model(programme(line("a", factors=["x"]), drivers=[made | {"below_zero": "proef"}]))
    (found,) = (driver.marginal for driver in model.assembly().drivers)
    assert found.parameters == pytest.approx(parameters)
    assert any(note in text for text in model.assembly().notes)


def test_a_published_table_of_quantiles_has_a_second_shape():
    table = {"p5": 90, "p10": 95, "p50": 115, "p90": 150, "p95": 165}
    made = {"id": "x", "name": "x", "unit": "share", "status": "published", "source": "besluit", "shape": "metalog",
            "quantiles": table}  # fmt: skip
    with pytest.raises(InputError, match="a published range without shape_by, second_shape"):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[made]))
    made |= {"shape_by": "ons", "second_shape": "jqpd", "below_zero": "proef"}
    model = ggu.open_model(programme(line("a", factors=["x"]), drivers=[made]))
    second = model.assembly(second_shape=True).drivers[0].marginal
    assert (second.kind, second.parameters[:4]) == ("jqpd", (95, 115, 150, 0.1))


@pytest.mark.parametrize(
    ("made", "match"),
    [
        (
            driver("x", "jqpd", p10=1, p90=2),
            "p10, p90 with shape 'jqpd'; allowed: p10, p50, p90 or quantiles, and low or",
        ),
        (driver("x", "jqpd", quantiles={"p0": 1, "p50": 2, "p99": 3}), "quantile 'p0'; allowed: p and a percentage"),
        (driver("x", "jqpd", quantiles={"p5": 3, "p50": 2, "p95": 4}), "quantiles.p5 3 and quantiles.p50 2"),
        (driver("x", "jqpd", quantiles={"p5": 1, "p50": 2, "p95": 4}, low=2), "low 2 and quantiles.p5 1"),
        (driver("x", "uniform", quantiles={"p5": 1, "p50": 2, "p95": 4}), "with shape 'uniform'"),
        (driver("x", "metalog", quantiles={"p5": "1"}), "drivers.x.quantiles.p5"),
        (driver("x", "jqpd", quantiles={"p10": 1, "p50": 2, "p80": 3}), "takes three quantiles"),
        (driver("x", "jqpd", low=1, high=2, reading="p10_p90", p50=2), "p50"),
        (driver("x", "metalog", p10=95, p50=96, p90=170), r"drivers.x.quantiles: a metalog through them falls"),
    ],
)
def test_shapes_by_quantiles_that_cannot_be(made, match):
    with pytest.raises(InputError, match=match):
        ggu.open_model(programme(line("a", factors=["x"]), drivers=[made])).assembly()
