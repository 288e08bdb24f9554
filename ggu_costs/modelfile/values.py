"""A value is never alone: amounts, shares and dates with their unit, status, source, price level and VAT state."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, NamedTuple, Protocol, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, OutsidePeriodError
from ggu_costs.frozen import content_hash
from ggu_costs.modelfile.described import Described, InUnit
from ggu_costs.reading import as_written_here

Status = Literal["enacted", "proposed", "actual", "published", "estimated", "derived", "illustrative"]
VatState = Literal["incl", "excl", "none", "unknown"]
Mark = Literal["pm", "unallocated"]
Unit = Literal[
    "EUR", "EUR/inhabitant", "EUR/unit", "EUR/hour", "share", "date", "inhabitants", "count", "number", "hours",
    "minutes", "fte", "months", "years", "text",
]  # fmt: skip
"""`count` is of things, `number` has no unit, such as an exponent or a factor."""

_LONGEST = 80  # of a value in a message
BASIS = ("status", "source", "place", "by", "calculation", "note")
"""On what a value, a choice or a change rests."""

Found = tuple[str, str, str]
"""A fault within one part: what was found, what is allowed, what to do."""


MOST = Decimal(10) ** 13
"""Figures from here on are slips: cents would no longer be exact in float64 euros."""

_YEAR = re.compile(r"[1-9]\d*", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years outside these are slips."""


def fault(found: str, allowed: str = "", remedy: str = "") -> PydanticCustomError:
    """Build the error by which a validator reports one fault."""
    return faults([(found, allowed, remedy)])


def _in_four_digits(raw: object) -> object:
    """Refuse a year as the key of a table in any other form: 02026 and 2026 would be one year, and one be lost."""
    if isinstance(raw, str) and not _YEAR.fullmatch(raw):
        raise fault(shown(raw), "a year in four digits, such as 2026")
    return raw


Year = Annotated[int, BeforeValidator(_in_four_digits), Field(ge=FIRST_YEAR, le=LAST_YEAR)]
"""A calendar year."""


def faults(found: list[Found], *, unit: str = "") -> PydanticCustomError:
    """Build the error by which a validator reports several faults of one part: found, allowed, remedy of each.

    Parameters
    ----------
    unit
        What the unit should have been, where it is what is wrong.
    """
    words = "; ".join(words for words, _, _ in found)
    return PydanticCustomError("fault", "{words}", {"words": words, "found": found, "unit": unit})


def shown(raw: object) -> str:
    """Write what was found in a file, as the file has it and not too long."""
    text = str(raw) if isinstance(raw, Decimal | date) else repr(raw)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


class _Basis(Protocol):
    @property
    def status(self) -> str | None: ...
    @property
    def source(self) -> str: ...
    @property
    def by(self) -> str: ...


def missing_basis(part: _Basis, *, derived: tuple[str, ...] = ("calculation", "source", "by")) -> list[Found]:
    """Return the fault of a part that does not say on what its status rests; none where it does.

    What is enacted, proposed, actual or published needs a source; an estimate or an example says whose it is.

    Parameters
    ----------
    derived
        Fields of which what is derived needs one: a choice any of them, a value its calculation.
    """
    if part.status in ("enacted", "proposed", "actual", "published") and not part.source:
        return [(f"status {part.status!r} without a source", "source = the id of one of [sources]", "")]
    if part.status in ("estimated", "illustrative") and not part.by:
        return [(f"status {part.status!r} without by", "by = whose estimate or example it is", "")]
    if part.status == "derived" and not any(getattr(part, name, "") for name in derived):
        return [("status 'derived' without calculation", "calculation = how it was derived", "")]
    return []


class Checked(Described, Brief):
    """Base of everything in a model file: frozen, and a key that is not known is a fault.

    A class says in `_wrong` what is wrong with it, all at once; what its base finds wrong comes first, and alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def __hash__(self) -> int:  # that of pydantic fails on mappings
        return content_hash(self, list(type(self).model_fields))

    @model_validator(mode="after")
    def _nothing_wrong(self) -> Self:
        for part in reversed(type(self).__mro__):
            if "_wrong" in vars(part) and (found := list(vars(part)["_wrong"](self))):
                raise faults(found)
        return self


class MayStandUnused(Checked):
    """A part that has to be used by another one, unless it says why it stands in the file all the same.

    Attributes
    ----------
    unused
        Nothing uses it, and that is meant.
    reason
        Why it stands there.
    """

    unused: bool = False
    reason: str = ""

    def _wrong(self) -> Iterator[Found]:
        if self.unused and not self.reason:
            yield "unused without reason", "reason = why it stands in the file", ""

    def check_use(self, faults: Faults, where: str, found: str, *, used: bool, remedy: str) -> None:
        """Add a fault where nothing uses it and it does not say so, or where it says so and is used.

        Parameters
        ----------
        found, remedy
            What is wrong where nothing uses it, and how to use it.
        """
        if used and self.unused:
            faults.add(f"{where}.unused", "true, but it is used", "unused = true on what nothing uses")
        elif not used and not self.unused:
            says = f"{remedy} Or say unused = true, with reason = why it stands in the file."
            faults.add(where, found, "what is stated is used", says)


Amount = Decimal | date | Mark


class Period(NamedTuple):
    """The days from `start` up to and including `until`, with what holds on them; None where an input brings it."""

    start: date
    until: date
    amount: Amount | None


def _number_or_date(raw: Any) -> Any:
    """Only numbers and dates: TOML has both, and text or a truth value here is a slip."""
    if isinstance(raw, str):
        try:
            return datetime.strptime(raw, "%Y-%m-%d").date()
        except ValueError:
            remedy = f"Write mark = '{raw}' instead of a value." if raw in get_args(Mark) else as_written_here(raw)
            raise fault(shown(raw), "a number or a date, without quotes", remedy) from None
    if isinstance(raw, bool | datetime) or not isinstance(raw, int | float | Decimal | date):
        raise fault(shown(raw), "a number or a date")
    if isinstance(raw, date):
        return raw
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not (number.is_finite() and abs(number) < MOST):
        raise fault(str(number), f"a finite number below {MOST:,}")
    return number


def _number_or_date_or_mark(raw: Any) -> Any:
    return raw if isinstance(raw, str) and raw in get_args(Mark) else _number_or_date(raw)


class Value(Checked):
    """A number or date with everything that a reader needs in order to trust it.

    Exactly one of `value` (one figure), `years` (one a calendar year), `mark` (`pm`: unknown and not in the total;
    `unallocated`: in the total, not broken down) and `input` (the name of an input the user brings) is given.

    Attributes
    ----------
    value
        One number or date, without quotes.
    years
        Instead of `value`: a figure, a date or a mark for each calendar year.
    mark
        Instead of `value`: ``pm`` (unknown, and not in the total) or ``unallocated`` (in the total, not broken
        down).
    input
        Instead of `value`: the name of an entry of ``[inputs]`` that the user brings.
    start
        First day on which it holds; by default the first of the file.
    until
        Last day on which it holds; by default the last of the file.
    """

    value: Annotated[Decimal | date | None, BeforeValidator(_number_or_date)] = None
    years: dict[Year, Annotated[Decimal | date | Mark, BeforeValidator(_number_or_date_or_mark)]] | None = None
    mark: Mark | None = None
    input: Annotated[str, Field(min_length=1)] | None = None
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

    def _wrong(self) -> Iterator[Found]:
        given = [name for name in ("value", "years", "mark", "input") if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"{' and '.join(given) or 'nothing'} given", "exactly one of value, years, mark, input", ""
        if self.years is not None and not self.years:
            yield "years without a year", "an amount for at least one year", ""
        for figure in self.figures():
            if (self.unit == "date") != isinstance(figure, date):
                yield f"{figure} with unit {self.unit!r}", "a date with unit 'date', a number with any other", ""
        if self.start and self.until and self.until < self.start:
            yield f"until {self.until} lies before from {self.start}", "a period that ends on or after its start", ""
        if self.years is not None and (self.start or self.until):
            yield "years together with from or until", "one of the two", ""
        yield from missing_basis(self, derived=("calculation",))
        if self.unit.startswith("EUR"):
            missing = [name for name in ("vat", "price_level") if not getattr(self, name)]
            if missing:
                allowed = 'vat = "incl", "excl", "none" or "unknown"; price_level = "current" or a year'
                yield f"an amount without {' and '.join(missing)}", allowed, ""
        elif self.vat is not None:
            yield f"vat on a value in {self.unit}", "vat only on amounts in EUR", ""

    def figures(self) -> list[Decimal | date]:
        """Return the numbers or dates it states; marks and inputs left out."""
        stated = [self.value] if self.years is None else list(self.years.values())
        return [figure for figure in stated if isinstance(figure, Decimal | date)]

    def periods(self, first: date, last: date) -> list[Period]:
        """Spell the value out as periods; without dates it holds from `first` to `last`."""
        if self.years is not None:
            return [Period(date(year, 1, 1), date(year, 12, 31), amount) for year, amount in sorted(self.years.items())]
        return [Period(self.start or first, self.until or last, self.mark if self.mark else self.value)]


class Dated(Checked):
    """One or more values of the same thing over time; asked outside the known period it raises.

    Attributes
    ----------
    items
        The values, in the order of the file.
    """

    items: tuple[Value, ...]

    def item(self, day: date, *, key: str, path: str, first: date, last: date) -> tuple[Value, Amount | None]:
        """Return the value that holds on `day` with its amount (None where an input is to bring it).

        Raises
        ------
        OutsidePeriodError
            No value holds on that day; names the file, the key and the known range.
        """
        known = [(value, span) for value in self.items for span in value.periods(first, last)]
        for value, span in known:
            if span.start <= day <= span.until:
                return value, span.amount
        spans_known = ", ".join(f"{span.start} to {span.until}" for _, span in known)
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
    if isinstance(raw, list | dict) and raw:
        return {"items": raw if isinstance(raw, list) else [raw]}
    raise fault(shown(raw), "a table with value, unit, status and source")


def each(unit: str, *checks: Callable[[Value], None]) -> InUnit:
    """Return what checks a value, or each of several dated ones: its unit (empty for any), and what else is asked."""

    def check(part: Value | Dated) -> Value | Dated:
        values = part.items if isinstance(part, Dated) else (part,)
        for value in values:
            if unit and value.unit != unit:
                raise faults([(f"unit {value.unit!r}", unit, "")], unit=unit)
        _check_order(values)
        for check_one in checks:
            for value in values:
                check_one(value)
        return part

    return InUnit(unit, AfterValidator(check))


def _check_order(values: tuple[Value, ...]) -> None:
    if len(values) > 1 and any(value.start is None and value.years is None for value in values):
        raise fault("several values of which one has no from", "from on each of them")
    spans = sorted((span.start, span.until) for value in values for span in value.periods(date.min, date.max))
    for (_, until), (start, _) in pairwise(spans):
        if start <= until:
            raise fault(f"values overlap on {start}", "periods that do not overlap; close each with until")


def _whole_cents(value: Value) -> None:
    for amount in value.figures():
        if isinstance(amount, Decimal) and amount != round(amount, 2):
            raise fault(f"{amount} EUR", "whole cents")


def _shares(least: int, allowed: str) -> Callable[[Value], None]:
    def check(value: Value) -> None:
        for amount in value.figures():
            if isinstance(amount, Decimal) and not least <= amount <= 1:
                raise fault(f"{amount} as a share", f"{allowed}; 21 per cent is 0.21")

    return check


a_share = _shares(-1, "a fraction such as 0.21")
"""Check the shares in a value, such as an index; below 0 where something falls."""
a_part = _shares(0, "a fraction from 0 to 1")
"""Check the shares in a value that are parts of a whole, such as a VAT rate or the share that comes back."""


def _no_text(raw: Any) -> Any:
    if isinstance(raw, str | bool):
        raise fault(shown(raw), "a whole number, without quotes", as_written_here(raw) if isinstance(raw, str) else "")
    return raw


Number = Annotated[Decimal, BeforeValidator(_number_or_date)]
"""A bare number, never text."""
Whole = Annotated[int, BeforeValidator(_no_text)]
"""A bare whole number, never text."""
WholeYear = Annotated[Year, BeforeValidator(_no_text)]
"""A calendar year that is a value; the name of an entry is text, and a :data:`Year`."""
Money = Annotated[Dated, BeforeValidator(_as_items), each("EUR", _whole_cents)]
"""Euro amounts over time, exact to the cent."""
PerInhabitant = Annotated[Dated, BeforeValidator(_as_items), each("EUR/inhabitant")]
"""Euro per inhabitant over time."""
Share = Annotated[Dated, BeforeValidator(_as_items), each("share", a_share)]
"""Fractions over time, from -1 to 1."""
Portion = Annotated[Dated, BeforeValidator(_as_items), each("share", a_part)]
"""Parts of a whole over time, from 0 to 1."""
Factor = Annotated[Dated, BeforeValidator(_as_items), each("number")]
"""A number that something is multiplied by."""
DateValue = Annotated[Dated, BeforeValidator(_as_items), each("date")]
"""A date with its status."""
