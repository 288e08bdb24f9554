"""Reading a saved result back: the same answers with the same figures, and with its model at hand every other one.

Nothing in a file is executed. What is there is checked whole: types, shapes, figures, counts, quantiles and digest;
only then is a result made of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numpy as np

from ggu_costs.errors import Fault, InputError
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.function_runner import FunctionRunner, Outcome
from ggu_costs.impact.answers.questions import weights_of
from ggu_costs.impact.answers.runner import Asked, FirstRun, Memory, Query, Runner
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.saved.container import FACTS, VERSION, Container, damaged, file_of, is_marked
from ggu_costs.impact.saved.contents import Contents, read_contents, wrong_selection
from ggu_costs.impact.saved.write import FIGURES
from ggu_costs.reading import read_file
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Joint
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.stored import rows_of, state_of, wrong_in_facts, wrong_in_rows, wrong_in_state

Loaded = TypeVar("Loaded", bound="SimulationResult")
_LONG_FORMER = 2**26
_ROUNDING = 1e-9  # of sums over draws and municipalities


@dataclass(frozen=True, eq=False)
class SavedRunner(Runner):
    """Gives what was asked before a result was saved, and nothing else.

    Attributes
    ----------
    main
        By selection, the main figures that some line of it is in.
    stated_model, stated_asked
        SHA-256 of the programme, and whether it was asked through its ``terms`` or a ``function``.
    """

    KIND = "saved"

    main: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stated_model: str = ""
    stated_asked: str = "terms"

    @property
    def model(self) -> str:
        """SHA-256 of the programme that was asked."""
        return self.stated_model

    @property
    def asked(self) -> str:
        """What was asked: ``terms`` or a ``function``."""
        return self.stated_asked

    def main_figures(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line of a selection is in."""
        return self.main.get(selection, ("net",))

    def same_as(self, other: Runner) -> bool:
        """Whether the other was saved of the same programme."""
        return super().same_as(other) and self.model == other.model

    def require_terms(self) -> NoReturn:
        """Refuse: the terms were not saved."""
        raise InputError(
            "this result was loaded without its model and does not hold the answer to this question",
            remedy="Load it with load_result(path, model=...), or ask the question before you save the result.",
        )

    def _answer(self, asked: Sequence[Asked]) -> None:
        for one in asked:
            weights_of(self.assembly, *one.query.key)  # a question that does not exist is another fault
        self.require_terms()

    def figure(
        self, query: Query, place: int | None, *, limit: float = 0.0, p: float | None = None
    ) -> tuple[Rows, int]:
        """The nation, or a municipality by its place; as precise as it was asked before it was saved."""
        known, row = super().figure(query, place)
        return self.memory.sharp.get(self.sharp_key(query, known, place, limit, p), known), row

    def joints(self, query: Query, joints: Sequence[Joint], exact: tuple[float, ...] = ()) -> list[Rows]:
        """Figures over all municipalities that are no sums, as they were saved."""
        weights_of(self.assembly, *query.key)
        names = [query.named(joint).name for joint in joints]
        if any((name,) not in self.memory.joints for name in names):
            self.require_terms()
        return [self.memory.joints[name,] for name in names]

    def with_model(self, assembly: Assembly, function: Outcome | None = None) -> Runner:
        """Return a runner that knows the same, and can ask the programme for the rest.

        Raises
        ------
        InputError
            It is another programme than was asked, or has other inputs.
        """
        known: dict[str, Any] = {"stated_digest": self.digest, "memory": self.memory, "kept": self.kept}
        asking: Runner
        if function is None:
            asking = TermRunner(assembly, self.settings, enough=self.enough, **known)
        else:
            asking = FunctionRunner(assembly, self.settings, function=function, enough=self.enough, **known)
        if (asking.asked, asking.model) != (self.asked, self.model):
            fault = Fault("model", f"SHA-256 {asking.model[:16]}...", f"{self.model[:16]}..., as it was saved")
            raise InputError(
                "this result was made of another programme, other inputs or by another version", faults=[fault],
                remedy="Give the very model with its data=; provenance of the result names its files and inputs.",
            )  # fmt: skip
        return asking


@np.errstate(all="ignore")  # figures that someone made up overflow while they are checked, and are refused
def read(path: str | os.PathLike[str], kind: type[Loaded], reference: Reference = SHIPPED) -> Loaded:
    """Read a saved result of a kind.

    Raises
    ------
    InputError
        No such file, no saved result, one of another version, or one that is damaged in whatever way.
    """
    target = file_of(path)
    try:
        container = Container(target)
    except InputError as error:
        raise (None if is_marked(target) else _former(Path(path), target)) or error from error
    contents, wrong = read_contents(container.facts)
    if contents is None:
        raise damaged(target, f"{FACTS}: {'; '.join(wrong)}")
    told, of = contents.result, contents.draws
    outline = _outline(container, contents, reference)
    runner = SavedRunner(
        outline, Settings(of.draws, of.seed, of.method, of.replicates, of.exact),
        main=contents.main, stated_digest=contents.digest, stated_model=contents.model, stated_asked=contents.asked,
        enough=contents.enough, memory=_memory(container, contents, outline), kept=_first_run(container, contents),
    )  # fmt: skip
    container.check_all_taken()
    _refuse(container, _wrong_in_whole(contents, runner))
    return kind(
        title=told.title, notes=told.notes, provenance=told.provenance, illustrative=told.illustrative, runner=runner,
        selection=told.selection, needs=told.needs, complete=told.complete, indicative=told.indicative,
        how_to_read=told.how_to_read, municipal_share=told.municipal_share, second_shape=told.second_shape,
        technique=told.technique,
    )  # fmt: skip


def _refuse(container: Container, wrong: Iterable[str]) -> None:
    found = list(dict.fromkeys(wrong))
    if found:
        raise damaged(container.path, "; ".join(found[:8]))


def _outline(container: Container, contents: Contents, reference: Reference) -> Assembly:
    programme = contents.programme
    units, years = len(programme.units), len(programme.years)
    shapes = dict(zip(FIGURES, ((units,), (years,), (units,)), strict=True))
    shapes |= {"grant": (units,)} if programme.grant_title and not programme.national else {}
    figures = {name: container.take(name, "<f8", shape) for name, shape in shapes.items()}
    _refuse(container, (f"{name}: not finite, or below 0" for name, figure in figures.items()
                        if not (np.isfinite(figure) & (figure >= 0)).all()))  # fmt: skip
    outline = replace(programme.assembly(figures), reference=reference)
    _refuse(container, wrong_selection(outline, contents.result.selection))
    return outline


def _memory(container: Container, contents: Contents, outline: Assembly) -> Memory:
    memory = Memory()
    for place, answer in enumerate(contents.answers):
        _refuse(container, answer.wrong(outline))
        take: Callable[..., Any] = partial(_take, container, f"answer{place}_")
        rows = rows_of(answer.rows, take)
        _refuse(container, wrong_in_rows(rows))
        known: dict[Any, Rows] = getattr(memory, answer.kind)
        if answer.key in known:
            raise damaged(container.path, f"the answer {answer.key!r:.80} is there twice")
        known[answer.key] = rows
    return memory


def _first_run(container: Container, contents: Contents) -> FirstRun | None:
    facts = contents.run
    if facts is None:
        return None
    _refuse(container, wrong_in_facts(facts))
    take = partial(_take, container, "run_")
    state = state_of(facts, take)
    exact = take("exact", "<f8", (len(contents.levels), facts.rows if contents.levels else 0))
    _refuse(container, wrong_in_state(state, facts))
    return FirstRun(state, contents.levels, exact)


def _take(container: Container, before: str, name: str, kind: str, shape: tuple[int, ...]) -> Any:
    return container.take(before + name, kind, shape)


def _wrong_in_whole(contents: Contents, runner: SavedRunner) -> Iterable[str]:
    """Say what does not fit between the parts of a result: draws and digest."""
    known = [rows for kind in ("units", "nation", "groups") for rows in getattr(runner.memory, kind).values()]
    of, kept = contents.draws, runner.kept
    draws = of.draws * (1 if of.method == "random" else of.replicates)
    if runner.enough and any(rows.count != draws for rows in known):
        yield f"figures of other draws than the {draws} of the run"
    for key, units in runner.memory.units.items():
        if key in runner.memory.nation and not _adds_up(units, runner.memory.nation[key]):
            yield f"municipalities that do not add up to the nation: {key[1]:.80}"
    if kept is not None:
        digests = {kept.digest()}
    else:
        net = [rows for key, rows in runner.memory.units.items() if key[1] == "net"]
        digests = {fingerprint(*one.arrays) for one in net} | {""}
    if contents.digest not in digests:
        yield "its figures do not have the digest that it states"


def _adds_up(units: Rows, nation: Rows) -> bool:
    """Whether the means of the municipalities are together that of the nation, but for rounding."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.sqrt(units.sums[:, 1] / units.count)
        rounding = _ROUNDING * float((np.abs(units.table[:, 0]) + spread).sum())
        return bool(abs(units.mean.sum() - nation.mean[0]) <= rounding)


def _former(given: Path, target: Path) -> InputError | None:
    """Return the error for the two files of a result of ggu_costs 0.1, which nothing holds together."""
    beside = given if given.suffix == ".json" else target.with_suffix(".json")
    try:
        told = json.loads(read_file(beside, most=_LONG_FORMER))
        if told["format"] != 1:
            return None
        of = ", ".join(f"{name}={told['settings'][name]!r:.30}" for name in ("draws", "seed", "method"))
    except (ValueError, TypeError, LookupError, RecursionError):
        return None  # there is none, or it is something else
    return InputError(
        f"{beside.as_posix()}: a result of ggu_costs 0.1, in two files that no hash holds together; this version reads "
        f"results in one file, of format {VERSION}",
        remedy=f"Simulate again with {of}: the same model gives the same figures. Or read it with the version that "
        "wrote it.",
    )
