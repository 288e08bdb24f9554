"""What a programme costs, how sure we are, and on whom it falls: the frozen result of a simulation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

import pandas as pd

from ggu_costs.display.html import table
from ggu_costs.display.plots import Plots
from ggu_costs.errors import InputError
from ggu_costs.impact.answers import adequacy as of_adequacy
from ggu_costs.impact.answers import break_even as of_break_even
from ggu_costs.impact.answers import budget as of_budget
from ggu_costs.impact.answers import charts, compensation, distributions, grouped
from ggu_costs.impact.answers import convergence as of_convergence
from ggu_costs.impact.answers import difference as of_difference
from ggu_costs.impact.answers import elsewhere as of_elsewhere
from ggu_costs.impact.answers import explain as of_explanation
from ggu_costs.impact.answers import rates as of_rates
from ggu_costs.impact.answers import readings as of_readings
from ggu_costs.impact.answers import sensitivity as of_sensitivity
from ggu_costs.impact.answers import surveys as of_surveys
from ggu_costs.impact.answers import work as of_work
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.estimate import rounded_frame
from ggu_costs.impact.answers.function_runner import Outcome
from ggu_costs.impact.answers.funding import told
from ggu_costs.impact.answers.leading import is_shown, leading
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.saved import read as reading
from ggu_costs.impact.saved import write as writing
from ggu_costs.reference import Reference, or_shipped


@dataclass(frozen=True, kw_only=True)
class ImpactResult(SimulationResult):
    """The outcome of a simulation, of one alternative or of the difference between two.

    Plus is a cost to municipalities: net = costs - benefits - compensation. Every figure has its simulation error
    beside it; what the assumptions may be off is not in that error. Sums over groups and the nation are taken in every
    draw, never of quantiles. A question that was not asked before is simulated when it is, on the same draws.

    A run that is interrupted (Ctrl-C, or a `progress` that raises KeyboardInterrupt) raises KeyboardInterrupt. Asked to
    keep what it had, it gives what whole blocks gave, with ``complete`` False and a note that says after how many
    draws. It goes on with the same settings and ``resume=``, to the same bits and the same :meth:`digest` as a run that
    was never interrupted::

        part = programme.simulate(draws=10_000_000, seed=2021, on_interrupt="keep")  # interrupted
        part.by_municipality()  # of the draws that were made
        result = programme.simulate(draws=10_000_000, seed=2021, resume=part)

    Every answer is a function over the data below, in a module of :mod:`ggu_costs.impact.answers`, and a method here.

    See Also
    --------
    ggu_costs.impact.answers.base.SimulationResult : ``alternatives, draws, complete, indicative, digest(), lines()``.
    """

    by_municipality = distributions.by_municipality
    by = grouped.by
    national = distributions.national
    by_year = distributions.by_year
    by_line = distributions.by_line
    steps = of_work.steps
    functions = of_work.functions
    volumes = of_work.volumes
    surveys = of_surveys.surveys
    probability = distributions.probability
    quantile = distributions.quantile
    winners_and_losers = grouped.winners_and_losers

    adequacy = of_adequacy.adequacy
    compensation_for = compensation.compensation_for
    budget = of_budget.budget
    one_off_items = of_budget.one_off_items
    difference = of_difference.difference

    sensitivity = of_sensitivity.sensitivity
    sensitivity_by = of_sensitivity.sensitivity_by
    sobol_by_municipality = of_sensitivity.sobol_by_municipality
    convergence = of_convergence.convergence
    published = of_convergence.published
    readings = of_readings.readings
    compare_published = of_elsewhere.compare_published
    realised = of_elsewhere.realised
    break_even = of_break_even.break_even
    present_values = of_rates.present_values
    explain = of_explanation.explain

    save = writing.save

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, model: Restores | None = None, reference: Reference | None = None
    ) -> ImpactResult:
        """Load a saved result; see :func:`ggu_costs.load_result`."""
        result = reading.read(path, cls, or_shipped(reference))
        if model is None:
            return result
        if not isinstance(model, Restores):
            raise InputError(f"model: a {type(model).__name__}", remedy="Give the programme that was simulated.")
        return model.restore(result)

    def with_model(self, assembly: Assembly, function: Outcome | None = None) -> Runner:
        """Return a runner of the same figures that can ask the programme for the rest.

        Raises
        ------
        InputError
            The result is of another programme, or of other inputs.
        """
        if not isinstance(self.runner, reading.SavedRunner):
            raise InputError("this result has its model", remedy="Give a result that was loaded.")
        return self.runner.with_model(assembly, function)

    @property
    def plot(self) -> Plots:
        """Charts (extra ``plots``): ``s_curve, tornado, intervals, per_inhabitant, fan, convergence``."""
        return Plots(charts.ON_PAGE, **{name: partial(chart, self) for name, chart in charts.CHARTS.items()})

    def to_frame(self) -> pd.DataFrame:
        """Return the net figures per municipality (before compensation where that is not known), or of the nation.

        Where one-off amounts and structural years are no sum, the figure that is told first.
        """
        if self.assembly.national:
            return self.national()
        whole = told(self, "net")
        return self.by_municipality(whole if is_shown(self, whole) else leading(self)[0])

    def _repr_html_(self) -> str:
        shown = rounded_frame(self.to_frame(), nation=self.assembly.national)
        return table(shown, title=shown.attrs["title"], notes=self.notes)


@runtime_checkable
class Restores(Protocol):
    """A programme, of a model file or made in Python."""

    def restore(self, result: ImpactResult) -> ImpactResult:
        """Return a loaded result of this programme that answers every question."""
        ...


def load_result(
    path: str | os.PathLike[str], *, model: Restores | None = None, reference: Reference | None = None
) -> ImpactResult:
    """Load a result that :meth:`ggu_costs.impact.ImpactResult.save` wrote.

    Parameters
    ----------
    path
        ``NAME`` or ``NAME.npz``.
    model
        The programme that was simulated, opened with the same inputs. With it the result answers every question again,
        on the same draws: sensitivity, other groups, published ranges. Without it it answers what was asked before it
        was saved. An interrupted run goes on either way, with ``simulate(..., resume=result)``.
    reference
        Reference tables with packs, for groups of a result on a map of theirs; by default the shipped ones.

    Returns
    -------
    ImpactResult
        With the same figures and the same ``digest()`` as the result that was saved.

    Raises
    ------
    InputError
        No such file; a file that is no saved result, is of another version, was damaged, or holds what no run can
        give: its hash, types, shapes, counts, quantiles and digest are checked before a figure is used. A model other
        than the one that was simulated.

    Notes
    -----
    Loading runs nothing that is in the file. Its hash tells damage, not who made it.

    Examples
    --------
    >>> import tempfile
    >>> import ggu_costs as ggu
    >>> programme = ggu.open_programme("programmes/omgevingswet/2021")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = programme.simulate(draws=256, seed=1).save(folder + "/run v1.0")
    ...     result = ggu.load_result(file, model=programme)
    >>> file.name, result.draws, result.runner.model == programme.assembly().digest()
    ('run v1.0.npz', 256, True)
    """
    return ImpactResult.load(path, model=model, reference=reference)
