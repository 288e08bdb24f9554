"""Voting power by the volume sweep: exact in whole votes up to a total weight of 20,000."""

import math
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from ggu_costs.ballot.threshold import Threshold
from ggu_costs.errors import InputError
from ggu_costs.figures import check_flags
from ggu_costs.frames import describe

KINDS = ("shapley_shubik", "banzhaf")
MOST_WEIGHT = 20_000
"""Total weight up to which power is computed exactly."""
_COARSER = (9_973, 7_919)  # prime: a rounding that hides who is larger does not do so at every scale


def power(weights: Mapping[str, int], threshold: Threshold, kind: str, *, approximate: bool) -> pd.Series:
    """Voting power of checked weights; see :meth:`ggu_costs.ballot.tally.Ballot.power`."""
    divisor = math.gcd(*weights.values())  # the same game in larger votes
    votes = [weight // divisor for weight in weights.values()]
    total = sum(votes)
    check_flags(approximate=approximate)
    if total > MOST_WEIGHT and not approximate:
        raise InputError(
            f"a total weight of {total * divisor} is more than the {MOST_WEIGHT} up to which power is exact",
            remedy="Say approximate=True for scaled weights with a stated error.",
        )
    error = 0.0
    if total <= MOST_WEIGHT:
        shares = _exact(votes, threshold.votes_of(total, Fraction(1, divisor)), kind)
    else:
        shares = _scaled(votes, divisor, threshold, kind, MOST_WEIGHT)
        coarser = [_scaled(votes, divisor, threshold, kind, cells) for cells in _COARSER]
        error = max(abs(a - b) for coarse in coarser for a, b in zip(shares, coarse, strict=True))
    series = pd.Series(shares, index=pd.Index(list(weights), name="code"), name="power")
    return describe(series, kind=kind, quota=threshold.votes_of(sum(weights.values())), error=error)


def _exact(votes: list[int], quota: int, kind: str) -> list[float]:
    from ggu_costs.allocation import volume_banzhaf, volume_shapley

    passes = [0.0] * quota + [1.0]
    if kind == "banzhaf":
        chances = volume_banzhaf(votes, passes, saturated=True)
        whole = float(chances.sum())
        return [float(chance) / whole for chance in chances]
    nodes = (len(votes) + 1) // 2  # a step is not smooth: only the full number of nodes is exact
    swept = volume_shapley(votes, passes, saturated=True, nodes=nodes)
    return [float(chance) for chance in swept.values]


def _scaled(votes: list[int], divisor: int, threshold: Threshold, kind: str, cells: int) -> list[float]:
    """Power with the weights brought down to a total of about `cells`, to the nearest whole vote."""
    total = sum(votes)
    small = [(2 * vote * cells + total) // (2 * total) for vote in votes]
    return _exact(small, threshold.votes_of(sum(small), Fraction(sum(small), total * divisor)), kind)
