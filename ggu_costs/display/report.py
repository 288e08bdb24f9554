"""What a model has to say in a run: tables, charts, parts in words; the same form for every kind of model."""

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass, field, replace
from typing import Any, Protocol, TypeAlias

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.as_json import AsJson
from ggu_costs.display.chart import Chart
from ggu_costs.display.document import document
from ggu_costs.display.explanation import Explanation
from ggu_costs.display.table import Table
from ggu_costs.frozen import Frozen
from ggu_costs.reference import SHIPPED, Reference

__all__ = ["Answer", "Chart", "Explained", "Line", "Report", "Section", "Tile"]

Line: TypeAlias = tuple[str, object, str]
"""A line of a summary: code name or words, value, unit (``EUR``, ``share``, ...; empty for text)."""


MOST_TILES = 3
"""More than three figures beside an answer are not remembered."""


@dataclass(frozen=True, kw_only=True)
class Tile(Brief):
    """One figure beside an answer, in words, and of what it is.

    Attributes
    ----------
    name
        What it is, such as "verschil met 2023".
    value
        The figure as it is read, with its sign in words: "€ 7.858,05 meer".
    basis
        Of what: one-off, structural or one year; before or after compensation; VAT; price level; the range in words,
        and who assumed its shape.
    """

    name: str
    value: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Answer(Brief):
    """What a reader who has two minutes must take along: it stands above everything else.

    Attributes
    ----------
    sentence
        The amount, its sign in words, what it is compared with, and why.
    tiles
        At most three figures, all on one basis.
    more
        What else must be said at once: how many gain or lose, who most; how certain it is.
    outside
        What is not in the figures: memorandum items, compensation that is not stated, parts of the law.

    Raises
    ------
    ValueError
        More than three tiles.
    """

    sentence: str
    tiles: tuple[Tile, ...] = ()
    more: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the number of tiles."""
        if len(self.tiles) > MOST_TILES:
            raise ValueError(f"{len(self.tiles)} tiles beside an answer; at most {MOST_TILES}")


@dataclass(frozen=True, kw_only=True)
class Section(Brief):
    """A part of a report in words: questions with their answers, and the tables that belong to it.

    Attributes
    ----------
    title
        What stands above it, such as "Artikel 2 Financiële-verhoudingswet".
    texts
        Pairs of question and answer.
    tables
        Code names of tables of the report that are shown here.
    illustrative
        Whether something in it is made up, where not all of the report is.
    """

    title: str
    texts: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()
    illustrative: bool = False


class Explained(Protocol):
    """A result whose every amount has steps that lead to it."""

    @property
    def codes(self) -> Iterable[object]:
        """Whose amounts they are."""
        ...

    def explain(self, code: str) -> Explanation:
        """Return the steps to one amount."""
        ...


@dataclass(frozen=True)
class Report(Brief, Frozen, AsJson):
    """Everything that a model, or several side by side, has to say in a run, before it becomes files.

    Attributes
    ----------
    title
        Title of the whole.
    tables
        Its tables, each of another name.
    answer
        What is said first.
    summary
        The main figures.
    notes
        What a reader of the whole must know.
    technique
        How it was computed, for who checks it: methods, seeds, grids, hashes; it stands with the provenance.
    provenance
        What :attr:`Result.provenance <ggu_costs.results.base.Result.provenance>` holds.
    map
        Table and column that the map of a page shows first; by default what its reader looks for most.
    charts
        Charts of a page; by default the distribution of what the map shows, and its groups.
    more_charts
        Charts after those.
    sections
        Parts in words.
    municipality
        Code of the one municipality that it is about, if it is.
    sources
        One mapping a source: id, title, publisher, url and so on.
    explained
        Results whose steps from source to amount a page shows with a municipality.
    files
        SHA-256 of the model files that it rests on, by id.
    reference
        The reference tables that its municipalities are of.
    made_up
        Marks every table as illustrative.
    """

    title: str
    tables: tuple[Table, ...]
    summary: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    map: tuple[str, str] | None = None
    charts: tuple[Chart, ...] = ()
    more_charts: tuple[Chart, ...] = ()
    sections: tuple[Section, ...] = ()
    municipality: str | None = None
    sources: tuple[Mapping[str, object], ...] = ()
    explained: tuple[Explained, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    technique: tuple[str, ...] = ()
    reference: Reference = field(default=SHIPPED, repr=False)
    made_up: InitVar[bool] = False

    def __post_init__(self, made_up: bool) -> None:
        """Mark the tables where all is made up."""
        if made_up:
            object.__setattr__(self, "tables", tuple(replace(table, illustrative=True) for table in self.tables))

    def to_dict(self, *, lang: str = "nl") -> dict[str, Any]:
        """Return all that it says as a document; see :class:`~ggu_costs.display.as_json.AsJson`."""
        return document(
            type(self).__name__, self.title, self.tables, lang=lang, answer=self.answer, summary=self.summary,
            notes=self.notes, technique=self.technique, sections=self.sections, sources=self.sources,
            provenance=self.provenance, municipality=self.municipality,
        )  # fmt: skip

    @property
    def illustrative(self) -> bool:
        """Whether anything in it is made up for the example."""
        return any(table.illustrative for table in self.tables)

    @property
    def further_notes(self) -> tuple[str, ...]:
        """The notes without those that the answer says already."""
        said = self.answer.outside if self.answer else ()
        return tuple(note for note in self.notes if note not in said)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The frames of its tables by code name."""
        return {table.name: table.frame for table in self.tables}
