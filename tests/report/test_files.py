"""A folder of a run: written whole, or everything is as it was, whatever happens on the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs import files as one_file
from ggu_costs.errors import InputError, OutputError
from ggu_costs.report import files
from ggu_costs.report.files import check_folder, write_run
from ggu_costs.report.listing import sealed


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def of_run(**contents: bytes) -> dict[str, bytes]:
    """Return the files of a run by name (a_csv for a.csv), with their listing."""
    found = {name.replace("_", "."): content for name, content in contents.items()}
    return found | {"provenance.json": sealed(json.dumps({"title": "T"}).encode(), found)}


def test_writes_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert write_run(folder, {"result.csv": b"x", "provenance.json": b"{}"}) == ()
    assert held(folder) == {"result.csv": b"x", "provenance.json": b"{}"}


def test_replaces_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_bytes(b"old")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    write_run(tmp_path, {"result.csv": b"new"})
    assert held(tmp_path) == {"result.csv": b"new", "notes.txt": b"mine"}


def test_files_can_be_read_by_whom_the_system_lets(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write_run(tmp_path, {"result.csv": b"x"})
    assert (tmp_path / "result.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


def failing_move(monkeypatch: pytest.MonkeyPatch, place: int, error: BaseException) -> None:
    """Let one move to a name that users see fail; staging and undoing go on."""
    real, calls = files._Work._move, []

    def move(self: Any, source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == place + 1:
            raise error
        real(self, source, target)

    monkeypatch.setattr(files._Work, "_move", move)


@pytest.mark.parametrize("place", range(8))
def test_a_failure_on_the_way_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    before = of_run(a_csv=b"old", old_csv=b"old")
    write_run(tmp_path, before)
    failing_move(monkeypatch, place, PermissionError(13, "Permission denied"))
    with pytest.raises(OutputError, match=r"cannot write \S+ into .*Permission denied; nothing was changed") as error:
        write_run(tmp_path, of_run(a_csv=b"1", b_csv=b"2", c_csv=b"3") | {"d.csv": b"4"})
    assert "Close the file where it is open" in str(error.value)
    assert held(tmp_path) == before
    assert ggu.verify(tmp_path).whole


@pytest.mark.parametrize("place", range(6))
def test_an_interrupt_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    before = of_run(a_csv=b"old", b_csv=b"old")
    write_run(tmp_path, before)
    failing_move(monkeypatch, place, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path, of_run(a_csv=b"new", b_csv=b"new"))
    assert held(tmp_path) == before


def test_a_full_disk_leaves_the_earlier_result_and_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of_run(a_csv=b"old")
    write_run(tmp_path / "there", before)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(one_file.os, "fsync", full)
    for folder in (tmp_path / "new" / "folder", tmp_path / "there"):
        with pytest.raises(OutputError, match=r"a\.csv .*No space left.*nothing was changed"):
            write_run(folder, of_run(a_csv=b"1"))
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert held(tmp_path / "there") == before


LIMITED = """
import resource, sys
from ggu_costs.errors import OutputError
from ggu_costs.report.files import write_run
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    write_run(sys.argv[1], {"a.csv": b"1", "b.csv": b"2" * 9000, "provenance.json": b"{}"})
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_file_that_may_not_grow_leaves_the_earlier_result(tmp_path: Path) -> None:
    before = of_run(a_csv=b"old")
    write_run(tmp_path, before)
    done = subprocess.run([sys.executable, "-c", LIMITED, tmp_path], capture_output=True, text=True, check=True)
    assert re.search(r"cannot write b\.csv into .*; nothing was changed", done.stdout)
    assert held(tmp_path) == before


def test_a_folder_stands_where_a_file_should_come(tmp_path: Path) -> None:
    (tmp_path / "b.csv").mkdir()
    (tmp_path / "b.csv" / "mine.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"cannot write b\.csv"):
        write_run(tmp_path, {"a.csv": b"1", "b.csv": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]
    assert held(tmp_path / "b.csv") == {"mine.txt": b"mine"}


def test_a_file_stands_where_the_folder_should_come(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match=r"file is not a folder\nChoose another folder"):
            write_run(folder, {"a.csv": b"1"})


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match=re.escape(f"{tmp_path} is not writable")):
        check_folder(tmp_path / "new")
    assert held(tmp_path) == {}


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_run("out", {"a.csv": b"1"})
    assert (tmp_path / "out" / "a.csv").read_bytes() == b"1"


def test_every_wrong_name_at_once(tmp_path: Path) -> None:
    wrong = ["../a", "a/b", "a\\b", "", ".", "..", "c:d", "a\x00", "a.", " "]
    content: dict[str, Any] = dict.fromkeys([*wrong, "A.csv", "a.csv"], b"") | {"t": "text"}
    with pytest.raises(InputError) as error:
        write_run(tmp_path / "new", content)
    assert {fault.where for fault in error.value.faults} == {repr(name) for name in [*wrong, "a.csv", "t"]}
    assert held(tmp_path) == {}


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    real, calls = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > 6:  # three are staged, a.csv goes aside, a.csv and b.csv come; then nothing works any more
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(
        OutputError, match=r"put back by hand: b\.csv \(was not there\), a\.csv \(was (\S+)\)\n"
    ) as error:
        write_run(tmp_path, {"a.csv": b"1", "b.csv": b"2", "c.csv": b"3"})
    kept = re.search(r"was (\.ggu\S+\.tmp/old/a\.csv)", str(error.value))
    assert kept
    assert (tmp_path / kept.group(1)).read_bytes() == b"old"


def listing(*names: object) -> bytes:
    """Return what versions that kept no SHA-256 wrote."""
    return json.dumps({"tables": names}).encode()


def test_a_run_removes_the_files_of_an_earlier_run_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_run(folder, {"a.csv": b"1", "b.csv": b"1", "provenance.json": listing("a.csv", "b.csv")})
    (folder / "mine.csv").write_bytes(b"mine")
    assert write_run(folder, of_run(b_csv=b"2", result_html=b"page")) == ("a.csv",)
    assert write_run(folder, {"b.csv": b"3", "provenance.json": listing("b.csv")}) == ("result.html",)
    assert held(folder) == {"b.csv": b"3", "mine.csv": b"mine", "provenance.json": listing("b.csv")}


@pytest.mark.parametrize(
    "told",
    [
        b"no json", b"[]", b'{"tables": "mine.csv"}', listing("../mine.csv", "mine.txt", 7, "sub", "gone.csv"),
        b'{"outputs": {"mine.csv": "0"}, "seal": "0"}', b"[" * 100_000, b"\xff",
    ],
)  # fmt: skip
def test_what_an_odd_listing_names_stays(tmp_path: Path, told: bytes) -> None:
    folder = tmp_path / "out"
    write_run(folder, {"provenance.json": told, "mine.csv": b"mine", "mine.txt": b"mine"})
    (tmp_path / "mine.csv").write_bytes(b"mine")
    assert write_run(folder, {"b.csv": b"2", "provenance.json": b"{}"}) == ()
    assert set(held(folder)) == {"b.csv", "mine.csv", "mine.txt", "provenance.json"}
    assert (tmp_path / "mine.csv").exists()


# a process that is killed

KILLED = """
import json, os, sys
from pathlib import Path
import ggu_costs as ggu
from ggu_costs.report import files

folder, runs = Path(sys.argv[1]), [
    {name: content.encode("latin-1") for name, content in run.items()} for run in json.loads(sys.argv[2])
]

def held():
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name[0] != "."}

def child(steps):
    seen = 0
    def hook(event, given):
        nonlocal seen
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} and str(folder) in str(given[0]):
            seen += 1
            if seen == steps:
                os.kill(os.getpid(), 9)
    sys.addaudithook(hook)
    files.write_run(folder, runs[1])
    os._exit(0)

ggu.verify(folder)  # everything is loaded before a process is forked
told = {"whole": 0, "mixed": 0, "moments": 0, "wrong": []}
for steps in range(1, 1000):
    files.write_run(folder, runs[0])
    if not (pid := os.fork()):
        child(steps)
    if os.waitpid(pid, 0)[1] == 0:
        break
    told["moments"] += 1
    whole = held() in runs[:2]
    if whole != ggu.verify(folder).whole:
        told["wrong"].append(steps)
    told["whole" if whole else "mixed"] += 1
    files.write_run(folder, runs[2])
    if held() != runs[2] or not ggu.verify(folder).whole or list(folder.glob(".ggu*")):
        told["wrong"].append(("next", steps))
print(json.dumps(told))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked")
def test_a_run_killed_at_any_moment_is_told_and_swept(tmp_path: Path) -> None:
    """Before each of the steps on files; the next run leaves a whole folder, without what the killed one left."""
    runs = [of_run(a_csv=b"1", old_csv=b"1"), of_run(a_csv=b"2", new_csv=b"2", c_html=b"2"), of_run(d_csv=b"3")]
    texts = [{name: content.decode("latin-1") for name, content in run.items()} for run in runs]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), json.dumps(texts)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert min(told["whole"], told["mixed"]) > 5
    assert told["moments"] > 25


def test_two_runs_into_one_folder_leave_one_of_them_whole(tmp_path: Path) -> None:
    runs = [of_run(a_csv=b"1", one_csv=b"1"), of_run(a_csv=b"2", two_csv=b"2")]
    errors: list[BaseException] = []

    def many(run: dict[str, bytes]) -> None:
        try:
            for _ in range(15):
                write_run(tmp_path, run)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=many, args=(run,)) for run in runs for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert held(tmp_path) in runs
    assert ggu.verify(tmp_path).whole


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked there")
def test_a_run_that_waits_too_long_for_another_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of_run(a_csv=b"1")
    write_run(tmp_path, before)
    monkeypatch.setattr(files, "_PATIENCE", 0.1)
    with (
        files._alone(tmp_path),
        pytest.raises(OutputError, match=r"another run is writing into .*; nothing was changed"),
    ):
        write_run(tmp_path, of_run(a_csv=b"2"))
    assert held(tmp_path) == before


def test_where_folders_cannot_be_locked_a_run_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def none(handle: int, how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    write_run(tmp_path, of_run(a_csv=b"1"))
    assert ggu.verify(tmp_path).whole


def test_what_other_programs_left_and_a_link_to_elsewhere(tmp_path: Path) -> None:
    """A file that was being written is swept; through a link nothing is removed."""
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (elsewhere / "new").mkdir(parents=True)
    (elsewhere / "new" / "mine.csv").write_bytes(b"mine")
    folder.mkdir()
    (folder / ".ggu-costs-1.tmp").write_bytes(b"left")
    (folder / ".ggu-costs-2.tmp").symlink_to(elsewhere)
    write_run(folder, of_run(a_csv=b"1"))
    assert sorted(path.name for path in folder.iterdir()) == [".ggu-costs-2.tmp", "a.csv", "provenance.json"]
    assert (elsewhere / "new" / "mine.csv").read_bytes() == b"mine"
