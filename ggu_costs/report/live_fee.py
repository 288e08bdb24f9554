r"""A fee by brackets as live formulas: the number of inhabitants in each bracket, times its rate, rounded to the cent.

With bracket bounds :math:`b_k` and rates :math:`r_k` a municipality of q inhabitants pays
:math:`\sum_k r_k \max(0, \min(q, b_{k+1}) - b_k)` (marginal), or :math:`r_k q` of the bracket it falls in (whole
class). A sheet is written only when these formulas, computed here as a spreadsheet does, give the library's cents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ggu_costs.display.columns import Column
from ggu_costs.display.table import Table
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, phrase

if TYPE_CHECKING:
    from ggu_costs.display.report import Brackets
    from ggu_costs.report.sheet import Sheet

__all__ = ["LiveFee", "live_fee", "write_live_fee"]

_DIGITS = ".15g"  # that a spreadsheet rounds by


@dataclass(frozen=True)
class LiveFee:
    """A fee that formulas reproduce: who pays it for how many inhabitants, brackets with their rates, the result."""

    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    people: tuple[float, ...]
    bounds: tuple[float, ...]
    rates: tuple[float, ...]
    marginal: bool
    cents: tuple[int, ...]

    def within(self, people: float) -> list[float]:
        """Return how many of the inhabitants pay the rate of each bracket."""
        ends = list(pairwise((*self.bounds, math.inf)))
        if self.marginal:
            return [max(0.0, min(people, upper) - lower) for lower, upper in ends]
        return [people if lower <= people < upper else 0.0 for lower, upper in ends]

    def reproduced(self) -> list[int]:
        """Return the cents that the formulas give."""
        found = []
        for people in self.people:
            amount = sum(units * rate for units, rate in zip(self.within(people), self.rates, strict=True))
            found.append(int((Decimal(format(amount, _DIGITS)) * 100).quantize(Decimal(1), ROUND_HALF_UP)))
        return found


def live_fee(table: Table, columns: Sequence[Column], tariff: Brackets) -> LiveFee | None:
    """Return the fee in a table, where formulas with a tariff reproduce it; None where they do not."""
    by_name = {column.name: column for column in columns}
    if not {"code", "inhabitants", "fee"} <= set(by_name) or tariff.fixed or not len(table.frame):
        return None
    figures = [by_name[name].values for name in ("inhabitants", "fee")]
    if any(not numbers.is_number(value) for values in figures for value in values):
        return None
    live = LiveFee(
        title=table.title,
        codes=tuple(map(str, by_name["code"].values)),
        names=tuple(map(str, (by_name.get("name") or by_name["code"]).values)),
        people=tuple(float(str(value)) for value in figures[0]),
        bounds=tuple(map(float, tariff.brackets)),
        rates=tuple(map(float, tariff.rates)),
        marginal=tariff.mode == "marginal",
        cents=tuple(round(float(str(value)) * 100) for value in figures[1]),
    )
    return live if live.reproduced() == list(live.cents) else None


def write_live_fee(page: Sheet, live: LiveFee, lang: str) -> None:
    """Write the sheet: the brackets with rates that can be changed, then a row for each municipality."""
    whole, cents_of = page.book.style("text", num_format="#,##0"), page.book.style("text", num_format="#,##0.00")
    rate_of = page.book.style("text", num_format="#,##0.00####")
    count = len(live.bounds)
    page.widths(14, 30, *(16 for _ in range(count + 3)))
    _heads(page, page.row, [phrase(f"live_{name}", lang) for name in ("bracket", "from", "until", "rate")], texts=1)
    top = page.row + 2  # the first bracket, as Excel counts
    for place, (bound, rate) in enumerate(zip(live.bounds, live.rates, strict=True)):
        row, last = top + place - 1, place == count - 1
        page.text(row, 0, str(place + 1))
        page.formula(row, 1, "", bound, whole)
        if last:
            page.text(row, 2, phrase("and_more", lang), align="right")
        else:
            page.formula(row, 2, f"=B{top + place + 1}", live.bounds[place + 1], whole)
        page.formula(row, 3, "", rate, rate_of)
    header = top + count  # as Excel counts from 0: a line for the check, an empty one, the heads
    first, end = header + 3, header + 2 + len(live.codes)
    computed, result = _column(3 + count), _column(4 + count)
    page.text(header - 1, 0, phrase("live_check", lang), "name")
    ranges = [f"${column}${first}:${column}${end}" for column in (computed, result)]
    page.formula(header - 1, 3, f"=SUMPRODUCT(ABS(ROUND({ranges[0]}-{ranges[1]},2)))", 0, cents_of)
    brackets = [phrase("live_within", lang).format(place=place + 1) for place in range(count)]
    words = [*(label(name, lang) for name in ("code", "name", "inhabitants")), *brackets,
             *(phrase(f"live_{name}", lang) for name in ("amount", "result"))]  # fmt: skip
    _heads(page, first - 2, words, texts=2)
    for place, code in enumerate(live.codes):
        at = first + place
        page.text(at - 1, 0, code)
        page.text(at - 1, 1, live.names[place])
        page.formula(at - 1, 2, "", live.people[place], whole)
        units = live.within(live.people[place])
        for bracket, figure in enumerate(units):
            page.formula(at - 1, 3 + bracket, _units(live, bracket, top, at), figure, whole)
        paid = "+".join(f"{_column(3 + bracket)}{at}*$D${top + bracket}" for bracket in range(count))
        page.formula(at - 1, 3 + count, f"=ROUND({paid},2)", live.cents[place] / 100, cents_of)
        page.formula(at - 1, 4 + count, "", live.cents[place] / 100, cents_of)
    page.sheet.freeze_panes(first - 1, 2)
    page.sheet.repeat_rows(first - 2)
    page.row = end + 1
    page.note(phrase("live_fee_note" if live.marginal else "live_class_note", lang))


def _units(live: LiveFee, bracket: int, top: int, at: int) -> str:
    """Return the formula for the inhabitants of row `at` that pay the rate of a bracket."""
    lower, upper, last = f"$B${top + bracket}", f"$C${top + bracket}", bracket == len(live.bounds) - 1
    if live.marginal:
        return f"=MAX(0,C{at}-{lower})" if last else f"=MAX(0,MIN(C{at},{upper})-{lower})"
    return f"=IF(C{at}>={lower},C{at},0)" if last else f"=IF(AND(C{at}>={lower},C{at}<{upper}),C{at},0)"


def _heads(page: Sheet, row: int, words: Sequence[str], *, texts: int) -> None:
    for place, text in enumerate(words):
        page.text(row, place, capital(text), "header" if place < texts else "header_right")
    page.height(row, words)


def _column(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    name: Any = xl_col_to_name(place)
    return str(name)
