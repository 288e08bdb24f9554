"""What a run of a model writes: its tables, sources and provenance, gathered from the model and turned into files.

A model of any kind gives a :class:`ggu_costs.display.report.Report`; this module adds the values and sources of the
model file, and knows how they become files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.modelfile.listing import sources_frame, values_frame
from ggu_costs.report.tables import csv_bytes, json_bytes
from ggu_costs.words.label import ILLUSTRATIVE, checked_language

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ggu_costs.display.report import Brackets, Chart, Section

__all__ = ["Dossier", "comparison_dossier", "dossier", "files_of"]

Groups = Mapping[str, list[str]]

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
        What a page shows besides the tables; see :class:`ggu_costs.display.report.Report`.
    municipality
        Code of the one municipality that it is about, if it is.
    tariffs
        Tariff by the name of the table of fees that was made with it.
    models
        Models whose steps from source to amount the page shows with a municipality.
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
    tariffs: Mapping[str, Brackets] = field(default_factory=dict)
    models: tuple[Any, ...] = ()

    @property
    def illustrative(self) -> bool:
        """Whether anything in it is made up for the example."""
        return any(table.illustrative for table in self.tables)


def dossier(model: Any, *, municipality: str | None = None, groups: Groups | None = None) -> Dossier:
    """Gather what a run of `model` writes, for all municipalities or for one.

    Parameters
    ----------
    model
        An opened model.
    municipality
        Code of one municipality, for its note.
    groups
        Codes by group of your own, to add up by; see :func:`ggu_costs.report.own_groups.read_groups`.

    Raises
    ------
    UnknownNameError
        A municipality that is not in the result.
    InputError
        Groups that do not fit the result, or groups and one municipality together.
    """
    if municipality and groups:
        raise InputError("groups for one municipality", remedy="Leave out the municipality, or the groups.")
    report = model.report(municipality)
    tables = [Table(name, "", frame, illustrative=report.illustrative) for name, frame in report.tables.items()]
    shown = report.map
    if not municipality:
        tables, shown = _with_rate(tables, shown)
    content = Dossier(
        title=report.title,
        tables=(*tables, _values_table("values", "Waarden en aannames", model.definition)),
        summary=report.summary,
        sources=_sources([model]),
        provenance=report.provenance,
        notes=report.notes,
        map=shown,
        charts=report.charts,
        sections=report.sections,
        municipality=municipality,
        tariffs=report.tariffs,
        models=() if municipality else (model,),
    )
    return _grouped(content, groups) if groups else content


def comparison_dossier(
    comparison: Any, models: Iterable[Any], *, municipality: str | None = None, groups: Groups | None = None
) -> Dossier:
    """Gather what a comparison of models writes: the comparison, and the values that each model rests on.

    Of one municipality: what it pays under each, why that differs, and its place; for funds and fees.
    """
    listed = list(models)
    values = [
        _values_table(f"values_{letter}", f"Waarden en aannames van {letter.upper()}: {model.title}", model.definition)
        for letter, model in zip(_LETTERS, listed, strict=False)
    ]
    if municipality:
        if groups:
            raise InputError("groups for one municipality", remedy="Leave out the municipality, or the groups.")
        if not hasattr(comparison, "report"):
            raise InputError(
                "only funds and fees are compared for one municipality",
                remedy="Leave --municipality out, or run each model with it.",
            )
        note = comparison.report(municipality)
        title, summary = note.title, note.summary
        tables = [Table(name, "", frame, illustrative=note.illustrative) for name, frame in note.tables.items()]
    else:
        title, summary = comparison.title, comparison.summary()
        tables = [Table("comparison", "", comparison.to_frame(), illustrative=comparison.illustrative)]
    content = Dossier(
        title=title,
        tables=(*tables, *values),
        summary=summary,
        sources=_sources(listed),
        provenance=comparison.provenance,
        notes=comparison.notes,
        municipality=municipality,
    )
    return _grouped(content, groups) if groups else content


def _with_rate(tables: list[Table], shown: tuple[str, str] | None) -> tuple[list[Table], tuple[str, str] | None]:
    """Put euro per inhabitant beside the expected amount that a map shows: totals only show who is large."""
    found = next((table for table in tables if shown == (table.name, "mean")), None)
    if found is None or "inhabitants" not in found.frame:
        return tables, shown
    frame = found.frame.copy()
    if "per_inhabitant" not in frame:
        people = frame["inhabitants"].where(frame["inhabitants"] > 0)
        frame.insert(list(frame.columns).index("mean"), "per_inhabitant", frame["mean"] / people)
    units = {**found.frame.attrs.get("units", {}), "per_inhabitant": "EUR/inhabitant"}
    frame.attrs = {**found.frame.attrs, "units": units}
    made = replace(found, frame=frame)
    return [made if table is found else table for table in tables], (found.name, "per_inhabitant")


def _grouped(content: Dossier, groups: Groups) -> Dossier:
    """Add the sums over groups of the user's own, before the values of the model."""
    from ggu_costs.report.focus import focus_of
    from ggu_costs.report.own_groups import by_own_groups

    main = focus_of(content.tables, shown=content.map, provenance=content.provenance, groups=()).main
    if main is None:
        raise InputError("this result has no figures by municipality", remedy="Leave out the groups.")
    first = sum(not table.name.startswith("values") for table in content.tables)  # values come last
    made = by_own_groups(main, groups)
    return replace(content, tables=(*content.tables[:first], made, *content.tables[first:]))


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
            sections=content.sections,
            tariffs=content.tariffs,
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
        from ggu_costs.report.steps import explanations

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
            explained=explanations(content.models),
        )
    return files
