"""The years of the GGU fund: level, key, dates and budgets of each, as the file has them or as changed; their bills."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Self, cast

from ggu_costs.allocation import Tariff
from ggu_costs.allocation.rounding import ROUNDINGS, cents_in
from ggu_costs.allocation.sharing import Rounding
from ggu_costs.errors import Faults, InputError, is_one_of
from ggu_costs.figures import shown
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.conditions import BOUNDS, Conditions
from ggu_costs.fund.definition import FundDefinition
from ggu_costs.fund.indexation import step_in, times
from ggu_costs.fund.key_columns import check_columns, from_reference, own_input
from ggu_costs.fund.path_reading import path_of_file, path_of_python
from ggu_costs.fund.phasing import PhaseInTerms, Phasing
from ggu_costs.fund.run import BillingModel
from ggu_costs.fund.terms import Basis, Terms, carry_cents, carry_exactly, exact_figures
from ggu_costs.fund.yearly import as_decimal
from ggu_costs.modelfile import Loaded
from ggu_costs.modelfile.grant_keys import KeyFigures, is_grant_column
from ggu_costs.modelfile.terms import check_fractions
from ggu_costs.modelfile.values import Dated
from ggu_costs.money import round_half_up, to_cents
from ggu_costs.reference import Reference
from ggu_costs.typing import DateLike
from ggu_costs.words.label import names_year
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class FundYears(BillingModel[FundDefinition]):
    """The years of a fund, which can be changed, and their bills."""

    def with_changes(
        self,
        *,
        total: Decimal | float | None = None,
        rate: Decimal | float | None = None,
        key: Mapping[str, Decimal | float] | KeyFigures | None = None,
        counting_date: DateLike | None = None,
        map_date: DateLike | None = None,
        minimum: Decimal | float | None = None,
        minimum_per_inhabitant: Decimal | float | None = None,
        maximum: Decimal | float | None = None,
        maximum_per_inhabitant: Decimal | float | None = None,
        rounding: Rounding | None = None,
        rounding_unit: Decimal | float | None = None,
        phase_in: Mapping[str, Any] | None = None,
        vintage: str | None = None,
    ) -> Self:
        """Return a new fund that remembers what was changed, and can be changed again.

        Parameters
        ----------
        total
            Euro, whole cents; sets the basis to budget.
        rate
            Euro per inhabitant; sets the basis to rate.
        key
            Fractions that add up to 1, by reference column, ``equal`` or ``input:NAME`` for an input of the file; or
            the key of a uitkering: ``ggu.open_grant(...).key("base")``.
        counting_date, map_date
            Any dates with reference figures.
        minimum, minimum_per_inhabitant, maximum, maximum_per_inhabitant
            Euro that a municipality pays at least and at most, in all or per inhabitant.
        rounding, rounding_unit
            ``largest_remainder`` or ``each``; whole units of 0.01 or 1 euro.
        phase_in
            ``from_key`` or ``from_bill`` (an earlier bill of a fund, which is brought to this total), ``first_year``
            and ``per_inhabitant_per_year`` in euro: bills move from there, neutral to the cent every year.
        vintage
            The publication whose index it follows, of those in the index file.

        Raises
        ------
        InputError
            Every fault of the arguments at once.
        OutsidePeriodError
            A date without figures, when that is the only fault: names the period known.
        """
        faults = Faults()
        if total is not None and rate is not None:
            faults.add("total, rate", "both given", "one of the two: the total or the rate follows from the other")
        changes, errors = self._change_dates(counting_date, map_date, faults)
        changes = self._change_vintage(changes, vintage, faults)
        if total is not None:
            changes = replace(changes, total=as_decimal("total", total, faults, cents=True), rate=None)
        if rate is not None:
            changes = replace(changes, rate=as_decimal("rate", rate, faults), total=None)
        if isinstance(key, KeyFigures):
            changes = replace(changes, key={key.column: Decimal(1)})
        elif key is not None:
            changes = replace(changes, key=_key_parts(key, faults, self.reference, self.definition.inputs))
        by_rate = changes.rate is not None or (changes.total is None and self.definition.fund.basis != "budget")
        given = (minimum, minimum_per_inhabitant, maximum, maximum_per_inhabitant)
        bounds: dict[str, Any] = {
            name: as_decimal(name, one, faults) for name, one in zip(BOUNDS, given, strict=True) if one is not None
        }
        if rounding is not None and not is_one_of(rounding, ROUNDINGS):
            faults.add("rounding", shown(rounding), " or ".join(ROUNDINGS))
            rounding = None
        unit = None if rounding_unit is None else as_decimal("rounding_unit", rounding_unit, faults)
        changes = replace(
            changes, **bounds, rounding=rounding or changes.rounding, rounding_unit=unit or changes.rounding_unit
        )
        fund = self.definition.fund
        ways = {
            "rounding": changes.rounding or fund.rounding,
            "rounding_unit": changes.rounding_unit or fund.rounding_unit,
        }
        fund.model_copy(update=ways).check_conditions(faults, "changes", basis="rate" if by_rate else "budget")
        if phase_in is not None:
            keyed = partial(
                _key_parts, reference=self.reference, inputs=self.definition.inputs, where="phase_in.from_key"
            )
            changes = replace(changes, phase_in=path_of_python(phase_in, faults, keyed))
        if (fund.phase_in or changes.phase_in) is not None and (by_rate or ways["rounding"] == "each"):
            faults.add("rate, rounding", "not neutral, while there is a phase-in", "a total, and largest_remainder")
        if by_rate and set(changes.key or self.definition.fund.key.parts) != {"inhabitants"}:
            faults.add("key", "not inhabitants alone while a rate per inhabitant is given", "{'inhabitants': 1}")
        self._check_changes(faults, errors)
        inputs = self.inputs.with_key(key) if isinstance(key, KeyFigures) else self.inputs
        return replace(self, changes=changes, inputs=inputs)

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
        chosen = self._year(year)
        if chosen not in self._bills:
            self._bills[chosen] = self._contributions(chosen)
        return self._bills[chosen]

    @cached_property
    def _bills(self) -> dict[int, Bill]:
        """Bills that were made: accounts, outlook and report ask for each of them again."""
        return {}

    def _contributions(self, year: int) -> Bill:
        terms = self.terms(year)
        fund = self.definition.fund
        stated = {"level": fund.level, "key": fund.key, **fund.bounds, "phase_in": fund.phase_in}
        key = "contributions" if names_year(self.definition.title, terms.year) else "contributions_of_year"
        title = message(key, title=self.title, year=terms.year)
        notes = [*self._portfolio_notes(terms.year, "unallocated", "not_split_up"), *self._gap_notes(terms.year)]
        outside = self._portfolio_notes(terms.year, "pm", "without_pm")
        return self._bill(terms, stated, title=title, notes=notes, outside=outside)

    def bill(self, year: int | None = None) -> Bill:
        """Return the bill of each municipality; see :meth:`contributions`."""
        return self.contributions(year)

    def terms(self, year: int) -> Terms:
        """Work out level, key, dates and figures of a year."""
        fund = self.definition.fund
        self.require(year)
        counted, mapped = self._dates(year)
        key = self.changes.key or fund.key.parts
        (basis, level), indexed = self._level(year), self._indexed()
        self.reference.map_day(mapped, what="map_date")
        index = self.optional_number(fund.index, year, "fund.index")
        columns = self.key_columns()
        figures = exact_figures(columns, counted, mapped, self.reference)
        whole = sum(map(Fraction, key.values()), Fraction(0))  # 1, but for the last digits of floats
        return Terms(
            model=self.id, kind="fund", year=year, basis=basis, level=Fraction(level),
            key={name: Fraction(part) / whole for name, part in key.items()},
            counting_date=counted, map_date=mapped,
            figures=figures | self._own_figures(columns, year, mapped),
            vat=self._vat(year, mapped),
            tariff=self._tariff(year) if basis == "tariff" else None,
            index=step_in(indexed, "index", year, Fraction(index or 0)), indexed=indexed,
            offset=self._offset(year, mapped), budgets=self.budgets(year),
            activities=tuple(activity.id for activity in self.definition.running(year)),
            withdrawal=self.withdrawal(year), reference=self.reference, conditions=self._conditions(year),
            phase_in=self._phase_in(year, mapped),
        )  # fmt: skip

    def key_columns(self) -> tuple[str, ...]:
        """Return the columns of its key, of the key from which a phase-in starts, and inhabitants."""
        fund = self.definition.fund
        if self.changes.phase_in is not None:
            earlier: Iterable[str] = self.changes.phase_in.start.key
        else:
            earlier = (fund.phase_in.from_key if fund.phase_in is not None else None) or ()
        return tuple(dict.fromkeys((*(self.changes.key or fund.key.parts), *earlier, "inhabitants")))

    def columns(self) -> tuple[str, ...]:
        """Return the columns of reference figures that its bills rest on."""
        return tuple(from_reference(self.key_columns()))

    def _own_figures(self, key: Iterable[str], year: int, mapped: date) -> dict[str, dict[str, Fraction]]:
        """Figures of the inputs in a key, on the map of the bill."""
        result: dict[str, dict[str, Fraction]] = {}
        for column in key:
            if is_grant_column(column):
                result[column] = self.inputs.keys[column].on_map(mapped, self.reference)
            own = own_input(column)
            if own is not None:
                given, day = self.on_map(own, mapped, year)
                exact = {str(code): Fraction(Decimal(str(figure))) for code, figure in given.items()}
                result[column] = exact if day == mapped else carry_exactly(exact, day, mapped, self.reference)
        faults = Faults()
        for column, figures in result.items():
            for code, figure in figures.items():
                if figure < 0:
                    faults.add(f"{column} of {code}", shown(float(figure)), "0 or more")
            if not any(figures.values()):
                faults.add(column, "0 for everyone", "at least one figure above 0")
        faults.check(f"{self.id}: these figures make no key", remedy="Correct the input.")
        return result

    def _phase_in(self, year: int, mapped: date) -> Phasing | None:
        """How far a phase-in is in a year."""
        stated, path = self.definition.fund.phase_in, self.changes.phase_in
        if path is None and stated is not None:
            path = path_of_file(stated, self._earlier_bill(stated))
        return None if path is None else path.at(year, mapped, self.reference)

    def _earlier_bill(self, stated: PhaseInTerms) -> Bill | None:
        """Return the bill of another file from which a phase-in starts, where it names one."""
        if not stated.from_bill:
            return None
        model = FundYears.open(cast("Loaded[FundDefinition]", self.loaded.named[stated.from_bill]))
        return model.contributions(model.definition.last_before(stated.first_year))

    def _conditions(self, year: int) -> Conditions:
        """Bounds and rounding of a year."""
        fund, changes = self.definition.fund, self.changes
        bounds: dict[str, Fraction | None] = {}
        for name in BOUNDS:
            changed = getattr(changes, name)
            number = changed if changed is not None else self.optional_number(getattr(fund, name), year, f"fund.{name}")
            bounds[name] = None if number is None else Fraction(number)
        unit = fund.rounding_unit if changes.rounding_unit is None else changes.rounding_unit
        rounding = changes.rounding or fund.rounding or "largest_remainder"
        return Conditions(**bounds, rounding=rounding, unit=cents_in(unit) or 1)

    def _rests_on(self, year: int) -> list[Dated | None]:
        fund, changes = self.definition.fund, self.changes
        return [
            *self._level_values(), fund.index,
            *(getattr(fund, name) for name in BOUNDS if getattr(changes, name) is None),
            *(activity.budget for activity in self.definition.running(year)),
            self.definition.reserve.withdrawal if self.definition.reserve else None,
        ]  # fmt: skip

    def _level_values(self) -> list[Dated | None]:
        """Values of the file that the level rests on; none where it was changed."""
        fund = self.definition.fund
        if self.changes.total is not None or self.changes.rate is not None:
            return []
        if fund.basis == "tariff" and fund.tariff is not None:
            return [value for _, value in fund.tariff.values]
        return [fund.level]

    def _tariff(self, year: int) -> Tariff | None:
        """Tariff of a year, at its prices."""
        stated, indexed = self.definition.fund.tariff, self._indexed()
        if stated is None:
            return None
        tariff = self.tariff_of(stated, year, "fund.tariff")
        return tariff if indexed is None else times(tariff, indexed.factor(year))

    def _level(self, year: int) -> tuple[Basis, Decimal | Fraction]:
        """Basis, and the total or the rate at the prices of the year."""
        fund, changes = self.definition.fund, self.changes
        if changes.total is not None:
            return "budget", changes.total
        if changes.rate is not None:
            return "rate", changes.rate
        if fund.basis == "tariff":
            return "tariff", Decimal(1)
        indexed = self._indexed()
        factor = Fraction(1) if indexed is None else indexed.factor(year)
        if fund.basis == "rate":
            return "rate", factor * Fraction(self.number(fund.rate, year, "fund.rate"))
        if fund.total is not None:
            cents = round_half_up(factor * self.cents(fund.total, year, "fund.total"))
            return "budget", Fraction(cents, 100)
        budgets = self.budgets(year)
        if not budgets:
            raise InputError(f"{self.id}: no budget of {year} is known (PM)", remedy="Give a total, or budgets.")
        contributions = sum(budgets.values()) - self.withdrawal(year)
        if contributions < 0:
            raise InputError(
                f"{self.id}: the withdrawal of {year} is {-contributions / 100:.2f} euro more than the budgets",
                remedy="Lower reserve.withdrawal, or correct the budgets.",
            )
        return "budget", Decimal(contributions) / 100

    def withdrawal(self, year: int) -> int:
        """Cents taken from (+) or added to (-) the reserve in a year, where the file states a reserve."""
        reserve = self.definition.reserve
        return self.cents(reserve.withdrawal, year, "reserve.withdrawal") if reserve else 0

    def budgets(self, year: int) -> dict[str, int]:
        """Cents of each activity whose budget of the year is known."""
        cents = {
            activity.id: self.optional_cents(activity.budget, year, f"activities.{activity.id}.budget")
            for activity in self.definition.running(year)
        }
        return {name: amount for name, amount in cents.items() if amount is not None}

    def _offset(self, year: int, mapped: date) -> dict[str, int] | None:
        if "offset" not in self.inputs:
            return None
        given, day = self.on_map("offset", mapped, year)
        cents = {str(code): to_cents(amount, name=f"offset of {code}") for code, amount in given.items()}
        return cents if day == mapped else carry_cents(cents, day, mapped, self.reference)

    def _portfolio_notes(self, year: int, mark: str, key: str) -> list[str]:
        """Name the activities whose budget has a mark."""
        running = self.definition.running(year)
        names = [item.name for item in running if self.definition.stated(item.budget, year)[0] == mark]
        return [message(key, names=names)] if names else []

    def _gap_notes(self, year: int) -> list[str]:
        """Say by how much a published total is not the sum of its activities; the total is what is shared."""
        gap = self.definition.published_gap(year) if self.changes.total is None and self.changes.rate is None else 0
        if not gap:
            return []
        total = self.definition.known(self.definition.fund.total, year) or 0
        return [message("published_gap", year=year, total=total, lines=total - gap, gap=gap)]


def _key_parts(
    key: Mapping[str, Decimal | float],
    faults: Faults,
    reference: Reference,
    inputs: Collection[str],
    where: str = "key",
) -> dict[str, Decimal] | None:
    """Read a key from Python; None where it is no key at all."""
    if not isinstance(key, Mapping) or not key:
        allowed = "fractions by column that add up to 1, such as {'inhabitants': 0.8, 'equal': 0.2}"
        faults.add(where, shown(key), allowed)
        return None
    read = Faults()
    parts = {str(name): as_decimal(f"{where}.{name}", part, read) for name, part in key.items()}
    check_columns(parts, faults, reference, where=where, inputs=inputs)
    check_fractions(parts, faults, where=where, sums=not read)
    faults.found += read.found
    return parts
