"""The charts of a workbook: drawn by Excel over the figures that stand beside them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from ggu_costs.display.chart import LESS, MORE, PALETTE, Chart
from ggu_costs.display.columns import Column, columns_of, memoranda
from ggu_costs.report.sheet import Sheet
from ggu_costs.text import one_line
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, phrase

_EXCEL = {  # of others the figures only
    "bars": "bar", "pair": "bar", "stack": "bar", "line": "line", "panels": "line", "points": "scatter",
    "steps": "bar",
}  # fmt: skip
_LEAST_ROWS, _ROW_HEIGHT = 18, 20  # a chart is at least so many rows high; pixels a row
_SPACE = 0.1  # of the changes of a waterfall, before the lowest level


def write_charts(page: Sheet, charts: Sequence[Chart]) -> None:
    """Write each chart with its figures to the left of it, one below the other.

    A row with a figure that is not known is left out: Excel would draw a word as zero.
    """
    page.widths(44, 20, 20, 20, 20, 4)
    for chart in charts:
        columns = {column.name: column for column in columns_of(chart.frame)}
        drawn = [columns[name] for name in chart.columns]
        rows = [row for row in zip(*(column.values for column in drawn), strict=True) if None not in row]
        page.line(chart.title, "heading")
        top = page.row
        page.grid(top, drawn, rows)
        page.row = top + 1 + len(rows)
        for note in memoranda(drawn, page.book.lang):
            page.note(note)
        if rows and chart.kind == "steps":
            made = _waterfall(page, chart, drawn, rows, top)
            if made is not None:
                page.sheet.insert_chart(top, len(drawn) + 5, made)
        elif rows and chart.kind in _EXCEL:
            page.sheet.insert_chart(top, len(drawn) + 1, _chart(page, chart, drawn, top, len(rows)))
        page.row = max(page.row, top + _LEAST_ROWS) + 2


def _axis_format(column: Column) -> str:
    """Write an axis in whole units, but for what is small."""
    if column.unit == "share":
        return "0%"
    small = max((abs(float(str(value))) for value in column.values if value is not None), default=0) < 20
    return "#,##0.00" if small and column.kind != "integer" else "#,##0"


def _chart(page: Sheet, chart: Chart, drawn: Sequence[Column], top: int, count: int) -> Any:
    kind = "scatter" if chart.kind == "line" and drawn[0].name != "year" and drawn[0].numeric else _EXCEL[chart.kind]
    straight = {"subtype": "straight"} if kind == "scatter" and chart.kind == "line" else {}
    made = page.book.file.add_chart({"type": kind, **straight})
    first, last = top + 1, top + count
    for place in range(1, 1 + len(chart.y)):
        colour = PALETTE[(place - 1) % len(PALETTE)]
        series: dict[str, Any] = {
            "name": [page.name, top, place],
            "categories": [page.name, first, 0, last, 0],
            "values": [page.name, first, place, last, place],
        }
        if chart.kind == "line":
            series["line"] = {"color": colour, "width": 2.25}
        elif len(chart.y) == 1 and drawn[1].signed:  # plus pays more
            series |= {"fill": {"color": MORE}, "invert_if_negative": True, "invert_if_negative_color": LESS}
        else:
            series["fill"] = {"color": colour}
        if chart.low and place == 1 and chart.kind == "line":
            dashed = {"color": colour, "width": 1, "dash_type": "dash"}
            for at in range(1 + len(chart.y), len(drawn)):
                end = {"name": [page.name, top, at], "values": [page.name, first, at, last, at], "line": dashed}
                made.add_series({**series, **end})
        made.add_series(series)
    made.set_title({"name": _no_formula(chart.title), "name_font": {"size": 12}})
    amounts = {"num_format": _axis_format(drawn[1]), "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
    if kind == "bar":
        made.set_y_axis({"reverse": True, "label_position": "low", "interval_unit": 1})
        made.set_x_axis({**amounts, "label_position": "high"})
    else:
        made.set_y_axis(amounts)
    if kind == "scatter":
        made.set_x_axis({"num_format": _axis_format(drawn[0]), "name": capital(drawn[0].header(page.book.lang))})
    made.set_legend({"position": "bottom"} if len(chart.y) > 1 or chart.low else {"none": True})
    made.set_size({"width": 720, "height": _ROW_HEIGHT * max(_LEAST_ROWS, min(count, 40))})
    return made


def _waterfall(page: Sheet, chart: Chart, drawn: Sequence[Column], rows: Sequence[Sequence[Any]], top: int) -> Any:
    """Draw the way from the old amount to the new: bars that float on bars without a colour.

    None where a level is below nil: such bars cannot float.
    """
    lang = page.book.lang
    plain = replace(drawn[1], name="amount")  # no difference, so without a plus
    changes = [float(row[1]) for row in rows]
    levels = list(accumulate(changes, initial=chart.start))
    lowest = min(levels)
    if lowest < 0:
        return None
    names = [f"{label('before', lang)}: {plain.text(levels[0], lang)}", *(drawn[0].text(row[0], lang) for row in rows),
             f"{label('after', lang)}: {plain.text(levels[-1], lang)}"]  # fmt: skip
    steps = [(levels[0], 0.0, 0.0), *((min(ends), max(ends[1] - ends[0], 0.0), max(ends[0] - ends[1], 0.0))
                                      for ends in pairwise(levels)), (levels[-1], 0.0, 0.0)]  # fmt: skip
    at = len(drawn) + 1
    heads = ["", phrase("from_level", lang), phrase("plot_more", lang), phrase("plot_less", lang)]
    for place, head in enumerate(heads):
        page.text(top, at + place, capital(head), "header")
    for row, (name, lengths) in enumerate(zip(names, steps, strict=True), start=top + 1):
        page.text(row, at, name)
        for place, length in enumerate(lengths, start=1):
            page.cell(row, at + place, drawn[1], length)
    made = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    last = top + len(names)
    for place, fill in ((1, {"none": True}), (2, {"color": MORE}), (3, {"color": LESS})):
        made.add_series({
            "name": [page.name, top, at + place], "categories": [page.name, top + 1, at, last, at],
            "values": [page.name, top + 1, at + place, last, at + place], "fill": fill, "gap": 40,
        })  # fmt: skip
    least = max(0.0, lowest - _SPACE * ((max(levels) - lowest) or lowest or 1.0))
    made.set_title({"name": _no_formula(chart.title), "name_font": {"size": 12}})
    made.set_y_axis({"reverse": True, "label_position": "low", "interval_unit": 1})
    made.set_x_axis({"num_format": "#,##0", "label_position": "high", "min": least})
    made.set_legend({"none": True})
    made.set_size({"width": 720, "height": _ROW_HEIGHT * max(_LEAST_ROWS, len(names))})
    page.row = max(page.row, last + 1)
    return made


def _no_formula(text: str) -> str:
    """Return the title of a chart so that Excel does not take it for a formula."""
    return f" {one_line(text)}" if text.startswith("=") else one_line(text)
