"""The GGU fund: opened from a model file, changed, and asked for its bills and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ggu_costs.display.report import Section
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, UnknownNameError, is_one_of
from ggu_costs.fund.accounts import Accounts, activity_accounts, year_accounts
from ggu_costs.fund.framework import Framework, framework_of
from ggu_costs.fund.fund_years import FundYears
from ggu_costs.fund.portfolio import HalfYearReport, Outlook, half_year, outlook
from ggu_costs.fund.portfolio_terms import POLICIES
from ggu_costs.fund.settlement import Settlement, Underspend, decide_underspend, settle
from ggu_costs.fund.terms import format_plain, whole_cents
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class Fund(FundYears):
    """The GGU fund (fonds GGU) of one or more years.

    Open it with :func:`ggu_costs.open_model`.
    """

    def half_years(self) -> list[HalfYearReport]:
        """Return the half-yearly report of every period that the file has figures of."""
        return [self.half_year(period) for period in self.definition.periods]

    def sections(self) -> tuple[Section, ...]:
        """Return the half-yearly reports in words."""
        return tuple(report.section() for report in self.half_years())

    def accounts(self) -> Accounts:
        """Return the accounts of the years: what came in and was spent, what became of the difference, and reserves.

        See Also
        --------
        ggu_costs.fund.accounts : the definition, and what is refused.
        """
        contributions = {year: self.contributions(year).total_cents for year in self.years}
        return Accounts(
            title=message("accounts_of", title=self.title),
            notes=tuple(self.definition.notes),
            provenance=self.provenance(years=list(self.years)),
            illustrative=self.definition.illustrative,
            contributions=contributions,
            years=tuple(year_accounts(self.definition)),
            activities=tuple(activity_accounts(self.definition)),
        )

    def framework(self, year: int | None = None, *, against: "Fund | None" = None) -> Framework:
        """Return the framework memo (kadernota): a year's proposal beside the year before, activity by activity.

        Parameters
        ----------
        year
            The proposal; by default the last year of the file.
        against
            The fund of the year before, where that is another file.

        See Also
        --------
        ggu_costs.fund.framework : the definition.
        """
        chosen = self._year(max(self.years) if year is None else year)
        earlier = self if against is None else against
        if not isinstance(earlier, Fund):
            raise InputError(f"against is a {type(earlier).__name__}", remedy="Give an opened fund.")
        known = [one for one in earlier.years if one < chosen]
        if not known:
            raise InputError(
                f"{earlier.id} holds no year before {chosen}", remedy="Give the fund of the year before: against=..."
            )
        old, new = earlier.contributions(max(known)), self.contributions(chosen)
        activities = {
            item.id: (item.name, item.part) for fund in (earlier, self) for item in fund.definition.activities
        }
        title = message("framework_of", title=self.title, year=chosen, before=max(known))
        return framework_of(old, new, activities, title=title)

    def answer_lines(self) -> list[str]:
        """Return the last underspend, the last half-yearly report and the outlook in a sentence each."""
        years = [item.year for item in self.definition.underspend]
        said = [self.underspend(year=max(years)).said(max(years))] if years else []
        said += [report.said() for report in self.half_years()[-1:]]
        return [*said, *([self.outlook(self.years[-1]).said()] if len(self.years) > 1 else [])]

    def more_results(self) -> list[Table]:
        """Return half-yearly reports, underspends and, for several years, the outlook."""
        tables = [table for report in self.half_years() for table in report.tables()]
        years = [item.year for item in self.definition.underspend]
        refunds = {item.year for item in self.definition.underspend if item.policy == "refund"}
        by_member = refunds or {max(years, default=0)}  # who gets something back; else of whom the last was
        for year in years:
            result, name = self.underspend(year=year), f"underspend_{year}"
            if year in by_member:
                tables.append(Table(name, "", result.to_frame(), earlier=year < max(by_member)))
            tables.append(Table(f"{name}_to", "", result.where()))
        if years or self.definition.reserve is not None:
            accounts = self.accounts()
            tables.append(Table("accounts", "", accounts.to_frame()))
            title = message("accounts_by_activity", title=self.title)
            tables.append(Table("accounts_by_activity", title, accounts.by_activity(), earlier=True))
        if len(self.years) > 1 and self.definition.activities:
            tables.append(Table("framework", "", self.framework().to_frame()))
        if len(self.years) > 1:
            tables.append(Table("outlook", "", self.outlook(self.years[-1]).summary()))
        return tables

    def settle(
        self,
        actual: Decimal | float,
        counting_date: DateLike | None = None,
        map_date: DateLike | None = None,
        *,
        year: int | None = None,
    ) -> Settlement:
        """Settle the year on what it really cost (afrekening): final minus advance, plus = pay more.

        Parameters
        ----------
        actual
            Real total in euro, in the VAT state of the advance.
        counting_date
            Counting date of the final amounts; by default that of the advance.
        map_date
            Municipal map of the final amounts; advances go to the legal successors. By default that of the advance.
        year
            Required where the file holds several years.
        """
        self._whole_cents(actual, "real total")
        advance = self.contributions(year)
        counted = advance.terms.counting_date if counting_date is None else counting_date
        mapped = advance.terms.map_date if map_date is None else map_date
        final = self.with_changes(total=actual, counting_date=counted, map_date=mapped).contributions(year)
        return settle(advance, final, title=message("settlement_of", title=self.title, year=final.terms.year))

    def underspend(
        self, amount: Decimal | float | None = None, policy: str | None = None, *, year: int | None = None
    ) -> Underspend:
        """Return what is done with an underspend (onderbesteding).

        Parameters
        ----------
        amount
            Euro not spent; by default what the file states for the year.
        policy
            ``carry_forward``, ``refund``, ``earmark`` or ``reserve``; by default what the file states.
        year
            Required where the file holds several years.
        """
        chosen = self._year(year)
        stated = next((item for item in self.definition.underspend if item.year == chosen), None)
        if stated is None and (amount is None or policy is None):
            raise InputError(
                f"{self.id} states no underspend of {chosen}", remedy="Give an amount in euro and a policy."
            )
        named = policy or (stated.policy if stated else "")
        if not is_one_of(named, POLICIES):
            raise UnknownNameError("policy for an underspend", named, POLICIES)
        bill = self.contributions(chosen)
        if amount is None and stated is not None:
            cents = self.cents(stated.amount, chosen, f"underspend.{chosen}.amount")
        else:
            cents = self._whole_cents(amount, "underspend")
        earmarks = stated.earmarks if stated else ()
        return decide_underspend(
            bill, cents, named, earmarks, title=message("underspend_of", title=self.title, year=chosen)
        )

    def _whole_cents(self, amount: object, what: str) -> int:
        cents = whole_cents(amount)
        if cents is None:
            raise InputError(
                f"{self.id}: the {what} is {format_plain(amount)}", remedy="Give a finite amount in whole cents."
            )
        return cents

    def half_year(self, period: str) -> HalfYearReport:
        """Return the half-yearly report (halfjaarrapportage) of a period such as ``2021-H1``."""
        return half_year(self, period)

    def outlook(
        self,
        last_year: int,
        *,
        index: Mapping[int, Decimal | float] | None = None,
        vintage: str = "",
        withdrawals: Mapping[int, Decimal | float] | None = None,
    ) -> Outlook:
        """Return the years ahead (meerjarenraming): total, rate per inhabitant and reserve.

        Parameters
        ----------
        last_year
            Last year of the outlook.
        index
            Price index of each year that the file does not hold, as a fraction: 0.034 is 3.4 per cent.
        vintage
            Which publication the index comes from, such as "CEP 2024"; required with an index.
        withdrawals
            Euro taken from (+) or added to (-) the reserve in each year that the file does not hold.

        See Also
        --------
        ggu_costs.fund.portfolio : the definition.
        """
        return outlook(
            self, last_year, {} if index is None else index, vintage, {} if withdrawals is None else withdrawals
        )
