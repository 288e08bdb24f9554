"""An index file, opened: changes as a vintage knows them, factors, what another vintage made of them, and a driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from string import ascii_lowercase
from typing import Any

import pandas as pd

from ggu_costs.display.report import Answer, Report
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, UnknownNameError, is_one_of
from ggu_costs.frames import describe
from ggu_costs.indices.chain import Chain, Link, chain, link_of, uncertain_value
from ggu_costs.indices.definition import IndexDefinition
from ggu_costs.modelfile import OpenedModel
from ggu_costs.words.messages import message, percent


@dataclass(frozen=True)
class Index(OpenedModel[IndexDefinition]):
    """Series of price and wage changes; open it with :func:`ggu_costs.open_model`: ``index/vng-contributie``."""

    @property
    def series(self) -> dict[str, str]:
        """Id and name of each series."""
        return {one.id: one.name for one in self.definition.series}

    @property
    def vintages(self) -> dict[str, str]:
        """Id and name of each publication, the oldest first."""
        return {name: one.name for name, one in self.definition.vintages_by_id.items()}

    def chain(self, series: str, base_year: int, year: int, *, vintage: str = "") -> Chain:
        """Return a series from the prices of one year to those of another.

        Parameters
        ----------
        vintage
            As that publication knew it; by default the newest value of each year.

        Raises
        ------
        UnknownNameError
            A series that the file has not.
        InputError
            A vintage that is not there, or years without a value: all at once.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> index = ggu.open_model("index/vng-contributie")
        >>> index.chain("contributie", 2022, 2024).factor  # 1.044 x 1.061
        Fraction(276921, 250000)
        >>> index.chain("contributie", 2019, 2024).factor is None  # the percentage of 2022 was not found
        True
        """
        return chain(self.definition, series, base_year, year, vintage)

    def table(self, series: str, *, vintage: str = "") -> pd.DataFrame:
        """Return every year of a series, and the factor since the year before the first of a row of known years.

        Returns
        -------
        pandas.DataFrame
            By year ``change`` (share), a column for each part of a series that is made of others, ``factor`` (PM, with
            what comes after it starting anew), ``vintage, status, source``.

        Raises
        ------
        UnknownNameError
            A series that the file has not.
        InputError
            A vintage that is not there.
        """
        known = self.definition.series_by_id
        if not is_one_of(series, known):
            raise UnknownNameError("series", series, known)
        self.chain(series, self.definition.years[0], self.definition.years[0], vintage=vintage)  # the vintage is there
        parts = known[series].parts
        rows, factor = dict[int, dict[str, object]](), Fraction(1)
        for link in self._links(series, vintage):
            factor = Fraction(1) if link.change is None else factor * (1 + link.change)
            rows[link.year] = {"change": _number(link.change)}
            rows[link.year] |= {name: _number(link.parts.get(name)) for name in parts}
            rows[link.year] |= {
                "factor": float("nan") if link.change is None else float(factor),
                "vintage": ", ".join(self.vintages[name] for name in link.vintages),
                "status": link.statuses[0] if len(link.statuses) == 1 else "derived",
                "source": ", ".join(self.definition.sources[name].title for name in link.sources if name),
            }
        frame = pd.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "year"
        shares = dict.fromkeys(("change", *parts), "share")
        return describe(
            frame, title=message("index_series", name=known[series].name, title=self.title), notes=list(self._notes()),
            units=shares | {"factor": "number"}, pm=["change", "factor", *parts],
            decimals={"factor": 4} | dict.fromkeys(shares, 2), illustrative=self.definition.illustrative,
        )  # fmt: skip

    def _links(self, series: str, vintage: str) -> Iterator[Link]:
        for year in self.definition.years:
            link = link_of(self.definition, series, year, vintage)
            if link is not None:
                yield link

    def revision(self, series: str, base_year: int, year: int, *, old: str, new: str = "") -> pd.DataFrame:
        """Return what another vintage made of each year, and of the factor.

        Parameters
        ----------
        old, new
            Vintages; by default the newest values are the new ones.

        Returns
        -------
        pandas.DataFrame
            By year ``before`` and ``after`` (share), ``difference``; the last row, ``factor``, is of all years.
        """
        faults, chains = Faults(), []
        for place, vintage in (("old", old), ("new", new)):
            try:
                chains.append(self.chain(series, base_year, year, vintage=vintage))
            except UnknownNameError:
                raise
            except ValueError as error:
                found = getattr(error, "faults", [])
                for fault in found:
                    faults.add(f"{place}: {fault.where}", fault.found, fault.allowed, fault.remedy)
        faults.check(f"{self.id}: these vintages cannot be compared", remedy="Correct the arguments listed.")
        first, last = chains
        rows = {
            str(a.year): (_number(a.change), _number(b.change)) for a, b in zip(first.links, last.links, strict=True)
        }
        rows["factor"] = (_number(first.factor), _number(last.factor))
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after"])
        frame["difference"] = frame["after"] - frame["before"]
        frame.index.name = "year"
        return describe(frame, title=message("index_revised", title=self.title), pm=list(frame.columns),
                        units=dict.fromkeys(frame.columns, "number"), decimals=dict.fromkeys(frame.columns, 4),
                        illustrative=self.definition.illustrative)  # fmt: skip

    def driver(self, series: str, year: int, *, name: str = "") -> dict[str, Any]:
        """Return the change of a year as a driver of a programme file: a triangle from low over the value to high.

        Parameters
        ----------
        name
            Id of the driver; by default that of the series.

        Raises
        ------
        UnknownNameError
            A series that the file has not.
        InputError
            The newest value of that year does not say between which it may lie.
        """
        value = uncertain_value(self.definition, series, year)
        source = self.definition.sources.get(value.change.source)
        who = value.change.by or (source.publisher or source.title if source else "")
        return {
            "id": name or series, "name": f"{self.series[series]} {year} ({self.vintages[value.vintage]})",
            "shape": "triangular", "low": value.low, "mode": value.number, "high": value.high, "unit": "share",
            "status": "illustrative" if value.change.status == "illustrative" else "estimated", "by": who,
            "note": self.id,
        }  # fmt: skip

    def _notes(self) -> tuple[str, ...]:
        return tuple(self.definition.notes)

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: every series by year, and which publication each figure is of."""
        series = self.definition.series
        tables = [
            Table(f"series_{letter}", "", self._named(self.table(one.id), list(one.parts)))
            for letter, one in zip(ascii_lowercase, series, strict=False)
        ]
        known = [(one, link) for one in series for link in self._links(one.id, "") if link.change is not None]
        lacking = {one.name: [link.year for link in self._links(one.id, "") if link.change is None] for one in series}
        more = [
            message("index_unknown", name=name, years=[str(year) for year in years])
            for name, years in lacking.items()
            if years
        ]
        if known:
            one, link = max(known, key=lambda pair: pair[1].year)
            told = [self.vintages[name] for name in link.vintages]
            sentence = message("index_last", name=one.name, year=link.year, change=percent(link.change), vintages=told)
        else:
            sentence = message("index_none", title=self.title)
        return Report(
            self.title, tuple(tables), (), self._notes(), provenance=self.provenance(vintages=self._vintages_used()),
            answer=Answer(sentence=sentence, more=tuple(more)), municipality=municipality,
            made_up=self.definition.illustrative,
        )  # fmt: skip

    def _named(self, frame: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
        """Give the columns of parts the names of their series."""
        words = {part: message("index_part", name=self.series[part]) for part in parts}
        columns = [words.get(name, name) for name in frame.columns]
        named, facts = frame.set_axis(pd.Index(columns, dtype=object), axis=1), frame.attrs
        units = {words.get(name, name): unit for name, unit in facts["units"].items()}
        decimals = {words.get(name, name): count for name, count in facts["decimals"].items()}
        pm = [words.get(name, name) for name in facts["pm"]]
        rest = {str(name): fact for name, fact in facts.items()}
        return describe(named, **{**rest, "units": units, "decimals": decimals, "pm": pm})

    def _vintages_used(self) -> Mapping[str, Mapping[str, list[str]]]:
        return {
            one.id: {str(link.year): list(link.vintages) for link in self._links(one.id, "")}
            for one in self.definition.series
        }


def _number(share: Fraction | None) -> float:
    return float("nan") if share is None else float(share)
