r"""The tile map: one square of equal size for each municipality, as near to its place as equal squares allow.

Let :math:`(u_i, v_i)` be the place of municipality i on a grid: halfway between its true place and its rank from west
to east (north to south), so that crowded parts get room. The tiles are the assignment of municipalities to cells that
minimises :math:`\sum_i (u_i - c_i)^2 + (v_i - r_i)^2`. It is computed once and shipped (``tiles.csv``).
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ggu_costs.typing import FloatArray

__all__ = ["Tile", "assigned", "borders", "tiles"]

_ROWS, _COLUMNS = 25, 22
_BY_RANK = 0.5
_MIDDLE_LATITUDE = 52.2


class Tile(NamedTuple):
    """Place of a municipality on the tile map, from the top left."""

    row: int
    column: int


@cache
def tiles() -> Mapping[str, Tile]:
    """Return the tile of each of the 342 municipalities of 2023, 2024 and 2025, by code.

    Examples
    --------
    Groningen lies east and a little north of Amsterdam:

    >>> tiles()["GM0014"].column > tiles()["GM0363"].column, tiles()["GM0014"].row < tiles()["GM0363"].row
    (True, True)
    """
    with files("ggu_costs.report").joinpath("tiles.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return MappingProxyType({row["code"]: Tile(int(row["row"]), int(row["column"])) for row in rows})


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
    edges = set()
    for (row, column), own in region.items():
        for across, edge in (
            (Tile(row - 1, column), (row, column, True)),
            (Tile(row + 1, column), (row + 1, column, True)),
            (Tile(row, column - 1), (row, column, False)),
            (Tile(row, column + 1), (row, column + 1, False)),
        ):
            if region.get(across) != own:
                edges.add(edge)
    return sorted(edges)


def assigned(positions: pd.DataFrame) -> dict[str, Tile]:
    """Return the tiles for a set of places.

    Parameters
    ----------
    positions
        ``longitude, latitude`` in degrees, indexed by code; at least two municipalities, not all on one line.

    Returns
    -------
    dict
        A tile by code; the topmost row and the leftmost column in use are 0.
    """
    from scipy.optimize import linear_sum_assignment

    east = positions["longitude"].to_numpy() * np.cos(np.radians(_MIDDLE_LATITUDE))
    across = _spread(east) * (_COLUMNS - 1)
    down = _spread(-positions["latitude"].to_numpy()) * (_ROWS - 1)
    rows, columns = np.divmod(np.arange((_ROWS + 2) * (_COLUMNS + 2)), _COLUMNS + 2)  # a border of one cell around
    away = (across[:, None] - (columns - 1)) ** 2 + (down[:, None] - (rows - 1)) ** 2
    _, cells = linear_sum_assignment(away)
    top, left = rows[cells].min(), columns[cells].min()
    return {
        str(code): Tile(int(rows[cell] - top), int(columns[cell] - left))
        for code, cell in zip(positions.index, cells, strict=True)
    }


def _spread(places: FloatArray) -> FloatArray:
    """Return places from 0 to 1, halfway between where they are and their rank."""
    ranks = np.argsort(np.argsort(places, kind="stable"), kind="stable")
    true = (places - places.min()) / (places.max() - places.min())
    return np.asarray((1 - _BY_RANK) * true + _BY_RANK * (ranks + 0.5) / len(places))
