r"""The portfolio of a fund: the half-yearly report (halfjaarrapportage), and the years ahead (meerjarenraming).

Years ahead: the budget of a year in the file is what the file states; of a later year

.. math:: B_y = B_{y-1} (1 + j_y),

with the price index :math:`j_y` that the user gives with its vintage. What is taken from the reserve lowers the
contribution, :math:`T_y = B_y - W_y`, and the reserve :math:`R_y = R_{y-1} - W_y` never goes below zero. Inhabitants
and municipal map follow the years as far as the reference knows them, and stay at the last known count after that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import Faults, InputError, OutsidePeriodError, listed
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.definition import PARTS
from ggu_costs.fund.terms import carry_cents, check_known, whole_cents
from ggu_costs.money import euros, finite, round_half_up, to_cents
from ggu_costs.reference import LAST_YEAR, names_of
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.charts import HalfYearPlots
    from ggu_costs.fund.model import Fund

__all__ = ["HalfYearReport", "Outlook", "half_year", "outlook"]

_NAMES = ("budget", "actual", "forecast")


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

        rows = [(line.id, line.part, line.name, *_amounts(line), line.explanation) for line in self.lines]
        names = ["activity", "part", "name", "budget", "actual", "forecast", "deviation", "explanation"]
        frame = pd.DataFrame(rows, columns=names).set_index("activity")
        euro = ("budget", "actual", "forecast", "deviation")
        return self._framed(frame, dict.fromkeys(euro, "EUR"), pm=euro, total=euro)

    @property
    def plot(self) -> HalfYearPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.fund.charts import HalfYearPlots

        return HalfYearPlots(self)

    def by_part(self) -> pd.DataFrame:
        """Return ``budget, actual, forecast, deviation`` by part of the portfolio that has activities, in euro.

        PM items are not in the sums, the deviation is of activities with both figures; NaN: all are PM.
        """
        import pandas as pd

        euro = ("budget", "actual", "forecast", "deviation")
        rows = {}
        for part in PARTS:
            lines = [line for line in self.lines if line.part == part]
            if lines:
                columns = zip(*(_amounts(line) for line in lines), strict=True)
                rows[part] = [math.nan if all(map(math.isnan, each)) else _sum(each) for each in columns]
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(euro)).rename_axis("part")
        return self._framed(frame, dict.fromkeys(euro, "EUR"), pm=euro, total=euro)


def _amounts(line: Line) -> tuple[float, ...]:
    """Budget, actual, forecast and deviation in euro; NaN where unknown."""
    known = line.budget is not None and line.forecast is not None
    deviation = (line.forecast or 0) - (line.budget or 0) if known else None
    cents = (line.budget, line.actual, line.forecast, deviation)
    return tuple(math.nan if amount is None else amount / 100 for amount in cents)


def _sum(amounts: Iterable[float]) -> float:
    return round(math.fsum(amount for amount in amounts if not math.isnan(amount)), 2)


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
        actual = fund.optional_cents(item.actual if item else None, year, f"{where}.actual")
        forecast = fund.optional_cents(item.forecast if item else None, year, f"{where}.forecast")
        budget = budgets.get(activity.id)
        explanation = item.explanation if item else ""
        lines.append(Line(activity.id, activity.name, activity.part, budget, actual, forecast, explanation))
        unknown = [label(name) for name, cents in zip(_NAMES, (budget, actual, forecast), strict=True) if cents is None]
        if unknown:
            notes.append(f"PM: {activity.name} ({', '.join(unknown)}).")
    return HalfYearReport(
        title=f"{fund.title}: halfjaarrapportage {period}",
        notes=tuple(notes),
        provenance=fund.provenance(period=period),
        illustrative=fund.definition.illustrative,
        period=period,
        lines=tuple(lines),
    )


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

        last = self._last
        codes = list(last.cents)
        names = names_of(last.terms.map_date)
        frame = pd.DataFrame({"name": [names[code] for code in codes]}, index=pd.Index(codes, name="code"))
        for year, bill in self.bills.items():
            cents = carry_cents(bill.cents, bill.terms.map_date, last.terms.map_date)
            frame[str(year)] = euros([cents[code] for code in codes])
        years = tuple(map(str, self.bills))
        return self._framed(frame, dict.fromkeys(years, "EUR"), total=years)

    def explain(self, code: str) -> Explanation:
        """Return the contribution of one municipality in each year, predecessors included."""
        day = self._last.terms.map_date
        check_known(code, self._last.cents, "municipality in this outlook", day)
        steps = tuple(
            Step(str(year), numbers.euro(Fraction(carry_cents(bill.cents, bill.terms.map_date, day)[code], 100)))
            for year, bill in self.bills.items()
        )
        return Explanation(f"{names_of(day)[code]} ({code}): {self.title}", steps, self.notes)

    @property
    def _last(self) -> Bill:
        return self.bills[max(self.bills)]

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
    """Work out the years ahead from `fund`; the arguments are those of :meth:`ggu_costs.fund.model.Fund.outlook`."""
    years = _check_years(fund, last_year, index, vintage, withdrawals)
    notes: list[str] = list(fund.definition.notes)
    budgets, taken, reserves, bills = {}, {}, {}, {}
    reserve = fund.definition.reserve
    balance = None if reserve is None else fund.cents(reserve.opening, years[0], "reserve.opening")
    for year in years:
        if year in fund.years:
            taken[year] = fund.withdrawal(year)
            budgets[year] = fund.contributions(year).total_cents + taken[year]
        else:
            step = 1 + Fraction(Decimal(str(index[year])))
            budgets[year] = round_half_up(budgets[year - 1] * step)
            taken[year] = to_cents(withdrawals.get(year, 0))
        if balance is not None:
            balance -= taken[year]
            reserves[year] = balance
        if (balance is None and taken[year]) or (balance is not None and balance < 0):
            found = "there is no reserve" if balance is None else f"the reserve would be {balance / 100:.2f} euro"
            raise InputError(
                f"{fund.id}: {found} in {year}", remedy="Lower the withdrawals, or state a reserve in the file."
            )
        if budgets[year] < taken[year]:
            found = f"a withdrawal of {taken[year] / 100:.2f} euro on a budget of {budgets[year] / 100:.2f}"
            raise InputError(f"{fund.id}: {found} in {year}", remedy="Lower the withdrawal.")
        bills[year] = _bill(fund, year, budgets[year] - taken[year], notes)
    return Outlook(
        title=f"{fund.title}: meerjarenraming {years[0]}-{years[-1]}",
        notes=tuple(dict.fromkeys(notes)),
        provenance=fund.provenance(
            index={str(year): str(rate) for year, rate in index.items()}, vintage=vintage,
            withdrawals={str(year): str(amount) for year, amount in withdrawals.items()},
        ),
        illustrative=fund.definition.illustrative,
        bills=bills, budgets=budgets, withdrawals=taken, reserves=reserves,
    )  # fmt: skip


def _check_years(
    fund: Fund,
    last_year: int,
    index: Mapping[int, Decimal | float],
    vintage: str,
    withdrawals: Mapping[int, Decimal | float],
) -> list[int]:
    """Years from the first of the file to the last asked, with every fault of the arguments."""
    faults = Faults()
    last = finite(last_year)
    if not isinstance(last, int) or last < fund.years[-1]:
        faults.add("last_year", repr(last_year), f"a year, {fund.years[-1]} or later")
        last = fund.years[-1]
    ahead = list(range(fund.years[-1] + 1, last + 1))
    lacking = [year for year in ahead if year not in index]
    if lacking:
        faults.add("index", f"none for {listed(lacking)}", "a price index for each year after the file")
    for name, given in (("index", index), ("withdrawals", withdrawals)):
        for year in sorted(set(given) - set(ahead)):
            faults.add(f"{name} of {year}", "not a year ahead", listed(ahead) or f"a last_year after {last}")
    for year, rate in index.items():
        number = finite(rate)
        if number is None or not -1 < number < 1:
            faults.add(f"index of {year}", repr(rate), "a fraction such as 0.034")
    for year, amount in withdrawals.items():
        if whole_cents(amount) is None:
            faults.add(f"withdrawals of {year}", repr(amount), "a finite amount in whole cents")
    if index and not (isinstance(vintage, str) and vintage):
        faults.add("vintage", "not given", 'the publication the index comes from, such as "CEP 2024"')
    faults.check(f"{fund.id}: the years ahead cannot be worked out", remedy="Correct the arguments listed.")
    return [*fund.years, *ahead]


def _bill(fund: Fund, year: int, cents: int, notes: list[str]) -> Bill:
    """The bill of a year: that of the file, or with the file's last key on later inhabitants and a later map."""
    if year in fund.years:
        return fund.contributions(year)
    last = fund.years[-1]
    terms = fund.terms(last)
    counted, mapped = (_shifted(day, year - last) for day in (terms.counting_date, terms.map_date))
    if counted.year > LAST_YEAR:
        notes.append(f"Inwoners na {LAST_YEAR} zijn niet bekend: gerekend met die van 1 januari {LAST_YEAR}.")
        counted = counted.replace(year=LAST_YEAR)
    if mapped.year > LAST_YEAR:
        notes.append(f"Herindelingen na {LAST_YEAR} zijn niet meegenomen.")
        mapped = date(LAST_YEAR, 12, 31)
    changed = fund.with_changes(total=Decimal(cents) / 100, counting_date=counted, map_date=mapped)
    bill = changed.contributions(last)
    return replace(bill, title=f"{fund.title}: {label('contribution')} {year}", terms=replace(bill.terms, year=year))


def _shifted(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
