r"""Money of the State: a circulaire of the gemeentefonds, and what each municipality receives of it (uitkeringen).

A model file of kind ``grant`` holds one circulaire for one uitkeringsjaar: the weights of every maatstaf, in all and
per cluster, the volumes of every municipality, the uitkeringsfactor and the other uitkeringen. With w the weight and v
the volume of maatstaf m, f the factor and W the maatstaven that it leaves alone (the WOZ values), the algemene
uitkering of a municipality is

.. math:: f \sum_{m \notin W} w_m v_m + \sum_{m \in W} w_m v_m
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.grants.amounts import GrantAmounts as GrantAmounts
    from ggu_costs.grants.change import GrantChange as GrantChange
    from ggu_costs.grants.columns import with_keys as with_keys
    from ggu_costs.grants.definition import GrantDefinition as GrantDefinition
    from ggu_costs.grants.importing import read_circular as read_circular
    from ggu_costs.grants.many import Reforms as Reforms
    from ggu_costs.grants.model import Grant as Grant
    from ggu_costs.grants.worth import UnitWorth as UnitWorth
    from ggu_costs.grants.years import GrantYears as GrantYears
    from ggu_costs.grants.years import GrantYearsChange as GrantYearsChange
    from ggu_costs.grants.years import grant_years as grant_years
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "grants.amounts": "GrantAmounts",
            "grants.change": "GrantChange",
            "grants.columns": "with_keys",
            "grants.definition": "GrantDefinition",
            "grants.importing": "read_circular",
            "grants.many": "Reforms",
            "grants.model": "Grant",
            "grants.worth": "UnitWorth",
            "grants.years": "GrantYears GrantYearsChange grant_years",
        },
    )
