"""What a run of a bundle shows: of all municipalities together, or of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs.bundle.answer import answer_of_all, answer_of_one, nature_of, quantiles_apart
from ggu_costs.bundle.definition import ALL, WITHOUT
from ggu_costs.bundle.separate import yearly
from ggu_costs.display.report import Chart, Line, Report
from ggu_costs.display.table import Table, similar_size
from ggu_costs.frames import describe
from ggu_costs.impact.answers.base import NATION, place_of
from ggu_costs.impact.answers.distributions import in_each_year, questions_of_years
from ggu_costs.impact.answers.funding import told
from ggu_costs.impact.answers.grouped import questions_by, questions_of_shares
from ggu_costs.impact.answers.leading import leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.sensitivity import ask_common, drawn_alone
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.impact.report import headed, with_rate
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.bundle.result import BundleResult

_GROUPS = ("size_class", "province")
_DIGITS = 4  # of amounts that are told beside one another because they differ


def report(result: BundleResult, municipality: str | None) -> Report:
    """Gather what is said first, tables, charts and notes of a result."""
    if municipality is not None:
        return _note(result, municipality)
    result.runner.ask(questions_of_report(result))
    ask_common(result.runner, drawn_alone(result, leading(result)))
    return Report(
        message("bundle_of", title=result.title),
        tuple(_tables(result)),
        answer=answer_of_all(result),
        summary=tuple(_summary(result)),
        notes=(*result.notes, message("terms_of_impact")),
        technique=_technique(result),
        provenance=result.provenance,
        map=(f"by_municipality{_end(leading(result)[-1])}", "per_inhabitant"),
        charts=tuple(_charts(result)),
        made_up=result.illustrative,
    )  # fmt: skip


def _summary(result: BundleResult) -> Iterator[Line]:
    """How much there is of it, and what adding up separate P95 would have said of the nation."""
    yield "municipalities", len(result.assembly.units), "count"
    yield "components", len(result.components), "count"
    for quantity in leading(result):
        apart, together = quantiles_apart(result, quantity)
        for key, amount in (("p95_together", together), ("p95_apart", apart)):
            said = message("rough_amount", value=amount, digits=_DIGITS)
            yield message(key, nature=nature_of(quantity)), said, ""


def _end(quantity: str) -> str:
    return f"_{nature_of(quantity)}"


def _technique(result: BundleResult) -> tuple[str, ...]:
    settings = result.runner.settings
    key = "simulated" if settings.method == "random" else "simulated_in_replicates"
    return (
        message(key, draws=settings.draws, method=settings.method, seed=settings.seed,
                replicates=settings.replicates),
    )  # fmt: skip


def questions_of_report(result: BundleResult) -> Iterator[Query]:
    """Give what the tables, charts and sentences of a report ask, so that one pass over the draws answers it."""
    figures, names = leading(result), (ALL, *result.components)
    for name in names:
        yield from (Query(name, quantity, "distribution") for quantity in figures)
        yield from (Query(name, f"{told(result, 'year')}:{year}") for year in result.assembly.years)
    yield from (Query(f"{WITHOUT}{name}", quantity) for name in result.components for quantity in figures)
    yield from (Query(name, "compensation") for name in result.components)
    yield from questions_of_years(result)
    yield from (Query(ALL, name) for one in figures for name in in_each_year(result, one))
    yield from questions_of_shares(result, figures[-1])
    for group in _GROUPS:
        yield from questions_by(result, group, figures)


def _tables(result: BundleResult) -> Iterator[Table]:
    """The tables of a run: those of the nation first, then who is hit."""
    day = result.assembly.map_day
    yield Table("national", "", result.national())
    for quantity in leading(result):
        yield Table(f"by_component{_end(quantity)}", "", _without_code(result.by_component(quantity)))
        yield Table(f"with_and_without{_end(quantity)}", "", result.with_and_without(quantity))
    yield Table("components", "", components(result))
    yield Table("by_year", "", result.by_year())
    yield Table("component_by_year", "", result.component_by_year())
    for quantity in leading(result):
        frame = result.sensitivity(quantity).to_frame()
        if len(frame):  # else nothing of it is uncertain
            yield Table(f"sensitivity{_end(quantity)}", "", headed(frame))
    for quantity in leading(result):
        yield Table(f"hardest_hit{_end(quantity)}", "", result.hardest_hit(quantity), map_date=day)
    yield Table("winners_and_losers", "", result.winners_and_losers(leading(result)[-1]))
    for quantity in leading(result):
        for group in _GROUPS:
            yield Table(f"by_{group}{_end(quantity)}", "", result.by(group, quantity), role="groups")
        yield Table(f"by_municipality{_end(quantity)}", "", with_rate(result.by_municipality(quantity)), map_date=day)
        yield Table(
            f"separate{_end(quantity)}", "", result.separate_quantiles(quantity).drop(index=NATION), map_date=day
        )


def components(result: BundleResult) -> pd.DataFrame:
    """Return what is added up: kind, model, alternative, years, map, price level and VAT of each component."""
    every = list(result.components.values())
    index = pd.Index([one.id for one in every], name="component_id")
    columns = {
        "component": [one.name for one in every],
        "kind": [one.kind for one in every],
        "model": [one.model for one in every],
        "alternative": [one.alternative.name if len(one.assembly.alternatives) > 1 and one.kind == "programme" else ""
                        for one in every],
        "years": ["-".join(map(str, dict.fromkeys((one.years[0], one.years[-1])))) for one in every],
        "map_of_model": [one.map_day for one in every],
        "price_level": [one.bases[-1] for one in every],
        "vat_state": [message("joined", parts=one.bases[:-1], between=", ") for one in every],
    }  # fmt: skip
    frame = pd.DataFrame({name: pd.Series(column, index=index, dtype=object) for name, column in columns.items()})
    return describe(
        frame, title=message("titled", of=result.title, title=message("components_of")), units={},
        illustrative=result.illustrative,
    )  # fmt: skip


def _without_code(frame: pd.DataFrame) -> pd.DataFrame:
    """The row of everything together is no component of the file: it has a name only."""
    return frame.rename(index={ALL: ""})


def _charts(result: BundleResult) -> Iterator[Chart]:
    """Each component beside the others, the years, and classes of size; one-off and structural on their own axis."""
    for quantity in leading(result):
        frame = result.by_component(quantity)
        yield Chart(title=message("by_component_of", what=quantity_words(quantity)), frame=frame, kind="bars",
                    x="component", y=("mean",))  # fmt: skip
    for quantity, frame in yearly(result):  # what recurs stops in the figures where an estimate stops, and not in fact
        if quantity.startswith("one_off") and (frame["mean"] != 0).sum() > 1:
            yield Chart(title=message("year_by_year", what=quantity_words(quantity)), frame=frame, kind="line",
                        x="year", y=("mean",), low="p5", high="p95")  # fmt: skip
    for quantity in leading(result):
        title = message("by_size_class_per_inhabitant", what=quantity_words(quantity))
        yield Chart(title=title, frame=result.by("size_class", quantity), kind="bars", x="size_class",
                    y=("per_inhabitant",))  # fmt: skip


def _note(result: BundleResult, code: str) -> Report:
    """What one municipality has to know."""
    place = place_of(result, code)
    result.runner.ask(
        [Query(name, quantity, "distribution") for name in (ALL, *result.components) for quantity in leading(result)]
    )
    marked = message("indicative_mark") if result.indicative else ""
    first = leading(result)[0]
    title = message("similar_size_marked", title=result.title, marked=marked)
    near = similar_size(with_rate(result.by_municipality(first)), code, title)
    return Report(
        message("titled_code_marked", name=result.assembly.names[place], code=code,
                title=message("bundle_of", title=result.title), marked=marked),
        (
            *(Table(f"by_component{_end(quantity)}", "", _without_code(result.by_component(quantity, of=code)))
              for quantity in leading(result)),
            Table("components", "", components(result)), near,
        ),
        answer=answer_of_one(result, place),
        notes=(*result.notes, message("terms_of_impact")),
        technique=_technique(result),
        provenance={**result.provenance, "municipality": code},
        municipality=code,
        made_up=result.illustrative,
    )  # fmt: skip
