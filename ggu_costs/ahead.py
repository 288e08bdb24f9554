"""Has another process make what takes seconds on the first run of a machine, while this one works.

What it makes it keeps on disk, where this process finds it. Whoever needs it waits for that process, and makes it
itself where that made none. It is ended with this process, after an error or an interrupt as well; where this one is
killed by a signal it goes on until what it makes is made.
"""

import atexit
import os
import subprocess
import sys
from contextlib import suppress

_making: dict[str, "subprocess.Popen[bytes]"] = {}
"""Processes under way, by what they make."""


def cores() -> int:
    """Return how many cores may be used: GGU_COSTS_THREADS, else those that this process may use."""
    stated = os.environ.get("GGU_COSTS_THREADS", "")
    if stated.isdigit():
        return max(1, int(stated))
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def make_ahead(what: str, code: str) -> None:
    """Start a process that runs `code` to make something, where one can be started and none makes it."""
    if what in _making or not sys.executable:
        return
    command, nothing = [sys.executable, "-c", code], subprocess.DEVNULL
    with suppress(OSError):
        _making[what] = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 (our own)
        atexit.register(_end, what)


def is_made_ahead(what: str) -> bool:
    """Whether a process makes something, and nobody waited for it yet."""
    return what in _making


def wait_for(what: str) -> bool:
    """Wait for the process that makes something; whether there was one."""
    process = _making.get(what)
    if process is None:
        return False
    process.wait()
    _making.pop(what, None)
    return True


def _end(what: str) -> None:
    process = _making.pop(what, None)
    if process is not None:
        process.kill()
        process.wait()
