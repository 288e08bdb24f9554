"""A bill with any set of causes of its change switched on, and their mean over all orders.

See :mod:`ggu_costs.fund.change` for the causes and their definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import factorial

from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.terms import (
    FEE_SCALES,
    Fractions,
    Terms,
    carried,
    carry_cents,
    exact_figures,
    figure_totals,
    quotas,
    spread_cents,
)
from ggu_costs.money import euros, round_half_up
from ggu_costs.reference import carried_codes, transfer

__all__ = ["FEE_CAUSES", "FUND_CAUSES", "BillStates", "average"]

FUND_CAUSES = (
    "mergers", "own_growth", "national_growth", "index", "activities_ended", "activities_new",
    "correction", "key", "settlement",
)  # fmt: skip
FEE_CAUSES = ("mergers", "own_growth", "index", "growth_to_cost_cover", "merger_correction", "tariff", "settlement")


@dataclass
class BillStates:
    """The bill in cents with any set of causes switched on."""

    previous: Billed
    current: Billed
    notes: list[str] = field(default_factory=list)
    known: dict[frozenset[str], dict[str, int]] = field(default_factory=dict)
    parts: dict[frozenset[str], Mapping[str, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        old, new = self.previous.terms, self.current.terms
        columns = {**dict.fromkeys(old.key), **dict.fromkeys(new.key), "inhabitants": None}
        at_old, missing_old = _figures_of(columns, old)
        at_new, missing_new = _figures_of(columns, new)
        for name in missing_old:  # growth of such a column cannot be told from the change of key
            at_old[name] = _undone({**at_old, name: at_new[name]}, at_new, old, new, name, flat=True)
        on_new = {name: carried(column, old.map_date, new.map_date) for name, column in at_old.items()}
        on_new["equal"] = dict.fromkeys(new.codes, Fraction(1))
        for name in missing_new:
            at_new[name] = on_new[name]
        lacking = [*missing_old, *missing_new]
        if lacking:
            self.notes.append(
                f"Geen cijfers op beide peildata voor {', '.join(lacking)}: de groei daarvan valt onder de sleutel."
            )
        moved = carried_codes(old.map_date, new.map_date)
        if len(moved):
            names = "; ".join(f"{row.old_name} naar {row.new_name}" for row in moved.itertuples())
            self.notes.append(f"Bedragen van voorgangers zijn bij de rechtsopvolger geteld: {names}.")
        grown = {name: _undone(at_old, at_new, old, new, name) for name in at_old}
        # [map][own figures]: figures on the old and new map, of the old and new counting date
        self.figures: dict[bool, dict[bool, Fractions]] = {
            False: {False: at_old, True: grown},
            True: {False: on_new, True: at_new},
        }
        self.totals = {False: figure_totals(on_new), True: figure_totals(at_new)}
        for totals in self.totals.values():
            totals.pop("equal")  # the number of municipalities follows the map, not the growth

    def cents(self, on: frozenset[str]) -> dict[str, int]:
        """Return the bill with the causes `on` switched on, on the new map."""
        if on not in self.known:
            self.known[on] = self._cents(on)
        return self.known[on]

    def in_order(self, causes: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return what each cause adds when they are switched on one after the other."""
        on = [self.cents(frozenset(causes[:count])) for count in range(len(causes) + 1)]
        return {
            cause: {code: after[code] - before[code] for code in after}
            for cause, (before, after) in zip(causes, pairwise(on), strict=True)
        }

    def _cents(self, on: frozenset[str]) -> dict[str, int]:
        old, new = self.previous.terms, self.current.terms
        settled = self.current.settlement if "settlement" in on else self.previous.settlement
        if not on:
            return carry_cents(self.previous.cents, old.map_date, new.map_date)
        figures = self.figures["mergers" in on]["own_growth" in on]
        amounts = self._fee(on, figures) if new.kind == "fee" else self._fund(on, figures)
        if "mergers" not in on:
            amounts = carry_cents(amounts, old.map_date, new.map_date)
        if settled is None:
            return amounts
        extra = settled if "settlement" in on else carry_cents(settled, old.map_date, new.map_date)
        return {code: amounts[code] + extra[code] for code in amounts}

    def _fee(self, on: frozenset[str], figures: Fractions) -> dict[str, int]:
        old, new = self.previous.terms, self.current.terms
        steps = {name: Fraction(getattr(new, name)) for name in FEE_SCALES}
        scale = 1 + sum((steps[name] for name in FEE_SCALES if name in on), Fraction(0))
        terms = old
        if "tariff" in on:
            terms, scale = new, scale / (1 + sum(steps.values(), Fraction(0)))
        assert terms.tariff is not None  # noqa: S101 (a fee has a tariff)
        return {code: round_half_up(scale * terms.tariff.exact(x) * 100) for code, x in figures["inhabitants"].items()}

    def _fund(self, on: frozenset[str], figures: Fractions) -> dict[str, int]:
        old, new = self.previous.terms, self.current.terms
        by_rate = old.basis == new.basis == "rate"
        level = self._level(on, by_rate)
        if by_rate:
            return {code: round_half_up(level * x * 100) for code, x in figures["inhabitants"].items()}
        parts = self._quotas(on & {"mergers", "own_growth", "national_growth", "key"})
        if (new if "correction" in on else old).basis == "rate":
            return {code: round_half_up(level * part * 100) for code, part in parts.items()}
        return spread_cents(round_half_up(level * 100 * sum(parts.values(), Fraction(0))), parts)

    def _quotas(self, on: frozenset[str]) -> Mapping[str, Fraction]:
        """Part of the amount by code; the same for every level, so worked out once."""
        if on not in self.parts:
            figures = self.figures["mergers" in on]["own_growth" in on]
            totals = {**self.totals["national_growth" in on], "equal": Fraction(len(figures["equal"]))}
            key = (self.current if "key" in on else self.previous).terms.key
            self.parts[on] = quotas(key, figures, totals)
        return self.parts[on]

    def _level(self, on: frozenset[str], by_rate: bool) -> Fraction:
        """Total in euro, or rate per inhabitant where both bills have one."""
        old, new = self.previous.terms, self.current.terms
        first, last = _level_of(old, by_rate), _level_of(new, by_rate)
        ended = _budget_euros(old, _apart(old, new), by_rate)
        started = _budget_euros(new, _apart(new, old), by_rate)
        index = 1 + new.index
        rest = last - (first - ended) * index - started
        level = first - (ended if "activities_ended" in on else 0)
        level *= index if "index" in on else 1
        return level + (started if "activities_new" in on else 0) + (rest if "correction" in on else 0)


def _figures_of(columns: Mapping[str, None], terms: Terms) -> tuple[dict[str, Mapping[str, Fraction]], list[str]]:
    """Figures of the columns that have them on the counting date, and the names of those that have not."""
    figures: dict[str, Mapping[str, Fraction]] = {}
    missing = []
    for name in columns:
        try:
            figures |= exact_figures([name, "inhabitants"], terms.counting_date, terms.map_date)
        except (OutsidePeriodError, InputError):  # no figures on that date, or not of everyone
            missing.append(name)
    return figures, missing


def _undone(
    at_old: Mapping[str, Mapping[str, Fraction]],
    at_new: Mapping[str, Mapping[str, Fraction]],
    old: Terms,
    new: Terms,
    name: str,
    *,
    flat: bool = False,
) -> dict[str, Fraction]:
    """New figures on the old map: each successor's figure divided over its predecessors as their old figures were.

    `flat`: there are no old figures; divided by the old inhabitants instead.
    """
    if name == "equal":
        return dict.fromkeys(old.codes, Fraction(1))
    base = at_old["inhabitants" if flat else name]
    reached = carried(base, old.map_date, new.map_date)
    result = dict.fromkeys(old.codes, Fraction(0))
    for code, parts in transfer(old.map_date, new.map_date).items():
        for successor, share in parts:
            if reached[successor]:
                result[code] += share * base[code] / reached[successor] * at_new[name][successor]
    return result


def _level_of(terms: Terms, by_rate: bool) -> Fraction:
    if terms.basis == "rate" and not by_rate:
        return terms.level * terms.totals["inhabitants"]
    return terms.level


def _apart(terms: Terms, other: Terms) -> set[str]:
    """Activities with a known budget that are not in the other portfolio at all."""
    return set(terms.budgets) - set(other.activities)


def _budget_euros(terms: Terms, names: set[str], by_rate: bool) -> Fraction:
    amount = Fraction(sum(terms.budgets[name] for name in names), 100)
    return amount / terms.totals["inhabitants"] if by_rate else amount


def average(states: BillStates, known: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Shapley value of the causes: the mean over all orders, in cents that add up both ways."""
    import numpy as np

    from ggu_costs.allocation import round_table

    base, full = states.cents(frozenset()), states.cents(frozenset(known))
    active = [cause for cause in known if _matters(states, cause)]
    count = len(active)
    sums = {cause: dict.fromkeys(full, 0) for cause in known}  # times count!
    idle = frozenset(known) - set(active)
    for subset in _subsets(active):
        size = len(subset)
        cents = states.cents(subset | idle) if subset else base
        for cause in active:
            inside = cause in subset
            ways = factorial(size - inside) * factorial(count - size - (not inside))
            weight = ways if inside else -ways
            held = sums[cause]
            for code, amount in cents.items():
                held[code] += weight * amount
    orders = 100 * factorial(count)
    means = np.array([[sums[cause][code] / orders for cause in known] for code in full])
    rounded = np.rint(round_table(means, row_totals=euros([full[code] - base[code] for code in full])) * 100)
    return {cause: dict(zip(full, map(int, rounded[:, column]), strict=True)) for column, cause in enumerate(known)}


def _matters(states: BillStates, cause: str) -> bool:
    """Whether a cause is present at all; only these are averaged over."""
    old, new = states.previous.terms, states.current.terms
    tests: dict[str, Callable[[], bool]] = {
        "mergers": lambda: old.codes != new.codes,
        "own_growth": lambda: old.counting_date != new.counting_date,
        "national_growth": lambda: old.counting_date != new.counting_date,
        "activities_ended": lambda: bool(_apart(old, new)),
        "activities_new": lambda: bool(_apart(new, old)),
        "settlement": lambda: (states.previous.settlement or states.current.settlement) is not None,
        "key": lambda: old.key != new.key,
        "tariff": lambda: old.tariff != new.tariff or any(getattr(new, name) for name in FEE_SCALES),
    }
    if cause in FEE_SCALES:
        return bool(getattr(new, cause))
    return tests[cause]() if cause in tests else True


def _subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(name for bit, name in enumerate(names) if mask >> bit & 1) for mask in range(2 ** len(names))]
