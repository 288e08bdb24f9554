"""Make the pages that are looked at before a release, as a reader sees them: ``python tools/screenshots.py FOLDER``.

A page of each kind at 1,280 and at 390 pixels wide, and a comparison, a dossier, a note and a printed page. Needs
Chromium with its driver and selenium; the printed page becomes images where pypdfium2 is installed, and stays a PDF
otherwise. With names after the folder only those are made.
"""

from __future__ import annotations

import argparse
import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ggu_costs import open_model
from ggu_costs.catalogue import compare_models, open_models
from ggu_costs.display.report import Report
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.join import joined

WIDE, NARROW = 1280, 390
HIGHEST = 16_000  # pixels; what lies below is left out
FLAGS = ("headless=new", "no-sandbox", "disable-gpu", "hide-scrollbars", "force-color-profile=srgb", "no-first-run")
DRAWN = """
const done = arguments[0], end = Date.now() + 8000;
for (const chart of document.querySelectorAll('[data-chart]')) chart.scrollIntoView();
const look = () => (document.querySelectorAll('.chart:not(:has(svg))').length && Date.now() < end
  ? setTimeout(look, 50) : (scrollTo(0, 0), setTimeout(done, 100)));
look();
"""


def compared(first: str, second: str) -> Report:
    """Return the comparison of two models."""
    models = open_models([first, second], {})
    return comparison_dossier(compare_models(*models), models)


def dossier_of_two() -> Report:
    """Return a fund and a programme before one assembly."""
    parts = {"Fonds GGU 2020": "funds/ggu/2020", "Omgevingswet 2021": "programmes/omgevingswet/2021"}
    return joined("Dossier", {heading: dossier(open_model(name)) for heading, name in parts.items()})


KINDS = {
    "fund": "funds/ggu/2020",
    "procurement": "procurement/gt-mobiel-1",
    "programme": "programmes/omgevingswet/2021",
    "ballot": "ballots/steps-example",
    "index": "index/vng-contributie",
    "joint-body": "joint-bodies/example-shared-services",
}
OTHERS: dict[str, Callable[[], Report]] = {
    "comparison": lambda: compared("fees/vng-contributie/2023", "fees/vng-contributie/2024"),
    "dossier": dossier_of_two,
    "note": lambda: dossier(open_model("funds/ggu/2020"), municipality="GM0345"),
}
PAGES: dict[str, Callable[[], Report]] = {
    **{name: lambda model=model: dossier(open_model(model)) for name, model in KINDS.items()},
    **OTHERS,
}


@contextmanager
def browser(profile: str) -> Iterator[Any]:
    """Open Chromium, without a window."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    for flag in (*FLAGS, f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or ""))
    driver.set_script_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


def seen(driver: Any, page: Path, width: int) -> bytes:
    """Return the whole page as PNG, so wide."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(page.as_uri())
    driver.execute_async_script(DRAWN)
    high = min(driver.execute_script("return document.documentElement.scrollHeight"), HIGHEST)
    clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
    asked = {"format": "png", "captureBeyondViewport": True, "clip": clip}
    return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])


def printed(driver: Any, page: Path) -> bytes:
    """Return the page as it is printed, as PDF, on paper of the size that it asks for."""
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.get(page.as_uri())
    asked = {"preferCSSPageSize": True, "printBackground": False}
    return base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", asked)["data"])


def as_images(pdf: Path, most: int = 6) -> None:
    """Write the first pages of a PDF beside it, as PNG."""
    import pypdfium2  # pyright: ignore[reportMissingImports]

    document = pypdfium2.PdfDocument(pdf)
    print(f"{pdf.name}: {len(document)} pages")
    for number in range(min(len(document), most)):
        document[number].render(scale=1.5).to_pil().save(pdf.with_name(f"{pdf.stem}-{number + 1}.png"))


def main() -> None:
    """Make the pages and look at each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", choices=[[], *PAGES], metavar="name", help=", ".join(PAGES))
    parser.add_argument("--lang", default="nl")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as profile, browser(profile) as driver:
        for name in told.names or PAGES:
            page = (told.folder / f"{name}.html").absolute()
            page.write_bytes(files_of(PAGES[name](), lang=told.lang)["result.html"])
            print(f"{page.name}: {page.stat().st_size:,} bytes")
            for width in (WIDE, NARROW) if name in KINDS else (WIDE,):
                (told.folder / f"{name}-{width}.png").write_bytes(seen(driver, page, width))
            if name in ("fund", "programme"):
                pdf = told.folder / f"{name}.pdf"
                pdf.write_bytes(printed(driver, page))
                if find_spec("pypdfium2"):
                    as_images(pdf)


if __name__ == "__main__":
    main()
