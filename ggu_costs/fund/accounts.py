r"""The accounts of a fund: per year what came in, what was spent, what became of the difference, and the reserves.

With budget B, withdrawal W from the reserve and realisation R of a year, contributions are :math:`C = B - W`. As the
BBV has it: the balance of income and expenditure (saldo van baten en lasten) is :math:`C - R`; with what is taken from
the reserve the result is :math:`C - R + W = B - R`, the underspend, of which the assembly decides where it goes. The
reserve closes at opening - W + what the assembly adds; earmarked money at opening + earmarked - spent.

Refused, with the gap: an underspend that is not the budgets less the realisation of the last half-yearly report, a
stated closing balance that is not opening + in - out, and more spent of an earmark than there is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Protocol

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.result import Result
from ggu_costs.errors import Faults
from ggu_costs.fund.portfolio_terms import POLICIES, Activity, ReserveTerms, UnderspendTerms
from ggu_costs.modelfile.values import Dated
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import euros

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
class YearAccount(Brief):
    """One year, in euro; None where the file does not state it.

    Attributes
    ----------
    budget, realised
        Budgets of the activities and what they cost by the report of the second half-year; None unless all are known.
    underspend
        What was not spent, as stated, else budget less realisation.
    policy
        What the assembly decided on it; empty where it did not.
    reserve_opening, withdrawal, reserve_added, reserve_closing
        The reserve.
    earmark_opening, earmarked, earmark_spent, earmark_closing
        Money with a purpose.
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
    earmark_opening: Decimal
    earmarked: Decimal
    earmark_spent: Decimal
    earmark_closing: Decimal

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
    purposed = Decimal(0)
    for year in file.years:
        stated = next((item for item in file.underspend if item.year == year), None)
        budget, realised = _budget(file, year), _realised(file, year)
        left = file.known(stated.amount, year) if stated else _less(budget, realised)
        taken = file.known(reserve.withdrawal, year) if reserve else None
        added = added_to_reserve(file.underspend, year, file.known)
        after = None if balance is None or taken is None else balance - taken + added
        earmarked = left if stated and stated.policy == "earmark" and left is not None else Decimal(0)
        spent = sum((amount for _, amount in _spendings(file, year)), Decimal(0))
        closing = purposed + earmarked - spent
        yield YearAccount(
            year, budget, realised, left, stated.policy if stated else "",
            balance, taken, added, after, purposed, earmarked, spent, closing,
        )  # fmt: skip
        balance, purposed = after, closing


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
    _check_earmarks(file, faults)


def _check_earmarks(file: Accounted, faults: Faults) -> None:
    """Add the fault of every earmark of which more is spent than there is, or earlier than it was there."""
    for item in file.underspend:
        amount = file.known(item.amount, item.year)
        for earmark in item.earmarks if amount is not None and item.policy == "earmark" else ():
            where = f"underspend.{item.year}.earmarks.{earmark.purpose}.spent"
            spent = {year: euro for year in file.years if (euro := file.known(earmark.spent, year))}
            early = [year for year in spent if year <= item.year]
            if early:
                faults.add(where, f"spent in {early[0]}", f"years after {item.year}, in which the money was left")
            there = amount * earmark.share if amount is not None else Decimal(0)
            whole = sum(spent.values(), Decimal(0))
            if whole > there:
                faults.add(where, f"{whole} together", f"at most {there:.2f}: a gap of {whole - there:.2f}")


def _spendings(file: Accounted, year: int) -> Iterator[tuple[str, Decimal]]:
    for item in file.underspend:
        for earmark in item.earmarks if item.policy == "earmark" else ():
            spent = file.known(earmark.spent, year)
            if spent is not None:
                yield earmark.purpose, spent


def _budget(file: Accounted, year: int) -> Decimal | None:
    return _sum(file.known(activity.budget, year) for activity in file.running(year))


def _realised(file: Accounted, year: int) -> Decimal | None:
    """What the activities cost, by the report of the second half-year."""
    last = f"{year}-H2"
    reports = ([half for half in activity.half_year if half.period == last] for activity in file.running(year))
    return _sum(file.known(found[0].actual, year) if found else None for found in reports)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of amounts; None where there are none, or one is not known."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(listed) else None


def _less(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else first - second


@dataclass(frozen=True, kw_only=True)
class Accounts(Result):
    """The accounts of a fund over its years.

    Attributes
    ----------
    contributions
        Cents that municipalities pay together, by year.
    years
        What each year adds up to.
    """

    contributions: Mapping[int, int]
    years: tuple[YearAccount, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the accounts by year, in euro; NaN is what the file does not state (PM).

        Returns
        -------
        pandas.DataFrame
            ``contribution, budget, realised, balance_before`` (of income and expenditure), ``withdrawal, underspend``,
            what was decided on it (``carry_forward, refund, earmark, reserve``), and the balances
            ``reserve_opening, reserve_added, reserve_closing, earmark_opening, earmark_spent, earmark_closing``.
        """
        columns: dict[str, Sequence[Decimal | int | None]] = {
            "budget": [year.budget for year in self.years],
            "realised": [year.realised for year in self.years],
            "withdrawal": [year.withdrawal for year in self.years],
            "underspend": [year.underspend for year in self.years],
            **{policy: [year.decided(policy) for year in self.years] for policy in POLICIES},
            **{
                item.name: [getattr(year, item.name) for year in self.years]
                for item in fields(YearAccount) if item.name.startswith(("reserve_", "earmark_"))
            },
        }  # fmt: skip
        frame = pd.DataFrame(index=pd.Index([year.year for year in self.years], name="year"))
        frame["contribution"] = euros([self.contributions[year.year] for year in self.years])
        for name, amounts in columns.items():
            frame[name] = euro_column(None if amount is None else int(amount * 100) for amount in amounts)
            if name == "realised":
                frame["balance_before"] = (frame["contribution"] - frame["realised"]).round(2)
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"), pm=tuple(frame.columns))
