"""Joint procurement (gezamenlijke inkoop): cases, business case, splits, and whether every group is better in.

A case is participants with volumes, the joint cost as pools, and alternatives. From it come the joint cost and the
saving against each for itself, the break-even number of participants, splits under every rule side by side, the proof
that no group would pay less on its own or the group that would and how much, settlement by use, and what joining or
leaving costs.
"""

from ggu_costs.procurement.case import ProcurementCase
from ggu_costs.procurement.definition import ProcurementDefinition

__all__ = ["ProcurementCase", "ProcurementDefinition"]
