"""Bounds in front of the water-filling: cents, sides left open, and whether they can be met at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Fault, Faults, InfeasibleError, listed

if TYPE_CHECKING:
    from ggu_costs.allocation.inputs import Participants
    from ggu_costs.typing import BoolArray, Euros, FloatArray

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
    *,
    size: float,
    span: tuple[float, float],
    lows: FloatArray,
    still: BoolArray,
    participants: Participants,
) -> Fault:
    """Say in words who stands in the way of an amount of `size` outside `span`, and by how much (all in euro)."""
    least, most = span
    if size < least:
        who = listed(participants.label(int(place)) for place in np.argsort(-lows, kind="stable") if lows[place] > 0)
        found = f"the bounds ask {least:,.2f} euro at least, {least - size:,.2f} more than the {size:,.2f} there is"
        found += f" ({who})" if who else ""
    else:
        who = listed(participants.label(int(place)) for place in np.flatnonzero(still))
        found = f"the bounds allow {most:,.2f} euro at most, {size - most:,.2f} less than the {size:,.2f} there is"
        found += f" (with figure 0 nothing can go to {who})" if who else ""
    return Fault(where, found)


def check_room(
    size: float,
    scale: float,
    *,
    weights: FloatArray,
    lows: FloatArray,
    highs: FloatArray,
    participants: Participants,
) -> None:
    """Raise InfeasibleError if shares of `size` cannot all lie within the limits; all in units of 1/`scale` euro."""
    least, most = room(weights, lows, highs)
    noise = 0.0 if scale > 1 else ROOM_NOISE * max(size, abs(least))
    if least - noise <= size <= most + noise:
        return
    fault = room_fault(
        "bounds",
        size=size / scale,
        span=(least / scale, most / scale),
        lows=lows,
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
    participants: Participants,
) -> None:
    """Raise InfeasibleError with every scenario whose amount is a gap away from what the limits allow.

    Amounts, gaps and `lows` (a row for costs, one for credits) are in units of 1/`scale` euro.
    """
    faults = []
    for place in np.argwhere(gaps != 0):
        draw, pool = place.tolist()
        amount, gap = amounts[draw, pool], gaps[draw, pool]
        size, side = abs(amount) / scale, int(amount < 0)
        met = size - gap / scale
        figures = weights[draw % weights.shape[0], pool % weights.shape[1]]
        span = (met, np.inf) if gap < 0 else (-np.inf, met)
        faults.append(
            room_fault(
                f"amount{place.tolist()}",
                size=size,
                span=span,
                lows=lows[side],
                still=figures == 0,
                participants=participants,
            )
        )
    if faults:
        raise InfeasibleError("the bounds cannot be met in every scenario", faults=faults, remedy=_REMEDY)
