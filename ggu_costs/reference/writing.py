"""A pack as files: a new one to fill in, and one that takes what a file holds."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.money import share_exactly
from ggu_costs.reading import MOST_BYTES, read_file
from ggu_costs.reference._rows import rows_of
from ggu_costs.reference.own_packs import MANIFEST
from ggu_costs.reference.own_years import differences

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouped
    from ggu_costs.reference.imports import Imported

_HEAD = ("code", "name", "province_code", "province")
_MERGERS = ("date", "old_code", "old_name", "new_code", "new_name", "share", "indicator", "province", "status")
TO_FILL_IN = "VUL IN"
_NAMED = 3  # of the figures that differ


@dataclass(frozen=True)
class Indicator:
    """What a column is that the library does not know: for the manifest."""

    kind: str
    unit: str
    dutch: str
    description: str = ""


@dataclass(frozen=True)
class Bounds:
    """The columns of a file that bound its forecast, and what part of the outcomes lies between them."""

    low: str
    high: str
    coverage: float
    national_low: float | None = None
    national_high: float | None = None


def new_pack(folder: Path, below: Grouped, *, year: int, start: int, by: str, national: int | None) -> dict[str, bytes]:
    """Return the files of a pack with one year, by name.

    Parameters
    ----------
    folder
        Where it will stand; its name is that of the pack.
    below
        The reference that it lies above.
    year, start
        The year to fill in, and the year whose municipalities it starts from; mergers that are known until 1 January of
        `year`, those of packs below included, are made.
    by
        Whose it is.
    national
        Inhabitants of the nation: each municipality then has its own growth of the last year, scaled to this total. A
        forecast. Without it the inhabitants are to be filled in.

    Raises
    ------
    OutsidePeriodError
        A `start` without a table.
    InputError
        A year that is not later, or one that is known already.
    """
    import tomli_w

    below.municipalities(start)  # refuses a year without a table
    if year <= start or year in below.known_years():
        known = ", ".join(map(str, below.known_years()))
        raise InputError(f"year {year} cannot be added from {start}", remedy=f"Give a later year; known: {known}.")
    day = _map_day(below, year)
    names = below.names_of(day)
    people: Sequence[object] = [""] * len(names)
    if national is not None:
        people = scaled_growth(below, start, year, national)
    name = f"municipalities_{year}"
    rows = [[code, called, count] for (code, called), count in zip(names.items(), people, strict=True)]
    identity = re.sub(r"[^a-z0-9._-]+", "-", folder.name.lower()).strip("-._") or f"eigen-{year}"
    source = {"title": f"{TO_FILL_IN}: waar de cijfers staan", "publisher": "", "url": ""}
    if national is not None:
        source = {"title": f"eigen groei {start - 1}-{start}, geschaald naar {national} inwoners", "publisher": by}
    entry: dict[str, Any] = {
        "file": f"{name}.csv", "status": "forecast", "by": by, "source": "cijfers",
        **({} if national is None else {"national": {"inhabitants": national}}),
    }  # fmt: skip
    manifest = {
        "pack": {"id": identity, "title": f"Referentiegegevens {year}", "by": by},
        "sources": {"cijfers": source},
        "tables": {name: entry},
    }
    return {
        MANIFEST: (_HELP + tomli_w.dumps(manifest)).encode(),
        f"{name}.csv": _csv(["code", "name", "inhabitants"], rows),
    }


_HELP = """\
# Een pakket referentiegegevens: zie docs/how-to/any-year.md.
# status: definitive, provisional, forecast, announced. Een prognose (forecast) zegt van wie zij is (by).
# Een voorgenomen herindeling staat in mergers.csv (date,old_code,new_code,new_name,province,share), met hier
#   [tables.mergers]
#   file = "mergers.csv"
#   source = "cijfers"
# Een gemeente die nog geen code heeft, krijgt er een van GM9000 tot GM9999.

"""


def _map_day(below: Grouped, year: int) -> date:
    """Return 1 January of a year, or the last day until which the map is known."""
    return min(date(year, 1, 1), below.map_period().last)


def scaled_growth(below: Grouped, start: int, year: int, national: int) -> list[int]:
    """Return inhabitants by own growth of the last year, in whole persons that add up to a national total.

    Raises
    ------
    InputError
        A total below 1.
    """
    if isinstance(national, bool) or national < 1:
        raise InputError(f"national total {national}", remedy="Give the inhabitants of the nation.")
    day = _map_day(below, year)
    last = below.inhabitants_on(date(start, 1, 1), day)
    before = below.inhabitants_on(date(start - 1, 1, 1), day)
    grown = [
        Fraction(float(now)) * (Fraction(float(now)) / Fraction(float(then)) if then else 1) ** (year - start)
        for now, then in zip(last, before, strict=True)
    ]
    return share_exactly(national, grown)


def with_import(
    folder: Path, below: Grouped, found: Imported, *, year: int, by: str, status: str = "",
    indicators: Mapping[str, Indicator] | None = None, bounds: Mapping[str, Bounds] | None = None, override: str = "",
) -> dict[str, bytes]:  # fmt: skip
    """Return the files of a pack that takes what a file holds, by name; what else it holds stays.

    Parameters
    ----------
    folder
        The pack, or where a new one will stand.
    below
        The reference that it lies above.
    found
        What the file holds.
    year
        Of the figures.
    by, status
        Whose they are, and their status, where the file does not say.
    indicators
        What columns are that the library does not know.
    bounds
        The bands of forecasts, by column.
    override
        Why they differ from the tables below, where they do.

    Raises
    ------
    InputError
        A manifest that is not TOML, mergers where a table of mergers stands already, or figures that differ from the
        tables below without a reason.
    """
    files: dict[str, bytes] = {}
    manifest = _known_manifest(folder, by or found.source)
    source = re.sub(r"[^a-z0-9]+", "-", found.source.lower()).strip("-")[:60] or "bestand"
    manifest["sources"][source] = _source(found, by, year)
    if found.form == "table33":
        known = {(step.day, step.old) for step in below.steps()}
        first = below.map_period().first
        rows = [[str(day), old, old_name, new, new_name, "", "", "", "definitive"]
                for day, old, old_name, new, new_name in found.mergers
                if day > first and (day, old) not in known]  # fmt: skip
        if rows and (folder / "mergers.csv").exists():
            raise InputError(f"{folder.as_posix()}/mergers.csv exists already",
                             remedy=f"Add the {len(rows)} mergers to it by hand, or take it away first.")  # fmt: skip
        if rows:
            files["mergers.csv"] = _csv(list(_MERGERS), rows)
            manifest["tables"]["mergers"] = {"file": "mergers.csv", "status": "definitive", "source": source}
            files[MANIFEST] = _written(folder, manifest)
        return files
    name = f"municipalities_{year}"
    header, rows_by_code = _known_rows(folder, name)
    columns = [str(column) for column in found.figures.columns if str(column) not in _HEAD]
    header += [column for column in columns if column not in header]
    for code in found.figures.index:
        row = rows_by_code.setdefault(str(code), {"code": str(code)})
        row |= {column: _plain(found.figures[column][code]) for column in columns}
    rows_out = [[row.get(column, "") for column in header] for _, row in sorted(rows_by_code.items())]
    entry = manifest["tables"].setdefault(name, {"file": f"{name}.csv", "source": source})
    sources = entry.setdefault("sources", {})
    sources |= {column: [source] for column in columns}
    statuses = entry.get("status", {})
    if isinstance(statuses, str):
        statuses = dict.fromkeys([column for column in header if column not in (*_HEAD, *columns)], statuses)
    entry["status"] = statuses | dict.fromkeys(columns, status or found.status or "provisional")
    _check_differences(found, below, year, override)
    if by:
        entry.setdefault("by", by)
    if override:
        entry["override"] = override
    for column, terms in (indicators or {}).items():
        described = manifest.setdefault("columns", {}).setdefault("municipalities", {})
        described[column] = {
            "type": "number", "kind": terms.kind, "unit": terms.unit, "dutch": terms.dutch,
            "description": terms.description or found.source,
        }  # fmt: skip
    for column, band in (bounds or {}).items():
        stated = {key: value for key, value in vars(band).items() if value is not None}
        entry.setdefault("band", {})[column] = stated
    return {f"{name}.csv": _csv(header, rows_out), MANIFEST: _written(folder, manifest)}


def _source(found: Imported, by: str, year: int) -> dict[str, str]:
    """Say of a file what it is, whose figures it has, and of which year where that is another one."""
    whose = by or ("CBS" if found.source.startswith("CBS, ") else "")
    title = found.source.removeprefix("CBS, ") if whose == "CBS" else found.source
    stated = {"title": title, "publisher": whose, "period": "" if found.period in (None, year) else str(found.period)}
    return {key: words for key, words in stated.items() if words}


def _check_differences(found: Imported, below: Grouped, year: int, reason: str) -> None:
    """Refuse figures that differ from the tables below without a reason; neither is right because it is ours."""
    if reason or year not in below.known_years():
        return
    faults = Faults()
    for column, codes in differences(found.figures, below, year).items():
        old = below.year_table(year)[column]
        status, by = below.status_of(year, column)
        most = sorted(codes, key=lambda code: -_gap(found.figures[column][code], old[code]))[:_NAMED]
        few = [f"{code} {_plain(found.figures[column][code])} instead of {_plain(old[code])}" for code in most]
        ours = f"the table of {by or below.counted_by(year, column)} ({status})"
        theirs = f"{found.source} ({found.status or 'the file states no status and no day'})"
        faults.add(
            f"{column} of {year}",
            f"{theirs} differs for {len(codes)} of {len(found.figures)} municipalities from {ours}: {listed(few)}",
            "the same figures, or a reason",
            'State the reason with --override "WHY", or take one other column with --column NAME.',
        )
    faults.check("figures that differ from those there are", remedy="Ask whose date or version is meant.")


def _gap(new: object, old: object) -> float:
    return abs(float(new) - float(old)) if isinstance(new, Real) and isinstance(old, Real) else 0.0


def _written(folder: Path, manifest: Mapping[str, Any]) -> bytes:
    """Write a manifest with the comments that it had: people put in them why a figure is as it is."""
    import tomlkit

    path = folder / MANIFEST
    document = tomlkit.parse(read_file(path, most=MOST_BYTES).decode()) if path.exists() else tomlkit.document()
    _lay_over(document, manifest)
    return tomlkit.dumps(document).encode()


def _lay_over(table: MutableMapping[str, Any], new: Mapping[str, Any]) -> None:
    """Bring a table to what a new one holds; what is the same stays as it was written."""
    for key in [key for key in table if key not in new]:
        del table[key]
    for key, value in new.items():
        there = table.get(key)
        if isinstance(value, Mapping) and isinstance(there, MutableMapping):
            _lay_over(there, value)
        elif there != value:
            table[key] = value


def _known_manifest(folder: Path, by: str) -> dict[str, Any]:
    path = folder / MANIFEST
    manifest: dict[str, Any] = {}
    if path.exists():
        try:
            manifest = tomllib.loads(read_file(path, most=MOST_BYTES).decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path.as_posix()}: not TOML in UTF-8 ({error})", remedy="Correct that line.") from error
    identity = re.sub(r"[^a-z0-9._-]+", "-", folder.name.lower()).strip("-._") or "eigen"
    manifest.setdefault("pack", {"id": identity, "title": f"Referentiegegevens {folder.name}", "by": by})
    for name in ("sources", "tables"):
        if not isinstance(manifest.setdefault(name, {}), dict):
            raise InputError(f"{path.as_posix()}: {name} is no table", remedy=f"Write [{name}.NAME].")
    return manifest


def _known_rows(folder: Path, table: str) -> tuple[list[str], dict[str, dict[str, str]]]:
    path = folder / f"{table}.csv"
    if not path.exists():
        return ["code"], {}
    rows = rows_of(path)
    if "code" not in rows.header:
        raise InputError(f"{path.as_posix()}: no column code", remedy="Add it, or remove the file.")
    cells = [dict(zip(rows.header, map(_plain, row), strict=True)) for _, row in rows.rows]
    return list(rows.header), {row["code"]: row for row in cells}


def _plain(cell: object) -> str:
    """Write a cell for a file: a whole number without a point."""
    if isinstance(cell, float):
        return "" if cell != cell else str(int(cell)) if cell.is_integer() else repr(cell)  # noqa: PLR0124 (NaN)
    return "" if cell is None else str(cell)


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
