"""A result that was read from JSON: it shows itself and leaves Python again, and computes nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.report import Answer, Report, Section, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.frames import describe
from ggu_costs.frozen import Frozen
from ggu_costs.results.portable import Portable
from ggu_costs.results.schema import NUMERIC, read_document
from ggu_costs.words.languages import check_language


@dataclass(frozen=True)
class JsonResult(Portable, Brief, Frozen):
    """What was read from the JSON of a result: the figures and what was said of them, in the language it is in.

    Attributes
    ----------
    kind
        Class of the result that it was, such as ``Bill``.
    title
        What it is of.
    lang
        Language of what is said in it.
    library
        Name and version of the library that made it.
    tables
        Names of its tables, the main one first.
    document
        All of it, as :meth:`to_dict` returns it.
    """

    kind: str
    title: str
    lang: str
    library: str
    tables: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)

    def to_dict(self, *, lang: str = "") -> dict[str, Any]:
        """Return it as it was read.

        Raises
        ------
        InputError
            Another language than it is in: its sentences are text.
        """
        self._check(lang)
        return dict(self.document)

    def to_json(self, *, lang: str = "") -> str:
        """Return the text that was read; see :meth:`to_dict`."""
        return super().to_json(lang=lang)

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a table as a frame with what it says of itself in the attrs; by default the main one.

        Raises
        ------
        UnknownNameError
            A table that it does not have.
        """
        name = self.tables[0] if table is None and self.tables else table
        for one in self.document["tables"]:
            if one["name"] == name:
                return _frame(one)
        raise UnknownNameError("table", name, self.tables)

    def report(self, *, lang: str = "") -> Report:
        """Return what it says and its figures, for a page or workbook, in its own language."""
        self._check(lang)
        told = self.document
        return Report(
            self.title,
            tuple(_table(one) for one in told["tables"]),
            summary=tuple((line["name"], line["value"], line["unit"]) for line in told["summary"]),
            notes=tuple(told["notes"]),
            provenance=told["provenance"],
            sections=tuple(
                Section(
                    title=one["title"],
                    texts=tuple((text["question"], text["answer"]) for text in one["texts"]),
                    tables=tuple(one["tables"]),
                )
                for one in told["sections"]
            ),
            municipality=told["municipality"],
            sources=tuple(told["sources"]),
            answer=_answer(told["answer"]),
            technique=tuple(told["technique"]),
        )

    def _check(self, lang: str) -> None:
        if lang:
            check_language(lang)
        if lang and lang != self.lang:
            raise InputError(
                f"this result was written in {self.lang!r}, and its sentences are text",
                remedy=f"Write it in {lang!r} where it is computed: result.to_json(lang={lang!r}).",
            )

    def to_excel(self, path: str | os.PathLike[str], *, lang: str = "") -> Any:
        """Write its workbook in its own language; see :meth:`Portable.to_excel`."""
        self._check(lang)
        return super().to_excel(path, lang=self.lang)

    def write(self, folder: str | os.PathLike[str], *, lang: str = "") -> tuple[str, ...]:
        """Write its files in its own language; see :meth:`Portable.write`."""
        self._check(lang)
        return super().write(folder, lang=self.lang)


def read_json(source: str | os.PathLike[str] | bytes | Mapping[str, Any]) -> JsonResult:
    """Read what ``to_json()`` of a result wrote, with everything in it checked before a figure is used.

    Parameters
    ----------
    source
        JSON text (it begins with ``{``), the path of a file of it, or what ``to_dict()`` returned.

    Returns
    -------
    JsonResult
        Its ``to_json()`` is the text that was read.

    Raises
    ------
    InputError
        JSON of another schema version, of something else, damaged, or that does not hold together: all faults at once.
    MissingInputError
        No such file.

    Notes
    -----
    Nothing is computed again: whoever wants to ask the result something else opens the model.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> text = ggu.open_fund("funds/ggu/2020").contributions().to_json()
    >>> again = read_json(text)
    >>> again.kind, again.to_frame().loc["GM0345", "contribution"].item(), again.to_json() == text
    ('Bill', 199774.06, True)
    """
    told = read_document(source)
    names = tuple(table["name"] for table in told["tables"])
    return JsonResult(told["kind"], told["title"], told["lang"], told["library"], names, told)


def _answer(told: Mapping[str, Any] | None) -> Answer | None:
    if told is None:
        return None
    tiles = tuple(Tile(**tile) for tile in told["tiles"])
    return Answer(sentence=told["sentence"], tiles=tiles, more=tuple(told["more"]), outside=tuple(told["outside"]))


def _table(told: Mapping[str, Any]) -> Table:
    day = told["map_date"] and date.fromisoformat(told["map_date"])
    return Table(told["name"], told["title"], _frame(told), role=told["role"], map_date=day or None)


def _frame(told: Mapping[str, Any]) -> pd.DataFrame:
    """Make the frame of a table, its labels as the index."""
    columns = told["columns"]
    data = {column["name"]: _series(column) for column in columns}
    frame = pd.DataFrame(data)
    labels = [column["name"] for column in columns[: told["labels"]]]
    frame = frame.set_index(labels) if labels else frame
    return describe(
        frame,
        title=told["title"],
        units={column["name"]: column["unit"] for column in columns if column["unit"]},
        pm=[column["name"] for column in columns if column["missing"] == "pm"],
        total=list(told["total"]),
        notes=list(told["notes"]),
        illustrative=told["illustrative"],
        indicative=told["indicative"],
    )


def _series(column: Mapping[str, Any]) -> pd.Series:
    values = column["values"]
    if column["kind"] == "date":
        values = [value if value is None else date.fromisoformat(value) for value in values]
    if column["kind"] not in NUMERIC:
        return pd.Series(values, dtype=None if any(type(value) is str for value in values) else object)
    whole = bool(values) and all(type(value) is int for value in values)
    return pd.Series(values, dtype="int64" if whole else "float64")
