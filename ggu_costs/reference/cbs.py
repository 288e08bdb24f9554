"""Figures as an analyst downloads them from CBS (StatLine), by municipality.

Five forms are read: the bulk CSV of StatLine (``;``, padded keys, points for fractions, untyped or typed), its CSV
with titles (decimal commas, names instead of codes, "Bron: CBS" below), rows of ``cbsodata.get_meta(table,
"TypedDataSet")`` or ``"UntypedDataSet"``, rows of ``cbsodata.get_data(table)``, and the long observations of the newer
service (Measure, RegioS, Perioden, Value). Nothing is downloaded here.

What is guarded against: CBS changes the running number behind a column name (``Inwonertal_54``) from year to year, so
columns are found by their stem. ``cbsodata.get_data`` replaces the codes of regions by their names, and names are not
unique, so such rows are read only when a column with codes is left or the list of regions is given. A table holds many
levels of region and often many periods; only municipalities (GM) of one period are taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Faults, InputError, OutsidePeriodError, UnknownNameError, listed
from ggu_costs.frames import describe
from ggu_costs.reference._numbers import check_marks, is_missing, read_numbers
from ggu_costs.reference._rows import Rows, rows_of
from ggu_costs.reference.facts import Facts
from ggu_costs.reference.kinds import stem

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.reference._rows import Source


_REGION = re.compile(r"[A-Z]{2}\d[A-Z0-9]+")  # districts of Amsterdam have letters: WK0363AA, BU0363AA01
_GM = re.compile(r"GM[0-9]{4}")
_CODE_COLUMNS = re.compile(r"RegioS|Regios?|Code|KoppelvariabeleRegioCode|Codering|WijkenEnBuurten|Gemeentecode|code")
_PERIOD_COLUMNS = ("Perioden", "Periods", "Periode")
_NO_FIGURES = frozenset({"ID", "Id", *_PERIOD_COLUMNS})
_PERIOD = re.compile(r"(\d{4})(?:JJ00)?\**")
_NUMBERED = re.compile(r"_\d+$")
_NO_FIGURE = frozenset({".", "-99995", "-99997", "-99999999"})
_INHABITANTS = ("Inwonertal", "TotaleBevolking", "BevolkingAanHetBeginVanDePeriode", "AantalInwoners", "a_inw")
"""Stems of CBS columns that hold the persons on the first day of the period; the last of the workbook by district."""


def _names() -> dict[str, str]:
    """Our name of each CBS stem."""
    columns = Facts().columns()
    ours: dict[str, str] = {column["cbs"]: name for name, column in columns.items() if "cbs" in column}
    return ours | dict.fromkeys(_INHABITANTS, "inhabitants")


def read_cbs(
    source: Source,
    *,
    column: str | None = None,
    year: int | str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    encoding: str | None = None,
    regions: Iterable[Mapping[str, object]] | None = None,
) -> pd.Series:
    """Read one figure by municipality out of a CBS download.

    Parameters
    ----------
    source
        Path of a StatLine CSV file, a DataFrame, or a list of dicts as cbsodata returns.
    column
        Column wanted, with or without its running number (``Inwonertal``, ``Inwonertal_54``); for observations the
        code of the measure (``M000100``). By default the inhabitants, or else the only column with figures.
    year
        Period wanted where there are more: 2024 (the year, ``2024JJ00``) or a period as CBS writes it, ``"2024MM01"``.
    decimal, thousands
        ``"."`` or ``","``. By default what the file shows: 0.5 can only have a decimal point, 1.234,50 only a point
        between thousands. Where 107.106 could be either, one of them has to be stated.
    encoding
        Of a CSV file; by default UTF-8, with or without a byte order mark.
    regions
        ``cbsodata.get_meta(table, "RegioS")``: gives the codes back to rows that only have names of regions.

    Returns
    -------
    pandas.Series
        float64, indexed by ``code`` in order of code; the name is ours where the stem is known (``inhabitants``), else
        the stem. ``attrs``: ``column``, ``period``, ``decimal``, ``dropped`` (rows of other regions, by kind),
        ``missing`` (codes for which CBS gives no figure; they are not in the Series), and how the file was read.

    Raises
    ------
    InputError
        No codes (names only), several columns or periods to choose from, codes twice, figures that are not numbers,
        ambiguous, or not whole where persons are counted, a file in another encoding or with broken rows. All faults
        of a kind at once.
    OutsidePeriodError
        A period that is not in the table: names those that are.
    UnknownNameError
        A column or measure that is not there.
    MissingInputError
        A file that is not there.

    Notes
    -----
    The table may hold municipalities that have ended; whether every municipality of a date has a figure is checked
    where the figures are used.

    Examples
    --------
    >>> rows = [{"RegioS": "NL01  ", "Perioden": "2024JJ00", "TotaleBevolking_1": 17942942},
    ...         {"RegioS": "GM0363", "Perioden": "2024JJ00", "TotaleBevolking_1": 931298}]
    >>> read_cbs(rows)
    code
    GM0363    931298.0
    Name: inhabitants, dtype: float64
    """
    import pandas as pd

    check_marks(decimal, thousands)
    table = rows_of(source, encoding=encoding)
    codes = _codes(table, regions)
    long = {"Measure", "Value"} <= set(table.header)
    if long:
        chosen, kept, used = *_measure(table, column, codes), "Value"
    else:
        chosen = used = _column(table, column, codes)
        kept = [position for position, code in enumerate(codes) if _GM.fullmatch(code)]
    period, kept = _period(table, year, kept)
    dropped = Counter(code[:2] or "without code" for code in codes if not _GM.fullmatch(code))
    picked = [(at, codes[at]) for at in kept]
    numbers, missing, marks = _figures(table, used, picked, stem(chosen), decimal=decimal, thousands=thousands)
    index = pd.Index(list(numbers), name="code")
    name = _names().get(stem(chosen), stem(chosen))
    series = pd.Series(list(numbers.values()), index=index, name=name, dtype="float64").sort_index()
    return describe(
        series, source=table.source, column=chosen, period=period, **marks, dropped=dict(dropped), missing=missing,
        **table.read_as,
    )  # fmt: skip


def _codes(table: Rows, regions: Iterable[Mapping[str, object]] | None) -> list[str]:
    """Return the region code of every row."""
    named = [name for name in table.header if _CODE_COLUMNS.fullmatch(stem(name))]
    for name in [*named, *(name for name in table.header if name not in named)]:
        cells = table.column(name)
        if any(isinstance(cell, str) and _GM.fullmatch(cell) for cell in cells):
            return _all_codes(table, name)
    if regions is not None:
        return _joined(table, regions)
    remedy = (
        "StatLine's CSV with titles and cbsodata.get_data give names instead of codes. Download the unprocessed data "
        "set (onbewerkte dataset), use cbsodata.get_meta(table, 'TypedDataSet'), select a table with a code column "
        "(Code_1, KoppelvariabeleRegioCode), or give regions=cbsodata.get_meta(table, 'RegioS')."
    )
    if len(table.header) == 1:
        remedy = "There is one column only; StatLine puts ';' between columns. Download the file again."
    raise InputError(
        f"{table.source}: no column with codes of municipalities (GM0363); columns: {listed(table.header)}",
        remedy=remedy,
    )


def _all_codes(table: Rows, name: str) -> list[str]:
    faults = Faults()
    cells = table.cells(name)
    for where, cell in cells:
        if not (isinstance(cell, str) and _REGION.fullmatch(cell)) and not _empty(cell):
            faults.add(where, f"{cell!r} is not a code of a region", "such as GM0363 or PV27")
    faults.check(f"{table.source}: codes that cannot be read", remedy="Correct the lines listed.")
    return ["" if _empty(cell) else str(cell) for _, cell in cells]


def _joined(table: Rows, regions: Iterable[Mapping[str, object]]) -> list[str]:
    """Find the code of each row by the name of its region; a name that stands for two regions is a fault."""
    titles: dict[str, set[str]] = {}
    for region in regions:
        titles.setdefault(str(region.get("Title", "")).strip(), set()).add(str(region.get("Key", "")).strip())
    best = max(table.header, key=lambda name: sum(cell in titles for cell in table.column(name) if _text(cell)))
    faults = Faults()
    codes = []
    for where, cell in table.cells(best):
        keys = titles.get(cell, set()) if _text(cell) else set()
        codes.append(next(iter(keys)) if len(keys) == 1 else "")
        if len(keys) > 1:
            faults.add(where, f"{cell!r} stands for {', '.join(sorted(keys))}", "one region")
        elif not keys:
            faults.add(where, f"{cell!r} is not in regions", "a Title of the list of regions")
    faults.check(f"{table.source}: names of regions that have no single code",
                 remedy="Use cbsodata.get_meta(table, 'TypedDataSet'), which keeps the codes.")  # fmt: skip
    return codes


def _empty(cell: object) -> bool:
    """CBS marks a value that is not there by a point or, in its maps, by a number, or leaves it out."""
    return is_missing(cell) or str(cell).removesuffix(".0") in _NO_FIGURE


def _text(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell)


def _column(table: Rows, column: str | None, codes: list[str]) -> str:
    """Return the column wanted, by name or stem."""
    if column is not None:
        found = [name for name in table.header if name == column] or [
            name for name in table.header if stem(name).lower() == column.strip().lower()
        ]
        if not found:
            raise UnknownNameError(f"column in {table.source}", column, table.header)
    else:
        found = [name for name in table.header if stem(name) in _INHABITANTS]
        if not found:
            rest = [name for name in table.header if name not in _NO_FIGURES and _numeric(table, name, codes)]
            found = [name for name in rest if _NUMBERED.search(name)] or rest
    return _only(found, f"{table.source}: {len(found)} columns to choose from: {listed(found or table.header)}")


def _numeric(table: Rows, name: str, codes: list[str]) -> bool:
    """Return whether a column has a figure for some municipality and text for none."""
    cells = [cell for code, cell in zip(codes, table.column(name), strict=True) if _GM.fullmatch(code)]
    present = [cell for cell in cells if not _empty(cell)]
    figures = all(not isinstance(cell, str | date) or re.fullmatch(r"[-+\d.,]+", str(cell)) for cell in present)
    return bool(present) and figures and not _is_code(table.column(name), codes)


def _is_code(cells: list[Any], codes: list[str]) -> bool:
    """Return whether a column holds the digits of the codes: 363 beside GM0363, which is no figure."""
    pairs = [(str(cell), code) for cell, code in zip(cells, codes, strict=True) if _GM.fullmatch(code)]
    return all(cell.removesuffix(".0").lstrip("0") == code[2:].lstrip("0") for cell, code in pairs)


def _measure(table: Rows, column: str | None, codes: list[str]) -> tuple[str, list[int]]:
    """Return the measure wanted of long observations, and its rows that are municipalities."""
    measures = table.column("Measure")
    known = sorted({str(measure) for measure in measures})
    if column is None:
        column = _only(known, f"{table.source}: {len(known)} measures: {listed(known)}")
    if column not in known:
        raise UnknownNameError(f"measure in {table.source}", column, known)
    kept = [at for at, measure in enumerate(measures) if measure == column and _GM.fullmatch(codes[at])]
    return column, kept


def _period(table: Rows, year: int | str | None, kept: list[int]) -> tuple[str, list[int]]:
    """Keep the rows of one period; return its name as CBS writes it."""
    name = next((name for name in _PERIOD_COLUMNS if name in table.header), None)
    if name is None:
        if year is not None:
            raise InputError(f"{table.source}: no column with periods, so {year} cannot be looked up",
                             remedy="Leave out year for a table of one year.")  # fmt: skip
        return "", kept
    cells = [str(cell) for cell in table.column(name)]
    known = sorted({cells[at] for at in kept})
    if year is None:
        chosen = known
    else:
        years = {period: match[1] for period in known if (match := _PERIOD.fullmatch(period))}
        chosen = [period for period in known if str(year) in (period, years.get(period))]
        if not chosen:
            raise OutsidePeriodError(
                f"{table.source}: no figures of municipalities for {year}", key=name, asked=str(year),
                known=", ".join(known), remedy=f"Periods in the table: {listed(known)}.",
            )  # fmt: skip
    if not chosen:
        return "", []
    remedy = "Say which: year=2024, or the period as CBS writes it."
    period = _only(chosen, f"{table.source}: {len(chosen)} periods: {listed(chosen)}", remedy)
    return period, [at for at in kept if cells[at] == period]


def _only(found: list[str], several: str, remedy: str = "Name the one you want: column='...'.") -> str:
    """Return the one that was found, or ask which."""
    if len(found) != 1:
        raise InputError(several, remedy=remedy)
    return found[0]


def _figures(
    table: Rows, used: str, kept: list[tuple[int, str]], name: str, *, decimal: str | None, thousands: str | None
) -> tuple[dict[str, float], list[str], dict[Any, str]]:
    """Return the figures by code, the codes without a figure, and the marks; every fault at once."""
    faults = Faults()
    column = table.column(used)
    rows: dict[str, list[int]] = {}
    for at, code in kept:
        rows.setdefault(code, []).append(at)
    _note_repeated(table, {code: found for code, found in rows.items() if len(found) > 1}, used, faults)
    present = {code: found[0] for code, found in rows.items() if not _empty(column[found[0]])}
    cells = [(f"{table.place(table.rows[at][0])}, {code}", column[at]) for code, at in present.items()]
    read, marks = read_numbers({name: cells}, decimal=decimal, thousands=thousands, faults=faults)
    numbers = read.get(name, [])
    ours = Facts().columns().get(_names().get(name, ""), {})
    if ours.get("type") == "whole number":
        for (where, cell), number in zip(cells, numbers, strict=False):
            if number % 1 > 0:
                faults.add(where, f"{cell!r} is no whole number of {ours['unit']}", "a whole number",
                           "Are these thousands? State thousands='.' or ','.")  # fmt: skip
            if number < 0:
                faults.add(where, f"{cell!r}: a negative number of {ours['unit']}", "0 or more")
    if not present:
        faults.add(table.source, "no figure for any municipality", "one or more rows of GM codes with a figure")
    faults.check(f"{table.source}: {name} cannot be read", remedy="Correct or download the table again.")
    missing = sorted(set(rows) - set(present))
    return dict(zip(present, numbers, strict=True)), missing, marks


def _note_repeated(table: Rows, repeated: Mapping[str, list[int]], used: str, faults: Faults) -> None:
    """Say what tells the rows of one municipality apart."""
    for code, found in repeated.items():
        dimensions = [name for name in table.header if name not in (used, "ID", "Id") and not _NUMBERED.search(name)]
        apart = [name for name in dimensions
                 if len({str(table.rows[at][1][table.header.index(name)]) for at in found}) > 1]  # fmt: skip
        by = f", one for each {' and '.join(apart)}" if apart else ""
        faults.add(f"{table.source} {code}", f"{len(found)} rows{by}", "one", "Keep the rows you want before reading.")
