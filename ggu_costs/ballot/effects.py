"""Whom a proposal makes better or worse off, weighed by votes: an advantage (voordeel) or a disadvantage (nadeel).

Nobody who did not vote is put down as for or against: a municipality that pays more has a disadvantage, no more than
that.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from ggu_costs.ballot.scale import Scale
from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import read_number, shown
from ggu_costs.frames import describe
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import message

_EFFECTS = "Give effects as a Series by code, or a result of ggu.redistribution."
_SHARES = ("disadvantage", "advantage", "unchanged")


class WithFrame(Protocol):
    """A result that gives a table."""

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        ...


def weighted_effects(
    effects: pd.Series | WithFrame,
    scales: Scale | Sequence[Scale],
    *,
    map_date: DateLike | None = None,
    counting_date: DateLike | None = None,
) -> pd.DataFrame:
    """Return under each scale which part of the votes belongs to municipalities better and worse off.

    Parameters
    ----------
    effects
        Euro by code, plus = pays more: a Series, or any result whose ``to_frame()`` has a column ``difference``.
    scales
        One scale, or several side by side; several unless one is enacted.
    map_date, counting_date
        As in :meth:`Scale.weights <ggu_costs.ballot.scale.Scale.weights>`.

    Returns
    -------
    pandas.DataFrame
        By scale ``members, weight, disadvantage, advantage, unchanged`` (shares of the weight, adding up to 1).

    Raises
    ------
    InputError
        Effects that are missing or not finite, or of other municipalities than have a vote; what is no effects or no
        scale.
    """
    series = effects if isinstance(effects, pd.Series) else _effect_column(effects)
    given = list(scales) if isinstance(scales, Sequence) else [scales]
    if not given:
        raise InputError("no scale of votes", remedy="Give one or more, such as ggu.open_model('ballots/one-each').")
    for scale in given:
        if not isinstance(scale, Scale):
            raise InputError(
                f"scales: {shown(scale)}", remedy="Give scales, such as ggu.open_model('ballots/one-each')."
            )
    rows = []
    for scale in given:
        weights = scale.weights(map_date, counting_date)
        _check(series, weights, scale)
        sign = np.sign(series.reindex(weights.index).to_numpy(dtype=float))
        shares = [float(weights[sign == side].sum()) / float(weights.sum()) for side in (1, -1, 0)]
        rows.append((scale.title, len(weights), int(weights.sum()), *shares))
    frame = pd.DataFrame(rows, columns=["scale", "members", "weight", *_SHARES]).set_index("scale")
    proposed = [scale.title for scale in given if not scale.enacted]
    warning = [message("not_enacted", titles=proposed)] if proposed else []
    return describe(
        frame,
        title=message("weighted_effects"),
        units=dict.fromkeys(_SHARES, "share"),
        illustrative=any(scale.definition.illustrative for scale in given),
        notes=[message("effect_is_no_vote"), *warning],
    )


def _effect_column(result: WithFrame) -> pd.Series:
    if not hasattr(result, "to_frame"):
        raise InputError(f"effects: {shown(result)}", remedy=_EFFECTS)
    frame = result.to_frame()
    if "difference" not in frame:
        raise InputError(
            f"this result has no column difference, but {listed(frame.columns)}",
            remedy=_EFFECTS,
        )
    column: pd.Series = frame["difference"]
    return column


def _check(series: pd.Series, weights: pd.Series, scale: Scale) -> None:
    missing = sorted(set(weights.index) - set(series.index))
    more = sorted(map(str, set(series.index) - set(weights.index)))
    faults = Faults()
    if not weights.any():
        faults.add("weights", "no votes at all", "a scale under which somebody has a vote")
    if missing:
        faults.add("effects", f"none for {len(missing)} members: {listed(missing)}", "an effect for each member")
    if more:
        faults.add("effects", f"of {len(more)} without a vote: {listed(more)}", "members on the day of the assembly")
    for code in series.index[series.index.duplicated()]:
        faults.add(f"effects {code}", "there twice", "each municipality once")
    for code, effect in series.items():
        read_number(effect, f"effects {code}", faults, allowed="a finite amount in euro")
    faults.check(
        f"these effects cannot be weighed by {scale.title!r}",
        remedy="Carry the effects to the map of the assembly's day (see ggu.carry), or give its date as map_date.",
    )
