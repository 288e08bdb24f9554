r"""Cost lines of a programme file as terms of the engine.

A stratified sample gives, in stratum h with N_h municipalities of which n_h answered, the ratio estimator
:math:`r_h = \sum y / \sum x`, with the standard error

.. math:: s_h = \sqrt{\frac{1 - n_h / N_h}{n_h}} \; \frac{1}{\bar x_h} \sqrt{\frac{\sum (y - r_h x)^2}{n_h - 1}}

(Cochran 1977, chapter 6). A municipality of the stratum bears x_i (r_h + s_h e_h), where e_h is standard normal, one
draw for each stratum: the sampling error is a driver. That those who did not answer are like those who did is an
assumption, and the notes say so.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from types import MappingProxyType

import numpy as np

from ggu_costs.errors import Faults, InputError, UnknownNameError
from ggu_costs.games.result import Certificate
from ggu_costs.impact.programme.affine_terms import AffineTerms
from ggu_costs.impact.programme.assembly import SAMPLING, Work
from ggu_costs.impact.programme.build_drivers import affine, taken_over
from ggu_costs.impact.programme.build_units import Units
from ggu_costs.impact.programme.joint_costs import joint_shares
from ggu_costs.impact.programme.line_terms import IndexTerms, Line
from ggu_costs.impact.programme.recipe import Kitchen, Recipe, productive_hours
from ggu_costs.impact.programme.scm_terms import RateTable
from ggu_costs.modelfile.values import Value
from ggu_costs.simulation import marginals
from ggu_costs.simulation.parts import Affine, Curve, Driver, Index, Term
from ggu_costs.typing import BoolArray, FloatArray


class LineBuilder:
    """Turns lines into terms.

    Attributes
    ----------
    fixed
        The drivers that are certain.
    samples
        Sampling errors met on the way, as drivers by name.
    solved
        By line, how the game of a joint cost was solved.
    """

    def __init__(
        self,
        units: Units,
        years: tuple[int, ...],
        fixed: Mapping[str, float],
        faults: Faults,
        *,
        rates: Mapping[str, RateTable] = MappingProxyType({}),
        lines: Mapping[str, Line] = MappingProxyType({}),
    ) -> None:
        self.lines = lines
        self.units, self.years, self.fixed, self.faults, self.rates = units, years, fixed, faults, rates
        self.kitchen = Kitchen(units, years, fixed, faults)
        self.samples: dict[str, Driver] = {}
        self.solved: dict[str, Certificate] = {}

    def terms(self, line: Line, name: str, mask: BoolArray, net_of_vat: FloatArray) -> list[Term]:
        """Return the terms of a line that falls on the units of `mask`; none, and faults, where it has faults."""
        powers = Counter(line.factors)
        powers.subtract(line.divided_by)
        return self._made(line, name, mask, net_of_vat, self.kitchen.drivers(powers, line.remainder_of))

    def worked(
        self, line: Line, name: str, mask: BoolArray, net_of_vat: FloatArray, share: float
    ) -> tuple[list[Term], list[Work], tuple[int, ...]]:
        """Return the terms of a line by the standard cost model: euro by step, hours by step, cases.

        Parameters
        ----------
        share
            The part that is for municipalities, of hours and cases.

        Returns
        -------
        terms
            Those in euro first.
        works
            The steps, with places in `terms`.
        cases
            Places of the terms that give the volume.
        """
        scm, where = line.scm, f"lines.{line.id}.scm"
        assert scm is not None  # noqa: S101 (asked before)
        rates, whole = self.rates.get(scm.rates), np.full(len(self.units.codes), share)
        terms: list[Term] = []

        def made(recipe: Recipe, weights: FloatArray, ending: str, *, priced: bool) -> tuple[int, ...]:
            first = len(terms)
            own = self._made(line, name, mask, weights, recipe, priced=priced)
            terms.extend(replace(term, name=f"{name}{ending}:{first + place}") for place, term in enumerate(own))
            return tuple(range(first, len(terms)))

        places = [(f"{where}.steps.{step.id}", step) for step in scm.steps]
        costs = [made(self.kitchen.cost(scm, step, rates, at), net_of_vat, "", priced=True) for at, step in places]
        hours = [self.kitchen.hours(scm, step, rates, at) for at, step in places]
        works = [
            Work(line.id, step.id, step.name, step.function, productive_hours(rates) if own else None, cost,
                 made(own, whole, ":hours", priced=False) if own else ())
            for (_, step), cost, own in zip(places, costs, hours, strict=True)
        ]  # fmt: skip
        cases = made(self.kitchen.of(scm.cases, f"{where}.cases"), whole, ":cases", priced=False)
        return terms, works, cases

    def _made(
        self, line: Line, name: str, mask: BoolArray, by_unit: FloatArray, recipe: Recipe, *, priced: bool = True
    ) -> list[Term]:
        """Return a recipe as it falls on the units of `mask`; `priced`: amounts in euro, which an index raises."""
        try:
            return self._spread_out(line, name, mask, by_unit, recipe, priced=priced)
        except (InputError, UnknownNameError) as error:
            taken_over(error, f"lines.{line.id}.{line.spread[0]}", self.faults)
            return []

    def _spread_out(
        self, line: Line, name: str, mask: BoolArray, by_unit: FloatArray, recipe: Recipe, *, priced: bool
    ) -> list[Term]:
        common = self._common(line, recipe, priced=priced)
        rest, factor = self._apart(line, common.weights * by_unit)
        made: list[Term] = []
        for weights, sampling in self._spread(line, mask):
            for sign, chosen in _remainders(recipe.remainder_of):
                factors = Counter(recipe.powers)
                factors.update([*chosen, *sampling])
                made.append(
                    replace(
                        common,
                        name=f"{name}:{len(made)}" if made else name,
                        weights=weights * rest,
                        constant=common.constant * sign * factor,
                        factors=tuple((driver, power) for driver, power in factors.items() if power),
                    )
                )
        return made

    def _apart(self, line: Line, by_unit: FloatArray) -> tuple[FloatArray, float]:
        """Return figures per municipality, and those that are one for all as a factor: a scale divides them out."""
        if line.scale is None:
            return by_unit, 1.0
        if (by_unit != by_unit[0]).any():
            found = "a scale with an amount or recoverable share per municipality"
            self.faults.add(
                f"lines.{line.id}.scale", found, "one national figure", "Use a key, or per with an exponent."
            )
        return np.ones_like(by_unit), float(by_unit[0])

    def _common(self, line: Line, recipe: Recipe, *, priced: bool) -> Term:
        """What all terms of a recipe have in common; its weights hold what differs between municipalities."""
        weights = np.ones(len(self.units.codes)) if recipe.weights is None else recipe.weights
        constant, profile, amount = recipe.constant, self._profile(line), line.amount
        if recipe.path is not None:
            profile = recipe.path if profile is None else profile * recipe.path
        if amount is not None and amount.input is not None:
            brought = self.units.brought(amount.input)
            if isinstance(brought, np.ndarray):
                weights = brought
                self._check_brought(line, amount)
            else:
                constant *= brought
        elif amount is not None and amount.years is not None:
            by_year = np.array([float(str(amount.years[year])) for year in self.years])
            profile = by_year if profile is None else profile * by_year
        elif amount is not None:
            constant *= float(str(amount.value))
        index, base, exponent = None, None, None
        if line.index is None or not priced:
            pass
        elif line.index.rate is not None:
            powers = np.array([year - line.index.base_year for year in self.years], dtype=np.int64)
            index = Index(self._affine(line.index.rate), powers)
        else:
            path = self._index_path(line.index)
            profile = path if profile is None else profile * path
        if line.exponent is not None:
            base, exponent = self.units.column(line.per), self._affine(line.exponent)
        elif line.scale is not None:
            base, exponent = self.units.column(line.scale.base), self._affine(line.scale.exponent)
        curve = None
        if line.adoption is not None:
            times = np.arange(1.0, len(self.years) + 1.0)
            midpoint, steepness = self._affine(line.adoption.midpoint), self._affine(line.adoption.steepness)
            curve = Curve(midpoint, steepness, times, increments=line.nature == "one_off")
        return Term(
            name=line.id, weights=weights, constant=constant, base=base, exponent=exponent,
            normalise=line.scale is not None, profile=profile, curve=curve, index=index,
        )  # fmt: skip

    def _check_brought(self, line: Line, amount: Value) -> None:
        """A key hands out a national amount; what each municipality brings for itself falls on itself."""
        if line.key is not None and amount.unit != "share":
            found, allowed = "an amount per municipality with a key", "per = 'municipality'"
            remedy = "Or bring one national amount, which the key then shares out."
            self.faults.add(f"lines.{line.id}.key", found, allowed, remedy)

    def _affine(self, terms: AffineTerms) -> Affine:
        return affine(terms, self.fixed, None if terms.size is None else self.units.column(terms.size.base))

    def _profile(self, line: Line) -> FloatArray | None:
        if line.profile is not None and line.profile.years is not None:
            return np.array([float(str(line.profile.years.get(year, 0))) for year in self.years])
        own_years = line.adoption is not None or (line.amount is not None and line.amount.years is not None)
        if line.nature == "structural" or own_years:
            return None
        first = np.zeros(len(self.years))
        first[0] = 1.0
        return first

    def _index_path(self, terms: IndexTerms) -> FloatArray:
        """Price of each year relative to the base year."""
        path = {terms.base_year: 1.0}
        for year in range(terms.base_year + 1, self.years[-1] + 1):
            path[year] = path[year - 1] * (1.0 + float(terms.rates[year]))
        for year in range(terms.base_year, self.years[0], -1):
            path[year - 1] = path[year] / (1.0 + float(terms.rates[year]))
        return np.array([path[year] for year in self.years])

    def _spread(self, line: Line, mask: BoolArray) -> list[tuple[FloatArray, tuple[str, ...]]]:
        """How the amount falls on the units: weights, and the sampling error they go with."""
        units = self.units
        if line.key is not None:
            return [(units.key(line.key.parts, mask), ())]
        if line.scale is not None or line.exponent is not None:
            return [(mask.astype(np.float64), ())]
        if line.per:
            return [(np.where(mask, units.column(line.per), 0.0), ())]
        if line.classes is not None:
            return [(np.where(mask, self.kitchen.by_class(line.classes, f"lines.{line.id}.classes.amounts"), 0.0), ())]
        if line.tariff is not None:
            return [(np.where(mask, line.tariff.scheme()(units.column(line.tariff.column)), 0.0), ())]
        if line.joint is not None:
            shares, certificate = joint_shares(line.joint, units, mask)
            if certificate is not None:
                self.solved[line.id] = certificate
            return [(shares, ())]
        return self._sampled(line, mask)

    def _sampled(self, line: Line, mask: BoolArray) -> list[tuple[FloatArray, tuple[str, ...]]]:
        """The estimate of each stratum, and its sampling error as a driver with one draw for each stratum."""
        assert line.sample is not None  # noqa: S101 (the only way left)
        own = self.lines[line.sample.of] if line.sample.of else line
        sample = own.sample
        assert sample is not None  # noqa: S101 (the definition was checked)
        labels = self.units.labels(sample.column)
        base, where = np.where(mask, self.units.column(sample.base), 0.0), f"lines.{own.id}.sample"
        estimates: dict[str, tuple[float, float]] = {}
        for stratum in sample.strata:
            size = labels.count(stratum.label)
            if stratum.asked > size:
                found = f"{stratum.asked} asked in {sample.column} {stratum.label!r}, which has {size} municipalities"
                self.faults.add(where, found, "at most as many")
                continue
            estimates[stratum.label] = ratio_estimate(stratum.x, stratum.y, size)
        for label in sorted(set(labels) - {stratum.label for stratum in sample.strata}):
            self.faults.add(where, f"no stratum for {sample.column} {label}", "a stratum for every class that occurs")
        error = SAMPLING + own.id
        self.samples[error] = Driver(error, marginals.normal(0.0, 1.0), sample.column)
        ratio = np.array([estimates.get(label, (0.0, 0.0))[0] for label in labels])
        spread = np.array([estimates.get(label, (0.0, 0.0))[1] for label in labels])
        return [(base * ratio, ()), (base * spread, (error,))]


def _remainders(names: tuple[str, ...]) -> list[tuple[float, tuple[str, ...]]]:
    """(1 - a)(1 - b) written out as products."""
    return [((-1.0) ** k, chosen) for k in range(len(names) + 1) for chosen in combinations(names, k)]


def ratio_estimate(x: Sequence[float | Decimal], y: Sequence[float | Decimal], size: int) -> tuple[float, float]:
    """Return the ratio estimate of a stratum and its standard error.

    Parameters
    ----------
    x, y
        Figure and cost of each that answered; two or more.
    size
        Number of municipalities in the stratum.

    Examples
    --------
    >>> ratio_estimate([10, 20, 30], [20.0, 40.0, 60.0], 100)
    (2.0, 0.0)
    """
    base, cost = np.array([float(v) for v in x]), np.array([float(v) for v in y])
    ratio = cost.sum() / base.sum()
    answered = len(base)
    variance = float(((cost - ratio * base) ** 2).sum()) / (answered - 1)
    error = np.sqrt((1 - answered / size) / answered * variance) / base.mean()
    return float(ratio), float(error)
