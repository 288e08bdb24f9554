"""An amount and a key become shares: keys, tariffs, rules, bounds and cents; the volume sweep.

Names are loaded on first use: the money path of a bill needs neither pandas nor the compiler.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Allocation": "result",
    "Tariff": "tariffs",
    "VolumeShapley": "sweep",
    "allocate": "core",
    "average_cost": "rules",
    "fixed_plus_variable": "tariffs",
    "mixture": "keys",
    "price_times_quantity": "tariffs",
    "round_table": "table_rounding",
    "serial": "rules",
    "tariff": "tariffs",
    "volume_banzhaf": "sweep",
    "volume_shapley": "sweep",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 (the one list of public names)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
