r"""The test of stability: would a participant, or any group, pay less without the others?

Two ways out are looked at. A group S could run the same facility for itself, at C(S); and it could do what the file
states as alternatives, at :math:`A(S)`: each for itself, and every region that is whole in S together as a region where
that is cheaper,

.. math::

    A(S) = \sum_{R \subseteq S} \min\Bigl(a_R, \sum_{i \in R} a_i\Bigr)
    + \sum_{i \in S,\, i \notin R \subseteq S} a_i .

The largest complaint :math:`\max_S x(S) - C(S)` over all groups but the empty one and everyone comes from
:func:`ggu_costs.games.core.core_check`, exactly; :math:`\max_S x(S) - A(S)` over all groups but the empty one falls
apart by region and is exact as well. A stand-alone cost that is PM is never used: whoever has it is not tested by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ggu_costs.display.result import Result
from ggu_costs.games.core import core_check
from ggu_costs.games.limits import TOLERANCE
from ggu_costs.procurement.rules import RuleChoice
from ggu_costs.procurement.setup import Setup
from ggu_costs.typing import BoolArray, FloatArray
from ggu_costs.words.messages import Message, message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split


@dataclass(frozen=True)
class Complaint:
    """The largest complaint of any group in one test.

    Attributes
    ----------
    amount
        Euro that the group would pay less on its own; negative: every group is strictly better in. NaN where there is
        nothing to test.
    group
        Codes.
    """

    amount: float
    group: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stability(Result):
    """Whether every group is better in, and if not, the group with the largest complaint.

    Attributes
    ----------
    rule
        Of the split that was tested.
    joint
        Largest complaint against what the group would pay for the same facility on its own, C(S).
    alternative
        Largest complaint against the alternatives of the file.
    individually_rational
        Nobody pays more than on its own; None where that is not known for everyone, or some of the joint cost is PM,
        and it is not broken by what is known.
    unknown
        Codes whose stand-alone cost is PM.
    unknown_regions
        Regions whose cost as a region is PM.
    unknown_pools
        Names of cost pools whose amount is PM, which are in no share.
    names
        By code.
    tolerance
        A complaint up to this many euro is none.
    own_notes
        Those among the notes that say what could not be tested.
    """

    rule: str
    joint: Complaint
    alternative: Complaint
    individually_rational: bool | None
    unknown: tuple[str, ...]
    unknown_regions: tuple[str, ...]
    unknown_pools: tuple[str, ...]
    names: dict[str, str]
    tolerance: float
    own_notes: tuple[str, ...] = ()

    @property
    def test(self) -> Literal["joint", "alternative"]:
        """Which test gave the larger complaint."""
        return "alternative" if self._worst is self.alternative else "joint"

    @property
    def complaint(self) -> float:
        """The larger of the two complaints, euro; NaN where there was nothing to test."""
        return self._worst.amount

    @property
    def coalition(self) -> tuple[str, ...]:
        """Codes of the group that has it, named as in :func:`ggu_costs.games.core.core_check`."""
        return self._worst.group

    @property
    def _worst(self) -> Complaint:
        smaller = math.isnan(self.alternative.amount) or self.alternative.amount <= self.joint.amount
        return self.joint if smaller else self.alternative  # of two as large the first; NaN is no complaint

    @property
    def stable(self) -> bool:
        """No group that could be tested would pay less on its own."""
        return not self.complaint > self.tolerance

    @property
    def outcome(self) -> Message:
        """The outcome in one sentence."""
        if not self.stable:
            names = [self.names[code] for code in self.coalition]
            return message("split_broken", amount=abs(self.complaint), count=len(names), names=names)
        facts = {
            "untested": self.unknown, "untested_regions": self.unknown_regions, "untested_pools": self.unknown_pools
        }  # fmt: skip
        lacking = [message(name, count=len(fact), names=fact) for name, fact in facts.items() if fact]
        if lacking or math.isnan(self.alternative.amount):
            return message("split_kept_tested", lacking=lacking)
        return message("split_kept")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a test: ``complaint, group_size, group`` by name, and ``stable``."""
        rows = [
            (name, worst.amount, len(worst.group), self._named(worst.group), bool(worst.amount <= self.tolerance))
            for name, worst in (("joint", self.joint), ("alternative", self.alternative))
            if not math.isnan(worst.amount)
        ]
        frame = pd.DataFrame(rows, columns=["test", "complaint", "group_size", "group", "stable"]).set_index("test")
        return self._framed(frame, {"complaint": "EUR"})

    @property
    def group(self) -> str:
        """Names of the group that has the largest complaint, in a row."""
        return self._named(self.coalition)

    def _named(self, codes: tuple[str, ...]) -> str:
        return ", ".join(self.names[code] for code in codes)

    def members(self) -> pd.DataFrame:
        """Return the group with the largest complaint, by code, with names."""
        frame = pd.DataFrame(
            {"name": [self.names[code] for code in self.coalition]}, index=pd.Index(self.coalition, name="code")
        )
        return self._framed(frame, {})


def check_stability(case: CaseModel, split: Split | RuleChoice | None = None) -> Stability:
    """Test a split: would a participant, or any group, pay less on its own?

    Parameters
    ----------
    split
        A split of this case, or a rule; by default the rule of the file.

    Raises
    ------
    InputError
        A split of another case, or of other participants, volumes or amounts.
    """
    return stability_of(case.own_split(split))


def stability_of(split: Split) -> Stability:
    """Test a split; see :class:`Stability`."""
    setup, values = split.setup, split.shares.values
    parties = setup.parties
    tolerance = TOLERANCE * max(1.0, setup.total)
    alone = setup.alone
    unknown = () if alone is None else tuple(parties.where(np.isnan(alone)))
    individual: bool | None = None
    if alone is not None:
        broken = bool(np.any(values - alone > tolerance))
        individual = False if broken else (None if unknown or setup.unknown else True)
    notes: list[str] = []
    if alone is None:
        notes.append(message("no_alternative"))
    elif unknown:
        notes.append(message("alone_costs_pm", names=parties.names_where(np.isnan(alone))))
    regions = tuple(way.label for way in setup.regional if math.isnan(way.cost))
    if regions:
        notes.append(message("region_costs_pm", names=regions))
    if setup.unknown:
        notes.append(message("test_without_pm", names=setup.unknown))
    return Stability(
        title=message("stand_alone_test_of", title=split.title),
        notes=(*split.notes, *notes),
        provenance={**split.provenance, "tolerance": tolerance},
        illustrative=split.illustrative,
        rule=split.rule_words,
        joint=_joint(setup, values),
        alternative=_alternative(setup, values),
        individually_rational=individual,
        unknown=unknown,
        unknown_regions=regions,
        unknown_pools=setup.unknown,
        names=dict(zip(parties.codes, parties.names, strict=True)),
        tolerance=tolerance,
        own_notes=tuple(notes),
    )


def _joint(setup: Setup, values: FloatArray) -> Complaint:
    if setup.parties.count == 1:
        return Complaint(math.nan, ())
    check = core_check(setup.game, values)
    return Complaint(float(check.complaint), tuple(check.coalition))


def _alternative(setup: Setup, values: FloatArray) -> Complaint:
    """Largest x(S) - A(S) over groups that are not empty."""
    count = setup.parties.count
    alone = setup.known_alone
    gain = np.where(np.isnan(alone), -np.inf, values - alone)  # -inf: cannot be tested, so never in a group
    chosen = gain > 0
    best, best_row = -math.inf, np.zeros(count, dtype=np.bool_)  # of one participant or region on its own
    if np.isfinite(gain).any():
        first = int(np.argmax(gain))
        best, best_row[first] = float(gain[first]), True
    for region in setup.regional:
        if math.isnan(region.cost):
            continue
        whole = float(values[region.members].sum()) - region.cost
        apart = float(np.maximum(gain[region.members], 0.0).sum())
        if whole > max(apart, 0.0):
            chosen[region.members] = True
        if whole > best:
            best, best_row = whole, np.zeros(count, dtype=np.bool_)
            best_row[region.members] = True
    row = chosen if chosen.any() else best_row
    if not row.any():
        return Complaint(math.nan, ())
    amount = float(values[row].sum()) - _cost_apart(setup, alone, row)
    return Complaint(amount, tuple(setup.parties.where(row)))


def _cost_apart(setup: Setup, alone: FloatArray, row: BoolArray) -> float:
    """A(S): each for itself, whole regions together where that is cheaper or the only way that is known."""
    costs = alone.copy()
    total = 0.0
    left = row.copy()
    for region in setup.regional:
        inside = costs[region.members].sum()
        if row[region.members].all() and not math.isnan(region.cost) and not inside <= region.cost:
            total += region.cost
            left[region.members] = False
    return total + float(costs[left].sum())
