"""The first simulation of a machine: another process compiles a kernel, and nothing depends on what becomes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ggu_costs import ahead
from ggu_costs.simulation import first_run

FROM_BOTH = """
import sys
from ggu_costs import ahead
from ggu_costs.simulation import first_run
assert first_run.is_first_run()
{}
first_run.compile_rest()
import numpy
from ggu_costs.simulation.machine import _engine_kernels
from ggu_costs.simulation.runs.given import summarise_values
rows = summarise_values(numpy.array([[1.0, 2.0, 6.0]]))
stats = _engine_kernels.evaluate.stats
print(rows.mean[0], sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
print(ahead.is_made_ahead(first_run.EVALUATE))
"""

several = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")


def first(code: str, folder: Path) -> list[str]:
    """What a process prints that has nothing compiled."""
    how = {**os.environ, "NUMBA_CACHE_DIR": str(folder), "GGU_COSTS_THREADS": "2"}
    command = [sys.executable, "-c", FROM_BOTH.format(code)]
    run = subprocess.run(command, capture_output=True, text=True, env=how, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


@several
@pytest.mark.compiled
def test_another_process_compiles_the_kernel_and_this_one_loads_it(tmp_path: Path) -> None:
    assert first("first_run.compile_ahead()", tmp_path) == ["3.0", "1", "0", "False"]


@several
@pytest.mark.compiled
def test_where_that_process_fails_this_one_compiles(tmp_path: Path) -> None:
    fails = 'first_run._CODE = "import sys; sys.exit(3)"; first_run.compile_ahead()'
    assert first(fails, tmp_path) == ["3.0", "0", "1", "False"]


def test_it_is_no_first_run_where_the_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setenv("GGU_COSTS_THREADS", "2")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert first_run.is_first_run()
    own = tmp_path / "machine_1234"
    own.mkdir()
    python = "{}{}".format(*sys.version_info)
    index = own / f"_engine_kernels.evaluate-100.py{python}.nbi"
    index.write_bytes(b"")
    assert not first_run.is_first_run()
    os.utime(index, (1, 1))  # of an earlier version of the file
    assert first_run.is_first_run()
    monkeypatch.setenv("GGU_COSTS_THREADS", "1")
    assert not first_run.is_first_run()


@pytest.mark.skipif(sys.platform != "linux", reason="no list of processes")
@pytest.mark.parametrize("end", ["pass", "1 / 0", "time.sleep(600)"])
def test_no_process_outlives_this_one(end: str) -> None:
    """At its end, after an error, and after an interrupt."""
    code = "import os, time\nfrom ggu_costs import ahead\nahead.make_ahead('sleep', 'import time; time.sleep(600)')\n"
    code += "print(ahead._making['sleep'].pid, flush=True)\n"
    with subprocess.Popen(
        [sys.executable, "-c", code + end],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        child = Path("/proc") / run.stdout.readline().strip()
        if "sleep" in end:
            run.send_signal(signal.SIGINT)
        run.wait(60)
    for _ in range(100):
        if not child.exists():
            return
        time.sleep(0.05)
    pytest.fail("it lives on")


def test_a_process_that_cannot_be_started_is_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(ahead.subprocess, "Popen", refuse)
    ahead.make_ahead("anything", "pass")
    assert not ahead.is_made_ahead("anything")
    assert not ahead.wait_for("anything")
