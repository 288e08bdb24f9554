"""The front of the engine: run a model, and ask its result for figures by name.

Everything here is a thin layer over :func:`ggu_costs.simulation.runs.engine.run`, which users of whole tables of rows
call themselves.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError
from ggu_costs.simulation.machine.sampling import Method
from ggu_costs.simulation.runs import engine
from ggu_costs.simulation.runs.rows import Interval, Rows
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall
from ggu_costs.simulation.spec import ModelSpec


@dataclass(frozen=True, eq=False)
class Figure(Brief):
    """One output of one unit, one group or all units together, over the draws.

    Attributes
    ----------
    rows
        What the figure is taken from: one row of a :class:`~ggu_costs.simulation.runs.rows.Rows`.
    """

    rows: Rows

    @property
    def mean(self) -> float:
        """Mean over the draws."""
        return float(self.rows.mean[0])

    @property
    def sd(self) -> float:
        """Standard deviation over the draws (divisor draws - 1)."""
        return float(self.rows.sd[0])

    @property
    def standard_error(self) -> float:
        """Standard error of the mean."""
        return float(self.rows.standard_error[0])

    @property
    def sd_error(self) -> float:
        """Standard error of the standard deviation."""
        return float(sd_error(self.rows)[0])

    def quantile(self, probability: float) -> float:
        """Value that a share `probability` of the draws lies below, from 0 to 1, both excluded.

        Exact for the probabilities asked of :func:`run` by `exact`; else off by :meth:`quantile_bound` at most.
        """
        return float(self.rows.quantile(probability)[0])

    def quantile_bound(self, probability: float) -> float:
        """Bound on the error of :meth:`quantile` as a figure of these draws; 0 where it is exact."""
        return float(self.rows.quantile_bound(probability)[0])

    def probability(self, above: float) -> float:
        """Share of the draws strictly above a figure: exact for the thresholds of the output."""
        return float(self.rows.probability(above)[0])

    def shortfall(self, share: float = 0.05) -> tuple[float, float]:
        """Mean of the highest `share` of the draws, and its standard error."""
        mean, error = shortfall(self.rows, share)
        return float(mean[0]), float(error[0])

    def mean_interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the mean."""
        return _ends(self.rows.mean_interval(confidence))

    def quantile_interval(self, probability: float, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of a quantile."""
        return _ends(self.rows.quantile_interval(probability, confidence))

    def probability_interval(self, above: float, confidence: float = 0.95) -> tuple[float, float]:
        """Confidence interval of the share of draws above a figure."""
        return _ends(self.rows.probability_interval(above, confidence))


def _ends(interval: Interval) -> tuple[float, float]:
    return float(interval.lower[0]), float(interval.upper[0])


@dataclass(frozen=True, eq=False)
class Result(Brief):
    """What a run gives: figures by the names in the model.

    Attributes
    ----------
    summaries
        The rows of the results, with the settings they were made with and what is needed to go on.
    """

    summaries: Summaries

    @property
    def draws(self) -> int:
        """Draws that are in the figures, all replicates together."""
        return self.summaries.draws

    @property
    def complete(self) -> bool:
        """False when the run was interrupted: the figures are those of the draws made until then."""
        return self.summaries.complete

    @property
    def digest(self) -> str:
        """SHA-256 of all figures: the same for any number of threads and workers."""
        return self.summaries.digest()

    def total(self, output: str) -> Figure:
        """The sum of an output over all units, taken in every draw."""
        return Figure(self.summaries.nation(output))

    def unit(self, output: str, unit: str) -> Figure:
        """An output of one unit."""
        return Figure(self.summaries.by_unit(output, unit))

    def group(self, output: str, grouping: str, label: str) -> Figure:
        """The sum of an output over the units of a group, taken in every draw."""
        return Figure(self.summaries.by_group(output, grouping, label))

    def joint(self, name: str) -> Figure:
        """A figure of all units together that is no sum."""
        return Figure(self.summaries.joint(name))

    def units(self, output: str) -> Rows:
        """All units at once: arrays in the order of the units of the model."""
        return self.summaries.by_unit(output)

    def groups(self, output: str, grouping: str) -> Rows:
        """All groups of a grouping at once: arrays in the order of its labels."""
        return self.summaries.by_group(output, grouping)


def run(
    spec: ModelSpec,
    *,
    draws: int,
    seed: int,
    method: Method = "random",
    replicates: int = 8,
    threads: int | None = None,
    executor: Executor | None = None,
    exact: Sequence[float] = (),
    target: engine.Target | None = None,
    progress: Callable[[int, int], None] | None = None,
    resume: Result | None = None,
    on_interrupt: engine.OnInterrupt = "raise",
) -> Result:
    """Simulate a model.

    The result is the same bit for bit for any number of threads, processes and workers; only `spec`, `draws`, `seed`,
    `method`, `replicates`, `exact` and `target` count.

    Parameters
    ----------
    spec
        The model.
    draws
        Draws, 2 or more; per replicate for ``latin_hypercube`` and ``sobol`` (for Sobol points a power of two).
    seed
        0 to 2**64 - 1; required, 0 is a seed.
    method
        ``random``, ``latin_hypercube`` or ``sobol``.
    replicates
        Independent repetitions of the last two, 2 or more, from which errors follow; not used by ``random``.
    threads
        Threads of this process; the processor's cores when not given. Not used with an executor.
    executor
        Any executor of ``concurrent.futures``; for Dask ``client.get_executor()``.
    exact
        Probabilities whose quantiles are made exact by a second pass over the same draws. Other quantiles come from
        histograms of 2,048 bins.
    target
        A standard error at which to stop before all draws are made.
    progress
        Called with (draws done, draws in all) as the work goes on.
    resume
        The result of an interrupted run of the same model and settings; its draws are not made again.
    on_interrupt
        What becomes of an interrupt (Ctrl-C): ``"raise"`` passes it on, ``"keep"`` gives what whole blocks of draws
        gave, with ``complete`` False, where there are any.

    Returns
    -------
    Result

    Raises
    ------
    KeyboardInterrupt
        The run was interrupted.
    InputError
        Settings that cannot be used, with every fault; a `resume` of another model or other settings.
    ModelOverflowError
        A figure that is not finite, with the values of the drivers in that draw.
    ExecutorError
        An executor that broke down.
    """
    if not isinstance(spec, ModelSpec):
        raise InputError(f"a {type(spec).__name__} is no model", remedy="Make a ModelSpec first.")
    summaries = engine.run(
        spec, draws=draws, seed=seed, method=method, replicates=replicates, threads=threads, executor=executor,
        quantiles="exact" if exact else "histogram", probabilities=exact or engine.PROBABILITIES, target=target,
        progress=progress, resume=None if resume is None else resume.summaries, on_interrupt=on_interrupt,
    )  # fmt: skip
    return Result(summaries)
