"""The two sides of a comparison as users give them: bills, allocations or Series, read as cents by code."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import finite
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.terms import format_plain, whole_cents
from ggu_costs.reference import Reference, is_participant

Amounts = Any  # Billed, Allocation or Series of euros by code


def people_of(
    inhabitants: pd.Series | None, day: date | None, reference: Reference, faults: Faults
) -> dict[str, Fraction]:
    """Inhabitants as exact numbers by code; none where none are given."""
    if inhabitants is None:
        return {}
    if not isinstance(inhabitants, pd.Series):
        faults.add("inhabitants", format_plain(inhabitants), "a Series of inhabitants by code")
        return {}
    _check_labels(list(inhabitants.index), "inhabitants", day, reference, faults)
    people = {}
    for code, figure in inhabitants.items():
        number = finite(figure)
        if number is None or number < 0:
            faults.add(f"inhabitants of {code}", format_plain(figure), "a finite number, 0 or more")
        else:
            people[str(code)] = Fraction(number)
    return people


def _check_labels(labels: list[object], what: str, day: date | None, reference: Reference, faults: Faults) -> None:
    """Note labels that are no codes, twice, or of no municipality: of the day, or of any day where none is stated."""
    if day is not None:
        reference.check_codes(labels, day, what=what, complete=False, others=True, faults=faults)
        return
    for code, count in Counter(labels).items():
        where = f"{what} of {code}"
        if not is_participant(code):
            faults.add(where, "not a code", "codes such as GM0363, or XX:NAME for others", "Join on code.")
        elif count > 1:
            faults.add(where, "there twice", "each code once")
        elif not reference.ever_existed(str(code)):
            years = reference.known_years()
            faults.add(where, "no municipality has this code", f"codes of {years[0]} to {years[-1]}")


def cents_of(amounts: Amounts, what: str, day: date | None, reference: Reference, faults: Faults) -> dict[str, int]:
    """Amounts as cents by code, in order of code."""
    if isinstance(amounts, Billed):
        return dict(amounts.cents)
    values = getattr(amounts, "values", None)
    if hasattr(amounts, "codes") and getattr(values, "ndim", 0) == 1:
        pairs = [] if amounts.codes is None else list(zip(amounts.codes, amounts.values, strict=True))
    elif hasattr(amounts, "items") and getattr(amounts, "ndim", 1) == 1:
        pairs = list(amounts.items())
    else:
        pairs = []
    if not pairs:
        faults.add(what, f"a {type(amounts).__name__} without amounts by code", "a bill, or euros by code")
    _check_labels([code for code, _ in pairs], what, day, reference, faults)
    result: dict[str, int] = {}
    for code, amount in pairs:
        cents = whole_cents(amount)
        if cents is None:
            faults.add(f"{what} of {code}", format_plain(amount), "a finite amount in whole cents")
        result[str(code)] = cents or 0
    return dict(sorted(result.items()))


def later_map(bills: Sequence[Billed], old: dict[str, int], new: dict[str, int], *, scale: bool) -> date:
    """The map to which both bills are carried, where the user asked for it."""
    both = len(bills) == 2
    if scale and both:
        return max(bill.terms.map_date for bill in bills)
    faults = Faults()
    for where, codes in (("only before", set(old) - set(new)), ("only after", set(new) - set(old))):
        faults.add(where, f"{len(codes)}: {listed(sorted(codes))}")
    ask = 'Say total="scale" to carry the bills of predecessors to their successors.'
    own = "Give amounts for the same municipalities (see ggu.carry)."
    raise InputError("the sets of municipalities differ", faults=faults.found, remedy=ask if both else own)
