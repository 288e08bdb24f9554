r"""The coalition with the largest complaint x(S) - C(S) in a game of cost pools, among all 2^n - 2, exactly.

A concave tier function is a minimum of affine ones, :math:`g(v) = \min_k (a_k + b_k v)`, so the smallest
:math:`C(S) - x(S)` is the smallest over the tiers k, and over the highest level that S needs, of a sum: each region
comes in with the members that lower it, when together they lower it by more than the region costs. Where g is not
concave a tier holds only for the volumes within it; the sum without that condition is a bound. Where the bound could
matter a programme with the condition decides, first a linear one, then one with whole players (``selection.py``).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ggu_costs.games.game import CostGame
from ggu_costs.games.limits import TOLERANCE, scale_of
from ggu_costs.games.selection import Selection
from ggu_costs.games.ways import combine_tiers
from ggu_costs.typing import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class Witness:
    """A coalition, its complaint, and what no coalition's complaint exceeds."""

    members: BoolArray
    complaint: float
    bound: float


class PoolSearch:
    """Looks for the largest complaint in a cost game of pools; prepared once, asked for many splits.

    Raises
    ------
    InputError
        The tiers of all volume pools combine in too many ways.
    """

    def __init__(self, game: CostGame) -> None:
        self.game, self.n = game, game.n
        self.ways = combine_tiers(game.parts or (), game.n)
        # levels and regions as positions; no pool is one level at no cost, or one region at no cost
        levels, regions = self.ways.levels, self.ways.regions
        self.level_costs, self.level_of = np.unique(levels[0] if levels else np.zeros(self.n), return_inverse=True)
        self.region_of, self.region_costs = regions[0] if regions else (np.zeros(self.n, dtype=np.int64), np.zeros(1))
        self.cell = self.level_of * len(self.region_costs) + self.region_of

    @property
    def closed_form(self) -> bool:
        """Whether a closed form gives the worst coalition of every way, without conditions."""
        return self.ways.closed and not any(self.ways.conditions)

    def worst(self, shares: FloatArray) -> Witness:
        """Find the coalition with the largest x(S) - C(S), neither empty nor everyone.

        Every way to combine tiers gets a bound and a coalition; from the highest bound down, those that could still
        beat the best coalition are looked at more closely.
        """
        quick = self.relaxed if self.ways.closed else self._selection.relaxed
        found = [quick(way, shares) for way in range(len(self.ways.due))]
        best = self._best([row for _, row in found if row is not None], shares)
        closer = [self._selection.relaxed] if self.ways.closed else []
        margin = TOLERANCE * scale_of(self.game.total) / 10
        bound = best.complaint
        for way in sorted(range(len(found)), key=lambda way: -found[way][0]):
            limit = found[way][0]
            for look in (*closer, self._selection.exact):
                if limit <= best.complaint + margin:
                    break
                limit, row = look(way, shares)
                if row is not None:
                    best = self._best([best.members, row], shares)
            bound = max(bound, limit)
        return Witness(best.members, best.complaint, max(bound, best.complaint))

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self.ways, scale_of(self.game.total))

    def _best(self, members: list[BoolArray], shares: FloatArray) -> Witness:
        rows = np.array(members)
        complaints = rows @ shares - self.game.costs(rows)
        first = int(np.argmax(complaints))
        return Witness(rows[first], float(complaints[first]), float(complaints[first]))

    def candidates(self, shares: FloatArray) -> BoolArray:
        """Give coalitions with large complaints, one for every way to combine tiers and every level."""
        if not self.closed_form:
            return self.worst(shares).members[None, :]
        rows = []
        for way in range(len(self.ways.due)):
            gain = self.ways.slopes[way] - shares
            totals, joins = self._by_level(gain)
            rows += [self._members(gain, joins[level], level) for level in range(len(totals)) if joins[level].any()]
            rows.append(self.relaxed(way, shares)[1])
        unique: BoolArray = np.unique(np.array(rows), axis=0)
        return unique[unique.any(axis=1) & ~unique.all(axis=1)]

    def relaxed(self, way: int, shares: FloatArray) -> tuple[float, BoolArray]:
        """Largest x(S) - cost under one way to combine tiers, its conditions left out, and the coalition."""
        gain = self.ways.slopes[way] - shares
        totals, joins = self._by_level(gain)
        best, members = np.inf, np.zeros(self.n, dtype=np.bool_)
        for level in np.argsort(totals, kind="stable"):
            if totals[level] >= best:
                break
            row = self._members(gain, joins[level], int(level))
            total = float(totals[level])
            if not row.any():
                extra, row = self._one_region(gain, int(level))
                total += extra
                if row.all():  # the only region there is
                    out = int(np.argmax(gain))
                    row[out] = False
                    total -= float(gain[out])
            elif row.all():
                extra, row = self._all_but_some(gain)
                total += extra
            if total < best:
                best, members = total, row
        return -(best + self.ways.due[way]), members

    def _by_level(self, gain: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Least cost minus shares for every highest level, and the regions that join."""
        shape = (len(self.level_costs), len(self.region_costs))
        useful = np.bincount(self.cell, weights=np.minimum(gain, 0.0), minlength=shape[0] * shape[1]).reshape(shape)
        value = np.cumsum(useful, axis=0) + self.region_costs
        return self.level_costs + np.minimum(value, 0.0).sum(axis=1), value < 0

    def _members(self, gain: FloatArray, joins: BoolArray, level: int) -> BoolArray:
        return (gain < 0) & (self.level_of <= level) & joins[self.region_of]

    def _one_region(self, gain: FloatArray, level: int) -> tuple[float, BoolArray]:
        """No region joins of its own accord: the one that costs least, with all who lower it or else one member."""
        allowed = np.flatnonzero(self.level_of <= level)
        regions = self.region_of[allowed]
        count = len(self.region_costs)
        useful = np.bincount(regions, weights=np.minimum(gain[allowed], 0.0), minlength=count)
        cheapest = np.full(count, np.inf)
        np.minimum.at(cheapest, regions, gain[allowed])
        cost = self.region_costs + np.where(cheapest < 0, useful, cheapest)
        region = int(np.argmin(cost))
        inside = allowed[regions == region]
        row = np.zeros(self.n, dtype=np.bool_)
        row[inside[gain[inside] < 0] if cheapest[region] < 0 else inside[[int(np.argmin(gain[inside]))]]] = True
        return float(cost[region]), row

    def _all_but_some(self, gain: FloatArray) -> tuple[float, BoolArray]:
        """Everyone joins: leave out the player that helps least, and its region where the rest does not pay for it."""
        value = self.region_costs + np.bincount(self.region_of, weights=gain, minlength=len(self.region_costs))
        own = value[self.region_of]
        without = own - gain
        left = without if len(self.region_costs) == 1 else np.minimum(without, 0.0)
        out = int(np.argmin(left - own))
        row = np.ones(self.n, dtype=np.bool_)
        row[out] = False
        if left[out] < without[out]:
            row[self.region_of == self.region_of[out]] = False
        return float(left[out] - own[out]), row
