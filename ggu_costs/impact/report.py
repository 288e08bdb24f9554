"""What a run of a programme shows: for all municipalities, or for one."""

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Chart, Line, Report, Section
from ggu_costs.display.table import Table, similar_size
from ggu_costs.impact.answers.base import place_of, require_municipalities, years_added_up
from ggu_costs.impact.answers.budget import budget_tables
from ggu_costs.impact.answers.estimate import rounded_euro
from ggu_costs.impact.result import ImpactResult
from ggu_costs.words.messages import message

_HORIZONS = ("one_off_net", "structural_net", "net")


def report(result: ImpactResult, municipality: str | None) -> Report:
    """Gather tables, summary and notes of a result."""
    if municipality is not None:
        return _one(result, municipality)
    tables = _tables(result)
    by_name = {table.name: table.frame for table in tables}
    assumed = result.definition is not None and result.definition.assumes_shapes
    return Report(
        message("impact_assumed" if assumed else "impact_of", title=result.title),
        tuple(tables),
        summary=_summary(result),
        notes=result.notes,
        provenance=result.provenance,
        map=("by_municipality", "per_inhabitant") if "by_municipality" in by_name else None,
        charts=_charts(result, by_name),
        more_charts=page_charts(result.plot),
        sections=(_article_two(result), _feasibility(result)),
        made_up=result.illustrative,
    )


def _tables(result: ImpactResult) -> list[Table]:
    """The tables of a run, those of the whole nation first."""
    tables = [Table("national", "", result.national())]
    if result.definition is not None and result.definition.published:
        tables.append(Table("published_ranges", "", result.published()))
    tables += [Table("by_line", "", result.by_line()), Table("by_year", "", result.by_year())]
    if any(role.kind == "compensation" for role in result.assembly.roles.values()):
        tables.append(Table("adequacy", "", result.adequacy()))
    first, *others = result.alternatives
    for name in others:
        tables.append(Table(f"national_{name}", "", result.alternative(name).national()))
        difference = result.alternative(first).difference(name).national("net")
        difference = difference.drop(columns=["probability_of_loss", "probability_error"])
        tables.append(Table(f"difference_{name}", "", difference))
    if not result.assembly.national:
        tables.append(Table("winners_and_losers", "", result.winners_and_losers()))
        for group in ("size_class", "province"):
            tables.append(Table(f"by_{group}", "", result.by(group), role="groups"))
        day = None if result.definition is None else result.definition.day("map_date")
        tables.append(Table("by_municipality", "", with_rate(result.by_municipality()), map_date=day))
    tables += budget_tables(result)
    tables.append(Table("sensitivity", "", result.sensitivity().to_frame()))
    return tables


def with_rate(frame: pd.DataFrame) -> pd.DataFrame:
    """Put euro per inhabitant beside the mean of each municipality: totals only show who is large."""
    frame = frame.copy()
    people = frame["inhabitants"].where(frame["inhabitants"] > 0)
    frame.insert(list(frame.columns).index("mean"), "per_inhabitant", frame["mean"] / people)
    return frames.amend(frame, units={**frame.attrs["units"], "per_inhabitant": "EUR/inhabitant"})


def _summary(result: ImpactResult) -> tuple[Line, ...]:
    """Mean and range of the main figures, and how probable it is that municipalities together pay: of each apart.

    One-off and structural figures are not alike, so the net of all years added up says over which years.
    """
    lines: list[Line] = []
    frame = result.national()
    for name in ("one_off", "structural", "net"):
        if name in frame.index:
            row = frame.loc[name].to_dict()
            mean, low, high = (rounded_euro(row[kind], nation=True) for kind in ("mean", "p5", "p95"))
            years = years_added_up(result, name)
            lines.append((name, message("mean_and_range", mean=mean, low=low, high=high, years=years), ""))
    for name in ("one_off_net", "structural_net", "net"):
        if name in frame.index:
            chance = float(frame.loc[name].to_dict()["probability_of_loss"])
            lines.append((f"probability_of_loss_{name}", chance, "probability"))
    if not result.assembly.national:
        lines.append(("municipalities", len(result.assembly.units), "count"))
    return tuple(lines)


def _charts(result: ImpactResult, tables: dict[str, pd.DataFrame]) -> tuple[Chart, ...]:
    charts = [
        Chart(title=message("net_by_year"), frame=tables["by_year"], kind="line", x="year", y=("mean",),
              low="p5", high="p95"),
        _s_curve(result),
    ]  # fmt: skip
    if len(tables["sensitivity"]):
        charts.append(
            Chart(title=message("what_spreads"), frame=tables["sensitivity"], kind="bars", x="name",
                  y=("shapley",))
        )  # fmt: skip
    if "by_size_class" in tables:
        charts.append(
            Chart(title=message("net_by_size_class"), frame=tables["by_size_class"], kind="bars",
                  x="size_class", y=("per_inhabitant",))
        )  # fmt: skip
    return tuple(charts)


def _s_curve(result: ImpactResult) -> Chart:
    """The amount that the nation does not exceed with each probability: one-off, structural and net."""
    runner, levels = result.runner, [0.01, *(step / 20 for step in range(1, 20)), 0.99]
    known = [name for name in ("one_off", "structural", "net") if name in runner.main_figures(result.selection)]
    rows = {name: runner.nation(result.selection, name) for name in known}
    frame = pd.DataFrame(
        {name: [row.quantile(p)[0] for p in levels] for name, row in rows.items()},
        index=pd.Index(levels, name="probability"),
    )
    frames.describe(frame, units={"probability": "share"} | dict.fromkeys(rows, "EUR"), decimals={"EUR": -5})
    return Chart(title=message("s_curve"), frame=frame, kind="line", x="probability", y=tuple(rows))


def _article_two(result: ImpactResult) -> Section:
    """The questions of article 2 of the act on financial relations, answered from the figures."""
    assembly, selection = result.assembly, result.selection
    known = result.runner.main_figures(selection)
    texts: list[tuple[str, str]] = []
    who = "all_governments" if assembly.national else "municipalities_together"
    for name in (name for name in ("one_off", "structural") if name in known):
        rows = result.runner.nation(selection, name)
        low, middle, high = (rounded_euro(rows.quantile(p)[0], nation=True) for p in (0.05, 0.5, 0.95))
        key = "cost_without_spread" if low == high else "cost_with_range"
        answer = message(key, who=message(who), low=low, middle=middle, high=high)
        texts.append((message(f"what_costs_{name}"), answer))
    paid = [role.name for role in result.lines() if role.kind == "compensation"]
    given = message("paid_with", names=paid) if paid else message("no_compensation")
    texts.append((message("how_paid"), given))
    chances = [
        message(f"chance_{name}", chance=float(result.runner.nation(selection, name).probability(0.0)[0]))
        for name in _HORIZONS
        if name in known
    ]
    texts.append((message(f"chance_for_{who}"), message("chances", chances=chances)))
    pm = [role.name for role in assembly.roles.values() if role.pm]
    texts.append((message("what_left_out"), message("pm_lines", names=pm) if pm else message("no_pm_lines")))
    return Section(title=message("article_two"), texts=tuple(texts), tables=("national",))


def _feasibility(result: ImpactResult) -> Section:
    """The answers of the model file on whether decentral governments can carry it out; PM where there are none."""
    texts: list[tuple[str, str]] = []
    if result.definition is not None:
        for part in result.definition.udo:
            whose = result.definition.sources[part.source].title if part.source else part.by
            texts.append((part.question, f"{part.answer} ({whose})"))
    none = (message("can_they"), message("no_answers"))
    return Section(title=message("udo"), texts=tuple(texts) or (none,))


def _one(result: ImpactResult, code: str) -> Report:
    require_municipalities(result)
    place_of(result, code)
    frame, explained = result.by_municipality(), result.explain(code)
    marked = message("indicative_mark") if result.indicative else ""
    tables = (
        *budget_tables(result, code),
        explained.table("steps", notes=result.notes, indicative=result.indicative),
        similar_size(frame, code, message("similar_size_marked", title=result.title, marked=marked)),
    )
    row = frame.loc[code].to_dict()
    return Report(
        message("titled_code_marked", name=row["name"], code=code, title=result.title, marked=marked),
        tables,
        summary=tuple((key, rounded_euro(row[key], nation=False), "") for key in ("mean", "p5", "p95")),
        notes=result.notes,
        provenance={**result.provenance, "municipality": code},
        municipality=code,
        made_up=result.illustrative,
    )
