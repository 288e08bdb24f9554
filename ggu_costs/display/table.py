"""A table on its way out: a frame with what a writer has to know of it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.columns import Column, Units, column_name, columns_of

_NEIGHBOURS = 5  # municipalities of the nearest size, shown on either side of one

Role: TypeAlias = Literal["", "groups", "steps", "values", "budget"]
"""What a table is to a report: sums by group, steps from source to amount, values of a file, a budget, or another."""

MUNICIPALITY = re.compile(r"GM\d{4}")
"""The code of a municipality."""

LETTERS = "abc"
"""What the columns of things side by side are called, in order."""


class Brackets(Protocol):
    """A tariff by brackets, as far as formulas in a workbook need it."""

    @property
    def brackets(self) -> tuple[Fraction, ...]:
        """Lower bounds, the first 0."""
        ...

    @property
    def rates(self) -> tuple[Fraction, ...]:
        """Euro an inhabitant in each bracket."""
        ...

    @property
    def mode(self) -> str:
        """``marginal`` or ``whole_class``."""
        ...

    @property
    def fixed(self) -> Fraction:
        """Euro that everyone pays besides."""
        ...


@dataclass(frozen=True, eq=False)
class Table(Brief):
    """One table of an output.

    What is not given comes from the frame's attrs, where a result puts it: ``title, units, notes, illustrative,
    indicative, total, pm``.

    Attributes
    ----------
    name
        Code name: the stem of the CSV file, and through its word the name of the sheet.
    title
        What stands above it; where empty, the title of the frame, else the name.
    frame
        Its figures, the index first.
    units
        Unit by column name, or one for all.
    notes
        Lines below it.
    illustrative
        Whether "FICTIEF VOORBEELD" must be printed on it; true when either says so.
    total
        Columns to add up.
    pm
        Columns whose missing figures are memorandum items.
    role
        What it is to a report.
    map_date
        Day of the municipal map that its codes are on.
    earlier
        Whether the same of a later year stands beside it.
    meanings
        What a column called by a letter stands for.
    indicative
        Whether its figures were broken down from a national estimate; true when either says so.
    statuses
        What is not definitive of the reference figures behind it: ``provisional``, ``forecast``, ``announced``.
    own_words
        What columns of a user's own are called, by code name: those of a pack of reference tables.
    tariff
        The tariff that its fees follow from.
    """

    name: str
    title: str
    frame: pd.DataFrame
    units: Units = None
    notes: Sequence[str] | None = None
    illustrative: bool = False
    total: Sequence[str] | None = None
    pm: Sequence[str] | None = None
    role: Role = ""
    map_date: date | None = None
    earlier: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)
    indicative: bool = False
    statuses: tuple[str, ...] = ()
    own_words: Mapping[str, str] = field(default_factory=dict)
    tariff: Brackets | None = None

    def __post_init__(self) -> None:
        attrs = self.frame.attrs
        object.__setattr__(self, "title", self.title or attrs.get("title", self.name))
        object.__setattr__(self, "notes", tuple(attrs.get("notes", ()) if self.notes is None else self.notes))
        for mark in ("illustrative", "indicative"):
            object.__setattr__(self, mark, getattr(self, mark) or bool(attrs.get(mark)))
        # attrs travel along when columns are left out; what is asked here must be there
        held = [name for name in attrs.get("total", ()) if name in self.frame.columns]
        added = held if self.total is None else self.total
        object.__setattr__(self, "total", tuple(column_name(name) for name in added))

    @cached_property
    def by_code(self) -> bool:
        """Whether it has a row for each municipality, and maybe for other participants."""
        first = self.columns()[:1]
        return any(c.name == "code" and any(MUNICIPALITY.fullmatch(str(code)) for code in c.values) for c in first)

    def notes_beyond(self, said: Collection[str]) -> list[str]:
        """Return its notes without those that are said elsewhere."""
        return beyond(self.notes or (), said)

    def columns(self) -> list[Column]:
        """Return its columns, checked."""
        return list(self._columns)

    @cached_property
    def _columns(self) -> list[Column]:  # every file of a run asks for them
        columns = columns_of(self.frame, units=self.units, pm=self.pm, total=self.total or ())
        return [replace(column, own_words=self.own_words) for column in columns] if self.own_words else columns


def beyond(texts: Iterable[str], said: Collection[str]) -> list[str]:
    """Return texts without those that are said elsewhere."""
    return [text for text in texts if text not in said]


def similar_size(frame: pd.DataFrame, code: str, title: str, **facts: Any) -> Table:
    """Return a municipality among those of the nearest number of inhabitants, in order of size.

    Parameters
    ----------
    frame
        Rows by code with ``inhabitants``.
    code
        The municipality.
    title, facts
        As for :class:`Table`.
    """
    ordered = frame.sort_values("inhabitants", kind="stable")
    place = list(ordered.index).index(code)
    near = ordered.iloc[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
    return Table("similar_size", title, near, **facts)
