"""Sums over groups, taken in every draw, and the weighted share of municipalities that pays more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.impact.build_units import grouping_of
from ggu_costs.impact.frames import PERCENTILES, WIDE, described, quantile_error, quantile_of
from ggu_costs.impact.runner import Asked
from ggu_costs.impact.spec import Grouping, Joint
from ggu_costs.reference import groups

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.impact.summaries import Rows
    from ggu_costs.typing import FloatArray

__all__ = ["by_group", "winners_and_losers"]

_LIKELY = 0.8


def by_group(result: ImpactResult, group: Any, quantity: str) -> pd.DataFrame:
    """Return the distribution of the sum of each group."""
    import pandas as pd

    assembly = result.assembly
    if assembly.map_day is None:
        raise InputError("groups need the date of the municipal map, and this programme has none",
                         remedy="State map_date where the programme is made.")  # fmt: skip
    made = groups(group, assembly.units, assembly.map_day)
    people = dict(zip(assembly.units, assembly.inhabitants, strict=True))
    index = pd.Index([str(label) for label in made.members], name=made.name)
    beside = pd.DataFrame(
        {
            "municipalities": [len(codes) for codes in made.members.values()],
            "inhabitants": [sum(people[code] for code in codes) for codes in made.members.values()],
        },
        index=index,
    )
    if made.overlapping:  # each group on its own, since a municipality may be in several
        rows = [
            described(
                result.runner.groups(result.selection, quantity, _one(made.name, str(label), codes, assembly.units))
            )
            for label, codes in made.members.items()
        ]
        frame = pd.concat([beside, pd.concat(rows).set_index(index)], axis=1)
    else:
        label_of = {code: str(label) for label, codes in made.members.items() for code in codes}
        labels = [label_of.get(code, "") for code in assembly.units]
        grouping = grouping_of(f"by_{made.name}", labels, list(index))
        frame = described(result.runner.groups(result.selection, quantity, grouping), beside)
    frame.insert(2, "per_inhabitant", frame["mean"] / frame["inhabitants"])
    frame["per_inhabitant_error"] = frame["mean_error"] / frame["inhabitants"]
    frame.attrs["units"] = dict.fromkeys(("per_inhabitant", "per_inhabitant_error"), "EUR/inhabitant")
    return frame


def _one(name: str, label: str, codes: tuple[str, ...], units: tuple[str, ...]) -> Grouping:
    inside = set(codes)
    return grouping_of(f"by_{name}", [label if code in inside else "" for code in units], [label])


def winners_and_losers(result: ImpactResult, quantity: str) -> pd.DataFrame:
    """Return which share of the municipalities, and of their inhabitants, pays more than nothing.

    The share is taken in every draw, so that it has a distribution of its own.

    Returns
    -------
    pandas.DataFrame
        By ``municipalities`` and ``inhabitants``: ``pay_more`` (the mean share), ``pay_less``, ``p5, p50, p95`` of the
        share that pays more; ``likely_more`` and ``likely_less``: how many pay more (less) with a probability above
        80 %. Each with its simulation error, such as ``pay_more_error``; of a count it follows from the 95 % intervals
        of the probabilities.
    """
    import pandas as pd

    assembly = result.assembly
    # whole numbers, so that everyone is exactly all
    weights = {"municipalities": np.ones(len(assembly.units)), "inhabitants": assembly.inhabitants}
    result.runner.ask([Asked(result.selection, quantity, "distribution")])
    joints = [Joint(name, "", "share_above", weight) for name, weight in weights.items()]
    found = result.runner.joints(result.selection, quantity, joints)
    own = result.runner.units(result.selection, quantity)
    rows = [
        _shares(part, float(weight.sum())) | _counts(own, weight)
        for weight, part in zip(weights.values(), found, strict=True)
    ]
    frame = pd.DataFrame(rows, index=pd.Index(list(weights), name="share_of"))
    shares = [name for name in frame.columns if not name.startswith("likely")]
    frame.attrs["units"] = dict.fromkeys(shares, "share")
    return frame


def _shares(rows: Rows, whole: float) -> dict[str, float]:
    mean, error = float(rows.mean[0]) / whole, float(rows.standard_error[0]) / whole
    found = {"pay_more": mean, "pay_less": 1.0 - mean}
    for name in ("p5", "p50", "p95"):  # a histogram reaches a little beyond the ends of a share
        found[name] = min(max(float(quantile_of(rows, PERCENTILES[name])[0]) / whole, 0.0), 1.0)
    found |= {"pay_more_error": error, "pay_less_error": error}
    return found | {
        f"{name}_error": float(quantile_error(rows, PERCENTILES[name])[0]) / whole for name in ("p5", "p50", "p95")
    }


def _counts(rows: Rows, weights: FloatArray) -> dict[str, float]:
    """How many pay more and less in all likelihood, and how many more or fewer that could be by the simulation."""
    chance, interval = rows.probability(0.0), rows.probability_interval(0.0)
    cases = {  # as it is, and at the fewest and the most that the simulation allows
        "likely_more": (chance > _LIKELY, interval.lower > _LIKELY, interval.upper > _LIKELY),
        "likely_less": (chance < 1 - _LIKELY, interval.upper < 1 - _LIKELY, interval.lower < 1 - _LIKELY),
    }
    found = {name: int(weights[inside].sum()) for name, (inside, _, _) in cases.items()}
    return found | {
        f"{name}_error": float(weights[most].sum() - weights[least].sum()) / WIDE
        for name, (_, least, most) in cases.items()
    }
