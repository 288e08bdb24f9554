r"""What leaving a joint body costs (uittreedsom), by its regulation and by other rules, and what the others then pay.

Rules and caps are those of :mod:`ggu_costs.modelfile.leaving`. The yearly amount of who leaves at the end of year y is
its share in the cost groups of that year. The real damage is what stays with the others over the B bridging years,
:math:`f + \sum_{t \le B} \left( \omega_t + \sum_g d_{gt} (a_g - w_g) \right)`, with friction cost f, the part
:math:`d_{gt}` of the share in group g that stays in year t, the write-off :math:`w_g` in that share, and the write-off
:math:`\omega_t` that runs on. All amounts are at the level of year y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError
from ggu_costs.frozen import Frozen
from ggu_costs.fund.result import euro_frame
from ggu_costs.joint.plan import Cents, Plan, add_up
from ggu_costs.joint.results import BodyResult
from ggu_costs.modelfile.leaving import (
    USUAL_YEARS,
    ExitTerms,
    amounts_by_rule,
    asked_rule,
    capped,
    fees_frame,
    notice_day,
)
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import round_half_up, share_exactly
from ggu_costs.words.messages import message, word


@dataclass(frozen=True, kw_only=True)
class Damage(Brief, Frozen):
    """What leaving costs the others, in cents by bridging year.

    Attributes
    ----------
    stays
        By bridging year and cost group: what stays of the share (desintegratiekosten), write-off apart.
    write_off
        By bridging year and cost group: write-off that runs on.
    friction
        Once, in the first year (frictiekosten); None where it is not stated (PM).
    known
        Whether the file says of any cost group what stays; else the damage is PM, and caps nothing.
    """

    stays: tuple[Cents, ...]
    write_off: tuple[Cents, ...]
    friction: int | None
    known: bool

    @property
    def total(self) -> int | None:
        """The real damage in cents, without a friction cost that is not stated; None where nothing is known."""
        return sum(self.by_year) if self.known else None

    @property
    def by_year(self) -> tuple[int, ...]:
        """Cents of each bridging year."""
        sums = [sum(one.values()) + sum(two.values()) for one, two in zip(self.stays, self.write_off, strict=True)]
        sums[0] += self.friction or 0
        return tuple(sums)


@dataclass(frozen=True, kw_only=True)
class Exit(BodyResult):
    """What it costs to leave at the end of a year, by rule, and what the others then pay.

    Attributes
    ----------
    code, year
        Who leaves, and its last year.
    rule
        The rule by which the fee is due: ``regulation``, or one of the others as a comparison.
    own
        What the regulation itself says; None where the file does not state it.
    yearly
        Cents that it contributes to the cost groups in that year.
    amounts
        Cents by rule, that of the regulation first; None where a rule cannot be worked out (PM).
    damage
        What the others are left with.
    bridging
        Cents by bridging year and other participant: what it pays more (+) or less (-), the fee released.
    notice
        By which day notice has to be given; None where the file does not say.
    """

    code: str
    year: int
    rule: str
    own: ExitTerms | None
    yearly: int
    amounts: Mapping[str, int | None]
    damage: Damage
    bridging: tuple[Cents, ...]
    notice: date | None

    noun: ClassVar[str] = "exit"

    @property
    def due_cents(self) -> int | None:
        """Cents due by the rule asked; None where it is PM."""
        return self.due_by(self.rule)

    @property
    def due(self) -> float | None:
        """Euro due by the rule asked, never above the real damage where that is known; None where it is PM."""
        return None if self.due_cents is None else self.due_cents / 100

    def due_by(self, rule: str) -> int | None:
        """Cents due by a rule, never above the real damage where that is known."""
        return capped(self.amounts[rule], self.damage.total)

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents that each other participant pays more in each bridging year, and together."""
        years = {f"year_{number}": cents for number, cents in enumerate(self.bridging, 1)}
        codes = [code for code in self.called if code != self.code]
        return {**years, "together": add_up(years, codes)}

    def to_frame(self) -> pd.DataFrame:
        """Return by rule ``amount`` and ``due`` in euro, and ``case_law``; the rule of the body first. NaN is PM."""
        frame = fees_frame(self.amounts, self.damage.total, self.own)
        return self._framed(frame, {"amount": "EUR", "due": "EUR"}, pm=("amount", "due"))

    def damages(self) -> pd.DataFrame:
        """Return the real damage by part and bridging year, in euro: what stays, write-off that runs on, friction."""
        rows: dict[str, list[int | None]] = {
            "disintegration": [sum(cents.values()) for cents in self.damage.stays],
            "write_off_running": [sum(cents.values()) for cents in self.damage.write_off],
            "friction": [self.damage.friction, *[0] * (len(self.damage.stays) - 1)],
        }
        frame = pd.DataFrame(index=pd.Index([word(name) for name in rows], name="cost_item", dtype=object))
        for place in range(len(self.damage.stays)):
            frame[f"year_{place + 1}"] = euro_column(row[place] for row in rows.values())
        frame["together"] = [sum(value or 0 for value in row) / 100 for row in rows.values()]
        columns = tuple(frame.columns)
        return self._framed(frame, dict.fromkeys(columns, "EUR"), pm=columns, total=columns)

    def others(self) -> pd.DataFrame:
        """Return by other participant ``name`` and what it pays more (+) or less (-) in each bridging year, in euro."""
        frame = euro_frame(self.columns, self.called)
        return self._framed(frame, dict.fromkeys(self.columns, "EUR"), total=tuple(self.columns))


@dataclass(frozen=True, kw_only=True)
class _Leaver:
    """Who leaves at the end of a year, and what it paid.

    Attributes
    ----------
    shares, net
        Cents of the year by cost group and participant, and by cost group.
    """

    code: str
    year: int
    shares: Mapping[str, Cents]
    net: Cents

    @property
    def own(self) -> dict[str, int]:
        """Its cents by cost group."""
        return {name: part[self.code] for name, part in self.shares.items()}

    def part(self, group: str) -> Fraction:
        """Its part in the cost of a group."""
        return Fraction(self.own[group], self.net[group]) if self.net[group] else Fraction(0)


def leave(plan: Plan, code: str, year: int, rule: str | None = None, **facts: object) -> Exit:
    """Return what leaving at the end of a year costs; see :meth:`ggu_costs.joint.model.JointBody.exit`.

    Parameters
    ----------
    facts
        What every result has: notes, provenance and so on.
    """
    year = plan.check_year(year)
    plan.check_member(code, year)
    if len(plan.definition.members(year)) == 1:
        raise InputError(f"{code} is the only participant in {year}", remedy="Ask this where somebody stays.")
    terms = plan.definition.exit
    net, members = plan.net_cost(year), plan.definition.members(year)
    leaver = _Leaver(code=code, year=year, shares=plan.shares(net, year, plan.figures(year, members)), net=net)
    damage = _damage(plan, leaver, terms)
    amounts = _amounts(plan, leaver, damage, terms)
    asked = asked_rule(rule, terms, damage.total)
    return Exit(
        title=message("exit_of_body", title=plan.definition.title, name=plan.names[code], year=year),
        code=code, year=year, rule=asked, own=terms, yearly=sum(leaver.own.values()), amounts=amounts, damage=damage,
        bridging=_bridging(plan, leaver, damage, capped(amounts[asked], damage.total)), notice=notice_day(year, terms),
        called={one: plan.names[one] for one in members}, people=plan.figures(year, members)["inhabitants"],
        map_date=plan.definition.map_date, reference=plan.reference, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def _damage(plan: Plan, leaver: _Leaver, terms: ExitTerms | None) -> Damage:
    years = terms.bridging_years if terms else USUAL_YEARS
    groups = plan.definition.groups
    assets = {group.id: [one for one in plan.definition.assets if one.group == group.id] for group in groups}

    def written_off(group: str, of: int) -> int:
        return round_half_up(leaver.part(group) * sum(plan.write_off(asset, of) for asset in assets[group]))

    stays, write_off = [], []
    for step in range(years):
        left = {}
        for group in groups:
            running = max(0, leaver.own[group.id] - written_off(group.id, leaver.year))
            left[group.id] = round_half_up(running * Fraction(group.stays.get(step + 1, 0)))
        stays.append(left)
        write_off.append({group.id: written_off(group.id, leaver.year + step + 1) for group in groups})
    friction = plan.value_cents(terms.friction) if terms else None
    known = any(group.stays for group in groups)
    return Damage(stays=tuple(stays), write_off=tuple(write_off), friction=friction, known=known)


def _amounts(plan: Plan, leaver: _Leaver, damage: Damage, terms: ExitTerms | None) -> dict[str, int | None]:
    """Cents by rule, that of the regulation first."""
    assets = plan.definition.assets
    book = [round_half_up(leaver.part(asset.group) * plan.book_value(asset, leaver.year)) for asset in assets]
    yearly = sum(leaver.own.values())
    return amounts_by_rule(terms, yearly=yearly, damage=damage.total, book=sum(book) if assets else None)


def _bridging(plan: Plan, leaver: _Leaver, damage: Damage, due: int | None) -> tuple[dict[str, int], ...]:
    """Cents that each other participant pays more in each bridging year, at the level of the last year."""
    others = [one for one in plan.definition.members(leaver.year) if one != leaver.code]
    figures = plan.figures(leaver.year, others)
    released = share_exactly(due or 0, [Fraction(1)] * len(damage.stays))
    found = []
    for step, back in enumerate(released):
        left = {
            name: leaver.net[name] - cents + damage.stays[step][name] + damage.write_off[step][name]
            for name, cents in leaver.own.items()
        }
        friction = (damage.friction or 0) if step == 0 else 0
        once = plan.share(friction - back, plan.reserve_key, leaver.year, figures)
        after = add_up({**plan.shares(left, leaver.year, figures), "once": once}, others)
        found.append({one: after[one] - sum(part[one] for part in leaver.shares.values()) for one in others})
    return tuple(found)
