"""Accounts that close to the cent, or are refused with the gap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from cases import cases
from fund_files import FUND, MONEY, changed
from hypothesis import given
from hypothesis import strategies as st

import ggu_costs as ggu
from ggu_costs import InputError
from ggu_costs.fund.model import Fund

YEARS = [2020, 2021, 2022]
CENTS = st.integers(0, 5_000_000)


def money(cents: int) -> dict[str, Any]:
    return {**MONEY, "value": Decimal(cents) / 100}


def by_year(cents: list[int]) -> dict[str, Any]:
    return {**MONEY, "years": {str(year): Decimal(one) / 100 for year, one in zip(YEARS, cents, strict=True)}}


def file(budgets: list[int], spent: list[int], taken: list[int], **more: Any) -> dict[str, Any]:
    """A fund of one activity over three years, with its realisation and a reserve of 100,000 euro."""
    days = {**FUND["fund"]["map_date"], "years": {str(year): f"{year}-01-01" for year in YEARS}}
    del days["value"]
    halves = [
        {"period": f"{year}-H2", "actual": money(one), "forecast": money(one)}
        for year, one in zip(YEARS, spent, strict=True)
    ]
    activity = {"id": "alfa", "name": "Alfa", "part": "structural", "budget": by_year(budgets), "half_year": halves}
    return changed(
        FUND,
        {
            "years": YEARS, "fund.total": None, "fund.map_date": days, "fund.counting_date": days,
            "activities": [activity], "reserve": {"opening": money(10_000_000), "withdrawal": by_year(taken)}, **more,
        },
    )  # fmt: skip


def opened(model: dict[str, Any]) -> Fund:
    result = ggu.open_model(model)
    assert isinstance(result, Fund)
    return result


ROW = st.tuples(st.integers(5_000_000, 9_000_000), CENTS, st.integers(0, 3_000_000))


@cases(25)
@given(
    st.lists(ROW, min_size=3, max_size=3),
    st.sampled_from(["reserve", "earmark", "refund", "carry_forward"]),
    st.integers(-5, 5),
    st.integers(0, 100),
)
def test_accounts_of_random_years_close_or_are_refused_with_the_gap(
    rows: list[tuple[int, int, int]], policy: str, gap: int, percent: int
) -> None:
    budgets, spent, taken = ([row[place] for row in rows] for place in range(3))
    left = budgets[0] - spent[0] - taken[0]
    spent[0] += max(0, -left) + taken[0]  # no more is left than was paid
    left = budgets[0] - spent[0]
    stated: dict[str, Any] = {"year": 2020, "amount": money(left + gap), "policy": policy}
    used = [0, left * percent // 200, left * percent // 200]
    if policy == "earmark":
        stated["earmarks"] = [{"purpose": "alfa", "share": 1, "spent": by_year(used)}]
    elif policy != "reserve":
        stated["spent"] = by_year(used)
    if left + gap < 0 or left + gap > budgets[0] - taken[0]:
        return
    model = file(budgets, spent, taken, underspend=[stated])
    if gap:
        with pytest.raises(InputError, match=rf"a gap of {Decimal(gap) / 100}\b"):
            opened(model)
        return
    frame = opened(model).accounts().to_frame()
    cents = (frame * 100).round().astype("Int64")
    assert (cents["contribution"] + cents["withdrawal"] == cents["budget"]).all()
    assert (cents["balance_before"] + cents["withdrawal"] == cents["underspend"]).all()
    reserve = cents["reserve_opening"] - cents["withdrawal"] + cents["reserve_added"]
    assert reserve.tolist() == cents["reserve_closing"].tolist()
    assert cents["reserve_opening"].tolist() == [10_000_000, *cents["reserve_closing"].tolist()[:-1]]
    for name in ("carry_forward", "refund", "earmark"):
        closing = [left - sum(used[: place + 1]) if name == policy else 0 for place in range(3)]
        assert cents[f"{name}_closing"].tolist() == closing
        assert cents[f"{name}_opening"].tolist() == [0, *closing[:-1]]
    assert cents.loc[2020, ["carry_forward", "refund", "earmark", "reserve"]].sum() == left


def test_what_the_assembly_adds_to_the_reserve_is_in_the_outlook() -> None:
    stated = {"year": 2020, "amount": money(100_000), "policy": "reserve"}
    fund = opened(file([600_000] * 3, [500_000, 600_000, 600_000], [0, 0, 200_000], underspend=[stated]))
    assert fund.accounts().to_frame()["reserve_closing"].tolist() == [101_000, 101_000, 99_000]
    assert fund.outlook(2022).summary()["reserve"].tolist() == [101_000, 101_000, 99_000]


def test_a_closing_balance_has_to_be_that_of_the_mutations() -> None:
    model = file([600_000] * 3, [600_000] * 3, [0, 100_000, 0])
    model["reserve"]["closing"] = by_year([10_000_000, 9_900_000, 9_900_000])
    assert opened(model).accounts().to_frame()["reserve_closing"].tolist() == [100_000, 99_000, 99_000]
    model["reserve"]["closing"] = by_year([10_000_000, 9_900_003, 9_900_000])
    with pytest.raises(InputError, match=r"a gap of 0\.03"):
        opened(model)


@pytest.mark.parametrize(
    ("spent", "said"), [([0, 60_000, 50_000], "a gap of 100.00"), ([1, 0, 0], "in which the money was left")]
)
def test_of_an_earmark_no_more_and_no_earlier_is_spent_than_there_is(spent: list[int], said: str) -> None:
    earmark = {"purpose": "alfa", "share": 1, "spent": by_year(spent)}
    stated = {"year": 2020, "amount": money(100_000), "policy": "earmark", "earmarks": [earmark]}
    with pytest.raises(InputError, match=said):
        opened(file([600_000] * 3, [500_000, 600_000, 600_000], [0, 0, 0], underspend=[stated]))


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"policy": "carry_forward", "spent": by_year([0, 60_000, 50_000])}, "a gap of 100.00"),
        ({"policy": "refund", "spent": by_year([1, 0, 0])}, "in which the money was left"),
        ({"policy": "reserve", "spent": by_year([0, 1, 0])}, "stated while the policy is 'reserve'"),
    ],
)
def test_of_what_is_carried_or_refunded_no_more_and_no_earlier_is_spent(stated: dict[str, Any], said: str) -> None:
    underspend = {"year": 2020, "amount": money(100_000), **stated}
    with pytest.raises(InputError, match=said):
        opened(file([600_000] * 3, [500_000, 600_000, 600_000], [0, 0, 0], underspend=[underspend]))


def test_the_annual_accounts_and_the_last_report_say_one_realisation() -> None:
    model = file([600_000] * 3, [500_000, 600_000, 600_000], [0, 0, 0])
    model["activities"][0]["realised"] = by_year([500_000, 600_000, 600_007])
    with pytest.raises(InputError, match=r"6000.07 in 2022, while the report of 2022-H2 has 6000; .* a gap of 0\.07"):
        opened(model)
    model["activities"][0]["realised"] = by_year([500_000, 600_000, 600_000])
    del model["activities"][0]["half_year"]  # the accounts alone will do
    frame = opened(model).accounts()
    assert frame.to_frame()["realised"].tolist() == [5_000, 6_000, 6_000]
    assert frame.by_activity()["underspend"].tolist() == [1_000, 0, 0]


def test_the_example_tells_one_underspend_everywhere() -> None:
    """Half-year report, underspend and outlook read the same accounts over its five years."""
    fund = ggu.open_model("funds/example-portfolio")
    assert isinstance(fund, Fund)
    accounts, report = fund.accounts(), fund.half_year("2021-H2").to_frame()
    frame = accounts.to_frame()
    assert -report["deviation"].sum() == fund.underspend(year=2021).amount / 100 == frame.loc[2021, "underspend"]
    assert fund.underspend(year=2021).where()["amount"].tolist() == [1_170_000, 780_000]
    assert frame["earmark_closing"].tolist() == [1_950_000, 1_250_000, 280_000, 0, 0]
    assert fund.outlook(2025).summary()["reserve"].tolist() == frame["reserve_closing"].tolist()
    assert frame["underspend"].tolist()[:4] == [1_950_000, 600_000, 500_000, 400_000]
    assert [fund.underspend(year=year).amount for year in (2022, 2023, 2024)] == [60_000_000, 50_000_000, 40_000_000]
    for name in ("carry_forward", "refund", "earmark"):
        opening = frame[f"{name}_opening"] + frame[name].fillna(0) - frame[f"{name}_spent"]
        assert opening.tolist() == frame[f"{name}_closing"].tolist()
        assert frame[f"{name}_opening"].tolist()[1:] == frame[f"{name}_closing"].tolist()[:-1]
    assert frame["carry_forward_closing"].tolist() == [0, 600_000, 150_000, 0, 0]
    by_year = accounts.by_activity().groupby(level=0)[["budget", "realised", "underspend"]].sum(min_count=1)
    assert by_year["budget"].tolist() == frame["budget"].tolist()
    assert by_year["underspend"].tolist()[:4] == frame["underspend"].tolist()[:4]
    table = next(table for table in fund.more_results() if table.name == "accounts")
    assert table.frame.loc[2021, "underspend"] == 1_950_000
