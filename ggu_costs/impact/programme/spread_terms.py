"""How the amount of a line falls on municipalities, as a programme file states it (verdeelwijze)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from ggu_costs.allocation import tariffs
from ggu_costs.allocation.tariffs import Tariff
from ggu_costs.errors import GguCostsError, repeated
from ggu_costs.impact.programme.affine_terms import Uncertain
from ggu_costs.modelfile.short_pools import ShortPool
from ggu_costs.modelfile.terms import Chosen
from ggu_costs.modelfile.values import Checked, Found, Number, Whole

SIGNED = "Costs, benefits and compensations are positive amounts, each as a line of its own kind."
"""What to do with a negative amount."""


class Scale(Chosen):
    """A national amount that municipalities bear in proportion to base ** exponent, in every draw exactly in total.

    Attributes
    ----------
    base
        Column by which the amount is shared.
    exponent
        Power to which the base is raised; 1 is in proportion.
    """

    base: str = "inhabitants"
    exponent: Uncertain


class Classes(Chosen):
    """An amount for each municipality by its class, such as size class 1 to 8.

    Attributes
    ----------
    column
        Column of classes.
    amounts
        Euro for each municipality, by class.
    """

    column: Literal["size_class", "province", "safety_region"] = "size_class"
    amounts: dict[str, Number] = Field(min_length=1)

    def _wrong(self) -> Iterator[Found]:
        for label, amount in self.amounts.items():
            if amount < 0:
                yield f"{amount} for {label}", "0 or more", SIGNED


class Stratum(Checked):
    """Answers of one stratum of a sample: how many were asked, and figure and cost of each that answered.

    Attributes
    ----------
    label
        Class, as in the column.
    asked
        How many were asked, answered or not.
    x
        Figure of each that answered.
    y
        Cost of each that answered, in the same order.
    """

    label: str
    asked: Whole = Field(ge=1)
    x: tuple[Number, ...] = Field(min_length=2)
    y: tuple[Number, ...] = Field(min_length=2)

    def _wrong(self) -> Iterator[Found]:
        if len(self.x) != len(self.y):
            yield f"{len(self.x)} figures and {len(self.y)} costs", "one cost for each figure", ""
        if len(self.x) > self.asked:
            yield f"{len(self.x)} answers of {self.asked} asked", "at most as many as were asked", ""
        if min(self.x) <= 0:
            yield f"figure {min(self.x)}", "above 0", ""
        if min(self.y) < 0:
            yield f"cost {min(self.y)}", "0 or more", SIGNED


class Sample(Chosen):
    """A stratified sample of municipalities: cost in proportion to a base within each stratum (ratio estimator).

    Attributes
    ----------
    column
        Column that the strata are of.
    base
        Figure that cost is in proportion to.
    strata
        Answers by stratum.
    of
        Instead of strata: id of a line whose sample it is, with the same sampling error in every draw.
    """

    column: Literal["size_class"] = "size_class"
    base: str = "inhabitants"
    strata: tuple[Stratum, ...] = ()
    of: str = ""

    def _wrong(self) -> Iterator[Found]:
        if bool(self.strata) == bool(self.of):
            yield "both or neither of strata and of", "strata, or of = the id of a line with a sample", ""
        for label, _ in repeated(part.label for part in self.strata):
            yield f"stratum {label!r} more than once", "each stratum once", ""


class Survey(Chosen):
    """A survey of which only the mean was published, not the answers: no interval can be given, and none is made up.

    Attributes
    ----------
    asked
        How many were asked.
    answered
        How many answered.
    usable
        Of how many answers the mean is.
    who
        Who they are, in plural, such as ``gemeenten en provincies``.
    """

    asked: Whole = Field(ge=1)
    answered: Whole = Field(ge=1)
    usable: Whole = Field(ge=1)
    who: str = Field(min_length=1)

    def _wrong(self) -> Iterator[Found]:
        if not self.usable <= self.answered <= self.asked:
            found = f"{self.usable} usable of {self.answered} answers of {self.asked} asked"
            yield found, "no more usable answers than answers, no more answers than were asked", ""


class TariffTerms(Chosen):
    """A tariff on a column: brackets with rates, or a price.

    Attributes
    ----------
    mode
        With brackets: ``marginal`` (each rate for the units within its bracket) or ``whole_class`` (the rate of the
        bracket it falls in for every unit: all-units tiers).
    brackets, rates
        Lower bounds, the first 0, and euro a unit in each.
    price, free, fixed
        Instead: euro a unit, with so many units free of charge or a fixed amount beside it.
    column
        Column that is priced.
    """

    column: str = "inhabitants"
    mode: Literal["marginal", "whole_class"] = "marginal"
    brackets: tuple[Number, ...] = ()
    rates: tuple[Number, ...] = ()
    price: Number | None = None
    free: Number = Decimal(0)
    fixed: Number = Decimal(0)

    def _wrong(self) -> Iterator[Found]:
        if (self.price is None) == (not self.brackets):
            yield "both or neither of brackets and price", "brackets with rates, or price", ""
        elif (self.free or self.fixed) and (self.price is None or (self.free and self.fixed)):
            yield "free or fixed", "one of them, with price", ""
        else:
            try:
                self.scheme()
            except GguCostsError as error:
                yield from ((f"{part.where}: {part.found}", part.allowed, part.remedy) for part in error.faults)

    def scheme(self) -> Tariff:
        """Return the tariff, callable on quantities."""
        if self.price is None:
            return tariffs.tariff(self.brackets, self.rates, mode=self.mode)
        if self.fixed:
            return tariffs.fixed_plus_variable(self.fixed, self.price)
        return tariffs.price_times_quantity(self.price, free=self.free)


_BY_VOLUME = ("volume", "average", "serial", "decreasing_serial")


class Joint(Chosen):
    """A joint cost in pools, split over those who take part by a rule.

    The split of the pools as stated gives everyone's share; drivers of the line then scale the whole.

    Attributes
    ----------
    rule
        How it is split: `volume` is by the column of the first volume pool, `stand_alone` by what each would pay alone,
        `average` by volume at one price. The serial rules split volume pools; the other pools fall on who causes them.
    unions
        With `owen`: the column of those who join together.
    weights
        With `weighted_shapley`: a column or an input, above 0.
    seed
        Where a rule has to be sampled (beyond 20 participants `weighted_shapley`, and `owen` with a volume pool).
    pools
        What the joint facility costs, by what causes it.
    """

    pools: tuple[ShortPool, ...] = Field(min_length=1)
    rule: Literal[
        "shapley", "weighted_shapley", "owen", "scrb", "ensc", "nucleolus", "least_core", "inhabitants", "equal",
        "volume", "stand_alone", "average", "serial", "decreasing_serial",
    ] = "shapley"  # fmt: skip
    unions: Literal["size_class", "province", "safety_region"] | None = None
    weights: str = ""
    seed: Whole | None = Field(default=None, ge=0)

    def _wrong(self) -> Iterator[Found]:
        for name, rule in (("unions", "owen"), ("weights", "weighted_shapley")):
            if bool(getattr(self, name)) != (self.rule == rule):
                told = f"{name} {getattr(self, name) or 'missing'} with rule {self.rule!r}"
                yield told, f"{name} with rule {rule!r}, and only there", ""
        if self.rule in _BY_VOLUME and not any(pool.by_volume for pool in self.pools):
            yield f"rule {self.rule!r} without a volume pool", "a pool of kind 'volume'", ""
