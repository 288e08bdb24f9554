"""The tables of a circulaire: from text to exact figures, with every fault of all three at once."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, did_you_mean, listed, repeated, shortened
from ggu_costs.frozen import Frozen
from ggu_costs.grants.definition import GrantDefinition, TraitTerms
from ggu_costs.grants.exact import Column, Exact
from ggu_costs.reading import as_written_here

_FIGURE = re.compile(r"-?\d{1,15}(?:\.\d{1,12})?", re.ASCII)
"""With at most so many digits products and sums stay exact in 100 digits."""
_ROUNDING = Decimal("0.01")
"""A published weight may differ by so much from the sum of its clusters, which are rounded too."""
_HEAD = ("code", "name", "total")

OWN_CHANGE = "own_change"
"""The cluster of what a change adds to a weight without saying to which cluster."""

Figures = Mapping[str, Mapping[str, Exact]]
"""Figures by column, and in it by code."""


@dataclass(frozen=True)
class GrantTables(Brief, Frozen):
    """The checked tables of a circulaire.

    Attributes
    ----------
    names
        Name of each maatstaf by its code, in the order of the circulaire.
    weights
        Euro per unit by maatstaf: the published total, which is what is paid.
    clusters
        Euro per unit by cluster and maatstaf.
    volumes
        Units by maatstaf and municipality.
    others
        Euro by other uitkering and municipality.
    columns, other_columns
        The volumes, and the other uitkeringen, as integers.
    outside
        Maatstaven that the factor leaves alone.
    traits
        What is known of maatstaven.
    tasks
        What task mutations added to weights, where a change has any.
    """

    names: Mapping[str, str]
    weights: Mapping[str, Exact]
    clusters: Figures
    volumes: Figures
    others: Figures
    columns: Mapping[str, Column] = field(repr=False, compare=False)
    other_columns: Mapping[str, Column] = field(repr=False, compare=False)
    outside: tuple[str, ...] = ()
    traits: TraitTerms = field(default_factory=TraitTerms)
    tasks: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Codes of the municipalities, in order."""
        return list(next(iter(self.volumes.values())))


def read_tables(definition: GrantDefinition, members: Iterable[str], faults: Faults) -> GrantTables | None:
    """Return the tables of a circulaire; None where they have faults, which are noted.

    Parameters
    ----------
    members
        Codes of the municipalities on the map of the circulaire.
    """
    codes = sorted(members)
    names, weights, clusters = _read_weights(definition.weights.text, faults)
    volumes = _read_by_code("volumes", definition.volumes.text, codes, faults)
    others = _read_by_code("others", definition.others.text, codes, faults)
    _match(weights, volumes, faults)
    stated = {"inhabitants": (definition.inhabitants,), "outside_factor": definition.outside_factor}
    for where, of in (stated | {f"traits.{name}": of for name, of in definition.traits}).items():
        for code in of:
            if code not in weights:
                faults.add(where, repr(code), "a maatstaf of the weights", did_you_mean(code, weights))
    if faults or not volumes:
        return None
    ordered = {code: volumes[code] for code in weights}
    columns = {code: Column.of(column.values()) for code, column in ordered.items()}
    other_columns = {name: Column.of(column.values()) for name, column in others.items()}
    return GrantTables(
        names, weights, clusters, ordered, others, columns, other_columns, definition.outside_factor, definition.traits
    )


def _match(weights: Collection[str], volumes: Collection[str], faults: Faults) -> None:
    """Weights without volumes and volumes without a weight are both named: money is lost by either."""
    for code in weights:
        if code not in volumes:
            faults.add(
                f"weights.{code}", "a maatstaf without volumes", "a column of volumes", did_you_mean(code, volumes)
            )
    for code in volumes:
        if code not in weights:
            faults.add(
                f"volumes.{code}", "a maatstaf without a weight", "a row of weights", did_you_mean(code, weights)
            )


def _rows(where: str, text: str, faults: Faults) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header of a table and its rows with their numbers; a row of another width is a fault."""
    lines = [(number, line.split("\t")) for number, line in enumerate(text.strip("\n").split("\n"), 1)]
    header = [cell.strip() for cell in lines[0][1]]
    for name, count in repeated(header):
        faults.add(f"{where}, header", f"{shortened(name)!r} {count} times", "each column once")
    if "" in header:
        faults.add(f"{where}, header", "a column without a name", "a name above each column")
    kept = []
    for number, cells in lines[1:]:
        if len(cells) == len(header):
            kept.append((number, [cell.strip() for cell in cells]))
        else:
            faults.add(f"{where}, row {number}", f"{len(cells)} cells", f"{len(header)}, as in the header")
    return header, kept


def _figure(where: str, cell: str, faults: Faults) -> Decimal:
    if _FIGURE.fullmatch(cell):
        return Decimal(cell)
    found = repr(shortened(cell)) if cell else "nothing"
    faults.add(where, found, "a figure such as -1250.5", as_written_here(cell) if cell else "Write 0 for none.")
    return Decimal(0)


def _read_weights(
    text: str, faults: Faults
) -> tuple[dict[str, str], dict[str, Decimal], dict[str, dict[str, Decimal]]]:
    header, rows = _rows("weights", text, faults)
    if tuple(header[:3]) != _HEAD or len(header) < 4:
        faults.add("weights, header", shortened(", ".join(header[:4])), "code, name, total and a column a cluster")
        return {}, {}, {}
    names: dict[str, str] = {}
    weights: dict[str, Decimal] = {}
    clusters: dict[str, dict[str, Decimal]] = {name: {} for name in header[3:]}
    for number, (code, name, *cells) in rows:
        where = f"weights.{code}" if code else f"weights, row {number}"
        if not code or code in weights:
            faults.add(where, "twice" if code else "no code", "a code of its own for each maatstaf")
            continue
        total, *parts = (
            _figure(f"{where}, column {column}", c, faults) for column, c in zip(header[2:], cells, strict=True)
        )
        if abs(reduce(add, parts) - total) > _ROUNDING:
            faults.add(where, f"clusters of {reduce(add, parts)} and a total of {total}", "a total that is their sum")
        names[code], weights[code] = name, total
        for cluster, part in zip(header[3:], parts, strict=True):
            clusters[cluster][code] = part
    if not weights:
        faults.add("weights", "no maatstaf", "a row a maatstaf")
    return names, weights, clusters


def _read_by_code(where: str, text: str, codes: Collection[str], faults: Faults) -> dict[str, dict[str, Decimal]]:
    """Return the figures of a table of municipalities by column, in the order of `codes`."""
    header, rows = _rows(where, text, faults)
    if header[0] != "code" or len(header) < 2:
        faults.add(f"{where}, header", shortened(", ".join(header[:3])), "code, and a column for each figure")
        return {}
    known, found = set(codes), dict[str, list[Decimal]]()
    for number, (code, *cells) in rows:
        if code not in known:
            faults.add(
                f"{where}, row {number}", repr(shortened(code)), "a municipality on the map", did_you_mean(code, codes)
            )
        elif code in found:
            faults.add(f"{where}.{code}", "twice", "one row a municipality")
        else:
            found[code] = [
                _figure(f"{where}.{code}, column {column}", cell, faults)
                for column, cell in zip(header[1:], cells, strict=True)
            ]
    missing = [code for code in codes if code not in found]
    if missing:
        faults.add(where, f"no row for {listed(missing)}", "a row for every municipality on the map")
    return {
        column: {code: found[code][position] for code in codes if code in found}
        for position, column in enumerate(header[1:])
    }
