"""The sheets of a workbook that hold words: summary, explanation, sources, provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ggu_costs.display.columns import columns_of
from ggu_costs.report.sheet import MOST_LINK, Book, Sheet, width_of
from ggu_costs.report.shown import lettered, lines, summary_column
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, named

if TYPE_CHECKING:
    from ggu_costs.display.report import Section

__all__ = ["write_provenance", "write_sections", "write_sources", "write_summary"]


def write_summary(
    page: Sheet, summary: Iterable[tuple[str, object, str]], notes: Iterable[str], listed: list[tuple[str, str]]
) -> None:
    """Write the first sheet: the main figures, what to know, and a link to every sheet with its title."""
    page.widths(44, 60)
    for words, value, unit in summary:
        page.text(page.row, 0, capital(lettered(named(words, page.book.lang))), "name")
        column = summary_column(words, value, unit)
        style = "rate" if column.unit.startswith("EUR/") else "value"
        page.cell(page.row, 1, column, column.values[0], style)
        page.row += 1
    for note in notes:
        page.note(lettered(note))
    page.row += 1
    if listed:
        page.line(capital(label("contents", page.book.lang)), "heading")
    for name, title in listed:
        target = "internal:'" + name.replace("'", "''") + "'!A1"
        page.sheet.write_url(page.row, 0, target, page.book.style("link"), name)
        page.text(page.row, 1, title)
        page.row += 1


def write_sections(book: Book, sections: Sequence[Section]) -> str:
    """Write the parts in words on a sheet; return its name, or nothing where there are none."""
    worded = [section for section in sections if section.texts]
    if not worded:
        return ""
    page = Sheet(book, "explanation", capital(label("explanation", book.lang)), book.marks)
    page.widths(44, 100)
    for section in worded:
        page.line(section.title, "heading")
        for question, answer in section.texts:
            page.text(page.row, 0, question, "name", text_wrap=True)
            page.text(page.row, 1, answer, "wrapped")
            page.height(page.row, [question, answer])
            page.row += 1
        page.row += 1
    return page.name


def write_sources(book: Book, sources: list[dict[str, object]]) -> None:
    """Write the sources on a sheet; web addresses become links."""
    import pandas as pd

    page = Sheet(book, "sources", capital(label("sources", book.lang)), book.marks)
    names = list(dict.fromkeys(name for source in sources for name in source))
    columns = columns_of(pd.DataFrame({name: [source.get(name) for source in sources] for name in names}, dtype=object))
    header = page.row
    page.widths(*(width_of(column, book.lang) for column in columns))
    for place, column in enumerate(columns):
        page.text(header, place, column.header(book.lang), "header")
        for row, value in enumerate(column.values, start=header + 1):
            if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) < MOST_LINK:
                page.sheet.write_url(row, place, value, book.style("link"), value)
            else:
                page.cell(row, place, column, value, "wrapped")
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.repeat_rows(header)


def write_provenance(book: Book, provenance: Mapping[str, object]) -> None:
    """Write what the result was computed with on a sheet, nested names with dots."""
    page = Sheet(book, "provenance", capital(label("provenance", book.lang)), book.marks)
    page.widths(44, 80)
    for name, text in lines(provenance):
        page.text(page.row, 0, name, "name")
        page.text(page.row, 1, text, "wrapped")
        page.row += 1
