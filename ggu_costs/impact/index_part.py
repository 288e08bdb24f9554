"""What part of the costs of a programme, of their rise over the years, and of what another costs more, is index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.frames import amend
from ggu_costs.impact.answers.base import SHOWN, describe
from ggu_costs.impact.answers.distributions import asked
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.result import ImpactResult
from ggu_costs.words.messages import message

FIGURE = "cost"
"""Costs, before benefits and compensation: only of these is a part index that may be told as a share."""


def without_index(definition: ProgrammeDefinition) -> ProgrammeDefinition:
    """Return what the file says with every amount left at the prices it is stated at.

    Raises
    ------
    InputError
        No line has an index.
    """
    if not is_indexed(definition):
        raise InputError(f"{definition.id}: no line has an index", remedy="Give the lines an index in the model file.")
    lines = tuple(line.model_copy(update={"index": None}) for line in definition.lines)
    return definition.model_copy(update={"lines": lines})


def questions_of_index(result: ImpactResult) -> Iterator[Query]:
    """Give what :func:`index_part` asks of a result."""
    if result.definition is not None and is_indexed(result.definition):
        yield from asked(result, [f"{FIGURE}:{year}" for year in result.assembly.years])


def index_part(result: ImpactResult, bare: Assembly) -> pd.DataFrame:
    """Return by year what costs would be without index, and what the index adds, in the mean.

    Parameters
    ----------
    result
        The programme with its indices.
    bare
        The same programme without them, which is asked on the same draws.

    Returns
    -------
    pandas.DataFrame
        By year ``without_index`` (at the prices that the file states), ``index``, ``cost`` and ``index_share``, the
        part of ``cost`` that is index; and ``rise, index_rise``: the change from the year before, and what of it is
        index.
    """
    years = result.assembly.years
    names = [f"{FIGURE}:{year}" for year in years]
    means = []
    for runner in (TermRunner(bare, result.runner.settings), result.runner):
        runner.ask(asked(result, names))
        means.append(np.array([float(runner.nation(result.selection, name).mean[0]) for name in names]))
    before, after = means
    index = after - before
    frame = pd.DataFrame({"without_index": before, "index": index, "cost": after}, index=pd.Index(years, name="year"))
    frame["index_share"] = np.divide(index, after, out=np.full(len(years), np.nan), where=after != 0)
    frame["rise"], frame["index_rise"] = frame["cost"].diff(), frame["index"].diff()
    euro = dict.fromkeys(("without_index", "index", "cost", "rise", "index_rise"), "EUR")
    told = describe(result, frame, message("index_part_of"), units=euro | {"index_share": "share"})
    return amend(told, decimals={"EUR": SHOWN[True], "index_share": 1})


def is_indexed(definition: ProgrammeDefinition) -> bool:
    """Whether a line of the programme has an index."""
    return any(line.index is not None for line in definition.lines)


def index_between(first: tuple[ImpactResult, pd.DataFrame], other: tuple[ImpactResult, pd.DataFrame]) -> pd.DataFrame:
    """Return by common year what another programme costs more, and what of that is index, in the mean.

    Parameters
    ----------
    first, other
        Results with their index parts.

    Returns
    -------
    pandas.DataFrame
        By year ``cost_a, cost_b, rise``; ``index_rise``: the index of the other less that of the first. It is PM (NaN)
        where the two state their amounts at prices of different years: the index between these is in the amounts.
    """
    (one, before), (another, after) = first, other
    years = [year for year in before.index if year in after.index]
    frame = pd.DataFrame({"cost_a": before["cost"], "cost_b": after["cost"]}, index=pd.Index(years, name="year"))
    frame["rise"] = frame["cost_b"] - frame["cost_a"]
    alike = _bases(one) == _bases(another)
    frame["index_rise"] = (after["index"] - before["index"]).reindex(years) if alike else np.nan
    told = describe(one, frame, message("index_between"), units=dict.fromkeys(frame.columns, "EUR"))
    return amend(told, decimals={"EUR": SHOWN[True]}, pm=["index_rise"])


def _bases(result: ImpactResult) -> set[int]:
    """Years of whose prices the amounts are that an index raises."""
    lines = () if result.definition is None else result.definition.lines
    return {line.index.base_year for line in lines if line.index is not None}
