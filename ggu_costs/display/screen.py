"""One figure with its unit as a line on the screen shows it."""

from datetime import date
from decimal import Decimal

from ggu_costs.words import numbers
from ggu_costs.words.label import label

_MOST_PLACES = 6  # of a computed figure on the screen; the files hold every digit


def written(value: object, unit: str, lang: str = "nl", *, per: bool = True, plus: bool = False) -> str:
    """Write an amount as it is, and with what it is per unless the words beside it say so."""
    if isinstance(value, date):
        return numbers.date(value, lang=lang)
    if isinstance(value, str) or not numbers.is_number(value):
        return "PM" if value is None else str(value)
    if isinstance(value, int) and not unit:
        return str(value)  # a seed, a lower bound: a number as it stands in the file
    exact = value if isinstance(value, Decimal) else round(Decimal(repr(value)), _MOST_PLACES)
    places = max(0, -int(exact.normalize().as_tuple().exponent))
    if unit == "EUR":
        return numbers.euro(value, lang=lang, plus=plus)
    if unit.startswith("EUR/"):
        words = label(unit, lang, of="unit").removeprefix("€") if per else ""
        return numbers.euro(value, decimals=max(2, places), lang=lang, plus=plus) + words
    if unit == "share":
        return numbers.percent(value, decimals=max(0, places - 2), lang=lang)
    if unit == "probability":
        return numbers.probability(value, lang=lang)
    return numbers.number(value, decimals=places, lang=lang)
