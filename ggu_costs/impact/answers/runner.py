"""Asks the engine, remembers what it gave, and asks again only for what is new: always on the same draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.questions import QUANTITIES, output_of, spec_of, weights_of
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Grouping, Joint, Output
from ggu_costs.words import numbers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ggu_costs.impact.programme.assembly import Assembly
    from ggu_costs.simulation.parts import Detail
    from ggu_costs.simulation.runs.engine import Target
    from ggu_costs.simulation.runs.rows import Rows
    from ggu_costs.simulation.runs.summaries import Summaries
    from ggu_costs.simulation.spec import ModelSpec

__all__ = ["Asked", "Ended", "Runner", "Settings"]

_DETAILS: tuple[Detail, ...] = ("none", "moments", "distribution")


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
    method: Literal["random", "latin_hypercube", "sobol"] = "random"
    replicates: int = 8
    exact: bool = False
    target_error: float | None = None
    threads: int | None = None
    executor: Executor | None = None
    progress: bool | Callable[[int, int], None] = False

    def told(self) -> dict[str, object]:
        """What the figures follow from, for provenance."""
        told: dict[str, object] = {"draws": self.draws, "seed": self.seed, "method": self.method}
        told |= {"quantiles": "exact" if self.exact else "histogram"}
        return told if self.method == "random" else told | {"replicates": self.replicates}

    @contextmanager
    def reported(self) -> Iterator[Callable[[int, int], None] | None]:
        """Give what is called as the work goes on: nothing, the user's function, or a bar."""
        if callable(self.progress):
            yield self.progress
        elif not self.progress:
            yield None
        else:
            from tqdm import tqdm

            with tqdm(unit=" trekkingen", unit_scale=True, leave=False) as bar:

                def show(done: int, whole: int) -> None:
                    bar.total = whole
                    bar.update(done - bar.n)

                yield show


class Ended(NamedTuple):
    """How a run ended otherwise than was asked: notes for the reader, and what provenance adds."""

    notes: tuple[str, ...] = ()
    told: Mapping[str, object] = {}


class Asked(NamedTuple):
    """One question: of which selection, what, and how much is kept per municipality."""

    selection: str
    quantity: str
    units: Detail = "none"


@dataclass(eq=False)
class Runner:
    """A programme with the draws that every question rests on.

    Attributes
    ----------
    assembly, settings
        What is asked, and on which draws. An assembly of a saved result has no terms: nothing new can be asked.
    main
        What the first run gave, the net figures.
    stated, stated_digest
        Of a loaded result, the main figures of each alternative and the digest.
    """

    assembly: Assembly
    settings: Settings
    main: Summaries | None = None
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated_digest: str = ""
    _can_ask: bool = True
    _units: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    _nation: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    _groups: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    _joints: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    _sharp: dict[tuple[object, ...], Rows] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the summaries of the net figures."""
        return self.stated_digest if self.main is None else self.main.digest()

    def kept(self) -> dict[str, dict[tuple[str, ...], Rows]]:
        """What is known so far, by kind and question."""
        return {"units": self._units, "nation": self._nation, "groups": self._groups, "joints": self._joints}

    def run(
        self,
        outputs: Sequence[Output],
        joints: Sequence[Joint] = (),
        groupings: Sequence[Grouping] = (),
        *,
        exact: tuple[float, ...] = (),
    ) -> Summaries:
        """Run the engine on a set of outputs; quantiles at `exact` by a second pass."""
        if not self.assembly.terms:
            raise InputError(
                "this result was loaded and does not hold the answer to this question",
                remedy="Open the programme and simulate it again, or ask the question before you save the result.",
            )
        if not self._can_ask and self.main is not None:
            raise InputError(
                f"this run was interrupted after {self.main.draws} draws, too few to ask other questions of",
                remedy="Go on with simulate(..., resume=result), then ask again.",
            )
        return self.run_spec(self.assembly.spec(outputs, joints, groupings), exact=exact)

    def run_spec(self, spec: ModelSpec, *, exact: tuple[float, ...] = ()) -> Summaries:
        """Run the engine on a specification, on the draws of this runner."""
        return self._run(spec, exact=exact)

    def _run(
        self,
        spec: ModelSpec,
        target: Target | None = None,
        resume: Summaries | None = None,
        *,
        exact: tuple[float, ...] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> Summaries:
        from ggu_costs.simulation.runs.engine import PROBABILITIES, run

        how = self.settings
        return run(
            spec, draws=how.draws, seed=how.seed, method=how.method, replicates=how.replicates, threads=how.threads,
            executor=how.executor, quantiles="exact" if exact or how.exact else "histogram",
            probabilities=exact or PROBABILITIES, target=target, progress=progress, resume=resume,
        )  # fmt: skip

    def told(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line of a selection is in."""
        if not self.assembly.terms:
            return self.stated.get(selection, ("net",))
        return tuple(name for name in QUANTITIES if name == "net" or weights_of(self.assembly, selection, name).any())

    def again(self, settings: Settings, assembly: Assembly | None = None) -> Runner:
        """Return a runner on other settings, or of another assembly, that knows nothing yet."""
        return Runner(assembly or self.assembly, settings)

    def like(self, other: Runner) -> bool:
        """Whether the same assembly gives the same figures with another runner."""
        return type(other) is Runner

    def joined(self, other: Runner, assembly: Assembly) -> Runner:
        """Return a runner of two programmes in one; `other` is a runner of the same kind."""
        del other  # its terms are in the assembly
        return Runner(assembly, self.settings)

    def check_years(self) -> None:
        """Refuse questions about single years where there are none; a programme of terms has them."""

    def begin(self, selection: str, resume: Summaries | None = None) -> None:
        """Make the first run: the net figures, per municipality and for the nation.

        Where it stops at a target error or at an interrupt, the questions that follow are asked of the draws that were
        made.
        """
        from ggu_costs.simulation.runs.engine import Target

        asked = Asked(selection, "net", "distribution")
        spec, error = spec_of(self.assembly, *asked, "distribution"), self.settings.target_error
        (output,) = spec.outputs
        target = None if error is None else Target(output.name, error)
        with self.settings.reported() as progress:
            made = self._run(spec, target, resume, progress=progress)
        self.main = made
        self._keep((selection, "net"), asked, output.name, made, None)
        if made.complete and made.draws < self.settings.draws * (made.replicates if made.spread else 1):
            whole = made.draws // len(made.spread) if made.spread else made.draws
            repeated = len(made.spread) or self.settings.replicates
            self.settings = replace(self.settings, draws=whole, replicates=repeated)
        elif not made.complete:
            self._cut_short(made, asked)

    def _cut_short(self, made: Summaries, asked: Asked) -> None:
        """Go by as many draws as an interrupted run made, or by its whole replicates; anew where out of order."""
        from ggu_costs.simulation.constants import LEAF

        state, how = made.state, self.settings
        assert state is not None  # noqa: S101 (a run always gives it)
        if how.method == "random":
            (done,) = state.done
            part, in_order = replace(how, draws=made.draws), done == set(range(len(done)))
            self._can_ask = made.draws > 1
        else:
            whole = [LEAF * len(done) >= how.draws for done in state.done]
            part = replace(how, replicates=sum(whole))
            in_order = all(whole[: sum(whole)]) and made.draws == how.draws * sum(whole)
            self._can_ask = sum(whole) > 1
        if self._can_ask:
            self.settings = replace(part, progress=False)
        if self._can_ask and not in_order:
            self._units.clear()
            self._nation.clear()
            self.ask([asked])

    def ended(self, selection: str, asked: Settings) -> Ended:
        """Say what became of the draws and of the simulation error that were asked."""
        made, wanted = self.main, asked.target_error
        if made is None:
            return Ended()
        told: dict[str, object] = {} if wanted is None else {"target_error": wanted}
        if not made.complete:
            told |= {"draws_asked": asked.draws, "draws_made": made.draws}
            return Ended((f"Onderbroken na {numbers.number(made.draws, decimals=0)} trekkingen.",), told)
        error = float(self._nation[selection, "net"].standard_error[0])
        if wanted is None or error <= wanted:
            return Ended((), told)
        found, limit = (numbers.euro(amount, decimals=0) for amount in (error, wanted))
        many = numbers.number(made.draws, decimals=0)
        return Ended(
            (f"De gevraagde simulatiefout van {limit} is na {many} trekkingen niet bereikt: zij is {found}.",), told
        )

    def ask(self, asked: Iterable[Asked], grouping: Grouping | None = None) -> None:
        """Run what is not known yet, all in one go."""
        new: dict[tuple[str, str], Asked] = {}
        for one in asked:
            key = (one.selection, one.quantity)
            known = key in self._nation and self._held(key) >= _DETAILS.index(one.units)
            if known and (grouping is None or (*key, fingerprint(grouping)) in self._groups):
                continue
            more = max(_DETAILS.index(one.units), _DETAILS.index(new[key].units) if key in new else 0)
            new[key] = one._replace(units=_DETAILS[more])
        if not new:
            return
        outputs = [
            output_of(self.assembly, one.selection, one.quantity, one.units, "distribution") for one in new.values()
        ]
        made = self.run(outputs, groupings=() if grouping is None else (grouping,))
        for (key, one), output in zip(new.items(), outputs, strict=True):
            self._keep(key, one, output.name, made, grouping)

    def _held(self, key: tuple[str, ...]) -> int:
        """How much is known of a question per municipality, as a place in the details."""
        if key not in self._units:
            return 0
        return 1 if self._units[key].histograms is None else 2

    def _keep(self, key: tuple[str, str], one: Asked, output: str, made: Summaries, grouping: Grouping | None) -> None:
        if _DETAILS.index(one.units) > self._held(key):
            self._units[key] = made.by_unit(output)
        self._nation.setdefault(key, made.nation(output))  # what was told once stays to the last bit
        if grouping is not None:
            self._groups[*key, fingerprint(grouping)] = made.by_group(output, grouping.name)

    def units(self, selection: str, quantity: str, detail: Detail = "distribution") -> Rows:
        """Every municipality."""
        self.ask([Asked(selection, quantity, detail)])
        return self._units[selection, quantity]

    def nation(self, selection: str, quantity: str) -> Rows:
        """The nation, summed in every draw."""
        self.ask([Asked(selection, quantity)])
        return self._nation[selection, quantity]

    def above(self, selection: str, quantity: str, limit: float, place: int | None) -> tuple[Rows, int]:
        """The nation, or a municipality by its place, with the draws above a limit counted one by one."""
        known = self._known(selection, quantity, place)
        if limit == 0.0 or not self.assembly.terms or not self._can_ask:
            return known
        return self._sharper(selection, quantity, place, thresholds=(limit,))

    def at(self, selection: str, quantity: str, p: float, place: int | None) -> tuple[Rows, int]:
        """The nation, or a municipality by its place, with a quantile and the ends of its interval exact."""
        known, row = self._known(selection, quantity, place)
        if not self.assembly.terms or not self._can_ask:
            return known, row
        return self._sharper(selection, quantity, place, exact=tuple(dict.fromkeys((p, *known.ranks(p)))))

    def _known(self, selection: str, quantity: str, place: int | None) -> tuple[Rows, int]:
        return (self.nation(selection, quantity), 0) if place is None else (self.units(selection, quantity), place)

    def _sharper(
        self,
        selection: str,
        quantity: str,
        place: int | None,
        *,
        thresholds: tuple[float, ...] = (0.0,),
        exact: tuple[float, ...] = (),
    ) -> tuple[Rows, int]:
        """Ask again for what a histogram leaves open."""
        key = (selection, quantity, place is None, thresholds, exact)
        if key not in self._sharp:
            whole: Detail = "distribution" if place is None else "none"
            own: Detail = "none" if place is None else "distribution"
            output = replace(output_of(self.assembly, selection, quantity, own, whole), thresholds=thresholds)
            made = self.run([output], exact=exact)
            self._sharp[key] = made.nation(output.name) if place is None else made.by_unit(output.name)
        return self._sharp[key], place or 0

    def groups(self, selection: str, quantity: str, grouping: Grouping) -> Rows:
        """Groups, summed in every draw."""
        self.ask([Asked(selection, quantity)], grouping)
        return self._groups[selection, quantity, fingerprint(grouping)]

    def joints(
        self, selection: str, quantity: str, joints: Sequence[Joint], exact: tuple[float, ...] = ()
    ) -> list[Rows]:
        """Figures over all municipalities that are no sums, with some exact quantiles; `joints` name no output."""
        output = output_of(self.assembly, selection, quantity, "none", "none")
        named = [replace(joint, output=output.name, name=f"{output.name}/{joint.name}") for joint in joints]
        known = [self._joints.get((joint.name,)) for joint in named]
        sharp = self.assembly.terms and any(rows and not {*exact} <= {*rows.probabilities} for rows in known)
        if sharp or None in known:
            made = self.run([output], named, exact=exact)
            for joint in named:
                self._joints[joint.name,] = made.joint(joint.name)
        return [self._joints[joint.name,] for joint in named]
