"""The charts of a workbook: Excel's own, each beside the figures that it draws, so that they can be changed.

A row with a figure that is not known is left out of the chart: Excel would draw a word as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ggu_costs.display.columns import Column, columns_of, memoranda
from ggu_costs.report.vega import LESS, MORE, PALETTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ggu_costs.display.report import Chart
    from ggu_costs.report.sheet import Sheet

__all__ = ["write_charts"]

_LEAST_ROWS, _ROW_HEIGHT = 18, 20  # a chart is at least so many rows high; pixels a row


def write_charts(page: Sheet, charts: Sequence[Chart]) -> None:
    """Write each chart with its figures to the left of it, one below the other."""
    page.widths(44, 20, 20, 20, 20, 4)
    for chart in charts:
        columns = {column.name: column for column in columns_of(chart.frame)}
        drawn = [columns[name] for name in (chart.x, *chart.y, chart.low, chart.high) if name]
        rows = [row for row in zip(*(column.values for column in drawn), strict=True) if None not in row]
        page.line(chart.title, "heading")
        top = page.row
        for place, column in enumerate(drawn):
            page.text(top, place, column.header(page.book.lang), "header_right" if column.numeric else "header")
            for row, cells in enumerate(rows, start=top + 1):
                page.cell(row, place, column, cells[place])
        page.row = top + 1 + len(rows)
        for note in memoranda(drawn, page.book.lang):
            page.note(note)
        if rows:
            page.sheet.insert_chart(top, len(drawn) + 1, _chart(page, chart, drawn, top, len(rows)))
        page.row = max(page.row, top + _LEAST_ROWS) + 2


def _axis_format(column: Column) -> str:
    """Write an axis in whole units, but for what is small."""
    if column.unit == "share":
        return "0%"
    small = max((abs(float(str(value))) for value in column.values if value is not None), default=0) < 20
    return "#,##0.00" if small and column.kind != "integer" else "#,##0"


def _chart(page: Sheet, chart: Chart, drawn: Sequence[Column], top: int, count: int) -> Any:
    made = page.book.file.add_chart({"type": "bar" if chart.kind == "bars" else "line"})
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
            for at in (len(drawn) - 2, len(drawn) - 1):
                end = {"name": [page.name, top, at], "values": [page.name, first, at, last, at], "line": dashed}
                made.add_series({**series, **end})
        made.add_series(series)
    title = chart.title
    made.set_title({"name": f" {title}" if title.startswith("=") else title, "name_font": {"size": 12}})
    amounts = {"num_format": _axis_format(drawn[1]), "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
    if chart.kind == "bars":
        made.set_y_axis({"reverse": True, "label_position": "low", "interval_unit": 1})
        made.set_x_axis({**amounts, "label_position": "high"})
    else:
        made.set_y_axis(amounts)
    made.set_legend({"position": "bottom"} if len(chart.y) > 1 or chart.low else {"none": True})
    made.set_size({"width": 720, "height": _ROW_HEIGHT * max(_LEAST_ROWS, min(count, 40))})
    return made
