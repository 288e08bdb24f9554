"""Allocation core against NumPy: 342 municipalities, 100,000 scenarios, one pool, two threads.

Opponent and library run in alternation in one process, best of several after a warm-up, into results made beforehand on
both sides where the opponent can take one. Each row checks that the two agree. Print the table with

    python benchmarks/bench_allocation.py
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from ggu_costs.allocation import allocate

MUNICIPALITIES = 342
SCENARIOS = 100_000
REPEATS = 7

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One line of the table; `ratio` is how many times faster the library is."""

    name: str
    opponent_seconds: float
    our_seconds: float
    must: float

    @property
    def ratio(self) -> float:
        return self.opponent_seconds / self.our_seconds

    @property
    def reached(self) -> bool:
        return self.ratio >= self.must


@dataclass(frozen=True)
class Case:
    """Amounts in whole cents, inhabitants, bounds, claims."""

    amounts: Array
    weights: Array
    lows: Array
    highs: Array
    claims: Array
    awarded: Array


def make_case(scenarios: int = SCENARIOS) -> Case:
    rng = np.random.default_rng(2020)
    normal = [NormalDist().inv_cdf((i + 0.5) / MUNICIPALITIES) for i in range(MUNICIPALITIES)]
    weights = np.rint(36_000 * np.exp(0.85 * np.array(normal)))  # all different, so that argsort meets no ties
    amounts = np.round(rng.uniform(40e6, 60e6, scenarios), 2)
    fair = 50e6 * weights / weights.sum()
    lows, highs = np.maximum(40_000.0, np.rint(0.5 * fair)), np.maximum(60_000.0, np.minimum(1e6, np.rint(1.3 * fair)))
    claims = np.rint(fair)
    awarded = np.round(rng.uniform(0.0, 1.0, scenarios) * claims.sum(), 2)
    return Case(amounts, weights, lows, highs, claims, awarded)


def race(opponent: Callable[[], object], ours: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Best seconds of each, run in alternation."""
    best = [np.inf, np.inf]
    for _ in range(repeats):
        for side, run in enumerate((opponent, ours)):
            start = time.perf_counter()
            run()
            best[side] = min(best[side], time.perf_counter() - start)
    return float(best[0]), float(best[1])


def water_filling_numpy(case: Case) -> Array:
    """Exact water-filling for every scenario at once: fix the side with the larger violation, share the rest again."""
    shape = (case.amounts.size, case.weights.size)
    fixed = np.zeros(shape, dtype=bool)
    shares = np.empty(shape)
    while True:
        rest = case.amounts - np.where(fixed, shares, 0.0).sum(axis=1)
        whole = np.where(fixed, 0.0, case.weights).sum(axis=1)
        level = np.divide(rest, whole, out=np.zeros_like(rest), where=whole > 0)
        np.copyto(shares, level[:, None] * case.weights, where=~fixed)
        below, above = ~fixed & (shares < case.lows), ~fixed & (shares > case.highs)
        lifted = np.where(below, case.lows - shares, 0.0).sum(axis=1)
        capped = np.where(above, shares - case.highs, 0.0).sum(axis=1)
        moved_low, moved_high = below & (lifted >= capped)[:, None], above & (capped >= lifted)[:, None]
        if not (moved_low.any() or moved_high.any()):
            return shares
        np.copyto(shares, case.lows, where=moved_low)
        np.copyto(shares, case.highs, where=moved_high)
        fixed |= moved_low | moved_high


def water_filling_levels_numpy(case: Case, out: Array) -> Array:
    """The same where key and bounds are the same in all scenarios: levels sorted once, then a clipped product."""
    low_at, high_at = case.lows / case.weights, case.highs / case.weights
    levels = np.sort(np.concatenate([low_at, high_at]))
    shared = np.clip(levels[:, None] * case.weights, case.lows, case.highs).sum(axis=1)
    level = np.interp(case.amounts, shared, levels)
    np.multiply.outer(level, case.weights, out=out)
    return np.clip(out, case.lows, case.highs, out=out)


def _level_numpy(amounts: Array, caps: Array) -> Array:
    ranked = np.sort(caps)
    shared = np.concatenate([[0.0], np.cumsum(ranked)[:-1]]) + ranked * np.arange(ranked.size, 0, -1)
    return np.interp(amounts, np.concatenate([[0.0], shared]), np.concatenate([[0.0], ranked]))


def cea_numpy(case: Case, out: Array) -> Array:
    return np.minimum.outer(_level_numpy(case.awarded, case.claims), case.claims, out=out)


def cea_sorted_numpy(case: Case) -> Array:
    """Sort-based, vectorised over scenarios: from the smallest claim, each takes it or an equal part of the rest."""
    order = np.argsort(case.claims)
    ranked = case.claims[order]
    before = np.concatenate([[0.0], np.cumsum(ranked)[:-1]])
    level = (case.awarded[:, None] - before) / np.arange(ranked.size, 0, -1)
    met = np.minimum.accumulate(level >= ranked, axis=1)
    first = np.minimum(met.sum(axis=1), ranked.size - 1)
    awards = np.empty_like(level)
    awards[:, order] = np.where(met, ranked, np.take_along_axis(level, first[:, None], axis=1))
    return awards


def talmud_sorted_numpy(case: Case) -> Array:
    """Sorted once; awards below half of the claims, losses above, each where it applies."""
    whole, half = case.claims.sum(), case.claims / 2
    by_award = case.awarded <= whole / 2
    level = _level_numpy(np.where(by_award, case.awarded, whole - case.awarded), half)
    equal = np.minimum.outer(level, half)
    return np.where(by_award[:, None], equal, case.claims - equal)


def talmud_numpy(case: Case, out: Array) -> Array:
    """The same in place."""
    whole, half = case.claims.sum(), case.claims / 2
    by_loss = case.awarded > whole / 2
    level = _level_numpy(np.where(by_loss, whole - case.awarded, case.awarded), half)
    np.minimum.outer(level, half, out=out)
    return np.subtract(case.claims, out, out=out, where=by_loss[:, None])


def cents_numpy(case: Case) -> Array:
    """Largest remainder with np.argsort in each scenario."""
    totals = np.rint(case.amounts * 100)
    quotas = np.multiply.outer(totals, case.weights)
    quotas /= case.weights.sum()
    units = np.floor(quotas)
    left = totals - units.sum(axis=1)
    order = np.argsort(units - quotas, axis=1)
    extra = np.zeros_like(units)
    np.put_along_axis(extra, order, (np.arange(quotas.shape[1]) < left[:, None]).astype(np.float64), axis=1)
    return (units + extra) / 100


def proportional_row(case: Case, repeats: int = REPEATS) -> Row:
    theirs, ours = (np.empty((case.amounts.size, case.weights.size)) for _ in range(2))
    unit = case.weights / case.weights.sum()

    def run() -> object:
        return allocate(case.amounts, case.weights, cents=False, out=ours)

    run()
    np.multiply.outer(case.amounts, unit, out=theirs)
    np.testing.assert_allclose(ours, theirs, rtol=1e-13)
    return Row("proportional", *race(lambda: np.multiply.outer(case.amounts, unit, out=theirs), run, repeats), 1 / 1.2)


def bounds_row(case: Case, repeats: int = 3) -> Row:
    ours = np.empty((case.amounts.size, case.weights.size))

    def run() -> object:
        return allocate(case.amounts, case.weights, minimum=case.lows, maximum=case.highs, cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, water_filling_numpy(case), rtol=1e-10)
    return Row("minimum and maximum", *race(lambda: water_filling_numpy(case), run, repeats), 10.0)


def bounds_levels_row(case: Case, repeats: int = REPEATS) -> Row:
    theirs, ours = (np.empty((case.amounts.size, case.weights.size)) for _ in range(2))

    def run() -> object:
        return allocate(case.amounts, case.weights, minimum=case.lows, maximum=case.highs, cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, water_filling_levels_numpy(case, theirs), rtol=1e-10)
    return Row(
        "  against NumPy, levels sorted once",
        *race(lambda: water_filling_levels_numpy(case, theirs), run, repeats),
        1.0,
    )


def cea_row(case: Case, repeats: int = 3) -> Row:
    ours = np.empty((case.amounts.size, case.weights.size))

    def run() -> object:
        return allocate(case.awarded, case.claims, rule="cea", cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, cea_sorted_numpy(case), rtol=1e-9, atol=1e-6)
    return Row("constrained equal awards", *race(lambda: cea_sorted_numpy(case), run, repeats), 5.0)


def cea_levels_row(case: Case, repeats: int = REPEATS) -> Row:
    theirs, ours = (np.empty((case.amounts.size, case.weights.size)) for _ in range(2))

    def run() -> object:
        return allocate(case.awarded, case.claims, rule="cea", cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, cea_numpy(case, theirs), rtol=1e-9, atol=1e-6)
    return Row("  against NumPy, levels sorted once", *race(lambda: cea_numpy(case, theirs), run, repeats), 1.0)


def talmud_row(case: Case, repeats: int = 3) -> Row:
    ours = np.empty((case.amounts.size, case.weights.size))

    def run() -> object:
        return allocate(case.awarded, case.claims, rule="talmud", cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, talmud_sorted_numpy(case), rtol=1e-9, atol=1e-6)
    return Row("Talmud", *race(lambda: talmud_sorted_numpy(case), run, repeats), 5.0)


def talmud_in_place_row(case: Case, repeats: int = REPEATS) -> Row:
    theirs, ours = (np.empty((case.amounts.size, case.weights.size)) for _ in range(2))

    def run() -> object:
        return allocate(case.awarded, case.claims, rule="talmud", cents=False, out=ours)

    run()
    np.testing.assert_allclose(ours, talmud_numpy(case, theirs), rtol=1e-9, atol=1e-6)
    return Row("  against NumPy in place", *race(lambda: talmud_numpy(case, theirs), run, repeats), 1.0)


def cents_row(case: Case, repeats: int = 3) -> Row:
    ours = np.empty((case.amounts.size, case.weights.size))

    def run() -> object:
        return allocate(case.amounts, case.weights, out=ours)

    run()
    theirs = cents_numpy(case)
    assert (np.rint(ours * 100).sum(axis=1) == np.rint(case.amounts * 100)).all()
    assert (np.abs(ours - theirs) > 0.005).any(axis=1).mean() < 1e-4  # ties that rounded quotas cannot tell
    return Row("whole cents", *race(lambda: cents_numpy(case), run, repeats), 3.0)


ROWS = (
    proportional_row,
    bounds_row,
    bounds_levels_row,
    cea_row,
    cea_levels_row,
    talmud_row,
    talmud_in_place_row,
    cents_row,
)


@pytest.mark.parametrize("measure", ROWS, ids=[row.__name__ for row in ROWS])
def test_results_agree(measure: Callable[[Case, int], Row]) -> None:
    assert measure(make_case(2_000), 1).our_seconds > 0


def table() -> list[tuple[str, str, str, str]]:
    """Rows of the table: what, opponent, measured, must."""
    os.environ.setdefault("GGU_COSTS_THREADS", "2")
    case = make_case()
    found = []
    for measure in ROWS:
        row = measure(case)
        what = f"342 x 100,000: {row.name.strip()}"
        opponent = "NumPy, tightest" if row.name.startswith(" ") else "NumPy"
        must = f"{row.must:.2g} x" if row.must != 1 else "-"
        found.append((what, opponent, f"{row.ratio:.1f} x as fast", must))
    return found


def main() -> None:
    os.environ.setdefault("GGU_COSTS_THREADS", "2")
    case = make_case()
    print(f"{'what':38}{'NumPy ms':>10}{'ours ms':>10}{'ratio':>8}{'must':>8}")
    for measure in ROWS:
        row = measure(case)
        must = f"{row.must:7.2f}{'' if row.reached else ' !'}"
        print(f"{row.name:38}{row.opponent_seconds * 1e3:10.1f}{row.our_seconds * 1e3:10.1f}{row.ratio:8.2f}{must}")


if __name__ == "__main__":
    main()
