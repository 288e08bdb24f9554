"""A present value at several rates side by side: social, of the municipality itself, or any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults
from ggu_costs.figures import finite, shown
from ggu_costs.frames import amend
from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.answers.leading import after_compensation
from ggu_costs.impact.answers.runner import Memory
from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.words.messages import message


def present_values(
    result: SimulationResult, rates: Mapping[str, float | Decimal], *, base_year: int | None = None
) -> pd.DataFrame:
    """Return the present value of the nation at several rates, on the same draws.

    Parameters
    ----------
    rates
        By name, a year as a fraction: ``{"social": 0.0225, "omslagrente": 0.01}``; real where prices are constant, else
        nominal. They hold for every line, those with a rate of their own as well.
    base_year
        Year whose amounts count in full; by default the first.

    Returns
    -------
    pandas.DataFrame
        By name ``rate, mean, sd, p5, p25, p50, p75, p95, probability_of_loss, expected_shortfall`` with their errors,
        and ``annual``: the mean as an equal amount a year over the same years.

    Raises
    ------
    InputError
        Every fault of the arguments; a programme of a function, or a loaded result without its model.
    """
    result.runner.require_terms()
    faults = Faults()
    if not isinstance(rates, Mapping) or not rates:
        faults.add("rates", shown(rates), "rates by name, such as {'social': 0.0225}")
        rates = {}
    known: dict[str, float] = {}
    for name, rate in rates.items():
        number = finite(rate)
        if number is None or not -1 < number < 1:
            faults.add(f"rates.{name}", shown(rate), "a fraction above -1 and below 1", "2.25 per cent is 0.0225.")
        else:
            known[str(name)] = float(number)
    years = np.array(result.assembly.years)
    if base_year is not None and (isinstance(base_year, bool) or not isinstance(base_year, int)):
        faults.add("base_year", shown(base_year), "a year")
    faults.check("these present values cannot be given", remedy="Correct the arguments listed.")
    first = int(years[0]) if base_year is None else base_year
    quantity = "net" if after_compensation(result) else "gross"
    rows, annual = [], []
    for rate in known.values():
        weights = (1.0 + rate) ** -(years - first).astype(float)
        assembly = replace(result.assembly, discount=weights, line_discounts={})
        runner = replace(result.runner.again(result.runner.settings), assembly=assembly, memory=Memory())
        rows.append(runner.nation(result.selection, quantity))
        annual.append(float(rows[-1].mean[0]) / float(weights.sum()))
    frame = distribution(rows, pd.Index(known, name="rate_name"))
    frame.insert(0, "rate", list(known.values()))
    frame["annual"] = annual
    title = message("present_values_of", title=result.title, what=quantity_words(quantity))
    told = describe(result, frame, "", units={"rate": "share", "annual": "EUR"})
    return amend(told, title=title, decimals={**told.attrs["decimals"], "rate": 2})
