"""What every result has: title, notes, provenance, a frame, a table in a notebook; and the steps to one amount."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Chart", "Explanation", "Report", "Result", "Section", "Step"]


@dataclass(frozen=True)
class Step:
    """One step from source to amount: what it is, its value in words, and on what it rests."""

    label: str
    value: str
    basis: str = ""


@dataclass(frozen=True)
class Explanation:
    """How one amount came about, step by step (toelichting); reads as text and as a table."""

    title: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        width = max((len(step.label) for step in self.steps), default=0)
        lines = [self.title]
        for step in self.steps:
            lines.append(f"  {step.label:<{width}}  {step.value}" + (f"   [{step.basis}]" if step.basis else ""))
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    __repr__ = __str__

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a frame with ``step, value, basis``."""
        import pandas as pd

        rows = [(step.label, step.value, step.basis) for step in self.steps]
        return pd.DataFrame(rows, columns=["step", "value", "basis"])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(step.label)}</td><td style='text-align:right'>{escape(step.value)}</td>"
            f"<td>{escape(step.basis)}</td></tr>"
            for step in self.steps
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return f"<table><caption>{escape(self.title)}</caption>{rows}</table>{notes}"


@dataclass(frozen=True, kw_only=True)
class Result(ABC):
    """Base of the frozen results of all rooms.

    Attributes
    ----------
    title
        Dutch, for people.
    notes
        What a reader must know: what was carried across mergers, memorandum items, what is not included.
    provenance
        Library version, model, SHA-256 of each input, changes, dates; no time stamps.
    illustrative
        True when any value behind it is made up for the example.
    """

    title: str
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    illustrative: bool = False

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the figures as a tidy frame."""

    def _framed(
        self, frame: pd.DataFrame, units: Mapping[str, str], *, pm: Sequence[str] = (), total: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Put on the frame what a writer of tables has to know."""
        frame.attrs = {
            "title": self.title,
            "units": {name: unit for name, unit in units.items() if name in frame.columns},
            "pm": [name for name in pm if name in frame.columns],
            "total": [name for name in total if name in frame.columns],
            "notes": list(self.notes),
            "illustrative": self.illustrative,
        }
        return frame

    def _repr_html_(self) -> str:
        from ggu_costs.display.html import table

        frame = self.to_frame()
        return table(frame, title=self.title, notes=self.notes, total=frame.attrs.get("total", ()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """A chart of a report: a frame, and which of its columns are drawn. The frame itself is the table beside it.

    Attributes
    ----------
    title
        What stands above it.
    frame
        The figures, the index being a column like the others; units and notes in its attrs.
    kind
        ``bars``: a bar a row, for each of `y`. ``line``: a line for each of `y` over a numeric `x`.
    x
        Column of the categories, or of the horizontal axis of a line.
    y
        Columns with the figures.
    low, high
        Columns with the ends of the range (bandbreedte) around the first of `y`.
    """

    title: str
    frame: pd.DataFrame
    kind: Literal["bars", "line"]
    x: str
    y: tuple[str, ...]
    low: str = ""
    high: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report in words: questions with their answers, and the tables that belong to it.

    Attributes
    ----------
    title
        What stands above it, such as "Artikel 2 Financiële-verhoudingswet".
    texts
        Pairs of question and answer.
    tables
        Code names of tables of the report that are shown here.
    """

    title: str
    texts: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a model has to say in a run, for a writer of files: the same form for every kind of model.

    Attributes
    ----------
    tables
        Frames by code name, with what a writer has to know in their attrs.
    summary
        Lines of label, value and unit.
    map
        Table and column that the map of a page shows first; by default what its reader looks for most.
    charts
        Charts of a page; by default the distribution of what the map shows, and its groups.
    sections
        Parts in words.
    """

    title: str
    tables: Mapping[str, pd.DataFrame]
    summary: tuple[tuple[str, object, str], ...]
    notes: tuple[str, ...]
    provenance: Mapping[str, Any]
    illustrative: bool
    map: tuple[str, str] | None = None
    charts: tuple[Chart, ...] = ()
    sections: tuple[Section, ...] = ()
