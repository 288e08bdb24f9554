"""Several results in one page and one workbook: a dossier before an assembly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from string import ascii_lowercase

from ggu_costs.display.language import report_in
from ggu_costs.display.report import Answer, Report, Section
from ggu_costs.display.table import Table
from ggu_costs.display.titles import short_titles
from ggu_costs.errors import InputError
from ggu_costs.reference import Reference
from ggu_costs.report.focus import focus_of
from ggu_costs.words import messages
from ggu_costs.words.label import banner
from ggu_costs.words.page import lettered, named, phrase


def joined(title: str, parts: Mapping[str, Report], *, notes: Sequence[str] = (), lang: str = "nl") -> Report:
    """Put several dossiers in one page and one workbook, each a part with its own heading.

    Amounts of different parts stand apart and are never added up. Search, map and groups are those of the first part;
    the figures shown of a municipality are those of every part.

    Parameters
    ----------
    title
        Title of the whole.
    parts
        What is joined, by its heading; none is the note of one municipality.
    notes
        What a reader of the whole must know. What holds for a part stands in its section.
    lang
        ``nl`` or ``en``: the language of the parts, in which :func:`ggu_costs.report.dossier.files_of` is asked too.

    Raises
    ------
    InputError
        Nothing to join, or the note of one municipality.
    UnknownNameError
        A language that does not exist.
    """
    if not parts or any(part.municipality for part in parts.values()):
        raise InputError("no dossiers of all municipalities to join", remedy="Give one or more, by their heading.")
    whole = Report(title, (), notes=tuple(notes))
    for heading, part in parts.items():
        whole = _with(whole, heading, part, lang)
    return replace(whole, answer=_answer(parts, lang))


def _answer(parts: Mapping[str, Report], lang: str) -> Answer | None:
    """Return the answers of all parts, each under its heading; figures of the first only, for bases differ."""
    said = {heading: (part, _answer_in(part.answer, lang)) for heading, part in parts.items() if part.answer}
    if not said:
        return None
    sentences = [_headed(_marked(heading, part, lang), answer.sentence) for heading, (part, answer) in said.items()]
    outside = [_headed(heading, text) for heading, (_, answer) in said.items() for text in answer.outside]
    _, first = next(iter(said.values()))
    return Answer(sentence=sentences[0], tiles=first.tiles, more=tuple(sentences[1:]), outside=tuple(outside))


def _answer_in(answer: Answer, lang: str) -> Answer:
    said = report_in(Report("", (), answer=answer), lang).answer
    assert said is not None  # noqa: S101 (there is one)
    return said


def _headed(heading: str, text: str) -> str:
    return messages.joined([heading, text], ": ")


def _marked(heading: str, part: Report, lang: str) -> str:
    """Return a heading that says where its part is made up."""
    return f"{heading} ({banner(lang)})" if part.illustrative else heading


def _with(whole: Report, heading: str, part: Report, lang: str) -> Report:
    """Add one part."""
    part = replace(report_in(part, lang), sections=part.sections)  # a page takes what is no message for a quotation
    focus = focus_of(part, lang=lang)
    names = _free_names([table.name for table in focus.tables], {table.name for table in whole.tables})
    titles = short_titles(focus.tables, part.title, main=focus.main.table if focus.main else None, lang=lang)
    tables = [
        replace(
            table,
            name=names[table.name],
            title=f"{heading}: {titles[table.name]}",
            notes=table.notes_beyond(part.notes),
            meanings={},  # said in the section
        )
        for table in focus.tables
    ]
    first = whole.map
    if not whole.tables and focus.main and focus.column:
        first = (names[focus.main.table.name], focus.column.name)
    return replace(
        whole,
        tables=(*whole.tables, *tables),
        summary=(
            *whole.summary,
            *((f"{heading}: {lettered(named(words, lang))}", value, unit) for words, value, unit in part.summary),
        ),
        sources=(*whole.sources, *(source for source in part.sources if source not in whole.sources)),
        provenance={**whole.provenance, heading: dict(part.provenance)},
        map=first,
        charts=(*whole.charts, *(replace(chart, title=f"{heading}: {chart.title}") for chart in focus.charts)),
        sections=(*whole.sections, *_sections(heading, part, tables, names, first, lang=lang)),
        explained=(*whole.explained, *part.explained),
        reference=Reference.above(whole.reference, part.reference),
        technique=(*whole.technique, *(_headed(heading, text) for text in part.technique)),
        files={**whole.files, **part.files},
    )


def _free_names(names: Sequence[str], taken: set[str]) -> dict[str, str]:
    """Return a name for each table that no earlier one has; the sheet of a second one is called B, of a 27th one 27."""
    found: dict[str, str] = {}
    for name in names:
        later = (f"{name}_{mark}" for mark in chain(ascii_lowercase[1:], count(27)))
        used = taken | set(found.values())
        found[name] = next(free for free in chain([name], later) if free not in used)
    return found


def _sections(
    heading: str, part: Report, tables: Sequence[Table], names: Mapping[str, str], shown: tuple[str, str] | None,
    *, lang: str,
) -> list[Section]:  # fmt: skip
    """Return a section with what is to be known of a part and its tables, and the sections that it has itself."""
    own = [replace(section, title=f"{heading}: {messages.say(section.title, lang)}",
                   tables=tuple(names[name] for name in section.tables)) for section in part.sections]  # fmt: skip
    elsewhere = {name for section in own for name in section.tables} | {shown[0] if shown else ""}
    inside = [table.name for table in tables if table.name not in elsewhere and table.role != "values"]
    known = messages.joined((f"\N{BULLET} {lettered(note)}" for note in part.notes), "\n")
    texts = ((messages.joined([phrase("what_to_know", lang)]), known),) if known else ()
    if part.answer:
        figures = [messages.joined([tile.name, f"{tile.value} ({tile.basis})"], ": ") for tile in part.answer.tiles]
        points = (f"\N{BULLET} {text}" for text in (*figures, *part.answer.more))
        answer = messages.joined([part.answer.sentence, *points], "\n")
        texts = ((messages.joined([phrase("in_short", lang)]), answer), *texts)
    return [Section(title=heading, texts=texts, tables=tuple(inside), illustrative=part.illustrative), *own]
