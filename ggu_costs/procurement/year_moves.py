r"""What leaving and joining a case over years cost in a year, by every rule, and what the others then pay.

Rules and caps are those of :mod:`ggu_costs.modelfile.leaving`. Who leaves at the end of year y paid the yearly amount:
its bill of that year without what is its own and without what is due once and not written off. With the bills
:math:`b_{jt}` of the others when it stays and :math:`b'_{jt}` when it leaves, the real damage is what the others pay
more while the contract runs on, at most over the bridging years, and friction cost :math:`\varphi`,

.. math:: D = \varphi + \max\left(0, \sum_{t > y} \sum_{j \ne i} (b'_{jt} - b_{jt})\right) .

The book value is its share in what is not written off at the end of year y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError, is_one_of
from ggu_costs.figures import plain, shown
from ggu_costs.modelfile.leaving import (
    USUAL_YEARS,
    ExitTerms,
    amounts_by_rule,
    asked_rule,
    capped,
    fees_frame,
    notice_day,
)
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import round_half_up
from ggu_costs.procurement.year_splits import ByCodeCents, Moves, cents_of, splits_of, spread, terms_of
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from typing import Any

    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split


@dataclass(frozen=True, kw_only=True)
class CaseExit(Result):
    """What it costs to leave at the end of a year, by rule, and what the others then pay.

    Attributes
    ----------
    code, name, year
        Who leaves, and its last year.
    rule
        The rule by which the fee is due: ``regulation``, or one of the others as a comparison.
    own
        What the contract itself says; None where the file does not state it.
    yearly
        Cents that it pays a year.
    amounts
        Cents by rule, that of the contract first; None where a rule cannot be worked out (PM).
    friction
        Cents once, in the first year after; None where it is not stated (PM).
    stays, leaves
        Cents of the others by year after and code, when it stays and when it leaves, without a fee.
    called
        Name of each of the others by code.
    notice
        By which day notice has to be given; None where the file does not say.
    """

    code: str
    name: str
    year: int
    rule: str
    own: ExitTerms | None
    yearly: int
    amounts: Mapping[str, int | None]
    friction: int | None
    stays: Mapping[int, ByCodeCents]
    leaves: Mapping[int, ByCodeCents]
    called: Mapping[str, str]
    notice: date | None

    @property
    def bridging(self) -> tuple[int, ...]:
        """The years after leaving over which damage is counted and the fee released."""
        return tuple(self.stays)[: self.own.bridging_years if self.own else USUAL_YEARS]

    @property
    def damage(self) -> int:
        """The real damage in cents, without a friction cost that is not stated; 0 where no year is left."""
        return damage_of(self.stays, self.leaves, self.friction, self.bridging)

    @property
    def due(self) -> float | None:
        """Euro due by the rule asked, never above the real damage; None where it is PM."""
        cents = self.due_by(self.rule)
        return None if cents is None else cents / 100

    def due_by(self, rule: str) -> int | None:
        """Cents due by a rule, never above the real damage."""
        return capped(self.amounts[rule], self.damage)

    def change(self, rule: str) -> dict[int, dict[str, int]]:
        """Cents that each other pays more (+) or less (-) in each year after, the fee by a rule released."""
        released = spread_over(self.due_by(rule) or 0, self.bridging)
        found = {}
        for place, (year, bill) in enumerate(self.leaves.items()):
            cents = ((self.friction or 0) if place == 0 else 0) - released.get(year, 0)
            part = spread(cents, bill)
            found[year] = {code: cents + part[code] - self.stays[year].get(code, 0) for code, cents in bill.items()}
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return by rule ``amount``, ``due`` and ``others_more`` (+) or less (-) after it, in euro, and ``case_law``.

        The rule of the contract comes first; NaN is PM.
        """
        frame = fees_frame(self.amounts, self.damage, self.own)
        more = [None if self.amounts[rule] is None else self._more(rule) for rule in self.amounts]
        frame.insert(2, "others_more", euro_column(more))
        columns = ("amount", "due", "others_more")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), pm=columns)

    def _more(self, rule: str) -> int:
        return sum(sum(cents.values()) for cents in self.change(rule).values())

    def others(self) -> pd.DataFrame:
        """Return by other participant its bills of the years after: when it stays, leaves, and after the fee by rule.

        Returns
        -------
        pandas.DataFrame
            ``name, if_it_stays, if_it_leaves``, and by rule what it then pays more (+) or less (-), in euro.
        """
        frame = pd.DataFrame({"name": list(self.called.values())}, index=pd.Index(self.called, name="code"))
        for name, bills in (("if_it_stays", self.stays), ("if_it_leaves", self.leaves)):
            frame[name] = [sum(bill.get(code, 0) for bill in bills.values()) / 100 for code in self.called]
        for rule in self.amounts:
            change, known = self.change(rule), self.amounts[rule] is not None
            cents = [sum(one.get(code, 0) for one in change.values()) if known else None for code in self.called]
            frame[f"more_{rule}"] = euro_column(cents)
        columns = tuple(frame.columns[1:])
        return self._framed(frame, dict.fromkeys(columns, "EUR"), pm=columns, total=columns)

    def damages(self) -> pd.DataFrame:
        """Return by year after leaving what the others pay: ``if_it_stays, if_it_leaves, change``, in euro."""
        frame = pd.DataFrame(index=pd.Index(list(self.stays), name="year"))
        frame["if_it_stays"] = [sum(bill.values()) / 100 for bill in self.stays.values()]
        frame["if_it_leaves"] = [sum(bill.values()) / 100 for bill in self.leaves.values()]
        frame["change"] = (frame["if_it_leaves"] - frame["if_it_stays"]).round(2)
        columns = tuple(frame.columns)
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=columns)


def damage_of(
    stays: Mapping[int, ByCodeCents], leaves: Mapping[int, ByCodeCents], friction: int | None, years: tuple[int, ...]
) -> int:
    """Cents that the others pay more over some years, and friction cost."""
    more = sum(sum(leaves[year].values()) - sum(stays[year].values()) for year in years)
    return max(0, more) + ((friction or 0) if years else 0)


def spread_over(cents: int, years: tuple[int, ...]) -> dict[int, int]:
    """Release cents in equal parts over years."""
    named = {str(year): 1 for year in years}
    return {int(year): part for year, part in spread(cents, named).items()} if years else {}


def leave(case: CaseModel, code: str, year: int, rule: str | None = None) -> CaseExit:
    """Return what leaving at the end of a year costs; see :meth:`ggu_costs.procurement.ProcurementCase.exit`."""
    terms, year = terms_of(case), _checked(case, year)
    codes = case.codes_in(year)
    if not is_one_of(code, codes):
        raise UnknownNameError(f"participant in {year}", code, codes)
    if len(codes) == 1:
        raise InputError(f"{code} is the only participant in {year}", remedy="Ask this where somebody stays.")
    after = tuple(one for one in case.definition.years if one > year)
    held = {name: last for name, last in terms.last_year.items() if name != code}
    staying = _restated(case, last_year=held)
    stays = splits_of(staying, (year, *after))
    leaves = splits_of(_restated(case, last_year={**held, code: year}), after)
    friction = None if terms.exit is None or terms.exit.friction is None else _cents(case, terms.exit.friction)
    bills = {one: {name: cents for name, cents in cents_of(stays[one]).items() if name != code} for one in after}
    left = {one: cents_of(split) for one, split in leaves.items()}
    bridging = after[: terms.exit.bridging_years if terms.exit else USUAL_YEARS]
    damage = damage_of(bills, left, friction, bridging)
    yearly = _yearly(staying, stays[year], code)
    amounts = amounts_by_rule(
        terms.exit, yearly=yearly, damage=damage, book=_book_value(staying, stays[year], code, year)
    )
    names = dict(zip(case.everyone.codes, case.everyone.names, strict=True))
    others = sorted({name for bill in (*bills.values(), *left.values()) for name in bill} or {*codes} - {code})
    return CaseExit(
        title=message("exit_of_body", title=case.definition.title, name=names[code], year=year),
        **_facts(case, code=code, year=year, rule=rule),
        code=code, name=names[code], year=year, rule=asked_rule(rule, terms.exit, damage), own=terms.exit,
        yearly=yearly, amounts=amounts, friction=friction, stays=bills, leaves=left,
        called={one: names[one] for one in others}, notice=notice_day(year, terms.exit),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CaseEntry(Result):
    """What it costs to join in a year, and what the others then pay.

    Attributes
    ----------
    code, name, year
        Who joins, and its first year.
    payments
        Cents by year besides its bills; None where the file does not state them (PM).
    bills
        Cents of its own by year.
    before, after
        Cents of the others by year and code, without it and with it.
    called
        Name of each of the others by code.
    """

    code: str
    name: str
    year: int
    payments: Mapping[int, int | None]
    bills: Mapping[int, int]
    before: Mapping[int, ByCodeCents]
    after: Mapping[int, ByCodeCents]
    called: Mapping[str, str]

    @property
    def least(self) -> float:
        """Euro that it has to pay so that the others are no worse off; 0 where they gain."""
        more = sum(sum(bill.values()) for bill in self.after.values())
        return max(0, more - sum(sum(bill.values()) for bill in self.before.values())) / 100

    @property
    def total(self) -> float | None:
        """Euro of all step-in payments together; None where a payment is PM."""
        cents = list(self.payments.values())
        return None if None in cents else sum(one or 0 for one in cents) / 100

    def to_frame(self) -> pd.DataFrame:
        """Return by year its ``bill`` and ``payment``, in euro; NaN is PM."""
        years = sorted({*self.bills, *self.payments})
        frame = pd.DataFrame(index=pd.Index(years, name="year"))
        frame["bill"] = euro_column(self.bills.get(year, 0) for year in years)
        frame["payment"] = euro_column(self.payments.get(year, 0) for year in years)
        return self._framed(frame, {"bill": "EUR", "payment": "EUR"}, pm=("payment",), total=("bill", "payment"))

    def others(self) -> pd.DataFrame:
        """Return by other ``name, without_newcomer, with_newcomer, change``, in euro over the years that are left."""
        frame = pd.DataFrame({"name": list(self.called.values())}, index=pd.Index(self.called, name="code"))
        for name, bills in (("without_newcomer", self.before), ("with_newcomer", self.after)):
            frame[name] = [sum(bill.get(code, 0) for bill in bills.values()) / 100 for code in self.called]
        frame["change"] = (frame["with_newcomer"] - frame["without_newcomer"]).round(2)
        columns = tuple(frame.columns[1:])
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=columns)


def join(case: CaseModel, code: str, year: int) -> CaseEntry:
    """Return what joining in a year costs; see :meth:`ggu_costs.procurement.ProcurementCase.entry`."""
    terms, year = terms_of(case), _checked(case, year)
    if case.definition.participation.mode != "listed":
        mode = case.definition.participation.mode
        raise InputError(
            f"{case.id}: with participation {mode!r} nobody joins on its own",
            remedy="Ask this of a case with participation 'listed'.",
        )
    if not is_one_of(code, case.everyone.position):
        raise UnknownNameError("participant that could join", code, case.everyone.codes)
    years = tuple(one for one in case.definition.years if one >= year)
    if any(code in case.codes_in(one) for one in case.definition.years if one < year) or (
        code in case.codes_in(year) and terms.first_year.get(code) != year
    ):
        raise InputError(f"{code} takes part in {year} already", remedy="Ask for its exit, or another year or code.")
    base = replace(case, year=None, participants=None) if case.participants is None else replace(case, year=None)
    everyone = {one for each in case.definition.years for one in base.codes_in(each)} - {code}
    without = replace(base, participants=tuple(sorted(everyone)))
    first = {**terms.first_year, code: year}
    with_it = _restated(replace(base, participants=tuple(sorted({*everyone, code}))), first_year=first)
    before = {one: cents_of(split) for one, split in splits_of(without, years).items()}
    after = {one: cents_of(split) for one, split in splits_of(with_it, years).items()}
    names = dict(zip(case.everyone.codes, case.everyone.names, strict=True))
    return CaseEntry(
        title=message("entry_of_body", title=case.definition.title, name=names[code], year=year),
        **_facts(case, code=code, year=year), code=code, name=names[code], year=year,
        payments=_payments(case, year), bills={one: bill[code] for one, bill in after.items()}, before=before,
        after={one: {name: cents for name, cents in bill.items() if name != code} for one, bill in after.items()},
        called={one: names[one] for one in sorted({name for bill in before.values() for name in bill})},
    )  # fmt: skip


def moves_of(case: CaseModel, splits: Mapping[int, Split]) -> dict[int, Moves]:
    """Return what those who leave and join within the file change in each year."""
    terms = terms_of(case)
    years = tuple(splits)
    friction, released = dict.fromkeys(years, 0), dict.fromkeys(years, 0)
    fees: dict[int, dict[str, int]] = {year: {} for year in years}
    step_in: dict[int, dict[str, int]] = {year: {} for year in years}
    for code, last in terms.last_year.items() if terms.exit is not None else ():
        if last >= years[-1] or code not in splits[last].setup.parties.position or len(splits[last].codes) == 1:
            continue
        out = leave(case, code, last)
        due = out.due_by("regulation") or 0
        fees[last + 1][code] = due
        friction[last + 1] += out.friction or 0
        for year, cents in spread_over(due, out.bridging).items():
            released[year] += cents
    for code, first in terms.first_year.items() if terms.entry is not None else ():
        if first == years[0] or code not in splits[first].setup.parties.position:
            continue
        for year, paid in _payments(case, first).items():
            if year in splits and code in splits[year].setup.parties.position and paid:
                step_in[year][code] = paid
    return {
        year: Moves(friction=friction[year], fees=fees[year], step_in=step_in[year], released=released[year])
        for year in years
    }


def _payments(case: CaseModel, year: int) -> dict[int, int | None]:
    terms = terms_of(case).entry
    if terms is None:
        return {year: None}
    once = {} if terms.once is None else {year: _cents(case, terms.once)}
    yearly = None if terms.yearly is None else _cents(case, terms.yearly)
    return {**once, **dict.fromkeys(range(year + 1, year + terms.years + 1), yearly)} or {year: None}


def _checked(case: CaseModel, year: object) -> int:
    years = case.definition.years
    asked = plain(year)
    if isinstance(asked, bool) or not isinstance(asked, int) or asked not in years:
        raise OutsidePeriodError(
            f"{case.id}: {shown(year)} is no year that can be asked; known: {years[0]} to {years[-1]}",
            key="year", asked=str(year), known=f"{years[0]} to {years[-1]}",
            remedy="Ask one of these, or add the year to the file.",
        )  # fmt: skip
    return asked


def _restated(case: CaseModel, **changed: Mapping[str, int]) -> CaseModel:
    """Return the case whose file says something else of who joins and leaves."""
    terms = terms_of(case).model_copy(update=changed)
    definition = case.definition.model_copy(update={"over_years": terms})
    return replace(case, year=None, loaded=replace(case.loaded, definition=definition))


def _facts(case: CaseModel, **asked: object) -> dict[str, Any]:
    return {
        "notes": case.about(period=False), "provenance": case.provenance(**asked),
        "illustrative": case.definition.illustrative,
    }  # fmt: skip


def _cents(case: CaseModel, value: Any) -> int | None:
    number = case.numbers.number(value)
    return None if number is None else round_half_up(number * 100)


def _parts(split: Split, code: str) -> dict[str, Fraction]:
    """Part of a participant in each pool that is not its own; without shares by pool its part in all of them."""
    place = split.setup.parties.at(code)
    pools = [pool for pool in split.setup.pools if pool.pool.own() is None and pool.total]
    if split.shares.parts is not None:
        return {pool.id: Fraction(float(split.shares.parts[pool.id][place])) / Fraction(pool.total) for pool in pools}
    mine = sum(float(each[place]) for pool in split.setup.pools if (each := pool.pool.own()) is not None)
    whole = sum(Fraction(pool.total) for pool in pools)
    part = (Fraction(int(split.cents[place]), 100) - Fraction(mine)) / whole if whole else Fraction(0)
    return {pool.id: part for pool in pools}


def _yearly(case: CaseModel, split: Split, code: str) -> int:
    """Cents that a participant pays in a year without what is its own, and what is due once and not written off."""
    terms, parts = terms_of(case), _parts(split, code)
    recurring = [pool for pool in split.setup.pools if pool.id in parts and (not pool.once or terms.pool(pool.id).term)]
    return round_half_up(sum((parts[pool.id] * Fraction(pool.total) for pool in recurring), Fraction(0)) * 100)


def _book_value(case: CaseModel, split: Split, code: str, year: int) -> int | None:
    """Cents of its share in what is not written off at the end of a year; None where nothing is written off."""
    terms, parts = terms_of(case), _parts(split, code)
    if not any(pool.term for pool in terms.pools.values()):
        return None
    book = Fraction(0)
    for pool in split.setup.pools:
        stated = terms.pool(pool.id)
        if stated.term is not None and pool.id in parts:
            last = (stated.first_year or case.definition.years[0]) + stated.term - 1
            book += parts[pool.id] * Fraction(pool.total) * (last - year)
    return round_half_up(book * 100)
