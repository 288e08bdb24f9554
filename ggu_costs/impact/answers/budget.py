"""The table of a municipal budget: costs and income, one-off and structural, current prices, after recoverable VAT."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, InputError, OutsidePeriodError, listed
from ggu_costs.figures import read_number, shown
from ggu_costs.impact.answers.base import NATION, SimulationResult, describe, place_in
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.parts import Detail
from ggu_costs.words.messages import message

_ROWS = ("one_off_cost", "structural_cost", "one_off_income", "structural_income")


def budget(
    result: SimulationResult,
    first_year: int,
    years: int = 4,
    *,
    of: str = NATION,
    index: Mapping[int, float] | None = None,
) -> pd.DataFrame:
    """Return the mean of costs and income in each year, not discounted.

    Parameters
    ----------
    first_year, years
        First year of the budget and how many.
    of
        ``nation``, or the code of a municipality.
    index
        For a programme in constant prices: the price index of each year after the price level as a fraction, such as
        ``{2025: 0.03}``. A programme in current prices takes none.

    Returns
    -------
    pandas.DataFrame
        By ``one_off_cost, structural_cost, one_off_income, structural_income`` (benefits and compensation) and
        ``balance`` (income minus costs): a column for each year, and its simulation error as ``2026_error``; euro.

    Raises
    ------
    OutsidePeriodError
        Years outside the programme.
    InputError
        Constant prices without an index, an index that lacks a year, or an index with current prices.
    """
    result.runner.require_years()
    assembly, runner, selection = result.assembly, result.runner, result.selection
    wanted = _years(assembly, first_year, years)
    factor = _prices(assembly, wanted, index)
    names = {(row, year): f"{row}:{year}" for row in (*_ROWS, "year") for year in wanted}
    place = place_in(result, of)
    detail: Detail = "none" if place is None else "moments"
    runner.ask([Query(selection, name, detail) for name in names.values()])
    frame = pd.DataFrame(index=pd.Index([*_ROWS, "balance"], name="quantity"))
    for year in wanted:
        rows = [
            runner.nation(selection, names[row, year]) if place is None
            else runner.units(selection, names[row, year], "moments")
            for row in (*_ROWS, "year")
        ]  # fmt: skip
        signs = np.array([1.0, 1.0, 1.0, 1.0, -1.0]) * factor[year]
        frame[str(year)] = [sign * part.mean[place or 0] for sign, part in zip(signs, rows, strict=True)]
        frame[f"{year}_error"] = [factor[year] * part.standard_error[place or 0] for part in rows]
    words = message("budget") if place is None else message("budget_of", name=assembly.names[place])
    units = dict.fromkeys(map(str, frame.columns), "EUR")
    return describe(result, frame, words, units=units, nation=place is None, own=place is not None)


def _years(assembly: Assembly, first: int, count: int) -> list[int]:
    if any(isinstance(n, bool) or not hasattr(n, "__index__") for n in (first, count)) or count < 1:
        raise InputError(
            f"budget of {shown(count)} years from {shown(first)}", remedy="Give whole numbers, 1 year or more."
        )
    years = [int(first) + place for place in range(int(count))]
    outside = [year for year in years if year not in assembly.years]
    if outside:
        known = f"{assembly.years[0]} to {assembly.years[-1]}"
        raise OutsidePeriodError(
            f"the programme has no year {listed(outside)}; known: {known}",
            key="first_year", asked=listed(outside), known=known, remedy=f"Choose years from {known}.",
        )  # fmt: skip
    return years


def _prices(assembly: Assembly, years: list[int], index: Mapping[int, float] | None) -> dict[int, float]:
    """What brings the amounts of each year to its own prices."""
    if assembly.prices == "current":
        if index is not None:
            raise InputError("an index for a programme in current prices", remedy="Leave the index out.")
        return dict.fromkeys(years, 1.0)
    faults = Faults()
    if not assembly.price_level.isdecimal():
        faults.add("price_level", assembly.price_level or "none", "a year", "The file does not know its price level.")
    elif index is not None and not isinstance(index, Mapping):
        faults.add("index", shown(index), "a mapping of year to rate")
    elif index is None:
        faults.add("index", "none with constant prices", "the price index of each year after the price level")
    else:
        wanted = range(int(assembly.price_level) + 1, years[-1] + 1)
        lacking = [year for year in wanted if year not in index]
        if lacking:
            faults.add("index", f"no rate for {listed(lacking)}", f"every year to {years[-1]}")
        for year, rate in index.items():
            read_number(rate, f"index[{year}]", faults, above=-1, allowed="above -1; 3 per cent is 0.03")
    faults.check("a budget is in current prices", remedy="State the price level and the index.")
    assert index is not None  # noqa: S101 (a fault otherwise)
    base, factors = int(assembly.price_level), {}
    for year in years:
        later = np.prod([1.0 + float(index[step]) for step in range(base + 1, year + 1)])
        if year < base:
            raise InputError(f"{year} lies before the price level of {base}", remedy=f"Begin in {base} or later.")
        factors[year] = float(later)
    return factors
