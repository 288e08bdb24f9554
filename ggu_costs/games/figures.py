"""Figures of users become clean arrays: numbers of any kind, in player order or labelled by name or code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ggu_costs.errors import Faults, listed

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ggu_costs.typing import FloatArray

    Figures: TypeAlias = Sequence[float] | FloatArray | NDArray[np.int64] | Mapping[str, float] | pd.Series
    """One figure a player: in player order, or labelled by name or code."""

__all__ = ["as_number", "as_numbers", "by_player"]

_KINDS = (int, float, Decimal, Fraction, np.integer, np.floating)


def as_number(value: object, where: str, faults: Faults, *, least: float | None = None) -> float:
    """Return a finite number (of at least `least`), or note the fault and return 0."""
    if not isinstance(value, _KINDS) or isinstance(value, bool):
        faults.add(where, repr(value), "a number")
        return 0.0
    number = float(value)
    if not np.isfinite(number):
        faults.add(where, str(number), "a finite number")
    elif least is not None and number < least:
        faults.add(where, f"{number:g}", f"{least:g} or more")
    else:
        return number
    return 0.0


def as_numbers(
    values: Iterable[Any], names: Sequence[str], where: str, faults: Faults, *, least: float | None = None
) -> FloatArray:
    """Return float64 figures, one a name; every figure that is no finite number (of at least `least`) is a fault."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values))
    if array.ndim == 1 and array.dtype.kind in "iuf":
        clean = array.astype(np.float64)
        wrong = ~np.isfinite(clean) if least is None else ~np.isfinite(clean) | (clean < least)
        if not wrong.any():
            return clean
        return np.array([as_number(clean[i], f"{where}[{name}]", faults, least=least) for i, name in enumerate(names)])
    return np.array(
        [as_number(value, f"{where}[{name}]", faults, least=least) for name, value in zip(names, values, strict=True)]
    )


def by_player(
    values: object, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults
) -> list[Any] | NDArray[Any] | None:
    """Bring entries into player order; a wrong count, an unknown or a missing label is a fault.

    Mappings and Series are read by their labels, which are codes or names; everything else by position.
    """
    items = getattr(values, "items", None)
    if callable(items):
        return _labelled(list(items()), players, codes, where, faults)
    if isinstance(values, str) or not isinstance(values, Iterable):
        faults.add(where, repr(values), f"one entry a player ({len(players)})")
        return None
    entries: list[Any] | NDArray[Any] = values if isinstance(values, np.ndarray) else list(values)
    if len(entries) != len(players):
        faults.add(where, f"{len(entries)} entries", f"one a player ({len(players)})")
        return None
    return entries


def _labelled(
    pairs: list[tuple[Any, Any]], players: Sequence[str], codes: Sequence[str], where: str, faults: Faults
) -> list[Any] | None:
    lookup = {label: i for labels in (players, codes) for i, label in enumerate(labels)}
    found: dict[int, Any] = {}
    for label, value in pairs:
        if label not in lookup:
            faults.add(where, f"{label!r} is not a player", "names or codes of the players")
        elif lookup[label] in found:
            faults.add(where, f"{label!r} appears twice", "one entry a player")
        else:
            found[lookup[label]] = value
    missing = [players[i] for i in range(len(players)) if i not in found]
    if missing:
        faults.add(where, f"nothing for {listed(missing)}", "one entry a player")
    return None if len(found) < len(players) else [found[i] for i in range(len(players))]
