r"""The index of a fund or fee: which series of which file it follows, as which publication knew it, from which year.

A file that names a series under ``indexed`` says two things with it. Between two bills each year in between has its own
change, with an index and a growth to cost cover added up within a year and multiplied over the years:

.. math:: \prod_y (1 + \text{index}_y + \text{growth}_y)

And with a `base_year` its total, rate or tariff is at the prices of that year, and every bill is that amount times the
product from there on. Another vintage then makes another bill, and :mod:`ggu_costs.fund.change` says how much that is
(cause ``vintage``). A year that is PM leaves the index of every change across it unknown: nothing is put under it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from pydantic import Field

from ggu_costs.allocation import Tariff
from ggu_costs.errors import Faults, InputError, did_you_mean
from ggu_costs.frozen import Frozen
from ggu_costs.indices import IndexDefinition, chain
from ggu_costs.indices.chain import Link, link_of
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.values import Checked, Dated, WholeYear
from ggu_costs.words.messages import message

STEPS = ("index", "growth_to_cost_cover")
"""What a series may be of, in the order in which they are told."""


class IndexedTerms(Checked):
    """Which index a fund or fee follows.

    Attributes
    ----------
    index
        Id of a file of kind ``index``.
    series, growth
        Series in it: the index, and of a fee the growth to full cost cover.
    base_year
        Year whose prices the amounts of the file are at; without it they are those of each year itself.
    vintage
        As which publication knew the series; by default the newest value of each year.
    """

    index: str = Field(min_length=1)
    series: str = Field(min_length=1)
    growth: str = ""
    base_year: WholeYear | None = None
    vintage: str = ""

    @property
    def named(self) -> dict[str, str]:
        """Series by what they are of."""
        return {"index": self.series} | ({"growth_to_cost_cover": self.growth} if self.growth else {})

    def check_fund(self, faults: Faults, *, budgets: bool) -> None:
        """Add the faults of a fund that follows an index; `budgets`: it has activities with budgets."""
        if self.growth:
            faults.add("fund.indexed.growth", repr(self.growth), "none: a fund has an index only")
        if self.base_year is not None and budgets:
            found = "with budgets of activities, which are of each year itself"
            faults.add("fund.indexed.base_year", found, "a total, a rate or a tariff without activities")

    def check_named(self, faults: Faults, file: "Follows", named: Header) -> None:
        """Add the faults of the file that is named: another kind, no such series or vintage, years it has not."""
        where, years = f"{file.kind}.indexed", file.years
        if not isinstance(named, IndexDefinition):
            faults.add(f"{where}.index", f"{named.id}, a {named.kind}", "a file of kind 'index'")
            return
        known = named.series_by_id
        for name, series in zip(("series", "growth"), self.named.values(), strict=False):
            if series not in known:
                faults.add(f"{where}.{name}", repr(series), ", ".join(known), did_you_mean(series, known))
        vintages = named.vintages_by_id
        if self.vintage and self.vintage not in vintages:
            remedy = did_you_mean(self.vintage, vintages) or "Add the values of that publication to the index file."
            faults.add(f"{where}.vintage", repr(self.vintage), ", ".join(vintages), remedy)
        if faults:
            return
        self._check_stated(faults, file, named)
        if self.base_year is None:
            return
        for year in years:
            if year < self.base_year:
                faults.add(f"{where}.base_year", f"{self.base_year}, after {year}", "a year of the file, or earlier")
                continue
            for series in self.named.values():
                try:
                    lacking = chain(named, series, self.base_year, year, self.vintage).unknown
                except InputError as error:
                    faults.found += [fault for fault in error.faults if fault not in faults.found]
                    continue
                for one in lacking:
                    found = f"{series} of {one} is PM, so that no amount of {year} follows"
                    faults.add(f"{where}.series", found, "a series that is known from base_year on",
                               "Take a later base_year, or give the figure in a file of your own.")  # fmt: skip

    def _check_stated(self, faults: Faults, file: "Follows", named: IndexDefinition) -> None:
        """What the file states of a year itself is what the series has, and nothing where amounts follow from it."""
        for name, series in self.named.items():
            stated = getattr(file.terms, name, None)
            if stated is not None and self.base_year is not None:
                found = "stated beside indexed.base_year, from which it follows"
                faults.add(f"{file.kind}.{name}", found, "one of the two")
                continue
            for year in file.years:
                own, link = file.known(stated, year), link_of(named, series, year, self.vintage)
                if own is not None and link is not None and link.change not in (None, Fraction(own)):
                    theirs = f"{float(link.change):g}, as {named.id} has it"
                    faults.add(f"{file.kind}.{name}", f"{own} in {year}", theirs)


class Follows(Protocol):
    """A file of a fund or fee."""

    @property
    def kind(self) -> str:
        """``fund`` or ``fee``."""
        ...

    @property
    def years(self) -> tuple[int, ...]:
        """Its years."""
        ...

    @property
    def terms(self) -> Any:
        """The table that has the name of its kind."""
        ...

    def known(self, dated: Dated | None, year: int) -> Decimal | None:
        """Number that the file states for a year."""
        ...


@dataclass(frozen=True)
class Indexed(Frozen):
    """The index of a bill.

    Attributes
    ----------
    file, series, vintage, base_year
        As the file names them; `vintage` as asked, and where nothing was, empty.
    names
        Of the vintages, by id.
    steps
        By year the change of each series; None where it is PM.
    used
        By year the vintages of its figures.
    """

    file: str
    series: Mapping[str, str]
    vintage: str
    base_year: int | None
    names: Mapping[str, str]
    steps: Mapping[int, Mapping[str, Fraction | None]]
    used: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(
        cls, terms: IndexedTerms, named: IndexDefinition, own: Mapping[int, Mapping[str, Fraction]], vintage: str = ""
    ) -> "Indexed":
        """Read the series of a file, as one vintage knew them.

        Parameters
        ----------
        own
            What the fund or fee states of its years itself, by year.

        Raises
        ------
        InputError
            A vintage that is not there.
        """
        asked = vintage or terms.vintage
        chain(named, terms.series, named.years[0], named.years[0], asked)  # refuses a vintage that is not there
        links: dict[int, dict[str, Link]] = {}
        for name, series in terms.named.items():
            for year in named.years:
                link = link_of(named, series, year, asked)
                if link is not None:
                    links.setdefault(year, {})[name] = link
        years = sorted({*links, *own})
        steps: dict[int, dict[str, Fraction | None]] = {
            year: {name: link.change for name, link in links.get(year, {}).items()} | dict(own.get(year, {}))
            for year in years
        }
        used = {
            year: tuple(dict.fromkeys(one for link in found.values() for one in link.vintages))
            for year, found in links.items()
        }
        return cls(named.id, terms.named, asked, terms.base_year, {one.id: one.name for one in named.vintages}, steps,
                   used)  # fmt: skip

    def step(self, name: str, year: int) -> Fraction | None:
        """Return the change of a year; None where it is PM or not in the file."""
        return self.steps.get(year, {}).get(name)

    def known(self, first: int, last: int) -> bool:
        """Whether every change after a year, up to and including another, is known."""
        return not self.lacking(first, last)

    def lacking(self, first: int, last: int) -> list[int]:
        """Years after one, up to and including another, of which some change is not known."""
        return [
            year for year in range(first + 1, last + 1) if any(self.step(name, year) is None for name in self.series)
        ]

    def factor(self, year: int) -> Fraction:
        """Return what an amount at the prices of the base year is multiplied by; 1 without a base year."""
        return Fraction(1) if self.base_year is None else product_of(self.between(self.base_year, year))

    def between(self, first: int, last: int) -> list[dict[str, Fraction]]:
        """Return the known changes of each year after one, up to and including another."""
        return [
            {name: step for name in self.series if (step := self.step(name, year)) is not None}
            for year in range(first + 1, last + 1)
        ]

    def in_provenance(self, year: int) -> dict[str, Any]:
        """Return which series and publications a bill rests on."""
        first = year - 1 if self.base_year is None else self.base_year
        used = {str(one): list(self.used.get(one, ())) for one in range(first + 1, year + 1)}
        based = {} if self.base_year is None else {"base_year": self.base_year}
        return {"file": self.file, "series": dict(self.series), "vintage": self.vintage or "newest", **based,
                "used": used}  # fmt: skip

    def vintages_of(self, first: int, last: int) -> list[str]:
        """Return the names of the publications of the years after one, up to and including another."""
        ids = (one for year in range(first + 1, last + 1) for one in self.used.get(year, ()))
        return [self.names[one] for one in dict.fromkeys(ids)]


def product_of(steps: Iterable[Mapping[str, Fraction]], on: Iterable[str] = STEPS) -> Fraction:
    """Return the product over years of 1 plus the changes of some kinds, which are added up within a year.

    Examples
    --------
    >>> product_of([{"index": Fraction("0.051"), "growth_to_cost_cover": Fraction("0.010")}])
    Fraction(1061, 1000)
    """
    kinds, product = frozenset(on), Fraction(1)
    for year in steps:
        product *= 1 + sum((step for name, step in year.items() if name in kinds), Fraction(0))
    return product


def steps_between(
    first: Indexed | None, last: Indexed | None, start: int, end: int, own: Mapping[str, Fraction]
) -> list[dict[str, Fraction]]:
    """Return the changes of each year between two bills; none across a year that is not known.

    Parameters
    ----------
    first, last
        The index of each bill.
    start, end
        Their years.
    own
        The changes of the last year, as its bill has them: all there is where it names no index.
    """
    if last is None:
        return [dict(own)]
    if last.lacking(start, end):
        return []
    *years, year = (*last.between(start, end), {}) if end <= start else last.between(start, end)
    return [*years, {**own, **year}] if end > start else []


def revised(first: Indexed | None, last: Indexed | None, year: int) -> Fraction:
    """Return by what another vintage multiplies the earlier bill, of a year; 1 where neither follows from an index."""
    if first is None or last is None or None in (first.base_year, last.base_year):
        return Fraction(1)
    if (first.file, first.series, first.base_year) != (last.file, last.series, last.base_year):
        return Fraction(1)
    based = first.base_year or year
    if year < based or first.lacking(based, year) or last.lacking(based, year):
        return Fraction(1)
    return last.factor(year) / first.factor(year)


def step_in(indexed: Indexed | None, name: str, year: int, stated: Fraction) -> Fraction:
    """Return the change of a year: as the file states it, else as its index has it; 0 where it is PM."""
    return stated if indexed is None else indexed.step(name, year) or Fraction(0)


def times(tariff: Tariff, factor: Fraction) -> Tariff:
    """Return a tariff at other prices."""
    if factor == 1:
        return tariff
    rates, amounts = (tuple(price * factor for price in prices) for prices in (tariff.rates, tariff.amounts))
    return replace(tariff, rates=rates, amounts=amounts, fixed=tariff.fixed * factor)


def read_vintage(vintage: Any, stated: IndexedTerms | None, named: Header | None, faults: Faults) -> str:
    """Check a vintage that is asked in Python."""
    if stated is None or not isinstance(named, IndexDefinition):
        faults.add("vintage", repr(vintage), "none", "This file names no index: give it a table 'indexed'.")
        return ""
    if not isinstance(vintage, str) or vintage not in named.vintages_by_id:
        known = ", ".join(named.vintages_by_id)
        faults.add("vintage", repr(vintage), known, "Add the values of that publication to the index file.")
        return ""
    return vintage


def index_notes(first: Indexed | None, last: Indexed | None, years: tuple[int, int]) -> list[str]:
    """Say of a change from which publications its index is, and what of it is not known."""
    notes: list[str] = []
    if last is None:
        return notes
    lacking = last.lacking(*years)
    if lacking:
        notes.append(message("index_stops", years=[str(year) for year in lacking]))
    if first is not None and first.used != last.used and first.base_year is not None:
        named = [one.vintages_of(one.base_year or year, year) for one, year in zip((first, last), years, strict=True)]
        if named[0] != named[1]:
            notes.append(message("index_vintages", old=named[0], new=named[1]))
    return notes
