"""A phase-in that stands in the fund file: from the bill by an earlier key, neutral to the cent every year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from fund_files import DATE, FUND, changed
from oracles import fund as plain
from oracles.fund import Year

import ggu_costs as ggu
from ggu_costs import InputError
from ggu_costs.fund.model import Fund
from ggu_costs.words.messages import say

YEARS = (2024, 2025, 2026)
PATH = {
    "from_key": {"inhabitants": 1}, "first_year": 2025, "per_inhabitant_per_year": 0.25,
    "status": "estimated", "by": "test",
}  # fmt: skip


def fund(**changes: Any) -> Fund:
    model = changed(
        FUND,
        {
            "years": list(YEARS), "fund.total.value": 60_000_000,
            "fund.map_date": {**DATE, "value": "2024-01-01"}, "fund.counting_date": {**DATE, "value": "2024-01-01"},
            "fund.key.parts": {"inhabitants": 0.8, "equal": 0.2}, "fund.phase_in": {**PATH, **changes},
        },
    )  # fmt: skip
    opened = ggu.open_model(model)
    assert isinstance(opened, Fund)
    return opened


def expected(step: int) -> dict[str, int]:
    """The definition, from the oracle's bills by both keys."""
    bills = [
        Year(2024, "2024-01-01", level=Fraction(60_000_000), key=key).bill()
        for key in ({"inhabitants": Fraction(1)}, {"inhabitants": Fraction(4, 5), "equal": Fraction(1, 5)})
    ]
    people = plain.counted("inhabitants", 2024, "2024-01-01")
    effect = {code: bills[1][code] - bills[0][code] for code in people}
    most = {code: plain.half_up(Fraction(25, 1) * step * people[code]) for code in people}
    paid = {code: min(cents, most[code]) for code, cents in effect.items() if cents > 0}
    gains = {code: Fraction(-cents) for code, cents in effect.items() if cents < 0}
    got = plain.hamilton(sum(paid.values()), gains)
    return {code: bills[0][code] + paid.get(code, 0) - got.get(code, 0) for code in people}


def test_each_year_is_the_definition_and_neutral() -> None:
    for step, year in enumerate(YEARS):
        bill = fund().contributions(year)
        assert bill.total_cents == 6_000_000_000
        assert bill.cents == expected(step)
    assert fund().contributions(2024).cents == fund(first_year=2027).contributions(2026).cents


def test_what_is_left_is_told_until_nothing_is() -> None:
    left = [
        say(note, "en") for note in fund().contributions(2025).notes if "Phase-in, year 1" in note or "Ingroei" in note
    ]
    assert len(left) == 1
    assert "still pay less than without it" in left[0]
    done = fund(per_inhabitant_per_year=1000).contributions(2025)
    assert any("every municipality pays its full amount" in say(note, "en") for note in done.notes)
    steps = str(fund().contributions(2025).explain("GM0088"))
    assert "jaar 1: hoogstens € 0,25 per inwoner erbij" in steps


def test_the_path_is_a_cause_and_causes_add_up() -> None:
    before, after = (fund().contributions(year) for year in (2025, 2026))
    for order in (None, "shapley"):
        change = after.change_from(before, order)
        assert any(change.causes["phase_in"].values())
        for code, cents in after.cents.items():
            assert sum(causes[code] for causes in change.causes.values()) == cents - before.cents[code]
            assert change.causes["phase_in"][code] == cents - before.cents[code]  # nothing else moves


def test_bounds_and_a_phase_in_together() -> None:
    before = fund().contributions(2024)
    after = fund().with_changes(minimum=3500, key={"inhabitants": 0.9, "equal": 0.1}).contributions(2026)
    assert after.total_cents == 6_000_000_000
    change = after.change_from(before)
    for code, cents in after.cents.items():
        assert sum(causes[code] for causes in change.causes.values()) == cents - before.cents[code]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_key": {"inhabitants": 0.5}}, "add up to 0.5"),
        ({"from_key": {"size_class": 1}}, "does not add up"),
        ({"by": "", "status": None}, "status"),
    ],
)
def test_a_path_that_says_too_little_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        fund(**changes)


def test_a_path_needs_a_total_that_is_met() -> None:
    with pytest.raises(InputError, match="not neutral"):
        fund().with_changes(rounding="each")
    with pytest.raises(InputError, match="not neutral"):
        fund().with_changes(rate=3, key={"inhabitants": 1})
