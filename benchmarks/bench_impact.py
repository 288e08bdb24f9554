"""Monte Carlo of the benchmark models against NumPy, OpenTURNS and monaco; their sensitivity against scipy and SALib.

R1, R2 and R3 are the model files in benchmarks/models, run through ``simulate`` and read from the frames of the result.
Library and opponent run in alternation in one process, processor time is taken (so that a busy machine shows less),
best of several after a warm-up; opponents of more than a few seconds run once. Every answer is checked against the
published figures of the model, every index against the opponent's. Memory is measured in processes of its own. A tool
that is not installed is said to be so. Print the table with

    python benchmarks/bench_impact.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy: the opponents are measured on one thread too

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

import impact_opponents as opponents  # noqa: E402
import impact_peers as peers  # noqa: E402
import numba  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from oracles.impact_models import TABLE  # noqa: E402

import ggu_costs as ggu  # noqa: E402
from ggu_costs.impact.answers import questions  # noqa: E402
from ggu_costs.impact.answers.questions import output_of  # noqa: E402
from ggu_costs.impact.answers.sensitivity import sensitivity_by, sobol_by_municipality  # noqa: E402
from ggu_costs.simulation.runs.engine import draw_blocks  # noqa: E402

Array = NDArray[np.float64]
Row = tuple[str, str, str, str]
DRAWS = 100_000
POINTS = 4096
LEVELS = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
COLUMNS = ["mean", "sd", *LEVELS, "probability_of_loss"]
DRIVERS = (  # of the files, in the order of the opponents
    "fixed", "variable", "benefit", "midpoint", "scale", "structural", "index", "compensation", "overrun",
    "productivity", "steepness", "early",
)  # fmt: skip
MEMORY = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
{imports}
def kib(what):
    return int(Path("/proc/self/status").read_text().split(what + ":")[1].split()[0])
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
before = kib("VmRSS")
{work}
print((kib("VmHWM") - before) / 1024)
"""
OURS = "import bench_impact; bench_impact.simulated(draws=4096)"  # loads the kernels
THEIRS = "import impact_opponents, scipy.special"


@cache
def programme(name: str = "r1") -> Any:
    models = HERE / "models"
    return ggu.open_model(name, {"population": models / "population.csv"}, models=models)


def simulated(threads: int = 1, draws: int = DRAWS, name: str = "r1") -> Array:
    """The whole analysis, from the opened file to figures per municipality and, in the last row, for the nation."""
    opened = programme(name)
    questions._SPECS.clear()  # what is kept for the same question asked again would be no part of the analysis
    result = opened.simulate(draws, 1, threads=threads)
    return np.vstack([result.by_municipality()[COLUMNS].to_numpy(), result.national("net")[COLUMNS].to_numpy()])


def checked(found: Array, draws: int = DRAWS) -> None:
    """Every answer must give the table of R1 within its sampling error."""
    for key, printed in TABLE.items():
        row = found[-1] if key == "nation" else found[key]
        near = np.abs(row[[0, 2, 4, 6]] - np.array(printed)[[0, 2, 3, 4]]) / printed[1]
        assert near.max() < 11 / draws**0.5, (key, near)
        assert abs(row[7] - printed[5]) < 2.5 / draws**0.5


def alternated(works: dict[str, Callable[[], object]], repeats: int) -> dict[str, tuple[float, float]]:
    """Best processor time and best time on the wall of each, in alternation after a warm-up."""
    best = dict.fromkeys(works, (np.inf, np.inf))
    for work in works.values():
        work()
    for _ in range(repeats):
        for name, work in works.items():
            best[name] = tuple(map(min, best[name], timed(work)))
    return best


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor time and time on the wall."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


@numba.njit(nogil=True)
def in_registers(rounds: int) -> float:
    """Work that touches no memory: what two threads make of it is what the machine has to give at the moment."""
    x = np.zeros(64)
    for _ in range(rounds):
        for j in range(64):
            x[j] = x[j] * 0.999 + 1.0
    return x.sum()


def loops(threads: int, rounds: int = 24_000_000) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(in_registers, [rounds // threads] * threads))


def twice(pairs: int) -> str:
    """Two threads against one, and beside it a loop in registers: all in alternation, as a shared machine varies."""
    works = [lambda: simulated(1), lambda: simulated(2), lambda: loops(1), lambda: loops(2)]
    for work in works:
        work()
    wall = np.array([[timed(work)[1] for work in works] for _ in range(pairs)])
    (one, two, loop, both), (fast, faster, *_) = np.median(wall, axis=0), wall.min(axis=0)
    told = f"{one / two:.2f} x as fast by medians of {pairs}, {fast / faster:.2f} x by the best of each"
    return f"{told} (a loop in registers {loop / both:.2f} x by medians)"


def against(what: str, opponent: str, theirs: float, ours: float, must: float) -> Row:
    told = f"{opponent}, {theirs:.3g} s"
    return (
        what,
        told,
        f"{theirs / ours:.{1 if theirs < 10 * ours else 0}f} x as fast ({ours * 1e3:.3g} ms)",
        f"{must:g} x",
    )


def analysis() -> list[Row]:
    """The whole analysis against both NumPy ways, both tools and itself on two threads."""
    what = "R1, 342 municipalities, 100,000 draws"
    for work in (simulated, lambda: opponents.best(DRAWS, 1), lambda: simulated(2)):
        checked(work())
    took = alternated({"ours": simulated, "best": lambda: opponents.best(DRAWS, 1)}, 9)
    ours = took["ours"][0]
    slow = min(timed(lambda: checked(opponents.straightforward(DRAWS, 1)))[0] for _ in range(2))
    rows = [
        against(f"{what}, one thread", "straightforward NumPy", slow, ours, 60),
        against(f"{what}, one thread", "best NumPy", took["best"][0], ours, 3),
    ]
    for tool, label in (("openturns", "OpenTURNS"), ("monaco", "monaco")):
        if find_spec(tool) is None:
            rows.append((f"{what}, one thread", label, "not installed", "100 x"))
            continue
        work = getattr(peers, tool)
        work(256, 1)
        seconds = timed(lambda work=work: checked(work(DRAWS, 1)))[0]
        rows.append(against(f"{what}, one thread", label, seconds, ours, 100))
    rows.append((f"{what}, two threads", "one thread", twice(60), "1.6 x"))
    for name in ("r2", "r3"):
        seconds = alternated({name: lambda name=name: simulated(name=name)}, 2)[name][0]
        rows.append((f"{name.upper()}, the same", "nobody", f"{seconds * 1e3:.3g} ms", "-"))
    return rows


def memory_above(imports: str, work: str) -> float:
    """MiB of some work above its imports and loaded kernels, in a process of its own."""
    code = MEMORY.format(path=sys.path[:2], imports=imports, work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def memory() -> list[Row]:
    theirs = memory_above(THEIRS, f"impact_opponents.straightforward({DRAWS}, 1)")
    return [
        (
            f"R1, memory above imports and loaded kernels, {draws:,} draws",
            f"NumPy, {theirs:,.0f} MiB at {DRAWS:,}",
            f"{memory_above(OURS, f'bench_impact.simulated(draws={draws})'):.0f} MiB",
            "64 MiB",
        )
        for draws in (DRAWS, 100 * DRAWS)
    ]


def quantile_errors() -> Row:
    """Root mean square errors of P5, P50 and P95 over all municipalities against the exact quantiles of the draws."""
    parts = programme().assembly()
    spec = parts.spec([output_of(parts, "base", "net", "moments", "none")])
    y = np.concatenate([block[1][0] for block in draw_blocks(spec, draws=DRAWS, seed=1)], axis=1)
    asked = ("p5", "p50", "p95")
    exact, sd = np.quantile(y, [LEVELS[name] for name in asked], axis=1).T, y.std(axis=1)[:, None]
    plain, second = (programme().simulate(DRAWS, 1, exact=way).by_municipality() for way in (False, True))
    errors = [(frame[list(asked)].to_numpy() - exact) / sd for frame in (plain, second)]
    errors.append(plain[[f"{name}_error" for name in asked]].to_numpy() / sd)
    binned, passed, sampling = (float(np.sqrt(np.mean(error**2))) for error in errors)
    told = f"{binned / sampling:.2f} of the sampling error; {passed:.0e} sd with the second pass"
    return ("error of quantiles, against exact ones of the same draws", "-", told, "0.25; 1e-05 sd")


def sobol_gain(seeds: int = 8) -> Row:
    """Mean square errors of P5, P50 and P95 over all municipalities: 32,768 plain draws, 8 x 4,096 Sobol points."""
    asked, squares = ["p5", "p50", "p95"], {"random": [], "sobol": []}

    def quantiles(draws: int, seed: int, method: str) -> Any:
        return programme().simulate(draws, seed, method, exact=True).by_municipality()

    reference = quantiles(2**16, 99, "sobol")
    for seed in range(seeds):
        for method, draws in (("random", 2**15), ("sobol", 2**12)):
            off = quantiles(draws, seed, method)[asked].sub(reference[asked]).div(reference["sd"], axis=0)
            squares[method].append(float((off**2).to_numpy().mean()))
    gain = float(np.mean(squares["random"]) / np.mean(squares["sobol"]))
    return ("draws for equal error of quantiles, scrambled Sobol points", "plain draws", f"1/{gain:.1f}", "1/3")


def indices() -> list[Row]:
    """Sobol indices of all municipalities, and the effects that hold with correlated drivers too."""
    what, result = "first and total Sobol indices of 342 outcomes, n = 4096", programme().simulate(2, 1)

    def ours() -> tuple[Array, Array]:
        table = sobol_by_municipality(result, "net", points=POINTS)
        return table["first"][list(DRIVERS)].to_numpy(), table["total"][list(DRIVERS)].to_numpy()

    found, theirs = ours(), peers.scipy_sobol(POINTS, 1)
    assert max(float(np.abs(a - b).max()) for a, b in zip(found, theirs, strict=True)) < 0.03
    took = alternated({"ours": ours, "again": ours, "scipy": lambda: peers.scipy_sobol(POINTS, 1)}, 7)
    seconds = min(took["ours"][0], took["again"][0])
    rows = [against(what, "scipy.stats.sobol_indices", took["scipy"][0], seconds, 30)]
    if find_spec("SALib") is None:
        rows.append((what, "SALib", "not installed", "1000 x"))
    else:
        some = np.array([0, 85, 171, 256, 341])
        few = peers.salib_sobol(POINTS, 1, some)
        assert max(float(np.abs(a[some] - b).max()) for a, b in zip(found, few, strict=True)) < 0.03
        one, five = (timed(lambda n=n: peers.salib_sobol(POINTS, 1, some[:n]))[0] for n in (1, 5))
        whole = one + 341 * (five - one) / 4
        rows.append(against(what, "SALib (from 1 and 5 outcomes)", whole, seconds, 1000))
    table = sensitivity_by(result, "municipality", "net", points=1024)
    assert np.abs(table["shapley"].sum(axis=1) - 1).max() < 1e-9
    worst = float(table["shapley_error"].to_numpy().max())
    took = alternated({"ours": lambda: sensitivity_by(result, "municipality", "net", points=1024)}, 2)
    told = f"{took['ours'][0]:.2g} s; errors of at most {worst:.2g}"
    rows.append(("Shapley effects of 12 correlated drivers, all subsets, 342 outcomes", "nobody", told, "-"))
    return rows


def same_bits() -> Row:
    """One digest of one thread, two threads and two processes."""
    found = {programme().simulate(DRAWS, 1, threads=threads).digest() for threads in (1, 2)}
    with ProcessPoolExecutor(2) as pool:
        found.add(programme().simulate(DRAWS, 1, executor=pool).digest())
    return ("the same bits: one thread, two threads, two processes", "-", f"{len(found)} SHA-256", "1 SHA-256")


def table() -> list[Row]:
    """Rows of the table: what, opponent, measured, must."""
    return [*analysis(), *memory(), quantile_errors(), sobol_gain(), *indices(), same_bits()]


@pytest.mark.parametrize("threads", [1, 2])
def test_r1(benchmark: Any, threads: int) -> None:
    checked(benchmark(simulated, threads))


def test_r1_by_the_best_numpy(benchmark: Any) -> None:
    checked(benchmark.pedantic(opponents.best, (DRAWS, 1), rounds=3))


def test_r1_by_straightforward_numpy(benchmark: Any) -> None:
    checked(benchmark.pedantic(opponents.straightforward, (DRAWS, 1), rounds=1))


@pytest.mark.parametrize(("tool", "draws"), [("openturns", 10_000), ("monaco", 1_000)])
def test_r1_by_other_tools(benchmark: Any, tool: str, draws: int) -> None:
    pytest.importorskip(tool)
    checked(benchmark.pedantic(getattr(peers, tool), (draws, 1), rounds=1), draws)


@pytest.mark.parametrize("name", ["r2", "r3"])
def test_r2_and_r3(benchmark: Any, name: str) -> None:
    found = benchmark.pedantic(lambda: simulated(name=name), rounds=2)
    assert np.isfinite(found).all()


if __name__ == "__main__":
    for cells in table():
        print(" | ".join(cells))
