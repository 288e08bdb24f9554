"""Mergers that a pack announces: whole or in parts, with a code of CBS or a placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from ggu_costs.errors import did_you_mean, listed
from ggu_costs.figures import shown
from ggu_costs.reference._numbers import is_missing
from ggu_costs.reference.codes import is_placeholder
from ggu_costs.reference.own_packs import Reading
from ggu_costs.reference.packs import STATUSES, Status, Step

if TYPE_CHECKING:
    from ggu_costs.reference._rows import Rows

_CODE = re.compile(r"GM\d{4}")
_NEXT = 200  # codes that CBS may still hand out, counted from the highest that is known
_ASKED = ("date", "old_code", "new_code")
_ALLOWED = (
    *_ASKED, "old_name", "new_name", "kind", "share", "share_numerator", "share_denominator", "share_basis",
    "receiver_existed", "indicator", "province_code", "province", "status",
)  # fmt: skip


@dataclass
class _Row:
    """A row of the table of mergers, as far as it can be read."""

    where: str
    day: date
    old: str
    new: str
    new_name: str
    share: Fraction
    indicator: str
    texts: Mapping[str, str] = field(default_factory=dict)


def read_mergers(reading: Reading) -> tuple[Step, ...]:
    """Return the mergers of a pack; every fault of them is noted."""
    if "mergers" not in reading.entries() or (rows := reading.rows("mergers")) is None:
        return ()
    faults = reading.faults
    for name in rows.header:
        if name not in _ALLOWED:
            faults.add(f"{rows.source} header", f"column {name!r}", ", ".join(_ALLOWED), did_you_mean(name, _ALLOWED))
    lacking = [name for name in _ASKED if name not in rows.header]
    if lacking:
        faults.add(f"{rows.source} header", f"no column {listed(lacking)}", ", ".join(_ASKED))
        return ()
    read = [row for line in range(len(rows.rows)) if (row := _read(reading, rows, line)) is not None]
    read.sort(key=lambda row: row.day)
    _check_shares(reading, read)
    return tuple(_in_order(reading, read))


def _read(reading: Reading, rows: Rows, place: int) -> _Row | None:
    line, cells = rows.rows[place]
    where, faults = rows.place(line), reading.faults
    texts = {name: "" if is_missing(cell) else str(cell).strip() for name, cell in zip(rows.header, cells, strict=True)}
    before = len(faults.found)
    day = _day(texts["date"])
    if day is None:
        faults.add(f"{where}, date", shown(texts["date"]), "a date, such as 2027-01-01")
    for name in ("old_code", "new_code"):
        if not _CODE.fullmatch(texts[name]):
            allowed = "GM0363, or a placeholder GM9000 to GM9999" if name == "new_code" else "a code such as GM0363"
            faults.add(f"{where}, {name}", shown(texts[name]), allowed)
    share = _share(texts)
    if share is None or not 0 < share <= 1:
        found = texts.get("share") or f"{texts.get('share_numerator')}/{texts.get('share_denominator')}"
        faults.add(f"{where}, share", shown(found), "a part above 0 and at most 1, such as 0.4 or 2/5")
    indicator = texts.get("indicator") or "inhabitants"
    if reading.below.column_kind(indicator) != "total" and indicator not in _own_totals(reading):
        faults.add(f"{where}, indicator", shown(indicator), "a column that is a total, such as inhabitants")
    if texts.get("status", "announced") not in ("", *STATUSES):
        faults.add(f"{where}, status", shown(texts["status"]), ", ".join(STATUSES))
    if len(faults.found) > before or day is None or share is None:
        return None
    new_name = texts.get("new_name", "")
    return _Row(where, day, texts["old_code"], texts["new_code"], new_name, share, indicator, texts)


def _own_totals(reading: Reading) -> set[str]:
    columns = reading.manifest.get("columns", {}).get("municipalities", {})
    return {name for name, column in columns.items() if isinstance(column, dict) and column.get("kind") == "total"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _share(texts: Mapping[str, str]) -> Fraction | None:
    """Return the share of a row: as one figure, as numerator and denominator, or all of it."""
    text = texts.get("share", "").replace(",", ".")
    if not text and texts.get("share_numerator"):
        text = f"{texts['share_numerator']}/{texts.get('share_denominator', '')}"
    if not text:
        return Fraction(1)
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?|\d{1,12}/\d{1,12}", text) or re.search(r"/0+$", text):
        return None
    return Fraction(text)


def _check_shares(reading: Reading, rows: list[_Row]) -> None:
    """Check that the parts of a municipality add up to 1, of each indicator that has shares."""
    parts: dict[tuple[date, str, str], list[_Row]] = {}
    for row in rows:
        parts.setdefault((row.day, row.old, row.indicator), []).append(row)
    for (day, old, indicator), found in parts.items():
        total = sum(row.share for row in found)
        where = f"mergers {day} {old}, {indicator}"
        if total != 1:
            reading.faults.add(where, f"shares that add up to {float(total):g}", "1",
                               "Give the part that each receives; exact as numerator and denominator.")  # fmt: skip
        if len({row.new for row in found}) < len(found):
            reading.faults.add(where, "one receiver twice", "each receiver once")
        if (day, old, "inhabitants") not in parts:
            reading.faults.add(where, "no shares of inhabitants", "those of inhabitants, and others beside them")


def _in_order(reading: Reading, rows: list[_Row]) -> list[Step]:
    """Turn rows into steps, day by day, held to the map as it then is."""
    below, faults = reading.below, reading.faults
    if not rows:
        return []
    highest = max(int(code[2:]) for code in below.known_codes() if not is_placeholder(code))
    first, ended = below.map_period().first, {step.old: step for step in below.steps()}
    steps: list[Step] = []
    names: dict[str, str] = {}
    for day in sorted({row.day for row in rows}):
        today = [row for row in rows if row.day == day]
        if day <= first:
            faults.add(f"mergers {day}", "before the first map", f"a day after {first}")
            continue
        codes = set(below.member_codes(day - timedelta(days=1)))
        for step in (step for step in steps if step.day < day):
            codes.discard(step.old)
            codes.add(step.new)
        known = below.names_of(day - timedelta(days=1)) | names
        for row in today:
            _check_row(reading, row, codes, known, highest)
            if row.new in ended and row.new not in codes:
                gone = ended[row.new]
                faults.add(f"{row.where}, new_code", f"{row.new} was {gone.old_name} until {gone.day}",
                           "a code that no other municipality had")  # fmt: skip
            if row.new_name and names.setdefault(row.new, row.new_name) != row.new_name:
                faults.add(f"{row.where}, new_name", f"{row.new_name!r} and {names[row.new]!r} for {row.new}",
                           "one municipality for one code")  # fmt: skip
            steps.append(_step(reading, row, known, codes))
        _check_tables(reading, day, {row.old for row in today} - {row.new for row in today})
    return steps


def _check_tables(reading: Reading, day: date, gone: set[str]) -> None:
    """Check that no table that lies below still has, on that day or later, a municipality that is merged on it."""
    for year in reading.below.known_years():
        still = sorted(gone & set(reading.below.year_table(year).index)) if date(year, 1, 1) >= day else []
        if still:
            reading.faults.add(
                f"mergers {day}", f"the table of {year} that lies below has figures of {listed(still)}",
                f"a merger after {year}-01-01, or tables that follow it",
                "Lay the mergers below the table of that year: name this folder first, and make the table with "
                f"ggu-costs reference new DIR --year {year} --from {year - 1} --reference {reading.folder.as_posix()}.",
            )  # fmt: skip


def _check_row(reading: Reading, row: _Row, codes: set[str], known: Mapping[str, str], highest: int) -> None:
    faults = reading.faults
    if row.old not in codes:
        faults.add(f"{row.where}, old_code", f"{row.old} is no municipality on {row.day - timedelta(days=1)}",
                   "one that exists the day before")  # fmt: skip
    if row.new in codes:
        return
    if not is_placeholder(row.new) and int(row.new[2:]) > highest + _NEXT:
        faults.add(f"{row.where}, new_code", f"{row.new}, which CBS has not given and is no placeholder",
                   f"GM9000 to GM9999 until CBS gives one (the last is GM{highest:04d})")  # fmt: skip
    if not row.new_name and row.new not in known:
        faults.add(f"{row.where}, new_name", f"no name for {row.new}", "its name")


def _step(reading: Reading, row: _Row, known: Mapping[str, str], codes: set[str]) -> Step:
    texts = row.texts
    stated = reading.entries()["mergers"].get("status", "announced")
    status = cast("Status", texts.get("status") or (stated if isinstance(stated, str) else "announced"))
    old_name = known.get(row.old, texts.get("old_name", ""))
    new_name = row.new_name or known.get(row.new, row.new)
    return Step(
        row.day, row.old, old_name, row.new, new_name, row.share, row.new in codes,
        texts.get("share_basis", "") or status, row.indicator, *_province(reading, row), status,
    )  # fmt: skip


def _province(reading: Reading, row: _Row) -> tuple[str, str]:
    """Return code and name of the province that a row states, each from the other; empty where it states none."""
    code, name = row.texts.get("province_code", ""), row.texts.get("province", "")
    table = reading.below.year_table(reading.below.known_years()[-1])
    names = dict(zip(table["province_code"], table["province"], strict=True))
    codes = {name: code for code, name in names.items()}
    if (code and code not in names) or (name and name not in codes):
        reading.faults.add(f"{row.where}, province", f"{code or name!r}", listed(codes),
                           did_you_mean(name, codes))  # fmt: skip
    elif code and name and names[code] != name:
        reading.faults.add(f"{row.where}, province", f"{name} is not {code}", f"{names[code]} is {code}")
    return code or codes.get(name, ""), name or names.get(code, "")
