"""What a model file of a fund or fee may say: every fault at once, with its key and what is allowed."""

import pytest
from years import PERIOD, SPAN

from ggu_costs.errors import InputError, MissingInputError, ModelFileError

MONEY = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "test"}
RATE = {**MONEY, "unit": "EUR/inhabitant"}
SHARE = {"unit": "share", "status": "estimated", "by": "test"}
DATE = {"unit": "date", "status": "estimated", "by": "test"}


def activity(**changes):
    return {"id": "alfa", "name": "Alfa", "part": "project", "budget": {**MONEY, "value": 1_000_000}, **changes}


def half(period, **changes):
    return {"period": period, "actual": {**MONEY, "value": 1}, "forecast": {**MONEY, "value": 1}, **changes}


FUND_FAULTS = [
    ({"fund.total": None}, "fund.total: missing while basis is 'budget'"),
    ({"fund.basis": "rate"}, "fund.rate: missing while basis is 'rate'; allowed: euro per inhabitant"),
    ({"fund.basis": "rate", "fund.rate": {**RATE, "value": 3}, "fund.key.parts": {"equal": 1}},
     "fund.key.parts: equal while basis is 'rate'; allowed: inhabitants = 1"),
    ({"fund.key.parts": {"inhabitants": 80, "equal": 20}}, "add up to 100; allowed: 1. They look like percentages"),
    ({"fund.key.parts": {"inhabitants": 0.5}}, r"fund\.key\.parts: the fractions add up to 0\.5"),
    ({"fund.key.parts": {"inhabitants": 1.5, "equal": -0.5}}, r"fund\.key\.parts\.inhabitants: 1\.5; allowed: a frac"),
    ({"fund.key.parts": {"inwoners": 1}}, r"fund\.key\.parts\.inwoners: no such column; allowed: equal, or"),
    ({"fund.key.parts": {"address_density": 1}}, r"fund\.key\.parts\.address_density: a rate, which does not add up"),
    ({"fund.key.status": "enacted"}, r"fund\.key: status 'enacted' without a source"),
    ({"fund.key.status": "derived", "fund.key.by": ""}, r"fund\.key: status 'derived' without calculation"),
    ({"fund.key.by": ""}, r"fund\.key: status 'estimated' without by; allowed: by = whose"),
    ({"years": [2020, 2022]}, r"years: \[2020, 2022\]; allowed: years in order, without gaps"),
    ({"years": [2020, 2021], "fund.total": {**MONEY, "years": {2020: 1}}},
     r"fund\.total: no value in 2021; allowed: a value, mark or input in every year"),
    ({"fund.map_date": {**DATE, "value": "2020-01-01", "from": "2021-01-01"}}, r"fund\.map_date: no value in 2020"),
    ({"fund.vat.rate": {**SHARE, "years": {2021: 0.21}}}, r"fund\.vat\.rate: no value in 2020"),
    ({"fund.vat.taxed_share": {**SHARE, "value": -0.5}},
     r"fund\.vat\.taxed_share: -0\.5 as a share; allowed: a fraction from 0"),
    ({"fund.vat.rate": {**SHARE, "years": {2020: -0.21}}}, r"fund\.vat\.rate: -0\.21 as a share"),
    ({"activities": [activity(), activity()]}, "activities: id 'alfa' 2 times; allowed: ids that differ"),
    ({"activities": [activity(years=[2020, 2021])]}, r"activities\.alfa\.years: \[2021\]; allowed: years of the file"),
    ({"activities": [activity(budget={**MONEY, "years": {2021: 1}})]}, r"activities\.alfa\.budget: no value in 2020"),
    ({"activities": [activity(half_year=[half("2020-H1"), half("2020-H1")])]},
     r"activities\.alfa\.half_year: period 2020-H1 2 times"),
    ({"activities": [activity(half_year=half("2021-H1"))]}, "period 2021-H1; allowed: a year in which it runs: 2020"),
    ({"activities": [activity(half_year=half("2020-H3"))]}, "half_year.*period.*2020-H3"),
    ({"activities": [activity(budget={**MONEY, "value": 900_000})]},
     r"budgets of 2020 add up to 900000; allowed: the total of 1000000\. Mark what is in the total"),
    ({"activities": [activity(budget={**MONEY, "value": 2_000_000}),
                     activity(id="b", budget={**MONEY, "mark": "unallocated"})]},
     "budgets of 2020 add up to 2000000; allowed: at most the total of 1000000"),
    ({"fund.total": None, "activities": [activity(budget={**MONEY, "mark": "unallocated"})]},
     r"activities: unallocated in 2020 without fund\.total"),
    ({"activities": [activity(budget={**MONEY, "vat": "excl", "value": 1_000_000})]},
     r"activities\.alfa\.budget: vat 'excl'; allowed: 'incl', as fund\.total has it"),
    ({"underspend": [{"year": 2021, "amount": {**MONEY, "value": 1}, "policy": "refund"}]},
     r"underspend: year 2021; allowed: years of the file: \[2020\]"),
    ({"underspend": [{"year": 2020, "amount": {**MONEY, "value": 1}, "policy": "refund"}] * 2},
     "underspend: 2020 2 times; allowed: each year once"),
    ({"underspend": [{"year": 2020, "amount": {**MONEY, "value": 1}, "policy": "earmark"}]},
     r"underspend\.2020\.earmarks: shares add up to 0; allowed: 1"),
    ({"underspend": [{"year": 2020, "amount": {**MONEY, "value": 1}, "policy": "earmark",
                      "earmarks": [{"purpose": "a", "share": 0.5}] * 2}]},
     r"underspend\.2020\.earmarks: 'a' 2 times; allowed: each purpose once"),
    ({"reserve.opening": {**MONEY, "years": {2021: 1}}, "reserve.withdrawal": {**MONEY, "years": {2021: 1}}},
     r"reserve\.withdrawal: no value in 2020(.|\n)*reserve\.opening: no value in 2020"),
    ({"activities": [activity(budget={**MONEY, "value": -1})]}, r"activities\.alfa\.budget: -1; allowed: 0 or more"),
    ({"reserve.opening": {**MONEY, "value": -5}, "reserve.withdrawal": {**MONEY, "value": 0}},
     r"reserve\.opening: -5; allowed: 0 or more"),
    ({"reserve.opening": {**MONEY, "value": 5}, "reserve.withdrawal": {**MONEY, "value": 6}},
     r"reserve\.withdrawal: 6 in 2020, which leaves -1; allowed: what is in the reserve"),
    ({"fund.total": None, "activities": [activity()], "reserve.opening": {**MONEY, "value": 2_000_000},
      "reserve.withdrawal": {**MONEY, "value": 1_000_001}},
     r"reserve\.withdrawal: 1000001 in 2020, on budgets of 1000000; allowed: budgets that cover it"),
    ({"reserve.opening": {**MONEY, "value": 0}, "reserve.withdrawal": {**MONEY, "value": -1_000_001}},
     r"reserve\.withdrawal: -1000001 in 2020, on budgets of -1; allowed: budgets that cover it"),
    ({"underspend": [{"year": 2020, "amount": {**MONEY, "value": -1}, "policy": "refund"}]},
     r"underspend\.2020\.amount: -1; allowed: 0 or more"),
    ({"underspend": [{"year": 2020, "amount": {**MONEY, "value": 1_000_001}, "policy": "refund"}]},
     r"underspend\.2020\.amount: 1000001; allowed: at most the contributions of 1000000"),
    ({"fund.total": None, "activities": [activity()],
      "underspend": [{"year": 2020, "amount": {**MONEY, "value": 1_000_001}, "policy": "refund"}]},
     r"underspend\.2020\.amount: 1000001; allowed: at most the contributions of 1000000"),
    ({"fund.map_date.value": "2030-01-01"}, rf"fund\.map_date: 2030-01-01 in 2020; allowed: {PERIOD}"),
    ({"fund.counting_date.value": "2020-07-01", "fund.map_date.value": "2021-01-01"},
     rf"fund\.counting_date: 2020-07-01 in 2020; allowed: 1 January of {SPAN}"),
    ({"fund.map_date.value": "2019-01-01"},
     r"fund\.counting_date: 2020-01-01, after map_date 2019-01-01 in 2020; allowed: map_date or earlier"),
    ({"fund.offset": {**MONEY, "value": 1}}, "fund.offset: unknown key 'offset'"),
    ({"fund.peildatum": "2020-01-01"}, "unknown key 'peildatum'"),
]  # fmt: skip

FEE_FAULTS = [
    ({"fee.brackets.0.from_inhabitants": 1}, r"fee\.brackets: from_inhabitants \[1, 5000, 25000, 200000\]; allowed: 0"),
    ({"fee.brackets.1.from_inhabitants": 30_000}, r"fee\.brackets: from_inhabitants \[0, 30000, 25000, 200000\]"),
    ({"fee.brackets.2.rate": {**RATE, "vat": "none", "years": {2021: 1}}}, r"fee\.brackets\[2\]\.rate: no value in"),
    ({"fee.brackets.2.rate.vat": "excl"}, r"vat 'excl'; allowed: 'none', as fee\.brackets\[0\]\.rate has it"),
    ({"fee.index": {**SHARE, "years": {2021: 0.02}}}, r"fee\.index: no value in 2020"),
    ({"fee.vat.rate": {**SHARE, "value": -1}}, r"fee\.vat\.rate: -1 as a share"),
    ({"fee.brackets.0.rate.value": -1.92}, r"fee\.brackets\[0\]\.rate: -1\.92; allowed: 0 or more"),
    ({"fee.counting_date.value": "2030-01-01"}, r"fee\.counting_date: 2030-01-01 in 2020; allowed: 1 January of 2018"),
    ({"fee.mode": "flat"}, r"fee\.mode: 'flat'"),
]


@pytest.mark.parametrize(("changes", "words"), FUND_FAULTS)
def test_a_fault_in_a_fund(make_fund, changes, words):
    with pytest.raises(ModelFileError, match=words):
        make_fund(changes)


@pytest.mark.parametrize(("changes", "words"), FEE_FAULTS)
def test_a_fault_in_a_fee(make_fee, changes, words):
    with pytest.raises(ModelFileError, match=words):
        make_fee(changes)


def test_every_fault_of_a_file_in_one_error(make_fund):
    with pytest.raises(ModelFileError, match="test/fund: this model file cannot be used") as caught:
        make_fund({
            "years": [2020, 2021],
            "fund.total": {**MONEY, "years": {2020: 1_000_000}},
            "fund.key.parts": {"inwoners": 0.5},
            "fund.vat.rate": {**SHARE, "value": -0.21},
            "activities": [activity(), activity()],
            "underspend": [{"year": 2019, "amount": {**MONEY, "value": 1}, "policy": "refund"}],
        })  # fmt: skip
    assert {fault.where for fault in caught.value.faults} >= {
        "fund.total", "fund.key.parts", "fund.key.parts.inwoners", "fund.vat.rate", "activities", "underspend"
    }  # fmt: skip


def test_values_that_are_dated_hold_in_their_own_years(make_fund):
    total = [{**MONEY, "value": 100, "from": "2020-01-01", "until": "2020-12-31"},
             {**MONEY, "value": 200, "from": "2021-01-01"}]  # fmt: skip
    fund = make_fund({"years": [2020, 2021], "fund.total": total})
    assert (fund.contributions(2020).total, fund.contributions(2021).total) == (100, 200)


def test_a_total_that_is_pm_gives_no_bill(make_fund):
    with pytest.raises(ValueError, match=r"fund\.total of 2020 is not known \(PM\)"):
        make_fund({"fund.total": {**MONEY, "mark": "pm"}}).contributions()


def test_a_date_that_is_pm_gives_no_bill(make_fund):
    with pytest.raises(ValueError, match="map_date of 2020 is not a date"):
        make_fund({"fund.map_date": {**DATE, "mark": "pm"}}).contributions()


def test_a_fee_in_steps_states_its_years(make_fee):
    changes = {"years": [2020, 2021]}
    changes["fee.growth_to_cost_cover"] = {**SHARE, "years": {2020: 0.01, 2021: 0.02}}
    changes["fee.merger_correction"] = {**SHARE, "value": 0.004}
    fee = make_fee(changes)
    terms = fee.fees(2021).terms
    assert (float(terms.growth_to_cost_cover), float(terms.merger_correction)) == (0.02, 0.004)
    assert fee.fees(2021).title == "Proefcontributie: contributie 2021"
    change = fee.fees(2021).change_from(fee.fees(2020))
    assert change.national()["merger_correction"] == pytest.approx(0.004 * change.national()["before"], rel=0.01)


def test_a_cost_below_zero_and_a_key_in_text_are_faults() -> None:
    import ggu_costs as ggu
    from ggu_costs.catalogue import read_model

    tables = read_model("funds/ggu/2020").tables
    tables["fund"]["total"]["value"] = -5
    with pytest.raises(ggu.ModelFileError, match=r"fund\.total: -5; allowed: 0 or more"):
        ggu.open_model(tables)
    tables["fund"]["key"]["parts"] = {"inhabitants": "1"}
    with pytest.raises(ggu.ModelFileError, match="without quotes"):
        ggu.open_model(tables)


def test_a_sum_is_checked_whatever_else_is_wrong(make_fund) -> None:
    changes = {"activities": [activity(budget={**MONEY, "value": 900_000})], "fund.key.by": ""}
    with pytest.raises(ModelFileError) as caught:
        make_fund(changes)
    assert [fault.where for fault in caught.value.faults] == ["fund.key", "activities"]


def test_what_an_input_brings_is_not_guessed(make_fund) -> None:
    """Sums and reserves with amounts that the user brings are checked when they are there."""
    total = {"unit": "EUR", "description": "budget"}
    changes = {
        "fund.total": None, "inputs.alfa": total, "inputs.taken": total,
        "activities": [activity(budget={**MONEY, "input": "alfa"})],
        "reserve.opening": {**MONEY, "value": 100}, "reserve.withdrawal": {**MONEY, "input": "taken"},
        "underspend": [{"year": 2020, "amount": {**MONEY, "value": 50}, "policy": "refund"}],
    }  # fmt: skip
    assert make_fund(changes, {"alfa": 100, "taken": 40}).contributions().total == 60
    with pytest.raises(InputError, match=r"the withdrawal of 2020 is 5\.00 euro more than the budgets"):
        make_fund(changes, {"alfa": 100, "taken": 105}).contributions()
    rate = {"fund.basis": "rate", "fund.rate": {**RATE, "value": 3}, "underspend": changes["underspend"]}
    assert make_fund(rate).contributions().rule == "rate"


def test_every_missing_input_is_named_at_once(make_fund, make_fee) -> None:
    need = {"unit": "EUR", "description": "bedrag"}
    changes = {
        "fund.total.value": None, "fund.total.input": "total", "inputs.total": need, "inputs.taken": need,
        "inputs.index": {"unit": "share", "description": "index"}, "fund.index": {**SHARE, "input": "index"},
        "reserve.opening": {**MONEY, "value": 100}, "reserve.withdrawal": {**MONEY, "input": "taken"},
    }  # fmt: skip
    for ask in ("contributions", "report"):
        with pytest.raises(MissingInputError) as caught:
            getattr(make_fund(changes), ask)()
        assert caught.value.names == ("total", "index", "taken")
    assert make_fund(changes, {"index": 0, "taken": 1}).with_changes(total=5).contributions().total == 5
    rates = {f"inputs.rate_{i}": {"unit": "EUR/inhabitant", "description": "tarief"} for i in range(4)}
    rates |= {f"fee.brackets.{i}.rate": {**RATE, "vat": "none", "input": f"rate_{i}"} for i in range(4)}
    for ask in ("fees", "report"):
        with pytest.raises(MissingInputError) as caught:
            getattr(make_fee(rates), ask)()
        assert caught.value.names == ("rate_0", "rate_1", "rate_2", "rate_3")
