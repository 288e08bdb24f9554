"""What a model has to say in a run: tables, charts, parts in words; the same form for every kind of model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd

__all__ = ["Brackets", "Chart", "Report", "Section"]


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


class Brackets(Protocol):
    """A tariff by brackets: from each lower bound on, its rate."""

    @property
    def brackets(self) -> Sequence[Fraction]:
        """Lower bounds, the first 0."""

    @property
    def rates(self) -> Sequence[Fraction]:
        """Euro a unit in each bracket."""

    @property
    def mode(self) -> str:
        """``marginal``: a rate holds for the units in its bracket; ``whole_class``: for all units."""

    @property
    def fixed(self) -> Fraction:
        """Euro that each pays whatever its quantity."""


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
    tariffs
        Tariff by the name of the table that was made with it, for live formulas.
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
    tariffs: Mapping[str, Brackets] = field(default_factory=dict)
