"""The difference between two alternatives, or two programmes, in every draw: on common random numbers."""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import shown
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.function_runner import AskingBoth, FunctionRunner
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.impact.programme.assembly import JOINED, Assembly
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Driver
from ggu_costs.words.messages import message

Simulated = TypeVar("Simulated", bound=SimulationResult)


def difference(result: Simulated, other: Simulated | str) -> Simulated:
    """Return this result minus another, draw by draw: plus means this one costs more.

    Parameters
    ----------
    other
        An alternative of the same file, or a result with the same draws, seed and method of a programme with the
        same municipalities and years. Drivers of one name have to be the same: they share their draws.

    Raises
    ------
    InputError
        Results that do not rest on common draws.
    """
    if not isinstance(other, str | SimulationResult):
        raise InputError(f"difference with {shown(other)}", remedy="Give a result, or the id of an alternative.")
    if JOINED in result.selection or (not isinstance(other, str) and JOINED in other.selection):
        raise InputError("a difference of differences", remedy="Take the difference of two alternatives.")
    if isinstance(other, str):
        return replace(result, selection=f"{result.selection}{JOINED}{result.assembly.alternative(other).id}")
    one, two = result.runner, other.runner
    if one is two or (one.assembly.digest() == two.assembly.digest() and one.same_as(two)):
        _check_draws(result.runner, other.runner)
        return replace(result, selection=f"{result.selection}{JOINED}{other.selection}")
    return replace(
        result,
        title=message("compared_with", title=result.title, other=other.title),
        notes=tuple(dict.fromkeys((*result.notes, *other.notes))),
        provenance={"first": dict(result.provenance), "second": dict(other.provenance)},
        technique=tuple(dict.fromkeys((*result.technique, *other.technique))),
        illustrative=result.illustrative or other.illustrative,
        runner=_common_runner(result.runner, other.runner),
        selection=f"a:{result.selection}{JOINED}b:{other.selection}",
        complete=result.complete and other.complete,
        indicative=result.indicative or other.indicative,
        how_to_read=tuple(dict.fromkeys((*result.how_to_read, *other.how_to_read))),
        definition=None,
    )


def _common_runner(first: Runner, second: Runner) -> Runner:
    """Return a runner of two programmes in one."""
    for runner in (first, second):
        if runner.KIND == "saved":
            runner.require_terms()
    if first.KIND != second.KIND:
        raise InputError(
            "the difference of terms and a function", remedy="Make both programmes from parts, or both a function."
        )
    _check_draws(first, second)
    joined = _joined(first.assembly, second.assembly)
    if isinstance(first, FunctionRunner) and isinstance(second, FunctionRunner):
        return FunctionRunner(assembly=joined, settings=first.settings, function=AskingBoth(first, second))
    return TermRunner(joined, first.settings)


def _check_draws(first: Runner, second: Runner) -> None:
    faults = Faults()
    one, two = first.settings.facts(), second.settings.facts()
    for name in one.keys() | two.keys():
        if one.get(name) != two.get(name):
            faults.add(name, f"{one.get(name)} and {two.get(name)}", "the same in both")
    faults.check("these results do not rest on common draws", remedy="Simulate both with one seed, draws and method.")


def _joined(first: Assembly, second: Assembly) -> Assembly:
    """Two programmes in one, so that they share the draws of the drivers they have in common."""
    faults = Faults()

    def years(part: Assembly) -> str:
        return f"{part.years[0]}-{part.years[-1]}"

    if first.units != second.units:
        lost = sorted(set(first.units) ^ set(second.units))
        faults.add("municipalities", f"{len(lost)} in one only: {listed(lost)}", "the same municipal map")
    if first.map_day != second.map_day:
        faults.add("map_date", f"{first.map_day} and {second.map_day}", "the same municipal map")
    if first.years != second.years:
        faults.add("years", f"{years(first)} and {years(second)}", "the same years")
    elif first.structural_year != second.structural_year:
        structural = " and ".join(str(part.years[part.structural_year]) for part in (first, second))
        faults.add("structural_year", structural, "the same year")
    if (first.prices, first.price_level) != (second.prices, second.price_level):
        found = f"{first.prices} {first.price_level} and {second.prices} {second.price_level}".replace("  ", " ")
        faults.add("prices", found, "the same prices")
    if first.years == second.years and not np.array_equal(first.discount, second.discount):
        faults.add("discount", "different rates or base years", "the same discounting")
    known = {driver.name: driver for driver in first.drivers}
    for driver in second.drivers:
        if driver.name in known and known[driver.name] != driver:
            faults.add(f"drivers.{driver.name}", "another distribution", "the same in both, or another name")
    if _rest(first, second.drivers) != _rest(second, first.drivers):
        faults.add("correlations", "differ between common drivers", "the same in both")
    faults.check("these programmes cannot be compared draw by draw", remedy="Bring them on one footing.")
    drivers = (*first.drivers, *(driver for driver in second.drivers if driver.name not in known))
    common = {frozenset(part.names) for part in first.correlations}
    correlations = (*first.correlations, *(part for part in second.correlations if frozenset(part.names) not in common))
    levels = {grouping.name: grouping for grouping in (*second.groupings, *first.groupings)}
    one, two = _renamed("a", first, 0), _renamed("b", second, len(first.terms))
    return replace(
        first, drivers=drivers, correlations=correlations, groupings=tuple(levels.values()),
        terms=(*one.terms, *two.terms), roles={**one.roles, **two.roles},
        alternatives=(*one.alternatives, *two.alternatives), paid_in_full=first.paid_in_full and second.paid_in_full,
        line_discounts={**one.line_discounts, **two.line_discounts},
        structural_years={**one.structural_years, **two.structural_years},
    )  # fmt: skip


def _rest(assembly: Assembly, others: tuple[Driver, ...]) -> list[str]:
    """Fingerprints of the correlations that touch a driver the other programme has as well."""
    names = {driver.name for driver in others}
    return sorted(fingerprint(part) for part in assembly.correlations if names & set(part.names))


def _renamed(mark: str, assembly: Assembly, shift: int) -> Assembly:
    """One of two programmes with its mark before every name; its terms come after `shift` others."""
    places = [
        {f"{mark}:{name}": tuple(place + shift for place in own) for name, own in alternative.terms.items()}
        for alternative in assembly.alternatives
    ]
    return replace(
        assembly,
        terms=tuple(replace(term, name=f"{mark}:{term.name}") for term in assembly.terms),
        roles={f"{mark}:{name}": replace(role, id=f"{mark}:{name}") for name, role in assembly.roles.items()},
        line_discounts={f"{mark}:{name}": weights for name, weights in assembly.line_discounts.items()},
        structural_years={f"{mark}:{name}": year for name, year in assembly.structural_years.items()},
        alternatives=tuple(
            replace(alternative, id=f"{mark}:{alternative.id}", terms=own, works=(), volumes={})
            for alternative, own in zip(assembly.alternatives, places, strict=True)
        ),
    )
