"""Programmes made in Python: a function gives what terms give on the same draws."""

from __future__ import annotations

import os

import numpy as np
import pytest
from small_programmes import PEOPLE, SIZE, TOTAL

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact import Driver, Grouping, MadeLine, Term
from ggu_costs.impact import programme_from_function as from_function
from ggu_costs.impact import programme_from_parts as from_parts
from ggu_costs.impact.answers import function_runner
from ggu_costs.simulation import Correlation, marginals

DRIVERS = [
    Driver("prijs", marginals.uniform(1.0, 3.0)), Driver("ring", marginals.normal(1.0, 0.1), "ring"),
    Driver("eigen", marginals.lognormal(0.0, 0.2), "unit"),
]  # fmt: skip
RINGS = {code: "in" if place < 3 else "uit" for place, code in enumerate(PEOPLE.index)}
RING = Grouping("ring", ("in", "uit"), np.array([0, 0, 0, 1, 1], dtype=np.int64))
DRAWS = 64 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 512  # the kernels as plain Python are slow
COMMON = {"by": "de proef", "inhabitants": PEOPLE, "map_date": "2024-01-01", "paid_in_full": True}


def cost(drivers, municipalities):
    people = municipalities["inhabitants"].to_numpy()
    return {
        "a": drivers["prijs"] * drivers["ring"] * drivers["eigen"] * people,
        "b": np.broadcast_to(TOTAL * people / people.sum(), (len(drivers["prijs"]), len(people))),
    }


def by_function(function=cost, drivers=DRIVERS):
    lines = [MadeLine("a", "A", "cost", "one_off"), MadeLine("b", "B", "compensation", "structural")]
    return from_function("Proef", function, drivers=drivers, lines=lines, groupings=[RING], **COMMON)


def by_terms():
    factors = (("prijs", 1), ("ring", 1), ("eigen", 1))
    lines = [
        MadeLine("a", "A", "cost", "one_off", (Term("a", SIZE, factors=factors),)),
        MadeLine("b", "B", "compensation", "structural", (Term("b", SIZE / TOTAL, constant=TOTAL),)),
    ]
    return from_parts("Proef", drivers=DRIVERS, lines=lines, groupings=[RING], years=(2024,), **COMMON)


def test_a_function_and_terms_agree(monkeypatch):
    terms, function = by_terms().simulate(DRAWS, seed=9), by_function().simulate(DRAWS, seed=9)
    monkeypatch.setattr(function_runner, "_BUFFER", 2 * 8 * DRAWS)  # two municipalities at a time
    passes = by_function().simulate(DRAWS, seed=9)
    for other in (function, passes):
        for name in ("mean", "sd", "p5", "p95", "probability_of_loss"):
            assert other.by_municipality()[name].to_numpy() == pytest.approx(terms.by_municipality()[name].to_numpy())
        told = list(other.national().index)
        assert told == [
            "net",
            "gross",
            "cost",
            "compensation",
            "one_off",
            "one_off_net",
            "structural_net",
            "structural_compensation",
        ]
        assert other.national()["mean"].to_numpy() == pytest.approx(terms.national().loc[told, "mean"].to_numpy())
        assert other.by_line()["sd"].to_numpy() == pytest.approx(terms.by_line()["sd"].to_numpy(), abs=1e-6)
        assert other.winners_and_losers()["higher"].to_numpy() == pytest.approx(
            terms.winners_and_losers()["higher"].to_numpy()
        )
        ring = {code: "in" if place < 3 else "uit" for place, code in enumerate(PEOPLE.index)}
        assert other.by(ring)["sd"].to_numpy() == pytest.approx(terms.by(ring)["sd"].to_numpy())
        every = [float(r.compensation_for(0.9, of="every", quantity="cost")) for r in (other, terms)]
        assert every[0] == pytest.approx(every[1], rel=1e-3)
        assert "compensatie, 90%-interval" in str(other.explain("GM0363"))
    assert function.digest() == passes.digest()
    assert function.convergence()["mean"].iloc[0] == pytest.approx(terms.convergence()["mean"].iloc[0])


def test_a_function_without_own_draws():
    plain = by_function(lambda d, m: {"a": d["prijs"] * SIZE, "b": np.zeros((len(d["prijs"]), 5))}, DRIVERS[:1])
    assert plain.simulate(256, seed=1).national("net")["mean"].iloc[0] == pytest.approx(2 * TOTAL, rel=0.1)


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_a_function_on_even_points(method):
    """Replicates, their figures and the errors that their spread tells are those of the same terms."""
    how = {"seed": 3, "method": method, "replicates": 3, "exact": True}
    terms, function = by_terms().simulate(64, **how), by_function().simulate(64, **how)
    assert function.national().columns.tolist() == terms.national().columns.tolist()
    told = terms.national().loc[function.national().index]
    for name in ("mean", "mean_error", "sd", "p5", "p95", "probability_of_loss"):
        assert function.national()[name].to_numpy() == pytest.approx(
            told[name].to_numpy(), rel=1e-6, abs=1e-6, nan_ok=True
        )
    mine, theirs = function.by_municipality(), terms.by_municipality()
    assert mine["mean_error"].to_numpy() == pytest.approx(theirs["mean_error"].to_numpy())


@pytest.mark.compiled
def test_sensitivity_of_a_function_is_that_of_its_terms():
    """The nation, a municipality and a group, of drivers that are drawn for all and by group, and correlated ones."""
    linked = [Driver("uren", marginals.lognormal(0.0, 0.3))]
    drivers = [DRIVERS[0], *linked, DRIVERS[1]]
    correlation = Correlation(("prijs", "uren"), np.array([[1.0, 0.6], [0.6, 1.0]]))

    def hours(drivers, municipalities):
        people = municipalities["inhabitants"].to_numpy()
        return {"a": drivers["prijs"] * drivers["uren"] * drivers["ring"] * people}

    factors = (("prijs", 1), ("uren", 1), ("ring", 1))
    parts = {"drivers": drivers, "groupings": [RING], "correlations": [correlation], **COMMON}
    terms = from_parts(
        "Proef", years=(2024,), **parts,
        lines=[MadeLine("a", "A", "cost", "one_off", (Term("a", SIZE, factors=factors),))],
    ).simulate(64, seed=9)  # fmt: skip
    function = from_function("Proef", hours, lines=[MadeLine("a", "A", "cost", "one_off")], **parts).simulate(
        64, seed=9
    )
    for of in ("nation", "GM0363"):
        mine, theirs = (one.sensitivity("cost", of=of, points=256) for one in (function, terms))
        assert mine.middle == pytest.approx(theirs.middle)
        figures = theirs.to_frame().drop(columns="name")
        assert mine.to_frame()[figures.columns].to_numpy(float) == pytest.approx(figures.to_numpy(float), nan_ok=True)
    mine, theirs = (one.sensitivity_by(RINGS, "cost", points=256) for one in (function, terms))
    assert mine.to_numpy() == pytest.approx(theirs.to_numpy())


def test_what_a_function_cannot_answer():
    result = by_function().simulate(64, seed=1)
    with pytest.raises(InputError, match="eigen: what every municipality draws for itself cannot be told apart"):
        result.sensitivity()
    with pytest.raises(InputError, match="needs terms, and the programme is a function"):
        result.compensation_for(0.9, of=("share", 0.5))
    for ask in (
        lambda: result.national("year:2024"), lambda: result.national("line:a:2024"), result.by_year,
        lambda: result.budget(2024, 2),
    ):  # fmt: skip
        with pytest.raises(InputError, match="a function gives totals over the years"):
            ask()
    with pytest.raises(UnknownNameError, match="line 'z'"):
        result.national("line:z")
    with pytest.raises(InputError, match=r"draws: 63(?s:.*)executor: (?s:.*)progress: True(?s:.*)threads: 2"):
        by_function().simulate(63, seed=1, method="sobol", executor=object(), progress=True, threads=2)
    for resumed in (result, by_terms().simulate(64, seed=1)):
        with pytest.raises(InputError, match="gone on with"):
            by_function().simulate(64, seed=1, resume=resumed)
    with pytest.raises(InputError, match="no seed"):
        by_function().simulate(64)


@pytest.mark.parametrize(
    ("function", "match"),
    [
        (lambda d, m: {"a": d["prijs"] * SIZE}, "line 'b': not given"),
        (
            lambda d, m: {"a": d["prijs"] * SIZE, "b": d["prijs"] * SIZE, "c": d["prijs"] * SIZE},
            "line 'c': given but not stated",
        ),
        (lambda d, m: {"a": d["prijs"], "b": d["prijs"] * SIZE}, r"line 'a': shape \(64, 1\); allowed: \(64, 5\)"),
        (lambda d, m: {"a": d["prijs"] * SIZE * np.nan, "b": d["prijs"] * SIZE}, "not finite, first with prijs = "),
    ],
)
def test_amounts_that_cannot_be_used(function, match):
    with pytest.raises(InputError, match=match):
        by_function(function).simulate(64, seed=1)


def test_parts_that_do_not_fit():
    line = MadeLine("a", "A", "cost", "one_off", (Term("a", SIZE),))
    parts = COMMON | {"years": (2024,), "drivers": [], "lines": [line]}
    with pytest.raises(InputError, match="no line 'b'"):
        from_parts("x", **parts | {"alternatives": {"x": ["b"]}})
    with pytest.raises(InputError, match=r"lines\.a: no terms"):
        from_parts("x", **parts | {"lines": [MadeLine("a", "A", "cost", "one_off")]})
    with pytest.raises(InputError, match="kind: 'loss'"):
        from_parts(
            "x", **parts | {"lines": [MadeLine("a", "A", "loss", "one_off"), MadeLine("a", "A", "cost", "yearly")]}
        )
    with pytest.raises(InputError, match="lines: none"):
        from_parts("x", **parts | {"lines": []})
    with pytest.raises(InputError, match="2 weights for 1 years"):
        from_parts("x", **parts | {"discount": [1, 1]})
    with pytest.raises(InputError, match="inhabitants GM9999"):
        from_parts("x", **parts | {"inhabitants": PEOPLE.rename({"GM0014": "GM9999"}) * 0})
