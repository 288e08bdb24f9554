"""Several results in one page and one workbook, each part with its own heading, nothing added up between them."""

import io
import json
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from ggu_costs import compare, open_model, redistribution, weighted_effects
from ggu_costs.display.report import Answer, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.errors import InputError
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.join import joined

FUND = open_model("funds/ggu/2020")
OTHER = FUND.with_changes(key={"inhabitants": 0.8, "equal": 0.2})


def parts() -> dict[str, Report]:
    bills = [FUND.contributions(), OTHER.contributions()]
    scales = [open_model(f"ballots/{name}") for name in ("one-each", "per-inhabitant")]
    weighted = weighted_effects(redistribution(*bills), scales, map_date="2020-01-01", counting_date="2020-01-01")
    return {
        "Fonds": comparison_dossier(compare(*bills), [FUND, OTHER]),
        "Aandelen": Report("Aandelen", (Table("scale", "", weighted),)),
        "Contributie": dossier(open_model("fees/vng-contributie/2024")),
        "Contributie 2023": dossier(open_model("fees/vng-contributie/2023")),
    }


def test_every_part_has_its_heading_its_tables_and_its_notes() -> None:
    made = parts()
    whole = joined("Dossier", made, notes=["Een voorbeeld."])
    names = [table.name for table in whole.tables]
    assert len(set(names)) == len(names)
    assert {"comparison", "scale", "fees", "fees_b", "by_province", "by_province_c"} <= set(names)
    assert [table.name for table in whole.tables if table.tariff] == ["fees", "fees_b"]
    assert whole.notes == ("Een voorbeeld.",)
    assert [section.title for section in whole.sections] == list(made)
    assert "A: Fonds GGU 2020: bijdrage" in whole.sections[0].texts[-1][1]
    assert whole.map == ("comparison", "per_inhabitant_change_b")
    titles = {table.name: table.title for table in whole.tables}
    assert titles["by_province"] == "Fonds: Per provincie"
    assert titles["fees_b"].startswith("Contributie 2023: ")
    assert [name for name, *_ in whole.summary if name.startswith("Fonds")][1].startswith("Fonds: totaal B: ")
    assert {source["id"] for source in whole.sources} >= {"vng-77726"}
    assert len({json.dumps(dict(source)) for source in whole.sources}) == len(whole.sources)  # shared once


def test_the_whole_leads_with_the_answer_of_each_part_and_marks_what_is_made_up() -> None:
    answer = Answer(
        sentence="Er wordt 5 mln verdeeld.",
        tiles=(Tile(name="totaal", value="€ 5 mln", basis="2024, exclusief btw"),),
        more=("4 gemeenten betalen meer.",),
        outside=("De invoering.",),
    )
    frame = pd.DataFrame({"fee": [1.0]}, index=pd.Index(["GM0363"], name="code"))
    one = Report("Een", (Table("fees", "", frame, "EUR"),), answer=answer)
    two = replace(one, answer=replace(answer, sentence="Er komt 6 mln bij."), made_up=True)
    whole = joined("Dossier", {"Fonds": one, "Voorbeeld": two})
    assert whole.answer is not None
    assert whole.answer.sentence == "Fonds: Er wordt 5 mln verdeeld."
    assert whole.answer.more == ("Voorbeeld (FICTIEF VOORBEELD): Er komt 6 mln bij.",)
    assert [tile.value for tile in whole.answer.tiles] == ["€ 5 mln"]  # never two bases in a row
    assert whole.answer.outside == ("Fonds: De invoering.", "Voorbeeld: De invoering.")
    assert [section.illustrative for section in whole.sections] == [False, True]
    page = files_of(whole)["result.html"].decode()
    marked = r'<h2 id="h-section2">Voorbeeld</h2>\s*<p class="banner">FICTIEF VOORBEELD</p>'
    assert len(re.findall(marked, page)) == 1
    assert not re.search(marked.replace("section2", "section1").replace("Voorbeeld", "Fonds", 1), page)
    assert "totaal: € 5 mln (2024, exclusief btw)" in whole.sections[0].texts[0][1]
    assert joined("Dossier", {"Leeg": replace(one, answer=None)}).answer is None


def test_the_parts_are_said_in_a_language() -> None:
    whole = joined("Dossier", parts(), lang="en")
    titles = {table.name: table.title for table in whole.tables}
    assert (titles["by_province"], titles["values"]) == ("Fonds: By province", "Contributie: Values and assumptions")
    assert [name for name, *_ in whole.summary if name.startswith("Fonds")][1].startswith("Fonds: total B: ")
    assert whole.sections[0].texts[-1][0] == "What you need to know"
    page = files_of(whole, lang="en")["result.html"].decode()
    assert "<dt>What you need to know</dt><dd>" in page  # no quotation in Dutch
    assert "Excluding the public bodies Bonaire" in page
    assert not re.search(r"Exclusief de|Waarden en aannames|Per provincie", page)


def test_the_page_and_the_workbook_of_all_parts() -> None:
    files = files_of(joined("Dossier", parts()))
    page = files["result.html"].decode()
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)[0])
    assert data["shown"] == "per_inhabitant_change_b"
    steps = data["steps"]
    titles = [steps["texts"][title] for title, _ in steps["of"]["GM0345"]]
    assert titles == ["Contributie VNG 2024", "Contributie VNG 2023"]
    for heading in ("Fonds", "Aandelen", "Contributie", "Contributie 2023"):
        assert re.search(rf"<h2 [^>]*>{heading}</h2>", page)
    # the scales of votes are made up, the amounts are not
    assert page.count('data-banner="FICTIEF VOORBEELD"') == 1
    assert '<p class="banner">FICTIEF VOORBEELD</p>\n<div class="chart"' not in page
    assert len(files["result.html"]) < 4_000_000
    book = openpyxl.load_workbook(io.BytesIO(files["result.xlsx"]))
    assert {"Toelichting", "Vergelijking", "Berekening", "Berekening (2)"} <= set(book.sheetnames)
    assert book["Toelichting"]["A4"].value == "Fonds"
    assert book["Vergelijking"]["A2"].value is None
    assert book["Samenvatting"]["A2"].value == "FICTIEF VOORBEELD"


def test_more_parts_than_there_are_letters() -> None:
    frame = pd.DataFrame({"fee": [1.0]}, index=pd.Index(["GM0363"], name="code"))
    part = Report("Contributie", (Table("fees", "", frame, "EUR"),))
    names = [table.name for table in joined("Alle", dict.fromkeys(map(str, range(30)), part)).tables]
    assert len(set(names)) == len(names)
    assert {"fees", "fees_b", "fees_z", "fees_27", "fees_30"} <= set(names)


def test_what_cannot_be_joined() -> None:
    for given in ({}, {"x": Report("T", (), municipality="GM0345")}):
        with pytest.raises(InputError, match="no dossiers of all municipalities"):
            joined("T", given)
