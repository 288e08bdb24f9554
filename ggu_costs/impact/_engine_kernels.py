"""Compiled loops of the Monte Carlo engine: a small machine over vectors of draws, and sums and counts of its figures.

A model is compiled into two lists of instructions: one that runs once a leaf, over what depends on the draw alone,
and one that runs for every unit. An instruction works on whole vectors (a row of the bank, for the draws of a tile),
so the machine itself costs nothing. The exponential is our own (32nd roots of 2 from a table, a polynomial for the
rest, fitted at Chebyshev points) and sums run in fixed lanes, so that all processors give the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.typing import FloatArray, IntArray

    Counts = NDArray[np.uint32]
    LeafCounts = NDArray[np.uint16]
    Places = NDArray[np.int32]

TILE = 2048
LANES = 64
BINS = 2048

# instructions: (operation, target, a, b, c, d, e) with numbers (n, m, k, q)
SET, ADD, ADD_PRODUCT, MULTIPLY, DIVIDE, POWER_OF_E, ADOPTION, GROWTH, ADD_WHERE_ABOVE, LARGEST, SET_PRODUCT = range(11)

_MAGIC = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest whole number in the low bits
_STEPS_PER_E = 46.16624130844683  # 32 / ln 2
_STEP_HIGH, _STEP_LOW = 0.02166084938653512, 5.9631716539705866e-12  # ln 2 / 32 in two parts
_ROOTS = np.array(  # 2**(j/32)
    [
        1.0,
        1.0218971486541166,
        1.0442737824274138,
        1.0671404006768237,
        1.0905077326652577,
        1.1143867425958924,
        1.1387886347566916,
        1.1637248587775775,
        1.189207115002721,
        1.215247359980469,
        1.241857812073484,
        1.2690509571917332,
        1.2968395546510096,
        1.3252366431597413,
        1.3542555469368927,
        1.383909881963832,
        1.4142135623730951,
        1.4451808069770467,
        1.4768261459394993,
        1.5091644275934228,
        1.5422108254079407,
        1.5759808451078865,
        1.6104903319492543,
        1.645755478153965,
        1.681792830507429,
        1.718619298122478,
        1.7562521603732995,
        1.7947090750031072,
        1.8340080864093424,
        1.8741676341103,
        1.9152065613971474,
        1.9571441241754002,
    ]
).view(np.int64)
_FINITE = 708.0
_MIDDLE = BINS // 2 + 1.0


@kernel
def exponential(x: float) -> float:
    """e**x to 5e-16 relative, exact at 0; above 708 infinite, below -708 zero."""
    shifted = x * _STEPS_PER_E + _MAGIC
    n = shifted - _MAGIC
    r = (x - n * _STEP_HIGH) - n * _STEP_LOW
    whole = np.float64(shifted).view(np.int64)
    scale = np.int64(_ROOTS[whole & 31] + ((whole >> 5) << 52)).view(np.float64)
    p = 0.49999999999761036 + r * (0.1666666666663253 + r * (0.04166682961357634 + r * 0.008333356611453803))
    p = r * (1.0 + r * p)
    return scale + scale * p if abs(x) <= _FINITE else (x + abs(x)) * 1e308


@kernel
def exponentiate(values: FloatArray, rows: IntArray, count: int) -> None:
    """Replace rows by their exponentials."""
    for row in rows:
        x = values[row, :count]
        for j in range(x.size):
            x[j] = exponential(x[j])


@kernel
def vector(bank: FloatArray, own_rows: IntArray, operand: int, desk: int, start: int, stop: int) -> FloatArray:
    """Vector of an operand: below 0 a driver drawn per group or unit, from `desk` on a scratch row."""
    if operand >= desk:
        return bank[operand, : stop - start]
    row = operand if operand >= 0 else own_rows[-1 - operand]
    return bank[row, start:stop]


@kernel
def run(
    code: IntArray, numbers: FloatArray, own_rows: IntArray, bank: FloatArray, desk: int, start: int, stop: int
) -> None:
    """Carry out the instructions for the draws `start` to `stop`, at most a tile."""
    for i in range(code.shape[0]):
        operation = code[i, 0]
        y = vector(bank, own_rows, code[i, 1], desk, start, stop)
        a = vector(bank, own_rows, code[i, 2], desk, start, stop)
        b = vector(bank, own_rows, code[i, 3], desk, start, stop)
        n, m = numbers[i, 0], numbers[i, 1]
        if operation == SET:
            k, c = numbers[i, 2], vector(bank, own_rows, code[i, 4], desk, start, stop)
            for j in range(y.size):
                y[j] = n * a[j] + m * b[j] + k * c[j]
        elif operation == SET_PRODUCT:
            k, c = numbers[i, 2], vector(bank, own_rows, code[i, 4], desk, start, stop)
            q, d = numbers[i, 3], vector(bank, own_rows, code[i, 5], desk, start, stop)
            e = vector(bank, own_rows, code[i, 6], desk, start, stop)
            for j in range(y.size):
                y[j] = n * a[j] + m * b[j] + k * c[j] + q * d[j] * e[j]
        elif operation == ADD:
            for j in range(y.size):
                y[j] += n * a[j]
        elif operation == ADD_PRODUCT:
            for j in range(y.size):
                y[j] += n * a[j] * b[j]
        elif operation == MULTIPLY:
            for j in range(y.size):
                y[j] = a[j] * b[j]
        elif operation == DIVIDE:
            for j in range(y.size):
                y[j] = a[j] / b[j]
        elif operation == POWER_OF_E:
            for j in range(y.size):
                y[j] = exponential(n * a[j])
        elif operation == ADOPTION:
            for j in range(y.size):
                y[j] = 1.0 / (1.0 + exponential(a[j] * (b[j] - n)))
        elif operation == GROWTH:
            for j in range(y.size):
                y[j] = 1.0 + a[j] if a[j] > -1.0 else np.nan
        elif operation == ADD_WHERE_ABOVE:
            for j in range(y.size):
                y[j] += n if a[j] > m else 0.0
        else:
            for j in range(y.size):
                value = n * a[j]
                y[j] = value if value > y[j] else y[j]


@kernel
def bin_places(y: FloatArray, centre: float, per_bin: float, bins: Places) -> None:
    """Bin of each value: 0 below, 1 to 2048 inside, 2049 above."""
    for j in range(y.size):
        place = (y[j] - centre) * per_bin + _MIDDLE
        bins[j] = np.int32(min(BINS + 1.0, max(0.0, place)))  # in this order NaN becomes 0


@kernel
def add_to_lanes(y: FloatArray, centre: float, lanes: FloatArray) -> None:
    """Add a tile to the sums and sums of squares about the centre, value j in lane j mod 64."""
    one, two = lanes[0], lanes[1]
    for first in range(0, y.size, LANES):
        part = y[first : first + LANES]
        for j in range(part.size):
            t = part[j] - centre
            one[j] += t
            two[j] += t * t


@kernel
def fold_lanes(lanes: FloatArray, sums: FloatArray) -> None:
    """Add the lanes up by halving, put the sums and clear the lanes."""
    for k in range(2):
        row = lanes[k]
        width = LANES // 2
        while width > 0:
            for j in range(width):
                row[j] += row[j + width]
            width //= 2
        sums[k] = row[0]
        for j in range(LANES):
            row[j] = 0.0


@kernel
def count_above(y: FloatArray, threshold: float) -> int:
    """How many values lie above a threshold."""
    above = 0
    for j in range(y.size):
        above += 1 if y[j] > threshold else 0
    return above


@kernel
def note_outside(y: FloatArray, bins: Places, sums: FloatArray, extremes: FloatArray) -> None:
    """Sums and extremes of the values outside the histogram."""
    for j in range(y.size):
        if bins[j] == 0:
            sums[2] += y[j]
            extremes[0] = min(extremes[0], y[j])
        elif bins[j] == BINS + 1:
            sums[3] += y[j]
            extremes[1] = max(extremes[1], y[j])


@kernel
def count_bins(bins: Places, counts: LeafCounts) -> int:
    """Add to the histogram of a leaf, whose counts fit in 16 bits; return how many values fell outside."""
    outside = np.int64(counts[0]) + np.int64(counts[BINS + 1])
    for j in range(bins.size):
        counts[np.uint32(bins[j])] += np.uint16(1)  # an index without a sign needs no test
    return int(np.int64(counts[0]) + np.int64(counts[BINS + 1]) - outside)


@kernel
def pour(counts: LeafCounts, histogram: Counts) -> None:
    """Add the counts of a leaf to a histogram, and clear them."""
    for j in range(counts.size):
        histogram[j] += np.uint32(counts[j])
        counts[j] = 0


@kernel
def note(
    y: FloatArray,
    row: int,
    frame: FloatArray,
    place: int,
    lanes: FloatArray,
    bins: Places,
    counts: LeafCounts,
    sums: FloatArray,
    above: IntArray,
    extremes: FloatArray,
) -> None:
    """Add a tile to sums, counts above thresholds and histogram of a row of the results.

    A row of `frame` holds centre, bins per unit of the value, and the thresholds; `place` is the row's histogram or
    -1.
    """
    add_to_lanes(y, frame[row, 0], lanes)
    for k in range(above.shape[1]):
        above[row, k] += count_above(y, frame[row, 2 + k])
    if place >= 0:
        bin_places(y, frame[row, 0], frame[row, 1], bins)
        if count_bins(bins[: y.size], counts) > 0:
            note_outside(y, bins, sums[row], extremes[row])


@kernel
def note_whole(
    y: FloatArray,
    row: int,
    frame: FloatArray,
    place: int,
    lanes: FloatArray,
    bins: Places,
    counts: LeafCounts,
    sums: FloatArray,
    histograms: Counts,
    above: IntArray,
    extremes: FloatArray,
) -> None:
    """Note a whole leaf of one row: a group, or a joint figure."""
    for start in range(0, y.size, TILE):
        note(y[start : start + TILE], row, frame, place, lanes, bins, counts, sums, above, extremes)
    fold_lanes(lanes, sums[row])
    if place >= 0:
        pour(counts, histograms[place])


@kernel
def collect(
    y: FloatArray,
    centre: float,
    per_bin: float,
    wanted: IntArray,
    bins: Places,
    cursor: IntArray,
    collected: FloatArray,
) -> None:
    """Second pass: keep the values in the wanted bins; `wanted` names per bin its place in `cursor`, -1 for none."""
    for start in range(0, y.size, TILE):
        part = y[start : start + TILE]
        bin_places(part, centre, per_bin, bins)
        for j in range(part.size):
            target = wanted[bins[j]]
            if target >= 0:
                collected[cursor[target]] = part[j]
                cursor[target] += 1


@kernel
def cells(
    code: IntArray,
    numbers: FloatArray,
    own_rows: IntArray,
    units: IntArray,
    bank: FloatArray,
    desk: int,
    outputs: IntArray,
    rows: IntArray,
    places: IntArray,
    frame: FloatArray,
    lanes: FloatArray,
    bins: Places,
    counts: LeafCounts,
    sums: FloatArray,
    histograms: Counts,
    above: IntArray,
    extremes: FloatArray,
    kept: FloatArray,
    count: int,
) -> None:
    """Evaluate some units for a leaf; note their outputs, or keep them where `kept` has shape (outputs, units, draws).

    ``outputs[o]`` is the scratch row of output o, ``rows[o]`` the first row of its units in the results, -1 when none
    are kept. `numbers` and `own_rows` come per unit; `lanes` and `counts` are scratch per output, zero before and
    after.
    """
    keeping = kept.shape[0] > 0
    for u in range(units.size):
        unit = units[u]
        for start in range(0, count, TILE):
            stop = min(start + TILE, count)
            run(code, numbers[unit], own_rows[unit], bank, desk, start, stop)
            for o in range(outputs.size):
                y = bank[outputs[o], : stop - start]
                if keeping:
                    into = kept[o, u, start:stop]
                    for j in range(y.size):
                        into[j] = y[j]
                elif rows[o] >= 0:
                    row = rows[o] + unit
                    note(y, row, frame, places[row], lanes[o], bins, counts[o], sums, above, extremes)
        for o in range(outputs.size):
            if rows[o] >= 0 and not keeping:
                fold_lanes(lanes[o], sums[rows[o] + unit])
                if places[rows[o] + unit] >= 0:
                    pour(counts[o], histograms[places[rows[o] + unit]])
