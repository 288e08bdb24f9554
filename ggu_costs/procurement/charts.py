"""The charts of this room, in a notebook as ``result.plot.name()`` and on the page of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ggu_costs.display.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["complaints", "saving"]


def saving(title: str, by: Callable[[Any], pd.DataFrame], group: Any = "size_class", *, lang: str = "nl") -> Chart:
    """Draw the cost of each for itself beside the joint cost; participants whose own cost is PM are left out.

    Parameters
    ----------
    group
        As for :meth:`ggu_costs.procurement.business.BusinessCase.by`.
    """
    frame = by(group).dropna(subset="alone")
    joint = "joint_compared" if "joint_compared" in frame else "joint"
    return Chart(title=title, frame=frame, kind="pair", x=str(frame.index.name), y=("alone", joint))


def complaints(title: str, rules: Callable[[], pd.DataFrame], *, lang: str = "nl") -> Chart:
    """Draw the largest complaint of any group under each rule that exists; below 0 everyone is better in."""
    frame = rules()
    frame = frame[frame["exists"].astype(bool) & frame["complaint"].notna()]
    return Chart(title=title, frame=frame, kind="bars", x="words", y=("complaint",))
