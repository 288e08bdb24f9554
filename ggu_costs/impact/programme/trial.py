"""Whether a programme file can be calculated: every fault that a run meets, also where inputs are to be brought."""

from __future__ import annotations

from collections.abc import Callable

from ggu_costs.errors import Faults, GguCostsError, MissingInputError
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.build import assemble
from ggu_costs.impact.programme.build_checks import check_reach
from ggu_costs.impact.programme.build_drivers import drivers_of, marginal_of, taken_over
from ggu_costs.impact.programme.build_units import Units
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.modelfile import Inputs
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.sampling import check_sampling
from ggu_costs.simulation.parts import NATION, Driver
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.simulation.tables import table_of


def check_buildable(
    definition: ProgrammeDefinition, inputs: Inputs, specs: Callable[[Assembly], list[ModelSpec]]
) -> None:
    """Raise every fault that shows when a programme is built, in both shapes of its drivers.

    Parameters
    ----------
    definition, inputs
        A checked file; what rests on an input that was not given is left out.
    specs
        What a run asks the engine of a built programme.

    Raises
    ------
    InputError
        All faults at once.
    """
    faults = Faults()
    terms = definition.simulation
    for fault in check_sampling(terms.draws, terms.seed, terms.method, terms.replicates).found:
        faults.add(f"simulation.{fault.where}", fault.found, fault.allowed, fault.remedy)
    _check_drivers(definition, faults)
    _check_days(definition, inputs, faults)
    known = {(fault.where, fault.found) for fault in faults.found}
    for second in (False, True):
        met = Faults()
        try:
            for spec in specs(assemble(definition, inputs, second=second)):
                compile_spec(spec)
        except MissingInputError:
            continue
        except GguCostsError as error:
            taken_over(error, "", met)
        for fault in met.found:
            if (fault.where, fault.found) not in known:
                faults.found.append(fault)
                known.add((fault.where, fault.found))
    faults.check(f"{definition.id}: this programme cannot be calculated", remedy="Correct every line named.")


def _check_drivers(definition: ProgrammeDefinition, faults: Faults) -> None:
    """Distributions of both shapes, how the loops read them, and what the lines allow them to be."""
    _, fixed = drivers_of(definition.drivers, faults)
    for terms in definition.drivers:
        for second in (False, True) if terms.id not in fixed else ():
            try:
                marginal = marginal_of(terms, second=second)
            except GguCostsError:
                continue  # told by drivers_of and by check_reach
            try:
                table_of(Driver(terms.id, marginal, NATION))
            except GguCostsError as error:
                taken_over(error, f"drivers.{terms.id}", faults)
    check_reach(definition, fixed, (), faults)


def _check_days(definition: ProgrammeDefinition, inputs: Inputs, faults: Faults) -> None:
    """The municipal map and the inhabitants of the days that the file states."""
    counted, mapped = definition.day("counting_date"), definition.day("map_date")
    try:
        Units(mapped, counted, inputs, frozenset()).column("inhabitants")
    except GguCostsError as error:
        taken_over(error, "programme", faults)
