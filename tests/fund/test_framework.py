"""The framework memo: next year's proposal beside this year's, activity by activity, adding up to what members pay."""

import pytest
from fund_files import FUND, MONEY, SHARE, changed

import ggu_costs as ggu
from ggu_costs.errors import InputError


def test_lines_of_the_example_by_hand() -> None:
    """2025 beside 2024 at an index of 3%: four activities go on, and the reserve pays nothing any more."""
    frame = ggu.open_fund("funds/example-portfolio").framework().to_frame()
    first = frame.loc["Informatiebeveiliging voor gemeenten"]
    assert first[["before", "index_step", "adjusted", "after"]].tolist() == [9_900_000, 297_000, 3_000, 10_200_000]
    assert frame.loc["onttrekking aan de reserve", ["before", "adjusted", "after"]].tolist() == [-500_000, 500_000, 0]
    assert frame["part"].tolist() == ["structural", "structural", "long_running", "project", ""]


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_lines_add_up_to_what_members_pay_in_every_year(year: int) -> None:
    fund = ggu.open_fund("funds/example-portfolio")
    frame, bills = fund.framework(year).to_frame(), [fund.contributions(one) for one in (year - 1, year)]
    assert [frame["before"].sum(), frame["after"].sum()] == [bill.total for bill in bills]
    moves = frame[["index_step", "adjusted", "started", "stopped"]].sum(axis=1)
    assert (frame["before"] + moves).round(2).tolist() == frame["after"].tolist()
    for name, bill in zip(("before", "after"), bills, strict=True):
        assert frame[f"per_inhabitant_{name}"].sum() == pytest.approx(float(bill.national()["per_inhabitant"]))
    ended = {2023: 2_000_000, 2024: 8_000_000}
    assert frame["stopped"].sum() == -ended.get(year, 0)
    assert frame["started"].sum() == (2_000_000 if year == 2022 else 0)


def test_a_proposal_in_a_file_of_its_own() -> None:
    """What is not broken down is a line, so that the lines add up; its activities are PM, not 0."""
    new, old = (ggu.open_fund(f"funds/ggu/{year}") for year in (2020, 2019))
    memo = new.framework(against=old)
    assert memo.title == "Fonds GGU 2020: kadernota 2020 naast 2019"
    frame = memo.to_frame()
    assert frame.loc["Niet uitgesplitst over activiteiten", ["before", "after"]].tolist() == [52_300_000, 52_300_000]
    assert frame["after"].isna().sum() == 5


def test_the_index_is_to_the_cent_and_the_rest_is_adjustment() -> None:
    activity = {
        "id": "a",
        "name": "A",
        "part": "project",
        "budget": {**MONEY, "years": {"2020": 100_001, "2021": 110_000}},
    }
    days = {"unit": "date", "status": "estimated", "by": "test", "years": {"2020": "2020-01-01", "2021": "2021-01-01"}}
    changes = {
        "years": [2020, 2021], "fund.total": None, "activities": [activity], "fund.map_date": days,
        "fund.counting_date": days, "fund.index": {**SHARE, "years": {"2020": 0, "2021": 0.0255}},
    }  # fmt: skip
    frame = ggu.open_fund(changed(FUND, changes)).framework().to_frame()
    assert frame.loc["A", ["index_step", "adjusted"]].tolist() == [2_550.03, 7_448.97]


def test_it_stands_on_the_page_in_both_languages_and_asks_for_an_earlier_year() -> None:
    fund = ggu.open_fund("funds/example-portfolio")
    assert "framework" in [table.name for table in fund.more_results()]
    with pytest.raises(InputError, match="funds/ggu/2020 holds no year before 2020"):
        ggu.open_fund("funds/ggu/2020").framework()
    with pytest.raises(InputError, match="against is a Fee"):
        fund.framework(against=ggu.open_fee("fees/vng-contributie/2023"))  # type: ignore[arg-type]
