"""What an intergovernmental programme costs municipalities, how sure we are, and on whom it falls.

A programme file states uncertain inputs (drivers), cost lines, phasing, compensation and alternatives;
:meth:`Programme.simulate` draws them and gives an :class:`ImpactResult`. A programme may also be made in Python, from
the engine's own terms (:func:`programme_from_parts`) or from a function over arrays (:func:`programme_from_function`).

Names are loaded on first use.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Affine": "spec",
    "Correlation": "spec",
    "Curve": "spec",
    "Driver": "spec",
    "Grouping": "spec",
    "ImpactResult": "result",
    "Index": "spec",
    "MadeLine": "in_python",
    "MadeProgramme": "in_python",
    "Programme": "model",
    "ProgrammeDefinition": "definition",
    "Term": "spec",
    "programme_from_function": "in_python",
    "programme_from_parts": "in_python",
}

__all__ = sorted([*_HOME, "marginals"])  # noqa: PLE0605 (the one list of public names)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name == "marginals":
        return import_module(f"{__name__}.marginals")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
