"""What a run of a fund or fee shows: for all municipalities, or for one."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Self, TypeVar

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Line, Report, Section
from ggu_costs.display.table import Table, similar_size
from ggu_costs.errors import check_kind
from ggu_costs.fund.answer import answer_of_bills, answer_of_note
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.budget import NATION
from ggu_costs.fund.change import falls_of
from ggu_costs.fund.compare import Comparison, bills_table, compare, rank_lines
from ggu_costs.fund.definition import YearlyHeader
from ggu_costs.fund.result import per_inhabitant
from ggu_costs.fund.said import condition_notes
from ggu_costs.fund.terms import Terms, amounts, check_known
from ggu_costs.fund.yearly import YearModel, vat_lacking
from ggu_costs.modelfile.terms import Grounds
from ggu_costs.modelfile.values import Dated
from ggu_costs.words.label import names_year
from ggu_costs.words.messages import message

H = TypeVar("H", bound=YearlyHeader)

_EXPLAINED = 2  # years whose amounts a page explains: the last and the one before


@dataclass(frozen=True)
class BillingModel(YearModel[H]):
    """A model of yearly bills, and what a run and a comparison of it show."""

    @abstractmethod
    def bill(self, year: int | None = None) -> Bill:
        """Return the bill of each municipality, to the cent; `year` is required where the file holds several."""

    def _bill(
        self,
        terms: Terms,
        stated: Mapping[str, Dated | Grounds | None],
        *,
        title: str,
        notes: Iterable[str] = (),
        outside: Iterable[str] = (),
    ) -> Bill:
        """Return the bill that follows from `terms`.

        Parameters
        ----------
        stated
            Values of the file behind it, beside dates and VAT.
        outside
            Notes on what is not in the amounts.
        """
        lacking = (*vat_lacking(terms.vat), *outside)
        dated = names_year(self.definition.title, terms.year)
        bill = Bill(
            title=title,
            name=self.title if dated else message("title_of_year", title=self.title, year=terms.year),
            notes=(*self._notes(terms), *notes, *lacking),
            outside=lacking,
            provenance=self.provenance(
                year=terms.year, map_date=terms.map_date, counting_date=terms.counting_date, **index_used(terms)
            ),
            illustrative=self.definition.illustrative,
            terms=terms,
            cents=amounts(terms),
            sources=self._sources(stated, terms.year),
            map_date=terms.map_date,
            reference=terms.reference,
        )
        return replace(bill, notes=(*bill.notes, *condition_notes(bill)))

    def bills(self) -> list[Bill]:
        """Return the bill of every year of the file, or one error with every input that they lack."""
        self.require(*self.years)
        return [self.bill(year) for year in self.years]

    def compare(
        self, *others: Self, year: int | None = None, phase_in: Mapping[str, Any] | Sequence[float] | None = None
    ) -> Comparison:
        """Put this model and one or two others side by side, of one year where they hold several.

        Parameters
        ----------
        phase_in
            As for :func:`ggu_costs.fund.compare.compare`.
        """
        check_kind(others, BillingModel, "to compare", f"Give opened models of a {self.definition.kind}.")
        return compare(*(model.bill(year) for model in (self, *others)), phase_in=phase_in)

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: tables, summary and notes, for all municipalities or for the note of one."""
        bills = self.bills()
        last = bills[-1]
        if municipality is not None:
            for bill in bills:
                check_known(municipality, bill.cents, "municipality in this bill", bill.terms.map_date, self.reference)
        change = last.change_from(bills[-2]) if len(bills) > 1 else None
        facts: dict[str, Any] = {
            "notes": tuple(dict.fromkeys(note for bill in bills for note in bill.notes)),
            "provenance": self.provenance(
                years=[bill.terms.year for bill in bills],
                map_dates=[bill.terms.map_date.isoformat() for bill in bills],
                counting_dates=[bill.terms.counting_date.isoformat() for bill in bills],
                **index_used(last.terms),
                municipality=municipality,
            ),
            "municipality": municipality,
            "made_up": last.illustrative,
        }
        if municipality is None:
            explained = tuple(bills[: -1 - _EXPLAINED : -1])
            tables = (*self._tables(bills), self._budget(bills), *self.more_results())
            answer = answer_of_bills(bills, change, self.answer_lines())
            return Report(self.title, tables, _summary(bills), sections=self.sections(), explained=explained,
                          more_charts=page_charts(last.plot), answer=answer, **facts)  # fmt: skip
        answer = answer_of_note(bills, change, municipality)
        title = message("titled_code", name=last.names[municipality], code=municipality, title=self.title)
        summary = _note_summary(bills, municipality)
        tables, charts = self._note(bills, municipality), falls_of([change], municipality)
        return Report(title, tables, summary, answer=answer, charts=charts, **facts)

    def answer_lines(self) -> Sequence[str]:
        """Return what else must be said at once, where a kind of model has it."""
        return ()

    def more_results(self) -> Sequence[Table]:
        """Return further tables, where a kind of model has them."""
        return ()

    def sections(self) -> tuple[Section, ...]:
        """Return parts in words, where a kind of model has them."""
        return ()

    def _tables(self, bills: Sequence[Bill]) -> list[Table]:
        last = bills[-1]
        tables = [
            Table(f"{bill.column}s{_suffix(bills, bill)}", "", bill.to_frame(), map_date=bill.terms.map_date,
                  earlier=bill is not last, tariff=bill.terms.tariff) for bill in bills
        ]  # fmt: skip
        for group in ("size_class", "province"):
            tables.append(Table(f"by_{group}{_suffix(bills, last)}", "", last.by(group), role="groups"))
        for before, after in pairwise(bills):
            change = after.change_from(before).to_frame()
            tables.append(Table(f"change_{after.terms.year}", "", change, earlier=after is not last))
        return tables

    def _budget(self, bills: Sequence[Bill], of: str = NATION) -> Table:
        """What the bills put in the budget of a municipality, or of all of them."""
        *earlier, last = bills
        return Table("budget", "", last.budget(*earlier, of=of, terms=self.definition.budget), role="budget")

    def _note(self, bills: Sequence[Bill], code: str) -> tuple[Table, ...]:
        """The years side by side, why they differ, neighbours in size, and the steps; the latest year first."""
        last, by_year = bills[-1], {str(bill.terms.year): bill for bill in bills}
        tables = [bills_table("years", message("by_year_of", title=self.title), by_year, code, index="year")]
        for before, after in reversed(list(pairwise(bills))):
            change, name = after.change_from(before), f"change_{after.terms.year}"
            earlier = after is not last
            table = change.explain(code).table(name, change.title, basis=False, notes=change.notes, earlier=earlier)
            tables.append(table)
        tables.append(self._budget(bills, code))
        near = last.to_frame()[["name", "inhabitants", last.column, "per_inhabitant"]]
        tables.append(similar_size(near, code, message("similar_size_of", title=last.title), total=()))
        for bill in reversed(bills):
            name, title = f"steps{_suffix(bills, bill)}", message("steps_of", title=bill.title)
            tables.append(bill.explain(code).table(name, title, notes=bill.notes, earlier=bill is not last))
        return tuple(tables)


def index_used(terms: Terms) -> dict[str, Any]:
    """Return which index a bill rests on, and of which publications, for provenance."""
    return {} if terms.indexed is None else {"index": terms.indexed.in_provenance(terms.year)}


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
    return (*lines, *rank_lines(bills[-1].to_frame(), code, "per_inhabitant"))
