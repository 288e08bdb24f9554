"""The one reader of figures: what users give as numbers becomes exact numbers and clean arrays, or named faults.

Every figure of the public interface goes through here. Text, truth values, complex numbers, dates and other objects are
no figures, in a list as in an array, a Series or a frame. What a mask, ``None``, NaN or ``pd.NA`` marks is missing.
Numbers of numpy and pandas count as Python's own; ``Decimal`` and ``Fraction`` stay exact where exact numbers are read.
Labels decide how figures meet: :func:`in_order` brings what has labels into an order, never by position.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.figures.labels import in_order as in_order
    from ggu_costs.figures.labels import is_pandas as is_pandas
    from ggu_costs.figures.labels import labelled as labelled
    from ggu_costs.figures.many import read_exact as read_exact
    from ggu_costs.figures.many import read_figures as read_figures
    from ggu_costs.figures.one import MOST as MOST
    from ggu_costs.figures.one import Number as Number
    from ggu_costs.figures.one import adds_up as adds_up
    from ggu_costs.figures.one import check_flags as check_flags
    from ggu_costs.figures.one import finite as finite
    from ggu_costs.figures.one import has_entries as has_entries
    from ggu_costs.figures.one import is_missing as is_missing
    from ggu_costs.figures.one import is_too_large as is_too_large
    from ggu_costs.figures.one import plain as plain
    from ggu_costs.figures.one import read_flags as read_flags
    from ggu_costs.figures.one import read_number as read_number
    from ggu_costs.figures.one import read_whole as read_whole
    from ggu_costs.figures.one import shown as shown
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "figures.labels": "in_order is_pandas labelled",
            "figures.many": "read_exact read_figures",
            "figures.one": "MOST Number adds_up check_flags finite has_entries is_missing is_too_large plain "
            "read_flags read_number read_whole shown",
        },
    )
