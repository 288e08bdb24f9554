"""The one reader of figures: what users give as numbers becomes exact numbers and clean arrays, or named faults.

Every figure of the public interface goes through here. Text, truth values, complex numbers, dates and other objects are
no figures, in a list as in an array, a Series or a frame. What a mask, ``None``, NaN or ``pd.NA`` marks is missing.
Numbers of numpy and pandas count as Python's own; ``Decimal`` and ``Fraction`` stay exact where exact numbers are read.
Labels decide how figures meet: :func:`in_order` brings what has labels into an order, never by position.
"""

from ggu_costs.figures.labels import in_order, is_pandas, labelled
from ggu_costs.figures.many import read_exact, read_figures
from ggu_costs.figures.one import (
    MOST,
    Number,
    adds_up,
    finite,
    is_missing,
    plain,
    read_number,
    read_whole,
    shown,
)

__all__ = [
    "MOST",
    "Number",
    "adds_up",
    "finite",
    "in_order",
    "is_missing",
    "is_pandas",
    "labelled",
    "plain",
    "read_exact",
    "read_figures",
    "read_number",
    "read_whole",
    "shown",
]
