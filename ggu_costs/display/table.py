"""A table on its way out: a frame with what a writer has to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column, Units, column_name, columns_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Table"]


@dataclass(frozen=True, eq=False)
class Table:
    """One table of an output.

    What is not given comes from the frame's attrs, where a result puts it: ``title, units, notes, illustrative,
    indicative, total, pm``.

    Attributes
    ----------
    name
        Code name: the stem of the CSV file, and through its word the name of the sheet.
    title
        What stands above it.
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
    """

    name: str
    title: str
    frame: pd.DataFrame
    units: Units = None
    notes: Sequence[str] | None = None
    illustrative: bool = False
    total: Sequence[str] | None = None
    pm: Sequence[str] | None = None

    def __post_init__(self) -> None:
        attrs = self.frame.attrs
        object.__setattr__(self, "title", self.title or str(attrs.get("title", self.name)))
        object.__setattr__(self, "notes", tuple(attrs.get("notes", ()) if self.notes is None else self.notes))
        object.__setattr__(self, "illustrative", self.illustrative or bool(attrs.get("illustrative")))
        # attrs travel along when columns are left out; what is asked here must be there
        held = [name for name in attrs.get("total", ()) if name in self.frame.columns]
        added = held if self.total is None else self.total
        object.__setattr__(self, "total", tuple(column_name(name) for name in added))

    @property
    def indicative(self) -> bool:
        """Whether its figures were broken down from a national estimate (the frame's attrs ``indicative``)."""
        return bool(self.frame.attrs.get("indicative"))

    def columns(self) -> list[Column]:
        """Return its columns, checked."""
        return list(self._columns)

    @cached_property
    def _columns(self) -> list[Column]:  # every file of a run asks for them
        return columns_of(self.frame, units=self.units, pm=self.pm, total=self.total or ())
