"""Compiled loops that make draws: counter-based uniforms, normal scores, correlation, values of drivers.

Every number is a pure function of seed, stream, draw and dimension. Only additions, multiplications, divisions and
square roots are used, never a library's exp or log, so that all processors give the same bits.

Philox 4x32-10 is from J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the normal inverse is
algorithm AS 241 of M. Wichura, Applied Statistics 37 (1988), routine PPND16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ggu_costs._jit import lean_kernel, part, wide
from ggu_costs.typing import FloatArray, IntArray

if TYPE_CHECKING:
    Words = NDArray[np.uint64]

LEAF = 4096
TABLE, STEPS = 2, 3  # kinds of drivers

_HALF = LEAF // 2  # one block of Philox gives two uniforms: draws p and p + 2048 of a leaf
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _WORD, _SIX = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(6)
_ONE = np.uint64(1)
_HALF_DIGITS = np.uint64(26)
_EXPONENT_OF_ONE = np.uint64(0x3FF0000000000000)
_CELL = 2.0**-52  # width of a uniform: 52 bits
_ROUNDS = 10  # of Philox 4x32-10
_MIXING = 6  # rounds of the network that permutes the strata of a hypercube
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_MANTISSA, _ONE_BITS = 0x000FFFFFFFFFFFFF, 0x3FF0000000000000


@lean_kernel
def philox_uniforms(u: FloatArray, count: int, leaf: int, dimension: int, key: Words) -> None:
    """Put the first `count` uniforms of a leaf; `u` is a whole leaf, and what lies beyond `count` is of no use.

    Two of the four words of a block become a uniform of 52 bits, in the middle of its cell: the digits of a number from
    1 to 2, less 1.

    Parameters
    ----------
    u
        float64, shape (4096,). Changed: the uniforms are put.
    count
        Uniforms wanted.
    leaf, dimension
        The leaf among all of all replicates, and the group or unit: words of the counter.
    key
        uint64, shape (4,): the two words of the seed and the two of the stream.
    """
    wide()
    early, late, least = u[:_HALF], u[_HALF:], 1.0 - 0.5 * _CELL
    first, other, seed0, seed1 = np.uint64(leaf * _HALF), np.uint64(dimension), key[0], key[1]
    for j in range(np.uint64(min(count, _HALF))):
        a, b, c, d = first + j, other, key[2], key[3]
        key0, key1 = seed0, seed1
        for _ in range(_ROUNDS):
            left, right = _M0 * a, _M1 * c
            a, b, c, d = (right >> _WORD) ^ b ^ key0, right & _LOW, (left >> _WORD) ^ d ^ key1, left & _LOW
            key0, key1 = (key0 + _W0) & _LOW, (key1 + _W1) & _LOW
        a, c = ((a >> _SIX) << _HALF_DIGITS) | (b >> _SIX), ((c >> _SIX) << _HALF_DIGITS) | (d >> _SIX)
        early[j] = np.uint64(a | _EXPONENT_OF_ONE).view(np.float64) - least
        late[j] = np.uint64(c | _EXPONENT_OF_ONE).view(np.float64) - least


@lean_kernel
def net_uniforms(u: FloatArray, first: int, columns: Words, shift: np.uint64, points: Words) -> None:
    """Consecutive points of a digital net: the exclusive or of the columns named by the draw's bits.

    Parameters
    ----------
    u
        float64, shape (draws,). Changed: filled.
    first
        Number of the first point.
    columns
        uint64, shape (bits of the number of points,): the scrambled net of one driver.
    shift
        Its digital shift.
    points
        uint64, shape (draws,). Changed: scratch.
    """
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


@part
def shuffled(place: int, total: int, bits: int, keys: Words) -> int:
    """Position of `place` in a permutation of range(total): a Feistel network, walked until it falls inside.

    Parameters
    ----------
    place, total
        The number to permute, and how many there are.
    bits
        Half of the bits of the network.
    keys
        uint64, shape (12,): two a round.
    """
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


@lean_kernel
def stratify(u: FloatArray, first: int, total: int, bits: int, keys: Words) -> None:
    """Latin hypercube: carry each uniform into a stratum of its own among `total`.

    Parameters
    ----------
    u
        float64, shape (draws,). Changed: in place.
    first, total
        Number of the first draw, and of all draws of the replicate.
    bits, keys
        See :func:`shuffled`.
    """
    for j in range(u.size):
        u[j] = (np.float64(shuffled(first + j, total, bits, keys)) + u[j]) / np.float64(total)


@part
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


@part
def _middle(q: float) -> float:
    r = 0.180625 - q * q
    above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
        + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
        + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
    below = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
        + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
        + 42.313330701600911252) * r + 1.0)  # fmt: skip
    return q * above / below


@part
def _tail(t: float) -> float:
    r = t - 1.6
    above = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
        + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
        + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
    below = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
        + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
        + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    return above / below


@part
def _far_tail(t: float) -> float:
    r = t - 5.0
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
        + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
        + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
    below = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
        + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
        + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return above / below


@lean_kernel
def normal_scores(u: FloatArray, z: FloatArray, tails: FloatArray, places: IntArray) -> None:
    """Normal scores of uniforms; relative error about 1e-15.

    One formula holds for the middle 85 per cent; the tails are taken apart. Below 1.4e-11 a third holds.

    Parameters
    ----------
    u
        float64, shape (draws,): the uniforms.
    z
        float64, shape (draws,). Changed: the scores are put.
    tails
        float64, shape (at least draws,). Changed: scratch.
    places
        int64, shape (at least draws,). Changed: scratch.
    """
    wide()
    many = 0
    for j in range(u.size):
        z[j] = _middle(u[j] - 0.5)
    for j in range(u.size):
        places[many] = j
        many += 1 if abs(u[j] - 0.5) > 0.425 else 0
    for k in range(many):
        side = u[places[k]]
        tails[k] = 1.0 - side if side > 0.5 else side
    for k in range(many):
        root = np.sqrt(-natural_log(tails[k]))
        tails[k] = -root if root > 5.0 else _tail(root)  # scores in the tails are above 1: what is below 0 is far out
    for k in range(many):
        score = tails[k] if tails[k] > 0.0 else _far_tail(-tails[k])
        z[places[k]] = score if u[places[k]] > 0.5 else -score


@lean_kernel
def correlate(z: FloatArray, factor: FloatArray, count: int) -> None:
    """Independent scores become correlated ones.

    Parameters
    ----------
    z
        float64, shape (at least drivers, 4096): one row a driver. Changed: in place, the first `count` of each row.
    factor
        float64, shape (drivers, drivers): lower triangular, its square the correlation matrix.
    count
        Draws.
    """
    wide()
    for k in range(factor.shape[0] - 1, -1, -1):
        row, own = z[k, :count], factor[k, k]
        for j in range(row.size):
            row[j] *= own
        for i in range(k):
            share, other = factor[k, i], z[i, :count]
            if share != 0.0:
                for j in range(row.size):
                    row[j] += share * other[j]


@part
def table_values(z: FloatArray, x: FloatArray, start: float, per_step: float, table: FloatArray) -> None:
    """Piecewise cubic of the scores.

    Parameters
    ----------
    z
        float64, shape (draws,): the scores.
    x
        float64, shape (draws,). Changed: the values are put.
    start, per_step
        Score at which the table begins, and steps per unit of score.
    table
        float64, shape (steps, 4): coefficients of each cubic, the highest power last.
    """
    wide()
    last = table.shape[0] - 1
    for j in range(z.size):
        place = (z[j] - start) * per_step
        step = min(max(np.int64(place), 0), last)
        t = min(max(place - step, 0.0), 1.0)
        row = np.uint64(step)  # a place without a sign needs no test
        x[j] = table[row, 0] + t * (table[row, 1] + t * (table[row, 2] + t * table[row, 3]))


@part
def step_values(z: FloatArray, x: FloatArray, steps: FloatArray) -> None:
    """Discrete values of the scores.

    Parameters
    ----------
    z
        float64, shape (draws,): the scores.
    x
        float64, shape (draws,). Changed: the values are put.
    steps
        float64, shape (values, 4): ascending scores, the first -inf, and the value above each; the rest is not used.
    """
    for j in range(z.size):
        low, high = 0, steps.shape[0]
        while high - low > 1:
            middle = (low + high) // 2
            if z[j] > steps[middle, 0]:
                low = middle
            else:
                high = middle
        x[j] = steps[low, 1]


@lean_kernel
def driver_values(
    scores: FloatArray, values: FloatArray, count: int, kinds: IntArray, numbers: FloatArray, tables: FloatArray
) -> None:
    """Values of drivers at scores; of one that is the exponential of a score, that score.

    Parameters
    ----------
    scores
        float64, shape (at least drivers, draws or more): one row a driver.
    values
        float64, shape (drivers, draws or more). Changed: one row a driver.
    count
        Draws.
    kinds
        int64, shape (drivers, 3): form of each, first row of its table, number of rows.
    numbers
        float64, shape (drivers, 2): location and scale of the score, or start and steps per score of the table.
    tables
        float64, shape (rows of all tables, 4).
    """
    for d in range(kinds.shape[0]):
        kind, start, size = kinds[d]
        z, x, table = scores[d, :count], values[d, :count], tables[start : start + size]
        first, second = numbers[d]
        if kind == TABLE:
            table_values(z, x, first, second, table)
        elif kind == STEPS:
            step_values(z, x, table)
        else:
            for j in range(count):
                x[j] = first + second * z[j]


@lean_kernel
def draw_values(
    values: FloatArray, count: int, leaf: int, dimension: int, keys: Words, factor: FloatArray, correlated: bool,
    kinds: IntArray, numbers: FloatArray, tables: FloatArray, scores: FloatArray, places: IntArray
) -> None:  # fmt: skip
    """Draw the drivers of a level for a leaf.

    Parameters
    ----------
    values
        float64, shape (drivers, 4096). Changed: one row a driver.
    count, leaf, dimension
        See :func:`philox_uniforms`.
    keys
        uint64, shape (drivers, 4): see `key` there.
    factor, correlated
        float64, shape (drivers, drivers): see :func:`correlate`; and whether it does anything.
    kinds, numbers, tables
        See :func:`driver_values`.
    scores
        float64, shape (at least drivers + 2, 4096). Changed: the scores, and scratch in the last two rows.
    places
        int64, shape (4096,). Changed: scratch.
    """
    uniforms, tails = scores[-2], scores[-1]
    for d in range(keys.shape[0]):
        philox_uniforms(uniforms, count, leaf, dimension, keys[d])
        normal_scores(uniforms[:count], scores[d, :count], tails, places)
    if correlated:
        correlate(scores, factor, count)
    driver_values(scores, values, count, kinds, numbers, tables)
