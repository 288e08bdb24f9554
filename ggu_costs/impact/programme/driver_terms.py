"""Drivers (kostenbepalende factoren) as a programme file states them: uncertain inputs with what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, combinations_with_replacement, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic import Field

from ggu_costs.modelfile.discount import Figure
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Found, MayStandUnused, Number, Value

ID = r"^[a-z][a-z0-9_\-]*$"

_PLAIN = ("sd_of_log", "alpha", "beta")
"""Figures without the unit of the driver."""

_SPREAD = ("low", "high", "p10", "p90", "mean", "sd", "sd_of_log")
"""Figures that say how far a driver ranges."""

_OF_A_SOURCE = ("published", "proposed", "actual", "derived")
"""Of a range with such a status the shape is somebody's assumption all the same."""

_SPAN, _QUANTILES = ("low", "high"), (("p10", "p90"), ("p10", "p50", "p90"))
_TABLE = "quantiles."
_PERCENTILE = r"^p(?!0+(\.0+)?$)\d{1,2}(\.\d{1,4})?$"


class ShapeTerms(NamedTuple):
    """What a file says of a shape.

    Attributes
    ----------
    sets
        The sets of figures that give it.
    arguments
        Figures that :attr:`ggu_costs.simulation.distributions.family.Family.make` takes.
    optional
        Figures that may stand beside those of a set.
    endless
        Whether it has no least and no most, so that `low` and `high` are always read as P10 and P90.
    """

    sets: tuple[tuple[str, ...], ...]
    arguments: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    endless: bool = False


_THREE = ("low", "mode", "high")
SHAPES = {
    "fixed": ShapeTerms((("value",),)),
    "uniform": ShapeTerms((_SPAN, *_QUANTILES), _SPAN),
    "triangular": ShapeTerms((_THREE, _SPAN, *_QUANTILES), _THREE),
    "pert": ShapeTerms((_THREE, _SPAN, *_QUANTILES), (*_THREE, "concentration")),
    "normal": ShapeTerms((("mean", "sd"), _SPAN, *_QUANTILES), endless=True),
    "lognormal": ShapeTerms((("mean", "sd"), _SPAN, ("p50", "sd_of_log"), *_QUANTILES), endless=True),
    "beta": ShapeTerms(
        ((*_SPAN, "alpha", "beta"), *((*_SPAN, *names) for names in _QUANTILES)), ("alpha", "beta", *_SPAN)
    ),
    "jqpd": ShapeTerms((_QUANTILES[1], ("quantiles",)), optional=_SPAN),
    "metalog": ShapeTerms((_QUANTILES[1], ("quantiles",)), optional=_SPAN),
    "bernoulli": ShapeTerms((("probability",),), ("probability",)),
    "discrete": ShapeTerms((), ("values", "probabilities")),
    "empirical": ShapeTerms((), ("values",)),
}
"""Every shape by its name; `low` and `high` of a normal or lognormal are read as P10 and P90.

A beta by quantiles lies between its `low` and `high`. Quantiles are fitted, and the notes tell how closely. A jqpd
meets any three at p, one half and 1 - p, a metalog three to ten where one exists; `low` and `high` are their bounds.
A lognormal by its median (`p50`) and `sd_of_log` is exp(N(ln p50, sd_of_log)): with 1 and 0.2, a factor that is as
often above as below 1, some 20 per cent off.
"""


if TYPE_CHECKING:
    Shape: TypeAlias = str
    SecondShape: TypeAlias = str
else:
    Shape = Literal[tuple(SHAPES)]
    SecondShape = Literal[tuple(shape for shape, terms in SHAPES.items() if {*_QUANTILES} & {*terms.sets})]
    """Shapes that quantiles alone give: another assumption on the same range."""


def number(figure: Value | None) -> float:
    """Return the number of a figure that states one."""
    assert figure is not None  # noqa: S101 (the definition was checked)
    assert isinstance(figure.value, Decimal)  # noqa: S101
    return float(figure.value)


def percentage(name: str) -> float:
    """The percentage of a quantile by its name.

    Examples
    --------
    >>> percentage("quantiles.p97.5"), percentage("p10")
    (97.5, 10.0)
    """
    return float(name.removeprefix(_TABLE)[1:])


class DriverTerms(Grounds, MayStandUnused):
    """One uncertain input.

    Attributes
    ----------
    level
        One draw for the nation, one for each class or region, or one for each municipality.
    shape
        The distribution. A range that a source publishes has none: then `reading` says how `low` and `high` are read
        (P10 and P90, or mean and sd, say it themselves), and `shape_by` whose assumption the shape is.
    second_shape
        Another shape on the same range, for the table that shows what the assumption does.
    below_zero
        Why a driver that multiplies an amount may be below 0, or above 1 in a remainder; without it that is a fault.
    lower, upper
        Truncation: the distribution given that the driver lies between them.
    quantiles
        Of a jqpd or a metalog: values by percentage, such as ``{ p5 = 95, p50 = 115, p95 = 170 }``.
    forecast
        Day of a forecast in the reference tables: the driver is a factor on its inhabitants, and the band of the nation
        gives its quantiles, by its coverage.
    reading
        How a published `low` and `high` are read: as least and greatest value, or as P10 and P90.
    shape_by
        Whose assumption the shape is.
    value
        The figure, of shape ``fixed``.
    low
        Least value; of a shape without an end the P10.
    mode
        Most likely value.
    high
        Greatest value; of a shape without an end the P90.
    p10
        Value that the driver stays below with 10 per cent probability.
    p50
        Median: as often below as above it.
    p90
        Value that the driver stays below with 90 per cent probability.
    mean
        Mean of the distribution.
    sd
        Standard deviation.
    sd_of_log
        Standard deviation of the logarithm, with `p50`.
    alpha, beta
        Exponents of a beta.
    probability
        Probability of 1, of a bernoulli.
    concentration
        How narrow a pert is round its mode; by default 4.
    values
        Values of a discrete or empirical driver.
    probabilities
        Of a discrete driver: one for each value, together 1.
    """

    FIGURES = (
        "value", "low", "mode", "high", "p10", "p50", "p90", "mean", "sd", "sd_of_log", "alpha", "beta", "probability",
        "concentration", "lower", "upper",
    )  # fmt: skip
    TABLES = ("quantiles",)

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    level: Literal["nation", "size_class", "province", "safety_region", "municipality"] = "nation"
    shape: Shape
    second_shape: SecondShape | None = None
    reading: Literal["min_max", "p10_p90"] | None = None
    shape_by: str = ""
    below_zero: str = ""
    value: Figure | None = None
    low: Figure | None = None
    mode: Figure | None = None
    high: Figure | None = None
    p10: Figure | None = None
    p50: Figure | None = None
    p90: Figure | None = None
    mean: Figure | None = None
    sd: Figure | None = None
    sd_of_log: Figure | None = None
    alpha: Figure | None = None
    beta: Figure | None = None
    probability: Figure | None = None
    concentration: Figure | None = None
    lower: Figure | None = None
    upper: Figure | None = None
    quantiles: dict[str, Figure] = Field(default_factory=dict)
    forecast: date | None = None
    values: tuple[Number, ...] = ()
    probabilities: tuple[Number, ...] = ()

    def _wrong(self) -> Iterator[Found]:
        yield from self._wrong_figures()
        yield from self._wrong_order()
        yield from self._wrong_list()
        yield from self._unread_range()

    def _wrong_figures(self) -> Iterator[Found]:
        given = {name.partition(".")[0] for name in self.figures()} - {"lower", "upper"}
        if self.shape == "pert" and self.read_as == "min_max":
            given -= {"concentration"}
        wanted, optional = SHAPES[self.shape].sets, SHAPES[self.shape].optional
        if not any(given - {*optional} == set(names) for names in wanted) and (wanted or given):
            allowed = " or ".join(", ".join(names) for names in wanted) or "values, and probabilities for discrete"
            allowed += f", and {' or '.join(optional)} where it is bounded" if optional else ""
            yield f"{', '.join(sorted(given)) or 'no figures'} with shape {self.shape!r}", allowed, ""
        for name, figure in self.figures().items():
            if not isinstance(figure.value, Decimal):
                remedy = "What the user brings is an input of a line, not a driver."
                yield f"{name} without a number", "a number", remedy
        units = {figure.unit for name, figure in self.figures().items() if name not in _PLAIN}
        if len(units) > 1:
            yield f"units {', '.join(sorted(units))}", "one unit in one driver", ""

    def _wrong_order(self) -> Iterator[Found]:
        figures = {name: value.value for name, value in self.figures().items() if isinstance(value.value, Decimal)}
        for name in self.quantiles:
            if not re.fullmatch(_PERCENTILE, name):
                yield f"quantile {name!r}", "p and a percentage above 0 and below 100, such as p5 or p97.5", ""
                return
        table = sorted((name for name in figures if name.startswith(_TABLE)), key=percentage)
        rows = [("low", "mode", "high"), ("low", "p10", "p50", "p90", "high"), ("lower", "upper")]
        for names in (*rows, ("low", *table, "high")):
            row = [(name, figures[name]) for name in names if name in figures]
            for (first, low), (second, high) in pairwise(row):
                edge = "mode" in (first, second) and low == high  # a mode may lie on a bound
                if low > high or (low == high and not edge):
                    yield f"{first} {low} and {second} {high}", f"{first} below {second}", ""
        for name in ("sd", "sd_of_log", "alpha", "beta", "concentration"):
            if name in figures and figures[name] <= 0:
                yield f"{name} {figures[name]}", "above 0", ""
        if not 0 <= figures.get("probability", Decimal(0)) <= 1:
            yield f"probability {figures['probability']}", "0 to 1", ""
        if self.shape == "lognormal":
            for name in ("low", "p10", "p50", "mean"):
                if name in figures and figures[name] <= 0:
                    yield f"{name} {figures[name]} of a lognormal", "above 0", ""

    def _wrong_list(self) -> Iterator[Found]:
        if self.shape not in ("discrete", "empirical"):
            if self.values or self.probabilities:
                yield f"values with shape {self.shape!r}", "only with discrete and empirical", ""
            return
        if not self.values:
            yield "no values", "one or more", ""
        if self.status is None:
            yield "values without status", "status, with source or by", ""
        shares = self.probabilities
        if self.shape == "discrete" and (len(shares) != len(self.values) or sum(shares) != 1 or min(shares) < 0):
            yield f"probabilities {', '.join(map(str, shares))}", "one a value, 0 or more, adding up to 1", ""

    def _unread_range(self) -> Iterator[Found]:
        if self.published_range:
            read = () if self.p10 is not None or self.quantiles or not self.spans else ("reading",)
            missing = [name for name in (*read, "shape_by", "second_shape") if not getattr(self, name)]
            if missing:
                allowed = 'reading = "min_max" or "p10_p90", shape_by = whose assumption the shape is, second_shape'
                yield f"a published range without {', '.join(missing)}", allowed, "A source gives no shape."
        if self.reading == "min_max" and any(
            SHAPES[shape].endless for shape in (self.shape, self.second_shape) if shape
        ):
            endless = " or ".join(name for name, terms in SHAPES.items() if terms.endless)
            yield f"a {endless} shape between a minimum and a maximum", "uniform, triangular, pert", ""
        if self.reading is not None and not self.spans:
            yield f"reading {self.reading!r} without low and high", "low and high, which it reads", ""
        elif self.reading == "p10_p90" and (self.mode is not None or self.shape in ("beta", "jqpd", "metalog")):
            yield "reading 'p10_p90' with a mode, or with bounds", "p10, p90 and p50 by those names", ""

    @property
    def spans(self) -> bool:
        """Whether it is stated by low and high."""
        return self.low is not None and self.high is not None

    @property
    def read_as(self) -> str:
        """How its range is read: ``min_max``, ``p10_p90``, ``mean_sd``, ``p50_sd``, ``quantiles`` or none of these."""
        if self.quantiles:
            return "quantiles"
        if self.p10 is not None:
            return "p10_p90"
        if self.mean is not None or self.sd_of_log is not None:
            return "p50_sd" if self.mean is None else "mean_sd"
        if self.spans and self.reading is None and SHAPES[self.shape].endless:
            return "p10_p90"
        return (self.reading or "min_max") if self.spans else ""

    @property
    def published_range(self) -> bool:
        """Whether its range is that of a source, which gives no shape, or follows from such a range."""
        figures = self.figures()
        spread = [figure for name, figure in figures.items() if name in _SPREAD or name.startswith(_TABLE)]
        stated = any(figure.status in _OF_A_SOURCE for figure in spread)
        return stated or (self.reading is not None and self.spans)

    @property
    def measured_in(self) -> str:
        """The unit of the driver."""
        return next((str(figure.unit) for name, figure in self.figures().items() if name not in _PLAIN), self.unit)

    @property
    def amount(self) -> Value | None:
        """A figure in euro, which says in which VAT state and price level the driver is."""
        return next((figure for figure in self.figures().values() if figure.unit.startswith("EUR")), None)


class CorrelationTerms(Grounds):
    """Correlation between drivers: one rank correlation of each pair named, or a matrix.

    Attributes
    ----------
    drivers
        Two or more; each pair of drivers in one of these parts at most.
    rank
        Rank correlation (Spearman) of every pair of these drivers.
    matrix
        Instead of `rank`: a row for each driver, symmetric, ones on the diagonal.
    measure
        What the matrix holds: ``rank`` correlations, or the correlations of the ``normal`` scores that the Gaussian
        copula joins.
    """

    FIGURES = ("rank",)

    drivers: tuple[str, ...] = Field(min_length=2)
    rank: Figure | None = None
    matrix: tuple[tuple[Number, ...], ...] = ()
    measure: Literal["rank", "normal"] = "rank"

    def _wrong(self) -> Iterator[Found]:
        if self.matrix:
            yield from self._wrong_matrix()
            return
        if self.rank is None:
            yield "no correlation", "rank, or a matrix", ""
            return
        if self.measure != "rank":
            yield f"rank with measure {self.measure!r}", "a matrix with that measure", ""
        if not -1 <= number(self.rank) <= 1:
            yield f"rank correlation {self.rank.value}", "-1 to 1", ""

    def _wrong_matrix(self) -> Iterator[Found]:
        many = len(self.drivers)
        if self.rank is not None:
            yield "rank and matrix", "one of the two", ""
        if self.status is None or not (self.by or self.source):
            yield "a matrix without status and by", "status, with source or by", ""
        if [len(row) for row in self.matrix] != [many] * many:
            yield f"rows of {', '.join(str(len(row)) for row in self.matrix)}", f"{many} rows of {many}", ""
            return
        for i, j in combinations_with_replacement(range(many), 2):
            pair, one, two = f"{self.drivers[i]} and {self.drivers[j]}", self.matrix[i][j], self.matrix[j][i]
            if i == j and one != 1:
                yield f"{one} on the diagonal of {self.drivers[i]}", "1", ""
            elif one != two:
                yield f"{one} and {two} for {pair}", "one correlation: the matrix is symmetric", ""
            elif not -1 <= one <= 1:
                yield f"correlation {one} of {pair}", "-1 to 1", ""

    def pairs(self) -> Iterator[tuple[tuple[str, str], float]]:
        """Each pair of drivers with its correlation."""
        for i, j in combinations(range(len(self.drivers)), 2):
            value = float(self.matrix[i][j]) if self.matrix else number(self.rank)
            yield (self.drivers[i], self.drivers[j]), value
