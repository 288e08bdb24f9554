"""What is wrong with a pack of reference tables is told at once, with what to do; and carrying keeps totals."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from own_packs import NATION, NEXT, VEENENDAAL, ZEIST, merger_pack, people_of_last, write_pack
from years import FIRST, LAST

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.reference import SHIPPED, Reference, transfer
from ggu_costs.reference.own import read_pack
from ggu_costs.reference.packs import Pack, Step
from ggu_costs.reference.writing import new_pack

DAY = f"{NEXT}-01-01"


def refused(folder: Path, *more: str | Path) -> InputError:
    with pytest.raises(InputError) as caught:
        ggu.Reference.open(folder, *more)
    assert caught.value.remedy or caught.value.faults
    return caught.value


def test_no_folder_no_manifest_no_toml(tmp_path: Path) -> None:
    assert "no such folder" in str(refused(tmp_path / "weg"))
    assert "a pack without manifest.toml" in str(refused(tmp_path))
    assert "ggu-costs reference new" in refused(tmp_path).remedy
    (tmp_path / "manifest.toml").write_text("[pack\n", encoding="utf-8")
    assert "not TOML" in str(refused(tmp_path))
    (tmp_path / "manifest.toml").write_text("", encoding="utf-8")
    assert {fault.where for fault in refused(tmp_path).faults} == {"pack.id", "pack.title", "pack.by", "tables"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"status": "forcast"}, "status: 'forcast'; allowed: definitive, provisional, forecast, announced"),
        ({"status": {"inhabitants": "sure"}}, "status.inhabitants: 'sure'"),
        ({"by": ""}, "by: missing; allowed: whose forecast it is"),
        ({"source": "elsewhere"}, "source: 'elsewhere'; allowed: an id in [sources]"),
        ({"override": " "}, "override: ' '"),
        ({"file": "../secret.csv"}, "file: '../secret.csv'"),
        ({"file": "none.csv"}, "none.csv"),
        ({"colour": 1}, "colour: unknown key"),
        ({"national": {"inhabitants": 1}}, f"1, but the municipalities add up to {NATION}"),
        ({"national": {"teams": 1}}, "national.teams: no such column"),
        ({"date": "2020-01-01"}, "date: '2020-01-01'"),
        ({"sha256": "0"}, "sha256: '0', but the file has"),
    ],
)
def test_a_manifest_that_says_what_cannot_be(tmp_path: Path, entry: dict[str, Any], told: str) -> None:
    assert told in str(refused(write_pack(tmp_path / "p", entry=entry)))


def test_what_is_still_to_fill_in_is_a_fault(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p", manifest={"sources": {"own": {"title": "VUL IN: waar"}}})
    assert "sources.own.title: still to fill in" in str(refused(pack))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["{day},GM0355,GM0345,,0.4,,", "{day},GM0355,GM0312,,0.5,,"], "shares that add up to 0.9; allowed: 1"),
        (["{day},GM0355,GM0345,,0.5,,", "{day},GM0355,GM0345,,0.5,,"], "one receiver twice"),
        (["{day},GM0355,GM0345,,0.5,dwellings,", "{day},GM0355,GM0312,,0.5,dwellings,"], "no shares of inhabitants"),
        (["{day},GM0355,GM8500,Nieuw,,,"], "GM8500, which CBS has not given and is no placeholder; allowed: GM9000 to"),
        (["{day},GM0355,GM90001,Nieuw,,,"], "new_code: 'GM90001'; allowed: GM0363, or a placeholder"),
        (["{day},GM0355,GM0457,Weesp,,,"], "GM0457 was Weesp until 2022-03-24"),
        (["{day},GM0355,GM9001,,,,"], "no name for GM9001"),
        (["{day},GM0355,GM9001,A,,,", "{day},GM0345,GM9001,B,,,"], "'B' and 'A' for GM9001"),
        (["{day},GM0457,GM0345,,,,"], "GM0457 is no municipality on"),
        (["2050-01-01,GM0355,GM0345,,,,"], "after the last table"),
        (["2010-01-01,GM0355,GM0345,,,,"], "before the first map"),
        (["1-1-2027,GM0355,GM0345,,,,"], "date: '1-1-2027'"),
        (["{day},GM0355,GM0345,,1.5,,"], "share: '1.5'"),
        (["{day},GM0355,GM0345,,1/0,,"], "share: '1/0'"),
        (["{day},GM0355,GM0345,,,kleur,"], "indicator: 'kleur'"),
        (["{day},GM0355,GM9001,Nieuw,,,Holland"], "province: 'Holland'"),
    ],
)
def test_mergers_that_cannot_be(tmp_path: Path, lines: list[str], told: str) -> None:
    pack = write_pack(tmp_path / "p", mergers=[line.format(day=DAY) for line in lines])
    assert told in str(refused(pack))


def announced(folder: Path) -> Path:
    """A pack of mergers alone: Veenendaal and Zeist become one on the first day of the next year."""
    folder.mkdir()
    lines = [f"{DAY},{code},GM9001,Valleistad,,,\n" for code in (VEENENDAAL, ZEIST)]
    head = "date,old_code,new_code,new_name,share,indicator,province\n"
    (folder / "mergers.csv").write_text(head + "".join(lines), encoding="utf-8")
    (folder / "manifest.toml").write_text(
        f'[pack]\nid = "merged"\ntitle = "Proef"\nby = "test"\nmap_until = {NEXT}-12-31\n'
        '[sources.own]\ntitle = "Made for a test"\n[tables.mergers]\nfile = "mergers.csv"\nsource = "own"\n',
        encoding="utf-8",
    )
    return folder


def test_a_merger_above_the_table_of_its_year_is_refused_and_made_where_it_lies_below(tmp_path: Path) -> None:
    mergers = announced(tmp_path / "merged")
    apart = write_pack(tmp_path / "apart")
    told = str(refused(apart, mergers))
    assert f"the table of {NEXT} that lies below has figures of {VEENENDAAL}" in told
    assert f"--from {LAST} --reference {mergers.as_posix()}" in told
    assert f"{VEENENDAAL}: appears on {DAY} without a merger" in str(refused(mergers, apart))
    made = tmp_path / "made"
    made.mkdir()
    files = new_pack(made, Reference.open(mergers), year=NEXT, start=LAST, by="us", national=NATION)
    for name, content in files.items():
        (made / name).write_bytes(content)
    people = Reference.open(mergers, made).inhabitants_on(DAY)
    now, before = (Reference.open(mergers).inhabitants_on(f"{year}-01-01", DAY) for year in (LAST, LAST - 1))
    grown = now * now / before
    assert people.sum() == NATION
    assert abs(people["GM9001"] - grown["GM9001"] / grown.sum() * NATION) < 1


def test_codes_that_come_and_go_without_a_merger(tmp_path: Path) -> None:
    people = people_of_last()
    people["GM9005"] = people.pop(ZEIST)
    told = str(refused(write_pack(tmp_path / "p", people)))
    assert f"GM9005: appears on {DAY} without a merger" in told
    assert f"{ZEIST}: vanishes on {DAY} without a merger" in told
    assert "Put the merger in mergers.csv" in told


def test_a_code_that_exists_twice_and_figures_that_are_none(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p")
    path = pack / f"municipalities_{NEXT}.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"{ZEIST},3\nX,4\n{VEENENDAAL},veel\n", encoding="utf-8")
    told = str(refused(pack))
    assert f"{ZEIST}: there 2 times" in told
    assert "X: not a code" in told
    assert "'veel' is not a finite number" in told


def test_a_band_upside_down_and_one_without_coverage(tmp_path: Path) -> None:
    people = people_of_last()
    bounds = {"inhabitants_low": {code: count + 5 for code, count in people.items()},
              "inhabitants_high": {code: count + 9 for code, count in people.items()}}  # fmt: skip
    band = {"low": "inhabitants_low", "high": "inhabitants_high", "coverage": 0.67}
    told = str(refused(write_pack(tmp_path / "p", columns=bounds, entry={"band": {"inhabitants": band}})))
    assert "a band upside down" in told
    told = str(refused(write_pack(tmp_path / "p", columns=bounds, entry={"band": {"inhabitants": {"low": "x"}}})))
    for part in ("band.inhabitants.low: 'x'", "band.inhabitants.high: 'missing'", "coverage: missing"):
        assert part in told


def test_a_column_that_changed_its_meaning_or_has_none(tmp_path: Path) -> None:
    stated = {"type": "number", "kind": "rate", "unit": "%", "dutch": "woningen", "description": "Woningen"}
    columns = {"dwellings": dict.fromkeys(people_of_last(), 1)}
    pack = write_pack(tmp_path / "p", columns=columns, manifest={"columns": {"municipalities": {"dwellings": stated}}})
    assert "kind: 'rate', but it was 'total'; allowed: one meaning for one name" in str(refused(pack))
    pack = write_pack(tmp_path / "p", columns={"teams": dict.fromkeys(people_of_last(), 1)})
    assert "column 'teams', which nothing describes" in str(refused(pack))


def test_two_packs_that_differ(tmp_path: Path) -> None:
    one = write_pack(tmp_path / "een", manifest={"pack": {"id": "een", "title": "Een", "by": "test"}})
    people = people_of_last()
    people[ZEIST] += 1
    two = write_pack(tmp_path / "twee", people)
    assert "differs from what lies below for 1 (GM0355" in str(refused(one, two))
    assert "pack.id: 'een' again" in str(refused(one, one))


def test_jumps_are_looked_at_again_and_make_no_pack_unusable(tmp_path: Path) -> None:
    people = people_of_last()
    people[ZEIST] = round(people[ZEIST] * 1.2)
    pack, faults, doubts = read_pack(write_pack(tmp_path / "p", people), SHIPPED)
    assert pack is not None
    assert not faults
    assert [fault.where for fault in doubts] == [f"tables.municipalities_{NEXT} {ZEIST}, inhabitants"]
    allowed = {"most_change": {"inhabitants": 0.25}}
    assert not read_pack(write_pack(tmp_path / "p", people, entry=allowed), SHIPPED)[2]


def test_groups_of_a_pack(tmp_path: Path) -> None:
    pack = merger_pack(tmp_path / "p")
    (pack / "groups.csv").write_text("grouping,code,group\nring,GM9001,west\nring,GM0363,oost\n", encoding="utf-8")
    text = (pack / "manifest.toml").read_text(encoding="utf-8")
    (pack / "manifest.toml").write_text(text + '\n[tables.groups]\nsource = "own"\n', encoding="utf-8")
    reference = ggu.Reference.open(pack)
    found = reference.groups("ring", reference.members(DAY), DAY)
    assert found.members == {"oost": ("GM0363",), "west": ("GM9001",)}
    assert len(found.left_out) == 339
    (pack / "groups.csv").write_text("grouping,code,group\nprovince,GM9001,west\nring,,x\n", encoding="utf-8")
    told = str(refused(pack))
    assert "grouping 'province', which is a column" in told
    assert "an empty cell" in told


def with_steps(steps: list[Step]) -> Reference:
    known = datetime.date(LAST + 9, 12, 31)
    pack = Pack("proef", "", {}, {"mergers": repr(steps).encode()}, steps=tuple(steps), known_until=known)
    return Reference((*SHIPPED.packs, pack))


@st.composite
def chains(draw: st.DrawFn) -> list[Step]:
    """Draw mergers and splits of years to come, each of municipalities that are there then."""
    there, steps = list(SHIPPED.member_codes(datetime.date(LAST, 12, 31))), list[Step]()
    for year in range(LAST + 1, LAST + 1 + draw(st.integers(1, 4))):
        day = datetime.date(year, 1, 1)
        gone = draw(st.lists(st.sampled_from(there), min_size=1, max_size=4, unique=True))
        rest = [code for code in there if code not in gone]
        new = f"GM9{len(steps):03d}"
        for code in gone:
            receivers = draw(st.lists(st.sampled_from([*rest, new]), min_size=1, max_size=3, unique=True))
            weights = draw(st.lists(st.integers(1, 99), min_size=len(receivers), max_size=len(receivers)))
            steps += [
                Step(day, code, code, receiver, receiver, Fraction(weight, sum(weights)), receiver in rest)
                for receiver, weight in zip(receivers, weights, strict=True)
            ]
        there = sorted({*rest, *(step.new for step in steps if step.day == day)})
    return steps


@settings(max_examples=25, deadline=None)
@given(chains(), st.integers(FIRST, LAST), st.data())
def test_carrying_keeps_totals_over_any_chain(steps: list[Step], year: int, data: st.DataObject) -> None:
    reference, last = with_steps(steps), steps[-1].day
    figures = reference.municipalities(year)["inhabitants"].astype("float64").rename("figures")
    carried = reference.carry_between(figures, from_date=f"{year}-01-01", to_date=last)
    assert list(carried.index) == list(reference.members(last))
    exact = reference.transfer(f"{year}-01-01", last)
    assert all(sum(share for _, share in parts) == 1 for parts in exact.values())
    assert sum(Fraction(figures[old]) * share for old, parts in exact.items() for _, share in parts) == figures.sum()
    assert carried.sum() == pytest.approx(figures.sum(), rel=1e-12)
    between = data.draw(st.sampled_from([step.day for step in steps]))
    twice = reference.carry_between(
        reference.carry_between(figures, from_date=f"{year}-01-01", to_date=between), from_date=between, to_date=last
    )
    pd.testing.assert_series_equal(carried, twice, rtol=1e-12)


def test_what_is_shipped_is_as_it_was_beneath_a_pack(tmp_path: Path) -> None:
    reference = ggu.Reference.open(merger_pack(tmp_path / "p"))
    assert reference.transfer("2018-01-01", f"{LAST}-12-31") == transfer("2018-01-01", f"{LAST}-12-31")
    assert {name: digest for name, digest in reference.table_hashes().items() if "/" not in name} == (
        SHIPPED.table_hashes()
    )
    assert sorted(set(reference.table_hashes()) - set(SHIPPED.table_hashes())) == [
        "proef/mergers", f"proef/municipalities_{NEXT}",
    ]  # fmt: skip


def test_a_step_is_named_in_the_order_of_its_day() -> None:
    day = datetime.date(NEXT, 1, 1)
    step = Step(day, ZEIST, "Zeist", VEENENDAAL, "Veenendaal", Fraction(1), True)
    reference = with_steps([step._replace(status="announced")])
    assert reference.carried_codes(f"{LAST}-01-01", day)["old_name"].tolist() == ["Zeist"]
