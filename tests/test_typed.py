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


def rejected_by_mypy(file: Path, folder: Path) -> set[int]:
    """Return the lines in which mypy --strict finds an error."""
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={folder}", "--no-pretty",
               "--no-error-summary", "--show-absolute-path", str(file)]  # fmt: skip
    path = {} if INSTALLED.name == "site-packages" else {"MYPYPATH": str(INSTALLED)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={**os.environ, **path})
    assert done.returncode in (0, 1), done.stdout + done.stderr
    errors = re.findall(r"^(.+?):(\d+): error: .*$", done.stdout, re.MULTILINE)
    assert {name for name, _ in errors} <= {str(file)}, done.stdout
    return {int(line) for _, line in errors}


def rejected_by_pyright(file: Path, folder: Path) -> set[int]:
    """Return the lines in which pyright finds an error."""
    settings = {"include": [str(file)], "extraPaths": [str(INSTALLED)], "typeCheckingMode": "strict"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == 1
    errors = [one for one in said["generalDiagnostics"] if one["severity"] == "error"]
    assert {one["file"] for one in errors} <= {str(file)}, done.stdout
    return {one["range"]["start"]["line"] + 1 for one in errors}


CHECKERS = [rejected_by_mypy, rejected_by_pyright]


@pytest.mark.parametrize("rejected", CHECKERS, ids=["mypy", "pyright"])
@pytest.mark.parametrize("name", ["consumer.py", "mistakes.py"])
def test_checkers_reject_the_mistakes_and_nothing_else(name: str, rejected, tmp_path: Path) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    wrong = {number for number, line in enumerate(text.splitlines(), start=1) if line.endswith("  # mistake")}
    assert len(wrong) == (0 if name == "consumer.py" else 30)
    assert rejected(file, tmp_path) == wrong


def test_every_public_name_is_used() -> None:
    used = set(re.findall(r"\bggu\.([A-Za-z_]+)", (HERE / "consumer.py").read_text(encoding="utf-8")))
    assert used - {"__version__"} == set(ggu_costs.__all__)
