"""What an answer says as JSON: one form for every result, report and explanation, for programs in any language.

A document has a ``version``. It is made here, and described and read in :mod:`ggu_costs.results.schema`: a change of
one is a change of both, and of the version where a program that reads the former would go wrong.

Figures are numbers, as exact as the library has them; what is not there is ``null``, and never NaN. The mark of its
column says what that means: ``missing`` is ``pm`` where it is a memorandum item (PM-post), ``unknown`` where a figure
is not known, ``none`` where there is none to be had.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ggu_costs._version import __version__
from ggu_costs.display.columns import Column
from ggu_costs.display.table import Table
from ggu_costs.display.table_language import said_in, table_in
from ggu_costs.errors import Faults
from ggu_costs.words import numbers
from ggu_costs.words.languages import check_language
from ggu_costs.words.messages import say
from ggu_costs.words.page import named

FORMAT = "ggu_costs result"
VERSION = 1

if TYPE_CHECKING:

    class Answered(Protocol):
        """The answer of a report, as far as it is told."""

        @property
        def sentence(self) -> str:
            """The answer."""
            ...

        @property
        def more(self) -> Iterable[str]:
            """What else must be said."""
            ...

        @property
        def outside(self) -> Iterable[str]:
            """What is not in the figures."""
            ...

        @property
        def tiles(self) -> Iterable[Any]:
            """Figures beside it, each with ``name, value, basis``."""
            ...


def document(
    kind: str,
    title: str,
    tables: Iterable[Table],
    *,
    lang: str,
    answer: Answered | None = None,
    summary: Iterable[tuple[str, object, str]] = (),
    notes: Iterable[str] = (),
    technique: Iterable[str] = (),
    sections: Iterable[Any] = (),
    sources: Iterable[Mapping[str, object]] = (),
    provenance: Mapping[str, Any] | None = None,
    municipality: str | None = None,
) -> dict[str, Any]:
    """Make the document of a report, or of what is said of one; its parts are those of a report."""
    check_language(lang)
    told = [_table(table_in(table, lang), lang) for table in tables]
    return {
        "format": FORMAT,
        "version": VERSION,
        "library": f"ggu_costs {__version__}",
        "kind": kind,
        "lang": lang,
        "title": say(title, lang),
        "illustrative": any(table["illustrative"] for table in told),
        "municipality": municipality,
        "answer": None if answer is None else _answer(answer, lang),
        "summary": [
            {"name": _plain(name, lang), "words": _words(name, lang), "value": _plain(value, lang), "unit": unit}
            for name, value, unit in summary
        ],
        "notes": [say(note, lang) for note in notes],
        "sections": [
            {
                "title": say(one.title, lang),
                "texts": [{"question": say(a, lang), "answer": say(b, lang)} for a, b in one.texts],
                "tables": list(one.tables),
            }
            for one in sections
        ],
        "tables": told,
        "technique": [say(note, lang) for note in technique],
        "sources": [plain_json(said_in(source, lang)) for source in sources],
        "provenance": plain_json(said_in(provenance or {}, lang)),
    }


def _words(name: str, lang: str) -> str:
    return named(say(name, lang), lang)


def _answer(answer: Answered, lang: str) -> dict[str, Any]:
    return {
        "sentence": say(answer.sentence, lang),
        "tiles": [
            {"name": say(tile.name, lang), "value": say(tile.value, lang), "basis": say(tile.basis, lang)}
            for tile in answer.tiles
        ],
        "more": [say(text, lang) for text in answer.more],
        "outside": [say(text, lang) for text in answer.outside],
    }


def _table(table: Table, lang: str) -> dict[str, Any]:
    columns, frame = table.columns(), table.frame
    labels = len(columns) - frame.shape[1]
    return {
        "name": table.name,
        "title": table.title,
        "role": table.role,
        "map_date": None if table.map_date is None else table.map_date.isoformat(),
        "illustrative": table.illustrative,
        "indicative": table.indicative,
        "labels": labels,
        "total": list(table.total or ()),
        "notes": list(table.notes or ()),
        "columns": [_column(column, lang) for column in columns],
    }


def _column(column: Column, lang: str) -> dict[str, Any]:
    return {
        "name": column.name,
        "words": column.title(lang),
        "unit": column.unit,
        "kind": column.kind,
        "missing": column.missing,
        "values": [_plain(value, lang) for value in column.values],
    }


def _plain(value: object, lang: str) -> Any:
    """Return a cell as JSON has it: a fraction or decimal as the nearest number, a day as ISO text."""
    if value is None or isinstance(value, bool | int) or (type(value) is float and math.isfinite(value)):
        return value
    if isinstance(value, str):
        return say(value, lang)
    if numbers.missing(value):
        return None
    if numbers.is_number(value):
        return float(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def plain_json(content: object) -> Any:
    """Return content as JSON has it; see :func:`ggu_costs.report.tables.json_bytes` for what becomes what.

    Raises
    ------
    InputError
        Infinite numbers, other types, or keys that are equal once written: all at once, each with its place.
    """
    faults = Faults()
    plain = _jsonable(content, "", faults)
    faults.check("this cannot be written as JSON", remedy="Correct the values listed.")
    return plain


def _jsonable(value: object, where: str, faults: Faults) -> object:
    place = where or "content"
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        keys = [key.isoformat() if isinstance(key, datetime.date) else str(key) for key in value]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            faults.add(place, f"the key {key!r} twice", "each key once")
        return {
            key: _jsonable(item, f"{where}.{key}".lstrip("."), faults)
            for key, item in zip(keys, value.values(), strict=True)
        }
    if isinstance(value, AbstractSet):
        return sorted((_jsonable(item, place, faults) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return [_jsonable(item, f"{where}[{position}]", faults) for position, item in enumerate(value)]
    if isinstance(value, str | bool | int):
        return value
    if numbers.missing(value):
        return None
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, datetime.date | Decimal):
        return value.isoformat() if isinstance(value, datetime.date) else str(value)
    faults.add(place, f"{value!r} of type {type(value).__name__}", "text, finite numbers, dates, lists and mappings")
    return None
