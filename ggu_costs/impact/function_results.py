"""What a model that is a function gives: its outcomes over the draws, and what makes their spread."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ggu_costs import frames
from ggu_costs.brief import Brief
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, UnknownNameError, listed
from ggu_costs.frozen import Frozen
from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.results.portable import Portable
from ggu_costs.simulation.front import Figure
from ggu_costs.simulation.influence.effects import REACH
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

_MEASURES = ("first", "sobol_total", "shapley")
_OF_LOSSES = ("probability_of_loss", "expected_shortfall", "probability_error", "expected_shortfall_error")
"""Columns of a distribution that are about costs, and say nothing of an outcome that may be anything."""


@dataclass(frozen=True, eq=False)
class OfOutcomes(Portable, Brief, Frozen):
    """What is told of the outcomes of a function.

    Attributes
    ----------
    title
        What the function is called.
    outcomes
        Their names.
    provenance
        What it was made from: library version, settings, SHA-256 of the drivers and of the text of the function.
    """

    title: str
    outcomes: tuple[str, ...]
    provenance: Mapping[str, object]

    def place(self, outcome: str | None) -> int:
        """Return the place of an outcome, whose name may be left out where there is one."""
        if outcome is None and len(self.outcomes) == 1:
            return 0
        if outcome is None:
            raise InputError(
                f"{len(self.outcomes)} outcomes, and none named", remedy=f"Name one of {listed(self.outcomes)}."
            )
        if outcome not in self.outcomes:
            raise UnknownNameError("outcome", outcome, self.outcomes)
        return self.outcomes.index(outcome)

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Return the figures that are told first."""

    @abstractmethod
    def tables(self) -> tuple[Table, ...]:
        """Return the tables of the report."""

    def report(self, *, lang: str = "nl") -> Report:
        """Return the figures as a report, in Dutch or English."""
        report = Report(self.title, self.tables(), provenance=dict(self.provenance))
        return report_in(report, lang)


@dataclass(frozen=True, eq=False)
class FunctionResult(OfOutcomes):
    """The outcomes of a function over the draws.

    Attributes
    ----------
    title, outcomes, provenance
        As for any answer about a function.
    rows
        What the figures of each outcome follow from.
    """

    rows: tuple[Rows, ...]

    @property
    def draws(self) -> int:
        """Draws in all, of all replicates together."""
        return self.rows[0].count

    def figure(self, outcome: str | None = None) -> Figure:
        """Return one outcome, with its mean, quantiles, probabilities and their errors.

        Parameters
        ----------
        outcome
            Its name; may be left out where there is one.

        Raises
        ------
        InputError
            No name where there are more outcomes.
        UnknownNameError
            An outcome that is not there.
        """
        return Figure(self.rows[self.place(outcome)])

    def to_frame(self) -> pd.DataFrame:
        """Return by outcome ``mean, sd, p5, p25, p50, p75, p95``, each with its error, such as ``mean_error``."""
        frame = distribution(self.rows, pd.Index(self.outcomes, name="outcome"))
        return frame.drop(columns=list(_OF_LOSSES))

    def tables(self) -> tuple[Table, ...]:
        """Return the distribution of every outcome."""
        return (Table("outcomes", message("function_outcomes"), self.to_frame()),)


@dataclass(frozen=True, eq=False)
class FunctionSensitivity(OfOutcomes):
    """What makes the spread of each outcome of a function.

    Attributes
    ----------
    title, outcomes, provenance
        As for any answer about a function.
    drivers
        Their names.
    values, errors
        By measure the parts of the variance and their standard errors, shape (outcomes, drivers); ``more`` holds those
        of pairs, and of each group the first order and the total in turn.
    correlated
        Whether any drivers are correlated: then read the Shapley effects.
    asked_pairs, asked_groups
        Names of what second orders and groups are there.
    """

    drivers: tuple[str, ...]
    values: Mapping[str, FloatArray]
    errors: Mapping[str, FloatArray]
    correlated: bool
    asked_pairs: tuple[tuple[str, str], ...]
    asked_groups: tuple[str, ...]

    def to_frame(self, outcome: str | None = None) -> pd.DataFrame:
        """Return the effects by driver, the largest Shapley effect first; by default those on the first outcome.

        Returns
        -------
        pandas.DataFrame
            ``first, sobol_total, shapley``, parts of the variance, each with the ends of its 95 % interval:
            ``first_low`` and ``first_high`` and so on.
        """
        place, columns = self.place(outcome or self.outcomes[0]), dict[str, FloatArray]()
        for name in _MEASURES:
            columns |= self._with_ends(name, name, place, slice(None))
        frame = pd.DataFrame(columns, pd.Index(self.drivers, name="driver"))
        decimals = dict.fromkeys(columns, 3)
        return frames.amend(frame.sort_values("shapley", ascending=False, kind="stable"), decimals=decimals)

    def pairs(self, outcome: str | None = None) -> pd.DataFrame:
        """Return the second order of every two drivers, the largest first: ``second, second_low, second_high``.

        Raises
        ------
        InputError
            Correlated drivers: what two of them do together cannot be told from what they have in common.
        """
        if self.correlated:
            raise InputError(
                "drivers are correlated, so that there is no second order", remedy="Read the Shapley effects."
            )
        columns = self._with_ends("second", "more", self.place(outcome), slice(len(self.asked_pairs)))
        index = pd.MultiIndex.from_tuples(self.asked_pairs, names=["driver", "with_driver"])
        return pd.DataFrame(columns, index).sort_values("second", ascending=False, kind="stable")

    def groups(self, outcome: str | None = None) -> pd.DataFrame:
        """Return what each group of drivers explains alone (``first``) and with the others (``sobol_total``)."""
        place, first = self.place(outcome), len(self.asked_pairs)
        columns = self._with_ends("first", "more", place, slice(first, None, 2))
        columns |= self._with_ends("sobol_total", "more", place, slice(first + 1, None, 2))
        return pd.DataFrame(columns, pd.Index(self.asked_groups, name="group"))

    def tables(self) -> tuple[Table, ...]:
        """Return the effects on every outcome; of each the second orders, unless drivers are correlated, and groups."""
        notes = (message("linked"),) if self.correlated else ()
        told = []
        for place, outcome in enumerate(self.outcomes, start=1):
            frames_of = {"drivers": self.to_frame(outcome)}
            frames_of |= {} if self.correlated or not self.asked_pairs else {"pairs": self.pairs(outcome)}
            frames_of |= {"groups": self.groups(outcome)} if self.asked_groups else {}
            told += [
                Table(f"{name}_{place}", message(f"function_{name}", outcome=outcome), frame, notes=notes)
                for name, frame in frames_of.items()
            ]
        return tuple(told)

    def _with_ends(self, name: str, measure: str, place: int, some: slice) -> dict[str, FloatArray]:
        value, reach = self.values[measure][place, some], REACH * self.errors[measure][place, some]
        return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}
