r"""Lines by the standard cost model (standaardkostenmodel, P x Q), as a programme file states them.

The cost of a step s of a line, in a year, is

.. math:: C_s = V \, (1 - b_s) \, f_s \, t_s \, r_s \, (1 + o)

with V the volume (cases), b the part that is done anyway (business as usual), f how often the step occurs in a case, t
hours, r the hourly rate of who takes it and o overhead that is not in the rate; or :math:`V (1 - b_s) f_s p_s` for a
step at a price. Each is certain, a driver, or differs by class of municipality.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from ggu_costs.errors import repeated
from ggu_costs.impact.programme.driver_terms import ID
from ggu_costs.impact.programme.spread_terms import Classes
from ggu_costs.modelfile.discount import Figure
from ggu_costs.modelfile.terms import Chosen, Grounds
from ggu_costs.modelfile.values import BASIS, Checked, Found, Value, Year

TIMES = {"minutes": 1 / 60, "hours": 1.0, "fte": None}
"""How the time of a step may be stated, with the hours in one of it; in an fte as many as are productive."""

_GROUNDS = (*BASIS, "vat", "price_level")
_UNITS = {
    "minutes": "minutes", "hours": "hours", "fte": "fte", "frequency": "number", "usual": "share", "price": "EUR/unit",
    "cases": "count", "overhead": "share", "productive_hours": "hours",
}  # fmt: skip
"""Unit of a bare number, by its name."""


class _Forms:
    """In the JSON Schema: a number, the name of a driver, a value, or amounts by class."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        parts = handler.resolve_ref_schema(handler(core))["properties"]
        forms = [parts[name]["anyOf"][0] for name in ("figure", "classes")]
        return {"anyOf": [{"type": "number"}, {"type": "string"}, *forms]}


class QuantityTerms(Checked):
    """One of what is multiplied: a figure, a driver by its name, or amounts by class.

    Attributes
    ----------
    figure
        A number with its grounds.
    driver
        Id of a driver.
    classes
        Amounts by class of municipality.
    """

    figure: Value | None = None
    driver: str = ""
    classes: Classes | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_form(cls, raw: Any) -> Any:
        if isinstance(raw, str):
            return {"driver": raw}
        if isinstance(raw, dict) and not set(raw) & set(cls.model_fields):
            return {"classes": raw} if "amounts" in raw else {"figure": raw}
        return raw

    def _wrong(self) -> Iterator[Found]:
        for figure in () if self.figure is None else self.figure.figures():
            if not isinstance(figure, Decimal):
                yield f"{figure}", "a number", ""
            elif figure < 0:
                yield f"{figure}", "0 or more", ""
        if self.figure is not None and self.figure.mark is not None:
            yield f"mark {self.figure.mark!r}", "a number; a line of its own with mark = 'pm' for what is not known", ""


Quantity = Annotated[QuantityTerms, _Forms()]
"""A number, the name of a driver, a value with its grounds, or amounts by class."""


class _Multiplied(Grounds):
    """A part in which bare numbers have the grounds of the part, each in its own unit."""

    @model_validator(mode="before")
    @classmethod
    def _with_units(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        bare = {name for name in cls.model_fields if name in _UNITS and _is_number(raw.get(name))}
        return raw | {name: _grounded(raw, raw[name], _UNITS[name]) for name in bare}


def _is_number(raw: object) -> bool:
    return isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)


def _grounded(part: dict[str, Any], number: object, unit: str) -> dict[str, Any]:
    """Return a bare number as a value with the grounds of the part it stands in."""
    names = _GROUNDS if unit.startswith("EUR") else BASIS
    return {**{name: part[name] for name in names if name in part}, "value": number, "unit": unit}


class Step(_Multiplied):
    """One step (handeling) of a case.

    Attributes
    ----------
    function
        Who takes it: a function of the rate table.
    minutes
        Minutes of one time that it is taken; or `hours`, or `fte`.
    hours
        Hours of one time that it is taken.
    fte
        Full-time jobs of one time that it is taken, each with the productive hours of the rate table.
    price
        Instead of time and function: euro for one time, such as what is bought.
    frequency
        How often it is taken in a case; once unless given.
    usual
        The part that is done anyway (business as usual), where it is another than that of the line.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    function: str = ""
    minutes: Quantity | None = None
    hours: Quantity | None = None
    fte: Quantity | None = None
    price: Quantity | None = None
    frequency: Quantity | None = None
    usual: Quantity | None = None

    def _wrong(self) -> Iterator[Found]:
        given = [name for name in (*TIMES, "price") if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"{' and '.join(given) or 'no time'} given", "exactly one of minutes, hours, fte, price", ""
        elif (given[0] == "price") == bool(self.function):
            yield (
                f"{given[0]} {'with' if self.function else 'without'} function",
                "a function with time, and only there",
                "",
            )

    @property
    def time(self) -> str:
        """How its time is stated; empty of a step at a price."""
        return next((name for name in TIMES if getattr(self, name) is not None), "")

    def stated(self) -> Iterator[tuple[str, QuantityTerms]]:
        """Yield what is stated, by name."""
        for name in (*TIMES, "price", "frequency", "usual"):
            if (quantity := getattr(self, name)) is not None:
                yield name, quantity


class CaseGroup(_Multiplied):
    """A part of the volume whose own price is not known, or not asked.

    Attributes
    ----------
    cases
        Cases in a year of this part.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    cases: Figure


class StandardCost(_Multiplied):
    """What a line costs by the standard cost model.

    Attributes
    ----------
    cases
        Cases in a year: in a municipality, in the nation (with a key), or for each unit of a base.
    made_up_of
        Of what the volume is made up; what a case of one group costs is not said.
    usual
        The part that is done anyway; 0 where none is.
    rates
        Id of the rate table.
    overhead
        Share on top of a rate without overhead.
    steps
        What is done for each case.
    """

    cases: Quantity
    made_up_of: tuple[CaseGroup, ...] = ()
    usual: Quantity
    rates: str = ""
    overhead: Figure | None = None
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _give_on(cls, raw: Any) -> Any:
        """Steps and groups rest on the grounds of the line where they state none."""
        if not isinstance(raw, dict):
            return raw
        grounds = {name: raw[name] for name in _GROUNDS if name in raw}
        given = dict(raw)
        for name in ("steps", "made_up_of"):
            if isinstance(raw.get(name), list | tuple):
                given[name] = [
                    part if not isinstance(part, dict) or "status" in part else grounds | part for part in raw[name]
                ]
        return given

    def _wrong(self) -> Iterator[Found]:
        for what, parts in (("step", self.steps), ("part", self.made_up_of)):
            for name, count in repeated(part.id for part in parts):
                yield f"{what} {name!r} {count} times", "ids that differ", ""
        volume = self.cases.figure
        if self.made_up_of and (volume is None or volume.value is None):
            yield "parts of cases that are no number", "one number, which the parts add up to", ""
        elif self.made_up_of:
            total = sum(Decimal(str(group.cases.value)) for group in self.made_up_of)
            if volume is not None and total != volume.value:
                yield f"parts that add up to {total} of cases {volume.value}", f"{volume.value}", ""

    def stated(self) -> Iterator[tuple[str, QuantityTerms]]:
        """Yield every quantity with its dotted key."""
        yield from (("cases", self.cases), ("usual", self.usual))
        for step in self.steps:
            yield from ((f"steps.{step.id}.{name}", quantity) for name, quantity in step.stated())

    def usual_of(self, step: Step) -> QuantityTerms:
        """The part of a step that is done anyway."""
        return self.usual if step.usual is None else step.usual


class RateTable(Chosen):
    """Hourly rates (uurtarieven) by function, of one year or by year.

    Attributes
    ----------
    year
        Of whose prices the rates are.
    whose
        Whose functions they are of: the State (Handleiding Overheidstarieven), municipalities, or what is hired.
    overhead
        Whether overhead is in the rates.
    functions
        Euro an hour, or the name of a driver, by function.
    productive_hours
        Hours in a year of one fte.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    year: Year
    whose: Literal["state", "municipalities", "market"]
    overhead: Literal["included", "excluded"]
    functions: dict[str, Quantity] = Field(min_length=1)
    productive_hours: Figure | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_euro_an_hour(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        given: dict[str, Any] = {"price_level": str(raw.get("year", ""))} | raw
        hours, rates = given.get("productive_hours"), given.get("functions")
        if _is_number(hours):
            given["productive_hours"] = _grounded(given, hours, "hours")
        if isinstance(rates, dict):
            given["functions"] = {
                name: _grounded(given, rate, "EUR/hour") if _is_number(rate) else rate for name, rate in rates.items()
            }
        return given

    def _wrong(self) -> Iterator[Found]:
        if self.price_level != str(self.year):
            yield f"price_level {self.price_level!r} of rates of {self.year}", f"{str(self.year)!r}, or left out", ""
        hours = self.productive_hours
        if hours is not None and not (isinstance(hours.value, Decimal) and 0 < hours.value <= 8760):
            yield f"productive_hours {hours.value}", "hours of one fte in a year, such as 1363", ""
        for name, rate in self.functions.items():
            if rate.classes is not None:
                yield f"rates by class for {name!r}", "a number, or a driver", "Make a function of each."
