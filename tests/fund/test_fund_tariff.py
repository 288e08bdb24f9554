"""A fund by tariff: fixed amount and rate, amounts by class, bounds up to and including; why its bills change."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from fund_files import FUND, MONEY, RATE, SHARE, changed

import ggu_costs as ggu
from ggu_costs import ModelFileError
from ggu_costs.fund.model import Fund

PEOPLE = ggu.municipalities(2020)["inhabitants"]


def row(start: int, rate: object = None, amount: object = None, end: int | None = None) -> dict[str, Any]:
    parts: dict[str, Any] = {"from_inhabitants": start}
    parts |= {"to_inhabitants": end} if end is not None else {}
    parts |= {"rate": {**RATE, "value": rate}} if rate is not None else {}
    return parts | ({"amount": {**MONEY, "value": amount}} if amount is not None else {})


def fund(tariff: dict[str, Any], **more: Any) -> Fund:
    opened = ggu.open_model(changed(FUND, {"fund.basis": "tariff", "fund.total": None, "fund.tariff": tariff, **more}))
    assert isinstance(opened, Fund)
    return opened


def cents(euro: Decimal) -> int:
    return int((euro * 100).to_integral_value(ROUND_HALF_UP))


FIXED = {"mode": "marginal", "fixed": {**MONEY, "value": 500}, "brackets": [row(0, Decimal("2.505"))]}
CLASSES = {
    "mode": "whole_class", "up_to_and_including": True,
    "brackets": [row(0, amount=5_000, end=20_000), row(20_000, amount=12_000, end=50_000), row(50_000, amount=25_000)],
}  # fmt: skip


def test_a_fixed_amount_and_an_amount_per_inhabitant() -> None:
    bill = fund(FIXED).contributions()
    assert bill.cents == {str(c): cents(500 + Decimal("2.505") * int(p)) for c, p in PEOPLE.sort_index().items()}
    steps = str(bill.explain("GM0088"))
    assert "Vast bedrag" in steps
    assert "€ 500,00" in steps
    assert bill.to_frame()["ratio"].sum() == pytest.approx(1)
    assert fund(FIXED).report().answer


def test_amounts_by_class_up_to_and_including() -> None:
    edge = int(PEOPLE["GM0345"])
    table = changed(CLASSES, {"brackets.1.to_inhabitants": edge, "brackets.2.from_inhabitants": edge})
    bill = fund(table).contributions()
    for code, people in PEOPLE.items():
        euro = 5_000 if people <= 20_000 else 12_000 if people <= edge else 25_000
        assert bill.cents[str(code)] == 100 * euro
    assert bill.cents["GM0345"] == 1_200_000  # exactly on the bound
    higher = fund(changed(table, {"up_to_and_including": False})).contributions()
    assert higher.cents["GM0345"] == 2_500_000
    assert "Bedrag van de klasse" in str(bill.explain("GM0345"))


def test_an_amount_and_a_rate_in_one_class_with_a_maximum() -> None:
    table = {"mode": "marginal", "brackets": [row(0, 1, 1_000), row(50_000, 2, 3_000)]}
    bill = fund(table, **{"fund.maximum_per_inhabitant": {**RATE, "value": Decimal("1.5")}}).contributions()
    for code, people in PEOPLE.items():
        euro = people + 1_000 if people < 50_000 else 50_000 + 2 * (people - 50_000) + 3_000
        assert bill.cents[str(code)] == min(cents(Decimal(int(euro))), 150 * int(people))


def test_a_table_with_gaps_tells_every_fault_at_once() -> None:
    table = {
        "mode": "whole_class",
        "brackets": [row(0, 1, end=19_999), row(20_000, 1, end=60_000), row(50_000), row(90_000, 1, end=99_000)],
    }
    with pytest.raises(ModelFileError) as error:
        fund(table)
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        ("fund.tariff.brackets[0].to_inhabitants", "a gap from 19999 to 20000"),
        ("fund.tariff.brackets[1].to_inhabitants", "an overlap from 50000 to 60000"),
        ("fund.tariff.brackets[2]", "no rate and no amount"),
        ("fund.tariff.brackets[3].to_inhabitants", "99000 in the last class"),
    ]
    assert "ends at 20000, where the next begins" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"fund.tariff": None},
            "missing while basis is 'tariff'; allowed: brackets with rates or amounts",
        ),
        ({"fund.key.parts": {"equal": 1}}, "equal while basis is 'tariff'; allowed: inhabitants = 1"),
        ({"fund.tariff.fixed.value": -1}, r"fund\.tariff\.fixed: -1; allowed: 0 or more"),
        ({"fund.tariff.brackets.0.from_inhabitants": 5}, r"from_inhabitants \[5\]; allowed: 0 first, then rising"),
        ({"fund.total_must_be_met": True}, "while the total must be met"),
    ],
)
def test_a_tariff_that_cannot_be_used_is_refused(changes: dict[str, Any], said: str) -> None:
    model = changed(FUND, {"fund.basis": "tariff", "fund.total": None, "fund.tariff": FIXED})
    with pytest.raises(ModelFileError, match=said):
        ggu.open_model(changed(model, changes))


def of_years(tariff: dict[str, Any] | None, **more: Any) -> list[Any]:
    """Bills of 2020 and 2021 by a tariff (rates may be by year), or by a total."""
    days = {"unit": "date", "status": "estimated", "by": "test", "years": {"2020": "2020-01-01", "2021": "2021-01-01"}}
    base = {"years": [2020, 2021], "fund.map_date": days, "fund.counting_date": days, **more}
    by_tariff = {"fund.basis": "tariff", "fund.total": None, "fund.tariff": tariff}
    model = ggu.open_model(changed(FUND, {**base, **(by_tariff if tariff else {})}))
    assert isinstance(model, Fund)
    return [model.contributions(year) for year in (2020, 2021)]


def test_causes_of_a_tariff_add_up_and_mean_what_they_say() -> None:
    rate = {**RATE, "years": {"2020": 2, "2021": Decimal("2.10")}}
    table = {"mode": "marginal", "brackets": [{"from_inhabitants": 0, "rate": rate}]}
    old, new = of_years(table, **{"fund.index": {**SHARE, "years": {"2020": 0, "2021": Decimal("0.05")}}})
    for order in (None, "shapley"):
        change = new.change_from(old, order)
        for code, amount in new.cents.items():
            assert sum(c[code] for c in change.causes.values()) == amount - change.before[code]
    change = new.change_from(old)
    assert not any(change.causes["tariff"].values())  # the rate rose by the index, and by no more
    assert change.causes["index"]["GM0345"] == pytest.approx(new.cents["GM0345"] - new.cents["GM0345"] / 1.05, abs=2)


def test_a_tariff_in_the_place_of_a_total_is_a_cause() -> None:
    old = of_years(None)[0]
    new = of_years(CLASSES)[1]
    change = new.change_from(old)
    assert sum(change.causes["tariff"].values()) != 0
    for code, amount in new.cents.items():
        assert sum(c[code] for c in change.causes.values()) == amount - change.before[code]
    back = of_years(None)[1].change_from(of_years(CLASSES)[0])
    assert sum(sum(c.values()) for c in back.causes.values()) == sum(back.after.values()) - sum(back.before.values())
