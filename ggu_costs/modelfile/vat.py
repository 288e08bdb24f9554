"""VAT (btw) in amounts, what the VAT compensation fund (BCF) returns of it, and the net amount, to the cent."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ggu_costs.frozen import Frozen
from ggu_costs.money import VatSplit, split_vat


@dataclass(frozen=True)
class Vat(Frozen):
    """VAT terms as numbers; None where unknown (PM).

    Attributes
    ----------
    state
        Of the amounts: incl, excl, none or unknown.
    recoverable_share
        By code of the municipality. A body that is none is not in it: what it recovers depends on its own tax position
        and stays PM.
    """

    state: str
    rate: Decimal | None
    taxed_share: Decimal | None
    recoverable_share: Mapping[str, Decimal] | None

    @property
    def known(self) -> bool:
        """Whether the net amounts of municipalities can be worked out."""
        parts = (self.rate, self.taxed_share, self.recoverable_share)
        return self.state == "none" or (self.state != "unknown" and all(part is not None for part in parts))

    def split(self, cents: int, code: str) -> VatSplit:
        """Split the amount of one participant; excluding + VAT = including, to the cent.

        Examples
        --------
        >>> vat = Vat("excl", Decimal("0.21"), Decimal(1), {"GM0363": Decimal("0.5")})
        >>> vat.split(10_000, "GM0363"), vat.split(10_000, "GR:NOORD").net
        (VatSplit(invoice=12100, vat=2100, recoverable=1050), None)
        """
        share = None if self.recoverable_share is None else self.recoverable_share.get(code)
        return split_vat(cents, state=self.state, rate=self.rate, taxed_share=self.taxed_share, recoverable_share=share)


def euro_column(cents: Iterable[int | None]) -> list[float]:
    """Whole cents as euros; NaN where unknown (PM).

    Examples
    --------
    >>> euro_column([1250, None])
    [12.5, nan]
    """
    return [math.nan if amount is None else amount / 100 for amount in cents]
