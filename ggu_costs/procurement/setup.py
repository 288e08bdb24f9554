"""A case in figures: participants, volumes, cost pools and alternatives as clean arrays in order of code."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.money import exact_sum, round_half_up
from ggu_costs.procurement.costs import (
    CostPool,
    FixedCost,
    LevelCost,
    OwnCost,
    RegionCost,
    VolumeCost,
    price_table,
)
from ggu_costs.reference import figures

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.games.game import CostGame
    from ggu_costs.modelfile import Inputs
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.cost_terms import PoolTerms, RegionalAlternative, StandAlone, VolumeTerms
    from ggu_costs.procurement.definition import ProcurementDefinition
    from ggu_costs.procurement.parties import Parties
    from ggu_costs.procurement.terms import Volume
    from ggu_costs.typing import FloatArray, IntArray

__all__ = ["Numbers", "RegionChoice", "Setup", "make_setup"]


@dataclass(frozen=True)
class Numbers:
    """Turns values of the file into numbers, with the inputs of the user.

    Attributes
    ----------
    duration
        Years that an amount a year is counted.
    """

    definition: ProcurementDefinition
    inputs: Inputs

    def number(self, value: Value) -> Decimal | None:
        """Return the number, or None for PM and for an optional input that was not given."""
        if value.input is not None:
            return self.inputs.number(value.input) if self.inputs.counts(value.input) else None
        return value.value if isinstance(value.value, Decimal) else None

    def known(self, value: Value, key: str) -> Decimal:
        """Return a number that cannot be left out.

        Raises
        ------
        InputError
            It is an optional input that was not given.
        """
        number = self.number(value)
        if number is None:
            raise InputError(f"{self.definition.id}: {key} is not known", remedy="Give it in the file, or as an input.")
        return number

    @property
    def duration(self) -> Decimal:
        """Years that an amount a year is counted."""
        value = self.definition.case.duration
        years = Decimal(1) if value is None else self.known(value, "case.duration")
        if years <= 0:
            raise InputError(
                f"{self.definition.id}: case.duration is {years}", remedy="Give a number of years above 0."
            )
        return years

    def by_code(self, name: str, parties: Parties) -> FloatArray:
        """Figures of an input, one for each participant; NaN where it was left empty, in an input that may be."""
        import pandas as pd

        given = self.inputs.by_code(name, pd.Index(parties.codes, name="code"), self.definition.map_date)
        return np.array([float(figure) for figure in given])


class _Filled(Numbers):
    """Takes 1 euro for what is PM: how a pool of one PM amount is split does not depend on that amount."""

    def number(self, value: Value) -> Decimal | None:
        """Return the number, 1 for PM."""
        found = super().number(value)
        return Decimal(1) if found is None else found


@dataclass(frozen=True, eq=False)
class RegionChoice:
    """What the participants of one region would pay as a region; NaN where it is not known."""

    label: str
    members: IntArray
    cost: float


@dataclass(frozen=True, eq=False)
class Setup:
    """A case in figures, euro over the period.

    Attributes
    ----------
    volumes
        By id, one figure a participant.
    pools
        Those with a known amount.
    unknown
        Names of pools whose amount is PM, which are in no total.
    alone : numpy.ndarray or None
        Stand-alone cost of each; NaN where it is PM; None where the file states none.
    alone_once : numpy.ndarray or None
        The part of it that is due once, whatever the duration.
    regional
        What regions would pay as a region.
    fillable
        Of the pools whose amount is PM, those whose split is known all the same, at an amount of 1 euro each.
    """

    parties: Parties
    volumes: Mapping[str, FloatArray]
    pools: tuple[CostPool, ...]
    unknown: tuple[str, ...]
    alone: FloatArray | None
    alone_once: FloatArray | None
    regional: tuple[RegionChoice, ...]
    fillable: tuple[CostPool, ...]
    duration: Decimal

    @property
    def total(self) -> float:
        """Joint cost of everyone together."""
        return exact_sum(pool.total for pool in self.pools)

    @property
    def main_volume(self) -> FloatArray | None:
        """The first volume of the file."""
        return next(iter(self.volumes.values()), None)

    @cached_property
    def game(self) -> CostGame:
        """The joint cost of every group, as a game; its players are codes."""
        return self.game_of(self.pools)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all figures: two cases with the same one have the same cost for every group."""
        state = hashlib.sha256(f"{self.game.digest()} {self.duration.normalize():f}".encode())
        figures = [*self.volumes.items(), ("alone", self.alone), *((way.label, way.cost) for way in self.regional)]
        for name, found in figures:
            state.update(
                f"{name} ".encode() + (b"" if found is None else np.asarray(found, dtype=np.float64).tobytes())
            )
        return state.hexdigest()

    def game_of(self, pools: tuple[CostPool, ...]) -> CostGame:
        """The cost of some pools for every group."""
        from ggu_costs.games.game import CostGame

        return CostGame.from_pools(list(self.parties.codes), [pool.in_game() for pool in pools])


def make_setup(
    definition: ProcurementDefinition, inputs: Inputs, parties: Parties, use: Mapping[str, pd.Series] | None = None
) -> Setup:
    """Put a case in figures.

    Parameters
    ----------
    definition, inputs, parties
        What the file says, what the user brings, and who takes part.
    use
        Volumes by id, instead of those of the file.

    Raises
    ------
    InputError
        Every participant without a volume, level, region or amount that a pool needs, by code.
    """
    faults = Faults()
    numbers = Numbers(definition, inputs)
    volumes = {
        volume.id: _volume(volume, numbers, parties, (use or {}).get(volume.id), faults)
        for volume in definition.volumes
    }
    pools, unknown, fillable = [], [], []
    for terms in definition.pools:
        known = len(faults.found)
        pool = _pool(terms, numbers, parties, volumes, faults)
        if pool is not None:
            pools.append(pool)
            continue
        unknown.append(terms.name)
        filled = (
            _pool(terms, _Filled(definition, inputs), parties, volumes, faults) if len(faults.found) == known else None
        )
        if filled is not None:
            fillable.append(filled)
    if not pools and not faults:
        faults.add("pools", "all amounts are PM", "at least one that is known")
    faults.check(f"{definition.id}: this case cannot be worked out", remedy="Complete the file, or bring the figures.")
    alone, once, regional = _alternatives(numbers, parties, volumes)
    return Setup(
        parties, volumes, tuple(pools), tuple(unknown), alone, once, regional, tuple(fillable), numbers.duration
    )


def _volume(volume: Volume, numbers: Numbers, parties: Parties, given: pd.Series | None, faults: Faults) -> FloatArray:
    where = f"volumes.{volume.id}"
    if given is not None:
        found = given.reindex(list(parties.codes)).to_numpy(dtype=np.float64)
    elif volume.input is not None:
        found = numbers.by_code(volume.input, parties)
    else:
        found = np.full(parties.count, np.nan)
        if volume.factor is not None:
            factor = Fraction(numbers.known(volume.factor, f"{where}.factor"))
            counted = figures(
                [volume.column], counting_date=numbers.definition.counting_date, map_date=numbers.definition.map_date
            )[volume.column].to_dict()
            for place, code in enumerate(parties.codes):
                if code in counted:
                    found[place] = round_half_up(Fraction(Decimal(repr(counted[code]))) * factor)
        for code, value in volume.own.items():
            if code in parties.position:
                found[parties.position[code]] = float(numbers.known(value, f"{where}.own.{code}"))
    missing = [parties.codes[i] for i in np.flatnonzero(np.isnan(found))]
    if missing:
        remedy = "Give it in own." if given is None else "Give it with the volumes of the others (with_changes)."
        faults.add(where, f"no volume for {listed(missing)}", "one for each participant", remedy)
    if not missing and not found.any():
        faults.add(where, "0 for everyone", "at least one above 0")
    return found


def _pool(
    terms: PoolTerms, numbers: Numbers, parties: Parties, volumes: Mapping[str, FloatArray], faults: Faults
) -> CostPool | None:
    """One pool in figures; None where its amount is PM."""
    years = Decimal(1) if terms.once else numbers.duration
    if terms.fixed is not None:
        amount = numbers.number(terms.fixed)
        return None if amount is None else FixedCost(terms.id, terms.name, float(amount * years))
    if terms.volume is not None:
        tiers = _tiers(terms.volume, numbers, years)
        return VolumeCost(terms.id, terms.name, volumes[terms.volume.volume], tiers, terms.volume.all_units)
    if terms.per_participant is not None:
        held = [terms.per_participant.own.get(code, terms.per_participant.amount) for code in parties.codes]
        amounts = _amounts(
            held, parties, numbers, years=years, where=f"pools.{terms.id}.per_participant.own", faults=faults
        )
        return None if amounts is None else OwnCost(terms.id, terms.name, amounts)
    if terms.levels is not None:
        cost = {level.id: level.cost for level in terms.levels.levels}
        needs = [cost.get(str(level)) for level in parties.held(terms.levels.needs)]
        amounts = _amounts(needs, parties, numbers, years=years, where=f"pools.{terms.id}.levels.needs", faults=faults)
        return None if amounts is None else LevelCost(terms.id, terms.name, amounts)
    assert terms.regional is not None  # noqa: S101 (one of the five is given)
    labels = parties.regions(terms.regional.region)
    held = [(terms.regional.amounts.get(label) or terms.regional.amount) if label else None for label in labels]
    amounts = _amounts(held, parties, numbers, years=years, where=f"pools.{terms.id}.regional", faults=faults)
    if amounts is None:
        return None
    return RegionCost(terms.id, terms.name, labels, dict(zip(labels, amounts.tolist(), strict=True)))


def _amounts(
    held: list[Value | None], parties: Parties, numbers: Numbers, *, years: Decimal, where: str, faults: Faults
) -> FloatArray | None:
    """Amounts in order of code; a participant without one is a fault, and one PM makes the pool PM."""
    missing = [code for code, value in zip(parties.codes, held, strict=True) if value is None]
    if missing:
        faults.add(where, f"nothing for {listed(missing)}", "an amount, level or region for each participant")
        return None
    if isinstance(numbers, _Filled) and any(value is not held[0] for value in held):
        return None
    found = [numbers.number(value) for value in held if value is not None]
    if any(number is None for number in found):
        return None
    return np.array([float(number * years) for number in found if number is not None])


def _tiers(terms: VolumeTerms, numbers: Numbers, years: Decimal) -> tuple[tuple[Decimal, Decimal], ...]:
    return tuple((tier.from_volume, numbers.known(tier.price, "tiers.price") * years) for tier in terms.tiers)


def _alternatives(
    numbers: Numbers, parties: Parties, volumes: Mapping[str, FloatArray]
) -> tuple[FloatArray | None, FloatArray | None, tuple[RegionChoice, ...]]:
    """Stand-alone cost of each, the part of it that is due once, and what regions would pay as a region."""
    stated = numbers.definition.alternatives
    years = numbers.duration
    alone = once = None
    if stated.stand_alone is not None:
        alone, once = _stand_alone(stated.stand_alone, numbers, parties, volumes)
    regional = []
    if stated.regional is not None:
        labels = np.array(parties.regions(stated.regional.region))
        for label in sorted(set(labels.tolist()) - {""}):
            members = np.flatnonzero(labels == label)
            whole = {name: volume[members].sum(keepdims=True) for name, volume in volumes.items()}
            own = stated.regional.own.get(label)
            if own is not None:
                amount = numbers.number(own)
                cost = np.nan if amount is None else float(amount * years)
            else:
                cost = float(_formula(stated.regional, numbers, whole, 1)[0])
            regional.append(RegionChoice(label, members, cost))
    return alone, once, tuple(regional)


def _stand_alone(
    terms: StandAlone, numbers: Numbers, parties: Parties, volumes: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    years = numbers.duration
    once = np.zeros(parties.count)
    if terms.input is not None:
        if not numbers.inputs.counts(terms.input):
            return np.full(parties.count, np.nan), once
        return numbers.by_code(terms.input, parties) * float(years), once
    alone = _formula(terms, numbers, volumes, parties.count)
    due = None if terms.once is None else numbers.number(terms.once)
    once += 0.0 if due is None else float(due)
    for code, value in terms.own.items():
        if code in parties.position:
            amount, place = numbers.number(value), parties.position[code]
            alone[place], once[place] = np.nan if amount is None else float(amount * years), 0.0
    return alone, once


def _formula(
    terms: StandAlone | RegionalAlternative, numbers: Numbers, volumes: Mapping[str, FloatArray], count: int
) -> FloatArray:
    """Fixed amounts plus prices by volume; NaN (PM) where there are none, or one of the fixed amounts is PM."""
    years = numbers.duration
    stated = [(terms.once, Decimal(1)), (terms.fixed, years)]
    amounts = [(numbers.number(value), times) for value, times in stated if value is not None]
    if (not amounts and not terms.volumes) or any(amount is None for amount, _ in amounts):
        return np.full(count, np.nan)
    cost = np.full(count, float(sum((amount * times for amount, times in amounts if amount is not None), Decimal(0))))
    for item in terms.volumes:
        cost = cost + price_table(_tiers(item, numbers, years), item.all_units, volumes[item.volume])
    return cost
