"""The plots of a result, as ``result.plot.name()``; each returns a matplotlib Figure and shows nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.drawn.checked import needs_matplotlib
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.convergence import convergence
from ggu_costs.impact.answers.distributions import by_municipality, by_year
from ggu_costs.impact.answers.grouped import by
from ggu_costs.impact.answers.sensitivity import sensitivity
from ggu_costs.words.numbers import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ggu_costs.typing import FloatArray

__all__ = ["ImpactPlots"]

_PERCENTS = np.linspace(0.005, 0.995, 199)
_BAND = 0.18  # how dark a range is drawn


@dataclass(frozen=True)
class ImpactPlots:
    """Plots of a simulated programme."""

    result: SimulationResult

    def s_curve(self, quantity: str = "net", *, lang: str = "nl") -> Figure:
        """Draw the nation's cumulative distribution, and where the outcome with every driver at its median lies."""
        figure, axes = self._chart("S-curve", lang)
        from ggu_costs.display.drawn import figure as style

        rows = self.result.runner.nation(self.result.selection, quantity)
        amounts = np.array([rows.quantile(float(p))[0] for p in _PERCENTS])
        axes.plot(amounts, _PERCENTS, color=style.PALETTE[0], linewidth=2)
        if self.result.assembly.terms:
            point = sensitivity(self.result, quantity).middle
            share = float(1.0 - rows.probability(point)[0])
            axes.plot([point], [share], "o", color=style.PALETTE[1])
            words = {"nl": "alle drijvers op hun mediaan", "en": "all drivers at their median"}[lang]
            style.note(axes, f"{words}: P{percent(share, decimals=0, lang=lang)[:-1]}", (point, share))
        style.amounts(axes.xaxis, lang, million=bool(np.abs(amounts).max() >= 2e6))
        style.percentages(axes.yaxis, lang)
        axes.set_ylim(0, 1)
        return figure

    def tornado(self, quantity: str = "net", *, most: int = 10, lang: str = "nl") -> Figure:
        """Draw the national outcome with each driver at its P10 and its P90, the others at their median."""
        found = sensitivity(self.result, quantity)
        frame = found.to_frame().dropna(subset="swing").nlargest(most, "swing")  # drawn per group: no swing
        if not len(frame):
            remedy = "This programme has no uncertain inputs that move all municipalities at once."
            raise InputError("no drivers, so there is no tornado", remedy=remedy)
        figure, axes = self._chart("Tornado: P10 en P90" if lang == "nl" else "Tornado: P10 and P90", lang)
        from ggu_costs.display.drawn import figure as style

        low, high = frame["low"].to_numpy(), frame["high"].to_numpy()
        places = np.arange(len(frame))
        axes.barh(places, low - found.middle, left=found.middle, color=style.LESS, height=0.62, label="P10")
        axes.barh(places, high - found.middle, left=found.middle, color=style.MORE, height=0.62, label="P90")
        axes.axvline(found.middle, color=style.QUIET, linewidth=1)
        style.amounts(axes.xaxis, lang, million=bool(np.abs([low, high]).max() >= 2e6))
        style.rows(axes, [style.words(name) for name in frame["name"]])
        style.legend(axes)
        return figure

    def intervals(self, quantity: str = "net", *, lang: str = "nl") -> Figure:
        """Draw P5 to P95 per inhabitant of every municipality against its size."""
        frame = by_municipality(self.result, quantity).sort_values("inhabitants", kind="stable")
        words = {"nl": ("Per inwoner, P5 tot P95", "indicatief"), "en": ("Per inhabitant, P5 to P95", "indicative")}[
            lang
        ]
        figure, axes = self._chart(f"{words[0]} ({words[1]})" if self.result.indicative else words[0], lang)
        from ggu_costs.display.drawn import figure as style

        people = frame["inhabitants"].to_numpy(dtype=np.float64)
        low, middle, high = (frame[name].to_numpy() / people for name in ("p5", "p50", "p95"))
        axes.vlines(people, low, high, color=style.PALETTE[0], alpha=0.35, linewidth=1.2)
        axes.plot(people, middle, ".", color=style.PALETTE[0], markersize=3.5)
        axes.axhline(0, color=style.QUIET, linewidth=1)
        axes.set_xscale("log")
        style.people(axes.xaxis, lang)
        style.amounts(axes.yaxis, lang)
        return figure

    def per_inhabitant(self, group: str = "size_class", *, lang: str = "nl") -> Figure:
        """Draw the mean per inhabitant of each class, with P5 to P95 of the class as a whole."""
        frame = by(self.result, group)
        figure, axes = self._chart("Per inwoner" if lang == "nl" else "Per inhabitant", lang)
        from ggu_costs.display.drawn import figure as style
        from ggu_costs.words.label import VOCABULARIES, label

        people = frame["inhabitants"].to_numpy()
        mean, low, high = (frame[name].to_numpy() / people for name in ("mean", "p5", "p95"))
        places = np.arange(len(frame))
        axes.barh(places, mean, color=style.PALETTE[0], height=0.62)
        axes.hlines(places, low, high, color=style.INK, linewidth=1.4)
        axes.axvline(0, color=style.QUIET, linewidth=1)
        style.amounts(axes.xaxis, lang)
        vocabulary = group if group in VOCABULARIES else "column"
        style.rows(axes, [style.words(label(name, lang, of=vocabulary)) for name in frame.index])
        return figure

    def fan(self, *, lang: str = "nl") -> Figure:
        """Draw the nation's net figure of each year with its ranges, not discounted."""
        frame = by_year(self.result)
        figure, axes = self._chart("Per jaar, P5 tot P95" if lang == "nl" else "Per year, P5 to P95", lang)
        from ggu_costs.display.drawn import figure as style

        years = frame.index.to_numpy(dtype=np.float64)
        self._ranges(axes, years, frame)
        axes.axhline(0, color=style.QUIET, linewidth=1)
        axes.set_xticks(years, labels=[str(year) for year in frame.index])
        style.amounts(axes.yaxis, lang, million=bool(np.abs(frame[["p5", "p95"]].to_numpy()).max() >= 2e6))
        return figure

    def convergence(self, quantity: str = "net", *, lang: str = "nl") -> Figure:
        """Draw how the nation's mean settles as draws are added, with its 95 % interval."""
        frame = convergence(self.result, quantity)
        figure, axes = self._chart("Convergentie" if lang == "nl" else "Convergence", lang)
        from ggu_costs.display.drawn import figure as style

        draws, mean = frame.index.to_numpy(dtype=np.float64), frame["mean"].to_numpy()
        reach = 1.96 * frame["mean_error"].to_numpy()
        axes.fill_between(draws, mean - reach, mean + reach, color=style.PALETTE[0], alpha=_BAND, linewidth=0)
        axes.plot(draws, mean, "o-", color=style.PALETTE[0], linewidth=2, markersize=4)
        axes.set_xscale("log")
        style.people(axes.xaxis, lang)
        style.amounts(axes.yaxis, lang, million=bool(np.abs(mean).max() >= 2e6))
        return figure

    def _ranges(self, axes: Axes, places: FloatArray, frame: pd.DataFrame) -> None:
        from ggu_costs.display.drawn import figure as style

        for low, high in (("p5", "p95"), ("p25", "p75")):
            axes.fill_between(places, frame[low], frame[high], color=style.PALETTE[0], alpha=_BAND, linewidth=0)
        axes.plot(places, frame["p50"], color=style.PALETTE[0], linewidth=2)

    def _chart(self, words: str, lang: str) -> tuple[Figure, Axes]:
        needs_matplotlib()
        from ggu_costs.display.drawn import figure as style

        result = self.result
        figure, (axes,) = style.chart(
            f"{result.title}: {words}", lang=lang, source="", illustrative=result.illustrative
        )
        return figure, axes
