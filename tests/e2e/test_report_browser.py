"""The report in a real browser: what a reader does with it, and what it must never do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.report import write_report
from tests.e2e.report_page import Page, open_browser
from tests.invented_names import HOSTILE
from tests.report_corpus import make_corpus

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from open_browser()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def page(browser: Any, folder: Path) -> Page:
    return Page(browser, write_report(make_corpus().write(folder / "plain")))


@pytest.fixture(scope="module")
def hostile(browser: Any, folder: Path) -> Page:
    return Page(browser, write_report(make_corpus(hostile=True).write(folder / "hostile")))


def test_opens_from_right_to_left_without_a_complaint_or_a_request(page: Page) -> None:
    page.open()
    assert page.run("return [document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert page.one("#summary").text.startswith("40")
    for view in ("meetings", "entities", "edges", "graph"):
        page.one(f"#tab-{view}").click()
    page.one("#language").click()
    page.one("#theme").click()
    assert page.complaints() == []
    assert page.requests() == []
    page.one("#language").click()


def test_no_request_can_leave_the_page(page: Page) -> None:
    page.open()
    script = """
        const done = arguments[0], image = new Image();
        image.onerror = () => fetch("https://example.org/x").then(() => done("sent"), () => done("refused"));
        image.onload = () => done("sent");
        image.src = "https://example.org/y.png";
    """
    assert page.browser.execute_async_script(script) == "refused"
    assert any("Content Security Policy" in complaint for complaint in page.complaints())


@pytest.mark.parametrize("typed", ["سلمى البرقاني", "سلمي برقاني", "سَلْمَى", "البرقانـي", "سلمى البرقني"])
def test_a_name_is_found_by_any_spelling(page: Page, typed: str) -> None:
    page.open()
    assert any("سلمى البرقاني" in row for row in page.search(typed))


def test_search_by_keyboard_opens_the_page_of_the_name(page: Page) -> None:
    page.open()
    page.one("body").send_keys("/")
    assert page.run("return document.activeElement.id") == "search"
    page.search("سلمى البرقاني")
    page.one("#search").send_keys("\ue007")  # Enter
    assert page.one("#panel h2").text == "سلمى البرقاني"
    assert page.run("return document.activeElement === document.querySelector('#panel h2')")
    assert page.run("return location.hash").startswith("#name=")
    assert page.search("قققق ضضض") == ["لا اسم يشبه هذا"]


def test_from_a_name_to_the_sentence_that_shows_its_meeting(page: Page) -> None:
    page.open()
    page.search("سلمى البرقاني")
    page.one("#found li").click()
    quote = page.one("#panel .card .quote")
    marked = [mark.text for mark in quote.find_elements("css selector", "mark")]
    assert "سلمى البرقاني" in marked
    assert len(marked) >= 3
    assert quote.find_element("css selector", ".trigger").text
    assert "wire" in quote.find_element("css selector", "figcaption").text


def test_a_meeting_told_by_several_documents_stands_once(page: Page) -> None:
    page.open()
    page.one("#tab-meetings").click()
    told = make_corpus().rows["event_reports"]
    events = {row["event_id"] for row in told}
    assert len(events) < len(told)
    for _ in range(3):
        for more in page.all("#view-meetings .more"):
            if more.is_displayed():
                more.click()
    assert len(page.all("#view-meetings article")) == len(events)
    page.one("#view-meetings .why summary").click()
    assert page.one("#view-meetings .why .quote blockquote").text


def test_from_a_tie_to_its_sentences(page: Page) -> None:
    page.open()
    page.one("#tab-edges").click()
    names = [cell.text for cell in page.all("#view-edges tbody tr:first-child .name bdi")]
    page.one("#view-edges tbody tr:first-child .tie").click()
    assert [name.text for name in page.all("#panel h2 .name bdi")] == names
    for quote in page.all("#panel .quote blockquote"):
        assert all(name in quote.text for name in names)
    assert page.all("#panel .quote figcaption")


def test_a_click_on_the_canvas_opens_what_lies_there(page: Page) -> None:
    page.open()
    at = page.run("return document.getElementById('graph').getBoundingClientRect().toJSON()")
    actions = __import__("selenium.webdriver", fromlist=["ActionChains"]).ActionChains
    found = False
    for dx in range(-180, 181, 20):
        for dy in (-60, -20, 20, 60):
            canvas = page.one("#graph")
            actions(page.browser).move_to_element_with_offset(canvas, dx, dy).perform()
            if page.run("return document.getElementById('graph').style.cursor") == "pointer":
                actions(page.browser).click().perform()
                found = True
                break
        if found:
            break
    assert at["width"] > 400
    assert found
    assert page.run("return location.hash") != ""


def test_filters_by_type_kind_status_and_confidence(page: Page) -> None:
    page.open()
    names, ties, meetings = page.count("entities"), page.count("edges"), page.count("meetings")
    assert meetings == 144 - 0
    page.one("input[name=status][value=held]").click()
    assert 0 < page.count("meetings") < meetings
    page.one("input[name=status][value=held]").click()
    page.one("input[name=type][value=LOC]").click()
    assert page.count("entities") < names
    page.one("input[name=type][value=LOC]").click()
    page.one("input[name=kind][value=co_mention]").click()
    assert page.count("edges") > ties
    page.one("#reset").click()
    assert (page.count("entities"), page.count("edges"), page.count("meetings")) == (names, ties, meetings)
    page.run("const r = document.getElementById('f-confidence'); r.value = 0.9; r.dispatchEvent(new Event('input'))")
    sure = page.count("meetings")
    assert 0 < sure < meetings
    page.one("#tab-meetings").click()
    shown = [int(bar.text.strip("%")) for bar in page.all("#view-meetings .sure > span:last-child")]
    assert min(shown) >= 90


def test_nothing_left_says_so(page: Page) -> None:
    page.open()
    for kind in ("meeting", "position", "relation"):
        page.one(f"input[name=kind][value={kind}]").click()
    assert page.one("#emptygraph").is_displayed()
    page.one("#tab-meetings").click()
    assert "لا شيء يطابق" in page.one("#view-meetings").text


def test_the_timeline_moves_by_keyboard_and_by_dragging(page: Page) -> None:
    page.open()
    meetings = page.count("meetings")
    start = page.one('.handle[data-which="0"]')
    before = start.get_attribute("aria-valuetext")
    start.send_keys("\ue00f" * 2)  # Page Down moves earlier, which the first day does not allow
    assert page.count("meetings") == meetings
    start.send_keys("\ue00e" * 2)  # Page Up moves later
    assert start.get_attribute("aria-valuetext") != before
    later = page.count("meetings")
    assert 0 < later < meetings
    actions = __import__("selenium.webdriver", fromlist=["ActionChains"]).ActionChains
    actions(page.browser).drag_and_drop_by_offset(page.one('.handle[data-which="1"]'), 200, 0).perform()
    assert page.count("meetings") < later
    page.one("#timeline .range").click()
    assert page.count("meetings") == meetings


def test_tables_stand_in_for_the_canvas_and_sort(page: Page) -> None:
    page.open()
    page.one("#tab-entities").click()
    head = page.one("#view-entities thead th:first-child button")
    head.click()
    assert page.one("#view-entities thead th:first-child").get_attribute("aria-sort") == "ascending"
    names = [cell.text for cell in page.all("#view-entities tbody th bdi")]
    assert len(names) == page.count("entities")
    page.one("#view-entities thead th:first-child button").click()
    assert [cell.text for cell in page.all("#view-entities tbody th bdi")] == names[::-1]


def test_every_control_has_a_name_and_the_page_its_landmarks(page: Page) -> None:
    page.open()
    nameless = page.run("""
        const wanted = "button, input, [role=slider], canvas, [role=tabpanel], aside, section";
        const said = (node) => node.getAttribute("aria-label") || node.getAttribute("aria-labelledby")
          || node.textContent.trim() || [...(node.labels || [])].map((l) => l.textContent).join("").trim();
        return [...document.querySelectorAll(wanted)].filter((n) => !said(n)).map((n) => n.outerHTML.slice(0, 120));
    """)
    assert nameless == []
    for selector in ("header", "main", "aside", "footer", '[role="search"]', "[aria-live]", "h1"):
        assert page.all(selector), selector
    assert page.one("#graph").get_attribute("aria-label")
    page.one("#graph").send_keys("n")
    assert page.one("#live").get_attribute("textContent")
    page.one("#graph").send_keys("\ue007")
    assert page.one("#panel h2").text in page.one("#live").get_attribute("textContent")


def test_english_and_dark_on_request(page: Page) -> None:
    page.open()
    page.one("#language").click()
    assert page.run("return [document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert page.one("#tab-meetings").text.startswith("Meetings")
    light = page.run("return getComputedStyle(document.body).backgroundColor")
    page.one("#theme").click()
    assert page.run("return getComputedStyle(document.body).backgroundColor") != light
    page.one("#theme").click()
    page.one("#language").click()


def test_a_link_to_a_name_opens_it(page: Page) -> None:
    page.open()
    page.search("سلمى البرقاني")
    page.one("#search").send_keys("\ue007")
    fragment = page.run("return location.hash")
    page.open(fragment)
    assert page.one("#panel h2").text == "سلمى البرقاني"
    page.open("#name=%E0%A4%A")
    assert page.one("#panel h2").text == "لمحة"


def test_hostile_names_do_nothing(hostile: Page) -> None:
    hostile.open()
    for view in ("meetings", "entities", "edges"):
        hostile.one(f"#tab-{view}").click()
    for typed in ("script", "src", "العكسية"):
        assert hostile.search(typed)
        hostile.one("#search").send_keys("\ue007")
        assert hostile.one("#panel h2").text
    assert hostile.run("return globalThis.hacked") is None
    assert hostile.all("img") == []
    assert len(hostile.all("script")) == 2
    hostile.search("script")
    hostile.one("#search").send_keys("\ue007")
    assert hostile.one("#panel h2").text == HOSTILE[0]
    assert "\u202e" not in hostile.run("return document.body.textContent")
    assert hostile.complaints() == []
    assert hostile.requests() == []


def pan(page: Page) -> float:
    """Milliseconds from a turn of the wheel to the second frame after it; the middle of forty."""
    took: float = page.browser.execute_async_script("""
        const done = arguments[0], canvas = document.getElementById("graph"), box = canvas.getBoundingClientRect();
        const took = [];
        const next = (began) => {
          took.push(performance.now() - began);
          return took.length < 40 ? step() : done(took.sort((a, b) => a - b)[20]);
        };
        const step = () => {
          const began = performance.now(), deltaY = took.length % 20 < 10 ? -40 : 40;
          const at = { clientX: box.x + 300, clientY: box.y + 200, deltaY, bubbles: true, cancelable: true };
          canvas.dispatchEvent(new WheelEvent("wheel", at));
          requestAnimationFrame(() => requestAnimationFrame(() => next(began)));
        };
        step();
    """)
    return took


@pytest.mark.slow
def test_five_thousand_names_pan_about_as_smoothly_as_sixty(browser: Any, folder: Path, page: Page) -> None:
    small = pan(page.open())
    big = Page(browser, write_report(make_corpus(5_600, 4_600).write(folder / "big"))).open()
    assert big.count("entities") > 4_500
    assert pan(big) < 4 * small + 120  # drawn by the processor, on a machine that other tests keep busy
    assert big.complaints() == []
