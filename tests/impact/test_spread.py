"""Joint costs, tariffs and samples of a programme file, against the core, the games and exact fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from programme_files import CLASSES, EURO, OURS, PEOPLE, amounts, line, programme

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.programme.build_lines import ratio_estimate


def test_joint_costs_are_split_by_a_rule():
    pools = [
        {"kind": "fixed", "amount": 342_000},
        {"kind": "per_participant", "amount": 10},
        {"kind": "regional", "amount": 12_000, "column": "province"},
        {"kind": "levels", "levels": dict.fromkeys("1234567", 0.0) | {"8": 400.0}},
    ]
    joint = line("a", amount=None, key=None, joint={"pools": pools, "rule": "shapley"} | EURO)
    found = amounts(programme(joint))[0]
    provinces = ggu.municipalities(2024)["province"]
    shares = (
        1000 + 10 + 12_000 / provinces.map(provinces.value_counts()).to_numpy() + np.where(CLASSES == "8", 100.0, 0.0)
    )
    assert found == pytest.approx(shares)
    total = 342_000 + 3420 + 12 * 12_000 + 400
    for rule, weights in (("inhabitants", PEOPLE), ("equal", np.ones(342))):
        other = line("a", amount=None, key=None, joint={"pools": pools, "rule": rule} | EURO)
        assert amounts(programme(other))[0] == pytest.approx(total * weights / weights.sum())
    tiers = [{"kind": "volume", "column": "inhabitants", "tiers": [[0, 2.0]]}]
    by_volume = line("a", amount=None, key=None, joint={"pools": tiers, "rule": "scrb"} | EURO)
    assert amounts(programme(by_volume))[0] == pytest.approx(2 * PEOPLE)
    owen = line("a", amount=None, key=None, joint={"pools": pools[:1], "rule": "owen", "unions": "province"} | EURO)
    in_province = provinces.map(provinces.value_counts()).to_numpy()
    assert amounts(programme(owen))[0] == pytest.approx(342_000 / 12 / in_province)


FEW = ggu.municipalities(2024)["size_class"].astype(str) == "8"


def joint_of_few(pools, rule, **more):
    """Shares of the four municipalities of class 8 in a joint cost, and the notes."""
    made = line("a", amount=None, key=None, who="participants", joint={"pools": pools, "rule": rule} | EURO | more)
    big = {"column": "size_class", "labels": ["8"]} | OURS
    model = ggu.open_model(
        programme(made, alternatives=[{"id": "b", "name": "b", "lines": ["a"], "participants": big} | OURS])
    )
    return model.assembly().terms[0].weights[FEW.to_numpy()], model.assembly().notes


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("weighted_shapley", {"weights": "inhabitants"}), ("owen", {"unions": "province"}), ("ensc", {}),
        ("least_core", {}), ("nucleolus", {}), ("volume", {}), ("stand_alone", {}), ("average", {}), ("serial", {}),
        ("decreasing_serial", {}),
    ],
)  # fmt: skip
def test_every_rule_splits_as_the_core_and_the_games_do(rule, more):
    tiers = [(0, 2.0), (1_000_000, 1.0)]
    people, provinces = (ggu.municipalities(2024)[column][FEW] for column in ("inhabitants", "province"))
    volumes, codes = people.to_numpy(dtype=float), list(people.index)
    pools = [{"kind": "volume", "column": "inhabitants", "tiers": tiers}, {"kind": "fixed", "amount": 1e6}]
    found, _ = joint_of_few(pools, rule, **more)
    game = ggu.CostGame.from_pools(codes, [ggu.VolumeTiers(volumes, tiers), ggu.Fixed(1e6)])
    unions = [list(part.index) for _, part in provinces.groupby(provinces)]
    price = ggu.tariff(*zip(*tiers, strict=True))
    expected = {
        "weighted_shapley": lambda: ggu.weighted_shapley(game, volumes).values,
        "owen": lambda: ggu.owen(game, unions).values,
        "ensc": lambda: ggu.ensc(game).values,
        "least_core": lambda: ggu.least_core(game).values,
        "nucleolus": lambda: ggu.nucleolus(game).values,
        "volume": lambda: game.total * volumes / volumes.sum(),
        "stand_alone": lambda: game.total * game.alone / game.alone.sum(),
        "average": lambda: price([volumes.sum()]) * volumes / volumes.sum() + 250_000,
        "serial": lambda: ggu.serial(volumes, price) + 250_000,
        "decreasing_serial": lambda: ggu.serial(volumes, price, decreasing=True) + 250_000,
    }[rule]()
    assert found == pytest.approx(expected)
    assert found.sum() == pytest.approx(game.total)


def test_all_units_tiers_and_levels_that_are_not_stated():
    pool = {"kind": "volume", "column": "inhabitants", "tiers": [(0, 2.0), (1_000_000, 1.0)], "all_units": True}
    assert joint_of_few([pool], "average")[0] == pytest.approx(PEOPLE[FEW])
    assert joint_of_few([pool], "volume")[0] == pytest.approx(PEOPLE[FEW])
    with pytest.raises(InputError, match=r"lines.a.joint.pools\[0\].levels: no level for size_class 8; allowed: every"):
        joint_of_few([{"kind": "levels", "levels": {"7": 5.0}}], "shapley")
    with pytest.raises(InputError, match="size_class 'groot' does not occur"):
        joint_of_few([{"kind": "levels", "levels": {"8": 5.0, "groot": 5.0}}], "shapley")
    with pytest.raises(InputError, match=r"lines.a.joint.pools\[0\] VolumeTiers.tiers\[0\]: starts at 5"):
        joint_of_few([pool | {"tiers": [(5, 2.0)]}], "shapley")


def test_a_least_core_that_was_stopped_says_so(monkeypatch):
    def stopped(game):
        return replace(found := ggu.least_core(game), certificate=replace(found.certificate, reached=False))

    monkeypatch.setattr("ggu_costs.impact.programme.joint_costs.least_core", stopped)
    pool = {"kind": "volume", "column": "inhabitants", "tiers": [(0, 2.0), (1_000_000, 3.0)]}
    notes = joint_of_few([pool], "least_core")[1]
    assert any("het zoeken gestopt voordat vaststond dat het niet beter kan" in note for note in notes)
    monkeypatch.undo()
    assert not any("het zoeken gestopt" in note for note in joint_of_few([pool], "least_core")[1])


def test_a_sampled_split_tells_its_error():
    pools = [{"kind": "volume", "column": "inhabitants", "tiers": [(0, 2.0), (1_000_000, 1.0)]}]
    joint = {"pools": pools, "rule": "owen", "unions": "province"} | EURO
    with pytest.raises(InputError, match=r"lines.a.joint.*seed"):
        ggu.open_model(programme(line("a", amount=None, key=None, joint=joint))).assembly()
    made = ggu.open_model(programme(line("a", amount=None, key=None, joint=joint | {"seed": 1}))).assembly()
    assert made.notes[0].startswith("a: verdeling geschat uit 1.024 volgordes van toetreden; standaardfout hoogstens €")


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"price": 0.5, "free": 20_000}, 0.5 * np.maximum(PEOPLE - 20_000, 0)),
        ({"price": 0.5, "fixed": 1000}, 1000 + 0.5 * PEOPLE),
        ({"brackets": [0, 50_000], "rates": [1, 0.5], "mode": "whole_class"}, np.where(PEOPLE < 5e4, 1, 0.5) * PEOPLE),
    ],
)
def test_every_tariff_of_the_core(terms, expected):
    for kind, instrument in (("cost", ""), ("compensation", "algemene_uitkering")):
        made = line("a", amount=None, key=None, kind=kind, instrument=instrument, tariff=terms | EURO)
        assert amounts(programme(made), "line:a")[0] == pytest.approx(expected)


def test_a_sample_is_grossed_up_with_its_error():
    strata = [{"label": str(n), "asked": 4, "x": [10, 20, 30], "y": [25, 40, 50]} for n in range(1, 9)]
    tables = programme(line("a", amount=None, key=None, sample={"strata": strata} | EURO))
    made = ggu.open_model(tables).assembly()
    (error,) = made.drivers
    assert (error.name, error.level) == ("steekproef_a", "size_class")
    assert made.notes == (
        "a: respons 24 van 32 aangeschreven gemeenten (75%); per grootteklasse "
        + "; ".join(f"{n}: 3 van 4" for n in range(1, 9)) + ".",
    )  # fmt: skip
    values = {"steekproef_a": np.zeros((1, 342))}
    assert amounts(tables, values=values)[0] == pytest.approx(PEOPLE * 115 / 60)
    values["steekproef_a"][0, CLASSES == "8"] = 2.0
    _, spread = ratio_estimate([10, 20, 30], [25, 40, 50], 4)
    moved = np.where(CLASSES == "8", 2 * spread, 0)
    assert amounts(tables, values=values)[0] == pytest.approx(PEOPLE * (115 / 60 + moved))


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 90)), min_size=2, max_size=6), st.integers(6, 40))
@cases(40)
def test_ratio_estimate_against_exact_fractions(pairs, size):
    x, y = [Fraction(a) for a, _ in pairs], [Fraction(b) for _, b in pairs]
    n, ratio = len(x), sum(y) / sum(x)
    variance = sum((b - ratio * a) ** 2 for a, b in zip(x, y, strict=True)) / (n - 1)
    squared = (1 - Fraction(n, size)) / n * variance / (sum(x) / n) ** 2
    found = ratio_estimate([float(a) for a in x], [float(b) for b in y], size)
    assert found[0] == pytest.approx(float(ratio), rel=1e-12)
    assert found[1] == pytest.approx(float(squared) ** 0.5, rel=1e-9, abs=1e-12)
