"""Pages of what comes out: the tables of a run of each kind with their columns, and the schema of JSON."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import ggu_costs as ggu
from ggu_costs import results
from ggu_costs.catalogue import model_files

from . import write

SHOWN = {
    "funds/ggu/2020": 0,
    "fees/vng-contributie/2024": 0,
    "procurement/example-debt-signals": 0,
    "programmes/omgevingswet/2021": 512,
    "joint-bodies/example-shared-services": 0,
    "bundles/example-stapeling": 512,
    "grants/gemeentefonds/septembercirculaire-2024/2025": 0,
    "ballots/per-inhabitant": 0,
}
"""A model of each kind, small enough to be run when the site is built, and its draws where it has them."""


def _report(name: str, draws: int, lang: str) -> dict[str, Any]:
    file = tomllib.loads(model_files()[name].read_text(encoding="utf-8"), parse_float=Decimal)
    if draws:
        file["simulation"]["draws"] = draws
    return dict(ggu.open_model(file).report(lang=lang).to_dict(lang=lang))


def make_tables(path: Path) -> None:
    """Write the tables of a run of each kind: what stands above each column in both languages, and its unit."""
    lines = [
        "# The tables of a run",
        "",
        "Of one shipped model of each kind: the name of each column in CSV and JSON, and what stands",
    ]
    lines += ["above it for people."]
    for name, draws in SHOWN.items():
        dutch, english = (_report(name, draws, lang) for lang in ("nl", "en"))
        kind = ggu.open_model(name).definition.kind
        lines += ["", f"## {kind}", "", f"`ggu-costs run {name}`"]
        seen = set()
        for one, other in zip(dutch["tables"], english["tables"], strict=True):
            if one["name"] in seen:
                continue
            seen.add(one["name"])
            lines += ["", f"### {kind}: {one['name']}", "", _cell(other["title"]) or "The figures of the answer.", ""]
            lines += ["| column | Dutch | English | unit |", "|---|---|---|---|"]
            for left, right in zip(one["columns"], other["columns"], strict=True):
                cells = (f"`{left['name']}`", left["words"], right["words"], left["unit"])
                lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    write(path, "\n".join(lines) + "\n")


def _cell(text: object) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|").replace("[", "\\[")


def make_json(path: Path) -> None:
    """Write what the JSON of an answer holds, from its schema."""
    file = next(Path(results.__file__).parent.glob("result-*.schema.json"))
    schema = json.loads(file.read_text(encoding="utf-8"))
    lines = [
        "# JSON of an answer",
        "",
        f"`to_json()` and `ggu-costs run --json`; the schema is `{file.name}` in the package.",
        "",
    ]
    lines += _rows("At the top", schema)
    for name, part in schema.get("$defs", {}).items():
        if "properties" in part:
            lines += _rows(name, part)
    write(path, "\n".join(lines) + "\n")


def _rows(title: str, part: dict[str, Any]) -> list[str]:
    lines = [
        "",
        f"## {title}",
        "",
        " ".join(part.get("description", "").split()),
        "",
        "| key | type | what |",
        "|---|---|---|",
    ]
    for key, one in part["properties"].items():
        kind = one.get("type") or ("one of several" if "anyOf" in one else one.get("$ref", "").rpartition("/")[2])
        kind = " or ".join(kind) if isinstance(kind, list) else kind
        lines.append(f"| `{key}` | {kind} | {' '.join(one.get('description', '').split())} |")
    return lines
