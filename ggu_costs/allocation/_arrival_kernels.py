"""Compiled loops of random arrival: what each takes, averaged over all coalitions that may have come before."""

import numpy as np

from ggu_costs._jit import kernel
from ggu_costs.typing import FloatArray, IntArray

GRID_BITS = 20
"""Remainders are compared in steps of 2**-20 cent."""


@kernel
def arrival_row(estate: float, claims: FloatArray, taken: FloatArray, ways: FloatArray, row: FloatArray) -> None:
    """Average over all orders of arrival: coalition `mask` came before with chance ``ways[mask]`` a claimant."""
    row[:] = 0.0
    for mask in range(taken.size - 1):
        left = estate - taken[mask]
        if left > 0.0:
            for i in range(claims.size):
                if (mask >> i) & 1 == 0:
                    row[i] += ways[mask] * min(claims[i], left)
    for i in range(claims.size):
        row[i] = min(row[i], claims[i])


@kernel
def arrival_rows(
    amounts: FloatArray, keys: FloatArray, ways: FloatArray, out: FloatArray, start: int, stop: int
) -> None:
    """Awards of each scenario by enumeration, not rounded, in the unit of amounts and claims."""
    count = out.shape[2]
    taken = np.zeros(1 << count)
    for pool in range(amounts.shape[1]):
        for draw in range(start, stop):
            claims = keys[draw % keys.shape[0], pool % keys.shape[1]]
            if draw == start or keys.shape[0] > 1:
                for i in range(count):
                    for mask in range(1 << i):
                        taken[(1 << i) + mask] = taken[mask] + claims[i]
            arrival_row(amounts[draw, pool], claims, taken, ways, out[draw, pool])


@kernel
def halves(claims: FloatArray, cells: IntArray, parts: IntArray) -> None:
    """Claims in cents as whole cents and grid steps beside them."""
    for i in range(claims.size):
        whole = np.floor(claims[i])
        cells[i] = int(whole)
        parts[i] = int((claims[i] - whole) * (1 << GRID_BITS))


@kernel
def arrival_steps(
    amounts: FloatArray, keys: FloatArray, sizes: IntArray, chances: IntArray, out: IntArray, start: int, stop: int
) -> None:
    """Awards of each scenario by enumeration in grid steps, exactly; halves up.

    Amounts are whole cents, claims cents on the grid. A coalition of size s came before a claimant with chance
    ``chances[s]`` out of their sum over all coalitions without that claimant. Whole cents and steps are summed apart,
    so that nothing passes int64.
    """
    count, grid = out.shape[2], 1 << GRID_BITS
    cells, parts = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    taken, taken_parts = np.zeros(1 << count, dtype=np.int64), np.zeros(1 << count, dtype=np.int64)
    awards, award_parts = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    whole, in_cents = 0, False
    for mask in range(1 << (count - 1)):  # the coalitions without one claimant
        whole += chances[sizes[mask]]
    for pool in range(amounts.shape[1]):
        for draw in range(start, stop):
            if draw == start or keys.shape[0] > 1:
                halves(keys[draw % keys.shape[0], pool % keys.shape[1]], cells, parts)
                for i in range(count):
                    for mask in range(1 << i):
                        steps = taken_parts[mask] + parts[i]
                        taken[(1 << i) + mask] = taken[mask] + cells[i] + (steps >> GRID_BITS)
                        taken_parts[(1 << i) + mask] = steps & (grid - 1)
                in_cents = not parts.any()
            estate = int(amounts[draw, pool])
            awards[:] = 0
            award_parts[:] = 0
            for mask in range((1 << count) - 1):
                left = estate - taken[mask] - (taken_parts[mask] > 0)
                if left < 0:
                    continue
                left_part = (grid - taken_parts[mask]) & (grid - 1)
                chance = chances[sizes[mask]]
                if in_cents:
                    for i in range(count):
                        awards[i] += chance * min(cells[i], left) * (1 - ((mask >> i) & 1))
                    continue
                for i in range(count):
                    if (mask >> i) & 1 == 0:
                        full = cells[i] < left or (cells[i] == left and parts[i] <= left_part)
                        awards[i] += chance * (cells[i] if full else left)
                        award_parts[i] += chance * (parts[i] if full else left_part)
            for i in range(count):
                cents = awards[i] // whole
                rest = ((awards[i] - cents * whole) << GRID_BITS) + award_parts[i]
                out[draw, pool, i] = (cents << GRID_BITS) + (2 * rest + whole) // (2 * whole)
