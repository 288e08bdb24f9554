"""What is shared among whom, and what a rule is that shares it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from ggu_costs.allocation.inputs import Participants
from ggu_costs.errors import Faults, InputError
from ggu_costs.typing import BoolArray, Euros, FloatArray

Rounding: TypeAlias = Literal["largest_remainder", "each"]
"""How shares become whole: together so that they add up, or each line by itself, halves up."""


@dataclass(frozen=True)
class Problem:
    """Among whom an amount is shared, and under what conditions.

    Attributes
    ----------
    participants
        The key.
    minimum, maximum
        Bounds in euro, shape (n,); None for none.
    cents
        Whether shares are whole.
    rounding
        How they become whole.
    unit
        Cents in which they are whole: 1, or 100 for whole euros.
    """

    participants: Participants
    minimum: FloatArray | None
    maximum: FloatArray | None
    cents: bool
    rounding: Rounding = "largest_remainder"
    unit: int = 1

    @property
    def units_per_euro(self) -> int:
        """Units in a euro; 1 where shares are not rounded."""
        return 100 // self.unit if self.cents else 1


class Rule(ABC):
    """A way to share an amount.

    Attributes
    ----------
    name
        What users call it.
    takes_bounds
        Whether it takes minimum and maximum, and amounts below 0. The key of a rule that does not holds claims.
    most_cents
        Largest amount in whole cents that the kernels can hold; larger ones are shared one by one, exactly.
    """

    takes_bounds: ClassVar[bool]
    most_cents: ClassVar[float]
    name: str

    @abstractmethod
    def check(self, amounts: FloatArray, sums: FloatArray, faults: Faults) -> None:
        """Note what is wrong with amounts, beside the sums of the key; their shapes fit one another."""

    def weights(self, participants: Participants) -> FloatArray:
        """Return the figures by which is shared, the participants last."""
        return participants.figures

    @abstractmethod
    def share(self, amount: Fraction, problem: Problem) -> tuple[Euros, float | None]:
        """Share one amount exactly: shares in the order in which ties are served, and the error where there is one."""

    @abstractmethod
    def share_rows(
        self, table: FloatArray, weights: FloatArray, rows: Euros, failed: BoolArray, problem: Problem
    ) -> float | None:
        """Share every scenario, and return the largest error of a rule that has one.

        Parameters
        ----------
        table
            Amounts, shape (draws, pools): whole cents where cents are asked, else euros.
        weights
            In euro or their own unit, shape (draws, pools, n), of length 1 along an axis on which they do not vary.
        rows
            The shares in euro are written here, shape (draws, pools, n).
        failed
            Marked here, shape (draws, pools): scenarios in which float64 does not meet the amount or the bounds. What
            is marked before is not looked at.
        problem
            Participants, bounds and cents.
        """


def share_by(key: FloatArray, total: float, reason: str) -> FloatArray:
    """Share in proportion to a key that is not 0 for everyone.

    Raises
    ------
    InputError
        It is; `reason` says of what.
    """
    whole = float(key.sum())
    if whole <= 0:
        raise InputError(reason, remedy="Choose another rule.")
    return np.asarray(total * (key / whole))


def fault_place(name: str, place: np.ndarray[tuple[int], np.dtype[np.intp]]) -> str:
    """Name an argument with the position of one of its entries, where it is an array."""
    return f"{name}{place.tolist()}" if place.size else name
