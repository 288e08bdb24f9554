"""Settlement of a year (afrekening): what it really cost, shared by the key, minus the advances (voorschotten)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import InputError
from ggu_costs.fund.terms import carry_cents, check_known, freeze, whole_cents, written
from ggu_costs.money import euros
from ggu_costs.reference import names_of
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.model import Fund
    from ggu_costs.typing import DateLike

__all__ = ["Settlement", "settle"]


@dataclass(frozen=True, kw_only=True)
class Settlement(Result):
    """Final minus advance, by municipality, in cents; plus = pay more."""

    advance: Mapping[str, int]
    final: Mapping[str, int]
    names: Mapping[str, str]
    map_date: date

    def __post_init__(self) -> None:
        """Keep the amounts as they are."""
        freeze(self, "advance", "final", "names")

    @property
    def settlement_cents(self) -> dict[str, int]:
        """Final minus advance in cents, by code."""
        return {code: self.final[code] - self.advance[code] for code in self.final}

    @property
    def total(self) -> float:
        """Settlement of all municipalities together, in euro."""
        return sum(self.settlement_cents.values()) / 100

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, advance, final, settlement`` by code, in euro."""
        import pandas as pd

        codes = list(self.final)
        columns = {"advance": self.advance, "final": self.final, "settlement": self.settlement_cents}
        frame = pd.DataFrame({"name": [self.names[code] for code in codes]}, index=pd.Index(codes, name="code"))
        for name, cents in columns.items():
            frame[name] = euros([cents[code] for code in codes])
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=tuple(columns))

    def explain(self, code: str) -> Explanation:
        """Return the steps to the settlement of one municipality."""
        check_known(code, self.final, "municipality in this settlement", self.map_date)
        steps = (
            Step(label("final"), numbers.euro(self.final[code] / 100)),
            Step(label("advance"), numbers.euro(self.advance[code] / 100)),
            Step(label("settlement"), numbers.euro(self.settlement_cents[code] / 100, plus=True)),
        )
        return Explanation(f"{self.names[code]} ({code}): {self.title}", steps, self.notes)


def settle(
    fund: Fund, actual: Decimal | float, counting_date: DateLike | None, map_date: DateLike | None, year: int | None
) -> Settlement:
    """Settle one year of a fund; see :meth:`ggu_costs.fund.model.Fund.settle`."""
    if whole_cents(actual) is None:
        raise InputError(
            f"{fund.id}: the real total is {written(actual)}", remedy="Give a finite amount in whole cents."
        )
    advance = fund.contributions(year)
    final = fund.with_changes(
        total=actual,
        counting_date=counting_date or advance.terms.counting_date,
        map_date=map_date or advance.terms.map_date,
    ).contributions(year)
    notes = list(final.notes)
    if final.terms.codes != advance.terms.codes:
        notes.append("Voorschotten van opgeheven gemeenten zijn bij de rechtsopvolger geteld.")
    return Settlement(
        title=f"{fund.title}: afrekening {final.terms.year}",
        notes=tuple(notes),
        provenance={"advance": dict(advance.provenance), "final": dict(final.provenance)},
        illustrative=final.illustrative,
        advance=carry_cents(advance.cents, advance.terms.map_date, final.terms.map_date),
        final=final.cents,
        names=names_of(final.terms.map_date),
        map_date=final.terms.map_date,
    )
