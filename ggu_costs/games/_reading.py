"""What users state becomes checked players and a checked table; every fault is noted, none raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import Faults, listed, repeated
from ggu_costs.figures import has_entries
from ggu_costs.games.coalitions import Coalition, named, positions
from ggu_costs.games.figures import as_number, as_numbers, entries_of
from ggu_costs.games.limits import TABLE_LIMIT
from ggu_costs.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.games.figures import Items


Names = tuple[tuple[str, ...], tuple[str, ...]]
"""Names and codes of the players."""

_SHOWN = 12  # missing coalitions written out
_BEGIN = "Amounts begin with the first member."


def read_players(players: object, faults: Faults) -> Names:
    """Names and codes, each once; codes equal the names where there are none."""
    items: Items | None = getattr(players, "items", None)
    if callable(items):
        pairs = list(items())
        codes, names = [code for code, _ in pairs], [name for _, name in pairs]
    else:
        listing = [players] if isinstance(players, str) else entries_of(players)
        if listing is None:
            faults.add("players", repr(players), "names in a list, or a mapping of code to name")
            return (), ()
        names = codes = list(listing)
    if not names:
        faults.add("players", "none", "at least one")
    for kind, labels in (("players", names), ("codes", codes)):
        if kind == "codes" and codes is names:
            break
        for i, label in enumerate(labels):
            if not isinstance(label, str) or not label:
                faults.add(f"{kind}[{i}]", repr(label), "a name of one or more characters")
        for label, count in repeated(label for label in labels if isinstance(label, str)):
            faults.add(kind, f"{label!r} comes {count} times", "every participant once")
    return tuple(str(name) for name in names), tuple(str(code) for code in codes)


def read_table(values: object, players: object, faults: Faults) -> tuple[Names, FloatArray]:
    """Players, and 2^n values of their coalitions."""
    table = entries_of(values)
    if table is None:
        if players is not None:
            read_players(players, faults)
        faults.add(
            "values", repr(values), "2^n values in a list or an array", "Named coalitions go into from_coalitions."
        )
        return ((), ()), np.zeros(1)
    count = len(table)
    n = max(count.bit_length() - 1, 0)
    names, codes = read_players(players if players is not None else [str(i + 1) for i in range(n)], faults)
    wanted = len(names) if players is not None else n
    nobody = players is not None and not names  # said already
    if not nobody and (count != 1 << wanted or wanted == 0):
        near = f"2, 4, 8 and so on, such as {max(2, 1 << n)} or {2 << max(n, 1)}"
        allowed = f"{1 << wanted}: two to the power {wanted} players" if players is not None else near
        faults.add("values", f"{count} values", allowed)
    labels = ("+".join(named(names, mask)) if mask else "empty" for mask in range(count))  # written for a fault only
    clean = as_numbers(table, labels, "values", faults)
    if count and clean[0] != 0:
        faults.add("values[empty]", f"{clean[0]:g} for the empty coalition", "0", _BEGIN)
    return (names, codes), clean


def read_coalitions(costs: object, players: object, faults: Faults) -> tuple[Names, FloatArray]:
    """Players, and 2^n values from a mapping of every coalition, by names, to its value."""
    items: Items | None = getattr(costs, "items", None)
    if not callable(items):
        faults.add("coalitions", repr(costs), "a mapping of coalition to amount", "A plain table goes into from_table.")
        return ((), ()), np.zeros(1)
    stated: list[tuple[tuple[Any, ...], Any]] = []
    for coalition, value in items():
        key = _members(coalition)
        if key is None:
            faults.add(f"coalition {coalition!r}", "no names", "a name, or names in a tuple such as ('a', 'b')")
            as_number(value, f"coalition {coalition!r}", faults)
        else:
            stated.append((key, value))
    if players is None:
        players = list(dict.fromkeys(name for key, _ in stated for name in key))
        if faults and not players:
            return ((), ()), np.zeros(1)
    before = len(faults.found)
    names, codes = read_players(players, faults)
    sure = len(faults.found) == before  # else nobody knows who is meant
    found = {0: 0.0}
    seen: set[int] = set()
    for key, value in stated:
        where = f"coalition {'+'.join(str(name) for name in key) or 'empty'}"
        number = as_number(value, where, faults)
        before = len(faults.found)
        places = set(positions(names, codes, key, where, faults)) if sure else set()
        if not sure or len(faults.found) > before:
            continue
        mask = sum(1 << i for i in places)
        if mask == 0 and number != 0:
            faults.add(where, f"{number:g} for the empty coalition", "0", _BEGIN)
        if mask in seen:
            faults.add(where, "comes twice", "every coalition once")
        seen.add(mask)
        found[mask] = number
    return (names, codes), _filled(found, names, faults) if sure else np.zeros(1)


def _members(coalition: object) -> tuple[Any, ...] | None:
    """The names of a coalition; those of a set in alphabetical order."""
    if isinstance(coalition, str):
        return (coalition,)
    if isinstance(coalition, frozenset):
        return tuple(sorted(coalition, key=str))
    return tuple(coalition) if has_entries(coalition) else None


def _filled(found: dict[int, float], names: tuple[str, ...], faults: Faults) -> FloatArray:
    n = len(names)
    if n > TABLE_LIMIT:
        faults.add("players", f"{n} by named coalitions", f"at most {TABLE_LIMIT}", "State the game as cost pools.")
        return np.zeros(1)
    missing = (1 << n) - len(found)
    if missing:
        first = islice((mask for mask in range(1, 1 << n) if mask not in found), _SHOWN)
        texts = ", ".join("+".join(named(names, mask)) for mask in first)
        rest = f" and {missing - _SHOWN} more" if missing > _SHOWN else ""
        faults.add("coalitions", f"nothing for {texts}{rest}", "all 2^n - 1")
    table = np.zeros(1 << n)
    table[list(found)] = list(found.values())
    return table


def read_unions(players: Sequence[str], codes: Sequence[str], unions: Sequence[Iterable[str | int]]) -> list[IntArray]:
    """Check unions: every player in exactly one, none empty; raises where it is not so."""
    faults = Faults()
    stated = entries_of(unions)
    if stated is None:
        faults.add("unions", repr(unions), "lists of players in a list")
        faults.check("these unions do not divide the players", remedy="Give a list of unions, each a list of players.")
    groups = []
    for k, union in enumerate(stated or []):
        known = len(faults.found)
        groups.append(positions(players, codes, union, f"unions[{k}]", faults))
        if not groups[k] and len(faults.found) == known:
            faults.add(f"unions[{k}]", "no members", "at least one player")
    every = [i for group in groups for i in group]
    if twice := listed(players[i] for i, _ in repeated(sorted(every))):
        faults.add("unions", f"more than once: {twice}", "once each")
    if outside := listed(name for i, name in enumerate(players) if i not in set(every)):
        remedy = "Give a player that stands alone a union of its own."
        faults.add("unions", f"in no union: {outside}", "every player in one", remedy)
    faults.check("these unions do not divide the players", remedy="Correct the unions listed.")
    return [np.array(group, dtype=np.int64) for group in groups]


def cost_of_nobody(cost: Callable[[Coalition], float], faults: Faults) -> float:
    """What a function says that the empty coalition costs; 0 where it raises."""
    try:
        answer = cost(())
    except Exception:
        return 0.0
    return as_number(answer, "cost()", faults)
