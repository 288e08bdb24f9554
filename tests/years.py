"""The years of the shipped tables, so that a table more breaks no test."""

from __future__ import annotations

from ggu_costs.reference import known_years

FIRST, LAST = known_years()[0], known_years()[-1]
SPAN = f"{FIRST} to {LAST}"
PERIOD = f"{FIRST}-01-01 to {LAST}-12-31"
BEYOND = f"{LAST + 1}-01-01"
"""The first day that no table knows."""
