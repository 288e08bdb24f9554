r"""Price and wage indices (indexcijfers): series of yearly changes, each value with the publication it is of.

A model file of kind ``index`` holds series (loonvoet sector overheid, prijs overheidsconsumptie, IMOC, pBBP, CPI, or an
index of one's own that is weighed or added up from others). One year has a value for each publication (vintage): CEP of
March, MEV of September, a circulaire. With :math:`j_y` the change in year y as a vintage knows it, an amount at the
prices of year b becomes, in year t,

.. math:: A_t = A_b \prod_{y = b + 1}^{t} (1 + j_y)

Funds and fees name a file and series under ``indexed``; see :mod:`ggu_costs.fund.indexation`.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.indices.chain import Chain as Chain
    from ggu_costs.indices.chain import Link as Link
    from ggu_costs.indices.chain import chain as chain
    from ggu_costs.indices.definition import IndexDefinition as IndexDefinition
    from ggu_costs.indices.model import Index as Index
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "indices.chain": "Chain Link chain",
            "indices.definition": "IndexDefinition",
            "indices.model": "Index",
        },
    )
