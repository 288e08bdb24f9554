"""The values and sources of a model file as tables: what `ggu-costs show` prints and every output carries along."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.values import Value

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sources_frame", "values_frame"]


def values_frame(definition: Header) -> pd.DataFrame:
    """Return every value of a model file: ``key, value, unit, status, source, by, price_level, vat, note``.

    The values of several years are one row each. A memorandum item reads ``PM``, an amount that is in the total but not
    broken down ``niet uitgesplitst``, a value that the user brings ``invoer NAME``.
    """
    import pandas as pd

    rows = []
    for key, value in definition.values():
        for suffix, text in _texts(value):
            rows.append((
                key + suffix, text, value.unit, value.status, _source(value, definition), value.by, value.price_level,
                value.vat or "", value.calculation or value.note,
            ))  # fmt: skip
    names = ["key", "value", "unit", "status", "source", "by", "price_level", "vat", "note"]
    return pd.DataFrame(rows, columns=names)


def sources_frame(definition: Header) -> pd.DataFrame:
    """Return the sources of a model file: ``title, publisher, published, url, read`` by id."""
    import pandas as pd

    rows = [
        (name, source.title, source.publisher, str(source.published), source.url, source.read)
        for name, source in definition.sources.items()
    ]
    return pd.DataFrame(rows, columns=["id", "title", "publisher", "published", "url", "read"]).set_index("id")


def _texts(value: Value) -> list[tuple[str, str]]:
    if value.years is not None:
        return [(f" {year}", _text(amount)) for year, amount in sorted(value.years.items())]
    suffix = f" from {value.start}" if value.start else ""
    if value.input is not None:
        return [(suffix, f"invoer {value.input}")]
    return [(suffix, _text(value.mark or value.value))]


def _text(amount: Decimal | date | str | None) -> str:
    marks = {"pm": "PM", "unallocated": "niet uitgesplitst"}
    return marks.get(str(amount), str(amount))


def _source(value: Value, definition: Header) -> str:
    if not value.source:
        return ""
    title = definition.sources[value.source].title
    return f"{title}, {value.place}" if value.place else title
