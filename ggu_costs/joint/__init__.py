"""Joint bodies of municipalities (gemeenschappelijke regelingen, shared service organisations) over the years.

The programme budget has cost groups, each with its own key. From it come the contribution of each participant in every
year of the file, why it changes, advances and settlement, the reserve, the budget lines of a participant, and what
leaving and joining cost.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.joint.definition import JointBodyDefinition as JointBodyDefinition
    from ggu_costs.joint.model import JointBody as JointBody
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__, {"joint.definition": "JointBodyDefinition", "joint.model": "JointBody"}
    )
