"""Two or three bills side by side: current, proposal, amendment; volume effect and redistribution effect apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from ggu_costs.display.report import Line, Report
from ggu_costs.display.result import LETTERS, SideBySide, Step
from ggu_costs.display.table import Table, similar_size
from ggu_costs.errors import InputError
from ggu_costs.frames import describe
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.redistribution import Redistribution, redistribution
from ggu_costs.fund.result import CentsResult, euro_frame
from ggu_costs.fund.terms import check_known
from ggu_costs.words.messages import euro, message, word

_EFFECTS = ("volume_effect", "effect", "effect_per_inhabitant")


def bills_table(name: str, title: str, bills: Mapping[str, Bill], code: str, *, index: str) -> Table:
    """Return the bill of one municipality over the years, or over proposals: amounts, VAT and what is left.

    Parameters
    ----------
    name, title
        As for :class:`~ggu_costs.display.table.Table`.
    bills
        Bills by what their row is called.
    code
        The municipality; a bill on a map without it is left out.
    index
        Name of the column with what a row is called.
    """
    frames = {row: bill.to_frame() for row, bill in bills.items() if code in bill.cents}
    table = pd.concat([frame.loc[[code]] for frame in frames.values()])
    rows = pd.Index(list(frames), name=index, dtype=object)  # messages stay messages
    table = table.drop(columns=["name", "metric", "ratio", "method"]).set_axis(rows)
    units = {name: unit for frame in frames.values() for name, unit in frame.attrs["units"].items() if name in table}
    pm = dict.fromkeys(name for frame in frames.values() for name in frame.attrs["pm"])
    describe(table, units=units, pm=list(pm))
    return Table(name, title, table, illustrative=any(bill.illustrative for bill in bills.values()))


def rank_lines(frame: pd.DataFrame, code: str, rate: str = "") -> list[Line]:
    """Return the place of a municipality by inhabitants and, where amounts differ, by amount per inhabitant."""
    lines: list[Line] = []
    columns = (("place_by_size", "inhabitants"), ("place_by_rate", rate))
    for name, column in columns:
        if column in frame and frame[column].round(2).nunique() > 1:
            ahead = int((frame[column] > frame.loc[code, column]).sum())
            lines.append((name, message("rank", rank=ahead + 1, n=len(frame)), ""))
    return lines


@dataclass(frozen=True, kw_only=True)
class Comparison(CentsResult, SideBySide):
    """Bills side by side, each against the first.

    Attributes
    ----------
    bills
        The bills compared; columns ``a``, ``b``, ``c`` in this order.
    effects
        Of each bill after the first, against the first.
    """

    bills: tuple[Bill, ...]
    effects: tuple[Redistribution, ...]

    noun: ClassVar[str] = "comparison"

    @property
    def by_letter(self) -> dict[str, Bill]:
        """The bills by the letter of their column."""
        return dict(zip(self.meanings, self.bills, strict=True))

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code of each bill, on the latest map."""
        amounts = [self.effects[0].before, *(effect.after for effect in self.effects)]
        return dict(zip(self.meanings, amounts, strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, inhabitants``, the amounts ``a, b, c`` and for b and c ``volume_effect_x, effect_x,
        effect_per_inhabitant_x``, on the latest municipal map, in euro.

        The volume effect is what changes because the total does; the effect is what the key and the figures do: a +
        volume_effect_b + effect_b = b. Inhabitants are those of the latest count.
        """
        frame = euro_frame(self.columns, self.names)
        frame.insert(1, "inhabitants", _latest(self.bills).to_frame()["inhabitants"])
        units = dict.fromkeys(self.columns, "EUR")
        for letter, effect in zip(list(self.meanings)[1:], self.effects, strict=True):
            table = effect.to_frame()
            for name in [name for name in _EFFECTS if name in table]:
                frame[f"{name}_{letter}"] = table[name]
                units[f"{name}_{letter}"] = table.attrs["units"][name]
        total = ["inhabitants", *(name for name, unit in units.items() if unit == "EUR")]
        return self._framed(frame, units, total=total)

    def _steps(self, code: str) -> Iterator[Step]:
        frame = self.to_frame()
        for name in frame.attrs["units"]:
            amount = euro(frame.at[code, name], plus="effect" in name)
            yield Step(word(name), amount, self.by_letter[name].title if name in self.by_letter else "")

    def summary(self) -> tuple[Line, ...]:
        """Total of each bill, for the head of a report."""
        return tuple(
            (message("total_of_letter", letter=letter, title=bill.title), bill.total, "EUR")
            for letter, bill in self.by_letter.items()
        )

    def report(self, municipality: str | None = None) -> Report:
        """Return what a comparison shows: for all municipalities, or what it means for one.

        Raises
        ------
        UnknownNameError
            A municipality that is not in it.
        """
        if municipality is None:
            return super().report()
        check_known(municipality, self.effects[0].after, "municipality in this comparison", self.map_date)
        title = message("titled_code", name=self.names[municipality], code=municipality, title=self.title)
        tables, summary = self._note(municipality), self._note_summary(municipality)
        return Report(
            title, tables, summary, self.notes, self.provenance, municipality=municipality, made_up=self.illustrative
        )

    def _note(self, code: str) -> tuple[Table, ...]:
        """Sides, effects, why each proposal differs from the first, neighbours in size, and the steps."""
        bills: dict[str, Bill] = {
            message("titled", of=letter.upper(), title=bill.title): bill for letter, bill in self.by_letter.items()
        }
        known = {letter: bill for letter, bill in self.by_letter.items() if code in bill.cents}
        effects = self.explain(code).table("effect", message("effect_of_proposal"), basis=False)
        tables = [
            bills_table("sides", message("side_by_side"), bills, code, index="variant"),
            replace(effects, frame=effects.frame.iloc[len(bills) :]),  # the amounts themselves stand side by side
        ]
        for letter in [letter for letter in known if letter != LETTERS[0]]:
            change = known[letter].change_from(self.bills[0]).explain(code)
            tables.append(
                change.table(f"change_{letter}", message("why_different", letter=letter.upper()), basis=False)
            )
        near = similar_size(self.to_frame(), code, message("similar_size"), total=(), notes=())
        tables.append(near)
        for letter, bill in known.items():
            title = message("steps_of_letter", letter=letter.upper(), title=bill.title)
            tables.append(bill.explain(code).table(f"steps_{letter}", title))
        return tuple(tables)

    def _note_summary(self, code: str) -> tuple[Line, ...]:
        frame = self.to_frame()
        lines: list[Line] = [
            (f"{bill.column}_{letter}", bill.cents[code] / 100, "EUR")
            for letter, bill in self.by_letter.items()
            if code in bill.cents
        ]
        for letter in LETTERS[1 : len(self.bills)]:
            for column in (f"effect_{letter}", f"effect_per_inhabitant_{letter}"):
                lines.append((column, float(frame[column][code]), frame.attrs["units"][column]))
        return (*lines, *rank_lines(frame, code))


def _latest(bills: Sequence[Bill]) -> Bill:
    """The bill on the latest map, and of those with the latest count."""
    return max(bills, key=lambda bill: (bill.terms.map_date, bill.terms.counting_date))


def compare(*bills: Bill) -> Comparison:
    """Put two or three bills of one kind side by side.

    Parameters
    ----------
    bills
        Two or three bills, all contributions or all fees. Where maps differ, amounts are carried to the latest map.

    Raises
    ------
    InputError
        Another number of bills, something else than bills, fund and fee mixed, or different VAT states.
    """
    for bill in bills:
        if not isinstance(bill, Bill):
            raise InputError(
                f"a {type(bill).__name__} to compare", remedy="Give bills: fund.contributions(), fee.fees()."
            )
    if not 2 <= len(bills) <= 3:
        raise InputError(f"{len(bills)} bills to compare", remedy="Give two or three.")
    if len({bill.terms.kind for bill in bills}) > 1:
        raise InputError("a fund and a fee are not compared with one another", remedy="Show both side by side instead.")
    terms = _latest(bills).terms
    people = pd.Series(dict(terms.figures["inhabitants"]), dtype=object)
    effects = tuple(
        redistribution(bills[0], bill, total="scale", inhabitants=people, map_date=terms.map_date) for bill in bills[1:]
    )
    meanings = {letter: bill.title for letter, bill in zip(LETTERS, bills, strict=False)}
    titles = [message("titled", of=letter, title=title) for letter, title in meanings.items()]
    notes = [*titles, *(note for bill in bills for note in bill.notes), *(note for e in effects for note in e.notes)]
    return Comparison(
        title=message("comparison_of", titles=list(meanings.values())),
        notes=tuple(dict.fromkeys(notes)),
        provenance={letter: dict(bill.provenance) for letter, bill in zip(meanings, bills, strict=True)},
        illustrative=any(bill.illustrative for bill in bills),
        bills=bills,
        meanings=meanings,
        effects=effects,
        map_date=terms.map_date,
    )
