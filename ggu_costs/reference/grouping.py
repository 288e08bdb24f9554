"""Groups of municipalities: a column, or a mapping, Series or file of your own, disjoint or overlapping.

A group such as the G4 is a list of codes that you give: ``{"G4": ["GM0363", "GM0599", "GM0518", "GM0344"]}`` for
Amsterdam, Rotterdam, 's-Gravenhage and Utrecht, or a CSV file with four lines. No such list is shipped.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError, repeated
from ggu_costs.figures import has_entries, shown
from ggu_costs.frozen import Frozen, ReadOnly
from ggu_costs.reference._numbers import is_missing
from ggu_costs.reference.facts import Facts
from ggu_costs.reference.labels import Labels
from ggu_costs.reference.tables import Reading

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import DateLike

    Grouping: TypeAlias = str | Path | pd.Series | Mapping[str, object] | Mapping[str, Iterable[str]]


_FILES = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
class Groups(Brief, Frozen):
    """Which codes are in which group.

    Attributes
    ----------
    name
        What the groups are: the column, or ``group``.
    members
        Codes by label, both in order; read-only.
    overlapping
        Some code is in more than one group: then a total over groups would count it twice, so there is none.
    left_out
        Codes in no group (of your own groups only; a column has a label for everyone). Then the groups together are
        not everyone, so a total over them is none of everyone.
    carried_from
        Day of the classification, where the labels of a column are of another year than the map.
    """

    name: str
    members: Mapping[object, tuple[str, ...]]
    overlapping: bool
    left_out: tuple[str, ...]
    carried_from: datetime.date | None = field(default=None, repr=False)

    @property
    def whole(self) -> bool:
        """Whether everyone is in exactly one group, so that a total over the groups is one of everyone."""
        return not (self.overlapping or self.left_out)

    def labels(self) -> pd.Series:
        """Return the label of each code that is in a group.

        Raises
        ------
        InputError
            The groups overlap, so a code may have more than one.
        """
        import pandas as pd

        if self.overlapping:
            raise InputError("these groups overlap: a code has no single label", remedy="Use .members instead.")
        labels = {code: label for label, codes in self.members.items() for code in codes}
        ordered = dict(sorted(labels.items()))
        return pd.Series(list(ordered.values()), index=pd.Index(list(ordered), name="code"), name=self.name)

    def sums(self, figures: pd.Series) -> pd.Series:
        """Add up figures by group, each sum rounded once.

        Parameters
        ----------
        figures
            One figure a code, for at least every code in a group; a total, not a rate.

        Returns
        -------
        pandas.Series
            float64 by label. No total is included.

        Raises
        ------
        InputError
            A rate; a grouped code without a figure, with more than one, or with one that is no finite number (all
            named).
        """
        import pandas as pd

        from ggu_costs.figures import read_figures

        faults = Faults()
        if not isinstance(figures, pd.Series):
            faults.add("figures", shown(figures), "a Series of figures by code")
            faults.check("these figures cannot be added up by group", remedy="Give a Series by code.")
        kind = Facts().column_kind(figures.name)
        if kind in ("rate", "class", "label"):
            faults.add(f"column {figures.name}", f"a {kind}", "a total, which adds up")
        known = set(figures.index)
        for code, count in repeated(figures.index):
            faults.add(str(code), f"there {count} times", "each code once")
        grouped = sorted({code for codes in self.members.values() for code in codes})
        for code in grouped:
            if code not in known:
                faults.add(code, "in a group, but without a figure")
        here = figures[figures.index.isin(grouped)]
        read = read_figures(here, str(figures.name or "figures"), faults)
        faults.check("these figures cannot be added up by group", remedy="Give a total for every code in a group.")
        by_code = dict(zip(here.index, [] if read is None else read.tolist(), strict=True))
        sums = [math.fsum(by_code[code] for code in codes) for codes in self.members.values()]
        return pd.Series(sums, index=pd.Index(list(self.members), name=self.name), name=figures.name, dtype="float64")


class Grouped(Labels, Reading):
    """Groups of the municipalities of a day."""

    def groups(self, by: Grouping, codes: Iterable[str], date: DateLike) -> Groups:
        """Group participants.

        Parameters
        ----------
        by
            A column of labels or classes of :func:`municipalities` (``province``, ``size_class``, ``safety_region``,
            ...); or groups of your own, which need not hold everyone: a mapping of code to group, or of group to codes;
            a Series of groups by code; the path of a CSV file or workbook with the columns ``code`` and the group (for
            another encoding, sheet or column: what :func:`ggu_costs.reference.read_labels` returns). A code is in two
            groups where two lists name it, or where a Series or file has it twice. Codes that are left out or in two
            groups are seen in ``left_out`` and ``overlapping``; results then show no total.
        codes
            The participants to group.
        date
            The day of the municipal map.

        Returns
        -------
        Groups

        Raises
        ------
        InputError
            All at once: codes that are no municipality of the day (ended: into what and when), twice in one group, or
            with an empty group; no participant in any group; a participant without a label in a column. A column that
            holds no labels.
        UnknownNameError
            A column that does not exist.
        OutsidePeriodError
            A column without figures in that year: names the years.

        Notes
        -----
        A column is read on 1 January of the year of `date`. For the region types of :func:`regions`, give its Series.

        Examples
        --------
        >>> from ggu_costs.reference import groups
        >>> big = groups({"G4": ["GM0363", "GM0599", "GM0518", "GM0344"]}, ["GM0344", "GM0345", "GM0363"], "2024-01-01")
        >>> big.members["G4"], big.left_out
        (('GM0344', 'GM0363'), ('GM0345',))
        >>> import pandas as pd
        >>> own = pd.Series(["G4", "big", "big"], index=["GM0363", "GM0363", "GM0344"])
        >>> dict(groups(own, ["GM0344", "GM0345", "GM0363"], "2024-01-01").members)
        {'G4': ('GM0363',), 'big': ('GM0344', 'GM0363')}
        """
        day = self.map_day(date)
        wanted = sorted(set(codes))
        faults = Faults()
        self.check_codes(wanted, day, what="codes", complete=False, others=True, faults=faults)
        listed = isinstance(by, Mapping) and bool(by) and all(_is_list(codes) for codes in by.values())
        found: dict[object, tuple[str, ...]]
        if isinstance(by, Mapping) and listed:
            name = "group"
            found = {label: tuple(codes) for label, codes in by.items() if _is_list(codes)}
            for label, inside in found.items():
                self.check_codes(inside, day, what=f"group {label}", complete=False, others=True, faults=faults)
        else:
            name, labels = self._labels(by, day)
            found = self._from_labels(labels, day, faults)
        chosen = set(wanted)
        members = {label: tuple(sorted(chosen.intersection(inside))) for label, inside in found.items()
                   if listed or not chosen.isdisjoint(inside)}  # fmt: skip
        times = Counter(code for inside in members.values() for code in inside)
        left_out = tuple(code for code in wanted if code not in times)
        if isinstance(by, str) and not _is_file(by) and by in self.columns():  # a column: everyone has a label
            for code in left_out:
                faults.add(
                    f"groups {code}", f"no {by} for {self.names_of(day).get(code, code)}", "one for every participant",
                    "Or give groups of your own, which may leave some out.",
                )  # fmt: skip
        elif left_out == tuple(wanted) and wanted and not faults:
            faults.add("groups", f"none of the {len(wanted)} participants is in a group", "one or more")
        faults.check(f"these groups cannot be used on {day}", remedy="Correct the codes and groups listed.")
        column = isinstance(by, str) and not _is_file(by) and by in self.columns()
        carried_from = self.labels_on(str(by), day).carried_from if column else None
        overlapping = any(count > 1 for count in times.values())
        return Groups(name, ReadOnly(members), overlapping, left_out, carried_from)

    def _labels(self, by: Grouping, day: datetime.date) -> tuple[str, list[tuple[object, object]]]:
        """Return what the groups are called, and pairs of code and label."""
        import pandas as pd

        if isinstance(by, str | Path) and _is_file(by):
            return "group", list(self.read_labels(by).items())
        if isinstance(by, str):
            if by not in self.columns() and by in self.own_groupings():
                return by, list(self.own_groupings()[by])
            return by, list(self.labels_on(by, day).by_code.items())
        if isinstance(by, pd.Series):
            return str(by.name or "group"), list(by.items())
        if isinstance(by, Mapping) and by and not any(_is_list(label) for label in by.values()):
            return "group", list(by.items())
        raise InputError(
            f"{type(by).__name__}: not groups",
            remedy="Give a column name, a mapping or Series of code to group, "
            "a CSV file, or a mapping of group to codes.",
        )

    def _from_labels(
        self, labels: list[tuple[object, object]], day: datetime.date, faults: Faults
    ) -> dict[object, tuple[str, ...]]:
        codes = list(dict.fromkeys(code for code, _ in labels))  # a code may be in several groups
        self.check_codes(codes, day, what="groups", complete=False, others=True, faults=faults)
        inside: dict[object, dict[str, None]] = {}
        for code, label in labels:
            if _is_list(label):
                faults.add(
                    f"groups {code}", f"a {type(label).__name__}", "one label", "Put a code in two groups twice."
                )
            elif is_missing(label):
                faults.add(f"groups {code}", "an empty group", "a label", "Leave out a code that is in no group.")
            elif code in inside.setdefault(label, {}):
                faults.add(f"groups {code}", f"twice in {label!r}", "once in a group")
            else:
                inside[label][str(code)] = None
        return {label: tuple(inside[label]) for label in sorted(inside, key=lambda label: (str(type(label)), label))}


def _is_list(value: object) -> TypeGuard[Iterable[str]]:
    return has_entries(value) and not isinstance(value, str | bytes)


def _is_file(by: str | Path) -> bool:
    return isinstance(by, Path) or Path(by).suffix.lower() in _FILES
