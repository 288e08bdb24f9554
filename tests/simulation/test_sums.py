"""Sums of outputs of which no unit is kept: the same as of figures of units, whatever else is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from oracles import impact_models as models

from ggu_costs.errors import InputError
from ggu_costs.simulation import marginals
from ggu_costs.simulation.machine.instructions import needed_for
from ggu_costs.simulation.machine.leaves import ModelOverflowError
from ggu_costs.simulation.parts import Driver, Grouping, Joint, Output, Term
from ggu_costs.simulation.runs.engine import draw_blocks, run
from ggu_costs.simulation.spec import ModelSpec

pytestmark = pytest.mark.kernels

MODELS = {"everything": models.everything(), "R1": models.r1(5), "R2": models.r2(5), "R3": models.r3(18)}
DRAWS = 48


def asked_as_sums(spec: ModelSpec, groups: str = "distribution") -> ModelSpec:
    return replace(spec, outputs=tuple(replace(one, units="none", groups=groups) for one in spec.outputs), joints=())


@pytest.mark.parametrize("name", MODELS)
def test_sums_are_those_of_the_figures_of_units(name: str) -> None:
    spec = MODELS[name]
    result = run(asked_as_sums(spec), draws=DRAWS, seed=4, threads=1, quantiles="exact", probabilities=(0.2,))
    nation = run(asked_as_sums(spec, "nation"), draws=DRAWS, seed=4, threads=1)
    ((_, y),) = draw_blocks(spec, draws=DRAWS, seed=4)
    members = [np.ones(len(spec.units), bool)]
    members += [part.members == label for part in spec.groupings for label in range(len(part.labels))]
    for place, output in enumerate(spec.outputs):
        sums = np.stack([y[place][inside].sum(axis=0) for inside in members])
        rows = result.by_group(output.name)
        scale = np.abs(y[place]).sum(axis=0).max()
        assert np.abs(rows.mean - sums.mean(axis=1)).max() < 1e-12 * scale
        assert rows.sd == pytest.approx(sums.std(axis=1, ddof=1), rel=1e-9, abs=1e-9 * scale)
        assert np.abs(rows.quantile(0.2) - np.quantile(sums, 0.2, axis=1)).max() < 1e-12 * scale
        assert [part.tobytes() for part in nation.nation(output.name).arrays] == [
            part.tobytes() for part in result.nation(output.name).arrays
        ]


def test_a_sum_does_not_depend_on_what_else_is_asked() -> None:
    spec = MODELS["R3"]
    odd = Grouping("odd", ("odd", "even"), np.arange(len(spec.units)) % 2)
    few = Grouping("few", ("first",), np.where(np.arange(len(spec.units)) < 3, 0, -1))
    (net,) = spec.outputs
    sums = replace(net, name="sums", units="none")
    alone = run(replace(spec, outputs=(sums,), groupings=(odd,)), draws=DRAWS, seed=1, threads=1)
    share = Joint("share", net.name, "share_above", np.ones(len(spec.units)))
    beside = replace(
        spec, outputs=(replace(net, groups="none"), sums, replace(sums, name="turned", weights=-sums.weights)),
        groupings=(few, odd), joints=(share,),
    )  # fmt: skip
    together = run(beside, draws=DRAWS, seed=1, threads=1)
    for one, other in (
        (alone.nation("sums"), together.nation("sums")),
        (alone.by_group("sums", "odd"), together.by_group("sums", "odd")),
    ):
        assert [part.tobytes() for part in one.arrays] == [part.tobytes() for part in other.arrays]
    ((_, y),) = draw_blocks(spec, draws=DRAWS, seed=1)
    assert together.by_group("sums", "few").mean == pytest.approx(y[0][:3].sum(axis=0).mean(), rel=1e-12)
    assert together.joint("share").mean == pytest.approx((y[0] > 0).sum(axis=0).mean(), rel=1e-12)
    assert together.nation("turned").mean == -together.nation("sums").mean


def test_an_output_of_the_nation_has_no_other_groups() -> None:
    spec = MODELS["everything"]
    result = run(asked_as_sums(spec, "nation"), draws=8, seed=1, threads=1)
    assert result.nation("net").mean.shape == (1,)
    with pytest.raises(InputError, match="'net' was not kept per group") as error:
        result.by_group("net", spec.groupings[0].name)
    assert "Output(groups=)" in str(error.value)


def test_what_is_not_finite_is_found_where_only_sums_are_asked() -> None:
    spec = ModelSpec(
        units=("north", "south"), years=(1,), drivers=(Driver("steep", marginals.normal(0.0, 1.0)),),
        terms=(
            Term("cost", weights=np.array([0.0, 1e160]), factors=(("steep", 1),)),
            Term("rest", weights=np.ones(2), factors=(("steep", 1),)),
        ),
        outputs=(Output("net", np.ones((2, 1)), units="none", groups="nation"),),
    )  # fmt: skip
    with pytest.raises(ModelOverflowError, match=r"south.*not finite in draw 0, unit number 1, with steep = "):
        run(spec, draws=16, seed=1, threads=2)


def test_instructions_that_nothing_rests_on_are_left_out() -> None:
    code = np.array([
        [0, 10, 1, 0, 0, 0, 0], [3, 11, 10, 2, 0, 0, 0], [1, 5, 11, 0, 0, 0, 0], [1, -2, 11, 0, 0, 0, 0],
        [3, 12, 10, 3, 0, 0, 0], [1, 6, 12, 0, 0, 0, 0], [1, -3, 12, 0, 0, 0, 0],
    ])  # fmt: skip
    assert needed_for(code, [5]).tolist() == [0, 1, 2, 3]
    assert needed_for(code, [6]).tolist() == [0, 4, 5, 6]
    assert needed_for(code, []).tolist() == []
