"""One writer of files: a target holds the old content or the new one, whole, whatever happens on the way."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ggu_costs import files
from ggu_costs.errors import OutputError
from ggu_costs.files import TEMPORARY, write_file


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_replaces_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"mine")
    assert write_file(tmp_path / "a", b"new") == tmp_path / "a"
    assert held(tmp_path) == {"a": b"new", "b": b"mine"}
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "there" / "a")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert held(tmp_path / "there") == {"a": b"new"}


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "round").symlink_to("round")
    names = ["fifo", "folder", "round", "no/such/folder/a", "x" * 300, "a\0b"]
    for name in names:
        with pytest.raises(OutputError, match=r"cannot write .*; nothing was changed\nCheck that the folder exists"):
            write_file(tmp_path / name, b"new")
    assert {path.name for path in tmp_path.iterdir()} == {"fifo", "folder", "round"}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(files.os if step == "fsync" else Path, step, fail)
    with pytest.raises((OutputError, KeyboardInterrupt)) as raised:
        write_file(tmp_path / "a", b"new")
    if isinstance(error, OSError):
        assert "No space left on device; nothing was changed" in str(raised.value)
    assert held(tmp_path) == {"a": b"old"}


def test_settling_is_left_out_where_folders_cannot_be_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    real = os.open
    monkeypatch.setattr(files.os, "open", lambda *what: opened.append(what) or real(*what))
    monkeypatch.setattr(files, "_FOLDERS_FLUSH", False)
    write_file(tmp_path / "a", b"1")
    assert opened == []


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """A limit on the size of files is met halfway through the content, as the end of a disk is."""
    (tmp_path / "a").write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(OutputError, match="File too large; nothing was changed"):
            write_file(tmp_path / "a", bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert held(tmp_path) == {"a": b"old"}


def test_a_process_that_is_killed_leaves_the_old_content_or_the_new(tmp_path: Path) -> None:
    """A child writes 3 MB of one byte over and over, and is killed at moments that differ."""
    (tmp_path / "a").write_bytes(bytes([0]) * 3_000_000)
    write = "import sys; from ggu_costs.files import write_file\nprint(flush=True)\nn = 0\n"
    write += "while True: n += 1; write_file(sys.argv[1], bytes([n % 256]) * 3_000_000)"
    for moment in (0.0, 0.003, 0.011, 0.037):
        child = subprocess.Popen([sys.executable, "-c", write, str(tmp_path / "a")], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(moment)
        child.kill()
        child.communicate()
        content = (tmp_path / "a").read_bytes()
        assert len(content) == 3_000_000
        assert len(set(content)) == 1
    assert {path.name for path in tmp_path.iterdir()} - {path.name for path in tmp_path.glob(TEMPORARY)} == {"a"}
