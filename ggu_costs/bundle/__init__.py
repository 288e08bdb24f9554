"""Programmes, funds, fees, procurement and changes of grants together (pakket, stapeling): what an assembly never sees.

A model file of kind ``bundle`` names its components and one municipal map. They become one specification of the engine
(:mod:`ggu_costs.bundle.joining`), so that all fall on the same draws: the distribution of everything together is a
result, not a sum of separate worst cases.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.bundle.definition import BundleDefinition as BundleDefinition
    from ggu_costs.bundle.loading import with_components as with_components
    from ggu_costs.bundle.model import Bundle as Bundle
    from ggu_costs.bundle.result import BundleResult as BundleResult
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "bundle.definition": "BundleDefinition",
            "bundle.loading": "with_components",
            "bundle.model": "Bundle",
            "bundle.result": "BundleResult",
        },
    )
