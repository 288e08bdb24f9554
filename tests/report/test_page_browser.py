"""The page in a browser, opened from disk: search, deep link, sorting, map, charts, and what axe-core finds.

Needs Chromium with its driver, selenium, and axe-core (the folder of node modules in NODE_PATH). Without them these
tests are skipped, and each names what is missing.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from browsers import chromium, missing, sized
from fuzz import text as fuzzer
from typer.testing import CliRunner

from ggu_costs import cli, compare, open_model
from ggu_costs.display.chart import Chart
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.join import joined

pytestmark = pytest.mark.browser

FEE = "fees/vng-contributie/2024"
FIELDS = {  # which model, and what is put in its fields
    "fields": ("fees/vng-contributie/2024", {"seed": 1}),
    "fields-nation": ("programmes/woo", {"seed": 1}),
    "long": ("programmes/woo", {"payload": "long address"}),
}
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("x")'


def axe_core() -> Path | None:
    places = [Path(folder) / "axe-core" / "axe.min.js" for folder in os.environ.get("NODE_PATH", "").split(os.pathsep)]
    return next((place for place in places if place.is_file()), None)


def comparison() -> Report:
    fund = open_model("funds/ggu/2020")
    other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    return comparison_dossier(compare(fund.contributions(), other.contributions()), [fund, other])


def hostile() -> Report:
    bill = open_model("funds/ggu/2020").contributions().to_frame()
    bill.loc["GM0363", "name"], bill.loc["GM0345", "name"] = SCRIPT, FORMULA
    names = [
        text.replace("¤", f"q{at}z") for at, text in enumerate((*fuzzer.PAYLOADS.values(), *fuzzer.REFUSED.values()))
    ]
    frame = pd.DataFrame({"difference": np.arange(1.0, 1 + len(names))}, index=pd.Index(names, name="name"))
    chart = Chart(title=SCRIPT, frame=frame, kind="bars", x="name", y=("difference",))
    table = Table("contributions", SCRIPT, bill, illustrative=True)
    return Report(SCRIPT, (table,), notes=(SCRIPT,), charts=(chart,))


def run_programme(folder: Path) -> None:
    """Run the programme as a user does, with few draws."""
    words = ["run", "programmes/omgevingswet/2021", "--draws", "512", "--out", str(folder)]
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 0, result.output


OTHER_KINDS = {
    "case": "procurement/example-ibd", "votes": "ballots/steps-example",
    "grant": "grants/gemeentefonds/septembercirculaire-2024/2025", "body": "joint-bodies/example-shared-services",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if missing():
        pytest.skip(f"left out: the page in a browser (lacks {missing()})")
    made = tmp_path_factory.mktemp("pages")
    pages = {"comparison": comparison(), "hostile": hostile(), "fund": dossier(open_model("funds/ggu/2020")),
             "note": dossier(open_model("funds/ggu/2020"), municipality="GM0345"),
             "years": dossier(open_model("funds/example-portfolio")),
             **{name: dossier(open_model(model)) for name, model in OTHER_KINDS.items()},
             "joined": joined("Dossier", {"Fonds": comparison(), "Contributie": dossier(open_model(FEE))}),
             }  # fmt: skip
    for name, content in pages.items():
        (made / f"{name}.html").write_bytes(files_of(content)["result.html"])
    for name, (filled, told) in FIELDS.items():
        model = fuzzer.base(filled)
        files, _ = fuzzer.run(model.filled(fuzzer.payloads_of(told, model.count)))
        (made / f"{name}.html").write_bytes(files["result.html"])
    (made / "english.html").write_bytes(files_of(comparison(), lang="en")["result.html"])
    run_programme(made / "run")
    (made / "run/result.html").rename(made / "programme.html")
    return made


@pytest.fixture(scope="module")
def browser(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


class Page:
    """One page open in the browser."""

    def __init__(self, browser: Any, folder: Path, name: str, hash_: str = "") -> None:
        self.browser = browser
        browser.get("about:blank")
        browser.get(f"{(folder / name).with_suffix('.html').as_uri()}{hash_}")
        self.complaints = browser.get_log("browser")

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements("css selector", selector))

    def run(self, script: str, *given: object) -> Any:
        return self.browser.execute_script(script, *given)

    def text(self, selector: str) -> str:
        return str(self.one(selector).get_property("textContent"))

    def search(self, words: str) -> list[str]:
        box = self.one("#search")
        box.clear()
        box.send_keys(words)
        return [str(item.get_property("textContent")) for item in self.all("#found li")]


NAMES = ["comparison", "fund", "note", "hostile", "programme", "years", "joined", "english", *OTHER_KINDS, *FIELDS]


# removes the rows that are all alike, and opens what is folded, so that all of it is looked at
UNFOLD = """
for (const folded of document.querySelectorAll('details')) folded.open = true;
const alike = 'main tbody tr:nth-child(n + 4), #drawing .area:nth-child(n + 9)';
for (const one of document.querySelectorAll(alike)) one.remove();
"""
# charts are drawn after the page: how many are not, when all are or after five seconds
DRAWN = """
const done = arguments[0], end = Date.now() + 5000;
const left = () => document.querySelectorAll('.chart:not(:has(svg))').length;
const look = () => (left() && Date.now() < end ? setTimeout(look, 50) : done(left()));
look();
"""
LOOK = """
const done = arguments[0];
axe.run({ resultTypes: ['violations'] }).then(result => done(result.violations.map(
  found => [found.impact, found.id, found.nodes.map(node => node.html.slice(0, 120)).join()])));
"""


@pytest.mark.parametrize("name", NAMES)
def test_console_charts_width_and_accessibility(browser: Any, folder: Path, name: str) -> None:
    page = Page(browser, folder, name, "#GM0345")
    assert browser.execute_async_script(DRAWN) == 0
    assert page.complaints + browser.get_log("browser") == []
    looked_at = []
    for width in (1280, 390):
        with sized(browser, width):
            assert page.run("return document.documentElement.scrollWidth") <= width
    script = axe_core()
    if script is None:
        pytest.skip(
            "left out: accessibility of the page (lacks axe-core; name its folder of node modules in NODE_PATH)"
        )
    page.run(UNFOLD)
    page.run(script.read_text(encoding="utf-8"))
    for width in (1280, 390):
        with sized(browser, width):
            looked_at += browser.execute_async_script(LOOK)
    assert [row for row in looked_at if row[0] in ("serious", "critical")] == []


@pytest.mark.parametrize("name", ["comparison", "programme"])
def test_search_finds_names_with_signs_and_accents(browser: Any, folder: Path, name: str) -> None:
    page = Page(browser, folder, name)
    assert page.search("'s-Hertogenbosch") == ["'s-HertogenboschGM0796"]
    assert page.search("hertogenbosch") == ["'s-HertogenboschGM0796"]
    assert page.search("den bosch") == ["'s-HertogenboschGM0796"]
    assert page.search("sudwest") == ["Súdwest-FryslânGM1900"]
    assert page.search("Súdwest-Fryslân") == ["Súdwest-FryslânGM1900"]
    assert page.search("GM0345") == ["VeenendaalGM0345"]
    assert (
        page.search("den haag") == page.search("sgravenhage") == page.search("'s-Gravenhage") == ["'s-GravenhageGM0518"]
    )
    assert page.search("bergen nh") == page.search("Bergen (NH.)") == ["Bergen (NH.)GM0373"]
    assert page.search("utrecht")[0] == "UtrechtGM0344"
    assert page.search("atlantis") == []
    assert page.text("#status") == "Geen gemeente gevonden"


def test_search_by_keyboard_opens_the_municipality(browser: Any, folder: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    page = Page(browser, folder, "comparison")
    assert page.search("berg") != []
    box = page.one("#search")
    box.send_keys(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ARROW_DOWN)
    chosen = page.one(f"#{box.get_attribute('aria-activedescendant')}")
    code = chosen.get_attribute("data-code")
    assert chosen.get_attribute("aria-selected") == "true"
    box.send_keys(Keys.ENTER)
    assert page.run("return location.hash") == f"#{code}"
    assert code in page.text("#one-name")
    assert page.run("return document.activeElement.id") == "one-name"
    page.one("#one button").click()
    assert not page.one("#one").is_displayed()
    assert page.run("return location.hash") == ""
    assert page.search("berg") != []
    box.send_keys(Keys.ESCAPE, Keys.ENTER, Keys.ARROW_DOWN)  # closed: nothing is chosen
    assert (page.all("#found li"), box.get_attribute("aria-activedescendant")) == ([], None)
    assert (page.run("return location.hash"), browser.get_log("browser")) == ("", [])
    page.run("location.hash = '#gm1900'")
    assert "Súdwest" in browser.execute_async_script(
        "const done = arguments[0]; setTimeout(() => done(document.getElementById('one-name').textContent), 50)"
    )


def test_the_deep_link_opens_the_figures_of_one_municipality(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "comparison", "#GM0345")
    assert page.text("#one-name") == "Veenendaal GM0345"
    figures = dict(
        zip((item.text for item in page.all("#one dt")), (item.text for item in page.all("#one dd")), strict=True)
    )
    assert figures["A (€): Fonds GGU 2020: bijdrage"] == "199.774,06"
    effect = next(text for name, text in figures.items() if name.startswith("Verschil B met A"))
    assert effect.split("\n")[0] == "-10.490,02"
    place = next(text for name, text in figures.items() if name.startswith("Verandering van het bedrag per inwoner"))
    assert "van 355" in place  # of what map and charts show first
    near = page.all("#one tbody tr")
    assert len(near) == 7
    assert page.text("#one tbody tr.chosen th") == "Veenendaal"
    assert len(page.all("#drawing .chosen")) == 1
    page.one("#one tbody a").click()
    assert "Veenendaal" not in page.text("#one-name")


def test_a_municipality_of_the_map_that_the_year_did_not_have(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "comparison", "#GM1992")
    assert page.text("#one-name") == "Voorne aan Zee"
    assert [item.text for item in page.all("#one li")] == ["Brielle", "Hellevoetsluis", "Westvoorne"]
    page = Page(browser, folder, "comparison", "#GM9999")
    assert "GM9999 staat niet in dit overzicht" in page.text("#one")


def test_sorting(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "comparison")

    def column(place: int) -> list[str]:
        found = page.run(
            "return [...document.querySelector('#per tbody').rows].map(row => row.cells[arguments[0]].textContent)",
            place,
        )
        return [str(text) for text in found]

    heads = page.all("#per thead th")
    names = [str(head.get_property("textContent")) for head in heads]
    name, people, effect = (
        names.index("Gemeente"),
        names.index("Inwoners"),
        names.index("Verschil B met A, meer (+) / minder (-) (€)"),
    )
    click = "arguments[0].querySelector('button').click()"
    page.run(click, heads[people])
    assert heads[people].get_attribute("aria-sort") == "descending"
    assert column(name)[:2] == ["Amsterdam", "Rotterdam"]
    page.run(click, heads[people])
    assert column(name)[0] == "Schiermonnikoog"
    page.run(click, heads[effect])
    amounts = [float(text.replace(".", "").replace(",", ".")) for text in column(effect)]
    assert amounts == sorted(amounts, reverse=True)
    page.run(click, heads[name])
    assert (heads[name].get_attribute("aria-sort"), heads[effect].get_attribute("aria-sort")) == ("ascending", None)
    assert column(name)[0] == "Aa en Hunze"
    assert column(name).index("'s-Gravenhage") > column(name).index("Rotterdam")  # under its s


def test_the_programme_by_deep_link_and_sorted(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "programme", "#GM1900")
    assert page.text("#one-name") == "Súdwest-Fryslân GM1900"
    assert page.text("#one .banner") == "Indicatief: aandeel in de landelijke raming, geen raming voor deze gemeente"
    pairs = zip((item.text for item in page.all("#one dt")), (item.text for item in page.all("#one dd")), strict=True)
    figures = dict(reversed(list(pairs)))  # of the first table, which the map shows
    assert figures["Gemiddeld (€)"].endswith(".000")  # as precise as an estimate is
    assert "van 352" in figures["Per inwoner (€)"]
    assert page.one("#layer option").text == "per inwoner"
    heads = page.all("#per thead th")
    names = [str(head.get_property("textContent")) for head in heads]
    place = names.index("Per inwoner (€)")
    page.run("arguments[0].querySelector('button').click()", heads[place])
    shown = page.run(
        "return [...arguments[1].closest('table').tBodies[0].rows].map(row => row.cells[arguments[0]].textContent)",
        place, heads[place],
    )  # fmt: skip
    order = [float(text.replace(".", "").replace(",", ".").replace(" ", "")) for text in shown]
    assert len(order) == 352
    assert order == sorted(order, reverse=True)


def test_years_stand_below_each_other_and_steps_open_on_demand(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "years", "#GM0345")
    first = page.all("#one table")[0]
    assert [cell.text for cell in first.find_elements("css selector", "tbody th")] == [
        "2021", "2022", "2023", "2024", "2025",
    ]  # fmt: skip
    assert "111.508,77" in first.text
    steps = page.all("#one details")
    assert [item.text for item in steps] == [
        "Van bron naar bedrag: Voorbeeld: meerjarenprogramma in drie delen: bijdrage 2025",
        "Van bron naar bedrag: Voorbeeld: meerjarenprogramma in drie delen: bijdrage 2024",
    ]
    steps[0].find_element("css selector", "summary").click()
    assert "70.352 van 18.044.027" in steps[0].text
    assert len(page.all("#per details")) == 7  # four earlier bills, three earlier changes


def test_a_joined_page_shows_a_municipality_in_every_part(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "joined", "#GM0345")
    assert [item.text for item in page.all("#one h3")] == [
        "Fonds: Vergelijking", "Fonds: Waarom B anders is dan A", "Contributie: Contributies",
        "Gemeenten van vergelijkbare omvang",
    ]  # fmt: skip
    page.one("#one details summary").click()
    assert "schijf vanaf 25.000 tot 200.000" in page.text("#one details")


def test_the_map_shows_another_column_and_points_at_municipalities(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "fund")
    classes = "return [...document.querySelectorAll('#drawing .area')].map(area => area.getAttribute('class'))"
    before = page.run(classes)
    page.run("const s = arguments[0]; s.value = '1'; s.dispatchEvent(new Event('change'))", page.one("#layer"))
    after = page.run(classes)
    assert (len(before), before == after) == (342, False)
    assert set(after) == {"area s3"}  # the same per inhabitant for all
    assert [item.text for item in page.all("#legend li")] == ["€ 3,00"]
    page.run("arguments[0].dispatchEvent(new MouseEvent('mouseenter'))", page.one("#drawing .area"))
    assert page.text("#pointed") == "Groningenper inwoner: € 3,00"
    page.run("arguments[0].dispatchEvent(new MouseEvent('click'))", page.one("#drawing .area"))
    assert page.text("#one-name") == "Groningen GM0014"


def test_a_chart_has_a_bar_for_every_name_whatever_it_holds(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "hostile")
    assert browser.execute_async_script(DRAWN) == 0
    count = len(fuzzer.PAYLOADS) + len(fuzzer.REFUSED)
    assert page.run("return document.querySelectorAll('.chart svg .mark-rect path').length") == count
    assert page.run("return window.ran") is None
    assert browser.get_log("browser") == []


def test_hostile_names_stay_texts(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "hostile", "#GM0363")
    assert page.text("#one-name") == f"{SCRIPT} GM0363"
    assert page.search("script") == [f"{SCRIPT}GM0363"]
    assert page.search("hyperlink") == [f"{FORMULA}GM0345"]
    assert page.browser.title == SCRIPT
    assert page.run("return document.querySelectorAll('#one script, #found script, table script').length") == 0


@pytest.mark.parametrize("name", FIELDS)
def test_no_text_in_any_field_runs_and_all_of_them_show(browser: Any, folder: Path, name: str) -> None:
    page = Page(browser, folder, name)
    assert browser.execute_async_script(DRAWN) == 0
    assert page.run("return window.ran === undefined && !document.querySelector('img, iframe, object, [onload]')")
    shown = fuzzer.seen_in("result.html", (folder / f"{name}.html").read_bytes())
    assert set(re.findall(r"q\d+z", page.text("body"))) == shown
    page.run("for (const folded of document.querySelectorAll('details')) folded.open = true")
    for link in page.all("a"):
        assert re.match(r"https?://|mailto:|file:.*#", str(link.get_property("href")))
    assert browser.get_log("browser") == []


def test_no_page_may_turn_text_into_a_script(browser: Any, folder: Path) -> None:
    page = Page(browser, folder, "comparison")
    policy = page.one("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    refused = """
      const done = arguments[0];
      document.addEventListener('securitypolicyviolation', event => done(event.violatedDirective));
      const made = document.createElement('script');
      made.textContent = 'window.ran = 1';
      document.body.append(made);
    """
    assert browser.execute_async_script(refused) == "script-src-elem"
    assert page.run("return window.ran") is None
