"""What a run of a fund or fee shows: for all municipalities, or for one."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from ggu_costs.display.report import Report
from ggu_costs.display.result import Result
from ggu_costs.fund.terms import check_known
from ggu_costs.reference import names_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.bill import Bill
    from ggu_costs.fund.fee import Fee
    from ggu_costs.fund.model import Fund

__all__ = ["report"]

_NEIGHBOURS = 5  # municipalities of the nearest size, shown on either side of one municipality


def report(model: Fund | Fee, bills: list[Bill], municipality: str | None) -> Report:
    """Gather tables, summary and notes of a run."""
    tables = _one(bills, municipality) if municipality else _all(model, bills)
    title = model.title if municipality is None else f"{_name(bills[-1], municipality)} ({municipality}): {model.title}"
    last = bills[-1]
    return Report(
        title=title,
        tables=tables,
        summary=_summary(bills, municipality),
        notes=tuple(dict.fromkeys(note for bill in bills for note in bill.notes)),
        provenance=model.provenance(
            years=[bill.terms.year for bill in bills],
            map_dates=[bill.terms.map_date.isoformat() for bill in bills],
            counting_dates=[bill.terms.counting_date.isoformat() for bill in bills],
            municipality=municipality,
        ),
        illustrative=last.illustrative,
    )


def _name(bill: Bill, code: str) -> str:
    check_known(code, bill.cents, "municipality in this bill", bill.terms.map_date)
    return names_of(bill.terms.map_date)[code]


def _suffix(bills: list[Bill], bill: Bill) -> str:
    return f"_{bill.terms.year}" if len(bills) > 1 else ""


def _all(model: Fund | Fee, bills: list[Bill]) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    for bill in bills:
        name = "fees" if bill.terms.kind == "fee" else "contributions"
        tables[name + _suffix(bills, bill)] = bill.to_frame()
    for group in ("size_class", "province"):
        tables[f"by_{group}" + _suffix(bills, bills[-1])] = bills[-1].by(group)
    for earlier, later in pairwise(bills):
        tables[f"change_{later.terms.year}"] = later.change_from(earlier).to_frame()
    for result in model.more_results():
        for name, frame in result.items():
            tables[name] = frame
    return tables


def _one(bills: list[Bill], code: str) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    for bill in bills:
        _name(bill, code)
        steps = bill.explain(code).to_frame()
        tables["steps" + _suffix(bills, bill)] = _marked(bill, steps, f"{bill.title}: van bron naar bedrag")
    for earlier, later in pairwise(bills):
        change = later.change_from(earlier)
        steps = change.explain(code).to_frame().drop(columns="basis")
        tables[f"change_{later.terms.year}"] = _marked(change, steps, change.title)
    tables["similar_size"] = similar_size(bills[-1], code)
    return tables


def _marked(result: Result, frame: pd.DataFrame, title: str) -> pd.DataFrame:
    frame.attrs = {"title": title, "notes": list(result.notes), "illustrative": result.illustrative}
    return frame


def similar_size(bill: Bill, code: str) -> pd.DataFrame:
    """Return the municipality among those of the nearest number of inhabitants, by size."""
    frame = bill.to_frame()
    ordered = frame.sort_values("inhabitants", kind="stable")
    place = ordered.index.get_loc(code)
    assert isinstance(place, int)  # noqa: S101 (codes are unique)
    near = ordered.iloc[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
    near = near[["name", "inhabitants", bill.column, "per_inhabitant"]].copy()
    near.attrs = {**frame.attrs, "title": f"{bill.title}: gemeenten van vergelijkbare omvang", "total": []}
    return near


def _summary(bills: list[Bill], code: str | None) -> tuple[tuple[str, object, str], ...]:
    lines: list[tuple[str, object, str]] = []
    for bill in bills:
        year = f" {bill.terms.year}" if len(bills) > 1 else ""
        people = bill.terms.figures["inhabitants"]
        if code is None:
            whole = sum(people.values(), Fraction(0))
            lines.append((f"municipalities{year}", len(bill.cents), "count"))
            lines.append((f"inhabitants{year}", int(whole), "inhabitants"))
            lines.append((f"total{year}", bill.total, "EUR"))
            lines.append((f"per_inhabitant{year}", float(Fraction(bill.total_cents, 100) / whole), "EUR/inhabitant"))
            if bill.terms.vat.known and bill.terms.vat.state != "none":
                figures = bill.national()
                lines += [(f"{name}{year}", float(figures[name]), "EUR") for name in ("vat", "recoverable_vat", "net")]
        else:
            lines.append((f"{bill.column}{year}", bill.cents[code] / 100, "EUR"))
            per = float(Fraction(bill.cents[code], 100) / people[code]) if people[code] else None
            lines.append((f"per_inhabitant{year}", per, "EUR/inhabitant"))
    return tuple(lines)
