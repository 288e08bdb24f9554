"""The steps that lead to one amount, as text and as a table."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.as_json import AsJson
from ggu_costs.display.document import document
from ggu_costs.display.html import escaped
from ggu_costs.display.table import Table
from ggu_costs.text import on_screen


@dataclass(frozen=True)
class Step:
    """One step from source to amount: what it is, its value in words, and on what it rests."""

    label: str
    value: str
    basis: str = ""


@dataclass(frozen=True)
class Explanation(Brief, AsJson):
    """How one amount came about, step by step (toelichting); reads as text and as a table.

    Attributes
    ----------
    title
        What is explained, and of whom.
    steps
        The steps, the amount last.
    notes
        What a reader must know.
    subject
        The title without whose amount it is, for a place that says so already.
    """

    title: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    subject: str = ""

    def __str__(self) -> str:
        width = max((len(step.label) for step in self.steps), default=0)
        lines = [self.title]
        for step in self.steps:
            lines.append(f"  {step.label:<{width}}  {step.value}" + (f"   [{step.basis}]" if step.basis else ""))
        return on_screen("\n".join([*lines, *(f"  {note}" for note in self.notes)]))

    __repr__ = __str__

    def to_frame(self) -> pd.DataFrame:
        """Return the steps as a frame with ``step, value, basis``."""
        rows = [(step.label, step.value, step.basis) for step in self.steps]
        return pd.DataFrame(rows, columns=["step", "value", "basis"], dtype=object)  # messages stay messages

    def to_dict(self, *, lang: str = "nl") -> dict[str, Any]:
        """Return the steps as a document with one table; see :class:`~ggu_costs.display.as_json.AsJson`."""
        return document("Explanation", self.title, (self.table("steps"),), lang=lang, notes=self.notes)

    def table(self, name: str, title: str = "", *, basis: bool = True, **facts: Any) -> Table:
        """Return the steps as a table of a report, with or without what each rests on.

        Parameters
        ----------
        name, title, facts
            As for :class:`~ggu_costs.display.table.Table`; by default the title of this explanation.
        basis
            Whether the last column says on what each step rests.
        """
        frame = self.to_frame()
        return Table(name, title or self.title, frame if basis else frame.drop(columns="basis"), role="steps", **facts)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escaped(step.label)}</td><td style='text-align:right'>{escaped(step.value)}</td>"
            f"<td>{escaped(step.basis)}</td></tr>"
            for step in self.steps
        )
        notes = "".join(f"<p>{escaped(note)}</p>" for note in self.notes)
        return f"<table><caption>{escaped(self.title)}</caption>{rows}</table>{notes}"
