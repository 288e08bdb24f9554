"""Values of one unit, each of which holds throughout: for the whole case that a file is about."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from ggu_costs.modelfile.values import Found, Value, a_part, each, fault, faults


def _throughout(*, pm: bool = False, credit: bool = False) -> Callable[[Value], None]:
    """Check that a value holds for the whole case and, but for a credit, that it is 0 or more."""

    def check(value: Value) -> None:
        if wrong := not_throughout(value, pm=pm):
            raise faults(wrong[:1])
        if not credit and isinstance(value.value, Decimal) and value.value < 0:
            raise fault(str(value.value), "0 or more")

    return check


def not_throughout(value: Value, *, pm: bool = False) -> list[Found]:
    """Return why a value does not hold throughout: it has dates, or a mark other than the PM that it may have."""
    found = []
    if value.years is not None or value.start or value.until:
        found.append(("a value with years, from or until", "one value, which holds for the whole case", ""))
    if value.mark is not None and not (pm and value.mark == "pm"):
        found.append((f"mark {value.mark!r}", "pm" if pm else "a number, or an input", "This has to be known."))
    return found


def _above_zero(value: Value) -> None:
    if value.value == 0:
        raise fault("0", "above 0")


def _by_year(value: Value) -> None:
    known = value.years is not None and all(isinstance(share, Decimal) for share in value.years.values())
    if not known or value.unit != "share":
        raise fault("not a share by year", 'years = { 2022 = 0.2, 2023 = 0.5 }, unit = "share"')


def _a_date(value: Value) -> None:
    if value.unit != "date" or value.value is None:
        raise fault("not one date", 'value = 2018-01-01, unit = "date"')


Amount = Annotated[Value, each("EUR", _throughout(pm=True))]
"""Euro, 0 or more, or PM."""
Credit = Annotated[Value, each("EUR", _throughout(pm=True, credit=True))]
"""Euro, or PM; negative: a credit."""
Price = Annotated[Value, each("EUR/unit", _throughout())]
Hourly = Annotated[Value, each("EUR/hour", _throughout())]
Hours = Annotated[Value, each("hours", _throughout())]
Count = Annotated[Value, each("count", _throughout())]
Fraction = Annotated[Value, each("share", _throughout(pm=True), a_part)]
TakeUpCurve = Annotated[Value, each("", _by_year, a_part)]
Years = Annotated[Value, each("count", _throughout(), _above_zero)]
Day = Annotated[Value, each("", _a_date)]
