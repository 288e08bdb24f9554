"""A component of a bundle as it is added up: its terms on the map of the bundle, and what a reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ggu_costs.brief import Brief
from ggu_costs.impact.programme.assembly import Alternative, Assembly


@dataclass(frozen=True, eq=False, kw_only=True)
class Component(Brief):
    """What is added up, and on what footing.

    Attributes
    ----------
    id, name, kind, model
        As the bundle calls it, in words, its kind and the id of its model.
    assembly, alternative
        Its terms on the map of the bundle, over its own years, and which of them count.
    years
        The years of it that count.
    structural_year
        Its year of the structural result.
    price_level
        ``current``, ``unknown``, or the year of constant prices.
    bases
        VAT and price level in words.
    map_day
        The map of its model, before it was carried.
    unpaid
        Natures of which compensation is not known (PM).
    outside
        What is not in its figures, in the words of its file.
    illustrative, indicative
        Whether anything in it is made up; whether figures per municipality were broken down from national ones.
    """

    id: str
    name: str
    kind: str
    model: str
    assembly: Assembly
    alternative: Alternative
    years: tuple[int, ...]
    structural_year: int
    price_level: str
    bases: tuple[str, ...]
    map_day: date
    unpaid: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    illustrative: bool = False
    indicative: bool = False
