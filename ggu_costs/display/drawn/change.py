"""Plots of change: why a bill changed, on whom a redistribution falls, how it is phased in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.drawn.checked import figures, large, marked, names, needs_matplotlib, phrase
from ggu_costs.words.label import label
from ggu_costs.words.numbers import number, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["causes", "effects", "phase_in"]


def causes(
    changes: pd.Series,
    *,
    before: float,
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw why a bill changed: from the old amount, cause by cause, to the new one.

    The scale does not start at 0, so the two bills are marks, not bars; only changes have a length.

    Parameters
    ----------
    changes
        Euro by cause, in the order in which they are applied; causes of exactly 0 are left out.
    before
        The old amount in euro; the new one is `before` plus the changes.
    title, lang, source, illustrative
        See the module.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        No causes, or figures that are missing or infinite.

    Examples
    --------
    >>> import pandas as pd
    >>> figure = causes(pd.Series({"index": 3200.0, "key": -750.5}), before=199_774.06)
    >>> [text.get_text() for text in figure.axes[0].get_yticklabels()]
    ['was', 'indexering', 'verdeelsleutel', 'wordt']
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    named = changes.rename_axis("cause").to_frame("change")
    values, _ = figures(named.assign(before=float(before)), ["change", "before"])
    named, values = named[values != 0], values[values != 0]
    levels = before + np.concatenate([[0.0], np.cumsum(values)])
    figure, (axes,) = style.chart(
        title or label("change_from", lang).capitalize(),
        lang=lang,
        source=source,
        illustrative=marked(changes, illustrative),
        height=max(3.4, 2.1 + 0.42 * len(values)),
    )
    places = np.arange(1, len(values) + 1)
    colours = [style.MORE if value > 0 else style.LESS for value in values]
    axes.barh(places, values, left=levels[:-1], color=colours, height=0.62)
    last = len(values) + 1
    for place, level in zip([0, last], levels[[0, -1]], strict=True):
        axes.plot([level, level], [place - 0.36, place + 0.36], color=style.INK, linewidth=3, solid_capstyle="butt")
    for place, level in enumerate(levels):  # a thin line hands each level to the next row
        axes.plot([level, level], [place + 0.31, place + 0.69], color=style.QUIET, linewidth=0.8)
    ends = [levels[0], *np.maximum(levels[:-1], levels[1:]), levels[-1]]
    shown = [style.money(levels[0], lang, decimals=2)]
    shown += [style.money(value, lang, decimals=2, plus=True) for value in values]
    shown += [style.money(levels[-1], lang, decimals=2)]
    for place, (end, amount) in enumerate(zip(ends, shown, strict=True)):
        style.note(axes, amount, (end, place), fontsize=9.5, fontweight="bold" if place in (0, last) else "normal")
    axes.use_sticky_edges = False
    axes.margins(x=0.03)
    left, right = axes.get_xlim()
    axes.set_xlim(left, right + 0.18 * (right - left))  # room for the amounts
    style.amounts(axes.xaxis, lang)
    style.rows(axes, [label("before", lang), *names(named, lang), label("after", lang)])
    for place in (0, -1):
        axes.get_yticklabels()[place].set_fontweight("bold")
    return figure


def effects(
    frame: pd.DataFrame,
    *,
    effect: str = "effect_per_inhabitant",
    inhabitants: str = "inhabitants",
    named: int = 3,
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw redistribution effects per inhabitant against inhabitants (herverdeeleffect), on a logarithmic scale.

    Parameters
    ----------
    frame
        One row a municipality.
    effect
        Euro per inhabitant, new minus old: plus pays more.
    inhabitants
        Inhabitants, 1 or more.
    named
        How many of the largest effects on either side are named.
    title, lang, source, illustrative
        See the module.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        No rows, missing or infinite effects, no inhabitants.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"inhabitants": [900, 80_000], "effect_per_inhabitant": [1.5, -0.02]})
    >>> effects(frame).axes[0].get_xscale()
    'log'
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    (values,) = figures(frame, [effect])
    (people,) = figures(frame, [inhabitants], least=1)
    figure, (axes,) = style.chart(
        title or label(effect, lang).capitalize(), lang=lang, source=source, illustrative=marked(frame, illustrative)
    )
    sides = [
        ("more", values > 0, style.MORE, "^"),
        ("less", values < 0, style.LESS, "v"),
        ("same", values == 0, "#999999", "o"),
    ]
    for name, chosen, colour, marker in sides:
        if chosen.any():
            words_of_side = f"{phrase(name, lang)} ({number(int(chosen.sum()), lang=lang)})"
            axes.scatter(
                people[chosen],
                values[chosen],
                s=26,
                c=colour,
                marker=marker,
                alpha=0.75,
                linewidths=0,
                label=words_of_side,
            )
    axes.axhline(0, color=style.QUIET, linewidth=1)
    axes.set_xscale("log")
    style.people(axes.xaxis, lang)
    style.amounts(axes.yaxis, lang, plus=True)
    axes.set_xlabel(phrase("log", lang), color=style.QUIET, fontsize=9.5)
    axes.set_ylabel(label("EUR/inhabitant", lang, of="unit"), color=style.QUIET, fontsize=9.5)
    axes.margins(x=0.05, y=0.2)
    words = names(frame, lang)
    order = np.argsort(values, kind="stable")
    chosen = [*order[:named], *order[: -named - 1 : -1]] if named else []
    style.legend(axes)
    style.name_points(
        figure, axes, np.column_stack([people, values]), {place: words[place] for place in chosen if values[place]}
    )
    return figure


def phase_in(
    frame: pd.DataFrame,
    *,
    moved: str = "moved",
    phi: str = "phi",
    title: str = "",
    lang: str = "nl",
    source: str = "",
    illustrative: bool | None = None,
) -> Figure:
    """Draw a phase-in (ingroeipad): the amount moved each year, and the share of the gain that is paid out.

    Parameters
    ----------
    frame
        One row a year, the year as index.
    moved
        Euro moved between municipalities in the year.
    phi
        Fraction of the full gain that gainers receive.
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
    >>> frame = pd.DataFrame({"moved": [1e6, 3e6], "phi": [0.33, 1.0]}, index=[2026, 2027])
    >>> len(phase_in(frame).axes)
    2
    """
    needs_matplotlib()
    from ggu_costs.display.drawn import figure as style

    amounts, fractions = figures(frame, [moved, phi], least=0)
    figure, (upper, lower) = style.chart(
        title or label("phase_in", lang).capitalize(),
        lang=lang,
        source=source,
        illustrative=marked(frame, illustrative),
        panels=2,
    )
    years = [str(year) for year in frame.index]
    million = large(amounts)
    panels = [
        (upper, amounts, "moved", [style.money(value, lang, million=million) for value in amounts]),
        (lower, fractions, "phi", [percent(value, lang=lang) for value in fractions]),
    ]
    for axes, values, name, texts in panels:
        axes.plot(range(len(values)), values, color=style.PALETTE[0], linewidth=2.2, marker="o", markersize=6)
        for place, amount in enumerate(texts):
            style.note(axes, amount, (place, values[place]), above=True)
        axes.set_xticks(range(len(years)), labels=years)
        axes.set_xlim(-0.4, len(years) - 0.6)
        axes.set_ylim(0, 1.22 * max(values.max(), 1e-9))
        axes.set_title(phrase(name, lang), loc="left", fontsize=10, color=style.QUIET)
    style.amounts(upper.yaxis, lang, million=million)
    style.percentages(lower.yaxis, lang)
    return figure
