"""What a model file of kind ``index`` says: vintages, and series of yearly changes as each vintage has them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ggu_costs.errors import Faults, did_you_mean, listed, repeated
from ggu_costs.modelfile.header import HeaderOfYears
from ggu_costs.modelfile.terms import Grounds, check_fractions
from ggu_costs.modelfile.values import Checked, Found, Number, Value, WholeYear, a_share, each
from ggu_costs.reference import Reference

Measure = Literal["wages", "prices", "wages_and_prices", "imoc", "pbbp", "cpi", "own"]
"""What a series measures; ``own`` is of the user, or of the body that decides it."""
Rate = Annotated[Value, each("share", a_share)]
"""The change of one year, as a fraction; or the mark ``pm``."""


class VintageTerms(Checked):
    """A publication (publicatiemoment), such as the CEP of March 2023.

    Attributes
    ----------
    id
        Name by which figures say that they are of it.
    name
        What it is called, such as CEP 2023.
    month
        When it was published, year and month: what is newer is told by it.
    """

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    month: str = Field(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")
    note: str = ""


class IndexValue(Checked):
    """The change of one year, as one vintage has it.

    Attributes
    ----------
    year
        The year whose prices or wages are told against those of the year before.
    vintage
        Id of the publication that has it.
    change
        The change as a fraction, with status and source; or the mark ``pm``.
    low, high
        Between which the change of a year to come may lie, where it is uncertain; see
        :meth:`ggu_costs.indices.model.Index.driver`.
    """

    year: WholeYear
    vintage: str
    change: Rate
    low: Number | None = None
    high: Number | None = None

    @property
    def number(self) -> Decimal | None:
        """The change; None where it is PM."""
        return self.change.value if isinstance(self.change.value, Decimal) else None

    def _wrong(self) -> Iterator[Found]:
        if self.change.years is not None or self.change.input is not None or self.change.mark == "unallocated":
            yield "a change that is not one figure", "value = a fraction, or mark = 'pm'", ""
        if (self.low is None) != (self.high is None):
            yield "one of low and high", "both or neither", ""
        elif self.low is not None and self.high is not None:
            number = self.number
            if number is None or not -1 < self.low <= number <= self.high <= 1 or self.low == self.high:
                yield f"low {self.low} and high {self.high}", "a change between them, above -1 and at most 1", ""


class Weights(Grounds):
    """How an index of one's own is weighed (gewogen index): fractions of other series, and whose choice that is.

    Attributes
    ----------
    parts
        Fractions by series, together 1.
    """

    parts: dict[str, Number]

    def _wrong(self) -> Iterator[Found]:
        yield from self.missing_grounds()


class Series(Checked):
    """One series: values of its own, or made of others.

    Attributes
    ----------
    id
        Name by which funds, fees and other series name it.
    name
        What it is called.
    measure
        What it measures: wages, prices, both, IMOC, pBBP, CPI, or a figure of one's own.
    weights
        The change is the weighed mean of the changes of other series.
    added
        The change is the sum of those of other series, as an index and a growth beside it are added, not multiplied.
    values
        Of a year that a series made of others has itself, these hold and not the others.
    """

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    measure: Measure
    weights: Weights | None = None
    added: tuple[str, ...] = ()
    values: tuple[IndexValue, ...] = ()
    note: str = ""

    @property
    def parts(self) -> dict[str, Decimal]:
        """Series that it is made of, each with how it counts; none where all values are its own."""
        return dict(self.weights.parts) if self.weights else dict.fromkeys(self.added, Decimal(1))

    def _wrong(self) -> Iterator[Found]:
        if self.weights is not None and self.added:
            yield "weights and added", "one of the two", ""
        if not (self.values or self.parts):
            yield "no values", "values, weights of other series, or added", ""


class IndexDefinition(HeaderOfYears):
    """Series of one or more years, with the publications that they are of.

    Attributes
    ----------
    vintages
        The publications that its figures are of.
    series
        The series.
    """

    kind: Literal["index"]
    vintages: tuple[VintageTerms, ...] = Field(min_length=1)
    series: tuple[Series, ...] = Field(min_length=1, max_length=26)

    @property
    def series_by_id(self) -> dict[str, Series]:
        """Every series, by id."""
        return {one.id: one for one in self.series}

    @property
    def vintages_by_id(self) -> dict[str, VintageTerms]:
        """Every vintage, by id, the oldest first."""
        return {one.id: one for one in sorted(self.vintages, key=lambda one: (one.month, one.id))}

    def check(self, faults: Faults, reference: Reference) -> None:
        """Names that exist, years of the file, each year once a vintage, no year left out, weights of 1."""
        super().check(faults, reference)
        for table in ("vintages", "series"):
            for name, count in repeated(part.id for part in getattr(self, table)):
                faults.add(table, f"id {name!r} {count} times", "ids that differ")
        for series in self.series:
            self._check_values(series, faults)
            self._check_parts(series, faults)

    def _check_values(self, series: Series, faults: Faults) -> None:
        where, known = f"series.{series.id}.values", {one.id for one in self.vintages}
        for value in series.values:
            if value.vintage not in known:
                remedy = did_you_mean(value.vintage, known) or "Add it to [[vintages]], with its month."
                faults.add(f"{where}.{value.year}", f"vintage {value.vintage!r}", "an id of [[vintages]]", remedy)
            if value.year not in self.years:
                allowed = f"a year of the file: {self.years[0]} to {self.years[-1]}"
                faults.add(where, f"year {value.year}", allowed)
        for (year, vintage), count in repeated((value.year, value.vintage) for value in series.values):
            faults.add(where, f"{year} of {vintage} {count} times", "each year once for a vintage")
        years = {value.year for value in series.values}
        gap = sorted(set(range(min(years), max(years) + 1)) - years) if years and not series.parts else []
        if gap:
            remedy = "Where the figure is not known, write change = { mark = 'pm', ... } for that year."
            faults.add(where, f"a gap: no value of {listed(gap)}", "a value or mark of every year between", remedy)

    def _check_parts(self, series: Series, faults: Faults) -> None:
        where, known = f"series.{series.id}", self.series_by_id
        place = f"{where}.weights.parts" if series.weights else f"{where}.added"
        for name in series.parts:
            if name not in known:
                faults.add(place, f"unknown series {name!r}", "an id of [[series]]", did_you_mean(name, known))
            elif known[name].parts:
                faults.add(place, f"{name!r}, which is made of others itself", "series with values of their own")
        if series.weights is not None:
            check_fractions(series.weights.parts, faults, where=place)
