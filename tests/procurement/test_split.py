"""A split as a result: frame, VAT, steps, passing through."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.procurement import CODES, open_case, pm, small, value

from ggu_costs.errors import InputError
from ggu_costs.reference import municipalities


def test_the_frame(case):
    frame = case.split().to_frame()
    assert list(frame.index) == list(CODES)
    assert frame["share"].tolist() == [735.0, 517.5, 372.5, 590.0, 445.0]
    assert frame["alone"].tolist() == [960, 630, 410, 740, 520]
    assert frame["saving"].tolist() == [225.0, 112.5, 37.5, 150.0, 75.0]
    assert frame.loc["GM0014", "per_inhabitant"] == 735 / municipalities(2024).loc["GM0014", "inhabitants"]
    assert math.isnan(frame.loc["GR:NOORD", "per_inhabitant"])
    assert math.isnan(frame.loc["GR:NOORD", "inhabitants"])
    assert frame["ratio"].sum() == pytest.approx(1)
    assert set(frame["method"]) == {"fixed_plus_volume"}
    assert frame.attrs["units"]["per_inhabitant"] == "EUR/inhabitant"
    assert "VAT" not in frame.attrs["title"]


def test_vat_on_top_and_what_comes_back(case):
    frame = case.split().to_frame()
    assert frame["vat"].tolist() == [154.35, 108.68, 78.23, 123.90, 93.45]
    # 77.175 goes up to 77.18, and a body's own recovery is not known
    assert frame["recoverable_vat"].tolist()[:4] == [77.18, 54.34, 39.12, 61.95]
    assert math.isnan(frame.loc["GR:NOORD", "net"])
    assert frame.loc["GM0014", "net"] == 812.17


@pytest.mark.parametrize(
    ("state", "vat", "net"), [("incl", 127.56, 735 - 63.78), ("none", 0.0, 735.0), ("unknown", math.nan, math.nan)]
)
def test_vat_states(tables, state, vat, net):
    def mark(part):
        if isinstance(part, dict):
            if "vat" in part and isinstance(part["vat"], str):
                part["vat"] = state
            for item in part.values():
                mark(item)
        elif isinstance(part, list):
            for item in part:
                mark(item)

    mark(tables)
    case = open_case(tables)
    row = case.split().to_frame().loc["GM0014"]
    assert row["vat"] == pytest.approx(vat, nan_ok=True)
    assert row["net"] == pytest.approx(net, nan_ok=True)
    notes = " ".join(case.notes())
    assert ("PM" in notes, "plafond" in notes) == {
        "incl": (False, True), "none": (False, False), "unknown": (True, False),
    }[state]  # fmt: skip


def test_the_steps_of_one_participant(case):
    text = str(case.split().explain("GM0014"))
    for words in ("Groningen (GM0014)", "60 van 160", "€ 435,00 van € 1.160,00", "€ 735,00", "€ 225,00", "243.768"):
        assert words in text
    assert "FICTIEF" not in text
    text = str(case.split("scrb").explain("GR:NOORD"))
    assert "inwoners" not in text
    assert "€ 1.160,00 in totaal" in text


def test_an_illustrative_case_says_so_in_every_text(tables):
    tables["pools"][0]["fixed"]["status"] = "illustrative"
    case = open_case(tables)
    assert "FICTIEF VOORBEELD" in str(case.split().explain("GM0014"))
    assert "FICTIEF VOORBEELD" in str(case.stability())
    assert "FICTIEF VOORBEELD" in str(case.exit("GM0014"))
    assert case.split().to_frame().attrs["illustrative"]
    assert case.report().illustrative


def test_without_alternatives_the_saving_is_pm(tables):
    tables["alternatives"] = {}
    case = open_case(tables)
    assert case.split().to_frame()[["alone", "saving"]].isna().all().all()
    assert "zelfstandig" not in str(case.split().explain("GM0014"))


def test_a_case_that_costs_nothing(tables):
    tables["pools"] = [{"id": "project", "name": "P", "fixed": value(0)}]
    split = open_case(tables).split("equal")
    assert split.total == 0
    assert split.to_frame()["ratio"].isna().all()


def test_bodies_pay_nothing_by_inhabitants_and_that_is_said(case):
    split = case.split("inhabitants")
    assert split.to_frame().loc["GR:NOORD", "share"] == 0
    assert any("1 organisatie zonder inwoners draagt" in note for note in split.notes)
    assert not any("zonder inwoners" in note for note in case.split("equal").notes)


def test_provenance_and_repr(case):
    split = case.split("shapley")
    assert split.provenance["rule"] == "shapley"
    assert split.provenance["map_date"] == "2024-01-01"
    assert split.provenance["participants"] == 5
    assert "Groningen" in split._repr_html_()


def test_passing_through_by_member_shares(case):
    result = case.split().pass_through()
    frame = result.to_frame()
    assert "GR:NOORD" not in frame.index
    assert frame["passed_on"].tolist() == [0, 0, 111.25, 333.75]
    assert frame["total"].tolist() == [735.0, 517.5, 483.75, 923.75]
    assert frame["total"].sum() == 2660


def test_passing_through_by_another_key(case):
    people = municipalities(2024)["inhabitants"]
    split = case.split()
    frame = split.pass_through("inhabitants").to_frame()
    part = 44500 * people["GM0109"] / (people["GM0109"] + people["GM0114"])
    assert frame.loc["GM0109", "passed_on"] == round(part) / 100
    assert frame["passed_on"].sum() == 445.0
    assert split.pass_through({"GM0109": 1, "GM0114": 0}).to_frame()["passed_on"].tolist() == [0, 0, 445.0, 0]
    assert split.pass_through(pd.Series({"GM0109": 1, "GM0114": 1})).to_frame().loc["GM0114", "passed_on"] == 222.5


def test_members_that_do_not_take_part_pay_only_what_is_passed_on(tables):
    tables["others"][0]["members"] = {"GM1680": 1}
    tables["others"].append({"code": "XX:REST", "name": "Rest", "kind": "other"})
    tables["volumes"][0]["own"]["XX:REST"] = value(5, "count")
    result = open_case(tables).split("equal").pass_through()
    frame = result.to_frame()
    assert frame.loc["GM1680", ["own_share", "passed_on"]].tolist() == [0, frame["passed_on"].sum()]
    assert "XX:REST" in frame.index
    assert any("1 organisatie zonder opgegeven leden houdt haar aandeel" in note for note in result.notes)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"GM0109": 1}, "key GM0114: no figure for a member of GR:NOORD"),
        ({"GM0109": 1, "GM0114": -1}, "key GM0114: -1"),
        ({"GM0109": 1, "GM0114": None}, "key GM0114: None"),
        (None, "key: None; allowed: 'members'"),
        ({"GM0109": 1, "GM0114": math.nan}, "key GM0114: nan"),
        ({"GM0109": 0, "GM0114": 0}, "key GR:NOORD: 0 for all its members"),
    ],
)
def test_keys_that_cannot_pass_a_share_through(case, key, message):
    with pytest.raises(InputError, match=message):
        case.split().pass_through(key)


def test_nobody_has_members(tables):
    tables["others"] = []
    del tables["volumes"][0]["own"]["GR:NOORD"]
    with pytest.raises(InputError, match="no participant has member municipalities"):
        open_case(tables).split().pass_through()


@cases(25)
@given(parts=st.lists(st.integers(0, 50), min_size=2, max_size=2).filter(any), amount=st.integers(0, 5000))
def test_what_is_passed_on_is_the_share_to_the_cent(parts, amount):
    tables = small()
    tables["pools"][0]["fixed"] = value(amount)
    split = open_case(tables).split("equal")
    frame = split.pass_through(dict(zip(["GM0109", "GM0114"], parts, strict=True))).to_frame()
    cents = np.rint(frame[["own_share", "passed_on", "total"]].to_numpy() * 100).astype(int)
    assert cents[:, 1].sum() == split.cents[4]
    assert cents[:, 2].sum() == split.total_cents


def test_pm_of_one_participant_is_no_zero(tables):
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    frame = open_case(tables).split().to_frame()
    assert math.isnan(frame.loc["GM0014", "saving"])
    assert "saving" in frame.attrs["pm"]
