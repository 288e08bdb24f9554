import builtins
import datetime
import io
from decimal import Decimal
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import GguCostsError, InputError
from ggu_costs.report import workbook
from ggu_costs.report.workbook import workbook_bytes

FRAME = pd.DataFrame(
    {
        "name": ["Amsterdam", '=HYPERLINK("x")', "Schiermonnikoog"],
        "inhabitants": [872757, 66493, 947],
        "contribution": [2622143.80, 199774.06, 2845.20],
        "difference": [-0.1, 0.2, -0.1],
        "ratio": [0.9284, 0.0707, 0.0009],
        "net": [1.5, np.nan, 2.5],
        "since": [datetime.date(2020, 1, 1), None, datetime.date(2021, 1, 1)],
        "weight": [0.5, 0.25, 1.0],
    },
    index=pd.Index(["GM0363", "GM0345", "GM0088"], name="code"),
)
UNITS = {"contribution": "EUR", "difference": "EUR", "ratio": "share", "net": "EUR"}
TABLE = Table(
    "contributions", "Bijdrage 2020", FRAME, UNITS, ("Exclusief Caribisch Nederland.",), pm=["net"],
    total=["inhabitants", "contribution", "difference", "net"],
)  # fmt: skip
SOURCES = [
    {
        "id": "vng",
        "title": "=SUM(1)",
        "url": "https://vng.nl/fonds-ggu",
        "status": "published",
        "retrieved": datetime.date(2026, 1, 2),
    },
    {"id": "own", "title": "Eigen raming", "url": "javascript:alert(1)", "status": "illustrative"},
]
PROVENANCE = {"library": "0.1.0", "model": {"id": "funds/ggu/2020", "changes": ["-key", np.int64(3), None]}}


def written(*tables: Table, lang: str = "nl", **more: Any) -> Workbook:
    report = Report(**{"title": "Fonds GGU 2020", "tables": tables} | more)
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(report, lang=lang)))


def find(sheet: Any, value: object) -> Any:
    """Return the one cell with a value."""
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == value]
    return cell


def test_sheets_and_their_order() -> None:
    book = written(TABLE, sources=SOURCES, provenance=PROVENANCE)
    assert book.sheetnames == ["Samenvatting", "Bijdragen", "Bronnen", "Verantwoording"]
    assert written(TABLE, lang="en").sheetnames == ["Summary", "Contributions"]
    assert book.properties.title == "Fonds GGU 2020"
    assert book.properties.created == datetime.datetime(2000, 1, 1)


def test_a_table_as_a_controller_sees_it() -> None:
    sheet = written(TABLE)["Bijdragen"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "Bijdrage 2020"
    assert rows[3] == [
        "code", "gemeente", "inwoners", "bijdrage (€)", "verschil, meer (+) / minder (-) (€)", "aandeel in de maatstaf",
        "netto na BCF (€)", "since", "stemmen",
    ]  # fmt: skip
    assert rows[4][:7] == ["GM0363", "Amsterdam", 872757, 2622143.8, -0.1, 0.9284, 1.5]
    assert rows[5][6] == "PM"
    assert rows[4][7] == datetime.datetime(2020, 1, 1)
    assert [rows[8][0], rows[9][0]] == [
        "Exclusief Caribisch Nederland.",
        "netto na BCF: exclusief PM (1 keer nog onbekend).",
    ]
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref == "A4:I7"
    assert sheet.print_title_rows == "$4:$4"


def test_formats() -> None:
    sheet = written(TABLE)["Bijdragen"]
    assert [cell.number_format for cell in sheet[5]] == [
        "General", "General", "#,##0", "#,##0.00", "+#,##0.00;-#,##0.00;0.00", "0.00%", "#,##0.00",
        "[$-413]d mmmm yyyy", "#,##0.00##",
    ]  # fmt: skip


def test_totals_are_live_and_carry_their_value() -> None:
    data = workbook_bytes(Report("T", (TABLE,)))
    live = openpyxl.load_workbook(io.BytesIO(data))["Bijdragen"]
    value = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Bijdragen"]
    assert [cell.value for cell in live[3]][:7] == [
        "Totaal",
        None,
        "=SUM(C5:C7)",
        "=SUM(D5:D7)",
        "=SUM(E5:E7)",
        None,
        "=SUM(G5:G7)",
    ]
    assert [cell.value for cell in value[3]][2:5] == [940197, 2824763.06, 0]
    assert value["G3"].value == 4  # without the PM item, as the note says


def test_a_total_that_is_not_known_is_no_number() -> None:
    unknown = Table("net", "Netto", FRAME[["net"]], "EUR", total=["net"])
    assert written(unknown)["Netto na BCF"]["B3"].value == "onbekend"
    only_pm = Table("net", "Netto", FRAME[["net"]] * np.nan, "EUR", total=["net"], pm=["net"])
    assert written(only_pm)["Netto na BCF"]["B3"].value == "PM"
    empty = Table("net", "Netto", FRAME[["net"]].iloc[:0], "EUR", total=["net"])
    assert written(empty)["Netto na BCF"]["B3"].value == 0
    assert written(empty)["Netto na BCF"].auto_filter.ref is None


def test_text_is_never_a_formula_or_a_link() -> None:
    book = written(TABLE, sources=SOURCES, notes=["=1+1"], provenance=PROVENANCE, summary=[("+a", "@b", "")])
    for sheet, text in [
        ("Bijdragen", '=HYPERLINK("x")'), ("Bronnen", "=SUM(1)"), ("Samenvatting", "=1+1"), ("Samenvatting", "+a"),
        ("Samenvatting", "@b"), ("Verantwoording", "-key"),
    ]:  # fmt: skip
        cell = find(book[sheet], text)
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert find(book["Bronnen"], "javascript:alert(1)").hyperlink is None
    assert find(book["Bronnen"], "https://vng.nl/fonds-ggu").hyperlink.target == "https://vng.nl/fonds-ggu"


def test_summary_sources_and_provenance() -> None:
    summary = [
        ("Totaal inclusief btw", 52_300_000.0, "EUR"),
        ("Gemeenten", 355, "count"),
        ("Peildatum", datetime.date(2020, 1, 1), ""),
    ]
    summary += [("Tarief", 3.004437, "EUR/inhabitant"), ("Netto", None, "EUR")]
    book = written(TABLE, summary=summary, sources=SOURCES, provenance=PROVENANCE, notes=["Exclusief PM."])
    first = book["Samenvatting"]
    assert find(first, "Totaal inclusief btw").offset(0, 1).value == 52_300_000
    assert find(first, "Totaal inclusief btw").offset(0, 1).number_format == "#,##0.00"
    assert find(first, "Tarief").offset(0, 1).number_format == "#,##0.00####"
    assert find(first, "Netto").offset(0, 1).value == "onbekend"
    assert find(first, "Exclusief PM.")
    assert find(first, "Bijdragen").hyperlink.location == "'Bijdragen'!A1"
    assert find(first, "Bijdragen").offset(0, 1).value == "Bijdrage 2020"
    assert find(book["Bronnen"], "own").offset(0, 3).value == "FICTIEF VOORBEELD"
    assert list(book["Verantwoording"].iter_rows(min_row=3, values_only=True)) == [
        ("Programmatuur", "0.1.0"),
        ("Model: id", "funds/ggu/2020"),
        ("Model: wijzigingen 1", "-key"),
        ("Model: wijzigingen 2", "3"),
    ]


def test_summary_lines_may_be_code_names() -> None:
    book = written(summary=[("per_inhabitant 2024", 1.92, "EUR/inhabitant"), ("values", Decimal("2.5"), "")])
    assert book.sheetnames == ["Samenvatting"]
    assert find(book["Samenvatting"], "Per inwoner 2024").offset(0, 1).value == 1.92


def test_long_notes_get_the_lines_they_need() -> None:
    book = written(Table("net", "Netto", FRAME[["net"]], "EUR", ["x" * 300]), notes=["kort", "y" * 300])
    first, net = book["Samenvatting"], book["Netto na BCF"]
    for sheet, text in [(first, "y" * 300), (net, "x" * 300)]:
        row = find(sheet, text).row
        assert sheet.row_dimensions[row].height >= 45
        assert f"A{row}:B{row}" in {str(cells) for cells in sheet.merged_cells.ranges}
    assert first.row_dimensions[find(first, "kort").row].height in (None, 15)
    alone = Table("net", "Netto", FRAME[["net"]].reset_index(drop=True), "EUR", ["een kolom"])
    assert not written(alone)["Netto na BCF"].merged_cells.ranges


def test_numbers_and_dates_among_texts() -> None:
    frame = pd.DataFrame({"value": [Decimal("1234.567"), "PM", datetime.date(2020, 1, 1), True]})
    sheet = written(Table("values", "T", frame))["Waarden en aannames"]
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=4)] == [
        1234.567,
        "PM",
        datetime.datetime(2020, 1, 1),
        "ja",
    ]


def test_illustrative_is_printed_on_every_sheet() -> None:
    illustrative = Table("example", "Voorbeeld", FRAME, UNITS, illustrative=True)
    book = written(illustrative, sources=SOURCES[:1], provenance=PROVENANCE)
    assert len(book.sheetnames) == 4
    for sheet in book:
        assert sheet["A2"].value == "FICTIEF VOORBEELD"
        assert "FICTIEF VOORBEELD" in sheet.oddFooter.left.text
    for sheet in written(TABLE, provenance=PROVENANCE):
        assert sheet["A2"].value is None


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert workbook_bytes(Report("T", (TABLE,), sources=SOURCES)) == workbook_bytes(
        Report("T", (TABLE,), sources=SOURCES)
    )


def test_sheet_names_excel_accepts() -> None:
    names = ["a/b:c*d?e[f]g\\h", "x" * 40, "X" * 40, "'quoted'", "history", "", "summary",
             "bestemming van onderbesteding 2021"]  # fmt: skip
    book = written(*[Table(name, "T", FRAME[["net"]]) for name in names])
    assert book.sheetnames[1:] == [
        "A b c d e f g h", "X" + "x" * 30, "X" * 27 + " (2)", "Quoted", "History (2)", "Blad", "Samenvatting (2)",
        "Bestemming van onderbested 2021",
    ]  # fmt: skip


def test_what_does_not_fit_in_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    long = FRAME.assign(name="x" * 32_768)
    with pytest.raises(
        InputError, match=r"'contributions' does not fit in Excel\n  - name: a text of 32768 characters"
    ):
        written(Table("contributions", "T", long))
    monkeypatch.setattr(workbook, "_MOST_ROWS", 2)
    with pytest.raises(InputError, match="3 rows; allowed: at most 2 on a sheet"):
        written(TABLE)


def test_without_xlsxwriter(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "xlsxwriter":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(GguCostsError, match=r'python -m pip install "ggu-costs\[excel\]"'):
        written(TABLE)


@cases(15)
@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=40))
def test_cents_come_back_as_the_very_same_floats(cents: list[int]) -> None:
    frame = pd.DataFrame({"contribution": np.array(cents) / 100})
    sheet = written(Table("t", "T", frame, "EUR"))["T"]
    assert [cell.value for (cell,) in sheet.iter_rows(min_row=4, max_row=3 + len(cents))] == [
        cent / 100 for cent in cents
    ]
