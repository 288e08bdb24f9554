"""What a fuzzer counts, and the child process in which it tries its cases.

A module of this folder has ``NAME``, and ``fuzz(count, seed)`` which returns `Counts`; with ``attempt(case)`` it can be
replayed too, and ``warm()`` does in the child what the first case would else take the time of. A case ends well when
`attempt` returns or raises an error of the library.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ggu_costs.errors import GguCostsError

LONGEST_MESSAGE = 4_000  # characters
LONGEST_CASE = 5.0  # seconds of work
_GIVEN_UP = 120.0  # seconds by the clock, after which a child that waits for something is ended


@dataclass
class Counts:
    """How many cases were tried, and how many of them ended badly, by kind; `kept` has the files of those."""

    tried: int = 0
    raw_errors: int = 0
    wrong_sums: int = 0
    hangs: int = 0
    crashes: int = 0
    valid_refused: int = 0
    kept: list[str] = field(default_factory=list)

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def bad(self) -> int:
        """How many cases ended badly."""
        return self.raw_errors + self.wrong_sums + self.hangs + self.crashes + self.valid_refused


@dataclass(frozen=True)
class Case:
    """One input: its bytes, the suffix of the file it would be, and whether it has to be accepted."""

    content: bytes
    suffix: str
    valid: bool = False


class WrongSumError(Exception):
    """What came out does not add up."""


def try_all(
    name: str, attempt: Callable[[Case], object], cases: Iterable[Case], longest: float = LONGEST_CASE
) -> Counts:
    """Try every case in a child process, a new one after a crash or a hang; keep the input of what ends badly."""
    counts = Counts()
    child: _Child | None = None
    try:
        for case in cases:
            child = child or _Child(attempt, longest)
            kind, told = child.answer(case)
            counts.tried += 1
            if kind in ("hangs", "crashes"):
                child.end()
                child = None
            if kind == "refused" and case.valid:
                kind = "valid_refused"
            if kind not in ("fine", "refused"):
                setattr(counts, kind, getattr(counts, kind) + 1)
                counts.kept.append(keep(name, case, f"{kind}\n{told}"))
    finally:
        if child:
            child.end()
    return counts


def keep(name: str, case: Case, told: str) -> str:
    """Write a case and what came of it where FUZZ_KEPT says, or beside other temporary files; return the file."""
    folder = Path(os.environ.get("FUZZ_KEPT") or Path(tempfile.gettempdir()) / "ggu-fuzz") / name
    folder.mkdir(parents=True, exist_ok=True)
    mark = "valid-" if case.valid else ""
    path = folder / f"{mark}{hashlib.sha256(case.content).hexdigest()[:12]}{case.suffix}"
    path.write_bytes(case.content)
    path.with_name(path.name + ".txt").write_text(told, encoding="utf-8", errors="backslashreplace")
    return str(path)


def outcome(attempt: Callable[[Case], object], case: Case, longest: float = LONGEST_CASE) -> tuple[str, str]:
    """Try a case here, for so many seconds at most; return how it ended, as the name of a count, and the words."""
    start = time.process_time()
    try:
        attempt(case)
        kind, told = "fine", ""
    except GguCostsError as error:
        kind, told = "refused", f"{type(error).__name__}: {error}"
        if len(str(error)) > LONGEST_MESSAGE:
            kind, told = "raw_errors", f"a message of {len(str(error))} characters: {told}"
    except WrongSumError as error:
        kind, told = "wrong_sums", str(error)
    except BaseException:  # what is found here is what is looked for
        kind, told = "raw_errors", traceback.format_exc()
    took = time.process_time() - start
    return ("slow", f"{took:.1f} s of work; {told}") if took > longest and kind != "raw_errors" else (kind, told)


class _Child:
    def __init__(self, attempt: Callable[[Case], object], longest: float) -> None:
        context = multiprocessing.get_context("spawn")  # no threads or locks of this process go along
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, attempt, longest), daemon=True)
        self._process.start()
        there.close()
        self._here.recv()  # what is imported first does not count as time of a case

    def answer(self, case: Case) -> tuple[str, str]:
        try:
            self._here.send(case)
            if not self._here.poll(_GIVEN_UP):
                return "hangs", f"no answer in {_GIVEN_UP} s"
            kind, told = self._here.recv()
        except (EOFError, OSError):
            self._process.join(5)
            return "crashes", f"the process ended with code {self._process.exitcode}"
        return ("hangs", told) if kind == "slow" else (kind, told)

    def end(self) -> None:
        self._here.close()
        self._process.kill()
        self._process.join()


def _serve(there: Any, attempt: Callable[[Case], object], longest: float) -> None:
    getattr(sys.modules[attempt.__module__], "warm", lambda: None)()
    there.send("ready")
    while True:
        try:
            case = there.recv()
        except EOFError:
            return
        there.send(outcome(attempt, case, longest))
