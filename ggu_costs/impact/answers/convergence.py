"""How the figures settle as draws are added, and the published ranges beside what the analysis gives."""

from dataclasses import replace

import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.answers.runner import Query, Runner
from ggu_costs.impact.answers.statistics import distribution, figures_of_one
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.driver_terms import number
from ggu_costs.impact.programme.notes import shape_words
from ggu_costs.words.messages import joined, message

_LEAST = 256
_STEPS = 6


def convergence(result: SimulationResult, quantity: str = "net") -> pd.DataFrame:
    """Return the national figures of a growing number of draws.

    Plain draws are the first ones of the run itself, so each row continues the one before it; Latin hypercubes and
    Sobol points are laid anew for every number.

    Returns
    -------
    pandas.DataFrame
        By ``draws``: ``mean, sd, p5, p25, p50, p75, p95, probability_of_loss`` and their simulation errors.
    """
    settings = result.runner.settings
    counts = [settings.draws >> step for step in range(_STEPS, 0, -1) if settings.draws >> step >= _LEAST]
    runners = [result.runner.again(replace(settings, draws=count)) for count in counts]
    rows = [runner.nation(result.selection, quantity) for runner in (*runners, result.runner)]
    frame = distribution(rows, pd.Index([*counts, settings.draws], name="draws"))
    return describe(result, frame, message("convergence"))


def published(result: SimulationResult) -> pd.DataFrame:
    """Return published ranges beside P5 to P95 of the analysis, with its shape, and the same with a second shape.

    Returns
    -------
    pandas.DataFrame
        By range ``name, low, high, reading`` as published, ``source``; ``p5, p50, p95`` with ``shape, shape_by``;
        ``second_p5, second_p50, second_p95`` with ``second_shape``; euro, plus is a cost. Quantiles have their
        simulation errors, such as ``p5_error``.

    Raises
    ------
    InputError
        A programme made in Python, or a loaded result.

    Notes
    -----
    Published amounts stay as they were published. Where they are of all governments together and the figures are of
    municipalities, ``municipal_share`` is the part that falls to these.
    """
    definition = result.definition
    if definition is None or result.other_shape is None:
        raise InputError(
            "this result holds no published ranges",
            remedy="Simulate the model file, or load the result with load_result(path, model=...).",
        )
    other = None
    if any(driver.second_shape for driver in definition.drivers):
        other = TermRunner(result.other_shape(), result.runner.settings)
    queries = questions_of_published(result)
    result.runner.ask(queries)
    if other is not None:
        other.ask(queries)
    share, shapes = result.municipal_share, _shapes(definition, turned=result.second_shape)
    rows = []
    for item, query in zip(definition.published, queries, strict=True):
        low = number(item.low if item.low is not None else item.value)
        high = number(item.high if item.high is not None else item.value)
        source = next(iter(item.figures().values())).source
        row: dict[str, object] = {"name": item.name, "low": low, "high": high, "reading": item.reading}
        row |= {"source": definition.sources[source].title if source else "", "sign": item.sign}
        row |= {} if share is None else {"municipal_share": share}
        quantiles = _quantiles(result.runner, query, "")
        row |= quantiles | (shapes if quantiles["p5"] != quantiles["p95"] else dict.fromkeys(shapes, ""))
        row |= _quantiles(other, query, "second_") if other is not None else {}
        rows.append(row)
    frame = pd.DataFrame(rows, index=pd.Index([item.id for item in definition.published], name="item"))
    frame = frame.astype({name: object for name in shapes if name in frame})  # messages stay messages
    amounts = [str(name) for name in frame.columns if frame[name].dtype.kind == "f"]
    units = dict.fromkeys(amounts, "EUR") | ({} if share is None else {"municipal_share": "share"})
    key = "published_ranges" if other is None else "published_ranges_assumed"
    title = message(key, title=result.title)  # of several alternatives
    return frames.amend(describe(result, frame, "", units=units), title=title)


def questions_of_published(result: SimulationResult) -> list[Query]:
    """Return what :func:`published` asks, in the order of the file."""
    first, stated = result.assembly.alternatives[0].id, () if result.definition is None else result.definition.published
    return [
        Query(item.alternative or first, item.of if item.of in ("one_off", "structural") else f"line:{item.of}")
        for item in stated
    ]


def _quantiles(runner: Runner, query: Query, before: str) -> dict[str, object]:
    figures = figures_of_one(runner.nation(*query.key))
    return {f"{before}{name}{end}": figures[f"{name}{end}"] for end in ("", "_error") for name in ("p5", "p50", "p95")}


def _shapes(definition: ProgrammeDefinition, *, turned: bool) -> dict[str, object]:
    """Words for the shape of the figures and for the other one; `turned` where every range has its second shape."""
    ranges = [driver for driver in definition.drivers if driver.published_range]
    words = [
        joined(dict.fromkeys(shape_words(str(getattr(driver, name))) for driver in ranges))
        for name in ("shape", "second_shape")
    ]
    first, second = reversed(words) if turned else words
    who = ", ".join(dict.fromkeys(driver.shape_by for driver in ranges))
    return {"shape": first, "shape_by": who, "second_shape": second}
