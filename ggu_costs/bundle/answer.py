"""What is said first of a bundle: what everything costs together, what weighs heaviest, and who is hit most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.bundle.definition import ALL
from ggu_costs.display.report import MOST_TILES, Answer, Tile
from ggu_costs.impact.answers.funding import NATURES, unknown_natures
from ggu_costs.impact.answers.leading import after_compensation, leading
from ggu_costs.impact.spoken import about, step_of
from ggu_costs.impact.telling import Told, said_of, tell_rows
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import Message, joined, message

if TYPE_CHECKING:
    from ggu_costs.bundle.result import BundleResult

_P95 = 0.95
_SAME = 0.005
"""Amounts per inhabitant nearer to one another than half a cent are the same."""


def nature_of(quantity: str) -> str:
    """Return the nature of a figure that is told first."""
    return next(nature for nature in NATURES if quantity.startswith(nature))


def answer_of_all(result: BundleResult) -> Answer:
    """Return what is said first of all municipalities together."""
    told = {quantity: _told(result.runner.nation(ALL, quantity), 0) for quantity in leading(result)}
    sentence = message(
        "first_of_bundle", count=len(result.components),
        parts=[said_of(quantity, one.about) for quantity, one in told.items()], basis=_after_comma(result),
        why=_heaviest(result, None),
    )  # fmt: skip
    more = [line for quantity in told for line in _hit(result, quantity)]
    more += [line for quantity in told for line in _apart(result, quantity)]
    return Answer(sentence=sentence, tiles=_tiles(result, told), more=tuple(more), outside=outside(result))


def answer_of_one(result: BundleResult, place: int) -> Answer:
    """Return what is said first of one municipality, by its place."""
    told = {quantity: _told(result.runner.units(ALL, quantity), place) for quantity in leading(result)}
    sentence = message(
        "first_of_bundle_note", name=result.assembly.names[place], count=len(result.components),
        parts=[said_of(quantity, one.about) for quantity, one in told.items()], basis=_after_comma(result),
        why=_heaviest(result, place),
    )  # fmt: skip
    more = [line for quantity in told for line in _of_one(result, quantity, place)]
    return Answer(sentence=sentence, tiles=_tiles(result, told), more=tuple(more), outside=outside(result))


def basis_of(result: BundleResult) -> str:
    """Say whether figures are before or after compensation; nothing where there is none to speak of."""
    if unknown_natures(result.everything()):
        return message("before_compensation")
    return message("after_compensation") if after_compensation(result) else ""


def outside(result: BundleResult) -> tuple[str, ...]:
    """Return what is not in the figures: PM lines, compensation that is not known, what the models leave out."""
    found: list[str] = []
    unpaid = {one.id: one.name for one in result.components.values() if _pm(result, one.id, compensation=True)}
    paid = {} if after_compensation(result) else _paid(result)
    if names := [name for id_, name in unpaid.items() if id_ not in paid]:
        found.append(message("bundle_unpaid", names=names))
    for id_, (amount, lines) in paid.items():
        key = "bundle_paid_in_part" if id_ in unpaid else "bundle_paid"
        found.append(message(key, name=result.components[id_].name, amount=amount, lines=lines))
    for one in result.components.values():
        if lines := _pm(result, one.id, compensation=False):
            found.append(message("bundle_pm", name=one.name, lines=lines))
    left = [_quoted(one.name, text) for one in result.components.values() for text in one.outside]
    return tuple(dict.fromkeys((*found, *left)))


def _paid(result: BundleResult) -> dict[str, tuple[str, list[str]]]:
    """Compensation that is known, which is not taken off while that of others is not: amount and lines by component."""
    found = {}
    for name in result.components:
        lines = [role.name for role in result.component(name).lines() if role.kind == "compensation" and not role.pm]
        if lines:
            amount = float(result.runner.nation(name, "compensation").mean[0])
            found[name] = (about(amount, step_of(amount)), lines)
    return found


def _quoted(name: str, text: str) -> str:
    """What a component leaves out; where its file says so it stays as it is written there."""
    ours = isinstance(name, Message) or isinstance(text, Message)
    return message("component_outside", name=name, text=text) if ours else f"{name}: {text}"


def _pm(result: BundleResult, component: str, *, compensation: bool) -> list[str]:
    """Lines of a component that are PM."""
    lines = result.component(component).lines()
    return [role.name for role in lines if role.pm and (role.kind == "compensation") is compensation]


def _told(rows: Rows, place: int) -> Told:
    return tell_rows(rows, unspread="", shapes="", place=place)


def quantiles_apart(result: BundleResult, quantity: str) -> tuple[float, float]:
    """Return the sum of the P95 of each component for the nation, and the P95 of everything together."""
    apart = sum(float(result.runner.nation(name, quantity).quantile(_P95)[0]) for name in result.components)
    return apart, float(result.runner.nation(ALL, quantity).quantile(_P95)[0])


def _after_comma(result: BundleResult) -> str:
    basis = basis_of(result)
    return message("basis_after_comma", basis=basis) if basis else ""


def _tiles(result: BundleResult, told: dict[str, Told]) -> tuple[Tile, ...]:
    tiles = []
    for quantity, one in told.items():
        when = message("in_years", first=result.assembly.years[0], last=result.assembly.years[-1])
        if quantity.startswith("structural"):
            when = message("each_its_year")
        parts = [*one.basis, when, basis_of(result), *result.bases]
        name = message("capitalised", words=message(f"called_{nature_of(quantity)}"))
        tiles.append(Tile(name=name, value=one.words, basis=joined([part for part in parts if part], "; ")))
    return tuple(tiles[:MOST_TILES])


def _mean(result: BundleResult, selection: str, quantity: str, place: int | None) -> float:
    if place is None:
        return float(result.runner.nation(selection, quantity).mean[0])
    return float(result.runner.units(selection, quantity).mean[place])


def _heaviest(result: BundleResult, place: int | None) -> str:
    """Name the component with the highest mean, by nature."""
    parts = []
    for quantity in leading(result):
        means = {name: _mean(result, name, quantity, place) for name in result.components}
        most = max(means, key=lambda name: means[name])
        if means[most] > 0:
            amount = about(means[most], step_of(means[most]))
            parts.append(message("heaviest_for", nature=nature_of(quantity), name=result.components[most].name,
                                 amount=amount))  # fmt: skip
    return message("heaviest_of_bundle", parts=parts, count=len(parts)) if parts else ""


def _hit(result: BundleResult, quantity: str) -> Iterator[str]:
    """Who is hit most and least, and by what in how many municipalities."""
    frame, nature = result.hardest_hit(quantity), nature_of(quantity)
    first, last = frame.iloc[0], frame.iloc[-1]
    count = frame["hit_by"].value_counts()
    most = message("largest_in", count=int(count.iloc[0]), of=len(frame), name=_largest(frame))
    if int(count.iloc[0]) == len(frame):
        most = message("largest_everywhere", name=_largest(frame))
    facts = {"nature": nature, "by": most}
    if first["per_inhabitant"] - last["per_inhabitant"] < _SAME:
        yield message("hit_alike", rate=first["per_inhabitant"], **facts)
    else:
        yield message("hit_most", first=first["name"], most=first["per_inhabitant"], last=last["name"],
                      least=last["per_inhabitant"], **facts)  # fmt: skip
    if "share_of_grant" in frame:
        by_share = frame.sort_values("share_of_grant", ascending=False, kind="stable")
        first, last = by_share.iloc[0], by_share.iloc[-1]
        yield message("hit_most_of_grant", nature=nature, first=first["name"], most=first["share_of_grant"],
                      last=last["name"], least=last["share_of_grant"])  # fmt: skip


def _largest(frame: pd.DataFrame) -> str:
    """The component that is the largest in most municipalities."""
    name = frame["hit_by"].value_counts().index[0]
    largest: str = next(found for found in frame["hit_by"] if found == name)  # a message stays one
    return largest


def _apart(result: BundleResult, quantity: str) -> Iterator[str]:
    """What the sum of the P95 of each component would have said of the nation, where that is another amount."""
    apart, together = quantiles_apart(result, quantity)
    if apart - together > max(abs(together), 1.0) * 1e-3:
        step = step_of(apart - together)
        yield message("apart_too_high", nature=nature_of(quantity), separate=about(apart, step),
                      together=about(together, step))  # fmt: skip


def _of_one(result: BundleResult, quantity: str, place: int) -> Iterator[str]:
    """Per inhabitant beside the nation, its place, and the share of the algemene uitkering."""
    nature, people = nature_of(quantity), result.assembly.inhabitants
    rows = result.runner.units(ALL, quantity)
    rates = np.divide(rows.mean, people, out=np.zeros_like(people), where=people > 0)
    nation = _mean(result, ALL, quantity, None) / float(people.sum())
    facts = {
        "nature": nature, "own": float(rates[place]), "nation": nation,
        "rank": 1 + int((rates > rates[place] + _SAME).sum()), "count": len(people),
    }  # fmt: skip
    if result.assembly.grant is None:
        yield message("rate_and_rank", **facts)
        return
    share = float(rows.mean[place] / result.assembly.grant[place])
    yield message("rate_rank_and_grant", share=share, grant=result.assembly.grant_title, **facts)
