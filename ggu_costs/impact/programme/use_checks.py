"""What a programme file states and nothing uses: its money would be missing without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ggu_costs.errors import Faults, listed
from ggu_costs.impact.programme.driver_terms import CorrelationTerms, DriverTerms
from ggu_costs.impact.programme.line_terms import Alternative, Line, affines_of
from ggu_costs.impact.programme.scm_checks import quantities_of
from ggu_costs.impact.programme.scm_terms import RateTable


def check_use(
    lines: Sequence[Line],
    alternatives: Sequence[Alternative],
    drivers: Sequence[DriverTerms],
    correlations: Sequence[CorrelationTerms],
    faults: Faults,
    *,
    rates: Mapping[str, RateTable],
) -> None:
    """Add a fault for each line, driver, correlation and group of participants that changes nothing."""
    _check_lines(lines, alternatives, faults)
    used = drivers_used(lines, rates)
    for driver in drivers:
        remedy = "Name it in factors, divided_by or remainder_of of a line, or in an uncertain number."
        found = "no line with an amount uses this driver"
        driver.check_use(faults, f"drivers.{driver.id}", found, used=driver.id in used, remedy=remedy)
    _check_correlations(drivers, correlations, faults)
    asked = {line.scm.rates for line in lines if line.scm is not None}
    for name in sorted(set(rates) - asked):
        faults.add(
            f"hourly_rates.{name}", "no line uses these rates", "what is stated is used", "Name them in scm.rates."
        )


def drivers_used(lines: Iterable[Line], rates: Mapping[str, RateTable]) -> set[str]:
    """Names of the drivers that a line with an amount rests on."""
    used: set[str] = set()
    for line in lines:
        if not line.pm:
            used.update(line.factors, line.divided_by, line.remainder_of)
            used.update(*(affine.drivers for _, affine in affines_of(line)))
        if line.scm is not None:
            used.update(quantity.driver for _, quantity in quantities_of(line.scm, rates) if quantity.driver)
    return used


def _check_lines(stated: Sequence[Line], alternatives: Sequence[Alternative], faults: Faults) -> None:
    named = {name for part in alternatives for name in part.lines}
    lines = {line.id: line for line in stated}
    for name, line in lines.items():
        used = not alternatives or name in named
        remedy = "Add it to the lines of an alternative."
        line.check_use(faults, f"lines.{name}", "in no alternative", used=used, remedy=remedy)
    for part in alternatives:
        if part.participants and all(lines[name].who == "all" for name in part.lines if name in lines):
            allowed = "a line with who = 'participants' or 'others'"
            faults.add(f"alternatives.{part.id}.participants", "every line falls on all", allowed, "Or leave them out.")


def _check_correlations(
    drivers: Sequence[DriverTerms], correlations: Sequence[CorrelationTerms], faults: Faults
) -> None:
    """A driver that is fixed moves with nothing."""
    sure = {driver.id for driver in drivers if driver.shape == "fixed"}
    for place, part in enumerate(correlations):
        fixed = [name for name in part.drivers if name in sure]
        if fixed:
            found, allowed = f"{listed(fixed)}: fixed, so that it moves with nothing", "drivers that are drawn"
            faults.add(f"correlations[{place}].drivers", found, allowed, "Leave them out here.")
