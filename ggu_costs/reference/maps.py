r"""Which municipalities exist on a day, and how one municipal map turns into a later one.

The map of a day follows from the map of 1 January 2018 and the reorganisations (herindelingen) since. A reorganisation
replaces an old code by one or more new codes, with shares of the old municipality's inhabitants that add up to 1. Maps
compose: when :math:`T_1` leads from day 0 to day 1 and :math:`T_2` from day 1 to day 2, each old code :math:`i` gives
new code :math:`k` the share :math:`\sum_j T_1(i, j) T_2(j, k)`, in exact fractions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.figures import finite, shown
from ggu_costs.reference.facts import Facts, kept
from ggu_costs.reference.packs import Step

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import DateLike


Parts = tuple[tuple[str, Fraction], ...]
"""New codes with the share of the old municipality that each received."""


class Period(NamedTuple):
    """The first and the last of a run of days."""

    first: date
    last: date


def as_date(value: DateLike, *, what: str = "date") -> date:
    """Return `value` as a date.

    Raises
    ------
    InputError
        Neither a date nor ISO text (year-month-day), or a moment within a day.

    Examples
    --------
    >>> as_date("2022-03-24")
    datetime.date(2022, 3, 24)
    """
    if isinstance(value, datetime):  # also a pandas Timestamp
        if str(value)[10:] not in ("", " 00:00:00"):
            raise InputError(f"{what} is {value}, not a whole day", remedy="Give a date, such as 2022-03-24.")
        value = str(value)[:10]
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # one message for all that cannot be read
    raise InputError(
        f"{what} is {value!r}, which is not a date",
        remedy="Give a datetime.date or its ISO text, year-month-day, such as '2022-03-24'.",
    )


def whole_year(year: object, *, what: str = "year") -> int:
    """Return a year that is a whole number."""
    number = finite(year)
    if not isinstance(number, int):
        raise InputError(f"{what} is {shown(year)}", remedy="Give a year as a whole number, such as 2020.")
    return number


class Maps(Facts):
    """Which municipalities exist on a day, and how one map turns into a later one."""

    @kept
    def map_period(self) -> Period:
        """Return the days on which the municipal map is known: whole years, those of the tables.

        A pack may say until when its author knows the map beyond its last table.
        """
        years = self.known_years()
        last = max([date(years[-1], 12, 31), *(pack.known_until for pack in self.own if pack.known_until)])
        return Period(date(years[0], 1, 1), last)

    def map_day(self, value: DateLike, *, what: str = "date") -> date:
        """Return a day for which the municipal map is known.

        Raises
        ------
        InputError
            Not a date.
        OutsidePeriodError
            A day outside the years of the tables.
        """
        day = as_date(value, what=what)
        first, last = self.map_period()
        if not first <= day <= last:
            known = f"{first} to {last}"
            raise OutsidePeriodError(
                f"{what} {day}: the municipal map is known from {known} ({self.where})",
                key=what, asked=str(day), known=known,
                remedy=self.or_pack("Choose a day within that period.", day.year),
            )  # fmt: skip
        return day

    @kept
    def member_codes(self, day: date) -> tuple[str, ...]:
        """Return the codes of a day that :func:`map_day` passed, in order of code."""
        first = self.map_period().first
        codes = set(self.year_table(first.year).index)
        for step in self.steps():
            if first < step.day <= day:
                codes.discard(step.old)
                codes.add(step.new)
        return tuple(sorted(codes))

    def members(self, date: DateLike) -> pd.Index:
        """Return the codes of the municipalities (gemeenten) that exist on a day.

        Parameters
        ----------
        date
            A date or its ISO text, within the years of the tables. A reorganisation counts from its first day.

        Returns
        -------
        pandas.Index
            Codes in order, named ``code``.

        Raises
        ------
        InputError
            Not a date.
        OutsidePeriodError
            A day for which the map is not known.

        Examples
        --------
        Weesp (GM0457) went into Amsterdam on 24 March 2022:

        >>> from ggu_costs.reference import members
        >>> len(members("2022-03-23")), len(members("2022-03-24"))
        (345, 344)
        """
        import pandas as pd

        return pd.Index(list(self.member_codes(self.map_day(date))), name="code")

    @kept
    def _transfer(self, start: date, end: date, indicator: str) -> Mapping[str, Parts]:
        reached: dict[str, dict[str, Fraction]] = {code: {code: Fraction(1)} for code in self.member_codes(start)}
        for day in sorted({step.day for step in self.steps() if start < step.day <= end}):
            moves = self._moves(day, indicator)
            for parts in reached.values():
                for old in [code for code in parts if code in moves]:
                    share = parts.pop(old)
                    for new, part in moves[old]:
                        parts[new] = parts.get(new, Fraction(0)) + share * part
        return MappingProxyType({code: tuple(sorted(parts.items())) for code, parts in reached.items()})

    def _moves(self, day: date, indicator: str) -> dict[str, list[tuple[str, Fraction]]]:
        """Return for each municipality that ended on a day its receivers with their shares of an indicator."""
        steps: dict[str, list[Step]] = {}
        for step in self.steps():
            if step.day == day:
                steps.setdefault(step.old, []).append(step)
        own = {old: [step for step in found if step.indicator == indicator] for old, found in steps.items()}
        people = {old: [step for step in found if step.indicator == "inhabitants"] for old, found in steps.items()}
        return {old: [(step.new, step.share) for step in own[old] or people[old]] for old in steps}

    def _forward(self, from_date: DateLike, to_date: DateLike) -> tuple[date, date]:
        start, end = self.map_day(from_date, what="from_date"), self.map_day(to_date, what="to_date")
        if end < start:
            raise InputError(
                f"figures of {start} cannot be carried back to {end}: mergers cannot be undone",
                remedy="Carrying goes forward in time only: take the earlier date first.",
            )
        return start, end

    def transfer(self, from_date: DateLike, to_date: DateLike, indicator: str = "inhabitants") -> Mapping[str, Parts]:
        """Return the linear map between two municipal maps, exactly.

        Parameters
        ----------
        from_date, to_date
            Days within the years of the tables, the second not before the first.
        indicator
            What the shares are of, where a pack states shares of it; by default, and otherwise, inhabitants.

        Returns
        -------
        mapping
            For every code of `from_date` its new codes of `to_date` with their shares, which add up to 1. One that
            stayed has itself with share 1. Read-only.

        Raises
        ------
        InputError
            Not a date, or `to_date` before `from_date`.
        OutsidePeriodError
            A day for which the map is not known.

        Examples
        --------
        >>> from ggu_costs.reference import transfer
        >>> transfer("2018-01-01", "2019-01-01")["GM0053"]
        (('GM1966', Fraction(11947, 13505)), ('GM1969', Fraction(1558, 13505)))
        >>> transfer("2020-01-01", "2025-01-01")["GM0457"]
        (('GM0363', Fraction(1, 1)),)
        """
        known = any(step.indicator == indicator for step in self.steps())
        return self._transfer(*self._forward(from_date, to_date), indicator if known else "inhabitants")

    def carried_codes(self, from_date: DateLike, to_date: DateLike) -> pd.DataFrame:
        """Return the reorganisations between two days, for a result to name what it carried.

        Parameters
        ----------
        from_date, to_date
            Days within the years of the tables, the second not before the first.

        Returns
        -------
        pandas.DataFrame
            A row for each old municipality and receiver after `from_date` up to and including `to_date`: ``date,
            old_code, old_name, new_code, new_name, kind, share_numerator, share_denominator, share_basis,
            receiver_existed``. Empty when the maps are the same.

        Raises
        ------
        InputError
            Not a date, or `to_date` before `from_date`.
        OutsidePeriodError
            A day for which the map is not known.

        Examples
        --------
        >>> from ggu_costs.reference import carried_codes
        >>> carried_codes("2022-01-01", "2022-12-31")[["date", "old_name", "new_name"]].values.tolist()
        [['2022-03-24', 'Weesp', 'Amsterdam']]
        """
        start, end = self._forward(from_date, to_date)
        table = self._merger_table()
        return table[(table["date"] > str(start)) & (table["date"] <= str(end))].reset_index(drop=True).copy()

    @kept
    def _merger_table(self) -> pd.DataFrame:
        """Return all reorganisations as a table, by inhabitants."""
        import pandas as pd

        shipped = self.frame("mergers")
        rows = []
        for step in (step for pack in self.own for step in pack.steps if step.indicator == "inhabitants"):
            kind = "merge" if step.share == 1 else "split"
            share = (step.share.numerator, step.share.denominator)
            rows.append((str(step.day), step.old, step.old_name, step.new, step.new_name, kind, *share, step.basis,
                         step.receiver_existed))  # fmt: skip
        if not rows:
            return shipped
        own = pd.DataFrame(rows, columns=shipped.columns).astype(shipped.dtypes.to_dict())
        return pd.concat([shipped, own]).sort_values("date", kind="stable")
