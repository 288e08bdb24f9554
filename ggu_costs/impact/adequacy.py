r"""Is the compensation enough, and how much would be.

A compensation K handed out by the key k covers the nation in a draw when :math:`\sum_i g_i \le K`, with g the costs
minus benefits, net of recoverable VAT; it covers every municipality when :math:`\max_i g_i / k_i \le K`; and a share p
of them when at least p n of the :math:`g_i / k_i` are at most K. The amount for a confidence is the smallest that
covers in that share of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import Faults
from ggu_costs.impact.estimate import Estimate
from ggu_costs.impact.frames import PERCENTILES, error_of, estimate
from ggu_costs.impact.questions import output_of
from ggu_costs.impact.runner import Asked
from ggu_costs.impact.spec import Joint, Term

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.impact.summaries import Rows
    from ggu_costs.typing import BoolArray, FloatArray

__all__ = ["CompensationNeeded", "Share", "adequacy", "compensation_for"]

Share: TypeAlias = tuple[Literal["share"], float]
_OFFERS = 24  # amounts tried in one go
_CLOSE = 1e-4  # of the largest amount: how near the amount for a share of the municipalities is found
_ROUNDING = 1e-9  # a share of the municipalities is a sum of equal parts
_NATURES = ("one_off", "structural")


def adequacy(result: ImpactResult) -> pd.DataFrame:
    """Return costs and compensation of each nature, for the nation, after recoverable VAT.

    Returns
    -------
    pandas.DataFrame
        By ``one_off`` (all years) and ``structural`` (the structural year): ``cost`` (costs minus benefits) and
        ``compensation`` in the mean, ``cover`` (their ratio), the shortfall as ``mean, p5, p50, p95``, ``mean_error``,
        ``probability_short`` that the compensation is not enough for the nation, ``probability_error``, and
        ``municipalities_short``, the mean share of municipalities for which it is not.
    """
    import pandas as pd

    rows = []
    told = result._told()
    natures = [nature for nature in _NATURES if f"{nature}_net" in told]
    names = [f"{nature}{part}" for nature in natures for part in ("", "_net", "_compensation")]
    result.runner.ask([Asked(result.selection, name) for name in names])
    for nature in natures:
        cost, paid, short = (
            result.runner.nation(result.selection, f"{nature}{part}") for part in ("", "_compensation", "_net")
        )
        mean, given = float(cost.mean[0]), float(paid.mean[0])
        row = {"cost": mean, "compensation": given, "cover": given / mean if mean > 0 else np.nan}
        row |= {"mean": float(short.mean[0])}
        row |= {name: float(short.quantile(PERCENTILES[name])[0]) for name in ("p5", "p50", "p95")}
        row |= {"mean_error": float(short.standard_error[0]), "probability_short": float(short.probability(0.0)[0])}
        row |= {"probability_error": float(error_of(short.probability_interval(0.0))[0])}
        if not result.assembly.national:
            equal = np.full(len(result.assembly.units), 1.0 / len(result.assembly.units))
            (share,) = result.runner.joints(
                result.selection, f"{nature}_net", [Joint("municipalities", "", "share_above", equal)]
            )
            row["municipalities_short"] = float(share.mean[0])
        rows.append(row)
    frame = pd.DataFrame(rows, index=pd.Index(natures, name="nature"))
    frame.attrs["units"] = {"cost": "EUR", "compensation": "EUR", "cover": "share", "municipalities_short": "share"}
    return frame


@dataclass(frozen=True, kw_only=True)
class CompensationNeeded(Result):
    """The compensation that is enough with a stated confidence; works as a number, in euro.

    Attributes
    ----------
    amount
        Euro for the nation, with its simulation error.
    confidence
        Share of the draws in which it is enough.
    of
        ``nation``, ``every`` municipality, or a share of them.
    shares
        What each municipality receives of one euro, in order of code.
    """

    amount: Estimate
    confidence: float
    of: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    shares: FloatArray

    def __float__(self) -> float:
        return float(self.amount)

    def to_frame(self) -> pd.DataFrame:
        """Return what each municipality receives: ``name, share, amount``."""
        import pandas as pd

        columns = {"name": list(self.names), "share": self.shares, "amount": self.shares * float(self)}
        frame = pd.DataFrame(columns, index=pd.Index(self.codes, name="code"))
        return self._framed(frame, {"share": "share", "amount": "EUR"}, total=("amount",))


def compensation_for(
    result: ImpactResult, confidence: float, of: Literal["nation", "every"] | Share, quantity: str
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
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 < confidence < 1:
        faults.add("confidence", repr(confidence), "above 0 and below 1, such as 0.95")
    share = _share_in(of, faults)
    key = result.assembly.key
    if of != "nation" and not (key > 0).all():
        faults.add("key", f"no part for {result.assembly.units[int(np.argmin(key > 0))]}", "a part for everyone")
    faults.check("this compensation cannot be worked out", remedy="Correct the arguments.")
    if of == "nation":
        rows = result.runner.nation(result.selection, quantity)
        amount = _at(rows, confidence)
    else:
        result._municipal()
        joint = Joint("every", "", "maximum", 1.0 / key)
        (rows,) = result.runner.joints(result.selection, quantity, [joint])
        amount = _at(rows, confidence)
        if share < 1:
            amount = _for_share(result, quantity, confidence, share, amount)
    named = {"nation": "het land als geheel", "every": "elke gemeente"}
    words = named[of] if isinstance(of, str) else f"{share:.0%} van de gemeenten"
    return CompensationNeeded(
        title=f"{result.title}: vergoeding die in {confidence:.0%} van de trekkingen genoeg is voor {words}",
        notes=result.notes, provenance=result.provenance, illustrative=result.illustrative, amount=amount,
        confidence=float(confidence), of=words, codes=result.assembly.units, names=result.assembly.names, shares=key,
    )  # fmt: skip


def _share_in(of: object, faults: Faults) -> float:
    """Share of the municipalities that is to be covered; 1 for every one, and for the nation."""
    if of in ("nation", "every"):
        return 1.0
    match of:
        case ("share", int() | float() as share) if 0 < share <= 1:
            return float(share)
    faults.add("of", repr(of), "'nation', 'every' or ('share', 0.9), a share above 0 and at most 1")
    return 1.0


def _at(rows: Rows, confidence: float) -> Estimate:
    return estimate(rows.quantile(confidence)[0], rows.quantile_interval(confidence))


def _for_share(result: ImpactResult, quantity: str, confidence: float, share: float, most: Estimate) -> Estimate:
    """Search between nothing and what covers everyone: in each draw, how many would an offer leave uncovered?"""
    low, high = min(0.0, -abs(float(most))), float(most)
    step = np.inf
    while step > _CLOSE * max(abs(float(most)), 1.0):
        offers = np.linspace(low, high, _OFFERS + 1)
        enough = _covers(result, quantity, confidence, share, offers)
        first = int(np.argmax(enough)) if enough.any() else _OFFERS
        low, high = float(offers[max(first - 1, 0)]), float(offers[first])
        step = high - low
    middle = (low + high) / 2
    spread = most.error * abs(middle / float(most)) if float(most) else most.error
    return Estimate(
        high, error=max(spread, step), low=high - 1.96 * max(spread, step), high=high + 1.96 * max(spread, step)
    )


def _covers(result: ImpactResult, quantity: str, confidence: float, share: float, offers: FloatArray) -> BoolArray:
    """For each offer, whether at most 1 - share of the municipalities is left uncovered with the confidence."""
    assembly, selection = result.assembly, result.selection
    offer = Term("aanbod", weights=assembly.key, profile=assembly.at(0))
    widened = replace(assembly, terms=(*assembly.terms, offer))
    runner = result.runner.again(result.runner.settings, widened)
    equal = np.full(len(assembly.units), 1.0 / len(assembly.units))
    outputs, joints = [], []
    for place, amount in enumerate(offers):
        output = output_of(widened, selection, quantity, "none", "none")
        weights = output.weights.copy()
        weights[-1, 0] = -amount
        outputs.append(replace(output, name=f"aanbod {place}", weights=weights))
        joints.append(Joint(f"rest {place}", f"aanbod {place}", "share_above", equal))
    made = runner.run(outputs, joints, exact=(confidence,))
    left = [float(made.joint(joint.name).quantile(confidence)[0]) for joint in joints]
    return np.asarray(np.array(left) <= 1.0 - share + _ROUNDING)
