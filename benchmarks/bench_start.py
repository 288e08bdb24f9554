"""What a user waits for: importing the package, the first run, and a first result on a fresh install.

Whole processes, in alternation, best of several after a warm-up; what the run wrote is checked. Print the table with

    python benchmarks/bench_start.py
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPEATS = 9


@dataclass(frozen=True)
class Row:
    """One line of the table; `ratio` is how many times as long as the opponent it takes, `must` the most it may be."""

    name: str
    opponent: str
    opponent_seconds: float
    our_seconds: float
    must: float

    @property
    def ratio(self) -> float:
        return self.our_seconds / self.opponent_seconds

    @property
    def reached(self) -> bool:
        return self.ratio <= self.must


def seconds(command: Sequence[str], env: dict[str, str] | None = None) -> float:
    """Time one process from start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    return time.perf_counter() - start


def race(opponent: Sequence[str], ours: Sequence[str], repeats: int = REPEATS) -> tuple[float, float]:
    """Best seconds of each, run in alternation after a warm-up."""
    best = [float("inf"), float("inf")]
    for round_ in range(repeats + 1):
        for side, command in enumerate((opponent, ours)):
            taken = seconds(command)
            if round_:
                best[side] = min(best[side], taken)
    return best[0], best[1]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


RUNS = {
    "funds/ggu/2020": 4.0, "funds/example-portfolio": 4.2, "procurement/gt-mobiel-1": 3.8,
    "programmes/omgevingswet/2021": 7.0, "programmes/example-common-ground": 9.0,
}  # fmt: skip
"""Models that are run, and how many times the opponent each may take at most."""


def check_bill(folder: Path) -> None:
    """The run has to have written the bill of 2020."""
    with (folder / "contributions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 355
    assert sum(round(float(row["contribution"]) * 100) for row in rows) == 5_230_000_000
    assert (folder / "result.xlsx").stat().st_size > 10_000


def import_row(repeats: int = REPEATS) -> Row:
    other, ours = race(python("import numpy"), python("import ggu_costs"), repeats)
    return Row("`import ggu_costs`", "`import numpy`", other, ours, 1.5)


def run_row(model: str, must: float, repeats: int = REPEATS) -> Row:
    """A run with page, workbook and tables, compiled before."""
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "ggu_costs", "run", model, "--quiet", "--out", folder]
        other, taken = race(python("import pandas"), ours, repeats)
        if model == "funds/ggu/2020":
            check_bill(Path(folder))
        assert (Path(folder) / "result.xlsx").stat().st_size > 10_000
    return Row(f"`ggu-costs run {model}`", "`import pandas`", other, taken, must)


def cold_row(repeats: int) -> Row:
    """First result with nothing compiled or cached: the bill, and an allocation over 1,000 scenarios."""
    code = (
        "import ggu_costs as ggu, numpy as np;"
        "bill = ggu.open_model('funds/ggu/2020').contributions();"
        "key = ggu.municipalities(2020)['inhabitants'];"
        "shares = ggu.allocate(np.full(1000, 1e6), key, minimum=100.0, maximum=20000.0).values;"
        "assert bill.total == 52_300_000 and abs(shares.sum() - 1e9) < 0.01"
    )
    taken = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as cache:
            taken.append(seconds(python(code), {**os.environ, "NUMBA_CACHE_DIR": cache}))
    return Row("first result, cold compilation", "10 seconds", 10.0, min(taken), 1.0)


def rows(repeats: int = REPEATS) -> list[Row]:
    runs = [run_row(model, must, min(repeats, 5)) for model, must in RUNS.items()]
    return [import_row(repeats), *runs, cold_row(min(repeats, 3))]


def table() -> list[tuple[str, str, str, str]]:
    """Rows of the table: what, opponent, measured, must."""
    return [(row.name, row.opponent, f"{row.ratio:.2f} x its time", f"at most {row.must:g} x") for row in rows()]


def test_start(benchmark: Any) -> None:
    found = benchmark.pedantic(lambda: rows(1), rounds=1)
    assert [row.name for row in found]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.name}: {row.our_seconds:.2f} s, {row.ratio:.2f} x {row.opponent} (at most {row.must} x)")
