"""The parts of a procurement file: values of one unit, volumes, cost pools, alternatives, effort and suppliers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ggu_costs.modelfile.values import Checked, Status, Value, fault

__all__ = [
    "BODIES",
    "Alternatives",
    "Amount",
    "CaseTerms",
    "Claim",
    "Contract",
    "Count",
    "Effort",
    "LevelTerms",
    "Other",
    "OwnTerms",
    "Participation",
    "PoolTerms",
    "Ratchet",
    "RegionTerms",
    "RegionalAlternative",
    "StandAlone",
    "TakeUp",
    "VatTerms",
    "Volume",
    "VolumeTerms",
]

BODIES = ("joint_arrangement", "shared_service_centre", "safety_region", "province", "water_board", "other")
"""Kinds of participants that are no municipality."""

Rule = Literal[
    "inhabitants", "equal", "volume", "fixed_plus_volume", "stand_alone", "average", "serial", "decreasing_serial",
    "scrb", "shapley", "owen", "nucleolus",
]  # fmt: skip


def _of(*units: str, pm: bool = False, least: Decimal | None = Decimal(0)) -> Callable[[Value], Value]:
    """Check the unit of a value that holds for the whole case, whether it may be PM, and its least amount."""

    def check(value: Value) -> Value:
        if value.unit not in units:
            raise fault(f"unit {value.unit!r}", " or ".join(units))
        if value.years is not None or value.start or value.until:
            raise fault("a value with years, from or until", "one value, which holds for the whole case")
        if value.mark is not None and not (pm and value.mark == "pm"):
            raise fault(f"mark {value.mark!r}", "pm" if pm else "a number, or an input", "This has to be known.")
        if least is not None and isinstance(value.value, Decimal) and value.value < least:
            raise fault(str(value.value), f"{least} or more")
        return value

    return check


def _fraction(value: Value) -> Value:
    amounts = value.years.values() if value.years else [value.value]
    for amount in amounts:
        if isinstance(amount, Decimal) and not 0 <= amount <= 1:
            raise fault(f"{amount} as a share", "a fraction from 0 to 1; 21 per cent is 0.21")
    return value


def _by_year(value: Value) -> Value:
    known = value.years is not None and all(isinstance(share, Decimal) for share in value.years.values())
    if not known or value.unit != "share":
        raise fault("not a share by year", 'years = { 2022 = 0.2, 2023 = 0.5 }, unit = "share"')
    return value


def _a_date(value: Value) -> Value:
    if value.unit != "date" or value.value is None:
        raise fault("not one date", 'value = 2018-01-01, unit = "date"')
    return value


Amount = Annotated[Value, AfterValidator(_of("EUR", pm=True))]
"""Euro, 0 or more, or PM."""
Credit = Annotated[Value, AfterValidator(_of("EUR", pm=True, least=None))]
"""Euro, or PM; negative: a credit."""
Price = Annotated[Value, AfterValidator(_of("EUR/unit"))]
Hourly = Annotated[Value, AfterValidator(_of("EUR/hour"))]
Hours = Annotated[Value, AfterValidator(_of("hours"))]
Count = Annotated[Value, AfterValidator(_of("count"))]
Fraction = Annotated[Value, AfterValidator(_of("share", pm=True)), AfterValidator(_fraction)]
TakeUpCurve = Annotated[Value, AfterValidator(_by_year), AfterValidator(_fraction)]
Day = Annotated[Value, AfterValidator(_a_date)]


class VatTerms(Checked):
    """VAT in the amounts (btw) and what the VAT compensation fund returns to municipalities (BCF)."""

    rate: Fraction
    taxed_share: Fraction
    recoverable_share: Fraction


class CaseTerms(Checked):
    """Dates, duration and the rule by which the bills are made.

    Attributes
    ----------
    duration
        Years that amounts per year are counted; by default 1.
    rule
        The rule of the bills, or a mapping of pool to rule.
    unions
        Column of the regions that act together under the Owen value.
    seed
        For rules that are sampled.
    """

    map_date: Day
    counting_date: Day
    duration: Count | None = None
    rule: Rule | dict[str, Rule]
    unions: str = ""
    seed: int | None = None
    vat: VatTerms


class Selection(Checked):
    """Municipalities drawn by a stated rule: sorted by SHA-256 of "seed code", the first `count` of them.

    Attributes
    ----------
    include
        Codes that are in whatever is drawn; they count.
    """

    count: Count
    seed: int
    include: tuple[str, ...] = ()
    status: Status
    by: str = Field(min_length=1)
    note: str = ""


class TakeUp(Checked):
    """Which share of the candidates takes part in each year, and in which order they join."""

    share: TakeUpCurve
    order: Literal["drawn", "largest", "smallest"]
    seed: int | None = None

    @model_validator(mode="after")
    def _drawn_with_a_seed(self) -> Self:
        if (self.order == "drawn") != (self.seed is not None):
            raise fault(
                f"order {self.order!r} {'without' if self.seed is None else 'with'} seed", "a seed with 'drawn'"
            )
        return self


class Participation(Checked):
    """Who takes part: everyone of the map (binding), those listed, or a growing share (voluntary)."""

    mode: Literal["binding", "listed", "voluntary"]
    municipalities: tuple[str, ...] = ()
    selection: Selection | None = None
    take_up: TakeUp | None = None

    @model_validator(mode="after")
    def _fits_the_mode(self) -> Self:
        listed, drawn, growing = bool(self.municipalities), self.selection is not None, self.take_up is not None
        if self.mode == "binding" and (listed or drawn):
            raise fault("binding with a list or selection", "every municipality of the map: leave both out")
        if listed and drawn:
            raise fault("municipalities together with selection", "one of the two")
        if (self.mode == "voluntary") != growing:
            raise fault(
                f"{self.mode} {'with' if growing else 'without'} take_up", "take_up with voluntary, and only then"
            )
        if drawn and self.mode != "listed":
            raise fault(f"selection with {self.mode}", "listed")
        return self


class Other(Checked):
    """A participant that is no municipality.

    Attributes
    ----------
    region
        Its region, in the words of the region column in use.
    members
        Its member municipalities with their shares, which add up to 1.
    """

    code: str
    name: str = Field(min_length=1)
    kind: Literal["joint_arrangement", "shared_service_centre", "safety_region", "province", "water_board", "other"]
    region: str = ""
    members: dict[str, Annotated[Decimal, Field(gt=0, le=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        if self.members and sum(self.members.values()) != 1:
            raise fault(f"member shares add up to {sum(self.members.values())}", "1")
        return self


class Volume(Checked):
    """A volume (afname): a reference column times a factor, own figures by code, or an input.

    Attributes
    ----------
    column, factor
        The volume of a municipality is its figure times `factor`, rounded to whole units (halves up).
    own
        Figures by code; before those of the column.
    input
        Name of the input that brings a figure for every participant.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str = Field(min_length=1)
    column: str = ""
    factor: Count | None = None
    own: dict[str, Count] = Field(default_factory=dict)
    input: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if bool(self.column) != (self.factor is not None):
            raise fault("column without factor, or factor without column", "both or neither")
        if self.input is not None and (self.column or self.own):
            raise fault("input together with column or own", "one of the two")
        if not (self.column or self.own or self.input):
            raise fault("no column, own figures or input", "at least one")
        return self


class Tier(Checked):
    """From this volume on, this price a unit."""

    from_volume: Decimal = Field(ge=0)
    price: Price


class VolumeTerms(Checked):
    """A price by volume (staffel): incremental tiers, or all units at the price of the tier reached."""

    volume: str
    tiers: tuple[Tier, ...] = Field(min_length=1)
    all_units: bool = False

    @model_validator(mode="after")
    def _tiers_rise(self) -> Self:
        starts = [tier.from_volume for tier in self.tiers]
        if starts[0] != 0:
            raise fault(f"the first tier starts at {starts[0]}, a gap below it", "from_volume = 0 first")
        if starts != sorted(set(starts)):
            raise fault(f"tiers from {', '.join(map(str, starts))} overlap or fall", "bounds that rise")
        return self


class OwnTerms(Checked):
    """An own amount for each participant: one for all, or by code."""

    amount: Credit | None = None
    own: dict[str, Credit] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.amount is None and not self.own:
            raise fault("no amount and no own amounts", "at least one")
        return self


class Level(Checked):
    """A service level and what the facility costs at that level."""

    id: str
    name: str = ""
    cost: Amount


class LevelTerms(Checked):
    """Service levels, and which level each participant needs.

    Attributes
    ----------
    needs
        Level id by code, by size class ("1" to "8") or by kind ("municipality", "joint_arrangement", ...); the most
        specific holds.
    """

    levels: tuple[Level, ...] = Field(min_length=1)
    needs: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _levels_exist(self) -> Self:
        known = [level.id for level in self.levels]
        unknown = sorted(set(self.needs.values()) - set(known))
        if unknown or len(set(known)) < len(known):
            raise fault(
                f"levels {', '.join(unknown) or 'that come twice'}", f"ids of levels, once each: {', '.join(known)}"
            )
        return self


class RegionTerms(Checked):
    """An amount for each region with a participant.

    Attributes
    ----------
    region
        A reference column of labels, such as province.
    amount, amounts
        Euro for every region, and for named ones.
    """

    region: str
    amount: Amount | None = None
    amounts: dict[str, Amount] = Field(default_factory=dict)


class PoolTerms(Checked):
    """One cost pool: exactly one of `fixed`, `per_participant`, `volume`, `levels`, `regional`.

    Attributes
    ----------
    once
        True: due once; False: every year of the duration.
    """

    id: str = Field(pattern=r"^[a-z0-9_\-]+$")
    name: str = Field(min_length=1)
    once: bool = False
    fixed: Amount | None = None
    per_participant: OwnTerms | None = None
    volume: VolumeTerms | None = None
    levels: LevelTerms | None = None
    regional: RegionTerms | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        kinds = ("fixed", "per_participant", "volume", "levels", "regional")
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            raise fault(f"{' and '.join(given) or 'nothing'} given", f"exactly one of {', '.join(kinds)}")
        return self


class StandAlone(Checked):
    """What a participant would pay on its own: a fixed amount plus prices by volume, or a table; per year.

    Attributes
    ----------
    once
        Due once, beside the amounts a year.
    own
        Amounts by code, before the formula; PM where it is not known.
    input
        Name of the input that brings an amount for every participant, instead of all this.
    """

    once: Amount | None = None
    fixed: Amount | None = None
    volumes: tuple[VolumeTerms, ...] = ()
    own: dict[str, Amount] = Field(default_factory=dict)
    input: str | None = None


class RegionalAlternative(Checked):
    """What the participants of a region would pay if they did it together as a region; per year."""

    region: str
    once: Amount | None = None
    fixed: Amount | None = None
    volumes: tuple[VolumeTerms, ...] = ()
    own: dict[str, Amount] = Field(default_factory=dict)


class Alternatives(Checked):
    """What participants would pay without the joint facility."""

    stand_alone: StandAlone | None = None
    regional: RegionalAlternative | None = None


class Effort(Checked):
    """Hours of work, beside the amounts in the pools and the alternatives: for itself and together, over the period."""

    alone_hours: Hours
    joint_hours: Hours
    central_hours: Hours
    rate: Hourly
    hours_per_month: Hours
    hired_share: Fraction
    hired_rate: Hourly


class Contract(Checked):
    """Who buys from a supplier, and at which price a unit a year.

    Attributes
    ----------
    holders
        Codes, size classes ("1" to "8") or kinds; the most specific holds.
    """

    supplier: str = Field(min_length=1)
    price: Price
    holders: tuple[str, ...] = Field(min_length=1)


class Ratchet(Checked):
    """Prices go to the lowest within a supplier at the end of each year (kliksysteem)."""

    volume: str
    contracts: tuple[Contract, ...] = Field(min_length=1)


class Claim(Checked):
    """A figure that a source states about the case; shown beside the outcome, never used in it."""

    id: str
    name: str
    value: Value
