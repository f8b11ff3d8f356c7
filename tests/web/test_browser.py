"""The pages in a real browser: keyboard, narrow, dark, without JavaScript, under their policy."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
QUESTION = "Who guides ships through the narrow channel?"
PAGES = [
    "/",
    f"/?q={QUESTION}",
    "/articles",
    "/articles/evil?start=10&end=60#cited",
    "/related?text=lighthouse",
    "/check?quote=In+2019+the+port+handled+1%2C402+ships",
    "/docs",
]
IN_VIEW = """
() => {
  const mark = document.getElementById("cited").getBoundingClientRect();
  const foot = document.querySelector("aside.cited").getBoundingClientRect();
  return mark.top >= 0 && mark.bottom <= innerHeight && !(mark.bottom > foot.top && mark.top < foot.bottom);
}
"""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def server(app: FastAPI) -> Iterator[str]:
    """The address of the application on a free port."""
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert app.state.service.wait_until_ready(30)
    while not running.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Open]:
    """Opens a page in a context of its own; fails when the console has something to say of it."""
    contexts, said = [], []

    def open_page(path: str, **options: Any) -> Any:
        context = browser.new_context(base_url=server, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def test_from_question_to_the_marked_words_by_keyboard_alone(visit: Open) -> None:
    page = visit("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#passage-1")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#passage-1 .place-link')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/pilots?start=0&end=56#cited")
    assert page.inner_text("#cited") == "A harbour pilot guides ships through the narrow channel."
    page.wait_for_function(IN_VIEW)


def test_the_first_tab_leads_past_the_menu(visit: Open) -> None:
    page = visit("/articles")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_works_without_javascript(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    page.fill("#q", QUESTION)
    page.click("text=Ask >> nth=-1")
    page.click("#passage-1 .place-link")
    assert page.inner_text("#cited") == "A harbour pilot guides ships through the narrow channel."
    page.click("aside >> text=Related passages")
    assert page.inner_text("h1") == "Related passages"


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(visit: Open, path: str) -> None:
    page = visit(path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_citation_at_the_end_of_a_long_article_is_in_view_on_a_phone(visit: Open) -> None:
    page = visit("/articles/evil?start=470&end=490#cited", viewport={"width": 360, "height": 740})
    page.wait_for_function(IN_VIEW)


def test_dark_is_dark_and_light_is_light(visit: Open) -> None:
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    assert visit("/", color_scheme="light").evaluate(colour) == "rgb(252, 250, 245)"
    assert visit("/", color_scheme="dark").evaluate(colour) == "rgb(23, 21, 19)"


def test_an_altered_quote_shows_both_words(visit: Open) -> None:
    page = visit("/check")
    page.fill("#quote", "In 2019 the port handled 1,402 ships")
    page.click("text=Check the quote")
    assert "Altered." in page.inner_text(".verdict")
    assert page.inner_text(".diff del >> nth=0") == "1,204"
    assert page.inner_text(".diff ins >> nth=0") == "1,402"


def test_a_draft_is_checked_from_its_form(visit: Open) -> None:
    page = visit("/check")
    page.fill("#text", "“A crane lifts crates at the dock,” she wrote.\n\nThat was all.")
    page.click("text=Check the draft")
    assert "Verbatim." in page.inner_text(".verdict")
    assert page.input_value("#text").endswith("she wrote.\n\nThat was all.")


def test_a_script_in_an_article_never_runs(visit: Open) -> None:
    page = visit("/articles/evil?start=4&end=62#cited")
    assert page.title() == "<script>alert(1)</script> · Footnote"
    assert page.locator("script, img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_all_text_stands_out_from_its_ground(visit: Open, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme)
    assert page.evaluate(LOW_CONTRAST) == []


# The text of every element against the nearest painted ground below it, as WCAG 2 counts.
LOW_CONTRAST = """
() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const has_text = (node) => [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll("body *")].filter(has_text).flatMap((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [`${node.outerHTML.slice(0, 80)}: ${ratio.toFixed(2)}`] : [];
  });
}
"""
