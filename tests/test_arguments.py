"""Where one name, year or model is asked, anything else is refused: a list, a Series, an array, another object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import open_bundle, open_joint_body

OTHERS: dict[str, Callable[[], Any]] = {
    "list": lambda: ["GM0363", "GM0345"],
    "Series": lambda: pd.Series(["GM0363", "GM0345"]),
    "array": lambda: np.array(["GM0363", "GM0345"]),
    "frame": lambda: pd.DataFrame({"code": ["GM0363"]}),
    "NA": lambda: pd.NA,
    "dict": lambda: {"GM0363": 1},
    "number": lambda: 363,
}


@pytest.fixture(scope="module")
def asked() -> dict[str, Callable[[Any], object]]:
    fund, portfolio = ggu.open_fund("funds/ggu/2020"), ggu.open_fund("funds/example-portfolio")
    bill, case = fund.contributions(), ggu.open_case("procurement/example-ibd")
    split, effect = case.split("inhabitants"), ggu.redistribution(bill, bill)
    result = ggu.open_programme("programmes/woo").simulate(draws=64, seed=1)
    programme = ggu.open_programme("programmes/example-digital-identity").simulate(draws=64, seed=1)
    tally = ggu.Ballot({"a": 2, "b": 1}, {"a": "for"})
    shared = ggu.allocate(100, pd.Series({"GM0363": 1, "GM0345": 2}))
    body = open_joint_body("joint-bodies/example-shared-services")
    grant = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025")
    bundle = open_bundle("bundles/example-stapeling")
    together = bundle.simulate(64, seed=1)
    return {
        "body.entry": lambda value: body.entry(value, year=2028),
        "body.exit": lambda value: body.exit(value, year=2027),
        "body.exit rule": lambda value: body.exit("GM0339", year=2027, rule=value),
        "body.contributions": lambda value: body.contributions([value]),
        "body.budget": body.budget,
        "body.report": body.report,
        "grant.breakdown": lambda value: grant.amounts().breakdown("cluster", value),
        "grant.cells": grant.amounts().cells,
        "grant.key": grant.key,
        "grant.reforms": lambda value: grant.reforms(factor=value if isinstance(value, int) else "1.4"),
        "bundle.without": bundle.without,
        "bundle.compare": bundle.compare,
        "bundle.component": together.component,
        "bundle.hardest_hit": together.hardest_hit,
        "bundle.separate_quantiles": together.separate_quantiles,
        "bundle.with_and_without": together.with_and_without,
        "bundle.by_component": together.by_component,
        "bill.explain": bill.explain,
        "fund.report": fund.report,
        "split.explain": split.explain,
        "case.report": case.report,
        "redistribution.explain": effect.explain,
        "redistribution.to_frame": lambda value: effect.to_frame(sign=value),
        "phase_in": lambda value: effect.phase_in(1.0, 2, after=value),
        "half_year": portfolio.half_year,
        "allocation.explain": shared.explain,
        "scale.report": ggu.open_ballot("ballots/per-inhabitant").report,
        "power": tally.power,
        "result.alternative": result.alternative,
        "result.national": result.national,
        "result.by_municipality": programme.by_municipality,
        "result.explain": programme.explain,
        "result.probability": lambda value: programme.probability(of=value),
        "result.sensitivity": programme.sensitivity,
        "tariff": lambda value: ggu.tariff([0], [1], mode=value),
        "carry": lambda value: ggu.carry(pd.Series({"GM0363": 1.0}), from_year=2019, to_year=2020, kind=value),
        "regions": lambda value: ggu.regions(value, 2024),
        "core_check.sentence": lambda value: case.stability(split).sentence(value),
        "budgets": portfolio.budgets,
        "terms": portfolio.terms,
        "withdrawal": portfolio.withdrawal,
        "compare funds": fund.compare,
        "compare cases": case.compare,
        "compare programmes": ggu.open_programme("programmes/woo").compare,
        "including": bill.including,
        "restore": ggu.open_programme("programmes/woo").restore,
        "participants": lambda value: case.with_changes(participants=[value]),
    }


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_name_year_or_model_is_refused_in_words(
    other: str, asked: dict[str, Callable[[Any], object]]
) -> None:
    for name, ask in asked.items():
        with pytest.raises(ggu.GguCostsError) as raised:
            ask(OTHERS[other]())
        assert len(str(raised.value)) < 4_000, name


def test_a_list_of_codes_where_one_is_asked_is_called_a_list() -> None:
    with pytest.raises(ggu.UnknownNameError, match=r"unknown municipality in this bill a list; there are: GM0003, "):
        ggu.open_fund("funds/ggu/2020").contributions().explain(["GM0363", "GM0345"])  # type: ignore[arg-type]


@pytest.mark.parametrize("year", [0, -1, 10**30, 2020.0, "2020", None, float("nan")])
def test_a_year_is_a_whole_number(year: Any) -> None:
    with pytest.raises(ggu.InputError, match="Give a year as a whole number"):
        ggu.open_fund("funds/ggu/2020").budgets(year)


def test_participants_are_any_row_of_codes_and_never_a_code_alone() -> None:
    case = ggu.open_case("procurement/example-ibd")
    codes = ["GM0363", "GM0345"]
    rows: list[Any] = [codes, tuple(codes), pd.Series(codes), pd.Index(codes), np.array(codes), iter(codes)]
    kept = [case.with_changes(participants=row).setup.parties.codes for row in rows]
    assert set(kept) == {("GM0345", "GM0363")}
    for wrong in ("GM0363", 5, [], [["GM0363"]], ["GM0363", "GM0363"]):
        with pytest.raises(ggu.InputError, match="these participants cannot be used"):
            case.with_changes(participants=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "years"), [(2021, 10**30), (10**30, 1), (-(10**30), 2), (2021, 10**7)])
def test_a_budget_of_a_million_years_is_refused_at_once(first: int, years: int) -> None:
    result = ggu.open_programme("programmes/example-digital-identity").simulate(draws=64, seed=1)
    with pytest.raises(ggu.GguCostsError) as raised:
        result.budget(first, years)
    assert len(str(raised.value)) < 4_000


@pytest.mark.parametrize("years", [np.array([2021, 2022]), pd.Series([1]), 1.5, True, 0])
def test_the_years_of_a_budget_are_a_whole_number(years: Any) -> None:
    result = ggu.open_programme("programmes/example-digital-identity").simulate(draws=64, seed=1)
    with pytest.raises(ggu.InputError, match=r"years: .*allowed: a whole number"):
        result.budget(2026, years)


def test_years_of_an_index_that_cannot_be_put_in_order_are_named() -> None:
    with pytest.raises(ggu.InputError, match=r"index of 2020: not a year ahead[\s\S]*index of x: not a year ahead"):
        ggu.open_fund("funds/ggu/2020").outlook(2021, index={"x": 1, 2020: 2}, vintage="v")  # type: ignore[dict-item]


@pytest.mark.parametrize("row", [np.array(5), np.array("a", dtype=object)])
def test_an_array_without_dimensions_is_no_list(row: Any) -> None:
    case = ggu.open_case("procurement/example-ibd")
    game = ggu.CostGame.from_table([0, 1, 1, 2])
    asks: Sequence[Callable[[], object]] = (
        lambda: ggu.tariff(row, [1]),
        lambda: ggu.tariff([0], row),
        lambda: ggu.read_table(row),
        lambda: ggu.read_labels(row),
        lambda: ggu.read_cbs(row),
        lambda: case.compare_rules(row),
        lambda: game.value(row),
        lambda: case.with_changes(participants=row),
    )
    for ask in asks:
        with pytest.raises(ggu.GguCostsError):
            ask()


def test_lists_that_hold_themselves_or_lie_deep_are_no_figures() -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: list[Any] = [1]
    for _ in range(100_000):
        deep = [deep]
    asks: Sequence[Callable[[Any], object]] = (
        ggu.CostGame.from_table,
        lambda key: ggu.allocate(100, key),
        lambda key: ggu.allocate(key, [1]),
        ggu.round_table,
        ggu.tariff([0], [1]),
        lambda key: ggu.largest_remainder(1, key),
    )
    wrong: Any
    for wrong in (endless, deep):
        for ask in asks:
            with pytest.raises(ggu.GguCostsError) as raised:
                ask(wrong)
            assert len(str(raised.value)) < 4_000
    while isinstance(deep, list) and deep:  # taken apart from outside, as a list this deep is more than Python takes
        deep = deep[0]


FLAGS: dict[str, Callable[[Any], object]] = {
    "allocate, cents": lambda value: ggu.allocate(100, [1, 2], cents=value),
    "allocate, must_add_up": lambda value: ggu.allocate(100, [1, 2], must_add_up=value),
    "serial": lambda value: ggu.serial([1, 2], lambda q: q, decreasing=value),
    "tariff": lambda value: ggu.tariff([0], [1], up_to_and_including=value),
    "least_core": lambda value: ggu.least_core(ggu.CostGame.from_table([0, 1, 1, 2]), progress=value),
    "ballot": lambda value: ggu.Ballot({"a": 2, "b": 1}, {"a": "for"}, at_least=value),
    "power": lambda value: ggu.Ballot({"a": 2, "b": 1}, {"a": "for"}).power(approximate=value),
    **{
        f"simulate, {name}": lambda value, name=name: ggu.open_programme("programmes/woo").simulate(
            draws=64, seed=1, **{name: value}
        )
        for name in ("second_shape", "exact", "progress")
    },
}


@pytest.mark.parametrize("flag", FLAGS)
def test_the_text_no_and_all_else_is_neither_true_nor_false(flag: str) -> None:
    for other in ("no", "", 0, 1, None, float("nan"), pd.NA, [], np.array([True, False]), pd.Series([True])):
        with pytest.raises(ggu.InputError, match="allowed: True or False"):
            FLAGS[flag](other)
    FLAGS[flag](np.False_)


NAMES: dict[str, Callable[[Any], object]] = {
    "rule": lambda value: ggu.allocate(100, [1, 2], rule=value),
    "rounding": lambda value: ggu.allocate(100, [1, 2], rounding=value),
    "rounding of a fund": lambda value: ggu.open_fund("funds/ggu/2020").with_changes(rounding=value),
    **{
        f"simulate, {name}": lambda value, name=name: ggu.open_programme("programmes/woo").simulate(
            draws=64, seed=1, **{name: value}
        )
        for name in ("method", "alternative", "on_interrupt")
    },
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", OTHERS)
def test_what_is_not_among_the_words_of_an_argument_is_refused(name: str, other: str) -> None:
    with pytest.raises(ggu.GguCostsError):
        NAMES[name](OTHERS[other]())
