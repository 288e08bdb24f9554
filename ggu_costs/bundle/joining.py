r"""Components as one specification: the engine then draws them together, and every answer is one of all or of some.

A term of component p keeps its formula on the years of the bundle; a year of p that does not count, or that it has not,
has the profile 0. Its drivers are called ``p:driver`` and have random streams of their own, also where another
component has one of the same name, but for drivers that the bundle declares common: these have the name of what they
share, so one draw :math:`x_d` stands in the terms of all. The amount of municipality i in draw d and year t is

.. math:: y_{idt} = \sum_p y^{(p)}_{idt}

Each component is a selection (``p``), all of them are ``all``, and all others than p are ``without:p``; alternatives of
one assembly share their draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import ALL, WITHOUT, CommonTerms
from ggu_costs.errors import Faults, did_you_mean, listed
from ggu_costs.impact.programme.assembly import Alternative, Assembly, Role
from ggu_costs.simulation.parts import Affine, Correlation, Curve, Driver, Index, Term, drivers_in
from ggu_costs.typing import FloatArray, IntArray
from ggu_costs.words.messages import message

_BEFORE_ALL = -1e12
"""A time at which nobody has adopted anything yet."""


def joined(frame: Assembly, components: Sequence[Component], common: Sequence[CommonTerms], faults: Faults) -> Assembly:
    """Return all components as one programme on the municipalities and years of `frame`.

    Parameters
    ----------
    faults
        Takes prices on different levels, years outside the bundle, and drivers that cannot be one.
    """
    names = _renamed(components, common, faults)
    level = _price_level(components, faults)
    terms: list[Term] = []
    roles: dict[str, Role] = {}
    lines: dict[str, dict[str, tuple[int, ...]]] = {}
    structural: dict[str, int] = {}
    drivers: dict[str, Driver] = {}
    for one in components:
        if not _years_fit(frame, one, faults):
            continue
        own = lines.setdefault(one.id, {})
        for line, places in one.alternative.terms.items():
            name = f"{one.id}:{line}"
            roles[name] = replace(one.assembly.roles[line], id=name)
            of_line = one.assembly.structural_years.get(line)  # of a bundle each line has its own
            year = one.structural_year if of_line is None else one.assembly.years[of_line]
            if year in frame.years:  # one without anything structural may have it elsewhere
                structural[name] = frame.years.index(year)
            made = [term for place in places for term in _moved(one.assembly.terms[place], one, frame, names[one.id])]
            own[name] = tuple(range(len(terms), len(terms) + len(made)))
            terms += made
        for nature in one.unpaid:  # a memorandum item, also beside what is paid for others
            name = f"{one.id}:compensation-{nature}"
            said = message("compensation_of", name=one.name, nature=nature)
            roles[name] = Role(name, said, "compensation", nature, pm=True)
            own[name] = ()
        for driver in one.assembly.drivers:
            drivers.setdefault(names[one.id][driver.name], replace(driver, name=names[one.id][driver.name]))
    called = {
        names[one.id][driver.name]: message("component_driver", component=one.name,
                                            driver=one.assembly.driver_words(driver.name))
        for one in components for driver in one.assembly.drivers
    } | {one.id: one.name for one in common}  # fmt: skip
    used = {name for term in terms for name in drivers_in(term)}
    everything = {name: places for own in lines.values() for name, places in own.items()}
    ways = [Alternative(ALL, message("everything_together"), everything)]
    ways += [Alternative(one.id, one.name, lines.get(one.id, {})) for one in components]
    ways += [
        Alternative(f"{WITHOUT}{one.id}", message("without_component", name=one.name),
                    {name: places for id_, own in lines.items() if id_ != one.id for name, places in own.items()})
        for one in components
    ]  # fmt: skip
    groupings = {grouping.name: grouping for one in components for grouping in one.assembly.groupings}
    return replace(
        frame, terms=tuple(terms), roles=roles, alternatives=tuple(ways), structural_years=structural,
        drivers=tuple(driver for name, driver in drivers.items() if name in used),
        correlations=_correlations(components, names, used, faults), groupings=tuple(groupings.values()),
        prices="current" if level == "current" else "constant", price_level="" if level == "current" else level,
        paid_in_full=True, called=called,
    )  # fmt: skip


def _renamed(
    components: Sequence[Component], common: Sequence[CommonTerms], faults: Faults
) -> dict[str, dict[str, str]]:
    """Return what each driver of each component is called in the bundle."""
    known = {one.id: one for one in components}
    names = {one.id: {driver.name: f"{one.id}:{driver.name}" for driver in one.assembly.drivers} for one in components}
    for terms in common:
        where, first = f"common.{terms.id}", None
        for named in terms.drivers:
            component, _, driver = named.partition(":")
            if component not in known:
                continue  # told already: it could not be built
            assembly = known[component].assembly
            drawn = next((one for one in assembly.drivers if one.name == driver), None)
            if drawn is None:
                there = [one.name for one in assembly.drivers]
                found = f"{named!r}, which is {'fixed' if driver in assembly.fixed else 'no driver that is drawn'}"
                faults.add(where, found, listed(there) if there else f"{component} has none",
                           did_you_mean(driver, there))  # fmt: skip
                continue
            first = first or (named, drawn)
            if drawn.level != first[1].level:
                found = f"{first[0]} is drawn per {first[1].level}, {named} per {drawn.level}"
                faults.add(where, found, "one level", "Leave one of them out: it is a driver of its own.")
            elif drawn.marginal != first[1].marginal:
                found = f"{first[0]} and {named} have different distributions"
                remedy = "Bring them to one distribution in their models, or leave one out: it is a driver of its own."
                faults.add(where, found, "one distribution", remedy)
            names[component][driver] = terms.id
    return names


def _price_level(components: Sequence[Component], faults: Faults) -> str:
    """The one price level that is known; ``unknown`` where none is."""
    levels: dict[str, list[str]] = {}
    for one in components:
        levels.setdefault(one.price_level, []).append(one.id)
    known = {level: names for level, names in levels.items() if level != "unknown"}
    if len(known) > 1:
        found = "; ".join(f"{level}: {listed(names)}" for level, names in known.items())
        remedy = "Bring their models to one price level, or leave the others out."
        faults.add("components", f"different price levels ({found})", "one that is known, or unknown", remedy)
    return next(iter(known), "unknown")


def _years_fit(frame: Assembly, one: Component, faults: Faults) -> bool:
    where, before = f"components.{one.id}.years", faults.count
    outside = [year for year in one.years if year not in frame.years]
    if outside:
        remedy = "State years of this component, or more years of the bundle."
        faults.add(where, listed(outside), f"years of the bundle: {frame.years[0]} to {frame.years[-1]}", remedy)
    lacking = [year for year in one.years if year not in one.assembly.years]
    if lacking:
        faults.add(where, f"no amounts of {listed(lacking)}", f"years of its model: {listed(one.assembly.years)}")
    recurs = any(
        one.assembly.roles[line].nature == "structural" and places for line, places in one.alternative.terms.items()
    )
    if recurs and not one.assembly.structural_years and one.structural_year not in one.years:
        remedy = "State structural_year: the year that shows what it costs every year."
        faults.add(
            f"components.{one.id}.structural_year", f"{one.structural_year}, which does not count", listed(one.years),
            remedy,
        )  # fmt: skip
    return faults.count == before


def _moved(term: Term, one: Component, frame: Assembly, names: Mapping[str, str]) -> list[Term]:
    """Return a term on the years of the bundle, with its drivers by their names there."""
    own = one.assembly.years
    places = [own.index(year) if year in own else None for year in frame.years]

    def spread(of_own: FloatArray | IntArray, before: float, after: float) -> FloatArray:
        values = [before if year < own[0] else after if year > own[-1] else of_own[own.index(year)]
                  for year in frame.years]  # fmt: skip
        return np.array(values, dtype=np.float64)

    def affine(part: Affine) -> Affine:
        return replace(part, drivers=tuple((names[name], weight) for name, weight in part.drivers))

    profile = np.ones(len(own)) if term.profile is None else term.profile
    counted = np.array([0.0 if place is None or year not in one.years else profile[place]
                        for year, place in zip(frame.years, places, strict=True)])  # fmt: skip
    index = term.index
    if index is not None:
        index = Index(affine(index.rate), spread(index.powers, 0, 0).astype(np.int64))
    moved = replace(
        term, name=f"{one.id}:{term.name}", profile=counted, index=index,
        factors=tuple((names[name], power) for name, power in term.factors),
        exponent=None if term.exponent is None else affine(term.exponent),
    )  # fmt: skip
    curve = term.curve
    if curve is None:
        return [moved]
    times = spread(curve.times, _BEFORE_ALL, float(curve.times[-1]))
    along = Curve(affine(curve.midpoint), affine(curve.steepness), times, curve.increments)
    if not curve.increments or frame.years[0] <= own[0]:
        return [replace(moved, curve=along)]
    # the year before the first of the bundle is one of the component: adoption less that of a year earlier
    earlier = np.concatenate([[_BEFORE_ALL], curve.times[:-1]])
    former = replace(along, times=spread(earlier, _BEFORE_ALL, float(earlier[-1])), increments=False)
    return [
        replace(moved, curve=replace(along, increments=False)),
        replace(moved, name=f"{moved.name}:before", curve=former, constant=-moved.constant),
    ]


def _correlations(
    components: Sequence[Component], names: Mapping[str, Mapping[str, str]], used: set[str], faults: Faults
) -> tuple[Correlation, ...]:
    """Correlations of all components; those that share a common driver are one matrix.

    Pairs of drivers of two components that are in none of their matrices are not correlated, as in a programme file.
    """
    parts = []
    for one in components:
        for part in one.assembly.correlations:
            renamed = tuple(names[one.id][name] for name in part.names)
            keep = [place for place, name in enumerate(renamed) if name in used]
            if len(keep) > 1:
                parts.append(Correlation(tuple(renamed[place] for place in keep),
                                         part.matrix[np.ix_(keep, keep)].copy(), part.kind))  # fmt: skip
    groups: list[list[Correlation]] = []
    for part in parts:
        touching = [group for group in groups if any({*part.names} & {*other.names} for other in group)]
        groups = [group for group in groups if group not in touching] + [[*(p for g in touching for p in g), part]]
    return tuple(_as_one(group, faults) for group in groups)


def _as_one(group: Sequence[Correlation], faults: Faults) -> Correlation:
    """One matrix of several that have drivers in common."""
    if len(group) == 1:
        return group[0]
    names = tuple(dict.fromkeys(name for part in group for name in part.names))
    ranked = all(part.kind == "rank" for part in group)
    matrix, known = np.eye(len(names)), np.zeros((len(names), len(names)), dtype=bool)
    for part in group:
        own = part.matrix if ranked or part.kind == "normal" else 2.0 * np.sin(np.pi * part.matrix / 6.0)
        for i, first in enumerate(part.names):
            for j, second in enumerate(part.names):
                row, column = names.index(first), names.index(second)
                if i < j and known[row, column] and abs(matrix[row, column] - own[i, j]) > 1e-12:
                    found = f"{first} with {second}: {matrix[row, column]:g} and {own[i, j]:g}"
                    faults.add("common", found, "one correlation", "Bring the models to one correlation.")
                if i != j:
                    matrix[row, column], known[row, column] = own[i, j], True
    np.fill_diagonal(matrix, 1.0)
    return Correlation(names, matrix, "rank" if ranked else "normal")
