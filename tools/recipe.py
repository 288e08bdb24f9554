"""Check the conda recipe: its form, and that it states what pyproject.toml states.

    python tools/recipe.py

The form is that of conda-forge (``schema_version: 1``). Where the package of rattler-build is installed, that reads the
recipe as well.
"""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
TOP = {"schema_version", "context", "package", "source", "build", "requirements", "tests", "about", "extra"}
ABOUT = {"homepage", "license", "license_file", "summary", "description", "documentation", "repository"}


def faults() -> list[str]:
    """Return what is wrong with the recipe; empty where nothing is."""
    recipe = yaml.safe_load((ROOT / "conda/recipe.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [f"unknown table: {name}" for name in recipe.keys() - TOP]
    found += [f"about: unknown key {name}" for name in recipe["about"].keys() - ABOUT]
    found += [f"missing table: {name}" for name in TOP - {"extra"} - recipe.keys()]
    if recipe["context"]["version"] != project["version"]:
        found.append(f"version {recipe['context']['version']}, while pyproject.toml has {project['version']}")
    if recipe["about"]["license"] != project["license"]:
        found.append("another licence than pyproject.toml has")
    run = {_named(text): text for text in recipe["requirements"]["run"]}
    for text in (*project["dependencies"], f"python{project['requires-python']}"):
        name = _named(text)
        if run.pop(name, "").replace(" ", "") != text.replace(" ", ""):
            found.append(f"run: {text} is asked by pyproject.toml")
    found += [f"run: {text} is not asked by pyproject.toml" for text in run.values()]
    return found + _rendered()


def _named(requirement: str) -> str:
    return re.split(r"[ <>=!\[]", requirement)[0]


def _rendered() -> list[str]:
    """Parse the recipe as rattler-build does, where its package is installed."""
    if importlib.util.find_spec("rattler_build") is None:
        return []
    import rattler_build

    try:
        read: Any = rattler_build.Stage0Recipe.from_file(str(ROOT / "conda/recipe.yaml"))
    except Exception as error:
        return [f"rattler-build: {error}"]
    print(f"rattler-build reads it: {type(read).__name__}")
    return []


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "conda/recipe.yaml is in order")
    sys.exit(bool(wrong))
