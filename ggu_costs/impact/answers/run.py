"""Simulates: the net figures now, all others when they are asked for."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.function_runner import FunctionRunner, Outcome
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.runs.engine import OnInterrupt
from ggu_costs.words.messages import message


class Run(NamedTuple):
    """A run that was made, as a result takes it.

    Attributes
    ----------
    complete
        Whether it was not interrupted.
    notes, provenance
        How it ended otherwise than was asked, and what its figures follow from.
    """

    runner: Runner
    selection: str
    complete: bool
    notes: tuple[str, ...]
    provenance: Mapping[str, Any]


def simulate(
    assembly: Assembly,
    settings: Settings,
    *,
    alternative: str | None = None,
    resume: object = None,
    function: Outcome | None = None,
    on_interrupt: OnInterrupt = "raise",
) -> Run:
    """Simulate a programme in arrays.

    Parameters
    ----------
    alternative
        By default the first.
    resume
        An interrupted result of the same programme and settings.
    function
        Asked for the amounts, where the programme has no terms.
    on_interrupt
        Whether an interrupt is passed on, or what was drawn is kept.

    Raises
    ------
    InputError
        Nothing that can be resumed, or settings that cannot be used.
    """
    selection = assembly.alternative(assembly.alternatives[0].id if alternative is None else alternative).id
    earlier = None
    if resume is not None:
        if not isinstance(resume, SimulationResult):
            raise InputError(f"resume: a {type(resume).__name__}", remedy="Give the result of an interrupted run.")
        first = resume.runner.first_run
        if first is None or function is not None:
            raise InputError("a result of a function, or of two programmes, cannot be gone on with",
                             remedy="Simulate anew.")  # fmt: skip
        earlier = first.state
    if function is not None:
        if on_interrupt != "raise":
            raise InputError(
                f"on_interrupt: {on_interrupt!r} for a programme of a function, of which nothing can be kept",
                remedy="Leave it out.",
            )
        asking = FunctionRunner.start(assembly, settings, selection, function)
        return Run(asking, selection, complete=True, notes=(), provenance=asking.settings.facts())
    runner = TermRunner.start(assembly, settings, selection, earlier, on_interrupt)
    complete, notes, ending = _ending(runner, selection, settings)
    return Run(runner, selection, complete, notes, {**runner.settings.facts(), **ending})


def _ending(runner: TermRunner, selection: str, asked: Settings) -> tuple[bool, tuple[str, ...], dict[str, object]]:
    """Say what became of the draws and of the simulation error that were asked."""
    main, wanted = runner.main, asked.target_error
    assert main is not None  # noqa: S101 (a first run always gives it)
    facts: dict[str, object] = {} if wanted is None else {"target_error": wanted}
    if not main.complete:
        facts |= {"draws_asked": asked.draws, "draws_made": main.draws}
        return False, (message("interrupted", draws=main.draws),), facts
    error = float(runner.nation(selection, "net").standard_error[0])
    if wanted is None or error <= wanted:
        return True, (), facts
    return True, (message("error_not_reached", wanted=wanted, draws=main.draws, error=error),), facts
