"""What is stored of rows and of a run: which arrays, of which form; and what holds between them, whoever made them.

Arrays that come back are checked before any kernel sees one: a kernel trusts counts that add up to the draws.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.simulation.constants import BINS, LEAF, SUMS
from ggu_costs.simulation.machine.accumulate import BinLayout, Totals
from ggu_costs.simulation.machine.sampling import check_sampling
from ggu_costs.simulation.runs.rows import Replicate, Rows
from ggu_costs.simulation.runs.state import State, draws_in
from ggu_costs.simulation.runs.stored_cells import (
    ROUNDING,
    SLACK,
    Arrays,
    Take,
    bins_near,
    cell_arrays,
    cells_of,
    wrong_in_cells,
)
from ggu_costs.typing import BoolArray, FloatArray, IntArray

_REAL, _WHOLE, _COUNT = "<f8", "<i8", "<u4"
_CHECKED = 4  # sums that are finite; higher powers of what lies far out may overflow, and errors are unknown then
_LEVELS = 32  # of the tree of leaves: 2**32 draws are 2**20 leaves


@dataclass(frozen=True)
class RowsFacts:
    """All that is not in the arrays of some rows.

    Attributes
    ----------
    rows, thresholds, replicates
        How many there are.
    histograms
        Whether they were kept.
    cells
        How many there are.
    """

    rows: int
    thresholds: int
    count: int
    histograms: bool
    probabilities: tuple[float, ...]
    spread_probabilities: tuple[float, ...]
    replicates: int
    cells: int


def rows_parts(rows: Rows) -> tuple[RowsFacts, Arrays]:
    """Take rows apart."""
    facts = RowsFacts(
        len(rows.sums), rows.table.shape[1] - 2, int(rows.count), rows.histograms is not None,
        tuple(map(float, rows.probabilities)), tuple(map(float, rows.spread_probabilities)), len(rows.replicates),
        len(rows.cells.counts),
    )  # fmt: skip
    arrays: Arrays = {name: getattr(rows, name) for name in ("sums", "table", "above", "extremes")}
    arrays["exact"] = rows.exact[: len(rows.probabilities)]
    arrays |= cell_arrays(rows.cells)
    arrays |= {} if rows.histograms is None else {"histograms": rows.histograms.astype(_COUNT)}
    for place, replicate in enumerate(rows.replicates):
        arrays |= _spread_arrays(str(place), replicate)
    return facts, arrays


def rows_of(facts: RowsFacts, take: Take) -> Rows:
    """Put rows together again; :func:`wrong_in_rows` says what is wrong with them."""
    many, limits = facts.rows, facts.thresholds
    spread = len(facts.spread_probabilities)
    return Rows(
        count=facts.count,
        sums=take("sums", _REAL, (many, SUMS)),
        table=take("table", _REAL, (many, 2 + limits)),
        histograms=take("histograms", _COUNT, (many, BINS + 2)) if facts.histograms else None,
        above=take("above", _WHOLE, (many, limits)),
        extremes=take("extremes", _REAL, (many, 2)),
        probabilities=facts.probabilities,
        exact=take("exact", _REAL, (len(facts.probabilities), many)),
        spread_probabilities=facts.spread_probabilities,
        replicates=tuple(_spread(str(place), take, many, limits, spread) for place in range(facts.replicates)),
        cells=cells_of(take, many, facts.cells),
    )


def wrong_in_rows(rows: Rows) -> Iterator[str]:
    """Say what cannot be in the figures of any run."""
    if rows.count < 2 or rows.count > 2**53:
        yield f"{rows.count} draws"
        return
    if wrong := list(_wrong_in_table(rows.table)):
        yield from wrong
        return
    counts = rows.histograms
    yield from _wrong_in_counts(rows.table, counts, rows.above, rows.extremes, rows.count)
    yield from wrong_in_cells(rows.cells, rows.table, counts, rows.count)
    yield from _wrong_in_sums(rows.sums, rows.count)
    for name, levels in (("exact", rows.probabilities), ("spread", rows.spread_probabilities)):
        if not all(0.0 < level < 1.0 for level in levels) or len(set(levels)) != len(levels):
            yield f"levels of {name} quantiles that are not between 0 and 1, or twice the same"
    yield from _wrong_in_quantiles("exact", rows.probabilities, rows.exact)
    if len(rows.replicates) == 1 or bool(rows.replicates) != bool(rows.spread_probabilities):
        yield "replicates without their levels, or a single one"
    for replicate in rows.replicates:
        yield from _wrong_in_spread(replicate, rows.spread_probabilities)


def _wrong_in_sums(sums: FloatArray, draws: int) -> Iterator[str]:
    """Of so many draws or fewer: no sum is larger than its squares allow."""
    if not np.isfinite(sums[:, :_CHECKED]).all() or (sums[:, 1] < 0).any():
        yield "sums that are not finite, or sums of squares below 0"
    elif (np.abs(sums[:, 0]) > np.sqrt(sums[:, 1]) * (np.sqrt(draws) * (1 + SLACK))).any():
        yield "sums that are larger than their squares allow"


def _wrong_in_table(table: FloatArray) -> Iterator[str]:
    if not np.isfinite(table[:, :2]).all() or not (table[:, 1] > 0).all() or np.isinf(table[:, 2:]).any():
        yield "bins that are not finite or have no width"


def _wrong_in_counts(
    table: FloatArray, counts: NDArray[Any] | None, above: IntArray, extremes: FloatArray, draws: int
) -> Iterator[str]:
    """Of counts of so many draws, where all rows have a histogram or none has."""
    if (above < 0).any() or (above > draws).any():
        yield "counts above a threshold that are below 0 or more than the draws"
    limits = table[:, 2:]
    for first, second in combinations(range(limits.shape[1]), 2):
        higher, lower = limits[:, second] > limits[:, first], limits[:, second] < limits[:, first]
        more, less = above[:, second] > above[:, first], above[:, second] < above[:, first]
        if ((higher & more) | (lower & less)).any():
            yield "counts that grow with their threshold"
    if counts is None:
        return
    if (counts.sum(axis=1, dtype=np.int64) != draws).any():
        yield "a histogram that does not hold every draw"
        return
    with np.errstate(over="ignore"):
        half = (BINS / 2 - SLACK) / table[:, 1] - np.abs(table[:, 0]) * ROUNDING
        low, high = table[:, 0] - half, table[:, 0] + half
    below, beyond = extremes[:, 0], extremes[:, 1]
    if not (np.where(counts[:, 0] == 0, below == np.inf, np.isfinite(below) & (below <= low))).all():
        yield "a lowest draw that lies elsewhere than it was counted"
    if not (np.where(counts[:, -1] == 0, beyond == -np.inf, np.isfinite(beyond) & (beyond >= high))).all():
        yield "a highest draw that lies elsewhere than it was counted"
    yield from _wrong_above(table, counts, above, draws)


def _wrong_above(table: FloatArray, counts: NDArray[Any], above: IntArray, draws: int) -> Iterator[str]:
    """Compare counts above thresholds with the histogram: only the bin of a threshold leaves a choice."""
    rows, centre, per_bin = np.arange(len(counts)), table[:, 0], table[:, 1]
    upto = np.zeros((len(counts), BINS + 3), np.int64)
    np.cumsum(counts, axis=1, out=upto[:, 1:])
    for place in range(above.shape[1]):
        limit = table[:, 2 + place]
        known = ~np.isnan(limit)
        limit = np.where(known, limit, centre)
        first, last = bins_near(limit, centre, per_bin)
        most, least = draws - upto[rows, first], draws - upto[rows, last + 1]
        if (known & ((above[:, place] < least) | (above[:, place] > most))).any():
            yield "counts above a threshold that the histogram does not have"


def _wrong_in_quantiles(name: str, levels: tuple[float, ...], figures: FloatArray) -> Iterator[str]:
    """A quantile that is not known is NaN."""
    order = np.argsort(levels)
    known = figures[order]
    if np.isinf(known).any():
        yield f"{name} quantiles that are not finite"
        return
    highest = np.fmax.accumulate(known, axis=0) if len(known) else known  # NaN until one is known
    if (known < highest - np.abs(highest) * ROUNDING).any():
        yield f"{name} quantiles that do not rise with their level"


def _wrong_in_spread(replicate: Replicate, levels: tuple[float, ...]) -> Iterator[str]:
    if not np.isfinite(replicate.mean).all() or not ((replicate.shares >= 0) & (replicate.shares <= 1)).all():
        yield "means of replicates that are not finite, or shares outside 0 to 1"
    yield from _wrong_in_quantiles("replicates'", levels, replicate.quantiles)


def _spread_arrays(name: str, replicate: Replicate) -> Arrays:
    return {f"{name}_{part}": getattr(replicate, part) for part in ("mean", "quantiles", "shares")}


def _spread(name: str, take: Take, rows: int, limits: int, levels: int) -> Replicate:
    return Replicate(
        take(f"{name}_mean", _REAL, (rows,)),
        take(f"{name}_quantiles", _REAL, (levels, rows)),
        take(f"{name}_shares", _REAL, (rows, limits)),
    )


@dataclass(frozen=True)
class RunFacts:
    """All that is not in the arrays of a run that may go on.

    Attributes
    ----------
    model
        SHA-256 of the specification.
    rows, thresholds, histograms
        How many there are.
    leaves, nodes
        Per replicate, leaves done and folded sums.
    levels
        Probabilities of quantiles of each replicate.
    current, spread
        Replicates under way, and those that are whole, where there are several.
    finished
        Whether some replicate is whole.
    cells
        How many there are.
    """

    model: str
    seed: int
    method: str
    draws: int
    replicates: int
    rows: int
    thresholds: int
    histograms: int
    leaves: tuple[int, ...]
    nodes: tuple[int, ...]
    levels: tuple[float, ...]
    current: tuple[int, ...]
    spread: tuple[int, ...]
    finished: bool
    cells: int


def run_parts(state: State) -> tuple[RunFacts, Arrays]:
    """Take what a run did apart."""
    table, told = state.bin_layout.table, dict(state.settings)
    facts = RunFacts(
        model=str(told["model"]), seed=_int(told["seed"]), method=str(told["method"]), draws=_int(told["draws"]),
        replicates=_int(told["replicates"]), rows=len(table), thresholds=table.shape[1] - 2,
        histograms=int((state.bin_layout.places >= 0).sum()), leaves=tuple(map(len, state.done)),
        nodes=tuple(map(len, state.nodes)), levels=tuple(map(float, state.probabilities)),
        current=tuple(sorted(state.current)), spread=tuple(sorted(state.spread)), finished=state.finished is not None,
        cells=len(state.cells.counts),
    )  # fmt: skip
    arrays: Arrays = {"table": table, "places": state.bin_layout.places, **cell_arrays(state.cells)}
    for replicate, (done, nodes) in enumerate(zip(state.done, state.nodes, strict=True)):
        known = sorted(nodes)
        arrays[f"{replicate}_done"] = np.array(sorted(done), np.int64)
        arrays[f"{replicate}_nodes"] = np.array(known, np.int64).reshape(-1, 2)
        arrays[f"{replicate}_sums"] = np.array([nodes[node] for node in known]).reshape(-1, len(table), SUMS)
    for name, totals in _totals_of(state).items():
        arrays |= {f"{name}_{part}": getattr(totals, part) for part in ("above", "extremes")}
        arrays[f"{name}_histograms"] = totals.histograms.astype(_COUNT)
    for replicate, figures in sorted(state.spread.items()):
        arrays |= _spread_arrays(f"{replicate}_spread", figures)
    return facts, arrays


def _int(figure: object) -> int:
    return int(str(figure))


def _totals_of(state: State) -> dict[str, Totals]:
    whole = {} if state.finished is None else {"finished": state.finished}
    return whole | {f"{replicate}_current": totals for replicate, totals in sorted(state.current.items())}


def wrong_in_facts(facts: RunFacts) -> Iterator[str]:
    """Say what is wrong with the facts of a run, before its arrays are made."""
    replicates = facts.replicates if facts.method != "random" else 1
    faults = check_sampling(facts.draws, facts.seed, facts.method, max(replicates, 2))
    yield from (str(fault) for fault in faults.found)
    if replicates != facts.replicates or replicates < 1:
        yield f"{facts.replicates} replicates with the method {facts.method}"
    many = -(-facts.draws // LEAF)
    whole = tuple(replicate for replicate, leaves in enumerate(facts.leaves) if leaves == many)
    under_way = tuple(replicate for replicate, leaves in enumerate(facts.leaves) if 0 < leaves < many)
    if len(facts.leaves) != replicates or len(facts.nodes) != replicates or not any(facts.leaves):
        yield "leaves and sums of other replicates than there are"
    if any(not 0 <= leaves <= many for leaves in facts.leaves) or any(
        not 0 <= nodes <= leaves for nodes, leaves in zip(facts.nodes, facts.leaves, strict=False)
    ):
        yield "more leaves or sums than there can be"
    if facts.current != under_way or facts.finished != bool(whole) or facts.spread != (whole if replicates > 1 else ()):
        yield "counts of other replicates than were made"
    if min(facts.rows, facts.thresholds, facts.histograms, facts.cells) < 0 or not all(
        0.0 < level < 1.0 for level in facts.levels
    ):
        yield "rows or levels that cannot be"


def state_of(facts: RunFacts, take: Take) -> State:
    """Put what a run did together again; its facts are right. :func:`wrong_in_state` says what is wrong with it."""
    many, limits, levels = facts.rows, facts.thresholds, len(facts.levels)
    layout = BinLayout(take("table", _REAL, (many, 2 + limits)), take("places", _WHOLE, (many,)))
    done, nodes = [], []
    for replicate, (leaves, sums) in enumerate(zip(facts.leaves, facts.nodes, strict=True)):
        done.append(set(take(f"{replicate}_done", _WHOLE, (leaves,)).tolist()))
        places = take(f"{replicate}_nodes", _WHOLE, (sums, 2)).tolist()
        figures = take(f"{replicate}_sums", _REAL, (sums, many, SUMS))
        nodes.append({(level, place): one for (level, place), one in zip(places, figures, strict=True)})

    def totals(name: str) -> Totals:
        return Totals(
            take(f"{name}_histograms", _COUNT, (facts.histograms, BINS + 2)),
            take(f"{name}_above", _WHOLE, (many, limits)),
            take(f"{name}_extremes", _REAL, (many, 2)),
        )

    settings: Mapping[str, object] = {
        "model": facts.model, "seed": facts.seed, "method": facts.method, "draws": facts.draws,
        "replicates": facts.replicates, "probabilities": facts.levels if facts.replicates > 1 else (),
    }  # fmt: skip
    return State(
        layout, facts.levels, dict(settings), nodes, done, cells_of(take, many, facts.cells),
        finished=totals("finished") if facts.finished else None,
        current={replicate: totals(f"{replicate}_current") for replicate in facts.current},
        spread={one: _spread(f"{one}_spread", take, many, limits, levels) for one in facts.spread},
    )  # fmt: skip


def wrong_in_state(state: State, facts: RunFacts) -> Iterator[str]:
    """Say what cannot be in any run."""
    table, places = state.bin_layout.table, state.bin_layout.places
    kept: BoolArray = places >= 0
    if wrong := list(_wrong_in_table(table)):
        yield from wrong
        return
    if not np.array_equal(places[kept], np.arange(facts.histograms)) or (places < -1).any():
        yield "histograms in another order than their rows"
        return
    leaves = -(-facts.draws // LEAF)
    for replicate, (done, nodes) in enumerate(zip(state.done, state.nodes, strict=True)):
        if len(done) != facts.leaves[replicate] or any(not 0 <= leaf < leaves for leaf in done):
            yield f"leaves of replicate {replicate} that are none of its own"
        yield from _wrong_in_nodes(done, nodes, facts.nodes[replicate])
    for name, totals in _totals_of(state).items():
        own = [int(name.partition("_")[0])] if name != "finished" else set(range(facts.replicates)) - {*facts.current}
        draws = draws_in([state.done[replicate] for replicate in own], facts.draws)
        yield from _wrong_in_counts(table[~kept], None, totals.above[~kept], totals.extremes[~kept], draws)
        yield from _wrong_in_counts(table[kept], totals.histograms, totals.above[kept], totals.extremes[kept], draws)
    for figures in state.spread.values():
        yield from _wrong_in_spread(figures, facts.levels)
    held = np.zeros((len(table), BINS + 2), np.int64)
    if state.cells.counts.size:
        held[kept] = state.amounts()[1].histograms
    yield from wrong_in_cells(state.cells, table, held, state.draws)


def _wrong_in_nodes(done: set[int], nodes: Mapping[tuple[int, int], FloatArray], stated: int) -> Iterator[str]:
    """Folded sums have to stand for every leaf that is done, once."""
    if len(nodes) != stated or any(not 0 <= level < _LEVELS or place < 0 for level, place in nodes):
        yield "sums at places that cannot be"
        return
    covered = 0
    for level, place in nodes:
        width = 1 << level
        if width > len(done) or not done.issuperset(range(place * width, (place + 1) * width)):
            yield "sums of leaves that were not made"
            return
        covered += width
        if covered > len(done):
            break
    if covered != len(done):
        yield "leaves without their sums, or in two of them"
    for (level, _), sums in nodes.items():
        yield from _wrong_in_sums(sums, LEAF << level)
