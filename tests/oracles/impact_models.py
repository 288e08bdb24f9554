"""The benchmark models R1, R2 and R3 as specifications, and the figures they must give."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ggu_costs.simulation import marginals
from ggu_costs.simulation.parts import Affine, Correlation, Curve, Driver, Grouping, Index, Joint, Output, Term
from ggu_costs.simulation.spec import ModelSpec

UNITS = 342
YEARS = np.arange(1.0, 6.0)
POPULATION = np.round(36_000 * np.exp(0.85 * ndtri((np.arange(UNITS) + 0.5) / UNITS)))
KEY = 0.75 * POPULATION / POPULATION.sum() + 0.25 / UNITS
DISCOUNT = 1.0225**-YEARS
NAMES = ("F", "v", "b", "m0", "beta", "s", "g", "C", "X", "h", "k", "B")

# mean, sd, P5, P50, P95, P(> 0); 8 x 2**20 scrambled Sobol points
TABLE = {
    0: (34_812.6, 38_555.1, -21_119, 30_814, 104_197, 0.82088),
    171: (75_722.9, 128_669, -111_507, 62_743, 307_236, 0.70373),
    341: (490_848, 1_466_560, -1_601_820, 321_631, 3_157_050, 0.59261),
    "nation": (31.3006e6, 60.5211e6, -56.157e6, 24.882e6, 140.625e6, 0.67322),
}


def spread(low: float, high: float) -> marginals.Marginal:
    """Lognormal by P10 and P90."""
    z = float(ndtri(0.9))
    return marginals.lognormal(math.log(low * high) / 2, math.log(high / low) / (2 * z))


def drivers() -> tuple[Driver, ...]:
    made = (
        marginals.triangular(50e3, 80e3, 150e3),
        marginals.triangular(1.5, 2.5, 5),
        marginals.triangular(0.5, 1, 2),
        marginals.triangular(0.5, 1.5, 3.5),
        marginals.pert(0.80, 0.92, 1.02),
        marginals.pert(1, 1.8, 4),
        marginals.pert(0.01, 0.025, 0.06),
        marginals.pert(12e6, 22e6, 36e6),
        spread(0.9, 1.6),
        spread(0.85, 1.25),
        spread(1, 2.5),
        marginals.bernoulli(0.35),
    )
    return tuple(Driver(name, marginal) for name, marginal in zip(NAMES, made, strict=True))


def copula() -> NDArray[np.float64]:
    places = np.arange(12)
    return 0.3 ** np.abs(places[:, None] - places[None, :]).astype(float)


def r1(units: int = UNITS) -> ModelSpec:
    """R1; with fewer units the first of them, for small tests."""
    population, key = POPULATION[:units], KEY[:units]
    ones = np.ones(units)
    midpoint = Affine(drivers=(("m0", 1.0), ("B", -1.0)))
    steepness = Affine(drivers=(("k", 1.0),))
    level, rise = (Curve(midpoint, steepness, YEARS, increments) for increments in (False, True))
    index = Index(Affine(drivers=(("g", 1.0),)), np.arange(1, 6))
    scale = Affine(drivers=(("beta", 1.0),))
    terms = (
        Term("fixed", ones, factors=(("F", 1), ("X", 1)), curve=rise),
        Term("variable", ones, factors=(("v", 1), ("X", 1)), base=population, exponent=scale, curve=rise),
        Term("structural", population, factors=(("s", 1), ("h", 1)), curve=level, index=index),
        Term("benefit", population, factors=(("b", 1),), curve=level),
        Term("compensation", key, factors=(("C", 1),)),
    )
    signs = np.array([1.0, 1.0, 1.0, -1.0, -1.0])
    return ModelSpec(
        units=tuple(f"GM{unit:04d}" for unit in range(units)),
        years=(1, 2, 3, 4, 5),
        drivers=drivers(),
        terms=terms,
        outputs=(Output("net", signs[:, None] * DISCOUNT[None, :]),),
        correlations=(Correlation(NAMES, copula(), kind="normal"),),
    )


def r2(units: int = UNITS) -> ModelSpec:
    """R1 with a midpoint that falls with size, so that years do not factor out."""
    plain = r1(units)
    by_unit = -0.3 * np.log(POPULATION[:units] / 36_000)

    def moved(term: Term) -> Term:
        if term.curve is None:
            return term
        return replace(term, curve=replace(term.curve, midpoint=replace(term.curve.midpoint, by_unit=by_unit)))

    return replace(plain, terms=tuple(moved(term) for term in plain.terms))


def r3(units: int = UNITS) -> ModelSpec:
    """R1 times exp(0.2 e) with a normal e of its own per unit and draw."""
    plain = r1(units)
    own = Driver("own", marginals.lognormal(0.0, 0.2), level="unit")
    terms = tuple(replace(term, factors=(*term.factors, ("own", 1))) for term in plain.terms)
    return replace(plain, drivers=(*plain.drivers, own), terms=terms)


def everything(units: int = 7) -> ModelSpec:
    """A small model with everything a specification can hold."""
    rng = np.random.default_rng(7)
    size = np.round(np.exp(rng.normal(10.3, 0.8, units)))
    logs = np.log(size / 30_000)
    classes = Grouping("class", ("small", "large"), (size > 30_000).astype(np.int64))
    some = Grouping("own", ("chosen",), np.where(np.arange(units) % 3 == 0, 0, -1).astype(np.int64))
    national = (
        Driver("hours", marginals.triangular(1.0, 2.0, 4.0)),
        Driver("rate", marginals.truncated(marginals.normal(60.0, 15.0), 30.0, 100.0)),
        Driver("scale", marginals.pert(0.8, 0.9, 1.0)),
        Driver("growth", marginals.uniform(0.0, 0.05)),
        Driver("middle", marginals.beta(2.0, 3.0, 0.0, 3.0)),
        Driver("late", marginals.bernoulli(0.3)),
        Driver("vendors", marginals.discrete([1.0, 2.0, 4.0], [0.5, 0.3, 0.2])),
        Driver("seen", marginals.empirical([3.0, 1.0, 3.0, 5.0])),
    )
    local = (
        Driver("class factor", marginals.lognormal(0.0, 0.2), level="class"),
        Driver("class shift", marginals.normal(0.0, 0.3), level="class"),
        Driver("own factor", marginals.lognormal(0.0, 0.1), level="unit"),
        Driver("own shift", marginals.normal(0.0, 0.1), level="unit"),
    )
    years = np.arange(1.0, 5.0)
    midpoint = Affine(0.5, (("middle", 1.0), ("late", 0.5)))
    moved = Affine(0.5, (("middle", 1.0), ("class shift", 1.0)), -0.2 * logs)
    steep = Affine(2.0)
    growth = Affine(0.0, (("growth", 1.0),))
    own_growth = Affine(0.01, (("growth", 0.5), ("own shift", 0.05)), 0.002 * logs)
    powers = np.array([0, 1, 2, 5])
    ones = np.ones(units)
    terms = (
        Term("plain", size, constant=2.0, factors=(("hours", 1), ("rate", 2), ("vendors", -1))),
        Term("profile", ones, factors=(("seen", 1),), profile=np.array([0.5, 0.3, 0.2, 0.0])),
        Term("national curve", size, factors=(("hours", 1),), curve=Curve(midpoint, steep, years, True)),
        Term("indexed", size, factors=(("rate", 1),), curve=Curve(midpoint, steep, years), index=Index(growth, powers)),
        Term("power", ones, factors=(("rate", 1),), base=size, exponent=Affine(0.0, (("scale", 1.0),))),
        Term("power by size", ones, base=size, exponent=Affine(0.0, (("scale", 1.0),), 0.01 * logs)),
        Term("own power", ones, base=size, exponent=Affine(0.5, (("own shift", 1.0),))),
        Term("fixed power", ones, base=size, exponent=Affine(0.9), index=Index(growth, -powers)),
        Term("handed out", ones, constant=1e6, base=size, exponent=Affine(0.0, (("scale", 1.0),)), normalise=True),
        Term("handed out fixed", ones, constant=1e6, base=size, exponent=Affine(1.1), normalise=True),
        Term("moved", size, factors=(("hours", 1),), curve=Curve(moved, steep, years), index=Index(growth, powers)),
        Term("moved index", size, curve=Curve(midpoint, steep, years, True), index=Index(own_growth, powers)),
        Term(
            "own",
            size,
            factors=(("own factor", 2), ("class factor", 1), ("own factor", -1)),
            curve=Curve(moved, steep, years),
        ),
        Term(
            "own power of own", ones, factors=(("class factor", 1),), base=size, exponent=Affine(0.0, (("scale", 1.0),))
        ),
    )
    rng = np.random.default_rng(8)
    weights = rng.normal(1.0, 1.0, (3, len(terms), 4))
    weights[1, :5] = 0.0
    weights[2, :, 1:] = 0.0
    ranks = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.0], [-0.3, 0.0, 1.0]])
    return ModelSpec(
        units=tuple(f"GM{unit:04d}" for unit in range(units)),
        years=(2024, 2025, 2026, 2027),
        drivers=(*local[:1], *national, *local[1:]),
        terms=terms,
        outputs=(
            Output("net", weights[0], thresholds=(0.0, 1e6)),
            Output("half", weights[1], units="moments", groups="moments"),
            Output("first year", weights[2], units="none", groups="distribution", thresholds=()),
        ),
        groupings=(classes, some),
        correlations=(
            Correlation(("hours", "rate", "seen"), ranks),
            Correlation(("own factor", "own shift"), np.array([[1.0, 0.5], [0.5, 1.0]]), kind="normal"),
        ),
        joints=(
            Joint("paying more", "net", "share_above", np.full(units, 1 / units)),
            Joint("worst", "net", "maximum", 1 / size),
        ),
    )


def rare_risk(units: int = 7) -> ModelSpec:
    """What histograms are worst at: a rare risk, heavy tails, mixtures of scales and atoms, in outputs of their own."""
    shares = POPULATION[:units] / POPULATION[:units].sum()
    shapes = {
        "hours": marginals.uniform(0.5, 1.5),
        "incident": marginals.bernoulli(0.03),
        "heavy": marginals.lognormal(0.0, 2.0),
        "steps": marginals.discrete([1.0, 2.0, 3.0], [0.2, 0.5, 0.3]),
    }

    def term(name: str, amount: float, *factors: str) -> Term:
        return Term(name, amount * shares, factors=tuple((factor, 1) for factor in factors))

    terms = (
        term("base", 2e5, "hours"), term("calamity", 4e8, "incident"), term("tail", 1e5, "heavy"),
        term("fine", 1e-3, "heavy", "incident"), term("atoms", 1e6, "steps"),
    )  # fmt: skip
    kinds = {"risk": (1, 1, 0, 0, 0), "tail": (0, 0, 1, 0, 0), "atoms": (0, 0, 0, 0, 1), "all": (1, 1, 1, 1, 1)}
    outputs = tuple(Output(name, np.array(weights, float)[:, None]) for name, weights in kinds.items())
    joints = (
        Joint("worst", "risk", "maximum", 1.0 / shares),
        Joint("touched", "risk", "share_above", np.ones(units), threshold=1e5),
    )
    halves = Grouping("half", ("first", "second"), np.arange(units) % 2)
    drivers = tuple(Driver(name, shape) for name, shape in shapes.items())
    return ModelSpec(
        tuple(f"GM{unit:04d}" for unit in range(units)), (2024,), drivers, terms, outputs, joints=joints,
        groupings=(halves,),
    )  # fmt: skip
