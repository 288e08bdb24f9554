"""What a participant puts in its budget: what is due once, what every year, to the cent."""

from __future__ import annotations

import pytest

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError

SHARES = {"taxed_share": 1, "recoverable_share": 0.5}
YEARS = ["2021", "2022", "2023", "2024", "2025"]


@pytest.fixture(scope="module")
def several():
    return ggu.open_case("procurement/example-once-for-all")


def test_shares_over_the_years_of_a_case(several):
    split = several.split("inhabitants")
    code, cents = split.codes[0], int(split.cents[0])
    table = several.budget(code, "inhabitants", task_field="0.4")
    assert round(100 * table.loc["costs", YEARS].sum()) == cents
    assert table.loc["structural_cost", "task_field"] == "0.4"
    once = sum(pool.total for pool in split.setup.pools if pool.once) / sum(pool.total for pool in split.setup.pools)
    if once:
        assert table.loc["one_off_cost", "2021"] == pytest.approx(once * cents / 100, abs=0.01)
    each = table.loc["structural_cost", YEARS]
    assert each.max() - each.min() <= 0.011
    assert (table.loc["costs", [f"{year}_side" for year in YEARS]] == "N").all()
    assert table.loc["balance_change", "2021":].notna().any()
    assert "Exclusief PM: Beproeving (lab)." in table.attrs["notes"]
    with pytest.raises(UnknownNameError):
        several.budget("GM9999", "inhabitants")


def test_the_note_has_it_net_of_what_the_vat_fund_returns():
    case = ggu.open_case("procurement/example-ibd", data=SHARES)
    split = case.split()
    code = split.codes[0]
    frame = case.report(code).frames["budget"]
    assert frame.loc["costs", "2024"] == split.to_frame().loc[code, "net"]
    assert any(note == "Btw: netto na BCF." for note in frame.attrs["notes"])
    plain = ggu.open_case("procurement/example-ibd")
    table = plain.budget(code)
    assert table.loc["costs", "2024"] == plain.split().to_frame().loc[code, "share"]
    assert any(note.startswith("Btw: exclusief") for note in table.attrs["notes"])


def test_a_case_that_names_no_years():
    case = ggu.open_case("procurement/gt-mobiel-1")
    with pytest.raises(InputError) as raised:
        case.budget("GM0363", task_field=4)
    told = str(raised.value)
    for part in ("case.duration: 6 years, while the file has 1", "task_field: 4"):
        assert part in told
