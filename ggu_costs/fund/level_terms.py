"""The table ``fund`` or ``fee`` of a file: level or tariff, key, dates and conditions."""

from typing import Literal

from ggu_costs.fund.conditions import ConditionTerms
from ggu_costs.fund.indexation import IndexedTerms
from ggu_costs.fund.phasing import PhaseInTerms
from ggu_costs.fund.tariff_terms import TariffTerms
from ggu_costs.modelfile.terms import KeyTerms, VatTerms
from ggu_costs.modelfile.values import Dated, DateValue, Money, PerInhabitant, Share


class FundTerms(ConditionTerms):
    """Total or rate, key, dates and conditions of the fund.

    Attributes
    ----------
    basis
        From what bills follow: ``budget`` (a total), ``rate`` (euro per inhabitant) or ``tariff`` (classes of
        inhabitants).
    total
        What all pay together; without it the sum of the budgets of the activities.
    rate
        Euro per inhabitant, on basis ``rate``.
    tariff
        The classes, on basis ``tariff``.
    index
        Part of the rise since the year before that is indexation; only used to say why bills changed.
    indexed
        The file and series of the index that it follows.
    key
        By what the total falls on municipalities.
    vat
        VAT in the amounts.
    phase_in
        The way from an earlier key or bill.
    """

    basis: Literal["budget", "rate", "tariff"]
    total: Money | None = None
    rate: PerInhabitant | None = None
    tariff: TariffTerms | None = None
    index: Share | None = None
    indexed: IndexedTerms | None = None
    map_date: DateValue
    counting_date: DateValue
    key: KeyTerms
    vat: VatTerms
    phase_in: PhaseInTerms | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns of the key, and of the key from which a phase-in starts."""
        return (*self.key.parts, *((self.phase_in.from_key if self.phase_in else None) or ()))

    @property
    def level(self) -> Dated | None:
        """The rate, the first of a tariff or the total, as the basis asks; None where it follows from budgets."""
        if self.basis == "tariff" and self.tariff is not None:
            return next((value for _, value in self.tariff.values), None)
        return self.rate if self.basis == "rate" else self.total


class FeeTerms(TariffTerms):
    """The tariff of a fee, with the parts of its yearly change.

    Attributes
    ----------
    index
        Rise of the tariff by the index of the year.
    growth_to_cost_cover
        Further rise of the tariff until it covers the costs.
    merger_correction
        Rise of the tariff that makes up for what mergers cost the association.
    indexed
        The file and series of the index, and of the growth to cost cover, that it follows.
    vat
        VAT in the amounts.
    """

    index: Share | None = None
    growth_to_cost_cover: Share | None = None
    merger_correction: Share | None = None
    indexed: IndexedTerms | None = None
    map_date: DateValue
    counting_date: DateValue
    vat: VatTerms
