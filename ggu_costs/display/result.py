"""What every result has: title, notes, provenance, a frame, a table in a notebook; and the steps to one amount."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from ggu_costs.display.report import Chart, Report, Section
from ggu_costs.frames import describe

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.reference import Groups

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
        total: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Return a frame with a row a group; nothing is added up where the groups together are not everyone, once.

        Parameters
        ----------
        row
            Makes the figures of one group from the codes in it.
        """
        import pandas as pd

        rows = [row(codes) for codes in groups.members.values()]
        frame = pd.DataFrame(rows, index=pd.Index(list(groups.members), name=groups.name))
        return self._framed(frame, units, total=total if groups.whole else ())

    def _repr_html_(self) -> str:
        from ggu_costs.display.html import table

        frame = self.to_frame()
        return table(frame, title=self.title, notes=self.notes, total=frame.attrs.get("total", ()))
