"""How each kind of chart is drawn in matplotlib, in one style that is safe for the colour-blind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ggu_costs.display.chart import INK, LESS, MORE, PALETTE, QUIET, Chart, Kind
from ggu_costs.display.drawn import figure as style
from ggu_costs.errors import Fault, InputError
from ggu_costs.text import one_line
from ggu_costs.typing import FloatArray
from ggu_costs.words.label import banner, label
from ggu_costs.words.numbers import number, percent
from ggu_costs.words.page import phrase

_BAND = 0.18  # how dark a range is drawn
_ALONE = "#B3B3B3"


class Canvas:
    """Where a chart is drawn: a figure of its own, or the axes that the caller gives.

    Parameters
    ----------
    chart, lang, source, ax
        As for :func:`ggu_costs.display.drawn.draw.draw`.
    """

    def __init__(self, chart: Chart, lang: str, source: str, ax: Axes | None) -> None:
        self.chart, self.lang, self.source, self.ax = chart, lang, source, ax
        self.figure: Figure

    def read(self, *columns: str, least: float | None = None) -> list[FloatArray]:
        """Return columns as arrays of known figures, or raise with every fault."""
        frame = self.chart.frame
        return style.figures(frame.reset_index() if frame.index.name in columns else frame, columns, least=least)

    def panels(self, count: int = 1, height: float = 5.4) -> list[Axes]:
        """Return empty axes in the style of the house, one above the other."""
        chart, illustrative = self.chart, bool(self.chart.frame.attrs.get("illustrative"))
        if self.ax is None:
            self.figure, panels = style.figure_of(
                chart.title, lang=self.lang, source=self.source, illustrative=illustrative, height=height, panels=count
            )
            return panels
        if count > 1:
            raise InputError(f"{count} panels do not fit in one ax", remedy="Leave ax out.")
        style.dress(self.ax)
        marked = f"{banner(self.lang)} | {chart.title}" if illustrative else chart.title
        self.ax.set_title(one_line(marked), loc="left", parse_math=False)
        self.figure = cast("Figure", self.ax.figure)
        return [self.ax]

    def rows(self, axes: Axes) -> None:
        """Put what the rows are called beside horizontal bars."""
        style.rows(axes, style.names(self.chart, self.lang))

    def money(self, values: Sequence[float] | FloatArray, *, million: bool, plus: bool = False) -> list[str]:
        """Write amounts."""
        return [style.money(value, self.lang, million=million, plus=plus) for value in values]


def _bars(canvas: Canvas) -> None:
    """Draw a bar a row, in the order of the rows; negative amounts to the left."""
    chart, lang = canvas.chart, canvas.lang
    if chart.low:
        _bars_with_ranges(canvas)
        return
    series = canvas.read(*chart.y)
    million, signed = style.large(*series), any((values < 0).any() for values in series)
    count, places = len(series), np.arange(len(series[0]))
    (axes,) = canvas.panels(height=max(3.2, 1.7 + 0.36 * len(places) * max(1, 0.6 * count)))
    thick = 0.68 / count
    for at, (name, values) in enumerate(zip(chart.y, series, strict=True)):
        colours = [MORE if value > 0 else LESS for value in values] if signed and count == 1 else PALETTE[at]
        beside = places + (at - (count - 1) / 2) * thick
        bars = axes.barh(beside, values, color=colours, height=thick, label=label(name, lang))
        texts = canvas.money(values, million=million, plus=signed)
        axes.bar_label(bars, labels=texts, padding=4, fontsize=9, color=INK)
    axes.margins(x=0.16)
    if signed:
        axes.axvline(0, color=QUIET, linewidth=1)
    else:
        axes.set_xlim(left=0)
    style.amounts(axes.xaxis, lang, million=million, plus=signed)
    axes.set_xlabel(label(chart.y[0], lang) if count == 1 else "", color=QUIET, fontsize=9.5, parse_math=False)
    canvas.rows(axes)
    if count > 1:
        style.legend(axes)


def _bars_with_ranges(canvas: Canvas) -> None:
    chart = canvas.chart
    values, low, high = canvas.read(chart.y[0], chart.low, chart.high)
    (axes,) = canvas.panels()
    places = np.arange(len(values))
    axes.barh(places, values, color=PALETTE[0], height=0.62)
    axes.hlines(places, low, high, color=INK, linewidth=1.4)
    axes.axvline(0, color=QUIET, linewidth=1)
    style.amounts(axes.xaxis, canvas.lang)
    canvas.rows(axes)


def _pair(canvas: Canvas) -> None:
    """Draw the cost of each for itself beside the share of the joint cost, with what that saves."""
    lang = canvas.lang
    apart, together = canvas.read(*canvas.chart.y, least=0)
    million = style.large(apart, together)
    (axes,) = canvas.panels(height=max(3.4, 2.0 + 0.56 * len(apart)))
    places = np.arange(len(apart))
    axes.barh(places - 0.19, apart, height=0.34, color=_ALONE, label=label(canvas.chart.y[0], lang))
    axes.barh(places + 0.19, together, height=0.34, color=PALETTE[0], label=label(canvas.chart.y[1], lang))
    for place, (cost, share) in enumerate(zip(apart, together, strict=True)):
        colour = LESS if share <= cost else MORE
        style.note(axes, _saved(cost, share, lang, million), (max(cost, share), place), color=colour)
    axes.set_xlim(0, 1.32 * max(apart.max(), together.max(), 1e-9))
    style.amounts(axes.xaxis, lang, million=million)
    canvas.rows(axes)
    style.legend(axes)


def _saved(alone: float, joint: float, lang: str, million: bool) -> str:
    """Say what a participant saves, or pays more, and as a share of the cost on its own."""
    amount = style.money(abs(alone - joint), lang, million=million)
    part = f" ({percent(abs(alone - joint) / alone, lang=lang)})" if alone else ""
    return phrase("plot_saves" if joint <= alone else "plot_costs", lang).format(amount=amount, part=part)


def _stack(canvas: Canvas) -> None:
    """Draw a bar for each column, of the rows one upon the other, with their sum."""
    chart, lang = canvas.chart, canvas.lang
    arrays = np.array(canvas.read(*chart.y, least=0))
    if len(chart.frame) > len(PALETTE):
        allowed = f"at most {len(PALETTE)}, so that colours tell them apart"
        fault = Fault("frame", f"{len(chart.frame)} rows", allowed)
        raise InputError("this cannot be drawn", faults=[fault], remedy="Group the smaller parts.")
    (axes,) = canvas.panels()
    totals, million = arrays.sum(axis=1), style.large(arrays)
    places, floor = np.arange(len(chart.y)), np.zeros(len(chart.y))
    for row, name in enumerate(style.names(chart, lang)):
        values, colour = arrays[:, row], PALETTE[row]
        bars = axes.bar(places, values, bottom=floor, width=0.58, color=colour, edgecolor="white", label=name)
        shown = zip(values, canvas.money(values, million=million), strict=True)
        texts = [text if value > 0.05 * totals.max() else "" for value, text in shown]
        axes.bar_label(bars, labels=texts, label_type="center", fontsize=9, color=style.on(colour))
        floor += values
    for place, total in zip(places, totals, strict=True):
        amount = style.money(total, lang, million=million)
        style.note(axes, amount, (float(place), total), above=True, fontsize=10.5, fontweight="bold")
    axes.set_xticks(places, labels=[label(name, lang) for name in chart.y], parse_math=False, fontsize=10.5)
    axes.set_ylim(0, 1.12 * max(totals.max(), 1e-9))
    axes.set_xlim(-0.5, len(chart.y) - 0.5)
    style.amounts(axes.yaxis, lang, million=million)
    style.legend(axes, beside=True)


def _steps(canvas: Canvas) -> None:
    """Draw the way from an old amount, row by row, to the new one; rows of exactly 0 are left out.

    The scale does not start at 0, so the two amounts are marks, not bars; only changes have a length.
    """
    chart, lang = canvas.chart, canvas.lang
    frame = chart.frame.assign(before=float(chart.start))
    values, _ = style.figures(frame, [chart.y[0], "before"])
    words, values = (
        [word for word, value in zip(style.names(chart, lang), values, strict=True) if value],
        values[values != 0],
    )
    levels = chart.start + np.concatenate([[0.0], np.cumsum(values)])
    (axes,) = canvas.panels(height=max(3.4, 2.1 + 0.42 * len(values)))
    places, last = np.arange(1, len(values) + 1), len(values) + 1
    colours = [MORE if value > 0 else LESS for value in values]
    axes.barh(places, values, left=levels[:-1], color=colours, height=0.62)
    for place, level in zip([0, last], levels[[0, -1]], strict=True):
        axes.plot([level, level], [place - 0.36, place + 0.36], color=INK, linewidth=3, solid_capstyle="butt")
    for place, level in enumerate(levels):  # a thin line hands each level to the next row
        axes.plot([level, level], [place + 0.31, place + 0.69], color=QUIET, linewidth=0.8)
    ends = [levels[0], *np.maximum(levels[:-1], levels[1:]), levels[-1]]
    amounts = [(levels[0], False), *((value, True) for value in values), (levels[-1], False)]
    for place, (end, (amount, plus)) in enumerate(zip(ends, amounts, strict=True)):
        bold = "bold" if place in (0, last) else "normal"
        style.note(axes, style.money(amount, lang, decimals=2, plus=plus), (end, place), fontsize=9.5, fontweight=bold)
    axes.use_sticky_edges = False
    axes.margins(x=0.03)
    left, right = axes.get_xlim()
    axes.set_xlim(left, right + 0.18 * (right - left))  # room for the amounts
    style.amounts(axes.xaxis, lang)
    style.rows(axes, [label("before", lang), *words, label("after", lang)])
    for place in (0, -1):
        axes.get_yticklabels()[place].set_fontweight("bold")


def _points(canvas: Canvas) -> None:
    """Draw effects against inhabitants, on a logarithmic scale; the largest on either side have their name."""
    chart, lang = canvas.chart, canvas.lang
    (values,) = canvas.read(chart.y[0])
    (people,) = canvas.read(chart.x, least=1)
    (axes,) = canvas.panels()
    sides = (("more", values > 0, MORE, "^"), ("less", values < 0, LESS, "v"), ("same", values == 0, "#999999", "o"))
    for name, chosen, colour, marker in sides:
        if chosen.any():
            words = f"{phrase(f'plot_{name}', lang)} ({number(int(chosen.sum()), lang=lang)})"
            axes.scatter(people[chosen], values[chosen], s=26, c=colour, marker=marker, alpha=0.75, linewidths=0,
                         label=words)  # fmt: skip
    axes.axhline(0, color=QUIET, linewidth=1)
    style.people(axes, lang)
    style.amounts(axes.yaxis, lang, plus=True)
    axes.set_xlabel(phrase("plot_log", lang), color=QUIET, fontsize=9.5)
    axes.set_ylabel(label("EUR/inhabitant", lang, of="unit"), color=QUIET, fontsize=9.5)
    axes.margins(x=0.05, y=0.2)
    called, order = style.names(chart, lang), np.argsort(values, kind="stable")
    chosen = [*order[: chart.named], *order[: -chart.named - 1 : -1]] if chart.named else []
    style.legend(axes)
    points = np.column_stack([people, values])
    style.name_points(canvas.figure, axes, points, {place: called[place] for place in chosen if values[place]})


def _ranges(canvas: Canvas) -> None:
    """Draw a range for each row against its inhabitants, on a logarithmic scale."""
    chart, lang = canvas.chart, canvas.lang
    people, low, middle, high = canvas.read(chart.x, chart.low, chart.y[0], chart.high)
    (axes,) = canvas.panels()
    axes.vlines(people, low, high, color=PALETTE[0], alpha=0.35, linewidth=1.2)
    axes.plot(people, middle, ".", color=PALETTE[0], markersize=3.5)
    axes.axhline(0, color=QUIET, linewidth=1)
    style.people(axes, lang)
    style.amounts(axes.yaxis, lang)


def _tornado(canvas: Canvas) -> None:
    """Draw the outcome with each input low and high, around what it is with all of them in the middle."""
    chart, start = canvas.chart, canvas.chart.start
    ends = canvas.read(*chart.y)
    (axes,) = canvas.panels()
    places = np.arange(len(ends[0]))
    for values, colour, words in zip(ends, (LESS, MORE), ("P10", "P90"), strict=True):
        axes.barh(places, values - start, left=start, color=colour, height=0.62, label=words)
    axes.axvline(start, color=QUIET, linewidth=1)
    style.amounts(axes.xaxis, canvas.lang, million=style.large(*ends))
    canvas.rows(axes)
    style.legend(axes)


def _line(canvas: Canvas) -> None:
    """Draw a line for each column, with the ranges around the first."""
    chart, lang = canvas.chart, canvas.lang
    across, *series = canvas.read(chart.x, *chart.y)
    bounds = [name for pair in ((chart.low, chart.high), chart.inner or ()) for name in pair if name]
    ranges = canvas.read(*bounds)
    (axes,) = canvas.panels()
    for low, high in zip(ranges[::2], ranges[1::2], strict=True):
        axes.fill_between(across, low, high, color=PALETTE[0], alpha=_BAND, linewidth=0)
    few = chart.x == "draws"
    for at, (name, values) in enumerate(zip(chart.y, series, strict=True)):
        dots: dict[str, Any] = {"marker": "o", "markersize": 4} if few else {}
        axes.plot(across, values, color=PALETTE[at], linewidth=2, label=label(name, lang), **dots)
    if chart.mark is not None:
        x, y, words = chart.mark
        axes.plot([x], [y], "o", color=PALETTE[1])
        style.note(axes, words, (x, y))
    _scale(canvas, axes, across, ranges[:2] if ranges and not few else series)
    if len(series) > 1:
        style.legend(axes)


def _scale(canvas: Canvas, axes: Axes, across: FloatArray, figures: Sequence[FloatArray]) -> None:
    """Give the axes of a line their figures: years, draws, or amounts along a probability."""
    chart, lang = canvas.chart, canvas.lang
    units = chart.frame.attrs.get("units", {})
    if all(units.get(name) in ("share", "probability") for name in chart.y) and units.get(chart.x) == "EUR":
        style.amounts(axes.xaxis, lang, million=style.large(across))
        style.percentages(axes.yaxis, lang)
        axes.set_ylim(0, 1)
        return
    if chart.x == "year":
        axes.axhline(0, color=QUIET, linewidth=1)
        axes.set_xticks(across, labels=[f"{year:.0f}" for year in across])
    elif chart.x == "draws":
        style.people(axes, lang)
    style.amounts(axes.yaxis, lang, million=style.large(*figures))


def _panels(canvas: Canvas) -> None:
    """Draw a line in a panel of its own for each column, every point with its figure."""
    chart, lang = canvas.chart, canvas.lang
    series = canvas.read(*chart.y, least=0)
    panels = canvas.panels(len(series))
    ticks = [str(at) for at in chart.frame.index]
    units = chart.frame.attrs.get("units", {})
    for axes, name, values in zip(panels, chart.y, series, strict=True):
        share, million = units.get(name) == "share", style.large(values)
        axes.plot(range(len(values)), values, color=PALETTE[0], linewidth=2.2, marker="o", markersize=6)
        texts = [percent(v, lang=lang) for v in values] if share else canvas.money(values, million=million)
        for place, text in enumerate(texts):
            style.note(axes, text, (place, values[place]), above=True)
        axes.set_xticks(range(len(ticks)), labels=ticks)
        axes.set_xlim(-0.4, len(ticks) - 0.6)
        axes.set_ylim(0, 1.22 * max(values.max(), 1e-9))
        axes.set_title(phrase(f"plot_{name}", lang), loc="left", fontsize=10, color=QUIET)
        if share:
            style.percentages(axes.yaxis, lang)
        else:
            style.amounts(axes.yaxis, lang, million=million)


MARKS: Mapping[Kind, Callable[[Canvas], None]] = {
    "bars": _bars,
    "line": _line,
    "pair": _pair,
    "panels": _panels,
    "points": _points,
    "ranges": _ranges,
    "stack": _stack,
    "steps": _steps,
    "tornado": _tornado,
}
