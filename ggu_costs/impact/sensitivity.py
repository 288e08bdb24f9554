r"""Which drivers make the spread of an outcome y.

* **tornado**: y with one driver at its P10 and at its P90, all others at their median;
* **rank correlation** (Spearman) of driver and outcome;
* **Sobol indices**: first order :math:`S_i = V(E[y \mid x_i]) / V(y)`, the part of the variance that goes when the
  driver is known, and total :math:`T_i = E[V(y \mid x_{-i})] / V(y)`, the part that stays when all others are. For
  independent drivers the first orders add up to at most 1 and the totals to at least 1;
* **Shapley effects**: with :math:`c(S) = V(E[y \mid x_S]) / V(y)`, the mean over all orders of the drivers of what a
  driver adds to c. They add up to 1 whether drivers are correlated or not: with correlated drivers read these.

c(S) is the covariance of y with an outcome y' that shares the drivers in S and draws the others anew, given those in S
(for the Gaussian copula a conditional normal). All subsets up to 12 drivers; random orders beyond. Errors follow from
the products that are averaged, and the intervals are 95 %.

References
----------
Sobol', I. (2001). Global sensitivity indices. Mathematics and Computers in Simulation 55, 271-280.
Janon, A. et al. (2014). Asymptotic normality of two Sobol index estimators. ESAIM: Probability and Statistics 18,
342-364.
Owen, A. (2014). Sobol' indices and Shapley value. SIAM/ASA Journal on Uncertainty Quantification 2, 245-251.
Song, E., Nelson, B. and Staum, J. (2016). Shapley effects for global sensitivity analysis. SIAM/ASA Journal on
Uncertainty Quantification 4, 1060-1083.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError
from ggu_costs.impact.assembly import SAMPLING
from ggu_costs.impact.questions import output_of
from ggu_costs.impact.sampling import LEAF, stream_of
from ggu_costs.impact.scored import Scored, Scores, without_own_draws

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.typing import FloatArray

__all__ = ["Sensitivity", "sensitivity", "sobol_by_municipality"]

_Z90 = NormalDist().inv_cdf(0.9)
_REACH = NormalDist().inv_cdf(0.975)
_ALL_SUBSETS = 12
_EVALUATIONS = 2**22  # points in all, over the subsets
_LEAST_POINTS = 256
_ORDERS = 200


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


def sensitivity(result: ImpactResult, quantity: str, of: str, points: int) -> Sensitivity:
    """Return what makes the spread of the nation's figure, or of one municipality's.

    Parameters
    ----------
    points
        Points of each evaluation, 256 or more; fewer where there are many drivers.
    """
    import pandas as pd

    if isinstance(points, bool) or not hasattr(points, "__index__") or points < _LEAST_POINTS:
        raise InputError(f"points {points!r}", remedy=f"Give a whole number, {_LEAST_POINTS} or more.")
    model = _model(result, quantity)
    if of == "nation":
        outcome: Callable[[Scores], FloatArray] = model.nation
    else:
        result._municipal()
        place = result._place(of)

        def outcome(scores: Scores) -> FloatArray:
            return model.unit(place, scores)

    names = [name for level in model.levels for name in level.names]
    analysis = _Analysis(model, names, outcome, result.runner.settings.seed, points)
    frame = analysis.frame()
    frame.insert(0, "name", [_words(result, name) for name in frame.index])
    correlated = any((level.factor != np.eye(len(level.names))).any() for level in model.levels)
    notes = [
        "Gevoeligheid van wat gemeenten gemeen hebben: wat elke gemeente voor zich trekt, staat op zijn gemiddelde."
    ]
    if correlated:
        notes.append(
            "Drijvers hangen samen: lees de Shapley-effecten; Sobol-indices gaan uit van onafhankelijke drijvers."
        )
    frame = frame.sort_values("shapley", ascending=False, kind="stable") if len(frame) else frame
    return Sensitivity(
        title=f"{result.title}: gevoeligheid", notes=(*notes, *result.notes), provenance=result.provenance,
        illustrative=result.illustrative, frame=pd.DataFrame(frame), correlated=correlated, middle=analysis.middle(),
    )  # fmt: skip


def _model(result: ImpactResult, quantity: str) -> Scored:
    output = output_of(result.assembly, result.selection, quantity, "moments", "none")
    return Scored.of(without_own_draws(result.assembly.spec([output])))


def _words(result: ImpactResult, name: str) -> str:
    known = {SAMPLING + role.id: f"steekproeffout van: {role.name}" for role in result.assembly.roles.values()}
    if result.definition is not None:
        known |= {driver.id: driver.name for driver in result.definition.drivers}
    return known.get(name, name)


class _Analysis:
    """The points of one analysis: scores, those drawn anew, and the outcomes."""

    def __init__(
        self, model: Scored, names: Sequence[str], outcome: Callable[[Scores], FloatArray], seed: int, points: int
    ) -> None:
        self.model, self.names, self.outcome = model, list(names), outcome
        most = points if len(names) > _ALL_SUBSETS else max(_EVALUATIONS >> len(names), _LEAST_POINTS)
        self.points = min(points, most)
        self.seed = seed
        self.first = self._independent(0)
        self.second = self._independent(1)
        self.scores = self._renewed(frozenset(self.names))
        self.y = outcome(self.scores)
        self.centred = self.y - self.y.mean()
        self.variance = float((self.centred**2).mean())

    def _independent(self, which: int) -> Scores:
        """Independent scores, a stream for each driver."""
        found = {}
        for name, groups in self.model.groups_of().items():
            words = [self.seed & 0xFFFFFFFF, self.seed >> 32, *stream_of(name), which]
            generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
            found[name] = generator.standard_normal((groups, self.points))
        return found

    def _renewed(self, kept: frozenset[str]) -> Scores:
        """Scores that keep those of some drivers and draw the others anew, given those that are kept."""
        found: Scores = {}
        for level in self.model.levels:
            inside = [place for place, name in enumerate(level.names) if name in kept]
            outside = [place for place in range(len(level.names)) if place not in inside]
            independent = np.stack([self.first[name] for name in level.names]) if level.names else np.zeros((0, 1, 1))
            correlated = np.einsum("ij,jgn->ign", level.factor, independent)
            for place in inside:
                found[level.names[place]] = correlated[place]
            if not outside:
                continue
            whole = level.factor @ level.factor.T
            slope = whole[np.ix_(outside, inside)] @ np.linalg.pinv(whole[np.ix_(inside, inside)])
            left = whole[np.ix_(outside, outside)] - slope @ whole[np.ix_(inside, outside)]
            fresh = np.stack([self.second[level.names[place]] for place in outside])
            drawn = np.einsum("ij,jgn->ign", slope, correlated[inside]) + np.einsum("ij,jgn->ign", _root(left), fresh)
            for place, row in zip(outside, drawn, strict=True):
                found[level.names[place]] = row
        return found

    def renewed(self, subsets: Sequence[frozenset[str]]) -> Iterator[tuple[frozenset[str], FloatArray]]:
        """The outcome that shares the drivers of each subset, several subsets in one evaluation."""
        together = max(1, LEAF // self.points)
        for start in range(0, len(subsets), together):
            part = subsets[start : start + together]
            drawn = [self._renewed(kept) for kept in part]
            joined = {name: np.concatenate([scores[name] for scores in drawn], axis=1) for name in self.names}
            yield from zip(part, np.split(self.outcome(joined), len(part)), strict=True)

    def middle(self) -> float:
        """The outcome with every driver at its median."""
        return float(self._at({})[0])

    def _at(self, scores: dict[str, float]) -> FloatArray:
        groups = self.model.groups_of()
        return self.outcome({name: np.full((groups[name], 1), scores.get(name, 0.0)) for name in self.names})

    def frame(self) -> pd.DataFrame:
        """All figures by driver."""
        import pandas as pd

        rows = [self._tornado(name) | {"rank_correlation": self._rank(name)} for name in self.names]
        columns = ["low", "high", "swing", "rank_correlation"]
        frame = pd.DataFrame(rows, index=pd.Index(self.names, name="driver"), columns=columns, dtype=np.float64)
        indices = self._indices() if self.names else {}
        for label in ("first", "total", "shapley"):
            value, error = indices.get(label, (np.zeros(0), np.zeros(0)))
            frame[label] = value
            frame[f"{label}_low"], frame[f"{label}_high"] = value - _REACH * error, value + _REACH * error
        return frame

    def _tornado(self, name: str) -> dict[str, float]:
        low, high = (float(self._at({name: score})[0]) for score in (-_Z90, _Z90))
        return {"low": low, "high": high, "swing": abs(high - low)}

    def _rank(self, name: str) -> float:
        """Spearman's correlation; NaN for what is drawn per group and for what does not vary."""
        x = self.scores[name]
        if x.shape[0] > 1 or not self.variance > 0:
            return math.nan
        order = np.argsort(np.argsort(x[0])), np.argsort(np.argsort(self.y))
        return float(np.corrcoef(*order)[0, 1])

    def _indices(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Sobol indices and Shapley effects, each with its standard error."""
        many, points = len(self.names), self.points
        if not self.variance > 0:
            zero = np.zeros(many)
            return dict.fromkeys(("first", "total", "shapley"), (zero, zero))
        first, total = np.zeros((2, many)), np.zeros((2, many))
        added = np.zeros((many, points))
        weights = _weights(self.names, self.seed)
        singles = [frozenset([name]) for name in self.names]
        others = [frozenset(self.names) - {name} for name in self.names]
        subsets = list(dict.fromkeys([*singles, *others, *weights]))
        everyone = frozenset(self.names)
        for kept, renewed in self.renewed([subset for subset in subsets if 0 < len(subset) < many]):
            if len(kept) == 1:
                place = self.names.index(next(iter(kept)))
                first[:, place] = self._shared(renewed)
            if len(kept) == many - 1:
                place = self.names.index(next(iter(everyone - kept)))
                total[:, place] = self._lost(renewed)
            for place, weight in weights.get(kept, {}).items():
                added[place] += weight * renewed
        for place, weight in weights[everyone].items():
            added[place] += weight * self.y
        if many == 1:
            first[:, 0], total[:, 0] = (1.0, 0.0), (1.0, 0.0)
        added -= added.mean(axis=1, keepdims=True)
        products = self.centred * added
        shapley = products.mean(axis=1) / self.variance
        spread = (products - shapley[:, None] * self.centred**2).std(axis=1) / (self.variance * math.sqrt(points))
        return {"first": (first[0], first[1]), "total": (total[0], total[1]), "shapley": (shapley, spread)}

    def _shared(self, renewed: FloatArray) -> tuple[float, float]:
        """Correlation of two outcomes that share a driver (Janon), and its standard error."""
        middle = (self.y.mean() + renewed.mean()) / 2
        one, two = self.y - middle, renewed - middle
        variance = float(((one**2 + two**2) / 2).mean())
        share = float((one * two).mean()) / variance
        spread = (one * two - share * (one**2 + two**2) / 2).std() / (variance * math.sqrt(self.points))
        return share, float(spread)

    def _lost(self, renewed: FloatArray) -> tuple[float, float]:
        """Part of the variance that one driver still makes when all others are shared (Jansen), and its error."""
        halves = (self.y - renewed) ** 2 / 2
        share = float(halves.mean()) / self.variance
        spread = (halves - share * self.centred**2).std() / (self.variance * math.sqrt(self.points))
        return share, float(spread)


def _root(matrix: FloatArray) -> FloatArray:
    """A root of a covariance matrix that may be singular."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)


def _weights(names: Sequence[str], seed: int) -> dict[frozenset[str], dict[int, float]]:
    """For each subset, with which weight its c counts in the Shapley effect of each driver."""
    many, everyone = len(names), frozenset(names)
    found: dict[frozenset[str], dict[int, float]] = {everyone: {}}
    if many <= _ALL_SUBSETS:
        for mask in range(1, 1 << many):
            subset = frozenset(name for place, name in enumerate(names) if mask >> place & 1)
            size, row = len(subset), found.setdefault(subset, {})
            for place, name in enumerate(names):
                before = size - 1 if name in subset else size
                weight = 1.0 / (many * math.comb(many - 1, before))
                row[place] = weight if name in subset else -weight
        return found
    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed & 0xFFFFFFFF, seed >> 32])))
    for _ in range(_ORDERS):
        order = generator.permutation(many)
        for count in range(1, many + 1):
            subset = frozenset(names[place] for place in order[:count])
            row = found.setdefault(subset, {})
            joined = int(order[count - 1])
            row[joined] = row.get(joined, 0.0) + 1.0 / _ORDERS
            if count < many:
                following = int(order[count])
                row[following] = row.get(following, 0.0) - 1.0 / _ORDERS
    return found


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
    names = [name for level in model.levels for name in level.names]
    analysis = _Analysis(model, names, model.nation, result.runner.settings.seed, points)
    analysis.points = points
    own, fresh = model.every(analysis.first), model.every(analysis.second)
    variance, centred = own.var(axis=1), fresh - fresh.mean(axis=1, keepdims=True)
    found = {}
    for name in names:
        mixed = model.every({**analysis.first, name: analysis.second[name]})
        with np.errstate(invalid="ignore"):
            found["first", name] = (centred * (mixed - own)).mean(axis=1) / variance
            found["total", name] = ((own - mixed) ** 2).mean(axis=1) / (2 * variance)
    frame = pd.DataFrame(found, index=pd.Index(result.assembly.units, name="code"))
    return frame[["first", "total"]]
