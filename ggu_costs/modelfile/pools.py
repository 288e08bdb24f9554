"""Cost pools as files of joint procurement state them, with values of their own.

The terms of a pool know which kind of pool of a game they make, and with which figures (:class:`Stated`). Who takes
part, and what an amount is in euro, they ask of the case (:class:`CaseFigures`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import Field

from ggu_costs.errors import listed
from ggu_costs.modelfile.figures import Amount, Credit, Price
from ggu_costs.modelfile.values import Checked, Found, Number, Value

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


class Tier(Checked):
    """From this volume on, this price a unit.

    Attributes
    ----------
    from_volume
        Volume from which this price holds; the first is 0.
    price
        Price of a unit.
    """

    from_volume: Number = Field(ge=0)
    price: Price


@dataclass(frozen=True)
class Stated:
    """A pool of a game to be: its kind by name, and what that is made from."""

    kind: str
    figures: Mapping[str, Any]


class Participants(Protocol):
    """Who takes part in a case."""

    @property
    def codes(self) -> Sequence[str]:
        """One each, in order."""
        ...

    def by_specific(self, table: Mapping[str, str]) -> Sequence[object]:
        """What stands at the code, size class or kind of each; None for none."""
        ...

    def regions(self, column: str) -> Sequence[str]:
        """Region of each; empty for none."""
        ...


class CaseFigures(Protocol):
    """What the terms of a pool ask of a case: who takes part, their volumes, and amounts over its period."""

    @property
    def parties(self) -> Participants:
        """Who takes part."""
        ...

    @property
    def volumes(self) -> Mapping[str, FloatArray]:
        """By id, one a participant."""
        ...

    def amount(self, value: Value) -> float:
        """Euro over the period; NaN for PM."""
        ...

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        """Euro over the period, one a participant; None where it is PM, or missing for someone, which is a fault."""

    def figures(self, name: str) -> FloatArray | None:
        """Figures of an input, one a participant; None where it may be left out, and was."""
        ...

    def price(self, value: Value) -> Decimal:
        """Euro a unit over the period."""
        ...

    def fault(self, key: str, found: str, allowed: str) -> None:
        """Report what is wrong with this pool."""
        ...


class KindTerms(Checked):
    """What a pool of one kind costs, and which participants, regions and volumes it names."""

    @abstractmethod
    def stated(self, case: CaseFigures) -> Stated | None:
        """Return the pool for a case; None where its amount is PM."""

    def volumes(self) -> Collection[str]:
        """Ids of volumes."""
        return ()

    def by_code(self) -> Mapping[str, Collection[str]]:
        """Codes of participants, by the key that holds them."""
        return {}

    def by_class(self) -> Mapping[str, Collection[str]]:
        """Codes, size classes and kinds of participants, by the key that holds them."""
        return {}

    def by_region(self) -> Mapping[str, tuple[str, Collection[str]]]:
        """Column of regions and names in it, by the key that holds the names."""
        return {}


class FixedTerms(KindTerms):
    """An amount that is due once, however many take part.

    Attributes
    ----------
    amount
        Euro, or PM.
    """

    amount: Amount

    def stated(self, case: CaseFigures) -> Stated | None:
        """Return the pool for a case; None where its amount is PM."""
        amount = case.amount(self.amount)
        return None if isnan(amount) else Stated("Fixed", {"amount": amount})


class VolumeTerms(KindTerms):
    """A price by volume (staffel): incremental tiers, or all units at the price of the tier reached.

    Attributes
    ----------
    volume
        Id of one of the volumes of the file.
    tiers
        Prices, each from a volume on; bounds rise from 0.
    all_units
        Whether the price of the tier that is reached holds for every unit; otherwise each price for the units
        in its tier.
    """

    volume: str
    tiers: tuple[Tier, ...] = Field(min_length=1)
    all_units: bool = False

    def _wrong(self) -> Iterator[Found]:
        starts = [tier.from_volume for tier in self.tiers]
        if starts[0] != 0:
            yield f"the first tier starts at {starts[0]}, a gap below it", "from_volume = 0 first", ""
        for before, after in pairwise(starts):
            if after <= before:
                words = "twice" if after == before else f"after {before}"
                yield f"a tier from {after} {words}", "bounds that rise", ""

    def prices(self, price: Callable[[Value], Decimal]) -> tuple[tuple[Decimal, Decimal], ...]:
        """Return the bounds, each with its price."""
        return tuple((tier.from_volume, price(tier.price)) for tier in self.tiers)

    def volumes(self) -> Collection[str]:
        """Ids of volumes."""
        return (self.volume,)

    def stated(self, case: CaseFigures) -> Stated:
        """Return the pool for a case."""
        figures = {"volumes": case.volumes[self.volume], "tiers": self.prices(case.price), "all_units": self.all_units}
        return Stated("VolumeTiers", figures)


class OwnTerms(KindTerms):
    """An own amount for each participant: one for all, by code, or an input with a figure for each.

    Attributes
    ----------
    amount
        The amount of everyone without one of its own; negative: a credit.
    own
        Amounts by code of the participant.
    """

    amount: Credit | None = None
    own: dict[str, Credit] = Field(default_factory=dict)

    def _wrong(self) -> Iterator[Found]:
        if self.amount is None and not self.own:
            yield "no amount and no own amounts", "at least one", ""

    def by_code(self) -> Mapping[str, Collection[str]]:
        """Codes of participants, by the key that holds them."""
        return {"own": self.own}

    def stated(self, case: CaseFigures) -> Stated | None:
        """Return the pool for a case; None where its amount is PM."""
        amounts = case.amounts([self.own.get(code, self.amount) for code in case.parties.codes], ".own")
        return None if amounts is None else Stated("PerParticipant", {"amounts": amounts})


class Level(Checked):
    """A service level and what the facility costs at that level.

    Attributes
    ----------
    id
        Name by which needs refer to it.
    cost
        What the whole facility costs at this level.
    """

    id: str
    name: str = ""
    cost: Amount


class LevelTerms(KindTerms):
    """Service levels, and which level each participant needs.

    Attributes
    ----------
    needs
        Level id by code, by size class ("1" to "8") or by kind ("municipality", "joint_arrangement", ...); the most
        specific holds.
    input
        Name of the input that brings the number of the level that each needs: 1 for the first of the file.
    levels
        The levels, from low to high.
    """

    levels: tuple[Level, ...] = Field(min_length=1)
    needs: dict[str, str] = Field(default_factory=dict)
    input: str | None = None

    def _wrong(self) -> Iterator[Found]:
        if bool(self.needs) == (self.input is not None):
            yield "needs together with input" if self.needs else "no needs and no input", "one of the two", ""
        known = [level.id for level in self.levels]
        unknown = sorted(set(self.needs.values()) - set(known))
        if unknown or len(set(known)) < len(known):
            allowed = f"ids of levels, once each: {', '.join(known)}"
            yield f"levels {', '.join(unknown) or 'that come twice'}", allowed, ""

    def by_class(self) -> Mapping[str, Collection[str]]:
        """Codes, size classes and kinds of participants, by the key that holds them."""
        return {"needs": self.needs}

    def stated(self, case: CaseFigures) -> Stated | None:
        """Return the pool for a case; None where its amount is PM."""
        if self.input is None:
            costs = {level.id: level.cost for level in self.levels}
            needed = [costs.get(str(level)) for level in case.parties.by_specific(self.needs)]
        else:
            numbers = case.figures(self.input)
            if numbers is None:
                return None
            by_number = {float(place): level.cost for place, level in enumerate(self.levels, start=1)}
            needed = [by_number.get(number) for number in numbers.tolist()]
            wrong = [code for code, cost in zip(case.parties.codes, needed, strict=True) if cost is None]
            if wrong:
                found = f"no level of that number for {listed(wrong)}"
                case.fault(".input", found, f"the number of a level, 1 to {len(self.levels)}")
                return None
        amounts = case.amounts(needed, ".needs")
        return None if amounts is None else Stated("ServiceLevels", {"costs": amounts})


class RegionTerms(KindTerms):
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

    def by_region(self) -> Mapping[str, tuple[str, Collection[str]]]:
        """Column of regions and names in it, by the key that holds the names."""
        return {"amounts": (self.region, self.amounts)}

    def stated(self, case: CaseFigures) -> Stated | None:
        """Return the pool for a case; None where its amount is PM."""
        labels = case.parties.regions(self.region)
        amounts = case.amounts([(self.amounts.get(label) or self.amount) if label else None for label in labels], "")
        if amounts is None:
            return None
        by_label = dict(zip(labels, amounts.tolist(), strict=True))
        return Stated("Regional", {"regions": labels, "amounts": by_label})


_OF_EVERY_POOL = ("id", "name", "once")


class PoolTerms(Checked):
    """One cost pool: exactly one of `fixed`, `per_participant`, `volume`, `levels`, `regional`.

    Attributes
    ----------
    once
        True: due once; False: every year of the duration.
    fixed
        An amount that is due however many take part.
    per_participant
        An amount of its own for each participant.
    volume
        A price by volume.
    levels
        A cost that depends on the highest level anyone needs.
    regional
        An amount for each region with a participant.
    """

    id: str = Field(pattern=r"^[a-z0-9_\-]+$")
    name: str = Field(min_length=1)
    once: bool = False
    fixed: Amount | None = None
    per_participant: OwnTerms | None = None
    volume: VolumeTerms | None = None
    levels: LevelTerms | None = None
    regional: RegionTerms | None = None

    def _wrong(self) -> Iterator[Found]:
        if len(self._given) != 1:
            kinds = [name for name in type(self).model_fields if name not in _OF_EVERY_POOL]
            yield f"{' and '.join(self._given) or 'nothing'} given", f"exactly one of {', '.join(kinds)}", ""

    @property
    def _given(self) -> list[str]:
        return [name for name, value in self if name not in _OF_EVERY_POOL and value is not None]

    @property
    def kind(self) -> str:
        """Name of the one that is given."""
        return self._given[0]

    @property
    def terms(self) -> KindTerms:
        """What it says."""
        terms = getattr(self, self.kind)
        return terms if isinstance(terms, KindTerms) else FixedTerms.model_construct(amount=terms)
