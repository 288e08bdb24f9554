"""What participants of a procurement file would pay without it."""

from __future__ import annotations

from pydantic import Field

from ggu_costs.modelfile.figures import Amount
from ggu_costs.modelfile.pools import VolumeTerms
from ggu_costs.modelfile.values import Checked

__all__ = ["Alternatives", "RegionalAlternative", "StandAlone"]


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
