"""The minimum versions that are stated are those that are tested: one list in three places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("plots", "excel", "html", "dask", "arrow", "service")
"""What users install beside the library itself; tools of tests have floors that nobody depends on."""


def stated() -> dict[str, str]:
    """Return the minimum versions of pyproject.toml; each has one, and no upper bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needs = [*project["dependencies"], *(need for extra in EXTRAS for need in extras[extra])]
    found = [re.fullmatch(r"([\w-]+)>=([\d.]+)", need) for need in needs]
    assert all(found), needs
    return {match[1]: match[2] for match in found if match}


def test_the_constraints_are_the_minimum_versions_of_the_project() -> None:
    lines = (ROOT / "tests" / "floors.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert pinned == stated()


def test_the_site_states_them_beside_the_newest_that_were_tested() -> None:
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w-]+) \| ([\d.]+) \| ([\d.]+) \|$", text, flags=re.MULTILINE)
    assert {name: low for name, low, _ in rows} == {"Python": "3.11", **stated()}
    for name, low, high in rows:
        assert [int(part) for part in low.split(".")] <= [int(part) for part in high.split(".")], name


def test_both_scripts_install_them() -> None:
    for script in ("run", "nightly"):
        assert "-c tests/floors.txt" in (ROOT / ".ci" / script).read_text(encoding="utf-8")
