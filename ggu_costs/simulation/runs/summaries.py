"""What a run gives: the rows of its results, with the settings they were made with and what is needed to go on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.simulation.machine.leaves import BINS, Frames, Totals, per_bin_of
from ggu_costs.simulation.runs.rows import Replicate, Rows

if TYPE_CHECKING:
    from ggu_costs.simulation.runs.state import State
    from ggu_costs.typing import BoolArray, FloatArray, IntArray

__all__ = ["Summaries", "summarise_values"]


@dataclass(frozen=True, eq=False)
class Summaries:
    """The result of a run.

    Attributes
    ----------
    outputs, joints
        Names.
    units
        Codes, in the order of rows per unit.
    groups
        Pairs (grouping, label), in the order of rows per group; the nation first.
    draws
        Draws that are in the figures, all replicates together.
    complete
        False when the run was interrupted.
    seed, method, replicates
        The settings.
    state
        All that is needed to go on; see :func:`ggu_costs.simulation.runs.engine.run`.
    """

    outputs: tuple[str, ...]
    joints: tuple[str, ...]
    units: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    unit_row: IntArray
    group_row: IntArray
    joint_row: IntArray
    draws: int
    complete: bool
    seed: int
    method: str
    replicates: int
    frames: Frames
    totals: Totals
    sums: FloatArray
    spread_probabilities: tuple[float, ...]
    spread: tuple[Replicate, ...]
    state: State | None = field(default=None, repr=False)
    probabilities: tuple[float, ...] = ()
    exact: FloatArray = field(default_factory=lambda: np.zeros((0, 0)), repr=False)

    def by_unit(self, output: str) -> Rows:
        """Rows of the units of an output."""
        return self._rows(output, self.unit_row, len(self.units), "units")

    def by_group(self, output: str) -> Rows:
        """Rows of the groups of an output, in the order of `groups`."""
        return self._rows(output, self.group_row, len(self.groups), "groups")

    def nation(self, output: str) -> Rows:
        """The sum over all units, one row."""
        return self._rows(output, self.group_row, 1, "groups")

    def joint(self, name: str) -> Rows:
        """One joint figure, one row."""
        if name not in self.joints:
            raise UnknownNameError("joint figure", name, self.joints)
        first = int(self.joint_row[self.joints.index(name)])
        return self.some(slice(first, first + 1))

    def _rows(self, output: str, starts: IntArray, count: int, what: str) -> Rows:
        if output not in self.outputs:
            raise UnknownNameError("output", output, self.outputs)
        first = int(starts[self.outputs.index(output)])
        if first < 0:
            raise InputError(
                f"output {output!r} was not kept per {what[:-1]}", remedy=f"Ask for it in Output({what}=)."
            )
        return self.some(slice(first, first + count))

    def some(self, rows: slice) -> Rows:
        """Rows by their place in the results."""
        places = self.frames.places[rows]
        kept: BoolArray = places >= 0  # of all of these rows or of none, and then one after the other
        histograms = self.totals.histograms[places[0] : places[-1] + 1] if kept.all() else None
        spread = tuple(Replicate(r.mean[rows], r.quantiles[:, rows], r.shares[rows]) for r in self.spread)
        return Rows(
            self.draws,
            self.sums[rows],
            self.frames.table[rows],
            histograms,
            self.totals.above[rows],
            self.totals.extremes[rows],
            self.probabilities if kept.all() else (),
            self.exact[:, rows] if self.probabilities else np.zeros((0, len(places))),
            self.spread_probabilities,
            spread,
        )

    def digest(self) -> str:
        """SHA-256 of all summaries: the same for any threads, processes, workers and cuts into tasks."""
        sha = hashlib.sha256(f"{self.draws} {self.seed} {self.method} {self.replicates} {self.probabilities}".encode())
        parts = [
            self.frames.table,
            self.sums,
            self.totals.histograms,
            self.totals.above,
            self.totals.extremes,
            self.exact,
        ]
        for part in [*parts, *(figure for r in self.spread for figure in (r.mean, r.quantiles, r.shares))]:
            sha.update(np.ascontiguousarray(part).tobytes())
        return sha.hexdigest()


def summarise_values(values: FloatArray, thresholds: tuple[float, ...] = (0.0,)) -> Rows:
    """Summaries of figures that are already there, shape (rows, draws): the same sums, bins and counts as a run's.

    Examples
    --------
    >>> rows = summarise_values(np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> rows.mean, rows.probability(0.0)
    (array([2.5]), array([1.]))
    """
    from ggu_costs.simulation.machine.leaves import SUMS, Notes
    from ggu_costs.simulation.machine.sampling import LEAF

    figures = np.ascontiguousarray(values, dtype=float)
    rows, count = figures.shape
    pilot = figures[:, :1024]
    centre, sd = pilot.mean(axis=1), pilot.std(axis=1)
    limits = np.tile(np.array(thresholds), (rows, 1)).reshape(rows, len(thresholds))
    table = np.column_stack([centre, per_bin_of(centre, sd), limits])
    histograms, above = np.zeros((rows, BINS + 2), np.uint32), np.zeros(limits.shape, np.int64)
    totals = Totals(histograms, above, np.tile(np.array([np.inf, -np.inf]), (rows, 1)))
    notes, sums, leaf = Notes(Frames(table, np.arange(rows)), totals), np.zeros((rows, SUMS)), np.zeros((rows, LEAF))
    for start in range(0, count, LEAF):
        part = figures[:, start : start + LEAF]
        leaf[:, : part.shape[1]] = part
        notes.sums[:] = 0.0
        notes.take(leaf, np.arange(rows), 0, part.shape[1])
        notes.pour()
        sums += notes.sums
    return Rows(count, sums, table, histograms, above, totals.extremes, (), np.zeros((0, rows)), (), ())
