"""Bounds in front of the water-filling: cents, sides left open, and whether they can be met at all."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from ggu_costs.allocation.inputs import Participants
from ggu_costs.allocation.sharing import Problem
from ggu_costs.errors import Fault, Faults, InfeasibleError, listed
from ggu_costs.typing import BoolArray, Euros, FloatArray

ROOM_NOISE = 2.0**-46
"""Relative; how far unrounded bounds and amounts may miss each other by the noise of floats."""

_REMEDY = "Change the bounds or the amount so that they can be met together."
_CENT_NOISE = 2.0**-50  # relative: what is stored this close to a whole cent is that cent (0.57 lies just below it)


def snap_cents(amounts: Euros) -> FloatArray:
    """Euros as cents; what lies within float noise of a whole cent is that cent, the rest keeps its fraction."""
    cents = amounts * 100.0
    nearest = np.rint(cents)
    with np.errstate(invalid="ignore"):  # infinite bounds
        near = np.abs(cents - nearest) <= _CENT_NOISE * np.abs(cents)
    return np.where(near, nearest, cents)


@dataclass(frozen=True)
class Limits:
    """Between what each share has to lie, in units of 1/`scale` euro.

    Attributes
    ----------
    low, high
        Shape (2, n): for a cost, and for a credit turned positive. Where no bound is given, no share passes 0.
    scale
        100 where shares are whole cents, else 1.
    participants
        Whose they are.
    """

    low: FloatArray
    high: FloatArray
    scale: float
    participants: Participants

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Make limits of the bounds in euro of a problem; with cents, of the nearest whole cents inside them.

        Raises
        ------
        InfeasibleError
            A minimum above its maximum: names everyone who has one.
        """
        participants = problem.participants
        lows = np.full(participants.count, -np.inf) if problem.minimum is None else problem.minimum
        highs = np.full(participants.count, np.inf) if problem.maximum is None else problem.maximum
        scale = 100.0 if problem.cents else 1.0
        if problem.cents:
            lows, highs = np.ceil(snap_cents(lows)), np.floor(snap_cents(highs))
        faults = Faults()
        for place in np.flatnonzero(lows > highs):
            faults.add(
                f"bounds {participants.label(int(place))}",
                f"minimum {lows[place] / scale:,.2f} above maximum {highs[place] / scale:,.2f}",
                "minimum at most maximum, with a whole cent between them where cents are asked",
            )
        faults.check("minimum and maximum exclude each other", remedy=_REMEDY, kind=InfeasibleError)
        low, high = np.array([lows, -highs]), np.array([highs, -lows])
        return cls(np.where(np.isneginf(low), np.minimum(0.0, high), low), high, scale, participants)

    def check_room(self, size: float, weights: FloatArray, *, credit: bool) -> None:
        """Raise InfeasibleError if shares of `size`, 0 or more, cannot all lie within the limits."""
        low, high, still = self.low[int(credit)], self.high[int(credit)], weights == 0
        stand = np.clip(0.0, low, high)  # who has figure 0 cannot take the rest
        lows, highs = np.where(still, stand, low), np.where(still, stand, high)
        least, most = math.fsum(lows), float(highs.sum()) if np.isinf(highs).any() else math.fsum(highs)
        noise = 0.0 if self.scale > 1 else ROOM_NOISE * max(size, abs(least))
        if not least - noise <= size <= most + noise:
            fault = self._fault("bounds", size, least if size < least else most, still, credit=credit)
            raise InfeasibleError("the bounds cannot be met", faults=[fault], remedy=_REMEDY)

    def check_gaps(self, gaps: FloatArray, amounts: FloatArray, weights: FloatArray) -> None:
        """Raise InfeasibleError with every scenario whose amount is a gap away from what the limits allow.

        Parameters
        ----------
        gaps, amounts
            Shape (draws, pools), in units of 1/`scale` euro.
        weights
            Shape (draws, pools, n), of length 1 where it does not vary.
        """
        faults = []
        for draw, pool in np.argwhere(gaps != 0).tolist():
            size, gap = abs(float(amounts[draw, pool])), float(gaps[draw, pool])
            still = weights[draw % weights.shape[0], pool % weights.shape[1]] == 0
            credit = bool(amounts[draw, pool] < 0)
            faults.append(self._fault(f"amount[{draw}, {pool}]", size, size - gap, still, credit=credit))
        if faults:
            raise InfeasibleError("the bounds cannot be met in every scenario", faults=faults, remedy=_REMEDY)

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
