"""Frames as HTML tables for notebooks: escaped, self-contained, figures as a Dutch or English reader writes them."""

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from ggu_costs.display.columns import Column, Units, column_name, columns_of, memoranda
from ggu_costs.errors import InputError
from ggu_costs.text import visible
from ggu_costs.words.label import banner, label
from ggu_costs.words.numbers import number
from ggu_costs.words.page import phrase

# colours are left to the notebook, so that the table reads in a light and in a dark theme
_TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_CELL = "padding:2px 10px;white-space:nowrap"
_HEAD = _CELL + ";text-align:{};border-bottom:1px solid currentColor"
_BODY = _CELL + ";text-align:{}"
_FOOT = _CELL + ";font-weight:bold;border-top:1px solid currentColor;text-align:{}"
_WIDEST = 24  # columns of a table in a notebook
_BANNER = "display:inline-block;padding:2px 10px;background:#d55e00;color:#ffffff;font-weight:bold"


def escaped(text: str) -> str:
    """Return text that stays text between the tags of HTML, and in a quoted attribute.

    Examples
    --------
    >>> escaped("<b>'s-Hertogenbosch & Oss</b>")
    '&lt;b&gt;&#x27;s-Hertogenbosch &amp; Oss&lt;/b&gt;'
    """
    return escape(visible(text))


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
    more = len(columns) - _WIDEST
    columns = columns[:_WIDEST]
    count = len(frame)
    head = count if count <= rows else (rows + 1) // 2
    tail = count if count <= rows else count - rows // 2
    lines = [_row(columns, row, lang) for row in range(head)]
    if tail > head:
        left_out = phrase("rows_left_out", lang).format(n=number(tail - head, lang=lang))
        lines.append(f'<tr><td colspan="{len(columns)}" style="{_CELL};text-align:center">{left_out}</td></tr>')
        lines += [_row(columns, row, lang) for row in range(tail, count)]
    heads = _cells("th", _HEAD, columns, [column.title(lang) for column in columns])
    parts = [f'<div><table style="{_TABLE}">', _caption(frame, title, lang), f"<thead><tr>{heads}</tr></thead>"]
    parts += ["<tbody>", *lines, "</tbody>"]
    if total:
        parts.append(_foot(columns, {column_name(name) for name in total}, lang))
    beyond = [phrase("columns_left_out", lang).format(n=number(more, lang=lang))] if more > 0 else []
    below = [*beyond, *notes, *(memoranda(columns, lang))]
    parts += ["</table>", *(f'<div style="font-size:smaller">{escaped(note)}</div>' for note in below), "</div>"]
    return "\n".join(part for part in parts if part)


def described(title: str, text: str, notes: Iterable[str], *, illustrative: bool = False, **facts: str) -> str:
    """Write what something is in words: its title, facts by name, a text and notes."""
    mark = f'<div><span style="{_BANNER}">{banner()}</span></div>' if illustrative else ""
    named = ", ".join(f"{escaped(name)} {escaped(fact)}" for name, fact in facts.items())
    below = "".join(f'<div style="font-size:smaller">{escaped(note)}</div>' for note in notes)
    return f"<div>{mark}<b>{escaped(title)}</b> ({named})<p>{escaped(text)}</p>{below}</div>"


def _caption(frame: pd.DataFrame, title: str, lang: str) -> str:
    mark = f'<div><span style="{_BANNER}">{banner(lang)}</span></div>' if frame.attrs.get("illustrative") else ""
    words = f"<b>{escaped(title)}</b>" if title else ""
    return f'<caption style="text-align:left;white-space:nowrap">{mark}{words}</caption>' if mark or words else ""


def _cells(tag: str, style: str, columns: list[Column], texts: Iterable[str]) -> str:
    """Write a cell for each column, figures to the right."""
    opening = f'<{tag} scope="col"' if tag == "th" else f"<{tag}"
    return "".join(
        f'{opening} style="{style.format("right" if column.numeric else "left")}">{escaped(text)}</{tag}>'
        for column, text in zip(columns, texts, strict=True)
    )


def _row(columns: list[Column], row: int, lang: str) -> str:
    return f"<tr>{_cells('td', _BODY, columns, [column.text(column.values[row], lang) for column in columns])}</tr>"


def _foot(columns: list[Column], added: set[str], lang: str) -> str:
    """Write the totals; the word stands in the first column that is not added up."""
    texts = [column.text(column.total(), lang) if column.name in added else "" for column in columns]
    words = next((place for place, column in enumerate(columns) if column.name not in added), None)
    if words is not None:
        texts[words] = label("total", lang)
    cells = _cells("td", _FOOT, columns, texts)
    return f"<tfoot><tr>{cells}</tr></tfoot>"
