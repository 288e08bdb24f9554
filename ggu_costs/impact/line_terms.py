"""Cost lines (kostenposten), compensation and alternatives as a programme file states them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ggu_costs.impact.driver_terms import AffineTerms, Figure, Found, Grounds, Uncertain
from ggu_costs.modelfile.values import Checked, Value, faults

__all__ = [
    "Adoption",
    "Alternative",
    "Classes",
    "IndexTerms",
    "Joint",
    "KeyTerms",
    "Line",
    "Participants",
    "PoolTerms",
    "Sample",
    "Scale",
    "Stratum",
    "TariffTerms",
]

_ID = r"^[a-z][a-z0-9_\-]*$"


class Chosen(Grounds):
    """A choice of the author or of a source, which says whose it is."""

    @model_validator(mode="after")
    def _is_somebodys(self) -> Self:
        if self.status is None:
            raise faults([("no status", "status, with source or by", "")])
        if self.status in ("enacted", "proposed", "actual", "published") and not self.source:
            raise faults([(f"status {self.status!r} without a source", "source = the id of one of [sources]", "")])
        if self.status in ("estimated", "illustrative") and not self.by:
            raise faults([(f"status {self.status!r} without by", "by = whose estimate or example it is", "")])
        return self


class KeyTerms(Chosen):
    """The key (verdeelsleutel) of a national amount: fractions, each shared by one column, or ``equal``."""

    parts: dict[str, Decimal] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        found: list[Found] = [
            (f"{name} = {part}", "a fraction above 0 and at most 1", "")
            for name, part in self.parts.items()
            if not 0 < part <= 1 and sum(self.parts.values()) != 100
        ]
        total = sum(self.parts.values())
        if total != 1:
            found.append((f"fractions add up to {total}", "1", "Divide each by 100." if total == 100 else ""))
        if found:
            raise faults(found)
        return self


class Scale(Chosen):
    """A national amount that municipalities bear in proportion to base ** exponent, in every draw exactly in total."""

    base: str = "inhabitants"
    exponent: Uncertain


class Classes(Chosen):
    """An amount for each municipality by its class, such as size class 1 to 8."""

    column: Literal["size_class", "province", "safety_region"] = "size_class"
    amounts: dict[str, Decimal] = Field(min_length=1)


class Stratum(Checked):
    """Answers of one stratum of a sample: how many were asked, and figure and cost of each that answered."""

    label: str
    asked: int = Field(ge=1)
    x: tuple[Decimal, ...] = Field(min_length=2)
    y: tuple[Decimal, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _is_a_sample(self) -> Self:
        found: list[Found] = []
        if len(self.x) != len(self.y):
            found.append((f"{len(self.x)} figures and {len(self.y)} costs", "one cost for each figure", ""))
        if len(self.x) > self.asked:
            found.append((f"{len(self.x)} answers of {self.asked} asked", "at most as many as were asked", ""))
        if min(self.x) <= 0:
            found.append((f"figure {min(self.x)}", "above 0", ""))
        if found:
            raise faults(found)
        return self


class Sample(Chosen):
    """A stratified sample of municipalities: cost in proportion to a base within each stratum (ratio estimator)."""

    column: Literal["size_class"] = "size_class"
    base: str = "inhabitants"
    strata: tuple[Stratum, ...] = Field(min_length=1)


class TariffTerms(Chosen):
    """A bracket tariff on a column: lower bounds, the first 0, and rates."""

    column: str = "inhabitants"
    mode: Literal["marginal", "whole_class"] = "marginal"
    brackets: tuple[Decimal, ...] = Field(min_length=1)
    rates: tuple[Decimal, ...] = Field(min_length=1)


class PoolTerms(Checked):
    """One cost pool of a joint facility: what a group would pay for it."""

    kind: Literal["fixed", "per_participant", "volume", "levels", "regional"]
    amount: Decimal = Field(default=Decimal(0), ge=0)
    column: str = ""
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    levels: dict[str, Decimal] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        wanted = {"volume": ("column", "tiers"), "levels": ("levels",), "regional": ("column",)}.get(self.kind, ())
        missing = [name for name in wanted if not getattr(self, name)]
        if missing:
            raise faults([(f"a pool of kind {self.kind!r} without {' and '.join(missing)}", "all of them", "")])
        return self


class Joint(Chosen):
    """A joint cost in pools, split over those who take part by a rule.

    The split of the pools as stated gives everyone's share; drivers of the line then scale the whole.
    """

    pools: tuple[PoolTerms, ...] = Field(min_length=1)
    rule: Literal["shapley", "scrb", "ensc", "nucleolus", "inhabitants", "equal"] = "shapley"


class Adoption(Checked):
    """Adoption along an S-curve: midpoint and steepness in years, counted 1, 2, ... from the first year of the file."""

    midpoint: Uncertain
    steepness: Uncertain


class IndexTerms(Chosen):
    """Yearly indexation: one rate, certain or not, or a rate for each year.

    Attributes
    ----------
    series
        What the rate is an index of, such as IMOC or loonvoet overheid. Accres is no price index.
    """

    series: str = Field(min_length=1)
    rate: Uncertain | None = None
    rates: dict[int, Decimal] = Field(default_factory=dict)
    base_year: int

    @model_validator(mode="after")
    def _is_a_price_index(self) -> Self:
        found: list[Found] = []
        if (self.rate is None) == (not self.rates):
            found.append(("both or neither of rate and rates", "one of them", ""))
        if "accres" in self.series.lower():
            remedy = (
                "Accres follows the growth of government spending; use IMOC, the wage index or another price index."
            )
            found.append((f"series {self.series!r}", "a price index", remedy))
        if any(rate <= -1 for rate in self.rates.values()):
            found.append(("a rate of -1 or below", "above -1; 2.5 per cent is 0.025", ""))
        if found:
            raise faults(found)
        return self


class Line(Checked):
    """One line of the programme.

    The amount of the line is `amount` x `factors` / `divided_by` x (1 - each of `remainder_of`), and falls on
    municipalities in one of these ways: `per` a base, by a `key`, by a `scale`, by `classes`, as a `sample` has it, by
    a `tariff`, or as a `joint` cost.

    Attributes
    ----------
    kind
        ``cost``, ``benefit`` or ``compensation``: all positive; net = costs - benefits - compensation.
    instrument
        Of a compensation: how it reaches municipalities.
    per
        ``municipality`` or a base (a reference column, or an input): the amount is per unit of it.
    exponent
        With `per`: the base is raised to it.
    profile
        Share of a one-off amount in each year, or level of a structural amount in each year; by default the first year,
        and every year.
    reason
        Why this line has, or has no, index where others differ.
    bound
        The source says at least, or at most.
    who
        In an alternative with participants: whether the line falls on all, on them, or on the others.
    """

    id: str = Field(pattern=_ID)
    name: str = Field(min_length=1)
    kind: Literal["cost", "benefit", "compensation"]
    nature: Literal["one_off", "structural"]
    instrument: Literal[
        "", "algemene_uitkering", "integratie_uitkering", "decentralisatie_uitkering", "specifieke_uitkering"
    ] = ""
    amount: Value | None = None
    factors: tuple[str, ...] = ()
    divided_by: tuple[str, ...] = ()
    remainder_of: tuple[str, ...] = ()
    per: str = ""
    exponent: Uncertain | None = None
    key: KeyTerms | None = None
    scale: Scale | None = None
    classes: Classes | None = None
    sample: Sample | None = None
    tariff: TariffTerms | None = None
    joint: Joint | None = None
    profile: Value | None = None
    adoption: Adoption | None = None
    index: IndexTerms | None = None
    reason: str = ""
    bound: Literal["", "at_least", "at_most"] = ""
    who: Literal["all", "participants", "others"] = "all"
    note: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        found = [*self._wrong_spread(), *self._wrong_kind(), *self._wrong_years()]
        if found:
            raise faults(found)
        return self

    @property
    def spread(self) -> tuple[str, ...]:
        """The ways in which the amount falls on municipalities that are given; one, in a checked file."""
        ways = ("per", "key", "scale", "classes", "sample", "tariff", "joint")
        return tuple(name for name in ways if getattr(self, name))

    @property
    def pm(self) -> bool:
        """Whether the line is a memorandum item: known to exist, not how much."""
        return self.amount is not None and self.amount.mark == "pm"

    def _wrong_spread(self) -> Iterator[Found]:
        if self.pm:
            return
        if len(self.spread) != 1:
            allowed = "exactly one of per, key, scale, classes, sample, tariff, joint"
            yield f"{' and '.join(self.spread) or 'nothing'} given", allowed, ""
        if self.exponent is not None and (not self.per or self.per == "municipality"):
            yield "exponent without a base", "per = a base such as inhabitants", ""
        own = self.spread in (("classes",), ("sample",), ("tariff",), ("joint",))
        if self.amount is None and not self.factors and not own:
            yield "no amount", "amount, factors or both", ""
        if self.amount is not None and self.amount.mark == "unallocated":
            yield "mark 'unallocated'", "an amount, or mark = 'pm'", ""

    def _wrong_kind(self) -> Iterator[Found]:
        if (self.kind == "compensation") != bool(self.instrument):
            allowed = "an instrument (such as algemene_uitkering) with a compensation, and only there"
            yield f"instrument {self.instrument!r} with kind {self.kind!r}", allowed, ""

    def _wrong_years(self) -> Iterator[Found]:
        if self.profile is None:
            return
        if self.adoption is not None:
            yield "profile and adoption", "one of the two", ""
        if self.profile.years is None or self.profile.unit != "share":
            yield "profile without years", "profile = { years = { 2024 = 0.5, ... }, unit = 'share', ... }", ""
            return
        shares = [share for share in self.profile.figures() if isinstance(share, Decimal)]
        if self.nature == "one_off" and sum(shares) != 1:
            yield f"profile of a one-off line adds up to {sum(shares)}", "1", ""
        if any(not 0 <= share <= 1 for share in shares):
            yield "a share in the profile outside 0 to 1", "0 to 1", ""


class Participants(Chosen):
    """Who takes part in an alternative: codes, or municipalities by a column."""

    codes: tuple[str, ...] = ()
    column: Literal["", "size_class", "province", "safety_region"] = ""
    labels: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if bool(self.codes) == bool(self.column) or bool(self.column) != bool(self.labels):
            raise faults([("codes and column", "codes, or column with labels", "")])
        return self


class Alternative(Chosen):
    """One way of doing it (variant): the lines it has, and who takes part."""

    id: str = Field(pattern=_ID)
    name: str = Field(min_length=1)
    lines: tuple[str, ...] = Field(min_length=1)
    participants: Participants | None = None


class PublishedRange(Grounds):
    """A range, or a number, that a source publishes of a result; shown beside what the analysis gives.

    Attributes
    ----------
    of
        ``one_off`` or ``structural`` (costs minus benefits, before compensation), or the id of a line, of the nation.
    sign
        How the source writes it, where that differs from ours.
    """

    FIGURES = ("low", "high", "value")

    id: str = Field(pattern=_ID)
    name: str = Field(min_length=1)
    of: str
    alternative: str = ""
    low: Figure | None = None
    high: Figure | None = None
    value: Figure | None = None
    reading: Literal["min_max", "p10_p90", "point", "at_least"]
    sign: str = ""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        given = set(self.figures())
        wanted = {"value"} if self.reading in ("point", "at_least") else {"low", "high"}
        if given != wanted:
            raise faults([(f"{', '.join(sorted(given)) or 'nothing'} with reading {self.reading!r}",
                           ", ".join(sorted(wanted)), "")])  # fmt: skip
        return self


def columns_of(line: Line) -> Iterator[tuple[str, str]]:
    """Yield dotted key and name of every base, key or column a line uses that has to be a total."""
    if line.per and line.per != "municipality":
        yield "per", line.per
    for name in line.key.parts if line.key else ():
        if name != "equal":
            yield f"key.parts.{name}", name
    for where in ("scale", "sample"):
        part: Any = getattr(line, where)
        if part is not None:
            yield f"{where}.base", part.base
    if line.tariff is not None:
        yield "tariff.column", line.tariff.column
    for where, affine in affines_of(line):
        if affine.size is not None:
            yield f"{where}.size.base", affine.size.base
    if line.joint is not None:
        for place, pool in enumerate(line.joint.pools):
            if pool.kind == "volume":
                yield f"joint.pools[{place}].column", pool.column


def affines_of(line: Line) -> Iterator[tuple[str, AffineTerms]]:
    """Yield dotted key and terms of every uncertain number of a line."""
    if line.exponent is not None:
        yield "exponent", line.exponent
    if line.scale is not None:
        yield "scale.exponent", line.scale.exponent
    if line.index is not None and line.index.rate is not None:
        yield "index.rate", line.index.rate
    if line.adoption is not None:
        yield "adoption.midpoint", line.adoption.midpoint
        yield "adoption.steepness", line.adoption.steepness
