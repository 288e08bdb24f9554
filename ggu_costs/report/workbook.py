"""The Excel workbook a controller follows: summary, one sheet a table, sources, provenance.

Texts are written as texts whatever they begin with, amounts as the library's own cents, totals as live sums that carry
their value. The same inputs give the same bytes.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.display import numbers
from ggu_costs.display.columns import Column, columns_of, memoranda
from ggu_costs.display.extras import not_installed
from ggu_costs.display.words import banner, checked_language, label
from ggu_costs.errors import Faults
from ggu_costs.report.live import live_allocation, write_live
from ggu_costs.report.phrases import phrase
from ggu_costs.report.tables import Table
from ggu_costs.report.workbook_charts import write_charts

if TYPE_CHECKING:
    from ggu_costs.display.result import Chart

__all__ = ["Sheet", "workbook_bytes"]

_CREATED = datetime.datetime(2000, 1, 1)  # no clock: the same inputs give the same bytes
_MOST_ROWS, _MOST_TEXT, _MOST_LINK, _MOST_NAME = 1_048_000, 32_767, 2_000, 31
_NARROWEST, _WIDEST = 8, 60
_FORMATS = {"cents": "#,##0.00", "integer": "#,##0", "number": "#,##0.00##"}  # Excel shows its own language's marks
_SIGNED_FORMATS = {"cents": "+#,##0.00;-#,##0.00;0.00", "integer": "+#,##0;-#,##0;0"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "banner": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#D55E00"},
    "heading": {"bold": True, "font_size": 12},
    "header": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "top"},
    "header_right": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "bottom": 1,
        "text_wrap": True,
        "valign": "top",
        "align": "right",
    },
    "text": {},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "value": {"text_wrap": True, "valign": "top", "align": "left"},
    "rate": {"num_format": "#,##0.00####", "valign": "top", "align": "left"},
    "name": {"bold": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#404040"},
    "unknown": {"italic": True, "font_color": "#404040", "align": "right"},
    "link": {"font_color": "#0563C1", "underline": 1, "valign": "top"},
    "total": {"bold": True, "bottom": 1},
}


def workbook_bytes(
    tables: Sequence[Table],
    *,
    title: str,
    summary: Iterable[tuple[str, object, str]] = (),
    sources: Iterable[Mapping[str, object]] = (),
    provenance: Mapping[str, object] | None = None,
    notes: Iterable[str] = (),
    charts: Sequence[Chart] = (),
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
    lang
        ``nl`` or ``en``.

    Returns
    -------
    bytes
        An .xlsx file. A sheet with illustrative values carries FICTIEF VOORBEELD; the first, the sources and the
        provenance do so as soon as one table does.

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
        book = _Book(file, lang, any(table.illustrative for table in tables))
        first = Sheet(book, "summary", title, book.illustrative)
        listed = [(_write_table(book, table, columns), table.title) for table, columns in checked]
        for table, columns in checked:
            live = live_allocation(table, columns)
            if live is not None:
                sheet = Sheet(book, "calculation", f"{phrase('live', lang)}: {live.title}", live.illustrative)
                write_live(sheet, live, lang)
                listed.append((sheet.name, f"{phrase('live', lang)}: {live.title}"))
        if charts:
            sheet = Sheet(book, phrase("charts", lang), f"{phrase('charts', lang)}: {title}", book.illustrative)
            write_charts(sheet, charts)
            listed.append((sheet.name, phrase("charts", lang)))
        source_rows = [dict(source) for source in sources]
        if source_rows:
            _write_sources(book, source_rows)
        if provenance:
            _write_provenance(book, provenance)
        _write_summary(first, summary, notes, listed)
    return out.getvalue()


def _check_size(table: Table, columns: list[Column]) -> None:
    faults = Faults()
    if len(table.frame) > _MOST_ROWS:
        faults.add(table.name, f"{len(table.frame)} rows", f"at most {_MOST_ROWS} on a sheet")
    for column in columns:
        longest = max((len(value) for value in column.values if isinstance(value, str)), default=0)
        if longest > _MOST_TEXT:
            faults.add(column.name, f"a text of {longest} characters", f"at most {_MOST_TEXT} in a cell")
    faults.check(f"table {table.name!r} does not fit in Excel", remedy="Shorten it, or use the CSV.")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class _Book:
    """The workbook being written: its formats, the names its sheets have, its language."""

    def __init__(self, file: Any, lang: str, illustrative: bool) -> None:
        self.file, self.lang, self.illustrative = file, lang, illustrative
        self.names: set[str] = set()
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, name: str, **more: object) -> Any:
        """Return a format; one object for equal properties."""
        properties = _STYLES[name] | more
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format(properties)
        return self._formats[key]

    def sheet_name(self, wanted: str) -> str:
        """Return a name Excel accepts: short, without the signs it refuses, and not used before."""
        words = "".join(" " if sign in "[]:*?/\\" or not sign.isprintable() else sign for sign in wanted)
        base = " ".join(words.split()).strip("'")[:_MOST_NAME].strip("' ") or "Blad"
        base = _capital(base)
        name, count = base, 1
        while name.casefold() in self.names | {"history"}:  # Excel keeps that name for itself
            count += 1
            name = base[: _MOST_NAME - len(f" ({count})")] + f" ({count})"
        self.names.add(name.casefold())
        return name


class Sheet:
    """One sheet, filled from the top: title, banner, then what its writer puts there."""

    def __init__(self, book: _Book, name: str, title: str, illustrative: bool) -> None:
        self.book = book
        self.name = book.sheet_name(label(name, book.lang))
        self.sheet = book.file.add_worksheet(self.name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        mark = f"{banner(book.lang)} - " if illustrative else ""
        self.sheet.set_footer("&L" + (mark + title)[:100].replace("&", "&&") + "&R&P / &N")
        self.row = 0
        self._widths: tuple[float, ...] = ()
        self.line(title, "title")
        if illustrative:
            self.line(banner(book.lang), "banner")
        self.row += 1

    def text(self, row: int, column: int, text: str, style: str = "text", **more: object) -> None:
        """Write text as text; what looks like a formula stays text when the cell is edited, too."""
        if not text:
            self.sheet.write_blank(row, column, None, self.book.style(style, **more))
            return
        if text.startswith(("=", "+", "-", "@")):
            more["quote_prefix"] = True
        self.sheet.write_string(row, column, text[:_MOST_TEXT], self.book.style(style, **more))

    def line(self, text: str, style: str = "text") -> None:
        """Write text on a row of its own and go to the next."""
        self.text(self.row, 0, text, style)
        self.row += 1

    def widths(self, *widths: float) -> None:
        """Set the widths of the columns, in characters."""
        self._widths = widths
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def note(self, text: str) -> None:
        """Write a note over the whole width of the sheet, on as many lines as it needs, and go to the next row."""
        style = self.book.style("note", text_wrap=True, valign="top")
        if len(self._widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self._widths) - 1, "", style)
        self.sheet.set_row(self.row, 15 * math.ceil(len(text) / max(sum(self._widths), 1)))
        self.text(self.row, 0, text, "note", text_wrap=True, valign="top")
        self.row += 1

    def cell(self, row: int, place: int, column: Column, value: object, style: str = "text") -> None:
        """Write one value of a column."""
        lang = self.book.lang
        if value is None and column.numeric:
            self.text(row, place, column.text(None, lang), "unknown")
        elif value is None:
            self.text(row, place, "", style)
        elif column.numeric and numbers.is_number(value):
            self.sheet.write_number(row, place, float(value), self.figures(column, style))
        elif numbers.is_number(value) and not column.worded:  # a number among texts keeps every digit it has
            self.sheet.write_number(row, place, float(value), self.book.style(style, align="left"))
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(row, place, value, self.book.style(style, num_format=_dates(lang), align="left"))
        else:
            self.text(row, place, column.text(value, lang), style)

    def formula(self, row: int, place: int, formula: str, value: float, style: Any) -> None:
        """Write a formula with the value it has; without a formula, the value itself."""
        if formula:
            self.sheet.write_formula(row, place, formula, style, value)
        else:
            self.sheet.write_number(row, place, value, style)

    def figures(self, column: Column, style: str) -> Any:
        """Return the format of a column's figures."""
        return self.book.style(style, **({"num_format": _number_format(column)} | _STYLES[style]))


def _number_format(column: Column) -> str:
    if column.unit == "share":
        return "0." + "0" * column.decimals + "%"
    if column.name == "year":
        return "0"
    kind = "cents" if column.unit.startswith("EUR") else column.kind
    return _SIGNED_FORMATS.get(kind, _FORMATS[kind]) if column.signed else _FORMATS[kind]


def _dates(lang: str) -> str:
    return "[$-413]d mmmm yyyy" if lang == "nl" else "[$-809]d mmmm yyyy"


def _width(column: Column, lang: str) -> float:
    shown: Iterable[object] = column.values
    if column.numeric:  # written alike, so the longest is at one end
        known = sorted({value for value in column.values if numbers.is_number(value)}, key=float)
        shown = (known[0], known[-1]) if known else ()
    longest = max((len(column.text(value, lang)) for value in shown), default=0)
    longest_word = max(len(word) for word in column.header(lang).split() or [""])
    return min(max(longest, longest_word + 2, _NARROWEST), _WIDEST) + 2


def _write_table(book: _Book, table: Table, columns: list[Column]) -> str:
    """Write one table on a sheet of its own; return the sheet's name."""
    page = Sheet(book, table.name, table.title, table.illustrative)
    total_row, header_row = page.row, page.row + bool(table.total)
    first, last = header_row + 1, header_row + len(table.frame)
    page.widths(*(_width(column, book.lang) for column in columns))
    for place, column in enumerate(columns):
        page.text(header_row, place, column.header(book.lang), "header_right" if column.numeric else "header")
        for row, value in enumerate(column.values, start=first):
            page.cell(row, place, column, value)
    if table.total:
        _write_total(page, total_row, first, columns, set(table.total))
    page.sheet.freeze_panes(first, _frozen(columns))
    page.sheet.repeat_rows(header_row)
    if len(table.frame):
        page.sheet.autofilter(header_row, 0, last, len(columns) - 1)
    page.row = last + 2
    for note in (*(table.notes or ()), *memoranda(columns, book.lang)):
        page.note(note)
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
            page.text(row, place, "" if worded else _capital(label("total", page.book.lang)), "total")
            worded = True
            continue
        total = column.total()
        if total is None or not column.values:
            page.cell(row, place, column, total, "total")
        else:
            formula = f"=SUM({xl_range(first, place, first + len(column.values) - 1, place)})"
            page.sheet.write_formula(row, place, formula, page.figures(column, "total"), total)


def _write_summary(
    page: Sheet, summary: Iterable[tuple[str, object, str]], notes: Iterable[str], listed: list[tuple[str, str]]
) -> None:
    import pandas as pd

    page.widths(44, 60)
    for words, value, unit in summary:
        page.text(page.row, 0, _capital(label(words, page.book.lang)), "name")
        (column,) = columns_of(pd.DataFrame({"value": [value]}), units={"value": unit} if unit else None)
        style = "rate" if column.unit.startswith("EUR/") else "value"
        page.cell(page.row, 1, column, column.values[0], style)
        page.row += 1
    for note in notes:
        page.note(note)
    page.row += 1
    if listed:
        page.line(_capital(label("contents", page.book.lang)), "heading")
    for name, title in listed:
        target = "internal:'" + name.replace("'", "''") + "'!A1"
        page.sheet.write_url(page.row, 0, target, page.book.style("link"), name)
        page.text(page.row, 1, title)
        page.row += 1


def _write_sources(book: _Book, sources: list[dict[str, object]]) -> None:
    import pandas as pd

    page = Sheet(book, "sources", _capital(label("sources", book.lang)), book.illustrative)
    names = list(dict.fromkeys(name for source in sources for name in source))
    columns = columns_of(pd.DataFrame({name: [source.get(name) for source in sources] for name in names}, dtype=object))
    header = page.row
    page.widths(*(_width(column, book.lang) for column in columns))
    for place, column in enumerate(columns):
        page.text(header, place, column.header(book.lang), "header")
        for row, value in enumerate(column.values, start=header + 1):
            if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) < _MOST_LINK:
                page.sheet.write_url(row, place, value, book.style("link"), value)
            else:
                page.cell(row, place, column, value, "wrapped")
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.repeat_rows(header)


def _write_provenance(book: _Book, provenance: Mapping[str, object]) -> None:
    page = Sheet(book, "provenance", _capital(label("provenance", book.lang)), book.illustrative)
    page.widths(44, 80)
    for name, text in _flat(provenance, ""):
        page.text(page.row, 0, name, "name")
        page.text(page.row, 1, text, "wrapped")
        page.row += 1


def _flat(value: object, name: str) -> list[tuple[str, str]]:
    """Write nested mappings and lists as lines of a dotted name and a text."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in _flat(item, f"{name}.{key}" if name else str(key))]
    if isinstance(value, list | tuple):
        return [line for place, item in enumerate(value, start=1) for line in _flat(item, f"{name}[{place}]")]
    return [(name, "" if numbers.missing(value) else str(value))]
