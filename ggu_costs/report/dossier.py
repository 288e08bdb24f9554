"""What a run of a model writes: its tables, sources and provenance, gathered from the model and turned into files.

A model of any kind gives a :class:`ggu_costs.display.result.Report`; this module adds the values and sources of the
model file, and knows how they become files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ggu_costs.modelfile.listing import sources_frame, values_frame
from ggu_costs.report.tables import Table, csv_bytes, json_bytes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dossier", "comparison_dossier", "dossier", "files_of"]


@dataclass(frozen=True)
class Dossier:
    """Everything one run writes, before it becomes files."""

    title: str
    tables: tuple[Table, ...]
    summary: tuple[tuple[str, object, str], ...] = ()
    sources: tuple[Mapping[str, object], ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def dossier(model: Any, *, municipality: str | None = None) -> Dossier:
    """Gather what a run of `model` writes, for all municipalities or for one.

    Raises
    ------
    UnknownNameError
        A municipality that is not in the result.
    """
    report = model.report(municipality)
    tables = [Table(name, "", frame) for name, frame in report.tables.items()]
    values = values_frame(model.definition)
    tables.append(Table("values", "Waarden en aannames", values, illustrative=report.illustrative))
    return Dossier(
        title=report.title,
        tables=tuple(tables),
        summary=report.summary,
        sources=tuple(_records(sources_frame(model.definition))),
        provenance=report.provenance,
        notes=report.notes,
    )


def comparison_dossier(comparison: Any, models: tuple[Any, ...]) -> Dossier:
    """Gather what a comparison of models writes."""
    sources = {name: row for model in models for name, row in _rows(sources_frame(model.definition))}
    return Dossier(
        title=comparison.title,
        tables=(Table("comparison", "", comparison.to_frame()),),
        summary=comparison.summary(),
        sources=tuple(sources.values()),
        provenance=comparison.provenance,
        notes=comparison.notes,
    )


def _rows(frame: pd.DataFrame) -> list[tuple[str, Mapping[str, object]]]:
    records = frame.reset_index().to_dict(orient="records")
    return [(str(record["id"]), {str(key): value for key, value in record.items()}) for record in records]


def _records(frame: pd.DataFrame) -> list[Mapping[str, object]]:
    return [row for _, row in _rows(frame)]


def files_of(content: Dossier, *, lang: str = "nl") -> dict[str, bytes]:
    """Return the files by name: each table as ``NAME.csv`` (plain) and ``NAME.nl.csv`` (Dutch), workbook, provenance.

    The workbook needs the extra ``excel``; without it the other files are written and the caller says what is missing.
    """
    files = {}
    for table in content.tables:
        files[f"{table.name}.csv"] = csv_bytes(table, style="plain")
        files[f"{table.name}.nl.csv"] = csv_bytes(table, style="dutch", lang=lang)
    files["provenance.json"] = json_bytes({**content.provenance, "title": content.title, "notes": list(content.notes)})
    if find_spec("xlsxwriter") is not None:
        from ggu_costs.report.workbook import workbook_bytes

        files["result.xlsx"] = workbook_bytes(
            content.tables,
            title=content.title,
            summary=content.summary,
            sources=content.sources,
            provenance=content.provenance,
            notes=content.notes,
            lang=lang,
        )
    return files
