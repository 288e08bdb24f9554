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
    from ggu_costs.games._parts import VolumePart
    from ggu_costs.typing import FloatArray

__all__ = ["volume_shapley"]


def volume_shapley(part: VolumePart, threads: int | None) -> tuple[FloatArray, float, str]:
    """Return the shares, the error in euro, and a note where the lattice is not exact."""
    if len(part.prices) == 1:
        return part.prices[0] * part.volumes, 0.0, ""
    from ggu_costs.allocation.sweep import lattice_step

    step = lattice_step(part.volumes, most_cells=LATTICE_CELLS)
    shares, residual = _swept(part, step, threads)
    cells = part.volumes / step
    if bool(np.all(cells == np.rint(cells))):
        return shares, residual, ""
    coarse, _ = _swept(part, 2 * step, threads)
    error = residual + float(np.max(np.abs(shares - coarse)))
    return shares, error, f"volumes on a lattice of {LATTICE_CELLS} cells: to {error:.2g} euro"


def _swept(part: VolumePart, step: float, threads: int | None) -> tuple[FloatArray, float]:
    from ggu_costs.allocation.sweep import lattice_points, volume_shapley

    points = lattice_points(part.volumes, step)
    price = float(part.prices[-1])
    swept = volume_shapley(part.volumes, part.cost_of_volume(points) - price * points, step=step, threads=threads)
    return swept.values + price * part.volumes, abs(swept.residual)
