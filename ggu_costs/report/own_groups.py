"""Groups of the user's own, from a file of codes and groups: a municipality may be in several, or in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ggu_costs.errors import Faults, InputError, MissingInputError
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.phrases import phrase
from ggu_costs.report.tables import Table

__all__ = ["by_own_groups", "read_groups"]

_HEADER = ("code", "group")


def read_groups(path: str | Path) -> dict[str, list[str]]:
    """Return the codes of each group from a CSV file with the columns ``code`` and ``group``.

    A comma or a semicolon stands between the columns; a code with two groups has two lines.

    Raises
    ------
    MissingInputError
        No such file.
    InputError
        No such columns, or lines without a code or a group: all at once.
    """
    file = Path(path)
    if not file.is_file():
        raise MissingInputError(f"{path}: no such file", remedy="Give a CSV file with the columns code and group.")
    try:
        rows = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text in UTF-8", remedy="Save it as CSV in UTF-8.") from error
    mark = ";" if rows and ";" in rows[0] else ","
    if not rows or tuple(cell.strip().lower() for cell in rows[0].split(mark)) != _HEADER:
        raise InputError(f"{path}: the first line is not code{mark}group", remedy="Name the two columns so.")
    faults, found = Faults(), dict[str, list[str]]()
    for place, row in enumerate(rows[1:], start=2):
        code, _, group = (cell.strip().strip('"') for cell in row.partition(mark))
        if not (code and group):
            faults.add(f"line {place}", repr(row), f"a code, a {mark!r} and a group")
        elif code in found.setdefault(group, []):
            faults.add(f"line {place}", f"{code} twice in {group!r}", "each municipality once in a group")
        else:
            found[group].append(code)
    if not found:
        faults.add("groups", "none", "at least one line")
    faults.check(f"{path}: these groups cannot be used", remedy="Correct the lines listed.")
    return found


def by_own_groups(data: ByCode, wanted: Mapping[str, list[str]], lang: str = "nl") -> Table:
    """Return the sums of a table by municipality over groups of the user's own, with what they leave out.

    Groups that overlap have no total.

    Raises
    ------
    InputError
        Codes that are no municipality on the map of the table, or a table that is on no map.
    """
    if data.day is None or not data.amounts:
        raise InputError(
            f"table {data.table.name!r} cannot be added up by your groups",
            remedy="Run a model whose result has amounts by municipality.",
        )
    table = data.by(wanted)
    inside = {code for codes in wanted.values() for code in codes}
    left_out = len(set(data.municipalities) - inside)
    notes = [phrase("left_out", lang).format(n=left_out)] if left_out else []
    if "municipalities" not in (table.total or ()):
        notes.append(phrase("overlapping", lang))
    return replace(table, notes=notes)
