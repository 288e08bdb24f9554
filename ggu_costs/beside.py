"""Does work in a copy of this process, while this one does other work: plain Python keeps to one core otherwise.

The copy (fork) has all that was worked out so far and hands back bytes. It is made where that is safe: on Linux, with a
second core, and while no other Python thread runs, whose locks the copy would inherit. Anywhere else, and where the
copy comes to nothing, the work is done here, so that what comes of it, an error as well, is the same.
"""

import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Self, TypeVar

from ggu_costs.ahead import cores

R = TypeVar("R")


class Beside(Generic[R]):
    """Work that another process does, where one may be made; a context that ends with it.

    Parameters
    ----------
    work
        What can be pickled comes of it. It changes nothing outside itself: it may be done twice.
    apart
        Whether another process may be made; a command may, a library does not.

    Examples
    --------
    >>> with Beside(lambda: sum(range(5)), apart=True) as five:
    ...     five.result()
    10
    """

    def __init__(self, work: Callable[[], R], *, apart: bool) -> None:
        self._work = work
        self._child, self._pipe = _copy(work) if apart and can_copy() else (0, -1)

    def __enter__(self) -> Self:
        """Start; nothing else is to be done."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the other process, whatever it does, as after an interrupt."""
        child, self._child = self._child, 0
        if child:
            os.close(self._pipe)
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(child, 0)

    def result(self) -> R:
        """Wait for what comes of the work; do it here where nothing comes."""
        if self._child:
            with os.fdopen(self._pipe, "rb", closefd=False) as pipe:
                told = pipe.read()
            with suppress(Exception):  # it was ended, or met an error: done here the error shows itself
                return pickle.loads(told)  # type: ignore[no-any-return]  # noqa: S301 (our own process wrote it)
        return self._work()


def can_copy() -> bool:
    """Whether a copy of this process is safe, and has a core to itself."""
    return sys.platform == "linux" and threading.active_count() == 1 and cores() > 1


def _copy(work: Callable[[], object]) -> tuple[int, int]:
    """Start the copy; return its number and where to read what comes of it, (0, -1) where there can be none."""
    reading, writing = os.pipe()
    for stream in (sys.stdout, sys.stderr):  # what is buffered would be written by both
        if stream is not None:
            stream.flush()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads of other libraries, which the copy has not
            child = os.fork()
    except OSError:  # too many processes, or no memory
        os.close(reading)
        os.close(writing)
        return 0, -1
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupt comes to both; that process says so
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(work(), pipe)
        sys.stderr.flush()
        code = 0
    finally:
        os._exit(code)
