r"""The rules by which a joint cost is split (verdeelregels), over the cost pools of a case.

======================  =============================================================================================
inhabitants             everything by inhabitants (a body without inhabitants counts 0)
equal                   everything equally
volume                  everything by volume: a volume pool by its own volume, other pools by the first of the file
fixed_plus_volume       volume pools by volume, own amounts each its own, everything else equally
stand_alone             everything by what each would pay on its own
average                 average cost: volume pools and fixed costs by volume, level pools by the cost of the level
                        needed, regional amounts by volume within the region, own amounts each its own
serial                  volume pools by serial sharing (Moulin and Shenker): nobody pays for units that only others ask
                        for; other pools by who causes them (as under shapley)
decreasing_serial       the same with demands sorted downwards (de Frutos), which suits economies of scale
scrb                    separable costs, remaining benefits
shapley                 what each adds, averaged over all orders of joining
owen                    the same, joining region by region
nucleolus               the largest complaint of any group as small as can be, then the next
======================  =============================================================================================

Every rule splits the whole cost. All but `scrb` and `nucleolus` add up over pools; then a mixture of rules by pool is a
split as well, and scenarios of the amounts are a product.

References
----------
Moulin, H. and Shenker, S. (1992). Serial cost sharing. Econometrica 60, 1009-1037.
de Frutos, M. A. (1998). Decreasing serial cost sharing under economies of scale. Journal of Economic Theory 79,
245-275.
Young, H. P., Okada, N. and Hashimoto, T. (1982). Cost allocation in water resources development. Water Resources
Research 18, 463-475.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.demand import average_cost, serial
from ggu_costs.errors import InputError, UnknownNameError, listed
from ggu_costs.procurement.costs import CostPool, FixedCost, LevelCost, OwnCost, RegionCost, VolumeCost

if TYPE_CHECKING:
    from ggu_costs.games.result import Certificate, GameSolution
    from ggu_costs.procurement.setup import Setup
    from ggu_costs.typing import FloatArray

__all__ = ["ADDITIVE", "COMPARED", "RULES", "Shares", "shares_by"]

RULES = (
    "inhabitants", "equal", "volume", "fixed_plus_volume", "stand_alone", "average", "serial", "decreasing_serial",
    "scrb", "shapley", "owen", "nucleolus",
)  # fmt: skip
"""All rules."""
COMPARED = (
    "inhabitants", "equal", "volume", "fixed_plus_volume", "stand_alone", "scrb", "shapley", "nucleolus",
)  # fmt: skip
"""Rules put side by side unless asked otherwise."""
ADDITIVE = tuple(rule for rule in RULES if rule not in ("scrb", "nucleolus"))
"""Rules whose share in all pools is the sum of the shares in each."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares under one rule, before they become cents.

    Attributes
    ----------
    values : numpy.ndarray
        Euro, shape (n,), unrounded.
    parts
        The share in each pool by its id; None for a rule that does not add up over pools.
    method
        How it was computed.
    certificates
        Of the rules that are solutions of a game: method, error of a sample, and whether it was reached.
    """

    values: FloatArray
    parts: dict[str, FloatArray] | None
    method: str
    certificates: tuple[Certificate, ...] = ()

    @property
    def samples(self) -> int:
        """Orders of joining that were drawn; 0 where nothing was sampled."""
        return sum(certificate.samples for certificate in self.certificates)


def shares_by(setup: Setup, rule: str, pools: tuple[CostPool, ...]) -> Shares:
    """Split some pools by one rule.

    Raises
    ------
    UnknownNameError
        Another rule.
    InputError
        The rule does not exist for these pools; the message says why.
    """
    if not isinstance(rule, str) or rule not in RULES:
        raise UnknownNameError("rule for a split", str(rule), RULES)
    if rule in _GAMES:
        return _GAMES[rule](setup, pools)
    parts = {pool.id: _BY_POOL[rule](setup, pool) for pool in pools}
    return Shares(np.sum(list(parts.values()), axis=0), parts, "closed form")


def _key(key: FloatArray, total: float, reason: str) -> FloatArray:
    """Share in proportion to a key that is not 0 for everyone."""
    whole = float(key.sum())
    if whole <= 0:
        raise InputError(reason, remedy="Choose another rule.")
    return np.asarray(total * (key / whole))


def _inhabitants(setup: Setup, pool: CostPool) -> FloatArray:
    return _key(setup.parties.people, pool.total, "no participant has inhabitants")


def _equal(setup: Setup, pool: CostPool) -> FloatArray:
    return np.full(setup.parties.count, pool.total / setup.parties.count)


def _volume_of(setup: Setup, pool: CostPool) -> FloatArray:
    volume = pool.volumes if isinstance(pool, VolumeCost) else setup.main_volume
    if volume is None:
        raise InputError("the case has no volumes", remedy="State [[volumes]], or choose another rule.")
    return volume


def _volume(setup: Setup, pool: CostPool) -> FloatArray:
    return _key(_volume_of(setup, pool), pool.total, "the volumes are 0 for everyone")


def _fixed_plus_volume(setup: Setup, pool: CostPool) -> FloatArray:
    if isinstance(pool, OwnCost):
        return pool.amounts.copy()
    return _volume(setup, pool) if isinstance(pool, VolumeCost) else _equal(setup, pool)


def _stand_alone(setup: Setup, pool: CostPool) -> FloatArray:
    if setup.alone is None:
        raise InputError("the case states no stand-alone costs", remedy="State [alternatives.stand_alone].")
    missing = [setup.parties.codes[i] for i in np.flatnonzero(np.isnan(setup.alone))]
    if missing:
        raise InputError(
            f"the stand-alone cost is PM for {listed(missing)}",
            remedy="Give it, or choose a rule that does not need it.",
        )
    return _key(setup.alone, pool.total, "the stand-alone costs are 0 for everyone")


def _average(setup: Setup, pool: CostPool) -> FloatArray:
    if isinstance(pool, OwnCost):
        return pool.amounts.copy()
    if isinstance(pool, VolumeCost):
        return average_cost(pool.volumes, pool.cost_of)
    if isinstance(pool, LevelCost):
        return _key(pool.needs, pool.total, "the levels cost nothing")
    if isinstance(pool, FixedCost):
        return _volume(setup, pool)
    labels, volume = np.array(pool.labels), _volume_of(setup, pool)
    shares = np.empty(len(labels))
    for label, amount in pool.amounts.items():
        inside = labels == label
        shares[inside] = _key(volume[inside], amount, f"the volumes are 0 for everyone in {label}")
    return shares


def _serial(setup: Setup, pool: CostPool, *, decreasing: bool = False) -> FloatArray:
    if isinstance(pool, VolumeCost):
        return serial(pool.volumes, pool.cost_of, decreasing=decreasing)
    return _caused(setup, pool)


def _decreasing_serial(setup: Setup, pool: CostPool) -> FloatArray:
    return _serial(setup, pool, decreasing=True)


def _caused(setup: Setup, pool: CostPool) -> FloatArray:
    """A pool without volumes by who causes it: the Shapley value of the pool, in closed form."""
    if isinstance(pool, OwnCost):
        return pool.amounts.copy()
    if isinstance(pool, RegionCost):
        labels = np.array(pool.labels)
        return np.array([pool.amounts[label] / np.count_nonzero(labels == label) for label in pool.labels])
    if isinstance(pool, LevelCost):
        steps = np.unique(np.concatenate([[0.0], pool.needs]))
        counts = np.array([np.count_nonzero(pool.needs >= step) for step in steps[1:]])
        paid = np.concatenate([[0.0], np.cumsum(np.diff(steps) / counts)])
        return np.asarray(paid[np.searchsorted(steps, pool.needs)])
    return _equal(setup, pool)


def _shapley(setup: Setup, pools: tuple[CostPool, ...]) -> Shares:
    from ggu_costs.games.values import shapley

    return _solved(shapley(setup.game_of(pools)), pools)


def _owen(setup: Setup, pools: tuple[CostPool, ...]) -> Shares:
    from ggu_costs.games.values import owen

    column = setup.parties.definition.case.unions
    if not column:
        raise InputError("the case states no regions that act together", remedy="State case.unions.")
    labels = setup.parties.regions(column)
    codes = setup.parties.codes
    unions = [
        [code for code, own in zip(codes, labels, strict=True) if own == label] for label in sorted({*labels} - {""})
    ]
    unions += [[code] for code, own in zip(codes, labels, strict=True) if not own]
    return _solved(owen(setup.game_of(pools), unions, seed=setup.parties.definition.case.seed), pools)


def _scrb(setup: Setup, pools: tuple[CostPool, ...]) -> Shares:
    from ggu_costs.games.values import scrb

    return _solved(scrb(setup.game_of(pools)))


def _nucleolus(setup: Setup, pools: tuple[CostPool, ...]) -> Shares:
    from ggu_costs.games.nucleolus import nucleolus

    return _solved(nucleolus(setup.game_of(pools)))


def _solved(solution: GameSolution, pools: tuple[CostPool, ...] = ()) -> Shares:
    """Shares of a game, by pool where its solution has them; a game keeps its pools in the order they were given."""
    parts = None
    if pools and solution.parts:
        parts = dict(zip([pool.id for pool in pools], solution.parts.values(), strict=True))
    return Shares(solution.values, parts, solution.certificate.method, (solution.certificate,))


_BY_POOL: dict[str, Callable[[Setup, CostPool], FloatArray]] = {
    "inhabitants": _inhabitants,
    "equal": _equal,
    "volume": _volume,
    "fixed_plus_volume": _fixed_plus_volume,
    "stand_alone": _stand_alone,
    "average": _average,
    "serial": _serial,
    "decreasing_serial": _decreasing_serial,
}
_GAMES: dict[str, Callable[[Setup, tuple[CostPool, ...]], Shares]] = {
    "scrb": _scrb,
    "shapley": _shapley,
    "owen": _owen,
    "nucleolus": _nucleolus,
}
