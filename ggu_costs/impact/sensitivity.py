r"""Which drivers make the spread of an outcome y.

* **tornado**: y with one driver at its P10 and at its P90, all others at their median;
* **rank correlation** (Spearman) of driver and outcome;
* **Sobol indices**: first order :math:`S_i = V(E[y \mid x_i]) / V(y)`, the part of the variance that goes when the
  driver is known, and total :math:`T_i = E[V(y \mid x_{-i})] / V(y)`, the part that stays when all others are. For
  independent drivers the first orders add up to at most 1 and the totals to at least 1;
* **Shapley effects**: with :math:`c(S) = V(E[y \mid x_S]) / V(y)`, the mean over all orders of the drivers of what a
  driver adds to c. They add up to 1 whether drivers are correlated or not: with correlated drivers read these.

How they are estimated is told in :mod:`ggu_costs.impact.effects`. Errors follow from the products that are averaged,
and the intervals are 95 %.

References
----------
Sobol', I. (2001). Global sensitivity indices. Mathematics and Computers in Simulation 55, 271-280.
Owen, A. (2014). Sobol' indices and Shapley value. SIAM/ASA Journal on Uncertainty Quantification 2, 245-251.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact.assembly import SAMPLING
from ggu_costs.impact.effects import LEAST_POINTS, Effects, effects_of, sobol_of
from ggu_costs.impact.questions import output_of
from ggu_costs.impact.scored import Scored, without_own_draws

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.impact.scored import Scores
    from ggu_costs.typing import FloatArray

__all__ = ["Sensitivity", "sensitivity", "sensitivity_by", "sobol_by_municipality"]

_Z90 = NormalDist().inv_cdf(0.9)
_REACH = NormalDist().inv_cdf(0.975)
_MEASURES = ("first", "total", "shapley")
_COMMON = "Gevoeligheid van wat gemeenten gemeen hebben: wat elke gemeente voor zich trekt, staat op zijn gemiddelde."
_LINKED = "Drijvers hangen samen: lees de Shapley-effecten; Sobol-indices gaan uit van onafhankelijke drijvers."


@dataclass(frozen=True, kw_only=True)
class Sensitivity(Result):
    """What makes the spread of one outcome.

    Attributes
    ----------
    frame
        The figures; see :meth:`to_frame`.
    correlated
        Whether any drivers are correlated: then read the Shapley effects.
    middle
        The outcome with every driver at its median.
    """

    frame: pd.DataFrame
    correlated: bool
    middle: float

    def to_frame(self) -> pd.DataFrame:
        """Return the figures by driver, the largest Shapley effect first.

        Returns
        -------
        pandas.DataFrame
            ``name, low, high, swing`` (tornado, euro), ``rank_correlation``, and ``first, total, shapley`` each with
            its ``_low`` and ``_high``.
        """
        return self._framed(self.frame.copy(), dict.fromkeys(("low", "high", "swing"), "EUR"))


def sensitivity(result: ImpactResult, quantity: str, of: str | tuple[str, str], points: int) -> Sensitivity:
    """Return what makes the spread of the nation's figure, of one municipality's, or of a group's.

    Parameters
    ----------
    of
        ``nation``, the code of a municipality, or (column, group) such as ``("province", "Utrecht")``.
    points
        Points of each evaluation, 256 or more; for Shapley effects of many drivers fewer.
    """
    import pandas as pd

    _check(points)
    model = _model(result, quantity)
    outcome = _outcome(result, of)[None, :]
    effects = effects_of(model, outcome, result.runner.settings.seed, points)
    names = model.names
    frame = pd.DataFrame({"name": [_words(result, name) for name in names]}, index=pd.Index(names, name="driver"))
    middle, low, high = _tornado(model, outcome)
    frame["low"], frame["high"], frame["swing"] = low, high, np.abs(high - low)
    frame["rank_correlation"] = _ranks(effects)
    for label in _MEASURES:
        value, error = (part[0] for part in getattr(effects, label))
        frame[label] = value
        frame[f"{label}_low"], frame[f"{label}_high"] = value - _REACH * error, value + _REACH * error
    correlated = _correlated(model)
    frame = frame.sort_values("shapley", ascending=False, kind="stable") if len(frame) else frame
    return Sensitivity(
        title=f"{result.title}: gevoeligheid", notes=(_COMMON, *[_LINKED] * correlated, *result.notes),
        provenance=result.provenance, illustrative=result.illustrative, frame=frame, correlated=correlated,
        middle=middle,
    )  # fmt: skip


def sensitivity_by(result: ImpactResult, group: Any, quantity: str, points: int) -> pd.DataFrame:
    """Return what makes the spread of every municipality's figure, or of every group's, all at once.

    Parameters
    ----------
    group
        ``municipality``; a reference column (``size_class``, ``province``, ``safety_region``) or own groups as
        :func:`ggu_costs.groups` takes them.
    points
        Points of each evaluation, 256 or more; for Shapley effects of many drivers fewer.

    Returns
    -------
    pandas.DataFrame
        By code or group two columns for each driver and measure, ``(first, driver)``, ``(first_error, driver)`` and so
        on for ``total`` and ``shapley``: parts of the variance, and their standard errors. With correlated drivers read
        the Shapley effects.
    """
    import pandas as pd

    _check(points)
    result._municipal()
    labels, outcomes = _outcomes(result, group)
    model = _model(result, quantity)
    effects = effects_of(model, outcomes, result.runner.settings.seed, points)
    columns: dict[tuple[str, str], FloatArray] = {}
    for label in _MEASURES:
        for name, measured in zip((label, f"{label}_error"), getattr(effects, label), strict=True):
            columns |= {(name, driver): measured[:, d] for d, driver in enumerate(model.names)}
    return pd.DataFrame(columns, index=labels)


def sobol_by_municipality(result: ImpactResult, quantity: str, points: int) -> pd.DataFrame:
    """Return first-order and total Sobol indices of every municipality at once.

    Returns
    -------
    pandas.DataFrame
        By code, two columns for each driver: (``first`` or ``total``, driver). Drivers are taken as independent.
    """
    import pandas as pd

    result._municipal()
    model = _model(result, quantity)
    indices = sobol_of(model, result.runner.settings.seed, points)
    columns = pd.MultiIndex.from_product([("first", "total"), model.names])
    return pd.DataFrame(np.hstack(indices), index=pd.Index(result.assembly.units, name="code"), columns=columns)


def _check(points: Any) -> None:
    if isinstance(points, bool) or not hasattr(points, "__index__") or points < LEAST_POINTS:
        raise InputError(f"points {points!r}", remedy=f"Give a whole number, {LEAST_POINTS} or more.")


def _model(result: ImpactResult, quantity: str) -> Scored:
    output = output_of(result.assembly, result.selection, quantity, "moments", "none")
    return Scored.of(without_own_draws(result.assembly.spec([output])))


def _words(result: ImpactResult, name: str) -> str:
    known = {SAMPLING + role.id: f"steekproeffout van: {role.name}" for role in result.assembly.roles.values()}
    if result.definition is not None:
        known |= {driver.id: driver.name for driver in result.definition.drivers}
    return known.get(name, name)


def _correlated(model: Scored) -> bool:
    return any(bool((level.factor != np.eye(len(level.names))).any()) for level in model.levels)


def _outcome(result: ImpactResult, of: str | tuple[str, str]) -> FloatArray:
    """Weights of the municipalities in one outcome."""
    many = len(result.assembly.units)
    if of == "nation":
        return np.ones(many)
    result._municipal()
    if isinstance(of, str):
        return np.asarray(np.eye(many)[result._place(of)])
    column, group = of
    labels, outcomes = _outcomes(result, column)
    if outcomes is None or group not in labels:
        raise UnknownNameError("group", group, [] if outcomes is None else list(labels))
    return np.asarray(outcomes[list(labels).index(group)])


def _outcomes(result: ImpactResult, group: Any) -> tuple[pd.Index, FloatArray | None]:
    """Names of the outcomes, and the weights of the municipalities in each; None for each municipality alone."""
    import pandas as pd

    from ggu_costs.reference import groups

    assembly = result.assembly
    if isinstance(group, str) and group == "municipality":
        return pd.Index(assembly.units, name="code"), None
    if assembly.map_day is None:
        raise InputError("groups need the date of the municipal map, and this programme has none",
                         remedy="State map_date where the programme is made.")  # fmt: skip
    made = groups(group, assembly.units, assembly.map_day)
    inside = [[code in codes for code in assembly.units] for codes in map(frozenset, made.members.values())]
    return pd.Index([str(label) for label in made.members], name=made.name), np.array(inside, dtype=np.float64)


def _tornado(model: Scored, outcome: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """The outcome with every driver at its median, and with each in turn at its P10 and at its P90."""
    many = len(model.names)
    scores: Scores = [np.zeros((len(level.names), level.groups, 1 + 2 * many)) for level in model.levels]
    place = 1
    for part in scores:
        for d in range(len(part)):
            part[d, :, place], part[d, :, place + many] = -_Z90, _Z90
            place += 1
    used = np.flatnonzero(outcome[0])
    found = outcome[0, used] @ model.at(scores, used)
    return float(found[0]), found[1 : 1 + many], found[1 + many :]


def _ranks(effects: Effects) -> FloatArray:
    """Spearman's correlation; NaN for what is drawn per group and for what does not vary."""
    order, found = np.argsort(np.argsort(effects.y[0])), []
    for part in effects.scores:
        for x in part:
            plain = len(x) == 1 and effects.y.any()
            found.append(np.corrcoef(np.argsort(np.argsort(x[0])), order)[0, 1] if plain else math.nan)
    return np.array(found)
