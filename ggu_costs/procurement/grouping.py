"""Participants by size class, kind, region or groups of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.reference import column_kind, groups

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.parties import Parties
    from ggu_costs.typing import BoolArray

__all__ = ["by_group"]


def by_group(parties: Parties, group: Any, row: Callable[[BoolArray], dict[str, float]]) -> tuple[pd.DataFrame, bool]:
    """Make a table with one row a group.

    Parameters
    ----------
    group
        ``size_class``, ``kind``, a reference column of labels such as ``province`` (bodies that are in no class or
        region come together last, as ``geen``), or groups of your own as :func:`ggu_costs.groups` takes them.
    row
        From who is in a group, shape (n,), to its figures by column.

    Returns
    -------
    frame : pandas.DataFrame
        Begins with ``participants, inhabitants``, then what `row` gives; by the column, or by ``group``.
    whole : bool
        Everyone is in exactly one group, so that a total over groups is one of everyone.
    """
    import pandas as pd

    own = {"size_class": parties.size_classes, "kind": parties.kinds}
    if isinstance(group, str) and (group in own or (column_kind(group) == "label" and not Path(group).suffix)):
        labels = np.array(own[group] if group in own else parties.regions(group))
        order = sorted(set(labels.tolist()), key=lambda label: (label == "", label))
        name, whole = group, True
        members = {label or "geen": labels == label for label in order}
    else:
        given = groups(group, parties.codes, parties.map_date)
        name, whole = given.name, not (given.overlapping or given.left_out)
        members = {str(label): np.isin(parties.codes, codes) for label, codes in given.members.items()}
    rows = [
        {name: label, "participants": int(inside.sum()), "inhabitants": float(parties.people[inside].sum())}
        | row(inside)
        for label, inside in members.items()
    ]
    return pd.DataFrame(rows).set_index(name), whole
