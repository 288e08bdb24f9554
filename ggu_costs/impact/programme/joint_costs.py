"""A joint cost in pools, split over those who take part by a rule of the core or of cooperative games."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults
from ggu_costs.games import values
from ggu_costs.games.game import CostGame
from ggu_costs.games.least_core import least_core
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import KINDS, Pool
from ggu_costs.games.result import Certificate, GameSolution
from ggu_costs.impact.programme.build_units import Units
from ggu_costs.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from ggu_costs.impact.programme.spread_terms import Joint
    from ggu_costs.modelfile.short_pools import ShortPool


def joint_shares(terms: Joint, units: Units, mask: BoolArray) -> tuple[FloatArray, Certificate | None]:
    """Return what each municipality of `mask` bears of the joint cost, and how a game was solved for it.

    Returns
    -------
    shares
        float64, shape (units,), euro; 0 outside `mask`.
    certificate
        Of a rule that is a solution of a game; None for the others.

    Raises
    ------
    InputError
        Every fault of the pools, or why the rule gives no split for them.
    """
    inside = np.flatnonzero(mask)
    _check_levels(terms, units, inside)
    shares, certificate = np.zeros(len(units.codes)), None
    if terms.rule in ("average", "serial", "decreasing_serial"):
        shares[inside] = np.sum([_by_demand(terms.rule, pool, units, inside) for pool in terms.pools], axis=0)
        return shares, None
    game = _game(terms.pools, units, inside)
    key = _key(terms, game, units, inside)
    if key is None:
        solution = _solve(terms, game, units, inside)
        shares[inside], certificate = solution.values, solution.certificate
    else:
        shares[inside] = game.total * key / key.sum()
    return shares, certificate


def _check_levels(terms: Joint, units: Units, inside: IntArray) -> None:
    """Every class that takes part has a level, and every level a class: a slip is no free ride."""
    faults = Faults()
    for number, pool in enumerate(terms.pools):
        if pool.kind != "levels":
            continue
        column, where = pool.column or "size_class", f"pools[{number}].levels"
        labels = units.labels(column)
        for label in sorted({labels[place] for place in inside} - set(pool.levels)):
            faults.add(where, f"no level for {column} {label}", "every class that takes part; 0 where it needs none")
        for label in sorted(set(pool.levels) - set(labels)):
            faults.add(where, f"{column} {label!r} does not occur", ", ".join(sorted(set(labels))))
    faults.check("these levels cannot be used", remedy="Correct the levels.")


def _game(pools: tuple[ShortPool, ...], units: Units, inside: IntArray) -> CostGame:
    return CostGame.from_pools([units.codes[place] for place in inside], [_pool(p, units, inside) for p in pools])


def _key(terms: Joint, game: CostGame, units: Units, inside: IntArray) -> FloatArray | None:
    """What the whole is shared in proportion to; None for a rule that is a solution of a game."""
    if terms.rule in ("inhabitants", "equal"):
        return units.column(terms.rule)[inside]
    if terms.rule == "volume":
        return units.column(next(pool.column for pool in terms.pools if pool.by_volume))[inside]
    return game.alone if terms.rule == "stand_alone" else None


def _solve(terms: Joint, game: CostGame, units: Units, inside: IntArray) -> GameSolution:
    if terms.rule == "weighted_shapley":
        return values.weighted_shapley(game, units.column(terms.weights)[inside], seed=terms.seed)
    if terms.unions is not None:
        labels = np.array(units.labels(terms.unions))[inside]
        unions = [np.flatnonzero(labels == label).tolist() for label in sorted(set(labels.tolist()))]
        return values.owen(game, unions, seed=terms.seed)
    if terms.rule == "nucleolus":
        return nucleolus(game)
    if terms.rule == "least_core":
        return least_core(game)
    return {"shapley": values.shapley, "scrb": values.scrb, "ensc": values.ensc}[terms.rule](game)


def _by_demand(rule: str, terms: ShortPool, units: Units, inside: IntArray) -> FloatArray:
    """A volume pool by what each asks of it; another pool by who causes it, which is its Shapley value."""
    pool = _pool(terms, units, inside)
    volume = pool.volume()
    if rule == "average" and volume is not None:
        return pool.average(lambda: volume, len(inside))
    return pool.serial(len(inside), decreasing=rule == "decreasing_serial")


def _pool(terms: ShortPool, units: Units, inside: IntArray) -> Pool:
    def labels(column: str) -> list[str]:
        every = units.labels(column)
        return [every[place] for place in inside]

    stated = terms.stated(lambda column: units.column(column)[inside], labels, len(inside))
    return KINDS[stated.kind](**stated.figures)
