"""Monte Carlo of the benchmark model R1 against NumPy, itself on two threads, and with Sobol points. Print the table
with

    python benchmarks/bench_impact.py

Library and opponent run in alternation in one process, processor time is taken (so that a busy machine shows less),
best of several after a warm-up; results are checked against the published figures of the model. A model is compiled
anew in every run. Memory is measured in processes of its own. R2 and R3 are timed without an opponent.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy: the opponents are measured on one thread too

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import impact_opponents as opponents  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from oracles import impact_models as models  # noqa: E402

from ggu_costs.impact.engine import draw_blocks, run  # noqa: E402
from ggu_costs.impact.spec import ModelSpec, Term  # noqa: E402
from ggu_costs.impact.summaries import Rows  # noqa: E402

DRAWS = 100_000
REPEATS = 5
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MEMORY = """
import gc, sys
sys.path[:0] = {path!r}
import numpy, scipy.special, scipy.stats, numba
from pathlib import Path
from oracles import impact_models as models
from ggu_costs.impact import _draw_kernels, _engine_kernels, engine
def kib(what):
    return int(Path("/proc/self/status").read_text().split(what + ":")[1].split()[0])
spec = models.r1()
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = kib("VmRSS")
engine.run(spec, draws={draws}, seed=1, threads=1)
print((kib("VmHWM") - before) / 1024)
"""


def figures(rows: Rows) -> NDArray[np.float64]:
    """Mean, sd, five quantiles and P(> 0) per row."""
    return np.column_stack([rows.mean, rows.sd, *(rows.quantile(p) for p in LEVELS), rows.probability(0.0)])


def library(threads: int = 1) -> NDArray[np.float64]:
    """The whole analysis: from specification to figures per unit and for the nation."""
    result = run(models.r1(), draws=DRAWS, seed=1, threads=threads)
    return np.vstack([figures(result.by_unit("net")), figures(result.nation("net"))])


def checked(found: NDArray[np.float64]) -> None:
    """Every answer must give the table of R1 within its sampling error."""
    for key, printed in models.TABLE.items():
        row = found[-1] if key == "nation" else found[key]
        near = np.abs(row[[0, 2, 4, 6]] - np.array(printed)[[0, 2, 3, 4]]) / printed[1]
        assert near.max() < 0.035, (key, near)
        assert abs(row[7] - printed[5]) < 0.008


def alternated(pairs: dict[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, tuple[float, float]]:
    """Best processor time and best time on the wall of each, in alternation."""
    best = dict.fromkeys(pairs, (np.inf, np.inf))
    for work in pairs.values():
        work()
    for _ in range(repeats):
        for name, work in pairs.items():
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            best[name] = (min(best[name][0], cpu), min(best[name][1], wall))
    return best


def memory(draws: int) -> float:
    """MiB of a run in a process of its own."""
    code = MEMORY.format(path=sys.path[:2], draws=draws)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def quantile_errors() -> tuple[float, float, float]:
    """Root mean square error of histogram, second pass and sampling itself, in standard deviations, over all units."""
    y = np.concatenate([block[1][0] for block in draw_blocks(models.r1(), draws=DRAWS, seed=1)], axis=1)
    exact = np.quantile(y, LEVELS, axis=1)
    sd = y.std(axis=1)
    plain = run(models.r1(), draws=DRAWS, seed=1).by_unit("net")
    second = run(models.r1(), draws=DRAWS, seed=1, quantiles="exact").by_unit("net")
    halves = [(plain.quantile_interval(p).upper - plain.quantile_interval(p).lower) / (2 * 1.96) for p in LEVELS]
    binned = [plain.quantile(p) - q for p, q in zip(LEVELS, exact, strict=True)]
    passed = [second.quantile(p) - q for p, q in zip(LEVELS, exact, strict=True)]
    found = [float(np.sqrt(np.mean((np.array(part) / sd) ** 2))) for part in (binned, passed, halves)]
    return found[0], found[1], found[2]


def three_units() -> ModelSpec:
    """R1 with the three units of its table."""
    spec, kept = models.r1(), [0, 171, 341]

    def cut(term: Term) -> Term:
        return replace(term, weights=term.weights[kept], base=None if term.base is None else term.base[kept])

    return replace(spec, units=tuple(spec.units[unit] for unit in kept), terms=tuple(map(cut, spec.terms)))


def sobol_gain(seeds: int = 20) -> float:
    """Plain draws over Sobol draws (8 replicates of 2**14) for an equal error of P5, P50 and P95."""
    spec, levels = three_units(), (0.05, 0.5, 0.95)
    reference = run(spec, draws=2**19, seed=99, method="sobol", quantiles="exact").by_unit("net")
    squares: dict[str, list[NDArray[np.float64]]] = {"random": [], "sobol": []}
    for seed in range(seeds):
        for method, draws in (("random", 2**17), ("sobol", 2**14)):
            rows = run(spec, draws=draws, seed=seed, method=method, quantiles="exact").by_unit("net")
            for p in levels:
                squares[method].append(((rows.quantile(p) - reference.quantile(p)) / reference.sd) ** 2)
    return float(np.mean(squares["random"]) / np.mean(squares["sobol"]))


@pytest.mark.parametrize("threads", [1, 2])
def test_r1(benchmark, threads):
    checked(benchmark(library, threads))


def test_r1_by_the_best_numpy(benchmark):
    checked(benchmark.pedantic(opponents.best, (DRAWS, 1), rounds=3))


def test_r1_by_straightforward_numpy(benchmark):
    checked(benchmark.pedantic(opponents.straightforward, (DRAWS, 1), rounds=1))


@pytest.mark.parametrize("model", [models.r2, models.r3])
def test_r2_and_r3(benchmark, model):
    spec = model()
    result = benchmark.pedantic(lambda: run(spec, draws=DRAWS, seed=1), rounds=2)
    assert np.isfinite(result.nation("net").mean).all()


def main() -> None:
    for work in (library, lambda: opponents.best(DRAWS, 1), lambda: opponents.straightforward(DRAWS, 1)):
        checked(work())
    slow = alternated({"ours": library, "slow": lambda: opponents.straightforward(DRAWS, 1)}, 1)
    fast = alternated({"ours": library, "best": lambda: opponents.best(DRAWS, 1), "two": lambda: library(2)}, 9)
    ours = fast["ours"]
    print(f"library, one thread: {ours[0] * 1e3:.0f} ms processor, {ours[1] * 1e3:.0f} ms wall")
    print(f"straightforward NumPy: {slow['slow'][0] / ours[0]:.0f} x (must 60)")
    print(f"best NumPy: {fast['best'][0] / ours[0]:.2f} x (must 3)")
    print(f"two threads against one, wall: {ours[1] / fast['two'][1]:.2f} x (must 1.6)")
    for model in (models.r2, models.r3):
        spec = model()
        took = alternated({"model": lambda spec=spec: run(spec, draws=DRAWS, seed=1, threads=1)}, 2)["model"][0]
        print(f"{model.__name__.upper()}: {took * 1e3:.0f} ms processor")
    histogram, second, sampling = quantile_errors()
    print(f"quantile error: histogram {histogram / sampling:.3f} of sampling (must 0.25), second pass {second:.1e} sd")
    print(f"plain draws per Sobol draw for equal quantile error: {sobol_gain():.1f} (must 3)")
    for draws in (100_000, 10_000_000):
        print(f"memory above import at {draws:,} draws: {memory(draws):.0f} MiB (must 64)")


if __name__ == "__main__":
    main()
