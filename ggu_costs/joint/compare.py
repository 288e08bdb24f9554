"""Two or three joint bodies side by side in one year, such as a budget and an earlier version of it, and why.

The causes of the difference between b and a are taken in one order: who takes part, their figures, the keys, the cost,
and the reserve with exit and step-in payments. Each is the contribution after less before, so that they add up to the
cent. Who takes part in b only has the figures of b from the start. A cost group that only one of them has is a change
of the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from ggu_costs.display.report import Answer, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, InputError, UnknownNameError, check_kind
from ggu_costs.frames import amend
from ggu_costs.fund.result import euro_frame
from ggu_costs.joint.answer import causes_in_words
from ggu_costs.joint.plan import MOVES, Cents, Columns, Plan, add_up
from ggu_costs.joint.results import BodyResult
from ggu_costs.results.base import LETTERS, Line, SideBySide
from ggu_costs.words.messages import euro, message

if TYPE_CHECKING:
    from ggu_costs.joint.body import BodyModel

DIFFERENCES = ("participants_changed", "figures_changed", "keys_changed", "cost_changed", "reserve_changed")
"""Why bodies differ, in the order in which the causes are taken."""


@dataclass(frozen=True, kw_only=True)
class BodyComparison(BodyResult, SideBySide):
    """Contributions to joint bodies side by side; columns ``a``, ``b``, ``c`` in the order given.

    Attributes
    ----------
    year
        The year that is compared.
    cents
        Cents by letter and participant; who takes no part in one of them has 0.
    whys
        Of each body after the first: cents by cause of :data:`DIFFERENCES` and participant, together the difference.
    """

    year: int
    cents: Mapping[str, Cents] = field(default_factory=dict)
    whys: Mapping[str, Mapping[str, Cents]] = field(default_factory=dict)

    noun: ClassVar[str] = "comparison"

    def change(self, letter: str) -> dict[str, int]:
        """Cents by participant: a body less the first."""
        return {code: cents - self.cents["a"][code] for code, cents in self.cents[letter].items()}

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents of each, and how the others differ from the first."""
        return {**self.cents, **{f"change_{letter}": self.change(letter) for letter in self.whys}}

    def to_frame(self) -> pd.DataFrame:
        """Return ``name``, contributions ``a, b, c`` and ``change_b, change_c`` (minus ``a``) by code, in euro."""
        frame = euro_frame(self.columns, self.called)
        return self._framed(frame, dict.fromkeys(self.columns, "EUR"), total=tuple(self.columns))

    def causes(self, letter: str = "b") -> pd.DataFrame:
        """Return by code ``name``, ``change`` and its causes, in euro; a cause that is nil for everyone is left out.

        Raises
        ------
        UnknownNameError
            No body after the first.
        """
        if letter not in self.whys:
            raise UnknownNameError("body after the first", letter, self.whys)
        shown = {name: cents for name, cents in self.whys[letter].items() if any(cents.values())}
        columns: dict[str, Cents] = {"change": self.change(letter), **shown}
        frame = euro_frame(columns, self.called)
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=tuple(columns))

    def summary(self) -> tuple[Line, ...]:
        """Return the contributions to each, for the head of a report."""
        return tuple(
            (message("contributions_to", letter=letter.upper()), sum(cents.values()) / 100, "EUR")
            for letter, cents in self.cents.items()
        )

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison shows, for all participants or for one."""
        if municipality is not None and municipality not in self.called:
            raise UnknownNameError("participant", municipality, self.called)
        tables = [Table("comparison", "", self._only(self.to_frame(), municipality), map_date=self.map_date,
                        meanings=self.meanings)]  # fmt: skip
        for letter in self.whys:
            title = message("causes_of_body", letter=letter.upper(), year=self.year)
            frame = self._only(self.causes(letter), municipality)
            tables.append(Table(f"causes_{letter}", title, frame, map_date=self.map_date))
        return Report(
            self.title, tuple(tables), summary=self.summary(), notes=self.notes, provenance=self.provenance,
            made_up=self.illustrative, municipality=municipality, answer=self._answer(municipality),
        )  # fmt: skip

    def _only(self, frame: pd.DataFrame, code: str | None) -> pd.DataFrame:
        if code is None:
            return frame
        one = frame.loc[[code]]
        return amend(one, total=[])

    def _answer(self, code: str | None) -> Answer:
        """Say how much more or less the others ask than the first, and why."""
        codes = list(self.called) if code is None else [code]
        sums = {letter: sum(cents[one] for one in codes) for letter, cents in self.cents.items()}
        parts = [
            message("body_as_first", letter=letter.upper(), total=Fraction(sums[letter], 100))
            if sums[letter] == sums["a"]
            else message(
                "body_beside_first", letter=letter.upper(), total=Fraction(sums[letter], 100),
                change=Fraction(sums[letter] - sums["a"], 100),
                causes=causes_in_words({name: sum(cents[one] for one in codes) for name, cents in why.items()}),
            )
            for letter, why in self.whys.items()
        ]  # fmt: skip
        who = message("all_participants") if code is None else self.called[code]
        sentence = message("bodies_compared", who=who, year=self.year, first=Fraction(sums["a"], 100), parts=parts)
        basis = message("body_basis_of_year", year=self.year)
        tiles = tuple(
            Tile(name=message("contributions_to", letter=letter.upper()), value=euro(Fraction(cents, 100)), basis=basis)
            for letter, cents in sums.items()
        )
        return Answer(sentence=sentence, tiles=tiles)


def compare_bodies(body: BodyModel, *others: BodyModel, year: int | None, kind: type[Any]) -> BodyComparison:
    """Put this body and one or two others side by side; see :meth:`ggu_costs.joint.model.JointBody.compare`."""
    check_kind(others, kind, "to compare", "Give opened joint bodies.")
    bodies = (body, *others)
    if not 2 <= len(bodies) <= 3:
        raise InputError(f"{len(bodies)} bodies to compare", remedy="Give two or three.")
    year = _year(bodies, year)
    _check_alike(bodies)
    codes = sorted({code for one in bodies for code in one.definition.members(year)})
    cents = {
        letter: {code: one.plan.contributions(year).get(code, 0) for code in codes}
        for letter, one in zip(LETTERS, bodies, strict=False)
    }
    whys = {letter: _causes(body.plan, one.plan, year, codes) for letter, one in zip(LETTERS[1:], others, strict=False)}
    last = max(bodies, key=lambda one: one.definition.map_date)
    meanings = {letter: one.title for letter, one in zip(LETTERS, bodies, strict=False)}
    names = {code: name for one in bodies for code, name in one.plan.names.items()}
    notes = [message("titled", of=letter, title=title) for letter, title in meanings.items()]
    more = dict.fromkeys(note for one in bodies for note in one.definition.notes)
    return BodyComparison(
        title=message("comparison_of", titles=[one.title for one in bodies]),
        notes=(*notes, message("causes_order_of_bodies"), *more),
        provenance={letter: one.provenance(year=year) for letter, one in zip(meanings, bodies, strict=True)},
        illustrative=any(one.definition.illustrative for one in bodies), meanings=meanings,
        map_date=last.definition.map_date, reference=last.reference, year=year, cents=cents, whys=whys,
        called={code: names[code] for code in codes}, people=last.plan.figures_of_people(year, codes),
    )  # fmt: skip


def _year(bodies: Sequence[BodyModel], year: object) -> int:
    """The year asked, which all of them have; by default the budget year of the first that they share."""
    if year is not None:
        years = [one.plan.check_year(year) for one in bodies]
        return years[0]
    shared = [one for one in bodies[0].plan.years if all(one in other.plan.years for other in bodies[1:])]
    if not shared:
        raise InputError("these bodies have no year in common", remedy="Compare files that share a year.")
    return bodies[0].next_year if bodies[0].next_year in shared else shared[0]


def _check_alike(bodies: Sequence[BodyModel]) -> None:
    routes = {one.definition.body.vat.route for one in bodies}
    faults = Faults()
    if len(routes) > 1:
        faults.add("body.vat.route", ", ".join(sorted(routes)), "one route: amounts with and without VAT differ")
    faults.check(
        "these bodies cannot stand side by side", remedy="Bring the files to one way in which VAT is passed on."
    )


def _causes(first: Plan, other: Plan, year: int, codes: Sequence[str]) -> dict[str, Cents]:
    """Cents by cause and participant; together the contribution to the other less that to the first."""
    was, becomes = first.definition.members(year), other.definition.members(year)
    old, new = first.net_cost(year), other.net_cost(year)
    start, end = (
        first.shares(old, year, first.figures(year, was)),
        other.shares(new, year, other.figures(year, becomes)),
    )
    states = [start]
    try:
        states.append(_by_keys(first, old, year, _figures(first, other, year, becomes, keep=was)))
        figures = _figures(first, other, year, becomes, keep=())
        states.append(_by_keys(first, old, year, figures))
        states.append(_by_keys(first, old, year, figures, other))
    except (
        InputError
    ):  # nobody of the other has what the keys of the first need: who takes part is all that can be told
        states = [start, end, end, end]
    states.append(end)
    sums = [add_up(state, codes) for state in states]
    causes: dict[str, Cents] = {
        name: {code: after[code] - before[code] for code in codes}
        for name, before, after in zip(DIFFERENCES, sums, sums[1:], strict=False)
    }
    moves = [add_up({name: plan.parts(year).get(name, {}) for name in MOVES}, codes) for plan in (first, other)]
    causes[DIFFERENCES[-1]] = {code: moves[1][code] - moves[0][code] for code in codes}
    return causes


def _figures(first: Plan, other: Plan, year: int, members: Sequence[str], *, keep: Sequence[str]) -> Columns:
    """Figures of the members of the other: of those to keep as the first has them, where it has the column."""
    kept = first.figures(year, [code for code in members if code in keep])
    known, own = first.figures(year, members), other.figures(year, members)
    found = {}
    for name in {**known, **own}:
        column = own.get(name) or known[name]
        found[name] = {code: kept.get(name, {}).get(code, column[code]) for code in members}
    return found


def _by_keys(
    plan: Plan, net: Cents, year: int, figures: Columns, other: Plan | None = None
) -> dict[str, dict[str, int]]:
    """Share the cost of each group by its key, or by that of the same group of another."""
    theirs = {} if other is None else {group.id: other.definition.key(group.key) for group in other.definition.groups}
    return {
        group.id: plan.share(net[group.id], theirs.get(group.id, plan.definition.key(group.key)), year, figures)
        for group in plan.definition.groups
    }
