"""Frame times of the report's page at 5,000 names, beside a page of sixty, in headless Chromium.

``python -m benchmarks.report``: on each page the wheel zooms, the graph is dragged, the pointer wanders over it, and an
end of the timeline moves; a table tells for each the milliseconds from frame to frame (median and 95th percentile) and
the ratio of the medians. A screen shows a frame every 16.7 ms. There is no graphics processor here: the
processor draws every pixel, so a desktop is quicker.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.report import write_report
from tests.report_corpus import make_corpus

FRAMES = 90
SIZES = {"60 names": (60, 40), "5,000 names": (5_600, 4_600)}
_SWITCHES = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1440,1000")

# Each moves something a little at frame n; ``box`` is the canvas's place on the page.
ACTIONS = {
    "zoom by wheel": """
        const spot = { clientX: box.x + 300, clientY: box.y + 200, bubbles: true, cancelable: true };
        canvas.dispatchEvent(new WheelEvent("wheel", { ...spot, deltaY: n % 20 < 10 ? -40 : 40 }));""",
    "drag the graph": """
        const spot = { clientX: box.x + 8 + 3 * (n % 40), clientY: box.y + 8 + 2 * (n % 40),
            bubbles: true, view: window };
        if (n % 40 === 0) canvas.dispatchEvent(new MouseEvent("mousedown", spot));
        else window.dispatchEvent(new MouseEvent(n % 40 === 39 ? "mouseup" : "mousemove", spot));""",
    "point at names": """
        const spot = { clientX: box.x + 40 + 9 * n, clientY: box.y + 120 + 5 * n, bubbles: true };
        canvas.dispatchEvent(new PointerEvent("pointermove", spot));""",
    "move the time": """
        const handle = document.querySelector("#timeline .handle");
        const key = n % 40 < 20 ? "PageUp" : "PageDown";
        handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));""",
}
_FRAMES = """
    const [count, done] = arguments, canvas = document.getElementById("graph"), box = canvas.getBoundingClientRect();
    const took = [];
    let before = performance.now(), n = 0;
    const act = () => { %s };
    const frame = () => {
      const now = performance.now();
      took.push(now - before);
      before = now;
      n += 1;
      if (n > count) return done(took.slice(1));
      act();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
"""


def main() -> None:
    """Measure both pages and print the table."""
    taken: dict[tuple[str, str], list[float]] = {}
    with TemporaryDirectory() as folder:
        browser = _browser()
        try:
            for size, (n_entities, n_documents) in SIZES.items():
                page = write_report(make_corpus(n_entities, n_documents).write(Path(folder) / str(n_entities)))
                for action in ACTIONS:
                    taken[size, action] = _frames(browser, page, action)
        finally:
            browser.quit()
    small, big = SIZES
    print(f"{'':16} {small:>22} {big:>22}   ratio")
    for action in ACTIONS:
        cells = [
            f"{_share(taken[size, action], 0.5):7.1f} ({_share(taken[size, action], 0.95):6.1f}) ms" for size in SIZES
        ]
        ratio = _share(taken[big, action], 0.5) / _share(taken[small, action], 0.5)
        print(f"{action:16} {cells[0]:>22} {cells[1]:>22}   {ratio:5.1f}")


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def _browser() -> Any:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for switch in _SWITCHES:
        options.add_argument(switch)
    browser = webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"), log_output=os.devnull)
    )
    browser.set_script_timeout(300)
    return browser


def _frames(browser: Any, page: Path, action: str) -> list[float]:
    """Milliseconds from each frame to the next while the action goes on."""
    browser.get("about:blank")
    browser.get(page.as_uri())
    browser.execute_async_script(
        "const done = arguments[0]; const look = () => document.documentElement.dataset.ready === 'true' ? done() "
        ": setTimeout(look, 20); look();"
    )
    frames: list[float] = browser.execute_async_script(_FRAMES % ACTIONS[action], FRAMES)
    return frames


if __name__ == "__main__":
    main()
