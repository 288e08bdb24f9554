"""Tables beside the contributions: advances, deadlines, budget of a participant, the paragraph on related parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.budget import BudgetLine, amounts_in, budget_frame
from ggu_costs.display.task_field import read_task_field, task_field_notes
from ggu_costs.errors import Faults, InputError, is_one_of
from ggu_costs.joint.plan import Cents, Plan
from ggu_costs.joint.results import BodyResult
from ggu_costs.modelfile.budget import BudgetTerms
from ggu_costs.money import share_exactly
from ggu_costs.words.messages import message, word

COUNCIL_WEEKS = 12
"""Weeks between sending the draft budget to the councils and the decision of the board (Wgr since 1 July 2022)."""


@dataclass(frozen=True, kw_only=True)
class Advances(BodyResult):
    """The advance (voorschot) of a year in its parts, in cents by participant.

    Attributes
    ----------
    months
        In which month each part is due; each has whole cents, and together they are the contribution.
    cents
        The contribution by participant.
    """

    months: tuple[int, ...]
    cents: Cents

    noun: ClassVar[str] = "advances"

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents of each part, and the contribution."""
        count = len(self.months)
        parts = {code: share_exactly(cents, [Fraction(1)] * count) for code, cents in self.cents.items()}
        named = {f"month_{month}": {code: part[place] for code, part in parts.items()}
                 for place, month in enumerate(self.months)}  # fmt: skip
        return {**named, "contribution": self.cents}


def deadlines(plan: Plan, year: int) -> pd.DataFrame:
    """Return by step of the budget of a year its last ``day``; empty where the Wgr does not hold.

    By the Wgr since 1 July 2022: frames and provisional accounts before 30 April, the draft to the councils twelve
    weeks before the board decides, the budget to the province before 15 September, the accounts before 15 July.
    """
    steps: dict[str, object] = {}
    if plan.definition.under_wgr:
        decided, _ = plan.definition.stated(plan.definition.body.decision_date, year - 1)
        day = decided if isinstance(decided, date) else None
        steps = {
            "frames_to_councils": date(year - 1, 4, 30),
            "draft_to_councils": message("weeks_before_decision", weeks=COUNCIL_WEEKS) if day is None
            else day - timedelta(weeks=COUNCIL_WEEKS),
            "board_decides": message("not_stated") if day is None else day,
            "budget_to_province": date(year - 1, 9, 14) if day is None
            else min(day + timedelta(weeks=2), date(year - 1, 9, 14)),
            "provisional_accounts": date(year + 1, 4, 30),
            "accounts_to_province": date(year + 1, 7, 14),
        }  # fmt: skip
    index = pd.Index([word(name) for name in steps], name="step", dtype=object)
    frame = pd.DataFrame({"by_day": pd.Series(list(steps.values()), index, dtype=object)}, index=index)
    key = "wgr_deadlines" if steps else "no_wgr_deadlines"
    form = word(plan.definition.body.legal_form, of="legal_form")
    return frames.describe(frame, title=message("deadlines_of", year=year), units={}, notes=[message(key, form=form)])


def related_party(plan: Plan, year: int) -> pd.DataFrame:
    """Return equity and debt at the begin and end of a year and its result, in euro; what is not stated is PM."""
    terms = plan.definition.related_party
    rows = {
        f"{name}_{when}": plan.definition.stated(getattr(terms, name, None), year - (when == "begin"))[0]
        for name in ("equity", "debt")
        for when in ("begin", "end")
    }
    rows["expected_result"] = plan.definition.stated(getattr(terms, "result", None), year)[0]
    index = pd.Index([word(name) for name in rows], name="line", dtype=object)
    amounts = [float(amount) if isinstance(amount, Decimal) else float("nan") for amount in rows.values()]
    frame = pd.DataFrame({"amount": amounts}, index=index)
    notes = [] if terms is None else [
        *([message("party_seat", seat=terms.seat)] if terms.seat else []),
        message("party_interest", interest=terms.interest),
        *([message("party_risks", risks=terms.risks)] if terms.risks else []),
    ]  # fmt: skip
    return frames.describe(frame, title=message("related_party_of", title=plan.definition.title, year=year),
                           units={"amount": "EUR"}, pm=["amount"], notes=notes,
                           illustrative=plan.definition.illustrative)  # fmt: skip


def body_budget(plan: Plan, code: str, task_field: str | None = None) -> pd.DataFrame:
    """Return the lines of a participant's budget (begroting, BBV) by task field; together its contributions.

    Raises
    ------
    InputError
        No task field.
    UnknownNameError
        A code that takes part in no year.
    """
    faults = Faults()
    stated = plan.definition.budget or BudgetTerms()
    default = stated.task_field if task_field is None else read_task_field(task_field, "task_field", faults)
    faults.check(f"{plan.definition.id}: this budget cannot be made", remedy="Correct the task field.")
    years = [year for year in plan.years if is_one_of(code, plan.definition.members(year))]
    if not years:
        plan.check_member(code, plan.years[0])
    lines = []
    for group in plan.definition.groups:
        amounts = {year: plan.parts(year)[group.id].get(code, 0) / 100 for year in years}
        lines.append(BudgetLine(group.id, group.name, "cost", "structural", group.task_field or default,
                                dict.fromkeys(plan.years, 0.0) | amounts))  # fmt: skip
    moved = _moves(plan, code, years)
    if any(moved.values()):
        lines.append(BudgetLine("reserve", word("reserve"), "cost", "one_off", default, moved))
    paid = {year: plan.step_in_of(_first(plan, code), year) / 100 for year in plan.years}
    if any(paid.values()):
        lines.append(BudgetLine("step_in", word("step_in"), "cost", "one_off", default, paid))
    frame = budget_frame(lines, list(plan.years), change=len(plan.years) > 1)
    names = amounts_in(frame)
    frame[names] = frame[names].round(2)  # sums of whole cents
    notes = [message("budget_sides"), *task_field_notes([line.task_field for line in lines]),
             message("budget_of_body"), message("budget_reserves_pm"), message("budget_exact")]  # fmt: skip
    return frames.describe(
        frame, title=message("budget_of_participant", title=plan.definition.title, name=plan.names[code]),
        units=dict.fromkeys(names, "EUR"), pm=names, total=[], notes=notes, illustrative=plan.definition.illustrative,
    )  # fmt: skip


def _moves(plan: Plan, code: str, years: list[int]) -> Mapping[int, float]:
    """Euro by year of what the reserve of the body changes in the contribution of one participant."""
    groups = {group.id for group in plan.definition.groups}
    found = dict.fromkeys(plan.years, 0.0)
    for year in years:
        found[year] = sum(part.get(code, 0) for name, part in plan.parts(year).items() if name not in groups) / 100
    return found


def _first(plan: Plan, code: str) -> int | None:
    return next((one.first_year for one in plan.newcomers if one.code == code), None)


def check_has_settlement(plan: Plan, year: object) -> None:
    """Raise where the file does not say what a year came to."""
    known = [item.year for item in plan.definition.settlements]
    if year not in known:
        raise InputError(
            f"{plan.definition.id}: what {year} came to is not in the file; known: {known or 'no year'}",
            remedy="Add [[settlements]] with actual amounts and figures.",
        )
