"""Chromium for tests, opened without a window and without a network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ggu_costs.report.page import lacking_packages

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
         "disable-component-update", "disable-sync", "disable-dev-shm-usage")  # fmt: skip


def missing() -> str:
    """Name what a browser test needs and this machine lacks."""
    lacking = lacking_packages()
    if not any(map(shutil.which, BROWSERS)):
        lacking.append("Chromium")
    if not shutil.which("chromedriver"):
        lacking.append("chromedriver")
    if find_spec("selenium") is None:
        lacking.append("selenium")
    return ", ".join(lacking)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Open the browser, with a profile of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = next(path for path in map(shutil.which, BROWSERS) if path)
    for flag in (*FLAGS, f"user-data-dir={profile}", "window-size=1280,1000"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(120)
    driver.implicitly_wait(0)
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions",
                           {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})  # fmt: skip
    yield driver
    driver.quit()


@contextmanager
def sized(browser: Any, width: int) -> Iterator[None]:
    """Make the window so wide, as a telephone's below 600."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})  # fmt: skip
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
