"""Reference tables in layers: the shipped ones below, packs of users above them; read once and kept, none at import."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from ggu_costs.reference.kinds import kind_of
from ggu_costs.reference.packs import LABELS, Band, Pack, Status, Step, shipped_pack

if TYPE_CHECKING:
    import pandas as pd


CARIBBEAN = "The Caribbean public bodies (Bonaire, Sint Eustatius and Saba) are not included."

_TYPES = {"text": "str", "whole number": "int64", "number": "float64", "truth value": "bool"}
_KEPT = 2_000  # answers that are kept; a user asks of some tens of days

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound="Facts")


def kept(method: Callable[Concatenate[F, P], R]) -> Callable[Concatenate[F, P], R]:
    """Keep what a method answers, with the object; arguments have hashes."""

    @wraps(method)
    def once(self: F, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (method.__name__, args, tuple(kwargs.items()))
        if key not in self._answers:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            self._answers[key] = method(self, *args, **kwargs)
        answer: R = self._answers[key]
        return answer

    return cast("Callable[Concatenate[F, P], R]", once)


class Facts:
    """The tables of one or more packs, the later above the earlier."""

    def __init__(self, packs: Iterable[Pack] | None = None) -> None:
        self._packs = None if packs is None else tuple(packs)  # None: the shipped ones, read when they are asked for
        self._answers: dict[Any, Any] = {}

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs, the shipped one first."""
        return (shipped_pack(),) if self._packs is None else self._packs

    @property
    def own(self) -> tuple[Pack, ...]:
        """The packs of users."""
        return self.packs[1:]

    @property
    def where(self) -> str:
        """The folders, for messages."""
        return ", ".join(pack.where for pack in self.packs)

    @property
    def _shipped(self) -> Pack:
        return self.packs[0]

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of the shipped tables: tables, columns by kind of table, and sources."""
        return dict(self._shipped.manifest)

    def table_hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every table, by its name; shipped ones as they stand on disk now."""
        return {name: digest for pack in self.packs for name, digest in pack.hashes().items()}

    def table_entry(self, name: str) -> dict[str, Any]:
        """Return what a manifest says of one table, as :meth:`table_hashes` names it: title, date, licence and so on.

        Of a pack also whose it is (``by``); a date that is not stated is that of its year, or empty.
        """
        identity, _, table = name.rpartition("/")
        pack = next(pack for pack in self.packs if pack.id == identity)
        entry: dict[str, Any] = dict(pack.manifest["tables"].get(table, {}))
        if not identity:
            return entry
        stated = pack.manifest["pack"]
        kind, _, year = table.rpartition("_")
        day = f"{year}-01-01" if kind == "municipalities" else ""
        by = entry.get("by") or stated["by"]
        return {"date": day, **entry, "title": entry.get("title") or f"{stated['title']}: {table}", "by": by}

    def cited_in(
        self, name: str, columns: Collection[str] = ()
    ) -> list[tuple[str, Mapping[str, Any], dict[str, Status]]]:
        """Return the sources that a pack states of one of its tables: id, what it says, and status by column.

        Parameters
        ----------
        name
            The table, as :meth:`table_hashes` names it.
        columns
            Which columns of figures; without them all. The table of mergers has none.
        """
        identity, _, table = name.rpartition("/")
        pack = next(pack for pack in self.own if pack.id == identity)
        entry, stated = pack.manifest["tables"].get(table, {}), pack.manifest.get("sources", {})
        kind, _, year = table.rpartition("_")
        if kind != "municipalities":
            cited = entry.get("source", "")
            return [(cited, stated.get(cited, {}), {})]
        held, found = pack.years[int(year)], dict[str, dict[str, Status]]()
        for column in map(str, held.frame.columns):
            mapped = column in LABELS and column not in entry.get("sources", {})
            if column in columns or not (columns or mapped):
                cited = entry.get("sources", {}).get(column, entry.get("source", ""))
                for one in [cited] if isinstance(cited, str) else cited:
                    found.setdefault(one, {})[column] = held.status.get(column, "definitive")
        if columns and not found:  # none of these figures: what it was used for is not known
            return self.cited_in(name)
        return [(one, stated.get(one, {}), covers) for one, covers in found.items()]

    def tables_of(self, years: Iterable[int]) -> list[str]:
        """Return the names of the tables that hold figures of some years, in order of year, packs above the shipped."""
        known = set(self.known_years())
        return [
            f"{pack.id}/{name}" if pack.id else name
            for year in sorted(known.intersection(years))
            for name in [f"municipalities_{year}"]
            for pack in self.packs
            if year in pack.years or (not pack.id and name in pack.manifest["tables"])
        ]

    def merger_tables(self) -> list[str]:
        """Return the names of the tables of reorganisations."""
        return ["mergers", *(f"{pack.id}/mergers" for pack in self.own if pack.steps)]

    @kept
    def known_years(self) -> tuple[int, ...]:
        """Return the years whose 1 January is in the tables, in order; each has a table of its own."""
        tables = (table.rpartition("_") for table in self._shipped.manifest["tables"])
        years = {int(year) for kind, _, year in tables if kind == "municipalities"}
        return tuple(sorted(years.union(*(pack.years for pack in self.own))))

    def or_pack(self, remedy: str, year: int) -> str:
        """Return a remedy, and for a year that no table has yet how a user adds it."""
        years = self.known_years()
        if year <= years[-1]:
            return remedy
        new = f"ggu-costs reference new DIR --year {year} --from {years[-1]}"
        return f"{remedy} A year to come stands in a pack of your own: {new}, and then --reference DIR."

    @kept
    def columns(self) -> dict[str, dict[str, str]]:
        """Return what each column of municipalities is: type, kind, unit, words and description."""
        described: dict[str, dict[str, str]] = {}
        for pack in self.packs:
            described |= pack.manifest.get("columns", {}).get("municipalities", {})
        return described

    @kept
    def own_words(self) -> dict[str, str]:
        """Return what packs call the columns that they bring, by name; the library has words for the shipped ones."""
        shipped = self._shipped.manifest["columns"]["municipalities"]
        return {
            name: column["dutch"]
            for name, column in self.columns().items()
            if name not in shipped and not column.get("cbs", "").startswith(f"{name} of ")  # the bounds of a band
        }

    def column_kind(self, name: object) -> str:
        """Return what a column is, by its name.

        Parameters
        ----------
        name
            Name of a column or Series: one of this library, of CBS (with or without its running number), or your own.

        Returns
        -------
        str
            ``total``, ``rate``, ``class`` or ``label``; ``unknown`` where the name does not tell (also no name).

        Examples
        --------
        >>> from ggu_costs.reference import column_kind
        >>> column_kind("inhabitants"), column_kind("Omgevingsadressendichtheid_57"), column_kind("size_class")
        ('total', 'rate', 'class')
        >>> column_kind("costs_per_inhabitant"), column_kind("my figures"), column_kind(None)
        ('rate', 'unknown', 'unknown')
        """
        return kind_of(name, self._described())

    @kept
    def _described(self) -> dict[str, str]:
        columns = self.columns()
        known = {str(column["cbs"]).lower(): str(column["kind"]) for column in columns.values() if "cbs" in column}
        return known | {name: str(column["kind"]) for name, column in columns.items()}

    @kept
    def frame(self, table: str) -> pd.DataFrame:
        """Return one shipped table; the frame is shared, so callers copy before they hand it out."""
        import pandas as pd

        entry = self._shipped.manifest["tables"][table]
        described = self._shipped.manifest["columns"][entry["columns_of"]]
        types: dict[str, Any] = {name: _TYPES[described[name]["type"]] for name in entry["sources"]}
        empty = {name: [""] for name, kind in types.items() if kind == "float64"}
        content = io.BytesIO(self._shipped.content(table))
        return pd.read_csv(content, dtype=types, encoding="utf-8", keep_default_na=False, na_values=empty)

    @kept
    def year_table(self, year: int) -> pd.DataFrame:
        """Return all columns of 1 January of a year, by code; shared, so callers copy before they hand it out."""
        name = f"municipalities_{year}"
        table = self.frame(name).set_index("code") if name in self._shipped.manifest["tables"] else None
        for pack in self.own:
            if year in pack.years:
                own = pack.years[year].frame
                table = own if table is None else _over(table, own)
        assert table is not None  # noqa: S101 (a known year has a table)
        return table

    def columns_of(self, year: int) -> tuple[str, ...]:
        """Return the columns that a year has, in the order of its tables."""
        return self._columns_of()[year]

    @kept
    def _columns_of(self) -> dict[int, tuple[str, ...]]:
        return {year: tuple(self._column_names(year)) for year in self.known_years()}

    def _column_names(self, year: int) -> dict[str, None]:
        entry = self._shipped.manifest["tables"].get(f"municipalities_{year}", {})
        names = dict.fromkeys(name for name in entry.get("sources", ()) if name != "code")
        for pack in self.own:
            if year in pack.years:
                names |= dict.fromkeys(map(str, pack.years[year].frame.columns))
        return names

    def source_text(self, year: int, column: str) -> str:
        """Name the source of a column of a year."""
        for pack in reversed(self.own):
            if year in pack.years and column in pack.years[year].frame.columns:
                return pack.years[year].sources[column]
        return self._shipped_source(f"municipalities_{year}", column)

    def _shipped_source(self, table: str, column: str) -> str:
        texts = []
        for source in self._shipped.manifest["tables"][table]["sources"][column]:
            entry = self._shipped.manifest["sources"][source]
            texts.append(entry["underlying"] or entry["where"])
        return "; ".join(dict.fromkeys(texts))

    def status_of(self, year: int, column: str) -> tuple[Status, str]:
        """Return the status of a column of a year, and whose figures they are; empty where only a source is known."""
        for pack in reversed(self.own):
            if year in pack.years and column in pack.years[year].frame.columns:
                table = pack.years[year]
                by = "" if column in LABELS and column not in table.status else table.by
                by = table.cited.get(column, ("", ""))[0] or by
                return table.status.get(column, "definitive"), by
        entry = self._shipped.manifest["tables"].get(f"municipalities_{year}", {})
        status: Status = entry.get("status", {}).get(column, "definitive")
        return status, ""

    def period_of(self, year: int, column: str) -> str:
        """Return of which other period the figures of a column are, where a pack says so."""
        for pack in reversed(self.own):
            if year in pack.years and column in pack.years[year].frame.columns:
                return pack.years[year].cited.get(column, ("", ""))[1]
        return ""

    def counted_by(self, year: int, column: str = "inhabitants") -> str:
        """Return who says the figures of a year: the source of a pack, or CBS for what is shipped."""
        own = any(year in pack.years and column in pack.years[year].frame.columns for pack in self.own)
        return (self.source_text(year, column) or self.status_of(year, column)[1]) if own else "CBS"

    def overrides_of(self, year: int, columns: Iterable[str]) -> list[str]:
        """Return why packs say otherwise of a year than the tables below them, in the words of their authors."""
        wanted = set(columns)
        tables = (pack.years[year] for pack in self.own if year in pack.years)
        return [table.override for table in tables if table.override and wanted.intersection(table.frame.columns)]

    def band_of(self, year: int, column: str) -> Band | None:
        """Return the columns that bound a forecast; None where it has no band."""
        for pack in reversed(self.own):
            if year in pack.years and column in pack.years[year].frame.columns:
                return pack.years[year].bands.get(column)
        return None

    def boundaries(self) -> list[dict[str, Any]]:
        """Return the boundaries that packs bring, as GeoJSON or TopoJSON, those of the uppermost first."""
        return [json.loads(pack.boundaries) for pack in reversed(self.own) if pack.boundaries]

    @kept
    def own_groupings(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the groupings of packs: by name the pairs of code and group."""
        return {name: pairs for pack in self.own for name, pairs in pack.groupings.items()}

    @kept
    def steps(self) -> tuple[Step, ...]:
        """Return all reorganisations known, announced ones too, by date and code."""
        shipped = [
            Step(
                date.fromisoformat(row["date"]), row["old_code"], row["old_name"], row["new_code"], row["new_name"],
                Fraction(row["share_numerator"], row["share_denominator"]), row["receiver_existed"], row["share_basis"],
            )
            for row in self.frame("mergers").to_dict("records")
        ]  # fmt: skip
        own = [step for pack in self.own for step in pack.steps]
        return tuple(sorted([*shipped, *own], key=lambda step: step.day)) if own else tuple(shipped)


def _over(below: pd.DataFrame, above: pd.DataFrame) -> pd.DataFrame:
    """Lay a table over another of the same municipalities: its columns are added, its figures go before."""
    table = below.copy()
    for name in above.columns:
        column = above[name].reindex(table.index)
        if name in table.columns:
            column = column.where(column.notna(), table[name])
            column = column.astype(table[name].dtype) if column.notna().all() else column
        table[name] = column
    return table
