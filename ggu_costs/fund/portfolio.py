r"""The portfolio of a fund: the half-yearly report (halfjaarrapportage), and the years ahead (meerjarenraming).

Years ahead: the budget of a year in the file is what the file states; of a later year

.. math:: B_y = B_{y-1} (1 + j_y),

with the price index :math:`j_y` that the user gives with its vintage. What is taken from the reserve lowers the
contribution, :math:`T_y = B_y - W_y`, and the reserve :math:`R_y = R_{y-1} - W_y` never goes below zero. Inhabitants
and municipal map follow the years as far as the reference knows them, and stay at the last known count after that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.display.report import Section
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, InputError, OutsidePeriodError, is_one_of, listed
from ggu_costs.figures import finite, read_whole, shown
from ggu_costs.frozen import Frozen
from ggu_costs.fund.accounts import added_to_reserve
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.conditions import Conditions
from ggu_costs.fund.fund_years import FundYears
from ggu_costs.fund.portfolio_terms import PARTS, Activity
from ggu_costs.fund.result import CentsResult, euro_frame, per_inhabitant
from ggu_costs.fund.terms import Terms, carry_cents, carry_exactly, whole_cents
from ggu_costs.fund.yearly import use_of
from ggu_costs.modelfile.notes import status_notes
from ggu_costs.modelfile.values import LAST_YEAR
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import euros, round_half_up, to_cents
from ggu_costs.reference.packs import Band
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message, word

ByYear = Mapping[int, Decimal | float]
_KNOWN = ("budget", "actual", "forecast")
_AMOUNTS = (*_KNOWN, "deviation")


@dataclass(frozen=True)
class Line(Frozen):
    """One activity in the half-yearly report, in cents; None where unknown (PM)."""

    activity: Activity
    budget: int | None
    actual: int | None
    forecast: int | None
    explanation: str

    @property
    def deviation(self) -> int | None:
        """Forecast minus budget; None where either is unknown."""
        return None if self.budget is None or self.forecast is None else self.forecast - self.budget


@dataclass(frozen=True, kw_only=True)
class HalfYearReport(Result):
    """Budget, actual and forecast of each activity; deviation = forecast minus budget, plus = more is spent."""

    period: str
    lines: tuple[Line, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``part, name, budget, actual, forecast, deviation, explanation`` by activity, in euro; NaN is PM."""
        columns = {
            "part": [line.activity.part for line in self.lines],
            "name": [line.activity.name for line in self.lines],
            **{name: euro_column(getattr(line, name) for line in self.lines) for name in _AMOUNTS},
            "explanation": [line.explanation for line in self.lines],
        }
        frame = pd.DataFrame(columns, index=pd.Index([line.activity.id for line in self.lines], name="activity"))
        return self._framed(frame, dict.fromkeys(_AMOUNTS, "EUR"), pm=_AMOUNTS, total=_AMOUNTS)

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``shares``."""
        return Plots(shares=self._shares_chart)

    def _shares_chart(self, *, lang: str) -> Chart:
        """Draw budget, actual and forecast by part of the portfolio."""
        return Chart(title=self.title, frame=self.by_part(), kind="stack", x="part", y=_KNOWN)

    def by_part(self) -> pd.DataFrame:
        """Return ``budget, actual, forecast, deviation`` by part of the portfolio that has activities, in euro.

        PM items are not in the sums, the deviation is of activities with both figures; NaN: all are PM.
        """
        sums = self.to_frame().groupby("part")[list(_AMOUNTS)].sum(min_count=1).round(2)
        frame = sums.loc[[part for part in PARTS if part in sums.index]]
        return self._framed(frame, dict.fromkeys(_AMOUNTS, "EUR"), pm=_AMOUNTS, total=_AMOUNTS)

    def tables(self) -> tuple[Table, Table]:
        """Return the report by activity and by part, for a run."""
        name = f"half_year_{self.period}"
        return Table(name, "", self.to_frame()), Table(f"{name}_parts", "", self.by_part())

    def said(self) -> str:
        """Say the forecast of the whole year against the budget, of the activities of which both are known."""
        known = [line for line in self.lines if line.deviation is not None]
        budget, forecast = (sum(getattr(line, name) for line in known) for name in ("budget", "forecast"))
        key = "half_year_said" if forecast != budget else "half_year_said_same"
        return message(
            key, period=self.period, forecast=Fraction(forecast, 100), budget=Fraction(budget, 100),
            difference=Fraction(forecast - budget, 100),
        )  # fmt: skip

    def section(self) -> Section:
        """Return every deviation in words, for a page that shows the tables below it."""
        texts = []
        for line in self.lines:
            if line.deviation:
                key = "more_than_budget" if line.deviation > 0 else "less_than_budget"
                why = line.explanation or message("no_explanation")
                amount = Fraction(abs(line.deviation), 100)
                texts.append((line.activity.name, message(key, amount=amount, why=why)))
        name = f"half_year_{self.period}"
        title = message("half_year_report", period=self.period)
        return Section(title=title, texts=tuple(texts), tables=(f"{name}_parts", name))


def half_year(fund: FundYears, period: str) -> HalfYearReport:
    """Make the half-yearly report of a period; see :meth:`ggu_costs.fund.model.Fund.half_year`."""
    known = fund.definition.periods
    if not is_one_of(period, known):
        raise OutsidePeriodError(
            f"{fund.loaded.path}: no half-yearly figures of {shown(period)}; known: {listed(known) or 'none'}",
            key="half_year", asked=str(period), known=", ".join(known),
            remedy="Choose one of these, or add [[activities.half_year]] with period, actual and forecast.",
        )  # fmt: skip
    year = int(period[:4])
    budgets = fund.budgets(year)
    lines, notes = [], list(fund.definition.notes)
    for activity in fund.definition.running(year):
        item = next((item for item in activity.half_year if item.period == period), None)
        where = f"activities.{activity.id}.half_year.{period}"
        actual, forecast = (
            fund.optional_cents(getattr(item, name, None), year, f"{where}.{name}") for name in ("actual", "forecast")
        )
        line = Line(activity, budgets.get(activity.id), actual, forecast, item.explanation if item else "")
        lines.append(line)
        unknown = [word(name) for name in _KNOWN if getattr(line, name) is None]
        if unknown:
            notes.append(message("pm_of", name=activity.name, unknown=unknown))
    return HalfYearReport(
        title=message("half_year_report_of", title=fund.title, period=period),
        notes=tuple(notes),
        provenance=fund.provenance(period=period),
        illustrative=fund.definition.illustrative,
        period=period,
        lines=tuple(lines),
    )


@dataclass(frozen=True, kw_only=True)
class Outlook(CentsResult):
    """The years ahead: budget, what comes from the reserve, contribution, rate per inhabitant, reserve.

    The frame has ``name`` and the contribution of each year by code, on the map of the last year, in euro; amounts of
    municipalities that ended are counted with their legal successors.

    Attributes
    ----------
    bills
        The bill of each year.
    budgets, withdrawals, reserves
        Cents by year; reserves at the end of the year. Empty reserves: the file states none.
    bands
        The band of the inhabitants of the years that rest on a forecast which has one.
    """

    bills: Mapping[int, Bill]
    budgets: Mapping[int, int]
    withdrawals: Mapping[int, int]
    reserves: Mapping[int, int]
    bands: Mapping[int, Band] = field(default_factory=dict)

    noun: ClassVar[str] = "outlook"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code of each year, on the map of the last."""
        day = self.bills[max(self.bills)].terms.map_date
        return {
            str(year): carry_cents(bill.cents, bill.terms.map_date, day, self.reference)
            for year, bill in self.bills.items()
        }

    def said(self) -> str:
        """Say euro per inhabitant in the first and last year, and the reserve at the end where there is one."""
        first, last = min(self.bills), max(self.bills)
        was, becomes = (
            Fraction(bill.total_cents, 100) / bill.terms.totals["inhabitants"]
            for bill in (self.bills[first], self.bills[last])
        )
        key = "outlook_said_reserve" if last in self.reserves else "outlook_said"
        reserve = Fraction(self.reserves.get(last, 0), 100)
        return message(key, first=first, last=last, was=was, becomes=becomes, reserve=reserve)

    def summary(self) -> pd.DataFrame:
        """Return by year ``municipalities, inhabitants, budget, withdrawal, contribution, per_inhabitant, reserve``."""
        people = {year: bill.terms.totals["inhabitants"] for year, bill in self.bills.items()}
        columns = {
            "municipalities": [len(bill.cents) for bill in self.bills.values()],
            "inhabitants": list(map(float, people.values())),
            "budget": euros(list(self.budgets.values())),
            "withdrawal": euros(list(self.withdrawals.values())),
            "contribution": [bill.total for bill in self.bills.values()],
            "per_inhabitant": [per_inhabitant(bill.total_cents, people[year]) for year, bill in self.bills.items()],
            "reserve": euro_column(self.reserves.get(year) for year in self.bills),
        }
        frame = pd.DataFrame(columns, index=pd.Index(list(self.bills), name="year"))
        units = dict.fromkeys(("budget", "withdrawal", "contribution", "reserve"), "EUR")
        rates = ["per_inhabitant"]
        if self.bands:
            for side, other in (("low", "high"), ("high", "low")):
                ends = [getattr(self.bands.get(year), f"national_{side}", None) for year in self.bills]
                across = [getattr(self.bands.get(year), f"national_{other}", None) for year in self.bills]
                frame[f"inhabitants_{side}"] = pd.Series(ends, frame.index, dtype="float64")
                rates.append(f"per_inhabitant_{side}")
                frame[rates[-1]] = frame["contribution"] / pd.Series(across, frame.index, dtype="float64")
        unknown = ("reserve", *(name for name in frame.columns if name.endswith(("_low", "_high"))))
        return self._framed(frame, units | dict.fromkeys(rates, "EUR/inhabitant"), pm=unknown)

    def bounds(self, year: int) -> pd.DataFrame:
        """Return what each municipality pays in a year at the low, middle and high end of its own forecast.

        The others then have their middle, and the total stays what it is: many low ends together cannot be read off.

        Returns
        -------
        pandas.DataFrame
            ``name, low, middle, high`` in euro, by code; low and high are the least and the most it may pay.

        Raises
        ------
        OutsidePeriodError
            A year that rests on no forecast with a band.
        InputError
            A fund with a minimum or maximum, or with lines that are rounded on their own.
        """
        if year not in self.bands:
            known = ", ".join(map(str, self.bands)) or "none"
            raise OutsidePeriodError(
                f"no band of inhabitants in {year}", key="year", asked=str(year), known=known,
                remedy="Open the fund with a pack whose forecast has a band.",
            )  # fmt: skip
        bill = self.bills[year]
        terms = bill.terms
        if terms.conditions != Conditions() or terms.phase_in is not None:
            raise InputError(
                "the band of one municipality cannot be read off a fund with bounds or lines rounded on their own",
                remedy="Ask the outlook of the fund without them.",
            )
        table = self.reference.band(terms.counting_date)
        columns = {"middle": dict(bill.cents)}
        for side in ("low", "high"):
            own = {str(code): Fraction(int(count)) for code, count in table[side].items()}
            carried = carry_exactly(own, terms.counting_date, terms.map_date, self.reference)
            columns[side] = {code: round_half_up(_alone(terms, code, count) * 100) for code, count in carried.items()}
        frame = euro_frame({side: columns[side] for side in ("low", "middle", "high")}, bill.names)
        return self._framed(frame, dict.fromkeys(columns, "EUR"))


def _alone(terms: Terms, code: str, people: Fraction) -> Fraction:
    """Return what one municipality pays, in euro, where it alone has another number of inhabitants."""
    if terms.tariff is not None:
        return terms.tariff.exact(people)
    if terms.basis == "rate":
        return terms.level * people
    before = terms.figures["inhabitants"][code]
    share = Fraction(0)
    for name, part in terms.key.items():
        figure, total = terms.figures[name][code], terms.totals[name]
        if name == "inhabitants":
            figure, total = people, total - before + people
        share += part * figure / total
    return terms.level * share


def outlook(fund: FundYears, last_year: int, index: ByYear, vintage: str, withdrawals: ByYear) -> Outlook:
    """Work out the years ahead from `fund`; the arguments are those of :meth:`ggu_costs.fund.model.Fund.outlook`."""
    years = _check_years(fund, last_year, index, vintage, withdrawals)
    notes: list[str] = list(fund.definition.notes)
    budgets, taken, reserves, bills, bands = {}, {}, {}, {}, dict[int, Band]()
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
        if balance is not None:
            decided = added_to_reserve(fund.definition.underspend, year, fund.definition.known)
            balance += to_cents(decided)
            reserves[year] = balance
        if budgets[year] < taken[year]:
            found = f"a withdrawal of {taken[year] / 100:.2f} euro on a budget of {budgets[year] / 100:.2f}"
            raise InputError(f"{fund.id}: {found} in {year}", remedy="Lower the withdrawal.")
        bills[year] = _bill(fund, year, budgets[year] - taken[year], notes)
        counted = bills[year].terms.counting_date
        band = fund.reference.band_of(counted.year, "inhabitants") if year not in fund.years else None
        if band is not None:
            bands[year] = band
            _, by = fund.reference.status_of(counted.year, "inhabitants")
            notes.append(message("band_covers", what="inhabitants", day=counted, coverage=band.coverage, by=by))
    return Outlook(
        title=message("outlook_of", title=fund.title, first=years[0], last=years[-1]),
        notes=tuple(dict.fromkeys(notes)),
        provenance=fund.provenance(
            index={str(year): str(rate) for year, rate in index.items()}, vintage=vintage,
            withdrawals={str(year): str(amount) for year, amount in withdrawals.items()},
        ),
        illustrative=fund.definition.illustrative,
        bills=bills, budgets=budgets, withdrawals=taken, reserves=reserves, bands=bands,
        map_date=bills[years[-1]].terms.map_date, reference=fund.reference,
    )  # fmt: skip


def _check_years(fund: FundYears, last_year: int, index: ByYear, vintage: str, withdrawals: ByYear) -> list[int]:
    """Years from the first of the file to the last asked, with every fault of the arguments."""
    faults = Faults()
    first, allowed = fund.years[-1], f"a year, {fund.years[-1]} or later"
    last = read_whole(last_year, "last_year", faults, least=first, most=LAST_YEAR, allowed=allowed) or first
    for name, given in (("index", index), ("withdrawals", withdrawals)):
        if not isinstance(given, Mapping):
            faults.add(name, shown(given), "a mapping of year to figure")
            faults.check(f"{fund.id}: the years ahead cannot be worked out", remedy="Correct the arguments listed.")
    ahead = list(range(fund.years[-1] + 1, last + 1))
    lacking = [year for year in ahead if year not in index]
    if lacking:
        faults.add("index", f"none for {listed(lacking)}", "a price index for each year after the file")
    for name, given in (("index", index), ("withdrawals", withdrawals)):
        for year in sorted(set(given) - set(ahead), key=str):
            faults.add(f"{name} of {year}", "not a year ahead", listed(ahead) or f"a last_year after {last}")
    for year, rate in index.items():
        number = finite(rate)
        if number is None or not -1 < number < 1:
            faults.add(f"index of {year}", shown(rate), "a fraction such as 0.034")
    for year, amount in withdrawals.items():
        if whole_cents(amount) is None:
            faults.add(f"withdrawals of {year}", shown(amount), "a finite amount in whole cents")
    if index and not (isinstance(vintage, str) and vintage):
        faults.add("vintage", "not given", 'the publication the index comes from, such as "CEP 2024"')
    faults.check(f"{fund.id}: the years ahead cannot be worked out", remedy="Correct the arguments listed.")
    return [*fund.years, *ahead]


def _bill(fund: FundYears, year: int, cents: int, notes: list[str]) -> Bill:
    """The bill of a year: that of the file, or with the file's last key on later inhabitants and a later map."""
    if year in fund.years:
        return fund.contributions(year)
    last = fund.years[-1]
    terms = fund.terms(last)
    counted, mapped = (_shift(day, year - last) for day in (terms.counting_date, terms.map_date))
    end, last_count = fund.reference.map_period().last, fund.reference.known_years()[-1]
    if counted.year > last_count:
        notes.append(message("inhabitants_unknown_after", year=last_count))
        counted = counted.replace(year=last_count)
    if mapped.year > end.year:
        notes.append(message("mergers_unknown_after", year=end.year))
        mapped = end
    changed = fund.with_changes(total=Decimal(cents) / 100, counting_date=counted, map_date=mapped)
    bill = changed.contributions(last)
    notes += status_notes(fund.reference, replace(use_of(bill.terms), year=None))
    title = message("contributions_of_year", title=fund.title, year=year)
    return replace(bill, title=title, terms=replace(bill.terms, year=year))


def _shift(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
