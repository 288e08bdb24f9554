import json
import re
from pathlib import Path
from typing import Any

import pytest

from ggu_costs.errors import InputError, OutputError
from ggu_costs.report import files
from ggu_costs.report.files import check_folder, write_atomically, write_run


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_writes_into_a_new_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    paths = write_atomically(folder, {"result.csv": b"x", "provenance.json": b"{}"})
    assert paths == (folder / "result.csv", folder / "provenance.json")
    assert held(folder) == {"result.csv": b"x", "provenance.json": b"{}"}


def test_replaces_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_bytes(b"old")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    write_atomically(tmp_path, {"result.csv": b"new"})
    assert held(tmp_path) == {"result.csv": b"new", "notes.txt": b"mine"}


def test_files_can_be_read_by_whom_the_system_lets(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    (path,) = write_atomically(tmp_path, {"result.csv": b"x"})
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_failure_on_the_way_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    real, calls = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing + 1:
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(
        OutputError, match=r"cannot write .\.csv into .*Permission denied; nothing was changed"
    ) as error:
        write_atomically(tmp_path, {"a.csv": b"1", "b.csv": b"2", "c.csv": b"3"})
    assert "Close the file where it is open" in str(error.value)
    assert held(tmp_path) == {"a.csv": b"old"}


def test_a_failure_removes_the_folders_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OutputError, match=r"a\.csv .*No space left"):
        write_atomically(tmp_path / "new" / "folder", {"a.csv": b"1"})
    assert held(tmp_path) == {}


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")

    def interrupt(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path, {"a.csv": b"new"})
    assert held(tmp_path) == {"a.csv": b"old"}


def test_a_folder_stands_where_a_file_should_come(tmp_path: Path) -> None:
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(OutputError, match=r"cannot write b\.csv"):
        write_atomically(tmp_path, {"a.csv": b"1", "b.csv": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]


def test_a_file_stands_where_the_folder_should_come(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match=r"file is not a folder\nChoose another folder"):
            write_atomically(folder, {"a.csv": b"1"})


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match=re.escape(f"{tmp_path} is not writable")):
        check_folder(tmp_path / "new")
    assert held(tmp_path) == {}


def test_a_relative_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_atomically("out", {"a.csv": b"1"}) == (Path("out/a.csv"),)
    assert (tmp_path / "out" / "a.csv").read_bytes() == b"1"


def test_every_wrong_name_at_once(tmp_path: Path) -> None:
    wrong = ["../a", "a/b", "a\\b", "", ".", "..", "c:d", "a\x00", "a.", " "]
    content: dict[str, Any] = dict.fromkeys([*wrong, "A.csv", "a.csv"], b"") | {"t": "text"}
    with pytest.raises(InputError) as error:
        write_atomically(tmp_path / "new", content)
    assert {fault.where for fault in error.value.faults} == {repr(name) for name in [*wrong, "a.csv", "t"]}
    assert held(tmp_path) == {}


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    real, calls = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > 2:  # a.csv and b.csv are published, then nothing works any more
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(OutputError, match=r"put back by hand: a\.csv \(was (\S+)\), b\.csv \(was not there\)") as error:
        write_atomically(tmp_path, {"a.csv": b"1", "b.csv": b"2", "c.csv": b"3"})
    kept = re.search(r"was (\.ggu\S+\.tmp)", str(error.value))
    assert kept
    assert (tmp_path / kept.group(1)).read_bytes() == b"old"


def listing(*names: object) -> bytes:
    return json.dumps({"tables": names}).encode()


def test_a_run_removes_the_tables_of_an_earlier_run_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_run(folder, {"a.csv": b"1", "b.csv": b"1", "provenance.json": listing("a.csv", "b.csv")})
    (folder / "mine.csv").write_bytes(b"mine")
    assert write_run(folder, {"b.csv": b"2", "provenance.json": listing("b.csv")}) == ("a.csv",)
    assert held(folder) == {"b.csv": b"2", "mine.csv": b"mine", "provenance.json": listing("b.csv")}


@pytest.mark.parametrize(
    "told", [b"no json", b"[]", b'{"tables": "mine.csv"}', listing("../mine.csv", "mine.txt", 7, "sub", "gone.csv")]
)
def test_what_an_odd_listing_names_stays(tmp_path: Path, told: bytes) -> None:
    folder = tmp_path / "out"
    write_atomically(folder, {"provenance.json": told, "mine.csv": b"mine", "mine.txt": b"mine"})
    (tmp_path / "mine.csv").write_bytes(b"mine")
    assert write_run(folder, {"b.csv": b"2"}) == ()
    assert set(held(folder)) == {"b.csv", "mine.csv", "mine.txt", "provenance.json"}
    assert (tmp_path / "mine.csv").exists()


def test_a_table_that_cannot_be_removed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path, {"a.csv": b"1", "provenance.json": listing("a.csv")})
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        real(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(OutputError, match=r"a\.csv of an earlier run is still in"):
        write_run(tmp_path, {"b.csv": b"2"})
    assert (tmp_path / "b.csv").read_bytes() == b"2"
