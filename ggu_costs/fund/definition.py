"""What a model file of kind ``fund`` or ``fee`` says, checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from ggu_costs.errors import Faults, InputError, OutsidePeriodError, listed, repeated
from ggu_costs.figures import adds_up, shown
from ggu_costs.fund.accounts import added_to_reserve, check_accounts
from ggu_costs.fund.key_columns import check_columns, own_input
from ggu_costs.fund.level_terms import FeeTerms, FundTerms
from ggu_costs.fund.portfolio_terms import Activity, ReserveTerms, UnderspendTerms
from ggu_costs.fund.tariff_terms import TariffTerms
from ggu_costs.modelfile.header import Header, HeaderOfYears
from ggu_costs.modelfile.terms import check_fractions
from ggu_costs.modelfile.values import (
    Amount,
    Dated,
    Value,
)
from ggu_costs.reference import Reference

OFFSET = "offset"
"""Name of the input that brings what a municipality received through the gemeentefonds to pay with."""


class YearlyHeader(HeaderOfYears):
    """What fund and fee files share: they know their years, and nothing outside them."""

    @property
    def first_day(self) -> date:
        """First day the file knows."""
        return date(min(self.years), 1, 1)

    @property
    def last_day(self) -> date:
        """Last day the file knows."""
        return date(max(self.years), 12, 31)

    @property
    def terms(self) -> FundTerms | FeeTerms:
        """The table that has the name of the kind: level or tariff, dates and VAT."""
        terms: FundTerms | FeeTerms = getattr(self, self.kind)
        return terms

    @property
    def vat_state(self) -> str:
        """The one VAT state of all amounts in the file."""
        return next(str(value.vat) for _, value in self.values() if value.unit.startswith("EUR"))

    def value_at(self, dated: Dated, year: int, key: str) -> tuple[Value, Amount | None]:
        """Value that holds in `year`, with its amount."""
        return dated.item(self.day_of(year), key=key, path=self.id, first=self.first_day, last=self.last_day)

    def day_of(self, year: int) -> date:
        """First day of a year; refuse what is no year."""
        if not isinstance(year, int) or not 1 <= year <= date.max.year:
            raise InputError(f"{self.id}: year is {shown(year)}", remedy="Give a year as a whole number.")
        return date(year, 1, 1)

    def at(self, dated: Dated, year: int, key: str) -> tuple[Amount | None, str | None]:
        """Amount of `dated` in `year`, and the name of the input that is to bring it."""
        value, amount = self.value_at(dated, year, key)
        return amount, value.input

    def check(self, faults: Faults, reference: Reference) -> None:
        """Years in order, one after the other; amounts that are added up in one VAT state."""
        super().check(faults, reference)
        states = [(key, value.vat) for key, value in self.values() if value.unit.startswith("EUR")]
        for key, state in states[1:]:
            if state != states[0][1]:
                faults.add(key, f"vat {state!r}", f"{states[0][1]!r}, as {states[0][0]} has it")

    def named_models(self) -> dict[str, str]:
        """The file of the index that it follows."""
        stated = self.terms.indexed
        return {} if stated is None else {f"{self.kind}.indexed.index": stated.index}

    def check_named(self, faults: Faults, key: str, named: Header) -> None:
        """It has the series, and does not say otherwise than what is stated here."""
        if self.terms.indexed is not None:
            self.terms.indexed.check_named(faults, self, named)

    def check_cost(self, faults: Faults, key: str, dated: Dated | None) -> None:
        """Note amounts below zero: what a fund costs is 0 or more, what goes back is a settlement or an underspend."""
        for value in dated.items if dated else ():
            for figure in value.figures():
                if isinstance(figure, Decimal) and figure < 0:
                    faults.add(key, str(figure), "0 or more")

    def check_tariff(self, faults: Faults, where: str, tariff: TariffTerms) -> None:
        """Add the faults of a tariff: its table, and what is not known in every year or below 0."""
        for name, value in tariff.values:
            self.check_known(faults, f"{where}.{name}", value)
            self.check_cost(faults, f"{where}.{name}", value)
        tariff.check_table(faults, where)

    def stated(self, dated: Dated | None, year: int) -> tuple[Amount | None, str | None]:
        """As :meth:`at`; nothing in a year without a value, which :meth:`check_known` tells."""
        try:
            return self.at(dated, year, "") if dated else (None, None)
        except OutsidePeriodError:
            return None, None

    def check_known(self, faults: Faults, key: str, dated: Dated, years: Iterable[int] = ()) -> None:
        """Add a fault when a value is not there in some of the years."""
        lacking = [year for year in years or self.years if self.stated(dated, year) == (None, None)]
        if lacking:
            faults.add(key, f"no value in {listed(lacking)}", "a value, mark or input in every year of the file")

    def known(self, dated: Dated | None, year: int) -> Decimal | None:
        """Number that the file states for a year; None for a mark, an input and a year without a value."""
        amount, _ = self.stated(dated, year)
        return amount if isinstance(amount, Decimal) else None

    def check_terms(self, faults: Faults) -> None:
        """Add a fault for every VAT term, share and date that is not there in some of the years."""
        room, terms = self.kind, self.terms
        for name, value in (*((f"vat.{name}", value) for name, value in terms.vat), *terms):
            if isinstance(value, Dated):
                self.check_known(faults, f"{room}.{name}", value)

    def check_dates(self, faults: Faults, reference: Reference) -> None:
        """Add a fault for a date without map or inhabitants, and for figures that would be carried back in time."""
        room, terms = self.kind, self.terms
        first, last = reference.map_period()
        for year in self.years:
            mapped, counted = self._day(terms.map_date, year), self._day(terms.counting_date, year)
            if mapped and not first <= mapped <= last:
                allowed = f"{first} to {last}, for which the municipal map is known"
                faults.add(f"{room}.map_date", f"{mapped} in {year}", allowed)
            elif mapped and counted and counted > mapped:
                found = f"{counted}, after map_date {mapped} in {year}"
                faults.add(f"{room}.counting_date", found, "map_date or earlier: figures are carried forward only")
            if counted and not (counted == date(counted.year, 1, 1) and first <= counted <= last):
                allowed = f"1 January of {first.year} to {last.year}, on which inhabitants are known"
                faults.add(f"{room}.counting_date", f"{counted} in {year}", allowed)

    def _day(self, dated: Dated, year: int) -> date | None:
        """Date that the file states for a year; None in a year without one, which check_known tells."""
        day, _ = self.stated(dated, year)
        return day if isinstance(day, date) else None


class FundDefinition(YearlyHeader):
    """A fund over one or more years.

    Attributes
    ----------
    fund
        Level, key, dates and conditions.
    activities
        The portfolio: activities with their budgets.
    underspend
        Underspends of earlier years, and what is done with them.
    reserve
        The reserve of the fund.
    """

    kind: Literal["fund"]
    fund: FundTerms
    activities: tuple[Activity, ...] = ()
    underspend: tuple[UnderspendTerms, ...] = ()
    reserve: ReserveTerms | None = None

    def named_inputs(self) -> set[str]:
        """Inputs that a value names, and what came through the gemeentefonds, which a bill takes by its name."""
        own = {own for name in self.fund.keys if (own := own_input(name)) is not None}
        return super().named_inputs() | ({OFFSET} & self.inputs.keys()) | own

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts of the file."""
        super().check(faults, reference)
        terms = self.fund
        check_columns(terms.key.parts, faults, reference, where="fund.key.parts", inputs=self.inputs)
        terms.key.check(faults, "fund.key")
        self.check_terms(faults)
        self.check_cost(faults, "fund.total", terms.total)
        self.check_cost(faults, "fund.rate", terms.rate)
        for name, bound in terms.bounds.items():
            self.check_cost(faults, f"fund.{name}", bound)
        terms.check_conditions(faults, "fund", basis="budget" if terms.basis == "budget" else "rate")
        if terms.phase_in is not None:
            where, key = "fund.phase_in", terms.phase_in.from_key
            if (key is None) == (not terms.phase_in.from_bill):
                faults.add(where, "both or neither of from_key and from_bill", "one of them")
            if key is not None:
                check_columns(key, faults, reference, where=f"{where}.from_key", inputs=self.inputs)
                check_fractions(key, faults, where=f"{where}.from_key")
            if terms.basis != "budget" or terms.rounding == "each":
                found = "a phase-in on a rate or tariff, or with lines rounded one by one, which is not neutral"
                faults.add(where, found, "basis 'budget' with rounding 'largest_remainder'")
        self.check_dates(faults, reference)
        if terms.indexed is not None:
            terms.indexed.check_fund(faults, budgets=bool(self.activities))
        if terms.tariff is not None:
            self.check_tariff(faults, "fund.tariff", terms.tariff)
        if terms.basis != "budget":
            allowed = "euro per inhabitant" if terms.basis == "rate" else "brackets with rates or amounts"
            if getattr(terms, terms.basis) is None:
                faults.add(f"fund.{terms.basis}", f"missing while basis is {terms.basis!r}", allowed)
            if set(terms.key.parts) != {"inhabitants"}:
                found = f"{', '.join(terms.key.parts)} while basis is {terms.basis!r}"
                faults.add("fund.key.parts", found, "inhabitants = 1")
        elif terms.total is None and not self.activities:
            faults.add("fund.total", "missing while basis is 'budget'", "a total in EUR, or activities with budgets")
        if self.reserve is not None:
            self.check_known(faults, "reserve.withdrawal", self.reserve.withdrawal)
            self.check_known(faults, "reserve.opening", self.reserve.opening, self.years[:1])
            self.check_cost(faults, "reserve.opening", self.reserve.opening)
        self._check_activities(faults)
        self._check_underspend(faults)
        self._check_sums(faults)
        self._check_reserve(faults)
        check_accounts(self, faults)

    def named_models(self) -> dict[str, str]:
        """The fund whose bill a phase-in starts from."""
        path = self.fund.phase_in
        started = {"fund.phase_in.from_bill": path.from_bill} if path is not None and path.from_bill else {}
        return super().named_models() | started

    def check_named(self, faults: Faults, key: str, named: Header) -> None:
        """It is a fund, with a bill of an earlier year, on a map that is not later than any of this file."""
        path = self.fund.phase_in
        if key == "fund.indexed.index":
            super().check_named(faults, key, named)
            return
        if not isinstance(named, FundDefinition):
            faults.add(key, f"{named.id}, a {named.kind}", "a fund")
            return
        year = named.last_before(path.first_year if path else 0)
        if year is None:
            faults.add(key, f"{named.id}, of {listed(named.years)}", f"a fund of before {path and path.first_year}")
            return
        theirs = named._day(named.fund.map_date, year)
        for own in self.years:
            ours = self._day(self.fund.map_date, own)
            if ours is not None and theirs is not None and theirs > ours:
                found = f"{named.id}, on the map of {theirs}, while {own} is on that of {ours}"
                faults.add(key, found, "a bill on the same or an earlier map", "Amounts are carried forward only.")
        if (named.vat_state == "excl") != (self.vat_state == "excl"):
            faults.add(key, f"{named.id}, vat {named.vat_state!r}", f"{self.vat_state!r}, as this file has it")

    def last_before(self, year: int) -> int | None:
        """Last year of the file before a year."""
        return max((one for one in self.years if one < year), default=None)

    @property
    def periods(self) -> list[str]:
        """Periods with half-yearly figures, in order."""
        return sorted({item.period for activity in self.activities for item in activity.half_year})

    def running(self, year: int) -> list[Activity]:
        """Activities in the portfolio of a year."""
        self.day_of(year)
        return [activity for activity in self.activities if activity.runs_in(year)]

    def _check_activities(self, faults: Faults) -> None:
        for name, count in repeated(activity.id for activity in self.activities):
            faults.add("activities", f"id {name!r} {count} times", "ids that differ")
        for activity in self.activities:
            where = f"activities.{activity.id}"
            outside = sorted(set(activity.years) - set(self.years))
            if outside:
                faults.add(f"{where}.years", str(outside), f"years of the file: {list(self.years)}")
            running = [year for year in self.years if activity.runs_in(year)]
            self.check_known(faults, f"{where}.budget", activity.budget, running)
            self.check_cost(faults, f"{where}.budget", activity.budget)
            for period, count in Counter(item.period for item in activity.half_year).items():
                if count > 1:
                    faults.add(f"{where}.half_year", f"period {period} {count} times", "each period once")
                if int(period[:4]) not in running:
                    faults.add(f"{where}.half_year", f"period {period}", f"a year in which it runs: {listed(running)}")

    def _check_underspend(self, faults: Faults) -> None:
        for year, count in Counter(item.year for item in self.underspend).items():
            if count > 1:
                faults.add("underspend", f"{year} {count} times", "each year once")
            if year not in self.years:
                faults.add("underspend", f"year {year}", f"years of the file: {list(self.years)}")
        for item in self.underspend:
            self.check_cost(faults, f"underspend.{item.year}.amount", item.amount)
            unspent, paid = self.known(item.amount, item.year), self._paid(item.year)
            if unspent is not None and paid is not None and unspent > paid >= 0:
                faults.add(f"underspend.{item.year}.amount", str(unspent), f"at most the contributions of {paid}")
            shares = [earmark.share for earmark in item.earmarks]
            if (item.policy == "earmark" or shares) and not adds_up(shares):
                faults.add(f"underspend.{item.year}.earmarks", f"shares add up to {sum(shares)}", "1")
            for purpose, count in repeated(earmark.purpose for earmark in item.earmarks):
                faults.add(f"underspend.{item.year}.earmarks", f"{purpose!r} {count} times", "each purpose once")

    def _budgets(self, year: int) -> Decimal:
        """Budgets of a year that the file states, together."""
        known = (self.known(item.budget, year) for item in self.running(year))
        return sum((amount for amount in known if amount is not None), Decimal(0))

    def _marked(self, dated: Dated, year: int) -> str | None:
        """Mark of a year, or the name of the input that brings the amount."""
        amount, needed = self.stated(dated, year)
        return needed or (amount if isinstance(amount, str) else None)

    def _taken(self, year: int) -> Decimal | None:
        """Amount taken from the reserve; None where it is not known."""
        return self.known(self.reserve.withdrawal, year) if self.reserve else Decimal(0)

    def _paid(self, year: int) -> Decimal | None:
        """Contributions of a year together; None where the file does not state them."""
        if self.fund.basis != "budget" or self.fund.total is not None:
            return self.known(self.fund.total, year) if self.fund.basis == "budget" else None
        taken = self._taken(year)
        brought = any(self._marked(item.budget, year) not in (None, "pm") for item in self.running(year))
        return None if taken is None or brought else self._budgets(year) - taken

    def published_gap(self, year: int) -> Decimal:
        """Euro by which a stated total is more (+) or less (-) than its activities, as official tables often are.

        Lines of whole euros that were rounded one by one miss a total of whole euros by at most half a euro each. A
        larger gap is a fault, and a total that is not wholly broken down has none.
        """
        amounts = [self.known(item.budget, year) for item in self.running(year)]
        known, total = [amount for amount in amounts if amount is not None], self.known(self.fund.total, year)
        if total is None or not known or any(self._marked(item.budget, year) for item in self.running(year)):
            return Decimal(0)
        gap = total - sum(known, Decimal(0))
        whole = all(amount == int(amount) for amount in (total, *known))
        return gap if whole and 2 * abs(gap) <= len(known) + 1 else Decimal(0)

    def _check_sums(self, faults: Faults) -> None:
        for year in self.years if self.activities else ():
            unallocated = any(self._marked(item.budget, year) == "unallocated" for item in self.running(year))
            if self.fund.total is None:
                if unallocated and self.fund.basis == "budget":
                    faults.add("activities", f"unallocated in {year} without fund.total", "budgets, or a total")
                continue
            known, total = self._budgets(year), self.known(self.fund.total, year)
            if total is None or total < 0 or self.published_gap(year):
                continue
            if known > total or (known != total and not unallocated):
                allowed = f"at most the total of {total}" if unallocated else f"the total of {total}"
                remedy = "Mark what is in the total but not broken down as mark = 'unallocated'."
                faults.add("activities", f"budgets of {year} add up to {known}", allowed, remedy)

    def _check_reserve(self, faults: Faults) -> None:
        """Nobody gets money by a withdrawal above the budgets, and what is not there cannot be taken."""
        balance = self.known(self.reserve.opening, self.years[0]) if self.reserve else None
        for year in self.years if self.reserve else ():
            taken, paid = self._taken(year), self._paid(year)
            stated = self.fund.total is not None
            if taken is not None and paid is not None and (0 <= paid < -taken if stated else paid < 0 < taken):
                found = f"{taken} in {year}, on budgets of {paid + taken}"
                faults.add("reserve.withdrawal", found, "budgets that cover it; negative: at most the contributions")
            balance = None if balance is None or taken is None else balance - taken
            if balance is not None and balance < 0:
                faults.add("reserve.withdrawal", f"{taken} in {year}, which leaves {balance}", "what is in the reserve")
                return
            balance = None if balance is None else balance + added_to_reserve(self.underspend, year, self.known)


class FeeDefinition(YearlyHeader):
    """A membership fee with a bracket tariff (schijventarief).

    Attributes
    ----------
    fee
        Tariff, dates and yearly change.
    """

    kind: Literal["fee"]
    fee: FeeTerms

    def check(self, faults: Faults, reference: Reference) -> None:
        """Brackets start at 0 and rise; every value known in every year."""
        super().check(faults, reference)
        self.check_terms(faults)
        self.check_dates(faults, reference)
        self.check_tariff(faults, "fee", self.fee)
