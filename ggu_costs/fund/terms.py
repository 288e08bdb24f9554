r"""One year of a fund or fee, ready to compute: level, key, figures and dates; and the amounts that follow.

For a fund with total :math:`T` and key fractions :math:`f_m` over columns :math:`x_m`, municipality i pays

.. math:: a_i = T \sum_m f_m x_{mi} / X_m, \qquad X_m = \sum_i x_{mi},

in whole cents by largest remainders, so that the sum is :math:`T`. On ``basis = "rate"`` the amount is rate times
inhabitants, rounded to the cent (halves up), and the total follows. A fee is a bracket tariff on inhabitants, rounded
likewise. All arithmetic is exact.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

from ggu_costs.allocation import Tariff
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError, UnknownNameError, is_one_of
from ggu_costs.figures import finite, shown
from ggu_costs.frozen import Frozen, ReadOnly
from ggu_costs.fund.conditions import Conditions
from ggu_costs.fund.indexation import Indexed
from ggu_costs.fund.key_columns import from_reference
from ggu_costs.fund.phasing import Phasing
from ggu_costs.modelfile.vat import Vat
from ggu_costs.money import add_up, round_half_up, share_exactly, to_cents
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.words.messages import euro, percent

_WHOLE = 1e15
"""Below it a whole float shows all of its digits."""

V = TypeVar("V")
FEE_SCALES = ("index", "growth_to_cost_cover", "merger_correction")
"""The shares by which the tariff of a fee changes in a year."""
Basis = Literal["budget", "rate", "tariff"]
Fractions = Mapping[str, Mapping[str, Fraction]]
"""Figures: column -> code -> exact figure. The column ``equal`` holds 1 for everyone."""


@dataclass(frozen=True)
class Terms(Brief, Frozen):
    """Everything a bill follows from.

    Attributes
    ----------
    level
        Euro: the total (budget), the rate per inhabitant (rate); 1 for a tariff.
    figures
        Figures of the key on the counting date, carried to the map date; always with ``inhabitants``.
    activities
        Ids of the activities in the portfolio.
    budgets
        Cents of each activity whose amount is known.
    withdrawal
        Cents of the budgets that the reserve pays.
    reference
        The reference tables behind figures and map.
    conditions
        Bounds and rounding.
    indexed
        The index that the file names, where it names one.
    phase_in
        How far bills have come from an earlier key, where they are on the way.
    """

    model: str
    kind: Literal["fund", "fee"]
    year: int
    basis: Basis
    level: Fraction
    key: Mapping[str, Fraction]
    counting_date: date
    map_date: date
    figures: Fractions
    vat: Vat
    tariff: Tariff | None = None
    index: Fraction = Fraction(0)
    growth_to_cost_cover: Fraction = Fraction(0)
    merger_correction: Fraction = Fraction(0)
    activities: tuple[str, ...] = ()
    budgets: Mapping[str, int] = field(default_factory=dict)
    withdrawal: int = 0
    offset: Mapping[str, int] | None = None
    reference: Reference = field(default=SHIPPED, repr=False)
    conditions: Conditions = field(default_factory=Conditions)
    phase_in: Phasing | None = None
    indexed: Indexed | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Municipalities that pay, in order of code."""
        return self.reference.member_codes(self.map_date)

    @cached_property
    def totals(self) -> dict[str, Fraction]:
        """Sum of each figure of the key."""
        return figure_totals(self.figures)

    @cached_property
    def quotas(self) -> dict[str, Fraction]:
        """Part of the amount that falls on each municipality by the key."""
        return quotas(self.key, self.figures, self.totals)


def exact_figures(
    columns: Iterable[str], counting_date: date, map_date: date, reference: Reference
) -> dict[str, dict[str, Fraction]]:
    """Reference figures as exact numbers on the map date, with a column of ones for equal shares."""
    counted = reference.figures(from_reference(columns), counting_date=counting_date)
    result: dict[str, dict[str, Fraction]] = {}
    for name in counted.columns:
        column = {str(code): _exact(figure) for code, figure in counted[name].to_dict().items()}
        result[str(name)] = carry_exactly(column, counting_date, map_date, reference, str(name))
    result["equal"] = dict.fromkeys(reference.member_codes(map_date), Fraction(1))
    return result


def _exact(figure: float) -> Fraction:
    """The decimal that a figure shows; most are whole."""
    whole = int(figure) if abs(figure) < _WHOLE else None
    return Fraction(whole) if whole is not None and whole == figure else Fraction(Decimal(repr(figure)))


def carry_exactly(
    column: Mapping[str, Fraction], start: date, end: date, reference: Reference, indicator: str = "inhabitants"
) -> dict[str, Fraction]:
    """Carry exact totals of an indicator from the map of one day to that of a later day."""
    result = dict.fromkeys(reference.member_codes(end), Fraction(0))
    for old, parts in reference.transfer(start, end, indicator).items():
        for new, share in parts:
            amount = column[old] if share == 1 else column[old] * share
            result[new] = result[new] + amount if result[new] else amount
    return result


def carry_cents(cents: Mapping[str, int], start: date, end: date, reference: Reference) -> dict[str, int]:
    """Carry amounts to the legal successors, in whole cents; a divided municipality by inhabitants."""
    result = dict.fromkeys(reference.member_codes(end), 0)
    for code, parts in reference.transfer(start, end).items():
        shared = spread_cents(cents[code], dict(parts)) if len(parts) > 1 else {next(iter(parts))[0]: cents[code]}
        for successor, part in shared.items():
            result[successor] += part
    return result


def figure_totals(figures: Fractions) -> dict[str, Fraction]:
    """Sum of each column."""
    return {name: add_up(column.values()) for name, column in figures.items()}


def quotas(key: Mapping[str, Fraction], figures: Fractions, totals: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Part of the amount that falls on each municipality; adds up to 1 where `totals` are those of `figures`."""
    parts = [(part / totals[name], figures[name]) for name, part in key.items()]
    whole = math.lcm(*(part.denominator for part, _ in parts))
    shares = [(part.numerator * (whole // part.denominator), column) for part, column in parts]
    result = {}
    for code in figures["equal"]:
        own = [(share, column[code]) for share, column in shares]
        if all(figure.denominator == 1 for _, figure in own):
            result[code] = Fraction(sum(share * figure.numerator for share, figure in own), whole)
        else:
            result[code] = sum((share * figure for share, figure in own), Fraction(0)) / whole
    return result


def amounts(terms: Terms) -> dict[str, int]:
    """Cents that each municipality pays, by code."""
    full = full_amounts(terms)
    if terms.phase_in is None:
        return full
    return terms.phase_in.share(full, earlier_amounts(terms, terms.phase_in), terms.figures["inhabitants"])


def earlier_amounts(terms: Terms, phase_in: Phasing) -> dict[str, int]:
    """Cents by the key, or as in the bill, from which a phase-in starts."""
    parts = phase_in.weights or quotas(phase_in.key, terms.figures, terms.totals)
    return spread_cents(round_half_up(terms.level * 100), parts)


def full_amounts(terms: Terms) -> dict[str, int]:
    """Cents without a phase-in."""
    people, tariff, conditions = terms.figures["inhabitants"], terms.tariff, terms.conditions
    if terms.basis == "budget":
        conditions.check(terms.level, terms.quotas, people, terms.reference.names_of(terms.map_date))
        return conditions.share(terms.level, terms.quotas, people)
    euro = {code: tariff.exact(people[code]) if tariff else terms.level * people[code] for code in terms.codes}
    return {code: conditions.line(amount, people[code]) for code, amount in euro.items()}


def spread_cents(total: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Share whole cents by largest remainders in proportion to exact weights, ties by code.

    Nothing is shared as nothing to everyone; weights that are all 0 take no other total.
    """
    codes = sorted(weights)
    if not total:
        return dict.fromkeys(codes, 0)
    return dict(zip(codes, share_exactly(total, [weights[code] for code in codes]), strict=True))


def check_known(code: str, known: Mapping[str, object], what: str, day: date | None, reference: Reference) -> None:
    """Raise when a code is not one of those known; says what became of it, or which code belongs to a name."""
    if is_one_of(code, known):
        return
    faults = Faults()
    if day is not None and isinstance(code, str):
        reference.check_codes([code], day, what="code", complete=False, others=True, faults=faults)
    remedy = " ".join(str(fault).rstrip(".") + "." for fault in faults.found)
    raise UnknownNameError(what, code, list(known), remedy=remedy)


def rate_words(rate: Decimal | Fraction) -> str:
    """Write a rate in euro with the decimals it has, 2 to 6."""
    return euro(rate, decimals=_decimals(Fraction(rate), 2, 6))


def share_words(share: Decimal | Fraction) -> str:
    """Write a fraction as a percentage with the decimals it has, at most 4."""
    return percent(share, decimals=_decimals(Fraction(share) * 100, 0, 4))


def _decimals(number: Fraction, least: int, most: int) -> int:
    return next((count for count in range(least, most) if (number * 10**count).denominator == 1), most)


def format_plain(value: object) -> str:
    """Write what was found in a few words, a number of numpy as the plain number."""
    return shown(value)


def freeze(result: object) -> None:
    """Make the mappings of a frozen result read-only, those within them too; provenance stays as it is, for JSON."""
    for item in fields(result):  # type: ignore[arg-type]  # of any dataclass
        if item.name != "provenance":
            object.__setattr__(result, item.name, _read_only(getattr(result, item.name)))


def _read_only(value: object) -> object:
    if isinstance(value, Mapping) and not isinstance(value, ReadOnly):
        return ReadOnly({key: _read_only(item) for key, item in value.items()})
    return tuple(map(_read_only, value)) if type(value) is tuple else value


def whole_cents(value: object) -> int | None:
    """Return a finite amount in euro as whole cents; None for all that is not one."""
    number = finite(value)
    try:
        return None if number is None else to_cents(number)
    except InputError:
        return None
