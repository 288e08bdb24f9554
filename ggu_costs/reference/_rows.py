"""Rows out of a CSV file, a workbook, a list of mappings or a DataFrame, with the line each came from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ggu_costs.errors import Faults, InputError, MissingInputError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

    Source: TypeAlias = str | Path | pd.DataFrame | Iterable[Mapping[str, object]]

__all__ = ["Rows", "rows_of"]

_DELIMITERS = (";", ",", "\t")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_UTF8_BOM = b"\xef\xbb\xbf"


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
        What was found out or assumed: delimiter, encoding, sheet.
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
        try:
            data = path.read_bytes()
        except OSError as error:
            raise MissingInputError(
                f"{path}: cannot be read ({error.strerror})", names=[str(path)], remedy="Check the path of the file."
            ) from error
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            return _workbook(str(path), data, sheet)
        return _csv(str(path), _text(str(path), data, encoding), delimiter, encoding or "utf-8")
    return _mappings(source)


def _mappings(source: Iterable[Mapping[str, object]]) -> Rows:
    records = list(source) if isinstance(source, Iterable) else []
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
                         remedy=f"Save it as 'CSV UTF-8', or state encoding='{wide}'.")  # fmt: skip
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
        ) from error


def _csv(source: str, text: str, delimiter: str | None, encoding: str) -> Rows:
    if delimiter is None:
        first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
        delimiter = max(_DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
    elif len(delimiter) != 1:
        raise InputError(f"delimiter is {delimiter!r}", remedy="Give one character, such as ';' or ','.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[Any]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                lines.append((reader.line_num, row))
    except csv.Error as error:
        raise InputError(
            f"{source} line {reader.line_num}: {error}", remedy="Check the quotes on that line."
        ) from error
    header = lines[0][1] if lines else []
    return _checked(source, header, lines[1:], {"delimiter": delimiter, "encoding": encoding})


def _workbook(source: str, data: bytes, sheet: int | str) -> Rows:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingInputError(
            f"{source}: reading a workbook needs openpyxl, which is not installed", names=["openpyxl"],
            remedy="Install it: pip install 'ggu-costs[excel]'.",
        ) from error  # fmt: skip
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about layout it skips; only the cells matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        raise InputError(f"{source}: not a workbook that can be read ({error})",
                         remedy="Save it anew as .xlsx, or as CSV.") from error  # fmt: skip
    names = book.sheetnames
    if isinstance(sheet, int) and 0 <= sheet < len(names):
        sheet = names[sheet]
    if sheet not in names:
        raise UnknownNameError("sheet", str(sheet), names)
    lines = [(line, list(row)) for line, row in enumerate(book[sheet].iter_rows(values_only=True), start=1)]
    book.close()
    filled = [(line, row) for line, row in lines if any(cell is not None for cell in row)]
    header = list(filled[0][1]) if filled else []
    while header and header[-1] is None:
        header.pop()
    rows = [(line, row[: len(header)] + [cell for cell in row[len(header) :] if cell is not None])
            for line, row in filled[1:]]  # fmt: skip
    return _checked(source, ["" if name is None else str(name) for name in header], rows, {"sheet": str(sheet)})


def _checked(source: str, header: list[str], rows: list[tuple[int, list[Any]]], read_as: dict[Any, str]) -> Rows:
    table = Rows(source, tuple(str(name).strip() for name in header), rows, read_as)
    faults = Faults()
    for name, count in Counter(table.header).items():
        if count > 1:
            faults.add(f"{source} header", f"{count} columns named {name!r}", "every name once")
    for line, cells in rows:
        if len(cells) != len(header):
            long = len(cells) > len(header)
            remedy = "A decimal comma in a file with commas? Use ';' between columns." if long else ""
            faults.add(table.place(line), f"{len(cells)} cells", f"{len(header)}, as the header has", remedy)
    if not rows:
        faults.add(source, "no rows", "a header and rows")
    divided = f" It was read with {read_as['delimiter']!r} between columns." if "delimiter" in read_as else ""
    remedy = f"Correct the table.{divided}"
    faults.check(f"{source}: this is not a table", remedy=remedy)
    return table
