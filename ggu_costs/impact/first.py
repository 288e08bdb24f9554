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
    shown = dict(list(_chance_tiles(result, list(told)).items())[: MOST_TILES - len(tiles)])
    untold = [quantity for quantity in told if quantity not in shown]
    more = (*readings_told(result), *chances_of(result, untold), *spread_over_years(result))
    tiles += shown.values()
    return Answer(sentence=_sentence(result, told), tiles=tuple(tiles), more=more, outside=outside(result))


def _chance_tiles(result: ImpactResult, names: list[str]) -> dict[str, Tile]:
    """How probable higher costs are, by figure, where that depends on the shape that was assumed."""
    found = {}
    for quantity, values in open_chances(result, names).items():
        if len(values) > 1:
            basis = message("shape_decides", by=shaped_by(result), parts=readings_said(values))
            found[quantity] = Tile(
                name=message("chance_of_higher", quantity=called(result, quantity)),
                value=chances(list(values.values())), basis=joined([basis, compensation_words(result)], "; "),
            )  # fmt: skip
    return found


def _sentence(result: ImpactResult, told: dict[str, Told]) -> str:
    lacks = {one.lacks for one in told.values()}
    once = len(lacks) == 1 and "" not in lacks  # then it is said of the source, not of each figure
    parts = [said_of(quantity, one.words if once else one.about) for quantity, one in told.items()]
    parts += [message("part_pm", nature=nature, names=names) for nature, names in _pm_natures(result).items()]
    by = list(dict.fromkeys(one.published for one in told.values() if one.published))
    origin = message("so_published", by=by) if by else message("own_estimate")
    if once:
        origin = message("so_published_without", by=by, lacks=next(iter(lacks)))
    what = message("first_of_programme", who=who(result), parts=parts, basis=compensation_words(result), origin=origin)
    why = _why(result)
    return message("with_reason", what=what, why=why) if why else what


def _pm_natures(result: ImpactResult) -> dict[str, list[str]]:
    """Lines by nature, where all costs and benefits of it are PM."""
    known = natures_of(result)
    lines = [role for role in result.lines() if role.kind != "compensation" and role.pm]
    found = {nature: [role.name for role in lines if role.nature == nature] for nature in NATURES}
    return {nature: names for nature, names in found.items() if names and nature not in known}


def _why(result: ImpactResult) -> str:
    """Say which lines make up the figures, by nature where there are both."""
    reasons = dict(_reasons(result))
    named = [message(f"part_{nature}_by", what=what) for nature, what in reasons.items()]
    if len(named) > 1:
        return message("caused_by_nature", parts=named)
    return message("caused_by", what=next(iter(reasons.values()))) if named else ""


def _reasons(result: ImpactResult) -> Iterator[tuple[str, str]]:
    """Lines by nature: costs, less what comes off."""
    after = after_compensation(result)
    for nature in natures_of(result):
        lines = [role for role in result.lines() if role.nature == nature and not role.pm]
        costs = [role.name for role in lines if role.kind == "cost"]
        off = [role.name for role in lines if role.kind == "benefit" or (after and role.kind == "compensation")]
        yield nature, names_less(costs, off)
