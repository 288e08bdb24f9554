"""Cooperative cost games: who pays what when a group shares a cost, and which group would pay less on its own.

A game gives every coalition S of the players N a cost C(S), with C(empty) = 0. It comes from a table, from named
coalitions, from a function, or from cost pools whose structure keeps everything exact for hundreds of players. Beside
it may stand what players can do without the others (`CostGame.with_alternatives`).

========================  ==========================================================================================
:mod:`.game`              CostGame: the players and the cost of every coalition
:mod:`.alternatives`      the game in which groups that leave may split up and take their alternatives
:mod:`.pools`             Fixed, PerParticipant, VolumeTiers, ServiceLevels, Regional
:mod:`.values`            shapley, banzhaf, weighted_shapley, owen, scrb, ensc
:mod:`.sampling`          sampled_shapley: the Shapley value by sampling orders, with a standard error
:mod:`.core`              core_check, concavity: is every group better in, and if not, which is not
:mod:`.least_core`        least_core: the smallest possible largest complaint
:mod:`.nucleolus`         nucleolus: the largest complaint as small as can be, then the next, and so on
:mod:`.axioms`            fairness properties, each with a witness: efficiency, individual_rationality,
                          group_rationality, no_cross_subsidy, symmetry, cost_monotonicity, volume_monotonicity
========================  ==========================================================================================

The names above can be imported from here, and so can `CoreCheck`, `GameSolution`, `Certificate` and `Verdict`, the
kinds of answer; each is loaded on first use, so that importing this package loads none of them. Only `least_core` and
`nucleolus` are modules here: their functions of the same name come from `ggu_costs`, or from within them.

Examples
--------
>>> from ggu_costs.games import CostGame, axioms, banzhaf, group_rationality, sampled_shapley
>>> game = CostGame.from_table([0, 8, 9, 12], ["a", "b"])
>>> print(group_rationality(game, [2, 10]))
group rationality: not met (Stability: b is €1.00 better off alone)
>>> axioms.symmetry(game, banzhaf(game)).holds, sampled_shapley(game, seed=0).values.tolist()
(True, [5.5, 6.5])
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.games import axioms as axioms
    from ggu_costs.games.axioms import cost_monotonicity as cost_monotonicity
    from ggu_costs.games.axioms import efficiency as efficiency
    from ggu_costs.games.axioms import group_rationality as group_rationality
    from ggu_costs.games.axioms import individual_rationality as individual_rationality
    from ggu_costs.games.axioms import no_cross_subsidy as no_cross_subsidy
    from ggu_costs.games.axioms import symmetry as symmetry
    from ggu_costs.games.axioms import volume_monotonicity as volume_monotonicity
    from ggu_costs.games.core import CoreCheck as CoreCheck
    from ggu_costs.games.core import concavity as concavity
    from ggu_costs.games.core import core_check as core_check
    from ggu_costs.games.game import CostGame as CostGame
    from ggu_costs.games.pools import Fixed as Fixed
    from ggu_costs.games.pools import PerParticipant as PerParticipant
    from ggu_costs.games.pools import Regional as Regional
    from ggu_costs.games.pools import ServiceLevels as ServiceLevels
    from ggu_costs.games.pools import VolumeTiers as VolumeTiers
    from ggu_costs.games.result import Certificate as Certificate
    from ggu_costs.games.result import GameSolution as GameSolution
    from ggu_costs.games.result import Verdict as Verdict
    from ggu_costs.games.sampling import sampled_shapley as sampled_shapley
    from ggu_costs.games.values import banzhaf as banzhaf
    from ggu_costs.games.values import ensc as ensc
    from ggu_costs.games.values import owen as owen
    from ggu_costs.games.values import scrb as scrb
    from ggu_costs.games.values import shapley as shapley
    from ggu_costs.games.values import weighted_shapley as weighted_shapley
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "games.axioms": "cost_monotonicity efficiency group_rationality individual_rationality no_cross_subsidy "
            "symmetry volume_monotonicity",
            "games.core": "CoreCheck concavity core_check",
            "games.game": "CostGame",
            "games.pools": "Fixed PerParticipant Regional ServiceLevels VolumeTiers",
            "games.result": "Certificate GameSolution Verdict",
            "games.sampling": "sampled_shapley",
            "games.values": "banzhaf ensc owen scrb shapley weighted_shapley",
        },
        modules="games.axioms",
    )
