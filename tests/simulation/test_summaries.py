"""Summaries of given figures: NIST's sets, quantiles, shortfall, intervals that cover."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import impact_models as models
from scipy import stats

from ggu_costs.simulation import marginals
from ggu_costs.simulation.constants import BINS
from ggu_costs.simulation.parts import Driver, Output, Term
from ggu_costs.simulation.runs.engine import run
from ggu_costs.simulation.runs.given import summarise_values
from ggu_costs.simulation.runs.tails import furthest, highest, lowest, power_sums, tail_index
from ggu_costs.simulation.runs.together import together
from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall
from ggu_costs.simulation.spec import ModelSpec

pytestmark = pytest.mark.kernels

# NIST StRD, univariate summary statistics, NumAcc1 to 4, made by their rule; certified mean and standard deviation
NIST = {
    "NumAcc1": ([10_000_001.0, 10_000_003.0, 10_000_002.0], 10_000_002.0, 1.0),
    "NumAcc2": ([1.2, *[1.1, 1.3] * 500], 1.2, 0.1),
    "NumAcc3": ([1_000_000.2, *[1_000_000.1, 1_000_000.3] * 500], 1_000_000.2, 0.1),
    "NumAcc4": ([10_000_000.2, *[10_000_000.1, 10_000_000.3] * 500], 10_000_000.2, 0.1),
}


def digits(found: float, true: float) -> float:
    """Log relative error, at most 15."""
    return 15.0 if found == true else min(15.0, -math.log10(abs(found - true) / abs(true)))


@pytest.mark.parametrize("name", NIST)
def test_nist_sets(name):
    values, mean, sd = NIST[name]
    rows = summarise_values(np.array([values]))
    assert digits(rows.mean[0], mean) >= 14
    exact = [Fraction(value) for value in values]
    centre = sum(exact) / len(exact)
    variance = sum((value - centre) ** 2 for value in exact) / (len(exact) - 1)
    of_the_data = math.sqrt(variance)  # what exact arithmetic gives on the same float64 figures
    assert digits(rows.sd[0], sd) >= digits(of_the_data, sd) - 0.3


FIGURES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60)


@cases(40)
@given(FIGURES, st.floats(0.02, 0.98))
def test_quantiles_from_the_histogram_keep_their_bound(values, probability):
    figures = np.array([values])
    rows = summarise_values(figures)
    ordered, rank = np.sort(values), probability * (len(values) - 1)
    found = rows.quantile(probability)[0]
    slack = rows.quantile_bound(probability)[0] + 1e-9 * np.abs(figures).max() + 1e-52
    assert ordered[math.floor(rank)] - slack <= found <= ordered[math.ceil(rank)] + slack


@cases(40)
@given(FIGURES)
def test_shares_and_shortfall(values):
    figures = np.array([values])
    rows = summarise_values(figures, thresholds=(0.0, 10.0))
    assert rows.probability(10.0)[0] == np.mean(figures > 10.0)
    width = 10 * figures.std() / 2048 + 1e-9 * np.abs(figures).max() + 1e-52
    share = rows.probability(3.0)[0]
    assert np.mean(figures > 3.0 + width) - 1e-9 <= share <= np.mean(figures >= 3.0 - width) + 1e-9
    assert rows.probability(1e9)[0] == pytest.approx(0.0, abs=1e-12)
    assert rows.probability(-1e9)[0] == pytest.approx(1.0)
    top = math.ceil(len(values) / 2)
    weights = np.full(top, 1.0)
    weights[-1] -= top - len(values) / 2
    expected = float(np.sort(values)[::-1][:top] @ weights) / weights.sum()
    assert abs(shortfall(rows, 0.5)[0][0] - expected) <= width


def test_values_outside_the_histogram_count_in_full():
    calm = np.random.default_rng(1).normal(size=1024)
    values = np.concatenate([calm, [1e6, 2e6, -1e6, -3e6]])
    rows = summarise_values(values[None])
    assert rows.mean[0] == pytest.approx(values.mean(), rel=1e-12)
    assert rows.sd[0] == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert shortfall(rows, 2 / 1028)[0][0] == pytest.approx(1.5e6, rel=1e-9)
    assert rows.probability(5e5)[0] == pytest.approx(1.5 / 1028, abs=0.6 / 1028)
    assert rows.probability(-2e6)[0] == pytest.approx(1027.3 / 1028, abs=1 / 1028)
    assert -3e6 <= rows.quantile(0.0001)[0] < -1e5
    assert 1e5 < rows.quantile(0.9999)[0] <= 2e6
    assert rows.quantile_bound(0.9999)[0] > 1e6


@cases(40)
@given(FIGURES, st.floats(0.01, 0.99))
def test_shortfall_is_the_mean_of_the_highest_bins(values, share):
    figures = np.array([*values, 1e9, -1e9])
    rows = summarise_values(np.array([figures] * 2))
    if rows.cells.rows.size:  # to within a cell, and these lie in bins
        top = np.sort(figures)[::-1]
        taken = np.clip(share * rows.count - np.arange(rows.count), 0.0, 1.0)
        assert abs(shortfall(rows, share)[0][0] - (top @ taken) / taken.sum()) <= 1.0 / rows.table[0, 1]
        return
    counts, wanted, total = rows.histograms[0].astype(float), share * rows.count, 0.0
    for place in range(2049, -1, -1):  # bin by bin from the top; of the last the upper part
        taken = min(wanted, counts[place])
        if taken > 0:
            own = {0: rows.sums[0, 2], 2049: rows.sums[0, 3]}.get(place)
            lower = rows.table[0, 0] + (place - 1025) / rows.table[0, 1]
            upper_part = lower + (1 - taken / counts[place] / 2) / rows.table[0, 1]
            total += taken * (upper_part if own is None else own / counts[place])
            wanted -= taken
    assert shortfall(rows, share)[0] == pytest.approx(np.full(2, total / (share * rows.count)), rel=1e-9, abs=1e-3)


def test_errors_of_spread_count_what_lies_outside_exactly():
    values = np.random.default_rng(5).lognormal(0.0, 1.0, 4000)
    values[2000::100] *= -40.0
    rows = summarise_values(values[None])
    edges = rows.table[0, 0] + np.array([-1.0, 1.0]) * BINS / 2 / rows.table[0, 1]
    assert (values < edges[0]).any()
    assert (values >= edges[1]).sum() > 20
    apart = values - values.mean()
    third, fourth = power_sums(rows)
    centred = values - rows.table[0, 0]
    assert third[0] == pytest.approx((centred**3).sum(), rel=1e-4)
    assert fourth[0] == pytest.approx((centred**4).sum(), rel=1e-6)
    assert furthest(rows)[0] == pytest.approx(np.abs(apart).max(), rel=1e-12)
    of_sd, (_, of_shortfall) = sd_error(rows), shortfall(rows)
    assert np.isnan([of_sd[0], of_shortfall[0]]).all()  # so few draws far out carry no error
    highest_draws = np.sort(values)[-200:]
    mean, variance = highest(rows, 0.05)
    assert mean[0] == pytest.approx(highest_draws.mean(), rel=1e-3)
    assert variance[0] == pytest.approx(highest_draws.var(), rel=0.01)
    low = np.sort(values)[:200]
    assert lowest(rows, 0.05)[0] == pytest.approx(low.mean(), rel=1e-3)
    top, bottom = np.sort(values)[-40:], np.sort(values)[:40]
    beyond = [(top.mean(), np.quantile(values, 0.99)), (bottom.mean(), np.quantile(values, 0.01))]
    index = min((mean - values.mean()) / (mean - level) for mean, level in beyond)
    assert tail_index(rows)[0] == pytest.approx(index, rel=0.01)


def test_a_figure_that_never_varies():
    rows = summarise_values(np.full((1, 50), 7.0))
    assert rows.sd[0] == 0.0
    assert rows.quantile(0.3)[0] == pytest.approx(7.0, rel=1e-11)
    assert shortfall(rows)[0][0] == pytest.approx(7.0, rel=1e-11)
    assert rows.mean_interval().lower[0] == 7.0


@pytest.mark.compiled
def test_a_bin_holds_more_draws_than_leaves_are_counted_in():
    draws = 70_000  # of 16 bits 65,535 is the most
    rows = run(one_cost(sd=1e-300), draws=draws, seed=1).by_unit("net")
    assert rows.histograms.max() == rows.histograms.sum() == draws


def test_wilson_interval_of_a_share():
    # E. Wilson 1927; 81 of 263 at 95 %: 0.2553 to 0.3662 (R. Newcombe, Statistics in Medicine 17, 1998, table I)
    values = np.array([[1.0] * 81 + [-1.0] * 182])
    interval = summarise_values(values).probability_interval(0.0)
    assert interval.lower[0] == pytest.approx(0.2553, abs=5e-5)
    assert interval.upper[0] == pytest.approx(0.3662, abs=5e-5)


def one_cost(sd=1.0):
    return ModelSpec(
        units=("GM0001",), years=(2024,), drivers=(Driver("x", marginals.normal(10.0, sd)),),
        terms=(Term("cost", np.ones(1), factors=(("x", 1),)),),
        outputs=(Output("net", np.ones((1, 1)), groups="none", thresholds=(10.5,)),),
    )  # fmt: skip


def test_replicated_draws_take_their_error_from_the_replicates():
    result = run(one_cost(), draws=64, seed=1, method="sobol", threads=1).by_unit("net")
    means = [part.mean[0] for part in result.replicates]
    assert len(means) == 8
    error = np.std(means, ddof=1) / math.sqrt(8)
    assert result.standard_error[0] == pytest.approx(error)
    interval = result.mean_interval()
    assert interval.upper[0] - interval.lower[0] == pytest.approx(2 * stats.t(7).ppf(0.975) * error)
    assert result.mean[0] == pytest.approx(np.mean(means))
    for found in (result.quantile_interval(0.5), result.quantile_interval(0.6), result.probability_interval(10.5)):
        assert found.lower[0] < found.upper[0]
    assert result.quantile_interval(0.5).upper[0] - result.quantile_interval(0.5).lower[0] < 0.2


@pytest.mark.compiled
def test_intervals_cover():
    truth = stats.norm(10.0, 1.0)
    spec, inside, runs = one_cost(), np.zeros(5), 2000
    for seed in range(runs):
        rows = run(spec, draws=4096, seed=seed, threads=1).by_unit("net")
        checks = [(rows.mean_interval(), 10.0)]
        checks += [(rows.quantile_interval(p), truth.ppf(p)) for p in (0.05, 0.5, 0.95)]
        checks.append((rows.probability_interval(10.5), truth.sf(10.5)))
        inside += [interval.lower[0] <= true <= interval.upper[0] for interval, true in checks]
    assert np.all(inside / runs > 0.935)
    assert np.all(inside / runs < 0.965)


@pytest.mark.compiled
def test_a_linear_model_of_normals_has_its_exact_distribution():
    drivers = tuple(Driver(name, marginals.normal(mean, sd)) for name, mean, sd in (("a", 1.0, 2.0), ("b", 5.0, 1.0)))
    terms = (Term("a", np.array([1.0, 2.0]), factors=(("a", 1),)), Term("b", np.array([3.0, 1.0]), factors=(("b", 1),)))
    spec = ModelSpec(("GM0001", "GM0002"), (2024,), drivers, terms, (Output("net", np.array([[1.0], [-1.0]])),))
    result = run(spec, draws=2**14, seed=1, method="sobol", quantiles="exact")
    for rows, weights in ((result.by_unit("net"), [(1.0, -3.0), (2.0, -1.0)]), (result.nation("net"), [(3.0, -4.0)])):
        for place, (a, b) in enumerate(weights):
            exact = stats.norm(a + 5 * b, math.hypot(2 * a, b))
            assert rows.mean[place] == pytest.approx(exact.mean(), abs=1e-3 * exact.std())
            assert rows.sd[place] == pytest.approx(exact.std(), rel=1e-3)
            for p in (0.05, 0.5, 0.95):
                assert rows.quantile(p)[place] == pytest.approx(exact.ppf(p), abs=0.01 * exact.std())
                assert rows.quantile_bound(p)[place] == 0.0


def test_a_bin_too_full_for_the_second_pass_keeps_the_histogram(monkeypatch):
    from ggu_costs.simulation.runs import exact

    spec = one_cost()
    whole = run(spec, draws=200, seed=1, threads=1, quantiles="exact").by_unit("net")
    monkeypatch.setattr(exact, "_BUFFER", 0)
    result = run(spec, draws=200, seed=1, threads=1, quantiles="exact").by_unit("net")
    assert np.isnan(result.exact).all()
    assert abs(result.quantile(0.5)[0] - whole.quantile(0.5)[0]) <= result.quantile_bound(0.5)[0] > 0


def test_rows_are_taken_in_groups_that_fit(monkeypatch):
    from ggu_costs.simulation.runs import exact

    spec, how = models.everything(), {"draws": 40, "seed": 1, "threads": 1, "quantiles": "exact"}
    whole = run(spec, **how)
    monkeypatch.setattr(exact, "_BUFFER", 45)
    assert np.array_equal(run(spec, **how).exact, whole.exact, equal_nan=True)


def test_an_interrupted_second_pass_leaves_the_first(monkeypatch):
    from ggu_costs.simulation.machine.leaves import Evaluator

    def interrupted(self, *args):
        raise KeyboardInterrupt

    monkeypatch.setattr(Evaluator, "kept", interrupted)
    how = {"draws": 20, "seed": 1, "threads": 1, "quantiles": "exact"}
    result = run(one_cost(), on_interrupt="keep", **how)
    assert (result.complete, result.draws, result.probabilities) == (False, 20, ())
    with pytest.raises(KeyboardInterrupt):
        run(one_cost(), **how)


def test_what_the_pilot_did_not_see_has_finite_errors():
    """A rare loss of thousands of millions, and a pilot of zeros only."""
    values = np.zeros(4096)
    values[2000:2300] = np.random.default_rng(1).normal(3e12, 1e9, 300)
    rows = summarise_values(values[None])
    assert shortfall(rows)[0][0] == pytest.approx(np.sort(values)[-205:].mean(), rel=2e-3)
    assert sd_error(rows)[0] == pytest.approx(
        math.sqrt(((values - values.mean()) ** 4).mean() / 4096 - values.var() ** 2 / 4096) / 2 / values.std(), rel=0.01
    )
    assert 0 < shortfall(rows)[1][0] < 1e12


def test_a_figure_just_below_the_edge_of_a_bin_stays_below_it():
    draws = np.random.default_rng(2).normal(size=2048)
    rows = summarise_values(draws[None])
    edge = rows.table[0, 0] + 170 / rows.table[0, 1]
    atom = edge - 5e-6 / rows.table[0, 1]
    again = summarise_values(np.concatenate([draws, np.full(2048, atom)])[None])
    assert again.table.tolist() == rows.table.tolist()
    assert again.probability(edge)[0] == pytest.approx(np.mean(draws > edge) / 2, abs=1e-3)
    interval = again.quantile_interval(0.6)
    assert interval.lower[0] <= atom <= interval.upper[0]


@pytest.mark.parametrize("method", ["random", "latin_hypercube"])
def test_rows_put_together_say_what_each_says_alone(method):
    """With cells or without, exact quantiles or not; rows of which other things are known stay apart."""
    outputs = [
        Output(name, weights=np.array([[1.0]]), thresholds=limits) for name, limits in (("a", ()), ("b", (0.5, 2.0)))
    ]
    drivers = (Driver("x", marginals.bernoulli(0.02)), Driver("y", marginals.normal(0.0, 1.0)))
    terms = (Term("t", weights=np.array([1.0, 2.0, 4.0]), factors=(("x", 1), ("y", 1))),)
    spec = ModelSpec(units=("u", "v", "w"), years=(2024,), drivers=drivers, terms=terms, outputs=tuple(outputs))
    found = run(spec, draws=5_000, seed=3, method=method, replicates=2)
    parts = [found.by_unit("a", "u"), found.by_unit("a"), found.nation("a"), found.by_unit("b"), found.nation("b")]
    assert found.cells.rows.size
    joined = together(parts)
    assert [len(rows.sums) for rows in joined] == ([5, 4] if method == "random" else [1, 3, 1, 3, 1])
    for ask in (
        lambda rows: rows.mean,
        lambda rows: rows.standard_error,
        lambda rows: rows.quantiles_with_errors((0.05, 0.5, 0.95))[0].T,
        lambda rows: rows.quantiles_with_errors((0.05, 0.5, 0.95))[1].T,
        lambda rows: rows.probability(0.5),
        lambda rows: rows.probability_interval(0.5).upper,
        lambda rows: shortfall(rows)[1],
        sd_error,
    ):
        alone, all_of_them = (np.concatenate([ask(rows) for rows in which]) for which in (parts, joined))
        np.testing.assert_array_equal(all_of_them, alone)
