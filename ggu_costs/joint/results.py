"""What participants contribute in a year, in the years ahead, why it changes, and the settlement of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.fund.result import CentsResult, cents_step, euro_frame, per_inhabitant, whole_people
from ggu_costs.joint.plan import MOVES, Accounts, Cents
from ggu_costs.modelfile.vat import Vat, euro_column
from ggu_costs.money import VatSplit
from ggu_costs.results.base import Step
from ggu_costs.words.messages import euro, message, percent, word

CAUSES = ("participants_changed", "figures_changed", "key_step", "index_effect", "cost_changed", "reserve_changed")
"""Why a contribution changes, in the order in which the causes are taken."""


@dataclass(frozen=True, kw_only=True)
class BodyResult(CentsResult):
    """A result of a joint body: whole cents by participant.

    Attributes
    ----------
    called
        Name by code, of bodies too.
    people
        Inhabitants by code; nil for a body.
    """

    called: Mapping[str, str]
    people: Mapping[str, Fraction]

    @property
    def names(self) -> Mapping[str, str]:
        """Name by code."""
        return self.called

    @property
    def codes(self) -> list[str]:
        """Codes of the participants, in order."""
        return list(self.called)


@dataclass(frozen=True, kw_only=True)
class Contributions(BodyResult):
    """What each participant contributes in one year, by cost group, with VAT where it is passed on.

    Attributes
    ----------
    year
        Year of the budget.
    parts
        Cents by cost group and move of the reserve, and by participant.
    groups
        By cost group its name, its net cost in cents and the name of its key.
    vat
        VAT terms; None where VAT is a cost of the body.
    """

    year: int
    parts: Mapping[str, Cents]
    groups: Mapping[str, tuple[str, int, str]]
    vat: Vat | None

    noun: ClassVar[str] = "budget"

    @property
    def cents(self) -> dict[str, int]:
        """Cents by participant."""
        return {code: sum(part.get(code, 0) for part in self.parts.values()) for code in self.called}

    @property
    def columns(self) -> dict[str, dict[str, int]]:
        """The contribution, in cents by participant."""
        return {"contribution": self.cents}

    def to_frame(self) -> pd.DataFrame:
        """Return the contributions by code.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, contribution, per_inhabitant`` in euro, and where VAT is passed on or charged
            ``vat, recoverable_vat, net``: the contribution with VAT, less what comes back. NaN is PM.
        """
        frame = euro_frame(self.columns, self.called)
        frame.insert(1, "inhabitants", [whole_people(self.people[code]) or None for code in self.called])
        frame["per_inhabitant"] = [per_inhabitant(cents, self.people[code]) for code, cents in self.cents.items()]
        units = {"contribution": "EUR", "per_inhabitant": "EUR/inhabitant"}
        total = ["inhabitants", "contribution"]
        if self.vat is not None:
            splits = self.splits()
            frame["vat"] = euro_column(split.vat for split in splits.values())
            frame["recoverable_vat"] = euro_column(split.recoverable for split in splits.values())
            frame["net"] = euro_column(split.net for split in splits.values())
            units |= dict.fromkeys(("vat", "recoverable_vat", "net"), "EUR")
            total += ["vat", "recoverable_vat", "net"]
        return self._framed(frame, units, pm=("vat", "recoverable_vat", "net"), total=total)

    def splits(self) -> dict[str, VatSplit]:
        """VAT of each participant."""
        assert self.vat is not None  # noqa: S101 (asked where there is VAT)
        return {code: self.vat.split(cents, code) for code, cents in self.cents.items()}

    def breakdown(self) -> pd.DataFrame:
        """Return by code ``name``, each cost group and move of the reserve, and the contribution, in euro."""
        shown = {name: part for name, part in self.parts.items() if name not in MOVES or any(part.values())}
        titles = [message("named", name=self.groups[name][0]) if name in self.groups else name for name in shown]
        cents = [{code: part.get(code, 0) for code in self.called} for part in shown.values()]
        columns: dict[str, Mapping[str, int]] = {**dict(zip(titles, cents, strict=True)), **self.columns}
        frame = euro_frame(columns, self.called)
        frame.columns = pd.Index(["name", *columns], dtype=object)  # messages stay messages
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=tuple(columns))

    def by_group(self) -> pd.DataFrame:
        """Return by cost group its ``sharing_key`` and ``net_cost``."""
        index = pd.Index([name for name, _, _ in self.groups.values()], name="cost_group", dtype=object)
        frame = pd.DataFrame({"sharing_key": [key for _, _, key in self.groups.values()]}, index=index)
        frame["net_cost"] = [cents / 100 for _, cents, _ in self.groups.values()]
        return self._framed(frame, {"net_cost": "EUR"}, total=("net_cost",))

    def _steps(self, code: str) -> Iterator[Step]:
        for name, part in self.parts.items():
            cents = part.get(code, 0)
            if name in self.groups:
                label, net, key = self.groups[name]
                basis = message("share_of_group", part=percent(Fraction(cents, net) if net else 0, decimals=2),
                                total=euro(Fraction(net, 100)), key=key)  # fmt: skip
                yield Step(label, euro(Fraction(cents, 100)), basis)
            elif any(part.values()):
                yield cents_step(name, cents, plus=True)
        yield cents_step("contribution", self.cents[code])
        if self.vat is not None:
            split = self.splits()[code]
            for name in ("vat", "recoverable_vat", "net"):
                amount = getattr(split, name.removesuffix("_vat"))
                yield Step(word(name), euro(None if amount is None else Fraction(amount, 100), pm=True))


@dataclass(frozen=True, kw_only=True)
class BodyOutlook(BodyResult):
    """The years of the file: contributions by participant, and the money of the body.

    Attributes
    ----------
    yearly
        Cents by year and participant; who takes no part in a year has 0.
    net_cost
        Cents by year.
    accounts
        The money beside the contributions by year.
    """

    yearly: Mapping[int, Cents]
    net_cost: Mapping[int, int]
    accounts: Mapping[int, Accounts]

    noun: ClassVar[str] = "outlook"

    @property
    def columns(self) -> dict[str, dict[str, int]]:
        """Cents of each year by participant."""
        return {str(year): {code: cents.get(code, 0) for code in self.called} for year, cents in self.yearly.items()}

    def summary(self) -> pd.DataFrame:
        """Return the money of the body by year; every row closes to the cent.

        Returns
        -------
        pandas.DataFrame
            ``net_cost, contributions, exit_fees, step_in, addition, withdrawal, reserve, bridging_reserve`` in euro;
            contributions + exit fees + step-in - addition + withdrawal = net cost. Additions hold exit fees that are
            reserved, withdrawals what is released and what lies above the ceiling.
        """
        rows = []
        for year, cents in self.yearly.items():
            books = self.accounts[year]
            moves = books.moves
            rows.append({
                "net_cost": self.net_cost[year], "contributions": sum(cents.values()), "exit_fees": books.fee,
                "step_in": moves["step_in"], "addition": moves["addition"] + books.fee,
                "withdrawal": moves["withdrawal"] + moves["above_ceiling"] + moves["fee_released"],
                "reserve": books.reserve, "bridging_reserve": books.bridging,
            })  # fmt: skip
        index = pd.Index(list(self.yearly), name="year")
        frame = pd.DataFrame({name: euro_column(row[name] for row in rows) for name in rows[0]}, index=index)
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"), pm=("reserve",))

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``outlook``."""
        return Plots(("outlook",), outlook=self._chart)

    def _chart(self, *, lang: str) -> Chart:
        frame = self.summary()[["contributions", "net_cost"]]
        return Chart(title=message("contributions_and_cost"), frame=frame, kind="line", x="year",
                     y=("contributions", "net_cost"))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CouncilView(BodyResult):
    """What councils are asked their view (zienswijze) of: this year, next year, and why it changes.

    Attributes
    ----------
    year
        The next year.
    before, after
        Cents by participant in this year and the next; who takes no part has 0.
    causes
        Cents by cause of :data:`CAUSES` and participant; together the change.
    """

    year: int
    before: Cents
    after: Cents
    causes: Mapping[str, Cents]

    noun: ClassVar[str] = "view of councils"

    @property
    def change(self) -> dict[str, int]:
        """Cents by participant: next year less this year."""
        return {code: self.after[code] - cents for code, cents in self.before.items()}

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents by column and participant."""
        return {str(self.year - 1): self.before, **self.causes, str(self.year): self.after, "change": self.change}

    def to_frame(self) -> pd.DataFrame:
        """Return by code ``name``, this year, next year, their difference, and the causes, in euro.

        A cause that is nil for everyone is left out.
        """
        causes = {name: cents for name, cents in self.causes.items() if any(cents.values())}
        columns: dict[str, Cents] = {
            str(self.year - 1): self.before, str(self.year): self.after, "change": self.change, **causes,
        }  # fmt: skip
        frame = euro_frame(columns, self.called)
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=tuple(columns))

    def _steps(self, code: str) -> Iterable[Step]:
        yield cents_step(str(self.year - 1), self.before[code])
        for name, cents in self.causes.items():
            if any(cents.values()):
                yield cents_step(name, cents[code], plus=True)
        yield cents_step(str(self.year), self.after[code])

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``change``."""
        return Plots(("change",), change=self._chart)

    def _chart(self, *, lang: str) -> Chart:
        """Draw why the contributions together change, cause by cause."""
        sums = {name: sum(cents.values()) / 100 for name, cents in self.causes.items() if sum(cents.values())}
        frame = pd.DataFrame({"change": list(sums.values())}, index=pd.Index(list(sums), name="cause"))
        return Chart(title=self.title, frame=self._framed(frame, {"change": "EUR"}), kind="steps", x="cause",
                     y=("change",), start=sum(self.before.values()) / 100)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BodySettlement(BodyResult):
    """The settlement of a year (afrekening): by actual cost and use, less the advance; plus is still to be paid.

    Attributes
    ----------
    year
        Year that is settled.
    advance, final
        Cents by participant.
    """

    year: int
    advance: Cents
    final: Cents
    net_cost: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)

    noun: ClassVar[str] = "settlement"

    @property
    def columns(self) -> dict[str, Cents]:
        """Cents by column and participant."""
        owed = {code: self.final[code] - cents for code, cents in self.advance.items()}
        return {"advance": self.advance, "final": self.final, "settlement": owed}

    def by_group(self) -> pd.DataFrame:
        """Return by cost group its net cost as ``budget`` and ``realised``, and the ``difference``."""
        index = pd.Index([name for name, _, _ in self.net_cost.values()], name="cost_group", dtype=object)
        frame = pd.DataFrame(index=index)
        frame["budget"] = [budget / 100 for _, budget, _ in self.net_cost.values()]
        frame["realised"] = [actual / 100 for _, _, actual in self.net_cost.values()]
        frame["difference"] = [(actual - budget) / 100 for _, budget, actual in self.net_cost.values()]
        columns = ("budget", "realised", "difference")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), total=columns)
