"""Floors, caps, own indicators in the key and the rounding of lines: what a fund decides beside its level."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from cases import cases
from fund_files import DATE, FEE, FUND, MONEY, RATE, changed
from hypothesis import given
from hypothesis import strategies as st
from oracles import allocation as plain

import ggu_costs as ggu
from ggu_costs import InfeasibleError, InputError, MissingInputError
from ggu_costs.fund.conditions import Conditions
from ggu_costs.fund.model import Fund
from ggu_costs.words.messages import say

CLIENTS = {"unit": "count", "description": "cliënten", "scope": "municipality"}
OWN_KEY = {
    "years": [2026],
    "inputs.clients": CLIENTS,
    "fund.total.value": 60_000_000,
    "fund.map_date": {**DATE, "value": "2026-01-01"},
    "fund.counting_date": {**DATE, "value": "2026-01-01"},
    "fund.key.parts": {"inhabitants": 0.8, "equal": 0.1, "input:clients": 0.1},
}


def clients() -> pd.Series:
    """An indicator of our own: three in a hundred inhabitants."""
    return (ggu.municipalities(2026)["inhabitants"] * 0.03).round()


def fund(changes: Mapping[str, Any] | None = None) -> Fund:
    opened = ggu.open_model(changed(FUND, {**OWN_KEY, **(changes or {})}), data={"clients": clients()})
    assert isinstance(opened, Fund)
    return opened


def test_bounds_that_exclude_each_other_name_everyone_of_whom_they_do() -> None:
    with pytest.raises(InfeasibleError) as caught:
        fund().with_changes(minimum=5000, maximum_per_inhabitant=4).contributions()
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 2
    assert "Schiermonnikoog (GM0088): a minimum of 5,000.00 euro, 5.14 per inhabitant" in told[0]
    assert "Vlieland (GM0096): a minimum of 5,000.00 euro, 4.16 per inhabitant" in told[1]


def test_bounds_are_met_exactly_and_the_total_too() -> None:
    bill = fund().with_changes(minimum=3500, maximum_per_inhabitant=4).contributions()
    people = bill.terms.figures["inhabitants"]
    assert bill.total_cents == 6_000_000_000
    assert all(350_000 <= cents <= 400 * people[code] for code, cents in bill.cents.items())
    assert bill.cents["GM0088"] == 388_800
    assert "bepaalt het bedrag" in str(bill.explain("GM0088"))
    assert any("municipalities pay the maximum" in say(note, "en") for note in bill.notes)


def test_bounds_of_the_file_are_those_of_python() -> None:
    stated = fund({"fund.minimum": {**MONEY, "value": 3500}, "fund.maximum_per_inhabitant": {**RATE, "value": 4}})
    asked = fund().with_changes(minimum=3500, maximum_per_inhabitant=4)
    assert stated.contributions().cents == asked.contributions().cents
    assert stated.with_changes(minimum=3600).contributions().terms.conditions.minimum == 3600


def test_bounds_and_rounding_are_causes_that_add_up() -> None:
    before = fund().contributions()
    after = (
        fund().with_changes(minimum=3500, maximum_per_inhabitant=4, rounding="each", rounding_unit=1).contributions()
    )
    for order in (None, "shapley"):
        change = after.change_from(before, order)
        for code, cents in after.cents.items():
            assert sum(causes[code] for causes in change.causes.values()) == cents - before.cents[code]
        assert all(any(change.causes[name].values()) for name in ("bounds", "rounding"))
    assert "bounds" not in before.change_from(before).causes


def test_lines_rounded_one_by_one_leave_a_gap_that_is_told() -> None:
    changes = {"fund.rounding": "each", "fund.rounding_unit": 1, "fund.total.value": 59_000_000}
    bill = fund(changes).contributions()
    quotas = [bill.terms.level * quota for quota in bill.terms.quotas.values()]
    assert [cents // 100 for cents in bill.cents.values()] == plain.each(quotas)
    assert bill.gap_cents == 5_900_000_000 - bill.total_cents != 0
    assert f"€{abs(bill.gap):,.2f} {'less' if bill.gap > 0 else 'more'} than the total" in say(bill.notes[-1], "en")
    assert "each line rounded by itself" in say(fund().with_changes(rounding="each").title, "en")


def test_a_rate_in_whole_euros() -> None:
    changes = {"fund.basis": "rate", "fund.total": None, "fund.rate": {**RATE, "value": 0.79}, "fund.rounding_unit": 1}
    opened = ggu.open_model(changed(FUND, changes))
    assert isinstance(opened, Fund)
    bill = opened.contributions()
    people = bill.terms.figures["inhabitants"]
    lines = {code: 100 * plain.half_up(Fraction(79, 100) * count) for code, count in people.items()}
    assert bill.cents == lines


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fund.rounding": "each", "fund.total_must_be_met": True}, "while the total must be met"),
        ({"fund.rounding_unit": 0.05}, "0.01 or 1 euro"),
        ({"fund.rounding": "up"}, "largest_remainder"),
        ({"fund.minimum": {**MONEY, "value": -1}}, "0 or more"),
        ({"fund.key.parts": {"inhabitants": 0.9, "input:customers": 0.1}}, "no such input"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        fund(changes)


def test_bounds_that_miss_the_total_are_refused() -> None:
    with pytest.raises(InfeasibleError, match="at most"):
        fund().with_changes(maximum_per_inhabitant=3).contributions()
    with pytest.raises(InfeasibleError, match="at least"):
        fund().with_changes(minimum=200_000).contributions()


def test_an_input_of_the_key_has_to_be_there_for_everyone() -> None:
    model = changed(FUND, OWN_KEY)
    with pytest.raises(MissingInputError, match="clients"):
        ggu.open_model(model).report()
    opened = ggu.open_model(model, data={"clients": clients().drop(["GM0088", "GM0096"])})
    with pytest.raises(InputError) as caught:
        opened.report()
    assert [code in str(caught.value) for code in ("GM0088", "GM0096")] == [True, True]
    with pytest.raises(InputError, match="0 for everyone"):
        ggu.open_model(model, data={"clients": clients() * 0}).report()


FIGURES = st.integers(1, 60)
LINES = st.lists(st.tuples(FIGURES, st.integers(0, 300), st.integers(0, 500)), min_size=1, max_size=5)


@cases(150)
@given(LINES, st.data())
def test_amounts_within_bounds_are_those_of_the_definition(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    key, lows, spans = (dict(enumerate(column)) for column in zip(*rows, strict=True))
    low, high = max(lows.values()), max(lows.values()) + max(spans.values())
    weights = {f"GM{i:04}": Fraction(one) for i, one in key.items()}
    people = dict.fromkeys(weights, Fraction(100))
    count = len(weights)
    cents = data.draw(st.integers(count * low * 100, count * high * 100))
    total = Fraction(cents, 100)
    ends = ([Fraction(end)] * count for end in (low, high))
    exact = plain.water_fill(total, list(weights.values()), *ends)
    bounded = {"minimum": Fraction(low), "maximum_per_inhabitant": Fraction(high, 100)}
    each = Conditions(**bounded, rounding="each", unit=100).share(total, weights, people)
    assert [one // 100 for one in each.values()] == plain.each(exact)
    together = Conditions(**bounded).share(total, weights, people)
    assert sum(together.values()) == cents
    assert all(abs(one - 100 * quota) < 1 for one, quota in zip(together.values(), exact, strict=True))


def test_a_fee_by_class_with_bounds_up_to_and_including() -> None:
    people = int(ggu.municipalities(2020)["inhabitants"]["GM0345"])
    rows = [
        {"from_inhabitants": start, "rate": {**RATE, "vat": "none", "value": rate}}
        for start, rate in ((0, 2), (people, 1))
    ]
    model = changed(FEE, {"fee.mode": "whole_class", "fee.brackets": rows})
    stated = changed(model, {"fee.up_to_and_including": True})
    bills = [ggu.open_model(one).fees() for one in (model, stated)]
    assert [bill.cents["GM0345"] for bill in bills] == [100 * people, 200 * people]
    assert bills[0].cents["GM0363"] == bills[1].cents["GM0363"]
    assert "tot en met" in str(bills[1].explain("GM0345"))


def test_a_fund_of_2026_with_all_it_decides() -> None:
    """Key, own indicator, minimum, maximum and phase-in from the bill by inhabitants, all in the file."""
    path = {"from_key": {"inhabitants": 1}, "first_year": 2026, "per_inhabitant_per_year": 0.25}
    changes = {
        "years": [2026, 2027, 2028], "fund.phase_in": {**path, "status": "estimated", "by": "test"},
        "fund.minimum": {**MONEY, "value": 3500}, "fund.maximum_per_inhabitant": {**RATE, "value": 4},
    }  # fmt: skip
    bills = [fund(changes).contributions(year) for year in (2026, 2027, 2028)]
    assert [bill.total_cents for bill in bills] == [6_000_000_000] * 3
    assert [sum("jaar" in note and "nog minder" in note for note in bill.notes) for bill in bills] == [1, 1, 0]
    for before, after in pairwise(bills):
        change = after.change_from(before)
        assert any(change.causes["phase_in"].values())
        for code, cents in after.cents.items():
            assert sum(causes[code] for causes in change.causes.values()) == cents - before.cents[code]
