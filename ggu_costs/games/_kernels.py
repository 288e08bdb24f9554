"""Kernels over the table of 2^n costs: one read for the Shapley value and its relatives.

With u(s) = (s-1)! (n-s-1)! / (n-1)! for 0 < s < n and u(n) = 1/n the Shapley value is
phi_i = sum over S with i of u(|S|) C(S), minus a number that is the same for all players. So every player needs one
weighted sum over the half of the table that holds it, and all n sums come from one read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs._jit import kernel

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


BLOCK_BITS = 9  # players within a block of 512 consecutive costs
GROUP_BITS = 12  # players within a group of 8 blocks
ROW = 528  # distance between rows of 512: off a power of two, or all rows would compete for the same cache lines


@kernel
def small_sums(values: FloatArray, by_size: FloatArray, out: FloatArray) -> None:
    """out[i] = sum over S with i of by_size[|S|] values[S]; for tables too small for groups of blocks."""
    for mask in range(1, len(values)):
        size = 0
        rest = mask
        while rest:
            rest &= rest - 1
            size += 1
        product = by_size[size] * values[mask]
        for i in range(len(out)):
            if mask >> i & 1:
                out[i] += product


@kernel
def group_sums(
    values: FloatArray, weights: FloatArray, start: int, stop: int, lanes: FloatArray, sums: FloatArray
) -> None:
    """Add groups start to stop of 8 blocks of 512 costs into lanes, and give the weighted sum of each group.

    weights holds, for every number of players outside the block, a row of 512: the weight of each size. lanes has five
    rows: all blocks, those with each of the three middle players, and a row to work in.
    """
    for group in range(start, stop):
        cost = values[group * 4096 : (group + 1) * 4096]
        size = 0
        rest = group
        while rest:
            rest &= rest - 1
            size += 1
        # the four rows for 0 to 3 of the middle players
        weight = weights[size * ROW : (size + 4) * ROW]
        work = lanes[4 * ROW : 5 * ROW]
        for j in range(512):
            one = weight[j + ROW]
            two = weight[j + 2 * ROW]
            p1 = cost[j + 512] * one
            p3 = cost[j + 1536] * two
            p5 = cost[j + 2560] * two
            p7 = cost[j + 3584] * weight[j + 3 * ROW]
            middle = cost[j + 1024] * one + p3
            upper = cost[j + 3072] * two + p7
            last = cost[j + 2048] * one + p5 + upper
            whole = cost[j] * weight[j] + p1 + middle + last
            lanes[j] += whole
            lanes[j + ROW] += (p1 + p3) + (p5 + p7)
            lanes[j + 2 * ROW] += middle + upper
            lanes[j + 3 * ROW] += last
            lanes[j + 4 * ROW] = whole
        width = 256
        while width >= 1:
            for j in range(width):
                work[j] += work[j + width]
            width >>= 1
        sums[group] = work[0]


@kernel
def fold(lanes: FloatArray, sums: FloatArray, out: FloatArray) -> None:
    """Give the sum of each player from the lanes and the sums of the groups, by halving; both are used up."""
    for middle in range(3):
        row = lanes[(middle + 1) * ROW : (middle + 2) * ROW]
        total = 0.0
        for j in range(512):
            total += row[j]
        out[9 + middle] = total
    player = 8
    width = 256
    while width >= 1:
        for j in range(width):
            out[player] += lanes[j + width]
            lanes[j] += lanes[j + width]
        player -= 1
        width >>= 1
    player = len(out) - 1
    width = len(sums) >> 1
    while width >= 1:
        for j in range(width):
            out[player] += sums[j + width]
            sums[j] += sums[j + width]
        player -= 1
        width >>= 1


@kernel
def weighted_orders(
    values: FloatArray, weights: FloatArray, chance: FloatArray, sums: FloatArray, out: FloatArray
) -> None:
    """Weighted Shapley value: the expected addition of each player when the last of T is i with chance w_i / w(T).

    chance[T], 1 for all players together on entry, becomes the chance that T comes before all others; sums[T] is w(T).
    """
    for mask in range(len(values) - 1, 0, -1):
        rate = chance[mask] / sums[mask]
        for i in range(len(weights)):
            if mask >> i & 1:
                before = mask ^ (1 << i)
                share = rate * weights[i]
                chance[before] += share
                out[i] += share * (values[mask] - values[before])
