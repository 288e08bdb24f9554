"""Programmes side by side: what of each can be told, and which figures may be compared with one another at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.report import Answer, Report
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SHOWN
from ggu_costs.impact.comparable import comparable_quantities, differences_between, rows_of
from ggu_costs.impact.index_part import index_between
from ggu_costs.impact.spoken import costs_more, step_of
from ggu_costs.impact.telling import outside, said_of, tell
from ggu_costs.results.base import LETTERS, Line, SideBySide
from ggu_costs.words.messages import Message, message

if TYPE_CHECKING:
    from ggu_costs.impact.result import ImpactResult


_COLUMNS = ("mean", "p5", "p50", "p95")


@dataclass(frozen=True, kw_only=True)
class ProgrammeComparison(SideBySide):
    """Two or three programmes, called a, b and c in the columns.

    Figures of programmes with other years, prices, discounting, governments or compensation stand side by side and are
    not subtracted: :meth:`differs` says why.
    """

    results: tuple[ImpactResult, ...]
    index_parts: tuple[pd.DataFrame | None, ...] = field(default=(), compare=False, repr=False)

    def differs(self) -> tuple[str, ...]:
        """Return what makes the programmes differ, so that not every figure of them may be compared."""
        return tuple(differences_between(self.results))

    def to_frame(self) -> pd.DataFrame:
        """Return by quantity ``mean, p5, p50, p95`` of each, such as ``mean_a``, with ``mean_a_error`` and so on.

        Empty where one lacks a figure. ``comparable`` tells whether the figures of a row may be compared.
        """
        names = rows_of(self.results)
        parts = []
        for letter, result in zip(LETTERS, self.results, strict=False):
            frame, named = result.national(), {name: f"{name}_{letter}" for name in _COLUMNS}
            named |= {f"{name}_error": f"{new}_error" for name, new in named.items()}
            parts.append(frame[list(named)].rename(columns=named).reindex(names))
        joined = pd.concat(parts, axis=1)
        columns = list(map(str, joined.columns))
        fair = comparable_quantities(self.results)
        joined.insert(0, "comparable", ["yes" if name in fair else "no" for name in joined.index])
        joined.index.name = "quantity"
        decimals = {"EUR": SHOWN[True]} | {name: 0 for name in columns if name.endswith("_error")}
        return frames.amend(self._framed(joined, dict.fromkeys(columns, "EUR")), decimals=decimals)

    def summary(self) -> tuple[Line, ...]:
        """Return nothing: the figures of each are in the answer, each on its own footing."""
        return ()

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison shows; see :meth:`SideBySide.report`."""
        shown = super()._report(municipality)
        return replace(shown, answer=self._answer(), tables=(*shown.tables, *self._index_tables(), *self._published()))

    def _index_tables(self) -> Iterator[Table]:
        """What part of the costs of each is index, and of what the others cost more than the first."""
        found = list(zip(LETTERS, self.results, self.index_parts, strict=False))
        for letter, _, part in found:
            if part is not None:
                yield Table(
                    f"index_part_{letter}", message("of_letter", letter=letter, what=message("index_part_of")), part
                )
        for letter, result, part in found[1:]:
            if part is not None and (first := found[0][2]) is not None:
                frame = index_between((self.results[0], first), (result, part))
                yield Table(f"index_between_{letter}", "", frame.rename(columns={"cost_b": f"cost_{letter}"}))

    def _published(self) -> list[Table]:
        """What the other programmes published, in the distribution of the first, where its file is known."""
        first, *others = self.results
        stated = [one for one in others if one.definition is not None and one.definition.published]
        if first.definition is None or not stated:
            return []
        return [Table("published_elsewhere", "", first.compare_published(*stated).shown())]

    def _answer(self) -> Answer:
        """Name each programme with its figures, and what may be compared of them."""
        fair, named = comparable_quantities(self.results), dict(zip(LETTERS, self.results, strict=False))
        differs = self.differs()
        if fair:
            sentence = message("programmes_compared", parts=[self._difference(quantity) for quantity in fair])
        else:
            sentence = message("programmes_not_compared", count=len(named), why=list(differs))
        each = [
            message("programme_says", letter=letter, title=_title(result), parts=[
                said_of(quantity, tell(result, quantity).about)
                for quantity in rows_of(self.results) if quantity in rows_of([result])
            ])
            for letter, result in named.items()
        ]  # fmt: skip
        notes = [message("not_compared", why=list(differs))] if fair and differs else []
        left = [
            message("of_letter", letter=letter, what=text) if isinstance(text, Message) else f"{letter}: {text}"
            for letter, result in named.items() for text in outside(result)
        ]  # fmt: skip
        return Answer(sentence=sentence, more=(*each, *notes), outside=tuple(left))

    def _difference(self, quantity: str) -> str:
        """How much higher or lower the mean of each of the others is than that of the first."""
        means = [float(result.runner.nation(result.selection, quantity).mean[0]) for result in self.results]
        step = step_of(*means)
        parts = [
            message("letter_than_first", letter=letter, what=costs_more(mean - means[0], step=step), first=LETTERS[0])
            for letter, mean in list(zip(LETTERS, means, strict=False))[1:]
        ]
        return message("difference_in", quantity=quantity, parts=parts)


def _title(result: ImpactResult) -> str:
    """The title, with the alternative that is compared where there are more."""
    if len(result.alternatives) == 1:
        return result.title
    return message("title_of_alternative", title=result.title, name=result.alternatives[result.selection])


def check_count(programmes: int) -> None:
    """Refuse another number of programmes than two or three."""
    if not 2 <= programmes <= len(LETTERS):
        raise InputError(f"{programmes} programmes to compare", remedy="Give two or three.")


def compare(results: Sequence[ImpactResult], index_parts: Sequence[pd.DataFrame | None] = ()) -> ProgrammeComparison:
    """Put the results of two or three programmes side by side, with the index part of each where it has one."""
    named = [message("titled", of=letter, title=result.title) for letter, result in zip(LETTERS, results, strict=False)]
    return ProgrammeComparison(
        title=message("comparison_of_programmes"),
        notes=(*named, *dict.fromkeys(note for result in results for note in result.notes)),
        provenance={letter: dict(result.provenance) for letter, result in zip(LETTERS, results, strict=False)},
        illustrative=any(result.illustrative for result in results),
        results=tuple(results),
        index_parts=tuple(index_parts),
    )
