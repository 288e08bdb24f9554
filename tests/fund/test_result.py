"""What all results in cents have alike: columns, sums by group and nation, steps, and that nobody can change them."""

import pickle

import pandas as pd
import pytest

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund.result import CentsResult, cents_step, euro_frame, per_inhabitant, whole_people
from ggu_costs.words.label import names_year


@pytest.fixture
def results(ggu_2020, portfolio) -> dict[str, CentsResult]:
    bill, other = ggu_2020.contributions(), ggu_2020.with_changes(key={"equal": 1}).contributions()
    effect = ggu.redistribution(bill, other)
    return {
        "bill": bill,
        "change": other.change_from(bill),
        "settlement": ggu_2020.settle(50_000_000),
        "underspend": ggu_2020.underspend(1_000_000, "refund"),
        "comparison": ggu.compare(bill, other),
        "phase-in": effect.phase_in(1, 3),
        "outlook": portfolio.outlook(portfolio.years[-1]),
    }


def test_columns_add_up_by_group_and_nation_to_the_cent(results) -> None:
    for noun in ("change", "settlement", "underspend", "comparison", "phase-in", "outlook"):
        result = results[noun]
        nation, groups = result.national(), result.by("province")
        assert groups.attrs["total"][:1] == ["municipalities"]
        assert set(result.columns) <= set(groups.attrs["total"])
        for name, cents in result.columns.items():
            assert nation[name] == sum(cents.values()) / 100
            assert round(groups[name].sum(), 2) == nation[name]
        assert groups["municipalities"].sum() == len(result.to_frame())


def test_groups_that_leave_out_have_no_total(results) -> None:
    big = {"G4": ["GM0363", "GM0599", "GM0518", "GM0344"]}
    for result in results.values():
        frame = result.by(big)
        assert frame.attrs["total"] == []
        assert frame["municipalities"].tolist() == [4]


def test_an_unknown_code_is_named_with_the_result(results) -> None:
    for noun, result in results.items():
        with pytest.raises(UnknownNameError, match=f"municipality in this {noun}"):
            result.explain("GM9999")
        assert result.explain("GM0363").title == f"Amsterdam (GM0363): {result.title}"


def test_results_cannot_be_changed_and_travel(results) -> None:
    for result in results.values():
        for cents in result.columns.values():
            if not isinstance(cents, dict):  # made for the asking
                with pytest.raises(TypeError):
                    cents["GM0363"] = 0
        again = pickle.loads(pickle.dumps(result))  # noqa: S301
        assert again.columns == result.columns
        pd.testing.assert_frame_equal(again.to_frame(), result.to_frame())
    settlement = results["settlement"]
    with pytest.raises(TypeError):
        settlement.final["GM0363"] = 0


def test_amounts_without_a_map_have_no_groups() -> None:
    before, after = (pd.Series({"GM0363": a, "GM0345": b}) for a, b in ((60.0, 40.0), (50.0, 50.0)))
    with pytest.raises(InputError, match="date of the municipal map"):
        ggu.redistribution(before, after).by("province")


def test_the_pieces() -> None:
    frame = euro_frame({"paid": {"GM0363": 150, "GM0345": -1}}, {"GM0363": "Amsterdam"})
    assert frame.to_dict("list") == {"name": ["Amsterdam", ""], "paid": [1.5, -0.01]}
    assert list(euro_frame({1: {"GM0363": 150}})) == [1]
    half = ggu.open_model("funds/ggu/2020").contributions().terms.totals["inhabitants"] / 2
    assert per_inhabitant(100, half * 0) is None
    assert per_inhabitant(100, None) is None
    assert per_inhabitant(100, half) == float(1 / half)
    assert (whole_people(None), whole_people(half * 2)) == (None, int(half * 2))
    assert cents_step("before", 150, "CBS", plus=True).value == "+ € 1,50"
    assert cents_step("before", 150, "CBS").basis == "CBS"


def test_a_title_names_its_year_or_not() -> None:
    assert names_year("Fonds GGU 2020", 2020)
    assert not names_year("Fonds GGU 2020", 2021)


def test_a_run_of_a_fund_has_its_half_years_in_words_and_that_of_a_fee_its_tariffs(portfolio, make_fee) -> None:
    report = portfolio.report()
    assert [section.title for section in report.sections][:2] == [
        "Halfjaarrapportage 2021-H1", "Halfjaarrapportage 2021-H2",
    ]  # fmt: skip
    deviations = report.sections[0].texts
    assert deviations
    assert all("dan begroot:" in words for _, words in deviations)
    assert [bill.terms.year for bill in portfolio.bills()] == list(portfolio.years)
    assert not portfolio.report("GM0345").sections
    assert make_fee().bill().total == make_fee().fees().total


def test_a_comparison_says_what_it_means_for_one(results) -> None:
    comparison = results["comparison"]
    whole, one = comparison.report(), comparison.report("GM0345")
    assert [table.name for table in whole.tables] == ["comparison", "by_size_class", "by_province", "change_b"]
    assert one.title == f"Veenendaal (GM0345): {comparison.title}"
    assert [table.name for table in one.tables][:3] == ["sides", "difference", "change_b"]
    with pytest.raises(UnknownNameError, match="municipality in this comparison"):
        comparison.report("GM9999")
    with pytest.raises(UnknownNameError, match=r"in this comparison 'Veenendaal'(.|\n)*GM0345"):
        comparison.report("Veenendaal")
