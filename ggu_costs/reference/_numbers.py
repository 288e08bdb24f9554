"""Numbers out of text, without ever guessing what a point or a comma means."""

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import Number, plain, shown

MARKS = (".", ",")
_OTHER = {".": ",", ",": "."}
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")
_SURE = {
    ".": re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})|\d+\.\d+[eE][+-]?\d+)", re.ASCII),
    ",": re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})|\d+,\d+[eE][+-]?\d+)", re.ASCII),
}
"""By decimal mark, the texts that can be read with no other: both marks, thousands marked twice, or an exponent."""
_FIGURE = re.compile(r"[+-]?[\d.,]+(?:[eE][+-]?\d+)?")
_BLANKS = re.compile("[ \u00a0\u2009\u202f]")
_SPACED = re.compile(rf"[+-]?\d{{1,3}}(?:{_BLANKS.pattern}\d{{3}})+(?:[.,]\d+)?", re.ASCII)
_PERCENT = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,9})?)\s*%", re.ASCII)
_STATE_MARKS = {
    "remedy": "State decimal='.' or decimal=',' (and thousands= where thousands are marked).",
    "option": "decimal='.'",
}

Cell = tuple[str, object]
"""Where a cell stands, for messages, and what it holds."""


def check_marks(decimal: str | None, thousands: str | None) -> None:
    """Refuse marks other than a point and a comma, or the same for both."""
    for name, mark in (("decimal", decimal), ("thousands", thousands)):
        if mark is not None and mark not in MARKS:
            raise InputError(f"{name} is {mark!r}", remedy="Give '.' or ','.")
    if decimal is not None and decimal == thousands:
        raise InputError(f"decimal and thousands are both {decimal!r}", remedy="Give two different marks.")


def is_missing(value: object) -> bool:
    """Return whether a cell is empty: nothing, blank text, or a mark of pandas or numpy for that."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NAType", "NaTType")


def read_numbers(
    columns: Mapping[str, Sequence[Cell]], *, decimal: str | None, thousands: str | None, faults: Faults
) -> tuple[dict[str, list[float]], dict[Any, str]]:
    """Return each column as floats, and the marks with which all were read; neither where the marks are not sure.

    A cell that is no finite number is NaN, and a fault.
    """
    every = [cell for cells in columns.values() for cell in cells]
    decimal, thousands = _marks(every, decimal=decimal, thousands=thousands, faults=faults)
    if not decimal:
        return {}, {}
    marks = {"decimal": decimal} | ({"thousands": thousands} if thousands else {})
    return {name: _parse(cells, decimal, thousands, faults) for name, cells in columns.items()}, marks


def _marks(
    cells: Sequence[Cell], *, decimal: str | None, thousands: str | None, faults: Faults
) -> tuple[str, str | None]:
    """Return the marks for fractions and for thousands (or None): those stated, else those that the texts show.

    A text such as 107.106 may be a hundred and seven or a hundred and seven thousand. Other texts of the file decide:
    0.5 or 1234.56 can only have a decimal point, 1.234,00 and 1.234.567 only points between thousands. Where none does,
    or they contradict each other, it is a fault and the decimal mark is empty: the user has to say.
    """
    if decimal or thousands:
        return decimal or _OTHER[str(thousands)], thousands
    texts = [(where, value.strip()) for where, value in cells if isinstance(value, str)]
    shown = [(where, text) for where, text in texts if _FIGURE.fullmatch(text)]
    sure = {decimal: next((cell for cell in shown if _SURE[decimal].fullmatch(cell[1])), None) for decimal in MARKS}
    marked = {mark: next((cell for cell in shown if mark in cell[1]), None) for mark in MARKS}
    if bool(sure["."]) != bool(sure[","]):
        mark = "." if sure["."] else ","
        return mark, _OTHER[mark]
    point, comma = (sure if sure["."] else marked).values()
    if point and comma:
        faults.add(point[0], f"{point[1]!r}, and {comma[1]!r} at {comma[0]}: points and commas", **_STATE_MARKS)
        return "", None
    mark = "," if comma else "."
    found = comma or point
    if found and all(_GROUPED.fullmatch(text) for _, text in shown if mark in text):
        faults.add(found[0], f"{found[1]!r}, which may be thousands or a fraction", **_STATE_MARKS)
        return "", None
    return mark, None


def _remedy(value: object) -> str:
    """Say how a cell that is no number is written as one, where that is clear."""
    if isinstance(value, date):
        return "Excel made a date of what was typed; give the cells the format of numbers and type them again."
    if isinstance(value, str) and _SPACED.fullmatch(value.strip()):
        return f"Write {_BLANKS.sub('', value.strip())}, without blanks."
    if isinstance(value, str) and (share := _PERCENT.fullmatch(value.strip())):
        return f"Write {float(share[1].replace(',', '.')) / 100:.12g} for {value.strip()}."
    return ""


def _parse(cells: Sequence[Cell], decimal: str, thousands: str | None, faults: Faults) -> list[float]:
    point = re.escape(decimal)
    ungrouped = re.compile(rf"[+-]?(?:\d+(?:{point}\d+)?|{point}\d+)(?:[eE][+-]?\d+)?", re.ASCII)
    groups = rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{point}\d+)?" if thousands else r"(?!)"
    grouped = re.compile(groups, re.ASCII)
    numbers = []
    for where, value in cells:
        number = math.nan
        if isinstance(value, str):
            text = value.strip()
            if ungrouped.fullmatch(text):
                number = float(text.replace(decimal, "."))
            elif thousands and grouped.fullmatch(text):
                number = float(text.replace(thousands, "").replace(decimal, "."))
        elif isinstance(stated := plain(value), Number) and not isinstance(stated, bool):
            with suppress(ArithmeticError, ValueError):  # too large, or a mark such as sNaN
                number = float(stated)
        if not math.isfinite(number):
            number = math.nan
            marks = f"digits, {decimal!r} for a fraction" + (f", {thousands!r} for thousands" if thousands else "")
            slip = not thousands and isinstance(value, str) and _SURE[decimal].fullmatch(value.strip())
            option = f"thousands={_OTHER[decimal]!r}" if slip else ""
            remedy = f"State {option}." if slip else _remedy(value)
            found = "a date" if isinstance(value, date) else shown(value)
            faults.add(where, f"{found} is not a finite number", marks, remedy, option=option)
        numbers.append(number)
    return numbers
