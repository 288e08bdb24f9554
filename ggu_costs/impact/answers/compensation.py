r"""How much compensation would be enough.

A compensation K handed out by the key k covers the nation in a draw when :math:`\sum_i g_i \le K`, with g the costs
minus benefits, net of recoverable VAT; it covers every municipality when :math:`\max_i g_i / k_i \le K`; and a share p
of them when at least p n of the :math:`g_i / k_i` are at most K. The amount for a confidence is the smallest that
covers in that share of the draws: a quantile, whose error is that of the order statistics beside it.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import Faults
from ggu_costs.figures import finite, shown
from ggu_costs.impact.answers.base import NATION, SimulationResult, require_municipalities
from ggu_costs.impact.answers.estimate import Estimate
from ggu_costs.impact.answers.questions import output_of
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.settings import run_engine
from ggu_costs.impact.answers.statistics import quantile_estimate
from ggu_costs.results.base import Result
from ggu_costs.simulation.parts import Joint, Term
from ggu_costs.simulation.runs.rows import WIDE, Rows
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

Share: TypeAlias = tuple[Literal["share"], float]
_OFFERS = 24  # amounts tried in one go
_CLOSE = 1e-4  # of the largest amount: how near the amount for a share of the municipalities is found
_ROUNDING = 1e-6  # municipalities: counts are whole, their allowed share is not


@dataclass(frozen=True, kw_only=True)
class CompensationNeeded(Result):
    """The compensation that is enough with a stated confidence; works as a number, in euro.

    Attributes
    ----------
    amount
        Euro for the nation, with its simulation error and 95 % interval.
    confidence
        Share of the draws in which it is enough.
    of
        Whom it is enough for, in Dutch: the nation, every municipality, or a share of them.
    shares
        What each municipality receives of one euro, in order of code.
    indicative
        Whether figures per municipality were broken down from national estimates.
    """

    amount: Estimate
    confidence: float
    of: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shares: FloatArray
    indicative: bool = field(default=False, repr=False)

    def __float__(self) -> float:
        return float(self.amount)

    def to_frame(self) -> pd.DataFrame:
        """Return what each municipality receives: ``name, share, amount, amount_error``."""
        columns = {"name": list(self.names), "share": self.shares, "amount": self.shares * float(self)}
        columns["amount_error"] = self.shares * self.amount.error
        frame = pd.DataFrame(columns, index=pd.Index(self.codes, name="code"))
        units = {"share": "share", "amount": "EUR", "amount_error": "EUR"}
        marks = {"indicative": True} if self.indicative else {}
        labelled = self._framed(frame, units, total=("amount",))
        return frames.amend(labelled, decimals={"amount": -3, "amount_error": 0}, **marks)


def compensation_for(
    result: SimulationResult,
    confidence: float,
    of: Literal["nation", "every"] | Share = "nation",
    *,
    quantity: str = "gross",
) -> CompensationNeeded:
    """Return the amount that is enough with a confidence.

    Parameters
    ----------
    confidence
        Above 0 and below 1: 0.95 is enough in 95 % of the draws.
    of
        ``"nation"``: the nation as a whole; ``"every"``: every municipality at once; ``("share", p)``: at least a share
        p of the municipalities.
    quantity
        What is to be covered: ``gross`` (all years, discounted as the file says), ``one_off`` or ``structural``.

    Raises
    ------
    InputError
        A confidence or share outside its range, another `of`, or a municipality with no part in the key.
    """
    faults = Faults()
    stated = finite(confidence)
    if stated is None or not 0 < stated < 1:
        faults.add("confidence", shown(confidence), "above 0 and below 1, such as 0.95")
    confidence = float(stated or 0)
    share = _share_in(of, faults)
    key, nation = result.assembly.key, isinstance(of, str) and of == NATION
    if not nation and not (key > 0).all():
        faults.add("key", f"no part for {result.assembly.units[int(np.argmin(key > 0))]}", "a part for everyone")
    faults.check("this compensation cannot be worked out", remedy="Correct the arguments.")
    query = Query(result.selection, quantity)
    if nation:
        rows, place = result.runner.figure(query, None, p=confidence)
        amount = quantile_estimate(rows, confidence, place)
    else:
        require_municipalities(result)
        joint = Joint("every", "", "maximum", 1.0 / key)
        (rows,) = result.runner.joints(query, [joint])
        (rows,) = result.runner.joints(query, [joint], (confidence, *rows.ranks(confidence)))
        amount = quantile_estimate(rows, confidence)
        if share < 1:
            amount = _Search(result, quantity, share).amount(rows, confidence)
    words = message(f"enough_for_{of}") if isinstance(of, str) else message("enough_for_part", share=share)
    return CompensationNeeded(
        title=message("compensation_enough", title=result.title, confidence=confidence, whom=words),
        notes=(*_key_notes(result), *result.notes), provenance=result.provenance, illustrative=result.illustrative,
        amount=amount, confidence=float(confidence), of=words, codes=result.assembly.units,
        names=result.assembly.names, shares=key, indicative=result.indicative,
    )  # fmt: skip


def _key_notes(result: SimulationResult) -> list[str]:
    """Say so where the key is that of a compensation which is not in this alternative."""
    keyed = None if result.definition is None else result.definition.keyed_compensation
    if keyed is None or keyed.id in {role.id for role in result.lines()}:
        return []
    return [message("key_of_another", name=keyed.name)]


def _share_in(of: object, faults: Faults) -> float:
    """Share of the municipalities that is to be covered; 1 for every one, and for the nation."""
    if isinstance(of, str) and of in ("nation", "every"):
        return 1.0
    match of:
        case ("share", part) if (share := finite(part)) is not None and 0 < share <= 1:
            return float(share)
    faults.add("of", f"{of!r:.80}", "'nation', 'every' or ('share', 0.9), a share above 0 and at most 1")
    return 1.0


@dataclass(eq=False)
class _Search:
    """Offers that were tried, and what share of the draws each is enough in for enough municipalities."""

    result: SimulationResult
    quantity: str
    share: float
    tried: dict[float, tuple[bool, ...]] = field(default_factory=dict)

    def amount(self, every: Rows, confidence: float) -> Estimate:
        """Find the smallest offer that is enough with a confidence, at most what covers everyone.

        The 95 % interval is found the same way, at the confidences of the order statistics on either side.
        """
        reach = WIDE / 2 * math.sqrt(confidence * (1 - confidence) / every.count)
        least = 0.5 / every.count
        lower, upper = max(confidence - reach, least), min(confidence + reach, 1 - least)
        confidences = (min(lower, confidence), confidence, max(upper, confidence))
        most = float(every.quantile(confidences[2])[0])
        close = _CLOSE * max(abs(most), 1.0)
        brackets = [(min(0.0, -abs(most)), most)] * 3
        while any(high - low > close for low, high in brackets):
            wide = dict.fromkeys(bracket for bracket in brackets if bracket[1] - bracket[0] > close)
            offers = [np.linspace(low, high, _OFFERS // len(wide) + 2)[1:-1] for low, high in wide]
            self._try(np.concatenate(offers), confidences)
            brackets = [self._narrowed(place, bracket) for place, bracket in enumerate(brackets)]
        low, found, high = (high for _, high in brackets)
        return Estimate(found, error=max(high - low, close) / WIDE, low=low - close, high=high)

    def _narrowed(self, place: int, bracket: tuple[float, float]) -> tuple[float, float]:
        """The part of a bracket between an offer that is not enough and one that is."""
        low, high = bracket
        inside = sorted(offer for offer in self.tried if low < offer < high)
        enough = next((offer for offer in inside if self.tried[offer][place]), high)
        return max((offer for offer in inside if offer < enough), default=low), enough

    def _try(self, offers: FloatArray, confidences: tuple[float, ...]) -> None:
        """Count in every draw how many municipalities each offer leaves uncovered."""
        result, assembly = self.result, self.result.assembly
        result.runner.require_terms()
        offer = Term("aanbod", weights=assembly.key, profile=assembly.at(0))
        widened = replace(assembly, terms=(*assembly.terms, offer))
        ones = np.ones(len(assembly.units))
        outputs, joints = [], []
        for place, amount in enumerate(offers):
            output = output_of(widened, result.selection, self.quantity, "none", "none")
            weights = output.weights.copy()
            weights[-1, 0] = -amount
            outputs.append(replace(output, name=f"aanbod {place}", weights=weights))
            joints.append(Joint(f"rest {place}", f"aanbod {place}", "share_above", ones))
        spec = widened.spec(outputs, joints)
        summaries = run_engine(spec, result.runner.settings, exact=tuple(dict.fromkeys(confidences)))
        allowed = len(ones) * (1.0 - self.share) + _ROUNDING
        for joint, amount in zip(joints, offers, strict=True):
            left = summaries.joint(joint.name)
            self.tried[float(amount)] = tuple(bool(left.quantile(one)[0] <= allowed) for one in confidences)
