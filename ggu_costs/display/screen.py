"""One figure with its unit as a line on the screen shows it, and the table of a budget."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ggu_costs.display.table import Table
from ggu_costs.words import numbers
from ggu_costs.words.label import label

_MOST_PLACES = 6  # of a computed figure on the screen; the files hold every digit


def written(value: object, unit: str, lang: str = "nl", *, per: bool = True, plus: bool = False) -> str:
    """Write an amount as it is, and with what it is per unless the words beside it say so."""
    if isinstance(value, date):
        return numbers.date(value, lang=lang)
    if isinstance(value, str) or not numbers.is_number(value):
        return label("pm", lang) if value is None else str(value)
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


def budget_lines(table: Table, lang: str = "nl") -> Iterator[tuple[str, ...]]:
    """Yield the rows of a budget as the screen has them, headers first: each amount with its side, and no errors."""
    columns = [column for column in table.columns() if not column.name.endswith("_error")]
    sides = {column.name.removesuffix("_side"): column for column in columns if column.name.endswith("_side")}
    shown = [column for column in columns if not column.name.endswith("_side")]
    yield tuple(column.title(lang) for column in shown)
    for row in range(len(table.frame)):
        cells = []
        for column in shown:
            side = sides.get(column.name)
            beside = "" if side is None else side.text(side.values[row], lang)
            cells.append(f"{column.text(column.values[row], lang)} {beside}".rstrip())
        yield tuple(cells)
