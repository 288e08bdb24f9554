"""Compiled loops of `allocate` over scenarios: rows of one share a participant, each written once.

Rows are independent of one another and of how they are cut over threads. A key of shape (1 or draws, 1 or pools, n)
is prepared once where it stays the same from draw to draw, and for each draw where it does not. Credits are shared as
positive amounts (`side` 1) within mirrored limits.

Sums that are divided by are kept in two floats (hi + lo, error-free transformations of Dekker and Knuth), because
what is left after most participants stand at a bound is a small difference of large sums.

Every row is verified as it is written: whole cents by their number, unrounded shares by their sum. A scenario whose
shares do not add up to its amount is marked in `failed`, and is for the caller to share in another way.
"""

import numpy as np

from ggu_costs._jit import adding_up, fma, inlined, kernel
from ggu_costs.typing import BoolArray, FloatArray, IntArray

CENT_NOISE = 2.0**-50  # relative: what is stored this close to a whole cent is that cent (0.57 lies just below it)
GRID_BITS = 20  # remainders of a cent are compared on a grid of 2**-20
_GRID = 1 << GRID_BITS
_CANCELLED = 2.0**-40  # a sum that fell below this part of what it was is made again
_LARGEST = 2.0**60  # cents; beyond, integers may wrap around
_STEEPEST = 1e290  # euro a unit of the key; beyond, products have no exact error
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


@adding_up
def scale_row(row: FloatArray, weights: FloatArray, level: float) -> float:
    """Shares in proportion to the key; returns their sum."""
    inlined()
    total = 0.0
    for i in range(row.size):
        share = level * weights[i]
        row[i] = share
        total += share
    return total


@adding_up
def clip_row(row: FloatArray, weights: FloatArray, lows: FloatArray, highs: FloatArray, level: float) -> float:
    """Shares in proportion to the key between bounds; returns their sum."""
    inlined()
    total = 0.0
    for i in range(row.size):
        share = min(max(level * weights[i], lows[i]), highs[i])
        row[i] = share
        total += share
    return total


@adding_up
def award_row(row: FloatArray, caps: FloatArray, level: float) -> float:
    """Equal awards up to caps; returns their sum."""
    inlined()
    total = 0.0
    for i in range(row.size):
        share = min(level, caps[i])
        row[i] = share
        total += share
    return total


@adding_up
def lose_row(row: FloatArray, claims: FloatArray, caps: FloatArray, level: float, level_low: float) -> float:
    """Claims less equal losses up to caps, the loss in two floats, taken off one after the other; returns their sum."""
    inlined()
    total = 0.0
    for i in range(row.size):
        share = max(claims[i] - caps[i], fma(-1.0, level_low, claims[i] - level))
        row[i] = share
        total += share
    return total


@adding_up
def sum_of_row(row: FloatArray) -> float:
    """Sum of a row."""
    inlined()
    total = 0.0
    for i in range(row.size):
        total += row[i]
    return total


@kernel
def misses(total: float, amount: float, size: float, count: int) -> bool:
    """Whether shares miss an amount by more than the noise of `count` floats of some `size`; NaN misses."""
    return not abs(total - amount) <= (2.0**-46 + count * 2.0**-57) * size


@kernel
def proportional_rows(
    amounts: FloatArray, keys: FloatArray, out: FloatArray, failed: BoolArray, start: int, stop: int
) -> None:
    """Shares of each scenario in proportion to its key, not rounded."""
    count = out.shape[2]
    for pool in range(amounts.shape[1]):
        whole = 1.0
        for draw in range(start, stop):
            weights, amount = keys[draw % keys.shape[0], pool % keys.shape[1]], amounts[draw, pool]
            if draw == start or keys.shape[0] > 1:
                whole, _ = sum_of_key(weights)
            shared = scale_row(out[draw, pool], weights, amount / whole)
            failed[draw, pool] = misses(shared, amount, abs(amount), count)


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
def sum_between(weights: FloatArray, ranks: IntArray, k: int) -> tuple[float, float]:
    """Sum of the key of those between their bounds after the k-th level, in two floats."""
    high, low = 0.0, 0.0
    for i in range(weights.size):
        if ranks[0, i] <= k < ranks[1, i]:
            high, low = add_to(high, low, weights[i])
    return high, low


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
            ranks[0, i] = 2 * count
            held, held_low = add_to(held, held_low, lows[i])
            at[known], event[known] = lows[i] / weights[i], i
            known += 1
            if highs[i] < np.inf:
                at[known], event[known] = highs[i] / weights[i], i + count
                known += 1
        else:
            held, held_low = add_to(held, held_low, min(max(0.0, lows[i]), highs[i]))
    slope, slope_low, climbing, most = 0.0, 0.0, 0, 0.0
    # stable: of equal levels a minimum, noted first, is left before its maximum is met
    for k, place in enumerate(in_order(at[:known])):
        i = event[place] % count
        shared = held + (held_low + slope * at[place])
        if event[place] < count:
            held, held_low = add_to(held, held_low, -lows[i])
            slope, slope_low = add_to(slope, slope_low, weights[i])
            climbing += 1
            ranks[0, i] = k
            most = max(most, slope)
        else:
            held, held_low = add_to(held, held_low, highs[i])
            slope, slope_low = add_to(slope, slope_low, -weights[i])
            climbing -= 1
            ranks[1, i] = k
            if climbing == 0:
                shared = held + held_low
            if slope < _CANCELLED * most:  # what is left of it is noise, where figures lie far apart
                slope, slope_low = sum_between(weights, ranks, k)
                most = slope
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
    first, ahead, shared = 0, known, levels[1]
    while ahead > 1:  # by halves, without a branch to guess wrong
        half = ahead >> 1
        first += half * (shared[first + half] <= amount)
        ahead -= half
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
    failed: BoolArray,
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
            segment, level = find_level(amount, levels[side], rising[side], known[side])
            if side == 0:
                shared = clip_row(out[draw, pool], weights, lows[0], highs[0], level)
            else:
                shared = -clip_row(out[draw, pool], weights, -highs[1], -lows[1], -level)
            failed[draw, pool] = misses(shared, amount, amount + abs(levels[side, 2, segment]), count)


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
    """Whole cents of level * weight and what remains, on the grid; nothing where they are beyond integers."""
    for i in range(weights.size):
        quota = level * weights[i]
        error = product_error(level, weights[i], quota) + level_low * weights[i]
        if not abs(quota) < _LARGEST:  # stands at its bound, which is put in afterwards
            quota, error = 0.0, 0.0
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
) -> bool:
    """Give one unit each to the `left` largest remainders (all below `grain`), ties in `order`.

    The last remainder served is found by counting leading bytes, so the work is linear in the participants. Returns
    whether there were so many above 0: what has no remainder is whole already, or stands at its bound.
    """
    if left == 0:
        return True
    wanting = 0
    for i in range(remainders.size):
        wanting += remainders[i] > 0
    if left < 0 or left > wanting:
        return False
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
        return True
    for i in range(units.size):
        units[i] += remainders[i] > edge
    for i in order:
        if remainders[i] == edge and left > 0:
            units[i] += 1
            left -= 1
    return True


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
    failed: BoolArray,
    start: int,
    stop: int,
) -> None:
    """Shares of each scenario in whole cents; totals, `lows` and `highs` are whole cents.

    `integral`: all figures are whole numbers, and their sum and total * figure stay below 2**62, so remainders are
    exact.
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
            if not (abs(rest) < _LARGEST and part > 0.0):
                failed[draw, pool] = True
                continue
            if integral:
                grain = int(part) + int(part_low)
                whole_quotas(whole_weights, int(rest), grain, rest / part, units, remainders)
            else:
                grain = int(_GRID)
                level, level_low = ratio_of_sums(rest, 0.0, part, part_low)
                if not abs(level) < _STEEPEST:
                    failed[draw, pool] = True
                    continue
                grid_quotas(weights, level, level_low, units, remainders)
            if bounded:
                hold_to_bounds(lows[side], highs[side], ranks[side], segment, units, remainders)
            met = serve_largest(units, remainders, int(total) - units.sum(), grain, order, spare, tally)
            failed[draw, pool] = not met
            write_cents(out[draw, pool], units, 1.0 - 2.0 * side)


@kernel
def on_grid(amount: float, amount_low: float, down: bool) -> int:
    """Cents, in two floats, as a whole number of grid steps; halves up or down."""
    whole = np.floor(amount)
    part = ((amount - whole) + amount_low) * _GRID
    return (int(whole) << GRID_BITS) + int(np.ceil(part - 0.5) if down else np.floor(part + 0.5))


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
) -> bool:
    """Whole cents of shares in grid steps, which add up to the total, as euros; returns whether they do."""
    for i in range(shares.size):
        units[i] = shares[i] >> GRID_BITS
        remainders[i] = shares[i] & (_GRID - 1)
    met = serve_largest(units, remainders, total - units.sum(), int(_GRID), order, spare, tally)
    write_cents(row, units, 1.0)
    return met


@kernel
def round_rows(
    totals: FloatArray,
    steps: IntArray,
    order: IntArray,
    rows: FloatArray,
    failed: BoolArray,
    start: int,
    stop: int,
) -> None:
    """Shares of each scenario in grid steps become whole cents as euros; both may lie in one memory."""
    count = rows.shape[2]
    shares, units = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    remainders, spare = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    tally = np.empty(256, dtype=np.int64)
    for pool in range(totals.shape[1]):
        for draw in range(start, stop):
            shares[:] = steps[draw, pool]
            met = round_row(rows[draw, pool], shares, int(totals[draw, pool]), order, units, remainders, spare, tally)
            failed[draw, pool] = not met


@kernel
def check_rows(amounts: FloatArray, rows: FloatArray, failed: BoolArray, start: int, stop: int) -> None:
    """Mark scenarios whose shares, 0 or more and not rounded, miss their amount."""
    for pool in range(amounts.shape[1]):
        for draw in range(start, stop):
            amount = amounts[draw, pool]
            failed[draw, pool] = misses(sum_of_row(rows[draw, pool]), amount, amount, rows.shape[2])


@kernel
def read_claims(claims: FloatArray, cents: bool, values: FloatArray) -> None:
    """Claims in the unit of the result: euros, or cents on the grid, float noise beside a whole cent taken away."""
    for i in range(claims.size):
        value = claims[i]
        if cents:
            value *= 100.0
            if abs(value - np.rint(value)) <= CENT_NOISE * value:
                value = np.rint(value)
            value = np.rint(value * _GRID) / _GRID
        values[i] = value


@kernel
def rest_of_level(
    amount: float, amount_low: float, levels: FloatArray, rising: IntArray, segment: int, level: float
) -> float:
    """What a level lacks to be exact: where awards are small beside the claims, it is most of an award."""
    if rising[segment] == 0:
        return 0.0
    rest, rest_low = two_sum(amount, -levels[2, segment])
    rest_low += amount_low - levels[3, segment]
    exact, exact_low = ratio_of_sums(rest, rest_low, levels[4, segment], levels[5, segment])
    return (exact - level) + exact_low


@kernel
def claims_rows(
    amounts: FloatArray,
    keys: FloatArray,
    rule: int,
    cents: bool,
    order: IntArray,
    out: FloatArray,
    failed: BoolArray,
    start: int,
    stop: int,
) -> None:
    """Awards of each scenario by equal awards (rule 0), equal losses (1) or the Talmud (2).

    An award is an equal share up to a cap, or the claim less such a share of the loss; the caps are the claims, under
    the Talmud half of them. The keys hold claims in euro. With `cents` the amounts are cents, and
    shares are worked out in steps of the grid, halves up: what is taken off a claim has its halves down.
    """
    count = out.shape[2]
    levels, rising = np.empty((6, 2 * count)), np.empty(2 * count, dtype=np.int64)
    ranks = np.empty((2, count), dtype=np.int64)
    ones, zeros, caps, claims = np.ones(count), np.zeros(count), np.empty(count), np.empty(count)
    claim_steps = np.empty(count, dtype=np.int64)
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
                        claim_steps[i] = on_grid(claims[i], 0.0, False)
                known = water_levels(ones, zeros, caps, levels, rising, ranks)
                whole, whole_low = sum_of_key(claims)
            amount, lost_low = amounts[draw, pool], 0.0
            by_loss = rule == 1 or (rule == 2 and amount > whole / 2)
            if by_loss:
                amount, lost_low = add_to(whole, whole_low, -amount)
                if amount < 0.0:
                    amount, lost_low = 0.0, 0.0
            segment, level = find_level(amount, levels, rising, known)
            row = out[draw, pool]
            if cents:
                level_low = rest_of_level(amount, lost_low, levels, rising, segment, level)
                step = on_grid(level, level_low, by_loss)
                for i in range(count):
                    cap = (claim_steps[i] + (not by_loss)) >> 1 if rule == 2 else claim_steps[i]
                    equal = min(step, cap)
                    shares[i] = claim_steps[i] - equal if by_loss else equal
                met = round_row(row, shares, int(amounts[draw, pool]), order, units, remainders, spare, tally)
                failed[draw, pool] = not met
                continue
            if by_loss:
                level_low = rest_of_level(amount, lost_low, levels, rising, segment, level)
                shared = lose_row(row, claims, caps, level, level_low)
            else:
                shared = award_row(row, caps, level)
            failed[draw, pool] = misses(shared, amounts[draw, pool], amounts[draw, pool], count)
