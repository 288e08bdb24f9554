"""The rules side by side: what each participant would pay, and how each rule stands the stand-alone test."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.errors import Faults, InfeasibleError, InputError
from ggu_costs.figures import has_entries
from ggu_costs.frames import amend
from ggu_costs.procurement.model import CaseModel
from ggu_costs.procurement.parties import Parties
from ggu_costs.procurement.rules import (
    COMPARED,
    RULES,
    RuleChoice,
    check_mixture,
    check_rule,
    rule_named,
    rule_words,
    why_not,
)
from ggu_costs.procurement.split import Split
from ggu_costs.procurement.stability import Stability, stability_of
from ggu_costs.results.base import Result
from ggu_costs.words.messages import Message, message


@dataclass(frozen=True, kw_only=True)
class RuleComparison(Result):
    """Splits under several rules.

    Attributes
    ----------
    parties
        The participants.
    splits, tests
        By rule, for the rules that exist for this case.
    missing
        Why a rule does not exist for this case, by rule, as the error says it.
    reasons
        The same for readers.
    order
        The rules as they were asked, a mixture of rules by pool in words.
    technique
        How far shares may be off, and which rules do not exist here; these are among the notes.
    """

    parties: Parties
    splits: Mapping[str, Split]
    tests: Mapping[str, Stability]
    missing: Mapping[str, str]
    reasons: Mapping[str, str]
    order: tuple[str, ...]
    technique: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, kind`` and one column a rule that exists here, by code, in euro."""
        return self._table(per_inhabitant=False)

    def per_inhabitant(self) -> pd.DataFrame:
        """Return the same per inhabitant; NaN for a body, which has none."""
        return self._table(per_inhabitant=True)

    def _table(self, *, per_inhabitant: bool, headed: bool = False) -> pd.DataFrame:
        frame = self.parties.frame(kind=True)
        form = ("per_inhabitant_{}" if per_inhabitant else "share_{}") if headed else "{}"
        own, columns = list(frame.columns), []
        for rule, split in self.splits.items():
            columns.append(form.format(rule) if rule in RULES else rule)
            frame[columns[-1]] = self.parties.per_inhabitant(split.values) if per_inhabitant else split.values
        frame.columns = pd.Index([*own, *columns], dtype=object)  # messages stay messages
        units = dict.fromkeys(columns, "EUR/inhabitant" if per_inhabitant else "EUR")
        return self._framed(frame, units, total=() if per_inhabitant else columns)

    def headed(self, *, per_inhabitant: bool = False) -> pd.DataFrame:
        """Return the same for readers: columns that say that they are shares, and municipalities only per inhabitant.

        A rule such as `inhabitants` has the name of a figure; here its column is ``share_inhabitants``, or
        ``per_inhabitant_inhabitants``.
        """
        frame = self._table(per_inhabitant=per_inhabitant, headed=True)
        if not per_inhabitant:
            return frame
        frame = frame[self.parties.people > 0].drop(columns="kind")
        return amend(frame, title=message("by_inhabitant_of", title=self.title))

    @property
    def outcome(self) -> Message:
        """Under how many of the rules that exist here no group is better off on its own, and which these are."""
        stable = [rule_named(rule) for rule, test in self.tests.items() if test.stable]
        key = "rules_stable" if stable else "no_rule_stable"
        return message(key, count=len(self.tests), stable=len(stable), names=stable)

    def _repr_html_(self) -> str:
        return self._as_html(self.headed())

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``complaints``."""
        return Plots(complaints=self._complaints_chart)

    def _complaints_chart(self, *, lang: str = "nl") -> Chart:
        """Draw the largest complaint of any group under each rule that exists; below 0 everyone is better in."""
        frame = self.rules()
        frame = frame[frame["exists"].astype(bool) & frame["complaint"].notna()]
        return Chart(title=self.title, frame=frame, kind="bars", x="words", y=("complaint",))

    def rules(self) -> pd.DataFrame:
        """Return one row a rule.

        Returns
        -------
        pandas.DataFrame
            ``words, exists, stable, complaint, way_out, group_size, group, individually_rational, outcome, reason``.
            The complaint is the largest of any group, in euro: what it would pay less without the others; negative when
            every group is strictly better in. The way out is what it would do; the group is in names, its codes are in
            ``tests[rule].coalition``.
        """
        rows = [self._row(rule) for rule in self.order]
        names = [
            "rule", "words", "exists", "stable", "complaint", "way_out", "group_size", "group", "individually_rational",
            "outcome", "reason",
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=names)
        for place, name in enumerate(names):
            if name in ("rule", "words", "reason"):
                frame[name] = pd.Series([row[place] for row in rows], dtype=object)  # messages stay messages
        frame = frame.set_index("rule")
        return self._framed(frame, {"complaint": "EUR"}, pm=("complaint",))

    def _row(self, rule: str) -> tuple[object, ...]:
        head = (rule, rule_words(rule), rule not in self.missing)
        if rule in self.missing:
            return (*head, None, math.nan, "", 0, "", "", "does_not_exist", self.reasons[rule])
        test = self.tests[rule]
        rational = {True: "yes", False: "no", None: "unknown"}[test.individually_rational]
        outcome = "none_better_off" if test.stable else "group_better_off"
        size = len(test.coalition)
        return (*head, test.stable, test.complaint, test.way_out, size, test.group, rational, outcome, "")


def compare_rules(case: CaseModel, rules: Sequence[RuleChoice] | None = None) -> RuleComparison:
    """Split by every rule, side by side, and test each; a rule that does not exist here has its reason shown.

    Parameters
    ----------
    rules
        Rules, or mixtures of rules by pool; by default the usual ones, and that of the file.

    Raises
    ------
    InputError
        Rules by another name, or no rules.
    """
    splits: dict[str, Split] = {}
    tests: dict[str, Stability] = {}
    missing: dict[str, str] = {}
    reasons: dict[str, str] = {}
    chosen = _by_name(case, rules)
    for name, rule in chosen.items():
        try:
            splits[name] = case.split(rule)
        except (InputError, InfeasibleError) as error:
            missing[name], reasons[name] = error.message, why_not(case.setup, rule, error)
        else:
            tests[name] = stability_of(splits[name])
    notes = [note for split in splits.values() for note in split.accuracy]
    notes += [message("rule_not_here", rule=rule_words(rule), reason=reason) for rule, reason in reasons.items()]
    technique = tuple(dict.fromkeys(notes))
    return RuleComparison(
        title=message("rules_of", title=case.title),
        notes=(*case.notes(), *technique),
        provenance=case.provenance(rules=list(chosen)),
        illustrative=case.definition.illustrative,
        parties=case.setup.parties,
        splits=splits,
        tests=tests,
        missing=missing,
        reasons=reasons,
        order=tuple(chosen),
        technique=technique,
    )


def _by_name(case: CaseModel, rules: Sequence[RuleChoice] | None) -> dict[str, RuleChoice]:
    """The rules by name, a mixture by its words; every one that cannot be meant at once."""
    if rules is None:
        rules = [*COMPARED, *([case.rule] if case.rule not in COMPARED else [])]
    faults = Faults()
    if isinstance(rules, str | Mapping) or not has_entries(rules):
        faults.add("rules", repr(rules), "a list of rules, or of mixtures of rules by pool")
        rules = ()
    by_name: dict[str, RuleChoice] = {}
    for place, rule in enumerate(rules):
        if isinstance(rule, Mapping):
            of_pools = Faults()
            check_mixture(case.setup, rule, of_pools)
            for fault in of_pools.found:
                faults.add(f"rules[{place}].{fault.where}", fault.found, fault.allowed, fault.remedy)
            by_name[rule_words(rule, case.setup.pool_names)] = dict(rule)
        else:
            check_rule(rule, repr(rule), f"rules[{place}]", faults)
            by_name[str(rule)] = rule
    if not by_name and not faults:
        faults.add("rules", "none", "at least one")
    faults.check(f"{case.id}: these rules cannot be compared", remedy="Correct the rules listed.")
    return by_name
