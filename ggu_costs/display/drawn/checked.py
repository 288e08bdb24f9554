"""What the plots share before matplotlib comes in: checked figures, names and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults, UnknownNameError, listed
from ggu_costs.words.label import checked_language, label
from ggu_costs.words.numbers import number

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.display.chart import Chart
    from ggu_costs.typing import FloatArray

__all__ = ["figures", "large", "names", "phrase"]

_TEXTS = {
    "more": ("betaalt meer", "pays more"),
    "less": ("betaalt minder", "pays less"),
    "same": ("betaalt evenveel", "pays the same"),
    "log": ("inwoners (logaritmische schaal)", "inhabitants (logarithmic scale)"),
    "phi": ("Deel van het voordeel dat wordt uitgekeerd", "Share of the gain that is paid out"),
    "moved": ("Verschoven bedrag", "Amount moved"),
    "saves": ("bespaart", "saves"),
    "costs": ("kost", "costs"),
}


def phrase(name: str, lang: str) -> str:
    """Return words that only plots use."""
    return _TEXTS[name][checked_language(lang)]


def figures(frame: pd.DataFrame, names: Sequence[str], *, least: float | None = None) -> list[FloatArray]:
    """Return columns as arrays of known figures, or raise with every fault."""
    faults = Faults()
    if not len(frame):
        faults.add("frame", "no rows", "one or more")
    arrays = []
    if frame.attrs.get("sign") == "gemeentefonds":
        faults.add(
            "frame", "has the sign of the gemeentefonds", "plus pays more", "Make it without sign='gemeentefonds'."
        )
    for name in names:
        if name not in frame.columns:
            raise UnknownNameError("column", name, map(str, frame.columns))
        if frame[name].dtype.kind not in "iuf":
            faults.add(name, "holds no figures", "a column of numbers")
            continue
        values = frame[name].to_numpy(dtype=np.float64)
        arrays.append(values)
        wrong = ~np.isfinite(values) if least is None else ~(np.isfinite(values) & (values >= least))
        if wrong.any():
            allowed = "finite figures" if least is None else f"finite figures, {number(least, lang='en')} or more"
            faults.add(name, f"{values[wrong][0]:g} for {listed(frame.index[wrong])}", allowed)
    faults.check("this cannot be drawn", remedy="Leave these rows out, or complete the figures.")
    return arrays


def large(*arrays: FloatArray) -> bool:
    """Return whether amounts read best in millions."""
    return max(float(np.abs(values).max()) for values in arrays) >= 2e6


def names(chart: Chart, lang: str) -> list[str]:
    """Return what stands beside the rows: their name where there is one, else the word for their label."""
    frame = chart.frame
    named = "name" if chart.kind == "points" and "name" in frame else chart.x
    vocabulary = named if named in ("cause", "part", "size_class", "status") else "column"
    from ggu_costs.display.drawn.figure import words

    return [words(label(name, lang, of=vocabulary)) for name in frame.get(named, frame.index)]
