"""What a run of a procurement case shows: for all participants, or for one."""

from dataclasses import replace
from typing import Any

import pandas as pd

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Chart, Line, Report
from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.procurement import answers
from ggu_costs.procurement.budget import budget_of, has_years
from ggu_costs.procurement.business import BusinessCase, business_case
from ggu_costs.procurement.comparison import RuleComparison, compare_rules
from ggu_costs.procurement.membership import Membership, exit_, may_leave
from ggu_costs.procurement.model import CaseModel
from ggu_costs.procurement.ratchet import apply_ratchet
from ggu_costs.procurement.split import Split
from ggu_costs.procurement.stability import Stability, stability_of
from ggu_costs.procurement.take_up import along_the_curve, over_the_duration
from ggu_costs.words.messages import message
from ggu_costs.words.numbers import missing


def report(case: CaseModel, municipality: str | None) -> Report:
    """Return what a run shows: answer, tables, summary and notes, for all participants or for one."""
    outcome, compared = business_case(case), compare_rules(case)
    split, test = outcome.split, stability_of(outcome.split)
    facts: dict[str, Any] = {
        "notes": (*case.about(), *split.own_notes, *test.own_notes),  # the answer says what is PM
        "technique": (*compared.technique, *case.technique()),
        "provenance": case.provenance(rule=split.rule, municipality=municipality),
        "municipality": municipality,
        "made_up": case.definition.illustrative,
    }
    if municipality is None:
        tables = _all(case, outcome, compared)
        return Report(
            case.title, tables, (*outcome.lines(), *_along(tables)), map=("participants", "per_inhabitant"),
            charts=_charts(outcome, compared), more_charts=page_charts(outcome.plot), explained=(split,),
            answer=answers.of_all(case, outcome, test, compared, _more(case, outcome, tables)), **facts,
        )  # fmt: skip
    place = split.setup.parties.at(municipality)
    leaving = exit_(case, municipality) if may_leave(case) else None
    share = ("share_of_participant", float(split.values[place]), "EUR")
    title = message("titled_code", name=split.setup.parties.names[place], code=municipality, title=case.title)
    task_field = case.definition.budget.task_field if case.definition.budget else ""
    budgeted = []
    if has_years(case):
        budgeted.append(Table("budget", "", budget_of(case, split, municipality, task_field), role="budget"))
    return Report(
        title, (*budgeted, *_one(split, compared, municipality, leaving)), (share, *outcome.lines()),
        answer=answers.of_one(case, split, municipality, compared, told=_of_one(test, leaving)), **facts,
    )  # fmt: skip


def _more(case: CaseModel, outcome: BusinessCase, tables: tuple[Table, ...]) -> list[str]:
    """What else is to be said at once of a case that has it: take-up, ratchet, what bodies pass on."""
    frames = {table.name: table.frame for table in tables}
    lines = [answers.take_up_sentence(frames["take_up"], case.setup.unknown)] if "take_up" in frames else []
    if "ratchet" in frames:
        lines.append(answers.ratchet_sentence(apply_ratchet(case)))
    if "pass_through" in frames:
        lines.append(answers.pass_through_sentence(outcome.split.pass_through()))
    return lines


def _of_one(test: Stability, leaving: Membership | None) -> list[str]:
    """What else is to be said at once of one participant."""
    return [test.outcome, *([] if leaving is None else [answers.membership_sentence(leaving)])]


def check(case: CaseModel) -> None:
    """Raise what a run would, without comparing rules; see :class:`~ggu_costs.modelfile.kinds.Model`.

    Inputs that were not given count as 1 at first: who lacks a volume, level or amount of the file then shows as well.
    """
    assembled = replace(case, inputs=case.inputs.filled(case.everyone.codes))
    if assembled.codes:
        _ = assembled.setup
    outcome = business_case(case)
    if case.definition.ratchet is not None:
        apply_ratchet(case)
    if case.definition.participation.take_up is not None:
        along_the_curve(case)
        over_the_duration(case)
    if any(body.members for body in case.everyone.others.values()):
        outcome.split.pass_through()


def _all(case: CaseModel, outcome: BusinessCase, compared: RuleComparison) -> tuple[Table, ...]:
    day, regional = case.definition.map_date, case.definition.alternatives.regional
    tables = [
        Table("participants", "", outcome.split.to_frame(), map_date=day),
        Table("rules", "", compared.headed(), map_date=day),
        Table("rules_per_inhabitant", "", compared.headed(per_inhabitant=True), map_date=day),
        Table("stability", "", compared.rules().drop(columns="words")),
        Table("business_case", "", outcome.to_frame()),
    ]
    for group in dict.fromkeys(["size_class", *([regional.region] if regional else [])]):
        tables.append(Table(f"by_{group}", "", outcome.by(group), role="groups"))
    more = {"break_even": outcome.curve()} if outcome.break_even else {}
    if outcome.claims:
        more["claims"] = outcome.claimed()
    if any(body.members for code, body in case.everyone.others.items() if code in case.setup.parties.position):
        more["pass_through"] = outcome.split.pass_through().to_frame()
    if case.definition.ratchet is not None:
        result = apply_ratchet(case)
        more["ratchet"], more["ratchet_by_supplier"] = result.to_frame(), result.by_supplier()
    if case.definition.participation.take_up is not None:
        more["take_up"], more["whole_duration"] = along_the_curve(case), over_the_duration(case)
    return (*tables, *(Table(name, "", frame, map_date=day) for name, frame in more.items()))


def _along(tables: tuple[Table, ...]) -> list[Line]:
    """The years of a take-up together, for the head of a report."""
    return [
        (f"{name}_along_curve", None if missing(value) else float(value), "EUR")
        for table in tables
        if table.name == "take_up"
        for name, value in table.frame.drop(columns=["participants", "joining"]).sum(skipna=False).items()
    ]


def _charts(outcome: BusinessCase, compared: RuleComparison) -> tuple[Chart, ...]:
    """Cost alone and together by size class, and the largest complaint by rule."""
    cost = replace(outcome.saving_chart(), title=message("alone_and_joint"))
    rules = compared.rules()[["complaint"]].dropna()
    describe(rules, units={"complaint": "EUR"}, illustrative=outcome.illustrative)
    title = message("complaints_by_rule")
    complaints = Chart(title=title, frame=rules, kind="bars", x="rule", y=("complaint",))
    return tuple(chart for chart in (cost, complaints) if len(chart.frame))


def _one(split: Split, compared: RuleComparison, code: str, leaving: Membership | None) -> tuple[Table, ...]:
    """The steps to the share of one participant, its share by every rule, and what leaving would cost it."""
    frame, per = compared.to_frame(), compared.per_inhabitant()
    rows = [(rule, frame.loc[code, rule], per.loc[code, rule]) for rule in compared.splits]
    rules = pd.DataFrame(rows, columns=["rule", "share", "per_inhabitant"]).set_index("rule")
    units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
    tables = (
        split.explain(code).table("steps", message("steps_to_share", title=split.title), notes=split.notes),
        Table("rules", compared.title, rules, units, split.notes),
        Table("stability", "", compared.rules().drop(columns="words")),
    )
    return tables if leaving is None else (*tables, Table("exit", "", leaving.to_frame()))
