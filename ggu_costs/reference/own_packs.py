"""Reading a pack of a user: its manifest, its tables, and everything that does not fit what lies below it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Fault, Faults, GguCostsError, InputError, did_you_mean
from ggu_costs.reading import MOST_BYTES, is_folder, read_file
from ggu_costs.reference._numbers import is_missing, read_numbers
from ggu_costs.reference._rows import Rows, rows_of
from ggu_costs.reference.packs import STATUSES, Band, Pack, Status, YearTable
from ggu_costs.text import REMEDY, unclean

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouped

MANIFEST = "manifest.toml"
_MOST_MANIFEST = 5_000_000
_TABLE = re.compile(r"municipalities_(\d{4})|mergers|groups")
_TOP = ("pack", "tables", "columns", "sources", "boundaries")
_PACK = ("id", "title", "by", "map_until", "note")
_ENTRY = (
    "file", "columns_of", "title", "date", "licence", "rows", "sha256", "note", "status", "source", "sources", "by",
    "override", "national", "band", "most_change", "decimal", "thousands",
)  # fmt: skip
_COLUMN = ("type", "kind", "unit", "dutch", "cbs", "description")
_MEANING = ("type", "kind", "unit")
_TYPES = ("text", "whole number", "number")
_KINDS = ("total", "rate", "class", "label")
_TO_FILL_IN = ("VUL IN", "FILL IN")


@dataclass
class Reading:
    """A pack that is being read, with what was found wrong.

    Attributes
    ----------
    folder
        Where it stands.
    below
        The reference that it is laid over.
    faults
        What makes it unusable.
    doubts
        What a user should look at again; it does not make the pack unusable.
    """

    folder: Path
    below: Grouped
    faults: Faults = field(default_factory=Faults)
    doubts: Faults = field(default_factory=Faults)
    manifest: dict[str, Any] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def entries(self) -> dict[str, dict[str, Any]]:
        """Return what the manifest says of each table."""
        return {name: entry for name, entry in _table(self.manifest.get("tables")).items() if isinstance(entry, dict)}

    def rows(self, table: str) -> Rows | None:
        """Return the rows of the file of a table; None with a fault where it cannot be read."""
        name = self.entries()[table].get("file", f"{table}.csv")
        if not isinstance(name, str) or not name or "/" in name or "\\" in name or name.startswith("."):
            self.faults.add(f"tables.{table}.file", repr(name), "the name of a file in the folder of the pack")
            return None
        path = self.folder / name
        try:
            self.contents[table] = read_file(path, most=MOST_BYTES)
            return rows_of(path)
        except GguCostsError as error:
            self.faults.found += error.faults or [Fault(f"tables.{table}", error.message, remedy=error.remedy)]
        return None


def read_manifest(folder: Path, below: Grouped) -> Reading:
    """Read the manifest of a pack and check its form.

    Raises
    ------
    InputError
        No folder, no manifest, or one that is not TOML.
    """
    remedy = f"Make one with: ggu-costs reference new {folder.as_posix()} --year YEAR --from YEAR"
    if not is_folder(folder):
        raise InputError(f"{folder.as_posix()}: no such folder of reference tables", remedy=remedy)
    path = folder / MANIFEST
    if not path.exists():
        raise InputError(f"{folder.as_posix()}: a pack without {MANIFEST}", remedy=remedy)
    try:
        manifest = tomllib.loads(read_file(path, most=_MOST_MANIFEST).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path.as_posix()}: not TOML in UTF-8 ({error})", remedy="Correct that line.") from error
    reading = Reading(folder, below, manifest=manifest)
    _check_form(reading)
    return reading


def _table(part: object) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _check_keys(part: object, where: str, allowed: tuple[str, ...], faults: Faults) -> Mapping[str, Any]:
    """Return a table of the manifest; another thing, or a key that is not known, is a fault."""
    if not isinstance(part, Mapping):
        faults.add(where, f"a {type(part).__name__}", "a table")
        return {}
    for key in part:
        if key not in allowed:
            faults.add(f"{where}.{key}".lstrip("."), "unknown key", ", ".join(allowed), did_you_mean(key, allowed))
    return part


def _check_form(reading: Reading) -> None:
    manifest, faults = reading.manifest, reading.faults
    _check_keys(manifest, "", _TOP, faults)
    for where, text in _texts(manifest):
        if sign := unclean(text):
            faults.add(where, sign, remedy=REMEDY)
        elif text.startswith(_TO_FILL_IN):
            faults.add(where, "still to fill in", "what it asks for")
    pack = _check_keys(manifest.get("pack", {}), "pack", _PACK, faults)
    for key, allowed in (
        ("id", "a name in small letters, such as vng-2027"),
        ("title", "words"),
        ("by", "whose it is"),
    ):
        if not isinstance(pack.get(key), str) or not pack[key].strip():
            faults.add(f"pack.{key}", "missing" if key not in pack else repr(pack[key]), allowed)
    if isinstance(pack.get("id"), str) and not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", pack["id"]):
        faults.add("pack.id", repr(pack["id"]), "small letters, digits and hyphens")
    if "map_until" in pack and type(pack["map_until"]) is not date:
        faults.add("pack.map_until", repr(pack["map_until"]), "a date, such as 2028-12-31")
    sources = _check_keys(manifest.get("sources", {}), "sources", tuple(_table(manifest.get("sources"))), faults)
    for name, source in sources.items():
        stated = _table(source)
        if not any(isinstance(stated.get(key), str) and stated[key] for key in ("title", "where", "underlying")):
            faults.add(f"sources.{name}", "no title", "title, and url or publisher")
    if not reading.entries():
        faults.add("tables", "none", "[tables.municipalities_YEAR], [tables.mergers] or [tables.groups]")
    for name, entry in reading.entries().items():
        _check_entry(reading, name, entry)
    for name, column in _table(_table(manifest.get("columns")).get("municipalities")).items():
        _check_column(reading, name, column)


def _texts(part: Any, where: str = "") -> list[tuple[str, str]]:
    if isinstance(part, str):
        return [(where, part)]
    if isinstance(part, Mapping):
        return [pair for key, item in part.items() for pair in _texts(item, f"{where}.{key}".lstrip("."))]
    return [pair for place, item in enumerate(part) for pair in _texts(item, f"{where}[{place}]")] if isinstance(
        part, list) else []  # fmt: skip


def _check_entry(reading: Reading, name: str, entry: Mapping[str, Any]) -> None:
    faults, where = reading.faults, f"tables.{name}"
    if not _TABLE.fullmatch(name):
        faults.add(where, "no such table", "municipalities_YEAR, mergers or groups", did_you_mean(name, ["mergers"]))
    _check_keys(entry, where, _ENTRY, faults)
    stated = entry.get("status")
    for key, status in stated.items() if isinstance(stated, Mapping) else (("", stated),):
        place = f"{where}.status" + (f".{key}" if key else "")
        if status not in STATUSES and (key or "status" in entry):
            faults.add(place, repr(status), ", ".join(STATUSES), did_you_mean(str(status), STATUSES))
        elif status == "forecast" and not entry.get("by"):
            faults.add(f"{where}.by", "missing", "whose forecast it is")
    named = [entry["source"]] if isinstance(entry.get("source"), str) else []
    named += [name for names in _table(entry.get("sources")).values() for name in (
        names if isinstance(names, list) else [names])]  # fmt: skip
    known = _table(reading.manifest.get("sources"))
    if not named:
        faults.add(f"{where}.source", "missing", "an id in [sources]: where the figures come from")
    for source in dict.fromkeys(map(str, named)):
        if source not in known:
            faults.add(f"{where}.source", repr(source), "an id in [sources]", did_you_mean(source, known))
    if "override" in entry and (not isinstance(entry["override"], str) or not entry["override"].strip()):
        faults.add(
            f"{where}.override", repr(entry["override"]), "the reason why it says otherwise than what lies below"
        )


def _check_column(reading: Reading, name: str, column: object) -> None:
    """Check the description of an own indicator, and that it means what it meant below."""
    faults, where = reading.faults, f"columns.municipalities.{name}"
    stated = _check_keys(column, where, _COLUMN, faults)
    for key, allowed in (("type", _TYPES), ("kind", _KINDS)):
        if stated.get(key) not in allowed:
            faults.add(f"{where}.{key}", repr(stated.get(key, "missing")), ", ".join(allowed))
    for key in ("dutch", "description"):
        if not isinstance(stated.get(key), str) or not stated[key]:
            faults.add(f"{where}.{key}", "missing", "words for people")
    if not isinstance(stated.get("unit", ""), str) or (
        stated.get("kind") in ("total", "rate") and not stated.get("unit")
    ):
        faults.add(f"{where}.unit", "missing", "what is counted, such as persons")
    known = reading.below.columns().get(name) or {}
    for key in _MEANING if known else ():
        if stated.get(key) != known[key]:
            faults.add(
                f"{where}.{key}", f"{stated.get(key)!r}, but it was {known[key]!r}",
                "one meaning for one name", "Give the column another name.",
            )  # fmt: skip


def described_columns(reading: Reading) -> dict[str, dict[str, str]]:
    """Return what every column is, those of the pack and the bounds of its bands included."""
    own = _table(_table(reading.manifest.get("columns")).get("municipalities"))
    columns = {**reading.below.columns(), **{name: dict(_table(column)) for name, column in own.items()}}
    for entry in reading.entries().values():
        for name, band in _table(entry.get("band")).items():
            for side in ("low", "high"):
                bound = _table(band).get(side)
                if name in columns and isinstance(bound, str):
                    columns.setdefault(bound, {**columns[name], "cbs": f"{bound} of {name}"})
    return columns


def bands_of(reading: Reading, table: str, header: tuple[str, ...]) -> dict[str, Band]:
    """Return the bands of a table; one without its columns or coverage is a fault."""
    bands = {}
    for name, stated in _table(reading.entries()[table].get("band")).items():
        where, before = f"tables.{table}.band.{name}", len(reading.faults.found)
        terms = _check_keys(stated, where, ("low", "high", "coverage", "national_low", "national_high"), reading.faults)
        for key in ("low", "high"):
            if terms.get(key) not in header:
                reading.faults.add(f"{where}.{key}", repr(terms.get(key, "missing")), "a column of the table")
        coverage = terms.get("coverage")
        if isinstance(coverage, bool) or not isinstance(coverage, int | float) or not 0 < coverage < 1:
            reading.faults.add(
                f"{where}.coverage", repr(coverage) if "coverage" in terms else "missing",
                "the part of outcomes that the publication says lies within, such as 0.67",
            )  # fmt: skip
        for key in ("national_low", "national_high"):
            bound = terms.get(key)
            if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int | float)):
                reading.faults.add(f"{where}.{key}", repr(bound), "a number")
        if len(reading.faults.found) == before:
            bands[name] = Band(
                terms["low"],
                terms["high"],
                float(terms["coverage"]),
                terms.get("national_low"),
                terms.get("national_high"),
            )
    return bands


def statuses_of(reading: Reading, table: str, columns: tuple[str, ...]) -> dict[str, Status]:
    """Return the status of each column; one that is not stated is definitive."""
    stated = reading.entries()[table].get("status", "definitive")
    if isinstance(stated, Mapping):
        return {name: status for name, status in stated.items() if status in STATUSES}
    return dict.fromkeys(columns, stated) if stated in STATUSES else {}


def source_words(reading: Reading, table: str, column: str) -> str:
    """Name the sources of a column."""
    entry, known = reading.entries()[table], _table(reading.manifest.get("sources"))
    names = _table(entry.get("sources")).get(column, entry.get("source", []))
    found = []
    for name in [names] if isinstance(names, str) else names:
        source = _table(known.get(name))
        parts = (source.get("title") or source.get("where") or source.get("underlying"), source.get("publisher"))
        found.append(", ".join(str(part) for part in parts if part))
    return "; ".join(found)


def cited_by(reading: Reading, table: str) -> dict[str, tuple[str, str]]:
    """Return by column, of those with a source of their own, whose the figures are and of which period; or nothing."""
    known, found = _table(reading.manifest.get("sources")), dict[str, tuple[str, str]]()
    for column, names in _table(reading.entries()[table].get("sources")).items():
        stated = [_table(known.get(name)) for name in ([names] if isinstance(names, str) else names)]
        found[column] = (
            "; ".join(dict.fromkeys(str(source["publisher"]) for source in stated if source.get("publisher"))),
            "; ".join(dict.fromkeys(str(source["period"]) for source in stated if source.get("period"))),
        )
    return found


def read_column(reading: Reading, rows: Rows, table: str, name: str, kind: Mapping[str, str]) -> list[Any]:
    """Return the cells of a column as text or numbers; an empty number is None."""
    cells = rows.cells(name)
    if kind.get("type") == "text":
        return ["" if is_missing(cell) else str(cell) for _, cell in cells]
    entry = reading.entries()[table]
    given = [cell for cell in cells if not is_missing(cell[1])]
    numbers, _ = read_numbers(
        {name: given}, decimal=entry.get("decimal"), thousands=entry.get("thousands"), faults=reading.faults
    )
    filled = iter(numbers.get(name, [float("nan")] * len(given)))
    figures = [None if is_missing(cell) else next(filled) for _, cell in cells]
    for (where, cell), figure in zip(cells, figures, strict=True):
        if figure is not None and kind.get("type") == "whole number" and figure % 1 > 0:
            reading.faults.add(where, f"{cell!r} is no whole number of {kind['unit']}", "a whole number",
                               "Are these thousands? State thousands in the manifest.")  # fmt: skip
        elif figure is not None and kind.get("kind") == "total" and figure < 0:
            reading.faults.add(where, f"{cell!r}: a negative number of {kind['unit']}", "0 or more")
    return figures


def build_pack(reading: Reading, years: Mapping[int, YearTable], **tables: Any) -> Pack:
    """Return the pack of a reading without faults."""
    manifest = {**reading.manifest, "columns": {"municipalities": described_columns(reading)}}
    where = reading.folder.as_posix()
    return Pack(manifest["pack"]["id"], where, manifest, dict(reading.contents), years, **tables)
