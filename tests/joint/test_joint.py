"""A joint body by hand, against its plain twin in random bodies, and what it refuses."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import joint as oracle

from ggu_costs.catalogue import open_grant, open_joint_body, read_model
from ggu_costs.errors import InputError, ModelFileError, OutsidePeriodError, UnknownNameError
from ggu_costs.modelfile.template import next_model
from tests.joint.bodies import BY, A, B, C, body, day, euro, share, simple

YEARS = [2026, 2027, 2028, 2029]


@pytest.fixture(scope="module")
def shipped() -> Any:
    return open_joint_body("joint-bodies/example-shared-services")


def test_four_keys_with_ingroei_over_four_years_by_hand() -> None:
    opened = open_joint_body(body())
    by_hand = {
        2026: [552_500, 336_250, 211_250],
        2027: [557_000, 359_500, 189_500],
        2028: [581_540, 342_790, 187_790],
        2029: [566_120.80, 336_120.80, 216_120.80],
    }
    for year, amounts in by_hand.items():
        frame = opened.contributions(year).to_frame()
        assert frame["contribution"][[A, B, C]].tolist() == amounts
    assert opened.outlook().summary()["net_cost"].tolist() == [1_100_000, 1_106_000, 1_112_120, 1_118_362.40]
    old = opened.contributions(2026).breakdown()["Historisch"]
    assert old[[A, B, C]].tolist() == [52_500, 26_250, 21_250]  # a quarter by inhabitants, three quarters as before


def test_why_a_contribution_changes_by_hand() -> None:
    view = open_joint_body(body()).council_view(2027).to_frame()
    assert view["figures_changed"][[A, B, C]].tolist() == [0, 20_000, -20_000]
    assert view["key_step"][[A, B, C]].tolist() == [2_500, 1_250, -3_750]
    assert view["index_effect"][[A, B, C]].tolist() == [2_000, 2_000, 2_000]
    assert view["change"][[A, B, C]].tolist() == [4_500, 23_250, -21_750]
    assert "participants_changed" not in view.columns  # nil for everyone
    new_policy = body()
    new_policy["groups"][1]["amount"] = euro({2026: 500_000, 2027: 550_000, 2028: 550_000, 2029: 550_000})
    view = open_joint_body(new_policy).council_view(2027).to_frame()
    assert view["cost_changed"][[A, B, C]].tolist() == [30_000, 15_000, 5_000]


def test_the_average_of_three_years_carries_rare_cases() -> None:
    made = simple({A: 1, B: 1})
    own = {A: {"2023": 3, "2024": 0, "2025": 0, "2026": 9}, B: {"2023": 0, "2024": 0, "2025": 1, "2026": 0}}
    made["figures"] = [{"id": "agreed", "name": "zaken", "average_years": 3, "own": own, **BY}]
    made["years"] = [2026, 2027]
    made["groups"][0]["amount"] = euro(1_000)
    opened = open_joint_body(made)
    assert opened.contributions(2026).to_frame()["contribution"].tolist() == [250, 750]  # 3 and 1, B first by code
    assert opened.contributions(2027).to_frame()["contribution"].tolist() == [100, 900]  # 9 and 1


def test_a_phase_in_by_euro_per_inhabitant_is_that_of_a_fund() -> None:
    made = simple({A: 100, B: 0})
    made["figures"].append({"id": "former", "name": "voorheen", "own": {A: 0, B: 100}, **BY})
    made["keys"][0]["phase_in"] = {
        "from_key": {"former": 1}, "first_year": 2027, "per_inhabitant_per_year": Decimal("0.0001"), **BY
    }  # fmt: skip
    opened = open_joint_body(made)
    people = opened.contributions(2026).to_frame()["inhabitants"][A]
    paid = [opened.contributions(year).to_frame()["contribution"][A] for year in YEARS]
    assert paid == [0, *(round(step * people * 0.0001, 2) for step in (1, 2, 3))]


def test_a_key_may_follow_a_uitkering() -> None:
    circular = "grants/gemeentefonds/septembercirculaire-2024/2025"
    made = simple({A: 1, B: 1})
    made["keys"].append({"id": "grant", "name": "jeugdhulp", "grant": circular, "by": "base"})
    made["groups"].append({"id": "grant", "name": "Uitkering", "key": "grant", "amount": euro(1_000_000)})
    base = open_grant(circular).amounts().key("base")
    expected = float(1_000_000 * base[A] / (base[A] + base[B]))
    told = open_joint_body(made).contributions().breakdown()["Uitkering"]
    assert told.to_dict() == {A: pytest.approx(expected, abs=0.01), B: pytest.approx(1e6 - expected, abs=0.01)}


def test_a_body_among_the_participants_has_figures_of_its_own() -> None:
    made = simple({A: 300, "WS:VALLEI": 100})
    made["participants"][1]["name"] = "Waterschap"
    frame = open_joint_body(made).contributions().to_frame()
    assert frame["contribution"].to_dict() == {A: 300, "WS:VALLEI": 100}
    assert frame["inhabitants"].isna().tolist() == [False, True]
    made["keys"][0]["parts"] = {"inhabitants": 1}
    with pytest.raises(ModelFileError, match=r"keys\.agreed: inhabitants, which WS:VALLEI has not"):
        open_joint_body(made)


def test_advances_and_settlement_by_hand() -> None:
    made = body(
        settlements=[
            {"year": 2026, "amounts": {"use": 260_000}, "use": {"seats": {A: 100, B: 100, C: 60}},
             "totals": {"seats": 260}, **BY}
        ]
    )  # fmt: skip
    opened = open_joint_body(made)
    settled = opened.settle(2026).to_frame()
    assert settled["settlement"][[A, B, C]].tolist() == [0, 40_000, 20_000]  # 100,000 of 260,000; use was 60 and 40
    assert settled["final"].sum() == 1_160_000
    assert opened.settle(2026).by_group()["difference"].to_dict()["Afname"] == 60_000
    parts = opened.advances(2026).to_frame()
    assert parts.loc[A, ["month_1", "month_4", "month_7"]].tolist() == [184_166.67, 184_166.67, 184_166.66]
    with pytest.raises(InputError, match="what 2027 came to is not in the file"):
        opened.settle(2027)


def test_the_budget_of_a_participant_ties_out_to_its_task_fields() -> None:
    made = body(budget={"task_field": "0.4"})
    made["groups"][2]["task_field"] = "6.71a"
    opened = open_joint_body(made)
    table = opened.budget(A)
    own = table[table["task_field"] != ""]
    assert own["2027"].sum() == opened.contributions(2027).to_frame()["contribution"][A] == 557_000
    assert own.set_index("task_field")["2027"].to_dict() == {"0.4": 457_000, "6.71a": 100_000}


def test_a_reserve_above_its_ceiling_goes_back() -> None:
    made = simple({A: 75_000, B: 25_000})
    made["reserve"] = {
        "key": "agreed", "opening": euro(4_000), "addition": euro({2026: 2_000, 2027: 0, 2028: 0, 2029: 0}),
        "ceiling": share(Decimal("0.05")),
    }  # fmt: skip
    opened = open_joint_body(made)
    money = opened.outlook().summary()
    assert money["reserve"].tolist() == [5_000] * 4  # 5 per cent of 100,000
    assert (money["addition"][2026], money["withdrawal"][2026]) == (2_000, 1_000)
    assert opened.contributions(2026).to_frame()["contribution"][[A, B]].tolist() == [75_750, 25_250]


def test_vat_that_is_passed_on_comes_back_from_the_fund(shipped: Any) -> None:
    frame = shipped.contributions(2027).to_frame()
    rows = frame.loc[A]
    assert rows["vat"] == round(rows["contribution"] * 0.4 * 0.21, 2)
    assert rows["recoverable_vat"] == round(rows["vat"] * 0.9, 2)
    assert rows["net"] == round(rows["contribution"] + rows["vat"] - rows["recoverable_vat"], 2)
    assert "vat" not in open_joint_body(body()).contributions().to_frame()  # there it is a cost


def test_deadlines_hold_for_a_body_under_the_wgr_only() -> None:
    made = body()
    made["body"]["decision_date"] = day(date(2026, 7, 2))
    days = open_joint_body(made).deadlines(2027)["by_day"].tolist()
    assert days == [date(2026, 4, 30), date(2026, 4, 9), date(2026, 7, 2), date(2026, 7, 16), date(2028, 4, 30),
                    date(2028, 7, 14)]  # fmt: skip
    made["body"]["legal_form"] = "company"
    other = open_joint_body(made)
    assert other.deadlines(2027).empty
    assert "gelden hier niet" in other.report().notes[0]
    assert "deadlines" not in other.report().frames


def test_related_party_begins_where_the_year_before_ended(shipped: Any) -> None:
    amounts = shipped.related_party(2027)["amount"].tolist()
    assert amounts == [280_000, 240_000, 1_150_000, 900_000, 0]
    unknown = open_joint_body(body()).related_party(2027)["amount"]
    assert unknown.isna().all()  # PM, not nil


# leaving and joining


def leaver(**more: Any) -> Any:
    """A body to which A pays 12,000 a year, as in Schagen and Geestmerambacht (ECLI:NL:RBNHO:2018:7649)."""
    return open_joint_body(simple({A: 12_000, B: 88_000}, **more))


def test_exit_fees_of_geestmerambacht() -> None:
    amounts = leaver().exit(A, year=2026).to_frame()["amount"]
    assert (amounts["years"], amounts["declining"]) == (60_000, 36_000)
    assert amounts[["regulation", "real_damage"]].isna().all()  # not stated: PM
    long = leaver(exit={"rule": "years", "years": 14, **BY}).exit(A, year=2026)
    assert (long.due, long.to_frame()["amount"]["regulation"]) == (168_000, 168_000)
    law = long.to_frame()["case_law"]["regulation"]
    assert law.startswith("Regel van de regeling zelf: 14 keer de jaarbijdrage. Bij Geestmerambacht hield 14 keer geen")


def test_the_rule_of_the_body_is_said_with_its_own_figures() -> None:
    three = leaver(exit={"rule": "years", "years": 3, **BY}).exit(A, year=2026)
    assert (three.due, three.to_frame()["case_law"]["regulation"]) == (
        36_000, "Regel van de regeling zelf: 3 keer de jaarbijdrage."
    )  # fmt: skip
    parts = {"1": Decimal("0.75"), "2": Decimal("0.5"), "3": Decimal("0.25")}
    told = leaver(exit={"rule": "declining", "parts": parts, **BY}).exit(A, year=2026)
    assert told.due == 18_000
    assert "aflopend in 3 jaar, 75%, 50% en 25% van de jaarbijdrage" in told.to_frame()["case_law"]["regulation"]


def test_an_exit_fee_is_never_above_the_real_damage() -> None:
    made = simple({A: 12_000, B: 88_000}, exit={"rule": "years", "notice_months": 12, "friction": euro(1_000), **BY})
    made["groups"][0]["stays"] = {"1": 1, "2": Decimal("0.5"), "3": Decimal("0.25")}
    made["assets"] = [
        {"id": "a", "name": "a", "group": "all", "amount": euro(50_000), "first_year": 2025, "term": 5, "life": 6}
    ]
    told = open_joint_body(made).exit(A, year=2026)
    # its part of the write-off is 12 per cent of 10,000 a year, until 2029; the rest of its share is 10,800
    assert told.damages()["together"].tolist() == [18_900, 3_600, 1_000]
    assert told.damages()["year_1"].tolist() == [10_800, 1_200, 1_000]
    frame = told.to_frame()
    assert frame["amount"].tolist() == [60_000, 60_000, 36_000, 23_500, 3_600]
    assert frame["due"].tolist() == [23_500, 23_500, 23_500, 23_500, 3_600]
    assert told.notice == date(2025, 12, 31)
    others = told.others()
    assert others.loc[B, "year_1"] == 10_800 + 1_200 + 1_000 - 4_700
    assert others.loc[B, "together"] == 0  # the damage, less the fee
    by_book = open_joint_body(made).exit(A, year=2026, rule="book_value")
    assert (by_book.due, by_book.others().loc[B, "together"]) == (3_600, 19_900)


def test_write_off_alone_is_not_the_damage_and_caps_nothing() -> None:
    made = simple({A: 12_000, B: 88_000}, exit={"rule": "years", **BY})
    made["assets"] = [
        {"id": "a", "name": "a", "group": "all", "amount": euro(50_000), "first_year": 2025, "term": 5, "life": 6}
    ]
    told = open_joint_body(made).exit(A, year=2026)
    assert (told.due, told.damage.total) == (60_000, None)
    assert told.to_frame()["amount"].isna().tolist() == [False, False, False, True, False]


def test_step_in_of_dronten() -> None:
    """Veiligheidsregio Flevoland: 52,146 in 2020 and 5 times 185,701 (published: 980,652)."""
    entry = {"once": euro(52_146), "yearly": euro(185_701), "years": 5, "added_cost": {"all": 10_000}, **BY}
    opened = open_joint_body(simple({A: 60_000, B: 40_000}, entry=entry))
    told = opened.entry(C, year=2026, figures={"agreed": 10_000})
    assert told.total == 980_651
    assert told.to_frame()["payment"].to_dict() == {2026: 52_146, **dict.fromkeys(range(2027, 2032), 185_701)}
    assert told.others()["with_newcomer"][[A, B, C]].tolist() == [60_000, 40_000, 10_000]
    same_cost = open_joint_body(simple({A: 60_000, B: 40_000})).entry(C, year=2026, figures={"agreed": 25_000})
    assert same_cost.total is None  # not stated: PM
    assert same_cost.others()["change"][[A, B, C]].tolist() == [-12_000, -8_000, 20_000]
    assert "staat niet in het model" in same_cost.others().attrs["notes"][-1]


def test_who_leaves_within_the_file_pays_a_fee_that_is_reserved_and_released() -> None:
    made = simple({A: 12_000, B: 88_000}, exit={"rule": "declining", "bridging_years": 3, **BY})
    made["participants"] = [{"code": A, "last_year": 2027}, {"code": B}]
    money = open_joint_body(made).outlook().summary()
    assert money["exit_fees"].tolist() == [0, 0, 36_000, 0]
    assert money["addition"].tolist() == [0, 0, 36_000, 0]
    assert money["withdrawal"].tolist() == [0, 0, 12_000, 12_000]
    assert money["bridging_reserve"].tolist() == [0, 0, 24_000, 12_000]
    assert money["contributions"].tolist() == [100_000, 100_000, 88_000, 88_000]


CODES = ["GM0307", "GM0327", "GM0339", "GM0340", "GM0345", "GM0351"]
CENTS = st.integers(1, 10**9)


@st.composite
def bodies(draw: Callable[..., Any]) -> dict[str, Any]:
    """A random body, in the form of the oracle."""
    codes = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=5, unique=True))
    span = dict.fromkeys(codes, (2026, 2029))
    for code in codes[1:]:
        first = draw(st.sampled_from([2026, 2026, 2027, 2028]))
        span[code] = (first, draw(st.sampled_from([2029, *range(first, 2030)])))
    weights = st.integers(1, 1000)
    part = st.sampled_from(["0", "0.25", "0.5", "1"])
    bridging = draw(st.integers(1, 5))
    groups = {
        f"g{place}": {
            "net": {year: draw(CENTS) for year in YEARS},
            "weights": {code: draw(weights) for code in codes},
            "stays": draw(st.lists(part, min_size=1, max_size=bridging)),
        }
        for place in range(draw(st.integers(1, 3)))
    }
    opening = draw(CENTS)
    return {
        "years": YEARS, "members": span, "groups": groups, "bridging": bridging,
        "rule": draw(st.sampled_from(["years", "declining", "real_damage"])),
        "opening": opening, "added": {year: draw(st.integers(0, 10**7)) for year in YEARS},
        "taken": {2026: draw(st.integers(0, opening)), 2027: 0, 2028: 0, 2029: 0},
        "ceiling": draw(st.sampled_from(["0.01", "0.05", "1"])),
        "reserve_weights": {code: draw(weights) for code in codes},
        "once": draw(st.integers(0, 10**7)), "yearly": draw(st.integers(1, 10**7)), "terms": draw(st.integers(1, 3)),
    }  # fmt: skip


def as_file(plain: dict[str, Any]) -> dict[str, Any]:
    """The same body as a model file."""

    def cents(amount: int) -> Decimal:
        return Decimal(amount) / 100

    columns = {name: group["weights"] for name, group in plain["groups"].items()} | {"r": plain["reserve_weights"]}
    return body(
        participants=[
            {"code": code, "first_year": first, "last_year": last} for code, (first, last) in plain["members"].items()
        ],
        figures=[{"id": f"f_{name}", "name": name, "own": own, **BY} for name, own in columns.items()],
        keys=[{"id": name, "name": name, "parts": {f"f_{name}": 1}, **BY} for name in columns],
        groups=[
            {"id": name, "name": name, "key": name,
             "stays": {str(step): Decimal(part) for step, part in enumerate(group["stays"], 1)},
             "amount": euro({year: cents(amount) for year, amount in group["net"].items()})}
            for name, group in plain["groups"].items()
        ],
        indices=[],
        reserve={
            "key": "r", "opening": euro(cents(plain["opening"])), "ceiling": share(Decimal(plain["ceiling"])),
            "addition": euro({year: cents(amount) for year, amount in plain["added"].items()}),
            "withdrawal": euro({year: cents(amount) for year, amount in plain["taken"].items()}),
        },
        exit={"rule": plain["rule"], "bridging_years": plain["bridging"], **BY},
        entry={"once": euro(cents(plain["once"])), "yearly": euro(cents(plain["yearly"])), "years": plain["terms"],
               **BY},
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(plain=bodies())
def test_every_year_closes_to_the_cent_and_equals_the_plain_twin(plain: dict[str, Any]) -> None:
    opened = open_joint_body(as_file(plain))
    expected = oracle.years(plain)
    money = (opened.outlook().summary() * 100).round().astype("int64")
    for year in YEARS:
        assert opened.contributions(year).cents == expected[year]["contributions"]
        row = money.loc[year]
        assert row["exit_fees"] == expected[year]["fee"]
        assert row["step_in"] == expected[year]["step_in"]
        assert row["reserve"] == expected[year]["reserve"]
        assert row["withdrawal"] == expected[year]["taken"]
        income = row["contributions"] + row["exit_fees"] + row["step_in"]
        assert income - row["addition"] + row["withdrawal"] == row["net_cost"] == expected[year]["cost"]


@settings(max_examples=25, deadline=None)
@given(plain=bodies())
def test_causes_add_up_and_damage_comes_back_from_the_others(plain: dict[str, Any]) -> None:
    opened = open_joint_body(as_file(plain))
    for year in YEARS[1:]:
        view = opened.council_view(year)
        for code, change in view.change.items():
            assert sum(cents[code] for cents in view.causes.values()) == change
    code = next(iter(plain["members"]))
    if len(oracle.members(plain, 2026)) > 1:
        told = opened.exit(code, year=2026)
        assert told.damage.total == oracle.damage(plain, code, 2026)
        assert told.due_cents == oracle.exit_fee(plain, code, 2026)
        assert sum(map(sum, (cents.values() for cents in told.bridging))) == told.damage.total - told.due_cents


# what it refuses


def wrong(change: Callable[[dict[str, Any]], object]) -> ModelFileError:
    """The error of a body with something changed."""
    made = body()
    change(made)
    with pytest.raises(ModelFileError) as caught:
        open_joint_body(made)
    return caught.value


def test_all_faults_at_once() -> None:
    def change(made: dict[str, Any]) -> None:
        made["participants"][0] |= {"first_year": 2028, "last_year": 2027}
        made["participants"][1] |= {"first_year": 2031}
        made["figures"][1]["total"] = {"2026": 201}
        made["settlements"] = [{"year": 2025, **BY}, {"year": 2027, "totals": {"seats": 5}, **BY}]
        made["reserve"] = {"key": "people", "opening": euro(5), "withdrawal": euro({2026: 3, 2027: 3})}
        made["keys"][0]["parts"] = {"equal": 2}
        made["groups"][0]["index"] = {"wages": Decimal("0.5")}

    text = str(wrong(change))
    for told in (
        f"participants.{A}: leaves after 2027, before it joins in 2028; allowed: a last year not before the first",
        f"participants.{B}: takes part from 2031 to the end; allowed: a year of the file: 2026 to 2029",
        "figures.seats.total.2026: 201, while participants have 200 together; allowed: the same",
        "settlements.2025: year 2025; allowed: a year of the file: 2026 to 2029",
        "settlements.2027.totals.seats: 5, while participants used 0 together; allowed: the same: a settlement ties to",
        "reserve.withdrawal: 3 in 2027, which leaves -1; allowed: what is in the reserve",
        "keys.equal.parts.equal: 2; allowed: a fraction above 0 and at most 1",
        "groups.fixed.index: weights add up to 0.5; allowed: 1",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda made: made["figures"][1]["own"][B].pop("2028"), "key 'use' has no figures of GM0340 in 2028"),
        (lambda made: made["figures"][1]["own"].pop(C), "key 'use' has no figures of GM0351 in 2026"),
        (lambda made: made["figures"].pop(0), "keys.people.parts.people: no such column"),
        (lambda made: made["groups"][0].pop("index"), "no amount in 2027, and no index"),
        (lambda made: made["indices"][0]["rates"].pop("2028"), "indices.wages: no rate for 2028, which amounts need"),
        (lambda made: made["groups"][1].update(key="peple"), "no key 'peple'"),
        (lambda made: made["groups"][1].update(amount=euro(-1)), "groups.people.amount: -1; allowed: 0 or more"),
        (lambda made: made["groups"].pop(1), "keys.people: nothing uses this key"),
        (lambda made: made["keys"][3]["transition"]["new_part"].pop("2026"), "no part of the new key in 2026"),
        (lambda made: made["participants"].append({"code": "GM9999"}), "GM9999"),
        (lambda made: made["participants"].append({"code": "RU:X"}), "participants.RU:X: no name"),
        (lambda made: made["participants"].append({"code": A}), f"participants: {A} 2 times; allowed: each once"),
        (lambda made: made.update(exit={"rule": "real_damage", **BY}), "real_damage while no cost group says what"),
        (lambda made: made.update(exit={"rule": "book_value", **BY}), "exit.rule: book_value without assets"),
        (lambda made: made["body"]["vat"].update(route="transparency", rate=share(0)) or
         made["groups"][0].update(amount={**euro(1), "vat": "incl"}), "vat 'incl'; allowed: excl or none, as VAT goes"),
        (lambda made: made.update(assets=[{"id": "a", "name": "a", "group": "use", "amount": euro(1),
                                           "first_year": 2026, "term": 5, "life": 4}]),
         "written off in 5 years while it lasts 4"),
        (lambda made: made["body"].update(counting_date=day(date(2026, 6, 1))), "1 January of"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_remedy(change: Callable[[dict[str, Any]], object], told: str) -> None:
    assert told in str(wrong(change))


def test_questions_that_cannot_be_answered() -> None:
    opened = leaver()
    with pytest.raises(OutsidePeriodError, match="2025 is no year that can be asked; known: 2026 to 2029"):
        opened.contributions(2025)
    with pytest.raises(OutsidePeriodError, match="2025"):
        opened.council_view(2026)
    with pytest.raises(UnknownNameError, match="participant in 2026"):
        opened.exit("GM0363", year=2026)
    with pytest.raises(UnknownNameError, match="rule for leaving"):
        opened.exit(A, year=2026, rule="ten_years")
    with pytest.raises(InputError, match="takes part in 2026 already"):
        opened.entry(A, year=2026)
    with pytest.raises(InputError, match=r"no such figure[\s\S]*no figure of GM0351"):
        opened.entry(C, year=2026, figures={"agred": 1})
    alone = open_joint_body(simple({A: 5}))
    with pytest.raises(InputError, match="the only participant in 2026"):
        alone.exit(A, year=2026)


def test_a_ceiling_that_gives_money_back_leaves_nothing_to_take() -> None:
    made = simple({A: 50, B: 50})
    made["reserve"] = {
        "key": "agreed", "opening": euro(90), "ceiling": share(Decimal("0.1")), "withdrawal": euro({2026: 0, 2027: 60}),
    }  # fmt: skip
    with pytest.raises(InputError, match=r"60.00 in 2027, which leaves -50.00"):
        open_joint_body(made).outlook()


def test_the_next_file_moves_its_years_and_says_what_it_lacks() -> None:
    made = next_model(read_model("joint-bodies/example-shared-services"), "joint-bodies/own/2029")
    tables = tomllib.loads(made.text)
    assert tables["years"] == [2028, 2029, 2030, 2031]  # the budget is that of 2029
    assert [one["code"] for one in tables["participants"]] == ["GM0345", "GM0340", "GM0351", "GM0327"]  # one has left
    assert "GM0339" not in tables["figures"][0]["own"]
    assert tables["settlements"] == []
    assert tables["body"]["decision_date"]["value"] == date(2028, 7, 2)
    assert tables["related_party"]["debt"]["years"] == {"2027": 900_000}
    assert "van 2031: bedragen van kostengroepen zonder index" in made.blanks[0]
    with pytest.raises(ModelFileError) as caught:
        open_joint_body(tables)
    text = str(caught.value)
    assert "key 'use' has no figures of GM0327 in 2030" in text
    assert "indices.prices: no rate for 2030, which amounts need; allowed: a rate, or amounts of that year" in text
    assert "groups.management.amount: years without a year; allowed: an amount for at least one year" in text
