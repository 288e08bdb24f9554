"""Sums over groups, taken in every draw, and the weighted share of municipalities that pays more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import InputError
from ggu_costs.impact.build_units import grouping_of
from ggu_costs.impact.frames import PERCENTILES, described
from ggu_costs.impact.runner import Asked
from ggu_costs.impact.spec import Grouping, Joint
from ggu_costs.reference import groups

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.result import ImpactResult
    from ggu_costs.impact.summaries import Rows

__all__ = ["by_group", "winners_and_losers"]


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
    frame.attrs["units"] = {"per_inhabitant": "EUR/inhabitant"}
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
        share that pays more with ``pay_more_error``; for municipalities also ``likely_more`` and ``likely_less``: how
        many pay more (less) with a probability above 80 %.
    """
    import pandas as pd

    assembly = result.assembly
    weights = {
        "municipalities": np.full(len(assembly.units), 1.0 / len(assembly.units)),
        "inhabitants": assembly.inhabitants / assembly.inhabitants.sum(),
    }
    result.runner.ask([Asked(result.selection, quantity, "distribution")])
    joints = [Joint(name, "", "share_above", weight) for name, weight in weights.items()]
    found = result.runner.joints(result.selection, quantity, joints)
    probability = result.runner.units(result.selection, quantity).probability(0.0)
    counts = {"likely_more": int((probability > 0.8).sum()), "likely_less": int((probability < 0.2).sum())}
    rows = [
        _shares(rows) | (counts if name == "municipalities" else {}) for name, rows in zip(weights, found, strict=True)
    ]
    frame = pd.DataFrame(rows, index=pd.Index(list(weights), name="share"))
    frame.attrs["units"] = dict.fromkeys(("pay_more", "pay_less", "p5", "p50", "p95"), "share")
    return frame


def _shares(rows: Rows) -> dict[str, float]:
    mean = float(rows.mean[0])
    quantiles = {  # a histogram reaches a little beyond the ends of a share
        name: min(max(float(rows.quantile(PERCENTILES[name])[0]), 0.0), 1.0) for name in ("p5", "p50", "p95")
    }
    return {
        "pay_more": mean,
        "pay_less": max(1.0 - mean, 0.0),
        **quantiles,
        "pay_more_error": float(rows.standard_error[0]),
    }
