r"""In proportion to the figures of the key, :math:`x_i = A w_i / \sum_j w_j`, within bounds."""

from ggu_costs.allocation.by_weight import ByWeight

RULE = ByWeight("proportional")
