"""The values and sources of a model file as tables: what `ggu-costs show` prints and every output carries along."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, get_origin

import pandas as pd

from ggu_costs.frames import describe
from ggu_costs.modelfile.header import Change, Header
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.sources import InputNeed, Source
from ggu_costs.modelfile.values import Amount, Checked, Value
from ggu_costs.words.messages import message, word

_COLUMNS = ("item", "value", "unit", "status", "source", "by", "price_level", "vat", "note")
_COUNTED = {"from_inhabitants": "inhabitants", "draws": "count", "replicates": "count", "per": "inhabitants"}
"""Whole numbers without a unit of their own that count something; others, such as a year or a seed, are names."""
_MARKS = frozenset({"pm", "unallocated"})


def stated_status(part: Checked, given: Inputs | None = None) -> str:
    """Return the status of a value as a reader has to know it.

    An input is no estimate: it is still ``to_give``, or ``given`` by the user. A date that nobody published is
    ``assumed``, and what is not known is no estimate of anyone.
    """
    if isinstance(part, Value) and part.input is not None:
        return "given" if given is not None and part.input in given else "to_give"
    status = str(getattr(part, "status", "") or "")
    if status == "estimated" and isinstance(part, Value) and part.mark == "pm" and not part.source:
        return ""
    assumed = isinstance(part, Value) and part.unit == "date" and bool(part.by) and not part.source
    return "assumed" if status == "estimated" and assumed else status


def values_frame(definition: Header, given: Inputs | None = None) -> pd.DataFrame:
    """Return every value of a model file: ``item, value, unit, status, source, by, price_level, vat, note``.

    ``item`` is the dotted key in the file, ``value`` a Decimal, a date or words. The values of several years are one
    row each. A memorandum item reads ``PM``, an amount that is in the total but not broken down ``niet uitgesplitst``,
    a value that the user brings ``invoer NAME``. Choices and numbers without a unit, such as the mode of a tariff and
    the parts of a key, are rows too. Facts of the frame: ``cited``, the title of each row's source; ``unknown``, the
    rows without a figure. ``given`` holds the inputs that the user brought.
    """
    changed = {change.key: change for change in definition.changes}
    rows: list[tuple[object, ...]] = []
    cited: list[str] = []  # titles of the sources, without the place in them
    for where, part in definition.parts():
        if isinstance(part, Value):
            amounts = _amounts(part)
            cited += [_cited(part, definition)] * len(amounts)
            rows += [
                (where + suffix, amount, part.unit, *_rests_on(part, definition, given), part.price_level,
                 part.vat or "", part.calculation or part.note)
                for suffix, amount in amounts
            ]  # fmt: skip
        elif not isinstance(part, Header | Source | InputNeed | Change):
            for name, item in _plain(part, where):
                rests = changed.get(name, part)
                cited.append(_cited(rests, definition))
                unit = _COUNTED.get(name.rpartition(".")[2], "") if _is_number(item) else ""
                rows.append((name, item, unit, *_rests_on(rests, definition), "", "", getattr(rests, "note", "")))
    marks = [word(mark, of="mark") for mark in _MARKS]
    unknown = [place for place, row in enumerate(rows) if row[1] in marks]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    if any(isinstance(row[1], str) for row in rows):
        frame["value"] = pd.Series([row[1] for row in rows], dtype=object)  # messages stay messages
    return describe(frame, cited=cited, unknown=unknown)


def sources_frame(definition: Header) -> pd.DataFrame:
    """Return the sources of a model file: ``title, publisher, published, url, read`` by id."""
    rows = [
        (name, source.title, source.publisher, str(source.published), source.url, source.read)
        for name, source in definition.sources.items()
    ]
    return pd.DataFrame(rows, columns=["id", "title", "publisher", "published", "url", "read"]).set_index("id")


def _amounts(value: Value) -> list[tuple[str, object]]:
    if value.years is not None:
        return [(f" {year}", _shown(amount)) for year, amount in sorted(value.years.items())]
    suffix = f" from {value.start}" if value.start else ""
    if value.input is not None:
        return [(suffix, message("from_input", name=value.input))]
    return [(suffix, _shown(value.mark or value.value))]


def _shown(amount: Amount | None) -> object:
    return word(amount, of="mark") if amount in _MARKS else amount


def _plain(part: Checked, where: str) -> Iterator[tuple[str, object]]:
    """Choices and numbers that stand in a part by themselves."""
    for name, field in type(part).model_fields.items():
        item: Any = getattr(part, name)
        choice = name != "status" and get_origin(field.annotation) is Literal
        if choice or _is_number(item):
            yield f"{where}.{name}", item
        elif isinstance(item, dict):
            for key, number in item.items():
                of_years = number.items() if isinstance(number, dict) else ()
                rows = [(key, number), *((f"{key} {year}", of_year) for year, of_year in of_years)]
                yield from ((f"{where}.{name}.{row}", figure) for row, figure in rows if _is_number(figure))


def _is_number(item: object) -> bool:
    return isinstance(item, int | Decimal) and not isinstance(item, bool)


def _cited(part: Checked, definition: Header) -> str:
    source = str(getattr(part, "source", ""))
    return definition.sources[source].title if source else ""


def _rests_on(part: Checked, definition: Header, given: Inputs | None = None) -> tuple[str, str, str]:
    """Status, source with its place, and whose estimate; nobody's, where it is still to be given."""
    place, by = (str(getattr(part, name, "") or "") for name in ("place", "by"))
    source, status = _cited(part, definition), stated_status(part, given)
    by = "" if status in ("", "to_give") else by
    return status, f"{source}, {place}" if source and place else source, by
