"""How far a run is: what is done, and what it gave so far. A run that stops half-way goes on from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ggu_costs.simulation.constants import LEAF, SUMS
from ggu_costs.simulation.machine.accumulate import BinLayout, Sums, Totals, fold, total_of
from ggu_costs.simulation.machine.compile import Compiled
from ggu_costs.simulation.machine.leaves import Leaf
from ggu_costs.simulation.machine.sampling import Sampling
from ggu_costs.simulation.runs.cells import Cells
from ggu_costs.simulation.runs.rows import Replicate, Rows
from ggu_costs.typing import FloatArray


@dataclass(eq=False)
class State:
    """What whole leaves gave.

    Attributes
    ----------
    bin_layout
        From the pilot.
    probabilities
        Quantiles kept of each replicate.
    settings
        Digest of the specification, seed, method, draws and replicates: what going on must agree with.
    nodes
        Folded sums per replicate.
    done
        Leaves done per replicate.
    cells
        Of the rows in which a bin holds too many draws, once all that is done was gone over again.
    finished
        Counts of replicates that are finished; the result of a single one shares them.
    current
        Counts of each replicate under way.
    spread
        Figures of each finished replicate.
    """

    bin_layout: BinLayout
    probabilities: tuple[float, ...]
    settings: dict[str, object]
    nodes: list[Sums]
    done: list[set[int]]
    cells: Cells
    finished: Totals | None = None
    current: dict[int, Totals] = field(default_factory=dict)
    spread: dict[int, Replicate] = field(default_factory=dict)

    @classmethod
    def fresh(
        cls, compiled: Compiled, sampling: Sampling, bin_layout: BinLayout, probabilities: tuple[float, ...]
    ) -> State:
        """Nothing done yet."""
        settings = settings_of(compiled, sampling, probabilities)
        nodes: list[Sums] = [{} for _ in range(sampling.replicates)]
        done: list[set[int]] = [set() for _ in range(sampling.replicates)]
        return cls(bin_layout, probabilities, settings, nodes, done, Cells.none(len(bin_layout.places)))

    def take(self, leaves: Sequence[Leaf], nodes: Sums, totals: Totals, sampling: Sampling) -> None:
        """Take in what leaves of one replicate gave; when it is whole now it gives its figures."""
        replicate, self.cells = leaves[0][0], Cells.none(len(self.bin_layout.places))
        self.nodes[replicate].update(nodes)
        fold(self.nodes[replicate])
        self.done[replicate].update(leaf for _, leaf in leaves)
        if replicate not in self.current:
            self.current[replicate] = totals.widened()
        else:
            self.current[replicate].add(totals)
        if len(self.done[replicate]) == sampling.leaves:
            whole = self.current.pop(replicate)
            if sampling.replicates > 1:
                self.spread[replicate] = self._figures(replicate, whole, sampling.draws)
            if self.finished is None:
                self.finished = whole
            else:
                self.finished.add(whole)

    def missing(self, replicate: int, first: int, last: int) -> list[Leaf]:
        """Return the leaves of a range that are not done."""
        return [(replicate, leaf) for leaf in range(first, last) if leaf not in self.done[replicate]]

    def _figures(self, replicate: int, whole: Totals, draws: int) -> Replicate:
        sums = total_of(self.nodes[replicate], len(self.bin_layout.table))
        kept = self.bin_layout.places >= 0
        counts = whole.histograms[self.bin_layout.places[kept]]
        table, extremes = self.bin_layout.table, whole.extremes
        nothing = np.zeros((0, int(kept.sum())))
        rows = Rows(draws, sums[kept], table[kept], counts, whole.above[kept], extremes[kept], (), nothing, (), (),
                    Cells.none(len(counts)))  # fmt: skip
        quantiles = np.full((len(self.probabilities), len(sums)), np.nan)
        for place, probability in enumerate(self.probabilities):
            quantiles[place, kept] = rows.quantile(probability)
        return Replicate(table[:, 0] + sums[:, 0] / draws, quantiles, whole.above / draws)

    @property
    def draws(self) -> int:
        """Draws in the leaves that are done."""
        return draws_in(self.done, int(str(self.settings["draws"])))

    def fits(self, compiled: Compiled) -> bool:
        """Whether its rows are those of a model: kernels note results where the model has them."""
        layout, bins = compiled.layout, self.bin_layout
        return np.array_equal(bins.places, layout.histogram) and np.array_equal(
            bins.table[:, 2:], layout.thresholds, equal_nan=True
        )

    def amounts(self) -> tuple[FloatArray, Totals, tuple[Replicate, ...]]:
        """Sums, counts and the figures of replicates of what is done."""
        table = self.bin_layout.table
        sums: FloatArray = np.zeros((len(table), SUMS))
        for nodes in self.nodes:
            sums = sums + total_of(nodes, len(table))
        parts = [part for part in (self.finished, *self.current.values()) if part is not None]
        kept = int((self.bin_layout.places >= 0).sum())
        totals = parts[0] if len(parts) == 1 else Totals.empty(kept, (len(table), table.shape[1] - 2))
        for part in parts:
            if part is not totals:
                totals.add(part)
        return sums, totals, self.replicates()

    def replicates(self) -> tuple[Replicate, ...]:
        """The figures of the replicates that are finished, where there are several."""
        return tuple(self.spread[r] for r in sorted(self.spread)) if len(self.spread) > 1 else ()


def draws_in(done: Sequence[set[int]], draws: int) -> int:
    """Draws in some leaves of replicates of so many draws."""
    leaves = -(-draws // LEAF)
    return sum(LEAF * len(own) - (LEAF * leaves - draws if leaves - 1 in own else 0) for own in done)


def settings_of(compiled: Compiled, sampling: Sampling, probabilities: tuple[float, ...]) -> dict[str, object]:
    """What two runs must share to be parts of one."""
    return {
        "model": compiled.digest,
        "seed": sampling.seed,
        "method": sampling.method,
        "draws": sampling.draws,
        "replicates": sampling.replicates,
        "probabilities": probabilities if sampling.replicates > 1 else (),
    }
