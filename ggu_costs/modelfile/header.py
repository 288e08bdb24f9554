"""What every model file begins with, whatever its kind."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from ggu_costs.errors import Faults
from ggu_costs.modelfile.values import Checked, Dated, InputNeed, Source, Value

__all__ = ["Header"]


class Header(Checked):
    """Id, title, sources, and when somebody last checked the values."""

    schema_version: Literal[1] = Field(alias="schema")
    kind: str
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_\-]*(/[a-z0-9_\-]+)*$")
    title: str = Field(min_length=1)
    checked_on: date
    description: str = ""
    notes: tuple[str, ...] = ()
    sources: dict[str, Source] = Field(min_length=1)
    inputs: dict[str, InputNeed] = Field(default_factory=dict)

    def check(self, faults: Faults) -> None:
        """Add the faults that show only when the parts are seen together; each kind has its own."""

    def values(self) -> list[tuple[str, Value]]:
        """Every value in the file with its dotted key, in the order of the file."""
        return list(_values(self, ""))

    @property
    def illustrative(self) -> bool:
        """Whether any value is made up for the example; every output then says so."""
        return any(value.status == "illustrative" for _, value in self.values())


def _values(part: Any, where: str) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    if isinstance(part, Value):
        return [(where, part)]
    if isinstance(part, Dated):
        several = len(part.items) > 1
        for position, value in enumerate(part.items):
            found.append((f"{where}[{position}]" if several else where, value))
    elif isinstance(part, Checked):
        for name in type(part).model_fields:
            found += _values(getattr(part, name), f"{where}.{name}" if where else name)
    elif isinstance(part, dict):
        for name, item in part.items():
            found += _values(item, f"{where}.{name}")
    elif isinstance(part, tuple | list):
        for position, item in enumerate(part):
            label = getattr(item, "id", position)
            found += _values(item, f"{where}.{label}" if isinstance(label, str) else f"{where}[{label}]")
    return found
