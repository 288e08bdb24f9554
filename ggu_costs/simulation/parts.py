"""The parts of a specification: drivers, terms, outputs and groups. The formula is in :mod:`.spec`."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults
from ggu_costs.figures import in_order, labelled, read_figures
from ggu_costs.simulation.distributions.family import Marginal
from ggu_costs.typing import FloatArray, IntArray

NATION = "nation"
"""Level of a driver drawn once for all units, and the name of the group of all units."""


UNIT_LEVEL = "unit"
"""Level of a driver drawn anew for every unit (idiosyncratic)."""


Detail: TypeAlias = Literal["distribution", "moments", "none"]
"""How much is kept of an output: histogram, counts and moments; mean and standard deviation; or nothing."""

GroupDetail: TypeAlias = Literal["distribution", "moments", "none", "nation"]
"""How much is kept of sums over groups; ``nation``: the distribution of all units together, and of no other group."""


@dataclass(frozen=True)
class Driver(Brief):
    """An uncertain input.

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
class Correlation(Brief):
    """Correlation between drivers of one level, joined by a Gaussian copula.

    Attributes
    ----------
    names
        The drivers, in the order of the matrix.
    matrix
        float64, shape (k, k), symmetric, ones on the diagonal; kept as an array, read from lists too, and from a
        DataFrame by its labels.
    kind
        ``"rank"``: Spearman's rank correlations, carried to the copula by r = 2 sin(pi rho / 6); ``"normal"``: already
        the correlations of the normal scores.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    kind: Literal["rank", "normal"] = "rank"

    def __post_init__(self) -> None:
        faults = Faults()
        matrix: Any = self.matrix
        if labelled(matrix) is not None:  # rows by label, and then columns
            for _ in range(2):
                matrix = None if matrix is None else in_order(matrix, self.names, "matrix", faults, of="names")
                matrix = getattr(matrix, "T", None)
        read = None if matrix is None else read_figures(matrix, "matrix", faults)
        faults.check("these correlations cannot be used", remedy="Give a figure for each pair of names.")
        object.__setattr__(self, "matrix", read)


@dataclass(frozen=True, eq=False)
class Affine(Brief):
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
class Curve(Brief):
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
class Index(Brief):
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
class Term(Brief):
    """One summand of the model; the formula stands at the head of :mod:`ggu_costs.simulation.spec`.

    Attributes
    ----------
    name
        Unique.
    weights
        float64, shape (units,): base figures, shares, tables by class, anything fixed per unit.
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
class Output(Brief):
    """A figure that is asked for: a weighted sum over terms and years, per unit and per group.

    Attributes
    ----------
    name
        Unique.
    weights
        float64, shape (terms, years): sign, discount factor, share recoverable, 0 for what is not in it.
    units, groups
        What is kept per unit and per group. Where nothing is kept per unit groups are added up slot by slot, which
        takes no figure of any unit; last bits may differ from the sum of figures.
    thresholds
        The share of draws strictly above each is counted exactly.
    """

    name: str
    weights: FloatArray
    units: Detail = "distribution"
    groups: GroupDetail = "distribution"
    thresholds: tuple[float, ...] = (0.0,)

    @property
    def by_slot(self) -> bool:
        """Whether only sums are asked, which are taken slot by slot."""
        return self.units == "none" and self.groups != "none"


@dataclass(frozen=True, eq=False)
class Joint(Brief):
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
class Grouping(Brief):
    """Units in groups, such as classes of size or regions.

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


def affines_in(term: Term) -> list[Affine]:
    """Return the numbers of a term that may be uncertain: of its exponent, its index and its curve."""
    affines = [] if term.exponent is None else [term.exponent]
    affines += [] if term.index is None else [term.index.rate]
    affines += [] if term.curve is None else [term.curve.midpoint, term.curve.steepness]
    return affines


def drivers_in(term: Term) -> set[str]:
    """Names of the drivers a term rests on."""
    return {name for name, _ in term.factors} | {name for part in affines_in(term) for name, _ in part.drivers}


@dataclass(frozen=True, eq=False)
class Specification(Brief):
    """The parts of a model together, not checked yet; see :class:`ggu_costs.simulation.spec.ModelSpec`.

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
    """

    units: tuple[str, ...]
    years: tuple[int, ...]
    drivers: tuple[Driver, ...]
    terms: tuple[Term, ...]
    outputs: tuple[Output, ...]
    groupings: tuple[Grouping, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    joints: tuple[Joint, ...] = ()

    @property
    def group_names(self) -> tuple[tuple[str, str], ...]:
        """Pairs (grouping, label) in the order of results, the nation first."""
        named = [(NATION, NATION)]
        named += [(grouping.name, label) for grouping in self.groupings for label in grouping.labels]
        return tuple(named)
