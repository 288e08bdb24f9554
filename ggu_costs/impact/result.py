"""What a programme costs, how sure we are, and on whom it falls: the frozen result of a simulation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from ggu_costs.display.result import Explanation
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.asked import NATION, AskedResult
from ggu_costs.impact.answers.estimate import Estimate, rounded_frame
from ggu_costs.impact.answers.frames import described, estimate, figures_of, quantile_estimate
from ggu_costs.impact.answers.questions import DISCOUNTED, INCOME
from ggu_costs.impact.answers.runner import Asked, Runner, Settings
from ggu_costs.impact.programme.notes import quantity_words

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.answers.charts import ImpactPlots
    from ggu_costs.impact.answers.compensation import CompensationNeeded, Share
    from ggu_costs.impact.answers.sensitivity import Sensitivity
    from ggu_costs.impact.programme.assembly import Assembly
    from ggu_costs.impact.programme.definition import ProgrammeDefinition

__all__ = ["ImpactResult"]

ROUNDING = 1e-9
"""Of an amount: nearer to it, sums over municipalities are not told apart from it."""


@dataclass(frozen=True, kw_only=True)
class ImpactResult(AskedResult):
    """The outcome of a simulation, of one alternative or of the difference between two.

    Plus is a cost to municipalities: net = costs - benefits - compensation. Every figure has its simulation error
    beside it; what the assumptions may be off is not in that error. Sums over groups and the nation are taken in every
    draw, never of quantiles. A question that was not asked before is simulated when it is, on the same draws.

    A run that is interrupted (Ctrl-C, or a `progress` that raises KeyboardInterrupt) gives what whole blocks gave, with
    ``complete`` False and a note that says after how many draws. It goes on with the same settings and ``resume=``, to
    the same bits and the same :meth:`digest` as a run that was never interrupted::

        part = programme.simulate(draws=10_000_000, seed=2021)  # interrupted
        part.by_municipality()  # of the draws that were made
        result = programme.simulate(draws=10_000_000, seed=2021, resume=part)

    Attributes
    ----------
    definition
        What the model file says; None for a programme made in Python and for a loaded result.
    second
        Gives the programme with the second shape of each published range.

    See Also
    --------
    ggu_costs.impact.answers.asked.AskedResult : ``alternatives, draws, complete, indicative, digest(), lines()``.
    """

    definition: ProgrammeDefinition | None = field(default=None, repr=False)
    second: Callable[[], Assembly] | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        assembly: Assembly,
        settings: Settings,
        *,
        alternative: str | None = None,
        resume: ImpactResult | None = None,
        title: str,
        notes: tuple[str, ...] = (),
        provenance: Mapping[str, Any] | None = None,
        illustrative: bool = False,
        definition: ProgrammeDefinition | None = None,
        second: Callable[[], Assembly] | None = None,
        needs: str = "",
        municipal_share: float | None = None,
        runner: Runner | None = None,
    ) -> Self:
        """Simulate a programme in arrays: the net figures now, all others when they are asked for."""
        selection = assembly.choice(alternative or assembly.choices[0].id).id
        runner = runner or Runner(assembly, settings)
        if resume is not None and not isinstance(resume, ImpactResult):
            raise InputError(f"resume: a {type(resume).__name__}", remedy="Give the result of an interrupted run.")
        if resume is not None and resume.runner.main is None:
            raise InputError("a result of a function, or a loaded one, cannot be gone on with", remedy="Simulate anew.")
        runner.begin(selection, None if resume is None else resume.runner.main)
        ended = runner.ended(selection, settings)
        return cls(
            title=title, notes=(*ended.notes, *notes),
            provenance={**(provenance or {}), **runner.settings.told(), **ended.told},
            illustrative=illustrative, runner=runner, selection=selection, definition=definition, second=second,
            needs=needs, municipal_share=municipal_share,
        )  # fmt: skip

    def alternative(self, name: str) -> ImpactResult:
        """Return the same run of another alternative, on the same draws."""
        return replace(self, selection=self.assembly.choice(name).id)

    # -- distributions --------------------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """Return the net figures per municipality; of the nation, where only those can be given."""
        return self.national() if self.assembly.national else self.by_municipality()

    def by_municipality(self, quantity: str = "net") -> pd.DataFrame:
        """Return the distribution for each municipality.

        Parameters
        ----------
        quantity
            ``net``, ``gross``, ``one_off``, ``structural``, ``one_off_net``, ``structural_net``, ``year:2026``,
            ``line:ID``: see :mod:`ggu_costs.impact.answers.questions`.

        Returns
        -------
        pandas.DataFrame
            By code ``name, inhabitants, mean, sd, p5, p25, p50, p75, p95, probability_of_loss, expected_shortfall``
            (the mean of the 5 % highest), euro; each with its simulation error, such as ``mean_error`` and
            ``probability_error``.

        Raises
        ------
        MissingInputError
            The part for municipalities was not given, so that only national figures can be.
        """
        self._municipal()
        frame = described(self.runner.units(self.selection, quantity), self._people())
        return self._marked(
            frame, f"{quantity_words(quantity)} per gemeente{self._over(quantity)}", nation=False, own=True
        )

    def by(self, group: Any = "size_class", quantity: str = "net") -> pd.DataFrame:
        """Return the distribution of the sum of each group, added up in every draw.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``, ``safety_region``), or own groups as
            :func:`ggu_costs.groups` takes them; groups may overlap.
        quantity
            See :meth:`by_municipality`.

        Returns
        -------
        pandas.DataFrame
            As :meth:`by_municipality`, by group, with ``municipalities`` and ``per_inhabitant`` (the mean).
        """
        from ggu_costs.impact.answers.grouped import by_group

        self._municipal()
        return self._marked(
            by_group(self, group, quantity), f"{quantity_words(quantity)} per groep{self._over(quantity)}", nation=False
        )

    def national(self, quantity: str | None = None) -> pd.DataFrame:
        """Return the distribution for the nation: of all main figures, or of one.

        Returns
        -------
        pandas.DataFrame
            By quantity the columns of :meth:`by_municipality`; income has no probability of a loss. With a discount
            rate ``discounted`` tells which are (``yes``, ``no``).
        """
        wanted = self._told() if quantity is None else (quantity,)
        self.runner.ask([Asked(self.selection, name) for name in wanted])
        columns = [figures_of(self.runner.nation(self.selection, name)) for name in wanted]
        rows = [{name: figures[0] for name, figures in found.items()} for found in columns]
        frame = self._of_rows(rows, list(wanted), "quantity", "landelijk")
        income = [name in INCOME for name in wanted]
        if any(income):
            frame.loc[income, ["probability_of_loss", "probability_error"]] = np.nan
        if (self.assembly.discount != 1.0).any():
            frame.insert(0, "discounted", ["yes" if name in DISCOUNTED else "no" for name in wanted])
        return frame

    def by_year(self) -> pd.DataFrame:
        """Return the distribution of the nation's net figure in each year, not discounted, and its parts in the mean.

        Returns
        -------
        pandas.DataFrame
            By year the columns of :meth:`by_municipality`, and ``cost, benefit, compensation`` in the mean with their
            errors; empty (PM) where every line of a kind is PM.
        """
        self.runner.check_years()
        years = self.assembly.years
        lines = self.lines()
        parts = [kind for kind in ("cost", "benefit", "compensation") if any(role.kind == kind for role in lines)]
        known = [kind for kind in parts if any(role.kind == kind and not role.pm for role in lines)]
        names = [f"{name}:{year}" for year in years for name in ("year", *known)]
        self.runner.ask([Asked(self.selection, name) for name in names])
        rows = [described(self.runner.nation(self.selection, f"year:{year}")).iloc[0] for year in years]
        frame = self._of_rows(rows, list(years), "year", "landelijk per jaar")
        for name in parts:
            found = [self.runner.nation(self.selection, f"{name}:{year}") for year in years] if name in known else []
            frame[name] = [float(rows.mean[0]) for rows in found] or np.nan
            frame[f"{name}_error"] = [float(rows.standard_error[0]) for rows in found] or np.nan
            frame.attrs["units"] |= {name: "EUR", f"{name}_error": "EUR"}
            frame.attrs["decimals"][f"{name}_error"] = 0
        frame.attrs["pm"] = [f"{name}{end}" for name in parts if name not in known for end in ("", "_error")]
        return frame

    def by_line(self) -> pd.DataFrame:
        """Return the distribution of each line for the nation, all years together, as positive amounts; PM is empty.

        Returns
        -------
        pandas.DataFrame
            By line ``line, kind, nature`` and the columns of :meth:`by_municipality`, without the probability of a
            loss: a line is an amount of its own. Not discounted.
        """
        import pandas as pd

        lines = self.lines()
        known = [role for role in lines if not role.pm]
        self.runner.ask([Asked(self.selection, f"line:{role.id}") for role in known])
        rows = [
            pd.Series(dtype="float64") if role.pm
            else described(self.runner.nation(self.selection, f"line:{role.id}")).iloc[0]
            for role in lines
        ]  # fmt: skip
        frame = self._of_rows(rows, [role.id for role in lines], "item", "landelijk per post")
        frame = frame.drop(columns=["probability_of_loss", "probability_error"], errors="ignore")
        for place, name in enumerate(("name", "kind", "nature")):
            frame.insert(place, "line" if name == "name" else name, [str(getattr(role, name)) for role in lines])
        frame.attrs["pm"] = [name for name in frame.columns if name in frame.attrs["units"]]
        return frame

    def probability(self, quantity: str = "net", *, above: float = 0.0, of: str = NATION) -> Estimate:
        """Return the probability that a figure lies above an amount.

        Parameters
        ----------
        quantity
            See :meth:`by_municipality`.
        above
            Euro.
        of
            ``nation``, or the code of a municipality.

        Returns
        -------
        Estimate
            A number with ``error, low, high``: its simulation error and 95 % interval. The draws above the amount are
            counted one by one; what is above it by less than a billionth is rounding. Of a loaded result the count
            comes from its histogram, and the interval allows for that.
        """
        if isinstance(above, bool) or not isinstance(above, int | float) or not np.isfinite(above):
            raise InputError(f"above {above!r}", remedy="Give a finite amount in euro.")
        limit = float(above) + ROUNDING * abs(above)
        rows, place = self.runner.above(self.selection, quantity, limit, self._of(of))
        return estimate(rows.probability(limit)[place], rows.probability_interval(limit), place)

    def quantile(self, p: float, quantity: str = "net", *, of: str = NATION) -> Estimate:
        """Return a quantile of a figure, exactly that of the draws (of a loaded result: from its histogram).

        Parameters
        ----------
        p
            Above 0 and below 1.
        quantity, of
            See :meth:`probability`.
        """
        if isinstance(p, str) and not isinstance(quantity, str):  # (quantity, p) reads as well
            p, quantity = quantity, p
        if isinstance(p, bool) or not isinstance(p, int | float) or not 0 < p < 1:
            raise InputError(f"quantile {p!r}", remedy="Give a fraction above 0 and below 1, such as 0.95.")
        rows, place = self.runner.at(self.selection, quantity, float(p), self._of(of))
        return quantile_estimate(rows, float(p), place)

    def winners_and_losers(self, quantity: str = "net") -> pd.DataFrame:
        """Return who pays more and who pays less: see :func:`ggu_costs.impact.answers.grouped.winners_and_losers`."""
        from ggu_costs.impact.answers.grouped import winners_and_losers

        self._municipal()
        return self._marked(winners_and_losers(self, quantity), f"wie meer en wie minder betaalt{self._over(quantity)}")

    # -- questions about money ------------------------------------------------------------------------------------

    def adequacy(self) -> pd.DataFrame:
        """Return whether the compensation covers the costs: see :func:`ggu_costs.impact.answers.adequacy.adequacy`."""
        from ggu_costs.impact.answers.adequacy import adequacy

        return self._marked(adequacy(self), "toereikendheid van de vergoeding")

    def compensation_for(
        self, confidence: float, of: Literal["nation", "every"] | Share = "nation", *, quantity: str = "gross"
    ) -> CompensationNeeded:
        """Return the compensation needed: see :func:`ggu_costs.impact.answers.compensation.compensation_for`."""
        from ggu_costs.impact.answers.compensation import compensation_for

        return compensation_for(self, confidence, of, quantity)

    def budget(
        self,
        first_year: int,
        years: int = 4,
        *,
        of: str = NATION,
        index: Mapping[int, float] | None = None,
    ) -> pd.DataFrame:
        """Return the table of a municipal budget: see :func:`ggu_costs.impact.answers.budget.budget`."""
        from ggu_costs.impact.answers.budget import budget

        frame = budget(self, first_year, years, of, index)
        if of == NATION:
            return self._marked(frame, "begroting")
        name = self.assembly.names[self._place(of)]
        return self._marked(frame, f"begroting van {name}", nation=False, own=True)

    def difference(self, other: ImpactResult | str) -> ImpactResult:
        """Return this result minus another: plus means this one costs more.

        Parameters
        ----------
        other
            An alternative of the same file, or a result with the same draws, seed and method of a programme with the
            same municipalities and years. Drivers of one name have to be the same: they share their draws.

        Raises
        ------
        InputError
            Results that do not rest on common draws.
        """
        from ggu_costs.impact.answers.difference import difference

        return difference(self, other)

    # -- how sure, and why ----------------------------------------------------------------------------------------

    def sensitivity(
        self, quantity: str = "net", *, of: str | tuple[str, str] = NATION, points: int = 4096
    ) -> Sensitivity:
        """Return which drivers make the spread: see :mod:`.answers.sensitivity`."""
        from ggu_costs.impact.answers.sensitivity import sensitivity

        return sensitivity(self, quantity, of, points)

    def sensitivity_by(self, group: Any = "municipality", quantity: str = "net", *, points: int = 1024) -> pd.DataFrame:
        """Return what makes the spread of each municipality or group: see :mod:`.answers.sensitivity`."""
        from ggu_costs.impact.answers.sensitivity import sensitivity_by

        return sensitivity_by(self, group, quantity, points)

    def sobol_by_municipality(self, quantity: str = "net", *, points: int = 4096) -> pd.DataFrame:
        """Return Sobol indices per municipality: see :func:`.answers.sensitivity.sobol_by_municipality`."""
        from ggu_costs.impact.answers.sensitivity import sobol_by_municipality

        return sobol_by_municipality(self, quantity, points)

    def convergence(self, quantity: str = "net") -> pd.DataFrame:
        """Return how the national figures settle as draws are added."""
        from ggu_costs.impact.answers.convergence import convergence

        return self._marked(convergence(self, quantity), "convergentie")

    def published(self) -> pd.DataFrame:
        """Return the published ranges beside P5 to P95, with the shape and whose assumption it is."""
        from ggu_costs.impact.answers.convergence import published

        return published(self)

    def explain(self, code: str) -> Explanation:
        """Return which lines and drivers make up a municipality's mean and spread.

        Raises
        ------
        UnknownNameError
            A code that is not in this result.
        """
        from ggu_costs.impact.answers.explain import explain

        self._municipal()
        return explain(self, code)

    @property
    def plot(self) -> ImpactPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.impact.answers.charts import ImpactPlots

        return ImpactPlots(self)

    def save(self, path: str | Path) -> Path:
        """Save the result: numbers in ``PATH.npz``, the rest in ``PATH.json``."""
        from ggu_costs.impact.answers.save import save

        return save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> ImpactResult:
        """Load a saved result; it answers what was asked before it was saved."""
        from ggu_costs.impact.answers.save import load

        return load(path)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _repr_html_(self) -> str:
        from ggu_costs.display.html import table

        shown = rounded_frame(self.to_frame(), nation=self.assembly.national)
        return table(shown, title=str(shown.attrs["title"]), notes=self.notes)
