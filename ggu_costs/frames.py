"""What a frame says of itself: title, units of its columns, what is PM, what is added up, which notes belong to it.

Pandas carries such facts in ``DataFrame.attrs`` and ``Series.attrs``. They are written here and nowhere else, so that
the names of the facts, and what a frame that lost columns keeps of them, have one home. It stands below all rooms,
because reference tables label their frames too.

==============  ====================================================================================================
``title``       Dutch, for people
``units``       unit by column, or one unit for all
``decimals``    decimals that people are shown, by column or by unit; below 0: tens, thousands and so on
``pm``          columns whose missing figures are memorandum items (PM-posten)
``total``       columns to add up
``notes``       what a reader must know
``sign``        ``gemeentefonds``: a minus is a disadvantage (nadeel)
==============  ====================================================================================================

``illustrative`` and ``indicative`` are marks that every output prints. Rooms may add facts of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd


Labelled = TypeVar("Labelled", "pd.DataFrame", "pd.Series[Any]")


def describe(frame: Labelled, **facts: Any) -> Labelled:
    """Put facts on a frame in place of all that it said before, and return the same frame.

    Examples
    --------
    >>> import pandas as pd
    >>> describe(pd.DataFrame({"fee": [1.0]}), title="Contributie", units={"fee": "EUR"}).attrs
    {'title': 'Contributie', 'units': {'fee': 'EUR'}}
    """
    frame.attrs = {}
    frame.attrs.update(facts)
    return frame


def amend(frame: Labelled, **facts: Any) -> Labelled:
    """Put facts on a frame beside what it says already, and return the same frame; a fact named anew is replaced.

    Examples
    --------
    >>> import pandas as pd
    >>> amend(describe(pd.DataFrame(), title="Bijdrage", notes=[]), title="Contributie").attrs
    {'title': 'Contributie', 'notes': []}
    """
    frame.attrs.update(facts)
    return frame
