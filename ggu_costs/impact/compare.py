"""Programmes side by side: national figures of each, on the draws that each file states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.result import LETTERS, Line, SideBySide
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SHOWN
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.impact.result import ImpactResult


_COLUMNS = ("mean", "p5", "p50", "p95")


@dataclass(frozen=True, kw_only=True)
class ProgrammeComparison(SideBySide):
    """Two or three programmes, called a, b and c in the columns."""

    results: tuple[ImpactResult, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return by quantity ``mean, p5, p50, p95`` of each, such as ``mean_a``, with ``mean_a_error`` and so on.

        Empty where one lacks a figure.
        """
        parts = []
        for letter, result in zip(LETTERS, self.results, strict=False):
            frame, named = result.national(), {name: f"{name}_{letter}" for name in _COLUMNS}
            named |= {f"{name}_error": f"{new}_error" for name, new in named.items()}
            parts.append(frame[list(named)].rename(columns=named))
        joined = pd.concat(parts, axis=1)
        names = list(map(str, joined.columns))
        decimals = {"EUR": SHOWN[True]} | {name: 0 for name in names if name.endswith("_error")}
        return frames.amend(self._framed(joined, dict.fromkeys(names, "EUR")), decimals=decimals)

    def summary(self) -> tuple[Line, ...]:
        """Return the mean net figure of each."""
        return tuple(
            (f"net_{letter}", float(result.runner.nation(result.selection, "net").mean[0]), "EUR")
            for letter, result in zip(LETTERS, self.results, strict=False)
        )


def check_count(programmes: int) -> None:
    """Refuse another number of programmes than two or three."""
    if not 2 <= programmes <= len(LETTERS):
        raise InputError(f"{programmes} programmes to compare", remedy="Give two or three.")


def compare(results: Sequence[ImpactResult]) -> ProgrammeComparison:
    """Put the results of two or three programmes side by side."""
    named = [message("titled", of=letter, title=result.title) for letter, result in zip(LETTERS, results, strict=False)]
    return ProgrammeComparison(
        title=message("comparison_of_programmes"),
        notes=(*named, *dict.fromkeys(note for result in results for note in result.notes)),
        provenance={letter: dict(result.provenance) for letter, result in zip(LETTERS, results, strict=False)},
        illustrative=any(result.illustrative for result in results),
        results=tuple(results),
    )
