"""Sensitivity against what is known exactly: linear models of normals, correlated ones, Ishigami and the g-function."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import comb

import numpy as np
import pytest
from cases import FACTORS, PROFILE
from oracles import impact_models as models
from scipy.special import ndtr
from small_programmes import PEOPLE, SIZE, two_ways

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact import Correlation, Driver, Grouping, MadeLine, Term, programme_from_parts
from ggu_costs.impact.answers.questions import output_of
from ggu_costs.impact.answers.sensitivity import OWN, sensitivity, sensitivity_by
from ggu_costs.simulation import marginals
from ggu_costs.simulation.influence import nets
from ggu_costs.simulation.influence.decomposition import InterpolativeDecomposition, _normal
from ggu_costs.simulation.influence.effects import REACH, _all_subsets, _Draws, _random_orders
from ggu_costs.simulation.influence.normal_scores import NormalScoreModel, without_own_draws

pytestmark = pytest.mark.kernels

ONE = np.zeros(5)
ONE[0] = 1.0


def made(drivers, terms, **more):
    lines = [MadeLine("y", "y", "cost", "one_off", tuple(terms))]
    return programme_from_parts(
        "Proef",
        by="de proef",
        inhabitants=PEOPLE,
        map_date="2024-01-01",
        years=(2024,),
        drivers=drivers,
        lines=lines,
        **more,
    )


def linear(weights, correlation=None):
    names = [f"x{place}" for place in range(len(weights))]
    drivers = [Driver(name, marginals.normal(0.0, 1.0)) for name in names]
    terms = [
        Term(name, ONE, constant=weight, factors=((name, 1),)) for name, weight in zip(names, weights, strict=True)
    ]
    parts = [] if correlation is None else [Correlation(tuple(names), np.array(correlation), "normal")]
    return made(drivers, terms, correlations=parts)


@pytest.mark.compiled
def test_linear_model_of_normals():
    weights = np.array([3.0, 2.0, 1.0])
    found = linear(weights).simulate(2, seed=1).sensitivity(points=4096)
    frame = found.to_frame().loc[["x0", "x1", "x2"]]
    exact = weights**2 / (weights**2).sum()
    for name in ("first", "total", "shapley"):
        assert (frame[f"{name}_low"] <= exact).all()
        assert (frame[f"{name}_high"] >= exact).all()
        assert frame[name].to_numpy() == pytest.approx(exact, abs=0.06)
    assert frame["shapley"].sum() == pytest.approx(1)
    assert frame["swing"].to_numpy() == pytest.approx(2 * 1.2815515655446004 * weights)
    assert not found.correlated
    assert found.middle == 0
    ranks = 6 / np.pi * np.arcsin(np.sqrt(exact) / 2)  # Spearman's of a normal pair
    assert frame["rank_correlation"].to_numpy() == pytest.approx(ranks, abs=0.04)


@pytest.mark.compiled
def test_shapley_effects_of_a_correlated_linear_model():
    """Two drivers with weights b and correlation r: Owen and Prieur (2017), theorem 2 for d = 2."""
    b, r = np.array([1.0, 2.0]), 0.6
    found = linear(b, [[1, r], [r, 1]]).simulate(2, seed=3).sensitivity(points=8192)
    variance = b @ np.array([[1, r], [r, 1]]) @ b
    known = [(b[0] + r * b[1]) ** 2, (b[1] + r * b[0]) ** 2]  # variance that goes when one is known
    exact = [(known[0] + variance - known[1]) / (2 * variance), (known[1] + variance - known[0]) / (2 * variance)]
    frame = found.to_frame().loc[["x0", "x1"]]
    assert found.correlated
    assert "lees de Shapley-effecten" in " ".join(found.notes)
    assert frame["shapley"].to_numpy() == pytest.approx(exact, abs=0.03)
    assert (frame["shapley_low"] <= exact).all()
    assert (frame["shapley_high"] >= exact).all()
    assert frame["first"].to_numpy() == pytest.approx(np.array(known) / variance, abs=0.05)


def linear_effects(weights, covariance):
    """Shapley effects of a linear model of normals, by every subset: c(S) is the variance that S explains."""
    many = len(weights)

    def explained(subset):
        inside = list(subset)
        carried = covariance[:, inside] @ np.linalg.pinv(covariance[np.ix_(inside, inside)])
        known = carried.T @ weights
        return known @ covariance[np.ix_(inside, inside)] @ known

    found = np.zeros(many)
    for i in range(many):
        for size in range(many):
            for subset in combinations([j for j in range(many) if j != i], size):
                found[i] += (explained((*subset, i)) - explained(subset)) / (many * comb(many - 1, size))
    return found / (weights @ covariance @ weights)


@pytest.mark.compiled
def test_shapley_effects_of_more_correlated_drivers():
    """Owen and Prieur (2017), section 4: linear in correlated normals; one driver has no part but a correlation."""
    weights = np.array([1.0, 2.0, 0.0, -1.0])
    matrix = np.array([[1, 0.5, 0.7, 0], [0.5, 1, 0.2, -0.4], [0.7, 0.2, 1, 0], [0, -0.4, 0, 1]])
    exact = linear_effects(weights, matrix)
    assert exact.sum() == pytest.approx(1)
    frame = linear(weights, matrix).simulate(2, seed=7).sensitivity(points=8192).to_frame()
    frame = frame.loc[[f"x{place}" for place in range(4)]]
    error = (frame["shapley_high"] - frame["shapley"]) / REACH
    assert (np.abs(frame["shapley"] - exact) < 4 * error).all()
    assert frame["shapley"].to_numpy() == pytest.approx(exact, abs=0.03)
    assert exact[2] > 0.05  # through what it tells about the others
    assert frame.loc["x2", "total"] == pytest.approx(0, abs=1e-12)


def test_drivers_that_are_the_same():
    """Correlation 1: what one explains, the other does too, and they share it."""
    matrix = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    exact = linear_effects(np.array([1.0, 1.0, 1.0]), matrix)
    assert exact == pytest.approx([0.4, 0.4, 0.2])
    frame = linear([1.0, 1.0, 1.0], matrix).simulate(2, seed=8).sensitivity(points=256).to_frame()
    found = frame.loc[["x0", "x1", "x2"], "shapley"].to_numpy()
    assert found == pytest.approx(exact, abs=0.1)
    assert found[0] == pytest.approx(found[1], abs=0.02)


def ishigami():
    """sin x1 + 7 sin(x2)^2 + x3^4 sin(x1) / 10 with x uniform from -pi to pi: the sines have beta distributions.

    The programme, and its exact first-order, total and Shapley effects.
    """
    drivers = [
        Driver("sin1", marginals.beta(0.5, 0.5, -1.0, 1.0)), Driver("sin2", marginals.beta(0.5, 0.5, 0.0, 1.0)),
        Driver("x3", marginals.uniform(-np.pi, np.pi)),
    ]  # fmt: skip
    terms = [
        Term("a", ONE, factors=(("sin1", 1),)), Term("b", ONE, constant=7.0, factors=(("sin2", 1),)),
        Term("c", ONE, constant=0.1, factors=(("sin1", 1), ("x3", 4))),
    ]  # fmt: skip
    one, two, joint = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
    variance = one + two + joint
    assert variance == pytest.approx(49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5)
    first, total = np.array([one, two, 0]) / variance, np.array([one + joint, two, joint]) / variance
    return made(drivers, terms), {"first": first, "total": total, "shapley": (first + total) / 2}


@pytest.mark.compiled
def test_ishigami():
    model, known = ishigami()
    result = model.simulate(2, seed=9)
    frame = result.sensitivity(points=16384).to_frame().loc[["sin1", "sin2", "x3"]]
    table = result.sobol_by_municipality(points=16384).loc["GM0014"]
    for name, exact in known.items():
        error = (frame[f"{name}_high"] - frame[name]) / REACH
        assert (np.abs(frame[name] - exact) < 4 * error).all()
        assert frame[name].to_numpy() == pytest.approx(exact, abs=0.001)
        assert name == "shapley" or table[name].to_numpy() == pytest.approx(exact, abs=0.002)


@pytest.mark.compiled
def test_sensitivity_is_sharp_and_its_errors_are_honest():
    """Root mean square error over seeds at the default work, and how often the 95 % intervals hold what is exact."""
    model, known = ishigami()
    off, held = [], []
    for seed in range(round(25 * FACTORS[PROFILE])):
        frame = model.simulate(2, seed=seed).sensitivity().to_frame().loc[["sin1", "sin2", "x3"]]
        for name, exact in known.items():
            off.append(frame[name] - exact)
            held.append((frame[f"{name}_low"] <= exact) & (exact <= frame[f"{name}_high"]))
    assert np.sqrt(np.mean(np.square(off))) < 0.001
    assert 0.93 <= np.mean(held) <= 0.99


@pytest.mark.compiled
def test_errors_of_random_orders_are_honest():
    """More drivers than all subsets are taken of, in a product: the error of the orders is in the stated one."""
    many = 13
    spread = np.linspace(0.1, 0.9, many)
    names = [f"x{place:02d}" for place in range(many)]
    drivers = [Driver(n, marginals.uniform(1 - s, 1 + s)) for n, s in zip(names, spread, strict=True)]
    model = made(drivers, [Term("y", ONE, factors=tuple((n, 1) for n in names))])
    partial = spread**2 / 3
    whole = np.prod(1 + partial) - 1
    first, total = partial / whole, partial * np.prod(1 + partial) / (1 + partial) / whole
    held = {"first": [], "total": []}
    for seed in range(round(4 * FACTORS[PROFILE])):
        frame = model.simulate(2, seed=seed).sensitivity(points=256).to_frame().loc[names]
        for name, exact in (("first", first), ("total", total)):
            held[name] += ((frame[f"{name}_low"] <= exact) & (exact <= frame[f"{name}_high"])).tolist()
        assert frame["shapley"].sum() == pytest.approx(1)
        assert (frame["shapley_high"] > frame["shapley"]).all()
    assert min(map(np.mean, held.values())) > 0.88


def test_effects_of_all_pairs_are_those_of_a_plain_loop():
    """Each pair of subsets with the same difference, one by one."""
    names = ["a", "b", "c"]
    drivers = [Driver("a", marginals.uniform(1, 2)), Driver("b", marginals.bernoulli(0.5)),
               Driver("c", marginals.lognormal(0, 0.5))]  # fmt: skip
    terms = [
        Term("y", np.ones(5), factors=(("a", 2), ("b", 1), ("c", 1))),
        Term("z", 3.0 * ONE, factors=(("c", 1),)),
    ]
    parts = made(drivers, terms).assembly
    model = NormalScoreModel.of(parts.spec([output_of(parts, "base", "net", "moments", "none")]))
    ((own, fresh),) = nets.paired_scores(model, 3, 64, 1)
    draws = _Draws(model, InterpolativeDecomposition.of(model, None), own, fresh)
    y = [model.at([np.where(np.array([s >> d & 1 for d in range(3)], bool)[:, None, None], own[0], fresh[0])])
         for s in range(8)]  # fmt: skip
    lost = [np.mean([np.square(y[s] - y[s ^ v]).mean(axis=1) / 2 for s in range(8)], axis=0) for v in range(8)]
    kept, weights = _all_subsets(3)
    explained = [lost[7] - lost[7 ^ int(subset @ [1, 2, 4])] for subset in kept]
    first, total, shapley, _ = draws.symmetric()
    assert model.names == names
    for d in range(3):
        assert first[0][:, d] == pytest.approx(explained[(1 << d) - 1])
        assert total[0][:, d] == pytest.approx(lost[1 << d])
        assert shapley[0][:, d] == pytest.approx(weights[:, d] @ np.array(explained))
        assert first[1][:, d] == pytest.approx(lost[7])


def test_points_are_nets_and_replicates_differ(monkeypatch):
    """Every coordinate has one point in each of its strata; what Sobol points have no coordinates for is plain."""
    from scipy.stats import qmc

    assert qmc.Sobol.MAXDIM == nets.MOST_DIMENSIONS
    members = np.array([0, 0, 1, 1, 2], dtype=np.int64)
    drivers = [Driver("x", marginals.uniform(0, 1)), Driver("g", marginals.uniform(0, 1), "ring")]
    terms = [Term("y", np.ones(5), factors=(("x", 1), ("g", 1)))]
    parts = made(drivers, terms, groupings=[Grouping("ring", ("a", "b", "c"), members)]).assembly
    model = NormalScoreModel.of(parts.spec([output_of(parts, "base", "net", "moments", "none")]))

    def strata(scores):
        return np.sort(np.floor(ndtr(np.concatenate([part.reshape(-1, 64) for part in scores])) * 64), axis=1)

    one, other = nets.paired_scores(model, 5, 64, 2)
    assert (strata(one[0] + one[1]) == np.arange(64)).all()
    assert not np.isin(one[0][1], other[0][1]).any()
    again, _ = nets.paired_scores(model, 5, 64, 2)
    assert all((a == b).all() for a, b in zip(one[0] + one[1], again[0] + again[1], strict=True))
    monkeypatch.setattr(nets, "MOST_DIMENSIONS", 4)
    ((own, fresh),) = nets.paired_scores(model, 5, 64, 1)
    assert (own[0] == one[0][0]).all()
    assert (strata([own[1][:, :1], fresh[1][:, :1]]) == np.arange(64)).all()
    assert (strata([own[1][:, 1:], fresh[1][:, 1:]]) != np.arange(64)).any(axis=1).all()


@pytest.mark.compiled
def test_the_g_function():
    """|4u - 2| is uniform from 0 to 2, so Sobol's g-function is a product of uniforms."""
    a = np.array([0.0, 1.0, 9.0])
    names = ["g0", "g1", "g2"]
    drivers = [Driver(n, marginals.uniform(k / (1 + k), (2 + k) / (1 + k))) for n, k in zip(names, a, strict=True)]
    result = made(drivers, [Term("g", ONE, factors=tuple((n, 1) for n in names))]).simulate(2, seed=4)
    partial = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + partial) - 1
    first = partial / whole
    total = partial * np.array([np.prod(1 + np.delete(partial, i)) for i in range(3)]) / whole
    frame = result.sensitivity(points=8192).to_frame().loc[names]
    assert frame["first"].to_numpy() == pytest.approx(first, abs=0.05)
    assert frame["total"].to_numpy() == pytest.approx(total, abs=0.03)
    assert frame["shapley"].sum() == pytest.approx(1)
    table = result.sobol_by_municipality(points=4096)
    assert table.loc["GM0014", "total"].loc[names].to_numpy() == pytest.approx(total, abs=0.05)
    assert table.loc["GM0014", "first"].loc[names].to_numpy() == pytest.approx(first, abs=0.08)


@pytest.mark.compiled
def test_many_drivers_by_random_orders():
    weights = np.arange(1.0, 14.0)
    result = linear(weights).simulate(2, seed=5)
    frame = result.sensitivity(points=256).to_frame()
    exact = weights**2 / (weights**2).sum()
    assert frame["shapley"].sum() == pytest.approx(1)
    assert frame.loc[[f"x{n}" for n in range(13)], "shapley"].to_numpy() == pytest.approx(exact, abs=0.12)


def test_one_driver_none_and_no_variance():
    alone = linear([2.0]).simulate(2, seed=1).sensitivity(points=256).to_frame()
    assert alone.loc["x0", ["first", "total", "shapley"]].tolist() == pytest.approx([1, 1, 1])
    sure = made([], [Term("y", ONE)]).simulate(2, seed=1).sensitivity(points=256)
    assert len(sure.to_frame()) == 0
    assert made([], [Term("y", ONE)]).simulate(2, seed=1).sobol_by_municipality(points=256).shape == (5, 0)
    assert sure.middle == 1
    flat = made([Driver("x", marginals.uniform(1, 2))], [Term("y", np.zeros(5), factors=(("x", 1),))])
    assert flat.simulate(2, seed=1).sensitivity(points=256).to_frame()["shapley"].tolist() == [0]
    result = linear([1.0]).simulate(2, seed=1)
    for ask in (result.sensitivity, result.sobol_by_municipality):
        with pytest.raises(InputError, match="points 10"):
            ask(points=10)
        for points in ("512", 512.5, True, None, float("nan"), 10**12):
            with pytest.raises(InputError, match="Give a whole number from 256 to 4,194,304"):
                ask(points=points)
    sobol = result.sobol_by_municipality
    assert sobol(points=np.int64(256)).equals(sobol(points=256))


@pytest.mark.compiled
def test_groups_steps_and_one_municipality():
    members = np.array([0, 0, 0, 1, 1], dtype=np.int64)
    drivers = [
        Driver("ja", marginals.bernoulli(0.5)), Driver("per_groep", marginals.lognormal(0.0, 0.5), "ring"),
    ]  # fmt: skip
    terms = [Term("a", np.ones(5), factors=(("ja", 1),)), Term("b", np.ones(5), factors=(("per_groep", 1),))]
    result = made(drivers, terms, groupings=[Grouping("ring", ("in", "uit"), members)]).simulate(2, seed=6)
    frame = result.sensitivity(of="GM0363", points=4096).to_frame()
    variance = np.array([0.25, (np.exp(0.25) - 1) * np.exp(0.25)])
    exact = variance / variance.sum()
    assert frame.loc[["ja", "per_groep"], "shapley"].to_numpy() == pytest.approx(exact, abs=0.05)
    assert np.isnan(frame.loc["per_groep", "rank_correlation"])
    assert (frame.loc["ja", "low"], frame.loc["ja", "high"]) == pytest.approx((1.0, 2.0))


@pytest.mark.compiled
def test_own_draws_stand_at_their_mean():
    result = two_ways().simulate(256, seed=1)
    frame = result.sensitivity(points=1024).to_frame()
    assert set(frame.index) == {"prijs", "baat", OWN}
    settled = without_own_draws(result.assembly.spec([output_of(result.assembly, "zelf", "net", "moments", "none")]))
    assert {driver.level for driver in settled.drivers} == {"nation"}


@pytest.mark.parametrize(
    ("marginal", "power", "moment"),
    [
        (marginals.normal(2.0, 1.0), 2, 5.0),
        (marginals.bernoulli(0.3), 2, 0.3),
        (marginals.discrete([1.0, 2.0], [0.5, 0.5]), -1, 0.75),
        (marginals.uniform(1.0, 3.0), 1, 2.0),
    ],
)
def test_means_of_powers(marginal, power, moment):
    parts = made([Driver("x", marginal, "unit")], [Term("y", ONE, constant=2.0, factors=(("x", power),))]).assembly
    spec = parts.spec([output_of(parts, "base", "net", "moments", "none")])
    assert without_own_draws(spec).terms[0].constant == pytest.approx(2 * moment, rel=1e-6)


def test_a_small_correlated_model():
    """Shapley effects add up to 1, and correlated drivers share what they have in common."""
    members = np.array([0, 0, 0, 1, 1], dtype=np.int64)
    drivers = [
        Driver("a", marginals.normal(1.0, 0.2)), Driver("b", marginals.uniform(0.0, 1.0)),
        Driver("c", marginals.bernoulli(0.5), "ring"), Driver("d", marginals.lognormal(0.0, 0.1), "unit"),
    ]  # fmt: skip
    terms = [
        Term("y", np.ones(5), factors=(("a", 1), ("d", 1))), Term("z", np.ones(5), factors=(("b", 1), ("c", 1))),
    ]  # fmt: skip
    parts = made(
        drivers, terms, groupings=[Grouping("ring", ("in", "uit"), members)],
        correlations=[Correlation(("a", "b"), np.array([[1.0, 0.5], [0.5, 1.0]]))],
    )  # fmt: skip
    result = parts.simulate(2, seed=2)
    found = result.sensitivity(of="GM0363", points=256)
    assert found.correlated
    assert set(found.to_frame().index) == {"a", "b", "c", OWN}
    assert found.to_frame()["shapley"].sum() == pytest.approx(1)
    assert result.sobol_by_municipality(points=256).shape == (5, 7)


def test_every_municipality_and_group_at_once():
    """As each on its own, on the same draws."""
    result = two_ways().simulate(2, seed=3)
    table = sensitivity_by(result, "municipality", "net", points=256)
    alone = sensitivity(result, "net", of="GM0059", points=256).to_frame()
    for name in ("first", "total", "shapley"):
        for driver in ("prijs", "baat"):
            row = alone.loc[driver]
            assert table.loc["GM0059", (name, driver)] == pytest.approx(row[name], rel=1e-9)
            error = (row[f"{name}_high"] - row[name]) / REACH
            assert table.loc["GM0059", (f"{name}_error", driver)] == pytest.approx(error, rel=1e-9)
    own = {"G1": ["GM0363"], "rest": ["GM0014", "GM0034", "GM0037"]}
    groups = sensitivity_by(result, own, "net", points=256)
    assert list(groups.index) == ["G1", "rest"]
    assert groups.loc["G1", "shapley"].to_numpy() == pytest.approx(table.loc["GM0363", "shapley"].to_numpy())
    assert groups["shapley"].sum(axis=1).to_numpy() == pytest.approx([1, 1])
    assert sensitivity(result, "net", of=("province", "Groningen"), points=256).to_frame()[
        "shapley"
    ].sum() == pytest.approx(1)
    with pytest.raises(UnknownNameError, match=r"unknown group 'Gronigen'(?s:.*)Did you mean 'Groningen'"):
        sensitivity(result, "net", of=("province", "Gronigen"), points=256)
    for of in (3, None, ("province",), ("province", ["Groningen"]), np.array(["province", "Groningen"])):
        with pytest.raises(InputError, match="of: "):
            sensitivity(result, "net", of=of, points=256)
    with pytest.raises(UnknownNameError, match="unknown group 'GM0014'"):
        sensitivity(result, "net", of=("municipality", "GM0014"), points=256)
    with pytest.raises(InputError, match="points 3"):
        sensitivity_by(result, "municipality", "net", points=3)
    undated = replace(result.runner.assembly, map_day=None)
    with pytest.raises(InputError, match="the date of the municipal map"):
        sensitivity_by(replace(result, runner=replace(result.runner, assembly=undated)), own, "net", points=256)


def test_a_few_municipalities_determine_all():
    model = NormalScoreModel.of(models.r1(30))
    outcomes = np.vstack([np.eye(30), np.ones(30), np.zeros(30)])
    chosen = InterpolativeDecomposition.of(model, outcomes)
    assert 2 < chosen.units.size < 10
    assert not chosen.weights[-1].any()
    alone = InterpolativeDecomposition.of(model, None)
    assert alone.weights == pytest.approx(InterpolativeDecomposition.of(model, np.eye(30)).weights)
    rng = np.random.default_rng(5)
    scores = [rng.standard_normal((12, 1, 64))]
    y = outcomes @ model.at(scores)
    found = chosen.weights @ model.at(scores, chosen.units)
    off = (found - found.mean(axis=1, keepdims=True)) - (y - y.mean(axis=1, keepdims=True))
    assert (np.abs(off[:-1]).max(axis=1) < 1e-4 * y[:-1].std(axis=1)).all()


def test_municipalities_that_do_not_determine_each_other():
    """Each with a driver of its own; and alike in all that is probed, but not in what is rare."""
    members = np.arange(12, dtype=np.int64)
    place = Grouping("plaats", tuple("abcdefghijkl"), members)
    spec = models.r1(12)
    own = replace(
        spec,
        drivers=(Driver("x", marginals.uniform(0.0, 1.0), "plaats"),),
        terms=(Term("y", np.ones(12), factors=(("x", 1),)),),
        outputs=(replace(spec.outputs[0], weights=np.ones((1, 5))),),
        groupings=(place,), correlations=(),
    )  # fmt: skip
    assert InterpolativeDecomposition.of(NormalScoreModel.of(own), None).units.tolist() == list(range(12))
    plain = replace(own, drivers=(Driver("x", marginals.uniform(0.0, 1.0)),), groupings=())
    assert InterpolativeDecomposition.of(NormalScoreModel.of(plain), None).units.size == 1
    seen = float(_normal(NormalScoreModel.of(plain), 192, 1)[0][0, 0, 0])  # among what is checked, not among the probes
    low, high = ndtr([seen - 1e-7, seen + 1e-7])
    rare = marginals.discrete([0.0, 1.0, 2.0], [low, high - low, 1 - high])
    terms = (Term("y", SIZE[0] * np.ones(12), factors=(("x", 1),)), Term("z", 1.0 + members, factors=(("x", 2),)))
    outputs = (replace(spec.outputs[0], weights=np.ones((2, 5)) * [[1.0], [1e4]]),)
    sharp = replace(plain, drivers=(Driver("x", rare),), terms=terms, outputs=outputs)
    assert InterpolativeDecomposition.of(NormalScoreModel.of(sharp), None).units.size == 12
    assert InterpolativeDecomposition.of(NormalScoreModel.of(sharp), np.eye(12)).units.size == 12


def test_no_spread_at_all():
    model = NormalScoreModel.of(models.r1(12))
    chosen = InterpolativeDecomposition.of(model, np.zeros((1, 12)))
    assert not chosen.weights.any()
    rising = np.arange(12.0)
    sure = made(
        [Driver("x", marginals.uniform(1, 2))],
        [Term("y", rising[:5], factors=(("x", 1),)), Term("z", np.full(5, 1e6 / 3))],
    )
    result = sure.simulate(2, seed=1)
    assert result.sobol_by_municipality(points=300)["total", "x"].tolist() == pytest.approx([0, 1, 1, 1, 1], abs=0.01)
    table = sensitivity_by(result, "municipality", "net", points=256)
    assert table["total", "x"].tolist() == pytest.approx([0, 1, 1, 1, 1])
    assert table["shapley", "x"].tolist() == pytest.approx([0, 1, 1, 1, 1])


@pytest.mark.parametrize(("many", "way"), [(4, _all_subsets), (5, lambda many: _random_orders(many, 3, 1))])
def test_weights_of_subsets(many, way):
    """Where every driver explains a part of its own, that is its effect, exactly; what all explain is shared out."""
    kept, weights = way(many)
    parts = np.arange(1.0, many + 1)
    assert weights.T @ (kept @ parts) == pytest.approx(parts)
    assert weights.sum(axis=1)[kept.all(axis=1)] == pytest.approx([1])
    assert weights.sum(axis=1)[~kept.all(axis=1)] == pytest.approx(0, abs=1e-12)


def test_uncertain_numbers_with_own_draws_stand_at_their_mean():
    whole = models.everything()
    shifted = replace(whole, drivers=tuple(
        replace(driver, marginal=marginals.normal(0.25, 0.1)) if driver.name == "own shift" else driver
        for driver in whole.drivers
    ))  # fmt: skip
    terms = {term.name: term for term in without_own_draws(shifted).terms}
    power = terms["own power"].exponent
    assert (power.constant, power.drivers) == (pytest.approx(0.75), ())
    rate = terms["moved index"].index.rate
    assert (rate.constant, rate.drivers) == (pytest.approx(0.01 + 0.05 * 0.25), (("growth", 0.5),))
    assert terms["own"].factors == (("class factor", 1),)
    assert terms["own"].constant == pytest.approx(np.exp(0.1**2 / 2), rel=1e-6)  # its square divided by itself


def test_drivers_that_nothing_uses_are_left_out():
    whole = models.r1(3)
    some = replace(whole, terms=whole.terms[3:4], outputs=(replace(whole.outputs[0], weights=np.ones((1, 5))),))
    left = without_own_draws(some)
    assert [driver.name for driver in left.drivers] == ["b", "m0", "k", "B"]
    (linked,) = left.correlations
    places = [models.NAMES.index(name) for name in linked.names]
    assert linked.matrix == pytest.approx(models.copula()[np.ix_(places, places)])
    assert without_own_draws(whole) is whole
