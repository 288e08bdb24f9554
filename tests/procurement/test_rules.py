"""Splits: hand calculations, brute force, cents, mixtures of rules and scenarios."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.procurement import CODES, open_case, pm, shapley, small, tiered, tiers, value

from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.procurement.rules import RULES
from ggu_costs.procurement.split import in_cents
from ggu_costs.reference import municipalities

VOLUMES = (60, 30, 10, 40, 20)
ROWS = [(0, 10), (50, 6)]


def rich() -> dict:
    """The small case with levels and regions as well, on which every rule exists."""
    tables = small()
    tables["others"][0]["region"] = "Groningen"
    levels = [{"id": "low", "cost": value(90)}, {"id": "high", "cost": value(240)}]
    needs = {"municipality": "low", "GM0014": "high", "joint_arrangement": "high"}
    tables["pools"] += [
        {"id": "level", "name": "Niveau", "levels": {"levels": levels, "needs": needs}},
        {"id": "region", "name": "Regio", "regional": {"region": "province", "amount": value(60)}},
    ]
    return tables


def cost_of(group, volumes=VOLUMES, own=(100,) * 5, needs=(240, 90, 90, 90, 240), regions=(0, 1, 1, 1, 0)):
    """Joint cost of a group in the rich case."""
    if not group:
        return Fraction(0)
    volume = tiered(Fraction(sum(volumes[i] for i in group)), ROWS)
    levels = max(needs[i] for i in group)
    return 1000 + sum(own[i] for i in group) + volume + levels + 60 * len({regions[i] for i in group})


def exact(split):
    return split.shares.values


def test_by_hand():
    """Joint cost 1000 + 500 + 50 x 10 + 110 x 6 = 2660."""
    case = open_case(small())
    assert case.split().total == 2660
    people = municipalities(2024).loc[list(CODES[:4]), "inhabitants"]
    by_people = [*(2660 * people / people.sum()), 0]
    np.testing.assert_allclose(exact(case.split("inhabitants")), by_people, rtol=1e-14)
    assert exact(case.split("equal")).tolist() == [532] * 5
    np.testing.assert_allclose(exact(case.split("volume")), [2660 * volume / 160 for volume in VOLUMES])
    np.testing.assert_allclose(exact(case.split("fixed_plus_volume")), [300 + 1160 * v / 160 for v in VOLUMES])
    alone = [300 + 11 * volume for volume in VOLUMES]
    np.testing.assert_allclose(exact(case.split("stand_alone")), [2660 * a / sum(alone) for a in alone])
    np.testing.assert_allclose(exact(case.split("average")), [100 + 2160 * v / 160 for v in VOLUMES])


def test_serial_by_hand():
    """Demands 10, 20, 30, 40, 60: totals 50, 90, 120, 140, 160 cost 500, 740, 920, 1040, 1160."""
    case = open_case(small())
    steps = np.cumsum([500 / 5, 240 / 4, 180 / 3, 120 / 2, 120 / 1])
    expected = 300 + steps[[4, 2, 0, 3, 1]]
    np.testing.assert_allclose(exact(case.split("serial")), expected)
    # downwards 60, 40, 30, 20, 10: totals 300, 220, 190, 170, 160 cost 2000, 1520, 1340, 1220, 1160
    steps = np.cumsum([2000 / 5, -480 / 4, -180 / 3, -120 / 2, -60 / 1])
    np.testing.assert_allclose(exact(case.split("decreasing_serial")), 300 + steps[[0, 2, 4, 1, 3]])


def test_shares_of_levels_and_regions_by_hand():
    case = open_case(rich())
    parts = case.split("serial").by_pool()
    assert parts["level"].tolist() == [18 + 75, 18, 18, 18, 18 + 75]
    assert parts["region"].tolist() == [30, 20, 20, 20, 30]
    average = case.split("average").by_pool()
    np.testing.assert_allclose(average["level"], [240 * need / 750 for need in (240, 90, 90, 90, 240)])
    np.testing.assert_allclose(average["region"], [60 * 60 / 80, 60 * 30 / 80, 60 * 10 / 80, 30, 60 * 20 / 80])
    fixed = case.split("fixed_plus_volume").by_pool()
    assert fixed["level"].tolist() == [48] * 5
    assert fixed["join"].tolist() == [100] * 5


def test_every_rule_splits_the_whole_cost_in_cents():
    case = open_case(rich())
    total = case.setup.total
    assert total == float(cost_of(range(5)))
    for rule in RULES:
        split = case.split(rule)
        assert split.total_cents == round(total * 100), rule
        assert np.abs(split.values - split.shares.values).max() < 0.01, rule
        if split.shares.parts is not None:
            np.testing.assert_allclose(sum(split.shares.parts.values()), split.shares.values)
            assert list(split.shares.parts) == ["project", "join", "units", "level", "region"] or not split.shares.parts


def test_shapley_against_all_orders():
    values = shapley(5, cost_of)
    np.testing.assert_allclose(exact(open_case(rich()).split("shapley")), [float(v) for v in values], rtol=1e-12)


def test_scrb_against_its_formula():
    everyone = tuple(range(5))
    total = cost_of(everyone)
    separable = [total - cost_of(tuple(j for j in everyone if j != i)) for i in everyone]
    benefit = [cost_of((i,)) - m for i, m in zip(everyone, separable, strict=True)]
    left = total - sum(separable)
    expected = [float(m + b * left / sum(benefit)) for m, b in zip(separable, benefit, strict=True)]
    np.testing.assert_allclose(exact(open_case(rich()).split("scrb")), expected, rtol=1e-12)


def test_owen_gives_a_region_what_it_gets_among_regions():
    values = exact(open_case(rich()).split("owen"))
    unions = ((0, 4), (1, 2, 3))  # the arrangement lies in Groningen

    def between(group):
        return cost_of(tuple(sorted(i for union in group for i in unions[union])))

    expected = shapley(2, between)
    np.testing.assert_allclose([values[[0, 4]].sum(), values[1:4].sum()], [float(v) for v in expected])


@cases(20)
@given(
    volumes=st.lists(st.integers(0, 80), min_size=5, max_size=5).filter(any),
    price=st.integers(1, 30),
    drop=st.integers(0, 30),
    bound=st.integers(1, 150),
    all_units=st.booleans(),
)
def test_rules_on_random_volumes(volumes, price, drop, bound, all_units):
    tables = small()
    tables["volumes"][0]["own"] = {code: value(v, "count") for code, v in zip(CODES, volumes, strict=True)}
    rows = [(0, price), (bound, max(0, price - drop))]
    tables["pools"][2]["volume"] = {"volume": "units", "tiers": tiers(*rows), "all_units": all_units}
    case = open_case(tables)

    def joint(group):
        volume = tiered(Fraction(sum(volumes[i] for i in group)), rows, all_units)
        return 1000 + 100 * len(group) + volume if group else Fraction(0)

    assert case.setup.total == pytest.approx(float(joint(range(5))))
    for rule in ("inhabitants", "volume", "average", "serial", "decreasing_serial", "fixed_plus_volume"):
        assert case.split(rule).total_cents == round(case.setup.total * 100)
    expected = [float(v) for v in shapley(5, joint)]
    np.testing.assert_allclose(exact(case.split("shapley")), expected, rtol=1e-9, atol=1e-9)


@cases(200)
@given(
    values=st.lists(st.floats(-1e7, 1e7), min_size=1, max_size=12),
    noise=st.floats(-0.004, 0.004),
)
def test_cents_add_up_and_stay_close(values, noise):
    shares = np.array(values)
    total = float(np.sum(shares)) + noise
    cents = in_cents(shares, total)
    assert int(cents.sum()) == pytest.approx(total * 100, abs=0.51)
    assert np.all(np.abs(cents / 100 - shares) < 0.0101)


def test_cents_ties_go_to_the_first_code():
    assert in_cents(np.array([1 / 3, 1 / 3 + 1e-12, 1 / 3 - 1e-12]), 1.0).tolist() == [34, 33, 33]
    assert in_cents(np.array([-0.5, 0.505, 0.005]), 0.01).tolist() == [-50, 51, 0]


def test_a_rule_for_each_pool_is_one_split():
    case = open_case(rich())
    rule = {"project": "equal", "join": "stand_alone", "units": "shapley", "level": "serial", "region": "scrb"}
    split = case.split(rule)
    assert split.total_cents == round(case.setup.total * 100)
    parts = split.by_pool()
    assert parts["project"].tolist() == [200] * 5
    np.testing.assert_allclose(parts["units"], case.split("shapley").by_pool()["units"])
    assert "Project: gelijke delen" in split.title
    with pytest.raises(InputError, match="region: no rule for this pool"):
        case.split({name: item for name, item in rule.items() if name != "region"})
    with pytest.raises(InputError, match=r"(?s)join: rule 'equl'.*Did you mean 'equal'.*units: rule 'volum'"):
        case.split({**rule, "join": "equl", "units": "volum"})
    for wrong in (5, ["shapley"]):
        with pytest.raises(UnknownNameError, match="unknown rule for a split"):
            case.split(wrong)
    with pytest.raises(InputError, match="regio: no such pool"):
        case.split({**rule, "regio": "equal"})


def test_a_rule_for_a_pool_that_is_pm_is_left_alone(tables):
    tables["pools"][0]["fixed"] = pm()
    assert open_case(tables).split({"project": "equal", "join": "equal", "units": "volume"}).total == 1660


def test_rules_that_do_not_exist(tables):
    with pytest.raises(UnknownNameError, match=r"unknown rule for a split 'shaply'.*") as caught:
        open_case(tables).split("shaply")
    assert "shapley" in str(caught.value)
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    with pytest.raises(InputError, match="the stand-alone cost is PM for GM0014"):
        open_case(tables).split("stand_alone")
    tables["alternatives"] = {}
    tables["case"]["unions"] = ""
    tables["pools"] = tables["pools"][:2]
    tables["volumes"] = []
    case = open_case(tables)
    for rule, message in (
        ("stand_alone", "states no stand-alone costs"),
        ("owen", "no regions that act together"),
        ("volume", "the case has no volumes"),
        ("average", "the case has no volumes"),
    ):
        with pytest.raises(InputError, match=message):
            case.split(rule)
    assert "volume" not in case.split("equal").to_frame()


def test_no_share_in_one_pool_under_scrb(case):
    with pytest.raises(InputError, match=r"gives no share in one pool here\nUse shapley"):
        case.split("scrb").by_pool()


@pytest.mark.parametrize("rule", ["inhabitants", "fixed_plus_volume", "serial", "shapley", "scrb"])
def test_scenarios_are_the_splits_of_changed_files(rule):
    amounts = {"project": [500.0, 1000.0, 0.0], "join": [500.0, 1000.0, 250.0]}
    found = open_case(rich()).split(rule, amounts=amounts)
    assert found.values.shape == (3, 5)
    for draw in range(3):
        tables = rich()
        tables["pools"][0]["fixed"] = value(int(amounts["project"][draw]))
        tables["pools"][1]["per_participant"]["amount"] = value(amounts["join"][draw] / 5)
        split = open_case(tables).split(rule)
        np.testing.assert_allclose(found.values[draw], exact(split), rtol=1e-12)
        assert found.total[draw] == pytest.approx(split.total)
    assert found.to_frame().shape == (3, 5)


def test_scenarios_of_a_rule_named_for_each_pool():
    """What the error of a rule without shares in each pool says to do."""
    rule = dict.fromkeys(("project", "join", "units"), "owen")
    found = open_case(small()).split(rule, amounts={"project": [1000.0]})
    np.testing.assert_allclose(found.values[0], exact(open_case(small()).split("owen")))


def test_scenarios_of_a_mixture():
    rule = {"project": "equal", "join": "equal", "units": "volume"}
    found = open_case(small()).split(rule, amounts={"project": [2000.0]})
    np.testing.assert_allclose(found.values[0], 400 + 100 + 1160 * np.array(VOLUMES) / 160)


@pytest.mark.parametrize(
    ("rule", "amounts", "message"),
    [
        ("equal", {}, "amounts: none"),
        ("equal", {"x": [1.0]}, "x: no such pool"),
        ("equal", {"project": 5.0}, r"project: shape \(\)"),
        ("equal", {"project": [1.0, -1.0]}, r"project\[1\]: -1; allowed: 0 or more"),
        ("equal", {"project": [1.0, 2.0, float("inf")]}, r"project\[2\]: inf; allowed: a finite number"),
        ("equal", {"project": ["a"]}, r"project\[0\]: 'a'; allowed: a finite number"),
        ("equal", [1, 2], "amounts: list; allowed: a mapping of pool"),
        ("equal", {"project": [1.0], "join": [1.0, 2.0]}, "different numbers of scenarios"),
        ("nucleolus", {"project": [1.0]}, "nucleolus is solved anew for every scenario"),
        ("owen", {"project": [1.0]}, "owen gives no share in each pool here\nName the rule for each pool"),
    ],
)
def test_scenarios_that_cannot_be_split(rule, amounts, message):
    with pytest.raises(InputError, match=message):
        open_case(small()).split(rule, amounts=amounts)


def test_scenarios_of_a_pool_that_costs_nothing(tables):
    tables["pools"][0]["fixed"] = value(0)
    with pytest.raises(InputError, match="project: a pool that costs nothing in the file"):
        open_case(tables).split("equal", amounts={"project": [1.0]})


def test_scenarios_fill_a_pool_that_is_pm(tables):
    """How one PM amount is split does not depend on it; amounts that differ and are PM leave the split unknown."""
    tables["pools"][0]["fixed"] = pm()
    found = open_case(tables).split("equal", amounts={"project": [500.0, 1000.0]})
    np.testing.assert_allclose(found.values, [[432] * 5, [532] * 5])
    assert found.total.tolist() == [2160, 2660]
    tables["pools"][1]["per_participant"] = {"amount": pm()}
    rule = {"project": "equal", "join": "fixed_plus_volume", "units": "volume"}
    found = open_case(tables).split(rule, amounts={"project": [0.0], "join": [500.0]})
    np.testing.assert_allclose(found.values[0], 100 + 1160 * np.array(VOLUMES) / 160)
    tables["pools"][1]["per_participant"] = {"amount": pm(), "own": {"GM0014": pm()}}
    with pytest.raises(InputError, match="join: PM, and how it is split follows from its amounts"):
        open_case(tables).split("equal", amounts={"join": [500.0]})


def test_cents_of_any_size():
    shares = np.array([1e11, 2e11, 3e11 + 0.01])
    assert in_cents(shares, float(shares.sum())).tolist() == [10**13, 2 * 10**13, 3 * 10**13 + 1]
    with pytest.raises(InputError, match="cannot be met in whole cents"):
        in_cents(np.array([1e18, 1.0]), 1e18 + 1)
    with pytest.raises(InputError, match=r"cannot be met in whole cents of a total of 30\.00"):
        in_cents(np.array([10.0, 10.0]), 30.0)


def test_one_participant_pays_everything(tables):
    tables["others"] = []
    del tables["volumes"][0]["own"]["GR:NOORD"]
    tables["participation"]["municipalities"] = ["GM0014"]
    case = open_case(tables)
    for rule in RULES:
        assert case.split(rule).values.tolist() == [1000 + 100 + 560], rule


def test_scrb_where_no_benefit_remains(tables):
    """Three of volume 1 at prices 10, 20, 10: alone 10, separable 10, yet 40 together."""
    tables["others"], tables["participation"]["municipalities"] = [], list(CODES[:3])
    tables["volumes"][0]["own"] = {code: value(1, "count") for code in CODES[:3]}
    tables["pools"] = [
        {"id": "units", "name": "S", "volume": {"volume": "units", "tiers": tiers((0, 10), (1, 20), (2, 10))}}
    ]
    tables["case"]["rule"] = "volume"
    case = open_case(tables)
    assert case.setup.total == 40
    with pytest.raises(InputError, match="scrb does not exist here"):
        case.split("scrb")
    with pytest.raises(InputError, match="scrb does not exist in some scenarios"):
        case.split("scrb", amounts={"units": [40.0, 80.0]})
    assert case.compare_rules(["scrb", "equal"]).rules()["exists"].tolist() == [False, True]
