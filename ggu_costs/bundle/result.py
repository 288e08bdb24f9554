"""What components cost together, how sure we are, on whom they fall, and by which of them: the result of a bundle."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ggu_costs.bundle import hit, separate
from ggu_costs.bundle.base import BundleFigures
from ggu_costs.impact.answers import difference as of_difference
from ggu_costs.impact.answers import distributions, grouped
from ggu_costs.impact.answers import sensitivity as of_sensitivity
from ggu_costs.impact.answers.leading import leading


@dataclass(frozen=True, kw_only=True)
class BundleResult(BundleFigures):
    """The outcome of a simulation of components together: of all of them, or of one.

    Plus is a cost to municipalities. Everything together, each component (:meth:`component`) and all others than one
    (:meth:`without`) rest on the same draws, so that means add up and spreads may be compared. While compensation of
    some component is not known, figures are before compensation (``one_off``, ``structural``), else after it
    (``one_off_net``, ``structural_net``); ``quantity`` is named as in a programme.
    """

    by_municipality = distributions.by_municipality
    by = grouped.by
    national = distributions.national
    by_year = distributions.by_year
    by_line = distributions.by_line
    probability = distributions.probability
    quantile = distributions.quantile
    winners_and_losers = grouped.winners_and_losers
    difference = of_difference.difference
    sensitivity = of_sensitivity.sensitivity
    sensitivity_by = of_sensitivity.sensitivity_by

    by_component = separate.by_component
    component_by_year = separate.component_by_year
    with_and_without = separate.with_and_without
    separate_quantiles = separate.separate_quantiles
    hardest_hit = hit.hardest_hit

    def to_frame(self) -> pd.DataFrame:
        """Return the figure per municipality that is told last."""
        return self.by_municipality(leading(self)[-1])
