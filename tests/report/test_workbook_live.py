"""The allocation of a fund year as live formulas: the library's cents, also when a spreadsheet computes them itself."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs import largest_remainder, open_model
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.report.live import Live, live_allocation
from ggu_costs.report.workbook import workbook_bytes

SHEET = "Berekening"


def live_of(frame: pd.DataFrame, **more: Any) -> Live | None:
    return live_allocation(Table("contributions", "", frame, **more))


def allocation(weights: list[float], cents: Any) -> Live:
    codes = tuple(f"GM{place:04d}" for place in range(len(weights)))
    return Live(codes, codes, tuple(weights), "inwoners", tuple(int(x) for x in cents))


@given(st.lists(st.integers(0, 1_000_000), min_size=1, max_size=30).filter(any), st.integers(0, 10**11))
@cases(100)
def test_the_formulas_are_largest_remainders(weights: list[int], total: int) -> None:
    live = allocation([float(weight) for weight in weights], largest_remainder(total, weights))
    assert live.whole
    assert live.reproduced() == list(live.cents)


@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=30), st.integers(0, 10**10))
@cases(100)
def test_shares_that_are_not_whole_still_add_up(weights: list[float], total: int) -> None:
    cents = largest_remainder(total, weights)
    found = allocation(weights, cents).reproduced()
    assert sum(found) == total
    assert np.abs(np.array(found) - cents).max() <= 1


@pytest.mark.parametrize("model", ["funds/ggu/2018", "funds/ggu/2019", "funds/ggu/2020"])
def test_the_bill_of_the_fund_is_reproduced(model: str) -> None:
    bill = open_model(model).contributions()
    live = live_of(bill.to_frame())
    assert live is not None
    assert live.reproduced() == list(bill.cents.values())
    assert (live.total, live.weighed_by) == (5_230_000_000, "inwoners")


def test_a_mixed_key_is_computed_from_the_share() -> None:
    bill = open_model("funds/ggu/2020").with_changes(key={"inhabitants": 0.8, "equal": 0.2}).contributions()
    live = live_of(bill.to_frame())
    assert live is not None
    assert not live.whole
    assert live.reproduced() == list(bill.cents.values())
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(Report("T", (Table("t", "", bill.to_frame()),)))))[SHEET]
    assert sheet["E12"].value == "=ROUND($C$7*C12/$C$5-D12,6)"


def test_what_is_no_proportional_allocation_has_no_sheet() -> None:
    frame = open_model("funds/ggu/2020").contributions().to_frame()
    assert live_of(frame.assign(method="rate")) is None
    assert live_of(frame.drop(columns="ratio")) is None
    assert live_of(frame, total=()) is None
    assert live_of(frame.iloc[:0]) is None
    assert live_of(frame.assign(contribution=-frame["contribution"])) is None
    assert live_of(frame.assign(contribution=np.nan)) is None
    assert live_of(frame.assign(inhabitants=0)) is None
    other = frame.copy()
    other.iloc[0, 2] += 0.01  # amounts that the key does not give, such as with a settlement in them
    other.iloc[1, 2] -= 0.01
    assert live_of(other) is None
    assert (
        SHEET
        not in openpyxl.load_workbook(io.BytesIO(workbook_bytes(Report("T", (Table("t", "", other),))))).sheetnames
    )


def workbook(frame: pd.DataFrame, **more: Any) -> bytes:
    return workbook_bytes(Report("Fonds GGU 2020", (Table("contributions", "", frame, **more),)))


def test_the_sheet_has_formulas_with_their_values() -> None:
    bill = open_model("funds/ggu/2020").contributions()
    data = workbook(bill.to_frame(), illustrative=True)
    live = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    value = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
    assert live["A2"].value == "FICTIEF VOORBEELD"
    assert [cell.value for cell in live[12]][:3] == ["Code", "Gemeente", "Inwoners"]
    assert live["G13"].value == "=(D13+IF(F13<=$C$9,1,0))/100"
    assert [round(row[0].value * 100) for row in value["G13:G367"]] == list(bill.cents.values())
    assert [row[0].value for row in value["H13:H367"]] == [row[0].value for row in value["G13:G367"]]
    assert value["C10"].value == 0
    assert live.freeze_panes == "C13"


def recalculated(data: bytes, folder: Path, total: float) -> Any:
    """Change the total, throw all stored values away, and let LibreOffice compute the workbook."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("left out: the workbook recalculated by an office suite (lacks LibreOffice)")
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[SHEET]["C3"] = total
    (folder / "in").mkdir()
    book.save(folder / "in/result.xlsx")
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "xlsx", "--outdir", folder, folder / "in/result.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(folder / "result.xlsx", data_only=True)


def test_libreoffice_computes_the_cents_of_the_library(tmp_path: Path) -> None:
    bill = open_model("funds/ggu/2020").contributions()
    book = recalculated(workbook(bill.to_frame()), tmp_path, 52_300_000)
    computed = [round(row[0].value * 100) for row in book[SHEET]["G12:G366"]]
    assert computed == list(bill.cents.values())
    assert book[SHEET]["C9"].value == 0
    assert book["Bijdragen"]["D3"].value == 52_300_000  # the live total above the table


@pytest.mark.parametrize("key", [{"inhabitants": 1}, {"inhabitants": 0.8, "equal": 0.2}])
def test_libreoffice_computes_another_total_as_the_library_does(tmp_path: Path, key: dict[str, float]) -> None:
    fund = open_model("funds/ggu/2020").with_changes(key=key)
    book = recalculated(workbook(fund.contributions().to_frame()), tmp_path, 54_321_098.76)
    computed = [round(row[0].value * 100) for row in book[SHEET]["G12:G366"]]
    assert computed == list(fund.with_changes(total=Decimal("54321098.76")).contributions().cents.values())
