"""Facts that hold whatever anyone decides: which municipalities exist on a date, their figures, and the mergers.

Figures come from the tables in ``data/``, whose manifest states source, licence, date, unit and hash; own figures come
in through :func:`read_cbs` and :func:`read_table`.
"""

from ggu_costs.reference._data import known_years, reference_table, table_hashes
from ggu_costs.reference.carrying import carry, carry_between
from ggu_costs.reference.cbs import read_cbs
from ggu_costs.reference.codes import check_codes, names_of
from ggu_costs.reference.grouping import Groups, groups
from ggu_costs.reference.kinds import column_kind, is_rate
from ggu_costs.reference.maps import as_date, carried_codes, map_day, map_period, member_codes, members, transfer
from ggu_costs.reference.municipal import figures, inhabitants_on, municipalities, outlines, positions, regions
from ggu_costs.reference.tables import read_labels, read_table, with_blanks

__all__ = [
    "Groups",
    "as_date",
    "carried_codes",
    "carry",
    "carry_between",
    "check_codes",
    "column_kind",
    "figures",
    "groups",
    "inhabitants_on",
    "is_rate",
    "known_years",
    "map_day",
    "map_period",
    "member_codes",
    "members",
    "municipalities",
    "names_of",
    "outlines",
    "positions",
    "read_cbs",
    "read_labels",
    "read_table",
    "reference_table",
    "regions",
    "table_hashes",
    "transfer",
    "with_blanks",
]
