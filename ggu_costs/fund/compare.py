"""Two or three bills side by side: current, proposal, amendment; the difference with its parts and causes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Line, Report
from ggu_costs.display.table import Table, similar_size
from ggu_costs.errors import InputError
from ggu_costs.frames import describe
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.budget import NATION
from ggu_costs.fund.change import Change, falls_of
from ggu_costs.fund.compared import answer_of_all, answer_of_one
from ggu_costs.fund.phase_in import PhaseIn, path_of
from ggu_costs.fund.redistribution import Redistribution, redistribution
from ggu_costs.fund.result import CentsResult, euro_frame
from ggu_costs.fund.said import ends
from ggu_costs.fund.terms import check_known
from ggu_costs.reference import Reference
from ggu_costs.results.base import LETTERS, SideBySide, Step
from ggu_costs.words.messages import euro, message, word

_PARTS = ("difference", "other_total", "redistribution")
_SIGNED = frozenset({*_PARTS, "per_inhabitant_change"})
_EXACT = 9  # decimals beyond which floats differ that are equal


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
    paths
        The phase-in of each, where one is asked.
    """

    bills: tuple[Bill, ...]
    effects: tuple[Redistribution, ...]
    paths: tuple[PhaseIn, ...] = ()

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

    @cached_property
    def _others(self) -> list[tuple[str, Redistribution]]:
        return list(zip(list(self.meanings)[1:], self.effects, strict=True))

    def causes(self, letter: str) -> Change | None:
        """Return why a bill differs from the first, cause by cause; None where it is on an earlier municipal map."""
        bill, first = self.by_letter[letter], self.bills[0]
        return None if bill.terms.map_date < first.terms.map_date else bill.change_from(first)

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, inhabitants``, the amounts ``a, b, c``, for b and c ``difference_x`` with its parts
        ``other_total_x`` (where totals differ) and ``redistribution_x``, ``per_inhabitant_a, _b, _c``, and
        ``per_inhabitant_change_x``, what the amount per inhabitant becomes minus what it was.

        In euro, on the latest municipal map. The difference is that bill minus the first: plus = pays more. Its parts
        add up to it: what another total does, and what key and figures do at equal totals. Amounts per inhabitant are
        divided by the inhabitants of their own bill; ``inhabitants`` are those of the latest count.
        """
        frame = euro_frame(self.columns, self.names)
        frame.insert(1, "inhabitants", _latest(self.bills).to_frame()["inhabitants"])
        units = dict.fromkeys(self.columns, "EUR")
        tables = {letter: effect.to_frame() for letter, effect in self._others}
        for letter, table in tables.items():
            for name in [name for name in _PARTS if name in table]:
                frame[f"{name}_{letter}"] = table[name]
                units[f"{name}_{letter}"] = "EUR"
        first = LETTERS[0]
        rates = {first: tables[LETTERS[1]]["per_inhabitant_before"]}
        rates |= {letter: table["per_inhabitant_after"] for letter, table in tables.items()}
        units |= _with_rates(frame, rates)
        total = ["inhabitants", *(name for name, unit in units.items() if unit == "EUR")]
        return self._framed(frame, units, total=total)

    def by(self, group: Any) -> pd.DataFrame:
        """Return by group ``municipalities, inhabitants``, each amount, ``difference_x`` with its parts, and
        ``per_inhabitant_x`` with its change; with ``pay_more_x, pay_less_x``.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them. Groups that overlap, or leave municipalities out, have no total.
        """
        amounts = super().by(group)
        people = _latest(self.bills).terms.figures["inhabitants"]
        members = self._groups(group).members.values()
        frame = amounts[["municipalities"]].copy()
        frame["inhabitants"] = [float(sum(people[code] for code in codes)) for codes in members]
        frame = frame.join(amounts[list(self.columns)])
        units = dict.fromkeys(self.columns, "EUR")
        total = [*amounts.attrs["total"], "inhabitants"] if amounts.attrs["total"] else []
        rates: dict[str, pd.Series] = {}
        for letter, effect in self._others:
            table = effect.by(group)
            for name in ("pay_more", "pay_less", *_PARTS):
                if name in table:
                    frame[f"{name}_{letter}"] = table[name].to_numpy()
                    units |= {f"{name}_{letter}": "EUR"} if name in _PARTS else {}
                    total += [f"{name}_{letter}"] if total else []
            rates.setdefault(LETTERS[0], table["per_inhabitant_before"])
            rates[letter] = table["per_inhabitant_after"]
        units |= _with_rates(frame, {letter: rate.set_axis(frame.index) for letter, rate in rates.items()})
        return self._framed(frame, units, total=total)

    def _steps(self, code: str) -> Iterator[Step]:
        frame = self.to_frame()
        for name in frame.attrs["units"]:
            amount = euro(frame.at[code, name], plus=name[:-2] in _SIGNED)
            yield Step(word(name), amount, self.by_letter[name].title if name in self.by_letter else "")

    def summary(self) -> tuple[Line, ...]:
        """Total of each bill and its difference with the first, for the head of a report."""
        totals: list[Line] = [
            (message("total_of_letter", letter=letter, title=bill.title), bill.total, "EUR")
            for letter, bill in self.by_letter.items()
        ]
        first = self.bills[0].total_cents
        return (*totals, *(
            (f"difference_{letter}", (self.by_letter[letter].total_cents - first) / 100, "EUR")
            for letter, _ in self._others
        ))  # fmt: skip

    def _report(self, municipality: str | None) -> Report:
        """Return what a comparison shows: for all municipalities, or what it means for one.

        Raises
        ------
        UnknownNameError
            A municipality that is not in it.
        """
        if municipality is None:
            changes = {letter: self.causes(letter) for letter, _ in self._others}
            answer = answer_of_all(self.by_letter, self.effects, list(changes.values()), self.paths)
            causes = [change.plot for change in changes.values() if change is not None]
            charts = [chart for plots in (*causes, *(path.plot for path in self.paths)) for chart in page_charts(plots)]
            plain = super()._report(None)
            shown = f"per_inhabitant_change_{LETTERS[1]}" if ends(self.effects[0]) else f"difference_{LETTERS[1]}"
            return replace(
                plain, tables=(*self._tables(changes), *plain.tables[1:]), answer=answer, map=("comparison", shown),
                more_charts=tuple(charts),
            )  # fmt: skip
        check_known(
            municipality, self.effects[0].after, "municipality in this comparison", self.map_date, self.reference
        )
        title = message("titled_code", name=self.names[municipality], code=municipality, title=self.title)
        known = [letter for letter, bill in self.by_letter.items() if municipality in bill.cents]
        changes = {letter: self.causes(letter) for letter, _ in self._others if letter in known}
        answer = answer_of_one(self.by_letter, self.effects, changes, self.paths, municipality)
        tables, summary = self._note(municipality, changes), self._note_summary(municipality)
        return Report(
            title, tables, summary, self.notes, self.provenance, municipality=municipality, answer=answer,
            made_up=self.illustrative, charts=falls_of(changes.values(), municipality),
        )  # fmt: skip

    def _tables(self, changes: Mapping[str, Change | None]) -> list[Table]:
        """The comparison, its groups, the causes, and the way to the full effect."""
        tables = [Table("comparison", "", self.to_frame(), map_date=self.map_date, meanings=self.meanings)]
        for group in ("size_class", "province"):
            tables.append(Table(f"by_{group}", "", self.by(group), role="groups"))
        for letter, change in changes.items():
            if change is not None:
                title = message("why_different", letter=letter.upper())
                tables.append(Table(f"change_{letter}", title, change.present_frame(), earlier=True))
        tables += self._budget(NATION)
        for (letter, _), path in zip(self._others, self.paths, strict=False):
            tables.append(Table(f"phase_in_{letter}", path.title, path.by_municipality(), earlier=True))
            tables.append(Table(f"path_{letter}", message("path_by_year", title=path.title), path.summary()))
        return tables

    def _budget(self, of: str) -> list[Table]:
        """What the bills put in a budget, year beside year; nothing where two are of one year."""
        if len({bill.terms.year for bill in self.bills}) < len(self.bills):
            return []
        *earlier, last = sorted(self.bills, key=lambda bill: bill.terms.year)
        return [Table("budget", "", last.budget(*earlier, of=of), role="budget")]

    def _note(self, code: str, changes: Mapping[str, Change | None]) -> tuple[Table, ...]:
        """Sides, effects, why each proposal differs from the first, neighbours in size, and the steps."""
        bills: dict[str, Bill] = {
            message("titled", of=letter.upper(), title=bill.title): bill for letter, bill in self.by_letter.items()
        }
        known = {letter: bill for letter, bill in self.by_letter.items() if code in bill.cents}
        effects = self.explain(code).table("difference", message("effect_of_proposal"), basis=False)
        tables = [
            bills_table("sides", message("side_by_side"), bills, code, index="variant"),
            replace(effects, frame=effects.frame.iloc[len(bills) :]),  # the amounts themselves stand side by side
        ]
        for letter, change in changes.items():
            if change is not None:
                title = message("why_different", letter=letter.upper())
                tables.append(change.explain(code).table(f"change_{letter}", title, basis=False))
        tables += self._budget(code) if len(known) == len(bills) else []
        for (letter, _), path in zip(self._others, self.paths, strict=False):
            tables.append(path.explain(code).table(f"phase_in_{letter}", path.title))
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
        units = frame.attrs["units"]
        for letter in LETTERS[1 : len(self.bills)]:
            for column in [name for part in _PARTS if (name := f"{part}_{letter}") in units]:
                lines.append((column, float(frame[column][code]), "EUR"))
        for letter in self.meanings:
            lines.append((f"per_inhabitant_{letter}", float(frame[f"per_inhabitant_{letter}"][code]), "EUR/inhabitant"))
        return (*lines, *rank_lines(frame, code))


def _with_rates(frame: pd.DataFrame, rates: Mapping[str, pd.Series]) -> dict[str, str]:
    """Add amounts per inhabitant by letter, and their change from the first; return the units of what was added."""
    first, *others = rates
    for letter, rate in rates.items():
        frame[f"per_inhabitant_{letter}"] = rate
    for letter in others:
        frame[f"per_inhabitant_change_{letter}"] = (rates[letter] - rates[first]).round(_EXACT)
    names = [*(f"per_inhabitant_{letter}" for letter in rates), *(f"per_inhabitant_change_{x}" for x in others)]
    return dict.fromkeys(names, "EUR/inhabitant")


def _latest(bills: Sequence[Bill]) -> Bill:
    """The bill on the latest map, and of those with the latest count."""
    return max(bills, key=lambda bill: (bill.terms.map_date, bill.terms.counting_date))


def compare(*bills: Bill, phase_in: Mapping[str, Any] | Sequence[float] | None = None) -> Comparison:
    """Put two or three bills of one kind side by side.

    Parameters
    ----------
    bills
        Two or three bills, all contributions or all fees. Where maps differ, amounts are carried to the latest map.
    phase_in
        The redistribution of each is spread over years: one cap a year in euro per inhabitant, or the arguments of
        :meth:`Redistribution.phase_in <ggu_costs.fund.redistribution.Redistribution.phase_in>` by name.

    Raises
    ------
    InputError
        Another number of bills, something else than bills, fund and fee mixed, different VAT states, or caps that
        contradict one another.
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
    day = _latest(bills).terms.map_date
    above = Reference.above(*(bill.reference for bill in bills))
    effects = tuple(redistribution(bills[0], bill, total="scale", map_date=day, reference=above) for bill in bills[1:])
    paths = () if phase_in is None else tuple(path_of(effect, phase_in) for effect in effects)
    meanings = {letter: bill.title for letter, bill in zip(LETTERS, bills, strict=False)}
    titles = [message("titled", of=letter, title=title) for letter, title in meanings.items()]
    notes = [*titles, *(note for bill in bills for note in bill.notes), *(note for e in effects for note in e.notes)]
    notes += [note for path in paths for note in path.notes]
    if any(bill.terms.map_date < bills[0].terms.map_date for bill in bills):
        notes.append(message("no_causes_backwards"))
    return Comparison(
        title=message("comparison_of", titles=list(meanings.values())),
        notes=tuple(dict.fromkeys(notes)),
        provenance={
            **{letter: dict(bill.provenance) for letter, bill in zip(meanings, bills, strict=True)},
            **({"phase_in": paths[0].asked} if paths else {}),
        },
        illustrative=any(bill.illustrative for bill in bills),
        bills=bills, meanings=meanings, effects=effects, paths=paths, map_date=day, reference=above,
    )  # fmt: skip
