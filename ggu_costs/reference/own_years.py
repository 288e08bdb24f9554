"""The years of a pack: figures by municipality, held to the map, to the nation and to what lies below."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ggu_costs.errors import did_you_mean, listed
from ggu_costs.figures import shown
from ggu_costs.reference.labels import Labels, size_class
from ggu_costs.reference.own_packs import (
    Reading,
    bands_of,
    cited_by,
    described_columns,
    read_column,
    source_words,
    statuses_of,
)
from ggu_costs.reference.packs import LABELS, Band, YearTable

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.reference._rows import Rows
    from ggu_costs.reference.packs import Status

MOST_CHANGE = 0.10
"""From one year to the next, of a total of one municipality; more is looked at again."""


def read_year(reading: Reading, table: str, map_of: Labels) -> YearTable | None:
    """Return a year of a pack; every fault of it is noted.

    Parameters
    ----------
    map_of
        The reference below, with the mergers of the pack: which municipalities there are on a day.
    """
    rows = reading.rows(table)
    if rows is None:
        return None
    bands = bands_of(reading, table, rows.header)
    if not _check_header(reading, table, rows):
        return None
    year = int(table.rpartition("_")[2])
    day, new = date(year, 1, 1), year not in reading.below.known_years()
    faults, before = reading.faults, len(reading.faults.found)
    if day < reading.below.map_period().first:
        faults.add(f"tables.{table}", f"before {reading.below.map_period().first}", "a later year")
        return None
    codes = [str(code) for code in rows.column("code")]
    members = map_of.member_codes(day)
    _check_codes(reading, rows, codes, members, day, new=new)
    if new and "status" not in reading.entries()[table]:
        faults.add(f"tables.{table}.status", "missing", "definitive, provisional, forecast or announced")
    if new and "inhabitants" not in rows.header:
        faults.add(f"{rows.source} header", "no column inhabitants", "inhabitants, in a year that is new")
    columns = described_columns(reading)
    names = [name for name in rows.header if name != "code"]
    cells = {name: read_column(reading, rows, table, name, columns[name]) for name in names}
    for code, count in zip(codes, cells.get("inhabitants", ()) if new else (), strict=False):
        if count is None:
            faults.add(f"{rows.source} {code}", "no inhabitants", "a figure for every municipality")
    for name, band in bands.items():
        _check_band(reading, rows.source, name, band, {"code": codes, **cells})
    if len(faults.found) > before:
        return None
    frame = _frame(codes, cells, columns)
    if new:
        _complete(frame, map_of, day)
    _check_national(reading, table, frame)
    _check_below(reading, table, frame, year)
    if new:
        _note_jumps(reading, table, frame, map_of, day)
    entry = reading.entries()[table]
    stated = tuple(map(str, frame.columns))
    status = statuses_of(reading, table, stated)
    if "size_class" not in names and "inhabitants" in status:
        status["size_class"] = status["inhabitants"]
    last = max((known for known in reading.below.known_years() if known <= year), default=0)
    mapped = [
        name for name in LABELS if name not in entry.get("sources", {}) and name in reading.below.columns_of(last)
    ]
    sources = {name: source_words(reading, table, name) for name in stated}
    sources |= {name: reading.below.source_text(last, name) for name in mapped}
    by, reason = (str(entry.get(key, "")) for key in ("by", "override"))
    sure: dict[str, Status] = {name: word for name, word in status.items() if name not in LABELS}
    return YearTable(frame, sure, bands, sources, by, reason, cited_by(reading, table))


def _check_header(reading: Reading, table: str, rows: Rows) -> bool:
    faults, known = reading.faults, described_columns(reading)
    before = len(faults.found)
    if "code" not in rows.header:
        faults.add(f"{rows.source} header", f"no column code, but {listed(rows.header)}", "code")
    for name in rows.header:
        if name not in known:
            faults.add(f"{rows.source} header", f"column {name!r}, which nothing describes",
                       f"a known column, or [columns.municipalities.{name}] in the manifest",
                       did_you_mean(name, known))  # fmt: skip
    stated = reading.entries()[table].get("date")
    if stated not in (None, f"{table[-4:]}-01-01"):
        faults.add(f"tables.{table}.date", shown(stated), f"{table[-4:]}-01-01")
    return len(faults.found) == before


def _check_codes(
    reading: Reading, rows: Rows, codes: list[str], members: tuple[str, ...], day: date, *, new: bool
) -> None:
    """Check that the codes are those of the map; one that comes or goes without a merger is a fault."""
    faults, there = reading.faults, set(members)
    for code, count in Counter(codes).items():
        where = f"{rows.source} {code}"
        if not re.fullmatch(r"GM\d{4}", code):
            faults.add(where, "not a code", "GM and four digits, such as GM0363")
        elif count > 1:
            faults.add(where, f"there {count} times", "every code once")
        elif code not in there:
            faults.add(where, f"appears on {day} without a merger", "a municipality of the map",
                       "Put the merger in mergers.csv, or take the row out.")  # fmt: skip
    for code in sorted(there.difference(codes)) if new else ():
        faults.add(f"{rows.source} {code}", f"vanishes on {day} without a merger", "a row for every municipality",
                   "Put the merger in mergers.csv, or add the row.")  # fmt: skip


def _check_band(reading: Reading, source: str, name: str, band: Band, cells: dict[str, list[Any]]) -> None:
    if name not in cells:
        reading.faults.add(f"{source} header", f"a band without its column {name}", name)
        return
    for code, low, middle, high in zip(*(cells[one] for one in ("code", band.low, name, band.high)), strict=True):
        if None in (low, middle, high):
            reading.faults.add(f"{source} {code}", "a band with a gap", "low, middle and high")
        elif not low <= middle <= high:
            reading.faults.add(f"{source} {code}", f"a band upside down: {low:g}, {middle:g}, {high:g}",
                               "low <= middle <= high")  # fmt: skip
    total = math.fsum(figure for figure in cells[name] if figure is not None)
    low, high = band.national_low, band.national_high
    if (low is not None and low > total) or (high is not None and high < total):
        reading.faults.add(f"{source}, {name}", f"a national band {low} to {high} around {total:.0f}",
                           "national_low <= the sum <= national_high")  # fmt: skip


def _frame(codes: list[str], cells: dict[str, list[Any]], columns: dict[str, dict[str, str]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(index=pd.Index(codes, name="code"))
    for name, values in cells.items():
        if columns[name]["type"] == "text":
            frame[name] = pd.Series(values, index=frame.index, dtype=object)
        else:
            figures = pd.Series(values, index=frame.index, dtype="float64")
            whole = columns[name]["type"] == "whole number" and figures.notna().all()
            frame[name] = figures.astype("int64") if whole else figures
    return frame.sort_index()


def _complete(frame: pd.DataFrame, map_of: Labels, day: date) -> None:
    """Add to a new year the names, provinces and size classes that its file does not state."""
    names = map_of.names_of(day)
    if "name" not in frame:
        frame.insert(0, "name", [names[code] for code in frame.index])
    for column in ("province_code", "province"):
        if column not in frame:
            labels = map_of.labels_on(column, day).by_code
            frame[column] = [str(labels.get(code, "")) for code in frame.index]
    if "size_class" not in frame:
        frame["size_class"] = [size_class(count) for count in frame["inhabitants"]]


def _check_national(reading: Reading, table: str, frame: pd.DataFrame) -> None:
    stated = reading.entries()[table].get("national", {})
    for name, total in stated.items() if isinstance(stated, dict) else ():
        where = f"tables.{table}.national.{name}"
        if name not in frame or frame[name].dtype == object:
            reading.faults.add(where, "no such column of figures", "a column of the table")
        elif isinstance(total, bool) or not isinstance(total, int | float):
            reading.faults.add(where, shown(total), "a number")
        else:
            added = math.fsum(float(figure) for figure in frame[name].dropna().to_numpy())
            if abs(added - total) > 1e-9 * abs(total):
                found = f"{total}, but the municipalities add up to {added:.12g}"
                reading.faults.add(where, found, "one total", "Correct the table, or the national figure.")


def _check_below(reading: Reading, table: str, frame: pd.DataFrame, year: int) -> None:
    """Check that a table says of a year what the tables below say of it, unless it says why it does not."""
    below, entry = reading.below, reading.entries()[table]
    if entry.get("override"):
        return
    for name, differs in differences(frame, below, year).items():
        other = below.year_table(year)[name]
        few = ", ".join(f"{code} {frame[name][code]} instead of {other[code]}" for code in differs[:3])
        reading.faults.add(
            f"tables.{table}, {name}", f"differs from what lies below for {len(differs)} ({few})",
            "the same figures",
            'Take the column out, or state override = "why" for this table.',
        )  # fmt: skip


def differences(frame: pd.DataFrame, below: Labels, year: int) -> dict[str, list[str]]:
    """Return the municipalities whose figures differ from what a reference says of a year, by column."""
    if year not in below.known_years():
        return {}
    known, found = below.year_table(year), dict[str, list[str]]()
    for name in frame.columns:
        if name in below.columns_of(year):
            other = known[name].reindex(frame.index)
            differs = frame.index[(frame[name] != other) & ~(frame[name].isna() | other.isna())]
            found |= {str(name): list(map(str, differs))} if len(differs) else {}
    return found


def _note_jumps(reading: Reading, table: str, frame: pd.DataFrame, map_of: Labels, day: date) -> None:
    """Note totals that change more from the last year than a bound."""
    stated = reading.entries()[table].get("most_change", {})
    for name in frame.columns:
        if map_of.column_kind(name) != "total":
            continue
        years = [year for year in map_of.years_with(name) if year < day.year]
        if not years:
            continue
        most = stated.get(name, MOST_CHANGE) if isinstance(stated, dict) else MOST_CHANGE
        before = map_of.year_table(years[-1])[name]
        if before.isna().any():
            continue
        carried = map_of.carry_between(before.astype("float64"), from_date=date(years[-1], 1, 1), to_date=day)
        for code, old in carried.items():
            figure = frame[name].get(code)
            if old and figure is not None and not math.isnan(figure) and abs(figure / old - 1) > most:
                reading.doubts.add(
                    f"tables.{table} {code}, {name}", f"{old:.0f} in {years[-1]}, {figure:.0f} in {day.year}",
                    f"a change of at most {most:.0%}", "Correct it, or state most_change for this table.",
                )  # fmt: skip
