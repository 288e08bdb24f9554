"""The shipped tables: their hashes, their description, and the sums and counts that their notes state."""

import csv
import hashlib
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
from years import LAST

from ggu_costs.reference import SHIPPED, Reference, known_years, map_period
from ggu_costs.reference.packs import shipped_pack

manifest = SHIPPED.manifest
DATA = files("ggu_costs.reference") / "data"
TABLES = sorted(manifest()["tables"])
KINDS = {"total", "rate", "class", "label"}


def read(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("name", TABLES)
def test_the_manifest_fits_the_table(name):
    entry = manifest()["tables"][name]
    data = (DATA / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert b"\r" not in data
    assert len(data) < 1_000_000
    header, *rows = read(name)
    assert len(rows) == entry["rows"]
    assert header == list(entry["sources"])
    assert {len(row) for row in rows} == {len(header)}
    assert entry["title"]
    assert entry["licence"]
    for text in entry["date"].split("/"):
        assert date.fromisoformat(text if len(text) == 10 else f"{text}-01-01")


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_and_sourced(name):
    entry = manifest()["tables"][name]
    described = manifest()["columns"][entry["columns_of"]]
    for column, sources in entry["sources"].items():
        assert described[column]["kind"] in KINDS
        assert described[column]["dutch"]
        assert described[column]["description"]
        assert described[column]["unit"] or described[column]["kind"] == "label"
        assert sources
        assert set(sources) <= set(manifest()["sources"])


def test_every_file_is_in_the_manifest():
    shipped = {item.name for item in DATA.iterdir() if item.name.endswith(".csv")}
    assert shipped == {entry["file"] for entry in manifest()["tables"].values()}


def test_every_source_states_where_and_under_what_licence():
    for name, source in manifest()["sources"].items():
        assert source["where"]
        assert name == "derived" or (source["commit"] and source["repository_licence"] and source["underlying"])


@pytest.mark.parametrize("name", [name for name in TABLES if name.startswith("municipalities")])
def test_codes_and_names_are_unique_and_no_cell_is_unexpectedly_empty(name):
    header, *rows = read(name)
    codes = [row[0] for row in rows]
    assert codes == sorted(set(codes))
    assert len({row[1] for row in rows}) == len(rows)
    empty = [(row[0], column) for row in rows for column, cell in zip(header, row, strict=True) if cell == ""]
    known = [(code, "water_area_km2") for code in ("GM0417", "GM0888", "GM0965")]
    assert empty == (known if name.endswith("2021") else [])


def test_shares_of_an_ended_municipality_add_up_to_one():
    header, *rows = read("mergers")
    parts = {}
    for row in (dict(zip(header, row, strict=True)) for row in rows):
        parts.setdefault(row["old_code"], []).append((int(row["share_numerator"]), int(row["share_denominator"])))
    assert len(parts) == 63
    for shares in parts.values():
        assert len({denominator for _, denominator in shares}) == 1
        assert sum(numerator for numerator, _ in shares) == shares[0][1]
    assert {code: shares for code, shares in parts.items() if len(shares) > 1} == {
        "GM0140": [(3439, 10833), (5490, 10833), (1904, 10833)],
        "GM0053": [(11947, 13505), (1558, 13505)],
        "GM0788": [(2131, 14195), (5807, 14195), (1448, 14195), (4809, 14195)],
    }


def test_regions_agree_with_the_municipality_tables():
    _, *rows = read("region_map")
    for year in range(2020, 2025):
        header, *municipalities = read(f"municipalities_{year}")
        at = [header.index(column) for column in ("code", "safety_region_code", "safety_region")]
        expected = {tuple(row[i] for i in at) for row in municipalities}
        assert {tuple(row[2:]) for row in rows if row[:2] == ["safety_region", str(year)]} == expected
        assert len({code for _, code, _ in expected}) == 25


def test_the_years_are_those_of_the_tables() -> None:
    tables = {path.name.removesuffix(".csv") for path in DATA.iterdir() if path.name.startswith("municipalities_")}
    assert {f"municipalities_{year}" for year in known_years()} == tables
    assert known_years() == tuple(range(known_years()[0], known_years()[-1] + 1))  # no year is left out
    first, last = map_period()
    assert (first.year, last.year) == (known_years()[0], known_years()[-1])
    assert (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def test_a_year_more_is_a_table_more() -> None:
    more = {**manifest(), "tables": {**manifest()["tables"], f"municipalities_{LAST + 1}": {}}}
    assert Reference([replace(shipped_pack(), manifest=more)]).known_years()[-1] == LAST + 1


@pytest.mark.parametrize("name", [name for name in TABLES if "national" in manifest()["tables"][name]])
def test_the_figures_add_up_to_those_of_the_nation(name: str) -> None:
    header, *rows = read(name)
    for column, total in manifest()["tables"][name]["national"].items():
        assert sum(int(row[header.index(column)]) for row in rows) == total


def test_what_is_not_definitive_says_so() -> None:
    assert SHIPPED.status_of(2025, "inhabitants") == ("definitive", "")
    assert SHIPPED.status_of(2026, "inhabitants") == ("provisional", "")
    assert SHIPPED.status_of(2026, "name") == ("definitive", "")
