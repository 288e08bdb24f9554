"""Checking a model builds what a run builds: what no run can calculate is a fault; what is stated is used."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from fund_files import FEE, FUND, changed
from oracles.procurement import small
from programme_files import OURS, driver, fixed, line, programme

import ggu_costs as ggu
from ggu_costs.catalogue import check_model, model_files
from ggu_costs.errors import ModelFileError

CASE = small()
DAY = {"unit": "date"} | OURS
LATE = DAY | {"value": "2031-01-01"}


def with_driver(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return programme(line("a", factors=[made["id"]]), drivers=[made], **more)


def refused(tables: dict[str, Any], match: str) -> ModelFileError:
    with pytest.raises(ModelFileError, match=match) as caught:
        check_model(tables)
    assert len(str(caught.value)) < 4000
    return caught.value


NO_RUN = {
    "probability 1": (driver("x", "bernoulli", probability=1), "drivers.x.probability: 1; allowed: above 0"),
    "probability 0": (driver("x", "bernoulli", probability=0), "drivers.x.probability: 0"),
    "a probability of 0": (driver("x", "discrete", values=[1, 2], probabilities=[0, 1]), r"probabilities\[0\]: 0"),
    "a value twice": (driver("x", "discrete", values=[1, 1], probabilities=[0.5, 0.5]), "stands here twice"),
    "an empty truncation": (driver("x", "pert", low=1, mode=2, high=3, lower=4, upper=5), "nothing of the"),
    "impossible quantiles": (driver("x", "beta", low=0, high=1, p10=0.1, p50=0.11, p90=0.9), "no beta distribution"),
    "negative costs": (driver("x", "normal", mean=1, sd=1), "lines.a.factors: 'x' ranges from -3.75"),
    "an extreme table": (driver("x", "beta", alpha=1e-3, beta=1e-3, low=0, high=1), "the table of its"),
    "a second shape that cannot be": (
        driver("x", "triangular", p10=1, p50=1.5, p90=2.2, second_shape="uniform"), "x.second_shape: no uniform",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_RUN)
@pytest.mark.parametrize("needs", [False, True], ids=["complete", "with an input to bring"])
def test_check_finds_what_no_run_can_calculate(name: str, needs: bool) -> None:
    """Also in a file that waits for an input of the user."""
    made, match = NO_RUN[name]
    brought = {"unit": "EUR", "input": "bedrag"} | OURS | {"vat": "none", "price_level": "2024"}
    more = {"inputs": {"bedrag": {"unit": "EUR", "description": "bedrag"}}} if needs else {}
    refused(
        programme(line("a", factors=["x"], **({"amount": brought} if needs else {})), drivers=[made], **more), match
    )


def test_check_tells_all_that_building_shows_at_once() -> None:
    drivers = [driver("x", "bernoulli", probability=1), driver("y", "normal", mean=1, sd=1)]
    tables = programme(
        line("a", factors=["x", "y"]), drivers=drivers, programme={"counting_date": LATE | {"value": "2023-02-02"}}
    )
    text = str(refused(tables, "cannot be calculated"))
    for part in ("drivers.x.probability", "lines.a.factors", "programme"):
        assert part in text


PER_INHABITANT = {"weights.rule": "per_inhabitants", "weights.per": 1000}
DAYS = {
    "programme": programme(programme={"counting_date": LATE, "map_date": LATE}),
    "fund": changed(FUND, {"fund.counting_date": LATE, "fund.map_date": LATE}),
    "fee": changed(FEE, {"fee.counting_date": LATE, "fee.map_date": LATE}),
    "procurement": changed(CASE, {"case.counting_date": DAY | {"value": "2023-07-01"}}),
    "ballot": {
        "schema": 1, "kind": "ballot", "id": "ballots/x", "title": "x", "checked_on": "2026-11-21",
        "sources": {"s": {"title": "s", "publisher": "p"}}, "map_date": LATE, "counting_date": LATE,
        "weights": {"rule": "per_inhabitants", "per": 1000} | OURS,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", DAYS)
def test_check_finds_a_counting_date_outside_the_tables_in_every_kind(kind: str) -> None:
    refused(DAYS[kind], r"20(31|23)-0[17]-01")


@pytest.mark.parametrize("name", model_files())
def test_shipped_models_can_be_built_and_use_what_they_state(name: str) -> None:
    assert check_model(name).definition.id == name


NEED = {"inputs": {"x": {"unit": "EUR", "description": "iets"}}}
OTHER = [{"id": "b", "name": "b", "lines": ["a"]} | OURS]
UNUSED = {
    "a driver": (programme(line("a"), drivers=[driver("x")]), "drivers.x: no line with an amount uses this driver"),
    "a fixed driver": (programme(line("a"), drivers=[fixed("x", 2)]), "drivers.x: no line"),
    "a driver of a line that is PM": (
        programme(line("a"), line("b", factors=["x"], key=None, amount={"mark": "pm", "unit": "EUR"} | OURS | {
            "vat": "none", "price_level": "2024"}), drivers=[driver("x")]), "drivers.x: no line with an amount"),
    "a line in no alternative": (programme(line("a"), line("c"), alternatives=OTHER), "lines.c: in no alternative"),
    "a correlation with what is fixed": (
        programme(line("a", factors=["x", "y"]), drivers=[driver("x"), fixed("y", 2)],
                  correlations=[{"drivers": ["x", "y"], "rank": 0.5, "unit": "share"} | OURS]),
        r"correlations\[0\].drivers: y: fixed, so that it moves with nothing"),
    "participants": (
        programme(line("a"), alternatives=[OTHER[0] | {"participants": {"codes": ["GM0363"]} | OURS}]),
        "alternatives.b.participants: every line falls on all"),
    "an input of a programme": (programme(line("a"), **NEED), "inputs.x: nothing uses this input"),
    "an input of a fund": (changed(FUND, {"inputs.x": NEED["inputs"]["x"]}), "inputs.x: nothing uses this input"),
    "an input of a case": (changed(CASE, {"inputs.x": NEED["inputs"]["x"]}), "inputs.x: nothing uses this input"),
    "a volume": (
        changed(CASE, {"volumes": [*CASE["volumes"], {"id": "more", "name": "m", "own": {"GM0363": {
            "value": 1, "unit": "count"} | OURS}}]}), "volumes.more: no pool, alternative or ratchet uses this volume"),
    "a figure of a ballot": (
        DAYS["ballot"] | {"map_date": DAY | {"value": "2024-01-01"}, "counting_date": DAY | {"value": "2024-01-01"},
                          "weights": {"rule": "one_each", "per": 1000} | OURS},
        "weights.per: with rule 'one_each', which does not use it"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSED)
def test_what_is_stated_and_not_used_is_a_fault(name: str) -> None:
    tables, match = UNUSED[name]
    with pytest.raises(ModelFileError, match=match):
        ggu.open_model(tables)


def test_what_is_not_used_on_purpose_says_why() -> None:
    """And then the outputs say so; what says so and is used is a fault, as is no reason."""
    why = {"unused": True, "reason": "voor het volgende jaar"}
    tables = programme(line("a"), line("c", **why), drivers=[driver("x", **why)], alternatives=OTHER)
    result = ggu.open_model(tables).simulate()
    for name in ("x", "c"):
        assert f"{name}: staat in het bestand en telt niet mee (voor het volgende jaar)." in result.notes
    assert result.national("net")["mean"].iloc[0] == pytest.approx(1_000_000)
    refused(programme(line("a"), drivers=[driver("x", unused=True)]), "unused without reason")
    refused(programme(line("a", factors=["x"]), drivers=[driver("x", **why)]), "drivers.x.unused: true, but it is used")
    refused(programme(line("a", **why)), "lines.a.unused: true, but it is used")
    assert check_model(programme(line("a"), inputs={"x": NEED["inputs"]["x"] | why}))


def test_inputs_with_a_wrong_name_are_told_once() -> None:
    named = {"unit": "EUR", "input": "bedrg"} | OURS | {"vat": "none", "price_level": "2024"}
    error = refused(programme(line("a", amount=named), inputs={"bedrag": {"unit": "EUR", "description": "b"}}), "bedrg")
    assert [fault.where for fault in error.faults] == ["lines.a.amount.input"]


@pytest.mark.parametrize("year", [20210, 0, 1899])
def test_a_year_that_no_calendar_has_is_one_fault_wherever_it_stands(year: int) -> None:
    file = model_files()["funds/example-portfolio"]
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    tables["underspend"][0]["year"] = year
    tables["activities"][0]["years"] = [year]
    error = refused(tables, rf"underspend\[0\].year: {year}")
    assert f"years[0]: {year}" in str(error)
    refused(programme(line("a"), programme={"structural_year": year}), f"structural_year: {year}")
