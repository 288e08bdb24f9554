"""One fault of a file hides no other, and makes up none."""

from __future__ import annotations

from typing import Any

import pytest
from model_files import tables

from ggu_costs.catalogue import load_model, read_model
from ggu_costs.errors import ModelFileError


def faults_of(source: dict[str, Any]) -> set[str]:
    """Load a faulty file and return where its faults are."""
    with pytest.raises(ModelFileError) as caught:
        load_model(source)
    return {fault.where for fault in caught.value.faults}


def changed(model: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The tables of a shipped model in which each dotted key has its new value; None removes it."""
    file = read_model(model).tables
    for key, new in changes.items():
        *path, last = key.split(".")
        part: Any = file
        for step in path:
            part = part[int(step)] if isinstance(part, list) else part[step]
        if new is None:
            del part[last]
        else:
            part[int(last) if isinstance(part, list) else last] = new
    return file


PARTS = ("inhabitants = 0.8, equal = 0.2", "inhabitants = 80, equal = 20")
NEGATIVE = ("value = 1_000_000.00", "value = -1")
BESIDE = [
    (
        [PARTS, NEGATIVE, ('part = "project"', 'part = "projectmatig"')],
        {"fund.key.parts", "activities.rest.part", "fund.total"},
    ),
    (
        [
            PARTS,
            (
                'status = "enacted"\nsource = "besluit"\n\n[fund.vat]',
                'status = "vast"\nsource = "besluit"\n\n[fund.vat]',
            ),
        ],
        {"fund.key.parts", "fund.key.status"},
    ),
    ([NEGATIVE, ('value = -1\nunit = "EUR"', 'value = -1\nunit = "euro"')], {"fund.total", "fund.total.unit"}),
    (
        [NEGATIVE, ('value = -1\nunit = "EUR"\nvat = "incl"', 'value = -1\nunit = "EUR"\nvat = "inclusief"')],
        {"fund.total", "fund.total.vat"},
    ),
    ([PARTS, ('id = "rest"', 'id = "De rest"')], {"fund.key.parts", "activities.De rest.id"}),
    ([("inhabitants = 0.8", "inhabitants = 0.9"), ("schema = 1", "schema = 2")], {"fund.key.parts", "schema"}),
]


@pytest.mark.parametrize(("pairs", "where"), BESIDE)
def test_one_wrong_word_does_not_hide_what_does_not_add_up(pairs: list[tuple[str, str]], where: set[str]) -> None:
    assert faults_of(tables(*pairs)) == where


IBD = "procurement/example-ibd"
LISTED = {"mode": "listed", "municipalities": ["GM9999", "GM0363"]}
GONE = "participation.municipalities GM9999"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"case.duration": {"value": -1, "unit": "count", "status": "estimated", "by": "x"}}, {"case.duration"}),
        ({"case.rule": "inhabitnts", "participation": LISTED}, {"case.rule", GONE}),
        ({"pools.0.fixed.value": -1, "participation": LISTED}, {"pools.coordination.fixed", GONE}),
        ({"pools.3.volume.tiers.0.price.value": -1, "participation": LISTED},
         {"pools.licences.volume.tiers[0].price", GONE}),
        ({"pools.0.fixed.vat": None, "participation": LISTED}, {"pools.coordination.fixed", GONE}),
        ({"pools.3.volume.tiers.0.from_volume": 10, "participation": LISTED}, {"pools.licences.volume", GONE}),
        ({"others": [{"code": "GR:X", "name": "X", "kind": "club"}], "participation": LISTED},
         {"others[0].kind", GONE}),
        ({"case.rule": dict.fromkeys(("coordination", "advice", "monitoring", "licences"), "inhabitnts")},
         {f"case.rule.{name}" for name in ("coordination", "advice", "monitoring", "licences")}),
        ({"pools.0.id": "Coördinatie!", "participation": LISTED}, {"pools.Coördinatie!.id", GONE}),
        ({"pools.0.id": "Coördinatie!",
          "case.rule": dict.fromkeys(("Coördinatie!", "advice", "monitoring", "licences"), "equal")},
         {"pools.Coördinatie!.id"}),
    ],
)  # fmt: skip
def test_a_fault_hides_no_other_and_makes_up_none(changes: dict[str, Any], where: set[str]) -> None:
    assert faults_of(changed(IBD, changes)) == where


@pytest.mark.parametrize(
    ("model", "path", "new", "where"),
    [
        ("programmes/example-common-ground", ("alternatives", 2, "participants", "column"), 1.5,
         "alternatives.voorlopers.participants.column"),
        ("programmes/example-common-ground", ("lines", 6, "profile", "years", "2025"), [],
         "lines.overstap.profile.years.2025"),
        ("programmes/woo", ("programme", "municipal_share", "by"), None, "programme.municipal_share"),
        ("funds/ggu/2020", ("inputs", "taxed_share", "unit"), {}, "inputs.taxed_share.unit"),
        ("ballots/steps-example", ("counting_date", "value"), "eur", "counting_date.value"),
    ],
)  # fmt: skip
def test_nothing_is_said_of_what_was_put_in_the_place_of_a_fault(
    model: str, path: tuple[str | int, ...], new: Any, where: str
) -> None:
    file = read_model(model).tables
    part: Any = file
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = new
    if new is None:
        del part[path[-1]]
    assert faults_of(file) == {where}


@pytest.mark.parametrize(
    ("model", "changes", "where"),
    [
        # beside an entry that goes: what pydantic itself finds in its neighbours
        ("fees/vng-contributie/2024", {"fee.brackets.2.rate.vat": None, "fee.growth_to_cost_cover.unit": None},
         {"fee.brackets[2].rate", "fee.growth_to_cost_cover.unit"}),
        ("funds/ggu/2020", {"fund.map_date.unit": None, "fund.total.vat": None}, {"fund.map_date.unit", "fund.total"}),
        # a status that nothing is near to: what else is wrong with its value
        ("ballots/one-each", {"counting_date.status": "zeker", "counting_date.value": None},
         {"counting_date.status", "counting_date"}),
        # a spare inside a list: what is wrong with the list
        (IBD, {"pools.3.volume.tiers.0.price.value": -1, "pools.3.volume.tiers.1.from_volume": 0},
         {"pools.licences.volume.tiers[0].price", "pools.licences.volume"}),
        ("fees/vng-contributie/2024", {"fee.brackets.1.rate.vat": None, "fee.brackets.2.from_inhabitants": 1},
         {"fee.brackets[1].rate", "fee.brackets"}),
        # a title that is no text: all that is wrong below
        ("funds/ggu/2020", {"title": 5, "fund.total.vat": None}, {"title", "fund.total"}),
        (IBD, {"title": 5, "participation": LISTED}, {"title", GONE}),
    ],
)  # fmt: skip
def test_two_faults_are_both_told(model: str, changes: dict[str, Any], where: set[str]) -> None:
    assert faults_of(changed(model, changes)) == where
