"""The answer of a fund or fee lies on the first screen: above 800 pixels at 1,280 wide, above 844 at 390 wide.

That it says what it should is in ``test_answer.py``. Needs Chromium with its driver, and selenium.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cases import EVERY_MODEL

from ggu_costs.catalogue import compare_models, open_model
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Report
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.page import lacking_packages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LACKING = lacking_packages() or not (
    any(map(shutil.which, BROWSERS)) and shutil.which("chromedriver") and find_spec("selenium")
)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(LACKING), reason="no Chromium with driver and selenium")]

SCREENS = ((1280, 800), (390, 844))
FLAGS = ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run")
BOTTOMS = """
const found = {};
for (const item of document.querySelectorAll('header *, main li')) {
  const text = item.textContent.replaceAll('\\u00a0', ' ').trim();
  found[text] = Math.min(found[text] ?? Infinity, item.getBoundingClientRect().bottom);
}
return found;
"""


def compared(names: list[str], municipality: str | None = None, **changes: Any) -> Report:
    models = [open_model(name) for name in names]
    models = [*models, models[0].with_changes(**changes)] if changes else models  # type: ignore[union-attr]
    return comparison_dossier(compare_models(*models), models, municipality=municipality)


YEARS, FEES = [f"funds/ggu/{year}" for year in (2018, 2019, 2020)], [f"fees/vng-contributie/{y}" for y in (2023, 2024)]
BILLS = [*(YEARS + FEES if EVERY_MODEL else [YEARS[-1], FEES[-1]]), "funds/example-portfolio"]


def reports() -> Iterator[Report]:
    for name in BILLS:
        yield dossier(open_model(name))
        yield dossier(open_model(name), municipality="GM0345")
    for municipality in (None, "GM0345"):
        yield compared(YEARS, municipality)
        yield compared(FEES, municipality)
        yield compared(YEARS[-1:], municipality, key={"inhabitants": 0.8, "equal": 0.2})


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = next(path for path in map(shutil.which, BROWSERS) if path)
    for flag in (*FLAGS, f"user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(f"--{flag}")
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    yield driver
    driver.quit()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_answer_lies_on_the_first_screen(browser: Any, tmp_path: Path, lang: str) -> None:
    page, low = tmp_path / "result.html", {}
    for report in reports():
        page.write_bytes(files_of(report, lang=lang)["result.html"])
        answer = report_in(report, lang).answer
        assert answer is not None
        names = answer.more if "comparison" in report.frames else ()  # who rises and falls most is said below the tiles
        wanted = [answer.sentence, *(tile.basis for tile in answer.tiles), *names]
        for width, height in SCREENS:
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            browser.get(page.as_uri())
            bottoms = browser.execute_script(BOTTOMS)
            for text in wanted:
                if not bottoms[text.replace("\N{NO-BREAK SPACE}", " ")] <= height:
                    low[report.title, width, text] = bottoms[text]
    assert low == {}
