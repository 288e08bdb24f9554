"""Groups of the user's own, from a file of codes and groups: a municipality may be in several, or in none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, UnknownNameError, listed
from ggu_costs.reference import read_labels
from ggu_costs.report.bycode import ByCode
from ggu_costs.words.page import phrase

__all__ = ["by_own_groups", "read_groups"]


def read_groups(path: str | Path) -> dict[str, list[str]]:
    """Return the codes of each group from a file with a column ``code`` and one with the groups.

    A CSV file or workbook, as :func:`ggu_costs.reference.read_labels` reads it; a column with names is passed over. A
    code with two groups has two lines.

    Raises
    ------
    MissingInputError
        No such file.
    InputError, UnknownNameError
        No such columns, codes that are none or twice in a group, lines without a group: all at once.
    """
    try:
        labels = read_labels(path)
    except UnknownNameError as error:
        if "Code" not in error.allowed:
            raise InputError(
                f"{path}: no column code, but {listed(error.allowed)}",
                remedy="Name the columns code and group on the first line.",
            ) from error
        labels = read_labels(path, code="Code")
    found: dict[str, list[str]] = {}
    for code, group in labels.items():
        found.setdefault(str(group), []).append(str(code))
    return found


def by_own_groups(data: ByCode, wanted: Mapping[str, list[str]], lang: str = "nl") -> Table:
    """Return the sums of a table by municipality over groups of the user's own, with what they leave out.

    Groups that overlap, or leave municipalities out, have no total.

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
    if len(inside) < sum(map(len, wanted.values())):
        notes.append(phrase("overlapping", lang))
    return replace(table, notes=notes)
