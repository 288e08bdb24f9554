"""The rules side by side: what each participant would pay, and how each rule stands the stand-alone test."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import Faults, InfeasibleError, InputError, nearest
from ggu_costs.procurement.rules import COMPARED, RULES
from ggu_costs.procurement.split import Split, check_mixture
from ggu_costs.procurement.stability import Stability, stability
from ggu_costs.procurement.why_not import why_not
from ggu_costs.procurement.words import RuleChoice, rule_words

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.charts import ComparisonPlots
    from ggu_costs.procurement.parties import Parties

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
    reasons
        The same in Dutch.
    order
        The rules as they were asked, a mixture of rules by pool in words.
    """

    parties: Parties
    splits: Mapping[str, Split]
    tests: Mapping[str, Stability]
    missing: Mapping[str, str]
    reasons: Mapping[str, str]
    order: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, kind`` and one column a rule that exists here, by code, in euro."""
        return self._table(per_inhabitant=False)

    def per_inhabitant(self) -> pd.DataFrame:
        """Return the same per inhabitant; NaN for a body, which has none."""
        return self._table(per_inhabitant=True)

    def _table(self, *, per_inhabitant: bool) -> pd.DataFrame:
        import pandas as pd

        people = np.where(self.parties.people > 0, self.parties.people, np.nan)
        frame = pd.DataFrame(index=pd.Index(self.parties.codes, name="code"))
        frame["name"], frame["kind"] = list(self.parties.names), list(self.parties.kinds)
        for rule, split in self.splits.items():
            frame[rule] = split.values / (people if per_inhabitant else 1.0)
        units = dict.fromkeys(self.splits, "EUR/inhabitant" if per_inhabitant else "EUR")
        return self._framed(frame, units, total=() if per_inhabitant else tuple(self.splits))

    def headed(self, *, per_inhabitant: bool = False) -> pd.DataFrame:
        """Return the same for readers: columns that say that they are shares, and municipalities only per inhabitant.

        A rule such as `inhabitants` has the name of a figure; here its column is ``share_inhabitants``, or
        ``per_inhabitant_inhabitants``.
        """
        frame = self._table(per_inhabitant=per_inhabitant)
        form = "per_inhabitant_{}" if per_inhabitant else "share_{}"
        names = {rule: form.format(rule) if rule in RULES else rule for rule in self.splits}
        attrs = dict(frame.attrs)
        attrs["units"] = {names[rule]: unit for rule, unit in attrs["units"].items()}
        attrs["total"] = [names[rule] for rule in attrs["total"]]
        if per_inhabitant:
            attrs["title"] = f"{self.title}, per inwoner"
            frame = frame[self.parties.people > 0].drop(columns="kind")
        frame = frame.rename(columns=names)
        frame.attrs = attrs
        return frame

    def _repr_html_(self) -> str:
        from ggu_costs.display.html import table

        frame = self.headed()
        return table(frame, title=self.title, notes=self.notes, total=frame.attrs["total"])

    @property
    def plot(self) -> ComparisonPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.procurement.charts import ComparisonPlots

        return ComparisonPlots(self)

    def rules(self) -> pd.DataFrame:
        """Return one row a rule.

        Returns
        -------
        pandas.DataFrame
            ``words, exists, stable, complaint, test, group_size, group, individually_rational, outcome, reason``. The
            complaint is the largest of any group, in euro: what it would pay less on its own; negative when every group
            is strictly better in. The group is in names; its codes are in ``tests[rule].coalition``.
        """
        import pandas as pd

        rows = [self._row(rule) for rule in self.order]
        names = [
            "rule", "words", "exists", "stable", "complaint", "test", "group_size", "group", "individually_rational",
            "outcome", "reason",
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=names).set_index("rule")
        return self._framed(frame, {"complaint": "EUR"}, pm=("complaint",))

    def _row(self, rule: str) -> tuple[object, ...]:
        if rule in self.missing:
            return (
                rule, rule_words(rule), False, None, math.nan, "", 0, "", "", "does_not_exist", self.reasons[rule],
            )  # fmt: skip
        test = self.tests[rule]
        rational = {True: "yes", False: "no", None: "unknown"}[test.individually_rational]
        outcome = "none_better_off" if test.stable else "group_better_off"
        return (
            rule, rule_words(rule), True, test.stable, test.complaint, test.test, len(test.coalition), test.group,
            rational, outcome, "",
        )  # fmt: skip


def compare_rules(case: ProcurementCase, rules: Sequence[RuleChoice] | None) -> RuleComparison:
    """Split by every rule and test each; a rule that does not exist here is kept with the reason."""
    splits: dict[str, Split] = {}
    tests: dict[str, Stability] = {}
    missing: dict[str, str] = {}
    reasons: dict[str, str] = {}
    chosen = _chosen(case, rules)
    for name, rule in chosen.items():
        try:
            splits[name] = case.split(rule)
        except (InputError, InfeasibleError) as error:
            missing[name], reasons[name] = error.message, why_not(case.setup, rule, error)
        else:
            tests[name] = stability(splits[name])
    told = case.notes()
    notes = [note for split in splits.values() for note in split.notes if note.startswith("Verdeling ")]
    notes += [f"{rule_words(rule)} bestaat hier niet: {reason}." for rule, reason in reasons.items()]
    return RuleComparison(
        title=f"{case.title}: verdeelregels naast elkaar",
        notes=(*told, *dict.fromkeys(notes)),
        provenance=case.provenance(rules=list(chosen)),
        illustrative=case.definition.illustrative,
        parties=case.setup.parties,
        splits=splits,
        tests=tests,
        missing=missing,
        reasons=reasons,
        order=tuple(chosen),
    )


def _chosen(case: ProcurementCase, rules: Sequence[RuleChoice] | None) -> dict[str, RuleChoice]:
    """The rules by name, a mixture by its words; every one that cannot be meant at once."""
    if rules is None:
        rules = [*COMPARED, *([case.rule] if case.rule not in COMPARED else [])]
    faults = Faults()
    if isinstance(rules, str | Mapping) or not isinstance(rules, Iterable):
        faults.add("rules", repr(rules), "a list of rules, or of mixtures of rules by pool")
        rules = ()
    chosen: dict[str, RuleChoice] = {}
    for place, rule in enumerate(rules):
        if isinstance(rule, Mapping):
            found = Faults()
            check_mixture(case.setup, rule, found)
            for fault in found.found:
                faults.add(f"rules[{place}].{fault.where}", fault.found, fault.allowed, fault.remedy)
            chosen[rule_words(rule)] = dict(rule)
        elif isinstance(rule, str) and rule in RULES:
            chosen[rule] = rule
        else:
            close = nearest(str(rule), RULES)
            faults.add(f"rules[{place}]", repr(rule), ", ".join(RULES), f"Did you mean {close!r}?" if close else "")
    if not chosen and not faults:
        faults.add("rules", "none", "at least one")
    faults.check(f"{case.id}: these rules cannot be compared", remedy="Correct the rules listed.")
    return chosen
