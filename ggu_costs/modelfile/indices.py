"""Indices of wages and prices, by which amounts of later years follow from those of the first."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from ggu_costs.errors import Faults, did_you_mean, listed
from ggu_costs.figures import adds_up
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Number, Year


class IndexTerms(Chosen):
    """An index of wages or prices: its rise in each year over the year before.

    Attributes
    ----------
    rates
        Rise over the year before, by year.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    name: str = Field(min_length=1)
    rates: dict[Year, Annotated[Number, Field(gt=-1, lt=1)]] = Field(min_length=1)


def rise(indices: Iterable[IndexTerms], weights: Mapping[str, Decimal], year: int) -> Fraction:
    """Rise of weighted indices over the year before; 0 where there is none for the year."""
    rates = {index.id: index.rates for index in indices}
    return sum((Fraction(weight) * Fraction(rates[name].get(year, 0)) for name, weight in weights.items()), Fraction(0))


def check_weights(weights: Mapping[str, Decimal], indices: Sequence[IndexTerms], where: str, faults: Faults) -> None:
    """Add the faults of weights by index: indices that are not there, and weights that are not 1 together."""
    known = [index.id for index in indices]
    for name in weights.keys() - set(known):
        faults.add(f"{where}.index", f"no index {name!r}", listed(known) or "none", did_you_mean(name, known))
    if weights and not adds_up(weights.values()):
        faults.add(f"{where}.index", f"weights add up to {sum(weights.values())}", "1")
