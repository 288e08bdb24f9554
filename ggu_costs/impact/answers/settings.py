"""How a run is made, and what became of it."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, NamedTuple, Self

from ggu_costs.errors import Faults, is_one_of
from ggu_costs.figures import check_flags, plain, read_number
from ggu_costs.impact.programme.definition import SimulationTerms
from ggu_costs.simulation.constants import LEAF
from ggu_costs.simulation.machine.sampling import Method
from ggu_costs.simulation.runs.engine import PROBABILITIES, OnInterrupt, Target, run
from ggu_costs.simulation.runs.state import State
from ggu_costs.simulation.runs.summaries import Summaries
from ggu_costs.simulation.spec import ModelSpec

_SOBOL_DRAWS = 2**14

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """How a run is made.

    Attributes
    ----------
    exact
        Whether quantiles are made exact by a second pass; otherwise they come from fine histograms.
    target_error
        Stop once the standard error of the nation's mean net figure is this small, in euro.
    threads, executor, progress
        How the work is done; the figures do not depend on it. `progress` is called with (draws done, draws in all), or
        shows a bar.
    """

    draws: int
    seed: int
    method: Method = "random"
    replicates: int = 8
    exact: bool = False
    target_error: float | None = None
    threads: int | None = field(default=None, compare=False)
    executor: Executor | None = field(default=None, compare=False)
    progress: bool | Callable[[int, int], None] = field(default=False, compare=False)

    def __post_init__(self) -> None:
        check_flags(exact=self.exact, **({} if callable(self.progress) else {"progress": self.progress}))
        for name in ("draws", "seed", "replicates", "threads", "target_error"):  # numbers of numpy as Python's own
            object.__setattr__(self, name, plain(getattr(self, name)))
        if self.target_error is not None:
            faults = Faults()
            limit = read_number(self.target_error, "target_error", faults, above=0, allowed="euro, above 0")
            faults.check("a simulation cannot stop at this error", remedy="Give an amount in euro, or leave it out.")
            object.__setattr__(self, "target_error", float(limit or 0))

    @classmethod
    def of(cls, stated: SimulationTerms, given: Mapping[str, object], **how: Any) -> Self:
        """Return the settings of a file, overridden by what was given; a Sobol run has its own number of draws.

        Parameters
        ----------
        given
            ``draws, seed, method, replicates``; None where the file decides.
        how
            The other settings.
        """
        own = {name: value for name, value in given.items() if value is not None}
        if is_one_of(own.get("method"), ["sobol"]) and stated.method != "sobol":
            own.setdefault("draws", _SOBOL_DRAWS)
        return cls(**{name: getattr(stated, name) for name in given} | own, **how)

    def facts(self) -> dict[str, object]:
        """What the figures follow from, for provenance; their last bit also follows from numpy and numba."""
        facts: dict[str, object] = {"draws": self.draws, "seed": self.seed, "method": self.method}
        facts |= {"quantiles": "exact" if self.exact else "histogram"}
        facts |= {name: version(name) for name in ("numpy", "numba")}
        return facts if self.method == "random" else facts | {"replicates": self.replicates}

    @contextmanager
    def reported(self) -> Iterator[Callable[[int, int], None] | None]:
        """Give what is called as the work goes on: nothing, the user's function, or a bar."""
        if callable(self.progress):
            yield self.progress
        elif not self.progress or sys.stderr is None:  # closed, as that of a service may be
            yield None
        else:
            from tqdm import tqdm

            class Bar(tqdm):  # type: ignore[type-arg]
                monitor_interval = 0  # no thread that watches it: what is done is told often enough

            with Bar(unit="", unit_scale=True, leave=False) as bar:

                def show(done: int, whole: int) -> None:
                    bar.total = whole
                    bar.update(done - bar.n)

                yield show


def run_engine(
    spec: ModelSpec,
    settings: Settings,
    *,
    exact: tuple[float, ...] = (),
    only_joints: bool = False,
    target: Target | None = None,
    resume: State | None = None,
    progress: Callable[[int, int], None] | None = None,
    on_interrupt: OnInterrupt = "raise",
) -> Summaries:
    """Run the engine on the draws of these settings; quantiles at `exact` by a second pass.

    With `only_joints` these are of joint figures alone, unless all quantiles are to be exact anyway.
    """
    if exact and settings.exact:
        exact = tuple(dict.fromkeys((*PROBABILITIES, *exact)))
    _log.info("simulating %d draws of %d outputs, seed %s", settings.draws, len(spec.outputs), settings.seed)
    return run(
        spec, draws=settings.draws, seed=settings.seed, method=settings.method, replicates=settings.replicates,
        threads=settings.threads, executor=settings.executor,
        quantiles="exact" if exact or settings.exact else "histogram", probabilities=exact or PROBABILITIES,
        exact_of="joints" if only_joints and not settings.exact else "all",
        target=target, progress=progress, resume=resume, on_interrupt=on_interrupt,
    )  # fmt: skip


class DrawsMade(NamedTuple):
    """The draws that a run made, where it stopped before all of them as well.

    Attributes
    ----------
    settings
        Settings that give these draws and no others; as they were where there are too few.
    enough
        Whether there are enough to ask other questions of.
    in_order
        Whether they are the first of the run, so that its own figures rest on them.
    """

    settings: Settings
    enough: bool = True
    in_order: bool = True


def draws_made(settings: Settings, main: Summaries) -> DrawsMade:
    """Say which draws a run made: all, those up to its target error, or the whole replicates before an interrupt."""
    if main.complete:
        replicates = len(main.spread)
        if main.draws >= settings.draws * (main.sampling.replicates if replicates else 1):
            return DrawsMade(settings)
        draws = main.draws // max(replicates, 1)
        return DrawsMade(replace(settings, draws=draws, replicates=replicates or settings.replicates))
    if settings.method == "random":
        (done,) = main.state.done
        if main.draws < 2:
            return DrawsMade(settings, enough=False)
        return DrawsMade(replace(settings, draws=main.draws), in_order=done == set(range(len(done))))
    whole = [LEAF * len(done) >= settings.draws for done in main.state.done]
    if sum(whole) < 2:
        return DrawsMade(settings, enough=False)
    in_order = all(whole[: sum(whole)]) and main.draws == settings.draws * sum(whole)
    return DrawsMade(replace(settings, replicates=sum(whole)), in_order=in_order)
