"""Figures of users become clean arrays, and amounts become text that shows what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ggu_costs.errors import Faults, listed
from ggu_costs.figures import finite, has_entries, is_pandas, read_figures, read_number
from ggu_costs.games.limits import LARGEST
from ggu_costs.typing import FloatArray
from ggu_costs.words.numbers import number

if TYPE_CHECKING:
    import pandas as pd

    Items: TypeAlias = Callable[[], Iterable[tuple[Any, Any]]]
    """What gives the labels and values of a mapping or Series."""

    Figures: TypeAlias = Sequence[float] | FloatArray | NDArray[np.int64] | Mapping[str, float] | pd.Series
    """One figure a player: in player order, or labelled by name or code."""


_WHOLE = 1e-12  # relative; how far a figure times a power of ten may lie from a whole number


def as_number(value: object, where: str, faults: Faults, *, least: float | None = None) -> float:
    """Return a finite number (of at least `least`), or note the fault and return 0."""
    return float(read_number(value, where, faults, least=least, most=LARGEST) or 0)


def as_numbers(
    values: Sequence[Any] | NDArray[Any],
    names: Iterable[str],
    where: str,
    faults: Faults,
    *,
    least: float | None = None,
    above: float | None = None,
) -> FloatArray:
    """Return float64 figures, one a name; every figure that is no finite number in its range is a fault."""
    quick = Faults()  # names are written for a fault only
    clean = read_figures(values, where, quick, least=least, above=above, most=LARGEST)
    if clean is None:
        labels = list(names)
        read_figures(values, where, faults, labels=labels, least=least, above=above, most=LARGEST)
        return np.array([float(finite(value) or 0) for value in values])  # what can be read, for the checks that follow
    if clean.ndim != 1:
        faults.add(where, f"figures of shape {clean.shape}", "one number each")
        return np.zeros(len(list(names)))
    return clean


def entries_of(values: object) -> list[Any] | NDArray[Any] | None:
    """Give the entries of what has an order, such as a list or an array; None for text, mappings, sets and the rest."""
    if isinstance(values, np.ndarray):
        return values if values.ndim else None
    if is_pandas(values):
        return np.asarray(values.to_numpy(dtype=object))
    if isinstance(values, str | bytes | Mapping | Set) or not has_entries(values):
        return None
    return list(values)


def by_player(
    values: object, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults
) -> list[Any] | NDArray[Any] | None:
    """Bring entries into player order; a wrong count, an unknown or a missing label is a fault.

    Mappings and Series are read by their labels, which are codes or names; everything else by position.
    """
    items: Items | None = getattr(values, "items", None)
    if callable(items):
        return _labelled(list(items()), players, codes, where, faults)
    entries = entries_of(values)
    if entries is None:
        faults.add(where, repr(values), f"one entry a player ({len(players)})")
    elif len(entries) != len(players):
        faults.add(where, f"{len(entries)} entries", f"one a player ({len(players)})")
    else:
        return entries
    return None


def player_figures(
    values: object, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults, *, least: float | None
) -> FloatArray:
    """Return float64 figures in player order (of at least `least`); zeros, with faults, where they are none."""
    entries = by_player(values, players, codes, where, faults)
    return np.zeros(len(players)) if entries is None else as_numbers(entries, players, where, faults, least=least)


def known_figures(
    players: Sequence[str], codes: Sequence[str], values: object, where: str, faults: Faults
) -> FloatArray:
    """Return float64 figures in player order, NaN where one is None or missing (PM)."""
    import pandas as pd

    entries = by_player(values, players, codes, where, faults)
    known: list[Any] = [None] * len(players) if entries is None else list(entries)
    missing = [bool(np.ndim(entry) == 0 and pd.isna(entry)) for entry in known]
    figures = [0.0 if gap else entry for gap, entry in zip(missing, known, strict=True)]
    return np.where(missing, np.nan, as_numbers(figures, players, where, faults))


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


def decimals_of(amount: float) -> int:
    """Decimals with which an amount shows at least two digits that are not 0: 2, and more below ten cents.

    Examples
    --------
    >>> decimals_of(1234.5), decimals_of(0.1), decimals_of(0.00037), decimals_of(0.0)
    (2, 2, 5, 2)
    """
    size = abs(amount)
    return 2 if size == 0 or not isfinite(size) else min(max(2, 1 - floor(log10(size))), 15)


def amount_text(amount: float, like: float | None = None, lang: str = "en") -> str:
    """Write an amount with two decimals, or with those that it takes to show `like` (by default itself).

    Examples
    --------
    >>> amount_text(36480), amount_text(0.00037), amount_text(0.01, like=0.00037), amount_text(36480, lang="nl")
    ('36,480.00', '0.00037', '0.01000', '36.480,00')
    """
    return number(float(amount), decimals=decimals_of(amount if like is None else like), lang=lang)


def decimal_unit(figures: FloatArray, total: float) -> float:
    """Power of ten that makes all figures whole and their sums exact, or 0."""
    for places in range(7):
        unit = 10.0**places
        scaled = figures * unit
        if np.all(np.abs(scaled - np.rint(scaled)) <= _WHOLE * np.maximum(1.0, scaled)) and total * unit < 2**53:
            return unit
    return 0.0
