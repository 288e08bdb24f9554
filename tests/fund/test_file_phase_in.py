"""A phase-in that stands in the fund file: from the bill by an earlier key, neutral to the cent every year."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from fund_files import DATE, FUND, MONEY, changed
from oracles import fund as plain
from oracles.fund import Year

import ggu_costs as ggu
from ggu_costs import InputError, ModelFileError
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


def expected_from(weights: dict[str, Fraction], total: int, step: int, cap: Fraction, year: int) -> dict[str, int]:
    """The definition, from what an earlier bill says: it is brought to the total by largest remainders."""
    day = f"{year}-01-01"
    full = Year(year, day, level=Fraction(total), key={"inhabitants": Fraction(4, 5), "equal": Fraction(1, 5)}).bill()
    people = plain.counted("inhabitants", year, day)
    start = plain.hamilton(total * 100, weights)
    effect = {code: full[code] - start[code] for code in people}
    most = {code: plain.half_up(100 * cap * step * people[code]) for code in people}
    paid = {code: min(cents, most[code]) for code, cents in effect.items() if cents > 0}
    gains = {code: Fraction(-cents) for code, cents in effect.items() if cents < 0}
    got = plain.hamilton(sum(paid.values()), gains)
    return {code: start[code] + paid.get(code, 0) - got.get(code, 0) for code in people}


def later(**changes: Any) -> dict[str, Any]:
    """A fund of 2020 and 2021 whose phase-in starts from the shipped bill of another year."""
    path = {"from_bill": "funds/ggu/2019", "first_year": 2020, "per_inhabitant_per_year": 0.25, **GROUNDS}
    dates = {**DATE, "years": {"2020": "2020-01-01", "2021": "2020-01-01"}}
    return changed(
        FUND,
        {
            "years": [2020, 2021], "fund.total.value": 60_000_000, "fund.map_date": dates, "fund.counting_date": dates,
            "fund.key.parts": {"inhabitants": 0.8, "equal": 0.2}, "fund.phase_in": {**path, **changes},
        },
    )  # fmt: skip


GROUNDS = {"status": "estimated", "by": "test"}


def test_a_phase_in_from_the_bill_of_another_file() -> None:
    """The municipalities of 2019 on the map of 2020; what they paid is brought to 60 million."""
    fund = ggu.open_model(later())
    assert isinstance(fund, Fund)
    earlier = ggu.open_fund("funds/ggu/2019").contributions()
    moved = plain.moved({code: Fraction(c) for code, c in earlier.cents.items()}, "2019-01-01", "2020-01-01")
    for step, year in ((1, 2020), (2, 2021)):
        bill = fund.contributions(year)
        assert bill.total_cents == 6_000_000_000
        assert bill.cents == expected_from(moved, 60_000_000, step, Fraction(1, 4), 2020)
    assert any("De ingroei begint bij Fonds GGU 2019" in note for note in bill.notes)
    assert "bedrag volgens Fonds GGU 2019, op het totaal van dit jaar gebracht" in str(bill.explain("GM0345"))
    assert "funds/ggu/2019" in fund.files
    change = fund.contributions(2021).change_from(fund.contributions(2020))
    for code, cents in change.after.items():
        assert sum(c[code] for c in change.causes.values()) == cents - change.before[code]
    plainly = ggu.open_fund("funds/ggu/2019").contributions()
    from_plain = fund.contributions(2020).change_from(plainly)  # over the mergers, from a fund without a phase-in
    for code, cents in from_plain.after.items():
        assert sum(c[code] for c in from_plain.causes.values()) == cents - from_plain.before[code]


def test_a_phase_in_from_python_is_that_of_the_file() -> None:
    earlier = ggu.open_fund("funds/ggu/2019").contributions()
    fund = ggu.open_fund(later()).contributions(2021)
    bare = ggu.open_fund(changed(later(), {"fund.phase_in": None}))
    path = {"first_year": 2020, "per_inhabitant_per_year": 0.25}
    asked = bare.with_changes(phase_in={"from_bill": earlier, **path})
    assert asked.contributions(2021).cents == fund.cents
    assert "ingroei vanaf 2020: hoogstens € 0,25 per inwoner per jaar erbij" in asked.title
    by_key = bare.with_changes(phase_in={"from_key": {"inhabitants": 1}, **path}).contributions(2020)
    stated = ggu.open_fund(later(from_bill="", from_key={"inhabitants": 1})).contributions(2020)
    assert by_key.cents == stated.cents


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (0.25, "phase_in: 0.25; allowed: a mapping with from_key, from_bill, first_year, per_inhabitant_per_year"),
        ({"first_year": 2020, "per_inhabitant_per_year": 1}, "both or neither of from_key and from_bill"),
        ({"from_key": {"inhabitants": 0.5}, "first_year": 2020, "per_inhabitant_per_year": 1}, "add up to 0.5"),
        ({"from_key": {"equal": 1}, "cap": 3}, "phase_in.cap: no such part"),
        ({"from_key": {"equal": 1}, "cap": 3}, "phase_in.first_year: missing"),
        ({"from_bill": 3, "first_year": 2020, "per_inhabitant_per_year": -1}, "the bill of a fund"),
        ({"from_bill": 3, "first_year": 2020, "per_inhabitant_per_year": -1}, "per_inhabitant_per_year: -1"),
    ],
)
def test_a_phase_in_from_python_that_cannot_be_used_is_refused(asked: Any, said: str) -> None:
    with pytest.raises(InputError) as error:
        ggu.open_fund(changed(later(), {"fund.phase_in": None})).with_changes(phase_in=asked)
    assert said in str(error.value)


def test_a_start_on_a_later_map_is_refused_for_every_year() -> None:
    with pytest.raises(ModelFileError) as error:
        ggu.open_fund(later(from_bill="funds/example-portfolio", first_year=2024))
    assert [fault.where for fault in error.value.faults] == ["fund.phase_in.from_bill"] * 2
    assert "on the map of 2023-01-01, while 2020 is on that of 2020-01-01" in str(error.value)
    assert "while 2021 is on that of 2020-01-01; allowed: a bill on the same or an earlier map" in str(error.value)
    bill = ggu.open_fund("funds/example-portfolio").contributions(2024)
    path = {"from_bill": bill, "first_year": 2020, "per_inhabitant_per_year": 1}
    fund = ggu.open_fund(changed(later(), {"fund.phase_in": None})).with_changes(phase_in=path)
    with pytest.raises(InputError, match="on the municipal map of 2024-01-01, later than 2020-01-01"):
        fund.contributions(2020)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from_bill": "funds/ggu/1999"}, "unknown model 'funds/ggu/1999'"),
        ({"from_bill": "fees/vng-contributie/2023"}, "fees/vng-contributie/2023, a fee; allowed: a fund"),
        ({"first_year": 2019}, "funds/ggu/2019, of 2019; allowed: a fund of before 2019"),
        ({"from_key": {"equal": 1}}, "both or neither of from_key and from_bill"),
    ],
)
def test_a_start_that_is_none_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelFileError) as error:
        ggu.open_fund(later(**changes))
    assert said in str(error.value)


def test_who_passes_a_bound_while_the_phase_in_lasts_is_named() -> None:
    """The small paid little by inhabitants: below a minimum of 40,000 until the path has brought them there."""
    model = changed(later(from_bill="", from_key={"inhabitants": 1}), {"fund.minimum": {**MONEY, "value": 40_000}})
    bill = ggu.open_fund(model).contributions(2020)
    below = [code for code, cents in bill.cents.items() if cents < 4_000_000]
    note = next(note for note in bill.notes if "minder dan het minimum" in note)
    assert note.startswith(f"Zolang de ingroei loopt, betalen {len(below)} gemeenten minder dan het minimum: ")
    assert bill.names[below[0]] in note
    free = ggu.open_fund(changed(model, {"fund.phase_in": None})).contributions(2020)
    assert not any("Zolang" in note for note in free.notes)
