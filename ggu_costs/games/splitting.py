r"""Concave cost pools with alternatives beside them, at any n: costs of groups that may split up, and the worst off.

A concave tier function is the least of affine ones, and the highest level that is needed the least over levels that are
enough. So with a way k for each combination of tiers and levels (prices b_ki, an amount due a_k), and one more for
those who all take their alternatives,

.. math:: c(S) = \min_k \Bigl( a_k + \sum_r \phi_{kr}(S_r) \Bigr)

over the parts S_r of S in blocks r: the regions of the alternatives, or those of one regional pool, which then have to
be the same. A block pays nothing when nobody of it is in S, else the least of

- its joint entry (of the regional pool) and :math:`\min(b_{ki}, a_i)` for each member in S,
- :math:`a_i` for each member in S,
- :math:`a_R`, where all of it is in S.

The group S with the least c(S) - x(S) is then chosen block by block. Where it must also lie outside a linear space (of
coalitions that are settled), given by a direction d that is 0 on all of that space: one block is changed, by one
member, to empty or to whole. Two changed blocks cost more than one of them that moves d(S), so the cheapest such change
is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from ggu_costs.games.alternatives import Alternatives
from ggu_costs.games.limits import PIECES_LIMIT
from ggu_costs.games.pools.part import Part
from ggu_costs.games.ways import combine_tiers
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_MOVED = 1e-10  # a direction of size 1 that adds up to less than this over a coalition is 0 on it


@dataclass(frozen=True, eq=False)
class _Way:
    """What is due at once, and how the members of a block can pay: an entry by block, and a price by player."""

    due: float
    modes: tuple[tuple[FloatArray, FloatArray], ...]


class Splitting:
    """The game in blocks and ways; made by :meth:`of`."""

    def __init__(self, ways: tuple[_Way, ...], block: IntArray, whole: FloatArray, alone: FloatArray) -> None:
        self._ways, self._block, self._whole, self._alone = ways, block, whole, alone
        self.n, self._count = len(block), len(whole)
        self._order = np.argsort(block, kind="stable")
        self._starts = np.searchsorted(block[self._order], np.arange(self._count))
        self._sizes = np.bincount(block, minlength=self._count)

    @classmethod
    def of(cls, parts: Sequence[Part] | None, n: int, beside: Alternatives) -> Splitting | None:
        """Prepare pools with alternatives; None where they have no such form, or in too many ways."""
        if parts is None or not all(part.concave for part in parts):
            return None
        pieces = [part.pieces() for part in parts]
        levels = [np.unique(piece.levels) for piece in pieces if piece.levels is not None]
        count = prod(len(piece.tiers) or 1 for piece in pieces) * prod(map(len, levels))
        conditions = any(tier.condition is not None for piece in pieces for tier in piece.tiers)
        blocks = _blocks([piece.regions for piece in pieces if piece.regions is not None], n, beside)
        if count > PIECES_LIMIT or conditions or blocks is None:
            return None
        block, entry, whole = blocks
        pools, alone, free = combine_tiers(parts, n), beside.alone, np.zeros(len(entry))
        ways = []
        for due, slopes in zip(pools.due, pools.slopes, strict=True):
            for highest in product(*levels):
                enough = np.ones(n, dtype=np.bool_)
                for needs, most in zip(pools.levels, highest, strict=True):
                    enough &= needs <= most
                joint = (entry, np.minimum(np.where(enough, slopes, np.inf), alone))
                apart = ((free, alone),) if entry.any() and np.isfinite(alone).any() else ()
                ways.append(_Way(due + float(sum(highest)), (joint, *apart)))
        if beside.any:
            ways.append(_Way(0.0, ((free, alone),)))
        return cls(tuple(ways), block, whole, alone)

    @classmethod
    def apart(cls, beside: Alternatives) -> Splitting:
        """The alternatives alone, without any joint facility."""
        block, whole = _grouped(len(beside.alone), beside)
        return cls((_Way(0.0, ((np.zeros(len(whole)), beside.alone),)),), block, whole, beside.alone)

    def costs(self, members: BoolArray) -> FloatArray:
        """c(S) of coalitions given as rows of truth values, for everyone together as for any other group."""
        best = np.full(len(members), np.inf)
        for way in self._ways:
            paid = np.minimum.reduce(self._paid(way, members))
            np.minimum(best, way.due + paid.sum(axis=1), out=best)
        return np.where(members.any(axis=1), best, 0.0)

    def _paid(self, way: _Way, members: BoolArray) -> list[FloatArray]:
        """What each block pays as a whole, and by each mode; a row a coalition."""
        inside = self._by_block(members.astype(np.float64))
        entered = [np.where(inside > 0, entry, 0.0) for entry, _ in way.modes]
        prices = [self._by_block(np.where(members, slopes, 0.0)) for _, slopes in way.modes]
        whole = np.where(inside == self._sizes, self._whole, np.inf)
        return [whole, *(first + then for first, then in zip(entered, prices, strict=True))]

    def parted(self, members: BoolArray) -> tuple[BoolArray, BoolArray]:
        """Who of a coalition stay together, and who act as a whole block, where it splits up at the least cost."""
        paid = [np.array(self._paid(way, members[None, :]))[:, 0, :] for way in self._ways]
        totals = [way.due + options.min(axis=0).sum() for way, options in zip(self._ways, paid, strict=True)]
        best = int(np.argmin(totals))
        mode = np.argmin(paid[best], axis=0)[self._block]  # 0: as a whole
        price = np.array([self._alone, *(slopes for _, slopes in self._ways[best].modes)])[mode, np.arange(self.n)]
        return members & (mode > 0) & (price < self._alone), members & (mode == 0)

    def _by_block(self, figures: FloatArray) -> FloatArray:
        return np.asarray(np.add.reduceat(figures[:, self._order], self._starts, axis=1))

    def worst(self, shares: FloatArray, direction: FloatArray, most: int) -> tuple[FloatArray, BoolArray]:
        """Give coalitions S with the least c(S) - x(S) among those on which `direction` is not 0, the worst first.

        Parameters
        ----------
        direction
            Adds up to 0 over all players and is 0 on whatever coalitions are to be left out; its size is about 1.
        most
            Coalitions for each way; the first of all is the worst.

        Returns
        -------
        excess : numpy.ndarray
            What each pays less than c(S), at most: euro, rising.
        members : numpy.ndarray
        """
        found = [pair for way in self._ways for pair in self._worst_of(way, shares, direction, most)]
        excess = np.array([value for value, _ in found])
        order = np.argsort(excess, kind="stable")
        return excess[order], np.array([found[k][1] for k in order]).reshape(len(found), self.n)

    def _worst_of(
        self, way: _Way, shares: FloatArray, direction: FloatArray, most: int
    ) -> Iterator[tuple[float, BoolArray]]:
        block, count = self._block, self._count
        # what each block can be: nobody, the best by each mode, everyone
        values = [np.zeros(count)]
        rows = [np.zeros(self.n, dtype=np.bool_)]
        gains = [slopes - shares for _, slopes in way.modes]
        for (entry, _), gain in zip(way.modes, gains, strict=True):
            value, row = self._nonempty(entry, gain)
            values.append(value)
            rows.append(row)
        values.append(self._whole - np.bincount(block, weights=shares, minlength=count))
        rows.append(np.ones(self.n, dtype=np.bool_))
        options, members = np.array(values), np.array(rows)
        chosen = np.argmin(options, axis=0)
        least = options[chosen, np.arange(count)]
        best: BoolArray = members[chosen[block], np.arange(self.n)]
        total = way.due + float(least.sum())
        moves = np.array([np.bincount(block, weights=direction * row, minlength=count) for row in members])
        now = moves[chosen, np.arange(count)]
        if abs(float(now.sum())) > _MOVED:
            yield total, best
            return
        # one block becomes something else: nobody, a best, everyone; a best with one member more or less; one member
        steps: list[FloatArray] = [(options - least).ravel()]
        sums: list[FloatArray] = [np.asarray(moves - now, dtype=np.float64).ravel()]
        for mode, ((entry, _), gain) in enumerate(zip(way.modes, gains, strict=True), start=1):
            row = members[mode]
            size = np.bincount(block, weights=row, minlength=count)
            turned = (options[mode] - least)[block] + np.abs(gain)
            steps.append(np.where(row & (size[block] == 1), np.inf, turned))
            sums.append((moves[mode] - now)[block] + np.where(row, -direction, direction))
            steps.append((entry - least)[block] + gain)
            sums.append(direction - now[block])
        step, moved = np.concatenate(steps), np.concatenate(sums)
        step = np.where(np.abs(moved) > _MOVED, step, np.inf)
        first = np.argpartition(step, min(most, len(step)) - 1)[:most]
        for place in first[np.isfinite(step[first])]:
            yield total + float(step[place]), self._changed(best, members, int(place))

    def _nonempty(self, entry: FloatArray, gain: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Least entry plus gains of a group of each block that is not empty, and who is in it."""
        row: BoolArray = gain < 0
        value = entry + np.bincount(self._block, weights=np.where(row, gain, 0.0), minlength=self._count)
        none = np.bincount(self._block, weights=row, minlength=self._count) == 0
        if none.any():
            order = np.lexsort((gain, self._block))
            cheapest = order[self._starts][none]
            row[cheapest] = True
            value[none] += gain[cheapest]
        return value, row

    def _changed(self, best: BoolArray, members: BoolArray, place: int) -> BoolArray:
        """The best coalition with the change at one place in the list of changes."""
        changed = best.copy()
        options = len(members) * self._count
        if place < options:
            option, block = divmod(place, self._count)
            inside = self._block == block
            changed[inside] = members[option, inside]
            return changed
        kind, player = divmod(place - options, self.n)
        inside = self._block == self._block[player]
        mode, alone = divmod(kind, 2)
        changed[inside] = False if alone else members[1 + mode, inside]
        changed[player] = True if alone else not changed[player]
        return changed


def _blocks(
    regions: list[tuple[IntArray, FloatArray]], n: int, beside: Alternatives
) -> tuple[IntArray, FloatArray, FloatArray] | None:
    """Block of each player, what joining costs a block, and what it pays as a whole; None where regions cross."""
    if not regions:
        block, whole = _grouped(n, beside)
        return block, np.zeros(len(whole)), whole
    block, entry = regions[0]
    whole = np.full(len(entry), np.inf)
    for members, cost in beside.groups:
        own = block[members]
        if (own != own[0]).any() or np.count_nonzero(block == own[0]) != len(members):
            return None
        whole[own[0]] = cost
    return None if len(regions) > 1 else (block, entry, whole)


def _grouped(n: int, beside: Alternatives) -> tuple[IntArray, FloatArray]:
    """A block for each group that can act as one and one for those who are in none, and what each pays as a whole."""
    block = np.zeros(n, dtype=np.int64)
    for k, (members, _) in enumerate(beside.groups, start=1):
        block[members] = k
    costs = np.array([np.inf, *(cost for _, cost in beside.groups)])
    used, block = np.unique(block, return_inverse=True)
    return block, costs[used]
