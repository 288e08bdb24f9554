"""The map of a page: the shipped boundaries, with tiles of equal size as a choice, or the boundaries of the user."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ggu_costs.display.columns import Column
from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.report.bycode import ByCode, day_of
from ggu_costs.report.map import MapData, map_data
from ggu_costs.report.outlines import outline_day, outline_shapes
from ggu_costs.report.shapes import Shapes, read_shapes
from ggu_costs.report.tiles import tile_day, tile_shapes

Boundaries = str | Path | Mapping[str, Any] | None


@dataclass(frozen=True)
class Drawing:
    """What is drawn: the figures, the areas, and the tiles of the same municipalities.

    Attributes
    ----------
    data
        The figures of the areas.
    shapes
        The areas.
    tiles
        The same municipalities as tiles, where a reader may choose those.
    shipped
        Whether the areas are the shipped boundaries, whose source must be named.
    """

    data: MapData
    shapes: Shapes
    tiles: Shapes | None = None
    shipped: bool = False

    @property
    def by_script(self) -> dict[str, object]:
        """What the scripts of a page need, beside the areas, which stand in the page."""
        data = self.data
        content: dict[str, object] = {"codes": data.codes, "names": data.names, "parts": data.parts}
        content["layers"] = [vars(layer) for layer in data.layers]
        if self.tiles is None:
            return content
        paths = [self.tiles.paths[code] for code in data.codes]
        size = {"width": self.tiles.width, "height": self.tiles.height}
        return {**content, "tiles": {**size, "paths": paths, "borders": self.tiles.borders}}


def pack_boundaries(data: ByCode) -> Mapping[str, Any] | None:
    """Return the boundaries that a pack brings for the map of a table; None where none does."""
    for stated in data.reference.boundaries():
        if set(data.municipalities) <= set(read_shapes(stated).paths):
            return stated
    return None


def drawing_of(data: ByCode, column: Column, boundaries: Boundaries, lang: str) -> Drawing | None:
    """Return the map of a table, of which `column` is shown first; None where it is on no map.

    Raises
    ------
    InputError
        Boundaries of no map that is known, of an earlier one than the table, or without some of its municipalities.
    """
    if boundaries is not None:
        return _own(data, column, read_shapes(boundaries), lang)
    shapes, day = outline_shapes(data.reference, data.day), outline_day(data.reference, data.day)
    tiles = tile_shapes()
    if shapes is None:
        found = map_data(data, tiles.paths, day=tile_day(), lang=lang, first=column.name)
        return Drawing(found, tiles) if found else None
    found = map_data(data, shapes.paths, day=day, lang=lang, first=column.name)
    choice = tiles if set(tiles.paths) == set(shapes.paths) else None
    return Drawing(found, shapes, choice, shipped=True) if found else None


def _own(data: ByCode, column: Column, shapes: Shapes, lang: str) -> Drawing:
    day = day_of(shapes.paths, reference=data.reference)
    if day is None:
        raise InputError(
            "these boundaries are of no municipal map that is known",
            remedy="Give the boundaries of all municipalities of one day "
            f"from {data.reference.map_period().first.year} on.",
        )
    found = map_data(data, shapes.paths, day=day, lang=lang, first=column.name)
    if found is None:
        raise InputError(
            f"the boundaries are of an earlier map than table {data.table.name!r}, or of other municipalities",
            remedy="Give boundaries of the year of the result, or later.",
        )
    _check_whole(data, shapes.paths, day)
    return Drawing(found, shapes)


def _check_whole(data: ByCode, areas: Collection[str], day: datetime.date) -> None:
    """Refuse boundaries without some of the municipalities: a reader would look for theirs in vain."""
    codes = set(data.municipalities)
    if data.day and not codes <= set(data.reference.member_codes(day)):
        moved = data.reference.transfer(data.day, day)
        codes = {new for old in codes for new, _ in moved[old]}
    faults, lacking = Faults(), sorted(codes - set(areas))
    if lacking:
        faults.add("boundaries", f"without {listed(lacking)}", f"a shape for each of the {len(codes)} municipalities")
    faults.check(
        f"the boundaries lack {len(lacking)} of the municipalities of table {data.table.name!r}",
        remedy="Give the boundaries of all municipalities of one day.",
    )
