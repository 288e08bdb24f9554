"""Parts of the note for one municipality (notitie): amounts side by side, steps, neighbours in size, its place.

A model says how one amount came about; these add what an alderman asks next: the years or the proposals side by side
with VAT, and where the municipality stands among all, and among those of similar size.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ggu_costs.frames import amend, describe
from ggu_costs.words.page import phrase

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.display.result import Explanation
    from ggu_costs.fund.billed import Billed

__all__ = ["Line", "bills_table", "near", "placed", "steps_table"]

_NEIGHBOURS = 5  # municipalities of the nearest size, shown on either side

Line = tuple[str, object, str]
"""A line of a summary: label, value and unit."""


class Explained(Protocol):
    """A result that accounts for the amounts of one municipality."""

    @property
    def illustrative(self) -> bool:
        """Whether anything in it is made up for the example."""

    def explain(self, code: str) -> Explanation:
        """Return the steps from source to amount."""


def bills_table(bills: Mapping[str, Billed], code: str, *, title: str, index: str) -> pd.DataFrame:
    """Return the bill of one municipality over the years, or over proposals: amounts, VAT and what is left.

    Parameters
    ----------
    bills
        Bills by what their row is called.
    code
        The municipality; a bill on a map without it is left out.
    title
        What stands above the table.
    index
        Name of the column with what a row is called.
    """
    import pandas as pd

    rows: dict[str, Mapping[Hashable, object]] = {}
    units: dict[str, str] = {}
    pm: dict[str, None] = {}
    for name, bill in bills.items():
        frame = bill.to_frame()
        if code in frame.index:
            rows[name] = frame.loc[code].drop(["name", "metric", "ratio", "method"]).to_dict()
            units |= frame.attrs["units"]
            pm |= dict.fromkeys(frame.attrs["pm"])
    table = pd.DataFrame.from_dict(rows, orient="index").infer_objects()
    table.index = pd.Index(list(rows), name=index)
    return describe(
        table,
        title=title,
        units={name: unit for name, unit in units.items() if name in table},
        pm=[name for name in pm if name in table],
        illustrative=any(bill.illustrative for bill in bills.values()),
    )


def placed(frame: pd.DataFrame, code: str, rate: str = "") -> list[Line]:
    """Return the place of a municipality by inhabitants and, where amounts differ, by amount per inhabitant."""
    lines: list[Line] = []
    columns = (("place_by_size", "inhabitants"), ("place_by_rate", rate))
    for name, column in columns:
        if column in frame and frame[column].round(2).nunique() > 1:
            ahead = int((frame[column] > frame.loc[code, column]).sum())
            lines.append((name, phrase("rank").format(rank=ahead + 1, n=len(frame)), ""))
    return lines


def near(frame: pd.DataFrame, code: str, title: str) -> pd.DataFrame:
    """Return the rows of the municipalities of the nearest number of inhabitants, in order of size."""
    ordered = frame.sort_values("inhabitants", kind="stable")
    rank = list(ordered.index).index(code)
    return amend(ordered.iloc[max(0, rank - _NEIGHBOURS) : rank + _NEIGHBOURS + 1].copy(), title=title, total=[])


def steps_table(
    result: Explained, code: str, title: str, *, notes: Sequence[str] = (), basis: bool = True
) -> pd.DataFrame:
    """Return the steps to the amount of one municipality, with or without what each rests on."""
    frame = result.explain(code).to_frame()
    shown = frame if basis else frame.drop(columns="basis")
    return describe(shown, title=title, notes=list(notes), illustrative=result.illustrative)
