"""Tables by municipality, seen as a whole: which map they are on, which columns add up, their sums by group.

A column can be added up when its table says so (``total``); inhabitants and expected values always can. A column of
euro per inhabitant is, after adding up, the amount it belongs to divided by the inhabitants; other columns (shares,
quantiles, probabilities) are never added up.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs.display.columns import Column
from ggu_costs.display.table import MUNICIPALITY, Table
from ggu_costs.errors import InputError, UnknownNameError, listed
from ggu_costs.frames import describe
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouping


_KEPT = ("sign", "decimals")  # of what a writer has to know, what holds for sums too


def day_of(
    codes: Iterable[str], stated: datetime.date | None = None, reference: Reference = SHIPPED
) -> datetime.date | None:
    """Return a day whose municipal map has these codes; None where there is none.

    Parameters
    ----------
    codes
        All municipalities of a map, or some.
    stated
        The day that a table states; it goes before all others that fit. Figures such as size classes are of its year,
        which codes alone do not tell where a map lasted for years.

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
    first, last = reference.map_period()
    if stated is not None and first <= stated <= last and set(reference.member_codes(stated)) >= chosen:
        return stated
    years = {datetime.date(year, 1, 1) for year in range(first.year, last.year + 1)}
    days = sorted(years | {step.day for step in reference.steps() if first < step.day <= last})
    same = [day for day in days if set(reference.member_codes(day)) == chosen]
    some = [day for day in days if set(reference.member_codes(day)) >= chosen]
    return max(same or some, default=None)


@dataclass(frozen=True, eq=False)
class ByCode:
    """A table with a row for each municipality, and maybe other participants."""

    table: Table
    reference: Reference = SHIPPED

    @property
    def columns(self) -> Sequence[Column]:
        """Its columns, the code first."""
        return self.table.columns()

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """What stands in the first column."""
        return tuple(str(code) for code in self.columns[0].values)

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """The codes that are municipalities, without other participants."""
        return tuple(code for code in self.codes if MUNICIPALITY.fullmatch(code))

    @cached_property
    def day(self) -> datetime.date | None:
        """A day of the municipal map they are on; None where there is none, or where one stands there twice."""
        once = len(set(self.codes)) == len(self.codes)
        return day_of(self.municipalities, self.table.map_date, self.reference) if once else None

    @cached_property
    def amounts(self) -> tuple[Column, ...]:
        """The columns that add up; inhabitants always do, and expected values (``mean``)."""
        added = {*(self.table.total or ()), "inhabitants", "mean"}
        return tuple(column for column in self.columns if column.name in added and column.numeric)

    def amount_of(self, rate: Column) -> Column | None:
        """Return the amount that a column of euro per inhabitant belongs to, where both add up.

        ``saving_per_inhabitant_b`` belongs to ``saving_b``; ``per_inhabitant`` to the first amount in euro.
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
        found: dict[str, list[float | None]] = {}
        for column in self.amounts:
            figures = dict(zip(self.codes, column.values, strict=True))
            found[column.name] = [_sum(figures, part) for part in wanted]
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
        day = self.day
        assert day is not None  # noqa: S101 (the caller asks for groups only where there is a map)
        made = self.reference.groups(grouping, self.municipalities, day)
        sums = self.gathered([(code, 1.0) for code in codes] for codes in made.members.values())
        index = pd.Index(list(made.members), name=made.name)
        frame = pd.DataFrame({"municipalities": [len(codes) for codes in made.members.values()]}, index=index)
        for column in self.columns:
            if column.name in sums:
                figures = [math.nan if figure is None else figure for figure in sums[column.name]]
                whole = column.kind == "integer" and not any(map(math.isnan, figures))
                frame[column.name] = [round(figure) for figure in figures] if whole else figures
        describe(
            frame,
            units={column.name: column.unit for column in self.columns if column.name in sums and column.unit},
            pm=[column.name for column in self.columns if column.pm],
            total=["municipalities", *(column.name for column in self.amounts)] if made.whole else [],
            illustrative=self.table.illustrative,
            **{name: value for name, value in self.table.frame.attrs.items() if name in _KEPT},
        )
        carried = [message("labels_carried", what=made.name, day=made.carried_from)] if made.carried_from else []
        return Table(
            f"by_{made.name}", self.table.title, frame, role="groups", indicative=self.table.indicative,
            notes=carried or None, statuses=self.table.statuses,
        )  # fmt: skip


def _sum(figures: Mapping[str, object], part: list[tuple[str, float]]) -> float | None:
    known = [(figures.get(code), share) for code, share in part]
    return (
        None if any(figure is None for figure, _ in known) else math.fsum(float(str(f)) * share for f, share in known)
    )


def read_groups(path: str | Path, reference: Reference = SHIPPED) -> dict[str, list[str]]:
    """Return the codes of each group from a file with a column ``code`` and one with the groups.

    A CSV file or workbook, as :func:`ggu_costs.reference.read_labels` reads it; a column with names is passed over. A
    code with two groups has two lines.

    Raises
    ------
    MissingInputError
        No such file.
    InputError, UnknownNameError
        No such columns, codes that are none or twice in a group, lines without a group: all at once.
    """
    try:
        labels = reference.read_labels(path)
    except UnknownNameError as error:
        if "Code" not in error.allowed:
            raise InputError(
                f"{path}: no column code, but {listed(error.allowed)}",
                remedy="Name the columns code and group on the first line.",
            ) from error
        labels = reference.read_labels(path, code="Code")
    found: dict[str, list[str]] = {}
    for code, group in labels.items():
        found.setdefault(str(group), []).append(str(code))
    return found
