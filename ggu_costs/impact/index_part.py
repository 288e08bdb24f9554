"""What part of the costs of a programme, and of their rise over the years, is index."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.frames import amend
from ggu_costs.impact.answers.base import SHOWN, describe
from ggu_costs.impact.answers.distributions import asked
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
    if all(line.index is None for line in definition.lines):
        raise InputError(f"{definition.id}: no line has an index", remedy="Give the lines an index in the model file.")
    lines = tuple(line.model_copy(update={"index": None}) for line in definition.lines)
    return definition.model_copy(update={"lines": lines})


def index_part(result: ImpactResult, bare: ImpactResult) -> pd.DataFrame:
    """Return by year what costs would be without index, and what the index adds, in the mean.

    Parameters
    ----------
    result, bare
        The programme with its indices and without them, on the same draws.

    Returns
    -------
    pandas.DataFrame
        By year ``before`` (at the prices that the file states), ``index``, ``after`` and ``index_share``, the part of
        ``after`` that is index; and ``rise, index_rise``: the change from the year before, and what of it is index.
    """
    years = result.assembly.years
    names = [f"{FIGURE}:{year}" for year in years]
    means = []
    for one in (bare, result):
        one.runner.ask(asked(one, names))
        means.append(np.array([float(one.runner.nation(one.selection, name).mean[0]) for name in names]))
    before, after = means
    index = after - before
    frame = pd.DataFrame({"before": before, "index": index, "after": after}, index=pd.Index(years, name="year"))
    frame["index_share"] = np.divide(index, after, out=np.full(len(years), np.nan), where=after != 0)
    frame["rise"], frame["index_rise"] = frame["after"].diff(), frame["index"].diff()
    euro = dict.fromkeys(("before", "index", "after", "rise", "index_rise"), "EUR")
    told = describe(result, frame, message("index_part_of"), units=euro | {"index_share": "share"})
    return amend(told, decimals={"EUR": SHOWN[True], "index_share": 1})
