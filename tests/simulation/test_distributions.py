"""The registry of distributions: a new one needs a file of its own and nothing else of the engine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from ggu_costs import simulation
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact.programme.driver_terms import SHAPES
from ggu_costs.simulation import Driver, ModelSpec, Output, Term, marginals
from ggu_costs.simulation.distributions.family import (
    FAMILIES,
    Continuous,
    Marginal,
    checked,
    continuous,
    family_named,
    family_of,
    positive,
    register,
)


@pytest.fixture
def exponential():
    """A distribution as a new file would state it."""

    @register
    class Exponential(Continuous):
        kind = "exponential"

        def tails(self, p, x):
            return -math.expm1(-max(x, 0.0) / p[0]), math.exp(-max(x, 0.0) / p[0])

        def inverse(self, p, below, above):
            return np.where(below <= above, -p[0] * np.log1p(-np.minimum(below, 0.5)), -p[0] * np.log(above))

        def rise(self, p, below, above, mass):
            return mass * p[0] / above

    yield lambda mean: checked("exponential", {"mean": mean}, positive("mean", mean))
    del FAMILIES["exponential"]


def test_a_new_distribution_is_drawn_truncated_and_described(exponential):
    made = exponential(3.0)
    assert marginals.describe(made) == pytest.approx((3.0, 3.0), rel=1e-6)
    cut = marginals.truncated(made, 1.0, 4.0)
    assert marginals.describe(cut)[0] == pytest.approx(stats.truncexpon(1.0, loc=1.0, scale=3.0).mean(), rel=1e-9)
    assert family_of(cut).mean_of_power(cut, 2) == pytest.approx(
        stats.truncexpon(1.0, loc=1.0, scale=3.0).moment(2), rel=1e-6
    )
    assert family_of(cut).between(cut, 9.0) == pytest.approx((1.0, 4.0))
    assert marginals.kink(made) is None
    with pytest.raises(InputError, match="mean: 0; allowed: above 0"):
        exponential(0.0)
    with pytest.raises(InputError, match="does not follow from quantiles"):
        simulation.from_quantiles("exponential", 1.0, 2.0)
    with pytest.raises(InputError, match="does not follow from mean and sd"):
        FAMILIES["exponential"].from_moments(1.0, 1.0)
    ones = np.ones(1)
    spec = ModelSpec(
        ("plant",), (1,), (Driver("x", made),), (Term("x", ones, factors=(("x", 1),)),), (Output("x", ones[None]),)
    )  # fmt: skip
    figure = simulation.run(spec, draws=100_000, seed=1, exact=(0.9,)).total("x")
    assert figure.mean == pytest.approx(3.0, abs=4 * figure.standard_error)
    assert figure.quantile(0.9) == pytest.approx(3.0 * math.log(10), rel=0.02)


def test_every_shape_of_a_model_file_is_a_distribution():
    assert set(SHAPES) - {"fixed"} == set(FAMILIES)


def test_every_distribution_is_made_by_the_function_of_its_name():
    shipped = set(SHAPES) & set(marginals.__all__)
    assert len(shipped) >= 9
    assert all(FAMILIES[kind].make is getattr(marginals, kind) for kind in shipped)


@pytest.mark.parametrize("kind", ["uniform", "triangular", "pert", "normal", "lognormal"])
def test_mean_and_sd_give_a_distribution_with_these(kind):
    made = FAMILIES[kind].from_moments(5.0, 0.5)
    assert made.kind == kind
    assert marginals.describe(made) == pytest.approx((5.0, 0.5), rel=1e-6)


MOMENTS = {
    "bernoulli": (marginals.bernoulli(0.3), 0.3, math.inf),
    "discrete": (marginals.discrete([1.0, 2.0], [0.5, 0.5]), 2.5, 0.75),
    "empirical": (marginals.empirical([1.0, 2.0, 2.0, 4.0]), 6.25, 0.5625),
    "lognormal": (marginals.lognormal(0.1, 0.2), math.exp(0.2 + 0.08), math.exp(-0.1 + 0.02)),
}


@pytest.mark.parametrize("kind", MOMENTS)
def test_means_of_powers(kind):
    made, square, inverse = MOMENTS[kind]
    family = family_of(made)
    assert family.mean_of_power(made, 1) == marginals.describe(made)[0]
    assert family.mean_of_power(made, 2) == pytest.approx(square, rel=1e-9)
    assert family.mean_of_power(made, -1) == pytest.approx(inverse, rel=1e-9)


def test_the_least_and_the_most():
    assert family_of(marginals.bernoulli(0.5)).between(marginals.bernoulli(0.5), 4.0) == (0.0, 1.0)
    seen = marginals.empirical([3.0, 1.0, 9.0])
    assert family_of(seen).between(seen, 4.0) == (1.0, 9.0)


def test_what_a_distribution_cannot_tell_is_an_error():
    with pytest.raises(InputError, match="a bernoulli distribution has no density"):
        continuous(marginals.bernoulli(0.5))
    with pytest.raises(InputError, match="a beta distribution does not follow from mean and sd"):
        FAMILIES["beta"].from_moments(0.5, 0.1)
    with pytest.raises(UnknownNameError, match="unknown distribution 'unifrom'"):
        family_named("unifrom")
    with pytest.raises(UnknownNameError, match="unknown distribution"):
        family_of(Marginal("gumbel"))
