r"""What the Monte Carlo engine is told: units, drivers, terms and outputs, as arrays.

A programme, from a file or written in Python, becomes a :class:`ModelSpec`; the engine knows nothing else. For unit i
(a municipality), draw d and year t a **term** (cost line, Dutch: kostenpost) is

.. math::

    amount_{idt} = c \prod_k x_{kid}^{p_k} \; w_i \; B_i^{e_{id}} \; f_t \; A_t(i, d) \; (1 + g_{id})^{\tau_t}

with the drivers x, a constant c, a number of the unit w, a base B with a scale exponent e, a fixed profile f over the
years, an adoption curve A (level, or its yearly increment) and an index with rate g. Exponent, rate, midpoint and
steepness of the curve are :class:`Affine`: a number, plus drivers times numbers, plus a number of the unit (such as
0.3 ln(inhabitants / 36,000)). An **output** is a weighted sum of terms and years,

.. math::

    y_{id} = \sum_l \sum_t W_{lt} \, amount_{l,idt}

where the weights carry sign, discounting, VAT and which lines belong to which alternative. The difference between two
alternatives is therefore an output like any other, and rests on common random numbers by construction.

Which parts depend on the draw alone, on the unit alone or on both is found by :mod:`ggu_costs.impact.compile`; whoever
writes a specification need not think of it.

Everything here is frozen, picklable and checked when it is made: :class:`ModelSpec` reports all faults at once.
Figures are float64 in the unit of the programme, as a rule euro; costs are positive (net = costs - benefits -
compensation is expressed in the weights of an output).
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray, IntArray

__all__ = [
    "NATION",
    "UNIT_LEVEL",
    "Affine",
    "Correlation",
    "Curve",
    "Detail",
    "Driver",
    "Grouping",
    "Index",
    "Joint",
    "Marginal",
    "ModelSpec",
    "Output",
    "Term",
]

_PRINTED = frozenset({str, int, float, bool, type(None)})
"""Whose print tells their kind and content."""

NATION = "nation"
"""Level of a driver drawn once for all units, and the name of the group of all units."""
UNIT_LEVEL = "unit"
"""Level of a driver drawn anew for every unit (idiosyncratic)."""

Detail: TypeAlias = Literal["distribution", "moments", "none"]
"""How much is kept of an output: histogram, counts and moments; mean and standard deviation; or nothing."""

MarginalKind: TypeAlias = Literal[
    "uniform", "triangular", "pert", "normal", "lognormal", "beta", "bernoulli", "discrete", "empirical"
]


@dataclass(frozen=True)
class Marginal:
    """The distribution of one driver. Make it with the functions of :mod:`ggu_costs.impact.marginals`, which check it.

    Attributes
    ----------
    kind
        One of `uniform, triangular, pert, normal, lognormal, beta, bernoulli, discrete, empirical`.
    parameters
        ``uniform`` (low, high); ``triangular`` (low, mode, high); ``pert`` (low, mode, high, lambda); ``normal``
        (mean, sd); ``lognormal`` (mean and sd of the logarithm); ``beta`` (alpha, beta, low, high); ``bernoulli``
        (probability of 1); ``discrete`` and ``empirical`` none.
    values, probabilities
        For ``discrete`` and ``empirical``: ascending values and their probabilities, which add up to 1.
    lower, upper
        Truncation: the distribution given that the driver lies between them. Not for discrete kinds.
    """

    kind: MarginalKind
    parameters: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    probabilities: tuple[float, ...] = ()
    lower: float = -math.inf
    upper: float = math.inf


@dataclass(frozen=True)
class Driver:
    """An uncertain input (Dutch: kostenbepalende factor).

    Attributes
    ----------
    name
        Also the name of its random stream: drivers added or removed leave the draws of the others unchanged.
    marginal
        Its distribution.
    level
        ``"nation"``: one draw for all; ``"unit"``: a draw of its own for every unit; or the name of a grouping: a draw
        for each group (size class, region).
    """

    name: str
    marginal: Marginal
    level: str = NATION


@dataclass(frozen=True, eq=False)
class Correlation:
    """Correlation between drivers of one level, joined by a Gaussian copula.

    Attributes
    ----------
    names
        The drivers, in the order of the matrix.
    matrix
        float64, shape (k, k), symmetric, ones on the diagonal.
    kind
        ``"rank"``: Spearman's rank correlations, carried to the copula by r = 2 sin(pi rho / 6); ``"normal"``: already
        the correlations of the normal scores.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    kind: Literal["rank", "normal"] = "rank"


@dataclass(frozen=True, eq=False)
class Affine:
    """A number that may be uncertain and may differ between units: constant + sum of coefficient x driver + unit part.

    Attributes
    ----------
    constant
        The fixed number.
    drivers
        Pairs (name of a driver, coefficient).
    by_unit
        float64, shape (units,), added per unit; for "linear in ln(size)" give ``c * np.log(size / reference)``.
    """

    constant: float = 0.0
    drivers: tuple[tuple[str, float], ...] = ()
    by_unit: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Curve:
    """Adoption along an S-curve, A_t = 1 / (1 + exp(-steepness (time_t - midpoint))).

    Attributes
    ----------
    midpoint, steepness
        In years, and per year.
    times
        float64, shape (years,): the time of each year on the scale of the midpoint.
    increments
        False: the level A_t (structural costs and benefits follow adoption). True: A_t - A_{t-1}, where adoption
        before the first year is 0 (one-off costs fall when adoption happens).
    """

    midpoint: Affine
    steepness: Affine
    times: FloatArray
    increments: bool = False


@dataclass(frozen=True, eq=False)
class Index:
    """Yearly indexation, factor (1 + rate) ** power_t.

    Attributes
    ----------
    rate
        As a fraction: 0.025 is 2.5 per cent a year. Above -1 in every draw.
    powers
        int64, shape (years,): years since the price level of the term; may be negative.
    """

    rate: Affine
    powers: IntArray


@dataclass(frozen=True, eq=False)
class Term:
    """One cost line, or a part of one; the formula stands at the head of the module.

    Attributes
    ----------
    name
        Unique.
    weights
        float64, shape (units,): base figures, key shares, size-class tables, VAT factors, anything fixed per unit.
    constant
        A fixed factor.
    factors
        Pairs (driver, whole power other than 0); (name, -1) divides by the driver.
    base, exponent
        Base figures above 0, shape (units,), raised to the exponent; both or neither.
    normalise
        Divide in every draw by the sum over units of ``weights * base ** exponent``, so that the term hands out
        exactly constant x factors over the units. The exponent then rests on national drivers only.
    profile
        float64, shape (years,), a fixed profile over the years, or None for one in every year.
    curve, index
        Adoption and indexation, or None.
    """

    name: str
    weights: FloatArray
    constant: float = 1.0
    factors: tuple[tuple[str, int], ...] = ()
    base: FloatArray | None = None
    exponent: Affine | None = None
    normalise: bool = False
    profile: FloatArray | None = None
    curve: Curve | None = None
    index: Index | None = None


@dataclass(frozen=True, eq=False)
class Output:
    """A figure that is asked for: a weighted sum over terms and years, per unit and per group.

    Attributes
    ----------
    name
        Unique.
    weights
        float64, shape (terms, years): sign, discount factor, share recoverable, 0 for what is not in it.
    units, groups
        What is kept per unit and per group.
    thresholds
        The share of draws strictly above each is counted exactly.
    """

    name: str
    weights: FloatArray
    units: Detail = "distribution"
    groups: Detail = "distribution"
    thresholds: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, eq=False)
class Joint:
    """A figure of all units together that is no sum, taken in every draw and kept as a distribution of its own.

    Attributes
    ----------
    name
        Unique among the joint figures.
    output
        The output it looks at.
    kind
        ``"share_above"``: the sum of `weights` over the units whose output is above `threshold` (with weights that
        add up to 1: the weighted share that pays more). ``"maximum"``: the largest of ``weights * output`` (with
        weights 1 / key: the national amount that would cover every unit).
    weights
        float64, shape (units,).
    threshold
        For ``share_above``.
    """

    name: str
    output: str
    kind: Literal["share_above", "maximum"]
    weights: FloatArray
    threshold: float = 0.0


@dataclass(frozen=True, eq=False)
class Grouping:
    """Units in groups: size classes, provinces, regions, groups of one's own.

    Attributes
    ----------
    name
        Unique; not ``"nation"`` or ``"unit"``.
    labels
        Name of each group.
    members
        int64, shape (units,): the position in `labels` of each unit's group; -1 for units in none of them (not allowed
        for a grouping that is the level of a driver).
    """

    name: str
    labels: tuple[str, ...]
    members: IntArray


@dataclass(frozen=True, eq=False)
class ModelSpec:
    """The whole model. Making one checks it and reports every fault; its arrays may not be changed afterwards.

    Attributes
    ----------
    units
        Code of each unit, unique.
    years
        Label of each year; terms and outputs count by its length.
    drivers, terms, outputs
        See their classes; at least one term and one output.
    groupings
        Sums per group are kept for each, and for the nation always. Order of the groups in results: the nation, then
        the groupings in this order with their labels.
    correlations
        Each driver in at most one of them.
    joints
        Figures over all units that are no sums.

    Raises
    ------
    InputError
        With every fault found.

    Examples
    --------
    One national uniform cost per inhabitant and a fixed compensation:

    >>> import numpy as np
    >>> from ggu_costs.impact import marginals
    >>> inhabitants = np.array([50_000.0, 150_000.0])
    >>> spec = ModelSpec(
    ...     units=("GM0001", "GM0002"),
    ...     years=(2024,),
    ...     drivers=(Driver("cost", marginals.uniform(1.0, 3.0)),),
    ...     terms=(
    ...         Term("cost", weights=inhabitants, factors=(("cost", 1),)),
    ...         Term("compensation", weights=inhabitants / inhabitants.sum(), constant=400_000.0),
    ...     ),
    ...     outputs=(Output("net", weights=np.array([[1.0], [-1.0]])),),
    ... )
    >>> spec.group_names
    (('nation', 'nation'),)
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    drivers: tuple[Driver, ...]
    terms: tuple[Term, ...]
    outputs: tuple[Output, ...]
    groupings: tuple[Grouping, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    joints: tuple[Joint, ...] = ()
    _digest: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        from ggu_costs.impact.checks import check_spec

        check_spec(self).check("the model cannot be simulated", remedy="Correct the definition of the programme.")
        object.__setattr__(self, "_digest", fingerprint(self))

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the specification."""
        return self._digest

    @property
    def group_names(self) -> tuple[tuple[str, str], ...]:
        """Pairs (grouping, label) in the order of results, the nation first."""
        named = [(NATION, NATION)]
        named += [(grouping.name, label) for grouping in self.groupings for label in grouping.labels]
        return tuple(named)

    def driver(self, name: str) -> Driver:
        """Return a driver by name."""
        return next(driver for driver in self.drivers if driver.name == name)

    def output_place(self, name: str) -> int:
        """Return the position of an output."""
        return [output.name for output in self.outputs].index(name)


def fingerprint(*things: object) -> str:
    """Return the SHA-256 of dataclasses, tuples, arrays, numbers and text, by content."""
    arrays: list[bytes] = []
    told = [_told(thing, arrays) for thing in things]
    return hashlib.sha256(b"".join([repr(told).encode(), *arrays])).hexdigest()


def _told(thing: object, arrays: list[bytes]) -> object:
    """Return what prints as its content: sequences as lists, all else with its kind; arrays apart, as bytes."""
    kind: Any = type(thing)
    if isinstance(thing, np.ndarray):
        arrays.append(thing.tobytes())
        return "array", thing.shape, thing.dtype.str
    if isinstance(thing, tuple | list):
        return [item if type(item) in _PRINTED else _told(item, arrays) for item in thing]
    if is_dataclass(thing):
        return kind.__name__, {name: _told(getattr(thing, name), arrays) for name in _public(kind)}
    return thing if kind in _PRINTED else (kind.__name__, repr(thing))


@cache
def _public(kind: Any) -> tuple[str, ...]:
    """Fields of a dataclass that count."""
    return tuple(own.name for own in fields(kind) if own.name[0] != "_")
