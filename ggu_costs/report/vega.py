"""Charts as Vega-Lite specifications: plain data that the scripts of a page draw.

The colours are those of the plots. The page that holds a chart gives it a label and sets its figures beside it.
"""

import textwrap
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from ggu_costs.display.chart import FAINT, INK, LESS, MORE, PALETTE, QUIET, Chart
from ggu_costs.display.columns import Column, columns_of
from ggu_costs.errors import Faults, listed
from ggu_costs.text import one_line
from ggu_costs.words import numbers
from ggu_costs.words.page import phrase

_BAR, _HEIGHT, _LINE = 22, 260, 32
_NUMERIC = ("line", "points", "ranges")  # kinds with figures along both axes
_TINY, _SMALL, _LARGE = 0.05, 20, 2e6  # an axis up to this has three decimals, two, none; from the last millions
_SIDES = {"condition": {"test": "datum.y > 0", "value": MORE}, "value": LESS}  # pays more, pays less
_TOOLTIP = {"field": "t", "type": "nominal"}
_LOCALE = {
    "nl": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""], "minus": "-"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""], "minus": "-"},
}
_QUIET = {"aria": False}  # the page gives the whole chart a label, and its figures as a table
_TEXT = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
_CONFIG = {
    "font": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "aria": False,
    "mark": {"color": PALETTE[0], **_QUIET},
    "axis": {**_QUIET, **_TEXT, "gridColor": FAINT, "domainColor": QUIET, "tickColor": QUIET},
    "axisY": {"titleAlign": "left", "titleAnchor": "end", "titleAngle": 0, "titleX": 0, "titleY": -8},
    "legend": {**_QUIET, "labelFontSize": 12, "labelColor": INK},
}


def specification(chart: Chart, *, lang: str = "nl") -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart, with its data in it.

    Parameters
    ----------
    chart
        The chart.
    lang
        ``nl`` or ``en``: numbers and words.

    Raises
    ------
    InputError
        Columns that the frame does not have, or that hold no figures: all at once.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"effect": [1.5, -1.5]}, index=pd.Index(["Drenthe", "Limburg"], name="province"))
    >>> chart = Chart(title="Effect", frame=frame, kind="bars", x="province", y=("effect",))
    >>> specification(chart)["data"]["values"][0]["x"]
    'Drenthe'
    """
    if chart.kind == "panels":  # one panel fits beside the text; the table beside it has the others
        chart = replace(chart, kind="line", y=chart.y[:1])
    columns = {column.name: column for column in columns_of(chart.frame)}
    _check(chart, columns)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": one_line(chart.title),
        "width": "container",
        "data": {"values": _values(chart, columns, lang)},
        **_DRAWN[chart.kind](chart, columns, lang),
        "config": _CONFIG,
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False, "formatLocale": _LOCALE[lang]}},
    }


def _check(chart: Chart, columns: dict[str, Column]) -> None:
    faults = Faults()
    figures = [*chart.y, *filter(None, (chart.low, chart.high)), *([chart.x] if chart.kind in _NUMERIC else [])]
    for name in dict.fromkeys([chart.x, *figures]):
        if name not in columns:
            faults.add(name, "is no column", listed(columns))
        elif name in figures and not columns[name].numeric:
            faults.add(name, "holds no figures", "a column with figures")
    if not chart.y:
        faults.add("y", "no columns", "at least one")
    if bool(chart.low) != bool(chart.high):
        faults.add("low, high", "only one of the two", "both ends of the range, or neither")
    faults.check(f"the chart {chart.title!r} cannot be drawn", remedy="Correct the columns of the chart.")


def _values(chart: Chart, columns: dict[str, Column], lang: str) -> list[dict[str, object]]:
    """Return a row for each point: x, y, which series, its text when pointed at, the ends of its range."""
    across = columns[chart.x]
    rows: list[dict[str, object]] = []
    for name in chart.y:
        series = columns[name]
        for place, figure in enumerate(series.values):
            if figure is None:
                continue  # it stands as PM or unknown in the table beside the chart
            x = across.values[place]
            worded = across.text(x, lang)
            row: dict[str, object] = {
                "x": _plain(x) if chart.kind in _NUMERIC else _folded(worded),
                "y": _plain(figure),
                "s": one_line(series.title(lang)),
                "t": one_line(f"{worded}: {series.text(figure, lang)}"),
            }
            if chart.low and name == chart.y[0]:
                row |= {"l": _plain(columns[chart.low].values[place]), "h": _plain(columns[chart.high].values[place])}
            rows.append(row)
    if chart.kind == "steps":  # from one level to the next
        levels = accumulate((float(str(row["y"])) for row in rows), initial=chart.start)
        rows = [row | {"l": low, "h": high} for row, (low, high) in zip(rows, pairwise(levels), strict=True)]
    return rows


def _plain(value: object) -> object:
    return float(value) if numbers.is_number(value) else value


def _folded(text: str) -> str:
    """Return text on as many short lines as it needs beside a bar."""
    return "\n".join(textwrap.wrap(one_line(text), _LINE)) or one_line(text)


def _format(column: Column, values: list[float]) -> str:
    if column.unit in ("share", "probability"):
        return ".0%"
    most = max(map(abs, values), default=0.0)
    places = 0 if most >= _SMALL or all(value.is_integer() for value in values) else 3 if most < _TINY else 2
    return ("+" if column.signed else "") + f",.{places}f"


def _measure(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    """Return the axis of the figures: of several series without the name of one, large amounts in millions."""
    first = columns[chart.y[0]]
    money = first.unit.startswith("EUR")
    heading = ("€" if money else "") if len(chart.y) > 1 else first.header(lang)
    figures = [float(value) for name in chart.y for value in columns[name].values if numbers.is_number(value)]
    axis: dict[str, Any] = {"format": _format(first, figures), "tickCount": 5}
    if money and max(map(abs, figures), default=0.0) >= _LARGE:
        heading = heading.replace("€", phrase("millions", lang))
        axis["labelExpr"] = f"format(datum.value / 1e6, '{'+' if first.signed else ''},~r')"
    return _quantity("y", heading, axis=axis)


def _quantity(field: str, title: str, **more: object) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": one_line(title), **more}


def _series_colour(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    names = [one_line(columns[name].title(lang)) for name in chart.y]
    return {"field": "s", "type": "nominal", "title": None, "sort": names,
            "scale": {"domain": names, "range": list(PALETTE[: len(names)])},
            "legend": {"orient": "top", "direction": "vertical", "labelLimit": 0, "offset": 20}}  # fmt: skip


def _category(chart: Chart, columns: dict[str, Column], lang: str) -> tuple[dict[str, Any], int]:
    """Return the axis of the rows, and the most lines of one of their names."""
    order = [_folded(columns[chart.x].text(value, lang)) for value in columns[chart.x].values]
    axis = {"labelLimit": 230, "labelExpr": "split(datum.label, '\\n')", "domain": False, "ticks": False}
    category = {"field": "x", "type": "nominal", "title": None, "sort": order, "scale": {"domain": order}, "axis": axis}
    return category, max((label.count("\n") + 1 for label in order), default=1)


def _bars(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    category, lines = _category(chart, columns, lang)
    measure = _measure(chart, columns, lang)
    encoding: dict[str, Any] = {"y": category, "x": measure, "tooltip": _TOOLTIP}
    if len(chart.y) > 1:
        colour = _series_colour(chart, columns, lang)
        encoding |= {"yOffset": {"field": "s", "sort": colour["sort"]}, "color": colour}
    elif any(columns[name].signed for name in chart.y):
        encoding["color"] = _SIDES
    layers: list[dict[str, Any]] = [{"mark": {"type": "bar"}, "encoding": encoding}]
    if chart.low:
        ends = {"y": category, "x": _quantity("l", measure["title"]), "x2": {"field": "h"}}
        layers.append({"mark": {"type": "rule", "color": INK, "strokeWidth": 2}, "encoding": ends})
    thick = _BAR if len(chart.y) == 1 else 14 * len(chart.y) + 8
    return {"height": max(len(chart.frame), 1) * max(thick, 14 * lines + 8), "layer": layers}


def _line(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    x = columns[chart.x]
    years = x.name == "year"
    axis: dict[str, Any] = {"format": _format(x, []), "tickCount": 6}
    if years:  # each once, and nothing between them, which would read as one of them
        axis = {"format": "d", "values": sorted({int(str(year)) for year in x.values if year is not None})}
    across = _quantity("x", x.header(lang), scale={"zero": False, "nice": False}, axis=axis)
    encoding: dict[str, Any] = {"x": across, "y": _measure(chart, columns, lang)}
    colour = {"color": _series_colour(chart, columns, lang)} if len(chart.y) > 1 else {}
    layers: list[dict[str, Any]] = []
    if chart.low:
        band = {"x": across, "y": _quantity("l", encoding["y"]["title"]), "y2": {"field": "h"}}
        layers.append({"mark": {"type": "area", "opacity": 0.25}, "encoding": band})
    if any(columns[name].signed for name in chart.y[:1]):
        layers.append({"mark": {"type": "rule", "color": QUIET}, "encoding": {"y": {"datum": 0}}})
    layers.append({"mark": {"type": "line", "strokeWidth": 2.5}, "encoding": encoding | colour})
    points = {"type": "point", "filled": True, "size": 30}
    layers.append({"mark": points, "encoding": encoding | colour | {"tooltip": _TOOLTIP}})
    return {"height": _HEIGHT, "layer": layers}


def _floating(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    """Draw bars that do not start at 0: from level to level, or on either side of what is in the middle."""
    category, lines = _category(chart, columns, lang)
    measure = _measure(chart, columns, lang) | {"scale": {"zero": False}}
    encoding: dict[str, Any] = {"y": category, "tooltip": _TOOLTIP}
    if chart.kind == "steps":
        encoding |= {"x": measure | {"field": "l"}, "x2": {"field": "h"}, "color": _SIDES}
    else:
        encoding |= {"x": measure, "x2": {"datum": chart.start}, "color": _series_colour(chart, columns, lang)}
    return {"height": max(len(chart.frame), 1) * max(_BAR, 14 * lines + 8), "mark": "bar", "encoding": encoding}


def _points(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    """Draw figures against inhabitants, on a logarithmic scale, with their ranges where there are any."""
    axis = {"format": ",.0f", "tickCount": 6}
    across = _quantity("x", columns[chart.x].header(lang), scale={"type": "log"}, axis=axis)
    measure = _measure(chart, columns, lang)
    encoding: dict[str, Any] = {"x": across, "y": measure, "tooltip": _TOOLTIP}
    if chart.kind == "points":
        encoding["color"] = _SIDES
    layers: list[dict[str, Any]] = [{"mark": {"type": "point", "filled": True, "size": 20}, "encoding": encoding}]
    if chart.low:
        ends = {"x": across, "y": measure | {"field": "l"}, "y2": {"field": "h"}}
        layers.insert(0, {"mark": {"type": "rule", "opacity": 0.35}, "encoding": ends})
    return {"height": _HEIGHT, "layer": layers}


_DRAWN = {
    "bars": _bars, "pair": _bars, "stack": _bars, "line": _line, "points": _points, "ranges": _points,
    "steps": _floating, "tornado": _floating,
}  # fmt: skip
