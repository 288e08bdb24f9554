"""The Excel workbook a controller follows: summary, one sheet a table, sources, provenance.

Texts are written as texts whatever they begin with, amounts as the library's own cents, totals as live sums that carry
their value. The same inputs give the same bytes.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column, memoranda
from ggu_costs.display.extras import not_installed
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults
from ggu_costs.report.live import live_allocation, write_live
from ggu_costs.report.live_fee import live_fee, write_live_fee
from ggu_costs.report.sheet import MOST_TEXT, Book, Sheet, width_of
from ggu_costs.report.shown import lettered, marks_of
from ggu_costs.report.workbook_charts import write_charts
from ggu_costs.report.workbook_texts import write_provenance, write_sections, write_sources, write_summary
from ggu_costs.words.label import checked_language, label
from ggu_costs.words.page import capital, phrase

if TYPE_CHECKING:
    from ggu_costs.display.report import Brackets, Chart, Section

__all__ = ["workbook_bytes"]

_CREATED = datetime.datetime(2000, 1, 1)  # no clock: the same inputs give the same bytes
_MOST_ROWS = 1_048_000


def workbook_bytes(
    tables: Sequence[Table],
    *,
    title: str,
    summary: Iterable[tuple[str, object, str]] = (),
    sources: Iterable[Mapping[str, object]] = (),
    provenance: Mapping[str, object] | None = None,
    notes: Iterable[str] = (),
    charts: Sequence[Chart] = (),
    sections: Sequence[Section] = (),
    tariffs: Mapping[str, Brackets] | None = None,
    lang: str = "nl",
) -> bytes:
    """Return a workbook as bytes: Samenvatting, a sheet for each table, Bronnen, Verantwoording.

    Parameters
    ----------
    tables
        The tables; of each the header is frozen and can be filtered, its totals stand above the header as live sums.
    title
        Title of the workbook, on the first sheet and in its properties.
    summary
        Lines of the first sheet: code name or words, value, unit (``EUR``, ``share``, ...; empty for text).
    sources
        One mapping a source (id, title, publisher, url, status, ...); web addresses become links.
    provenance
        What :attr:`Result.provenance` holds; nested mappings are written out with dotted names.
    notes
        What a reader of the whole must know, on the first sheet.
    charts
        Charts, drawn by Excel beside their figures on a sheet of their own.
    sections
        Parts in words, on a sheet of questions and answers.
    tariffs
        Tariff by the name of the table of fees that was made with it, for a sheet of live formulas.
    lang
        ``nl`` or ``en``.

    Returns
    -------
    bytes
        An .xlsx file. A sheet with illustrative values carries FICTIEF VOORBEELD; the first, the sources and the
        provenance do so as soon as one table does. Figures that are indicative say so on their sheet.

    Raises
    ------
    InputError
        Columns that cannot be written, more rows or longer texts than Excel holds: all of one table at once.
    GguCostsError
        XlsxWriter is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"fee": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    >>> workbook_bytes([Table("fees", "Contributie 2024", frame, units="EUR")], title="Contributie 2024")[:2]
    b'PK'
    """
    checked_language(lang)
    try:
        import xlsxwriter
    except ImportError as error:
        raise not_installed("a workbook", "XlsxWriter", "excel") from error
    checked = [(table, table.columns()) for table in tables]
    for table, columns in checked:
        _check_size(table, columns)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as file:
        file.set_properties({"title": title[:255], "created": _CREATED})
        file.set_size(2400, 1600)
        book = Book(file, lang, any(table.illustrative for table in tables))
        first = Sheet(book, "summary", title, book.marks)
        texts = write_sections(book, sections)
        listed = [(texts, capital(label("explanation", lang)))] if texts else []
        listed += [(_write_table(book, table, columns), table.title) for table, columns in checked]
        for table, columns in checked:
            live = live_allocation(table, columns)
            tariff = (tariffs or {}).get(table.name)
            fee = live_fee(table, columns, tariff) if tariff else None
            if live is None and fee is None:
                continue
            sheet = Sheet(book, "calculation", f"{phrase('live', lang)}: {table.title}", marks_of(table, lang))
            if live is not None:
                write_live(sheet, live, lang)
            if fee is not None:
                write_live_fee(sheet, fee, lang)
            listed.append((sheet.name, f"{phrase('live', lang)}: {table.title}"))
        if charts:
            sheet = Sheet(book, phrase("charts", lang), f"{phrase('charts', lang)}: {title}", book.marks)
            write_charts(sheet, charts)
            listed.append((sheet.name, phrase("charts", lang)))
        source_rows = [dict(source) for source in sources]
        if source_rows:
            write_sources(book, source_rows)
        if provenance:
            write_provenance(book, provenance)
        write_summary(first, summary, notes, listed)
    return out.getvalue()


def _check_size(table: Table, columns: list[Column]) -> None:
    faults = Faults()
    if len(table.frame) > _MOST_ROWS:
        faults.add(table.name, f"{len(table.frame)} rows", f"at most {_MOST_ROWS} on a sheet")
    for column in columns:
        longest = max((len(value) for value in column.values if isinstance(value, str)), default=0)
        if longest > MOST_TEXT:
            faults.add(column.name, f"a text of {longest} characters", f"at most {MOST_TEXT} in a cell")
    faults.check(f"table {table.name!r} does not fit in Excel", remedy="Shorten it, or use the CSV.")


def _write_table(book: Book, table: Table, columns: list[Column]) -> str:
    """Write one table on a sheet of its own; return the sheet's name."""
    page = Sheet(book, table.name, table.title, marks_of(table, book.lang))
    total_row, header_row = page.row, page.row + bool(table.total)
    first, last = header_row + 1, header_row + len(table.frame)
    page.widths(*(width_of(column, book.lang) for column in columns))
    for place, column in enumerate(columns):
        page.text(header_row, place, column.header(book.lang), "header_right" if column.numeric else "header")
        for row, value in enumerate(column.values, start=first):
            page.cell(row, place, column, value)
    page.height(header_row, [column.header(book.lang) for column in columns])
    if table.total:
        _write_total(page, total_row, first, columns, set(table.total))
    page.sheet.freeze_panes(first, _frozen(columns))
    page.sheet.repeat_rows(header_row)
    if len(table.frame):
        page.sheet.autofilter(header_row, 0, last, len(columns) - 1)
    page.row = last + 2
    printed = max(place for place, column in enumerate(columns) if not column.name.endswith("_error")) + 1
    page.fold(printed)
    for note in (*map(lettered, table.notes or ()), *memoranda(columns, book.lang)):
        page.note(note)
    if printed < len(columns):  # simulation errors are for the screen
        page.sheet.print_area(0, 0, page.row, printed - 1)
    return page.name


def _frozen(columns: list[Column]) -> int:
    """Return how many columns on the left stay in view: code and name."""
    return 2 if len(columns) > 2 and [column.name for column in columns[:2]] == ["code", "name"] else 1


def _write_total(page: Sheet, row: int, first: int, columns: list[Column], added: set[str]) -> None:
    """Write live sums with their value, above the header so that they stay in view; the word stands to their left."""
    from xlsxwriter.utility import xl_range

    worded = False
    for place, column in enumerate(columns):
        if column.name not in added:
            page.text(row, place, "" if worded else capital(label("total", page.book.lang)), "total")
            worded = True
            continue
        total = column.total()
        if total is None or not column.values:
            page.cell(row, place, column, total, "total")
        else:
            formula = f"=SUM({xl_range(first, place, first + len(column.values) - 1, place)})"
            page.sheet.write_formula(row, place, formula, page.figures(column, "total"), total)
