"""Hourly rates from a file of the user, such as the Handleiding Overheidstarieven, as a table of a programme file.

The figures of such a guide are not shipped; its form is: one row a function or scale, one column with the hourly rate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ggu_costs.errors import Fault, Faults, InputError, did_you_mean, listed
from ggu_costs.figures import finite
from ggu_costs.impact.programme.scm_terms import QuantityTerms
from ggu_costs.reading import may_be_thousands, read_decimal, read_dutch
from ggu_costs.reference._rows import rows_of

if TYPE_CHECKING:
    from ggu_costs.impact.programme.definition import ProgrammeDefinition
    from ggu_costs.reference import Reference
    from ggu_costs.reference._rows import Source

FUNCTION = ("functie", "schaal", "function", "scale")
RATE = ("uurtarief", "tarief", "hourly rate", "rate")
YEAR = ("jaar", "year")
_MOST = Decimal(1_000)
"""Euro an hour from which on a rate is a slip, such as one a day or a month."""


def read_rates(
    source: Source,
    *,
    id: str,  # noqa: A002 (as the file has it)
    year: int,
    whose: Literal["state", "municipalities", "market"],
    overhead: Literal["included", "excluded"],
    name: str = "",
    function: str = "",
    rate: str = "",
    sheet: int | str = 0,
    **grounds: Any,
) -> dict[str, Any]:
    """Return hourly rates of a file as a table for ``hourly_rates`` of a programme.

    Parameters
    ----------
    source
        Path of a CSV file or workbook, a DataFrame or a list of dicts: a row for each function.
    id, year, whose, overhead, name
        As the table has them: see `ggu_costs.impact.programme.scm_terms.RateTable`.
    function, rate
        Names of the columns; by default `functie`, `schaal`, `function` or `scale`, and `uurtarief`, `tarief`,
        `hourly rate` or `rate`, whatever the capitals.
    sheet
        Of a workbook.
    **grounds
        What they rest on: `status`, `source`, `by`, `vat` (``"none"`` unless given), `productive_hours` and so on.

    Raises
    ------
    InputError
        Columns that are not there, a function twice or without a name, a rate that is no number above 0 and below 1,000
        euro an hour, a column `jaar` or `year` with another year: all at once.

    Examples
    --------
    >>> table = [{"Functie": "consulent", "Uurtarief": "66,60"}, {"Functie": "jurist", "Uurtarief": 91.2}]
    >>> found = read_rates(table, id="eigen", year=2024, whose="municipalities", overhead="included",
    ...                    status="estimated", by="de gemeente")
    >>> found["functions"], found["vat"]
    ({'consulent': Decimal('66.60'), 'jurist': Decimal('91.2')}, 'none')
    """
    faults, rows = Faults(), rows_of(source, sheet=sheet)
    columns = {"function": _column(rows.header, function, FUNCTION), "rate": _column(rows.header, rate, RATE)}
    for what, column in columns.items():
        if column is None:
            asked, usual = (function, FUNCTION) if what == "function" else (rate, RATE)
            found = f"no column {asked!r}" if asked else f"none of the columns {listed(usual)}"
            faults.add(rows.source, found, listed(rows.header), f"Name it: {what}=....")
    faults.check(f"{rows.source}: these rates cannot be read", remedy="Name the columns.")
    functions: dict[str, Decimal | None] = {}
    labels, cells = rows.cells(str(columns["function"])), rows.cells(str(columns["rate"]))
    for (place, label), (at, cell) in zip(labels, cells, strict=True):
        key = "" if label is None else str(label).strip()
        figure = _figure(cell)
        if not key or key in functions:
            faults.add(place, f"{key!r} twice" if key else "no function", "each function once, by its name")
        if isinstance(cell, str) and may_be_thousands(cell.replace("€", "").strip()):
            faults.add(at, repr(cell), "euro an hour with one or two decimals", "It may be thousands or a fraction.")
        elif figure is None or not 0 < figure < _MOST:
            remedy = "Is it a rate of a day, a month or a year? Divide it by its hours."
            faults.add(at, repr(cell), f"euro an hour, above 0 and below {_MOST}", remedy)
        functions.setdefault(key, figure)
    if (stated_year := _column(rows.header, "", YEAR)) is not None:
        for place, cell in rows.cells(stated_year):
            if str(cell).strip().removesuffix(".0") != str(year):
                remedy = "Take the rates of that year, or state their year in the model and give the lines an index."
                faults.add(place, f"a rate of {cell}", f"rates of {year}, as the table says", remedy)
    faults.check(f"{rows.source}: these rates cannot be used", remedy="Correct every row named.")
    if not functions:
        raise InputError(f"{rows.source}: no rates", remedy="Give a row for each function.")
    stated = {"id": id, "name": name or id, "year": year, "whose": whose, "overhead": overhead, "functions": functions}
    return {**stated, "vat": "none", **grounds}


def with_own_rates(
    definition: ProgrammeDefinition, data: Mapping[str, Any], reference: Reference
) -> tuple[ProgrammeDefinition, dict[str, str]]:
    """Return a programme with the user's rates in place of those that its tables state, and the SHA-256 of each.

    Parameters
    ----------
    definition
        The programme; its tables say of which year the rates are, whose, and whether overhead is in them.
    data
        By id of a rate table, a file or table as :func:`read_rates` takes it, with a row for each of its functions.

    Raises
    ------
    InputError
        Every fault of the files, functions that they lack, and what does not fit the lines any more.
    """
    faults, tables, hashes = Faults(), definition.rates_by_id, dict[str, str]()
    for name, source in data.items():
        table = tables[name]
        try:
            read = read_rates(source, id=name, year=table.year, whose=table.whose, overhead=table.overhead)["functions"]
        except InputError as error:
            faults.found += [replace(fault, where=f"{name}: {fault.where}") for fault in error.faults] or [
                Fault(name, error.message, "a file with a row for each function", error.remedy)
            ]
            continue
        lacking = [function for function in table.functions if function not in read]
        for function in lacking:
            faults.add(f"{name}: {function}", "no rate", "one for each function", did_you_mean(function, read))
        grounds = {
            "status": "estimated",
            "by": "de gebruiker",
            "vat": str(table.vat or "none"),
            "price_level": table.price_level,
        }
        figures = {
            function: QuantityTerms.model_validate({"value": read[function], "unit": "EUR/hour", **grounds})
            for function in table.functions if function not in lacking
        }  # fmt: skip
        update = {"functions": figures, "status": "estimated", "source": "", "by": "de gebruiker", "note": ""}
        tables[name] = table.model_copy(update=update)
        told = "\n".join(f"{function},{read[function]}" for function in figures)
        hashes[name] = hashlib.sha256(told.encode()).hexdigest()
    faults.check(f"{definition.id}: these rates cannot be used", remedy="Correct everything named.")
    changed = definition.model_copy(update={"hourly_rates": tuple(tables.values())})
    changed.check(faults, reference)
    faults.check(f"{definition.id}: these rates do not fit the lines", remedy="Correct everything named.")
    return changed, hashes


def _column(header: tuple[str, ...], stated: str, usual: tuple[str, ...]) -> str | None:
    if stated:
        return stated if stated in header else None
    return next((name for known in usual for name in header if name.strip().casefold() == known), None)


def _figure(cell: object) -> Decimal | None:
    """A rate as the file has it: a number, with a decimal point or comma."""
    if isinstance(cell, str):
        text = cell.replace("€", "").strip()
        return read_decimal(text) if "." in text and "," not in text else read_dutch(text)
    number = finite(cell)
    return None if number is None else Decimal(str(number))
