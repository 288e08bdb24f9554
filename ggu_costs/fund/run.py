"""What a run of a fund or fee shows: for all municipalities, or for one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self, TypeVar

from ggu_costs.display.report import Report, Section
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.compare import Comparison, compare
from ggu_costs.fund.definition import YearlyHeader
from ggu_costs.fund.note import Line, bills_table, near, placed, steps_table
from ggu_costs.fund.result import per_inhabitant
from ggu_costs.fund.terms import Terms, amounts, check_known
from ggu_costs.fund.yearly import YearModel
from ggu_costs.modelfile.terms import KeyTerms
from ggu_costs.modelfile.values import Dated
from ggu_costs.reference import names_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.allocation import Tariff

__all__ = ["BillingModel"]

H = TypeVar("H", bound=YearlyHeader)


@dataclass(frozen=True)
class BillingModel(YearModel[H]):
    """A model of yearly bills, and what a run and a comparison of it show."""

    @abstractmethod
    def bill(self, year: int | None = None) -> Bill:
        """Return the bill of each municipality, to the cent; `year` is required where the file holds several."""

    def _bill(
        self, terms: Terms, stated: Mapping[str, Dated | KeyTerms | None], *, title: str, notes: tuple[str, ...]
    ) -> Bill:
        """Return the bill that follows from `terms`; `stated`: the values of the file behind each part of it."""
        return Bill(
            title=title,
            notes=notes,
            provenance=self.provenance(year=terms.year, map_date=terms.map_date, counting_date=terms.counting_date),
            illustrative=self.definition.illustrative,
            terms=terms,
            cents=amounts(terms),
            sources=self._sources(stated, terms.year),
        )

    def bills(self) -> list[Bill]:
        """Return the bill of every year of the file, or one error with every input that they lack."""
        self.require(*self.years)
        return [self.bill(year) for year in self.years]

    def compare(self, *others: Self, year: int | None = None) -> Comparison:
        """Put this model and one or two others side by side, of one year where they hold several."""
        return compare(*(model.bill(year) for model in (self, *others)))

    def report(self, municipality: str | None = None) -> Report:
        """Return what a run shows: tables, summary and notes, for all municipalities or for the note of one."""
        bills = self.bills()
        last = bills[-1]
        if municipality is None:
            title, tables, summary = self.title, self._tables(bills), _summary(bills)
        else:
            for bill in bills:
                check_known(municipality, bill.cents, "municipality in this bill", bill.terms.map_date)
            title = f"{names_of(last.terms.map_date)[municipality]} ({municipality}): {self.title}"
            tables, summary = self._note(bills, municipality), _note_summary(bills, municipality)
        return Report(
            title=title,
            tables=tables,
            summary=summary,
            notes=tuple(dict.fromkeys(note for bill in bills for note in bill.notes)),
            provenance=self.provenance(
                years=[bill.terms.year for bill in bills],
                map_dates=[bill.terms.map_date.isoformat() for bill in bills],
                counting_dates=[bill.terms.counting_date.isoformat() for bill in bills],
                municipality=municipality,
            ),
            illustrative=last.illustrative,
            sections=() if municipality else self.sections(),
            tariffs={} if municipality else self.tariffs(),
        )

    def more_results(self) -> Sequence[dict[str, pd.DataFrame]]:
        """Return further tables by name, where a kind of model has them."""
        return ()

    def sections(self) -> tuple[Section, ...]:
        """Return parts in words, where a kind of model has them."""
        return ()

    def tariffs(self) -> Mapping[str, Tariff]:
        """Return the tariff by the name of the table that was made with it, where a kind of model has one."""
        return {}

    def _tables(self, bills: Sequence[Bill]) -> dict[str, pd.DataFrame]:
        tables = {f"{bill.column}s{_suffix(bills, bill)}": bill.to_frame() for bill in bills}
        last = bills[-1]
        for group in ("size_class", "province"):
            tables[f"by_{group}{_suffix(bills, last)}"] = last.by(group)
        for earlier, later in pairwise(bills):
            tables[f"change_{later.terms.year}"] = later.change_from(earlier).to_frame()
        for result in self.more_results():
            tables |= result
        return tables

    def _note(self, bills: Sequence[Bill], code: str) -> dict[str, pd.DataFrame]:
        """The years side by side, why they differ, neighbours in size, and the steps; the latest year first."""
        by_year = {str(bill.terms.year): bill for bill in bills}
        tables = {"years": bills_table(by_year, code, title=f"{self.title}: per jaar", index="year")}
        for earlier, later in reversed(list(pairwise(bills))):
            change = later.change_from(earlier)
            table = steps_table(change, code, change.title, notes=change.notes, basis=False)
            tables[f"change_{later.terms.year}"] = table
        last = bills[-1]
        neighbours = near(last.to_frame(), code, f"{last.title}: gemeenten van vergelijkbare omvang")
        tables["similar_size"] = neighbours[["name", "inhabitants", last.column, "per_inhabitant"]]
        for bill in reversed(bills):
            steps = steps_table(bill, code, f"{bill.title}: van bron naar bedrag", notes=bill.notes)
            tables[f"steps{_suffix(bills, bill)}"] = steps
        return tables


def _suffix(bills: Sequence[Bill], bill: Bill, before: str = "_") -> str:
    """The year, where there are several."""
    return f"{before}{bill.terms.year}" if len(bills) > 1 else ""


def _summary(bills: Sequence[Bill]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for bill in bills:
        year = _suffix(bills, bill, " ")
        people = bill.terms.totals["inhabitants"]
        lines.append((f"municipalities{year}", len(bill.cents), "count"))
        lines.append((f"inhabitants{year}", int(people), "inhabitants"))
        lines.append((f"total{year}", bill.total, "EUR"))
        lines.append((f"per_inhabitant{year}", per_inhabitant(bill.total_cents, people), "EUR/inhabitant"))
        if bill.terms.vat.known and bill.terms.vat.state != "none":
            figures = bill.national()
            lines += [(f"{name}{year}", float(figures[name]), "EUR") for name in ("vat", "recoverable_vat", "net")]
    return tuple(lines)


def _note_summary(bills: Sequence[Bill], code: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    for bill in bills:
        year, cents = _suffix(bills, bill, " "), bill.cents[code]
        each = per_inhabitant(cents, bill.terms.figures["inhabitants"][code])
        lines.append((f"{bill.column}{year}", cents / 100, "EUR"))
        lines.append((f"per_inhabitant{year}", each, "EUR/inhabitant"))
    return (*lines, *placed(bills[-1].to_frame(), code, "per_inhabitant"))
