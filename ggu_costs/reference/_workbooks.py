"""A sheet of a workbook as people have them: formulas whose results were never stored, hidden rows, merged headers."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from typing import Any
from zipfile import ZipFile

from ggu_costs.errors import InputError, MissingInputError, UnknownNameError, listed

STORE = "Open the workbook in Excel or LibreOffice and save it there, so that its results are stored."
"""What to do about a formula without a stored result."""

_MOST_UNPACKED = 600_000_000  # bytes of all parts of a workbook
_MOST_CELLS = 20_000_000  # empty ones too: a single cell far away makes a row of 16,384
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_HIDDEN = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=\"(?:1|true)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_COMPUTE_FIRST = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad=\"(?:1|true)\"")
"""As programs write that know formulas and no results; Excel takes it out when it saves."""
_AT = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")


class NoResult:
    """What a cell holds whose formula has no stored result."""

    def __repr__(self) -> str:
        return "a formula without a stored result"


def read_sheet(source: str, data: bytes, sheet: int | str) -> tuple[list[tuple[int, list[Any]]], dict[Any, str]]:
    """Return the filled rows of a sheet with their numbers, the header first, and how it was read.

    Raises
    ------
    InputError
        No workbook, one that unpacks to more than can be read, or a header of merged cells.
    UnknownNameError
        No such sheet.
    MissingInputError
        openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingInputError(
            f"{source}: reading a workbook needs openpyxl, which is not installed", names=["openpyxl"],
            remedy="Install it: pip install 'ggu-costs[excel]'.",
        ) from error  # fmt: skip
    try:
        with warnings.catch_warnings(), ZipFile(io.BytesIO(data)) as parts:
            warnings.simplefilter("ignore")  # openpyxl warns about layout it skips; only the cells matter here
            _check_size(source, parts)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            names = [page.title for page in book.worksheets]  # not sheets that hold a chart only
            if not names:
                raise InputError(
                    f"{source}: a workbook without a sheet of cells, or saved as 'Strict Open XML'",
                    remedy="Save it as 'Excel Workbook (.xlsx)', or the sheet as CSV.",
                )
            if isinstance(sheet, int) and 0 <= sheet < len(names):
                sheet = names[sheet]
            if sheet not in names:
                raise UnknownNameError("sheet", str(sheet), names)
            page: Any = book[sheet]
            page.reset_dimensions()  # some programs state a smaller area than they fill, and the rest would be lost
            lines = _lines(source, page)
            as_stored = parts.read(page._worksheet_path)
            never = bool(_COMPUTE_FIRST.search(_part(parts, "workbook.xml")))
            book.close()
    except (InputError, UnknownNameError):
        raise
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        raise InputError(f"{source}: not a workbook that can be read ({error})",
                         remedy="Save it anew as .xlsx, or as CSV.") from error  # fmt: skip
    if _FORMULA.search(as_stored):
        _mark_formulas(lines, as_stored, never=never)
    filled = [(line, row) for line, row in lines if any(cell is not None for cell in row)]
    if filled:
        _check_header(source, filled[0][0], filled[0][1], as_stored)
    hidden = len(_HIDDEN.findall(as_stored))
    return filled, {"sheet": str(sheet)} | ({"hidden_rows": f"{hidden}, read like the others"} if hidden else {})


def name_of(cell: Any) -> str:
    """Return the name of a column as the sheet shows it: a year, or a day, may be typed without quotes."""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _check_size(source: str, parts: zipfile.ZipFile) -> None:
    unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > _MOST_UNPACKED:
        raise InputError(
            f"{source}: unpacks to {unpacked:,} bytes, which is more than {_MOST_UNPACKED:,}",
            remedy="Keep the sheet that you need, and save it as .xlsx or CSV.",
        )


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    return next((parts.read(part) for part in parts.namelist() if part.endswith(f"/{name}")), b"")


def _lines(source: str, page: Any) -> list[tuple[int, list[Any]]]:
    lines, count = [], 0
    for line, row in enumerate(page.iter_rows(values_only=True), start=1):
        count += len(row) + 1
        if count > _MOST_CELLS:
            raise InputError(
                f"{source}: a sheet of more than {_MOST_CELLS:,} cells",
                remedy="Clear what stands far from the table, or save the table as CSV.",
            )
        if row:
            lines.append((line, list(row)))
    return lines


def _mark_formulas(lines: list[tuple[int, list[Any]]], as_stored: bytes, *, never: bool) -> None:
    """Put a mark in the cells whose formula has no result in the file; one that is text may be empty."""
    rows = dict(lines)
    for attributes, inside in _CELL.findall(as_stored):
        at = _AT.search(attributes)
        if not at or not _FORMULA.search(inside):
            continue
        row, place = rows.get(int(at[2]), []), _column(at[1])
        if place < len(row) and (never or (row[place] is None and b't="str"' not in attributes)):
            row[place] = NoResult()


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _check_header(source: str, line: int, header: list[Any], as_stored: bytes) -> None:
    merged = [
        f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
        for left, top, right, bottom in _MERGED.findall(as_stored)
        if int(top) <= line <= int(bottom)
    ]
    if merged and sum(cell is not None for cell in header) > 1:
        raise InputError(
            f"{source} header: merged cells ({listed(merged)})",
            remedy="Unmerge them, and give every column a name of its own in one row.",
        )
