"""Settlement of a year (afrekening): what it really cost, shared by the key, minus the advances (voorschotten)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from ggu_costs.display.result import Step
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.result import CentsResult, cents_step
from ggu_costs.fund.terms import carry_cents
from ggu_costs.reference import names_of

__all__ = ["Settlement", "settle"]


@dataclass(frozen=True, kw_only=True)
class Settlement(CentsResult):
    """Final minus advance, by municipality, in cents; plus = pay more.

    The frame has ``name, advance, final, settlement`` by code, in euro.
    """

    advance: Mapping[str, int]
    final: Mapping[str, int]

    noun: ClassVar[str] = "settlement"

    @property
    def settlement_cents(self) -> dict[str, int]:
        """Final minus advance in cents, by code."""
        return {code: self.final[code] - self.advance[code] for code in self.final}

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: advance, final and settlement."""
        return {"advance": self.advance, "final": self.final, "settlement": self.settlement_cents}

    @property
    def total(self) -> float:
        """Settlement of all municipalities together, in euro."""
        return sum(self.settlement_cents.values()) / 100

    def _steps(self, code: str) -> Iterator[Step]:
        yield cents_step("final", self.final[code])
        yield cents_step("advance", self.advance[code])
        yield cents_step("settlement", self.settlement_cents[code], plus=True)


def settle(advance: Billed, final: Billed, *, title: str) -> Settlement:
    """Settle a year: the bill on what it really cost minus the advances, which go to the legal successors."""
    old, new = advance.terms, final.terms
    moved = old.codes != new.codes
    note = ("Voorschotten van opgeheven gemeenten zijn bij de rechtsopvolger geteld.",) if moved else ()
    return Settlement(
        title=title,
        notes=(*final.notes, *note),
        provenance={"advance": dict(advance.provenance), "final": dict(final.provenance)},
        illustrative=final.illustrative,
        advance=carry_cents(advance.cents, old.map_date, new.map_date),
        final=final.cents,
        names=names_of(new.map_date),
        map_date=new.map_date,
    )
