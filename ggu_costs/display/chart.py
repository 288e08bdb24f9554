"""What a chart is, before a renderer draws it: a page in Vega-Lite, a notebook in matplotlib, a workbook in Excel.

The charts that people in municipal finance expect, and how to ask for them:

=========================  ==========================================================================================
why did it change          ``steps`` (a waterfall): a row a cause, `start` the old amount; the new one follows
who gains and who loses    :func:`ranked`: the largest either way, by name, as ``bars``
how likely is how much     ``line`` with amounts in `x` and probabilities in `y`, one column for each reading of a range
how certain over time      ``line`` over ``year`` (a fan): the middle in `y`, `low` and `high` around it, `inner` within
=========================  ==========================================================================================

One-off and structural amounts are never in one chart: they have no common axis.

Okabe and Ito's colours are told apart with every common colour blindness; the first are the most used.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.frames import describe

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000")
MORE, LESS = "#D55E00", "#0072B2"
"""Pays more, pays less."""
INK, QUIET, FAINT = "#222222", "#5F5F5F", "#DDDDDD"

Kind: TypeAlias = Literal["bars", "line", "pair", "panels", "points", "ranges", "stack", "steps", "tornado"]
"""How a chart is drawn; see :class:`Chart`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart(Brief):
    """A chart: a frame, and which of its columns are drawn. On a page the frame itself is the table beside it.

    Attributes
    ----------
    title
        What stands above it.
    frame
        The figures, the index being a column like the others; units, notes and marks in its attrs.
    kind
        ``bars``: a bar a row, for each of `y`. ``line``: a line for each of `y` over a numeric `x`. ``pair``: two bars
        a row, the first of `y` alone and the second together, with what that saves. ``panels``: a line in a panel of
        its own for each of `y`. ``points``: the first of `y` against a number of inhabitants `x`. ``ranges``: the same
        with the range from `low` to `high`. ``stack``: a bar for each of `y`, of the rows one upon the other.
        ``steps``: from `start`, row by row, to the sum. ``tornado``: from `start` to the two of `y`, a row each.
    x
        Column of the categories, or of the horizontal axis.
    y
        Columns with the figures.
    low, high
        Columns with the ends of the range (bandbreedte) around the first of `y`.
    inner
        Columns with the ends of a second range, within the first.
    start
        Where steps begin, and what a tornado is around.
    named
        How many of the largest points on either side have their name beside them.
    mark
        A point of a line with words of its own: where it lies, and the words.
    """

    title: str
    frame: pd.DataFrame
    kind: Kind
    x: str
    y: tuple[str, ...]
    low: str = ""
    high: str = ""
    inner: tuple[str, str] | None = None
    start: float = 0.0
    named: int = 0
    mark: tuple[float, float, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of a chart of bars or lines: across, the figures, and the ends of the ranges."""
        return tuple(dict.fromkeys(filter(None, (self.x, *self.y, self.low, self.high, *(self.inner or ())))))


def ranked(frame: pd.DataFrame, column: str, *, title: str, names: str = "name", most: int = 10) -> Chart:
    """Return the largest either way as bars, by name: the `most` largest figures above nil and as many below.

    Parameters
    ----------
    frame
        A row for each municipality.
    column
        Its figures, of which plus and minus are both news. Missing ones and those of nil are left out.
    title
        What stands above it.
    names
        Column with what the rows are called.
    most
        How many on either side.

    Examples
    --------
    >>> effects = pd.DataFrame({"name": ["Assen", "Emmen", "Meppel"], "difference": [5.0, -2.0, 7.0]})
    >>> ranked(effects, "difference", title="Effect", most=1).frame["difference"].to_dict()
    {'Meppel': 7.0, 'Emmen': -2.0}
    """
    figures = frame[[names, column]].dropna().sort_values(column, ascending=False, kind="stable")
    above, below = figures[figures[column] > 0].head(most), figures[figures[column] < 0].tail(most)
    chosen = pd.concat([above, below]).set_index(names)
    units = frame.attrs.get("units", {})
    kept = {column: units.get(column, "")} if isinstance(units, dict) else units
    describe(chosen, units=kept, illustrative=bool(frame.attrs.get("illustrative")))
    return Chart(title=title, frame=chosen, kind="bars", x=names, y=(column,))
