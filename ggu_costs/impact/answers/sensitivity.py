r"""Which drivers make the spread of an outcome y.

* **tornado**: y with one driver at its P10 and at its P90, all others at their median;
* **rank correlation** (Spearman) of driver and outcome;
* **Sobol indices**: first order :math:`S_i = V(E[y \mid x_i]) / V(y)`, the part of the variance that goes when the
  driver is known, and total :math:`T_i = E[V(y \mid x_{-i})] / V(y)`, the part that stays when all others are. For
  independent drivers the first orders add up to at most 1 and the totals to at least 1;
* **Shapley effects**: with :math:`c(S) = V(E[y \mid x_S]) / V(y)`, the mean over all orders of the drivers of what a
  driver adds to c. They add up to 1 whether drivers are correlated or not: with correlated drivers read these.

What every municipality draws for itself is one row, ``own draws``: with the other drivers in common,

.. math:: V(\sum_i w_i y_i) = V(E[\sum_i w_i y_i \mid common]) + \sum_i w_i^2 \, E[V(y_i \mid common)]

and that row is the last term, what it does together with other drivers included; the others are parts of the rest.

How they are estimated is told in :mod:`ggu_costs.simulation.influence.effects`: on scrambled Sobol points, in four
independent replicates. Errors follow from the spread of the replicates; the intervals are 95 %, by Student's t.

References
----------
Sobol', I. (2001). Global sensitivity indices. Mathematics and Computers in Simulation 55, 271-280.
Owen, A. (2014). Sobol' indices and Shapley value. SIAM/ASA Journal on Uncertainty Quantification 2, 245-251.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import Faults, InputError, UnknownNameError
from ggu_costs.figures import read_whole, shown
from ggu_costs.impact.answers.base import NATION, SimulationResult, groups_in, place_of, require_municipalities
from ggu_costs.impact.answers.function_runner import FunctionRunner
from ggu_costs.impact.answers.questions import output_of, spec_of
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.answers.settings import run_engine
from ggu_costs.results.base import Result
from ggu_costs.simulation.distributions.fits import Z90
from ggu_costs.simulation.influence.effects import (
    LEAST_POINTS,
    MOST_POINTS,
    REACH,
    Effects,
    Measured,
    effects_of,
)
from ggu_costs.simulation.influence.indices import sobol_of
from ggu_costs.simulation.influence.normal_scores import NormalScoreModel, ScoreModel, Scores, without_own_draws
from ggu_costs.simulation.parts import UNIT_LEVEL, drivers_in
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

_REACH = NormalDist().inv_cdf(0.975)  # and not WIDE / 2, whose last bit is another: no figure may change
_MEASURES = ("first", "total", "shapley")
OWN = "own draws"
"""Row of what every municipality draws for itself."""


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
    caveats
        Those of the notes that are about these figures and not about the programme.
    """

    frame: pd.DataFrame
    correlated: bool
    middle: float
    caveats: tuple[str, ...] = field(default=(), repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Return the figures by driver, the largest Shapley effect first.

        Returns
        -------
        pandas.DataFrame
            ``name, low, high, swing`` (tornado, euro), ``rank_correlation``, and ``first, total, shapley`` each with
            its ``_low`` and ``_high``; ``own draws`` is what every municipality draws for itself. NaN: no swing of
            a driver per group where more groups are added up, no rank correlation of what is drawn per group.
        """
        framed = self._framed(self.frame.copy(), dict.fromkeys(("low", "high", "swing"), "EUR"))
        parts = dict.fromkeys((f"{name}{end}" for name in _MEASURES for end in ("", "_low", "_high")), 2)
        return frames.amend(framed, decimals={"EUR": -3, "rank_correlation": 2} | parts)


def sensitivity(
    result: SimulationResult, quantity: str = "net", *, of: str | tuple[str, str] = NATION, points: int = 4096
) -> Sensitivity:
    """Return what makes the spread of the nation's figure, of one municipality's, or of a group's.

    Parameters
    ----------
    of
        ``nation``, the code of a municipality, or (column, group) such as ``("province", "Utrecht")``.
    points
        256 to 4,194,304: a measure of the work, which is about as many evaluations for each subset of the drivers; for
        many drivers fewer. As many Sobol points as that allows make up four replicates.
    """
    points = _read(points)
    question, outcome = _Question(result, quantity), _outcome(result, of)[None, :]
    model, names = question.model, question.model.names
    effects = effects_of(model, outcome, question.seed, points)
    own, off = question.own_shares(outcome, effects)
    middle, low, high = _tornado(model, outcome)
    columns = {"low": low, "high": high, "swing": np.abs(high - low), "rank_correlation": _ranks(effects)}
    for label in _MEASURES:
        value, error = (part[0] for part in _beside(own, off, getattr(effects, label)))
        columns |= {label: value, f"{label}_low": value - REACH * error, f"{label}_high": value + REACH * error}
    labels, words = list(names), [result.assembly.driver_words(name) for name in names]
    if question.drawn_alone:
        labels, words, known = [*labels, OWN], [*words, message("own_draws")], _own_row(float(own[0]), float(off[0]))
        columns = {name: np.append(figures, known.get(name, math.nan)) for name, figures in columns.items()}
    index = pd.Index(labels, name="driver")
    frame = pd.DataFrame({"name": pd.Series(words, index, dtype=object)} | columns, index)  # messages stay messages
    correlated = any(level.correlated for level in model.levels)
    holds = {
        "own_draws_one_row": OWN in frame.index, "no_swing_by_group": bool(np.isnan(low).any()), "linked": correlated
    }  # fmt: skip
    caveats = tuple(message(key) for key, true in holds.items() if true)
    frame = frame.sort_values("shapley", ascending=False, kind="stable") if len(frame) else frame
    return Sensitivity(
        title=message("sensitivity_of", title=result.title), notes=(*caveats, *result.notes), caveats=caveats,
        provenance=result.provenance, illustrative=result.illustrative, frame=frame, correlated=correlated,
        middle=middle,
    )  # fmt: skip


def _beside(own: FloatArray, off: FloatArray, measured: Measured) -> Measured:
    """Parts of the whole variance, own draws included, and their errors, of which the share of these is one."""
    left, error = (1 - own)[:, None], off[:, None]
    return Measured(measured.value * left, np.hypot(measured.error * left, measured.value * error))


def _own_row(share: float, error: float) -> dict[str, float]:
    """What is known of own draws: no swing, and no first order apart from what they do with other drivers."""
    ends = {"": share, "_low": share - _REACH * error, "_high": share + _REACH * error}
    return {f"{label}{end}": value for label in ("total", "shapley") for end, value in ends.items()}


class _Question:
    """A question about a spread: what is drawn in common, and what every municipality draws for itself."""

    def __init__(self, result: SimulationResult, quantity: str) -> None:
        self.runner, self.key = result.runner, (result.selection, quantity)
        self.seed, self.drawn_alone = result.runner.settings.seed, False
        self.model: ScoreModel
        if isinstance(result.runner, FunctionRunner):
            self.model = result.runner.scores(*self.key)
        else:
            spec = spec_of(result.assembly, *self.key, "moments", "none")
            self.model, self.drawn_alone = NormalScoreModel.of(without_own_draws(spec)), _draws_alone(spec)

    def variances(self) -> tuple[FloatArray, FloatArray]:
        """Per municipality the variance of what is drawn in common, and what own draws add, on the draws of the run."""
        whole = np.square(self.runner.units(*self.key, "moments").sd)
        ask_common(self.runner, [self.key])
        variance = np.square(self.runner.memory.common[self.key].sd)
        return variance, np.maximum(whole - variance, 0.0)

    def own_shares(self, outcomes: FloatArray | None, effects: Effects) -> tuple[FloatArray, FloatArray]:
        """Part of the variance of each outcome that own draws make, and its standard error (as for a normal one)."""
        if not self.drawn_alone:
            return np.zeros(len(effects.y)), np.zeros(len(effects.y))
        _, own = self.variances()
        added = own if outcomes is None else np.square(outcomes) @ own
        return _share(np.square(effects.y).mean(axis=1), added, effects.y.shape[1])


def ask_common(runner: Runner, keys: Sequence[tuple[str, str]]) -> None:
    """Work out in one pass how figures of municipalities spread without what each draws for itself.

    Parameters
    ----------
    keys
        Selection and quantity of each; those that nothing is drawn alone for need none.
    """
    with runner.memory.lock:
        new = [key for key in keys if key not in runner.memory.common]
        if not new:
            return
        outputs = [output_of(runner.assembly, *key, "moments", "none") for key in new]
        summaries = run_engine(without_own_draws(runner.assembly.spec(outputs)), runner.settings)
        for key, output in zip(new, outputs, strict=True):
            runner.memory.common[key] = summaries.by_unit(output.name)


def drawn_alone(result: SimulationResult, quantities: Sequence[str]) -> list[tuple[str, str]]:
    """Return selection and quantity of those figures that rest on what each municipality draws for itself."""
    keys = [(result.selection, quantity) for quantity in quantities]
    return [key for key in keys if _draws_alone(spec_of(result.assembly, *key, "moments", "none"))]


def _draws_alone(spec: ModelSpec) -> bool:
    own = {driver.name for driver in spec.drivers if driver.level == UNIT_LEVEL}
    return any(own & drivers_in(term) for term in spec.terms)


def _share(common: FloatArray, own: FloatArray, points: int) -> tuple[FloatArray, FloatArray]:
    whole = common + own
    share = np.divide(own, whole, out=np.zeros(len(own)), where=whole > 0)
    return share, share * (1 - share) * math.sqrt(2 / points)


def sensitivity_by(
    result: SimulationResult, group: Any = "municipality", quantity: str = "net", *, points: int = 1024
) -> pd.DataFrame:
    """Return what makes the spread of every municipality's figure, or of every group's, all at once.

    Parameters
    ----------
    group
        ``municipality``; a reference column (``size_class``, ``province``, ``safety_region``) or own groups as
        :func:`ggu_costs.groups` takes them.
    points
        As for :func:`sensitivity`.

    Returns
    -------
    pandas.DataFrame
        By code or group two columns for each driver and measure, ``(first, driver)``, ``(first_error, driver)`` and so
        on for ``total`` and ``shapley``: parts of the variance, and their standard errors, from four replicates: 3.18
        of them on either side are a 95 % interval. With correlated drivers read the Shapley effects. Driver
        ``own draws`` is what every municipality draws for itself; it has no first order.
    """
    points = _read(points)
    require_municipalities(result)
    labels, outcomes = _outcomes(result, group)
    question = _Question(result, quantity)
    effects = effects_of(question.model, outcomes, question.seed, points)
    own, off = question.own_shares(outcomes, effects)
    columns: dict[tuple[str, str], FloatArray] = {}
    for label in _MEASURES:
        added = () if not question.drawn_alone or label == "first" else (own, off)
        beside = _beside(own, off, getattr(effects, label))
        for k, (name, measured) in enumerate(zip((label, f"{label}_error"), beside, strict=True)):
            columns |= {(name, driver): measured[:, d] for d, driver in enumerate(question.model.names)}
            columns |= {(name, OWN): added[k]} if added else {}
    return pd.DataFrame(columns, index=labels)


def sobol_by_municipality(result: SimulationResult, quantity: str = "net", *, points: int = 4096) -> pd.DataFrame:
    """Return first-order and total Sobol indices of every municipality at once.

    Parameters
    ----------
    points
        Points of each evaluation, 256 to 4,194,304: as many as the power of two from there on.

    Returns
    -------
    pandas.DataFrame
        By code, two columns for each driver: (``first`` or ``total``, driver). Drivers are taken as independent. What
        every municipality draws for itself is (``total``, ``own draws``).
    """
    points = _read(points)
    require_municipalities(result)
    question = _Question(result, quantity)
    indices = np.hstack(sobol_of(question.model, question.seed, points))
    columns = pd.MultiIndex.from_product([("first", "total"), question.model.names])
    codes = pd.Index(result.assembly.units, name="code")
    if not question.drawn_alone:
        return pd.DataFrame(indices, index=codes, columns=columns)
    own, _ = _share(*question.variances(), points)
    frame = pd.DataFrame(indices * (1 - own)[:, None], index=codes, columns=columns)
    frame["total", OWN] = own
    return frame


def _read(points: Any) -> int:
    read = read_whole(points, "points", Faults(), least=LEAST_POINTS, most=MOST_POINTS)
    if read is None:
        raise InputError(
            f"points {shown(points)}", remedy=f"Give a whole number from {LEAST_POINTS} to {MOST_POINTS:,}."
        )
    return read


def _outcome(result: SimulationResult, of: str | tuple[str, str]) -> FloatArray:
    """Weights of the municipalities in one outcome."""
    many = len(result.assembly.units)
    if isinstance(of, str) and of == NATION:
        return np.ones(many)
    require_municipalities(result)
    if isinstance(of, str):
        return np.asarray(np.eye(many)[place_of(result, of)])
    if not isinstance(of, tuple | list) or len(of) != 2 or not isinstance(of[1], str):
        raise InputError(
            f"of: {of!r:.80}",
            remedy="Give 'nation', the code of a municipality, or a column and a group: ('province', 'Utrecht').",
        )
    column, group = of
    labels, outcomes = _outcomes(result, column)
    if outcomes is None or group not in labels:
        raise UnknownNameError("group", group, [] if outcomes is None else list(labels))
    return np.asarray(outcomes[list(labels).index(group)])


def _outcomes(result: SimulationResult, group: Any) -> tuple[pd.Index, FloatArray | None]:
    """Names of the outcomes, and the weights of the municipalities in each; None for each municipality alone."""
    units = result.assembly.units
    if isinstance(group, str) and group == "municipality":
        return pd.Index(units, name="code"), None
    groups = groups_in(result, group)
    inside = [[code in codes for code in units] for codes in map(frozenset, groups.members.values())]
    return pd.Index([str(label) for label in groups.members], name=groups.name), np.array(inside, dtype=np.float64)


def _tornado(model: ScoreModel, outcome: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """The outcome with every driver at its median, and with each in turn at its P10 and at its P90.

    NaN for a driver per group where the outcome adds up more groups: these do not move together.
    """
    many = len(model.names)
    scores: Scores = [np.zeros((len(level.names), level.groups, 1 + 2 * many)) for level in model.levels]
    place = 1
    for part in scores:
        for d in range(len(part)):
            part[d, :, place], part[d, :, place + many] = -Z90, Z90
            place += 1
    used = np.flatnonzero(outcome[0])
    found = outcome[0, used] @ model.at(scores, used)
    several = np.repeat(
        [level.groups > 1 and used.size > 1 for level in model.levels], [len(level.names) for level in model.levels]
    )
    low, high = (np.where(several, math.nan, part) for part in (found[1 : 1 + many], found[1 + many :]))
    return float(found[0]), low, high


def _ranks(effects: Effects) -> FloatArray:
    """Spearman's correlation; NaN for what is drawn per group and for what does not vary."""
    order, found = np.argsort(np.argsort(effects.y[0])), []
    for part in effects.scores:
        for x in part:
            plain = len(x) == 1 and effects.y.any()
            found.append(np.corrcoef(np.argsort(np.argsort(x[0])), order)[0, 1] if plain else math.nan)
    return np.array(found)
