"""Packs of reference tables for tests: a year more, by default a forecast with the inhabitants of the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w
from years import LAST

from ggu_costs.reference import municipalities

NEXT = LAST + 1
VEENENDAAL, ZEIST = "GM0345", "GM0355"
"""Two of the province of Utrecht above 25,000 inhabitants, together below 200,000."""


NATION = int(municipalities(LAST)["inhabitants"].sum())
"""Inhabitants of the last year."""


def people_of_last(*merged: str, into: str = "") -> dict[str, int]:
    """Return the inhabitants of the last year, those of some added up under a code."""
    people = {str(code): int(count) for code, count in municipalities(LAST)["inhabitants"].items()}
    if merged:
        people[into] = sum(people.pop(code) for code in merged)
    return people


def write_pack(
    folder: Path,
    people: Mapping[str, Any] | None = None,
    *,
    year: int = NEXT,
    mergers: Sequence[str] = (),
    columns: Mapping[str, Mapping[str, Any]] | None = None,
    entry: Mapping[str, Any] | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> Path:
    """Write a pack with inhabitants of one year.

    Parameters
    ----------
    people
        Inhabitants by code; by default those of the last year, merged as `mergers` say where they are one merger.
    mergers
        Lines of ``mergers.csv`` below its header.
    columns
        Other columns by name, by code.
    entry, manifest
        What the manifest says of the year, and of the whole, beside or instead of what it says here.
    """
    folder.mkdir(exist_ok=True)
    people = people_of_last() if people is None else people
    more = columns or {}
    rows = [[code, count, *(column.get(code, "") for column in more.values())] for code, count in people.items()]
    lines = [",".join(["code", "inhabitants", *more]), *(",".join(map(str, row)) for row in sorted(rows))]
    (folder / f"municipalities_{year}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tables: dict[str, Any] = {
        f"municipalities_{year}": {
            "file": f"municipalities_{year}.csv", "status": "forecast", "by": "test", "source": "own", **(entry or {}),
        }
    }  # fmt: skip
    if mergers:
        head = "date,old_code,new_code,new_name,share,indicator,province"
        (folder / "mergers.csv").write_text("\n".join([head, *mergers]) + "\n", encoding="utf-8")
        tables["mergers"] = {"file": "mergers.csv", "source": "own"}
    whole = {
        "pack": {"id": "proef", "title": "Proef", "by": "test"}, "sources": {"own": {"title": "Made for a test"}},
        "tables": tables, **(manifest or {}),
    }  # fmt: skip
    (folder / "manifest.toml").write_text(tomli_w.dumps(whole), encoding="utf-8")
    return folder


def merger_pack(folder: Path, **more: Any) -> Path:
    """Write a pack in which Veenendaal and Zeist become one, without growth."""
    lines = [f"{NEXT}-01-01,{code},GM9001,Valleistad,,," for code in (VEENENDAAL, ZEIST)]
    return write_pack(folder, people_of_last(VEENENDAAL, ZEIST, into="GM9001"), mergers=lines, **more)
