"""The plots of this room's results, as ``result.plot.name()`` (extra ``plots``), in the style of the house.

Every method takes ``lang`` (``nl`` or ``en``), has the title of the result, and returns a matplotlib Figure; nothing is
shown. Amounts that are not known (PM) cannot be drawn: the error names them. See :mod:`ggu_costs.display.drawn.plots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ggu_costs.display.drawn import plots
from ggu_costs.errors import UnknownNameError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ggu_costs.fund.bill import Bill
    from ggu_costs.fund.change import Change
    from ggu_costs.fund.phase_in import PhaseIn
    from ggu_costs.fund.portfolio import HalfYearReport
    from ggu_costs.fund.redistribution import Redistribution

__all__ = ["BillPlots", "ChangePlots", "HalfYearPlots", "PhaseInPlots", "RedistributionPlots"]


@dataclass(frozen=True)
class BillPlots:
    """Plots of a bill."""

    result: Bill

    def by(self, group: Any = "size_class", *, lang: str = "nl") -> Figure:
        """Draw the amount of each group.

        Parameters
        ----------
        group
            As for :meth:`ggu_costs.fund.bill.Bill.by`.
        """
        return plots.bars(self.result.by(group), column=self.result.column, title=self.result.title, lang=lang)


@dataclass(frozen=True)
class ChangePlots:
    """Plots of a change."""

    result: Change

    def causes(self, code: str | None = None, *, lang: str = "nl") -> Figure:
        """Draw the causes from the old bill to the new.

        Parameters
        ----------
        code
            One municipality; by default all together.
        """
        import pandas as pd

        result = self.result
        if code is not None and code not in result.after:
            raise UnknownNameError("municipality in this change", code, list(result.after))
        codes = list(result.after) if code is None else [code]
        causes = pd.Series({name: sum(cents[c] for c in codes) / 100 for name, cents in result.causes.items()})
        before = sum(result.before[c] for c in codes) / 100
        title = result.title if code is None else f"{result.names[code]}: {result.title}"
        return plots.causes(causes, before=before, title=title, lang=lang, illustrative=result.illustrative)


@dataclass(frozen=True)
class RedistributionPlots:
    """Plots of redistribution effects."""

    result: Redistribution

    def effects(self, *, named: int = 3, lang: str = "nl") -> Figure:
        """Draw the effect per inhabitant of each municipality against its inhabitants.

        Parameters
        ----------
        named
            How many of the largest effects, up and down, have their name written beside them.
        """
        return plots.effects(self.result.to_frame(), named=named, title=self.result.title, lang=lang)

    def by(self, group: Any = "size_class", *, lang: str = "nl") -> Figure:
        """Draw the effect of each group.

        Parameters
        ----------
        group
            As for :meth:`ggu_costs.fund.redistribution.Redistribution.by`.
        """
        return plots.bars(self.result.by(group), column="effect", title=self.result.title, lang=lang)


@dataclass(frozen=True)
class PhaseInPlots:
    """Plots of a phase-in."""

    result: PhaseIn

    def phase_in(self, *, lang: str = "nl") -> Figure:
        """Draw the amount moved each year, and the part of the gain that is paid out."""
        return plots.phase_in(self.result.summary(), title=self.result.title, lang=lang)


@dataclass(frozen=True)
class HalfYearPlots:
    """Plots of a half-yearly report."""

    result: HalfYearReport

    def shares(self, *, lang: str = "nl") -> Figure:
        """Draw budget, actual and forecast by part of the portfolio."""
        return plots.shares(self.result.by_part(), title=self.result.title, lang=lang)
