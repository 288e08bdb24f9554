"""What type checkers say of code that uses the library: right use passes, and no mistake does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ggu_costs

HERE = Path(__file__).parent / "typed"
INSTALLED = Path(ggu_costs.__file__).parents[1]


def rejected_by_mypy(files: list[Path], folder: Path) -> set[tuple[str, int]]:
    """Return the files and lines in which mypy --strict finds an error."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={folder}", "--no-pretty",
               "--no-error-summary", "--show-absolute-path", *map(str, files)]  # fmt: skip
    path = {} if INSTALLED.name == "site-packages" else {"MYPYPATH": str(INSTALLED)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, **path})
    assert done.returncode in (0, 1), done.stdout + done.stderr
    errors = re.findall(r"^(.+?):(\d+): error: .*$", done.stdout, re.MULTILINE)
    assert {name for name, _ in errors} <= {*map(str, files)}, done.stdout
    return {(Path(name).name, int(line)) for name, line in errors}


def rejected_by_pyright(files: list[Path], folder: Path) -> set[tuple[str, int]]:
    """Return the files and lines in which pyright finds an error."""
    settings = {"include": [*map(str, files)], "extraPaths": [str(INSTALLED)], "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == len(files)
    errors = [one for one in said["generalDiagnostics"] if one["severity"] == "error"]
    assert {one["file"] for one in errors} <= {*map(str, files)}, done.stdout
    return {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in errors}


CHECKERS = [rejected_by_mypy, rejected_by_pyright]


@pytest.mark.parametrize("rejected", CHECKERS, ids=["mypy", "pyright"])
def test_checkers_reject_the_mistakes_and_nothing_else(rejected, tmp_path: Path) -> None:
    wrong = set()
    files = [tmp_path / name for name in ("consumer.py", "mistakes.py")]
    for file in files:
        text = (HERE / file.name).read_text(encoding="utf-8")
        file.write_text(text, encoding="utf-8")
        lines = enumerate(text.splitlines(), start=1)
        wrong |= {(file.name, number) for number, line in lines if line.endswith("  # mistake")}
    assert [name for name, _ in wrong] == 30 * ["mistakes.py"]
    assert rejected(files, tmp_path) == wrong


def test_every_public_name_is_used() -> None:
    used = set(re.findall(r"\bggu\.([A-Za-z_]+)", (HERE / "consumer.py").read_text(encoding="utf-8")))
    assert used - {"__version__"} == set(ggu_costs.__all__)
