"""What outputs say of a pack: its indicators by their own name, whose figures they are, and the map of the future."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from own_packs import NEXT, merger_pack, people_of_last, write_pack

import ggu_costs as ggu
from ggu_costs.catalogue import compare_models, open_model
from ggu_costs.fund import Bill
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of

DAY = f"{NEXT}-01-01"
MODELS = Path(__file__).parents[2] / "models"
TEAMS = {
    "teams": {"type": "number", "kind": "total", "unit": "teams", "dutch": "wijkteams", "description": "own count"}
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> ggu.Reference:
    teams = {code: 1 + place % 3 for place, code in enumerate(people_of_last())}
    sources = {"own": {"title": "Made for a test", "publisher": "Bureau", "url": "https://example.org/prognose"},
               "teams": {"title": "Telling wijkteams", "published": "november 2026"}}  # fmt: skip
    folder = write_pack(
        tmp_path_factory.mktemp("pack") / "p", columns={"teams": teams},
        entry={"sources": {"teams": ["teams"]}, "status": {"inhabitants": "forecast", "teams": "provisional"}},
        manifest={"columns": {"municipalities": TEAMS}, "sources": sources},
    )  # fmt: skip
    return ggu.Reference.open(folder)


def bill(reference: ggu.Reference, total: int = 60_000_000) -> Bill:
    return fund(reference, total).contributions()


def fund(reference: ggu.Reference, total: int = 60_000_000) -> ggu.Fund:
    opened = ggu.open_fund("funds/ggu/2020", reference=reference)
    return opened.with_changes(total=total, counting_date=DAY, map_date=DAY, key={"inhabitants": 0.9, "teams": 0.1})


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_an_own_indicator_goes_by_the_name_its_pack_gives(reference: ggu.Reference, lang: str) -> None:
    files = files_of(dossier(fund(reference)), lang=lang)
    page = files["result.html"].decode()
    assert "10% wijkteams" in page
    head, first, *_ = files[f"contributions.{lang}.csv"].decode("utf-8-sig").splitlines()
    assert {"nl": '"90% inwoners + 10% wijkteams"', "en": '"90% inhabitants + 10% wijkteams"'}[lang] in first
    assert '"0.9 inhabitants + 0.1 teams"' in files["contributions.csv"].decode()  # for machines, by code name
    plain = (page, head, first, files[f"values.{lang}.csv"].decode("utf-8-sig"))
    assert not any(word in text for text in plain for word in ("% teams", " teams ", "Teams", ": teams"))


def test_notes_steps_causes_and_comparisons_say_it_too(reference: ggu.Reference) -> None:
    before, after = ggu.open_fund("funds/ggu/2020", reference=reference).contributions(), bill(reference)
    assert f"Wijkteams op 1 januari {NEXT}: voorlopige cijfers (test)." in after.notes
    assert "verdeelsleutel: 10% naar wijkteams" in after.explain("GM0345").to_frame()["step"].tolist()
    change = after.change_from(before)
    assert "Geen cijfers op beide peildata voor wijkteams: de groei daarvan valt onder de sleutel." in change.notes
    models = [fund(reference), fund(reference, 62_000_000)]
    page = files_of(comparison_dossier(compare_models(*models), models))["result.html"].decode()
    assert "wijkteams" in page
    assert "% teams" not in page
    assert "Teams op" not in page


def test_sources_name_those_inside_the_pack(reference: ggu.Reference) -> None:
    for municipality in (None, "GM0345"):
        files = files_of(dossier(fund(reference), municipality=municipality))
        page = files["result.html"].decode()
        part = page[page.index('id="sources"') :]
        assert "Made for a test" in part
        assert "https://example.org/prognose" in part
        assert f"Uitgever: Bureau; Opgesteld door: test; Cijfers: inwoners (prognose) op 1 januari {NEXT}" in part
        assert "Telling wijkteams" in part
        told = (
            f"Gepubliceerd op: november 2026; Opgesteld door: test; Cijfers: wijkteams (voorlopig) op 1 januari {NEXT}"
        )
        assert told in part
        sheet = openpyxl.load_workbook(io.BytesIO(files["result.xlsx"]))["Bronnen"]
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert {"Telling wijkteams", f"wijkteams (voorlopig) op 1 januari {NEXT}", "Bureau", "test"} <= set(cells)


def test_only_sources_of_what_was_used_are_named(reference: ggu.Reference) -> None:
    plain = ggu.open_fund("funds/ggu/2020", reference=reference).with_changes(
        total=60_000_000, counting_date=DAY, map_date=DAY
    )
    titles = [source["title"] for source in dossier(plain).sources]
    assert "Made for a test" in titles
    assert "Telling wijkteams" not in titles


def test_names_and_provinces_are_those_of_the_map_not_of_the_forecaster(reference: ggu.Reference) -> None:
    assert reference.status_of(NEXT, "inhabitants") == ("forecast", "test")
    assert reference.status_of(NEXT, "name") == ("definitive", "")
    assert reference.status_of(NEXT, "province") == ("definitive", "")
    assert reference.source_text(NEXT, "province") == ggu.Reference.open().source_text(NEXT - 1, "province")


def test_rates_have_the_digits_that_matter(reference: ggu.Reference) -> None:
    files = files_of(dossier(fund(reference)))
    amount = bill(reference).to_frame().loc["GM0345"]
    rate = f"{amount['contribution'] / amount['inhabitants']:.6f}".rstrip("0").replace(".", ",")
    row = next(line for line in files["contributions.nl.csv"].decode("utf-8-sig").splitlines() if "GM0345" in line)
    assert f";{rate};" in row
    exact = repr(float(amount["per_inhabitant"]))
    assert f",{exact}," in next(line for line in files["contributions.csv"].decode().splitlines() if "GM0345" in line)
    sheet = openpyxl.load_workbook(io.BytesIO(files["result.xlsx"]))["Bijdragen"]
    cells = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "GM0345")
    assert cells[4] == pytest.approx(float(rate.replace(",", ".")), abs=1e-12)


def test_a_comparison_by_own_groups_says_euro_per_inhabitant_of_each_bill() -> None:
    models = [ggu.open_fund(f"funds/ggu/{year}") for year in (2018, 2020)]
    made = comparison_dossier(compare_models(*models), models, groups={"samen": ["GM0345", "GM0363"]})
    row = next(table for table in made.tables if table.name == "by_group").frame.loc["samen"]
    old, new = (model.contributions().to_frame().loc[["GM0345", "GM0363"]].sum() for model in models)
    assert row["per_inhabitant_a"] == pytest.approx(old["contribution"] / old["inhabitants"])
    assert row["per_inhabitant_b"] == pytest.approx(new["contribution"] / new["inhabitants"])
    one = dossier(models[1], groups={"samen": ["GM0345", "GM0363"]})
    row = next(table for table in one.tables if table.name == "by_group").frame.loc["samen"]
    assert row["per_inhabitant"] == pytest.approx(new["contribution"] / new["inhabitants"])


def dated(file: Path, to: Path, *changes: tuple[str, str]) -> Path:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    to.write_text(text, encoding="utf-8")
    return to


def test_a_case_a_ballot_and_a_programme_on_the_map_of_a_merger(tmp_path: Path) -> None:
    reference = ggu.Reference.open(merger_pack(tmp_path / "fusie"))
    days = {
        "procurement/example-ibd": [("years = [2024]", f"years = [{NEXT}]"), ("value = 2024-01-01", f"value = {DAY}")],
        "ballots/steps-example": [("2024-06-26", f"{NEXT}-06-23"), ("2024-01-01", DAY)],
        "programmes/vroegsignalering": [("value = 2024-01-01", f"value = {DAY}")],
    }
    found = {}
    for name, changes in days.items():
        path = dated(MODELS / f"{name}.toml", tmp_path / f"{name.replace('/', '-')}.toml", *changes)
        report = dossier(open_model(str(path), reference=reference))
        assert f"Inwoners op 1 januari {NEXT}: prognose (test)." in report.notes, name
        assert any("Veenendaal naar Valleistad" in note for note in report.notes), name
        assert any("GM9001 is een voorlopige code" in note for note in report.notes), name
        assert len(set(report.notes)) == len(report.notes), name
        table = next(table for table in report.tables if table.by_code)
        assert table.statuses == ("forecast", "announced"), name
        assert len(table.frame) == 341, name
        found[name] = table.frame
    merged = people_of_last("GM0345", "GM0355", into="GM9001")
    joined = merged["GM9001"]
    case = found["procurement/example-ibd"]
    assert case.loc["GM9001", "inhabitants"] == joined
    volume = sum(int(0.0095 * count + 0.5) for count in merged.values())  # workplaces of each, in whole ones
    licences = 14 * 20_000 + 11 * 60_000 + 9 * (volume - 80_000)
    assert round(case["share"].sum(), 2) == 2_400_000 + 341 * 4_500 + 2_700_000 + licences
    votes = found["ballots/steps-example"]["weight"]
    assert votes["GM9001"] == 75  # one for each 1,000 begun, at most 75
    assert votes.sum() == sum(min(75, -(-count // 1000)) for count in merged.values())
    assert found["programmes/vroegsignalering"].loc["GM9001", "inhabitants"] == joined
