"""The engine against plain twins on the same draws, and the figures of the benchmark model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from oracles import impact as twin
from oracles import impact_models as models

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.simulation import marginals
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.leaves import Evaluator, ModelOverflowError
from ggu_costs.simulation.machine.sampling import make_sampling
from ggu_costs.simulation.parts import Affine, Curve, Driver, Index, Output, Term
from ggu_costs.simulation.runs.engine import Target, draw_blocks, run
from ggu_costs.simulation.spec import ModelSpec

pytestmark = pytest.mark.kernels

MODELS = {
    "everything": models.everything(),
    "R1": models.r1(3),
    "R2": models.r2(3),
    "R3": models.r3(18),  # more units than are drawn at a time
}


@pytest.mark.parametrize("name", MODELS)
def test_outputs_agree_with_the_formula_on_the_same_draws(name):
    spec = MODELS[name]
    ((drivers, found),) = draw_blocks(spec, draws=24, seed=2**40 + 5)
    values = twin.draw(spec, 2**40 + 5, 24)
    for driver, drawn in drivers.items():
        assert drawn == pytest.approx(values[driver][0], rel=1e-6, abs=1e-6)
    expected = twin.outputs(spec, values)
    scale = np.abs(expected).max(axis=(1, 2), keepdims=True)
    assert np.abs(found - expected).max() > 0  # two ways of computing, not one
    assert (np.abs(found - expected) / scale).max() < 2e-6


@pytest.mark.parametrize("steepest", [3.0, 400.0])  # within and beyond what one power of e can hold
def test_curves_that_differ_by_a_fixed_number_of_years_share_their_powers(steepest):
    times, moved = np.arange(1.0, 9.0), np.array([-2.0, 0.0, 1.5, 5.0])
    middle = Affine(0.5, (("late", 1.0),), moved)
    names = [f"year {t:.0f}" for t in times]
    one, by_year = np.ones(4), np.eye(8)
    spec = ModelSpec(
        units=tuple("abcd"),
        years=tuple(range(2021, 2029)),
        drivers=(Driver("late", marginals.uniform(-1.0, 6.0)), Driver("steep", marginals.uniform(0.2, steepest)),
                 Driver("rate", marginals.uniform(1.0, 2.0))),
        terms=(
            Term("level", one, factors=(("rate", 1),), curve=Curve(middle, Affine(0.0, (("steep", 1.0),)), times)),
            Term("rise", 3 * one, curve=Curve(middle, Affine(0.0, (("steep", 1.0),)), times, increments=True)),
        ),
        outputs=(
            *(Output(f"{kind} {name}", weights=np.outer(which, by_year[t])) for t, name in enumerate(names)
              for kind, which in (("level", (1.0, 0.0)), ("rise", (0.0, 1.0)))),
            Output("all", weights=np.array([0.9**times, -(0.5**times)])),
        ),
    )  # fmt: skip
    ((drivers, found),) = draw_blocks(spec, draws=500, seed=7)
    late, steep, rate = (drivers[name][None, :, None] for name in ("late", "steep", "rate"))
    with np.errstate(over="ignore"):
        level = 1 / (1 + np.exp(steep * (0.5 + late + moved[:, None, None] - times)))
    rise = np.diff(level, axis=2, prepend=0.0)
    for t, name in enumerate(names):
        levels, rises = found[2 * t], found[2 * t + 1]
        assert spec.outputs[2 * t].name == f"level {name}"
        assert levels == pytest.approx((rate * level)[:, :, t], rel=1e-11, abs=1e-15)
        assert rises == pytest.approx(3 * rise[:, :, t], rel=1e-10, abs=1e-14)
        assert ((rises == 0.0) == (rise[:, :, t] == 0.0)).mean() > 0.99  # who is done adds exactly nothing
    assert found[-1] == pytest.approx((0.9**times * rate * level - 3 * 0.5**times * rise).sum(axis=2), rel=1e-11)


def test_rows_are_the_summaries_of_the_draws():
    spec, draws = MODELS["everything"], 40
    result = run(spec, draws=draws, seed=3, threads=1, quantiles="exact", probabilities=(0.1, 0.5))
    ((_, y),) = draw_blocks(spec, draws=draws, seed=3)
    groups = np.stack(
        [y.sum(axis=1), *(y[:, g.members == k].sum(axis=1) for g in spec.groupings for k in range(len(g.labels)))], 1
    )
    for output, of, figures in (
        ("net", result.by_unit("net"), y[0]),
        ("net", result.by_group("net"), groups[0]),
        ("half", result.by_unit("half"), y[1]),
        ("half", result.by_group("half"), groups[1]),
        ("first year", result.by_group("first year"), groups[2]),
        ("share", result.joint("paying more"), (y[0] > 0).mean(axis=0)[None]),
        ("worst", result.joint("worst"), (y[0] * spec.joints[1].weights[:, None]).max(axis=0)[None]),
    ):
        assert of.mean == pytest.approx(figures.mean(axis=1), rel=1e-12)
        assert of.sd == pytest.approx(figures.std(axis=1, ddof=1), rel=1e-9)
        if output != "half":
            exact = np.quantile(figures, 0.1, axis=1)
            assert of.quantile(0.1) == pytest.approx(exact, rel=1e-12)
            assert np.all(
                np.abs(of.quantile(0.3) - np.quantile(figures, 0.3, axis=1)) <= np.ptp(figures, axis=1) + 1e-52
            )
        if output == "net":
            assert of.probability(0.0) == pytest.approx((figures > 0).mean(axis=1), abs=1e-15)
            assert of.probability(1e6) == pytest.approx((figures > 1e6).mean(axis=1), abs=1e-15)


def test_some_units_can_be_asked_alone():
    compiled = compile_spec(MODELS["R3"])
    evaluator = Evaluator(compiled, make_sampling(compiled.levels, draws=8, seed=2, method="random"))
    whole = evaluator.values_of(0, 0)
    ((units, kept),) = evaluator.kept(0, 0, frozenset([17]))
    assert units.tolist() == [17]
    assert np.array_equal(kept, whole[:, [17]])


def test_groups_add_up_to_the_nation_in_every_draw():
    ((_, y),) = draw_blocks(MODELS["everything"], draws=16, seed=1)
    result = run(MODELS["everything"], draws=16, seed=1, threads=1)
    whole, small, large, _ = result.by_group("net").mean
    assert small + large == pytest.approx(whole, rel=1e-12)
    assert whole == pytest.approx(y[0].sum(axis=0).mean(), rel=1e-12)


def test_a_normalised_term_hands_out_exactly_the_amount():
    spec = MODELS["everything"]
    place = [term.name for term in spec.terms].index("handed out")
    weights = np.zeros((len(spec.terms), 4))
    weights[place, 0] = 1.0
    only = replace(spec, outputs=(Output("handed", weights),), joints=())
    ((_, y),) = draw_blocks(only, draws=32, seed=9)
    assert y[0].sum(axis=0) == pytest.approx(np.full(32, 1e6), rel=1e-12)


def test_alternatives_share_their_draws():
    spec = MODELS["R1"]
    net = spec.outputs[0]
    dearer = replace(net, name="dearer", weights=net.weights * np.array([[2.0], [1], [1], [1], [1]]))
    gap = replace(net, name="difference", weights=dearer.weights - net.weights)
    ((_, y),) = draw_blocks(replace(spec, outputs=(net, dearer, gap)), draws=16, seed=5)
    assert y[1] - y[0] == pytest.approx(y[2], rel=1e-9, abs=1e-6)


def test_a_driver_added_leaves_other_draws_unchanged():
    spec = MODELS["R1"]
    more = replace(spec, drivers=(Driver("new", marginals.uniform(0.0, 1.0)), *spec.drivers), correlations=())
    ((before, _),) = draw_blocks(replace(spec, correlations=()), draws=8, seed=5)
    ((after, _),) = draw_blocks(more, draws=8, seed=5)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def growing(rate: marginals.Marginal) -> ModelSpec:
    from ggu_costs.simulation.parts import Affine

    term = Term("cost", np.ones(1), index=Index(Affine(0.0, (("rate", 1.0),)), np.array([400])))
    return ModelSpec(
        units=("GM0001",),
        years=(2024,),
        drivers=(Driver("rate", rate),),
        terms=(term,),
        outputs=(Output("net", np.ones((1, 1))),),
    )


@pytest.mark.parametrize(
    "rate", [marginals.uniform(5.0, 10.0), marginals.uniform(-3.0, -2.0)], ids=["overflow", "below -1"]
)
def test_a_figure_that_is_not_finite_stops_with_the_drivers(rate):
    with pytest.raises(ModelOverflowError, match=r"not finite in draw \d+, unit number 0, with rate = ") as caught:
        run(growing(rate), draws=16, seed=1, threads=1)
    assert caught.value.draw == 0
    assert set(caught.value.drivers) == {"rate"}


def test_settings_are_checked_all_at_once():
    with pytest.raises(InputError, match="this run cannot be made") as caught:
        run(
            MODELS["R1"], draws=0, seed=-1, method="best", replicates=1, probabilities=(0.0,), quantiles="fast",
            target=Target("none", 0.0), task_draws=0, in_flight=0,
        )  # fmt: skip
    assert {fault.where for fault in caught.value.faults} == {
        "draws", "seed", "method", "replicates", "probabilities", "quantiles", "target.output", "target.standard_error",
        "task_draws", "in_flight",
    }  # fmt: skip
    with pytest.raises(InputError, match="State a seed; 0 is a seed"):
        run(MODELS["R1"], draws=8, seed=None)
    with pytest.raises(InputError, match=r"a power of two for Sobol points\. Take 1024"):
        run(MODELS["R1"], draws=1000, seed=1, method="sobol")
    with pytest.raises(InputError, match="more replicates instead"):
        run(MODELS["R1"], draws=2**27, seed=1, method="sobol")


def test_rows_that_were_not_kept_are_refused():
    result = run(MODELS["everything"], draws=8, seed=1, threads=1)
    with pytest.raises(InputError, match="was not kept per unit"):
        result.by_unit("first year")
    with pytest.raises(InputError, match="only mean and standard deviation were kept"):
        result.by_unit("half").quantile(0.5)
    with pytest.raises(UnknownNameError, match="unknown output 'nett'"):
        result.nation("nett")
    with pytest.raises(UnknownNameError, match="unknown joint figure"):
        result.joint("best")
    with pytest.raises(InputError, match="above 0 and below 1"):
        result.by_unit("net").quantile(1.0)


def four_errors(result, draws_per_error):
    """Distance to the printed table in standard errors of the difference; the table's own error and rounding added."""
    worst = 0.0
    for key, printed in models.TABLE.items():
        rows = result.nation("net") if key == "nation" else result.by_unit("net")
        place = 0 if key == "nation" else key
        sd = printed[1]
        found = [rows.mean[place], rows.sd[place], *(rows.quantile(p)[place] for p in (0.05, 0.5, 0.95))]
        errors = [sd / np.sqrt(draws_per_error)]
        errors.append(sd * 1.5 / np.sqrt(draws_per_error))  # kurtosis about 7
        for p in (0.05, 0.5, 0.95):
            interval = rows.quantile_interval(p)
            errors.append((interval.upper - interval.lower)[place] / (2 * 1.96))
        share = printed[5]
        found.append(rows.probability(0.0)[place])
        errors.append(np.sqrt(share * (1 - share) / draws_per_error))
        digits = [*(abs(value) * 1e-5 for value in printed[:5]), 5e-6]
        for value, true, error, digit in zip(found, printed, errors, digits, strict=True):
            worst = max(worst, max(abs(value - true) - digit, 0.0) / error)
    return worst


@pytest.mark.compiled
@pytest.mark.parametrize("seed", [0, 1, 2021])
def test_r1_gives_its_table(seed):
    result = run(models.r1(), draws=100_000, seed=seed)
    assert four_errors(result, 100_000) < 4


@pytest.mark.compiled
def test_r1_gives_its_table_with_sobol_points():
    result = run(models.r1(), draws=2**14, seed=4, method="sobol")
    assert four_errors(result, 100_000) < 4
    assert result.nation("net").standard_error[0] < 0.2 * models.TABLE["nation"][1] / np.sqrt(result.draws)


@pytest.mark.compiled
def test_target_error_stops_early():
    spec = models.r1(5)
    plain = run(spec, draws=200_000, seed=1)
    error = plain.nation("net").standard_error[0]
    result = run(spec, draws=1_000_000, seed=1, target=Target("net", error * 1.5))
    assert result.draws == 131_072
    assert result.complete
    sobol = run(spec, draws=4096, seed=1, method="sobol", replicates=16, target=Target("net", error))
    assert sobol.draws == 4 * 4096


def test_target_is_looked_at_in_stages():
    spec = MODELS["R1"]
    seen = []
    result = run(
        spec, draws=16, seed=1, method="latin_hypercube", replicates=6, threads=1, target=Target("net", 1e-9),
        progress=lambda done, whole: seen.append((done, whole)),
    )  # fmt: skip
    assert seen == [(16 * k, 96) for k in range(1, 7)]
    assert result.draws == 96


def test_stages_of_a_target():
    from ggu_costs.simulation.runs.engine import _stages

    levels = compile_spec(MODELS["R1"]).levels
    sampling = make_sampling(levels, draws=50 * 4096 - 1, seed=1, method="random")
    target = Target("net", 1.0)
    assert list(_stages(sampling, target)) == [[(0, 0, 16)], [(0, 16, 32)], [(0, 32, 50)]]
    result = run(MODELS["R1"], draws=16, seed=1, threads=1, target=Target("net", 1e12))
    assert result.draws == 16
    assert result.complete
