"""What shows only when drivers are distributions: values that a line, an index or an S-curve cannot take."""

from collections.abc import Mapping, Sequence

from ggu_costs.errors import Faults, GguCostsError
from ggu_costs.impact.programme.build_drivers import marginal_of, reach, taken_over
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.driver_terms import DriverTerms
from ggu_costs.impact.programme.scm_checks import quantities_of
from ggu_costs.impact.programme.spread_terms import SIGNED
from ggu_costs.simulation.parts import Affine, Term

Reach = dict[str, tuple[float, float]]


def check_reach(
    definition: ProgrammeDefinition, fixed: Mapping[str, float], terms: Sequence[Term], faults: Faults
) -> None:
    """Add a fault where a driver, in its shape or its second shape, ranges to where its place does not allow it.

    One draw in a million on either side is let go.
    """
    ranges = {name: (value, value) for name, value in fixed.items()}
    stated = {driver.id: driver for driver in definition.drivers}
    for driver in definition.drivers:
        if driver.id not in fixed:
            ranges |= _range(driver, faults)
    for line in definition.lines:
        for place, names in (("factors", line.factors), ("divided_by", line.divided_by)):
            for name in names:
                low = ranges[name][0] if name in ranges and not stated[name].below_zero else 1.0
                if low < 0 or (low == 0 and place == "divided_by"):
                    least = "0 or more" if place == "factors" else "above 0"
                    allowed = f"{least}, or below_zero = why this driver may be negative"
                    faults.add(f"lines.{line.id}.{place}", _range_of(name, ranges), allowed, _remedy("lower = 0"))
        remainders = [("remainder_of", name) for name in line.remainder_of]
        for place, quantity in () if line.scm is None else quantities_of(line.scm, definition.rates_by_id):
            name = quantity.driver
            if place.endswith("usual") and name:
                remainders.append((f"scm.{place}", name))
            elif name in ranges and ranges[name][0] < 0 and not stated[name].below_zero:
                allowed = "0 or more, or below_zero = why this driver may be negative"
                faults.add(f"lines.{line.id}.scm.{place}", _range_of(name, ranges), allowed, _remedy("lower = 0"))
        for place, name in remainders:
            if name in ranges and not 0 <= ranges[name][0] <= ranges[name][1] <= 1 and not stated[name].below_zero:
                allowed = "0 to 1, or below_zero = why what remains may be negative"
                faults.add(f"lines.{line.id}.{place}", _range_of(name, ranges), allowed, _remedy("upper = 1"))
    lines = {term.name.partition(":")[0].partition("@")[0]: term for term in terms}  # all terms of a line move alike
    for name, term in lines.items():
        if term.curve is not None and (low := _lowest(term.curve.steepness, ranges)) <= 0:
            faults.add(f"lines.{name}.adoption.steepness", f"down to {low:.3g}", "above 0", "Truncate a driver.")
        if term.index is not None and (low := _lowest(term.index.rate, ranges)) <= -1:
            faults.add(f"lines.{name}.index.rate", f"down to {low:.3g}", "above -1; 2.5 per cent is 0.025")


def _range(driver: DriverTerms, faults: Faults) -> Reach:
    """Lowest and highest value, over both shapes; nothing for a driver whose first shape is a fault already."""
    try:
        found = [reach(marginal_of(driver))]
    except GguCostsError:
        return {}
    try:
        found.append(reach(marginal_of(driver, second=True)))
    except GguCostsError as error:
        taken_over(error, f"drivers.{driver.id}.second_shape", faults)
    return {driver.id: (min(low for low, _ in found), max(high for _, high in found))}


def _range_of(name: str, ranges: Reach) -> str:
    return f"{name!r} ranges from {ranges[name][0]:.3g} to {ranges[name][1]:.3g}"


def _remedy(bound: str) -> str:
    return f"{SIGNED} Truncate the driver with {bound}, or state why."


def _lowest(part: Affine, ranges: Reach) -> float:
    low = part.constant + (0.0 if part.by_unit is None else float(part.by_unit.min()))
    return low + sum(min(weight * end for end in ranges[name]) for name, weight in part.drivers if name in ranges)
