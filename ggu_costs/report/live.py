r"""The allocation of a fund year, and a fee by brackets, as live formulas in Excel's own arithmetic.

**An allocation** by largest remainders. With :math:`T` cents to share and weights :math:`w_i` that add up to
:math:`S`, write :math:`T = qS + r`. Where the weights are whole, municipality i gets
:math:`q w_i + \lfloor r w_i / S \rfloor` cents and has the rest :math:`r w_i \bmod S`; every product stays below
:math:`2^{53}`, so a spreadsheet computes it exactly. The cents left go to the largest rests, ties to the first in the
list. Other weights (mixed keys) are computed as :math:`\lfloor T w_i / S \rfloor`, with the rest rounded to a millionth
of a cent.

**A fee** is the number of inhabitants in each bracket, times its rate, rounded to the cent. With bracket bounds
:math:`b_k` and rates :math:`r_k` a municipality of q inhabitants pays
:math:`\sum_k r_k \max(0, \min(q, b_{k+1}) - b_k)` (marginal), or :math:`r_k q` of the bracket it falls in (whole
class).

A sheet is written only when these formulas, computed here as a spreadsheet does, give the library's cents.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

from ggu_costs.display.columns import Column
from ggu_costs.display.table import Table
from ggu_costs.report.sheet import Sheet
from ggu_costs.words import numbers
from ggu_costs.words.label import label
from ggu_costs.words.page import capital, phrase

_EXACT = 2**53
_REST_DECIMALS = 6
_DIGITS = ".15g"  # that a spreadsheet rounds by


_Cell: TypeAlias = tuple[str, float, Any]
"""A formula (or nothing), the value it has, and the format of the cell."""


@dataclass(frozen=True)
class Live:
    """An allocation that formulas reproduce.

    Attributes
    ----------
    codes, names
        Who shares.
    weights, weighed_by
        The weights, and the column they come from.
    cents
        The amounts of the result.
    """

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

    def write(self, page: Sheet) -> None:
        """Write what is shared, then a row for each municipality; every cell beyond the inputs is a formula."""
        lang = page.book.lang
        count, start = len(self.codes), page.row
        total, cents, size, share, left, extra = (f"$C${start + line}" for line in range(1, 7))
        first = start + 10  # the first row of figures, as Excel counts
        last = first + count - 1

        def down(column: str) -> str:
            return f"${column}${first}:${column}${last}"

        floors, ranks = self.floors(), self.ranks()
        whole, cents_of = page.book.style("text", num_format="#,##0"), page.book.style("text", num_format="#,##0.00")
        part_of = whole if self.whole else page.book.style("text", num_format="0.0000000000")
        weights = math.fsum(self.weights)
        q, r = divmod(self.total, int(weights)) if self.whole else (0, self.total)
        head: list[tuple[str, *_Cell]] = [
            ("live_total", "", self.total / 100, cents_of),
            ("live_cents", f"=ROUND({total}*100,0)", self.total, whole),
            ("live_weights", f"=SUM({down('C')})", weights, part_of),
            ("live_share", f"=INT({cents}/{size})" if self.whole else "=0", q, whole),
            ("live_left", f"={cents}-{share}*{size}", r, whole),
            ("live_extra", f"={cents}-SUM({down('D')})", self.total - sum(floor for floor, _ in floors), whole),
            ("live_check", f"=SUMPRODUCT(ABS(ROUND({down('G')}-{down('H')},2)))", 0, cents_of),
        ]
        page.widths(14, 30, 20, 18, 20, 20, 18, 20)
        for line, (words, formula, value, style) in enumerate(head):
            page.text(start + line, 0, phrase(words, lang), "name")
            page.formula(start + line, 2, formula, value, style)

        def cells(row: int, at: int) -> list[_Cell]:
            floor, rest = floors[row]
            part = f"{left}*C{at}"
            return [
                ("", self.weights[row], part_of),
                (f"={share}*C{at}+INT({part}/{size})", floor, whole),
                (f"={part}-INT({part}/{size})*{size}", rest, whole) if self.whole else
                (f"=ROUND({part}/{size}-D{at},{_REST_DECIMALS})", rest, part_of),
                (f"=RANK(E{at},{down('E')})+COUNTIF($E${first}:E{at},E{at})-1", ranks[row], whole),
                (f"=(D{at}+IF(F{at}<={extra},1,0))/100", self.cents[row] / 100, cents_of),
                ("", self.cents[row] / 100, cents_of),
            ]  # fmt: skip

        heads = [self.weighed_by, *(phrase(f"live_{name}", lang) for name in ("floor", "rest", "rank"))]
        _write_rows(page, first, heads, self, cells)
        page.note(phrase("live_note", lang))


@dataclass(frozen=True)
class LiveFee:
    """A fee that formulas reproduce: who pays it for how many inhabitants, brackets with their rates, the result."""

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

    def write(self, page: Sheet) -> None:
        """Write the sheet: the brackets with rates that can be changed, then a row for each municipality."""
        lang = page.book.lang
        whole, cents_of = page.book.style("text", num_format="#,##0"), page.book.style("text", num_format="#,##0.00")
        rate_of = page.book.style("text", num_format="#,##0.00####")
        count = len(self.bounds)
        page.widths(14, 30, *(16 for _ in range(count + 3)))
        _heads(page, page.row, [phrase(f"live_{name}", lang) for name in ("bracket", "from", "until", "rate")], texts=1)
        top = page.row + 2  # the first bracket, as Excel counts
        for place, (bound, rate) in enumerate(zip(self.bounds, self.rates, strict=True)):
            row, last = top + place - 1, place == count - 1
            page.text(row, 0, str(place + 1))
            page.formula(row, 1, "", bound, whole)
            if last:
                page.text(row, 2, phrase("and_more", lang), align="right")
            else:
                page.formula(row, 2, f"=B{top + place + 1}", self.bounds[place + 1], whole)
            page.formula(row, 3, "", rate, rate_of)
        header = top + count  # as Excel counts from 0: a line for the check, an empty one, the heads
        first, end = header + 3, header + 2 + len(self.codes)
        computed, result = _column(3 + count), _column(4 + count)
        page.text(header - 1, 0, phrase("live_check", lang), "name")
        ranges = [f"${column}${first}:${column}${end}" for column in (computed, result)]
        page.formula(header - 1, 3, f"=SUMPRODUCT(ABS(ROUND({ranges[0]}-{ranges[1]},2)))", 0, cents_of)
        brackets = [phrase("live_within", lang).format(place=place + 1) for place in range(count)]

        def cells(row: int, at: int) -> list[_Cell]:
            people, amount = self.people[row], self.cents[row] / 100
            paid = "+".join(f"{_column(3 + bracket)}{at}*$D${top + bracket}" for bracket in range(count))
            return [
                ("", people, whole),
                *((self._formula(bracket, top, at), units, whole) for bracket, units in enumerate(self.within(people))),
                (f"=ROUND({paid},2)", amount, cents_of),
                ("", amount, cents_of),
            ]

        _write_rows(page, first, [label("inhabitants", lang), *brackets], self, cells)
        page.note(phrase("live_fee_note" if self.marginal else "live_class_note", lang))

    def _formula(self, bracket: int, top: int, at: int) -> str:
        """Return the formula for the inhabitants of row `at` that pay the rate of a bracket."""
        lower, upper, last = f"$B${top + bracket}", f"$C${top + bracket}", bracket == len(self.bounds) - 1
        if self.marginal:
            return f"=MAX(0,C{at}-{lower})" if last else f"=MAX(0,MIN(C{at},{upper})-{lower})"
        return f"=IF(C{at}>={lower},C{at},0)" if last else f"=IF(AND(C{at}>={lower},C{at}<{upper}),C{at},0)"


def live_allocation(table: Table, lang: str = "nl") -> Live | None:
    """Return the allocation in a table, where formulas reproduce it; None where they do not.

    A table holds an allocation when it says so on every line: the key in ``metric``, its share in ``ratio``, and
    ``method`` is ``proportional``.
    """
    columns = table.columns()
    by_name = {column.name: column for column in columns}
    if not {"code", "metric", "ratio", "method"} <= set(by_name) or not len(table.frame):
        return None
    amount = next((c for c in columns if c.kind == "cents" and c.name in (table.total or ())), None)
    if amount is None or set(by_name["method"].values) != {"proportional"}:
        return None
    (weighed_by, *more) = set(map(str, by_name["metric"].values))
    weights = by_name["ratio"] if more or weighed_by not in by_name else by_name[weighed_by]
    shared = _read_rows(by_name, weights, amount)
    if shared is None or min(*shared[2], *shared[3]) < 0:
        return None
    codes, names, figures, cents = shared
    live = Live(codes, names, figures, weights.title(lang), cents)
    return live if sum(live.weights) and live.reproduced() == list(live.cents) else None


def live_fee(table: Table) -> LiveFee | None:
    """Return the fee in a table, where formulas with its tariff reproduce it; None where they do not."""
    by_name, tariff = {column.name: column for column in table.columns()}, table.tariff
    if tariff is None or tariff.fixed or not {"code", "inhabitants", "fee"} <= set(by_name) or not len(table.frame):
        return None
    paid = _read_rows(by_name, by_name["inhabitants"], by_name["fee"])
    if paid is None:
        return None
    codes, names, people, cents = paid
    bounds, rates = tuple(map(float, tariff.brackets)), tuple(map(float, tariff.rates))
    live = LiveFee(codes, names, people, bounds, rates, tariff.mode == "marginal", cents)
    return live if live.reproduced() == list(live.cents) else None


def _read_rows(
    by_name: Mapping[str, Column], figures: Column, amounts: Column
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[float, ...], tuple[int, ...]] | None:
    """Return codes, names, figures, and amounts in cents; None where one is not known."""
    if not all(numbers.is_number(value) for column in (figures, amounts) for value in column.values):
        return None
    return (
        tuple(map(str, by_name["code"].values)),
        tuple(map(str, (by_name.get("name") or by_name["code"]).values)),
        tuple(float(str(value)) for value in figures.values),
        tuple(round(float(str(value)) * 100) for value in amounts.values),
    )


def _write_rows(
    page: Sheet, first: int, heads: Sequence[str], live: Live | LiveFee, cells: Callable[[int, int], list[_Cell]]
) -> None:
    """Write a row for each municipality, from row `first` as Excel counts, ending in what is computed and the result.

    Parameters
    ----------
    heads
        What stands above the columns between the name and the amounts.
    cells
        Makes the cells after the name from the place of a municipality and its row as Excel counts.
    """
    lang = page.book.lang
    ends = [phrase("live_amount", lang), phrase("live_result", lang)]
    _heads(page, first - 2, [label("code", lang), label("name", lang), *heads, *ends], texts=2)
    for place, who in enumerate(zip(live.codes, live.names, strict=True)):
        at = first + place
        for column, text in enumerate(who):
            page.text(at - 1, column, text)
        for column, (formula, value, style) in enumerate(cells(place, at), start=2):
            page.formula(at - 1, column, formula, value, style)
    page.sheet.freeze_panes(first - 1, 2)
    page.sheet.repeat_rows(first - 2)
    page.row = first + len(live.codes)


def _heads(page: Sheet, row: int, words: Sequence[str], *, texts: int) -> None:
    for place, text in enumerate(words):
        page.text(row, place, capital(text), "header" if place < texts else "header_right")
    page.height(row, words)


def _column(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    name: Any = xl_col_to_name(place)
    return str(name)
