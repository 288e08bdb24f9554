"""The freeze of outputs finds what changed, and shows where."""

from __future__ import annotations

import json
from pathlib import Path

import freeze
import pytest


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(freeze, "TEXTS", tmp_path)
    return tmp_path


def test_a_changed_a_missing_and_a_new_output_are_found(texts: Path) -> None:
    old = {name: freeze.keep(text) for name, text in {"a": "1\n2,50\n3", "b": "x", "c": "y"}.items()}
    new = {name: freeze.keep(text) for name, text in {"a": "1\n2,51\n3", "c": "y", "d": "x"}.items()}
    found = freeze.compare(old, new)
    assert found == freeze.Found(changed=["a"], missing=["b"], new=["d"], left_out=[])
    assert not found.equal
    assert freeze.compare(old, old).equal
    told = "\n".join(freeze.tell(found, old, new, most=1))
    assert "a: line 2, column 4\n    - 2,50\n    + 2,51" in told
    assert "1 changed, 1 missing, 1 new, 1 equal" in told
    freeze.tidy(new)
    assert freeze.kept(old["a"]) is None
    assert "say --against" in "\n".join(freeze.tell(found, old, new, most=1))


def test_simulated_outputs_of_another_platform_are_left_out() -> None:
    old, new = {"a": "1234 here", "b": "1234 here"}, {"a": "5678 there", "b": "5678 here"}
    found = freeze.compare(old, new)
    assert (found.left_out, found.changed) == (["a"], ["b"])


def test_the_first_difference_is_cut_around_the_place() -> None:
    long = "x" * 500
    assert freeze.first_difference(f"{long}old", f"{long}new", around=3) == (
        "line 1, column 501\n    - ...xxxold\n    + ...xxxnew"
    )
    assert freeze.first_difference("a", "a\nb") == "line 2, column 1\n    - (no such line)\n    + b"


def test_the_frozen_files_are_sorted_and_small() -> None:
    paths = list(freeze.FROZEN.glob("*.json"))
    assert {path.stem for path in paths} >= {"asked", "compare", "library", "note", "run", "told"}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        held = json.loads(text)
        assert len(text) < 1_000_000
        assert list(held["outputs"]) == sorted(held["outputs"])
        assert {name.partition("/")[0] for name in held["outputs"]} == {path.stem}
        assert {digest.partition(" ")[2] for digest in held["outputs"].values()} <= {"", *held["platforms"]}


def test_what_is_frozen_is_written_by_group_and_read_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(freeze, "FROZEN", tmp_path)
    end = freeze.digest_of(freeze.platform())[:8]
    made = {"run/a/x": "1234", "run/b/x": f"5678 {end}", "told/list": "90ab"}
    freeze.freeze(made, "*")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json", "told.json"]
    assert freeze.frozen() == ({end: freeze.platform()}, made)
    freeze.freeze({}, "told/*")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.json"]


def test_a_pattern_that_names_no_output_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A pattern is weighed before anything is made, so any library may be installed beside this checkout.
    monkeypatch.setattr("sys.argv", ["freeze.py", "--only", "run/fund/*"])
    monkeypatch.setattr(freeze, "prepare", lambda checkout: None)
    monkeypatch.setattr(freeze, "tasks", list)  # also where a new output is not frozen yet
    with pytest.raises(SystemExit, match="2"):
        freeze.main()
    assert "no output is named run/fund/*" in capsys.readouterr().err
