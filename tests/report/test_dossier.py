"""What a run gathers and how it becomes files."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from model_files import tables

from ggu_costs.catalogue import compare_models, open_model, open_models
from ggu_costs.display.report import Report
from ggu_costs.errors import UnknownNameError
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of


def test_a_dossier_holds_the_tables_of_the_report_and_the_values_of_the_file() -> None:
    content = dossier(open_model("funds/ggu/2020"))
    assert [table.name for table in content.tables] == [
        "contributions",
        "by_size_class",
        "by_province",
        "budget",
        "values",
    ]
    assert content.tables[-1].title == "Waarden en aannames"
    assert [source["id"] for source in content.sources] == [
        "raadsleden-2020", "vng-77726", "municipalities_2020", "mergers", "outlines",
    ]  # fmt: skip
    assert ("total", 52_300_000.0, "EUR") in content.summary
    assert not content.illustrative
    with pytest.raises(UnknownNameError, match="GM9999"):
        dossier(open_model("funds/ggu/2020"), municipality="GM9999")


def test_the_workbook_holds_the_same_figures() -> None:
    files = files_of(dossier(open_model("funds/ggu/2020")))
    book = openpyxl.load_workbook(io.BytesIO(files["result.xlsx"]))
    assert book.sheetnames == [
        "Samenvatting", "Bijdragen", "Per gemeentegrootteklasse", "Per provincie", "Begroting",
        "Waarden en aannames", "Berekening", "Grafieken", "Bronnen", "Verantwoording",
    ]  # fmt: skip
    rows = {row[0]: row for row in book["Bijdragen"].iter_rows(values_only=True)}
    assert rows["GM0345"][:4] == ("GM0345", "Veenendaal", 66_493, 199_774.06)
    values = {row[0]: row for row in book["Waarden en aannames"].iter_rows(values_only=True)}
    assert values["fonds: totaal"][1:4] == (52_300_000, "€", "gepubliceerd")


def test_a_made_up_model_marks_every_table() -> None:
    made_up = ('status = "estimated", by = "de proef" }', 'status = "illustrative", by = "de proef" }')
    content = dossier(open_model(tables(made_up)))
    assert content.illustrative
    assert all(table.illustrative for table in content.tables)
    assert json.loads(files_of(content)["provenance.json"])["notes"][0] == "FICTIEF VOORBEELD"


def test_provenance_lists_the_tables_it_belongs_to() -> None:
    files = files_of(dossier(open_model("funds/ggu/2020"), municipality="GM0345"), lang="en")
    told = json.loads(files["provenance.json"])
    assert told["tables"] == sorted(name for name in files if name.endswith(".csv"))
    assert {"steps.csv", "steps.en.csv"} <= files.keys()
    assert told["files"].keys() == {"funds/ggu/2020"}


def test_a_comparison_holds_the_values_of_each_model() -> None:
    models = open_models(["funds/ggu/2019", "funds/ggu/2020"])
    content = comparison_dossier(compare_models(*models), models)
    assert [table.name for table in content.tables] == [
        "comparison", "by_size_class", "by_province", "change_b", "budget", "values_a", "values_b",
    ]  # fmt: skip
    assert content.tables[-1].title == "Waarden en aannames van B: Fonds GGU 2020"
    assert [source["id"] for source in content.sources] == [
        "vng-77726", "raadsleden-2020",  # shared once
        "municipalities_2019", "municipalities_2020", "mergers", "outlines",
    ]  # fmt: skip
    assert json.loads(files_of(content)["provenance.json"])["a"]["model"] == "funds/ggu/2019"


def test_sources_that_share_an_id_but_differ_both_stay() -> None:
    first, second = (
        open_model(
            {
                "id": name, "base": "funds/ggu/2020", "changes": [],
                "sources": {"besluit": {"title": f"Besluit over {name}", "publisher": "VNG"}},
            }
        )
        for name in ("a", "b")
    )  # fmt: skip
    content = comparison_dossier(compare_models(first, second), [first, second])
    titles = [source["title"] for source in content.sources if source["id"] == "besluit"]
    assert titles == ["Besluit over a", "Besluit over b"]


def test_a_made_up_model_marks_the_comparison_but_not_the_values_of_the_other() -> None:
    changes = [{"key": "fund.key.status", "set": "illustrative", "status": "illustrative", "by": "de proef"},
               {"key": "fund.key.by", "set": "de proef", "status": "illustrative", "by": "de proef"}]  # fmt: skip
    models = open_models(["funds/ggu/2020", {"id": "voorbeeld", "base": "funds/ggu/2020", "changes": changes}])
    content = comparison_dossier(compare_models(*models), models)
    assert [table.illustrative for table in content.tables] == [True, True, True, True, False, True]


def test_another_language_and_none() -> None:
    empty = Report("leeg", ())
    assert sorted(files_of(empty)) == ["provenance.json", "result.html", "result.xlsx"]
    assert not empty.illustrative
    with pytest.raises(UnknownNameError, match="unknown language 'de'"):
        files_of(empty, lang="de")
