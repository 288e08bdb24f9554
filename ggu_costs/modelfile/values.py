"""A value is never alone: amounts, shares and dates with their unit, status, source, price level and VAT state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ggu_costs.errors import OutsidePeriodError

__all__ = [
    "Checked",
    "DateValue",
    "Dated",
    "InputNeed",
    "Mark",
    "Money",
    "PerInhabitant",
    "Share",
    "Source",
    "Status",
    "Value",
    "VatState",
    "fault",
]

Status = Literal["enacted", "proposed", "actual", "published", "estimated", "derived", "illustrative"]
VatState = Literal["incl", "excl", "none", "unknown"]
Mark = Literal["pm", "unallocated"]
Unit = Literal[
    "EUR", "EUR/inhabitant", "EUR/unit", "EUR/hour", "share", "date", "inhabitants", "count", "hours", "months", "text"
]

_FROM_A_SOURCE = ("enacted", "proposed", "actual", "published")


def fault(found: str, allowed: str = "", remedy: str = "") -> PydanticCustomError:
    """Build the error by which a validator reports one fault."""
    return PydanticCustomError("fault", "{found}", {"found": found, "allowed": allowed, "remedy": remedy})


class Checked(BaseModel):
    """Base of everything in a model file: frozen, and a key that is not known is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)


class Source(Checked):
    """Where a value comes from (bron)."""

    title: str = Field(min_length=1)
    publisher: str = ""
    url: str = ""
    published: date | str = ""
    read: Literal["whole", "in part", "not seen", ""] = ""
    note: str = ""

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.url or self.publisher):
            raise fault("no publisher and no url", "at least one of them", "Say where a reader finds this source.")
        return self


class InputNeed(Checked):
    """An input that no source gives and the user has to bring (`--data NAME=FILE` or ``data={name: ...}``)."""

    unit: Unit
    description: str
    scope: Literal["national", "municipality", "either"] = "national"
    optional: bool = False
    needed_for: str = "the result"


class Period(Checked):
    """An amount for the days from `start` up to and including `until`."""

    start: date
    until: date
    value: Decimal | date | Mark


def _number_or_date(raw: Any) -> Any:
    """Only numbers and dates: TOML has both, and text or a truth value here is a slip."""
    if isinstance(raw, bool) or (isinstance(raw, str) and not _is_iso_date(raw)):
        raise fault(repr(raw), "a number or a date, without quotes")
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return Decimal(repr(raw))
    return date.fromisoformat(raw) if isinstance(raw, str) else raw


def _number_or_date_or_mark(raw: Any) -> Any:
    return raw if raw in ("pm", "unallocated") else _number_or_date(raw)


def _is_iso_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Value(Checked):
    """A number or date with everything that a reader needs in order to trust it.

    Exactly one of `value` (one figure), `years` (one a calendar year), `mark` (`pm`: unknown and not in the total;
    `unallocated`: in the total, not broken down) and `input` (the name of an input the user brings) is given.
    """

    value: Annotated[Decimal | date | None, BeforeValidator(_number_or_date)] = None
    years: dict[int, Annotated[Decimal | date | Mark, BeforeValidator(_number_or_date_or_mark)]] | None = None
    mark: Mark | None = None
    input: str | None = None
    unit: Unit
    status: Status
    source: str = ""
    place: str = ""
    by: str = ""
    calculation: str = ""
    vat: VatState | None = None
    price_level: str = ""
    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    note: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        given = [name for name in ("value", "years", "mark", "input") if getattr(self, name) is not None]
        if len(given) != 1:
            raise fault(f"{' and '.join(given) or 'nothing'} given", "exactly one of value, years, mark, input")
        if self.status in _FROM_A_SOURCE and not self.source:
            raise fault(f"status {self.status!r} without a source", "source = the id of one of [sources]")
        if self.status in ("estimated", "illustrative") and not self.by:
            raise fault(f"status {self.status!r} without by", "by = whose estimate or example it is")
        if self.status == "derived" and not self.calculation:
            raise fault("status 'derived' without calculation", "calculation = how it was derived")
        if self.unit.startswith("EUR"):
            missing = [name for name in ("vat", "price_level") if not getattr(self, name)]
            if missing:
                allowed = 'vat = "incl", "excl", "none" or "unknown"; price_level = "current" or a year'
                raise fault(f"an amount without {' and '.join(missing)}", allowed)
        elif self.vat is not None:
            raise fault(f"vat on a value in {self.unit}", "vat only on amounts in EUR")
        for figure in [self.value] if self.value is not None else list((self.years or {}).values()):
            if not isinstance(figure, str) and (self.unit == "date") != isinstance(figure, date):
                raise fault(f"{figure} with unit {self.unit!r}", "a date with unit 'date', a number with any other")
        if self.start and self.until and self.until < self.start:
            raise fault(f"until {self.until} lies before from {self.start}", "a period that ends on or after its start")
        if self.years is not None and (self.start or self.until):
            raise fault("years together with from or until", "one of the two")
        return self

    def periods(self, first: date, last: date) -> list[Period]:
        """Spell the value out as periods; without dates it holds from `first` to `last`."""
        if self.years is not None:
            return [
                Period(start=date(year, 1, 1), until=date(year, 12, 31), value=amount)
                for year, amount in sorted(self.years.items())
            ]
        amount = self.mark if self.mark else self.value
        return [Period(start=self.start or first, until=self.until or last, value=amount)]


class Dated(Checked):
    """One or more values of the same thing over time; asked outside the known period it raises."""

    items: tuple[Value, ...]

    def item(
        self, day: date, *, key: str, path: str, first: date, last: date
    ) -> tuple[Value, Decimal | date | Mark | None]:
        """Return the value that holds on `day` with its amount (None where an input is to bring it).

        Raises
        ------
        OutsidePeriodError
            No value holds on that day; names the file, the key and the known range.
        """
        known: list[Period] = []
        for value in self.items:
            if value.input is not None and (value.start or first) <= day <= (value.until or last):
                return value, None
            if value.input is None:
                spans = value.periods(first, last)
                known += spans
                for span in spans:
                    if span.start <= day <= span.until:
                        return value, span.value
        spans_known = ", ".join(f"{span.start} to {span.until}" for span in known) or f"{first} to {last}"
        raise OutsidePeriodError(
            f"{path}: {key} has no value on {day}; known: {spans_known}",
            key=key,
            asked=str(day),
            known=spans_known,
            remedy=f"Ask a day within the known period, or add a dated value for {key} with its source.",
        )

    @property
    def first(self) -> Value:
        """The earliest value; for things that have just one."""
        return self.items[0]


def _as_items(raw: Any) -> Any:
    if isinstance(raw, list):
        return {"items": raw}
    if isinstance(raw, dict) and "items" not in raw:
        return {"items": [raw]}
    return raw


def _of_unit(*units: str) -> Callable[[Dated], Dated]:
    def check(dated: Dated) -> Dated:
        for value in dated.items:
            if value.unit not in units:
                raise fault(f"unit {value.unit!r}", " or ".join(units))
        if len(dated.items) > 1:
            _check_order(dated.items)
        return dated

    return check


def _check_order(items: tuple[Value, ...]) -> None:
    if any(value.start is None and value.years is None for value in items):
        raise fault("several values of which one has no from", "from on each of them")
    spans = sorted(
        (span.start, span.until) for value in items for span in value.periods(date.min, date.max) if value.input is None
    )
    for (_, until), (start, _) in pairwise(spans):
        if start <= until:
            raise fault(f"values overlap on {start}", "periods that do not overlap; close each with until")


def _whole_cents(dated: Dated) -> Dated:
    for value in dated.items:
        amounts = value.years.values() if value.years else [value.value]
        for amount in amounts:
            if isinstance(amount, Decimal) and amount != amount.quantize(Decimal("0.01")):
                raise fault(f"{amount} EUR", "whole cents")
    return dated


def _fraction(dated: Dated) -> Dated:
    for value in dated.items:
        for amount in value.years.values() if value.years else [value.value]:
            if isinstance(amount, Decimal) and not -1 <= amount <= 1:
                raise fault(f"{amount} as a share", "a fraction such as 0.21; 21 per cent is 0.21")
    return dated


Money = Annotated[Dated, BeforeValidator(_as_items), AfterValidator(_of_unit("EUR")), AfterValidator(_whole_cents)]
"""Euro amounts over time, exact to the cent."""
PerInhabitant = Annotated[Dated, BeforeValidator(_as_items), AfterValidator(_of_unit("EUR/inhabitant"))]
"""Euro per inhabitant over time."""
Share = Annotated[Dated, BeforeValidator(_as_items), AfterValidator(_of_unit("share")), AfterValidator(_fraction)]
"""Fractions over time."""
DateValue = Annotated[Dated, BeforeValidator(_as_items), AfterValidator(_of_unit("date"))]
"""A date with its status."""
