"""Sensitivity against what is known exactly: linear models of normals, correlated ones, and Sobol's g-function."""

from __future__ import annotations

import numpy as np
import pytest
from small_programmes import PEOPLE, two_ways

from ggu_costs.errors import InputError
from ggu_costs.impact import Correlation, Driver, Grouping, MadeLine, Term, marginals, programme_from_parts
from ggu_costs.impact.questions import output_of
from ggu_costs.impact.scored import without_own_draws

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
    assert sure.middle == 1
    flat = made([Driver("x", marginals.uniform(1, 2))], [Term("y", np.zeros(5), factors=(("x", 1),))])
    assert flat.simulate(2, seed=1).sensitivity(points=256).to_frame()["shapley"].tolist() == [0]
    with pytest.raises(InputError, match="points 10"):
        linear([1.0]).simulate(2, seed=1).sensitivity(points=10)


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
    assert set(frame.index) == {"prijs", "baat"}
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
    assert set(found.to_frame().index) == {"a", "b", "c"}
    assert found.to_frame()["shapley"].sum() == pytest.approx(1)
    assert result.sobol_by_municipality(points=256).shape == (5, 6)
