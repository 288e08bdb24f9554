"""The fund the slow way: bills, causes of change, phase-in and VAT straight from their definitions, in exact fractions.

Reads the shipped tables with the standard library only, and shares nothing with the package.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import permutations

from oracles.carry import rows

Cents = dict[str, int]


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    return tuple(rows(name))


def half_up(amount: Fraction) -> int:
    """Nearest integer, halves away from zero."""
    sign = -1 if amount < 0 else 1
    return sign * int((abs(amount) * 2 + 1) // 2)


def hamilton(total: int, weights: Mapping[str, Fraction]) -> Cents:
    """Largest remainders: whole quotas first, then one unit each to the largest rest, ties by code."""
    if total == 0:
        return dict.fromkeys(sorted(weights), 0)
    if total < 0:
        return {code: -units for code, units in hamilton(-total, weights).items()}
    whole = sum(weights.values())
    quota = {code: total * Fraction(weight) / whole for code, weight in sorted(weights.items())}
    units = {code: int(amount // 1) for code, amount in quota.items()}
    served = sorted(quota, key=lambda code: (units[code] - quota[code], code))
    for code in served[: total - sum(units.values())]:
        units[code] += 1
    return units


@cache
def shares(after: str, until: str) -> Mapping[str, Mapping[str, Fraction]]:
    """What part of each municipality of one day is in each of a later day; days as ISO text."""
    start = {row["code"] for row in table("municipalities_2018.csv")}
    parts = {code: {code: Fraction(1)} for code in start}
    for first, last, collected in (("2018-01-01", after, False), (after, until, True)):
        if collected:
            parts = {code: {code: Fraction(1)} for held in parts.values() for code in held}
        days = sorted({row["date"] for row in table("mergers.csv") if first < row["date"] <= last})
        for day in days:
            today = [row for row in table("mergers.csv") if row["date"] == day]
            for held in parts.values():
                for gone in {row["old_code"] for row in today} & set(held):
                    part = held.pop(gone)
                    for row in today:
                        if row["old_code"] == gone:
                            share = Fraction(int(row["share_numerator"]), int(row["share_denominator"]))
                            held[row["new_code"]] = held.get(row["new_code"], Fraction(0)) + part * share
    return parts


def codes_on(day: str) -> list[str]:
    """Codes of a day."""
    return sorted(shares(day, day))


def moved(figures: Mapping[str, Fraction], after: str, until: str) -> dict[str, Fraction]:
    """Totals on a later map."""
    result = dict.fromkeys(codes_on(until), Fraction(0))
    for code, parts in shares(after, until).items():
        for successor, share in parts.items():
            result[successor] += share * figures[code]
    return result


def moved_cents(cents: Mapping[str, int], after: str, until: str) -> Cents:
    """Whole cents with the legal successors; the cents of a divided municipality by largest remainders."""
    result = dict.fromkeys(codes_on(until), 0)
    for code, parts in shares(after, until).items():
        for successor, units in hamilton(cents[code], parts).items():
            result[successor] += units
    return result


@cache
def counted(column: str, year: int, day: str) -> Mapping[str, Fraction]:
    """Figures of 1 January of a year, on the map of a day."""
    if column == "equal":
        return dict.fromkeys(codes_on(day), Fraction(1))
    figures = {row["code"]: Fraction(row[column]) for row in table(f"municipalities_{year}.csv")}
    return moved(figures, f"{year}-01-01", day)


@cache
def nation(column: str, year: int, day: str) -> Fraction:
    """Sum of the figures of a year."""
    return sum(counted(column, year, day).values(), Fraction(0))


def fee_of(inhabitants: Fraction, brackets: Sequence[tuple[int, Fraction]], mode: str = "marginal") -> Fraction:
    """Euro: each bracket its own rate (marginal), or the rate of the highest bracket reached on everyone."""
    if mode == "whole_class":
        return inhabitants * max(bracket for bracket in brackets if bracket[0] <= inhabitants)[1]
    amount, left = Fraction(0), Fraction(inhabitants)
    for start, rate in sorted(brackets, reverse=True):
        above = max(Fraction(0), left - start)
        amount, left = amount + above * rate, left - above
    return amount


@dataclass(frozen=True)
class Year:
    """One bill: `level` is the total in euro, or euro per inhabitant; a fee has `brackets` instead."""

    count: int
    day: str
    level: Fraction = Fraction(0)
    basis: str = "budget"
    key: Mapping[str, Fraction] = field(default_factory=lambda: {"inhabitants": Fraction(1)})
    index: Fraction = Fraction(0)
    cover: Fraction = Fraction(0)
    budgets: Mapping[str, int] = field(default_factory=dict)
    taken: int = 0
    brackets: Sequence[tuple[int, Fraction]] = ()
    settlement: Mapping[str, int] | None = None

    def figures(self, column: str) -> Mapping[str, Fraction]:
        return counted(column, self.count, self.day)

    def bill(self) -> Cents:
        """Whole cents by code, without the settlement."""
        people = self.figures("inhabitants")
        if self.brackets:
            return {code: half_up(100 * fee_of(n, self.brackets)) for code, n in people.items()}
        if self.basis == "rate":
            return {code: half_up(100 * self.level * n) for code, n in people.items()}
        part = dict.fromkeys(people, Fraction(0))
        for column, fraction in self.key.items():
            figures = self.figures(column)
            whole = nation(column, self.count, self.day)
            for code in part:
                part[code] += fraction * figures[code] / whole
        return hamilton(half_up(self.level * 100), part)

    def settled(self) -> Cents:
        """The bill with the settlement of an earlier year in it."""
        extra = self.settlement or {}
        return {code: cents + extra.get(code, 0) for code, cents in self.bill().items()}


def _own_figures(column: str, old: Year, new: Year, on: frozenset[str]) -> Mapping[str, Fraction]:
    """Figures with mergers and own growth on or off; growth on the old map is divided as the old figures were."""
    if "mergers" in on:
        source = new if "own_growth" in on else old
        return counted(column, source.count, new.day)
    first = old.figures(column)
    if "own_growth" not in on or column == "equal":
        return first
    there, last = moved(first, old.day, new.day), new.figures(column)
    return {
        code: sum((share * first[code] / there[to] * last[to] for to, share in parts.items()), Fraction(0))
        for code, parts in shares(old.day, new.day).items()
    }


def state(on: frozenset[str], old: Year, new: Year) -> Cents:
    """The bill in cents on the new map, with the causes `on` switched on."""
    if not on:
        return moved_cents(old.settled(), old.day, new.day)
    people = _own_figures("inhabitants", old, new, on)
    if new.brackets:
        steps = {"index": new.index, "growth_to_cost_cover": new.cover}
        scale = 1 + sum(step for name, step in steps.items() if name in on)
        tariff = old.brackets
        if "tariff" in on:
            tariff, scale = new.brackets, scale / (1 + sum(steps.values()))
        cents = {code: half_up(100 * scale * fee_of(n, tariff)) for code, n in people.items()}
    else:
        cents = _fund_state(on, old, new, people)
    if "mergers" not in on:
        cents = moved_cents(cents, old.day, new.day)
    extra = new.settlement if "settlement" in on else old.settlement and moved_cents(old.settlement, old.day, new.day)
    return {code: amount + (extra or {}).get(code, 0) for code, amount in cents.items()}


def _fund_state(on: frozenset[str], old: Year, new: Year, people: Mapping[str, Fraction]) -> Cents:
    fixed_rate = old.basis == new.basis == "rate"
    levels = [
        year.level * (nation("inhabitants", year.count, year.day) if year.basis == "rate" and not fixed_rate else 1)
        for year in (old, new)
    ]
    ended, started = (
        Fraction(sum(cents for name, cents in one.budgets.items() if name not in other.budgets), 100)
        for one, other in ((old, new), (new, old))
    )
    running = reserve = Fraction(0)
    if not fixed_rate and all(
        one.budgets and one.basis == "budget" and one.level == Fraction(sum(one.budgets.values()) - one.taken, 100)
        for one in (old, new)
    ):
        reserve = Fraction(old.taken - new.taken, 100)
        for name in set(old.budgets) & set(new.budgets):
            running += Fraction(new.budgets[name], 100) - (1 + new.index) * Fraction(old.budgets[name], 100)
    rest = levels[1] - (levels[0] - ended) * (1 + new.index) - started - running - reserve
    level = levels[0] - (ended if "activities_ended" in on else 0)
    level *= 1 + (new.index if "index" in on else 0)
    level += (started if "activities_new" in on else 0) + (rest if "correction" in on else 0)
    level += (running if "activities_running" in on else 0) + (reserve if "reserve_change" in on else 0)
    if fixed_rate:
        return {code: half_up(100 * level * n) for code, n in people.items()}
    part = dict.fromkeys(people, Fraction(0))
    for column, fraction in (new if "key" in on else old).key.items():
        figures = _own_figures(column, old, new, on)
        year = new if "national_growth" in on else old
        whole = Fraction(len(part)) if column == "equal" else nation(column, year.count, year.day)
        for code in part:
            part[code] += fraction * figures[code] / whole
    if (new if "correction" in on else old).basis == "rate":
        return {code: half_up(100 * level * share) for code, share in part.items()}
    return hamilton(half_up(100 * level * sum(part.values())), part)


def causes_in_order(order: Iterable[str], old: Year, new: Year) -> dict[str, Cents]:
    """The bill after minus the bill before, cause by cause."""
    done, before, result = frozenset[str](), state(frozenset(), old, new), {}
    for cause in order:
        done |= {cause}
        after = state(done, old, new)
        result[cause] = {code: after[code] - before[code] for code in after}
        before = after
    return result


def mean_over_orders(
    active: Sequence[str], idle: Iterable[str], old: Year, new: Year
) -> dict[str, dict[str, Fraction]]:
    """Mean of each cause over all orders of the active ones, unrounded; the idle change nothing and are on."""
    always, orders = frozenset(idle), list(permutations(active))
    turns = Counter((frozenset(order[:place]), cause) for order in orders for place, cause in enumerate(order))
    seen = {done: state(done | always if done else done, old, new) for done in {done for done, _ in turns}}
    seen[frozenset(active)] = state(frozenset(active) | always, old, new)
    sums = {cause: dict.fromkeys(codes_on(new.day), 0) for cause in active}
    for (done, cause), count in turns.items():
        for code in sums[cause]:
            sums[cause][code] += count * (seen[done | {cause}][code] - seen[done][code])
    return {cause: {code: Fraction(total, len(orders)) for code, total in by.items()} for cause, by in sums.items()}


def phase_in_year(
    effect: Mapping[str, int], people: Mapping[str, Fraction], cap: Fraction, *, both_sides: bool = False
) -> tuple[Cents, int]:
    """Effects of one year under a cumulative cap, and how many the cap holds back."""
    most = {code: half_up(100 * cap * people[code]) for code in effect}
    losses = {code: min(cents, most[code]) for code, cents in effect.items() if cents > 0}
    gains = {code: -cents for code, cents in effect.items() if cents < 0}
    if both_sides:
        gains = {code: min(cents, most[code]) for code, cents in gains.items()}
    held = sum(cents != abs(effect[code]) for code, cents in (*losses.items(), *gains.items()))
    amount = min(sum(losses.values()), sum(gains.values()))
    sides = []
    for side in (losses, gains):
        weights = {code: Fraction(cents) for code, cents in side.items()}
        sides.append(hamilton(amount, weights) if sum(side.values()) != amount else side)
    return {code: sides[0].get(code, 0) - sides[1].get(code, 0) for code in effect}, held


def vat_of(
    cents: int, rate: Decimal, taxed: Decimal, recoverable: Decimal, *, includes: bool = True
) -> tuple[int, int, int, int]:
    """Excluding VAT, VAT, recoverable VAT and net of one invoice, in cents, halves up."""

    base = Fraction(cents) * Fraction(taxed) * Fraction(rate)
    tax = half_up(base / (1 + Fraction(rate)) if includes else base)
    without = cents - tax if includes else cents
    back = half_up(tax * Fraction(recoverable))
    return without, tax, back, without + tax - back
