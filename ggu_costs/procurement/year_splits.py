"""The splits of a case in each of its years, and what stands beside them in whole cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError
from ggu_costs.frozen import Frozen
from ggu_costs.money import share_exactly

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split
    from ggu_costs.procurement.year_terms import YearsTerms

ByCodeCents = Mapping[str, int]
"""Whole cents by code."""


def terms_of(case: CaseModel) -> YearsTerms:
    """Return what a case says of its years.

    Raises
    ------
    InputError
        It says nothing of them.
    """
    terms = case.definition.over_years
    if terms is None:
        raise InputError(f"{case.id} says nothing of its years", remedy="State [over_years] in the file.")
    return terms


def splits_of(case: CaseModel, years: tuple[int, ...] | None = None) -> dict[int, Split]:
    """Return the split of every year, or of some, exit and step-in payments apart.

    Raises
    ------
    InputError
        A year in which nobody takes part.
    """
    found = {}
    for year in case.definition.years if years is None else years:
        if not case.codes_in(year):
            raise InputError(f"{case.id}: nobody takes part in {year}", remedy="Start the file in a later year.")
        found[year] = case.at(year).split()
    return found


def cents_of(split: Split) -> dict[str, int]:
    """Cents by code."""
    return {code: int(cents) for code, cents in zip(split.codes, split.cents, strict=True)}


@dataclass(frozen=True, kw_only=True)
class Moves(Brief, Frozen):
    """What changes the bills of a year besides the cost of the case, in cents.

    Attributes
    ----------
    friction
        What leaving costs once.
    fees, step_in
        Exit fees and step-in payments paid in the year, by code.
    released
        What is released of exit fees.
    """

    friction: int
    fees: ByCodeCents
    step_in: ByCodeCents
    released: int


def spread(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share cents by weights, largest remainder; equally where all of them are 0 or one is below it."""
    even = not any(weights.values()) or min(weights.values()) < 0
    parts = share_exactly(cents, [Fraction(1 if even else weight) for weight in weights.values()])
    return dict(zip(weights, parts, strict=True))
