r"""Leaving and joining what municipalities do together (uittreden, toetreden): terms, rules and the amount that is due.

Who leaves at the end of a year paid a yearly amount :math:`a` in it. By rule an exit fee (uittreedsom) is

* ``years``: :math:`n a`, five times usually;
* ``declining``: :math:`\sum_t p_t a`, with 100, 80, 60, 40 and 20 per cent usually;
* ``real_damage``: what the others are left with, as the room that asks works it out;
* ``book_value``: its share in what is not written off at the end of that year.

What is due is never above the real damage, where that is known. Only the rule of the regulation or contract itself
binds; the others are comparisons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, get_args

import pandas as pd
from pydantic import BeforeValidator, Field

from ggu_costs.errors import UnknownNameError, is_one_of
from ggu_costs.modelfile.figures import Amount
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Found, Number, Whole, fault, shown
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import round_half_up
from ggu_costs.words.messages import message, percent

Fractional: TypeAlias = Annotated[Number, Field(ge=0, le=1)]


def _counted(raw: object) -> object:
    """Refuse the number of a year in another form than 1, 2, 3: 01 and 1 would be one year, and one be lost."""
    if isinstance(raw, str) and not re.fullmatch(r"[1-9]\d*", raw, re.ASCII):
        raise fault(shown(raw), "1, 2, 3 and so on: the years after leaving")
    return raw


ByStep: TypeAlias = dict[Annotated[int, BeforeValidator(_counted), Field(ge=1, le=50)], Fractional]
"""A part of something in each year after leaving: 1, 2, 3 and so on."""
ExitRule: TypeAlias = Literal["years", "declining", "real_damage", "book_value"]
DECLINING = MappingProxyType({step: Decimal(6 - step) / 5 for step in range(1, 6)})
"""Parts of the yearly amount in each year after leaving, where they decline by a fifth a year."""
RULES: tuple[ExitRule, ...] = get_args(ExitRule)
REGULATION = "regulation"
"""The rule of the regulation or contract itself."""
USUAL_YEARS = 5
"""Times the yearly amount that an exit fee by years usually is."""


class ExitTerms(Chosen):
    """What the regulation says of leaving (uittreding).

    Attributes
    ----------
    rule
        How the exit fee is found.
    years
        Times the yearly amount, for rule ``years``.
    parts
        Parts of the yearly amount in each year after leaving, for rule ``declining``.
    bridging_years
        Years in which the others may bring the cost down: damage is counted over them, and the fee released.
    notice_months
        Between notice and the end of the last year.
    friction
        What leaving costs once, such as advice and the placing of staff (frictiekosten).
    """

    rule: ExitRule
    years: Annotated[Whole, Field(ge=1, le=50)] = USUAL_YEARS
    parts: ByStep = Field(default_factory=lambda: dict(DECLINING), min_length=1)
    bridging_years: Annotated[Whole, Field(ge=1, le=50)] = USUAL_YEARS
    notice_months: Annotated[Whole, Field(ge=0, le=120)] | None = None
    friction: Amount | None = None


class StepInTerms(Chosen):
    """What a municipality that joins pays besides its contribution (toetredingssom).

    Attributes
    ----------
    once
        Paid in its first year.
    yearly, years
        Paid in each of so many years after that.
    """

    once: Amount | None = None
    yearly: Amount | None = None
    years: Annotated[Whole, Field(ge=0, le=50)] = 0

    def _wrong(self) -> Iterator[Found]:
        if (self.yearly is None) != (self.years == 0):
            yield "yearly without years, or years without yearly", "both or neither", ""


def amounts_by_rule(
    terms: ExitTerms | None, *, yearly: int, damage: int | None, book: int | None
) -> dict[str, int | None]:
    """Return the exit fee by every rule in cents, that of the regulation first; None where it is PM.

    Parameters
    ----------
    terms
        What the regulation says; None where that is not stated.
    yearly, damage, book
        Cents: the yearly amount, the real damage, and the share in what is not written off; None is not known.

    Examples
    --------
    >>> amounts_by_rule(None, yearly=1_200_000, damage=None, book=None)["years"]
    6000000
    """

    def by_rule(rule: ExitRule, years: int, parts: Mapping[int, Decimal]) -> int | None:
        if rule == "years":
            return years * yearly
        if rule == "declining":
            return sum(round_half_up(Fraction(part) * yearly) for part in parts.values())
        return damage if rule == "real_damage" else book

    found = {REGULATION: None if terms is None else by_rule(terms.rule, terms.years, terms.parts)}
    return found | {str(rule): by_rule(rule, USUAL_YEARS, DECLINING) for rule in RULES}


def capped(amount: int | None, damage: int | None) -> int | None:
    """Return an amount in cents, but no more than the real damage where that is known."""
    return amount if amount is None or damage is None else min(amount, damage)


def asked_rule(rule: object, terms: ExitTerms | None, damage: int | None) -> str:
    """Return the rule by which the fee is due: as asked, or that of the regulation, or what is usual without one.

    Raises
    ------
    UnknownNameError
        A rule that does not exist.
    """
    if rule is None:
        return REGULATION if terms is not None else "years" if damage is None else "real_damage"
    if not is_one_of(rule, (REGULATION, *RULES)):
        raise UnknownNameError("rule for leaving", rule, (REGULATION, *RULES))
    return str(rule)


def fees_frame(amounts: Mapping[str, int | None], damage: int | None, terms: ExitTerms | None) -> pd.DataFrame:
    """Return by rule ``amount`` and ``due`` in euro, and ``case_law``; NaN is PM."""
    index = pd.Index(list(amounts), name="exit_rule", dtype=object)
    frame = pd.DataFrame({"amount": euro_column(amounts.values())}, index=index)
    frame["due"] = euro_column(capped(amount, damage) for amount in amounts.values())
    frame["case_law"] = pd.Series([_law(rule, terms) for rule in amounts], index, dtype=object)
    return frame


def _law(rule: str, terms: ExitTerms | None) -> str:
    if rule != REGULATION:
        return message(f"exit_law_{rule}")
    if terms is None:
        return message("exit_not_stated")
    if terms.rule == "years" and terms.years > USUAL_YEARS:
        return message("exit_many_years", years=terms.years, usual=USUAL_YEARS)
    parts = [percent(part, decimals=0) for _, part in sorted(terms.parts.items())]
    return message(f"exit_own_{terms.rule}", years=terms.years, count=len(parts), parts=parts)


def notice_day(year: int, terms: ExitTerms | None) -> date | None:
    """Day by which notice is given: so many months before the end of the last year."""
    if terms is None or terms.notice_months is None:
        return None
    months = year * 12 + 12 - terms.notice_months  # those that have passed before the day after the last
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
