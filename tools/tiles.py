r"""Assign municipalities to the tiles of the map, and write ``ggu_costs/report/tiles.csv``.

Let :math:`(u_i, v_i)` be the place of municipality i on a grid: halfway between its true place and its rank from west
to east (north to south), so that crowded parts get room. The tiles are the assignment of municipalities to cells that
minimises :math:`\sum_i (u_i - c_i)^2 + (v_i - r_i)^2`.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from ggu_costs.reference import positions
from ggu_costs.report.tiles import Tile

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import FloatArray

ROWS, COLUMNS = 25, 22
BY_RANK = 0.5
MIDDLE_LATITUDE = 52.2
FILE = Path(__file__).resolve().parent.parent / "ggu_costs/report/tiles.csv"


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
    east = positions["longitude"].to_numpy() * np.cos(np.radians(MIDDLE_LATITUDE))
    across = spread(east) * (COLUMNS - 1)
    down = spread(-positions["latitude"].to_numpy()) * (ROWS - 1)
    rows, columns = np.divmod(np.arange((ROWS + 2) * (COLUMNS + 2)), COLUMNS + 2)  # a border of one cell around
    away = (across[:, None] - (columns - 1)) ** 2 + (down[:, None] - (rows - 1)) ** 2
    _, cells = linear_sum_assignment(away)
    top, left = rows[cells].min(), columns[cells].min()
    return {
        str(code): Tile(int(rows[cell] - top), int(columns[cell] - left))
        for code, cell in zip(positions.index, cells, strict=True)
    }


def spread(places: FloatArray) -> FloatArray:
    """Return places from 0 to 1, halfway between where they are and their rank."""
    ranks = np.argsort(np.argsort(places, kind="stable"), kind="stable")
    true = (places - places.min()) / (places.max() - places.min())
    return np.asarray((1 - BY_RANK) * true + BY_RANK * (ranks + 0.5) / len(places))


def main() -> None:
    """Write the tiles of the municipalities, by code."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "row", "column"])
        writer.writerows((code, *tile) for code, tile in sorted(assigned(positions()).items()))


if __name__ == "__main__":
    main()
