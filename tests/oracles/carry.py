"""Carrying figures over reorganisations, the slow way: one merger row after the other, in exact fractions.

Reads the shipped table itself, with the standard library only, so that it shares nothing with the package.
"""

import csv
from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files

DATA = files("ggu_costs.reference") / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes_of(year: int) -> list[str]:
    """Return the codes of 1 January, as the table of that year has them."""
    return [row["code"] for row in rows(f"municipalities_{year}.csv")]


def carry_total(figures: Mapping[str, Fraction], after: str, until: str) -> dict[str, Fraction]:
    """Move each ended municipality's figure to its receivers; dates as ISO text, `after` itself excluded."""
    held = dict(figures)
    mergers = [row for row in rows("mergers.csv") if after < row["date"] <= until]
    for row in sorted(mergers, key=lambda row: row["date"]):
        share = Fraction(int(row["share_numerator"]), int(row["share_denominator"]))
        held[row["new_code"]] = held.get(row["new_code"], Fraction(0)) + share * held[row["old_code"]]
    for row in mergers:
        held.pop(row["old_code"], None)
    return held


def carry_rate(
    rates: Mapping[str, Fraction], weights: Mapping[str, Fraction], after: str, until: str
) -> dict[str, Fraction]:
    """Weighted mean: carry rate times weight, and weight, as totals, and divide."""
    above = carry_total({code: rates[code] * weights[code] for code in rates}, after, until)
    below = carry_total(weights, after, until)
    return {code: above[code] / below[code] for code in above}
