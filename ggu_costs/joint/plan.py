r"""The programme budget of a joint body as numbers: cost, keys, reserve and what each participant contributes.

With net cost :math:`K_{gy}` of cost group g in year y, the quota :math:`q_{gi}` of participant i by the key of the
group, additions :math:`A_y` to the general reserve, withdrawals :math:`W_y` from it, what lies above its ceiling
:math:`E_y`, step-in payments :math:`S_y` and exit fees that are released :math:`V_y`, each shared by a key of its own
and rounded to the cent so that it adds up,

.. math:: C_{iy} = \sum_g q_{gi} K_{gy} + r_i (A_y - W_y - E_y - V_y) - s_i S_y .

An exit fee :math:`F_y` is incidental income that is reserved in the year it is paid and released in equal parts over
the bridging years. So in every year, to the cent,

.. math:: \sum_i C_{iy} + F_y + S_y - (A_y + F_y) + (W_y + E_y + V_y) = \sum_g K_{gy} .
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError, OutsidePeriodError, UnknownNameError, is_one_of
from ggu_costs.figures import plain, shown
from ggu_costs.frozen import Frozen
from ggu_costs.fund.phasing import Phasing
from ggu_costs.fund.terms import exact_figures, figure_totals, quotas, spread_cents
from ggu_costs.joint.definition import JointBodyDefinition
from ggu_costs.joint.terms import AssetTerms, BodyKey, FigureTerms, GroupTerms, ParticipantTerms
from ggu_costs.modelfile.indices import rise
from ggu_costs.modelfile.inputs import Inputs
from ggu_costs.modelfile.values import Dated, Value
from ggu_costs.money import round_half_up, share_exactly
from ggu_costs.reference import Reference

Cents = Mapping[str, int]
"""Whole cents by code."""
Columns = Mapping[str, Mapping[str, Fraction]]
"""Figures by column and code."""

MOVES: tuple[str, ...] = ("addition", "withdrawal", "above_ceiling", "fee_released", "step_in")
"""What changes contributions besides the cost, in this order; the first raises them, the others lower them."""


@dataclass(frozen=True, kw_only=True)
class Accounts(Brief, Frozen):
    """The money of one year beside the contributions, in cents.

    Attributes
    ----------
    moves
        By name of :data:`MOVES`, each positive.
    fee
        Exit fees paid in this year, which are reserved at once.
    reserve, bridging
        The general reserve and the reserved exit fees at the end of the year.
    """

    moves: Mapping[str, int]
    fee: int
    reserve: int | None
    bridging: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan(Brief):
    """A joint body as numbers; everything follows from the file, the inputs and the reference tables.

    Attributes
    ----------
    fees
        Exit fees in cents by the year in which they are paid, of participants that leave within the file.
    """

    definition: JointBodyDefinition
    inputs: Inputs
    reference: Reference = field(repr=False)
    fees: Mapping[int, int] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the file."""
        return self.definition.years

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of every participant by code."""
        municipal = self.reference.names_of(self.definition.map_date)
        return {one.code: one.name or municipal[one.code] for one in self.definition.participants}

    def check_year(self, year: object, *, last: int | None = None) -> int:
        """Return a year of the file, or raise with those that there are."""
        years = [one for one in self.years if last is None or one <= last]
        asked = plain(year)
        if isinstance(asked, bool) or not isinstance(asked, int) or asked not in years:
            raise OutsidePeriodError(
                f"{self.definition.id}: {shown(year)} is no year that can be asked; known: {years[0]} to {years[-1]}",
                key="year", asked=str(year), known=f"{years[0]} to {years[-1]}",
                remedy="Ask one of these, or add the year to the file.",
            )  # fmt: skip
        return asked

    def check_member(self, code: object, year: int) -> str:
        """Return a code that takes part in a year, or raise with those that do."""
        members = self.definition.members(year)
        if not is_one_of(code, members):
            raise UnknownNameError(f"participant in {year}", code, members)
        return str(code)

    # figures and keys

    @cached_property
    def _reference_columns(self) -> list[str]:
        own = {figure.id for figure in self.definition.figures}
        return [name for key in self.definition.keys for name in key.columns if name not in own]

    @cached_property
    def _counted(self) -> dict[date, Columns]:
        return {}

    def counting_date(self, year: int) -> date:
        """Day on which the reference figures of a year were counted."""
        day, _ = self.definition.stated(self.definition.body.counting_date, year)
        assert isinstance(day, date)  # noqa: S101 (checked when the file was read)
        return day

    def figures(self, year: int, members: Iterable[str]) -> dict[str, dict[str, Fraction]]:
        """Return the figures of a year by column and participant; a body has those of the file only."""
        day = self.counting_date(year)
        if day not in self._counted:
            names = [*self._reference_columns, "inhabitants"]
            self._counted[day] = exact_figures(names, day, self.definition.map_date, self.reference)
        codes, columns = list(members), dict[str, dict[str, Fraction]]()
        for name, column in self._counted[day].items():
            columns[name] = {code: Fraction(1) if name == "equal" else column.get(code, Fraction(0)) for code in codes}
        for name, key in self.inputs.keys.items():
            by_code = key.on_map(self.definition.map_date, self.reference)
            columns[name] = {code: by_code.get(code, Fraction(0)) for code in codes}
        for figure in self.definition.figures:
            columns[figure.id] = {code: self._figure(figure, code, year) for code in codes}
        return columns

    def figures_of_people(self, year: int, codes: Iterable[str]) -> dict[str, Fraction]:
        """Inhabitants of each participant on the counting date of a year; nil for a body."""
        _ = self.figures(year, ())
        people = self._counted[self.counting_date(year)]["inhabitants"]
        return {code: people.get(code, Fraction(0)) for code in codes}

    def _figure(self, figure: FigureTerms, code: str, year: int) -> Fraction:
        if figure.input is not None:
            codes = sorted({one.code for one in self.definition.participants})
            return Fraction(self.inputs.by_code(figure.input, pd.Index(codes), self.definition.map_date)[code])
        years = figure.years_for(year)
        stated = [self.definition.own_figure(figure, code, one) for one in years]
        return sum((Fraction(number or 0) for number in stated), Fraction(0)) / len(years)

    def part_of_new(self, key: BodyKey, year: int) -> Fraction:
        """Part of the new key in a year; after the last stated year that of the last."""
        if key.transition is None:
            return Fraction(1)
        stated = key.transition.new_part
        return Fraction(stated[max(one for one in stated if one <= year)])

    def share(self, total: int, key: BodyKey, year: int, figures: Columns) -> dict[str, int]:
        """Share cents by a key as it is in a year; they add up.

        Parameters
        ----------
        total
            Whole cents; a negative total is a credit.
        figures
            By column and participant; who is in them shares.
        """
        if not figures["equal"]:
            return {}
        totals = figure_totals(figures)
        nil = [name for name in key.columns if not totals[name]]
        if nil:
            raise InputError(
                f"{self.definition.id}: key {key.id!r} has 0 for everyone in {', '.join(nil)} ({year})",
                remedy="Give at least one participant a figure above 0.",
            )
        new = quotas(_exact(key.parts), figures, totals)
        if key.transition is not None:
            part, old = self.part_of_new(key, year), quotas(_exact(key.transition.from_key), figures, totals)
            return spread_cents(total, {code: part * new[code] + (1 - part) * old[code] for code in new})
        full = spread_cents(total, new)
        if key.phase_in is None or not total:
            return full
        earlier = spread_cents(total, quotas(_exact(key.phase_in.from_key), figures, totals))
        step = max(0, year - key.phase_in.first_year + 1)
        cap = step * Fraction(key.phase_in.per_inhabitant_per_year)
        return Phasing(_exact(key.phase_in.from_key), step, cap).share(full, earlier, figures["inhabitants"])

    # cost

    def amount(self, group: GroupTerms, year: int, name: str = "amount") -> int:
        """Cents of a cost group in a year: as stated, or as the year before with its index, rounded to the cent."""
        dated = getattr(group, name)
        if dated is None:
            return 0
        stated, needed = self.definition.stated(dated, year)
        if needed is not None:
            return round_half_up(self.inputs.number(needed) * 100)
        if isinstance(stated, Decimal):
            return round_half_up(stated * 100)
        return round_half_up(self.amount(group, year - 1, name) * (1 + self.index(group, year)))

    def index(self, group: GroupTerms, year: int) -> Fraction:
        """Rise of the weighted index of a group over the year before; 0 where it has none for the year."""
        return rise(self.definition.indices, group.index, year)

    def net_cost(self, year: int) -> dict[str, int]:
        """Cents by cost group that participants have to bring, before reserves."""
        return {
            group.id: self.amount(group, year) - self.amount(group, year, "income") for group in self.definition.groups
        }

    def shares(self, net: Cents, year: int, figures: Columns) -> dict[str, dict[str, int]]:
        """Share the net cost of each group among participants, in cents by group and participant.

        Parameters
        ----------
        net
            Cents by cost group.
        year
            The year of the way to a new key.
        figures
            By column and participant; who is in them shares.
        """
        return {
            group.id: self.share(net[group.id], self.definition.key(group.key), year, figures)
            for group in self.definition.groups
        }

    def write_off(self, asset: AssetTerms, year: int) -> Fraction:
        """Cents of the purchase that are written off in a year."""
        running = asset.first_year <= year < asset.first_year + asset.term
        return Fraction(self.value_cents(asset.amount) or 0, asset.term) if running else Fraction(0)

    def book_value(self, asset: AssetTerms, year: int) -> Fraction:
        """Cents that are still to be written off at the end of a year; nil before it was bought."""
        return sum(
            (self.write_off(asset, one) for one in range(year + 1, asset.first_year + asset.term)), Fraction(0)
        ) * (year >= asset.first_year - 1)

    # reserves, and who pays them

    @cached_property
    def accounts(self) -> dict[int, Accounts]:
        """The money of each year beside the contributions.

        Raises
        ------
        InputError
            A reserve that would fall below zero.
        """
        made, faults, terms = dict[int, Accounts](), Faults(), self.definition.reserve
        balance = None if terms is None else self._cents(terms.opening, self.years[0])
        bridging = 0
        for year in self.years:
            added = 0 if terms is None else self._cents(terms.addition, year)
            taken = 0 if terms is None else self._cents(terms.withdrawal, year)
            above = 0
            if terms is not None and balance is not None:
                balance += added - taken
                if balance < 0:
                    found = f"{taken / 100:.2f} in {year}, which leaves {balance / 100:.2f}"
                    faults.add("reserve.withdrawal", found, "what is in the reserve after what its ceiling gives back")
                    balance = 0
                above = max(0, balance - self._ceiling(year, balance))
                balance -= above
            fee = self.fees.get(year, 0)
            released = sum(self.releases(paid, cents).get(year, 0) for paid, cents in self.fees.items())
            bridging += fee - released
            moves: dict[str, int] = dict(zip(MOVES, (added, taken, above, released, self.step_in(year)), strict=True))
            made[year] = Accounts(moves=moves, fee=fee, reserve=balance, bridging=bridging)
        faults.check(f"{self.definition.id}: this reserve cannot be", remedy="Take less from it, or add to it.")
        return made

    def releases(self, paid: int, cents: int) -> dict[int, int]:
        """Cents of an exit fee that are released in each bridging year, from the year in which it is paid."""
        count = self.definition.exit.bridging_years if self.definition.exit else 1
        return dict(zip(range(paid, paid + count), share_exactly(cents, [Fraction(1)] * count), strict=True))

    def step_in(self, year: int) -> int:
        """Cents of step-in payments in a year, of those who join within the file."""
        return sum(self.step_in_of(one.first_year, year) for one in self.newcomers)

    def step_in_of(self, joined: int | None, year: int) -> int:
        """Cents that one participant pays in a year besides its contribution."""
        terms = self.definition.entry
        if terms is None or joined is None:
            return 0
        once = self.value_cents(terms.once) if year == joined else 0
        later = self.value_cents(terms.yearly) if joined < year <= joined + terms.years else 0
        return (once or 0) + (later or 0)

    def value_cents(self, value: Value | None) -> int | None:
        """Cents of an amount that holds throughout; None where it is PM or not stated."""
        if value is None or value.mark is not None:
            return None
        if value.input is not None:
            return round_half_up(self.inputs.number(value.input) * 100) if self.inputs.counts(value.input) else None
        return round_half_up(value.value * 100) if isinstance(value.value, Decimal) else None

    @property
    def newcomers(self) -> list[ParticipantTerms]:
        """Who joins after the first year of the file."""
        return [one for one in self.definition.participants if (one.first_year or 0) > self.years[0]]

    def _ceiling(self, year: int, balance: int) -> int:
        terms = self.definition.reserve
        part, _ = self.definition.stated(terms.ceiling if terms else None, year)
        gross = sum(self.amount(group, year) for group in self.definition.groups)
        return round_half_up(Fraction(part) * gross) if isinstance(part, Decimal) else balance

    def _cents(self, dated: Dated | None, year: int) -> int:
        amount, needed = self.definition.stated(dated, year)
        if needed is not None:
            return round_half_up(self.inputs.number(needed) * 100)
        return round_half_up(amount * 100) if isinstance(amount, Decimal) else 0

    def move_shares(self, year: int, members: Iterable[str]) -> dict[str, dict[str, int]]:
        """Share what changes contributions besides the cost among participants, in cents that raise (+) or lower (-).

        Step-in payments go to those who do not pay any.
        """
        codes = list(members)
        moves = self.accounts[year].moves
        paying = {one.code for one in self.newcomers if self.step_in_of(one.first_year, year)}
        found = {}
        for name, cents in moves.items():
            sharing = [code for code in codes if name != "step_in" or code not in paying] or codes
            signed = cents if name == "addition" else -cents
            shared = self.share(signed, self.reserve_key, year, self.figures(year, sharing)) if cents else {}
            found[name] = {code: shared.get(code, 0) for code in codes}
        return found

    @property
    def reserve_key(self) -> BodyKey:
        """The key of the reserve; without one that of the first cost group."""
        terms = self.definition.reserve
        return self.definition.key(terms.key if terms else self.definition.groups[0].key)

    @cached_property
    def _contributions(self) -> dict[int, dict[str, dict[str, int]]]:
        return {}

    def parts(self, year: int) -> dict[str, dict[str, int]]:
        """Cents of a year by cost group and move of the reserve, and by participant; together the contributions."""
        if year not in self._contributions:
            members = self.definition.members(year)
            shares = self.shares(self.net_cost(year), year, self.figures(year, members))
            self._contributions[year] = {**shares, **self.move_shares(year, members)}
        return self._contributions[year]

    def contributions(self, year: int) -> dict[str, int]:
        """Cents that each participant contributes in a year, step-in payments and exit fees apart."""
        return add_up(self.parts(year), self.definition.members(year))


def add_up(parts: Mapping[str, Cents], codes: Iterable[str]) -> dict[str, int]:
    """Add parts up by participant."""
    return {code: sum(part.get(code, 0) for part in parts.values()) for code in codes}


def _exact(parts: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Return fractions of a key exactly, so that they add up to 1 in spite of the last digits of thirds."""
    whole = sum(map(Fraction, parts.values()), Fraction(0))
    return {name: Fraction(part) / whole for name, part in parts.items()}
