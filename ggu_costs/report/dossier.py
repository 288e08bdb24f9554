"""What a run of a model writes: its report with the values and sources of the model file, turned into files.

A model of any kind, and a comparison of models, gives a :class:`ggu_costs.display.report.Report`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from ggu_costs._version import __version__
from ggu_costs.beside import Beside
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Report
from ggu_costs.display.table import LETTERS, Table
from ggu_costs.errors import GguCostsError, InputError
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.kinds import Model
from ggu_costs.modelfile.listing import sources_frame, values_frame
from ggu_costs.modelfile.notes import MARKS
from ggu_costs.reading import MOST_BYTES, read_file
from ggu_costs.reference import Reference
from ggu_costs.report import bundle
from ggu_costs.report.drawing import pack_boundaries
from ggu_costs.report.focus import focus_of, is_drawn
from ggu_costs.report.listing import LISTING, sealed, sha256
from ggu_costs.report.page import lacking_packages, page_bytes
from ggu_costs.report.references import hashes_and_days, reference_sources, tables_used
from ggu_costs.report.tables import csv_bytes, json_bytes
from ggu_costs.report.workbook import workbook_bytes
from ggu_costs.words.label import ILLUSTRATIVE
from ggu_costs.words.messages import message

Dossier = Report
"""The name it had in 0.1, kept for one release."""

Groups = Mapping[str, list[str]]


class Reporting(Protocol):
    """What has something to say in a run."""

    def report(self, municipality: str | None = None) -> Report:
        """Return what it shows, for all municipalities or for one."""
        ...


@runtime_checkable
class Summed(Reporting, Protocol):
    """What has sums by group of its own."""

    def by(self, group: Any) -> pd.DataFrame:
        """Return its figures by group."""
        ...


def dossier(model: Model, *, municipality: str | None = None, groups: Groups | None = None) -> Report:
    """Gather what a run of `model` writes, for all municipalities or for one.

    Parameters
    ----------
    model
        An opened model.
    municipality
        Code of one municipality, for its note.
    groups
        Codes by group of your own, to add up by; see :func:`ggu_costs.report.bycode.read_groups`.

    Raises
    ------
    UnknownNameError
        A municipality that is not in the result.
    InputError
        Groups that do not fit the result, or groups and one municipality together.
    """
    return _gathered(model, {"values": (message("values_and_assumptions"), model)}, municipality, groups)


def comparison_dossier(
    comparison: Reporting, models: Iterable[Model], *, municipality: str | None = None, groups: Groups | None = None
) -> Report:
    """Gather what a comparison of models writes: the comparison, and the values that each model rests on.

    Of one municipality: what it pays under each, why that differs, and its place; for funds and fees.
    """
    files = {
        f"values_{letter}": (message("values_of_letter", letter=letter.upper(), title=model.title), model)
        for letter, model in zip(LETTERS, models, strict=False)
    }
    return _gathered(comparison, files, municipality, groups)


def assembly_dossier(
    assembly: Reporting, models: Iterable[Model], *, municipality: str | None = None, groups: Groups | None = None
) -> Report:
    """Gather what the table of an assembly writes, for all members or for the note of one.

    Parameters
    ----------
    assembly
        A result of :func:`ggu_costs.fund.assembly_of`.
    models
        The model files behind it: their values and sources.
    municipality, groups
        As for :func:`dossier`.
    """
    files = {
        f"values_{place}": (message("values_of_model", title=model.title), model)
        for place, model in enumerate(models, start=1)
    }
    return _gathered(assembly, files, municipality, groups)


def member_notes(assembly: Reporting, content: Report, codes: Iterable[str]) -> Iterator[tuple[str, Report]]:
    """Make the note of each member, with the sources of the whole: its code, and what it says.

    Parameters
    ----------
    assembly
        The table of an assembly.
    content
        What :func:`assembly_dossier` gave for all members.
    codes
        Of whom.
    """
    sources = tuple(source for source in content.sources if source.get("id") != "outlines")
    for code in codes:
        note = assembly.report(code)
        yield code, replace(note, sources=sources, reference=content.reference, files=content.files)


def _gathered(
    asked: Reporting, files: Mapping[str, tuple[str, Model]], municipality: str | None, groups: Groups | None
) -> Report:
    """Add to a report the values and sources of its model files (name and title of the table, and the model)."""
    if municipality and groups:
        raise InputError("groups for one municipality", remedy="Leave out the municipality, or the groups.")
    above = Reference.above(*(model.reference for _, model in files.values()))
    report = replace(asked.report(municipality), reference=above)
    unsure = {status for _, model in files.values() for status in model.statuses}
    statuses = tuple(mark for mark in MARKS if mark in unsure)
    definitions, called = [model.definition for _, model in files.values()], above.own_words()
    values = [
        Table(
            name,
            title,
            values_frame(model.definition, model.inputs),
            role="values",
            own_words=called,
            illustrative=model.definition.illustrative,
        )
        for name, (title, model) in files.items()
    ]
    own = [_by_own_groups(report, groups, asked)] if groups else []
    marked = [replace(table, statuses=statuses, own_words=called) for table in (*report.tables, *own)]
    told = {"groups": sha256(json_bytes(groups))} if groups else {}
    used = tables_used(report, drawn=not municipality and is_drawn(report))
    columns = {column for _, model in files.values() for use in model.uses() for column in use.columns}
    return replace(
        report, tables=(*marked, *values), sources=(*_sources(definitions), *reference_sources(used, above, columns)),
        files={name: digest for _, model in files.values() for name, digest in model.files.items()},
        provenance={**report.provenance, **told, **hashes_and_days(used, above)},
    )  # fmt: skip


def _by_own_groups(report: Report, groups: Groups, asked: Reporting) -> Table:
    """Return the sums over groups of the user's own; groups that overlap, or leave municipalities out, have no total.

    What adds up by itself does: a comparison knows of how many inhabitants each of its amounts is.

    Raises
    ------
    InputError
        Codes that are no municipality on the map of the table, or no table that can be added up.
    """
    main = focus_of(report, groups=()).main
    if main is None:
        raise InputError("this result has no figures by municipality", remedy="Leave out the groups.")
    if main.day is None or not main.amounts:
        raise InputError(
            f"table {main.table.name!r} cannot be added up by your groups",
            remedy="Run a model whose result has amounts by municipality.",
        )
    inside = {code for codes in groups.values() for code in codes}
    left_out = len(set(main.municipalities) - inside)
    notes = [message("left_out", n=left_out)] if left_out else []
    if len(inside) < sum(map(len, groups.values())):
        notes.append(message("overlapping"))
    table = main.by(groups)
    return replace(table, frame=asked.by(groups) if isinstance(asked, Summed) else table.frame, notes=notes)


def _sources(definitions: Iterable[Header]) -> tuple[Mapping[str, object], ...]:
    """Sources of all models, each once; two that share an id but differ both stay."""
    sources: list[Mapping[str, object]] = []
    for definition in definitions:
        for row in sources_frame(definition).reset_index().to_dict(orient="records"):
            record = {str(key): value for key, value in row.items()}
            if record not in sources:
                sources.append(record)
    return tuple(sources)


def files_of(
    content: Report,
    *,
    lang: str = "nl",
    boundaries: Path | None = None,
    pages: Iterable[tuple[str, Report]] = (),
    apart: bool = False,
) -> dict[str, bytes]:
    """Return the files by name: each table as ``NAME.csv`` (plain) and ``NAME.nl.csv`` (Dutch), workbook, page.

    In another language the words of the Dutch style are of that language, and so is the name: ``NAME.en.csv``. The
    workbook needs the extra ``excel`` and the page the extra ``html``; without them the other files are written and the
    caller says what is missing. `boundaries` is a GeoJSON or TopoJSON file for the map of the page; `pages` are further
    pages by name, such as the notes of members. With `apart` another process may write the page meanwhile.

    ``provenance.json`` is their listing, with the SHA-256 of each, of the model files and of the reference tables; see
    :func:`ggu_costs.verify`.
    """
    of_pack = _of_pack(content) if boundaries is None else None
    if boundaries is not None or of_pack is not None:  # in place of the shipped ones
        content = replace(content, sources=tuple(one for one in content.sources if one.get("id") != "outlines"))
    whole, content = content, report_in(content, lang)  # the page tells what is quoted from what is said
    if boundaries is not None:
        content = replace(content, provenance={**content.provenance, "boundaries": _hash_of(boundaries)})
    elif of_pack is not None:
        content = replace(content, provenance={**content.provenance, "boundaries": sha256(json_bytes(of_pack))})
    tables, with_page = content.tables, not lacking_packages()

    def others() -> dict[str, bytes]:
        made = {f"{table.name}.csv": csv_bytes(table, style="plain") for table in tables}
        if with_page:
            drawn = of_pack if boundaries is None else boundaries
            made["result.html"] = page_bytes(whole, lang=lang, boundaries=drawn)
        return made

    for table in tables:
        table.columns()  # both processes need them
    with Beside(others, apart=apart and with_page and not bundle.is_made_ahead()) as beside:
        own = {f"{table.name}.{lang}.csv": csv_bytes(table, style="dutch", lang=lang) for table in tables}
        if find_spec("xlsxwriter") is not None:
            charts = focus_of(content, lang=lang).charts
            own["result.xlsx"] = workbook_bytes(replace(content, charts=charts), lang=lang)
        made = own | beside.result()
        names = [f"{table.name}{style}.csv" for table in tables for style in ("", f".{lang}")]
        files = {name: made[name] for name in (*names, "result.xlsx", "result.html") if name in made}
        if with_page:
            files |= {f"{name}.html": page_bytes(one, lang=lang) for name, one in pages}
    marks = [ILLUSTRATIVE] if content.illustrative else []
    heading = {
        "library": f"ggu_costs {__version__}", "title": content.title, "notes": [*marks, *content.notes],
        "tables": sorted(names),
        **({"files": content.files} if content.files else {}),  # an answer that wrote itself has them in its provenance
        **hashes_and_days(_reference(content), content.reference),
    }  # fmt: skip
    files[LISTING] = sealed(json_bytes({**content.provenance, **heading}), files)
    return files


def _of_pack(content: Report) -> Mapping[str, Any] | None:
    """Return the boundaries that a pack brings for the map of the page; None where none does."""
    main = focus_of(content, groups=()).main if content.reference.boundaries() else None
    return None if main is None else pack_boundaries(main)


def _reference(content: Report) -> list[str]:
    """Return the names of the reference tables among the sources."""
    known = content.reference.table_hashes()
    return list(dict.fromkeys(str(source["id"]) for source in content.sources if source.get("id") in known))


def _hash_of(path: Path) -> str:
    """SHA-256 of a file; what cannot be read is told where it is read."""
    try:
        return sha256(read_file(path, most=MOST_BYTES))
    except GguCostsError:
        return ""
