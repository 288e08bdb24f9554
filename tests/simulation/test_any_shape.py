"""Quantiles of any shape: rare risks beside a base cost, mixtures of scales, atoms, heavy tails."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import impact as twin
from oracles import impact_models as models

from ggu_costs.simulation.constants import BINS
from ggu_costs.simulation.machine import _engine_kernels as kernels
from ggu_costs.simulation.runs.cells import Cells, Ladder, allowed
from ggu_costs.simulation.runs.engine import PROBABILITIES, draw_blocks, run
from ggu_costs.simulation.runs.given import summarise_values
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.state import State

LEVELS = (1e-6, 0.001, 0.01, *PROBABILITIES, 1 / 3, 0.9, 0.99, 0.999, 1 - 1e-6)


def parts(random: np.random.Generator, draws: int) -> np.ndarray:
    """Draws of a sum, or a choice, of a few shapes at scales far apart."""
    shapes = [
        lambda: np.full(draws, random.choice([0.0, 1.0, -7.0, 1e9, 0.1])),
        lambda: random.normal(random.choice([0.0, 1e6]), 10.0 ** random.integers(-9, 9), draws),
        lambda: 10.0 ** random.integers(-9, 9) * random.lognormal(0.0, random.choice([0.5, 2.0, 4.0]), draws),
        lambda: 10.0 ** random.integers(-3, 9) * (random.random(draws) < random.choice([1e-4, 0.01, 0.03, 0.3])),
        lambda: 10.0 ** random.integers(-3, 9) * random.integers(0, random.choice([2, 5, 300]), draws),
        lambda: 10.0 ** random.integers(-3, 6) * (1 + random.pareto(random.choice([0.8, 2.0, 3.0]), draws)),
        lambda: np.exp(random.uniform(-60, 20, draws)),
    ]
    chosen = [shapes[k]() for k in random.integers(0, len(shapes), random.integers(1, 4))]
    if random.random() < 0.5:
        return np.sum(chosen, axis=0)
    return np.choose(random.choice(len(chosen), draws, p=random.dirichlet(np.ones(len(chosen)) / 2)), chosen)


def check(rows: Rows, figures: np.ndarray, off: float = 0.0) -> None:
    """Every quantile is within its stated error of the exact one, and between the lowest and the highest draw.

    Figures that were added up in another order are `off` by as much, relative.
    """
    found, errors, bounds = rows.quantiles(LEVELS), rows.quantile_errors(LEVELS), rows.quantile_bounds(LEVELS)
    exact = np.quantile(figures, LEVELS, axis=1)
    beside = [np.abs(np.quantile(figures, LEVELS, axis=1, method=side)) for side in ("lower", "higher")]
    rounding = (4e-16 + off) * np.maximum(*beside)  # of a weighted mean of two draws
    assert np.all(np.abs(found - exact) <= bounds + rounding)
    assert np.all(bounds <= errors)
    slack = off * np.abs(figures).max(axis=1)
    assert np.all(found >= figures.min(axis=1) - slack)
    assert np.all(found <= figures.max(axis=1) + slack)
    ordered = rows.quantiles(sorted(LEVELS))
    assert np.all(np.diff(ordered, axis=0) >= -1e-15 * np.abs(ordered[1:]))
    for row in rows.cells.rows:  # what is left open after the last pass is next to nothing
        ladder = rows.cells.row(row)
        width, most = (ladder.high - ladder.low)[ladder.coarse()], np.abs(ladder.high)[ladder.coarse()]
        assert np.all((width <= 1e-12 * rows.sd[row]) | (width <= 2e-14 * most))
    for value in (0.0, float(exact[4, 0]), 1e6) if not off else ():
        spread, least, most = rows._below(value)
        true = (figures <= value).sum(axis=1)
        edge = (figures < value * (1 + 1e-15) if value > 0 else figures <= value).sum(axis=1)
        assert np.all(least <= np.maximum(true, edge))
        assert np.all(most >= (figures < value).sum(axis=1))
        assert np.all((spread >= least) & (spread <= most))


@cases(60)
@given(st.integers(0, 2**32), st.sampled_from([2, 3, 40, 1500, 6000]))
def test_quantiles_of_any_shape_are_within_their_stated_error(seed, draws):
    random = np.random.default_rng(seed)
    figures = np.stack([parts(random, draws) for _ in range(3)])
    check(summarise_values(figures), figures)


@pytest.mark.compiled
@pytest.mark.parametrize("method", ["random", "sobol"])
def test_every_level_of_a_run_is_within_its_stated_error(method):
    spec, how = models.rare_risk(), {"draws": 2**14, "seed": 4, "method": method, "replicates": 3}
    result, exact = run(spec, **how), run(spec, **how, quantiles="exact", probabilities=LEVELS)
    blocks = [y for _, y in draw_blocks(spec, **how)]
    draws = np.concatenate(blocks, axis=2)
    weights = spec.joints[0].weights[:, None]
    halves = [draws.sum(axis=1), *(draws[:, spec.groupings[0].members == half].sum(axis=1) for half in (0, 1))]
    for place, output in enumerate(spec.outputs):
        figures = {"unit": draws[place], "group": np.stack([half[place] for half in halves])}
        for of, rows, sharp in (
            ("unit", result.by_unit(output.name), exact.by_unit(output.name)),
            ("group", result.by_group(output.name), exact.by_group(output.name)),
        ):
            check(rows, figures[of], 0.0 if of == "unit" else 1e-12)
            assert sharp.quantiles(LEVELS) == pytest.approx(np.quantile(figures[of], LEVELS, axis=1), rel=1e-12)
    joint = (draws[0] * weights).max(axis=0)[None]
    check(result.joint("worst"), joint, 1e-12)
    touched = (draws[0] > 1e5).sum(axis=0)[None].astype(float)
    check(result.joint("touched"), touched)


def test_a_cell_holds_few_draws_or_equal_ones():
    random = np.random.default_rng(3)
    draws = 20_000
    figures = np.where(random.random(draws) < 0.4, 5.0, random.normal(5.0, 1e-7, draws))
    figures[random.random(draws) < 0.01] = 1e9
    rows = summarise_values(figures[None])
    ladder = rows.cells.row(0)
    assert ladder.counts.sum() == draws
    assert np.all(ladder.low[1:] > ladder.high[:-1])
    full = ladder.counts > allowed(draws, ladder.before, ladder.counts)
    assert ladder.counts[full].tolist() == [(figures == 5.0).sum(), (figures == 1e9).sum()]
    assert ladder.low[full].tolist() == ladder.high[full].tolist() == [5.0, 1e9]
    assert rows.quantile(0.5)[0] == np.quantile(figures, 0.5) == 5.0
    assert rows.quantile_errors((0.5,))[0, 0] < 1e-7


def test_rows_whose_bins_leave_little_open_have_no_cells():
    rows = summarise_values(np.random.default_rng(1).normal(size=(3, 20_000)))
    assert rows.cells.rows.size == 0
    assert rows.settled(0.95).all()
    assert not summarise_values(np.random.default_rng(1).lognormal(0.0, 2.0, (1, 20_000))).settled(0.9999).any()


def test_a_fixed_sum_that_is_shared_out_needs_no_second_pass():
    """It varies by the rounding of its parts only."""
    figures = 1e9 + 1e-7 * np.random.default_rng(1).integers(-2, 3, (1, 5000))
    rows = summarise_values(figures)
    assert rows.cells.rows.size == 0
    check(rows, figures)
    assert rows.quantile_errors((0.5,))[0, 0] < 1e-4


def test_cells_of_some_rows_and_of_rows_joined():
    figures = np.array([[1.0, 2.0] * 50, [*np.linspace(0.0, 1.0, 99), 1e9], [7.0] * 100])
    whole = summarise_values(figures).cells
    apart = [whole.some(slice(row, row + 1)) for row in range(3)]
    again = Cells.joined(apart)
    for name in ("starts", "counts", "ends"):
        assert np.array_equal(getattr(again, name), getattr(whole, name))
    assert whole.rows.tolist() == [0, 1]
    assert whole.row(0).low.tolist() == [1.0, 2.0]
    assert Cells.none(3).rows.size == 0


@cases(60)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0.01, 1.0))
def test_a_ladder_of_single_draws_is_exact(values, share):
    draws = np.unique(values)
    once = np.ones(draws.size, np.int64)
    ladder = Ladder(once, draws, draws)
    ranks = np.linspace(0, draws.size - 1, 7)
    value, least, most, _ = ladder.at(np.floor(ranks).astype(np.int64), ranks - np.floor(ranks))
    expected = np.interp(ranks, np.arange(draws.size), draws)
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert np.array_equal(least, value)
    assert np.array_equal(most, value)
    assert ladder.not_above(float(draws[0])) == (1.0, 1, 1)
    wanted = share * draws.size
    taken = np.clip(wanted - np.arange(draws.size), 0.0, 1.0)
    mean, variance = ladder.highest(wanted, 0, (0.0, 0.0), 0.5)
    down = draws[::-1]
    assert mean == pytest.approx(down @ taken / wanted, rel=1e-9, abs=1e-6)
    assert variance == pytest.approx(
        max(down**2 @ taken / wanted - (down @ taken / wanted) ** 2, 0), rel=1e-6, abs=1e-2
    )
    turned = ladder.turned()
    assert turned.highest(wanted, 0, (0.0, 0.0), 0.0)[0] == pytest.approx(-(draws @ taken) / wanted, rel=1e-9, abs=1e-6)


@pytest.mark.kernels
@cases(30)
@given(st.integers(0, 2**32))
def test_draws_are_sorted_into_cells_as_a_plain_search_does(seed):
    random = np.random.default_rng(seed)
    y = np.round(random.normal(0.0, 900.0, 300), random.integers(0, 3))
    root, entries = np.arange(BINS + 2), np.array([BINS + 2, BINS + 3, -2, BINS + 4, BINS + 5, BINS + 6])
    divided = random.choice(np.arange(1, BINS), 2000, replace=False)
    root[divided] = -1
    nodes = [(-700.0, 0.002, 0, 2), (-200.0, 0.05, 3, 5)]
    origin, per_cell = np.array([node[:2] for node in nodes]).T.copy()
    first, last = np.array([node[2:] for node in nodes], np.int64).T.copy()
    counts, ends = np.zeros(BINS + 7, np.int64), np.tile([np.inf, -np.inf], (BINS + 7, 1))
    kernels.sort_into(y, 3.0, 1.0, root, origin, per_cell, first, last, entries, np.zeros(128), counts, ends)
    cells = [
        twin.cell_of(min(max(math.floor(value - 3.0 + BINS / 2 + 1), 0), BINS + 1), value, root, nodes, entries)
        for value in y.tolist()
    ]
    assert counts.tolist() == np.bincount(cells, minlength=BINS + 7).tolist()
    for cell in set(cells):
        own = [value for value, place in zip(y.tolist(), cells, strict=True) if place == cell]
        assert ends[cell].tolist() == [min(own), max(own)]


@pytest.mark.compiled
def test_an_interrupt_leaves_quantiles_within_their_stated_error(monkeypatch):
    """Of the first pass: what came is finished. Of the second: bins are wide, and the errors say so."""
    spec, taken = models.rare_risk(3), State.take

    def stopped(self, leaves, *more):
        taken(self, leaves, *more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(State, "take", stopped)
        part = run(spec, draws=40_000, seed=1, threads=1, task_draws=8192, on_interrupt="keep")
    assert not part.complete
    ((_, y), (_, z)) = list(draw_blocks(spec, draws=8192, seed=1))
    assert part.draws == 8192
    assert part.cells.rows.size
    check(part.by_unit("risk"), np.concatenate([y[0], z[0]], axis=1))

    from ggu_costs.simulation.machine.leaves import Evaluator

    def interrupted(self, *args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Evaluator, "kept", interrupted)
        part = run(spec, draws=8192, seed=1, threads=1, on_interrupt="keep")
        with pytest.raises(KeyboardInterrupt):
            run(spec, draws=8192, seed=1, threads=1)
    assert (part.complete, part.draws, part.cells.rows.size) == (False, 8192, 0)
    check(part.by_unit("risk"), np.concatenate([y[0], z[0]], axis=1))
    assert part.by_unit("risk").quantile(0.05).min() >= 0.0
    whole = run(spec, draws=8192, seed=1, threads=2)
    assert run(spec, draws=8192, seed=1, threads=1, resume=part).digest() == whole.digest()
