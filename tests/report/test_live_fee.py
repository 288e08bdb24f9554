"""A fee by brackets as live formulas: the library's cents, also when a spreadsheet computes them with other rates."""

import io
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs import open_model, tariff
from ggu_costs.allocation import Tariff
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.money import round_half_up
from ggu_costs.report.dossier import dossier, files_of
from ggu_costs.report.live import LiveFee, live_fee
from ggu_costs.report.workbook import workbook_bytes

SHEET = "Berekening"
FEE = open_model("fees/vng-contributie/2024")


def live_of(frame: Any, prices: Tariff) -> LiveFee | None:
    return live_fee(Table("fees", "Contributie", frame, tariff=prices))


def priced(mode: str) -> tuple[Any, Tariff]:
    """Fees by the tariff of 2024, by brackets or by class."""
    prices = FEE.tariff()
    prices = tariff([float(b) for b in prices.brackets], [float(r) for r in prices.rates], mode=mode)
    frame = FEE.fees().to_frame()
    frame["fee"] = [round_half_up(prices.exact(Fraction(int(n))) * 100) / 100 for n in frame["inhabitants"]]
    return frame, prices


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_the_fees_are_reproduced(year: str) -> None:
    fee = open_model(f"fees/vng-contributie/{year}")
    live = live_of(fee.fees().to_frame(), fee.tariff())
    assert live is not None
    assert live.reproduced() == list(fee.fees().cents.values())


@given(st.integers(0, 900_000), st.lists(st.integers(1, 5_000), min_size=1, max_size=4), st.booleans())
@cases(100)
def test_the_formulas_are_the_tariff(people: int, thousandths: list[int], marginal: bool) -> None:
    mode = "marginal" if marginal else "whole_class"
    bounds = [0, 5_000, 25_000, 200_000][: len(thousandths)]
    prices = tariff(bounds, [Fraction(rate, 1000) for rate in thousandths], mode=mode)
    exact = prices.exact(people)
    live = LiveFee(("GM0001",), ("x",), (float(people),), tuple(map(float, bounds)),
                   tuple(map(float, prices.rates)), marginal, (0,))  # fmt: skip
    assert live.reproduced() == [round_half_up(exact * 100)]


def test_what_the_tariff_does_not_give_has_no_sheet() -> None:
    frame, prices = FEE.fees().to_frame(), FEE.tariff()
    assert live_of(frame.assign(fee=frame["fee"] + 0.01), prices) is None
    assert live_of(frame.assign(fee=np.nan), prices) is None
    assert live_of(frame.drop(columns="inhabitants"), prices) is None
    assert live_of(frame.iloc[:0], prices) is None
    assert live_of(frame, Tariff(prices.brackets, prices.rates, prices.mode, Fraction(1))) is None
    made = workbook_bytes(Report("T", (Table("fees", "T", frame.assign(fee=1.0), tariff=prices),)))
    assert SHEET not in openpyxl.load_workbook(io.BytesIO(made)).sheetnames


def test_the_workbook_of_a_fee_has_the_sheet() -> None:
    data = files_of(dossier(FEE))["result.xlsx"]
    live = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    value = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
    assert [cell.value for cell in live[3]][:4] == [
        "Schijf", "Vanaf (inwoners)", "Tot (inwoners)", "Tarief (€ per inwoner): verander dit",
    ]  # fmt: skip
    assert live["C4"].value == "=B5"
    assert live["D11"].value == "=MAX(0,MIN(C11,$C$4)-$B$4)"
    assert live["G11"].value == "=MAX(0,C11-$B$7)"
    assert live["H11"].value == "=ROUND(D11*$D$4+E11*$D$5+F11*$D$6+G11*$D$7,2)"
    assert [round(row[0].value * 100) for row in value["H11:H352"]] == list(FEE.fees().cents.values())
    assert value["D8"].value == 0


@pytest.mark.parametrize("mode", ["marginal", "whole_class"])
def test_libreoffice_computes_the_fees_of_the_library_and_of_another_rate(tmp_path: Path, mode: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("left out: the workbook recalculated by an office suite (lacks LibreOffice)")
    frame, prices = priced(mode)
    made = workbook_bytes(Report("T", (Table("fees", "T", frame, tariff=prices),)))
    wanted = {}
    for name, first in (("same", prices.rates[0]), ("other", Fraction(205, 100))):
        book = openpyxl.load_workbook(io.BytesIO(made))  # without the stored values
        book[SHEET]["D4"] = float(first)
        book.save(tmp_path / f"{name}.xlsx")
        changed = Tariff(prices.brackets, (first, *prices.rates[1:]), mode)
        wanted[name] = [round_half_up(changed.exact(int(n)) * 100) for n in frame["inhabitants"]]
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    books = [tmp_path / f"{name}.xlsx" for name in wanted]
    command = [office, home, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "out", *books]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name, cents in wanted.items():
        sheet = openpyxl.load_workbook(tmp_path / f"out/{name}.xlsx", data_only=True)[SHEET]
        assert [round(row[0].value * 100) for row in sheet["H11:H352"]] == cents
    assert wanted["same"] != wanted["other"]
