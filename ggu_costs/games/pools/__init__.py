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

A pool has one file: what is stated, and the :class:`~ggu_costs.games.pools.part.Part` it becomes. Every file of this
package is read, so that a pool of its own file is a kind of pool without being named anywhere else.
"""

from importlib import import_module
from pkgutil import iter_modules

from ggu_costs.games.pools.fixed import Fixed
from ggu_costs.games.pools.levels import ServiceLevels
from ggu_costs.games.pools.part import Part, Pool
from ggu_costs.games.pools.per_participant import PerParticipant
from ggu_costs.games.pools.regional import Regional
from ggu_costs.games.pools.volume import VolumeTiers

__all__ = ["KINDS", "Fixed", "Part", "PerParticipant", "Pool", "Regional", "ServiceLevels", "VolumeTiers"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

_SHIPPED: tuple[type[Pool], ...] = (Fixed, PerParticipant, VolumeTiers, ServiceLevels, Regional)

KINDS: dict[str, type[Pool]] = {kind.__name__: kind for kind in (*_SHIPPED, *Pool.__subclasses__())}
"""Kinds of cost pools by name, in the order in which messages have them."""
