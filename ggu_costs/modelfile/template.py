"""Next year's model file from this year's: dates move on, amounts become inputs, the decision is to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ggu_costs.errors import InputError
from ggu_costs.modelfile.loader import RawModel

__all__ = ["next_model"]

_OF_THE_YEAR = ("half_year", "underspend", "base", "changes")
"""Tables that belong to the old year alone."""


def next_model(raw: RawModel, new_id: str) -> tuple[str, list[str]]:
    """Return the TOML text of the next year's file, and what is to be filled in.

    Every amount becomes an input with the source ``besluit``, whose title is to be filled in: until then the file
    does not load. Dates move to the next year; marks (PM, unallocated), shares and the key are kept to be confirmed.

    Raises
    ------
    InputError
        A model without years, or an id that is not written as one.
    """
    import tomli_w

    years = raw.tables.get("years")
    if not years:
        raise InputError(f"{raw.path} holds no years", remedy="Make the new file by hand, or start from a fund or fee.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_\-]*(/[a-z0-9_\-]+)*", new_id):
        raise InputError(f"{new_id!r} is not a model id", remedy="Write it in small letters, such as funds/ggu/2021.")
    last = max(years)
    year = last + 1
    inputs: dict[str, Any] = dict(raw.tables.get("inputs", {}))
    body = {key: item for key, item in raw.tables.items() if key not in ("inputs", "sources", *_OF_THE_YEAR)}
    moved = _moved(body, "", last, inputs, set(inputs))
    moved["activities"] = [
        {key: item for key, item in entry.items() if key not in ("years", *_OF_THE_YEAR)}
        for entry in moved.get("activities", [])
        if last in entry.get("years", [last])
    ]
    if not moved["activities"]:
        del moved["activities"]
    moved |= {
        "id": new_id,
        "title": str(raw.tables["title"]).replace(str(last), str(year)),
        "years": [year],
        "notes": [],
    }
    head = {
        key: moved.pop(key)
        for key in ("schema", "kind", "id", "title", "checked_on", "description", "notes", "years")
        if key in moved
    }
    sources = {
        **raw.tables.get("sources", {}),
        "besluit": {"title": f"VUL IN: het besluit over {year}", "publisher": "VNG", "url": ""},
    }
    tables = {**head, "sources": sources, "inputs": inputs, **moved}
    blanks = [f"sources.besluit: titel en vindplaats van het besluit over {year}"]
    blanks += [f"inputs.{name}: {need['description']}" for name, need in inputs.items() if not need.get("optional")]
    blanks += ["checked_on en notes", "bevestig de sleutel, de btw-aandelen en de datums"]
    return tomli_w.dumps(_writable(tables), multiline_strings=True), blanks


def _moved(part: Any, where: str, last: int, inputs: dict[str, Any], kept: set[str]) -> Any:
    """Move one part of the file a year on; amounts become inputs."""
    if isinstance(part, list):
        return [
            _moved(item, f"{where}.{item['id']}" if _has_id(item) else f"{where}.{i}", last, inputs, kept)
            for i, item in enumerate(part)
        ]
    if not isinstance(part, dict):
        return part
    if "status" in part and "unit" in part:
        return _moved_value(part, where, last, inputs)
    return {key: _moved(item, f"{where}.{key}".lstrip("."), last, inputs, kept) for key, item in part.items()}


def _has_id(item: Any) -> bool:
    return isinstance(item, Mapping) and "id" in item


def _moved_value(value: dict[str, Any], where: str, last: int, inputs: dict[str, Any]) -> dict[str, Any]:
    result = {
        key: item
        for key, item in value.items()
        if key not in ("value", "years", "from", "until", "mark", "input", "place", "note", "calculation")
    }
    figure = value.get("years", {}).get(str(last), value.get("value"))
    if "input" in value or figure in ("pm", "unallocated") or "mark" in value:
        mark = value.get("mark", figure)
        return result | ({"input": value["input"]} if "input" in value else {"mark": mark})
    if isinstance(figure, date):
        return result | {"value": figure.replace(year=figure.year + 1)}
    if value["unit"] == "share" and not where.endswith(("index", "growth_to_cost_cover", "merger_correction")):
        return result | {"value": figure}
    name = re.sub(r"[^a-z0-9]+", "_", where.removeprefix("fund.").removeprefix("fee.").lower()).strip("_")
    inputs[name] = {"unit": value["unit"], "description": f"{where} ({value['unit']})", "needed_for": "de uitkomst"}
    return {key: item for key, item in result.items() if key not in ("by", "source")} | {
        "input": name,
        "status": "proposed",
        "source": "besluit",
    }


def _writable(part: Any) -> Any:
    """Leave out what TOML cannot hold."""
    if isinstance(part, dict):
        return {key: _writable(item) for key, item in part.items() if item is not None}
    if isinstance(part, list | tuple):
        return [_writable(item) for item in part]
    return part
