"""From what pydantic found to the faults of a file: dotted keys as in the file, words, the nearest spelling.

One fault must not hide another. What pydantic stops at is set aside, an unknown key dropped and a value that cannot be
read replaced by a spare one, and the rest is checked again. What then shows between the parts counts only if it shows
whatever the spare value is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from ggu_costs.errors import Fault, nearest
from ggu_costs.modelfile.overlay import copied
from ggu_costs.modelfile.values import Unit, VatState, shown

__all__ = ["SPARES", "dotted", "faults_of", "set_aside"]

RENAMED: dict[str, str] = {}
"""Signposts: old key -> "renamed X in 0.4"."""

SPARES = ({"mark": "pm", "vat": "incl"}, {"mark": "unallocated", "vat": "excl"})
"""Two values to put in the place of one that cannot be read."""

Step = int | str


def faults_of(entry: Mapping[str, Any], tables: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    """Return what one error of pydantic says, as faults of the file."""
    where = dotted(entry["loc"], tables)
    context = entry.get("ctx", {})
    if entry["type"] == "fault":
        return [Fault(where, *fault) for fault in context["found"]]
    if entry["type"] == "extra_forbidden":
        name = str(entry["loc"][-1])
        close = nearest(name, set(known) - {name})
        return [Fault(where, f"unknown key {name!r}", remedy=RENAMED.get(name) or _meant(close))]
    if entry["type"] == "missing":
        return [Fault(where, "missing", remedy="Fill it in.")]
    found, allowed = shown(entry["input"]), str(entry["msg"])
    if entry["type"] == "literal_error":
        allowed = str(context["expected"])
        return [Fault(where, found, allowed, _meant(nearest(str(entry["input"]), allowed.split("'")[1::2])))]
    return [Fault(where, found, allowed[:1].lower() + allowed[1:])]


def _meant(name: str) -> str:
    return f"Did you mean {name!r}?" if name else ""


def dotted(place: Sequence[Step], tables: Any) -> str:
    """Write a place as the file has it: a table of an array by its id, one value without a position."""
    where = ""
    for holder, step in _trail(place, tables):
        entry = _below(holder, step)
        label = entry.get("id") if isinstance(step, int) and isinstance(entry, dict) else None
        where += f"[{step}]" if isinstance(step, int) and not label else f".{label or step}"
    return where.lstrip(".") or "the file"


def _trail(place: Sequence[Step], tables: Any) -> list[tuple[Any, Step]]:
    """Return the steps of a place that the file has, each with what it is a step in.

    The wrapper ``items`` around dated values, the list around a table that stands alone, and the name of the branch of
    a choice that was tried are not in the file.
    """
    trail: list[tuple[Any, Step]] = []
    node = tables
    for position, step in enumerate(place):
        missing = isinstance(step, str) and position == len(place) - 1
        there = (
            isinstance(step, int) if isinstance(node, list) else isinstance(node, dict) and (step in node or missing)
        )
        if there:
            trail.append((node, step))
            node = _below(node, step)
    return trail


def _below(node: Any, step: Step) -> Any:
    if isinstance(node, list) and isinstance(step, int):
        return node[step] if step < len(node) else None
    return node.get(step) if isinstance(node, dict) else None


def set_aside(
    tables: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], spare: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the tables without what `entries` complain about; None where the rest could not be checked."""
    rest: dict[str, Any] = copied(tables)
    for entry in entries:
        place = list(entry["loc"])
        unknown = entry["type"] == "extra_forbidden"
        in_value = "items" in place and not unknown
        trail = _trail(place[: place.index("items")] if in_value else place, rest)
        if not trail:
            return None
        holder, step = trail[-1]
        if unknown:
            holder.pop(step, None)
        elif in_value or _looks_like_value(_below(holder, step)):
            holder[step] = _spare(_below(holder, step), spare)
        else:
            return None
    return rest


def _looks_like_value(node: Any) -> bool:
    entry = node[0] if isinstance(node, list) and node else node
    return isinstance(entry, dict) and "unit" in entry and "description" not in entry


def _spare(node: Any, spare: Mapping[str, str]) -> dict[str, Any]:
    """Return a value that loads, with unit and VAT state as the file has them where they can be read."""
    held = node[0] if isinstance(node, list) and node else node
    entry = held if isinstance(held, dict) else {}
    unit = entry.get("unit") if entry.get("unit") in get_args(Unit) else "EUR"
    vat = entry.get("vat") if entry.get("vat") in get_args(VatState) else spare["vat"]
    amount = {"vat": vat, "price_level": "-"} if str(unit).startswith("EUR") else {}
    return {"mark": spare["mark"], "unit": unit, "status": "estimated", "by": "-", **amount}
