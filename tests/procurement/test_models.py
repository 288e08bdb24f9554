"""The shipped models: what is published in them, that the rest says it is made up, and that a run has its tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from oracles.procurement import CODES, open_case, pm, small, value
from shipped import dossier_of, opened

from ggu_costs.catalogue import compare_models, open_model
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.procurement.rules import COMPARED
from ggu_costs.reference import municipalities
from ggu_costs.report.dossier import dossier, files_of

MODELS = ("gt-mobiel-1", "example-ibd", "example-specialised-care", "example-once-for-all")


@pytest.mark.parametrize("name", MODELS)
def test_a_shipped_model_says_that_it_is_made_up(name):
    case = open_model(f"procurement/{name}")
    assert case.definition.illustrative
    assert "FICTIEF VOORBEELD" in case.definition.description
    assert any("verzonnen" in note for note in case.notes())
    split = case.split("equal")
    assert split.to_frame().attrs["illustrative"]
    assert split.total_cents == round(case.setup.total * 100)
    assert case.business_case(split).saving > 0
    for _, found in case.definition.values():
        assert found.status in ("illustrative", "published", "estimated")
        assert found.status != "estimated" or found.unit == "share"


def test_the_numbers_of_participants_of_gt_mobiel_1_are_those_published():
    """283 participants, 241 of them municipalities: GT, Voortgang GT Mobiele Communicatie 2, December 2016."""
    case = open_model("procurement/gt-mobiel-1")
    kinds = case.setup.parties.kinds
    assert (len(kinds), kinds.count("municipality"), kinds.count("other")) == (283, 241, 42)
    assert "GM0599" in case.codes
    assert len(municipalities(2018)) == 380
    claims = case.business_case("equal").claimed()
    assert claims.loc[0, ["value", "status"]].tolist() == [90_000_000, "published"]
    assert claims.loc[0, "source"] == "Collectiviteit bewijst kracht gemeenten"
    published = {key for key, found in case.definition.values() if found.status == "published"}
    assert published == {
        "case.duration", "participation.selection.count", "claims.saving.value", "claims.rotterdam.value",
        "claims.interest.value", "claims.participants-2021.value",
    }  # fmt: skip


@pytest.mark.compiled
def test_every_rule_of_gt_mobiel_1_at_full_size():
    case = open_model("procurement/gt-mobiel-1")
    compared = case.compare_rules()
    assert compared.missing == {}
    frame, rules = compared.to_frame(), compared.rules()
    for rule in COMPARED:
        assert frame[rule].sum() == pytest.approx(case.setup.total, abs=0.005)
        group = compared.tests[rule].coalition
        shares = compared.splits[rule].shares.values[[case.setup.parties.at(code) for code in group]].sum()
        assert shares - case.game.value(group) == pytest.approx(rules.loc[rule, "complaint"], abs=1e-4)
    complaints = {rule: compared.tests[rule].complaint for rule in COMPARED}
    assert min(complaints, key=complaints.__getitem__) == "nucleolus"  # of the game that the test speaks of
    assert complaints["nucleolus"] == pytest.approx(
        -18_049
    )  # Rozendaal and all but it: 48,972 alone less 12,874, halved
    assert complaints["shapley"] < 0 < complaints["inhabitants"]


@pytest.mark.compiled
@pytest.mark.parametrize("name", MODELS)
def test_a_run_of_a_shipped_model(name):
    case, found = opened(f"procurement/{name}"), dossier_of(f"procurement/{name}")
    names = {table.name for table in found.tables}
    wanted = {"participants", "rules", "stability", "business_case", "by_size_class", "break_even", "values"}
    assert wanted <= names
    extra = {
        "gt-mobiel-1": {"ratchet", "claims", "by_province"},
        "example-ibd": {"by_safety_region"},
        "example-specialised-care": {"by_safety_region"},
        "example-once-for-all": {"take_up", "pass_through"},
    }
    assert extra[name] <= names
    files = files_of(found)
    assert files["participants.csv"].decode().splitlines()[0].endswith('"FICTIEF VOORBEELD"')
    if name != "gt-mobiel-1":
        return
    one = dossier(case, municipality="GM0599")
    assert one.title.startswith("Rotterdam (GM0599)")
    assert {"steps", "rules", "stability", "exit"} <= {table.name for table in one.tables}


def whole() -> dict:
    """The small case with everything that a file may hold."""
    tables = small()
    share = {"years": {"2024": 0.0, "2025": 0.4, "2026": 1}, "unit": "share", "status": "estimated", "by": "test"}
    tables["years"] = [2024, 2025, 2026]
    tables["participation"] = {
        "mode": "voluntary", "municipalities": list(CODES[:4]), "take_up": {"share": share, "order": "largest"},
    }  # fmt: skip
    tables["alternatives"]["regional"] = {"region": "province", "fixed": value(500)}
    tables["claims"] = [{"id": "a", "name": "A", "value": value(1, "count")}]
    contract = {"supplier": "A", "price": value(9, "EUR/unit"), "holders": ["municipality", "joint_arrangement"]}
    tables["ratchet"] = {"volume": "units", "contracts": [contract]}
    return tables


def test_the_report_of_a_small_case():
    case = open_case(whole())
    report = case.report()
    assert list(report.frames) == [
        "participants", "rules", "rules_per_inhabitant", "stability", "business_case", "by_size_class", "by_province",
        "break_even", "claims", "pass_through", "ratchet", "ratchet_by_supplier", "take_up", "whole_duration",
    ]  # fmt: skip
    assert report.map == ("participants", "per_inhabitant")
    assert [chart.y for chart in report.charts] == [("alone", "joint"), ("complaint",)]
    assert ("joint_cost", 2660.0, "EUR") in report.summary
    assert report.title == "Klein (deelname van 2026)"
    assert files_of(dossier(case))
    for chart in report.charts:
        assert set(chart.y) <= set(chart.frame.columns)
        assert chart.frame.index.name == chart.x


def test_the_report_of_one_participant():
    case = open_case(small())
    report = case.report("GM0106")
    assert report.title == "Assen (GM0106): Klein"
    assert report.summary[0] == ("share_of_participant", 517.5, "EUR")
    assert report.frames["rules"].loc["equal", "share"] == 532
    assert list(report.frames) == ["budget", "steps", "rules", "stability", "exit"]
    with pytest.raises(UnknownNameError, match="unknown participant 'GM0363'"):
        case.report("GM0363")


def test_the_report_without_alternatives_and_members(tables):
    tables["alternatives"], tables["others"] = {}, []
    del tables["volumes"][0]["own"]["GR:NOORD"]
    report = open_case(tables).report()
    assert "break_even" not in report.frames
    assert "pass_through" not in report.frames
    assert len(report.charts) == 1
    assert ("saving", None, "EUR") in report.summary
    tables["participation"]["municipalities"] = ["GM0014"]
    assert "exit" not in open_case(tables).report("GM0014").frames
    assert open_case(tables).report().charts == ()  # one participant without alternatives: nothing to test


def test_sides_that_do_not_match_are_no_table(tables):
    comparison = open_case(tables).compare(open_case(small()))
    with pytest.raises(ValueError, match="zip"):
        replace(comparison, outcomes=comparison.outcomes[:1]).to_frame()
    with pytest.raises(ValueError, match="zip"):
        replace(comparison, outcomes=comparison.outcomes[:1]).summary()


def test_cases_side_by_side(tables):
    other = open_case(tables).with_changes(participants=CODES[:2])
    tables["pools"][0]["fixed"] = pm()
    comparison = compare_models(open_case(small()), other, open_case(tables))
    frame = comparison.to_frame()
    assert frame["a"].sum() == 2660
    assert frame["b"].tolist()[2:] == ["doet niet mee"] * 3
    assert frame["b"].iloc[0] > 0
    assert frame.attrs["total"] == ["a", "c", "change_c"]
    assert frame["c"].sum() == 1660
    assert frame["change_b"].tolist()[2:] == ["niet in beide"] * 3
    assert frame["change_c"].isna().all()  # the project is PM in c and stated in a
    assert comparison.answer.sentence.count("niet te bepalen") == 1
    assert not any("C vergeleken met A" in line for line in comparison.answer.more)
    assert comparison.summary()[:2] == (("participants_a", 5, "count"), ("joint_cost_a", 2660.0, "EUR"))
    assert "Exclusief PM: Project." in comparison.notes
    with pytest.raises(InputError, match="1 cases to compare"):
        open_case(small()).compare()


def change_states(part, name, state):
    """Give every value another VAT state or price level."""
    if isinstance(part, dict):
        if isinstance(part.get(name), str):
            part[name] = state
        for item in part.values():
            change_states(item, name, state)
    elif isinstance(part, list):
        for item in part:
            change_states(item, name, state)


def test_cases_that_cannot_stand_side_by_side(tables):
    tables["case"]["duration"] = value(5, "count")
    change_states(tables, "vat", "incl")
    change_states(tables, "price_level", "2020")
    with pytest.raises(InputError, match=r"duration: 1 years \(procurement/small\), 5 years") as caught:
        open_case(small()).compare(open_case(tables))
    assert [fault.where for fault in caught.value.faults] == ["duration", "VAT", "price level"]


def test_cases_on_two_maps(tables):
    """Haaren ended on 1 January 2021, so on the later map it does not exist; Assen exists and stays out."""
    tables["participation"]["municipalities"] = ["GM0014", "GM0788"]
    tables["volumes"][0]["own"] = {code: value(9, "count") for code in ("GM0014", "GM0788", "GR:NOORD")}
    tables["others"][0]["members"] = {"GM0014": 1}
    for name in ("map_date", "counting_date"):
        tables["case"][name]["value"] = "2020-01-01"
    comparison = open_case(tables).compare(open_case(small()))
    frame = comparison.to_frame()
    assert frame.loc["GM0788", "b"] == "bestaat dan niet"
    assert frame.loc["GM0106", "a"] == "doet niet mee"
    assert any("A van 1 januari 2020, B van 1 januari 2024" in note for note in comparison.notes)


def test_opening_is_the_same_twice():
    first, second = (open_model("procurement/gt-mobiel-1") for _ in range(2))
    assert first.codes == second.codes
    assert np.array_equal(first.split("volume").cents, second.split("volume").cents)
    assert first.provenance() == second.provenance()
