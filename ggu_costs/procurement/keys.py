"""What a file names by code, label or count, held to what exists: a name that nobody has would silently do nothing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from ggu_costs.errors import Faults, GguCostsError, did_you_mean, listed
from ggu_costs.procurement.terms import BODIES, Other
from ggu_costs.reference import Reference

RegionColumn: TypeAlias = tuple[str, str, str, Collection[str]]
"""Where a column of regions is named, the column, the key of the regions named in it (or empty), and those regions."""
_CLASSES = frozenset({*"12345678", *BODIES, "municipality"})
"""Size classes and kinds, which may stand where a code may."""


def check_participants(
    where: str,
    names: Collection[str],
    bodies: Sequence[str],
    map_date: date,
    faults: Faults,
    *,
    reference: Reference,
    classes: bool = False,
) -> None:
    """Check names of participants; one that exists but does not take part is fine.

    Parameters
    ----------
    bodies
        Codes of the bodies of the file.
    classes
        A size class or a kind may stand where a code may.
    """
    if classes:
        for name in names:
            if name not in _CLASSES and not name.startswith("GM") and ":" not in name:
                faults.add(where, repr(name), "a code, a size class '1' to '8' or a kind of participant")
        names = [name for name in names if name.startswith("GM") or ":" in name]
    rest = [name for name in dict.fromkeys(names) if name not in bodies]
    for name in (name for name in rest if ":" in name):
        allowed = f"a code of [[others]]: {listed(bodies) or 'there are none'}"
        faults.add(where, f"no body {name!r}", allowed, did_you_mean(name, bodies))
    municipal = [name for name in rest if ":" not in name]
    reference.check_codes(municipal, map_date, what=where, complete=False, faults=faults)


def check_count(count: Decimal, include: Collection[str], available: Collection[str], faults: Faults) -> None:
    """Check the number of municipalities to select."""
    if count != int(count) or not max(1, len(set(include))) <= count <= len(available):
        faults.add(
            "participation.selection.count", f"{count:f}",
            f"a whole number, from the {len(set(include))} of include to the {len(available)} of the map",
        )  # fmt: skip


def check_regions(
    used: Iterable[RegionColumn], others: Iterable[Other], map_date: date, faults: Faults, reference: Reference
) -> None:
    """Check the columns of regions, and the names of regions in them."""
    labels: dict[str, set[str]] = {}
    for where, column, key, names in used:
        known = labels[column] = _labels(column, f"{where}.region" if key else where, map_date, faults, reference)
        for name in names:
            if known and name not in known:
                _unknown_region(f"{where}.{key}", name, column, known, faults)
    every = set().union(*labels.values()) if all(labels.values()) else set()
    for other in others:
        if every and other.region and other.region not in every:
            _unknown_region(f"others.{other.code}.region", other.region, " or ".join(labels), every, faults)


def _labels(column: str, where: str, map_date: date, faults: Faults, reference: Reference) -> set[str]:
    """Return the labels of a column on the map date; none, with a fault, where it cannot be used."""
    if reference.column_kind(column) != "label":
        faults.add(where, column, "a reference column of labels, such as province")
        return set()
    try:
        labels = reference.labels_on(column, map_date).by_code
    except GguCostsError as error:
        faults.add(where, f"{column} on {map_date}: {error.message}", "a column with figures on that day")
        return set()
    return {str(label) for label in labels.values()}


def _unknown_region(where: str, name: str, column: str, known: Collection[str], faults: Faults) -> None:
    faults.add(where, f"no region {name!r}", f"a label of {column}: {listed(sorted(known))}", did_you_mean(name, known))
