"""From a TOML file, or a mapping of the same form, to a checked definition; every fault of a file in one error."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ggu_costs.errors import Fault, Faults, ModelFileError, nearest
from ggu_costs.modelfile.header import Header

__all__ = ["Loaded", "RawModel", "check_definition", "read_raw"]

D = TypeVar("D", bound=Header)

RENAMED: dict[str, str] = {}
"""Signposts: old key -> "renamed X in 0.4"."""


@dataclass(frozen=True)
class RawModel:
    """A model before it is checked: the tables, and what was read to get them."""

    path: str
    tables: dict[str, Any]
    hashes: dict[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Loaded(Generic[D]):
    """A checked definition with the SHA-256 of each file that went into it."""

    definition: D
    path: str
    hashes: dict[str, str] = field(default_factory=dict)


def read_raw(source: Path | Mapping[str, Any], find: Callable[[str], Path], seen: tuple[str, ...] = ()) -> RawModel:
    """Read a file or mapping, with its base and changes applied.

    Parameters
    ----------
    source
        A TOML file, or a mapping of the same form.
    find
        Gives the file of a model id; used for `base`.

    Raises
    ------
    ModelFileError
        Not readable as TOML in UTF-8, or a base that refers to itself.
    """
    if isinstance(source, Path):
        path = source.as_posix()
        tables, digest = _parse(source)
    else:
        path = str(source.get("id", "(mapping)"))
        tables = _plain(source)
        digest = hashlib.sha256(json.dumps(tables, sort_keys=True, default=str).encode()).hexdigest()
    name = str(tables.get("id", path))
    hashes = {name: digest}
    faults = Faults()
    if "base" in tables:
        if name in seen:
            raise ModelFileError(
                f"{path}: base goes round in a circle: {' -> '.join((*seen, name))}",
                path=path,
                remedy="Let one of them stand on its own.",
            )
        base = read_raw(find(str(tables["base"])), find, (*seen, name))
        tables = _overlay(base.tables, tables, faults)
        hashes = {**base.hashes, **hashes}
    return RawModel(path, tables, hashes, tuple(faults.found))


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"{path.as_posix()}: {error.strerror or error}", path=path.as_posix(), remedy="Check the path."
        ) from error
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise ModelFileError(
            f"{path.as_posix()}: not UTF-8 at byte {error.start}",
            path=path.as_posix(),
            remedy="Save the file as UTF-8 (it looks like Windows-1252).",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ModelFileError(
            f"{path.as_posix()}: not valid TOML: {error}", path=path.as_posix(), remedy="Correct the line named."
        ) from error
    return tables, hashlib.sha256(content).hexdigest()


def _plain(value: Any) -> Any:
    """Deep copy of a mapping as TOML would give it: floats by their shortest decimal."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


def _overlay(base: dict[str, Any], change: dict[str, Any], faults: Faults) -> dict[str, Any]:
    """Lay an overlay file over its base: header and sources added, each change set at its dotted key."""
    own = {
        "schema",
        "kind",
        "id",
        "base",
        "title",
        "checked_on",
        "description",
        "notes",
        "sources",
        "changes",
        "inputs",
    }
    for key in change.keys() - own:
        faults.add(
            key,
            "a table of its own in a file with a base",
            ", ".join(sorted(own)),
            "Write it as one of [[changes]] with key and set.",
        )
    result: dict[str, Any] = _plain(base)
    result.update({key: change[key] for key in change.keys() & own - {"sources", "changes", "base", "inputs", "notes"}})
    result["notes"] = [*base.get("notes", []), *change.get("notes", [])]
    for table in ("sources", "inputs"):
        merged = {**base.get(table, {}), **change.get(table, {})}
        if merged:
            result[table] = merged
    for position, item in enumerate(change.get("changes", [])):
        _apply(result, item, f"changes[{position}]", faults)
    return result


def _apply(tables: dict[str, Any], item: dict[str, Any], where: str, faults: Faults) -> None:
    unknown = item.keys() - {"key", "set", "status", "source", "by", "note"}
    for key in unknown:
        faults.add(f"{where}.{key}", "unknown key", "key, set, status, source, by, note")
    if "key" not in item or "set" not in item:
        faults.add(where, "a change without key or set", 'key = "fund.total", set = { ... }')
        return
    carrier = item["set"] if isinstance(item["set"], dict) and "status" in item["set"] else item
    if "status" not in carrier or not (carrier.get("source") or carrier.get("by")):
        faults.add(where, "a change without status and source (or by)", "each change says on what it rests")
    *path, last = str(item["key"]).split(".")
    target: Any = tables
    for step in path:
        target = _step(target, step)
        if target is None:
            faults.add(f"{where}.key", f"{item['key']!r} leads nowhere at {step!r}", "a key of the base file")
            return
    if isinstance(target, list):
        position = next((i for i, entry in enumerate(target) if entry.get("id") == last), None)
        target[position if position is not None else slice(len(target), None)] = (
            item["set"] if position is not None else [item["set"]]
        )
    else:
        target[last] = item["set"]


def _step(target: Any, step: str) -> Any:
    if isinstance(target, list):  # an array of tables is walked by id
        return next((entry for entry in target if entry.get("id") == step), None)
    return target.get(step) if isinstance(target, dict) else None


def check_definition(raw: RawModel, definition: type[D]) -> Loaded[D]:
    """Check the tables against `definition`.

    Raises
    ------
    ModelFileError
        Lists every fault: dotted key, value found, what is allowed, nearest spelling of an unknown key.
    """
    faults = Faults()
    faults.found += raw.faults
    _check_references(raw.tables, faults)
    checked: D | None = None
    try:
        checked = definition.model_validate(raw.tables)
    except ValidationError as error:
        known = _field_names(definition)
        for entry in error.errors():
            faults.found.append(_as_fault(entry, known))
    if checked is not None:
        checked.check(faults)
    faults.check(f"{raw.path}: this model file cannot be used", kind=ModelFileError, remedy="Correct every line named.")
    assert checked is not None  # noqa: S101 (faults.check raised otherwise)
    return Loaded(checked, raw.path, raw.hashes)


def _check_references(tables: dict[str, Any], faults: Faults) -> None:
    """Every source and input that a value names must exist, and every source must be filled in."""
    sources, inputs = tables.get("sources", {}), tables.get("inputs", {})
    if not sources:
        faults.add("sources", "none", "at least one [sources.ID] with title and url or publisher")
    for name, source in sources.items() if isinstance(sources, dict) else ():
        if isinstance(source, dict) and str(source.get("title", "")).startswith("VUL IN"):
            faults.add(f"sources.{name}.title", "still to fill in", "the title of the decision or document")
    for where, entry in _walk(tables, ""):
        for key, table in (("source", sources), ("input", inputs)):
            name = entry.get(key)
            if isinstance(name, str) and name and name not in table and not where.startswith("sources"):
                close = nearest(name, table)
                remedy = f"Did you mean {close!r}?" if close else ""
                faults.add(f"{where}.{key}", repr(name), f"an id in [{key}s]", remedy)


def _walk(value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield where, value
        for key, item in value.items():
            yield from _walk(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, f"{where}[{position}]")


def _field_names(model: type[BaseModel]) -> set[str]:
    names: set[str] = set()
    for part in [
        model.model_json_schema(by_alias=True),
        *model.model_json_schema(by_alias=True).get("$defs", {}).values(),
    ]:
        names |= set(part.get("properties", {}))
    return names


def _as_fault(entry: Any, known: set[str]) -> Fault:
    where = ""
    for step in entry["loc"]:
        if isinstance(step, int):
            where += f"[{step}]"
        elif step != "items":  # the wrapper around dated values is not in the file
            where += f".{step}" if where else str(step)
    context = entry.get("ctx", {})
    if entry["type"] == "fault":
        return Fault(where, context["found"], context["allowed"], context["remedy"])
    if entry["type"] == "extra_forbidden":
        name = str(entry["loc"][-1])
        close = nearest(name, known - {name})
        remedy = RENAMED.get(name) or (f"Did you mean {close!r}?" if close else "")
        return Fault(where, f"unknown key {name!r}", remedy=remedy)
    if entry["type"] == "missing":
        return Fault(where, "missing", remedy="Fill it in.")
    found = entry["input"]
    shown = found.isoformat() if isinstance(found, date) else repr(found)
    return Fault(where, shown[:80], entry["msg"])
