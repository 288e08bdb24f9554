"""Compiled loops of `allocate` over scenarios: rows of one share a participant, each written once.

Rows are independent of one another and of how they are cut over threads. A key of shape (1 or draws, 1 or pools, n)
is prepared once where it stays the same from draw to draw, and for each draw where it does not. Credits are shared as
positive amounts (`side` 1) within mirrored limits.

Sums that are divided by are kept in two floats (hi + lo, error-free transformations of Dekker and Knuth), because
what is left after most participants stand at a bound is a small difference of large sums.
"""

import numpy as np

from ggu_costs._jit import kernel
from ggu_costs.typing import FloatArray, IntArray

CENT_NOISE = 2.0**-50  # relative: what is stored this close to a whole cent is that cent (0.57 lies just below it)
GRID_BITS = 20  # remainders of a cent are compared on a grid of 2**-20
_GRID = 1 << GRID_BITS
_SPLIT = 134217729.0  # 2**27 + 1: cuts a float64 in two halves whose products are exact


@kernel
def two_sum(a: float, b: float) -> tuple[float, float]:
    """Sum of two floats, and its exact error."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


@kernel
def add_to(high: float, low: float, value: float) -> tuple[float, float]:
    """Add a value to a sum of two floats."""
    total, error = two_sum(high, value)
    return two_sum(total, error + low)


@kernel
def sum_of_key(weights: FloatArray) -> tuple[float, float]:
    """Sum of a key in two floats."""
    high, low = 0.0, 0.0
    for weight in weights:
        high, low = add_to(high, low, weight)
    return high, low


@kernel
def product_error(a: float, b: float, product: float) -> float:
    """What a * b lacks for `product` to be exact (Dekker, Veltkamp)."""
    a_big = _SPLIT * a
    a_high = a_big - (a_big - a)
    a_low = a - a_high
    b_big = _SPLIT * b
    b_high = b_big - (b_big - b)
    b_low = b - b_high
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@kernel
def ratio_of_sums(top_high: float, top_low: float, whole_high: float, whole_low: float) -> tuple[float, float]:
    """A quotient of two sums, in two floats."""
    first = top_high / whole_high
    product = first * whole_high
    rest = (top_high - product) - product_error(first, whole_high, product) + top_low - first * whole_low
    return two_sum(first, rest / whole_high)


@kernel
def scale_row(row: FloatArray, weights: FloatArray, level: float) -> None:
    """Shares in proportion to the key."""
    for i in range(row.size):
        row[i] = level * weights[i]


@kernel
def clip_row(row: FloatArray, weights: FloatArray, lows: FloatArray, highs: FloatArray, level: float) -> None:
    """Shares in proportion to the key between bounds."""
    for i in range(row.size):
        row[i] = min(max(level * weights[i], lows[i]), highs[i])


@kernel
def proportional_rows(amounts: FloatArray, keys: FloatArray, out: FloatArray, start: int, stop: int) -> None:
    """Shares of each scenario in proportion to its key, not rounded."""
    for pool in range(amounts.shape[1]):
        whole = 1.0
        for draw in range(start, stop):
            weights = keys[draw % keys.shape[0], pool % keys.shape[1]]
            if draw == start or keys.shape[0] > 1:
                whole, _ = sum_of_key(weights)
            scale_row(out[draw, pool], weights, amounts[draw, pool] / whole)


@kernel
def in_order(figures: FloatArray) -> IntArray:
    """Places of figures in ascending order, equal ones as they stand; numba compiles numpy's for too long."""
    count, width = figures.size, 1
    order, merged = np.arange(count), np.empty(count, dtype=np.int64)
    while width < count:
        for first in range(0, count, 2 * width):
            left, middle, last = first, min(first + width, count), min(first + 2 * width, count)
            right = middle
            for k in range(first, last):
                if right == last or (left < middle and figures[order[left]] <= figures[order[right]]):
                    merged[k] = order[left]
                    left += 1
                else:
                    merged[k] = order[right]
                    right += 1
        order, merged = merged, order
        width *= 2
    return order


@kernel
def water_levels(
    weights: FloatArray, lows: FloatArray, highs: FloatArray, levels: FloatArray, rising: IntArray, ranks: IntArray
) -> int:
    """Prepare water-filling: the levels at which a participant leaves its minimum or meets its maximum, in order.

    Fills ``levels[:, k]`` with, after the k-th of these levels: the level, the amount shared there, what stands at
    bounds (hi, lo) and the key of those in between (hi, lo); ``rising[k]`` is how many are in between; ``ranks`` the k
    at which each leaves its minimum and meets its maximum. Returns the number of levels.
    """
    count = weights.size
    at = np.empty(2 * count)
    event = np.empty(2 * count, dtype=np.int64)
    known = 0
    held, held_low = 0.0, 0.0
    for i in range(count):
        ranks[0, i], ranks[1, i] = -1, 2 * count  # figure 0: never in between, held by its bounds alone
        if weights[i] > 0.0:
            held, held_low = add_to(held, held_low, lows[i])
            at[known], event[known] = lows[i] / weights[i], i
            known += 1
            if highs[i] < np.inf:
                at[known], event[known] = highs[i] / weights[i], i + count
                known += 1
        else:
            held, held_low = add_to(held, held_low, min(max(0.0, lows[i]), highs[i]))
    slope, slope_low, climbing = 0.0, 0.0, 0
    # stable: of equal levels a minimum, noted first, is left before its maximum is met
    for k, place in enumerate(in_order(at[:known])):
        i = event[place] % count
        shared = held + (held_low + slope * at[place])
        if event[place] < count:
            held, held_low = add_to(held, held_low, -lows[i])
            slope, slope_low = add_to(slope, slope_low, weights[i])
            climbing += 1
            ranks[0, i] = k
        else:
            held, held_low = add_to(held, held_low, highs[i])
            slope, slope_low = add_to(slope, slope_low, -weights[i])
            climbing -= 1
            ranks[1, i] = k
            if climbing == 0:
                shared = held + held_low
        levels[0, k], levels[1, k] = at[place], shared
        levels[2, k], levels[3, k] = held, held_low
        levels[4, k], levels[5, k] = slope, slope_low
        rising[k] = climbing
    return known


@kernel
def room_gap(amount: float, levels: FloatArray, rising: IntArray, known: int, noise: float) -> float:
    """How much the amount lies below the sum of minima (negative) or above what maxima allow (positive); else 0."""
    least, most = float(levels[1, 0]), float(levels[1, known - 1])
    if amount < least - noise * abs(least):
        return amount - least
    if rising[known - 1] == 0 and amount > most + noise * abs(most):
        return amount - most
    return 0.0


@kernel
def find_level(amount: float, levels: FloatArray, rising: IntArray, known: int) -> tuple[int, float]:
    """The segment between two levels in which the amount is shared, and the water level."""
    first, beyond = 0, known
    while beyond - first > 1:
        middle = (first + beyond) // 2
        if levels[1, middle] <= amount:
            first = middle
        else:
            beyond = middle
    level = levels[0, first]
    if rising[first] > 0:
        level = max(level, (amount - levels[2, first] - levels[3, first]) / (levels[4, first] + levels[5, first]))
        if first + 1 < known:
            level = min(level, levels[0, first + 1])
    return first, level


@kernel
def bounded_rows(
    amounts: FloatArray,
    keys: FloatArray,
    lows: FloatArray,
    highs: FloatArray,
    noise: float,
    out: FloatArray,
    gaps: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Shares of each scenario by water-filling, not rounded; limits have a row for costs and one for credits."""
    count = out.shape[2]
    levels = np.empty((2, 6, 2 * count))
    rising = np.empty((2, 2 * count), dtype=np.int64)
    ranks = np.empty((2, 2, count), dtype=np.int64)
    known = np.full(2, -1)
    for pool in range(amounts.shape[1]):
        known[:] = -1
        for draw in range(start, stop):
            weights = keys[draw % keys.shape[0], pool % keys.shape[1]]
            if keys.shape[0] > 1:
                known[:] = -1
            side = 1 if amounts[draw, pool] < 0.0 else 0
            if known[side] < 0:
                known[side] = water_levels(weights, lows[side], highs[side], levels[side], rising[side], ranks[side])
            amount = abs(amounts[draw, pool])
            gaps[draw, pool] = room_gap(amount, levels[side], rising[side], known[side], noise)
            _, level = find_level(amount, levels[side], rising[side], known[side])
            if side == 0:
                clip_row(out[draw, pool], weights, lows[0], highs[0], level)
            else:
                clip_row(out[draw, pool], weights, -highs[1], -lows[1], -level)


@kernel
def whole_quotas(
    weights: IntArray, total: int, whole: int, level: float, units: IntArray, remainders: IntArray
) -> None:
    """Whole cents of total * weight / whole and what remains, exactly: the float guides, the integers decide."""
    for i in range(weights.size):
        unit = int(level * weights[i])
        remainder = total * weights[i] - unit * whole
        low = remainder < 0
        high = remainder >= whole
        units[i] = unit - low + high
        remainders[i] = remainder + whole * low - whole * high


@kernel
def grid_quotas(weights: FloatArray, level: float, level_low: float, units: IntArray, remainders: IntArray) -> None:
    """Whole cents of level * weight and what remains, on the grid."""
    for i in range(weights.size):
        quota = level * weights[i]
        error = product_error(level, weights[i], quota) + level_low * weights[i]
        floor = np.floor(quota)
        part = int(np.rint(((quota - floor) + error) * _GRID))
        units[i] = int(floor) + (part >> GRID_BITS)
        remainders[i] = part & (_GRID - 1)


@kernel
def hold_to_bounds(
    lows: FloatArray, highs: FloatArray, ranks: IntArray, segment: int, units: IntArray, remainders: IntArray
) -> None:
    """Put at its bound, with nothing remaining, whoever stands there in this segment or would be rounded past it."""
    for i in range(units.size):
        if ranks[0, i] > segment or units[i] < lows[i]:
            units[i], remainders[i] = int(lows[i]), 0
        if ranks[1, i] <= segment or units[i] >= highs[i]:
            units[i], remainders[i] = int(highs[i]), 0


@kernel
def serve_largest(
    units: IntArray, remainders: IntArray, left: int, grain: int, order: IntArray, spare: IntArray, tally: IntArray
) -> None:
    """Give one unit each to the `left` largest remainders (all below `grain`), ties in `order`.

    The last remainder served is found by counting leading bytes, so the work is linear in the participants.
    """
    if left <= 0:
        return
    shift = 0
    while (grain >> shift) > 255:
        shift += 1
    held = remainders
    edge = 0
    while True:
        tally[:] = 0
        for remainder in held:
            tally[((remainder - edge) >> shift) & 255] += 1
        digit = 255
        while tally[digit] < left:
            left -= tally[digit]
            digit -= 1
        edge += digit << shift
        if tally[digit] == left or shift == 0:
            break
        found = 0
        for remainder in held:  # writes never pass reads, so `held` may be `spare`
            if (remainder - edge) >> shift == 0:
                spare[found] = remainder
                found += 1
        held = spare[:found]
        shift = max(0, shift - 8)
    if tally[digit] == left:
        for i in range(units.size):
            units[i] += remainders[i] >= edge
        return
    for i in range(units.size):
        units[i] += remainders[i] > edge
    for i in order:
        if remainders[i] == edge and left > 0:
            units[i] += 1
            left -= 1


@kernel
def write_cents(row: FloatArray, units: IntArray, sign: float) -> None:
    """Whole cents as euros, each the nearest float."""
    for i in range(row.size):
        row[i] = sign * units[i] / 100.0


@kernel
def cents_rows(
    totals: FloatArray,
    keys: FloatArray,
    lows: FloatArray,
    highs: FloatArray,
    bounded: bool,
    integral: bool,
    order: IntArray,
    out: FloatArray,
    gaps: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Shares of each scenario in whole cents; totals, `lows` and `highs` are whole cents.

    `integral`: all figures are whole numbers and total * figure stays below 2**62, so remainders are exact.
    """
    count = out.shape[2]
    levels = np.empty((2, 6, 2 * count))
    rising = np.empty((2, 2 * count), dtype=np.int64)
    ranks = np.empty((2, 2, count), dtype=np.int64)
    known = np.full(2, -1)
    units, remainders = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    whole_weights, spare = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    tally = np.empty(256, dtype=np.int64)
    for pool in range(totals.shape[1]):
        whole, whole_low, segment = 0.0, 0.0, 0
        for draw in range(start, stop):
            weights = keys[draw % keys.shape[0], pool % keys.shape[1]]
            if draw == start or keys.shape[0] > 1:
                known[:] = -1
                whole, whole_low = sum_of_key(weights)
                for i in range(count):
                    whole_weights[i] = int(weights[i]) if integral else 0
            side = 1 if totals[draw, pool] < 0.0 else 0
            total = abs(totals[draw, pool])
            rest, part, part_low = total, whole, whole_low
            if bounded:
                if known[side] < 0:
                    known[side] = water_levels(
                        weights, lows[side], highs[side], levels[side], rising[side], ranks[side]
                    )
                gaps[draw, pool] = room_gap(total, levels[side], rising[side], known[side], 0.0)
                if gaps[draw, pool] != 0.0:
                    continue
                segment, _ = find_level(total, levels[side], rising[side], known[side])
                rest = total - levels[side, 2, segment]
                part, part_low = levels[side, 4, segment], levels[side, 5, segment]
                if rising[side, segment] == 0:
                    rest, part, part_low = 0.0, 1.0, 0.0
            if integral:
                grain = int(part)
                whole_quotas(whole_weights, int(rest), grain, rest / part, units, remainders)
            else:
                grain = int(_GRID)
                level, level_low = ratio_of_sums(rest, 0.0, part, part_low)
                grid_quotas(weights, level, level_low, units, remainders)
            if bounded:
                hold_to_bounds(lows[side], highs[side], ranks[side], segment, units, remainders)
            serve_largest(units, remainders, int(total) - units.sum(), grain, order, spare, tally)
            write_cents(out[draw, pool], units, 1.0 - 2.0 * side)


@kernel
def on_grid(amount: float) -> int:
    """Cents as a whole number of grid steps."""
    return int(np.rint(amount * _GRID))


@kernel
def round_row(
    row: FloatArray,
    shares: IntArray,
    total: int,
    order: IntArray,
    units: IntArray,
    remainders: IntArray,
    spare: IntArray,
    tally: IntArray,
) -> None:
    """Whole cents of shares in grid steps, which add up to the total, as euros."""
    for i in range(shares.size):
        units[i] = shares[i] >> GRID_BITS
        remainders[i] = shares[i] & (_GRID - 1)
    serve_largest(units, remainders, total - units.sum(), int(_GRID), order, spare, tally)
    write_cents(row, units, 1.0)


@kernel
def round_rows(totals: FloatArray, order: IntArray, rows: FloatArray, start: int, stop: int) -> None:
    """Shares of each scenario, worked out in cents, become whole cents as euros, in place."""
    count = rows.shape[2]
    shares, units = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    remainders, spare = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    tally = np.empty(256, dtype=np.int64)
    for pool in range(totals.shape[1]):
        for draw in range(start, stop):
            row = rows[draw, pool]
            for i in range(count):
                shares[i] = on_grid(row[i])
            round_row(row, shares, int(totals[draw, pool]), order, units, remainders, spare, tally)


@kernel
def read_claims(claims: FloatArray, cents: bool, values: FloatArray) -> None:
    """Claims in the unit of the result: euros, or cents with float noise beside a whole cent taken away."""
    for i in range(claims.size):
        value = claims[i]
        if cents:
            value *= 100.0
            if abs(value - np.rint(value)) <= CENT_NOISE * value:
                value = np.rint(value)
        values[i] = value


@kernel
def claims_rows(
    amounts: FloatArray,
    keys: FloatArray,
    rule: int,
    cents: bool,
    order: IntArray,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Awards of each scenario by equal awards (rule 0), equal losses (1) or the Talmud (2).

    An award is an equal share up to a cap, or the claim less such a share of the loss; the caps are the claims, under
    the Talmud half of them. The keys hold claims in euro. With `cents` the amounts are cents, and
    shares are worked out in steps of the grid.
    """
    count = out.shape[2]
    levels, rising = np.empty((6, 2 * count)), np.empty(2 * count, dtype=np.int64)
    ranks = np.empty((2, count), dtype=np.int64)
    ones, zeros, caps, claims = np.ones(count), np.zeros(count), np.empty(count), np.empty(count)
    claim_steps, cap_steps = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    shares, units = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    remainders, spare = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    tally = np.empty(256, dtype=np.int64)
    for pool in range(amounts.shape[1]):
        known, whole, whole_low = 0, 0.0, 0.0
        for draw in range(start, stop):
            if draw == start or keys.shape[0] > 1:
                read_claims(keys[draw % keys.shape[0], pool % keys.shape[1]], cents, claims)
                for i in range(count):
                    caps[i] = claims[i] * (0.5 if rule == 2 else 1.0)
                    if cents:
                        claim_steps[i], cap_steps[i] = on_grid(claims[i]), on_grid(caps[i])
                known = water_levels(ones, zeros, caps, levels, rising, ranks)
                whole, whole_low = sum_of_key(claims)
            amount = amounts[draw, pool]
            by_loss = rule == 1 or (rule == 2 and amount > whole / 2)
            if by_loss:
                amount = max(0.0, whole - amount + whole_low)
            _, level = find_level(amount, levels, rising, known)
            row = out[draw, pool]
            if cents:
                step = on_grid(level)
                for i in range(count):
                    equal = min(step, cap_steps[i])
                    shares[i] = claim_steps[i] - equal if by_loss else equal
                round_row(row, shares, int(amounts[draw, pool]), order, units, remainders, spare, tally)
            elif by_loss:
                for i in range(count):
                    row[i] = claims[i] - min(level, caps[i])
            else:
                for i in range(count):
                    row[i] = min(level, caps[i])
