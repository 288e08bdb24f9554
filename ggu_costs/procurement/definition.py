"""What a model file of kind ``procurement`` says, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import Field

from ggu_costs.errors import Faults, listed, repeated
from ggu_costs.modelfile.figures import Day, Years, not_throughout
from ggu_costs.modelfile.header import HeaderOfYears, parts_of
from ggu_costs.modelfile.pools import PoolTerms, VolumeTerms
from ggu_costs.modelfile.terms import VatTerms
from ggu_costs.modelfile.values import Checked, Value, Whole
from ggu_costs.procurement.keys import RegionColumn, check_count, check_participants, check_regions
from ggu_costs.procurement.rules import RULES
from ggu_costs.procurement.terms import Alternatives, Claim, Effort, Other, Participation, Ratchet, Volume
from ggu_costs.procurement.year_checks import check_years
from ggu_costs.procurement.year_terms import YearsTerms
from ggu_costs.reference import Reference, is_participant

if TYPE_CHECKING:
    Rule: TypeAlias = str
else:
    Rule = Literal[tuple(RULES)]  # the schema and the check of a file name the rules there are


_OF_EACH = re.compile(
    r"pools\..+\.per_participant\.(amount|own\..+)|ratchet\..+\.price"
    r"|alternatives\.stand_alone\.(once|fixed|own\..+|volumes.*\.price)"
)
"""Where a value may be a figure of each participant."""


class CaseTerms(Checked):
    """Dates, duration and the rule by which the bills are made.

    Attributes
    ----------
    duration
        Years that amounts per year are counted; by default 1.
    rule
        The rule of the bills, or a mapping of pool to rule.
    unions
        Column of the regions that act together under the Owen value.
    seed
        For rules that are sampled.
    vat
        VAT in the amounts.
    """

    map_date: Day
    counting_date: Day
    duration: Years | None = None
    rule: Rule | dict[str, Rule]
    unions: str = ""
    seed: Whole | None = None
    vat: VatTerms


class ProcurementDefinition(HeaderOfYears):
    """A joint procurement (gezamenlijke inkoop): participants, volumes, cost pools, alternatives.

    Attributes
    ----------
    case
        Dates, duration and rule.
    participation
        Which municipalities take part.
    others
        Participants that are no municipality.
    volumes
        What participants take, by id.
    pools
        What the joint facility costs, by what causes it.
    alternatives
        What it would cost otherwise.
    effort
        Hours of work, alone and together.
    ratchet
        Prices that go to the lowest of a supplier.
    claims
        Figures of a source, shown beside the outcome.
    over_years
        What falls in which year: who joins and leaves, pools, volumes, indices, discounting.
    """

    kind: Literal["procurement"]
    case: CaseTerms
    participation: Participation
    others: tuple[Other, ...] = ()
    volumes: tuple[Volume, ...] = ()
    pools: tuple[PoolTerms, ...] = Field(min_length=1)
    alternatives: Alternatives = Alternatives()
    effort: Effort | None = None
    ratchet: Ratchet | None = None
    claims: tuple[Claim, ...] = ()
    over_years: YearsTerms | None = None

    @property
    def map_date(self) -> date:
        """Date of the municipal map."""
        day = self.case.map_date.value
        assert isinstance(day, date)  # noqa: S101 (checked when the file was read)
        return day

    @property
    def counting_date(self) -> date:
        """Counting date of inhabitants and other figures (peildatum)."""
        day = self.case.counting_date.value
        assert isinstance(day, date)  # noqa: S101 (checked when the file was read)
        return day

    @property
    def duration(self) -> Value | None:
        """Years that amounts per year are counted, as the file states."""
        return self.case.duration

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show between the parts of the file."""
        super().check(faults, reference)
        selection = self.participation.selection
        for table, ids in (
            ("others", [other.code for other in self.others]),
            ("volumes", [volume.id for volume in self.volumes]),
            ("pools", [pool.id for pool in self.pools]),
            ("participation.municipalities", list(self.participation.municipalities)),
            ("participation.selection.include", list(selection.include) if selection else []),
        ):
            for name, count in repeated(ids):
                faults.add(table, f"{name!r} {count} times", "each once")
        self._check_participants(faults, reference)
        self._check_volumes(faults, reference)
        self._check_contracts(faults)
        self._check_keys(faults, reference)
        self._check_rule(faults)
        self._check_states(faults)
        self._check_forms(faults)
        check_years(self, faults, reference)
        for name in VatTerms.model_fields:
            wrong = [fault for value in getattr(self.case.vat, name).items for fault in not_throughout(value, pm=True)]
            for fault in wrong[:1]:
                faults.add(f"case.vat.{name}", *fault)

    def _check_participants(self, faults: Faults, reference: Reference) -> None:
        part = self.participation
        named = [(part.municipalities, "participation.municipalities")]
        if part.selection is not None:
            named.append((part.selection.include, "participation.selection.include"))
        named += [(tuple(other.members), f"others.{other.code}.members") for other in self.others]
        for codes, what in named:
            reference.check_codes(dict.fromkeys(codes), self.map_date, what=what, complete=False, faults=faults)
        for other in self.others:
            if other.code.startswith("GM") or not is_participant(other.code):
                faults.add(
                    "others", f"code {other.code!r}", "two capitals, a colon and a name, such as GR:NAAM; not GM"
                )
        if part.mode == "listed" and not (part.municipalities or part.selection or self.others):
            faults.add("participation", "listed, but nobody is", "municipalities, selection or others")
        if part.take_up is not None:
            outside = sorted({*part.years} ^ {*self.years})
            if outside:
                faults.add(
                    "participation.take_up.share", f"years that differ: {listed(outside)}", "the years of the file"
                )

    def _check_volumes(self, faults: Faults, reference: Reference) -> None:
        known = [volume.id for volume in self.volumes]
        used = [(f"pools.{pool.id}.{pool.kind}", name) for pool in self.pools for name in pool.terms.volumes()]
        used += [(where, terms.volume) for where, terms in self._tiers()]
        if self.ratchet is not None:
            used.append(("ratchet.volume", self.ratchet.volume))
        for where, name in used:
            if name not in known:
                faults.add(where, f"volume {name!r}", f"an id of [[volumes]]: {listed(known) or 'there are none'}")
        for place, volume in enumerate(self.volumes):
            named = place == 0 or volume.id in {name for _, name in used}  # the first is that of rules by volume
            found = "no pool, alternative or ratchet uses this volume"
            remedy = "Name it there, or put it first: rules by volume take the first."
            volume.check_use(faults, f"volumes.{volume.id}", found, used=named, remedy=remedy)
            if volume.column and reference.column_kind(volume.column) != "total":
                faults.add(f"volumes.{volume.id}.column", volume.column, "a reference column that is a total")

    def _tiers(self) -> Iterable[tuple[str, VolumeTerms]]:
        for name in ("stand_alone", "regional"):
            terms = getattr(self.alternatives, name)
            if terms is not None:
                yield from ((f"alternatives.{name}.volumes[{k}].volume", item) for k, item in enumerate(terms.volumes))

    def _check_contracts(self, faults: Faults) -> None:
        if self.ratchet is not None:
            every = [holder for contract in self.ratchet.contracts for holder in contract.holders]
            for name, count in repeated(every):
                faults.add("ratchet.contracts", f"{name!r} in {count} contracts", "one contract each")

    def _check_keys(self, faults: Faults, reference: Reference) -> None:
        """Check what names a participant or a region, and the number of municipalities to select."""
        bodies = [other.code for other in self.others]
        for where, names, classes in self._named():
            check_participants(where, names, bodies, self.map_date, faults, reference=reference, classes=classes)
        columns = list(self._region_columns())
        check_regions(columns, self.others, self.map_date, faults, reference)
        for other in self.others if not columns else ():
            if other.region:
                allowed = "case.unions, alternatives.regional or a regional pool, which has a column of regions"
                faults.add(f"others.{other.code}.region", f"{other.region!r}, and nothing goes by region", allowed)
        selection = self.participation.selection
        if selection is not None and isinstance(selection.count.value, Decimal):
            check_count(selection.count.value, selection.include, reference.member_codes(self.map_date), faults)

    def _named(self) -> Iterator[tuple[str, Collection[str], bool]]:
        """Where participants are named, their names, and whether a class or kind may stand there."""
        for volume in self.volumes:
            yield f"volumes.{volume.id}.own", volume.own, False
        for pool in self.pools:
            for key, names in pool.terms.by_code().items():
                yield f"pools.{pool.id}.{pool.kind}.{key}", names, False
        if self.alternatives.stand_alone is not None:
            yield "alternatives.stand_alone.own", self.alternatives.stand_alone.own, False
        for pool in self.pools:
            for key, names in pool.terms.by_class().items():
                yield f"pools.{pool.id}.{pool.kind}.{key}", names, True
        for place, contract in enumerate(self.ratchet.contracts if self.ratchet else ()):
            yield f"ratchet.contracts[{place}].holders", contract.holders, True

    def _region_columns(self) -> Iterator[RegionColumn]:
        for pool in self.pools:
            for key, (column, names) in pool.terms.by_region().items():
                yield f"pools.{pool.id}.{pool.kind}", column, key, names
        if self.alternatives.regional is not None:
            yield "alternatives.regional", self.alternatives.regional.region, "own", self.alternatives.regional.own
        if self.case.unions:
            yield "case.unions", self.case.unions, "", ()

    def _check_rule(self, faults: Faults) -> None:
        if isinstance(self.case.rule, dict):
            pools = {pool.id for pool in self.pools}
            for name in sorted(pools ^ self.case.rule.keys()):
                found = "no rule for this pool" if name in pools else "no such pool"
                faults.add(f"case.rule.{name}", found, "one rule for each pool")

    def _check_states(self, faults: Faults) -> None:
        """One VAT state and one price level for all amounts that are added up or compared."""
        for what, name in (("VAT states", "vat"), ("price levels", "price_level")):
            states: dict[str, str] = {}
            for where, value in self.values():
                # a value that is a fault itself stands here with a dash
                if getattr(value, name) not in (None, "", "-") and where.startswith(("pools", "alternatives")):
                    states.setdefault(getattr(value, name), where)
            if len(states) > 1:
                found = ", ".join(f"{state} ({where})" for state, where in states.items())
                faults.add("pools, alternatives", f"{what} mixed: {found}", f"one of the {what} for all")

    def _check_forms(self, faults: Faults) -> None:
        """An input is one number or figures by code, as the place that names it takes them."""
        for where, part in self.parts():
            name = getattr(part, "input", None)
            need = self.inputs.get(name or "")
            if need is None:
                continue
            if not isinstance(part, Value):
                if need.scope == "national":
                    found = f"input {name!r} is one number (scope 'national')"
                    faults.add(f"{where}.input", found, "a figure for each participant",
                               "Say scope = 'municipality', or 'either'.")  # fmt: skip
            elif need.scope == "municipality" and not _OF_EACH.fullmatch(where):
                found = f"input {name!r} has a figure for each participant (scope 'municipality')"
                faults.add(where, found, "one number for all", "Say scope = 'national'.")

    @property
    def vat_state(self) -> str:
        """VAT state of the amounts in the pools: incl, excl, none or unknown."""
        return next(str(value.vat) for value in self._of_pools() if value.vat)

    @property
    def price_level(self) -> str:
        """Price level of the amounts in the pools: a year, or current prices; empty where there are none."""
        return next((value.price_level for value in self._of_pools() if value.price_level), "")

    def _of_pools(self) -> Iterator[Value]:
        """The values of the pools, no more of them than are asked."""
        return (part for _, part in parts_of(self.pools, "pools") if isinstance(part, Value))
