"""Packages that only some outputs need: where one is missing, the error says how to get it."""

from __future__ import annotations

from ggu_costs.errors import GguCostsError

__all__ = ["not_installed"]


def not_installed(what: str, package: str, extra: str) -> GguCostsError:
    """Return the error for an output whose package is missing.

    Examples
    --------
    >>> print(not_installed("a plot", "matplotlib", "plots"))
    a plot needs matplotlib, which is not installed
    Install it with: python -m pip install "ggu-costs[plots]"
    """
    return GguCostsError(
        f"{what} needs {package}, which is not installed",
        remedy=f'Install it with: python -m pip install "ggu-costs[{extra}]"',
    )
