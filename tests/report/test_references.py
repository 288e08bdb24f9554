"""Which reference tables an output rests on, under Bronnen and in its listing."""

import io
import json
from typing import Any

import openpyxl
import pytest

from ggu_costs import open_model
from ggu_costs.catalogue import compare_models, open_models
from ggu_costs.display.report import Report
from ggu_costs.reference import SHIPPED
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.references import reference_sources, tables_used

DRAWN = ["mergers", "outlines"]


def used(report: Report) -> list[str]:
    return [str(source["id"]) for source in report.sources if source["id"] in SHIPPED.manifest()["tables"]]


@pytest.mark.parametrize(
    ("model", "tables"),
    [
        ("funds/ggu/2020", ["municipalities_2020", *DRAWN]),
        ("fees/vng-contributie/2024", ["municipalities_2024", *DRAWN]),
        ("funds/example-portfolio", [*(f"municipalities_{year}" for year in range(2021, 2026)), *DRAWN]),
        ("procurement/gt-mobiel-1", ["municipalities_2018", *DRAWN]),
        ("ballots/steps-example", ["municipalities_2024", "mergers"]),
    ],
)
def test_the_tables_of_a_run(model: str, tables: list[str]) -> None:
    assert used(dossier(open_model(model))) == tables


def test_a_comparison_rests_on_the_tables_of_all_and_a_note_has_no_map() -> None:
    models = open_models(["funds/ggu/2018", "funds/ggu/2020"], {})
    found = used(comparison_dossier(compare_models(*models), models))
    assert found == ["municipalities_2018", "municipalities_2020", *DRAWN]
    assert used(dossier(open_model("funds/ggu/2020"), municipality="GM0345")) == ["municipalities_2020", "mergers"]


def test_a_report_without_municipalities_rests_on_none() -> None:
    assert tables_used(Report("T", (), provenance={"map_date": "2020-01-01"}), drawn=False) == []


def test_page_workbook_and_listing_name_them() -> None:
    files = files_of(dossier(open_model("funds/ggu/2020")))
    page = files["result.html"].decode()
    part = page[page.index('id="sources"') :]
    assert "Gemeenten op 1 januari 2020: namen, inwoners en indelingen" in part
    assert "Uitgever: Centraal Bureau voor de Statistiek (CBS); Status: gepubliceerd; Licentie: CC BY 4.0" in part
    digest = SHIPPED.manifest()["tables"]["outlines"]["sha256"]
    assert digest in part
    listing: dict[str, Any] = json.loads(files["provenance.json"])
    assert set(listing["reference"]) == {"municipalities_2020", *DRAWN}
    assert listing["reference"]["outlines"] == digest
    assert listing["reference_days"]["municipalities_2020"] == "2020-01-01"
    sheet = openpyxl.load_workbook(io.BytesIO(files["result.xlsx"]))["Bronnen"]
    assert "Gemeentegrenzen op 1 januari 2023, vereenvoudigd" in {cell.value for row in sheet for cell in row}


def test_every_table_has_words_in_both_languages() -> None:
    kinds = [name for name in SHIPPED.manifest()["tables"] if name not in ("positions", "region_map")]
    assert all(source["status"] == "published" for source in reference_sources(kinds, SHIPPED))
    page = files_of(dossier(open_model("fees/vng-contributie/2024")), lang="en")["result.html"].decode()
    assert "Municipalities on 1 January 2024: names, inhabitants and classifications" in page


def test_boundaries_of_the_user_take_the_place_of_the_shipped_ones(tmp_path: Any) -> None:
    from ggu_costs.reference import municipalities

    square = [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]]
    shapes = [
        {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": square}}
        for code in municipalities(2024).index
    ]
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    files = files_of(dossier(open_model("fees/vng-contributie/2024")), boundaries=path)
    listing = json.loads(files["provenance.json"])
    assert ("outlines" in listing["reference"], len(listing["boundaries"])) == (False, 64)
    assert "CBS en Kadaster" not in files["result.html"].decode()
