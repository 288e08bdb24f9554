"""The charts a page has by itself: how what the map shows is distributed, and how it falls on groups."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.columns import Column
from ggu_costs.display.report import Chart
from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.map import as_shown
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.page import phrase

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray

__all__ = ["default_charts"]

_MOST_BARS = 16
_SKEWED = 20  # largest over median from which equal classes would leave all but one empty
_OUTER = 0.02  # share of the municipalities at either end that does not set the scale
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


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
        if not _skewed(figures):
            charts.append(_ordered(shown, figures, lang, data.table.illustrative))
    for table in by_group:
        chart = _groups(table, data, shown, lang)
        if chart is not None:
            charts.append(chart)
    return charts


def _skewed(figures: FloatArray) -> bool:
    return bool(figures.min() >= 0 and figures.max() > _SKEWED * np.median(figures))


def _bounds(figures: FloatArray) -> list[float]:
    """Return round bounds of classes: equal steps, or 1-2-5 steps where a few are far larger than most.

    The steps span all but the outermost figures on either side, which have an open class.
    """
    low, high = (float(end) for end in np.quantile(figures, (_OUTER, 1 - _OUTER)))
    if _skewed(figures) and low > 0:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        marks = [digit * 10.0**power for power in powers for digit in (1.0, 2.0, 5.0)]
    else:
        rough = max(high - low, float(np.ptp(figures)) / 1e3) / _MOST_BARS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(digit * power for digit in _STEPS if digit * power >= rough)
        marks = [place * step for place in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return [mark for mark in marks if figures.min() < mark <= figures.max()]


def _distribution(shown: Column, figures: FloatArray, lang: str, illustrative: bool) -> Chart:
    import pandas as pd

    bounds = _bounds(figures)
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


def _ordered(shown: Column, figures: FloatArray, lang: str, illustrative: bool) -> Chart:
    import pandas as pd

    shares = np.linspace(_OUTER, 1 - _OUTER, 25)
    name = phrase("share_of_municipalities", lang)
    frame = pd.DataFrame({name: shares, shown.name: np.quantile(figures, shares)})
    describe(frame, units={name: "share", shown.name: shown.unit}, illustrative=illustrative)
    title = phrase("ordered", lang).format(what=shown.title(lang))
    return Chart(title=title, frame=frame, kind="line", x=name, y=(shown.name,))


def _groups(table: Table, data: ByCode, shown: Column, lang: str) -> Chart | None:
    """Draw what the map shows, and the same of other alternatives, by group; the amount where there is no rate."""
    columns = {column.name: column for column in table.columns()}
    group = next(iter(columns))
    wanted = [name for name in _alike(shown, data.columns) if name in columns]
    if not wanted or len(table.frame) < 2:
        return None
    title = phrase("per_group", lang).format(what=columns[wanted[0]].title(lang), group=label(group, lang))
    return Chart(title=title[:1].upper() + title[1:], frame=table.frame, kind="bars", x=group, y=tuple(wanted))


def _alike(shown: Column, columns: Sequence[Column]) -> list[str]:
    """Return the columns that hold the same of other alternatives: effect_b and effect_c."""
    base = shown.name[:-2] if shown.name[-2:-1] == "_" else ""
    alike = [column.name for column in columns if base and column.name[:-1] == f"{base}_"]
    return alike or [shown.name]
