"""From specification to arrays: drivers, programs and the layout of the results.

What numpy and scipy compute for the model (tables, factors, logarithms) is computed here, once, by the caller, and
travels with the task: workers get the same bits whatever their libraries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from ggu_costs.simulation.constants import CHUNK, EXP_OF_SCORE, ONE
from ggu_costs.simulation.correlation import factor_of_level
from ggu_costs.simulation.machine.instructions import DriverRows, Programs
from ggu_costs.simulation.machine.layout import RowLayout
from ggu_costs.simulation.machine.programs import write_programs
from ggu_costs.simulation.machine.sums import are_levels, first_groups
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL, Driver
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.simulation.tables import table_of
from ggu_costs.typing import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Level:
    """Drivers drawn together: all of one level.

    Attributes
    ----------
    name
        Nation, unit, or the grouping.
    groups
        Number of groups; of units at unit level.
    first
        First row in the table of values; group g, driver d stand in row ``first + g k + d`` (at unit level g counts
        within a chunk).
    names
        The k drivers.
    dimensions
        int64, shape (groups,): the dimension of the stream that each group draws from. Of units their own number,
        whatever the order in which they are worked, so that groupings never change a draw.
    factor
        Lower triangle that turns independent scores into correlated ones.
    correlated
        Whether any two of the drivers are.
    kinds, numbers, tables
        Per driver its kind, and the first row and number of rows in `tables`; location and scale of the score, or
        start and steps per score of the table.
    exponentials
        Drivers whose rows are exponentiated afterwards.
    """

    name: str
    groups: int
    first: int
    names: tuple[str, ...]
    dimensions: IntArray
    factor: FloatArray
    correlated: bool
    kinds: IntArray
    numbers: FloatArray
    tables: FloatArray
    exponentials: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Compiled:
    """A specification ready for the kernels.

    Attributes
    ----------
    levels
        The nation first.
    programs
        The instructions, and the registers they use.
    own_names
        Drivers that are not national, in the order of the model.
    own_rows
        int64, shape (units, at least 1 and as many, and sums): the register of each for every unit; after them those of
        the sums that the unit is added to.
    order
        int64: units with the same groups, a batch, stand one after the other.
    closing
        int64, in this order: the batch of the unit where it is the last of it, else -1.
    members
        int64, shape (batches, most groups): the groups a batch belongs to, -1 where there are fewer.
    layout
        Where the results stand.
    digest
        Of the specification.
    """

    levels: tuple[Level, ...]
    programs: Programs
    own_names: tuple[str, ...]
    own_rows: IntArray
    order: IntArray
    closing: IntArray
    members: IntArray
    layout: RowLayout
    digest: str

    @property
    def units(self) -> int:
        """Number of units."""
        return self.order.size


_COMPILED: WeakKeyDictionary[ModelSpec, Compiled] = WeakKeyDictionary()


def compile_spec(spec: ModelSpec) -> Compiled:
    """Compile a specification, once; pure, and the same bits for the same specification on one machine."""
    if spec not in _COMPILED:
        _COMPILED[spec] = _compiled(spec)
    return _COMPILED[spec]


def _compiled(spec: ModelSpec) -> Compiled:
    order = _order(spec)
    levels, drivers, own_rows, first_row = _levels(spec, order)
    closing, members = _batches(spec, order)
    programs = write_programs(spec, drivers, first_row)
    own_rows = np.hstack([own_rows, programs.sum_rows])
    own_names, layout = tuple(drivers.local), RowLayout.of(spec)
    return Compiled(levels, programs, own_names, own_rows, order, closing, members, layout, spec.digest)


def _levels(spec: ModelSpec, order: IntArray) -> tuple[tuple[Level, ...], DriverRows, IntArray, int]:
    groupings = {grouping.name: grouping for grouping in spec.groupings}
    used = [name for name in (*groupings, UNIT_LEVEL) if any(driver.level == name for driver in spec.drivers)]
    local = {driver.name: -1 - place for place, driver in enumerate(d for d in spec.drivers if d.level != NATION)}
    own_rows = np.zeros((len(spec.units), max(len(local), 1)), np.int64)
    levels: list[Level] = []
    national: dict[str, int] = {}
    first = ONE + 1
    for name in (NATION, *used):
        drivers = [driver for driver in spec.drivers if driver.level == name]
        names = tuple(driver.name for driver in drivers)
        if name == NATION:
            groups, at_a_time, members = 1, 1, np.zeros(0, np.int64)
            national = {driver: first + place for place, driver in enumerate(names)}
        elif name == UNIT_LEVEL:
            groups, at_a_time, members = len(spec.units), CHUNK, np.empty(len(spec.units), np.int64)
            members[order] = np.arange(order.size) % CHUNK
        else:
            groups = at_a_time = len(groupings[name].labels)
            members = groupings[name].members
        for place, driver in enumerate(names):
            if name != NATION:
                own_rows[:, -1 - local[driver]] = first + members * len(names) + place
        dimensions = order if name == UNIT_LEVEL else np.arange(groups, dtype=np.int64)
        levels.append(_level(name, dimensions, first, drivers, spec))
        first += len(names) * at_a_time
    return tuple(levels), DriverRows(national, local), own_rows, first


def _level(name: str, dimensions: IntArray, first: int, drivers: Sequence[Driver], spec: ModelSpec) -> Level:
    names = tuple(driver.name for driver in drivers)
    factor = factor_of_level(names, [part for part in spec.correlations if set(part.names) <= set(names)])
    tables = [table_of(driver) for driver in drivers]
    sizes = [len(table.rows) for table in tables]
    starts = np.cumsum([0, *sizes])
    kinds = np.array([(t.kind, start, size) for t, start, size in zip(tables, starts, sizes, strict=False)], np.int64)
    return Level(
        name=name,
        groups=dimensions.size,
        first=first,
        names=names,
        dimensions=dimensions,
        factor=factor,
        correlated=bool(np.any(factor != np.eye(len(names)))),
        kinds=kinds.reshape(-1, 3),
        numbers=np.array([(table.first, table.second) for table in tables], float).reshape(-1, 2),
        tables=np.concatenate([np.zeros((0, 4)), *(table.rows for table in tables)]),
        exponentials=tuple(place for place, table in enumerate(tables) if table.kind == EXP_OF_SCORE),
    )


def _memberships(spec: ModelSpec) -> IntArray:
    """Place of each unit in the groupings that drivers are drawn by."""
    columns = [grouping.members for grouping, level in zip(spec.groupings, are_levels(spec), strict=True) if level]
    return np.stack(columns, axis=1) if columns else np.zeros((len(spec.units), 0), np.int64)


def _order(spec: ModelSpec) -> IntArray:
    """Units with the same groups one after the other."""
    table = _memberships(spec)
    return np.lexsort((np.arange(len(table)), *table.T[::-1])).astype(np.int64)


def _batches(spec: ModelSpec, order: IntArray) -> tuple[IntArray, IntArray]:
    """Which unit closes which batch, and the groups of each batch, the nation first."""
    table = _memberships(spec)[order]
    last = np.append((table[1:] != table[:-1]).any(axis=1), True)
    starts = [first for first, level in zip(first_groups(spec.groupings), are_levels(spec), strict=True) if level]
    groups = np.where(table[last] >= 0, table[last] + np.array(starts, np.int64), -1)
    closing = np.where(last, np.cumsum(last) - 1, -1)
    return closing, np.column_stack([np.zeros(len(groups), np.int64), groups])
