r"""Shapley value of a volume pool at any n, by the volume sweep, with the error of its lattice.

Volumes that are whole multiples of a unit that fits a lattice of some 32,000 cells are exact. Finer volumes are split
over the two cells around them, which smooths g by a cell; the error is estimated by the difference with cells twice as
large. A linear part needs no lattice: the price of the last unit is taken out first, as an own amount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.games.limits import LATTICE_CELLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ggu_costs.typing import FloatArray

__all__ = ["volume_shapley"]


def volume_shapley(
    volumes: FloatArray, prices: FloatArray, cost: Callable[[FloatArray], FloatArray], threads: int | None
) -> tuple[FloatArray, float, str]:
    """Share the cost of the volume of all players together.

    Parameters
    ----------
    volumes
        One a player, shape (n,).
    prices
        Euro a unit in each tier; that of the last is taken out first.
    cost
        Euro for total volumes.

    Returns
    -------
    shares : numpy.ndarray
    error : float
        Euro.
    note : str
        Where the lattice is not exact.
    """
    if len(prices) == 1:
        return prices[0] * volumes, 0.0, ""
    from ggu_costs.allocation.sweep import lattice_step

    step = lattice_step(volumes, most_cells=LATTICE_CELLS)
    price = float(prices[-1])
    shares, residual = _swept(volumes, price, cost, step, threads)
    cells = volumes / step
    if bool(np.all(cells == np.rint(cells))):
        return shares, residual, ""
    coarse, _ = _swept(volumes, price, cost, 2 * step, threads)
    error = residual + float(np.max(np.abs(shares - coarse)))
    return shares, error, f"volumes on a lattice of {LATTICE_CELLS} cells: to {error:.2g} euro"


def _swept(
    volumes: FloatArray, price: float, cost: Callable[[FloatArray], FloatArray], step: float, threads: int | None
) -> tuple[FloatArray, float]:
    from ggu_costs.allocation.sweep import lattice_points, volume_shapley

    points = lattice_points(volumes, step)
    swept = volume_shapley(volumes, cost(points) - price * points, step=step, threads=threads)
    return swept.values + price * volumes, abs(swept.residual)
