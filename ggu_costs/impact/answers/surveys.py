"""Surveys of which only the mean was published: who were asked, who answered, and that no interval can be given."""

import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.programme.line_terms import Line
from ggu_costs.words.messages import message


def surveyed(result: SimulationResult) -> dict[str, Line]:
    """Return the lines of a selection that are the mean of a survey, by id; none of a loaded result without model."""
    stated = () if result.definition is None else result.definition.lines
    inside = {role.id for role in result.lines()}
    return {line.id: line for line in stated if line.survey is not None and line.id in inside}


def surveys(result: SimulationResult) -> pd.DataFrame:
    """Return for each line that is the mean of a survey how many were asked and answered, and its mean as published.

    Returns
    -------
    pandas.DataFrame
        By line ``line, who, asked, answered, usable, response, per_inhabitant, interval``. The interval is a sentence:
        without answers there is none.

    Raises
    ------
    InputError
        No line is the mean of a survey.
    """
    rows = {}
    for name, line in surveyed(result).items():
        assert line.survey is not None  # noqa: S101 (chosen by it)
        asked, answered = line.survey.asked, line.survey.answered
        rate = line.amount if line.amount is not None and line.amount.unit == "EUR/inhabitant" else None
        rows[name] = (
            line.name, line.survey.who, asked, answered, line.survey.usable, answered / asked,
            float("nan") if rate is None or rate.value is None else float(str(rate.value)), message("no_interval"),
        )  # fmt: skip
    if not rows:
        raise InputError(
            "no line of this programme is the mean of a survey", remedy="Give a line survey = { asked = ... }."
        )
    columns = ["line", "who", "asked", "answered", "usable", "response", "per_inhabitant", "interval"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"interval": object})
    frame.index.name = "item"
    units = dict.fromkeys(("asked", "answered", "usable"), "count")
    units |= {"response": "share", "per_inhabitant": "EUR/inhabitant"}
    if frame["per_inhabitant"].isna().all():
        frame = frame.drop(columns="per_inhabitant")
    return describe(result, frame, message("surveys"), units={k: v for k, v in units.items() if k in frame})
