"""The row with the total of a published table: kept apart from its lines, and compared with their sum.

Official tables are often some euros off their own lines, which were rounded one by one. That is said, and nothing is
changed: neither a line nor the total.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import shown
from ggu_costs.money import shortest
from ggu_costs.reference._numbers import is_missing, read_numbers
from ggu_costs.reference._rows import Rows

if TYPE_CHECKING:
    import pandas as pd


class PublishedTotalWarning(UserWarning):
    """A published total is not the sum of its lines; both are left as they are published."""


def without_total(table: Rows, label: str) -> tuple[Rows, Rows]:
    """Return the lines of a table, and its row with the total, which has the label in one of its cells.

    Raises
    ------
    InputError
        No such row, or several.
    """
    if not isinstance(label, str) or not label.strip():
        raise InputError(f"total is {shown(label)}", remedy="Give the text that marks the row, such as 'Totaal'.")
    wanted = label.strip().casefold()
    marked = [row for row in table.rows if any(isinstance(c, str) and c.strip().casefold() == wanted for c in row[1])]
    if len(marked) != 1:
        lines = f": lines {listed([line for line, _ in marked])}" if marked else ""
        raise InputError(
            f"{table.source}: {len(marked)} rows are marked {label!r}{lines}",
            remedy="Name the text that stands in the row with the total, and in no other.",
        )
    return replace(table, rows=[row for row in table.rows if row not in marked]), replace(table, rows=marked)


def compared_with_total(figures: pd.Series | pd.DataFrame, row: Rows, marks: Mapping[Any, str]) -> dict[str, object]:
    """Return what a table publishes as totals and the gap of each column: total minus the sum of the lines.

    Parameters
    ----------
    figures
        The lines, as they were read.
    row
        The row with the totals.
    marks
        With which the lines were read.

    Warns
    -----
    PublishedTotalWarning
        A total that is not the sum of its lines, with the gap.
    """
    import pandas as pd

    frame = figures.to_frame() if isinstance(figures, pd.Series) else figures
    columns: dict[str, list[float]] = {str(name): column.tolist() for name, column in frame.items()}
    faults = Faults()
    given = {name: [cell for cell in row.cells(name) if not is_missing(cell[1])] for name in columns}
    totals, _ = read_numbers(given, decimal=marks.get("decimal"), thousands=marks.get("thousands"), faults=faults)
    faults.check(f"{row.source}: the total cannot be read", remedy="Correct it, or leave out the argument total.")
    published = {name: total[0] for name, total in totals.items() if total}
    gaps = {name: float(_exact([total]) - _exact(columns[name])) for name, total in published.items()}
    for name, gap in gaps.items():
        if gap:
            warnings.warn(
                f"{row.source}, {name}: the published total of {published[name]:,.2f} is {abs(gap):,.2f} "
                f"{'more' if gap > 0 else 'less'} than its {len(columns[name])} lines together; neither is changed",
                PublishedTotalWarning,
                stacklevel=4,
            )
    return {"published_total": published, "gap": gaps}


def _exact(figures: Sequence[float]) -> Fraction:
    return sum((shortest(float(figure)) for figure in figures if not math.isnan(figure)), Fraction(0))
