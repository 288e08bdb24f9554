"""What an intergovernmental programme costs municipalities, how sure we are, and on whom it falls.

A programme file states uncertain inputs (drivers), cost lines, phasing, compensation and alternatives;
:meth:`Programme.simulate` draws them and gives an :class:`ImpactResult`. A programme may also be made in Python, from
the engine's own terms (:func:`programme_from_parts`) or from a function over arrays (:func:`programme_from_function`).
A function of uncertain inputs without municipalities is a :class:`FunctionModel`.

Names are loaded on first use.
"""

from typing import TYPE_CHECKING

from ggu_costs._lazy import lazy_names

if TYPE_CHECKING:
    from ggu_costs.impact.function_results import FunctionResult as FunctionResult
    from ggu_costs.impact.function_results import FunctionSensitivity as FunctionSensitivity
    from ggu_costs.impact.functions import FunctionModel as FunctionModel
    from ggu_costs.impact.in_python import MadeLine as MadeLine
    from ggu_costs.impact.in_python import MadeProgramme as MadeProgramme
    from ggu_costs.impact.in_python import programme_from_function as programme_from_function
    from ggu_costs.impact.in_python import programme_from_parts as programme_from_parts
    from ggu_costs.impact.model import Programme as Programme
    from ggu_costs.impact.programme.definition import ProgrammeDefinition as ProgrammeDefinition
    from ggu_costs.impact.rate_files import read_rates as read_rates
    from ggu_costs.impact.result import ImpactResult as ImpactResult
    from ggu_costs.simulation import marginals as marginals
    from ggu_costs.simulation.parts import Affine as Affine
    from ggu_costs.simulation.parts import Correlation as Correlation
    from ggu_costs.simulation.parts import Curve as Curve
    from ggu_costs.simulation.parts import Driver as Driver
    from ggu_costs.simulation.parts import Grouping as Grouping
    from ggu_costs.simulation.parts import Index as Index
    from ggu_costs.simulation.parts import Term as Term
else:
    __getattr__, __dir__, __all__ = lazy_names(
        __name__,
        {
            "impact.function_results": "FunctionResult FunctionSensitivity",
            "impact.functions": "FunctionModel",
            "impact.in_python": "MadeLine MadeProgramme programme_from_function programme_from_parts",
            "impact.model": "Programme",
            "impact.programme.definition": "ProgrammeDefinition",
            "impact.rate_files": "read_rates",
            "impact.result": "ImpactResult",
            "simulation.parts": "Affine Correlation Curve Driver Grouping Index Term",
        },
        modules="simulation.marginals",
    )
