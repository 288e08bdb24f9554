"""The faults of a case over the years that show between the parts of its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from ggu_costs.errors import Faults, did_you_mean, listed, repeated
from ggu_costs.modelfile.indices import check_weights
from ggu_costs.procurement.keys import check_participants
from ggu_costs.reference import Reference

if TYPE_CHECKING:
    from datetime import date

    from ggu_costs.modelfile.pools import PoolTerms
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.terms import Other, Participation, Ratchet, Volume
    from ggu_costs.procurement.year_terms import PoolYears, VolumeYears, YearsTerms


class _FileOfYears(Protocol):
    """What is asked of the definition of a procurement case."""

    @property
    def years(self) -> tuple[int, ...]: ...
    @property
    def map_date(self) -> date: ...
    @property
    def duration(self) -> Value | None: ...
    @property
    def participation(self) -> Participation: ...
    @property
    def others(self) -> tuple[Other, ...]: ...
    @property
    def volumes(self) -> tuple[Volume, ...]: ...
    @property
    def pools(self) -> tuple[PoolTerms, ...]: ...
    @property
    def ratchet(self) -> Ratchet | None: ...
    @property
    def over_years(self) -> YearsTerms | None: ...


def check_years(definition: _FileOfYears, faults: Faults, reference: Reference) -> None:
    """Add the faults of what a file says of its years."""
    terms = definition.over_years
    if terms is None:
        return
    if definition.duration is not None:
        found = "a duration beside the years of the file"
        faults.add("case.duration", found, "no duration: the case lasts the years of the file", "Leave it out.")
    if definition.ratchet is not None:
        faults.add("ratchet", "together with over_years", "one of the two", "State the prices of later years in pools.")
    _check_participants(definition, terms, faults, reference)
    _check_pools(definition, terms, faults)
    _check_volumes(definition, terms, faults)
    _check_indices(definition, terms, faults)
    _check_moves(definition, terms, faults)


def _span(definition: _FileOfYears) -> str:
    return f"a year of the file: {definition.years[0]} to {definition.years[-1]}"


def _check_participants(definition: _FileOfYears, terms: YearsTerms, faults: Faults, reference: Reference) -> None:
    part, bodies = definition.participation, [other.code for other in definition.others]
    for name, stated in (("first_year", terms.first_year), ("last_year", terms.last_year)):
        where = f"over_years.{name}"
        if stated and part.mode != "listed":
            faults.add(where, f"with participation {part.mode!r}", "participation 'listed'",
                       "Everyone takes part, or a share that grows: leave it out.")  # fmt: skip
            continue
        check_participants(where, stated, bodies, definition.map_date, faults, reference=reference)
        taking = {*part.municipalities, *bodies}
        for code in stated.keys() - taking if part.selection is None else ():
            if reference.member_codes(definition.map_date).count(code):
                faults.add(f"{where}.{code}", "takes no part", "a participant of the file", did_you_mean(code, taking))
        for code, year in stated.items():
            if year not in definition.years:
                faults.add(f"{where}.{code}", str(year), _span(definition))
    for code in terms.first_year.keys() & terms.last_year.keys():
        first, last = terms.first_year[code], terms.last_year[code]
        if last < first:
            found = f"leaves after {last}, before it joins in {first}"
            faults.add(f"over_years.last_year.{code}", found, "a last year not before the first")
    listed_codes = {*part.municipalities, *bodies} if part.mode == "listed" and part.selection is None else set()
    for year in definition.years if listed_codes else ():
        if not any(terms.takes_part(code, year) for code in listed_codes):
            faults.add("over_years", f"nobody takes part in {year}", "at least one participant in every year")


def _check_pools(definition: _FileOfYears, terms: YearsTerms, faults: Faults) -> None:
    pools = {pool.id: pool for pool in definition.pools}
    _unknown("over_years.pools", terms.pools, pools, faults)
    for name, pool in pools.items():
        if pool.once and pool.kind not in ("fixed", "per_participant"):
            faults.add(f"pools.{name}.once", f"once with {pool.kind} in a case over years", "fixed or per_participant",
                       "State it as a fixed amount with its first year.")  # fmt: skip
        if name in terms.pools:
            _check_pool(definition, pool, terms.pools[name], faults)
    due = {year for year in definition.years for pool in definition.pools if is_due(definition, pool, year)}
    for year in sorted({*definition.years} - due):
        faults.add("over_years.pools", f"nothing is due in {year}", "at least one pool in every year")


def _check_pool(definition: _FileOfYears, pool: PoolTerms, terms: PoolYears, faults: Faults) -> None:
    where, last = f"over_years.pools.{pool.id}", definition.years[-1]
    for name in ("first_year", "last_year"):
        year = getattr(terms, name)
        if year is not None and year not in definition.years:
            faults.add(f"{where}.{name}", str(year), _span(definition))
    if terms.term is not None:
        start = terms.first_year or definition.years[0]
        if not pool.once or pool.kind != "fixed":
            found = "a term of what is due every year" if not pool.once else f"a term with {pool.kind}"
            faults.add(f"{where}.term", found, "a fixed amount that is due once",
                       "Leave it out: how a participant writes off its own cost is its own matter.")  # fmt: skip
        elif start + terms.term - 1 > last:
            found = f"written off until {start + terms.term - 1}, while the file ends in {last}"
            faults.add(f"{where}.term", found, f"at most {max(0, last - start + 1)} years",
                       "Give the file more years, or write it off sooner.")  # fmt: skip
    if pool.once and terms.last_year is not None:
        faults.add(f"{where}.last_year", "of what is due once", "its first_year, and a term")
    if pool.once and pool.kind == "per_participant" and terms.first_year is not None:
        faults.add(f"{where}.first_year", "of what each pays in the year in which it joins", "none")


def is_due(definition: _FileOfYears, pool: PoolTerms, year: int) -> bool:
    """Whether a pool is due in a year; what each pays in the year in which it joins is, where somebody does."""
    assert definition.over_years is not None  # noqa: S101 (asked of a case over years)
    terms = definition.over_years.pool(pool.id)
    first = terms.first_year or definition.years[0]
    if not pool.once:
        return first <= year <= (terms.last_year or definition.years[-1])
    return pool.kind == "per_participant" or first <= year < first + (terms.term or 1)


def _check_volumes(definition: _FileOfYears, terms: YearsTerms, faults: Faults) -> None:
    volumes = {volume.id: volume for volume in definition.volumes}
    _unknown("over_years.volumes", terms.volumes, volumes, faults)
    for name, stated in terms.volumes.items():
        where = f"over_years.volumes.{name}"
        years = _years_of(stated)
        if lacking := [year for year in definition.years if year not in years]:
            faults.add(where, f"no figures for {listed(map(str, lacking))}", "a figure for each year of the file")
        if beyond := [year for year in years if year not in definition.years]:
            faults.add(where, f"figures for {listed(map(str, beyond))}", _span(definition))
        shares = {} if stated.share is None else stated.share.years or {}
        for year, share in shares.items():
            if share == 0:
                faults.add(f"{where}.share", f"0 in {year}", "above 0",
                           "Let the pool that uses it start later: over_years.pools.ID.first_year.")  # fmt: skip


def _years_of(stated: VolumeYears) -> list[int]:
    shares = {} if stated.share is None else stated.share.years or {}
    return sorted({*shares, *stated.tables})


def _check_indices(definition: _FileOfYears, terms: YearsTerms, faults: Faults) -> None:
    for name, count in repeated(index.id for index in terms.indices):
        faults.add("over_years.indices", f"id {name!r} {count} times", "ids that differ")
    used = {f"pools.{name}": pool.index for name, pool in terms.pools.items()}
    used["stand_alone"] = terms.stand_alone.index
    for name, weights in used.items():
        check_weights(weights, terms.indices, f"over_years.{name}", faults)
    named = {name for weights in used.values() for name in weights}
    for index in terms.indices:
        where = f"over_years.indices.{index.id}"
        if index.id not in named:
            faults.add(where, "nothing uses this index", "an index that a pool or stand_alone names")
        if lacking := [year for year in definition.years[1:] if year not in index.rates]:
            faults.add(where, f"no rate for {listed(map(str, lacking))}", "a rate for each year after the first")


def _check_moves(definition: _FileOfYears, terms: YearsTerms, faults: Faults) -> None:
    part = definition.participation
    if terms.exit is not None and terms.exit.rule == "book_value" and not any(p.term for p in terms.pools.values()):
        faults.add("over_years.exit.rule", "book_value, and nothing is written off", "over_years.pools.ID.term")
    for name, stated in (("exit", terms.exit), ("entry", terms.entry)):
        if stated is not None and part.mode == "binding":
            faults.add(f"over_years.{name}", "while participation is binding", "no exit or entry")
    unsure = terms.uncertainty
    if unsure is None:
        return
    if part.take_up is None:
        faults.add("over_years.uncertainty", "without participation.take_up", "participation 'voluntary'")
    fixed = {pool.id for pool in definition.pools if pool.kind == "fixed"}
    _unknown("over_years.uncertainty.pools", unsure.pools, fixed, faults, "an id of a fixed pool")


def _unknown(
    where: str, names: Mapping[str, object], known: Iterable[str], faults: Faults, what: str = "an id of the file"
) -> None:
    known = sorted(known)
    for name in names:
        if name not in known:
            faults.add(f"{where}.{name}", f"no {name!r}", f"{what}: {listed(known)}", did_you_mean(name, known))
