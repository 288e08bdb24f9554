r"""A case over the years of its file: bills of every year, cash, present value, and when it pays for itself.

In year t the case is a case of one year (:class:`ggu_costs.procurement.period.OneYear`): its participants, volumes and
amounts of that year, split by its rule into whole cents that add up to :math:`C_t`. What is due once and written off
stands in the bills by its write-off, and in the cash of the year in which it is paid. With the discount factor
:math:`f_t = (1 + r)^{-(t - b)}`, cash :math:`K_t` and the cost of each for itself :math:`A_t`, of which what is due
once falls in the year of joining, the present value is :math:`\sum_t f_t K_t` and the net present value of doing it
together :math:`\sum_t f_t (A_t - K_t)`.

Exit fees of those who leave within the file are reserved, and released over the years after; step-in payments go to who
does not pay any. So in every year, to the cent, bills = cost + friction cost - fees released - step-in payments.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.games.limits import TOLERANCE
from ggu_costs.modelfile.discount import DiscountTerms
from ggu_costs.money import exact_sum, round_half_up
from ggu_costs.procurement.year_moves import moves_of
from ggu_costs.procurement.year_splits import Moves, cents_of, splits_of, spread, terms_of
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split
    from ggu_costs.procurement.year_terms import YearsTerms
    from ggu_costs.typing import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class CaseYears(Result):
    """A case over its years.

    Attributes
    ----------
    splits
        By year.
    cash
        Cents by year that are paid to others than participants.
    moves
        By year.
    factors
        Discount factors by year.
    discount
        Rate, kind and base year.
    names
        Name by code, of everyone who takes part in some year.
    """

    splits: Mapping[int, Split]
    cash: Mapping[int, int]
    moves: Mapping[int, Moves]
    factors: Mapping[int, float]
    discount: DiscountTerms
    names: Mapping[str, str]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the case."""
        return tuple(self.splits)

    @cached_property
    def cents(self) -> dict[int, dict[str, int]]:
        """The bill of each year in cents by code, exit fees and step-in payments apart."""
        return {year: self._bill(year) for year in self.years}

    def _bill(self, year: int) -> dict[str, int]:
        bill, moves = cents_of(self.splits[year]), self.moves[year]
        paying = [code for code in bill if code not in moves.step_in] or list(bill)
        for cents, codes in (
            (moves.friction - moves.released, list(bill)), (-sum(moves.step_in.values()), paying),
        ):  # fmt: skip
            for code, part in spread(cents, {code: bill[code] for code in codes}).items():
                bill[code] += part
        return bill

    @property
    def total(self) -> float:
        """Bills of all years together, euro."""
        return sum(sum(bill.values()) for bill in self.cents.values()) / 100

    @property
    def alone(self) -> dict[int, float]:
        """Cost of each for itself by year, euro; NaN (PM) where that of somebody is."""
        return {year: exact_sum(split.setup.known_alone) for year, split in self.splits.items()}

    @property
    def saving(self) -> dict[int, float]:
        """Cost of each for itself less what is paid, by year, euro; NaN is PM."""
        return {year: alone - self.cash[year] / 100 for year, alone in self.alone.items()}

    @property
    def present_value(self) -> float:
        """Present value of what is paid, euro."""
        return exact_sum(self.factors[year] * cents / 100 for year, cents in self.cash.items())

    @property
    def net_present_value(self) -> float:
        """Present value of the cost of each for itself less that of what is paid, euro; NaN is PM."""
        return exact_sum(self.factors[year] * saving for year, saving in self.saving.items())

    @property
    def yearly(self) -> float:
        """The present value as an equal amount in each year (annuity), euro."""
        return self.present_value / exact_sum(self.factors.values())

    @property
    def payback(self) -> int | None:
        """First year by whose end savings have paid for costs and stay so, not discounted; None where there is none."""
        left = np.cumsum(list(self.saving.values()))
        paid = [year for place, year in enumerate(self.years) if (left[place:] >= -TOLERANCE).all()]
        return paid[0] if paid else None

    @cached_property
    def break_even(self) -> dict[str, int | None]:
        """From how many participants on the net present value stays above 0, largest and smallest first.

        Those first in the order take part in the years in which they do in the case; what is paid once is paid for any
        number. None where it never pays, empty where the cost of somebody on its own is PM.
        """
        worth = dict.fromkeys(self.names, 0.0)
        for year, split in self.splits.items():
            for code, alone in zip(split.codes, split.setup.known_alone.tolist(), strict=True):
                worth[code] += self.factors[year] * alone
        if any(math.isnan(amount) for amount in worth.values()):
            return {}
        return {name: self._pays_from(worth, sign) for name, sign in (("largest", -1), ("smallest", 1))}

    def _pays_from(self, worth: Mapping[str, float], sign: int) -> int | None:
        order = sorted(worth, key=lambda code: (sign * worth[code], code))
        joint = np.zeros(len(order))
        for year, split in self.splits.items():
            joint += self.factors[year] * (self._of_first(split, order) + self.cash[year] / 100 - split.setup.total)
        alone = np.cumsum([worth[code] for code in order])
        dearer = np.flatnonzero(joint > alone + TOLERANCE * np.maximum(1.0, np.abs(joint)))
        last = int(dearer[-1]) + 1 if dearer.size else 0
        return last + 1 if last < len(order) else None

    def _of_first(self, split: Split, order: list[str]) -> FloatArray:
        """Joint cost of a year of the first 1, 2, ... of an order; who does not take part then adds nothing."""
        inside = [code for code in order if code in split.setup.parties.position]
        row = np.array([[split.setup.parties.at(code) for code in inside]])
        added = dict(zip(inside, split.setup.joint_game.along(row)[0].tolist(), strict=True))
        return np.asarray(np.cumsum([added.get(code, 0.0) for code in order]))

    def to_frame(self) -> pd.DataFrame:
        """Return the years.

        Returns
        -------
        pandas.DataFrame
            By year ``participants``, and in euro ``joint`` (the bills), ``cash`` (what is paid), ``alone``, ``saving``
            (alone less cash), ``saving_so_far``, and ``present_value`` and ``saving_present_value``. NaN is PM.
        """
        saving = list(self.saving.values())
        rows = {
            "participants": [len(split.codes) for split in self.splits.values()],
            "joint": [sum(bill.values()) / 100 for bill in self.cents.values()],
            "cash": [cents / 100 for cents in self.cash.values()],
            "alone": list(self.alone.values()),
            "saving": saving,
            "saving_so_far": np.cumsum(saving),
            "present_value": [self.factors[year] * cents / 100 for year, cents in self.cash.items()],
            "saving_present_value": [self.factors[year] * one for year, one in self.saving.items()],
        }
        frame = pd.DataFrame(rows, index=pd.Index(self.years, name="year")).round(2)
        amounts = [name for name in frame.columns if name != "participants"]
        sums = [name for name in amounts if name != "saving_so_far"]
        return self._framed(frame, dict.fromkeys(amounts, "EUR"), pm=amounts, total=sums)

    def bills(self) -> pd.DataFrame:
        """Return by code ``name``, the bill of each year, ``together`` and its ``present_value``, in euro.

        Who does not take part in a year has 0. Exit fees and step-in payments stand apart, in :meth:`payments`.
        """
        frame = pd.DataFrame({"name": list(self.names.values())}, index=pd.Index(self.names, name="code"))
        for year in self.years:
            frame[str(year)] = [self.cents[year].get(code, 0) / 100 for code in self.names]
        frame["together"] = [sum(bill.get(code, 0) for bill in self.cents.values()) / 100 for code in self.names]
        frame["present_value"] = [
            round(exact_sum(self.factors[year] * bill.get(code, 0) / 100 for year, bill in self.cents.items()), 2)
            for code in self.names
        ]
        columns = [*map(str, self.years), "together", "present_value"]
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=columns)

    def payments(self) -> pd.DataFrame:
        """Return the money of each year besides the cost: how bills follow from it, in euro; every row closes.

        Returns
        -------
        pandas.DataFrame
            By year ``cost, friction, fee_released, step_in, bills`` and ``exit_fees, reserved``: bills = cost +
            friction - fee released - step-in payments; ``reserved`` is what is left of the exit fees at its end.
        """
        rows, reserved = [], 0
        for year, moves in self.moves.items():
            reserved += sum(moves.fees.values()) - moves.released
            cents = (
                self.splits[year].total_cents, moves.friction, moves.released, sum(moves.step_in.values()),
                sum(self.cents[year].values()), sum(moves.fees.values()), reserved,
            )  # fmt: skip
            rows.append([one / 100 for one in cents])
        names = ["cost", "friction", "fee_released", "step_in", "bills", "exit_fees", "reserved"]
        frame = pd.DataFrame(rows, columns=names, index=pd.Index(self.years, name="year"))
        return self._framed(frame, dict.fromkeys(names, "EUR"), total=names[:-1])

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``years``."""
        return Plots(("years",), years=self._chart)

    def _chart(self, *, lang: str) -> Chart:
        frame = self.to_frame()
        names = ("cash", "joint") if frame["alone"].isna().any() else ("cash", "joint", "alone")
        return Chart(title=message("years_of_case"), frame=frame[list(names)], kind="line", x="year", y=names)


def over_years(case: CaseModel) -> CaseYears:
    """Return a case over the years of its file.

    Raises
    ------
    InputError
        A file without ``over_years``; a year in which nobody takes part, or its rule does not exist.

    Examples
    --------
    >>> from ggu_costs.catalogue import open_model
    >>> years = open_model("procurement/example-years").over_years()
    >>> bool(years.total == years.bills()["together"].sum().round(2))
    True
    """
    terms, whole = terms_of(case), replace(case, year=None)
    splits = splits_of(whole)
    names = {code: name for split in splits.values() for code, name in _names(split).items()}
    moves = moves_of(whole, splits)
    return CaseYears(
        title=message("over_years_of", title=case.definition.title, first=case.definition.years[0],
                      last=case.definition.years[-1]),
        notes=notes_of(case, splits), provenance=whole.provenance(rule=case.rule),
        illustrative=case.definition.illustrative, splits=splits, moves=moves,
        cash={
            year: _cash(terms, split, first=case.definition.years[0], year=year) + moves[year].friction
            for year, split in splits.items()
        },
        factors=terms.discount.factors(splits), discount=terms.discount, names=dict(sorted(names.items())),
    )  # fmt: skip


def notes_of(case: CaseModel, splits: Mapping[int, Split], *, pm: bool = True) -> tuple[str, ...]:
    """What a reader must know of the years, without what holds for one year only.

    Parameters
    ----------
    pm
        Say what is PM as well.
    """
    notes = [note for year in splits for note in case.at(year).about(period=False)]
    if not pm:
        return tuple(dict.fromkeys(notes))
    unknown = dict.fromkeys(name for split in splits.values() for name in split.setup.unknown)
    more = [message("without_pm_list", names=list(unknown))] if unknown else []
    return (*dict.fromkeys(notes), *more, *case.vat_notes())


def _names(split: Split) -> dict[str, str]:
    return dict(zip(split.codes, split.setup.parties.names, strict=True))


def _cash(terms: YearsTerms, split: Split, *, first: int, year: int) -> int:
    """Cents that are paid in a year: what is written off is paid whole in its first year."""
    amounts = []
    for pool in split.setup.pools:
        stated = terms.pool(pool.id)
        if stated.term is None:
            amounts.append(pool.total)
        elif year == (stated.first_year or first):
            amounts.append(pool.total * stated.term)
    return round_half_up(Decimal(repr(exact_sum(amounts))) * 100)
