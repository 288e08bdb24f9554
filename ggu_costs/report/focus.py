"""What a report is about: the table that is searched and mapped, the column shown first, its groups and charts.

Page and workbook start from the same, so that they show the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column
from ggu_costs.display.report import Chart
from ggu_costs.display.table import Table
from ggu_costs.errors import OutsidePeriodError
from ggu_costs.report.bycode import ByCode, by_code, map_days
from ggu_costs.report.charts import default_charts
from ggu_costs.report.map import first_shown
from ggu_costs.words.label import stem

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouping

__all__ = ["GROUPS", "Focus", "earlier", "focus_of", "is_group"]

GROUPS = ("size_class", "province", "safety_region")


@dataclass(frozen=True)
class Focus:
    """The table by municipality that a report is about, its column shown first, all tables with groups, the charts."""

    main: ByCode | None
    column: Column | None
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]


def focus_of(
    tables: Sequence[Table],
    *,
    shown: tuple[str, str] | None = None,
    charts: Sequence[Chart] = (),
    provenance: object = None,
    municipality: str | None = None,
    groups: Sequence[Grouping] = GROUPS,
    lang: str = "nl",
) -> Focus:
    """Return what a report is about; arguments as for :func:`ggu_costs.report.page.page_bytes`.

    A note for one municipality is about no table of all of them, and has no charts but those given.
    """
    main = None if municipality else _main(tables, shown, map_days(provenance))
    column = first_shown(main, shown[1] if shown else "") if main else None
    if main is not None:
        tables = [*tables, *_by_groups(main, groups, {table.name for table in tables})]
    if main is not None and column is not None and not charts:
        charts = default_charts(main, column, [table for table in tables if is_group(table)], lang)
    return Focus(main, column, tuple(tables), tuple(charts))


def _main(tables: Sequence[Table], shown: tuple[str, str] | None, stated: Iterable[datetime.date]) -> ByCode | None:
    """Return the table by municipality that search, map and charts are about: of several years the last."""
    found = [data for table in tables if (data := by_code(table, stated)) is not None]
    if shown:
        return next((data for data in found if data.table.name == shown[0]), None)
    alike = [data for data in found if stem(data.table.name)[0] == stem(found[0].table.name)[0]]
    return max(alike, key=lambda data: stem(data.table.name)[1], default=None)


def is_group(table: Table) -> bool:
    """Return whether a table holds sums by group."""
    counted = {"municipalities", "participants"} & set(map(str, table.frame.columns))
    return table.name.startswith("by_") and bool(counted)


def earlier(tables: Sequence[Table]) -> set[str]:
    """Return the names of tables by municipality, and of steps of one, that have another of a later year beside them.

    Examples
    --------
    >>> import pandas as pd
    >>> sorted(earlier([Table(f"steps_{year}", "", pd.DataFrame({"step": ["x"]})) for year in (2021, 2022, 2023)]))
    ['steps_2021', 'steps_2022']
    """
    years: dict[str, list[str]] = {}
    for table in tables:
        name, year = stem(table.name)
        if year.isdigit() and ("step" in table.frame or by_code(table) is not None):
            years.setdefault(name, []).append(year)
    return {f"{name}_{year}" for name, known in years.items() for year in known if year != max(known)}


def _by_groups(main: ByCode, wanted: Iterable[Grouping], present: set[str]) -> list[Table]:
    """Add up by groups; a reference column that has no figures in the year of the table is left out."""
    if main.day is None or not main.amounts:
        return []
    made = []
    for grouping in wanted:
        if isinstance(grouping, str) and f"by_{grouping}" in present:
            continue
        try:
            made.append(main.by(grouping))
        except OutsidePeriodError:
            continue
    return made
