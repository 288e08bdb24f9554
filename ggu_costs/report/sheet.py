"""The sheets of a workbook: formats, names that Excel takes, texts that stay texts, columns in their own format."""

import datetime
import math
import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from numbers import Real
from typing import Any

from ggu_costs.display.columns import Column, Kind, rounded
from ggu_costs.text import one_line, visible
from ggu_costs.words import numbers
from ggu_costs.words.label import banner, label
from ggu_costs.words.languages import vocabularies
from ggu_costs.words.page import capital

MOST_TEXT, MOST_LINK = 32_767, 2_000
"""Characters that Excel takes in a cell, and in a web address."""

_LENGTHENED = set("[]^`{}")  # signs that become three in the address of a link
_MOST_NAME = 31
_NARROWEST, _WIDEST = 8, 60
_BANNER = 6  # columns that a banner is given
_LINE, _HIGHEST, _BOLD = 15, 409, 1.15  # points a line, and of the highest row; how much wider bold letters are
_FORMATS = {"cents": "#,##0.00", "integer": "#,##0", "number": "#,##0.00##"}  # Excel shows its own language's marks
_SIGNED_FORMATS = {"cents": "+#,##0.00;-#,##0.00;0.00", "integer": "+#,##0;-#,##0;0"}
_HEADER = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "top"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "banner": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#D55E00"},
    "heading": {"bold": True, "font_size": 12},
    "header": _HEADER,
    "header_right": _HEADER | {"align": "right"},
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


class Book:
    """The workbook being written: its formats, the names its sheets have, its language."""

    def __init__(self, file: Any, lang: str, illustrative: bool) -> None:
        self.file, self.lang, self.marks = file, lang, banner(lang) if illustrative else ""
        self.names: set[str] = set()
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._asked: dict[tuple[object, ...], Any] = {}

    def style(self, name: str, **more: object) -> Any:
        """Return a format; one object for equal properties."""
        asked = (name, *more.items())
        if asked not in self._asked:
            properties = _STYLES[name] | more
            key = tuple(sorted(properties.items()))
            if key not in self._formats:
                self._formats[key] = self.file.add_format(properties)
            self._asked[asked] = self._formats[key]
        return self._asked[asked]

    def sheet_name(self, wanted: str) -> str:
        """Return a name Excel accepts: short, without the signs it refuses, and not used before."""
        words = "".join(" " if sign in "[]:*?/\\" or not sign.isprintable() else sign for sign in wanted)
        whole = " ".join(words.split()).strip("'")
        first, _, last = whole.rpartition(" ")
        if len(whole) > _MOST_NAME and last[:1].isdigit() and len(last) < _MOST_NAME:
            whole = f"{first[: _MOST_NAME - 1 - len(last)].rstrip()} {last}"  # a year stays whole
        base = capital(whole[:_MOST_NAME].strip("' ") or "Blad")
        name, count = base, 1
        while name.casefold() in self.names | {"history"}:  # Excel keeps that name for itself
            count += 1
            name = base[: _MOST_NAME - len(f" ({count})")] + f" ({count})"
        self.names.add(name.casefold())
        return name


class Sheet:
    """One sheet, filled from the top: title, what must stand on it, then what its writer puts there."""

    def __init__(self, book: Book, name: str, title: str, marks: str) -> None:
        self.book = book
        self.name = book.sheet_name(label(name, book.lang))
        self.sheet = book.file.add_worksheet(self.name, _plain_sheet())
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        words = one_line(f"{marks} - {title}" if marks else title)
        self.sheet.set_footer("&L" + words[:100].replace("&", "&&") + "&R&P / &N")
        self.row = 0
        self._widths: tuple[float, ...] = ()
        self.line(title, "title")
        if marks:
            for column in range(1, _BANNER):  # the text runs on over these: white would be lost on white
                self.text(self.row, column, "", "banner")
            self.line(marks, "banner")
        self.row += 1

    def text(self, row: int, column: int, text: str, style: str = "text", **more: object) -> None:
        """Write text as text; what looks like a formula stays text when the cell is edited, too."""
        text = visible(text)
        if not text:
            self.sheet.write_blank(row, column, None, self.book.style(style, **more))
            return
        if text.startswith(("=", "+", "-", "@")):
            more["quote_prefix"] = True
        self.sheet.write_string(row, column, text[:MOST_TEXT], self.book.style(style, **more))

    def link(self, row: int, column: int, address: str, text: str) -> None:
        """Write text that leads to a web address, or to a place in the workbook, where Excel takes that address."""
        if len(address.encode("utf-16-le")) // 2 > MOST_LINK or set(address) & _LENGTHENED:
            self.text(row, column, text)
        else:
            self.sheet.write_url(row, column, address, self.book.style("link"), visible(text))

    def line(self, text: str, style: str = "text") -> None:
        """Write text on a row of its own and go to the next."""
        self.text(self.row, 0, text, style)
        self.row += 1

    def pair(self, first: str, second: str, style: str = "text", **more: object) -> None:
        """Write what something is called, and beside it what there is to say, and go to the next row."""
        self.text(self.row, 0, first, "name", **more)
        self.text(self.row, 1, second, style)
        self.row += 1

    def widths(self, *widths: float) -> None:
        """Set the widths of the columns, in characters."""
        self._widths = widths
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)

    def fold(self, count: int) -> None:
        """Let notes go over the first columns only."""
        self._widths = self._widths[:count]

    def height(self, row: int, heads: Sequence[str]) -> None:
        """Make a row as high as its texts need, in bold letters, in the columns they stand in."""
        room = [max(int(width / _BOLD), 1) for width in self._widths]
        needed = [
            sum(len(textwrap.wrap(line, wide)) or 1 for line in head.splitlines())
            for head, wide in zip(heads, room, strict=False)
        ]
        self.sheet.set_row(row, min(_LINE * max([*needed, 1]), _HIGHEST))

    def note(self, text: str, style: str = "note") -> None:
        """Write a note over the whole width of the sheet, on as many lines as it needs, and go to the next row."""
        form = self.book.style(style, text_wrap=True, valign="top")
        if len(self._widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self._widths) - 1, "", form)
        self.sheet.set_row(self.row, min(_LINE * math.ceil(len(text) / max(sum(self._widths), 1)), _HIGHEST))
        self.text(self.row, 0, text, style, text_wrap=True, valign="top")
        self.row += 1

    def cell(self, row: int, place: int, column: Column, value: object, style: str = "text") -> None:
        """Write one value of a column."""
        lang = self.book.lang
        if value is None and column.numeric:
            self.text(row, place, column.text(None, lang), "unknown")
        elif value is None:
            self.text(row, place, "", style)
        elif column.numeric and numbers.is_number(value):
            kind = "integer" if column.is_whole(value) else column.kind
            self.sheet.write_number(row, place, _figure(column, value), self.figures(column, style, kind))
        elif numbers.is_number(value) and not column.worded:  # a number among texts keeps every digit it has
            self.sheet.write_number(row, place, float(value), self.book.style(style, align="left"))
        elif isinstance(value, datetime.date):
            self.sheet.write_datetime(row, place, value, self.book.style(style, num_format=_dates(lang), align="left"))
        else:
            self.text(row, place, column.text(value, lang), style)

    def grid(self, top: int, columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> None:
        """Write what stands above the columns, and below it their rows."""
        for place, column in enumerate(columns):
            self.text(top, place, column.header(self.book.lang), "header_right" if column.numeric else "header")
            alike = self.figures(column, "text") if column.numeric and not column.mixed else None
            for row, cells in enumerate(rows, start=top + 1):
                value = cells[place]
                if alike is None or not numbers.is_number(value):
                    self.cell(row, place, column, value)
                else:  # by far the most: one format for all of a column
                    self.sheet.write_number(row, place, _figure(column, value), alike)

    def formula(self, row: int, place: int, formula: str, value: float, style: Any) -> None:
        """Write a formula with the value it has; without a formula, the value itself."""
        if formula:
            self.sheet.write_formula(row, place, formula, style, value)
        else:
            self.sheet.write_number(row, place, value, style)

    def figures(self, column: Column, style: str, kind: Kind | None = None) -> Any:
        """Return the format of a column's figures, or of one of a kind of its own."""
        return self.book.style(style, **({"num_format": _number_format(column, kind or column.kind)} | _STYLES[style]))


def _figure(column: Column, value: Decimal | Real) -> float:
    """Return the number in a cell: rounded where only so many of its digits mean something."""
    figure = round(float(value), column.decimals) if column.decimals < 0 else float(value)
    return float(rounded(figure)) if column.is_rate else figure


@cache
def _plain_sheet() -> Any:
    """Return the kind of a sheet that takes formulas as they are given.

    None of ours has a function of which Excel's files know another name; XlsxWriter looks for each of those in each
    formula, which takes longer than writing it.
    """
    from xlsxwriter.worksheet import Worksheet

    class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return PlainSheet


def _number_format(column: Column, kind: Kind) -> str:
    if column.unit == "share":
        return "0." + "0" * column.decimals + "%"
    if column.unit == "probability":
        return "0%"
    if column.name == "year":
        return "0"
    if column.unit.startswith("EUR"):
        kind = "cents" if column.decimals > 0 else "integer"
    return _SIGNED_FORMATS.get(kind, _FORMATS[kind]) if column.signed else _FORMATS[kind]


def _dates(lang: str) -> str:
    return vocabularies(lang)["number"]["excel_dates"]


def width_of(column: Column, lang: str) -> float:
    """Return the width of a column in characters, by its longest value and the longest word above it."""
    shown: Iterable[object] = column.values
    if column.numeric:  # written alike, so the longest is at one end
        known = sorted({value for value in column.values if numbers.is_number(value)}, key=float)  # pyright: ignore[reportUnhashable]
        shown = (known[0], known[-1]) if known else ()
    longest = max((len(column.text(value, lang)) for value in shown), default=0)
    longest_word = max(len(word) for word in column.header(lang).split() or [""])
    return min(max(longest, longest_word + 2, _NARROWEST), _WIDEST) + 2
