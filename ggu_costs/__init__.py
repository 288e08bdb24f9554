"""Who pays what when Dutch municipalities do things together, and what a national programme will cost them.

Names are loaded on first use, so that importing the package is quick and has no side effects.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# public name -> module that holds it
_HOME = {
    "Allocation": "allocation",
    "Ballot": "ballot",
    "CostGame": "games.game",
    "Fixed": "games.pools",
    "GguCostsError": "errors",
    "Groups": "reference",
    "InfeasibleError": "errors",
    "InputError": "errors",
    "MissingInputError": "errors",
    "ModelFileError": "errors",
    "OutputError": "errors",
    "OutsidePeriodError": "errors",
    "PerParticipant": "games.pools",
    "Regional": "games.pools",
    "ServiceLevels": "games.pools",
    "Tariff": "allocation",
    "UnknownNameError": "errors",
    "VolumeTiers": "games.pools",
    "allocate": "allocation",
    "average_cost": "allocation",
    "carry": "reference",
    "compare": "fund",
    "core_check": "games.core",
    "ensc": "games.values",
    "fixed_plus_variable": "allocation",
    "groups": "reference",
    "inhabitants_on": "reference",
    "largest_remainder": "money",
    "least_core": "games.least_core",
    "list_models": "catalogue",
    "members": "reference",
    "mixture": "allocation",
    "municipalities": "reference",
    "nucleolus": "games.nucleolus",
    "open_model": "catalogue",
    "owen": "games.values",
    "positions": "reference",
    "price_times_quantity": "allocation",
    "read_cbs": "reference",
    "read_labels": "reference",
    "read_result": "ballot",
    "read_table": "reference",
    "redistribution": "fund",
    "regions": "reference",
    "round_table": "allocation",
    "scrb": "games.values",
    "serial": "allocation",
    "shapley": "games.values",
    "tariff": "allocation",
    "weighted_effects": "ballot",
    "weighted_shapley": "games.values",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 (the one list of public names)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"ggu_costs.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'ggu_costs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
