"""Runs a specification: so many draws, from a seed, by a method, on threads or on an executor.

>>> import numpy as np
>>> from ggu_costs.simulation import Driver, ModelSpec, Output, Term, marginals
>>> spec = ModelSpec(
...     units=("north", "south"),
...     years=(2024,),
...     drivers=(Driver("cost", marginals.uniform(1.0, 3.0)),),
...     terms=(Term("cost", weights=np.array([50_000.0, 150_000.0]), factors=(("cost", 1),)),),
...     outputs=(Output("net", weights=np.array([[1.0]])),),
... )
>>> result = run(spec, draws=8192, seed=2024)
>>> result.nation("net").mean.round(-4)
array([400000.])
>>> result.digest() == run(spec, draws=8192, seed=2024, threads=2).digest()
True
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from ggu_costs.errors import Faults, is_one_of
from ggu_costs.figures import finite, read_number, shown
from ggu_costs.simulation.constants import LEAF, LEAVES, PILOT
from ggu_costs.simulation.machine.accumulate import BinLayout, Sums, Totals
from ggu_costs.simulation.machine.compile import Compiled, compile_spec
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf, NotFiniteError
from ggu_costs.simulation.machine.sampling import Method, Sampling, check_sampling, make_sampling
from ggu_costs.simulation.runs.exact import exact_quantiles
from ggu_costs.simulation.runs.refine import refined
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.state import State, settings_of
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.runs.workers import WorkerPool, check_workers
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray

OnInterrupt: TypeAlias = Literal["raise", "keep"]
"""Whether an interrupt is passed on, or what was drawn until then is kept."""

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
_FIRST_LOOK = 16  # leaves before a target error is looked at for the first time; then after every doubling
_FIRST_REPLICATES = 4


@dataclass(frozen=True)
class Target:
    """Stop as soon as the standard error of the national mean of an output is small enough.

    It is looked at after 65,536 draws and after every doubling (replicated draws: after every replicate from the
    fourth), so that where a run stops depends on the draws alone.

    Attributes
    ----------
    output
        The output, kept per group.
    standard_error
        In the unit of the output.
    """

    output: str
    standard_error: float

    def reached(self, total: Rows) -> bool:
        """Whether the error of the output, summed over all units, is small enough."""
        return bool(total.standard_error[0] <= self.standard_error)


@dataclass(frozen=True, eq=False)
class _Summarise:
    """Work for the pool, on so many leaves at most."""

    bin_layout: BinLayout
    most: int

    def __call__(self, evaluator: Evaluator, leaves: Iterable[Leaf]) -> tuple[list[Leaf], Sums, Totals]:
        layout = evaluator.compiled.layout
        totals = Totals.empty(layout.histograms, layout.thresholds.shape, self.most)
        return *evaluator.summarise(leaves, self.bin_layout, totals), totals


def run(
    spec: ModelSpec,
    *,
    draws: int,
    seed: int,
    method: Method = "random",
    replicates: int = 8,
    threads: int | None = None,
    executor: Executor | None = None,
    quantiles: Literal["histogram", "exact"] = "histogram",
    probabilities: Sequence[float] = PROBABILITIES,
    exact_of: Literal["all", "joints"] = "all",
    target: Target | None = None,
    task_draws: int | None = None,
    in_flight: int = 16,
    progress: Callable[[int, int], None] | None = None,
    resume: Summaries | State | None = None,
    on_interrupt: OnInterrupt = "raise",
) -> Summaries:
    """Simulate.

    The result is the same bit for bit for any number of threads, processes and workers, any size of task and any
    order in which tasks are done; only `spec`, `draws`, `seed`, `method`, `replicates`, `quantiles`, `probabilities`
    and `target` count.

    Parameters
    ----------
    spec, draws, seed, method, replicates, threads, executor
        As :func:`ggu_costs.simulation.run` takes them. A task whose worker is lost is done again.
    quantiles
        ``"exact"`` makes a second pass over the same draws for the quantiles at `probabilities`.
    probabilities
        Quantiles of the second pass, and those whose error replicated draws give.
    exact_of
        Of what the second pass makes them exact: of every distribution, or of joint figures alone.
    target
        An error at which to stop before all draws are made.
    task_draws
        Draws of a task for an executor, or after which a thread hands in what it has; a matter of speed only.
    in_flight
        Tasks an executor holds at a time.
    progress
        Called with (draws done, draws in all) whenever draws come in: of a thread after half a second at the latest.
    resume
        An earlier result of the same model and settings, as an interrupted run gives it, or its state; its draws are
        not made again.
    on_interrupt
        What becomes of an interrupt (Ctrl-C): ``"raise"`` passes it on, ``"keep"`` gives what whole blocks gave, with
        ``complete`` False, where there are any.

    Returns
    -------
    Summaries

    Raises
    ------
    KeyboardInterrupt
        The run was interrupted: threads and tasks have ended.
    InputError
        Settings that cannot be used, with every fault; a `resume` of another model or other settings.
    ModelOverflowError
        A figure that is not finite, with the values of the drivers in that draw.
    ExecutorError
        An executor that broke down, or lost the same task four times.
    """
    from ggu_costs._jit import thread_count

    faults = check_sampling(draws, seed, method, replicates)
    check_workers(threads, executor, faults)
    sizes = {"task_draws": task_draws, "in_flight": in_flight}
    if not is_one_of(on_interrupt, get_args(OnInterrupt)):
        faults.add("on_interrupt", repr(on_interrupt), ", ".join(get_args(OnInterrupt)))
    fractions = read_fractions(probabilities, faults)
    _check(spec, faults, quantiles=quantiles, target=target, sizes=sizes)
    compiled = compile_spec(spec)
    sampling = make_sampling(compiled.levels, draws=draws, seed=seed, method=method, replicates=replicates)
    most = LEAVES if task_draws is None else max(1, int(task_draws // LEAF))
    workers = WorkerPool(
        compiled, sampling, threads=thread_count(threads), executor=executor, in_flight=in_flight, most=most
    )
    try:
        state = _begin(compiled, sampling, fractions, resume)
        for stage in _stages(sampling, target):
            _take_all(workers, state, [leaf for part in stage for leaf in state.missing(*part)], progress)
            if workers.stopped and (on_interrupt == "raise" or not any(state.done)):
                raise KeyboardInterrupt
            result = Summaries.of(state, compiled.layout, sampling, complete=not workers.stopped)
            if workers.stopped or (target is not None and target.reached(result.nation(target.output))):
                break
        workers.stopped = False  # after an interrupt what came is finished; another one ends that
        leaves = [(replicate, leaf) for replicate, done in enumerate(state.done) for leaf in sorted(done)]
        result = refined(workers, result, leaves)
        if quantiles == "exact" and result.complete and not workers.stopped:
            exact = exact_quantiles(workers, result, fractions, leaves, only_joints=exact_of == "joints")
            if not workers.stopped:
                result = replace(result, probabilities=fractions, exact=exact)
        if workers.stopped:
            if on_interrupt == "raise":
                raise KeyboardInterrupt
            return replace(result, complete=False)
    except NotFiniteError as error:
        raise Evaluator(compile_spec(spec.with_units()), sampling).overflow(error.replicate, error.leaf) from None
    finally:
        workers.close()
    return result


def _take_all(
    workers: WorkerPool, state: State, leaves: list[Leaf], progress: Callable[[int, int], None] | None
) -> None:
    """Do the leaves; after an interrupt what came in stays, and the pool is stopped."""
    sampling = workers.sampling
    try:
        with ThreadPoolExecutor(1) as taker:  # an interrupt comes to the main thread: no state is left half changed
            for part in workers.each(_Summarise(state.bin_layout, workers.most), leaves):
                taker.submit(state.take, *part, sampling).result()
                if progress is not None:
                    progress(state.draws, sampling.draws * sampling.replicates)
    except KeyboardInterrupt:
        workers.stopped = True


def read_fractions(probabilities: Sequence[float], faults: Faults) -> tuple[float, ...]:
    """Read probabilities; what is none is a fault."""
    read = [(probability, finite(probability)) for probability in probabilities]
    for probability, found in read:
        if found is None or not 0 < found < 1:
            faults.add("probabilities", shown(probability), "above 0 and below 1")
    return tuple(float(found or 0) for _, found in read)


def _check(
    spec: ModelSpec,
    faults: Faults,
    *,
    quantiles: str,
    target: Target | None,
    sizes: dict[str, int | None],
) -> None:
    """Add the faults of the other settings, and raise if there are any."""
    if quantiles not in {"histogram", "exact"}:
        faults.add("quantiles", repr(quantiles), "histogram, exact")
    if target is not None:
        kept = [output.name for output in spec.outputs if output.groups != "none"]
        if target.output not in kept:
            faults.add("target.output", repr(target.output), ", ".join(kept) or "no output is kept per group")
        read_number(target.standard_error, "target.standard_error", faults, above=0)
    for name, number in sizes.items():
        if number is not None and number < 1:
            faults.add(name, str(number), "1 or more")
    faults.check("this run cannot be made", remedy="Correct the settings of the simulation.")


def _begin(
    compiled: Compiled, sampling: Sampling, probabilities: tuple[float, ...], resume: Summaries | State | None
) -> State:
    if resume is None:
        return State.fresh(compiled, sampling, _pilot(compiled, sampling), probabilities)
    earlier = resume if isinstance(resume, State) else resume.state
    faults = Faults()
    for name, ours in settings_of(compiled, sampling, probabilities).items():
        if ours != earlier.settings[name]:
            faults.add(f"resume: {name}", str(earlier.settings[name]), str(ours))
    if not faults and not earlier.fits(compiled):
        faults.add("resume: rows", "other results than this model has", "those of this model")
    faults.check("cannot resume from this result", remedy="Run anew, or with the settings of that result.")
    return deepcopy(earlier)  # that result stays as it is


def _pilot(compiled: Compiled, sampling: Sampling) -> BinLayout:
    """Centre and spread of every row from the first 1,024 draws."""
    evaluator, rows, limits = Evaluator(compiled, sampling), compiled.layout.size, compiled.layout.thresholds
    centre, sd, places = np.zeros(rows), np.zeros(rows), np.full(rows, -1)
    for most in (1, PILOT):  # one draw first: sums about a value that occurs lose no digits
        evaluator.most = most
        count, sums_only = evaluator.count(0), BinLayout(np.column_stack([centre, np.ones(rows), limits]), places)
        sums = evaluator.summarise([(0, 0)], sums_only, Totals.empty(0, limits.shape))[1][0, 0]
        squares = sums[:, 1] - sums[:, 0] * sums[:, 0] / count
        centre, sd = centre + sums[:, 0] / count, np.sqrt(np.maximum(squares, 0.0) / count)
    return BinLayout.around(centre, sd, limits, compiled.layout.histogram)


def _stages(sampling: Sampling, target: Target | None) -> Iterator[list[tuple[int, int, int]]]:
    """Ranges (replicate, first, last) of leaves, up to where the error is looked at; all at once without a target."""
    leaves, replicates = sampling.leaves, sampling.replicates
    if target is None:
        yield [(replicate, 0, leaves) for replicate in range(replicates)]
    elif replicates > 1:
        first = min(_FIRST_REPLICATES, replicates)
        yield [(replicate, 0, leaves) for replicate in range(first)]
        for replicate in range(first, replicates):
            yield [(replicate, 0, leaves)]
    else:
        done, following = 0, _FIRST_LOOK
        while done < leaves:
            yield [(0, done, min(following, leaves))]
            done, following = following, 2 * following


def draw_blocks(
    spec: ModelSpec, *, draws: int, seed: int, method: Method = "random", replicates: int = 8
) -> Iterator[tuple[dict[str, FloatArray], FloatArray]]:
    """Draw by draw, for what summaries cannot answer: national drivers, and the outputs of every unit.

    Yields per leaf of at most 4,096 draws the values of the national drivers by name, and the outputs, shape
    (outputs, units, draws): the very draws that :func:`run` summarises. Whoever keeps them all pays with memory.
    """
    check_sampling(draws, seed, method, replicates).check("these draws cannot be made", remedy="Correct the settings.")
    compiled = compile_spec(spec.with_units())
    sampling = make_sampling(compiled.levels, draws=draws, seed=seed, method=method, replicates=replicates)
    evaluator = Evaluator(compiled, sampling)
    for replicate in range(sampling.replicates):
        for leaf in range(sampling.leaves):
            outputs = evaluator.values_of(replicate, leaf)
            yield evaluator.drivers_of(replicate, leaf), outputs
