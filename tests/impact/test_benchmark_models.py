"""R1, R2 and R3 as model files: the same numbers as their formulas, and the figures that R1 must give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from oracles import impact as twin
from oracles import impact_models as models

import ggu_costs as ggu
from ggu_costs.impact.answers.questions import output_of

FILES = Path(__file__).parents[2] / "benchmarks" / "models"
CODES = list(ggu.members("2024-01-01"))
IDS = {
    "F": "fixed", "v": "variable", "b": "benefit", "m0": "midpoint", "beta": "scale", "s": "structural", "g": "index",
    "C": "compensation", "X": "overrun", "h": "productivity", "k": "steepness", "B": "early",
}  # fmt: skip


def opened(name):
    return ggu.open_model(name, {"population": FILES / "population.csv"}, models=FILES)


def test_sizes_are_those_of_the_formula():
    sizes = pd.read_csv(FILES / "population.csv", index_col="code")["population"]
    assert list(sizes.index) == CODES
    assert sizes.to_numpy() == pytest.approx(models.POPULATION, abs=0)


@pytest.mark.parametrize("name", ["r1", "r2", "r3"])
def test_a_file_says_what_the_formula_says(name):
    parts, plain = opened(name).assembly(), getattr(models, name)()
    spec = parts.spec([output_of(parts, "base", "net", "moments", "none")])
    rng = np.random.default_rng(1)
    values = {driver.name: rng.uniform(0.5, 2.0, (342, 4)) for driver in plain.drivers}
    renamed = {IDS.get(driver, driver): given for driver, given in values.items()}
    assert twin.outputs(spec, renamed) == pytest.approx(twin.outputs(plain, values), rel=1e-12)
    for driver in plain.drivers:
        same = spec.driver(IDS.get(driver.name, driver.name))
        assert (same.level, same.marginal.kind) == (driver.level, driver.marginal.kind)
        assert same.marginal.parameters == pytest.approx(driver.marginal.parameters, rel=1e-14)
    (linked,) = spec.correlations
    places = [linked.names.index(IDS[driver]) for driver in models.NAMES]
    assert linked.kind == "normal"
    assert linked.matrix[np.ix_(places, places)] == pytest.approx(models.copula(), abs=1e-15)


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("seed", "method", "draws"),
    [(1, "random", 30_000), (2, "random", 30_000), (3, "random", 30_000), (4, "sobol", 4_096)],
)
def test_r1_gives_its_table(seed, method, draws):
    """Every figure within four of its standard errors."""
    result = opened("r1").simulate(draws, seed, method)
    municipal, nation = result.by_municipality(), result.national("net")
    for key, (mean, sd, p5, p50, p95, above) in models.TABLE.items():
        row = nation.loc["net"] if key == "nation" else municipal.iloc[key]
        for name, printed in {"mean": mean, "p5": p5, "p50": p50, "p95": p95}.items():
            half_digit = 5e-5 * abs(printed) if name == "mean" else 0.5
            assert abs(row[name] - printed) < 4 * row[f"{name}_error"] + half_digit, (key, name)
        assert abs(row["probability_of_loss"] - above) < 4 * row["probability_error"] + 5e-6
        assert row["sd"] == pytest.approx(sd, rel=4 * np.sqrt(1.5 / draws))  # a kurtosis of 7 or less
    assert result.illustrative
