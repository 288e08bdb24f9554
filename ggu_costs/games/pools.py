r"""Cost pools as users state them. The cost of a coalition S is the sum over the pools.

=====================  =============================================================================================
:class:`Fixed`         F once, if S is not empty
:class:`PerParticipant`  the own amount of each member
:class:`VolumeTiers`   :math:`g(\sum_{i \in S} w_i)` with g piecewise linear: incremental tiers, or all units
:class:`ServiceLevels`  the highest level that a member needs, :math:`\max_{i \in S} c_i` (an airport game)
:class:`Regional`      a fixed amount for each region with a member in S
=====================  =============================================================================================

The classes hold what was said; :meth:`ggu_costs.CostGame.from_pools` checks all pools together, against its players,
and reports every fault at once. Figures are given in player order, or labelled by name or code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.errors import Faults, listed
from ggu_costs.games._parts import FixedPart, LevelPart, OwnPart, Part, RegionPart, VolumePart
from ggu_costs.games.figures import as_number, as_numbers, by_player, entries_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.games.figures import Figures
    from ggu_costs.typing import FloatArray

__all__ = ["Fixed", "PerParticipant", "Pool", "Regional", "ServiceLevels", "VolumeTiers"]

_WHOLE = 1e-12  # relative; how far a figure times a power of ten may lie from a whole number


@dataclass(frozen=True, eq=False)
class Fixed:
    """An amount due once, however many take part (vaste kosten).

    Parameters
    ----------
    amount
        Euro, 0 or more.
    """

    amount: float

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        del players, codes
        return FixedPart(as_number(self.amount, f"{where}.amount", faults, least=0.0))


@dataclass(frozen=True, eq=False)
class PerParticipant:
    """An own amount for each participant (kosten per deelnemer).

    Parameters
    ----------
    amounts
        Euro, one a player; a negative amount is a credit of that player alone.
    """

    amounts: Figures

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        return OwnPart(_figures(self.amounts, players, codes, f"{where}.amounts", faults, least=None))


@dataclass(frozen=True, eq=False)
class VolumeTiers:
    """A price that depends on the volume of the group together (staffel).

    Parameters
    ----------
    volumes
        One a player, 0 or more, not all 0.
    tiers
        Pairs (from_volume, price per unit in euro): the first from 0, bounds rising; a volume on a bound falls in the
        higher tier.
    all_units
        False: each price holds for the units within its tier (incremental, staffeltarief). True: the price of the tier
        that the volume falls in holds for every unit (terugwerkende korting).

    Notes
    -----
    Incremental tiers with falling prices make a concave function: every group gains by growing, nobody is worse off for
    the others joining. Rising prices and all-units discounts are allowed, and cost more work in a stability check.
    """

    volumes: Figures
    tiers: Sequence[tuple[float, float]]
    all_units: bool = False

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        volumes = _figures(self.volumes, players, codes, f"{where}.volumes", faults, least=0.0)
        if not volumes.any() and not any(fault.where.startswith(f"{where}.volumes") for fault in faults.found):
            faults.add(f"{where}.volumes", "all are 0", "at least one above 0")
        starts, prices = self._tiers(f"{where}.tiers", faults)
        if not isinstance(self.all_units, bool):
            faults.add(f"{where}.all_units", repr(self.all_units), "True or False")
        unit = _decimal_unit(np.concatenate([volumes, starts]), float(volumes.sum()))
        if unit:
            volumes, starts, prices = np.rint(volumes * unit), np.rint(starts * unit), prices / unit
        return VolumePart(volumes, starts, prices, bool(self.all_units), whole=bool(unit))

    def _tiers(self, where: str, faults: Faults) -> tuple[FloatArray, FloatArray]:
        stated = entries_of(self.tiers)
        listing = [] if stated is None else list(stated)
        if stated is None:
            faults.add(where, repr(self.tiers), "pairs (from_volume, unit_price) in a list")
        elif not listing:
            faults.add(where, "no tiers", "at least one, from volume 0")
        starts, prices = np.full(len(listing), np.nan), np.zeros(len(listing))  # NaN: not known, so not compared
        for k, tier in enumerate(listing):
            pair = entries_of(tier)
            if pair is None or len(pair) != 2:
                faults.add(f"{where}[{k}]", repr(tier), "a pair (from_volume, unit_price)")
                continue
            known = len(faults.found)
            start = as_number(pair[0], f"{where}[{k}].from_volume", faults, least=0.0)
            starts[k] = start if len(faults.found) == known else np.nan
            prices[k] = as_number(pair[1], f"{where}[{k}].unit_price", faults, least=0.0)
        if listing and starts[0] > 0:
            faults.add(f"{where}[0]", f"starts at {starts[0]:g}, which leaves a gap below it", "from volume 0")
        for below in np.flatnonzero(np.diff(starts) <= 0):
            kind = "overlaps" if starts[below + 1] == starts[below] else "falls below"
            faults.add(
                f"{where}[{below + 1}]", f"from {starts[below + 1]:g} {kind} the tier before it", "rising bounds"
            )
        return (starts, prices) if listing and np.isfinite(starts).all() else (np.zeros(1), np.zeros(1))


@dataclass(frozen=True, eq=False)
class ServiceLevels:
    """The joint facility is as large as the most demanding member needs (voorzieningenniveau).

    Parameters
    ----------
    costs
        Euro; the cost of the level that each player needs, 0 or more.
    """

    costs: Figures

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        return LevelPart(_figures(self.costs, players, codes, f"{where}.costs", faults, least=0.0))


@dataclass(frozen=True, eq=False)
class Regional:
    """A fixed amount for each region with a participant (kosten per regio).

    Parameters
    ----------
    regions
        The label of each player's region, in player order or labelled by name or code.
    amounts
        Euro by label, 0 or more; every label has a player, and every player's label an amount.
    """

    regions: Sequence[str] | Mapping[str, str] | pd.Series
    amounts: Mapping[str, float]

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        """Check the pool and return it as clean arrays."""
        fallback = RegionPart(np.zeros(len(players), dtype=np.int64), np.zeros(1))
        labels = by_player(self.regions, players, codes, f"{where}.regions", faults)
        if not callable(getattr(self.amounts, "items", None)):
            faults.add(f"{where}.amounts", repr(self.amounts), "a mapping of region label to euro")
            return fallback
        known = dict(self.amounts.items())
        for label, count in Counter(label for label, _ in self.amounts.items()).items():
            if count > 1:
                faults.add(f"{where}.amounts", f"{label!r} comes {count} times", "every region once")
        amounts = as_numbers(
            list(known.values()), [str(label) for label in known], f"{where}.amounts", faults, least=0.0
        )
        if labels is None:
            return fallback
        nameless = [i for i, label in enumerate(labels) if not isinstance(label, Hashable)]
        for i in nameless:
            faults.add(f"{where}.regions[{players[i]}]", repr(labels[i]), "the label of a region")
        if nameless:
            return fallback
        without = [label for label in known if label not in set(labels)]
        if without:
            faults.add(
                f"{where}.amounts",
                f"no player in {listed(without)}",
                "regions with at least one player",
                "Leave them out.",
            )
        lost = [players[i] for i, label in enumerate(labels) if label not in known]
        if lost:
            faults.add(f"{where}.regions", f"no amount for the region of {listed(lost)}", f"one of {listed(known)}")
            return fallback
        order = {label: r for r, label in enumerate(known)}
        return RegionPart(np.array([order[label] for label in labels], dtype=np.int64), amounts)


Pool: TypeAlias = Fixed | PerParticipant | VolumeTiers | ServiceLevels | Regional


def _figures(
    values: object, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults, *, least: float | None
) -> FloatArray:
    entries = by_player(values, players, codes, where, faults)
    return np.zeros(len(players)) if entries is None else as_numbers(entries, players, where, faults, least=least)


def _decimal_unit(figures: FloatArray, total: float) -> float:
    """Power of ten that makes all figures whole and their sums exact, or 0."""
    for places in range(7):
        unit = 10.0**places
        scaled = figures * unit
        if np.all(np.abs(scaled - np.rint(scaled)) <= _WHOLE * np.maximum(1.0, scaled)) and total * unit < 2**53:
            return unit
    return 0.0
