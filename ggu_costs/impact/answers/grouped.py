"""Sums over groups, taken in every draw, and the weighted share of municipalities that pays more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.impact.answers.frames import PERCENTILES, WIDE, described, quantile_error, quantile_of
from ggu_costs.impact.answers.runner import Asked
from ggu_costs.impact.programme.build_units import grouping_of
from ggu_costs.reference import groups
from ggu_costs.simulation.parts import Grouping, Joint

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.simulation.runs.rows import Rows
    from ggu_costs.typing import FloatArray

__all__ = ["by_group", "winners_and_losers"]

_LIKELY = 0.8
_SHOWN = ("p5", "p50", "p95")


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
        By ``municipalities`` and ``inhabitants``: ``pay_more`` (the mean share), ``pay_less`` and ``unchanged`` (0
        exactly); ``p5, p50, p95`` of the share that pays more; ``likely_more`` and ``likely_less``: how many do
        with a probability above 80 %. Each with its simulation error, such as ``pay_more_error``; of a count it follows
        from the 95 % intervals of the probabilities.
    """
    import pandas as pd

    assembly, turned = result.assembly, f"-{quantity}"
    # whole numbers, so that everyone is exactly all
    weights = {"municipalities": np.ones(len(assembly.units)), "inhabitants": assembly.inhabitants}
    result.runner.ask([Asked(result.selection, asked, "distribution") for asked in (quantity, turned)])
    joints = [Joint(name, "", "share_above", weight) for name, weight in weights.items()]
    exact = tuple(PERCENTILES[name] for name in _SHOWN)
    more = result.runner.joints(result.selection, quantity, joints, exact)
    less = result.runner.joints(result.selection, turned, joints)
    above, below = (result.runner.units(result.selection, asked) for asked in (quantity, turned))
    rows = [
        _shares(pays, gains, float(weight.sum())) | _likely("more", above, weight) | _likely("less", below, weight)
        for weight, pays, gains in zip(weights.values(), more, less, strict=True)
    ]
    frame = pd.DataFrame(rows, index=pd.Index(list(weights), name="share_of"))
    names = sorted(map(str, frame.columns), key=lambda name: name.endswith("_error"))  # figures before their errors
    frame = frame[names]
    shares = [name for name in names if not name.startswith("likely")]
    frame.attrs["units"] = dict.fromkeys(shares, "share")
    return frame


def _shares(more: Rows, less: Rows, whole: float) -> dict[str, float]:
    pays, gains = float(more.mean[0]) / whole, float(less.mean[0]) / whole
    found = {"pay_more": pays, "pay_less": gains, "unchanged": max(1.0 - pays - gains, 0.0)}
    for name in _SHOWN:  # a histogram reaches a little beyond the ends of a share
        found[name] = min(max(float(quantile_of(more, PERCENTILES[name])[0]) / whole, 0.0), 1.0)
    errors = [float(part.standard_error[0]) / whole for part in (more, less)]
    same = min(sum(errors), 1.0)  # at most: more and less go against each other
    found |= {"pay_more_error": errors[0], "pay_less_error": errors[1]}
    found |= {"unchanged_error": same if found["unchanged"] > 0 else 0.0}
    return found | {f"{name}_error": float(quantile_error(more, PERCENTILES[name])[0]) / whole for name in _SHOWN}


def _likely(way: str, rows: Rows, weights: FloatArray) -> dict[str, float]:
    """How many are above 0 in all likelihood, and how many more or fewer that could be by the simulation."""
    interval = rows.probability_interval(0.0)
    inside, least, most = (chance > _LIKELY for chance in (rows.probability(0.0), interval.lower, interval.upper))
    reach = float(weights[most].sum() - weights[least].sum())
    return {f"likely_{way}": int(weights[inside].sum()), f"likely_{way}_error": reach / WIDE}
