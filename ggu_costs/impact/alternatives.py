"""Alternatives on the first screen: each by name, and how much higher or lower its costs are on common draws."""

from collections.abc import Iterator

from ggu_costs.display.report import MOST_TILES, Answer, Tile
from ggu_costs.impact.answers.funding import NATURES
from ggu_costs.impact.answers.leading import after_compensation, is_discounted, leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.horizon import spread_over_years
from ggu_costs.impact.programme.assembly import JOINED
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.spoken import Mark
from ggu_costs.impact.telling import (
    Told,
    basis_of,
    called,
    chances_of,
    compensation_words,
    names_less,
    outside,
    said_of,
    shapes_by,
    tell,
    tell_rows,
    who,
)
from ggu_costs.words.messages import message


def of_alternatives(result: ImpactResult) -> Answer:
    """Return what is said first of a programme with alternatives: each of the others against the first."""
    (first, *others), quantities = result.alternatives, leading(result)
    ways = {name: result.alternative(name) for name in result.alternatives}
    result.runner.ask([Query(f"{name}{JOINED}{first}", one) for name in others for one in quantities])
    said = quantities[:1] if is_discounted(result) else quantities
    sentences = [_versus(result, first, name, said) for name in others]
    head = message("first_of_alternatives", who=who(result), basis=compensation_words(result), versus=sentences)
    if len(others) == 1:
        head = message("with_reason", what=head, why=_why(ways[first], ways[others[0]]))
    more = [_versus(result, first, name, quantities[len(said) :]) for name in others if len(said) < len(quantities)]
    more += _rest(ways, quantities)
    return Answer(sentence=head, tiles=_tiles(result, ways, quantities[0]), more=tuple(more), outside=outside(result))


def difference_told(result: ImpactResult, first: str, other: str, quantity: str) -> Told:
    """Say how much higher or lower one figure of an alternative is than that of the first, draw by draw."""
    rows = result.runner.nation(f"{other}{JOINED}{first}", quantity)
    bound = _bound(result, first, other, quantity, higher=float(rows.mean[0]) > 0)
    return tell_rows(rows, unspread="", shapes=shapes_by(result), bound=bound)


def _bound(result: ImpactResult, first: str, other: str, quantity: str, *, higher: bool) -> Mark:
    """Whether a difference is at least or at most what it is: where one side only has a line with a bound."""
    sides: list[set[Mark]] = [
        {role.bound for role in result.alternative(name).lines()
         if role.bound and role.kind == "cost" and quantity.startswith(role.nature)}
        for name in (first, other)
    ]  # fmt: skip
    at_stake, against = sides if not higher else sides[::-1]
    return next(iter(at_stake)) if len(at_stake) == 1 and not against else ""


def _versus(result: ImpactResult, first: str, other: str, quantities: tuple[str, ...]) -> str:
    names = result.alternatives
    parts = [said_of(quantity, difference_told(result, first, other, quantity).about) for quantity in quantities]
    return message("versus", other=names[other], first=names[first], parts=parts)


def _why(first: ImpactResult, other: ImpactResult) -> str:
    """The lines that one alternative has and the other has not."""
    after = after_compensation(first)

    def counted(result: ImpactResult) -> list[str]:
        lines = (role for role in result.lines() if not role.pm and (after or role.kind != "compensation"))
        return [role.name for role in lines]

    gone = [name for name in counted(first) if name not in counted(other)]
    new = [name for name in counted(other) if name not in counted(first)]
    return message("instead_of", new=names_less(new, []), gone=names_less(gone, []))


def _tiles(result: ImpactResult, ways: dict[str, ImpactResult], quantity: str) -> tuple[Tile, ...]:
    """Each alternative and, of two, their difference: one figure on one basis."""
    what = called(result, quantity)
    tiles = []
    for name, way in ways.items():
        told = tell(way, quantity)
        tiles.append(Tile(name=message("of_alternative", name=result.alternatives[name], what=what), value=told.words,
                          basis=basis_of(way, quantity, told)))  # fmt: skip
    if len(ways) == 2:
        first, other = ways
        told = difference_told(result, first, other, quantity)
        name = message("difference_from", other=result.alternatives[other], first=result.alternatives[first], what=what)
        tiles.append(Tile(name=name, value=told.words, basis=basis_of(result, quantity, told)))
    return tuple(tiles[:MOST_TILES])


def _rest(ways: dict[str, ImpactResult], quantities: tuple[str, ...]) -> Iterator[str]:
    """What else is said of each: its other figures, how probable a loss is, savings and a year's amount.

    What holds for all of them is said once.
    """
    texts = {name: [*chances_of(way, list(quantities)), *spread_over_years(way)] for name, way in ways.items()}
    shared = [text for text in next(iter(texts.values())) if all(text in said for said in texts.values())]
    for name, way in ways.items():
        called_so = way.alternatives[name]
        told = [said_of(one, tell(way, one).about) for one in quantities[1:] if one.startswith(NATURES)]
        if told:
            yield message("alternative_says", name=called_so, what=told)
        if own := [text for text in texts[name] if text not in shared]:
            yield message("alternative_also", name=called_so, texts=own)
    yield from shared
