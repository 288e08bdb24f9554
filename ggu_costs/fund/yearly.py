"""What fund and fee share: a checked definition, the inputs of the user, changes, dates, VAT, notes and provenance."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd

from ggu_costs.allocation import Tariff, tariff
from ggu_costs.allocation.sharing import Rounding
from ggu_costs.errors import Faults, GguCostsError, InputError, OutsidePeriodError
from ggu_costs.figures import finite
from ggu_costs.fund.conditions import BOUNDS
from ggu_costs.fund.definition import YearlyHeader
from ggu_costs.fund.indexation import STEPS, Indexed, read_vintage
from ggu_costs.fund.key_columns import called, from_reference, own_input
from ggu_costs.fund.paths import Path
from ggu_costs.fund.tariff_terms import TariffTerms
from ggu_costs.fund.terms import Terms, format_plain, rate_words, share_words, whole_cents
from ggu_costs.indices import IndexDefinition
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.listing import stated_status
from ggu_costs.modelfile.notes import Use, caribbean_note, carried_note, status_notes
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Dated, Value
from ggu_costs.modelfile.vat import Vat
from ggu_costs.money import to_cents
from ggu_costs.reference import Reference, as_date
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import joined, message, word

H = TypeVar("H", bound=YearlyHeader)


@dataclass(frozen=True)
class Changes:
    """What was changed in Python on top of the model file; None where the file holds."""

    total: Decimal | None = None
    rate: Decimal | None = None
    key: Mapping[str, Decimal] | None = None
    counting_date: date | None = None
    map_date: date | None = None
    minimum: Decimal | None = None
    minimum_per_inhabitant: Decimal | None = None
    maximum: Decimal | None = None
    maximum_per_inhabitant: Decimal | None = None
    rounding: Rounding | None = None
    rounding_unit: Decimal | None = None
    phase_in: Path | None = None
    vintage: str | None = None

    def names(self) -> list[str]:
        """Names of what was changed."""
        return [item.name for item in fields(self) if getattr(self, item.name) is not None]

    def in_words(self) -> list[str]:
        """List the changes, for provenance and titles."""
        words = [f"{name} = {getattr(self, name)}" for name in self.names() if name != "key"]
        if self.key is not None:
            words.append("key = " + " + ".join(f"{part} {name}" for name, part in self.key.items()))
        return words

    def in_readers_words(self, reference: Reference) -> list[str]:
        """Write the changes for a reader, for titles."""
        words: list[str] = []
        if self.total is not None:
            words.append(message("total_is", total=self.total))
        if self.rate is not None:
            words.append(message("per_inhabitant", amount=rate_words(self.rate)))
        if self.key is not None:
            parts = [
                message("part_by", share=share_words(part), name=called(name, reference))
                for name, part in self.key.items()
            ]
            words.append(message("key_is", parts=parts))
        for name in ("counting_date", "map_date"):
            if getattr(self, name) is not None:
                words.append(message("day_is", name=name, day=getattr(self, name)))
        words += [
            message("condition_is", name=name, amount=rate_words(getattr(self, name)))
            for name in (*BOUNDS, "rounding_unit") if getattr(self, name) is not None
        ]  # fmt: skip
        if self.rounding is not None:
            words.append(word(self.rounding, of="rounding"))
        if self.vintage is not None:
            words.append(message("vintage_is", vintage=self.vintage))
        if self.phase_in is not None:
            rate = rate_words(self.phase_in.per_inhabitant_per_year)
            words.append(message("phase_in_is", year=self.phase_in.first_year, rate=rate))
        return words


@dataclass(frozen=True)
class YearModel(OpenedModel[H], ABC):
    """What fund and fee share: years, dates, VAT, and changes made in Python."""

    changes: Changes = field(default_factory=Changes)

    def _changes_in_words(self) -> list[str]:
        return self.changes.in_readers_words(self.reference)

    @property
    def years(self) -> tuple[int, ...]:
        """Years the model knows."""
        return self.definition.years

    def _year(self, year: int | None) -> int:
        known = ", ".join(map(str, self.years))
        if year is None and len(self.years) > 1:
            raise InputError(f"{self.id} holds several years", remedy=f"Say which year: {known}.")
        number = next(iter(self.years)) if year is None else finite(year)
        if not isinstance(number, int):
            found = f"{self.id}: year is {format_plain(year)}"
            raise InputError(found, remedy=f"Give a year as a whole number: {known}.")
        chosen = number
        if chosen not in self.years:
            raise OutsidePeriodError(
                f"{self.loaded.path}: no year {chosen}; known: {known}",
                key="year", asked=str(chosen), known=known, remedy=f"Choose one of {known}.",
            )  # fmt: skip
        return chosen

    @abstractmethod
    def _rests_on(self, year: int) -> list[Dated | None]:
        """Values that the bills of a year rest on, beside VAT."""

    def key_columns(self) -> tuple[str, ...]:
        """Return the columns of the keys that its bills rest on."""
        return ("inhabitants",)

    def require(self, *years: int) -> None:
        """Raise one error with every input that the bills of these years need and that was not given."""
        vat = [value for _, value in self.definition.terms.vat]
        rested = [(value, year) for year in years for value in (*self._rests_on(year), *vat)]
        needed = [self.definition.at(value, year, "input")[1] for value, year in rested if value]
        own = [own_input(name) for name in self.key_columns()]
        self.inputs.require(
            name for name in (*needed, *own) if name is not None and (name in own or self.inputs.counts(name))
        )

    def optional_number(self, dated: Dated | None, year: int, key: str) -> Decimal | None:
        """Number of a dated value; None for PM and for an optional input that was not given."""
        if dated is None:
            return None
        amount, needed = self.definition.at(dated, year, key)
        if needed is not None:
            return self.inputs.number(needed) if self.inputs.counts(needed) else None
        return amount if isinstance(amount, Decimal) else None

    def number(self, dated: Dated | None, year: int, key: str) -> Decimal:
        """Number of a dated value that has to be known."""
        number = self.optional_number(dated, year, key)
        if number is None:
            raise InputError(
                f"{self.id}: {key} of {year} is not known (PM)", remedy="Give it in the file, with its source."
            )
        return number

    def optional_cents(self, dated: Dated | None, year: int, key: str) -> int | None:
        """Amount of a dated value in whole cents; None where it is not known."""
        number = self.optional_number(dated, year, key)
        return None if number is None else to_cents(number, name=f"{self.id}: {key} of {year}")

    def cents(self, dated: Dated | None, year: int, key: str) -> int:
        """Amount in whole cents of a dated value that has to be known."""
        return to_cents(self.number(dated, year, key), name=f"{self.id}: {key} of {year}")

    def tariff_of(self, terms: TariffTerms, year: int, where: str) -> Tariff:
        """Tariff of a year, a callable on numbers of inhabitants; a class without a rate or an amount has 0."""
        known = {name: self.number(value, year, f"{where}.{name}") for name, value in terms.values}
        count = len(terms.brackets)
        rates, amounts = (
            [known.get(f"brackets[{position}].{name}", Decimal(0)) for position in range(count)]
            for name in ("rate", "amount")
        )
        return tariff(
            [bracket.from_inhabitants for bracket in terms.brackets], rates, mode=terms.mode,
            up_to_and_including=bool(terms.up_to_and_including), fixed=known.get("fixed", Decimal(0)),
            amounts=amounts if any(amounts) else (),
        )  # fmt: skip

    def _date(self, dated: Dated, year: int, key: str) -> date:
        day, _ = self.definition.at(dated, year, key)
        if not isinstance(day, date):
            raise InputError(f"{self.id}: {key} of {year} is not a date", remedy="State the date in the file.")
        return day

    def on_map(self, name: str, mapped: date, year: int) -> tuple[pd.Series, date]:
        """Figures of an input by code of `mapped`, else of the earlier map that the file states; with that day."""
        stated = self._date(self.definition.terms.map_date, year, "map_date")
        try:
            return self.inputs.by_code(name, pd.Index(self.reference.member_codes(mapped)), mapped), mapped
        except InputError:
            if mapped <= stated:
                raise
            return self.inputs.by_code(name, pd.Index(self.reference.member_codes(stated)), stated), stated

    def _vat(self, year: int, mapped: date) -> Vat:
        """VAT terms of a year; the recoverable share of merged municipalities is the mean, weighted by inhabitants."""
        terms = self.definition.terms
        recoverable: dict[str, Decimal] | None = None
        amount, needed = self.definition.at(terms.vat.recoverable_share, year, "vat.recoverable_share")
        if needed is not None and self.inputs.counts(needed):
            shares, day = self.on_map(needed, mapped, year)
            if day != mapped:
                people = self.reference.inhabitants_on(date(day.year, 1, 1), day)
                shares = self.reference.carry_between(
                    shares, from_date=day, to_date=mapped, kind="rate", weights=people
                )
            recoverable = {str(code): Decimal(str(share)) for code, share in shares.items()}
        elif isinstance(amount, Decimal):
            recoverable = dict.fromkeys(self.reference.member_codes(mapped), amount)
        return Vat(
            state=self.definition.vat_state,
            rate=self.number(terms.vat.rate, year, "vat.rate"),
            taxed_share=self.optional_number(terms.vat.taxed_share, year, "vat.taxed_share"),
            recoverable_share=recoverable,
        )

    def _notes(self, terms: Terms) -> list[str]:
        notes = [*self.definition.notes, caribbean_note()]
        notes += carried_note("inhabitants", terms.counting_date, terms.map_date, reference=self.reference)
        notes += self._carried_inputs(terms)
        notes += status_notes(self.reference, use_of(terms))
        if terms.vat.known and terms.vat.state != "none":
            notes.append(message("bcf"))
        return notes

    def _carried_inputs(self, terms: Terms) -> Iterator[str]:
        """Say which inputs per municipality were carried from the map of the file to a later one."""
        vat = self.definition.terms.vat
        _, share = self.definition.at(vat.recoverable_share, terms.year, "vat.recoverable_share")
        brought = [(share, "recoverable_share", True)]
        brought += [("offset", "offset", False)] if terms.offset is not None else []
        brought += [(own, column, False) for column in terms.key if (own := own_input(column)) is not None]
        for name, what, weighed in brought:
            if name is not None and name in self.inputs:
                _, day = self.on_map(name, terms.map_date, terms.year)
                yield from carried_note(what, day, terms.map_date, weighed=weighed, reference=self.reference)

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result of this model follows from."""
        return super().provenance(changes=self.changes.in_words(), **more)

    def _change_dates(
        self, counting_date: DateLike | None, map_date: DateLike | None, faults: Faults
    ) -> tuple[Changes, list[GguCostsError]]:
        """Return the changes with other dates, where given, and the errors in them; each is a fault too."""
        days: dict[str, Any] = {}
        errors = []
        for name, value in (("counting_date", counting_date), ("map_date", map_date)):
            if value is None:
                continue
            try:
                days[name] = (
                    self._counting_day(value) if name == "counting_date" else self.reference.map_day(value, what=name)
                )
            except GguCostsError as error:
                errors.append(error)
                faults.add(name, error.message, remedy=error.remedy)
        return replace(self.changes, **days), errors

    def _change_vintage(self, changes: Changes, vintage: str | None, faults: Faults) -> Changes:
        """Return the changes with another vintage of the index, where it is given."""
        if vintage is None:
            return changes
        stated = self.definition.terms.indexed
        named = None if stated is None else self.loaded.named[stated.index].definition
        return replace(changes, vintage=read_vintage(vintage, stated, named, faults))

    def _indexed(self) -> Indexed | None:
        """Return the index that the file names, with what the file states itself of its years."""
        terms = self.definition.terms
        if terms.indexed is None:
            return None
        named = self.loaded.named[terms.indexed.index].definition
        assert isinstance(named, IndexDefinition)  # noqa: S101 (the file was checked)
        own = {
            year: {name: Fraction(step) for name in STEPS
                   if (step := self.optional_number(getattr(terms, name, None), year, name)) is not None}
            for year in self.years
        }  # fmt: skip
        return Indexed.of(terms.indexed, named, own, self.changes.vintage or "")

    def _counting_day(self, value: DateLike) -> date:
        day = as_date(value, what="counting_date")
        self.reference.inhabitants_on(day)  # refuses a day without figures
        return day

    def _check_changes(self, faults: Faults, errors: Sequence[GguCostsError]) -> None:
        """Raise all faults together; a date that is the only fault keeps its own kind of error."""
        if errors and len(faults.found) == 1:
            raise errors[0]
        faults.check(f"{self.id}: these changes cannot be made", remedy="Correct the arguments listed.")

    def _dates(self, year: int) -> tuple[date, date]:
        """Counting date and map date, as changed or as the file states."""
        terms = self.definition.terms
        counted = self.changes.counting_date or self._date(terms.counting_date, year, "counting_date")
        mapped = self.changes.map_date or self._date(terms.map_date, year, "map_date")
        if counted > mapped:
            raise InputError(
                f"{self.id}: counting_date {counted} lies after map_date {mapped} of {year}",
                remedy=f"Give map_date={str(counted)!r} or later as well: figures are carried forward only.",
            )
        return counted, mapped

    def uses(self) -> Iterator[Use]:
        """Return the reference figures and maps that the bills of its years rest on."""
        for year in self.years:
            yield Use(self.columns(), *self._dates(year), year)

    def columns(self) -> tuple[str, ...]:
        """Return the columns of figures that its bills rest on."""
        return ("inhabitants",)

    def _sources(self, named: Mapping[str, Dated | Grounds | None], year: int) -> dict[str, str]:
        """Words on what each part of the bill rests, map date, counting date and VAT included."""
        terms, words = self.definition.terms, {}
        dated = {"map_date": terms.map_date, "counting_date": terms.counting_date, "vat": terms.vat.taxed_share}
        for name, part in (*named.items(), *dated.items()):
            if part is not None:
                value = part if isinstance(part, Grounds) else self.definition.value_at(part, year, name)[0]
                words[name] = basis_words(value, self.definition, self.inputs)
        for name in self.changes.names():
            words["level" if name in ("total", "rate") else name] = message("changed_by_user")
        return words


def use_of(terms: Terms) -> Use:
    """Return the reference figures that a bill rests on."""
    columns = tuple(dict.fromkeys((*from_reference(terms.key), "inhabitants")))
    return Use(columns, terms.counting_date, terms.map_date, terms.year)


def basis_words(value: Value | Grounds, header: YearlyHeader, given: Inputs) -> str:
    """Write status, source and place of a value for a reader; `given`: the inputs that the user brought."""
    source = header.sources[value.source].title if value.source else ""
    status = stated_status(value, given)
    if status == "assumed":
        return message("assumed_by", who=value.by)
    by = message("by", who=value.by) if value.by and status not in ("", "to_give") else ""
    return joined(filter(None, (word(status, of="status") if status else "", source, value.place, by)))


def vat_lacking(vat: Vat) -> list[str]:
    """Say what of VAT and net is a memorandum item, and why."""
    if vat.known:
        return []
    if vat.state == "unknown":
        return [message("vat_unknown")]
    return [message("taxed_share_unknown" if vat.taxed_share is None else "recoverable_share_unknown")]


def as_decimal(name: str, value: Decimal | float, faults: Faults, *, cents: bool = False) -> Decimal:
    """Take a number from Python: a float by its shortest decimal, an amount in cents by the cent it stands for."""
    number = finite(value)
    if isinstance(number, Fraction) and not cents:
        number = Decimal(number.numerator) / number.denominator  # a third by its 28 digits
    if number is None or number < 0:
        faults.add(name, format_plain(value), "a finite number, 0 or more")
        return Decimal(1)
    if not cents:
        return number if isinstance(number, Decimal) else Decimal(repr(number))
    whole = whole_cents(number)
    if whole is None:
        faults.add(name, f"{value} euro", "whole cents", "Round it first.")
    return Decimal(whole or 0) / 100
