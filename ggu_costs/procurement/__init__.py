"""Joint procurement (gezamenlijke inkoop): cases, business case, splits, and whether every group is better in.

A case is participants with volumes, the joint cost as pools, and alternatives. From it come the joint cost and the
saving against each for itself, the break-even number of participants, splits under every rule side by side, the proof
that no group would pay less on its own or the group that would and how much, settlement by use, and what joining or
leaving costs.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.procurement.case import ProcurementCase as ProcurementCase
    from ggu_costs.procurement.definition import ProcurementDefinition as ProcurementDefinition
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "procurement.case": "ProcurementCase",
            "procurement.definition": "ProcurementDefinition",
        },
    )
