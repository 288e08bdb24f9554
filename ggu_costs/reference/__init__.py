"""Facts that hold whatever anyone decides: which municipalities exist on a date, their figures, and the mergers.

Figures come from the tables in ``data/``, whose manifest states source, licence, date, unit and hash, and from packs
that users keep; single figures come in through :func:`read_cbs` and :func:`read_table`. A model computes with the
:class:`Reference` that it was opened with; the functions here are those of the shipped tables.
"""

from ggu_costs.reference.cbs import read_cbs
from ggu_costs.reference.codes import is_participant, is_placeholder
from ggu_costs.reference.grouping import Groups
from ggu_costs.reference.labels import size_class
from ggu_costs.reference.maps import as_date
from ggu_costs.reference.reference import SHIPPED, Reference, or_shipped
from ggu_costs.reference.shipped import (
    carried_codes,
    carry,
    carry_between,
    check_codes,
    column_kind,
    ever_existed,
    figures,
    groups,
    inhabitants_on,
    known_years,
    map_day,
    map_period,
    member_codes,
    members,
    municipalities,
    names_of,
    outlines,
    positions,
    read_labels,
    read_table,
    regions,
    steps,
    table_hashes,
    transfer,
    with_blanks,
)

__all__ = [
    "SHIPPED",
    "Groups",
    "Reference",
    "as_date",
    "carried_codes",
    "carry",
    "carry_between",
    "check_codes",
    "column_kind",
    "ever_existed",
    "figures",
    "groups",
    "inhabitants_on",
    "is_participant",
    "is_placeholder",
    "known_years",
    "map_day",
    "map_period",
    "member_codes",
    "members",
    "municipalities",
    "names_of",
    "or_shipped",
    "outlines",
    "positions",
    "read_cbs",
    "read_labels",
    "read_table",
    "regions",
    "size_class",
    "steps",
    "table_hashes",
    "transfer",
    "with_blanks",
]
