"""The membership fee: opened from a model file, and asked for its bills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ggu_costs.allocation import Tariff
from ggu_costs.errors import Faults
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.definition import FeeDefinition
from ggu_costs.fund.run import BillingModel
from ggu_costs.fund.terms import FEE_SCALES, Terms, exact_figures
from ggu_costs.modelfile.values import Dated
from ggu_costs.typing import DateLike
from ggu_costs.words.label import names_year
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class Fee(BillingModel[FeeDefinition]):
    """A membership fee with a bracket tariff (contributie)."""

    def with_changes(self, *, counting_date: DateLike | None = None, map_date: DateLike | None = None) -> Fee:
        """Return a new fee on another counting date or municipal map, that remembers what was changed."""
        faults = Faults()
        changes, errors = self._change_dates(counting_date, map_date, faults)
        self._check_changes(faults, errors)
        return replace(self, changes=changes)

    def bill(self, year: int | None = None) -> Bill:
        """Return the fee of each municipality; see :meth:`fees`."""
        return self.fees(year)

    def tariff(self, year: int | None = None) -> Tariff:
        """Return the tariff of a year, a callable on numbers of inhabitants."""
        return self.tariff_of(self.definition.fee, self._year(year), "fee")

    def _rests_on(self, year: int) -> list[Dated | None]:
        fee = self.definition.fee
        return [*(value for _, value in fee.values), *(getattr(fee, name) for name in FEE_SCALES)]

    def fees(self, year: int | None = None) -> Bill:
        """Return the fee of each municipality (contributie), each rounded to the cent.

        Parameters
        ----------
        year
            Required where the file holds several years.
        """
        chosen = self._year(year)
        self.require(chosen)
        fee = self.definition.fee
        counted, mapped = self._dates(chosen)
        self.reference.map_day(mapped, what="map_date")
        index, growth, correction = (
            Fraction(self.optional_number(getattr(fee, name), chosen, f"fee.{name}") or 0) for name in FEE_SCALES
        )
        terms = Terms(
            model=self.id, kind="fee", year=chosen, basis="tariff", level=Fraction(1),
            key={"inhabitants": Fraction(1)}, counting_date=counted, map_date=mapped,
            figures=exact_figures(["inhabitants"], counted, mapped, self.reference),
            vat=self._vat(chosen, mapped),
            tariff=self.tariff(chosen),
            index=index, growth_to_cost_cover=growth, merger_correction=correction, reference=self.reference,
        )  # fmt: skip
        title = (
            self.title if names_year(self.definition.title, chosen) else message("fees", title=self.title, year=chosen)
        )
        return self._bill(terms, {"level": next(value for _, value in fee.values)}, title=title)
