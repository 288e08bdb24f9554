"""What bills put in the budget of a municipality: the table of the BBV (:mod:`ggu_costs.display.budget`), to the cent.

Costs are what is left after the VAT compensation fund; while a part of the VAT is unknown they are the invoice, and a
note says in which VAT state. What came through the gemeentefonds to pay with is income. Whether a yearly contribution
is one-off or structural no file states, so the two are not told apart.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.budget import BudgetLine, ItemKind, amounts_in, budget_frame
from ggu_costs.display.task_field import read_task_field, task_field_notes
from ggu_costs.errors import Faults, OutsidePeriodError, listed
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.terms import check_known
from ggu_costs.modelfile.budget import BudgetTerms
from ggu_costs.words.messages import message

NATION = "nation"
_LONG = 5  # years: the one before the budget, that of it, and three ahead


def budget(
    bill: Billed, *earlier: Billed, of: str = NATION, task_field: str | None = None, terms: BudgetTerms | None = None
) -> pd.DataFrame:
    """Return the table of a budget (begroting, BBV): this bill beside earlier ones, to the cent.

    Parameters
    ----------
    earlier
        Bills of years before, each of another year; the last row is how the balance differs from the year before.
    of
        ``nation``, or the code of a municipality.
    task_field
        Code of the task field (taakveld, Iv3).
    terms
        What a model file says of its budget table; `task_field` goes before it.

    Returns
    -------
    pandas.DataFrame
        By item ``task_field``, and for each year the amount and whether it is favourable (``2026_side``: V or N);
        euro, net of what the VAT compensation fund returns where that is known of every year. NaN is PM.

    Raises
    ------
    InputError
        Bills of one year or of other kinds, no task field: all at once.
    UnknownNameError
        A code that is not in each of the bills.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> new, old = (ggu.open_fee(f"fees/vng-contributie/{year}").fees() for year in (2024, 2023))
    >>> table = new.budget(old, of="GM0345", task_field="0.1")
    >>> table.loc[["unsplit_cost", "balance_change"], ["2023", "2024", "2024_side"]].values.tolist()
    [[104490.75, 112348.8, 'N'], [nan, -7858.05, 'N']]
    """
    bills, faults = sorted((bill, *earlier), key=lambda one: one.terms.year), Faults()
    years = [one.terms.year for one in bills]
    if len(set(years)) < len(years):
        faults.add("earlier", f"bills of {listed(years)}", "bills of different years")
    if len({one.column for one in bills}) > 1:
        faults.add("earlier", "a fund and a fee", "bills of one kind")
    stated = terms or BudgetTerms()
    code = stated.task_field if task_field is None else read_task_field(task_field, "task_field", faults)
    faults.check("this budget cannot be made", remedy="Correct every argument named.")
    if of != NATION:
        for one in bills:
            check_known(of, one.cents, "municipality in this bill", one.terms.map_date, one.reference)
    bills = _shown(bills, stated)
    state = _state(bills)
    lines = [_line(bills, of, code, "cost", lambda one, place: _cost(one, place, state == "net"))]
    if all(one.terms.offset is not None for one in bills):
        lines.append(_line(bills, of, "", "compensation", lambda one, place: (one.terms.offset or {})[place]))
    years = [one.terms.year for one in bills]
    frame = budget_frame(lines, years, change=len(years) > 1)
    notes = [
        message("budget_sides"), *task_field_notes([code]), message("current_prices"), message(f"budget_vat_{state}"),
        message("budget_unsplit"), message("budget_reserves_pm"), message("budget_exact"),
    ]  # fmt: skip
    names = amounts_in(frame)
    frame[names] = frame[names].round(2)  # sums of whole cents
    name = message("budget") if of == NATION else message("budget_of", name=bill.names.get(of, of))
    title = message("frame_title", title=bill.title, chosen="", words=name, marked="")
    return frames.describe(
        frame, title=title, units=dict.fromkeys(names, "EUR"), pm=names, total=[], notes=[*notes, *bill.notes],
        illustrative=any(one.illustrative for one in bills),
    )  # fmt: skip


def _shown(bills: Sequence[Billed], terms: BudgetTerms) -> list[Billed]:
    """The years of the table: by default the last five; with a budget year that, the one before and those after."""
    last = len(bills)
    start = max(0, last - _LONG)
    if terms.first_year is not None:
        known = [one.terms.year for one in bills]
        if terms.first_year not in known:
            told = f"no bill of {terms.first_year}; known: {listed(known)}"
            raise OutsidePeriodError(told, key="first_year", asked=str(terms.first_year), known=listed(known),
                                     remedy=f"Choose from {listed(known)}.")  # fmt: skip
        place = known.index(terms.first_year)
        start, last = max(0, place - 1), min(last, place + (terms.years or _LONG - 1))
    return list(bills[start:last])


def _state(bills: Sequence[Billed]) -> str:
    """In which VAT state the costs are: net where every bill knows what comes back, else that of the invoice."""
    splits = [one.terms.vat.split(cents, code) for one in bills for code, cents in one.cents.items()]
    stated = {one.terms.vat.state for one in bills}
    if stated == {"none"}:
        return "none"
    if all(split.net is not None for split in splits):
        return "net"
    if all(one.terms.vat.state == "incl" or _adds_vat(one) for one in bills):
        return "incl"
    return "excl" if stated == {"excl"} else "unknown"


def _adds_vat(bill: Billed) -> bool:
    """Whether the VAT on top of the amounts of a bill is known."""
    code, cents = next(iter(bill.cents.items()))
    return bill.terms.vat.split(cents, code).vat is not None


def _cost(bill: Billed, code: str, net: bool) -> int:
    split = bill.terms.vat.split(bill.cents[code], code)
    return split.net if net and split.net is not None else split.invoice


def _line(
    bills: Sequence[Billed], of: str, task_field: str, kind: ItemKind, cents: Callable[[Billed, str], int]
) -> BudgetLine:
    amounts = {
        one.terms.year: sum(cents(one, code) for code in (one.cents if of == NATION else (of,))) / 100 for one in bills
    }
    return BudgetLine(kind, bills[-1].title, kind, "unsplit", task_field, amounts)
