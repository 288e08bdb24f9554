"""The data of a bill: what each municipality pays in one year, in cents, and on what that rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from ggu_costs.fund.result import CentsResult
from ggu_costs.fund.terms import Terms
from ggu_costs.money import euros, round_half_up
from ggu_costs.typing import Euros


@dataclass(frozen=True, kw_only=True)
class Billed(CentsResult):
    """What each municipality pays in one year, in whole cents that add up to the total.

    Attributes
    ----------
    terms
        Level, key, dates and figures it follows from.
    cents
        Amount by code, in order of code, a settlement of an earlier year included.
    sources
        On what level, key, dates and VAT rest, in words; for :meth:`Bill.explain`.
    settlement
        Cents by code of an earlier year's settlement in this bill, if any.
    name
        What a sentence calls it: the model, with the year.
    outside
        What is not in the amounts: memorandum items.
    """

    terms: Terms
    cents: Mapping[str, int]
    sources: Mapping[str, str]
    settlement: Mapping[str, int] | None = None
    name: str = ""
    outside: tuple[str, ...] = ()

    noun: ClassVar[str] = "bill"

    @property
    def called(self) -> str:
        """What a sentence calls it."""
        return self.name or self.title

    @property
    def column(self) -> str:
        """Name of the amount: ``contribution`` for a fund, ``fee`` for a fee."""
        return "fee" if self.terms.kind == "fee" else "contribution"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code of the amount."""
        return {self.column: self.cents}

    @property
    def codes(self) -> pd.Index[str]:
        """Codes of the municipalities, in order."""
        return pd.Index(list(self.cents), name="code")

    @property
    def values(self) -> Euros:
        """Amounts in euro, float64, in the order of :attr:`codes`."""
        return euros(list(self.cents.values()))

    @property
    def total_cents(self) -> int:
        """The total in whole cents."""
        return sum(self.cents.values())

    @property
    def total(self) -> float:
        """The total in euro."""
        return self.total_cents / 100

    def own_cents(self, code: str) -> int:
        """Cents of a municipality without the settlement of an earlier year."""
        return self.cents[code] - (self.settlement[code] if self.settlement is not None else 0)

    @property
    def gap_cents(self) -> int:
        """Cents of the total that lines rounded one by one do not ask; below 0: they ask more. 0 without a total."""
        if self.terms.basis != "budget" or self.terms.conditions.rounding != "each":
            return 0
        return round_half_up(self.terms.level * 100) - sum(map(self.own_cents, self.cents))

    @property
    def gap(self) -> float:
        """The same in euro."""
        return self.gap_cents / 100

    @property
    def rule(self) -> str:
        """Method by which the amounts were made: ``proportional``, ``rate``, or the mode of the tariff."""
        if self.terms.basis == "budget":
            return "proportional"
        return "rate" if self.terms.tariff is None else self.terms.tariff.mode

    @property
    def metric(self) -> str:
        """The key in words, such as ``inhabitants`` or ``0.8 inhabitants + 0.2 equal``."""
        parts = self.terms.key
        if len(parts) == 1:
            return next(iter(parts))
        return " + ".join(f"{float(part):g} {name}" for name, part in parts.items())
