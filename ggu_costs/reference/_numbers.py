"""Numbers out of text, without ever guessing what a point or a comma means."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ggu_costs.errors import Faults, InputError

__all__ = ["check_marks", "decimal_mark", "is_missing", "parse_numbers"]

MARKS = (".", ",")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")
_STATE_MARKS = "State decimal='.' or decimal=',' (and thousands= where thousands are marked)."

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


def decimal_mark(cells: Sequence[Cell], faults: Faults) -> str:
    """Return the decimal mark that the texts of a file show; a fault where they leave it open.

    A text such as 107.106 may be a hundred and seven or a hundred and seven thousand. Other texts of the file decide
    (0.5 or 1234.56 can only have a decimal point); where none does, the user has to.
    """
    texts = [(where, value.strip()) for where, value in cells if isinstance(value, str)]
    shown = [(where, text) for where, text in texts if re.fullmatch(r"[+-]?[\d.,]+", text)]
    marked = {mark: [(where, text) for where, text in shown if mark in text] for mark in MARKS}
    if marked["."] and marked[","]:
        (where, text), (other_where, other) = marked["."][0], marked[","][0]
        faults.add(where, f"{text!r}, and {other!r} at {other_where}: points and commas", remedy=_STATE_MARKS)
        return ""
    mark = "," if marked[","] else "."
    if marked[mark] and all(_GROUPED.fullmatch(text) for _, text in marked[mark]):
        where, text = marked[mark][0]
        faults.add(where, f"{text!r}, which may be thousands or a fraction", remedy=_STATE_MARKS)
        return ""
    return mark


def parse_numbers(cells: Sequence[Cell], *, decimal: str, thousands: str | None, faults: Faults) -> list[float]:
    """Return the cells as floats, NaN for each that is no finite number and so a fault."""
    point = re.escape(decimal)
    plain = re.compile(rf"[+-]?(?:\d+(?:{point}\d+)?|{point}\d+)(?:[eE][+-]?\d+)?", re.ASCII)
    groups = rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{point}\d+)?" if thousands else r"(?!)"
    grouped = re.compile(groups, re.ASCII)
    numbers = []
    for where, value in cells:
        number = math.nan
        if isinstance(value, str):
            text = value.strip()
            if plain.fullmatch(text):
                number = float(text.replace(decimal, "."))
            elif thousands and grouped.fullmatch(text):
                number = float(text.replace(thousands, "").replace(decimal, "."))
        elif hasattr(value, "__float__") and type(value).__name__ not in ("bool", "bool_"):
            number = float(value)
        if not math.isfinite(number):
            number = math.nan
            marks = f"digits, {decimal!r} for a fraction" + (f", {thousands!r} for thousands" if thousands else "")
            faults.add(where, f"{value!r} is not a finite number", marks)
        numbers.append(number)
    return numbers
