"""From file to figures: who takes part, volumes, pools, alternatives, and what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from oracles.procurement import CODES, open_case, pm, small, tiers, value

from ggu_costs.errors import InputError, MissingInputError, OutsidePeriodError, UnknownNameError
from ggu_costs.procurement.parties import drawn
from ggu_costs.reference import municipalities


def needs_input(name, unit="count", **more):
    return {name: {"unit": unit, "description": "x", "scope": "municipality", **more}}


def test_participants_in_order_of_code(case):
    parties = case.setup.parties
    assert parties.codes == CODES
    assert parties.names[0] == "Groningen"
    assert parties.kinds == ("municipality",) * 4 + ("joint_arrangement",)
    table = municipalities(2024)
    assert parties.inhabitants[:4].tolist() == table.loc[list(CODES[:4]), "inhabitants"].tolist()
    assert np.isnan(parties.inhabitants[4])
    assert parties.people[4] == 0


def test_size_classes_are_those_of_the_tables(tables):
    tables["participation"] = {"mode": "binding"}
    tables["others"] = []
    tables["volumes"][0] = {"id": "units", "name": "x", "column": "inhabitants", "factor": value(1, "count")}
    parties = open_case(tables).setup.parties
    table = municipalities(2024)
    assert parties.count == 342
    assert list(parties.size_classes) == table.loc[list(parties.codes), "size_class"].astype(str).tolist()


def test_figures_are_carried_to_a_later_map(tables):
    tables["case"]["counting_date"]["value"] = "2022-01-01"
    tables["case"]["map_date"]["value"] = "2022-04-01"
    tables["participation"]["municipalities"] = ["GM0363"]
    tables["others"] = []
    tables["volumes"][0]["own"] = {"GM0363": value(1, "count")}
    case = open_case(tables)
    table = municipalities(2022)
    assert case.setup.parties.inhabitants[0] == table.loc[["GM0363", "GM0457"], "inhabitants"].sum()
    assert any("Weesp naar Amsterdam" in note for note in case.notes())


def test_volumes_of_a_column_are_whole_units_and_own_figures_go_first(tables):
    tables["volumes"][0] = {
        "id": "units", "name": "x", "column": "inhabitants", "factor": value(0.011, "count"),
        "own": {"GR:NOORD": value(20, "count"), "GM0014": value(7, "count"), "GM1680": value(9, "count")},
    }  # fmt: skip
    volume = open_case(tables).setup.volumes["units"]
    people = municipalities(2024)["inhabitants"]
    assert volume.tolist() == [7, *(int(people[code] * 11 / 1000 + 0.5) for code in CODES[1:4]), 20]


def test_a_missing_volume_is_named(tables):
    del tables["volumes"][0]["own"]["GR:NOORD"]
    with pytest.raises(InputError, match=r"volumes.units: no volume for GR:NOORD"):
        open_case(tables).split()


def test_volumes_that_are_all_zero(tables):
    tables["volumes"][0]["own"] = {code: value(0, "count") for code in CODES}
    with pytest.raises(InputError, match=r"volumes.units: 0 for everyone; allowed: at least one above 0"):
        open_case(tables).split()


def test_duration_and_what_is_due_once(tables):
    tables["case"]["duration"] = value(3, "count")
    tables["pools"][1]["once"] = True
    tables["alternatives"]["stand_alone"]["once"] = value(50)
    setup = open_case(tables).setup
    assert [pool.total for pool in setup.pools] == [3000, 500, 3 * 1160]
    assert setup.alone is not None
    assert setup.alone.tolist() == [50 + 3 * (300 + 11 * volume) for volume in (60, 30, 10, 40, 20)]


def test_levels_by_code_class_and_kind(tables):
    costs = [{"id": name, "cost": value(cost)} for name, cost in (("low", 10), ("mid", 20), ("high", 30))]
    needs = {"municipality": "low", "6": "mid", "GM0014": "high", "joint_arrangement": "low"}
    tables["pools"][0] = {"id": "project", "name": "P", "levels": {"levels": costs, "needs": needs}}
    pool = open_case(tables).setup.pools[0]
    assert pool.pool.costs.tolist() == [30, 10, 10, 20, 10]
    assert pool.total == 30
    del needs["joint_arrangement"]
    with pytest.raises(InputError, match=r"pools.project.levels.needs: nothing for GR:NOORD"):
        open_case(tables).split()


def test_regions(tables):
    regional = {"region": "province", "amount": value(40), "amounts": {"Drenthe": value(70)}}
    tables["pools"][0] = {"id": "project", "name": "P", "regional": regional}
    with pytest.raises(InputError, match=r"pools.project.regional: nothing for GR:NOORD"):
        open_case(tables).split()
    tables["others"][0]["region"] = "Groningen"
    pool = open_case(tables).setup.pools[0]
    assert pool.pool.regions == ("Groningen", "Drenthe", "Drenthe", "Drenthe", "Groningen")
    assert pool.total == 110


def test_own_amounts_go_before_the_amount_of_all(tables):
    tables["pools"][1]["per_participant"]["own"] = {"GM0014": value(-30)}
    assert open_case(tables).setup.pools[1].pool.amounts.tolist() == [-30, 100, 100, 100, 100]
    tables["pools"][1]["per_participant"] = {"own": {"GM0014": value(5)}}
    with pytest.raises(InputError, match="nothing for GM0106, GM0109, GM0114, GR:NOORD"):
        open_case(tables).split()


@pytest.mark.parametrize("place", [0, 1])
def test_a_pool_that_is_pm_is_in_no_total(tables, place):
    tables["pools"][place] = small()["pools"][place]
    tables["pools"][place]["fixed" if place == 0 else "per_participant"] = pm() if place == 0 else {"amount": pm()}
    case = open_case(tables)
    name = tables["pools"][place]["name"]
    assert case.setup.unknown == (name,)
    assert case.split().total == 2660 - (1000, 500)[place]
    assert f"Exclusief PM: {name}." in case.notes()


@pytest.mark.parametrize("kind", ["levels", "regional"])
def test_levels_and_regions_that_are_pm(tables, kind):
    tables["others"][0]["region"] = "Groningen"
    terms = {
        "levels": {"levels": [{"id": "a", "cost": pm()}], "needs": {"municipality": "a", "joint_arrangement": "a"}},
        "regional": {"region": "province", "amount": pm()},
    }
    tables["pools"][0] = {"id": "project", "name": "P", kind: terms[kind]}
    assert open_case(tables).setup.unknown == ("P",)


def test_all_pools_pm(tables):
    tables["pools"] = [{"id": "project", "name": "P", "fixed": pm()}]
    with pytest.raises(InputError, match="pools: all amounts are PM"):
        open_case(tables).split("equal")


def test_alternatives_by_region(tables):
    tables["alternatives"]["regional"] = {
        "region": "province", "fixed": value(100), "volumes": [{"volume": "units", "tiers": tiers((0, 8), (40, 5))}],
        "own": {"Groningen": pm()},
    }  # fmt: skip
    drenthe, groningen = open_case(tables).setup.regional
    assert (drenthe.label, drenthe.members.tolist(), drenthe.cost) == ("Drenthe", [1, 2, 3], 100 + 320 + 200)
    assert (groningen.label, groningen.members.tolist()) == ("Groningen", [0])
    assert np.isnan(groningen.cost)
    tables["alternatives"]["regional"]["own"]["Groningen"] = value(80)
    assert open_case(tables).setup.regional[1].cost == 80


def test_stand_alone_from_a_table_and_pm(tables):
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": value(900), "GR:NOORD": pm(), "GM1680": value(1)}
    alone = open_case(tables).setup.alone
    assert alone[:4].tolist() == [900, 630, 410, 740]
    assert np.isnan(alone[4])
    tables["alternatives"]["stand_alone"] = {"own": {"GM0014": value(900)}}
    assert np.isnan(open_case(tables).setup.alone).tolist() == [False, True, True, True, True]
    tables["alternatives"]["stand_alone"] = {"fixed": pm(), "volumes": [{"volume": "units", "tiers": tiers((0, 8))}]}
    assert np.isnan(open_case(tables).setup.alone).all()


def test_inputs_of_the_user(tables):
    tables["inputs"] = {
        "price": {"unit": "EUR", "description": "x"},
        "hours": {"unit": "share", "description": "x", "optional": True},
    }
    given = {"input": "price", "unit": "EUR", "vat": "excl", "price_level": "2024", "status": "estimated", "by": "user"}
    tables["pools"][0]["fixed"] = given
    tables["case"]["vat"]["taxed_share"] = {"input": "hours", "unit": "share", "status": "estimated", "by": "user"}
    with pytest.raises(MissingInputError, match="price: not given"):
        open_case(tables).split()
    case = open_case(tables, {"price": 500})
    assert case.split().total == 2160
    assert any("PM" in note for note in case.notes())
    assert "price" in case.split().provenance["inputs"]


def test_volumes_and_stand_alone_costs_as_inputs(tables):
    codes = list(municipalities(2024).index)
    tables["participation"] = {"mode": "binding"}
    tables["others"] = []
    tables["inputs"] = {**needs_input("use"), **needs_input("own_cost", "EUR")}
    tables["volumes"][0] = {"id": "units", "name": "x", "input": "use"}
    tables["alternatives"] = {"stand_alone": {"input": "own_cost"}}
    use = pd.Series(range(1, 343), index=codes, dtype=float)
    setup = open_case(tables, {"use": use, "own_cost": use * 10}).setup
    assert setup.volumes["units"].tolist() == use.tolist()
    assert setup.alone.tolist() == (use * 10).tolist()
    with pytest.raises(InputError, match="negative for GM0014"):
        open_case(tables, {"use": use - 2, "own_cost": use}).split("equal")


@pytest.mark.parametrize("optional", [False, True])
def test_stand_alone_costs_left_empty_are_pm(tables, tmp_path, optional):
    tables["inputs"] = needs_input("own_cost", "EUR", optional=optional)
    tables["alternatives"] = {"stand_alone": {"input": "own_cost"}}
    file = tmp_path / "own.csv"
    file.write_text("code,bedrag\nGM0014,960\nGM0106,\nGM0109,410\nGM0114,740\nGR:NOORD,520\n")
    costs = pd.Series([960, np.nan, 410, 740, 520], index=CODES)
    for given in (str(file), costs):
        case = open_case(tables, {"own_cost": given})
        assert case.setup.alone.tolist()[2:] == [410, 740, 520]
        assert np.isnan(case.setup.alone[1])
        assert case.split().total == 2660
        assert case.stability("shapley").individually_rational is None
    with pytest.raises(InputError, match="negative for GM0014"):
        open_case(tables, {"own_cost": -costs})
    two = tmp_path / "two.csv"
    two.write_text("code,a,b\nGM0014,1,2\nGM0106,,2\n")
    with pytest.raises(InputError, match=r"two\.csv line 3, a: empty"):
        open_case(tables, {"own_cost": two})
    file.write_text("code;gemeente;bedrag\nGM0014;;960\nGM0106;Assen;\nGM0109;;410\nGM0114;;740\nGR:NOORD;;520\n")
    alone = open_case(tables, {"own_cost": file}).setup.alone.tolist()
    assert (alone[0], np.isnan(alone[1]), alone[2:]) == (960, True, [410, 740, 520])  # a name says nothing of a figure
    file.write_text("code,bedrag\nGM0014,\nGM0106,x\n")
    with pytest.raises(InputError, match=r"own\.csv line 3, bedrag: 'x' is not a finite number"):
        open_case(tables, {"own_cost": file})
    file.write_text("code;bedrag\nGM0014;\nGM0106;1.234\n")
    with pytest.raises(InputError, match=r"own\.csv line 3.*\n(.*\n)*.*data=\{'own_cost': ggu\.read_table"):
        open_case(tables, {"own_cost": file})
    file.write_text("code,bedrag\nGM0014,960\nGM0106,630\nGM0109,410\nGM0114,740\nGR:NOORD,520\n")
    assert open_case(tables, {"own_cost": file}).business_case().saving == 600
    with pytest.raises(InputError, match="GR:NOORD: missing"):
        open_case(tables, {"own_cost": costs[:4]}).split()
    if optional:
        case = open_case(tables)
        assert np.isnan(case.setup.alone).all()
        assert np.isnan(case.business_case().saving)
    else:
        with pytest.raises(MissingInputError, match="own_cost: not given"):
            open_case(tables).split()


def test_a_volume_cannot_be_left_empty(tables):
    tables["inputs"] = needs_input("use")
    tables["volumes"][0] = {"id": "units", "name": "x", "input": "use"}
    with pytest.raises(InputError, match="missing or not finite for GM0106"):
        open_case(tables, {"use": pd.Series([1, np.nan, 1, 1, 1], index=CODES)})


def test_a_duration_of_nothing(tables):
    tables["inputs"] = {"years": {"unit": "count", "description": "x"}}
    tables["case"]["duration"] = {"input": "years", "unit": "count", "status": "estimated", "by": "user"}
    with pytest.raises(InputError, match=r"case\.duration is 0"):
        open_case(tables, {"years": 0}).business_case()
    assert open_case(tables, {"years": 2}).split().total == 5320


def test_a_body_is_in_the_columns_that_know_its_region(tables):
    tables["others"][0]["region"] = "Amsterdam-Amstelland"
    regional = {"region": "safety_region", "amount": value(40)}
    tables["pools"][0] = {"id": "project", "name": "P", "regional": regional}
    parties = open_case(tables).setup.parties
    assert parties.regions("safety_region")[4] == "Amsterdam-Amstelland"
    assert parties.regions("province")[4] == ""


def test_a_number_that_must_be_known(tables):
    tables["inputs"] = {"price": {"unit": "EUR/unit", "description": "x", "optional": True}}
    tables["pools"][2]["volume"]["tiers"][0]["price"] = {
        "input": "price", "unit": "EUR/unit", "vat": "excl", "price_level": "2024", "status": "estimated", "by": "user",
    }  # fmt: skip
    with pytest.raises(InputError, match=r"tiers.price is not known"):
        open_case(tables).split()


def test_the_drawn_order_depends_on_the_seed_and_on_nothing_else():
    codes = list(municipalities(2018).index)
    assert drawn(codes, 1) == drawn(reversed(codes), 1)
    assert drawn(codes, 1) != drawn(codes, 2)
    assert sorted(drawn(codes, 1)) == codes


def test_a_selection(tables):
    selection = {
        "count": value(3, "count"), "seed": 5, "include": ["GM0599"], "status": "illustrative", "by": "test",
    }  # fmt: skip
    tables["participation"] = {"mode": "listed", "selection": selection}
    tables["volumes"][0]["column"], tables["volumes"][0]["factor"] = "inhabitants", value(1, "count")
    codes = open_case(tables).setup.parties.codes
    others = [code for code in drawn(municipalities(2024).index, 5) if code != "GM0599"]
    assert codes == tuple(sorted(["GM0599", *others[:2], "GR:NOORD"]))


def test_bodies_alone(tables):
    tables["participation"] = {"mode": "listed"}
    case = open_case(tables)
    assert case.setup.parties.codes == ("GR:NOORD",)
    with pytest.raises(InputError, match="no participant has inhabitants"):
        case.split("inhabitants")


@pytest.mark.parametrize(("order", "first"), [("largest", ["GM0014", "GM0114"]), ("smallest", ["GM0109", "GR:NOORD"])])
def test_take_up(tables, order, first):
    share = {"years": {"2024": 0.0, "2025": 0.4, "2026": 1}, "unit": "share", "status": "estimated", "by": "test"}
    tables["years"] = [2024, 2025, 2026]
    tables["participation"] = {
        "mode": "voluntary", "municipalities": list(CODES[:4]), "take_up": {"share": share, "order": order},
    }  # fmt: skip
    case = open_case(tables)
    assert case.setup.parties.codes == CODES
    assert list(case.at(2025).setup.parties.codes) == first
    assert "deelname van 2025" in case.at(2025).title
    with pytest.raises(InputError, match="nobody takes part"):
        case.at(2024).split()
    with pytest.raises(InputError, match="nobody takes part"):
        case.at(2024).with_changes(volumes=dict.fromkeys(CODES, 1))
    with pytest.raises(OutsidePeriodError, match="no take-up in 2027; known: 2024, 2025, 2026"):
        case.at(2027)


def test_take_up_in_a_drawn_order(tables):
    share = {"years": {"2024": 0.6}, "unit": "share", "status": "estimated", "by": "test"}
    take_up = {"share": share, "order": "drawn", "seed": 8}
    tables["participation"] = {"mode": "voluntary", "municipalities": list(CODES[:4]), "take_up": take_up}
    assert open_case(tables).setup.parties.codes == tuple(sorted(drawn(CODES, 8)[:3]))


def test_no_take_up_curve(case):
    with pytest.raises(InputError, match="has no take-up curve\nAsk the case itself"):
        case.at(2024)


def test_changed_participants_and_volumes(case):
    fewer = case.with_changes(participants=["GM0114", "GM0014"])
    assert fewer.setup.parties.codes == ("GM0014", "GM0114")
    assert "2 deelnemers" in fewer.title
    more = fewer.with_changes(volumes=pd.Series({"GM0014": 5.0, "GM0114": 6.0}))
    assert more.setup.volumes["units"].tolist() == [5, 6]
    assert more.provenance()["changes"] == ["2 deelnemers", "eigen volumes: units"]
    assert "volumes.units" in more.provenance()["inputs"]
    with pytest.raises(InputError, match="participants GM9999: no such participant") as caught:
        case.with_changes(participants=["GM0014", "GM0014", "GM9999"])
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="participants: nobody"):
        case.with_changes(participants=[])


def test_volumes_that_the_file_lacks_can_be_given(tables):
    del tables["volumes"][0]["own"]["GR:NOORD"]
    case = open_case(tables)
    with pytest.raises(InputError, match="no volume for GR:NOORD"):
        case.split()
    given = case.with_changes(volumes=dict.fromkeys(CODES, 1))
    assert given.setup.volumes["units"].tolist() == [1] * 5


def test_an_unknown_participant(case):
    with pytest.raises(UnknownNameError, match="unknown participant 'GM0363'"):
        case.split().explain("GM0363")
