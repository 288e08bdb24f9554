"""Coalitions as names, as rows of truth values and as bit masks (bit i is player i)."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from ggu_costs.errors import Faults, did_you_mean
from ggu_costs.figures import has_entries
from ggu_costs.typing import BoolArray, FloatArray, IntArray

N = TypeVar("N", bound=np.generic)
Coalition: TypeAlias = tuple[str, ...]
"""Names of the players of a coalition, in player order."""


def member_rows(masks: Iterable[int] | IntArray, n: int) -> BoolArray:
    """Turn bit masks of at most 63 players into rows of truth values, shape (masks, n).

    Examples
    --------
    >>> member_rows([0, 5], 3).astype(int).tolist()
    [[0, 0, 0], [1, 0, 1]]
    """
    column = np.asarray(list(masks) if not isinstance(masks, np.ndarray) else masks, dtype=np.int64)[:, None]
    rows: BoolArray = (column >> np.arange(n)) & 1 == 1
    return rows


def named(players: Sequence[str], members: BoolArray | int) -> Coalition:
    """Write a coalition by the names of its players.

    Examples
    --------
    >>> named(("n", "f", "p"), 5)
    ('n', 'p')
    """
    if isinstance(members, int | np.integer):
        return tuple(name for i, name in enumerate(players) if int(members) >> i & 1)
    return tuple(players[int(i)] for i in np.flatnonzero(members))


def over_subsets(values: NDArray[N], combine: np.ufunc) -> NDArray[N]:
    """Combine `values` of 0 or more (np.maximum), or any (np.add), over each of the 2^n subsets, by their bit masks.

    Examples
    --------
    >>> over_subsets(np.array([1.0, 10.0]), np.add).tolist(), over_subsets(np.array([7, 4]), np.maximum).tolist()
    ([0.0, 1.0, 10.0, 11.0], [0, 7, 4, 7])
    """
    combined = np.zeros(1 << len(values), dtype=values.dtype)
    for i, value in enumerate(values):
        combine(combined[: 1 << i], value, out=combined[1 << i : 2 << i])
    return combined


def subset_sums(values: FloatArray) -> FloatArray:
    """Sum of `values` over each of the 2^n subsets, in order of their bit masks."""
    return over_subsets(values, np.add)


def sizes(n: int) -> IntArray:
    """Count the players of each of the 2^n coalitions."""
    return over_subsets(np.ones(n, dtype=np.int64), np.add)


def positions(
    players: Sequence[str], codes: Sequence[str], coalition: Iterable[str | int], where: str, faults: Faults
) -> list[int]:
    """Find players given by name, code or position, or one by name; every one that does not exist is a fault."""
    lookup = {name: i for names in (codes, players) for i, name in enumerate(names)}
    found: list[int] = []
    stated: object = [coalition] if isinstance(coalition, str) else coalition
    if not has_entries(stated):
        faults.add(where, repr(stated), "names, codes, or positions from 0, in a list")
        return found
    for member in stated:
        if isinstance(member, str) and member in lookup:
            found.append(lookup[member])
        elif isinstance(member, int | np.integer) and not isinstance(member, bool) and 0 <= member < len(players):
            found.append(int(member))
        else:
            remedy = did_you_mean(str(member), lookup)
            faults.add(where, f"no player {member!r}", "names, codes, or positions from 0", remedy)
    return found
