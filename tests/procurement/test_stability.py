"""The stand-alone test against enumeration of all groups, and its words."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.alternatives import beside
from oracles.games import members
from oracles.procurement import CODES, open_case, pm, small, tiers, value

from ggu_costs.catalogue import open_model
from ggu_costs.errors import InputError
from ggu_costs.games import CostGame
from ggu_costs.games.least_core import least_core

AMOUNT = st.one_of(st.none(), st.integers(0, 900))


def with_alternatives(alone, regional, labels=("Groningen", "Drenthe")):
    """The small case with a table of stand-alone costs and costs of two regions; None is PM."""
    tables = small()
    tables["others"][0]["region"] = "Groningen"
    terms = [pm() if amount is None else value(amount) for amount in alone]
    tables["alternatives"]["stand_alone"] = {"own": dict(zip(CODES, terms, strict=True))}
    own = {label: pm() if cost is None else value(cost) for label, cost in zip(labels, regional, strict=True)}
    tables["alternatives"]["regional"] = {"region": "province", "own": own}
    return open_case(tables)


@cases(80)
@given(
    alone=st.lists(AMOUNT, min_size=5, max_size=5),
    regional=st.lists(AMOUNT, min_size=2, max_size=2),
    rule=st.sampled_from(["equal", "volume", "shapley", "inhabitants"]),
)
def test_the_largest_complaint_against_all_groups(alone, regional, rule):
    case = with_alternatives(alone, regional)
    split = case.split(rule)
    shares = [float(share) for share in split.shares.values]
    test = case.stability(split)
    known = [None if amount is None else Fraction(amount) for amount in alone]
    regions = [((0, 4), regional[0]), ((1, 2, 3), regional[1])]
    regions = [(members, Fraction(cost)) for members, cost in regions if cost is not None]
    joint = [Fraction(0), *(Fraction(case.setup.joint_game.value(members(S))) for S in range(1, 32))]
    table = [float(cost) for cost in beside(joint, known, regions)]
    everyone = float(min_over_parts(joint, known, regions))
    found = {S: sum(shares[i] for i in members(S)) - table[S] for S in range(1, 31)}
    largest = max([*found.values(), *([2660 - everyone] if everyone < 2660 else [])])
    assert test.complaint == pytest.approx(largest, abs=1e-6)
    assert test.stable == (largest <= 1e-9 * 2660)
    mask = sum(1 << CODES.index(code) for code in test.coalition)
    own = 2660 - everyone if mask == 31 else found[mask]
    assert own == pytest.approx(largest, abs=1e-6)
    frame = test.to_frame()  # the group in its parts
    assert frame["saving"].sum() == pytest.approx(largest, abs=1e-6)
    assert frame["participants"].sum() == len(test.coalition)
    assert frame["cost"].sum() == pytest.approx(everyone if mask == 31 else table[mask], abs=1e-6)
    together = [code for code, way in test.ways.items() if way == "together"]
    if together:
        assert frame.loc["together", "cost"] == pytest.approx(case.setup.joint_game.value(together))
    for code, way in test.ways.items():
        if way == "alone":
            assert known[CODES.index(code)] is not None
    broken = any(share > own for share, own in zip(shares, known, strict=True) if own is not None)
    expected = False if broken else (None if None in alone else True)
    assert test.individually_rational is expected
    # what keeps it: some split does exactly where the largest complaint of the least core is none
    if not test.stable:
        kept = everyone >= 2660 - 1e-6 and least_core(CostGame.from_table(table)).epsilon <= 1e-6
        assert test.keeps == ("rule" if kept else "none")
        if kept:
            assert case.stability("nucleolus").stable


def min_over_parts(joint, alone, regions):
    """What all five would pay if they could split up: with a sixth player that adds nothing, five are no longer all."""
    return beside([*joint, *joint], [*alone, Fraction(0)], regions)[31]


def test_a_region_that_is_better_off_on_its_own():
    case = with_alternatives([2000] * 5, [5000, 400])
    test = case.stability("equal")
    assert test.coalition == ("GM0106", "GM0109", "GM0114")
    assert test.way_out == "region"
    assert test.complaint == pytest.approx(3 * 532 - 400)
    assert not test.stable
    assert test.individually_rational is True
    # as a region 400, and Groningen with Regeling Noord 1,000 + 200 + 500 + 180 = 1,880: together 380 less than 2,660
    assert str(test) == (
        "Stability: a group of 3 participants is €1,196.00 better off as a region (Assen, Coevorden, Emmen); no split "
        "of this cost keeps everyone in: that takes a lower joint price, or money from outside."
    )
    assert test.sentence() == (
        "Stabiliteit: een groep van 3 deelnemers is als regio € 1.196,00 goedkoper uit (Assen, Coevorden, Emmen); geen "
        "enkele verdeling van deze kosten houdt iedereen erbij, dat vraagt een lagere gezamenlijke prijs of een "
        "bijdrage van buiten."
    )
    assert test.members()["name"].tolist() == ["Assen", "Coevorden", "Emmen"]
    assert test.members()["way"].tolist() == ["Drenthe"] * 3
    frame = test.to_frame()
    assert frame.loc["Drenthe"].tolist() == [3, 3 * 532, 400, 1196]


def test_what_would_keep_a_group():
    """Drenthe as a region at 900 instead of 1,596: the others would pay 1,760, and alone 1,880 together."""
    case = with_alternatives([2000] * 5, [5000, 900])
    test = case.stability("equal")
    assert test.keeps == "rule"
    assert test.sentence() == (
        "Stabiliteit: een groep van 3 deelnemers is als regio € 696,00 goedkoper uit (Assen, Coevorden, Emmen); met "
        "een aandeel dat ten minste zoveel lager is, blijven zij meedoen, en dat kan zonder dat een andere groep "
        "vertrekt (verdeelregel: evenwichtigste voordeel (nucleolus))."
    )
    assert str(test).endswith(
        "; a share lower by at least that much would keep them in, and need drive no other group out (rule: most even "
        "benefit (nucleolus))."
    )
    kept = case.stability("nucleolus")
    assert kept.stable
    region = sum(case.split("nucleolus").shares.values[1:4])
    assert region < 900
    assert case.split("nucleolus").shares.values.sum() == pytest.approx(2660)
    assert any("rekent met dezelfde uitwegen" in note for note in kept.notes)
    assert case.game.joint.total == case.game.total == 2660


def test_a_stable_split_says_so(case):
    test = case.stability("shapley")
    assert test.stable
    assert test.individually_rational is True
    assert str(test) == "Stability: no group of participants is better off without the others."
    assert test.sentence() == "Stabiliteit: geen enkele groep deelnemers is zonder de anderen goedkoper uit."
    assert test.keeps == ""
    assert test.to_frame()["saving"].sum() < 0
    assert "should" not in str(test)


def test_a_pm_stand_alone_cost_leaves_it_unknown(tables):
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    test = open_case(tables).stability("shapley")
    assert test.stable
    assert test.individually_rational is None
    assert test.unknown == ("GM0014",)
    assert test.sentence().endswith("; niet te toetsen (PM): 1 deelnemer.")
    assert str(test).endswith("; could not be tested (PM): 1 participant.")
    assert "Kosten bij zelfstandige uitvoering zijn PM voor Groningen." in test.notes


def test_a_pm_pool_leaves_it_unknown(tables):
    """Nobody pays more than alone of what is known; with the rest somebody may."""
    tables["pools"][1]["per_participant"] = {"amount": pm()}
    test = open_case(tables).stability("shapley")
    assert test.individually_rational is None
    assert test.unknown_pools == ("Aansluiten",)
    assert test.sentence().endswith("; exclusief PM: Aansluiten.")
    assert str(test).endswith("; excluding PM: Aansluiten.")
    assert any("exclusief PM (Aansluiten)" in note for note in test.notes)
    tables["alternatives"]["stand_alone"] = {"fixed": value(10)}
    assert open_case(tables).stability("shapley").individually_rational is False


def test_a_region_that_is_pm_is_named(tables):
    tables["alternatives"]["regional"] = {"region": "province", "fixed": value(5000), "own": {"Drenthe": pm()}}
    test = open_case(tables).stability("shapley")
    assert test.unknown_regions == ("Drenthe",)
    assert test.sentence().endswith("; niet als regio te toetsen (PM): 1.")
    assert str(test).endswith("; could not be tested as a region (PM): 1.")
    assert any("Kosten als regio zijn PM voor Drenthe" in note for note in test.notes)


def test_no_alternatives_at_all(tables):
    tables["alternatives"] = {}
    test = open_case(tables).stability("shapley")
    assert test.stable
    assert test.individually_rational is None
    assert not test.alternatives
    assert list(test.to_frame().index) == ["together"]
    assert any("andere uitwegen zijn niet bekend" in note for note in test.notes)
    assert any("onbekend" in note for note in test.notes)


def test_everyone_together_may_be_dearer(tables):
    tables["alternatives"]["stand_alone"] = {"fixed": value(10)}
    test = open_case(tables).stability("equal")
    assert test.coalition == CODES
    assert test.complaint == pytest.approx(2660 - 50)


def test_one_participant(tables):
    tables["others"] = []
    del tables["volumes"][0]["own"]["GR:NOORD"]
    tables["participation"]["municipalities"] = ["GM0014"]
    test = open_case(tables).stability("equal")
    assert test.complaint == pytest.approx(1660 - 960)
    assert test.way_out == "alone"
    tables["alternatives"] = {}
    test = open_case(tables).stability("equal")
    assert math.isnan(test.complaint)
    assert test.stable
    assert test.coalition == ()


def test_the_split_of_another_case(case):
    other = case.with_changes(participants=CODES[:3]).split()
    with pytest.raises(InputError, match="of another case, or of other participants"):
        case.stability(other)


def test_by_default_the_rule_of_the_file(case):
    assert case.stability().rule == "vast deel plus afname"


def test_rules_side_by_side(tables):
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    compared = open_case(tables).compare_rules()
    frame = compared.to_frame()
    assert list(frame.columns) == [
        "name", "kind", "inhabitants", "equal", "volume", "fixed_plus_volume", "scrb", "shapley", "nucleolus",
    ]  # fmt: skip
    assert frame[["equal", "shapley", "nucleolus"]].sum().tolist() == pytest.approx([2660] * 3)
    assert compared.missing == {"stand_alone": "the stand-alone cost is PM for GM0014"}
    rules = compared.rules()
    assert not rules.loc["stand_alone", "exists"]
    assert rules.loc["stand_alone", "reason"] == "de kosten bij zelfstandige uitvoering zijn PM voor Groningen"
    assert rules.loc["shapley", "individually_rational"] == "unknown"
    assert rules.loc["shapley", "stable"]
    assert not rules.loc["equal", "stable"]
    assert rules.loc["equal", "individually_rational"] == "no"
    assert any("is hier niet berekend" in note for note in compared.notes)
    per = compared.per_inhabitant()
    assert per.loc["GR:NOORD"].drop(["name", "kind"]).isna().all()
    assert per.loc["GM0014", "equal"] == pytest.approx(532 / 243768)


def test_the_nucleolus_makes_the_largest_complaint_as_small_as_can_be():
    tables = small()
    tables["alternatives"] = {}
    case = open_case(tables)
    compared = case.compare_rules(("equal", "shapley", "nucleolus", "scrb"))
    complaints = compared.rules()["complaint"]
    assert complaints.idxmin() == "nucleolus"
    assert complaints["nucleolus"] < 0


def test_no_regional_alternative_where_a_body_has_no_region():
    tables = small()
    tables["alternatives"] = {
        "regional": {"region": "province", "fixed": value(1), "volumes": [{"volume": "units", "tiers": tiers((0, 1))}]}
    }
    case = open_case(tables)
    test = case.stability("equal")
    assert test.way_out == "alternatives"
    assert set(test.coalition) == set(CODES[:4])
    np.testing.assert_allclose(test.complaint, 4 * 532 - (1 + 60) - (1 + 80))


def test_how_a_nucleolus_was_computed_is_said_in_dutch():
    """Of a game that goes through its table, and of one whose groups are found one by one."""
    assert (
        with_alternatives([900] * 5, [5000, 900]).split("nucleolus").shares.method_words() == "exact, over alle groepen"
    )
    steps = open_model("procurement/gt-mobiel-1").split("nucleolus").explain("GM0599").steps
    assert "exact, over alle groepen nagegaan" in [step.basis for step in steps]
