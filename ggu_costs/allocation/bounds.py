"""Bounds in front of the water-filling: cents, sides left open, and whether they can be met at all."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Self

import numpy as np

from ggu_costs.allocation.exact import GRID
from ggu_costs.allocation.inputs import Participants
from ggu_costs.allocation.sharing import Problem
from ggu_costs.errors import Fault, Faults, InfeasibleError, listed
from ggu_costs.money import shortest
from ggu_costs.typing import BoolArray, Euros, FloatArray

ROOM_NOISE = 2.0**-46
"""Relative; how far unrounded bounds and amounts may miss each other by the noise of floats."""

_REMEDY = "Change the bounds or the amount so that they can be met together."
_EASY_CENTS = 2.0**50  # up to here floats of euros and cents turn into one another by a product
_CENT_NOISE = 2.0**-50  # relative: what is stored this close to a whole cent is that cent (0.57 lies just below it)


def snap_cents(amounts: Euros) -> FloatArray:
    """Euros as cents; what lies within float noise of a whole cent is that cent, the rest keeps its fraction."""
    cents = amounts * 100.0
    nearest = np.rint(cents)
    with np.errstate(invalid="ignore"):  # infinite bounds
        near = np.abs(cents - nearest) <= _CENT_NOISE * np.abs(cents)
    snapped: FloatArray = np.where(near, nearest, cents)
    for place in np.argwhere(_large(cents)):  # products of floats have no single cents there
        snapped[tuple(place)] = float(100 * shortest(float(amounts[tuple(place)])))
    return snapped


def cent_claims(claims: Euros) -> FloatArray:
    """Claims in euro as cents, snapped as bounds are, on the grid of 2**-20 on which awards are compared."""
    return np.rint(snap_cents(claims) * GRID) / GRID


def _large(cents: FloatArray) -> BoolArray:
    return np.asarray((np.abs(cents) > _EASY_CENTS) & np.isfinite(cents))


def _whole_units(bounds: Euros, unit: int, *, up: bool) -> FloatArray:
    """The whole units nearest to bounds in euro, above or below; of what a float cannot hold, the next that it can."""
    whole: FloatArray = (np.ceil if up else np.floor)(snap_cents(bounds) / unit)
    for place in np.flatnonzero(_large(whole)):
        exact = 100 * shortest(float(bounds[place])) / unit
        cents = ceil(exact) if up else floor(exact)
        whole[place] = float(cents)
        if (whole[place] < cents) if up else (whole[place] > cents):
            whole[place] = np.nextafter(whole[place], np.inf if up else -np.inf)
    return whole


@dataclass(frozen=True)
class Limits:
    """Between what each share has to lie, in units of 1/`scale` euro.

    Attributes
    ----------
    low, high
        Shape (2, n): for a cost, and for a credit turned positive. Where no bound is given, no share passes 0.
    scale
        Units in a euro: 100 where shares are whole cents, else 1.
    whole
        Whether shares are whole units.
    participants
        Whose they are.
    """

    low: FloatArray
    high: FloatArray
    scale: float
    whole: bool
    participants: Participants

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Make limits of the bounds in euro of a problem; for whole shares, of the nearest whole units inside them.

        Raises
        ------
        InfeasibleError
            A minimum above its maximum: names everyone who has one.
        """
        participants = problem.participants
        lows = np.full(participants.count, -np.inf) if problem.minimum is None else problem.minimum
        highs = np.full(participants.count, np.inf) if problem.maximum is None else problem.maximum
        scale = float(problem.units_per_euro)
        if problem.cents:
            lows, highs = (_whole_units(lows, problem.unit, up=True), _whole_units(highs, problem.unit, up=False))
        faults = Faults()
        for place in np.flatnonzero(lows > highs):
            faults.add(
                f"bounds {participants.label(int(place))}",
                f"minimum {lows[place] / scale:,.2f} above maximum {highs[place] / scale:,.2f}",
                "minimum at most maximum, with a whole cent (or euro) between them where cents (or euros) are asked",
            )
        faults.check("minimum and maximum exclude each other", remedy=_REMEDY, kind=InfeasibleError)
        low, high = np.array([lows, -highs]), np.array([highs, -lows])
        return cls(np.where(np.isneginf(low), np.minimum(0.0, high), low), high, scale, problem.cents, participants)

    def check_room(self, size: int | Fraction, weights: FloatArray, *, credit: bool) -> None:
        """Raise InfeasibleError if shares of `size`, 0 or more, cannot all lie within the limits."""
        met = self._met(size, weights, credit=credit)
        if met is not None:
            fault = self._fault("bounds", float(size), met, weights == 0, credit=credit)
            raise InfeasibleError("the bounds cannot be met", faults=[fault], remedy=_REMEDY)

    def _met(self, size: float | Fraction, weights: FloatArray, *, credit: bool) -> float | None:
        """What the shares add up to at the bounds that `size` passes; None where the bounds can be met."""
        low, high, still = self.low[int(credit)], self.high[int(credit)], weights == 0
        stand = np.clip(0.0, low, high)  # who has figure 0 cannot take the rest
        least, most = (self._sum(np.where(still, stand, bounds)) for bounds in (low, high))
        noise = 0.0 if self.whole else ROOM_NOISE * float(max(size, abs(least)))
        if size < least and least - size > noise:
            return float(least)
        return float(most) if size > most and size - most > noise else None

    def check_gaps(self, gaps: FloatArray, amounts: FloatArray, weights: FloatArray, failed: BoolArray) -> None:
        """Raise InfeasibleError with every scenario whose amount is a gap away from what the limits allow.

        A gap that is no more than the noise of a kernel marks its scenario in `failed` instead.

        Parameters
        ----------
        gaps, amounts
            Shape (draws, pools), in units of 1/`scale` euro.
        weights
            Shape (draws, pools, n), of length 1 where it does not vary.
        failed
            Shape (draws, pools): scenarios that are shared again, of which nothing is known yet.
        """
        faults = []
        for draw, pool in np.argwhere((gaps != 0) & ~failed).tolist():
            own = weights[draw % weights.shape[0], pool % weights.shape[1]]
            size, credit = abs(float(amounts[draw, pool])), bool(amounts[draw, pool] < 0)
            met = self._met(size, own, credit=credit)
            if met is None:
                failed[draw, pool] = True
            else:
                faults.append(self._fault(f"amount[{draw}, {pool}]", size, met, own == 0, credit=credit))
        if faults:
            raise InfeasibleError("the bounds cannot be met in every scenario", faults=faults, remedy=_REMEDY)

    def _sum(self, bounds: FloatArray) -> float:
        """Sum of bounds, exact where they are whole cents."""
        total = math.fsum(bounds)
        return sum(map(int, bounds.tolist())) if self.whole and 2.0**53 <= abs(total) < math.inf else total

    def _fault(self, where: str, size: float, met: float, still: BoolArray, *, credit: bool) -> Fault:
        """Say in words whose bounds stand in the way of an amount, and by how much, in euro and signs of the user.

        `met`: what the shares add up to at the bounds that the amount passes. `still`: who has figure 0.
        """
        lows, highs = self.low[int(credit)], self.high[int(credit)]
        amount, total = size / self.scale, met / self.scale
        if credit:
            amount, total, lows, highs = -amount, -total, -highs, -lows
        if amount < total:
            raised = lows > 0 if (lows > 0).any() else np.isfinite(lows)
            who = self._names(place for place in np.argsort(-lows, kind="stable") if raised[place])
            short = f"{total - amount:,.2f} more than the {amount:,.2f} there is"
            return Fault(where, f"the bounds ask {total:,.2f} euro at least, {short} ({who})")
        capped = highs < 0 if (highs < 0).any() else np.isfinite(highs) & ~still
        reasons = [f"held down: {self._names(np.flatnonzero(capped))}"] if capped.any() else []
        reasons += [f"with figure 0 nothing can go to {self._names(np.flatnonzero(still))}"] if still.any() else []
        over = f"{amount - total:,.2f} less than the {amount:,.2f} there is"
        return Fault(where, f"the bounds allow {total:,.2f} euro at most, {over} ({'; '.join(reasons)})")

    def _names(self, places: Iterable[int]) -> str:
        return listed(self.participants.label(int(place)) for place in places)
