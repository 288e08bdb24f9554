r"""The allocation of a fund year as live formulas: largest remainders in Excel's own arithmetic.

With :math:`T` cents to share and weights :math:`w_i` that add up to :math:`S`, write :math:`T = qS + r`. Where the
weights are whole, municipality i gets :math:`q w_i + \lfloor r w_i / S \rfloor` cents and has the rest
:math:`r w_i \bmod S`; every product stays below :math:`2^{53}`, so a spreadsheet computes it exactly. The cents left go
to the largest rests, ties to the first in the list. Other weights (mixed keys) are computed as
:math:`\lfloor T w_i / S \rfloor`, with the rest rounded to a millionth of a cent.

A sheet is written only when these formulas, computed here as a spreadsheet does, give the library's cents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ggu_costs.display.columns import Column
from ggu_costs.display.table import Table
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.page import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ggu_costs.report.sheet import Sheet

__all__ = ["Live", "live_allocation", "write_live"]

_EXACT = 2**53
_REST_DECIMALS = 6


@dataclass(frozen=True)
class Live:
    """An allocation that formulas reproduce.

    Attributes
    ----------
    title
        Title of the table it is of.
    codes, names
        Who shares.
    weights, weighed_by
        The weights, and the column they come from.
    cents
        The amounts of the result.
    """

    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    weights: tuple[float, ...]
    weighed_by: str
    cents: tuple[int, ...]

    @property
    def total(self) -> int:
        """Cents to share."""
        return sum(self.cents)

    @cached_property
    def whole(self) -> bool:
        """Whether the weights are whole, and small enough for exact products."""
        size = sum(self.weights)
        return all(float(weight).is_integer() for weight in self.weights) and size * max(self.weights) < _EXACT

    def floors(self) -> list[tuple[float, float]]:
        """Return whole cents and rest of each, as the formulas give them."""
        size = math.fsum(self.weights)
        if self.whole:
            share, left = divmod(self.total, int(size))
            parts = [divmod(left * int(weight), int(size)) for weight in self.weights]
            return [(share * int(w) + part, rest) for w, (part, rest) in zip(self.weights, parts, strict=True)]
        quotas = [self.total * weight / size for weight in self.weights]
        return [(math.floor(quota), round(quota - math.floor(quota), _REST_DECIMALS)) for quota in quotas]

    def ranks(self) -> list[int]:
        """Return the place of each rest, the largest first, ties to the first in the list."""
        rests = [rest for _, rest in self.floors()]
        order = sorted(range(len(rests)), key=lambda place: -rests[place])  # stable
        places = {row: rank for rank, row in enumerate(order, start=1)}
        return [places[row] for row in range(len(rests))]

    def reproduced(self) -> list[int]:
        """Return the cents that the formulas give."""
        floors = [floor for floor, _ in self.floors()]
        extra = self.total - sum(floors)
        return [int(floor) + (rank <= extra) for floor, rank in zip(floors, self.ranks(), strict=True)]


def live_allocation(table: Table, columns: Sequence[Column]) -> Live | None:
    """Return the allocation in a table, where formulas reproduce it; None where they do not.

    A table holds an allocation when it says so on every line: the key in ``metric``, its share in ``ratio``, and
    ``method`` is ``proportional``.
    """
    by_name = {column.name: column for column in columns}
    if not {"code", "metric", "ratio", "method"} <= set(by_name) or not len(table.frame):
        return None
    amount = next((c for c in columns if c.kind == "cents" and c.name in (table.total or ())), None)
    if amount is None or set(by_name["method"].values) != {"proportional"}:
        return None
    (weighed_by, *more) = set(map(str, by_name["metric"].values))
    weights = by_name["ratio"] if more or weighed_by not in by_name else by_name[weighed_by]
    figures = [weights.values, amount.values]
    if any(not numbers.is_number(value) or float(value) < 0 for values in figures for value in values):
        return None
    live = Live(
        title=table.title,
        codes=tuple(map(str, by_name["code"].values)),
        names=tuple(map(str, (by_name.get("name") or by_name["code"]).values)),
        weights=tuple(float(str(value)) for value in weights.values),
        weighed_by=weights.title(),
        cents=tuple(round(float(str(value)) * 100) for value in amount.values),
    )
    return live if sum(live.weights) and live.reproduced() == list(live.cents) else None


def write_live(page: Sheet, live: Live, lang: str) -> None:
    """Write the sheet: what is shared, then a row for each municipality; every cell beyond the inputs is a formula."""
    count, start = len(live.codes), page.row
    total, cents, size, share, left, extra = (f"$C${start + line}" for line in range(1, 7))
    first = start + 10  # the first row of figures, as Excel counts
    last = first + count - 1

    def down(column: str) -> str:
        return f"${column}${first}:${column}${last}"

    floors, ranks = live.floors(), live.ranks()
    whole, cents_of = page.book.style("text", num_format="#,##0"), page.book.style("text", num_format="#,##0.00")
    part_of = whole if live.whole else page.book.style("text", num_format="0.0000000000")
    weights = math.fsum(live.weights)
    q, r = divmod(live.total, int(weights)) if live.whole else (0, live.total)
    head: list[tuple[str, str, float, Any]] = [
        ("live_total", "", live.total / 100, cents_of),
        ("live_cents", f"=ROUND({total}*100,0)", live.total, whole),
        ("live_weights", f"=SUM({down('C')})", weights, part_of),
        ("live_share", f"=INT({cents}/{size})" if live.whole else "=0", q, whole),
        ("live_left", f"={cents}-{share}*{size}", r, whole),
        ("live_extra", f"={cents}-SUM({down('D')})", live.total - sum(floor for floor, _ in floors), whole),
        ("live_check", f"=SUMPRODUCT(ABS(ROUND({down('G')}-{down('H')},2)))", 0, cents_of),
    ]
    page.widths(14, 30, 20, 18, 20, 20, 18, 20)
    for line, (words, formula, value, style) in enumerate(head):
        page.text(start + line, 0, phrase(words, lang), "name")
        page.formula(start + line, 2, formula, value, style)
    heads = (label("code", lang), label("name", lang), live.weighed_by, *(phrase(f"live_{name}", lang) for name in
             ("floor", "rest", "rank", "amount", "result")))  # fmt: skip
    for place, words in enumerate(heads):
        page.text(first - 2, place, words[:1].upper() + words[1:], "header" if place < 2 else "header_right")
    page.height(first - 2, heads)
    for row, code in enumerate(live.codes):
        at = first + row  # as Excel counts
        floor, rest = floors[row]
        part = f"{left}*C{at}"
        formulas: list[tuple[str, float, Any]] = [
            (f"={share}*C{at}+INT({part}/{size})", floor, whole),
            (f"={part}-INT({part}/{size})*{size}", rest, whole) if live.whole else
            (f"=ROUND({part}/{size}-D{at},{_REST_DECIMALS})", rest, part_of),
            (f"=RANK(E{at},{down('E')})+COUNTIF($E${first}:E{at},E{at})-1", ranks[row], whole),
            (f"=(D{at}+IF(F{at}<={extra},1,0))/100", live.cents[row] / 100, cents_of),
            ("", live.cents[row] / 100, cents_of),
        ]  # fmt: skip
        page.text(at - 1, 0, code)
        page.text(at - 1, 1, live.names[row])
        page.formula(at - 1, 2, "", live.weights[row], part_of)
        for place, (formula, value, style) in enumerate(formulas, start=3):
            page.formula(at - 1, place, formula, value, style)
    page.sheet.freeze_panes(first - 1, 2)
    page.sheet.repeat_rows(first - 2)
    page.row = last + 1
    page.note(phrase("live_note", lang))
