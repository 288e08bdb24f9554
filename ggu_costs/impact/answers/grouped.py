"""Sums over groups, taken in every draw, and the weighted share of municipalities that pays more."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.impact.answers.base import (
    SimulationResult,
    beside_grant,
    describe,
    groups_in,
    require_municipalities,
    years_added_up,
)
from ggu_costs.impact.answers.funding import told, without_chance
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.statistics import PERCENTILES, distribution
from ggu_costs.impact.programme.build_units import grouping_of
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.simulation.parts import Joint
from ggu_costs.simulation.runs.rows import WIDE, Rows
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

_LIKELY = 0.8
_SHOWN = ("p5", "p50", "p95")


def questions_by(result: SimulationResult, group: str, quantities: Sequence[str]) -> list[Query]:
    """Return what :func:`by` asks of some figures, for groups that do not overlap."""
    groups = groups_in(result, group)
    label_of = {code: str(label) for label, codes in groups.members.items() for code in codes}
    units = result.assembly.units
    grouping = grouping_of(
        f"by_{groups.name}", [label_of.get(code, "") for code in units], list(map(str, groups.members))
    )
    return [Query(result.selection, quantity, grouping=grouping) for quantity in quantities]


def by(result: SimulationResult, group: Any = "size_class", quantity: str = "net") -> pd.DataFrame:
    """Return the distribution of the sum of each group, added up in every draw.

    Parameters
    ----------
    group
        A reference column (``size_class``, ``province``, ``safety_region``), or own groups as
        :func:`ggu_costs.groups` takes them; groups may overlap.
    quantity
        See :func:`ggu_costs.impact.answers.distributions.by_municipality`.

    Returns
    -------
    pandas.DataFrame
        By group, with ``municipalities, inhabitants`` and ``per_inhabitant`` (the mean), the columns of
        ``by_municipality``; ``share_of_grant`` of the group's algemene uitkering where a grant is named.
    """
    require_municipalities(result)
    groups, units = groups_in(result, group), result.assembly.units
    people = dict(zip(units, result.assembly.inhabitants, strict=True))
    members = {str(label): codes for label, codes in groups.members.items()}
    # each group on its own where a municipality may be in several; all in one go otherwise
    together = [{label: codes} for label, codes in members.items()] if groups.overlapping else [members]
    rows = []
    for part in together:
        label_of = {code: label for label, codes in part.items() for code in codes}
        grouping = grouping_of(f"by_{groups.name}", [label_of.get(code, "") for code in units], list(part))
        rows.append(result.runner.groups(result.selection, quantity, grouping))
    frame = distribution(rows, pd.Index(list(members), name=groups.name))
    frame.insert(0, "municipalities", [len(codes) for codes in members.values()])
    frame.insert(1, "inhabitants", [sum(people[code] for code in codes) for codes in members.values()])
    frame.insert(2, "per_inhabitant", frame["mean"] / frame["inhabitants"])
    frame["per_inhabitant_error"] = frame["mean_error"] / frame["inhabitants"]
    units_of: dict[str, str] = dict.fromkeys(("per_inhabitant", "per_inhabitant_error"), "EUR/inhabitant")
    words = message("by_group", what=quantity_words(quantity), years=years_added_up(result, quantity))
    described = without_chance(result, describe(result, frame, words, units=units_of, nation=False), quantity)
    if result.assembly.grant is not None:
        received = dict(zip(units, result.assembly.grant, strict=True))
        sums = np.array([sum(received[code] for code in codes) for codes in members.values()])
        described = beside_grant(result, described, frame["mean"].to_numpy(), sums)
    if groups.carried_from is None:
        return described
    carried = message("labels_carried", what=groups.name, day=groups.carried_from)
    return frames.amend(described, notes=[*described.attrs["notes"], carried])


def winners_and_losers(result: SimulationResult, quantity: str = "") -> pd.DataFrame:
    """Return which share of the municipalities, and of their inhabitants, pays more than nothing.

    The share is taken in every draw, so that it has a distribution of its own.

    Parameters
    ----------
    quantity
        By default ``net``, or ``gross`` where compensation is not known.

    Returns
    -------
    pandas.DataFrame
        By ``municipalities`` and ``inhabitants``: ``higher`` (the mean share), ``lower`` and ``unchanged`` (0
        exactly); ``p5, p50, p95`` of the share that pays more; ``likely_more`` and ``likely_less``: how many do
        with a probability above 80 %. Each with its simulation error, such as ``higher_error``; of a count it follows
        from the 95 % intervals of the probabilities.
    """
    require_municipalities(result)
    quantity = quantity or told(result, "net")
    turned = f"-{quantity}"
    weights = _weights_of_shares(result)
    both = questions_of_shares(result, quantity)
    result.runner.ask(both)
    more, less = (result.runner.joints(query, query.joints, query.exact) for query in both)
    above, below = (result.runner.units(result.selection, name) for name in (quantity, turned))
    rows = [
        _shares(pays, gains, float(weight.sum())) | _likely("more", above, weight) | _likely("less", below, weight)
        for weight, pays, gains in zip(weights.values(), more, less, strict=True)
    ]
    frame = pd.DataFrame(rows, index=pd.Index(list(weights), name="share_of"))
    names = sorted(map(str, frame.columns), key=lambda name: name.endswith("_error"))  # figures before their errors
    frame = frame[names]
    shares = [name for name in names if not name.startswith("likely")]
    words = message("who_pays", what=quantity_words(quantity), years=years_added_up(result, quantity))
    return describe(result, frame, words, units=dict.fromkeys(shares, "share"))


def questions_of_shares(result: SimulationResult, quantity: str) -> list[Query]:
    """Return what :func:`winners_and_losers` asks: how many pay more, and how many less."""
    joints = tuple(Joint(name, "", "share_above", weight) for name, weight in _weights_of_shares(result).items())
    exact = tuple(PERCENTILES[name] for name in _SHOWN)
    more, less = (Query(result.selection, f"{sign}{quantity}", "distribution", joints=joints) for sign in ("", "-"))
    return [more._replace(exact=exact), less]


def _weights_of_shares(result: SimulationResult) -> dict[str, FloatArray]:
    """What municipalities count for: whole numbers, so that everyone is exactly all."""
    return {"municipalities": np.ones(len(result.assembly.units)), "inhabitants": result.assembly.inhabitants}


def _shares(more: Rows, less: Rows, whole: float) -> dict[str, float]:
    pays, gains = float(more.mean[0]) / whole, float(less.mean[0]) / whole
    shares = {"higher": pays, "lower": gains, "unchanged": max(round(1.0 - pays - gains, 12), 0.0)}
    for name in _SHOWN:  # a histogram reaches a little beyond the ends of a share
        shares[name] = min(max(float(more.quantile(PERCENTILES[name])[0]) / whole, 0.0), 1.0)
    errors = [float(part.standard_error[0]) / whole for part in (more, less)]
    same = min(sum(errors), 1.0)  # at most: more and less go against each other
    shares |= {"higher_error": errors[0], "lower_error": errors[1]}
    shares |= {"unchanged_error": same if shares["unchanged"] > 0 else 0.0}
    return shares | {
        f"{name}_error": float(more.quantile_errors((PERCENTILES[name],))[0, 0]) / whole for name in _SHOWN
    }


def _likely(way: str, rows: Rows, weights: FloatArray) -> dict[str, float]:
    """How many are above 0 in all likelihood, and how many more or fewer that could be by the simulation."""
    interval = rows.probability_interval(0.0)
    inside, least, most = (chance > _LIKELY for chance in (rows.probability(0.0), interval.lower, interval.upper))
    reach = float(weights[most].sum() - weights[least].sum())
    return {f"likely_{way}": int(weights[inside].sum()), f"likely_{way}_error": reach / WIDE}
