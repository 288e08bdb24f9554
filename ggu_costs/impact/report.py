"""What a run of a programme shows of all municipalities together; :mod:`ggu_costs.impact.note` shows one."""

from collections.abc import Iterator

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Chart, Line, Report
from ggu_costs.display.table import Table
from ggu_costs.impact.answers.adequacy import questions_of_adequacy
from ggu_costs.impact.answers.budget import budget_tables, questions_of_budget
from ggu_costs.impact.answers.charts import cumulative
from ggu_costs.impact.answers.convergence import questions_of_published
from ggu_costs.impact.answers.distributions import (
    asked,
    in_each_year,
    known_lines,
    main_figures,
    of_years,
    questions_of_years,
)
from ggu_costs.impact.answers.funding import NATURES
from ggu_costs.impact.answers.grouped import questions_by, questions_of_shares
from ggu_costs.impact.answers.leading import is_discounted, leading
from ggu_costs.impact.answers.readings import figures_by_reading, figures_read, readings_of
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.sensitivity import ask_common, drawn_alone
from ggu_costs.impact.answers.surveys import surveyed
from ggu_costs.impact.answers.work import questions_of_work, works_in
from ggu_costs.impact.first import answer_of
from ggu_costs.impact.horizon import questions_of_payback
from ggu_costs.impact.index_part import questions_of_index
from ggu_costs.impact.note import note_of
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.sections import article_two, feasibility
from ggu_costs.impact.technique import notes_for_all, technique_of
from ggu_costs.words.messages import message

_GROUPS = ("size_class", "province")


def report(result: ImpactResult, municipality: str | None) -> Report:
    """Gather what is said first, tables, charts and notes of a result."""
    if municipality is not None:
        return note_of(result, municipality)
    result.runner.ask(questions_of_report(result))
    ask_common(result.runner, drawn_alone(result, leading(result)))
    tables = _tables(result)
    by_name = {table.name: table.frame for table in tables}
    return Report(
        message("impact_of", title=result.title),
        tuple(tables),
        answer=answer_of(result),
        summary=_summary(result),
        notes=notes_for_all(result),
        technique=technique_of(result),
        provenance=result.provenance,
        map=("by_municipality", "per_inhabitant") if "by_municipality" in by_name else None,
        charts=tuple(_charts(result, by_name)),
        more_charts=page_charts(result.plot),
        sections=(article_two(result), feasibility(result)),
        made_up=result.illustrative,
    )


def questions_of_report(result: ImpactResult) -> Iterator[Query]:
    """Give all that the tables, charts and sentences of a report ask, so that one pass over the draws answers it."""
    names, (first, *others) = leading(result), result.alternatives
    yield from asked(result, [*main_figures(result), *names, *known_lines(result)])
    yield from questions_of_published(result)
    yield from questions_of_work(result)
    if readings_of(result):
        yield from asked(result, figures_read(result))
    if result.runner.KIND == "terms":
        yield from questions_of_years(result)
        yield from questions_of_budget(result)
        yield from questions_of_index(result)
        yield from asked(
            result, [name for one in names if one.startswith(NATURES) for name in in_each_year(result, one)]
        )
    if any(role.kind == "compensation" for role in result.assembly.roles.values()):
        yield from questions_of_adequacy(result)
    for other in map(result.alternative, others):
        yield from asked(other, [*main_figures(other), *names])
        yield from questions_of_payback(other)
        difference = other.difference(first)
        yield from asked(difference, [*main_figures(difference), *names])
    if not result.assembly.national:
        yield from asked(result, names, "distribution")
        yield from questions_of_shares(result, _at_stake(result))
        for group in _GROUPS:
            yield from questions_by(result, group, names)


def _tables(result: ImpactResult) -> list[Table]:
    """The tables of a run, those of the whole nation first."""
    tables = [Table("national", "", result.national())]
    if result.definition is not None and result.definition.published:
        tables.append(Table("published_ranges", "", result.published()))
    if readings_of(result):
        tables.append(Table("readings", "", _of_leading(result, result.readings())))
    tables += [Table("by_line", "", result.by_line()), Table("by_year", "", result.by_year())]
    if surveyed(result):
        tables.append(Table("surveys", "", result.surveys()))
    if works_in(result):
        tables += _work_tables(result)
    if any(role.kind == "compensation" for role in result.assembly.roles.values()):
        tables.append(Table("adequacy", "", result.adequacy()))
    first, *others = result.alternatives
    for name in others:
        tables.append(Table(f"national_{name}", "", result.alternative(name).national()))
        difference = _of_leading(result, result.alternative(name).difference(first).national())
        difference = difference.drop(columns=["probability_of_loss", "probability_error"])
        tables.append(Table(f"difference_{name}", "", difference))
    if not result.assembly.national:
        tables += _by_place(result)
    tables += budget_tables(result)
    tables += _turning(result)
    for end, quantity in _ends(result):
        frame = headed(result.sensitivity(quantity).to_frame())
        if len(frame):  # nothing is uncertain in some programmes
            tables.append(Table(f"sensitivity{end}", "", frame))
    return tables


def _work_tables(result: ImpactResult) -> Iterator[Table]:
    """Price times volume, steps and functions of lines by the standard cost model."""
    yield Table("price_times_volume", "", result.volumes())
    yield Table("cost_by_step", "", result.steps())
    if any(work.function for work in works_in(result).values()):
        yield Table("cost_by_function", "", result.functions())


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """Name the total effect of Sobol as such: a column "total" would be read as a sum."""
    names = {f"total{end}": f"sobol_total{end}" for end in ("", "_low", "_high")}
    decimals = frame.attrs.get("decimals", {}) | dict.fromkeys(names.values(), 2)
    return frames.amend(frame.rename(columns=names), decimals=decimals)


def _of_leading(result: ImpactResult, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the figures that are told first."""
    return frame.loc[[name in leading(result) for name in frame.index]]


def _turning(result: ImpactResult) -> list[Table]:
    """Where the figure that is told first turns, of a programme with savings that may go either way."""
    quantity = leading(result)[0 if is_discounted(result) else -1]
    saves = any(role.kind == "benefit" and not role.pm for role in result.lines())
    if not saves or result.runner.KIND != "terms":
        return []
    rows = result.runner.nation(result.selection, quantity)
    if not rows.quantile(0.01)[0] < 0 < rows.quantile(0.99)[0]:
        return []
    return [Table("break_even", "", result.break_even(quantity).to_frame())]


def _ends(result: ImpactResult) -> Iterator[tuple[str, str]]:
    """The figures that are told first, with what the names of their tables end in; of the first with nothing."""
    for place, quantity in enumerate(leading(result)):
        nature = next((nature for nature in NATURES if quantity.startswith(nature)), "")
        yield (f"_{nature}" if place else "", quantity)


def _at_stake(result: ImpactResult) -> str:
    """The figure of which it is told who has higher and lower costs."""
    return leading(result)[0 if is_discounted(result) else -1]


def _by_place(result: ImpactResult) -> Iterator[Table]:
    """Who has higher and lower costs; each figure by group and by municipality."""
    yield Table("winners_and_losers", "", result.winners_and_losers(_at_stake(result)))
    day = None if result.definition is None else result.definition.day("map_date")
    for end, quantity in _ends(result):
        for group in _GROUPS:
            yield Table(f"by_{group}{end}", "", result.by(group, quantity), role="groups")
        frame = with_rate(result.by_municipality(quantity))
        yield Table(f"by_municipality{end}", "", frame, map_date=day)


def with_rate(frame: pd.DataFrame) -> pd.DataFrame:
    """Put euro per inhabitant beside the mean of each municipality: totals only show who is large."""
    frame = frame.copy()
    people = frame["inhabitants"].where(frame["inhabitants"] > 0)
    frame.insert(list(frame.columns).index("mean"), "per_inhabitant", frame["mean"] / people)
    return frames.amend(frame, units={**frame.attrs["units"], "per_inhabitant": "EUR/inhabitant"})


def _summary(result: ImpactResult) -> tuple[Line, ...]:
    """How many municipalities it is about; the figures are in the answer."""
    return () if result.assembly.national else (("municipalities", len(result.assembly.units), "count"),)


def _charts(result: ImpactResult, tables: dict[str, pd.DataFrame]) -> Iterator[Chart]:
    """The charts of a run; one-off and structural each on an axis of its own."""
    for _, quantity in _ends(result):
        if quantity.startswith(NATURES):
            yield from _by_year(result, quantity)
    found = readings_of(result)
    by_reading = figures_by_reading(result, found, list(leading(result))) if found else {}
    for quantity in leading(result):
        rows = by_reading.get(quantity) or {"": result.runner.nation(result.selection, quantity)}
        frame = cumulative(rows)
        if len(frame):
            lines = tuple(name for name in frame.columns if name != "amount")
            title = message("cumulative", what=quantity_words(quantity))
            yield Chart(title=title, frame=frame, kind="line", x="amount", y=lines)
    for end, quantity in _ends(result):
        spread = tables.get(f"sensitivity{end}")
        if spread is not None and len(spread) > 1:
            title = message("what_spreads", what=quantity_words(quantity))
            parts = spread.rename(columns={"shapley": "part_of_spread"})
            parts = frames.amend(parts, units={"part_of_spread": "share"}, decimals={"part_of_spread": 0})
            yield Chart(title=title, frame=parts, kind="bars", x="name", y=("part_of_spread",))
    for end, quantity in _ends(result):
        if f"by_size_class{end}" in tables:
            title = message("by_size_class_per_inhabitant", what=quantity_words(quantity))
            yield Chart(title=title, frame=tables[f"by_size_class{end}"], kind="bars", x="size_class",
                        y=("per_inhabitant",))  # fmt: skip


def _by_year(result: ImpactResult, quantity: str) -> Iterator[Chart]:
    """A figure over the years, where it has more of them than one."""
    frame = of_years(result, quantity)
    if (frame["mean"] != 0).sum() > 1:
        title = message("year_by_year", what=quantity_words(quantity))
        yield Chart(title=title, frame=frame, kind="line", x="year", y=("mean",), low="p5", high="p95")
