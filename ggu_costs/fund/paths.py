r"""Where a phase-in starts and how fast it goes.

It starts from the bill by an earlier key, of this year's total, or from an earlier bill, brought to this year's total:
with cents :math:`b_i` of that bill municipality i starts at :math:`T b_i / \sum_j b_j`, by largest remainders. On a
later map the amounts of predecessors are added up; a bill on a later map than this one cannot be a start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError
from ggu_costs.fund.phasing import Phasing
from ggu_costs.fund.terms import carry_exactly
from ggu_costs.reference import Reference


@dataclass(frozen=True)
class Start(Brief):
    """Where a phase-in starts: a key, or what each municipality paid by an earlier bill.

    Attributes
    ----------
    key
        Fractions by column; empty where it starts from a bill.
    cents, map_date, name
        The earlier bill, the day of its map, and what it is called.
    """

    key: Mapping[str, Fraction] = field(default_factory=dict)
    cents: Mapping[str, int] | None = None
    map_date: date | None = None
    name: str = ""

    def weights(self, mapped: date, reference: Reference) -> Mapping[str, Fraction] | None:
        """Cents of the earlier bill on the map of a day, as weights; None where it starts from a key.

        Raises
        ------
        InputError
            A bill on a later map, or one in which nobody pays.
        """
        if self.cents is None or self.map_date is None:
            return None
        if self.map_date > mapped:
            raise InputError(
                f"the phase-in starts from {self.name}, on the municipal map of {self.map_date}, later than {mapped}",
                remedy="Start from a bill on the same or an earlier map: amounts are carried forward only.",
            )
        if not any(self.cents.values()) or min(self.cents.values()) < 0:
            raise InputError(
                f"the phase-in starts from {self.name}, in which nobody pays or somebody less than 0",
                remedy="Start from a bill whose amounts can be brought to another total.",
            )
        exact = {code: Fraction(cents) for code, cents in self.cents.items()}
        return carry_exactly(exact, self.map_date, mapped, reference)


@dataclass(frozen=True)
class Path(Brief):
    """A phase-in over the years.

    Attributes
    ----------
    start
        Where it starts.
    first_year
        The first year in which bills move.
    per_inhabitant_per_year
        Euro per inhabitant by which a bill may rise each year.
    """

    start: Start
    first_year: int
    per_inhabitant_per_year: Fraction

    def __str__(self) -> str:
        """Write it for provenance."""
        parts = " + ".join(f"{float(part):g} {name}" for name, part in self.start.key.items())
        rate = float(self.per_inhabitant_per_year)
        return f"from {parts or self.start.name} in {self.first_year}, {rate:g} euro per inhabitant a year"

    def at(self, year: int, mapped: date, reference: Reference) -> Phasing:
        """How far it is in a year, on the map of a day."""
        step = max(0, year - self.first_year + 1)
        weights = self.start.weights(mapped, reference)
        return Phasing(self.start.key, step, step * self.per_inhabitant_per_year, weights, self.start.name)
