"""Numbers of a programme file that may be uncertain, and may differ with the size of a municipality."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ggu_costs.modelfile.discount import Figure
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Checked, Found, Number


class SizeEffect(Checked):
    """A number that moves with size: coefficient times the logarithm of (base / reference).

    Attributes
    ----------
    coefficient
        Change for each unit of the logarithm.
    reference
        Size at which there is no effect.
    base
        Column that measures size.
    """

    coefficient: Number
    reference: Number = Field(gt=0)
    base: str = "inhabitants"


class _NameToo:
    """In the JSON Schema the name of a driver will do."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class AffineTerms(Grounds):
    """A number that may be uncertain and may differ with size: constant + sum of coefficient x driver + size effect.

    Attributes
    ----------
    constant
        The part that is certain.
    drivers
        Coefficient of each driver, by its id.
    size
        How it differs with size.
    """

    FIGURES = ("constant",)

    constant: Figure | None = None
    drivers: dict[str, Number] = Field(default_factory=dict)
    size: SizeEffect | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_driver(cls, raw: Any) -> Any:
        return {"drivers": {raw: 1}} if isinstance(raw, str) else raw

    def _wrong(self) -> Iterator[Found]:
        if self.constant is None and not self.drivers and self.size is None:
            yield "nothing", "constant, drivers or size", ""
        chosen = self.size is not None or any(coefficient != 1 for coefficient in self.drivers.values())
        if chosen and not (self.status and (self.by or self.source)):
            yield "coefficients without status and by", "status, and by = whose assumption it is", ""


Uncertain = Annotated[AffineTerms, _NameToo()]
"""An uncertain number, written as the name of a driver where it is that driver."""
