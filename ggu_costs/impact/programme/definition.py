"""What a model file of kind ``programme`` says, checked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ggu_costs.errors import Faults, did_you_mean, listed, repeated
from ggu_costs.impact.programme.discounting import EffectDiscount
from ggu_costs.impact.programme.driver_terms import CorrelationTerms, DriverTerms
from ggu_costs.impact.programme.forecast_drivers import with_forecasts
from ggu_costs.impact.programme.line_checks import amount_grounds, check_prices, check_uncertain, check_units
from ggu_costs.impact.programme.line_terms import Alternative, Line, PublishedRange, affines_of, columns_of
from ggu_costs.impact.programme.scm_checks import check_scm
from ggu_costs.impact.programme.scm_terms import RateTable
from ggu_costs.impact.programme.until import awaited, check_until, left_out
from ggu_costs.impact.programme.use_checks import check_use
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.grant_keys import grant_columns, read_column
from ggu_costs.modelfile.header import HeaderOfYears
from ggu_costs.modelfile.terms import Chosen, VatShares
from ggu_costs.modelfile.values import Checked, DateValue, Found, Value, Whole, WholeYear, fault, shown
from ggu_costs.reference import Reference
from ggu_costs.simulation.machine.sampling import Method


class NoCompensation(Chosen):
    """Who says that the State pays nothing beyond the lines of kind ``compensation``.

    Attributes
    ----------
    value
        ``none``: there is no compensation.
    """

    value: Literal["none"]

    @model_validator(mode="before")
    @classmethod
    def _with_basis(cls, raw: Any) -> Any:
        if isinstance(raw, str):
            remedy = 'Write compensation = { value = "none", status = "enacted", source = "an id in [sources]" }.'
            raise fault(shown(raw), "a table that says on what it rests", remedy)
        return raw

    def _wrong(self) -> Iterator[Found]:
        if not self.source and self.status != "illustrative":
            remedy = "Leave it out where nobody says so: then compensation is PM."
            yield "no compensation without a source", "source = the id of one of [sources]", remedy


class ProgrammeTerms(Checked):
    """What holds for the whole programme.

    Attributes
    ----------
    municipal_share
        The part of all amounts that is for municipalities, where the amounts are of several layers of government
        together. While the user does not bring it, only national figures are given.
    compensation
        That the State pays nothing beyond the lines of kind ``compensation``. Without it, compensation that no line
        states is a memorandum item (PM), never nil.
    structural_year
        Year of the structural result (per year, when all is in place); by default the last.
    indicative
        Figures per municipality are broken down from national estimates.
    grant
        Id of the grant as a share of whose algemene uitkering amounts of municipalities are told; by default the one
        that the key of a compensation names.
    prices
        Whether all amounts are in constant or in current prices.
    discount
        How present values are made; without it there are none.
    vat
        VAT in the amounts.
    """

    map_date: DateValue
    counting_date: DateValue
    prices: Literal["constant", "current"]
    price_level: str = ""
    discount: EffectDiscount | None = None
    vat: VatShares | None = None
    municipal_share: Value | None = None
    compensation: NoCompensation | None = None
    structural_year: WholeYear | None = None
    indicative: bool = True
    grant: str = ""

    def _wrong(self) -> Iterator[Found]:
        if self.prices == "constant" and not self.price_level:
            yield "constant prices without price_level", 'price_level = a year, or "unknown"', ""
        if self.discount is not None:
            fitting = {"constant": "real", "current": "nominal"}[self.prices]
            if self.discount.kind != fitting:
                remedy = f"Discount {self.prices} prices with a {fitting} rate."
                yield f"a {self.discount.kind} discount rate with {self.prices} prices", fitting, remedy
        share = self.municipal_share
        if share is not None:
            if share.unit != "share" or (share.value is None and share.input is None):
                yield "municipal_share without one number in share", "value or input, in share", ""
            elif share.value is not None and not 0 <= Decimal(str(share.value)) <= 1:
                yield f"municipal_share {share.value}", "0 to 1; 40 per cent is 0.4", ""


class SimulationTerms(Checked):
    """Seed, draws and method of a run; options override them.

    Attributes
    ----------
    seed
        Number that fixes the draws; 0 is one too.
    draws
        How many draws.
    method
        ``random`` draws, or ``sobol`` points.
    replicates
        How many times ``sobol`` points are scrambled, from which the error follows.
    """

    seed: Whole = Field(ge=0)
    draws: Whole = Field(ge=2, default=100_000)
    method: Method = "random"
    replicates: Annotated[Whole, Field(ge=2)] = 8

    def _wrong(self) -> Iterator[Found]:
        if self.method == "sobol" and self.draws & (self.draws - 1):
            yield f"draws {self.draws} with method 'sobol'", "a power of two, such as 16384", ""


class FeasibilityAnswer(Checked):
    """One answer of the feasibility test for decentral governments (uitvoerbaarheidstoets, UDO), as text.

    Attributes
    ----------
    source
        Id of the source that gives the answer; or `by`, whose answer it is.
    question
        The question, as the test has it.
    answer
        The answer.
    """

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    source: str = ""
    by: str = ""

    def _wrong(self) -> Iterator[Found]:
        if not (self.source or self.by):
            yield "an answer without source or by", "source = an id in [sources], or by = whose answer", ""


class ProgrammeDefinition(HeaderOfYears):
    """An intergovernmental programme (interbestuurlijk traject): drivers, cost lines, compensation, alternatives.

    Attributes
    ----------
    outside
        What is not in its figures, a sentence each, such as a part of the law or the path to a structural effect. Lines
        that are PM and compensation that is not stated are told without it.
    programme
        Dates, prices, VAT and what holds for every line.
    simulation
        Seed, draws and method.
    drivers
        Uncertain inputs.
    hourly_rates
        Tables of hourly rates, for lines by the standard cost model.
    correlations
        How drivers move together.
    lines
        Costs, benefits and compensations.
    alternatives
        Ways of doing it; without one there is one with all lines.
    published
        What sources say of the outcome, shown beside it.
    udo
        Answers of the feasibility test.
    """

    kind: Literal["programme"]
    programme: ProgrammeTerms
    simulation: SimulationTerms
    drivers: tuple[DriverTerms, ...] = ()
    hourly_rates: tuple[RateTable, ...] = ()
    correlations: tuple[CorrelationTerms, ...] = ()
    lines: tuple[Line, ...] = Field(min_length=1)
    alternatives: tuple[Alternative, ...] = ()
    published: tuple[PublishedRange, ...] = ()
    udo: tuple[FeasibilityAnswer, ...] = ()
    outside: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @property
    def structural_year(self) -> int:
        """Year of the structural result."""
        return self.programme.structural_year or self.years[-1]

    def named_inputs(self) -> set[str]:
        """Inputs that a value names, or a line by the name of a column."""
        columns = {column for line in self.lines for _, column in columns_of(line)}
        return super().named_inputs() | (columns & self.inputs.keys()) | set(awaited(self.lines))

    @property
    def drivers_by_id(self) -> dict[str, DriverTerms]:
        """Every driver, by id."""
        return {driver.id: driver for driver in self.drivers}

    @property
    def rates_by_id(self) -> dict[str, RateTable]:
        """Every rate table, by id."""
        return {table.id: table for table in self.hourly_rates}

    @property
    def assumes_shapes(self) -> bool:
        """Whether a source publishes a range without its shape, so that the shape is an assumption."""
        return any(driver.published_range for driver in self.drivers)

    @property
    def keyed_compensation(self) -> Line | None:
        """The first compensation that has a key."""
        return next((line for line in self.lines if line.kind == "compensation" and line.key is not None), None)

    @property
    def beside(self) -> str:
        """Id of the grant as a share of which its amounts are told; empty where the file names none."""
        keys = [line.key for line in self.lines if line.kind == "compensation" and line.key is not None]
        named = (read_column(column)[0] for key in keys for column in grant_columns(key.parts))
        return self.programme.grant or next(named, "")

    def needed_for_municipalities(self, inputs: Inputs) -> str:
        """The first input without which there are no figures per municipality, where it was not given; or empty."""
        share = self.programme.municipal_share
        asked = [*(() if share is None or share.input is None else (share.input,)), *awaited(self.lines)]
        return next((name for name in asked if name not in inputs), "")

    def national_only(self, inputs: Inputs) -> bool:
        """Whether what gives the part of each municipality was not given, so that only the nation can be told."""
        return self.needed_for_municipalities(inputs) != ""

    def settled(self, inputs: Inputs) -> Self:
        """Return the programme as the inputs make it: without lines that stood until they came, or wait for them."""
        gone = left_out(self.lines, inputs)
        if not gone:
            return self
        alternatives = tuple(
            part.model_copy(update={"lines": tuple(name for name in part.lines if name not in gone)})
            for part in self.alternatives
        )
        lines = tuple(line for line in self.lines if line.id not in gone)
        return self.model_copy(update={"lines": lines, "alternatives": alternatives})

    def municipal_share(self, inputs: Inputs) -> float | None:
        """Part of the amounts that falls to municipalities, where the file asks for it and it is known."""
        share = self.programme.municipal_share
        if share is None or self.national_only(inputs):
            return None
        return float(inputs.number(share.input) if share.input is not None else str(share.value))

    @classmethod
    def filled_in(cls, tables: dict[str, Any], reference: Reference, faults: Faults) -> dict[str, Any]:
        """Return the tables with the quantiles of the forecasts that drivers draw."""
        return with_forecasts(tables, reference, faults)

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts of the file."""
        super().check(faults, reference)
        if self.structural_year not in self.years:
            faults.add("programme.structural_year", str(self.structural_year), listed(self.years))
        for table in ("drivers", "hourly_rates", "lines", "alternatives", "published"):
            for name, count in repeated(part.id for part in getattr(self, table)):
                faults.add(table, f"id {name!r} {count} times", "ids that differ")
        for line in self.lines:
            self._check_line(line, faults, reference)
        if self.programme.discount is not None:
            self.programme.discount.check(faults, tuple(line.id for line in self.lines), self.years)
        self._check_vat(faults)
        self._check_indices(faults)
        self._check_correlations(faults)
        self._check_alternatives(faults)
        check_until(self.lines, self.alternatives, self.inputs, faults)
        check_use(self.lines, self.alternatives, self.drivers, self.correlations, faults, rates=self.rates_by_id)

    def grounds(self, line: Line) -> Value | Chosen | None:
        """Return what says in which VAT state and price level the amount of a line is; None for a PM line."""
        return None if line.pm else amount_grounds(line, self.drivers_by_id, self.rates_by_id)

    def _check_line(self, line: Line, faults: Faults, reference: Reference) -> None:
        where, known, terms = f"lines.{line.id}", self.drivers_by_id, self.programme
        named = [("factors", line.factors), ("divided_by", line.divided_by), ("remainder_of", line.remainder_of)]
        named += [(place, tuple(affine.drivers)) for place, affine in affines_of(line)]
        for place, names in named:
            for name in names:
                if name not in known:
                    remedy = did_you_mean(name, known)
                    faults.add(f"{where}.{place}", f"unknown driver {name!r}", "an id of [[drivers]]", remedy)
        for place, column in columns_of(line):
            kind = reference.column_kind(column)
            if column not in self.inputs and kind != "total":
                found = f"no column {column!r}" if kind == "unknown" else f"{column!r}, which is no total"
                faults.add(f"{where}.{place}", found, "a reference column that is a total, or an input of the file")
        if line.sample is not None and line.sample.of:
            sampled = {other.id: None for other in self.lines if other.sample is not None and other.sample.strata}
            if line.sample.of not in sampled:
                remedy = did_you_mean(line.sample.of, sampled)
                faults.add(f"{where}.sample.of", f"no sample in {line.sample.of!r}", "a line with strata", remedy)
        if line.key is not None:
            line.key.check(faults, f"{where}.key", percentages="Divide each by 100.")
        if not line.pm:
            constant = terms.price_level if terms.prices == "constant" else None
            if line.scm is None:
                check_units(line, known, self.inputs, faults)
            else:
                check_uncertain(line, known, faults)
                check_scm(line, line.scm, known, self.rates_by_id, faults, years=self.years)
            check_prices(line, self.grounds(line), constant, self.years, faults)
        for name, value in (("amount", line.amount), ("profile", line.profile)):
            outside = sorted(set((value and value.years) or ()) - set(self.years))
            if outside:
                allowed = f"years of the file: {self.years[0]} to {self.years[-1]}"
                faults.add(f"{where}.{name}", f"years {listed(outside)}", allowed)
        lacking = sorted(set(self.years) - set(line.amount.years)) if line.amount and line.amount.years else []
        if lacking:
            allowed = "every year of the file; 0 where none"
            faults.add(f"{where}.amount.years", f"no amount for {listed(lacking)}", allowed)

    def _check_vat(self, faults: Faults) -> None:
        """Amounts with VAT and without it can only be added up where the rate is known."""
        states: dict[str, list[str]] = {"incl": [], "excl": []}
        for line in self.lines:
            grounds = self.grounds(line)
            if grounds is not None and grounds.vat in states:
                states[grounds.vat].append(line.id)
        if self.programme.vat is None and all(states.values()):
            found = f"{listed(states['incl'])} incl and {listed(states['excl'])} excl VAT"
            remedy = "Bring all amounts to one state, or give [programme.vat] with the rate."
            faults.add("programme.vat", found, "one VAT state", remedy)

    def _check_indices(self, faults: Faults) -> None:
        """In current prices every line is indexed, or says why not."""
        for line in self.lines if self.programme.prices == "current" else ():
            grounds = self.grounds(line)
            by_year = line.amount is not None and line.amount.years is not None
            excused = line.index is not None or line.reason or grounds is None
            if not excused and not (by_year and grounds is not None and grounds.price_level == "current"):
                faults.add(f"lines.{line.id}", "no index in current prices", "index, or reason = why it has none")

    def _check_correlations(self, faults: Faults) -> None:
        known = self.drivers_by_id
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
                    faults.add(where, f"unknown line {name!r}", "an id of [[lines]]", did_you_mean(name, lines))
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
