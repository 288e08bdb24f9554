"""The table of a municipal budget (begroting) in the form of the BBV: one home for it, to which rooms hand lines.

Costs and income by task field (taakveld), one-off and structural apart, then the balance, the mutations of reserves and
the estimated result. Beside each amount stands whether it is favourable (V, voordelig) or adverse (N, nadelig). What is
not known is PM, and every sum that needs it is PM too: compensation that nobody stated, and mutations of reserves,
which only a municipality can state. A task field is what the user or the model file says, never chosen here.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.money import exact_sum
from ggu_costs.words.messages import message

ItemKind: TypeAlias = Literal["cost", "income", "compensation"]
Nature: TypeAlias = Literal["one_off", "structural", "unsplit"]

_NATURES: Final[tuple[Nature, ...]] = ("one_off", "structural", "unsplit")


@dataclass(frozen=True)
class BudgetLine(Brief):
    """One line of a programme or bill, as a budget has it.

    Attributes
    ----------
    kind, nature
        Whether it is a cost, income or compensation by the State; one-off, structural, or not told apart.
    task_field
        Code of the task field; empty where nobody stated it.
    amounts
        Euro of each year, positive; None is PM.
    errors
        Simulation error of each year, where there is one.
    """

    id: str
    name: str
    kind: ItemKind
    nature: Nature
    task_field: str
    amounts: Mapping[int, float | None]
    errors: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Reserves(Brief):
    """Mutations of reserves by year, euro; PM in a year that is not stated.

    Attributes
    ----------
    additions, withdrawals
        What is added to reserves (toevoeging) and taken from them (onttrekking), both positive.
    """

    additions: Mapping[int, float] = field(default_factory=dict)
    withdrawals: Mapping[int, float] = field(default_factory=dict)


def amounts_in(frame: pd.DataFrame) -> list[str]:
    """Return the columns that hold euros: the years, and their errors."""
    return [str(name) for name in frame.columns if re.fullmatch(r"\d{4}(_error)?", str(name))]


def budget_frame(
    lines: Sequence[BudgetLine],
    years: Sequence[int],
    *,
    compensated: bool = True,
    reserves: Reserves = Reserves(),
    errors: bool = False,
    change: bool = False,
) -> pd.DataFrame:
    """Return the table: by item its ``task_field``, and of each year the amount, ``2026_side`` and maybe its error.

    Parameters
    ----------
    lines
        In any order; those of one task field, kind and nature are added up.
    years
        In order.
    compensated
        Whether it is known what the State pays in all. Where it is not, compensation, the balance and the result are
        PM, and a balance before any compensation stands there too.
    reserves
        As far as they were stated.
    errors
        Whether simulation errors stand beside the amounts. Of a sum it is what the errors can be together at most.
    change
        Whether the last row is how the balance differs from the year before.

    Examples
    --------
    >>> bill = BudgetLine("ggu", "GGU", "cost", "structural", "0.4", {2024: 100.0, 2025: 90.0})
    >>> frame = budget_frame([bill], [2024, 2025], reserves=Reserves({2024: 0, 2025: 0}, {2024: 0, 2025: 0}))
    >>> frame.loc[["costs", "balance"], ["2025", "2025_side"]].values.tolist()
    [[90.0, 'N'], [-90.0, 'N']]
    """
    rows = _rows(lines, years, compensated, reserves)
    if change:
        amounts = next(row for row in rows if row.item == "balance").amounts
        known = {year: amounts.get(year - 1) for year in years}
        changes = {year: _strict(amounts[year], None if before is None else -before) for year, before in known.items()}
        rows.append(_Row("", "balance_change", 1, changes))
    return _frame(rows, years, errors)


def one_off_frame(
    lines: Iterable[BudgetLine],
    years: Sequence[int],
    *,
    compensated: bool = True,
    errors: bool = False,
) -> pd.DataFrame:
    """Return the overview of one-off income and costs (overzicht van incidentele baten en lasten): a row a line.

    Returns
    -------
    pandas.DataFrame
        By item the ``line`` (its name), ``task_field``, and of each year the amount and ``2026_side``; then the sums
        and the balance. Mutations of reserves are in the table of the budget, since whether they are one-off is
        not stated.

    Examples
    --------
    >>> built = BudgetLine("bouw", "Bouw", "cost", "one_off", "0.4", {2026: 1000.0})
    >>> one_off_frame([built], [2026])["2026"].to_dict()
    {'one_off_cost': 1000.0, 'costs': 1000.0, 'income': 0.0, 'balance': -1000.0}
    """
    inside = [line for line in lines if line.nature == "one_off"]
    rows = [(line.name, _own_row([line], years)) for line in inside]
    rows += [("", row) for row in _rows(inside, years, compensated, Reserves()) if row.item in _SUMS]
    frame = _frame([row for _, row in rows], years, errors)
    frame.insert(0, "line", pd.Series([name for name, _ in rows], frame.index, dtype=object))
    return frame


_SUMS = frozenset({"costs", "balance_before", "compensation", "income", "balance"})


@dataclass(frozen=True)
class _Row:
    """A row of the table; `sign`: whether a plus is good (1) or bad (-1) for the result."""

    task_field: str
    item: str
    sign: int
    amounts: Mapping[int, float | None]
    errors: Mapping[int, float] = field(default_factory=dict)


def _rows(lines: Sequence[BudgetLine], years: Sequence[int], compensated: bool, reserves: Reserves) -> list[_Row]:
    costs, own, paid = ([line for line in lines if line.kind == kind] for kind in ("cost", "income", "compensation"))
    cost, earned = _added(costs, years), _added(own, years)
    given = _added(paid, years) if compensated else dict.fromkeys(years)
    before = {year: None if cost[year] is None else _sum(earned[year], -_zero(cost[year])) for year in years}
    balance = {year: _strict(before[year], given[year]) for year in years}
    income = {
        year: None if given[year] is None or (earned[year] is None and not paid) else _sum(earned[year], given[year])
        for year in years
    }
    added, taken = ({year: part.get(year) for year in years} for part in (reserves.additions, reserves.withdrawals))
    result = {
        year: _strict(balance[year], taken[year], None if added[year] is None else -_zero(added[year]))
        for year in years
    }
    off, off_before, off_income = (_errors(part, years) for part in (lines, [*costs, *own], [*own, *paid]))
    rows = [*_by_task_field(costs, years), _Row("", "costs", -1, cost, _errors(costs, years))]
    rows += [*_by_task_field(own, years), *_by_task_field(paid, years)]
    if not compensated:
        rows += [_Row("", "balance_before", 1, before, off_before), _Row("", "compensation", 1, given)]
    return [
        *rows, _Row("", "income", 1, income, off_income), _Row("", "balance", 1, balance, off),
        _Row("", "addition", -1, added), _Row("", "withdrawal", 1, taken), _Row("", "result", 1, result, off),
    ]  # fmt: skip


def _by_task_field(lines: Sequence[BudgetLine], years: Sequence[int]) -> list[_Row]:
    fields = sorted({line.task_field for line in lines}, key=_order)
    found = {
        (code, nature): [line for line in lines if (line.task_field, line.nature) == (code, nature)]
        for code in fields
        for nature in _NATURES
    }
    return [_own_row(inside, years) for inside in found.values() if inside]


def _own_row(lines: Sequence[BudgetLine], years: Sequence[int]) -> _Row:
    """Lines of one task field, kind and nature as a row."""
    first = lines[0]
    code = first.task_field or message("task_field_unknown")
    sign = -1 if first.kind == "cost" else 1
    return _Row(code, f"{first.nature}_{first.kind}", sign, _added(lines, years), _errors(lines, years))


def _order(code: str) -> tuple[object, ...]:
    """Task fields in the order of their numbers: 6.2 before 6.10, and those nobody stated last."""
    parts = re.findall(r"\d+|\D+", code)
    return (not code, [(not part.isdecimal(), int(part) if part.isdecimal() else part) for part in parts])


def _added(lines: Sequence[BudgetLine], years: Sequence[int]) -> dict[int, float | None]:
    """The known amounts of each year added up; PM where there are lines and none is known."""
    found: dict[int, float | None] = {}
    for year in years:
        known = [amount for line in lines if (amount := line.amounts.get(year)) is not None]
        found[year] = exact_sum(known) if known or not lines else None
    return found


def _errors(lines: Iterable[BudgetLine], years: Sequence[int]) -> dict[int, float]:
    """What the errors of lines can be together at most: their sum."""
    return {year: exact_sum(line.errors.get(year, 0.0) for line in lines) for year in years}


def _zero(amount: float | None) -> float:
    return 0.0 if amount is None else amount


def _sum(*parts: float | None) -> float:
    """Sum of what is known."""
    return exact_sum(map(_zero, parts))


def _strict(*parts: float | None) -> float | None:
    """Sum, PM where a part is."""
    return None if any(part is None for part in parts) else _sum(*parts)


def _frame(rows: Sequence[_Row], years: Sequence[int], errors: bool) -> pd.DataFrame:
    """Return rows as a frame, by item."""
    frame = pd.DataFrame(index=pd.Index([row.item for row in rows], dtype=object, name="budget_item"))
    frame["task_field"] = pd.Series([row.task_field for row in rows], frame.index, dtype=object)
    for year in years:
        amounts = [row.amounts[year] for row in rows]
        frame[str(year)] = [math.nan if amount is None else amount for amount in amounts]
        if errors:
            frame[f"{year}_error"] = [
                math.nan if amount is None else row.errors.get(year, 0.0)
                for row, amount in zip(rows, amounts, strict=True)
            ]
        sides = [_side(_zero(amount) * row.sign) for row, amount in zip(rows, amounts, strict=True)]
        frame[f"{year}_side"] = pd.Series(sides, frame.index, dtype=object)  # messages stay messages
    return frame


def _side(effect: float) -> str:
    """V or N; nothing where there is no effect, or nothing that a cent shows."""
    if abs(effect) < 0.005:
        return ""
    return message("favourable" if effect > 0 else "adverse")
