"""What a procurement file says of its years: who joins and leaves, pools, volumes and indices by year, discounting."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from ggu_costs.modelfile.discount import DiscountTerms, Figure
from ggu_costs.modelfile.figures import TakeUpCurve
from ggu_costs.modelfile.indices import IndexTerms
from ggu_costs.modelfile.leaving import ExitTerms, StepInTerms
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Checked, Found, Number, Whole, WholeYear, Year

Weights = dict[str, Number]
"""Weights by index, together 1; empty: amounts stay as they are."""


class PoolYears(Checked):
    """When a cost pool is due, and how its amounts rise.

    Attributes
    ----------
    first_year, last_year
        The first and last year in which a yearly pool is due, by default those of the file; a pool that is due once is
        paid in its first year.
    term, life
        Of a pool that is due once: over how many years it is written off in equal parts from its first year, and how
        long it lasts. Without them its cost falls in the year in which it is paid.
    index
        Weights by index; amounts of the file are at the level of its first year.
    """

    first_year: WholeYear | None = None
    last_year: WholeYear | None = None
    term: Annotated[Whole, Field(ge=1)] | None = None
    life: Annotated[Whole, Field(ge=1)] | None = None
    index: Weights = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if (self.term is None) != (self.life is None):
            yield "term without life, or life without term", "both or neither", ""
        elif self.term is not None and self.life is not None and self.term > self.life:
            yield f"written off in {self.term} years while it lasts {self.life}", "a term of at most its life", ""
        if self.first_year is not None and self.last_year is not None and self.last_year < self.first_year:
            found = f"ends after {self.last_year}, before it starts in {self.first_year}"
            yield found, "a last year not before the first", ""


class VolumeOfYear(Checked):
    """The input that brings the volume of every participant in one year.

    Attributes
    ----------
    input
        Name of the input with a figure for every participant.
    """

    input: str


class VolumeYears(Checked):
    """A volume in each year: a share of what the file states, or a table of its own for each year.

    Attributes
    ----------
    share
        Part of the stated volume in each year (a take-up curve).
    tables
        By year the input with a figure for every participant.
    """

    share: TakeUpCurve | None = None
    tables: dict[Year, VolumeOfYear] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if bool(self.tables) == (self.share is not None):
            yield "share together with tables, or neither", "one of the two", ""


class AloneYears(Checked):
    """How the cost of each for itself rises.

    Attributes
    ----------
    index
        Weights by index; amounts of the file are at the level of its first year.
    """

    index: Weights = Field(default_factory=dict)


class SpreadTerms(Chosen):
    """An uncertain factor by which something is multiplied: lowest, most likely and highest.

    Attributes
    ----------
    shape
        How likely the factors between the lowest and the highest are.
    low, likely, high
        Lowest, most likely and highest factor; 1 is what the file states. A uniform one has no likely factor.
    """

    FIGURES = ("low", "likely", "high")

    shape: Literal["triangular", "pert", "uniform"] = "triangular"
    low: Figure
    likely: Figure | None = None
    high: Figure

    def _wrong(self) -> Iterator[Found]:
        if (self.shape == "uniform") != (self.likely is None):
            yield f"shape {self.shape!r} {'without' if self.likely is None else 'with'} likely", "low, likely, high", ""
        named = [figure for figure in (self.low, self.likely, self.high) if figure is not None]
        numbers = [figure.value for figure in named if isinstance(figure.value, Decimal)]
        if len(numbers) < len(named):
            yield "a factor without a number", "a number", ""
        elif any(figure.unit != "number" for figure in named):
            yield "a factor that is not in number", 'unit = "number": 1.2 is 20 per cent more', ""
        elif numbers[0] < 0 or numbers != sorted(numbers) or numbers[0] == numbers[-1]:
            yield f"factors {', '.join(map(str, numbers))}", "0 or more, from low to high", ""


class UncertaintyTerms(Checked):
    """What is uncertain of the years together.

    Attributes
    ----------
    seed, draws
        Of the simulation.
    take_up
        Factor on the share that takes part, the same in every year; nobody joins beyond everyone.
    pools
        Factor on fixed cost pools.
    """

    seed: Annotated[Whole, Field(ge=0)]
    draws: Annotated[Whole, Field(ge=2)] = 100_000
    take_up: SpreadTerms | None = None
    pools: dict[str, SpreadTerms] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if self.take_up is None and not self.pools:
            yield "nothing that is uncertain", "take_up, pools, or both", ""


class YearsTerms(Checked):
    """A case over the years of its file.

    Attributes
    ----------
    discount
        Of what falls in later years.
    first_year, last_year
        By code the first and last year in which it takes part; by default those of the file.
    indices
        Of wages and prices, with their rise in each year after the first.
    pools, volumes
        By id; a pool or volume that is not named is the same in every year.
    stand_alone
        How the cost of each for itself rises.
    exit, entry
        What the contract says of leaving and joining.
    uncertainty
        What is uncertain: take-up, and the cost of fixed pools.
    """

    discount: DiscountTerms
    first_year: dict[str, WholeYear] = Field(default_factory=dict)
    last_year: dict[str, WholeYear] = Field(default_factory=dict)
    indices: tuple[IndexTerms, ...] = ()
    pools: dict[str, PoolYears] = Field(default_factory=dict)
    volumes: dict[str, VolumeYears] = Field(default_factory=dict)
    stand_alone: AloneYears = AloneYears()
    exit: ExitTerms | None = None
    entry: StepInTerms | None = None
    uncertainty: UncertaintyTerms | None = None

    def takes_part(self, code: str, year: int) -> bool:
        """Whether a participant takes part in a year."""
        return self.first_year.get(code, year) <= year <= self.last_year.get(code, year)

    def pool(self, name: str) -> PoolYears:
        """What is said of a pool."""
        return self.pools.get(name, PoolYears())
