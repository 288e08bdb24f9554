"""The page an assembly reads: one HTML file that works from disk, without a network.

Tables are in the page as tables: search, sorting and the panel of one municipality take their figures from them, and
without scripts everything can still be read. A policy in the page forbids it to load anything, and to run any script
but its own. The same inputs give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs._version import __version__
from ggu_costs.display.columns import Column
from ggu_costs.display.extras import not_installed
from ggu_costs.display.report import Chart, Section
from ggu_costs.display.result import Explanation
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.reference import municipalities
from ggu_costs.report.bundle import cache_folder, script_bundle
from ggu_costs.report.bycode import ByCode, by_code, day_of
from ggu_costs.report.focus import GROUPS, earlier, focus_of, is_group
from ggu_costs.report.map import TILE_DAY, MapData, map_data
from ggu_costs.report.shapes import read_shapes
from ggu_costs.report.shown import (
    ShownTable,
    lettered,
    lines,
    shown_memoranda,
    shown_sources,
    shown_table,
    summary_column,
)
from ggu_costs.report.steps import packed
from ggu_costs.report.tiles import borders, tiles
from ggu_costs.report.titles import short_titles
from ggu_costs.report.vega import specification
from ggu_costs.words.label import banner, checked_language
from ggu_costs.words.page import capital, named, phrases

if TYPE_CHECKING:
    import jinja2

    from ggu_costs.reference.grouping import Grouping

__all__ = ["lacking_packages", "page_bytes"]

_SAID_BY_SCRIPTS = (
    "became", "close", "found", "link", "neighbours", "none_found", "not_here", "place", "steps", "year",
)  # fmt: skip
_TILE = 24  # units of the drawing


def lacking_packages() -> list[str]:
    """Return the packages of the extra ``html`` that are not installed; a page needs all of them."""
    needed = {"jinja2": "Jinja2", "vl_convert": "vl-convert-python"}
    return [package for module, package in needed.items() if find_spec(module) is None]


def page_bytes(
    tables: Sequence[Table],
    *,
    title: str,
    summary: Iterable[tuple[str, object, str]] = (),
    sources: Iterable[Mapping[str, object]] = (),
    provenance: Mapping[str, object] | None = None,
    notes: Iterable[str] = (),
    lang: str = "nl",
    shown: tuple[str, str] | None = None,
    charts: Sequence[Chart] = (),
    sections: Sequence[Section] = (),
    municipality: str | None = None,
    boundaries: str | Path | Mapping[str, Any] | None = None,
    groups: Sequence[Grouping] = GROUPS,
    explained: Mapping[str, Sequence[Explanation]] | None = None,
) -> bytes:
    """Return the page as bytes.

    Parameters
    ----------
    tables
        The tables. Those with codes as index are searched; one named ``values`` (or ``values_...``) holds the values
        of the model, those named ``by_...`` are groups.
    title, summary, sources, provenance, notes
        As for :func:`ggu_costs.report.workbook.workbook_bytes`.
    lang
        ``nl`` or ``en``.
    shown
        Table and column that the map shows first; by default the first table by municipality, and its effects or
        amounts.
    charts
        Charts; by default how what the map shows is distributed.
    sections
        Parts in words.
    municipality
        Code of the one municipality that the page is about: a note without map and search.
    boundaries
        Boundaries of municipalities (GeoJSON, TopoJSON) for the map, instead of tiles.
    groups
        Groups to add up by, as :func:`ggu_costs.groups` takes them. A reference column without figures in the year of
        the table is left out.
    explained
        Steps from source to amount by code, shown with the figures of that municipality.

    Returns
    -------
    bytes
        HTML in UTF-8, at most a few megabytes. What is illustrative carries FICTIEF VOORBEELD.

    Raises
    ------
    InputError
        A table or chart that cannot be shown, boundaries that do not fit, a section that names no table.
    GguCostsError
        Jinja2 or vl-convert-python is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"fee": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    >>> page = page_bytes([Table("fees", "Contributie 2024", frame, units="EUR")], title="Contributie 2024")
    >>> page.startswith(b"<!doctype html>")
    True
    """
    checked_language(lang)
    said = list(notes)
    if lacking_packages():
        raise not_installed("a page", " and ".join(lacking_packages()), "html")
    _check(tables, sections, shown)
    found = focus_of(tables, shown=shown, charts=charts, provenance=provenance, municipality=municipality,
                     groups=groups, lang=lang)  # fmt: skip
    tables, charts, main, column = found.tables, found.charts, found.main, found.column
    drawing = _drawing(main, column, boundaries, lang) if main and column else None
    bundle = script_bundle() if charts else ""
    values = [table for table in tables if table.name.startswith("values")]
    data = _data(drawing, charts, column.name if column else "", packed(explained or {}) if main else {}, lang)
    context = {
        "lang": lang, "words": phrases(lang), "version": __version__,
        "title": title, "notes": [lettered(note) for note in said], "municipality": municipality,
        "banner": banner(lang) if any(table.illustrative for table in tables) else "",
        "summary": _summary(summary, lang), "drawing": drawing,
        "charts": [
            (chart.title, _twin(chart, place, lang), chart.frame.attrs.get("illustrative", True))
            for place, chart in enumerate(charts, start=1)
        ],
        "provenance": lines(provenance or {}), "sources": shown_sources(sources, values, lang),
        **_parts(tables, main, sections, titles=short_titles(tables, title, main=main.table if main else None,
                                                             lang=lang), said=said, whole=not municipality, lang=lang),
        "style": _asset("page.css"), "data": data, "bundle": bundle, "script": _asset("page.js"),
        "policy": _policy([bundle, _asset("page.js")]),
    }  # fmt: skip
    return str(_template().render(context)).encode()


def _parts(
    tables: Sequence[Table],
    main: ByCode | None,
    sections: Sequence[Section],
    *,
    titles: Mapping[str, str],
    said: Sequence[str],
    whole: bool,
    lang: str,
) -> dict[str, object]:
    """Share the tables out over the parts of the page; earlier years open on demand, as do lists in a section."""
    inside = {name for section in sections for name in section.tables}
    folded = earlier(tables) | {table.name for table in tables if table.name in inside and by_code(table) is not None}
    folded -= {main.table.name if main else ""}
    ready = {
        table.name: shown_table(table, lang, title=titles[table.name], said=said, folded=table.name in folded)
        for table in tables
    }
    values = [table for table in tables if table.name.startswith("values")]
    taken = inside | {table.name for table in values}
    free = [table for table in tables if table.name not in taken and not (main and table is main.table)]
    return {
        "main": ready[main.table.name] if main else None,
        "per_code": [ready[table.name] for table in free if whole and ready[table.name].by_code],
        "groups": [ready[table.name] for table in free if is_group(table)],
        "more": [ready[table.name] for table in free if not (is_group(table) or (whole and ready[table.name].by_code))],
        "sections": [(section, [ready[name] for name in section.tables]) for section in sections],
        "values": [ready[table.name] for table in values],
        "memoranda": shown_memoranda([table for table in tables if not is_group(table)], values, lang),
    }


def _check(tables: Sequence[Table], sections: Sequence[Section], shown: tuple[str, str] | None) -> None:
    faults = Faults()
    names = {table.name: table for table in tables}
    if shown and (shown[0] not in names or shown[1] not in names[shown[0]].frame.columns):
        faults.add("map", f"{shown[0]}.{shown[1]} is no column of a table", listed(names))
    for section in sections:
        for name in section.tables:
            if name not in names:
                faults.add(f"section {section.title}", f"{name!r} is no table", listed(names))
    faults.check("this page cannot be made", remedy="Name tables of the report.")


@dataclass(frozen=True)
class _Drawing:
    """A map ready to be drawn: its figures, and the shape of each area as SVG path data."""

    data: MapData
    paths: tuple[str, ...]
    borders: str
    width: int
    height: int
    tiles: bool


def _drawing(
    main: ByCode, column: Column, boundaries: str | Path | Mapping[str, Any] | None, lang: str
) -> _Drawing | None:
    if boundaries is None:
        data = map_data(main, tiles(), day=TILE_DAY, lang=lang, first=column.name)
        return _tiled(data) if data else None
    shapes = read_shapes(boundaries)
    day = day_of(shapes.paths)
    if day is None:
        raise InputError(
            "these boundaries are of no municipal map that is known",
            remedy="Give the boundaries of all municipalities of one day from 2018 on.",
        )
    data = map_data(main, shapes.paths, day=day, lang=lang, first=column.name)
    if data is None:
        raise InputError(
            f"the boundaries are of an earlier map than table {main.table.name!r}, or of other municipalities",
            remedy="Give boundaries of the year of the result, or later.",
        )
    return _Drawing(data, tuple(shapes.paths[code] for code in data.codes), "", shapes.width, shapes.height, False)


def _tiled(data: MapData) -> _Drawing:
    places = [tiles()[code] for code in data.codes]
    provinces = municipalities(TILE_DAY.year)["province"]
    side = _TILE - 2
    return _Drawing(
        data=data,
        paths=tuple(f"M{tile.column * _TILE + 1} {tile.row * _TILE + 1}h{side}v{side}h-{side}z" for tile in places),
        borders="".join(
            f"M{column * _TILE} {row * _TILE}{'h' if right else 'v'}{_TILE}"
            for row, column, right in borders(dict(provinces))
        ),
        width=(max(tile.column for tile in tiles().values()) + 1) * _TILE,
        height=(max(tile.row for tile in tiles().values()) + 1) * _TILE,
        tiles=True,
    )


def _summary(summary: Iterable[tuple[str, object, str]], lang: str) -> list[tuple[str, str]]:
    shown = []
    for words, value, unit in summary:
        column = summary_column(words, value, unit)
        text = column.text(column.values[0], lang).replace("€ ", "€\N{NO-BREAK SPACE}")
        shown.append((capital(lettered(named(words, lang))), text))
    return shown


def _twin(chart: Chart, place: int, lang: str) -> ShownTable:
    """Return the table beside a chart: the columns that are drawn."""
    drawn = [name for name in (chart.x, *chart.y, chart.low, chart.high) if name]
    frame = chart.frame.reset_index() if chart.frame.index.name in drawn else chart.frame.reset_index(drop=True)
    frame = frame[drawn]
    frame.attrs = {**chart.frame.attrs, "notes": []}
    return shown_table(Table(f"chart{place}", chart.title, frame), lang)


def _data(drawing: _Drawing | None, charts: Sequence[Chart], shown: str, steps: Mapping[str, object], lang: str) -> str:
    """Return what the scripts need, as JSON that cannot end the element it stands in."""
    said = {name: phrases(lang)[name] for name in _SAID_BY_SCRIPTS}
    content: dict[str, object] = {
        "lang": lang,
        "words": said,
        "shown": shown,
        "charts": [specification(chart, lang=lang) for chart in charts],
        "steps": steps,
    }
    if drawing:
        data = drawing.data
        content["map"] = {
            "codes": data.codes, "names": data.names, "parts": data.parts,
            "layers": [
                {"name": layer.name, "title": layer.title, "classes": layer.classes, "texts": layer.texts,
                 "legend": layer.legend}
                for layer in data.layers
            ],
        }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _policy(scripts: Iterable[str]) -> str:
    """Return a policy under which the page loads nothing, and runs these scripts only.

    The charts are expressions that Vega turns into functions, which it calls evaluation.
    """
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts if script]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; script-src {allowed} 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return files("ggu_costs.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    """Return the template; every text is escaped, and a name that is not there is an error.

    Compiled, it is kept in the user's cache, where one can be written.
    """
    from jinja2 import DictLoader, Environment, FileSystemBytecodeCache, StrictUndefined

    folder, kept = cache_folder(), None
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        kept = FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK | os.X_OK) else None
    environment = Environment(
        autoescape=True, loader=DictLoader({"page.html.j2": _asset("page.html.j2")}), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=kept,
    )  # fmt: skip
    return environment.get_template("page.html.j2")
