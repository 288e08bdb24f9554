"""What things cost in a procurement file: prices by volume, cost pools, and what participants would pay without it."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from ggu_costs.modelfile.figures import Amount, Credit, Price
from ggu_costs.modelfile.values import Checked, fault, faults

__all__ = [
    "Alternatives",
    "LevelTerms",
    "OwnTerms",
    "PoolTerms",
    "RegionTerms",
    "RegionalAlternative",
    "StandAlone",
    "VolumeTerms",
]


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
        found = []
        if starts[0] != 0:
            found.append((f"the first tier starts at {starts[0]}, a gap below it", "from_volume = 0 first", ""))
        for before, after in pairwise(starts):
            if after <= before:
                words = "twice" if after == before else f"after {before}"
                found.append((f"a tier from {after} {words}", "bounds that rise", ""))
        if found:
            raise faults(found)
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
