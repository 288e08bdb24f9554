"""An amount and a key become shares: keys, tariffs, rules, bounds and cents; the volume sweep.

Names are loaded on first use: the money path of a bill needs neither pandas nor the compiler.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.allocation.core import allocate as allocate
    from ggu_costs.allocation.demand import average_cost as average_cost
    from ggu_costs.allocation.demand import serial as serial
    from ggu_costs.allocation.keys import mixture as mixture
    from ggu_costs.allocation.result import Allocation as Allocation
    from ggu_costs.allocation.sweep import VolumeShapley as VolumeShapley
    from ggu_costs.allocation.sweep import volume_banzhaf as volume_banzhaf
    from ggu_costs.allocation.sweep import volume_shapley as volume_shapley
    from ggu_costs.allocation.table_rounding import round_table as round_table
    from ggu_costs.allocation.tariffs import Tariff as Tariff
    from ggu_costs.allocation.tariffs import fixed_plus_variable as fixed_plus_variable
    from ggu_costs.allocation.tariffs import price_times_quantity as price_times_quantity
    from ggu_costs.allocation.tariffs import tariff as tariff
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "allocation.core": "allocate",
            "allocation.demand": "average_cost serial",
            "allocation.keys": "mixture",
            "allocation.result": "Allocation",
            "allocation.sweep": "VolumeShapley volume_banzhaf volume_shapley",
            "allocation.table_rounding": "round_table",
            "allocation.tariffs": "Tariff fixed_plus_variable price_times_quantity tariff",
        },
    )
