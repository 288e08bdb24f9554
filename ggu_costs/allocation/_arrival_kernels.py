"""Compiled loops of random arrival: what each takes, averaged over all coalitions that may have come before."""

import numpy as np

from ggu_costs._jit import kernel
from ggu_costs.typing import FloatArray


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
