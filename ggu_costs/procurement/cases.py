"""Two or three cases side by side: what they cost, save and ask of each participant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.business import BusinessCase
    from ggu_costs.procurement.case import ProcurementCase

__all__ = ["CaseComparison", "compare_cases"]

_LETTERS = "abc"


@dataclass(frozen=True, kw_only=True)
class CaseComparison(Result):
    """Cases side by side, each under its own rule; columns ``a``, ``b``, ``c`` in the order given."""

    outcomes: tuple[BusinessCase, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name`` and the shares ``a, b, c`` by code, in euro; NaN for who does not take part."""
        import pandas as pd

        names: dict[str, str] = {}
        for outcome in self.outcomes:
            parties = outcome.split.setup.parties
            names |= dict(zip(parties.codes, parties.names, strict=True))
        frame = pd.DataFrame({"name": pd.Series(names).sort_index()})
        frame.index.name = "code"
        for letter, outcome in zip(_LETTERS, self.outcomes, strict=False):
            frame[letter] = outcome.split.to_frame()["share"].reindex(frame.index)
        letters = list(frame.columns[1:])
        return self._framed(frame, dict.fromkeys(letters, "EUR"))

    def summary(self) -> tuple[tuple[str, object, str], ...]:
        """Joint cost and saving of each case, for the head of a report."""
        lines: list[tuple[str, object, str]] = []
        for letter, outcome in zip(_LETTERS, self.outcomes, strict=False):
            lines.append((f"gezamenlijke kosten {letter}: {outcome.title}", outcome.joint, "EUR"))
            lines.append((f"besparing {letter}", outcome.saving, "EUR"))
        return tuple(lines)


def compare_cases(*cases: ProcurementCase) -> CaseComparison:
    """Put two or three cases side by side.

    Raises
    ------
    InputError
        Another number of cases.
    """
    if not 2 <= len(cases) <= 3:
        raise InputError(f"{len(cases)} cases to compare", remedy="Give two or three.")
    outcomes = tuple(case.business_case() for case in cases)
    listed = [f"{letter}: {outcome.split.title}" for letter, outcome in zip(_LETTERS, outcomes, strict=False)]
    notes = dict.fromkeys([*listed, *(note for outcome in outcomes for note in outcome.notes)])
    return CaseComparison(
        title="Vergelijking: " + "; ".join(case.title for case in cases),
        notes=tuple(notes),
        provenance={letter: dict(item.provenance) for letter, item in zip(_LETTERS, outcomes, strict=False)},
        illustrative=any(outcome.illustrative for outcome in outcomes),
        outcomes=outcomes,
    )
