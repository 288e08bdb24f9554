"""The charts of a simulated programme, as ``result.plot.name()``: each says what is drawn, and of which figures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import read_whole, shown
from ggu_costs.frames import amend
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.convergence import convergence
from ggu_costs.impact.answers.distributions import by_municipality, by_year
from ggu_costs.impact.answers.grouped import by
from ggu_costs.impact.answers.sensitivity import sensitivity
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import say
from ggu_costs.words.numbers import percent
from ggu_costs.words.page import phrase

_PERCENTS = np.linspace(0.005, 0.995, 199)
_OUTER, _POINTS = 0.005, 41  # of a cumulative chart on a page: what lies outside it on either side, its points
_MOST_BARS = 10_000  # more than a programme has drivers


def s_curve(result: SimulationResult, quantity: str = "net", *, lang: str = "nl") -> Chart:
    """Draw the nation's cumulative distribution, and where the outcome with every driver at its median lies."""
    rows = result.runner.nation(result.selection, quantity)
    amounts = [rows.quantile(float(p))[0] for p in _PERCENTS]
    frame = pd.DataFrame({"amount": amounts, "probability": _PERCENTS})
    amend(frame, units={"amount": "EUR", "probability": "share"})
    mark = None
    if result.assembly.terms:
        point = sensitivity(result, quantity).middle
        share = float(1.0 - rows.probability(point)[0])
        mark = (point, share, f"{phrase('plot_middle', lang)}: P{percent(share, decimals=0, lang=lang)[:-1]}")
    return _chart(result, "s_curve", lang, frame, kind="line", x="amount", y=("probability",), mark=mark)


def cumulative(of: Mapping[str, Rows]) -> pd.DataFrame:
    """Return how probable it is that a figure stays below each amount, in a column for each reading of its ranges.

    Parameters
    ----------
    of
        One row by the words of its reading; without words where there is one reading only.

    Returns
    -------
    pandas.DataFrame
        ``amount``, and ``probability`` or a column a reading; no rows where there is no spread.
    """
    ends = [[float(rows.quantile(p)[0]) for p in (_OUTER, 1 - _OUTER)] for rows in of.values()]
    low, high = min(pair[0] for pair in ends), max(pair[1] for pair in ends)
    amounts = np.linspace(low, high, _POINTS) if high > low else np.array([])
    columns = {
        name or "probability": [1.0 - float(rows.probability(x)[0]) for x in amounts] for name, rows in of.items()
    }
    frame = pd.DataFrame({"amount": amounts, **columns})
    frame.columns = pd.Index(list(frame.columns), dtype=object)  # messages stay messages
    return amend(frame, units={"amount": "EUR"} | dict.fromkeys(columns, "share"), decimals={"EUR": -5})


def tornado(result: SimulationResult, quantity: str = "net", *, most: int = 10, lang: str = "nl") -> Chart:
    """Draw the national outcome with each driver at its P10 and its P90, the others at their median."""
    bars = read_whole(most, "most", Faults(), least=1, most=_MOST_BARS)
    if bars is None:
        raise InputError(f"most: {shown(most)}", remedy=f"Give a whole number from 1 to {_MOST_BARS:,}.")
    influence = sensitivity(result, quantity)
    frame = influence.to_frame().dropna(subset="swing").nlargest(bars, "swing")  # drawn per group: no swing
    if not len(frame):
        remedy = "This programme has no uncertain inputs that move all municipalities at once."
        raise InputError("no drivers, so there is no tornado", remedy=remedy)
    return _chart(result, "tornado", lang, frame, kind="tornado", x="name", y=("low", "high"), start=influence.middle)


def intervals(result: SimulationResult, quantity: str = "net", *, lang: str = "nl") -> Chart:
    """Draw P5 to P95 per inhabitant of every municipality against its size."""
    frame = by_municipality(result, quantity).sort_values("inhabitants", kind="stable")
    words = "intervals_indicative" if result.indicative else "intervals"
    rates = _per_inhabitant(frame, "p5", "p50", "p95").assign(inhabitants=frame["inhabitants"])
    return _chart(result, words, lang, rates, kind="ranges", x="inhabitants", y=("p50",), low="p5", high="p95")


def per_inhabitant(result: SimulationResult, group: str = "size_class", *, lang: str = "nl") -> Chart:
    """Draw the mean per inhabitant of each class, with P5 to P95 of the class as a whole."""
    frame = _per_inhabitant(by(result, group), "mean", "p5", "p95")
    x = str(frame.index.name)
    return _chart(result, "per_inhabitant", lang, frame, kind="bars", x=x, y=("mean",), low="p5", high="p95")


def fan(result: SimulationResult, *, lang: str = "nl") -> Chart:
    """Draw the nation's net figure of each year with its ranges, not discounted."""
    drawn: dict[str, Any] = {"x": "year", "y": ("p50",), "low": "p5", "high": "p95", "inner": ("p25", "p75")}
    return _chart(result, "fan", lang, by_year(result), kind="line", **drawn)


def settling(result: SimulationResult, quantity: str = "net", *, lang: str = "nl") -> Chart:
    """Draw how the nation's mean settles as draws are added, with its 95 % interval."""
    frame = convergence(result, quantity)
    reach = 1.96 * frame["mean_error"]  # a drawn band, on which more digits are not seen
    frame = frame[["mean"]].assign(low=frame["mean"] - reach, high=frame["mean"] + reach)
    return _chart(result, "convergence", lang, frame, kind="line", x="draws", y=("mean",), low="low", high="high")


def _per_inhabitant(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return columns divided by the inhabitants of their rows."""
    rates = frame[[]].assign(**{name: frame[name] / frame["inhabitants"] for name in columns})
    return amend(rates, units=dict.fromkeys(columns, "EUR/inhabitant"), total=[])


def _chart(result: SimulationResult, words: str, lang: str, frame: pd.DataFrame, **drawn: Any) -> Chart:
    """Return a chart with the title of the result and, behind it, what is drawn."""
    title = f"{say(result.title, lang)}: {phrase(f'plot_{words}', lang)}"
    return Chart(title=title, frame=amend(frame.copy(), illustrative=result.illustrative), **drawn)


CHARTS = {
    "s_curve": s_curve,
    "tornado": tornado,
    "intervals": intervals,
    "per_inhabitant": per_inhabitant,
    "fan": fan,
    "convergence": settling,
}
"""The charts of a result by name."""

ON_PAGE: tuple[str, ...] = ()
"""Those that a run puts on its page too, after the ones of the report."""
