"""A circulaire on a later municipal map: what adds up in a merger (herindeling), and what the user has to bring.

Volumes of merged municipalities are added up; one fixed amount is left of two. Volumes with a threshold, a bodemfactor,
omgevingsadressendichtheid, centrumfunctie, historic cores and those of the Wadden do not add up, as the model file says
of each: they are the user's to bring, and added up with a mark where he does not. The factor stays: what falls away is
not shared out again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ggu_costs.grants.exact import Column, Exact
from ggu_costs.grants.tables import GrantTables
from ggu_costs.reference import Reference
from ggu_costs.words.messages import Message, message


def on_later_map(
    tables: GrantTables, start: date, end: date, given: Mapping[str, Mapping[str, object]], reference: Reference
) -> tuple[GrantTables, tuple[Message, ...]]:
    """Return tables on a later map, and what a reader must know of them.

    Parameters
    ----------
    given
        Volumes that the user brings, by maatstaf and code: those are not marked. They are laid over the tables by
        whoever asks.
    """
    parts = reference.transfer(start, end, "inhabitants")
    codes = reference.member_codes(end)
    parents: dict[str, list[str]] = {code: [] for code in codes}
    for old, successors in parts.items():
        for new, _ in successors:
            parents[new].append(old)
    changed = [code for code, of in parents.items() if of != [code] or parts[of[0]] != ((code, Fraction(1)),)]

    def carry(column: Mapping[str, Exact], *, fixed: bool = False) -> dict[str, Exact]:
        sums = dict.fromkeys(codes, Fraction(0))
        for old, successors in parts.items():
            for new, share in successors:
                sums[new] += Fraction(column[old]) * share
        if fixed:
            sums |= {code: max(Fraction(column[old]) for old in parents[code]) for code in changed}
        return dict(sums)

    traits = tables.traits
    volumes = {name: carry(column, fixed=name in traits.fixed_amount) for name, column in tables.volumes.items()}
    others = {name: carry(column) for name, column in tables.others.items()}
    names = reference.names_of(end)
    notes = []
    for code in changed:
        notes.append(message("grant_merged", new=names[code], old=len(parents[code])))
        lacking = [
            tables.names[name]
            for name in traits.not_additive
            if volumes[name][code] and code not in given.get(name, {})
        ]
        if lacking:
            notes.append(message("grant_not_additive", new=names[code], names=lacking))
    moved = replace(
        tables, volumes=volumes, others=others,
        columns={name: Column.of(column.values()) for name, column in volumes.items()},
        other_columns={name: Column.of(column.values()) for name, column in others.items()},
    )  # fmt: skip
    return moved, tuple(notes)
