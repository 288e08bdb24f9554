"""Weighted votes in the general assembly (ALV): weights by a rule, tallies, power, and who is better or worse off.

The scale of the statutes was not found. What is shipped is illustrative and says so; while no scale is `enacted`,
shares under all of them stand side by side, and nothing is called adopted or rejected on their ground.
"""

from ggu_costs.ballot.definition import BallotDefinition
from ggu_costs.ballot.effects import weighted_effects
from ggu_costs.ballot.published import PublishedResult, read_result
from ggu_costs.ballot.scale import Scale
from ggu_costs.ballot.tally import Ballot, Tally

__all__ = ["Ballot", "BallotDefinition", "PublishedResult", "Scale", "Tally", "read_result", "weighted_effects"]
