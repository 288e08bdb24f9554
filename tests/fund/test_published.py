"""The shipped funds and fees: published totals, amounts worked out by hand, and each year from the one before."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from oracles.fund import Year, counted, fee_of, half_up, hamilton

import ggu_costs as ggu
from ggu_costs.catalogue import model_files

RATES = {
    2023: [(0, "1.81"), (5_000, "1.66"), (25_000, "1.43"), (200_000, "0.71")],
    2024: [(0, "1.92"), (5_000, "1.76"), (25_000, "1.52"), (200_000, "0.75")],
}
BASES = {"published", "hand calculation", "other model", "regression"}
EXPECTED = {name: path.with_name(f"{path.stem}.expected.csv") for name, path in model_files().items()}
HELD = {name: path for name, path in EXPECTED.items() if path.is_file() and name.startswith(("funds/", "fees/"))}


def brackets(year):
    return [(start, Fraction(rate)) for start, rate in RATES[year]]


def bill_of(name):
    model = ggu.open_model(name)
    return model.contributions() if name.startswith("funds/") else model.fees()


@pytest.mark.parametrize("name", sorted(HELD))
def test_expected_results_beside_the_model_file(name):
    bill = bill_of(name)
    with Path(HELD[name]).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0]) == ["code", "amount", "basis"]
    assert {line["basis"] for line in lines} <= BASES
    amounts = {line["code"]: int(Decimal(line["amount"]) * 100) for line in lines}
    found = {code: bill.total_cents if code == "total" else bill.cents[code] for code in amounts}
    assert found == amounts
    assert len(amounts) == len(lines) > 5


def test_every_shipped_year_of_fund_and_fee_has_expected_results():
    assert sorted(HELD) == [
        "fees/vng-contributie/2022", "fees/vng-contributie/2023", "fees/vng-contributie/2024",
        "funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020",
    ]  # fmt: skip


def test_ggu_2020(ggu_2020):
    bill = ggu_2020.contributions()
    assert bill.total_cents == 5_230_000_000
    assert bill.total == 52_300_000.00
    assert len(bill.cents) == 355
    frame = bill.to_frame()
    assert frame["inhabitants"].sum() == 17_407_585
    assert bill.total / frame["inhabitants"].sum() == pytest.approx(3.004437, abs=5e-7)
    assert bill.national()["per_inhabitant"] == pytest.approx(3.004437, abs=5e-7)
    by_name = frame.set_index("name")["contribution"]
    assert by_name["Amsterdam"] == 2_622_143.80
    assert by_name["Veenendaal"] == 199_774.06
    assert by_name["Schiermonnikoog"] == 2_845.20


def test_ggu_2020_at_three_euro(ggu_2020):
    bill = ggu_2020.with_changes(rate=3.00).contributions()
    assert bill.total_cents == 5_222_275_500
    assert all(cents == 300 * people for cents, people in zip(
        bill.cents.values(), bill.terms.figures["inhabitants"].values(), strict=True
    ))  # fmt: skip


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_the_ggu_bill_of_everyone_follows_from_the_definition(year):
    bill = ggu.open_model(f"funds/ggu/{year}").contributions()
    assert dict(bill.cents) == Year(year, f"{year}-01-01", Fraction(52_300_000)).bill()


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_fee_of_all_342_follows_from_the_definition(year):
    bill = ggu.open_model(f"fees/vng-contributie/{year}").fees()
    assert len(bill.cents) == 342
    assert dict(bill.cents) == Year(year, f"{year}-01-01", brackets=brackets(year)).bill()


@pytest.mark.parametrize(
    ("inhabitants", "mode", "amount"),
    [
        (66_918, "marginal", "108515.36"), (200_000, "marginal", "310800.00"), (24_999, "marginal", "44798.24"),
        (24_999, "whole_class", "43998.24"), (25_000, "whole_class", "38000.00"), (40_000, "marginal", "67600.00"),
        (20_000, "marginal", "36000.00"), (199_999, "whole_class", "303998.48"), (200_000, "whole_class", "150000.00"),
    ],
)  # fmt: skip
def test_fee_at_the_rates_of_2024(make_fee, inhabitants, mode, amount):
    fee = make_fee({"fee.mode": mode})
    assert fee.tariff().exact(inhabitants) == Fraction(amount) == fee_of(Fraction(inhabitants), brackets(2024), mode)


def test_the_shipped_fee_is_marginal_at_these_rates():
    tariff = ggu.open_model("fees/vng-contributie/2024").tariff()
    assert tariff([66_918, 200_000, 24_999]).tolist() == [108_515.36, 310_800.00, 44_798.24]


def test_the_rates_of_2024_are_those_of_2023_raised_by_6_1_percent():
    fee = ggu.open_model("fees/vng-contributie/2024")
    fee_2023 = ggu.open_model("fees/vng-contributie/2023")
    step = 1 + fee.fees().terms.index + fee.fees().terms.growth_to_cost_cover
    assert step == Fraction("1.061")
    raised = [Fraction(half_up(rate * step * 100), 100) for rate in fee_2023.tariff().rates]
    assert tuple(raised) == fee.tariff().rates


def test_the_booked_fee_of_2022_is_reproduced_by_the_marginal_reading(make_fee):
    """VNG annual report 2022: contributions of 24,974 thousand euro; marginal 24,831,771, whole-class a tenth less."""
    rates = [Fraction(rate) / (Fraction("1.061") * Fraction("1.044")) for _, rate in RATES[2024]]
    people = counted("inhabitants", 2022, "2022-01-01")
    assert len(people) == 345
    totals = {}
    for mode in ("marginal", "whole_class"):
        tariff = ggu.tariff([0, 5_000, 25_000, 200_000], rates, mode=mode)
        totals[mode] = sum(tariff.exact(n) for n in people.values())
    assert half_up(totals["marginal"]) == 24_831_771
    assert float(totals["marginal"]) / 24_974_000 - 1 == pytest.approx(-0.0057, abs=5e-5)
    assert -0.12 < float(totals["whole_class"]) / 24_974_000 - 1 < -0.10


@pytest.mark.parametrize("year", [2018, 2019])
def test_a_year_with_the_dates_of_the_next_gives_the_next(year):
    next_day = f"{year + 1}-01-01"
    decided = ggu.open_model(f"funds/ggu/{year}").with_changes(counting_date=next_day, map_date=next_day)
    assert decided.contributions().cents == ggu.open_model(f"funds/ggu/{year + 1}").contributions().cents


def test_the_fee_of_2023_raised_and_rounded_on_the_dates_of_2024_is_that_of_2024(make_fee):
    rates = {2023: ("1.81", "1.66", "1.43", "0.71")}[2023]
    changes = {"fee.brackets": [
        {"from_inhabitants": start, "rate": {
            "value": float(Decimal(half_up(Fraction(rate) * Fraction("1.061") * 100)) / 100), "unit": "EUR/inhabitant",
            "vat": "unknown", "price_level": "current", "status": "estimated", "by": "test",
        }} for start, rate in zip((0, 5_000, 25_000, 200_000), rates, strict=True)
    ]}  # fmt: skip
    moved = make_fee(changes).with_changes(counting_date="2024-01-01", map_date="2024-01-01")
    assert moved.fees().cents == ggu.open_model("fees/vng-contributie/2024").fees().cents


def test_hamilton_of_the_oracle_meets_a_published_example():
    """Balinski and Young (1975), example 1, so that the twin itself is held to print."""
    votes = dict(zip("ABCDE", map(Fraction, (5117, 4400, 162, 161, 160)), strict=True))
    assert list(hamilton(100, votes).values()) == [51, 44, 2, 2, 1]
