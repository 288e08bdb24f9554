"""The page: what stands in it, what it refuses, and that texts stay texts."""

import base64
import datetime
import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from ggu_costs import cli, compare, open_model
from ggu_costs.display.report import Chart, Report, Section
from ggu_costs.display.table import Table
from ggu_costs.errors import GguCostsError, InputError, UnknownNameError
from ggu_costs.reference import municipalities
from ggu_costs.report import page
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.page import lacking_packages, page_bytes
from ggu_costs.report.shown import lines, shown_memoranda, shown_sources, shown_table
from ggu_costs.words.numbers import number

pytest.importorskip("jinja2")
pytest.importorskip("vl_convert")

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("x")'


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "script_bundle", lambda: "/* vega */")


def bill(**columns: Any) -> Table:
    codes = pd.Index(["GM0363", "GM0345", "GM0088"], name="code")
    names = ["'s-Hertogenbosch", SCRIPT, FORMULA]
    frame = pd.DataFrame({"name": names, "inhabitants": [872757, 66493, 947], "contribution": [3.5, -2.25, 1.0]}, codes)
    frame = frame.assign(**columns)
    return Table("contributions", "Bijdrage", frame, {"contribution": "EUR"}, total=["contribution"])


class Elements(HTMLParser):
    """Lists elements with their attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.found if name == tag)


def made(*tables: Table, **more: Any) -> str:
    how = {name: more.pop(name) for name in ("lang", "boundaries", "groups") if name in more}
    report = Report(**{"title": "Fonds GGU 2020", "tables": tables or (bill(),)} | more)
    return page_bytes(report, **how).decode()


def data_of(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    content: dict[str, Any] = json.loads(found)
    return content


# texts stay texts


def test_hostile_texts_stay_texts_everywhere() -> None:
    hostile = f'{SCRIPT}<img src=x onerror="alert(1)">'
    values = pd.DataFrame({"item": [hostile], "value": ["PM"], "status": [hostile], "note": [hostile]})
    chart_frame = pd.DataFrame({"group": [hostile], hostile: [1.0]})
    text = made(
        bill(), Table("values", hostile, values, role="values"), title=hostile, notes=[hostile],
        summary=[(hostile, hostile, "")],
        sources=[{"id": "a", "title": hostile, "url": "javascript:alert(1)", "publisher": hostile}],
        provenance={hostile: hostile}, sections=[Section(title=hostile, texts=((hostile, hostile),))],
        charts=[Chart(title=hostile, frame=chart_frame, kind="bars", x="group", y=(hostile,))],
    )  # fmt: skip
    elements = Elements(text)
    assert len(list(elements.all("script"))) == 3  # the data, the charts, the page's own
    assert not list(elements.all("img"))
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    assert not [a for a in elements.all("a") if "javascript" in str(a.get("href"))]
    assert data_of(text)["charts"][0]["description"] == hostile
    assert SCRIPT in elements.texts  # the name in the table
    assert FORMULA in elements.texts


def test_the_names_of_municipalities_are_written_as_they_are() -> None:
    frame = municipalities(2023)[["name", "inhabitants"]].assign(contribution=1.5)
    text = made(Table("contributions", "Bijdrage", frame, {"contribution": "EUR"}, total=["contribution"]))
    assert "Súdwest-Fryslân" in text
    assert "Súdwest-Fryslân" in data_of(text)["map"]["names"]
    assert "\\u00fa" not in text
    assert 'data-code="GM0796" id="GM0796"><th scope="row">&#39;s-Hertogenbosch</th>' in text


# nothing is loaded


def test_the_policy_lets_nothing_in_but_its_own_scripts() -> None:
    text = made()
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    (policy,) = [meta["content"] for meta in Elements(text).all("meta") if "http-equiv" in meta]
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert re.findall(r"sha256-([^']+)", policy) == hashes
    for attributes in (attributes for _, attributes in Elements(text).found):
        assert not {"src", "style", "onclick"} & set(attributes)
    assert not re.findall(r"url\(|@import", text)


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert page_bytes(Report("T", (bill(),))) == page_bytes(Report("T", (bill(),)))
    assert made().startswith('<!doctype html>\n<html lang="nl">')


def test_without_a_cache_or_with_a_damaged_one_the_page_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = made()
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file" / "below", tmp_path / "new"):
        monkeypatch.setenv("GGU_COSTS_CACHE", str(place))
        page._template.cache_clear()
        assert made() == kept
    (compiled,) = (tmp_path / "new").iterdir()
    assert compiled.suffix == ".cache"
    whole = compiled.read_bytes()
    for damaged in (b"", whole[:90], whole[:-20], whole[:200] + bytes(len(whole) - 200), b"\n"):
        compiled.write_bytes(damaged)
        page._template.cache_clear()
        assert made() == kept
        assert compiled.read_bytes() == whole
    page._template.cache_clear()


# tables


def test_a_table_has_headings_for_columns_and_rows_and_totals() -> None:
    table = shown_table(bill(method="proportional", net=[1.0, None, 2.0]), "nl")
    assert [head.text for head in table.heads] == [
        "Gemeente",
        "Code",
        "Inwoners",
        "Bijdrage (€)",
        "Netto na BCF",
    ]
    assert [cell.text for cell in table.rows[1][1]] == [SCRIPT, "GM0345", "66.493", "-2,25", "onbekend"]
    assert {cell.by for cell in table.rows[1][1]} == {""}  # the scripts read them in the text
    assert [cell.heading for cell in table.rows[0][1]] == [True, False, False, False, False]
    assert [cell.text for cell in table.foot] == ["Totaal", "", "", "2,25", ""]
    assert table.notes == ("Methode: naar rato.",)
    assert not table.long


def test_notes_that_the_page_holds_are_not_repeated_and_letters_get_their_meaning() -> None:
    frame = pd.DataFrame({"name": ["x"], "a": [1.0], "b": [2.0]}, index=pd.Index(["GM0363"], name="code"))
    table = Table(
        "comparison",
        "Vergelijking",
        frame,
        "EUR",
        notes=["a: Fonds 2019", "b: Fonds 2020", "Exclusief BES."],
        meanings={"a": "Fonds 2019", "b": "Fonds 2020"},
    )
    shown = shown_table(table, "nl", title="Anders", said=["a: Fonds 2019", "Exclusief BES."])
    assert (shown.title, shown.notes) == ("Anders", ("B: Fonds 2020",))
    assert [head.meaning for head in shown.heads] == ["", "", "Fonds 2019", "Fonds 2020"]


def test_of_several_years_the_last_is_searched() -> None:
    years = [
        Table(f"contributions_{year}", f"Bijdrage {year}", bill().frame, "EUR", earlier=year < 2023)
        for year in (2021, 2023, 2022)
    ]
    text = made(*years)
    searched = text.index('id="GM0363"')
    assert text.rindex('data-title="Bijdrage 2023"', 0, searched) > text.rindex("data-title=", 0, searched) - 1
    assert text.count('id="GM0363"') == 1


def test_groups_are_added_up_and_reference_groups_without_figures_left_out() -> None:
    frame = municipalities(2020)[["name", "inhabitants"]]
    table = Table("fees", "Contributie", frame.assign(fee=1.0), {"fee": "EUR"}, total=["fee"])
    own = {"G4": ["GM0363", "GM0599", "GM0518", "GM0344"], "rest": ["GM0363"]}
    text = made(table, groups=("province", "urbanity_class", own))
    headings = re.findall(r"<h3>(.*?)</h3>", text)
    assert "Contributie per provincie" in headings
    assert "Contributie per groep" in headings
    _, row = re.findall(r'<th scope="row">G4</th>(.*?)</tr>', text)  # beside its chart, and among the groups
    assert re.findall(r">([^<]*)</td>", row)[-2:] == ["2.427.349", "4,00"]
    with pytest.raises(UnknownNameError, match="nothing"):
        made(table, groups=("nothing",))


def test_a_table_without_municipalities_has_no_search_and_no_map() -> None:
    frame = pd.DataFrame({"budget": [1.5]}, index=pd.Index(["IBD"], name="activity"))
    text = made(Table("half_year", "Halfjaar", frame, "EUR"))
    assert 'id="search"' not in text
    assert "<svg" not in text
    assert data_of(text)["charts"] == []
    assert "/* vega */" not in text


def test_votes_have_groups_but_no_map() -> None:
    frame = municipalities(2023)[["name", "inhabitants"]].assign(votes=1)
    text = made(Table("votes", "Stemmen", frame, total=["votes"]))
    assert "<h3>Stemmen per provincie</h3>" in text
    assert "<svg" not in text
    assert 'id="search"' in text


# words, sources, what is unknown


def test_sources_have_a_link_and_the_status_of_what_is_taken_from_them() -> None:
    values = pd.DataFrame({
        "item": ["a", "b", "c"], "value": ["1", "PM", "niet uitgesplitst"],
        "status": ["published", "estimated", "enacted"], "source": ["Besluit, p. 2", "Ander", "Besluit"],
        "note": ["", "volgt in mei", ""],
    })  # fmt: skip
    values.attrs = {"cited": ["Besluit", "Ander", "Besluit"], "unknown": [1, 2]}
    sources = [{"id": "x", "title": "Besluit", "url": "https://vng.nl/x", "publisher": "VNG", "read": "in part"},
               {"id": "y", "title": "Los", "url": "ftp://x"}]  # fmt: skip
    first, second = shown_sources(sources, [Table("values", "", values)], "nl")
    assert (*first[:2], dict(first[2])) == (
        "Besluit", "https://vng.nl/x",
        {"Uitgever": "VNG", "Geraadpleegd": "gedeeltelijk", "Status": "gepubliceerd, vastgesteld"},
    )  # fmt: skip
    assert second == ("Los", "", [])
    assert shown_memoranda([bill()], [Table("values", "", values)], "nl") == (
        ("b", "PM: volgt in mei"), ("c", "niet uitgesplitst"),
    )  # fmt: skip


def test_memoranda_of_tables_are_listed_and_never_zero() -> None:
    table = Table("net", "Netto", bill(net=[np.nan] * 3).frame[["net"]], "EUR", pm=["net"])
    assert shown_memoranda([table], [], "nl") == (("Netto", "Netto na BCF: PM (nog niet bekend)."),)
    text = made(table)
    assert '<p class="note">Netto na BCF: PM (nog niet bekend).</p>' in text
    assert 'data-beside="Netto na BCF: PM (nog niet bekend)."' in text
    assert ">PM</td>" not in text
    assert 'id="memoranda"' in text
    assert 'id="memoranda"' not in made()


def test_amounts_that_are_nil_for_everyone_are_said_once() -> None:
    people = municipalities(2023)[["name", "inhabitants"]]
    frame = people.assign(contribution=1.0, mergers=0.0, difference=0.0)
    text = made(Table("t", "T", frame, dict.fromkeys(["contribution", "mergers", "difference"], "EUR")))
    assert '<p class="note">Voor iedereen € 0,00: herindelingen.</p>' in text
    heads = re.findall(r'data-name="(\w+)"', text[text.index('id="per"') :])
    assert "difference" in heads  # that a difference is nil is news
    assert "mergers" not in heads


def test_illustrative_values_are_marked_on_every_part() -> None:
    table = Table("t", "T", bill().frame, "EUR", illustrative=True)
    text = made(table)
    assert text.count("FICTIEF VOORBEELD") >= 5
    assert "FICTIEF VOORBEELD" not in made()


def test_indicative_figures_are_marked() -> None:
    table = replace(bill(), indicative=True)
    text = made(table)
    assert (
        text.count(">Indicatief: aandeel in de landelijke raming, geen raming voor deze gemeente</p>") == 5
    )  # map, table, three groups
    assert 'data-banner="Indicatief' in text  # from where the panel of one municipality takes it


def test_english() -> None:
    text = made(lang="en")
    assert '<html lang="en">' in text
    assert "Find a municipality" in text
    assert data_of(text)["words"]["close"] == "Close"
    with pytest.raises(UnknownNameError, match="unknown language 'de'"):
        made(lang="de")


def test_provenance_is_written_out() -> None:
    content = {"model": {"id": "funds/ggu/2020", "years": [2020, None]}, "day": datetime.date(2020, 1, 1)}
    assert lines(content) == [
        ("model.id", "funds/ggu/2020"), ("model.years", "2020"), ("day", "2020-01-01"),
    ]  # fmt: skip
    assert "Model: jaren" in made(provenance=content)


def test_sections_hold_answers_and_their_tables() -> None:
    frame = pd.DataFrame({"year": [2024], "budget": [1e6]})
    part = Section(title="Artikel 2 Fvw", texts=(("Wijze van financiering?", "Uit het gemeentefonds."),), tables=("b",))
    text = made(bill(), Table("b", "Per jaar", frame, {"budget": "EUR"}), sections=[part])
    after = text[text.index('id="section1"') :]
    assert after.index("Uit het gemeentefonds.") < after.index("Per jaar") < after.index('id="per"')
    assert text.count("<h3>Per jaar</h3>") == 1


def test_what_names_no_table_is_named_all_at_once() -> None:
    with pytest.raises(InputError, match="cannot be made") as error:
        made(sections=[Section(title="UDO", tables=("none",))], map=("contributions", "nothing"))
    assert [fault.where for fault in error.value.faults] == ["map", "section UDO"]


def test_what_the_map_shows_first_can_be_said() -> None:
    other = Table("other", "Anders", bill().frame, {"contribution": "EUR"})
    text = made(bill(), other, map=("other", "inhabitants"))
    assert data_of(text)["map"]["layers"][0]["name"] == "inhabitants"
    assert data_of(text)["shown"] == "inhabitants"


def test_boundaries_of_another_map() -> None:
    square = [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]]

    def shapes(*codes: str) -> dict[str, Any]:
        polygon = {"type": "Polygon", "coordinates": square}
        features = [{"properties": {"code": code}, "geometry": polygon} for code in codes]
        return {"type": "FeatureCollection", "features": features}

    text = made(boundaries=shapes("GM0363", "GM0345", "GM0088"))
    assert data_of(text)["map"]["codes"] == ["GM0088", "GM0345", "GM0363"]
    assert 'class="shaped"' in text
    assert "CC BY 4.0" not in text
    assert "tiles" not in data_of(text)["map"]
    with pytest.raises(InputError, match="lack 2 of the municipalities of table 'contributions'") as error:
        made(boundaries=shapes("GM0363"))
    assert [fault.found for fault in error.value.faults] == ["without GM0088, GM0345"]
    with pytest.raises(InputError, match="no municipal map that is known"):
        made(boundaries=shapes("GM0363", "GM9999"))
    later = pd.DataFrame({"fee": [1.0]}, index=pd.Index(["GM1992"], name="code"))  # Voorne aan Zee, from 2023
    with pytest.raises(InputError, match="of an earlier map than table 'fees'"):
        made(Table("fees", "C", later, "EUR"), boundaries=shapes("GM0501"))  # Brielle, until 2023


# whole results


def test_the_page_of_the_fund() -> None:
    content = dossier(open_model("funds/ggu/2020"))
    text = files_of(content)["result.html"].decode()
    assert text.count("<tr data-code=") == 355
    assert "De kaart toont de gemeenten van 1 januari 2023" in text
    assert "€\N{NO-BREAK SPACE}52.300.000,00" in text
    assert '<a href="https://' in text
    assert "Status: gepubliceerd" in text
    assert len(text.encode()) < 1_000_000  # and the scripts 0.9 MB


def test_the_page_of_a_comparison_groups_by_the_year_of_the_result() -> None:
    fund = open_model("funds/ggu/2020")
    other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    text = files_of(comparison_dossier(compare(fund.contributions(), other.contributions()), [fund, other]))
    page_text = text["result.html"].decode()
    assert data_of(page_text)["shown"] == "per_inhabitant_change_b"
    classes = municipalities(2020)["size_class"].value_counts().sort_index().tolist()
    part = page_text[page_text.index("<h3>Per gemeentegrootteklasse</h3>") :]
    rows = re.findall(r'<th scope="row">\d \(.*?</th><td class="n">(\d+)</td>', part)[:8]
    assert list(map(int, rows)) == classes
    assert len(data_of(page_text)["charts"]) >= 4
    own = redistribution_by_class(fund, other)
    figures = re.findall(r'<th scope="row">\d \(.*?</tr>', part)[:8]
    for row, effect in zip(figures, own, strict=True):
        assert f">{number(effect, decimals=2, plus=True)}</td>" in row


def redistribution_by_class(fund: Any, other: Any) -> list[float]:
    from ggu_costs import redistribution

    effects = redistribution(fund.contributions(), other.contributions()).by("size_class")["difference"]
    return [float(value) for value in effects]


def test_the_note_for_one_municipality() -> None:
    content = dossier(open_model("funds/ggu/2020"), municipality="GM0345")
    text = files_of(content)["result.html"].decode()
    assert "<h1>Veenendaal (GM0345): Fonds GGU 2020</h1>" in text
    assert 'id="search"' not in text
    assert "<svg" not in text
    assert '<tr class="chosen" data-code="GM0345">' in text
    assert "199.774,06" in html.unescape(text)


def test_of_an_empty_result_there_is_a_page() -> None:
    assert "Leeg" in page_bytes(Report("Leeg", ())).decode()


# the extra


def test_without_the_packages_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "find_spec", lambda name: None)
    assert lacking_packages() == ["Jinja2", "vl-convert-python"]
    with pytest.raises(GguCostsError, match=r"a page needs Jinja2 and vl-convert-python.*\n.*ggu-costs\[html\]"):
        made()


@pytest.mark.parametrize("name", ["ratio", "contribution"])
def test_infinite_figures_are_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: infinite for GM0363"):
        made(bill(**{name: [np.inf, 1.0, 1.0]}))


def test_without_the_packages_the_other_files_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "find_spec", lambda name: None if name == "vl_convert" else object())
    for lang, told in (("en", "No page: install the extra"), ("nl", "Geen pagina: installeer de extra")):
        result = CliRunner().invoke(cli.app, ["run", "funds/ggu/2020", "--out", str(tmp_path), "--lang", lang])
        assert result.exit_code == 0
        assert f"{told} 'html' (pip install 'ggu-costs[html]').\n" in result.stderr
    assert {"result.xlsx", "contributions.csv"} <= {path.name for path in tmp_path.iterdir()}
    assert not (tmp_path / "result.html").exists()


def test_the_command_line_takes_boundaries(tmp_path: Path) -> None:
    polygon = {"type": "Polygon", "coordinates": [[[4.0, 52.0], [5.0, 52.0], [5.0, 53.0], [4.0, 52.0]]]}
    features = [{"properties": {"code": code}, "geometry": polygon} for code in municipalities(2023).index]
    (tmp_path / "a.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    command = ["run", "funds/ggu/2020", "--out", str(tmp_path / "out"), "--boundaries", str(tmp_path / "a.json")]
    result = CliRunner().invoke(cli.app, command)
    assert result.exit_code == 0, result.output
    text = (tmp_path / "out/result.html").read_text(encoding="utf-8")
    assert 'class="shaped"' in text
    assert len(data_of(text)["map"]["codes"]) == 342
