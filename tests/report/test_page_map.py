"""The figures of a page's map: tiles, classes, what was carried, the user's boundaries."""

import datetime
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import tiles as assigning
from years import LAST

from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.reference import carry, municipalities, positions, transfer
from ggu_costs.report.bycode import ByCode, day_of
from ggu_costs.report.map import MapData, first_shown, map_data
from ggu_costs.report.shapes import read_shapes
from ggu_costs.report.tiles import borders, tile_day, tiles

UNITS = {"contribution": "EUR", "difference": "EUR", "per_inhabitant": "EUR/inhabitant", "p95": "EUR", "mean": "EUR"}


def of_year(year: int, **columns: Any) -> ByCode:
    people = municipalities(year)[["name", "inhabitants"]]
    frame = people.assign(**{name: people["inhabitants"].map(make) for name, make in columns.items()})
    table = Table(
        "contributions",
        "Bijdrage",
        frame,
        {n: UNITS[n] for n in columns},
        total=[name for name in list(columns)[:1] if name != "p95"],
    )
    assert table.by_code
    return ByCode(table)


TILE_DAY = tile_day()
NOTHING = "geen verschil, of minder dan een cent"


def drawn(data: ByCode, first: str = "", areas: Any = None, day: datetime.date = TILE_DAY) -> MapData:
    found = map_data(data, areas or tiles(), day=day, lang="nl", first=first)
    assert found is not None
    return found


# tiles


def test_the_shipped_tiles_are_the_assignment_of_the_positions() -> None:
    assert dict(tiles()) == assigning.assigned(positions())


def test_every_municipality_has_a_tile_of_its_own_near_its_place() -> None:
    assert set(tiles()) == set(municipalities(2023).index)
    assert len(set(tiles().values())) == 342
    north, south = tiles()["GM0088"], tiles()["GM0935"]  # Schiermonnikoog and Maastricht
    west, east = tiles()["GM1714"], tiles()["GM0141"]  # Sluis and Almelo
    assert north.row < tiles()["GM0345"].row < south.row
    assert west.column < tiles()["GM0345"].column < east.column
    rows, columns = ({place[side] for place in tiles().values()} for side in (0, 1))
    assert min(rows) == min(columns) == 0
    assert (max(rows), max(columns)) == (25, 21)


def test_borders_are_the_edges_where_the_region_changes() -> None:
    one = dict.fromkeys(tiles(), "land")
    around = borders(one)
    apart = borders({**one, "GM0345": "elders"})
    tile = tiles()["GM0345"]  # inland, so none of its edges is an outer one
    extra = set(apart) - set(around)
    assert set(around) < set(apart)
    assert extra == {(tile.row, tile.column, True), (tile.row + 1, tile.column, True),
                     (tile.row, tile.column, False), (tile.row, tile.column + 1, False)}  # fmt: skip


# which map


def test_the_map_that_has_exactly_these_codes() -> None:
    assert day_of(municipalities(2018).index) == datetime.date(2018, 1, 1)
    assert day_of(municipalities(2019).index) == datetime.date(2020, 1, 1)  # the map of 2019 lasted until 2021
    assert day_of(municipalities(2023).index) == datetime.date(LAST, 1, 1)
    assert day_of(["GM0363", "GM0457"]) == datetime.date(2022, 1, 1)
    assert day_of([]) is None
    assert day_of(["GM0363", "GM9999"]) is None
    assert day_of(["GM0003", "GM1979"]) is None  # Appingedam went into Eemsdelta (GM1979)


def test_the_day_that_a_table_states_goes_first() -> None:
    year = municipalities(2019).index
    assert day_of(year, datetime.date(2019, 1, 1)) == datetime.date(2019, 1, 1)
    for no_day_of_theirs in (datetime.date(2021, 1, 1), datetime.date(1990, 1, 1)):
        assert day_of(year, no_day_of_theirs) == datetime.date(2020, 1, 1)


def test_groups_are_of_the_year_that_the_result_names() -> None:
    classes = municipalities(2019)["size_class"].value_counts().sort_index()
    frame = municipalities(2019)[["inhabitants"]]
    data = ByCode(Table("t", "T", frame, total=["inhabitants"], map_date=datetime.date(2019, 1, 1)))
    found = data.by("size_class").frame
    assert found["municipalities"].tolist() == classes.tolist()
    assert found["municipalities"].tolist() != municipalities(2020)["size_class"].value_counts().sort_index().tolist()
    assert found["inhabitants"].sum() == frame["inhabitants"].sum()


def test_a_table_with_a_municipality_twice_is_on_no_map() -> None:
    frame = pd.DataFrame({"fee": [1.0, 2.0]}, index=pd.Index(["GM0363", "GM0363"], name="code"))
    data = ByCode(Table("fees", "", frame, "EUR"))
    assert map_data(data, tiles(), day=TILE_DAY, lang="nl", first="fee") is None


def test_tables_that_are_not_by_municipality() -> None:
    assert Table("by", "", pd.DataFrame({"a": [1]}, index=pd.Index(["GM0363"], name="code"))).by_code
    assert not Table("by", "", pd.DataFrame({"a": [1]}, index=pd.Index(["Utrecht"], name="province"))).by_code
    assert not Table("others", "", pd.DataFrame({"a": [1]}, index=pd.Index(["WS:Rijnland"], name="code"))).by_code
    assert not Table("empty", "", pd.DataFrame({"a": [1]})).by_code


# carried


def test_amounts_before_2023_are_carried_and_it_says_so() -> None:
    data = of_year(2020, contribution=lambda people: people * 3.0)
    found = drawn(data, "contribution")
    layer = found.layers[0]
    assert layer.name == "contribution"
    assert found.notes[0].startswith("De kaart toont de gemeenten van 1 januari 2023")
    carried = carry(municipalities(2020)["inhabitants"], from_year=2020, to_year=2023) * 3
    place = found.codes.index("GM1979")
    assert found.names[place] == "Eemsdelta"
    assert set(found.parts[place]) == {"GM0003", "GM0010", "GM0024"}
    before = municipalities(2020)["inhabitants"][["GM0003", "GM0010", "GM0024"]]
    assert carried["GM1979"] == 3 * before.sum()
    texts = dict(zip(found.codes, layer.texts, strict=True))
    assert texts["GM1979"] == f"€ {carried['GM1979']:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def test_carrying_keeps_the_sum_and_splits_by_inhabitants() -> None:
    data = of_year(2018, contribution=float)
    moved = transfer("2018-01-01", TILE_DAY)
    made: dict[str, list[tuple[str, float]]] = {}
    for old, parts in moved.items():
        for new, share in parts:
            made.setdefault(new, []).append((old, float(share)))
    found = data.gathered(made.values())
    assert math.isclose(math.fsum(x or 0.0 for x in found["contribution"]), municipalities(2018)["inhabitants"].sum())
    assert sum((share for _, share in moved["GM0053"]), Fraction(0)) == 1


def test_only_what_adds_up_is_carried() -> None:
    data = of_year(2020, contribution=lambda people: people * 3.0, per_inhabitant=lambda people: 3.0, p95=float)
    assert [layer.name for layer in drawn(data).layers] == ["contribution", "per_inhabitant", "inhabitants"]
    rate = next(layer for layer in drawn(data).layers if layer.name == "per_inhabitant")
    assert set(rate.texts) == {"€ 3,00"}
    now = of_year(2023, contribution=lambda people: people * 3.0, p95=float)
    assert {layer.name for layer in drawn(now).layers} == {"contribution", "p95", "inhabitants"}
    assert drawn(now).notes == ()


def test_who_takes_no_part_has_no_colour_and_who_is_unknown_is_no_number() -> None:
    frame = pd.DataFrame({"net": [1.0, None, 3.0]}, index=pd.Index(["GM0363", "GM0345", "GM0599"], name="code"))
    data = ByCode(Table("net", "Netto", frame, "EUR", pm=["net"]))
    found = drawn(data)
    classes = dict(zip(found.codes, found.layers[0].classes, strict=True))
    assert (classes["GM0345"], classes["GM0014"]) == ("u", "none")
    assert found.layers[0].legend[-1] == ("u", "PM")
    assert found.layers[0].texts[found.codes.index("GM0345")] == "PM"
    assert found.notes == ("Gemeenten zonder kleur nemen niet deel.",)


def test_a_merged_area_with_an_unknown_part_is_unknown() -> None:
    data = of_year(2020, contribution=lambda people: None if people == 11642 else 1.0)  # Appingedam
    texts = dict(zip(drawn(data).codes, drawn(data).layers[0].texts, strict=True))
    assert (texts["GM1979"], texts["GM0345"]) == ("onbekend", "€ 1,00")


# classes


def test_classes_of_amounts() -> None:
    layer = drawn(of_year(2023, contribution=float), "contribution").layers[0]
    assert [name for name, _ in layer.legend] == ["s1", "s2", "s3", "s4", "s5"]
    counts = [layer.classes.count(f"s{place}") for place in range(1, 6)]
    assert max(counts) - min(counts) <= 2


def test_equal_amounts_are_one_class() -> None:
    layer = drawn(of_year(2023, per_inhabitant=lambda people: 3.0), "per_inhabitant").layers[0]
    assert layer.legend == (("s3", "€ 3,00"),)


def test_effects_keep_more_and_less_apart() -> None:
    layer = drawn(
        of_year(2023, difference=lambda people: float((people > 40_000) - (people < 20_000))), "difference"
    ).layers[0]
    assert layer.legend == (("l1", "- € 1,00"), ("z", NOTHING), ("m1", "+ € 1,00"))
    steps = drawn(of_year(2023, difference=lambda people: float(people - 50_000)), "difference").layers[0].legend
    assert [name[0] for name, _ in steps] == sorted((name[0] for name, _ in steps), key="lzm".index)
    assert {name for name, _ in steps} >= {"m3", "l1"}


def test_what_is_shown_first() -> None:
    data = of_year(2023, contribution=float, difference=float, per_inhabitant=float)
    assert [getattr(first_shown(data, asked), "name", "") for asked in ("", "inhabitants")] == [
        "difference",
        "inhabitants",
    ]
    assert getattr(first_shown(of_year(2023, contribution=float)), "name", "") == "contribution"
    assert first_shown(of_year(2023)) is None


def test_effects_that_are_nil_are_one_class() -> None:
    assert drawn(of_year(2023, difference=lambda people: 0.0), "difference").layers[0].legend == (("z", NOTHING),)


def test_expected_values_add_up_and_quantiles_do_not() -> None:
    found = drawn(of_year(2020, p95=float, mean=float), "mean")
    assert [layer.name for layer in found.layers] == ["mean", "inhabitants"]
    assert map_data(of_year(2020), tiles(), day=TILE_DAY, lang="nl", first="contribution") is None


def test_a_difference_below_a_cent_has_no_colour() -> None:
    layer = drawn(of_year(2023, difference=lambda people: 0.004 if people > 40_000 else -0.004), "difference").layers[0]
    assert (set(layer.classes), layer.legend) == ({"z"}, (("z", NOTHING),))


def test_a_difference_below_the_stated_error_has_no_colour() -> None:
    people = municipalities(2023)["inhabitants"]
    frame = pd.DataFrame(
        {"difference": (people - 40_000.0) * 1.0, "difference_error": 5_000.0, "mean": 7.0, "mean_error": 2.0}
    )
    frame.loc["GM0363", "mean"] = 8.5
    data = ByCode(Table("t", "T", frame, "EUR", total=["difference"]))
    effect, mean = drawn(data, "difference").layers
    classes = dict(zip(tiles_in_order(), effect.classes, strict=True))
    nothing = {code for code, size in people.items() if abs(size - 40_000) < 5_000}
    assert nothing == {code for code, found in classes.items() if found == "z"} != set()
    assert ("z", "geen verschil, of kleiner dan de simulatiefout") in effect.legend
    assert set(mean.classes) == {"s3"}  # the largest difference is below the error


def test_errors_of_what_was_joined_add_up_to_their_bound() -> None:
    people = municipalities(2020)["inhabitants"]
    frame = pd.DataFrame({"mean": people * 1.0, "mean_error": 1e9})
    assert set(drawn(ByCode(Table("t", "T", frame, "EUR")), "mean").layers[0].classes) == {"s3"}


def tiles_in_order() -> list[str]:
    return sorted(tiles())


def test_at_most_six_layers_and_the_answer_first() -> None:
    names = [f"amount_{letter}" for letter in "abcdefgh"]
    frame = municipalities(2023)[["inhabitants"]].assign(**dict.fromkeys(names, 1.0), difference=2.0)
    data = ByCode(Table("t", "T", frame, dict.fromkeys([*names, "difference"], "EUR")))
    found = [layer.name for layer in drawn(data, "amount_c").layers]
    assert found == ["amount_c", "difference", "amount_a", "amount_b", "amount_d", "amount_e"]


def test_what_reads_the_same_is_one_class() -> None:
    rates = of_year(2023, per_inhabitant=lambda people: 3.0044373 + people / 1e13)
    assert drawn(rates, "per_inhabitant").layers[0].legend == (("s3", "€ 3,00"),)


def test_a_table_without_a_known_figure_has_no_map() -> None:
    frame = pd.DataFrame({"net": [float("nan")]}, index=pd.Index(["GM0363"], name="code"))
    data = ByCode(Table("net", "Netto", frame, "EUR", pm=["net"]))
    assert map_data(data, tiles(), day=TILE_DAY, lang="nl", first="net") is None


def test_boundaries_of_some_municipalities_hold_only_those() -> None:
    found = drawn(of_year(2020, contribution=float), areas=["GM1979"])
    assert (found.codes, found.names) == (("GM1979",), ("Eemsdelta",))


# boundaries

SQUARE = [[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 53.0], [4.0, 52.0]]
NEXT = [[5.0, 52.0], [6.0, 52.0], [6.0, 53.0], [5.0, 53.0], [5.0, 52.0]]


def feature(code: str, *rings: Any, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [*rings]}
    return {"type": "Feature", "properties": {"statcode": code, **properties}, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [*features]}


TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [4.0, 52.0]},
    "arcs": [
        [[2, 0], [0, 2]],  # the line they share, northwards
        [[2, 2], [-2, 0], [0, -2], [2, 0]],
        [[2, 0], [2, 0], [0, 2], [-2, 0]],
    ],
    "objects": {
        "municipalities": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "properties": {"code": "GM0363"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "properties": {"code": "GM0345"}, "arcs": [[[2, -1]]]},
            ],
        }
    },
}


def corners(path: str) -> set[str]:
    return set(path.strip("MZ").split("L"))


def test_geojson_and_topojson_give_the_same_shapes(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(json.dumps(collection(feature("GM0363", SQUARE), feature("GM0345", NEXT))))
    (tmp_path / "a.topo.json").write_text(json.dumps(TOPOLOGY))
    first, second = read_shapes(tmp_path / "a.geojson"), read_shapes(str(tmp_path / "a.topo.json"))
    assert {code: corners(path) for code, path in first.paths.items()} == {
        code: corners(path) for code, path in second.paths.items()
    }
    assert corners(first.paths["GM0363"]) == {"0 816", "500 816", "500 0", "0 0"}
    assert (first.width, first.height) == (1000, 816)


def test_a_topology_without_steps_and_metres_are_not_squeezed() -> None:
    plain = {**TOPOLOGY, "transform": None, "arcs": [[[2e5, 4e5], [2e5, 5e5], [1e5, 5e5], [1e5, 4e5], [2e5, 4e5]]],
             "objects": {"a": {"type": "Polygon", "properties": {"code": "GM0363"}, "arcs": [[0]]}}}  # fmt: skip
    shapes = read_shapes(plain)
    assert (shapes.width, shapes.height) == (1000, 1000)
    assert corners(shapes.paths["GM0363"]) == {"1000 1000", "1000 0", "0 0", "0 1000"}


def test_every_fault_of_the_boundaries_at_once() -> None:
    point = {"type": "Feature", "properties": {"code": "GM0599"}, "geometry": {"type": "Point", "coordinates": [4, 52]}}
    none = {"type": "Feature", "properties": {"code": "GM0014"}, "geometry": None}
    wrong = collection(feature("0363", SQUARE), feature("GM0345", NEXT), feature("GM0345", NEXT), point, none,
                       {"properties": None, "geometry": None})  # fmt: skip
    with pytest.raises(InputError) as error:
        read_shapes(wrong)
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        ("shape 1", "code '0363'"), ("GM0345", "is there twice"), ("GM0599", "is a Point"), ("GM0014", "is a None"),
        ("shape 6", "no code"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "holds no JSON"), ("[]", "holds no boundaries"), ('{"type": "Feature"}', "'Feature' is no kind"),
        ('{"type": "FeatureCollection"}', "cannot be read: KeyError"),
        ('{"type": "FeatureCollection", "features": []}', "no shape"),
    ],
)  # fmt: skip
def test_files_that_are_no_boundaries(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InputError, match=message):
        read_shapes(tmp_path / "a.json")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*none\.json"):
        read_shapes(tmp_path / "none.json")
