"""Values of one unit, each of which holds throughout: for the whole case that a file is about."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from ggu_costs.modelfile.values import Found, Value, a_part, check_unit, fault, faults

__all__ = [
    "Amount",
    "Count",
    "Credit",
    "Day",
    "Fraction",
    "Hourly",
    "Hours",
    "Price",
    "TakeUpCurve",
    "Years",
    "not_throughout",
]


def _of(*units: str, pm: bool = False, least: Decimal | None = Decimal(0)) -> Callable[[Value], Value]:
    """Check the unit of a value that holds for the whole case, whether it may be PM, and its least amount."""

    def check(value: Value) -> Value:
        check_unit(value, *units)
        if wrong := not_throughout(value, pm=pm):
            raise faults(wrong[:1])
        if least is not None and isinstance(value.value, Decimal) and value.value < least:
            raise fault(str(value.value), f"{least} or more")
        return value

    return check


def not_throughout(value: Value, *, pm: bool = False) -> list[Found]:
    """Return why a value does not hold throughout: it has dates, or a mark other than the PM that it may have."""
    found = []
    if value.years is not None or value.start or value.until:
        found.append(("a value with years, from or until", "one value, which holds for the whole case", ""))
    if value.mark is not None and not (pm and value.mark == "pm"):
        found.append((f"mark {value.mark!r}", "pm" if pm else "a number, or an input", "This has to be known."))
    return found


def _above_zero(value: Value) -> Value:
    if value.value == 0:
        raise fault("0", "above 0")
    return value


def _by_year(value: Value) -> Value:
    known = value.years is not None and all(isinstance(share, Decimal) for share in value.years.values())
    if not known or value.unit != "share":
        raise fault("not a share by year", 'years = { 2022 = 0.2, 2023 = 0.5 }, unit = "share"')
    return value


def _a_date(value: Value) -> Value:
    if value.unit != "date" or value.value is None:
        raise fault("not one date", 'value = 2018-01-01, unit = "date"')
    return value


Amount = Annotated[Value, AfterValidator(_of("EUR", pm=True))]
"""Euro, 0 or more, or PM."""
Credit = Annotated[Value, AfterValidator(_of("EUR", pm=True, least=None))]
"""Euro, or PM; negative: a credit."""
Price = Annotated[Value, AfterValidator(_of("EUR/unit"))]
Hourly = Annotated[Value, AfterValidator(_of("EUR/hour"))]
Hours = Annotated[Value, AfterValidator(_of("hours"))]
Count = Annotated[Value, AfterValidator(_of("count"))]
Fraction = Annotated[Value, AfterValidator(_of("share", pm=True)), AfterValidator(a_part)]
TakeUpCurve = Annotated[Value, AfterValidator(_by_year), AfterValidator(a_part)]
Years = Annotated[Value, AfterValidator(_of("count")), AfterValidator(_above_zero)]
Day = Annotated[Value, AfterValidator(_a_date)]
