r"""The accounts of a fund: per year what came in, what was spent, what became of the difference, and the reserves.

With budget B, withdrawal W from the reserve and realisation R of a year, contributions are :math:`C = B - W`. As the
BBV has it: the balance of income and expenditure (saldo van baten en lasten) is :math:`C - R`; with what is taken from
the reserve the result is :math:`C - R + W = B - R`, the underspend, of which the assembly decides where it goes. The
reserve closes at opening - W + what the assembly adds; money that is carried forward, to be refunded or earmarked
closes at opening + what the assembly decided - what was spent or paid back of it, beside the budgets.

Refused, with the gap: an underspend that is not the budgets less the realisation, two realisations of one activity that
differ, a stated closing balance that is not opening + in - out, and more spent of such money than there is, or earlier.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults
from ggu_costs.frozen import Frozen
from ggu_costs.fund.portfolio_terms import POLICIES, Activity, ReserveTerms, UnderspendTerms
from ggu_costs.modelfile.values import Dated
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import euros
from ggu_costs.results.base import Result

SPENT = ("carry_forward", "refund")
"""Policies of which the underspend itself says what is spent or paid back; of an earmark each purpose does."""
HELD = (*SPENT, "earmark")
"""Policies whose money has a balance of its own."""
Known = Callable[[Dated | None, int], Decimal | None]


class Accounted(Protocol):
    """What a fund file has to say for its accounts."""

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the file."""
        ...

    @property
    def underspend(self) -> tuple[UnderspendTerms, ...]:
        """Underspends, with what is done with them."""
        ...

    @property
    def reserve(self) -> ReserveTerms | None:
        """The reserve."""
        ...

    def running(self, year: int) -> list[Activity]:
        """Activities of a year."""
        ...

    def known(self, dated: Dated | None, year: int) -> Decimal | None:
        """Number that the file states."""
        ...


@dataclass(frozen=True)
class Balance(Brief):
    """Money with a destination over one year, in euro: opening + added - spent = closing."""

    opening: Decimal
    added: Decimal
    spent: Decimal

    @property
    def closing(self) -> Decimal:
        """What is left at the end of the year."""
        return self.opening + self.added - self.spent


@dataclass(frozen=True)
class YearAccount(Brief, Frozen):
    """One year, in euro; None where the file does not state it.

    Attributes
    ----------
    budget, realised
        Budgets of the activities and what they cost by the accounts or the report of the second half-year; None unless
        all are known.
    underspend
        What was not spent, as stated, else budget less realisation.
    policy
        What the assembly decided on it; empty where it did not.
    reserve_opening, withdrawal, reserve_added, reserve_closing
        The reserve.
    balances
        Money that is carried forward, to be refunded or earmarked, by policy.
    """

    year: int
    budget: Decimal | None
    realised: Decimal | None
    underspend: Decimal | None
    policy: str
    reserve_opening: Decimal | None
    withdrawal: Decimal | None
    reserve_added: Decimal
    reserve_closing: Decimal | None
    balances: Mapping[str, Balance]

    def decided(self, policy: str) -> Decimal | None:
        """Part of the underspend that goes where a policy has it; None where the underspend is not known."""
        return None if self.underspend is None else self.underspend if policy == self.policy else Decimal(0)


def added_to_reserve(underspends: Iterable[UnderspendTerms], year: int, known: Known) -> Decimal:
    """Return what the assembly adds to the reserve of the underspend of a year."""
    stated = (known(item.amount, year) for item in underspends if item.year == year and item.policy == "reserve")
    return sum((amount for amount in stated if amount is not None), Decimal(0))


def year_accounts(file: Accounted) -> Iterator[YearAccount]:
    """Work out the accounts of each year of a file."""
    reserve = file.reserve
    balance = file.known(reserve.opening, file.years[0]) if reserve else None
    held = dict.fromkeys(HELD, Decimal(0))
    for year in file.years:
        stated = next((item for item in file.underspend if item.year == year), None)
        budget, realised = _budget(file, year), _realised(file, year)
        left = file.known(stated.amount, year) if stated else _less(budget, realised)
        taken = file.known(reserve.withdrawal, year) if reserve else None
        added = added_to_reserve(file.underspend, year, file.known)
        after = None if balance is None or taken is None else balance - taken + added
        balances = {
            policy: Balance(
                held[policy],
                left if stated and stated.policy == policy and left is not None else Decimal(0),
                sum((amount for _, amount in _spendings(file, year, policy)), Decimal(0)),
            )
            for policy in HELD
        }
        policy = stated.policy if stated else ""
        yield YearAccount(year, budget, realised, left, policy, balance, taken, added, after, balances)
        balance, held = after, {name: one.closing for name, one in balances.items()}


def check_accounts(file: Accounted, faults: Faults) -> None:
    """Add the fault of every account that does not close, with its gap."""
    for year, account in zip(file.years, year_accounts(file), strict=True):
        stated = any(item.year == year for item in file.underspend)
        left = _less(account.budget, account.realised)
        if stated and left is not None and account.underspend not in (None, left):
            gap = account.underspend - left if account.underspend is not None else Decimal(0)
            found = (
                f"{account.underspend}, while budgets of {account.budget} less {account.realised} spent leave {left}"
            )
            faults.add(f"underspend.{year}.amount", found, f"{left}: a gap of {gap}")
        closing = file.known(file.reserve.closing, year) if file.reserve and file.reserve.closing else None
        if closing is not None and account.reserve_closing not in (None, closing):
            made = f"{account.reserve_opening} + {account.reserve_added} - {account.withdrawal}"
            found = f"{closing} in {year}, while {made} is {account.reserve_closing}"
            gap = closing - account.reserve_closing if account.reserve_closing is not None else Decimal(0)
            faults.add("reserve.closing", found, f"{account.reserve_closing}: a gap of {gap}")
    _check_realised(file, faults)
    for item in file.underspend:
        amount = file.known(item.amount, item.year)
        if item.spent is not None and item.policy not in SPENT:
            found = f"stated while the policy is {item.policy!r}"
            faults.add(f"underspend.{item.year}.spent", found, f"a policy of {', '.join(SPENT)}, or spent by earmark")
        if amount is not None and item.policy in SPENT:
            _check_spent(file, faults, f"underspend.{item.year}.spent", (item.year, item.spent, amount))
        for earmark in item.earmarks if amount is not None and item.policy == "earmark" else ():
            where = f"underspend.{item.year}.earmarks.{earmark.purpose}.spent"
            there = (amount or Decimal(0)) * earmark.share
            _check_spent(file, faults, where, (item.year, earmark.spent, there))


def _check_spent(file: Accounted, faults: Faults, where: str, money: tuple[int, Dated | None, Decimal]) -> None:
    """Add the fault of money of which more is spent than there is, or earlier than it was there.

    Parameters
    ----------
    money
        The year in which it was left, what is spent of it, and how much there is.
    """
    left, stated, there = money
    spent = {year: euro for year in file.years if (euro := file.known(stated, year))}
    early = [year for year in spent if year <= left]
    if early:
        faults.add(where, f"spent in {early[0]}", f"years after {left}, in which the money was left")
    whole = sum(spent.values(), Decimal(0))
    if whole > there:
        faults.add(where, f"{whole} together", f"at most {there:.2f}: a gap of {whole - there:.2f}")


def _check_realised(file: Accounted, faults: Faults) -> None:
    """Add the fault of every activity whose accounts and last half-yearly report say another realisation."""
    for year in file.years:
        for activity in file.running(year):
            stated, reported = file.known(activity.realised, year), _reported(file, activity, year)
            if stated is not None and reported not in (None, stated):
                found = f"{stated} in {year}, while the report of {year}-H2 has {reported}"
                gap = stated - (reported or 0)
                faults.add(f"activities.{activity.id}.realised", found, f"{reported}: a gap of {gap}")


def _spendings(file: Accounted, year: int, policy: str) -> Iterator[tuple[str, Decimal]]:
    """What is spent in a year of money with a destination, by purpose."""
    for item in file.underspend:
        if item.policy != policy:
            continue
        parts = [(policy, item.spent)] if policy in SPENT else [(one.purpose, one.spent) for one in item.earmarks]
        for purpose, stated in parts:
            spent = file.known(stated, year)
            if spent is not None:
                yield purpose, spent


def _budget(file: Accounted, year: int) -> Decimal | None:
    return _sum(file.known(activity.budget, year) for activity in file.running(year))


def _realised(file: Accounted, year: int) -> Decimal | None:
    return _sum(realised_of(file, activity, year) for activity in file.running(year))


def realised_of(file: Accounted, activity: Activity, year: int) -> Decimal | None:
    """What an activity cost, by the accounts, else by the report of the second half-year; None where neither says."""
    stated = file.known(activity.realised, year)
    return _reported(file, activity, year) if stated is None else stated


def _reported(file: Accounted, activity: Activity, year: int) -> Decimal | None:
    last = next((half for half in activity.half_year if half.period == f"{year}-H2"), None)
    return None if last is None else file.known(last.actual, year)


def _forecast(file: Accounted, activity: Activity, year: int) -> Decimal | None:
    """The forecast of the last half-yearly report of a year."""
    halves = [half for half in activity.half_year if half.period.startswith(f"{year}-")]
    return file.known(max(halves, key=lambda half: half.period).forecast, year) if halves else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of amounts; None where there are none, or one is not known."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(listed) else None


def _less(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first - second


@dataclass(frozen=True)
class ActivityAccount(Brief):
    """One activity in one year, in euro; None where the file does not state it."""

    year: int
    name: str
    budget: Decimal | None
    forecast: Decimal | None
    realised: Decimal | None

    @property
    def underspend(self) -> Decimal | None:
        """Budget less realisation."""
        return _less(self.budget, self.realised)


def activity_accounts(file: Accounted) -> Iterator[ActivityAccount]:
    """Work out the accounts of each activity in each year that it runs."""
    for year in file.years:
        for item in file.running(year):
            budget, realised = file.known(item.budget, year), realised_of(file, item, year)
            yield ActivityAccount(year, item.name, budget, _forecast(file, item, year), realised)


@dataclass(frozen=True, kw_only=True)
class Accounts(Result):
    """The accounts of a fund over its years.

    Attributes
    ----------
    contributions
        Cents that municipalities pay together, by year.
    years
        What each year adds up to.
    activities
        Each activity in each year.
    """

    contributions: Mapping[int, int]
    years: tuple[YearAccount, ...]
    activities: tuple[ActivityAccount, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the accounts by year, in euro; NaN is what the file does not state (PM).

        Returns
        -------
        pandas.DataFrame
            ``contribution, budget, realised, balance_before`` (of income and expenditure), ``withdrawal, underspend``,
            what was decided on it (``carry_forward, refund, earmark, reserve``), the reserve (``reserve_opening,
            reserve_added, reserve_closing``), and of money carried forward, to be refunded and earmarked what there
            was, what was spent and what is left (``carry_forward_opening, carry_forward_spent, carry_forward_closing``
            and so on): opening + decided - spent = closing.
        """
        columns: dict[str, Sequence[Decimal | int | None]] = {
            "budget": [year.budget for year in self.years],
            "realised": [year.realised for year in self.years],
            "withdrawal": [year.withdrawal for year in self.years],
            "underspend": [year.underspend for year in self.years],
            **{policy: [year.decided(policy) for year in self.years] for policy in POLICIES},
            **{
                name: [getattr(year, name) for year in self.years]
                for name in ("reserve_opening", "reserve_added", "reserve_closing")
            },
            **{
                f"{policy}_{name}": [getattr(year.balances[policy], name) for year in self.years]
                for policy in HELD for name in ("opening", "spent", "closing")
            },
        }  # fmt: skip
        frame = pd.DataFrame(index=pd.Index([year.year for year in self.years], name="year"))
        frame["contribution"] = euros([self.contributions[year.year] for year in self.years])
        for name, amounts in columns.items():
            frame[name] = _euro(amounts)
            if name == "realised":
                frame["balance_before"] = (frame["contribution"] - frame["realised"]).round(2)
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"), pm=tuple(frame.columns))

    def by_activity(self) -> pd.DataFrame:
        """Return ``activity, budget, forecast, realised, underspend`` by year, in euro; NaN where the file is silent.

        The forecast is that of the last half-yearly report of the year.
        """
        rows = self.activities
        frame = pd.DataFrame(index=pd.Index([row.year for row in rows], name="year"))
        frame["activity"] = pd.Series([row.name for row in rows], index=frame.index, dtype=object)
        names = ("budget", "forecast", "realised", "underspend")
        for name in names:
            frame[name] = _euro([getattr(row, name) for row in rows])
        return self._framed(frame, dict.fromkeys(names, "EUR"), pm=names)


def _euro(amounts: Iterable[Decimal | int | None]) -> Any:
    return euro_column(None if amount is None else int(amount * 100) for amount in amounts)
