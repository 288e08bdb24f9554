"""What bills put in the budget of a municipality, to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError
from ggu_costs.modelfile.budget import BudgetTerms


@pytest.fixture(scope="module")
def fees():
    return {year: ggu.open_fee(f"fees/vng-contributie/{year}").fees() for year in (2023, 2024)}


def notes(table):
    return " ".join(table.attrs["notes"])


def test_a_fee_beside_that_of_the_year_before(fees):
    table = fees[2024].budget(fees[2023], of="GM0345", task_field="0.1")
    old, new = (fees[year].cents["GM0345"] / 100 for year in (2023, 2024))
    assert table.loc["unsplit_cost", ["task_field", "2023", "2024"]].tolist() == ["0.1", old, new]
    assert table.loc["balance", ["2023", "2024", "2024_side"]].tolist() == [-old, -new, "N"]
    assert table.loc["balance_change", "2024"] == -7858.05  # more to pay is adverse
    assert table.loc["balance_change", "2024_side"] == "N"
    assert table.loc[["addition", "withdrawal", "result"], "2024"].isna().all()
    whole = fees[2024].budget(fees[2023])
    assert whole.loc["costs", "2024"] == fees[2024].total
    assert "begrotingstabel (BBV)" in table.attrs["title"]
    assert table.attrs["title"].endswith("van Veenendaal")
    assert "onbekend of er btw in zit" in notes(table)
    assert "exact op de cent" in notes(table)


def test_less_to_pay_is_favourable():
    report = ggu.open_fund("funds/example-portfolio").report("GM0363")
    table = report.frames["budget"]
    paid = report.frames["years"]["contribution"]
    for before, year in zip(paid.index, paid.index[1:], strict=False):
        change = paid[before] - paid[year]
        assert table.loc["balance_change", str(year)] == pytest.approx(change)
        assert table.loc["balance_change", f"{year}_side"] == ("V" if change > 0 else "N")
    assert "budget" in ggu.open_fund("funds/example-portfolio").report().frames


def test_net_of_what_the_vat_fund_returns():
    shares = {"taxed_share": 0.9, "recoverable_share": 0.5}
    known = ggu.open_fund("funds/ggu/2020", data=shares).contributions()
    table = known.budget(of="GM0345", task_field="0.4")
    assert table.loc["costs", "2020"] == known.to_frame().loc["GM0345", "net"]
    assert "Btw: netto na BCF." in notes(table)
    plain = ggu.open_fund("funds/ggu/2020").contributions()
    table = plain.budget(of="GM0345")
    assert table.loc["costs", "2020"] == plain.cents["GM0345"] / 100
    assert "Btw: inclusief; het compensabele deel (BCF) is onbekend en niet afgetrokken." in notes(table)
    assert table.loc["unsplit_cost", "task_field"] == "nog op te geven"
    # of one year it is not known, so that none is net
    mixed = replace(plain, terms=replace(plain.terms, year=2021)).budget(known, of="GM0345")
    assert mixed.loc["costs", "2020"] == known.cents["GM0345"] / 100


@pytest.mark.parametrize(("state", "words"), [("none", "niet van toepassing"), ("excl", "exclusief")])
def test_the_other_vat_states(state, words):
    bill = ggu.open_fund("funds/ggu/2020").contributions()
    bill = replace(bill, terms=replace(bill.terms, vat=replace(bill.terms.vat, state=state)))
    assert words in notes(bill.budget(of="GM0345"))


def test_what_came_through_the_gemeentefonds_is_income():
    bill = ggu.open_fund("funds/ggu/2018").contributions()
    offset = dict.fromkeys(bill.cents, 100)
    table = replace(bill, terms=replace(bill.terms, offset=offset)).budget(of="GM0345")
    assert table.loc["unsplit_compensation", "2018"] == 1.0
    assert table.loc["balance", "2018"] == pytest.approx(1 - table.loc["costs", "2018"])


def test_the_years_that_a_file_asks_for(fees):
    both = (fees[2024], fees[2023])
    asked = fees[2024].budget(fees[2023], terms=BudgetTerms(first_year=2024, task_field="0.1"))
    assert asked.equals(fees[2024].budget(fees[2023], task_field="0.1"))
    one = both[0].budget(both[1], terms=BudgetTerms(first_year=2023, years=1))
    assert [name for name in one if name.isdecimal()] == ["2023"]
    assert "balance_change" not in one.index
    with pytest.raises(OutsidePeriodError, match="no bill of 2030; known: 2023, 2024"):
        fees[2024].budget(fees[2023], terms=BudgetTerms(first_year=2030))


def test_what_cannot_be_asked(fees):
    fund = ggu.open_fund("funds/ggu/2020").contributions()
    with pytest.raises(InputError) as raised:
        fees[2024].budget(fees[2024], fund, task_field=4)
    told = str(raised.value)
    for part in ("bills of different years", "bills of one kind", "task_field: 4"):
        assert part in told
    with pytest.raises(UnknownNameError, match="GM9999"):
        fees[2024].budget(of="GM9999")
