"""Values of the model file as numbers, with the inputs of the user: one for all, or one a participant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError

if TYPE_CHECKING:
    from ggu_costs.modelfile import Inputs
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.definition import ProcurementDefinition
    from ggu_costs.procurement.parties import Parties
    from ggu_costs.typing import FloatArray


@dataclass(frozen=True)
class Numbers:
    """Turns values of the file into numbers, with the inputs of the user.

    Attributes
    ----------
    definition, inputs
        What the file says, and what the user brings.
    duration
        Years that an amount a year is counted.
    """

    definition: ProcurementDefinition
    inputs: Inputs

    def number(self, value: Value) -> Decimal | None:
        """Return the number, or None for PM and for an optional input that was not given."""
        if value.input is not None:
            return self.inputs.number(value.input) if self.inputs.counts(value.input) else None
        return value.value if isinstance(value.value, Decimal) else None

    def amount(self, value: Value, years: Decimal) -> float:
        """Return an amount a year over some years, euro; NaN for PM."""
        number = self.number(value)
        return np.nan if number is None else float(number * years)

    def known(self, value: Value, key: str) -> Decimal:
        """Return a number that cannot be left out.

        Raises
        ------
        InputError
            It is an optional input that was not given.
        """
        number = self.number(value)
        if number is None:
            raise InputError(f"{self.definition.id}: {key} is not known", remedy="Give it in the file, or as an input.")
        return number

    @property
    def duration(self) -> Decimal:
        """Years that the case lasts: those of the file where it says what falls in each, else as it states."""
        if self.definition.over_years is not None:
            return Decimal(len(self.definition.years))
        value = self.definition.case.duration
        years = Decimal(1) if value is None else self.known(value, "case.duration")
        if years <= 0:
            raise InputError(
                f"{self.definition.id}: case.duration is {years}", remedy="Give a number of years above 0."
            )
        return years

    def by_code(self, name: str, parties: Parties) -> FloatArray:
        """Figures of an input, one for each participant; NaN where it was left empty, in an input that may be."""
        return np.array([float(figure) for figure in self._given(name, parties)])

    def each(self, values: Sequence[Value | None], parties: Parties) -> list[Decimal | None]:
        """Return the number of each participant, one value a participant; None for PM.

        A value whose input was brought as figures by code is the figure of the participant.
        """
        names = {value.input for value in values if value is not None and value.input is not None}
        tables = {name: self._given(name, parties).tolist() for name in names if self.inputs.is_by_code(name)}
        return [
            None if value is None else self.number(value) if value.input not in tables
            else _shortest(tables[value.input][place])
            for place, value in enumerate(values)
        ]  # fmt: skip

    def by_participant(self, value: Value) -> bool:
        """Whether a value is brought as figures by code."""
        return value.input is not None and self.inputs.is_by_code(value.input)

    def _given(self, name: str, parties: Parties) -> pd.Series:
        """Figures of an input by code; those of who could take part and does not are left out."""
        day, codes = self.definition.map_date, pd.Index(parties.codes, name="code")
        others = (other.code for other in self.definition.others)
        return self.inputs.by_code(name, codes, day, (*parties.reference.member_codes(day), *others))


def _shortest(figure: float | Decimal) -> Decimal | None:
    """A figure as its shortest decimal; None where it was left empty."""
    if isinstance(figure, Decimal):
        return figure
    return None if math.isnan(figure) else Decimal(repr(float(figure)))


def times(number: Decimal | None, count: Decimal) -> Decimal | None:
    """A number so many times; PM stays PM.

    Examples
    --------
    >>> times(Decimal("2.5"), Decimal(4)), times(None, Decimal(4))
    (Decimal('10.0'), None)
    """
    return None if number is None else number * count
