"""A bill with any set of causes of its change switched on, and their mean over all orders.

See :mod:`ggu_costs.fund.change` for the causes and their definition.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import factorial

import numpy as np

from ggu_costs.allocation import round_table
from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.conditions import Conditions
from ggu_costs.fund.indexation import index_notes, product_of, revised, steps_between
from ggu_costs.fund.key_columns import called, is_own
from ggu_costs.fund.terms import (
    FEE_SCALES,
    Fractions,
    Terms,
    carry_cents,
    carry_exactly,
    exact_figures,
    figure_totals,
    quotas,
    spread_cents,
)
from ggu_costs.modelfile.notes import merger_names
from ggu_costs.money import euros, round_half_up, to_cents
from ggu_costs.reference import Reference
from ggu_costs.words.messages import message

FUND_CAUSES = (
    "mergers", "own_growth", "national_growth", "index", "activities_ended", "activities_new", "activities_running",
    "reserve_change", "correction", "key", "settlement",
)  # fmt: skip
CONDITION_CAUSES = ("bounds", "rounding", "phase_in")
"""Before the settlement, where one of the bills has bounds, another way of rounding or a phase-in."""
TARIFF_CAUSES = ("mergers", "own_growth", "national_growth", "index", "tariff", *CONDITION_CAUSES[:2], "settlement")
"""Of a fund where one of the bills follows from a tariff; a total or rate that a tariff replaces is in ``tariff``."""
FEE_CAUSES = ("mergers", "own_growth", "index", "growth_to_cost_cover", "merger_correction", "tariff", "settlement")


def causes_between(old: Terms, new: Terms) -> tuple[str, ...]:
    """Return the causes of a change, in their fixed order."""
    causes = _without_vintage(old, new)
    if all(terms.indexed is None or terms.indexed.base_year is None for terms in (old, new)):
        return causes
    place = causes.index("index")
    return (*causes[:place], "vintage", *causes[place:])


def _without_vintage(old: Terms, new: Terms) -> tuple[str, ...]:
    if new.kind == "fee":
        return FEE_CAUSES
    if old.tariff is not None or new.tariff is not None:
        return TARIFF_CAUSES
    if all(terms.conditions.plain and terms.phase_in is None for terms in (old, new)):
        return FUND_CAUSES
    return (*FUND_CAUSES[:-1], *CONDITION_CAUSES, FUND_CAUSES[-1])


class BillStates:
    """The bill in cents with any set of causes switched on.

    Parameters
    ----------
    previous, current
        The bills between which the causes lie, of one kind.
    """

    def __init__(self, previous: Billed, current: Billed) -> None:
        self.previous, self.current = previous, current
        self.old, self.new = old, new = previous.terms, current.terms
        self.reference = Reference.above(old.reference, new.reference)
        own = {name: Fraction(getattr(new, name)) for name in FEE_SCALES}
        self.steps = steps_between(old.indexed, new.indexed, old.year, new.year, own)
        self.revised = revised(old.indexed, new.indexed, old.year)
        self.cents = cache(self._cents)
        self.quotas = cache(self._quotas)  # the same for every level
        earlier = [name for terms in (old, new) if terms.phase_in for name in terms.phase_in.key]
        columns = [*dict.fromkeys((*old.key, *new.key, *earlier, "inhabitants"))]
        at_old, at_new = _figures_of(columns, old), _figures_of(columns, new)
        missing_old, missing_new = ([name for name in columns if name not in at] for at in (at_old, at_new))
        for name in missing_old:  # growth of such a column cannot be told from the change of key
            at_old[name] = self._divide(at_new[name], at_old["inhabitants"])
        on_new = {
            name: carry_exactly(column, old.map_date, new.map_date, self.reference, name)
            for name, column in at_old.items()
        }
        on_new["equal"] = dict.fromkeys(new.codes, Fraction(1))
        for name in missing_new:
            at_new[name] = on_new[name]
        grown = {name: self._divide(at_new[name], column) for name, column in at_old.items() if name != "equal"}
        # [map][own figures]: figures on the old and new map, of the old and new counting date
        self.figures: dict[bool, dict[bool, Fractions]] = {
            False: {False: at_old, True: {**grown, "equal": at_old["equal"]}},
            True: {False: on_new, True: at_new},
        }
        self.totals = {False: figure_totals(on_new), True: figure_totals(at_new)}
        self.notes = self._notes([*missing_old, *missing_new])

    def _notes(self, lacking: Sequence[str]) -> list[str]:
        notes = index_notes(self.old.indexed, self.new.indexed, (self.old.year, self.new.year))
        if lacking:
            notes.append(message("growth_under_key", columns=[called(name, self.reference) for name in lacking]))
        moved = self.reference.carried_codes(self.old.map_date, self.new.map_date)
        if len(moved):
            notes.append(message("successors_named", names=merger_names(moved)))
        return notes

    def _divide(self, figures: Mapping[str, Fraction], base: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """New figures on the old map: each successor's figure divided over its predecessors as `base` is."""
        days = self.old.map_date, self.new.map_date
        reached = carry_exactly(base, *days, self.reference)
        result = dict.fromkeys(self.old.codes, Fraction(0))
        for code, parts in self.reference.transfer(*days).items():
            for successor, share in parts:
                if reached[successor]:
                    result[code] += share * base[code] / reached[successor] * figures[successor]
        return result

    def in_order(self, causes: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return what each cause adds when they are switched on one after the other."""
        on = [self.cents(frozenset(causes[:count])) for count in range(len(causes) + 1)]
        return {
            cause: {code: after[code] - before[code] for code in after}
            for cause, (before, after) in zip(causes, pairwise(on), strict=True)
        }

    def _cents(self, on: frozenset[str]) -> dict[str, int]:
        """Return the bill with the causes `on` switched on, on the new map."""
        days = self.old.map_date, self.new.map_date
        if not on:
            return carry_cents(self.previous.cents, *days, self.reference)
        figures = self.figures["mergers" in on]["own_growth" in on]
        by_tariff = self.old.tariff is not None or self.new.tariff is not None
        amounts = self._tariff(on, figures) if by_tariff else self._fund(on, figures)
        if "mergers" not in on:
            amounts = carry_cents(amounts, *days, self.reference)
        settled = self.current.settlement if "settlement" in on else self.previous.settlement
        if settled is None:
            return amounts
        extra = settled if "settlement" in on else carry_cents(settled, *days, self.reference)
        return {code: amounts[code] + extra[code] for code in amounts}

    def _tariff(self, on: frozenset[str], figures: Fractions) -> dict[str, int]:
        """A fee, or a fund of which one bill follows from a tariff; the other is shared by all that it decides."""
        scale, terms = product_of(self.steps, on) * (self.revised if "vintage" in on else 1), self.old
        if "tariff" in on:
            terms, scale = self.new, scale / (product_of(self.steps, FEE_SCALES) * self.revised)
        conditions, people = self._conditions(on), figures["inhabitants"]
        if terms.tariff is not None:
            return {code: conditions.line(scale * terms.tariff.exact(x), x) for code, x in people.items()}
        if terms.basis == "rate":
            return {code: conditions.line(scale * terms.level * x, x) for code, x in people.items()}
        totals = {**self.totals["national_growth" in on], "equal": Fraction(len(figures["equal"]))}
        parts = quotas(terms.key, figures, totals)
        cents = round_half_up(scale * terms.level * 100 * sum(parts.values(), Fraction(0)))
        full = conditions.share(Fraction(cents, 100), parts, people)
        if terms.phase_in is None or sum(full.values()) != cents:
            return full
        earlier = self._start(terms, on) or quotas(terms.phase_in.key, figures, totals)
        return terms.phase_in.share(full, spread_cents(cents, earlier), people)

    def _start(self, terms: Terms, on: frozenset[str]) -> Mapping[str, Fraction] | None:
        """Weights of the bill from which a phase-in starts, on the map of the figures; None where there is none."""
        weights = terms.phase_in.weights if terms.phase_in is not None else None
        if weights is None or (terms is self.new) == ("mergers" in on):
            return weights
        if "mergers" in on:
            return carry_exactly(weights, self.old.map_date, self.new.map_date, self.reference)
        return self._divide(weights, self.figures[False][False]["inhabitants"])

    def _conditions(self, on: frozenset[str]) -> Conditions:
        conditions = (self.new if "rounding" in on else self.old).conditions
        return conditions.with_bounds_of((self.new if "bounds" in on else self.old).conditions)

    def _fund(self, on: frozenset[str], figures: Fractions) -> dict[str, int]:
        by_rate = self.old.basis == self.new.basis == "rate"
        level, people = self._level(on, by_rate), figures["inhabitants"]
        conditions = self._conditions(on)
        if by_rate:
            return {code: conditions.line(level * x, x) for code, x in people.items()}
        parts = self.quotas(on & {"mergers", "own_growth", "national_growth", "key"})
        if (self.new if "correction" in on else self.old).basis == "rate":
            return {code: conditions.line(level * part, people[code]) for code, part in parts.items()}
        cents = round_half_up(level * 100 * sum(parts.values(), Fraction(0)))
        full = conditions.share(Fraction(cents, 100), parts, people)
        of = self.new if "phase_in" in on else self.old
        phase_in = of.phase_in
        if phase_in is None or sum(full.values()) != cents:
            return full
        growth = on & {"mergers", "own_growth", "national_growth"}
        earlier = self._start(of, on) or self._parts(phase_in.key, growth)
        return phase_in.share(full, spread_cents(cents, earlier), people)

    def _quotas(self, on: frozenset[str]) -> Mapping[str, Fraction]:
        """Part of the amount by code."""
        return self._parts((self.new if "key" in on else self.old).key, on)

    def _parts(self, key: Mapping[str, Fraction], on: frozenset[str]) -> Mapping[str, Fraction]:
        figures = self.figures["mergers" in on]["own_growth" in on]
        # the number of municipalities follows the map, not the growth
        totals = {**self.totals["national_growth" in on], "equal": Fraction(len(figures["equal"]))}
        return quotas(key, figures, totals)

    def _level(self, on: frozenset[str], by_rate: bool) -> Fraction:
        """Total in euro, or rate per inhabitant where both bills have one."""
        old, new = self.old, self.new
        first, last = _level_of(old, by_rate), _level_of(new, by_rate)
        ended, started = _only_in(old, new, by_rate), _only_in(new, old, by_rate)
        index = self.index
        running, reserve = (Fraction(0), Fraction(0)) if by_rate else _from_budgets(old, new, index)
        rest = last - (first * self.revised - ended) * index - started - running - reserve
        level = first * (self.revised if "vintage" in on else 1) - (ended if "activities_ended" in on else 0)
        level *= index if "index" in on else 1
        added = {
            "activities_new": started,
            "activities_running": running,
            "reserve_change": reserve,
            "correction": rest,
        }
        return level + sum((amount for name, amount in added.items() if name in on), Fraction(0))

    @property
    def index(self) -> Fraction:
        """What the index does over the years between the two bills."""
        return product_of(self.steps, ("index",))

    def called(self) -> dict[str, str]:
        """Return what a reader calls a cause where its own name would say too little: a total that changed, no more."""
        old, new = self.old, self.new
        if new.kind == "fee" or old.basis != new.basis or any(_from_budgets(old, new, self.index)):
            return {}
        if self.index != 1 or self.revised != 1:
            return {}
        if _apart(old, new) or _apart(new, old):
            return {}
        return {"correction": "rate_change" if new.basis == "rate" else "total_change"}

    def present(self, known: Sequence[str]) -> list[str]:
        """Return the causes that are there at all; only these are averaged over."""
        old, new = self.old, self.new
        scales = {name: any(step.get(name) for step in self.steps) for name in FEE_SCALES}
        running, reserve = _from_budgets(old, new, self.index)
        there = {
            "activities_running": bool(running),
            "reserve_change": bool(reserve),
            "mergers": old.codes != new.codes,
            "own_growth": old.counting_date != new.counting_date,
            "national_growth": old.counting_date != new.counting_date,
            "activities_ended": bool(_apart(old, new)),
            "activities_new": bool(_apart(new, old)),
            "settlement": (self.previous.settlement or self.current.settlement) is not None,
            "key": old.key != new.key,
            "bounds": old.conditions != old.conditions.with_bounds_of(new.conditions),
            "phase_in": old.phase_in != new.phase_in,
            "rounding": old.conditions.with_bounds_of(new.conditions) != new.conditions,
            "vintage": self.revised != 1,
            "tariff": old.tariff != new.tariff or any(scales.values()),
            **scales,
        }
        return [cause for cause in known if there.get(cause, True)]


def _figures_of(columns: Sequence[str], terms: Terms) -> dict[str, Mapping[str, Fraction]]:
    """Figures of the columns that have them on the counting date."""
    own = [name for name in columns if is_own(name)]
    figures: dict[str, Mapping[str, Fraction]] = {name: terms.figures[name] for name in own if name in terms.figures}
    for name in columns:
        if name in own:
            continue
        with suppress(OutsidePeriodError, InputError):  # no figures on that date, or not of everyone
            figures |= exact_figures([name, "inhabitants"], terms.counting_date, terms.map_date, terms.reference)
    return figures


def _level_of(terms: Terms, by_rate: bool) -> Fraction:
    return terms.level if by_rate or terms.basis != "rate" else terms.level * terms.totals["inhabitants"]


def _apart(terms: Terms, other: Terms) -> set[str]:
    """Activities with a known budget that are not in the other portfolio at all."""
    return set(terms.budgets) - set(other.activities)


def _only_in(terms: Terms, other: Terms, by_rate: bool) -> Fraction:
    """Budgets of the activities that are not in the other portfolio, in euro or per inhabitant."""
    amount = Fraction(sum(terms.budgets[name] for name in _apart(terms, other)), 100)
    return amount / terms.totals["inhabitants"] if by_rate else amount


def _from_budgets(old: Terms, new: Terms, index: Fraction) -> tuple[Fraction, Fraction]:
    """What running activities and the reserve do to the total, in euro; nothing where it does not follow from them."""
    if not all(
        terms.budgets
        and terms.basis == "budget"
        and terms.level * 100 == sum(terms.budgets.values()) - terms.withdrawal
        for terms in (old, new)
    ):
        return Fraction(0), Fraction(0)
    both = old.budgets.keys() & new.budgets.keys()
    first, last = (sum(terms.budgets[name] for name in both) for terms in (old, new))
    return (last - first * index) / 100, Fraction(old.withdrawal - new.withdrawal, 100)


def average(states: BillStates, known: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Shapley value of the causes: the mean over all orders, in cents that add up both ways."""
    base, full = states.cents(frozenset()), states.cents(frozenset(known))
    active = states.present(known)
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
    rounded = round_table(means, row_totals=euros([full[code] - base[code] for code in full]))
    columns = rounded.T.tolist()
    return {
        cause: dict(zip(full, map(to_cents, column), strict=True)) for cause, column in zip(known, columns, strict=True)
    }


def _subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(name for bit, name in enumerate(names) if mask >> bit & 1) for mask in range(2 ** len(names))]
