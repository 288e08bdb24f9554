"""The Excel workbook a controller follows: summary, one sheet a table, charts, sources, provenance.

Texts are written as texts whatever they begin with, amounts as the library's own cents, totals as live sums that carry
their value. The same inputs give the same bytes.
"""

import datetime
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from ggu_costs.display.columns import Column, columns_of, memoranda
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Answer, Report, Section
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, not_installed
from ggu_costs.report.excel import write_charts
from ggu_costs.report.live import live_allocation, live_fee
from ggu_costs.report.sheet import MOST_TEXT, Book, Sheet, width_of
from ggu_costs.report.shown import marks_of, summary_column, traced
from ggu_costs.text import one_line, web_address
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, lettered, named, phrase

_CREATED = datetime.datetime(2000, 1, 1)  # no clock: the same inputs give the same bytes
_MOST_ROWS = 1_048_000


def workbook_bytes(report: Report, *, lang: str = "nl") -> bytes:
    """Return a workbook as bytes: Samenvatting, a sheet for each table, Bronnen, Verantwoording.

    Of each table the header is frozen and can be filtered, its totals stand above the header as live sums. Charts are
    drawn by Excel beside their figures on a sheet of their own; web addresses of sources become links.

    Parameters
    ----------
    report
        What the workbook holds.
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
    >>> workbook_bytes(Report("Contributie 2024", (Table("fees", "Contributie 2024", frame, units="EUR"),)))[:2]
    b'PK'
    """
    report = report_in(report, lang)
    try:
        import xlsxwriter
    except ImportError as error:
        raise not_installed("a workbook", "XlsxWriter", "excel") from error
    for table in report.tables:
        _check_size(table)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as file:
        file.set_properties({"title": one_line(report.title)[:255], "created": _CREATED})
        file.set_size(2400, 1600)
        book = Book(file, lang, report.illustrative)
        first = Sheet(book, "summary", report.title, book.marks)
        texts = _write_sections(book, report.sections)
        contents = [(texts, capital(label("explanation", lang)))] if texts else []
        contents += [(_write_table(book, table), table.title) for table in report.tables]
        for table in report.tables:
            live = live_fee(table) if table.tariff else live_allocation(table, lang)
            if live is not None:
                title = f"{phrase('live', lang)}: {table.title}"
                sheet = Sheet(book, "calculation", title, marks_of(table, lang))
                live.write(sheet)
                contents.append((sheet.name, title))
        if report.charts:
            sheet = Sheet(book, phrase("charts", lang), f"{phrase('charts', lang)}: {report.title}", book.marks)
            write_charts(sheet, report.charts)
            contents.append((sheet.name, phrase("charts", lang)))
        if report.sources:
            _write_sources(book, report.sources)
        if report.provenance or report.technique:
            _write_provenance(book, report.provenance, report.technique)
        _write_summary(first, report, contents)
    return out.getvalue()


def _check_size(table: Table) -> None:
    faults = Faults()
    if len(table.frame) > _MOST_ROWS:
        faults.add(table.name, f"{len(table.frame)} rows", f"at most {_MOST_ROWS} on a sheet")
    for column in table.columns():
        longest = max((len(value) for value in column.values if isinstance(value, str)), default=0)
        if longest > MOST_TEXT:
            faults.add(column.name, f"a text of {longest} characters", f"at most {MOST_TEXT} in a cell")
    faults.check(f"table {table.name!r} does not fit in Excel", remedy="Shorten it, or use the CSV.")


def _write_table(book: Book, table: Table) -> str:
    """Write one table on a sheet of its own; return the sheet's name."""
    columns = table.columns()
    page = Sheet(book, table.name, table.title, marks_of(table, book.lang))
    total_row, header_row = page.row, page.row + bool(table.total)
    first, last = header_row + 1, header_row + len(table.frame)
    page.widths(*(width_of(column, book.lang) for column in columns))
    page.grid(header_row, columns, list(zip(*(column.values for column in columns), strict=True)))
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


def _write_summary(page: Sheet, report: Report, contents: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet: the main figures, what to know, and a link to every sheet with its title."""
    page.widths(44, 60)
    if report.answer:
        _write_answer(page, report.answer)
    for words, value, unit in report.summary:
        page.text(page.row, 0, capital(lettered(named(words, page.book.lang))), "name")
        column = summary_column(words, value, unit)
        style = "rate" if column.unit.startswith("EUR/") else "value"
        page.cell(page.row, 1, column, column.values[0], style)
        page.row += 1
    for note in report.further_notes:
        page.note(lettered(note))
    page.row += 1
    if contents:
        page.line(capital(label("contents", page.book.lang)), "heading")
    for name, title in contents:
        page.link(page.row, 0, "internal:'" + name.replace("'", "''") + "'!A1", name)
        page.text(page.row, 1, title)
        page.row += 1


def _write_answer(page: Sheet, answer: Answer) -> None:
    """Write what is said first: the sentence, its figures with their basis, what else is said at once."""
    page.note(answer.sentence, "heading")
    for tile in answer.tiles:
        page.pair(tile.name, f"{tile.value}\n{tile.basis}", "wrapped", text_wrap=True)
        page.height(page.row - 1, [tile.name, f"{tile.value}\n{tile.basis}"])
    for text in answer.more:
        page.note(text)
    if answer.outside:
        page.line(phrase("outside", page.book.lang), "heading")
    for text in answer.outside:
        page.note(text)
    page.row += 1


def _write_sections(book: Book, sections: Sequence[Section]) -> str:
    """Write the parts in words on a sheet; return its name, or nothing where there are none."""
    worded = [section for section in sections if section.texts]
    if not worded:
        return ""
    page = Sheet(book, "explanation", capital(label("explanation", book.lang)), book.marks)
    page.widths(44, 100)
    for section in worded:
        page.line(section.title, "heading")
        for question, answer in section.texts:
            page.height(page.row, [question, answer])
            page.pair(question, answer, "wrapped", text_wrap=True)
        page.row += 1
    return page.name


def _write_sources(book: Book, sources: Sequence[Mapping[str, object]]) -> None:
    """Write the sources on a sheet; web addresses become links."""
    page = Sheet(book, "sources", capital(label("sources", book.lang)), book.marks)
    names = list(dict.fromkeys(name for source in sources for name in source))
    columns = columns_of(pd.DataFrame({name: [source.get(name) for source in sources] for name in names}, dtype=object))
    header = page.row
    page.widths(*(width_of(column, book.lang) for column in columns))
    for place, column in enumerate(columns):
        page.text(header, place, column.header(book.lang), "header")
        for row, value in enumerate(column.values, start=header + 1):
            if isinstance(value, str) and column.name == "url" and web_address(value):
                page.link(row, place, value, value)
            else:
                page.cell(row, place, column, value, "wrapped")
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.repeat_rows(header)


def _write_provenance(book: Book, provenance: Mapping[str, object], technique: Sequence[str]) -> None:
    """Write how and with what the result was computed on a sheet, nested names with dots."""
    page = Sheet(book, "provenance", capital(label("provenance", book.lang)), book.marks)
    page.widths(64, 80)
    for text in technique:
        page.note(lettered(text))
    for name, text in traced(provenance, book.lang):
        page.pair(name, text, "wrapped")
