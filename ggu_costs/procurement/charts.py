"""The plots of this room's results, as ``result.plot.name()`` (extra ``plots``), in the style of the house.

Every method takes ``title`` (by default that of the result) and ``lang`` (``nl`` or ``en``), and returns a matplotlib
Figure; nothing is shown. See :mod:`ggu_costs.display.drawn.plots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ggu_costs.display.drawn import plots

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["BusinessPlots", "ComparisonPlots"]


@dataclass(frozen=True)
class BusinessPlots:
    """Plots of a business case."""

    title: str
    by: Callable[[Any], pd.DataFrame]

    def saving(self, group: Any = "size_class", *, title: str = "", lang: str = "nl") -> Figure:
        """Draw the cost of each for itself beside the joint cost; participants whose own cost is PM are left out.

        Parameters
        ----------
        group
            As for :meth:`ggu_costs.procurement.business.BusinessCase.by`.
        """
        frame = self.by(group).dropna(subset="alone")
        joint = "joint_compared" if "joint_compared" in frame else "joint"
        return plots.saving(frame, joint=joint, title=title or self.title, lang=lang)


@dataclass(frozen=True)
class ComparisonPlots:
    """Plots of rules side by side."""

    title: str
    rules: Callable[[], pd.DataFrame]

    def complaints(self, *, title: str = "", lang: str = "nl") -> Figure:
        """Draw the largest complaint of any group under each rule that exists; below 0 everyone is better in."""
        rules = self.rules()
        frame = rules[rules["exists"].astype(bool) & rules["complaint"].notna()]
        frame = frame.assign(name=frame["words"])
        return plots.bars(frame, column="complaint", title=title or self.title, lang=lang)
