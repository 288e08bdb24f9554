"""What a reader of a bundle must know: what was carried, what is one draw, and on what footing amounts are added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import BundleDefinition
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.notes import indicative_note, sign_note
from ggu_costs.modelfile.notes import caribbean_note, carried_note
from ggu_costs.words.messages import message, word

if TYPE_CHECKING:
    from ggu_costs.reference import Reference


def level_words(level: str) -> str:
    """Return the words for a price level."""
    known = level not in ("current", "unknown")
    return message("price_level_of", level=level) if known else word(level, of="price_level")


def levels_words(components: Sequence[Component], assembly: Assembly) -> str:
    """Return the price level of sums of all components, and of how many it is not known."""
    unknown = sum(one.price_level == "unknown" for one in components)
    level = level_words("current" if assembly.prices == "current" else assembly.price_level)
    if unknown in (0, len(components)):
        return level
    return message("level_partly_unknown", level=level, unknown=unknown, count=len(components))


def notes_of(
    definition: BundleDefinition, components: Sequence[Component], assembly: Assembly, reference: Reference
) -> tuple[str, ...]:
    """Gather the notes of a bundle: the footing first, then those of the file."""
    return tuple(dict.fromkeys(_notes(definition, components, assembly, reference)))


def _notes(
    definition: BundleDefinition, components: Sequence[Component], assembly: Assembly, reference: Reference
) -> Iterator[str]:
    yield sign_note()
    if any(one.indicative for one in components):
        yield indicative_note()
    unknown = [one.name for one in components if one.price_level == "unknown"]
    if len(unknown) == len(components):
        yield message("price_level_unknown")
    else:
        known = [one.name for one in components if one.price_level != "unknown"]
        level = "current" if assembly.prices == "current" else assembly.price_level
        words = level_words(level)
        yield message("price_levels_mixed" if unknown else "price_level_all", level=words, known=known, names=unknown)
    states = {one.bases[:-1] for one in components}
    if len(states) > 1:
        yield message("vat_states_mixed")
    yield message("not_discounted")
    yield message("structural_of_each")
    carried = [one for one in components if one.map_day < definition.map_day]
    for one in carried:
        key = "rebuilt_on_map" if one.kind in ("programme", "bundle") else "carried_to_map"
        if carried_note("figures", one.map_day, definition.map_day, reference=reference):
            yield message(key, name=one.name, old=one.map_day, new=definition.map_day)
    for common in definition.common:
        yield message("common_driver", name=common.name, drivers=list(common.drivers), reason=common.reason)
    drawn = [one.id for one in components if one.assembly.drivers]
    if len(drawn) > 1:
        yield message("drawn_apart" if not definition.common else "others_drawn_apart")
    yield from definition.notes
    yield caribbean_note()
