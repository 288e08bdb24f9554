"""The one place where numba's flags are set, the place of the cache is chosen and kernels are spread over threads.

Kernels are plain functions over clean arrays, decorated with :func:`kernel`. Fast-math flags make ``isnan`` unreliable
and let sums depend on the machine, so none is set; :func:`adding_up` alone lets sums, of checks, run in any order.
Division follows numpy (no exception in a kernel), which lets loops vectorise; what is divided by is checked in front.
"""

import hashlib
import os
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar, cast

try:
    import numba
    from numba.core import caching, serialize
    from numba.core.runtime.nrt import rtsys
    from numba.extending import intrinsic
except ValueError as error:  # numba reads its settings from the environment, and fails on some of them
    own = ", ".join(name for name in os.environ if name.startswith("NUMBA_"))
    raise ImportError(f"numba does not take its settings ({error}); mend or remove what you set: {own}") from error

from ggu_costs.ahead import cores, wait_for

P = ParamSpec("P")
R = TypeVar("R")

_NJIT: Any = numba.njit
_OPTIONS = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` on first use, without the interpreter lock, and keep the machine code on disk.

    Where it cannot be kept (a read-only install without a writable home, a full disk) it is compiled in memory, and a
    warning says so once. A cached kernel calls jitted helpers of its own file only: the cache does not see changes
    elsewhere.
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


def adding_up(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a helper of the kernels of its own file that adds a row up for a check, in any order, so that it vectorises.

    Nothing that leaves a kernel may be computed with two additions in it.
    """
    return cast("Callable[P, R]", _NJIT(**_OPTIONS, fastmath={"reassoc"}, _nrt=False)(function))


def _compiled(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    compiled = _NJIT(**_OPTIONS, **options)(function)
    if compiled is not function:  # nothing is compiled where the compiler is off
        compiled._cache = _cache_of(function)
    return cast("Callable[P, R]", compiled)


_FUNCTION_CACHE: Any = caching.FunctionCache
_NULL_CACHE: Any = caching.NullCache
_DUMPS: Any = serialize.dumps


def _cache_of(function: Callable[..., Any]) -> Any:
    try:
        return _Kept(function)
    except (RuntimeError, OSError) as error:  # numba found no place for it
        return _NotKept(error)


class _Kept(_FUNCTION_CACHE):  # type: ignore[misc]
    """numba's cache of a function, with a seal on what it keeps.

    numba reads what it finds: a file that was cut off is an error in every later call, and one that is half blank, or
    that another process wrote under the same name for other types, can end the process. What the seal does not fit is
    compiled again.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the machine code for a signature, of another process too that compiles it; None where none is sound.

        What is kept needs the runtime of numba, and nothing of what it compiles with: that is a hundred modules, and
        the compiler imports them itself.
        """
        rtsys.initialize(target_context)
        try:
            key = self._index_key(sig, target_context.codegen())
            found = self._cache_file.load(key)
            if found is None and wait_for(f"kernel {self._py_func.__name__}"):
                found = self._cache_file.load(key)
            if found is None:
                return None
            seal, body = found
            if seal == _seal(key, body):
                return self._impl.rebuild(target_context, pickle.loads(body))  # noqa: S301 (as numba reads its own)
        except Exception:  # noqa: S110 (whatever a damaged file, or another numba, makes of it)
            pass
        with suppress(Exception):  # else saving would meet the same file
            self.flush()
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the machine code for a signature; where that fails it stays in memory, and a warning says so."""
        try:
            if self._impl.check_cachable(data):
                self._impl.locator.ensure_cache_path()
                key, body = self._index_key(sig, data.codegen), _DUMPS(self._impl.reduce(data))
                self._cache_file.save(key, (_seal(key, body), body))
        except Exception as error:  # the code is there: that it is not kept may not stop anyone
            _tell(error)


class _NotKept(_NULL_CACHE):  # type: ignore[misc]
    """Stands where there is no place to keep machine code."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep nothing, and say so."""
        _tell(self.error)


def _seal(key: Any, body: bytes) -> str:
    return hashlib.sha256(repr(key).encode() + body).hexdigest()


_lost: list[str] = []


def not_kept() -> str:
    """Return why compiled kernels of this process are not on disk; empty where all are."""
    return _lost[0] if _lost else ""


def _tell(error: Exception) -> None:
    """Say once in a process that kernels are compiled in memory."""
    _lost.append(str(error) or type(error).__name__)
    if len(_lost) == 1:
        warnings.warn(
            f"compiled kernels cannot be kept on disk ({not_kept()}): every process compiles them again. "
            "Set NUMBA_CACHE_DIR to a folder that can be written.",
            RuntimeWarning,
            stacklevel=3,
        )


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
    return cores() if threads is None else max(1, threads)


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
