"""What an intergovernmental programme costs municipalities, how sure we are, and on whom it falls.

A programme file states uncertain inputs (drivers), cost lines, phasing, compensation and alternatives;
:meth:`Programme.simulate` draws them and gives an :class:`ImpactResult`. A programme may also be made in Python, from
the engine's own terms (:func:`programme_from_parts`) or from a function over arrays (:func:`programme_from_function`).

Names are loaded on first use.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Affine": "simulation.parts",
    "Correlation": "simulation.parts",
    "Curve": "simulation.parts",
    "Driver": "simulation.parts",
    "Grouping": "simulation.parts",
    "ImpactResult": "impact.result",
    "Index": "simulation.parts",
    "MadeLine": "impact.in_python",
    "MadeProgramme": "impact.in_python",
    "Programme": "impact.model",
    "ProgrammeDefinition": "impact.programme.definition",
    "Term": "simulation.parts",
    "programme_from_function": "impact.in_python",
    "programme_from_parts": "impact.in_python",
}

__all__ = sorted([*_HOME, "marginals"])  # noqa: PLE0605 (the one list of public names)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"ggu_costs.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name == "marginals":
        return import_module("ggu_costs.simulation.marginals")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
