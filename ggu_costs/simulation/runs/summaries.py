"""What a run gives: the rows of its results, with the settings they were made with and what is needed to go on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.simulation.machine.accumulate import Totals
from ggu_costs.simulation.machine.layout import RowLayout
from ggu_costs.simulation.machine.sampling import Sampling
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.rows import Replicate, Rows
from ggu_costs.simulation.runs.state import State
from ggu_costs.typing import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Summaries(Brief):
    """The result of a run.

    Attributes
    ----------
    state
        What the figures follow from, and all that is needed to go on; see
        :func:`ggu_costs.simulation.runs.engine.run`.
    layout
        Where the results stand: names of outputs, joint figures, units and groups, and their rows.
    sampling
        Where the draws came from, with the settings.
    complete
        False when the run was interrupted.
    draws
        Draws that are in the figures, all replicates together.
    """

    state: State = field(repr=False)
    layout: RowLayout
    sampling: Sampling
    complete: bool
    draws: int
    totals: Totals
    sums: FloatArray
    spread: tuple[Replicate, ...]
    probabilities: tuple[float, ...] = ()
    exact: FloatArray = field(default_factory=lambda: np.zeros((0, 0)), repr=False)

    @classmethod
    def of(cls, state: State, layout: RowLayout, sampling: Sampling, *, complete: bool) -> Summaries:
        """Return the figures of what is done."""
        sums, totals, spread = state.amounts()
        return cls(state, layout, sampling, complete, state.draws, totals, sums, spread)

    @property
    def cells(self) -> Cells:
        """Cells of the rows in which a bin holds too many draws."""
        return self.state.cells

    def by_unit(self, output: str, unit: str | None = None) -> Rows:
        """Rows of the units of an output, or the row of one of them."""
        return self._rows(output, self.layout.unit_row, "units", _span("unit", self.layout.units, unit))

    def by_group(self, output: str, grouping: str | None = None, label: str | None = None) -> Rows:
        """Rows of the groups of an output: of all in the order of ``layout.groups``, of one grouping, or one group."""
        span = _span("grouping", [name for name, _ in self.layout.groups], grouping)
        inside = _span("group", [name for _, name in self.layout.groups[span]], label)
        span = slice(span.start + inside.start, span.start + inside.stop)
        return self._rows(output, self.layout.group_row, "groups", span)

    def nation(self, output: str) -> Rows:
        """The sum over all units, one row."""
        return self._rows(output, self.layout.group_row, "groups", slice(0, 1))

    def joint(self, name: str) -> Rows:
        """One joint figure, one row."""
        span, first = _span("joint figure", self.layout.joints, name), int(self.layout.joint_row[:1].sum())
        return self._some(slice(first + span.start, first + span.stop))

    def _rows(self, output: str, starts: IntArray, what: str, span: slice) -> Rows:
        place = _span("output", self.layout.outputs, output)
        first, many = int(starts[place][0]), int(self.layout.group_rows[place][0])
        if first < 0 or (what == "groups" and span.stop > many):
            remedy = f"Ask for it in Output({what}=)."
            raise InputError(f"output {output!r} was not kept per {what[:-1]}", remedy=remedy)
        return self._some(slice(first + span.start, first + span.stop))

    def _some(self, rows: slice) -> Rows:
        """Rows by their place in the results."""
        bins = self.state.bin_layout
        places = bins.places[rows]
        kept: BoolArray = places >= 0  # of all of these rows or of none, and then one after the other
        histograms = self.totals.histograms[places[0] : places[-1] + 1] if kept.all() else None
        spread = tuple(part.some(rows) for part in self.spread)
        exact = bool(self.probabilities) and not np.isnan(self.exact[:, rows]).all()
        return Rows(
            self.draws,
            self.sums[rows],
            bins.table[rows],
            histograms,
            self.totals.above[rows],
            self.totals.extremes[rows],
            self.probabilities if exact else (),
            self.exact[:, rows] if exact else np.zeros((0, len(places))),
            self.state.probabilities if spread else (),
            spread,
            self.cells.some(rows),
        )

    def digest(self) -> str:
        """SHA-256 of all summaries: the same for any threads, processes, workers and cuts into tasks."""
        return _digest(self.state, self.probabilities, self.exact, self.sums, self.totals)


def digest_of(state: State, levels: tuple[float, ...], exact: FloatArray) -> str:
    """Return the digest of the summaries that a state gives, with exact quantiles at some levels."""
    return _digest(state, levels, exact, *state.amounts()[:2])


def _digest(state: State, levels: tuple[float, ...], exact: FloatArray, sums: FloatArray, totals: Totals) -> str:
    seed, method, replicates = (state.settings[name] for name in ("seed", "method", "replicates"))
    sha = hashlib.sha256(f"{state.draws} {seed} {method} {replicates} {levels}".encode())
    counts, cells = (totals.histograms, totals.above, totals.extremes), state.cells
    parts = [state.bin_layout.table, sums, *counts, cells.starts, cells.counts, cells.ends, exact]
    for part in [*parts, *(figure for r in state.replicates() for figure in (r.mean, r.quantiles, r.shares))]:
        sha.update(np.ascontiguousarray(part).tobytes())
    return sha.hexdigest()


def _span(what: str, names: Sequence[str], name: str | None) -> slice:
    """Where a name stands, perhaps several times after one another; all of them without one."""
    if name is None:
        return slice(0, len(names))
    if name not in names:
        raise UnknownNameError(what, name, tuple(dict.fromkeys(names)))
    first = names.index(name)
    return slice(first, first + names.count(name))
