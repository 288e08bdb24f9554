"""Figures so small that their squares are no floats, and so large that their fourth powers are none."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ggu_costs.errors import InputError
from ggu_costs.simulation import Driver, ModelSpec, Output, Term, draw_blocks, marginals, run
from ggu_costs.simulation.distributions.family import Marginal


def shapes(scale: float) -> dict[str, Marginal]:
    return {
        "uniform": marginals.uniform(-scale, 2 * scale),
        "triangular": marginals.triangular(0.0, 0.0, scale),
        "pert": marginals.pert(0.0, scale / 2, scale),
        "normal": marginals.normal(0.0, scale),
        "discrete": marginals.discrete([-scale, scale], [0.5, 0.5]),
        "empirical": marginals.empirical([scale, -scale, 0.0]),
    }


def model(marginal: Marginal) -> ModelSpec:
    return ModelSpec(
        units=("a",), years=(2024,), drivers=(Driver("d", marginal),),
        terms=(Term("t", weights=np.ones(1), factors=(("d", 1),)),), outputs=(Output("o", weights=np.ones((1, 1))),),
    )  # fmt: skip


@pytest.mark.parametrize("kind", shapes(1.0))
@pytest.mark.parametrize("scale", [1e-130, 1e-30, 1.0, 1e100])
def test_quantiles_are_those_of_the_draws_at_any_scale(kind: str, scale: float) -> None:
    spec = model(shapes(scale)[kind])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = run(spec, draws=1_000, seed=1).unit("o", "a")
    drawn = np.concatenate([block for _, block in draw_blocks(spec, draws=1_000, seed=1)], axis=-1)[0, 0]
    for p in (0.05, 0.5, 0.95):
        assert abs(figure.quantile(p) - np.quantile(drawn, p)) <= figure.quantile_bound(p) + 1e-12 * scale
    assert figure.sd == pytest.approx(drawn.std(ddof=1), rel=1e-9)


@pytest.mark.parametrize("kind", shapes(1.0))
@pytest.mark.parametrize("scale", [1e-145, 1e-162, 1e-300])
def test_a_spread_whose_square_is_no_float_is_refused(kind: str, scale: float) -> None:
    with pytest.raises(InputError, match=r"driver 'd': all its values lie within .*[\s\S]*State it in a larger unit"):
        run(model(shapes(scale)[kind]), draws=100, seed=1)


def test_one_value_may_be_as_small_as_it_is() -> None:
    assert run(model(marginals.discrete([1e-200], [1.0])), draws=100, seed=1).unit("o", "a").quantile(0.5) == 1e-200
