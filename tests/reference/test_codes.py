"""Checking of codes."""

import pandas as pd
import pytest

from ggu_costs.errors import Faults, InputError, OutsidePeriodError
from ggu_costs.reference import SHIPPED, check_codes, is_participant, map_day, members, names_of


def test_the_municipalities_of_a_day_pass():
    check_codes(members("2022-03-24"), "2022-03-24", what="key")
    check_codes(members("2022-03-24")[:5], "2022-03-24", what="key", complete=False)
    check_codes(["GM0363"], "2022-03-24", what="key", expected=["GM0363"])


def test_other_participants_pass_when_asked():
    codes = ["GM0363", "WS:Rijnland", "PV:Noord-Holland"]
    check_codes(codes, "2024-01-01", what="key", complete=False, others=True)
    with pytest.raises(InputError, match="key WS:Rijnland: not a code"):
        check_codes(codes, "2024-01-01", what="key", complete=False)
    with pytest.raises(InputError, match="key GM:Rijnland: not a code"):
        check_codes(["GM:Rijnland"], "2024-01-01", what="key", complete=False, others=True)


def test_faults_can_be_collected():
    faults = Faults()
    check_codes(["GM0457"], "2024-01-01", what="key", complete=False, faults=faults)
    assert [fault.where for fault in faults.found] == ["key GM0457"]


def test_missing_codes_are_all_named():
    with pytest.raises(InputError, match="key GM0014: no value for Groningen") as caught:
        check_codes(members("2024-01-01")[20:], "2024-01-01", what="key")
    assert len(caught.value.faults) == 20


def test_a_name_counts_as_the_code_it_means():
    codes = members("2024-01-01").to_series().replace("GM0344", "utrecht")
    with pytest.raises(InputError, match=r"key utrecht: a name instead of a code. Use GM0344") as caught:
        check_codes(codes, "2024-01-01", what="key")
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("name", ["Hengelo", "Hengelo (O.)", "HENGELO "])
def test_names_with_and_without_their_addition(name):
    assert SHIPPED.code_of_name(name, map_day("2024-01-01")) == "GM0164"


def test_a_name_that_stands_for_two_municipalities_has_no_code():
    names = names_of(map_day("2018-01-01"))
    assert sorted(name for name in names.values() if name.startswith("Bergen (")) == ["Bergen (L.)", "Bergen (NH.)"]
    assert SHIPPED.code_of_name("Bergen", map_day("2018-01-01")) == ""


def test_row_numbers_give_one_fault():
    with pytest.raises(InputError, match=r"row numbers.*set_index") as caught:
        check_codes(pd.RangeIndex(342), "2024-01-01", what="key")
    assert len(caught.value.faults) == 1


def test_numbers_instead_of_codes():
    with pytest.raises(InputError, match="key 363: a number instead of a code") as caught:
        check_codes([363, 599, 2.5], "2024-01-01", what="key", expected=["GM0363", "GM0599"])
    assert len(caught.value.faults) == 3


def test_a_municipality_that_was_not_asked_for():
    with pytest.raises(InputError, match="key GM0363: not one of the participants asked for"):
        check_codes(["GM0363", "GM0599"], "2024-01-01", what="key", expected=["GM0599"])


def test_a_day_that_is_not_known():
    with pytest.raises(OutsidePeriodError, match="map date 2030-01-01"):
        check_codes(["GM0363"], "2030-01-01", what="key")


@pytest.mark.parametrize(("label", "expected"), [("GM0363", True), ("WS:Rijnland", True), ("GR:BAR organisatie", True),
                                                 ("GM363", False), ("GM:x", False), ("WS: x", False), ("WS:", False),
                                                 ("gm0363", False), (363, False), ("GM0363\n", False)])  # fmt: skip
def test_how_participants_are_written(label, expected):
    assert is_participant(label) is expected


def test_names_of_a_day_within_the_year():
    names = names_of(map_day("2022-12-31"))
    assert "GM0457" not in names
    assert len(names) == 344
