"""The rules side by side: what each participant would pay, and how each rule stands the stand-alone test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import InfeasibleError, InputError
from ggu_costs.procurement.stability import Stability, stability
from ggu_costs.procurement.words import WHY_NOT, rule_words

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.parties import Parties
    from ggu_costs.procurement.plots import ComparisonPlots
    from ggu_costs.procurement.split import Split

__all__ = ["RuleComparison", "compare_rules"]


@dataclass(frozen=True, kw_only=True)
class RuleComparison(Result):
    """Splits under several rules.

    Attributes
    ----------
    splits, tests
        By rule, for the rules that exist for this case.
    missing
        Why a rule does not exist for this case, by rule, as the error says it.
    order
        The rules as they were asked.
    """

    parties: Parties
    splits: Mapping[str, Split]
    tests: Mapping[str, Stability]
    missing: Mapping[str, str]
    order: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, kind`` and one column a rule, by code, in euro; NaN where the rule does not exist."""
        return self._table(per_inhabitant=False)

    def per_inhabitant(self) -> pd.DataFrame:
        """Return the same per inhabitant; blank for a body, which has none."""
        return self._table(per_inhabitant=True)

    def _table(self, *, per_inhabitant: bool) -> pd.DataFrame:
        import pandas as pd

        people = np.where(self.parties.people > 0, self.parties.people, np.nan)
        frame = pd.DataFrame(index=pd.Index(self.parties.codes, name="code"))
        frame["name"], frame["kind"] = list(self.parties.names), list(self.parties.kinds)
        for rule in self.order:
            if rule in self.splits:
                frame[rule] = self.splits[rule].values / (people if per_inhabitant else 1.0)
            else:
                frame[rule] = math.nan
        unit = "EUR/inhabitant" if per_inhabitant else "EUR"
        units = dict.fromkeys(self.order, unit)
        return self._framed(frame, units, total=() if per_inhabitant else tuple(self.splits))

    @property
    def plot(self) -> ComparisonPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.procurement.plots import ComparisonPlots

        return ComparisonPlots(self)

    def rules(self) -> pd.DataFrame:
        """Return one row a rule.

        Returns
        -------
        pandas.DataFrame
            ``words, exists, stable, complaint, test, group_size, group, individually_rational, outcome, reason``. The
            complaint is the largest of any group, in euro: what it would pay less on its own; negative when every group
            is strictly better in.
        """
        import pandas as pd

        rows = [self._row(rule) for rule in self.order]
        names = [
            "rule", "words", "exists", "stable", "complaint", "test", "group_size", "group", "individually_rational",
            "outcome", "reason",
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=names).set_index("rule")
        return self._framed(frame, {"complaint": "EUR"})

    def _row(self, rule: str) -> tuple[object, ...]:
        if rule in self.missing:
            return (
                rule,
                rule_words(rule),
                False,
                None,
                math.nan,
                "",
                0,
                "",
                "",
                "bestaat hier niet",
                _why(rule, self.missing),
            )
        test = self.tests[rule]
        rational = {True: "ja", False: "nee", None: "onbekend"}[test.individually_rational]
        return (
            rule, rule_words(rule), True, test.stable, test.complaint, test.test, len(test.coalition),
            ", ".join(test.coalition), rational, test.sentence(), "",
        )  # fmt: skip


def _why(rule: str, missing: Mapping[str, str]) -> str:
    return WHY_NOT.get(rule, missing[rule])


def compare_rules(case: ProcurementCase, rules: Sequence[str]) -> RuleComparison:
    """Split by every rule and test each; a rule that does not exist here is kept with the reason."""
    splits: dict[str, Split] = {}
    tests: dict[str, Stability] = {}
    missing: dict[str, str] = {}
    for rule in dict.fromkeys(rules):
        try:
            splits[rule] = case.split(rule)
        except (InputError, InfeasibleError) as error:
            missing[rule] = error.message
        else:
            tests[rule] = stability(splits[rule])
    notes = [f"{rule_words(rule)} bestaat hier niet: {_why(rule, missing)}." for rule in missing]
    return RuleComparison(
        title=f"{case.title}: verdeelregels naast elkaar",
        notes=(*case.notes(), *notes),
        provenance=case.provenance(rules=list(dict.fromkeys(rules))),
        illustrative=case.definition.illustrative,
        parties=case.setup.parties,
        splits=splits,
        tests=tests,
        missing=missing,
        order=tuple(dict.fromkeys(rules)),
    )
