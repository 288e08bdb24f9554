"""What a model file of kind ``programme`` says, checked."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ggu_costs.errors import Faults, listed, nearest
from ggu_costs.impact.driver_terms import CorrelationTerms, DriverTerms, Figure, Grounds
from ggu_costs.impact.line_terms import Alternative, Chosen, Line, PublishedRange, affines_of, columns_of
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.values import Checked, DateValue, Portion, Value, faults
from ggu_costs.reference import column_kind

__all__ = ["ProgrammeDefinition", "ProgrammeTerms", "SimulationTerms", "amount_grounds"]

_PRODUCTS = {
    ("EUR",): "EUR", ("EUR/inhabitant",): "EUR/inhabitant", ("EUR/unit",): "EUR/unit",
    ("EUR/hour", "hours"): "EUR", ("EUR/unit", "count"): "EUR", ("EUR/inhabitant", "inhabitants"): "EUR",
}  # fmt: skip
"""Units of amount and factors, shares left out, to the unit of the product."""


class DiscountTerms(Grounds):
    """Discounting (contant maken): a yearly rate, whether it is real or nominal, and the year that counts in full."""

    FIGURES = ("rate",)

    rate: Figure
    kind: Literal["real", "nominal"]
    base_year: int


class VatTerms(Checked):
    """VAT on the amounts and what the VAT compensation fund (BCF) returns."""

    rate: Portion
    recoverable_share: Portion


class ProgrammeTerms(Checked):
    """What holds for the whole programme.

    Attributes
    ----------
    municipal_share
        The part of all amounts that is for municipalities, where the amounts are of several layers of government
        together. While the user does not bring it, only national figures are given.
    structural_year
        Year of the structural result (per year, when all is in place); by default the last.
    indicative
        Figures per municipality are broken down from national estimates.
    """

    map_date: DateValue
    counting_date: DateValue
    prices: Literal["constant", "current"]
    price_level: str = ""
    discount: DiscountTerms | None = None
    vat: VatTerms | None = None
    municipal_share: Value | None = None
    structural_year: int | None = None
    indicative: bool = True

    @model_validator(mode="after")
    def _prices_fit(self) -> Self:
        found = []
        if self.prices == "constant" and not self.price_level:
            found.append(("constant prices without price_level", 'price_level = a year, or "unknown"', ""))
        if self.discount is not None:
            fitting = {"constant": "real", "current": "nominal"}[self.prices]
            if self.discount.kind != fitting:
                remedy = f"Discount {self.prices} prices with a {fitting} rate."
                found.append((f"a {self.discount.kind} discount rate with {self.prices} prices", fitting, remedy))
        if found:
            raise faults(found)
        return self


class SimulationTerms(Checked):
    """Seed, draws and method of a run; options override them."""

    seed: int = Field(ge=0)
    draws: int = Field(ge=2, default=100_000)
    method: Literal["random", "latin_hypercube", "sobol"] = "random"
    replicates: Annotated[int, Field(ge=2)] = 8

    @model_validator(mode="after")
    def _power_of_two(self) -> Self:
        if self.method == "sobol" and self.draws & (self.draws - 1):
            raise faults([(f"draws {self.draws} with method 'sobol'", "a power of two, such as 16384", "")])
        return self


def amount_grounds(line: Line, drivers: dict[str, DriverTerms]) -> Value | Chosen | None:
    """Return what says in which VAT state and price level the amount of a line is."""
    if line.amount is not None and line.amount.unit.startswith("EUR"):
        return line.amount
    for name in (*line.factors, *line.divided_by):
        if name in drivers and drivers[name].amount is not None:
            return drivers[name].amount
    own: tuple[Chosen | None, ...] = (line.classes, line.sample, line.tariff, line.joint)
    return next((part for part in own if part is not None), None)


class ProgrammeDefinition(Header):
    """An intergovernmental programme (interbestuurlijk traject): drivers, cost lines, compensation, alternatives."""

    kind: Literal["programme"]
    years: tuple[int, ...] = Field(min_length=1)
    programme: ProgrammeTerms
    simulation: SimulationTerms
    drivers: tuple[DriverTerms, ...] = ()
    correlations: tuple[CorrelationTerms, ...] = ()
    lines: tuple[Line, ...] = Field(min_length=1)
    alternatives: tuple[Alternative, ...] = ()
    published: tuple[PublishedRange, ...] = ()

    @property
    def structural_year(self) -> int:
        """Year of the structural result."""
        return self.programme.structural_year or self.years[-1]

    def check(self, faults: Faults) -> None:
        """Add the faults that show between the parts of the file."""
        if list(self.years) != list(range(self.years[0], self.years[0] + len(self.years))):
            faults.add("years", str(list(self.years)), "years in order, without gaps")
        if self.structural_year not in self.years:
            faults.add("programme.structural_year", str(self.structural_year), listed(self.years))
        tables = {"drivers": self.drivers, "lines": self.lines, "alternatives": self.alternatives,
                  "published": self.published}  # fmt: skip
        for table, parts in tables.items():
            for name, count in Counter(str(getattr(part, "id", "")) for part in parts).items():
                if count > 1:
                    faults.add(table, f"id {name!r} {count} times", "ids that differ")
        for line in self.lines:
            self._check_line(line, faults)
        self._check_indices(faults)
        self._check_correlations(faults)
        self._check_alternatives(faults)

    def _check_line(self, line: Line, faults: Faults) -> None:
        where = f"lines.{line.id}"
        known = {driver.id: driver for driver in self.drivers}
        named = [("factors", line.factors), ("divided_by", line.divided_by), ("remainder_of", line.remainder_of)]
        named += [(place, tuple(affine.drivers)) for place, affine in affines_of(line)]
        for place, names in named:
            for name in names:
                if name not in known:
                    close = nearest(name, known)
                    remedy = f"Did you mean {close!r}?" if close else ""
                    faults.add(f"{where}.{place}", f"unknown driver {name!r}", "an id of [[drivers]]", remedy)
        for place, column in columns_of(line):
            if column not in self.inputs and column_kind(column) != "total":
                found = (
                    f"{column!r}, which is no total" if column_kind(column) != "unknown" else f"no column {column!r}"
                )
                faults.add(f"{where}.{place}", found, "a reference column that is a total, or an input of the file")
        if not line.pm:
            self._check_units(line, known, faults)
            self._check_prices(line, known, faults)
        for name, years in (
            ("amount", line.amount and line.amount.years),
            ("profile", line.profile and line.profile.years),
        ):
            outside = sorted(set(years or ()) - set(self.years))
            if outside:
                faults.add(
                    f"{where}.{name}",
                    f"years {listed(outside)}",
                    f"years of the file: {self.years[0]} to {self.years[-1]}",
                )
        if line.amount is not None and line.amount.years is not None:
            lacking = sorted(set(self.years) - set(line.amount.years))
            if lacking:
                faults.add(
                    f"{where}.amount.years", f"no amount for {listed(lacking)}", "every year of the file; 0 where none"
                )

    def _check_units(self, line: Line, known: dict[str, DriverTerms], faults: Faults) -> None:
        """The units of amount, factors and base make euro."""
        units = [str(line.amount.unit)] if line.amount is not None else []
        units += [known[name].measured_in for name in line.factors if name in known]
        own = next((name for name in ("classes", "sample", "tariff", "joint") if getattr(line, name)), "")
        where = f"lines.{line.id}"
        for name in line.divided_by:
            if name in known and known[name].measured_in != "share":
                faults.add(f"{where}.divided_by", f"{name!r} in {known[name].measured_in}", "a driver in share")
        product = _PRODUCTS.get(tuple(sorted(unit for unit in units if unit != "share")), "")
        if own:
            if any(unit != "share" for unit in units):
                faults.add(where, f"units {listed(units)} with {own}", f"factors in share; {own} holds the euros")
            return
        base = self._unit_of(line.per)
        wanted = {"": "EUR", "municipality": "EUR", "inhabitants": "EUR/inhabitant"}.get(base, "EUR/unit")
        if product != wanted:
            falls = f"per {line.per}" if line.per else f"by {listed(line.spread)}"
            faults.add(where, f"units {listed(units)} {falls}", f"a product in {wanted}")

    def _unit_of(self, base: str) -> str:
        if base in self.inputs:
            return "inhabitants" if self.inputs[base].unit == "inhabitants" else "count"
        return base if base in ("", "municipality", "inhabitants") else "count"

    def _check_prices(self, line: Line, known: dict[str, DriverTerms], faults: Faults) -> None:
        grounds = amount_grounds(line, known)
        if grounds is None:
            return  # the units are a fault already
        where, level = f"lines.{line.id}", grounds.price_level
        if isinstance(grounds, Chosen) and (not grounds.vat or not level):
            faults.add(where, "amounts without vat or price_level", "both, beside the amounts")
        terms = self.programme
        if terms.prices == "constant" and line.index is None and level != terms.price_level:
            remedy = "Bring all amounts to one price level, or index this line from its own."
            faults.add(
                where, f"price level {level!r} in a programme at {terms.price_level!r}", "one price level", remedy
            )
        if terms.prices == "constant" and line.index is not None and not line.reason:
            faults.add(f"{where}.index", "an index in constant prices", "reason = why this line grows beyond prices")
        if line.index is not None and line.index.rates:
            first = min(self.years[0], line.index.base_year)
            lacking = [year for year in range(first + 1, self.years[-1] + 1)
                       if year != line.index.base_year and year not in line.index.rates]  # fmt: skip
            lacking = [year for year in lacking if year > line.index.base_year]
            if lacking:
                remedy = f"Give the rates to {self.years[-1]}, or end the programme where the index ends."
                faults.add(f"{where}.index.rates", f"no rate for {listed(lacking)}", "every year of the file", remedy)

    def _check_indices(self, faults: Faults) -> None:
        """In current prices every line is indexed, or says why not."""
        if self.programme.prices != "current":
            return
        known = {driver.id: driver for driver in self.drivers}
        for line in self.lines:
            grounds = None if line.pm else amount_grounds(line, known)
            own_years = line.amount is not None and line.amount.years is not None
            if (
                grounds is None
                or line.index is not None
                or line.reason
                or (own_years and grounds.price_level == "current")
            ):
                continue
            allowed = "index, or reason = why it has none"
            faults.add(f"lines.{line.id}", "no index in current prices", allowed)

    def _check_correlations(self, faults: Faults) -> None:
        known = {driver.id: driver for driver in self.drivers}
        seen: set[frozenset[str]] = set()
        for place, part in enumerate(self.correlations):
            where = f"correlations[{place}].drivers"
            for name in part.drivers:
                if name not in known:
                    faults.add(where, f"unknown driver {name!r}", "an id of [[drivers]]")
            levels = {known[name].level for name in part.drivers if name in known}
            if len(levels) > 1:
                faults.add(where, f"levels {listed(sorted(levels))}", "drivers of one level")
            for names in combinations(part.drivers, 2):
                pair = frozenset(names)
                if len(pair) < 2 or pair in seen:
                    faults.add(where, " and ".join(names), "two drivers, each pair once")
                seen.add(pair)

    def _check_alternatives(self, faults: Faults) -> None:
        lines = {line.id: line for line in self.lines}
        for part in self.alternatives:
            where = f"alternatives.{part.id}.lines"
            for name in part.lines:
                if name not in lines:
                    close = nearest(name, lines)
                    faults.add(
                        where,
                        f"unknown line {name!r}",
                        "an id of [[lines]]",
                        f"Did you mean {close!r}?" if close else "",
                    )
                elif lines[name].who != "all" and part.participants is None:
                    faults.add(where, f"{name!r} falls on {lines[name].who}", "participants in this alternative")
        names = {part.id for part in self.alternatives}
        for item in self.published:
            if item.of not in {"one_off", "structural", *lines}:
                faults.add(f"published.{item.id}.of", repr(item.of), "one_off, structural, or the id of a line")
            if item.alternative and item.alternative not in names:
                faults.add(f"published.{item.id}.alternative", repr(item.alternative), listed(sorted(names)) or "none")

    def day(self, name: str) -> date:
        """Map date or counting date."""
        day = getattr(self.programme, name).first.value
        assert isinstance(day, date)  # noqa: S101 (unit date was checked)
        return day
