"""The draws once more: rows of results leaf by leaf, for what a first pass leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ggu_costs.simulation.machine.compile import Compiled
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf
from ggu_costs.typing import FloatArray, IntArray


def draws_of(evaluator: Evaluator, leaves: Iterable[Leaf], rows: IntArray) -> Iterator[tuple[int, FloatArray]]:
    """Give place and draws of each of some rows, leaf by leaf; no more units are evaluated than need be."""
    layout, place_of = evaluator.compiled.layout, {int(row): place for place, row in enumerate(rows)}
    only = _units_of(evaluator.compiled, rows)
    if all(is_sum(evaluator.compiled, row) for row in place_of):
        yield from ((place_of[row], y) for row, y in evaluator.sums_of(leaves, place_of))
        return
    for replicate, leaf in leaves:
        for units, kept in evaluator.kept(replicate, leaf, only):
            for o, start in enumerate(layout.unit_row[evaluator.compiled.programs.cells]):
                for u, unit in enumerate(units):
                    place = place_of.get(int(start + unit)) if start >= 0 else None
                    if place is not None:
                        yield place, kept[o, u]
        if only is None:
            yield from ((place_of[row], y) for row, y in evaluator.whole_rows(leaf, place_of))


def in_order(compiled: Compiled, rows: Sequence[int]) -> list[int]:
    """Rows in the order in which they come: sums over units first, then the units in the order of evaluation."""
    position = {int(unit): place for place, unit in enumerate(compiled.order)} | {-1: -1}
    return sorted(rows, key=lambda row: position[compiled.layout.unit_of(row)])


def _units_of(compiled: Compiled, rows: IntArray) -> frozenset[int] | None:
    """Units the rows belong to; None where sums over all units are among the rows."""
    units = frozenset(map(compiled.layout.unit_of, rows.tolist()))
    return None if -1 in units else units


def is_sum(compiled: Compiled, row: int) -> bool:
    """Whether a row adds up or compares units, so that all of them are needed for it."""
    return compiled.layout.unit_of(row) == -1


def joined(pieces: Sequence[IntArray]) -> IntArray:
    """Arrays of places one after the other, perhaps none."""
    return np.concatenate([np.zeros(0, np.int64), *pieces])
