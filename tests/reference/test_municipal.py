"""A year's municipalities, inhabitants on a date, regions and positions."""

import datetime

import numpy as np
import pandas as pd
import pytest
from years import BEYOND, LAST, PERIOD, SPAN

from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError
from ggu_costs.reference import (
    column_kind,
    figures,
    inhabitants_on,
    members,
    municipalities,
    positions,
    regions,
)

# counts, sums and the three municipalities as the notes on the tables print them
YEARS = {
    2018: (380, 17_181_084, 854_047, 638_712, 932),
    2019: (355, 17_282_163, 862_965, 644_618, 936),
    2020: (355, 17_407_585, 872_757, 651_157, 947),
    2021: (352, 17_475_415, 873_338, 651_631, 931),
    2022: (345, 17_590_672, 882_633, 655_468, 944),
    2023: (342, 17_811_291, 918_117, 663_900, 982),
    2024: (342, 17_942_942, 931_298, 670_610, 972),
    2025: (342, 18_044_027, 934_526, 672_960, 971),
}


@pytest.mark.parametrize("year", YEARS)
def test_counts_and_sums(year):
    table = municipalities(year)
    inhabitants = table["inhabitants"]
    assert (len(table), inhabitants.sum(), *inhabitants[["GM0363", "GM0599", "GM0088"]]) == YEARS[year]
    assert inhabitants.dtype == np.int64
    assert list(table.columns[:4]) == ["name", "province", "inhabitants", "size_class"]
    assert table.index.name == "code"
    assert table["province"].nunique() == 12


@pytest.mark.parametrize("year", YEARS)
def test_size_class_follows_from_inhabitants(year):
    table = municipalities(year)
    bounds = [5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000]
    assert (table["size_class"] == 1 + np.searchsorted(bounds, table["inhabitants"], side="right")).all()


def test_urbanity_follows_from_address_density():
    table = municipalities(2024)
    expected = 5 - np.searchsorted([500, 1000, 1500, 2500], table["address_density"], side="right")
    assert (table["urbanity_class"] == expected).all()


def test_sums_of_other_columns():
    assert round(municipalities(2021)["land_area_km2"].sum(), 2) == 33_671.12
    table = municipalities(2024)
    assert round(table["land_area_km2"].sum(), 2) == 33_647.23
    assert table["dwellings"].sum() == 8_204_049
    assert table["households"].sum() == 8_374_404
    assert municipalities(2022)["dwellings"].sum() == 8_045_580


def test_columns_are_those_with_figures():
    assert list(municipalities(2018).columns) == ["name", "province", "inhabitants", "size_class", "province_code"]
    assert "safety_region" in municipalities(2025)
    chosen = municipalities(2024, columns=["dwellings", "inhabitants"])
    assert list(chosen.columns) == ["name", "province", "inhabitants", "size_class", "dwellings"]
    assert list(municipalities(2024, columns="dwellings").columns)[-1] == "dwellings"
    assert list(municipalities(2024, columns=[]).columns) == ["name", "province", "inhabitants", "size_class"]


def test_attrs_say_what_the_figures_are():
    attrs = municipalities(2024, columns=["address_density"]).attrs
    assert attrs["date"] == "2024-01-01"
    assert attrs["units"]["address_density"] == "addresses per km2"
    assert attrs["kinds"] == {
        "name": "label", "province": "label", "inhabitants": "total", "size_class": "class", "address_density": "rate",
    }  # fmt: skip
    assert "CBS" in attrs["sources"]["inhabitants"]
    assert "computed" in attrs["sources"]["size_class"]
    assert "Bonaire" in attrs["note"]


def test_a_partly_empty_column_stays_nan():
    water = municipalities(2021, columns=["water_area_km2"])["water_area_km2"]
    assert water.index[water.isna()].tolist() == ["GM0417", "GM0888", "GM0965"]


def test_frames_are_copies():
    table, places = municipalities(2020), positions()
    table.loc["GM0363", "inhabitants"] = places.loc["GM0363", "longitude"] = 0
    region, inhabitants = regions("corop", 2026), inhabitants_on("2020-01-01")
    region["GM0363"], inhabitants["GM0363"] = "x", 0
    table.attrs["units"]["inhabitants"] = "x"
    assert municipalities(2020).attrs["units"]["inhabitants"] == "persons"
    assert municipalities(2020).loc["GM0363", "inhabitants"] == 872_757
    assert positions().loc["GM0363", "longitude"] == 4.91
    assert regions("corop", 2026)["GM0363"] == "Groot-Amsterdam"
    assert inhabitants_on("2020-01-01")["GM0363"] == 872_757


@pytest.mark.parametrize("year", [2017, LAST + 1, -1])
def test_another_year_names_the_years(year):
    with pytest.raises(OutsidePeriodError, match=f"2018-{LAST}") as caught:
        municipalities(year)
    assert (caught.value.asked, caught.value.known) == (str(year), f"2018-{LAST}")


@pytest.mark.parametrize("year", ["2020", 2020.0, True, None])
def test_a_year_is_a_whole_number(year):
    with pytest.raises(InputError, match="whole number"):
        municipalities(year)


def test_a_year_of_numpy_is_a_year():
    assert len(municipalities(np.int64(2020))) == 355


def test_a_column_without_figures_names_the_years():
    with pytest.raises(OutsidePeriodError, match=r"dwellings: 2022, 2024; households: 2024") as caught:
        municipalities(2020, columns=["dwellings", "households", "safety_region"])
    assert caught.value.key == "dwellings, households"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("houshold", "households"), ("veiligheidsregio", "safety_region"), ("oad", "address_density"),
     ("Inwonertal", "inhabitants"), ("woningvoorraad", "dwellings")],
)  # fmt: skip
def test_an_unknown_column_gets_a_hint(name, meant):
    with pytest.raises(UnknownNameError, match=f"did you mean '{meant}'"):
        municipalities(2024, columns=[name])


def test_an_unknown_column_without_a_hint_lists_what_there_is():
    with pytest.raises(UnknownNameError, match="inhabitants") as caught:
        municipalities(2024, columns=["zzz", "xxx"])
    assert "code" not in caught.value.allowed


# inhabitants on a date


def test_inhabitants_on_the_map_of_a_later_day():
    plain, carried = inhabitants_on("2022-01-01"), inhabitants_on("2022-01-01", "2022-03-24")
    assert (len(plain), len(carried)) == (345, 344)
    assert plain.dtype == np.int64
    assert carried.dtype == np.float64
    assert carried["GM0363"] == plain["GM0363"] + plain["GM0457"]
    assert carried.name == "inhabitants"
    assert carried.attrs["carried"] == {"GM0457": "GM0363"}
    assert (carried.attrs["counting_date"], carried.attrs["map_date"]) == ("2022-01-01", "2022-03-24")
    assert plain.attrs["carried"] == {}


def test_a_split_names_all_receivers():
    attrs = inhabitants_on(datetime.date(2020, 1, 1), "2021-01-01").attrs
    assert attrs["carried"]["GM0788"] == "GM0757, GM0824, GM0855, GM0865"


def test_the_same_map_keeps_whole_numbers():
    assert inhabitants_on("2023-01-01", "2025-12-31").dtype == np.int64


@pytest.mark.parametrize("day", ["2020-07-01", "2017-01-01", BEYOND])
def test_other_counting_dates_name_the_days_known(day):
    with pytest.raises(OutsidePeriodError, match=f"{day}.*1 January of {SPAN}"):
        inhabitants_on(day)


def test_a_map_before_the_count_is_refused():
    with pytest.raises(InputError, match="cannot be carried back"):
        inhabitants_on("2023-01-01", "2022-12-31")


def test_a_map_that_is_not_known():
    with pytest.raises(OutsidePeriodError, match=f"map date {BEYOND}.*{PERIOD}"):
        inhabitants_on("2025-01-01", BEYOND)


def test_figures_of_several_columns():
    table = figures(["dwellings", "inhabitants"], counting_date="2022-01-01", map_date="2023-01-01")
    assert list(table.columns) == ["dwellings", "inhabitants"]
    assert (len(table), table["dwellings"].sum(), table["inhabitants"].sum()) == (342, 8_045_580, 17_590_672)
    assert set(table.attrs["sources"]) == {"dwellings", "inhabitants"}
    assert figures("households", counting_date="2024-01-01")["households"].sum() == 8_374_404


def test_figures_that_lack_codes_name_them_all():
    with pytest.raises(InputError, match="GM0417: no figure for Laren") as caught:
        figures(["water_area_km2", "avg_household_size"], counting_date="2021-01-01")
    assert [fault.where for fault in caught.value.faults] == [
        "column water_area_km2 GM0417", "column water_area_km2 GM0888", "column water_area_km2 GM0965",
        "column avg_household_size",
    ]  # fmt: skip


def test_figures_refuse_what_is_no_total():
    for column, kind in (("address_density", "rate"), ("size_class", "class"), ("province", "label")):
        with pytest.raises(InputError, match=f"{column}: a {kind}"):
            figures([column], counting_date="2024-01-01")
    with pytest.raises(OutsidePeriodError, match="households: 2024"):
        figures(["households"], counting_date="2020-01-01")
    with pytest.raises(UnknownNameError, match="unknown column"):
        figures(["people"], counting_date="2020-01-01")


# regions and positions


@pytest.mark.parametrize(
    ("kind", "years", "rows", "count"),
    [("safety_region", range(2020, 2025), (355, 352, 345, 342, 342), 25), ("ggd_region", [2022], [345], 25),
     ("labour_market_region", [2026], [342], 35), ("corop", [2026], [342], 40)],
)  # fmt: skip
def test_regions(kind, years, rows, count):
    for year, size in zip(years, rows, strict=True):
        series = regions(kind, year)
        assert (len(series), series.nunique(), series.name) == (size, count, kind)
        assert series.index.tolist() == members(f"{min(year, 2025)}-01-01").tolist()
        assert series.attrs["reference_year"] == year


def test_regions_of_another_year_or_kind():
    with pytest.raises(OutsidePeriodError, match="Years known: 2020, 2021, 2022, 2023, 2024"):
        regions("safety_region", 2019)
    with pytest.raises(UnknownNameError, match="corop"):
        regions("coropp", 2026)


def test_positions_are_those_of_the_municipalities():
    table = positions()
    for year in (2023, 2024, 2025):
        assert table.index.tolist() == members(f"{year}-01-01").tolist()
    assert table["longitude"].between(3.3, 7.3).all()
    assert table["latitude"].between(50.7, 53.6).all()


# kinds of columns


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("inhabitants", "total"), ("Inwonertal_54", "total"), ("GemiddeldAantalInwoners_51", "total"),
        ("address_density", "rate"), ("Omgevingsadressendichtheid_57", "rate"), ("oad", "rate"), ("OAD 2024", "rate"),
        ("share_pct", "rate"), ("avg_income", "rate"), ("Average income", "rate"), ("woning dichtheid", "rate"),
        ("GemiddeldInkomen_3", "rate"), ("Bevolkingsdichtheid_33", "rate"), ("% bijstand", "rate"),
        ("PercentageBijstand_1", "rate"), ("cost_per_inhabitant", "rate"), ("growth rate", "rate"), ("ratio", "rate"),
        ("HuishoudensMetEenLaagInkomen_78", "rate"),
        ("aandeel 65-plus", "rate"), ("aandeel", "rate"), ("Aandelen", "rate"), ("marktaandeel", "rate"),
        ("share_of_youth", "rate"), ("mean_income", "rate"), ("median_income", "rate"), ("gem. inkomen", "rate"),
        ("GemGestandaardiseerdInkomen_84", "rate"), ("MediaanVermogen_85", "rate"), ("promille", "rate"),
        ("quote", "rate"), ("bijstandsquote", "rate"), ("fraction", "rate"), ("fractie_huur", "rate"),
        ("GeboorteRelatief_26", "rate"), ("dekkingsgraad", "rate"), ("\u2030 sterfte", "rate"), ("procent", "rate"),
        ("BijstandPer1000Inwoners", "rate"), ("kosten per jaar per inwoner", "rate"), ("jaargemiddelde", "rate"),
        ("size_class", "class"), ("Stedelijkheid_106", "class"), ("gemeentegrootteklasse", "class"),
        ("klasse", "class"), ("MateVanStedelijkheid_122", "class"), ("coëfficiëntklasse", "class"),
        ("province", "label"), ("name", "label"),
        ("volume", "unknown"), ("operated", "unknown"), ("classics", "unknown"), ("person", "unknown"),
        ("gemiddeld_aantal_inwoners", "total"), ("GemiddeldeBevolking_2", "total"),
        ("gemeentefonds", "unknown"), ("gemeente", "unknown"), ("gemaal", "unknown"), ("perioden", "unknown"),
        ("aandeelhouders", "unknown"), ("shared services", "unknown"), ("meanwhile", "unknown"),
        ("fractievoorzitters", "unknown"), ("kansengelijkheid", "unknown"), ("upgrade", "unknown"),
        ("kosten per jaar", "unknown"), ("cases_per_year", "unknown"), ("inwoners per 1 januari", "unknown"),
        ("prijs_percelen", "unknown"), (None, "unknown"), (2018, "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_kind_by_name(name, kind):
    assert column_kind(name) == kind


def test_every_column_of_a_table_has_the_kind_of_the_manifest():
    for year in YEARS:
        table = municipalities(year)
        assert {name: column_kind(name) for name in table.columns} == table.attrs["kinds"]


def test_importing_the_room_loads_no_heavy_library():
    import subprocess
    import sys

    code = "import sys, ggu_costs.reference; print(sorted({'pandas', 'numpy', 'numba', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_members_are_an_index_named_code():
    assert isinstance(members("2020-01-01"), pd.Index)
    assert members("2020-01-01").name == "code"
