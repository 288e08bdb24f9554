"""The data of a simulation result, and what all answers say of their frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from ggu_costs import frames
from ggu_costs.errors import InputError, MissingInputError, UnknownNameError, is_one_of
from ggu_costs.impact.answers.questions import DISCOUNTED
from ggu_costs.impact.answers.runner import Runner
from ggu_costs.impact.answers.statistics import statistics_in
from ggu_costs.impact.programme.assembly import Assembly, Role
from ggu_costs.reference import Groups
from ggu_costs.results.base import Result
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.impact.programme.definition import ProgrammeDefinition


NATION = "nation"
SHOWN = {True: -5, False: -3}
"""Decimals that people are shown of an amount: 0.1 million for the nation, 1,000 for a municipality."""


@dataclass(frozen=True, kw_only=True)
class SimulationResult(Result):
    """Base of all simulation results: the runner that every question goes to, and the selection that is asked of.

    Attributes
    ----------
    selection
        The alternative, or two joined by `` - ``.
    complete
        Whether all draws were made; after an interrupt not, and ``simulate(..., resume=result)`` goes on.
    indicative
        Whether figures per municipality were broken down from national estimates.
    how_to_read
        Those of the notes that belong beside a single amount.
    vat
        How VAT is in the amounts, in words; empty where that is not known.
    needs
        The input without which only national figures can be given.
    bases
        VAT and price level of its amounts, in words; empty of a loaded result.
    municipal_share
        Part of published amounts that falls to municipalities, where these are of all governments together.
    technique
        How the figures were made, for who checks them: fits, readings of ranges, repairs.
    definition
        What the model file says; None for a programme made in Python and for a loaded result.
    second_shape
        Whether every published range has its second shape.
    other_shape
        Gives the programme with the other shape of each published range.
    """

    runner: Runner = field(repr=False)
    selection: str
    complete: bool = field(default=True, repr=False)
    indicative: bool = field(default=False, repr=False)
    how_to_read: tuple[str, ...] = field(default=(), repr=False)
    vat: tuple[str, ...] = field(default=(), repr=False)
    needs: str = ""
    technique: tuple[str, ...] = field(default=(), repr=False)
    bases: tuple[str, ...] = field(default=(), repr=False)
    municipal_share: float | None = None
    definition: ProgrammeDefinition | None = field(default=None, repr=False)
    second_shape: bool = field(default=False, repr=False)
    other_shape: Callable[[], Assembly] | None = field(default=None, repr=False, compare=False)

    @property
    def assembly(self) -> Assembly:
        """The programme in arrays."""
        return self.runner.assembly

    @property
    def alternatives(self) -> dict[str, str]:
        """Id and name of each alternative."""
        return {alternative.id: alternative.name for alternative in self.assembly.alternatives}

    @property
    def draws(self) -> int:
        """Number of draws; of each replicate, where there are several."""
        return self.runner.settings.draws

    def digest(self) -> str:
        """Return the SHA-256 of all summaries of the net figures: the same bits give the same digest."""
        return self.runner.digest

    def lines(self) -> tuple[Role, ...]:
        """Return the lines in this selection, in the order of the file."""
        inside = {name for _, alternative in self.assembly.sides(self.selection) for name in alternative.terms}
        return tuple(role for name, role in self.assembly.roles.items() if name in inside)

    def alternative(self, name: str) -> Self:
        """Return the same run of another alternative, on the same draws."""
        return replace(self, selection=self.assembly.alternative(name).id)


def of_line(result: SimulationResult, role: Role) -> str:
    """Return the question what a line is: one-off over all years, structural in the structural year.

    A function gives totals over the years only.
    """
    year = structural_year_of(result, role)
    return f"line:{role.id}" if year is None else f"line:{role.id}:{year}"


def structural_year_of(result: SimulationResult, role: Role) -> int | None:
    """Return the year of which the amount of a line is told; None of one that is told over all years."""
    years = result.assembly.years
    apart = role.nature == "structural" and len(years) > 1 and result.runner.asked == "terms"
    return years[result.assembly.structural_year] if apart else None


def require_municipalities(result: SimulationResult) -> None:
    """Refuse figures per municipality where only the nation is known."""
    if result.assembly.national:
        raise MissingInputError(
            f"{result.title}: figures per municipality need input {result.needs!r}, which was not given",
            names=[result.needs],
            remedy=f"Give it with --data {result.needs}=..., or data={{{result.needs!r}: ...}}.",
        )


def place_of(result: SimulationResult, code: str) -> int:
    """Return the place of a municipality among the units."""
    units = result.assembly.units
    if not is_one_of(code, units):
        raise UnknownNameError("municipality in this result", code, units)
    return units.index(code)


def place_in(result: SimulationResult, of: str) -> int | None:
    """Return the place of a municipality; None for the nation."""
    if is_one_of(of, (NATION,)):
        return None
    require_municipalities(result)
    return place_of(result, of)


def groups_in(result: SimulationResult, group: Any) -> Groups:
    """Return groups of the municipalities of a result, as :func:`ggu_costs.groups` takes them."""
    if result.assembly.map_day is None:
        raise InputError("groups need the date of the municipal map, and this programme has none",
                         remedy="State map_date where the programme is made.")  # fmt: skip
    return result.assembly.reference.groups(group, result.assembly.units, result.assembly.map_day)


def years_added_up(result: SimulationResult, quantity: str) -> str:
    """Words for the years a figure adds up, which one year does not need."""
    years, discount = result.assembly.years, result.assembly.discount
    if quantity not in DISCOUNTED or len(years) == 1:
        return ""
    key = "added_up_discounted" if (discount != 1.0).any() else "added_up"
    return message(key, first=years[0], last=years[-1])


def beside_grant(result: SimulationResult, frame: pd.DataFrame, mean: FloatArray, of: FloatArray) -> pd.DataFrame:
    """Return a frame with its mean as a share of the algemene uitkering.

    Parameters
    ----------
    mean, of
        Euro of the rows, and the algemene uitkering of each; shape (rows,).
    """
    frame = frame.copy()
    frame["share_of_grant"] = mean / np.where(of > 0, of, np.nan)
    note = message("share_of_grant_of", title=result.assembly.grant_title)
    units = {**frame.attrs["units"], "share_of_grant": "share"}
    return frames.amend(frame, units=units, notes=[*frame.attrs["notes"], note])


def describe(
    result: SimulationResult,
    frame: pd.DataFrame,
    words: str,
    *,
    units: Mapping[str, str] | None = None,
    pm: Iterable[str] = (),
    nation: bool = True,
    own: bool = False,
) -> pd.DataFrame:
    """Put title, units and notes on a frame, and how it is rounded for people.

    Parameters
    ----------
    words
        What the frame is, after the title of the result.
    units
        Of columns that are no statistics of a distribution, or have another unit here.
    pm
        Columns whose missing figures are memorandum items.
    nation
        Whether amounts are rounded as those of the nation.
    own
        Whether its figures are of single municipalities.
    """
    labelled = result._framed(frame, statistics_in(frame) | dict(units or {}), pm=tuple(pm))
    indicative = own and result.indicative
    names = [alternative.name for _, alternative in result.assembly.sides(result.selection)]
    chosen = "" if len(result.assembly.alternatives) == 1 else message("chosen", names=names)
    marked = message("indicative_mark") if indicative else ""
    errors = [name for name, unit in labelled.attrs["units"].items() if name.endswith("_error") and unit == "EUR"]
    return frames.amend(
        labelled,
        title=message("frame_title", title=result.title, chosen=chosen, words=words, marked=marked),
        decimals={"EUR": SHOWN[nation]} | dict.fromkeys(errors, 0),
        **({"indicative": True} if indicative else {}),
    )
