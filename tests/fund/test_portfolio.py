"""The half-yearly report, the years ahead, and what a run of a model shows."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from oracles.fund import Year, codes_on, counted, half_up, moved_cents
from years import LAST

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError

MONEY = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "test"}


def activity(name, part, budget, **half):
    line = {"id": name, "name": name.title(), "part": part, "budget": {**MONEY, **budget}}
    if half:
        line["half_year"] = {"period": "2020-H1", **{key: {**MONEY, **amount} for key, amount in half.items()}}
    return line


PM = {"mark": "pm"}


@pytest.fixture
def partly_known(make_fund):
    """Two structural activities of which one has no forecast, and a project that is all PM."""
    return make_fund({"activities": [
        activity("alfa", "structural", {"value": 600_000}, actual={"value": 300_000}, forecast={"value": 650_000.05}),
        activity("bravo", "structural", {"value": 300_000}, actual={"value": 100_000}, forecast=PM),
        activity("charlie", "project", {"mark": "unallocated"}, actual=PM, forecast=PM),
        activity("delta", "project", {"mark": "unallocated"}),
    ]})  # fmt: skip


def test_half_year_of_the_shipped_example(portfolio):
    report = portfolio.half_year("2021-H1")
    frame = report.to_frame()
    assert list(frame.columns) == ["part", "name", "budget", "actual", "forecast", "deviation", "explanation"]
    assert frame.index.name == "activity"
    assert frame.loc["common-ground", ["budget", "actual", "forecast", "deviation"]].tolist() == [
        12_000_000, 4_100_000, 10_500_000, -1_500_000
    ]  # fmt: skip
    assert (frame["deviation"] == frame["forecast"] - frame["budget"]).all()
    parts = report.by_part()
    assert list(parts.index) == ["structural", "long_running", "project"]
    assert parts.loc["structural"].tolist() == [13_000_000, 6_400_000, 13_200_000, 200_000]
    assert parts["budget"].sum() == frame["budget"].sum() == 38_000_000
    assert report.illustrative
    assert parts.attrs["illustrative"]
    assert report.title.endswith("halfjaarrapportage 2021-H1")
    assert "datalabs" not in frame.index  # begins in 2022
    assert "datalabs" in portfolio.half_year("2022-H1").to_frame().index


def test_what_is_pm_is_neither_zero_nor_in_a_deviation(partly_known):
    report = partly_known.half_year("2020-H1")
    frame, parts = report.to_frame(), report.by_part()
    assert frame.loc["alfa", "deviation"] == 50_000.05
    assert frame.loc[["bravo", "charlie", "delta"], "deviation"].isna().all()
    assert parts.loc["structural"].tolist() == [900_000, 400_000, 650_000.05, 50_000.05]
    assert parts.loc["project"].isna().all()
    assert "PM: Bravo (prognose)." in report.notes
    assert "PM: Charlie (begroting, realisatie, prognose)." in report.notes
    assert not any("Alfa" in note for note in report.notes)


def test_a_period_without_figures_names_those_there_are(portfolio, ggu_2020):
    with pytest.raises(OutsidePeriodError, match="known: 2021-H1, 2021-H2, 2022-H1") as caught:
        portfolio.half_year("2023-H1")
    assert caught.value.known == "2021-H1, 2021-H2, 2022-H1"
    with pytest.raises(OutsidePeriodError, match="known: none"):
        ggu_2020.half_year("2020-H1")


def test_the_years_of_the_file_with_their_reserve(portfolio):
    ahead = portfolio.outlook(2025)
    summary = ahead.summary()
    assert summary["budget"].tolist() == [38_000_000, 40_400_000, 38_800_000, 30_200_000, 28_600_000]
    assert summary["withdrawal"].tolist() == [0, 500_000, 1_000_000, 500_000, 0]
    assert (summary["contribution"] == summary["budget"] - summary["withdrawal"]).all()
    assert summary["reserve"].tolist() == [
        3_000_000,
        2_500_000,
        1_500_000,
        1_400_000,
        1_400_000,
    ]  # 400,000 of 2024 was added
    assert summary["municipalities"].tolist() == [352, 345, 342, 342, 342]
    for year in range(2021, 2026):
        people = sum(counted("inhabitants", year, f"{year}-01-01").values())
        assert summary.loc[year, "inhabitants"] == people
        exact = Fraction(int(summary.loc[year, "contribution"])) / people
        assert summary.loc[year, "per_inhabitant"] == pytest.approx(float(exact))


def test_years_after_the_file_follow_index_and_reserve(portfolio):
    index = {2026: Decimal("0.02"), 2027: 0.031}
    ahead = portfolio.outlook(2027, index=index, vintage="CEP 2026", withdrawals={2026: 250_000.5, 2027: -100_000})
    budget_2026 = half_up(Fraction(2_860_000_000) * Fraction("1.02"))
    budget_2027 = half_up(Fraction(budget_2026) * Fraction("1.031"))
    assert (ahead.budgets[2026], ahead.budgets[2027]) == (budget_2026, budget_2027)
    assert ahead.bills[2026].total_cents == budget_2026 - 25_000_050
    assert ahead.bills[2027].total_cents == budget_2027 + 10_000_000
    assert (ahead.reserves[2026], ahead.reserves[2027]) == (114_999_950, 124_999_950)
    expected = Year(min(2026, LAST), f"{min(2026, LAST)}-12-31", Fraction(budget_2026 - 25_000_050, 100)).bill()
    assert dict(ahead.bills[2026].cents) == expected
    unknown = f"Inwoners na {LAST} zijn niet bekend: gerekend met die van 1 januari {LAST}."
    assert (unknown in ahead.notes) == (LAST < 2027)
    assert (f"Herindelingen na {LAST} zijn niet meegenomen." in ahead.notes) == (LAST < 2027)
    assert len(ahead.notes) == len(set(ahead.notes))
    assert ahead.bills[2027].title.endswith(": bijdrage 2027")
    assert ahead.bills[2027].terms.year == 2027
    assert ahead.provenance["vintage"] == "CEP 2026"
    assert ahead.provenance["index"] == {"2026": "0.02", "2027": "0.031"}
    assert ahead.provenance["withdrawals"] == {"2026": "250000.5", "2027": "-100000"}


def test_the_frame_follows_the_mergers(portfolio):
    ahead = portfolio.outlook(2025)
    frame = ahead.to_frame()
    assert list(frame.columns) == ["name", "2021", "2022", "2023", "2024", "2025"]
    assert list(frame.index) == codes_on("2025-01-01")
    carried = moved_cents(ahead.bills[2021].cents, "2021-01-01", "2025-01-01")
    assert (frame["2021"] * 100).round().astype(int).to_dict() == carried
    said = {step.label: step.value for step in ahead.explain("GM0363").steps}
    assert said["2025"] == f"€ {frame.loc['GM0363', '2025']:,.2f}".translate(str.maketrans(",.", ".,"))
    assert list(said) == ["2021", "2022", "2023", "2024", "2025"]
    with pytest.raises(UnknownNameError, match="Weesp ended"):
        ahead.explain("GM0457")


def test_a_year_ahead_within_the_reference_has_its_own_people_and_map(ggu_2020):
    ahead = ggu_2020.outlook(2022, index={2021: 0, 2022: 0}, vintage="proef")
    assert dict(ahead.bills[2021].cents) == Year(2021, "2021-01-01", Fraction(52_300_000)).bill()
    assert dict(ahead.bills[2022].cents) == Year(2022, "2022-01-01", Fraction(52_300_000)).bill()
    assert ahead.summary()["reserve"].isna().all()
    assert ahead.reserves == {}
    assert not any("niet bekend: gerekend" in note for note in ahead.notes)


def test_a_map_of_29_february(make_fund):
    fund = make_fund({"fund.map_date.value": "2020-02-29"})
    ahead = fund.outlook(2021, index={2021: 0}, vintage="proef")
    assert ahead.bills[2021].terms.map_date == datetime.date(2021, 2, 28)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"last_year": 2024}, "last_year: 2024; allowed: a year, 2025 or later"),
        ({"last_year": "2026"}, "last_year: '2026'"),
        ({"last_year": 2027, "index": {2026: 0.02}, "vintage": "x"}, "index: none for 2027"),
        ({"last_year": 2026, "index": {2026: 0.02}}, "vintage: not given"),
        ({"last_year": 2026, "index": {2026: 2.0}, "vintage": "x"}, r"index of 2026: 2; allowed: a fraction"),
        ({"last_year": 2026, "index": {2026: "2%"}, "vintage": "x"}, "index of 2026: '2%'"),
        ({"last_year": 2026, "index": {2026: float("nan")}, "vintage": "x"}, "index of 2026: nan"),
        ({"last_year": 2026, "index": {2025: 0.1, 2026: 0.1}, "vintage": "x"}, "index of 2025: not a year ahead"),
        ({"last_year": 2025, "withdrawals": {2025: 1}}, "withdrawals of 2025: not a year ahead; .*after 2025"),
        ({"last_year": 2026, "index": {2026: 0}, "vintage": "x", "withdrawals": {2026: 0.001}}, "withdrawals of 2026"),
        ({"last_year": 2026, "index": {2026: 0}, "vintage": "x", "withdrawals": {2026: 1_400_000.01}},
         r"the reserve would be -0\.01 euro in 2026"),
    ],
)  # fmt: skip
def test_bad_arguments(portfolio, arguments, words):
    last = arguments.pop("last_year")
    with pytest.raises(InputError, match=words):
        portfolio.outlook(last, **arguments)


def test_without_a_reserve_nothing_is_taken_from_it(ggu_2020, make_fund):
    with pytest.raises(InputError, match="there is no reserve in 2021"):
        ggu_2020.outlook(2021, index={2021: 0}, vintage="x", withdrawals={2021: 1})
    rich = make_fund({"reserve.opening": {**MONEY, "value": 9_000_000}, "reserve.withdrawal": {**MONEY, "value": 0}})
    with pytest.raises(InputError, match=r"withdrawal of 1000000\.01 euro on a budget of 1000000\.00 in 2021"):
        rich.outlook(2021, index={2021: 0}, vintage="x", withdrawals={2021: 1_000_000.01})


def test_a_run_of_one_year(ggu_2020):
    report = ggu_2020.report()
    assert list(report.frames) == ["contributions", "by_size_class", "by_province", "budget"]
    assert {name: value for name, value, _ in report.summary} == {
        "municipalities": 355, "inhabitants": 17_407_585, "total": 52_300_000.0,
        "per_inhabitant": pytest.approx(3.004437, abs=5e-7),
    }  # fmt: skip
    assert report.provenance["years"] == [2020]
    assert report.title == "Fonds GGU 2020"
    assert not report.illustrative


def test_a_run_shows_what_vat_comes_back_where_it_is_known(make_fund):
    fund = make_fund(data={"taxed_share": 1, "recoverable_share": 0.5})
    summary = {name: value for name, value, _ in fund.report().summary}
    national = fund.contributions().national()
    for name in ("vat", "recoverable_vat", "net"):
        assert summary[name] == national[name]
    assert summary["recoverable_vat"] == pytest.approx(1_000_000 * 21 / 121 / 2, abs=2)


def test_a_run_of_several_years_has_everything(portfolio):
    report = portfolio.report()
    years = range(2021, 2026)
    expected = [f"contributions_{year}" for year in years] + ["by_size_class_2025", "by_province_2025"]
    expected += [f"change_{year}" for year in years if year > 2021]
    expected.append("budget")
    for period in ("2021-H1", "2021-H2", "2022-H1"):
        expected += [f"half_year_{period}", f"half_year_{period}_parts"]
    expected += ["underspend_2021_to", "underspend_2022_to", "underspend_2023", "underspend_2023_to"]
    expected += ["underspend_2024_to"]  # nobody gets back what was added to the reserve
    expected += ["accounts", "accounts_by_activity", "framework", "outlook"]
    assert list(report.frames) == expected
    assert report.illustrative
    assert all(frame.attrs["illustrative"] for frame in report.frames.values())
    names = [name for name, _, _ in report.summary]
    assert names[:4] == ["municipalities 2021", "inhabitants 2021", "total 2021", "per_inhabitant 2021"]


def test_a_run_of_one_municipality(portfolio, ggu_2020):
    one = ggu_2020.report("GM0345")
    assert list(one.frames) == ["years", "budget", "similar_size", "steps"]
    assert one.title == "Veenendaal (GM0345): Fonds GGU 2020"
    assert {name: value for name, value, _ in one.summary}["contribution"] == 199_774.06
    near = one.frames["similar_size"]
    assert len(near) == 11
    assert "GM0345" in near.index
    assert near["inhabitants"].is_monotonic_increasing
    assert one.tables[2].total == ()
    assert len(ggu_2020.report("GM0363").frames["similar_size"]) == 6  # the largest has none above it
    several = portfolio.report("GM0345")
    assert [name for name in several.frames if name.startswith("change")] == [
        "change_2025", "change_2024", "change_2023", "change_2022"
    ]  # fmt: skip
    assert "steps_2021" in several.frames
    with pytest.raises(UnknownNameError, match="Use GM0345"):
        ggu_2020.report("Veenendaal")


def test_a_run_of_a_fee(make_fee):
    report = make_fee().report()
    assert list(report.frames) == ["fees", "by_size_class", "by_province", "budget"]
    assert {name: value for name, value, _ in make_fee().report("GM0345").summary}["fee"] == 107_869.36
    assert report.frames["by_province"]["fee"].sum() == pytest.approx(report.frames["fees"]["fee"].sum())


def test_two_runs_are_the_same(ggu_2020):
    first, second = ggu_2020.report(), ggu.open_model("funds/ggu/2020").report()
    assert first.summary == second.summary
    assert first.provenance == second.provenance
    for name, frame in first.frames.items():
        pd.testing.assert_frame_equal(frame, second.frames[name])
        assert frame.attrs == second.frames[name].attrs
