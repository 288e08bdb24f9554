r"""The portfolio of a fund: the half-yearly report (halfjaarrapportage), and the years ahead (meerjarenraming).

Years ahead: the budget of a year in the file is what the file states; of a later year

.. math:: B_y = B_{y-1} (1 + j_y),

with the price index :math:`j_y` that the user gives with its vintage. What is taken from the reserve lowers the
contribution, :math:`T_y = B_y - W_y`, and the reserve :math:`R_y = R_{y-1} - W_y` never goes below zero. Inhabitants
and municipal map follow the years as far as the reference knows them, and stay at the last known count after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.display.result import Result
from ggu_costs.display.words import label
from ggu_costs.errors import Faults, InputError, OutsidePeriodError, listed
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import carry_cents
from ggu_costs.fund.definition import PARTS
from ggu_costs.money import euros, round_half_up, to_cents
from ggu_costs.reference import FIRST_YEAR, LAST_YEAR, names_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.model import Fund
    from ggu_costs.fund.plots import HalfYearPlots
    from ggu_costs.modelfile.values import Dated

__all__ = ["HalfYearReport", "Outlook", "half_year", "outlook"]


@dataclass(frozen=True)
class Line:
    """One activity in the half-yearly report, in cents; None where unknown (PM)."""

    id: str
    name: str
    part: str
    budget: int | None
    actual: int | None
    forecast: int | None
    explanation: str


@dataclass(frozen=True, kw_only=True)
class HalfYearReport(Result):
    """Budget, actual and forecast of each activity; deviation = forecast minus budget, plus = more is spent."""

    period: str
    lines: tuple[Line, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``part, name, budget, actual, forecast, deviation, explanation`` by activity, in euro; NaN is PM."""
        import pandas as pd

        rows = [
            (line.id, line.part, line.name, *_amounts(line.budget, line.actual, line.forecast), line.explanation)
            for line in self.lines
        ]
        names = ["activity", "part", "name", "budget", "actual", "forecast", "deviation", "explanation"]
        frame = pd.DataFrame(rows, columns=names).set_index("activity")
        euro = ("budget", "actual", "forecast", "deviation")
        return self._framed(frame, dict.fromkeys(euro, "EUR"), pm=euro, total=euro)

    @property
    def plot(self) -> HalfYearPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.fund.plots import HalfYearPlots

        return HalfYearPlots(self)

    def by_part(self) -> pd.DataFrame:
        """Return ``budget, actual, forecast, deviation`` by part of the portfolio; PM items are not in the sums."""
        import pandas as pd

        rows = []
        for part in PARTS:
            lines = [line for line in self.lines if line.part == part]
            sums = [sum(getattr(line, name) or 0 for line in lines) for name in ("budget", "actual", "forecast")]
            rows.append((part, *_amounts(*sums)))
        frame = pd.DataFrame(rows, columns=["part", "budget", "actual", "forecast", "deviation"]).set_index("part")
        euro = tuple(frame.columns)
        return self._framed(frame, dict.fromkeys(euro, "EUR"), total=euro)


def _amounts(budget: int | None, actual: int | None, forecast: int | None) -> tuple[float | None, ...]:
    deviation = None if budget is None or forecast is None else forecast - budget
    return tuple(None if cents is None else cents / 100 for cents in (budget, actual, forecast, deviation))


def half_year(fund: Fund, period: str) -> HalfYearReport:
    """Make the half-yearly report of a period; see :meth:`ggu_costs.fund.model.Fund.half_year`."""
    activities = fund.definition.activities
    known = sorted({item.period for activity in activities for item in activity.half_year})
    if period not in known:
        raise OutsidePeriodError(
            f"{fund.loaded.path}: no half-yearly figures of {period!r}; known: {listed(known) or 'none'}",
            key="half_year", asked=period, known=", ".join(known),
            remedy="Choose one of these, or add [[activities.half_year]] with period, actual and forecast.",
        )  # fmt: skip
    year = int(period[:4])
    budgets = fund.budgets(year)
    lines, notes = [], list(fund.definition.notes)
    for activity in fund.definition.running(year):
        item = next((item for item in activity.half_year if item.period == period), None)
        where = f"activities.{activity.id}.half_year.{period}"
        actual = _cents(fund, item.actual if item else None, year, f"{where}.actual")
        forecast = _cents(fund, item.forecast if item else None, year, f"{where}.forecast")
        budget = budgets.get(activity.id)
        explanation = item.explanation if item else ""
        lines.append(Line(activity.id, activity.name, activity.part, budget, actual, forecast, explanation))
        if None in (budget, actual, forecast):
            notes.append(f"PM: {activity.name}.")
    return HalfYearReport(
        title=f"{fund.title}: halfjaarrapportage {period}",
        notes=tuple(notes),
        provenance=fund.provenance(period=period),
        illustrative=fund.definition.illustrative,
        period=period,
        lines=tuple(lines),
    )


def _cents(fund: Fund, dated: Dated | None, year: int, key: str) -> int | None:
    amount = fund.optional_number(dated, year, key)
    return None if amount is None else to_cents(amount)


@dataclass(frozen=True, kw_only=True)
class Outlook(Result):
    """The years ahead: budget, what comes from the reserve, contribution, rate per inhabitant, reserve.

    Attributes
    ----------
    bills
        The bill of each year.
    budgets, withdrawals, reserves
        Cents by year; reserves at the end of the year. Empty reserves: the file states none.
    """

    bills: Mapping[int, Bill]
    budgets: Mapping[int, int]
    withdrawals: Mapping[int, int]
    reserves: Mapping[int, int]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name`` and the contribution of each year by code, on the map of the last year, in euro.

        Amounts of municipalities that ended are counted with their legal successors.
        """
        import pandas as pd

        last = self.bills[max(self.bills)]
        codes = list(last.cents)
        names = names_of(last.terms.map_date)
        frame = pd.DataFrame({"name": [names[code] for code in codes]}, index=pd.Index(codes, name="code"))
        for year, bill in self.bills.items():
            cents = carry_cents(bill.cents, bill.terms, last.terms)
            frame[str(year)] = euros([cents[code] for code in codes])
        years = tuple(map(str, self.bills))
        return self._framed(frame, dict.fromkeys(years, "EUR"), total=years)

    def summary(self) -> pd.DataFrame:
        """Return by year ``municipalities, inhabitants, budget, withdrawal, contribution, per_inhabitant, reserve``."""
        import pandas as pd

        rows = []
        for year, bill in self.bills.items():
            people = sum(bill.terms.figures["inhabitants"].values(), Fraction(0))
            reserve = self.reserves.get(year)
            rows.append((
                year, len(bill.cents), float(people), self.budgets[year] / 100, self.withdrawals[year] / 100,
                bill.total, float(Fraction(bill.total_cents, 100) / people), None if reserve is None else reserve / 100,
            ))  # fmt: skip
        names = [
            "year",
            "municipalities",
            "inhabitants",
            "budget",
            "withdrawal",
            "contribution",
            "per_inhabitant",
            "reserve",
        ]
        frame = pd.DataFrame(rows, columns=names).set_index("year")
        units = dict.fromkeys(("budget", "withdrawal", "contribution", "reserve"), "EUR")
        return self._framed(frame, units | {"per_inhabitant": "EUR/inhabitant"}, pm=("reserve",))


def outlook(
    fund: Fund,
    last_year: int,
    *,
    index: Mapping[int, Decimal | float],
    vintage: str,
    withdrawals: Mapping[int, Decimal | float],
) -> Outlook:
    """Work out the years ahead; see the module for the definition.

    Parameters
    ----------
    fund
        The fund to start from.
    last_year
        Last year of the outlook.
    index
        Price index of each year that the file does not hold, as a fraction: 0.034 is 3.4 per cent.
    vintage
        Which publication the index comes from, such as "CEP 2024"; required with an index.
    withdrawals
        Euro taken from (+) or added to (-) the reserve in each year that the file does not hold.
    """
    years = _check_years(fund, last_year, index, vintage)
    notes: list[str] = list(fund.definition.notes)
    budgets, taken, reserves, bills = {}, {}, {}, {}
    reserve = fund.definition.reserve
    balance = None if reserve is None else to_cents(fund.number(reserve.opening, years[0], "reserve.opening"))
    for year in years:
        if year in fund.years:
            total = fund.contributions(year).total_cents
            amount = fund.number(reserve.withdrawal, year, "reserve.withdrawal") if reserve else Decimal(0)
            taken[year] = to_cents(amount)
            budgets[year] = total + taken[year]
        else:
            step = 1 + Fraction(Decimal(str(index[year])))
            budgets[year] = round_half_up(budgets[year - 1] * step)
            taken[year] = to_cents(withdrawals.get(year, 0), name=f"withdrawal of {year}")
        if balance is not None:
            balance -= taken[year]
            reserves[year] = balance
        if (balance is None and taken[year]) or (balance is not None and balance < 0):
            found = "there is no reserve" if balance is None else f"the reserve would be {balance / 100:.2f} euro"
            raise InputError(
                f"{fund.id}: {found} in {year}", remedy="Lower the withdrawals, or state a reserve in the file."
            )
        bills[year] = _bill(fund, year, budgets[year] - taken[year], notes)
    return Outlook(
        title=f"{fund.title}: meerjarenraming {years[0]}-{years[-1]}",
        notes=tuple(dict.fromkeys(notes)),
        provenance=fund.provenance(index={str(year): str(rate) for year, rate in index.items()}, vintage=vintage),
        illustrative=fund.definition.illustrative,
        bills=bills, budgets=budgets, withdrawals=taken, reserves=reserves,
    )  # fmt: skip


def _check_years(fund: Fund, last_year: int, index: Mapping[int, Decimal | float], vintage: str) -> list[int]:
    years = list(range(fund.years[0], last_year + 1))
    faults = Faults()
    if last_year < fund.years[-1]:
        faults.add("last_year", str(last_year), f"{fund.years[-1]} or later")
    lacking = [year for year in years if year not in fund.years and year not in index]
    if lacking:
        faults.add(
            "index", f"none for {listed(lacking)}", "a price index for each year after the file", "Never assumed."
        )
    for year, rate in index.items():
        if not -1 < float(rate) < 1:
            faults.add(f"index of {year}", str(rate), "a fraction such as 0.034")
    if index and not vintage:
        faults.add("vintage", "not given", 'the publication the index comes from, such as "CEP 2024"')
    faults.check(f"{fund.id}: the years ahead cannot be worked out", remedy="Correct the arguments listed.")
    return years


def _bill(fund: Fund, year: int, cents: int, notes: list[str]) -> Bill:
    if year in fund.years:
        return fund.contributions(year)
    base = fund.contributions(fund.years[-1])
    shift = year - fund.years[-1]
    counted = base.terms.counting_date.replace(
        year=min(max(base.terms.counting_date.year + shift, FIRST_YEAR), LAST_YEAR)
    )
    mapped = min(base.terms.map_date.replace(year=base.terms.map_date.year + shift), date(LAST_YEAR, 12, 31))
    if base.terms.counting_date.year + shift > LAST_YEAR:
        notes.append(f"Inwoners na {LAST_YEAR} zijn niet bekend: gerekend met die van 1 januari {LAST_YEAR}.")
    if base.terms.map_date.year + shift > LAST_YEAR:
        notes.append(f"Herindelingen na {LAST_YEAR} zijn niet meegenomen.")
    changed = fund.with_changes(total=Decimal(cents) / 100, counting_date=counted, map_date=max(mapped, counted))
    bill = changed.contributions(fund.years[-1])
    return replace(bill, title=f"{fund.title}: {label('contribution')} {year}", terms=replace(bill.terms, year=year))
