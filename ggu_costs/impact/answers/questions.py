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
``-net``               any of these with the sign turned: how probable it is that a figure lies below 0
=====================  =============================================================================================

A selection is an alternative, or two joined as ``a - b``: then every question is about the difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import OutsidePeriodError, UnknownNameError
from ggu_costs.impact.programme.assembly import before_compensation, net, of_kind, of_line, of_nature
from ggu_costs.simulation.parts import Output

if TYPE_CHECKING:
    from ggu_costs.impact.programme.assembly import Assembly, Role, Select
    from ggu_costs.simulation.parts import Detail
    from ggu_costs.simulation.spec import ModelSpec
    from ggu_costs.typing import FloatArray

__all__ = [
    "DISCOUNTED", "INCOME", "JOINED", "QUANTITIES", "output_of", "quantities_of", "select_of", "spec_of",
    "weights_of",
]  # fmt: skip

JOINED = " - "
"""Between the alternatives of a difference."""

QUANTITIES = (
    "net", "gross", "cost", "benefit", "compensation", "one_off", "structural", "one_off_net", "structural_net",
    "one_off_compensation", "structural_compensation",
)  # fmt: skip
"""Questions without a year or line."""

DISCOUNTED = frozenset({"net", "gross", "cost", "benefit", "compensation"})
"""Of these all years are added up, weighted by the discounting of the file."""

INCOME = frozenset({"benefit", "compensation", "one_off_compensation", "structural_compensation"})
"""What municipalities receive: plus is no loss."""


def quantities_of(assembly: Assembly) -> tuple[str, ...]:
    """Every question that can be asked of a programme, apart from years of lines."""
    years = tuple(f"year:{year}" for year in assembly.years)
    return (*QUANTITIES, *years, *(f"line:{name}" for name in assembly.roles))


def _select(name: str) -> Select | None:
    """Lines in a question without year or line."""

    def paid_for(nature: str) -> Select:
        def select(role: Role) -> float:
            return float(role.kind == "compensation" and role.nature == nature)

        return select

    known: dict[str, Select] = {
        "net": net, "year": net, "gross": before_compensation, "cost": of_kind("cost"), "benefit": of_kind("benefit"),
        "compensation": of_kind("compensation"), "one_off": of_nature("one_off"), "structural": of_nature("structural"),
        "one_off_net": of_nature("one_off", net), "structural_net": of_nature("structural", net),
        "one_off_compensation": paid_for("one_off"), "structural_compensation": paid_for("structural"),
        "one_off_cost": of_nature("one_off", of_kind("cost")),
        "structural_cost": of_nature("structural", of_kind("cost")),
        "one_off_income": of_nature("one_off", of_kind("benefit", "compensation")),
        "structural_income": of_nature("structural", of_kind("benefit", "compensation")),
    }  # fmt: skip
    return known.get(name)


def _years(assembly: Assembly, name: str, year: str) -> FloatArray:
    if year:
        if not year.isdecimal() or int(year) not in assembly.years:
            known = f"{assembly.years[0]} to {assembly.years[-1]}"
            raise OutsidePeriodError(
                f"no year {year}; known: {known}", key="year", asked=year, known=known, remedy=f"Choose from {known}."
            )
        return assembly.at(assembly.years.index(int(year)))
    if name.startswith("structural"):
        return assembly.at(assembly.structural_year)
    if name.startswith("one_off") or name == "line":
        return np.ones(len(assembly.years))
    return assembly.discount


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
    name, _, rest = quantity.partition(":")
    if name == "line":
        line, year = _line_and_year(assembly, rest)
        if line not in assembly.roles:
            raise UnknownNameError("line", line, assembly.roles)
        select: Select | None = of_line(line)
    else:
        year, select = rest, _select(name)
        if select is None or (name == "year" and not year):
            raise UnknownNameError("quantity", quantity, quantities_of(assembly))
    assert select is not None  # noqa: S101 (raised above)
    years = _years(assembly, name, year)
    first, joined, second = selection.partition(JOINED)
    found = assembly.weights(first, select, years)
    return found - assembly.weights(second, select, years) if joined else found


def _line_and_year(assembly: Assembly, asked: str) -> tuple[str, str]:
    """Take ``line`` or ``line:2026`` apart; a line of two programmes in one is called ``a:line``."""
    if asked in assembly.roles:
        return asked, ""
    line, _, year = asked.rpartition(":")
    return (line, year) if line in assembly.roles else (asked, "")


def select_of(quantity: str, assembly: Assembly) -> Select:
    """Return which lines are in a question without years; what a programme made from a function can be asked."""
    if quantity.startswith("-"):
        turned = select_of(quantity[1:], assembly)
        return lambda role: -turned(role)
    name, _, line = quantity.partition(":")
    if name == "line":
        if line not in assembly.roles:
            raise UnknownNameError("line", line, assembly.roles)
        return of_line(line)
    select = _select(quantity)
    if select is None or quantity == "year":
        raise UnknownNameError("quantity", quantity, (*QUANTITIES, *(f"line:{name}" for name in assembly.roles)))
    return select


def output_of(assembly: Assembly, selection: str, quantity: str, units: Detail, groups: Detail) -> Output:
    """Return a question as an output of the engine."""
    return Output(f"{selection}/{quantity}", weights_of(assembly, selection, quantity), units=units, groups=groups)


def spec_of(assembly: Assembly, selection: str, quantity: str, units: Detail, groups: Detail) -> ModelSpec:
    """Return the specification that asks one question; made once, since it is often asked again on other draws."""
    asked = (selection, quantity, units, groups)
    if asked not in assembly.asked:
        assembly.asked[asked] = assembly.spec([output_of(assembly, *asked)])
    return assembly.asked[asked]
