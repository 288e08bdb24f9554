"""Labels decide how figures meet: a Series or mapping is brought into an order by them, never by position."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeGuard

from ggu_costs.errors import Faults, listed, repeated

_MOST_FAULTS = 100  # labels that are named one by one


def is_pandas(value: object) -> TypeGuard[Any]:
    """Whether this is a Series or DataFrame, without importing pandas: nothing is one before pandas is there."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.Series | pandas.DataFrame)


def labelled(values: object) -> tuple[list[Hashable], Any] | None:
    """Return the labels and values of a Series or mapping; None for what has no labels of its own.

    A Series or frame whose index only counts (a ``RangeIndex``) has positions, no labels.
    """
    if isinstance(values, Mapping):
        return list(values), list(values.values())
    if is_pandas(values) and type(values.index).__name__ != "RangeIndex":
        return list(values.index), values
    return None


def in_order(
    values: object,
    labels: Sequence[Hashable],
    where: str,
    faults: Faults,
    *,
    of: str = "the table",
) -> Any:
    """Return labelled values in the order of `labels`, each of which stands there once; others as they are.

    Parameters
    ----------
    values
        A Series or mapping by label, or what has no labels and stays in its order.
    of
        What the labels belong to, in the words of a fault.

    Returns
    -------
    The values, for :func:`read_figures`; None, with faults, where labels are unknown, missing or there twice.
    """
    pairs = labelled(values)
    if pairs is None:
        return values
    given, entries = pairs
    known, there = len(faults.found), set(given)
    for label, count in repeated(given)[:_MOST_FAULTS]:
        faults.add(f"{where}[{label}]", f"there {count} times", "every label once")
    doubled = [label for label, _ in repeated(labels)]
    if doubled:
        found = f"by label, while {of} has {listed(map(str, doubled))} more than once"
        faults.add(where, found, "labels that differ", "Give a list or array in the order of the table.")
    strange = sorted(map(str, there - set(labels)))
    if strange:
        faults.add(where, f"{listed(strange)}: not in {of}", f"the labels of {of}")
    absent = [str(label) for label in labels if label not in there]
    if absent:
        faults.add(where, f"nothing for {listed(absent)}", f"one for each label of {of}")
    if len(faults.found) > known:
        return None
    place = {label: number for number, label in enumerate(given)}
    order = [place[label] for label in labels]
    return entries.iloc[order] if is_pandas(entries) else [entries[number] for number in order]
