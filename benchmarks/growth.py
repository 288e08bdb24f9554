"""How time and memory grow with draws, units, lines, drivers and workers: the table of growth.md.

Each point runs in a process of its own, on the model R1 of the tests or a larger one made of it, after a small run that
loads the kernels: memory is the peak above that. Results are checked: the nation's mean of R1, and the same bits for
threads and workers. Print the table with

    python benchmarks/growth.py [--only NAME] [--write]

Points marked ``whole`` take minutes, and are measured with ``--whole`` only.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests")]

import numpy as np  # noqa: E402
from oracles import impact_models as models  # noqa: E402

from ggu_costs.games.game import CostGame  # noqa: E402
from ggu_costs.games.pools.volume import VolumeTiers  # noqa: E402
from ggu_costs.games.values import shapley  # noqa: E402
from ggu_costs.simulation import marginals  # noqa: E402
from ggu_costs.simulation.parts import Driver, Term  # noqa: E402
from ggu_costs.simulation.runs.engine import run  # noqa: E402
from ggu_costs.simulation.spec import ModelSpec  # noqa: E402

_TASK = {False: 20, True: 22}  # draws of a task on a cluster, as a power of two: fewer tasks where there are many draws


@dataclass(frozen=True)
class Point:
    """One measurement; what is not said is as R1 has it."""

    grows: str
    draws: int = 100_000
    units: int = models.UNITS
    lines: int = 5
    drivers: int = 12
    threads: int = 1
    workers: int = 0
    players: int = 0
    whole: bool = False

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return f"{self.grows}-{getattr(self, self.grows)}"


POINTS = (
    *(Point("draws", draws=10**power, whole=power > 7) for power in (5, 6, 7, 8)),
    *(Point("units", units=units) for units in (342, 3_420, 35_000)),
    *(Point("lines", lines=lines, draws=100_000) for lines in (5, 25, 100)),
    *(Point("drivers", drivers=drivers, lines=100) for drivers in (12, 60)),
    *(Point("threads", threads=threads, draws=1_000_000) for threads in (1, 2)),
    *(Point("workers", workers=workers, draws=draws, whole=draws > 10**6)
      for workers, draws in ((1, 10**6), (2, 10**6), (2, 10**8))),
    *(Point("players", players=players) for players in (342, 1_000, 2_000)),
)  # fmt: skip


def enlarged(point: Point) -> ModelSpec:
    """R1, with units repeated in other sizes, and lines per inhabitant of drivers of their own."""
    spec = models.r1()
    if point.units > models.UNITS:
        size = 36_000 * np.exp(0.85 * np.random.default_rng(0).normal(size=point.units))
        key = size / size.sum()
        terms = [
            replace(term, weights=_of_size(term, size, key), base=None if term.base is None else size)
            for term in spec.terms
        ]
        spec = replace(spec, units=tuple(f"U{unit:06d}" for unit in range(point.units)), terms=tuple(terms))
    added = [f"rate {place}" for place in range(point.drivers - 12)] or ["b", "s", "h", "F"]
    names = [added[place % len(added)] for place in range(point.lines - 5)]
    curve = spec.terms[3].curve
    more = [
        Term(f"line {place}", spec.terms[3].weights, constant=0.01, factors=((name, 1),), curve=curve)
        for place, name in enumerate(names)
    ]
    (net,) = spec.outputs
    weights = np.concatenate([net.weights, np.repeat(net.weights[2:3], len(more), axis=0)])
    drivers = [Driver(name, marginals.uniform(0.5, 1.5)) for name in added if name.startswith("rate")]
    return replace(
        spec, drivers=(*spec.drivers, *drivers), terms=(*spec.terms, *more), outputs=(replace(net, weights=weights),)
    )


def _of_size(term: Term, size: Any, key: Any) -> Any:
    if term.name in ("fixed", "variable"):
        return np.ones(size.size)
    return key if term.name == "compensation" else size


def measured(point: Point) -> dict[str, float]:
    """Seconds, processor seconds, and MiB above a small run."""
    if point.players:
        return _game(point.players)
    spec = enlarged(point)
    run(spec, draws=4096, seed=1, threads=1)
    if point.workers:
        return _on_a_cluster(spec, point)
    before, wall, cpu = _memory(reset=True), time.perf_counter(), time.process_time()
    result = run(spec, draws=point.draws, seed=1, threads=point.threads)
    taken = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "mib": _memory() - before}
    if point.grows == "draws":
        mean, error = float(result.nation("net").mean[0]), float(result.nation("net").standard_error[0])
        assert abs(mean - models.TABLE["nation"][0]) < 5 * error + 1e4
    return taken


def _on_a_cluster(spec: ModelSpec, point: Point) -> dict[str, float]:
    from dask.distributed import Client, LocalCluster

    few = run(spec, draws=200_000, seed=1, threads=1).digest()
    with (
        warnings.catch_warnings(),
        LocalCluster(n_workers=point.workers, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        warnings.simplefilter("ignore")
        assert run(spec, draws=200_000, seed=1, executor=client.get_executor()).digest() == few
        before, small = _memory(reset=True), max(client.run(_memory, reset=True).values())
        wall = time.perf_counter()
        result = run(
            spec, draws=point.draws, seed=1, executor=client.get_executor(), task_draws=2 ** _TASK[point.whole]
        )
        taken = time.perf_counter() - wall
        grown = max(client.run(_memory).values()) - small
        found = {"seconds": taken, "cpu": float("nan"), "mib": max(_memory() - before, grown)}
    if point.whole:
        assert run(spec, draws=point.draws, seed=1, threads=2).digest() == result.digest()
    return found


def _game(players: int) -> dict[str, float]:
    volumes = np.linspace(1_000, 300_000, players).round()
    tiers = [(0, 0.6), (2_000_000, 0.35), (8_000_000, 0.2)]
    shapley(_volume_game(volumes[:30], tiers))
    game = _volume_game(volumes, tiers)
    before, wall, cpu = _memory(reset=True), time.perf_counter(), time.process_time()
    shapley(game, threads=1)
    return {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "mib": _memory() - before}


def _volume_game(volumes: Any, tiers: list[tuple[float, float]]) -> CostGame:
    return CostGame.from_pools([f"P{player:05d}" for player in range(volumes.size)], [VolumeTiers(volumes, tiers)])


def _memory(*, reset: bool = False) -> float:
    """MiB in use, with the peak set back; or else the peak."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    what = "VmRSS" if reset else "VmHWM"
    return int(Path("/proc/self/status").read_text(encoding="ascii").split(f"{what}:")[1].split()[0]) / 1024


def table(points: list[Point]) -> list[str]:
    """Measure points, each in a process of its own."""
    of = ("draws", "units", "lines", "drivers", "threads", "workers", "players")
    lines = [f"| {' | '.join(('grows', *of, 'seconds', 'processor', 'MiB'))} |", "|" + "---|" * (len(of) + 4)]
    for point in points:
        command = [sys.executable, __file__, "--point", point.name, *(["--whole"] if point.whole else [])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout.splitlines()[-1])
        figures = [getattr(point, name) for name in of[:-1]]
        said = ["-"] * 6 + [f"{point.players:,}"] if point.players else [*(f"{one:,}" for one in figures), "-"]
        cpu = "-" if found["cpu"] != found["cpu"] else f"{found['cpu']:.2f}"
        cells = [point.grows, *said, f"{found['seconds']:.2f}", cpu, f"{found['mib']:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="points whose name begins so")
    parser.add_argument("--whole", action="store_true", help="points that take minutes as well")
    parser.add_argument("--point", default="", help="measure one point here")
    asked = parser.parse_args()
    points = [point for point in POINTS if asked.whole or not point.whole]
    if asked.point:
        print(json.dumps(measured(next(point for point in reversed(points) if point.name == asked.point))))
        return
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print("\n".join(table([point for point in points if point.name.startswith(asked.only)])))


if __name__ == "__main__":
    main()
