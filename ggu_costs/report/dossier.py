"""What a run of a model writes: its tables, sources and provenance, gathered from the model and turned into files.

A model of any kind gives a :class:`ggu_costs.display.result.Report`; this module adds the values and sources of the
model file, and knows how they become files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ggu_costs.display.words import ILLUSTRATIVE, checked_language
from ggu_costs.modelfile.listing import sources_frame, values_frame
from ggu_costs.report.tables import Table, csv_bytes, json_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ggu_costs.display.result import Chart, Section

__all__ = ["Dossier", "comparison_dossier", "dossier", "files_of"]

_LETTERS = "abc"


@dataclass(frozen=True)
class Dossier:
    """Everything one run writes, before it becomes files.

    Attributes
    ----------
    summary
        Lines of label, value and unit.
    sources
        One mapping a source.
    map, charts, sections
        What a page shows besides the tables; see :class:`ggu_costs.display.result.Report`.
    municipality
        Code of the one municipality that it is about, if it is.
    """

    title: str
    tables: tuple[Table, ...]
    summary: tuple[tuple[str, object, str], ...] = ()
    sources: tuple[Mapping[str, object], ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    map: tuple[str, str] | None = None
    charts: tuple[Chart, ...] = ()
    sections: tuple[Section, ...] = ()
    municipality: str | None = None

    @property
    def illustrative(self) -> bool:
        """Whether anything in it is made up for the example."""
        return any(table.illustrative for table in self.tables)


def dossier(model: Any, *, municipality: str | None = None) -> Dossier:
    """Gather what a run of `model` writes, for all municipalities or for one.

    Raises
    ------
    UnknownNameError
        A municipality that is not in the result.
    """
    report = model.report(municipality)
    tables = [Table(name, "", frame, illustrative=report.illustrative) for name, frame in report.tables.items()]
    return Dossier(
        title=report.title,
        tables=(*tables, _values_table("values", "Waarden en aannames", model.definition)),
        summary=report.summary,
        sources=_sources([model]),
        provenance=report.provenance,
        notes=report.notes,
        map=report.map,
        charts=report.charts,
        sections=report.sections,
        municipality=municipality,
    )


def comparison_dossier(comparison: Any, models: Iterable[Any]) -> Dossier:
    """Gather what a comparison of models writes: the comparison, and the values that each model rests on."""
    listed = list(models)
    values = [
        _values_table(f"values_{letter}", f"Waarden en aannames van {letter}: {model.title}", model.definition)
        for letter, model in zip(_LETTERS, listed, strict=False)
    ]
    frame = comparison.to_frame()
    return Dossier(
        title=comparison.title,
        tables=(Table("comparison", "", frame, illustrative=comparison.illustrative), *values),
        summary=comparison.summary(),
        sources=_sources(listed),
        provenance=comparison.provenance,
        notes=comparison.notes,
    )


def _values_table(name: str, title: str, definition: Any) -> Table:
    frame: pd.DataFrame = values_frame(definition)
    return Table(name, title, frame, illustrative=definition.illustrative)


def _sources(models: Iterable[Any]) -> tuple[Mapping[str, object], ...]:
    """Sources of all models, each once; two that share an id but differ both stay."""
    found: list[Mapping[str, object]] = []
    for model in models:
        for row in sources_frame(model.definition).reset_index().to_dict(orient="records"):
            record = {str(key): value for key, value in row.items()}
            if record not in found:
                found.append(record)
    return tuple(found)


def files_of(content: Dossier, *, lang: str = "nl", boundaries: Path | None = None) -> dict[str, bytes]:
    """Return the files by name: each table as ``NAME.csv`` (plain) and ``NAME.nl.csv`` (Dutch), workbook, page.

    In another language the words of the Dutch style are of that language, and so is the name: ``NAME.en.csv``. The
    workbook needs the extra ``excel`` and the page the extra ``html``; without them the other files are written and the
    caller says what is missing. `boundaries` is a GeoJSON or TopoJSON file for the map of the page.
    """
    checked_language(lang)
    files: dict[str, bytes] = {}
    for table in content.tables:
        files[f"{table.name}.csv"] = csv_bytes(table, style="plain")
        files[f"{table.name}.{lang}.csv"] = csv_bytes(table, style="dutch", lang=lang)
    marks = [ILLUSTRATIVE] if content.illustrative else []
    told = {"title": content.title, "notes": [*marks, *content.notes], "tables": sorted(files)}
    files["provenance.json"] = json_bytes({**content.provenance, **told})
    if find_spec("xlsxwriter") is not None:
        from ggu_costs.report.focus import focus_of
        from ggu_costs.report.workbook import workbook_bytes

        files["result.xlsx"] = workbook_bytes(
            content.tables,
            title=content.title,
            summary=content.summary,
            sources=content.sources,
            provenance=content.provenance,
            notes=content.notes,
            charts=focus_of(
                content.tables,
                shown=content.map,
                charts=content.charts,
                provenance=content.provenance,
                municipality=content.municipality,
                lang=lang,
            ).charts,
            lang=lang,
        )
    if all(find_spec(package) for package in ("jinja2", "vl_convert")):
        from ggu_costs.report.page import page_bytes

        files["result.html"] = page_bytes(
            content.tables,
            title=content.title,
            summary=content.summary,
            sources=content.sources,
            provenance=content.provenance,
            notes=content.notes,
            lang=lang,
            shown=content.map,
            charts=content.charts,
            sections=content.sections,
            municipality=content.municipality,
            boundaries=boundaries,
        )
    return files
