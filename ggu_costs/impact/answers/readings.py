"""A published range says nothing of its shape: the nation's figures under each way of reading it.

A source that publishes a minimum and a maximum does not say how probable what lies between them is. The file assumes a
shape, and a second one beside it. A third reading takes the ends as P10 and P90 of a normal distribution, so that one
in five outcomes lies outside them. What a reader is told of a probability is the range over these readings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.answers.funding import is_told
from ggu_costs.impact.answers.questions import QUANTITIES
from ggu_costs.impact.answers.runner import Query, Runner
from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.build import collapsed
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.driver_terms import DriverTerms, number
from ggu_costs.simulation.fitting import from_quantiles
from ggu_costs.simulation.parts import Driver
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import joined, message, word

_KNOWN: WeakKeyDictionary[Runner, tuple["Reading", ...]] = WeakKeyDictionary()
"""Readings by the runner of a result, once they were asked: they remember their figures."""
_ENOUGH = 1e-6  # of the largest end: readings nearer than that do not differ


@dataclass(frozen=True, eq=False)
class Reading(Brief):
    """One way to read the published ranges.

    Attributes
    ----------
    words
        What was assumed.
    runner
        Gives the figures of the nation.
    """

    words: str
    runner: Runner


def ranges_of(definition: ProgrammeDefinition | None) -> tuple[DriverTerms, ...]:
    """Return the drivers whose published range has a shape that somebody assumed."""
    drivers = () if definition is None else definition.drivers
    return tuple(driver for driver in drivers if driver.published_range and driver.second_shape)


def readings_of(result: SimulationResult) -> tuple[Reading, ...]:
    """Return the ways to read the published ranges, that of the result first; none where no shape was assumed."""
    if result.runner not in _KNOWN:
        _KNOWN[result.runner] = tuple(_read(result))
    return _KNOWN[result.runner]


def _read(result: SimulationResult) -> Iterator[Reading]:
    ranges = ranges_of(result.definition)
    if not ranges or result.other_shape is None:
        return
    first, second = [str(driver.shape) for driver in ranges], [str(driver.second_shape) for driver in ranges]
    if result.second_shape:
        first, second = second, first
    other = _of_nation(result.other_shape())
    yield Reading(_shapes(first), result.runner)
    yield Reading(_shapes(second), TermRunner(other, result.runner.settings))
    spans = {driver.id: driver for driver in ranges if driver.spans and driver.reading == "min_max"}
    if len(spans) == len(ranges):
        widened = replace(other, drivers=tuple(_widened(driver, spans) for driver in other.drivers))
        yield Reading(message("read_as_p10_p90"), TermRunner(widened, result.runner.settings))


def readings(result: SimulationResult) -> pd.DataFrame:
    """Return the nation's figures under each reading of the published ranges.

    Returns
    -------
    pandas.DataFrame
        By quantity a row for each reading: ``assumption``, ``mean, p5, p50, p95`` and ``probability_of_loss``, each
        with its simulation error. Only quantities that differ between the readings.

    Raises
    ------
    InputError
        No range was published whose shape is an assumption, or a result that was loaded without its model.
    """
    found = readings_of(result)
    if not found:
        raise InputError(
            "no published range of this result has an assumed shape",
            remedy="Simulate a model file that has one, or load the result with load_result(path, model=...).",
        )
    parts = []
    for name, rows in figures_by_reading(result, found, figures_read(result)).items():
        frame = distribution(list(rows.values()), pd.Index([name] * len(rows), name="quantity"))
        frame.insert(0, "assumption", pd.Series(list(rows), frame.index, dtype=object))  # messages stay messages
        parts.append(frame)
    kept = ("mean", "p5", "p50", "p95", "probability_of_loss")
    columns = ["assumption", *kept, *(f"{name}_error" for name in kept[:-1]), "probability_error"]
    frame = pd.concat(parts) if parts else distribution([], pd.Index([], name="quantity")).reindex(columns=columns)
    return describe(result, frame[columns], message("readings"))


def figures_read(result: SimulationResult) -> list[str]:
    """Return the figures that are given under each reading."""
    main = result.runner.main_figures(result.selection)
    return [name for name in QUANTITIES if name in main and is_told(result, name)]


def figures_by_reading(
    result: SimulationResult, found: tuple[Reading, ...], names: list[str]
) -> Mapping[str, Mapping[str, Rows]]:
    """Return the nation's rows by quantity and reading, of the quantities that differ between the readings."""
    for reading in found:
        reading.runner.ask([Query(result.selection, name) for name in names])
    rows = {name: {reading.words: reading.runner.nation(result.selection, name) for reading in found} for name in names}
    return {name: of for name, of in rows.items() if _differ(list(of.values()))}


def _differ(rows: list[Rows]) -> bool:
    ends = [[float(part.quantile(p)[0]) for p in (0.05, 0.95)] for part in rows]
    size = max(abs(end) for pair in ends for end in pair)
    return any(max(column) - min(column) > _ENOUGH * size for column in zip(*ends, strict=True))


def _shapes(names: list[str]) -> str:
    return joined([word(name, of="value") for name in dict.fromkeys(names)])


def _widened(driver: Driver, spans: Mapping[str, DriverTerms]) -> Driver:
    """The driver with the ends of its range as P10 and P90 of a normal distribution."""
    terms = spans.get(driver.name)
    if terms is None or terms.low is None or terms.high is None:
        return driver
    return replace(driver, marginal=from_quantiles("normal", number(terms.low), number(terms.high)))


def _of_nation(assembly: Assembly) -> Assembly:
    """The nation alone, which costs little; all municipalities where the nation follows from them only."""
    try:
        return assembly if assembly.national else collapsed(assembly)
    except InputError:
        return assembly
