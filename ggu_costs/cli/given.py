"""What a line gives: inputs by name, a phase-in, numbers and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import Faults, InputError, MissingInputError, shortened
from ggu_costs.reading import MOST_BYTES, as_written_here, may_be_thousands, read_decimal, why_not

if TYPE_CHECKING:
    from ggu_costs.reference import Reference


def read_inputs(
    items: list[str] | None, tables: Reference, encoding: str | None = None, decimal: str | None = None
) -> dict[str, Any]:
    """Read NAME=FILE or NAME=number; a number exactly as it is written.

    Parameters
    ----------
    encoding, decimal
        How the files are written, where a line says so: then they are read here.
    """
    faults = Faults()
    found: dict[str, Any] = {}
    for item in items or []:
        name, _, value = item.partition("=")
        if not (name and value):
            faults.add("--data", repr(item), "NAME=FILE or NAME=number")
            continue
        if name in found:
            faults.add("--data", f"{name!r} twice", "each input once")
        found[name], wrong = _number_or_file(value)
        if wrong:
            faults.add("--data", wrong, "a CSV or Excel file, or a number such as 53000000.50", as_written_here(value))
    faults.check("these inputs cannot be read", remedy="Write --data NAME=FILE or --data NAME=number.")
    if encoding is None and decimal is None:
        return found
    files = {name: value for name, value in found.items() if isinstance(value, Path)}
    if not files:
        raise InputError(
            "--encoding and --decimal say how files of --data are written, and none is given",
            remedy="Leave them out, or give --data NAME=FILE.",
        )
    return found | {name: tables.read_table(path, encoding=encoding, decimal=decimal) for name, path in files.items()}


def read_path(text: str | None) -> dict[str, Any] | None:
    """Read a phase-in such as 0.25x4 or 7.50/15/15:residual as the arguments it stands for."""
    if text is None:
        return None
    caps, *marks = text.split(":")
    faults = Faults()
    for mark in marks:
        if mark not in ("residual", "both") or marks.count(mark) > 1:
            faults.add("--phase-in", shortened(repr(mark)), "residual, both: each once, behind a colon")
    cap, by, years = caps.partition("x")
    parts = [_cap(part, faults) for part in (caps.split("/") if not by else [cap])]
    if by and not (years.isascii() and years.isdigit()):
        faults.add("--phase-in", f"{shortened(repr(years))} years", "a whole number of years")
    faults.check("this phase-in cannot be read", remedy="Write --phase-in 0.25x4, or 7.50/15/15 for a cap a year.")
    several = {"per_inhabitant_per_year": parts[0], "years": int(years)} if by else {"per_inhabitant_per_year": parts}
    return {**several, "after": "residual" if "residual" in marks else "full", "both_sides": "both" in marks}


def _cap(text: str, faults: Faults) -> Any:
    """Return one cap in euro."""
    number, wrong = _number_or_file(text.strip())
    if wrong or isinstance(number, Path):
        faults.add("--phase-in", wrong or shortened(repr(text)), "euro per inhabitant, such as 0.25")
    return number


def _number_or_file(value: str) -> tuple[Any, str]:
    """Return the number or the path that a text is, and what is wrong with it; empty where nothing is."""
    quoted = shortened(repr(value))
    try:
        number = read_decimal(value)
    except InputError as error:
        return None, f"{quoted} is {error.message}"
    if number is not None:
        return number, f"{quoted}, which may be thousands or a fraction" if may_be_thousands(value) else ""
    refused = why_not(value, most=MOST_BYTES)
    if isinstance(refused, MissingInputError):
        return None, f"{quoted} is no file"
    return Path(value), refused.message if refused else ""
