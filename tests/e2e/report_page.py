"""A report that is open in a real browser, for the tests that do with it what a reader does."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1440,1000",
)  # fmt: skip


def _program(name: str, *others: str) -> str:
    found = next((path for path in map(shutil.which, (name, *others)) if path), None)
    if not found:
        pytest.skip(f"no {name} on this machine: apt-get install chromium chromium-driver to run the browser tests")
    return found


def open_browser() -> Iterator[Any]:
    """A browser that keeps its log, closed at the end; the test is skipped on a machine without one."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install -e '.[dev]'")
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium", "chromium-browser", "google-chrome")
    driver = _program("chromedriver")
    for switch in _SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(driver, log_output=os.devnull)
    made = webdriver.Chrome(options=options, service=service)
    made.set_script_timeout(60)
    yield made
    made.quit()


class Page:
    """A report that is open in the browser, and the few things that the tests do there."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.browser = browser
        self.url = path.as_uri()

    def open(self, fragment: str = "") -> Page:
        self.browser.get("about:blank")
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)
        self.browser.get(self.url + fragment)
        self.wait("document.documentElement.dataset.ready === 'true'")
        return self

    def run(self, script: str, *values: Any) -> Any:
        return self.browser.execute_script(script, *values)

    def wait(self, condition: str) -> None:
        waiting = "const done = arguments[0]; const look = () => (%s) ? done(true) : setTimeout(look, 20); look();"
        self.browser.execute_async_script(waiting % condition)

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.browser.find_elements("css selector", selector)
        return found

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def count(self, view: str) -> int:
        return int(self.one(f'[data-count="{view}"]').get_attribute("textContent").replace(",", ""))

    def search(self, text: str) -> list[str]:
        box = self.one("#search")
        box.clear()
        box.send_keys(text)
        return [row.get_attribute("textContent") for row in self.all("#found li")]

    def complaints(self) -> list[str]:
        return [
            entry["message"] for entry in self.browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")
        ]

    def requests(self) -> list[str]:
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith((self.url.partition("#")[0], "blob:", "data:"))]
