"""The charts of a result in a notebook, as ``result.plot.NAME()``; matplotlib is loaded when one is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from ggu_costs.display.chart import Chart
from ggu_costs.display.drawn.draw import draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Plots:
    """The charts of a result: ``result.plot.NAME()`` draws one, returns its matplotlib Figure and shows nothing.

    Every one takes, beside its own arguments, ``lang`` (``nl`` or ``en``), ``title``, ``source`` (a line at the foot)
    and ``ax`` (the axes to draw in, instead of a new figure). Amounts that are not known (PM) cannot be drawn: the
    error names them. ``dir(result.plot)`` lists the names.

    Parameters
    ----------
    on_page
        Names of those that a run puts on its page and in its workbook too, see :func:`page_charts`.
    charts
        By name the function that makes the chart, from its own arguments and ``lang``.
    """

    def __init__(self, on_page: Sequence[str] = (), /, **charts: Callable[..., Chart]) -> None:
        self._charts, self._on_page = charts, on_page

    def __repr__(self) -> str:
        return f"<Plots: {', '.join(sorted(self._charts))}>"

    def __dir__(self) -> Iterable[str]:
        return sorted(self._charts)

    def __getattr__(self, name: str) -> Callable[..., Figure]:
        charts = vars(self).get("_charts", {})  # a copy asks before it has any
        if name not in charts:
            raise AttributeError(f"no plot {name!r}; there are: {', '.join(sorted(charts))}")
        make = charts[name]

        @wraps(getattr(make, "func", make))
        def plot(
            *args: Any, lang: str = "nl", title: str = "", source: str = "", ax: Axes | None = None, **more: Any
        ) -> Figure:
            chart = make(*args, lang=lang, **more)
            return draw(replace(chart, title=title or chart.title), lang=lang, source=source, ax=ax)

        return plot


def page_charts(plots: Plots, lang: str = "nl") -> tuple[Chart, ...]:
    """Return the charts of a result that stand on a page, with their own arguments as they are by default."""
    made, on_page = vars(plots)["_charts"], vars(plots)["_on_page"]
    return tuple(made[name](lang=lang) for name in on_page)
