"""Workbooks and downloads as people have them: what is no figure is never read as one, and each slip has its remedy."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from ggu_costs.errors import InputError
from ggu_costs.reference import (
    ever_existed,
    known_years,
    municipalities,
    read_cbs,
    read_labels,
    read_table,
    steps,
)

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write rows into a workbook, and change it before it is saved."""

    def write(rows: list[list[Any]], change: Callable[[Any], None] = lambda page: None) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        path = tmp_path / "own.xlsx"
        book.save(path)
        return path

    return write


def change_part(path: Path, change: Callable[[str], str], name: str = "xl/worksheets/sheet1.xml") -> Path:
    """Change one part of a workbook, as another program may have written it."""
    with zipfile.ZipFile(path) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return path


@pytest.mark.parametrize("name", [2024, 2024.0, datetime.datetime(2024, 1, 1), datetime.date(2024, 1, 1)])
def test_a_header_may_be_a_year_or_a_day(save: Save, name: Any) -> None:
    path = save([["code", name, "naam"], ["GM0363", 1, "Amsterdam"]])
    shown = 2024 if isinstance(name, int | float) else "2024-01-01"
    for asked in (shown, str(shown), [shown]):
        assert read_table(path, value=asked).to_numpy().ravel().tolist() == [1.0]
    assert read_table(path).name == str(shown)


def test_a_year_names_the_column_of_groups_too(save: Save) -> None:
    assert read_labels(save([["code", 2024, "x"], ["GM0363", "G4", "y"]]), value=2024).tolist() == ["G4"]


def test_a_formula_without_a_stored_result_is_no_figure_and_no_code(save: Save, tmp_path: Path) -> None:
    path = save([["code", "x", "y"], ["GM0363", "=1+1", 1], ["GM0599", 5, "=B2"]])
    with pytest.raises(InputError, match=r"line 2, x: a formula without a stored result.*Open the workbook in Excel"):
        read_table(path, value="x")
    with pytest.raises(InputError, match=r"line 3, y: a formula without a stored result"):
        read_labels(path, value="y")
    assert read_table(save([["code", "x", "y"], ["GM0363", 7, "=1+1"]]), value="x").tolist() == [7.0]
    with pytest.raises(InputError, match=r"line 2, code: a formula without a stored result is not a code.*Open the"):
        read_table(save([["code", "x"], ['="GM"&"0363"', 1], ["GM0599", 5]]))
    book = xlsxwriter.Workbook(tmp_path / "own.xlsx")  # it stores a 0 with every formula
    page = book.add_worksheet()
    page.write_row(0, 0, ["code", "x"])
    page.write(1, 0, "GM0363")
    page.write_formula(1, 1, "=100*3")
    book.close()
    with pytest.raises(InputError, match="a formula without a stored result"):
        read_table(tmp_path / "own.xlsx")


def test_a_formula_with_its_result_is_a_figure_and_one_of_empty_text_is_empty(save: Save) -> None:
    def stored(text: str) -> str:
        text = re.sub(r"<f>1\+1</f><v ?/?>(?:</v>)?", "<f>1+1</f><v>2</v>", text)
        return re.sub(r'<c r="([AB]3)"[^>]*><f>A9</f><v ?/?>(?:</v>)?', r'<c r="\1" t="str"><f>A9</f><v></v>', text)

    path = save([["code", "x"], ["GM0363", "=1+1"], ["=A9", "=A9"]])
    change_part(path, stored)
    change_part(path, lambda text: text.replace('fullCalcOnLoad="1"', ""), "xl/workbook.xml")
    assert read_table(path).to_dict() == {"GM0363": 2.0}


@pytest.mark.parametrize("merge", [True, False])
def test_a_header_over_two_rows_has_a_remedy_of_its_own(save: Save, merge: bool) -> None:
    rows = [["code", "Kosten", None], [None, 2024, 2025], ["GM0363", 1, 2]]
    path = save(rows, lambda page: page.merge_cells("B1:C1") if merge else None)
    with pytest.raises(InputError) as caught:
        read_table(path)
    assert "decimal" not in str(caught.value)
    assert re.search(r"give every column (a name of its own|one name) in one row", str(caught.value), re.IGNORECASE)


def test_cells_beside_the_table_are_not_told_about_commas(save: Save) -> None:
    with pytest.raises(InputError, match=r"line 2: 3 cells; allowed: 2.*Clear what stands beside the table"):
        read_table(save([["code", "x"], ["GM0363", 1, "zie blad 2"]]))


def test_hidden_rows_are_read_and_said(save: Save) -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True

    figures = read_table(save([["code", "x"], ["GM0363", 1], ["GM0599", 2]], hide))
    assert figures.tolist() == [1.0, 2.0]
    assert figures.attrs["hidden_rows"] == "1, read like the others"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (datetime.datetime(2024, 2, 1), r"a date is not a finite number.*Excel made a date of what was typed"),
        ("25%", r"Write 0.25 for 25%"),
        ("12,5 %", r"Write 0.125 for 12,5 %"),
        ("1 234", r"Write 1234, without blanks"),
        ("1\u00a0234\u00a0567", r"Write 1234567, without blanks"),
        (True, r"True is not a finite number"),
        ("#DIV/0!", r"'#DIV/0!' is not a finite number"),
        ("x" * 30_000, r"is not a finite number"),
    ],
)
def test_each_cell_that_is_no_figure_has_its_remedy(save: Save, cell: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_table(save([["code", "x"], ["GM0363", 1], ["GM0599", cell]]))
    assert len(str(caught.value)) < 4_000


def test_a_share_that_is_shown_in_percent_is_the_share(save: Save) -> None:
    def percent(page: Any) -> None:
        page["B2"].number_format = "0%"

    assert read_table(save([["code", "x"], ["GM0363", 0.25], ["GM0599", " 12 "]], percent)).tolist() == [0.25, 12.0]


@pytest.mark.parametrize("label", ["Totaal", "totaal Nederland", None, "", "Subtotaal", "Som"])
def test_a_row_with_the_total_is_named_as_such(save: Save, label: str | None) -> None:
    with pytest.raises(InputError, match=r"line 4, code: .* is not a code.*Take out a row with the total"):
        read_table(save([["code", "x"], ["GM0363", 1], ["GM0599", 2], [label, 3]]))


def test_a_large_whole_number_in_a_table_is_a_fault_and_no_overflow() -> None:
    with pytest.raises(InputError, match="is not a finite number"):
        read_table([{"code": "GM0363", "x": 10**400}])


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_workbook_whose_sheet_is_damaged_ends_in_one_error(save: Save, part: str) -> None:
    path = change_part(save([["code", "x"], ["GM0363", 1]]), lambda text: text[: len(text) // 2], part)
    with pytest.raises(InputError, match="not a workbook that can be read"):
        read_table(path)


def test_a_cell_far_away_does_not_fill_the_memory(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    from ggu_costs.reference import _workbooks

    monkeypatch.setattr(_workbooks, "_MOST_CELLS", 10_000)
    with pytest.raises(InputError, match=r"a sheet of more than 10,000 cells"):
        read_table(save([["code", "x"], ["GM0363", 1]], lambda page: page.__setitem__("XFD9", 1)))


KWB = ["gwb_code_10", "gwb_code_8", "regio", "gm_naam", "recs", "gwb_code"]


def kwb(*columns: str, figures: dict[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [
        {"gwb_code_10": f"GM{code}", "gwb_code_8": str(int(code)), "regio": name, "gm_naam": name, "recs": "Gemeente",
         "gwb_code": f"GM{code}", **dict(zip(columns, found, strict=True))}
        for (code, name), found in zip([("0363", "Amsterdam"), ("0599", "Rotterdam")], figures["rows"], strict=True)
    ]  # fmt: skip


def test_a_column_of_codes_is_no_figure() -> None:
    found = read_cbs(kwb("a_inw", figures={"rows": ((921402,), (663900,))}))
    assert found.to_dict() == {"GM0363": 921402.0, "GM0599": 663900.0}
    assert (found.attrs["column"], found.name) == ("a_inw", "inhabitants")
    only = read_cbs(kwb("a_woning", figures={"rows": ((480000,), (330000,))}))
    assert (only.attrs["column"], only.tolist()) == ("a_woning", [480000.0, 330000.0])
    with pytest.raises(InputError, match="0 columns to choose from"):
        read_cbs(kwb(figures={"rows": ((), ())}))


def test_several_columns_that_may_be_meant_are_asked_about() -> None:
    with pytest.raises(InputError, match=r"2 columns to choose from: a_woning, a_hh\n.*column='...'"):
        read_cbs(kwb("a_woning", "a_hh", figures={"rows": ((1, 2), (3, 4))}))


@pytest.mark.parametrize("figure", [-5, "-5", -5.0])
def test_a_negative_number_of_persons_is_a_fault(figure: Any) -> None:
    with pytest.raises(InputError, match=r"GM0363: .*-5.*: a negative number of persons; allowed: 0 or more"):
        read_cbs([{"RegioS": "GM0363", "Perioden": "2023JJ00", "Inwonertal_1": figure}])


def test_every_code_of_the_tables_and_of_the_mergers_ever_existed() -> None:
    codes = {code for year in known_years() for code in municipalities(year).index}
    for code in codes.union(*((step.old, step.new) for step in steps())):
        assert ever_existed(code)
    assert not ever_existed("GM9999")
    assert ever_existed("WS:Rijnland")
