"""Rows of results one after the other: what is worked out of a thousand rows takes hardly longer than of one."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.rows import Replicate, Rows


def together(parts: Sequence[Rows]) -> list[Rows]:
    """Put rows of the same draws one after the other, where as much is known of each: as few as can be."""
    made: list[Rows] = []
    for _, alike in groupby(parts, key=_kind):
        own = list(alike)
        made.append(own[0] if len(own) == 1 else _joined(own))
    return made


def _kind(rows: Rows) -> tuple[object, ...]:
    """What rows share that can be put together: the thresholds too, which are alike in all rows of an output."""
    kept, thresholds = rows.histograms is not None, rows.table[:1, 2:].tobytes()
    return rows.count, thresholds, kept, rows.probabilities, rows.spread_probabilities, len(rows.replicates)


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
        first.spread_probabilities,
        tuple(map(_replicate, zip(*(part.replicates for part in parts), strict=True))),
        Cells.joined([part.cells for part in parts]),
    )


def _replicate(parts: Sequence[Replicate]) -> Replicate:
    return Replicate(
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.quantiles for part in parts], axis=1),
        np.concatenate([part.shares for part in parts]),
    )
