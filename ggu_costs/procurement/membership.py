r"""What joining late or leaving costs: the amount that leaves the others no worse off, and what the rule would ask.

Entry of i into the group N: the others are no worse off when i pays at least what it adds, :math:`C(N \cup i) - C(N)`.
Exit of i: the others lose the share of i and save what it adds, so they are no worse off when i pays, on leaving, its
share less :math:`C(N) - C(N \setminus i)`; below 0 the others gain, and nothing is due.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.money import exact_sum
from ggu_costs.procurement.words import NOT_TESTED_IN_LAW, rule_words
from ggu_costs.words import numbers
from ggu_costs.words.label import ILLUSTRATIVE

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.words import RuleChoice

__all__ = ["Membership", "entry", "exit_"]


@dataclass(frozen=True, kw_only=True)
class Membership(Result):
    """What one participant's entry or exit costs, euro over the period.

    Attributes
    ----------
    move
        ``entry`` or ``exit``.
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

    move: Literal["entry", "exit"]
    code: str
    rule: str
    added: float
    share: float
    alone: float
    others: float
    due: float

    def to_frame(self) -> pd.DataFrame:
        """Return ``amount`` by line, euro."""
        import pandas as pd

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
        word = "toetreden" if self.move == "entry" else "uittreden"
        mark = f" [{ILLUSTRATIVE}]" if self.illustrative else ""
        return f"{word} van {self.code}: {numbers.euro(self.due)}. {NOT_TESTED_IN_LAW}{mark}"


def _check_mode(case: ProcurementCase, word: str) -> None:
    if case.definition.participation.mode == "binding":
        raise InputError(
            f"{case.id}: participation is binding for everyone, so there is no {word}",
            remedy="Ask this of a case with participation 'listed' or 'voluntary'.",
        )


def entry(case: ProcurementCase, code: str, rule: RuleChoice) -> Membership:
    """What joining costs; see :class:`Membership`."""
    _check_mode(case, "entry")
    inside = case.setup.parties
    if code in inside.position:
        raise InputError(f"{code} takes part already", remedy="Ask for its exit, or name another code.")
    if code not in case.everyone.position:
        raise UnknownNameError("participant that could join", code, case.everyone.codes)
    larger = case.with_changes(participants=[*inside.codes, code])
    before, after = case.split(rule), larger.split(rule)
    place = larger.setup.parties.at(code)
    share = float(after.values[place])
    added = larger.setup.total - case.setup.total
    others = exact_sum([after.total - share, -before.total])
    return _made(larger, "entry", code, rule, added=added, share=share, others=others, due=added)


def exit_(case: ProcurementCase, code: str, rule: RuleChoice) -> Membership:
    """What leaving costs; see :class:`Membership`."""
    _check_mode(case, "exit")
    inside = case.setup.parties
    place = inside.at(code)
    if inside.count == 1:
        raise InputError(f"{code} is the only participant", remedy="There is nobody left when it leaves.")
    smaller = case.with_changes(participants=[other for other in inside.codes if other != code])
    share = float(case.split(rule).values[place])
    added = case.setup.total - smaller.setup.total
    others = share - added
    return _made(case, "exit", code, rule, added=added, share=share, others=others, due=max(0.0, others))


def _made(
    case: ProcurementCase,
    move: Literal["entry", "exit"],
    code: str,
    rule: RuleChoice,
    *,
    added: float,
    share: float,
    others: float,
    due: float,
) -> Membership:
    parties = case.setup.parties
    alone = math.nan if case.setup.alone is None else float(case.setup.alone[parties.at(code)])
    name = parties.names[parties.at(code)]
    word = "toetreden" if move == "entry" else "uittreden"
    return Membership(
        title=f"{case.definition.title}: {word} van {name} ({code})",
        notes=(*case.notes(), NOT_TESTED_IN_LAW),
        provenance=case.provenance(move=move, code=code, rule=rule_words(rule)),
        illustrative=case.definition.illustrative,
        move=move,
        code=code,
        rule=rule_words(rule),
        added=added,
        share=share,
        alone=alone,
        others=others,
        due=due,
    )
