"""What-ifs on a circulaire against pandas: 342 municipalities, 49 maatstaven.

One change compared, per municipality: ours in exact cents with its causes, pandas in floats without. And 10,000
reforms, each with effects per municipality and group. Each row checks that the two agree. Print the table with

    python benchmarks/bench_grants.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import ggu_costs as ggu

ID = "grants/gemeentefonds/septembercirculaire-2024/2025"
REFORMS = 10_000
FEW = 50
"""Reforms that pandas does; its time is scaled to all."""
MOST_CHANGE, MOST_REFORMS = 0.005, 1.0

Array = NDArray[np.float64]


def best(run: Callable[[], object], repeats: int = 7) -> float:
    """Best seconds of several, after a warm-up."""
    run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def in_pandas() -> tuple[pd.DataFrame, pd.Series, list[str], pd.Series]:
    """Volumes, weights, maatstaven that the factor leaves alone, and size classes, as an analyst holds them."""
    grant = ggu.open_grant(ID)
    tables = grant.tables
    volumes = pd.DataFrame({name: pd.Series(dict(c)).astype(float) for name, c in tables.volumes.items()})
    weights = pd.Series({name: float(weight) for name, weight in tables.weights.items()})
    classes = ggu.municipalities(2025)["size_class"].reindex(volumes.index)
    return volumes, weights, list(tables.outside), classes


def paid(volumes: pd.DataFrame, weights: pd.Series, outside: list[str], factor: float) -> pd.Series:
    """The algemene uitkering in pandas."""
    brought = volumes * weights
    return factor * brought.drop(columns=outside).sum(axis=1) + brought[outside].sum(axis=1)


def change_times() -> tuple[float, float]:
    """Seconds of pandas and of ours for one change compared."""
    volumes, weights, outside, _ = in_pandas()
    other = weights.copy()
    other["inwo"] = 380.0
    grant = ggu.open_grant(ID)
    grant.amounts().columns  # noqa: B018 (what the circulaire itself gives is there)

    def ours() -> object:
        return grant.compare(grant.with_changes(weights={"inwo": 380})).causes

    def theirs() -> pd.Series:
        return paid(volumes, other, outside, 1.457) - paid(volumes, weights, outside, 1.457)

    causes = grant.compare(grant.with_changes(weights={"inwo": 380})).causes["weights_changed"]
    assert theirs().to_numpy() == pytest.approx([causes[code] / 100 for code in volumes.index], abs=0.02)
    return best(theirs), best(ours)


def reform_times() -> tuple[float, float]:
    """Seconds of pandas (scaled) and of ours for 10,000 reforms of every weight, by municipality and size class."""
    volumes, weights, outside, classes = in_pandas()
    rng = np.random.default_rng(16)
    drawn = weights.to_numpy() * rng.uniform(0.9, 1.1, (REFORMS, len(weights)))
    grant = ggu.open_grant(ID)
    asked = {name: drawn[:, place] for place, name in enumerate(weights.index)}

    def ours() -> pd.DataFrame:
        return grant.reforms(weights=asked).by("size_class")

    def theirs() -> list[pd.Series]:
        before = paid(volumes, weights, outside, 1.457)
        made = []
        for row in drawn[:FEW]:
            effect = paid(volumes, pd.Series(row, weights.index), outside, 1.457) - before
            made.append(effect.groupby(classes).sum())
        return made

    ours_first = ours().to_numpy()[:FEW]
    assert np.array(theirs()) == pytest.approx(ours_first, abs=0.01)
    return best(theirs, 3) * REFORMS / FEW, best(ours, 3)


def table() -> list[tuple[str, str, str, str]]:
    """Rows for the table of all benchmarks: what, opponent, measured, must."""
    (pandas_one, ours_one), (pandas_many, ours_many) = change_times(), reform_times()
    return [
        (
            "a change of a circulaire compared, 342 x 49, exact, by cause",
            f"pandas, floats without causes, {1e3 * pandas_one:.3g} ms",
            f"{1e3 * ours_one:.3g} ms",
            f"{1e3 * MOST_CHANGE:g} ms",
        ),
        (
            "10,000 reforms of a circulaire, by municipality and size class",
            f"pandas, {pandas_many:.3g} s",
            f"{pandas_many / ours_many:.0f} x as fast ({ours_many:.3g} s)",
            f"{MOST_REFORMS:g} s",
        ),
    ]


if __name__ == "__main__":
    print("\n".join(f"| {' | '.join(row)} |" for row in table()))
