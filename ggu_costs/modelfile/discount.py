"""Discounting (contant maken), and figures that may be written as a bare number."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Found, Value, Year


class _NumberToo:
    """In the JSON Schema a figure is a number as well: it then has the grounds of the part it stands in."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, handler(core)]}


Figure = Annotated[Value, _NumberToo()]
"""A value, written as a bare number where the part it stands in says what it rests on."""


class DiscountTerms(Grounds):
    """Discounting (contant maken): a yearly rate, whether it is real or nominal, and the year that counts in full.

    Attributes
    ----------
    rate
        Rate a year.
    kind
        ``real`` for constant prices, ``nominal`` for current ones.
    base_year
        Year whose amounts count in full.
    """

    FIGURES = ("rate",)

    rate: Figure
    kind: Literal["real", "nominal"]
    base_year: Year

    def _wrong(self) -> Iterator[Found]:
        rate = self.rate.value
        if not isinstance(rate, Decimal) or self.rate.unit != "share":
            yield "a rate without a number, or not in share", "a number in share", ""
        elif not -1 < rate < 1:
            remedy = f"{rate} per cent is {(rate / 100).normalize():f}." if rate > 0 else ""
            yield f"rate {rate}", "a fraction above -1 and below 1", remedy

    def factors(self, years: Iterable[int]) -> dict[int, float]:
        """Return (1 + r) ** -(year - base year) by year."""
        rate = float(str(self.rate.value))
        return {year: (1.0 + rate) ** -(year - self.base_year) for year in years}
