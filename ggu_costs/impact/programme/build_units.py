"""The municipalities of a programme with the figures that lines, keys and scales ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError, MissingInputError
from ggu_costs.modelfile.grant_keys import is_grant_column, read_column
from ggu_costs.simulation.parts import Grouping
from ggu_costs.typing import BoolArray, FloatArray

if TYPE_CHECKING:
    from ggu_costs.modelfile import Inputs
    from ggu_costs.reference import Reference


@dataclass(frozen=True, eq=False)
class Units:
    """Municipalities of the map date, in order of code.

    Attributes
    ----------
    mapped, counted
        Map date and counting date (peildatum).
    inputs
        What the user brought; an input may stand wherever a column may.
    """

    mapped: date
    counted: date
    inputs: Inputs
    needs: frozenset[str]
    _columns: dict[str, FloatArray] = field(default_factory=dict)

    @property
    def reference(self) -> Reference:
        """The reference tables of the model."""
        return self.inputs.reference

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes in order."""
        return tuple(self.reference.member_codes(self.mapped))

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the codes."""
        known = self.reference.names_of(self.mapped)
        return tuple(known[code] for code in self.codes)

    def column(self, name: str) -> FloatArray:
        """Return a figure of every municipality: a reference column or an input, as float64."""
        if name not in self._columns:
            self._columns[name] = self._read(name)
        return self._columns[name]

    def _read(self, name: str) -> FloatArray:
        if name in {"equal", "municipality"}:
            return np.ones(len(self.codes))
        if is_grant_column(name):
            return np.array(
                [float(part) for part in self.inputs.keys[name].on_map(self.mapped, self.reference).values()]
            )
        if name in self.needs:
            series = self.inputs.by_code(name, pd.Index(self.codes), self.mapped)
            return series.to_numpy(dtype=np.float64)
        table = self.reference.figures([name], counting_date=self.counted, map_date=self.mapped)
        return table[name].reindex(list(self.codes)).to_numpy(dtype=np.float64)

    def general_grant(self, grant: str) -> tuple[FloatArray | None, str]:
        """Return the algemene uitkering of every municipality by a grant and its title; nothing where none is named."""
        if not grant:
            return None, ""
        known = next(key for column, key in self.inputs.keys.items() if read_column(column)[0] == grant)
        general = known.general_on(self.mapped, self.reference)
        return np.array([float(general[code]) for code in self.codes]), known.title

    def brought(self, name: str) -> float | FloatArray:
        """Return an input: one number for the nation, or a figure of every municipality."""
        try:
            return float(self.inputs.number(name))
        except MissingInputError:
            return self.column(name)  # raises for what was not given

    def key(self, parts: dict[str, Decimal], mask: BoolArray) -> FloatArray:
        """Return shares that add up to 1 over `mask`, 0 elsewhere."""
        shares = np.zeros(len(self.codes))
        for name, part in parts.items():
            figure = np.where(mask, self.column(name), 0.0)
            if not figure.sum() > 0 or (figure < 0).any():
                raise InputError(
                    f"key {name!r}: figures add up to {figure.sum():g}", remedy="Give figures of 0 or more."
                )
            shares += float(part) * figure / figure.sum()
        return shares

    def labels(self, column: str) -> list[str]:
        """Return the class or region of each municipality as text."""
        labels = self.reference.groups(column, self.codes, self.mapped).labels()
        return [str(label) for label in labels.reindex(list(self.codes))]


def grouping_of(name: str, labels: list[str], order: list[str] | None = None) -> Grouping:
    """Return labels of the units as a grouping; an empty label is in no group."""
    names = order or sorted({label for label in labels if label})
    place = {label: number for number, label in enumerate(names)}
    return Grouping(name, tuple(names), np.array([place.get(label, -1) for label in labels], dtype=np.int64))
