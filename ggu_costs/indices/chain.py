"""What a series says of a year as one vintage knows it, and the factor over several years.

A vintage that is asked stands for a day: each year has the newest value that had been published by then. Without one,
each year has the newest value that the file holds. A year that is PM makes the whole chain across it unknown: there is
no factor, and nothing is put in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ggu_costs.errors import Faults, InputError, UnknownNameError, is_one_of
from ggu_costs.figures import read_whole
from ggu_costs.frozen import Frozen
from ggu_costs.indices.definition import IndexDefinition, IndexValue, Series
from ggu_costs.modelfile.values import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True)
class Link(Frozen):
    """The change of one year.

    Attributes
    ----------
    change
        A fraction; None where it is PM.
    vintages
        Ids of the publications that it is of: those of each part, of a series that is made of others.
    parts
        How much of it is of which series, where it is made of others.
    """

    year: int
    change: Fraction | None
    vintages: tuple[str, ...]
    parts: Mapping[str, Fraction | None]
    statuses: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Chain(Frozen):
    """A series from a base year on, as one vintage knows it.

    Attributes
    ----------
    series, base_year, year
        Which series, from the prices of which year to those of which.
    links
        The years after the base year, in order.
    """

    series: str
    base_year: int
    year: int
    links: tuple[Link, ...]

    @property
    def factor(self) -> Fraction | None:
        """What an amount of the base year is multiplied by; None across a year that is PM."""
        product = Fraction(1)
        for link in self.links:
            if link.change is None:
                return None
            product *= 1 + link.change
        return product

    @property
    def unknown(self) -> tuple[int, ...]:
        """Years that are PM."""
        return tuple(link.year for link in self.links if link.change is None)

    @property
    def vintages(self) -> dict[int, tuple[str, ...]]:
        """Publications of each year."""
        return {link.year: link.vintages for link in self.links}


def chain(definition: IndexDefinition, series: str, base_year: int, year: int, vintage: str = "") -> Chain:
    """Return a series from the prices of one year to those of another.

    Parameters
    ----------
    vintage
        As that publication knew it; by default the newest values.

    Raises
    ------
    UnknownNameError
        A series that the file has not.
    InputError
        A vintage that is not there, years without a value as that vintage knows them: all at once.
    """
    known = definition.series_by_id
    if not is_one_of(series, known):
        raise UnknownNameError("series", series, known)
    faults = Faults()
    first, last = (
        read_whole(number, name, faults, least=FIRST_YEAR, most=LAST_YEAR)
        for name, number in (("base_year", base_year), ("year", year))
    )
    limit = _limit(definition, vintage, faults)
    if first is not None and last is not None and last < first:
        faults.add("year", f"{last}, before base_year {first}", "base_year or later")
    if first is None or last is None:
        first, last = 0, 0
    links = []
    for one in range(first + 1, last + 1):
        link = _link(definition, known[series], one, limit)
        if link is None:
            found = f"no value of {one}" + (f" by {vintage}" if limit else "")
            remedy = "A later publication may have it." if limit and _link(definition, known[series], one, "") else ""
            faults.add(f"series.{series}", found, "a value or mark of every year", remedy)
        else:
            links.append(link)
    faults.check(f"{definition.id}: this index cannot be given", remedy="Correct the arguments, or add to the file.")
    return Chain(series, first, last, tuple(links))


def _limit(definition: IndexDefinition, vintage: str, faults: Faults) -> str:
    """Return the month of a vintage; empty where none is asked."""
    known = definition.vintages_by_id
    if is_one_of(vintage, known):
        return known[vintage].month
    if vintage or not isinstance(vintage, str):
        allowed = ", ".join(known)
        faults.add("vintage", repr(vintage), allowed, "Add the values of that publication to a file of your own.")
    return ""


def link_of(definition: IndexDefinition, series: str, year: int, vintage: str = "") -> Link | None:
    """Return the change of one year as a vintage knows it; None where the file has none, or no such vintage."""
    faults = Faults()
    limit = _limit(definition, vintage, faults)
    return None if faults else _link(definition, definition.series_by_id[series], year, limit)


def _link(definition: IndexDefinition, series: Series, year: int, limit: str) -> Link | None:
    """Return the change of one year, of what was published by a month; None where there is none."""
    own = _newest(definition, series, year, limit)
    if own is not None:
        change = None if own.number is None else Fraction(own.number)
        return Link(year, change, (own.vintage,), {}, (own.change.status,), (own.change.source,))
    links = {name: _link(definition, definition.series_by_id[name], year, limit) for name in series.parts}
    found = {name: link for name, link in links.items() if link is not None}
    if not found or len(found) < len(links):
        return None
    parts = {name: _times(link.change, series.parts[name]) for name, link in found.items()}
    changes = [part for part in parts.values() if part is not None]
    return Link(
        year,
        sum(changes, Fraction(0)) if len(changes) == len(parts) else None,
        tuple(dict.fromkeys(name for link in found.values() for name in link.vintages)),
        parts,
        tuple(dict.fromkeys(name for link in found.values() for name in link.statuses)),
        tuple(dict.fromkeys(name for link in found.values() for name in link.sources)),
    )


def _times(change: Fraction | None, weight: Decimal) -> Fraction | None:
    return None if change is None else change * Fraction(weight)


def _newest(definition: IndexDefinition, series: Series, year: int, limit: str) -> IndexValue | None:
    """Return the value of a year in the newest publication, of those by a month where one is given."""
    order = {name: place for place, name in enumerate(definition.vintages_by_id)}
    months = {one.id: one.month for one in definition.vintages}
    values = [value for value in series.values if value.year == year and not (limit and months[value.vintage] > limit)]
    return max(values, key=lambda value: order[value.vintage], default=None)


def uncertain_value(definition: IndexDefinition, series: str, year: int) -> IndexValue:
    """Return the newest value of a year that states between which it may lie.

    Raises
    ------
    UnknownNameError, InputError
        No such series; no value of that year with low and high.
    """
    known = definition.series_by_id
    if not is_one_of(series, known):
        raise UnknownNameError("series", series, known)
    value = _newest(definition, known[series], year, "")
    if value is None or value.low is None:
        found = "no value" if value is None else "a value without low and high"
        raise InputError(
            f"{definition.id}: {found} of {series} in {year}",
            remedy="Give low and high in a file of your own, with whose estimate it is.",
        )
    return value
