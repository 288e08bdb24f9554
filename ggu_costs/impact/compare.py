"""Programmes side by side: national figures of each, on the draws that each file states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.asked import SHOWN

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.model import Programme
    from ggu_costs.impact.result import ImpactResult

__all__ = ["Comparison", "compare"]

_LETTERS = "abc"
_COLUMNS = ("mean", "p5", "p50", "p95")


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """Two or three programmes, called a, b and c in the columns."""

    results: tuple[ImpactResult, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return by quantity ``mean, p5, p50, p95`` of each, such as ``mean_a``, with ``mean_a_error`` and so on.

        Empty where one lacks a figure.
        """
        import pandas as pd

        parts = []
        for letter, result in zip(_LETTERS, self.results, strict=False):
            frame, named = result.national(), {name: f"{name}_{letter}" for name in _COLUMNS}
            named |= {f"{name}_error": f"{new}_error" for name, new in named.items()}
            parts.append(frame[list(named)].rename(columns=named))
        joined = pd.concat(parts, axis=1)
        names = list(map(str, joined.columns))
        framed = self._framed(joined, dict.fromkeys(names, "EUR"))
        framed.attrs["decimals"] = {"EUR": SHOWN[True]} | {name: 0 for name in names if name.endswith("_error")}
        return framed

    def summary(self) -> tuple[tuple[str, object, str], ...]:
        """Return the mean net figure of each."""
        return tuple(
            (f"net_{letter}", float(result.runner.nation(result.selection, "net").mean[0]), "EUR")
            for letter, result in zip(_LETTERS, self.results, strict=False)
        )


def compare(*programmes: Programme) -> Comparison:
    """Put two or three programmes side by side.

    Raises
    ------
    InputError
        Another number of them.
    """
    if not 2 <= len(programmes) <= len(_LETTERS):
        raise InputError(f"{len(programmes)} programmes to compare", remedy="Give two or three.")
    results = tuple(programme.simulate() for programme in programmes)
    named = [f"{letter}: {result.title}" for letter, result in zip(_LETTERS, results, strict=False)]
    return Comparison(
        title="Vergelijking van programma's",
        notes=(*named, *dict.fromkeys(note for result in results for note in result.notes)),
        provenance={letter: dict(result.provenance) for letter, result in zip(_LETTERS, results, strict=False)},
        illustrative=any(result.illustrative for result in results),
        results=results,
    )
