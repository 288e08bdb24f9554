"""A programme as a component: rebuilt on the map of the bundle, from figures that are carried to it.

What a line gives a municipality that came out of a merger follows from the figures of the new one, as if the programme
had been stated on the later map. A key hands out the same national amount; a fixed amount for each municipality, a
class or a scale may give another national total, because there are fewer municipalities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import ComponentTerms
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.funding import NATURES, is_unpaid
from ggu_costs.impact.model import Programme
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.notes import bases_of

if TYPE_CHECKING:
    from ggu_costs.modelfile import Loaded


def on_map(definition: ProgrammeDefinition, day: date) -> ProgrammeDefinition:
    """Return what a programme file says on a later municipal map."""
    dated = definition.programme.map_date
    moved = dated.model_copy(update={"items": (dated.first.model_copy(update={"value": day}),)})
    return definition.model_copy(update={"programme": definition.programme.model_copy(update={"map_date": moved})})


def of_programme(
    stated: ComponentTerms, loaded: Loaded[ProgrammeDefinition], data: Mapping[str, Any], day: date
) -> Component:
    """Return a programme as a component.

    Raises
    ------
    InputError
        A map later than that of the bundle; what cannot be built on that map.
    MissingInputError
        An input that its figures per municipality need.
    UnknownNameError
        No such alternative.
    """
    definition = loaded.definition
    own = definition.day("map_date")
    if own > day:
        raise later_map(own, day)
    programme = Programme.open(replace(loaded, definition=on_map(definition, day)), data)
    needed = definition.needed_for_municipalities(programme.inputs)
    if needed:
        programme.inputs.require([needed])
    assembly = programme.assembly()
    alternative = assembly.alternative(stated.alternative or assembly.alternatives[0].id)
    terms = definition.programme
    return Component(
        id=stated.id, name=stated.name or definition.title, kind=definition.kind, model=stated.model,
        assembly=assembly, alternative=alternative, years=stated.years or definition.years,
        structural_year=stated.structural_year or definition.structural_year,
        price_level=terms.price_level if terms.prices == "constant" else "current",
        bases=bases_of(definition, programme.inputs), map_day=own,
        unpaid=tuple(nature for nature in NATURES if is_unpaid(assembly, alternative, nature)),
        outside=definition.outside, illustrative=definition.illustrative, indicative=terms.indicative,
    )  # fmt: skip


def later_map(own: date, day: date) -> InputError:
    """Return the error of a component whose map is later than that of the bundle."""
    return InputError(
        f"on the map of {own}, later than that of the bundle, {day}",
        remedy="Figures are carried forward only: state a later bundle.map_date.",
    )
