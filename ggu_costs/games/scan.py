"""The coalitions of a table that are worst off under a split, and which of them are settled."""

import numpy as np

from ggu_costs.games.coalitions import subset_sums
from ggu_costs.typing import FloatArray, IntArray

_SETTLED = 1e-11  # how small a random direction that leaves all settled coalitions alone is on a settled one
_NONE = np.zeros(0)


class TableScan:
    """Looks for the least (C(S) - x(S)) / wt(S) over the coalitions still in play.

    Parameters
    ----------
    costs
        2^n costs, changed in place: infinity takes a coalition out of play.
    inverse
        1 / wt(S), or nothing for weight one.
    """

    def __init__(self, costs: FloatArray, inverse: FloatArray | None = None) -> None:
        self.n = len(costs).bit_length() - 1
        self._costs = costs
        self._inverse = _NONE if inverse is None else inverse
        self._bits = max(1, min(9, self.n - 5))
        self._work = np.empty(1 << self._bits)

    def worst(self, shares: FloatArray, most: int) -> tuple[FloatArray, IntArray]:
        """Give the worst off of the `most` worst blocks: their excess, rising, and their bit masks."""
        from ggu_costs.games._scan_kernels import least_by_block

        low, high = subset_sums(shares[: self._bits]), subset_sums(shares[self._bits :])
        least = np.empty(len(high))
        least_by_block(self._costs, self._inverse, low, high, self._work, least)
        count = min(most, len(least))
        blocks = np.argpartition(least, count - 1)[:count]
        blocks = blocks[np.argsort(least[blocks], kind="stable")]
        within = np.arange(len(low))
        places = blocks[:, None] * len(low) + within
        excess = (self._costs[places] - low) - high[blocks, None]
        if len(self._inverse):
            excess *= self._inverse[places]
        found = np.argmin(excess, axis=1)
        return excess[np.arange(count), found], blocks * len(low) + found

    def settle(self, direction: FloatArray) -> None:
        """Take the coalitions out of play on which a direction that moves no settled coalition adds up to 0."""
        from ggu_costs.games._scan_kernels import drop_determined

        low, high = subset_sums(direction[: self._bits]), subset_sums(direction[self._bits :])
        drop_determined(self._costs, low, high, _SETTLED)
