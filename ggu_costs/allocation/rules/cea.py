"""Constrained equal awards: everyone gets the same, up to the claim."""

from collections.abc import Sequence
from fractions import Fraction

from ggu_costs.allocation.on_claims import OnClaims, by_level


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


RULE = OnClaims("cea", cea, by_level(0))
