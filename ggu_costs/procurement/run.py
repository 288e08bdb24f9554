"""What a run of a procurement case shows: for all participants, or for one."""

from dataclasses import replace
from typing import Any

import pandas as pd

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Chart, Line, Report
from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.procurement.business import BusinessCase, business_case
from ggu_costs.procurement.comparison import RuleComparison, compare_rules
from ggu_costs.procurement.membership import exit_
from ggu_costs.procurement.model import CaseModel
from ggu_costs.procurement.ratchet import apply_ratchet
from ggu_costs.procurement.stability import stability_of
from ggu_costs.procurement.take_up import along_the_curve, over_the_duration
from ggu_costs.words.messages import message
from ggu_costs.words.numbers import missing


def report(case: CaseModel, municipality: str | None = None) -> Report:
    """Return what a run shows: tables, summary and notes, for all participants or for one."""
    outcome, compared = business_case(case), compare_rules(case)
    test = stability_of(outcome.split)
    facts: dict[str, Any] = {
        "notes": tuple(dict.fromkeys([test.outcome, *test.notes, *compared.notes])),
        "provenance": case.provenance(rule=outcome.split.rule, municipality=municipality),
        "municipality": municipality,
        "made_up": case.definition.illustrative,
    }
    if municipality is None:
        tables = _all(case, outcome, compared)
        return Report(
            case.title, tables, (*outcome.lines(), *_along(tables)), map=("participants", "per_inhabitant"),
            charts=_charts(outcome, compared), more_charts=page_charts(outcome.plot),
            explained=(outcome.split,), **facts,
        )  # fmt: skip
    parties = outcome.split.setup.parties
    place = parties.at(municipality)
    share = ("share_of_participant", float(outcome.split.values[place]), "EUR")
    title = message("titled_code", name=parties.names[place], code=municipality, title=case.title)
    return Report(title, _one(case, outcome, compared, municipality), (share, *outcome.lines()), **facts)


def check(case: CaseModel) -> None:
    """Raise what a run would, without comparing rules; see :class:`~ggu_costs.modelfile.kinds.Model`."""
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


def _one(case: CaseModel, outcome: BusinessCase, compared: RuleComparison, code: str) -> tuple[Table, ...]:
    """The steps to the share of one participant, its share by every rule, and what leaving would cost it."""
    split = outcome.split
    frame, per = compared.to_frame(), compared.per_inhabitant()
    rows = [(rule, frame.loc[code, rule], per.loc[code, rule]) for rule in compared.splits]
    rules = pd.DataFrame(rows, columns=["rule", "share", "per_inhabitant"]).set_index("rule")
    units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
    tables = (
        split.explain(code).table("steps", message("steps_to_share", title=split.title), notes=split.notes),
        Table("rules", compared.title, rules, units, split.notes),
        Table("stability", "", compared.rules().drop(columns="words")),
    )
    if case.definition.participation.mode == "binding" or split.setup.parties.count == 1:
        return tables
    return (*tables, Table("exit", "", exit_(case, code).to_frame()))
