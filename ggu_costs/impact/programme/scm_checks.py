"""Whether the parts of a line by the standard cost model fit together: units, rates, overhead, years."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ggu_costs.errors import Faults, did_you_mean, listed
from ggu_costs.impact.programme.driver_terms import DriverTerms
from ggu_costs.impact.programme.line_terms import Line
from ggu_costs.impact.programme.scm_terms import QuantityTerms, RateTable, StandardCost, Step
from ggu_costs.modelfile.values import Value

_UNITS = {
    "minutes": ("minutes",), "hours": ("hours",), "fte": ("fte",), "frequency": ("number", "share", "count"),
    "usual": ("share",), "price": ("EUR/unit",), "cases": ("count", "number", "share"), "functions": ("EUR/hour",),
}  # fmt: skip
_PER_HOUR = {"minutes": 60, "hours": 1}


def quantities_of(scm: StandardCost, rates: Mapping[str, RateTable]) -> Iterator[tuple[str, QuantityTerms]]:
    """Yield every quantity that a line multiplies, with its dotted key; rates of the functions that take a step."""
    yield from scm.stated()
    table = rates.get(scm.rates)
    for name in dict.fromkeys(step.function for step in scm.steps):
        if table is not None and name in table.functions:
            yield f"functions.{name}", table.functions[name]


def prices_of(scm: StandardCost, drivers: Mapping[str, DriverTerms]) -> Iterator[tuple[str, Value]]:
    """Yield the prices of steps, as what says in which VAT state and price level they are."""
    for step in scm.steps:
        if step.price is not None:
            driver = drivers.get(step.price.driver)
            price = step.price.figure or (driver.amount if driver is not None else None)
            if price is not None:
                yield step.id, price


def check_scm(
    line: Line,
    scm: StandardCost,
    drivers: Mapping[str, DriverTerms],
    rates: Mapping[str, RateTable],
    faults: Faults,
    *,
    years: tuple[int, ...],
) -> None:
    """Add every fault between the parts of a line by the standard cost model."""
    where, table = f"lines.{line.id}.scm", rates.get(scm.rates)
    if scm.rates and table is None:
        faults.add(
            f"{where}.rates",
            f"unknown rates {scm.rates!r}",
            "an id of [[hourly_rates]]",
            did_you_mean(scm.rates, rates),
        )
    for step in scm.steps:
        _check_step(step, table, scm.rates, f"{where}.steps.{step.id}", faults)
    if scm.rates and not any(step.time for step in scm.steps):
        faults.add(f"{where}.rates", "rates without a step that takes time", "a step with minutes, hours or fte")
    for place, quantity in quantities_of(scm, rates):
        at = f"hourly_rates.{scm.rates}.{place}" if place.startswith("functions.") else f"{where}.{place}"
        _check_quantity(place, quantity, drivers, faults, years=years, where=at)
    if line.key is not None and (scm.cases.classes or (scm.cases.figure and scm.cases.figure.unit != "count")):
        faults.add(f"{where}.cases", "cases by class, or not a count, with a key", "one count of the nation")
    _check_overhead(scm, table, where, faults)
    _check_levels(scm, table, drivers, where, faults)


def _check_step(step: Step, table: RateTable | None, name: str, where: str, faults: Faults) -> None:
    if step.time and not name:
        faults.add(f"{where}.function", "time without rates", "rates = the id of one of [[hourly_rates]]")
    elif step.time and table is not None and step.function not in table.functions:
        remedy = did_you_mean(step.function, table.functions)
        faults.add(f"{where}.function", f"no rate for {step.function!r}", listed(sorted(table.functions)), remedy)
    if step.time == "fte" and table is not None and table.productive_hours is None:
        faults.add(
            f"hourly_rates.{name}.productive_hours", "missing, and a step is in fte", "hours of one fte in a year"
        )


def _check_quantity(
    place: str,
    quantity: QuantityTerms,
    drivers: Mapping[str, DriverTerms],
    faults: Faults,
    *,
    years: tuple[int, ...],
    where: str,
) -> None:
    parts = place.split(".")
    kind = parts[0] if parts[0] == "functions" else parts[-1]
    allowed = _UNITS[kind]
    if quantity.driver and quantity.driver not in drivers:
        remedy = did_you_mean(quantity.driver, drivers)
        faults.add(where, f"unknown driver {quantity.driver!r}", "an id of [[drivers]]", remedy)
        return
    figure = quantity.figure
    if quantity.driver:
        unit = drivers[quantity.driver].measured_in
    elif quantity.classes is not None:
        unit = quantity.classes.unit or allowed[0]
    else:
        unit = "" if figure is None else str(figure.unit)
    if unit not in allowed:
        faults.add(where, f"{unit} under {kind}", " or ".join(allowed), _converted(unit, kind, quantity))
    if figure is not None and figure.years is not None:
        lacking = sorted(set(years) - set(figure.years))
        if lacking:
            remedy = "Give these years, or one figure with an index."
            faults.add(where, f"no figure for {listed(lacking)}", f"every year from {years[0]} to {years[-1]}", remedy)
    stated = quantity.classes.amounts.values() if quantity.classes is not None else figure.figures() if figure else ()
    if kind == "usual" and any(isinstance(share, Decimal) and share > 1 for share in stated):
        faults.add(where, "a part that is done anyway above 1", "0 to 1; 40 per cent is 0.4")


def _converted(unit: str, kind: str, quantity: QuantityTerms) -> str:
    """Say what a time in another unit is in this one."""
    if unit not in _PER_HOUR or kind not in _PER_HOUR:
        return ""
    figure = quantity.figure
    if figure is None or not isinstance(figure.value, Decimal):
        return f"State it as {unit} = ..., or in {kind}."
    same = figure.value * _PER_HOUR[kind] / _PER_HOUR[unit]
    return f"{figure.value} {unit} are {same.normalize():f} {kind}; or state it as {unit} = ..."


def _check_overhead(scm: StandardCost, table: RateTable | None, where: str, faults: Faults) -> None:
    """Overhead is in the rates, or on top of them: once."""
    if table is None:
        if scm.overhead is not None:
            faults.add(f"{where}.overhead", "overhead without rates", "rates, or a price with overhead in it")
        return
    if table.overhead == "included" and scm.overhead is not None:
        found = f"overhead on rates that have it ({table.id})"
        faults.add(f"{where}.overhead", found, "overhead once", "Leave it out, or give rates without overhead.")
    if table.overhead == "excluded" and scm.overhead is None:
        found = f"rates without overhead ({table.id}), and no overhead"
        faults.add(f"{where}.overhead", found, "overhead = a share on top; 0 where none is meant")
    if scm.overhead is not None:
        share = scm.overhead.value
        if scm.overhead.unit != "share" or not isinstance(share, Decimal) or not 0 <= share <= 5:
            faults.add(f"{where}.overhead", f"{share} in {scm.overhead.unit}", "a share; 40 per cent is 0.4")


def _check_levels(
    scm: StandardCost, table: RateTable | None, drivers: Mapping[str, DriverTerms], where: str, faults: Faults
) -> None:
    """Rates and prices of one line are of one price level and VAT state."""
    levels = {name: (str(price.vat), price.price_level) for name, price in prices_of(scm, drivers)}
    if table is not None:
        levels = {"rates": (str(table.vat), table.price_level), **levels}
        for name in dict.fromkeys(step.function for step in scm.steps if step.function in table.functions):
            driver = drivers.get(table.functions[name].driver)
            if driver is not None and driver.amount is not None:
                levels[f"functions.{name}"] = (str(driver.amount.vat), driver.amount.price_level)
    if len(set(levels.values())) > 1:
        found = "; ".join(f"{name}: vat {vat}, price level {level}" for name, (vat, level) in levels.items())
        faults.add(
            where, found, "one VAT state and price level", "Make lines of their own, or bring them to one level."
        )
