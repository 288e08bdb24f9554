"""A chart drawn with matplotlib, which is loaded here and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ggu_costs.display.chart import Chart
from ggu_costs.display.language import chart_in
from ggu_costs.errors import not_installed
from ggu_costs.words.languages import check_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw(chart: Chart, *, lang: str = "nl", source: str = "", ax: Axes | None = None) -> Figure:
    """Return a chart as a matplotlib Figure, which a notebook shows and ``figure.savefig`` writes.

    pyplot is not used and nothing global is touched. Figures that are missing or infinite are not drawn as if they were
    known: the error names their rows.

    Parameters
    ----------
    chart
        The chart; the banner FICTIEF VOORBEELD is printed where the frame's attrs say ``illustrative``.
    lang
        ``nl`` or ``en``.
    source
        A line at the foot of the figure.
    ax
        Axes to draw in, instead of a figure of its own.

    Raises
    ------
    InputError
        No rows, figures that are missing, infinite or below what the kind of chart can show; two panels in one `ax`.
    UnknownNameError
        No such column or language.
    GguCostsError
        matplotlib is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> from ggu_costs.display.chart import Chart
    >>> frame = pd.DataFrame({"difference": [-1200.0, 1200.0]}, index=pd.Index(["Noord", "Zuid"], name="region"))
    >>> figure = draw(Chart(title="Effect per regio", frame=frame, kind="bars", x="region", y=("difference",)))
    >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
    ['Noord', 'Zuid']
    """
    try:
        import matplotlib  # noqa: F401 (only whether it is there)
    except ImportError as error:
        raise not_installed("a plot", "matplotlib", "plots") from error
    check_language(lang)
    from ggu_costs.display.drawn.marks import MARKS, Canvas

    canvas = Canvas(chart_in(chart, lang), lang, source, ax)
    MARKS[chart.kind](canvas)
    return canvas.figure
