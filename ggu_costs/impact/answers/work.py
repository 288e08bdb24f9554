"""What lines by the standard cost model (P x Q) come to: by step, by function, and price times volume.

Amounts are of the nation, positive, not discounted; one-off of all years together, structural of the structural year.
Hours and fte are means; an fte of a one-off step is a year of work of one person.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.impact.programme.assembly import Work
from ggu_costs.words.messages import message

_SHOWN = ("mean", "p5", "p50", "p95", "mean_error")
_LARGE = 1e6
"""Amounts from here on are told in thousands."""


def works_in(result: SimulationResult) -> dict[str, Work]:
    """Return the steps of a selection, by the question what one of them costs."""
    works = [work for _, alternative in result.assembly.sides(result.selection) for work in alternative.works]
    return {f"step:{work.line}/{work.step}": work for work in works}


def _functions(result: SimulationResult) -> dict[str, list[Work]]:
    """Steps by the question what those of one function cost, of lines of a kind and nature."""
    found: dict[str, list[Work]] = {}
    for work in works_in(result).values():
        role = result.assembly.roles[work.line]
        if work.function:
            found.setdefault(f"function:{role.kind}/{role.nature}/{work.function}", []).append(work)
    return found


def _volumes(result: SimulationResult) -> list[str]:
    """Lines that have a volume."""
    sides = result.assembly.sides(result.selection)
    return list(dict.fromkeys(line for _, alternative in sides for line in alternative.volumes))


def _hours_of(question: str) -> str:
    """The question how many hours something takes, by the question what it costs."""
    return question.replace("step:", "hours:", 1).replace("function:", "function_hours:", 1)


def questions_of_work(result: SimulationResult) -> list[Query]:
    """Return what the tables of this module ask."""
    works, functions = works_in(result), _functions(result)
    asked = [*works, *(_hours_of(question) for question, work in works.items() if work.function), *functions]
    asked += [*map(_hours_of, functions), *(f"volume:{line}" for line in _volumes(result))]
    return [Query(result.selection, question) for question in asked]


def steps(result: SimulationResult) -> pd.DataFrame:
    """Return what each step of a line by the standard cost model costs, with its hours and fte.

    Returns
    -------
    pandas.DataFrame
        By ``LINE/STEP`` ``line, step, function, kind, nature, hours, fte, mean, p5, p50, p95, mean_error``. A step at a
        price has no hours.

    Raises
    ------
    InputError
        No line is stated by the standard cost model.
    """
    works = works_in(result)
    _require(works)
    lines = [result.assembly.roles[work.line] for work in works.values()]
    frame = _amounts(result, list(works), [question.partition(":")[2] for question in works])
    frame.insert(0, "line", [role.name for role in lines])
    frame.insert(1, "step_of_line", [work.name for work in works.values()])
    frame.insert(2, "function", [work.function for work in works.values()])
    frame.insert(3, "kind", [role.kind for role in lines])
    frame.insert(4, "nature", [role.nature for role in lines])
    hours = [_mean(result, _hours_of(question)) if work.function else np.nan for question, work in works.items()]
    frame.insert(5, "hours", hours)
    frame.insert(6, "fte", [_fte(hour, [work]) for hour, work in zip(hours, works.values(), strict=True)])
    return _told(result, frame, message("cost_by_step"))


def functions(result: SimulationResult) -> pd.DataFrame:
    """Return what the steps of each function cost together, with their hours and fte, by kind and nature of the lines.

    Returns
    -------
    pandas.DataFrame
        By function the columns of :func:`steps`, without line and step; by ``KIND/NATURE/FUNCTION`` where a function
        has rows of several kinds or natures.
    """
    found = _functions(result)
    _require(found)
    keys = [question.partition(":")[2] for question in found]
    parts = [key.split("/", 2) for key in keys]
    alone = [function for *_, function in parts]
    frame = _amounts(result, list(found), alone if len(set(alone)) == len(alone) else keys)
    for place, name in enumerate(("kind", "nature", "function")):
        frame.insert(0 if name == "function" else place, name, [part[place] for part in parts])
    if list(frame.index) == alone:  # the index says it
        frame.index.name = "function"
        frame = frame.drop(columns="function")
    hours = [_mean(result, _hours_of(question)) for question in found]
    frame.insert(frame.shape[1] - len(_SHOWN), "hours", hours)
    frame.insert(
        frame.shape[1] - len(_SHOWN),
        "fte",
        [_fte(hour, works) for hour, works in zip(hours, found.values(), strict=True)],
    )
    return _told(result, frame, message("cost_by_function"))


def volumes(result: SimulationResult) -> pd.DataFrame:
    """Return price times volume (P x Q): cases, euro a case and the product of each line, in the mean.

    Returns
    -------
    pandas.DataFrame
        By line, and by ``LINE/GROUP`` where a volume is made up of groups, ``line, group, volume, unit_price, mean``.
        What a case of one group costs is not said: then price and amount are PM.
    """
    lines = _volumes(result)
    _require(lines)
    rows: dict[str, tuple[str, str, float, float, float]] = {}
    for line in lines:
        name, steps_of = (
            result.assembly.roles[line].name,
            [q for q, work in works_in(result).items() if work.line == line],
        )
        volume, amount = _mean(result, f"volume:{line}"), sum(_mean(result, question) for question in steps_of)
        for group, label, part in _groups(result, line):
            rows[f"{line}/{group}"] = (name, label, part, np.nan, np.nan)
        rows[line] = (name, "", volume, amount / volume if volume else np.nan, amount)
    columns = ["line", "group", "volume", "unit_price", "mean"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.index.name = "item"
    return _told(result, frame, message("price_times_volume"), pm=("unit_price",))


def _groups(result: SimulationResult, line: str) -> list[tuple[str, str, float]]:
    """The groups of a volume, with their size."""
    stated = () if result.definition is None else result.definition.lines
    scm = next((one.scm for one in stated if one.id == line), None)
    return [] if scm is None else [(group.id, group.name, float(str(group.cases.value))) for group in scm.made_up_of]


def _require(found: Iterable[object]) -> None:
    if not list(found):
        remedy = "Give a line [lines.scm] with steps, or ask by_line()."
        raise InputError("no line of this programme is stated by steps (standard cost model)", remedy=remedy)


def _mean(result: SimulationResult, question: str) -> float:
    return float(result.runner.nation(result.selection, question).mean[0])


def _fte(hours: float, works: Sequence[Work]) -> float:
    """Hours as fte; not known where a step does not say how many hours an fte is, or they differ."""
    known = {work.productive_hours for work in works}
    whole = known.pop() if len(known) == 1 else None
    return np.nan if whole is None else hours / whole


def _amounts(result: SimulationResult, questions: Sequence[str], names: Sequence[str]) -> pd.DataFrame:
    result.runner.ask(questions_of_work(result))
    rows = [result.runner.nation(result.selection, question) for question in questions]
    return distribution(rows, pd.Index(names, name="item"))[list(_SHOWN)]


def _told(result: SimulationResult, frame: pd.DataFrame, words: str, pm: Sequence[str] = ()) -> pd.DataFrame:
    """Title, units, and how it is rounded."""
    units = {"mean": "EUR", "hours": "hours", "fte": "fte", "volume": "count", "unit_price": "EUR/unit"}
    named = {name: unit for name, unit in units.items() if name in frame.columns}
    unknown = [name for name in ("hours", "fte") if name in frame and frame[name].isna().all()]
    unknown += [name for name in ("group", "function") if name in frame and (frame[name] == "").all()]
    frame = describe(result, frame.drop(columns=unknown), words, units=named, pm=pm)
    amounts = -3 if frame["mean"].max() >= _LARGE else 0
    decimals = frame.attrs["decimals"] | {"EUR": amounts, "EUR/unit": 2, "hours": 0, "fte": 1, "count": 0}
    return frames.amend(frame, decimals=decimals)
