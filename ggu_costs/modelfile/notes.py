"""Notes that results of every kind share, in Dutch."""

from datetime import date
from functools import cache

from ggu_costs.reference import carried_codes
from ggu_costs.words import numbers

CARIBBEAN = "Exclusief de openbare lichamen Bonaire, Sint Eustatius en Saba."
"""Who is never in it."""


@cache
def carried_note(what: str, start: date, end: date, how: str = "") -> tuple[str, ...]:
    """Return the note that names what was carried across mergers between two days; none where nothing was.

    Parameters
    ----------
    what
        The figures that were carried.
    how
        How, where that is not the sum.

    Examples
    --------
    >>> from datetime import date
    >>> carried_note("Inwoners", date(2022, 1, 1), date(2022, 3, 24))
    ('Inwoners van 1 januari 2022 overgebracht bij herindeling: Weesp naar Amsterdam.',)
    >>> carried_note("Inwoners", date(2020, 1, 1), date(2020, 12, 31))
    ()
    """
    moved = carried_codes(start, end)
    names = "; ".join(f"{row.old_name} naar {row.new_name}" for row in moved.itertuples())
    return (f"{what} van {numbers.date(start)} overgebracht bij herindeling{how}: {names}.",) if names else ()
