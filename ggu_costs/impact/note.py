"""What a run of a programme shows of one municipality: its part of the national figures, which is no estimate of it."""

from collections.abc import Iterator

from ggu_costs.display.report import MOST_TILES, Answer, Report, Tile
from ggu_costs.display.table import similar_size
from ggu_costs.impact.answers.base import place_of, require_municipalities
from ggu_costs.impact.answers.budget import budget_tables, questions_of_budget
from ggu_costs.impact.answers.distributions import asked, known_lines
from ggu_costs.impact.answers.leading import after_compensation, leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.technique import notes_for_all, technique_of
from ggu_costs.impact.telling import basis_of, called, compensation_words, outside, said_of, shapes_by, tell_rows
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import message


def note_of(result: ImpactResult, code: str) -> Report:
    """Gather what a note shows.

    Raises
    ------
    MissingInputError
        Only national figures can be given.
    UnknownNameError
        A code that is not in this result.
    """
    require_municipalities(result)
    place = place_of(result, code)
    names = leading(result)
    result.runner.ask(_questions(result, code))
    frame, explained = result.by_municipality(names[0]), result.explain(code)
    marked = message("indicative_mark") if result.indicative else ""
    tables = (
        *budget_tables(result, code),
        explained.table("steps", notes=notes_for_all(result), indicative=result.indicative),
        similar_size(frame, code, message("similar_size_marked", title=result.title, marked=marked)),
    )
    return Report(
        message("titled_code_marked", name=result.assembly.names[place], code=code, title=result.title, marked=marked),
        tables,
        answer=_answer(result, place),
        notes=notes_for_all(result),
        technique=technique_of(result),
        provenance={**result.provenance, "municipality": code},
        municipality=code,
        made_up=result.illustrative,
    )


def _questions(result: ImpactResult, code: str) -> Iterator[Query]:
    """Give all that a note asks, so that one pass over the draws answers it."""
    yield from asked(result, leading(result), "distribution")
    yield from asked(result, known_lines(result), "moments")
    yield from questions_of_budget(result, code)
    first, *others = result.alternatives
    for name in others:
        yield from asked(result.alternative(name).difference(first), [_at_stake(result)], "distribution")


def _answer(result: ImpactResult, place: int) -> Answer:
    """Say the figures of one municipality, and per inhabitant beside the nation."""
    assembly, first = result.assembly, result.alternatives[result.selection]
    told: list[str] = []
    tiles: list[Tile] = []
    rates: list[str] = []
    for quantity in leading(result):
        rows = result.runner.units(result.selection, quantity)
        one = tell_rows(rows, unspread="", shapes=shapes_by(result), place=place)
        told.append(said_of(quantity, one.about))
        name = message("capitalised", words=called(result, quantity))
        tiles.append(Tile(name=name, value=one.words, basis=basis_of(result, quantity, one)))
        rates += _rates(result, quantity, rows, place)
    several = len(result.alternatives) > 1
    sentence = message(
        "first_of_note_alternative" if several else "first_of_note", name=assembly.names[place], alternative=first,
        parts=told, basis=compensation_words(result),
        why=message("share_of_nation" if result.indicative else "own_figures_used"),
    )  # fmt: skip
    more = (*rates, *_versus(result, place)) if several else tuple(rates)
    return Answer(sentence=sentence, tiles=tuple(tiles[:MOST_TILES]), more=more, outside=outside(result))


def _rates(result: ImpactResult, quantity: str, rows: Rows, place: int) -> Iterator[str]:
    """Per inhabitant, and as a share of the algemene uitkering where a grant is named, beside the nation."""
    people, grant = result.assembly.inhabitants, result.assembly.grant
    own, nation = float(rows.mean[place]), float(result.runner.nation(result.selection, quantity).mean[0])
    facts = {"quantity": called(result, quantity)}
    yield message("rate_beside_nation", own=own / float(people[place]), nation=nation / float(people.sum()), **facts)
    if grant is not None:
        yield message("share_beside_nation", own=own / float(grant[place]), nation=nation / float(grant.sum()),
                      grant=result.assembly.grant_title, **facts)  # fmt: skip


def _at_stake(result: ImpactResult) -> str:
    """The figure that alternatives are compared by."""
    quantity = "net" if after_compensation(result) else "gross"
    return quantity if quantity in leading(result) else leading(result)[0]


def _versus(result: ImpactResult, place: int) -> tuple[str, ...]:
    """The difference of each other alternative from the first, for this municipality."""
    first, *others = result.alternatives
    quantity, said = _at_stake(result), []
    for name in others:
        other = result.alternative(name).difference(first)
        rows = other.runner.units(other.selection, quantity)
        one = tell_rows(rows, unspread="", shapes="", place=place)
        part = said_of(quantity, one.about)
        said.append(message("versus_of_note", other=result.alternatives[name], first=result.alternatives[first],
                            parts=[part]))  # fmt: skip
    return tuple(said)
