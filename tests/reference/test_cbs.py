"""Reading what CBS gives, in the forms it gives it, and refusing what would become a wrong number."""

import copy
import json

import cbsodata
import numpy as np
import pandas as pd
import pytest
import requests
from cbsodata import cbsodata3

from ggu_costs.errors import InputError, MissingInputError, OutsidePeriodError, UnknownNameError
from ggu_costs.reference import municipalities, read_cbs

# 70072ned, a few rows: keys padded to the width of the field, all levels of region, a municipality that has ended
UNTYPED = (
    '"ID";"RegioS";"Perioden";"TotaleBevolking_1";"GemiddeldAantalInwoners_51";"Bevolkingsdichtheid_57"\n'
    '0;"NL01  ";"2024JJ00";"   17942942";"   17993485";"        533"\n'
    '1;"PV27  ";"2024JJ00";"    2974450";"    2986590";"       1117"\n'
    '2;"CR23  ";"2024JJ00";"    1455000";"          .";"          ."\n'
    '3;"GM0363";"2024JJ00";"     931298";"   932912.5";"     5604.5"\n'
    '4;"GM0344";"2024JJ00";"     374238";"   375363.5";"     3992.1"\n'
    '5;"GM0457";"2024JJ00";"          .";"          .";"          ."\n'
)


@pytest.fixture
def write(tmp_path):
    def _write(text, encoding="utf-8", name="70072ned_UntypedDataSet_21112025_103000.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return _write


def test_the_bulk_csv_untyped(write):
    path = write(UNTYPED)
    series = read_cbs(path)
    assert series.to_dict() == {"GM0344": 374_238, "GM0363": 931_298}
    assert (series.name, series.index.name, series.dtype) == ("inhabitants", "code", np.float64)
    assert series.attrs == {
        "source": str(path), "column": "TotaleBevolking_1", "period": "2024JJ00", "decimal": ".",
        "dropped": {"NL": 1, "PV": 1, "CR": 1}, "missing": ["GM0457"], "delimiter": ";", "encoding": "utf-8",
    }  # fmt: skip
    assert series["GM0363"] == municipalities(2024).loc["GM0363", "inhabitants"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8-sig", UNTYPED), ("utf-8", UNTYPED.replace("\n", "\r\n")), ("utf-8", UNTYPED.replace('"', "")),
     ("utf-8", UNTYPED.replace(";", ","))],
)  # fmt: skip
def test_the_same_file_saved_otherwise(write, encoding, text):
    assert read_cbs(write(text, encoding)).to_dict() == {"GM0344": 374_238, "GM0363": 931_298}


def test_the_bulk_csv_typed(write):
    text = UNTYPED.replace(" ", "").replace('"."', "").replace('"', "")
    series = read_cbs(write(text), column="Bevolkingsdichtheid")
    assert series.to_dict() == {"GM0344": 3992.1, "GM0363": 5604.5}
    assert series.name == "Bevolkingsdichtheid"
    assert series.attrs["missing"] == ["GM0457"]


@pytest.mark.parametrize("column", ["GemiddeldAantalInwoners", "GemiddeldAantalInwoners_51", "gemiddeldaantalinwoners"])
def test_a_column_by_its_stem(write, column):
    series = read_cbs(write(UNTYPED), column=column)
    assert series["GM0363"] == 932_912.5
    assert series.name == "GemiddeldAantalInwoners"


@pytest.mark.parametrize("suffix", ["50", "52", "54", "56"])
def test_the_running_number_does_not_matter(suffix):
    rows = [{"RegioS": "GM0363", f"Inwonertal_{suffix}": 931_298, f"Omgevingsadressendichtheid_{suffix}": 6_000}]
    assert read_cbs(rows)["GM0363"] == 931_298
    density = read_cbs(rows, column="Omgevingsadressendichtheid")
    assert (density["GM0363"], density.name) == (6_000, "address_density")


def test_columns_to_choose_from():
    row = {"RegioS": "GM0363", "Inwonertal_50": 1, "Inwonertal_56": 2, "Naam_2": "Amsterdam"}
    with pytest.raises(InputError, match=r"2 columns to choose from: Inwonertal_50, Inwonertal_56\n.*column="):
        read_cbs([row])
    with pytest.raises(InputError, match="2 columns to choose from"):
        read_cbs([row], column="Inwonertal")
    assert read_cbs([row], column="Inwonertal_56")["GM0363"] == 2
    with pytest.raises(UnknownNameError, match="unknown column in list 'Woningen'"):
        read_cbs([row], column="Woningen")
    plain = {"RegioS": "GM0363", "Naam_2": "x", "Woningen_3": "5", "Groei_4": None}
    assert read_cbs([plain]).to_dict() == {"GM0363": 5}
    with pytest.raises(InputError, match="0 columns to choose from"):
        read_cbs([{"RegioS": "GM0363", "Naam_2": "Amsterdam"}])


# periods


def periods(*names):
    return [{"RegioS": "GM0363  ", "Perioden": name, "TotaleBevolking_1": at} for at, name in enumerate(names)]


def test_several_periods_need_a_year():
    rows = periods("2023JJ00", "2024JJ00", "2024MM01")
    with pytest.raises(InputError, match=r"3 periods: 2023JJ00, 2024JJ00, 2024MM01\n.*year=2024"):
        read_cbs(rows)
    assert read_cbs(rows, year=2024).tolist() == [1]
    assert read_cbs(rows, year="2024MM01").tolist() == [2]
    assert read_cbs(rows, year="2023JJ00").attrs["period"] == "2023JJ00"
    with pytest.raises(OutsidePeriodError, match="Periods in the table: 2023JJ00, 2024JJ00, 2024MM01"):
        read_cbs(rows, year=2025)


def test_the_titles_that_get_data_gives_to_periods():
    rows = periods("2023", "2024*", "2024 januari")
    assert read_cbs(rows, year=2023).tolist() == [0]
    assert read_cbs(rows, year=2024).attrs["period"] == "2024*"
    assert read_cbs(rows, year="2024 januari").tolist() == [2]


def test_a_year_of_a_table_without_periods():
    with pytest.raises(InputError, match="no column with periods, so 2024 cannot be looked up"):
        read_cbs([{"Code_1": "GM0363", "Inwonertal_56": 1}], year=2024)


# cbsodata itself, over a made-up line


TITLES = {"GM0363": "Amsterdam", "GM0344": "Utrecht (gemeente)", "NL01  ": "Nederland", "PV26  ": "Utrecht (PV)"}
TABLES = {
    "RegioS": [{"Key": key, "Title": title, "Description": ""} for key, title in TITLES.items()],
    "Perioden": [{"Key": "2024JJ00", "Title": "2024", "Status": "Definitief"}],
    "DataProperties": [{"Key": "TotaleBevolking_1", "Title": "Totale bevolking"}],
    "TableInfos": [{"Identifier": "70072ned"}],
    "CategoryGroups": [],
    "TypedDataSet": [
        {"ID": at, "RegioS": key, "Perioden": "2024JJ00", "TotaleBevolking_1": at * 100,
         "KoppelvariabeleRegioCode_306": key if key.startswith("GM") else None}
        for at, key in enumerate(TITLES)
    ],
}  # fmt: skip
TABLES["UntypedDataSet"] = [
    {name: f"{value:>10}" if name.startswith("Totale") else value for name, value in row.items()}
    for row in TABLES["TypedDataSet"]
]
EXPECTED = {"GM0344": 100, "GM0363": 0}


@pytest.fixture
def line(monkeypatch):
    """Answer cbsodata's requests from TABLES, as the service does, without a network."""

    def send(session, request, **kwargs):
        name = request.path_url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
        value = [{"name": table} for table in TABLES] if name == "70072ned" else TABLES[name]
        reply = requests.Response()
        reply.status_code = 200
        reply._content = json.dumps({"value": copy.deepcopy(value)}).encode()
        return reply

    monkeypatch.setattr(cbsodata3.Session, "send", send)


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize("name", ["TypedDataSet", "UntypedDataSet"])
def test_get_meta_keeps_the_codes(name):
    series = read_cbs(cbsodata.get_meta("70072ned", name))
    assert series.to_dict() == EXPECTED
    assert series.attrs["dropped"] == {"NL": 1, "PV": 1}


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize("typed", [True, False])
def test_get_data_is_read_by_the_code_column_that_is_left(typed):
    rows = cbsodata.get_data("70072ned", typed=typed)
    assert rows[0]["RegioS"] == "Amsterdam"
    assert isinstance(rows[0]["TotaleBevolking_1"], str if typed else int)  # the flag works the other way round
    series = read_cbs(rows, year=2024)
    assert series.to_dict() == EXPECTED
    assert series.attrs["dropped"] == {"without code": 2}
    assert read_cbs(pd.DataFrame(rows)).to_dict() == EXPECTED


@pytest.mark.usefixtures("line")
def test_get_data_without_a_code_column():
    rows = cbsodata.get_data("70072ned", select=["RegioS", "TotaleBevolking_1"])
    for row in rows:
        del row["KoppelvariabeleRegioCode_306"]
    with pytest.raises(InputError, match=r"no column with codes.*\n.*get_meta\(table, 'TypedDataSet'\)"):
        read_cbs(rows)
    regions = cbsodata.get_meta("70072ned", "RegioS")
    assert read_cbs(rows, regions=regions).to_dict() == EXPECTED
    twice = [*regions, {"Key": "GM9999", "Title": "Amsterdam"}]
    with pytest.raises(InputError, match=r"row 1, RegioS: 'Amsterdam' stands for GM0363, GM9999"):
        read_cbs(rows, regions=twice)
    with pytest.raises(InputError, match=r"row 2, RegioS: 'Utrecht \(gemeente\)' is not in regions"):
        read_cbs(rows, regions=[region for region in regions if region["Key"] != "GM0344"])


def test_the_csv_with_titles(write):
    text = (
        '"Regio\'s";"Perioden";"Totale bevolking (aantal)";"Bevolkingsdichtheid (aantal inwoners per km²)"\n'
        '"Amsterdam";"2024*";"931298";"5604,5"\n"Utrecht (gemeente)";"2024*";"     .";"3992,1"\n"Bron: CBS"\n'
    )
    path = write(text, "utf-8-sig", "Regionale_kerncijfers_Nederland_21112025_103000.csv")
    with pytest.raises(
        InputError, match=r"columns: Regio's, Perioden, .*\nStatLine's CSV with titles .*onbewerkte dataset"
    ):
        read_cbs(path)
    regions = TABLES["RegioS"]
    series = read_cbs(path, column="Totale bevolking (aantal)", year=2024, regions=regions)
    assert series.to_dict() == {"GM0363": 931_298}
    assert (series.attrs["missing"], series.attrs["footer"]) == (["GM0344"], "Bron: CBS")
    density = read_cbs(path, column="Bevolkingsdichtheid (aantal inwoners per km²)", regions=regions)
    assert (density["GM0363"], density.attrs["decimal"]) == (5604.5, ",")


def test_the_table_as_it_is_shown_on_the_screen(write):
    text = '"Bevolking; regio"\n"Onderwerpen";"Amsterdam";"Utrecht"\n"Bevolking";"931298";"374238"\n"Bron: CBS"\n'
    with pytest.raises(InputError, match="one cell, 'Bevolking; regio', with more in the lines below"):
        read_cbs(write(text, "utf-8-sig"))


def test_districts_and_neighbourhoods():
    codes = ["NL00", "GM0363    ", "WK0363AA  ", "BU0363AA01", "WK037000  "]
    rows = [{"WijkenEnBuurten": code, "AantalInwoners_5": at} for at, code in enumerate(codes)]
    series = read_cbs(rows)
    assert series.to_dict() == {"GM0363": 1}
    assert series.attrs["dropped"] == {"NL": 1, "WK": 2, "BU": 1}


@pytest.mark.parametrize("mark", [-99997, -99995.0, "-99999999", " -99997", "-99997.0"])
def test_the_numbers_that_mean_no_figure(mark):
    rows = [{"gm_code": "GM0363", "Inwoners_1": 5}, {"gm_code": "GM0344", "Inwoners_1": mark}]
    series = read_cbs(rows)
    assert series.to_dict() == {"GM0363": 5}
    assert series.attrs["missing"] == ["GM0344"]


def test_a_table_of_areas():
    # Gebieden in Nederland: Code_1 holds the municipality, other code columns its regions; values are padded
    rows = [
        {"ID": 0, "RegioS": "Amsterdam", "Code_1": "GM0363    ", "Naam_2": "Amsterdam  ", "Code_28": "PV27  ",
         "Naam_29": "Noord-Holland", "Inwonertal_56": 931_298, "Omgevingsadressendichtheid_57": 6_280},
        {"ID": 1, "RegioS": "Utrecht (gemeente)", "Code_1": "GM0344    ", "Naam_2": "Utrecht    ", "Code_28": "PV26  ",
         "Naam_29": "Utrecht", "Inwonertal_56": 374_238, "Omgevingsadressendichtheid_57": 3_700},
    ]  # fmt: skip
    assert read_cbs(rows).to_dict() == {"GM0344": 374_238, "GM0363": 931_298}


# long observations


OBSERVATIONS = [
    {"Id": 0, "Measure": "M000352", "ValueAttribute": "None", "Value": 931_298.0, "StringValue": None,
     "RegioS": "GM0363", "Perioden": "2024JJ00"},
    {"Id": 1, "Measure": "M000352", "ValueAttribute": "None", "Value": 17_942_942.0, "StringValue": None,
     "RegioS": "NL01", "Perioden": "2024JJ00"},
    {"Id": 2, "Measure": "GM000C_1", "ValueAttribute": "None", "Value": 5604.5, "StringValue": None,
     "RegioS": "GM0363", "Perioden": "2024JJ00"},
    {"Id": 3, "Measure": "M000352", "ValueAttribute": "Impossible", "Value": None, "StringValue": None,
     "RegioS": "GM0457", "Perioden": "2024JJ00"},
]  # fmt: skip


@pytest.mark.parametrize("kind", [list, pd.DataFrame])
def test_observations(kind):
    series = read_cbs(kind(OBSERVATIONS), column="M000352", year=2024)
    assert series.to_dict() == {"GM0363": 931_298}
    assert series.attrs["missing"] == ["GM0457"]
    assert series.name == "M000352"
    assert read_cbs(kind(OBSERVATIONS), column="GM000C_1").tolist() == [5604.5]
    assert read_cbs(kind(OBSERVATIONS[:1])).tolist() == [931_298]


def test_observations_need_a_measure():
    with pytest.raises(InputError, match="2 measures: GM000C_1, M000352"):
        read_cbs(OBSERVATIONS)
    with pytest.raises(UnknownNameError, match="unknown measure in list 'M0'"):
        read_cbs(OBSERVATIONS, column="M0")


# what would become a wrong number


def one(text, **options):
    return read_cbs([{"RegioS": "GM0363", "Waarde_1": text}], column="Waarde", **options)


def test_points_and_commas():
    with pytest.raises(InputError, match=r"'107.106', which may be thousands or a fraction. State decimal"):
        one("107.106")
    assert one("107.106", decimal=".").tolist() == [107.106]
    assert one("107.106", thousands=".").tolist() == [107_106]
    assert one("0.05").tolist() == [0.05]
    assert one("0,05").attrs["decimal"] == ","
    assert one("1.234,00").tolist() == [1234]
    assert one("1.234,00").attrs["thousands"] == "."
    with pytest.raises(InputError, match="'0,05' is not a finite number"):
        one("0,05", decimal=".")
    with pytest.raises(InputError, match="'x' is not a finite number"):
        one("x")


def test_persons_are_whole():
    for rows in ([{"RegioS": "GM0363", "Inwonertal_1": 107.106}], [{"RegioS": "GM0363", "Inwonertal_1": "107.25"}]):
        with pytest.raises(InputError, match=r"is no whole number of persons.*Are these thousands"):
            read_cbs(rows)


def test_rows_that_are_there_twice():
    rows = [{"RegioS": "GM0363", "Geslacht": sex, "TotaleBevolking_1": 5, "ID": at} for at, sex in enumerate("MV")]
    with pytest.raises(InputError, match="GM0363: 2 rows, one for each Geslacht; allowed: one"):
        read_cbs(rows)
    with pytest.raises(InputError, match="GM0363: 2 rows; allowed: one"):
        read_cbs([rows[0], rows[0]])


def test_codes_that_cannot_be_read():
    rows = [{"RegioS": code, "TotaleBevolking_1": 5} for code in ("GM0363", "Totaal", 12, None, ".")]
    with pytest.raises(InputError, match=r"row 2, RegioS: 'Totaal'.*\n.*row 3, RegioS: 12 is not a code") as caught:
        read_cbs(rows)
    assert len(caught.value.faults) == 2


def test_a_wrong_encoding_or_file(write, tmp_path):
    text = UNTYPED.replace('"ID"', '"Súd"')
    with pytest.raises(InputError, match="byte 0xFA is not UTF-8"):
        read_cbs(write(text, "cp1252"))
    assert len(read_cbs(write(text, "cp1252"), encoding="cp1252")) == 2
    with pytest.raises(MissingInputError, match="cannot be read"):
        read_cbs(tmp_path / "none.csv")


def test_a_file_that_is_divided_by_something_else(write):
    with pytest.raises(InputError, match=r"no column with codes.*\n.*StatLine puts ';'"):
        read_cbs(write(UNTYPED.replace('"', "").replace(";", "|")))


def test_no_figures_at_all():
    with pytest.raises(InputError, match="no figure for any municipality"):
        read_cbs([{"RegioS": "GM0457", "TotaleBevolking_1": "       ."}])
