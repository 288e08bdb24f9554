"""VAT in a share (btw), what the VAT compensation fund returns (BCF), and the net amount, to the cent.

Recoverable VAT is known for municipalities only: what a body recovers depends on its own tax position and stays PM.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ggu_costs.money import VatSplit, split_vat

__all__ = ["Vat"]


@dataclass(frozen=True)
class Vat:
    """VAT terms of a case; None where unknown (PM).

    Attributes
    ----------
    state
        Of the amounts in the pools: incl, excl, none or unknown.
    """

    state: str
    rate: Decimal | None
    taxed_share: Decimal | None
    recoverable_share: Decimal | None

    @property
    def known(self) -> bool:
        """Whether net amounts of municipalities are known, where there is VAT."""
        parts = (self.rate, self.taxed_share, self.recoverable_share)
        return self.state != "unknown" and all(part is not None for part in parts)

    def split(self, cents: int, *, municipality: bool) -> VatSplit:
        """Split one share; excluding + VAT = including, to the cent.

        Examples
        --------
        >>> vat = Vat("excl", Decimal("0.21"), Decimal(1), Decimal("0.5"))
        >>> vat.split(10_000, municipality=True), vat.split(10_000, municipality=False).net
        (VatSplit(invoice=12100, vat=2100, recoverable=1050), None)
        """
        share = self.recoverable_share if municipality else None
        return split_vat(cents, state=self.state, rate=self.rate, taxed_share=self.taxed_share, recoverable_share=share)
