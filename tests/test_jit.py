"""Kernels, their cache, and the spreading of rows over threads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba
import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from llvmlite import ir
from numba.core import caching

from ggu_costs import _jit
from ggu_costs._jit import fma, kernel, lean_kernel, part, spread, thread_count


def test_a_kernel_computes_what_its_function_does() -> None:
    def halves(row: Any) -> float:
        total = 0.0
        for value in row:
            total += value / 2
        return total

    assert kernel(halves)(np.arange(5.0)) == halves(np.arange(5.0)) == 5.0


@pytest.mark.compiled
def test_division_follows_numpy_and_nan_survives() -> None:
    def ratio(a: float, b: float) -> float:
        return a / b

    compiled = kernel(ratio)
    assert compiled(1.0, 0.0) == float("inf")
    assert np.isnan(compiled(0.0, 0.0))


def test_a_kernel_may_ask_for_wide_vectors() -> None:
    function = ir.Function(ir.Module(), ir.FunctionType(ir.VoidType(), []), "f")
    signature, ask = _jit._wide(None)
    ask(SimpleNamespace(get_dummy_value=int), ir.IRBuilder(function.append_basic_block()))
    assert signature.return_type is numba.types.none
    assert '"prefer-vector-width"="512"' in str(function)
    _jit._nothing()


@pytest.mark.compiled
def test_the_width_is_in_what_the_compiler_gets() -> None:
    def doubled(x: Any) -> None:
        _jit.wide()
        for j in range(x.size):
            x[j] *= 2.0

    values, compiled = np.arange(9.0), numba.njit(doubled)
    compiled(values)
    assert values.tolist() == (2 * np.arange(9.0)).tolist()
    (text,) = compiled.inspect_llvm().values()
    assert '"prefer-vector-width"="512"' in text


def test_a_kernel_may_be_compiled_into_its_caller() -> None:
    function = ir.Function(ir.Module(), ir.FunctionType(ir.VoidType(), []), "f")
    signature, ask = _jit._inlined(None)
    ask(SimpleNamespace(get_dummy_value=int), ir.IRBuilder(function.append_basic_block()))
    assert signature.return_type is numba.types.none
    assert "alwaysinline" in str(function)


@pytest.mark.compiled
def test_lean_kernels_do_not_count_who_holds_an_array() -> None:
    def total(rows: Any) -> float:
        found = 0.0
        for place in range(rows.shape[0]):
            row = rows[place]
            for value in row:
                found += value
        return found

    assert lean_kernel(total)(np.ones((3, 4))) == 12.0
    compiled = part(total)  # not on disk: what the compiler made can be looked at
    assert compiled(np.ones((3, 4))) == 12.0
    (text,) = compiled.inspect_llvm().values()  # type: ignore[attr-defined]
    assert "NRT_incref" not in text


@pytest.mark.compiled
def test_multiply_and_add_rounds_once() -> None:
    def fused(a: Any, b: Any, c: Any) -> float:
        return fma(a, b, c)

    small = 2.0**-30
    compiled = kernel(fused)
    assert compiled(1.0 + small, 1.0 - small, -1.0) == -(2.0**-60)
    assert compiled(3, 4, 5) == 17.0
    assert _jit._in_two_steps(1.0 + small, 1.0 - small, -1.0) == 0.0


def test_no_flag_is_set_that_changes_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def njit(**flags: bool) -> Callable[[Any], Any]:
        asked.append(flags)
        return lambda function: function

    monkeypatch.setattr(_jit, "_NJIT", njit)
    assert kernel(abs)(-1) == lean_kernel(abs)(-1) == 1
    assert [flags.get("_nrt", True) for flags in asked] == [True, False]
    assert all(flags["nogil"] and flags["error_model"] == "numpy" and "fastmath" not in flags for flags in asked)


# the cache on disk


def weighted(row: Any, factor: float) -> float:
    found = 0.0
    for value in row:
        found += factor * value
    return found


@pytest.fixture
def again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[list[float], int]]:
    """Compile for two kinds of arguments, as a new process does: the figures, and how many came from the cache."""
    (tmp_path / "cache").mkdir()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(_jit, "_lost", [])

    def compiled() -> tuple[list[float], int]:
        total: Any = lean_kernel(weighted)
        figures = [total(np.arange(5.0), 2.0), total(np.arange(5.0), 3)]
        return figures, sum(total.stats.cache_hits.values())

    return compiled


FIGURES = [20.0, 30.0]
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda whole: whole[:100],
    "empty": lambda whole: b"",
    "half blank": lambda whole: whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2),  # after a power cut
    "other": lambda whole: b"no cache",
}


@pytest.mark.compiled
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("pattern", ["*.nbi", "*.nbc"])
def test_a_damaged_cache_is_made_again(
    again: Callable[[], tuple[list[float], int]], tmp_path: Path, pattern: str, damage: Callable[[bytes], bytes]
) -> None:
    assert again() == (FIGURES, 0)
    assert again() == (FIGURES, 2)
    kept = list((tmp_path / "cache").rglob(pattern))
    assert kept
    for path in kept:
        path.write_bytes(damage(path.read_bytes()))
    assert again() == (FIGURES, 0)
    assert again() == (FIGURES, 2)
    assert not _jit.not_kept()


@pytest.mark.compiled
def test_code_for_other_arguments_is_not_taken(again: Callable[[], tuple[list[float], int]], tmp_path: Path) -> None:
    """Two processes that save at the same time may choose the same name."""
    again()
    first, second = (tmp_path / "cache").rglob("*.nbc")
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    assert again() == (FIGURES, 0)
    assert again() == (FIGURES, 2)


def refused(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.compiled
@pytest.mark.parametrize("step", ["_save_index", "_save_data", "_open_for_write"])
def test_what_cannot_be_kept_is_compiled_in_memory_and_said_once(
    again: Callable[[], tuple[list[float], int]], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(caching.IndexDataCacheFile, step, refused)
    with pytest.warns(RuntimeWarning, match=r"No space left on device.*NUMBA_CACHE_DIR") as told:
        assert again() == again() == (FIGURES, 0)
    assert len(told) == 1
    assert "No space left" in _jit.not_kept()


@pytest.mark.compiled
def test_where_there_is_no_place_for_a_cache_kernels_work_and_it_is_said_once(
    again: Callable[[], tuple[list[float], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only install without a home that can be written."""
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    with pytest.warns(RuntimeWarning, match=r"no locator available.*NUMBA_CACHE_DIR") as told:
        assert again() == again() == (FIGURES, 0)
    assert len(told) == 1


def test_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GGU_COSTS_THREADS", raising=False)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert thread_count() == cores
    assert [thread_count(asked) for asked in (-1, 0, 1, 5)] == [1, 1, 1, 5]
    for stated, count in (("3", 3), ("0", 1), ("many", cores)):
        monkeypatch.setenv("GGU_COSTS_THREADS", stated)
        assert thread_count() == count
    assert thread_count(2) == 2


def test_without_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delenv("GGU_COSTS_THREADS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert thread_count() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert thread_count() == 1


@cases(60)
@given(count=st.integers(0, 50), threads=st.integers(1, 8), least=st.integers(1, 20))
def test_every_row_is_done_once_in_order_and_parts_are_worth_a_thread(count: int, threads: int, least: int) -> None:
    parts = spread(lambda start, stop: (start, stop), count, threads=threads, least=least)
    assert [row for start, stop in parts for row in range(start, stop)] == list(range(count))
    assert len(parts) <= threads
    if len(parts) > 1:
        assert min(stop - start for start, stop in parts) >= least


def test_several_parts_run_in_several_threads_and_an_error_comes_through() -> None:
    both = threading.Barrier(2, timeout=10)
    names = spread(lambda start, stop: (both.wait(), threading.current_thread().name)[1], 2, threads=2)
    assert len(set(names)) == 2

    def broken(start: int, stop: int) -> None:
        raise ZeroDivisionError(f"{start} to {stop}")

    with pytest.raises(ZeroDivisionError, match="0 to 1"):
        spread(broken, 2, threads=2)


@pytest.mark.compiled
def test_settings_that_the_compiler_refuses_end_a_run_and_are_named(tmp_path: Path) -> None:
    """Not an error of one rule among others, which a comparison would leave out."""
    words = [sys.executable, "-m", "ggu_costs", "run", "procurement/gt-mobiel-1", "--out", str(tmp_path / "out")]
    ended = subprocess.run(
        words, check=False, capture_output=True, text=True, env={**os.environ, "NUMBA_NUM_THREADS": "0"}
    )
    assert (ended.returncode, (tmp_path / "out").exists()) == (1, False)
    assert ended.stderr.startswith("numba does not take its settings")
    assert "NUMBA_NUM_THREADS" in ended.stderr
    assert "Traceback" not in ended.stderr
