r"""One year of a phase-in: from an earlier amount towards the full one, neutral to the cent.

With full effect :math:`e_i` (plus: pays more), inhabitants :math:`p_i` and cumulative cap c in euro per inhabitant a
loser pays :math:`\min(e_i, c p_i)` more; gainers all receive the same fraction of their full gain, by largest
remainders, so that the effects add up to zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from ggu_costs.brief import Brief
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Number, WholeYear
from ggu_costs.money import round_half_up, share_exactly


class PhaseInTerms(Chosen):
    """A phase-in (ingroeipad) from the bill by an earlier key, or from an earlier bill.

    Attributes
    ----------
    from_key
        The key of the earlier bill: of the same total, without minimum and maximum.
    from_bill
        Instead: id of the fund whose last bill before `first_year` it starts from, brought to the total of this year.
    first_year
        The first year in which bills move; until then the earlier key holds.
    per_inhabitant_per_year
        Euro per inhabitant by which a bill may rise each year beside the earlier one.
    """

    from_key: dict[str, Number] | None = None
    from_bill: str = ""
    first_year: WholeYear
    per_inhabitant_per_year: Number = Field(ge=0)


@dataclass(frozen=True)
class Phasing(Brief):
    """A phase-in in one year.

    Attributes
    ----------
    key
        The earlier key; empty where it starts from a bill.
    step
        How many years bills have moved, this year included.
    cap
        Euro per inhabitant that a bill may have risen by now.
    weights, name
        Cents of the earlier bill by code, on the map of this bill, and what it is called; None where it starts from a
        key.
    """

    key: Mapping[str, Fraction]
    step: int
    cap: Fraction
    weights: Mapping[str, Fraction] | None = None
    name: str = ""

    def share(
        self, full: Mapping[str, int], earlier: Mapping[str, int], people: Mapping[str, Fraction]
    ) -> dict[str, int]:
        """Return the cents of this year, on the way from the earlier amounts to the full ones."""
        effect = {code: cents - earlier[code] for code, cents in full.items()}
        most = {code: round_half_up(self.cap * 100 * people[code]) for code in full}
        paid = {code: min(cents, most[code]) for code, cents in effect.items() if cents > 0}
        gains = {code: -cents for code, cents in effect.items() if cents < 0}
        moved = sum(paid.values())
        got = dict(zip(gains, share_exactly(moved, map(Fraction, gains.values())), strict=True)) if moved else {}
        return {code: earlier[code] + paid.get(code, 0) - got.get(code, 0) for code in full}
