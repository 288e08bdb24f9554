"""How large a game each method takes, and how close is equal: the numbers of this room in one place."""

TOLERANCE = 1e-9
"""Relative to max(1, |C(N)|): what counts as equal."""
LARGEST = 1e100
"""A figure beyond this is a mistake; up to it no sum or product of figures leaves the range of a float."""
TABLE_LIMIT = 26
"""Players; a table of 2^26 costs takes 512 MiB."""
WALK_LIMIT = 20
"""Players up to which methods that do more than read the table once (Owen, weighted values, concavity) use it."""
NUCLEOLUS_LIMIT = 20
"""Players up to which the nucleolus and the least core of any game are computed through its table."""
PIECES_LIMIT = 4096
"""Combinations of tiers over all volume pools that the search for the worst coalition goes through."""
LATTICE_CELLS = 32_768
"""Cells on which volumes are laid when they are too fine for a lattice of their own unit."""


def scale_of(total: float) -> float:
    """Return max(1, |C(N)|), what tolerances and residuals are relative to."""
    return max(1.0, abs(total))
