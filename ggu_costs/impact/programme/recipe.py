"""What is multiplied in a term: fixed figures, figures per municipality, figures by year, drivers, remainders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.impact.programme.build_units import Units
from ggu_costs.impact.programme.scm_terms import QuantityTerms, RateTable, StandardCost, Step
from ggu_costs.impact.programme.spread_terms import Classes
from ggu_costs.modelfile.values import Value
from ggu_costs.typing import FloatArray


@dataclass(frozen=True, eq=False)
class Recipe:
    """A product, as far as it is the same for every way in which a line falls on municipalities.

    Attributes
    ----------
    constant
        The fixed figures together.
    weights
        float64, shape (units,), figures per municipality; None for 1.
    path
        float64, shape (years,), figures by year; None for 1.
    powers
        Uncertain drivers with their powers.
    remainder_of
        Uncertain drivers of which 1 - the driver is a factor.
    """

    constant: float = 1.0
    weights: FloatArray | None = None
    path: FloatArray | None = None
    powers: Mapping[str, int] = field(default_factory=dict)
    remainder_of: tuple[str, ...] = ()

    def scaled(self, factor: float) -> Recipe:
        """Return the product times a fixed factor."""
        return replace(self, constant=self.constant * factor)

    def times(self, other: Recipe) -> Recipe:
        """Return the product of two."""
        powers = Counter(self.powers)
        powers.update(other.powers)
        return Recipe(
            self.constant * other.constant, _times(self.weights, other.weights), _times(self.path, other.path), powers,
            (*self.remainder_of, *other.remainder_of),
        )  # fmt: skip


def _times(one: FloatArray | None, other: FloatArray | None) -> FloatArray | None:
    return other if one is None else one if other is None else one * other


@dataclass(frozen=True, eq=False)
class Kitchen:
    """Makes recipes of what a file states.

    Attributes
    ----------
    fixed
        The drivers that are certain.
    faults
        Takes classes that lack an amount, or do not occur.
    """

    units: Units
    years: tuple[int, ...]
    fixed: Mapping[str, float]
    faults: Faults
    _told: set[str] = field(default_factory=set)

    def drivers(self, powers: Mapping[str, int], remainder_of: tuple[str, ...] = ()) -> Recipe:
        """Return a product of drivers and remainders; those that are certain are figures."""
        constant = 1.0
        for name, power in powers.items():
            constant *= self.fixed[name] ** power if name in self.fixed else 1.0
        for name in remainder_of:
            constant *= 1 - self.fixed[name] if name in self.fixed else 1.0
        return Recipe(
            constant,
            powers=Counter({name: power for name, power in powers.items() if name not in self.fixed}),
            remainder_of=tuple(name for name in remainder_of if name not in self.fixed),
        )

    def of(self, quantity: QuantityTerms | None, where: str) -> Recipe:
        """Return one of what is multiplied; nothing is 1."""
        if quantity is None:
            return Recipe()
        if quantity.driver:
            return self.drivers({quantity.driver: 1})
        if quantity.classes is not None:
            return Recipe(weights=self.by_class(quantity.classes, f"{where}.amounts"))
        return self._of_figure(quantity.figure)

    def _of_figure(self, figure: Value | None) -> Recipe:
        assert figure is not None  # noqa: S101 (the only form left)
        if figure.input is not None:
            brought = self.units.brought(figure.input)
            return Recipe(weights=brought) if isinstance(brought, np.ndarray) else Recipe(brought)
        if figure.years is not None:
            return Recipe(path=np.array([float(str(figure.years[year])) for year in self.years]))
        return Recipe(float(str(figure.value)))

    def rest_of(self, quantity: QuantityTerms, where: str) -> Recipe:
        """Return 1 - a share."""
        if quantity.driver:
            return self.drivers({}, (quantity.driver,))
        made = self.of(quantity, where)
        if made.weights is not None:
            return Recipe(weights=1 - made.weights)
        return Recipe(path=1 - made.path) if made.path is not None else Recipe(1 - made.constant)

    def by_class(self, terms: Classes, where: str) -> FloatArray:
        """Return the amount of each municipality by its class."""
        labels = self.units.labels(terms.column)
        if where not in self._told:
            self._told.add(where)
            for label in sorted(set(labels) - set(terms.amounts)):
                self.faults.add(where, f"no amount for {terms.column} {label}", "every class that occurs")
            for label in sorted(set(terms.amounts) - set(labels)):
                self.faults.add(where, f"{terms.column} {label!r} does not occur", ", ".join(sorted(set(labels))))
        return np.array([float(terms.amounts.get(label, 0)) for label in labels])

    def hours(self, cost: StandardCost, step: Step, rates: RateTable | None, where: str) -> Recipe | None:
        """Return the hours of a step; None of one at a price."""
        if not step.time:
            return None
        inside = {"minutes": 1 / 60, "hours": 1.0}.get(step.time, 0.0) or productive_hours(rates) or 0.0
        return (
            self._often(cost, step, where)
            .times(self.of(getattr(step, step.time), f"{where}.{step.time}"))
            .scaled(inside)
        )

    def cost(self, cost: StandardCost, step: Step, rates: RateTable | None, where: str) -> Recipe:
        """Return the euros of a step."""
        hours = self.hours(cost, step, rates, where)
        if hours is None or rates is None:
            return self._often(cost, step, where).times(self.of(step.price, f"{where}.price"))
        added = Decimal(0) if cost.overhead is None else Decimal(str(cost.overhead.value))
        return hours.times(self.of(rates.functions[step.function], where)).scaled(float(1 + added))

    def _often(self, cost: StandardCost, step: Step, where: str) -> Recipe:
        """How often a step is taken beyond what is done anyway."""
        volume, frequency = self.of(cost.cases, f"{where}.cases"), self.of(step.frequency, f"{where}.frequency")
        return volume.times(self.rest_of(cost.usual_of(step), f"{where}.usual")).times(frequency)


def productive_hours(rates: RateTable | None) -> float | None:
    """Hours in a year of one fte, where a rate table says so."""
    return None if rates is None or rates.productive_hours is None else float(str(rates.productive_hours.value))
