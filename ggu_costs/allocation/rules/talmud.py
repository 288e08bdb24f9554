"""The rule of the Talmud: half the claims cap the awards, then the losses."""

from collections.abc import Sequence
from fractions import Fraction

from ggu_costs.allocation.on_claims import OnClaims, by_level
from ggu_costs.allocation.rules.cea import cea


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


RULE = OnClaims("talmud", talmud, by_level(2))
