r"""What joining late or leaving costs: the amount that leaves the others no worse off, and what the rule would ask.

Entry of i into the group N: the others are no worse off when i pays at least what it adds, :math:`C(N \cup i) - C(N)`.
Exit of i: the others lose the share of i and save what it adds, so they are no worse off when i pays, on leaving, its
share less :math:`C(N) - C(N \setminus i)`; below 0 the others gain, and nothing is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import pandas as pd

from ggu_costs.errors import InputError, UnknownNameError, is_one_of
from ggu_costs.money import exact_sum
from ggu_costs.procurement.rules import RuleChoice
from ggu_costs.results.base import Result
from ggu_costs.text import one_line
from ggu_costs.words.label import ILLUSTRATIVE
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split


Move: TypeAlias = Literal["entry", "exit"]


@dataclass(frozen=True, kw_only=True)
class Membership(Result):
    """What one participant's entry or exit costs, euro over the period.

    Attributes
    ----------
    move
        ``entry`` or ``exit``.
    code, name
        Of the participant.
    added
        What the participant adds to the joint cost of the others.
    share
        What the rule asks of it as a participant.
    alone
        What it would pay on its own; NaN where that is PM.
    others
        How much more (+) or less (-) the others pay together because of the move, when nothing further is agreed.
    due
        Entry: the least it has to pay so that the others are no worse off. Exit: what it has to pay on leaving for
        that; 0 where the others gain.
    """

    move: Move
    code: str
    name: str
    rule: str
    added: float
    share: float
    alone: float
    others: float
    due: float

    def to_frame(self) -> pd.DataFrame:
        """Return ``amount`` by line, euro."""
        rows = [
            ("added", self.added),
            ("share_by_rule", self.share),
            ("alone_cost", self.alone),
            ("others_pay", self.others),
            (f"due_on_{self.move}", self.due),
        ]
        frame = pd.DataFrame(rows, columns=["line", "amount"]).set_index("line")
        return self._framed(frame, {"amount": "EUR"}, pm=("amount",))

    def __str__(self) -> str:
        mark = f" [{ILLUSTRATIVE}]" if self.illustrative else ""
        text = message(f"{self.move}_costs", code=self.code, due=self.due)
        return one_line(f"{text} {message('not_tested')}{mark}")


def entry(case: CaseModel, code: str, rule: RuleChoice | None = None) -> Membership:
    """Return what joining costs, and the least that leaves the others no worse off.

    Raises
    ------
    InputError
        Participation is binding, or the code takes part already.
    UnknownNameError
        A code that could not join.
    """
    _check_mode(case, "entry")
    inside = case.setup.parties
    if is_one_of(code, inside.position):
        raise InputError(f"{code} takes part already", remedy="Ask for its exit, or name another code.")
    if not is_one_of(code, case.everyone.position):
        raise UnknownNameError("participant that could join", code, case.everyone.codes)
    larger = case.with_changes(participants=[*inside.codes, code])
    before, after = case.split(rule), larger.split(rule)
    share = float(after.values[larger.setup.parties.at(code)])
    added = larger.setup.total - case.setup.total
    others = exact_sum([after.total - share, -before.total])
    return _membership(larger, "entry", code, after, added=added, others=others, due=added)


def exit_(case: CaseModel, code: str, rule: RuleChoice | None = None) -> Membership:
    """Return what leaving costs so that the others are no worse off.

    Raises
    ------
    InputError
        Participation is binding, or it is the only participant.
    UnknownNameError
        A code that does not take part.
    """
    _check_mode(case, "exit")
    inside = case.setup.parties
    place = inside.at(code)
    if inside.count == 1:
        raise InputError(f"{code} is the only participant", remedy="Ask this of a case with two participants or more.")
    smaller = case.with_changes(participants=[other for other in inside.codes if other != code])
    before = case.split(rule)
    added = case.setup.total - smaller.setup.total
    others = float(before.values[place]) - added
    return _membership(case, "exit", code, before, added=added, others=others, due=max(0.0, others))


def may_leave(case: CaseModel) -> bool:
    """Whether there is an exit: participation is not binding, and somebody stays."""
    return case.definition.participation.mode != "binding" and case.setup.parties.count > 1


def _check_mode(case: CaseModel, move: Move) -> None:
    if case.definition.participation.mode == "binding":
        raise InputError(
            f"{case.id}: participation is binding for everyone, so there is no {move}",
            remedy="Ask this of a case with participation 'listed' or 'voluntary'.",
        )


def _membership(
    case: CaseModel, move: Move, code: str, split: Split, *, added: float, others: float, due: float
) -> Membership:
    """Put together what holds for a participant of a case: after its entry, or before its exit."""
    place = case.setup.parties.at(code)
    rule = split.rule_words
    return Membership(
        title=message(f"{move}_of", title=case.definition.title, name=case.setup.parties.names[place], code=code),
        notes=(*case.notes(), message("not_tested")),
        provenance=case.provenance(move=move, code=code, rule=rule),
        illustrative=case.definition.illustrative,
        move=move,
        code=code,
        name=case.setup.parties.names[place],
        rule=rule,
        added=added,
        share=float(split.values[place]),
        alone=float(case.setup.known_alone[place]),
        others=others,
        due=due,
    )
