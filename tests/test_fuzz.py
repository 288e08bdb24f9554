"""The fuzzers of `tests/fuzz`, a little of each; ``python -m tests.fuzz`` tries more. None may find anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import FACTORS, PROFILE
from fuzz.__main__ import fuzzers, main
from fuzz.counts import Case, Counts, WrongSumError, outcome, try_all

COUNTS = {"models": 2 * [400], "tables": [600]}  # a minute together, in parts, so that processes share them
OTHERS = [100]
PARTS = [(name, part, count) for name in fuzzers() for part, count in enumerate(COUNTS.get(name, OTHERS))]


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "part", "count"), PARTS, ids=[f"{name}-{part}" for name, part, _ in PARTS])
def test_nothing_ends_badly(name: str, part: int, count: int) -> None:
    found = fuzzers()[name].fuzz(round(count * FACTORS[PROFILE]), seed=part)
    assert found.tried > 0
    assert found.bad == 0, f"{found}: kept, to be tried again with python -m tests.fuzz --only {name} --replay FILE"


def crash(case: Case) -> None:
    import ctypes
    import os

    match case.content:
        case b"raw":
            raise ValueError(case.content)
        case b"wrong":
            raise WrongSumError("1 is not 2")
        case b"dead":
            os._exit(11)
        case b"slow":
            import time

            start = time.process_time()
            while time.process_time() < start + 0.6:
                ctypes.c_int(1)
        case b"refused":
            from ggu_costs.errors import InputError

            raise InputError("no")


def test_each_bad_end_is_counted_and_its_input_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUZZ_KEPT", str(tmp_path))
    contents = [b"fine", b"raw", b"dead", b"wrong", b"slow", b"refused", b"fine"]
    tried = [*(Case(each, ".bin") for each in contents), Case(b"refused", ".bin", valid=True)]
    found = try_all("proof", crash, tried, longest=0.5)
    assert (found.tried, found.raw_errors, found.crashes, found.wrong_sums, found.hangs, found.valid_refused) == (
        8, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert [Path(path).read_bytes() for path in found.kept] == [b"raw", b"dead", b"wrong", b"slow", b"refused"]
    assert outcome(crash, Case(Path(found.kept[0]).read_bytes(), ".bin"))[0] == "raw_errors"


def test_the_same_seed_gives_the_same_cases_and_the_command_replays_one(tmp_path: Path, capsys: Any) -> None:
    for name in ("models", "tables"):
        fuzzer = fuzzers()[name]
        first, again, other = (
            [case for case in fuzzer.mutants(30, seed) if case.suffix != ".xlsx"]  # which holds when it was made
            for seed in (1, 1, 2)
        )
        assert len(first) > 10
        assert first == again
        assert first != other
        assert {case.valid for case in first} == {True, False}
    path = tmp_path / "kept.csv"
    path.write_bytes(b"code;x\nGM0363;1O0")
    assert main(["--only", "tables", "--replay", str(path)]) == 0
    assert capsys.readouterr().out.startswith("refused\n")
    assert Counts(1, 1) + Counts(2, kept=["x"]) == Counts(3, 1, kept=["x"])
