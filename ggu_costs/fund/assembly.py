"""The table of an assembly: per member what it pays this year and next, each fund and fee beside the others.

A fund's contribution and a fee are never one amount under one name. What members pay in all is their sum, where all are
of the same two years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from string import ascii_lowercase
from typing import Any, ClassVar

import pandas as pd

from ggu_costs.display.language import report_in
from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Line, Report
from ggu_costs.display.table import Table, beyond, similar_size
from ggu_costs.errors import Faults
from ggu_costs.frames import describe
from ggu_costs.fund.assembly_answer import answer_of_member, answer_of_members
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.result import CentsResult, per_inhabitant, whole_people
from ggu_costs.fund.said import state_of
from ggu_costs.fund.streams import Stream
from ggu_costs.fund.terms import check_known
from ggu_costs.money import euros
from ggu_costs.reference import Reference
from ggu_costs.words.languages import check_language
from ggu_costs.words.messages import message

_MOST = len(ascii_lowercase)


@dataclass(frozen=True, kw_only=True)
class Assembly(CentsResult):
    """What members pay this year and next, stream by stream.

    Attributes
    ----------
    streams
        Funds and fees, in the order of their letters.
    """

    streams: tuple[Stream, ...]

    noun: ClassVar[str] = "table of an assembly"

    @property
    def years(self) -> tuple[int, int] | None:
        """Years of both bills; None where streams are of different years, which are not added up."""
        found = {stream.years for stream in self.streams}
        return found.pop() if len(found) == 1 else None

    @property
    def added_up(self) -> bool:
        """Whether there are streams whose amounts can be added up."""
        return len(self.streams) > 1 and self.years is not None

    @property
    def meanings(self) -> dict[str, str]:
        """What the letters of the columns stand for."""
        return {stream.letter: stream.after.title for stream in self.streams}

    @cached_property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code of each column: by stream this year, next year and the change; then the same of all."""
        found: dict[str, Mapping[str, int]] = {}
        for stream in self.streams:
            (this, following), letter, name = stream.years, stream.letter, stream.after.column
            cents = stream.cents
            found[f"{name}_{this}_{letter}"] = cents["before"]
            found[f"{name}_{following}_{letter}"] = cents["after"]
            found[f"change_{letter}"] = {code: stream.difference(code) for code in cents["after"]}
        if self.added_up and self.years:
            this, following = self.years
            found[f"together_{this}"] = self._sum("before")
            found[f"together_{following}"] = self._sum("after")
            found["together_change"] = {code: sum(s.difference(code) for s in self.streams) for code in self.codes}
        return found

    def _sum(self, side: str) -> dict[str, int]:
        return {code: sum(stream.cents[side][code] for stream in self.streams) for code in self.codes}

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the members, in order."""
        return tuple(self.streams[0].cents["after"])

    @property
    def people(self) -> Mapping[str, Fraction]:
        """Inhabitants by code of the latest count."""
        latest = max(self.streams, key=lambda stream: stream.after.terms.counting_date)
        return latest.people["after"]

    def _rates(self, codes: Sequence[str]) -> dict[str, float | None]:
        """Euro per inhabitant of each stream this year and next, each by the count of its own bill."""
        found: dict[str, float | None] = {}
        for stream in self.streams:
            for year, side in zip(stream.years, ("before", "after"), strict=True):
                cents = sum(stream.cents[side][code] for code in codes)
                people = sum((stream.people[side][code] for code in codes), Fraction(0))
                found[f"per_inhabitant_{year}_{stream.letter}"] = per_inhabitant(cents, people)
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return by code ``name, inhabitants`` (of the latest count), and for each stream x of years y and z
        ``contribution_y_x`` (or ``fee_y_x``), ``contribution_z_x, change_x, per_inhabitant_y_x, per_inhabitant_z_x``.

        In euro; plus: pays more. Where all streams are of the same two years, ``together_y, together_z,
        together_change`` are their sum.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        frame = pd.DataFrame(index=pd.Index(self.codes, name="code"))
        frame["name"] = [self.names[code] for code in self.codes]
        frame["inhabitants"] = [whole_people(self.people[code]) for code in self.codes]
        for name, cents in self.columns.items():
            frame[name] = euros([cents[code] for code in self.codes])
        rates = pd.DataFrame([self._rates([code]) for code in self.codes], index=frame.index)
        frame = frame.join(rates)
        return self._framed(frame, self._units, total=("inhabitants", *self.columns))

    @property
    def _units(self) -> dict[str, str]:
        rates = (f"per_inhabitant_{year}_{s.letter}" for s in self.streams for year in s.years)
        return dict.fromkeys(self.columns, "EUR") | dict.fromkeys(rates, "EUR/inhabitant")

    def by(self, group: Any) -> pd.DataFrame:
        """Return the same by group: ``municipalities, inhabitants``, the amounts, and euro per inhabitant.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them. Groups that overlap, or leave municipalities out, have no total.
        """

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            return {
                "municipalities": len(codes),
                "inhabitants": float(sum((self.people[code] for code in codes), Fraction(0))),
                **{name: sum(cents[code] for code in codes) / 100 for name, cents in self.columns.items()},
                **self._rates(codes),
            }

        total = ("municipalities", "inhabitants", *self.columns)
        return self._grouped(self._groups(group), row, self._units, total=total)

    def by_stream(self, *codes: str) -> pd.DataFrame:
        """Return a row for each stream: what is paid this year and next, and per inhabitant; the state of VAT.

        Parameters
        ----------
        codes
            Members that are added up; by default all.

        Returns
        -------
        pandas.DataFrame
            Index ``stream``; ``year, before, after, change, per_inhabitant_before, per_inhabitant_after, vat_state``
            and, of next year, ``vat, recoverable_vat, net``, NaN where VAT is PM. Streams of the same years can be
            added up, which ``attrs["total"]`` says.
        """
        chosen = codes or self.codes
        place = [self.codes.index(code) for code in chosen]
        rows = []
        for stream in self.streams:
            this, following = self._rates_of(stream, chosen)
            before, after = (sum(stream.cents[side][code] for code in chosen) for side in ("before", "after"))
            vat = {name: round(float(figures[place].sum()), 2) for name, figures in stream.vat.items()}
            rows.append(
                {
                    "year": stream.years[1], "before": before / 100, "after": after / 100,
                    "change": (after - before) / 100, "per_inhabitant_before": this,
                    "per_inhabitant_after": following, "vat_state": state_of([stream.after]),
                    **{name: vat.get(name, float("nan")) for name in ("vat", "recoverable_vat", "net")},
                }
            )  # fmt: skip
        labels = [message("titled", of=s.letter.upper(), title=s.after.called) for s in self.streams]
        frame = pd.DataFrame(rows, index=pd.Index(labels, name="stream", dtype=object))
        frame["vat_state"] = pd.Series([row["vat_state"] for row in rows], index=frame.index, dtype=object)
        euro_columns = ("before", "after", "change", "vat", "recoverable_vat", "net")
        rates = ("per_inhabitant_before", "per_inhabitant_after")
        units: dict[str, str] = {**dict.fromkeys(euro_columns, "EUR"), **dict.fromkeys(rates, "EUR/inhabitant")}
        total = ("before", "after", "change") if self.added_up else ()
        return self._framed(frame, units, pm=("vat", "recoverable_vat", "net"), total=total)

    def _rates_of(self, stream: Stream, codes: Sequence[str]) -> list[float | None]:
        rates = self._rates(codes)
        return [rates[f"per_inhabitant_{year}_{stream.letter}"] for year in stream.years]

    def causes(self, *codes: str) -> pd.DataFrame:
        """Return why amounts change: a row for each cause, a column ``change_x`` for each stream, in euro.

        Parameters
        ----------
        codes
            Members that are added up; by default all.
        """
        chosen = codes or self.codes
        found = {f"change_{stream.letter}": stream.causes(chosen) for stream in self.streams}
        names = [name for name in dict.fromkeys(n for causes in found.values() for n in causes)
                 if any(causes.get(name) for causes in found.values())]  # fmt: skip
        frame = pd.DataFrame(
            {column: euros([causes.get(name, 0) for name in names]) for column, causes in found.items()},
            index=pd.Index(names, name="cause"),
        )
        return self._framed(frame, dict.fromkeys(found, "EUR"), total=tuple(found))

    def of_stream(self, letter: str) -> pd.DataFrame:
        """Return one stream by code: this year, each cause, next year, and what VAT does to next year's amount.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants`` (of its own count), ``before``, a column for each cause that changes something,
            ``after, per_inhabitant_before, per_inhabitant_after``, and ``including_vat`` or ``excluding_vat`` where it
            differs, ``vat, recoverable_vat, net``; NaN is a memorandum item (PM).
        """
        stream = next(one for one in self.streams if one.letter == letter)
        frame = pd.DataFrame(index=pd.Index(self.codes, name="code"))
        frame["name"] = [self.names[code] for code in self.codes]
        frame["inhabitants"] = [whole_people(stream.people["after"][code]) for code in self.codes]
        there = {n: c for n, c in stream.cents.items() if n in ("before", "after") or any(c.values())}
        for name, cents in there.items():
            frame[name] = euros([cents[code] for code in self.codes])
        for name, year in zip(("per_inhabitant_before", "per_inhabitant_after"), stream.years, strict=True):
            frame[name] = self._table[f"per_inhabitant_{year}_{letter}"]
        for name, figures in stream.vat.items():
            frame[name] = figures
        units = dict.fromkeys((*there, *stream.vat), "EUR")
        units |= dict.fromkeys(("per_inhabitant_before", "per_inhabitant_after"), "EUR/inhabitant")
        return self._framed(frame, units, pm=tuple(stream.vat), total=("inhabitants", *there, *stream.vat))

    def report(self, municipality: str | None = None, *, lang: str = "nl") -> Report:
        """Return what is sent to members before the vote: for all of them, or the note of one.

        Parameters
        ----------
        municipality
            Code of one member, for its note.
        lang
            ``nl`` or ``en``: the language of all that is said.

        Raises
        ------
        UnknownNameError
            A municipality that is no member, a language that does not exist.
        """
        check_language(lang)
        return report_in(self._report(municipality), lang)

    def _report(self, municipality: str | None) -> Report:
        facts: dict[str, Any] = {
            "notes": self.notes, "provenance": self.provenance, "reference": self.reference,
            "made_up": self.illustrative,
        }  # fmt: skip
        if municipality is not None:
            check_known(municipality, self.streams[0].cents["after"], "member", self.map_date, self.reference)
            title = message("titled_code", name=self.names[municipality], code=municipality, title=self.title)
            return Report(title, self._note(municipality), municipality=municipality,
                          answer=answer_of_member(self, municipality), **facts)  # fmt: skip
        main = Table("assembly", "", self.to_frame(), map_date=self.map_date, meanings=self.meanings)
        tables = [main, Table("streams", message("all_members"), self.by_stream()), self._causes_table()]
        tables += [Table(f"by_{group}", "", self.by(group), role="groups") for group in ("size_class", "province")]
        for stream in self.streams:
            title = message("why_changed", letter=stream.letter.upper(), title=stream.after.title)
            frame = self.of_stream(stream.letter)
            tables.append(Table(f"changes_{stream.letter}", title, frame, map_date=self.map_date, earlier=True))
        shown = "together_change" if self.added_up else f"change_{self.streams[0].letter}"
        charts = [chart for stream in self.streams for chart in page_charts(stream.change.plot)]
        return Report(
            self.title, tuple(tables), self._summary(), map=("assembly", shown), more_charts=tuple(charts),
            explained=tuple(stream.after for stream in self.streams), answer=answer_of_members(self), **facts,
        )  # fmt: skip

    def _causes_table(self, *codes: str) -> Table:
        return Table("causes", message("why_amounts_change"), self.causes(*codes), meanings=self.meanings)

    def _summary(self) -> tuple[Line, ...]:
        lines: list[Line] = []
        for stream in self.streams:
            total = message("total_of_letter", letter=stream.letter.upper(), title=stream.after.title)
            lines.append((total, stream.after.total, "EUR"))
        return tuple(lines)

    def _note(self, code: str) -> tuple[Table, ...]:
        """The streams side by side, why they change, neighbours in size, and the steps to the amounts of next year."""
        near = self._table[["name", "inhabitants", *(n for n in self._units if "change" not in n)]]
        tables = [
            Table("streams", message("this_year_and_next"), self.by_stream(code)),
            self._causes_table(code),
            similar_size(describe(near.copy(), units=self._units), code, message("similar_size"), total=(), notes=()),
        ]
        for stream in self.streams:
            for place, steps in enumerate(stream.steps(code)):
                name = f"steps_{stream.letter}{place or ''}"
                title = message("steps_of_letter", letter=stream.letter.upper(), title=steps.title)
                tables.append(steps.table(name, title))
        return tuple(replace(table, meanings=self.meanings) for table in tables)


def assembly_table(*pairs: tuple[Bill, Bill]) -> Assembly:
    """Put what members pay this year and next side by side, for any number of funds and fees.

    Parameters
    ----------
    pairs
        Of each fund or fee the bill of this year and that of next year, in the order in which they are shown.

    Returns
    -------
    Assembly
        ``.to_frame()``, ``.by(group)``, ``.by_stream()``, ``.causes()`` and ``.report(municipality)``, on the latest
        municipal map of the bills.

    Raises
    ------
    InputError
        No pairs, or what is no bill; bills of two kinds in a pair, of years in the wrong order, in two VAT states or on
        maps that go back in time: of all pairs at once.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> this, following = (ggu.open_fee(f"fees/vng-contributie/{year}").fees() for year in (2023, 2024))
    >>> table = assembly_table((this, following))
    >>> table.to_frame().loc["GM0345", ["fee_2023_a", "fee_2024_a", "change_a"]].tolist()
    [104490.75, 112348.8, 7858.05]
    """
    faults = Faults()
    if not 1 <= len(pairs) <= _MOST:
        faults.add("pairs", f"{len(pairs)} funds and fees", f"1 to {_MOST}")
    for position, pair in enumerate(pairs):
        _check_pair(f"pairs[{position}]", pair, faults)
    faults.check("these bills make no table of an assembly", remedy="Correct the pairs listed.")
    above = Reference.above(*(bill.reference for pair in pairs for bill in pair))
    day = max(after.terms.map_date for _, after in pairs)
    streams = tuple(
        Stream(letter, before, after, after.change_from(before), day, above)
        for letter, (before, after) in zip(ascii_lowercase, pairs, strict=False)
    )
    notes: list[str] = [message("titled", of=stream.letter.upper(), title=stream.after.title) for stream in streams]
    if len({stream.years for stream in streams}) > 1:
        notes.append(message("years_not_added_up"))
    elif len({stream.after.terms.vat.state for stream in streams}) > 1:
        notes.append(message("vat_states_differ", states=[
            message("titled", of=s.letter.upper(), title=state_of([s.after])) for s in streams
        ]))  # fmt: skip
    if any(stream.after.terms.map_date < day for stream in streams):
        notes.append(message("successors_counted"))
    said = {text for stream in streams for text in stream.after.outside}  # by the answer, of which stream it is
    for stream in streams:
        notes += beyond(stream.change.notes, said)
    return Assembly(
        title=message("assembly_of", titles=[stream.after.called for stream in streams]),
        notes=tuple(dict.fromkeys(notes)),
        provenance={
            s.letter: {"before": dict(s.before.provenance), "after": dict(s.after.provenance)} for s in streams
        },
        illustrative=any(bill.illustrative for pair in pairs for bill in pair),
        streams=streams, map_date=day, reference=above,
    )  # fmt: skip


def _check_pair(where: str, pair: object, faults: Faults) -> None:
    """Note what makes two bills no stream."""
    if not (isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(one, Bill) for one in pair)):
        faults.add(where, f"a {type(pair).__name__}", "the bill of this year and that of next year")
        return
    old, new = (bill.terms for bill in pair)
    if old.kind != new.kind:
        faults.add(where, f"a {old.kind} and a {new.kind}", "two bills of one kind")
    if old.year >= new.year:
        faults.add(where, f"bills of {old.year} and {new.year}", "this year first, then a later one")
    if new.map_date < old.map_date:
        faults.add(where, f"maps of {old.map_date} and {new.map_date}", "a map that is not earlier")
    if (new.vat.state == "excl") != (old.vat.state == "excl"):
        faults.add(where, f"vat {old.vat.state!r} and {new.vat.state!r}", "one VAT state")
