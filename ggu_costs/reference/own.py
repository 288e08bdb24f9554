"""A pack of a user, read whole: manifest, mergers, years, groups and boundaries, with everything that is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ggu_costs.errors import Fault, Faults, GguCostsError
from ggu_costs.reading import MOST_BYTES, read_file
from ggu_costs.reference.grouping import Grouped
from ggu_costs.reference.own_mergers import read_mergers
from ggu_costs.reference.own_packs import Reading, build_pack, read_manifest
from ggu_costs.reference.own_years import read_year
from ggu_costs.reference.packs import Pack, Step, YearTable


def read_pack(folder: Path, below: Grouped) -> tuple[Pack | None, Faults, Faults]:
    """Read a pack that lies above a reference.

    Returns
    -------
    pack, faults, doubts
        None where there are faults. Doubts are to be looked at again, and make no pack unusable. Of those that are
        alike the count is told, and where the first are.

    Raises
    ------
    InputError
        No folder, no manifest, or one that is not TOML.
    """
    pack, faults, doubts = _read(folder, below)
    return pack, faults.told_once(), doubts.told_once()


def _read(folder: Path, below: Grouped) -> tuple[Pack | None, Faults, Faults]:
    reading = read_manifest(folder, below)
    faults = reading.faults
    if faults:
        return None, faults, reading.doubts
    if reading.manifest["pack"]["id"] in [pack.id for pack in below.own]:
        faults.add("pack.id", f"{reading.manifest['pack']['id']!r} again", "an id of its own for each pack")
    steps = read_mergers(reading)
    until = _check_period(reading, steps)
    years: dict[int, YearTable] = {}
    if not faults:
        for table in sorted(name for name in reading.entries() if name.startswith("municipalities_")):
            map_of = Grouped((*below.packs, build_pack(reading, dict(years), steps=steps, known_until=until)))
            year = read_year(reading, table, map_of)
            if year is not None:
                years[int(table[-4:])] = year
    groupings = _read_groups(reading)
    boundaries = _read_boundaries(reading)
    _check_files(reading)
    if faults:
        return None, faults, reading.doubts
    pack = build_pack(reading, years, steps=steps, groupings=groupings, boundaries=boundaries, known_until=until)
    return pack, faults, reading.doubts


def _check_period(reading: Reading, steps: tuple[Step, ...]) -> date:
    """Check that mergers lie in the years of the tables, or before the day until which the author knows the map.

    Returns
    -------
    datetime.date
        Until when the map is known.
    """
    years = {int(name[-4:]) for name in reading.entries() if name.startswith("municipalities_")}
    last = max(years | set(reading.below.known_years()))
    until: date = reading.manifest["pack"].get("map_until", date(last, 12, 31))
    if until < date(last, 12, 31):
        reading.faults.add("pack.map_until", str(until), f"{last}-12-31 or later: the tables go so far")
    for day in sorted({step.day for step in steps if step.day > max(until, date(last, 12, 31))}):
        reading.faults.add(
            f"mergers {day}", f"after the last table ({last})", f"at most {until}",
            f"Add the table of {day.year}, or state pack.map_until = {day.year}-12-31.",
        )  # fmt: skip
    return max(until, date(last, 12, 31))


def _read_groups(reading: Reading) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the groupings of a pack, by name."""
    if "groups" not in reading.entries() or (rows := reading.rows("groups")) is None:
        return {}
    lacking = [name for name in ("grouping", "code", "group") if name not in rows.header]
    for name in lacking:
        reading.faults.add(f"{rows.source} header", f"no column {name}", "grouping, code and group")
    if lacking:
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    named = zip(rows.column("grouping"), rows.column("code"), rows.column("group"), strict=True)
    for place, (grouping, code, group) in enumerate(named):
        where = rows.place(rows.rows[place][0])
        pair = (str(code), str(group))
        if not (grouping and code and group):
            reading.faults.add(where, "an empty cell", "a grouping, a code and a group")
        elif str(grouping) in reading.below.columns():
            reading.faults.add(where, f"grouping {grouping!r}, which is a column", "another name")
        elif pair in found.setdefault(str(grouping), []):
            reading.faults.add(where, f"{code} twice in {group!r}", "once in a group")
        else:
            found[str(grouping)].append(pair)
    return {name: tuple(pairs) for name, pairs in found.items()}


def _read_boundaries(reading: Reading) -> bytes:
    """Return the boundaries of a pack, which the map of a page draws; nothing where it has none."""
    stated = reading.manifest.get("boundaries")
    if stated is None:
        return b""
    name = stated.get("file") if isinstance(stated, Mapping) else None
    if not isinstance(name, str) or "/" in name or name.startswith("."):
        reading.faults.add("boundaries.file", repr(name), "the name of a GeoJSON or TopoJSON file in the folder")
        return b""
    try:
        content = read_file(reading.folder / name, most=MOST_BYTES)
    except GguCostsError as error:
        reading.faults.found.append(Fault("boundaries.file", error.message, remedy=error.remedy))
        return b""
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        reading.faults.add("boundaries.file", f"{name} is not JSON ({error})", "GeoJSON or TopoJSON")
        return b""
    reading.contents["boundaries"] = content
    return content


def _check_files(reading: Reading) -> None:
    """Check rows and SHA-256 where the manifest states them."""
    read = Pack("", "", reading.manifest, dict(reading.contents)).hashes()
    for name, entry in reading.entries().items():
        stated: Any = entry.get("sha256")
        if stated and name in read and stated != read[name]:
            reading.faults.add(f"tables.{name}.sha256", f"{stated!r}, but the file has {read[name]}", "one of the two",
                               "Was the file changed since? Look at it, and state its SHA-256 again.")  # fmt: skip
