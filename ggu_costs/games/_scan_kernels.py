"""Kernels that look through the whole table for the coalitions that are worst off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs._jit import kernel

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


@kernel
def least_by_block(
    costs: FloatArray, inverse: FloatArray, low: FloatArray, high: FloatArray, work: FloatArray, out: FloatArray
) -> None:
    """out[b] = least (C(S) - x(S)) / wt(S) in each block of len(low) consecutive coalitions.

    x(S) is low (players within the block) plus high (the others). inverse holds 1 / wt(S), or nothing for weight one.
    """
    size = len(low)
    for block in range(len(out)):
        row = costs[block * size : (block + 1) * size]
        paid = high[block]
        if len(inverse) == 0:
            for j in range(size):
                work[j] = (row[j] - low[j]) - paid
        else:
            factor = inverse[block * size : (block + 1) * size]
            for j in range(size):
                work[j] = ((row[j] - low[j]) - paid) * factor[j]
        width = size >> 1
        while width >= 1:
            for j in range(width):
                other = work[j + width]
                work[j] = other if other < work[j] else work[j]
            width >>= 1
        out[block] = work[0]


@kernel
def drop_determined(costs: FloatArray, low: FloatArray, high: FloatArray, tolerance: float) -> None:
    """Set the cost to infinity, so that it is never worst, where abs(low + high) is 0 to the tolerance."""
    size = len(low)
    for block in range(len(high)):
        row = costs[block * size : (block + 1) * size]
        rest = high[block]
        for j in range(size):
            row[j] = float("inf") if abs(low[j] + rest) < tolerance else row[j]
