"""From the model file and the inputs of the user to a case in figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.games.pools import KINDS
from ggu_costs.games.pools.volume import price_table
from ggu_costs.money import round_half_up
from ggu_costs.procurement.costs import CostPool
from ggu_costs.procurement.setup import RegionChoice, Setup
from ggu_costs.reference import figures

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.modelfile import Inputs
    from ggu_costs.modelfile.pools import PoolTerms
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.cost_terms import RegionalAlternative, StandAlone
    from ggu_costs.procurement.definition import ProcurementDefinition
    from ggu_costs.procurement.parties import Parties
    from ggu_costs.procurement.terms import Volume
    from ggu_costs.typing import FloatArray

__all__ = ["Numbers", "build_setup"]


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

    def amount(self, value: Value, years: Decimal) -> float:
        """Return an amount a year over some years, euro; NaN for PM."""
        number = self.number(value)
        return np.nan if number is None else float(number * years)

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


def build_setup(
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
        pool = _pool(terms, _PoolFigures(numbers, parties, volumes, terms, faults))
        if pool is not None:
            pools.append(pool)
            continue
        unknown.append(terms.name)
        if len(faults.found) == known:
            filled = _pool(terms, _Filled(numbers, parties, volumes, terms, faults))
            fillable += [filled] if filled is not None else []
    if not pools and not faults:
        faults.add("pools", "all amounts are PM", "at least one that is known")
    faults.check(f"{definition.id}: this case cannot be worked out", remedy="Complete the file, or bring the figures.")
    alone, once, regional = _alternatives(numbers, parties, volumes)
    return Setup(
        parties=parties,
        volumes=volumes,
        volume_names={volume.id: volume.name for volume in definition.volumes},
        pools=tuple(pools),
        unknown=tuple(unknown),
        fillable=tuple(fillable),
        pool_ids=tuple(terms.id for terms in definition.pools),
        alone=alone,
        alone_once=once,
        regional=regional,
        duration=numbers.duration,
        unions=definition.case.unions,
        seed=definition.case.seed,
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
    missing = parties.where(np.isnan(found))
    if missing:
        remedy = "Give it in own." if given is None else "Give it with the volumes of the others (with_changes)."
        faults.add(where, f"no volume for {listed(missing)}", "one for each participant", remedy)
    if not missing and not found.any():
        faults.add(where, "0 for everyone", "at least one above 0")
    return found


def _pool(terms: PoolTerms, figures: _PoolFigures) -> CostPool | None:
    """One pool in figures; None where its amount is PM."""
    stated = terms.terms.stated(figures)
    if stated is None:
        return None
    return CostPool(terms.id, terms.name, terms.once, KINDS[stated.kind](**stated.figures), figures.parties.count)


@dataclass(frozen=True)
class _PoolFigures:
    """What the terms of one pool ask of the case."""

    numbers: Numbers
    parties: Parties
    volumes: Mapping[str, FloatArray]
    terms: PoolTerms
    faults: Faults

    @property
    def codes(self) -> tuple[str, ...]:
        return self.parties.codes

    @property
    def years(self) -> Decimal:
        return Decimal(1) if self.terms.once else self.numbers.duration

    def amount(self, value: Value) -> float:
        return self.numbers.amount(value, self.years)

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        missing = [code for code, value in zip(self.codes, values, strict=True) if value is None]
        if missing:
            where = f"pools.{self.terms.id}.{self.terms.kind}{key}"
            self.faults.add(where, f"nothing for {listed(missing)}", "an amount, level or region for each participant")
            return None
        amounts = np.array([self.amount(value) for value in values if value is not None])
        return None if np.isnan(amounts).any() else amounts

    def price(self, value: Value) -> Decimal:
        return self.numbers.known(value, "tiers.price") * self.years

    def volume(self, name: str) -> FloatArray:
        return self.volumes[name]

    def held(self, by: Mapping[str, str]) -> Sequence[object]:
        return self.parties.held(by)

    def regions(self, column: str) -> tuple[str, ...]:
        return self.parties.regions(column)


class _Filled(_PoolFigures):
    """Takes 1 euro for what is PM: how a pool of one PM amount is split does not depend on that amount."""

    def amount(self, value: Value) -> float:
        amount = super().amount(value)
        return float(self.years) if np.isnan(amount) else amount

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        return None if any(value is not values[0] for value in values) else super().amounts(values, key)


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
            cost = numbers.amount(own, years) if own else float(_formula(stated.regional, numbers, whole, 1)[0])
            regional.append(RegionChoice(label, members, cost))
    return alone, once, tuple(regional)


def _stand_alone(
    terms: StandAlone, numbers: Numbers, parties: Parties, volumes: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    years = numbers.duration
    if terms.input is not None:
        given = numbers.inputs.counts(terms.input)
        alone = numbers.by_code(terms.input, parties) * float(years) if given else np.full(parties.count, np.nan)
        return alone, np.zeros(parties.count)
    alone = _formula(terms, numbers, volumes, parties.count)
    due = 0.0 if terms.once is None else np.nan_to_num(numbers.amount(terms.once, Decimal(1)))
    once = np.full(parties.count, due)
    for code, value in terms.own.items():
        if code in parties.position:
            place = parties.position[code]
            alone[place], once[place] = numbers.amount(value, years), 0.0
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

    def price(value: Value) -> Decimal:
        return numbers.known(value, "tiers.price") * years

    for item in terms.volumes:
        cost = cost + price_table(item.prices(price), item.all_units, volumes[item.volume])
    return cost
