"""Who pays what when Dutch municipalities do things together, and what a national programme will cost them.

Names are loaded on first use, so that importing the package is quick and has no side effects.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names
from ggu_costs._version import __version__ as __version__

if TYPE_CHECKING:
    from ggu_costs.allocation.core import allocate as allocate
    from ggu_costs.allocation.demand import average_cost as average_cost
    from ggu_costs.allocation.demand import serial as serial
    from ggu_costs.allocation.keys import mixture as mixture
    from ggu_costs.allocation.result import Allocation as Allocation
    from ggu_costs.allocation.table_rounding import round_table as round_table
    from ggu_costs.allocation.tariffs import Tariff as Tariff
    from ggu_costs.allocation.tariffs import fixed_plus_variable as fixed_plus_variable
    from ggu_costs.allocation.tariffs import price_times_quantity as price_times_quantity
    from ggu_costs.allocation.tariffs import tariff as tariff
    from ggu_costs.ballot.effects import weighted_effects as weighted_effects
    from ggu_costs.ballot.published import read_result as read_result
    from ggu_costs.ballot.tally import Ballot as Ballot
    from ggu_costs.catalogue import list_models as list_models
    from ggu_costs.catalogue import open_ballot as open_ballot
    from ggu_costs.catalogue import open_case as open_case
    from ggu_costs.catalogue import open_fee as open_fee
    from ggu_costs.catalogue import open_fund as open_fund
    from ggu_costs.catalogue import open_grant as open_grant
    from ggu_costs.catalogue import open_model as open_model
    from ggu_costs.catalogue import open_programme as open_programme
    from ggu_costs.errors import GguCostsError as GguCostsError
    from ggu_costs.errors import InfeasibleError as InfeasibleError
    from ggu_costs.errors import InputError as InputError
    from ggu_costs.errors import MissingInputError as MissingInputError
    from ggu_costs.errors import ModelFileError as ModelFileError
    from ggu_costs.errors import OutputError as OutputError
    from ggu_costs.errors import OutsidePeriodError as OutsidePeriodError
    from ggu_costs.errors import UnknownNameError as UnknownNameError
    from ggu_costs.fund.compare import compare as compare
    from ggu_costs.fund.redistribution import redistribution as redistribution
    from ggu_costs.games.core import core_check as core_check
    from ggu_costs.games.game import CostGame as CostGame
    from ggu_costs.games.least_core import least_core as least_core
    from ggu_costs.games.nucleolus import nucleolus as nucleolus
    from ggu_costs.games.pools import Fixed as Fixed
    from ggu_costs.games.pools import PerParticipant as PerParticipant
    from ggu_costs.games.pools import Regional as Regional
    from ggu_costs.games.pools import ServiceLevels as ServiceLevels
    from ggu_costs.games.pools import VolumeTiers as VolumeTiers
    from ggu_costs.games.values import ensc as ensc
    from ggu_costs.games.values import owen as owen
    from ggu_costs.games.values import scrb as scrb
    from ggu_costs.games.values import shapley as shapley
    from ggu_costs.games.values import weighted_shapley as weighted_shapley
    from ggu_costs.impact.result import load_result as load_result
    from ggu_costs.money import largest_remainder as largest_remainder
    from ggu_costs.reference.cbs import read_cbs as read_cbs
    from ggu_costs.reference.grouping import Groups as Groups
    from ggu_costs.reference.reference import Reference as Reference
    from ggu_costs.reference.shipped import carry as carry
    from ggu_costs.reference.shipped import groups as groups
    from ggu_costs.reference.shipped import inhabitants_on as inhabitants_on
    from ggu_costs.reference.shipped import members as members
    from ggu_costs.reference.shipped import municipalities as municipalities
    from ggu_costs.reference.shipped import positions as positions
    from ggu_costs.reference.shipped import read_labels as read_labels
    from ggu_costs.reference.shipped import read_table as read_table
    from ggu_costs.reference.shipped import regions as regions
    from ggu_costs.verification import verify as verify
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "allocation.core": "allocate",
            "allocation.demand": "average_cost serial",
            "allocation.keys": "mixture",
            "allocation.result": "Allocation",
            "allocation.table_rounding": "round_table",
            "allocation.tariffs": "Tariff fixed_plus_variable price_times_quantity tariff",
            "ballot.effects": "weighted_effects",
            "ballot.published": "read_result",
            "ballot.tally": "Ballot",
            "catalogue": "list_models open_ballot open_case open_fee open_fund open_grant open_model open_programme",
            "errors": "GguCostsError InfeasibleError InputError MissingInputError ModelFileError OutputError "
            "OutsidePeriodError UnknownNameError",
            "fund.compare": "compare",
            "fund.redistribution": "redistribution",
            "games.core": "core_check",
            "games.game": "CostGame",
            "games.least_core": "least_core",
            "games.nucleolus": "nucleolus",
            "games.pools": "Fixed PerParticipant Regional ServiceLevels VolumeTiers",
            "games.values": "ensc owen scrb shapley weighted_shapley",
            "impact.result": "load_result",
            "money": "largest_remainder",
            "reference.cbs": "read_cbs",
            "reference.grouping": "Groups",
            "reference.reference": "Reference",
            "reference.shipped": "carry groups inhabitants_on members municipalities positions read_labels read_table "
            "regions",
            "verification": "verify",
        },
    )
