"""Work in a copy of the process: the same comes of it, whatever becomes of that copy, and none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from ggu_costs.beside import Beside, can_copy

ALONE = """
import os, sys
from ggu_costs.beside import Beside, can_copy
"""


def alone(code: str, **how) -> subprocess.CompletedProcess[str]:
    """Run in a process without other threads, which a test may have."""
    return subprocess.run([sys.executable, "-c", ALONE + code], capture_output=True, text=True, check=False, **how)


forks = pytest.mark.skipif(sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="no copies here")


@forks
def test_the_work_is_done_in_another_process() -> None:
    code = "with Beside(lambda: (os.getpid(), bytes(10**6)), apart=True) as one: found = one.result()\n"
    told = alone(
        code + "print(found[0] != os.getpid(), len(found[1]))\ntry: os.wait()\nexcept ChildProcessError: print(0)"
    )
    assert told.stdout.split() == ["True", "1000000", "0"], told.stderr


@forks
@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)", "1 / 0", "sys.exit(2)"])
def test_where_the_copy_comes_to_nothing_the_work_is_done_here(end: str) -> None:
    code = f"here = os.getpid()\ndef work():\n    if os.getpid() != here: {end}\n    return 42\n"
    told = alone(code + "with Beside(work, apart=True) as one: print(one.result())")
    assert told.stdout.split() == ["42"], told.stderr


def test_an_error_shows_itself() -> None:
    with Beside(lambda: 1 // 0, apart=True) as one, pytest.raises(ZeroDivisionError):
        one.result()


@forks
def test_what_is_not_waited_for_is_ended() -> None:
    code = "import time\nwith Beside(lambda: time.sleep(600), apart=True): pass\n"
    told = alone(code + "try: os.wait()\nexcept ChildProcessError: print('none')", timeout=60)
    assert told.stdout.split() == ["none"], told.stderr


@forks
def test_an_interrupt_ends_both() -> None:
    code = "import time\nwith Beside(lambda: time.sleep(600), apart=True) as one:\n    print(one._child, flush=True)\n"
    code += "    one.result()"
    with subprocess.Popen(
        [sys.executable, "-c", ALONE + code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        child = int(run.stdout.readline())
        run.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in run.communicate(timeout=60)[1]
    for _ in range(100):
        if not os.path.exists(f"/proc/{child}"):  # noqa: PTH110
            return
        time.sleep(0.05)
    pytest.fail("the copy lives on")


def test_no_copy_is_made_where_one_core_is_to_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GGU_COSTS_THREADS", "1")
    assert not can_copy()


def test_no_copy_is_made_of_a_process_with_threads_nor_by_a_library() -> None:
    release = threading.Event()
    other = threading.Thread(target=release.wait)
    other.start()
    try:
        assert not can_copy()
        with Beside(os.getpid, apart=True) as one:
            assert one.result() == os.getpid()
    finally:
        release.set()
        other.join()
    with Beside(os.getpid, apart=False) as one:
        assert one.result() == os.getpid()
