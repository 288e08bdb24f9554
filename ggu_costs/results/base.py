"""What every result has: title, notes, provenance, a frame, a table in a notebook; and what stands side by side."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.html import escaped, table
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Answer, Chart, Line, Report, Section
from ggu_costs.display.table import LETTERS, Table
from ggu_costs.errors import InputError
from ggu_costs.frames import amend, describe
from ggu_costs.frozen import Frozen
from ggu_costs.reference import Groups
from ggu_costs.results.portable import Portable
from ggu_costs.text import one_line
from ggu_costs.words.label import ILLUSTRATIVE
from ggu_costs.words.languages import check_language
from ggu_costs.words.messages import message, say

__all__ = ["LETTERS", "Chart", "Explanation", "Line", "Report", "Result", "Section", "SideBySide", "Step"]


@dataclass(frozen=True, kw_only=True)
class Result(Brief, Frozen, Portable, ABC):
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
        return describe(
            frame,
            title=self.title,
            units={name: unit for name, unit in units.items() if name in frame.columns},
            pm=[name for name in pm if name in frame.columns],
            total=[name for name in total if name in frame.columns],
            notes=list(self.notes),
            illustrative=self.illustrative,
        )

    def _grouped(
        self,
        groups: Groups,
        row: Callable[[tuple[str, ...]], Mapping[str, object]],
        units: Mapping[str, str],
        *,
        pm: Sequence[str] = (),
        total: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Return a frame with a row a group; nothing is added up where the groups together are not everyone, once.

        Parameters
        ----------
        row
            Makes the figures of one group from the codes in it.
        """
        rows = [row(codes) for codes in groups.members.values()]
        labels = list(groups.members)
        kept = object if any(isinstance(label, str) for label in labels) else None  # messages stay messages
        frame = pd.DataFrame(rows, index=pd.Index(labels, name=groups.name, dtype=kept))
        framed = self._framed(frame, units, pm=pm, total=total if groups.whole else ())
        if groups.carried_from is None:
            return framed
        carried = message("labels_carried", what=groups.name, day=groups.carried_from)
        return amend(framed, notes=[*self.notes, carried])

    @property
    def outcome(self) -> str:
        """What it says first, in a sentence; empty where the figures say it."""
        return ""

    def sentence(self, lang: str = "nl") -> str:
        """Say what it says first, in Dutch or English; nothing where the figures say it."""
        return say(self.outcome, lang)

    def report(self, *, lang: str = "nl") -> Report:
        """Return what it says first and its figures, for a page or workbook.

        Parameters
        ----------
        lang
            ``nl`` or ``en``: the language of all that is said.

        Raises
        ------
        UnknownNameError
            A language that does not exist.
        """
        answer = Answer(sentence=self.outcome) if self.outcome else None
        table = Table("result", "", self.to_frame(), map_date=getattr(self, "map_date", None))
        found = Report(
            self.title, (table,), answer=answer, notes=self.notes, provenance=self.provenance, made_up=self.illustrative
        )
        return report_in(found, lang)

    def __str__(self) -> str:
        mark = f" [{ILLUSTRATIVE}]" if self.illustrative else ""
        return one_line(self.sentence("en") + mark) if self.outcome else repr(self)

    def _repr_html_(self) -> str:
        return self._as_html(self.to_frame())

    def _as_html(self, frame: pd.DataFrame) -> str:
        """Write what it says first, and a table."""
        said = f"<p>{escaped(self.outcome)}</p>" if self.outcome else ""
        return said + table(frame, title=self.title, notes=self.notes, total=frame.attrs.get("total", ()))


@dataclass(frozen=True, kw_only=True)
class SideBySide(Result, ABC):
    """Base of comparisons: two or three things in the columns of one table.

    Attributes
    ----------
    meanings
        What the columns called by a letter stand for.
    map_date
        Day of the municipal map that the codes are on, where there are any.
    """

    meanings: Mapping[str, str] = field(default_factory=dict)
    map_date: date | None = None

    @abstractmethod
    def summary(self) -> tuple[Line, ...]:
        """Return the main figures of each, for the head of a report."""

    def report(self, municipality: str | None = None, *, lang: str = "nl") -> Report:
        """Return what a comparison shows.

        Parameters
        ----------
        municipality
            Code of one: what it means for it; of funds and fees.
        lang
            ``nl`` or ``en``: the language of all that is said.

        Raises
        ------
        InputError
            Asked for one municipality, where there are no bills to compare.
        UnknownNameError
            A municipality that is not in it, a language that does not exist.
        """
        check_language(lang)
        return report_in(self._report(municipality), lang)

    def _report(self, municipality: str | None) -> Report:
        """Gather what a comparison shows, as messages."""
        if municipality is not None:
            raise InputError(
                "only funds and fees are compared for one municipality",
                remedy="Leave --municipality out, or run each model with it.",
            )
        table = Table("comparison", "", self.to_frame(), map_date=self.map_date, meanings=self.meanings)
        return Report(
            self.title, (table,), summary=self.summary(), notes=self.notes, provenance=self.provenance,
            made_up=self.illustrative,
        )  # fmt: skip
