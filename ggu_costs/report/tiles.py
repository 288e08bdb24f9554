"""The tile map: one square of equal size for each municipality, as near to its place as equal squares allow.

The tiles (``tiles.csv``) are computed once, by ``tools/tiles.py`` in the repository, and shipped.
"""

import csv
import datetime
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from ggu_costs.reference import map_period, municipalities, steps
from ggu_costs.report.shapes import Shapes

_TILE = 24  # units of the drawing


class Tile(NamedTuple):
    """Place of a municipality on the tile map, from the top left."""

    row: int
    column: int


@cache
def tile_day() -> datetime.date:
    """Return the day since which the municipalities are those of the tiles: that of the last reorganisation."""
    return max(step.day for step in steps())


@cache
def tiles() -> Mapping[str, Tile]:
    """Return the tile of each municipality since the last reorganisation, by code.

    Examples
    --------
    Groningen lies east and a little north of Amsterdam:

    >>> tiles()["GM0014"].column > tiles()["GM0363"].column, tiles()["GM0014"].row < tiles()["GM0363"].row
    (True, True)
    """
    with files("ggu_costs.report").joinpath("tiles.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return MappingProxyType({row["code"]: Tile(int(row["row"]), int(row["column"])) for row in rows})


def tile_shapes() -> Shapes:
    """Return the tiles as shapes, with the borders of provinces."""
    side, provinces = _TILE - 2, municipalities(map_period()[1].year)["province"]
    return Shapes(
        paths={
            code: f"M{tile.column * _TILE + 1} {tile.row * _TILE + 1}h{side}v{side}h-{side}z"
            for code, tile in tiles().items()
        },
        width=(max(tile.column for tile in tiles().values()) + 1) * _TILE,
        height=(max(tile.row for tile in tiles().values()) + 1) * _TILE,
        borders="".join(
            f"M{column * _TILE} {row * _TILE}{'h' if right else 'v'}{_TILE}"
            for row, column, right in borders(dict(provinces))
        ),
    )


def borders(regions: Mapping[str, object]) -> list[tuple[int, int, bool]]:
    """Return the edges between tiles of different regions, and around each region.

    Parameters
    ----------
    regions
        Region of each tile, by code.

    Returns
    -------
    list
        Row and column of the corner where an edge starts, and whether it goes right (or else down).
    """
    region = {tile: regions[code] for code, tile in tiles().items()}
    rows, columns = (range(max(tile[side] for tile in region) + 2) for side in (0, 1))
    return [
        (row, column, right)
        for row in rows
        for column in columns
        for right in (False, True)
        if region.get(Tile(row, column)) != region.get(Tile(row - right, column - (not right)))
    ]
