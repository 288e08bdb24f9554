"""What a run of a programme shows: for all municipalities, or for one."""

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Chart, Line, Report, Section
from ggu_costs.display.table import Table, similar_size
from ggu_costs.impact.answers.base import place_of, require_municipalities, years_added_up
from ggu_costs.impact.answers.estimate import rounded_euro
from ggu_costs.impact.programme.notes import ASSUMED
from ggu_costs.impact.result import ImpactResult
from ggu_costs.words import numbers

_HORIZONS = {"one_off_net": "eenmalig", "structural_net": "structureel per jaar", "net": "alle jaren opgeteld"}


def report(result: ImpactResult, municipality: str | None) -> Report:
    """Gather tables, summary and notes of a result."""
    if municipality is not None:
        return _one(result, municipality)
    tables = _tables(result)
    by_name = {table.name: table.frame for table in tables}
    title = f"{result.title}: impactanalyse"
    assumed = result.definition is not None and result.definition.assumes_shapes
    return Report(
        f"{title} ({ASSUMED.lower()})" if assumed else title,
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
            lines.append((name, f"{mean} (P5 {low} tot P95 {high})" + years_added_up(result, name), ""))
    for name in ("one_off_net", "structural_net", "net"):
        if name in frame.index:
            chance = float(frame.loc[name].to_dict()["probability_of_loss"])
            lines.append((f"probability_of_loss_{name}", chance, "probability"))
    if not result.assembly.national:
        lines.append(("municipalities", len(result.assembly.units), "count"))
    return tuple(lines)


def _charts(result: ImpactResult, tables: dict[str, pd.DataFrame]) -> tuple[Chart, ...]:
    charts = [
        Chart(title="Netto per jaar, met P5 tot P95", frame=tables["by_year"], kind="line", x="year", y=("mean",),
              low="p5", high="p95"),
        _s_curve(result),
    ]  # fmt: skip
    if len(tables["sensitivity"]):
        charts.append(
            Chart(title="Wat de spreiding maakt (Shapley-effect)", frame=tables["sensitivity"], kind="bars", x="name",
                  y=("shapley",))
        )  # fmt: skip
    if "by_size_class" in tables:
        charts.append(
            Chart(title="Netto per inwoner naar gemeentegrootteklasse", frame=tables["by_size_class"], kind="bars",
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
    return Chart(title="S-curve: met deze kans niet meer dan", frame=frame, kind="line", x="probability", y=tuple(rows))


def _article_two(result: ImpactResult) -> Section:
    """The questions of article 2 of the act on financial relations, answered from the figures."""
    assembly, selection = result.assembly, result.selection
    known = result.runner.main_figures(selection)
    texts, who = [], "Alle betrokken overheden samen" if assembly.national else "Gemeenten samen"
    costs = {"one_off": "Wat kost het eenmalig?", "structural": "Wat kost het per jaar, structureel?"}
    for name in (name for name in costs if name in known):
        rows = result.runner.nation(selection, name)
        low, middle, high = (rounded_euro(rows.quantile(p)[0], nation=True) for p in (0.05, 0.5, 0.95))
        words = f"{low} tot {high} (P5 tot P95), mediaan {middle}"
        if low == high:
            words = f"{middle} (geen spreiding bekend)"
        texts.append((costs[name], f"{who}: {words}, voor vergoeding."))
    paid = [role.name for role in result.lines() if role.kind == "compensation"]
    given = f"Met: {', '.join(paid)}." if paid else "In dit model staat geen vergoeding."
    texts.append(("Hoe wordt het bekostigd?", given))
    chances = [
        f"{words} {numbers.probability(float(result.runner.nation(selection, name).probability(0.0)[0]))}"
        for name, words in _HORIZONS.items()
        if name in known
    ]
    texts.append((f"Hoe groot is de kans op een nadeel voor: {who.lower()}?", "; ".join(chances) + "."))
    pm = [role.name for role in assembly.roles.values() if role.pm]
    texts.append(("Wat is niet meegeteld?", f"PM: {'; '.join(pm)}." if pm else "Er zijn geen PM-posten."))
    return Section(title="Artikel 2 Financiële-verhoudingswet", texts=tuple(texts), tables=("national",))


def _feasibility(result: ImpactResult) -> Section:
    """The answers of the model file on whether decentral governments can carry it out; PM where there are none."""
    texts = []
    if result.definition is not None:
        for part in result.definition.udo:
            whose = result.definition.sources[part.source].title if part.source else part.by
            texts.append((part.question, f"{part.answer} ({whose})"))
    none = ("Kunnen gemeenten het uitvoeren?", "PM: het modelbestand geeft geen antwoorden.")
    return Section(title="Uitvoerbaarheidstoets decentrale overheden (UDO)", texts=tuple(texts) or (none,))


def _one(result: ImpactResult, code: str) -> Report:
    require_municipalities(result)
    place_of(result, code)
    frame, explained = result.by_municipality(), result.explain(code)
    marked = " (indicatief)" if result.indicative else ""
    tables = (
        explained.table("steps", notes=result.notes, indicative=result.indicative),
        similar_size(frame, code, f"{result.title}: gemeenten van vergelijkbare omvang{marked}"),
    )
    row = frame.loc[code].to_dict()
    return Report(
        f"{row['name']} ({code}): {result.title}{marked}",
        tables,
        summary=tuple((key, rounded_euro(row[key], nation=False), "") for key in ("mean", "p5", "p95")),
        notes=result.notes,
        provenance={**result.provenance, "municipality": code},
        municipality=code,
        made_up=result.illustrative,
    )
