"""The bill of each municipality (bijdrage, contributie): amounts, VAT, what is left, and how each came about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ggu_costs.display.result import Explanation, Result
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund.terms import Terms, Vat, figure_totals, quotas
from ggu_costs.money import euros, round_half_up, vat_in
from ggu_costs.reference import groups, names_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.change import Change
    from ggu_costs.fund.plots import BillPlots
    from ggu_costs.fund.settlement import Settlement
    from ggu_costs.typing import Euros

__all__ = ["BCF_NOTE", "Bill", "VatSplit", "split_vat"]

BCF_NOTE = (
    "Compensabele btw: gemeenten samen winnen hier niets mee zolang het plafond van het BTW-compensatiefonds via het "
    "gemeentefonds wordt verrekend."
)


@dataclass(frozen=True)
class VatSplit:
    """One invoice: excluding VAT, VAT, recoverable VAT and net, in cents; None where unknown."""

    invoice: int
    vat: int | None
    recoverable: int | None

    @property
    def net(self) -> int | None:
        """What stays for the municipality after the VAT compensation fund."""
        return None if self.recoverable is None else self.invoice - self.recoverable


def split_vat(cents: int, vat: Vat, code: str) -> VatSplit:
    """Split one amount; excluding + VAT = including, to the cent."""
    if vat.state == "none":
        return VatSplit(cents, 0, 0)
    if vat.taxed_share is None or vat.state == "unknown":
        return VatSplit(cents, None, None)
    taxed = round_half_up(Fraction(cents) * Fraction(vat.taxed_share))
    if vat.state == "incl":
        tax, invoice = vat_in(taxed, vat.rate), cents
    else:
        tax = round_half_up(Fraction(taxed) * Fraction(vat.rate))
        invoice = cents + tax
    if vat.recoverable_share is None:
        return VatSplit(invoice, tax, None)
    return VatSplit(invoice, tax, round_half_up(Fraction(tax) * Fraction(vat.recoverable_share[code])))


@dataclass(frozen=True, kw_only=True)
class Bill(Result):
    """What each municipality pays in one year, in whole cents that add up to the total.

    Attributes
    ----------
    terms
        Level, key, dates and figures it follows from.
    cents
        Amount by code, in order of code, a settlement of an earlier year included.
    sources
        On what level, key, dates and VAT rest, in words; for :meth:`explain`.
    settlement
        Cents by code of an earlier year's settlement in this bill, if any.
    """

    terms: Terms
    cents: Mapping[str, int]
    sources: Mapping[str, str]
    settlement: Mapping[str, int] | None = None

    @property
    def column(self) -> str:
        """Name of the amount: ``contribution`` for a fund, ``fee`` for a fee."""
        return "fee" if self.terms.kind == "fee" else "contribution"

    @property
    def codes(self) -> pd.Index[str]:
        """Codes of the municipalities, in order."""
        import pandas as pd

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

    def to_frame(self) -> pd.DataFrame:
        """Return the bill as a frame indexed by code.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, contribution`` (or ``fee``), ``per_inhabitant, vat, recoverable_vat, net`` in euro,
            where
            NaN is a memorandum item (PM); ``settlement`` and ``offset, net_after_offset`` where they apply; and on
            every line ``metric, ratio, method``.
        """
        import pandas as pd

        codes = list(self.cents)
        people = self.terms.figures["inhabitants"]
        split = [split_vat(self.cents[code], self.terms.vat, code) for code in codes]
        frame = pd.DataFrame(index=self.codes)
        frame["name"] = list(names_of(self.terms.map_date).values())
        whole = all(people[code].denominator == 1 for code in codes)
        frame["inhabitants"] = [int(people[code]) if whole else float(people[code]) for code in codes]
        frame[self.column] = self.values
        frame["per_inhabitant"] = [
            float(Fraction(self.cents[c], 100) / people[c]) if people[c] else math.nan for c in codes
        ]
        frame["vat"] = _euro_column([part.vat for part in split])
        frame["recoverable_vat"] = _euro_column([part.recoverable for part in split])
        frame["net"] = _euro_column([part.net for part in split])
        if self.settlement is not None:
            frame["settlement"] = euros([self.settlement[code] for code in codes])
        if self.terms.offset is not None:
            frame["offset"] = euros([self.terms.offset[code] for code in codes])
            frame["net_after_offset"] = frame["net"] - frame["offset"]
        frame["metric"] = self.metric
        frame["ratio"] = self._ratios()
        frame["method"] = self.rule
        euro = ("vat", "recoverable_vat", "net", "settlement", "offset", "net_after_offset", self.column)
        units = dict.fromkeys(euro, "EUR") | {"per_inhabitant": "EUR/inhabitant", "ratio": "share"}
        pm = ("vat", "recoverable_vat", "net", "net_after_offset")
        return self._framed(frame, units, pm=pm, total=("inhabitants", self.column))

    def _quotas(self) -> dict[str, Fraction]:
        return quotas(self.terms.key, self.terms.figures, figure_totals(self.terms.figures))

    def _ratios(self) -> list[float]:
        if self.terms.basis == "tariff":
            return [cents / self.total_cents for cents in self.cents.values()]
        share = self._quotas()
        return [float(share[code]) for code in self.cents]

    def including(self, settlement: Settlement) -> Bill:
        """Return this bill with the settlement (afrekening) of an earlier year in it.

        Parameters
        ----------
        settlement
            A result of :meth:`Fund.settle <ggu_costs.fund.model.Fund.settle>` on the same municipal map.

        Raises
        ------
        InputError
            Another municipal map, or a bill that has a settlement already.
        """
        if self.settlement is not None:
            raise InputError("this bill holds a settlement already", remedy="Start from the bill without one.")
        cents: Mapping[str, int] = settlement.settlement_cents
        if list(cents) != list(self.cents):
            raise InputError(
                "the settlement is on another municipal map than this bill",
                remedy=f"Settle with map_date={self.terms.map_date.isoformat()!r}.",
            )
        both = {code: amount + cents[code] for code, amount in self.cents.items()}
        return replace(
            self, cents=both, settlement=dict(cents), notes=(*self.notes, "Inclusief afrekening van een eerder jaar.")
        )

    def change_from(self, previous: Bill, order: Sequence[str] | str | None = None) -> Change:
        """Explain why the bill of each municipality changed, cause by cause, in cents that add up.

        Parameters
        ----------
        previous
            An earlier bill of the same kind.
        order
            The causes in the order in which they are applied; None is the fixed order, ``"shapley"`` the average over
            all orders.

        See Also
        --------
        ggu_costs.fund.change : the causes and their definition.
        """
        from ggu_costs.fund.change import change_between

        return change_between(previous, self, order)

    def by(self, group: Any) -> pd.DataFrame:
        """Return the bill by group.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them.

        Returns
        -------
        pandas.DataFrame
            By group ``municipalities, inhabitants``, the amount and ``per_inhabitant``. Overlapping groups have no
            total.
        """
        import pandas as pd

        made = groups(group, list(self.cents), self.terms.map_date)
        people = self.terms.figures["inhabitants"]
        rows = []
        for name, codes in made.members.items():
            cents = sum(self.cents[code] for code in codes)
            count = sum((people[code] for code in codes), Fraction(0))
            rows.append(
                (
                    name,
                    len(codes),
                    float(count),
                    cents / 100,
                    float(Fraction(cents, 100) / count) if count else math.nan,
                )
            )
        names = [made.name, "municipalities", "inhabitants", self.column, "per_inhabitant"]
        frame = pd.DataFrame(rows, columns=names).set_index(made.name)
        total = () if made.overlapping else ("municipalities", "inhabitants", self.column)
        return self._framed(frame, {self.column: "EUR", "per_inhabitant": "EUR/inhabitant"}, total=total)

    @property
    def plot(self) -> BillPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.fund.plots import BillPlots

        return BillPlots(self)

    def explain(self, code: str) -> Explanation:
        """Return the steps from source to amount of one municipality.

        Raises
        ------
        UnknownNameError
            A code that is not in this bill.
        """
        if code not in self.cents:
            raise UnknownNameError("municipality in this bill", code, list(self.cents))
        from ggu_costs.fund.steps import bill_steps

        name = names_of(self.terms.map_date)[code]
        return Explanation(f"{name} ({code}): {self.title}", tuple(bill_steps(self, code)), self.notes)


def _euro_column(cents: Sequence[int | None]) -> list[float]:
    return [math.nan if amount is None else amount / 100 for amount in cents]
