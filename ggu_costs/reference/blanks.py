"""A table of figures by code in which some are left empty, because they are not known (PM)."""

from __future__ import annotations

from pathlib import Path

from ggu_costs.reference._numbers import is_missing
from ggu_costs.reference._rows import rows_of
from ggu_costs.reference.tables import read_table

__all__ = ["with_blanks"]


def with_blanks(given: object) -> object:
    """Read a file in which rows have an empty cell, with NaN for those codes; return anything else as it is."""
    import pandas as pd

    if not isinstance(given, str | Path):
        return given
    table = rows_of(given)
    full = [cells for _, cells in table.rows if not any(is_missing(cell) for cell in cells)]
    if "code" not in table.header or len(full) == len(table.rows) or not full:
        return given  # nothing is empty, or nothing can be made of it: the reader of files says what is wrong
    figures = read_table(pd.DataFrame(full, columns=list(table.header)))
    if isinstance(figures, pd.DataFrame):
        return given
    blank = [code for code in table.column("code") if code not in figures.index]
    return pd.concat([figures, pd.Series(float("nan"), index=pd.Index(blank, name="code"), name=figures.name)])
