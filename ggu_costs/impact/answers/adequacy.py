r"""Is the compensation enough: costs and compensation of each nature, and how probable a shortfall is."""

import numpy as np
import pandas as pd

from ggu_costs.impact.answers.base import SimulationResult, describe
from ggu_costs.impact.answers.funding import unknown_natures
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.statistics import figures_of_one
from ggu_costs.simulation.parts import Joint
from ggu_costs.simulation.runs.uncertainty import ratio_error
from ggu_costs.words.messages import message

_NATURES = ("one_off", "structural")
_SHORTFALL = ("mean", "p5", "p50", "p95")


def adequacy(result: SimulationResult) -> pd.DataFrame:
    """Return costs and compensation of each nature, for the nation, after recoverable VAT.

    Returns
    -------
    pandas.DataFrame
        By ``one_off`` (all years) and ``structural`` (the structural year): ``cost`` (costs minus benefits) and
        ``compensation`` in the mean, ``cover`` (their ratio), the shortfall as ``mean, p5, p50, p95``,
        ``probability_short`` that the compensation is not enough for the nation, and ``municipalities_short``, the mean
        share of municipalities for which it is not; each with its simulation error, such as ``cover_error``. What a
        PM line leaves unknown is empty (PM): its own amount, and all that is told of the two together; compensation
        that is not stated is PM as well. Not discounted.
    """
    natures = _natures(result)
    result.runner.ask(questions_of_adequacy(result))
    frame = pd.DataFrame([_row(result, nature) for nature in natures], index=pd.Index(natures, name="nature"))
    shares = dict.fromkeys(("cover", "municipalities_short"), "share")
    units = {"cost": "EUR", "compensation": "EUR", "probability_short": "probability"} | shares
    units |= {f"{name}_error": unit for name, unit in units.items() if unit != "probability"}
    unknown = set()
    for nature in natures:
        lost = _unknown(result, nature) & {str(name).removesuffix("_error") for name in frame.columns}
        lost |= {f"{name}_error" for name in lost} | ({"probability_error"} if "probability_short" in lost else set())
        frame.loc[nature, [name for name in frame.columns if name in lost]] = np.nan
        unknown |= lost
    pm = [name for name in frame.columns if name in unknown]
    return describe(result, frame, message("adequacy"), units=units, pm=pm)


def _natures(result: SimulationResult) -> list[str]:
    figures = result.runner.main_figures(result.selection)
    return [nature for nature in _NATURES if f"{nature}_net" in figures]


def questions_of_adequacy(result: SimulationResult) -> list[Query]:
    """Return what :func:`adequacy` asks."""
    natures = _natures(result)
    names = [f"{nature}{part}" for nature in natures for part in ("", "_compensation")]
    shares = [] if result.assembly.national else [_municipalities(result)]
    short = [Query(result.selection, f"{nature}_net", joints=tuple(shares)) for nature in natures]
    return [*(Query(result.selection, name) for name in names), *short]


def _municipalities(result: SimulationResult) -> Joint:
    """How many municipalities are short, in every draw."""
    return Joint("municipalities", "", "share_above", np.ones(len(result.assembly.units)))


def _unknown(result: SimulationResult, nature: str) -> set[str]:
    """Columns that a PM line leaves unknown."""
    lines = [role for role in result.lines() if role.nature == nature]
    paid = [role.pm for role in lines if role.kind == "compensation"]
    costs = [role.pm for role in lines if role.kind != "compensation"]
    lost = {"compensation"} if nature in unknown_natures(result) and all(paid) else set()
    lost |= {"cost"} if costs and all(costs) else set()
    if lost or any(paid):  # a cost that is PM is said to be left out; a compensation that is, decides the answer
        lost |= {"cover", *_SHORTFALL, "probability_short", "municipalities_short"}
    return lost


def _row(result: SimulationResult, nature: str) -> dict[str, float]:
    cost, paid, short = (
        result.runner.nation(result.selection, f"{nature}{part}") for part in ("", "_compensation", "_net")
    )
    mean, given, spread = float(cost.mean[0]), float(paid.mean[0]), figures_of_one(short)
    row = {"cost": mean, "compensation": given, "cover": given / mean if mean > 0 else np.nan}
    row |= {name: spread[name] for name in _SHORTFALL} | {"probability_short": spread["probability_of_loss"]}
    errors = {"cost_error": float(cost.standard_error[0]), "compensation_error": float(paid.standard_error[0])}
    errors |= {"cover_error": ratio_error(paid, cost, short) if mean > 0 else np.nan}
    errors |= {f"{name}_error": spread[f"{name}_error"] for name in (*_SHORTFALL, "probability")}
    if not result.assembly.national:
        units = len(result.assembly.units)
        (share,) = result.runner.joints(Query(result.selection, f"{nature}_net"), [_municipalities(result)])
        row["municipalities_short"] = float(share.mean[0]) / units
        errors["municipalities_short_error"] = float(share.standard_error[0]) / units
    return row | errors
