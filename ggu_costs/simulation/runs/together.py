"""Rows of results one after the other: what is worked out of a thousand rows takes hardly longer than of one."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.rows import Rows


def together(parts: Sequence[Rows]) -> list[Rows]:
    """Put rows of the same draws one after the other, where as much is known of each: as few as can be.

    Rows of replicates stay as they are: numpy adds up the few replicates of one row in another order than of several.
    """
    made: list[Rows] = []
    for kind, alike in groupby(parts, key=_kind):
        own = list(alike)
        made += own if len(own) == 1 or kind[-1] else [_joined(own)]
    return made


def _kind(rows: Rows) -> tuple[object, ...]:
    """What rows share that can be put together: the thresholds too, which are alike in all rows of an output."""
    kept, thresholds = rows.histograms is not None, rows.table[:1, 2:].tobytes()
    return rows.count, thresholds, kept, rows.probabilities, len(rows.replicates)


def _joined(parts: Sequence[Rows]) -> Rows:
    first = parts[0]
    histograms = [part.histograms for part in parts if part.histograms is not None]
    return Rows(
        first.count,
        np.concatenate([part.sums for part in parts]),
        np.concatenate([part.table for part in parts]),
        np.concatenate(histograms) if histograms else None,
        np.concatenate([part.above for part in parts]),
        np.concatenate([part.extremes for part in parts]),
        first.probabilities,
        np.concatenate([part.exact for part in parts], axis=1),
        (),
        (),
        Cells.joined([part.cells for part in parts]),
    )
