"""Tables, sources and provenance as a page shows them: cells as text, with what to sort them by."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ggu_costs.display.columns import Column, columns_of, memoranda
from ggu_costs.display.table import Table
from ggu_costs.text import web_address
from ggu_costs.words import numbers
from ggu_costs.words.label import SIGNED, banner, label, names_in, stem
from ggu_costs.words.messages import message, say
from ggu_costs.words.page import capital, lettered, phrase

_LONG = 30  # rows from which a table scrolls in a box of its own
_QUOTED_ANYWHERE = frozenset({"explanation"})  # columns that are the own words of a model file
_QUOTED = _QUOTED_ANYWHERE | {"source", "by", "note"}  # of its values
_WORDED = {
    "method": "value",
    "quantiles": "value",
    "rule": "split_rule",
}  # of what an output rests on: code names that have words
_IN_A_ROW = ("years", "map_dates", "counting_dates")
_DAY = re.compile(r"(?<!\S)\d{4}-\d{2}-\d{2}(?=$|, )")
_TAX = frozenset({"vat", "recoverable_vat", "net", "net_after_offset"})
_TAX_UNKNOWN = ("vat_unknown", "taxed_share_unknown", "recoverable_share_unknown", "vat_part_unknown")
_MOST_TEXT = 200  # characters of a cell; a list of hundreds of codes would hide what stands below it


@dataclass(frozen=True)
class Head:
    """A column's heading: its code name, its words, whether figures stand below it, and what a letter stands for."""

    name: str
    text: str
    numeric: bool
    meaning: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell: its text, its figure where that is not in the text, whether it is one, whether it heads its row.

    What is `quoted` is Dutch on a page in any language: the words of a model file.
    """

    text: str
    by: str
    numeric: bool
    heading: bool
    quoted: bool = False


@dataclass(frozen=True)
class ShownTable:
    """A table of a page; `rows` are pairs of a municipality's code (or nothing) and the cells.

    `beside` says which columns were left out, since nothing in them is known or all is nil; `words` are what tables of
    this kind are called, whatever their year.
    """

    name: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    foot: tuple[Cell, ...]
    notes: tuple[str, ...]
    banner: str
    by_code: bool
    beside: str = ""
    words: str = ""
    folded: bool = False

    @property
    def long(self) -> bool:
        """Whether it scrolls in a box of its own."""
        return len(self.rows) > _LONG


def shown_table(
    table: Table, lang: str, *, title: str = "", said: Collection[str] = (), folded: bool = False
) -> ShownTable:
    """Return a table ready for a page.

    The name stands first. Texts that are the same on every row become a note below it, and so do figures of which none
    is known yet, and amounts that are nil for every municipality, differences apart. Simulation errors are left to the
    workbook, and long texts are cut.

    Parameters
    ----------
    table
        The table.
    lang
        ``nl`` or ``en``.
    title
        What stands above it, where that is not its own title.
    said
        Notes that the page holds already.
    folded
        Whether it opens on demand.
    """
    every = _as_in_the_file(table.columns())
    columns = [column for column in every if not column.name.endswith("_error")]
    untold = [column for column in columns if not (column.name in _TAX and column.only_pm and _tells_tax(said, lang))]
    by_code = bool(columns) and columns[0].name == "code"
    codes = [str(code) for code in columns[0].values] if by_code else [""] * len(table.frame)
    same = [c for c in columns if c.kind == "text" and len(c.values) > 1 and len(set(c.values)) == 1]
    unknown = [column for column in columns if column.only_pm and len(column.values) > 1]
    nil = [column for column in columns if by_code and _nil(column)]
    named = folded and by_code and any(column.name == "name" for column in columns)  # the code is in the table shown
    left_out = {column.name for column in (*same, *unknown, *nil)} | ({"code"} if named else set())
    kept = [column for column in columns if column.name not in left_out]
    kept.sort(key=lambda column: not (by_code and column.name == "name"))
    quoted = _QUOTED if table.role == "values" else _QUOTED_ANYWHERE
    cells = [_cells(column, place == 0, lang, column.name in quoted) for place, column in enumerate(kept)]
    notes = [f"{capital(c.title(lang))}: {c.text(c.values[0], lang)}." for c in same if c.values[0]]
    nils = [say(message("nil_for_all", names=[c.title(lang) for c in nil]), lang)] if nil else []
    return ShownTable(
        name=table.name,
        title=title or table.title,
        heads=tuple(
            Head(column.name, capital(column.header(lang)), column.numeric, table.meanings.get(column.name, ""))
            for column in kept
        ),
        rows=tuple(zip(codes, zip(*cells, strict=True), strict=True)),
        foot=_foot(kept, set(table.total or ()), lang),
        notes=(*map(lettered, table.notes_beyond(said)), *memoranda(untold, lang), *nils, *notes),
        banner=marks_of(table, lang),
        by_code=by_code,
        beside=" ".join([*memoranda(unknown, lang), *nils]),
        words=capital(label(stem(table.name)[0], lang)),
        folded=folded,
    )


def _tells_tax(said: Collection[str], lang: str) -> bool:
    """Whether the page says already that VAT and what is left after compensation are not known."""
    return any(say(message(key), lang) in said for key in _TAX_UNKNOWN)


def _nil(column: Column) -> bool:
    """Whether every amount in a long column is nil; that a difference is, is news."""
    return column.unit == "EUR" and not column.signed and len(column.values) > _LONG and set(column.values) == {0.0}


def _as_in_the_file(columns: Sequence[Column]) -> list[Column]:
    """Return columns with whole numbers without a unit (a year, a seed) as they stand in the model file."""
    units = next((column.values for column in columns if column.name == "unit"), ())
    return [
        replace(column, values=tuple(
            str(value) if isinstance(value, int) and not isinstance(value, bool) and not unit else value
            for value, unit in zip(column.values, units, strict=True)
        )) if column.name == "value" and units and column.kind == "text" else column
        for column in columns
    ]  # fmt: skip


def marks_of(table: Table, lang: str) -> str:
    """Return what must stand on a table: that it is made up, that its figures are indicative.

    Examples
    --------
    >>> import pandas as pd
    >>> marks_of(Table("t", "T", pd.DataFrame(), illustrative=True), "nl")
    'FICTIEF VOORBEELD'
    """
    marks = [banner(lang)] if table.illustrative else []
    marks += [phrase("indicative", lang)] if table.indicative else []
    marks += [phrase(f"status_{status}", lang) for status in table.statuses]
    return " | ".join(marks)


def _text(column: Column, value: object, lang: str) -> str:
    """Write a cell; amounts without the euro sign, which is in the heading, and of a long text only its beginning."""
    if column.unit.startswith("EUR") and value is not None:
        return numbers.number(value, decimals=column.decimals, lang=lang, plus=column.signed)
    text = column.text(value, lang)
    if len(text) <= _MOST_TEXT:
        return text
    return f"{text[: _MOST_TEXT // 2].rsplit(' ', 1)[0]} ... ({phrase('cut', lang)})"


def _cells(column: Column, heading: bool, lang: str, quoted: bool) -> list[Cell]:
    cells, rounded = [], column.numeric and not column.unit.startswith("EUR")  # equal amounts are equal as they read
    for value in column.values:
        text = _text(column, value, lang)
        key = format(value, ".8g") if rounded and numbers.is_number(value) else ""
        by = "" if not key or key == numbers.read_back(text, lang) else key
        cells.append(Cell(text, by, column.numeric, heading, quoted and bool(value)))
    return cells


def _foot(columns: Sequence[Column], added: set[str], lang: str) -> tuple[Cell, ...]:
    """Return the totals, the word under the heading of the rows; nothing where nothing is added up."""
    if not any(column.name in added for column in columns):
        return ()
    texts = [_text(column, column.total(), lang) if column.name in added else "" for column in columns]
    texts[0] = texts[0] or capital(label("total", lang))
    return tuple(
        Cell(text, "", column.numeric, column is columns[0]) for column, text in zip(columns, texts, strict=True)
    )


def shown_sources(
    sources: Iterable[Mapping[str, object]], values: Sequence[Table], lang: str
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return of each source its title, its web address if it has one, and its lines of heading and text.

    The last line is the status of the values that were taken from it.
    """
    shown = []
    for source in sources:
        reference = str(source.get("title") or source.get("id") or "")
        url = str(source.get("url") or "")
        rest = {name: value for name, value in source.items() if name not in ("title", "url", "id")}
        columns = columns_of(pd.DataFrame({name: [value] for name, value in rest.items()}, dtype=object))
        texts = [(capital(c.title(lang)), c.text(c.values[0], lang)) for c in columns]
        statuses = dict.fromkeys(
            label(status, lang, of="status")
            for table in values
            for cited, status in zip(table.frame.attrs.get("cited", ()), table.frame.get("status", ()), strict=False)
            if cited == reference
        )
        texts.append((capital(label("status", lang)), ", ".join(statuses)))
        shown.append((reference, web_address(url), [(name, text) for name, text in texts if text]))
    return shown


def shown_memoranda(tables: Sequence[Table], values: Sequence[Table], lang: str) -> tuple[tuple[str, str], ...]:
    """Return what is not known or not broken down: values of the model by key, and columns by table."""
    found = []
    for table in values:
        if "value" in table.frame.columns:
            columns = table.columns()
            marks = next(column for column in columns if column.name == "value")
            note = next((column for column in columns if column.name == "note"), None)
            for row, mark in enumerate(marks.values):
                if row in table.frame.attrs.get("unknown", ()):
                    words = str(note.values[row] or "") if note else ""
                    name = columns[0].text(columns[0].values[row], lang)
                    found.append((name, f"{mark}: {words}" if words else str(mark)))
    for table in tables:
        found += [(table.title, text) for text in memoranda(table.columns(), lang)]
    return tuple(dict.fromkeys(found))  # models side by side share much


def summary_column(words: str, value: object, unit: str) -> Column:
    """Return a line of a summary as a column of one cell; where plus and minus are both news, a plus is written.

    Examples
    --------
    >>> summary_column("difference_b", 12.5, "EUR").text(12.5)
    '+ € 12,50'
    """
    name = words if stem(words)[0] in SIGNED else "value"
    (column,) = columns_of(pd.DataFrame({name: [value]}), units={name: unit} if unit else None)
    return column


def traced(provenance: Mapping[str, object], lang: str) -> list[tuple[str, str]]:
    """Write what an output rests on as lines of words and a text; ids and numbers behind the words stay as they are.

    Examples
    --------
    >>> traced({"library": "ggu_costs", "years": [2019, 2020], "map_dates": ["2020-01-01"], "municipality": None}, "nl")
    [('Programmatuur', 'ggu_costs'), ('Jaren', '2019, 2020'), ('Gemeentelijke indeling per', '1 januari 2020')]
    """
    known = names_in("provenance")

    def words(name: str) -> str:
        parts = [re.sub(r"\[(\d+)\]$", r" \1", part) for part in name.split(".")]
        heads = [part.split(" ")[0] for part in parts]
        said = [
            label(head, lang, of="provenance") + part[len(head) :] if head in known else part
            for head, part in zip(heads, parts, strict=True)
        ]
        return capital(said[0]) + "".join(f": {part}" for part in said[1:])

    return [(words(name), _traced(name, text, lang)) for name, text in lines(provenance) if text]


def _traced(name: str, text: str, lang: str) -> str:
    """Write what stands behind the words: days and code names of methods in words, all else as it is."""
    of = _WORDED.get(name.rpartition(".")[2], "")
    if of:
        return label(text, lang, of=of) if text in names_in(of) else text
    if (days := text.split("/"))[1:] and all(map(_DAY.fullmatch, days)):
        return " \N{EN DASH} ".join(numbers.date(day, lang=lang) for day in days)
    return _DAY.sub(lambda day: numbers.date(day.group(), lang=lang), text)


def lines(value: object, name: str = "") -> list[tuple[str, str]]:
    """Write nested mappings and lists as lines of a dotted name and a text; years and days are one line.

    Examples
    --------
    >>> lines({"model": {"id": "funds/ggu/2020", "years": [2020]}})
    [('model.id', 'funds/ggu/2020'), ('model.years', '2020')]
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in lines(item, f"{name}.{key}" if name else str(key))]
    if isinstance(value, list | tuple):
        if name.rpartition(".")[2] in _IN_A_ROW:
            return [(name, ", ".join(str(item) for item in value if not numbers.missing(item)))]
        return [line for place, item in enumerate(value, start=1) for line in lines(item, f"{name}[{place}]")]
    return [(name, "" if numbers.missing(value) else str(value))]
