"""A bundle against the simulations of its components one by one: at most 1.3 times their time together.

Processor time on one thread, best of three after a warm-up, 342 municipalities; each simulates its distribution per
municipality and for the nation. Print the line with

    python benchmarks/bench_bundle.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

import ggu_costs as ggu

ID = "bundles/example-stapeling"
DRAWS = 400_000
MOST = 1.3


def best(run: Callable[[], object]) -> float:
    """Seconds of processor time."""
    run()
    times = []
    for _ in range(3):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def measured() -> tuple[float, float]:
    """Seconds of the bundle, and of its programmes together."""
    bundle = ggu.open_model(ID)
    how = {"draws": DRAWS, "seed": 1, "threads": 1}
    whole, apart = best(lambda: bundle.simulate(**how)), 0.0
    for one in bundle.definition.components:
        if one.model.startswith("programmes/"):
            programme, chosen = ggu.open_programme(one.model), one.alternative or None
            apart += best(lambda programme=programme, chosen=chosen: programme.simulate(**how, alternative=chosen))
    result = bundle.simulate(draws=4096, seed=1)
    means = [result.runner.nation(name, "gross").mean[0] for name in result.components]
    assert result.runner.nation("all", "gross").mean[0] == pytest.approx(sum(means), rel=1e-9)
    return whole, apart


def table() -> list[tuple[str, str, str, str]]:
    """Measure one row of the table."""
    whole, apart = measured()
    what = f"a bundle of three programmes and a fund, {DRAWS:,} draws, 342 municipalities, on one thread"
    return [(what, f"its programmes one by one, {apart:.2f} s", f"{whole:.2f} s: {whole / apart:.2f} x", f"{MOST} x")]


if __name__ == "__main__":
    print("\n".join(f"| {' | '.join(row)} |" for row in table()))
