"""What the note for one municipality (notitie) adds to the steps to its amount: what an alderman asks next.

The years or the proposals side by side with VAT, and where the municipality stands among all.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.words.page import phrase

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.display.report import Line
    from ggu_costs.fund.billed import Billed

__all__ = ["bills_table", "rank_lines"]


def bills_table(name: str, title: str, bills: Mapping[str, Billed], code: str, *, index: str) -> Table:
    """Return the bill of one municipality over the years, or over proposals: amounts, VAT and what is left.

    Parameters
    ----------
    name, title
        As for :class:`~ggu_costs.display.table.Table`.
    bills
        Bills by what their row is called.
    code
        The municipality; a bill on a map without it is left out.
    index
        Name of the column with what a row is called.
    """
    import pandas as pd

    rows: dict[str, Mapping[Hashable, object]] = {}
    units: dict[str, str] = {}
    pm: dict[str, None] = {}
    for row, bill in bills.items():
        frame = bill.to_frame()
        if code in frame.index:
            rows[row] = frame.loc[code].drop(["name", "metric", "ratio", "method"]).to_dict()
            units |= frame.attrs["units"]
            pm |= dict.fromkeys(frame.attrs["pm"])
    table = pd.DataFrame.from_dict(rows, orient="index").infer_objects()
    table.index = pd.Index(list(rows), name=index)
    known = {column: unit for column, unit in units.items() if column in table}
    describe(table, units=known, pm=[column for column in pm if column in table])
    return Table(name, title, table, illustrative=any(bill.illustrative for bill in bills.values()))


def rank_lines(frame: pd.DataFrame, code: str, rate: str = "") -> list[Line]:
    """Return the place of a municipality by inhabitants and, where amounts differ, by amount per inhabitant."""
    lines: list[Line] = []
    columns = (("place_by_size", "inhabitants"), ("place_by_rate", rate))
    for name, column in columns:
        if column in frame and frame[column].round(2).nunique() > 1:
            ahead = int((frame[column] > frame.loc[code, column]).sum())
            lines.append((name, phrase("rank").format(rank=ahead + 1, n=len(frame)), ""))
    return lines
