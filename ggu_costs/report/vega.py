"""Charts as Vega-Lite specifications: plain data that the scripts of a page draw.

The colours are those of the plots. The page that holds a chart gives it a label and sets its figures beside it.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from ggu_costs.display.chart import FAINT, INK, LESS, MORE, PALETTE, QUIET, Chart
from ggu_costs.display.columns import Column, columns_of
from ggu_costs.errors import Faults, listed
from ggu_costs.text import one_line
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.languages import vocabularies
from ggu_costs.words.page import phrase

_BAR, _HEIGHT, _LINE, _TITLE = 22, 260, 26, 44
_NO_CENTS = 1e3  # euro, from which a figure beside a bar has none
_LETTER, _GAP, _LEAST_WIDE = 6.6, 8, 24  # pixels: of a letter beside a bar, around it, of the bars themselves
_THOUSAND, _TEN_THOUSAND, _MILLION = 1e3, 1e4, 1e6
_MOST_POINTS = 40  # from which the points of a line are not told apart
_CHANCES = ("share", "probability")
_NUMERIC = ("line", "points", "ranges")  # kinds with figures along both axes
_TINY, _SMALL, _LARGE = 0.05, 20, 2e6  # an axis up to this has three decimals, two, none; from the last millions
_SIDES = {"condition": {"test": "datum.y > 0", "value": MORE}, "value": LESS}  # pays more, pays less
_TOOLTIP = {"field": "t", "type": "nominal"}
_QUIET = {"aria": False}  # the page gives the whole chart a label, and its figures as a table
_TEXT = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
_CONFIG = {
    "font": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "aria": False,
    "mark": {"color": PALETTE[0], **_QUIET},
    "axis": {**_QUIET, **_TEXT, "gridColor": FAINT, "domainColor": QUIET, "tickColor": QUIET},
    "axisX": {"titleAlign": "right", "titleAnchor": "end", "labelBound": True},
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
    >>> frame = pd.DataFrame({"difference": [1.5, -1.5]}, index=pd.Index(["Drenthe", "Limburg"], name="province"))
    >>> chart = Chart(title="Effect", frame=frame, kind="bars", x="province", y=("difference",))
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
        "usermeta": {"embedOptions": {"renderer": "svg", "actions": False, "formatLocale": _locale(lang)}},
    }


def _locale(lang: str) -> dict[str, Any]:
    """Return how Vega writes numbers."""
    words = vocabularies(lang)["number"]
    euro = words["euro"].format(sign="", digits="").lstrip()
    marks = {"decimal": words["decimal"], "thousands": words["thousands"]}
    return {**marks, "grouping": [3], "currency": [euro, ""], "minus": "-"}


def _check(chart: Chart, columns: dict[str, Column]) -> None:
    faults = Faults()
    figures = [
        *chart.y,
        *filter(None, (chart.low, chart.high)),
        *(chart.inner or ()),
        *([chart.x] if chart.kind in _NUMERIC else []),
    ]
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
            if chart.inner and name == chart.y[0]:
                row |= {
                    end: _plain(columns[at].values[place]) for end, at in zip(("il", "ih"), chart.inner, strict=True)
                }
            rows.append(row)
    if chart.kind == "steps":  # from one level to the next
        return _levels(chart, columns[chart.y[0]], rows, lang)
    if chart.kind == "bars" and len(chart.y) == 1:
        column = columns[chart.y[0]]
        million = _in_millions(column, [float(str(row["y"])) for row in rows])
        for row in rows:
            figure = float(str(row["y"]))
            row |= {"v": figure, "e": figure, "a": _short(column, figure, million, lang)}
    return rows


def _levels(chart: Chart, column: Column, rows: list[dict[str, object]], lang: str) -> list[dict[str, object]]:
    """Return the rows of a waterfall: the old amount, each change from level to level, the new amount."""
    changes = [float(str(row["y"])) for row in rows]
    levels = list(accumulate(changes, initial=chart.start))
    million = _in_millions(column, levels)
    plain = _level(column)
    found: list[dict[str, object]] = []
    for name, level in (("before", levels[0]), ("after", levels[-1])):
        words = _short(plain, level, million, lang)
        found.append({"x": _folded(label(name, lang)), "y": 0.0, "l": level, "h": level, "total": True, "v": 0.0,
                      "e": level, "a": words, "t": one_line(f"{label(name, lang)}: {words}")})  # fmt: skip
    steps = [
        row | {"l": low, "h": high, "v": 0.0, "e": max(low, high), "a": _short(column, change, million, lang)}
        for row, change, (low, high) in zip(rows, changes, pairwise(levels), strict=True)
    ]
    return [found[0], *steps, found[1]]


def _level(column: Column) -> Column:
    """Return a column of changes as one of the amounts between them, where plus is no news."""
    return replace(column, name="amount", alias="")


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
    """Return the axis of the figures, of several series without the name of one."""
    series = [columns[name] for name in chart.y]
    heading = series[0].header(lang)
    if len(series) > 1:
        unit = series[0].unit
        heading = "€" if unit.startswith("EUR") else label("probability", lang) if unit in _CHANCES else ""
    return _axis("y", series, heading, lang, ticks=5)


def _axis(field: str, series: Sequence[Column], heading: str, lang: str, *, ticks: int) -> dict[str, Any]:
    """Return an axis of figures, large amounts in millions."""
    first = series[0]
    figures = [float(value) for column in series for value in column.values if numbers.is_number(value)]
    axis: dict[str, Any] = {"format": _format(first, figures), "tickCount": ticks}
    if first.signed:  # nil has no sign
        axis["labelExpr"] = "datum.value ? datum.label : '0'"
    if _in_millions(first, figures):
        heading = heading.replace("€", phrase("millions", lang))
        signed = "datum.value ? format(datum.value / 1e6, '+,~r') : '0'"
        axis["labelExpr"] = signed if first.signed else "format(datum.value / 1e6, ',~r')"
    return _quantity(field, heading, axis=axis)


def _in_millions(column: Column, figures: Sequence[float]) -> bool:
    return column.unit.startswith("EUR") and max(map(abs, figures), default=0.0) >= _LARGE


def _short(column: Column, figure: float, million: bool, lang: str) -> str:
    """Write a figure beside its bar: large amounts in millions, from a thousand euro without cents."""
    if not million and column.unit == "EUR" and abs(figure) >= _NO_CENTS:
        return numbers.euro(figure, decimals=0, lang=lang, plus=column.signed)
    if not million:
        return column.text(figure, lang)
    if round(abs(figure) / _MILLION, 1) < 1:  # beside millions, as thousands
        whole = round(figure, -3) if abs(figure) >= _TEN_THOUSAND else figure
        return numbers.euro(whole, decimals=0, lang=lang, plus=column.signed)
    places = 0 if abs(figure) >= 100 * _MILLION else 1
    amount = numbers.euro(figure / _MILLION, decimals=places, lang=lang, plus=column.signed)
    return f"{amount} {phrase('million', lang)}"


def _with_room(
    measure: dict[str, Any], ends: Sequence[float], beside: Sequence[tuple[bool, str]], *, nil: bool
) -> dict[str, Any]:
    """Give an axis room, in pixels whatever its width, for what stands beside the bars (whether left, and the text)."""
    low, high = min([*ends, 0.0] if nil else ends), max([*ends, 0.0] if nil else ends)
    span = (high - low) or abs(high) or 1.0
    left, right = (
        max((len(text) * _LETTER + _GAP for on_left, text in beside if on_left is side), default=0)
        for side in (True, False)
    )
    unit = f"{span!r} / max(width - {left + right}, {_LEAST_WIDE})"  # of the scale, a pixel
    domain = [{"expr": f"{low!r} - {left} * {unit}"}, {"expr": f"{high!r} + {right} * {unit}"}]
    return measure | {"scale": {"domain": domain, "nice": False}}


def _amounts_beside(encoding: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layers with each figure beside the end of its bar."""
    at = {"y": encoding["y"], "x": {**encoding["x"], "field": "e"}, "text": {"field": "a"}}
    style = {"type": "text", "fontSize": 12, "color": INK}
    sides = (("datum.v < 0", {"align": "right", "dx": -4}), ("datum.v >= 0", {"align": "left", "dx": 4}))
    return [{"transform": [{"filter": test}], "mark": {**style, **side}, "encoding": at} for test, side in sides]


def _quantity(field: str, title: str, **more: object) -> dict[str, Any]:
    lines = textwrap.wrap(one_line(title), _TITLE)
    return {"field": field, "type": "quantitative", "title": lines if lines[1:] else one_line(title), **more}


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
    elif len(chart.y) == 1:
        column = columns[chart.y[0]]
        figures = [float(str(value)) for value in column.values if value is not None]
        million = _in_millions(column, figures)
        beside = [(figure < 0, _short(column, figure, million, lang)) for figure in figures]
        encoding["x"] = _with_room(measure, figures or [0.0], beside, nil=True)
        layers += _amounts_beside(encoding)
    thick = _BAR if len(chart.y) == 1 else 14 * len(chart.y) + 8
    return {"height": max(len(chart.frame), 1) * max(thick, 14 * lines + 8), "layer": layers}


def _line(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    x = columns[chart.x]
    years = x.name == "year"
    across = _axis("x", [x], x.header(lang), lang, ticks=6)
    if years:  # each once, and nothing between them, which would read as one of them
        across["axis"] = {
            "format": "d",
            "labelFlush": False,
            "labelBound": False,  # the first and the last year are said too
            "labelOverlap": True,
            "labelSeparation": 6,
            "values": sorted({int(str(year)) for year in x.values if year is not None}),
        }
    across["scale"] = {"zero": False, "nice": False}
    encoding: dict[str, Any] = {"x": across, "y": _measure(chart, columns, lang)}
    colour = {"color": _series_colour(chart, columns, lang)} if len(chart.y) > 1 else {}
    layers: list[dict[str, Any]] = []
    if chart.y and columns[chart.y[0]].unit in _CHANCES:
        encoding["y"]["scale"] = {"domain": [0, 1]}
    bands = [("l", "h")] * bool(chart.low) + [("il", "ih")] * bool(chart.inner)
    for low, high in bands:
        band = {"x": across, "y": _quantity(low, encoding["y"]["title"]), "y2": {"field": high}}
        layers.append({"mark": {"type": "area", "opacity": 0.25}, "encoding": band})
    if any(columns[name].signed for name in chart.y[:1]):
        layers.append({"mark": {"type": "rule", "color": QUIET}, "encoding": {"y": {"datum": 0}}})
    layers.append({"mark": {"type": "line", "strokeWidth": 2.5}, "encoding": encoding | colour})
    points = {"type": "point", "filled": True, "size": 30 if len(chart.frame) <= _MOST_POINTS else 4}
    layers.append({"mark": points, "encoding": encoding | colour | {"tooltip": _TOOLTIP}})
    return {"height": _HEIGHT, "layer": layers}


def _floating(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    """Draw bars on either side of what is in the middle."""
    category, lines = _category(chart, columns, lang)
    measure = _measure(chart, columns, lang) | {"scale": {"zero": False}}
    encoding: dict[str, Any] = {"y": category, "tooltip": _TOOLTIP}
    encoding |= {"x": measure, "x2": {"datum": chart.start}, "color": _series_colour(chart, columns, lang)}
    return {"height": max(len(chart.frame), 1) * max(_BAR, 14 * lines + 8), "mark": "bar", "encoding": encoding}


def _waterfall(chart: Chart, columns: dict[str, Column], lang: str) -> dict[str, Any]:
    """Draw the way from an old amount, cause by cause, to the new one.

    The scale does not start at 0, so the two amounts are marks, not bars; only changes have a length.
    """
    category, lines = _category(chart, columns, lang)
    order = [_folded(label("before", lang)), *category["sort"], _folded(label("after", lang))]
    category |= {"sort": order, "scale": {"domain": order}}
    levels = [chart.start, *accumulate((float(str(v)) for v in columns[chart.y[0]].values if v), initial=chart.start)]
    column = columns[chart.y[0]]
    level = replace(_level(column), values=tuple(levels))
    million = _in_millions(level, levels)
    beside = [(True, ""), (False, _short(column, max(levels, key=abs), million, lang))]
    axis = _axis("y", [level], level.header(lang), lang, ticks=4)
    measure = _with_room(axis, levels, beside, nil=False)
    encoding: dict[str, Any] = {"y": category, "x": measure | {"field": "l"}, "x2": {"field": "h"}}
    bars = {"transform": [{"filter": "!datum.total"}], "mark": "bar",
            "encoding": encoding | {"color": _SIDES, "tooltip": _TOOLTIP}}  # fmt: skip
    totals = {"y": category, "x": measure | {"field": "h"}, "tooltip": _TOOLTIP}
    ends = {"transform": [{"filter": "datum.total"}], "encoding": totals,
            "mark": {"type": "tick", "orient": "vertical", "thickness": 3, "size": _BAR - 4, "color": INK}}  # fmt: skip
    height = len(order) * max(_BAR, 14 * lines + 8)
    return {"height": height, "layer": [bars, ends, *_amounts_beside({"y": category, "x": measure})]}


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
    "steps": _waterfall, "tornado": _floating,
}  # fmt: skip
