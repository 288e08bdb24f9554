"""Asks a function over arrays instead of the engine, on the engine's draws."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import in_order, read_figures
from ggu_costs.impact.answers.questions import QUANTITIES, line_weights, split_quantity
from ggu_costs.impact.answers.runner import Asked, Query, Runner
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.influence.normal_scores import FunctionScores
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.sampling import check_sampling
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL, Grouping, Output, Term
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.engine import PROBABILITIES, draw_blocks
from ggu_costs.simulation.runs.given import summarise_replicates, summarise_values
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray

_BUFFER = 2**28
"""Bytes of outcomes held at a time; more draws or municipalities mean more passes over the draws."""

Outcome = Callable[[Mapping[str, "FloatArray"], "pd.DataFrame"], Mapping[str, "FloatArray"]]
"""Drivers by name (shape (draws, 1) for the nation, (draws, municipalities) otherwise) and municipalities to amounts by
line, shape (draws, municipalities)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FunctionRunner(Runner):
    """Asks a function instead of the engine, on the engine's draws."""

    KIND = "function"

    function: Outcome

    @classmethod
    def start(cls, assembly: Assembly, settings: Settings, selection: str, function: Outcome) -> FunctionRunner:
        """Ask the net figures."""
        faults = Faults()
        faults.found += check_sampling(settings.draws, settings.seed, settings.method, settings.replicates).found
        for name in ("executor", "progress", "target_error", "threads"):
            if getattr(settings, name) not in (None, False):
                found = repr(getattr(settings, name))
                faults.add(name, found, "left out: a function is asked here, once, on all draws")
        faults.check("a function cannot be simulated like this", remedy="Leave these out, or make it from parts.")
        runner = cls(assembly=assembly, settings=settings, function=function)
        rows = runner.units(selection, "net")
        digest = fingerprint(*rows.arrays)
        return replace(runner, stated_digest=digest)

    @property
    def model(self) -> str:
        """SHA-256 of the programme and of the text of its function."""
        return fingerprint(self.assembly.digest(), source_of(self.function))

    def main_figures(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line is in."""
        return tuple(name for name in QUANTITIES if name == "net" or any(self._weights(selection, name).values()))

    def same_as(self, other: Runner) -> bool:
        """Whether the other asks the same function."""
        return isinstance(other, FunctionRunner) and other.function is self.function

    def require_years(self) -> None:
        """Refuse: a function gives totals over the years."""
        raise _no_years()

    def require_terms(self) -> None:
        """Refuse: a function has no terms."""
        raise InputError(
            "this question needs terms, and the programme is a function", remedy="Make it with programme_from_parts."
        )

    def _answer(self, asked: Sequence[Asked]) -> None:
        for one in asked:
            if one.sums or one.query.units != "none":
                self._answer_one(one.query, one.groupings)
            for name, joint in one.joints.items():
                values = [
                    ((y > joint.threshold) * joint.weights).sum(axis=1) if joint.kind == "share_above"
                    else (y * joint.weights).max(axis=1)
                    for y in self._outcomes(*one.query.key)
                ]  # fmt: skip
                self.memory.joints[name,] = self._rows(np.concatenate(values)[None], exact=one.exact)

    def _answer_one(self, query: Query, groupings: Mapping[str, Grouping]) -> None:
        """Keep the outcomes of some municipalities at a time; the nation and groups come with the first pass."""
        units, draws = len(self.assembly.units), self.settings.draws * self._replicates
        together = max(1, _BUFFER // (8 * draws))
        parts, nation = [], np.zeros(draws)
        inside = {
            mark: [grouping.members == place for place in range(len(grouping.labels))]
            for mark, grouping in groupings.items()
        }
        groups = {mark: np.zeros((len(members), draws)) for mark, members in inside.items()}
        for start in range(0, units, together):
            outcomes = np.empty((min(together, units - start), draws))
            done = 0
            for y in self._outcomes(query.selection, query.quantity):
                block = slice(done, done + len(y))
                outcomes[:, block] = y[:, start : start + together].T
                if start == 0:
                    nation[block] = y.sum(axis=1)
                    for mark, members in inside.items():
                        groups[mark][:, block] = [y[:, some].sum(axis=1) for some in members]
                done += len(y)
            parts.append(self._rows(outcomes))
        self.memory.units[query.key] = _stacked(parts)
        self.memory.nation[query.key] = self._rows(nation[None])
        self.memory.groups.update({(*query.key, mark): self._rows(values) for mark, values in groups.items()})

    def _rows(self, values: FloatArray, limit: float = 0.0, exact: tuple[float, ...] = ()) -> Rows:
        """Summaries of figures that are there, with exact quantiles where these are asked."""
        wanted = exact or (PROBABILITIES if self.settings.exact else ())
        if wanted or self._replicates > 1:
            return summarise_replicates(values, self._replicates, (limit,), wanted or PROBABILITIES)
        return summarise_values(values, (limit,))

    @property
    def _replicates(self) -> int:
        return 1 if self.settings.method == "random" else self.settings.replicates

    def figure(
        self, query: Query, place: int | None, *, limit: float = 0.0, p: float | None = None
    ) -> tuple[Rows, int]:
        """The nation, or a municipality by its place; from the draws themselves where summaries leave it open."""
        known, row = self._known(query, place)
        exact = self.sharp_key(query, known, place, limit, p)[-1]
        if limit == 0.0 and not exact:
            return known, row
        blocks = self._outcomes(*query.key)
        values = np.concatenate([y.sum(axis=1) if place is None else y[:, place] for y in blocks])[None]
        return self._rows(values, limit, exact), 0

    def _weights(self, selection: str, quantity: str) -> dict[str, float]:
        """How each line counts in a question; in the second part of a difference the other way round."""
        if split_quantity(self.assembly, quantity.lstrip("-"))[2]:
            raise _no_years(quantity)
        counted = line_weights(self.assembly, quantity, years=False)
        weights = dict.fromkeys(self.assembly.roles, 0.0)
        for sign, alternative in self.assembly.sides(selection):
            for line in alternative.terms:
                weights[line] += sign * counted.get(line, 0.0)
        return weights

    def _outcomes(self, selection: str, quantity: str) -> Iterator[FloatArray]:
        """The outcome of each block of draws, shape (draws, municipalities)."""
        weights = self._weights(selection, quantity)
        for amounts in self._blocks():
            total: FloatArray = np.zeros(next(iter(amounts.values())).shape)
            for name, amount in amounts.items():
                total = total + weights[name] * amount
            yield total

    def _blocks(self) -> Iterator[dict[str, FloatArray]]:
        """Amounts by line of each block of draws, checked."""
        local = [driver.name for driver in self.assembly.drivers if driver.level != NATION]
        spec, frame = self._drawing(local), self._frame()
        how = self.settings
        for national, own in draw_blocks(
            spec, draws=how.draws, seed=how.seed, method=how.method, replicates=how.replicates
        ):
            values = {name: row[:, None] for name, row in national.items()}
            values |= {name: own[place].T for place, name in enumerate(local)}
            yield self._checked(values, frame, own.shape[2])

    def _checked(self, values: Mapping[str, FloatArray], frame: pd.DataFrame, count: int) -> dict[str, FloatArray]:
        """Amounts by line at values of the drivers, shape (count, municipalities)."""
        assembly, units, faults = self.assembly, len(self.assembly.units), Faults()
        given = _amounts(self.function(values, frame), assembly.units, count, faults)
        faults.check("the function gave amounts that cannot be used", remedy="Correct the function.")
        for name in given.keys() ^ assembly.roles.keys():
            found = "given but not stated" if name in given else "not given"
            faults.add(f"line {name!r}", found, "the lines stated")
        for name, amount in given.items():
            if amount.shape != (count, units):
                faults.add(f"line {name!r}", f"shape {amount.shape}", f"({count}, {units}): draws, municipalities")
            elif not np.isfinite(amount).all():
                draw = int(np.argmax(~np.isfinite(amount).all(axis=1)))
                common = {name: row for name, row in values.items() if row.shape[1] == 1}
                drawn = ", ".join(f"{driver} = {float(row[draw, 0]):g}" for driver, row in common.items())
                faults.add(f"line {name!r}", f"not finite, first with {drawn}", "finite amounts")
        faults.check("the function gave amounts that cannot be used", remedy="Correct the function.")
        return given

    def scores(self, selection: str, quantity: str) -> FunctionScores:
        """The outcomes of all municipalities at scores of the drivers, for a sensitivity analysis.

        Raises
        ------
        InputError
            Drivers that every municipality draws for itself: a function cannot be asked at their means.
        """
        own = [driver.name for driver in self.assembly.drivers if driver.level == UNIT_LEVEL]
        if own:
            raise InputError(
                f"{listed(own)}: what every municipality draws for itself cannot be told apart in a function",
                remedy="Draw it for all or by group, or make the programme from parts.",
            )
        weights, frame = self._weights(selection, quantity), self._frame()
        members = {grouping.name: grouping.members for grouping in self.assembly.groupings}
        levels = compile_spec(self._drawing([])).levels
        level_of = {name: level.name for level in levels for name in level.names}

        def outcomes(values: Mapping[str, FloatArray]) -> FloatArray:
            given = {name: part.T if level_of[name] == NATION else part[members[level_of[name]]].T
                     for name, part in values.items()}  # fmt: skip
            points = next(iter(values.values())).shape[1]
            amounts = self._checked(given, frame, points)
            return sum((weights[name] * amount for name, amount in amounts.items()), np.zeros((points, 1))).T

        return FunctionScores(levels, len(self.assembly.units), outcomes)

    def _frame(self) -> pd.DataFrame:
        """The municipalities, as the function is given them."""
        people = {"name": list(self.assembly.names), "inhabitants": self.assembly.inhabitants}
        return pd.DataFrame(people, index=pd.Index(self.assembly.units, name="code"))

    def _drawing(self, local: Sequence[str]) -> ModelSpec:
        """A specification that only draws: an output for every driver that is not national."""
        assembly, ones = self.assembly, np.ones(len(self.assembly.units))
        names = list(local) or ["none"]
        terms = tuple(Term(name, weights=ones, factors=((name, 1),) if local else ()) for name in names)
        outputs = [
            Output(name, np.eye(len(names))[:, [place]], units="moments", groups="none")
            for place, name in enumerate(names)
        ]
        return ModelSpec(
            units=assembly.units, years=(0,), drivers=assembly.drivers, terms=terms, outputs=tuple(outputs),
            groupings=assembly.groupings, correlations=assembly.correlations,
        )  # fmt: skip


def source_of(function: Callable[..., object] | None) -> str:
    """Text of a function; its name where the text is not there, such as for a compiled one."""
    if function is None:
        return ""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return str(getattr(function, "__qualname__", type(function).__qualname__))


def _no_years(quantity: str = "single years") -> InputError:
    return InputError(
        f"{quantity}: a function gives totals over the years", remedy="Make it with programme_from_parts, with years."
    )


def _amounts(given: object, units: Sequence[str], count: int, faults: Faults) -> dict[str, FloatArray]:
    """What a function gave, as arrays in the order of the municipalities: by code where it says codes."""
    remedy = "Let it return a dict with, for each line, an array of shape (draws, municipalities)."
    if not isinstance(given, Mapping):
        raise InputError(f"the function gave a {type(given).__name__}, not amounts by line", remedy=remedy)
    amounts: dict[str, FloatArray] = {}
    for name, stated in given.items():
        where = f"line {name!r}"
        amount = _by_draw_and_code(stated, units, count, where, faults)
        read = read_figures(amount, where, faults, missing=True, infinite=True, copy=False)
        if read is not None:
            amounts[str(name)] = read
    return amounts


def _by_draw_and_code(stated: object, units: Sequence[str], count: int, where: str, faults: Faults) -> object:
    """Bring a frame into the order of draws and municipalities where its labels are these; an array as it is."""
    if not isinstance(stated, pd.DataFrame):
        return stated
    frame = stated
    if not isinstance(frame.columns, pd.RangeIndex):
        ordered = in_order(frame.T, units, where, faults, of="municipalities")
        frame = frame if ordered is None else ordered.T
    rows = frame.index
    return frame.sort_index() if rows.is_unique and set(rows) == set(range(count)) else frame


@dataclass(frozen=True, eq=False)
class AskingBoth:
    """Asks each of two functions for its own lines on its own drivers; lines are called ``a:line`` and ``b:line``."""

    a: FunctionRunner
    b: FunctionRunner

    def __call__(self, drivers: Mapping[str, FloatArray], municipalities: pd.DataFrame) -> dict[str, FloatArray]:
        """Return the amounts of both."""
        amounts: dict[str, FloatArray] = {}
        for mark, runner in (("a", self.a), ("b", self.b)):
            own = {driver.name: drivers[driver.name] for driver in runner.assembly.drivers}
            amounts |= {f"{mark}:{name}": y for name, y in runner.function(own, municipalities).items()}
        return amounts


def _stacked(parts: Sequence[Rows]) -> Rows:
    """Rows of several passes, one after the other."""
    arrays = ("sums", "table", "histograms", "above", "extremes")
    joined: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    joined["cells"] = Cells.joined([part.cells for part in parts])
    return replace(parts[0], **joined, exact=np.concatenate([part.exact for part in parts], axis=1))
