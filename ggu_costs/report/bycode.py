"""Tables by municipality, seen as a whole: which map they are on, which columns add up, their sums by group.

A column can be added up when its table says so (``total``); inhabitants and expected values always can. A column of
euro per inhabitant is, after adding up, the amount it belongs to divided by the inhabitants; other columns (shares,
quantiles, probabilities) are never added up.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column
from ggu_costs.display.table import Table
from ggu_costs.reference import groups, member_codes
from ggu_costs.reference.maps import FIRST_DAY, LAST_DAY, steps

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouping

__all__ = ["ByCode", "by_code", "day_of", "map_days"]

_CODE = re.compile(r"GM\d{4}")
_KEPT = ("sign", "decimals", "indicative")  # of what a writer has to know, what holds for sums too


def day_of(codes: Iterable[str], stated: Iterable[datetime.date] = ()) -> datetime.date | None:
    """Return a day whose municipal map has these codes; None where there is none.

    Parameters
    ----------
    codes
        All municipalities of a map, or some.
    stated
        Days that a result names; the last one that fits goes before all others. Figures such as size classes are of its
        year, which codes alone do not tell where a map lasted for years.

    Returns
    -------
    datetime.date or None
        Otherwise the last day, of those on which the map changed or a year began, that has exactly these
        municipalities; or that has them all.

    Examples
    --------
    Weesp (GM0457) was a municipality until 24 March 2022:

    >>> day_of(["GM0363", "GM0457"])
    datetime.date(2022, 1, 1)
    """
    chosen = set(codes)
    if not chosen:
        return None
    fitting = [day for day in sorted(stated) if FIRST_DAY <= day <= LAST_DAY and set(member_codes(day)) >= chosen]
    if fitting:
        return fitting[-1]
    years = {datetime.date(year, 1, 1) for year in range(FIRST_DAY.year, LAST_DAY.year + 1)}
    days = sorted(years | {step.day for step in steps() if FIRST_DAY < step.day <= LAST_DAY})
    same = [day for day in days if set(member_codes(day)) == chosen]
    some = [day for day in days if set(member_codes(day)) >= chosen]
    found = same or some
    return found[-1] if found else None


@dataclass(frozen=True, eq=False)
class ByCode:
    """A table with a row for each municipality, and maybe other participants.

    Attributes
    ----------
    table
        The table.
    columns
        Its columns, the code first.
    stated
        Days of the municipal map that the result names.
    """

    table: Table
    columns: tuple[Column, ...]
    stated: tuple[datetime.date, ...] = ()

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """What stands in the first column."""
        return tuple(str(code) for code in self.columns[0].values)

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The codes that are municipalities, without other participants."""
        return tuple(code for code in self.codes if _CODE.fullmatch(code))

    @cached_property
    def day(self) -> datetime.date | None:
        """A day of the municipal map they are on; None where there is none, or where one stands there twice."""
        return day_of(self.municipalities, self.stated) if len(set(self.codes)) == len(self.codes) else None

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that add up; inhabitants always do, and expected values (``mean``)."""
        added = {*(self.table.total or ()), "inhabitants", "mean"}
        return tuple(column for column in self.columns if column.name in added and column.numeric)

    def amount_of(self, rate: Column) -> Column | None:
        """Return the amount that a column of euro per inhabitant belongs to, where both add up.

        ``effect_per_inhabitant_b`` belongs to ``effect_b``; ``per_inhabitant`` to the first amount in euro.
        """
        if rate.unit != "EUR/inhabitant" or not any(column.name == "inhabitants" for column in self.amounts):
            return None
        if rate.name == "per_inhabitant":
            return next((column for column in self.amounts if column.unit == "EUR"), None)
        name = rate.name.replace("_per_inhabitant", "", 1)
        return next((column for column in self.amounts if column.name == name != rate.name), None)

    def gathered(self, parts: Iterable[Sequence[tuple[str, float]]]) -> dict[str, list[float | None]]:
        """Add up: for each target the codes it is made of, with the share of each.

        Returns
        -------
        dict
            Figures by column that adds up, or follows from those that do; None where a part is not known.
        """
        wanted = [list(part) for part in parts]
        place = {code: row for row, code in enumerate(self.codes)}
        found: dict[str, list[float | None]] = {}
        for column in self.amounts:
            found[column.name] = [_sum(column, place, part) for part in wanted]
        for rate in self.columns:
            amount = self.amount_of(rate)
            if amount is not None:
                pairs = zip(found[amount.name], found["inhabitants"], strict=True)
                found[rate.name] = [None if money is None or not people else money / people for money, people in pairs]
        return found

    def by(self, grouping: Grouping) -> Table:
        """Return the sums by group, on the map these municipalities are on, as a table.

        Raises
        ------
        InputError, UnknownNameError, OutsidePeriodError
            As :func:`ggu_costs.reference.groups`.
        """
        import pandas as pd

        day = self.day
        assert day is not None  # noqa: S101 (the caller asks for groups only where there is a map)
        made = groups(grouping, self.municipalities, day)
        sums = self.gathered([(code, 1.0) for code in codes] for codes in made.members.values())
        index = pd.Index(list(made.members), name=made.name)
        frame = pd.DataFrame({"municipalities": [len(codes) for codes in made.members.values()]}, index=index)
        for column in self.columns:
            if column.name in sums:
                figures = [math.nan if figure is None else figure for figure in sums[column.name]]
                whole = column.kind == "integer" and not any(map(math.isnan, figures))
                frame[column.name] = [round(figure) for figure in figures] if whole else figures
        partial = made.overlapping or made.left_out  # then the groups together are not everyone, once
        total = [] if partial else ["municipalities", *(column.name for column in self.amounts)]
        frame.attrs = {
            "units": {column.name: column.unit for column in self.columns if column.name in sums and column.unit},
            "pm": [column.name for column in self.columns if column.pm],
            "total": total,
            "illustrative": self.table.illustrative,
            **{name: value for name, value in self.table.frame.attrs.items() if name in _KEPT},
        }
        return Table(f"by_{made.name}", self.table.title, frame, illustrative=self.table.illustrative)


def _sum(column: Column, place: Mapping[str, int], part: list[tuple[str, float]]) -> float | None:
    figures = []
    for code, share in part:
        figure = column.values[place[code]] if code in place else None
        if figure is None:
            return None
        figures.append(float(str(figure)) * share)
    return math.fsum(figures)


def by_code(table: Table, stated: Iterable[datetime.date] = ()) -> ByCode | None:
    """Return a table as one by municipality; None where its first column is no code of municipalities.

    `stated` are the days of the municipal map that the result names.
    """
    columns = tuple(table.columns())
    if not columns or columns[0].name != "code" or not any(_CODE.fullmatch(str(c)) for c in columns[0].values):
        return None
    return ByCode(table, columns, tuple(stated))


def map_days(provenance: object) -> tuple[datetime.date, ...]:
    """Return the days that provenance names under ``map_date`` or ``map_dates``, however deep.

    Examples
    --------
    >>> map_days({"a": {"map_date": "2020-01-01"}, "b": [{"map_dates": ["2021-01-01"]}], "counting_date": "2019-01-01"})
    (datetime.date(2020, 1, 1), datetime.date(2021, 1, 1))
    """
    if isinstance(provenance, Mapping):
        found = [
            day
            for key, value in provenance.items()
            for day in (_days(value) if key in ("map_date", "map_dates") else map_days(value))
        ]
        return tuple(found)
    if isinstance(provenance, list | tuple):
        return tuple(day for item in provenance for day in map_days(item))
    return ()


def _days(value: object) -> list[datetime.date]:
    found = []
    for item in value if isinstance(value, list | tuple) else [value]:
        with suppress(ValueError):
            found.append(datetime.date.fromisoformat(str(item)[:10]))
    return found
