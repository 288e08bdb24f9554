"""The membership fee: opened from a model file, and asked for its bills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ggu_costs.allocation import Tariff
from ggu_costs.errors import Faults
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.definition import FeeDefinition
from ggu_costs.fund.indexation import step_in, times
from ggu_costs.fund.run import BillingModel
from ggu_costs.fund.terms import FEE_SCALES, Terms, exact_figures
from ggu_costs.modelfile.values import Dated
from ggu_costs.typing import DateLike
from ggu_costs.words.label import names_year
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class Fee(BillingModel[FeeDefinition]):
    """A membership fee with a bracket tariff (contributie)."""

    def with_changes(
        self,
        *,
        counting_date: DateLike | None = None,
        map_date: DateLike | None = None,
        vintage: str | None = None,
    ) -> Fee:
        """Return a new fee on another counting date or municipal map, that remembers what was changed.

        Parameters
        ----------
        counting_date, map_date
            Any dates with reference figures.
        vintage
            The publication whose index it follows, of those in the index file.
        """
        faults = Faults()
        changes, errors = self._change_dates(counting_date, map_date, faults)
        changes = self._change_vintage(changes, vintage, faults)
        self._check_changes(faults, errors)
        return replace(self, changes=changes)

    def bill(self, year: int | None = None) -> Bill:
        """Return the fee of each municipality; see :meth:`fees`."""
        return self.fees(year)

    def tariff(self, year: int | None = None) -> Tariff:
        """Return the tariff of a year, a callable on numbers of inhabitants."""
        chosen, indexed = self._year(year), self._indexed()
        stated = self.tariff_of(self.definition.fee, chosen, "fee")
        return stated if indexed is None else times(stated, indexed.factor(chosen))

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
        indexed = self._indexed()
        terms = Terms(
            model=self.id, kind="fee", year=chosen, basis="tariff", level=Fraction(1),
            key={"inhabitants": Fraction(1)}, counting_date=counted, map_date=mapped,
            figures=exact_figures(["inhabitants"], counted, mapped, self.reference),
            vat=self._vat(chosen, mapped),
            tariff=self.tariff(chosen),
            index=step_in(indexed, "index", chosen, index),
            growth_to_cost_cover=step_in(indexed, "growth_to_cost_cover", chosen, growth),
            merger_correction=correction, indexed=indexed, reference=self.reference,
        )  # fmt: skip
        title = (
            self.title if names_year(self.definition.title, chosen) else message("fees", title=self.title, year=chosen)
        )
        return self._bill(terms, {"level": next(value for _, value in fee.values)}, title=title)
