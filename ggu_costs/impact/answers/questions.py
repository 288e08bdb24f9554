"""What can be asked of a run, by name, and how each question becomes an output of the engine.

=====================  =============================================================================================
``net``                costs - benefits - compensation, over all years, each weighted by the discounting of the file
``gross``              the same before compensation
``cost``               also ``benefit``, ``compensation``: lines of one kind, as positive amounts
``one_off``            costs - benefits of one-off lines, all years added up without discounting
``structural``         costs - benefits of structural lines in the structural year
``one_off_net``        also ``structural_net``: the same minus compensation of that nature
``year:2026``          net of one year, not discounted; ``gross:2026`` and so on as well
``line:ID``            one line over all years, not discounted, as a positive amount; ``line:ID:2026`` in one year
``step:LINE/STEP``     one step of a line by the standard cost model: one-off over all years, structural in the
                       structural year, as a positive amount; ``hours:LINE/STEP`` its hours
``volume:LINE``        how many cases such a line has, in the same years
``function:KEY``       what the steps of one function cost, KEY such as ``cost/one_off/NAME``: of lines of that kind and
                       nature; ``function_hours:KEY`` their hours
``-net``               any of these with the sign turned: how probable it is that a figure lies below 0
=====================  =============================================================================================

A selection is an alternative, or two joined as ``a - b``: then every question is about the difference.
"""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from ggu_costs.errors import OutsidePeriodError, UnknownNameError
from ggu_costs.impact.programme.assembly import SIGNS, Alternative, Assembly
from ggu_costs.simulation.parts import Detail, Output
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray

WORK = frozenset({"step", "hours", "volume", "function", "function_hours"})
"""Questions about steps of lines by the standard cost model."""

QUANTITIES = (
    "net", "gross", "cost", "benefit", "compensation", "one_off", "structural", "one_off_net", "structural_net",
    "one_off_compensation", "structural_compensation",
)  # fmt: skip
"""Questions without a year or line."""

DISCOUNTED = frozenset({"net", "gross", "cost", "benefit", "compensation"})
"""Of these all years are added up, weighted by the discounting of the file."""

INCOME = frozenset({"benefit", "compensation", "one_off_compensation", "structural_compensation"})
"""What municipalities receive: plus is no loss."""

_NATURES = ("one_off", "structural")
_GROSS = {"cost": 1.0, "benefit": -1.0}
_OF_A_NATURE = {
    "": _GROSS, "_net": SIGNS, "_compensation": {"compensation": 1.0}, "_cost": {"cost": 1.0},
    "_income": {"benefit": 1.0, "compensation": 1.0},
}  # fmt: skip
_LINES: dict[str, tuple[tuple[str, ...], Mapping[str, float]]] = {
    "net": (_NATURES, SIGNS),
    "year": (_NATURES, SIGNS),
    "gross": (_NATURES, _GROSS),
    **{kind: (_NATURES, {kind: 1.0}) for kind in SIGNS},
    **{f"{nature}{part}": ((nature,), signs) for nature in _NATURES for part, signs in _OF_A_NATURE.items()},
}
"""Name of a question to the natures of the lines in it, and how each kind of line counts."""

_SPECS: WeakKeyDictionary[Assembly, dict[tuple[str, ...], ModelSpec]] = WeakKeyDictionary()
"""Specifications of questions, once they were made."""


def quantities_of(assembly: Assembly, *, years: bool = True) -> tuple[str, ...]:
    """Every question that can be asked of a programme, apart from years of lines; `years`: of single years as well."""
    yearly = tuple(f"year:{year}" for year in assembly.years) if years else ()
    return (*QUANTITIES, *yearly, *(f"line:{name}" for name in assembly.roles))


def check_quantity(quantity: object) -> None:
    """Raise where a question is no text; which there are is looked at when it is asked."""
    if not isinstance(quantity, str):
        raise UnknownNameError("quantity", quantity, QUANTITIES)


def split_quantity(assembly: Assembly, quantity: str) -> tuple[str, str, str]:
    """Take a question apart into its name, line and year; a line of two programmes in one is called ``a:line``."""
    name, _, rest = quantity.partition(":")
    if name != "line":
        return name, "", rest
    line, _, year = rest.rpartition(":")
    return (name, line, year) if rest not in assembly.roles and line in assembly.roles else (name, rest, "")


def line_weights(assembly: Assembly, quantity: str, *, years: bool = True) -> dict[str, float]:
    """Return how each line counts in a question; lines that are not there do not. `years`: see `quantities_of`.

    Raises
    ------
    UnknownNameError
        A quantity or line that does not exist.
    """
    if quantity.startswith("-"):
        return {name: -weight for name, weight in line_weights(assembly, quantity[1:], years=years).items()}
    name, line, year = split_quantity(assembly, quantity)
    if name in WORK:
        return dict.fromkeys(_lines_of_work(assembly, name, year), 1.0)
    if name == "line":
        if line not in assembly.roles:
            raise UnknownNameError("line", line, assembly.roles)
        return {line: 1.0}
    if name not in _LINES or (name == "year" and not year):
        raise UnknownNameError("quantity", quantity, quantities_of(assembly, years=years))
    natures, signs = _LINES[name]
    return {role.id: signs.get(role.kind, 0.0) for role in assembly.roles.values() if role.nature in natures}


def _year_weights(assembly: Assembly, name: str, year: str, line: str) -> FloatArray:
    """How each year counts in a question, of one line."""
    if year:
        if not year.isdecimal() or int(year) not in assembly.years:
            known = f"{assembly.years[0]} to {assembly.years[-1]}"
            raise OutsidePeriodError(
                f"no year {year}; known: {known}", key="year", asked=year, known=known, remedy=f"Choose from {known}."
            )
        return assembly.at(assembly.years.index(int(year)))
    if name.startswith("structural"):
        return assembly.at(assembly.structural_years.get(line, assembly.structural_year))
    if name.startswith("one_off") or name == "line":
        return np.ones(len(assembly.years))
    return assembly.line_discounts.get(line, assembly.discount)


def weights_of(assembly: Assembly, selection: str, quantity: str) -> FloatArray:
    """Weights of a question, shape (terms, years).

    Raises
    ------
    UnknownNameError
        A quantity, line or alternative that does not exist.
    OutsidePeriodError
        A year outside the programme.
    """
    if quantity.startswith("-"):
        return -weights_of(assembly, selection, quantity[1:])
    by_line = line_weights(assembly, quantity)
    name, _, year = split_quantity(assembly, quantity)
    if name in WORK:
        return _weights_of_work(assembly, selection, name, year)
    weights = np.zeros((len(assembly.terms), len(assembly.years)))
    for sign, alternative in assembly.sides(selection):
        for line, places in alternative.terms.items():
            by_year = _year_weights(assembly, name, year, line)
            for place in places:
                weights[place] += sign * by_line.get(line, 0.0) * by_year
    return weights


def work_of(assembly: Assembly, alternative: Alternative, name: str, key: str) -> list[tuple[str, tuple[int, ...]]]:
    """Return the lines that a question about steps is of, each with the places of its terms."""
    found = []
    for work in alternative.works:
        role = assembly.roles[work.line]
        own = f"{work.line}/{work.step}" if name in ("step", "hours") else f"{role.kind}/{role.nature}/{work.function}"
        if own == key and name != "volume":
            found.append((work.line, work.hours if name.endswith("hours") else work.cost))
    return found if name != "volume" else [(key, alternative.volumes[key])] if key in alternative.volumes else []


def _lines_of_work(assembly: Assembly, name: str, key: str) -> set[str]:
    found = {line for one in assembly.alternatives for line, _ in work_of(assembly, one, name, key)}
    if not found:
        every = {f"{work.line}/{work.step}" for one in assembly.alternatives for work in one.works}
        raise UnknownNameError(name, key, sorted(every))
    return found


def _weights_of_work(assembly: Assembly, selection: str, name: str, key: str) -> FloatArray:
    weights = np.zeros((len(assembly.terms), len(assembly.years)))
    for sign, alternative in assembly.sides(selection):
        for line, places in work_of(assembly, alternative, name, key):
            nature = assembly.roles[line].nature
            weights[list(places)] += sign * _year_weights(assembly, nature, "", line)
    return weights


def output_of(assembly: Assembly, selection: str, quantity: str, units: Detail, groups: Detail) -> Output:
    """Return a question as an output of the engine."""
    return Output(f"{selection}/{quantity}", weights_of(assembly, selection, quantity), units=units, groups=groups)


def spec_of(assembly: Assembly, selection: str, quantity: str, units: Detail, groups: Detail) -> ModelSpec:
    """Return the specification that asks one question; made once, since it is often asked again on other draws."""
    check_quantity(quantity)
    specs, question = _SPECS.setdefault(assembly, {}), (selection, quantity, units, groups)
    if question not in specs:
        specs[question] = assembly.spec([output_of(assembly, selection, quantity, units, groups)])
    return specs[question]
