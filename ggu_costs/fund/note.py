"""The note for one municipality (notitie): what it pays, why that changed, what a proposal does, its place.

A model says how one amount came about; this adds what an alderman asks next: the years or the proposals side by side
with VAT, and where the municipality stands among all, and among those of similar size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ggu_costs.display.result import Explanation, Result
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.words.page import phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["comparison_note", "placed", "years_table"]

_NEIGHBOURS = 5  # municipalities of the nearest size, shown on either side
_LETTERS = "abc"

Line = tuple[str, object, str]


def years_table(bills: Mapping[str, Any], code: str, *, title: str, index: str) -> pd.DataFrame:
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

    rows: dict[str, dict[str, object]] = {}
    attrs: dict[str, Any] = {"units": {}, "pm": []}
    for name, bill in bills.items():
        frame = bill.to_frame()
        if code in frame.index:
            rows[name] = frame.loc[code].drop(["name", "metric", "ratio", "method"]).to_dict()
            attrs["units"] |= frame.attrs["units"]
            attrs["pm"] += frame.attrs["pm"]
    made = pd.DataFrame.from_dict(rows, orient="index").infer_objects()
    made.index = pd.Index(list(rows), name=index)
    kept = {name: unit for name, unit in attrs["units"].items() if name in made}
    made.attrs = {"title": title, "units": kept, "pm": [name for name in dict.fromkeys(attrs["pm"]) if name in made],
                  "illustrative": any(bill.illustrative for bill in bills.values())}  # fmt: skip
    return made


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
    place = list(ordered.index).index(code)
    found = ordered.iloc[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1].copy()
    found.attrs = {**frame.attrs, "title": title, "total": [], "notes": []}
    return found


def comparison_note(comparison: Any, code: str) -> tuple[str, dict[str, pd.DataFrame], tuple[Line, ...]]:
    """Return title, tables and summary of a comparison of funds or fees for one municipality.

    Raises
    ------
    InputError
        A comparison of other models, which has no bills.
    UnknownNameError
        A municipality that is not in it.
    """
    bills: Sequence[Any] = getattr(comparison, "bills", ())
    if not bills:
        raise InputError(
            "only funds and fees are compared for one municipality",
            remedy="Leave --municipality out, or run each model with it.",
        )
    frame = comparison.to_frame()
    if code not in frame.index:
        raise UnknownNameError("municipality in this comparison", code, list(frame.index))
    name = str(frame.loc[code, "name"])
    by_letter = dict(zip(_LETTERS, bills, strict=False))
    known = {letter: bill for letter, bill in by_letter.items() if code in bill.cents}
    tables = {"sides": years_table({f"{letter.upper()}: {bill.title}": bill for letter, bill in by_letter.items()},
                                   code, title="Naast elkaar", index="variant")}  # fmt: skip
    effects = _steps(comparison, comparison.explain(code), "Effect van het voorstel")
    tables["effect"] = effects.iloc[len(bills) :].drop(columns="basis")  # the amounts themselves stand side by side
    for letter in [letter for letter in known if letter != _LETTERS[0]]:
        change = known[letter].change_from(bills[0])
        title = f"Waarom {letter.upper()} anders is dan A"
        tables[f"change_{letter}"] = _steps(change, change.explain(code), title).drop(columns="basis")
    tables["similar_size"] = near(frame, code, "Gemeenten van vergelijkbare omvang")
    for letter, bill in known.items():
        title = f"{letter.upper()}: van bron naar bedrag ({bill.title})"
        tables[f"steps_{letter}"] = _steps(bill, bill.explain(code), title)
    summary: list[Line] = []
    for letter, bill in known.items():
        summary.append((f"{bill.column}_{letter}", bill.cents[code] / 100, "EUR"))
    for letter in _LETTERS[1 : len(bills)]:
        for column in (f"effect_{letter}", f"effect_per_inhabitant_{letter}"):
            summary.append((column, float(frame.loc[code, column]), frame.attrs["units"][column]))
    return f"{name} ({code}): {comparison.title}", tables, (*summary, *placed(frame, code))


def _steps(result: Result, explained: Explanation, title: str) -> pd.DataFrame:
    frame = explained.to_frame()
    frame.attrs = {"title": title, "notes": [], "illustrative": result.illustrative}
    return frame
