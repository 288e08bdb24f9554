"""Advance by forecast, settlement by use (voorschot en afrekening): the split on real volumes, minus the advances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs.money import euros
from ggu_costs.procurement.rules import RuleChoice
from ggu_costs.results.base import Result
from ggu_costs.words.messages import Message, message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split
    from ggu_costs.typing import ByCode


@dataclass(frozen=True, kw_only=True)
class UseSettlement(Result):
    """Final share minus advance of each participant; plus = pay more.

    Attributes
    ----------
    advance, final
        Splits on the forecast and on the real volumes.
    """

    advance: Split
    final: Split

    @property
    def total(self) -> float:
        """Settlement of all together, euro: the joint cost on real volumes minus that on the forecast."""
        return (self.final.total_cents - self.advance.total_cents) / 100

    @property
    def outcome(self) -> Message:
        """What the joint cost came to beside the advances, and how many pay more or get money back."""
        due = self.final.cents - self.advance.cents
        return message("settlement_of_use", difference=self.total, up=int((due > 0).sum()), down=int((due < 0).sum()))

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, forecast, use, advance, final, settlement`` by code; amounts in euro."""
        frame = self.advance.setup.parties.frame()
        frame["forecast"], frame["use"] = self.advance.setup.main_volume, self.final.setup.main_volume
        frame["advance"], frame["final"] = self.advance.values, self.final.values
        frame["settlement"] = euros(self.final.cents - self.advance.cents)
        columns = ("advance", "final", "settlement")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=("forecast", "use", *columns))


def settle(case: CaseModel, use: ByCode | Mapping[str, ByCode], rule: RuleChoice | None = None) -> UseSettlement:
    """Settle on real volumes (afrekening op afname): final minus advance, plus = pay more.

    Parameters
    ----------
    use
        Real volume of every participant by code; a mapping of volume to Series where the case has several.
    rule
        By default the rule of the file, by which the advance was made.
    """
    advance = case.split(rule)
    final = case.with_volumes(use).split(rule)
    return UseSettlement(
        title=message("settled_on_use", title=case.definition.title, rule=advance.rule_words),
        notes=(*advance.notes, message("settled_on_use_note")),
        provenance=case.provenance(settled="use", rule=advance.rule_words),
        illustrative=case.definition.illustrative,
        advance=advance,
        final=final,
    )
