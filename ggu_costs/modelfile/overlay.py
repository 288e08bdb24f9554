"""A model file as a base with changes, each with its own source or status."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, get_args

from ggu_costs.errors import Faults, did_you_mean
from ggu_costs.modelfile.values import BASIS, Status, shown

_ADDED = ("sources", "inputs", "notes")
_REPLACED = ("schema", "kind", "id", "title", "checked_on", "description")
OWN_KEYS = (*_REPLACED, *_ADDED, "base", "changes")
"""What a file with a base may hold; all else stands in its changes."""
CHANGE_KEYS = ("key", "set", *BASIS)
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
    result: dict[str, Any] = deepcopy(dict(base)) | {key: change[key] for key in _REPLACED if key in change}
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


def _apply(tables: dict[str, Any], item: dict[str, Any], where: str, faults: Faults) -> None:
    for key in item.keys() - set(CHANGE_KEYS):
        faults.add(f"{where}.{key}", "unknown key", ", ".join(CHANGE_KEYS), did_you_mean(key, CHANGE_KEYS))
    if not isinstance(item.get("key"), str) or "set" not in item:
        faults.add(where, "a change without key or set", 'key = "fund.total", set = { ... }')
        return
    entries = item["set"] if isinstance(item["set"], list) else [item["set"]]
    carriers = [entry for entry in entries if isinstance(entry, dict) and "status" in entry]  # say on what they rest
    before = len(faults.found)
    for carrier in carriers or [item]:
        if "status" not in carrier or not (carrier.get("source") or carrier.get("by")):
            faults.add(where, "a change without status and source (or by)", "each change says on what it rests")
        elif carrier is item and carrier["status"] not in get_args(Status):
            remedy = did_you_mean(carrier["status"], get_args(Status))
            faults.add(f"{where}.status", shown(carrier["status"]), ", ".join(get_args(Status)), remedy)
    sound = not carriers and len(faults.found) == before
    grounds = {name: item[name] for name in BASIS if name in item} if sound else None
    fault = _put(tables, item["key"], deepcopy(item["set"]), grounds)
    if fault is not None:
        faults.add(f"{where}.key", *fault)


def _put(tables: dict[str, Any], key: str, new: Any, grounds: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """Set what stands at a dotted key; return what is wrong with the key: found, allowed, remedy.

    `grounds`: on what the change rests, where what it sets does not say so itself. The value that the key leads into
    rests on that from then on; where it leads into none, the change is kept beside the tables.
    """
    *path, last = key.replace("[", ".[").split(".")
    target: Any = tables
    resting: dict[str, Any] | None = None  # the innermost table that says on what it rests
    for step in path:
        keys = _keys(target)
        if step not in keys:
            return f"{key!r} leads nowhere at {step!r}", "a key of the base file", did_you_mean(step, keys)
        target = target[keys[step]]
        resting = target if isinstance(target, dict) and "status" in target else resting
    if grounds is not None and path[-1:] == ["years"] and isinstance(target, dict) and target.keys() - {last}:
        whole = f"key = {key.removesuffix(f'.years.{last}')!r}"
        remedy = "Set the whole value: a list of tables, each with its years, status and source."
        return f"{key!r} is one year of several that rest on one source", whole, remedy
    keys = _keys(target)
    if last in keys:
        old, target[keys[last]] = target[keys[last]], new
        resting = new if isinstance(new, dict) and isinstance(old, dict) and "status" in old else resting
    elif isinstance(target, dict):
        target[last] = new
    elif isinstance(target, list) and not last.startswith("["):  # a new label is added at the end
        target.append(new)
    else:
        return f"{key!r} leads into {shown(target)}", "a key of the base file"
    if grounds is not None and resting is not None:
        for name in BASIS:  # of what the table held, part may no longer come from what it rested on
            resting.pop(name, None)
        resting.update(grounds)
    elif grounds is not None:
        tables["changes"] = [*tables.get("changes", []), {"key": key, **grounds}]
    return None


def _keys(target: Any) -> dict[str, Any]:
    """Return where each entry of a table, or of an array by its label or position in brackets, stands."""
    if isinstance(target, list):
        labelled = {label: place for place, entry in enumerate(target) if (label := _label(entry))}
        return {f"[{place}]": place for place in range(len(target))} | labelled
    return dict(zip(target, target, strict=True)) if isinstance(target, dict) else {}


def _label(entry: Any) -> str:
    """Return by what messages call an entry of an array: its id, or its year or period."""
    labels = [entry[name] for name in ("id", "year", "period") if name in entry] if isinstance(entry, dict) else []
    return str(labels[0]) if labels else ""
