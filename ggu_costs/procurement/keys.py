"""What a file names by code, label or count, held to what exists: a name that nobody has would silently do nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults, GguCostsError, listed, nearest
from ggu_costs.procurement.terms import BODIES
from ggu_costs.reference import check_codes, column_kind, member_codes, municipalities

if TYPE_CHECKING:
    from ggu_costs.procurement.definition import ProcurementDefinition

__all__ = ["check_count", "check_keys"]

_CLASSES = frozenset({*"12345678", *BODIES, "municipality"})
"""Size classes and kinds, which may stand where a code may."""


def check_keys(definition: ProcurementDefinition, faults: Faults) -> None:
    """Check every key that names a participant or a region; one that exists but does not take part is fine."""
    for where, names in _by_code(definition):
        _check_participants(definition, where, names, faults)
    for where, names in _by_code_or_class(definition):
        for name in names:
            if name not in _CLASSES and not name.startswith("GM") and ":" not in name:
                faults.add(where, repr(name), "a code, a size class '1' to '8' or a kind of participant")
        codes = [name for name in names if name.startswith("GM") or ":" in name]
        _check_participants(definition, where, codes, faults)
    _check_labels(definition, faults)
    selection = definition.participation.selection
    if selection is not None and isinstance(selection.count.value, Decimal):
        check_count(selection.count.value, selection.include, member_codes(definition.map_date), faults)


def check_count(count: Decimal, include: Collection[str], available: Collection[str], faults: Faults) -> None:
    """Check the number of municipalities to select."""
    if count != int(count) or not max(1, len(set(include))) <= count <= len(available):
        faults.add(
            "participation.selection.count", f"{count:f}",
            f"a whole number, from the {len(set(include))} of include to the {len(available)} of the map",
        )  # fmt: skip


def _by_code(definition: ProcurementDefinition) -> Iterator[tuple[str, Collection[str]]]:
    for volume in definition.volumes:
        yield f"volumes.{volume.id}.own", volume.own
    for pool in definition.pools:
        if pool.per_participant is not None:
            yield f"pools.{pool.id}.per_participant.own", pool.per_participant.own
    if definition.alternatives.stand_alone is not None:
        yield "alternatives.stand_alone.own", definition.alternatives.stand_alone.own


def _by_code_or_class(definition: ProcurementDefinition) -> Iterator[tuple[str, Collection[str]]]:
    for pool in definition.pools:
        if pool.levels is not None:
            yield f"pools.{pool.id}.levels.needs", pool.levels.needs
    if definition.ratchet is not None:
        for place, contract in enumerate(definition.ratchet.contracts):
            yield f"ratchet.contracts[{place}].holders", contract.holders


def _check_participants(definition: ProcurementDefinition, where: str, names: Collection[str], faults: Faults) -> None:
    bodies = [other.code for other in definition.others]
    rest = [name for name in dict.fromkeys(names) if name not in bodies]
    for name in (name for name in rest if ":" in name):
        close = nearest(name, bodies)
        remedy = f"Did you mean {close!r}?" if close else ""
        faults.add(where, f"no body {name!r}", f"a code of [[others]]: {listed(bodies) or 'there are none'}", remedy)
    check_codes(
        [name for name in rest if ":" not in name], definition.map_date, what=where, complete=False, faults=faults
    )


def _check_labels(definition: ProcurementDefinition, faults: Faults) -> None:
    """Check the columns of regions, and the names of regions in them."""
    used: dict[str, tuple[str, Collection[str]]] = {
        f"pools.{pool.id}.regional": (pool.regional.region, pool.regional.amounts)
        for pool in definition.pools
        if pool.regional is not None
    }
    if definition.alternatives.regional is not None:
        terms = definition.alternatives.regional
        used["alternatives.regional"] = (terms.region, terms.own)
    if definition.case.unions:
        used["case.unions"] = (definition.case.unions, ())
    every: set[str] = set()
    complete = True
    for where, (column, names) in used.items():
        place = where if where == "case.unions" else f"{where}.region"
        known = _labels(definition, column, place, faults)
        complete = complete and bool(known)
        every |= known
        for name in names:
            if known and name not in known:
                _unknown_region(f"{where}.{'own' if where == 'alternatives.regional' else 'amounts'}", name, column,
                                known, faults)  # fmt: skip
    for other in definition.others:
        if used and complete and other.region and other.region not in every:
            columns = " or ".join(dict.fromkeys(column for column, _ in used.values()))
            _unknown_region(f"others.{other.code}.region", other.region, columns, every, faults)


def _labels(definition: ProcurementDefinition, column: str, where: str, faults: Faults) -> set[str]:
    """Return the labels of a column on the map date; none, with a fault, where it cannot be used."""
    if column_kind(column) != "label":
        faults.add(where, column, "a reference column of labels, such as province")
        return set()
    try:
        table = municipalities(definition.map_date.year, columns=[column])
    except GguCostsError as error:
        faults.add(where, f"{column} on {definition.map_date}: {error.message}", "a column with figures on that day")
        return set()
    return {str(label) for label in table[column].dropna()}


def _unknown_region(where: str, name: str, column: str, known: Collection[str], faults: Faults) -> None:
    close = nearest(name, known)
    remedy = f"Did you mean {close!r}?" if close else ""
    faults.add(where, f"no region {name!r}", f"a label of {column}: {listed(sorted(known))}", remedy)
