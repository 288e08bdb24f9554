"""Which municipalities exist on a day, and how maps compose."""

import datetime
from fractions import Fraction

import pandas as pd
import pytest
from oracles.carry import carry_total, codes_of, rows
from years import BEYOND, FIRST, LAST, PERIOD

from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.reference import carried_codes, members, municipalities, transfer

YEARS = range(FIRST, LAST + 1)
PAIRS = [(first, last) for first in YEARS for last in range(first, LAST + 1)]


def test_weesp():
    before, after = members("2022-03-23"), members(datetime.date(2022, 3, 24))
    assert (len(before), len(after)) == (345, 344)
    assert set(before) - set(after) == {"GM0457"}


@pytest.mark.parametrize("year", YEARS)
def test_the_map_of_1_january_is_that_of_the_table(year):
    assert members(f"{year}-01-01").tolist() == codes_of(year) == municipalities(year).index.tolist()


def test_the_map_holds_until_the_next_change():
    changes = sorted({row["date"] for row in rows("mergers.csv")})
    assert changes == ["2018-01-01", "2019-01-01", "2021-01-01", "2022-01-01", "2022-03-24", "2023-01-01"]
    assert len(members("2018-12-31")) == 380
    assert len(members("2020-12-31")) == 355
    assert len(members("2021-12-31")) == 352
    assert len(members("2022-12-31")) == 344
    assert len(members("2025-12-31")) == 342


@pytest.mark.parametrize("day", ["2017-12-31", BEYOND, datetime.date(1999, 1, 1)])
def test_a_day_outside_the_period(day):
    with pytest.raises(OutsidePeriodError, match=PERIOD) as caught:
        members(day)
    assert caught.value.asked == str(day)


@pytest.mark.parametrize(
    "day", ["22-03-2022", "2022-3-4", "2022-02-30", "20220324", "2022-W12-4", "", "today", 2022, None, 20220324.0,
            datetime.datetime(2022, 3, 24, 12), pd.NaT]
)  # fmt: skip
def test_what_is_no_date(day):
    with pytest.raises(InputError, match=r"date is .*\n.*2022-03-24"):
        members(day)


@pytest.mark.parametrize("day", [datetime.datetime(2022, 3, 24), pd.Timestamp("2022-03-24"), "2022-03-24"])
def test_what_is_a_date(day):
    assert len(members(day)) == 344


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_transfer_leads_from_one_map_to_the_other(first, last):
    moved = transfer(f"{first}-01-01", f"{last}-01-01")
    assert list(moved) == codes_of(first)
    assert {new for parts in moved.values() for new, _ in parts} == set(codes_of(last))
    assert {sum(share for _, share in parts) for parts in moved.values()} == {Fraction(1)}


def test_maps_compose():
    direct = transfer("2018-01-01", "2025-01-01")
    first, second = transfer("2018-01-01", "2021-06-01"), transfer("2021-06-01", "2025-01-01")
    for old, parts in direct.items():
        composed = {}
        for middle, share in first[old]:
            for new, part in second[middle]:
                composed[new] = composed.get(new, 0) + share * part
        assert dict(parts) == composed


@pytest.mark.parametrize(("first", "last"), [("2018-01-01", "2025-12-31"), ("2021-06-01", "2022-03-24")])
def test_transfer_against_the_oracle(first, last):
    moved = transfer(first, last)
    for code, parts in moved.items():
        figures = {other: Fraction(int(other == code)) for other in moved}
        expected = {new: value for new, value in carry_total(figures, first, last).items() if value}
        assert dict(parts) == expected


def test_splits():
    assert transfer("2020-12-31", "2021-01-01")["GM0788"] == (
        ("GM0757", Fraction(2131, 14195)), ("GM0824", Fraction(5807, 14195)),
        ("GM0855", Fraction(1448, 14195)), ("GM0865", Fraction(4809, 14195)),
    )  # fmt: skip
    assert dict(transfer("2018-06-01", "2025-01-01")["GM0053"]) == {
        "GM1966": Fraction(11947, 13505), "GM1969": Fraction(1558, 13505),
    }  # fmt: skip


def test_transfer_cannot_be_changed():
    with pytest.raises(TypeError):
        transfer("2020-01-01", "2021-01-01")["GM0363"] = ()


def test_carried_codes():
    table = carried_codes("2022-01-01", "2023-01-01")
    assert table["old_name"].tolist() == ["Weesp", "Brielle", "Hellevoetsluis", "Westvoorne"]
    assert table["new_code"].tolist() == ["GM0363", "GM1992", "GM1992", "GM1992"]
    assert table["receiver_existed"].tolist() == [True, False, False, False]
    assert len(carried_codes("2023-01-01", "2025-12-31")) == 0
    assert len(carried_codes("2018-01-01", "2025-12-31")) == 69 - 13
    table.loc[0, "old_name"] = "x"
    assert carried_codes("2022-01-01", "2023-01-01")["old_name"][0] == "Weesp"


@pytest.mark.parametrize("function", [transfer, carried_codes])
def test_only_forward(function):
    with pytest.raises(InputError, match=r"cannot be carried back to 2018-01-01.*\nCarrying goes forward"):
        function("2019-01-01", "2018-01-01")
    with pytest.raises(OutsidePeriodError, match="from_date 2017-01-01"):
        function("2017-01-01", "2018-01-01")
