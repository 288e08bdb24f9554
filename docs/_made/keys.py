"""Pages of the keys of model files, from the JSON Schemas; examples are what shipped models say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ggu_costs.catalogue import KINDS, definition_of, model_files
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.schema import json_schema

from . import write

COMMON = ("Value", "Dated", "Source", "InputNeed", "KeyTerms", "VatTerms", "VatShares", "BudgetTerms")
"""Tables that several kinds have."""
_LONGEST, _LONGEST_TABLE = 60, 130
_EXAMPLES = {"rounding_unit": "1"}
"""Where no shipped model has the key, and the type alone gives no good one."""


class Page:
    """The page of one kind: each table once, where it stands first, with the dotted key that leads to it."""

    def __init__(self, kind: str) -> None:
        schema = json_schema(definition_of(kind))
        self.kind, self.parts, self.root, self.overlay = kind, schema["$defs"], schema["else"], schema["then"]
        self.files = [
            tables
            for path in model_files().values()
            if (tables := tomllib.loads(path.read_text(encoding="utf-8"))).get("kind") == kind
        ]
        self.places: dict[str, str] = {}
        for where, name in self._tables(self.root, ""):
            self.places.setdefault(name, where)

    def _tables(self, schema: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
        """Name of each table with the key that leads to it, those near the root first."""
        found = [
            (f"{where}.{key}".lstrip("."), name)
            for key, part in schema.get("properties", {}).items()
            for name in _named(part)
        ]
        yield from found
        for place, name in found:
            if place.count(".") < 6 and name not in COMMON:
                yield from self._tables(self.parts[name], place)

    def text(self) -> str:
        """Write the page."""
        own = {key: part for key, part in self.root["properties"].items() if key not in _header()}
        lines = [f"# {self.kind}", "", f"{_first(self.root.get('description', ''))}", "", "## At the top", ""]
        lines += ["Beside what [every file](every-file.md) has.", "", *self._table(own, self.root, "")]
        for name, where in self.places.items():
            if name not in COMMON:
                lines += self.section(name, where)
        return "\n".join(lines) + "\n"

    def section(self, name: str, where: str) -> list[str]:
        """Write the table of one part."""
        schema = self.parts[name]
        if "properties" not in schema:
            return []
        lines = [
            "",
            f"({self.kind}-{name})=",
            f"## {self._heading(where) or name}",
            "",
            _first(schema.get("description", "")),
            "",
        ]
        return lines + self._table(schema["properties"], schema, where)

    def _heading(self, where: str) -> str:
        """Write a table as a file has it: with single brackets, or double ones where there may be several."""
        part, several = self.root, False
        for key in filter(None, where.split(".")):
            part = part.get("properties", {}).get(key, {})
            several = part.get("type") == "array"
            part = next((self.parts[name] for name in _named(part)), {})
        return "" if not where else f"`[[{where}]]`" if several else f"`[{where}]`"

    def _table(self, properties: dict[str, Any], schema: dict[str, Any], where: str) -> list[str]:
        lines = ["| key | what | type | unit | default | example |", "|---|---|---|---|---|---|"]
        for key, part in properties.items():
            needed = key in schema.get("required", ())
            default = "needed" if needed else _default(part)
            example = self._example(where, key, part)
            cells = (f"`{key}`", part["description"], self._type(part), _unit(part), default, example)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        return lines

    def _type(self, part: dict[str, Any]) -> str:
        """Write what may stand there; a table as a link to where its keys are told."""
        if "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            if name in COMMON:
                words = {"Dated": "value, or dated ones", "Value": "value"}.get(name, "table")
                return f"[{words}](#every-file-{'Value' if name == 'Dated' else name})"
            return f"[table](#{self.kind}-{name})" if "properties" in self.parts[name] else "text"
        if "anyOf" in part:
            return " or ".join(dict.fromkeys(self._type(one) for one in part["anyOf"] if one.get("type") != "null"))
        if "const" in part or "enum" in part:
            return ", ".join(f"`{value}`" for value in part.get("enum", [part.get("const")]))
        if part.get("type") == "array":
            return f"list of: {self._type(part.get('items', {}))}"
        if part.get("type") == "object":
            return f"by name: {self._type(part.get('additionalProperties') or {})}"
        words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
        return "date" if part.get("format") == "date" else words.get(part.get("type", ""), "any")

    def _example(self, where: str, key: str, part: dict[str, Any]) -> str:
        """Take the first shipped value that is short; otherwise one that the type allows."""
        for tables in self.files:
            for value in _at(tables, [*filter(None, where.split(".")), key]):
                told = _toml(value)
                if value not in ("", [], {}) and len(told) <= (_LONGEST_TABLE if isinstance(value, dict) else _LONGEST):
                    return f"`{told}`"
        return f"`{_EXAMPLES.get(key) or _made_up(part)}`" if _made_up(part) else "a table"


def _header() -> set[str]:
    return {field.alias or name for name, field in Header.model_fields.items()} | {"years", "budget"}


def _named(part: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the tables that may stand there."""
    for key, inner in part.items():
        if key == "$ref":
            yield inner.rpartition("/")[2]
        elif isinstance(inner, dict) and key != "properties":
            yield from _named(inner)
        elif isinstance(inner, list):
            for one in inner:
                if isinstance(one, dict):
                    yield from _named(one)


def _unit(part: dict[str, Any]) -> str:
    for one in (part, *part.get("anyOf", ()), part.get("additionalProperties") or {}, part.get("items") or {}):
        if isinstance(one, dict) and "x-unit" in one:
            return str(one["x-unit"])
    return ""


def _default(part: dict[str, Any]) -> str:
    default = part.get("default")
    return "" if default in (None, "", [], {}) else f"`{_toml(default)[:_LONGEST]}`"


def _first(text: str) -> str:
    """First paragraph of a docstring, on one line."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split()).replace("``", "`")


def _at(value: Any, keys: list[str]) -> Iterator[Any]:
    """Yield what stands at a dotted key; lists and tables by name are gone through."""
    if not keys:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _at(one, keys)
    elif isinstance(value, dict):
        if keys[0] in value:
            yield from _at(value[keys[0]], keys[1:])
        elif value and all(isinstance(one, dict) for one in value.values()):  # tables by name
            for one in value.values():
                yield from _at(one, keys)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items() if key != "note") + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _made_up(part: dict[str, Any]) -> str:
    """Return a value that the type allows, where no shipped file has the key; nothing for a table."""
    for one in (part, *part.get("anyOf", ())):
        if "enum" in one or "const" in one:
            return _toml(one.get("enum", [one.get("const")])[-1])
        kind = one.get("type")
        if kind == "array":
            inner = _made_up(one.get("items", {}))
            return f"[{inner}]" if inner else ""
        if kind in ("integer", "number", "boolean", "string"):
            made = {"integer": "2026", "number": "0.5", "boolean": "true", "string": '"..."'}
            return "2026-01-01" if one.get("format") == "date" else made[kind]
    return ""


def make(folder: Path) -> None:
    """Write a page for each kind, and one of what every file has."""
    for kind in KINDS:
        write(folder / f"{kind}.md", Page(kind).text())
    every = Page("programme")
    every.files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in model_files().values()]
    head = {key: part for key, part in every.root["properties"].items() if key in _header()}
    lines = [
        "# every file",
        "",
        "What stands at the top of each, and the tables that several kinds have.",
        "",
        "## At the top",
    ]
    lines += ["", *every._table(head, every.root, "")]
    for kind in ("programme", "fund"):
        page = Page(kind)
        page.files, page.kind = every.files, "every-file"
        for name in COMMON:
            if name in page.parts and name != "Dated" and f"(every-file-{name})=" not in lines:
                lines += page.section(name, "") if name not in page.places else page.section(name, page.places[name])
    lines += ["", "## A file with a base", "", "Holds a header and changes instead of the tables of its kind.", ""]
    change = every.overlay["properties"]["changes"]["items"]
    every.files = []
    lines += every._table({key: every.overlay["properties"][key] for key in ("base", "changes")}, every.overlay, "")
    lines += ["", "Each change:", "", *every._table(change["properties"], change, "")]
    write(folder / "every-file.md", "\n".join(lines) + "\n")
