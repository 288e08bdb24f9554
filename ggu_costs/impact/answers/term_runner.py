"""Asks the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.questions import QUANTITIES, output_of, spec_of, weights_of
from ggu_costs.impact.answers.runner import FirstRun, Query, Runner
from ggu_costs.impact.answers.settings import Settings, draws_made, run_engine
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Detail, Grouping, Joint, Output
from ggu_costs.simulation.runs.engine import OnInterrupt, Target
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.state import State
from ggu_costs.simulation.runs.summaries import Summaries


@dataclass(frozen=True, eq=False)
class TermRunner(Runner):
    """Asks the engine, on the terms of a programme.

    Attributes
    ----------
    main
        What the first run gave, the net figures.
    """

    KIND = "terms"

    main: Summaries | None = field(default=None, compare=False)

    @classmethod
    def start(
        cls,
        assembly: Assembly,
        settings: Settings,
        selection: str,
        resume: State | None = None,
        on_interrupt: OnInterrupt = "raise",
    ) -> TermRunner:
        """Make the first run: the net figures, per municipality and for the nation.

        Where it stops at a target error, or keeps what an interrupt left, the questions that follow are asked of the
        draws that were made: as many as came first, or whole replicates. Figures of draws that did not come first are
        asked anew.
        """
        query = Query(selection, "net", "distribution")
        spec = spec_of(assembly, *query, "distribution")
        (output,) = spec.outputs
        target = None if settings.target_error is None else Target(output.name, settings.target_error)
        with settings.reported() as progress:
            main = run_engine(
                spec, settings, target=target, resume=resume, progress=progress, on_interrupt=on_interrupt
            )
        made = draws_made(settings, main)
        runner = cls(assembly, made.settings, main=main, enough=made.enough)
        if made.in_order:
            runner._keep(query, output.name, main, None)
        else:
            runner.ask([query])
        return runner

    @property
    def digest(self) -> str:
        """SHA-256 of the summaries of the net figures."""
        return self.stated_digest if self.main is None else self.main.digest()

    @property
    def model(self) -> str:
        """SHA-256 of the programme that is asked."""
        return self.assembly.digest()

    @property
    def first_run(self) -> FirstRun | None:
        """The run that gave the net figures."""
        main = self.main
        return self.kept if main is None else FirstRun(main.state, main.probabilities, main.exact)

    def main_figures(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line of a selection is in."""
        return tuple(name for name in QUANTITIES if name == "net" or weights_of(self.assembly, selection, name).any())

    def again(self, settings: Settings) -> Runner:
        """Return a runner of the same terms on other draws."""
        return TermRunner(self.assembly, settings)

    def require_terms(self) -> None:
        """Refuse where too few draws were made."""
        first = self.first_run
        if not self.enough and first is not None:
            raise InputError(
                f"this run was interrupted after {first.state.draws} draws, too few to ask other questions of",
                remedy="Go on with simulate(..., resume=result), then ask again.",
            )

    def _run(
        self,
        outputs: Sequence[Output],
        joints: Sequence[Joint] = (),
        groupings: Sequence[Grouping] = (),
        exact: tuple[float, ...] = (),
    ) -> Summaries:
        self.require_terms()
        return run_engine(self.assembly.spec(outputs, joints, groupings), self.settings, exact=exact)

    def _answer(self, queries: Sequence[Query], grouping: Grouping | None) -> None:
        outputs = [output_of(self.assembly, *query, "distribution") for query in queries]
        summaries = self._run(outputs, groupings=() if grouping is None else (grouping,))
        for query, output in zip(queries, outputs, strict=True):
            self._keep(query, output.name, summaries, grouping)

    def _keep(self, query: Query, output: str, summaries: Summaries, grouping: Grouping | None) -> None:
        memory = self.memory
        if memory.lacks(query):
            memory.units[query.key] = summaries.by_unit(output)
        memory.nation.setdefault(query.key, summaries.nation(output))  # what was told once stays to the last bit
        if grouping is not None:
            memory.groups[*query.key, fingerprint(grouping)] = summaries.by_group(output, grouping.name)

    def figure(
        self, query: Query, place: int | None, *, limit: float = 0.0, p: float | None = None
    ) -> tuple[Rows, int]:
        """The nation, or a municipality by its place; asked again for what a histogram leaves open."""
        known, row = self._known(query, place)
        sharp, key = self.memory.sharp, self.sharp_key(query, known, place, limit, p)
        exact = key[-1]
        if not self.enough or (limit == 0.0 and not exact):
            return known, row
        if key not in sharp:
            details: tuple[Detail, Detail] = ("none", "distribution") if place is None else ("distribution", "none")
            output = replace(output_of(self.assembly, *query.key, *details), thresholds=(limit,))
            summaries = self._run([output], exact=exact)
            sharp[key] = summaries.nation(output.name) if place is None else summaries.by_unit(output.name)
        return sharp[key], row

    def joints(self, query: Query, joints: Sequence[Joint], exact: tuple[float, ...] = ()) -> list[Rows]:
        """Figures over all municipalities that are no sums, with some exact quantiles; `joints` name no output."""
        output = output_of(self.assembly, *query.key, "none", "none")
        named = [replace(joint, output=output.name, name=f"{output.name}/{joint.name}") for joint in joints]
        memory = self.memory.joints
        known = [memory.get((joint.name,)) for joint in named]
        if any(rows is None or not {*exact} <= {*rows.probabilities} for rows in known):
            summaries = self._run([output], named, exact=exact)
            memory.update({(joint.name,): summaries.joint(joint.name) for joint in named})
        return [memory[joint.name,] for joint in named]
