"""What is stored of cells, and what must hold between them and the histograms."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.simulation.constants import BINS
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.typing import FloatArray, IntArray

Arrays = dict[str, NDArray[Any]]
Take = Callable[[str, str, tuple[int, ...]], NDArray[Any]]
"""Gives the array of a name, type and shape, or refuses."""

SLACK, ROUNDING = 1e-9, 1e-14
"""Of a bin, and of the figures: values are put in bins with a rounding of their own."""


def bins_near(figures: FloatArray, centre: FloatArray, per_bin: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last bin that a figure may have been counted in, for all that rounding does."""
    with np.errstate(over="ignore"):
        slack = np.minimum((np.abs(figures) + np.abs(centre)) * per_bin * ROUNDING, BINS) + SLACK
        bin_of = np.clip((figures - centre) * per_bin, -BINS, BINS) + (BINS / 2 + 1)
    first, last = (np.clip(np.floor(bin_of + reach), 0, BINS + 1).astype(np.int64) for reach in (-slack, slack))
    return first, last


def wrong_in_cells(cells: Cells, table: FloatArray, counts: NDArray[Any] | None, draws: int) -> Iterator[str]:
    """Cells of a row hold every draw, ascend, and lie each in a bin that holds as many."""
    starts, held, (low, high) = cells.starts, cells.counts, cells.ends.T
    outside = (starts < 0) | (starts > len(held))  # looked at first: differences of such would overflow
    if outside.any() or starts[0] != 0 or starts[-1] != len(held) or (np.diff(starts) < 0).any():
        yield "cells that belong to no row"
        return
    if not held.size:
        return
    if counts is None or (held < 1).any() or (held > draws).any() or not np.isfinite(cells.ends).all():
        yield "cells without draws or ends, or of rows without a histogram"
        return
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    of_all = np.cumsum(held) - held
    before, final = of_all - of_all[starts[rows]], np.diff(rows, append=-1) != 0
    if (before + held != draws)[final].any():
        yield "cells that do not hold every draw"
    if (low > high).any() or ((high[:-1] >= low[1:]) & (rows[:-1] == rows[1:])).any():
        yield "cells that overlap"
    whole = np.zeros((len(counts), BINS + 3), np.int64)
    np.cumsum(counts, axis=1, out=whole[:, 1:])
    for ends, many in ((low, before), (high, before + held)):
        first, last = bins_near(ends, table[rows, 0], table[rows, 1])
        if ((many < whole[rows, first]) | (many > whole[rows, last + 1])).any():
            yield "cells that the histogram does not have"
            return


def cell_arrays(cells: Cells) -> Arrays:
    """Take cells apart."""
    return {f"cell_{name}": getattr(cells, name) for name in ("starts", "counts", "ends")}


def cells_of(take: Take, rows: int, many: int) -> Cells:
    """Put cells together again."""
    return Cells(
        take("cell_starts", "<i8", (rows + 1,)),
        take("cell_counts", "<i8", (many,)),
        take("cell_ends", "<f8", (many, 2)),
    )
