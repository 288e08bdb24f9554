"""Bounds in front of the water-filling: cents, sides left open, and whether they can be met at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Fault, Faults, InfeasibleError, listed

if TYPE_CHECKING:
    from ggu_costs.allocation.inputs import Participants
    from ggu_costs.typing import BoolArray, Euros, FloatArray, IntArray

__all__ = ["ROOM_NOISE", "check_gaps", "check_order", "check_room", "inward_cents", "limits", "snap_cents"]

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


def inward_cents(minimum: FloatArray | None, maximum: FloatArray | None) -> tuple[FloatArray | None, FloatArray | None]:
    """Bounds in euro as the nearest whole cents inside them."""
    lows = None if minimum is None else np.ceil(snap_cents(minimum))
    highs = None if maximum is None else np.floor(snap_cents(maximum))
    return lows, highs


def limits(
    minimum: FloatArray | None, maximum: FloatArray | None, count: int, *, credit: bool
) -> tuple[FloatArray, FloatArray]:
    """Limits for a cost (0 or more), or for a credit turned positive: where no bound is given, no share passes 0."""
    lows = np.full(count, -np.inf) if minimum is None else minimum
    highs = np.full(count, np.inf) if maximum is None else maximum
    if credit:
        lows, highs = -highs, -lows
    return np.where(np.isneginf(lows), np.minimum(0.0, highs), lows), highs


def check_order(
    minimum: FloatArray | None, maximum: FloatArray | None, scale: float, participants: Participants
) -> None:
    """Raise InfeasibleError naming every participant whose minimum exceeds its maximum (in units of 1/`scale` euro)."""
    if minimum is None or maximum is None:
        return
    faults = Faults()
    for place in np.flatnonzero(minimum > maximum):
        faults.add(
            f"bounds {participants.label(int(place))}",
            f"minimum {minimum[place] / scale:,.2f} above maximum {maximum[place] / scale:,.2f}",
            "minimum at most maximum, with a whole cent between them where cents are asked",
        )
    faults.check("minimum and maximum exclude each other", remedy=_REMEDY, kind=InfeasibleError)


def room(weights: FloatArray, lows: FloatArray, highs: FloatArray) -> tuple[float, float]:
    """The least and the most that shares within limits can add up to; who has figure 0 cannot take the rest."""
    stand = np.clip(0.0, lows, highs)
    least, most = np.where(weights == 0, stand, lows), np.where(weights == 0, stand, highs)
    return math.fsum(least), float(most.sum()) if np.isinf(most).any() else math.fsum(most)


def room_fault(
    where: str,
    amount: float,
    total: float,
    *,
    lows: FloatArray,
    highs: FloatArray,
    still: BoolArray,
    participants: Participants,
) -> Fault:
    """Say in words whose bounds stand in the way of an amount, and by how much; all in euro.

    `total`: what the shares add up to at the bounds that the amount passes. `still`: who has figure 0.
    """

    def named(places: IntArray) -> str:
        return listed(participants.label(int(place)) for place in places)

    if amount < total:
        raised = lows > 0 if (lows > 0).any() else np.isfinite(lows)
        places = [place for place in np.argsort(-lows, kind="stable") if raised[place]]
        found = f"the bounds ask {total:,.2f} euro at least, {total - amount:,.2f} more than the {amount:,.2f} there is"
        return Fault(where, f"{found} ({named(np.array(places))})")
    held = highs < 0 if (highs < 0).any() else np.isfinite(highs) & ~still
    who = [f"held down: {named(np.flatnonzero(held))}"] if held.any() else []
    who += [f"with figure 0 nothing can go to {named(np.flatnonzero(still))}"] if still.any() else []
    found = f"the bounds allow {total:,.2f} euro at most, {amount - total:,.2f} less than the {amount:,.2f} there is"
    return Fault(where, f"{found} ({'; '.join(who)})")


def _fault_of(
    where: str,
    size: float,
    met: float,
    *,
    lows: FloatArray,
    highs: FloatArray,
    credit: bool,
    still: BoolArray,
    participants: Participants,
) -> Fault:
    """The fault of a cost, or of a credit that was turned positive, in the signs of the user."""
    if credit:
        size, met, lows, highs = -size, -met, -highs, -lows
    return room_fault(where, size, met, lows=lows, highs=highs, still=still, participants=participants)


def check_room(
    size: float,
    scale: float,
    *,
    weights: FloatArray,
    lows: FloatArray,
    highs: FloatArray,
    credit: bool,
    participants: Participants,
) -> None:
    """Raise InfeasibleError if shares of `size` cannot all lie within the limits; all in units of 1/`scale` euro."""
    least, most = room(weights, lows, highs)
    noise = 0.0 if scale > 1 else ROOM_NOISE * max(size, abs(least))
    if least - noise <= size <= most + noise:
        return
    met = least if size < least else most
    fault = _fault_of(
        "bounds",
        size / scale,
        met / scale,
        lows=lows,
        highs=highs,
        credit=credit,
        still=weights == 0,
        participants=participants,
    )
    raise InfeasibleError("the bounds cannot be met", faults=[fault], remedy=_REMEDY)


def check_gaps(
    gaps: FloatArray,
    amounts: Euros,
    scale: float,
    *,
    weights: FloatArray,
    lows: FloatArray,
    highs: FloatArray,
    participants: Participants,
) -> None:
    """Raise InfeasibleError with every scenario whose amount is a gap away from what the limits allow.

    Amounts, gaps, `lows` and `highs` (a row for costs, one for credits) are in units of 1/`scale` euro.
    """
    faults = []
    for place in np.argwhere(gaps != 0):
        draw, pool = place.tolist()
        amount = amounts[draw, pool]
        size, side = abs(amount) / scale, int(amount < 0)
        faults.append(
            _fault_of(
                f"amount{place.tolist()}",
                size,
                size - gaps[draw, pool] / scale,
                lows=lows[side],
                highs=highs[side],
                credit=amount < 0,
                still=weights[draw % weights.shape[0], pool % weights.shape[1]] == 0,
                participants=participants,
            )
        )
    if faults:
        raise InfeasibleError("the bounds cannot be met in every scenario", faults=faults, remedy=_REMEDY)
