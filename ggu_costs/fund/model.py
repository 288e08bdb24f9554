"""The models of this room: a fund and a fee, opened from a model file, changed, and asked for their bills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from ggu_costs.allocation import Tariff, tariff
from ggu_costs.display import numbers
from ggu_costs.display.words import label
from ggu_costs.errors import Faults, InputError, OutsidePeriodError
from ggu_costs.fund.bill import BCF_NOTE, Bill
from ggu_costs.fund.definition import FeeDefinition, FundDefinition, KeyTerms, VatTerms, YearlyHeader
from ggu_costs.fund.terms import Terms, Vat, amounts, exact_figures
from ggu_costs.modelfile import Inputs, Loaded
from ggu_costs.modelfile.provenance import provenance
from ggu_costs.modelfile.values import Dated, Value
from ggu_costs.reference import as_date, carried_codes, map_day, member_codes

if TYPE_CHECKING:
    from ggu_costs.fund.portfolio import HalfYearReport, Outlook
    from ggu_costs.fund.settlement import Settlement
    from ggu_costs.fund.underspend import Underspend
    from ggu_costs.typing import DateLike

__all__ = ["Changes", "Fee", "Fund", "YearModel"]

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
        """Title of the model file, with the changes made."""
        words = self.changes.in_words()
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
            raise InputError(f"{self.id}: {key} of {year} is not known (PM)", remedy="Give it in the file, with its source.")
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
            recoverable = {code: Decimal(str(share)) for code, share in shares.items()}
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
                "Netto na btw-compensatie is PM: het belaste of het compensabele deel is niet bekend." if unknown else BCF_NOTE
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

    def _dates(self, terms: Any, year: int) -> tuple[date, date]:
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
        changed = {"total": "level", "rate": "level", "key": "key", "counting_date": "counting_date", "map_date": "map_date"}
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


@dataclass(frozen=True)
class Fund(YearModel[FundDefinition]):
    """The GGU fund (fonds GGU) of one or more years.

    Open it with :func:`ggu_costs.open_model`.
    """

    def with_changes(
        self,
        *,
        total: Decimal | float | None = None,
        rate: Decimal | float | None = None,
        key: Mapping[str, Decimal | float] | None = None,
        counting_date: DateLike | None = None,
        map_date: DateLike | None = None,
    ) -> Fund:
        """Return a new fund that remembers what was changed, and can be changed again.

        Parameters
        ----------
        total
            Euro, whole cents; sets the basis to budget.
        rate
            Euro per inhabitant; sets the basis to rate.
        key
            Fractions that add up to 1, by reference column or ``equal``.
        counting_date, map_date
            Any dates with reference figures.

        Raises
        ------
        InputError
            Every fault of the arguments at once.
        """
        faults = Faults()
        if total is not None and rate is not None:
            faults.add("total, rate", "both given", "one of the two: the total or the rate follows from the other")
        changes = self.changes
        if total is not None:
            changes = replace(changes, total=_decimal("total", total, faults, cents=True), rate=None)
        if rate is not None:
            changes = replace(changes, rate=_decimal("rate", rate, faults), total=None)
        if key is not None:
            parts = {str(name): _decimal(f"key[{name!r}]", part, faults) for name, part in key.items()}
            if not faults:
                KeyTerms(parts=parts, status="proposed", source="-").check(faults)
            changes = replace(changes, key=parts)
        if counting_date is not None:
            changes = replace(changes, counting_date=as_date(counting_date, what="counting_date"))
        if map_date is not None:
            changes = replace(changes, map_date=map_day(map_date, what="map_date"))
        by_rate = changes.rate is not None or (changes.total is None and self.definition.fund.basis == "rate")
        if by_rate and set(changes.key or self.definition.fund.key.parts) != {"inhabitants"}:
            faults.add("key", "not inhabitants alone while a rate per inhabitant is given", "{'inhabitants': 1}")
        faults.check(f"{self.id}: these changes cannot be made", remedy="Correct the arguments listed.")
        return replace(self, changes=changes)

    def contributions(self, year: int | None = None) -> Bill:
        """Return the bill of each municipality (bijdrage), to the cent.

        Parameters
        ----------
        year
            Required where the file holds several years.

        Raises
        ------
        OutsidePeriodError
            A year, counting date or map date without figures.
        MissingInputError
            An input that the model needs and was not given.
        """
        terms = self.terms(self._year(year))
        fund = self.definition.fund
        level = fund.rate if terms.basis == "rate" and fund.rate else fund.total
        named = {
            "level": level, "key": fund.key, "map_date": fund.map_date, "counting_date": fund.counting_date,
            "vat": fund.vat.taxed_share,
        }  # fmt: skip
        return Bill(
            title=f"{self.title}: bijdrage {terms.year}" if str(terms.year) not in self.title else f"{self.title}: bijdrage",
            notes=(*self._notes(terms), *self._portfolio_notes(terms.year)),
            provenance=self.provenance(year=terms.year, map_date=terms.map_date, counting_date=terms.counting_date),
            illustrative=self.definition.illustrative,
            terms=terms,
            cents=amounts(terms),
            sources=self._sources(named, terms.year),
        )

    def terms(self, year: int) -> Terms:
        """Work out level, key, dates and figures of a year."""
        fund = self.definition.fund
        counted, mapped = self._dates(fund, year)
        key = self.changes.key or fund.key.parts
        basis, level, state = self._level(year)
        codes = member_codes(map_day(mapped, what="map_date"))
        offset = self._offset(codes, mapped)
        index = self.optional_number(fund.index, year, "fund.index")
        return Terms(
            model=self.id, kind="fund", year=year, basis=basis, level=Fraction(level),
            key={name: Fraction(part) for name, part in key.items()},
            counting_date=counted, map_date=mapped,
            figures=exact_figures({**dict.fromkeys(key), "inhabitants": None}, counted, mapped),
            vat=self._vat(fund.vat, state, codes, year, mapped),
            index=Fraction(index or 0), budgets=self.budgets(year), offset=offset,
        )  # fmt: skip

    def _level(self, year: int) -> tuple[Any, Decimal, str]:
        """Basis, total or rate, and VAT state."""
        fund = self.definition.fund
        if self.changes.rate is not None or (self.changes.total is None and fund.basis == "rate"):
            state = (fund.rate or fund.total).first.vat if (fund.rate or fund.total) else "unknown"  # type: ignore[union-attr]
            return "rate", self.changes.rate or self.number(fund.rate, year, "fund.rate"), str(state)
        if self.changes.total is not None:
            dated = fund.total or fund.rate or self.definition.activities[0].budget
            return "budget", self.changes.total, str(dated.first.vat)
        if fund.total is not None:
            return "budget", self.number(fund.total, year, "fund.total"), str(fund.total.first.vat)
        budgets = Decimal(sum(self.budgets(year).values())) / 100
        withdrawal = self.definition.reserve and self.number(self.definition.reserve.withdrawal, year, "reserve.withdrawal")
        return "budget", budgets - (withdrawal or 0), str(self.definition.activities[0].budget.first.vat)

    def budgets(self, year: int) -> dict[str, int]:
        """Cents of each activity whose budget of the year is known."""
        known = {}
        for activity in self.definition.activities:
            amount = self.optional_number(activity.budget, year, f"activities.{activity.id}.budget")
            if amount is not None:
                known[activity.id] = int(amount * 100)
        return known

    def _offset(self, codes: Sequence[str], day: date) -> dict[str, int] | None:
        if "offset" not in self.inputs:
            return None
        import pandas as pd

        from ggu_costs.money import to_cents

        given = self.inputs.by_code("offset", pd.Index(codes), day)
        return {code: to_cents(amount, name=f"offset of {code}") for code, amount in given.items()}

    def _portfolio_notes(self, year: int) -> list[str]:
        marks: dict[str, list[str]] = {"pm": [], "unallocated": []}
        for activity in self.definition.activities:
            amount, _ = self.definition.at(activity.budget, year, f"activities.{activity.id}.budget")
            if amount in marks:
                marks[cast("str", amount)].append(activity.name)
        notes = []
        if marks["unallocated"]:
            notes.append("In het totaal, niet uitgesplitst: " + ", ".join(marks["unallocated"]) + ".")
        if marks["pm"]:
            notes.append("Exclusief PM: " + ", ".join(marks["pm"]) + ".")
        return notes

    def settle(
        self,
        actual: Decimal | float,
        counting_date: DateLike | None = None,
        map_date: DateLike | None = None,
        *,
        year: int | None = None,
    ) -> Settlement:
        """Settle the year on what it really cost (afrekening): final minus advance, plus = pay more.

        Parameters
        ----------
        actual
            Real total in euro, in the VAT state of the advance.
        counting_date
            Counting date of the final amounts; by default that of the advance.
        map_date
            Municipal map of the final amounts; advances go to the legal successors. By default that of the advance.
        year
            Required where the file holds several years.
        """
        from ggu_costs.fund.settlement import settle

        return settle(self, actual, counting_date, map_date, year)

    def underspend(self, amount: Decimal | float | None = None, policy: str | None = None, *, year: int | None = None) -> Underspend:
        """Return what is done with an underspend (onderbesteding).

        Parameters
        ----------
        amount
            Euro not spent; by default what the file states for the year.
        policy
            ``carry_forward``, ``refund``, ``earmark`` or ``reserve``; by default what the file states.
        year
            Required where the file holds several years.
        """
        from ggu_costs.fund.underspend import decide_underspend

        return decide_underspend(self, amount, policy, self._year(year))

    def half_year(self, period: str) -> HalfYearReport:
        """Return the half-yearly report (halfjaarrapportage) of a period such as ``2021-H1``."""
        from ggu_costs.fund.portfolio import half_year

        return half_year(self, period)

    def outlook(
        self,
        last_year: int,
        *,
        index: Mapping[int, Decimal | float] | None = None,
        vintage: str = "",
        withdrawals: Mapping[int, Decimal | float] | None = None,
    ) -> Outlook:
        """Return the years ahead (meerjarenraming): total, rate per inhabitant and reserve; see :mod:`ggu_costs.fund.portfolio`."""
        from ggu_costs.fund.portfolio import outlook

        return outlook(self, last_year, index=index or {}, vintage=vintage, withdrawals=withdrawals or {})


@dataclass(frozen=True)
class Fee(YearModel[FeeDefinition]):
    """A membership fee with a bracket tariff (contributie)."""

    def with_changes(self, *, counting_date: DateLike | None = None, map_date: DateLike | None = None) -> Fee:
        """Return a new fee on another counting date or municipal map, that remembers what was changed."""
        changes = self.changes
        if counting_date is not None:
            changes = replace(changes, counting_date=as_date(counting_date, what="counting_date"))
        if map_date is not None:
            changes = replace(changes, map_date=map_day(map_date, what="map_date"))
        return replace(self, changes=changes)

    def tariff(self, year: int | None = None) -> Tariff:
        """Return the tariff of a year, a callable on numbers of inhabitants."""
        chosen = self._year(year)
        brackets = self.definition.fee.brackets
        return tariff(
            [bracket.from_inhabitants for bracket in brackets],
            [
                self.number(bracket.rate, chosen, f"fee.brackets[{position}].rate")
                for position, bracket in enumerate(brackets)
            ],
            mode=self.definition.fee.mode,
        )

    def fees(self, year: int | None = None) -> Bill:
        """Return the fee of each municipality (contributie), each rounded to the cent.

        Parameters
        ----------
        year
            Required where the file holds several years.
        """
        chosen = self._year(year)
        fee = self.definition.fee
        counted, mapped = self._dates(fee, chosen)
        codes = member_codes(map_day(mapped, what="map_date"))
        rate = fee.brackets[0].rate
        terms = Terms(
            model=self.id, kind="fee", year=chosen, basis="tariff", level=Fraction(1),
            key={"inhabitants": Fraction(1)}, counting_date=counted, map_date=mapped,
            figures=exact_figures(["inhabitants"], counted, mapped),
            vat=self._vat(fee.vat, str(rate.first.vat), codes, chosen, mapped),
            tariff=self.tariff(chosen),
            index=Fraction(self.optional_number(fee.index, chosen, "fee.index") or 0),
            growth_to_cost_cover=Fraction(self.optional_number(fee.growth_to_cost_cover, chosen, "fee.growth_to_cost_cover") or 0),
            merger_correction=Fraction(self.optional_number(fee.merger_correction, chosen, "fee.merger_correction") or 0),
        )  # fmt: skip
        named = {
            "level": rate, "map_date": fee.map_date, "counting_date": fee.counting_date, "vat": fee.vat.taxed_share,
        }  # fmt: skip
        return Bill(
            title=self.title,
            notes=self._notes(terms),
            provenance=self.provenance(year=terms.year, map_date=terms.map_date, counting_date=terms.counting_date),
            illustrative=self.definition.illustrative,
            terms=terms,
            cents=amounts(terms),
            sources=self._sources(named, chosen),
        )


def _decimal(name: str, value: Decimal | float, faults: Faults, *, cents: bool = False) -> Decimal:
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


