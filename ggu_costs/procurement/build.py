"""From the model file and the inputs of the user to a case in figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, InputError, listed
from ggu_costs.figures import finite, shown
from ggu_costs.games.pools import KINDS
from ggu_costs.games.pools.volume import price_table
from ggu_costs.money import round_half_up
from ggu_costs.procurement.numbers import Numbers, times
from ggu_costs.procurement.parties import Parties
from ggu_costs.procurement.period import Period
from ggu_costs.procurement.setup import CostPool, RegionChoice, Setup

if TYPE_CHECKING:
    from ggu_costs.modelfile import Inputs
    from ggu_costs.modelfile.pools import PoolTerms, VolumeTerms
    from ggu_costs.modelfile.values import Value
    from ggu_costs.procurement.definition import ProcurementDefinition
    from ggu_costs.procurement.terms import RegionalAlternative, StandAlone, Volume
    from ggu_costs.typing import ByCode, FloatArray


def build_setup(
    definition: ProcurementDefinition,
    inputs: Inputs,
    parties: Parties,
    use: Mapping[str, pd.Series] | None = None,
    *,
    period: Period | None = None,
) -> Setup:
    """Put a case in figures.

    Parameters
    ----------
    definition, inputs, parties
        What the file says, what the user brings, and who takes part.
    use
        Volumes by id, instead of those of the file.
    period
        How amounts and volumes count; by default over the whole duration.

    Raises
    ------
    InputError
        Every participant without a volume, level, region or amount that a pool needs, by code.
    """
    faults = Faults()
    numbers = Numbers(definition, inputs)
    period = Period(duration=numbers.duration) if period is None else period
    build = _Builder(numbers, parties, faults, period)
    for volume in definition.volumes:
        build.volumes[volume.id] = build.volume(volume, (use or {}).get(volume.id))
    pools, unknown, fillable = [], [], []
    for terms in definition.pools:
        if not period.is_due(terms):
            continue
        known = len(faults.found)
        pool = _pool(_PoolFigures(build, terms))
        if pool is not None:
            pools.append(pool)
            continue
        unknown.append(terms.name)
        if len(faults.found) == known:
            filled = _pool(_Filled(build, terms))
            fillable += [filled] if filled is not None else []
    if not pools and not faults:
        faults.add("pools", "all amounts are PM", "at least one that is known")
    faults.check(f"{definition.id}: this case cannot be worked out", remedy="Complete the file, or bring the figures.")
    alone, once = build.stand_alone(definition.alternatives.stand_alone)
    return Setup(
        parties=parties,
        volumes=build.volumes,
        volume_names={volume.id: volume.name for volume in definition.volumes},
        pools=tuple(pools),
        unknown=tuple(unknown),
        fillable=tuple(fillable),
        pool_ids=tuple(terms.id for terms in definition.pools),
        alone=alone,
        alone_once=once,
        regional=build.regional(definition.alternatives.regional),
        duration=period.duration,
        unions=definition.case.unions,
        seed=definition.case.seed,
    )


@dataclass(frozen=True)
class _Builder:
    """Puts the parts of a file in figures for its participants, and collects who lacks one.

    Attributes
    ----------
    volumes
        By id, those read so far.
    """

    numbers: Numbers
    parties: Parties
    faults: Faults
    period: Period
    volumes: dict[str, FloatArray] = field(default_factory=dict)

    def volume(self, terms: Volume, given: pd.Series | None) -> FloatArray:
        """Figures of one volume; a participant without one is a fault."""
        where, parties = f"volumes.{terms.id}", self.parties
        named, share = self.period.volume_input(terms), self.period.volume_share(terms)
        if given is not None:
            volume = given.reindex(list(parties.codes)).to_numpy(dtype=np.float64)
        elif named is not None:
            volume = self.numbers.by_code(named, parties)
        else:
            volume = np.full(parties.count, np.nan)
            if terms.factor is not None:
                factor = Fraction(self.numbers.known(terms.factor, f"{where}.factor"))
                counted = self._counted(terms)
                for place, code in enumerate(parties.codes):
                    if code in counted:
                        volume[place] = round_half_up(counted[code] * factor)
            for code, value in terms.own.items():
                if code in parties.position:
                    volume[parties.position[code]] = float(self.numbers.known(value, f"{where}.own.{code}"))
        if given is None and share != 1:
            volume = volume * float(share)
        missing = parties.where(np.isnan(volume))
        if missing:
            remedy = "Give it in own." if given is None else "Give it with the volumes of the others (with_changes)."
            self.faults.add(where, f"no volume for {listed(missing)}", "one for each participant", remedy)
        if not missing and not volume.any():
            self.faults.add(where, "0 for everyone", "at least one above 0")
        return volume

    def _counted(self, terms: Volume) -> dict[str, Fraction]:
        """Figures of a column by code, or of the uitkering that a key follows."""
        parties = self.parties
        if terms.key is not None:
            return self.numbers.inputs.keys[terms.counted].on_map(parties.map_date, parties.reference)
        days = {"counting_date": parties.counting_date, "map_date": parties.map_date}
        column = parties.reference.figures([terms.column], **days)[terms.column].to_dict()
        return {str(code): Fraction(Decimal(repr(figure))) for code, figure in column.items()}

    def stand_alone(self, terms: StandAlone | None) -> tuple[FloatArray | None, FloatArray | None]:
        """Stand-alone cost of each, and the part of it that is due once."""
        if terms is None:
            return None, None
        numbers, parties, years = self.numbers, self.parties, self.period.alone
        if terms.input is not None:
            given = numbers.inputs.counts(terms.input)
            alone = numbers.by_code(terms.input, parties) * float(years) if given else np.full(parties.count, np.nan)
            return alone, np.zeros(parties.count)
        alone = self._formula(terms, self.volumes, self._of_each, parties.count)
        due = [0] * parties.count if terms.once is None else self._of_each(terms.once)
        once = np.array([float((amount or 0) * self.period.alone_once) for amount in due])
        later = np.where(self.period.joins(parties.codes) > 0, 0.0, once)  # paid in an earlier year
        alone, once = alone - later, once - later
        own = [terms.own.get(code) for code in parties.codes]
        for place, (value, amount) in enumerate(zip(own, numbers.each(own, parties), strict=True)):
            if value is not None:
                alone[place], once[place] = (np.nan if amount is None else float(amount * years)), 0.0
        return alone, once

    def _of_each(self, value: Value) -> list[Decimal | None]:
        """The number of each participant; None for PM."""
        return self.numbers.each([value] * self.parties.count, self.parties)

    def regional(self, terms: RegionalAlternative | None) -> tuple[RegionChoice, ...]:
        """What regions would pay as a region."""
        if terms is None:
            return ()
        choices = []
        labels = np.array(self.parties.regions(terms.region))
        for label in sorted(set(labels.tolist()) - {""}):
            members = np.flatnonzero(labels == label)
            whole = {name: volume[members].sum(keepdims=True) for name, volume in self.volumes.items()}
            own = terms.own.get(label)
            if own is not None:
                cost = self.numbers.amount(own, self.period.alone)
            else:
                cost = float(self._formula(terms, whole, lambda value: [self.numbers.number(value)], 1)[0])
            choices.append(RegionChoice(label, members, cost))
        return tuple(choices)

    def _formula(
        self,
        terms: StandAlone | RegionalAlternative,
        volumes: Mapping[str, FloatArray],
        each: Callable[[Value], Sequence[Decimal | None]],
        count: int,
    ) -> FloatArray:
        """Fixed amounts plus prices by volume; NaN (PM) where there are none, or one of the amounts or prices is PM.

        `each` gives the number of a value for everyone whose cost it is.
        """
        years = self.period.alone
        stated = [(terms.once, self.period.alone_once), (terms.fixed, years)]
        amounts = [
            [times(number, count_of) for number in each(value)] for value, count_of in stated if value is not None
        ]
        if not amounts and not terms.volumes:
            return np.full(count, np.nan)
        sums = zip(*amounts, strict=True) if amounts else [()] * count
        known = [sum(row, Decimal(0)) if None not in row else None for row in sums]
        cost = np.array([np.nan if amount is None else float(amount) for amount in known])
        for item in terms.volumes:
            cost = cost + self._priced(item, volumes[item.volume], each, years)
        return cost

    def _priced(
        self, item: VolumeTerms, volume: FloatArray, each: Callable[[Value], Sequence[Decimal | None]], years: Decimal
    ) -> FloatArray:
        """What volumes cost, each at its own prices where those come from a table; NaN where one of them is PM."""
        numbers = self.numbers
        if not any(numbers.by_participant(tier.price) for tier in item.tiers):
            bounds = item.prices(lambda value: numbers.known(value, "tiers.price") * years)
            return price_table(bounds, item.all_units, volume)
        prices = [(tier.from_volume, each(tier.price)) for tier in item.tiers]
        cost = np.full(len(volume), np.nan)
        for place in range(len(volume)):
            own = [(start, times(of_each[place], years)) for start, of_each in prices]
            bounds = tuple((start, price) for start, price in own if price is not None)
            if len(bounds) == len(own):
                cost[place] = price_table(bounds, item.all_units, volume[[place]])[0]
        return cost


def _pool(figures: _PoolFigures) -> CostPool | None:
    """One pool in figures; None where its amount is PM."""
    terms = figures.terms
    stated = terms.terms.stated(figures)
    if stated is None:
        return None
    return CostPool(terms.id, terms.name, terms.once, KINDS[stated.kind](**stated.figures), figures.parties.count)


@dataclass(frozen=True)
class _PoolFigures:
    """What the terms of one pool ask of the case."""

    case: _Builder
    terms: PoolTerms

    @property
    def parties(self) -> Parties:
        return self.case.parties

    @property
    def volumes(self) -> Mapping[str, FloatArray]:
        return self.case.volumes

    @property
    def years(self) -> Decimal:
        return self.case.period.times(self.terms)

    def amount(self, value: Value) -> float:
        return self.case.numbers.amount(value, self.years)

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        missing = [code for code, value in zip(self.parties.codes, values, strict=True) if value is None]
        if missing:
            self.fault(key, f"nothing for {listed(missing)}", "an amount, level or region for each participant")
            return None
        numbers = self.case.numbers.each(values, self.parties)
        known = [float(number * self.years) for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None
        return np.array(known) * self.case.period.joins(self.parties.codes) if self.terms.once else np.array(known)

    def figures(self, name: str) -> FloatArray | None:
        return self.case.numbers.by_code(name, self.parties) if self.case.numbers.inputs.counts(name) else None

    def price(self, value: Value) -> Decimal:
        return self.case.numbers.known(value, "tiers.price") * self.years

    def fault(self, key: str, found: str, allowed: str) -> None:
        self.case.faults.add(f"pools.{self.terms.id}.{self.terms.kind}{key}", found, allowed)


class _Filled(_PoolFigures):
    """Takes 1 euro for what is PM: how a pool of one PM amount is split does not depend on that amount."""

    def amount(self, value: Value) -> float:
        amount = super().amount(value)
        return float(self.years) if np.isnan(amount) else amount

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        value = values[0]
        if value is None or self.case.numbers.by_participant(value):
            return super().amounts(values, key)
        same = all(other is value for other in values)
        return np.full(len(values), self.amount(value)) if same else None


def check_volumes(use: object, known: Sequence[str], codes: Sequence[str], case: str) -> dict[str, ByCode]:
    """Check volumes by code.

    Parameters
    ----------
    use
        Figures by code (a Series or mapping) where the case has one volume; or a mapping of volume to such figures.
    known, codes, case
        Ids of the volumes of the case, codes of its participants, and its id.

    Raises
    ------
    InputError
        A volume that the case does not have; a participant without a figure; what is no figure, negative, not finite, 0
        for everyone, or of others; all at once.
    """
    if not known:
        raise InputError(f"{case} has no volumes", remedy="State [[volumes]] in the file.")
    faults = Faults()
    checked: dict[str, ByCode] = {}
    for name, given in _by_volume(use, known, case).items():
        if name not in known:
            faults.add(str(name), "no such volume", ", ".join(known))
            continue
        if not isinstance(given, pd.Series | Mapping):
            faults.add(name, f"{type(given).__name__}, not figures by code", "a Series or mapping of code to figure")
            continue
        figures = given if isinstance(given, pd.Series) else pd.Series(dict(given), dtype=object)
        for code in figures.index[figures.index.duplicated()].unique():
            faults.add(f"{name} {code}", "twice", "each participant once")
        for code in [code for code in figures.index.unique() if code not in codes]:
            faults.add(f"{name} {code}", "does not take part", "participants only")
        by_code = figures[~figures.index.duplicated()].to_dict()
        clean = {code: finite(by_code.get(code)) for code in codes}
        for code, figure in clean.items():
            if figure is None or figure < 0:
                found = shown(by_code[code]) if code in by_code else "no figure"
                faults.add(f"{name} {code}", found, "finite, 0 or more")
        if not any(clean.values()):
            faults.add(name, "0 for everyone", "at least one above 0")
        checked[name] = pd.Series([float(figure or 0) for figure in clean.values()], index=pd.Index(codes, name="code"))
    faults.check(f"{case}: these volumes cannot be used", remedy="Give one figure for each participant, by code.")
    return checked


def _by_volume(use: object, known: Sequence[str], case: str) -> Mapping[str, object]:
    """Figures by volume: of the only one, or as they were given."""
    if isinstance(use, Mapping) and any(name in known or isinstance(part, pd.Series | Mapping)
                                        for name, part in use.items()):  # fmt: skip
        return use
    if not isinstance(use, pd.Series | Mapping):
        raise InputError(
            f"volumes: {type(use).__name__}; allowed: figures by code", remedy="Give a Series or a mapping by code."
        )
    if len(known) > 1:
        raise InputError(f"{case} has the volumes {', '.join(known)}", remedy="Give a mapping of volume to Series.")
    return {known[0]: use}
