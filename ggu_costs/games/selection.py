"""The worst coalition as a mixed-integer programme, for tiers that hold within bounds and for crossing pools.

Variables: whether each player is in (whole), whether each region of each regional pool is, and whether each level of
each level pool is reached; a region and a level must be in when a member needs them. Given who is in, those are 0 or 1
of themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import InfeasibleError
from ggu_costs.games.limits import scale_of
from ggu_costs.games.programme import Programme

if TYPE_CHECKING:
    from ggu_costs.games.worst import PoolSearch
    from ggu_costs.typing import BoolArray, FloatArray

__all__ = ["select"]


def select(search: PoolSearch, way: int, shares: FloatArray) -> tuple[BoolArray, float] | None:
    """Find the coalition with the largest x(S) - cost under one way to combine tiers, within their bounds.

    Returns
    -------
    tuple or None
        The members, and what no coalition within these bounds exceeds; None where no coalition is within them.
    """
    n = search.n
    scale = scale_of(search.game.total)
    costs = [search.slopes[way] - shares]
    rows: list[FloatArray] = []
    extra: list[tuple[FloatArray, FloatArray, FloatArray]] = []  # who needs it, what it costs, a chain or not
    for region in search.regions:
        owner = (region.region[:, None] == np.arange(len(region.amounts))).astype(np.float64)
        extra.append((owner, region.amounts, np.zeros(0)))
    for level in search.levels:
        steps, place = np.unique(np.concatenate([[0.0], level.needs]), return_inverse=True)
        reached = (place[1:, None] == np.arange(1, len(steps))).astype(np.float64)
        extra.append((reached, np.diff(steps), np.ones(1)))
    width = n + sum(len(amounts) for _, amounts, _ in extra)
    at = n
    for needs, amounts, chain in extra:
        costs.append(amounts)
        for i, k in zip(*np.nonzero(needs), strict=True):
            rows.append(_row(width, {int(i): 1.0, at + int(k): -1.0}))
        if len(chain):
            rows += [_row(width, {at + k: 1.0, at + k - 1: -1.0}) for k in range(1, len(amounts))]
        at += len(amounts)
    programme = Programme(np.concatenate(costs) / scale, np.zeros(width), np.ones(width), whole=np.arange(n))
    if rows:
        programme.add_rows(np.array(rows), np.full(len(rows), -np.inf), np.zeros(len(rows)))
    everyone = np.concatenate([np.ones(n), np.zeros(width - n)])
    programme.add_rows(everyone[None, :], np.array([1.0]), np.array([n - 1.0]))
    for condition in search.conditions[way]:
        unit = float(np.sum(condition.volumes))
        row = np.concatenate([condition.volumes / unit, np.zeros(width - n)])
        programme.add_rows(row[None, :], np.array([condition.low / unit]), np.array([condition.high / unit]))
    try:
        found, _, _ = programme.solve("the worst coalition")
    except InfeasibleError:
        return None
    return found[:n] > 0.5, -(programme.bound * scale + search.due[way])


def _row(width: int, entries: dict[int, float]) -> FloatArray:
    row = np.zeros(width)
    for place, value in entries.items():
        row[place] = value
    return row
