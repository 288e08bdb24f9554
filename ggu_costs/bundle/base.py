"""The data of a bundle's result: everything together, each component and all others than one, on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import ALL, WITHOUT
from ggu_costs.errors import UnknownNameError, is_one_of
from ggu_costs.impact.answers.base import SimulationResult


@dataclass(frozen=True, kw_only=True)
class BundleFigures(SimulationResult):
    """Base of the result of a bundle: what is asked, and of which selection.

    Attributes
    ----------
    components
        By id.
    common
        By the name of a common driver the drivers that are one.
    """

    components: Mapping[str, Component] = field(default_factory=dict, repr=False)
    common: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def component(self, name: str) -> Self:
        """Return the same run of one component, on the same draws.

        Raises
        ------
        UnknownNameError
            No such component.
        """
        if not is_one_of(name, self.components):
            raise UnknownNameError("component", name, self.components)
        return replace(self, selection=name)

    def without(self, name: str) -> Self:
        """Return the same run of all other components, on the same draws."""
        self.component(name)
        return replace(self, selection=f"{WITHOUT}{name}")

    def everything(self) -> Self:
        """Return the same run of all components."""
        return replace(self, selection=ALL)
