"""What a chart is, before a renderer draws it: a page in Vega-Lite, a notebook in matplotlib, a workbook in Excel.

Okabe and Ito's colours are told apart with every common colour blindness; the first are the most used.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

from ggu_costs.brief import Brief

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
        """Names of the columns of a chart of bars or lines: across, the figures, and the ends of the range."""
        return tuple(filter(None, (self.x, *self.y, self.low, self.high)))
