"""What fund and fee share: a checked definition, the inputs of the user, changes, dates, VAT, notes and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ggu_costs.display import numbers
from ggu_costs.display.words import label
from ggu_costs.errors import Faults, InputError, OutsidePeriodError
from ggu_costs.fund.bill import BCF_NOTE
from ggu_costs.fund.definition import FeeTerms, FundTerms, KeyTerms, VatTerms, YearlyHeader
from ggu_costs.fund.terms import Terms, Vat
from ggu_costs.modelfile import Inputs, Loaded
from ggu_costs.modelfile.provenance import provenance
from ggu_costs.modelfile.values import Dated, Value
from ggu_costs.reference import as_date, carried_codes, map_day

if TYPE_CHECKING:
    from ggu_costs.typing import DateLike

__all__ = ["Changes", "YearModel", "as_decimal"]

H = TypeVar("H", bound=YearlyHeader)

_CARIBBEAN = "Exclusief de openbare lichamen Bonaire, Sint Eustatius en Saba."


@dataclass(frozen=True)
class Changes:
    """What was changed in Python on top of the model file; None where the file holds."""

    total: Decimal | None = None
    rate: Decimal | None = None
    key: Mapping[str, Decimal] | None = None
    counting_date: date | None = None
    map_date: date | None = None

    def in_words(self) -> list[str]:
        """List the changes, for provenance and titles."""
        words = []
        for name in ("total", "rate", "counting_date", "map_date"):
            value = getattr(self, name)
            if value is not None:
                words.append(f"{name} = {value}")
        if self.key is not None:
            words.append("key = " + " + ".join(f"{part} {name}" for name, part in self.key.items()))
        return words

    def in_dutch(self) -> list[str]:
        """Write the changes for a reader, for titles."""
        words = []
        if self.total is not None:
            words.append(f"{label('total')} {numbers.euro(self.total)}")
        if self.rate is not None:
            words.append(f"{numbers.euro(self.rate)} per inwoner")
        if self.key is not None:
            parts = (f"{numbers.percent(part, decimals=0)} {label(name)}" for name, part in self.key.items())
            words.append(f"{label('key')} " + " + ".join(parts))
        for name in ("counting_date", "map_date"):
            if getattr(self, name) is not None:
                words.append(f"{label(name)} {numbers.date(getattr(self, name))}")
        return words


@dataclass(frozen=True)
class YearModel(Generic[H]):
    """What fund and fee share: a checked definition, the user's inputs, and changes."""

    loaded: Loaded[H]
    inputs: Inputs
    changes: Changes = field(default_factory=Changes)

    @classmethod
    def open(cls, loaded: Loaded[H], data: Mapping[str, Any] | None = None) -> Self:
        """Make the model of a checked file with the inputs the user brings."""
        return cls(loaded, Inputs(loaded.definition.inputs, data, model=loaded.definition.id))

    @property
    def definition(self) -> H:
        """What the model file says."""
        return self.loaded.definition

    @property
    def id(self) -> str:
        """Id of the model file."""
        return self.definition.id

    @property
    def title(self) -> str:
        """Title of the model file, with the changes made, in Dutch."""
        words = self.changes.in_dutch()
        return self.definition.title + (f" ({'; '.join(words)})" if words else "")

    @property
    def years(self) -> tuple[int, ...]:
        """Years the model knows."""
        return self.definition.years

    def _year(self, year: int | None) -> int:
        known = ", ".join(map(str, self.years))
        if year is None and len(self.years) > 1:
            raise InputError(f"{self.id} holds several years", remedy=f"Say which year: {known}.")
        chosen = self.years[0] if year is None else year
        if chosen not in self.years:
            raise OutsidePeriodError(
                f"{self.loaded.path}: no year {chosen}; known: {known}",
                key="year", asked=str(chosen), known=known, remedy=f"Choose one of {known}.",
            )  # fmt: skip
        return chosen

    def optional_number(self, dated: Dated | None, year: int, key: str) -> Decimal | None:
        """Number of a dated value; None for PM and for an optional input that was not given."""
        if dated is None:
            return None
        amount, needed = self.definition.at(dated, year, key)
        if needed is not None:
            if needed not in self.inputs and self.definition.inputs[needed].optional:
                return None
            return self.inputs.number(needed)
        return amount if isinstance(amount, Decimal) else None

    def number(self, dated: Dated | None, year: int, key: str) -> Decimal:
        """Number of a dated value that has to be known."""
        number = self.optional_number(dated, year, key)
        if number is None:
            raise InputError(
                f"{self.id}: {key} of {year} is not known (PM)", remedy="Give it in the file, with its source."
            )
        return number

    def _date(self, dated: Dated, year: int, key: str) -> date:
        day, _ = self.definition.at(dated, year, key)
        if not isinstance(day, date):
            raise InputError(f"{self.id}: {key} of {year} is not a date", remedy="State the date in the file.")
        return day

    def _vat(self, terms: VatTerms, state: str, codes: Sequence[str], year: int, day: date) -> Vat:
        recoverable: dict[str, Decimal] | None = None
        amount, needed = self.definition.at(terms.recoverable_share, year, "vat.recoverable_share")
        if needed is not None and needed in self.inputs:
            import pandas as pd

            shares = self.inputs.by_code(needed, pd.Index(codes), day)
            recoverable = {str(code): Decimal(str(share)) for code, share in shares.items()}
        elif isinstance(amount, Decimal):
            recoverable = dict.fromkeys(codes, amount)
        return Vat(
            state=state,
            rate=self.number(terms.rate, year, "vat.rate"),
            taxed_share=self.optional_number(terms.taxed_share, year, "vat.taxed_share"),
            recoverable_share=recoverable,
        )

    def _notes(self, terms: Terms) -> tuple[str, ...]:
        notes = [*self.definition.notes, _CARIBBEAN]
        moved = carried_codes(terms.counting_date, terms.map_date)
        if len(moved):
            names = "; ".join(f"{row.old_name} naar {row.new_name}" for row in moved.itertuples())
            notes.append(f"Inwoners van {numbers.date(terms.counting_date)} overgebracht bij herindeling: {names}.")
        unknown = terms.vat.state == "unknown" or terms.vat.taxed_share is None or terms.vat.recoverable_share is None
        if terms.vat.state != "none":
            notes.append(
                "Netto na btw-compensatie is PM: het belaste of het compensabele deel is niet bekend."
                if unknown
                else BCF_NOTE
            )
        return tuple(notes)

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result of this model follows from."""
        return provenance(
            self.id,
            files=self.loaded.hashes,
            inputs=self.inputs.hashes,
            changes=self.changes.in_words(),
            **more,
        )

    def _redated(self, counting_date: DateLike | None, map_date: DateLike | None) -> Changes:
        """Return the changes with other dates, where given."""
        changes = self.changes
        if counting_date is not None:
            changes = replace(changes, counting_date=as_date(counting_date, what="counting_date"))
        if map_date is not None:
            changes = replace(changes, map_date=map_day(map_date, what="map_date"))
        return changes

    def _dates(self, terms: FundTerms | FeeTerms, year: int) -> tuple[date, date]:
        """Counting date and map date, as changed or as the file states."""
        counted = self.changes.counting_date or self._date(terms.counting_date, year, "counting_date")
        mapped = self.changes.map_date or self._date(terms.map_date, year, "map_date")
        return counted, mapped

    def _sources(self, named: Mapping[str, Dated | KeyTerms | None], year: int) -> dict[str, str]:
        """Words on what each part of the bill rests."""
        words = {}
        for name, part in named.items():
            if isinstance(part, KeyTerms):
                words[name] = basis_words(part, self.definition)
            elif part is not None:
                value, _ = part.item(
                    date(year, 1, 1), key=name, path=self.id,
                    first=self.definition.first_day, last=self.definition.last_day,
                )  # fmt: skip
                words[name] = basis_words(value, self.definition)
        changed = {
            "total": "level",
            "rate": "level",
            "key": "key",
            "counting_date": "counting_date",
            "map_date": "map_date",
        }
        for change, name in changed.items():
            if getattr(self.changes, change) is not None:
                words[name] = "gewijzigd door de gebruiker"
        return words


def basis_words(value: Value | KeyTerms, header: YearlyHeader) -> str:
    """Write status, source and place of a value for a reader."""
    words = [label(value.status, of="status")]
    if value.source:
        words.append(header.sources[value.source].title)
    if value.place:
        words.append(value.place)
    if value.by:
        words.append(f"door {value.by}")
    return ", ".join(words)


def as_decimal(name: str, value: Decimal | float, faults: Faults, *, cents: bool = False) -> Decimal:
    """Take a number from Python: a float by its shortest decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        faults.add(name, repr(value), "a number")
        return Decimal(1)
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite() or number < 0:
        faults.add(name, str(value), "finite, 0 or more")
        return Decimal(1)
    if cents and number != round(number, 2):
        faults.add(name, f"{value} euro", "whole cents")
    return number
