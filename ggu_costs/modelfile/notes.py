"""Notes that results of every kind share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from ggu_costs.reference import SHIPPED, Reference, is_placeholder
from ggu_costs.reference.packs import STATUSES, Status, Step
from ggu_costs.words.messages import Message, joined, message, word

if TYPE_CHECKING:
    import pandas as pd


Mark: TypeAlias = Status | Literal["mixed_years"]
"""What must stand on every table of a result: what is not definitive, or that tables of several years met."""
MARKS: tuple[Mark, ...] = (*STATUSES[1:], "mixed_years")
"""Every mark, in the order in which they stand."""


@dataclass(frozen=True)
class Use:
    """Which reference figures a result rests on.

    Attributes
    ----------
    columns
        Columns of figures.
    counted, mapped
        The day of the count and of the municipal map.
    year
        The first year that the result is about; None where it is about none.
    """

    columns: tuple[str, ...]
    counted: date
    mapped: date
    year: int | None = None


def column_word(name: str, reference: Reference) -> str:
    """Return what a reader calls a column: of a user's pack as its manifest says, in any language."""
    own = reference.own_words().get(name)
    return word(name) if own is None else joined([own])


def statuses_of(reference: Reference, uses: Iterable[Use]) -> tuple[Status, ...]:
    """Return what is not definitive of the figures and maps that a result rests on, the least sure last."""
    found: set[Status] = set()
    for use in uses:
        found.update(reference.status_of(use.counted.year, name)[0] for name in use.columns if name != "equal")
        found.update(step.status for step in _announced(reference, use))
        found.update(("announced",) if use.mapped.year > reference.known_years()[-1] else ())
    return tuple(status for status in STATUSES[1:] if status in found)


def status_notes(reference: Reference, use: Use) -> list[Message]:
    """Say which figures and maps are not definitive, whose they are, and whether they are older than the year."""
    notes: list[Message] = []
    for name in use.columns:
        status, by = reference.status_of(use.counted.year, name) if name != "equal" else ("definitive", "")
        if status != "definitive":
            who = message("figures_of", who=by) if by else ""
            notes.append(message(f"{status}_figures", what=column_word(name, reference), day=use.counted, by=who))
        if name != "equal" and (period := reference.period_of(use.counted.year, name)):
            what = column_word(name, reference)
            notes.append(message("figures_of_period", what=what, period=period, day=use.counted))
    notes += [
        message("figures_overridden", year=use.counted.year, reason=reason)
        for reason in reference.overrides_of(use.counted.year, use.columns)
    ]
    announced = _announced(reference, use)
    if announced:
        names = [message("announced_merger", old=one.old_name, new=one.new_name, day=one.day) for one in announced]
        notes.append(message("announced_mergers", names=names))
    codes = sorted({one.new for one in announced if is_placeholder(one.new)})
    if codes:
        notes.append(message("placeholder_codes", codes=codes, count=len(codes)))
    if use.mapped.year > reference.known_years()[-1]:
        notes.append(message("map_as_known", day=use.mapped))
    if use.year is not None and use.counted.year < use.year and use.columns:
        what = column_word(use.columns[0], reference)
        notes.append(message("counted_before_year", what=what, day=use.counted, year=use.year))
    if use.year is not None and use.mapped.year < use.year:
        notes.append(message("mapped_before_year", day=use.mapped, year=use.year))
    return notes


def _announced(reference: Reference, use: Use) -> list[Step]:
    """Return the mergers on the map that are not definitive."""
    return [
        step
        for step in reference.steps()
        if step.status != "definitive" and step.day <= use.mapped and step.indicator == "inhabitants"
    ]


def caribbean_note() -> Message:
    """Return the note that says who is never in it."""
    return message("caribbean")


def merger_names(moved: pd.DataFrame) -> list[Message]:
    """Return who went into whom, of the mergers between two days."""
    return [message("merged", old=row.old_name, new=row.new_name) for row in moved.itertuples()]


@cache
def carried_note(
    what: str, start: date, end: date, *, weighed: bool = False, reference: Reference = SHIPPED
) -> tuple[Message, ...]:
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
    moved = reference.carried_codes(start, end)
    if not len(moved):
        return ()
    key = "carried_weighed" if weighed else "carried"
    return (message(key, what=column_word(what, reference), day=start, names=merger_names(moved)),)
