"""Compiled loops that make draws: counter-based uniforms, normal scores, correlation, values of drivers.

Every number is a pure function of seed, stream, draw and dimension. Only additions, multiplications, divisions and
square roots are used, never a library's exp or log, so that all processors give the same bits.

Philox 4x32-10 is from J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the normal inverse is
algorithm AS 241 of M. Wichura, Applied Statistics 37 (1988), routine PPND16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ggu_costs.typing import FloatArray, IntArray

    Words = NDArray[np.uint64]

LEAF = 4096
RANDOM, STRATIFIED, NET = 0, 1, 2
SCORE, EXP_OF_SCORE, TABLE, STEPS = 0, 1, 2, 3

_HALF = LEAF // 2  # one block of Philox gives two uniforms: draws p and p + 2048 of a leaf
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _WORD, _SIX = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(6)
_ONE = np.uint64(1)
_CELL = 2.0**-52
_ROUNDS = 10
_MIXING = 6
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_MANTISSA, _ONE_BITS = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000


@kernel
def philox(counters: Words, count: int, key0: np.uint64, key1: np.uint64) -> None:
    """Encrypt counters in place; each of the first `count` columns, shape (4, n), is one block of four 32-bit words."""
    a, b, c, d = counters[0, :count], counters[1, :count], counters[2, :count], counters[3, :count]
    k0, k1 = key0, key1
    for _ in range(_ROUNDS):
        for j in range(a.size):
            left, right = _M0 * a[j], _M1 * c[j]
            a[j], c[j] = (right >> _WORD) ^ b[j] ^ k0, (left >> _WORD) ^ d[j] ^ k1
            b[j], d[j] = right & _LOW, left & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW


@kernel
def philox_uniforms(u: FloatArray, leaf: int, dimension: int, key: Words, counters: Words) -> None:
    """Fill `u` (at most a leaf) with uniforms of 52 bits, each in the middle of its cell.

    `key` holds the two words of the seed and the two of the stream. `counters` is scratch, shape (4, 2048).
    """
    count = u.size
    blocks = min(count, _HALF)
    for j in range(blocks):
        counters[0, j] = np.uint64(leaf * _HALF + j)
        counters[1, j] = np.uint64(dimension)
        counters[2, j] = key[2]
        counters[3, j] = key[3]
    philox(counters, blocks, key[0], key[1])
    for half in range(2):
        high, low = counters[2 * half], counters[2 * half + 1]
        part = u[half * _HALF : min(count, (half + 1) * _HALF)]
        for j in range(part.size):
            upper, lower = np.int32(high[j] >> _SIX), np.int32(low[j] >> _SIX)
            part[j] = (upper * 67108864.0 + lower + 0.5) * _CELL


@kernel
def net_uniforms(u: FloatArray, first: int, columns: Words, shift: np.uint64, points: Words) -> None:
    """Fill `u` with consecutive points of a digital net: the exclusive or of the columns named by the draw's bits."""
    word = shift
    for bit in range(columns.size):
        if (first >> bit) & 1:
            word ^= columns[bit]
    points[0] = word
    done, bit = 1, 0
    while done < u.size:
        column = columns[bit]
        extent = min(done, u.size - done)
        source, target = points[:extent], points[done : done + extent]
        for j in range(extent):
            target[j] = source[j] ^ column
        done, bit = done * 2, bit + 1
    for j in range(u.size):
        u[j] = (np.float64(np.int64(points[j])) + 0.5) * _CELL


@kernel
def shuffled(place: int, total: int, bits: int, keys: Words) -> int:
    """Position of `place` in a permutation of range(total): a Feistel network, walked until it falls inside."""
    width = np.uint64(bits)
    mask = (_ONE << width) - _ONE
    word = np.uint64(place)
    while True:
        left, right = word >> width, word & mask
        for r in range(_MIXING):
            mixed = (((right ^ keys[2 * r]) * _M0) & _LOW) ^ keys[2 * r + 1]
            mixed = (mixed ^ (mixed >> np.uint64(15))) * _M1
            left, right = right, left ^ ((mixed >> np.uint64(13)) & mask)
        word = (left << width) | right
        if word < np.uint64(total):
            return int(word)


@kernel
def stratify(u: FloatArray, first: int, total: int, bits: int, keys: Words) -> None:
    """Latin hypercube: carry each uniform into a stratum of its own among `total`."""
    for j in range(u.size):
        u[j] = (np.float64(shuffled(first + j, total, bits, keys)) + u[j]) / np.float64(total)


@kernel
def natural_log(v: float) -> float:
    """Natural logarithm of ordinary positive numbers, within 2 units in the last place."""
    bits = np.float64(v).view(np.int64)
    exponent = (bits >> 52) - 1023
    m = np.int64((bits & _MANTISSA) | _ONE_BITS).view(np.float64)
    large = m > 1.4142135623730951
    m = 0.5 * m if large else m
    e = np.float64(exponent + 1) if large else np.float64(exponent)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    series = 1.0 / 19.0 + s * (1.0 / 21.0)
    series = 1.0 / 15.0 + s * (1.0 / 17.0 + s * series)
    series = 1.0 / 11.0 + s * (1.0 / 13.0 + s * series)
    series = 1.0 / 7.0 + s * (1.0 / 9.0 + s * series)
    series = 1.0 / 3.0 + s * (1.0 / 5.0 + s * series)
    return e * _LN2_HIGH + (2.0 * f + (2.0 * f * s * series + e * _LN2_LOW))


@kernel
def _middle(q: float) -> float:
    r = 0.180625 - q * q
    above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
        + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
        + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
    below = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
        + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
        + 42.313330701600911252) * r + 1.0)  # fmt: skip
    return q * above / below


@kernel
def _tail(t: float) -> float:
    r = t - 1.6
    above = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
        + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
        + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
    below = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
        + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
        + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    return above / below


@kernel
def _far_tail(t: float) -> float:
    r = t - 5.0
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
        + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
        + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
    below = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
        + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
        + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return above / below


@kernel
def normal_scores(u: FloatArray, z: FloatArray) -> None:
    """Normal scores of uniforms; relative error about 1e-15. Below 1.4e-11 another formula holds, which is rare."""
    far = 0
    for j in range(u.size):
        q = u[j] - 0.5
        side = 1.0 - u[j] if q > 0.0 else u[j]
        root = np.sqrt(-natural_log(side))
        far += 1 if root > 5.0 else 0
        outer = _tail(root)
        outer = -outer if q < 0.0 else outer
        inner = _middle(q)
        z[j] = inner if abs(q) <= 0.425 else outer
    if far > 0:
        for j in range(u.size):
            side = min(u[j], 1.0 - u[j])
            root = np.sqrt(-natural_log(side))
            if root > 5.0:
                z[j] = _far_tail(root) if u[j] > 0.5 else -_far_tail(root)


@kernel
def correlate(z: FloatArray, factor: FloatArray, count: int) -> None:
    """Independent scores, one row a driver, become correlated ones by the lower triangular factor, in place."""
    for k in range(factor.shape[0] - 1, -1, -1):
        row, own = z[k, :count], factor[k, k]
        for j in range(row.size):
            row[j] *= own
        for i in range(k):
            share, other = factor[k, i], z[i, :count]
            if share != 0.0:
                for j in range(row.size):
                    row[j] += share * other[j]


@kernel
def table_values(z: FloatArray, x: FloatArray, start: float, per_step: float, table: FloatArray) -> None:
    """Piecewise cubic of the scores; `table` holds four coefficients a step, the highest power last."""
    last = table.shape[0] - 1
    for j in range(z.size):
        place = (z[j] - start) * per_step
        step = min(max(np.int64(place), 0), last)
        t = min(max(place - step, 0.0), 1.0)
        row = table[step]
        x[j] = row[0] + t * (row[1] + t * (row[2] + t * row[3]))


@kernel
def step_values(z: FloatArray, x: FloatArray, steps: FloatArray) -> None:
    """Discrete values: column 0 holds ascending scores, column 1 the value above each; the first score is -inf."""
    for j in range(z.size):
        low, high = 0, steps.shape[0]
        while high - low > 1:
            middle = (low + high) // 2
            if z[j] > steps[middle, 0]:
                low = middle
            else:
                high = middle
        x[j] = steps[low, 1]


@kernel
def draw_level(
    values: FloatArray,
    shape: IntArray,
    streams: Words,
    dimensions: IntArray,
    factor: FloatArray,
    kinds: IntArray,
    numbers: FloatArray,
    tables: FloatArray,
    columns: Words,
    shifts: Words,
    shuffles: Words,
    scores: FloatArray,
    counters: Words,
    points: Words,
) -> None:
    """Draw the drivers of one level for some groups and a leaf.

    Row ``(g - first) * k + d`` of `values` gets driver d of the k of this level for group g. `shape` holds first and
    last group (exclusive), leaf, first draw of the leaf, number of draws, method, draws in all, and half the bits of
    the permutation. `dimensions` holds for each group the dimension it draws from. `kinds` holds per
    driver its kind, and the first row and number of rows in `tables`; `numbers` two numbers: location and scale, or
    start and steps per score of the table.
    """
    first, last, leaf, start, count, method, total, bits = shape
    many = kinds.shape[0]
    u = scores[many, :count]
    for group in range(first, last):
        for d in range(many):
            if method == NET:
                net_uniforms(u, start, columns[d], shifts[d], points)
            else:
                philox_uniforms(u, leaf, dimensions[group], streams[d], counters)
            if method == STRATIFIED:
                stratify(u, start, total, bits, shuffles[d])
            normal_scores(u, scores[d, :count])
        correlate(scores, factor, count)
        for d in range(many):
            x, z = values[(group - first) * many + d, :count], scores[d, :count]
            table = tables[kinds[d, 1] : kinds[d, 1] + kinds[d, 2]]
            if kinds[d, 0] == TABLE:
                table_values(z, x, numbers[d, 0], numbers[d, 1], table)
            elif kinds[d, 0] == STEPS:
                step_values(z, x, table)
            else:
                location, scale = numbers[d, 0], numbers[d, 1]
                for j in range(count):
                    x[j] = location + scale * z[j]
