"""The one place where numba's flags are set, the place of the cache is chosen and kernels are spread over threads.

Kernels are plain functions over clean arrays, decorated with :func:`kernel`. No fast-math flag is ever set: such flags
make ``isnan`` unreliable and let sums depend on the machine. Division follows numpy (no exception in a kernel), which
lets loops vectorise; what is divided by is checked in front.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.extending import intrinsic

P = ParamSpec("P")
R = TypeVar("R")

_NJIT: Any = numba.njit
_OPTIONS = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use, without the interpreter lock, and keep the machine code on disk.

    Where no cache can be written (a read-only install without a writable home) it is compiled in memory instead.
    A cached kernel calls jitted helpers of its own file only: the cache does not see changes elsewhere.
    """
    return _compiled(function)


def lean_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel that makes no arrays: it does not count who holds those it is given, or parts of them.

    Counting costs a locked instruction for every part of an array, and threads wait for one another's.
    """
    return _compiled(function, _nrt=False)


def part(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a helper of the lean kernels of its own file: compiled with these, and not kept on disk by itself."""
    return cast("Callable[P, R]", _NJIT(**_OPTIONS, _nrt=False)(function))


def _compiled(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    try:
        compiled = _NJIT(cache=True, **_OPTIONS, **options)(function)
    except RuntimeError:  # numba found no place for its cache
        compiled = _NJIT(**_OPTIONS, **options)(function)
    return cast("Callable[P, R]", compiled)


def _wide(_: Any) -> tuple[Any, Callable[..., Any]]:
    def ask(context: Any, builder: Any, *_: Any) -> Any:
        # llvmlite lets through the attributes it knows; those in quotes, of a processor, are none of them
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return numba.types.none(), ask


def _inlined(_: Any) -> tuple[Any, Callable[..., Any]]:
    def ask(context: Any, builder: Any, *_: Any) -> Any:
        builder.function.attributes.add("alwaysinline")
        return context.get_dummy_value()

    return numba.types.none(), ask


def _nothing() -> None:
    """Stand in for :data:`wide` and :data:`inlined` where nothing is compiled."""


_OFF = bool(vars(numba.config)["DISABLE_JIT"])  # pyright: ignore[reportPrivateImportUsage]

wide: Any = _nothing if _OFF else intrinsic(_wide)
"""Called first in a kernel: have its loops use vectors of 512 bits where the processor has them.

LLVM prefers 256 bits on Intel's processors, which is for code that uses vectors now and then. The figures stay the
same to the last bit. It helps where arrays begin on a line of the cache, and hurts where they do not.
"""


inlined: Any = _nothing if _OFF else intrinsic(_inlined)
"""Called first in a kernel: have it compiled into those that call it. Passing on many arrays costs as much as work."""


def _fma(_: Any, a: Any, b: Any, c: Any) -> tuple[Any, Callable[..., Any]]:
    def multiply_and_add(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        given = zip(arguments, signature.args, strict=True)
        return builder.fma(*(context.cast(builder, value, own, numba.types.float64) for value, own in given))

    signature: Any = numba.types.float64
    return signature(a, b, c), multiply_and_add


def _in_two_steps(a: float, b: float, c: float) -> float:
    """Stand in for :data:`fma` where nothing is compiled; rounds twice."""
    return a * b + c


_in_one_step: Any = intrinsic(_fma)
fma: Callable[[float, float, float], float] = _in_two_steps if _OFF else _in_one_step
"""a b + c, rounded once, on every processor: asked for by name it gives the same bits where a flag would not."""


def thread_count(threads: int | None = None) -> int:
    """Return how many threads to use: the argument, else GGU_COSTS_THREADS, else the cores this process may use."""
    if threads is None:
        stated = os.environ.get("GGU_COSTS_THREADS", "")
        threads = int(stated) if stated.isdigit() else len(_cores())
    return max(1, threads)


def _cores() -> set[int]:
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return set(affinity(0)) if affinity else set(range(os.cpu_count() or 1))


def spread(task: Callable[[int, int], R], count: int, *, threads: int | None = None, least: int = 1) -> list[R]:
    """Call ``task(start, stop)`` over consecutive parts of ``range(count)`` in threads; results in order.

    The parts only share out rows: a task's result for a row may not depend on where the cut falls. `least` is the
    smallest part worth a thread.
    """
    parts = min(thread_count(threads), max(1, count // max(1, least)))
    cuts = [count * part // parts for part in range(parts + 1)]
    ranges = list(pairwise(cuts))
    if parts == 1:
        return [task(start, stop) for start, stop in ranges]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(lambda part: task(*part), ranges))
