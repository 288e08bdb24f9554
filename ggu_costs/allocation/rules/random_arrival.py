"""Random arrival: each takes what is left, up to the claim; the average over all orders of arrival."""

import math
from collections.abc import Sequence
from fractions import Fraction
from math import comb, factorial

import numpy as np

from ggu_costs.allocation.bounds import cent_claims
from ggu_costs.allocation.exact import round_shares
from ggu_costs.allocation.on_claims import OnClaims
from ggu_costs.allocation.sharing import Problem
from ggu_costs.money import euros, to_integers
from ggu_costs.typing import BoolArray, Euros, FloatArray

ENUMERATED = 12
"""Most claimants for which it is enumerated exactly; for more, see :mod:`ggu_costs.allocation.sweep`."""


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


class RandomArrival(OnClaims):
    """Random arrival, beyond a dozen claimants by the volume sweep with its stated error."""

    def share_among(self, amount: Fraction, claims: FloatArray, *, cents: bool) -> tuple[Euros, float | None]:
        """Share one amount: exactly by enumeration, or by one sweep."""
        if claims.size <= ENUMERATED:
            return super().share_among(amount, claims, cents=cents)
        from ggu_costs.allocation.sweep import arrival_by_sweep

        swept, error = arrival_by_sweep(float(amount), claims)
        shares = close(swept, claims, amount)
        return (euros(round_shares(int(amount), shares)), error / 100) if cents else (np.array(shares, float), error)

    def share_rows(
        self, table: FloatArray, weights: FloatArray, rows: Euros, failed: BoolArray, problem: Problem
    ) -> float | None:
        """Share every scenario by the kernel that enumerates, or leave it to a sweep each."""
        count = rows.shape[2]
        if count > ENUMERATED:
            return super().share_rows(table, weights, rows, failed, problem)
        from ggu_costs.allocation import _arrival_kernels, _kernels
        from ggu_costs.allocation.scenarios import over_draws

        sizes = np.array([mask.bit_count() for mask in range(1 << count)], dtype=np.int64)
        order, skipped = problem.participants.order, failed.copy()
        if problem.cents:
            divisor = math.lcm(*range(1, count + 1))
            chances = [divisor // (count * comb(count - 1, size)) for size in range(count)]
            steps = rows.view(np.int64)
            shared = (np.array([*chances, 0], dtype=np.int64), steps)
            over_draws(rows, _arrival_kernels.arrival_steps, table, cent_claims(weights), sizes, *shared, least=1)
            over_draws(rows, _kernels.round_rows, table, steps, order, rows, failed)
        else:
            parts = [factorial(size) * factorial(max(0, count - size - 1)) for size in range(count + 1)]
            ways = np.array([part / factorial(count) for part in parts])[sizes]
            over_draws(rows, _arrival_kernels.arrival_rows, table, weights, ways, rows, least=1)
            over_draws(rows, _kernels.check_rows, table, rows, failed)
        failed |= skipped
        return None


def close(shares: FloatArray, claims: FloatArray, amount: Fraction) -> list[Fraction]:
    """Take the error of shares between 0 and claims out of their sum, exactly, without passing a claim.

    What lacks is spread over what is left of the claims, what is too much over the shares.

    Examples
    --------
    >>> [str(share) for share in close(np.array([1.0, 2.0]), np.array([1.0, 4.0]), Fraction(4))]
    ['1', '3']
    """
    caps = [Fraction(claim) for claim in claims.tolist()]
    held = [min(max(Fraction(share), Fraction(0)), cap) for share, cap in zip(shares.tolist(), caps, strict=True)]
    lacking = min(amount, sum(caps, Fraction(0))) - sum(held, Fraction(0))
    room = [cap - share for share, cap in zip(held, caps, strict=True)] if lacking > 0 else held
    whole = sum(room, Fraction(0))
    return [share + lacking * own / whole for share, own in zip(held, room, strict=True)] if lacking else held


RULE = RandomArrival("random_arrival", random_arrival)
