"""Plots for notebooks and slides, in one style that is safe for the colour-blind.

Each function takes a frame or Series and returns a matplotlib Figure, which a notebook shows and ``figure.savefig``
writes. pyplot is not used, nothing global is touched, and matplotlib is loaded when the first plot is asked for.

Every function also takes ``title``, ``lang`` (``nl`` or ``en``), ``source`` (a line at the foot) and ``illustrative``
(the banner FICTIEF VOORBEELD; None: what the frame's attrs say). Figures that are missing or infinite are not drawn as
if they were known: the error names their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.drawn.change import causes, effects, phase_in
from ggu_costs.display.drawn.checked import figures, large, marked, names, needs_matplotlib, phrase
from ggu_costs.errors import Faults
from ggu_costs.words.label import label
from ggu_costs.words.numbers import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["bars", "causes", "effects", "phase_in", "saving", "shares"]


def bars(
    frame: pd.DataFrame,
    *,
    column: str,
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw one amount per group as horizontal bars, in the order of the rows; negative amounts to the left.

    Parameters
    ----------
    frame
        One row a group; its ``name`` column, else its index, gives the words.
    column
        Amounts in euro.
    title, lang, source, illustrative
        See the module.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        No rows, or figures that are missing or infinite.
    UnknownNameError
        No such column.
    GguCostsError
        matplotlib is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> effects = pd.DataFrame({"effect": [-1200.0, 1200.0]}, index=["Noord", "Zuid"])
    >>> len(bars(effects, column="effect", title="Effect per regio").axes)
    1
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    (values,) = figures(frame, [column])
    million, signed = large(values), bool((values < 0).any())
    figure, (axes,) = style.chart(
        title or label(column, lang).capitalize(),
        lang=lang,
        source=source,
        illustrative=marked(frame, illustrative),
        height=max(3.2, 1.7 + 0.36 * len(values)),
    )
    colours = [style.MORE if value > 0 else style.LESS for value in values] if signed else style.PALETTE[0]
    drawn = axes.barh(range(len(values)), values, color=colours, height=0.68)
    texts = [style.money(value, lang, million=million, plus=signed) for value in values]
    axes.bar_label(drawn, labels=texts, padding=4, fontsize=9, color=style.INK)
    axes.margins(x=0.16)
    if signed:
        axes.axvline(0, color=style.QUIET, linewidth=1)
    else:
        axes.set_xlim(left=0)
    style.amounts(axes.xaxis, lang, million=million, plus=signed)
    axes.set_xlabel(label(column, lang), color=style.QUIET, fontsize=9.5, parse_math=False)
    style.rows(axes, names(frame, lang))
    return figure


def shares(
    frame: pd.DataFrame,
    *,
    columns: Sequence[str] = ("budget", "actual", "forecast"),
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw the parts of a portfolio as stacked bars: budget, actual and forecast beside each other.

    Parameters
    ----------
    frame
        One row a part, at most 8.
    columns
        Amounts in euro, 0 or more; one bar each.
    title, lang, source, illustrative
        See the module.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        No rows, more than 8, or figures that are missing, infinite or negative.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"budget": [30e6, 22.3e6], "actual": [14e6, 9e6]}, index=["structural", "projects"])
    >>> len(shares(frame, columns=["budget", "actual"]).axes[0].containers)
    2
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    arrays = np.array(figures(frame, list(columns), least=0))
    faults = Faults()
    if len(frame) > len(style.PALETTE):
        faults.add("frame", f"{len(frame)} rows", f"at most {len(style.PALETTE)}, so that colours tell them apart")
    faults.check("this cannot be drawn", remedy="Group the smaller parts.")
    figure, (axes,) = style.chart(
        title or label("parts", lang).capitalize(), lang=lang, source=source, illustrative=marked(frame, illustrative)
    )
    totals, million = arrays.sum(axis=1), large(arrays)
    places, floor = np.arange(len(columns)), np.zeros(len(columns))
    for row, name in enumerate(names(frame, lang)):
        drawn = axes.bar(
            places, arrays[:, row], bottom=floor, width=0.58, color=style.PALETTE[row], edgecolor="white", label=name
        )
        texts = [
            style.money(value, lang, million=million) if value > 0.05 * totals.max() else "" for value in arrays[:, row]
        ]
        axes.bar_label(drawn, labels=texts, label_type="center", fontsize=9, color=style.on(style.PALETTE[row]))
        floor += arrays[:, row]
    for place, total in zip(places, totals, strict=True):
        amount = style.money(total, lang, million=million)
        style.note(axes, amount, (float(place), total), above=True, fontsize=10.5, fontweight="bold")
    axes.set_xticks(places, labels=[label(name, lang) for name in columns], parse_math=False, fontsize=10.5)
    axes.set_ylim(0, 1.12 * max(totals.max(), 1e-9))
    axes.set_xlim(-0.5, len(columns) - 0.5)
    style.amounts(axes.yaxis, lang, million=million)
    style.legend(axes, beside=True)
    return figure


def saving(
    frame: pd.DataFrame,
    *,
    alone: str = "alone",
    joint: str = "joint",
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw the cost of each for itself beside the share of the joint cost, with what that saves.

    Parameters
    ----------
    frame
        One row a participant or group.
    alone, joint
        Euro, 0 or more.
    title, lang, source, illustrative
        See the module.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        No rows, or figures that are missing, infinite or negative.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"alone": [120.0, 80.0], "joint": [90.0, 85.0]}, index=["Noord", "Zuid"])
    >>> [text.get_text() for text in saving(frame).axes[0].texts]
    ['bespaart € 30 (25,0%)', 'kost € 5 meer (6,3%)']
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    apart, together = figures(frame, [alone, joint], least=0)
    million = large(apart, together)
    figure, (axes,) = style.chart(
        title or label("saving", lang).capitalize(),
        lang=lang,
        source=source,
        illustrative=marked(frame, illustrative),
        height=max(3.4, 2.0 + 0.56 * len(apart)),
    )
    places = np.arange(len(apart))
    axes.barh(places - 0.19, apart, height=0.34, color="#B3B3B3", label=label(alone, lang))
    axes.barh(places + 0.19, together, height=0.34, color=style.PALETTE[0], label=label(joint, lang))
    for place, (cost, share) in enumerate(zip(apart, together, strict=True)):
        colour = style.LESS if share <= cost else style.MORE
        style.note(axes, _saved(cost, share, lang, million), (max(cost, share), place), color=colour)
    axes.set_xlim(0, 1.32 * max(apart.max(), together.max(), 1e-9))
    style.amounts(axes.xaxis, lang, million=million)
    style.rows(axes, names(frame, lang))
    style.legend(axes)
    return figure


def _saved(alone: float, joint: float, lang: str, million: bool) -> str:
    """Say what a participant saves, or pays more, and as a share of the cost on its own."""
    from ggu_costs.display.drawn import figure as style

    amount = style.money(abs(alone - joint), lang, million=million)
    part = f" ({percent(abs(alone - joint) / alone, lang=lang)})" if alone else ""
    if joint <= alone:
        return f"{phrase('saves', lang)} {amount}{part}"
    return f"{phrase('costs', lang)} {amount} {'meer' if lang == 'nl' else 'more'}{part}"
