"""Frames as HTML tables for notebooks: escaped, self-contained, figures as a Dutch or English reader writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ggu_costs.display.columns import Column, Units, column_name, columns_of, memoranda
from ggu_costs.errors import InputError
from ggu_costs.words.label import banner, label
from ggu_costs.words.numbers import number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["table"]

# colours are left to the notebook, so that the table reads in a light and in a dark theme
_TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_RULE = "border-bottom:1px solid currentColor"
_CELL = "padding:2px 10px;white-space:nowrap"
_BANNER = "display:inline-block;padding:2px 10px;background:#d55e00;color:#ffffff;font-weight:bold"
_LEFT_OUT = {"nl": "… {} regels niet getoond …", "en": "… {} rows not shown …"}


def table(
    frame: pd.DataFrame,
    *,
    title: str = "",
    notes: Iterable[str] = (),
    lang: str = "nl",
    rows: int = 12,
    total: Sequence[str] = (),
    units: Units = None,
    pm: Iterable[str] | None = None,
) -> str:
    """Write a frame as an HTML table.

    Parameters
    ----------
    frame
        A frame whose attrs may hold ``units``, ``pm`` and ``illustrative``.
    title
        Caption of the table.
    notes
        Lines below it.
    lang
        ``nl`` or ``en``.
    rows
        Most rows shown, 2 or more; of a longer frame the head and the tail, with a line for what is left out.
    total
        Columns to add up in a last row, over all rows, shown or not.
    units, pm
        As in :func:`ggu_costs.display.columns.columns_of`.

    Returns
    -------
    str
        HTML without scripts or outside files; every text is escaped.

    Raises
    ------
    InputError
        Columns that cannot be shown, or `rows` below 2.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"fee": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    >>> "€ 1,50" in table(frame, title="Contributie", units={"fee": "EUR"})
    True
    """
    if rows < 2:
        raise InputError(f"rows is {rows}", remedy="Show 2 rows or more.")
    columns = columns_of(frame, units=units, pm=pm, total=total)
    count = len(frame)
    head = count if count <= rows else (rows + 1) // 2
    tail = count if count <= rows else count - rows // 2
    lines = [_row(columns, row, lang) for row in range(head)]
    if tail > head:
        left_out = _LEFT_OUT[lang].format(number(tail - head, lang=lang))
        lines.append(f'<tr><td colspan="{len(columns)}" style="{_CELL};text-align:center">{left_out}</td></tr>')
        lines += [_row(columns, row, lang) for row in range(tail, count)]
    parts = [f'<div><table style="{_TABLE}">', _caption(frame, title, lang), _head(columns, lang)]
    parts += ["<tbody>", *lines, "</tbody>"]
    if total:
        parts.append(_foot(columns, {column_name(name) for name in total}, lang))
    below = [*notes, *(memoranda(columns, lang))]
    parts += ["</table>", *(f'<div style="font-size:smaller">{escape(note)}</div>' for note in below), "</div>"]
    return "\n".join(part for part in parts if part)


def _caption(frame: pd.DataFrame, title: str, lang: str) -> str:
    mark = f'<div><span style="{_BANNER}">{banner(lang)}</span></div>' if frame.attrs.get("illustrative") else ""
    words = f"<b>{escape(title)}</b>" if title else ""
    return f'<caption style="text-align:left;white-space:nowrap">{mark}{words}</caption>' if mark or words else ""


def _align(column: Column) -> str:
    return "text-align:right" if column.numeric else "text-align:left"


def _head(columns: list[Column], lang: str) -> str:
    cells = "".join(
        f'<th scope="col" style="{_CELL};{_align(column)};{_RULE}">{escape(column.title(lang))}</th>'
        for column in columns
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _row(columns: list[Column], row: int, lang: str) -> str:
    cells = "".join(
        f'<td style="{_CELL};{_align(column)}">{escape(column.text(column.values[row], lang))}</td>'
        for column in columns
    )
    return f"<tr>{cells}</tr>"


def _foot(columns: list[Column], added: set[str], lang: str) -> str:
    """Write the totals; the word stands in the first column that is not added up."""
    texts = [column.text(column.total(), lang) if column.name in added else "" for column in columns]
    words = next((place for place, column in enumerate(columns) if column.name not in added), None)
    if words is not None:
        texts[words] = label("total", lang)
    style = f"{_CELL};font-weight:bold;border-top:1px solid currentColor"
    cells = "".join(
        f'<td style="{style};{_align(column)}">{escape(text)}</td>' for column, text in zip(columns, texts, strict=True)
    )
    return f"<tfoot><tr>{cells}</tr></tfoot>"
