"""The user's own figures by municipality, from CSV, Excel or a DataFrame."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ggu_costs.errors import Faults, InputError, UnknownNameError, listed
from ggu_costs.figures import shown
from ggu_costs.frames import amend, describe
from ggu_costs.reference._numbers import Cell, check_marks, is_missing, read_numbers
from ggu_costs.reference._published import compared_with_total, without_total
from ggu_costs.reference._rows import Rows, rows_of
from ggu_costs.reference._workbooks import STORE, NoResult, name_of
from ggu_costs.reference.codes import Codes, is_participant

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.reference._rows import Source


_TOTAL = re.compile(r"(SUB)?TOTAA?L|SOM\b|SUM\b|NEDERLAND|ALLE ")
_NAMES = frozenset({"name", "naam", "gemeente", "gemeentenaam", "municipality"})
"""Columns that only say who the code is; they are never read as figures and never joined on."""


class Reading(Codes):
    """Files of users by municipality."""

    @overload
    def read_table(
        self,
        source: Source,
        *,
        value: str | int,
        code: str = "code",
        sheet: int | str = 0,
        delimiter: str | None = None,
        decimal: str | None = None,
        thousands: str | None = None,
        encoding: str | None = None,
        total: str | None = None,
    ) -> pd.Series: ...
    @overload
    def read_table(
        self,
        source: Source,
        *,
        value: Sequence[str | int] | None = None,
        code: str = "code",
        sheet: int | str = 0,
        delimiter: str | None = None,
        decimal: str | None = None,
        thousands: str | None = None,
        encoding: str | None = None,
        total: str | None = None,
    ) -> pd.Series | pd.DataFrame: ...
    def read_table(
        self,
        source: Source,
        *,
        value: str | int | Sequence[str | int] | None = None,
        code: str = "code",
        sheet: int | str = 0,
        delimiter: str | None = None,
        decimal: str | None = None,
        thousands: str | None = None,
        encoding: str | None = None,
        total: str | None = None,
    ) -> pd.Series | pd.DataFrame:
        """Read figures by municipality from your own CSV file, workbook or DataFrame.

        Parameters
        ----------
        source
            Path of a CSV file (columns with ``,``, ``;`` or tabs between them) or workbook (.xlsx), a DataFrame, or a
            list of dicts. One row a participant.
        value
            Column with the figures, or several; by default every column but the code and the name. A year may be a
            number.
        code
            Column with the codes: GM0363, or XX:NAME for a participant that is no municipality. For a DataFrame also
            the name of its index.
        sheet
            Name or position of the sheet of a workbook.
        delimiter
            Between the columns of a CSV file; by default what divides its header.
        decimal, thousands
            ``"."`` or ``","``. By default what the file shows: 0,5 can only have a decimal comma, 1.234,50 only a point
            between thousands. Where 107.106 could be either, one of them has to be stated.
        encoding
            Of a CSV file; by default UTF-8, with or without a byte order mark. Older Excel writes ``cp1252``.
        total
            What marks the row with the total of a published table, such as ``"Totaal"``: it is no participant. A total
            that is not the sum of its lines is a :class:`UserWarning` with the gap; nothing is changed.

        Returns
        -------
        pandas.Series or pandas.DataFrame
            float64, indexed by ``code`` in the order of the source. A Series for one column of figures, otherwise a
            DataFrame. ``attrs`` says how the file was read, and with `total` has ``published_total`` and ``gap`` (total
            minus lines) by column.

        Raises
        ------
        InputError
            Every fault at once, with its line: codes that are no codes, unknown or there twice, figures that are
            missing, no finite numbers, or ambiguous; a file in another encoding or with broken rows.
        UnknownNameError
            A column or sheet that is not there.
        MissingInputError
            A file that is not there, or openpyxl for a workbook.

        Notes
        -----
        Whether every municipality of a date has a figure is checked where the figures are used. Nothing is evaluated:
        text that begins with ``=`` is text.

        Examples
        --------
        >>> import pandas as pd
        >>> from ggu_costs.reference import read_table
        >>> read_table(pd.DataFrame({"code": ["GM0363", "GM0599"], "volume": ["12,5", "7"]})).tolist()
        [12.5, 7.0]
        """
        import pandas as pd

        check_marks(decimal, thousands)
        table = rows_of(source, delimiter=delimiter, encoding=encoding, sheet=sheet)
        if total is None:
            return self._figures(table, value, code, decimal, thousands, blanks=False)
        lines, row = without_total(table, total)
        figures = self._figures(lines, value, code, decimal, thousands, blanks=False)
        facts = compared_with_total(figures, row, figures.attrs)
        if isinstance(figures, pd.Series):  # twice the same to a reader, two types to a checker
            return amend(figures, **facts)
        return amend(figures, **facts)

    def _figures(
        self, table: Rows, value: str | int | Sequence[str | int] | None, code: str, decimal: str | None, thousands: str
        | None, *, blanks: bool,
    ) -> pd.Series | pd.DataFrame:  # fmt: skip
        """Return the figures of a table by code; with `blanks` some, not all, of the only column may be empty: NaN."""
        import pandas as pd

        code = _code_column(table, code)
        columns = _value_columns(table, value, code)
        faults = Faults()
        codes = self._checked_codes(table, code, faults)
        remedy = "Fill it in; a zero is written as 0."
        blanks = blanks and len(columns) == 1
        cells = {name: _present(table, name, faults, "a value", remedy, blanks=blanks) for name in columns}
        given = {name: [cell for cell in column if _is_there(cell[1])] for name, column in cells.items()}
        for name in [name for name in columns if value is None and len(columns) > 1 and _only_words(given[name])]:
            faults.add(f"{table.source}, {name}", f"words only, such as {given.pop(name)[0][1]!r}", "figures",
                       "Name the columns you want: value='...'.", option="value='...'")  # fmt: skip
        numbers, marks = read_numbers(given, decimal=decimal, thousands=thousands, faults=faults)
        faults.check(
            f"{table.source}: these figures cannot be used", remedy="Correct the lines listed and read it again."
        )
        for name, column in cells.items():
            filled = iter(numbers[name])
            numbers[name] = [next(filled) if _is_there(cell) else math.nan for _, cell in column]
        result = pd.DataFrame(numbers, index=pd.Index(codes, name="code"), dtype="float64")
        facts = {"source": table.source, **marks, **table.read_as}
        if len(columns) == 1 and (value is None or isinstance(value, str | int)):
            return describe(result[columns[0]], **facts)
        return describe(result, **facts)

    def read_labels(
        self,
        source: Source,
        *,
        value: str | int | None = None,
        code: str = "code",
        sheet: int | str = 0,
        delimiter: str | None = None,
        encoding: str | None = None,
    ) -> pd.Series:
        """Read which group each code is in, from your own CSV file, workbook or DataFrame.

        Parameters
        ----------
        source
            As :func:`read_table`. One row a code and group: a code in two groups has two rows, one in no group has
            none.
        value
            Column with the groups; by default the only one beside the code and the name.
        code, sheet, delimiter, encoding
            As :func:`read_table`.

        Returns
        -------
        pandas.Series
            Text, indexed by ``code`` in the order of the source; what :func:`groups` takes.

        Raises
        ------
        InputError, UnknownNameError, MissingInputError
            As :func:`read_table`; a code twice in one group; several columns to choose from.

        Examples
        --------
        >>> from ggu_costs.reference import read_labels
        >>> rows = [{"code": "GM0363", "group": "G4"}, {"code": "GM0363", "group": "noord"}]
        >>> read_labels(rows).tolist()
        ['G4', 'noord']
        """
        import pandas as pd

        table = rows_of(source, delimiter=delimiter, encoding=encoding, sheet=sheet)
        code = _code_column(table, code)
        columns = _value_columns(table, value, code)
        if len(columns) != 1:
            raise InputError(
                f"{table.source}: {len(columns)} columns beside the codes ({listed(columns)})",
                remedy="Keep the column with the groups only, or name it: value='...'.",
            )
        faults = Faults()
        cells = _present(table, columns[0], faults, "a group", "A code that is in no group has no row.")
        labels = ["" if is_missing(cell) else str(cell) for _, cell in cells]
        codes = self._checked_codes(table, code, faults, labels)
        faults.check(f"{table.source}: these labels cannot be used", remedy="Correct the lines listed.")
        return pd.Series(labels, index=pd.Index(codes, name="code"), name=columns[0], dtype=object)

    def with_blanks(self, path: str | Path) -> pd.Series | pd.DataFrame:
        """Read a file as :func:`read_table` does; some figures of the only column may be empty: NaN for those."""
        return self._figures(rows_of(path), None, "code", None, None, blanks=True)

    def _checked_codes(self, table: Rows, code: str, faults: Faults, groups: list[str] | None = None) -> list[Any]:
        """Return the codes; each that is none, unknown, or there again (in the same group) is a fault."""
        codes, years = table.column(code), self.known_years()
        first: dict[tuple[object, str], int] = {}
        for (line, _), label, group in zip(table.rows, codes, groups or [""] * len(codes), strict=True):
            where = f"{table.place(line)}, {code}"
            if not is_participant(label):
                last = (line, label) == (table.rows[-1][0], codes[-1])
                faults.add(where, f"{_told(label)} is not a code", "GM0363, or XX:NAME", self._meant(label, last=last))
            elif not self.ever_existed(label):
                faults.add(where, f"no municipality of {years[0]} to {years[-1]} has code {label}")
            elif (label, group) in first:
                again = f"{label} again" + (f" in {group!r}" if group else "")
                once = "every code once" + (" in a group" if groups else "")
                faults.add(where, f"{again}, after line {first[label, group]}", once)
            first.setdefault((label, group), line)
        return codes

    def _meant(self, label: object, *, last: bool) -> str:
        """Say which code a wrong label probably stands for, or that its row is no participant."""
        text = str(label).strip().upper() if not is_missing(label) else ""
        if last and (not text or _TOTAL.match(text)):
            return "Take out a row with the total, or name it: total='...'."
        if isinstance(label, NoResult):
            return STORE
        if text.isdigit() and len(text) <= 4:
            code = f"GM{int(text):04d}"
        else:
            code = text if is_participant(text) else self.code_of_name(str(label), self.map_period().last)
        return f"Write {code}." if code and self.ever_existed(code) else ""


def _code_column(table: Rows, code: str) -> str:
    if code in table.header:
        return code
    if table.source == "DataFrame" and table.header[0] == "index" and is_participant(table.rows[0][1][0]):
        return "index"  # an index of codes without a name
    if table.header[0] == "" and is_participant(table.column("")[0]):
        return ""  # the same, written as CSV by pandas
    mark = table.read_as.get("delimiter")
    hint = f" It was read with {mark!r} between columns." if mark and len(table.header) == 1 else ""
    raise UnknownNameError(
        f"column with codes in {table.source}", code, table.header,
        remedy=f"Name the column with the codes: code='...'.{hint}",
    )  # fmt: skip


def _value_columns(table: Rows, value: str | int | Sequence[str | int] | None, code: str) -> list[str]:
    if value is None:
        wanted = [name for name in table.header if name != code and name.lower() not in _NAMES]
        if not wanted:
            raise InputError(f"{table.source}: no column beside the codes", remedy="Add a column with figures.")
        if "" in wanted:
            raise InputError(f"{table.source}: column {table.header.index('') + 1} has no name",
                             remedy="Name it, take it out, or say which columns you want: value='...'.",
                             option="value='...'")  # fmt: skip
        return wanted
    wanted = [name_of(name) for name in ([value] if isinstance(value, str | int) else value)]
    for name in wanted:
        if name not in table.header:
            raise UnknownNameError(f"column in {table.source}", name, table.header)
    return wanted


def _is_there(cell: object) -> bool:
    return not (is_missing(cell) or isinstance(cell, NoResult))


def _only_words(cells: list[Cell]) -> bool:
    return bool(cells) and all(isinstance(cell, str) and not re.search(r"\d", cell) for _, cell in cells)


def _present(table: Rows, name: str, faults: Faults, allowed: str, remedy: str, *, blanks: bool = False) -> list[Cell]:
    """Return the cells of a column with their places; each that is empty is a fault, but for some with `blanks`."""
    cells = table.cells(name)
    blanks = blanks and any(_is_there(cell) for _, cell in cells)
    for where, cell in cells:
        if is_missing(cell) and not blanks:
            faults.add(where, "empty", allowed, remedy)
        elif isinstance(cell, NoResult):
            faults.add(where, repr(cell), allowed, STORE)
    return cells


def _told(label: object) -> str:
    if isinstance(label, NoResult):
        return repr(label)
    return "an empty cell" if is_missing(label) and not isinstance(label, str) else shown(label)
