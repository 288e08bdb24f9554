"""Bills on the inhabitants of 1 January 2026; the figures were worked out from the table by hand."""

import pytest

import ggu_costs as ggu
from ggu_costs.fund.bill import Bill


def fee(year: int) -> Bill:
    days = {"counting_date": f"{year}-01-01", "map_date": f"{year}-01-01"}
    return ggu.open_fee("fees/vng-contributie/2024").with_changes(**days).fees()


def test_a_fund_of_sixty_million() -> None:
    fund = ggu.open_fund("funds/ggu/2020").with_changes(
        total=60_000_000, counting_date="2026-01-01", map_date="2026-01-01"
    )
    bill = fund.contributions()
    assert bill.total_cents == 6_000_000_000
    assert 60_000_000 / ggu.municipalities(2026)["inhabitants"].sum() == pytest.approx(3.309394, abs=5e-7)
    expected = {"GM0345": 234_235.59, "GM0088": 3_216.73, "GM0363": 3_117_207.48}
    assert bill.to_frame()["contribution"][list(expected)].to_dict() == expected


def test_the_fee_at_the_rates_of_2024() -> None:
    assert fee(2026).to_frame()["fee"]["GM0345"] == 114_384.08
    assert (fee(2025).total, fee(2026).total) == (28_081_454.33, 28_203_769.97)


def test_two_cross_the_bound_of_25_000_and_four_a_size_class() -> None:
    before, after = ggu.municipalities(2025), ggu.municipalities(2026)
    assert list(before.index) == list(after.index)
    crossed = (before["inhabitants"] < 25_000) != (after["inhabitants"] < 25_000)
    assert set(after["name"][crossed]) == {"Borne", "Putten"}
    assert set(after["name"][before["size_class"] < after["size_class"]]) == {
        "Druten", "Westerveld", "Eemnes", "Hollands Kroon",
    }  # fmt: skip


def test_a_column_that_2026_lacks_is_refused_with_the_years_that_have_it() -> None:
    with pytest.raises(ggu.OutsidePeriodError, match=r"There are figures for dwellings: 2022, 2024\."):
        ggu.municipalities(2026, columns=["dwellings"])
