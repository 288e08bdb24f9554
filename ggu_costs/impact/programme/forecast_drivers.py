"""Drivers that draw the band of a forecast of inhabitants, as a factor on the middle of it.

A file states the day (``forecast = 2027-01-01``), the shape and whose assumption that is; the reference tables give the
quantiles. A band that holds a part c of the outcomes lies between the quantiles (1 - c) / 2 and (1 + c) / 2, whatever c
is: with 0.67 between 16.5 and 83.5 per cent, and never between 5 and 95.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ggu_costs.errors import Faults, OutsidePeriodError
from ggu_costs.reference import Reference

COLUMN = "inhabitants"


def with_forecasts(tables: Mapping[str, Any], reference: Reference, faults: Faults) -> dict[str, Any]:
    """Return the tables of a programme file with the quantiles of its forecasts filled in.

    Parameters
    ----------
    tables
        As the file has them.
    reference
        Where forecasts stand.
    faults
        Takes a day without a national band, and quantiles that are stated beside it.
    """
    drivers, sources = tables.get("drivers"), tables.get("sources")
    if not isinstance(drivers, list) or not isinstance(sources, Mapping):
        return dict(tables)
    made, added = [], dict[str, Any]()
    for driver in drivers:
        day = driver.get("forecast") if isinstance(driver, Mapping) else None
        if type(day) is not date:
            made.append(driver)
            continue
        where = f"drivers.{driver.get('id', '')}.forecast"
        if "quantiles" in driver:
            faults.add(where, "with quantiles as well", "the forecast, which gives them")
        quantiles = _quantiles(day, reference, where, faults)
        if not quantiles:
            made.append({name: item for name, item in driver.items() if name != "forecast"})
            continue
        source = f"forecast-{day.year}"
        _, by = reference.status_of(day.year, COLUMN)
        added[source] = {"title": reference.source_text(day.year, COLUMN), "publisher": by}
        stated = {"unit": "number", "status": "published", "source": source, "quantiles": quantiles}
        made.append({**driver, **stated})
    return {**tables, "drivers": made, "sources": {**sources, **added}}


def _quantiles(day: date, reference: Reference, where: str, faults: Faults) -> dict[str, Decimal]:
    """Return the national band as quantiles of a factor on its middle; a fault where there is none."""
    try:
        band = reference.band(day, COLUMN)
    except OutsidePeriodError as error:
        faults.add(where, error.message, f"a day with a band: {error.known or 'there is none'}", error.remedy)
        return {}
    low, high = (band.attrs["national"][side] for side in ("low", "high"))
    if low is None or high is None:
        remedy = "The bounds of municipalities cannot be added up; state those of the nation in the pack."
        faults.add(where, f"no band of the nation on {day}", "national_low and national_high", remedy)
        return {}
    middle, tail = Decimal(int(band["middle"].sum())), (1 - Decimal(str(band.attrs["coverage"]))) / 2
    ends = {tail: Decimal(str(low)), Decimal("0.5"): middle, 1 - tail: Decimal(str(high))}
    return {f"p{(100 * part).normalize():f}": (end / middle).quantize(Decimal("1e-9")) for part, end in ends.items()}
