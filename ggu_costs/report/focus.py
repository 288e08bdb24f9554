"""What a report is about: the table that is searched and mapped, the column shown first, its groups and charts.

Page and workbook start from the same, so that they show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column
from ggu_costs.display.report import Chart, Report
from ggu_costs.display.table import Table
from ggu_costs.errors import OutsidePeriodError
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.charts import default_charts
from ggu_costs.report.map import first_shown

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouping

__all__ = ["GROUPS", "Focus", "focus_of"]

GROUPS = ("size_class", "province", "safety_region")


@dataclass(frozen=True)
class Focus:
    """The table by municipality that a report is about, its column shown first, all tables with groups, the charts."""

    main: ByCode | None
    column: Column | None
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...]


def focus_of(report: Report, *, groups: Sequence[Grouping] = GROUPS, lang: str = "nl") -> Focus:
    """Return what a report is about.

    A note for one municipality is about no table of all of them, and has no charts but those given.

    Parameters
    ----------
    report
        The report.
    groups
        Groups to add up by, as :func:`ggu_costs.groups` takes them. A reference column without figures in the year of
        the table is left out.
    lang
        ``nl`` or ``en``.
    """
    main = None if report.municipality else _main(report)
    column = first_shown(main, report.map[1] if report.map else "") if main else None
    tables, charts = report.tables, report.charts
    if main is not None:
        tables = (*tables, *_by_groups(main, groups, {table.name for table in tables}))
    if main is not None and column is not None and not charts:
        charts = tuple(default_charts(main, column, [table for table in tables if table.role == "groups"], lang))
    return Focus(main, column, tables, charts)


def _main(report: Report) -> ByCode | None:
    """Return the table by municipality that search, map and charts are about: of several years the last."""
    known = (table for table in report.tables if table.by_code)
    if report.map:
        return next((ByCode(table) for table in known if table.name == report.map[0]), None)
    return next((ByCode(table) for table in known if not table.earlier), None)


def _by_groups(main: ByCode, wanted: Iterable[Grouping], present: set[str]) -> list[Table]:
    """Add up by groups; a reference column that has no figures in the year of the table is left out."""
    if main.day is None or not main.amounts:
        return []
    tables = []
    for grouping in wanted:
        if isinstance(grouping, str) and f"by_{grouping}" in present:
            continue
        try:
            tables.append(main.by(grouping))
        except OutsidePeriodError:
            continue
    return tables
