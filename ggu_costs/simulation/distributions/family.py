"""What every distribution must tell: its tails and their inverse, or its steps; all else follows from these.

Every driver follows one path: a normal score z, correlated with the others where asked, becomes a value by x =
F^{-1}(Phi(z)). Below the median values are taken from the lower tail, above it from the upper, so that both tails are
accurate.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError, UnknownNameError
from ggu_costs.figures import Number, finite, plain, read_number
from ggu_costs.typing import FloatArray


@dataclass(frozen=True)
class Marginal(Brief):
    """The distribution of one driver, made with the functions of :mod:`ggu_costs.simulation.marginals`, which check it.

    Attributes
    ----------
    kind
        Name of its family, such as ``"uniform"``; see :data:`ggu_costs.simulation.distributions.family.FAMILIES`.
    parameters
        The numbers of the function that made it, in its order; of ``discrete`` and ``empirical`` none.
    values, probabilities
        For ``discrete`` and ``empirical``: ascending values and their probabilities, which add up to 1.
    lower, upper
        Truncation: the distribution given that the driver lies between them. Not for stepped families.
    """

    kind: str
    parameters: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    lower: float = -math.inf
    upper: float = math.inf

    @property
    def bounded(self) -> bool:
        """Whether it is truncated on either side."""
        return math.isfinite(self.lower) or math.isfinite(self.upper)


class Family:
    """A kind of distribution."""

    kind: ClassVar[str]
    make: ClassVar[Callable[..., Marginal]]
    """The function that checks its parameters."""

    def fit(self, stated: Mapping[str, float], low: float, high: float) -> Marginal:
        """Return the distribution with these quantiles (``p10``, ``p90`` and perhaps ``p50``).

        `low` and `high` bound it, for a family that has bounds of its own choosing.
        """
        del stated, low, high
        raise InputError(f"a {self.kind} distribution does not follow from quantiles", remedy="Give its parameters.")

    def from_moments(self, mean: float, sd: float) -> Marginal:
        """Return the distribution with this mean and standard deviation; symmetric where that leaves a choice."""
        del mean, sd
        raise InputError(f"a {self.kind} distribution does not follow from mean and sd", remedy="Give its parameters.")


class Continuous(Family, ABC):
    """A family with a density, truncated or not.

    Below, `p` are the parameters, `below` and `above` the probabilities on either side, and arrays have any shape.
    """

    @abstractmethod
    def tails(self, p: tuple[float, ...], x: float) -> tuple[float, float]:
        """Probability below and above x, without truncation."""

    @abstractmethod
    def inverse(self, p: tuple[float, ...], below: FloatArray, above: FloatArray) -> FloatArray:
        """Value with these probabilities below and above it; the smaller one is accurate."""

    @abstractmethod
    def rise(self, p: tuple[float, ...], below: FloatArray, above: FloatArray, mass: FloatArray) -> FloatArray:
        """`mass` divided by the density there: how fast the value rises with the probability."""

    def bend(self, p: tuple[float, ...]) -> float | None:
        """Value at which the quantile function bends, such as the top of a triangle."""
        del p
        return None

    def closed_form(self, p: tuple[float, ...]) -> tuple[int, float, float] | None:
        """Form, location and scale for the loops where no table is needed, without truncation."""
        del p
        return None

    # -- what follows -----------------------------------------------------------------------------------------------

    def mass(self, marginal: Marginal) -> tuple[float, float, float]:
        """Probability between the truncation bounds, below and above them."""
        p = marginal.parameters
        under, over_lower = (0.0, 1.0) if marginal.lower == -math.inf else self.tails(p, marginal.lower)
        under_upper, over = (1.0, 0.0) if marginal.upper == math.inf else self.tails(p, marginal.upper)
        return over_lower - over if over_lower < under_upper else under_upper - under, under, over

    def quantile(self, marginal: Marginal, z: FloatArray) -> FloatArray:
        """Value of the driver at normal scores: F^{-1}(Phi(z))."""
        from scipy.special import ndtr

        mass, under, over = self.mass(marginal)
        x = self.inverse(marginal.parameters, under + mass * ndtr(z), over + mass * ndtr(-z))
        return np.clip(x, marginal.lower, marginal.upper) if marginal.bounded else x

    def slope(self, marginal: Marginal, z: FloatArray) -> FloatArray:
        """Derivative of :meth:`quantile` with respect to z: phi(z) x mass / density."""
        from scipy.special import ndtr

        mass, under, over = self.mass(marginal)
        bell = mass * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        return self.rise(marginal.parameters, under + mass * ndtr(z), over + mass * ndtr(-z), bell)

    def kink(self, marginal: Marginal) -> float | None:
        """Score where the quantile function bends between the truncation bounds, or None."""
        from scipy.special import ndtri

        value = self.bend(marginal.parameters)
        if value is None or not marginal.lower < value < marginal.upper:
            return None
        mass, under, over = self.mass(marginal)
        below, above = self.tails(marginal.parameters, value)
        return float(ndtri((below - under) / mass) if below - under < above - over else -ndtri((above - over) / mass))

    def moments(self, marginal: Marginal) -> tuple[float, float]:
        """Mean and standard deviation, truncation included."""
        weight, x = self._under_the_bell(marginal, 12.0, 1201)
        mean = float(weight @ x)
        return mean, math.sqrt(float(weight @ (x - mean) ** 2))

    def mean_of_power(self, marginal: Marginal, power: int) -> float:
        """Mean of a whole power of the driver."""
        if power == 1:
            return self.moments(marginal)[0]
        weight, x = self._under_the_bell(marginal, 8.0, 4001)
        return float(x ** float(power) @ weight)

    def _under_the_bell(self, marginal: Marginal, reach: float, points: int) -> tuple[FloatArray, FloatArray]:
        """Weights and values at evenly spaced scores: the trapezium rule is all but exact under the bell."""
        z = np.linspace(-reach, reach, points)
        weight = np.exp(-0.5 * z * z)
        weight /= weight.sum()
        return weight, self.quantile(marginal, z)

    def between(self, marginal: Marginal, score: float) -> tuple[float, float]:
        """Values at minus a normal score and at the score."""
        low, high = self.quantile(marginal, np.array([-score, score]))
        return float(low), float(high)


class Stepped(Family):
    """A family of a few values, each with its probability."""

    def steps(self, marginal: Marginal) -> tuple[FloatArray, FloatArray]:
        """Ascending values and their probabilities."""
        return np.array(marginal.values), np.array(marginal.probabilities)

    def moments(self, marginal: Marginal) -> tuple[float, float]:
        """Mean and standard deviation."""
        values, shares = self.steps(marginal)
        mean = float(values @ shares)
        return mean, math.sqrt(float((values - mean) ** 2 @ shares))

    def mean_of_power(self, marginal: Marginal, power: int) -> float:
        """Mean of a whole power of the driver."""
        values, shares = self.steps(marginal)
        with np.errstate(divide="ignore"):
            return float(values ** float(power) @ shares)

    def between(self, marginal: Marginal, score: float) -> tuple[float, float]:
        """The least and the most."""
        del score
        values, _ = self.steps(marginal)
        return float(values[0]), float(values[-1])


FAMILIES: dict[str, Continuous | Stepped] = {}
"""Every family by its name; filled as their files are imported, which this package does."""

F = TypeVar("F", Continuous, Stepped)


def register(family: type[F]) -> type[F]:
    """Make a family known by its name."""
    FAMILIES[family.kind] = family()
    return family


def family_named(kind: str) -> Continuous | Stepped:
    """Return a family by its name."""
    if kind not in FAMILIES:
        raise UnknownNameError("distribution", kind, tuple(FAMILIES))
    return FAMILIES[kind]


def family_of(marginal: Marginal) -> Continuous | Stepped:
    """Return the family of a distribution."""
    return family_named(marginal.kind)


def continuous(marginal: Marginal) -> Continuous:
    """Return the family of a distribution with a density."""
    family = family_of(marginal)
    if not isinstance(family, Continuous):
        raise InputError(f"a {marginal.kind} distribution has no density", remedy="It has steps: see its values.")
    return family


# -- checks of parameters ---------------------------------------------------------------------------------------------

SURE = "A number that is sure is no driver."

Rule = tuple[str, str, str, str]
"""A rule that is broken: which number, what it is, what it may be, and what to do."""


def in_order(low: float, high: float, remedy: str = "") -> Rule | None:
    """Rule that `low` lies below `high`."""
    if None in (finite(low), finite(high)):  # no numbers: said by `checked`
        return None
    return ("low", f"{float(low):g} with high {float(high):g}", "low below high", remedy) if low >= high else None


def positive(name: str, value: float, remedy: str = "") -> Rule | None:
    """Rule that a number is above 0."""
    if finite(value) is None:
        return None
    return (name, f"{float(value):g}", "above 0", remedy) if value <= 0 else None


def read_end(end: object, where: str, faults: Faults, *, endless: float) -> Number | None:
    """Read a bound, which may be `endless`: where there is none. None, with a fault, where it is no number."""
    number = plain(end)
    if isinstance(number, float) and number == endless:
        return endless
    return read_number(end, where, faults)


def refuse(what: str, faults: Faults) -> None:
    """Raise the faults of a distribution, if there are any."""
    faults.check(f"{what} cannot be used as the distribution of a driver", remedy="Correct the numbers.")


def checked(kind: str, numbers: Mapping[str, float], *broken: Rule | None) -> Marginal:
    """Return the distribution with these parameters; raise every rule that is broken at once."""
    faults = Faults()
    for name, value in numbers.items():
        read_number(value, name, faults)
    for rule in filter(None, broken):
        faults.add(*rule)
    refuse(kind, faults)
    return Marginal(kind, tuple(float(plain(value)) for value in numbers.values()))
