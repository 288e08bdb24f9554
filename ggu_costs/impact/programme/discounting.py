"""Discounting of a programme by kind of effect: whose rate it is, other rates for some lines, and a horizon.

The social rate is for a social cost-benefit analysis (maatschappelijke kosten-batenanalyse): 2.25 per cent, real, by
the working group of 2020, with exceptions. A municipal business case uses the municipality's own rate (omslagrente),
and a budget table is never discounted.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from pydantic import Field

from ggu_costs.errors import Faults, did_you_mean, repeated
from ggu_costs.figures import finite, shown
from ggu_costs.modelfile.discount import DiscountTerms, Figure
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Found, Year
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message, percent


class RateException(Grounds):
    """Another rate for some lines, where the guidance has exceptions.

    Attributes
    ----------
    lines
        Ids of the lines that it is for.
    rate
        Rate a year, as the others real or nominal.
    reason
        Why these effects have another rate.
    """

    FIGURES = ("rate",)

    lines: tuple[str, ...] = Field(min_length=1)
    rate: Figure
    reason: str = ""

    def _wrong(self) -> Iterator[Found]:
        rate = self.rate.value
        if not isinstance(rate, Decimal) or self.rate.unit != "share" or not -1 < rate < 1:
            yield f"rate {shown(rate)}", "a fraction above -1 and below 1, in share", ""


class EffectDiscount(DiscountTerms):
    """Discounting of a programme.

    Attributes
    ----------
    purpose
        What for: ``social`` (a social cost-benefit analysis, at the social rate) or ``business_case`` (at the
        municipality's own rate).
    until
        Last year that counts in a present value.
    exceptions
        Lines with a rate of their own.
    """

    purpose: Literal["social", "business_case"] | None = None
    until: Year | None = None
    exceptions: tuple[RateException, ...] = ()

    def check(self, faults: Faults, lines: tuple[str, ...], years: tuple[int, ...]) -> None:
        """Add the faults that show beside the lines and years of the file."""
        where = "programme.discount"
        for item in self.exceptions:
            for name in item.lines:
                if name not in lines:
                    remedy = did_you_mean(name, lines)
                    faults.add(f"{where}.exceptions", f"unknown line {name!r}", "an id of [[lines]]", remedy)
        for name, count in repeated(name for item in self.exceptions for name in item.lines):
            faults.add(f"{where}.exceptions", f"{name!r} {count} times", "each line in one exception")
        if self.until is not None and self.until not in years:
            faults.add(f"{where}.until", str(self.until), f"a year of the file: {years[0]} to {years[-1]}")
        if self.purpose == "social" and self.kind == "nominal":
            faults.add(f"{where}.kind", "'nominal' with purpose 'social'", "'real'", "The social rate is a real one.")

    def weights(self, years: tuple[int, ...], rate: Figure | None = None) -> FloatArray:
        """Return the weight of each year: none after the horizon."""
        terms = self if rate is None else self.model_copy(update={"rate": rate})
        found = np.array(list(terms.factors(years).values()))
        return found if self.until is None else np.where(np.array(years) <= self.until, found, 0.0)

    def by_line(self, years: tuple[int, ...]) -> Mapping[str, FloatArray]:
        """Return the weights of the lines with a rate of their own."""
        return {name: self.weights(years, item.rate) for item in self.exceptions for name in item.lines}

    def notes(self, names: Mapping[str, str]) -> Iterator[str]:
        """Say whose rate it is, which lines have another one, and how far it goes; `names` of lines by id."""
        if self.purpose is not None:
            yield message("rate_social" if self.purpose == "social" else "rate_business_case")
        for item in self.exceptions:
            called = [names.get(name, name) for name in item.lines]
            yield message("rate_exception", names=called, rate=percent(item.rate.value, decimals=2), why=item.reason)
        if self.until is not None:
            yield message("discount_until", year=self.until)


def discount_of(rate: Any, prices: str, *, base_year: Any, until: Any, purpose: Any, by: Any) -> dict[str, Any]:
    """Return a rate that is given in Python as a table of a file.

    Raises
    ------
    InputError
        Every fault of the arguments.
    """
    faults = Faults()
    number = finite(rate)
    if number is None or not -1 < number < 1:
        faults.add("rate", shown(rate), "a fraction above -1 and below 1", "2.25 per cent is 0.0225.")
    for name, year in (("base_year", base_year), ("until", until)):
        if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2200):
            faults.add(name, shown(year), "a year from 1900 to 2200")
    if purpose not in ("social", "business_case"):
        faults.add("purpose", shown(purpose), "'social' or 'business_case'")
    if not isinstance(by, str) or not by:
        faults.add("by", shown(by), "whose rate it is")
    faults.check("this discounting cannot be used", remedy="Correct the arguments listed.")
    assert number is not None  # noqa: S101 (a fault was raised otherwise)
    return {
        "rate": Decimal(str(number)) if not isinstance(number, Decimal) else number, "unit": "share",
        "status": "estimated", "by": by, "kind": {"constant": "real", "current": "nominal"}[prices],
        "base_year": base_year, "purpose": purpose, **({} if until is None else {"until": until}),
    }  # fmt: skip
