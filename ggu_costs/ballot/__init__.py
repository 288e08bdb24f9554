"""Weighted votes in the general assembly (ALV): weights by a rule, tallies, power, and who is better or worse off.

The scale of the statutes was not found. What is shipped is illustrative and says so; while no scale is `enacted`,
shares under all of them stand side by side, and nothing is called adopted or rejected on their ground.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.ballot.definition import BallotDefinition as BallotDefinition
    from ggu_costs.ballot.effects import weighted_effects as weighted_effects
    from ggu_costs.ballot.published import PublishedResult as PublishedResult
    from ggu_costs.ballot.published import read_result as read_result
    from ggu_costs.ballot.scale import Scale as Scale
    from ggu_costs.ballot.tally import Ballot as Ballot
    from ggu_costs.ballot.tally import Tally as Tally
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "ballot.definition": "BallotDefinition",
            "ballot.effects": "weighted_effects",
            "ballot.published": "PublishedResult read_result",
            "ballot.scale": "Scale",
            "ballot.tally": "Ballot Tally",
        },
    )
