"""From a checked programme file, reference figures and the user's inputs to arrays: the assembly of a programme."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from ggu_costs.errors import Faults, InputError
from ggu_costs.impact.programme.assembly import EVERYONE, MUNICIPALITIES, Alternative, Assembly, Role, Work
from ggu_costs.impact.programme.build_checks import check_reach
from ggu_costs.impact.programme.build_drivers import correlations_of, drivers_of
from ggu_costs.impact.programme.build_lines import LineBuilder
from ggu_costs.impact.programme.build_notes import notes_of_building
from ggu_costs.impact.programme.build_units import Units, grouping_of
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.line_terms import Alternative as StatedAlternative
from ggu_costs.impact.programme.line_terms import Line, columns_of
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.values import Dated
from ggu_costs.simulation.parts import NATION, UNIT_LEVEL, Term, affines_in, drivers_in
from ggu_costs.typing import BoolArray, FloatArray

BASE = "base"
"""Id of the one alternative of a file without alternatives."""


def assemble(definition: ProgrammeDefinition, inputs: Inputs, *, second: bool = False) -> Assembly:
    """Return the programme in arrays.

    Parameters
    ----------
    definition
        A checked file.
    inputs
        What the user brings.
    second
        Give every driver with a second shape that shape.

    Raises
    ------
    InputError
        Every fault that shows only with the figures.
    MissingInputError
        Inputs that are needed and were not given.
    """
    _require(definition, inputs)
    faults = Faults()
    units = Units(definition.day("map_date"), definition.day("counting_date"), inputs, frozenset(definition.inputs))
    drivers, fixed = drivers_of(definition.drivers, faults, second=second)
    lines = {line.id: line for line in definition.lines}
    builder = LineBuilder(units, definition.years, fixed, faults, rates=definition.rates_by_id, lines=lines)
    terms, alternatives = _terms(definition, builder, inputs, faults)
    check_reach(definition, fixed, terms, faults)
    used = {name for term in terms for name in drivers_in(term)}
    drivers = tuple(driver for driver in (*drivers, *builder.samples.values()) if driver.name in used)
    levels = sorted({driver.level for driver in drivers} - {NATION, UNIT_LEVEL})
    faults.check(f"{definition.id}: this programme cannot be calculated", remedy="Correct every line named.")
    correlations = correlations_of(definition.correlations, {driver.name for driver in drivers})
    keyed = definition.keyed_compensation
    parts = keyed.key.parts if keyed and keyed.key else {"inhabitants": Decimal(1)}
    grant, grant_title = units.general_grant(definition.beside)
    assembly = Assembly(
        units=units.codes, names=units.names, inhabitants=units.column("inhabitants"), years=definition.years,
        drivers=drivers, correlations=correlations,
        groupings=tuple(grouping_of(name, units.labels(name)) for name in levels),
        terms=tuple(terms), roles={line.id: _role(line) for line in definition.lines}, alternatives=tuple(alternatives),
        discount=_discount(definition), line_discounts=_by_line(definition),
        structural_year=definition.years.index(definition.structural_year),
        key=units.key(parts, np.ones(len(units.codes), dtype=bool)), map_day=units.mapped, reference=inputs.reference,
        prices=definition.programme.prices, price_level=definition.programme.price_level, fixed=fixed,
        paid_in_full=definition.programme.compensation is not None, grant=grant, grant_title=grant_title,
        called={driver.id: driver.name for driver in definition.drivers},
    )  # fmt: skip
    notes = notes_of_building(definition, assembly, builder.solved, second=second)
    assembly = replace(assembly, notes=tuple(notes))
    if not definition.national_only(inputs):
        return assembly
    alone = definition.programme.municipal_share is None
    return collapsed(assembly, whose=MUNICIPALITIES if alone else EVERYONE)


def _require(definition: ProgrammeDefinition, inputs: Inputs) -> None:
    """Every input that is named by a line, at once."""
    named = {value.input for _, value in definition.values() if value.input is not None}
    named |= {column for line in definition.lines for _, column in columns_of(line) if column in definition.inputs}
    inputs.require(sorted(name for name in named if not definition.inputs[name].optional))


def _role(line: Line) -> Role:
    return Role(line.id, line.name, line.kind, line.nature, line.instrument, line.pm, line.bound)


def _discount(definition: ProgrammeDefinition) -> FloatArray:
    terms = definition.programme.discount
    if terms is None:
        return np.ones(len(definition.years))
    return terms.weights(definition.years)


def _by_line(definition: ProgrammeDefinition) -> Mapping[str, FloatArray]:
    terms = definition.programme.discount
    return {} if terms is None else terms.by_line(definition.years)


def _terms(
    definition: ProgrammeDefinition, builder: LineBuilder, inputs: Inputs, faults: Faults
) -> tuple[list[Term], list[Alternative]]:
    """Terms of every line in every alternative; the same line on the same municipalities is there once."""
    everyone = np.ones(len(builder.units.codes), dtype=bool)
    every = tuple(line.id for line in definition.lines)
    alternatives = definition.alternatives or (
        StatedAlternative(id=BASE, name=definition.title, lines=every, status="estimated", by=definition.id),
    )
    lines = {line.id: line for line in definition.lines}
    terms: list[Term] = []
    places: dict[tuple[str, bytes], _Placed] = {}
    built = []
    for alternative in alternatives:
        inside = _participants(alternative, builder.units, faults)
        found: dict[str, tuple[int, ...]] = {}
        works: list[Work] = []
        volumes: dict[str, tuple[int, ...]] = {}
        for name in alternative.lines:
            line = lines[name]
            if line.pm:
                found[name] = ()
                continue
            mask = {"all": everyone, "participants": inside, "others": ~inside}[line.who]
            known = (name, mask.tobytes())
            if known not in places:
                label = name if mask.all() else f"{name}@{alternative.id}"
                own = _placed(definition, builder, line, mask, inputs, label=label, first=len(terms))
                places[known] = own
                terms += own.terms
            found[name] = places[known].cost
            works += places[known].works
            volumes |= {name: places[known].cases} if places[known].cases else {}
        codes = None if alternative.participants is None else tuple(np.array(builder.units.codes)[inside])
        built.append(Alternative(alternative.id, alternative.name, found, codes, tuple(works), volumes))
    if all(lines[name].pm for alternative in alternatives for name in alternative.lines):
        faults.add("lines", "all of them are PM", "at least one line with an amount")
    return terms, built


class _Placed(NamedTuple):
    """The terms of a line among all terms, and which give euro, steps and cases."""

    terms: list[Term]
    cost: tuple[int, ...]
    works: tuple[Work, ...] = ()
    cases: tuple[int, ...] = ()


def _placed(
    definition: ProgrammeDefinition,
    builder: LineBuilder,
    line: Line,
    mask: BoolArray,
    inputs: Inputs,
    *,
    label: str,
    first: int,
) -> _Placed:
    """Return the terms of a line; the first of them comes in place `first`."""
    net_of_vat = _net_of_vat(definition, line, builder.units, inputs)
    if line.scm is None:
        terms = builder.terms(line, label, mask, net_of_vat)
        return _Placed(terms, tuple(range(first, first + len(terms))))
    share = definition.municipal_share(inputs)
    terms, works, cases = builder.worked(line, label, mask, net_of_vat, 1.0 if share is None else share)

    def moved(places: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(first + place for place in places)

    steps = tuple(replace(work, cost=moved(work.cost), hours=moved(work.hours)) for work in works)
    return _Placed(terms, tuple(place for work in steps for place in work.cost), steps, moved(cases))


def _participants(alternative: StatedAlternative, units: Units, faults: Faults) -> BoolArray:
    terms = alternative.participants
    if terms is None:
        return np.ones(len(units.codes), dtype=bool)
    where = f"alternatives.{alternative.id}.participants"
    if terms.codes:
        units.reference.check_codes(terms.codes, units.mapped, what=where, complete=False, faults=faults)
        chosen = set(terms.codes)
        inside = np.array([code in chosen for code in units.codes])
    else:
        labels = units.labels(terms.column)
        for label in sorted(set(terms.labels) - set(labels)):
            faults.add(where, f"no municipality in {terms.column} {label!r}", ", ".join(sorted(set(labels))))
        inside = np.array([label in terms.labels for label in labels])
    if not inside.any():
        faults.add(where, "nobody takes part", "one municipality or more")
        return ~inside  # so that faults elsewhere are found as well
    return inside


def _net_of_vat(definition: ProgrammeDefinition, line: Line, units: Units, inputs: Inputs) -> FloatArray:
    """What one euro of a line costs after recoverable VAT, per municipality; with VAT, where that is not known."""
    ones, grounds, terms = np.ones(len(units.codes)), definition.grounds(line), definition.programme.vat
    share = definition.municipal_share(inputs)
    share = 1.0 if share is None else share
    if terms is None or grounds is None or grounds.vat not in ("incl", "excl"):
        return ones * share
    rate = _stated(terms.rate, "programme.vat.rate")
    if terms.taxed_share is not None:
        rate *= _stated(terms.taxed_share, "programme.vat.taxed_share")
    returned = terms.recoverable_share.first
    if returned.input is not None and returned.input not in inputs:  # before recovery, all with VAT
        return ones * share * (1 if grounds.vat == "incl" else 1 + rate)
    stated = terms.recoverable_share
    back = units.column(returned.input) if returned.input else ones * _stated(stated, "recoverable_share")
    factor = 1 - rate / (1 + rate) * back if grounds.vat == "incl" else 1 + rate * (1 - back)
    return np.asarray(factor * share, dtype=np.float64)


def _stated(dated: Dated, what: str) -> float:
    if dated.first.value is None:
        raise InputError(f"{what} is not known", remedy="Give it in the file, with its source.")
    return float(str(dated.first.value))


def collapsed(assembly: Assembly, *, whose: str = EVERYONE) -> Assembly:
    """Return the programme with the nation as its only unit: of all governments, or of municipalities together.

    Raises
    ------
    InputError
        Something of it is drawn for each municipality or group, or moves with size.
    """
    faults = Faults()
    for driver in assembly.drivers:
        if driver.level != NATION:
            faults.add(f"drivers.{driver.name}.level", driver.level, "nation, while only national figures can be given")
    faults.check("the national figures cannot be calculated without the part for municipalities")
    terms = []
    for term in assembly.terms:
        if term.normalise:
            terms.append(replace(term, weights=np.ones(1), base=None, exponent=None, normalise=False))
        elif term.exponent is not None or any(part.by_unit is not None for part in affines_in(term)):
            faults.add(f"lines.{term.name}", "moves with size", "a national amount, shared by key or scale")
        else:
            terms.append(replace(term, weights=np.array([term.weights.sum()])))
    faults.check("the national figures cannot be calculated without the part for municipalities")
    return replace(
        assembly, units=("NL",), names=(whose,), inhabitants=np.array([assembly.inhabitants.sum()]),
        terms=tuple(terms), key=np.ones(1), groupings=(), national=True, grant=None,
    )  # fmt: skip
