r"""The test of stability: would a participant, or any group, pay less without the others?

It speaks of the same game as the rule `nucleolus`: :attr:`ggu_costs.procurement.setup.Setup.game`. A group S that
leaves may split up into those who run the same facility for themselves, T, at C(T), and those who do what the file
states as alternatives: each for itself, or a region that is whole in S as a region,

.. math::

    c(S) = \min_{T \subseteq S} C(T) + A(S \setminus T), \qquad
    A(S) = \sum_{R \subseteq S} \min\Bigl(a_R, \sum_{i \in R} a_i\Bigr)
    + \sum_{i \in S,\, i \notin R \subseteq S} a_i .

The largest complaint :math:`\max_S x(S) - c(S)` over all groups but the empty one and everyone comes from
:func:`ggu_costs.games.core.core_check`, exactly; everyone together counts as a group where splitting up would be
cheaper than the joint facility. An amount that is PM is never used: nobody leaves for it. A split that keeps every
group is in the core, which is the same for groups that may not split up (:mod:`ggu_costs.games.alternatives` says why).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.games.core import core_check
from ggu_costs.games.leaving import Parting, parting
from ggu_costs.games.limits import TOLERANCE
from ggu_costs.money import exact_sum
from ggu_costs.procurement.rules import RuleChoice, rule_words
from ggu_costs.procurement.setup import Setup
from ggu_costs.results.base import Result
from ggu_costs.typing import BoolArray, FloatArray
from ggu_costs.words.messages import Message, message, word

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split

WayOut = Literal["together", "alone", "region", "alternatives", "split_up", ""]
"""What a group would do: the same facility without the others, each alone, as one region, by several alternatives, or
partly the first and partly those; empty where there is nothing to test."""


@dataclass(frozen=True, kw_only=True)
class Stability(Result):
    """Whether every group is better in, and if not, the group with the largest complaint.

    Attributes
    ----------
    rule
        Of the split that was tested.
    complaint
        Euro that the group would pay less without the others; negative: every group is strictly better in. NaN where
        there is nothing to test.
    coalition
        Codes of that group.
    ways
        By code of that group, what each would do: ``together`` (the same facility for those of the group that do),
        ``alone``, or the name of its region, which then acts as a region.
    paid, cost
        By code of that group what each pays now; and what the group would pay together, by way, euro.
    keeps
        Of an unstable split: ``rule`` where the nucleolus keeps every group, ``none`` where no split of this cost does,
        ``unknown`` where that is not computed. Empty for a stable one.
    individually_rational
        Nobody pays more than on its own; None where that is not known for everyone, or some of the joint cost is PM,
        and it is not broken by what is known.
    unknown
        Codes whose stand-alone cost is PM.
    unknown_regions
        Regions whose cost as a region is PM.
    unknown_pools
        Names of cost pools whose amount is PM, which are in no share.
    alternatives
        Somebody has an alternative that is known; without any only those who run the facility for themselves leave.
    names
        By code.
    tolerance
        A complaint up to this many euro is none.
    own_notes
        Those among the notes that say what was tested, and what could not be.
    """

    rule: str
    complaint: float
    coalition: tuple[str, ...]
    ways: dict[str, str]
    paid: dict[str, float]
    cost: dict[str, float]
    keeps: Literal["rule", "none", "unknown", ""]
    individually_rational: bool | None
    unknown: tuple[str, ...]
    unknown_regions: tuple[str, ...]
    unknown_pools: tuple[str, ...]
    alternatives: bool
    names: dict[str, str]
    tolerance: float
    own_notes: tuple[str, ...] = ()

    @property
    def way_out(self) -> WayOut:
        """What the group with the largest complaint would do."""
        used = set(self.ways.values())
        if "together" in used:
            return "together" if len(used) == 1 else "split_up"
        return "" if not used else "alone" if used == {"alone"} else "region" if len(used) == 1 else "alternatives"

    @property
    def stable(self) -> bool:
        """No group that could be tested would pay less without the others."""
        return not self.complaint > self.tolerance

    @property
    def outcome(self) -> Message:
        """The outcome in one sentence: who would leave, for what, and what would keep them."""
        if not self.stable:
            names = [self.names[code] for code in self.coalition]
            kept = message(f"kept_by_{self.keeps}", count=len(names), rule=rule_words("nucleolus"))
            return message(
                "split_broken", amount=abs(self.complaint), count=len(names), names=names, kept=kept,
                how=word(self.way_out, of="way_out"),
            )  # fmt: skip
        facts = {
            "untested": self.unknown, "untested_regions": self.unknown_regions, "untested_pools": self.unknown_pools
        }  # fmt: skip
        lacking = [message(name, count=len(fact), names=fact) for name, fact in facts.items() if fact]
        if lacking or not self.alternatives:
            return message("split_kept_tested", lacking=lacking)
        return message("split_kept")

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each way that members of the group with the largest complaint would go.

        Returns
        -------
        pandas.DataFrame
            ``participants, share, cost, saving``, indexed by ``way``: what they pay now, what they would pay, and the
            difference, which adds up to the complaint.
        """
        rows = []
        for way, cost in self.cost.items():
            own = [self.paid[code] for code, name in self.ways.items() if name == way]
            share = exact_sum(own)
            rows.append((way, len(own), share, cost, share - cost))
        frame = pd.DataFrame(rows, columns=["way", "participants", "share", "cost", "saving"]).set_index("way")
        amounts = ("share", "cost", "saving")
        return self._framed(frame, dict.fromkeys(amounts, "EUR"), total=("participants", "share", "cost", "saving"))

    @property
    def group(self) -> str:
        """Names of the group that has the largest complaint, in a row."""
        return ", ".join(self.names[code] for code in self.coalition)

    def members(self) -> pd.DataFrame:
        """Return the group with the largest complaint, by code: ``name, share, way``."""
        frame = pd.DataFrame(
            {
                "name": [self.names[code] for code in self.coalition],
                "share": [self.paid[code] for code in self.coalition],
                "way": [self.ways[code] for code in self.coalition],
            },
            index=pd.Index(self.coalition, name="code"),
        )
        return self._framed(frame, {"share": "EUR"})


def check_stability(case: CaseModel, split: Split | RuleChoice | None = None) -> Stability:
    """Test a split: would a participant, or any group, pay less without the others?

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
    complaint, row, parts = _largest(setup, values, tolerance)
    inside = [code for code, member in zip(parties.codes, row, strict=True) if member]
    ways, cost = _ways(setup, row, parts)
    alternatives = setup.game.alternatives is not None
    notes: list[str] = [message("tested_against" if alternatives else "tested_without_alternatives")]
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
        complaint=complaint,
        coalition=tuple(inside),
        ways=ways,
        paid={code: float(values[parties.at(code)]) for code in inside},
        cost=cost,
        keeps=_keeps(setup, tolerance) if complaint > tolerance else "",
        individually_rational=individual,
        unknown=unknown,
        unknown_regions=regions,
        unknown_pools=setup.unknown,
        alternatives=alternatives,
        names=dict(zip(parties.codes, parties.names, strict=True)),
        tolerance=tolerance,
        own_notes=tuple(notes),
    )


def _largest(setup: Setup, values: FloatArray, tolerance: float) -> tuple[float, BoolArray, Parting | None]:
    """Largest x(S) - c(S), S, and how S splits up; everyone together only where that is cheaper than C(N)."""
    game, count = setup.game, setup.parties.count
    complaint, row, parts = math.nan, np.zeros(count, dtype=np.bool_), None
    if count > 1:
        check = core_check(game, values)
        complaint, row = float(check.complaint), np.isin(setup.parties.codes, check.coalition)
    everyone = np.ones(count, dtype=np.bool_)
    if game.alternatives is not None:
        parts = parting(game, everyone)
        saved = game.total - parts.cost
        if saved > tolerance and not saved <= complaint:
            return saved, everyone, parts
        if count == 1:  # alone it has only its alternative
            own = float(game.alternatives.costs(everyone[None, :])[0])
            groups = tuple(k for k, (_, cost) in enumerate(game.alternatives.groups) if cost == own)
            return game.total - own, everyone, Parting(own, ~everyone, groups)
    return complaint, row, parting(game, row) if row.any() else None


def _ways(setup: Setup, row: BoolArray, parts: Parting | None) -> tuple[dict[str, str], dict[str, float]]:
    """What each of a group would do, by code; and what those who do the same would pay, by way."""
    if parts is None:
        return {}, {}
    codes, game = setup.parties.codes, setup.game
    ways = {codes[i]: "together" if parts.together[i] else "alone" for i in np.flatnonzero(row)}
    cost: dict[str, float] = {}
    if parts.together.any():
        cost["together"] = float(game.joint.costs(parts.together[None, :])[0])
    for k in parts.groups:
        region = setup.stated_groups[k]
        ways.update({codes[i]: region.label for i in region.members})
        cost[region.label] = region.cost
    lone = [i for i in np.flatnonzero(row) if ways[codes[i]] == "alone"]
    if lone:
        cost["alone"] = exact_sum(setup.known_alone[lone])
    return ways, cost


def _keeps(setup: Setup, tolerance: float) -> Literal["rule", "none", "unknown"]:
    """Whether some split keeps every group: then the nucleolus does, as it is in the core where there is one."""
    game = setup.game
    apart = parting(game, np.ones(game.n, dtype=np.bool_)).cost
    if setup.total - min(apart, exact_sum(game.alone)) > tolerance:
        return "none"
    try:
        largest = setup.most_even.certificate.complaint
    except InputError:
        return "unknown"
    return "rule" if largest is None or largest <= tolerance else "none"
