"""Compiled loops of the Monte Carlo engine: a small machine over vectors of draws, and sums and counts of its figures.

A model is compiled into two lists of instructions: one that runs once a leaf, over what depends on the draw alone,
and one that runs for every unit. An instruction works on whole vectors (one register, for the draws of a tile
that fits in the nearest cache), so the machine itself costs nothing. The exponential is our own (1,024th roots of 2
from a table, a polynomial for the rest) and sums run in fixed lanes, so that all processors give the same bits.

The registers are one flat array, read by places without a sign: slices would be counted, and places with a sign tested.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ggu_costs._jit import fma, inlined, lean_kernel, part, wide
from ggu_costs.typing import FloatArray, IntArray

if TYPE_CHECKING:
    Counts = NDArray[np.uint16]

LEAF, TILE = 4096, 1024
LANES = 32
BLOCK = 4 * LANES
BINS = 2048

# instructions: (operation, target, a, b, c, d, e) with numbers (n, m, k, q, p); machine/__init__.py explains them
SET, ADD, ADD_PRODUCT, MULTIPLY, DIVIDE, POWER_OF_E, ADOPTION, GROWTH, ADD_WHERE_ABOVE, LARGEST = range(10)
SET_PRODUCT, SET_POWER, ADD_PRODUCTS, SHARED_ADOPTION = 10, 11, 12, 13

_BITS = 10
_STEPS = 1 << _BITS
STEPS_PER_E = _STEPS / math.log(2.0)
"""Steps of the exponential in a factor e."""


def _roots() -> IntArray:
    """2**(j / 1024) as bits, less the j that a number of steps brings along when it is shifted to the exponent."""
    unit = 1 << 120
    step = 2 * unit
    for _ in range(_BITS):
        step = math.isqrt(step * unit)
    roots, root = [], unit
    for _ in range(_STEPS):
        roots.append(root / unit)
        root = root * step // unit
    return np.array(roots).view(np.int64) - (np.arange(_STEPS) << (52 - _BITS))


_ROOTS = _roots()
_MAGIC = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest whole number in the low bits
_LEAST, _MOST = -1022.0 * _STEPS, 1024.0 * _STEPS + 0.25  # the most gives infinity
_TINY, _HUGE = 1e-150, 1e150  # powers of e between these can be multiplied

# What is left after whole steps, r from -1/2 to 1/2 of a step, goes into exp(x) - 1 with x = r ln(2) / 1024: the first
# three terms of the series, by powers of r. The fourth, x**4 / 24, is at most 5e-16 and almost a square on so short a
# range: c x**2 with c = (sqrt(8) - 2) h**2 / 24, where h = ln(2) / 2048 is the largest x, is the nearest to it and
# leaves 1e-16. So the square carries the fourth power along.
_FIRST = math.log(2.0) / _STEPS
_SECOND = 0.5 * _FIRST * _FIRST * (1.0 + (math.sqrt(8.0) - 2.0) * _FIRST * _FIRST / 48.0)
_THIRD = _FIRST * _FIRST * _FIRST / 6.0

# A number from 2**20 to 2**21 has 32 bits behind the point. So with 1.5 * 2**20 added (the half keeps it in that range
# on either side) a bin's number stands in the third 16 bits of the 64, where it is read without being converted.
_BELOW = 1.5 * 2.0**20  # bin 0: below the histogram
_MIDDLE = _BELOW + BINS // 2 + 1.0  # the centre of a row: the edge between the bins 1,024 and 1,025
_ABOVE = _BELOW + BINS + 1.0  # bin 2,049: above the histogram


@part
def exponential(steps: float) -> float:
    """2**(steps / 1024) to 3e-16 relative, exact at 0; not finite above the largest number, 2e-308 at the least."""
    s = _LEAST if steps < _LEAST else steps  # in this order NaN stays
    s = _MOST if s > _MOST else s
    shifted = s + _MAGIC
    whole = np.float64(shifted).view(np.int64)
    r = s - (shifted - _MAGIC)
    scale = np.int64(_ROOTS[whole & (_STEPS - 1)] + (whole << (52 - _BITS))).view(np.float64)
    return fma(scale, r * fma(r, fma(r, _THIRD, _SECOND), _FIRST), scale)


@lean_kernel
def exponentiate(values: FloatArray, rows: IntArray, count: int) -> None:
    """Replace rows of a table outside the registers by their exponentials.

    Parameters
    ----------
    values
        float64, shape (all rows, at least `count`). Changed: the rows named.
    rows
        int64, shape (rows to replace,): which.
    count
        Columns that count.
    """
    for row in rows:
        for j in range(count):
            values[row, j] = exponential(values[row, j] * STEPS_PER_E)


@part
def place_of(operand: int, own_rows: IntArray, scratch_from: int, start: int) -> np.uint64:
    """Where a vector begins in the flat registers: the tile of its register, or the one tile of scratch.

    Parameters
    ----------
    operand
        From 0 on a register; below 0 a driver drawn per group or unit, by its place in `own_rows`.
    own_rows
        int64, shape (drivers that are not national,): registers of the drivers of this unit.
    scratch_from
        Registers from here on hold one tile only.
    start
        First draw of the tile in the leaf.
    """
    row = operand if operand >= 0 else own_rows[-1 - operand]
    return np.uint64(row * LEAF + (start if operand < scratch_from else 0))


@part
def shared_adoption(
    registers: FloatArray, y: np.uint64, a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, n: float, m: float,
    size: np.uint64
) -> None:  # fmt: skip
    """Adoption from two powers of e, and from their exponent where one of them is beyond what can be multiplied.

    Parameters
    ----------
    registers
        float64, flat. Changed: `size` numbers from `y` on.
    y, a, b, c, d
        Where the target begins, steepness, midpoint, and the two powers.
    n, m
        The time, and how much later the midpoint is here.
    size
        Draws.
    """
    inlined()
    far = 0
    for j in range(size):
        p, q = registers[c + j], registers[d + j]
        far += 0 if (p > _TINY) & (p < _HUGE) & (q > _TINY) & (q < _HUGE) else 1
        registers[y + j] = 1.0 / fma(p, q, 1.0)
    if far > 0:
        for j in range(size):
            p, q = registers[c + j], registers[d + j]
            if not (_TINY < p < _HUGE and _TINY < q < _HUGE):
                distance = registers[a + j] * (registers[b + j] + m - n)
                registers[y + j] = 1.0 / (1.0 + exponential(distance * STEPS_PER_E))


@part
def run(  # noqa: PLR0915 (a branch for every operation)
    code: IntArray, numbers: FloatArray, own_rows: IntArray, registers: FloatArray, scratch_from: int, start: int,
    stop: int
) -> None:  # fmt: skip
    """Carry out the instructions for the draws `start` to `stop`, at most a tile.

    Parameters
    ----------
    code
        int64, shape (instructions, 7): operation, target, five operands.
    numbers
        float64, shape (instructions, 5): of this unit.
    own_rows
        int64, shape (drivers that are not national,): see :func:`place_of`.
    registers
        float64, flat, registers x 4,096. Changed: the targets.
    scratch_from, start, stop
        See :func:`place_of`; the draws are those of a leaf.
    """
    wide()
    inlined()
    size = np.uint64(stop - start)
    for i in range(code.shape[0]):
        operation = code[i, 0]
        y = place_of(code[i, 1], own_rows, scratch_from, start)
        a = place_of(code[i, 2], own_rows, scratch_from, start)
        b = place_of(code[i, 3], own_rows, scratch_from, start)
        n, m = numbers[i, 0], numbers[i, 1]
        if operation == SET:
            k, c = numbers[i, 2], place_of(code[i, 4], own_rows, scratch_from, start)
            if code[i, 4] == 0:  # the register of zeros
                for j in range(size):
                    registers[y + j] = fma(n, registers[a + j], m * registers[b + j])
            else:
                for j in range(size):
                    registers[y + j] = fma(n, registers[a + j], fma(m, registers[b + j], k * registers[c + j]))
        elif operation == SET_PRODUCT:
            k, c = numbers[i, 2], place_of(code[i, 4], own_rows, scratch_from, start)
            q, d = numbers[i, 3], place_of(code[i, 5], own_rows, scratch_from, start)
            e = place_of(code[i, 6], own_rows, scratch_from, start)
            for j in range(size):
                linear = fma(n, registers[a + j], fma(m, registers[b + j], k * registers[c + j]))
                registers[y + j] = fma(q * registers[d + j], registers[e + j], linear)
        elif operation == SET_POWER:
            k, c = numbers[i, 2], place_of(code[i, 4], own_rows, scratch_from, start)
            q, d = numbers[i, 3], place_of(code[i, 5], own_rows, scratch_from, start)
            p, e = numbers[i, 4] * STEPS_PER_E, place_of(code[i, 6], own_rows, scratch_from, start)
            for j in range(size):
                power = exponential(p * registers[e + j])
                linear = fma(n, registers[a + j], fma(m, registers[b + j], k * registers[c + j]))
                registers[y + j] = fma(q * registers[d + j], power, linear)
        elif operation == ADD:
            for j in range(size):
                registers[y + j] = fma(n, registers[a + j], registers[y + j])
        elif operation == ADD_PRODUCT:
            for j in range(size):
                registers[y + j] = fma(n * registers[a + j], registers[b + j], registers[y + j])
        elif operation == ADD_PRODUCTS:
            c = place_of(code[i, 4], own_rows, scratch_from, start)
            d = place_of(code[i, 5], own_rows, scratch_from, start)
            for j in range(size):
                first = fma(n * registers[a + j], registers[b + j], registers[y + j])
                registers[y + j] = fma(m * registers[c + j], registers[d + j], first)
        elif operation == MULTIPLY:
            for j in range(size):
                registers[y + j] = registers[a + j] * registers[b + j]
        elif operation == DIVIDE:
            for j in range(size):
                registers[y + j] = registers[a + j] / registers[b + j]
        elif operation == POWER_OF_E:
            n *= STEPS_PER_E
            for j in range(size):
                registers[y + j] = exponential(n * registers[a + j])
        elif operation == ADOPTION:
            for j in range(size):
                registers[y + j] = 1.0 / (1.0 + exponential(registers[a + j] * (registers[b + j] - n) * STEPS_PER_E))
        elif operation == SHARED_ADOPTION:
            c = place_of(code[i, 4], own_rows, scratch_from, start)
            d = place_of(code[i, 5], own_rows, scratch_from, start)
            shared_adoption(registers, y, a, b, c, d, n, m, size)
        elif operation == GROWTH:
            for j in range(size):
                registers[y + j] = 1.0 + registers[a + j] if registers[a + j] > -1.0 else np.nan
        elif operation == ADD_WHERE_ABOVE:
            for j in range(size):
                registers[y + j] += n if registers[a + j] > m else 0.0
        else:
            for j in range(size):
                value = n * registers[a + j]
                registers[y + j] = value if value > registers[y + j] else registers[y + j]


@part
def bin_places(y: FloatArray, centre: float, per_bin: float, bins: FloatArray) -> None:
    """Bin of each value of a block: 0 below, 1 to 2048 inside, 2049 above; the third 16 bits of what is put.

    Parameters
    ----------
    y
        float64, shape (at most 128,): the values.
    centre, per_bin
        Of the row.
    bins
        float64, shape (128,). Changed: the first ``y.size``.
    """
    inlined()
    for j in range(np.uint64(y.size)):
        place = fma(y[j] - centre, per_bin, _MIDDLE)
        bins[j] = min(_ABOVE, max(_BELOW, place))  # in this order NaN becomes 0


@part
def add_up(y: FloatArray, centre: float, lanes: FloatArray) -> None:
    """Add a tile to sums and sums of squares; four values share a lane, which saves reading and writing it.

    Parameters
    ----------
    y
        float64, shape (at most 1,024,): the values.
    centre
        Taken off each.
    lanes
        float64, shape (2, 32): sums, and sums of squares. Changed: added to.
    """
    inlined()
    size, width = np.uint64(y.size), np.uint64(LANES)
    whole = size - size % np.uint64(BLOCK)
    for first in range(np.uint64(0), whole, np.uint64(BLOCK)):
        for i in range(width):
            j = first + i
            p, q = y[j] - centre, y[j + width] - centre
            r, s = y[j + width + width] - centre, y[j + width + width + width] - centre
            lanes[0, i] += (p + q) + (r + s)
            lanes[1, i] = fma(s, s, fma(r, r, fma(q, q, fma(p, p, lanes[1, i]))))
    for j in range(whole, size):
        t = y[j] - centre
        lanes[0, 0] += t
        lanes[1, 0] += t * t


@part
def count_above(y: FloatArray, threshold: float) -> int:
    """How many values of `y` (float64, one dimension, not changed) lie strictly above a figure."""
    inlined()
    many = 0
    for j in range(y.size):
        many += 1 if y[j] > threshold else 0
    return many


@part
def count_bins(
    y: FloatArray, centre: float, per_bin: float, bins: FloatArray, own: Counts, sums: FloatArray, extremes: FloatArray
) -> None:  # fmt: skip
    """Add a tile to a histogram, and what falls outside to the sums and extremes there.

    Block by block: the processor finds bins of the next while it still counts in the last.

    Parameters
    ----------
    y
        float64, shape (at most 1,024,): the values.
    centre, per_bin
        Of the row.
    bins
        float64, shape (128,). Changed: scratch.
    own
        uint16, shape (2050,): the histogram of the row. Changed: added to.
    sums
        float64, shape (7,): of the row. Changed: added to are, from the third on, the values below and above the
        histogram, squares of those above, third and fourth powers of both; powers about the centre.
    extremes
        float64, shape (2,): lowest value below the histogram, highest above it. Changed.
    """
    inlined()
    places, one = bins.view(np.uint16), np.uint16(1)
    for first in range(0, y.size, BLOCK):
        some = y[first : first + BLOCK]
        bin_places(some, centre, per_bin, bins)
        outside = own[0] + own[BINS + 1]
        for j in range(np.uint64(some.size)):
            own[np.uint64(places[np.uint64(4) * j + np.uint64(2)])] += one
        if own[0] + own[BINS + 1] > outside:
            for j in range(some.size):
                if bins[j] < _BELOW + 1.0:
                    sums[2] += some[j]
                    extremes[0] = min(extremes[0], some[j])
                elif bins[j] >= _ABOVE:
                    sums[3] += some[j]
                    extremes[1] = max(extremes[1], some[j])
                    sums[4] += (some[j] - centre) * (some[j] - centre)
                else:
                    continue
                t = some[j] - centre
                sums[5] += t * t * t
                sums[6] += t * t * t * t


@part
def note(
    y: FloatArray, row: int, frame: FloatArray, place: int, lanes: FloatArray, bins: FloatArray, counts: Counts,
    sums: FloatArray, above: IntArray, extremes: FloatArray
) -> None:  # fmt: skip
    """Add a tile to sums, counts above thresholds and histogram of a row of the results.

    Parameters
    ----------
    y
        float64, shape (at most 1,024,): the values.
    row, place
        Row of the results, and its histogram or -1.
    frame
        float64, shape (rows, 2 + thresholds): centre, bins per unit of the value, thresholds.
    lanes
        float64, shape (2, 32): see :func:`add_up`. Changed.
    bins
        float64, shape (128,). Changed: scratch.
    counts
        uint16, shape (histograms, 2050), of 15 leaves at most. Changed: added to.
    sums
        float64, shape (rows, 7): see :func:`count_bins`. Changed.
    above
        int64, shape (rows, thresholds): values above each threshold. Changed: added to.
    extremes
        float64, shape (rows, 2): see :func:`count_bins`. Changed.
    """
    wide()
    inlined()
    add_up(y, frame[row, 0], lanes)
    for k in range(above.shape[1]):
        above[row, k] += count_above(y, frame[row, 2 + k])
    if place >= 0:
        count_bins(y, frame[row, 0], frame[row, 1], bins, counts[place], sums[row], extremes[row])


@part
def close(row: int, lanes: FloatArray, sums: FloatArray) -> None:
    """Put the sums of a leaf, its lanes added up by halving; clear these.

    Parameters
    ----------
    row
        Row of the results.
    lanes
        float64, shape (2, 32): see :func:`add_up`. Changed: zero afterwards.
    sums
        float64, shape (rows, 7). Changed: the first two of the row are put.
    """
    width = LANES // 2
    while width > 0:
        for k in range(2):
            for j in range(width):
                lanes[k, j] += lanes[k, width + j]
        width //= 2
    for k in range(2):
        sums[row, k] = lanes[k, 0]
        for j in range(LANES):
            lanes[k, j] = 0.0


@lean_kernel
def evaluate(
    code: IntArray, numbers: FloatArray, own_rows: IntArray, units: IntArray, registers: FloatArray, scratch_from: int,
    count: int, outputs: IntArray, rows: IntArray, kept: FloatArray, closing: IntArray, members: IntArray,
    gathered: IntArray, grouped: FloatArray, places: IntArray, frame: FloatArray, lanes: FloatArray, bins: FloatArray,
    counts: Counts, sums: FloatArray, above: IntArray, extremes: FloatArray
) -> None:  # fmt: skip
    """Evaluate some units for a leaf; note their outputs, or keep them.

    A unit may close a batch, units with the same groups: then what was gathered is added to these groups and cleared.

    Parameters
    ----------
    code
        int64, shape (instructions, 7): the program of the units.
    numbers
        float64, shape (all units, instructions, 5): its numbers.
    own_rows
        int64, shape (all units, drivers that are not national): registers of the drivers of each unit.
    units
        int64, shape (units to do,): which, in this order.
    registers
        float64, flat, registers x 4,096: what the draws gave. Changed: targets of the program; what was gathered.
    scratch_from
        Registers from here on hold one tile only.
    count
        Draws of the leaf.
    outputs
        int64, shape (outputs,): register of each output.
    rows
        int64, shape (outputs,): first row of its units in the results, -1 when none are noted.
    kept
        float64, shape (outputs, units to do, draws). Changed: the outputs, which are then not noted. Or of shape
        (0, 0, 0), to note them.
    closing
        int64, shape (units to do,): the batch that the unit closes, or -1.
    members
        int64, shape (batches, most groups): the groups of each batch, -1 where there are fewer.
    gathered
        int64, shape (outputs kept per group,): registers in which these are summed over units.
    grouped
        float64, shape (outputs kept per group, groups, 4,096): sums per group. Changed: added to.
    places
        int64, shape (rows,): the histogram of each row of the results, or -1.
    frame
        float64, shape (rows, 2 + thresholds): see :func:`note`.
    lanes
        float64, shape (outputs, 2, 32): scratch, zero before and after. Changed.
    bins
        float64, shape (128,). Changed: scratch.
    counts, sums, above, extremes
        See :func:`note`. Changed.
    """
    wide()
    keeping = kept.shape[0] > 0
    for u in range(units.size):
        unit = units[u]
        for start in range(0, count, TILE):
            stop = min(start + TILE, count)
            run(code, numbers[unit], own_rows[unit], registers, scratch_from, start, stop)
            for o in range(outputs.size):
                first = np.int64(place_of(outputs[o], own_rows[unit], scratch_from, start))
                y = registers[first : first + stop - start]
                if keeping:
                    for j in range(y.size):
                        kept[o, u, start + j] = y[j]
                elif rows[o] >= 0:
                    row = rows[o] + unit
                    note(y, row, frame, places[row], lanes[o], bins, counts, sums, above, extremes)
        for o in range(outputs.size):
            if rows[o] >= 0 and not keeping:
                row = rows[o] + unit
                close(row, lanes[o], sums)
        if closing[u] >= 0:
            for o in range(gathered.size):
                first = gathered[o] * LEAF
                y = registers[first : first + count]
                for group in members[closing[u]]:
                    if group >= 0:
                        total = grouped[o, group]
                        for j in range(y.size):
                            total[j] += y[j]
                for j in range(y.size):
                    y[j] = 0.0


@lean_kernel
def collect(
    y: FloatArray, centre: float, per_bin: float, wanted: IntArray, bins: FloatArray, cursor: IntArray,
    collected: FloatArray
) -> None:  # fmt: skip
    """Second pass: keep the values in the wanted bins.

    Parameters
    ----------
    y
        float64, shape (draws,): the values of a row of the results.
    centre, per_bin
        Of the row.
    wanted
        int64, shape (2050,): the place in `cursor` of each bin, -1 for a bin that is not wanted.
    bins
        float64, shape (128,). Changed: scratch.
    cursor
        int64, shape (wanted bins of all rows,): where the next value of each goes. Changed: moved on.
    collected
        float64, one dimension: the values, each bin's from its first place on. Changed.
    """
    places = bins.view(np.uint16)
    for first in range(0, y.size, BLOCK):
        some = y[first : first + BLOCK]
        bin_places(some, centre, per_bin, bins)
        for j in range(some.size):
            target = wanted[places[4 * j + 2]]
            if target >= 0:
                collected[cursor[target]] = some[j]
                cursor[target] += 1


@lean_kernel
def sort_into(
    y: FloatArray, centre: float, per_bin: float, root: IntArray, origin: FloatArray, per_cell: FloatArray,
    first: IntArray, last: IntArray, entries: IntArray, bins: FloatArray, counts: IntArray, ends: FloatArray
) -> None:  # fmt: skip
    """Second pass: count the values of a row in cells finer than its bins, and keep the lowest and highest in each.

    An entry that is not negative is a cell; entry -1 - k is node k, a range that is divided evenly.

    Parameters
    ----------
    y
        float64, shape (draws,): the values of a row of the results.
    centre, per_bin
        Of the row.
    root
        int64, shape (2050,): the entry of each bin.
    origin, per_cell
        float64, shape (nodes,): where the range of a node begins, parts per unit of the value.
    first, last
        int64, shape (nodes,): places in `entries` of its first and last part.
    entries
        int64, one dimension: the entry of each part of each node.
    bins
        float64, shape (128,). Changed: scratch.
    counts
        int64, shape (cells,). Changed: added to.
    ends
        float64, shape (cells, 2): lowest and highest value. Changed.
    """
    places = bins.view(np.uint16)
    for start in range(0, y.size, BLOCK):
        some = y[start : start + BLOCK]
        bin_places(some, centre, per_bin, bins)
        for j in range(some.size):
            entry = root[places[4 * j + 2]]
            while entry < 0:
                node = -1 - entry
                part_of = np.int64((some[j] - origin[node]) * per_cell[node])
                entry = entries[min(max(first[node] + part_of, first[node]), last[node])]
            counts[entry] += 1
            ends[entry, 0] = min(ends[entry, 0], some[j])
            ends[entry, 1] = max(ends[entry, 1], some[j])
