"""A fund or fee changed in Python: what is remembered, and every fault of the arguments at once."""

import datetime
from decimal import Decimal

import numpy as np
import pytest
from years import BEYOND, PERIOD, SPAN

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError


def faults(caught):
    return {fault.where: str(fault) for fault in caught.value.faults}


def test_a_change_makes_a_new_model_and_leaves_the_old(ggu_2020):
    other = ggu_2020.with_changes(total=50_000_000)
    assert ggu_2020.contributions().total == 52_300_000
    assert other.contributions().total == 50_000_000
    assert other.provenance()["changes"] == ["total = 50000000"]
    assert "totaal € 50.000.000,00" in other.title


def test_changes_add_up_and_the_last_level_wins(ggu_2020):
    by_rate = ggu_2020.with_changes(total=50_000_000).with_changes(rate=3)
    assert by_rate.contributions().total == 52_222_755
    assert by_rate.provenance()["changes"] == ["rate = 3"]
    back = by_rate.with_changes(total=1).with_changes(key={"equal": 1}).with_changes(counting_date="2019-01-01")
    bill = back.contributions()
    assert bill.total == 1
    assert sorted(bill.cents.values()) == [0] * 255 + [1] * 100
    assert list(bill.cents.values())[:100] == [1] * 100  # ties of a cent go by code
    assert len(back.provenance()["changes"]) == 3
    assert back.title == "Fonds GGU 2020 (totaal € 1,00; verdeelsleutel 100% gelijk deel; peildatum 1 januari 2019)"


def test_dates_as_date_or_text(ggu_2020):
    text = ggu_2020.with_changes(map_date="2021-01-01", counting_date="2021-01-01")
    day = datetime.date(2021, 1, 1)
    assert text.contributions().cents == ggu_2020.with_changes(map_date=day, counting_date=day).contributions().cents
    assert len(text.contributions().cents) == 352


@pytest.mark.parametrize(
    "total", [52_300_000, 52_300_000.0, Decimal("52300000.00"), np.float64(52_300_000), np.int64(52_300_000),
              52_300_000.000_000_01]
)  # fmt: skip
def test_numbers_of_every_kind(ggu_2020, total):
    assert ggu_2020.with_changes(total=total).contributions().total_cents == 5_230_000_000


def test_a_sum_of_floats_stands_for_its_cents(ggu_2020):
    assert ggu_2020.with_changes(total=0.1 + 0.2).contributions().total_cents == 30


def test_fractions_that_lack_their_last_digit(ggu_2020):
    bill = ggu_2020.with_changes(key={"inhabitants": 1 / 3, "equal": 2 / 3}).contributions()
    assert sum(bill.terms.key.values()) == 1
    assert bill.total_cents == 5_230_000_000


def test_every_fault_at_once(ggu_2020):
    with pytest.raises(InputError, match="funds/ggu/2020: these changes cannot be made") as caught:
        ggu_2020.with_changes(
            total=-1, rate=float("nan"), counting_date="2031-01-01", map_date="1 januari",
            key={"inhabitants": -0.5, "inwoners": 0.5, "low_income_households_pct": 0.5, "size_class": 0.5},
        )  # fmt: skip
    found = faults(caught)
    assert set(found) == {
        "total, rate", "total", "rate", "counting_date", "map_date", "key", "key.inhabitants", "key.inwoners",
        "key.low_income_households_pct", "key.size_class",
    }  # fmt: skip
    assert "one of the two" in found["total, rate"]
    assert found["total"] == "total: -1; allowed: a finite number, 0 or more"
    assert "nan" in found["rate"]
    assert "no such column" in found["key.inwoners"]
    assert "a rate, which does not add up" in found["key.low_income_households_pct"]
    assert "a class, which does not add up" in found["key.size_class"]
    assert f"1 January of {SPAN} only" in found["counting_date"]
    assert "is not a date" in found["map_date"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": {"inhabitants": 80, "equal": 20}}, "add up to 100; allowed: 1. They look like percentages: divide"),
        ({"key": {"inhabitants": 0.8, "equal": 0.1}}, r"the fractions add up to 0\.9; allowed: 1"),
        ({"key": {}}, "fractions by column"),
        ({"key": "inhabitants"}, "fractions by column"),
        ({"key": {"inhabitants": None}}, r"key\.inhabitants: None; allowed: a finite number"),
        ({"key": {"inhabitants": 1.0, "equal": 0.0}}, r"key\.equal: 0\.0; allowed: a fraction above 0"),
        ({"total": 10.005}, r"total: 10\.005 euro; allowed: whole cents"),
        ({"total": True}, "total: True; allowed: a finite number"),
        ({"total": "10"}, "total: '10'; allowed: a finite number"),
        ({"rate": Decimal("Infinity")}, "rate: .*Infinity"),
        ({"rate": 3, "key": {"equal": 1}}, "not inhabitants alone while a rate per inhabitant is given"),
        ({"map_date": "2022-02-30"}, "map_date is '2022-02-30', which is not a date"),
    ],
)
def test_one_fault(ggu_2020, changes, words):
    with pytest.raises(InputError, match=words):
        ggu_2020.with_changes(**changes)


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"map_date": BEYOND}, PERIOD),
        ({"counting_date": "2017-01-01"}, f"1 January of {SPAN}"),
        ({"counting_date": "2020-07-01"}, f"1 January of {SPAN}"),
    ],
)
def test_a_date_without_figures_names_those_known(ggu_2020, make_fee, changes, known):
    for model in (ggu_2020, make_fee()):
        with pytest.raises(OutsidePeriodError, match=known) as caught:
            model.with_changes(**changes)
        assert caught.value.known == known


def test_a_count_after_the_map_says_what_to_give(ggu_2020):
    later = ggu_2020.with_changes(counting_date="2021-01-01")
    with pytest.raises(InputError, match=r"2021-01-01 lies after map_date 2020-01-01.*\n.*map_date='2021-01-01'"):
        later.contributions()
    assert later.with_changes(map_date="2021-01-01").contributions().total == 52_300_000


def test_a_column_without_figures_on_the_counting_date_names_the_years(ggu_2020):
    with pytest.raises(OutsidePeriodError, match="figures for households: 2024"):
        ggu_2020.with_changes(key={"households": 1}).contributions()


def test_a_file_on_a_rate(make_fund):
    rate = {"value": 2.5, "unit": "EUR/inhabitant", "vat": "excl", "price_level": "current", "status": "estimated",
            "by": "test"}  # fmt: skip
    fund = make_fund({"fund.basis": "rate", "fund.total": None, "fund.rate": rate})
    bill = fund.contributions()
    assert bill.total == 2.5 * 17_407_585
    assert bill.terms.vat.state == "excl"
    with pytest.raises(InputError, match="not inhabitants alone"):
        fund.with_changes(key={"equal": 1})
    assert fund.with_changes(total=1000, key={"equal": 1}).contributions().total == 1000


def test_a_fee_moves_with_its_dates(make_fee):
    fee = make_fee().with_changes(counting_date="2021-01-01", map_date="2021-01-01")
    assert len(fee.fees().cents) == 352
    assert fee.provenance()["changes"] == ["counting_date = 2021-01-01", "map_date = 2021-01-01"]
    assert "peildatum 1 januari 2021" in fee.fees().title
    with pytest.raises(InputError) as caught:
        make_fee().with_changes(counting_date="2031-01-01", map_date="x")
    assert len(caught.value.faults) == 2


def test_several_years_need_the_year(portfolio):
    other = portfolio.with_changes(total=1_000_000)
    assert other.contributions(2023).total == 1_000_000
    assert other.contributions(2023).title.endswith("bijdrage 2023")
    assert ggu.open_model("funds/ggu/2020").with_changes().contributions().title == "Fonds GGU 2020: bijdrage"
