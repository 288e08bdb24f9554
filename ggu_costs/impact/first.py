"""What is said first of a programme: what it costs whom, compared with what and why.

Alternatives are named, and told by their difference on common draws. What is not in the figures stands beside them.
"""

from collections.abc import Iterator

from ggu_costs.display.report import MOST_TILES, Answer, Tile
from ggu_costs.impact.alternatives import of_alternatives
from ggu_costs.impact.answers.funding import NATURES, natures_of
from ggu_costs.impact.answers.leading import after_compensation, leading
from ggu_costs.impact.horizon import spread_over_years
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.spoken import chances
from ggu_costs.impact.telling import (
    Told,
    basis_of,
    called,
    chances_of,
    compensation_words,
    names_less,
    open_chances,
    outside,
    readings_said,
    readings_told,
    said_of,
    shaped_by,
    tell,
    who,
)
from ggu_costs.words.messages import joined, message


def answer_of(result: ImpactResult) -> Answer:
    """Return what is said first of all municipalities together."""
    if len(result.alternatives) > 1:
        return of_alternatives(result)
    told = {quantity: tell(result, quantity) for quantity in leading(result)}
    tiles = [
        Tile(name=message("capitalised", words=called(result, quantity)), value=one.words,
             basis=basis_of(result, quantity, one))
        for quantity, one in told.items()
    ]  # fmt: skip
    tiles += _chance_tiles(result, list(told))
    more = (*readings_told(result), *chances_of(result, list(told)), *spread_over_years(result))
    return Answer(sentence=_sentence(result, told), tiles=tuple(tiles[:MOST_TILES]), more=more, outside=outside(result))


def _chance_tiles(result: ImpactResult, names: list[str]) -> Iterator[Tile]:
    """How probable higher costs are, where that depends on the shape that was assumed."""
    for quantity, values in open_chances(result, names).items():
        if len(values) > 1:
            basis = message("shape_decides", by=shaped_by(result), parts=readings_said(values))
            yield Tile(
                name=message("chance_of_higher", quantity=called(result, quantity)),
                value=chances(list(values.values())), basis=joined([basis, compensation_words(result)], "; "),
            )  # fmt: skip


def _sentence(result: ImpactResult, told: dict[str, Told]) -> str:
    parts = [said_of(quantity, one.about) for quantity, one in told.items()]
    parts += [message("part_pm", nature=nature, names=names) for nature, names in _pm_natures(result).items()]
    by = list(dict.fromkeys(one.published for one in told.values() if one.published))
    origin = message("so_published", by=by) if by else message("own_estimate")
    return message(
        "first_of_programme", who=who(result), parts=parts, basis=compensation_words(result), origin=origin,
        why=message("caused_by", parts=list(_reasons(result))),
    )  # fmt: skip


def _pm_natures(result: ImpactResult) -> dict[str, list[str]]:
    """Lines by nature, where all costs and benefits of it are PM."""
    known = natures_of(result)
    lines = [role for role in result.lines() if role.kind != "compensation" and role.pm]
    found = {nature: [role.name for role in lines if role.nature == nature] for nature in NATURES}
    return {nature: names for nature, names in found.items() if names and nature not in known}


def _reasons(result: ImpactResult) -> Iterator[str]:
    """The lines that make up the figures, by nature: costs, less what comes off."""
    after = after_compensation(result)
    for nature in natures_of(result):
        lines = [role for role in result.lines() if role.nature == nature and not role.pm]
        costs = [role.name for role in lines if role.kind == "cost"]
        off = [role.name for role in lines if role.kind == "benefit" or (after and role.kind == "compensation")]
        yield names_less(costs, off)
