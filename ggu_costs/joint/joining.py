r"""What joining a joint body costs (toetredingssom), and what the others then pay.

Who joins pays once in its first year, and an amount in each of n years after it, :math:`S = s_0 + n s`, besides its
contribution. The others are better off by what it contributes less what its joining adds to the cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs.errors import Faults, InputError, UnknownNameError, did_you_mean, listed
from ggu_costs.figures import read_number, shown
from ggu_costs.frames import amend
from ggu_costs.fund.result import euro_frame
from ggu_costs.joint.plan import Cents, Plan, add_up
from ggu_costs.joint.results import BodyResult
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import round_half_up, shortest
from ggu_costs.words.messages import message


@dataclass(frozen=True, kw_only=True)
class Entry(BodyResult):
    """What it costs to join in a year, and what the others then pay.

    Attributes
    ----------
    code, year
        Who joins, and its first year.
    payments
        Cents by year besides its contribution; None where the file does not state them (PM).
    before, after
        Cents by participant in that year without it and with it, before reserves and step-in payments.
    added
        Cents that its joining adds to the cost of a year; None where that is not stated (PM): then the cost is the same
        in both.
    """

    code: str
    year: int
    payments: Mapping[int, int | None]
    before: Cents
    after: Cents
    added: int | None

    noun: ClassVar[str] = "entry"

    @property
    def total(self) -> float | None:
        """Euro of all step-in payments together; None where a payment is PM."""
        cents = list(self.payments.values())
        return None if not cents or None in cents else sum(one or 0 for one in cents) / 100

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents without and with the newcomer, and the difference."""
        change = {code: cents - self.before[code] for code, cents in self.after.items()}
        return {"without_newcomer": self.before, "with_newcomer": self.after, "change": change}

    def to_frame(self) -> pd.DataFrame:
        """Return ``payment`` by year, in euro."""
        index = pd.Index(list(self.payments), name="year")
        frame = pd.DataFrame({"payment": euro_column(self.payments.values())}, index=index)
        return self._framed(frame, {"payment": "EUR"}, pm=("payment",), total=("payment",))

    def others(self) -> pd.DataFrame:
        """Return by participant ``name, without_newcomer, with_newcomer, change``, in euro of the year of joining."""
        frame = euro_frame(self.columns, self.called)
        told = self._framed(frame, dict.fromkeys(self.columns, "EUR"), total=tuple(self.columns))
        return told if self.added is not None else amend(told, notes=[*self.notes, message("entry_same_cost")])


def join(
    plan: Plan, code: str, year: int, figures: Mapping[str, float | Decimal] | None = None, **facts: object
) -> Entry:
    """Return what joining in a year costs; see :meth:`ggu_costs.joint.model.JointBody.entry`."""
    year = plan.check_year(year)
    definition = plan.definition
    if not isinstance(code, str):
        raise UnknownNameError("municipality that could join", code, plan.reference.member_codes(definition.map_date))
    planned = next((one for one in definition.participants if one.code == code), None)
    members = definition.members(year)
    first = planned.first_year if planned is not None else None
    if code in members and first != year:
        raise InputError(f"{code} takes part in {year} already", remedy="Ask for its exit, or another year or code.")
    others = [one for one in members if one != code]
    if planned is None:
        _check_code(plan, code)
    columns = plan.figures(year, [*others, code])
    if planned is None:
        for name, number in _own_figures(plan, code, figures).items():
            columns[name][code] = number
    elif figures:
        raise InputError(f"the file has the figures of {code}", remedy="Leave figures out, or change the file.")
    stated = definition.entry.added_cost if definition.entry is not None else {}
    added = {name: round_half_up(stated.get(name, Decimal(0)) * 100) for name in plan.net_cost(year)}
    with_it = {name: cents + (0 if planned else added[name]) for name, cents in plan.net_cost(year).items()}
    without = {name: cents - added[name] for name, cents in with_it.items()}
    before = add_up(plan.shares(without, year, plan.figures(year, others)), others)
    parts = plan.shares(with_it, year, columns)
    names = plan.names | ({} if planned else {code: plan.reference.names_of(definition.map_date)[code]})
    codes = sorted([*others, code])
    return Entry(
        title=message("entry_of_body", title=definition.title, name=names[code], year=year),
        code=code, year=year, payments=_payments(plan, year), before={one: before.get(one, 0) for one in codes},
        after=add_up(parts, codes), added=sum(added.values()) if stated else None,
        called={one: names[one] for one in codes},
        people={one: columns["inhabitants"][one] for one in codes}, map_date=definition.map_date,
        reference=plan.reference, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def _payments(plan: Plan, year: int) -> dict[int, int | None]:
    terms = plan.definition.entry
    if terms is None:
        return {year: None}
    once = {} if terms.once is None else {year: plan.value_cents(terms.once)}
    yearly = plan.value_cents(terms.yearly)
    return {**once, **dict.fromkeys(range(year + 1, year + terms.years + 1), yearly)} or {year: None}


def _check_code(plan: Plan, code: str) -> None:
    known = plan.reference.member_codes(plan.definition.map_date)
    if code not in known:
        remedy = "Add a body to the participants of the file." if ":" in code else ""
        raise UnknownNameError("municipality that could join", code, known, remedy=remedy)


def _own_figures(plan: Plan, code: str, given: Mapping[str, float | Decimal] | None) -> dict[str, Fraction]:
    """Return the figures of the file for one that is not in it, or raise with all that is wrong with them."""
    faults, needed = Faults(), {figure.id for figure in plan.definition.figures}
    numbers = given if isinstance(given, Mapping) else {}
    if given is not None and not isinstance(given, Mapping):
        faults.add("figures", shown(given), "a mapping of figure to number")
    for name in numbers.keys() - needed:
        faults.add(f"figures[{name!r}]", "no such figure", listed(sorted(needed)), did_you_mean(str(name), needed))
    for name in sorted(needed - numbers.keys()):
        faults.add(f"figures[{name!r}]", f"no figure of {code}", "a number of 0 or more")
    read = {name: read_number(numbers[name], f"figures[{name!r}]", faults, least=0) for name in needed & numbers.keys()}
    faults.check(f"{plan.definition.id}: {code} cannot join without its figures", remedy="Give each of them by name.")
    return {name: shortest(number) for name, number in read.items() if number is not None}
