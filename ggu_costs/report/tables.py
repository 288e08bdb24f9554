"""A table on its way out, as CSV in two styles, and canonical JSON. The same inputs give the same bytes.

The plain style is for machines: comma, decimal point, code names, empty where unknown. The Dutch style opens in a
Dutch Excel by double click: semicolon, decimal comma, words above the columns, PM where a figure is not yet known.
"""

import datetime
import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from ggu_costs.display.columns import Column, rounded
from ggu_costs.display.document import plain_json
from ggu_costs.display.table import Table
from ggu_costs.display.table_language import table_in
from ggu_costs.errors import UnknownNameError
from ggu_costs.text import in_json, visible
from ggu_costs.words import numbers
from ggu_costs.words.label import ILLUSTRATIVE, banner
from ggu_costs.words.languages import check_language, vocabularies
from ggu_costs.words.page import phrase

# `Table` moved to display.table; it can be had from here for one release
__all__ = ["STYLES", "Table", "as_text", "csv_bytes", "json_bytes"]

STYLES = ("dutch", "plain")

_QUICK, _NOTHING = 1e15, 0.005  # below the one a float shows every cent; below the other it is none
_BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
_FORMULA_MARKS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the last four are wide forms
_PASSED_OVER = (  # before a formula: blanks of any kind, and signs without width
    "[ \u00a0\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202f\u205f-\u206f\u2800\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]*"
)
_NUMBER = f"[+-]\\d[^A-Za-z|!({_FORMULA_MARKS}]*$"  # with its sign, and no more signs behind it
_FORMULA = re.compile(
    f"^(?=[\t\n]|{_PASSED_OVER}[{_FORMULA_MARKS}])|(?<=[;,\t\n])(?={_PASSED_OVER}(?!{_NUMBER})[{_FORMULA_MARKS}])"
)


@lru_cache(maxsize=4096)  # of codes and names there are few, in many tables
def as_text(text: str) -> str:
    r"""Return text that a spreadsheet reads as text: an apostrophe goes before what could be a formula.

    Blanks of any kind and signs without width are passed over in looking for one. A program that takes another sign
    for the one between columns begins a cell after it, so that a formula behind a semicolon, comma or line break gets
    an apostrophe too. Line breaks of every kind become line feeds.

    Examples
    --------
    >>> as_text('=HYPERLINK("x")'), as_text("'s-Hertogenbosch"), as_text("ok; =1+1"), as_text("plus 3, min -4")
    ('\'=HYPERLINK("x")', "'s-Hertogenbosch", "ok;' =1+1", 'plus 3, min -4')
    """
    return _FORMULA.sub("'", _BREAKS.sub("\n", visible(text)))


def _quoted(text: str) -> str:
    return '"' + as_text(text).replace('"', '""') + '"'


def csv_bytes(table: Table, *, style: Literal["dutch", "plain"] = "plain", lang: str = "nl") -> bytes:
    r"""Return a table as the bytes of a CSV file.

    Parameters
    ----------
    table
        The table; totals and notes are not written.
    style
        ``plain``: comma, decimal point, UTF-8, line feeds, code names, empty where unknown. ``dutch``: semicolon,
        decimal comma, UTF-8 with a byte order mark, CR LF, words, ``PM`` or ``onbekend`` where unknown.
    lang
        Language of the words in the Dutch style.

    Returns
    -------
    bytes
        Every text is between quotes, and written by :func:`as_text`. Amounts that are all whole cents have two
        decimals; other floats in the plain style every digit they need to be read back the same, in the Dutch style two
        decimals of an amount and six of another, and six digits where they are small. Dates are ISO. An illustrative
        table has a last column named FICTIEF VOORBEELD, filled on every row, and one of figures that were broken down
        from a national estimate one that says they are indicative.

    Raises
    ------
    InputError
        Columns that cannot be written, such as infinite figures.
    UnknownNameError
        A style or language that does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"fee": [-1234.5]}, index=pd.Index(["GM0363"], name="code"))
    >>> bill = Table("fees", "Contributie", frame, units="EUR")
    >>> csv_bytes(bill)
    b'"code","fee"\n"GM0363",-1234.50\n'
    >>> csv_bytes(bill, style="dutch").decode("utf-8-sig")
    '"code";"contributie (€)"\r\n"GM0363";-1234,50\r\n'
    """
    check_language(lang)
    table = table_in(table, lang)
    if style not in STYLES:
        raise UnknownNameError("style", style, STYLES)
    dutch = style == "dutch"
    columns = table.columns()
    headers = [column.header(lang) if dutch else column.name for column in columns]
    cells = [_cells(column, dutch, lang) for column in columns]
    text = vocabularies(lang)["text"]
    marks = [(banner(lang), text["made_up"]) if dutch else (ILLUSTRATIVE, "fictief")] if table.illustrative else []
    if table.indicative:
        marks.append((phrase("indicative", lang), text["indicative"]) if dutch else ("INDICATIEF", "indicatief"))
    for status in table.statuses:
        words = phrase(f"status_{status}", lang if dutch else "nl")
        marks.append((words, words.lower()))
    for header, mark in marks:
        headers.append(header)
        cells.append([_quoted(mark)] * len(table.frame))
    rows = [[_quoted(header) for header in headers], *zip(*cells, strict=True)]
    mark, end = (";", "\r\n") if dutch else (",", "\n")
    return "".join((mark.join(row) or '""') + end for row in rows).encode("utf-8-sig" if dutch else "utf-8")


def _cells(column: Column, dutch: bool, lang: str) -> list[str]:
    """Write a column."""
    places = {"cents": 2, "integer": 0}.get(column.kind)
    if places is not None and not column.mixed and all(map(_is_quick, column.values)):
        texts = [f"{value:.{places}f}" for value in column.values]
        texts = [text.removeprefix("-") if not text.strip("-0.") else text for text in texts]
        return [text.replace(".", ",") for text in texts] if dutch else texts
    return [_cell(column, value, dutch, lang) for value in column.values]


def _is_quick(value: object) -> bool:
    """Whether a figure is a plain one of which a float tells every cent."""
    return isinstance(value, float | int) and not isinstance(value, bool) and abs(value) < _QUICK


def _cell(column: Column, value: object, dutch: bool, lang: str) -> str:
    if value is None:
        return _quoted(column.absent(lang)) if dutch else ""
    if column.numeric:
        text = _figure(column, value, short=dutch)
        return text.replace(".", ",") if dutch else text
    if isinstance(value, bool):
        return _quoted(column.word(value, lang)) if dutch else str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if numbers.is_number(value) and not column.worded:
        return _figure(column, value).replace(".", "," if dutch else ".")
    return _quoted(column.word(value, lang) if dutch else str(value))


def _figure(column: Column, value: object, *, short: bool = False) -> str:
    """Write a figure with a decimal point, without thousands marks and without an exponent.

    Parameters
    ----------
    short
        A float has no more digits than mean something.
    """
    places = 0 if column.is_whole(value) else {"cents": 2, "integer": 0}.get(column.kind)
    if places is None and short and isinstance(value, float):
        return rounded(value, decimals=2 if column.unit == "EUR" else 6)
    if places is None:
        shortest = repr(value) if type(value) is float else "e"
        if "e" not in shortest:  # by far the most
            return shortest
        return format(value if isinstance(value, Decimal) else Decimal(repr(value)), "f")
    if type(value) is float and abs(value) < _QUICK:  # of whole cents, or whole: nothing is rounded
        return f"{value:.{places}f}".removeprefix("-" if abs(value) < _NOTHING else "")
    return numbers.number(value, decimals=places, lang="en").replace(",", "")


def json_bytes(content: object) -> bytes:
    r"""Return content as canonical JSON: keys in order, UTF-8 as it is written, one line feed at the end.

    Parameters
    ----------
    content
        Mappings, lists, tuples, sets (put in order), text, numbers, truth values, dates, None, numpy scalars and
        arrays. A Decimal becomes text, so that no digit is lost; a date ISO text; NaN null.

    Returns
    -------
    bytes

    Raises
    ------
    InputError
        Infinite numbers, other types, or keys that are equal once written: all at once, each with its place.

    Examples
    --------
    >>> json_bytes({"b": Decimal("3.00"), "a": ["Súdwest-Fryslân", float("nan")]}).decode().split()
    ['{', '"a":', '[', '"Súdwest-Fryslân",', 'null', '],', '"b":', '"3.00"', '}']
    """
    text = json.dumps(plain_json(content), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (in_json(text) + "\n").encode()
