"""The sheets of a workbook in print: heights of heads, marks, words, and what stays on the screen."""

import io
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from ggu_costs.display.report import Report, Section
from ggu_costs.display.table import Table
from ggu_costs.report.workbook import workbook_bytes

CODES = pd.Index(["GM0363", "GM0345"], name="code")


def written(*tables: Table, lang: str = "nl", **more: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(Report("Fonds", tables, **more), lang=lang)))


def estimate(**attrs: Any) -> Table:
    """Return figures as a simulation gives them: an estimate, a probability, a simulation error."""
    frame = pd.DataFrame(
        {"name": ["Amsterdam", "Veenendaal"], "mean": [12_345_678.9, 1_234.5], "probability_of_loss": [0.337, 1.0],
         "mean_error": [12.0, 3.0]}, index=CODES,
    )  # fmt: skip
    frame.attrs = {
        "units": {"mean": "EUR", "probability_of_loss": "probability", "mean_error": "EUR"},
        "decimals": {"mean": -3}, **attrs,
    }  # fmt: skip
    return Table("by_municipality", "Netto", frame)


def test_a_head_of_several_lines_gets_the_height_of_them_all() -> None:
    frame = pd.DataFrame({"per_inhabitant_change_b": [0.5, -0.5], "a": [1.0, 2.0]}, index=CODES)
    sheet = written(Table("comparison", "T", frame, "EUR"))["Vergelijking"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "code")
    assert head[1].alignment.wrap_text
    assert sheet.row_dimensions[head[0].row].height >= 45
    low = written(Table("fees", "T", frame[["a"]], "EUR"))["Contributies"]
    assert low.row_dimensions[3].height in (None, 15)  # that of every row


def test_indicative_figures_say_so_on_their_sheet_and_in_its_footer() -> None:
    words = "Indicatief: aandeel in de landelijke raming, geen raming voor deze gemeente"
    book = written(estimate(indicative=True))
    assert book["Per gemeente"]["A2"].value == words
    assert words in book["Per gemeente"].oddFooter.left.text
    assert book["Samenvatting"]["A2"].value is None
    both = written(estimate(indicative=True, illustrative=True))
    assert both["Per gemeente"]["A2"].value == f"FICTIEF VOORBEELD | {words}"
    assert both["Samenvatting"]["A2"].value == "FICTIEF VOORBEELD"


def test_estimates_are_as_precise_as_they_are_shown_and_errors_are_not_printed() -> None:
    sheet = written(estimate())["Per gemeente"]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    amsterdam = rows["GM0363"]
    assert (amsterdam[2].value, amsterdam[2].number_format) == (12_346_000, "#,##0")
    assert (amsterdam[3].value, amsterdam[3].number_format) == (0.337, "0%")
    assert amsterdam[4].value == 12
    assert sheet.print_area.endswith("$A$1:$D$7")
    assert not written(Table("fees", "T", pd.DataFrame({"fee": [1.0, 2.0]}, index=CODES)))["Contributies"].print_area


def test_parts_in_words_have_a_sheet() -> None:
    texts = (("Wat kost het?", "Veel.\n" + "lang " * 60), ("=1+1", "@x"))
    book = written(estimate(), sections=[Section(title="Artikel 2", texts=texts), Section(title="Leeg")])
    sheet = book["Toelichting"]
    assert [cell.value for cell in sheet["A"]][2:] == ["Artikel 2", "Wat kost het?", "=1+1"]
    assert sheet["A5"].data_type == "s"
    assert sheet.row_dimensions[4].height == 75
    assert "Toelichting" in {cell.value for cell in book["Samenvatting"]["A"]}
    assert "Toelichting" not in written(estimate(), sections=[Section(title="Leeg")]).sheetnames


def test_lines_of_a_summary_have_their_sign_and_provenance_its_numbers() -> None:
    told = {"totals": np.array([1, 2])}
    book = written(estimate(), summary=[("difference_b", 12.5, "EUR"), ("totaal b: X", 3.0, "EUR")], provenance=told)
    rows = {row[0].value: row[1] for row in book["Samenvatting"].iter_rows() if row[0].value}
    assert rows["Verschil B met A, meer (+) / minder (-)"].number_format.startswith("+")
    assert rows["Totaal B: X"].value == 3
    assert [cell.value for cell in book["Verantwoording"]["A"]][2:] == ["Totals 1", "Totals 2"]
