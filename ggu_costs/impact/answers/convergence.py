"""How the figures settle as draws are added, and the published ranges beside what the analysis gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.frames import PERCENTILES, described, quantile_error, quantile_of
from ggu_costs.impact.answers.runner import Asked
from ggu_costs.impact.programme.driver_terms import number
from ggu_costs.impact.programme.notes import ASSUMED, shape_words

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.answers.runner import Runner
    from ggu_costs.impact.programme.definition import ProgrammeDefinition
    from ggu_costs.impact.programme.line_terms import PublishedRange
    from ggu_costs.impact.result import ImpactResult

__all__ = ["convergence", "published"]

_LEAST = 256
_STEPS = 6


def convergence(result: ImpactResult, quantity: str) -> pd.DataFrame:
    """Return the national figures of a growing number of draws.

    Plain draws are the first ones of the run itself, so each row continues the one before it; Latin hypercubes and
    Sobol points are laid anew for every number.

    Returns
    -------
    pandas.DataFrame
        By ``draws``: ``mean, sd, p5, p25, p50, p75, p95, probability_of_loss`` and their simulation errors.
    """
    import pandas as pd

    settings = result.runner.settings
    counts = [settings.draws >> step for step in range(_STEPS, 0, -1) if settings.draws >> step >= _LEAST]
    rows = []
    for count in counts:
        shorter = result.runner.again(replace(settings, draws=count, progress=False))
        rows.append(described(shorter.nation(result.selection, quantity)))
    rows.append(described(result.runner.nation(result.selection, quantity)))
    frame = pd.concat(rows)
    frame.index = pd.Index([*counts, settings.draws], name="draws")
    return frame


def published(result: ImpactResult) -> pd.DataFrame:
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
    import pandas as pd

    definition = result.definition
    if definition is None or result.second is None:
        raise InputError("this result holds no published ranges", remedy="Simulate the model file.")
    other = None
    if any(driver.second_shape for driver in definition.drivers):
        other = result.runner.again(result.runner.settings, result.second())
    asked = [Asked(_selection(result, item), _quantity(item)) for item in definition.published]
    result.runner.ask(asked)
    if other is not None:
        other.ask(asked)
    share, shapes = result.municipal_share, _shapes(definition, turned=bool(result.provenance.get("second_shape")))
    rows = []
    for item, one in zip(definition.published, asked, strict=True):
        low = number(item.low if item.low is not None else item.value)
        high = number(item.high if item.high is not None else item.value)
        source = next(iter(item.figures().values())).source
        row: dict[str, object] = {"name": item.name, "low": low, "high": high, "reading": item.reading}
        row |= {"source": definition.sources[source].title if source else "", "sign": item.sign}
        row |= {} if share is None else {"municipal_share": share}
        found = _quantiles(result.runner, one, "")
        row |= found | (shapes if found["p5"] != found["p95"] else dict.fromkeys(shapes, ""))
        row |= _quantiles(other, one, "second_") if other is not None else {}
        rows.append(row)
    frame = pd.DataFrame(rows, index=pd.Index([item.id for item in definition.published], name="item"))
    amounts = [str(name) for name in frame.columns if frame[name].dtype.kind == "f"]
    frame.attrs["units"] = dict.fromkeys(amounts, "EUR") | ({} if share is None else {"municipal_share": "share"})
    assumed = f" ({ASSUMED[0].lower()}{ASSUMED[1:]})" if other is not None else ""
    framed = result._marked(frame, "")
    framed.attrs["title"] = f"{result.title}: gepubliceerde bandbreedtes{assumed}"  # of several alternatives
    return framed


def _quantity(item: PublishedRange) -> str:
    return item.of if item.of in ("one_off", "structural") else f"line:{item.of}"


def _selection(result: ImpactResult, item: PublishedRange) -> str:
    return item.alternative or result.assembly.choices[0].id


def _quantiles(runner: Runner, asked: Asked, before: str) -> dict[str, object]:
    rows = runner.nation(asked.selection, asked.quantity)
    asked_for = {name: PERCENTILES[name] for name in ("p5", "p50", "p95")}
    found: dict[str, object] = {f"{before}{name}": float(quantile_of(rows, p)[0]) for name, p in asked_for.items()}
    return found | {f"{before}{name}_error": float(quantile_error(rows, p)[0]) for name, p in asked_for.items()}


def _shapes(definition: ProgrammeDefinition, *, turned: bool) -> dict[str, object]:
    """Words for the shape of the figures and for the other one; `turned` where every range has its second shape."""
    ranges = [driver for driver in definition.drivers if driver.published_range]
    words = [
        ", ".join(dict.fromkeys(shape_words(str(getattr(driver, name))) for driver in ranges))
        for name in ("shape", "second_shape")
    ]
    first, second = reversed(words) if turned else words
    who = ", ".join(dict.fromkeys(driver.shape_by for driver in ranges))
    return {"shape": first, "shape_by": who, "second_shape": second}
