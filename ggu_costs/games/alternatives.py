r"""What players would do without the joint facility, beside it: each on its own, or a region that is whole as a region.

The game with the alternatives in it. A group S that leaves may split up: those of it that stay together, T, run the
facility for themselves at C(T), the others take what they were offered,

.. math:: c(S) = \min_{T \subseteq S} C(T) + A(S \setminus T) \quad (S \ne N), \qquad c(N) = C(N),

where A(S) is the least cost of S in parts: :math:`a_i` for a player on its own, :math:`a_R` for a region R of which all
members are in S, and infinity for whoever has neither. A region that only some members of S belong to cannot act as a
region, so its members depend on one another. c(N) is the cost that is split: that all take part is given.

Why not min(C(S), A(S))? A group of ten may be better off with nine together and one alone; it would do that. For what
is stable it makes no difference: the parts of a group that splits up are groups themselves, and when all of them are
content, so is their sum. The core of both games is the same; where it is not empty, so is the nucleolus, as groups that
fall apart do not decide it (Huberman 1980). Where it is empty, the complaints, and the nucleolus with them, are those
of groups that split up. Two facilities in place of one are never considered; where prices fall they never pay.

References
----------
Huberman, G. (1980). The nucleolus and the essential coalitions. Analysis and Optimization of Systems, 416-422.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults
from ggu_costs.games.coalitions import positions
from ggu_costs.games.figures import as_number, known_figures
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Figures

    GroupCosts: TypeAlias = Mapping[Any, float | None]
    """What groups pay that act as one, by their members: a tuple of names or codes, or one of them."""


@dataclass(frozen=True, eq=False)
class Alternatives(Brief):
    """What each player and each group can have without the others.

    Attributes
    ----------
    alone : numpy.ndarray
        Euro by player, shape (n,); inf where there is none, or none is known.
    groups : tuple
        Members of a group that can act as one, by position, and what it then pays; no player is in two of them.
    """

    alone: FloatArray
    groups: tuple[tuple[IntArray, float], ...]

    @property
    def any(self) -> bool:
        """Whether anybody has one."""
        return bool(self.groups) or bool(np.isfinite(self.alone).any())

    def costs(self, members: BoolArray) -> FloatArray:
        """A(S) of coalitions given as rows of truth values; inf where somebody in it has no alternative."""
        paid = np.where(members, self.alone, 0.0)
        total = np.zeros(len(members))
        for inside, cost in self.groups:
            apart = paid[:, inside].sum(axis=1)
            total += np.where(members[:, inside].all(axis=1), np.minimum(apart, cost), apart)
            paid[:, inside] = 0.0
        return np.asarray(total + paid.sum(axis=1))

    def beside(self, table: FloatArray, *, everyone: bool = False) -> FloatArray:
        """Turn the costs C of all 2^n coalitions into c: groups may split up, all together only with `everyone`."""
        found = table.copy()
        masks = np.arange(len(table))
        for i in np.flatnonzero(np.isfinite(self.alone)):
            halves = found.reshape(-1, 2, 1 << int(i))
            np.minimum(halves[:, 1], halves[:, 0] + self.alone[i], out=halves[:, 1])
        for inside, cost in self.groups:
            whole = int(np.sum(1 << inside))
            rows = masks[masks & whole == whole]
            found[rows] = np.minimum(found[rows], found[rows ^ whole] + cost)
        if not everyone:
            found[-1] = table[-1]
        return found

    def fingerprint(self) -> Iterator[bytes]:
        """Bytes that are equal for equal alternatives."""
        yield self.alone.tobytes()
        for inside, cost in self.groups:
            yield inside.tobytes() + np.float64(cost).tobytes()


def no_alternatives(n: int) -> Alternatives:
    """Nobody has any."""
    return Alternatives(np.full(n, np.inf), ())


def read_alternatives(
    players: Sequence[str],
    codes: Sequence[str],
    alone: Figures | None,
    groups: GroupCosts | None,
    faults: Faults,
) -> Alternatives:
    """Check what was stated; whatever is None or NaN is not known, and nobody's way out."""
    single = np.full(len(players), np.nan) if alone is None else known_figures(players, codes, alone, "alone", faults)
    found: list[tuple[IntArray, float]] = []
    group_of: dict[int, str] = {}
    stated = {} if groups is None else groups
    if not callable(getattr(stated, "items", None)):
        faults.add("groups", f"{stated!r:.60}", "a mapping of members to euro")
        stated = {}
    for members, cost in stated.items():
        named = [members] if isinstance(members, str) else members
        where = f"groups[{', '.join(map(str, named))}]" if isinstance(named, list | tuple) else f"groups[{members!r}]"
        inside = sorted(positions(players, codes, named, where, faults))
        for i in inside:
            if i in group_of:
                words = f"{players[i]} is in {group_of[i]} as well" if group_of[i] != where else f"{players[i]} twice"
                faults.add(where, words, "each player in one group, once")
            group_of[i] = where
        if not inside:
            faults.add(where, "no members", "at least one")
        if cost is None or cost != cost:  # noqa: PLR0124 (NaN)
            continue
        found.append((np.array(inside, dtype=np.int64), as_number(cost, where, faults)))
    return Alternatives(np.where(np.isnan(single), np.inf, single), tuple(found))
