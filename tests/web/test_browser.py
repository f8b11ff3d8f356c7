"""The pages in a real browser: by keyboard, without JavaScript, under their own policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import follow

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
QUESTION = "Who guides ships through the narrow channel?"
# Whole, and not behind the citation at the foot of the page.
IN_VIEW = """
() => {
  const mark = document.getElementById("cited").getBoundingClientRect();
  const foot = document.querySelector("aside.cited").getBoundingClientRect();
  const covered = mark.bottom > foot.top && mark.top < foot.bottom;
  return mark.top >= 0 && mark.bottom <= innerHeight && !covered;
}
"""


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


@pytest.mark.parametrize("start", [0, 600, 1200])
def test_the_marked_words_are_in_view_wherever_they_stand(visit: Open, start: int) -> None:
    size = {"width": 360, "height": 740}
    page = visit(f"/articles/tides?start={start}&end={start + 20}#cited", viewport=size)
    page.wait_for_function(IN_VIEW)


def test_the_first_tab_leads_past_the_menu(visit: Open) -> None:
    page = visit("/articles")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_works_without_javascript(visit: Open) -> None:
    page = visit("/", java_script_enabled=False)
    page.fill("#q", QUESTION)
    follow(page, "button")
    follow(page, "#passage-1 .place-link")
    assert page.inner_text("#cited") == "A harbour pilot guides ships through the narrow channel."
    follow(page, "aside >> text=Related passages")
    assert page.inner_text("h1") == "Related passages"


def test_an_altered_quote_shows_both_words(visit: Open) -> None:
    page = visit("/check")
    page.fill("#quote", "In 2019 the port handled 1,402 ships")
    follow(page, "text=Check the quote")
    assert "Altered." in page.inner_text(".verdict")
    assert page.inner_text(".diff del >> nth=0") == "1,204"
    assert page.inner_text(".diff ins >> nth=0") == "1,402"


def test_a_draft_is_checked_from_its_form(visit: Open) -> None:
    page = visit("/check")
    page.fill("#text", "“A crane lifts crates at the dock”, she wrote.\n\nThat was all.")
    follow(page, "text=Check the draft")
    assert "Verbatim." in page.inner_text(".verdict")
    assert page.input_value("#text").endswith("she wrote.\n\nThat was all.")


# On top of one another or side by side: what is linked to is within the window.
SHOWN = """
(id) => {
  const box = document.getElementById(id).getBoundingClientRect();
  return box.top >= 0 && box.top < innerHeight - 40;
}
"""
LONG_DRAFT = "\n\n".join(
    [
        "“A crane lifts crates at the dock”, she wrote.",
        *(f"“The tide of day {n} came in at noon”, she wrote." for n in range(20)),
        "“In 2019 the port handled 1,402 ships”, she wrote.",
    ]
)


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)])
def test_a_mark_in_a_draft_leads_to_its_card_and_back(visit: Open, size: tuple[int, int]) -> None:
    page = visit("/check", viewport={"width": size[0], "height": size[1]})
    page.fill("#text", LONG_DRAFT)
    follow(page, "text=Check the draft")
    assert not page.evaluate(SHOWN, "q22")
    page.click("#d22")
    page.wait_for_function(SHOWN, arg="q22")
    assert page.inner_text("#q22 .verdict").startswith("≠ Altered.")
    assert page.inner_text("#q22 .diff ins") == "1,402"
    page.click("#q22 .back")
    page.wait_for_function(SHOWN, arg="d22")
    assert page.inner_text("#d22") == "In 2019 the port handled 1,402 ships"


def test_on_a_wide_screen_the_draft_stays_beside_the_card(visit: Open) -> None:
    page = visit("/check", viewport={"width": 1280, "height": 800})
    page.fill("#text", LONG_DRAFT)
    follow(page, "text=Check the draft")
    page.click("#d22")
    page.wait_for_function(SHOWN, arg="q22")
    assert page.evaluate(SHOWN, "d22")
    page.click("#q1 .back")
    page.wait_for_function(SHOWN, arg="d1")


def test_a_script_in_an_article_never_runs(visit: Open) -> None:
    page = visit("/articles/evil?start=4&end=62#cited")
    assert page.title() == "<script>alert(1)</script> · Footnote"
    assert page.locator("script:not([src]), img").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_narrowed_and_widened_again(visit: Open, scripts: bool) -> None:
    page = visit("/", java_script_enabled=scripts, viewport={"width": 390, "height": 800})
    page.fill("#q", '"harbour pilot" since 2024 -crane')
    page.click("text=Only from")
    page.fill("#publisher", "The Harbour Gazette")
    follow(page, "button")
    assert page.locator(".chips a").count() == 4
    follow(page, ".chips a >> text=published by The Harbour Gazette")
    assert page.locator(".chips a").count() == 3
    follow(page, ".chips a >> text=dated from 2024")
    assert "time=off" in page.url
    assert page.locator(".chips a").count() == 2
    follow(page, ".chips a >> text=with the words")
    assert page.input_value("#q") == "harbour pilot since 2024 -crane"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True
