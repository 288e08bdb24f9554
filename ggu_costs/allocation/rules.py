r"""Rules for sharing a shortfall, refund or cut among claims.

Claims problems: an amount :math:`E` and claims :math:`c_i \ge 0` with :math:`0 \le E \le C = \sum_i c_i`.

* constrained equal awards (`cea`): :math:`x_i = \min(c_i, \lambda)`. Small claims are met in full first.
* constrained equal losses (`cel`): :math:`x_i = \max(0, c_i - \mu)`. Everyone gives up the same, nobody below 0.
* `talmud`: with half the claims as caps, awards are equal while :math:`E \le C/2` and losses are equal beyond. It is
  the nucleolus of the bankruptcy game.
* `random_arrival`: claimants come in random order and each takes what is left of the amount, up to the claim; the
  average over all orders. It is the Shapley value of the bankruptcy game.

The functions here are exact and take clean values; :func:`ggu_costs.allocation.allocate` is the checked door to them.

References
----------
Aumann, R. and Maschler, M. (1985). Game theoretic analysis of a bankruptcy problem from the Talmud. Journal of Economic
Theory 36, 195-213.
O'Neill, B. (1982). A problem of rights arbitration from the Talmud. Mathematical Social Sciences 2, 345-371.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

from ggu_costs.allocation.bounds import snap_cents
from ggu_costs.allocation.exact import round_shares, to_integers
from ggu_costs.money import euros

if TYPE_CHECKING:
    from ggu_costs.typing import Euros, FloatArray

__all__ = ["ENUMERATED", "cea", "cel", "random_arrival", "random_arrival_swept", "talmud"]

ENUMERATED = 12
"""Most claimants for which `random_arrival` is enumerated exactly."""


def cea(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal awards, exactly.

    Examples
    --------
    >>> [str(award) for award in cea(Fraction(10), [Fraction(c) for c in (2, 4, 7, 8)])]
    ['2', '8/3', '8/3', '8/3']
    """
    awards = list(claims)
    left = amount
    smallest_first = sorted(range(len(claims)), key=claims.__getitem__)
    for rank, claimant in enumerate(smallest_first):
        level = left / (len(claims) - rank)
        if claims[claimant] > level:  # so are all that follow
            for other in smallest_first[rank:]:
                awards[other] = level
            break
        left -= claims[claimant]
    return awards


def cel(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal losses, exactly: each claim less an equal award of the loss.

    Examples
    --------
    >>> [str(award) for award in cel(Fraction(10), [Fraction(c) for c in (2, 4, 7, 8)])]
    ['0', '1', '4', '5']
    """
    losses = cea(sum(claims, Fraction(0)) - amount, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def talmud(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """The rule of the Talmud, exactly: half the claims cap the awards, then the losses.

    Examples
    --------
    >>> [str(award) for award in talmud(Fraction(200), [Fraction(c) for c in (100, 200, 300)])]
    ['50', '75', '75']
    """
    half = [claim / 2 for claim in claims]
    if amount <= sum(half):
        return cea(amount, half)
    losses = cea(sum(claims, Fraction(0)) - amount, half)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def random_arrival(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    r"""Random arrival by enumeration of the coalitions S that may have come before, exactly.

    :math:`x_i = \sum_{S \not\ni i} \frac{|S|! (n-|S|-1)!}{n!} \min(c_i, \max(0, E - c(S)))`

    Examples
    --------
    >>> [str(award) for award in random_arrival(Fraction(200), [Fraction(c) for c in (100, 200, 300)])]
    ['100/3', '250/3', '250/3']
    """
    (estate, *units), scale = to_integers([amount, *claims])
    count = len(units)
    ways = [factorial(size) * factorial(count - size - 1) for size in range(count)]
    taken = [0]  # what the members of each coalition claim together, by bit mask
    for claim in units:
        taken += [before + claim for before in taken]
    awards = [0] * count
    for mask, before in enumerate(taken):
        left = estate - before
        if left <= 0:
            continue
        weight = ways[mask.bit_count()] if mask.bit_count() < count else 0
        for claimant in range(count):
            if not mask >> claimant & 1:
                awards[claimant] += weight * min(units[claimant], left)
    return [Fraction(award, factorial(count) * scale) for award in awards]


def random_arrival_swept(amount: float, claims: FloatArray, cents: bool) -> tuple[Euros, float]:
    """Random arrival beyond enumeration, in euro, and its estimated error; see :mod:`ggu_costs.allocation.sweep`."""
    from ggu_costs.allocation.sweep import arrival_by_sweep

    if not cents:
        return arrival_by_sweep(amount, claims)
    total = round(amount * 100)
    shares, error = arrival_by_sweep(float(total), snap_cents(claims))
    return euros(round_shares(total, [Fraction(share) for share in shares.tolist()])), error / 100
