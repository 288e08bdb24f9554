"""Which value of which driver flips the sign of a figure: one at a time, and jointly along the line of influence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.figures import finite, shown
from ggu_costs.frames import amend
from ggu_costs.impact.answers.base import NATION, SimulationResult, place_of, require_municipalities
from ggu_costs.impact.answers.inversion import Inversion
from ggu_costs.impact.answers.leading import or_leading
from ggu_costs.impact.answers.questions import spec_of
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.results import Result
from ggu_costs.simulation.influence.normal_scores import NormalScoreModel, without_own_draws
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message


@dataclass(frozen=True, kw_only=True)
class BreakEven(Result):
    """Where a figure becomes what is asked.

    Attributes
    ----------
    frame
        By driver; see :meth:`to_frame`.
    middle
        The figure with every driver at its median.
    score
        Standard deviations along the line of greatest influence at which the figure becomes it; NaN where nowhere.
    """

    frame: pd.DataFrame
    middle: float
    score: float

    def to_frame(self) -> pd.DataFrame:
        """Return the figures by driver.

        Returns
        -------
        pandas.DataFrame
            ``name, median``; ``value`` at which the driver alone flips the sign (NaN: no value of it does) and
            ``driver_place``, the part of its distribution below that; ``lowest, highest``, what it gives alone (euro);
            and ``joint_value, joint_place``, of all drivers together.
        """
        units = {"lowest": "EUR", "highest": "EUR", "driver_place": "share", "joint_place": "share"}
        framed = self._framed(self.frame.copy(), units)
        plain = dict.fromkeys(("median", "value", "joint_value"), 4)
        return amend(framed, decimals={"EUR": -3, "driver_place": 0, "joint_place": 0} | plain)


def break_even(result: SimulationResult, quantity: str = "", *, at: float = 0.0, of: str = NATION) -> BreakEven:
    """Return which value of which driver makes a figure 0, or another amount.

    Parameters
    ----------
    quantity
        See :mod:`ggu_costs.impact.answers.questions`; by default the figure that is told first.
    at
        Euro that the figure becomes.
    of
        ``nation``, or the code of a municipality.

    Raises
    ------
    InputError
        An amount that is not finite; a programme made of a function, or a loaded result without its model.
    """
    result.runner.require_terms()
    target = finite(at)
    if target is None:
        raise InputError(f"at {shown(at)}", remedy="Give a finite amount in euro.")
    asked = or_leading(result, quantity)
    inversion, weights = inversion_of(result, asked), weights_for(result, of)
    alone = inversion.one_at_a_time(weights, float(target))
    jointly = inversion.jointly(weights, float(target))
    rows = {}
    for (place, d, name), one, (low, high) in zip(inversion.common, alone, inversion.ends(weights), strict=True):
        moved = jointly.values.get(name, math.nan)
        rows[name] = {
            "name": result.assembly.driver_words(name), "median": inversion.value(place, d, 0.0),
            "value": one.values.get(name, math.nan), "driver_place": one.place, "lowest": low, "highest": high,
            "joint_value": moved, "joint_place": inversion.joint_place(weights, name, jointly.score),
        }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*COLUMNS])
    frame.index.name = "driver"
    frame["name"] = pd.Series([row["name"] for row in rows.values()], frame.index, dtype=object)
    notes = [message("break_even_median"), message("break_even_joint")]
    return BreakEven(
        title=message("break_even_of", title=result.title, what=quantity_words(asked), amount=float(target)),
        notes=tuple(notes), provenance=result.provenance, illustrative=result.illustrative, frame=frame,
        middle=inversion.at_median(weights), score=jointly.score,
    )  # fmt: skip


COLUMNS = ("name", "median", "value", "driver_place", "lowest", "highest", "joint_value", "joint_place")


def inversion_of(result: SimulationResult, quantity: str) -> Inversion:
    """Return a figure as a function of its drivers, what every municipality draws for itself at its mean."""
    spec = spec_of(result.assembly, result.selection, quantity, "moments", "none")
    return Inversion(NormalScoreModel.of(without_own_draws(spec)))


def weights_for(result: SimulationResult, of: str) -> FloatArray:
    """Weights of the municipalities in the figure of the nation, or of one."""
    many = len(result.assembly.units)
    if of == NATION:
        return np.ones(many)
    require_municipalities(result)
    return np.asarray(np.eye(many)[place_of(result, of)])
