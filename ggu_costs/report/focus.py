"""What a report is about: the table that is searched and mapped, the column shown first, its groups and charts.

Page and workbook start from the same, so that they show the same. Where a report has no charts of its own, they say how
what the map shows is distributed, and how it falls on groups.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.display.chart import ranked
from ggu_costs.display.columns import Column
from ggu_costs.display.report import Chart, Report
from ggu_costs.display.table import Table
from ggu_costs.display.table_language import table_in
from ggu_costs.errors import OutsidePeriodError
from ggu_costs.frames import describe
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.map import as_shown, first_shown
from ggu_costs.typing import FloatArray
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, phrase

if TYPE_CHECKING:
    from ggu_costs.reference.grouping import Grouping


GROUPS = ("size_class", "province", "safety_region")

_MOST_BARS = 16
_SKEWED = 20  # largest over median from which equal classes would leave all but one empty
_OUTER = 0.02  # share of the municipalities at either end that does not set the scale
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_CENT = 0.01


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
        added = _by_groups(main, groups, {table.name for table in tables})
        tables = (*tables, *(table_in(table, lang) for table in added))
    if main is not None and column is not None and not charts:
        charts = tuple(default_charts(main, column, [table for table in tables if table.role == "groups"], lang))
    return Focus(main, column, tables, (*charts, *report.more_charts))


def is_drawn(report: Report) -> bool:
    """Whether it has a table by municipality that can be put on a map."""
    main = _main(report)
    shown = first_shown(main, report.map[1] if report.map else "") if main else None
    return main is not None and main.day is not None and shown is not None


def _main(report: Report) -> ByCode | None:
    """Return the table by municipality that search, map and charts are about: of several years the last."""
    known = (table for table in report.tables if table.by_code)
    if report.map:
        return next((ByCode(table, report.reference) for table in known if table.name == report.map[0]), None)
    return next((ByCode(table, report.reference) for table in known if not table.earlier), None)


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


def default_charts(data: ByCode, shown: Column, by_group: Iterable[Table], lang: str) -> list[Chart]:
    """Return the charts of a table by municipality.

    Parameters
    ----------
    data
        The table.
    shown
        The column that the map shows first.
    by_group
        Tables of sums by group, the group first.
    lang
        ``nl`` or ``en``.
    """
    figures = np.array([as_shown(shown, float(value)) for value in shown.values if numbers.is_number(value)])
    charts = []
    if len(figures) > 1 and figures.min() < figures.max():
        charts.append(_distribution(shown, figures, lang, data.table.illustrative))
        if shown.signed:
            charts.insert(0, _ranked(data, shown, lang))
        elif not _skewed(figures):
            charts.append(_ordered(shown, figures, lang, data.table.illustrative))
    for table in by_group:
        charts += _groups(table, data, shown, lang)
    return charts


def _skewed(figures: FloatArray) -> bool:
    return bool(figures.min() >= 0 and figures.max() > _SKEWED * np.median(figures))


def _bounds(figures: FloatArray, least: float = 0.0) -> list[float]:
    """Return round bounds of classes: equal steps, or 1-2-5 steps where a few are far larger than most.

    The steps span all but the outermost figures on either side, which have an open class; none is below `least`.
    """
    low, high = (float(end) for end in np.quantile(figures, (_OUTER, 1 - _OUTER)))
    if _skewed(figures) and low > 0:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        marks = [digit * 10.0**power for power in powers for digit in (1.0, 2.0, 5.0)]
    else:
        step = _step(max((high - low) / _MOST_BARS, float(np.ptp(figures)) / 1e3 / _MOST_BARS, least))
        marks = [place * step for place in range(math.floor(low / step), math.ceil(high / step) + 1)]
    inside = [mark for mark in marks if figures.min() < mark <= figures.max()]
    if not inside:  # nearly all are the least there is: the others have a class of their own
        step = _step(float(np.ptp(figures)) / _MOST_BARS)
        inside = [(math.floor(figures.min() / step) + 1) * step]
    return inside


def _step(rough: float) -> float:
    """Return the round step next above."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(digit * power for digit in _STEPS if digit * power >= rough)


def _distribution(shown: Column, figures: FloatArray, lang: str, illustrative: bool) -> Chart:
    bounds = _bounds(figures, least=_CENT if shown.unit.startswith("EUR") else 0.0)
    classes = np.searchsorted(bounds, figures, side="right")
    whole = all(float(bound).is_integer() for bound in bounds)
    texts = [_bound_text(shown, bound, whole, lang) for bound in bounds]
    to, more = phrase("to", lang), phrase("and_more", lang)
    names = [f"{to} {texts[0]}", *(f"{low} {to} {high}" for low, high in pairwise(texts)), f"{texts[-1]} {more}"]
    name = shown.header(lang)
    frame = pd.DataFrame({name: names, "municipalities": np.bincount(classes, minlength=len(names))})
    describe(frame, total=["municipalities"], illustrative=illustrative)
    title = phrase("distribution", lang).format(what=name)
    return Chart(title=title, frame=frame, kind="bars", x=name, y=("municipalities",))


def _bound_text(shown: Column, bound: float, whole: bool, lang: str) -> str:
    if shown.unit == "share":
        return numbers.percent(bound, lang=lang, plus=shown.signed)
    return numbers.number(round(bound, 6), decimals=0 if whole else 2, lang=lang, plus=shown.signed)


def _ranked(data: ByCode, shown: Column, lang: str) -> Chart:
    """Return who gains and who loses most, by name."""
    frame = data.table.frame.reset_index()
    names = "name" if "name" in frame.columns else str(frame.columns[0])
    figures = frame.assign(**{shown.name: frame[shown.name].map(partial(as_shown, shown), na_action="ignore")})
    describe(figures, units={shown.name: shown.unit}, illustrative=data.table.illustrative)
    return ranked(
        figures, shown.name, title=phrase("largest_either_way", lang).format(what=shown.title(lang)), names=names
    )


def _ordered(shown: Column, figures: FloatArray, lang: str, illustrative: bool) -> Chart:
    shares = np.linspace(_OUTER, 1 - _OUTER, 25)
    name = phrase("share_of_municipalities", lang)
    frame = pd.DataFrame({name: shares, shown.name: np.quantile(figures, shares)})
    describe(frame, units={name: "share", shown.name: shown.unit}, illustrative=illustrative)
    title = phrase("ordered", lang).format(what=shown.title(lang))
    return Chart(title=title, frame=frame, kind="line", x=name, y=(shown.name,))


def _groups(table: Table, data: ByCode, shown: Column, lang: str) -> list[Chart]:
    """Draw what the map shows, and the same of other alternatives, by group; the amount where there is no rate."""
    columns = {column.name: column for column in table.columns()}
    group = next(iter(columns))
    wanted = [name for name in _alike(shown, data.columns) if name in columns]
    if not wanted or len(table.frame) < 2:
        return []
    title = phrase("per_group", lang).format(what=columns[wanted[0]].title(lang), group=label(group, lang))
    frame = table.frame.copy()
    for name in wanted:  # less than a cent is no bar
        frame[name] = frame[name].map(partial(as_shown, columns[name]), na_action="ignore")
    return [Chart(title=capital(title), frame=frame, kind="bars", x=group, y=tuple(wanted))]


def _alike(shown: Column, columns: Sequence[Column]) -> list[str]:
    """Return the columns that hold the same of other alternatives: difference_b and difference_c."""
    base = shown.name[:-2] if shown.name[-2:-1] == "_" else ""
    alike = [column.name for column in columns if base and column.name[:-1] == f"{base}_"]
    return alike or [shown.name]
