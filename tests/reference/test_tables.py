"""Reading the user's own figures: CSV, Excel, DataFrame; marks, encodings, codes; nothing is guessed."""

import builtins
import re
import zipfile
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from years import SPAN

from ggu_costs.errors import InputError, MissingInputError, UnknownNameError
from ggu_costs.reference import read_labels, read_table


@pytest.fixture
def write(tmp_path):
    def _write(text, name="own.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return _write


PLAIN = "code,name,volume\nGM0363,Amsterdam,12.5\nGM0599,Rotterdam,7\n"
DUTCH = "code;naam;volume\nGM0363;Amsterdam;12,5\nGM0599;Rotterdam;7\n"


@pytest.mark.parametrize("text", [PLAIN, DUTCH, PLAIN.replace(",", "\t"), PLAIN.replace("\n", "\r\n"),
                                  PLAIN.replace("12.5", '" 12.5 "'), "\n" + PLAIN + "\n\n"])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_ways_to_write_a_csv(write, text, encoding):
    series = read_table(write(text, encoding=encoding))
    assert series.to_dict() == {"GM0363": 12.5, "GM0599": 7.0}
    assert (series.name, series.index.name, series.dtype) == ("volume", "code", np.float64)


def test_attrs_say_how_it_was_read(write):
    path = write(DUTCH)
    attrs = read_table(str(path)).attrs
    assert attrs == {"source": str(path), "decimal": ",", "delimiter": ";", "encoding": "utf-8"}


def test_several_columns_and_other_participants(write):
    path = write("code;a;b\nGM0363;1;2,5\nWS:Rijnland;3;4\n")
    table = read_table(path)
    assert table.to_dict("list") == {"a": [1.0, 3.0], "b": [2.5, 4.0]}
    assert read_table(path, value="b")["WS:Rijnland"] == 4
    assert list(read_table(path, value=["b"]).columns) == ["b"]


def test_windows_1252_has_to_be_stated(write):
    path = write("code;naam;volume\nGM0363;Amsterdam;1\nGM1900;Súdwest-Fryslân;7\n", encoding="cp1252")
    with pytest.raises(InputError, match=r"own.csv line 3: byte 0xFA is not UTF-8\n.*encoding='cp1252'"):
        read_table(path)
    assert read_table(path, encoding="cp1252")["GM1900"] == 7


def test_utf_16_has_to_be_stated(write):
    path = write(PLAIN, encoding="utf-16")
    for stated in (None, "cp1252"):
        with pytest.raises(InputError, match="the file is utf-16"):
            read_table(path, encoding=stated)
    assert len(read_table(path, encoding="utf-16")) == 2


def test_a_byte_order_mark_beats_a_wrong_encoding(write):
    assert len(read_table(write(PLAIN, encoding="utf-8-sig"), encoding="cp1252")) == 2


def test_an_encoding_that_does_not_exist(write):
    with pytest.raises(InputError, match="encoding 'utf-99' does not exist"):
        read_table(write(PLAIN), encoding="utf-99")


# points and commas


@pytest.mark.parametrize("mark", [".", ","])
def test_thousands_or_a_fraction_has_to_be_stated(write, mark):
    text = f"code;volume\nGM0363;107{mark}106\nGM0599;950\n"
    with pytest.raises(InputError, match=f"line 2, volume: '107\\{mark}106', which may be thousands or a fraction"):
        read_table(write(text))
    other = "," if mark == "." else "."
    assert read_table(write(text), decimal=mark)["GM0363"] == 107.106
    assert read_table(write(text), thousands=mark)["GM0363"] == 107_106
    assert read_table(write(text), decimal=other, thousands=mark)["GM0363"] == 107_106
    with pytest.raises(InputError, match=f"'107\\{mark}106' is not a finite number; allowed: digits, '\\{other}'"):
        read_table(write(text), decimal=other)


@pytest.mark.parametrize("decided", ["0.125", "1234.567", "12.5", "-0.001"])
def test_another_figure_of_the_file_decides(write, decided):
    series = read_table(write(f"code;volume\nGM0363;107.106\nGM0599;{decided}\n"))
    assert series.tolist() == [107.106, float(decided)]


@pytest.mark.parametrize("number", ["1.234,00", "-1.234,5", "1.234.567", "1.234.567,25"])
def test_a_figure_that_can_be_read_in_one_way_only_decides(write, number):
    value = float(number.replace(".", "").replace(",", "."))
    for dutch in (True, False):
        texts = [number, "107.106", "12,5"]
        if not dutch:
            texts = [text.translate(str.maketrans(".,", ",.")) for text in texts]
        series = read_table(pd.DataFrame({"code": ["GM0363", "GM0599", "GM0014"], "v": texts}))
        assert series.tolist() == [value, 107_106, 12.5]
        assert (series.attrs["decimal"], series.attrs["thousands"]) == ((",", ".") if dutch else (".", ","))


def test_points_and_commas_that_contradict(write):
    def texts(*cells):
        return pd.DataFrame({"code": ["GM0363", "GM0599"], "v": cells})

    for cells in (("1,234.50", "1.234,50"), ("12.5", "7,25"), ("107.106", "7,25")):
        told = f"row 1, v: '{cells[0]}', and '{cells[1]}' at DataFrame row 2, v: points and commas. State decimal"
        with pytest.raises(InputError, match=re.escape(told)):
            read_table(texts(*cells))
    with pytest.raises(InputError, match=r"row 2, v: '12.5' is not a finite number; .*',' for a fraction, '.' for tho"):
        read_table(texts("1.234,50", "12.5"))
    assert read_table(texts("107.106", "7,25"), thousands=".").tolist() == [107_106, 7.25]
    with pytest.raises(InputError, match=r"'1.234,50' is not a finite number; .*for a fraction. State thousands='.'."):
        read_table(texts("1.234,50", "7"), decimal=",")


@pytest.mark.parametrize("text", ["1O0", "€ 5", "5%", "=1+1", "nan", "inf", "1e999", "1 000", "12.", "--1", "1.2.3"])
def test_what_is_no_number(write, text):
    with pytest.raises(InputError, match=r"line 2, volume: .*is not a finite number"):
        read_table(write(f"code;volume\nGM0363;{text}\n"), decimal=".")


@pytest.mark.parametrize(("text", "number"), [("1e3", 1000), ("+5", 5), ("-2.5", -2.5), (".5", 0.5), ("1.5E-2", 0.015)])
def test_what_is_a_number(write, text, number):
    assert read_table(write(f"code;volume\nGM0363;{text}\n"))["GM0363"] == number


def test_groups_of_thousands_have_to_be_whole(write):
    with pytest.raises(InputError, match=r"'10.71' is not a finite number"):
        read_table(write("code;volume\nGM0363;10.71\nGM0599;1.000\n"), thousands=".")


@pytest.mark.parametrize(
    ("marks", "message"),
    [({"decimal": ";"}, "decimal is ';'"), ({"thousands": " "}, "thousands is"),
     ({"decimal": ".", "thousands": "."}, "are both")],
)  # fmt: skip
def test_other_marks(write, marks, message):
    with pytest.raises(InputError, match=message):
        read_table(write(PLAIN), **marks)


@cases(50)
@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1, max_size=5), st.sampled_from(".,"))
def test_two_decimals_come_back_whatever_the_mark(values, mark):
    codes = ["GM0363", "GM0599", "GM0518", "GM0344", "GM0014"][: len(values)]
    texts = [f"{value:.2f}".replace(".", mark) for value in values]
    assert read_table(pd.DataFrame({"code": codes, "v": texts})).tolist() == values


# codes


def test_all_faults_with_their_lines(write):
    text = (
        "code;naam;volume\nGM0363;x;1\n363;x;2\n0599;x;3\nAmsterdam;x;4\ngm0518;x;5\nGM9999;x;6\nGM0363;x;7\n\n;x;8\n"
        "GM0344;x;\nGM0014;x;abc\n=SOM(A1);x;9\nGM12345;x;1\n"
    )
    with pytest.raises(InputError, match="these figures cannot be used") as caught:
        read_table(write(text))
    texts = [str(fault).split("own.csv ")[1] for fault in caught.value.faults]
    assert texts == [
        "line 3, code: '363' is not a code; allowed: GM0363, or XX:NAME. Write GM0363.",
        "line 4, code: '0599' is not a code; allowed: GM0363, or XX:NAME. Write GM0599.",
        "line 5, code: 'Amsterdam' is not a code; allowed: GM0363, or XX:NAME. Write GM0363.",
        "line 6, code: 'gm0518' is not a code; allowed: GM0363, or XX:NAME. Write GM0518.",
        f"line 7, code: no municipality of {SPAN} has code GM9999",
        "line 8, code: GM0363 again, after line 2; allowed: every code once",
        "line 10, code: '' is not a code; allowed: GM0363, or XX:NAME",
        "line 13, code: '=SOM(A1)' is not a code; allowed: GM0363, or XX:NAME",
        "line 14, code: 'GM12345' is not a code; allowed: GM0363, or XX:NAME",
        "line 11, volume: empty; allowed: a value. Fill it in; a zero is written as 0.",
        "line 12, volume: 'abc' is not a finite number; allowed: digits, '.' for a fraction",
    ]


def test_ended_municipalities_can_be_read(write):
    assert read_table(write("code;volume\nGM0140;5\n"))["GM0140"] == 5


def test_columns_that_are_not_there(write):
    path = write(PLAIN)
    with pytest.raises(UnknownNameError, match=r"column with codes in .*'gemeentecode'.*\nName the column"):
        read_table(path, code="gemeentecode")
    with pytest.raises(UnknownNameError, match="Did you mean 'volume'"):
        read_table(path, value="volumes")
    assert len(read_table(write(PLAIN.replace("code", "gm")), code="gm")) == 2


def test_only_codes(write):
    with pytest.raises(InputError, match="no column beside the codes"):
        read_table(write("code,name\nGM0363,Amsterdam\n"))


# layout


def test_a_wrong_delimiter(write):
    with pytest.raises(UnknownNameError, match="read with ',' between columns"):
        read_table(write("code;volume\nGM0363;5\n"), delimiter=",")
    with pytest.raises(InputError, match="delimiter is ';;'"):
        read_table(write(PLAIN), delimiter=";;")


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "sep=;;\n"])
def test_the_first_line_of_excel_names_the_mark(write, first):
    text = first + "code;a, b, c\nGM0363;1,5\nGM0599;x\n"
    for encoding in ("utf-8", "utf-8-sig"):
        with pytest.raises(InputError, match=r"line 4, a, b, c: 'x' is not"):
            read_table(write(text, encoding=encoding))
        assert read_table(write(text.replace("x", "2"), encoding=encoding)).tolist() == [1.5, 2]
    assert read_table(write("sep=|\ncode|v\nGM0363|1\n")).attrs["delimiter"] == "|"
    assert read_table(write("sep=;\ncode,v\nGM0363,1\n"), delimiter=",").tolist() == [1]


@pytest.mark.parametrize("header", ["code;Inwoners, man, vrouw", 'code;"Inwoners, man, vrouw"',
                                    "code,Inwoners; man; vrouw", 'code,"Inwoners; man; vrouw"'])  # fmt: skip
@pytest.mark.parametrize("figure", ["7", "1.5", "1,5"])
def test_marks_in_the_name_of_a_column(write, header, figure):
    mark = header[4]
    row = f"GM0363{mark}{figure}" if mark == ";" else f'GM0363,"{figure}"'
    series = read_table(write(f"{header}\n{row}\n"))
    assert series.name == header[5:].strip('"')
    assert series.tolist() == [float(figure.replace(",", "."))]


def test_empty_cells_behind_the_last_column(write):
    assert read_table(write("code;v;;\nGM0363;1;;\n;;;\nGM0599;2;;\n")).tolist() == [1, 2]
    with pytest.raises(InputError, match=r"line 2: 3 cells; allowed: 2"):
        read_table(write("code;v;\nGM0363;1;2\n"))


def test_what_pandas_writes(write):
    figures = pd.Series({"GM0363": 1.5, "GM0599": 2}, name="v")
    assert read_table(write(figures.to_csv())).to_dict() == figures.to_dict()
    numbered = figures.rename_axis("code").reset_index()
    with pytest.raises(InputError, match=r"column 1 has no name\nName it, take it out"):
        read_table(write(numbered.to_csv()))
    assert read_table(write(numbered.to_csv()), value="v").to_dict() == figures.to_dict()


def test_a_title_above_and_a_source_below(write):
    with pytest.raises(
        InputError, match=r"header: one cell, 'Kosten 2024', with more in the lines below.*title"
    ) as got:
        read_table(write("Kosten 2024\n\ncode;v\nGM0363;1\n"))
    assert len(got.value.faults) == 1
    for below in ("Bron: CBS", "Source: CBS;", "© CBS"):
        series = read_table(write(f"code;v\nGM0363;1\n{below}\n"))
        assert (series.tolist(), series.attrs["footer"]) == ([1], below.strip(";"))
    with pytest.raises(InputError, match="line 3: 1 cells"):
        read_table(write("code;v\nGM0363;1\nTotaal\n"))


def test_a_column_of_words_is_one_fault(write):
    text = "code;provincie;v\nGM0363;Noord-Holland;1\nGM0599;Zuid-Holland;2\n"
    with pytest.raises(InputError, match=r"own.csv, provincie: words only, such as 'Noord-Holland'.*value=") as caught:
        read_table(write(text))
    assert len(caught.value.faults) == 1
    assert read_table(write(text), value="v").tolist() == [1, 2]


def test_files_that_are_no_csv(write, tmp_path):
    for name in ("own.xls", "own.xlsx", "own.csv"):
        with pytest.raises(InputError, match=r"an old Excel file \(.xls\), or one with a password\nSave it as .xlsx"):
            read_table(write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9), name=name))
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as packed:
        packed.writestr("own.csv", PLAIN)
    with pytest.raises(InputError, match=r"a zip file or a workbook, not a CSV file\nUnpack it"):
        read_table(tmp_path / "own.zip")
    with pytest.raises(InputError, match=r"not text in UTF-8: it holds zero bytes\n.*encoding='utf-16-le'"):
        read_table(write(PLAIN, encoding="utf-16-le"))
    assert len(read_table(write(PLAIN, encoding="utf-16-le"), encoding="utf-16-le")) == 2


def test_a_decimal_comma_between_commas(write):
    with pytest.raises(InputError, match=r"line 2: 3 cells; allowed: 2, as the header has. A decimal comma"):
        read_table(write("code,volume\nGM0363,12,5\nGM0599,7\n"))


def test_short_lines_double_columns_and_open_quotes(write):
    with pytest.raises(InputError, match=r"2 columns named 'a'.*\n.*line 2: 2 cells; allowed: 3"):
        read_table(write("code;a;a\nGM0363;1\n"))
    with pytest.raises(InputError, match=r"line \d: .*\nCheck the quotes"):
        read_table(write('code;a\nGM0363;"1\n'))


@pytest.mark.parametrize("text", ["", "\n\n", "code;volume\n"])
def test_no_rows(write, text):
    with pytest.raises(InputError, match="no rows"):
        read_table(write(text))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(MissingInputError, match=r"none.csv: cannot be read") as caught:
        read_table(tmp_path / "none.csv")
    assert caught.value.names == (str(tmp_path / "none.csv"),)


@pytest.mark.parametrize("source", [5, [], [1, 2], {"a": 1}])
def test_what_is_no_table(source):
    with pytest.raises(InputError, match="is not a table with rows"):
        read_table(source)


# frames and lists


def test_data_frames():
    figures = pd.DataFrame({"code": ["GM0363", "GM0599"], "volume": [1.5, 2]})
    assert read_table(figures).tolist() == [1.5, 2]
    assert read_table(figures.set_index("code")).tolist() == [1.5, 2]
    assert read_table(figures.set_index("code").rename_axis(None)).tolist() == [1.5, 2]
    assert read_table(figures.to_dict("records"))["GM0599"] == 2
    with pytest.raises(InputError, match="DataFrame row 2, volume: empty"):
        read_table(figures.assign(volume=[1, np.nan]))
    with pytest.raises(InputError, match="row 1, volume: inf is not a finite number"):
        read_table(figures.assign(volume=[np.inf, 1]))
    with pytest.raises(InputError, match="row 1, volume: True is not a finite number"):
        read_table(figures.assign(volume=[True, False]))
    with pytest.raises(UnknownNameError, match="column with codes in DataFrame"):
        read_table(figures.rename(columns={"code": "gm"}))


# labels


def test_labels_may_repeat_a_code(write):
    path = write("code;naam;groep\nGM0363;Amsterdam;G4\nGM0363;Amsterdam;=noord\nGM1900;Súd;7\n", encoding="cp1252")
    labels = read_labels(path, encoding="cp1252")
    assert list(labels.items()) == [("GM0363", "G4"), ("GM0363", "=noord"), ("GM1900", "7")]
    assert (labels.name, labels.index.name) == ("groep", "code")
    assert read_labels(pd.DataFrame({"gm": ["GM0363"], "a": ["x"], "b": ["y"]}), code="gm", value="b").tolist() == ["y"]
    assert read_labels(write("gm|g\nGM0363|G4\n"), code="gm", delimiter="|").tolist() == ["G4"]


# workbooks


@pytest.fixture
def workbook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")

    def _workbook(rows, title="Blad1"):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = title
        for row in rows:
            sheet.append(row)
        for cell in sheet["B"]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "s"
        book.create_sheet("leeg")
        path = tmp_path / "own.xlsx"
        book.save(path)
        return path

    return _workbook


def test_a_workbook(workbook):
    path = workbook([["code", "naam", "volume"], ["GM0363", "=HYPERLINK(1)", 12.5], [], ["GM0599", "x", "7"]])
    series = read_table(path)
    assert series.to_dict() == {"GM0363": 12.5, "GM0599": 7}
    assert series.attrs["sheet"] == "Blad1"
    assert read_table(path, sheet="Blad1").tolist() == [12.5, 7]
    assert read_labels(path, value="volume", sheet="Blad1").tolist() == ["12.5", "7"]


def test_faults_of_a_workbook(workbook):
    path = workbook([["code", "volume", None], ["GM0363", "=1+1", None], [363, None, None], ["GM0599", 1, "loose"]])
    with pytest.raises(InputError, match=r"own.xlsx line 4: 3 cells; allowed: 2"):
        read_table(path)
    path = workbook([["code", "volume"], ["GM0363", "=1+1"], [363, None], ["GM0599", "=2"]])
    with pytest.raises(InputError) as caught:
        read_table(path)
    texts = [str(fault).split("own.xlsx ")[1] for fault in caught.value.faults]
    assert texts == [
        "line 3, code: 363 is not a code; allowed: GM0363, or XX:NAME. Write GM0363.",
        "line 3, volume: empty; allowed: a value. Fill it in; a zero is written as 0.",
        "line 2, volume: '=1+1' is not a finite number; allowed: digits, '.' for a fraction",
        "line 4, volume: '=2' is not a finite number; allowed: digits, '.' for a fraction",
    ]
    with pytest.raises(InputError, match="no rows"):
        read_table(path, sheet=1)
    for sheet in ("Blad2", 2, -1):
        with pytest.raises(UnknownNameError, match="unknown sheet"):
            read_table(path, sheet=sheet)


def test_a_workbook_that_states_too_small_an_area(workbook):
    path = workbook([["code", "volume"], ["GM0363", 1], ["GM0599", 2], ["GM0014", None]])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    page = "xl/worksheets/sheet1.xml"
    assert b'ref="A1:B4"' in parts[page]
    parts[page] = parts[page].replace(b'ref="A1:B4"', b'ref="A1:B2"')
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    with pytest.raises(InputError, match="line 4, volume: empty"):
        read_table(path)


def test_a_workbook_with_a_coloured_cell_beside_it(workbook):
    import openpyxl

    path = workbook([["code", "volume"], ["GM0363", 1]])
    book = openpyxl.load_workbook(path)
    for place in ("C1", "D2"):
        book.active[place].fill = openpyxl.styles.PatternFill("solid", start_color="FFFF00")
    book.save(path)
    assert read_table(path).to_dict() == {"GM0363": 1}


def test_a_workbook_with_a_title(workbook):
    with pytest.raises(InputError, match="header: one cell, 'Kosten', with more in the lines below"):
        read_table(workbook([["Kosten"], ["code", "volume"], ["GM0363", 1]]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [
    np.complex128(1 + 2j), np.timedelta64(5, "D"), np.array([5.0]), pd.Series([5.0]), np.bool_(True), np.ma.masked, {1},
    Decimal("sNaN"), Fraction(10**400),
])  # fmt: skip
def test_what_only_turns_into_a_number_is_no_figure(value):
    with pytest.raises(InputError, match="row 1, x: "):
        read_table([{"code": "GM0363", "x": value}])


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.int8(2), np.array(2.0), Decimal(2), Fraction(2), "2"])
def test_a_number_of_any_kind_is_a_figure(value):
    assert read_table([{"code": "GM0363", "x": value}]).tolist() == [2.0]


def test_what_is_no_workbook(write):
    with pytest.raises(InputError, match=r"not a workbook that can be read.*\n.*\.xlsx"):
        read_table(write(PLAIN, name="own.xlsx"))


def test_without_openpyxl(write, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingInputError, match=r"pip install 'ggu-costs\[excel\]'"):
        read_table(write(PLAIN, name="own.xlsx"))


@pytest.mark.parametrize(
    ("data", "says", "remedy"),
    [
        ("code;v\nGM0363;1\n".encode("utf-32"), "the file is utf-32", "encoding='utf-32'"),
        ("code;v\nGM0363;1\n".encode("utf-32-be"), "it holds zero bytes", "encoding='utf-32-be'"),
        ("code;v\nGM0363;1\n".encode("utf-16-be"), "it holds zero bytes", "encoding='utf-16-be'"),
        ("code;v\nGM0363;1\n".encode("utf-16-le"), "it holds zero bytes", "encoding='utf-16-le'"),
        (b"code;v\nGM0363;1\0\n", "it holds zero bytes", "Save it as 'CSV UTF-8'."),
        (b"\x1f\x8b\x08\0\0", "a zip file", "Unpack it"),
    ],
)
def test_the_remedy_for_other_bytes_is_one_that_works(tmp_path, data, says, remedy):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_table(path)
    assert says in str(raised.value)
    assert str(raised.value).rstrip(".").endswith(remedy.rstrip(".")) or remedy in str(raised.value)
    if raised.value.option:
        stated = raised.value.option.split("'")[1]
        assert read_table(path, encoding=stated).tolist() == [1.0]


@pytest.mark.parametrize("encoding", ["undefined", "punycode", "idna", "nope", "rot13"])
def test_an_encoding_that_gives_no_text_is_refused(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("code;v\nGM0363;é\n".encode())
    with pytest.raises(InputError):
        read_table(path, encoding=encoding)


@pytest.mark.parametrize(
    ("figures", "read"),
    [
        (["1,5E3", "2,1E+05"], [1500.0, 210_000.0]),
        (["1.5E3", "2.1e-2"], [1500.0, 0.021]),
        (["1,5E3", "1.234"], [1500.0, 1234.0]),
        (["1E3", "2,5"], [1000.0, 2.5]),
    ],
)
def test_an_exponent_tells_which_mark_is_of_decimals(write, figures, read):
    rows = zip(["GM0363", "GM0599"], figures, strict=True)
    assert read_table(write("code;v\n" + "\n".join(";".join(row) for row in rows))).tolist() == read


def test_exponents_that_contradict_are_asked_about(write):
    with pytest.raises(InputError, match="points and commas"):
        read_table(write("code;v\nGM0363;1,5E3\nGM0599;1.5E3"))


def test_a_workbook_of_strict_open_xml_says_how_to_save_it(workbook, tmp_path):
    plain, strict = workbook([["code", "v"], ["GM0363", 1]]), tmp_path / "strict.xlsx"
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(strict, "w") as copied:
        for name in parts.namelist():
            text = parts.read(name).replace(b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml")
            copied.writestr(name, text)
    with pytest.raises(InputError, match="Strict Open XML"):
        read_table(strict)
