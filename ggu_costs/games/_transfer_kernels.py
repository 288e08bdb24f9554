"""Pairwise transfers towards the kernel of a game whose cost is a minimum of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs._jit import kernel

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


@kernel
def transfer_sweep(slopes: FloatArray, least: FloatArray, shares: FloatArray) -> float:
    """Let every pair settle its difference in surplus once; shares and least change in place.

    C(S) = min_k due_k + sum over S of slopes[k, l], and least[k] = due_k + sum over l of min(0, slopes[k, l] - x_l).
    The surplus of i over j is the least C(S) - x(S) over S with i and without j. Returns the largest transfer.
    """
    ways, n = slopes.shape
    largest = 0.0
    for i in range(n - 1):
        for j in range(i + 1, n):
            over_j = float("inf")
            over_i = float("inf")
            for k in range(ways):
                di = slopes[k, i] - shares[i]
                dj = slopes[k, j] - shares[j]
                with_i = least[k] + max(0.0, di) + max(0.0, -dj)
                with_j = least[k] + max(0.0, dj) + max(0.0, -di)
                over_j = min(over_j, with_i)
                over_i = min(over_i, with_j)
            moved = 0.5 * (over_i - over_j)
            largest = max(largest, abs(moved))
            for k in range(ways):
                di = slopes[k, i] - shares[i]
                dj = slopes[k, j] - shares[j]
                least[k] += min(0.0, di + moved) - min(0.0, di) + min(0.0, dj - moved) - min(0.0, dj)
            shares[i] -= moved
            shares[j] += moved
    return largest
