"""Checking of codes: which labels are municipalities of a day, and what to say about each that is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date as _date
from typing import TYPE_CHECKING

from ggu_costs.errors import Faults
from ggu_costs.reference.facts import kept
from ggu_costs.reference.maps import Maps

if TYPE_CHECKING:
    from ggu_costs.typing import DateLike


_CODE = re.compile(r"GM[0-9]{4}")
_OTHER = re.compile(r"(?!GM)[A-Z]{2}:\S(?:.*\S)?")


def is_participant(label: object) -> bool:
    """Return whether a label is written as a municipality (GM0363) or as another participant (XX:NAME).

    Examples
    --------
    >>> is_participant("GM0363"), is_participant("WS:Rijnland"), is_participant("Amsterdam")
    (True, True, False)
    """
    return isinstance(label, str) and bool(_CODE.fullmatch(label) or _OTHER.fullmatch(label))


def is_placeholder(code: str) -> bool:
    """Return whether a code is one that packs may give to a municipality until CBS does: GM9000 to GM9999.

    Examples
    --------
    >>> is_placeholder("GM9001"), is_placeholder("GM0363")
    (True, False)
    """
    return re.fullmatch(r"GM9[0-9]{3}", code) is not None


def _plain(name: str) -> str:
    if len(name) > 100:  # no municipality, and slow to look through
        return name
    return re.sub(r"\s*\([^)]*\)$", "", name.strip()).casefold()


class Codes(Maps):
    """Which labels are municipalities of a day."""

    def ever_existed(self, code: str) -> bool:
        """Return whether a code is of another participant, or of a municipality of any day that is known.

        Examples
        --------
        >>> from ggu_costs.reference import ever_existed
        >>> ever_existed("GM0007"), ever_existed("GM9999"), ever_existed("WS:Rijnland")
        (True, False, True)
        """
        return not code.startswith("GM") or code in self.known_codes()

    @kept
    def known_codes(self) -> frozenset[str]:
        """Return the codes of all municipalities of any day that is known."""
        on_new_year = {str(code) for year in self.known_years() for code in self.year_table(year).index}
        return frozenset(on_new_year.union(*((step.old, step.new) for step in self.steps())))

    def names_of(self, day: _date) -> dict[str, str]:
        """Return the name of each municipality of a day, by code: as CBS wrote it that year, or as in the merger."""
        return dict(self._names_of(day))

    @kept
    def _names_of(self, day: _date) -> dict[str, str]:
        year = max(year for year in self.known_years() if year <= day.year)
        names = {str(code): str(name) for code, name in self.year_table(year)["name"].items()}
        names |= {step.new: step.new_name for step in self.steps() if step.day <= day and step.new not in names}
        return {code: names[code] for code in self.member_codes(day)}

    def code_of_name(self, name: str, day: _date) -> str:
        """Return the code that belongs to a name on a day, for a remedy; empty where that is not one code."""
        found = self._codes_by_name(day).get(_plain(name), ())
        return found[0] if len(found) == 1 else ""

    @kept
    def _codes_by_name(self, day: _date) -> dict[str, tuple[str, ...]]:
        codes: dict[str, tuple[str, ...]] = {}
        for code, name in self._names_of(day).items():
            codes[_plain(name)] = (*codes.get(_plain(name), ()), code)
        return codes

    def check_codes(
        self,
        index: Iterable[object],
        date: DateLike,
        *,
        what: str,
        complete: bool = True,
        others: bool = False,
        expected: Collection[str] | None = None,
        faults: Faults | None = None,
    ) -> None:
        """Check that labels are the codes of the municipalities of a day, and report every fault at once.

        Parameters
        ----------
        index
            Labels, such as the index of a Series.
        date
            The day of the municipal map.
        what
            What the labels belong to, for the messages ("the key").
        complete
            Every municipality of the day (or of `expected`) has to be there.
        others
            Allow participants that are no municipality, written XX:NAME.
        expected
            Allow and ask for these municipalities only, instead of all of the day.
        faults
            Collect the faults here instead of raising.

        Raises
        ------
        InputError
            Labels that are unknown, names or numbers instead of codes, ended or not yet there on the day (into what and
            when), twice, or missing.
        OutsidePeriodError
            A day for which the map is not known.

        Examples
        --------
        >>> from ggu_costs.reference import check_codes
        >>> check_codes(["GM0363", "GM0457"], "2022-03-24", what="votes", complete=False)
        Traceback (most recent call last):
            ...
        ggu_costs.errors.InputError: votes: these are not the municipalities of 2022-03-24
          - votes GM0457: Weesp ended on 2022-03-24, into GM0363 Amsterdam. Carry the figures from the earlier map.
        Use the codes of that day (members), or carry figures of an earlier day (carry).
        """
        day = self.map_day(date, what="map date")
        found = Faults() if faults is None else faults
        allowed = frozenset(self.member_codes(day) if expected is None else expected)
        labels = list(index)
        if labels and labels == list(range(len(labels))):
            found.add(what, "row numbers 0, 1, 2, ... instead of codes", "codes such as GM0363",
                      "Make the codes the index, for example with set_index('code').")  # fmt: skip
            labels, complete = [], False
        given = set(labels)
        days = () if given == set(self.member_codes(day)) else [_date(year, 1, 1) for year in self.known_years()]
        other = next((other for other in days if given == set(self.member_codes(other))), None)
        if other:  # exactly the map of another year: that is the likely slip
            found.add(what, f"the municipalities of {other}", f"those of {day}")
        counts = Counter(labels)
        meant: set[object] = set()
        for label, count in counts.items():
            if label in allowed or (others and is_participant(label) and not str(label).startswith("GM")):
                meant.add(label)
                if count > 1:
                    found.add(f"{what} {label}", f"{count} times", "once")
            else:
                meant.add(self._explain(label, day, what, found))
        if complete:
            names = self.names_of(day)
            for code in sorted(map(str, allowed - meant)):
                found.add(f"{what} {code}", f"no value for {names.get(code, code)}", "one for every municipality")
        if faults is None:
            found.check(
                f"{what}: these are not the municipalities of {day}",
                remedy="Use the codes of that day (members), or carry figures of an earlier day (carry).",
            )

    def _explain(self, label: object, day: _date, what: str, faults: Faults) -> object:
        """Note what is wrong with one label; return the code that was meant, as far as that is clear."""
        where = f"{what} {label}"
        if not isinstance(label, str):
            faults.add(f"{what} {label!r}", "a number instead of a code", "text such as GM0363")
            return f"GM{label:04d}" if isinstance(label, int) else label
        tidy = label.strip().upper()
        if _CODE.fullmatch(tidy) and tidy != label:
            faults.add(f"{what} {label!r}", "spaces or small letters in a code", remedy=f"Write {tidy}.")
            return tidy
        if not _CODE.fullmatch(label):
            code = self.code_of_name(label, day)
            if code:
                faults.add(where, "a name instead of a code", remedy=f"Use {code}.")
            else:
                faults.add(where, "not a code", "GM and four digits, such as GM0363")
            return code or label
        ended = [step for step in self.steps() if step.old == label]
        begun = [step for step in self.steps() if step.new == label and not step.receiver_existed]
        if ended and ended[0].day <= day:
            into = " and ".join(f"{step.new} {step.new_name}" for step in ended)
            faults.add(
                where, f"{ended[0].old_name} ended on {ended[0].day}, into {into}",
                remedy="Carry the figures from the earlier map.",
            )  # fmt: skip
        elif begun and begun[0].day > day:
            from_codes = ", ".join(f"{step.old} {step.old_name}" for step in begun)
            faults.add(where, f"{begun[0].new_name} exists since {begun[0].day} only, out of {from_codes}")
        elif label in self.member_codes(day):
            faults.add(where, "not one of the participants asked for")
        else:
            faults.add(where, f"no municipality of {self.known_years()[0]} to {self.known_years()[-1]} has this code")
        return label
