"""Asks the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.questions import QUANTITIES, spec_of, weights_of
from ggu_costs.impact.answers.runner import Asked, FirstRun, Query, Runner
from ggu_costs.impact.answers.settings import Settings, draws_made, run_engine
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.parts import Detail, GroupDetail, Grouping, Joint, Output
from ggu_costs.simulation.runs.engine import OnInterrupt, Target
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.state import State
from ggu_costs.simulation.runs.summaries import Summaries

FIRST = "net"
"""What the first run asks. Its sums are of figures of municipalities, whenever it is asked; all others need none."""


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
        query = Query(selection, FIRST, "distribution")
        spec = spec_of(assembly, *query.key, query.units, "distribution")
        (output,) = spec.outputs
        target = None if settings.target_error is None else Target(output.name, settings.target_error)
        with settings.reported() as progress:
            main = run_engine(
                spec, settings, target=target, resume=resume, progress=progress, on_interrupt=on_interrupt
            )
        made = draws_made(settings, main)
        runner = cls(assembly, made.settings, main=main, enough=made.enough)
        if made.in_order:
            runner.memory.units[query.key] = main.by_unit(output.name)
            runner.memory.nation[query.key] = main.nation(output.name)
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
        """Run the engine; exact quantiles of the joint figures where there are any, else of everything."""
        self.require_terms()
        return run_engine(
            self.assembly.spec(outputs, joints, groupings), self.settings, exact=exact, only_joints=bool(joints)
        )

    def _answer(self, asked: Sequence[Asked]) -> None:
        """Ask the engine once: figures of municipalities where these are kept, and sums, which need none of them."""
        groupings = {mark: grouping for one in asked for mark, grouping in one.groupings.items()}
        exact = tuple(dict.fromkeys(level for one in asked for level in one.exact))
        joints = [joint for one in asked for joint in one.joints.values()]
        outputs = [output for one in asked for output in self._outputs(one)]
        summaries, memory = self._run(outputs, joints, list(groupings.values()), exact), self.memory
        for one in asked:
            key = one.query.key
            if one.query.units != "none":
                memory.units[key] = summaries.by_unit(one.query.name)
            if one.nation:
                memory.nation[key] = summaries.nation(_sums(one.query.name, one.query.quantity))
            for mark, grouping in one.groupings.items():
                sums = _sums(one.query.name, one.query.quantity)
                memory.groups[*key, mark] = summaries.by_group(sums, grouping.name)
            memory.joints.update({(name,): summaries.joint(name) for name in one.joints})

    def _outputs(self, one: Asked) -> Iterator[Output]:
        """The outputs that give what is not known of a question: of municipalities, and of sums."""
        weights, name = weights_of(self.assembly, *one.query.key), one.query.name
        summed: GroupDetail = "none" if not one.sums else "distribution" if one.groupings else "nation"
        if one.query.quantity == FIRST:
            units = one.query.units if one.query.units != "none" or not one.sums else "moments"
            yield Output(name, weights, units=units, groups=summed)
            return
        if one.query.units != "none" or one.joints:
            yield Output(name, weights, units=one.query.units, groups="none")
        if one.sums:
            yield Output(_sums(name, one.query.quantity), weights, units="none", groups=summed)

    def figure(
        self, query: Query, place: int | None, *, limit: float = 0.0, p: float | None = None
    ) -> tuple[Rows, int]:
        """The nation, or a municipality by its place; asked again for what a histogram leaves open."""
        known, row = self._known(query, place)
        sharp, key = self.memory.sharp, self.sharp_key(query, known, place, limit, p)
        exact = key[-1]
        if not self.enough or (limit == 0.0 and not exact):
            return known, row
        with self.memory.lock:
            if key not in sharp:
                sharp[key] = self._sharp(query, place, limit, exact)
            return sharp[key], row

    def _sharp(self, query: Query, place: int | None, limit: float, exact: tuple[float, ...]) -> Rows:
        """Ask once more, for what a histogram leaves open."""
        units: Detail = "distribution" if place is not None else "moments" if query.quantity == FIRST else "none"
        output = Output(
            query.name, weights_of(self.assembly, *query.key), units=units,
            groups="none" if place is not None else "nation", thresholds=(limit,),
        )  # fmt: skip
        summaries = self._run([output], exact=exact)
        return summaries.nation(output.name) if place is None else summaries.by_unit(output.name)


def _sums(name: str, quantity: str) -> str:
    """Name of the output with the sums of a question."""
    return name if quantity == FIRST else f"sum/{name}"
