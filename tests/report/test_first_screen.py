"""What a reader of any shipped model sees at once, on a screen and a telephone; with scripts blocked; in print.

Needs Chromium with its driver and selenium; without them these tests are skipped, and each names what is missing.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import chromium, missing, sized
from cases import EVERY_MODEL
from typer.testing import CliRunner

from ggu_costs import cli, list_models

pytestmark = pytest.mark.browser

COMPARED = (
    ("fees/vng-contributie/2023", "fees/vng-contributie/2024"),
    ("funds/ggu/2018", "funds/ggu/2019"),
    ("funds/ggu/2019", "funds/ggu/2020"),
)
KINDS = list_models()["kind"].to_dict()
FEW = (
    "ballots/per-inhabitant", "fees/vng-contributie/2024", "funds/ggu/2020", "funds/example-portfolio",
    "procurement/gt-mobiel-1", "programmes/omgevingswet/2021", "programmes/example-digital-identity",
)  # fmt: skip
ONE_EACH = dict.fromkeys([*FEW, *dict(zip(KINDS.values(), KINDS, strict=True)).values()])  # of a kind that is new too
RUNS = [("run", str(model)) for model in (KINDS if EVERY_MODEL else ONE_EACH)]
RUNS += [("compare", *pair) for pair in (COMPARED if EVERY_MODEL else COMPARED[::2])]
SCREENS = ((1280, 800), (390, 844))  # pixels wide, and what is seen of a page that was just opened
SEEN = """
const bottom = (name) => {
  const found = document.querySelector(name);
  return found ? found.getBoundingClientRect().bottom : 0;
};
return [bottom('.answer'), Math.max(bottom('.tiles'), bottom('.basis'), bottom('.answer'))];
"""
LARGEST = 2_000_000


def name_of(run: tuple[str, ...]) -> str:
    return "-".join(run).replace("/", "_")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if missing():
        pytest.skip(f"left out: the first screen of pages (lacks {missing()})")
    folder = tmp_path_factory.mktemp("pages")
    for run in RUNS:
        few = ["--draws", "512"] if run[0] == "run" and KINDS[run[1]] == "programme" else []
        result = CliRunner().invoke(cli.app, [*run, *few, "--quiet", "--out", str(folder / name_of(run))])
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def browser(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def opened(browser: Any, pages: Path, run: tuple[str, ...]) -> Path:
    path = pages / name_of(run) / "result.html"
    browser.get(path.as_uri())
    return path


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_the_answer_and_its_figures_are_seen_without_scrolling(browser: Any, pages: Path, run: tuple[str, ...]) -> None:
    for width, seen in SCREENS:
        with sized(browser, width):
            path = opened(browser, pages, run)
            sentence, figures = browser.execute_script(SEEN)
            assert 0 < sentence <= figures <= seen
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("run", [("run", "funds/ggu/2020"), ("compare", *COMPARED[0])], ids=name_of)
def test_answer_map_and_tables_are_there_with_scripts_blocked(browser: Any, pages: Path, run: tuple[str, ...]) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(browser, pages, run)
        for shown in (".answer", ".tiles", "#per tbody tr", "#drawing .area"):
            assert browser.find_element("css selector", shown).is_displayed(), shown
        folded = browser.find_element("css selector", ".charts summary")
        assert folded.is_displayed()  # the figures of a chart
        assert not browser.find_element("css selector", ".search").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_charts_are_drawn_when_they_come_near_and_before_printing(browser: Any, pages: Path) -> None:
    drawn = "return document.querySelectorAll('.chart svg').length"
    opened(browser, pages, ("run", "funds/ggu/2020"))
    charts = len(browser.find_elements("css selector", ".chart"))
    assert browser.execute_script(drawn) < charts
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = base64.b64decode(printed["data"])
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(across)), round(float(down))) for across, down in boxes} <= {(595, 842), (842, 595)}  # A4
    assert browser.execute_script(drawn) == charts


def test_a_reader_may_choose_tiles(browser: Any, pages: Path) -> None:
    opened(browser, pages, ("run", "funds/ggu/2020"))
    first = "return document.querySelector('#drawing .area').getAttribute('d')"
    outline = browser.execute_script(first)
    choice = browser.find_element("css selector", "#tiles")
    browser.execute_script("arguments[0].click()", choice)
    assert re.fullmatch(r"M\d+ \d+h22v22h-22z", browser.execute_script(first))
    assert browser.find_element("css selector", "#borders").get_attribute("d") != ""
    browser.execute_script("arguments[0].click()", choice)
    assert browser.execute_script(first) == outline
