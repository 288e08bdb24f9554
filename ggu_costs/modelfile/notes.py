"""Notes that results of every kind share."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ggu_costs.reference import carried_codes
from ggu_costs.words.messages import Message, message

if TYPE_CHECKING:
    import pandas as pd


def caribbean_note() -> Message:
    """Return the note that says who is never in it."""
    return message("caribbean")


def merger_names(moved: pd.DataFrame) -> list[Message]:
    """Return who went into whom, of the mergers between two days."""
    return [message("merged", old=row.old_name, new=row.new_name) for row in moved.itertuples()]


@cache
def carried_note(what: str, start: date, end: date, *, weighed: bool = False) -> tuple[Message, ...]:
    """Return the note that names what was carried across mergers between two days; none where nothing was.

    Parameters
    ----------
    what
        Column name of the figures that were carried.
    weighed
        Whether they were averaged, weighed with inhabitants, rather than added up.

    Examples
    --------
    >>> from datetime import date
    >>> carried_note("inhabitants", date(2022, 1, 1), date(2022, 3, 24))
    ('Inwoners van 1 januari 2022 overgebracht bij herindeling: Weesp naar Amsterdam.',)
    >>> carried_note("inhabitants", date(2020, 1, 1), date(2020, 12, 31))
    ()
    """
    moved = carried_codes(start, end)
    if not len(moved):
        return ()
    key = "carried_weighed" if weighed else "carried"
    return (message(key, what=what, day=start, names=merger_names(moved)),)
