"""The parts of a procurement file, pools and rule apart: participants, volumes, alternatives, effort, suppliers."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import Field

from ggu_costs.figures import adds_up
from ggu_costs.modelfile.figures import Amount, Count, Fraction, Hourly, Hours, Price, TakeUpCurve
from ggu_costs.modelfile.pools import VolumeTerms
from ggu_costs.modelfile.terms import KeyTerms
from ggu_costs.modelfile.values import Checked, Found, MayStandUnused, Number, Status, Value, Whole

Body: TypeAlias = Literal[
    "joint_arrangement", "shared_service_centre", "safety_region", "province", "water_board", "other"
]
BODIES: tuple[Body, ...] = get_args(Body)
"""Kinds of participants that are no municipality."""


class Selection(Checked):
    """Municipalities drawn by a stated rule: sorted by SHA-256 of "seed code", the first `count` of them.

    Attributes
    ----------
    include
        Codes that are in whatever is drawn; they count.
    count
        How many are drawn.
    seed
        Number that fixes the draw; the same seed draws the same municipalities.
    """

    count: Count
    seed: Whole
    include: tuple[str, ...] = ()
    status: Status
    by: str = Field(min_length=1)
    note: str = ""


class TakeUp(Checked):
    """Which share of the candidates takes part in each year, and in which order they join.

    Attributes
    ----------
    share
        Part of the candidates that takes part, for each year.
    order
        Who joins first: drawn, the largest or the smallest.
    seed
        With ``drawn``: number that fixes the draw.
    """

    share: TakeUpCurve
    order: Literal["drawn", "largest", "smallest"]
    seed: Whole | None = None

    def _wrong(self) -> Iterator[Found]:
        if (self.order == "drawn") != (self.seed is not None):
            found = f"order {self.order!r} {'without' if self.seed is None else 'with'} seed"
            yield found, "a seed with 'drawn'", ""


class Participation(Checked):
    """Who takes part: everyone of the map (binding), those listed, or a growing share (voluntary).

    Attributes
    ----------
    mode
        ``binding``: every municipality; ``listed``: those named or drawn; ``voluntary``: a share that grows.
    municipalities
        Codes of those listed, or of the candidates.
    selection
        Instead of a list: how they are drawn.
    take_up
        With ``voluntary``: who takes part when.
    """

    mode: Literal["binding", "listed", "voluntary"]
    municipalities: tuple[str, ...] = ()
    selection: Selection | None = None
    take_up: TakeUp | None = None

    @property
    def years(self) -> list[int]:
        """Years of the take-up, in order; none where participation does not grow."""
        return sorted(self.take_up.share.years or {}) if self.take_up else []

    def _wrong(self) -> Iterator[Found]:
        listed, drawn, growing = bool(self.municipalities), self.selection is not None, self.take_up is not None
        if self.mode == "binding" and (listed or drawn):
            yield "binding with a list or selection", "every municipality of the map: leave both out", ""
        elif listed and drawn:
            yield "municipalities together with selection", "one of the two", ""
        elif (self.mode == "voluntary") != growing:
            found = f"{self.mode} {'with' if growing else 'without'} take_up"
            yield found, "take_up with voluntary, and only then", ""
        elif drawn and self.mode != "listed":
            yield f"selection with {self.mode}", "listed", ""


class Other(Checked):
    """A participant that is no municipality.

    Attributes
    ----------
    region
        Its region, in the words of the region column in use.
    members
        Its member municipalities with their shares, which add up to 1.
    code
        Two capitals, a colon and a name, such as ``GR:NAAM``.
    kind
        What kind of body it is.
    """

    code: str
    name: str = Field(min_length=1)
    kind: Body
    region: str = ""
    members: dict[str, Annotated[Number, Field(gt=0, le=1)]] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if self.members and not adds_up(self.members.values()):
            yield f"member shares add up to {sum(self.members.values())}", "1", ""


class Volume(MayStandUnused):
    """A volume (afname): a reference column or the key of a uitkering times a factor, own figures, or an input.

    Attributes
    ----------
    column, factor
        The volume of a municipality is its figure times `factor`, rounded to whole units (halves up).
    key
        Instead of a column: ``{ grant = ID, by = "maatstaf:CODE" }``, a part of a circulaire.
    own
        Figures by code; before those of the column.
    input
        Name of the input that brings a figure for every participant.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str = Field(min_length=1)
    column: str = ""
    key: KeyTerms | None = None
    factor: Count | None = None
    own: dict[str, Count] = Field(default_factory=dict)
    input: str | None = None

    def _wrong(self) -> Iterator[Found]:
        if self.column and self.key is not None:
            yield "column together with key", "one of the two", ""
        elif self.key is not None and not self.key.grant:
            yield "a key without grant", "key = { grant = the id of a circulaire, by = ... }", "Or name a column."
        elif bool(self.counted) != (self.factor is not None):
            yield "column without factor, or factor without column", "both or neither", ""
        elif self.input is not None and (self.counted or self.own):
            yield "input together with column or own", "one of the two", ""
        elif not (self.counted or self.own or self.input):
            yield "no column, own figures or input", "at least one", ""

    @property
    def counted(self) -> str:
        """The column, or that of its key; empty where there is neither."""
        return self.column if self.key is None else next(iter(self.key.parts), "")


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
    fixed
        Euro a year whatever the volume.
    volumes
        Prices by volume, each of one of the volumes of the file.

    `once`, `fixed` and the prices may each be an input with a figure for every participant: its own quote or tariff.
    """

    once: Amount | None = None
    fixed: Amount | None = None
    volumes: tuple[VolumeTerms, ...] = ()
    own: dict[str, Amount] = Field(default_factory=dict)
    input: str | None = None

    def inputs(self) -> Iterator[str]:
        """Inputs that may bring a figure for every participant, in which it may be left empty (PM)."""
        prices = [tier.price for item in self.volumes for tier in item.tiers]
        named = [self.input, *(value.input for value in (self.once, self.fixed, *prices) if value is not None)]
        yield from (name for name in named if name is not None)


class RegionalAlternative(Checked):
    """What the participants of a region would pay if they did it together as a region; per year.

    Attributes
    ----------
    region
        Column of regions, such as ``safety_region``.
    once
        Euro once for each region.
    fixed
        Euro a year for each region.
    volumes
        Prices by the volume of the region.
    own
        Amounts by region, before the formula.
    """

    region: str
    once: Amount | None = None
    fixed: Amount | None = None
    volumes: tuple[VolumeTerms, ...] = ()
    own: dict[str, Amount] = Field(default_factory=dict)


class Alternatives(Checked):
    """What participants would pay without the joint facility.

    Attributes
    ----------
    stand_alone
        What each would pay on its own.
    regional
        What a region would pay as a region.
    """

    stand_alone: StandAlone | None = None
    regional: RegionalAlternative | None = None


class Effort(Checked):
    """Hours of work, beside the amounts in the pools and the alternatives: for itself and together, over the period.

    Attributes
    ----------
    productive_hours
        Hours that one full-time equivalent (fte) works in a year.
    alone_hours
        Hours of each participant when it does it alone.
    joint_hours
        Hours of each participant when it is done together.
    central_hours
        Hours of the central work, for all together.
    rate
        Euro for an hour of own staff.
    hired_share
        Part of the hours that is hired.
    hired_rate
        Euro for a hired hour.
    """

    alone_hours: Hours
    joint_hours: Hours
    central_hours: Hours
    rate: Hourly
    productive_hours: Hours
    hired_share: Fraction
    hired_rate: Hourly


class Contract(Checked):
    """Who buys from a supplier, and at which price a unit a year.

    Attributes
    ----------
    holders
        Codes, size classes ("1" to "8") or kinds; the most specific holds.
    supplier
        Name of the supplier.
    price
        Price of a unit a year.
    """

    supplier: str = Field(min_length=1)
    price: Price
    holders: tuple[str, ...] = Field(min_length=1)


class Ratchet(Checked):
    """Prices go to the lowest within a supplier at the end of each year (kliksysteem).

    Attributes
    ----------
    volume
        Id of the volume that is priced.
    contracts
        Who buys at which price.
    """

    volume: str
    contracts: tuple[Contract, ...] = Field(min_length=1)


class Claim(Checked):
    """A figure that a source states about the case; shown beside the outcome, never used in it.

    Attributes
    ----------
    value
        What the source states.
    """

    id: str
    name: str
    value: Value
