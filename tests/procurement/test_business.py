"""The business case by hand; break-even against enumeration; effort; entry, exit, settlement and the ratchet."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.procurement import CODES, open_case, pm, small, value

from ggu_costs.display.columns import columns_of
from ggu_costs.errors import InputError, ModelFileError, UnknownNameError
from ggu_costs.procurement.ratchet import lowest_price
from ggu_costs.reference import municipalities

OTHERS = "overige deelnemers (geen gemeente)"
EFFORT = {
    "alone_hours": value(100, "hours"), "joint_hours": value(20, "hours"), "central_hours": value(150, "hours"),
    "rate": value(80, "EUR/hour"), "productive_hours": value(125, "hours"), "hired_share": value(0.4, "share"),
    "hired_rate": value(120, "EUR/hour"),
}  # fmt: skip


def lines(case):
    return {label: amount for label, amount, _ in case.business_case().lines()}


def test_the_saving_by_hand(tables):
    """Alone 960 + 630 + 410 + 740 + 520 = 3260, together 2660."""
    tables["case"]["duration"] = value(2, "count")
    found = lines(open_case(tables))
    assert found["joint_cost"] == 5320
    assert found["alone_cost"] == 6520
    assert found["saving"] == 1200
    assert found["saving_per_year"] == 600
    assert found["of_whom_municipalities"] == 4
    assert "own_cost_unknown" not in found
    municipal = 1200 - 2 * 75
    assert found["saving_of_municipalities_per_inhabitant"] == pytest.approx(municipal / 458540)


def test_effort_by_hand(tables):
    tables["effort"] = EFFORT
    case = open_case(tables)
    effort = case.business_case().effort
    assert effort is not None
    assert (effort.alone_hours, effort.joint_hours, effort.hours) == (500, 250, 250)
    assert (effort.value, effort.fte, effort.hired) == (20_000, 2, 12_000)
    assert lines(case)["capacity_freed"] == 2
    tables["case"]["duration"] = value(4, "count")
    assert lines(open_case(tables))["capacity_freed"] == 0.5
    tables["effort"] = {**EFFORT, "productive_hours": value(0, "hours")}
    with pytest.raises(InputError, match="productive_hours is 0"):
        open_case(tables).business_case()
    tables["effort"] = {**EFFORT, "hours_per_month": value(130, "hours")}
    with pytest.raises(ModelFileError, match="Now productive_hours"):
        open_case(tables)


def test_break_even_by_hand(case):
    """Largest first: 60, 40, 30, 20, 10 units; together 1000 + 100 each + 10 a unit to 50 and 6 beyond."""
    largest, smallest = case.business_case().break_even
    assert largest.joint.tolist() == [1660, 2000, 2280, 2500, 2660]
    assert largest.alone.tolist() == [960, 1700, 2330, 2850, 3260]
    assert largest.number == 3
    assert smallest.joint.tolist() == [1200, 1500, 1860, 2200, 2660]
    assert smallest.number == 4
    curve = case.business_case().curve()
    assert curve["joint_smallest_first"].tolist() == smallest.joint.tolist()


@cases(40)
@given(alone=st.lists(st.integers(100, 1500), min_size=5, max_size=5), fixed=st.integers(0, 3000))
def test_break_even_against_every_number(alone, fixed):
    tables = small()
    tables["pools"][0]["fixed"] = value(fixed)
    own = {code: value(cost) for code, cost in zip(CODES, alone, strict=True)}
    tables["alternatives"]["stand_alone"] = {"own": own}
    case = open_case(tables)
    for found, sign in zip(case.business_case().break_even, (-1, 1), strict=True):
        order = sorted(range(5), key=lambda i: (sign * alone[i], i))
        pays = [case.setup.joint_game.value(order[:k]) <= sum(alone[i] for i in order[:k]) + 1e-6 for k in range(1, 6)]
        number = next((k for k in range(1, 6) if all(pays[k - 1 :])), None)
        assert found.number == number


def test_pm_in_the_business_case(tables):
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    case = open_case(tables)
    found = lines(case)
    assert found["alone_cost"] == 2300
    assert found["saving"] == 375
    assert found["own_cost_unknown"] == 1
    assert found["joint_cost_compared"] == 2660 - 735
    people = municipalities(2024).loc[list(CODES[1:4]), "inhabitants"].sum()
    assert found["saving_of_municipalities_per_inhabitant"] == pytest.approx((375 - 75) / people)
    assert len(case.business_case().break_even[0].joint) == 4
    assert math.isnan(case.business_case().by_participant().loc["GM0014", "saving"])
    tables["alternatives"] = {}
    case = open_case(tables)
    assert math.isnan(case.business_case().saving)
    assert case.business_case().to_frame()["value"].isna().sum() == 5
    with pytest.raises(InputError, match="no stand-alone cost is known"):
        case.business_case().curve()
    assert case.business_case().by("size_class")["saving"].isna().all()


def test_by_size_class_kind_and_region(tables):
    tables["others"][0]["region"] = "Groningen"
    outcome = open_case(tables).business_case()
    by_class = outcome.by("size_class")
    assert by_class.index.tolist() == ["4", "5", "6", "7", OTHERS]
    assert by_class["saving"].tolist() == [37.5, 112.5, 150.0, 225.0, 75.0]
    assert math.isnan(by_class.loc[OTHERS, "saving_per_inhabitant"])
    assert by_class["participants"].sum() == 5
    assert outcome.by("kind").index.tolist() == ["joint_arrangement", "municipality"]
    assert outcome.by("province").loc["Drenthe", "joint"] == 517.5 + 372.5 + 590
    assert outcome.by_participant()["saving"].sum() == 600


def test_claims_are_shown_and_not_used(tables):
    claim = {**value(90, "count"), "status": "published", "source": "own"}
    tables["claims"] = [{"id": "a", "name": "Geclaimd", "value": claim}]
    case = open_case(tables)
    assert case.business_case().claimed().iloc[0].tolist() == ["Geclaimd", 90, "count", "published", "Eigen cijfers"]
    assert case.business_case().saving == open_case(small()).business_case().saving


def test_no_inhabitants_no_amount_per_inhabitant(tables):
    tables["participation"] = {"mode": "listed"}
    found = lines(open_case(tables))
    assert found["saving_of_municipalities_per_inhabitant"] is None


def test_groups_with_a_participant_that_is_pm(tables):
    """Groningen is PM: its inhabitants and its share are in no saving, and a body has no inhabitants."""
    tables["alternatives"]["stand_alone"]["own"] = {"GM0106": pm()}
    tables["others"][0]["region"] = "Drenthe"
    outcome = open_case(tables).business_case()
    row = outcome.by("province").loc["Drenthe"]
    assert row[["participants", "alone_unknown", "alone", "joint", "joint_compared", "saving"]].tolist() == [
        4, 1, 410 + 740 + 520, 1925, 1925 - 517.5, 1670 - 1925 + 517.5,
    ]  # fmt: skip
    assert row["alone"] - row["joint_compared"] == row["saving"]
    people = municipalities(2024).loc[["GM0109", "GM0114"], "inhabitants"].sum()
    assert row["saving_per_inhabitant"] == pytest.approx((37.5 + 150) / people)
    frame = outcome.by("province")
    assert any("die van de gemeenten" in note for note in frame.attrs["notes"])
    assert "joint_compared" in open_case(tables).report().charts[0].y
    assert outcome.plot.saving("province").axes[0].texts


def test_groups_of_your_own(case, tmp_path):
    outcome, split = case.business_case(), case.split()
    own = {"groot": ["GM0014", "GM0114"], "klein": ["GM0106", "GM0109", "GR:NOORD"]}
    by = outcome.by(own)
    assert by["saving"].tolist() == [375, 225]
    assert by.attrs["total"]
    assert split.by(own)["share"].tolist() == [735 + 590, 517.5 + 372.5 + 445]
    partly = {"groot": ["GM0014", "GM0114"]}
    assert not outcome.by(partly).attrs["total"]
    assert not split.by(partly).attrs["total"]
    file = tmp_path / "groepen.csv"
    file.write_text("code,groep\nGM0014,noord\nGM0106,zuid\n")
    for labels in (str(file), file, pd.Series({"GM0014": "noord", "GM0106": "zuid"})):
        assert outcome.by(labels)["joint"].tolist() == [735, 517.5]
    row = split.by("province").loc["Drenthe"]
    assert row["per_inhabitant"] == pytest.approx(row["share"] / row["inhabitants"])
    for made in (outcome, split):
        with pytest.raises(InputError, match="inhabitants"):
            made.by("inhabitants")


def test_it_may_never_pay(tables):
    tables["alternatives"]["stand_alone"] = {"fixed": value(10)}
    outcome = open_case(tables).business_case()
    assert [found.number for found in outcome.break_even] == [None, None]
    frame = outcome.to_frame()
    assert frame.loc["break_even_largest_first", "value"] == "nooit"
    column = next(column for column in columns_of(frame) if column.name == "value")
    assert (column.text("nooit"), column.text("nooit", "en")) == ("nooit", "never")
    assert ("break_even_smallest_first", "nooit", "count") in open_case(tables).report().summary


@pytest.mark.parametrize(
    "change",
    [{"participants": CODES[:3]}, {"volumes": pd.Series([10.0, 30, 60, 40, 20], index=CODES)}],
)
def test_a_split_of_another_case_is_refused(case, change):
    """Other volumes with the same total cost the same together, but not for every group."""
    other = case.with_changes(**change).split()
    for ask in (case.business_case, case.stability):
        with pytest.raises(InputError, match="of another case, or of other participants, volumes or amounts"):
            ask(other)
    assert case.business_case(open_case(small()).split("equal")).saving == 600


def test_exit_by_hand(case):
    """Groningen adds 100 + 60 x 6 = 460 and pays 735: the others lose 275."""
    leaving = case.exit("GM0014")
    assert (leaving.added, leaving.share, leaving.others, leaving.due) == (460, 735, 275, 275)
    assert leaving.alone == 960
    assert str(leaving).startswith("uittreden van GM0014: € 275,00.")
    assert "juridisch" in leaving.notes[-1]
    frame = leaving.to_frame()
    assert frame["amount"].tolist() == [460, 735, 960, 275, 275]


def test_exit_of_someone_who_costs_the_others_money(tables):
    tables["pools"][1]["per_participant"]["own"] = {"GM0109": value(900)}
    leaving = open_case(tables).exit("GM0109", "equal")
    assert leaving.others < 0
    assert leaving.due == 0


def test_entry_by_hand(case):
    joining = case.with_changes(participants=CODES[1:]).entry("GM0014")
    assert (joining.added, joining.due) == (460, 460)
    assert joining.share == 735
    assert joining.others == pytest.approx(460 - 735)
    assert str(joining).startswith("toetreden van GM0014: € 460,00.")


def test_the_others_are_no_worse_off(case):
    before = case.split()
    for code in CODES:
        smaller = case.with_changes(participants=[other for other in CODES if other != code])
        others = before.total - float(before.values[CODES.index(code)])
        assert smaller.setup.total - case.exit(code).due <= others + 0.005
        joining = smaller.entry(code)
        assert case.setup.total - joining.due <= smaller.setup.total + 1e-9


def test_who_cannot_join_or_leave(case, tables):
    with pytest.raises(InputError, match="GM0014 takes part already"):
        case.entry("GM0014")
    with pytest.raises(UnknownNameError, match="participant that could join 'GM9999'"):
        case.entry("GM9999")
    with pytest.raises(UnknownNameError, match="unknown participant 'GM0363'"):
        case.exit("GM0363")
    with pytest.raises(InputError, match="no volume for GM0363"):
        case.entry("GM0363")
    with pytest.raises(InputError, match=r"no volume for GM0363.*Give it with the volumes of the others"):
        case.with_changes(volumes=dict.fromkeys(CODES, 1)).entry("GM0363")
    with pytest.raises(InputError, match="the only participant\nAsk this of a case with two participants or more"):
        case.with_changes(participants=["GM0014"]).exit("GM0014")
    tables["participation"] = {"mode": "binding"}
    with pytest.raises(InputError, match="participation is binding for everyone, so there is no exit"):
        open_case(tables).exit("GM0014")
    with pytest.raises(InputError, match="so there is no entry"):
        open_case(tables).entry("GM0014")


def test_settlement_by_use(case):
    use = pd.Series([80.0, 30, 10, 20, 20], index=CODES)
    result = case.settle(use)
    frame = result.to_frame()
    assert frame["use"].tolist() == use.tolist()
    # the total volume is the same, so only the parts by volume move: 7.25 a unit
    assert frame["settlement"].tolist() == [145, 0, 0, -145, 0]
    assert result.total == 0
    assert case.settle(use.to_dict()).total == case.settle({"units": use.to_dict()}).total == 0
    more = case.settle({"units": use + 10}, "volume")
    assert more.total == 300
    assert more.to_frame()["settlement"].sum() == pytest.approx(300)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (pd.Series({"GM0014": 1.0}), "units GM0106: no figure"),
        (pd.Series([1, 1, 1, 1, -1.0], index=CODES), "units GR:NOORD: -1"),
        (pd.Series([1, 1, 1, 1, math.nan], index=CODES), "units GR:NOORD: nan"),
        (pd.Series([0.0] * 5, index=CODES), "units: 0 for everyone"),
        (pd.Series([1.0] * 6, index=[*CODES, "GM0363"]), "units GM0363: does not take part"),
        (pd.Series([1.0] * 6, index=[*CODES, "GM0014"]), "units GM0014: twice"),
        ({"kilos": pd.Series([1.0] * 5, index=CODES)}, "kilos: no such volume; allowed: units"),
        ({"kilos": dict.fromkeys(CODES, 1)}, "kilos: no such volume; allowed: units"),
        ({"units": 5}, "units: int, not figures by code"),
        (pd.Series(["a"] * 5, index=CODES), "units GM0014: 'a'; allowed: finite"),
        ({"GM0014": 1}, "units GM0106: no figure"),
        (None, "volumes: NoneType; allowed: figures by code"),
        ([1, 2], "volumes: list; allowed: figures by code"),
    ],
)
def test_use_that_cannot_be_settled(case, use, message):
    with pytest.raises(InputError, match=message):
        case.settle(use)


def test_which_volume_was_used(tables):
    tables["volumes"].append({**tables["volumes"][0], "id": "hours", "unused": True, "reason": "test"})
    with pytest.raises(InputError, match="Give a mapping of volume to Series"):
        open_case(tables).settle(pd.Series([1.0] * 5, index=CODES))
    with pytest.raises(InputError, match="has the volumes units, hours"):
        open_case(tables).settle(dict.fromkeys(CODES, 1))
    tables["volumes"], tables["pools"], tables["alternatives"] = [], tables["pools"][:2], {}
    with pytest.raises(InputError, match="has no volumes"):
        open_case(tables).settle(pd.Series([1.0] * 5, index=CODES))


@cases(60)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0, 100)), min_size=1, max_size=12))
def test_the_ratchet_never_raises_a_price(rows):
    suppliers, prices = [row[0] for row in rows], [row[1] for row in rows]
    after = lowest_price(suppliers, prices)
    for supplier, price, lowest in zip(suppliers, prices, after, strict=True):
        assert lowest == min(p for s, p in rows if s == supplier)
        assert lowest <= price
    assert np.array_equal(lowest_price(suppliers, after), after)


def test_prices_that_cannot_be_compared():
    with pytest.raises(InputError, match=r"prices\[1\]: nan"):
        lowest_price(["A", "A"], [1.0, math.nan])
    with pytest.raises(InputError, match="prices: 1 prices of 2 suppliers"):
        lowest_price(["A", "A"], [1.0])


def test_the_ratchet_of_a_case(tables):
    contracts = [
        {"supplier": "A", "price": value(9, "EUR/unit"), "holders": ["municipality"]},
        {"supplier": "A", "price": value(7, "EUR/unit"), "holders": ["7"]},
        {"supplier": "B", "price": value(8, "EUR/unit"), "holders": ["joint_arrangement", "GM0109"]},
    ]
    tables["ratchet"] = {"volume": "units", "contracts": contracts}
    result = open_case(tables).ratchet()
    frame = result.to_frame()
    assert frame["supplier"].tolist() == ["A", "A", "B", "A", "B"]
    assert frame["price_before"].tolist() == [7, 9, 8, 9, 8]
    assert frame["price_after"].tolist() == [7, 7, 8, 7, 8]
    assert result.saving == 2 * 30 + 2 * 40
    assert result.by_supplier().loc["A", ["participants", "highest", "lowest", "saving"]].tolist() == [3, 9, 7, 140]
    tables["ratchet"]["contracts"] = contracts[1:]
    with pytest.raises(InputError, match="no contract for GM0106, GM0114"):
        open_case(tables).ratchet()


def test_no_contracts(case):
    with pytest.raises(InputError, match="states no contracts with suppliers"):
        case.ratchet()


def test_plots(case):
    figure = case.business_case().plot.saving()
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert any("bespaart € 225" in text for text in texts)
    compared = case.compare_rules(["equal", "shapley"])
    figure = compared.plot.complaints(title="Klachten")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        "gelijke delen",
        "naar gemiddelde meerkosten (Shapley)",
    ]
