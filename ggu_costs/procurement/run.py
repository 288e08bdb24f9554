"""What a run of a procurement case shows: for all participants, or for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs.display.report import Chart, Report
from ggu_costs.frames import describe
from ggu_costs.procurement.business import BusinessCase, business_case
from ggu_costs.procurement.comparison import RuleComparison, compare_rules
from ggu_costs.procurement.membership import exit_
from ggu_costs.procurement.ratchet import apply_ratchet
from ggu_costs.procurement.stability import stability_of
from ggu_costs.procurement.take_up import along_the_curve, over_the_duration
from ggu_costs.words.numbers import missing

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.model import CaseModel

__all__ = ["report"]


def report(case: CaseModel, municipality: str | None = None) -> Report:
    """Return what a run shows: tables, summary and notes, for all participants or for one."""
    outcome, compared = business_case(case), compare_rules(case)
    test = stability_of(outcome.split)
    lines = list(outcome.lines())
    if municipality is None:
        title, tables, charts = case.title, _all(case, outcome, compared), _charts(outcome, compared)
        lines += _along(tables)
    else:
        place = outcome.split.setup.parties.at(municipality)
        title = f"{outcome.split.setup.parties.names[place]} ({municipality}): {case.title}"
        tables, charts = _one(case, outcome, compared, municipality), ()
        lines.insert(0, ("share_of_participant", float(outcome.split.values[place]), "EUR"))
    return Report(
        title=title,
        tables=tables,
        summary=tuple(lines),
        notes=tuple(dict.fromkeys([test.sentence(), *test.notes, *compared.notes])),
        provenance=case.provenance(rule=outcome.split.rule, municipality=municipality),
        illustrative=case.definition.illustrative,
        map=("participants", "per_inhabitant") if municipality is None else None,
        charts=charts,
    )


def _all(case: CaseModel, outcome: BusinessCase, compared: RuleComparison) -> dict[str, pd.DataFrame]:
    tables = {
        "participants": outcome.split.to_frame(),
        "rules": compared.headed(),
        "rules_per_inhabitant": compared.headed(per_inhabitant=True),
        "stability": compared.rules().drop(columns="words"),
        "business_case": outcome.to_frame(),
        "by_size_class": outcome.by("size_class"),
    }
    if case.definition.alternatives.regional is not None:
        column = case.definition.alternatives.regional.region
        tables[f"by_{column}"] = outcome.by(column)
    if outcome.break_even:
        tables["break_even"] = outcome.curve()
    if outcome.claims:
        tables["claims"] = outcome.claimed()
    if any(body.members for code, body in case.everyone.others.items() if code in case.setup.parties.position):
        tables["pass_through"] = outcome.split.pass_through().to_frame()
    if case.definition.ratchet is not None:
        result = apply_ratchet(case)
        tables["ratchet"], tables["ratchet_by_supplier"] = result.to_frame(), result.by_supplier()
    if case.definition.participation.take_up is not None:
        tables["take_up"], tables["whole_duration"] = along_the_curve(case), over_the_duration(case)
    return tables


def _along(tables: dict[str, pd.DataFrame]) -> list[tuple[str, object, str]]:
    """The years of a take-up together, for the head of a report."""
    if "take_up" not in tables:
        return []
    sums = tables["take_up"].drop(columns=["participants", "joining"]).sum(skipna=False)
    return [(f"{name}_along_curve", None if missing(value) else float(value), "EUR") for name, value in sums.items()]


def _charts(outcome: BusinessCase, compared: RuleComparison) -> tuple[Chart, ...]:
    """Cost alone and together by size class, and the largest complaint by rule."""
    by_class = outcome.by("size_class").dropna(subset="alone")
    joint = "joint_compared" if "joint_compared" in by_class else "joint"
    rules = compared.rules()[["complaint"]].dropna()
    describe(rules, units={"complaint": "EUR"}, illustrative=outcome.illustrative)
    charts = []
    if len(by_class):
        title = "Kosten ieder voor zich en gezamenlijk, per grootteklasse"
        charts.append(Chart(title=title, frame=by_class, kind="bars", x="size_class", y=("alone", joint)))
    title = "Grootste klacht van een groep per verdeelregel (onder 0: iedereen is beter af)"
    if len(rules):
        charts.append(Chart(title=title, frame=rules, kind="bars", x="rule", y=("complaint",)))
    return tuple(charts)


def _one(case: CaseModel, outcome: BusinessCase, compared: RuleComparison, code: str) -> dict[str, pd.DataFrame]:
    import pandas as pd

    split = outcome.split
    marks = {"notes": list(split.notes), "illustrative": split.illustrative}
    steps = describe(split.explain(code).to_frame(), title=f"{split.title}: van kosten naar aandeel", **marks)
    frame, per = compared.to_frame(), compared.per_inhabitant()
    rows = [(rule, frame.loc[code, rule], per.loc[code, rule]) for rule in compared.splits]
    rules = pd.DataFrame(rows, columns=["rule", "share", "per_inhabitant"]).set_index("rule")
    units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
    describe(rules, title=compared.title, units=units, **marks)
    tables = {"steps": steps, "rules": rules, "stability": compared.rules().drop(columns="words")}
    if case.definition.participation.mode != "binding" and split.setup.parties.count > 1:
        tables["exit"] = exit_(case, code).to_frame()
    return tables
