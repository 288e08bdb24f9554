"""Exact sums of weight times volume, in integers: no figure is rounded on the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.brief import Brief
from ggu_costs.frozen import Frozen
from ggu_costs.money import to_integers

Exact = Decimal | Fraction
"""A published figure, or one that follows from a change and need not end."""


@dataclass(frozen=True, eq=False)
class Column(Brief):
    """The volumes of one maatstaf as integers of 1/`scale`, in the order of the codes; shape (municipalities,)."""

    units: NDArray[Any]
    scale: int

    @cached_property
    def total(self) -> Fraction:
        """All volumes together."""
        return Fraction(sum(self.units.tolist()), self.scale)

    @classmethod
    def of(cls, volumes: Iterable[Exact]) -> "Column":
        """Scale volumes to integers."""
        units, scale = to_integers(volumes)
        return cls(np.array(units, dtype=object), scale)


@dataclass(frozen=True)
class Sums(Brief, Frozen):
    """An exact amount for each municipality: `numerators` over one `denominator`, in the order of `codes`."""

    codes: Sequence[str]
    numerators: Sequence[int]
    denominator: int

    @cached_property
    def by_code(self) -> dict[str, Fraction]:
        """The amounts by code."""
        return {c: Fraction(part, self.denominator) for c, part in zip(self.codes, self.numerators, strict=True)}

    @property
    def total(self) -> Fraction:
        """The amounts together."""
        return Fraction(sum(self.numerators), self.denominator)


def weighted(weights: Mapping[str, Exact], columns: Mapping[str, Column], codes: Sequence[str]) -> Sums:
    """Return the sum of weight times volume by municipality; a maatstaf without volumes brings nothing."""
    used = [(Fraction(weight) / columns[name].scale, columns[name].units)
            for name, weight in weights.items() if weight and name in columns]  # fmt: skip
    if not used:
        return Sums(codes, [0] * len(codes), 1)
    coefficients, denominator = to_integers([coefficient for coefficient, _ in used])
    sums = sum(coefficient * units for coefficient, (_, units) in zip(coefficients, used, strict=True))
    return Sums(codes, [int(part) for part in np.asarray(sums)], denominator)


def whole(weights: Mapping[str, Exact], columns: Mapping[str, Column]) -> Fraction:
    """Return the sum of weight times volume of all municipalities together."""
    return sum((Fraction(weight) * columns[name].total for name, weight in weights.items() if weight), Fraction(0))


def general(factor: Fraction, base: Sums, deduction: Sums) -> Sums:
    """Return the algemene uitkering by municipality: factor times base, and what the factor leaves alone."""
    scaled = base.denominator * factor.denominator
    denominator = lcm(scaled, deduction.denominator)
    times, beside = factor.numerator * (denominator // scaled), denominator // deduction.denominator
    parts = [times * a + beside * b for a, b in zip(base.numerators, deduction.numerators, strict=True)]
    return Sums(base.codes, parts, denominator)


def cents(sums: Sums) -> dict[str, int]:
    """Return each amount in whole cents, rounded once, halves away from zero."""
    half = sums.denominator
    rounded = [(200 * abs(part) + half) // (2 * half) * (1 if part >= 0 else -1) for part in sums.numerators]
    return dict(zip(sums.codes, rounded, strict=True))
