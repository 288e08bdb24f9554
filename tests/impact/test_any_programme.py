"""Programmes drawn at random, of rare risks, heavy tails, mixtures of scales and atoms: every stated error holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from small_programmes import PEOPLE, SIZE, TOTAL

from ggu_costs.impact import Driver, MadeLine, Programme, Term
from ggu_costs.impact import programme_from_parts as from_parts
from ggu_costs.simulation import marginals
from ggu_costs.simulation.marginals import Marginal

pytestmark = pytest.mark.compiled

QUANTILES = ("p5", "p25", "p50", "p75", "p95")
YEARS = (2024, 2025)


def shape(random: np.random.Generator) -> Marginal:
    """A driver: a rare risk, a heavy tail, an atom or something plain."""
    made = (
        lambda: marginals.bernoulli(float(random.choice([0.001, 0.01, 0.03, 0.06, 0.5, 0.94]))),
        lambda: marginals.lognormal(0.0, float(random.choice([0.3, 1.0, 2.0, 3.0]))),
        lambda: marginals.discrete([0.0, 1.0, 50.0], random.dirichlet(np.ones(3)).tolist()),
        lambda: marginals.uniform(0.5, 1.5),
        lambda: marginals.normal(1.0, 10.0 ** float(random.integers(-7, 1))),
        lambda: marginals.empirical(random.lognormal(0.0, 2.0, 7).tolist()),
    )
    return made[random.integers(0, len(made))]()


def programme(random: np.random.Generator) -> Programme:
    """One to four lines with one or two drivers each, at scales far apart."""
    drivers, lines = [], []
    for place in range(random.integers(1, 5)):
        own = [Driver(f"d{place}{k}", shape(random), level=str(random.choice(["nation", "nation", "unit"])))
               for k in range(random.integers(1, 3))]  # fmt: skip
        drivers += own
        weights = 10.0 ** random.integers(2, 9) * (SIZE / TOTAL if random.random() < 0.8 else random.random(SIZE.size))
        factors = tuple((driver.name, 1) for driver in own)
        term = Term(f"l{place}", weights, factors=factors, profile=random.dirichlet(np.ones(2)))
        kind = str(random.choice(["cost", "cost", "cost", "benefit", "compensation"]))
        lines.append(MadeLine(term.name, term.name, kind, str(random.choice(["one_off", "structural"])), (term,)))
    where = {"inhabitants": PEOPLE, "map_date": "2024-01-01", "years": YEARS}
    return from_parts("Proef", by="de proef", lines=lines, drivers=drivers, **where)


def frames(result) -> dict[str, pd.DataFrame]:
    groups = {"een": list(PEOPLE.index[:2]), "twee": list(PEOPLE.index[2:])}
    return {"municipalities": result.by_municipality(), "nation": result.national(), "lines": result.by_line(),
            "years": result.by_year(), "groups": result.by(groups)}  # fmt: skip


def worst_of(seed: int, draws: int) -> tuple[float, int]:
    """How far a quantile is from the exact one of the same draws, in stated errors, at worst; how many there were."""
    random = np.random.default_rng(seed)
    made, worst, many = programme(random), 0.0, 0
    how = {"method": "sobol", "replicates": 3} if random.random() < 0.2 else {}
    told, exact = (frames(made.simulate(draws, seed=seed, exact=exactly, **how)) for exactly in (False, True))
    for name, frame in told.items():
        for p in QUANTILES:
            off = (frame[p] - exact[name][p]).abs().to_numpy()
            error = frame[f"{p}_error"].to_numpy()
            many += off.size
            assert np.isfinite(off).all()
            assert np.isfinite(error).all()
            worst = max(worst, float(np.divide(off, error, out=np.where(off > 0, np.inf, 0.0), where=error > 0).max()))
    costs = all(line.kind == "cost" for line in made.assembly.roles.values())
    if costs and all(driver.marginal.kind != "normal" for driver in made.assembly.drivers):
        assert (told["municipalities"]["p5"] >= 0).all()
    return worst, many


@cases(5)
@given(st.integers(0, 2**32))
def test_every_stated_error_covers_the_exact_quantile_of_the_same_draws(seed):
    worst, many = worst_of(seed, 4096)
    assert many > 50
    assert worst <= 1.0
