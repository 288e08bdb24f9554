"""Participants by size class, kind, region or groups of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.reference import column_kind, groups

if TYPE_CHECKING:
    from ggu_costs.procurement.parties import Parties
    from ggu_costs.typing import BoolArray

__all__ = ["Grouped", "grouped"]


@dataclass(frozen=True, eq=False)
class Grouped:
    """Who is in which group.

    Attributes
    ----------
    name
        What the groups are: the column, or ``group``.
    inside
        By label: whether each participant is in it, shape (n,).
    whole
        Everyone is in exactly one group, so that a total over groups is one of everyone.
    """

    name: str
    inside: dict[str, BoolArray]
    whole: bool


def grouped(parties: Parties, group: Any) -> Grouped:
    """Group participants.

    Parameters
    ----------
    group
        ``size_class``, ``kind``, a reference column of labels such as ``province`` (bodies that are in no class or
        region come together last, as ``geen``), or groups of your own as :func:`ggu_costs.groups` takes them.
    """
    own = {"size_class": parties.size_classes, "kind": parties.kinds}
    if isinstance(group, str) and (group in own or (column_kind(group) == "label" and not Path(group).suffix)):
        labels = np.array(own[group] if group in own else parties.regions(group))
        order = sorted(set(labels.tolist()), key=lambda label: (label == "", label))
        return Grouped(group, {label or "geen": labels == label for label in order}, whole=True)
    made = groups(group, parties.codes, parties.definition.map_date)
    inside = {str(label): np.isin(parties.codes, codes) for label, codes in made.members.items()}
    return Grouped(made.name, inside, whole=not (made.overlapping or made.left_out))
