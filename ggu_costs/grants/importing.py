"""The tables of a circulaire as they are saved from its workbook, made into a model file.

Three tables are read, as text or xlsx: weights (a row a maatstaf, a column a cluster), volumes (a row a
municipality, a column a maatstaf) and other uitkeringen (a row a municipality). What differs between circulaires is
brought to one form: numbers of municipalities without GM, a table with names only, thousands with dots beside plain
integers, a hyphen for nothing, the fixed amount called ``vast nieuw``, and a column of codes among the amounts.
"""

import csv
import hashlib
import io
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from ggu_costs.errors import Faults, InputError, MissingInputError, did_you_mean, listed, shortened
from ggu_costs.figures import read_whole
from ggu_costs.modelfile.values import FIRST_YEAR, LAST_YEAR, Status
from ggu_costs.reading import MOST_BYTES, read_dutch, read_file
from ggu_costs.reference import Reference, or_shipped
from ggu_costs.words.messages import message

_SHORT = re.compile(r"-?\d(?:,\d+)?E\+\d{1,2}", re.ASCII)
"""A large figure as a workbook shows it in a narrow column: its last digits are lost."""
_NOTHING = ("-", "\u2013")
_CODE, _NAME, _PROVINCE = "CBS", "Naam", "Prov"
_CLUSTERS_FROM = 2  # after code and name
_WORKBOOKS = (".xlsx", ".xlsm")
_SAVE = "In Excel: save the sheet as .xlsx, as 'CSV UTF-8' or as 'Unicode Text'."
_FEW = 5
"""More names than these that are not found are no slips, and told together."""

Table = list[list[str]]
TablePath = str | os.PathLike[str]


def read_circular(
    weights: TablePath,
    volumes: TablePath,
    others: TablePath,
    *,
    model_id: str,
    circular: str,
    year: int,
    factor: Decimal | str,
    source: Mapping[str, Any],
    checked_on: date,
    status: Status = "published",
    table_years: Mapping[str, int] | None = None,
    notes: Sequence[str] = (),
    reference: Reference | None = None,
) -> str:
    """Return the model file, as TOML text, of a circulaire whose three tables are given.

    Parameters
    ----------
    weights, volumes, others
        Paths of the tables: text in UTF-8 (or UTF-16 with its mark) with tabs or semicolons between cells, or a
        workbook whose first sheet is the table.
    model_id
        Id of the model, such as ``grants/gemeentefonds/meicirculaire-2026/2027``.
    circular, year
        The circulaire, such as ``meicirculaire 2026``, and the year that the money is for.
    factor
        The uitkeringsfactor, a Decimal or text such as ``"1.457"`` or ``"1,457"``.
    source
        Where the tables come from: ``title`` and ``publisher`` or ``url``, as in a model file.
    checked_on
        The day on which somebody compared the file with its source.
    status, notes
        Of the tables, and what a reader must know.
    table_years
        The uitkeringsjaar of ``weights``, ``volumes`` or ``others`` where it is another than `year`; every output then
        has a mark. The municipal map is that of the year of the volumes.

    Raises
    ------
    InputError
        Every fault of the tables: row, column, what was found.
    MissingInputError
        A file that is not there.
    """
    import tomli_w

    faults = Faults()
    reference = or_shipped(reference)
    tables = {"weights": weights, "volumes": volumes, "others": others}
    read = {name: _read_table(name, path, faults) for name, path in tables.items()}
    if not all(_is_table(table) for table, _ in read.values()):
        faults.check("this circulaire cannot be read", remedy="Correct every table named.")
    number, years = _factor(factor, faults), _years(table_years, faults)
    _check_headers({name: table[0] for name, (table, _) in read.items()})
    codes = {row[1]: _code(row[0], "", Faults()) for row in read["volumes"][0][1:]}  # faults of codes come below
    stated = {row[0] for row in read["weights"][0][1:] if row[0]}
    made = {
        "weights": _weights(read["weights"][0], faults),
        "volumes": _by_code("volumes", read["volumes"][0], codes, stated, faults),
        "others": _by_code("others", read["others"][0], codes, set(), faults),
    }
    faults.check("this circulaire cannot be read", remedy="Correct every cell named.")
    columns = made["others"].split("\n", 1)[0].lower().split("\t")[1:]
    facts, own_map = known(), "volumes" in years
    traits = {name: [code for code in codes if code in stated] for name, codes in facts["traits"].items()}
    strange = [row[1] for row in read["weights"][0][1:] if row[0] and row[0] not in facts["known"]]
    if strange:
        notes = [*notes, str(message("maatstaven_unknown", names=strange))]
    grounds = {"status": status, "source": "circulaire"}
    body: dict[str, Any] = {
        "schema": 1, "kind": "grant", "id": model_id, "title": f"Gemeentefonds {year}, {circular}",
        "checked_on": checked_on, "circular": circular, "year": year,
        "notes": [*notes, *_shortened_figures(read["volumes"][0])],
        "inhabitants": facts["inhabitants"],
        "outside_factor": sorted(code for code in stated if code.startswith(facts["outside_factor_begins"])),
        "pm": [name for name, begins in facts["may_lack"].items()
               if not any(column.startswith(tuple(begins)) for column in columns)],
        "traits": {name: codes for name, codes in traits.items() if codes},
        "sources": {"circulaire": dict(source)},
        "map_date": {
            "value": date(years.get("volumes", year), 1, 1), "unit": "date", "status": "derived",
            "calculation": str(message("first_day_of_volumes" if own_map else "first_day_of_grant_year")),
        },
        "factor": {"value": number, "unit": "number", **grounds},
        **{
            name: {**grounds, "place": Path(tables[name]).name, "sha256": read[name][1],
                   **({"year": years[name]} if name in years else {}), "text": text}
            for name, text in made.items()
        },
    }  # fmt: skip
    reference.map_day(body["map_date"]["value"], what="map_date")
    return tomli_w.dumps(body, multiline_strings=True)


@cache
def known() -> dict[str, Any]:
    """Return what is known of maatstaven (``maatstaven.toml``)."""
    return tomllib.loads(files("ggu_costs.grants").joinpath("maatstaven.toml").read_text(encoding="utf-8"))


def _years(given: Mapping[str, int] | None, faults: Faults) -> dict[str, int]:
    """Read the years of tables that are of another one."""
    years = {}
    for name, year in (given or {}).items():
        if name not in ("weights", "volumes", "others"):
            faults.add(f"table_years.{shortened(str(name))}", "no such table", "weights, volumes or others")
        read = read_whole(year, f"table_years.{shortened(str(name))}", faults, least=FIRST_YEAR, most=LAST_YEAR)
        years[name] = read or FIRST_YEAR
    return years


def _factor(given: Decimal | str, faults: Faults) -> Decimal:
    """Read the uitkeringsfactor, with a decimal point or comma."""
    text = str(given).strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,12})?", text, re.ASCII) or not Decimal(text):
        faults.add("factor", repr(shortened(str(given))), "the uitkeringsfactor, such as 1.457")
        return Decimal(1)
    return Decimal(text)


def _read_table(name: str, path: TablePath, faults: Faults) -> tuple[Table, str]:
    """Return the filled rows of a file as text, the header first, and the SHA-256 of the file."""
    content = read_file(path, most=MOST_BYTES)
    is_book = Path(path).suffix.lower() in _WORKBOOKS
    rows = _sheet(str(path), content) if is_book else _cells(name, content)
    rows = [row for row in rows if any(row)]
    if not _is_table(rows):
        faults.add(name, "no table", "a header and rows, with tabs or semicolons between cells", _SAVE)
        return rows, ""
    width = len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            faults.add(f"{name}, row {number}", f"{len(row)} cells", f"{width}, as in the header")
            row[:] = [*row, *["-"] * width][:width]  # its other cells are looked at all the same
    return rows, hashlib.sha256(content).hexdigest()


def _cells(name: str, content: bytes) -> Table:
    """Return the cells of a text: UTF-8, or UTF-16 with its mark; tabs between cells, else semicolons."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: not text in UTF-8", remedy=_SAVE) from None
    mark = "\t" if "\t" in text.partition("\n")[0] else ";"
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=mark)]
    except csv.Error as error:
        raise InputError(f"{name}: no table ({error})", remedy=_SAVE) from None


def _is_table(rows: Table) -> bool:
    return len(rows) >= 2 and len(rows[0]) >= 3


def _sheet(path: str, content: bytes) -> Table:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingInputError(
            f"{path}: reading a workbook needs openpyxl, which is not installed", names=["openpyxl"],
            remedy="Install it: pip install 'ggu-costs[excel]'.",
        ) from error  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]


def _cell(value: object) -> str:
    """Write a cell of a workbook as the text form has it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{Decimal(repr(value)):f}".replace(".", ",")
    return "" if value is None else str(value).strip()


def _shortened_figures(table: Table) -> list[str]:
    """Say which figures lost their last digits before the table was saved."""
    return [
        str(message("shortened_figure", municipality=row[1], column=column, cell=cell))
        for row in table[1:]
        for column, cell in zip(table[0], row, strict=True)
        if _SHORT.fullmatch(cell)
    ]


def _figure(cell: str, where: str, faults: Faults) -> str:
    """Return a figure as the model file has it."""
    if cell in _NOTHING:
        return "0"
    if _SHORT.fullmatch(cell):
        return f"{Decimal(cell.replace(',', '.')):f}"
    figure = read_dutch(cell)
    if figure is None:
        faults.add(where, repr(shortened(cell)) if cell else "nothing", "a figure such as -1.250,5, or - for none")
        return "0"
    text = f"{figure:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _code(cell: str, where: str, faults: Faults) -> str:
    if re.fullmatch(r"\d{1,4}", cell, re.ASCII):
        return f"GM{int(cell):04d}"
    if not re.fullmatch(r"GM\d{4}", cell, re.ASCII):
        faults.add(where, repr(shortened(cell)), "the number of a municipality, such as 363")
    return cell


def _check_headers(headers: Mapping[str, list[str]]) -> None:
    """Refuse tables that are others than their place says: what is in them would only be noise."""
    faults, remedy = Faults(), "Name the tables in this order: weights, volumes, other uitkeringen."
    for name, header in headers.items():
        allowed, fits = f"a column {_NAME}", _NAME in header
        if name == "weights":
            allowed, fits = "Totaal as the last column", header[-1] == "Totaal"
        elif name == "volumes":
            allowed, fits = f"{_CODE} first, and a column {_NAME}", fits and header[0] == _CODE
        if not fits:
            found = shortened(", ".join(header[-2:] if name == "weights" else header[:3]))
            faults.add(f"{name}, header", found, allowed, remedy)
    faults.check("this circulaire cannot be read", remedy="Correct every table named.")


def _weights(table: Table, faults: Faults) -> str:
    """Return the weights of the maatstaven; rows without a code belong to the other uitkeringen."""
    header = table[0]
    lines = ["\t".join(("code", "name", "total", *header[_CLUSTERS_FROM:-1]))]
    for number, row in enumerate(table[1:], 2):
        if row[0]:
            cells = [_figure(row[at], f"weights, row {number}, column {header[at]}", faults)
                     for at in (-1, *range(_CLUSTERS_FROM, len(row) - 1))]  # fmt: skip
            lines.append("\t".join((row[0], row[1], *cells)))
    return "\n".join(lines) + "\n"


def _by_code(
    kind: Literal["volumes", "others"], table: Table, codes: Mapping[str, str], stated: set[str], faults: Faults
) -> str:
    """Return a table of municipalities by code; one without codes is joined on the names of the volumes."""
    header = table[0]
    with_code = header[0] == _CODE
    name_at = header.index(_NAME)
    kept = [at for at, name in enumerate(header) if name not in (_CODE, _NAME, _PROVINCE)]
    strange: dict[str, str] = {}
    renamed = {old: new for old, new in known()["also_called"].items() if new in stated and new not in header}
    lines = ["\t".join(("code", *(renamed.get(header[at], header[at]) for at in kept)))]
    for number, row in enumerate(table[1:], 2):
        where = f"{kind}, row {number}"
        name = row[name_at]
        if not with_code and name not in codes:
            strange[where] = name
            continue
        code = _code(row[0], where, faults) if with_code else codes[name]
        for at, column in enumerate(header):  # a second column of codes, in the midst of the amounts
            if with_code and at and column == _CODE and row[at] != row[0]:
                faults.add(f"{where}, column {at + 1}", repr(shortened(row[at])), f"{row[0]}, as in the first column")
        cells = (_figure(row[at], f"{where}, column {header[at]}", faults) for at in kept)
        lines.append("\t".join((code, *cells)))
    if len(strange) > _FEW:
        faults.add(kind, f"{len(strange)} names that the volumes do not have: {listed(strange.values())}",
                   "names of the volumes", "Are both tables whole, and of one year?")  # fmt: skip
    else:
        for where, name in strange.items():
            faults.add(where, repr(shortened(name)), "a name of the volumes", did_you_mean(name, codes))
    lines[1:] = sorted(lines[1:])
    return "\n".join(lines) + "\n"
