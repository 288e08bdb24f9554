"""Shapley and Banzhaf from a table: the weights of the sizes, and one pass of the kernel over the costs."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import factorial

import numpy as np

from ggu_costs.games.coalitions import sizes
from ggu_costs.typing import FloatArray

_CHUNKS_FROM = 20  # players from which the table is cut in four, so that threads can share it
_CHUNKS = 4


def table_shapley(table: FloatArray, threads: int | None) -> FloatArray:
    """Shapley value of a table of 2^n costs.

    Examples
    --------
    >>> table_shapley(np.array([0.0, 10.0, 20.0, 24.0]), None).tolist()
    [7.0, 17.0]
    """
    n = len(table).bit_length() - 1
    sums = _half_sums(table, n, "shapley", threads)
    return sums - float(np.sum(sums) - table[-1]) / n


def table_banzhaf(table: FloatArray, threads: int | None) -> FloatArray:
    """Banzhaf value of a table of 2^n costs."""
    n = len(table).bit_length() - 1
    return _half_sums(table, n, "banzhaf", threads) - np.sum(table) / 2.0 ** (n - 1)


@lru_cache(maxsize=64)
def _by_size(n: int, kind: str) -> FloatArray:
    """Weight of a coalition by its size in the sum over coalitions with a player, from 0 to n."""
    if kind == "banzhaf":
        return np.full(n + 1, 2.0 ** (2 - n))
    weights = [factorial(s - 1) * factorial(n - s - 1) / factorial(n - 1) for s in range(1, n)]
    return np.array([0.0, *weights, 1.0 / n])


@lru_cache(maxsize=16)
def _rows(n: int, kind: str) -> FloatArray:
    """Weights of the 512 coalitions within a block, a row for every number of players outside it."""
    from ggu_costs.games._kernels import BLOCK_BITS, ROW

    inside = sizes(BLOCK_BITS)
    rows = np.zeros((n - BLOCK_BITS + 1, ROW))
    for outside, row in enumerate(rows):
        row[: len(inside)] = _by_size(n, kind)[outside + inside]
    return rows.ravel()


def _half_sums(table: FloatArray, n: int, kind: str, threads: int | None) -> FloatArray:
    """Weighted sum over the coalitions with each player."""
    from ggu_costs.games import _kernels

    out = np.zeros(n)
    if n < _kernels.GROUP_BITS:
        _kernels.small_sums(table, _by_size(n, kind), out)
        return out
    weights = _rows(n, kind)
    groups = 1 << (n - _kernels.GROUP_BITS)
    sums = np.empty(groups)
    chunks = 1 if n < _CHUNKS_FROM else _CHUNKS
    lanes = np.zeros((chunks, 5 * _kernels.ROW))

    def work(first: int, last: int) -> None:
        for k in range(first, last):
            _kernels.group_sums(table, weights, k * groups // chunks, (k + 1) * groups // chunks, lanes[k], sums)

    _share_out(work, chunks, threads)
    _kernels.fold(np.sum(lanes, axis=0), sums, out)
    return out


def _share_out(work: Callable[[int, int], None], count: int, threads: int | None) -> None:
    """Call work(first, last) over consecutive parts, the first of them in this thread."""
    from ggu_costs._jit import thread_count

    parts = min(count, thread_count(threads)) if count > 1 else 1
    cuts = [count * part // parts for part in range(parts + 1)]
    waiting = [_workers(os.getpid()).submit(work, cuts[part], cuts[part + 1]) for part in range(1, parts)]
    work(0, cuts[1])
    for job in waiting:
        job.result()


@lru_cache(maxsize=1)
def _workers(process: int) -> ThreadPoolExecutor:
    """Threads that stay: a table of 20 players is read in less time than it takes to start one.

    A forked process gets its own.
    """
    del process
    return ThreadPoolExecutor(_CHUNKS - 1, thread_name_prefix="ggu_costs-table")
