import csv
import datetime
import io
import json
from decimal import Decimal
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st

from ggu_costs.display.table import Table
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.report.tables import as_text, csv_bytes, json_bytes

FRAME = pd.DataFrame(
    {
        "name": ["'s-Gravenhage", '=HYPERLINK("x")', "Súdwest; Fryslân"],
        "inhabitants": [545838.0, 24678.0, np.nan],
        "contribution": [1639938.4, -0.5, 3.0],
        "per_inhabitant": [3.004437, 0.1 + 0.2, 1e-7],
        "net": [1.0, np.nan, 2.0],
        "status": ["enacted", None, "proposed"],
        "since": [datetime.date(2020, 1, 1), None, datetime.date(2021, 1, 1)],
        "member": [True, False, True],
    },
    index=pd.Index(["GM0518", "GM0010", "GM1900"], name="code"),
)
UNITS = {"inhabitants": "inhabitants", "contribution": "EUR", "per_inhabitant": "EUR/inhabitant", "net": "EUR"}
TABLE = Table("contributions", "Bijdrage 2020", FRAME, UNITS, pm=["net"])


def test_plain() -> None:
    assert csv_bytes(TABLE).decode("utf-8").split("\n") == [
        '"code","name","inhabitants","contribution","per_inhabitant","net","status","since","member"',
        """"GM0518","'s-Gravenhage",545838,1639938.40,3.004437,1.00,"enacted",2020-01-01,true""",
        """"GM0010","'=HYPERLINK(""x"")",24678,-0.50,0.30000000000000004,,,,false""",
        '"GM1900","Súdwest; Fryslân",,3.00,0.0000001,2.00,"proposed",2021-01-01,true',
        "",
    ]


def test_dutch() -> None:
    written = csv_bytes(TABLE, style="dutch")
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == written.count(b"\n") == 4
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][:6] == ["code", "gemeente", "inwoners", "bijdrage (€)", "per inwoner (€)", "netto na BCF (€)"]
    assert rows[1] == [
        "GM0518", "'s-Gravenhage", "545838", "1639938,40", "3,004437", "1,00", "vastgesteld", "2020-01-01", "ja",
    ]  # fmt: skip
    assert rows[2][1:] == ['\'=HYPERLINK("x")', "24678", "-0,50", "0,3", "PM", "", "", "nee"]
    assert rows[3][1:4] == ["Súdwest; Fryslân", "", "3,00"]


def test_dutch_style_in_english() -> None:
    header = csv_bytes(TABLE, style="dutch", lang="en").decode("utf-8-sig").splitlines()[0]
    assert header.startswith('"code";"municipality";"inhabitants";"contribution (€)"')


BLANKS = ["\u00a0", "\u3000", " ", "\ufeff", "\u200b", "\u2060", "\u00ad", "\u2800", "\u3164", "\u200e", "\u180e"]
FORMULAS = ["=1+1", "+31 70", "-5", "@name", "\tx", "\rx", "\nx", "\uff1d1", *(f"{blank} =1" for blank in BLANKS)]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    frame = pd.DataFrame({text: ["a", text]}, index=pd.Index([text, "GM0001"], name="code"))
    for style in ("plain", "dutch"):
        written = csv_bytes(Table("t", "T", frame), style=style).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter="," if style == "plain" else ";"))
        assert [rows[0][1], rows[1][0], rows[2][1]] == ["'" + text.replace("\r", "\n")] * 3


def cells_seen(written: str, mark: str) -> list[str]:
    """Cells of a file as a program sees them that takes `mark` for what stands between columns."""
    return [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=mark) for cell in row]


@pytest.mark.parametrize("before", ["ok;", "ok,", "ok\t", "ok\n", 'a"";', "x;-3,"], ids=ascii)
def test_no_cell_is_a_formula_whatever_sign_is_taken_to_stand_between_columns(before: str) -> None:
    formulas = ["=1+1", "+A1", "-A1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\uff1d1", "-4 =1", "-a(1)"]
    notes = [f"{before}{blank}{formula}" for blank in ["", *BLANKS] for formula in formulas]
    frame = pd.DataFrame({"note": notes}, index=pd.Index([f"GM{place:04}" for place in range(len(notes))], name="code"))
    for style in ("plain", "dutch"):
        written = csv_bytes(Table("groups", "Groepen", frame), style=style).decode("utf-8-sig")
        for mark in ",;\t":
            for cell in cells_seen(written, mark):
                seen = cell.lstrip("".join(BLANKS) + " \t\n")
                assert not seen.startswith(("=", "+", "@", "\uff1d")), cell
                assert not seen.startswith("-") or seen.replace(",", "").lstrip("-").isdigit(), cell


@pytest.mark.parametrize("text", ["2020; -3,5 %", "a, -5", "x (+3; -4)", "meer (+); minder (-)", "a;b", "3 = 3"])
def test_figures_and_signs_among_words_stay_as_they_are(text: str) -> None:
    assert as_text(text) == text


def test_breaks_of_every_kind_stay_within_their_cell() -> None:
    frame = pd.DataFrame({"note": ["a\r\nb\rc\u2028d\u2029e\x85f\x1bg"]}, index=pd.Index(["GM0363"], name="code"))
    written = csv_bytes(Table("t", "T", frame)).decode()
    assert cells_seen(written, ",")[-1] == "a\nb\nc\nd\ne\\x85f\\x1bg"
    assert pd.read_csv(io.StringIO(written))["note"].tolist() == ["a\nb\nc\nd\ne\\x85f\\x1bg"]


def test_a_count_among_amounts_has_no_decimals() -> None:
    frame = pd.DataFrame({"value": [342.0, 668.2, 1.0113324], "unit": ["count", "months", "EUR/inhabitant"]},
                         index=pd.Index(["participants", "hours_saved", "saving"], name="line"))  # fmt: skip
    table = Table("business_case", "T", frame)
    assert csv_bytes(table).decode().split("\n")[1] == '"participants",342,"count"'
    column = table.columns()[1]
    assert [column.text(value) for value in column.values] == ["342", "668,20", "1,0113"]


def test_illustrative_marks_header_and_every_row() -> None:
    for style, mark in [("plain", ","), ("dutch", ";")]:
        table = Table("t", "T", FRAME, UNITS, illustrative=True)
        lines = csv_bytes(table, style=style).decode("utf-8-sig").splitlines()
        assert lines[0].endswith(f'{mark}"FICTIEF VOORBEELD"')
        assert all(line.endswith(f'{mark}"fictief"') for line in lines[1:])
        assert "FICTIEF" not in csv_bytes(TABLE, style=style).decode("utf-8-sig")
    read_back = pd.read_csv(io.BytesIO(csv_bytes(table)), index_col="code")
    assert list(read_back["contribution"]) == [1639938.4, -0.5, 3.0]


def test_what_a_result_puts_in_the_attrs_is_used() -> None:
    frame = FRAME[["name", "net"]].copy()
    frame.attrs = {
        "title": "Netto", "units": UNITS, "pm": ["net"], "total": ["net", "vat"], "notes": ["a"], "illustrative": True,
    }  # fmt: skip
    table = Table("net", "", frame)
    assert (table.title, table.notes, table.total, table.illustrative) == ("Netto", ("a",), ("net",), True)
    assert [column.unit for column in table.columns()] == ["", "", "EUR"]
    own = Table("net", "Eigen", frame, units="EUR", notes=(), total=())
    assert (own.title, own.notes, own.total) == ("Eigen", (), ())


def test_numbers_among_texts() -> None:
    frame = pd.DataFrame({"value": [Decimal("1234.50"), "PM", datetime.date(2020, 1, 1)]})
    assert csv_bytes(Table("t", "T", frame)) == b'"value"\n1234.50\n"PM"\n2020-01-01\n'
    assert csv_bytes(Table("t", "T", frame), style="dutch").decode("utf-8-sig").split() == [
        '"waarde"', "1234,50", '"PM"', "2020-01-01",
    ]  # fmt: skip


def test_empty_tables_keep_their_header() -> None:
    assert csv_bytes(Table("t", "T", FRAME.iloc[:0])).count(b"\n") == 1


def test_indicative_figures_say_so_on_every_row() -> None:
    frame = pd.DataFrame({"mean": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    frame.attrs["indicative"] = True
    table = Table("by_municipality", "T", frame)
    assert csv_bytes(table).decode().splitlines() == ['"code","mean","INDICATIEF"', '"GM0363",1.5,"indicatief"']
    dutch = csv_bytes(table, style="dutch").decode("utf-8-sig").splitlines()
    assert dutch == [
        '"code";"gemiddeld";"Indicatief: aandeel in de landelijke raming, geen raming voor deze gemeente"',
        '"GM0363";1,5;"indicatief"',
    ]  # fmt: skip


def test_bad_input() -> None:
    with pytest.raises(InputError, match="net: infinite for GM0010"):
        csv_bytes(Table("t", "T", FRAME.fillna({"net": np.inf})))
    with pytest.raises(InputError, match="total: 'fee' is no column"):
        csv_bytes(Table("t", "T", FRAME, total=["fee"]))
    with pytest.raises(UnknownNameError, match="unknown style 'excel'"):
        csv_bytes(TABLE, style=cast("Any", "excel"))
    with pytest.raises(UnknownNameError, match="unknown language 'fr'"):
        csv_bytes(TABLE, lang="fr")


@cases(100)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=20))
def test_floats_are_read_back_the_same(values: list[float]) -> None:
    frame = pd.DataFrame({"value": values})
    text = csv_bytes(Table("t", "T", frame)).decode()
    back = [float(line) if line.strip('"') else np.nan for line in text.splitlines()[1:]]
    np.testing.assert_array_equal(back, values)
    assert csv_bytes(Table("t", "T", frame)).decode() == text


def test_json_is_canonical() -> None:
    content = {
        "b": [1, 2.5, np.float64("nan"), np.int64(3), True, None],
        "a": {
            "Súdwest": Decimal("52300000.00"),
            2020: datetime.date(2020, 1, 1),
            datetime.date(2021, 1, 1): np.array([1.5]),
        },
        "s": {"z", "a"},
        "t": ("x", datetime.datetime(2020, 1, 1, 12)),
    }
    written = json_bytes(content)
    assert written == json_bytes(dict(reversed(content.items())))
    assert "Súdwest".encode() in written
    assert written.endswith(b"}\n")
    assert json.loads(written) == {
        "a": {"2020": "2020-01-01", "2021-01-01": [1.5], "Súdwest": "52300000.00"},
        "b": [1, 2.5, None, 3, True, None],
        "s": ["a", "z"],
        "t": ["x", "2020-01-01T12:00:00"],
    }


def test_json_refuses_all_it_cannot_hold_at_once() -> None:
    with pytest.raises(InputError) as error:
        json_bytes({"a": [1, float("inf")], "b": {"c": object()}, 1: 0, "1": 0})
    assert [fault.where for fault in error.value.faults] == ["content", "a[1]", "b.c"]
    with pytest.raises(InputError, match="content: inf"):
        json_bytes(float("inf"))
