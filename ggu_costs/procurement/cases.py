"""Two or three cases side by side: what they cost, save and ask of each participant."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from ggu_costs.display.report import Answer, Report
from ggu_costs.errors import Faults, InputError, check_kind
from ggu_costs.procurement.answers import of_cases
from ggu_costs.procurement.business import BusinessCase, business_case
from ggu_costs.procurement.model import CaseModel
from ggu_costs.results.base import LETTERS, Line, SideBySide
from ggu_costs.words.messages import message


@dataclass(frozen=True, kw_only=True)
class CaseComparison(SideBySide):
    """Cases side by side, each under its own rule; columns ``a``, ``b``, ``c`` in the order given."""

    outcomes: tuple[BusinessCase, ...]
    answer: Answer

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison shows; see :class:`~ggu_costs.results.base.SideBySide`."""
        return replace(super()._report(municipality), answer=self.answer)

    def to_frame(self) -> pd.DataFrame:
        """Return ``name``, the shares ``a, b, c`` and ``change_b, change_c`` (minus ``a``) by code, in euro.

        Who does not take part in a case has words there, and no change.
        """
        names: dict[str, str] = {}
        for outcome in self.outcomes:
            parties = outcome.split.setup.parties
            names |= dict(zip(parties.codes, parties.names, strict=True))
        frame = pd.DataFrame({"name": pd.Series(names).sort_index()})
        frame.index.name = "code"
        paid: dict[str, pd.Series] = {}
        for letter, outcome in zip(self.meanings, self.outcomes, strict=True):
            shares = outcome.split.to_frame()["share"].reindex(frame.index)
            paid[letter] = shares
            if shares.isna().any():
                parties = outcome.split.setup.parties
                known = {*parties.reference.member_codes(parties.map_date)}
                out, gone = message("takes_no_part"), message("not_there_then")
                absent = [out if code in known or ":" in str(code) else gone for code in frame.index]
                shares = shares.astype(object).where(shares.notna(), pd.Series(absent, frame.index, dtype=object))
            frame[letter] = shares
        (first, *others), (stated, *unknown) = paid, (outcome.split.setup.unknown for outcome in self.outcomes)
        for letter, lacking in zip(others, unknown, strict=True):
            change = (paid[letter] - paid[first]).round(2)
            if set(lacking) != set(stated):  # what is PM in one and stated in the other is no difference
                change = change * math.nan
            elif change.isna().any():
                change = change.astype(object).where(change.notna(), message("not_in_both"))
            frame[f"change_{letter}"] = change
        letters = list(frame.columns[1:])
        numeric = [letter for letter in letters if frame[letter].dtype != object]
        changes = [f"change_{letter}" for letter in others]
        return self._framed(frame, dict.fromkeys(numeric, "EUR"), total=numeric, pm=changes)

    def summary(self) -> tuple[Line, ...]:
        """Participants, joint cost and saving of each case, for the head of a report."""
        wanted = ("participants", "joint_cost", "alone_cost", "own_cost_unknown", "saving")
        return tuple(
            (f"{name}_{letter}", value, unit)
            for letter, outcome in zip(self.meanings, self.outcomes, strict=True)
            for name, value, unit in outcome.lines()
            if name in wanted
        )


def compare_cases(case: CaseModel, *others: CaseModel) -> CaseComparison:
    """Put this case and one or two others side by side.

    Raises
    ------
    InputError
        Another number of cases; cases over another duration, in another VAT state or at another price level.
    """
    check_kind(others, CaseModel, "to compare", "Give opened cases.")
    cases = (case, *others)
    if not 2 <= len(cases) <= 3:
        raise InputError(f"{len(cases)} cases to compare", remedy="Give two or three.")
    _check_alike(cases)
    outcomes = tuple(business_case(case) for case in cases)
    meanings = {letter: outcome.split.title for letter, outcome in zip(LETTERS, outcomes, strict=False)}
    notes: list[str] = [message("titled", of=letter, title=title) for letter, title in meanings.items()]
    days = [case.definition.map_date for case in cases]
    if len(set(days)) > 1:
        maps = [
            message("map_of_letter", letter=letter.upper(), day=day) for letter, day in zip(meanings, days, strict=True)
        ]
        notes.append(message("maps_differ", maps=maps))
    notes += [note for outcome in outcomes for note in outcome.notes]
    return CaseComparison(
        title=message("comparison_of", titles=[case.title for case in cases]),
        notes=tuple(dict.fromkeys(notes)),
        provenance={letter: dict(item.provenance) for letter, item in zip(meanings, outcomes, strict=True)},
        illustrative=any(outcome.illustrative for outcome in outcomes),
        meanings=meanings,
        map_date=max(case.definition.map_date for case in cases),
        outcomes=outcomes,
        answer=of_cases(outcomes, cases),
    )


def _check_alike(cases: tuple[CaseModel, ...]) -> None:
    """Refuse amounts that cannot stand beside each other."""
    faults = Faults()
    alike = {
        "duration": ([f"{case.setup.duration.normalize():f} years" for case in cases], "one duration"),
        "VAT": ([case.definition.vat_state for case in cases], "one VAT state"),
        "price level": ([case.definition.price_level or "none" for case in cases], "one price level"),
    }
    for what, (values, allowed) in alike.items():
        if len(set(values)) > 1:
            words = ", ".join(f"{value} ({case.id})" for value, case in zip(values, cases, strict=True))
            faults.add(what, words, allowed)
    faults.check(
        "these cases cannot stand side by side", remedy="Bring the files to one duration, VAT state and price level."
    )
