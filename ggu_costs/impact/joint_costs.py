"""A joint cost in pools, split over those who take part by a rule of the core or of cooperative games."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import GguCostsError

if TYPE_CHECKING:
    from ggu_costs.errors import Faults
    from ggu_costs.games.pools import Pool
    from ggu_costs.impact.build_units import Units
    from ggu_costs.impact.line_terms import Joint, PoolTerms
    from ggu_costs.typing import BoolArray, FloatArray

__all__ = ["joint_shares"]


def joint_shares(terms: Joint, units: Units, mask: BoolArray, where: str, faults: Faults) -> FloatArray:
    """Return what each municipality of `mask` bears of the joint cost, in euro; 0 for the others."""
    from ggu_costs.games.game import CostGame

    inside = np.flatnonzero(mask)
    shares = np.zeros(len(units.codes))
    players = [units.codes[place] for place in inside]
    try:
        game = CostGame.from_pools(players, [_pool(pool, units, inside) for pool in terms.pools])
        shares[inside] = _split(terms.rule, game, units, inside)
    except GguCostsError as error:
        faults.add(where, error.message, error.faults[0].allowed if error.faults else "", error.remedy)
    return shares


def _split(rule: str, game: object, units: Units, inside: np.ndarray) -> FloatArray:
    from importlib import import_module

    from ggu_costs.games.game import CostGame

    assert isinstance(game, CostGame)  # noqa: S101
    if rule in ("inhabitants", "equal"):
        key = units.column(rule)[inside]
        return np.asarray(game.total * key / key.sum())
    module = "nucleolus" if rule == "nucleolus" else "values"
    solution = getattr(import_module(f"ggu_costs.games.{module}"), rule)(game)
    return np.asarray(solution.values, dtype=np.float64)


def _pool(terms: PoolTerms, units: Units, inside: np.ndarray) -> Pool:
    from ggu_costs.games import pools

    amount = float(terms.amount)
    if terms.kind == "fixed":
        return pools.Fixed(amount)
    if terms.kind == "per_participant":
        return pools.PerParticipant(np.full(len(inside), amount))
    if terms.kind == "volume":
        tiers = [(float(start), float(price)) for start, price in terms.tiers]
        return pools.VolumeTiers(units.column(terms.column)[inside], tiers)
    if terms.kind == "levels":
        labels = units.labels(terms.column or "size_class")
        return pools.ServiceLevels([float(terms.levels.get(labels[place], 0)) for place in inside])
    regions = [units.labels(terms.column)[place] for place in inside]
    return pools.Regional(regions, dict.fromkeys(regions, amount))
