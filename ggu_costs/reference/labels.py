"""The province, region or class of each municipality of a day, also where the table of that year does not have it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ggu_costs.errors import InputError
from ggu_costs.reference.municipal import Municipal

if TYPE_CHECKING:
    from ggu_costs.reference.packs import Step

SIZE_BOUNDS = (5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000)
"""Inhabitants from which the size classes 2 to 8 begin."""


def size_class(inhabitants: float) -> int:
    """Return the size class of CBS (gemeentegrootteklasse), 1 to 8.

    Examples
    --------
    >>> size_class(4_999), size_class(5_000), size_class(250_000)
    (1, 2, 8)
    """
    return 1 + bisect_right(SIZE_BOUNDS, inhabitants)


class DayLabels(NamedTuple):
    """The label of each municipality of a day that has one, and of which day they are where it is another year."""

    by_code: dict[str, object]
    carried_from: date | None


class Labels(Municipal):
    """Labels and classes on any day."""

    def labels_on(self, column: str, day: date) -> DayLabels:
        """Return the label of each municipality of a day, in a column of labels or classes.

        A label that the year lacks is that of the last year before that has it, by code; a new municipality has the
        one that its merger states, or that all its parts have. The size class then follows from the inhabitants.

        Raises
        ------
        UnknownNameError
            A column that does not exist.
        InputError
            A column that holds no labels.
        OutsidePeriodError
            A column without labels in that year or before, or of a class without figures in that year.
        """
        self._check_names([column])
        kind = self.columns()[column]["kind"]
        if kind not in ("label", "class"):
            raise InputError(
                f"column {column!r} is a {kind}, not a label",
                remedy="Group by a column such as province, size_class or safety_region.",
            )
        years = [year for year in self.years_with(column) if year <= day.year]
        if not years or (kind == "class" and column != "size_class" and years[-1] != day.year):
            self._check_years([column], day.year)
        start = date(years[-1], 1, 1)
        table = self.year_table(start.year)[column].dropna()
        known: dict[str, object] = {str(code): label for code, label in table.items() if label != ""}
        carried_from = None if start.year == day.year else start
        codes = self.member_codes(day)
        if column == "size_class" and not (carried_from is None and known.keys() >= set(codes)):
            people = self.inhabitants_on(start, day)
            sizes: dict[str, object] = {str(code): size_class(float(count)) for code, count in people.items()}
            return DayLabels(
                sizes if carried_from else sizes | {c: known[c] for c in codes if c in known}, carried_from
            )
        for step in self.steps():
            if start < step.day <= day and step.new not in known and (label := self._of_new(column, step, known)):
                known[step.new] = label
        return DayLabels({code: known[code] for code in codes if code in known}, carried_from)

    def _of_new(self, column: str, step: Step, known: dict[str, object]) -> object:
        """Return the label of a municipality that is new: as its merger states, or that of all its parts; else None."""
        if column in ("province", "province_code") and getattr(step, column):
            return str(getattr(step, column))
        parts = {known.get(other.old) for other in self.steps() if (other.new, other.day) == (step.new, step.day)}
        return parts.pop() if len(parts) == 1 else None
