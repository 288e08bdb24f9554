"""The bill of each municipality (bijdrage, contributie): amounts, VAT, what is left, and how each came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from ggu_costs.display.plots import Plots
from ggu_costs.errors import InputError, check_kind
from ggu_costs.fund import budget as of_budget
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.change import Change, change_between
from ggu_costs.fund.result import group_chart, per_inhabitant, whole_people
from ggu_costs.fund.settlement import Settlement
from ggu_costs.fund.steps import bill_steps
from ggu_costs.fund.terms import amounts
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import euros
from ggu_costs.results.base import Step
from ggu_costs.words.messages import message

_PM = ("excluding_vat", "including_vat", "vat", "recoverable_vat", "net", "net_after_offset")
_EURO = (*_PM[:-1], "settlement", "offset", _PM[-1])


@dataclass(frozen=True, kw_only=True)
class Bill(Billed):
    """What each municipality pays in one year, in whole cents that add up to the total.

    See Also
    --------
    ggu_costs.fund.billed.Billed : ``terms, cents, sources, settlement``, the data that every answer below rests on.
    """

    def to_frame(self) -> pd.DataFrame:
        """Return the bill as a frame indexed by code.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, contribution`` (or ``fee``), ``per_inhabitant, vat, recoverable_vat, net`` in euro,
            where NaN is a memorandum item (PM); ``excluding_vat`` where the amount includes VAT that is known,
            ``including_vat`` where VAT comes on top of it; ``settlement`` (in the amount) and ``offset,
            net_after_offset`` where they apply; and on every line ``metric, ratio, method``.
        """
        codes = list(self.cents)
        people = self.terms.figures["inhabitants"]
        split = [self.terms.vat.split(self.cents[code], code) for code in codes]
        frame = pd.DataFrame(index=self.codes)
        frame["name"] = list(self.names.values())
        frame["inhabitants"] = [whole_people(people[code]) for code in codes]
        frame[self.column] = self.values
        frame["per_inhabitant"] = [per_inhabitant(self.cents[code], people[code]) for code in codes]
        if self.terms.vat.state == "excl":
            frame["including_vat"] = euro_column([None if part.vat is None else part.invoice for part in split])
        elif self.terms.vat.state == "incl" and self.terms.vat.taxed_share is not None:
            frame["excluding_vat"] = euro_column([part.invoice - (part.vat or 0) for part in split])
        frame["vat"] = euro_column([part.vat for part in split])
        frame["recoverable_vat"] = euro_column([part.recoverable for part in split])
        frame["net"] = euro_column([part.net for part in split])
        if self.settlement is not None:
            frame["settlement"] = euros([self.settlement[code] for code in codes])
        if self.terms.offset is not None:
            frame["offset"] = euros([self.terms.offset[code] for code in codes])
            frame["net_after_offset"] = frame["net"] - frame["offset"]
        frame["metric"] = self.metric
        frame["ratio"] = self._ratios()
        frame["method"] = self.rule
        units = dict.fromkeys((self.column, *_EURO), "EUR") | {"per_inhabitant": "EUR/inhabitant", "ratio": "share"}
        return self._framed(frame, units, pm=_PM, total=("inhabitants", self.column, *_EURO))

    def national(self) -> pd.Series:
        """Return the figures of all municipalities together: inhabitants, amounts in euro, euro per inhabitant.

        NaN is a memorandum item (PM).
        """
        frame = self.to_frame()
        people = float(self.terms.totals["inhabitants"])
        sums = {name: round(float(frame[name].sum(skipna=False)), 2) for name in frame.attrs["total"]}
        return pd.Series({**sums, "inhabitants": people, "per_inhabitant": self.total / people}, name="total")

    def _ratios(self) -> list[float]:
        if self.terms.basis == "tariff":
            own = amounts(self.terms)  # without a settlement
            whole = sum(own.values())
            return [cents / whole if whole else 0.0 for cents in own.values()]
        return [float(self.terms.quotas[code]) for code in self.cents]

    def including(self, settlement: Settlement) -> Bill:
        """Return this bill with the settlement (afrekening) of an earlier year in it.

        Parameters
        ----------
        settlement
            A result of :meth:`Fund.settle <ggu_costs.fund.model.Fund.settle>` on the same municipal map.

        Raises
        ------
        InputError
            Another municipal map, or a bill that has a settlement already.
        """
        check_kind((settlement,), Settlement, "settlement", "Give a result of settle().")
        if self.settlement is not None:
            raise InputError("this bill holds a settlement already", remedy="Start from the bill without one.")
        cents = settlement.settlement_cents
        if list(cents) != list(self.cents):
            raise InputError(
                "the settlement is on another municipal map than this bill",
                remedy=f"Settle with map_date={self.terms.map_date.isoformat()!r}.",
            )
        return replace(
            self,
            cents={code: amount + cents[code] for code, amount in self.cents.items()},
            settlement=cents,
            notes=(*self.notes, message("including", title=settlement.title)),
            provenance={**self.provenance, "settlement": dict(settlement.provenance)},
            illustrative=self.illustrative or settlement.illustrative,
        )

    def change_from(self, previous: Bill, order: Sequence[str] | str | None = None) -> Change:
        """Explain why the bill of each municipality changed, cause by cause, in cents that add up.

        Parameters
        ----------
        previous
            An earlier bill of the same kind.
        order
            The causes in the order in which they are applied; None is the fixed order, ``"shapley"`` the average over
            all orders.

        See Also
        --------
        ggu_costs.fund.change : the causes and their definition.
        """
        return change_between(previous, self, order)

    budget = of_budget.budget

    def by(self, group: Any) -> pd.DataFrame:
        """Return the bill by group.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them.

        Returns
        -------
        pandas.DataFrame
            By group ``municipalities, inhabitants``, the amount and ``per_inhabitant``. Groups that overlap, or leave
            municipalities out, have no total.
        """
        return self._by_people(group, self.column, self.terms.figures["inhabitants"], "per_inhabitant")

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``by``."""
        return Plots(by=partial(group_chart, self, self.column))

    def _steps(self, code: str) -> list[Step]:
        return bill_steps(self, code)
