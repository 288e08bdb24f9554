"""A map of the future: a forecast and an announced merger in a pack, in bills, fees, votes, cases and programmes."""

from __future__ import annotations

import copy
import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from own_packs import NATION, NEXT, VEENENDAAL, ZEIST, merger_pack, people_of_last, write_pack
from years import LAST

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.report.dossier import dossier, files_of

OLD, NEW = f"{LAST}-01-01", f"{NEXT}-01-01"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> ggu.Reference:
    return ggu.Reference.open(merger_pack(tmp_path_factory.mktemp("packs") / "proef"))


def bills(reference: ggu.Reference, key: dict[str, float]) -> tuple[Any, Any]:
    fund = ggu.open_fund("funds/ggu/2020", reference=reference)
    return tuple(
        fund.with_changes(total=60_000_000, key=key, counting_date=day, map_date=day).contributions()
        for day in (OLD, NEW)
    )


def test_the_map_has_one_municipality_less(reference: ggu.Reference) -> None:
    assert (len(reference.members(OLD)), len(reference.members(NEW))) == (342, 341)
    row = reference.municipalities(NEXT).loc["GM9001"]
    assert (row["name"], row["province"], row["province_code"], row["size_class"]) == (
        "Valleistad", "Utrecht", "PV26", 6,
    )  # fmt: skip
    assert row["inhabitants"] == people_of_last()[VEENENDAAL] + people_of_last()[ZEIST]
    assert reference.transfer(OLD, NEW)[VEENENDAAL] == (("GM9001", Fraction(1)),)
    carried = reference.inhabitants_on(OLD, NEW)
    assert carried.sum() == NATION
    assert reference.status_of(NEXT, "inhabitants") == ("forecast", "test")
    with pytest.raises(OutsidePeriodError):
        ggu.members(NEW)  # the shipped tables do not know it


def test_under_inhabitants_a_merger_costs_the_others_nothing(reference: ggu.Reference) -> None:
    before, after = bills(reference, {"inhabitants": 1})
    assert (len(after.cents), after.total_cents) == (341, 6_000_000_000)
    causes = after.change_from(before).to_frame()
    assert causes["mergers"].drop("GM9001").abs().max() <= 0.01  # cents of rounding


def test_steps_name_who_counted(reference: ggu.Reference) -> None:
    before, after = bills(reference, {"inhabitants": 1})
    whose = [bill.explain("GM0363").to_frame().set_index("step").loc["inwoners", "basis"] for bill in (before, after)]
    assert whose == ["CBS", reference.source_text(NEXT, "inhabitants")]
    assert whose[1] != "CBS"


def test_with_an_equal_part_the_others_pay_for_it(reference: ggu.Reference) -> None:
    before, after = bills(reference, {"inhabitants": 0.9, "equal": 0.1})
    each = 6_000_000 / 341 - 6_000_000 / 342
    assert round(each, 2) == 51.45
    causes = after.change_from(before).to_frame()["mergers"].drop("GM9001")
    assert causes.between(each - 0.011, each + 0.011).all()
    assert causes.median() == 51.45


def test_the_fee_falls_by_what_two_pay_more_than_one(reference: ggu.Reference) -> None:
    fee = ggu.open_fee("fees/vng-contributie/2024", reference=reference)
    totals = [fee.with_changes(counting_date=day, map_date=day).fees().total_cents for day in (OLD, NEW)]
    assert totals[0] - totals[1] == 680_000


def test_groups_and_effects_know_the_new_municipality(reference: ggu.Reference) -> None:
    before, after = bills(reference, {"inhabitants": 1})
    effect = ggu.redistribution(before, after, total="scale")
    assert list(effect.effect) == list(after.cents)
    by = after.by("province")
    assert by["municipalities"].sum() == 341
    assert by.loc["Utrecht", "municipalities"] == 25
    region = after.by("safety_region")  # of which the table of that year has none
    assert region["municipalities"].sum() == 341
    assert any("indeling van 1 januari 2025" in note for note in region.attrs["notes"])
    assert reference.groups({"samen": ["GM9001"]}, ["GM9001"], NEW).members == {"samen": ("GM9001",)}


def test_votes_cases_and_programmes_stand_on_it(reference: ggu.Reference, tmp_path: Path) -> None:
    scale = ggu.open_ballot("ballots/per-inhabitant", reference=reference)
    weights = scale.weights(NEW, OLD)
    assert (len(weights), "GM9001" in weights.index) == (341, True)
    people = reference.inhabitants_on(NEW)
    from ggu_costs.impact import MadeLine, programme_from_parts
    from ggu_costs.simulation.parts import Term

    line = MadeLine("eenmalig", "Eenmalig", "cost", "one_off", (Term("eenmalig", people.to_numpy() * 1.0),))
    made = programme_from_parts(
        "Proef", by="test", inhabitants=people, map_date=NEW, years=[NEXT], drivers=(), lines=[line],
        reference=reference,
    )  # fmt: skip
    result = made.simulate(64, seed=1)
    assert result.by("province")["municipalities"].sum() == 341
    assert any("Voorgenomen" in note or "voorgenomen" in note for note in result.notes)
    file = result.save(tmp_path / "proef")
    assert ggu.load_result(file, reference=reference).by("province")["municipalities"].sum() == 341
    with pytest.raises(OutsidePeriodError):
        ggu.load_result(file).by("province")


def test_every_output_says_what_is_not_certain(reference: ggu.Reference) -> None:
    fund = ggu.open_fund("funds/ggu/2020", reference=reference).with_changes(
        total=60_000_000, counting_date=NEW, map_date=NEW
    )
    notes = fund.contributions().notes
    assert f"Inwoners op 1 januari {NEXT}: prognose (test)." in notes
    assert any("Veenendaal naar Valleistad op 1 januari" in note for note in notes)
    assert any("GM9001 is een voorlopige code" in note for note in notes)
    files = files_of(dossier(fund))
    for name in ("contributions.csv", "contributions.nl.csv", "by_province.csv"):
        head, first, *_ = files[name].decode("utf-8-sig").splitlines()
        assert '"PROGNOSE"' in head
        assert '"VOORGENOMEN HERINDELING"' in head
        assert '"prognose"' in first
    assert "PROGNOSE | VOORGENOMEN HERINDELING" in files["result.html"].decode()
    told = files["provenance.json"].decode()
    assert '"proef/municipalities_' in told
    assert '"proef/mergers"' in told
    provisional = ggu.open_fund("funds/ggu/2020").with_changes(total=60_000_000, counting_date=OLD, map_date=OLD)
    assert f"Inwoners op 1 januari {LAST}: voorlopige cijfers." in provisional.contributions().notes


def test_a_reference_travels_and_compares_by_its_tables(reference: ggu.Reference) -> None:
    again = pickle.loads(pickle.dumps(reference))  # noqa: S301 (made here)
    assert again == reference
    assert hash(again) == hash(reference)
    assert again.municipalities(NEXT).equals(reference.municipalities(NEXT))
    assert copy.deepcopy(reference) == reference
    shipped = ggu.Reference.open()
    assert pickle.loads(pickle.dumps(shipped)) is shipped  # noqa: S301 (made here)
    assert reference != ggu.Reference.open()


def test_two_models_on_different_packs_are_not_compared(reference: ggu.Reference, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "ander", manifest={"pack": {"id": "ander", "title": "Ander", "by": "test"}})
    other = ggu.Reference.open(pack)
    one, two = (bills(tables, {"inhabitants": 1})[1] for tables in (reference, other))
    with pytest.raises(InputError, match="different reference tables"):
        ggu.redistribution(one, two)
    with pytest.raises(InputError, match=r"Give ggu\.Reference\.open"):
        ggu.open_fund("funds/ggu/2020", reference="packs/2027")  # type: ignore[arg-type]


def test_shares_of_an_indicator_of_its_own(tmp_path: Path) -> None:
    lines = [
        f"{NEXT}-01-01,{ZEIST},{VEENENDAAL},,0.25,,", f"{NEXT}-01-01,{ZEIST},GM0312,,0.75,,",
        f"{NEXT}-01-01,{ZEIST},{VEENENDAAL},,1/2,dwellings,", f"{NEXT}-01-01,{ZEIST},GM0312,,1/2,dwellings,",
    ]  # fmt: skip
    people = people_of_last()
    gone = people.pop(ZEIST)
    people[VEENENDAAL] += gone // 4
    people["GM0312"] += gone - gone // 4
    reference = ggu.Reference.open(write_pack(tmp_path / "p", people, mergers=lines))
    assert dict(reference.transfer(OLD, NEW)[ZEIST]) == {VEENENDAAL: Fraction(1, 4), "GM0312": Fraction(3, 4)}
    halves = dict.fromkeys(("GM0312", VEENENDAAL), Fraction(1, 2))
    assert dict(reference.transfer(OLD, NEW, "dwellings")[ZEIST]) == halves
    dwellings = ggu.municipalities(2024)["dwellings"].astype(float)
    carried = reference.carry(dwellings, from_year=2024, to_year=NEXT)
    assert carried[VEENENDAAL] - dwellings[VEENENDAAL] == dwellings[ZEIST] / 2
    assert carried.sum() == dwellings.sum()
    euros = reference.carry(dwellings.rename("euros"), from_year=2024, to_year=NEXT)
    assert euros[VEENENDAAL] - dwellings[VEENENDAAL] == dwellings[ZEIST] / 4


def test_a_map_beyond_the_last_table(tmp_path: Path) -> None:
    import datetime

    stated = {"pack": {"id": "p", "title": "P", "by": "test", "map_until": datetime.date(NEXT + 1, 12, 31)}}
    line = f"{NEXT + 1}-01-01,{ZEIST},{VEENENDAAL},,,,"
    write_pack(tmp_path / "p", mergers=[line])
    reference = ggu.Reference.open(_with(tmp_path, stated))
    day = f"{NEXT + 1}-01-01"
    assert (len(reference.members(NEW)), len(reference.members(day))) == (342, 341)
    assert reference.inhabitants_on(NEW, day).sum() == NATION
    fund = ggu.open_fund("funds/ggu/2020", reference=reference)
    bill = fund.with_changes(total=1_000_000, counting_date=NEW, map_date=day).contributions()
    assert any("zijn die van nu" in note for note in bill.notes)
    assert bill.by("size_class")["municipalities"].sum() == 341
    with pytest.raises(OutsidePeriodError, match="figures are known on"):
        reference.inhabitants_on(day)


def _with(folder: Path, stated: dict[str, Any]) -> Path:
    import tomllib

    import tomli_w

    path = folder / "p" / "manifest.toml"
    manifest = tomllib.loads(path.read_text(encoding="utf-8")) | stated
    path.write_text(tomli_w.dumps(manifest), encoding="utf-8")
    return folder / "p"


def test_an_own_indicator_in_the_key(tmp_path: Path) -> None:
    described = {"teams": {"type": "whole number", "kind": "total", "unit": "teams", "dutch": "wijkteams",
                           "description": "Wijkteams"}}  # fmt: skip
    teams = {code: 1 + place % 5 for place, code in enumerate(people_of_last())}
    pack = write_pack(
        tmp_path / "p", people_of_last(), columns={"teams": teams}, manifest={"columns": {"municipalities": described}}
    )
    reference = ggu.Reference.open(pack)
    fund = ggu.open_fund("funds/ggu/2020", reference=reference)
    bill = fund.with_changes(total=1_000_000, key={"teams": 1}, counting_date=NEW, map_date=NEW).contributions()
    share = teams[ZEIST] / sum(teams.values())
    assert bill.cents[ZEIST] == pytest.approx(100_000_000 * share, abs=1)
    assert reference.column_kind("teams") == "total"
    with pytest.raises(InputError):
        ggu.open_fund("funds/ggu/2020").with_changes(key={"teams": 1})
    gap = {code: count for code, count in teams.items() if code != ZEIST}
    other = write_pack(
        tmp_path / "q", people_of_last(), columns={"teams": gap}, manifest={"columns": {"municipalities": described}}
    )
    lacking = ggu.open_fund("funds/ggu/2020", reference=ggu.Reference.open(other))
    with pytest.raises(InputError, match=f"column teams {ZEIST}: no figure for Zeist"):
        lacking.with_changes(total=1_000_000, key={"teams": 1}, counting_date=NEW, map_date=NEW).contributions()


def test_a_column_that_lies_over_a_shipped_year(tmp_path: Path) -> None:
    columns = {"dwellings": dict.fromkeys(people_of_last(), 100)}
    people = pd.Series(people_of_last())
    pack = write_pack(tmp_path / "p", people.to_dict(), year=LAST, columns=columns, entry={"status": "provisional"})
    reference = ggu.Reference.open(pack)
    assert reference.municipalities(LAST)["dwellings"].tolist() == [100] * 342
    assert reference.municipalities(LAST)["inhabitants"].dtype == "int64"
    people[ZEIST] += 1
    with pytest.raises(InputError, match=r"differs from what lies below for 1 \(GM0355"):
        ggu.Reference.open(write_pack(tmp_path / "p", people.to_dict(), year=LAST))
    reason = {"override": "Correctie van het CBS van maart"}
    tables = ggu.Reference.open(write_pack(tmp_path / "p", people.to_dict(), year=LAST, entry=reason))
    assert tables.municipalities(LAST)["inhabitants"][ZEIST] == people[ZEIST]
    fund = ggu.open_fund("funds/ggu/2020", reference=tables)
    bill = fund.with_changes(total=1_000_000, counting_date=OLD, map_date=OLD).contributions()
    assert any("Correctie van het CBS van maart" in note for note in bill.notes)


def test_amounts_are_shared_over_a_placeholder_too() -> None:
    key = pd.Series({"GM0363": 3.0, "GM9001": 1.0})
    assert ggu.allocate(100, key).values.tolist() == [75.0, 25.0]


def test_boundaries_of_a_pack_are_drawn_on_their_map(tmp_path: Path) -> None:
    pack = merger_pack(tmp_path / "p", manifest={"boundaries": {"file": "grenzen.json"}})
    square = [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]]
    codes = [*people_of_last(VEENENDAAL, ZEIST, into="GM9001")]
    shapes = [{"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": square}} for code in codes]
    (pack / "grenzen.json").write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    fund = ggu.open_fund("funds/ggu/2020", reference=ggu.Reference.open(pack))
    later = fund.with_changes(total=1_000_000, counting_date=NEW, map_date=NEW)
    assert "CBS en Kadaster" not in files_of(dossier(later))["result.html"].decode()
    assert "CBS en Kadaster" in files_of(dossier(fund))["result.html"].decode()  # of 2020: the shipped ones
    (pack / "grenzen.json").write_text("{")
    with pytest.raises(InputError, match=r"boundaries.file: grenzen.json is not JSON"):
        ggu.Reference.open(pack)


def test_a_table_says_which_columns_are_not_definitive(reference: ggu.Reference) -> None:
    assert ggu.municipalities(2026).attrs["statuses"] == {"inhabitants": "provisional", "size_class": "provisional"}
    assert "statuses" not in ggu.municipalities(2024).attrs
    assert reference.municipalities(NEXT).attrs["statuses"]["inhabitants"] == "forecast"
