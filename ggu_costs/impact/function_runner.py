"""Asks a function over arrays instead of the engine, on the engine's draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import Faults, InputError
from ggu_costs.impact.assembly import Assembly
from ggu_costs.impact.questions import QUANTITIES, select_of
from ggu_costs.impact.runner import Asked, Runner, Settings
from ggu_costs.impact.spec import NATION, Grouping, Joint, ModelSpec, Output, Term, fingerprint

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.summaries import Rows, Summaries
    from ggu_costs.typing import FloatArray

__all__ = ["FunctionRunner", "Outcome"]

_BUFFER = 2**28
"""Bytes of outcomes held at a time; more draws or municipalities mean more passes over the draws."""

Outcome = Callable[[Mapping[str, "FloatArray"], "pd.DataFrame"], Mapping[str, "FloatArray"]]
"""Drivers by name (shape (draws, 1) for the nation, (draws, municipalities) otherwise) and municipalities to amounts by
line, shape (draws, municipalities)."""


@dataclass(eq=False)
class FunctionRunner(Runner):
    """Asks a function instead of the engine, on the engine's draws."""

    function: Outcome | None = None

    def told(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line is in."""
        del selection  # a function has one
        roles = self.assembly.roles.values()
        return tuple(name for name in QUANTITIES if any(select_of(name, self.assembly)(role) for role in roles))

    def again(self, settings: Settings, assembly: Assembly | None = None) -> Runner:
        """Return a runner of the same function on other settings."""
        if assembly is not None:
            raise _no_terms()
        return FunctionRunner(self.assembly, settings, function=self.function)

    def run(
        self,
        outputs: Sequence[Output],
        joints: Sequence[Joint] = (),
        groupings: Sequence[Grouping] = (),
        *,
        exact: tuple[float, ...] = (),
    ) -> Summaries:
        """Refuse: a function has no terms."""
        raise _no_terms()

    def begin(self, selection: str, resume: Summaries | None = None) -> None:
        """Ask the net figures."""
        del resume  # refused before
        rows = self.units(selection, "net")
        self.digest = fingerprint(rows.sums, rows.table, rows.histograms, rows.above, rows.extremes)

    def ask(self, asked: Any, grouping: Grouping | None = None) -> None:
        """Work out what is not known yet."""
        for one in asked:
            self._one(one, grouping)

    def _one(self, one: Asked, grouping: Grouping | None) -> None:
        key = (one.selection, one.quantity)
        by_group = grouping is not None and (*key, fingerprint(grouping)) not in self._groups
        if key in self._nation and not by_group and (one.units == "none" or key in self._units):
            return
        from ggu_costs.impact.summaries import summarise_values

        if self.settings.method != "random":
            raise InputError("a function with replicated draws", remedy="Use method='random'.")
        units, draws = len(self.assembly.units), self.settings.draws
        together = max(1, _BUFFER // (8 * draws))
        parts, nation, groups = [], np.zeros(draws), None
        for start in range(0, units, together):
            held = np.empty((min(together, units - start), draws))
            done = 0
            for y in self._outcomes(one.quantity):
                held[:, done : done + len(y)] = y[:, start : start + together].T
                if start == 0:
                    nation[done : done + len(y)] = y.sum(axis=1)
                    groups = _added(groups, y, grouping, done, draws)
                done += len(y)
            parts.append(summarise_values(held))
        self._units[key] = _stacked(parts)
        self._nation[key] = summarise_values(nation[None])
        if grouping is not None and groups is not None:
            self._groups[*key, fingerprint(grouping)] = summarise_values(groups)

    def joints(self, selection: str, quantity: str, joints: Sequence[Joint]) -> list[Rows]:
        """Figures over all municipalities that are no sums."""
        from ggu_costs.impact.summaries import summarise_values

        found = []
        for joint in joints:
            values = [
                ((y > joint.threshold) * joint.weights).sum(axis=1) if joint.kind == "share_above"
                else (y * joint.weights).max(axis=1)
                for y in self._outcomes(quantity)
            ]  # fmt: skip
            found.append(summarise_values(np.concatenate(values)[None]))
        return found

    def _outcomes(self, quantity: str) -> Iterator[FloatArray]:
        """The outcome of each block of draws, shape (draws, municipalities)."""
        select = select_of(quantity, self.assembly)
        for amounts in self._blocks():
            total: FloatArray = np.zeros(next(iter(amounts.values())).shape)
            for name, amount in amounts.items():
                total = total + select(self.assembly.roles[name]) * amount
            yield total

    def _blocks(self) -> Iterator[dict[str, FloatArray]]:
        """Amounts by line of each block of draws, checked."""
        import pandas as pd

        from ggu_costs.impact.engine import draw_blocks

        assert self.function is not None  # noqa: S101 (given when made)
        assembly, units = self.assembly, len(self.assembly.units)
        local = [driver.name for driver in assembly.drivers if driver.level != NATION]
        frame = pd.DataFrame(
            {"name": list(assembly.names), "inhabitants": assembly.inhabitants},
            index=pd.Index(assembly.units, name="code"),
        )
        spec = self._drawing(local)
        for national, own in draw_blocks(spec, draws=self.settings.draws, seed=self.settings.seed):
            values = {name: row[:, None] for name, row in national.items()}
            values |= {name: own[place].T for place, name in enumerate(local)}
            count = own.shape[2]
            given = {
                name: np.asarray(amount, dtype=np.float64) for name, amount in self.function(values, frame).items()
            }
            faults = Faults()
            for name in given.keys() ^ assembly.roles.keys():
                faults.add(
                    f"line {name!r}", "given but not stated" if name in given else "not given", "the lines stated"
                )
            for name, amount in given.items():
                if amount.shape != (count, units):
                    faults.add(f"line {name!r}", f"shape {amount.shape}", f"({count}, {units}): draws, municipalities")
                elif not np.isfinite(amount).all():
                    draw = int(np.argmax(~np.isfinite(amount).all(axis=1)))
                    told = ", ".join(f"{driver} = {float(row[draw]):g}" for driver, row in national.items())
                    faults.add(f"line {name!r}", f"not finite, first with {told}", "finite amounts")
            faults.check("the function gave amounts that cannot be used", remedy="Correct the function.")
            yield given

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


def _no_terms() -> InputError:
    return InputError(
        "this question needs terms, and the programme is a function", remedy="Make it with programme_from_parts."
    )


def _added(
    groups: FloatArray | None, y: FloatArray, grouping: Grouping | None, first: int, draws: int
) -> FloatArray | None:
    """Sums of the groups of one block, put in their place."""
    if grouping is None:
        return None
    found = np.zeros((len(grouping.labels), draws)) if groups is None else groups
    for place in range(len(grouping.labels)):
        found[place, first : first + len(y)] = y[:, grouping.members == place].sum(axis=1)
    return found


def _stacked(parts: Sequence[Rows]) -> Rows:
    """Rows of several passes, one after the other."""
    arrays = ("sums", "table", "histograms", "above", "extremes")
    joined: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return replace(parts[0], **joined, exact=np.concatenate([part.exact for part in parts], axis=1))
