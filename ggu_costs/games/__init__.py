"""Cooperative cost games: who pays what when a group shares a cost, and which group would pay less on its own.

A game gives every coalition S of the players N a cost C(S), with C(empty) = 0. It comes from a table, from named
coalitions, from a function, or from cost pools whose structure keeps everything exact for hundreds of players.

========================  ==========================================================================================
:mod:`.game`              CostGame: the players and the cost of every coalition
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
group rationality: not met (stand-alone test: b would pay EUR 1.00 less on its own)
>>> axioms.symmetry(game, banzhaf(game)).holds, sampled_shapley(game, seed=0).values.tolist()
(True, [5.5, 6.5])
"""

from importlib import import_module
from typing import Any

_HOME = {
    "game": "CostGame",
    "pools": "Fixed PerParticipant Regional ServiceLevels VolumeTiers",
    "values": "banzhaf ensc owen scrb shapley weighted_shapley",
    "sampling": "sampled_shapley",
    "core": "CoreCheck concavity core_check",
    "axioms": "cost_monotonicity efficiency group_rationality individual_rationality no_cross_subsidy symmetry "
    "volume_monotonicity",
    "result": "Certificate GameSolution Verdict",
}
_NAMES = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = sorted([*_NAMES, "axioms"])  # noqa: PLE0605 (the one list of public names)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        value = getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
        globals()[name] = value
        return value
    if name == "axioms":
        return import_module(f"{__name__}.axioms")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
