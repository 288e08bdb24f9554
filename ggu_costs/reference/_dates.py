"""Dates as this room takes them: a `datetime.date` or its ISO text."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from ggu_costs.errors import InputError

if TYPE_CHECKING:
    from ggu_costs.typing import DateLike

__all__ = ["as_date"]


def as_date(value: DateLike, *, what: str = "date") -> date:
    """Return `value` as a date.

    Raises
    ------
    InputError
        Neither a date nor ISO text (year-month-day), or a moment within a day.

    Examples
    --------
    >>> as_date("2022-03-24")
    datetime.date(2022, 3, 24)
    """
    if isinstance(value, datetime):  # also a pandas Timestamp
        if str(value)[10:] not in ("", " 00:00:00"):
            raise InputError(f"{what} is {value}, not a whole day", remedy="Give a date, such as 2022-03-24.")
        value = str(value)[:10]
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # one message for all that cannot be read
    raise InputError(
        f"{what} is {value!r}, which is not a date",
        remedy="Give a datetime.date or its ISO text, year-month-day, such as '2022-03-24'.",
    )
