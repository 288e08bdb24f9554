"""Whether the units and prices of a line fit together, and with those of the programme."""

import re
from collections.abc import Mapping

from ggu_costs.errors import Faults, listed
from ggu_costs.impact.programme.driver_terms import DriverTerms
from ggu_costs.impact.programme.line_terms import IndexTerms, Line, affines_of
from ggu_costs.impact.programme.scm_checks import prices_of
from ggu_costs.impact.programme.scm_terms import RateTable
from ggu_costs.modelfile.sources import InputNeed
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Value

_PLAIN = ("share", "number")
"""Units that leave those of a product as they are."""

_PRODUCTS = {
    ("EUR",): "EUR", ("EUR/inhabitant",): "EUR/inhabitant", ("EUR/unit",): "EUR/unit",
    ("EUR/hour", "hours"): "EUR", ("EUR/unit", "count"): "EUR", ("EUR/inhabitant", "inhabitants"): "EUR",
}  # fmt: skip
"""Units of amount and factors, shares and plain numbers left out, to the unit of the product."""

_UNCERTAIN = {
    "exponent": _PLAIN, "scale.exponent": _PLAIN, "index.rate": ("share",), "adoption.midpoint": ("years", "count"),
    "adoption.steepness": (*_PLAIN, "count"),
}  # fmt: skip
"""Units of uncertain numbers. A coefficient other than 1 has a unit of its own, so that it may stand with a share."""


def amount_grounds(
    line: Line, drivers: Mapping[str, DriverTerms], rates: Mapping[str, RateTable]
) -> Value | Chosen | None:
    """Return what says in which VAT state and price level the amount of a line is."""
    if line.scm is not None:
        return rates.get(line.scm.rates) or next((price for _, price in prices_of(line.scm, drivers)), None)
    if line.amount is not None and line.amount.unit.startswith("EUR"):
        return line.amount
    for name in (*line.factors, *line.divided_by):
        if name in drivers and drivers[name].amount is not None:
            return drivers[name].amount
    own: tuple[Chosen | None, ...] = (line.classes, line.sample, line.tariff, line.joint)
    return next((part for part in own if part is not None), None)


def check_units(line: Line, known: Mapping[str, DriverTerms], inputs: Mapping[str, InputNeed], faults: Faults) -> None:
    """Add a fault where amount, factors and base do not make euro, or a driver is in a unit that cannot be there."""
    where = f"lines.{line.id}"
    for place, names, allowed in (
        ("divided_by", line.divided_by, _PLAIN), ("remainder_of", line.remainder_of, ("share",)),
    ):  # fmt: skip
        for name in names:
            if name in known and known[name].measured_in not in allowed:
                faults.add(f"{where}.{place}", f"{name!r} in {known[name].measured_in}", "a driver in share")
    check_uncertain(line, known, faults)
    units = [str(line.amount.unit)] if line.amount is not None else []
    units += [known[name].measured_in for name in line.factors if name in known]
    own = next((name for name in ("classes", "sample", "tariff", "joint") if getattr(line, name)), "")
    left = [unit for unit in units if unit not in _PLAIN]
    if own:
        if left:
            faults.add(where, f"units {listed(units)} with {own}", f"factors in share; {own} holds the euros")
        return
    base = _unit_of(line.per, inputs)
    wanted = {"": "EUR", "municipality": "EUR", "inhabitants": "EUR/inhabitant"}.get(base, "EUR/unit")
    if _PRODUCTS.get(tuple(sorted(left)), "") != wanted:
        falls = f"per {line.per}" if line.per else f"by {listed(line.spread)}"
        faults.add(where, f"units {listed(units)} {falls}", f"a product in {wanted}")


def check_uncertain(line: Line, known: Mapping[str, DriverTerms], faults: Faults) -> None:
    """Add a fault where an uncertain number of a line is in a unit that cannot be there."""
    for place, affine in affines_of(line):
        where, allowed = f"lines.{line.id}.{place}", _UNCERTAIN[place]
        if affine.constant is not None and affine.constant.unit not in allowed:
            faults.add(f"{where}.constant", f"unit {affine.constant.unit!r}", " or ".join(allowed))
        for name, coefficient in affine.drivers.items():
            fitting = allowed if coefficient == 1 else (*allowed, *_PLAIN)
            if name in known and known[name].measured_in not in fitting:
                faults.add(where, f"{name!r} in {known[name].measured_in}", f"a driver in {' or '.join(allowed)}")


def _unit_of(base: str, inputs: Mapping[str, InputNeed]) -> str:
    if base in inputs:
        return "inhabitants" if inputs[base].unit == "inhabitants" else "count"
    return base if base in ("", "municipality", "inhabitants") else "count"


def check_prices(
    line: Line, grounds: Value | Chosen | None, constant: str | None, years: tuple[int, ...], faults: Faults
) -> None:
    """Add a fault where the price level or index of a line does not fit.

    Parameters
    ----------
    grounds
        What says in which VAT state and price level its amount is.
    constant
        Price level of a programme in constant prices; None for one in current prices.
    """
    if grounds is None:
        return  # the units are a fault already
    where, level = f"lines.{line.id}", grounds.price_level
    if isinstance(grounds, Chosen) and (not grounds.vat or not level):
        faults.add(where, "amounts without vat or price_level", "both, beside the amounts")
    if constant is not None and line.index is None and level != constant:
        remedy = "Bring all amounts to one price level, or index this line from its own."
        faults.add(where, f"price level {level!r} in a programme at {constant!r}", "one price level", remedy)
    if constant is not None and line.index is not None and not line.reason:
        faults.add(f"{where}.index", "an index in constant prices", "reason = why this line grows beyond prices")
    if line.index is not None:
        _check_index(line.index, level, years, f"{where}.index", faults, stated=bool(line.reason))


def _check_index(
    index: IndexTerms, level: str, years: tuple[int, ...], where: str, faults: Faults, *, stated: bool
) -> None:
    if re.fullmatch(r"\d{4}", level) and int(level) != index.base_year and not stated:
        found = f"base_year {index.base_year} of an amount at price level {level}"
        faults.add(where, found, f"base_year = {level}, or reason = why it rises from another year")
    if index.rates:
        first, last = min(years[0], index.base_year), max(years[-1], index.base_year)
        lacking = [year for year in range(first + 1, last + 1) if year not in index.rates]
        if lacking:
            remedy = f"Give the rates to {last}, or end the programme where the index ends."
            faults.add(f"{where}.rates", f"no rate for {listed(lacking)}", f"every year from {first + 1}", remedy)
