"""Constrained equal losses: everyone gives up the same, nobody below 0."""

from collections.abc import Sequence
from fractions import Fraction

from ggu_costs.allocation.on_claims import OnClaims, by_level
from ggu_costs.allocation.rules.cea import cea


def cel(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal losses, exactly: each claim less an equal award of the loss.

    Examples
    --------
    >>> [str(award) for award in cel(Fraction(10), [Fraction(c) for c in (2, 4, 7, 8)])]
    ['0', '1', '4', '5']
    """
    losses = cea(sum(claims, Fraction(0)) - amount, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


RULE = OnClaims("cel", cel, by_level(1))
