"""Why the money of one circulaire differs from that of another: volumes, weights, factor and other uitkeringen.

The new amount is reached from the old one in a fixed order, each cause being the amount after it minus the amount
before it, in cents: first the new volumes at old weights and factor, then the new weights, then the new factor, then
task mutations where they are known apart, and last the other uitkeringen. Another order attributes differently; the sum
is the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol

import pandas as pd

from ggu_costs.display.report import Answer, Line, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, listed
from ggu_costs.grants.amounts import GrantAmounts, lacking_words, rate
from ggu_costs.grants.exact import cents, general
from ggu_costs.grants.keys import base_of, deduction_of
from ggu_costs.money import euros
from ggu_costs.results.base import SideBySide
from ggu_costs.words.messages import Message, euro, message, word

_TASKS, _OTHERS = "tasks_changed", "others_changed"


class Phased(Protocol):
    """A redistribution that is spread over years, as far as a page shows it."""

    @property
    def title(self) -> str:
        """What it is."""
        ...

    @property
    def limited(self) -> tuple[int, ...]:
        """Municipalities that the cap holds back in each year."""
        ...

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked, for provenance."""
        ...

    def by_municipality(self) -> pd.DataFrame:
        """Return the way to the full effect by code."""
        ...


@dataclass(frozen=True, kw_only=True)
class GrantChange(SideBySide):
    """The difference between two circulaires by municipality, new minus old, in cents that add up.

    Attributes
    ----------
    before, after
        The amounts of both.
    causes
        Cents by cause and municipality; over the causes they add up to after minus before.
    phased
        What moves at an equal total, spread over years, where that is asked.
    """

    before: GrantAmounts
    after: GrantAmounts
    causes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    phased: Phased | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return the change by code.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants`` (those of the new circulaire), ``before``, a column a cause, ``after``,
            ``grants_change`` and ``general_change`` (without other uitkeringen) in euro, and both per inhabitant.
        """
        codes, people = self.after.codes, self.after.inhabitants
        frame = pd.DataFrame(index=pd.Index(codes, name="code"))
        frame["name"] = [self.after.names[code] for code in codes]
        frame["inhabitants"] = [float(people[code]) for code in codes]
        for name, column in self._columns().items():
            frame[name] = euros([column[code] for code in codes])
        for name, of in (
            ("change_per_inhabitant", "grants_change"),
            ("general_change_per_inhabitant", "general_change"),
        ):
            frame[name] = [rate(self._columns()[of][code], people[code]) for code in codes]
        return self._framed(frame, self._units(), total=("inhabitants", *self._columns()))

    def _columns(self) -> dict[str, dict[str, int]]:
        codes, old, new = self.after.codes, self.before.columns["grants"], self.after.columns["grants"]
        general = {code: sum(c[code] for name, c in self.causes.items() if name != _OTHERS) for code in codes}
        change = {code: new[code] - old[code] for code in codes}
        causes = {name: dict(cents) for name, cents in self.causes.items()}
        return {"before": old, **causes, "after": new, "grants_change": change, "general_change": general}

    def _units(self) -> dict[str, str]:
        rates = ("change_per_inhabitant", "general_change_per_inhabitant")
        return dict.fromkeys(self._columns(), "EUR") | dict.fromkeys(rates, "EUR/inhabitant")

    def by(self, group: Any) -> pd.DataFrame:
        """Return the change by group, as :meth:`GrantAmounts.by` takes groups."""
        columns = self._columns()

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            people = sum((self.after.inhabitants[code] for code in codes), Fraction(0))
            sums = {name: sum(cents[code] for code in codes) for name, cents in columns.items()}
            return {
                "municipalities": len(codes), "inhabitants": float(people),
                **{name: cents / 100 for name, cents in sums.items()},
                "change_per_inhabitant": rate(sums["grants_change"], people),
                "general_change_per_inhabitant": rate(sums["general_change"], people),
            }  # fmt: skip

        groups = self.after.reference.groups(group, self.after.codes, self.after.map_date)
        return self._grouped(groups, row, self._units(), total=("municipalities", "inhabitants", *columns))

    def weights(self) -> pd.DataFrame:
        r"""Return the maatstaven of which the amount per unit changed, what moves most money first.

        Returns
        -------
        pandas.DataFrame
            By ``maatstaf`` its ``name``, ``old_weight`` and ``new_weight`` (euro per unit as published), ``volume`` (of
            all municipalities, in the new circulaire) and ``weights_changed``, the euros that follow: the difference
            times that volume times the old uitkeringsfactor, or 1 for what the factor leaves alone. Task mutations that
            are known apart are not in it. The euros add up to the cause of that name, which is rounded by municipality.
        """
        old, new = self.before, self.after
        without = _without_tasks(old, new) or new.tables.weights
        rows = []
        for name, weight in new.tables.weights.items():
            before, volume = old.tables.weights.get(name, 0), new.tables.columns[name].total
            times = 1 if name in new.tables.outside else Fraction(old.factor)
            effect = (Fraction(without[name]) - Fraction(before)) * volume * times
            if effect:
                rows.append((name, new.tables.names[name], float(before), float(weight), float(volume), float(effect)))
        columns = ["maatstaf", "name", "old_weight", "new_weight", "volume", "weights_changed"]
        frame = pd.DataFrame(rows, columns=columns).set_index("maatstaf")
        frame = frame.sort_values("weights_changed", key=abs, ascending=False, kind="stable")
        return self._framed(frame, {"weights_changed": "EUR"}, total=("weights_changed",))

    def national(self) -> pd.Series:
        """Return each column for all municipalities together, in euro."""
        return pd.Series({name: sum(cents.values()) / 100 for name, cents in self._columns().items()}, name="total")

    def summary(self) -> tuple[Line, ...]:
        """Return the sums, for the head of a report."""
        idle = self.causes.keys() - set(self._moving)
        return tuple((word(name), float(one), "EUR") for name, one in self.national().items() if name not in idle)

    @property
    def _moving(self) -> list[str]:
        """The causes that change anything."""
        return [name for name, cents in self.causes.items() if any(cents.values())]

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison of two circulaires shows, the difference first."""
        shown = super()._report(municipality)
        frame = self.to_frame().sort_values("general_change_per_inhabitant", kind="stable")
        least, most = frame.iloc[0], frame.iloc[-1]
        ends = {
            "least": least["name"], "down": euro(least["general_change_per_inhabitant"], plus=True),
            "most": most["name"], "up": euro(most["general_change_per_inhabitant"], plus=True),
        }  # fmt: skip
        sums, phased = self.national(), self.phased
        causes = [message("cause_of_change", cause=word(name), amount=sums[name]) for name in self._moving]
        answer = Answer(
            sentence=self._sentence(), tiles=self._tiles(ends),
            more=(
                *([message("grant_causes", causes=causes)] if causes else []),
                message("grant_extremes", **ends),
                *([] if phased is None else [message("grant_phased", years=len(phased.limited),
                                                     first=phased.limited[0], last=phased.limited[-1])]),
            ),
            outside=outside_of(self.before, self.after),
        )  # fmt: skip
        path = [] if phased is None else [
            Table("phase_in", phased.title, phased.by_municipality(), map_date=self.map_date, earlier=True)
        ]  # fmt: skip
        tables = (
            Table("comparison", "", self.to_frame(), map_date=self.map_date),
            *path,
            *(Table(f"by_{group}", "", self.by(group), role="groups") for group in ("size_class", "province")),
            *([Table("weights", message("grant_weights", new=self.after.title, old=self.before.title), weights)]
              if len(weights := self.weights()) else []),
        )  # fmt: skip
        return Report(
            shown.title, tables, summary=shown.summary,
            notes=shown.notes,
            provenance={**shown.provenance, **({} if phased is None else {"phase_in": phased.asked})}, answer=answer,
            reference=self.after.reference, made_up=self.illustrative,
            map=("comparison", "general_change_per_inhabitant"),
        )  # fmt: skip

    @property
    def _equal(self) -> bool:
        """Whether the algemene uitkering in all is exactly the same, so that money moves only."""
        return self.before.general_sums.total == self.after.general_sums.total

    def _sentence(self) -> Message:
        change = self._columns()["general_change"].values()
        facts: dict[str, object] = {
            "new": self.after.title, "old": self.before.title,
            "more": sum(cents > 0 for cents in change), "less": sum(cents < 0 for cents in change),
        }  # fmt: skip
        moved = Fraction(sum(cents for cents in change if cents > 0), 100)
        if not moved and not facts["less"]:
            return message("grant_same", **facts)
        if self._equal:
            return message("grant_moved", moved=moved, **facts)
        return message("grant_change", difference=self.national()["general_change"], **facts)

    def _tiles(self, ends: Mapping[str, str]) -> tuple[Tile, ...]:
        """The difference, and that of the other uitkeringen or, where they are the same, who changes most."""
        sums = self.national()
        basis = message("new_minus_old", new=self.after.title, old=self.before.title)
        names = ["general_change"] * (not self._equal)
        if sums[_OTHERS]:
            names = ["general_change", _OTHERS, "grants_change"]
        tiles = [Tile(name=word(name), value=message("more_or_less", amount=sums[name]), basis=basis) for name in names]
        if not sums[_OTHERS]:
            each = message("per_inhabitant_of", basis=basis)
            tiles += [
                Tile(name=message("grant_tile_end", name=ends[who]), value=ends[amount], basis=each)
                for who, amount in (("least", "down"), ("most", "up"))
            ]
        return tuple(tiles)


def _states(
    old: GrantAmounts, new: GrantAmounts, outside: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, int], dict[str, int]]]:
    """The algemene uitkering in cents before and after each cause; what does not differ is not computed."""
    tables = replace(new.tables, outside=outside)
    apart = _without_tasks(old, new)
    without = apart or tables.weights
    steps = [("volumes_changed", old.tables.weights, old.factor), ("weights_changed", without, old.factor)]
    if apart:
        steps.append(("factor_changed", without, new.factor))
    last, before = old.general_cents, (old.tables.weights, old.factor, old.tables.columns)
    for name, weights, factor in steps:
        state, after = last, (weights, factor, tables.columns)
        if after == (new.tables.weights, new.factor, tables.columns) and outside == new.tables.outside:
            state = new.general_cents
        elif after != before:
            base, deduction = (part(weights, tables) for part in (base_of, deduction_of))
            state = cents(general(Fraction(factor), base, deduction))
        yield name, last, state
        last, before = state, after
    yield _TASKS if apart else "factor_changed", last, new.general_cents


def _without_tasks(old: GrantAmounts, new: GrantAmounts) -> dict[str, Fraction] | None:
    """Return the new weights without the task mutations that the old ones have not; None where there are none."""
    mutations = {name: part - old.tables.tasks.get(name, 0) for name, part in new.tables.tasks.items()}
    mutations |= {name: -part for name, part in old.tables.tasks.items() if name not in mutations}
    if not any(mutations.values()):
        return None
    return {name: Fraction(weight) - mutations.get(name, 0) for name, weight in new.tables.weights.items()}


def outside_of(old: GrantAmounts, new: GrantAmounts) -> tuple[str, ...]:
    """Say what is not in the amounts of two circulaires: once, of both, what neither has."""
    said = [*old.mixed, *new.mixed]
    for name in dict.fromkeys((*old.lacking, *new.lacking)):
        lacks = list(dict.fromkeys(one.circular for one in (old, new) if name in one.lacking))
        circular = lacks[0] if len(lacks) == 1 else message("both_circulars", old=lacks[0], new=lacks[1])
        said.append(lacking_words(name, circular))
    return tuple(dict.fromkeys(said))


def _of(amounts: GrantAmounts) -> list[str]:
    """Remarks of a circulaire; what its file notes says whose it is, beside another."""
    return [one if isinstance(one, Message) else f"{amounts.title}: {one}" for one in amounts.remarks]


def change_between(old: GrantAmounts, new: GrantAmounts) -> GrantChange:
    """Attribute the difference between two circulaires to its causes; see the module for the definitions.

    Raises
    ------
    InputError
        Other municipalities, or a maatstaf that the factor multiplies in one and not in the other.
    """
    faults = Faults()
    if set(old.codes) != set(new.codes):
        faults.add("municipalities", listed(sorted(set(old.codes) ^ set(new.codes))), "the same in both circulaires")
    both = old.tables.weights.keys() & new.tables.weights.keys()
    apart = sorted(both & (set(old.tables.outside) ^ set(new.tables.outside)))
    if apart:
        faults.add("outside_factor", ", ".join(apart), "the same in both circulaires")
    faults.check("these circulaires cannot be compared", remedy="Compare circulaires on one municipal map.")
    outside = tuple(dict.fromkeys((*new.tables.outside, *old.tables.outside)))
    causes = {name: {code: after[code] - before[code] for code in new.codes}
              for name, before, after in _states(old, new, outside)}  # fmt: skip
    causes[_OTHERS] = {code: new.other_cents[code] - old.other_cents[code] for code in new.codes}
    notes = [message("grant_order"), message("grant_people", title=new.title)]
    only = [n for n in (*old.tables.others, *new.tables.others) if (n in old.tables.others) != (n in new.tables.others)]
    if only:
        notes.append(message("others_in_one", names=only))
    if old.general_sums.total == new.general_sums.total:
        notes.append(message("grant_rounded_each"))
    if _TASKS in causes:
        notes.append(message("grant_tasks_apart"))
    if old.year != new.year:
        notes.append(message("grant_years_differ", old=old.year, new=new.year))
        if old.tables.volumes == new.tables.volumes and not (old.mixed or new.mixed):
            notes.append(message("grant_same_volumes", old=old.year, new=new.year))
    return GrantChange(
        title=message("change_from", title=new.title, previous=old.title),
        notes=tuple(dict.fromkeys((*old.mixed, *new.mixed, *_of(new), *notes, *_of(old), *outside_of(old, new)))),
        provenance={"before": dict(old.provenance), "after": dict(new.provenance)},
        illustrative=old.illustrative or new.illustrative,
        map_date=new.map_date, before=old, after=new, causes=causes,
    )  # fmt: skip
