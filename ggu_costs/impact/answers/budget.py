"""What a programme puts in the budget of municipalities: the table of the BBV, and its one-off income and costs.

The table itself is :mod:`ggu_costs.display.budget`. Costs are costs (lasten); savings and other benefits stand with
income (baten), and compensation is a row of its own, PM while nobody stated what the State pays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.budget import (
    BudgetLine,
    ItemKind,
    Nature,
    Reserves,
    amounts_in,
    budget_frame,
    one_off_frame,
)
from ggu_costs.display.table import Table
from ggu_costs.display.task_field import read_task_field, task_field_notes
from ggu_costs.errors import Faults, OutsidePeriodError, is_one_of, listed
from ggu_costs.figures import read_number, read_whole, shown
from ggu_costs.impact.answers.base import NATION, SimulationResult, describe, place_in
from ggu_costs.impact.answers.funding import unknown_natures
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.modelfile.budget import BudgetTerms
from ggu_costs.modelfile.values import FIRST_YEAR, LAST_YEAR
from ggu_costs.simulation.parts import Detail
from ggu_costs.words.messages import message

_KINDS: Mapping[str, ItemKind] = {"cost": "cost", "benefit": "income", "compensation": "compensation"}
_NATURES: Mapping[str, Nature] = {"one_off": "one_off", "structural": "structural"}
_LONG = 4  # a budget is of one year and three ahead
_MOST = 50  # years


@dataclass(frozen=True)
class _Given:
    """The arguments as they were given."""

    first_year: int | None
    years: int | None
    of: str
    task_field: str | None
    index: Mapping[int, float] | None
    additions: Mapping[int, float] | None = None
    withdrawals: Mapping[int, float] | None = None


@dataclass(frozen=True)
class _Asked:
    """What was asked for, checked.

    Attributes
    ----------
    years
        Columns, in order: the year before the budget where the programme has it, and those of the budget.
    factor
        What brings the amounts of each year to its own prices.
    """

    years: tuple[int, ...]
    first_year: int
    place: int | None
    factor: Mapping[int, float]
    indexed: bool
    task_field: str
    reserves: Reserves


def budget(
    result: SimulationResult,
    first_year: int | None = None,
    years: int | None = None,
    *,
    of: str = NATION,
    task_field: str | None = None,
    index: Mapping[int, float] | None = None,
    additions: Mapping[int, float] | None = None,
    withdrawals: Mapping[int, float] | None = None,
) -> pd.DataFrame:
    """Return the table of a budget (begroting, BBV): the mean of costs and income in each year, not discounted.

    Parameters
    ----------
    first_year
        Year of the budget; the year before it stands first where the programme has it. By default what the model file
        says, else the year from which the last four years of the programme are shown.
    years
        How many years; by default four, as far as the programme goes.
    of
        ``nation``, or the code of a municipality.
    task_field
        Code of the task field (taakveld, Iv3) of costs and income, where the model file names none for the line. What
        the State pays has its own, which only the file can name.
    index
        For a programme in constant prices: the price index of each year after the price level as a fraction, such as
        ``{2025: 0.03}``. Without it amounts are in prices of that level, and the table says so. A programme in current
        prices takes none.
    additions, withdrawals
        Euro that a municipality adds to its reserves and takes from them, by year; PM where it is not stated.

    Returns
    -------
    pandas.DataFrame
        By item ``task_field``, and for each year the amount, its simulation error (``2026_error``) and whether it is
        favourable (``2026_side``: V or N); euro. NaN is PM.

    Raises
    ------
    OutsidePeriodError
        Years outside the programme, when that is the only fault.
    InputError
        Every other fault of the arguments at once.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> result = ggu.open_programme("programmes/vroegsignalering").simulate(draws=64)
    >>> result.budget(2022, 2, task_field="6.3")[["task_field", "2022", "2022_side"]].head(2).round(2).values.tolist()
    [['6.3', 38333350.0, 'N'], ['', 38333350.0, 'N']]
    """
    asked = _asked(result, _Given(first_year, years, of, task_field, index, additions, withdrawals))
    lines, compensated = _lines(result, asked), not unknown_natures(result)
    frame = budget_frame(lines, asked.years, compensated=compensated, reserves=asked.reserves, errors=True)
    return _described(result, frame, asked, "budget", lines)


def one_off_items(
    result: SimulationResult,
    first_year: int | None = None,
    years: int | None = None,
    *,
    of: str = NATION,
    task_field: str | None = None,
    index: Mapping[int, float] | None = None,
) -> pd.DataFrame:
    """Return the overview of one-off income and costs (overzicht van incidentele baten en lasten): a row a line.

    Parameters
    ----------
    first_year, years, of, task_field, index
        As for :func:`budget`.

    Returns
    -------
    pandas.DataFrame
        By item the name of the ``line`` and the columns of :func:`budget`; then the sums and the balance. Without rows
        of lines where nothing is one-off.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> result = ggu.open_programme("programmes/woo").simulate(draws=64)
    >>> result.one_off_items()[["line", "2021", "2022"]].head(1).round(2).values.tolist()
    [['Eenmalige kosten na de novelle', 200000000.0, 0.0]]
    """
    asked = _asked(result, _Given(first_year, years, of, task_field, index))
    lines, compensated = _lines(result, asked), "one_off" not in unknown_natures(result)
    frame = one_off_frame(lines, asked.years, compensated=compensated, errors=True)
    return _described(result, frame, asked, "one_off_items", [line for line in lines if line.nature == "one_off"])


def budget_tables(result: SimulationResult, of: str = NATION) -> list[Table]:
    """Return what a report shows: the table of the budget, and the one-off items where there are any."""
    tables = [Table("budget", "", budget(result, of=of), role="budget")]
    if any(role.nature == "one_off" for role in result.lines()):
        tables.append(Table("one_off_items", "", one_off_items(result, of=of), notes=[message("as_in_budget")]))
    return tables


def questions_of_budget(result: SimulationResult, of: str = NATION) -> list[Query]:
    """Return what :func:`budget_tables` asks."""
    return _questions(result, _asked(result, _Given(None, None, of, None, None)))


def _questions(result: SimulationResult, asked: _Asked) -> list[Query]:
    detail: Detail = "none" if asked.place is None else "moments"
    return [Query(result.selection, name, detail) for name in _named(result, asked).values()]


def _named(result: SimulationResult, asked: _Asked) -> dict[tuple[str, int], str]:
    """The figure of each line that is known, in each year."""
    known = [role for role in result.lines() if not role.pm]
    return {(role.id, year): f"line:{role.id}:{year}" for role in known for year in asked.years}


def _asked(result: SimulationResult, given: _Given) -> _Asked:
    """Check what is asked, and take what the file says where nothing was given; all faults at once."""
    result.runner.require_years()
    assembly, faults, of = result.assembly, Faults(), given.of
    terms = (result.definition.budget if result.definition else None) or BudgetTerms()
    index: Mapping[int, Any] | None = given.index
    if index is None and assembly.prices == "constant":
        index = terms.index or None
    asked = terms.task_field if given.task_field is None else given.task_field
    code = read_task_field(asked, "task_field", faults) if given.task_field is not None else asked
    first, wanted, outside = _years(
        assembly,
        terms.first_year if given.first_year is None else given.first_year,
        terms.years if given.years is None else given.years,
        faults,
    )
    columns = ((first - 1,) if first - 1 in assembly.years else ()) + wanted
    factor = _prices(assembly, columns, first, index, faults)
    mutations = (("additions", given.additions), ("withdrawals", given.withdrawals))
    reserves = Reserves(*(_by_year(part, name, wanted, faults) for name, part in mutations))
    if outside:
        known = f"{assembly.years[0]} to {assembly.years[-1]}"
        remedy = f"Choose years from {known}."
        if not faults:
            told = f"the programme has no year {listed(outside)}; known: {known}"
            raise OutsidePeriodError(told, key="first_year", asked=listed(outside), known=known, remedy=remedy)
        faults.add("first_year, years", f"no year {listed(outside)}", known, remedy)
    if faults and not is_one_of(of, (NATION, *assembly.units)):
        faults.add("of", shown(of), "nation, or the code of a municipality in this result")
    faults.check("this budget cannot be made", remedy="Correct every argument named.")
    return _Asked(tuple(factor), first, place_in(result, of), factor, index is not None, code, reserves)


def _years(
    assembly: Assembly, first: int | None, count: int | None, faults: Faults
) -> tuple[int, tuple[int, ...], list[int]]:
    """First year, years of the budget, and those of them that the programme has not."""
    last = assembly.years[-1]
    begin = max(assembly.years[0], last - _LONG + 1) if first is None else first
    begin = read_whole(begin, "first_year", faults, least=FIRST_YEAR, most=LAST_YEAR) or last
    asked = min(_LONG, max(last - begin, 0) + 1) if count is None else count
    length = read_whole(asked, "years", faults, least=1, most=_MOST, allowed=f"a whole number from 1 to {_MOST}") or 1
    years = tuple(range(begin, begin + length))
    return begin, years, [year for year in years if year not in assembly.years]


def _prices(
    assembly: Assembly, years: tuple[int, ...], first: int, index: Mapping[int, float] | None, faults: Faults
) -> dict[int, float]:
    """What brings the amounts of each year to its own prices; without an index nothing does."""
    same = dict.fromkeys(years, 1.0)
    if index is None:
        return same
    if assembly.prices == "current":
        faults.add("index", "an index for a programme in current prices", "none", "Leave the index out.")
    elif not isinstance(index, Mapping):
        faults.add("index", shown(index), "a mapping of year to rate")
    elif not assembly.price_level.isdecimal():
        found = f"given, while the price level is {assembly.price_level or 'not stated'}"
        faults.add("index", found, "a programme that knows its price level", "Leave the index out.")
    else:
        base = int(assembly.price_level)
        lacking = [year for year in range(base + 1, years[-1] + 1) if year not in index]
        if lacking:
            faults.add("index", f"no rate for {listed(lacking)}", f"every year from {base + 1} to {years[-1]}")
        for year, rate in index.items():
            read_number(rate, f"index[{shown(year)}]", faults, above=-1, allowed="above -1; 3 per cent is 0.03")
        if first < base:
            faults.add("first_year", str(first), f"{base} or later, which is the price level", "Leave the index out.")
        if faults:
            return same
        steps = {year: math.prod(1.0 + float(index[step]) for step in range(base + 1, year + 1)) for year in years}
        return {year: factor for year, factor in steps.items() if year >= base}
    return same


def _by_year(stated: Mapping[int, float] | None, name: str, years: tuple[int, ...], faults: Faults) -> dict[int, float]:
    if stated is None:
        return {}
    if not isinstance(stated, Mapping):
        faults.add(name, shown(stated), "a mapping of year to euro")
        return {}
    found: dict[int, float] = {}
    for year, amount in stated.items():
        if year not in years:
            faults.add(name, f"an amount for {shown(year)}", f"years of the budget: {years[0]} to {years[-1]}")
        number = read_number(amount, f"{name}[{shown(year)}]", faults, least=0)
        if number is not None:
            found[year] = float(number)
    return found


def _lines(result: SimulationResult, asked: _Asked) -> list[BudgetLine]:
    """The lines of the selection as a budget has them, simulated where they were not yet."""
    runner, selection = result.runner, result.selection
    runner.ask(_questions(result, asked))
    row = asked.place or 0
    means: dict[tuple[str, int], float] = {}
    errors: dict[tuple[str, int], float] = {}
    for key, name in _named(result, asked).items():
        part = (runner.nation(selection, name) if asked.place is None
                else runner.units(selection, name, "moments"))  # fmt: skip
        factor = asked.factor[key[1]]
        means[key], errors[key] = factor * float(part.mean[row]), factor * float(part.standard_error[row])
    stated = {} if result.definition is None else {line.id: line.task_field for line in result.definition.lines}
    own = {role.id: "" if role.kind == "compensation" else asked.task_field for role in result.lines()}
    return [
        BudgetLine(
            role.id, role.name, _KINDS[role.kind], _NATURES[role.nature], stated.get(role.id, "") or own[role.id],
            {year: means.get((role.id, year)) for year in asked.years},
            {year: errors.get((role.id, year), 0.0) for year in asked.years},
        )
        for role in result.lines()
    ]  # fmt: skip


def _described(
    result: SimulationResult, frame: pd.DataFrame, asked: _Asked, key: str, lines: list[BudgetLine]
) -> pd.DataFrame:
    place, names = asked.place, amounts_in(frame)
    words = message(key) if place is None else message(f"{key}_of", name=result.assembly.names[place])
    described = describe(result, frame, words, units=dict.fromkeys(names, "EUR"), nation=False, own=place is not None)
    return frames.amend(described, notes=[*_notes(result, asked, lines), *result.notes], pm=names)


def _notes(result: SimulationResult, asked: _Asked, lines: list[BudgetLine]) -> Iterator[str]:
    """Say what the figures are: sides, task field, prices, VAT, savings, what is PM, how they are rounded."""
    yield message("budget_sides")
    if asked.years[0] < asked.first_year:
        yield message("budget_current_year", year=asked.years[0])
    codes = dict.fromkeys(line.task_field for line in lines)
    yield from task_field_notes(codes)
    level = result.assembly.price_level
    if result.assembly.prices == "current":
        yield message("current_prices")
    elif asked.indexed:
        yield message("budget_indexed", level=level)
    else:
        yield (
            message("budget_unknown_prices") if level in ("", "unknown") else message("budget_not_indexed", level=level)
        )
    yield from result.vat or (message("budget_vat_unknown"),)
    if any(line.kind == "income" for line in lines):
        yield message("budget_savings")
    pm = [line.name for line in lines if all(amount is None for amount in line.amounts.values())]
    if pm:
        yield message("without_pm_lines", names=pm)
    if unknown_natures(result):
        yield message("budget_compensation_pm")
    yield message("budget_reserves_pm")
    yield message("budget_rounded")
