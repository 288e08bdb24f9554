"""The one style of all plots. Imports matplotlib, so it is loaded only when a plot is asked for.

Figures are made directly, without pyplot: nothing is shown, and no global state is touched. Every property that a
reader sees is set here, so that a matplotlibrc of the user does not change it.
"""

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox

from ggu_costs.display.chart import FAINT, INK, MORE, QUIET, Chart
from ggu_costs.errors import Faults, UnknownNameError, listed
from ggu_costs.text import one_line
from ggu_costs.typing import FloatArray
from ggu_costs.words import numbers
from ggu_costs.words.label import banner, label
from ggu_costs.words.languages import vocabularies

_LONGEST = 42


class Plot(Figure):
    """A figure that shows itself in a notebook without pyplot."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=144)
        return out.getvalue()


def words(text: object) -> str:
    """Return text for a label: on one line, cut where it is long. It is never read as mathematics."""
    plain = one_line(str(text))
    return textwrap.shorten(" ".join(plain.split()), _LONGEST, placeholder="…") or plain[:_LONGEST]


def figure_of(
    title: str, *, lang: str, source: str, illustrative: bool, height: float, panels: int
) -> tuple[Plot, list[Axes]]:
    """Return a figure with its title, source and banner, and its empty panels, one above the other."""
    figure = Plot(
        figsize=(9.6, height), dpi=100, facecolor="white", layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    )
    lines = textwrap.wrap(one_line(title), 58 if illustrative else 76)
    plain: dict[str, Any] = {"ha": "left", "x": 0.012, "parse_math": False, "fontfamily": "DejaVu Sans"}
    figure.suptitle("\n".join(lines), fontsize=14, fontweight="bold", color=INK, **plain)
    if source:
        words_of_source = f"{label('source', lang).capitalize()}: {source}"
        figure.supxlabel("\n".join(textwrap.wrap(one_line(words_of_source), 130)), fontsize=8, color=QUIET, **plain)
    if illustrative:
        box = {"facecolor": MORE, "edgecolor": "none", "boxstyle": "square,pad=0.4"}
        figure.text(
            0.985, 0.975, banner(lang), ha="right", va="top", fontsize=9, fontweight="bold", color="white", bbox=box
        )
    axes = [figure.add_subplot(panels, 1, panel + 1) for panel in range(panels)]
    for panel in axes:
        dress(panel)
    return figure, axes


def dress(axes: Axes) -> None:
    """Give axes the style of the house."""
    axes.set_facecolor("white")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(colors=QUIET, labelcolor=INK, labelsize=9.5, length=0)
    axes.set_axisbelow(True)


def money(value: float, lang: str, *, million: bool = False, plus: bool = False, decimals: int | None = None) -> str:
    """Write an amount for a plot.

    In millions where asked, except what is too small for that. Where no decimals are asked: one in millions, cents
    below 1,000 euro, whole euros above.
    """
    if million and (not value or (decimals is None and abs(value) < 1e5)):
        million = False
    if decimals is None:
        decimals = 1 if million else 0 if abs(value) >= 1e3 or float(value).is_integer() else 2
    text = numbers.euro(value / 1e6 if million else value, decimals=decimals if value else 0, lang=lang, plus=plus)
    return text + vocabularies(lang)["text"]["axis_million"] if million else text


def amounts(axis: Axis, lang: str, *, million: bool = False, plus: bool = False) -> None:
    """Let an axis carry amounts, with a few quiet grid lines and the decimals that tell its steps apart."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))

    def write(value: float, _: int | None = None) -> str:
        ticks = [round(tick / (1e6 if million else 1), 6) for tick in axis.get_majorticklocs()]
        decimals = next((d for d in range(4) if all(round(tick, d) == tick for tick in ticks)), 4)
        decimals = 2 if decimals == 1 and not million else decimals  # euros have cents or none
        return money(value, lang, million=million, plus=plus, decimals=decimals)

    axis.set_major_formatter(FuncFormatter(write))
    axis.grid(True, color=FAINT, linewidth=0.8)


def percentages(axis: Axis, lang: str) -> None:
    """Let an axis carry fractions as percentages."""
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: numbers.percent(round(value, 6), decimals=0, lang=lang)))
    axis.grid(True, color=FAINT, linewidth=0.8)


def note(axes: Axes, text: str, at: tuple[float, float], *, above: bool = False, **look: Any) -> Annotation:
    """Write text beside a point, or above it; it is never read as mathematics."""
    place: dict[str, Any] = {"xytext": (0, 6), "ha": "center"} if above else {"xytext": (6, 0), "va": "center"}
    place |= {"fontsize": 9, "color": INK, **look}
    return axes.annotate(one_line(text), at, textcoords="offset points", parse_math=False, **place)


def people(axes: Axes, lang: str) -> None:
    """Let a logarithmic horizontal axis carry inhabitants: 1.000, 2.000, 5.000, 10.000, ..."""
    axes.set_xscale("log")
    axis = axes.xaxis
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: numbers.number(round(value), lang=lang)))


def legend(axes: Axes, *, beside: bool = False) -> None:
    """Add the legend above the plot, or beside it in the order of a stack; its names are never read as mathematics."""
    place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 4, "borderaxespad": 0.2}
    if beside:
        place = {"loc": "upper left", "bbox_to_anchor": (1, 1), "reverse": True}
    drawn = axes.legend(fontsize=9, labelcolor=INK, frameon=False, handletextpad=0.5, columnspacing=1.6, **place)
    for text in drawn.get_texts():
        text.set_parse_math(False)


def name_points(figure: Figure, axes: Axes, points: FloatArray, names: Mapping[int, str]) -> None:
    """Write names at some of the points, each where it covers no point and no other name; else leave it out.

    A name stands beside its point, or further off at the end of a thin line: away from 0 first.
    """
    figure.draw_without_rendering()  # the layout must be known before text can be measured
    taken = [Bbox.from_bounds(x - 3, y - 3, 6, 6) for x, y in axes.transData.transform(points)]
    for place, name in names.items():
        away = 1 if points[place][1] > 0 else -1
        tried = [(7, 0, "left"), (-7, 0, "right"), *((0, away * y, "center") for y in (16, 30, 44, -16, -30, -44))]
        for x, y, side in tried:
            line = {"arrowstyle": "-", "color": QUIET, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2} if y else None
            drawn = note(axes, name, points[place], xytext=(x, y), ha=side, fontsize=8.5, arrowprops=line)
            drawn.set_in_layout(False)
            drawn.get_window_extent()  # puts it in its place
            box = Text.get_window_extent(drawn)  # of the words alone, without the line
            inside = axes.bbox.contains(box.x0, box.y0) and axes.bbox.contains(box.x1, box.y1)
            if inside and not box.count_overlaps(taken):
                taken.append(box)
                break
            drawn.remove()


def on(colour: str) -> str:
    """Return the ink that reads on a colour: white on a dark one, dark on a light one."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return "white" if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.22 else INK


def rows(axes: Axes, names: Sequence[str]) -> None:
    """Put names beside horizontal bars, the first on top."""
    axes.set_yticks(range(len(names)), labels=list(names), parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)


def figures(frame: pd.DataFrame, names: Sequence[str], *, least: float | None = None) -> list[FloatArray]:
    """Return columns as arrays of known figures, or raise with every fault."""
    faults = Faults()
    if not len(frame):
        faults.add("frame", "no rows", "one or more")
    arrays = []
    if frame.attrs.get("sign") == "gemeentefonds":
        faults.add(
            "frame", "has the sign of the gemeentefonds", "plus pays more", "Make it without sign='gemeentefonds'."
        )
    for name in names:
        if name not in frame.columns:
            raise UnknownNameError("column", name, map(str, frame.columns))
        if frame[name].dtype.kind not in "iuf":
            faults.add(name, "holds no figures", "a column of numbers")
            continue
        values = frame[name].to_numpy(dtype=np.float64)
        arrays.append(values)
        wrong = ~np.isfinite(values) if least is None else ~(np.isfinite(values) & (values >= least))
        if wrong.any():
            allowed = "finite figures"
            if least is not None:
                allowed += f", {numbers.number(least, lang='en')} or more"
            faults.add(name, f"{values[wrong][0]:g} for {listed(frame.index[wrong])}", allowed)
    faults.check("this cannot be drawn", remedy="Leave these rows out, or complete the figures.")
    return arrays


def large(*arrays: FloatArray) -> bool:
    """Return whether amounts read best in millions."""
    return max(float(np.abs(values).max()) for values in arrays) >= 2e6


def names(chart: Chart, lang: str) -> list[str]:
    """Return what stands beside the rows: their name where there is one, else the word for their label."""
    frame = chart.frame
    named = "name" if chart.kind == "points" and "name" in frame else chart.x
    vocabulary = named if named in ("cause", "part", "size_class", "status") else "column"
    return [words(label(name, lang, of=vocabulary)) for name in frame.get(named, frame.index)]
