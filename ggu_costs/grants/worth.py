"""What one more dwelling, inhabitant or other unit is worth to a municipality, and what that leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from ggu_costs.errors import Faults, did_you_mean, shortened
from ggu_costs.figures import finite, shown
from ggu_costs.grants.exact import Exact
from ggu_costs.grants.tables import GrantTables
from ggu_costs.money import shortest
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message, number


@dataclass(frozen=True, kw_only=True)
class UnitWorth(Result):
    """What more units of maatstaven are worth in one uitkeringsjaar, for a municipality that the factor does not see.

    Attributes
    ----------
    units
        More units by maatstaf.
    weights
        Euro per unit by maatstaf, before the factor.
    factor
        What each is multiplied by.
    names
        Name of each maatstaf.
    """

    units: Mapping[str, Fraction]
    weights: Mapping[str, Exact]
    factor: Mapping[str, Fraction]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def exact(self) -> dict[str, Fraction]:
        """Euro by maatstaf, not rounded."""
        return {name: units * Fraction(self.weights[name]) * self.factor[name] for name, units in self.units.items()}

    @property
    def total(self) -> float:
        """All of them together, in euro."""
        return float(sum(self.exact.values(), Fraction(0)))

    def to_frame(self) -> pd.DataFrame:
        """Return by maatstaf ``called, unit_weight, units, factor, amount``; the amount in euro, not rounded."""
        index = pd.Index(list(self.units), name="maatstaf", dtype=object)
        frame = pd.DataFrame(index=index)
        frame["called"] = [self.names[name] for name in self.units]
        frame["unit_weight"] = [float(self.weights[name]) for name in self.units]
        frame["units"] = [float(units) for units in self.units.values()]
        frame["factor"] = [float(self.factor[name]) for name in self.units]
        frame["amount"] = [float(amount) for amount in self.exact.values()]
        return self._framed(frame, {"unit_weight": "EUR", "amount": "EUR"}, total=("amount",))


def worth_of(units: Mapping[str, Any], tables: GrantTables, factor: Exact, **heading: Any) -> UnitWorth:
    """Return what more units are worth; see :meth:`GrantAmounts.worth`.

    Parameters
    ----------
    heading
        Title, provenance and whether figures are made up.

    Raises
    ------
    InputError
        No units, a maatstaf that is none, or a number that is not finite: all of them at once.
    """
    faults = Faults()
    weights = tables.weights
    more: dict[str, Fraction] = {}
    if not isinstance(units, Mapping) or not units:
        faults.add("units", shown(units), "units by maatstaf, such as {'woonr': 1, 'inwo': 1.93}")
        units = {}
    for name, count in units.items():
        figure = finite(count)
        if name not in weights:
            known = did_you_mean(str(name), weights)
            faults.add(f"units.{shortened(str(name))}", "no such maatstaf", "a maatstaf of the circulaire", known)
        elif figure is None:
            faults.add(f"units.{name}", shown(count), "a finite number")
        else:
            more[name] = shortest(figure)
    faults.check("these units have no worth", remedy="Correct the units listed.")
    return UnitWorth(
        **heading,
        notes=tuple(_left_out(tables, factor, more)),
        units=more,
        weights={name: weights[name] for name in more},
        factor={name: Fraction(1) if name in tables.outside else Fraction(factor) for name in more},
        names={name: tables.names[name] for name in more},
    )


def _left_out(tables: GrantTables, factor: Exact, units: Mapping[str, Fraction]) -> list[str]:
    """Say what the worth of these units leaves out."""
    weights = tables.weights
    said = [message("worth_counted_earlier"), message("worth_same_factor")]
    traits = tables.traits
    by_soil = [name for name in units if name in traits.by_soil]
    dwellings = any(name in traits.dwellings for name in units)
    for name in traits.dwellings if dwellings else ():
        if name in traits.by_soil and name not in units:
            said.append(message("worth_without_soil", name=tables.names[name], weight=weights[name],
                                times=Fraction(weights[name]) * Fraction(factor)))  # fmt: skip
    if by_soil:
        said.append(message("worth_with_soil", names=[tables.names[name] for name in by_soil]))
    if dwellings and tables.outside:
        said.append(message("worth_without_woz", names=list(tables.outside)))
    three = [tables.names[name] for name in units if name in traits.three_years]
    if three:
        said.append(message("worth_three_years", names=three))
        said.append(message("worth_buig"))
    return [*said, message("worth_others", count=number(len(weights) - len(units)))]


def shown_decimals(weight: Exact) -> int:
    """As many decimals as a weight has, at least those of cents and at most ten."""
    exact = Fraction(weight)
    return next((places for places in range(2, 10) if (exact * 10**places).denominator == 1), 10)
