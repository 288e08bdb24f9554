"""Distributions of a result: per municipality, for the nation, by year and by line; probabilities and quantiles."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import InputError
from ggu_costs.figures import finite, shown
from ggu_costs.impact.answers.base import (
    NATION,
    SimulationResult,
    beside_grant,
    describe,
    of_line,
    place_in,
    require_municipalities,
    structural_year_of,
    years_added_up,
)
from ggu_costs.impact.answers.estimate import Estimate
from ggu_costs.impact.answers.funding import CHANCE, is_told, require_told, told, without_chance
from ggu_costs.impact.answers.leading import is_shown
from ggu_costs.impact.answers.questions import DISCOUNTED, INCOME
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.statistics import PERCENTILES, distribution, estimate, quantile_estimate
from ggu_costs.impact.answers.surveys import surveyed
from ggu_costs.impact.programme.assembly import SIGNS
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.simulation.parts import Detail
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.words.messages import message, word

_SPREAD = ("sd", *PERCENTILES, "expected_shortfall")
"""What a line that is the mean of a survey has not."""
_ROUNDING = 1e-9
"""Of an amount: nearer to it, sums over municipalities are not told apart from it."""


def by_municipality(result: SimulationResult, quantity: str = "net") -> pd.DataFrame:
    """Return the distribution for each municipality.

    Parameters
    ----------
    quantity
        ``net``, ``gross``, ``one_off``, ``structural``, ``one_off_net``, ``structural_net``, ``year:2026``,
        ``line:ID``: see :mod:`ggu_costs.impact.answers.questions`.

    Returns
    -------
    pandas.DataFrame
        By code ``name, inhabitants, mean, sd, p5, p25, p50, p75, p95, probability_of_loss, expected_shortfall``
        (the mean of the 5 % highest), euro; each with its simulation error, such as ``mean_error`` and
        ``probability_error``. After compensation that is not known, the probability of a loss is empty (PM). Where the
        programme names a grant, ``share_of_grant``: the mean as a share of the algemene uitkering.

    Raises
    ------
    MissingInputError
        The part for municipalities was not given, so that only national figures can be.
    """
    require_municipalities(result)
    assembly = result.assembly
    frame = distribution([result.runner.units(result.selection, quantity)], pd.Index(assembly.units, name="code"))
    frame.insert(0, "name", list(assembly.names))
    frame.insert(1, "inhabitants", assembly.inhabitants)
    words = message("by_municipality", what=quantity_words(quantity), years=years_added_up(result, quantity))
    told = without_chance(result, describe(result, frame, words, nation=False, own=True), quantity)
    if assembly.grant is None:
        return told
    return beside_grant(result, told, frame["mean"].to_numpy(), assembly.grant)


def national(result: SimulationResult, quantity: str | None = None) -> pd.DataFrame:
    """Return the distribution for the nation: of all main figures, or of one.

    Returns
    -------
    pandas.DataFrame
        By quantity the columns of :func:`by_municipality`; income has no probability of a loss. Unasked, figures after
        compensation are there only where compensation is known, and sums of all years only where they are a present
        value. With a discount rate ``discounted`` tells which are (``yes``, ``no``).
    """
    names = main_figures(result) if quantity is None else (quantity,)
    frame = distribution(_of_nation(result, names), pd.Index(names, name="quantity"))
    without = [name in INCOME or not is_told(result, name) for name in names]
    frame.loc[without, list(CHANCE)] = np.nan
    if (result.assembly.discount != 1.0).any():
        frame.insert(0, "discounted", ["yes" if name in DISCOUNTED else "no" for name in names])
    return describe(result, frame, message("national"))


def main_figures(result: SimulationResult) -> tuple[str, ...]:
    """Return the figures that :func:`national` has unasked."""
    return tuple(name for name in result.runner.main_figures(result.selection) if is_shown(result, name))


def by_year(result: SimulationResult) -> pd.DataFrame:
    """Return the distribution of the nation's net figure in each year, not discounted, and its parts in the mean.

    Returns
    -------
    pandas.DataFrame
        By year the columns of :func:`by_municipality`, and ``cost, benefit, compensation`` in the mean with their
        errors; empty (PM) where every line of a kind is PM. Costs minus benefits, where compensation is not known.
    """
    result.runner.require_years()
    years, (whole, kinds, known) = result.assembly.years, _parts_of_years(result)
    result.runner.ask(questions_of_years(result))
    frame = distribution(_of_nation(result, [f"{whole}:{year}" for year in years]), pd.Index(years, name="year"))
    for kind in kinds:
        parts = _of_nation(result, [f"{kind}:{year}" for year in years]) if kind in known else []
        frame[kind] = [float(rows.mean[0]) for rows in parts] or np.nan
        frame[f"{kind}_error"] = [float(rows.standard_error[0]) for rows in parts] or np.nan
    columns = {f"{kind}{end}": "EUR" for kind in kinds for end in ("", "_error")}
    unknown = [name for name in columns if name.removesuffix("_error") not in known]
    words = message("national_by_year", what=word("net" if whole == "year" else whole, of="quantity"))
    return describe(result, frame, words, units=columns, pm=unknown)


def _parts_of_years(result: SimulationResult) -> tuple[str, list[str], list[str]]:
    """The figure that is told of each year, the kinds of lines that there are, and those of which any is known."""
    lines = result.lines()
    kinds = [kind for kind in SIGNS if any(role.kind == kind for role in lines)]
    known = [kind for kind in kinds if any(role.kind == kind and not role.pm for role in lines)]
    return told(result, "year"), kinds, known


def questions_of_years(result: SimulationResult) -> list[Query]:
    """Return what :func:`by_year` asks."""
    whole, _, known = _parts_of_years(result)
    return asked(result, [f"{name}:{year}" for year in result.assembly.years for name in (whole, *known)])


def of_years(result: SimulationResult, quantity: str) -> pd.DataFrame:
    """Return the distribution of one figure of the nation in each year, not discounted.

    Parameters
    ----------
    quantity
        ``one_off``, ``structural`` or one of these after compensation.
    """
    result.runner.require_years()
    years = pd.Index(result.assembly.years, name="year")
    frame = distribution(_of_nation(result, in_each_year(result, quantity)), years)
    return describe(result, frame, message("national_by_year", what=quantity_words(quantity)))


def in_each_year(result: SimulationResult, quantity: str) -> list[str]:
    """Return a figure in each year."""
    return [f"{quantity}:{year}" for year in result.assembly.years]


def by_line(result: SimulationResult) -> pd.DataFrame:
    """Return the distribution of each line for the nation, as positive amounts; PM is empty.

    One-off lines are of all years together, structural ones of the structural year: neither is a sum of structural
    years, nor may the two be added up.

    Returns
    -------
    pandas.DataFrame
        By line ``line, kind, nature`` and the columns of :func:`by_municipality`, without the probability of a
        loss: a line is an amount of its own. Not discounted.
    """
    lines = result.lines()
    known = [role.id for role in lines if not role.pm]
    frame = distribution(_of_nation(result, known_lines(result)), pd.Index(known, name="item"))
    frame = describe(result, frame.reindex([role.id for role in lines]), _by_line_words(result))
    frame = frame.drop(columns=["probability_of_loss", "probability_error"], errors="ignore")
    without = [name for name in surveyed(result) if name in known]
    frame.loc[without, [name for name in _SPREAD if name in frame]] = np.nan  # equal quantiles would look certain
    for place, (column, field) in enumerate((("line", "name"), ("kind", "kind"), ("nature", "nature"))):
        frame.insert(place, column, [str(getattr(role, field)) for role in lines])
    of_known = frame.loc[known]  # an error that is unknown there is no memorandum item
    pm = [name for name in frame.columns if name in frame.attrs["units"] and not of_known[name].isna().any()]
    return frames.amend(frame, pm=pm)


def known_lines(result: SimulationResult) -> list[str]:
    """Return each line of which an amount is known, as a figure."""
    return [of_line(result, role) for role in result.lines() if not role.pm]


def _by_line_words(result: SimulationResult) -> str:
    years, told = result.assembly.years, {structural_year_of(result, role) for role in result.lines()}
    if len(years) == 1:
        return message("national_by_line")
    year = next((one for one in told if one is not None), None)
    if year is None:
        return message("national_by_line_sum", first=years[0], last=years[-1])
    key = "national_by_line_apart" if len(told) > 1 else "national_by_line_in"
    return message(key, first=years[0], last=years[-1], year=year)


def asked(result: SimulationResult, quantities: Iterable[str], units: Detail = "none") -> list[Query]:
    """Return questions about some figures of the selection."""
    return [Query(result.selection, name, units) for name in quantities]


def _of_nation(result: SimulationResult, quantities: Sequence[str]) -> list[Rows]:
    """Some figures of the nation, asked in one go."""
    result.runner.ask(asked(result, quantities))
    return [result.runner.nation(result.selection, name) for name in quantities]


def probability(result: SimulationResult, quantity: str = "net", *, above: float = 0.0, of: str = NATION) -> Estimate:
    """Return the probability that a figure lies above an amount.

    Parameters
    ----------
    quantity
        See :func:`by_municipality`.
    above
        Euro.
    of
        ``nation``, or the code of a municipality.

    Returns
    -------
    Estimate
        A number with ``error, low, high``: its simulation error and 95 % interval. The draws above the amount are
        counted one by one; what is above it by less than a billionth is rounding. Of a loaded result the count
        comes from its histogram, and the interval allows for that.

    Raises
    ------
    InputError
        An amount that is not finite; a figure after compensation, where compensation is not known (PM).
    """
    require_told(result, quantity)
    amount = finite(above)
    if amount is None:
        raise InputError(f"above {shown(above)}", remedy="Give a finite amount in euro.")
    limit = float(amount) + _ROUNDING * abs(float(amount))
    rows, place = result.runner.figure(Query(result.selection, quantity), place_in(result, of), limit=limit)
    return estimate(rows.probability(limit)[place], rows.probability_interval(limit), place)


def quantile(result: SimulationResult, p: float, quantity: str = "net", *, of: str = NATION) -> Estimate:
    """Return a quantile of a figure, exactly that of the draws (of a loaded result: from its histogram).

    Parameters
    ----------
    p
        Above 0 and below 1.
    quantity, of
        See :func:`probability`.
    """
    if isinstance(p, str) and not isinstance(quantity, str):
        swapped = f"quantile({p!r}, {quantity!r}): the figure before the fraction"
        raise InputError(swapped, remedy=f"Give the fraction first: quantile({quantity!r}, {p!r}).")
    fraction = finite(p)
    if fraction is None or not 0 < fraction < 1:
        raise InputError(f"quantile {shown(p)}", remedy="Give a fraction above 0 and below 1, such as 0.95.")
    rows, place = result.runner.figure(Query(result.selection, quantity), place_in(result, of), p=float(fraction))
    return quantile_estimate(rows, float(fraction), place)
