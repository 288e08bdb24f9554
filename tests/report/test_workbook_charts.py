"""The charts of a workbook: Excel's own, over the figures that stand beside them."""

import io
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ggu_costs import open_model
from ggu_costs.display.report import Chart, Report
from ggu_costs.report.dossier import dossier, files_of
from ggu_costs.report.workbook import workbook_bytes

FRAME = pd.DataFrame(
    {"difference": [1.5, -1.5, None], "low": [1.0, -2.0, None], "high": [2.0, -1.0, None]},
    index=pd.Index(["Drenthe", "Utrecht", "Limburg"], name="province"),
)
FRAME.attrs = {"units": {"difference": "EUR", "low": "EUR", "high": "EUR"}, "pm": ["difference"]}
YEARS = pd.DataFrame({"year": [2021, 2022], "budget": [1e6, 2e6], "low": [9e5, 1e6], "high": [2e6, 3e6]})


def sheet_of(*charts: Chart) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(Report("T", (), charts=charts))))["Grafieken"]


def ranges(chart: Any) -> list[tuple[str, str]]:
    return [
        (series.cat.strRef.f if series.cat.strRef else series.cat.numRef.f, series.val.numRef.f)
        for series in chart.series
    ]


def test_a_chart_draws_the_figures_beside_it_and_no_unknown_as_zero() -> None:
    sheet = sheet_of(Chart(title="Effect", frame=FRAME, kind="bars", x="province", y=("difference",)))
    rows = [tuple(cell.value for cell in row[:2]) for row in sheet["A3:B6"]]
    assert rows == [
        ("Effect", None), ("provincie", "verschil, meer (+) / minder (-) (€)"), ("Drenthe", 1.5), ("Utrecht", -1.5),
    ]  # fmt: skip
    assert sheet["A7"].value == "verschil, meer (+) / minder (-): exclusief PM (1 keer nog onbekend)."
    (chart,) = sheet._charts
    assert ranges(chart) == [("Grafieken!$A$5:$A$6", "Grafieken!$B$5:$B$6")]


def test_lines_have_their_range_and_several_columns_a_legend() -> None:
    line = Chart(title="=1+1", frame=YEARS, kind="line", x="year", y=("budget",), low="low", high="high")
    bars = Chart(title="Beide", frame=FRAME, kind="bars", x="province", y=("low", "high"))
    first, second = sheet_of(line, bars)._charts
    assert [values for _, values in ranges(first)] == [f"Grafieken!${column}$5:${column}$6" for column in "CDB"]
    assert len(second.series) == 2
    assert second.legend is not None


def test_a_waterfall_floats_from_level_to_level() -> None:
    causes = pd.DataFrame({"change": [30.0, -10.0]}, index=pd.Index(["index", "key"], name="cause"))
    causes.attrs = {"units": {"change": "EUR"}}
    sheet = sheet_of(Chart(title="Waarom", frame=causes, kind="steps", x="cause", y=("change",), start=100.0))
    assert [[cell.value for cell in row] for row in sheet["D5:G8"]] == [
        ["was: € 100,00", 100, 0, 0], ["indexering (loon- en prijsbijstelling)", 100, 30, 0],
        ["andere verdeelsleutel", 120, 0, 10],
        ["wordt: € 120,00", 120, 0, 0],
    ]  # fmt: skip
    (chart,) = sheet._charts
    assert [values for _, values in ranges(chart)] == [f"Grafieken!${column}$5:${column}$8" for column in "EFG"]
    below = Chart(title="Onder nul", frame=causes, kind="steps", x="cause", y=("change",), start=-100.0)
    assert sheet_of(below)._charts == []


def test_amounts_along_a_probability_are_points_of_a_line() -> None:
    curve = pd.DataFrame({"amount": [1.0, 3.0], "probability": [0.1, 0.9]})
    curve.attrs = {"units": {"amount": "EUR", "probability": "share"}}
    (chart,) = sheet_of(Chart(title="Kans", frame=curve, kind="line", x="amount", y=("probability",)))._charts
    assert type(chart).__name__ == "ScatterChart"


def test_a_chart_without_known_figures_is_not_drawn() -> None:
    empty = FRAME.iloc[2:]
    assert sheet_of(Chart(title="Leeg", frame=empty, kind="bars", x="province", y=("difference",)))._charts == []


@pytest.mark.parametrize(("municipality", "charts"), [(None, 4), ("GM0345", 0)])
def test_a_run_draws_the_charts_of_its_page(municipality: str | None, charts: int) -> None:
    content = dossier(open_model("funds/ggu/2020"), municipality=municipality)
    book = openpyxl.load_workbook(io.BytesIO(files_of(content)["result.xlsx"]))
    assert len(book["Grafieken"]._charts if "Grafieken" in book.sheetnames else []) == charts
