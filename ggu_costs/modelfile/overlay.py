"""A model file as a base with changes, each with its own source or status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ggu_costs.errors import Faults, nearest
from ggu_costs.modelfile.values import Status, shown

__all__ = ["CHANGE_KEYS", "OWN_KEYS", "lay_over"]

_ADDED = ("sources", "inputs", "notes")
_REPLACED = ("schema", "kind", "id", "title", "checked_on", "description")
OWN_KEYS = (*_REPLACED, *_ADDED, "base", "changes")
"""What a file with a base may hold; all else stands in its changes."""
CHANGE_KEYS = ("key", "set", "status", "source", "by", "note")
"""What one of the changes may hold."""


def lay_over(base: Mapping[str, Any], change: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """Lay an overlay file over its base: header replaced, sources, inputs and notes added, each change at its key.

    Parameters
    ----------
    base, change
        Tables of the two files; neither is changed.
    faults
        Takes the faults of the overlay.
    """
    for key in change.keys() - set(OWN_KEYS):
        remedy = "Write it as one of [[changes]] with key and set."
        faults.add(key, "a table of its own in a file with a base", ", ".join(OWN_KEYS), remedy)
    result: dict[str, Any] = copied(base) | {key: change[key] for key in _REPLACED if key in change}
    for key in _ADDED:
        old, new = result.get(key), change.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            result[key] = old | new
        elif isinstance(old, list) and isinstance(new, list):
            result[key] = old + new
        elif new is not None:
            result[key] = new
    changes = change.get("changes", [])
    if not isinstance(changes, list) or not all(isinstance(item, dict) for item in changes):
        faults.add("changes", shown(changes), "[[changes]] with key, set, status and source")
        return result
    for position, item in enumerate(changes):
        _apply(result, item, f"changes[{position}]", faults)
    return result


def copied(value: Any) -> Any:
    """Copy tables and lists all the way down."""
    if isinstance(value, Mapping):
        return {str(key): copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list | tuple) else value


def _apply(tables: dict[str, Any], item: dict[str, Any], where: str, faults: Faults) -> None:
    for key in item.keys() - set(CHANGE_KEYS):
        close = nearest(key, CHANGE_KEYS)
        remedy = f"Did you mean {close!r}?" if close else ""
        faults.add(f"{where}.{key}", "unknown key", ", ".join(CHANGE_KEYS), remedy)
    if not isinstance(item.get("key"), str) or "set" not in item:
        faults.add(where, "a change without key or set", 'key = "fund.total", set = { ... }')
        return
    carrier = item["set"] if isinstance(item["set"], dict) and "status" in item["set"] else item
    if "status" not in carrier or not (carrier.get("source") or carrier.get("by")):
        faults.add(where, "a change without status and source (or by)", "each change says on what it rests")
    elif carrier is item and carrier["status"] not in get_args(Status):
        close = nearest(carrier["status"], get_args(Status))
        remedy = f"Did you mean {close!r}?" if close else ""
        faults.add(f"{where}.status", shown(carrier["status"]), ", ".join(get_args(Status)), remedy)
    _put(tables, item["key"], copied(item["set"]), f"{where}.key", faults)


def _put(tables: dict[str, Any], key: str, new: object, where: str, faults: Faults) -> None:
    """Set what stands at a dotted key; entries of an array of tables go by their id, a new id is added at the end."""
    *path, last = key.split(".")
    target: Any = tables
    for step in path:
        known = _names(target)
        if step not in known:
            close = nearest(step, known)
            remedy = f"Did you mean {close!r}?" if close else ""
            faults.add(where, f"{key!r} leads nowhere at {step!r}", "a key of the base file", remedy)
            return
        target = known[step]
    if isinstance(target, list):
        place = next((i for i, entry in enumerate(target) if isinstance(entry, dict) and entry.get("id") == last), None)
        if place is None:
            target.append(new)
        else:
            target[place] = new
    elif isinstance(target, dict):
        target[last] = new
    else:
        faults.add(where, f"{key!r} leads into {shown(target)}", "a key of the base file")


def _names(target: Any) -> dict[str, Any]:
    """Return what lies below a table or an array of tables, by key or id."""
    if isinstance(target, list):
        return {str(entry["id"]): entry for entry in target if isinstance(entry, dict) and "id" in entry}
    return target if isinstance(target, dict) else {}
