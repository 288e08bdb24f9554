"""Inputs that a model asks for: what they may be, and what is said when they are missing or wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from years import SPAN

from ggu_costs.catalogue import open_model
from ggu_costs.errors import InputError, MissingInputError, UnknownNameError
from ggu_costs.modelfile import Inputs
from ggu_costs.modelfile.sources import InputNeed
from ggu_costs.reference import member_codes

NEEDS = {
    "total": InputNeed(unit="EUR", description="het totaal", needed_for="de uitkomst"),
    "taxed": InputNeed(unit="share", description="belast deel", optional=True),
    "own": InputNeed(unit="EUR", description="eigen deel", scope="municipality"),
    "share": InputNeed(unit="share", description="aandeel", scope="either"),
    "volume": InputNeed(unit="count", description="aantal", scope="municipality"),
}
DAY = date(2020, 1, 1)
CODES = pd.Index(member_codes(DAY))


def inputs(**data: Any) -> Inputs:
    return Inputs(NEEDS, data, model="funds/proef")


def all_codes(value: object = 1.0) -> pd.Series:
    return pd.Series([value] * len(CODES), index=CODES)


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (53_000_000, "53000000"),
        (53_000_000.0, "53000000"),
        (Decimal("53000000.00"), "53000000"),
        (np.int64(53_000_000), "53000000"),
        (np.float64(0.1), "0.1"),
        (0.30, "0.3"),
    ],
)
def test_numbers_count_by_their_shortest_decimal(given: Any, exact: str) -> None:
    taken = inputs(total=given)
    assert str(taken.number("total")) == exact
    assert "total" in taken
    assert "own" not in taken


def test_the_same_number_has_the_same_hash_however_it_is_written() -> None:
    hashes = {inputs(total=given).hashes["total"] for given in (5, 5.0, Decimal("5.00"), np.int32(5))}
    assert len(hashes) == 1
    assert inputs(total=5.01).hashes["total"] not in hashes


def test_a_series_by_code_comes_back_in_the_order_asked() -> None:
    given = pd.Series(np.arange(len(CODES)) / 1000, index=CODES[::-1])
    taken = inputs(share=given)
    assert taken.by_code("share", CODES, DAY).tolist() == given[CODES].tolist()
    shuffled = inputs(share=given.sample(frac=1, random_state=1))
    assert shuffled.hashes == taken.hashes


def test_a_national_number_holds_for_every_code() -> None:
    series = inputs(share=0.95).by_code("share", CODES, DAY)
    assert set(series) == {Decimal("0.95")}
    assert list(series.index) == list(CODES)


def test_a_number_is_asked_and_figures_by_code_were_given() -> None:
    with pytest.raises(MissingInputError, match="holds figures per municipality, one number is needed here"):
        inputs(share=all_codes(0.5)).number("share")


@pytest.mark.parametrize("form", ["csv", "xlsx", "frame", "text"])
def test_figures_come_in_by_file(form: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": CODES, "volume": np.arange(len(CODES)) + 1.0})
    path = tmp_path / f"volumes.{'csv' if form == 'text' else form}"
    if form == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False)
    given: Any = frame.set_index("code") if form == "frame" else str(path) if form == "text" else path
    assert inputs(volume=given).by_code("volume", CODES, DAY).sum() == 355 * 356 / 2


def test_missing_inputs_are_described_together() -> None:
    with pytest.raises(MissingInputError) as caught:
        inputs().require(["total", "own", "total"])
    assert caught.value.names == ("total", "own")
    assert str(caught.value).splitlines() == [
        "funds/proef: 2 inputs are missing",
        "  - total: not given; needed for de uitkomst: het totaal; allowed: one number, in EUR",
        "  - own: not given; needed for the result: eigen deel; allowed: a file or Series with a figure for each code,"
        " in EUR",
        "Give a number or a file with --data total=... --data own=..., or data={'total': ..., 'own': ...} in Python.",
    ]
    with pytest.raises(MissingInputError, match="an input is missing"):
        inputs().number("taxed")
    inputs(total=1, own=all_codes()).require(["total", "own"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"total": float("nan")}, "total: nan; allowed: a finite number in EUR"),
        ({"total": float("inf")}, "total: inf; allowed: a finite number in EUR"),
        ({"total": Decimal("NaN")}, "total: NaN; allowed: a finite number in EUR"),
        ({"total": 10**400}, "total: too large; allowed: a finite number in EUR"),
        ({"total": Fraction(10**400)}, "total: too large; allowed: a finite number in EUR"),
        ({"total": Decimal("1e99999999")}, "total: too large; allowed: a finite number in EUR"),
        ({"own": all_codes(Fraction(10**400))}, "own: too large for GM0003, GM0010"),
        ({"total": True}, "total: True; allowed: a finite number in EUR"),
        ({"total": [1, 2]}, "total: [1, 2]; allowed: a finite number in EUR"),
        ({"total": -5}, "total: -5 negative; allowed: finite numbers of 0 or more in EUR, in whole cents"),
        ({"total": 0.001}, "total: 0.001 not whole cents"),
        ({"total": 1e14}, "total: 100000000000000 too large"),
        ({"taxed": float("nan")}, "taxed: nan; allowed: a finite number in share (0 to 1)"),
        ({"taxed": -0.5}, "taxed: -0.5 negative; allowed: a fraction from 0 to 1; 95 per cent is 0.95"),
        ({"taxed": 95}, "taxed: 95 above 1; allowed: a fraction from 0 to 1; 95 per cent is 0.95"),
        ({"total": all_codes()}, "total: figures per municipality (355); allowed: one national number in EUR"),
        ({"own": 3}, "own: one number (3); allowed: a figure in EUR for each municipality"),
        ({"own": all_codes("1")}, "own: missing or not finite for GM0003, GM0010"),
        ({"own": all_codes(0.001)}, "own: not whole cents for GM0003"),
        ({"share": all_codes(2)}, "share: above 1 for GM0003"),
        ({"volume": pd.DataFrame({"a": [1.0], "b": [2.0]}, index=["GM0363"])}, "volume: a table of 2 columns"),
    ],
)
def test_figures_that_cannot_be_used(data: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        inputs(**data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("funds/proef: these inputs cannot be used")


def test_every_faulty_figure_of_every_input_is_told() -> None:
    given = all_codes(0.5)
    given["GM0363"], given["GM0345"], given["GM0014"] = np.nan, -1.0, np.inf
    with pytest.raises(InputError) as caught:
        inputs(total=-1, share=given, own=all_codes(-1))
    assert [fault.where for fault in caught.value.faults] == ["total", "share", "share", "own"]
    text = str(caught.value)
    assert "share: missing or not finite for GM0014, GM0363;" in text
    assert "share: negative for GM0345;" in text
    assert "own: negative for GM0003, " in text
    assert "and 343 more" in text


def test_every_fault_of_every_input_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        inputs(a=1, b=2, taxed=80)
    assert [fault.where for fault in caught.value.faults] == ["a", "b", "taxed"]
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for path in (one, two):
        path.write_text("code;own\nAmsterdam;2\n")
    with pytest.raises(InputError) as caught:
        inputs(own=one, volume=two, taxed=9, share=tmp_path / "absent.csv")
    assert [fault.where.split(":")[0] for fault in caught.value.faults] == ["own", "volume", "taxed", "share"]


def test_what_a_file_asks_to_state_is_stated_in_python(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("code;naam;own\nGM0363;Één;1,5\n".encode("cp1252"))
    with pytest.raises(InputError) as caught:
        inputs(own=path)
    assert f"data={{'own': ggu.read_table('{path}', encoding='cp1252')}}" in caught.value.remedy
    path.write_text("code;own\nGM0363;107.106\n")
    with pytest.raises(InputError, match=r"ggu.read_table\('.*own.csv', decimal='.'\)") as caught:
        inputs(own=path)
    path.write_text("code;own;label\nGM0363;1;ja\n")
    with pytest.raises(InputError, match=r"ggu.read_table\('.*own.csv', value='...'\)"):
        inputs(own=path)
    path.write_text("code;own\nGM0363;\n")
    with pytest.raises(InputError) as caught:
        inputs(own=path)
    assert "In Python that is" not in str(caught.value)


def test_names_that_the_model_does_not_ask_for() -> None:
    with pytest.raises(UnknownNameError, match=r"input of funds/proef 'totl'; there are: total.*\n.*mean 'total'"):
        inputs(totl=1)
    with pytest.raises(UnknownNameError, match="m takes no inputs"):
        Inputs({}, {"total": 1}, model="m")
    assert Inputs({}, None, model="m").hashes == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (all_codes(0.5).drop("GM0363"), "share' of funds/proef GM0363: no value for Amsterdam"),
        (all_codes(0.5).rename({"GM0363": "GM9999"}), f"GM9999: no municipality of {SPAN} has this code"),
        (all_codes(0.5).rename({"GM0363": "GM1709"}), "GM1709: 2 times; allowed: once"),
        (pd.concat([all_codes(0.5), pd.Series([0.5], index=["GM0398"])]), "GM0398: 2 times; allowed: once"),
        (all_codes(0.5).rename({"GM0363": "Amsterdam"}), "Amsterdam: a name instead of a code. Use GM0363"),
    ],
)
def test_codes_are_checked_where_the_figures_are_used(given: pd.Series, words: str) -> None:
    with pytest.raises(InputError, match=words):
        inputs(share=given).by_code("share", CODES, DAY)


def test_merged_away_codes_are_told_with_their_successor() -> None:
    """Haaren (GM0788) ended on 2021-01-01."""
    with pytest.raises(InputError, match=r"GM0788: Haaren ended on 2021-01-01, into .*Carry the figures"):
        inputs(share=all_codes(0.5)).by_code("share", pd.Index(member_codes(date(2021, 1, 1))), date(2021, 1, 1))


def test_files_with_faults_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("code;own\nGM0363;1,5\nAmsterdam;2\n")
    with pytest.raises(InputError, match=r"line 3, code: 'Amsterdam' is not a code"):
        inputs(own=path)
    with pytest.raises(MissingInputError, match=r"absent\.csv"):
        inputs(own=tmp_path / "absent.csv")


def test_a_bill_with_inputs_by_number_and_by_series() -> None:
    """Taxed share 1 and recoverable share 1: net is the amount excluding VAT, 52.3 million / 1.21."""
    data = {"taxed_share": 1, "recoverable_share": all_codes(1.0)}
    frame = open_model("funds/ggu/2020", data=data).contributions().to_frame()
    assert round(frame["net"].sum(), 2) == pytest.approx(52_300_000 / 1.21, abs=2)
    assert ((frame["contribution"] - frame["recoverable_vat"] - frame["net"]).abs() < 1e-6).all()


def test_figures_of_bodies_and_of_some_municipalities() -> None:
    need = InputNeed(unit="count", description="volumes", scope="municipality")
    codes = pd.Index(["GM0363", "XX:SSC", "XX:OD"], name="code")
    day = date(2020, 1, 1)
    volumes = pd.Series({"XX:OD": 3.0, "GM0363": 1.0, "XX:SSC": 2.0})
    assert Inputs({"v": need}, {"v": volumes}, model="m").by_code("v", codes, day).tolist() == [1.0, 2.0, 3.0]
    wrong = pd.Series({"XX:OD": 3.0, "GM0345": 1.0, "XX:NEW": 2.0})
    with pytest.raises(InputError) as caught:
        Inputs({"v": need}, {"v": wrong}, model="m").by_code("v", codes, day)
    text = str(caught.value)
    for words in ("GM0345", "GM0363", "XX:SSC: missing", "XX:NEW: takes no part"):
        assert words in text
