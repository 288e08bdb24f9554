"""What a run of a procurement case shows: for all participants, or for one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ggu_costs.display.numbers import missing
from ggu_costs.display.result import Chart, Report

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

    from ggu_costs.procurement.business import BusinessCase
    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.comparison import RuleComparison

__all__ = ["report"]


def report(case: ProcurementCase, municipality: str | None) -> Report:
    """Gather tables, summary, charts and notes of a run."""
    outcome, compared = case.business_case(), case.compare_rules()
    test = case.stability(outcome.split)
    lines = [(label, None if missing(value) else value, unit) for label, value, unit in outcome.lines()]
    if municipality is None:
        title, tables, charts = case.title, _all(case, outcome, compared), _charts(outcome, compared)
    else:
        place = outcome.split.setup.parties.at(municipality)
        title = f"{outcome.split.setup.parties.names[place]} ({municipality}): {case.title}"
        tables, charts = _one(case, outcome, compared, municipality), ()
        lines.insert(0, ("aandeel van deze deelnemer", float(outcome.split.values[place]), "EUR"))
    return Report(
        title=title,
        tables=tables,
        summary=tuple(lines),
        notes=tuple(dict.fromkeys([test.sentence(), *test.notes, *compared.notes])),
        provenance=case.provenance(rule=outcome.split.provenance["rule"], municipality=municipality),
        illustrative=case.definition.illustrative,
        map=("participants", "per_inhabitant") if municipality is None else None,
        charts=charts,
    )


def _all(case: ProcurementCase, outcome: BusinessCase, compared: RuleComparison) -> dict[str, pd.DataFrame]:
    tables = {
        "participants": outcome.split.to_frame(),
        "rules": compared.to_frame(),
        "rules_per_inhabitant": compared.per_inhabitant(),
        "stability": compared.rules(),
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
        result = case.ratchet()
        tables["ratchet"], tables["ratchet_by_supplier"] = result.to_frame(), result.by_supplier()
    if case.definition.participation.take_up is not None:
        tables["take_up"] = take_up(case)
    return tables


def _charts(outcome: BusinessCase, compared: RuleComparison) -> tuple[Chart, ...]:
    """Cost alone and together by size class, and the largest complaint by rule."""
    by_class = outcome.by("size_class").dropna(subset="alone")
    rules = compared.rules()
    rules = rules[rules["exists"].astype(bool)].set_index("words")[["complaint"]]
    rules.attrs = {"units": {"complaint": "EUR"}, "illustrative": outcome.illustrative}
    charts = []
    if len(by_class):
        title = "Kosten ieder voor zich en gezamenlijk, per grootteklasse"
        charts.append(Chart(title=title, frame=by_class, kind="bars", x="size_class", y=("alone", "joint")))
    title = "Grootste klacht van een groep per verdeelregel (onder 0: iedereen is beter af)"
    charts.append(Chart(title=title, frame=rules, kind="bars", x="words", y=("complaint",)))
    return tuple(charts)


def take_up(case: ProcurementCase) -> pd.DataFrame:
    """Return ``participants, joint, alone, saving`` by year of the take-up; NaN in a year without participants."""
    import pandas as pd

    curve = case.definition.participation.take_up
    assert curve is not None  # noqa: S101 (asked of voluntary cases only)
    rows: list[tuple[object, ...]] = []
    for year in sorted(curve.share.years or {}):
        then = case.at(year)
        if not then.codes:
            rows.append((year, 0, math.nan, math.nan, math.nan))
            continue
        outcome = then.business_case("equal")  # totals: the rule makes no difference
        rows.append((year, len(then.codes), outcome.joint, outcome.alone, outcome.saving))
    frame = pd.DataFrame(rows, columns=["year", "participants", "joint", "alone", "saving"]).set_index("year")
    amounts = ("joint", "alone", "saving")
    frame.attrs = {
        "title": f"{case.title}: deelname per jaar",
        "units": dict.fromkeys(amounts, "EUR"),
        "pm": list(amounts),
        "notes": list(case.notes()),
        "illustrative": case.definition.illustrative,
    }
    return frame


def _one(case: ProcurementCase, outcome: BusinessCase, compared: RuleComparison, code: str) -> dict[str, pd.DataFrame]:
    import pandas as pd

    split = outcome.split
    marks: dict[Hashable, object] = {"notes": list(split.notes), "illustrative": split.illustrative}
    steps = split.explain(code).to_frame()
    steps.attrs = {"title": f"{split.title}: van kosten naar aandeel", **marks}
    frame, per = compared.to_frame(), compared.per_inhabitant()
    rows = [(rule, frame.loc[code, rule], per.loc[code, rule]) for rule in compared.order]
    rules = pd.DataFrame(rows, columns=["rule", "share", "per_inhabitant"]).set_index("rule")
    units = {"share": "EUR", "per_inhabitant": "EUR/inhabitant"}
    rules.attrs = {"title": compared.title, "units": units, **marks}
    tables = {"steps": steps, "rules": rules, "stability": compared.rules()}
    if case.definition.participation.mode != "binding" and split.setup.parties.count > 1:
        tables["exit"] = case.exit(code).to_frame()
    return tables
