"""Rows out of a CSV file, a workbook, a list of mappings or a DataFrame, with the line each came from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ggu_costs.errors import Faults, InputError, repeated
from ggu_costs.figures import has_entries
from ggu_costs.reading import MOST_BYTES, read_file
from ggu_costs.reference._workbooks import name_of, read_sheet
from ggu_costs.text import REMEDY, unclean

if TYPE_CHECKING:
    import pandas as pd

    Source: TypeAlias = str | Path | pd.DataFrame | Iterable[Mapping[str, object]]


_LONG = {
    "delimiter": "A decimal comma in a file with commas? Use ';' between columns.",
    "sheet": "Clear what stands beside the table, or name its column.",
}
_DELIMITERS = (";", ",", "\t")
_BOMS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Longest first: the mark of one begins as that of the other."""
_UTF8_BOM = b"\xef\xbb\xbf"
_WORKBOOKS = (".xlsx", ".xlsm")
_OLD_EXCEL, _ZIPPED = b"\xd0\xcf\x11\xe0", (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
_STATED_MARK = re.compile(r'"?sep=([^\r\n])"?(?:\1|[ \t])*(?=[\r\n]|\Z)', re.IGNORECASE)
_NEVER_IN_TABLES = re.compile("[^\t\n\r -\u024f\u2000-\u20ac]")  # Latin text; else the wrong bytes were paired
_FOOTER = re.compile(r"\s*(Bron|Source)\s*:|\s*©")


@dataclass(frozen=True)
class Rows:
    """A table as it was found.

    Attributes
    ----------
    source
        File name, or what kind of object it was.
    header
        Column names without outer spaces.
    rows
        Line number (for an object the position, from 1) and cells.
    read_as
        What was found out or assumed: delimiter, encoding, sheet; the footer that was left out.
    """

    source: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[Any]]]
    read_as: dict[Any, str] = field(default_factory=dict)

    def place(self, line: int) -> str:
        """Where a row stands, for a message."""
        return f"{self.source} line {line}" if self.read_as else f"{self.source} row {line}"

    def column(self, name: str) -> list[Any]:
        """Return the cells of one column; text without outer spaces."""
        position = self.header.index(name)
        cells = (cells[position] for _, cells in self.rows)
        return [cell.strip() if isinstance(cell, str) else cell for cell in cells]

    def cells(self, name: str) -> list[tuple[str, Any]]:
        """Return the cells of one column, each with where it stands."""
        places = (f"{self.place(line)}, {name}" for line, _ in self.rows)
        return list(zip(places, self.column(name), strict=True))


def rows_of(source: Source, *, delimiter: str | None = None, encoding: str | None = None, sheet: int | str = 0) -> Rows:
    """Read any of the sources; every fault of the layout at once."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        table = source if isinstance(source.index, pd.RangeIndex) else source.reset_index()
        header = [str(name) for name in table.columns]
        cells = zip(*(table.iloc[:, i].tolist() for i in range(len(header))), strict=True)
        return _checked("DataFrame", header, [(line, list(row)) for line, row in enumerate(cells, start=1)], {})
    if isinstance(source, str | Path):
        path = Path(source)
        data = read_file(path, most=MOST_BYTES)
        if data.startswith(_OLD_EXCEL):
            raise InputError(f"{path}: an old Excel file (.xls), or one with a password",
                             remedy="Save it as .xlsx without a password, or as CSV.")  # fmt: skip
        if path.suffix.lower() in _WORKBOOKS:
            return _workbook(str(path), data, sheet)
        if data.startswith(_ZIPPED):
            raise InputError(f"{path}: a zip file or a workbook, not a CSV file",
                             remedy="Unpack it; the name of a workbook ends in .xlsx.")  # fmt: skip
        return _csv(str(path), _text(str(path), data, encoding), delimiter, encoding or "utf-8")
    return _mappings(source)


def rows_in_bytes(source: str, data: bytes, *, delimiter: str | None = None, encoding: str | None = None) -> Rows:
    """Read a CSV file that is in memory; every fault of the layout at once."""
    return _csv(source, _text(source, data, encoding), delimiter, encoding or "utf-8")


def _mappings(source: Iterable[Mapping[str, object]]) -> Rows:
    records = list(source) if has_entries(source) else []
    if not records or not all(isinstance(record, Mapping) for record in records):
        raise InputError(
            f"a {type(source).__name__} is not a table with rows",
            remedy="Give the path of a CSV file or workbook, a DataFrame, or a list of dicts.",
        )
    header = list(dict.fromkeys(name for record in records for name in record))
    rows = [(line, [record.get(name) for name in header]) for line, record in enumerate(records, start=1)]
    return _checked("list", header, rows, {})


def _text(source: str, data: bytes, encoding: str | None) -> str:
    """Decode a file; an encoding is stated or UTF-8, never guessed."""
    wide = next((name for bom, name in _BOMS.items() if data.startswith(bom)), None)
    if wide and (encoding or "").lower().replace("_", "-")[:6] != wide:
        raise InputError(f"{source}: the file is {wide}, not {encoding or 'UTF-8'}",
                         remedy=f"Save it as 'CSV UTF-8', or state encoding='{wide}'.",
                         option=f"encoding='{wide}'")  # fmt: skip
    if not wide and not encoding and b"\0" in data:
        read_as = _without_mark(data)
        raise InputError(f"{source}: not text in UTF-8: it holds zero bytes",
                         remedy="Save it as 'CSV UTF-8'" + (f", or state {read_as}." if read_as else "."),
                         option=read_as)  # fmt: skip
    if data.startswith(_UTF8_BOM):
        encoding = "utf-8-sig"  # the mark proves it, whatever was stated
    try:
        return data.decode(encoding or "utf-8")
    except LookupError as error:
        raise InputError(f"encoding {encoding!r} does not exist", remedy="Try 'utf-8' or 'cp1252'.") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{source} line {line}: byte 0x{data[error.start]:02X} is not {encoding or 'UTF-8'}",
            remedy="Save the file as 'CSV UTF-8', or, if it is Windows-1252 (older Excel), state encoding='cp1252'.",
            option="encoding='cp1252'",
        ) from error
    except UnicodeError as error:  # of a codec that does not say where
        raise InputError(
            f"{source}: not text in {encoding}", remedy="Save the file as 'CSV UTF-8', or state another encoding."
        ) from error


def _without_mark(data: bytes) -> str:
    """Say which encoding of two or four bytes a sign gives text, where one does; empty where none does."""
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        with suppress(UnicodeDecodeError):
            if not _NEVER_IN_TABLES.search(data.decode(name)):
                return f"encoding={name!r}"
    return ""


def _csv(source: str, text: str, delimiter: str | None, encoding: str) -> Rows:
    stated = _STATED_MARK.match(text)  # Excel's own first line
    text = text[stated.end() :] if stated else text
    if delimiter is None:
        mark = stated[1] if stated else max(_DELIMITERS, key=lambda mark: _fit(text, mark))
    elif len(delimiter) == 1:
        mark = delimiter
    else:
        raise InputError(f"delimiter is {delimiter!r}", remedy="Give one character, such as ';' or ','.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        lines = list(_filled(reader))
    except csv.Error as error:
        raise InputError(
            f"{source} line {reader.line_num}: {error}", remedy="Check the quotes on that line."
        ) from error
    header = list(lines[0][1]) if lines else []
    read_as = {"delimiter": mark, "encoding": encoding}
    if len(lines) > 1 and len(_cut(lines[-1][1], 1)) == 1 < len(header) and _FOOTER.match(lines[-1][1][0]):
        read_as["footer"] = lines.pop()[1][0].strip()
    header = _cut(header, 0)  # marks behind the last column, as Excel writes them
    return _checked(source, header, [(line, _cut(row, len(header))) for line, row in lines[1:]], read_as)


def _filled(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    """Number the lines, and pass over those that hold nothing."""
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, row


def _fit(text: str, mark: str) -> tuple[bool, int]:
    """Say how well a mark divides the header: into as many cells as the line below it, then into the most."""
    lines: list[list[str]] = []
    with suppress(csv.Error):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        lines.extend(row for _, row in islice(_filled(reader), 2))
    counts = [len(row) for row in lines]
    return len(counts) == 2 and counts[0] == counts[1] > 1, max(counts[:1], default=0)


def _cut(row: list[Any], width: int) -> list[Any]:
    """Take off the empty cells behind the last column."""
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row


def _workbook(source: str, data: bytes, sheet: int | str) -> Rows:
    filled, read_as = read_sheet(source, data, sheet)
    header = [name_of(cell) for cell in filled[0][1]] if filled else []
    while header and not header[-1]:
        header.pop()
    width = len(header)
    rows = [(line, row[:width] + [None] * (width - len(row)) + [cell for cell in row[width:] if cell is not None])
            for line, row in filled[1:]]  # fmt: skip
    if rows and _names_under(header, filled[1][1]):
        raise InputError(
            f"{source} header: names in line {rows[0][0]} too",
            remedy="Give every column one name in one row; a header over two rows, or of merged cells, cannot be read.",
        )
    return _checked(source, header, rows, read_as)


def _names_under(header: list[str], row: list[Any]) -> bool:
    """Return whether the row below the header has cells where that has no name, and none where it has one."""
    above = dict(enumerate(header))
    named = [place for place, cell in enumerate(row) if cell is not None]
    return any(not above.get(place) for place in named) and any(
        above[place] and (place >= len(row) or row[place] is None) for place in above
    )


def _checked(source: str, header: list[str], rows: list[tuple[int, list[Any]]], read_as: dict[Any, str]) -> Rows:
    table = Rows(source, tuple(str(name).strip() for name in header), rows, read_as)
    faults = Faults()
    for name in table.header:
        if sign := unclean(name):
            faults.add(f"{source} header", f"{name!r} {sign}", remedy=REMEDY)
    for line, cells in rows:
        for cell in cells:
            if isinstance(cell, str) and (sign := unclean(cell)):
                faults.add(table.place(line), f"a cell {sign}", remedy=REMEDY)
    for name, count in repeated(table.header):
        faults.add(f"{source} header", f"{count} columns named {name!r}", "every name once")
    titled = len(header) == 1 and any(len(cells) > 1 for _, cells in rows)
    if titled:
        faults.add(f"{source} header", f"one cell, {header[0]!r}, with more in the lines below",
                   "the names of the columns", "Take out the title above them.")  # fmt: skip
    for line, cells in rows:
        if len(cells) != len(header) and not titled:
            long = len(cells) > len(header)
            remedy = _LONG["sheet" if "sheet" in read_as else "delimiter"] if long else ""
            faults.add(table.place(line), f"{len(cells)} cells", f"{len(header)}, as the header has", remedy)
    if not rows:
        faults.add(source, "no rows", "a header and rows")
    divided = f" It was read with {read_as['delimiter']!r} between columns." if "delimiter" in read_as else ""
    remedy = f"Correct the table.{divided}"
    faults.check(f"{source}: this is not a table", remedy=remedy)
    return table
