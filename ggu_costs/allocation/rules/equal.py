"""Everyone in the key pays the same, whatever its figure, within bounds."""

import numpy as np

from ggu_costs.allocation.by_weight import ByWeight

RULE = ByWeight("equal", lambda participants: np.ones(participants.count))
