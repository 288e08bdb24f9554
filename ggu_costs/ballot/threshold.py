"""What a proposal needs to be carried: a share of the votes that is exceeded or reached, or a number of votes."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from ggu_costs.errors import Faults
from ggu_costs.figures import finite, plain, read_flags, read_whole, shown
from ggu_costs.money import shortest

_SIMPLE = 1_000_000  # denominators of shares that floats such as 2 / 3 stand for


@dataclass(frozen=True)
class Threshold:
    """What a proposal needs.

    Attributes
    ----------
    majority
        Share of the weight for and against.
    at_least
        Whether reaching the majority is enough, or it has to be exceeded.
    quota
        Weight that has to vote for, in the place of a share; None for a share.
    """

    majority: Fraction
    at_least: bool = False
    quota: int | None = None

    def is_met(self, weight_for: int, cast: int) -> bool:
        """Whether so much weight for, of the weight cast, carries a proposal; nothing is carried without votes."""
        if self.quota is not None:
            return weight_for >= self.quota
        share = self.majority * cast
        return cast > 0 and (weight_for >= share if self.at_least else weight_for > share)

    def votes_of(self, total: int, scale: Fraction = Fraction(1)) -> int:
        """Fewest votes that carry a proposal when all take part; a quota is first brought to a `scale`."""
        if self.quota is not None:
            return ceil(self.quota * scale)
        share = self.majority * total
        return max(ceil(share), 1) if self.at_least else floor(share) + 1


def read_threshold(majority: object, at_least: object, quota: object, weight: int, faults: Faults) -> Threshold:
    """Read what a proposal needs, of a ballot with so much `weight`; half, with faults, where it is none."""
    read_flags(faults, at_least=at_least)
    at_least = plain(at_least)
    if quota is not None:
        if majority is not None or at_least is True:
            faults.add("quota", "beside a majority", "one of the two")
        allowed = f"whole votes, from 1 to the {weight} there are"
        whole = read_whole(quota, "quota", faults, least=1, most=max(weight, 1), allowed=allowed)
        return Threshold(Fraction(1, 2), quota=whole)
    number = finite(0.5 if majority is None else majority)
    share = None if number is None else shortest(number)
    if isinstance(number, float) and share is not None:  # 2 / 3 means two thirds
        simple = share.limit_denominator(_SIMPLE)
        share = simple if float(simple) == number else share
    if share is None or not (0 < share <= 1 if at_least is True else 0 <= share < 1):
        allowed = "above 0 and at most 1" if at_least is True else "at least 0 and below 1"
        faults.add("majority", shown(majority), f"{allowed}; two thirds is 2 / 3")
        share = Fraction(1, 2)
    return Threshold(share, at_least is True)
