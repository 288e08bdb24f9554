r"""How amounts and volumes of a file count: over its whole duration, or in one year of a case over years.

An amount a of a cost pool in year t is :math:`a \prod_{s \le t} (1 + r_s)`, with the weighted index r of the pool from
the second year of the file on. What is due once in year f and written off in T years costs
:math:`a \prod_{s \le f} (1 + r_s) / T` in each of the years f to f + T - 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.modelfile.indices import rise
from ggu_costs.procurement.year_checks import is_due

if TYPE_CHECKING:
    from ggu_costs.modelfile.pools import PoolTerms
    from ggu_costs.procurement.definition import ProcurementDefinition
    from ggu_costs.procurement.terms import Volume
    from ggu_costs.procurement.year_terms import YearsTerms
    from ggu_costs.typing import FloatArray


@dataclass(frozen=True, kw_only=True)
class Period:
    """The whole duration: an amount a year counts so many times, and what is due once counts once.

    Attributes
    ----------
    duration
        Years that an amount a year is counted.
    """

    duration: Decimal = Decimal(1)

    def is_due(self, pool: PoolTerms) -> bool:
        """Whether a pool is due in the period."""
        del pool
        return True

    def times(self, pool: PoolTerms) -> Decimal:
        """How many times the amounts of a pool count."""
        return Decimal(1) if pool.once else self.duration

    @property
    def alone(self) -> Decimal:
        """How many times an amount a year of the cost of each for itself counts."""
        return self.duration

    @property
    def alone_once(self) -> Decimal:
        """How many times what each pays once for itself counts."""
        return Decimal(1)

    def joins(self, codes: Collection[str]) -> FloatArray:
        """Return 1 for each participant that pays in the period what it pays once, 0 for others; shape (n,)."""
        return np.ones(len(codes))

    def volume_input(self, volume: Volume) -> str | None:
        """Name of the input that brings a volume."""
        return volume.input

    def volume_share(self, volume: Volume) -> Fraction:
        """Part of the stated volume that counts."""
        del volume
        return Fraction(1)


@dataclass(frozen=True, kw_only=True)
class OneYear(Period):
    """One year of a case over years.

    Attributes
    ----------
    newcomers
        Codes of who takes part for the first time.
    """

    definition: ProcurementDefinition
    year: int
    newcomers: frozenset[str]

    @property
    def _terms(self) -> YearsTerms:
        assert self.definition.over_years is not None  # noqa: S101 (a year is asked of a case over years)
        return self.definition.over_years

    def is_due(self, pool: PoolTerms) -> bool:
        """Whether a pool is due in the year."""
        if pool.once and pool.kind == "per_participant" and not self.newcomers:
            return False
        return is_due(self.definition, pool, self.year)

    def times(self, pool: PoolTerms) -> Decimal:
        """Index of a pool since the first year of the file; a part of it where it is written off."""
        terms = self._terms.pool(pool.id)
        if not pool.once or pool.kind == "per_participant":
            return _decimal(self._growth(terms.index, self.year))
        paid = self._growth(terms.index, terms.first_year or self.definition.years[0])
        return _decimal(paid / (terms.term or 1))

    @property
    def alone(self) -> Decimal:
        """Index of the cost of each for itself since the first year of the file."""
        return _decimal(self._growth(self._terms.stand_alone.index, self.year))

    @property
    def alone_once(self) -> Decimal:
        """The same: what each pays once for itself is paid in the year in which it joins."""
        return self.alone

    def joins(self, codes: Collection[str]) -> FloatArray:
        """Return 1 for each participant that takes part for the first time, 0 for others; shape (n,)."""
        return np.array([float(code in self.newcomers) for code in codes])

    def volume_input(self, volume: Volume) -> str | None:
        """Name of the input that brings a volume of the year."""
        stated = self._terms.volumes.get(volume.id)
        return stated.tables[self.year].input if stated is not None and stated.tables else volume.input

    def volume_share(self, volume: Volume) -> Fraction:
        """Part of the stated volume in the year."""
        stated = self._terms.volumes.get(volume.id)
        if stated is None or stated.share is None or stated.share.years is None:
            return Fraction(1)
        share = stated.share.years[self.year]
        assert isinstance(share, Decimal)  # noqa: S101 (checked when the file was read)
        return Fraction(share)

    def _growth(self, weights: Mapping[str, Decimal], year: int) -> Fraction:
        growth = Fraction(1)
        for one in range(self.definition.years[0] + 1, year + 1):
            growth *= 1 + rise(self._terms.indices, weights, one)
        return growth


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
